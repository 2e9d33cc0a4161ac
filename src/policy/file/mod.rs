//! The policy file: conditions, rules and tests as one text that a person writes.
//!
//! A file is taken whole or not at all. [`read`] therefore reports every fault it
//! finds (up to [`MAX_PROBLEMS`]), each with its line, the reason and the cure. An
//! unknown key is a fault too: a misspelt `until` must not leave something closed
//! for ever, nor a misspelt `conditions` something open.
//!
//! What depends on the image server (the canonical form of an identifier) is left
//! to the building of the policy.

mod law;
mod problem;
mod sheet;
mod tree;
mod write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use law::{BadNetwork, MAX_NAME, is_language, is_slug, read_network};
pub use problem::{MAX_PROBLEMS, PolicyFileError, Problem, quoted};
pub use sheet::{FURTHER, HEADER, read_csv, read_csv_counting};
pub use write::write;

use super::document::PolicyDocument;
use law::Known;
use problem::Problems;
use tree::Tree;

/// Conditions that a policy may name besides `open` and `closed`.
pub const MAX_FURTHER_CONDITIONS: usize = super::condition::MAX_CONDITIONS - 2;

/// Reads a policy file (TOML); `mounts` are the names of the mounts in the settings.
///
/// # Errors
/// If anything at all is wrong with it.
pub fn read(text: &str, mounts: &[&str]) -> Result<PolicyDocument, PolicyFileError> {
    let mut problems = Problems::default();
    let tree = Tree::parse(text, &mut problems);
    // A half-read tree would only add faults that are not there.
    let tree = match tree {
        Some(tree) if problems.is_empty() => tree,
        _ => return Err(problems.into_error()),
    };
    tree.refuse_unknown_keys(&["condition", "rule", "test"], &mut problems);

    let entries = tree.entries("condition", &mut problems);
    let mut known = Known::new(mounts, entries.iter().filter_map(tree::Entry::name));
    let conditions = law::conditions(&entries, &mut problems);
    let mut rules = Vec::new();
    for entry in tree.entries("rule", &mut problems) {
        rules.extend(law::rule(&entry.rule(&mut problems), &mut known, &mut problems));
    }
    let mut tests = Vec::new();
    for entry in tree.entries("test", &mut problems) {
        tests.extend(law::test(&entry, &known, &mut problems));
    }
    problems.finish(PolicyDocument { conditions, rules, tests })
}

/// The moment that a test's `at` means: an RFC 3339 instant, or a date's UTC midnight.
pub fn instant(text: &str) -> Option<Timestamp> {
    if let Some(date) = date(text) {
        return Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    // Jiff also reads the longer forms of RFC 9557, whose time zone it would ignore here.
    if text.contains('[') {
        return None;
    }
    text.parse().ok()
}

/// [`instant`] in seconds since 1970 UTC; moments before 1970 are none.
pub fn seconds(text: &str) -> Option<u64> {
    u64::try_from(instant(text)?.as_second()).ok()
}

/// What [`seconds`] reads as this moment: a date for the first second of a day in UTC, an instant for any other.
pub fn day_or_moment(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|second| Timestamp::from_second(second).ok());
    // No rule has a date after the year 9999.
    let Some(moment) = moment else { return "9999-12-31".to_owned() };
    if seconds.is_multiple_of(86_400) {
        moment.to_zoned(TimeZone::UTC).date().to_string()
    } else {
        moment.to_string()
    }
}

/// Reads `YYYY-MM-DD` and nothing else.
pub fn date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shape.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
pub(crate) mod tests;
