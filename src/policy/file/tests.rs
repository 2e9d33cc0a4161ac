use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;
use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::policy::condition::{AccessCondition, LanguageMap, Pattern};
use crate::policy::document::{Expect, PolicyTest};
use crate::policy::rule::{Match, Operation, RuleSpec};

pub(crate) const MOUNTS: &[&str] = &["images", "volumes"];

const STAFF: &str = "[[condition]]\nname = \"staff\"\npattern = \"login\"\nlabel = { en = \"Staff\" }\n";

/// The lines and messages of what is wrong.
fn faults(text: &str) -> Vec<(usize, String)> {
    let error = read(text, MOUNTS).expect_err("the file was taken");
    error.problems.into_iter().map(|problem| (problem.line, problem.message)).collect()
}

/// The one thing that is wrong.
fn fault(text: &str) -> (usize, String) {
    let mut faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

/// A file in which line 5 begins a rule with these keys.
fn with_rule(keys: &str) -> String {
    format!("{STAFF}[[rule]]\n{keys}\n")
}

#[track_caller]
fn assert_fault(text: &str, line: usize, words: &str) {
    let (found, message) = fault(text);
    assert!(message.contains(words), "{message:?} does not say {words:?}");
    assert_eq!(found, line, "{message}");
    assert!(!message.contains('\n'), "{message:?} is one line");
}

#[test]
fn the_example_of_the_interface_is_read() {
    let text = r#"
        [[condition]]
        name = "staff"
        pattern = "login"
        label = { en = "Library staff" }
        thumbnail_px = 200
        substitute_px = 800
        networks = ["192.0.2.0/24"]

        [[condition]]
        name = "clinical"
        pattern = "clickthrough"

        [[rule]]
        mount = "images"
        identifier = "letters/1931"
        match = "prefix"
        conditions = ["staff", "clinical"]
        from = "1990-01-01"
        until = 2041-01-01
        note = "donor agreement 17"

        [[test]]
        url = "/iiif/images/letters%2F1931%2F004/full/max/0/default.jpg"
        account_conditions = ["staff"]
        expect = "allow"
    "#;
    let policy = read(text, MOUNTS).unwrap();
    assert_eq!(policy.conditions.len(), 2);
    assert_eq!(policy.conditions[0].thumbnail_px, Some(200));
    assert_eq!(policy.conditions[0].substitute_px, Some(800));
    assert_eq!(policy.conditions[0].networks, ["192.0.2.0/24".parse::<IpNet>().unwrap()]);
    let expected = RuleSpec {
        mount: "images".to_owned(),
        identifier: "letters/1931".to_owned(),
        matching: Match::Prefix,
        conditions: vec!["staff".to_owned(), "clinical".to_owned()],
        from: Some(Date::constant(1990, 1, 1)),
        until: Some(Date::constant(2041, 1, 1)),
        note: "donor agreement 17".to_owned(),
        ..RuleSpec::default()
    };
    assert_eq!(policy.rules, [expected]);
    assert_eq!(policy.tests[0].expect, Expect::Allow);
}

#[test]
fn an_empty_file_is_an_empty_policy() {
    assert_eq!(read("", MOUNTS).unwrap(), PolicyDocument::default());
    assert_eq!(read("# nothing yet\n", MOUNTS).unwrap(), PolicyDocument::default());
    assert_eq!(write(&PolicyDocument::default()), "");
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let faults = faults("[[rule]]\nmount = images\n");
    assert_eq!(faults[0].0, 2);
    assert!(faults[0].1.starts_with("this is not TOML: "), "{faults:?}");
    assert_eq!(fault("[[rule]]\nmount = \"images\"\nmount = \"images\"\n").0, 3);
    assert_eq!(read("\0", MOUNTS).unwrap_err().problems[0].line, 1);
    let deep = format!("x = {}", "[".repeat(100_000));
    assert_eq!(read(&deep, MOUNTS).unwrap_err().problems[0].line, 1);
}

#[test]
fn s10_an_unknown_key_is_an_error() {
    assert_fault("condtion = 1\n", 1, "the file has no key \"condtion\"; it may have: condition, rule, test");
    assert_fault(
        &with_rule(
            "mount = \"images\"\nidentifier = \"a\"\nconditions = [\"staff\"]\nuntill = \"2041-01-01\"",
        ),
        9,
        "a rule has no key \"untill\"",
    );
    assert_fault(&format!("{STAFF}flag = 3\n"), 5, "a condition has no key \"flag\"");
    assert_fault("[[test]]\nurl = \"/x\"\nexpect = \"allow\"\nwho = 1\n", 4, "a test has no key \"who\"");
}

#[test]
fn single_brackets_and_wrong_kinds_of_values_are_explained() {
    assert_fault("[condition]\nname = \"x\"\n", 1, "write [[condition]]");
    assert_fault("rule = [1]\n", 1, "write each rule as [[rule]]");
    assert_fault(
        &format!("{STAFF}thumbnail_px = \"200\"\n"),
        5,
        "`thumbnail_px` must be a whole number of pixels",
    );
    assert_fault(&format!("{STAFF}thumbnail_px = 0\n"), 5, "at least 1");
    assert_fault(&format!("{STAFF}substitute_px = 0\n"), 5, "at least 1");
    assert_fault(
        &format!("{STAFF}substitute_px = true\n"),
        5,
        "`substitute_px` must be a whole number of pixels",
    );
    assert_fault(&format!("{STAFF}thumbnail_px = 4294967296\n"), 5, "whole number");
    assert_fault(&format!("{STAFF}heading = \"Staff\"\n"), 5, "texts by language");
    assert_fault(&format!("{STAFF}heading = {{ en = 1 }}\n"), 5, "texts by language");
    assert_fault(
        &with_rule("mount = 1\nidentifier = \"\"\nconditions = [\"staff\"]"),
        6,
        "`mount` must be a text",
    );
    assert_fault(
        &with_rule("mount = \"images\"\nidentifier = \"\"\nconditions = \"staff\""),
        8,
        "a list of texts",
    );
}

#[test]
fn condition_names_are_slugs_and_single() {
    for name in ["", "Staff", "library staff", "-staff", "pers\u{f6}nal", "a|b", &"x".repeat(65)] {
        let text = format!("[[condition]]\nname = \"{name}\"\npattern = \"kiosk\"\n");
        assert_fault(&text, 2, "cannot be a condition's name");
    }
    assert_fault(&format!("{STAFF}{STAFF}"), 5, "stands on line 1 already");
    assert_fault("[[condition]]\npattern = \"kiosk\"\n", 1, "has no `name`");
    assert_fault("[[condition]]\nname = \"x\"\n", 1, "has no `pattern`");
    assert_fault("[[condition]]\nname = \"x\"\npattern = \"Login\"\n", 3, "not \"Login\"");
}

#[test]
fn open_and_closed_may_get_other_texts_only() {
    let closed = |more: &str| format!("[[condition]]\nname = \"closed\"\npattern = \"closed\"\n{more}");
    assert!(read(&closed("label = { en = \"Not available\" }\n"), MOUNTS).is_ok());
    assert_fault(&closed("thumbnail_px = 100\n"), 1, "has no `thumbnail_px`");
    assert_fault(&closed("substitute_px = 100\n"), 1, "has no `substitute_px`");
    assert_fault(&closed("networks = [\"192.0.2.0/24\"]\n"), 1, "has no `networks`");
    assert_fault("[[condition]]\nname = \"closed\"\npattern = \"open\"\n", 1, "keeps the pattern closed");
    assert_fault("[[condition]]\nname = \"open\"\npattern = \"closed\"\n", 1, "keeps the pattern open");
    assert!(read("[[condition]]\nname = \"free\"\npattern = \"open\"\n", MOUNTS).is_ok());
}

#[test]
fn a1_05_a_login_needs_a_label_with_an_english_text() {
    let login = |label: &str| format!("[[condition]]\nname = \"staff\"\npattern = \"login\"\n{label}");
    assert_fault(&login(""), 1, "needs a `label`");
    assert_fault(&login("label = {}\n"), 1, "needs a `label`");
    assert_fault(&login("label = { de = \"Personal\" }\n"), 4, "no English text");
    assert_fault(&login("label = { en = \" \" }\n"), 4, "empty text for \"en\"");
    assert!(read("[[condition]]\nname = \"terms\"\npattern = \"clickthrough\"\n", MOUNTS).is_ok());
}

#[test]
fn a2_25_a_note_needs_a_heading() {
    assert_fault(&format!("{STAFF}note = {{ en = \"x\" }}\n"), 1, "`note` needs a `heading`");
    assert_fault(
        &format!("{STAFF}error_note = {{ en = \"x\" }}\n"),
        1,
        "`error_note` needs a `error_heading`",
    );
    assert!(read(&format!("{STAFF}note = {{ en = \"x\" }}\nheading = {{ en = \"y\" }}\n"), MOUNTS).is_ok());
}

#[test]
fn language_tags_are_plausible() {
    for tag in ["german", "d", "de_AT", "x-mine", "de-", "12"] {
        assert_fault(&format!("{STAFF}confirm = {{ en = \"x\", \"{tag}\" = \"y\" }}\n"), 5, "is no language");
    }
    assert_fault(&format!("{STAFF}confirm = {{ en = \"x\", EN = \"y\" }}\n"), 5, "twice");
    let good = format!("{STAFF}confirm = {{ en = \"x\", de-AT = \"y\", zh-Hant-TW = \"z\", gsw = \"w\" }}\n");
    assert_eq!(read(&good, MOUNTS).unwrap().conditions[0].confirm.len(), 4);
}

#[test]
fn networks_are_whole_and_exact() {
    assert_fault(&format!("{STAFF}networks = [\"192.0.2.7/24\"]\n"), 5, "write \"192.0.2.0/24\"");
    assert_fault(&format!("{STAFF}networks = [\"192.0.2.7\"]\n"), 5, "write \"192.0.2.7/32\"");
    assert_fault(&format!("{STAFF}networks = [\n  \"10.0.0.0/8\",\n  \"campus\"]\n"), 7, "is no network");
    assert!(read(&format!("{STAFF}networks = [\"2001:db8::/32\"]\n"), MOUNTS).is_ok());
}

#[test]
fn there_can_be_254_conditions_besides_the_built_in_ones() {
    let many = |count: usize| {
        let mut text = "[[condition]]\nname = \"open\"\npattern = \"open\"\n".to_owned();
        for number in 0..count {
            text.extend(["[[condition]]\nname = \"c", &number.to_string(), "\"\npattern = \"kiosk\"\n"]);
        }
        text
    };
    assert_eq!(read(&many(254), MOUNTS).unwrap().conditions.len(), 255);
    assert_fault(&many(255), 1 + 3 * 255, "there can be 254");
    assert_eq!(faults(&many(300)).len(), 1, "said once");
}

#[test]
fn a_rule_names_a_known_mount_and_known_conditions() {
    assert_fault(
        &with_rule("mount = \"pictures\"\nidentifier = \"\"\nconditions = [\"staff\"]"),
        6,
        "the settings have: images, volumes",
    );
    assert_fault(
        &with_rule("mount = \"images\"\nidentifier = \"\"\nconditions = [\n\"staff\",\n\"stuff\"]"),
        10,
        "no condition \"stuff\"",
    );
    assert_fault(
        &with_rule("mount = \"images\"\nidentifier = \"\"\nconditions = []"),
        8,
        "`conditions` is empty",
    );
    assert_fault(
        &with_rule("mount = \"images\"\nidentifier = \"\"\nconditions = [\"staff\", \"staff\"]"),
        8,
        "named twice",
    );
    assert_fault(&with_rule("identifier = \"\"\nconditions = [\"staff\"]"), 5, "has no `mount`");
    assert_fault(&with_rule("mount = \"images\"\nconditions = [\"staff\"]"), 5, "has no `identifier`");
    assert_fault(&with_rule("mount = \"images\"\nidentifier = \"\""), 5, "has no `conditions`");
    assert_fault(
        &with_rule("mount = \"images\"\nidentifier = \"\"\nmatch = \"regex\"\nconditions = [\"staff\"]"),
        8,
        "not \"regex\"",
    );
    let built_in = with_rule(
        "mount = \"images\"\nidentifier = \"\"\nconditions = [\"open\"]\n[[rule]]\nmount = \"volumes\"\nidentifier = \"\"\nconditions = [\"closed\"]",
    );
    assert_eq!(read(&built_in, MOUNTS).unwrap().rules.len(), 2);
    let (_, message) = fault(&with_rule("mount = \"images\"\nidentifier = \"\"\nconditions = [\"x\\ny\"]"));
    assert!(message.contains("\"x\\ny\""), "{message}");
}

#[test]
fn a_faulty_condition_does_not_make_its_rules_faulty_too() {
    let text = "[[condition]]\nname = \"staff\"\npattern = \"login\"\n[[rule]]\nmount = \"images\"\nidentifier = \"\"\nconditions = [\"staff\"]\n";
    assert_fault(text, 1, "needs a `label`");
}

#[test]
fn p2_identifiers_that_no_request_can_have_are_refused() {
    for (identifier, words) in [
        ("letters%2F1931", "decoded"),
        ("letters/../x", "segment"),
        ("./letters", "segment"),
        ("a\\\\b", "control character"),
        ("a;b", "control character"),
        ("a\\u0000b", "control character"),
        ("a\\u0085b", "control character"),
    ] {
        let text = with_rule(&format!(
            "mount = \"images\"\nidentifier = \"{identifier}\"\nconditions = [\"staff\"]"
        ));
        assert_fault(&text, 7, words);
    }
    // Files may be called so; other mounts refuse it when the policy is built.
    for identifier in ["100% sure.pdf", "why?.txt", "5%2.txt"] {
        let text = with_rule(&format!(
            "mount = \"images\"\nidentifier = \"{identifier}\"\nconditions = [\"staff\"]"
        ));
        assert_eq!(read(&text, MOUNTS).unwrap().rules[0].identifier, identifier);
    }
    let long = with_rule(&format!(
        "mount = \"images\"\nidentifier = \"{}\"\nconditions = [\"staff\"]",
        "x".repeat(2049)
    ));
    assert_fault(&long, 7, "longer than 2048 bytes");
    assert_fault(
        &with_rule("mount = \"images\"\nidentifier = \"\"\nmatch = \"exact\"\nconditions = [\"staff\"]"),
        7,
        "matches nothing",
    );
}

#[test]
fn dates_are_days_and_in_order() {
    let dated = |dates: &str| {
        with_rule(&format!("mount = \"images\"\nidentifier = \"\"\nconditions = [\"staff\"]\n{dates}"))
    };
    assert!(read(&dated("from = \"2040-12-31\"\nuntil = \"2041-01-01\""), MOUNTS).is_ok());
    assert_fault(&dated("from = \"2041-01-01\"\nuntil = \"2041-01-01\""), 10, "must be later than `from`");
    assert_fault(&dated("from = \"2041-01-02\"\nuntil = 2041-01-01"), 10, "must be later than `from`");
    for bad in [
        "\"1.1.2041\"",
        "\"20410101\"",
        "\"2041-02-30\"",
        "\"2041-01-01T00:00:00\"",
        "2041-01-01T00:00:00Z",
        "\"\"",
    ] {
        assert_fault(&dated(&format!("until = {bad}")), 9, "must be a day");
    }
    assert_fault(&dated("until = 2041"), 9, "must be a date");
}

#[test]
fn the_same_rule_twice_is_an_error_and_a_stricter_one_beside_it_is_not() {
    let rule = |identifier: &str, conditions: &str, more: &str| {
        format!(
            "[[rule]]\nmount = \"images\"\nidentifier = \"{identifier}\"\nconditions = [{conditions}]\n{more}\n"
        )
    };
    let twice =
        format!("{STAFF}{}{}", rule("a", "\"staff\", \"open\"", ""), rule("/a/", "\"open\", \"staff\"", ""));
    assert_fault(&twice, 10, "the same as the one of line 5");
    for other in [
        rule("a", "\"closed\"", ""),
        rule("a", "\"staff\"", "match = \"exact\""),
        rule("a", "\"staff\"", "until = \"2041-01-01\""),
        rule("b", "\"staff\"", ""),
    ] {
        let text = format!("{STAFF}{}{other}", rule("a", "\"staff\"", ""));
        assert_eq!(read(&text, MOUNTS).unwrap().rules.len(), 2, "{text}");
    }
}

#[test]
fn tests_have_plausible_fields() {
    let test = |keys: &str| {
        format!("{STAFF}[[test]]\nurl = \"/iiif/images/a/info.json\"\nexpect = \"allow\"\n{keys}\n")
    };
    let good = test(
        "at = \"2041-01-01T09:00:00+01:00\"\naddress = \"2001:db8::1\"\nmethod = \"HEAD\"\npass = \"x\"\naccount_conditions = [\"staff\"]",
    );
    assert_eq!(read(&good, MOUNTS).unwrap().tests[0].method.as_deref(), Some("HEAD"));
    assert_fault(&test("at = \"tomorrow\""), 8, "is not a day or an instant");
    assert_fault(&test("at = \"2041-01-01T09:00:00\""), 8, "is not a day or an instant");
    assert_fault(&test("at = \"2041-01-01T09:00:00Z[Europe/Berlin]\""), 8, "is not a day or an instant");
    assert_fault(&test("address = \"192.0.2.0/24\""), 8, "is not an address");
    assert_fault(&test("method = \"get\""), 8, "is not GET or HEAD");
    assert_fault(&test("pass = \"\""), 8, "is not the name of a pass");
    assert_fault(&test("account_conditions = [\"stuff\"]"), 8, "no condition \"stuff\"");
    assert_fault(&test("account_conditions = [\"open\"]"), 8, "nobody can hold");
    assert_fault("[[test]]\nurl = \"iiif/images/a\"\nexpect = \"allow\"\n", 2, "is no URL");
    assert_fault("[[test]]\nurl = \"/a b\"\nexpect = \"allow\"\n", 2, "is no URL");
    assert_fault("[[test]]\nexpect = \"allow\"\n", 1, "has no `url`");
    assert_fault("[[test]]\nurl = \"/a\"\n", 1, "has no `expect`");
    assert_fault("[[test]]\nurl = \"/a\"\nexpect = \"Allow\"\n", 3, "not \"Allow\"");
}

#[test]
fn an_instant_is_a_moment_or_a_utc_midnight() {
    assert_eq!(instant("1970-01-02").unwrap().as_second(), 86_400);
    assert_eq!(instant("1970-01-01T01:00:01+01:00").unwrap().as_second(), 1);
    assert_eq!(instant("1970-01-01 00:00:01"), None);
    assert_eq!(instant("-009999-01-01"), None);
}

#[test]
fn every_fault_is_told_by_line_up_to_a_bound() {
    let text = format!(
        "{STAFF}thumbnail_px = -1\n[[rule]]\nmount = \"x\"\nidentifier = \"%41\"\nconditions = [\"y\"]\n[[test]]\nurl = \"\"\n"
    );
    let lines: Vec<_> = faults(&text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [5, 7, 8, 9, 10, 11]);

    let error = read(&"[[test]]\n".repeat(100), MOUNTS).unwrap_err();
    assert_eq!((error.problems.len(), error.left_out), (MAX_PROBLEMS, 150));
    let shown = error.to_string();
    assert!(shown.starts_with("line 1: the test has no `url`\n"), "{shown}");
    assert!(shown.ends_with("\nand 150 more"), "{shown}");
}

#[test]
fn a_sheet_is_read() {
    let text = "\u{feff}mount,identifier,match,conditions,from,until,note\r\n\
        images,letters/1931,prefix,staff|open,1990-01-01,2041-01-01,\"donor, \"\"agreement\"\"\"\r\n\
        \r\n\
        volumes,,,closed,,,\r\n";
    let rules = read_csv(text, MOUNTS, &["staff"]).unwrap();
    assert_eq!(rules.len(), 2);
    assert_eq!(rules[0].conditions, ["staff", "open"]);
    assert_eq!(rules[0].until, Some(Date::constant(2041, 1, 1)));
    assert_eq!(rules[0].note, "donor, \"agreement\"");
    assert_eq!((rules[1].identifier.as_str(), rules[1].matching), ("", Match::Prefix));
}

#[test]
fn a_sheets_faults_have_line_and_column() {
    let sheet = |lines: &str| format!("{HEADER}\n{lines}");
    for (text, shown) in [
        (String::new(), "line 1: the sheet is empty; its first line must be mount,"),
        (
            "mount;identifier\n".to_owned(),
            "line 1: the first line must be mount,identifier,match,conditions,from,until,note (separated by commas), not",
        ),
        ("images,a,,staff,,,\n".to_owned(), "line 1: the first line must be mount,"),
        (sheet("images,a,,staff,,\n"), "line 2: this line has 6 columns instead of 7"),
        (
            sheet("images,a,,staff,,,\n\npictures,a,,staff,,,\n"),
            "line 4, column 1: there is no mount \"pictures\"",
        ),
        (
            sheet("images,a,,staff,,,\n").replace('\n', "\r\n") + "\r\nx,a,,staff,,,\r\n",
            "line 4, column 1: there is no mount",
        ),
        (
            format!("{HEADER}\r\nimages,a,,staff,,,\r\n\r\nx,a,,staff,,,\r\n"),
            "line 4, column 1: there is no mount",
        ),
        (sheet(",a,,staff,,,\n"), "line 2: the rule has no `mount`"),
        (sheet("images,a%2Fb,,staff,,,\n"), "line 2, column 2: the identifier \"a%2Fb\" has a percent sign"),
        (
            sheet("images,a ,,staff,,,\n"),
            "line 2, column 2: the identifier \"a \" begins or ends with a space",
        ),
        (sheet("images,a,glob,staff,,,\n"), "line 2, column 3: `match` is prefix or exact"),
        (sheet("images,a,,staff|stuff,,,\n"), "line 2, column 4: there is no condition \"stuff\""),
        (sheet("images,a,,,,,\n"), "line 2, column 4: `conditions` is empty"),
        (sheet("images,a,,staff,1.1.1990,,\n"), "line 2, column 5: `from` must be a day"),
        (sheet("images,a,,staff,,soon,\n"), "line 2, column 6: `until` must be a day"),
        (
            sheet("images,a,,staff,,,\"two\nlines\"\nimages,a,,staff,,,\"two\nlines\"\n"),
            "line 4: this rule is the same as the one of line 2",
        ),
    ] {
        let error = read_csv(&text, MOUNTS, &["staff"]).unwrap_err();
        assert_eq!(error.problems.len(), 1, "{error}");
        assert!(error.to_string().starts_with(shown), "{error}\nshould begin\n{shown}");
    }
}

/// Whatever may stand between quotes, and looks like the end of it.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\"'\\\\\n\r\t\u{0}\u{7f}\u{feff}{}=,#\\[\\] a\u{2028}]{0,12}"]
}

