//! Conditions one by one: each change is one transaction with its line in the change log.

mod removal;

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AnyConnection;

use super::policy::{ConditionRow, NumberedCondition, assign_bits, read_conditions, to_json};
use super::{Changed, ReplaceError, Store, StoreError, Writing, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::policy::condition::{AccessCondition, CLOSED, MAX_CONDITIONS, OPEN, Pattern};
use crate::policy::requirement::CLOSED_BIT;

/// Why a condition was not taken; everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum ConditionError {
    #[error("there is an access condition {0:?} already")]
    Double(String),
    #[error("there is no access condition {0:?} any more")]
    Gone(String),
    /// It is not what it was when the edit began.
    #[error("the access condition {:?} has been changed by somebody else meanwhile", .0.name)]
    Changed(Box<AccessCondition>),
    #[error("the access condition {0:?} is built in: it can have other texts, and nothing else")]
    BuiltIn(String),
    #[error(
        "{accounts} accounts and {devices} computers have the access condition {name:?}, so it cannot become open or closed"
    )]
    Held { name: String, accounts: u64, devices: u64 },
    #[error(
        "there is no room for the access condition {0:?}: a database can name {MAX_CONDITIONS} conditions in its life, \
         removed ones included; use the name of a removed one again"
    )]
    TooMany(String),
    /// What the edit was checked against is not there any more.
    #[error("the policy has been changed by somebody else meanwhile; look at it again, and repeat the edit")]
    Meanwhile,
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<sqlx::Error> for ConditionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// What names a condition, and who has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConditionUse {
    /// How many rules name it.
    pub rules: u64,
    /// How many of those name no other that anybody could meet: without it they are closed.
    pub alone: u64,
    /// Locked ones too.
    pub accounts: u64,
    /// Those that are enrolled and not revoked.
    pub devices: u64,
}

/// A condition with what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionInUse {
    pub bit: u8,
    pub condition: AccessCondition,
    pub used: ConditionUse,
}

/// What a removal did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConditionRemoved {
    pub closed: u64,
    /// Rules that keep other conditions.
    pub kept: u64,
    pub accounts: u64,
    pub devices: u64,
}

impl Store {
    /// Adds a condition behind all others, checked against the policy as of the change log's line `since`; answers its bit. A
    /// name that was there before gets the bit that it had.
    pub async fn add_condition(
        &self,
        condition: &AccessCondition,
        since: u64,
        act: Act,
    ) -> Result<u8, ConditionError> {
        let mut writing = self.begin(act).await?;
        refuse_changed(&mut writing, since).await?;
        let rows = ConditionRow::all(writing.connection()).await?;
        if rows.iter().any(|row| row.name == condition.name && row.is_present()) {
            return Err(ConditionError::Double(condition.name.clone()));
        }
        let bits = assign_bits(&rows, std::slice::from_ref(condition)).map_err(refused)?;
        let Some(bit) = bits.get(condition.name.as_str()).copied() else {
            return Err(ConditionError::Meanwhile);
        };
        write(&mut writing, bit, next_position(&rows), condition).await?;
        writing.log(&Changed::Condition(bit)).await?;
        writing.commit([Entry::new(Action::ConditionMade, &condition.name).with("after", condition)]).await?;
        Ok(bit)
    }

    /// Puts another condition in the place of the one that was `shown`, checked against the policy as of the change log's
    /// line `since`.
    pub async fn change_condition(
        &self,
        shown: &AccessCondition,
        condition: &AccessCondition,
        since: u64,
        act: Act,
    ) -> Result<(), ConditionError> {
        let mut writing = self.begin(act).await?;
        let rows = ConditionRow::all(writing.connection()).await?;
        let row = unchanged(&rows, shown)?;
        if shown.name != condition.name {
            return Err(ConditionError::Gone(condition.name.clone()));
        }
        if is_built_in(&shown.name) && *condition != with_texts_of(shown, condition) {
            return Err(ConditionError::BuiltIn(shown.name.clone()));
        }
        refuse_changed(&mut writing, since).await?;
        let is_for_nobody = matches!(condition.pattern, Pattern::Open | Pattern::Closed);
        if is_for_nobody && shown.pattern != condition.pattern {
            let used = usage(writing.connection()).await?.remove(&row.bit).unwrap_or_default();
            let ConditionUse { accounts, devices, .. } = used;
            if accounts + devices > 0 {
                return Err(ConditionError::Held { name: shown.name.clone(), accounts, devices });
            }
        }
        let position = row.position.unwrap_or_else(|| next_position(&rows));
        write(&mut writing, row.bit, position, condition).await?;
        let what = if shown.pattern.is_folded_otherwise(condition.pattern) {
            // What rules ask for changes with it.
            Changed::Policy
        } else {
            Changed::Condition(row.bit)
        };
        writing.log(&what).await?;
        let entry = Entry::new(Action::ConditionChanged, &condition.name).changed(shown, condition);
        Ok(writing.commit([entry]).await?)
    }

