//! Keeps docs/iiif-auth-requirements.md true: every row is there, and what it says is met, or done in another way
//! on purpose, is named by a test.

use std::collections::BTreeSet;

use crate::files;
use crate::source::{Kind, Source};

const PAGE: &str = include_str!("../../docs/iiif-auth-requirements.md");

/// Each series and its last number.
const SERIES: [(&str, u8); 3] = [("A1", 57), ("A2", 63), ("X", 22)];

/// What binds viewers alone.
const OF_VIEWERS: [(&str, &[u8]); 2] =
    [("A1", &[13, 19, 20, 21, 34, 35, 37, 45]), ("A2", &[2, 11, 16, 18, 19, 20, 26, 38, 52, 55, 62])];

/// A requirement: `A1`, `A2` or `X`, and its number.
type Id = (&'static str, u8);

fn shown((series, number): Id) -> String {
    format!("{series}-{number:02}")
}

fn series(word: &str) -> Option<&'static str> {
    SERIES.iter().map(|(series, _)| *series).find(|series| series.eq_ignore_ascii_case(word))
}

fn number(word: &str) -> Option<u8> {
    if word.len() == 2 { word.parse().ok() } else { None }
}

/// The words of a text, each with the one character that stands before it, if it is one alone.
fn words(text: &str) -> Vec<(Option<char>, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|next: char| next.is_ascii_alphanumeric()) {
        let between = &rest[..start];
        let mut signs = between.chars();
        let sign = signs.next().filter(|_| signs.next().is_none());
        let word = &rest[start..];
        let end = word.find(|next: char| !next.is_ascii_alphanumeric()).unwrap_or(word.len());
        found.push((sign, &word[..end]));
        rest = &word[end..];
    }
    found
}

/// The requirements that a name of a function (`a1_16`, `x09`, `a2_27_to_a2_36`) or a text (`A1-16`) names.
fn named(text: &str) -> Vec<Id> {
    let words = words(text);
    let mut found: Vec<Id> = Vec::new();
    let (mut at, mut from) = (0, None);
    while at < words.len() {
        let next = words.get(at + 1);
        let joined =
            next.filter(|(sign, _)| matches!(sign, Some('-' | '_'))).and_then(|(_, word)| number(word));
        let short = words[at].1.strip_prefix(['x', 'X']).and_then(number).map(|number| ("X", number));
        let (id, read) = match (series(words[at].1).zip(joined), short) {
            (Some(id), _) => (Some(id), 2),
            (None, short) => (short, 1),
        };
        if let Some(id) = id {
            if let Some((of, first)) = from.take()
                && of == id.0
            {
                found.extend((first + 1..id.1).map(|number| (of, number)));
            }
            found.push(id);
            // Only names of functions have ranges: a text says what it is about.
            let is_range = words.get(at + read) == Some(&(Some('_'), "to"));
            from = is_range.then_some(id);
            at += read + usize::from(is_range);
        } else {
            at += 1;
        }
    }
    found
}

/// What the tests name, in their functions' names and in their texts; comments say what they like.
fn named_by_tests() -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    for (folder, is_tests) in [("src", false), ("tests", true)] {
        for (path, text) in files(folder) {
            if path.starts_with("layering/") {
                continue;
            }
            let is_tests = is_tests || path.contains("/tests/");
            for token in Source::read(&path, &text).tokens {
                if let Kind::Word(text) | Kind::Text(text) = &token.kind
                    && (is_tests || token.is_test)
                {
                    found.extend(named(text));
                }
            }
        }
    }
    found
}

/// The rows of a page's tables, in their order: the requirement and what is said of it.
fn rows(page: &str) -> Vec<(Id, &str)> {
    let mut found = Vec::new();
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        if let [_, first, requirement, said, _] = cells[..]
            && let [id] = named(first)[..]
        {
            assert_eq!(first, shown(id), "one requirement is one row");
            assert!(!requirement.is_empty(), "{first}");
            found.push((id, said));
        }
    }
    found
}

