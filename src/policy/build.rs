//! From settings, conditions and rules to a [`Policy`], one rule at a time: of ten million none is kept as it
//! was written.

use std::collections::BTreeMap;

use super::condition::{AccessCondition, CLOSED, OPEN, Pattern};
use super::index::{Draft, MountRules, Rule};
use super::mount::Mount;
use super::permitted::Permitted;
use super::requirement::{CLOSED_BIT, OPEN_BIT, Requirement};
use super::rule::{self, RuleSpec};
use super::{ConditionTable, Guard, Policy, PolicyError, PolicyWarning};
use crate::iiif::file_name;
use crate::iiif::identifier::{BadIdentifier, ImageServer, canonical_rule_identifier};

/// How a mount's names are read: where two mounts agree, one index of shared rules serves both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    server: ImageServer,
    has_aliases: bool,
    are_files: bool,
}

impl Way {
    pub(super) fn of(mount: &Mount) -> Self {
        Self { server: mount.server, has_aliases: mount.has_aliases(), are_files: mount.has_files() }
    }

    /// A rule's identifier in the form that requests are brought into.
    pub(super) fn read_rule(self, written: &str) -> Result<String, BadIdentifier> {
        if self.are_files {
            file_name::of_rule(written)
        } else {
            canonical_rule_identifier(written, self.server)
        }
    }
}

/// Mounts that share rules may have different image servers, and each reads the same names in its own way: an
/// index for each way.
#[derive(Clone, Debug)]
pub(super) struct Index<R> {
    /// The mount whose rules they are.
    pub(super) of: String,
    pub(super) way: Way,
    pub(super) rules: R,
}

impl<R> Index<R> {
    /// The same with other rules in it.
    pub(super) fn with<S>(&self, rules: S) -> Index<S> {
        Index { of: self.of.clone(), way: self.way, rules }
    }
}

/// A policy that is being made.
#[derive(Debug)]
pub struct Builder {
    mounts: Vec<Mount>,
    conditions: ConditionTable,
    indexes: Vec<Index<Draft>>,
    homeless: BTreeMap<String, usize>,
    with_external: usize,
}

impl Policy {
    /// Compiles settings, conditions and rules; the rules are numbered in their order.
    ///
    /// # Errors
    /// At the first rule that cannot be used: a broken policy is refused whole.
    pub fn build<'r>(
        mounts: &[Mount],
        conditions: impl IntoIterator<Item = (u8, AccessCondition)>,
        rules: impl IntoIterator<Item = &'r RuleSpec>,
    ) -> Result<Self, PolicyError> {
        let rules = rules.into_iter();
        let mut builder = Builder::new(mounts, conditions, rules.size_hint().0);
        for (number, rule) in rules.enumerate() {
            builder.add(u32::try_from(number).map_err(|_| PolicyError::TooManyRules)?, rule)?;
        }
        Ok(builder.finish())
    }
}

impl Builder {
    /// Without rules, with room for about that many.
    pub fn new(
        mounts: &[Mount],
        conditions: impl IntoIterator<Item = (u8, AccessCondition)>,
        rules: usize,
    ) -> Self {
        let conditions = ConditionTable::with_built_in(conditions);
        let mut kinds: Vec<(&str, Way)> = Vec::new();
        for mount in mounts {
            let kind = (mount.rules_name(), Way::of(mount));
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let room = rules.checked_div(kinds.len()).unwrap_or(0);
        let indexes = kinds.into_iter().map(|(of, way)| Index {
            of: of.to_owned(),
            way,
            rules: Draft::new(way.has_aliases, room),
        });
        Self {
            mounts: mounts.to_vec(),
            conditions,
            indexes: indexes.collect(),
            homeless: BTreeMap::new(),
            with_external: 0,
        }
    }

    /// Adds a rule. Its number is its place in the policy, which it keeps when others are added or removed.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn add(&mut self, number: u32, spec: &RuleSpec) -> Result<(), PolicyError> {
        self.with_external += usize::from(self.conditions.has_external_beside_others(&spec.conditions));
        let mut has_home = false;
        for index in self.indexes.iter_mut().filter(|index| index.of == spec.mount) {
            has_home = true;
            let readings = [written_for(&self.mounts, spec, index.way), index.way];
            let (identifier, rule) = compile(number, spec, readings, &self.conditions)?;
            index.rules.insert(&identifier, spec.matching, &rule);
            u32::try_from(index.rules.len()).map_err(|_| PolicyError::TooManyRules)?;
        }
        if !has_home {
            refuse_borrowing(&self.mounts, number, spec)?;
            *self.homeless.entry(spec.mount.clone()).or_default() += 1;
        }
        Ok(())
    }

