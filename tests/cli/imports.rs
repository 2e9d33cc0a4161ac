//! `tilegate policy import` with what archives have.

use std::fs;
use std::path::Path;

use crate::{POLICY, Site};

const HEADER: &str = "mount,identifier,match,conditions,from,until,note";

fn import(site: &Site, arguments: &[&str]) -> String {
    site.run(&[&["policy", "import"], arguments].concat()).succeeded()
}

/// The error of an import that is refused whole.
#[track_caller]
fn refused(site: &Site, arguments: &[&str]) -> String {
    let before = site.export();
    let outcome = site.run(&[&["policy", "import"], arguments].concat());
    assert_eq!((outcome.code, outcome.out.as_str()), (Some(1), ""), "{}", outcome.err);
    assert_eq!(site.export(), before);
    outcome.err
}

/// Two services with one database: what one imports leaves the rules of the other's mounts alone, or says that it does not.
#[test]
fn rules_of_mounts_that_another_service_has_are_not_dropped_unasked() {
    let site = Site::furnished();
    let other = "TILEGATE_MOUNT_OTHER";
    let both = site.with(other, "file /other/ file:///srv/other/");
    import(
        &both,
        &["--source", "other", &both.file("other.csv", &format!("{HEADER}\nother,a,prefix,staff,,,\n"))],
    );
    let site = both.without(other);
    let file = site.file("policy.toml", POLICY);
    let error = refused(&site, &[&file]);
    assert!(error.contains("remove 1 rule of mounts that the settings do not have (other)"), "{error}");
    assert!(refused(&site, &["--dry-run", &file]).contains("--source"));
    let sheet = site.file("images.csv", &format!("{HEADER}\nimages,maps,prefix,staff,,,\n"));
    assert!(import(&site, &["--source", "maps", &sheet]).contains("maps: + 1, - 0"));
    assert!(site.export().contains("mount = \"other\""), "it stays");
    assert_eq!(site.run(&["policy", "export", "-"]).succeeded(), site.export());
    import(&site, &["--drop", &file]);
    assert!(!site.export().contains("mount = \"other\""));
}

#[test]
fn a_sheet_with_a_source_replaces_the_rules_of_that_source_and_no_others() {
    let site = Site::furnished();
    let sheet = |rows: &str| site.file("list.csv", &format!("{HEADER}\n{rows}"));
    let file =
        sheet("images,maps/1,exact,staff,,,\nimages,maps/2,exact,reader,,,\nimages,maps/3,exact,open,,,\n");
    let said = import(&site, &["--source", "list", &file]);
    assert!(said.ends_with("rules: 3 before, 6 now; list: + 3, - 0, 0 changed\n"), "{said}");
    assert!(site.export().starts_with(POLICY.split_once("[[test]]").unwrap().0), "what was there stays");

    let file =
        sheet("images,maps/1,exact,staff,,,\nimages,maps/2,exact,closed,,,\nimages,maps/4,exact,open,,,\n");
    let before = site.export();
    let would = import(&site, &["--source", "list", "--dry-run", &file]);
    assert!(would.starts_with("would import ") && would.contains("list: + 1, - 1, 1 changed"), "{would}");
    assert_eq!(site.export(), before, "a dry run changes nothing");
    let said = import(&site, &["--source", "list", &file]);
    let detail = would.strip_prefix(&said.replace("imported", "would import")).expect("the same figures");
    assert_eq!(
        detail,
        "- images: `maps/2` exactly: reader, imported from list\n- images: `maps/3` exactly: open, imported from list\n\
         + images: `maps/2` exactly: closed, imported from list\n+ images: `maps/4` exactly: open, imported from list\n"
    );
    let exported = site.export();
    assert!(exported.contains("maps/4") && !exported.contains("maps/3"), "{exported}");
    assert_eq!(exported.matches("source = \"list\"").count(), 3);
    let again = import(&site, &["--source", "list", &file]);
    assert!(again.contains("list: + 0, - 0, 0 changed"), "{again}");
    assert_eq!(site.export(), exported);

    // The whole comes back as it was.
    let file = site.file("export.toml", &exported);
    import(&site, &[&file]);
    assert_eq!(site.export(), exported);
    // Without a source a sheet replaces all rules, as ever.
    let file = sheet("images,letters,prefix,closed,,,\n");
    let error = refused(&site, &[&file]);
    assert!(error.contains("list.csv: 1 of its 2 tests fail"), "{error}");
}

