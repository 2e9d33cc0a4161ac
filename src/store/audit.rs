//! The audit trail: lines are added in the transaction of what they tell of, one after the other, and never changed.

mod prune;

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::policy::{from_json, insert_rows};
use super::{Store, StoreError, Writing, signed, unsigned};
use crate::audit::chain::{BEGINNING, Broken, Checkpoint, Hash, Line, Signature, Verifier, Whole};
use crate::audit::{Act, Actor, Entry, Record};
use crate::clock::UnixSeconds;
use crate::credential::account::{AccountId, Id128};

/// Which lines are wanted; all of it must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub by: Option<Actor>,
    /// Whose word is this: `rule.make`; or begins so: `rule.` for all about rules, `login*`.
    pub action: String,
    /// What it was done to, or by whom.
    pub about: Option<String>,
    /// In the subject, wherever.
    pub subject_part: String,
    /// First second.
    pub from: Option<UnixSeconds>,
    /// First second after it.
    pub until: Option<UnixSeconds>,
}

/// Why a trail could not be vouched for.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Broken(#[from] Broken),
    #[error(transparent)]
    Store(#[from] StoreError),
}

const COLUMNS: &str =
    "SELECT number, at, actor_kind, actor, action, subject, details, hash, key, mac FROM audit";

/// Lines in one INSERT: ten columns each stay far below `SQLite`'s 32 766 parameters.
const BATCH: usize = 200;

/// So many lines are verified without letting others on the same thread go on: tiles are waiting.
const YIELD: u64 = 200;

impl Writing {
    /// Writes what was done and these lines that tell of it, both or neither.
    pub(super) async fn commit(mut self, entries: impl IntoIterator<Item = Entry>) -> Result<(), StoreError> {
        self.tell(entries).await?;
        self.commit_untold().await
    }

    /// Adds lines that count once this transaction is committed.
    pub(super) async fn tell(&mut self, entries: impl IntoIterator<Item = Entry>) -> Result<(), StoreError> {
        let mut entries = entries.into_iter().peekable();
        if entries.peek().is_none() {
            return Ok(());
        }
        let (mut number, mut hash) = head(self.connection()).await?;
        let (actor_kind, actor) = self.act.by.parts();
        while entries.peek().is_some() {
            let batch: Vec<Entry> = entries.by_ref().take(BATCH).collect();
            let statement = insert_rows(
                "INSERT INTO audit (number, at, actor_kind, actor, action, subject, details, hash, key, mac)",
                10,
                batch.len(),
            );
            // Only the statements of one line and of a full batch are worth keeping prepared.
            let mut insert = sqlx::query(statement).persistent(matches!(batch.len(), 1 | BATCH));
            for entry in batch {
                let details = serde_json::to_string(&entry.details);
                number += 1;
                let line = Line {
                    number,
                    at: self.act.at,
                    actor_kind: actor_kind.to_owned(),
                    actor: actor.clone(),
                    action: entry.action.as_str().to_owned(),
                    subject: entry.subject,
                    details: details.map_err(|error| StoreError::Damaged(error.to_string()))?,
                };
                hash = line.hash(hash);
                let Some(signature) = self.audit.sign(hash) else {
                    return Err(StoreError::Damaged(
                        "there is no key to sign the audit trail with".to_owned(),
                    ));
                };
                insert = insert
                    .bind(signed(line.number))
                    .bind(signed(line.at))
                    .bind(line.actor_kind)
                    .bind(line.actor)
                    .bind(line.action)
                    .bind(line.subject)
                    .bind(line.details)
                    .bind(hash.to_string())
                    .bind(signature.key)
                    .bind(signature.mac);
            }
            insert.execute(self.connection()).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Adds lines for what changes nothing: failed logins, denials, an export.
    pub async fn tell(&self, entries: impl IntoIterator<Item = Entry>, act: Act) -> Result<(), StoreError> {
        self.begin(act).await?.commit(entries).await
    }

    /// The newest lines that are wanted, the newest first; only those before the line `before`.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        at_most: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let (conditions, values) = filter.sql(before);
        let statement = format!("{COLUMNS} WHERE {conditions} ORDER BY number DESC LIMIT {at_most}");
        let mut select = sqlx::query(AssertSqlSafe(statement)).persistent(false);
        for value in values {
            select = match value {
                Bound::Number(number) => select.bind(number),
                Bound::Text(text) => select.bind(text),
            };
        }
        select.fetch_all(&self.pool).await?.iter().map(|row| read(stored(row)?.0)).collect()
    }

    /// Names of the persons with these identities; of some there may be none any more.
    pub async fn names(
        &self,
        ids: impl IntoIterator<Item = AccountId>,
    ) -> Result<HashMap<AccountId, String>, StoreError> {
        let mut names = HashMap::new();
        for id in ids {
            if names.contains_key(&id) {
                continue;
            }
            let name: Option<String> = sqlx::query_scalar("SELECT name FROM person WHERE id = $1")
                .bind(id.to_string())
                .fetch_optional(&self.pool)
                .await?;
            if let Some(name) = name {
                names.insert(id, name);
            }
        }
        Ok(names)
    }

    /// The identity of whoever has, or had, this name.
    pub async fn person(&self, name: &str) -> Result<Vec<AccountId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM person WHERE name = $1")
            .bind(name)
            .fetch_all(&self.pool)
            .await?;
        Ok(ids.iter().filter_map(|id| Id128::parse(id)).collect())
    }

