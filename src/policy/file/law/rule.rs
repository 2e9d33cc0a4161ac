//! What a rule must be.

use std::borrow::Cow;

use jiff::civil::Date;

use super::super::date;
use super::super::problem::{Given, Problems, Site, Sited, quoted};
use super::{Known, known_conditions};
use crate::iiif::identifier::{MAX_IDENTIFIER, is_escape};
use crate::policy::rule::{Match, Operation, RuleSpec};

/// A rule's fields as they were found in TOML or in a spreadsheet.
pub(in crate::policy::file) struct RuleFields<'a> {
    pub(in crate::policy::file) site: Site,
    pub(in crate::policy::file) mount: Given<&'a str>,
    pub(in crate::policy::file) identifier: Given<&'a str>,
    pub(in crate::policy::file) matching: Given<&'a str>,
    pub(in crate::policy::file) conditions: Given<Vec<Sited<&'a str>>>,
    pub(in crate::policy::file) from: Given<Cow<'a, str>>,
    pub(in crate::policy::file) until: Given<Cow<'a, str>>,
    pub(in crate::policy::file) operations: Given<Vec<Sited<&'a str>>>,
    pub(in crate::policy::file) whole_image_px: Given<u32>,
    pub(in crate::policy::file) source: Given<&'a str>,
    pub(in crate::policy::file) note: Given<&'a str>,
}

/// The rule, or `None` if it has a fault.
pub(in crate::policy::file) fn rule(
    fields: &RuleFields<'_>,
    known: &mut Known<'_>,
    problems: &mut Problems,
) -> Option<RuleSpec> {
    let site = fields.site;
    let mount = fields
        .mount
        .required(site, "the rule has no `mount`; name the mount it is about", problems)
        .and_then(|mount| known_mount(mount, known, problems));
    let matching = matching(&fields.matching, problems);
    let identifier = fields
        .identifier
        .required(site, "the rule has no `identifier`; write \"\" if the whole mount is meant", problems)
        .and_then(|identifier| plausible_identifier(identifier, matching, problems));
    let conditions = fields
        .conditions
        .required(site, "the rule has no `conditions`; name at least one", problems)
        .and_then(|conditions| known_conditions(conditions, known, problems));
    let (from, until) = (day("from", &fields.from, problems), day("until", &fields.until, problems));
    if let (Some(Some(first)), Some(Some(end))) = (from, until)
        && first >= end
    {
        let place = fields.until.is().map_or(site, |until| until.site);
        problems.add(place, "`until` must be later than `from`: as it is, the rule never applies");
        return None;
    }
    let (operations, whole_image_px) = permitted(fields, problems)?;
    let rule = RuleSpec {
        mount: mount?,
        identifier: identifier?,
        matching: matching?,
        conditions: conditions?,
        from: from?,
        until: until?,
        operations,
        whole_image_px,
        source: text(&fields.source)?,
        note: text(&fields.note)?,
    };
    refuse_duplicate(&rule, site, known, problems);
    Some(rule)
}

/// A missing text is empty; `None` is a fault.
fn text(given: &Given<&str>) -> Option<String> {
    match given {
        Given::Absent => Some(String::new()),
        Given::Unreadable => None,
        Given::Is(text) => Some(text.value.to_owned()),
    }
}

/// What the rule permits, and up to how many pixels; `None` is a fault.
fn permitted(fields: &RuleFields<'_>, problems: &mut Problems) -> Option<(Vec<Operation>, Option<u32>)> {
    let mut operations = Vec::new();
    let mut sound = !matches!(
        (&fields.operations, &fields.whole_image_px),
        (Given::Unreadable, _) | (_, Given::Unreadable)
    );
    if let Some(words) = fields.operations.is() {
        for word in &words.value {
            match Operation::ALL.into_iter().find(|operation| operation.as_str() == word.value) {
                Some(operation) if !operations.contains(&operation) => operations.push(operation),
                Some(_) => {}
                None => {
                    let cure = "write view, whole-image or whole-document";
                    problems.add(word.site, format!("there is no operation {}; {cure}", quoted(word.value)));
                    sound = false;
                }
            }
        }
        if sound && !operations.contains(&Operation::View) {
            let cure = "add view: whoever may have the whole may look at it; or leave `operations` out, and all are permitted";
            problems.add(words.site, format!("`operations` has no view; {cure}"));
            sound = false;
        }
    }
    if let Some(pixels) = fields.whole_image_px.is()
        && !operations.is_empty()
        && !operations.contains(&Operation::WholeImage)
    {
        problems
            .add(pixels.site, "`whole_image_px` is about the operation whole-image; add it to `operations`");
        sound = false;
    }
    sound.then(|| (operations, fields.whole_image_px.is().map(|pixels| pixels.value)))
}