#[test]
fn what_sources_disagree_about_is_told_and_the_stricter_counts() {
    let site = Site::furnished();
    let list = site.file("list.csv", &format!("{HEADER}\nimages,maps,prefix,staff,,,\n"));
    import(&site, &["--source", "list", &list]);
    let other = site.file("other.csv", &format!("{HEADER}\nimages,maps/1,exact,open,,,\n"));
    let said = import(&site, &["--source", "other", &other]);
    let told = "1 place where sources disagree, and the stricter counts:\n  \
                images/maps/1: list says staff, other says open; what counts is staff\n";
    assert!(said.ends_with(told), "{said}");
    let verdict = |url: &str| site.explain(&[url]).code;
    assert_eq!(verdict("/iiif/images/maps%2F1/full/max/0/default.jpg"), Some(3));
    // What was written for that goes when its cause does.
    let none = site.file("none.csv", &format!("{HEADER}\n"));
    let said = import(&site, &["--source", "list", &none]);
    assert!(!said.contains("disagree"), "{said}");
    assert!(!site.export().contains("stricter"));
    assert_eq!(verdict("/iiif/images/maps%2F1/full/max/0/default.jpg"), Some(0));
}

#[test]
fn options_that_would_mean_nothing_are_refused() {
    let site = Site::furnished();
    let sheet = site.file("list.csv", &format!("{HEADER}\n"));
    let policy = site.file("policy.toml", POLICY);
    for (arguments, word) in [
        (&["--source", "list", &*policy][..], "--source means nothing for files of the kind toml"),
        (&["--range", "a=open", &sheet], "--range means nothing for files of the kind csv"),
        (&["--map", "gone.toml", &sheet], "--map means nothing"),
        (&["--source", "stricter", &sheet], "makes itself"),
        (&["--source", " ", &sheet], "no name"),
        (&[&sheet, &policy], "several kinds, csv and toml"),
        (&[&sheet, &sheet], "one policy file or sheet at a time"),
    ] {
        let error = refused(&site, arguments);
        assert!(error.contains(word), "{error}");
    }
    let own = site
        .file("own.csv", &format!("{HEADER},operations,whole_image_px,source\nimages,a,,open,,,,,,mets\n"));
    let error = refused(&site, &["--source", "list", &own]);
    assert!(error.contains("rule 1 (`a`) has the source `mets`"), "{error}");
}

