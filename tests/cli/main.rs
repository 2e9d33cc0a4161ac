//! The program as an operator meets it: arguments, standard input and output, exit
//! status, signals.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod audit;
mod compose;
mod container;
mod coverage;
mod devices;
mod examples;
mod explain;
mod first_visit;
mod imports;
mod passes;
mod rules;
mod shadow;
mod upcoming;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PASSWORD: &str = "correct-horse-battery";
/// Nothing here takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

const POLICY: &str = r#"[[condition]]
name = "staff"
pattern = "login"
label = { de = "Personal", en = "Staff" }
thumbnail_px = 200
substitute_px = 800
networks = ["192.0.2.0/24"]

[[condition]]
name = "reader"
pattern = "login"
label = { en = "Readers" }

[[rule]]
mount = "images"
identifier = "open"
conditions = ["open"]

[[rule]]
mount = "images"
identifier = "letters"
conditions = ["staff", "reader"]
note = 'all "letters"'

[[rule]]
mount = "images"
identifier = "letters/1931"
match = "exact"
conditions = ["closed"]
from = "1990-01-01"
until = "2041-01-01"
note = "donor agreement 17"

[[test]]
url = "/iiif/images/letters%2F1930/full/max/0/default.jpg"
account_conditions = ["staff"]
expect = "allow"

[[test]]
url = "/iiif/images/letters%2F1931/full/max/0/default.jpg"
account_conditions = ["staff"]
at = "2040-12-31T23:59:59Z"
expect = "refuse"
"#;

/// A folder of its own with a database in it, and the settings of a site.
struct Site {
    folder: TempDir,
    settings: Vec<(String, String)>,
}

/// What a finished command left.
struct Outcome {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Outcome {
    #[track_caller]
    fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.err);
        assert_eq!(self.err, "", "a success says nothing on standard error");
        self.out
    }

    /// The one line of a failure.
    #[track_caller]
    fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        assert_eq!(self.out, "");
        assert_eq!(self.err.lines().count(), 1, "{}", self.err);
        self.err
    }

    #[track_caller]
    fn misused(self) -> String {
        assert_eq!(self.code, Some(2), "{}{}", self.out, self.err);
        assert_eq!(self.out, "");
        self.err
    }
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("tilegate.db").display());
        let settings = [
            ("TILEGATE_PUBLIC_URL", "https://img.test"),
            ("TILEGATE_KEYS", KEY),
            ("TILEGATE_DATABASE_URL", &database),
            ("TILEGATE_MOUNT_IMAGES", "image /iiif/images/ http://127.0.0.1:9/iiif/ server=iipsrv"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { folder, settings }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the site's folder; its path as an argument.
    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilegate"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.settings.iter().cloned())
            .current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Outcome {
        let (out, err) = (self.path("stdout"), self.path("stderr"));
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        // A command that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let status = ended(&mut child).unwrap_or_else(|| {
            child.kill().unwrap();
            panic!("{arguments:?} does not end: {}", fs::read_to_string(&err).unwrap());
        });
        let read = |path| fs::read_to_string(path).unwrap();
        Outcome { code: status.code(), out: read(out), err: read(err) }
    }

    fn add(&self, name: &str, conditions: &str) {
        let arguments = ["account", "add", name, "--password-stdin", "--conditions", conditions];
        self.run_with(&arguments, &format!("{PASSWORD}\n")).succeeded();
    }

    fn import(&self, text: &str) -> Outcome {
        let file = self.file("policy.toml", text);
        self.run(&["policy", "import", &file])
    }

    /// With [`POLICY`] and an account that is staff.
    fn furnished() -> Self {
        let site = Self::new();
        site.import(POLICY).succeeded();
        site.add("ada", "staff");
        site
    }

    fn export(&self) -> String {
        self.run(&["policy", "export"]).succeeded()
    }

    fn explain(&self, arguments: &[&str]) -> Outcome {
        self.run(&[&["explain"], arguments].concat())
    }
}

fn ended(child: &mut Child) -> Option<ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

#[test]
fn a_key_is_32_fresh_bytes_and_is_taken() {
    let site = Site::new();
    let keys = [(); 2].map(|()| site.run(&["key", "new"]).succeeded());
    assert_ne!(keys[0], keys[1]);
    assert!(keys[0].ends_with('\n') && keys[0].lines().count() == 1, "{:?}", keys[0]);
    assert_eq!(STANDARD.decode(keys[0].trim_end()).unwrap().len(), 32);
    site.with("TILEGATE_KEYS", keys[0].trim_end()).run(&["account", "list"]).succeeded();
}

#[test]
fn accounts_are_added_listed_changed_and_removed() {
    let site = Site::new();
    site.import(POLICY).succeeded();
    assert_eq!(site.run(&["account", "list"]).succeeded(), "");
    let add = |arguments: &[&str]| {
        let arguments = [&["account", "add", "--password-stdin"], arguments].concat();
        site.run_with(&arguments, &format!("{PASSWORD}\n")).succeeded()
    };
    assert_eq!(add(&["Zoë", "--admin"]), "zoë\tadministrator\t\n");
    assert_eq!(add(&["ADA", "--conditions", "staff,reader"]), "ada\tactive\treader,staff\n");
    assert_eq!(
        add(&["bob", "--conditions", "staff", "--conditions", "reader"]),
        "bob\tactive\treader,staff\n"
    );
    assert_eq!(
        site.run(&["account", "list"]).succeeded(),
        "ada\tactive\treader,staff\nbob\tactive\treader,staff\nzoë\tadministrator\t\n"
    );

    let set = |arguments: &[&str]| site.run(&[&["account", "set", "Ada"], arguments].concat()).succeeded();
    assert_eq!(set(&["--conditions", "reader"]), "ada\tactive\treader\n");
    assert_eq!(set(&["--admin", "yes"]), "ada\tadministrator\treader\n", "what is not named stays");
    assert_eq!(set(&["--conditions", ""]), "ada\tadministrator\t\n");
    assert_eq!(set(&["--active", "no"]), "ada\tlocked\t\n");
    assert_eq!(set(&["--active", "yes", "--admin", "no"]), "ada\tactive\t\n");
    assert_eq!(set(&["--no-second-factor"]), "ada\tactive\t\nada has no second factor\n");
    assert!(site.run(&["account", "sign-out-all"]).succeeded().starts_with("no login of before counts"));
    let new_password = ["account", "set", "ada", "--password-stdin"];
    assert_eq!(site.run_with(&new_password, "another-password").succeeded(), "ada\tactive\t\n");

    assert_eq!(site.run(&["account", "remove", "ada"]).succeeded(), "removed ada\n");
    assert!(site.run(&["account", "remove", "ada"]).failed().contains("no account `ada`"));
    assert!(!site.run(&["account", "list"]).succeeded().contains("ada"));
}