fn is_of_viewers(id: Id) -> bool {
    OF_VIEWERS.iter().any(|(series, numbers)| *series == id.0 && numbers.contains(&id.1))
}

/// What is wrong with a page, given what the tests name.
fn faults(page: &str, tested: &BTreeSet<Id>) -> Vec<String> {
    let all = SERIES.iter().flat_map(|(series, last)| (1..=*last).map(|number| (*series, number)));
    let wanted: Vec<_> = all.filter(|id| !is_of_viewers(*id)).collect();
    let rows = rows(page);
    let there: Vec<_> = rows.iter().map(|(id, _)| *id).collect();
    let mut faults = Vec::new();
    for id in wanted.iter().filter(|id| !there.contains(id)) {
        faults.push(format!("{} has no row", shown(*id)));
    }
    if faults.is_empty() && there != wanted {
        faults.push("the rows are not each there once, in their order".to_owned());
    }
    for (id, said) in rows {
        let needs_a_test = if said == "met" || ["met: ", "met; "].iter().any(|met| said.starts_with(met)) {
            true
        } else {
            let has_reason = |word: &str| said.strip_prefix(word).is_some_and(|reason| reason.len() > 2);
            if !has_reason("not applicable: ") && !has_reason("deliberately different: ") {
                faults.push(format!("{}: {said:?} is none of the three", shown(id)));
            }
            has_reason("deliberately different: ")
        };
        if needs_a_test && !tested.contains(&id) {
            faults.push(format!("{} is named by no test", shown(id)));
        }
    }
    faults
}

#[test]
fn every_requirement_is_answered_and_what_is_done_is_tested() {
    let faults = faults(PAGE, &named_by_tests());
    assert!(faults.is_empty(), "docs/iiif-auth-requirements.md:\n{}", faults.join("\n"));
    for (series, numbers) in OF_VIEWERS {
        let listed: Vec<_> = numbers.iter().map(|number| format!("{number:02}")).collect();
        let sentence = format!("{series}-{}", listed.join(", "));
        assert!(PAGE.contains(&sentence), "the page does not list {sentence}");
    }
}

#[test]
fn a_page_that_is_not_true_is_seen() {
    let tested = named_by_tests();
    assert!(!tested.contains(&("A1", 13)) && !tested.contains(&("X", 23)), "{tested:?}");
    let without = |line: &str| PAGE.lines().filter(|it| !it.starts_with(line)).collect::<Vec<_>>().join("\n");
    assert_eq!(faults(&without("| A2-43 |"), &tested), ["A2-43 has no row"]);
    let untested: BTreeSet<_> = tested.iter().copied().filter(|id| *id != ("X", 9)).collect();
    assert_eq!(faults(PAGE, &untested), ["X-09 is named by no test"]);
    let line = PAGE.lines().find(|line| line.starts_with("| X-10 |")).expect("a row");
    let (before, _) = line.rsplit_once(" | ").expect("three cells");
    let vague = PAGE.replace(line, &format!("{before} | mostly |"));
    assert_eq!(faults(&vague, &tested), ["X-10: \"mostly\" is none of the three"]);
    let twice = format!("{PAGE}\n{line}\n");
    assert_eq!(faults(&twice, &tested), ["the rows are not each there once, in their order"]);
}

#[test]
fn names_and_texts_are_read() {
    for (text, ids) in [
        ("a1_16_one_navigation", &[("A1", 16)][..]),
        ("t1_x09_a_bad_origin", &[("X", 9)]),
        ("x01_x03_head", &[("X", 1), ("X", 3)]),
        ("x_15_the_base", &[("X", 15)]),
        ("a2_03_to_a2_06_a2_23_the", &[("A2", 3), ("A2", 4), ("A2", 5), ("A2", 6), ("A2", 23)]),
        ("A1-08 A1-10, X-04: why", &[("A1", 8), ("A1", 10), ("X", 4)]),
        ("A2-23 to A2-45", &[("A2", 23), ("A2", 45)]),
        ("max_12_box_12 A1 16 a1_6 a1_160 P-B 3 0x10", &[]),
    ] {
        assert_eq!(named(text), ids, "{text}");
    }
}
