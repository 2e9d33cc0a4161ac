//! Conditions that accounts hold and a new policy does not have: a reason to refuse it, or to take them away.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::{Changed, ReplaceError, StoreError, Writing, identity, signed};
use crate::policy::condition::AccessCondition;

/// The conditions that accounts hold and a new policy does not have: name, bit, and by how many.
pub(super) async fn held_and_missing(
    connection: &mut AnyConnection,
    conditions: &[AccessCondition],
) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let stays: BTreeSet<&str> = conditions.iter().map(|condition| condition.name.as_str()).collect();
    let mut held: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT c.name, c.bit, COUNT(*) FROM account_condition held \
         JOIN access_condition c ON c.bit = held.bit GROUP BY c.name, c.bit",
    )
    .fetch_all(connection)
    .await?;
    held.retain(|(name, ..)| !stays.contains(name.as_str()));
    held.sort();
    Ok(held)
}

pub(super) fn counted(held: Vec<(String, i64, i64)>) -> Vec<(String, u64)> {
    held.into_iter().map(|(name, _, count)| (name, count.unsigned_abs())).collect()
}

/// Takes conditions that the document drops away from the accounts that hold them, or
/// refuses to.
pub(super) async fn release_dropped(
    writing: &mut Writing,
    conditions: &[AccessCondition],
    drop_held: bool,
) -> Result<(), ReplaceError> {
    let dropped = held_and_missing(writing.connection(), conditions).await?;
    if !drop_held && !dropped.is_empty() {
        return Err(ReplaceError::Held(counted(dropped)));
    }
    let mut accounts = BTreeSet::new();
    for (_, bit, _) in dropped {
        let holders: Vec<String> =
            sqlx::query_scalar("DELETE FROM account_condition WHERE bit = $1 RETURNING account")
                .bind(bit)
                .fetch_all(writing.connection())
                .await?;
        accounts.extend(holders);
    }
    for account in accounts {
        sqlx::query("UPDATE account SET changed = $1 WHERE id = $2")
            .bind(signed(writing.act.at))
            .bind(&account)
            .execute(writing.connection())
            .await?;
        writing.log(&Changed::Account(identity(&account)?)).await?;
    }
    Ok(())
}
