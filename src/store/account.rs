//! Accounts and the conditions they hold.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::policy::ConditionRow;
use super::{Changed, Store, StoreError, Writing, identity, signed};
use crate::clock::UnixSeconds;
use crate::credential::account::{Account, AccountId, Username};
use crate::policy::condition::{CLOSED, OPEN, Pattern};

/// A new account as it is to be written. It begins active, in generation 1.
/// Its `Debug` text has no password hash (S16).
#[derive(Clone)]
pub struct NewAccount {
    pub id: AccountId,
    pub username: Username,
    pub password_hash: String,
    pub administrator: bool,
    pub conditions: Vec<String>,
}

/// What to change of an account; `None` leaves a field as it is.
/// Its `Debug` text has no password hash (S16).
#[derive(Clone, Default)]
pub struct AccountChange {
    pub password_hash: Option<String>,
    pub administrator: Option<bool>,
    pub active: Option<bool>,
    pub conditions: Option<Vec<String>>,
    /// Raise the generation although nothing else asks for it.
    pub sign_out_everywhere: bool,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, username, password_hash: _, administrator, conditions } = self;
        out.debug_struct("NewAccount")
            .field("id", id)
            .field("username", username)
            .field("administrator", administrator)
            .field("conditions", conditions)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AccountChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { password_hash, administrator, active, conditions, sign_out_everywhere } = self;
        out.debug_struct("AccountChange")
            .field("new_password", &password_hash.is_some())
            .field("administrator", administrator)
            .field("active", active)
            .field("conditions", conditions)
            .field("sign_out_everywhere", sign_out_everywhere)
            .finish()
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

const COLUMNS: &str = "SELECT id, username, password_hash, generation, active, administrator FROM account";

impl Store {
    /// Makes an account.
    pub async fn create_account(
        &self,
        account: NewAccount,
        now: UnixSeconds,
    ) -> Result<Account, AccountError> {
        let mut writing = self.begin_write(now).await?;
        let taken: Option<String> = sqlx::query_scalar("SELECT id FROM account WHERE username = $1")
            .bind(account.username.as_str())
            .fetch_optional(writing.connection())
            .await?;
        if taken.is_some() {
            return Err(AccountError::NameTaken);
        }
        sqlx::query(
            "INSERT INTO account \
             (id, username, password_hash, generation, active, administrator, created, changed) \
             VALUES ($1, $2, $3, 1, 1, $4, $5, $5)",
        )
        .bind(account.id.to_string())
        .bind(account.username.as_str())
        .bind(&account.password_hash)
        .bind(i64::from(account.administrator))
        .bind(signed(now))
        .execute(writing.connection())
        .await?;
        let conditions = hold(&mut writing, &account.id, account.conditions).await?;
        writing.log(&Changed::Account(account.id)).await?;
        writing.commit().await?;
        Ok(Account {
            id: account.id,
            username: account.username,
            password_hash: account.password_hash,
            generation: 1,
            active: true,
            administrator: account.administrator,
            conditions,
        })
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
    /// administrator made or unmade, and by `sign_out_everywhere`. Conditions do not raise it:
    /// they reach live credentials through the snapshot. A change that changes nothing
    /// writes nothing.
    pub async fn change_account(
        &self,
        id: &AccountId,
        change: AccountChange,
        now: UnixSeconds,
    ) -> Result<Option<Account>, AccountError> {
        let mut writing = self.begin_write(now).await?;
        let Some(before) = read_account(writing.connection(), "id", &id.to_string()).await? else {
            return Ok(None);
        };
        let mut after = before.clone();
        let mut signs_out = change.sign_out_everywhere;
        if let Some(hash) = change.password_hash {
            after.password_hash = hash;
            // A hash that was set again counts too: somebody wanted the old credentials gone.
            signs_out = true;
        }
        if let Some(active) = change.active {
            signs_out |= before.active && !active;
            after.active = active;
        }
        if let Some(administrator) = change.administrator {
            signs_out |= before.administrator != administrator;
            after.administrator = administrator;
        }
        if signs_out {
            after.generation = before
                .generation
                .checked_add(1)
                .ok_or_else(|| StoreError::Damaged(format!("account {id} has no generation left")))?;
        }
        if let Some(conditions) = change.conditions {
            after.conditions = hold(&mut writing, id, conditions).await?;
        }
        if after == before {
            return Ok(Some(before));
        }
        sqlx::query(
            "UPDATE account SET password_hash = $1, generation = $2, active = $3, administrator = $4, \
             changed = $5 WHERE id = $6",
        )
        .bind(&after.password_hash)
        .bind(i64::from(after.generation))
        .bind(i64::from(after.active))
        .bind(i64::from(after.administrator))
        .bind(signed(now))
        .bind(id.to_string())
        .execute(writing.connection())
        .await?;
        writing.log(&Changed::Account(*id)).await?;
        writing.commit().await?;
        Ok(Some(after))
    }

    /// Removes an account; whether there was one. Its identity is never given again.
    pub async fn remove_account(&self, id: &AccountId, now: UnixSeconds) -> Result<bool, StoreError> {
        let mut writing = self.begin_write(now).await?;
        let removed = sqlx::query("DELETE FROM account WHERE id = $1")
            .bind(id.to_string())
            .execute(writing.connection())
            .await?
            .rows_affected();
        if removed == 0 {
            return Ok(false);
        }
        writing.log(&Changed::Account(*id)).await?;
        writing.commit().await?;
        Ok(true)
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

/// Makes the account hold exactly these conditions; answers them sorted, each once.
async fn hold(
    writing: &mut Writing,
    id: &AccountId,
    conditions: Vec<String>,
) -> Result<Vec<String>, AccountError> {
    let known = ConditionRow::all(writing.connection()).await?;
    let names: BTreeSet<String> = conditions.into_iter().collect();
    let mut bits = Vec::with_capacity(names.len());
    for name in &names {
        if name == OPEN || name == CLOSED {
            return Err(AccountError::CannotBeHeld(name.clone()));
        }
        let Some(row) = known.iter().find(|row| row.name == *name && row.position.is_some()) else {
            return Err(AccountError::UnknownCondition(name.clone()));
        };
        if matches!(row.condition()?.pattern, Pattern::Open | Pattern::Closed) {
            return Err(AccountError::CannotBeHeld(name.clone()));
        }
        bits.push(row.bit);
    }
    sqlx::query("DELETE FROM account_condition WHERE account = $1")
        .bind(id.to_string())
        .execute(writing.connection())
        .await?;
    for bit in bits {
        sqlx::query("INSERT INTO account_condition (account, bit) VALUES ($1, $2)")
            .bind(id.to_string())
            .bind(i64::from(bit))
            .execute(writing.connection())
            .await?;
    }
    Ok(names.into_iter().collect())
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
    })
}

pub(super) fn generation(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Damaged(format!("generation {number}")))
}
