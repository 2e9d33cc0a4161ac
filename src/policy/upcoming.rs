//! What opens and what closes, and when: the dates of rules, with what holds on their spot before and after.
//!
//! A rule counts from the first second of its `from` (midnight in UTC), and no more from the first second of its
//! `until`. Nothing happens at these moments: every request is judged by the clock. So this list is only what the
//! decision would say a second before and at the date, on the rule's own spot: it knows the next less specific rule.

mod turns;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fmt;

use super::Policy;
use super::build::Way;
use super::decision::Resource;
use super::file::day_or_moment;
use super::requirement::Requirement;
use super::rule::{Match, Operation, RuleSpec, utc_midnight};

/// A name below a spot that no rule can be about: control characters are in no identifier.
const BELOW: char = '\u{1}';

/// What a date does to a spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// More people may see it.
    Opens,
    /// Fewer may.
    Closes,
    /// Others may, or may do other things with it.
    Changes,
    /// Nothing, because another rule asks for the same.
    Stays,
}

impl Effect {
    pub const ALL: [Self; 4] = [Self::Opens, Self::Closes, Self::Changes, Self::Stays];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opens => "opens",
            Self::Closes => "closes",
            Self::Changes => "changes",
            Self::Stays => "stays",
        }
    }

    fn of(before: Option<Requirement>, after: Option<Requirement>) -> Self {
        if before == after {
            return Self::Stays;
        }
        let (Some(before), Some(after)) = (before, after) else { return Self::Changes };
        if before.permitted() != after.permitted() {
            return Self::Changes;
        }
        // Whoever holds what is in both is let in by both.
        let both = before.and(after);
        if both == before {
            Self::Opens
        } else if both == after {
            Self::Closes
        } else {
            Self::Changes
        }
    }
}

/// What happens on one spot at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Seconds since 1970 UTC.
    pub at: u64,
    pub mount: String,
    /// Canonical; empty: the whole mount.
    pub identifier: String,
    pub matching: Match,
    pub effect: Effect,
    pub before: Asked,
    pub after: Asked,
    /// Numbers of the rules that end and begin, as people count them.
    pub ends: Vec<u64>,
    pub begins: Vec<u64>,
}

/// What is asked for on a spot; shown, it is in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub who: Who,
    /// Those that are permitted; empty if all are.
    pub operations: Vec<Operation>,
    /// The largest permitted answer, on either side; `None`: any.
    pub pixels: Option<u32>,
}

/// What is asked for on a spot from a moment on, by a policy and by the one that is to take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// A date, in seconds since 1970 UTC; `None`: at once.
    pub at: Option<u64>,
    pub before: Asked,
    pub after: Asked,
    /// What the change does there.
    pub effect: Effect,
}

/// Who may see something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Everybody,
    Nobody,
    /// Names of conditions of which one is enough.
    AnyOf(Vec<String>),
    /// It differs among what is below the spot.
    DecidedBelow,
}

impl Turn {
    /// The day of its date.
    pub fn day(&self) -> Option<String> {
        self.at.map(day_or_moment)
    }
}

impl Event {
    /// `letters/1931 and everything below it`
    pub fn spot(&self) -> String {
        match (self.identifier.as_str(), self.matching) {
            ("", _) => "everything".to_owned(),
            (identifier, Match::Exact) => identifier.to_owned(),
            (identifier, Match::Prefix) => format!("{identifier} and everything below it"),
        }
    }

    /// `rule 3 ends, rule 4 begins`
    pub fn rules(&self) -> String {
        let ends = self.ends.iter().map(|number| format!("rule {number} ends"));
        let begins = self.begins.iter().map(|number| format!("rule {number} begins"));
        ends.chain(begins).collect::<Vec<_>>().join(", ")
    }
}

/// What happens within a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    /// By time, then by mount and identifier; the earliest, if there are more than were wanted.
    pub events: Vec<Event>,
    /// How many dates of rules fall into that time. Several on one spot are one event.
    pub dates: u64,
    /// The first date after that time.
    pub next: Option<u64>,
}

/// The dates of rules within a time, found without the texts of millions of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    after: u64,
    until: u64,
    at_most: usize,
    /// Numbers of the rules with the earliest dates, ascending: their texts make the [`Agenda`].
    pub rules: Vec<u32>,
    count: u64,
    next: Option<u64>,
}

impl Policy {
    /// The dates later than `after` and not later than `until`; the earliest, if there are more than so many.
    pub fn dates(&self, after: u64, until: u64, at_most: usize) -> Dates {
        let (mut earliest, mut count, mut next) = (BinaryHeap::new(), 0, None);
        let mut seen = Numbers::default();
        for rule in self.indexes.iter().flat_map(|index| index.rules.dated()) {
            if !seen.insert(rule.number) {
                continue;
            }
            for at in [rule.from, rule.until] {
                if at <= after || at == u64::MAX {
                    continue;
                }
                if at > until {
                    next = Some(next.map_or(at, |next: u64| next.min(at)));
                    continue;
                }
                count += 1;
                earliest.push((at, rule.number));
                if earliest.len() > at_most {
                    earliest.pop();
                }
            }
        }
        let rules: BTreeSet<u32> = earliest.into_iter().map(|(_, number)| number).collect();
        Dates { after, until, at_most, rules: rules.into_iter().collect(), count, next }
    }
}

/// A set of rules' numbers, a bit each.
#[derive(Default)]
struct Numbers(Vec<u64>);

