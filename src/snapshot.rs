//! The policy and the revocations, in memory, as one immutable whole.
//!
//! A tile loads one pointer. A change in the store (a login flag, a logout, a device, a
//! new policy) is a line of its change log; every replica asks for new lines each
//! second, makes a new snapshot of what they touch and swaps the pointer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use tokio::sync::Mutex;

use crate::clock::{self, UnixSeconds};
use crate::config::LONGEST_SESSION;
use crate::credential::account::{AccountId, DeviceId};
use crate::credential::revocation::{AccountStanding, Revocations};
use crate::policy::condition::{AccessCondition, Conditions};
use crate::policy::mount::Mount;
use crate::policy::{Policy, PolicyError};
use crate::store::{AccountRecord, Changed, Changes, Loaded, Store, StoreError, StoredPolicy};

/// By how much replicas' clocks may differ, seconds: what concerns a credential is
/// remembered for its lifetime and this much longer.
pub const CLOCK_SLACK: u64 = 3600;
/// What concerns an account is remembered for the longest life that a credential can
/// have, whatever the setting says today: cookies from before a change of it still live.
const REMEMBERED: u64 = LONGEST_SESSION + CLOCK_SLACK;
/// Everything is read afresh this often, so that what has expired is forgotten.
const FULL_LOAD_EVERY: u64 = 3600;

/// Everything a tile is judged by.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub policy: Arc<Policy>,
    pub revocations: Revocations,
    sequence: u64,
    loaded: UnixSeconds,
}

/// Why a snapshot could not be made; the policy before it stays.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the policy in the store cannot be used: {0}")]
    Policy(#[from] PolicyError),
}

/// The present snapshot, and how to bring it up to date.
pub struct LivePolicy {
    store: Store,
    mounts: Vec<Mount>,
    max_stale: u64,
    current: ArcSwap<Snapshot>,
    synced_at: AtomicU64,
    /// Why the policy in the store is not the one in force, if it cannot be used.
    unusable: ArcSwapOption<String>,
    /// One refresh at a time, so that a slow one cannot overwrite a newer one.
    refreshing: Mutex<()>,
}

impl LivePolicy {
    /// Loads the first snapshot.
    ///
    /// # Errors
    /// If the store cannot be read or its policy not be used: nothing is served then.
    pub async fn load(
        store: Store,
        mounts: Vec<Mount>,
        max_stale: u64,
        now: UnixSeconds,
    ) -> Result<Self, SnapshotError> {
        let snapshot = compiled(&load(&store, now).await?, &mounts, now)?;
        for warning in &snapshot.policy.warnings {
            tracing::warn!("{warning}");
        }
        Ok(Self {
            store,
            mounts,
            max_stale,
            current: ArcSwap::from_pointee(snapshot),
            synced_at: AtomicU64::new(now),
            unusable: ArcSwapOption::empty(),
            refreshing: Mutex::new(()),
        })
    }

    /// The present snapshot; a pointer load.
    pub fn current(&self) -> Guard<Arc<Snapshot>> {
        self.current.load()
    }

    /// When the store was last heard of.
    pub fn synced_at(&self) -> UnixSeconds {
        self.synced_at.load(Ordering::Relaxed)
    }

    /// Why the policy in the store cannot be used, so that the one before it is in force;
    /// `None` if it can be.
    pub fn unusable(&self) -> Option<Arc<String>> {
        self.unusable.load_full()
    }

    /// Whether credentials still count: the store was heard of within
    /// `TILEGATE_MAX_STALE_SECONDS` (S18).
    pub fn is_fresh(&self, now: UnixSeconds) -> bool {
        now.saturating_sub(self.synced_at()) <= self.max_stale
    }

    /// Brings in what the store has that the snapshot has not.
    ///
    /// # Errors
    /// If the store cannot be read, then the present snapshot stays; or if it has a policy
    /// that cannot be used, then the present policy stays.
    pub async fn refresh(&self, now: UnixSeconds) -> Result<(), SnapshotError> {
        let _turn = self.refreshing.lock().await;
        let present = self.current.load_full();
        let changes = if now.saturating_sub(present.loaded) >= FULL_LOAD_EVERY {
            self.store.prune(now, REMEMBERED).await?;
            Changes::Gap
        } else {
            self.store.changes_since(present.sequence).await?
        };
        let next = self.next(&present, changes, now).await;
        if let Err(SnapshotError::Policy(reason)) = &next {
            self.unusable.store(Some(Arc::new(reason.to_string())));
        }
        if let Some(next) = next? {
            self.current.store(Arc::new(next));
        }
        self.unusable.store(None);
        self.synced_at.store(now, Ordering::Relaxed);
        Ok(())
    }