#[test]
fn s7_two_spellings_of_a_name_are_one_account() {
    let site = Site::new();
    site.add("Ada", "");
    let again = site.run_with(&["account", "add", " ａｄａ ", "--password-stdin"], PASSWORD).failed();
    assert!(again.contains("already"), "{again}");
}

#[test]
fn what_is_wrong_with_an_account_is_one_line_with_the_cure() {
    let site = Site::furnished();
    let add = |name, conditions, password| {
        let arguments = ["account", "add", name, "--password-stdin", "--conditions", conditions];
        site.run_with(&arguments, password).failed()
    };
    for (error, parts) in [
        (add("ada", "", PASSWORD), ["`ada` already", "account set"]),
        (add("bob", "", "short"), ["fewer than 8 characters", "longer"]),
        (add("bob", "", ""), ["fewer than 8 characters", "longer"]),
        (add("bob", "stuff", PASSWORD), ["`stuff`", "it has: staff, reader"]),
        (add("bob", "open", PASSWORD), ["\"open\"", "no account can hold it"]),
        (add("", "", PASSWORD), ["account name", "empty"]),
        (site.run(&["account", "set", "eve", "--admin", "yes"]).failed(), ["`eve`", "account list"]),
        (site.run(&["account", "remove", "eve"]).failed(), ["`eve`", "account list"]),
        (site.run(&["account", "set", "ada", "--conditions", "stuff"]).failed(), ["`stuff`", "it has:"]),
    ] {
        assert!(error.starts_with("tilegate: ") && parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let without_policy =
        Site::new().run_with(&["account", "add", "a", "--password-stdin", "--conditions", "x"], PASSWORD);
    assert!(without_policy.failed().contains("policy import"));
    assert_eq!(site.run(&["account", "list"]).succeeded(), "ada\tactive\tstaff\n", "nothing was half done");
}

#[test]
fn wrong_usage_is_2_and_says_so_on_standard_error() {
    let site = Site::new();
    for arguments in [
        &[][..],
        &["account"],
        &["account", "add", "ada"],
        &["account", "set", "ada", "--admin", "perhaps"],
        &["account", "frobnicate"],
        &["policy", "import"],
        &["nginx-conf"],
        &["nginx-conf", "--http", "--server"],
        &["nginx-conf", "--http", "--nginx-version", "new"],
        &["explain"],
        &["explain", "/a", "--address", "here"],
        &["key"],
        &["serve", "now"],
        &["--verbose", "serve"],
    ] {
        let said = site.run(arguments).misused();
        assert!(said.contains("--help") || said.contains("Usage:"), "{arguments:?}: {said}");
    }
}

#[test]
fn help_and_version_are_results() {
    let site = Site::new();
    let help = site.run(&["--help"]).succeeded();
    for word in [
        "serve",
        "account",
        "policy",
        "explain",
        "nginx-conf",
        "key",
        "settings",
        "tilegate settings",
        ".env.template",
        "--env-file",
        "Exit status",
    ] {
        assert!(help.contains(word), "{word} is not in:\n{help}");
    }
    assert!(site.run(&["--version"]).succeeded().starts_with("tilegate "));
    for command in ["serve", "account", "policy", "explain", "nginx-conf", "key", "settings"] {
        assert!(site.run(&[command, "--help"]).succeeded().contains("Usage: tilegate"), "{command}");
    }
}

/// `tilegate settings` and `.env.template` have the same names, defaults and meanings,
/// and they are the ones the program knows.
#[test]
fn the_settings_are_the_same_in_the_program_its_help_and_the_template() {
    let nowhere = Site::new().without("TILEGATE_PUBLIC_URL").without("TILEGATE_KEYS");
    let listed = nowhere.run(&["settings"]).succeeded();
    let names: Vec<&str> = listed
        .lines()
        .take_while(|line| *line != "Docker Compose")
        .filter_map(|line| line.strip_prefix("  TILEGATE_"))
        .map(|rest| rest.split(' ').next().unwrap())
        .collect();
    let known: Vec<&str> = tilegate::config::KNOWN
        .iter()
        .map(|setting| setting.name.strip_prefix("TILEGATE_").unwrap())
        .collect();
    assert_eq!(names, known);
    let template = include_str!("../../.env.template");
    for setting in tilegate::config::KNOWN {
        assert!(listed.contains(&format!("\n      {}\n", setting.meaning)), "{}", setting.name);
        assert!(template.contains(&format!("# {}\n", setting.meaning)), "{}", setting.name);
        if let Some(default) = setting.default {
            assert!(
                listed.contains(&format!("  {} (default: {default})\n", setting.name)),
                "{}",
                setting.name
            );
            assert!(template.contains(&format!("#{}={default}\n", setting.name)), "{}", setting.name);
        }
    }
}

#[test]
fn an_env_file_holds_settings_and_the_environment_wins() {
    let site = Site::new().without("TILEGATE_PUBLIC_URL");
    let env_file = site.file("site.env", "TILEGATE_PUBLIC_URL=https://file.test\n");
    let server = site.run(&["--env-file", &env_file, "account", "list"]);
    server.succeeded();
    let error = site.run(&["account", "list"]).failed();
    assert!(error.contains("TILEGATE_PUBLIC_URL: is not set"), "{error}");
    let explain = ["explain", "https://file.test/x", "--env-file", &env_file];
    assert_eq!(site.run(&explain).code, Some(4));
    let site = site.with("TILEGATE_PUBLIC_URL", "https://env.test");
    assert!(site.run(&explain).failed().contains("https://env.test"));
    assert!(site.run(&["--env-file", "gone.env", "account", "list"]).failed().contains("gone.env"));
    let broken = site.file("broken.env", "# one\nTILEGATE_KEYS s3cret\n");
    let error = site.run(&["--env-file", &broken, "account", "list"]).failed();
    assert!(error.contains("broken.env, line 2") && !error.contains("s3cret"), "{error}");
}

#[test]
fn a_policy_survives_export_and_import_unchanged() {
    let site = Site::new();
    assert_eq!(site.export(), "");
    let said = site.import(POLICY).succeeded();
    assert_eq!(
        said,
        "imported 2 conditions, 3 rules, 2 tests passed; new conditions: reader, staff; rules: 0 before, 3 now; + 3, - 0, 0 changed\n"
    );
    let exported = site.export();
    assert_eq!(exported, POLICY, "what is written in its own form comes back to the letter");
    site.import(&exported).succeeded();
    assert_eq!(site.export(), exported);

    let other = Site::new();
    other.import(&exported).succeeded();
    let file = other.path("out.toml");
    assert_eq!(other.run(&["policy", "export", file.to_str().unwrap()]).succeeded(), "");
    assert_eq!(fs::read_to_string(file).unwrap(), exported);
    assert!(other.run(&["policy", "export", "gone/out.toml"]).failed().contains("gone/out.toml"));
}

#[test]
fn s14_a_broken_policy_is_refused_whole_and_the_old_one_stays() {
    let site = Site::furnished();
    for (whole, broken, reason) in [
        ("until =", "untill =", "untill"),
        ("[\"staff\", \"reader\"]", "[\"staff\", \"raeder\"]", "raeder"),
        ("until = \"2041-01-01\"", "until = \"soon\"", "`until` must be a day"),
        ("mount = \"images\"", "mount = \"maps\"", "the settings have: images"),
        ("\"letters/1931\"", "\"letters/../1931\"", ".."),
        ("pattern = \"login\"", "pattern = \"magic\"", "magic"),
        ("[[test]]", "[[test]", ""),
    ] {
        let text = POLICY.replacen(whole, broken, 1);
        let line = POLICY.lines().zip(text.lines()).position(|(one, other)| one != other).unwrap() + 1;
        let error = site.import(&text).failed();
        let place = format!("policy.toml: line {line}: ");
        assert!(error.contains(&place) && error.contains(reason), "{place}{reason}, not {error}");
        assert_eq!(site.export(), POLICY);
    }
    let gone = site.run(&["policy", "import", "gone.toml"]).failed();
    assert!(gone.contains("gone.toml"), "{gone}");
    // What only the image server's reading of names tells apart is refused before it is stored, too.
    let plus = site.import(&POLICY.replace("letters/1931\"\nm", "letters/19+31\"\nm")).failed();
    assert!(plus.contains("rule 3") && plus.contains("plus"), "{plus}");
    assert_eq!(site.export(), POLICY);
    let several = site.import("[[rule]]\nmount = \"images\"\n[[rule]]\n");
    assert_eq!(several.code, Some(1));
    assert!(several.err.lines().count() > 1, "every fault has its line: {}", several.err);
}

#[test]
fn a_policy_whose_tests_fail_is_not_taken() {
    let site = Site::furnished();
    let file = site.file("failing.toml", &POLICY.replace("expect = \"refuse\"", "expect = \"allow\""));
    for command in ["test", "import"] {
        let outcome = site.run(&["policy", command, &file]);
        assert_eq!((outcome.code, outcome.out.as_str()), (Some(1), ""));
        let expected = "1 of its 2 tests fail:\n  test 2 (/iiif/images/letters%2F1931/full/max/0/default.jpg): \
                        expected allow, got refuse (closed)\n";
        assert!(outcome.err.ends_with(expected), "{}", outcome.err);
        assert!(outcome.err.contains("failing.toml"), "{}", outcome.err);
    }
    assert_eq!(site.export(), POLICY);
    let foreign = POLICY.replacen("/iiif/images/", "https://other.test/iiif/images/", 1);
    assert!(site.import(&foreign).err.contains("is not of https://img.test"));
}

#[test]
fn a_policy_is_tested_without_a_database() {
    let site = Site::new().with("TILEGATE_DATABASE_URL", "sqlite:gone/tilegate.db");
    let file = site.file("policy.toml", POLICY);
    let said = site.run(&["policy", "test", &file]).succeeded();
    assert!(said.ends_with("policy.toml: 2 conditions, 3 rules, 2 tests passed\n"), "{said}");
    let csv = site.file("rules.csv", "mount,identifier,match,conditions,from,until,note\n");
    assert!(site.run(&["policy", "test", &csv]).failed().contains(".toml"));
}

#[test]
fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let site = Site::furnished();
    let new = POLICY.replace("name = \"reader\"", "name = \"member\"").replace("\"reader\"]", "\"member\"]");
    let file = site.file("new.toml", &new);
    assert_eq!(
        site.run(&["policy", "import", "--dry-run", &file]).succeeded(),
        "would import 2 conditions, 3 rules, 2 tests passed; new conditions: member; \
         dropped conditions: reader; rules: 3 before, 3 now; + 0, - 0, 1 changed\n\
         - images: `letters` and everything below it: staff or reader, noted “all \"letters\"”\n\
         + images: `letters` and everything below it: staff or member, noted “all \"letters\"”\n"
    );
    assert_eq!(site.export(), POLICY);
    site.run(&["policy", "import", &file]).succeeded();
    assert_eq!(site.export(), new, "nobody holds reader, so it goes without asking");
}

#[test]
fn a_condition_that_somebody_holds_goes_only_with_drop() {
    let site = Site::furnished();
    let new = POLICY.replace("\"staff\"", "\"team\"");
    let file = site.file("new.toml", &new);
    let error = site.run(&["policy", "import", &file]).failed();
    for part in ["\"staff\"", "1 account holds it", "--drop"] {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(site.export(), POLICY);
    site.run(&["policy", "import", "--drop", &file]).succeeded();
    assert_eq!(site.export(), new);
    assert_eq!(site.run(&["account", "list"]).succeeded(), "ada\tactive\t\n");
}

#[test]
fn a_sheet_replaces_the_rules_and_nothing_else() {
    let site = Site::furnished();
    let header = "mount,identifier,match,conditions,from,until,note";
    let rows =
        "images,letters,prefix,staff,,,\nimages,letters/1931,exact,staff|reader,,2041-01-01,\"a, b\"\n";
    let file = site.file("rules.csv", &format!("{header}\n{rows}"));
    let outcome = site.run(&["policy", "import", &file]);
    assert!(
        outcome.err.contains("1 of its 2 tests fail"),
        "the tests hold for a sheet, too: {}",
        outcome.err
    );
    assert_eq!(site.export(), POLICY);

    let rows = rows.replace("staff|reader", "closed");
    let file = site.file("rules.csv", &format!("{header}\n{rows}"));
    let said = site.run(&["policy", "import", &file]).succeeded();
    assert!(said.contains("rules: 3 before, 2 now"), "{said}");
    let exported = site.export();
    let (conditions, rules) = exported.split_once("[[rule]]").unwrap();
    assert_eq!(conditions, POLICY.split_once("[[rule]]").unwrap().0);
    assert!(rules.contains("note = \"a, b\"") && !rules.contains("donor"), "{rules}");

    let file = site.file("rules.csv", &format!("{header}\nimages,a,prefix,stuff,,,\n"));
    let error = site.run(&["policy", "import", &file]).failed();
    assert!(error.contains("line 2, column 4") && error.contains("stuff"), "{error}");
    assert_eq!(site.export(), exported);
}

#[test]
fn a_rule_for_a_mount_that_borrows_its_rules_is_refused() {
    let site = Site::new()
        .with("TILEGATE_MOUNT_SECOND", "image /second/ http://127.0.0.1:9/iiif/ server=iipsrv rules=images");
    let rule = "[[rule]]\nmount = \"second\"\nidentifier = \"a\"\nconditions = [\"closed\"]\n";
    let error = site.import(rule).failed();
    assert!(error.contains("rules=images"), "{error}");
}

const LETTER: &str = "/iiif/images/letters%2F1930/full/max/0/default.jpg";
const EMBARGOED: &str = "/iiif/images/letters%2F1931/full/max/0/default.jpg";

#[test]
fn explain_says_the_verdict_in_sentences_and_in_its_exit_status() {
    let site = Site::furnished();
    let explain = |arguments: &[&str]| {
        let outcome = site.explain(arguments);
        assert_eq!(outcome.err, "");
        (outcome.code.unwrap(), outcome.out)
    };
    let (code, said) = explain(&["https://img.test/iiif/images/open%2Fmap/full/max/0/default.jpg?x=1"]);
    assert_eq!(code, 0);
    for sentence in [
        "The image is `open/map` of the mount `images`.",
        "NGINX fetches `/iiif/open/map/full/max/0/default.jpg`.",
        "It is decided by rule 1 (`open` and everything below it: open).",
        "This is about somebody who is not logged in, who holds no condition.",
        "Allowed (200): it is open to everybody.",
    ] {
        assert!(said.contains(sentence), "{said}");
    }
    let (code, said) = explain(&[LETTER]);
    assert_eq!(code, 3);
    assert!(said.contains("Not allowed (401): it needs one of `staff`, `reader`."), "{said}");
    let (code, said) = explain(&[LETTER, "--account", "ADA"]);
    assert_eq!(code, 0);
    assert!(
        said.contains("about the account `ada`, who holds `staff`.\nAllowed (200): `staff` is enough."),
        "{said}"
    );
    let (code, said) =
        explain(&["/iiif/images/maps%2Fa/info.json", "--account", "ada", "--address", "192.0.2.7"]);
    assert_eq!(code, 4);
    assert!(said.contains("No rule matches, so the mount's default condition decides: `closed`."), "{said}");
    assert!(said.contains("Refused (403)"), "{said}");
}

#[test]
fn explain_says_what_a_substitute_depends_on() {
    let site = Site::furnished();
    let outcome = site.explain(&[&LETTER.replace("images/", "images/substitute-8~")]);
    assert_eq!((outcome.code, outcome.err.as_str()), (Some(4), ""), "{}", outcome.out);
    for sentence in
        ["1/8 of its size.", "everybody may have it (200) if 1/8 is the first", "at most 800 pixels"]
    {
        assert!(outcome.out.contains(sentence), "{}", outcome.out);
    }
    let outcome = site.explain(&["/iiif/images/substitute-8~open%2Fmap/info.json", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!((&told["verdict"], &told["basis"]), (&"refuse".into(), &"no-substitute".into()));
    assert_eq!((&told["identifier"], &told["canonical_path"]), (&"open/map".into(), &"".into()));
}

#[test]
fn manifests_are_explained_and_tested_like_images() {
    let site = Site::furnished()
        .with("TILEGATE_MOUNT_MANIFESTS", "manifest /iiif/manifests/ file:///srv/manifests/ rules=images");
    let outcome = site.explain(&["/iiif/manifests/open/a%20map.json?x"]);
    assert_eq!(outcome.code, Some(0), "{}{}", outcome.out, outcome.err);
    for sentence in [
        "The manifest is `open/a map.json` of the mount `manifests`.",
        "Tilegate fetches `/open/a%20map.json`.",
        "It is decided by rule 1 (`open` and everything below it: open).",
    ] {
        assert!(outcome.out.contains(sentence), "{}", outcome.out);
    }
    assert_eq!(site.explain(&["/iiif/manifests/letters/1930.json"]).code, Some(3));
    let hidden = site.explain(&["/iiif/manifests/open/.map.json"]);
    assert!(hidden.code == Some(4) && hidden.out.contains("hidden-segment"), "{}", hidden.out);

    let policy = |expect: &str| {
        format!(
            "[[rule]]\nmount = \"images\"\nidentifier = \"open\"\nconditions = [\"open\"]\n\
             [[test]]\nurl = \"/iiif/manifests/open%2Fmap.json\"\nexpect = \"{expect}\"\n"
        )
    };
    let tested = |expect: &str| site.run(&["policy", "test", &site.file("manifests.toml", &policy(expect))]);
    assert_eq!(tested("allow").code, Some(0));
    let refused = tested("refuse");
    assert!(refused.err.contains("expected refuse, got allow"), "{}", refused.err);
}

#[test]
fn files_are_explained_and_tested_like_images() {
    let site =
        Site::furnished().with("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ default=staff");
    let outcome = site.explain(&["/files/open/100%25%20%3F.pdf?x"]);
    assert_eq!(outcome.code, Some(3), "{}{}", outcome.out, outcome.err);
    for sentence in [
        "The file is `open/100% ?.pdf` of the mount `files`.",
        "If it were allowed, NGINX would fetch `/open/100%25%20%3F.pdf`.",
        "No rule matches, so the mount's default condition decides: `staff`.",
    ] {
        assert!(outcome.out.contains(sentence), "{}", outcome.out);
    }
    assert_eq!(site.explain(&["/files/open/a.mp4", "--account", "ada"]).code, Some(0));
    let listing = site.explain(&["/files/open/"]);
    assert!(listing.code == Some(4) && listing.out.contains("trailing-slash"), "{}", listing.out);

    // A HEAD says what a GET would: to a token as to the cookie of its session.
    let policy = |method: &str, expect: &str| {
        format!(
            "[[condition]]\nname = \"staff\"\npattern = \"login\"\nlabel = {{ en = \"Staff\" }}\n\
             [[rule]]\nmount = \"files\"\nidentifier = \"100% ?.pdf\"\nconditions = [\"open\"]\n\
             [[test]]\nurl = \"/files/100%25%20%3F.pdf\"\nexpect = \"allow\"\n\
             [[test]]\nurl = \"/files/a.mp4\"\nmethod = \"{method}\"\naccount_conditions = [\"staff\"]\n\
             expect = \"{expect}\"\n"
        )
    };
    let tested = |method: &str, expect: &str| {
        site.run(&["policy", "test", &site.file("files.toml", &policy(method, expect))])
    };
    for method in ["GET", "HEAD"] {
        let outcome = tested(method, "allow");
        assert_eq!(outcome.code, Some(0), "{}", outcome.err);
        let refused = tested(method, "challenge");
        assert!(refused.err.contains("expected challenge, got allow"), "{}", refused.err);
    }
}

#[test]
fn explain_tells_the_time_of_an_embargo_to_the_second() {
    let site = Site::furnished();
    for (at, code, sentence) in [
        ("1989-12-31T23:59:59Z", 0, "it has not begun"),
        ("1990-01-01", 4, "It is decided by rule 3"),
        ("2040-12-31T23:59:59Z", 4, "noted “donor agreement 17”"),
        ("2041-01-01", 0, "it is over"),
        ("2041-01-01T00:59:59+01:00", 4, "It is decided by rule 3"),
    ] {
        let outcome = site.explain(&[EMBARGOED, "--account", "ada", "--at", at]);
        assert_eq!(outcome.code, Some(code), "{at}: {}{}", outcome.out, outcome.err);
        assert!(outcome.out.contains(sentence), "{at}: {}", outcome.out);
    }
    assert!(site.explain(&[EMBARGOED, "--at", "tomorrow"]).failed().contains("--at tomorrow"));
}

#[test]
fn explain_gives_the_same_as_data() {
    let site = Site::furnished();
    let data = |arguments: &[&str]| -> serde_json::Value {
        let outcome = site.explain(&[arguments, &["--json"]].concat());
        assert_eq!(outcome.err, "");
        serde_json::from_str(&outcome.out).unwrap()
    };
    assert_eq!(
        data(&[EMBARGOED, "--at", "2000-01-01"]),
        serde_json::json!({
            "verdict": "refuse",
            "basis": "closed",
            "mount": "images",
            "identifier": "letters/1931",
            "canonical_path": "/iiif/letters/1931/full/max/0/default.jpg",
            "account": null,
            "address": null,
            "pass": null,
            "at": "2000-01-01",
            "rule": 3,
            "rules_below": false,
            "counting_rules": [3],
            "candidate_rules": [3, 2],
            "rules": [
                { "number": 3, "state": "it decides", "rule": {
                    "mount": "images", "identifier": "letters/1931", "match": "exact", "conditions": ["closed"],
                    "from": "1990-01-01", "until": "2041-01-01", "note": "donor agreement 17",
                } },
                { "number": 2, "state": "a more specific one wins", "rule": {
                    "mount": "images", "identifier": "letters", "match": "prefix",
                    "conditions": ["staff", "reader"], "note": "all \"letters\"",
                } },
            ],
            "held": [],
            "by_network": [],
            "needed": [],
            "alternatives": [{
                "if": { "at": "2041-01-01" },
                "verdict": "challenge",
                "sentence": "From 2041-01-01 on it needs one of `staff`, `reader` (rule 3 ends).",
            }],
        })
    );
    let challenged = data(&[LETTER]);
    assert_eq!(challenged["verdict"], "challenge");
    assert_eq!(challenged["needed"], serde_json::json!(["staff", "reader"]));
    let unruled = data(&["/iiif/images/maps/info.json"]);
    assert_eq!((&unruled["rule"], &unruled["basis"]), (&serde_json::Value::Null, &"closed".into()));
}

#[test]
fn p2_explain_reads_a_url_as_the_tile_path_does_and_no_foreign_one() {
    let site = Site::furnished();
    for (url, reason) in [
        ("https://img.test/iiif/images/open/../letters/full/max/0/default.jpg", "parent-segment"),
        ("/iiif/images/open%2F..%2Fletters/full/max/0/default.jpg", "parent-segment"),
        ("/iiif/images/open%252Fmap/full/max/0/default.jpg", "double-encoding"),
        ("/somewhere/else", "no-mount"),
    ] {
        let outcome = site.explain(&[url, "--account", "ada"]);
        assert_eq!(outcome.code, Some(4), "{url}: {}{}", outcome.out, outcome.err);
        assert!(outcome.out.contains(reason), "{url}: {}", outcome.out);
    }
    for foreign in ["https://other.test/iiif/images/open%2Fmap/info.json", "http://img.test/a", "map"] {
        assert!(site.explain(&[foreign]).failed().contains("https://img.test"), "{foreign}");
    }
    assert!(site.explain(&[LETTER, "--account", "eve"]).failed().contains("no account `eve`"));
    site.run(&["account", "set", "ada", "--active", "no"]).succeeded();
    let locked = site.explain(&[LETTER, "--account", "ada"]);
    assert_eq!(locked.code, Some(3));
    assert!(locked.out.contains("locked"), "{}", locked.out);
}

#[test]
fn explain_tells_what_must_hold_together() {
    let site = Site::new()
        .with("TILEGATE_MOUNT_IMAGES", "image /iiif/images/ http://127.0.0.1:9/ server=digilib default=open");
    let rule = |identifier: &str, condition: &str| {
        format!(
            "[[rule]]\nmount = \"images\"\nidentifier = \"{identifier}\"\nconditions = [\"{condition}\"]\n"
        )
    };
    let conditions = POLICY.split_once("[[rule]]").unwrap().0;
    let rules = [rule("a.tif", "staff"), rule("a", "reader"), rule("deep/b", "staff")].concat();
    site.import(&format!("{conditions}{rules}")).succeeded();
    let outcome = site.explain(&["/iiif/images/a.tif/full/max/0/default.jpg"]);
    assert_eq!(outcome.code, Some(4), "{}", outcome.out);
    for sentence in
        ["it counts as well: all of them must be met", "`a.tif` and `a` for one image", "leaves nobody"]
    {
        assert!(outcome.out.contains(sentence), "{sentence}: {}", outcome.out);
    }
    let outcome = site.explain(&["/iiif/images/deep/full/max/0/default.jpg"]);
    assert_eq!(outcome.code, Some(3), "P9: the rule below it asks for staff");
    assert!(
        outcome.out.contains("there are rules below it") && outcome.out.contains("staff"),
        "{}",
        outcome.out
    );
    let outcome = site.explain(&["--json", "/iiif/images/deep/full/max/0/default.jpg"]);
    let told: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!((&told["rules_below"], &told["rule"]), (&true.into(), &serde_json::Value::Null));
}

#[test]
fn nginx_conf_prints_one_of_two_blocks_without_keys_or_database() {
    let site = Site::new()
        .without("TILEGATE_KEYS")
        .with("TILEGATE_DATABASE_URL", "sqlite:gone/tilegate.db")
        .with("TILEGATE_KEYS_FILE", "gone")
        .with("TILEGATE_MOUNT_IMAGES", "image /iiif/images/ http://images:8182/iiif/2/");
    let http = site.run(&["nginx-conf", "--http"]).succeeded();
    let server = site.run(&["nginx-conf", "--server"]).succeeded();
    assert!(http.contains("upstream "), "{http}");
    assert!(server.contains("location ^~ /iiif/images/") && server.contains("auth_request"), "{server}");
    let newer = site.run(&["nginx-conf", "--http", "--nginx-version", "1.27.3"]).succeeded();
    assert_ne!(http, newer);
    let site = site.without("TILEGATE_PUBLIC_URL");
    assert!(site.run(&["nginx-conf", "--http"]).failed().contains("TILEGATE_PUBLIC_URL"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let site = Site::new();
    let mut child =
        site.command(&["settings"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let status = ended(&mut child).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
}

/// Does not start, and says why in one line that begins with the setting.
#[track_caller]
fn does_not_start(site: &Site, setting: &str, parts: &[&str]) {
    let line = site.run(&["serve"]).failed();
    assert!(line.starts_with(&format!("tilegate: {setting}")), "{line}");
    for part in parts {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
}

#[test]
fn s14_a_broken_setting_is_one_line_that_names_it() {
    for (setting, value, parts) in [
        ("TILEGATE_PUBLIC_URL", "", &["is not set", "https://"][..]),
        ("TILEGATE_PUBLIC_URL", "http://img.test", &[]),
        ("TILEGATE_KEYS", "", &["tilegate key new"]),
        ("TILEGATE_KEYS", "c2hvcnQ=", &[]),
        ("TILEGATE_KEYS", "not base64!", &[]),
        ("TILEGATE_LOG", "info,=,", &["no log filter"]),
        ("TILEGATE_TRUSTED_PEER", "10.0.0.0/8", &["TILEGATE_TRUSTED_PEERS"]),
        ("TILEGATE_LISTEN", "8700", &[]),
        ("TILEGATE_KEYS_FILE", "/run/secrets/keys", &["TILEGATE_KEYS"]),
        ("TILEGATE_DATABASE_URL", "mysql://u:s3cret@h/d", &["postgres://"]),
        ("TILEGATE_ADMIN_USERNAME", "root", &[]),
        ("TILEGATE_MOUNT_FILES", "file /files/ fastcgi://127.0.0.1:9/", &["fastcgi://", "file:///"]),
        ("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ server=iipsrv", &["server="]),
        ("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/ cors=*", &["cors="]),
        ("TILEGATE_MOUNT_M", "manifest /m/ fastcgi://127.0.0.1:9/", &["fastcgi://", "file:///"]),
        ("TILEGATE_MOUNT_M", "manifest /m/ http://127.0.0.1:9/ server=iipsrv", &["server=digilib"]),
        ("TILEGATE_MOUNT_S", "s3 /s/ http://s3.test/ region=r", &["bucket="]),
        ("TILEGATE_S3_S_ACCESS_KEY_ID", "AKTEST", &["there is no s3 mount of that name"]),
        ("TILEGATE_MOUNT_M", "manifest /m/ http://127.0.0.1:9/ iiif_auth=2", &["iiif_auth=2"]),
        ("TILEGATE_MOUNT_IMAGES", "image /iiif/images/ http://127.0.0.1:9/ colour=red", &["colour"]),
        ("TILEGATE_MOUNT_IMAGES", "image /iiif/images/", &["<origin>"]),
    ] {
        let site = Site::new().with(setting, value);
        let line = site.run(&["serve"]).failed();
        let named = setting.strip_suffix("_FILE").unwrap_or(setting);
        assert!(
            line.starts_with(&format!("tilegate: {named}")) || setting == "TILEGATE_ADMIN_USERNAME",
            "{line}"
        );
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
        assert!(
            !line.contains("s3cret")
                && (value.len() < 8 || setting != "TILEGATE_KEYS" || !line.contains(value))
        );
        assert!(!site.path("tilegate.db").exists(), "{setting} was looked at after the database");
    }
}

#[test]
fn s14_a_database_that_cannot_be_used_is_one_line() {
    let site = Site::new().with("TILEGATE_DATABASE_URL", "sqlite:gone/tilegate.db");
    does_not_start(&site, "TILEGATE_DATABASE_URL", &["gone", "does not exist"]);
    fs::create_dir(site.path("folder")).unwrap();
    let site = site.with("TILEGATE_DATABASE_URL", "sqlite:folder");
    does_not_start(&site, "TILEGATE_DATABASE_URL", &["folder", "is a directory"]);
    let file = site.file("file", "not a directory");
    let site = site.with("TILEGATE_DATABASE_URL", &format!("sqlite:{file}/tilegate.db"));
    does_not_start(&site, "TILEGATE_DATABASE_URL", &["file"]);
    let text = site.file("text.db", &"this is no database, only many words\n".repeat(100));
    let site = site.with("TILEGATE_DATABASE_URL", &format!("sqlite:{text}"));
    does_not_start(&site, "TILEGATE_DATABASE_URL", &["text.db"]);
    let site = site.with("TILEGATE_DATABASE_URL", "postgres://u:s3cret@127.0.0.1:1/d");
    does_not_start(&site, "TILEGATE_DATABASE_URL", &["postgres://u@127.0.0.1:1/d"]);
    assert!(!site.run(&["account", "list"]).failed().contains("s3cret"));
}

#[test]
fn an_occupied_address_is_one_line_and_what_is_no_socket_stays() {
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = occupied.local_addr().unwrap().to_string();
    let site = Site::new().with("TILEGATE_LISTEN", &address);
    does_not_start(&site, "TILEGATE_LISTEN", &[&address, "in use"]);

    let socket = site.path("live.sock");
    let live = UnixListener::bind(&socket).unwrap();
    let site = site.with("TILEGATE_LISTEN", &format!("unix:{}", socket.display()));
    does_not_start(&site, "TILEGATE_LISTEN", &["live.sock", "in use"]);
    assert!(UnixStream::connect(&socket).is_ok(), "the other's socket stays");
    drop(live);

    let file = site.file("file", "precious");
    let site = site.with("TILEGATE_LISTEN", &format!("unix:{file}"));
    does_not_start(&site, "TILEGATE_LISTEN", &["no socket"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");

    let site = site.with("TILEGATE_LISTEN", "unix:/gone/tilegate.sock");
    does_not_start(&site, "TILEGATE_LISTEN", &["/gone/tilegate.sock", "folder does not exist"]);
}

#[test]
fn a_first_administrator_that_cannot_be_made_is_one_line() {
    let site = Site::new().with("TILEGATE_ADMIN_USERNAME", "root");
    does_not_start(&site, "TILEGATE_ADMIN_PASSWORD", &["is not set"]);
    let site = site.with("TILEGATE_ADMIN_PASSWORD", PASSWORD).with("TILEGATE_LISTEN", "127.0.0.1:0");
    site.add("root", "");
    does_not_start(&site, "TILEGATE_ADMIN_USERNAME", &["already"]);
}

/// A running `tilegate serve` on a Unix socket.
struct Service {
    child: Child,
    socket: PathBuf,
    out: PathBuf,
    err: PathBuf,
}

impl Service {
    /// Starts and waits until it answers.
    fn start(site: &Site) -> Self {
        let socket = site.path("tilegate.sock");
        let (out, err) = (site.path("serve.out"), site.path("serve.err"));
        let child = site
            .command(&["serve"])
            .env("TILEGATE_LISTEN", format!("unix:{}", socket.display()))
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        let mut service = Self { child, socket, out, err };
        let begun = Instant::now();
        while !service.log().contains("listening") {
            assert!(service.child.try_wait().unwrap().is_none(), "ended: {}", service.log());
            assert!(begun.elapsed() < PATIENCE, "does not listen: {}", service.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        service
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.err).unwrap()
    }

    /// One request; status, and the whole answer as text.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: img.test\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        request.extend(["Content-Length: ", &body.len().to_string(), "\r\n\r\n", body]);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer");
        (status, answer)
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.ask("GET", path, &[], "")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Ends it as a service manager does; its status and how long it took.
    fn stop(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        self.signal("TERM");
        (ended(&mut self.child).expect("it ends"), begun.elapsed())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn n22_serve_answers_on_a_group_readable_socket_and_stops_in_order() {
    let site = Site::furnished();
    let service = Service::start(&site);
    let socket = fs::metadata(&service.socket).unwrap();
    assert!(socket.file_type().is_socket());
    assert_eq!(socket.permissions().mode() & 0o777, 0o660);
    assert!(service.log().contains("tilegate.sock"), "the path is logged: {}", service.log());
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(service.get(path).0, 200, "{path}");
    }
    let (path, out) = (service.socket.clone(), service.out.clone());
    let (status, took) = service.stop();
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert!(!path.exists(), "the socket is removed");
    assert_eq!(fs::read_to_string(out).unwrap(), "", "logs go to standard error");
}

#[test]
fn n22_a_stale_socket_is_replaced_and_the_mode_is_a_setting() {
    let site = Site::new().with("TILEGATE_SOCKET_MODE", "0600");
    drop(UnixListener::bind(site.path("tilegate.sock")).unwrap());
    assert!(site.path("tilegate.sock").exists());
    let service = Service::start(&site);
    assert_eq!(fs::metadata(&service.socket).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(service.get("/healthz").0, 200);
    assert_eq!(service.stop().0.code(), Some(0));
}

#[test]
fn a_hang_up_does_not_end_the_service() {
    let site = Site::new();
    let service = Service::start(&site);
    service.signal("HUP");
    let begun = Instant::now();
    while !service.log().contains("restart for other settings") {
        assert!(begun.elapsed() < PATIENCE, "{}", service.log());
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(service.get("/healthz").0, 200);
    assert_eq!(service.stop().0.code(), Some(0));
}

#[test]
fn ctrl_c_stops_it_too() {
    let site = Site::new();
    let mut service = Service::start(&site);
    service.signal("INT");
    assert_eq!(ended(&mut service.child).unwrap().code(), Some(0));
}

#[test]
fn the_first_administrator_is_made_once() {
    let site = Site::new().with("TILEGATE_ADMIN_USERNAME", "Root").with("TILEGATE_ADMIN_PASSWORD", PASSWORD);
    let list = || site.run(&["account", "list"]).succeeded();
    for _ in 0..2 {
        Service::start(&site).stop();
        assert_eq!(list(), "root\tadministrator\t\n");
    }
    // Somebody else administers by now: the first one is not made again.
    site.run_with(&["account", "add", "ada", "--password-stdin", "--admin"], PASSWORD).succeeded();
    site.run(&["account", "remove", "root"]).succeeded();
    Service::start(&site).stop();
    assert_eq!(list(), "ada\tadministrator\t\n");
}

#[test]
fn a_running_service_follows_the_command_line() {
    let site = Site::furnished();
    let service = Service::start(&site);
    let tile = || {
        let headers = [
            ("X-Original-URI", "/iiif/images/open%2Fmap/full/max/0/default.jpg"),
            ("X-Original-Method", "GET"),
            ("X-Original-Host", "img.test"),
            ("X-Real-IP", "198.51.100.7"),
            ("X-Tilegate-Mount", "images"),
        ];
        service.ask("GET", "/query_auth", &headers, "").0
    };
    assert_eq!(tile(), 200);
    site.import(&POLICY.replacen("[\"open\"]", "[\"staff\"]", 1)).succeeded();
    let begun = Instant::now();
    while tile() != 401 {
        assert!(begun.elapsed() < PATIENCE, "the open rule still counts");
        std::thread::sleep(Duration::from_millis(50));
    }
    service.stop();
}

/// The value of a cookie that an answer sets.
fn cookie(answer: &str, name: &str) -> Option<String> {
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.strip_prefix(name))?;
    Some(line.strip_prefix('=')?.split(';').next()?.to_owned())
}

#[test]
fn s16_the_most_talkative_log_holds_no_secret() {
    const WRONG: &str = "wrong-horse-battery";
    let site = Site::furnished()
        .with("TILEGATE_LOG", "trace")
        .with("TILEGATE_ADMIN_USERNAME", "root")
        .with("TILEGATE_ADMIN_PASSWORD", "first-administrators-password");
    let service = Service::start(&site);
    let from = ("X-Real-IP", "192.0.2.7");
    let mut secrets: Vec<String> =
        [KEY, PASSWORD, WRONG, "first-administrators-password"].map(str::to_owned).to_vec();

    let (_, page) = service.ask("GET", "/auth/login", &[from], "");
    let csrf = page.split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let session = cookie(&page, "__Host-tilegate_session").expect("a session");
    secrets.push(session.clone());
    let log_in = |password: &str| {
        let headers = [
            from,
            ("Cookie", &*format!("__Host-tilegate_session={session}")),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let form = format!("csrf={}&username=ada&password={password}", csrf.replace('+', "%2B"));
        service.ask("POST", "/auth/login", &headers, &form)
    };
    assert_eq!(log_in(WRONG).0, 403);
    let (status, answer) = log_in(PASSWORD);
    assert_eq!(status, 303, "{answer}");
    let access = cookie(&answer, "__Host-tilegate_access").expect("an access cookie");
    let session = cookie(&answer, "__Host-tilegate_session").expect("a new session");
    let cookies = format!("__Host-tilegate_access={access}; __Host-tilegate_session={session}");
    let (status, answer) = service.ask("GET", "/auth/iiif-token", &[from, ("Cookie", &cookies)], "");
    assert_eq!(status, 200);
    let token = answer.split_once("\"accessToken\":\"").unwrap().1.split('"').next().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    secrets.extend([access, session, token]);

    let nginx = [
        ("X-Original-URI", LETTER),
        ("X-Original-Method", "GET"),
        ("X-Original-Host", "img.test"),
        from,
        ("X-Tilegate-Mount", "images"),
        ("Cookie", &*cookies),
        ("Authorization", &*bearer),
    ];
    assert_eq!(service.ask("GET", "/query_auth", &nginx, "").0, 200);
    let mut described = nginx;
    described[0].1 = "/iiif/images/letters%2F1930/info.json";
    // The image server is not there; what matters is what is said about it.
    assert!(service.ask("GET", "/description/", &described, "").0 >= 400);
    // Requests that no page sends: secrets where they do not belong.
    service.ask("GET", &format!("/auth/nowhere?password={PASSWORD}&t={}", secrets[4]), &[from], "");
    service.ask("GET", "/auth/", &[from, ("Cookie", &cookies), ("X-Broken", &bearer)], "");
    service.ask("POST", "/auth/login", &[from, ("Cookie", &cookies)], &format!("password={PASSWORD}"));
    assert_eq!(service.ask("GET", "/auth/logout", &[from, ("Cookie", &cookies)], "").0, 200);
    let (err, out) = (service.err.clone(), service.out.clone());
    assert_eq!(service.stop().0.code(), Some(0));

    let logged = fs::read_to_string(err).unwrap() + &fs::read_to_string(out).unwrap();
    assert!(logged.contains("TRACE") && logged.contains("logged in"), "the log is really talkative");
    for secret in &secrets {
        let line = logged.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "a secret is in the log");
    }
}

#[test]
fn s16_the_database_is_the_owners_alone() {
    let site = Site::furnished();
    let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(rights(&site.path("tilegate.db")), 0);
}
