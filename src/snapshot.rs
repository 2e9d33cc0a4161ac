//! The policy and the revocations, in memory, as one immutable whole.
//!
//! A tile loads one pointer. A change in the store (a login flag, a logout, a device, a pass, a
//! new policy) is a line of its change log; every replica asks for new lines each
//! second, makes a new snapshot of what they touch and swaps the pointer.
//!
//! A changed rule or condition is laid over the policy. A replaced policy is read and compiled anew, which takes seconds if
//! it has millions of rules: meanwhile the one before it is in force, and what is revoked is brought in.

mod load;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use load::Edit;

use crate::clock::{self, UnixSeconds};
use crate::config::LONGEST_SESSION;
use crate::credential::revocation::Revocations;
use crate::policy::condition::AccessCondition;
use crate::policy::mount::Mount;
use crate::policy::rule::RuleSpec;
use crate::policy::{Policy, PolicyError};
use crate::store::{Change, Changed, Changes, RulesNow, Store, StoreError};

/// By how much replicas' clocks may differ, seconds: what concerns a credential is
/// remembered for its lifetime and this much longer.
pub const CLOCK_SLACK: u64 = 3600;
/// What concerns an account is remembered for the longest life that a credential can
/// have, whatever the setting says today: cookies from before a change of it still live.
const REMEMBERED: u64 = LONGEST_SESSION + CLOCK_SLACK;
/// What concerns credentials is read afresh this often, so that what has expired is forgotten.
const FORGET_EVERY: u64 = 3600;
/// So many single rules are read; if more have changed, all are.
const MOST_SINGLE_RULES: usize = 10_000;

/// Everything a tile is judged by.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub policy: Arc<Policy>,
    pub revocations: Revocations,
    sequence: u64,
    loaded: UnixSeconds,
}

impl Snapshot {
    /// The line of the change log up to which it goes.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

/// Why a snapshot could not be made; the policy before it stays.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the policy in the store cannot be used: {0}")]
    Policy(#[from] PolicyError),
    #[error("the service is stopping")]
    Stopping,
}

/// The policy in the store as it would be in force, for a command that asks it, and the line of the change log up to which
/// it goes. Without the texts of its rules, which may be millions.
///
/// # Errors
/// If the store cannot be read or its policy not be used.
pub async fn policy_of(store: &Store, mounts: &[Mount]) -> Result<(Policy, u64), SnapshotError> {
    let (policy, loading) = load::policy(store, mounts, Edit::None).await?;
    Ok((policy, loading.last_sequence()))
}

/// The same with a condition other than it is, as it will be when all is read anew; `None`: removed, and from the rules too.
///
/// # Errors
/// If the store cannot be read or its policy not be used.
pub async fn policy_with_condition(
    store: &Store,
    mounts: &[Mount],
    name: &str,
    condition: Option<AccessCondition>,
) -> Result<(Policy, u64), SnapshotError> {
    let edit = Edit::Condition(name.to_owned(), condition);
    let (policy, loading) = load::policy(store, mounts, edit).await?;
    Ok((policy, loading.last_sequence()))
}

/// The same with one rule changed (`None`: removed), as it will be when all is read anew. Reads all: where
/// [`Policy::edited`] leaves nothing stricter than it need be, that comes to the same.
///
/// # Errors
/// If the store cannot be read or its policy not be used.
pub async fn policy_amended(
    store: &Store,
    mounts: &[Mount],
    (number, rule): (u32, Option<RuleSpec>),
) -> Result<Policy, SnapshotError> {
    Ok(load::policy(store, mounts, Edit::Rule(number, rule)).await?.0)
}

/// Whether enrolled devices may have other conditions with the second policy.
fn differ_for_devices(one: &Policy, other: &Policy) -> bool {
    let bits = |policy: &Policy| -> Vec<Option<u8>> {
        let are_for_devices = policy.conditions.iter().filter(|condition| condition.is_for_devices());
        are_for_devices.map(|condition| policy.conditions.bit(&condition.name)).collect()
    };
    bits(one) != bits(other)
}

/// Whether the policy in force is the one in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Current,
    /// It must be read anew, by [`LivePolicy::refresh`].
    Behind,
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
    /// One change of the snapshot at a time, so that a slow one cannot overwrite a newer one.
    changing: Mutex<()>,
    /// One full load at a time; it takes the other lock for its last step only.
    loading: Mutex<()>,
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
        let (policy, loaded) = load::everything(&store, &mounts, now).await?;
        let revocations = load::revocations(&loaded, &policy);
        let sequence = loaded.last_sequence;
        let snapshot = Snapshot { policy: Arc::new(policy), revocations, sequence, loaded: now };
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
            changing: Mutex::new(()),
            loading: Mutex::new(()),
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

