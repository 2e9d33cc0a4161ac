//! What the in-memory snapshot is made from.

use sqlx::{Any, AnyConnection, Transaction};

use super::account::{AccountRecord, generation, held_conditions};
use super::device::read_active_devices;
use super::pass::read_active_passes;
use super::policy::{NumberedCondition, read_conditions};
use super::{RuleBatch, Store, StoreError, compact, identity, signed, unsigned};
use crate::clock::UnixSeconds;
use crate::credential::account::{AccountId, DeviceId, SessionId, StoreEpoch};
use crate::credential::pass::Pass;

/// Positions of rules that are read as one row.
const BATCH: i64 = 4096;

/// What the snapshot knows of credentials, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    pub epoch: StoreEpoch,
    /// The newest line of the change log that is contained; ask
    /// [`Store::changes_since`] for what came after it.
    pub last_sequence: u64,
    /// The accounts that changed lately; `None`: removed.
    pub accounts: Vec<(AccountId, Option<AccountRecord>)>,
    pub ended_sessions: Vec<SessionId>,
    /// The devices that are enrolled and not revoked, each with the bit of its condition.
    pub devices: Vec<(DeviceId, u8)>,
    /// The passes that are neither revoked nor expired.
    pub passes: Vec<Pass>,
}

/// Everything the snapshot needs, being read in one read transaction, so that no change can fall between its
/// parts: the rules first, which may be many, and at the end the rest.
#[derive(Debug)]
pub struct Loading {
    reading: Transaction<'static, Any>,
    epoch: StoreEpoch,
    last_sequence: u64,
    /// As in [`super::StoredPolicy`].
    pub conditions: Vec<NumberedCondition>,
    next: i64,
    end: i64,
}

impl Loading {
    /// There are no more rules than that.
    pub fn most_rules(&self) -> usize {
        usize::try_from(self.end).unwrap_or(0)
    }

    /// The newest line of the change log that is contained.
    pub fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    /// Some thousand rules more; `None` after the last.
    pub async fn next_rules(&mut self) -> Result<Option<RuleBatch>, StoreError> {
        while self.next < self.end {
            let from = self.next;
            self.next += BATCH;
            let rules: Option<String> = sqlx::query_scalar(
                "SELECT string_agg(position || ':' || COALESCE(compact, document), $1) \
                 FROM rule WHERE position >= $2 AND position < $3",
            )
            .bind(compact::RULE)
            .bind(from)
            .bind(self.next)
            .fetch_one(&mut *self.reading)
            .await?;
            if let Some(rules) = rules {
                return Ok(Some(RuleBatch(rules)));
            }
        }
        Ok(None)
    }

    /// What is known of credentials; `since` as in [`Store::account_standings`].
    pub async fn finish(mut self, now: UnixSeconds, since: UnixSeconds) -> Result<Loaded, StoreError> {
        Ok(Loaded {
            epoch: self.epoch,
            last_sequence: self.last_sequence,
            accounts: read_standings(&mut self.reading, since).await?,
            ended_sessions: read_ended_sessions(&mut self.reading, now).await?,
            devices: read_active_devices(&mut self.reading).await?,
            passes: read_active_passes(&mut self.reading, now).await?,
        })
    }
}

impl Store {
    /// Begins to read everything that the snapshot needs.
    pub async fn begin_load(&self) -> Result<Loading, StoreError> {
        let mut reading = self.begin_read().await?;
        let (epoch, sequence): (String, i64) =
            sqlx::query_as("SELECT epoch, sequence FROM meta WHERE id = 1").fetch_one(&mut *reading).await?;
        let last: Option<i64> =
            sqlx::query_scalar("SELECT MAX(position) FROM rule").fetch_one(&mut *reading).await?;
        Ok(Loading {
            epoch: identity(&epoch)?,
            last_sequence: unsigned(sequence)?,
            conditions: read_conditions(&mut reading, true).await?,
            next: 0,
            end: last.map_or(0, |last| last.saturating_add(1)),
            reading,
        })
    }

    /// What is known of credentials, without the policy.
    pub async fn load(&self, now: UnixSeconds, since: UnixSeconds) -> Result<Loaded, StoreError> {
        self.begin_load().await?.finish(now, since).await
    }

    /// The accounts with a change-log line of `since` or later, as they are now; `None`: removed.
    ///
    /// `since` must reach back the longest life of a credential plus the largest difference
    /// between two replicas' clocks, like what is kept by [`Store::prune`].
    pub async fn account_standings(
        &self,
        since: UnixSeconds,
    ) -> Result<Vec<(AccountId, Option<AccountRecord>)>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_standings(&mut reading, since).await
    }

    /// The ended sessions of which some credential has not expired by itself at `now`.
    pub async fn ended_sessions(&self, now: UnixSeconds) -> Result<Vec<SessionId>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_ended_sessions(&mut reading, now).await
    }
}

async fn read_standings(
    connection: &mut AnyConnection,
    since: UnixSeconds,
) -> Result<Vec<(AccountId, Option<AccountRecord>)>, StoreError> {
    let since = signed(since);
    let rows = sqlx::query_as::<_, (String, Option<i64>, Option<i64>, Option<i64>)>(
        "SELECT recent.key, a.generation, a.active, a.administrator \
         FROM (SELECT DISTINCT key FROM policy_change WHERE kind = 'account' AND at >= $1) recent \
         LEFT JOIN account a ON a.id = recent.key",
    )
    .bind(since)
    .fetch_all(&mut *connection)
    .await?;
    let mut held = held_conditions(
        connection,
        "SELECT held.account, c.name FROM account_condition held \
         JOIN access_condition c ON c.bit = held.bit \
         WHERE held.account IN (SELECT key FROM policy_change WHERE kind = 'account' AND at >= $1)",
        since,
    )
    .await?;
    rows.into_iter()
        .map(|(key, raised, active, administrator)| {
            let record = match (raised, active, administrator) {
                (Some(raised), Some(active), Some(administrator)) => Some(AccountRecord {
                    generation: generation(raised)?,
                    active: active != 0,
                    administrator: administrator != 0,
                    conditions: held.remove(&key).unwrap_or_default(),
                }),
                _ => None,
            };
            Ok((identity(&key)?, record))
        })
        .collect()
}

async fn read_ended_sessions(
    connection: &mut AnyConnection,
    now: UnixSeconds,
) -> Result<Vec<SessionId>, StoreError> {
    sqlx::query_scalar::<_, String>("SELECT id FROM ended_session WHERE expires > $1")
        .bind(signed(now))
        .fetch_all(connection)
        .await?
        .iter()
        .map(|id| identity(id))
        .collect()
}