fn texts() -> impl Strategy<Value = LanguageMap> {
    let filled = (hostile(), prop::collection::btree_map("(de|fr-CA|zh-Hant)", "[^\\s]{1,8}", 0..3))
        .prop_map(|(english, mut others)| {
            others.insert("en".to_owned(), format!("x{english}"));
            others
        });
    prop_oneof![Just(BTreeMap::new()), filled]
}

fn condition() -> impl Strategy<Value = AccessCondition> {
    let pattern = prop::sample::select(vec![
        Pattern::Open,
        Pattern::Clickthrough,
        Pattern::Login,
        Pattern::Kiosk,
        Pattern::External,
        Pattern::Closed,
    ]);
    let network = any::<(std::net::IpAddr, u8)>().prop_map(|(address, length)| {
        let longest = if address.is_ipv4() { 33 } else { 129 };
        IpNet::new(address, length % longest).unwrap().trunc()
    });
    let networks = prop::collection::vec(network, 0..3);
    let texts = (texts(), texts(), texts(), texts(), texts(), texts());
    let pixels = || prop::option::of(1_u32..);
    let sizes = prop::collection::vec(1_u32.., 0..3);
    ("[a-z0-9][a-z0-9-]{0,8}", pattern, texts, pixels(), sizes, pixels(), networks).prop_map(
        |(name, pattern, texts, thumbnail_px, thumbnail_sizes, substitute_px, networks)| {
            let english = || LanguageMap::from([("en".to_owned(), "Text".to_owned())]);
            let (mut label, mut heading, note, confirm, mut error_heading, error_note) = texts;
            if label.is_empty() {
                label = english();
            }
            if heading.is_empty() {
                heading = english();
            }
            if error_heading.is_empty() && !error_note.is_empty() {
                error_heading = english();
            }
            // A letter in front, so that it is not one of the built-in names.
            let name = format!("x{name}");
            AccessCondition {
                name,
                pattern,
                label,
                heading,
                note,
                confirm,
                error_heading,
                error_note,
                thumbnail_px: thumbnail_px.filter(|_| thumbnail_sizes.is_empty()),
                thumbnail_sizes,
                substitute_px,
                networks,
            }
        },
    )
}

