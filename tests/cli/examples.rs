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
