//! How much there is: counted by the database, so that a page of numbers costs the same
//! memory whatever they are.

use std::collections::BTreeMap;

use super::{Store, StoreError, signed, unsigned};
use crate::clock::UnixSeconds;

/// How much there is, as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Locked ones too.
    pub accounts: u64,
    /// Those that may log in: neither locked nor over, and with a password.
    pub active: u64,
    /// Those of them that may administer.
    pub administrators: u64,
    /// Neither locked nor over, but nobody has set their password yet.
    pub without_password: u64,
    /// By the name of the mount that they are written for; a mount without rules is not in it.
    pub rules: BTreeMap<String, u64>,
    /// Passes that count: neither revoked nor over, nor of another epoch.
    pub passes: u64,
}

impl Store {
    /// Counts accounts, rules and passes, as of that moment.
    pub async fn counts(&self, now: UnixSeconds) -> Result<Counts, StoreError> {
        let mut reading = self.begin_read().await?;
        let mut counts = Counts::default();
        // Groups and not SUM, which PostgreSQL answers in a type of its own.
        let accounts: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT open, known, administrator, COUNT(*) FROM (SELECT administrator, \
             CAST(CASE WHEN active = 1 AND (expires IS NULL OR expires > $1) THEN 1 ELSE 0 END AS BIGINT) AS open, \
             CAST(CASE WHEN password_hash <> '' THEN 1 ELSE 0 END AS BIGINT) AS known FROM account) AS seen \
             GROUP BY open, known, administrator",
        )
        .bind(signed(now))
        .fetch_all(&mut *reading)
        .await?;
        for (open, known, administrator, number) in accounts {
            let number = unsigned(number)?;
            counts.accounts += number;
            match (open != 0, known != 0) {
                (true, true) => {
                    counts.active += number;
                    counts.administrators += if administrator != 0 { number } else { 0 };
                }
                (true, false) => counts.without_password += number,
                (false, _) => {}
            }
        }
        let rules: Vec<(String, i64)> = sqlx::query_as("SELECT mount, COUNT(*) FROM rule GROUP BY mount")
            .fetch_all(&mut *reading)
            .await?;
        for (mount, number) in rules {
            counts.rules.insert(mount, unsigned(number)?);
        }
        let passes: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pass WHERE expires > $1 AND revoked IS NULL AND makes_passes = 0 \
             AND epoch = (SELECT epoch FROM meta WHERE meta.id = 1)",
        )
        .bind(signed(now))
        .fetch_one(&mut *reading)
        .await?;
        counts.passes = unsigned(passes)?;
        Ok(counts)
    }
}
