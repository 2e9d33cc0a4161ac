//! A source's rules among those of others.
//!
//! An import replaces the rules that have its source, and those alone ([`replace`]). Where two sources disagree about an
//! image, the stricter counts (product decision 3). On one spot the policy itself takes all rules together; but the
//! more specific rule of one source would hide the less specific one of another, and could open what the other closes.
//! So the other's is written beside it, as a rule of the source [`STRICTER`] ([`settle`]); these are made anew at every
//! import and are nobody's own. Rules without a source are a person's: there the most specific counts, as always.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::span::{Free, Span};
use super::{Names, canonical};
use crate::iiif::identifier::prefixes;
use crate::policy::mount::Mount;
use crate::policy::rule::{Match, Operation, RuleSpec};

/// The source of rules that were written only so that the stricter of two sources counts.
pub const STRICTER: &str = "stricter";

/// What an import changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: usize,
    pub gone: usize,
    /// Rules of the same spot and the same days that say something else.
    pub changed: usize,
}

/// Where sources disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub mount: String,
    pub identifier: String,
    /// On which days.
    pub span: Span,
    /// What each says; an empty source is the policy's own rule.
    pub said: Vec<(String, Vec<String>)>,
    /// What counts.
    pub comes_to: Vec<String>,
}

/// Puts rules in place of those of these sources; without sources, in place of all.
pub fn replace(
    present: &[RuleSpec],
    sources: Option<&BTreeSet<String>>,
    mut rules: Vec<RuleSpec>,
) -> (Vec<RuleSpec>, Changes) {
    rules.retain(|rule| rule.source != STRICTER);
    let is_replaced = |rule: &&RuleSpec| {
        rule.source != STRICTER && sources.is_none_or(|sources| sources.contains(&rule.source))
    };
    let old: Vec<&RuleSpec> = present.iter().filter(is_replaced).collect();
    let changes = changes(&old, &rules);
    // Where the old ones stood, so that what has not changed comes out in its order.
    let place = present.iter().take_while(|rule| !is_replaced(rule)).count();
    let kept =
        |rules: &[RuleSpec]| rules.iter().filter(|rule| !is_replaced(rule)).cloned().collect::<Vec<_>>();
    let (before, after) = present.split_at_checked(place).unwrap_or((present, &[]));
    let mut merged = kept(before);
    merged.extend(rules);
    merged.extend(kept(after));
    (merged, changes)
}

fn changes(old: &[&RuleSpec], new: &[RuleSpec]) -> Changes {
    type Spot<'r> = (&'r str, &'r str, bool, Span);
    fn spot(rule: &RuleSpec) -> Spot<'_> {
        (&rule.mount, rule.identifier.trim_matches('/'), rule.matching == Match::Exact, Span::of(rule))
    }
    let mut same: HashMap<&RuleSpec, usize> = HashMap::new();
    for rule in old {
        *same.entry(rule).or_default() += 1;
    }
    let mut differing = Vec::new();
    for rule in new {
        match same.get_mut(rule) {
            Some(count) if *count > 0 => *count -= 1,
            _ => differing.push(rule),
        }
    }
    let mut left: HashMap<Spot<'_>, usize> = HashMap::new();
    for (rule, count) in same {
        *left.entry(spot(rule)).or_default() += count;
    }
    let mut changes = Changes::default();
    for rule in differing {
        match left.get_mut(&spot(rule)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                changes.changed += 1;
            }
            _ => changes.added += 1,
        }
    }
    changes.gone = left.values().sum();
    changes
}

/// Where a rule stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Spot {
    mount: String,
    identifier: String,
    is_exact: bool,
}

/// Writes the rules that let the stricter of two sources count, in place of those of last time, and says where sources
/// disagree. Doing it twice changes nothing.
pub fn settle(
    mut rules: Vec<RuleSpec>,
    mounts: &[Mount],
    names: &Names,
) -> (Vec<RuleSpec>, Vec<Disagreement>) {
    rules.retain(|rule| rule.source != STRICTER);
    if rules.iter().map(|rule| &rule.source).collect::<HashSet<_>>().len() < 2 {
        return (rules, Vec::new());
    }
    let by_name: HashMap<&str, &Mount> = mounts.iter().map(|mount| (mount.name.as_str(), mount)).collect();
    let mut spots: HashMap<Spot, Vec<usize>> = HashMap::new();
    // In the order of the policy, so that the outcome is always the same.
    let mut order = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        let Some(mount) = by_name.get(rule.mount.as_str()) else { continue };
        // What cannot be read is refused when the policy is built.
        let Ok(identifier) = canonical(mount, &rule.identifier) else { continue };
        let spot = Spot { mount: rule.mount.clone(), identifier, is_exact: rule.matching == Match::Exact };
        let on_spot = spots.entry(spot.clone()).or_default();
        if on_spot.is_empty() {
            order.push(spot);
        }
        on_spot.push(number);
    }
    let mut settling =
        Settling { rules: &rules, spots: &spots, names, derived: Vec::new(), seen: HashSet::new() };
    let disagreements = order.iter().flat_map(|spot| settling.spot(spot)).collect();
    let derived = settling.derived;
    rules.extend(derived);
    (rules, disagreements)
}

