//! Rules from what archives have already: IIIF manifests, METS with MODS, digilib's own files, spreadsheets.
//!
//! A reader takes the text of one file and gives [`Found`]: rules with the identifiers that requests have, and
//! what a person should know of it. Or it gives every fault with its line, and then nothing of the file counts: a text
//! that nobody has mapped to a condition is a fault, never open. [`merge`] puts the rules of one source into the
//! policy there is.
//!
//! | file | what it holds |
//! |---|---|
//! | `manifest`, `mets`, `digilib` | the readers |
//! | `parts` | what of a manifest needs which conditions |
//! | `table` | the mapping table: which text means which conditions, which address means which image |
//! | `claims` | what is said of each image, and the stricter of it |
//! | `span` | days from and until |
//! | `people` | accounts from a table |
//! | `xml` | XML within bounds |
//! | `merge` | a source's rules among those of others |
//!
//! Like the other pure rooms it does no I/O.

pub mod claims;
pub mod digilib;
pub mod manifest;
pub mod merge;
pub mod mets;
pub mod parts;
pub mod people;
pub mod span;
pub mod table;
#[cfg(test)]
mod testing;
pub mod xml;

use std::collections::HashMap;

use ipnet::IpNet;

use crate::gate::path::{Canonical, locate};
use crate::gate::trial::path_of;
use crate::iiif::file_name;
use crate::iiif::identifier::{BadIdentifier, canonical_rule_identifier};
use crate::policy::condition::{AccessCondition, CLOSED, OPEN, Pattern};
use crate::policy::file::{MAX_PROBLEMS, PolicyFileError, Problem};
use crate::policy::mount::{Mount, MountKind};
use crate::policy::rule::RuleSpec;

/// What one file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Without their source, which the caller knows.
    pub rules: Vec<RuleSpec>,
    /// What a person should know and what keeps nothing from working; one line each.
    pub remarks: Vec<String>,
    /// Networks that a condition gets, where the table asks for it.
    pub networks: Vec<(String, IpNet)>,
}

/// What a file is read against.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'g> {
    pub mounts: &'g [Mount],
    /// What our URLs begin with, `https://host`.
    pub public_origin: &'g str,
    pub names: &'g Names,
    /// The mount of identifiers that say nothing of one.
    pub mount: Option<&'g Mount>,
}

/// An image, a recording or a document of ours: the mount whose rules count for it, and its identifier as requests
/// have it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    pub mount: String,
    pub identifier: String,
}

