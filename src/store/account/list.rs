//! Accounts page by page, searched and sorted by the database: there may be a hundred thousand.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _};

use super::held_conditions;
use crate::clock::UnixSeconds;
use crate::credential::account::AccountId;
use crate::store::audit::{escaped, findable};
use crate::store::{Store, StoreError, identity, signed, unsigned};

/// Which accounts are wanted; all of it must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountQuery {
    /// In the name or the note; in lower case, as names are.
    pub search: String,
    pub state: Option<AccountState>,
    /// Name of a condition that is held.
    pub condition: String,
    pub sort: AccountSort,
    pub descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Whose password counts now.
    Active,
    Locked,
    /// Whose end lies back.
    Expired,
    Administrator,
    /// Who has never logged in.
    Unused,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountSort {
    #[default]
    Name,
    Created,
    LastLogin,
    Expires,
}

/// An account in a list. No password hash (S11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAccount {
    pub id: AccountId,
    pub username: String,
    pub active: bool,
    pub administrator: bool,
    pub expires: Option<UnixSeconds>,
    pub note: String,
    pub created: UnixSeconds,
    pub last_login: Option<UnixSeconds>,
    /// Somebody has set it.
    pub has_password: bool,
    /// Names, sorted.
    pub conditions: Vec<String>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountPage {
    pub accounts: Vec<ListedAccount>,
    /// On all pages.
    pub total: u64,
}

const COLUMNS: &str = "SELECT id, username, active, administrator, expires, note, created, last_login, \
     CAST(CASE WHEN password_hash = '' THEN 0 ELSE 1 END AS BIGINT) AS has_password FROM account";

impl AccountQuery {
    /// What stands behind `WHERE`, and the values of its places.
    fn sql(&self, now: UnixSeconds) -> (String, Vec<String>) {
        // Numbers of ours stand in the text; what was typed never does.
        let now = signed(now);
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut values = Vec::new();
        if !self.search.is_empty() {
            values.push(format!("%{}%", escaped(&findable(&self.search))));
            conditions.push("(username LIKE $1 ESCAPE '!' OR LOWER(note) LIKE $1 ESCAPE '!')".to_owned());
        }
        if !self.condition.is_empty() {
            values.push(findable(&self.condition));
            conditions.push(format!(
                "id IN (SELECT held.account FROM account_condition held JOIN access_condition c ON c.bit = held.bit \
                 WHERE c.name = ${})",
                values.len()
            ));
        }
        if let Some(state) = self.state {
            conditions.push(match state {
                AccountState::Active => format!("active = 1 AND (expires IS NULL OR expires > {now})"),
                AccountState::Locked => "active = 0".to_owned(),
                AccountState::Expired => format!("expires <= {now}"),
                AccountState::Administrator => "administrator = 1".to_owned(),
                AccountState::Unused => "last_login IS NULL".to_owned(),
            });
        }
        (conditions.join(" AND "), values)
    }

    fn order(&self) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let column = match self.sort {
            AccountSort::Name => return format!("username {direction}"),
            AccountSort::Created => "created",
            AccountSort::LastLogin => "last_login",
            AccountSort::Expires => "expires",
        };
        // What has none comes last, in either direction and on either engine.
        format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END, {column} {direction}, username ASC")
    }
}

impl Store {
    /// A page of the accounts that are wanted; pages are counted from 0.
    pub async fn account_page(
        &self,
        query: &AccountQuery,
        page: u32,
        per_page: u32,
        now: UnixSeconds,
    ) -> Result<AccountPage, StoreError> {
        let mut reading = self.begin_read().await?;
        let (wanted, values) = query.sql(now);
        let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM account WHERE {wanted}"));
        let mut count = sqlx::query_scalar::<_, i64>(count);
        for value in &values {
            count = count.bind(value);
        }
        let total = unsigned(count.fetch_one(&mut *reading).await?)?;
        let skip = u64::from(page) * u64::from(per_page);
        let statement =
            format!("{COLUMNS} WHERE {wanted} ORDER BY {} LIMIT {per_page} OFFSET {skip}", query.order());
        let mut select = sqlx::query(AssertSqlSafe(statement));
        for value in &values {
            select = select.bind(value);
        }
        let rows = select.fetch_all(&mut *reading).await?;
        let mut accounts = rows.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
        for account in &mut accounts {
            account.conditions = sqlx::query_scalar(
                "SELECT c.name FROM account_condition held JOIN access_condition c ON c.bit = held.bit \
                 WHERE held.account = $1",
            )
            .bind(account.id.to_string())
            .fetch_all(&mut *reading)
            .await?;
            account.conditions.sort();
        }
        Ok(AccountPage { accounts, total })
    }

    /// Every account, one after the other, sorted by name; for an export.
    pub async fn each_account(&self, mut each: impl FnMut(ListedAccount) + Send) -> Result<(), StoreError> {
        let mut reading = self.begin_read().await?;
        let mut held = held_conditions(
            &mut reading,
            "SELECT held.account, c.name FROM account_condition held \
             JOIN access_condition c ON c.bit = held.bit",
            0,
        )
        .await?;
        let statement = AssertSqlSafe(format!("{COLUMNS} ORDER BY username"));
        let mut rows = sqlx::query(statement).fetch(&mut *reading);
        while let Some(row) = rows.try_next().await? {
            let mut account = listed(&row)?;
            account.conditions = held.remove(&account.id.to_string()).unwrap_or_default();
            each(account);
        }
        Ok(())
    }

    /// One account as a list has it.
    pub async fn listed_account(&self, id: &AccountId) -> Result<Option<ListedAccount>, StoreError> {
        let statement = AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
        let row = sqlx::query(statement).bind(id.to_string()).fetch_optional(&self.pool).await?;
        row.as_ref().map(listed).transpose()
    }
}

fn listed(row: &sqlx::any::AnyRow) -> Result<ListedAccount, StoreError> {
    let time = |column: &str| row.try_get::<Option<i64>, _>(column)?.map(unsigned).transpose();
    Ok(ListedAccount {
        id: identity(row.try_get("id")?)?,
        username: row.try_get("username")?,
        active: row.try_get::<i64, _>("active")? != 0,
        administrator: row.try_get::<i64, _>("administrator")? != 0,
        expires: time("expires")?,
        note: row.try_get("note")?,
        created: unsigned(row.try_get("created")?)?,
        last_login: time("last_login")?,
        has_password: row.try_get::<i64, _>("has_password")? != 0,
        conditions: Vec::new(),
    })
}
