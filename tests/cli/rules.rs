//! `tilegate policy rule`.

use super::{EMBARGOED, LETTER, POLICY, Site};

fn rule(site: &Site, arguments: &[&str]) -> super::Outcome {
    site.run(&[&["policy", "rule"], arguments].concat())
}

fn exported(site: &Site) -> String {
    site.run(&["policy", "export"]).succeeded()
}

#[test]
fn one_rule_is_added_changed_and_removed() {
    let site = Site::furnished();
    let before = exported(&site);
    let add = [
        "add",
        "--mount",
        "images",
        "--identifier",
        "maps",
        "--conditions",
        "staff|reader",
        "--note",
        "deed, \"7\"",
    ];
    let dry = rule(&site, &[&add[..], &["--dry-run"]].concat()).succeeded();
    assert_eq!(
        dry,
        "Nothing was changed: this was a dry run; 2 tests passed. It would have been added.\n\
         `maps` of `images`, with everything below it: closed to everybody -> staff or reader.\n"
    );
    assert_eq!(exported(&site), before);
    assert_eq!(
        rule(&site, &add).succeeded(),
        "Rule 4 (`maps` and everything below it: staff or reader), noted “deed, \"7\"” is added; 2 tests passed.\n\
         `maps` of `images`, with everything below it: closed to everybody -> staff or reader.\n"
    );
    let map = "/iiif/images/maps%2F7/full/max/0/default.jpg";
    assert_eq!(site.explain(&[map, "--account", "ada"]).code, Some(0));

    let changed = rule(
        &site,
        &["change", "4", "--conditions", "reader", "--until", "2044-05-06", "--operations", "view"],
    );
    assert_eq!(
        changed.succeeded(),
        "Rule 4 (`maps` and everything below it: reader, until 2044-05-06, for view), noted “deed, \"7\"” is changed; \
         2 tests passed.\n`maps` of `images`, with everything below it: staff or reader -> reader, for view, in answers of at most 1024 pixels.\n"
    );
    assert_eq!(site.explain(&[map, "--account", "ada"]).code, Some(3));
    rule(&site, &["change", "4", "--until", "", "--operations", "", "--conditions", "staff|reader"])
        .succeeded();
    let again = exported(&site);
    assert!(
        again.starts_with(before.split_once("[[test]]").unwrap().0) && !again.contains("2044"),
        "{again}"
    );

    let removed = rule(&site, &["remove", "4"]).succeeded();
    assert!(removed.contains("is removed; 2 tests passed.\n"), "{removed}");
    assert!(removed.ends_with("staff or reader -> closed to everybody.\n"), "{removed}");
    assert_eq!(exported(&site), before);
}

#[test]
fn an_edit_that_breaks_a_test_is_not_made() {
    let site = Site::furnished();
    let before = exported(&site);
    for edit in [
        &["change", "3", "--conditions", "staff"][..],
        &["remove", "3"],
        &["change", "3", "--until", "2040-12-31"],
        &["add", "--mount", "images", "--identifier", "letters/1930", "--conditions", "closed"],
    ] {
        let outcome = rule(&site, edit);
        let error = outcome.err;
        assert_eq!((outcome.code, &*outcome.out), (Some(1), ""), "{edit:?}");
        assert!(
            error.contains("1 of the policy's 2 tests would fail, so nothing was changed:\n  test "),
            "{error}"
        );
        assert!(error.contains(EMBARGOED) || error.contains(LETTER), "{error}");
        assert_eq!(exported(&site), before);
    }
}

#[test]
fn an_edit_that_cannot_be_used_says_why() {
    let site = Site::furnished();
    let before = exported(&site);
    let add = |identifier: &'static str, more: [&'static str; 2]| {
        [&["add", "--mount", "images", "--identifier", identifier, "--conditions", "staff"], &more[..]]
            .concat()
    };
    for (edit, words) in [
        (add("a%2Fb", ["--note", ""]), "write it decoded"),
        (add("a", ["--until", "2041-13-01"]), "`until` must be a day such as"),
        (add("a", ["--match", "whole"]), "`match` is prefix or exact"),
        (add("a", ["--operations", "whole-image"]), "has no view"),
        (add("a", ["--whole-image-px", "many"]), "many"),
        (vec!["change", "3", "--from", "2041-01-01"], "`until` must be later than `from`"),
        (vec!["change", "3", "--conditions", ""], "condition"),
        (vec!["change", "3", "--conditions", "nobody"], "there is no condition \"nobody\""),
        (vec!["change", "9", "--conditions", "staff"], "there is no rule 9; `tilegate explain`"),
        (vec!["remove", "9"], "there is no rule 9"),
        (vec!["remove", "0"], "numbered from 1"),
        (
            vec!["add", "--mount", "plans", "--identifier", "", "--conditions", "staff"],
            "there is no mount \"plans\"",
        ),
        (vec!["add", "--mount", "images", "--identifier", "a"], "conditions"),
    ] {
        let error = rule(&site, &edit).failed();
        assert!(error.contains(words) && !error.contains("line 2"), "{edit:?}: {error}");
    }
    assert_eq!(exported(&site), before);
}

