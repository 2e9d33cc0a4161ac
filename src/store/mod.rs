//! The only SQL of the house: accounts, sessions, devices, passes, the policy and the change log.
//!
//! One portable set of statements serves `SQLite` and `PostgreSQL` (sqlx `Any`,
//! `docs/decisions/0001`): TEXT and BIGINT columns, `$1` placeholders, no
//! auto-increment. The tests run on both engines.
//!
//! | file | what it holds |
//! |---|---|
//! | `connect` | from `TILEGATE_DATABASE_URL` to a migrated [`Store`]; the store epoch |
//! | `account` | accounts and the conditions they hold |
//! | `audit` | who did what, in lines that are chained to one another |
//! | `device` | enrolled devices and their codes |
//! | `pass` | passes, and when they were used |
//! | `policy` | conditions and their bits, rules, tests |
//! | `condition` | conditions one by one, and what names or holds them |
//! | `rule`, `compact` | rules one by one; many of them in few bytes |
//! | `change` | the change log and ended sessions |
//! | `session` | the sessions that an account has |
//! | `password_link` | one-time links, and passwords that people set themselves |
//! | `registration` | people who ask for an account |
//! | `second_factor` | second factors and recovery codes |
//! | `backup` | a copy of the database as one file |
//! | `deleted` | what was deleted and can be had back |
//! | `count` | how many accounts and rules there are |
//! | `excerpt` | single rules, those with dates, and the conditions in use |
//! | `load` | what the in-memory snapshot is made from, read as of one moment |
//!
//! Every write transaction begins by locking the one row of `meta`
//! ([`Store::begin`]): writers follow one another on both engines, so what a
//! writer has checked (a free name, an existing condition) holds until it commits,
//! and a reader of the change log never meets line 8 before line 7
//! (`docs/decisions/0006`). Each is somebody's [`Act`], and ends with the lines of the audit trail that tell of it.

use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::audit::Act;
use crate::audit::chain::AuditKeys;
use crate::clock::UnixSeconds;
use crate::credential::account::{AccountId, DeviceId, Id128, PassId, SessionId};

mod account;
mod audit;
mod backup;
mod change;
mod compact;
mod condition;
mod connect;
mod count;
mod deleted;
mod device;
mod excerpt;
mod held;
mod load;
mod pass;
mod password_link;
mod policy;
mod refusal;
mod registration;
mod rule;
mod second_factor;
mod session;

pub use account::{
    AccountChange, AccountError, AccountPage, AccountPlan, AccountQuery, AccountRecord, AccountSort,
    AccountState, Imported, ListedAccount, NewAccount, NewLink,
};
pub use audit::{AuditError, AuditFilter};
pub use backup::BackupError;
pub use change::Changes;
pub use compact::RuleBatch;
pub use condition::{ConditionError, ConditionInUse, ConditionRemoved, ConditionUse};
pub use connect::ConnectError;
pub use count::Counts;
pub use deleted::{DeletedAccount, DeletedRule, RESTORABLE, Restored};
pub use device::{Device, DeviceError, NewDevice};
pub use excerpt::RuleQuery;
pub use load::{Loaded, Loading};
pub use pass::{MOST_OF_A_MAKER, NewPass, PassError, PassPage, PassQuery, PassState, StoredPass};
pub use policy::{NumberedCondition, StoredPolicy};
pub use refusal::ReplaceError;
pub use registration::{Approval, NewRegistration, REGISTRATION_WAITS, Registration, RegistrationPage};
pub use rule::{RuleEdit, RuleError, RulesNow};
pub use second_factor::StoredFactor;
pub use session::{NewSession, NewViewerSession, Session};

/// A connection pool to the database, migrated and with its epoch made.
///
/// Cheap to clone; all clones share the pool.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    /// Fewer than the pool has connections: however many writers wait, the poll for
    /// changes finds one free, and revocations still arrive.
    writers: Arc<Semaphore>,
    /// What signs the audit trail.
    audit: Arc<AuditKeys>,
}

/// The few places where the two engines need other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database does not answer as it should: {0}")]
    Database(#[from] sqlx::Error),
    /// A row does not hold what only Tilegate could have written there.
    #[error("the database is damaged: {0}")]
    Damaged(String),
}

/// A line of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sequence: u64,
    pub what: Changed,
    /// When, by the writer's clock, but never before the line above it (see
    /// `change.rs`); only pruning and the choice of recent accounts use it.
    pub at: UnixSeconds,
}

/// What a line of the change log is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// An account was made, changed or removed.
    Account(AccountId),
    /// A session was ended.
    Session(SessionId),
    /// A device was enrolled or revoked.
    Device(DeviceId),
    /// A pass was made or revoked.
    Pass(PassId),
    /// The policy was replaced as a whole.
    Policy,
    /// The rule of this number was added, changed or removed.
    Rule(u32),
    /// The condition of this bit was added or changed, and rules ask for what they asked for.
    Condition(u8),
}

/// A write transaction that holds the lock on `meta`. Dropped without
/// [`Writing::commit`], it changes nothing.
struct Writing {
    transaction: Transaction<'static, Any>,
    act: Act,
    audit: Arc<AuditKeys>,
    latest: UnixSeconds,
    _permit: OwnedSemaphorePermit,
}

impl Store {
    /// What kind of database it is, by the name that people know.
    pub fn database(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// A transaction in which every statement sees the database as of one moment.
    async fn begin_read(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(match self.engine {
            // The first SELECT takes the snapshot.
            Engine::Sqlite => self.pool.begin().await?,
            Engine::Postgres => {
                self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?
            }
        })
    }

    /// A transaction that no other writer overlaps.
    async fn begin(&self, act: Act) -> Result<Writing, StoreError> {
        let Ok(permit) = Arc::clone(&self.writers).acquire_owned().await else {
            return Err(StoreError::Database(sqlx::Error::PoolClosed));
        };
        let mut transaction = match self.engine {
            // A transaction that begins by reading could not be made a writing one while
            // another writes: SQLite would refuse it at once instead of waiting.
            Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => self.pool.begin().await?,
        };
        // An UPDATE that changes nothing is the portable way to lock a row.
        let latest: i64 =
            sqlx::query_scalar("UPDATE meta SET sequence = sequence WHERE id = 1 RETURNING latest")
                .fetch_one(&mut *transaction)
                .await?;
        let audit = Arc::clone(&self.audit);
        Ok(Writing { transaction, act, audit, latest: unsigned(latest)?, _permit: permit })
    }

    /// Closes all connections; the store answers nothing any more.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Writing {
    fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Without a line in the audit trail: housekeeping, and what is of no account.
    async fn commit_untold(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

/// A time or a number as a BIGINT; what does not fit is farther away than any clock.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged(format!("a number below zero: {number}")))
}

fn identity(text: &str) -> Result<Id128, StoreError> {
    Id128::parse(text).ok_or_else(|| StoreError::Damaged(format!("not an identity: {text:?}")))
}
