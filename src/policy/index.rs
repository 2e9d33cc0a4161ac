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
//! and a name above rules must satisfy each of them (`below`). An exact rule does
//! not beat the prefix rule of its own name there: that is for the directory.
//!
//! Rules are found by keyed fingerprints (`fingerprint`, which says why that is enough) in an immutable table
//! (`table`). A changed rule is laid over it: a second, small table, and the numbers of what no longer counts.

use std::collections::HashSet;
use std::sync::Arc;

use super::below::Below;
use super::fingerprint::{Depths, Key, Kind, Spots};
use super::requirement::Requirement;
use super::rule::Match;
pub use super::table::Rule;
use super::table::{Entries, Table};
use crate::iiif::identifier::without_extension;

/// Where a requirement came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Winner {
    /// No rule matched: the mount's default condition.
    Default,
    /// The rule with this number (the lowest, where several stand on one spot).
    Rule(u32),
    /// The name may stand for what is below it, and the rules there ask for more than what applies to itself.
    Below,
}

/// The rules of one mount.
#[derive(Clone, Debug, Default)]
pub struct MountRules {
    base: Arc<Base>,
    /// What has changed since the base was made.
    over: Arc<Overlay>,
}

#[derive(Debug, Default)]
struct Base {
    key: Key,
    has_aliases: bool,
    table: Table,
    below: Below,
    has_lost_rules: bool,
}

#[derive(Debug, Default)]
struct Overlay {
    table: Table,
    below: Below,
    /// Rules of the base that do not count any more.
    removed: HashSet<u32>,
}

/// Rules on the way into an index.
#[derive(Debug)]
pub(super) struct Draft {
    key: Key,
    has_aliases: bool,
    entries: Entries,
    below: Below,
}

impl Draft {
    /// Without rules, with room for about that many; whether names have aliases says
    /// [`super::mount::Mount::has_aliases`].
    pub(super) fn new(has_aliases: bool, rules: usize) -> Self {
        Self {
            key: Key::default(),
            has_aliases,
            entries: Entries::with_capacity(rules),
            below: Below::default(),
        }
    }

    /// Adds a rule at a canonical identifier (empty: the whole mount).
    pub(super) fn insert(&mut self, identifier: &str, matching: Match, rule: &Rule) {
        let (base, above) = if self.has_aliases {
            (without_extension(identifier), Depths::ALL)
        } else {
            (None, Depths::default())
        };
        let mut spots = Spots::default();
        self.key.hash(identifier, base, above, &mut spots);
        let kind = match matching {
            Match::Exact => Kind::Exact,
            Match::Prefix => {
                self.entries.depths.insert(spots.depth);
                Kind::Prefix
            }
        };
        self.entries.push(kind.on(spots.own), rule);
        if let Some(base) = spots.base {
            // `vol.1` may be an image, which `vol` then names too, or a directory, which `vol` does not name.
            let kind = if matching == Match::Exact { Kind::Exact } else { Kind::Tightening };
            self.entries.push(kind.on(base), rule);
        }
        if self.has_aliases {
            self.below.note(spots.above(), rule.requirement);
        }
    }

    /// How many spots have been taken: two by a rule whose name has an alias.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn finish(self) -> MountRules {
        let Self { key, has_aliases, entries, below } = self;
        let base = Base { key, has_aliases, table: entries.into_table(), below, has_lost_rules: false };
        MountRules { base: Arc::new(base), over: Arc::default() }
    }
}

