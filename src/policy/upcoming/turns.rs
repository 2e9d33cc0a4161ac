//! What becomes of a rule's spot if another policy takes the place of this one.

use std::collections::BTreeSet;

use super::{Asked, Effect, Turn, asked, looked_at};
use crate::policy::Policy;
use crate::policy::build::{Way, written_for};
use crate::policy::decision::Resource;
use crate::policy::rule::{Match, RuleSpec};

impl Policy {
    /// What becomes of a rule's spot if another policy takes the place of this one: at once, at those of these dates that
    /// make a difference, and at those of other rules there by which it does more or less than at once. Empty if the spot
    /// is on no mount of the settings.
    pub fn turns(
        &self,
        next: &Self,
        rule: &RuleSpec,
        now: u64,
        dates: impl IntoIterator<Item = u64>,
    ) -> Vec<Turn> {
        let Some(spot) = self.spot_of(rule) else { return Vec::new() };
        self.turns_on(next, spot, rule.matching, now, &dates.into_iter().collect())
    }

    /// The same on the other mounts that borrow the rules of this one, where it is something else there: their default may
    /// be another. With the name of the mount.
    pub fn turns_elsewhere(
        &self,
        next: &Self,
        rule: &RuleSpec,
        now: u64,
        dates: impl IntoIterator<Item = u64>,
    ) -> Vec<(String, Vec<Turn>)> {
        let Some(spot) = self.spot_of(rule) else { return Vec::new() };
        let dates = dates.into_iter().collect();
        let first = spot.0;
        let known = self.turns_on(next, spot, rule.matching, now, &dates);
        let others = self.mounts.iter().enumerate();
        let others =
            others.filter(|(position, mount)| *position != first && mount.rules_name() == rule.mount);
        let turns = others.filter_map(|(position, mount)| {
            let way = Way::of(mount);
            let first = written_for(&self.mounts, rule, way);
            let mut identifier = first.read_rule(&rule.identifier).ok()?;
            if way != first {
                identifier = way.read_rule(&identifier).ok()?;
            }
            let turns = self.turns_on(next, (position, identifier), rule.matching, now, &dates);
            (turns != known).then(|| (mount.name.clone(), turns))
        });
        turns.collect()
    }

    fn turns_on(
        &self,
        next: &Self,
        (position, identifier): (usize, String),
        matching: Match,
        now: u64,
        own: &BTreeSet<u64>,
    ) -> Vec<Turn> {
        let turn = |at: Option<u64>| {
            let moment = at.unwrap_or(now);
            let [before, after] =
                [self, next].map(|policy| asked(policy, position, &identifier, matching, moment));
            Turn {
                at,
                before: Asked::of(self, before),
                after: Asked::of(next, after),
                effect: Effect::of(before, after),
            }
        };
        // A rule that is behind a stricter one until some day does nothing until then.
        let resource = Resource { mount: position, identifier: &looked_at(&identifier, matching) };
        let candidates = [self, next].into_iter().flat_map(|policy| policy.candidates(&resource));
        let others = candidates.flat_map(|rule| [rule.from, rule.until]).filter(|date| *date < u64::MAX);
        let dates: BTreeSet<u64> = own.iter().copied().chain(others).filter(|date| *date > now).collect();
        let mut turns = vec![turn(None)];
        for date in dates {
            let next = turn(Some(date));
            let is_news = turns.last().is_none_or(|last| {
                let does_nothing = last.effect == Effect::Stays && next.effect == Effect::Stays;
                (&last.before, &last.after) != (&next.before, &next.after)
                    && (own.contains(&date) || !does_nothing)
            });
            if is_news {
                turns.push(next);
            }
        }
        turns
    }
}
