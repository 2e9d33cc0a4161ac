//! Rules one by one: each change is one transaction with its line in the change log.

use std::collections::HashMap;

use super::policy::{ConditionRow, bit_list, from_json, matching_word, to_json};
use super::{Changed, ReplaceError, Store, StoreError, Writing, compact, deleted, signed};
use crate::audit::{Act, Action, Entry};
use crate::credential::account::Id128;
use crate::policy::edit::CheckedRule;
use crate::policy::rule::RuleSpec;

/// Why a rule was not taken; everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The policy was replaced since the rule was checked.
    #[error("the rule names the access condition {0:?}, which the policy does not have")]
    UnknownCondition(String),
    #[error("there are more than 4 billion rules")]
    TooMany,
    /// What the edit was checked against is not there any more.
    #[error("the policy has been changed by somebody else meanwhile; look at it again, and repeat the edit")]
    Meanwhile,
    #[error("the rule is not among the deleted ones any more")]
    NotDeleted,
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<sqlx::Error> for RuleError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// One rule to be changed by itself.
#[derive(Clone, Debug)]
pub enum RuleEdit {
    Add(CheckedRule),
    Change(u32, CheckedRule),
    Remove(u32),
    /// Takes it off the deleted ones, too.
    Restore(Id128, CheckedRule),
}

/// Rules as they are now, by their numbers; `None`: there is none.
pub type RulesNow = Vec<(u32, Option<RuleSpec>)>;

impl Store {
    /// Adds a rule behind all others; answers its number.
    pub async fn add_rule(&self, rule: &CheckedRule, act: Act) -> Result<u32, RuleError> {
        let mut writing = self.begin(act).await?;
        let number = add(&mut writing, rule).await?;
        writing.commit([told(Action::RuleMade, number).with("after", rule.spec())]).await?;
        Ok(number)
    }

    /// Puts another rule in the place of this one; `false`: there is none of this number.
    pub async fn change_rule(&self, number: u32, rule: &CheckedRule, act: Act) -> Result<bool, RuleError> {
        let mut writing = self.begin(act).await?;
        let Some(before) = change(&mut writing, number, rule).await? else { return Ok(false) };
        writing.commit([told(Action::RuleChanged, number).changed(before, rule.spec())]).await?;
        Ok(true)
    }

    /// Removes a rule; answers what it said, if there was one of this number.
    pub async fn remove_rule(&self, number: u32, act: Act) -> Result<Option<RuleSpec>, StoreError> {
        let mut writing = self.begin(act).await?;
        let Some(removed) = remove(&mut writing, number).await? else { return Ok(None) };
        writing.commit([told(Action::RuleDeleted, number).with("before", &removed)]).await?;
        Ok(Some(removed))
    }

    /// Makes an edit that was checked against the policy as of the change log's line `since`; answers the rule's number.
    ///
    /// # Errors
    /// If the policy or a rule has changed after that line: what was checked together may not go together any more.
    pub async fn edit_rule(&self, edit: &RuleEdit, since: u64, act: Act) -> Result<u32, RuleError> {
        let mut writing = self.begin(act).await?;
        if writing.has_policy_changed(since).await? {
            return Err(RuleError::Meanwhile);
        }
        let (number, entry) = match edit {
            RuleEdit::Add(rule) => {
                let number = add(&mut writing, rule).await?;
                (number, told(Action::RuleMade, number).with("after", rule.spec()))
            }
            RuleEdit::Change(number, rule) => {
                let before = change(&mut writing, *number, rule).await?.ok_or(RuleError::Meanwhile)?;
                (*number, told(Action::RuleChanged, *number).changed(before, rule.spec()))
            }
            RuleEdit::Remove(number) => {
                let before = remove(&mut writing, *number).await?.ok_or(RuleError::Meanwhile)?;
                (*number, told(Action::RuleDeleted, *number).with("before", before))
            }
            RuleEdit::Restore(id, rule) => {
                let taken = deleted::take::<RuleSpec>(&mut writing, id, "rule").await?;
                taken.ok_or(RuleError::NotDeleted)?;
                let number = add(&mut writing, rule).await?;
                (number, told(Action::RuleRestored, number).with("after", rule.spec()))
            }
        };
        writing.commit([entry]).await?;
        Ok(number)
    }

    /// Adds rules behind all others, all or none, that were checked against the policy as of the change log's line `since`.
    ///
    /// # Errors
    /// If the policy or a rule has changed after that line.
    pub async fn add_rules(&self, rules: &[CheckedRule], since: u64, act: Act) -> Result<(), RuleError> {
        let mut writing = self.begin(act).await?;
        if writing.has_policy_changed(since).await? {
            return Err(RuleError::Meanwhile);
        }
        let mut entries = Vec::with_capacity(rules.len());
        for rule in rules {
            let number = add(&mut writing, rule).await?;
            entries.push(told(Action::RuleMade, number).with("after", rule.spec()));
        }
        Ok(writing.commit(entries).await?)
    }

