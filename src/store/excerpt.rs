//! Parts of the policy read without the rest of it, which may be millions of rules.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;

use super::policy::{from_json, read_documents};
use super::{Store, StoreError};
use crate::policy::document::PolicyTest;
use crate::policy::rule::RuleSpec;

/// Numbers in one SELECT.
const AT_ONCE: usize = 500;

impl Store {
    /// The rules with these numbers, as they are written; a number that no rule has is not in it.
    pub async fn rules_by_number(&self, numbers: &[u32]) -> Result<BTreeMap<u32, RuleSpec>, StoreError> {
        let mut reading = self.begin_read().await?;
        let mut rules = BTreeMap::new();
        for some in numbers.chunks(AT_ONCE) {
            let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
            let statement =
                format!("SELECT position, document FROM rule WHERE position IN ({})", places.join(", "));
            let mut select = sqlx::query_as::<_, (i64, String)>(AssertSqlSafe(statement)).persistent(false);
            for number in some {
                select = select.bind(i64::from(*number));
            }
            for (position, document) in select.fetch_all(&mut *reading).await? {
                rules.insert(number_of(position)?, from_json(&document)?);
            }
        }
        Ok(rules)
    }

    /// The tests of the policy, as they were written.
    pub async fn policy_tests(&self) -> Result<Vec<PolicyTest>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_documents(&mut reading, "SELECT document FROM policy_test ORDER BY position").await
    }

    /// The rule of a number, as it was written.
    pub async fn rule(&self, number: u32) -> Result<Option<RuleSpec>, StoreError> {
        let document: Option<String> = sqlx::query_scalar("SELECT document FROM rule WHERE position = $1")
            .bind(i64::from(number))
            .fetch_optional(&self.pool)
            .await?;
        document.as_deref().map(from_json).transpose()
    }

    /// The names of the conditions that some account holds, a locked one too, or some device has or will have.
    pub async fn conditions_in_use(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut reading = self.begin_read().await?;
        let names: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM access_condition WHERE bit IN (SELECT bit FROM account_condition) \
             OR bit IN (SELECT bit FROM device WHERE revoked IS NULL)",
        )
        .fetch_all(&mut *reading)
        .await?;
        Ok(names.into_iter().collect())
    }
}

fn number_of(position: i64) -> Result<u32, StoreError> {
    u32::try_from(position).map_err(|_| StoreError::Damaged(format!("rule at position {position}")))
}
