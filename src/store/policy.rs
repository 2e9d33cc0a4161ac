//! The policy: access conditions and their bits, rules, tests.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};

use futures_util::TryStreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::held::{counted, held_and_missing, release_dropped};
use super::{Changed, ReplaceError, Store, StoreError, Writing, compact, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::policy::condition::{AccessCondition, CLOSED, Conditions, OPEN, Pattern};
use crate::policy::document::{PolicyDocument, PolicyTest};
use crate::policy::rule::{Match, RuleSpec};

/// Rows in one INSERT: seven columns each stay far below `SQLite`'s 32 766 parameters.
const BATCH: usize = 500;

/// A condition and the bit the store gave it for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedCondition {
    pub bit: u8,
    pub condition: AccessCondition,
}

/// The policy as it is stored, in the order it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredPolicy {
    /// `open` (bit 0) and `closed` (bit 1) are always among them, in front if
    /// the document does not write them.
    pub conditions: Vec<NumberedCondition>,
    pub rules: Vec<RuleSpec>,
    pub tests: Vec<PolicyTest>,
}

/// A row of `access_condition`: every name that ever was.
pub(super) struct ConditionRow {
    pub(super) bit: u8,
    pub(super) name: String,
    /// `None`: not in the policy file (dropped, or built in).
    pub(super) position: Option<i64>,
    document: Option<String>,
}

impl ConditionRow {
    pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<Self>, StoreError> {
        sqlx::query_as::<_, (i64, String, Option<i64>, Option<String>)>(
            "SELECT bit, name, position, document FROM access_condition",
        )
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(|(bit, name, position, document)| {
            let bit = u8::try_from(bit).map_err(|_| StoreError::Damaged(format!("bit {bit} of {name:?}")))?;
            Ok(Self { bit, name, position, document })
        })
        .collect()
    }

    /// Whether the policy has it.
    pub(super) fn is_present(&self) -> bool {
        self.position.is_some() || built_in_pattern(&self.name).is_some()
    }

    /// The condition as written; a built-in one that is not written has its name and pattern only.
    pub(super) fn condition(&self) -> Result<AccessCondition, StoreError> {
        match (&self.document, built_in_pattern(&self.name)) {
            (Some(document), _) => from_json(document),
            (None, Some(pattern)) => Ok(AccessCondition::bare(&self.name, pattern)),
            (None, None) => Err(StoreError::Damaged(format!("condition {:?} has no text", self.name))),
        }
    }
}

fn built_in_pattern(name: &str) -> Option<Pattern> {
    match name {
        OPEN => Some(Pattern::Open),
        CLOSED => Some(Pattern::Closed),
        _ => None,
    }
}

impl Store {
    /// The policy with the bits of its conditions, `open` and `closed` always among them.
    pub async fn policy(&self) -> Result<StoredPolicy, StoreError> {
        let mut reading = self.begin_read().await?;
        Ok(StoredPolicy {
            conditions: read_conditions(&mut reading, true).await?,
            rules: read_documents(&mut reading, "SELECT document FROM rule ORDER BY position").await?,
            tests: read_documents(&mut reading, "SELECT document FROM policy_test ORDER BY position").await?,
        })
    }

    /// The policy exactly as [`Store::replace_policy`] took it: `open` and `closed` are in it if
    /// they were written.
    pub async fn policy_document(&self) -> Result<PolicyDocument, StoreError> {
        Ok(self.policy_document_since().await?.0)
    }

    /// The same, and the change log's line that it is as of.
    pub async fn policy_document_since(&self) -> Result<(PolicyDocument, u64), StoreError> {
        let mut reading = self.begin_read().await?;
        let since: i64 =
            sqlx::query_scalar("SELECT sequence FROM meta WHERE id = 1").fetch_one(&mut *reading).await?;
        let document = PolicyDocument {
            conditions: read_conditions(&mut reading, false)
                .await?
                .into_iter()
                .map(|numbered| numbered.condition)
                .collect(),
            rules: read_documents(&mut reading, "SELECT document FROM rule ORDER BY position").await?,
            tests: read_documents(&mut reading, "SELECT document FROM policy_test ORDER BY position").await?,
        };
        Ok((document, unsigned(since)?))
    }

    /// Replaces the whole policy in one transaction.
    ///
    /// A name keeps its bit for ever, also when it is dropped and comes back. Dropping
    /// a condition that accounts hold is refused, unless `drop_held`: then they lose it. The caller
    /// has validated the document; what would break the store is refused all the same.
    pub async fn replace_policy(
        &self,
        document: &PolicyDocument,
        drop_held: bool,
        act: Act,
    ) -> Result<(), ReplaceError> {
        let PolicyDocument { conditions, rules, tests } = document;
        self.replace_policy_by(conditions, rules, tests, drop_held, act).await
    }

