//! One condition added, changed or removed by itself, however many rules there are: checked as an import checks it, held
//! against the policy's own tests, and only then written.

use crate::audit::Act;
use crate::clock::UnixSeconds;
use crate::gate::promise::{BrokenTest, broken, in_lines};
use crate::policy::condition::{AccessCondition, CLOSED, OPEN};
use crate::policy::document::PolicyDocument;
use crate::policy::file::{self, PolicyFileError};
use crate::policy::{Policy, PolicyError};
use crate::snapshot::{SnapshotError, policy_with_condition};
use crate::store::{ConditionError, ConditionRemoved, Store, StoreError};

/// What is to be done. What is to be changed or removed comes along as it was shown: if it is something else by now, nothing
/// is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionAmendment {
    Add(Box<AccessCondition>),
    Change { shown: Box<AccessCondition>, to: Box<AccessCondition> },
    Remove { shown: Box<AccessCondition> },
}

/// An amendment that may be made: not yet done.
#[derive(Debug)]
pub struct ConditionProposal {
    amendment: ConditionAmendment,
    since: u64,
}

/// Why an amendment was not made; everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum AmendConditionError {
    /// No policy file could have it.
    #[error(transparent)]
    Unlawful(#[from] PolicyFileError),
    /// Tests of the policy would fail.
    #[error("tests of the policy would fail:\n  {}", in_lines(.0))]
    Broken(Vec<BrokenTest>),
    /// Mounts have it as their default in the settings.
    #[error("it is the default of: {}", .0.join(", "))]
    Default(Vec<String>),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Condition(#[from] ConditionError),
    #[error("the service is stopping")]
    Stopping,
}

impl From<StoreError> for AmendConditionError {
    fn from(error: StoreError) -> Self {
        Self::Condition(error.into())
    }
}

impl From<SnapshotError> for AmendConditionError {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::Store(error) => error.into(),
            SnapshotError::Policy(error) => error.into(),
            SnapshotError::Stopping => Self::Stopping,
        }
    }
}

/// The names of the mounts that have a condition as their default.
pub fn defaults_of(policy: &Policy, name: &str) -> Vec<String> {
    let named = policy.mounts().iter().filter(|mount| mount.default == name);
    named.map(|mount| mount.name.clone()).collect()
}

/// Checks an amendment of a policy, which is as of the change log's line `since`.
///
/// # Errors
/// If it could not be used, or a test of the policy would fail.
pub async fn propose(
    store: &Store,
    (policy, since): (&Policy, u64),
    amendment: ConditionAmendment,
    public_origin: &str,
    now: UnixSeconds,
) -> Result<ConditionProposal, AmendConditionError> {
    let (shown, next) = match &amendment {
        ConditionAmendment::Add(condition) => (None, Some(&**condition)),
        ConditionAmendment::Change { shown, to } => (Some(&**shown), Some(&**to)),
        ConditionAmendment::Remove { shown } => (Some(&**shown), None),
    };
    let name = next.or(shown).map_or("", |condition| condition.name.as_str());
    if let Some(condition) = next {
        let alone = PolicyDocument { conditions: vec![condition.clone()], ..PolicyDocument::default() };
        // As a person would write it, so that the same law is read.
        file::read(&file::write(&alone), &[])?;
    } else {
        if name == OPEN || name == CLOSED {
            return Err(ConditionError::BuiltIn(name.to_owned()).into());
        }
        let defaults = defaults_of(policy, name);
        if !defaults.is_empty() {
            return Err(AmendConditionError::Default(defaults));
        }
    }
    let mut since = since;
    let tests = store.policy_tests().await?;
    if !tests.is_empty() {
        let amended = if let Some(policy) = next.and_then(|next| laid_over(policy, next)) {
            policy
        } else {
            // Rules ask for something else then.
            let (policy, read) = policy_with_condition(store, policy.mounts(), name, next.cloned()).await?;
            since = read;
            policy
        };
        let broken = broken(&tests, &amended.enforced(), public_origin, now);
        if !broken.is_empty() {
            return Err(AmendConditionError::Broken(broken));
        }
    }
    Ok(ConditionProposal { amendment, since })
}

/// The policy with this condition, if it can be laid over it, and the tests would be about what is there when all is read
/// anew.
fn laid_over(policy: &Policy, next: &AccessCondition) -> Option<Policy> {
    if policy.has_lost_rules() {
        return None;
    }
    let conditions = || policy.conditions.iter();
    let present = conditions().filter(|condition| condition.name != next.name).cloned();
    let mut all: Vec<(u8, AccessCondition)> =
        present.filter_map(|condition| Some((policy.conditions.bit(&condition.name)?, condition))).collect();
    // Only the store knows the bit of a new one; no rule has one that is free here.
    let free = || (0..=u8::MAX).find(|bit| policy.conditions.get(*bit).is_none());
    all.push((policy.conditions.bit(&next.name).or_else(free)?, next.clone()));
    policy.with_conditions(all)
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionDone {
    Added,
    Changed,
    Removed(ConditionRemoved),
}

impl ConditionProposal {
    /// Makes it.
    ///
    /// # Errors
    /// If the condition or the policy has been changed since it was looked at.
    pub async fn make(self, store: &Store, act: Act) -> Result<ConditionDone, AmendConditionError> {
        let Self { amendment, since } = self;
        Ok(match amendment {
            ConditionAmendment::Add(condition) => {
                store.add_condition(&condition, since, act).await?;
                ConditionDone::Added
            }
            ConditionAmendment::Change { shown, to } => {
                store.change_condition(&shown, &to, since, act).await?;
                ConditionDone::Changed
            }
            ConditionAmendment::Remove { shown } => {
                ConditionDone::Removed(store.remove_condition(&shown, since, act).await?)
            }
        })
    }
}