    /// Number and hash of the newest line.
    pub async fn audit_head(&self) -> Result<(u64, Hash), StoreError> {
        let mut reading = self.begin_read().await?;
        head(&mut reading).await
    }

    /// Goes through the whole trail. `expect`: number and hash of a line as noted elsewhere.
    ///
    /// # Errors
    /// With the first fault that is found.
    pub async fn verify_audit(&self, expect: Option<(u64, Hash)>) -> Result<Whole, AuditError> {
        let mut reading = self.begin_read().await?;
        let checkpoint = checkpoint(&mut reading).await?;
        let mut verifier = Verifier::new(&self.audit, checkpoint.as_ref(), expect)?;
        let statement = AssertSqlSafe(format!("{COLUMNS} ORDER BY number"));
        let mut rows = sqlx::query(statement).fetch(&mut *reading);
        while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
            let (line, hash, signature) = stored(&row)?;
            // What cannot be read as a hash is none.
            let hash = hash.ok_or(Broken::Changed(line.number))?;
            verifier.follow(&line, hash, &signature)?;
            if line.number.is_multiple_of(YIELD) {
                tokio::task::yield_now().await;
            }
        }
        Ok(verifier.end()?)
    }
}

enum Bound {
    Number(i64),
    Text(String),
}

impl AuditFilter {
    /// What stands behind `WHERE`, and the values of its places.
    fn sql(&self, before: Option<u64>) -> (String, Vec<Bound>) {
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut values = Vec::new();
        let mut and = |condition: &str, bound: Bound| {
            let bound = match bound {
                Bound::Text(text) => Bound::Text(findable(&text)),
                number @ Bound::Number(_) => number,
            };
            values.push(bound);
            conditions.push(condition.replace('?', &format!("${}", values.len())));
        };
        if let Some(before) = before {
            and("number < ?", Bound::Number(signed(before)));
        }
        if let Some(by) = self.by {
            let (kind, id) = by.parts();
            and("actor_kind = ?", Bound::Text(kind.to_owned()));
            and("actor = ?", Bound::Text(id));
        }
        if let Some(begins) = self.action.strip_suffix('*') {
            and("action LIKE ? ESCAPE '!'", Bound::Text(format!("{}%", escaped(begins))));
        } else if self.action.ends_with('.') {
            and("action LIKE ? ESCAPE '!'", Bound::Text(format!("{}%", escaped(&self.action))));
        } else if !self.action.is_empty() {
            and("action = ?", Bound::Text(self.action.clone()));
        }
        if let Some(about) = &self.about {
            and("(subject = ? OR actor = ?)", Bound::Text(about.clone()));
        }
        if !self.subject_part.is_empty() {
            and("subject LIKE ? ESCAPE '!'", Bound::Text(format!("%{}%", escaped(&self.subject_part))));
        }
        if let Some(from) = self.from {
            and("at >= ?", Bound::Number(signed(from)));
        }
        if let Some(until) = self.until {
            and("at < ?", Bound::Number(signed(until)));
        }
        (conditions.join(" AND "), values)
    }
}

/// A text as `PostgreSQL` takes it: no text in the database has what it refuses, nor what stands for it here.
pub(super) fn findable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A text for LIKE, in which nothing stands for anything else.
pub(super) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Number and hash of the newest line, pruned ones counted.
async fn head(connection: &mut AnyConnection) -> Result<(u64, Hash), StoreError> {
    let newest: Option<(i64, String)> =
        sqlx::query_as("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
            .fetch_optional(&mut *connection)
            .await?;
    match newest {
        Some((number, hash)) => {
            let damaged = || StoreError::Damaged(format!("line {number} of the audit trail has no hash"));
            Ok((unsigned(number)?, Hash::parse(&hash).ok_or_else(damaged)?))
        }
        None => Ok(checkpoint(connection).await?.map_or((0, BEGINNING), |point| (point.number, point.hash))),
    }
}

async fn checkpoint(connection: &mut AnyConnection) -> Result<Option<Checkpoint>, StoreError> {
    let row: Option<(i64, String, String, String)> =
        sqlx::query_as("SELECT number, hash, key, mac FROM audit_checkpoint WHERE id = 1")
            .fetch_optional(connection)
            .await?;
    row.map(|(number, hash, key, mac)| {
        let damaged = || StoreError::Damaged("the checkpoint of the audit trail has no hash".to_owned());
        let hash = Hash::parse(&hash).ok_or_else(damaged)?;
        Ok(Checkpoint { number: unsigned(number)?, hash, signature: Signature { key, mac } })
    })
    .transpose()
}

fn stored(row: &AnyRow) -> Result<(Line, Option<Hash>, Signature), StoreError> {
    let line = Line {
        number: unsigned(row.try_get("number")?)?,
        at: unsigned(row.try_get("at")?)?,
        actor_kind: row.try_get("actor_kind")?,
        actor: row.try_get("actor")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        details: row.try_get("details")?,
    };
    let signature = Signature { key: row.try_get("key")?, mac: row.try_get("mac")? };
    Ok((line, Hash::parse(row.try_get("hash")?), signature))
}

fn read(line: Line) -> Result<Record, StoreError> {
    let Line { number, at, actor_kind, actor, action, subject, details } = line;
    let by = Actor::parse(&actor_kind, &actor).ok_or_else(|| {
        StoreError::Damaged(format!("line {number} of the audit trail: {actor_kind} {actor}"))
    })?;
    Ok(Record { number, at, by, action, subject, details: from_json(&details)? })
}