    /// The same with a policy that was made from the one as of the change log's line `since`.
    ///
    /// # Errors
    /// Besides, if the policy or a rule has changed after that line: the change would be undone unseen.
    pub async fn replace_policy_since(
        &self,
        document: &PolicyDocument,
        drop_held: bool,
        since: u64,
        act: Act,
    ) -> Result<(), ReplaceError> {
        let PolicyDocument { conditions, rules, tests } = document;
        let mut writing = self.begin(act).await?;
        if writing.has_policy_changed(since).await? {
            return Err(ReplaceError::Meanwhile);
        }
        replace(writing, conditions, rules, tests, drop_held).await
    }

    /// Whether [`Store::replace_policy`] would take these conditions; for a dry run, which changes nothing.
    pub async fn would_take(
        &self,
        conditions: &[AccessCondition],
        drop_held: bool,
    ) -> Result<(), ReplaceError> {
        let mut reading = self.begin_read().await?;
        assign_bits(&ConditionRow::all(&mut reading).await?, conditions)?;
        let held = held_and_missing(&mut reading, conditions).await?;
        if drop_held || held.is_empty() { Ok(()) } else { Err(ReplaceError::Held(counted(held))) }
    }

    /// The same with rules that need not be in memory all at once.
    pub async fn replace_policy_by<R: Borrow<RuleSpec>>(
        &self,
        conditions: &[AccessCondition],
        rules: impl IntoIterator<Item = R>,
        tests: &[PolicyTest],
        drop_held: bool,
        act: Act,
    ) -> Result<(), ReplaceError> {
        replace(self.begin(act).await?, conditions, rules, tests, drop_held).await
    }
}

async fn replace<R: Borrow<RuleSpec>>(
    mut writing: Writing,
    conditions: &[AccessCondition],
    rules: impl IntoIterator<Item = R>,
    tests: &[PolicyTest],
    drop_held: bool,
) -> Result<(), ReplaceError> {
    let before = numbers(&mut writing).await?;
    let rows = ConditionRow::all(writing.connection()).await?;
    let bits = assign_bits(&rows, conditions)?;
    release_dropped(&mut writing, conditions, drop_held).await?;

    sqlx::query("UPDATE access_condition SET position = NULL, document = NULL")
        .execute(writing.connection())
        .await?;
    for (position, condition) in (0_i64..).zip(conditions) {
        let Some(bit) = bits.get(condition.name.as_str()) else {
            return Err(ReplaceError::UnknownCondition(condition.name.clone()));
        };
        sqlx::query(
            "INSERT INTO access_condition (bit, name, position, document) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (bit) DO UPDATE SET position = excluded.position, document = excluded.document",
        )
        .bind(i64::from(*bit))
        .bind(&condition.name)
        .bind(position)
        .bind(to_json(condition)?)
        .execute(writing.connection())
        .await?;
    }
    replace_rules(&mut writing, rules.into_iter(), &bits).await?;
    replace_tests(&mut writing, tests).await?;
    writing.log(&Changed::Policy).await?;
    let after = numbers(&mut writing).await?;
    let entry = Entry::new(Action::PolicyReplaced, "").changed(before, after);
    Ok(writing.commit([entry]).await?)
}

/// What the audit trail says of a whole policy.
#[derive(Serialize)]
struct Numbers {
    conditions: Vec<String>,
    rules: i64,
    tests: i64,
}

async fn numbers(writing: &mut Writing) -> Result<Numbers, StoreError> {
    let mut conditions: Vec<String> =
        sqlx::query_scalar("SELECT name FROM access_condition WHERE position IS NOT NULL")
            .fetch_all(writing.connection())
            .await?;
    conditions.sort();
    let (rules, tests): (i64, i64) =
        sqlx::query_as("SELECT (SELECT COUNT(*) FROM rule), (SELECT COUNT(*) FROM policy_test)")
            .fetch_one(writing.connection())
            .await?;
    Ok(Numbers { conditions, rules, tests })
}

/// The bit of every condition of the document, and of `open` and `closed`.
pub(super) fn assign_bits<'a>(
    rows: &'a [ConditionRow],
    conditions: &'a [AccessCondition],
) -> Result<HashMap<&'a str, u8>, ReplaceError> {
    let known: HashMap<&str, u8> = rows.iter().map(|row| (row.name.as_str(), row.bit)).collect();
    let mut bits: HashMap<&str, u8> = HashMap::from([(OPEN, 0), (CLOSED, 1)]);
    let mut written = BTreeSet::new();
    // The highest ever given, dropped ones included, plus one; beyond 255 there is none.
    let mut next = rows.iter().map(|row| u16::from(row.bit) + 1).max().unwrap_or(2).max(2);
    for condition in conditions {
        let name = condition.name.as_str();
        if !written.insert(name) {
            return Err(ReplaceError::DuplicateCondition(name.to_owned()));
        }
        if built_in_pattern(name).is_some_and(|pattern| pattern != condition.pattern) {
            return Err(ReplaceError::BuiltIn(name.to_owned()));
        }
        let bit = if let Some(bit) = known.get(name) {
            *bit
        } else {
            let fresh = u8::try_from(next)
                .map_err(|_| ReplaceError::TooManyConditions { condition: name.to_owned() })?;
            next += 1;
            fresh
        };
        bits.insert(name, bit);
    }
    Ok(bits)
}

