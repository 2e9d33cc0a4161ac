//! Very many accounts at once, all or none.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::write::{alter, holdable, keep_an_administrator, made};
use super::{AccountChange, AccountError, ListedAccount};
use crate::audit::{Act, Action, Entry};
use crate::clock::{UnixSeconds, random};
use crate::credential::account::{Account, Id128, Username};
use crate::credential::one_time::LinkSecret;
use crate::import::people::Person;
use crate::store::policy::{ConditionRow, insert_rows};
use crate::store::{Store, StoreError, Writing, signed};

/// Rows in one INSERT: eleven columns each stay far below `SQLite`'s 32 766 parameters.
const BATCH: usize = 500;

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountPlan {
    pub made: usize,
    pub changed: usize,
    pub same: usize,
    /// Accounts that may administer from then on and could not before.
    pub administrators: usize,
    /// Accounts of the table that may log in from then on but have no password: a one-time link can be made for each.
    pub without_password: usize,
    /// The names of some that are made, and of some that are changed.
    pub examples: Vec<String>,
}

/// So many names are shown.
const EXAMPLES: usize = 10;

/// What an import has done.
#[derive(Debug)]
pub struct Imported {
    pub plan: AccountPlan,
    /// The links that were asked for. They are nowhere else: the database has their hashes.
    pub links: Vec<NewLink>,
}

/// A one-time link, for the one who is to hand it over.
#[derive(Debug)]
pub struct NewLink {
    pub username: Username,
    pub secret: LinkSecret,
}

impl Store {
    /// What [`Store::import_accounts`] would do at that moment; nothing is changed.
    pub async fn plan_accounts(
        &self,
        people: &[Person],
        now: UnixSeconds,
    ) -> Result<AccountPlan, StoreError> {
        let mut known = HashMap::new();
        self.each_account(|account| {
            known.insert(account.username.clone(), account);
        })
        .await?;
        let mut plan = AccountPlan::default();
        for person in people {
            let before = known.get(person.username.as_str());
            plan.without_password += usize::from(lacks_password(before, person, now));
            let is_new = match before {
                None => {
                    plan.made += 1;
                    true
                }
                Some(account) if is_same(account, person) => {
                    plan.same += 1;
                    continue;
                }
                Some(_) => {
                    plan.changed += 1;
                    false
                }
            };
            let could = before.is_some_and(|account| account.administrator);
            plan.administrators += usize::from(person.administrator == Some(true) && !could);
            if plan.examples.len() < EXAMPLES {
                let mark = if is_new { "+ " } else { "~ " };
                plan.examples.push(format!("{mark}{}", person.username));
            }
        }
        Ok(plan)
    }

    /// Makes and changes accounts, all or none; `progress` is told how many are done. With `links`, the moment until which
    /// they can be used, each account of the table that may log in but has no password gets a one-time link in the same
    /// transaction.
    pub async fn import_accounts(
        &self,
        people: Vec<Person>,
        links: Option<UnixSeconds>,
        act: Act,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<Imported, AccountError> {
        let mut writing = self.begin(act).await?;
        let mut plan = AccountPlan::default();
        let mut made_links = Vec::new();
        let holdable = holdable(&mut writing).await?;
        let known = ConditionRow::all(writing.connection()).await?;
        let bits: HashMap<String, u8> = known
            .iter()
            .filter(|row| holdable.contains(&row.name))
            .map(|row| (row.name.clone(), row.bit))
            .collect();
        for batch in people.chunks(BATCH) {
            // Told batch by batch: of two hundred thousand lines not all are kept in memory.
            let (mut fresh, mut entries, mut unset) = (Vec::new(), Vec::new(), Vec::new());
            for person in batch {
                let found =
                    super::read_account(writing.connection(), "username", person.username.as_str()).await?;
                let Some(before) = found else {
                    fresh.push(fresh_account(person));
                    continue;
                };
                let altered = alter(&mut writing, &known, &before, change_of(person)).await?;
                if let Some((after, told)) = altered {
                    plan.changed += 1;
                    entries.extend(told);
                    unset.push(after);
                } else {
                    plan.same += 1;
                    unset.push(before);
                }
            }
            entries.extend(fresh.iter().map(made));
            plan.made += fresh.len();
            insert_all(&mut writing, &fresh, &bits).await?;
            unset.extend(fresh);
            unset.retain(|account| account.password_hash.is_empty() && account.may_log_in(act.at));
            plan.without_password += unset.len();
            if let Some(until) = links {
                entries.extend(unset.iter().map(|account| Entry::new(Action::PasswordLinkMade, account.id)));
                made_links.extend(link_all(&mut writing, unset, until).await?);
            }
            writing.tell(entries).await?;
            progress(plan.made + plan.changed + plan.same);
        }
        // At the end, whatever the order of the lines: one may take over from another.
        keep_an_administrator(&mut writing).await?;
        let summary = Entry::new(Action::AccountsImported, "");
        let summary = summary.with("made", plan.made).with("changed", plan.changed).with("same", plan.same);
        writing.commit([summary]).await?;
        Ok(Imported { plan, links: made_links })
    }
}

/// Whether an account has no password after the import, and may set one.
fn lacks_password(before: Option<&ListedAccount>, person: &Person, now: UnixSeconds) -> bool {
    let locked = person.locked.unwrap_or_else(|| before.is_some_and(|account| !account.active));
    let expires = person.expires.unwrap_or_else(|| before.and_then(|account| account.expires));
    before.is_none_or(|account| !account.has_password) && !locked && expires.is_none_or(|end| end > now)
}

/// Makes the only link of each account that can be used; no more than a batch of them.
async fn link_all(
    writing: &mut Writing,
    accounts: Vec<Account>,
    until: UnixSeconds,
) -> Result<Vec<NewLink>, StoreError> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=accounts.len()).map(|number| format!("${number}")).collect();
    let earlier = format!("DELETE FROM password_link WHERE account IN ({})", places.join(", "));
    let mut delete = sqlx::query(AssertSqlSafe(earlier)).persistent(accounts.len() == BATCH);
    for account in &accounts {
        delete = delete.bind(account.id.to_string());
    }
    delete.execute(writing.connection()).await?;
    let rows = insert_rows("INSERT INTO password_link (hash, account, expires)", 3, accounts.len());
    let mut insert = sqlx::query(rows).persistent(accounts.len() == BATCH);
    let mut links = Vec::with_capacity(accounts.len());
    for account in accounts {
        let secret = LinkSecret::new(random());
        insert = insert.bind(secret.hash().to_string()).bind(account.id.to_string()).bind(signed(until));
        links.push(NewLink { username: account.username, secret });
    }
    insert.execute(writing.connection()).await?;
    Ok(links)
}

