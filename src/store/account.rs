//! Accounts and the conditions they hold.

mod bulk;
mod list;
mod write;

use std::collections::HashMap;
use std::fmt;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::policy::ConditionRow;
use super::{Store, StoreError, identity, unsigned};
use crate::audit::Act;
use crate::clock::UnixSeconds;
use crate::credential::account::{Account, AccountId, Username};

pub use bulk::{AccountPlan, Imported, NewLink};
pub use list::{AccountPage, AccountQuery, AccountSort, AccountState, ListedAccount};
pub(super) use write::{Told, alter, holdable, insert, keep_an_administrator, made, make};

/// A new account as it is to be written. It begins active, in generation 1.
/// Its `Debug` text has no password hash (S16).
#[derive(Clone)]
pub struct NewAccount {
    pub id: AccountId,
    pub username: Username,
    pub password_hash: String,
    pub administrator: bool,
    pub conditions: Vec<String>,
    pub expires: Option<UnixSeconds>,
    pub note: String,
}

impl NewAccount {
    /// An account that holds nothing and does not end. Without a hash (empty) no password is right for it.
    pub fn new(id: AccountId, username: Username, password_hash: String) -> Self {
        Self {
            id,
            username,
            password_hash,
            administrator: false,
            conditions: Vec::new(),
            expires: None,
            note: String::new(),
        }
    }
}

/// What to change of an account; `None` leaves a field as it is.
/// Its `Debug` text has no password hash (S16).
#[derive(Clone, Default)]
pub struct AccountChange {
    pub password_hash: Option<String>,
    pub administrator: Option<bool>,
    pub active: Option<bool>,
    pub conditions: Option<Vec<String>>,
    /// `Some(None)`: it does not end any more.
    pub expires: Option<Option<UnixSeconds>>,
    pub note: Option<String>,
    /// The revision that the change was made from; another one is refused.
    pub revision: Option<u64>,
    /// Raise the generation although nothing else asks for it.
    pub sign_out_everywhere: bool,
    /// Take the second factor away, if there is one, and raise the generation.
    pub no_second_factor: bool,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, username, administrator, conditions, expires, .. } = self;
        out.debug_struct("NewAccount")
            .field("id", id)
            .field("username", username)
            .field("administrator", administrator)
            .field("conditions", conditions)
            .field("expires", expires)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AccountChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { password_hash, administrator, active, conditions, expires, .. } = self;
        out.debug_struct("AccountChange")
            .field("new_password", &password_hash.is_some())
            .field("administrator", administrator)
            .field("active", active)
            .field("conditions", conditions)
            .field("expires", expires)
            .field("sign_out_everywhere", &self.sign_out_everywhere)
            .field("no_second_factor", &self.no_second_factor)
            .finish_non_exhaustive()
    }
}

/// What of an account bears on its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    pub generation: u32,
    pub active: bool,
    pub administrator: bool,
    /// Names of the access conditions held, sorted.
    pub conditions: Vec<String>,
}

/// Why an account was not made or changed; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is an account of that name already")]
    NameTaken,
    #[error("there is no access condition {0:?} in the policy")]
    UnknownCondition(String),
    #[error("the access condition {0:?} is met by everybody or by nobody, so that no account can hold it")]
    CannotBeHeld(String),
    #[error("somebody else has changed the account meanwhile")]
    Meanwhile,
    #[error("it is the only account that may administer and log in; make another one an administrator first")]
    LastAdministrator,
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<Account> for AccountRecord {
    fn from(account: Account) -> Self {
        let Account { generation, active, administrator, conditions, .. } = account;
        Self { generation, active, administrator, conditions }
    }
}

pub(super) const COLUMNS: &str = "SELECT id, username, password_hash, generation, active, administrator, expires, \
     note, revision FROM account";

impl Store {
    /// Makes an account.
    pub async fn create_account(&self, account: NewAccount, act: Act) -> Result<Account, AccountError> {
        let mut writing = self.begin(act).await?;
        let account = make(&mut writing, account).await?;
        writing.commit([made(&account)]).await?;
        Ok(account)
    }

    /// Makes the first administrator, while there is none.
    ///
    /// # Errors
    /// If there is one by now.
    pub async fn create_first_administrator(
        &self,
        account: NewAccount,
        act: Act,
    ) -> Result<Account, AccountError> {
        let mut writing = self.begin(act).await?;
        let found: Option<String> =
            sqlx::query_scalar("SELECT id FROM account WHERE administrator = 1 AND active = 1 LIMIT 1")
                .fetch_optional(writing.connection())
                .await?;
        if found.is_some() {
            return Err(AccountError::Meanwhile);
        }
        let account = make(&mut writing, account).await?;
        writing.commit([made(&account)]).await?;
        Ok(account)
    }