    /// Brings in what the store has that the snapshot has not, also if that takes a full load.
    ///
    /// # Errors
    /// If the store cannot be read, then the present snapshot stays; or if it has a policy
    /// that cannot be used, then the present policy stays.
    pub async fn refresh(&self, now: UnixSeconds) -> Result<(), SnapshotError> {
        let outcome = match self.catch_up(now).await {
            Ok(Standing::Behind) => self.reload(now).await,
            Ok(Standing::Current) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(SnapshotError::Policy(reason)) = &outcome {
            self.unusable.store(Some(Arc::new(reason.to_string())));
        }
        outcome?;
        self.unusable.store(None);
        self.synced_at.store(now, Ordering::Relaxed);
        if self.current.load().policy.wants_merging() {
            let _turn = self.changing.lock().await;
            let present = self.current.load_full();
            let policy = Arc::new(load::merged(Arc::clone(&present.policy)).await?);
            self.current.store(Arc::new(Snapshot { policy, ..Snapshot::clone(&present) }));
        }
        Ok(())
    }

    /// Brings in what is quickly brought in: everything but a replaced policy. For whoever has revoked
    /// something and does not want to wait for a full load.
    ///
    /// # Errors
    /// As [`LivePolicy::refresh`]; what was revoked beside a rule that cannot be used counts all the same.
    pub async fn catch_up(&self, now: UnixSeconds) -> Result<Standing, SnapshotError> {
        let _turn = self.changing.lock().await;
        let present = self.current.load_full();
        let changes = self.store.changes_since(present.sequence).await?;
        let is_time = now.saturating_sub(present.loaded) >= FORGET_EVERY;
        if !is_time && matches!(&changes, Changes::Lines(lines) if lines.is_empty()) {
            return Ok(Standing::Current);
        }
        let mut next = Snapshot::clone(&present);
        let mut outcome = self.bring_in(&mut next, changes, now).await?;
        if is_time {
            self.store.prune(now, REMEMBERED).await?;
            self.read_revocations(&mut next, now).await?;
            next.loaded = now;
            if next.policy.has_lost_rules() {
                outcome = outcome.map(|_| Standing::Behind);
            }
        }
        self.current.store(Arc::new(next));
        outcome.map_err(SnapshotError::Policy)
    }

    /// The inner outcome is whether the policy could be brought up to date as well; `next` can be used in
    /// any case, and has its new sequence only if all is in it.
    async fn bring_in(
        &self,
        next: &mut Snapshot,
        changes: Changes,
        now: UnixSeconds,
    ) -> Result<Result<Standing, PolicyError>, StoreError> {
        let Changes::Lines(lines) = changes else {
            self.read_revocations(next, now).await?;
            return Ok(Ok(Standing::Behind));
        };
        let mut rules = BTreeSet::new();
        let (mut is_replaced, mut is_about_conditions) = (false, false);
        let last = lines.last().map_or(next.sequence, |line| line.sequence);
        for line in &lines {
            match &line.what {
                Changed::Policy => is_replaced = true,
                Changed::Condition(_) => is_about_conditions = true,
                Changed::Rule(number) => {
                    rules.insert(*number);
                }
                Changed::Account(_) | Changed::Session(_) | Changed::Device(_) | Changed::Pass(_) => {}
            }
        }
        is_replaced |= rules.len() > MOST_SINGLE_RULES;
        let mut edited = None;
        if !is_replaced && (is_about_conditions || !rules.is_empty()) {
            edited = self.policy_parts(rules, last).await?;
            is_replaced = edited.is_none();
        }
        // What somebody holds is a matter of the conditions that there are: these come first.
        if let Some((conditions, _)) = &edited {
            match next.policy.with_conditions(conditions.iter().cloned()) {
                Some(policy) => {
                    let has_other_devices = differ_for_devices(&next.policy, &policy);
                    next.policy = Arc::new(policy);
                    if has_other_devices {
                        self.read_revocations(next, now).await?;
                    }
                }
                None => is_replaced = true,
            }
        }
        for Change { what, .. } in lines {
            match what {
                Changed::Account(id) => {
                    let record = self.store.account_record(&id).await?;
                    load::note(&mut next.revocations, &next.policy, id, record.as_ref());
                }
                Changed::Session(id) => {
                    next.revocations.ended_sessions.insert(id);
                }
                Changed::Device(id) => {
                    let bit = self.store.active_device(&id).await?;
                    load::note_device(&mut next.revocations, &next.policy, id, bit);
                }
                Changed::Pass(id) => {
                    let pass = self.store.active_pass(&id, now).await?;
                    load::note_pass(&mut next.revocations, &id, pass);
                }
                Changed::Policy | Changed::Rule(_) | Changed::Condition(_) => {}
            }
        }
        if is_replaced {
            return Ok(Ok(Standing::Behind));
        }
        if let Some((_, rules)) = edited.filter(|(_, rules)| !rules.is_empty()) {
            match next.policy.edited(&rules) {
                Ok(policy) => next.policy = Arc::new(policy),
                Err(error) => return Ok(Err(error)),
            }
        }
        next.sequence = last;
        Ok(Ok(Standing::Current))
    }

    /// The conditions and these rules as they are now; `None` if the whole policy was replaced after the line `last`.
    ///
    /// The conditions are read last: between the two, only new ones can come, so none that a rule names is missing.
    async fn policy_parts(
        &self,
        rules: BTreeSet<u32>,
        last: u64,
    ) -> Result<Option<(Vec<(u8, AccessCondition)>, RulesNow)>, StoreError> {
        let Some(rules) = self.store.rules_now(rules, last).await? else { return Ok(None) };
        let Some(conditions) = self.store.conditions_now(last).await? else { return Ok(None) };
        let conditions = conditions.into_iter().map(|numbered| (numbered.bit, numbered.condition));
        Ok(Some((conditions.collect(), rules)))
    }

    async fn read_revocations(&self, next: &mut Snapshot, now: UnixSeconds) -> Result<(), StoreError> {
        let loaded = self.store.load(now, now.saturating_sub(REMEMBERED)).await?;
        next.revocations = load::revocations(&loaded, &next.policy);
        Ok(())
    }

    /// Everything anew, while the present snapshot is in force. What was revoked meanwhile is brought in
    /// before the new one takes its place.
    async fn reload(&self, now: UnixSeconds) -> Result<(), SnapshotError> {
        let _only = self.loading.lock().await;
        // Whoever had the lock before may have done it.
        if self.catch_up(now).await? == Standing::Current && !self.current.load().policy.has_lost_rules() {
            return Ok(());
        }
        let (policy, loaded) = load::everything(&self.store, &self.mounts, now).await?;
        let revocations = load::revocations(&loaded, &policy);
        let sequence = loaded.last_sequence;
        let mut next = Snapshot { policy: Arc::new(policy), revocations, sequence, loaded: now };
        let _turn = self.changing.lock().await;
        let changes = self.store.changes_since(sequence).await?;
        // If it is behind again, the next refresh will find that.
        let outcome = self.bring_in(&mut next, changes, now).await?;
        self.current.store(Arc::new(next));
        outcome.map(|_| ()).map_err(SnapshotError::Policy)
    }

    /// Refreshes for ever, every `every`; says once when the store goes away and when it is back.
    pub async fn keep_current(self: Arc<Self>, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut failing = false;
        // Ends with this future.
        let mut refreshing = JoinSet::new();
        loop {
            ticks.tick().await;
            if refreshing.is_empty() {
                let live = Arc::clone(&self);
                refreshing.spawn(async move { live.refresh(clock::now()).await });
            } else {
                // A full load goes on: what was revoked does not wait for it. Whatever is wrong, it will tell.
                let _ = self.catch_up(clock::now()).await;
            }
            let Ok(Some(outcome)) = tokio::time::timeout(every, refreshing.join_next()).await else {
                continue;
            };
            let outcome = outcome.unwrap_or_else(|error| match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(SnapshotError::Stopping),
            });
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