fn day() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn rule(conditions: &[String]) -> impl Strategy<Value = RuleSpec> + use<> {
    let identifier = prop::collection::vec("[a-z0-9 _.äß!&'\"#\u{1f5ff}-]{0,6}x", 0..4)
        .prop_map(|segments| segments.join("/"));
    let held = prop::sample::subsequence(conditions.to_owned(), 1..=conditions.len());
    let dates = (prop::option::of(day()), prop::option::of(day()));
    let more = prop::sample::subsequence(vec![Operation::WholeImage, Operation::WholeDocument], 0..=2);
    let permitted = (prop::option::of(more), prop::option::of(1_u32..9999), hostile());
    (prop::sample::select(MOUNTS), identifier, any::<bool>(), held, dates, hostile(), permitted).prop_map(
        |(mount, identifier, exact, conditions, (from, until), note, (more, pixels, source))| RuleSpec {
            mount: mount.to_owned(),
            matching: if exact && !identifier.is_empty() { Match::Exact } else { Match::Prefix },
            identifier,
            conditions,
            from,
            until: until.filter(|until| from.is_none_or(|from| from < *until)),
            whole_image_px: pixels
                .filter(|_| more.as_ref().is_none_or(|more| more.contains(&Operation::WholeImage))),
            operations: more.map_or_else(Vec::new, |more| [vec![Operation::View], more].concat()),
            source,
            note,
        },
    )
}