/// A site as docs/import.md has it.
fn of_the_page() -> Site {
    let site = Site::new()
        .with("TILEGATE_MOUNT_FILES", "file /files/ http://127.0.0.1:9/")
        .with("TILEGATE_MOUNT_SCANS", "image /scans/ http://127.0.0.1:9/ server=iipsrv rules=images");
    let condition = |name: &str| {
        format!("[[condition]]\nname = \"{name}\"\npattern = \"login\"\nlabel = {{ en = \"{name}\" }}\n\n")
    };
    let file = site.file("policy.toml", &["reader", "staff", "clinic"].map(condition).concat());
    import(&site, &[&file]);
    site
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A fixture's path as an argument.
fn fixture(name: &str) -> String {
    repository().join("tests/fixtures/import").join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_examples_of_the_page_say_what_the_page_says() {
    let page = fs::read_to_string(repository().join("docs/import.md")).unwrap();
    let site = of_the_page();
    let mut examples = 0;
    let mut blocks = page.split("```");
    while let Some(block) = blocks.next() {
        // Tables and sheets are those of the fixtures.
        if let Some(copy) = block.strip_prefix("toml\n").or_else(|| block.strip_prefix("csv\n")) {
            let fixtures = ["mets/goobi.toml", "digilib/roles.toml", "manifest/parts.csv"];
            let whole = fixtures.map(|name| fs::read_to_string(fixture(name)).unwrap());
            assert!(whole.iter().any(|whole| whole == copy), "{copy}");
        }
        let Some(command) = block.strip_prefix("sh\ntilegate ") else { continue };
        let said = blocks.nth(1).unwrap().strip_prefix("text\n").unwrap();
        let arguments: Vec<_> = command.split_whitespace().collect();
        for option in [&["--dry-run"][..], &[]] {
            let arguments = [&arguments, option].concat();
            let outcome = site.command(&arguments).current_dir(repository()).output().unwrap();
            let (out, err) =
                (String::from_utf8(outcome.stdout).unwrap(), String::from_utf8(outcome.stderr).unwrap());
            let out = out.replace("would import", "imported");
            // A dry run says the rules besides.
            let more = out.strip_prefix(said);
            assert!(more.is_some_and(|more| more.is_empty() == option.is_empty()), "{arguments:?}: {out}");
            assert_eq!(err, "", "{arguments:?}");
        }
        examples += 1;
    }
    assert_eq!(examples, 5);
    // An export of all of it comes back to the letter.
    let exported = site.export();
    let file = site.file("export.toml", &exported);
    import(&site, &[&file]);
    assert_eq!(site.export(), exported);
}

#[test]
fn u3_a_text_that_nobody_has_mapped_is_refused_with_file_and_line() {
    let site = of_the_page();
    let mets = fs::read_to_string(fixture("mets/goobi.xml")).unwrap();
    let line = 1 + mets.lines().position(|line| line.contains("Clinical images")).unwrap();
    let bad = site.file("bad.xml", &mets.replace("Clinical images", "Clinical"));
    let (good, table) = (fixture("mets/goobi.xml"), fixture("mets/goobi.toml"));
    let error = refused(&site, &["--map", &table, &good, &bad]);
    assert!(error.contains(&format!("bad.xml: line {line}: accessCondition says \"Clinical\"")), "{error}");
    // A table with a fault, and a part that no manifest has.
    let wrong = site.file("wrong.toml", "mount = \"images\"\n[role]\na = [\"stuff\"]\n");
    let error = refused(&site, &["--map", &wrong, &good]);
    assert!(error.contains("wrong.toml: line 3: there is no condition \"stuff\""), "{error}");
    let parts =
        site.file("parts.csv", "manifest,part,conditions,from,until,note\n,,open,,,\n,gone,staff,,,\n");
    let error = refused(&site, &["--parts", &parts, &fixture("manifest/register2.json")]);
    assert!(
        error.contains("parts.csv: line 3: the range or canvas \"gone\" is in none of the manifests"),
        "{error}"
    );
    let error = refused(&site, &["--mount", "maps", "--map", &table, &good]);
    assert!(error.contains("there is no mount `maps`; the settings have: "), "{error}");
    let error = refused(&site, &[&site.file("other.xml", "<?xml version='1.0'?><other/>")]);
    assert!(error.contains("neither METS nor digilib-auth.xml"), "{error}");
    let error = refused(
        &site,
        &["--map", &fixture("digilib/roles.toml"), &fixture("digilib/tree/estate/album/index.meta")],
    );
    assert!(error.contains("--root"), "{error}");
}

#[test]
fn the_tests_of_the_policy_hold_for_what_is_imported() {
    let site = Site::furnished();
    let mets = fs::read_to_string(fixture("mets/goobi.xml")).unwrap();
    let table = "mount = \"images\"\nignore = [\"dz\", \"player\"]\n[files]\ngroups = [\"OBJECTS\"]\nstrip_prefix = \"objects/b90000012_\"\nstrip_suffix = \".jp2\"\nput_prefix = \"letters/\"\n[accessCondition.status]\n\"Open\" = [\"open\"]\n\"Requires registration\" = [\"reader\"]\n\"Clinical images\" = [\"staff\"]\n\"Closed\" = [\"closed\"]\n";
    let table = site.file("table.toml", table);
    let closed =
        site.file("closed.xml", &mets.replace("objects/b90000012_0005.jp2", "objects/b90000012_1930.jp2"));
    let error = refused(&site, &["--map", &table, &closed]);
    assert!(error.contains("closed.xml: 1 of its 2 tests fail"), "{error}");
    assert!(
        error.contains(
            "test 1 (/iiif/images/letters%2F1930/full/max/0/default.jpg): expected allow, got refuse"
        ),
        "{error}"
    );
}

#[test]
fn a_manifest_imported_again_replaces_what_it_said_before() {
    let site = of_the_page();
    let (two, three) = (fixture("manifest/register2.json"), fixture("manifest/register3.json"));
    let said = import(
        &site,
        &[
            "--conditions",
            "reader",
            "--canvas",
            "https://img.test/iiif/manifests/register.json/canvas/1=closed",
            &three,
        ],
    );
    assert!(
        said.contains("manifest:https://img.test/iiif/manifests/register.json: + 7, - 0, 0 changed"),
        "{said}"
    );
    let verdict = |page: &str| {
        site.explain(&[&format!("/iiif/images/register%2F{page}.tif/full/max/0/default.jpg")]).code
    };
    assert_eq!((verdict("001"), verdict("002")), (Some(4), Some(3)));
    // The same manifest in its other version is the same source.
    let said = import(
        &site,
        &[
            "--conditions",
            "open",
            "--range",
            "https://img.test/iiif/manifests/register.json/range/maps=staff",
            &two,
        ],
    );
    assert!(said.contains("+ 0, - 0, 7 changed"), "{said}");
    assert_eq!((verdict("001"), verdict("004")), (Some(0), Some(3)));
}

#[test]
fn a_sheet_of_100_000_rows_is_taken() {
    let site = Site::furnished();
    let row = |number| format!("images,series/{}/{number},exact,staff,,,\n", number / 100);
    let rows = (0..100_000).map(row).collect::<Vec<_>>().concat();
    let file = site.file("long.csv", &format!("{HEADER}\n{rows}"));
    // However long it takes on this machine.
    let outcome = site.command(&["policy", "import", "--source", "series", &file]).output().unwrap();
    let (out, err) = (String::from_utf8(outcome.stdout).unwrap(), String::from_utf8(outcome.stderr).unwrap());
    assert_eq!(outcome.status.code(), Some(0), "{err}");
    assert!(out.contains("series: + 100000, - 0, 0 changed"), "{out}");
    // Whatever it says of its progress are counted lines; a quick machine says nothing.
    assert!(err.lines().all(|line| line.ends_with(" …")), "{err}");
    assert_eq!(site.explain(&["/iiif/images/series%2F999%2F99999/full/max/0/default.jpg"]).code, Some(3));
}

/// What an operator should know beside the figures.
#[test]
fn what_an_import_leaves_closed_or_held_is_said() {
    let default = "image /iiif/images/ http://127.0.0.1:9/iiif/ server=iipsrv default=vanished";
    let site = Site::furnished().with("TILEGATE_MOUNT_IMAGES", default);
    let same = site.file("same.toml", &site.export());
    let note =
        "note: mount `images`: its default condition `vanished` does not exist (yet), so it is closed\n";
    for arguments in [&["policy", "import", "--dry-run", &same][..], &["policy", "test", &same]] {
        let said = site.run(arguments).succeeded();
        assert!(said.contains(note), "{said}");
    }
    // A dry run refuses what the import would.
    site.add("bob", "reader");
    let empty = site.file("none.toml", "");
    for option in [&["--dry-run"][..], &[]] {
        let error = refused(&site, &[&[empty.as_str()], option].concat());
        assert!(
            error.contains(
                "the access conditions \"reader\" (1 account), \"staff\" (1 account) are missing from the new policy, \
                 but accounts hold them; keep them, or take them from the accounts with --drop"
            ),
            "{error}"
        );
    }
    import(&site, &["--drop", "--dry-run", &empty]);
    import(&site, &["--drop", &empty]);
}
