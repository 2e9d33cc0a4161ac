//! What was deleted, and how it comes back: accounts with all that they had, and rules.

use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::account::{Told, insert, keep_an_administrator, read_account};
use super::policy::{from_json, to_json};
use super::second_factor::KeptFactor;
use super::{AccountError, Changed, Store, StoreError, Writing, identity, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{Account, AccountId, Id128, Username};
use crate::policy::rule::RuleSpec;

/// How long what was deleted can be had back, seconds: 30 days.
pub const RESTORABLE: u64 = 30 * 86_400;

/// An account as it was when it was deleted.
#[derive(Serialize, Deserialize)]
struct Kept {
    username: String,
    password_hash: String,
    generation: u32,
    active: bool,
    administrator: bool,
    conditions: Vec<String>,
    expires: Option<UnixSeconds>,
    note: String,
    revision: u64,
    created: UnixSeconds,
    /// Whoever has the password alone must not get in because the account was away for a while.
    #[serde(default)]
    second_factor: Option<KeptFactor>,
}

/// A deleted account, as a page shows it. No password hash (S11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedAccount {
    pub id: AccountId,
    pub username: String,
    pub conditions: Vec<String>,
    pub administrator: bool,
    pub at: UnixSeconds,
}

/// A deleted rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedRule {
    pub id: Id128,
    pub rule: RuleSpec,
    pub at: UnixSeconds,
}

/// An account that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub account: Account,
    /// What it held and the policy does not have any more.
    pub lost: Vec<String>,
}

impl Store {
    /// Deletes an account, so that it can be had back for a while; whether there was one. Its identity is never
    /// given to another.
    pub async fn remove_account(&self, id: &AccountId, act: Act) -> Result<bool, AccountError> {
        let mut writing = self.begin(act).await?;
        let Some(account) = read_account(writing.connection(), "id", &id.to_string()).await? else {
            return Ok(false);
        };
        let created: i64 = sqlx::query_scalar("SELECT created FROM account WHERE id = $1")
            .bind(id.to_string())
            .fetch_one(writing.connection())
            .await?;
        let entry = Entry::new(Action::AccountDeleted, id).with("before", Told::from(&account));
        let Account { username, password_hash, generation, active, administrator, .. } = account;
        let Account { conditions, expires, note, revision, .. } = account;
        let kept = Kept {
            username: username.as_str().to_owned(),
            password_hash,
            generation,
            active,
            administrator,
            conditions,
            expires,
            note,
            revision,
            created: unsigned(created)?,
            second_factor: writing.factor_to_keep(id).await?,
        };
        keep(&mut writing, id, "account", &kept).await?;
        sqlx::query("DELETE FROM account WHERE id = $1")
            .bind(id.to_string())
            .execute(writing.connection())
            .await?;
        if kept.administrator {
            keep_an_administrator(&mut writing).await?;
        }
        writing.log(&Changed::Account(*id)).await?;
        writing.commit([entry]).await?;
        Ok(true)
    }

    /// Brings a deleted account back, in a new generation: no credential from before counts again. `None` if it is
    /// not there (any more). Conditions that are gone meanwhile stay gone.
    pub async fn restore_account(&self, id: &AccountId, act: Act) -> Result<Option<Restored>, AccountError> {
        let mut writing = self.begin(act).await?;
        let Some(kept) = take::<Kept>(&mut writing, id, "account").await? else { return Ok(None) };
        let holdable: Vec<String> = super::account::holdable(&mut writing).await?;
        let (conditions, lost) = kept.conditions.into_iter().partition(|name| holdable.contains(name));
        let generation = kept.generation.checked_add(1);
        let account = Account {
            id: *id,
            username: Username::parse(&kept.username)
                .map_err(|error| StoreError::Damaged(format!("account name {:?}: {error}", kept.username)))?,
            password_hash: kept.password_hash,
            generation: generation
                .ok_or_else(|| StoreError::Damaged(format!("account {id} has no generation left")))?,
            active: kept.active,
            administrator: kept.administrator,
            conditions,
            expires: kept.expires,
            note: kept.note,
            revision: kept.revision + 1,
        };
        let account = insert(&mut writing, account, kept.created).await?;
        if let Some(factor) = kept.second_factor {
            writing.put_factor_back(id, factor).await?;
        }
        let entry = Entry::new(Action::AccountRestored, id).with("after", Told::from(&account));
        writing.commit([entry]).await?;
        Ok(Some(Restored { account, lost }))
    }

