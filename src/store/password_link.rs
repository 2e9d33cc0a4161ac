//! Passwords that people set themselves: with the old one, or with a one-time link.
//!
//! Of a link there is only a hash here, and not even that once it was used (S11, S16).

use super::account::read_account;
use super::{Changed, Store, StoreError, Writing, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{Account, AccountId};
use crate::credential::one_time::SecretHash;

impl Store {
    /// Makes the link with this hash the account's only one; whether there is such an account.
    pub async fn make_password_link(
        &self,
        account: &AccountId,
        hash: &SecretHash,
        expires: UnixSeconds,
        act: Act,
    ) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let known: Option<String> = sqlx::query_scalar("SELECT id FROM account WHERE id = $1")
            .bind(account.to_string())
            .fetch_optional(writing.connection())
            .await?;
        if known.is_none() {
            return Ok(false);
        }
        writing.forget_links(account).await?;
        sqlx::query("INSERT INTO password_link (hash, account, expires) VALUES ($1, $2, $3)")
            .bind(hash.to_string())
            .bind(account.to_string())
            .bind(signed(expires))
            .execute(writing.connection())
            .await?;
        writing.commit([Entry::new(Action::PasswordLinkMade, account)]).await?;
        Ok(true)
    }

    /// The account that a link is for, locked or not; `None` if there is no such link, or not any more.
    pub async fn account_of_link(
        &self,
        hash: &SecretHash,
        now: UnixSeconds,
    ) -> Result<Option<Account>, StoreError> {
        let mut reading = self.begin_read().await?;
        let account: Option<String> =
            sqlx::query_scalar("SELECT account FROM password_link WHERE hash = $1 AND expires > $2")
                .bind(hash.to_string())
                .bind(signed(now))
                .fetch_optional(&mut *reading)
                .await?;
        let Some(account) = account else { return Ok(None) };
        read_account(&mut reading, "id", &account).await
    }

    /// Uses a link up: of all who come with it, one sets the password (S5), and that ends all logins of the
    /// account. `None` for whoever comes later or too late, and where the account is locked or over; the link is
    /// gone in each case.
    pub async fn use_password_link(
        &self,
        hash: &SecretHash,
        password_hash: &str,
        act: Act,
    ) -> Result<Option<Account>, StoreError> {
        let mut writing = self.begin(act).await?;
        let used: Option<(String, i64)> =
            sqlx::query_as("DELETE FROM password_link WHERE hash = $1 RETURNING account, expires")
                .bind(hash.to_string())
                .fetch_optional(writing.connection())
                .await?;
        let Some((id, expires)) = used else { return Ok(None) };
        let account = match read_account(writing.connection(), "id", &id).await? {
            Some(account) if unsigned(expires)? > act.at => {
                writing.set_password(&account, password_hash).await?
            }
            _ => None,
        };
        let told = account
            .as_ref()
            .map(|account| Entry::new(Action::PasswordChanged, account.id).with("by_link", true));
        writing.commit(told).await?;
        Ok(account)
    }

    /// Sets the password of an account and ends all its logins. `None`, and nothing is written, if the account was
    /// changed since it was read in a way that ends logins, or is locked or over.
    pub async fn change_password(
        &self,
        account: &Account,
        password_hash: &str,
        act: Act,
    ) -> Result<Option<Account>, StoreError> {
        let mut writing = self.begin(act).await?;
        let changed = writing.set_password(account, password_hash).await?;
        if changed.is_some() {
            writing.commit([Entry::new(Action::PasswordChanged, account.id)]).await?;
        }
        Ok(changed)
    }
}

impl Writing {
    /// What an account has been told by a link is worth nothing once its password is another.
    pub(super) async fn forget_links(&mut self, account: &AccountId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM password_link WHERE account = $1")
            .bind(account.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn set_password(
        &mut self,
        account: &Account,
        password_hash: &str,
    ) -> Result<Option<Account>, StoreError> {
        let generation = account
            .generation
            .checked_add(1)
            .ok_or_else(|| StoreError::Damaged(format!("account {} has no generation left", account.id)))?;
        let now = signed(self.act.at);
        let set = sqlx::query(
            "UPDATE account SET password_hash = $1, generation = $2, revision = revision + 1, changed = $3 \
             WHERE id = $4 AND generation = $5 AND active = 1 AND (expires IS NULL OR expires > $3)",
        )
        .bind(password_hash)
        .bind(i64::from(generation))
        .bind(now)
        .bind(account.id.to_string())
        .bind(i64::from(account.generation))
        .execute(self.connection())
        .await?
        .rows_affected();
        if set == 0 {
            return Ok(None);
        }
        self.forget_links(&account.id).await?;
        self.log(&Changed::Account(account.id)).await?;
        read_account(self.connection(), "id", &account.id.to_string()).await
    }
}
