//! What `tilegate explain` says would change an answer.

use super::{EMBARGOED, LETTER, POLICY, Site};

/// The sentences after the answer.
fn would(site: &Site, arguments: &[&str]) -> Vec<String> {
    let outcome = site.explain(arguments);
    assert_eq!(outcome.err, "");
    let lines = outcome.out.lines().map(str::to_owned);
    lines.skip_while(|line| !line.contains("(200)") && !line.contains("(40")).skip(1).collect()
}

#[test]
fn explain_says_what_would_open_what_is_locked() {
    let site = Site::furnished();
    assert_eq!(
        would(&site, &[LETTER]),
        [
            "An account that holds `staff` or `reader` would see it.",
            "From an address in 192.0.2.0/24 it would be allowed.",
            "Whether what is asked for is small enough to be had depends on the size of the image, which is not known here.",
            "The whole image in a size of at most 200 pixels (`full/!200,200/0/default.jpg`) would be allowed.",
            "A substitute of it, whose long side has at most 800 pixels, is open to everybody.",
        ]
    );
    // What is said is so.
    assert_eq!(site.explain(&[LETTER, "--account", "ada"]).code, Some(0));
    assert_eq!(site.explain(&[LETTER, "--address", "192.0.2.9"]).code, Some(0));
    let small = LETTER.replace("full/max", "full/!200,200");
    assert_eq!(site.explain(&[&small]).code, Some(0));

    site.run(&["account", "set", "ada", "--active", "no"]).succeeded();
    let locked = would(&site, &[LETTER, "--account", "ada"]);
    assert_eq!(locked[0], "If the account were not locked, it would be allowed.");
}

/// Notes and names are other people's.
#[test]
fn what_is_printed_does_nothing_to_a_terminal() {
    let site = Site::furnished();
    let text = POLICY
        .replace("donor agreement 17", "a\\u001b[2Jb\\u202ec\\u0007")
        .replace("'all \"letters\"'", "\"ü\"");
    site.import(text.split_once("[[test]]").unwrap().0).succeeded();
    let told = site.explain(&[EMBARGOED]).out;
    assert!(told.contains("noted “a\\u{1b}[2Jb\\u{202e}c\\u{7}”") && told.contains("noted “ü”"), "{told}");
    // What is for programs is as it was.
    let data = site.explain(&[EMBARGOED, "--json"]).out;
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(data["rules"][0]["rule"]["note"], "a\u{1b}[2Jb\u{202e}c\u{7}");
    let exported = site.run(&["policy", "export"]).succeeded();
    site.import(&exported).succeeded();
    let error = site.run(&["policy", "test", "\u{1b}[31mred.toml"]).failed();
    assert!(error.contains("\\u{1b}[31mred.toml") && !error.contains('\u{1b}'), "{error:?}");
}

#[test]
fn explain_says_what_would_close_what_is_open() {
    let site = Site::furnished();
    assert_eq!(
        would(&site, &[LETTER, "--account", "ada"]),
        ["Without a login it would need one of `staff`, `reader` (401)."]
    );
    assert_eq!(
        would(&site, &[LETTER, "--address", "192.0.2.9"]),
        ["From another address it would need one of `staff`, `reader` (401)."]
    );
    let both = [LETTER, "--account", "ada", "--address", "192.0.2.9"];
    assert_eq!(
        would(&site, &both),
        ["Without a login and from another address it would need one of `staff`, `reader` (401)."]
    );
    let open = "/iiif/images/open%2Fmap/full/max/0/default.jpg";
    assert_eq!(would(&site, &[open]), ["Nothing but another rule would change that."]);
}