impl MountRules {
    /// On how many spots rules stand: on two where the name has an alias. A rule that was changed is counted
    /// as it was, too, until [`MountRules::merged`].
    pub fn len(&self) -> usize {
        self.base.table.len() + self.over.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many changes lie over the base.
    pub(super) fn changes(&self) -> usize {
        self.over.table.len() + self.over.removed.len()
    }

    /// Whether summaries may be stricter than they need be, because rules that they are of were removed.
    pub(super) fn has_lost_rules(&self) -> bool {
        self.base.has_aliases && (self.base.has_lost_rules || !self.over.removed.is_empty())
    }

    /// The same without the rules of these numbers, and with others. Costs what has changed since
    /// [`MountRules::merged`], and nothing of what the base has.
    pub(super) fn edited<'i>(
        &self,
        removed: impl Iterator<Item = u32>,
        added: impl IntoIterator<Item = (&'i str, Match, Rule)>,
    ) -> Self {
        let gone: HashSet<u32> = removed.collect();
        let mut draft = self.draft();
        draft.entries.append(&self.over.table, |number| gone.contains(&number));
        draft.below = self.over.below.clone();
        for (identifier, matching, rule) in added {
            draft.insert(identifier, matching, &rule);
        }
        let removed = self.over.removed.union(&gone).copied().collect();
        let over = Overlay { table: draft.entries.into_table(), below: draft.below, removed };
        Self { base: Arc::clone(&self.base), over: Arc::new(over) }
    }

    /// The same with a new base that has all changes in it. Copies everything: nothing for the tile path.
    pub(super) fn merged(&self) -> Self {
        let mut draft = self.draft();
        draft.entries.reserve(self.len());
        draft.entries.append(&self.base.table, |number| self.is_removed(number));
        draft.entries.append(&self.over.table, |_| false);
        draft.below = self.base.below.clone();
        draft.below.absorb(&self.over.below);
        let base = Base {
            key: draft.key,
            has_aliases: draft.has_aliases,
            table: draft.entries.into_table(),
            below: draft.below,
            has_lost_rules: self.has_lost_rules(),
        };
        Self { base: Arc::new(base), over: Arc::default() }
    }

    /// A draft in which names have the same fingerprints.
    fn draft(&self) -> Draft {
        let Base { key, has_aliases, .. } = &*self.base;
        Draft {
            key: key.clone(),
            has_aliases: *has_aliases,
            entries: Entries::default(),
            below: Below::default(),
        }
    }

    /// The rules that have a date; one under two names comes twice.
    pub(super) fn dated(&self) -> impl Iterator<Item = Rule> {
        let base = self.base.table.dated().filter(|rule| !self.is_removed(rule.number));
        base.chain(self.over.table.dated())
    }

    /// How many bytes the rules take; what summaries of digilib's folders take is counted apart.
    pub fn bytes(&self) -> usize {
        self.base.table.bytes() + self.over.table.bytes()
    }

    /// How many bytes the summaries of digilib's folders take.
    pub fn summary_bytes(&self) -> usize {
        self.base.below.bytes() + self.over.below.bytes()
    }

    /// The requirement for a canonical identifier at a moment.
    pub fn find(&self, identifier: &str, now: u64, default: Requirement) -> (Requirement, Winner) {
        let mut spots = Spots::default();
        self.hash(identifier, &mut spots);
        let most_specific = |own| self.decisive(own, &spots, now).unwrap_or((default, Winner::Default));
        let (mut requirement, mut winner) = most_specific(spots.own);
        if !self.base.has_aliases {
            return (requirement, winner);
        }
        if let Some(base) = spots.base {
            let (stricter, by) = most_specific(base);
            // A default that only the other reading falls back to explains nothing.
            if winner == Winner::Default {
                winner = by;
            }
            requirement = requirement.and(stricter);
        }
        for spot in tightening(&spots) {
            if let Some((stricter, by)) = self.all_of(spot, now) {
                if winner == Winner::Default {
                    winner = by;
                }
                requirement = requirement.and(stricter);
            }
        }
        let own = requirement;
        for reading in readings(&spots) {
            for below in [&self.base.below, &self.over.below] {
                if let Some(stricter) = below.get(reading) {
                    requirement = requirement.and(stricter);
                }
            }
        }
        (requirement, if requirement == own { winner } else { Winner::Below })
    }

    /// The numbers of the rules that [`MountRules::find`] took together, but for those below the name: for
    /// explanations.
    pub fn counting(&self, identifier: &str, now: u64) -> Vec<u32> {
        let mut spots = Spots::default();
        self.hash(identifier, &mut spots);
        let mut numbers = Vec::new();
        let decisive = readings(&spots).filter_map(|reading| self.decisive_spot(reading, &spots, now));
        for spot in decisive.chain(tightening(&spots).filter(|_| self.base.has_aliases)) {
            numbers.extend(self.rules(spot).filter(|rule| rule.is_active(now)).map(|rule| rule.number));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Every rule that could apply to an identifier, winners and losers, most
    /// specific first, whatever its dates: for explanations.
    pub fn candidates(&self, identifier: &str) -> Vec<Rule> {
        let mut spots = Spots::default();
        self.hash(identifier, &mut spots);
        let kinds = [Kind::Exact, Kind::Prefix, Kind::Tightening];
        let own = readings(&spots).flat_map(|reading| kinds.map(|kind| kind.on(reading)));
        let all = own.chain(spots.above().map(|above| Kind::Prefix.on(above)));
        let mut seen = HashSet::new();
        all.flat_map(|spot| self.rules(spot)).filter(|rule| seen.insert(rule.number)).collect()
    }

    fn hash(&self, identifier: &str, spots: &mut Spots) {
        let base = if self.base.has_aliases { without_extension(identifier) } else { None };
        self.base.key.hash(identifier, base, self.depths(), spots);
    }

    fn depths(&self) -> Depths {
        self.base.table.depths.union(self.over.table.depths)
    }

    /// What the most specific rules in force ask for.
    fn decisive(&self, reading: u64, spots: &Spots, now: u64) -> Option<(Requirement, Winner)> {
        spots_of(reading, spots, self.depths()).find_map(|spot| self.all_of(spot, now))
    }

    /// The most specific spot where a rule is in force.
    fn decisive_spot(&self, reading: u64, spots: &Spots, now: u64) -> Option<u64> {
        spots_of(reading, spots, self.depths()).find(|spot| self.rules(*spot).any(|rule| rule.is_active(now)))
    }

    /// The active rules of one spot taken together; `None` if there is none.
    fn all_of(&self, spot: u64, now: u64) -> Option<(Requirement, Winner)> {
        let mut active = self.rules(spot).filter(|rule| rule.is_active(now));
        let first = active.next()?;
        let (requirement, number) = active
            .fold((first.requirement, first.number), |(together, lowest), rule| {
                (together.and(rule.requirement), lowest.min(rule.number))
            });
        Some((requirement, Winner::Rule(number)))
    }

    fn rules(&self, spot: u64) -> impl Iterator<Item = Rule> {
        let base = self.base.table.rules(spot).filter(|rule| !self.is_removed(rule.number));
        base.chain(self.over.table.rules(spot))
    }

    fn is_removed(&self, number: u32) -> bool {
        !self.over.removed.is_empty() && self.over.removed.contains(&number)
    }
}

/// The names under which an image is judged: all must be satisfied.
fn readings(spots: &Spots) -> impl Iterator<Item = u64> {
    [Some(spots.own), spots.base].into_iter().flatten()
}

/// Where rules stand that count besides, for names that have aliases: those that may be for this name too, and that for the
/// folder of the name, which digilib looks for first, whatever is said of the image beside it.
fn tightening(spots: &Spots) -> impl Iterator<Item = u64> {
    readings(spots).map(|reading| Kind::Tightening.on(reading)).chain([Kind::Prefix.on(spots.own)])
}

/// Where a rule for a name could stand, most specific first.
fn spots_of(reading: u64, spots: &Spots, depths: Depths) -> impl Iterator<Item = u64> {
    let own = depths.contains(spots.depth).then(|| Kind::Prefix.on(reading));
    let above = spots.above().map(|above| Kind::Prefix.on(above));
    [Kind::Exact.on(reading)].into_iter().chain(own).chain(above)
}
