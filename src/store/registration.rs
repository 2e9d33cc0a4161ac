//! People who ask for an account, until an administrator has decided.
//!
//! A request is stored whatever its name, as often as it is asked. So asking tells nobody which names there are (S8),
//! and nobody keeps a name from somebody else by asking first. Whether a name is taken is seen by administrators.
//! Its identity becomes that of the account. The name joins those of the audit trail with the account and not before:
//! what anybody can write must not be found there under the name of somebody else.

use std::fmt;

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::account::{Told, made, make};
use super::{AccountError, NewAccount, Store, StoreError, identity, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{Account, Id128, Username};

/// How long a request waits, seconds: 90 days. Later it is gone.
pub const REGISTRATION_WAITS: u64 = 90 * 86_400;

/// A request for an account as it is to be written. Its `Debug` text has no password hash (S16).
#[derive(Clone)]
pub struct NewRegistration {
    pub id: Id128,
    pub username: Username,
    pub password_hash: String,
    pub message: String,
}

impl fmt::Debug for NewRegistration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, username, .. } = self;
        out.debug_struct("NewRegistration")
            .field("id", id)
            .field("username", username)
            .finish_non_exhaustive()
    }
}

/// A request that waits. No password hash (S11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub id: Id128,
    pub username: String,
    pub message: String,
    pub asked: UnixSeconds,
    /// There is an account of that name by now.
    pub is_taken: bool,
    /// How many requests wait under that name, this one counted.
    pub of_that_name: u64,
}

/// A page of those that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistrationPage {
    pub registrations: Vec<Registration>,
    /// On all pages.
    pub total: u64,
}

/// What an administrator gives to whoever asked.
#[derive(Clone, Debug)]
pub struct Approval {
    pub username: Username,
    pub conditions: Vec<String>,
    pub expires: Option<UnixSeconds>,
    pub note: String,
}

const COLUMNS: &str = "SELECT r.id, r.username, r.message, r.asked, \
     (SELECT COUNT(*) FROM account a WHERE a.username = r.username) AS taken, \
     (SELECT COUNT(*) FROM registration o WHERE o.username = r.username) AS of_that_name FROM registration r";

const COUNT: &str = "SELECT COUNT(*) FROM registration";

impl Store {
    /// Writes a request; `false`, and nothing is written, if so many wait already.
    pub async fn ask_for_account(
        &self,
        registration: &NewRegistration,
        at_most: u64,
        act: Act,
    ) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let count: i64 = sqlx::query_scalar(COUNT).fetch_one(writing.connection()).await?;
        if unsigned(count)? >= at_most {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO registration (id, username, password_hash, message, asked) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(registration.id.to_string())
        .bind(registration.username.as_str())
        .bind(&registration.password_hash)
        .bind(&registration.message)
        .bind(signed(act.at))
        .execute(writing.connection())
        .await?;
        writing.commit([Entry::new(Action::RegistrationAsked, registration.id)]).await?;
        Ok(true)
    }

    /// How many requests wait.
    pub async fn waiting_registrations(&self) -> Result<u64, StoreError> {
        unsigned(sqlx::query_scalar(COUNT).fetch_one(&self.pool).await?)
    }

    /// A page of the requests that wait, the oldest first; pages are counted from 0.
    pub async fn registrations(&self, page: u32, per_page: u32) -> Result<RegistrationPage, StoreError> {
        let mut reading = self.begin_read().await?;
        let total: i64 = sqlx::query_scalar(COUNT).fetch_one(&mut *reading).await?;
        let skip = u64::from(page) * u64::from(per_page);
        let statement = format!("{COLUMNS} ORDER BY r.asked, r.id LIMIT {per_page} OFFSET {skip}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&mut *reading).await?;
        let registrations = rows.iter().map(from_row).collect::<Result<_, _>>()?;
        Ok(RegistrationPage { registrations, total: unsigned(total)? })
    }

    /// The request of this identity, if it waits.
    pub async fn registration(&self, id: &Id128) -> Result<Option<Registration>, StoreError> {
        let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE r.id = $1"));
        let row = sqlx::query(statement).bind(id.to_string()).fetch_optional(&self.pool).await?;
        row.as_ref().map(from_row).transpose()
    }

    /// Makes the account that was asked for, with the password that was given then. `None` if the request does not wait
    /// any more: of two who decide, the first one's decision counts.
    ///
    /// # Errors
    /// As [`Store::create_account`]; the request waits on then.
    pub async fn approve_registration(
        &self,
        id: &Id128,
        approval: Approval,
        act: Act,
    ) -> Result<Option<Account>, AccountError> {
        let mut writing = self.begin(act).await?;
        let taken: Option<(String, String)> =
            sqlx::query_as("DELETE FROM registration WHERE id = $1 RETURNING username, password_hash")
                .bind(id.to_string())
                .fetch_optional(writing.connection())
                .await?;
        let Some((asked_for, password_hash)) = taken else { return Ok(None) };
        let Approval { username, conditions, expires, note } = approval;
        let is_renamed = username.as_str() != asked_for;
        let account =
            NewAccount { conditions, expires, note, ..NewAccount::new(*id, username, password_hash) };
        let account = make(&mut writing, account).await?;
        let approved = Entry::new(Action::RegistrationApproved, id).with("after", Told::from(&account));
        let approved = if is_renamed { approved.with("renamed", true) } else { approved };
        writing.commit([approved, made(&account)]).await?;
        Ok(Some(account))
    }

    /// Forgets requests; answers how many of them still waited.
    pub async fn refuse_registrations(&self, ids: &[Id128], act: Act) -> Result<u64, StoreError> {
        let mut writing = self.begin(act).await?;
        let mut entries = Vec::new();
        for id in ids {
            let gone = sqlx::query("DELETE FROM registration WHERE id = $1")
                .bind(id.to_string())
                .execute(writing.connection())
                .await?
                .rows_affected();
            if gone > 0 {
                entries.push(Entry::new(Action::RegistrationRefused, id));
            }
        }
        let refused = entries.len() as u64;
        if refused > 0 {
            writing.commit(entries).await?;
        }
        Ok(refused)
    }

    /// Forgets the requests that nobody has decided for too long; answers how many.
    pub async fn forget_registrations(&self, act: Act) -> Result<u64, StoreError> {
        let mut writing = self.begin(act).await?;
        let gone: Vec<String> = sqlx::query_scalar("DELETE FROM registration WHERE asked <= $1 RETURNING id")
            .bind(signed(act.at.saturating_sub(REGISTRATION_WAITS)))
            .fetch_all(writing.connection())
            .await?;
        if gone.is_empty() {
            return Ok(0);
        }
        let mut entries = Vec::with_capacity(gone.len());
        for id in &gone {
            entries.push(Entry::new(Action::RegistrationRefused, id).with("too_old", true));
        }
        writing.commit(entries).await?;
        Ok(gone.len() as u64)
    }
}

fn from_row(row: &AnyRow) -> Result<Registration, StoreError> {
    Ok(Registration {
        id: identity(row.try_get("id")?)?,
        username: row.try_get("username")?,
        message: row.try_get("message")?,
        asked: unsigned(row.try_get("asked")?)?,
        is_taken: row.try_get::<i64, _>("taken")? > 0,
        of_that_name: unsigned(row.try_get("of_that_name")?)?,
    })
}