#[test]
fn explain_says_which_dates_change_the_answer() {
    let site = Site::furnished();
    assert_eq!(
        would(&site, &[EMBARGOED, "--account", "ada", "--at", "1980-01-01"]),
        [
            "Without a login it would need one of `staff`, `reader` (401).",
            "From 1990-01-01 on it is closed to everybody (rule 3 begins).",
            "From 2041-01-01 on `ada` may see it (rule 3 ends).",
        ]
    );
    assert_eq!(
        would(&site, &[EMBARGOED, "--at", "2041-01-01"])[0],
        "An account that holds `staff` or `reader` would see it."
    );
    let open = POLICY.replace(
        "identifier = \"letters\"\nconditions = [\"staff\", \"reader\"]",
        "identifier = \"letters\"\nconditions = [\"open\"]",
    );
    let open = open.split_once("[[test]]").unwrap().0;
    site.import(open).succeeded();
    assert_eq!(
        would(&site, &[EMBARGOED, "--at", "2040-12-31T23:59:59Z"]),
        ["From 2041-01-01 on it is open to everybody (rule 3 ends)."]
    );
}

#[test]
fn explain_takes_the_dimensions_of_the_image() {
    let site = Site::furnished();
    let thumbnail = LETTER.replace("full/max", "full/200,");
    for (size, code, answer) in [
        (None, 3, "Not allowed (401)"),
        (Some("4000x3000"), 0, "Allowed (200): as a thumbnail of this size it is open to everybody."),
        (Some("3000x4000"), 3, "Not allowed (401)"),
    ] {
        let mut arguments = vec![thumbnail.as_str()];
        arguments.extend(size.iter().flat_map(|size| ["--size", size]));
        let outcome = site.explain(&arguments);
        assert_eq!(outcome.code, Some(code), "{size:?}: {}", outcome.out);
        assert!(outcome.out.contains(answer), "{size:?}: {}", outcome.out);
        assert_eq!(outcome.out.contains("which is not known here"), size.is_none(), "{}", outcome.out);
    }
    let substitute =
        LETTER.replace("images/", "images/substitute-8~").replace("full/max", "0,0,512,512/512,");
    for (size, code, answer) in [
        ("4096x4096", 0, "Allowed (200): everybody may have this substitute."),
        ("400x300", 4, "of an image of these dimensions another reduction is the substitute"),
    ] {
        let outcome = site.explain(&[&substitute, "--size", size]);
        assert_eq!(outcome.code, Some(code), "{size}: {}", outcome.out);
        assert!(outcome.out.contains(answer), "{size}: {}", outcome.out);
    }
    for size in ["4000", "0x3", "4000x", "ax3", "4000x3000x2"] {
        assert!(site.explain(&[LETTER, "--size", size]).misused().contains("4000x3000"), "{size}");
    }
}

#[test]
fn explain_says_what_a_rule_permits() {
    let site = Site::furnished();
    let limited = POLICY.replace("note = 'all \"letters\"'", "operations = [\"view\"]");
    site.import(limited.split_once("[[test]]").unwrap().0).succeeded();
    let outcome = site.explain(&[LETTER, "--account", "ada", "--size", "4000x3000"]);
    assert_eq!(outcome.code, Some(4), "{}", outcome.out);
    for sentence in [
        "It is decided by rule 2 (`letters` and everything below it: staff or reader, for view).",
        "Refused (403): no answer may be larger than 1024 pixels on either side; no login can help.",
        "The whole image in a size of at most 1024 pixels (`full/!1024,1024/0/default.jpg`) would be allowed.",
    ] {
        assert!(outcome.out.contains(sentence), "{sentence}: {}", outcome.out);
    }
}

/// What docs/policy-tools.md shows is what these commands print.
#[test]
fn the_examples_of_the_page_are_real() {
    let site = Site::furnished();
    let page = include_str!("../../docs/policy-tools.md");
    let mut examples = 0;
    for block in page.split("```text\n$ tilegate ").skip(1) {
        let (command, rest) = block.split_once('\n').unwrap();
        let said = rest.split_once("```").unwrap().0;
        let command = command.replace("https://images.example.org", "https://img.test");
        if command.starts_with("policy rule") || command.starts_with("policy coverage") {
            continue;
        }
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        if arguments[..2] == ["policy", "upcoming"] {
            arguments.extend(["--at", "2040-12-12"]);
        }
        assert_eq!(site.run(&arguments).out, said, "{command}");
        examples += 1;
    }
    assert_eq!(examples, 2);
}