impl Numbers {
    /// Whether it was not in it.
    fn insert(&mut self, number: u32) -> bool {
        let place = usize::try_from(number / 64).unwrap_or(usize::MAX);
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        let Some(word) = self.0.get_mut(place) else { return false };
        let bit = 1 << (number % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

/// Time, position of the mount, identifier, exact or not.
type Place = (u64, usize, String, bool);
/// Of one spot at one moment: the numbers of the rules that end and begin.
type Turns = (Vec<u64>, Vec<u64>);

impl Dates {
    /// What happens at these dates; `texts` are the rules as they are written, by their numbers.
    pub fn agenda<'t>(
        &self,
        policy: &Policy,
        texts: impl IntoIterator<Item = (u32, &'t RuleSpec)>,
    ) -> Agenda {
        let mut turns: BTreeMap<Place, Turns> = BTreeMap::new();
        for (number, rule) in texts {
            // What is no rule of any mount in the settings does nothing.
            let Some((position, identifier)) = policy.spot_of(rule) else { continue };
            for (day, ends) in [(rule.until, true), (rule.from, false)] {
                let at = day.map_or(0, utc_midnight);
                if at <= self.after || at > self.until {
                    continue;
                }
                let spot = (at, position, identifier.clone(), rule.matching == Match::Exact);
                let (ending, beginning) = turns.entry(spot).or_default();
                if ends { ending } else { beginning }.push(u64::from(number) + 1);
                if turns.len() > self.at_most {
                    turns.pop_last();
                }
            }
        }
        let event = |((at, position, identifier, is_exact), (ends, begins)): (Place, Turns)| {
            let matching = if is_exact { Match::Exact } else { Match::Prefix };
            let [before, after] =
                [at - 1, at].map(|moment| asked(policy, position, &identifier, matching, moment));
            Event {
                at,
                mount: policy.mounts().get(position).map_or_else(String::new, |mount| mount.name.clone()),
                effect: Effect::of(before, after),
                before: Asked::of(policy, before),
                after: Asked::of(policy, after),
                identifier,
                matching,
                ends,
                begins,
            }
        };
        Agenda { events: turns.into_iter().map(event).collect(), dates: self.count, next: self.next }
    }
}

impl Policy {
    /// What is asked for on the spot of a rule; `None` if it is on no mount of the settings.
    pub fn asked_for(&self, rule: &RuleSpec, now: u64) -> Option<Asked> {
        let (position, identifier) = self.spot_of(rule)?;
        Some(Asked::of(self, asked(self, position, &identifier, rule.matching, now)))
    }

    /// What is asked for of one image or file.
    pub fn asked_on(&self, resource: &Resource<'_>, now: u64) -> Asked {
        Asked::of(self, asked(self, resource.mount, resource.identifier, Match::Exact, now))
    }

    /// Mount and canonical identifier that a rule is written for; `None` if it is on no mount of the settings.
    pub fn place_of(&self, mount: &str, identifier: &str) -> Option<(usize, String)> {
        let (mount, identifier) = (mount.to_owned(), identifier.to_owned());
        self.spot_of(&RuleSpec { mount, identifier, ..RuleSpec::default() })
    }

    pub(super) fn spot_of(&self, rule: &RuleSpec) -> Option<(usize, String)> {
        let own = self.mounts.iter().position(|mount| mount.name == rule.mount);
        let position =
            own.or_else(|| self.mounts.iter().position(|mount| mount.rules_name() == rule.mount))?;
        let way = Way::of(self.mounts.get(position)?);
        Some((position, way.read_rule(&rule.identifier).ok()?))
    }
}

/// What is asked for on a spot; of a prefix rule, for what is below it, where no exact rule is in the way.
fn asked(policy: &Policy, mount: usize, identifier: &str, matching: Match, at: u64) -> Option<Requirement> {
    let resource = Resource { mount, identifier: &looked_at(identifier, matching) };
    policy.requirement(&resource, at).ok().map(|(requirement, _)| requirement)
}

fn looked_at(identifier: &str, matching: Match) -> Cow<'_, str> {
    match (identifier, matching) {
        (identifier, Match::Exact) => Cow::Borrowed(identifier),
        ("", Match::Prefix) => Cow::Owned(BELOW.to_string()),
        (identifier, Match::Prefix) => Cow::Owned(format!("{identifier}/{BELOW}")),
    }
}

impl Asked {
    fn of(policy: &Policy, requirement: Option<Requirement>) -> Self {
        let Some(requirement) = requirement else {
            return Self { who: Who::DecidedBelow, operations: Vec::new(), pixels: None };
        };
        let conditions = policy.conditions.of(requirement.conditions());
        let permitted = requirement.permitted();
        let operations: Vec<_> = permitted.operations().collect();
        Self {
            who: if requirement.is_open() {
                Who::Everybody
            } else if requirement.is_closed() {
                Who::Nobody
            } else {
                Who::AnyOf(conditions.map(|condition| condition.name.clone()).collect())
            },
            operations: if operations.len() < Operation::ALL.len() { operations } else { Vec::new() },
            pixels: permitted.answer_px(),
        }
    }
}

/// `staff or reader, for view, in answers of at most 1024 pixels`
impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.who {
            Who::DecidedBelow => out.write_str("what is below it decides")?,
            Who::Everybody => out.write_str("open to everybody")?,
            Who::Nobody => out.write_str("closed to everybody")?,
            Who::AnyOf(conditions) => out.write_str(&conditions.join(" or "))?,
        }
        if !self.operations.is_empty() {
            let operations: Vec<_> = self.operations.iter().copied().map(Operation::as_str).collect();
            write!(out, ", for {}", operations.join(" and "))?;
        }
        match self.pixels {
            Some(pixels) => write!(out, ", in answers of at most {pixels} pixels"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
