//! From the store to a policy: rules are compiled as they are read, away from the threads that answer.

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::{REMEMBERED, SnapshotError};
use crate::clock::UnixSeconds;
use crate::credential::account::{AccountId, DeviceId, PassId};
use crate::credential::pass::Pass;
use crate::credential::revocation::{AccountStanding, Revocations};
use crate::policy::Policy;
use crate::policy::build::Builder;
use crate::policy::condition::{AccessCondition, Conditions};
use crate::policy::mount::Mount;
use crate::policy::rule::RuleSpec;
use crate::store::{AccountRecord, Loaded, Loading, NumberedCondition, RuleBatch, Store};

/// So many batches of rules may wait to be compiled: no more of a large policy is in memory as text.
const WAITING: usize = 2;

/// Everything, as of one moment.
pub(super) async fn everything(
    store: &Store,
    mounts: &[Mount],
    now: UnixSeconds,
) -> Result<(Policy, Loaded), SnapshotError> {
    let (policy, loading) = policy(store, mounts, Edit::None).await?;
    Ok((policy, loading.finish(now, now.saturating_sub(REMEMBERED)).await?))
}

/// What is to be other than it is in the store; `None`: it is not to be.
pub(super) enum Edit {
    None,
    /// The rule of this number.
    Rule(u32, Option<RuleSpec>),
    /// The condition of this name, which is not one of the built-in ones if it is not to be.
    Condition(String, Option<AccessCondition>),
}

impl Edit {
    fn conditions(&self, stored: &mut Vec<NumberedCondition>) {
        let Self::Condition(name, condition) = self else { return };
        match condition {
            None => stored.retain(|numbered| numbered.condition.name != *name),
            Some(condition) => {
                for numbered in stored.iter_mut().filter(|numbered| numbered.condition.name == *name) {
                    numbered.condition.clone_from(condition);
                }
            }
        }
    }

    /// The rule of a number as it is to be.
    fn rule<'r>(&self, number: u32, rule: &'r RuleSpec) -> Option<Cow<'r, RuleSpec>> {
        match self {
            Self::Rule(edited, _) if *edited == number => None,
            Self::Condition(name, None) if rule.conditions.contains(name) => {
                Some(Cow::Owned(rule.without_condition(name)))
            }
            _ => Some(Cow::Borrowed(rule)),
        }
    }
}

/// The policy, with one thing other than it is in the store, and what is still to be read of the same moment.
pub(super) async fn policy(
    store: &Store,
    mounts: &[Mount],
    edit: Edit,
) -> Result<(Policy, Loading), SnapshotError> {
    let mut loading = store.begin_load().await?;
    let mut numbered = std::mem::take(&mut loading.conditions);
    edit.conditions(&mut numbered);
    let numbered = numbered.into_iter().map(|numbered| (numbered.bit, numbered.condition));
    let mut builder = Builder::new(mounts, numbered, loading.most_rules());
    let (sender, mut batches) = mpsc::channel::<RuleBatch>(WAITING);
    let building = spawn_blocking(move || {
        while let Some(batch) = batches.blocking_recv() {
            batch.each(|number, rule| match edit.rule(number, rule) {
                Some(rule) => builder.add(number, &rule).map_err(SnapshotError::from),
                None => Ok(()),
            })?;
        }
        if let Edit::Rule(number, Some(rule)) = &edit {
            builder.add(*number, rule)?;
        }
        Ok::<_, SnapshotError>(builder.finish())
    });
    while let Some(batch) = loading.next_rules().await? {
        if sender.send(batch).await.is_err() {
            // It has stopped at a fault, which it tells below.
            break;
        }
    }
    drop(sender);
    Ok((away(building).await??, loading))
}

/// The policy with its changes merged into it, made on another thread.
pub(super) async fn merged(policy: Arc<Policy>) -> Result<Policy, SnapshotError> {
    away(spawn_blocking(move || policy.merged())).await
}

async fn away<T>(work: tokio::task::JoinHandle<T>) -> Result<T, SnapshotError> {
    match work.await {
        Ok(done) => Ok(done),
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        Err(_) => Err(SnapshotError::Stopping),
    }
}

/// What has been revoked, for a policy's conditions.
pub(super) fn revocations(loaded: &Loaded, policy: &Policy) -> Revocations {
    let mut revocations = Revocations {
        epoch: loaded.epoch,
        accounts: HashMap::with_capacity(loaded.accounts.len()),
        ended_sessions: loaded.ended_sessions.iter().copied().collect(),
        devices: HashMap::with_capacity(loaded.devices.len()),
        passes: Arc::new(loaded.passes.iter().cloned().collect()),
    };
    for (id, bit) in &loaded.devices {
        note_device(&mut revocations, policy, *id, Some(*bit));
    }
    for (id, record) in &loaded.accounts {
        note(&mut revocations, policy, *id, record.as_ref());
    }
    revocations
}

pub(super) fn note(
    revocations: &mut Revocations,
    policy: &Policy,
    id: AccountId,
    record: Option<&AccountRecord>,
) {
    let standing = match record {
        Some(record) if record.active => AccountStanding {
            smallest_generation: Some(record.generation),
            conditions: policy.conditions.set(record.conditions.iter().map(String::as_str)),
            administrator: record.administrator,
        },
        _ => {
            AccountStanding { smallest_generation: None, conditions: Conditions::NONE, administrator: false }
        }
    };
    revocations.accounts.insert(id, standing);
}

/// What a device has now, if it is active: nothing, while its condition is none that devices can have.
pub(super) fn note_device(revocations: &mut Revocations, policy: &Policy, id: DeviceId, bit: Option<u8>) {
    let counts = |bit: &u8| policy.conditions.get(*bit).is_some_and(AccessCondition::is_for_devices);
    match bit {
        Some(bit) => {
            let conditions = Some(bit).filter(counts).map_or(Conditions::NONE, Conditions::only);
            revocations.devices.insert(id, conditions);
        }
        None => {
            revocations.devices.remove(&id);
        }
    }
}

/// A pass as it counts now; `None`: it does not.
pub(super) fn note_pass(revocations: &mut Revocations, id: &PassId, pass: Option<Pass>) {
    let passes = Arc::make_mut(&mut revocations.passes);
    match pass {
        Some(pass) => passes.put(pass),
        None => passes.remove(id),
    }
}
