//! The only SQL of the house: accounts, the policy, ended sessions and the change log.
//!
//! One portable set of statements serves SQLite and PostgreSQL (sqlx `Any`,
//! `docs/decisions/0001`): TEXT and BIGINT columns, `$1` placeholders, no
//! auto-increment. The tests run on both engines.

use crate::clock::UnixSeconds;
use crate::credential::account::{Account, AccountId, SessionId, StoreEpoch, Username};
use crate::policy::condition::{AccessCondition, Conditions};
use crate::policy::document::PolicyDocument;

/// A connection pool to the database, migrated and with its epoch read.
#[derive(Clone, Debug)]
pub struct Store {}

/// A new account as it is to be written.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: AccountId,
    pub username: Username,
    pub password_hash: String,
    pub administrator: bool,
    pub conditions: Vec<String>,
}

/// What to change of an account; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    pub password_hash: Option<String>,
    pub administrator: Option<bool>,
    pub active: Option<bool>,
    pub conditions: Option<Vec<String>>,
    /// Raise the generation although nothing else asks for it.
    pub sign_out_everywhere: bool,
}

/// A condition and the bit the store gave it for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedCondition {
    pub bit: u8,
    pub condition: AccessCondition,
}

/// A line of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sequence: u64,
    pub what: Changed,
    /// When, by the writer's clock; only pruning uses it.
    pub at: UnixSeconds,
}

/// What a line of the change log is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// An account was made, changed or removed.
    Account(AccountId),
    /// A session was ended.
    Session(SessionId),
    /// The policy was replaced as a whole.
    Policy,
}