    /// The rules of these numbers as they are now. `None` if the whole policy was replaced after the line
    /// `since`: then the numbers mean other rules.
    pub async fn rules_now(
        &self,
        numbers: impl IntoIterator<Item = u32>,
        since: u64,
    ) -> Result<Option<RulesNow>, StoreError> {
        let mut reading = self.begin_read().await?;
        let (replaced,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM policy_change WHERE kind = 'policy' AND sequence > $1")
                .bind(signed(since))
                .fetch_one(&mut *reading)
                .await?;
        if replaced > 0 {
            return Ok(None);
        }
        let mut rules = RulesNow::new();
        for number in numbers {
            let document: Option<String> =
                sqlx::query_scalar("SELECT document FROM rule WHERE position = $1")
                    .bind(i64::from(number))
                    .fetch_optional(&mut *reading)
                    .await?;
            rules.push((number, document.as_deref().map(from_json).transpose()?));
        }
        Ok(Some(rules))
    }
}

/// A line about the rule of this number, as people count.
fn told(action: Action, number: u32) -> Entry {
    Entry::new(action, u64::from(number) + 1)
}

async fn add(writing: &mut Writing, rule: &CheckedRule) -> Result<u32, RuleError> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT MAX(position) FROM rule").fetch_one(writing.connection()).await?;
    let number = last.map_or(Ok(0), |last| u32::try_from(last + 1)).map_err(|_| RuleError::TooMany)?;
    let insert = "INSERT INTO rule (position, mount, identifier, matching, conditions, document, compact) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7)";
    write(writing, insert, number, rule).await?;
    Ok(number)
}

/// Answers what the rule said before; `None`: there is none of this number.
async fn change(
    writing: &mut Writing,
    number: u32,
    rule: &CheckedRule,
) -> Result<Option<RuleSpec>, RuleError> {
    let before: Option<String> = sqlx::query_scalar("SELECT document FROM rule WHERE position = $1")
        .bind(i64::from(number))
        .fetch_optional(writing.connection())
        .await?;
    let Some(before) = before else { return Ok(None) };
    let update = "UPDATE rule SET mount = $2, identifier = $3, matching = $4, conditions = $5, document = $6, \
                  compact = $7 WHERE position = $1";
    write(writing, update, number, rule).await?;
    Ok(Some(from_json(&before)?))
}

/// Runs a statement with all that is kept of a rule, and writes its line.
async fn write(
    writing: &mut Writing,
    statement: &'static str,
    number: u32,
    rule: &CheckedRule,
) -> Result<(), RuleError> {
    let bits = present_bits(writing, rule.spec()).await?;
    sqlx::query(statement)
        .bind(i64::from(number))
        .bind(&*rule.spec().mount)
        .bind(&*rule.spec().identifier)
        .bind(matching_word(rule.spec()))
        .bind(bits)
        .bind(to_json(rule.spec())?)
        .bind(compact::write(rule.spec()))
        .execute(writing.connection())
        .await?;
    Ok(writing.log(&Changed::Rule(number)).await?)
}

async fn remove(writing: &mut Writing, number: u32) -> Result<Option<RuleSpec>, StoreError> {
    let document: Option<String> =
        sqlx::query_scalar("DELETE FROM rule WHERE position = $1 RETURNING document")
            .bind(i64::from(number))
            .fetch_optional(writing.connection())
            .await?;
    let Some(document) = document else { return Ok(None) };
    writing.log(&Changed::Rule(number)).await?;
    let rule: RuleSpec = from_json(&document)?;
    deleted::keep(writing, &Id128(crate::clock::random()), "rule", &rule).await?;
    Ok(Some(rule))
}

/// The bits of the rule's conditions, which must be in the policy now.
async fn present_bits(writing: &mut Writing, rule: &RuleSpec) -> Result<String, RuleError> {
    let rows = ConditionRow::all(writing.connection()).await?;
    let present = rows.iter().filter(|row| row.is_present());
    let bits: HashMap<&str, u8> = present.map(|row| (row.name.as_str(), row.bit)).collect();
    bit_list(rule, &bits).map_err(|error| match error {
        ReplaceError::UnknownCondition(name) => RuleError::UnknownCondition(name),
        ReplaceError::Database(error) => RuleError::Database(error),
        other => RuleError::Database(StoreError::Damaged(other.to_string())),
    })
}