    /// The accounts that can be had back, those that were deleted last first.
    pub async fn deleted_accounts(&self, at_most: u32) -> Result<Vec<DeletedAccount>, StoreError> {
        let rows = self.deleted("account", at_most).await?;
        rows.into_iter()
            .map(|(id, document, at)| {
                let Kept { username, conditions, administrator, .. } = from_json(&document)?;
                Ok(DeletedAccount { id, username, conditions, administrator, at })
            })
            .collect()
    }

    /// The rules that can be had back, those that were deleted last first.
    pub async fn deleted_rules(&self, at_most: u32) -> Result<Vec<DeletedRule>, StoreError> {
        let rows = self.deleted("rule", at_most).await?;
        rows.into_iter()
            .map(|(id, document, at)| Ok(DeletedRule { id, rule: from_json(&document)?, at }))
            .collect()
    }

    /// A deleted rule.
    pub async fn deleted_rule(&self, id: &Id128) -> Result<Option<RuleSpec>, StoreError> {
        let document: Option<String> =
            sqlx::query_scalar("SELECT document FROM deleted WHERE id = $1 AND kind = 'rule'")
                .bind(id.to_string())
                .fetch_optional(&self.pool)
                .await?;
        document.as_deref().map(from_json).transpose()
    }

    async fn deleted(
        &self,
        kind: &str,
        at_most: u32,
    ) -> Result<Vec<(Id128, String, UnixSeconds)>, StoreError> {
        let rows =
            sqlx::query("SELECT id, document, at FROM deleted WHERE kind = $1 ORDER BY at DESC, id LIMIT $2")
                .bind(kind)
                .bind(i64::from(at_most))
                .fetch_all(&self.pool)
                .await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok((identity(row.try_get("id")?)?, row.try_get("document")?, unsigned(row.try_get("at")?)?))
        };
        rows.iter().map(read).collect()
    }

    /// Forgets what was deleted too long ago to be had back, and the names of those persons: in the audit trail
    /// they are numbers from then on. Answers how much went.
    pub async fn forget_deleted(&self, act: Act) -> Result<u64, StoreError> {
        let mut writing = self.begin(act).await?;
        let gone: Vec<(String, String)> =
            sqlx::query_as("DELETE FROM deleted WHERE at <= $1 RETURNING id, kind")
                .bind(signed(act.at.saturating_sub(RESTORABLE)))
                .fetch_all(writing.connection())
                .await?;
        if gone.is_empty() {
            return Ok(0);
        }
        let mut entries = Vec::new();
        for (id, _) in gone.iter().filter(|(_, kind)| kind == "account") {
            sqlx::query("DELETE FROM person WHERE id = $1").bind(id).execute(writing.connection()).await?;
            entries.push(Entry::new(Action::AccountErased, id));
        }
        writing.commit(entries).await?;
        Ok(gone.len() as u64)
    }

    /// Forgets one deleted account at once, with its name; whether it was there.
    pub async fn erase_account(&self, id: &AccountId, act: Act) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        if take::<Kept>(&mut writing, id, "account").await?.is_none() {
            return Ok(false);
        }
        sqlx::query("DELETE FROM person WHERE id = $1")
            .bind(id.to_string())
            .execute(writing.connection())
            .await?;
        writing.commit([Entry::new(Action::AccountErased, id)]).await?;
        Ok(true)
    }
}

/// Keeps what is deleted in this transaction.
pub(super) async fn keep(
    writing: &mut Writing,
    id: &Id128,
    kind: &str,
    what: &impl Serialize,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO deleted (id, kind, document, at) VALUES ($1, $2, $3, $4)")
        .bind(id.to_string())
        .bind(kind)
        .bind(to_json(what)?)
        .bind(signed(writing.act.at))
        .execute(writing.connection())
        .await?;
    Ok(())
}

/// Takes it out again: of two who come for it one gets it.
pub(super) async fn take<T: serde::de::DeserializeOwned>(
    writing: &mut Writing,
    id: &Id128,
    kind: &str,
) -> Result<Option<T>, StoreError> {
    let document: Option<String> =
        sqlx::query_scalar("DELETE FROM deleted WHERE id = $1 AND kind = $2 RETURNING document")
            .bind(id.to_string())
            .bind(kind)
            .fetch_optional(writing.connection())
            .await?;
    document.as_deref().map(from_json).transpose()
}
