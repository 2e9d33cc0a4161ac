//! How accounts are written: each change with its line of the change log, and what the audit trail says of it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{AccountChange, AccountError, NewAccount};
use crate::audit::{Action, Actor, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{Account, AccountId};
use crate::policy::condition::{CLOSED, OPEN, Pattern};
use crate::store::policy::ConditionRow;
use crate::store::{Changed, StoreError, Writing, signed};

/// Writes a new account and its line of the change log.
pub(in crate::store) async fn make(
    writing: &mut Writing,
    account: NewAccount,
) -> Result<Account, AccountError> {
    let account = Account {
        id: account.id,
        username: account.username,
        password_hash: account.password_hash,
        generation: 1,
        active: true,
        administrator: account.administrator,
        conditions: account.conditions,
        expires: account.expires,
        note: account.note,
        revision: 1,
    };
    insert(writing, account, writing.act.at).await
}

/// Writes an account as it is given, under a name that nobody has.
pub(in crate::store) async fn insert(
    writing: &mut Writing,
    mut account: Account,
    created: UnixSeconds,
) -> Result<Account, AccountError> {
    let taken: Option<String> = sqlx::query_scalar("SELECT id FROM account WHERE username = $1")
        .bind(account.username.as_str())
        .fetch_optional(writing.connection())
        .await?;
    if taken.is_some() {
        return Err(AccountError::NameTaken);
    }
    let now = signed(writing.act.at);
    sqlx::query(
        "INSERT INTO account (id, username, password_hash, generation, active, administrator, created, changed, \
         expires, note, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(account.id.to_string())
    .bind(account.username.as_str())
    .bind(&account.password_hash)
    .bind(i64::from(account.generation))
    .bind(i64::from(account.active))
    .bind(i64::from(account.administrator))
    .bind(signed(created))
    .bind(now)
    .bind(account.expires.map(signed))
    .bind(&account.note)
    .bind(signed(account.revision))
    .execute(writing.connection())
    .await?;
    sqlx::query(
        "INSERT INTO person (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    )
    .bind(account.id.to_string())
    .bind(account.username.as_str())
    .execute(writing.connection())
    .await?;
    let known = ConditionRow::all(writing.connection()).await?;
    account.conditions = hold(writing, &known, &account.id, account.conditions).await?;
    writing.log(&Changed::Account(account.id)).await?;
    Ok(account)
}

/// What the audit trail says of an account: nothing by which a person is known.
#[derive(PartialEq, Eq, Serialize)]
pub(in crate::store) struct Told<'a> {
    active: bool,
    administrator: bool,
    conditions: &'a [String],
    expires: Option<UnixSeconds>,
}

impl<'a> From<&'a Account> for Told<'a> {
    fn from(account: &'a Account) -> Self {
        let Account { active, administrator, expires, conditions, .. } = account;
        Self { active: *active, administrator: *administrator, conditions, expires: *expires }
    }
}

pub(in crate::store) fn made(account: &Account) -> Entry {
    Entry::new(Action::AccountMade, account.id).with("after", Told::from(account))
}

/// Changes an account's row and writes its line of the change log; `None` if nothing changes. The caller sees to it that
/// an administrator is left ([`keep_an_administrator`]).
pub(in crate::store) async fn alter(
    writing: &mut Writing,
    known: &[ConditionRow],
    before: &Account,
    change: AccountChange,
) -> Result<Option<(Account, Vec<Entry>)>, AccountError> {
    if change.revision.is_some_and(|revision| revision != before.revision) {
        return Err(AccountError::Meanwhile);
    }
    let id = &before.id;
    let mut after = before.clone();
    // Whoever has the app may be somebody else by now.
    let mut signs_out = change.sign_out_everywhere || change.no_second_factor;
    let new_password = change.password_hash.is_some();
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
    if let Some(expires) = change.expires {
        // A cookie lives until the end that its account had at the login.
        signs_out |= expires.is_some_and(|end| before.expires.is_none_or(|earlier| end < earlier));
        after.expires = expires;
    }
    if let Some(note) = change.note {
        after.note = note;
    }
    if signs_out {
        after.generation = before
            .generation
            .checked_add(1)
            .ok_or_else(|| StoreError::Damaged(format!("account {id} has no generation left")))?;
    }
    // An import names very many, and most of them hold what they should.
    if let Some(conditions) = change.conditions.filter(|held| !is_held(before, held)) {
        after.conditions = hold(writing, known, id, conditions).await?;
    }
    if after == *before {
        return Ok(None);
    }
    let mut entries = Vec::new();
    if change.no_second_factor {
        entries.extend(writing.take_factor_away(id).await?);
    }
    after.revision = before.revision + 1;
    sqlx::query(
        "UPDATE account SET password_hash = $1, generation = $2, active = $3, administrator = $4, changed = $5, \
         expires = $6, note = $7, revision = $8 WHERE id = $9",
    )
    .bind(&after.password_hash)
    .bind(i64::from(after.generation))
    .bind(i64::from(after.active))
    .bind(i64::from(after.administrator))
    .bind(signed(writing.act.at))
    .bind(after.expires.map(signed))
    .bind(&after.note)
    .bind(signed(after.revision))
    .bind(id.to_string())
    .execute(writing.connection())
    .await?;
    if new_password || change.sign_out_everywhere || (before.active && !after.active) {
        // Whoever has a link of before could set the password once more.
        writing.forget_links(id).await?;
    }
    writing.log(&Changed::Account(*id)).await?;
    if new_password {
        entries.push(Entry::new(Action::PasswordChanged, id));
    }
    if change.sign_out_everywhere {
        entries.push(Entry::new(Action::SignedOutEverywhere, id));
    }
    let (told_before, told_after) = (Told::from(before), Told::from(&after));
    if told_before != told_after || before.note != after.note {
        let entry = Entry::new(Action::AccountChanged, id).changed(told_before, told_after);
        entries.push(if before.note == after.note { entry } else { entry.with("note_changed", true) });
    }
    Ok(Some((after, entries)))
}

fn is_held(account: &Account, conditions: &[String]) -> bool {
    let names: BTreeSet<&String> = conditions.iter().collect();
    names.into_iter().eq(&account.conditions)
}

/// A page must not take away the last account that can open it; the command line may. Who has set no password yet cannot
/// open it.
pub(in crate::store) async fn keep_an_administrator(writing: &mut Writing) -> Result<(), AccountError> {
    if !matches!(writing.act.by, Actor::Account(_)) {
        return Ok(());
    }
    let left: Option<String> = sqlx::query_scalar(
        "SELECT id FROM account WHERE administrator = 1 AND active = 1 AND password_hash <> '' \
         AND (expires IS NULL OR expires > $1) LIMIT 1",
    )
    .bind(signed(writing.act.at))
    .fetch_optional(writing.connection())
    .await?;
    if left.is_some() { Ok(()) } else { Err(AccountError::LastAdministrator) }
}

/// Makes the account hold exactly these conditions; answers them sorted, each once.
pub(in crate::store) async fn hold(
    writing: &mut Writing,
    known: &[ConditionRow],
    id: &AccountId,
    conditions: Vec<String>,
) -> Result<Vec<String>, AccountError> {
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

/// The conditions that an account can hold.
pub(in crate::store) async fn holdable(writing: &mut Writing) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for row in ConditionRow::all(writing.connection()).await? {
        let is_written = row.position.is_some() && row.name != OPEN && row.name != CLOSED;
        if is_written && !matches!(row.condition()?.pattern, Pattern::Open | Pattern::Closed) {
            names.push(row.name);
        }
    }
    Ok(names)
}
