//! What an access condition must be.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::super::MAX_FURTHER_CONDITIONS;
use super::super::problem::{Given, Problems, Sited, quoted};
use super::super::tree::Entry;
use crate::policy::condition::{AccessCondition, CLOSED, LanguageMap, OPEN, Pattern};

/// A condition's name stands in addresses and on command lines.
pub const MAX_NAME: usize = 64;

const CONDITION_KEYS: [&str; 12] = [
    "name",
    "pattern",
    "label",
    "heading",
    "note",
    "confirm",
    "error_heading",
    "error_note",
    "thumbnail_px",
    "thumbnail_sizes",
    "substitute_px",
    "networks",
];

/// The conditions that have no fault, in their order.
pub(in crate::policy::file) fn conditions(
    entries: &[Entry<'_>],
    problems: &mut Problems,
) -> Vec<AccessCondition> {
    let mut first_lines: HashMap<&str, usize> = HashMap::new();
    let mut further = 0;
    let mut conditions = Vec::new();
    for entry in entries {
        if let Some(name) = entry.name() {
            if let Some(line) = first_lines.get(name) {
                let message = format!("the condition {} stands on line {line} already", quoted(name));
                problems.add(entry.site, message);
            } else {
                first_lines.insert(name, entry.site.line);
                further += usize::from(name != OPEN && name != CLOSED);
                if further == MAX_FURTHER_CONDITIONS + 1 {
                    let message = format!(
                        "this is one condition too many: besides open and closed there can be {MAX_FURTHER_CONDITIONS}"
                    );
                    problems.add(entry.site, message);
                }
            }
        }
        conditions.extend(condition(entry, problems));
    }
    conditions
}

fn condition(entry: &Entry<'_>, problems: &mut Problems) -> Option<AccessCondition> {
    entry.refuse_unknown_keys(&CONDITION_KEYS, problems);
    let name = entry.text("name", problems);
    let name = name
        .required(entry.site, "the condition has no `name`", problems)
        .and_then(|name| slug(name, problems));
    let pattern = entry.text("pattern", problems);
    let pattern = pattern
        .required(entry.site, "the condition has no `pattern`; most have \"login\"", problems)
        .and_then(|word| pattern_of(word, problems));

    let mut languages = |key| language_map(key, &entry.languages(key, problems), problems);
    let (label, heading, note) = (languages("label"), languages("heading"), languages("note"));
    let (confirm, error_heading, error_note) =
        (languages("confirm"), languages("error_heading"), languages("error_note"));
    let is_empty = |texts: &Option<LanguageMap>| texts.as_ref().is_some_and(BTreeMap::is_empty);
    let is_filled = |texts: &Option<LanguageMap>| texts.as_ref().is_some_and(|texts| !texts.is_empty());
    if pattern == Some(Pattern::Login) && is_empty(&label) {
        problems.add(
            entry.site,
            "a condition with the pattern login needs a `label`, such as { en = \"Staff\" }",
        );
    }
    for (text, title, key, needed) in
        [(&note, &heading, "note", "heading"), (&error_note, &error_heading, "error_note", "error_heading")]
    {
        if is_filled(text) && is_empty(title) {
            problems.add(entry.site, format!("`{key}` needs a `{needed}`: viewers show no note without one"));
        }
    }

    let pixels = entry.pixels("thumbnail_px", problems);
    let sizes = entry.pixel_list("thumbnail_sizes", problems);
    if let (Some(_), Some(sizes)) = (pixels.is(), sizes.is()) {
        problems.add(
            sizes.site,
            "write `thumbnail_px` (every size up to it) or `thumbnail_sizes` (these alone), not both",
        );
    }
    let substitute = entry.pixels("substitute_px", problems);
    let networks = entry.texts("networks", problems);
    let networks_read = read_networks(&networks, problems);
    if let (Some(name), Some(pattern)) = (&name, pattern) {
        keep_built_in(entry, name, pattern, problems);
    }
    Some(AccessCondition {
        name: name?,
        pattern: pattern?,
        label: label?,
        heading: heading?,
        note: note?,
        confirm: confirm?,
        error_heading: error_heading?,
        error_note: error_note?,
        thumbnail_px: pixels.is().map(|pixels| pixels.value),
        thumbnail_sizes: sizes.is().map(|sizes| sizes.value.clone()).unwrap_or_default(),
        substitute_px: substitute.is().map(|pixels| pixels.value),
        networks: networks_read?,
    })
}

/// `open` and `closed` may get other texts and nothing else.
fn keep_built_in(entry: &Entry<'_>, name: &str, pattern: Pattern, problems: &mut Problems) {
    let (own, word) = match name {
        OPEN => (Pattern::Open, "open"),
        CLOSED => (Pattern::Closed, "closed"),
        _ => return,
    };
    if pattern != own {
        problems.add(entry.site, format!("the condition {word} is built in and keeps the pattern {word}"));
    }
    for key in ["thumbnail_px", "thumbnail_sizes", "substitute_px", "networks"] {
        if entry.has(key) {
            problems.add(
                entry.site,
                format!("the condition {word} is built in and has no `{key}`; name another"),
            );
        }
    }
}

/// Whether a condition can have this name.
pub fn is_slug(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
}

fn slug(name: &Sited<&str>, problems: &mut Problems) -> Option<String> {
    let text = name.value;
    let sound = is_slug(text);
    if !sound {
        let message = format!(
            "{} cannot be a condition's name; write lower-case letters, digits and -, at most {MAX_NAME}, \
             beginning with a letter or digit, such as \"library-staff\"",
            quoted(text)
        );
        problems.add(name.site, message);
    }
    sound.then(|| text.to_owned())
}

fn pattern_of(word: &Sited<&str>, problems: &mut Problems) -> Option<Pattern> {
    let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.word() == word.value);
    if pattern.is_none() {
        let message = format!(
            "`pattern` is open, clickthrough, login, kiosk, external or closed, not {}",
            quoted(word.value)
        );
        problems.add(word.site, message);
    }
    pattern
}