async fn replace_rules<R: Borrow<RuleSpec>>(
    writing: &mut Writing,
    mut rules: impl Iterator<Item = R>,
    bits: &HashMap<&str, u8>,
) -> Result<(), ReplaceError> {
    sqlx::query("DELETE FROM rule").execute(writing.connection()).await?;
    let mut positions = 0_i64..;
    loop {
        let batch: Vec<R> = rules.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let statement = insert_rows(
            "INSERT INTO rule (position, mount, identifier, matching, conditions, document, compact)",
            7,
            batch.len(),
        );
        // Only the statement of a full batch is worth keeping prepared.
        let mut insert = sqlx::query(statement).persistent(batch.len() == BATCH);
        for (rule, position) in batch.iter().map(Borrow::borrow).zip(positions.by_ref()) {
            insert = insert
                .bind(position)
                .bind(&*rule.mount)
                .bind(&*rule.identifier)
                .bind(matching_word(rule))
                .bind(bit_list(rule, bits)?)
                .bind(to_json(rule)?)
                .bind(compact::write(rule));
        }
        insert.execute(writing.connection()).await?;
    }
}

pub(super) fn matching_word(rule: &RuleSpec) -> &'static str {
    match rule.matching {
        Match::Prefix => "prefix",
        Match::Exact => "exact",
    }
}

async fn replace_tests(writing: &mut Writing, tests: &[PolicyTest]) -> Result<(), ReplaceError> {
    sqlx::query("DELETE FROM policy_test").execute(writing.connection()).await?;
    let mut positions = 0_i64..;
    for batch in tests.chunks(BATCH) {
        let statement = insert_rows("INSERT INTO policy_test (position, document)", 2, batch.len());
        // Only the statement of a full batch is worth keeping prepared.
        let mut insert = sqlx::query(statement).persistent(batch.len() == BATCH);
        for (test, position) in batch.iter().zip(positions.by_ref()) {
            insert = insert.bind(position).bind(to_json(test)?);
        }
        insert.execute(writing.connection()).await?;
    }
    Ok(())
}

/// `… VALUES ($1, $2), ($3, $4)` for that many rows.
///
/// Not by sqlx's `QueryBuilder`: for `Any` it writes `?`, which `PostgreSQL` does not know.
pub(super) fn insert_rows(insert: &'static str, columns: usize, rows: usize) -> AssertSqlSafe<String> {
    let mut statement = format!("{insert} VALUES ");
    let mut numbers = 1..;
    for row in 0..rows {
        statement.push_str(if row == 0 { "(" } else { "), (" });
        for (column, number) in numbers.by_ref().take(columns).enumerate() {
            statement.push_str(if column == 0 { "$" } else { ", $" });
            statement.push_str(&number.to_string());
        }
    }
    statement.push(')');
    AssertSqlSafe(statement)
}

/// The rule's conditions as `2,5`: short, and right whatever happens to the names.
pub(super) fn bit_list(rule: &RuleSpec, bits: &HashMap<&str, u8>) -> Result<String, ReplaceError> {
    let mut set = Conditions::NONE;
    for name in &rule.conditions {
        match bits.get(name.as_str()) {
            Some(bit) => set.insert(*bit),
            None => return Err(ReplaceError::UnknownCondition(name.clone())),
        }
    }
    Ok(set.iter().map(|bit| bit.to_string()).collect::<Vec<_>>().join(","))
}

/// The conditions of the policy file in its order; with the built-in ones in front, if asked for
/// and not written.
pub(super) async fn read_conditions(
    connection: &mut AnyConnection,
    built_in: bool,
) -> Result<Vec<NumberedCondition>, StoreError> {
    let mut rows = ConditionRow::all(connection).await?;
    rows.retain(|row| row.position.is_some() || (built_in && row.is_present()));
    rows.sort_by_key(|row| (row.position, row.bit));
    rows.iter().map(|row| Ok(NumberedCondition { bit: row.bit, condition: row.condition()? })).collect()
}

/// Reads a column of JSON row by row: never the text of all rows at once.
pub(super) async fn read_documents<T: DeserializeOwned>(
    connection: &mut AnyConnection,
    statement: &'static str,
) -> Result<Vec<T>, StoreError> {
    let mut documents = Vec::new();
    let mut rows = sqlx::query_scalar::<_, String>(statement).fetch(connection);
    while let Some(document) = rows.try_next().await? {
        documents.push(from_json(&document)?);
    }
    Ok(documents)
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

pub(super) fn from_json<T: DeserializeOwned>(document: &str) -> Result<T, StoreError> {
    serde_json::from_str(document).map_err(|error| StoreError::Damaged(format!("{error} in {document}")))
}

#[cfg(test)]
mod tests;