    async fn next(
        &self,
        present: &Snapshot,
        changes: Changes,
        now: UnixSeconds,
    ) -> Result<Option<Snapshot>, SnapshotError> {
        let changes = match changes {
            Changes::Gap => return self.reload(present, now).await.map(Some),
            Changes::Lines(lines) if lines.is_empty() => return Ok(None),
            Changes::Lines(lines) => lines,
        };
        if changes.iter().any(|change| change.what == Changed::Policy) {
            return self.reload(present, now).await.map(Some);
        }
        let mut next = present.clone();
        for change in changes {
            match change.what {
                Changed::Account(id) => {
                    let record = self.store.account_record(&id).await?;
                    note(&mut next.revocations, &next.policy, id, record.as_ref());
                }
                Changed::Session(id) => {
                    next.revocations.ended_sessions.insert(id);
                }
                Changed::Device(id) => {
                    let bit = self.store.active_device(&id).await?;
                    note_device(&mut next.revocations, &next.policy, id, bit);
                }
                Changed::Policy => {}
            }
            next.sequence = next.sequence.max(change.sequence);
        }
        Ok(Some(next))
    }

    /// Everything anew. A policy that cannot be used must not hold up what was revoked
    /// beside it: that is taken at once, by the policy that stays, and all of it is
    /// read again at the next refresh.
    async fn reload(&self, present: &Snapshot, now: UnixSeconds) -> Result<Snapshot, SnapshotError> {
        let loaded = load(&self.store, now).await?;
        compiled(&loaded, &self.mounts, now).map_err(|error| {
            let revocations = revocations(&loaded, &present.policy);
            let policy = Arc::clone(&present.policy);
            let (sequence, loaded) = (present.sequence, present.loaded);
            self.current.store(Arc::new(Snapshot { policy, revocations, sequence, loaded }));
            error.into()
        })
    }

    /// Refreshes for ever, every `every`; says once when the store goes away and when it is back.
    pub async fn keep_current(self: Arc<Self>, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            ticks.tick().await;
            let outcome = self.refresh(clock::now()).await;
            match (&outcome, failing) {
                (Ok(()), true) => tracing::info!("the store answers again"),
                (Err(error), false) => {
                    tracing::error!(%error, "the snapshot cannot be brought up to date; the present one stays");
                }
                _ => {}
            }
            failing = outcome.is_err();
        }
    }
}

async fn load(store: &Store, now: UnixSeconds) -> Result<Loaded, StoreError> {
    store.load(now, now.saturating_sub(REMEMBERED)).await
}

fn compiled(loaded: &Loaded, mounts: &[Mount], now: UnixSeconds) -> Result<Snapshot, PolicyError> {
    let StoredPolicy { conditions, rules, .. } = &loaded.policy;
    let numbered = conditions.iter().map(|numbered| (numbered.bit, numbered.condition.clone()));
    let policy = Policy::build(mounts, numbered, rules)?;
    let revocations = revocations(loaded, &policy);
    Ok(Snapshot { policy: Arc::new(policy), revocations, sequence: loaded.last_sequence, loaded: now })
}

fn revocations(loaded: &Loaded, policy: &Policy) -> Revocations {
    let mut revocations = Revocations {
        epoch: loaded.epoch,
        accounts: std::collections::HashMap::with_capacity(loaded.accounts.len()),
        ended_sessions: loaded.ended_sessions.iter().copied().collect(),
        devices: std::collections::HashMap::with_capacity(loaded.devices.len()),
    };
    for (id, bit) in &loaded.devices {
        note_device(&mut revocations, policy, *id, Some(*bit));
    }
    for (id, record) in &loaded.accounts {
        note(&mut revocations, policy, *id, record.as_ref());
    }
    revocations
}

fn note(revocations: &mut Revocations, policy: &Policy, id: AccountId, record: Option<&AccountRecord>) {
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
fn note_device(revocations: &mut Revocations, policy: &Policy, id: DeviceId, bit: Option<u8>) {
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