/// An absent map is empty; `None` is a fault.
fn language_map(
    key: &str,
    given: &Given<Vec<(Sited<&str>, &str)>>,
    problems: &mut Problems,
) -> Option<LanguageMap> {
    let texts = match given {
        Given::Absent => return Some(LanguageMap::new()),
        Given::Unreadable => return None,
        Given::Is(texts) => texts,
    };
    let mut map = LanguageMap::new();
    let mut folded = HashSet::new();
    let mut sound = true;
    for (tag, text) in &texts.value {
        let fault = if !is_language(tag.value) {
            Some(format!("{} is no language; write a tag such as en, de or pt-BR", quoted(tag.value)))
        } else if !folded.insert(tag.value.to_ascii_lowercase()) {
            Some(format!("`{key}` has the language {} twice", quoted(tag.value)))
        } else if text.trim().is_empty() {
            Some(format!("`{key}` has an empty text for {}; fill it or leave it out", quoted(tag.value)))
        } else {
            None
        };
        if let Some(fault) = fault {
            problems.add(tag.site, fault);
            sound = false;
        }
        map.insert(tag.value.to_owned(), (*text).to_owned());
    }
    if !map.is_empty() && !map.contains_key("en") {
        problems.add(
            texts.site,
            format!("`{key}` has no English text; add en = \"…\", which everybody falls back to"),
        );
        sound = false;
    }
    sound.then_some(map)
}

/// The shape of RFC 5646, section 2.1, without its private and legacy tags.
pub fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let primary = subtags.next().unwrap_or_default();
    matches!(primary.len(), 2 | 3)
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|subtag| {
            matches!(subtag.len(), 1..=8) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && tag.len() <= 35
}

fn read_networks(given: &Given<Vec<Sited<&str>>>, problems: &mut Problems) -> Option<Vec<IpNet>> {
    let texts = match given {
        Given::Absent => return Some(Vec::new()),
        Given::Unreadable => return None,
        Given::Is(texts) => &texts.value,
    };
    let networks: Vec<_> = texts.iter().filter_map(|text| network(text, problems)).collect();
    (networks.len() == texts.len()).then_some(networks)
}

/// A network with bits set behind its length may be a slip in either half, so it is refused.
fn network(text: &Sited<&str>, problems: &mut Problems) -> Option<IpNet> {
    let cure = match read_network(text.value) {
        Ok(network) => return Some(network),
        Err(BadNetwork::Length(meant)) => {
            format!("its address does not fit its length; write \"{meant}\"")
        }
        Err(BadNetwork::Address(meant)) => format!("write \"{meant}\" for this one address"),
        Err(BadNetwork::Unreadable) => "write it like \"192.0.2.0/24\" or \"2001:db8::/32\"".to_owned(),
    };
    problems.add(text.site, format!("{} is no network: {cure}", quoted(text.value)));
    None
}

/// Why a text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNetwork {
    /// It has bits behind its length; this one may be meant.
    Length(IpNet),
    /// It is a single address; this one may be meant.
    Address(IpNet),
    Unreadable,
}

/// Reads a network as it is written in a policy.
///
/// # Errors
/// If it is none.
pub fn read_network(text: &str) -> Result<IpNet, BadNetwork> {
    match (text.parse::<IpNet>(), text.parse::<IpAddr>()) {
        (Ok(network), _) if network == network.trunc() => Ok(network),
        (Ok(network), _) => Err(BadNetwork::Length(network.trunc())),
        (Err(_), Ok(address)) => Err(BadNetwork::Address(IpNet::from(address))),
        (Err(_), Err(_)) => Err(BadNetwork::Unreadable),
    }
}