    /// The account of this name, locked ones too.
    pub async fn account_by_name(&self, name: &Username) -> Result<Option<Account>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_account(&mut reading, "username", name.as_str()).await
    }

    /// The account of this identity, locked ones too.
    pub async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_account(&mut reading, "id", &id.to_string()).await
    }

    /// What of this account bears on its credentials; `None` if it is gone.
    pub async fn account_record(&self, id: &AccountId) -> Result<Option<AccountRecord>, StoreError> {
        Ok(self.account(id).await?.map(AccountRecord::from))
    }

    /// All accounts, sorted by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let mut reading = self.begin_read().await?;
        let rows = sqlx::query(COLUMNS).fetch_all(&mut *reading).await?;
        let mut held = held_conditions(
            &mut reading,
            "SELECT held.account, c.name FROM account_condition held \
             JOIN access_condition c ON c.bit = held.bit",
            0,
        )
        .await?;
        let mut accounts = rows
            .iter()
            .map(|row| {
                let conditions = held.remove(row.try_get::<&str, _>("id")?).unwrap_or_default();
                from_row(row, conditions)
            })
            .collect::<Result<Vec<_>, _>>()?;
        // Not in SQL: the two engines sort text differently.
        accounts.sort_by(|one, other| one.username.cmp(&other.username));
        Ok(accounts)
    }

    /// Changes an account; `None` if there is none of this identity.
    ///
    /// The generation is raised, once, by a new password hash, by locking, by an
    /// administrator made or unmade, by an earlier end, and by `sign_out_everywhere`. Conditions do not raise it:
    /// they reach live credentials through the snapshot. A change that changes nothing
    /// writes nothing.
    pub async fn change_account(
        &self,
        id: &AccountId,
        change: AccountChange,
        act: Act,
    ) -> Result<Option<Account>, AccountError> {
        let mut writing = self.begin(act).await?;
        let Some(before) = read_account(writing.connection(), "id", &id.to_string()).await? else {
            return Ok(None);
        };
        let known = ConditionRow::all(writing.connection()).await?;
        let Some((after, entries)) = alter(&mut writing, &known, &before, change).await? else {
            return Ok(Some(before));
        };
        if before.administrator {
            keep_an_administrator(&mut writing).await?;
        }
        writing.commit(entries).await?;
        Ok(Some(after))
    }

    /// Whether some account may administer and is not locked.
    pub async fn has_administrator(&self) -> Result<bool, StoreError> {
        let found: Option<String> =
            sqlx::query_scalar("SELECT id FROM account WHERE administrator = 1 AND active = 1 LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        Ok(found.is_some())
    }
}

/// `column` is one of ours, never given text.
pub(super) async fn read_account(
    connection: &mut AnyConnection,
    column: &'static str,
    value: &str,
) -> Result<Option<Account>, StoreError> {
    let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE {column} = $1"));
    let Some(row) = sqlx::query(statement).bind(value).fetch_optional(&mut *connection).await? else {
        return Ok(None);
    };
    let mut conditions: Vec<String> = sqlx::query_scalar(
        "SELECT c.name FROM account_condition held JOIN access_condition c ON c.bit = held.bit \
         WHERE held.account = $1",
    )
    .bind(row.try_get::<&str, _>("id")?)
    .fetch_all(connection)
    .await?;
    conditions.sort();
    from_row(&row, conditions).map(Some)
}

/// The sorted condition names by account, from a statement that selects account and name
/// and may use `$1`.
pub(super) async fn held_conditions(
    connection: &mut AnyConnection,
    statement: &'static str,
    since: i64,
) -> Result<HashMap<String, Vec<String>>, StoreError> {
    let query = sqlx::query_as::<_, (String, String)>(statement);
    let query = if statement.contains("$1") { query.bind(since) } else { query };
    let mut held = HashMap::<String, Vec<String>>::new();
    for (account, name) in query.fetch_all(connection).await? {
        held.entry(account).or_default().push(name);
    }
    for names in held.values_mut() {
        names.sort();
    }
    Ok(held)
}

fn from_row(row: &AnyRow, conditions: Vec<String>) -> Result<Account, StoreError> {
    let username: &str = row.try_get("username")?;
    Ok(Account {
        id: identity(row.try_get("id")?)?,
        username: Username::parse(username)
            .map_err(|error| StoreError::Damaged(format!("account name {username:?}: {error}")))?,
        password_hash: row.try_get("password_hash")?,
        generation: generation(row.try_get("generation")?)?,
        active: row.try_get::<i64, _>("active")? != 0,
        administrator: row.try_get::<i64, _>("administrator")? != 0,
        conditions,
        expires: row.try_get::<Option<i64>, _>("expires")?.map(unsigned).transpose()?,
        note: row.try_get("note")?,
        revision: unsigned(row.try_get("revision")?)?,
    })
}

pub(super) fn generation(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Damaged(format!("generation {number}")))
}
