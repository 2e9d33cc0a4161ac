//! One changed rule among ten million: a policy that is laid over the one before it.

use super::build::{Index, compile, default_of, refuse_borrowing, rules_of, written, written_for};
use super::condition::AccessCondition;
use super::decision::Resource;
use super::index::{MountRules, Rule};
use super::rule::{Match, RuleSpec};
use super::{ConditionTable, Policy, PolicyError, PolicyWarning};

/// So many changes are laid over a policy before they are merged into it. Each edit copies them.
const MOST_CHANGES: usize = 1024;

/// A rule that this policy could take: what is written to the store by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRule(RuleSpec);

impl CheckedRule {
    pub fn spec(&self) -> &RuleSpec {
        &self.0
    }
}

impl Policy {
    /// A rule that is to be written by itself.
    ///
    /// # Errors
    /// If it could not be used, or is for a mount that there is not. The number in the message is that of the
    /// rule it is to replace.
    pub fn checked(&self, spec: RuleSpec, number: u32) -> Result<CheckedRule, PolicyError> {
        let mut has_home = false;
        for compiled in self.compiled(number, &spec) {
            compiled?;
            has_home = true;
        }
        if !has_home {
            refuse_borrowing(&self.mounts, number, &spec)?;
            let RuleSpec { mount, identifier, .. } = spec;
            return Err(PolicyError::UnknownMount { number: written(number), mount, identifier });
        }
        Ok(CheckedRule(spec))
    }

    /// The numbers of the rules that could apply where this one stands: one that is the same is among them.
    pub fn beside(&self, spec: &RuleSpec) -> Vec<u32> {
        let Some((mount, identifier)) = self.spot_of(spec) else { return Vec::new() };
        self.candidates(&Resource { mount, identifier: &identifier }).iter().map(|rule| rule.number).collect()
    }

    /// The policy after changes: each a rule's number, and what it says now (`None`: it is removed). Costs what
    /// has changed since the last [`Policy::merged`], however many rules there are.
    ///
    /// Where names have aliases, summaries of a folder stay as strict as they were after a rule was removed
    /// ([`Policy::has_lost_rules`]). Warnings are those of the policy before.
    ///
    /// # Errors
    /// At the first rule that cannot be used: then nothing of it is.
    pub fn edited(&self, changes: &[(u32, Option<RuleSpec>)]) -> Result<Self, PolicyError> {
        let mut added: Vec<Vec<(String, Match, Rule)>> = vec![Vec::new(); self.indexes.len()];
        for (number, spec) in changes {
            let Some(spec) = spec else { continue };
            let mut has_home = false;
            for compiled in self.compiled(*number, spec) {
                let (place, identifier, rule) = compiled?;
                has_home = true;
                if let Some(added) = added.get_mut(place) {
                    added.push((identifier, spec.matching, rule));
                }
            }
            if !has_home {
                refuse_borrowing(&self.mounts, *number, spec)?;
            }
        }
        let numbers = || changes.iter().map(|(number, _)| *number);
        let indexes = self.indexes.iter().zip(&added).map(|(index, added)| {
            let added = added.iter().map(|(identifier, matching, rule)| (&**identifier, *matching, *rule));
            index.with(index.rules.edited(numbers(), added))
        });
        Ok(self.with_indexes(indexes.collect()))
    }

    /// The policy with these conditions instead of its own, however many rules there are: rules keep what they ask for, and
    /// what a condition says of itself (texts, sizes, networks, how one comes to hold it) is looked up in the table.
    ///
    /// `None` where rules would have to be read anew: a condition is gone, or it has become `open` or `closed` or ceased to
    /// be, which is folded into the rules.
    pub fn with_conditions(
        &self,
        conditions: impl IntoIterator<Item = (u8, AccessCondition)>,
    ) -> Option<Self> {
        let conditions = ConditionTable::with_built_in(conditions);
        for condition in self.conditions.iter() {
            let bit = self.conditions.bit(&condition.name)?;
            let next = conditions.get(bit).filter(|next| next.name == condition.name)?;
            if condition.pattern.is_folded_otherwise(next.pattern) {
                return None;
            }
        }
        let mut warnings = self.warnings.clone();
        warnings.retain(|warning| !matches!(warning, PolicyWarning::UnknownDefault { .. }));
        let mut guards = self.guards.clone();
        for (guard, mount) in guards.iter_mut().zip(&self.mounts) {
            guard.default = default_of(mount, &conditions, &mut warnings);
        }
        Some(Self { guards, conditions, warnings, ..self.clone() })
    }

    /// Whether so much has changed that it is time for [`Policy::merged`].
    pub fn wants_merging(&self) -> bool {
        self.indexes.iter().any(|index| index.rules.changes() >= MOST_CHANGES)
    }

    /// The same policy, with all changes in one table. Copies every rule: nothing to wait for.
    pub fn merged(&self) -> Self {
        let indexes = self.indexes.iter().map(|index| index.with(index.rules.merged()));
        self.with_indexes(indexes.collect())
    }

    /// Whether a name above rules may be asked for more than it need be, because one of them was changed or
    /// removed: until the policy is built anew.
    pub fn has_lost_rules(&self) -> bool {
        self.indexes.iter().any(|index| index.rules.has_lost_rules())
    }

    /// The rule as each index of its mount has it, with the index's place.
    fn compiled(
        &self,
        number: u32,
        spec: &RuleSpec,
    ) -> impl Iterator<Item = Result<(usize, String, Rule), PolicyError>> {
        let of_mount = self.indexes.iter().enumerate().filter(|(_, index)| index.of == spec.mount);
        of_mount.map(move |(place, index)| {
            let readings = [written_for(&self.mounts, spec, index.way), index.way];
            let (identifier, rule) = compile(number, spec, readings, &self.conditions)?;
            Ok((place, identifier, rule))
        })
    }

    fn with_indexes(&self, indexes: Vec<Index<MountRules>>) -> Self {
        let mut guards = self.guards.clone();
        for (guard, mount) in guards.iter_mut().zip(&self.mounts) {
            guard.rules = rules_of(&indexes, mount);
        }
        Self { guards, indexes, ..self.clone() }
    }
}
