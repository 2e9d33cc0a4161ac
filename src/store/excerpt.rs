//! Parts of the policy read without the rest of it, which may be millions of rules.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;

use super::audit::escaped;
use super::policy::{from_json, read_documents};
use super::{Engine, Store, StoreError};
use crate::policy::document::PolicyTest;
use crate::policy::rule::RuleSpec;

/// Which rules are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleQuery {
    pub mounts: Vec<String>,
    /// The beginning of the identifier.
    pub begins: String,
    /// Name of a condition that the rule has; empty: any.
    pub condition: String,
}

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

    /// Rules in the order of mount and identifier, page by page; one more than `per_page`, if there is one. Only those of
    /// these mounts, which have this condition if one is named, and whose identifier begins so.
    pub async fn find_rules(
        &self,
        query: &RuleQuery,
        page: u32,
        per_page: u32,
    ) -> Result<Vec<(u32, RuleSpec)>, StoreError> {
        let mut values: Vec<String> = query.mounts.clone();
        let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
        let mut wanted = vec![if places.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("mount IN ({})", places.join(", "))
        }];
        if !query.begins.is_empty() {
            match self.engine {
                // Sorted by bytes: a range that the index finds.
                Engine::Sqlite => {
                    values.extend([query.begins.clone(), format!("{}\u{10ffff}", query.begins)]);
                    let last = values.len();
                    wanted.push(format!("identifier >= ${} AND identifier < ${last}", last - 1));
                }
                Engine::Postgres => {
                    values.push(format!("{}%", escaped(&query.begins)));
                    wanted.push(format!("identifier LIKE ${} ESCAPE '!'", values.len()));
                }
            }
        }
        if !query.condition.is_empty() {
            values.push(query.condition.clone());
            wanted.push(format!(
                "',' || conditions || ',' LIKE '%,' || (SELECT CAST(bit AS TEXT) FROM access_condition WHERE name = ${}) \
                 || ',%'",
                values.len()
            ));
        }
        let statement = format!(
            "SELECT position, document FROM rule WHERE {} ORDER BY mount, identifier, position LIMIT {} OFFSET {}",
            wanted.join(" AND "),
            per_page + 1,
            u64::from(page) * u64::from(per_page)
        );
        let mut select = sqlx::query_as::<_, (i64, String)>(AssertSqlSafe(statement)).persistent(false);
        for value in values {
            select = select.bind(value);
        }
        let rows = select.fetch_all(&self.pool).await?;
        rows.into_iter()
            .map(|(position, document)| Ok((number_of(position)?, from_json(&document)?)))
            .collect()
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
