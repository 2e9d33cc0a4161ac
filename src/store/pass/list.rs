//! Passes found among many, a page at a time.

use sqlx::AssertSqlSafe;

use super::{COLUMNS, StoredPass, names_of_bits, stored};
use crate::clock::UnixSeconds;
use crate::credential::account::PassId;
use crate::store::audit::{escaped, findable};
use crate::store::{Store, StoreError, signed, unsigned};

/// Which passes are wanted.
#[derive(Clone, Debug, Default)]
pub struct PassQuery {
    /// In lower case; a part of the identifier, the note or the ID.
    pub search: String,
    pub state: Option<PassState>,
    /// Those alone that were made with this one.
    pub maker: Option<PassId>,
}

/// What became of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassState {
    /// It counts.
    Active,
    /// It has expired, was revoked, or is of a database before it was restored.
    Over,
    /// It counts, and another application makes passes with it.
    Making,
}

/// A page of passes, the newest first, and how many there are on all pages.
#[derive(Clone, Debug)]
pub struct PassPage {
    pub passes: Vec<StoredPass>,
    pub total: u64,
}

impl PassQuery {
    /// What stands behind `WHERE`, and the values of its places.
    fn sql(&self, now: UnixSeconds) -> (String, Vec<String>) {
        // Numbers of ours stand in the text; what was typed never does.
        let counts = format!(
            "revoked IS NULL AND expires > {} AND epoch = (SELECT epoch FROM meta WHERE meta.id = 1)",
            signed(now)
        );
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut values = Vec::new();
        if !self.search.is_empty() {
            values.push(format!("%{}%", escaped(&findable(&self.search))));
            conditions.push(
                "(LOWER(identifier) LIKE $1 ESCAPE '!' OR LOWER(note) LIKE $1 ESCAPE '!' OR id LIKE $1 ESCAPE '!')"
                    .to_owned(),
            );
        }
        if let Some(maker) = &self.maker {
            values.push(maker.to_string());
            conditions.push(format!("maker = ${}", values.len()));
        }
        match self.state {
            None => {}
            Some(PassState::Active) => conditions.push(counts),
            Some(PassState::Over) => conditions.push(format!("NOT ({counts})")),
            Some(PassState::Making) => conditions.push(format!("makes_passes = 1 AND {counts}")),
        }
        (conditions.join(" AND "), values)
    }
}

impl Store {
    /// A page of the passes that are wanted; pages are counted from 0.
    pub async fn pass_page(
        &self,
        wanted: &PassQuery,
        page: u32,
        size: u32,
        now: UnixSeconds,
    ) -> Result<PassPage, StoreError> {
        let mut reading = self.begin_read().await?;
        let (condition, values) = wanted.sql(now);
        let counting = AssertSqlSafe(format!("SELECT COUNT(*) FROM pass WHERE {condition}"));
        let mut query = sqlx::query_scalar(counting);
        for value in &values {
            query = query.bind(value);
        }
        let total: i64 = query.fetch_one(&mut *reading).await?;
        let first = u64::from(page) * u64::from(size);
        let statement =
            format!("{COLUMNS} WHERE {condition} ORDER BY made DESC, id ASC LIMIT {size} OFFSET {first}");
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for value in &values {
            query = query.bind(value);
        }
        let rows = query.fetch_all(&mut *reading).await?;
        let names = names_of_bits(&mut reading).await?;
        let passes = rows.iter().map(|row| stored(row, &names)).collect::<Result<Vec<_>, _>>()?;
        Ok(PassPage { passes, total: unsigned(total)? })
    }
}