    /// The policy.
    pub fn finish(self) -> Policy {
        let Self { mounts, conditions, indexes, homeless, with_external } = self;
        let homeless = homeless.into_iter();
        let mut warnings: Vec<PolicyWarning> =
            homeless.map(|(mount, rules)| PolicyWarning::UnknownMount { mount, rules }).collect();
        if with_external > 0 {
            warnings.push(PolicyWarning::ExternalBesideOthers { rules: with_external });
        }
        let finished = indexes.into_iter().map(|index| {
            let Index { of, way, rules } = index;
            Index { of, way, rules: rules.finish() }
        });
        let indexes: Vec<Index<MountRules>> = finished.collect();
        let mut guards = Vec::with_capacity(mounts.len());
        for mount in &mounts {
            let default = default_of(mount, &conditions, &mut warnings);
            guards.push(Guard { mark: mount.mark(), default, rules: rules_of(&indexes, mount) });
        }
        Policy { mounts, guards, indexes, conditions, warnings }
    }
}

impl ConditionTable {
    /// With `open` and `closed`, whether they are among the given ones or not.
    pub(super) fn with_built_in(conditions: impl IntoIterator<Item = (u8, AccessCondition)>) -> Self {
        let built_in = [(OPEN_BIT, OPEN, Pattern::Open), (CLOSED_BIT, CLOSED, Pattern::Closed)];
        let built_in = built_in.map(|(bit, name, pattern)| (bit, AccessCondition::bare(name, pattern)));
        Self::new(built_in.into_iter().chain(conditions))
    }
}

/// What a mount asks for where no rule counts.
pub(super) fn default_of(
    mount: &Mount,
    conditions: &ConditionTable,
    warnings: &mut Vec<PolicyWarning>,
) -> Requirement {
    conditions.requirement([mount.default.as_str()]).unwrap_or_else(|condition| {
        warnings.push(PolicyWarning::UnknownDefault { mount: mount.name.clone(), condition });
        Requirement::CLOSED
    })
}

/// The rules that count on a mount: the same whole for all that share them and read them alike.
pub(super) fn rules_of(indexes: &[Index<MountRules>], mount: &Mount) -> MountRules {
    let is_its = |index: &&Index<MountRules>| index.of == mount.rules_name() && index.way == Way::of(mount);
    indexes.iter().find(is_its).map(|index| index.rules.clone()).unwrap_or_default()
}

/// How the mount reads names that the rule was written for.
pub(super) fn written_for(mounts: &[Mount], spec: &RuleSpec, otherwise: Way) -> Way {
    mounts.iter().find(|mount| mount.name == spec.mount).map_or(otherwise, Way::of)
}

/// A rule for a mount that borrows another one's rules would protect nothing.
pub(super) fn refuse_borrowing(mounts: &[Mount], number: u32, spec: &RuleSpec) -> Result<(), PolicyError> {
    let lender = mounts.iter().find(|mount| mount.name == spec.mount).and_then(|mount| mount.rules.clone());
    lender.map_or(Ok(()), |of| {
        Err(PolicyError::BorrowingMount {
            number: written(number),
            mount: spec.mount.clone(),
            identifier: spec.identifier.clone(),
            of,
        })
    })
}

/// The number that people count with.
pub(super) fn written(number: u32) -> usize {
    usize::try_from(number).map_or(usize::MAX, |number| number.saturating_add(1))
}

pub(super) fn compile(
    number: u32,
    spec: &RuleSpec,
    // First the mount that the rule names: it is written for that one. Then the one that it is used on.
    readings: [Way; 2],
    conditions: &ConditionTable,
) -> Result<(String, Rule), PolicyError> {
    let names = || (written(number), spec.mount.clone(), spec.identifier.clone());
    if spec.conditions.is_empty() {
        let (number, mount, identifier) = names();
        return Err(PolicyError::NoCondition { number, mount, identifier });
    }
    let requirement = conditions.requirement(spec.conditions.iter().map(String::as_str));
    let requirement = requirement.map_err(|condition| {
        let (number, mount, identifier) = names();
        PolicyError::UnknownCondition { number, mount, identifier, condition }
    })?;
    let read = |way: Way, text: &str| {
        way.read_rule(text).map_err(|bad| {
            let (number, mount, identifier) = names();
            PolicyError::BadIdentifier { number, mount, identifier, reason: bad.reason() }
        })
    };
    let [first, then] = readings;
    let mut canonical = read(first, &spec.identifier)?;
    if then != first {
        canonical = read(then, &canonical)?;
    }
    let rule = Rule {
        number,
        from: spec.from.map_or(0, rule::utc_midnight),
        until: spec.until.map_or(u64::MAX, rule::utc_midnight),
        requirement: requirement.permitting(Permitted::by(spec)),
    };
    Ok((canonical, rule))
}