struct Settling<'s> {
    rules: &'s [RuleSpec],
    spots: &'s HashMap<Spot, Vec<usize>>,
    names: &'s Names,
    derived: Vec<RuleSpec>,
    seen: HashSet<RuleSpec>,
}

impl<'s> Settling<'s> {
    fn on(&self, spot: &Spot) -> Vec<&'s RuleSpec> {
        let numbers = self.spots.get(spot).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.rules.get(*number)).collect()
    }

    /// The spots that cover this one, most specific first, itself not among them.
    fn above(spot: &Spot) -> Vec<Spot> {
        let prefix = |identifier: &str| Spot {
            mount: spot.mount.clone(),
            identifier: identifier.to_owned(),
            is_exact: false,
        };
        let own = spot.is_exact.then(|| prefix(&spot.identifier));
        own.into_iter().chain(prefixes(&spot.identifier).map(prefix)).collect()
    }

    fn spot(&mut self, spot: &Spot) -> Vec<Disagreement> {
        let own = self.on(spot);
        let mut heard = Heard { names: self.names, said: BTreeMap::new() };
        // Of each source the days on which no more specific rule of its own counts.
        let mut free: HashMap<&str, Free> = HashMap::new();
        // And those on which nothing that a person wrote more specifically counts: a source gives way to that.
        let mut by_hand = Free::default();
        for (place, one) in own.iter().enumerate() {
            let of = if one.source.is_empty() { &mut by_hand } else { free.entry(&one.source).or_default() };
            of.take(Span::of(one));
            for other in own.iter().skip(place + 1) {
                if let Some(days) = Span::of(one).and(Span::of(other)) {
                    heard.pair(one, other, days);
                }
            }
        }
        for above in Self::above(spot) {
            let covering = self.on(&above);
            for rule in covering.iter().filter(|rule| !rule.source.is_empty()) {
                let left = free.entry(&rule.source).or_default();
                for against in own.iter().filter(|own| !own.source.is_empty() && own.source != rule.source) {
                    let both = Span::of(rule).and(Span::of(against));
                    let days: Vec<Span> = both.into_iter().flat_map(|both| left.of(both)).collect();
                    for span in days.into_iter().flat_map(|days| by_hand.of(days)) {
                        heard.pair(rule, against, span);
                        let beside = beside(rule, against, span);
                        if restricts(rule, against, self.names) && self.seen.insert(beside.clone()) {
                            self.derived.push(beside);
                        }
                    }
                }
            }
            for rule in covering {
                let of =
                    if rule.source.is_empty() { &mut by_hand } else { free.entry(&rule.source).or_default() };
                of.take(Span::of(rule));
            }
        }
        let differing = heard.said.into_iter().filter(|(_, (_, differs))| *differs);
        let disagreements = differing.map(|(span, (said, _))| Disagreement {
            mount: spot.mount.clone(),
            identifier: spot.identifier.clone(),
            span,
            comes_to: said
                .values()
                .cloned()
                .reduce(|one, other| self.names.stricter(&one, &other))
                .unwrap_or_default(),
            said: said.into_iter().map(|(source, names)| (source.to_owned(), names)).collect(),
        });
        disagreements.collect()
    }
}

/// What sources say of one spot, by the days on which they say it, and whether they differ.
struct Heard<'s> {
    names: &'s Names,
    said: BTreeMap<Span, (BTreeMap<&'s str, Vec<String>>, bool)>,
}

impl<'s> Heard<'s> {
    fn pair(&mut self, one: &'s RuleSpec, other: &'s RuleSpec, days: Span) {
        let (said, differs) = self.said.entry(days).or_default();
        *differs |= one.source != other.source && says_otherwise(one, other, self.names);
        for rule in [one, other] {
            let all = said.entry(&rule.source).or_insert_with(|| self.names.plain(&rule.conditions));
            *all = self.names.stricter(all, &rule.conditions);
        }
    }
}

/// What a rule permits, where that is not everything.
fn permits(rule: &RuleSpec) -> (Vec<Operation>, Option<u32>) {
    let mut operations = rule.operations.clone();
    operations.sort_unstable();
    if operations == Operation::ALL {
        operations.clear();
    }
    (operations, rule.whole_image_px)
}

fn says_otherwise(one: &RuleSpec, other: &RuleSpec, names: &Names) -> bool {
    names.plain(&one.conditions) != names.plain(&other.conditions) || permits(one) != permits(other)
}

/// Whether the one asks for more than the other does alone.
fn restricts(one: &RuleSpec, other: &RuleSpec, names: &Names) -> bool {
    let permitted = permits(one);
    names.stricter(&one.conditions, &other.conditions) != names.plain(&other.conditions)
        || (permitted != (Vec::new(), None) && permitted != permits(other))
}

/// What a rule asks for, on the spot of another one.
fn beside(rule: &RuleSpec, spot: &RuleSpec, span: Span) -> RuleSpec {
    let of = if rule.identifier.is_empty() { "everything" } else { &rule.identifier };
    // Two that differ in their order alone would be the same rule twice in a policy file.
    let mut conditions = rule.conditions.clone();
    conditions.sort_unstable();
    RuleSpec {
        conditions,
        identifier: spot.identifier.clone(),
        matching: spot.matching,
        from: span.from,
        until: span.until,
        source: STRICTER.to_owned(),
        note: format!("{} says so of {of}", rule.source),
        ..rule.clone()
    }
}

#[cfg(test)]
mod tests;