impl Ground<'_> {
    /// What a URL of ours leads to, read as a tile's path is; `None` if it is none of ours, or neither an image nor
    /// a file.
    pub fn target_of(&self, url: &str, scratch: &mut Canonical) -> Option<Target> {
        let located = locate(path_of(url, self.public_origin)?.as_bytes(), self.mounts, scratch).ok()?;
        (located.mount.kind != MountKind::Manifest).then(|| Target {
            mount: located.mount.rules_name().to_owned(),
            identifier: scratch.identifier.to_string(),
        })
    }

    /// The names of the mounts, for messages.
    pub fn mount_names(&self) -> String {
        self.mounts.iter().map(|mount| mount.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// A rule's identifier as requests on the mount have it.
///
/// # Errors
/// If nothing there can be called so.
pub fn canonical(mount: &Mount, written: &str) -> Result<String, BadIdentifier> {
    if mount.has_files() {
        file_name::of_rule(written)
    } else {
        canonical_rule_identifier(written, mount.server)
    }
}

/// The conditions that there are, and which of them mean everybody or nobody.
#[derive(Clone, Debug)]
pub struct Names(HashMap<String, Pattern>);

impl Names {
    /// Of a policy's conditions; `open` and `closed` are always among them.
    pub fn new(conditions: &[AccessCondition]) -> Self {
        let built_in = [(OPEN.to_owned(), Pattern::Open), (CLOSED.to_owned(), Pattern::Closed)];
        let written = conditions.iter().map(|condition| (condition.name.clone(), condition.pattern));
        Self(built_in.into_iter().chain(written).collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All of them in order, for messages.
    pub fn listed(&self) -> String {
        let mut names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.join(", ")
    }

    /// The set that a rule with these names asks for: `open` alone if everybody may, `closed` alone if nobody.
    pub fn plain(&self, names: &[String]) -> Vec<String> {
        let is = |name: &String, pattern| self.0.get(name) == Some(&pattern);
        if names.iter().any(|name| is(name, Pattern::Open)) {
            return vec![OPEN.to_owned()];
        }
        let mut plain: Vec<String> =
            names.iter().filter(|name| !is(name, Pattern::Closed)).cloned().collect();
        plain.sort_unstable();
        plain.dedup();
        if plain.is_empty() { vec![CLOSED.to_owned()] } else { plain }
    }

    /// What both ask for: the names that both have, where `open` drops out and nothing left is `closed` (the same
    /// as [`Requirement::and`](crate::policy::requirement::Requirement::and), on names).
    pub fn stricter(&self, one: &[String], other: &[String]) -> Vec<String> {
        let (one, other) = (self.plain(one), self.plain(other));
        if one == [OPEN] {
            return other;
        }
        if other == [OPEN] {
            return one;
        }
        self.plain(&one.into_iter().filter(|name| other.contains(name)).collect::<Vec<_>>())
    }
}

/// The faults of one file.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    problems: Vec<Problem>,
    left_out: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, line: usize, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { line, column: None, message: message.into() });
        } else {
            self.left_out += 1;
        }
    }

    /// At an element; its line is looked for only if it will be told.
    pub(crate) fn at(&mut self, node: roxmltree::Node<'_, '_>, message: impl Into<String>) {
        let line = if self.problems.len() < MAX_PROBLEMS { xml::line(node) } else { 0 };
        self.add(line, message);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub(crate) fn into_error(mut self) -> PolicyFileError {
        self.problems.sort_by_key(|problem| problem.line);
        PolicyFileError { problems: self.problems, left_out: self.left_out }
    }

    pub(crate) fn finish<T>(self, outcome: T) -> Result<T, PolicyFileError> {
        if self.is_empty() { Ok(outcome) } else { Err(self.into_error()) }
    }
}

/// `3 images, the first is a/b` for what there may be very many of; nothing if there is none.
pub(crate) fn several(what: &[String], one: &str, many: &str) -> Option<String> {
    const SHOWN: usize = 3;
    const LONGEST: usize = 200;
    // They come from files of others and are shown on a terminal.
    let fit =
        |text: &String| text.chars().filter(|character| !character.is_control()).take(LONGEST).collect();
    let shown = what.iter().take(SHOWN).map(fit).collect::<Vec<String>>().join(", ");
    match what.len() {
        0 => None,
        1 => Some(format!("1 {one}: {shown}")),
        count if count <= SHOWN => Some(format!("{count} {many}: {shown}")),
        count => Some(format!("{count} {many}, such as {shown}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let kinds = [("staff", Pattern::Login), ("reader", Pattern::Login), ("free", Pattern::Open)];
        Names::new(&kinds.map(|(name, pattern)| AccessCondition::bare(name, pattern)))
    }

    #[test]
    fn the_stricter_of_two_is_what_the_policy_makes_of_two_rules() {
        let names = names();
        let set = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (one, other, both) in [
            ("staff", "open", "staff"),
            ("free", "staff reader", "reader staff"),
            ("staff reader", "reader", "reader"),
            ("staff", "reader", "closed"),
            ("closed", "open", "closed"),
            ("closed staff", "staff", "staff"),
            ("free", "open", "open"),
        ] {
            assert_eq!(names.stricter(&set(one), &set(other)), set(both), "{one} and {other}");
            assert_eq!(names.stricter(&set(other), &set(one)), set(both), "{other} and {one}");
        }
    }
}