fn is_same(account: &ListedAccount, person: &Person) -> bool {
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names.dedup();
        names
    };
    person.conditions.as_ref().is_none_or(|held| sorted(held) == account.conditions)
        && person.expires.is_none_or(|expires| expires == account.expires)
        && person.administrator.is_none_or(|administrator| administrator == account.administrator)
        && person.locked.is_none_or(|locked| locked != account.active)
        && person.note.as_ref().is_none_or(|note| *note == account.note)
}

fn change_of(person: &Person) -> AccountChange {
    AccountChange {
        conditions: person.conditions.clone(),
        expires: person.expires,
        administrator: person.administrator,
        active: person.locked.map(|locked| !locked),
        note: person.note.clone(),
        ..AccountChange::default()
    }
}

/// Without a password: the person sets one by a link.
fn fresh_account(person: &Person) -> Account {
    let mut conditions = person.conditions.clone().unwrap_or_default();
    conditions.sort();
    conditions.dedup();
    Account {
        id: Id128(random()),
        username: person.username.clone(),
        password_hash: String::new(),
        generation: 1,
        active: person.locked != Some(true),
        administrator: person.administrator == Some(true),
        conditions,
        expires: person.expires.flatten(),
        note: person.note.clone().unwrap_or_default(),
        revision: 1,
    }
}

/// New accounts need no line in the change log: there is no credential of them that could be out.
async fn insert_all(
    writing: &mut Writing,
    accounts: &[Account],
    bits: &HashMap<String, u8>,
) -> Result<(), AccountError> {
    if accounts.is_empty() {
        return Ok(());
    }
    let now = signed(writing.act.at);
    let rows = insert_rows(
        "INSERT INTO account (id, username, password_hash, generation, active, administrator, created, changed, \
         expires, note, revision)",
        11,
        accounts.len(),
    );
    let mut insert = sqlx::query(rows).persistent(accounts.len() == BATCH);
    for account in accounts {
        insert = insert
            .bind(account.id.to_string())
            .bind(account.username.as_str())
            .bind(&account.password_hash)
            .bind(i64::from(account.generation))
            .bind(i64::from(account.active))
            .bind(i64::from(account.administrator))
            .bind(now)
            .bind(now)
            .bind(account.expires.map(signed))
            .bind(&account.note)
            .bind(signed(account.revision));
    }
    insert.execute(writing.connection()).await?;

    let names = insert_rows("INSERT INTO person (id, name)", 2, accounts.len());
    let mut insert = sqlx::query(names).persistent(accounts.len() == BATCH);
    for account in accounts {
        insert = insert.bind(account.id.to_string()).bind(account.username.as_str());
    }
    insert.execute(writing.connection()).await?;

    let mut held = Vec::new();
    for account in accounts {
        for name in &account.conditions {
            let bit = bits.get(name).ok_or_else(|| AccountError::UnknownCondition(name.clone()))?;
            held.push((account.id.to_string(), i64::from(*bit)));
        }
    }
    for batch in held.chunks(BATCH) {
        let rows = insert_rows("INSERT INTO account_condition (account, bit)", 2, batch.len());
        let mut insert = sqlx::query(rows).persistent(batch.len() == BATCH);
        for (account, bit) in batch {
            insert = insert.bind(account).bind(*bit);
        }
        insert.execute(writing.connection()).await?;
    }
    Ok(())
}
