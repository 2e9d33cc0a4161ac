//! Many rules in few bytes: entries of 16 bytes, sorted by fingerprint, and where each stretch of them begins.
//!
//! What rules say (the requirement and the dates) is kept once, however many say it. Fingerprints are spread
//! evenly, so a look-up goes to the stretch in which its fingerprint would be, of eight entries on average.

use std::collections::HashMap;

use super::fingerprint::Depths;
use super::requirement::Requirement;

/// How many entries a stretch has on average.
const STRETCH: usize = 8;

/// A rule as it is used: its selector is its place in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its place in the policy, for explanations; it keeps that when others are added or removed.
    pub number: u32,
    /// First second of validity.
    pub from: u64,
    /// First second after validity.
    pub until: u64,
    pub requirement: Requirement,
}

impl Rule {
    pub(super) fn is_active(&self, now: u64) -> bool {
        (self.from..self.until).contains(&now)
    }
}

/// What rules have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Body {
    requirement: Requirement,
    from: u64,
    until: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    fingerprint: u64,
    body: u32,
    number: u32,
}

/// Rules to be looked up, immutable.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    starts: Vec<u32>,
    bodies: Vec<Body>,
    pub(super) depths: Depths,
}

/// Rules on the way into a [`Table`].
#[derive(Debug, Default)]
pub(super) struct Entries {
    rows: Vec<Entry>,
    bodies: Vec<Body>,
    known: HashMap<Body, u32>,
    pub(super) depths: Depths,
}

impl Entries {
    pub(super) fn with_capacity(entries: usize) -> Self {
        Self { rows: Vec::with_capacity(entries), ..Self::default() }
    }

    pub(super) fn reserve(&mut self, entries: usize) {
        self.rows.reserve_exact(entries);
    }

    pub(super) fn push(&mut self, fingerprint: u64, rule: &Rule) {
        let body = Body { requirement: rule.requirement, from: rule.from, until: rule.until };
        let body = self.body(body);
        self.rows.push(Entry { fingerprint, body, number: rule.number });
    }

    fn body(&mut self, body: Body) -> u32 {
        // The rules of one folder mostly say the same.
        if let Some(last) = self.rows.last()
            && self.bodies.get(place(last.body)) == Some(&body)
        {
            return last.body;
        }
        *self.known.entry(body).or_insert_with(|| {
            self.bodies.push(body);
            // There are no more of them than rules, and those have numbers of 32 bits.
            u32::try_from(self.bodies.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// Takes over the rules of a table, but for those of these numbers.
    pub(super) fn append(&mut self, table: &Table, is_removed: impl Fn(u32) -> bool) {
        let bodies: Vec<u32> = table.bodies.iter().map(|body| self.body(*body)).collect();
        let kept = table.entries.iter().filter(|entry| !is_removed(entry.number));
        self.rows.extend(kept.filter_map(|entry| {
            let body = *bodies.get(place(entry.body))?;
            Some(Entry { body, ..*entry })
        }));
        self.depths = self.depths.union(table.depths);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn into_table(mut self) -> Table {
        // Rules of one spot come one after another, the lowest number first.
        self.rows.sort_unstable_by_key(|entry| (entry.fingerprint, entry.number));
        self.rows.shrink_to_fit();
        self.bodies.shrink_to_fit();
        let stretches = self.rows.len().div_ceil(STRETCH);
        let mut starts = Vec::with_capacity(stretches + 1);
        for (at, entry) in (0_u32..).zip(&self.rows) {
            let stretch = stretch_of(entry.fingerprint, stretches);
            while starts.len() <= stretch {
                starts.push(at);
            }
        }
        starts.resize(stretches + 1, u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        Table { entries: self.rows, starts, bodies: self.bodies, depths: self.depths }
    }
}

impl Table {
    /// The rules of a fingerprint, the lowest number first.
    pub(super) fn rules(&self, fingerprint: u64) -> impl Iterator<Item = Rule> {
        let stretch = stretch_of(fingerprint, self.starts.len().saturating_sub(1));
        let bounds = self.starts.get(stretch).zip(self.starts.get(stretch + 1));
        let entries = bounds.and_then(|(from, to)| self.entries.get(place(*from)..place(*to)));
        let entries = entries.unwrap_or_default().iter();
        entries.filter(move |entry| entry.fingerprint == fingerprint).filter_map(|entry| {
            let Body { requirement, from, until } = *self.bodies.get(place(entry.body))?;
            Some(Rule { number: entry.number, from, until, requirement })
        })
    }

    /// The rules that have a date.
    pub(super) fn dated(&self) -> impl Iterator<Item = Rule> {
        self.entries.iter().filter_map(|entry| {
            let Body { requirement, from, until } = *self.bodies.get(place(entry.body))?;
            let has_date = from > 0 || until < u64::MAX;
            has_date.then_some(Rule { number: entry.number, from, until, requirement })
        })
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Entry>() * self.entries.capacity()
            + size_of::<u32>() * self.starts.capacity()
            + size_of::<Body>() * self.bodies.capacity()
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// In which of so many stretches a fingerprint is: they divide the numbers evenly and in order.
fn stretch_of(fingerprint: u64, stretches: usize) -> usize {
    let wide = u128::from(fingerprint) * u128::try_from(stretches).unwrap_or(0);
    usize::try_from(wide >> 64).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(number: u32, from: u64) -> Rule {
        Rule { number, from, until: u64::MAX, requirement: Requirement::open() }
    }

    proptest! {
        #[test]
        fn prop_what_was_put_in_is_found_and_nothing_else(
            // Few fingerprints, so that several rules share one; and the ends of what there is.
            put in prop::collection::vec((prop_oneof![0_u64..40, (u64::MAX - 3)..=u64::MAX, any::<u64>()], 0_u64..3), 0..200),
            others in prop::collection::vec(any::<u64>(), 20),
        ) {
            let mut entries = Entries::default();
            for (number, (fingerprint, from)) in (0..).zip(&put) {
                entries.push(*fingerprint, &rule(number, *from));
            }
            let table = entries.into_table();
            let looked_up = put.iter().map(|(fingerprint, _)| *fingerprint).chain(0..40).chain(others);
            for fingerprint in looked_up {
                let expected = (0..).zip(&put).filter(|(_, put)| put.0 == fingerprint);
                let expected: Vec<Rule> = expected.map(|(number, (_, from))| rule(number, *from)).collect();
                prop_assert_eq!(table.rules(fingerprint).collect::<Vec<_>>(), expected);
            }
            let mut again = Entries::default();
            again.append(&table, |number| number % 2 == 1);
            let again = again.into_table();
            for (fingerprint, _) in &put {
                let kept: Vec<Rule> = table.rules(*fingerprint).filter(|rule| rule.number % 2 == 0).collect();
                prop_assert_eq!(again.rules(*fingerprint).collect::<Vec<_>>(), kept);
            }
        }
    }

    #[test]
    fn what_rules_say_is_kept_once() {
        let mut entries = Entries::default();
        (0..100).for_each(|number| entries.push(u64::from(number), &rule(number, u64::from(number % 3))));
        let table = entries.into_table();
        assert_eq!((table.len(), table.bodies.len()), (100, 3));
    }
}
