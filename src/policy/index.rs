//! Which rule applies to an identifier: the most specific one.
//!
//! A rule names one identifier (`exact`) or an identifier and everything below it
//! (`prefix`, at a `/` boundary). Exact beats prefix, a longer prefix beats a
//! shorter one, and where several rules stand on the same spot at the same time,
//! all of them must hold. Rules outside their dates do not exist.
//!
//! digilib ignores the extension of an identifier's last segment and takes a
//! directory for its first image. So on a digilib mount an exact rule also stands
//! at its identifier without the extension, a request is held to both readings,
//! and a name above any rule is reported, because it may stand for anything below.
//!
//! The table is a hash map with the standard library's keyed hash: an attacker
//! chooses the paths that are looked up.

use std::collections::{HashMap, HashSet};

use super::requirement::Requirement;
use super::rule::Match;
use crate::iiif::identifier::{prefixes, without_extension};

/// A rule as it is used: its selector is its place in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Position in the policy document, for explanations.
    pub number: u32,
    /// First second of validity.
    pub from: u64,
    /// First second after validity.
    pub until: u64,
    pub requirement: Requirement,
}

impl Rule {
    fn is_active(&self, now: u64) -> bool {
        (self.from..self.until).contains(&now)
    }
}

/// Where a requirement came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Winner {
    /// No rule matched: the mount's default condition.
    Default,
    /// The rule with this number (the lowest, where several stand on one spot).
    Rule(u32),
}

/// What the index answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Requirement(Requirement, Winner),
    /// The identifier is a proper ancestor of a rule, on a server where such a
    /// name stands for what is below it.
    AncestorOfRules,
}

/// The rules that stand on one identifier.
#[derive(Clone, Debug, Default)]
struct Spot {
    exact: Vec<Rule>,
    prefix: Vec<Rule>,
    /// Prefix rules whose own name has an extension, standing here without it:
    /// `vol.1` may be an image, which `vol` then names too, or a directory, which
    /// `vol` does not name. So they may tighten this spot and never open it.
    tightening: Vec<Rule>,
}

/// The rules of one mount.
#[derive(Clone, Debug, Default)]
pub struct MountRules {
    spots: HashMap<Box<str>, Spot>,
    /// Every proper ancestor of a rule's identifier; kept for digilib alone.
    ancestors: HashSet<Box<str>>,
    ignores_extensions: bool,
}

impl MountRules {
    /// An empty index; whether names have aliases says [`super::mount::Mount::has_aliases`].
    pub fn new(has_aliases: bool) -> Self {
        Self { ignores_extensions: has_aliases, ..Self::default() }
    }

    /// Adds a rule at a canonical identifier (empty: the whole mount).
    pub fn insert(&mut self, identifier: &str, matching: Match, rule: Rule) {
        let spot = self.spots.entry(identifier.into()).or_default();
        match matching {
            Match::Exact => spot.exact.push(rule),
            Match::Prefix => spot.prefix.push(rule),
        }
        if self.ignores_extensions {
            for ancestor in prefixes(identifier) {
                self.ancestors.insert(ancestor.into());
            }
            if let Some(base) = without_extension(identifier) {
                let spot = self.spots.entry(base.into()).or_default();
                match matching {
                    Match::Exact => spot.exact.push(rule),
                    Match::Prefix => spot.tightening.push(rule),
                }
            }
        }
    }

    /// How many identifiers have rules.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    /// The requirement for a canonical identifier at a moment.
    pub fn find(&self, identifier: &str, now: u64, default: Requirement) -> Found {
        if !self.ignores_extensions {
            let (requirement, winner) = self.most_specific(identifier, now, default);
            return Found::Requirement(requirement, winner);
        }
        let base = without_extension(identifier);
        if self.ancestors.contains(identifier) || base.is_some_and(|base| self.ancestors.contains(base)) {
            return Found::AncestorOfRules;
        }
        let (mut requirement, mut winner) = self.most_specific(identifier, now, default);
        if let Some(base) = base {
            let (stricter, by) = self.most_specific(base, now, default);
            // A default that only the other reading falls back to explains nothing.
            if winner == Winner::Default {
                winner = by;
            }
            requirement = requirement.and(stricter);
        }
        for reading in [Some(identifier), base].into_iter().flatten() {
            if let Some((stricter, by)) =
                self.spots.get(reading).and_then(|spot| all_of(&spot.tightening, now))
            {
                if winner == Winner::Default {
                    winner = by;
                }
                requirement = requirement.and(stricter);
            }
        }
        Found::Requirement(requirement, winner)
    }

    fn most_specific(&self, identifier: &str, now: u64, default: Requirement) -> (Requirement, Winner) {
        all_of(self.decisive(identifier, now), now).unwrap_or((default, Winner::Default))
    }

    /// The rules of the most specific spot where one is in force; empty without any.
    fn decisive(&self, identifier: &str, now: u64) -> &[Rule] {
        let in_force = |rules: &&[Rule]| rules.iter().any(|rule| rule.is_active(now));
        let own = self.spots.get(identifier);
        own.and_then(|spot| [spot.exact.as_slice(), spot.prefix.as_slice()].into_iter().find(in_force))
            .or_else(|| {
                let above = prefixes(identifier).filter_map(|prefix| self.spots.get(prefix));
                above.map(|spot| spot.prefix.as_slice()).find(in_force)
            })
            .unwrap_or_default()
    }

    /// The numbers of the rules that [`MountRules::find`] took together: for explanations.
    pub fn counting(&self, identifier: &str, now: u64) -> Vec<u32> {
        let base = without_extension(identifier).filter(|_| self.ignores_extensions);
        let mut numbers = Vec::new();
        for reading in [Some(identifier), base].into_iter().flatten() {
            let tightening =
                self.spots.get(reading).map_or_else(Default::default, |spot| spot.tightening.as_slice());
            let rules = self.decisive(reading, now).iter().chain(tightening);
            numbers.extend(rules.filter(|rule| rule.is_active(now)).map(|rule| rule.number));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Every rule that could apply to an identifier, winners and losers, most
    /// specific first, whatever its dates: for explanations.
    pub fn candidates(&self, identifier: &str) -> Vec<Rule> {
        let own = self.spots.get(identifier).into_iter();
        let mut found: Vec<Rule> = own
            .flat_map(|spot| spot.exact.iter().chain(&spot.prefix).chain(&spot.tightening))
            .copied()
            .collect();
        if let Some(base) = without_extension(identifier).filter(|_| self.ignores_extensions)
            && let Some(spot) = self.spots.get(base)
        {
            found.extend(spot.exact.iter().chain(&spot.prefix).chain(&spot.tightening));
        }
        for prefix in prefixes(identifier) {
            found.extend(self.spots.get(prefix).into_iter().flat_map(|spot| spot.prefix.iter()));
        }
        let mut seen = HashSet::new();
        found.retain(|rule| seen.insert(rule.number));
        found
    }
}

/// The active rules of one spot taken together; `None` if there is none.
fn all_of(rules: &[Rule], now: u64) -> Option<(Requirement, Winner)> {
    rules.iter().filter(|rule| rule.is_active(now)).fold(None, |together, rule| match together {
        None => Some((rule.requirement, Winner::Rule(rule.number))),
        Some((requirement, winner)) => Some((requirement.and(rule.requirement), winner)),
    })
}