/// digilib takes a folder for its first image, so that a folder is as closed as what is in it: as long as that is in it.
#[test]
fn p9_the_tests_hold_for_folders_as_they_are_when_all_is_read_anew() {
    let digilib = "image /iiif/images/ http://127.0.0.1:9/digilib/Scaler/IIIF/ server=digilib default=open";
    let site = Site::new().with("TILEGATE_MOUNT_IMAGES", digilib);
    let policy = |expect: &str| {
        format!(
            "[[condition]]\nname = \"staff\"\npattern = \"login\"\nlabel = {{ en = \"Staff\" }}\n\
             [[rule]]\nmount = \"images\"\nidentifier = \"book/1\"\nconditions = [\"staff\"]\n\
             [[rule]]\nmount = \"images\"\nidentifier = \"other\"\nconditions = [\"staff\"]\n\
             [[test]]\nurl = \"/iiif/images/book/full/max/0/default.jpg\"\nexpect = \"{expect}\"\n"
        )
    };
    site.import(&policy("challenge")).succeeded();
    let before = exported(&site);
    for edit in [&["remove", "1"][..], &["change", "1", "--conditions", "open"]] {
        let outcome = rule(&site, edit);
        assert_eq!(outcome.code, Some(1), "{edit:?}");
        assert!(outcome.err.contains("expected challenge, got allow (open)"), "{edit:?}: {}", outcome.err);
        assert_eq!(exported(&site), before);
    }
    rule(&site, &["change", "2", "--conditions", "open"]).succeeded();
    let opened = policy("allow").replacen("[\"staff\"]", "[\"open\"]", 1);
    site.import(&opened).succeeded();
    rule(&site, &["change", "1", "--note", "opened"]).succeeded();
    let error = rule(&site, &["change", "1", "--conditions", "staff"]).err;
    assert!(error.contains("expected allow, got challenge (not-held)"), "{error}");
}

/// A file that has a rule twice is refused, so what is exported could not be imported again.
#[test]
fn no_rule_comes_to_be_written_twice() {
    let site = Site::furnished();
    let before = exported(&site);
    let add = ["add", "--mount", "images", "--identifier"];
    for identifier in ["open", "open/", "/open"] {
        let error = rule(&site, &[&add[..], &[identifier, "--conditions", "open"]].concat()).failed();
        assert!(error.contains("it would be the same as rule 1"), "{identifier}: {error}");
    }
    assert_eq!(exported(&site), before);
    rule(&site, &[&add[..], &["open", "--conditions", "staff|reader"]].concat()).succeeded();
    let error = rule(&site, &["change", "4", "--conditions", "open"]).failed();
    assert!(error.contains("it would be the same as rule 1"), "{error}");
    // It is no double of itself.
    rule(&site, &["change", "4", "--conditions", "reader|staff"]).succeeded();
    // With another note it is another rule, as in a file.
    rule(&site, &["change", "4", "--conditions", "open", "--note", "twice"]).succeeded();
    let file = site.file("again.toml", &exported(&site));
    site.run(&["policy", "import", &file]).succeeded();
}

/// The next import would undo it.
#[test]
fn what_was_imported_is_changed_where_it_came_from() {
    let site = Site::furnished();
    let text = POLICY.replace("note = 'all \"letters\"'", "source = \"catalogue\"");
    site.import(&text).succeeded();
    for edit in [&["remove", "2"][..], &["change", "2", "--note", "mine"]] {
        let error = rule(&site, edit).failed();
        assert!(error.contains("rule 2 was imported from `catalogue`; change it there"), "{error}");
    }
}