fn policy_test(conditions: &[String]) -> impl Strategy<Value = PolicyTest> + use<> {
    let held = prop::sample::subsequence(conditions.to_owned(), 0..=conditions.len());
    let at = prop::option::of(prop_oneof![
        day().prop_map(|day| day.to_string()),
        Just("2041-01-01T09:00:00+01:00".to_owned())
    ]);
    let method = prop::option::of(prop::sample::select(vec!["GET".to_owned(), "HEAD".to_owned()]));
    let expect = prop::sample::select(vec![Expect::Allow, Expect::Challenge, Expect::Refuse]);
    let size = prop::option::of((1_u32..9999, 1_u32..9999));
    let pass = prop::option::of(hostile().prop_map(|name| format!("x{name}")));
    ("(/|https?://)[!-~äé]{0,20}", held, any::<Option<std::net::IpAddr>>(), at, method, pass, size, expect)
        .prop_map(|(url, account_conditions, address, at, method, pass, size, expect)| PolicyTest {
            url,
            account_conditions,
            address,
            at,
            method,
            pass,
            width: size.map(|(width, _)| width),
            height: size.map(|(_, height)| height),
            expect,
        })
}

/// Any policy that can be written in a file.
pub(crate) fn policy() -> impl Strategy<Value = PolicyDocument> {
    prop::collection::vec(condition(), 1..5).prop_flat_map(|mut conditions| {
        let mut names = BTreeSet::new();
        conditions.retain(|condition| names.insert(condition.name.clone()));
        let held: Vec<String> = names.into_iter().collect();
        let mut nameable = held.clone();
        nameable.extend(["open".to_owned(), "closed".to_owned()]);
        let rules = prop::collection::vec(rule(&nameable), 0..5);
        let tests = prop::collection::vec(policy_test(&held), 0..4);
        (Just(conditions), rules, tests).prop_map(|(conditions, mut rules, tests)| {
            let mut seen = Vec::new();
            rules.retain(|rule: &RuleSpec| {
                let new = !seen.contains(rule);
                seen.push(rule.clone());
                new
            });
            PolicyDocument { conditions, rules, tests }
        })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same(policy in policy()) {
        let text = write(&policy);
        let back = read(&text, MOUNTS).map_err(|error| TestCaseError::fail(format!("{error}\nin\n{text}")))?;
        prop_assert_eq!(&back, &policy);
        prop_assert_eq!(&write(&back), &text);
        // The plain serde form means the same; other programs may write it.
        let plain: PolicyDocument = toml::from_str(&text).unwrap();
        prop_assert_eq!(plain, policy);
    }

    #[test]
    fn garbage_is_refused_and_never_panics(text in hostile(), lines in prop::collection::vec("(\\[\\[(rule|condition|test)\\]\\]|(mount|identifier|conditions|label|from|url|at|networks) = (\"[a-z%/.;]{0,4}\"|\\[\"[a-z/.0-9]{0,5}\"\\]|[0-9-]{1,10}|\\{ en = \"\" \\}))", 0..8)) {
        let _ = read(&text, MOUNTS);
        let _ = read(&lines.join("\n"), MOUNTS);
        let _ = read_csv(&text, MOUNTS, &[]);
        let _ = read_csv(&format!("{HEADER}\n{text}"), MOUNTS, &[]);
        let _ = instant(&text);
    }
}

#[test]
fn what_a_rule_permits_is_read_and_its_slips_are_told() {
    let rule = |keys: &str| read(&with_rule(keys), MOUNTS).unwrap().rules.remove(0);
    let permitted = rule(
        "mount = \"images\"\nidentifier = \"a\"\nconditions = [\"staff\"]\noperations = [\"view\", \"whole-image\"]\nwhole_image_px = 1024\nsource = \"a.xml\"",
    );
    assert_eq!(permitted.operations, [Operation::View, Operation::WholeImage]);
    assert_eq!((permitted.whole_image_px, &*permitted.source), (Some(1024), "a.xml"));
    let wrong = |keys: &str| {
        let start = "mount = \"images\"\nidentifier = \"a\"\nconditions = [\"staff\"]\n";
        fault(&with_rule(&format!("{start}{keys}"))).1
    };
    for (keys, part) in [
        ("operations = [\"view\", \"print\"]", "there is no operation \"print\""),
        ("operations = []", "`operations` has no view"),
        ("operations = [\"whole-document\"]", "`operations` has no view"),
        ("operations = [\"view\"]\nwhole_image_px = 9", "add it to `operations`"),
        ("whole_image_px = 0", "`whole_image_px` must be a whole number of pixels"),
    ] {
        let message = wrong(keys);
        assert!(message.contains(part), "{keys}: {message}");
    }
}

#[test]
fn the_sizes_of_thumbnails_are_a_bound_or_a_list() {
    let with = |keys: &str| format!("{STAFF}{keys}");
    let sizes = read(&with("thumbnail_sizes = [100, 400]"), MOUNTS).unwrap().conditions.remove(0);
    assert_eq!(sizes.thumbnail_sizes, [100, 400]);
    for (keys, part) in [
        ("thumbnail_px = 200\nthumbnail_sizes = [100]", "not both"),
        ("thumbnail_sizes = []", "must be a list of whole numbers"),
        ("thumbnail_sizes = [0]", "must be a list of whole numbers"),
        ("thumbnail_sizes = 100", "must be a list of whole numbers"),
    ] {
        let (_, message) = fault(&with(keys));
        assert!(message.contains(part), "{keys}: {message}");
    }
}

#[test]
fn a_sheet_may_go_on_with_what_a_rule_permits() {
    let sheet = |rows: &str| read_csv(&format!("{HEADER},{FURTHER}\n{rows}"), MOUNTS, &["staff"]);
    let rule = sheet("images,a,,staff,,,,view|whole-image,900,b.xml\n").unwrap().remove(0);
    assert_eq!(rule.operations, [Operation::View, Operation::WholeImage]);
    assert_eq!((rule.whole_image_px, &*rule.source), (Some(900), "b.xml"));
    assert_eq!(sheet("images,a,,staff,,,,,,\n").unwrap()[0].operations, []);
    let error = sheet("images,a,,staff,,,,,many,\n").unwrap_err().to_string();
    assert_eq!(error, "line 2, column 9: \"many\" is no number of pixels; write one such as 1024");
    assert!(sheet("images,a,,staff,,,\n").is_err(), "a row without the further columns");
}
