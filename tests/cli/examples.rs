//! The ready-made policies of `examples/`: every file there is one that can be taken as it is, and says of itself what
//! it does.

use super::*;

/// Name and text of each.
fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    assert!(found.len() >= 4, "{found:?}");
    found
}

#[test]
fn every_example_passes_its_tests_and_is_taken_and_comes_back() {
    for (name, text) in examples() {
        assert!(text.starts_with("# "), "{name} says what it is for");
        assert!(text.contains("mount named \"images\""), "{name} says which mount it fits");
        assert!(
            text.contains(&format!("tilegate policy import examples/{name}")),
            "{name} says how it is taken"
        );
        for verdict in ["allow", "challenge", "refuse"] {
            assert!(text.contains(&format!("expect = \"{verdict}\"")), "{name} tests {verdict}");
        }
        let site = Site::new();
        let file = site.file(&name, &text);
        let said = site.run(&["policy", "test", &file]).succeeded();
        let tests = text.matches("[[test]]").count();
        assert!(said.ends_with(&format!("{tests} tests passed\n")), "{name}: {said}");
        assert!(!site.path("tilegate.db").exists(), "and no database is needed: {name}");
        let said = site.run(&["policy", "import", &file]).succeeded();
        assert!(said.starts_with("imported ") && said.contains(&format!("{tests} tests passed")), "{said}");
        let exported = site.export();
        site.import(&exported).succeeded();
        assert_eq!(site.export(), exported, "{name}");
    }
}

/// A test that could not fail would be worth nothing to whoever copies it.
#[test]
fn every_test_of_every_example_can_fail() {
    for (name, text) in examples() {
        // None of them expects what it is made to expect here.
        let turned = text
            .replace("expect = \"allow\"", "expect = \"turned\"")
            .replace("expect = \"challenge\"", "expect = \"allow\"")
            .replace("expect = \"refuse\"", "expect = \"allow\"")
            .replace("expect = \"turned\"", "expect = \"refuse\"");
        let site = Site::new();
        let tests = text.matches("[[test]]").count();
        for command in ["test", "import"] {
            let outcome = site.run(&["policy", command, &site.file(&name, &turned)]);
            assert_eq!(outcome.code, Some(1), "{name}");
            assert!(outcome.err.contains(&format!("{tests} of its {tests} tests fail")), "{}", outcome.err);
        }
        assert_eq!(site.export(), "", "{name} was not taken");
    }
}

/// What a fenced block of a page holds, after the word that names its language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fenced = page.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n')).collect()
}

/// A repository with a policy and its mounts, as the page says: no database, no other settings.
#[test]
fn the_page_about_policies_says_how_one_is_checked() {
    let page = include_str!("../../docs/policy.md");
    let [policy] = blocks(page, "toml")[..] else { panic!("one policy") };
    let settings = blocks(page, "sh").into_iter().find(|block| block.starts_with("TILEGATE_PUBLIC_URL="));
    let command =
        "TILEGATE_KEYS=\"$(tilegate key new)\" tilegate policy test policy.toml --env-file check.env\n";
    assert!(blocks(page, "sh").contains(&command), "the command of the page is the one that is run here");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    fs::write(folder.path().join("check.env"), settings.expect("the mounts")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_tilegate")).parent().unwrap();
    let run = || {
        let mut shell = Command::new("sh");
        shell.env_clear().env("PATH", format!("{}:/usr/bin:/bin", program.display()));
        shell.args(["-c", command]).current_dir(folder.path()).output().unwrap()
    };
    let output = run();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.stdout, b"policy.toml: 2 conditions, 2 rules, 1 test passed\n");
    let mut left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["check.env", "policy.toml"], "nothing is made");

    fs::write(folder.path().join("policy.toml"), policy.replace("\"challenge\"", "\"refuse\"")).unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("1 of its 1 test fail") && said.contains("expected refuse, got challenge"),
        "{said}"
    );
}

/// The page has every key that a policy file may have, by the message about one that it may not.
#[test]
fn the_page_about_policies_has_every_key() {
    let page = include_str!("../../docs/policy.md");
    let site = Site::new();
    for kind in ["condition", "rule", "test"] {
        let (_, section) = page.split_once(&format!("## `[[{kind}]]`")).expect(kind);
        let section = section.split("\n## ").next().unwrap();
        let file = site.file("strange.toml", &format!("[[{kind}]]\nstrange = 1\n"));
        let said = site.run(&["policy", "test", &file]).err;
        let line = said.lines().find(|line| line.contains("it may have: ")).expect(kind);
        let (_, keys) = line.split_once("it may have: ").unwrap();
        for key in keys.split(", ") {
            let listed =
                section.lines().any(|line| line.starts_with("| ") && line.contains(&format!("`{key}`")));
            assert!(listed, "{kind}: {key}");
        }
    }
}