fn known_mount(mount: &Sited<&str>, known: &Known<'_>, problems: &mut Problems) -> Option<String> {
    if known.mounts.contains(&mount.value) {
        return Some(mount.value.to_owned());
    }
    let cure = if known.mounts.is_empty() {
        "the settings have none; set TILEGATE_MOUNT_<NAME>".to_owned()
    } else {
        format!("the settings have: {}", known.mounts.join(", "))
    };
    problems.add(mount.site, format!("there is no mount {}; {cure}", quoted(mount.value)));
    None
}

fn matching(given: &Given<&str>, problems: &mut Problems) -> Option<Match> {
    let word = match given {
        Given::Absent => return Some(Match::default()),
        Given::Unreadable => return None,
        Given::Is(word) => word,
    };
    match word.value {
        "prefix" => Some(Match::Prefix),
        "exact" => Some(Match::Exact),
        other => {
            problems.add(word.site, format!("`match` is prefix or exact, not {}", quoted(other)));
            None
        }
    }
}

/// Refuses what no mount could be asked for; a rule with such an identifier would protect
/// nothing. What only files are called (a lone `%`, a `?`) is left to the building of the policy.
fn plausible_identifier(
    identifier: &Sited<&str>,
    matching: Option<Match>,
    problems: &mut Problems,
) -> Option<String> {
    let text = identifier.value;
    let fault = if text.len() > MAX_IDENTIFIER {
        Some(format!("is longer than {MAX_IDENTIFIER} bytes"))
    } else if text.as_bytes().windows(3).any(is_escape) {
        Some("has a percent sign before two hexadecimal digits; write it decoded, `letters/1931` for `letters%2F1931`".to_owned())
    } else if text.contains(|character: char| character.is_control() || matches!(character, '\\' | ';')) {
        Some("has a control character, \\ or ; in it; no request with these is ever allowed".to_owned())
    } else if text.split('/').any(|segment| matches!(segment, "." | "..")) {
        Some("has a segment . or ..; write the path without it".to_owned())
    } else if matching == Some(Match::Exact) && text.trim_matches('/').is_empty() {
        Some(
            "is empty, so an exact rule matches nothing; write match = \"prefix\" for the whole mount"
                .to_owned(),
        )
    } else {
        None
    };
    if let Some(fault) = fault {
        problems.add(identifier.site, format!("the identifier {} {fault}", quoted(text)));
        return None;
    }
    Some(text.to_owned())
}

/// The outer `None` is a fault, the inner one a missing date.
#[expect(clippy::option_option, reason = "a missing date is no fault, and both must be told apart")]
fn day(key: &str, given: &Given<Cow<'_, str>>, problems: &mut Problems) -> Option<Option<Date>> {
    let text = match given {
        Given::Absent => return Some(None),
        Given::Unreadable => return None,
        Given::Is(text) => text,
    };
    let day = date(&text.value);
    if day.is_none() {
        problems.add(
            text.site,
            format!("`{key}` must be a day such as \"2041-01-31\", not {}", quoted(&text.value)),
        );
    }
    day.map(Some)
}

/// Twice the same rule is a slip of the pen. Rules that differ in their conditions
/// are not: the stricter one counts.
fn refuse_duplicate(rule: &RuleSpec, site: Site, known: &mut Known<'_>, problems: &mut Problems) {
    let key = rule.normal();
    if let Some(first) = known.rules.get(&key) {
        problems.add(site, format!("this rule is the same as the one of line {}; remove one", first.line));
    } else {
        known.rules.insert(key, site);
    }
}