    /// Removes the condition that was `shown`, checked against the policy as of the change log's line `since`: rules lose it,
    /// and those without another one are closed; accounts and devices lose it too. Its bit stays its own.
    pub async fn remove_condition(
        &self,
        shown: &AccessCondition,
        since: u64,
        act: Act,
    ) -> Result<ConditionRemoved, ConditionError> {
        let mut writing = self.begin(act).await?;
        let rows = ConditionRow::all(writing.connection()).await?;
        let bit = unchanged(&rows, shown)?.bit;
        if is_built_in(&shown.name) {
            return Err(ConditionError::BuiltIn(shown.name.clone()));
        }
        refuse_changed(&mut writing, since).await?;
        let mut removed = ConditionRemoved::default();
        removal::rewrite_rules(&mut writing, &rows, bit, &shown.name, &mut removed).await?;
        let holders = removal::release(&mut writing, bit, &mut removed).await?;
        sqlx::query("UPDATE access_condition SET position = NULL, document = NULL WHERE bit = $1")
            .bind(i64::from(bit))
            .execute(writing.connection())
            .await?;
        writing.log(&Changed::Policy).await?;
        let ConditionRemoved { closed, kept, accounts, devices, .. } = removed;
        let entry = Entry::new(Action::ConditionDeleted, &shown.name).with("before", shown);
        let entry = entry.with("rules_closed", closed).with("rules_kept", kept);
        let entry = entry.with("accounts", accounts).with("devices", devices);
        let of_holder = |id| Entry::new(Action::AccountChanged, id).with("condition_deleted", &shown.name);
        writing.commit(std::iter::once(entry).chain(holders.into_iter().map(of_holder))).await?;
        Ok(removed)
    }

    /// The conditions of the policy, the built-in ones first if they are not written, each with what names it.
    pub async fn conditions_with_use(&self) -> Result<Vec<ConditionInUse>, StoreError> {
        let mut reading = self.begin_read().await?;
        let mut used = usage(&mut reading).await?;
        let conditions = read_conditions(&mut reading, true).await?.into_iter();
        let with_use = conditions.map(|NumberedCondition { bit, condition }| {
            let used = used.remove(&bit).unwrap_or_default();
            ConditionInUse { bit, condition, used }
        });
        Ok(with_use.collect())
    }

    /// A condition of the policy with what names it.
    pub async fn condition_with_use(&self, name: &str) -> Result<Option<ConditionInUse>, StoreError> {
        Ok(self.conditions_with_use().await?.into_iter().find(|one| one.condition.name == name))
    }

