//! How much there is: counted by the database, so that a page of numbers costs the same
//! memory whatever they are.

use std::collections::BTreeMap;

use super::{Store, StoreError, unsigned};

/// How much there is, as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Locked ones too.
    pub accounts: u64,
    pub active: u64,
    /// Those that may administer and are not locked.
    pub administrators: u64,
    /// By the name of the mount that they are written for; a mount without rules is not in it.
    pub rules: BTreeMap<String, u64>,
}

impl Store {
    /// Counts accounts and rules.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let mut reading = self.begin_read().await?;
        let mut counts = Counts::default();
        // Groups and not SUM, which PostgreSQL answers in a type of its own.
        let accounts: Vec<(i64, i64, i64)> = sqlx::query_as(
            "SELECT active, administrator, COUNT(*) FROM account GROUP BY active, administrator",
        )
        .fetch_all(&mut *reading)
        .await?;
        for (active, administrator, number) in accounts {
            let number = unsigned(number)?;
            counts.accounts += number;
            if active != 0 {
                counts.active += number;
                if administrator != 0 {
                    counts.administrators += number;
                }
            }
        }
        let rules: Vec<(String, i64)> = sqlx::query_as("SELECT mount, COUNT(*) FROM rule GROUP BY mount")
            .fetch_all(&mut *reading)
            .await?;
        for (mount, number) in rules {
            counts.rules.insert(mount, unsigned(number)?);
        }
        Ok(counts)
    }
}
