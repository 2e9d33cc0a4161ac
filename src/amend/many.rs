//! Many rules added at once, all or none: those of a manifest, for example.

use std::collections::{BTreeSet, HashSet};

use super::{AmendError, dates};
use crate::audit::Act;
use crate::clock::UnixSeconds;
use crate::gate::promise::broken;
use crate::policy::Policy;
use crate::policy::edit::CheckedRule;
use crate::policy::rule::RuleSpec;
use crate::policy::upcoming::Turn;
use crate::store::Store;

/// Rules that may be added: what they would do, not yet done.
#[derive(Debug)]
pub struct ManyRules {
    rules: Vec<CheckedRule>,
    since: u64,
    /// How many tests passed.
    pub tests: usize,
    /// What becomes of each spot, at once and by dates; of those that are there already, too. A mount that borrows the
    /// rules is told of where it is something else there.
    pub effects: Vec<Vec<Turn>>,
}

/// Checks rules that are to be added to a policy, which is as of the change log's line `since`. Those that it has already are
/// left out.
///
/// # Errors
/// If one of them could not be used, or a test of the policy would fail.
pub async fn propose_many(
    store: &Store,
    (policy, since): (&Policy, u64),
    rules: &[RuleSpec],
    public_origin: &str,
    now: UnixSeconds,
) -> Result<ManyRules, AmendError> {
    let behind = u32::try_from(policy.rule_count()).unwrap_or(u32::MAX);
    let (mut checked, mut changes) = (Vec::new(), Vec::new());
    // A rule of a folder is beside all that are in it: asked for once.
    let beside: BTreeSet<u32> = rules.iter().flat_map(|rule| policy.beside(rule)).collect();
    let beside = store.rules_by_number(&beside.into_iter().collect::<Vec<_>>()).await?;
    let present: HashSet<RuleSpec> = beside.values().map(RuleSpec::normal).collect();
    for (rule, number) in rules.iter().zip((0..=u32::MAX).rev()) {
        if present.contains(&rule.normal()) {
            continue;
        }
        checked.push(policy.checked(rule.clone(), behind)?);
        // Behind all others the numbers mean no other rules; where they come to stand only the store knows.
        changes.push((number, Some(rule.clone())));
    }
    let amended = policy.edited(&changes)?;
    let effects = rules.iter().flat_map(|rule| {
        let elsewhere = policy.turns_elsewhere(&amended, rule, now, dates(rule));
        let own = policy.turns(&amended, rule, now, dates(rule));
        std::iter::once(own).chain(elsewhere.into_iter().map(|(_, turns)| turns))
    });
    let effects: Vec<_> = effects.filter(|turns| !turns.is_empty()).collect();
    let tests = store.policy_tests().await?;
    let broken = broken(&tests, &amended.enforced(), public_origin, now);
    if !broken.is_empty() {
        return Err(AmendError::Broken { tests: tests.len().to_string(), broken });
    }
    Ok(ManyRules { effects, rules: checked, since, tests: tests.len() })
}

impl ManyRules {
    /// How many rules are added.
    pub fn count(&self) -> usize {
        self.rules.len()
    }

    /// Adds them.
    ///
    /// # Errors
    /// If the policy has been changed since it was looked at.
    pub async fn make(self, store: &Store, act: Act) -> Result<usize, AmendError> {
        store.add_rules(&self.rules, self.since, act).await?;
        Ok(self.rules.len())
    }
}
