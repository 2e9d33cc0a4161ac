//! What goes with a condition: its place in rules, and what accounts and devices have of it.

use std::collections::HashMap;

use super::super::policy::{ConditionRow, bit_list, from_json, to_json};
use super::super::{Changed, StoreError, Writing, compact, identity, signed};
use super::{ConditionRemoved, bits_of, is_alone};
use crate::credential::account::AccountId;
use crate::policy::rule::RuleSpec;

/// Rules that are written anew at once.
const BATCH: i64 = 500;

/// Takes a condition out of every rule that names it.
pub(super) async fn rewrite_rules(
    writing: &mut Writing,
    rows: &[ConditionRow],
    bit: u8,
    name: &str,
    removed: &mut ConditionRemoved,
) -> Result<(), StoreError> {
    let lists: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT conditions FROM rule").fetch_all(writing.connection()).await?;
    let bits: HashMap<&str, u8> = rows.iter().map(|row| (row.name.as_str(), row.bit)).collect();
    for list in lists {
        let named = bits_of(&list)?;
        if !named.contains(&bit) {
            continue;
        }
        let is_closed = is_alone(&named, bit);
        loop {
            // What was written before has another list now, and is not found again.
            let batch: Vec<(i64, String)> =
                sqlx::query_as("SELECT position, document FROM rule WHERE conditions = $1 LIMIT $2")
                    .bind(&list)
                    .bind(BATCH)
                    .fetch_all(writing.connection())
                    .await?;
            if batch.is_empty() {
                break;
            }
            for (position, document) in batch {
                let rule: RuleSpec = from_json::<RuleSpec>(&document)?.without_condition(name);
                rewrite(writing, position, &rule, &bits).await?;
                if is_closed {
                    removed.closed += 1;
                } else {
                    removed.kept += 1;
                }
            }
        }
    }
    Ok(())
}

/// Writes a rule anew, unless it has become the same as another one: no policy file may have both.
async fn rewrite(
    writing: &mut Writing,
    position: i64,
    rule: &RuleSpec,
    bits: &HashMap<&str, u8>,
) -> Result<(), StoreError> {
    let list = bit_list(rule, bits).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let beside: Vec<String> = sqlx::query_scalar(
        "SELECT document FROM rule WHERE mount = $1 AND identifier = $2 AND conditions = $3 AND position <> $4",
    )
    .bind(&*rule.mount)
    .bind(&*rule.identifier)
    .bind(&list)
    .bind(position)
    .fetch_all(writing.connection())
    .await?;
    let normal = rule.normal();
    for document in beside {
        if from_json::<RuleSpec>(&document)?.normal() == normal {
            sqlx::query("DELETE FROM rule WHERE position = $1")
                .bind(position)
                .execute(writing.connection())
                .await?;
            return Ok(());
        }
    }
    sqlx::query("UPDATE rule SET conditions = $2, document = $3, compact = $4 WHERE position = $1")
        .bind(position)
        .bind(list)
        .bind(to_json(rule)?)
        .bind(compact::write(rule))
        .execute(writing.connection())
        .await?;
    Ok(())
}

/// Takes a condition from the accounts that hold it, and ends the devices that are there for it: were its name used again,
/// they would have it again. Answers who held it.
pub(super) async fn release(
    writing: &mut Writing,
    bit: u8,
    removed: &mut ConditionRemoved,
) -> Result<Vec<AccountId>, StoreError> {
    let holders: Vec<String> =
        sqlx::query_scalar("DELETE FROM account_condition WHERE bit = $1 RETURNING account")
            .bind(i64::from(bit))
            .fetch_all(writing.connection())
            .await?;
    let mut accounts = Vec::with_capacity(holders.len());
    for account in holders {
        // Whoever edits the account at the same time is told.
        sqlx::query("UPDATE account SET changed = $1, revision = revision + 1 WHERE id = $2")
            .bind(signed(writing.act.at))
            .bind(&account)
            .execute(writing.connection())
            .await?;
        let id = identity(&account)?;
        writing.log(&Changed::Account(id)).await?;
        accounts.push(id);
        removed.accounts += 1;
    }
    let devices: Vec<(String, Option<i64>)> = sqlx::query_as(
        "UPDATE device SET revoked = $1, code_hash = NULL, code_expires = NULL \
         WHERE bit = $2 AND revoked IS NULL RETURNING id, enrolled",
    )
    .bind(signed(writing.act.at))
    .bind(i64::from(bit))
    .fetch_all(writing.connection())
    .await?;
    for (device, enrolled) in devices {
        writing.log(&Changed::Device(identity(&device)?)).await?;
        removed.devices += u64::from(enrolled.is_some());
    }
    Ok(accounts)
}