    /// The conditions as they are now, built-in ones too. `None` if the whole policy was replaced after the line `since`:
    /// then rules name others.
    pub async fn conditions_now(&self, since: u64) -> Result<Option<Vec<NumberedCondition>>, StoreError> {
        let mut reading = self.begin_read().await?;
        let (replaced,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM policy_change WHERE kind = 'policy' AND sequence > $1")
                .bind(signed(since))
                .fetch_one(&mut *reading)
                .await?;
        if replaced > 0 { Ok(None) } else { read_conditions(&mut reading, true).await.map(Some) }
    }
}

fn is_built_in(name: &str) -> bool {
    name == OPEN || name == CLOSED
}

/// The first condition with the texts of the second: all that a built-in one may become.
fn with_texts_of(one: &AccessCondition, texts: &AccessCondition) -> AccessCondition {
    AccessCondition {
        label: texts.label.clone(),
        heading: texts.heading.clone(),
        note: texts.note.clone(),
        confirm: texts.confirm.clone(),
        error_heading: texts.error_heading.clone(),
        error_note: texts.error_note.clone(),
        ..one.clone()
    }
}

fn refused(error: ReplaceError) -> ConditionError {
    match error {
        ReplaceError::TooManyConditions { condition } => ConditionError::TooMany(condition),
        ReplaceError::BuiltIn(name) => ConditionError::BuiltIn(name),
        ReplaceError::DuplicateCondition(name) => ConditionError::Double(name),
        ReplaceError::Database(error) => ConditionError::Database(error),
        other => ConditionError::Database(StoreError::Damaged(other.to_string())),
    }
}

async fn refuse_changed(writing: &mut Writing, since: u64) -> Result<(), ConditionError> {
    if writing.has_policy_changed(since).await? { Err(ConditionError::Meanwhile) } else { Ok(()) }
}

/// The row of a condition, which must still be as it was shown.
fn unchanged<'r>(
    rows: &'r [ConditionRow],
    shown: &AccessCondition,
) -> Result<&'r ConditionRow, ConditionError> {
    let row = rows.iter().find(|row| row.name == shown.name && row.is_present());
    let row = row.ok_or_else(|| ConditionError::Gone(shown.name.clone()))?;
    let now = row.condition()?;
    if now == *shown { Ok(row) } else { Err(ConditionError::Changed(Box::new(now))) }
}

fn next_position(rows: &[ConditionRow]) -> i64 {
    rows.iter().filter_map(|row| row.position).max().map_or(0, |last| last + 1)
}

async fn write(
    writing: &mut Writing,
    bit: u8,
    position: i64,
    condition: &AccessCondition,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO access_condition (bit, name, position, document) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (bit) DO UPDATE SET position = excluded.position, document = excluded.document",
    )
    .bind(i64::from(bit))
    .bind(&condition.name)
    .bind(position)
    .bind(to_json(condition)?)
    .execute(writing.connection())
    .await?;
    Ok(())
}

/// The bits of a rule's `conditions`, as [`bit_list`] wrote them.
fn bits_of(list: &str) -> Result<BTreeSet<u8>, StoreError> {
    let damaged = || StoreError::Damaged(format!("conditions of a rule: {list:?}"));
    list.split(',').filter(|bit| !bit.is_empty()).map(|bit| bit.parse().map_err(|_| damaged())).collect()
}

/// Whether a rule with these would be closed without this one.
fn is_alone(bits: &BTreeSet<u8>, bit: u8) -> bool {
    bits.iter().all(|other| *other == bit || *other == CLOSED_BIT)
}

async fn usage(connection: &mut AnyConnection) -> Result<BTreeMap<u8, ConditionUse>, StoreError> {
    let mut all: BTreeMap<u8, ConditionUse> = BTreeMap::new();
    let rules: Vec<(String, i64)> =
        sqlx::query_as("SELECT conditions, COUNT(*) FROM rule GROUP BY conditions")
            .fetch_all(&mut *connection)
            .await?;
    for (list, count) in rules {
        let (bits, count) = (bits_of(&list)?, unsigned(count)?);
        for bit in &bits {
            let used = all.entry(*bit).or_default();
            used.rules += count;
            if is_alone(&bits, *bit) {
                used.alone += count;
            }
        }
    }
    let bit_of = |bit: i64| u8::try_from(bit).map_err(|_| StoreError::Damaged(format!("bit {bit}")));
    let held: Vec<(i64, i64)> = sqlx::query_as("SELECT bit, COUNT(*) FROM account_condition GROUP BY bit")
        .fetch_all(&mut *connection)
        .await?;
    for (bit, count) in held {
        all.entry(bit_of(bit)?).or_default().accounts = unsigned(count)?;
    }
    let devices: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT bit, COUNT(*) FROM device WHERE enrolled IS NOT NULL AND revoked IS NULL GROUP BY bit",
    )
    .fetch_all(&mut *connection)
    .await?;
    for (bit, count) in devices {
        all.entry(bit_of(bit)?).or_default().devices = unsigned(count)?;
    }
    Ok(all)
}
