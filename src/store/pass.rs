//! Passes: credentials without an account, each for one part of one mount, for a time.
//!
//! Of the secret there is only a hash here, and not even that once the pass is revoked (S11, S16). A pass counts only in
//! the epoch in which it was made: a restored backup does not know what was revoked after it (S17).

use futures_util::TryStreamExt as _;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::policy::ConditionRow;
use super::{Changed, Store, StoreError, identity, signed, unsigned};
use crate::audit::{Act, Action, Actor, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{AccountId, PassId};
use crate::credential::one_time::SecretHash;
use crate::credential::pass::{Pass, Scope};
use crate::policy::condition::{CLOSED, Conditions, OPEN, Pattern};
use crate::policy::decision::PassGives;
use crate::policy::permitted::Permitted;

mod list;
mod maker;

pub use list::{PassPage, PassQuery, PassState};

/// How long a pass is listed after it is over, seconds.
pub const LISTED: u64 = 90 * 86_400;
/// So many passes of one other application count at a time: every replica keeps each of them.
pub const MOST_OF_A_MAKER: u32 = 100_000;

/// A new pass as it is to be written.
#[derive(Clone, Debug)]
pub struct NewPass {
    pub id: PassId,
    pub secret: SecretHash,
    pub scope: Scope,
    /// Names of the conditions that it stands for; `None`: whatever is asked for.
    pub conditions: Option<Vec<String>>,
    /// How large an answer may be, in pixels.
    pub max_px: Option<u32>,
    pub expires: UnixSeconds,
    /// How often its link can be redeemed; then it is no token.
    pub uses: Option<u32>,
    pub note: String,
    /// It opens nothing, and another application makes passes with it, within its scope.
    pub makes_passes: bool,
    /// The pass that it is made with.
    pub maker: Option<PassId>,
}

/// A pass, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPass {
    pub id: PassId,
    pub scope: Scope,
    /// Names of the conditions that it stands for, sorted; `None`: whatever is asked for.
    pub conditions: Option<Vec<String>>,
    pub max_px: Option<u32>,
    pub expires: UnixSeconds,
    pub uses_left: Option<u32>,
    pub made: UnixSeconds,
    pub made_by: Option<AccountId>,
    pub note: String,
    pub makes_passes: bool,
    pub maker: Option<PassId>,
    pub last_used: Option<UnixSeconds>,
    pub revoked: Option<UnixSeconds>,
    /// It was made before a backup was restored.
    pub is_of_another_epoch: bool,
}

/// Why a pass was not made; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    #[error("there is no access condition {0:?} in the policy")]
    UnknownCondition(String),
    #[error("the access condition {0:?} is open or closed to everybody; a pass can stand for none of those")]
    NotHeld(String),
    #[error("the pass that it would be made with counts no more")]
    MakerOver,
    #[error("the pass that it would be made with has made {MOST_OF_A_MAKER} passes that still count")]
    TooMany,
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<sqlx::Error> for PassError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

const COLUMNS: &str = "SELECT id, hash, epoch, mount, identifier, exact, bits, max_px, expires, uses_left, made, made_by, note, \
     makes_passes, maker, last_used, revoked, (SELECT epoch FROM meta WHERE meta.id = 1) AS present FROM pass";

impl Store {
    /// Makes a pass. It counts at once.
    pub async fn make_pass(&self, pass: &NewPass, act: Act) -> Result<(), PassError> {
        let mut writing = self.begin(act).await?;
        if let Some(maker) = &pass.maker {
            maker::note_making(writing.connection(), maker, act.at).await?;
        }
        let bits = match &pass.conditions {
            None => None,
            Some(names) => Some(bits_of(writing.connection(), names).await?),
        };
        let made_by = match act.by {
            Actor::Account(id) => Some(id.to_string()),
            Actor::Command | Actor::Service | Actor::Visitor | Actor::Pass(_) => None,
        };
        sqlx::query(
            "INSERT INTO pass (id, hash, epoch, mount, identifier, exact, bits, max_px, expires, uses_left, made, made_by, note, \
             makes_passes, maker) \
             VALUES ($1, $2, (SELECT epoch FROM meta WHERE meta.id = 1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(pass.id.to_string())
        .bind(pass.secret.to_string())
        .bind(&*pass.scope.mount)
        .bind(&*pass.scope.identifier)
        .bind(i64::from(pass.scope.exact))
        .bind(bits)
        .bind(pass.max_px.map(i64::from))
        .bind(signed(pass.expires))
        .bind(pass.uses.map(i64::from))
        .bind(signed(act.at))
        .bind(made_by)
        .bind(&pass.note)
        .bind(i64::from(pass.makes_passes))
        .bind(pass.maker.map(|maker| maker.to_string()))
        .execute(writing.connection())
        .await?;
        writing.log(&Changed::Pass(pass.id)).await?;
        let mut entry = Entry::new(Action::PassMade, pass.id)
            .with("mount", &*pass.scope.mount)
            .with("identifier", &*pass.scope.identifier)
            .with("exact", pass.scope.exact)
            .with("conditions", &pass.conditions)
            .with("max_px", pass.max_px)
            .with("expires", pass.expires)
            .with("uses", pass.uses);
        if pass.makes_passes {
            entry = entry.with("makes_passes", true);
        }
        if let Some(maker) = &pass.maker {
            entry = entry.with("maker", maker.to_string());
        }
        Ok(writing.commit([entry]).await?)
    }

    /// Ends a pass, and those that were made with it: neither their secrets count any more nor the cookies that they were
    /// redeemed into. Ending it again changes nothing; `None` if there is no pass of this identity.
    pub async fn revoke_pass(&self, id: &PassId, act: Act) -> Result<Option<StoredPass>, StoreError> {
        let mut writing = self.begin(act).await?;
        let ended: Vec<String> = sqlx::query_scalar(
            "UPDATE pass SET revoked = $1, hash = NULL WHERE (id = $2 OR maker = $2) AND revoked IS NULL RETURNING id",
        )
        .bind(signed(act.at))
        .bind(id.to_string())
        .fetch_all(writing.connection())
        .await?;
        for one in &ended {
            writing.log(&Changed::Pass(identity(one)?)).await?;
        }
        let pass = read_stored(writing.connection(), id).await?;
        let entry = (!ended.is_empty()).then(|| {
            let entry = Entry::new(Action::PassRevoked, id);
            // With itself.
            if ended.len() > 1 { entry.with("passes", ended.len()) } else { entry }
        });
        writing.commit(entry).await?;
        Ok(pass)
    }

    /// The pass of a secret that can be redeemed; `None` if there is none, or none any more: nothing tells these apart.
    pub async fn redeemable_pass(
        &self,
        secret: &SecretHash,
        now: UnixSeconds,
    ) -> Result<Option<StoredPass>, StoreError> {
        let mut reading = self.begin_read().await?;
        let statement = format!(
            "{COLUMNS} WHERE hash = $1 AND expires > $2 AND revoked IS NULL AND (uses_left IS NULL OR uses_left > 0) \
             AND makes_passes = 0"
        );
        let row = sqlx::query(AssertSqlSafe(statement))
            .bind(secret.to_string())
            .bind(signed(now))
            .fetch_optional(&mut *reading)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let names = names_of_bits(&mut reading).await?;
        Ok(Some(stored(&row, &names)?).filter(|pass| !pass.is_of_another_epoch))
    }

    /// Redeems a pass; where its uses are counted, it takes one of them: of all who come for the last one, one gets it
    /// (S5). `None` as for [`Store::redeemable_pass`].
    ///
    /// Where they are not counted, nothing is written: anybody with the link could fill the audit trail. Whoever calls
    /// counts that, see [`crate::tally`].
    pub async fn redeem_pass(&self, secret: &SecretHash, act: Act) -> Result<Option<StoredPass>, StoreError> {
        // Without a lock first: guessing must cost no write.
        let Some(pass) = self.redeemable_pass(secret, act.at).await? else { return Ok(None) };
        if pass.uses_left.is_none() {
            return Ok(Some(pass));
        }
        let mut writing = self.begin(act).await?;
        let left: Option<i64> = sqlx::query_scalar(
            "UPDATE pass SET uses_left = uses_left - 1 \
             WHERE hash = $1 AND expires > $2 AND revoked IS NULL AND uses_left > 0 \
             AND epoch = (SELECT epoch FROM meta WHERE meta.id = 1) RETURNING uses_left",
        )
        .bind(secret.to_string())
        .bind(signed(act.at))
        .fetch_optional(writing.connection())
        .await?;
        let Some(left) = left else { return Ok(None) };
        writing.commit([Entry::new(Action::PassRedeemed, pass.id).with("uses_left", left)]).await?;
        Ok(Some(StoredPass { uses_left: u32::try_from(left).ok(), ..pass }))
    }

    /// Notes when passes were used last; no line of the audit trail, and none of the change log.
    pub async fn touch_passes(&self, used: &[(PassId, UnixSeconds)], act: Act) -> Result<(), StoreError> {
        if used.is_empty() {
            return Ok(());
        }
        let mut writing = self.begin(act).await?;
        for (id, at) in used {
            sqlx::query(
                "UPDATE pass SET last_used = $1 WHERE id = $2 AND (last_used IS NULL OR last_used < $1)",
            )
            .bind(signed(*at))
            .bind(id.to_string())
            .execute(writing.connection())
            .await?;
        }
        writing.commit_untold().await
    }

    /// The pass of this identity, whatever became of it.
    pub async fn pass(&self, id: &PassId) -> Result<Option<StoredPass>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_stored(&mut reading, id).await
    }

    /// The pass of this identity as it counts; `None` if it does not.
    pub async fn active_pass(&self, id: &PassId, now: UnixSeconds) -> Result<Option<Pass>, StoreError> {
        let mut reading = self.begin_read().await?;
        let statement = AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
        let row = sqlx::query(statement).bind(id.to_string()).fetch_optional(&mut *reading).await?;
        row.as_ref().map_or(Ok(None), |row| active(row, now))
    }
}

impl super::Writing {
    /// Removes passes that have been over for long.
    pub(super) async fn prune_passes(&mut self) -> Result<(), StoreError> {
        let before = signed(self.act.at.saturating_sub(LISTED));
        sqlx::query("DELETE FROM pass WHERE expires < $1").bind(before).execute(self.connection()).await?;
        Ok(())
    }
}

/// The passes that count, whatever their number.
pub(super) async fn read_active_passes(
    connection: &mut AnyConnection,
    now: UnixSeconds,
) -> Result<Vec<Pass>, StoreError> {
    let statement = AssertSqlSafe(format!("{COLUMNS} WHERE expires > $1 AND revoked IS NULL"));
    let mut rows = sqlx::query(statement).bind(signed(now)).fetch(connection);
    let mut passes = Vec::new();
    while let Some(row) = rows.try_next().await? {
        passes.extend(active(&row, now)?);
    }
    Ok(passes)
}

async fn read_stored(connection: &mut AnyConnection, id: &PassId) -> Result<Option<StoredPass>, StoreError> {
    let statement = AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
    let row = sqlx::query(statement).bind(id.to_string()).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let names = names_of_bits(connection).await?;
    stored(&row, &names).map(Some)
}

/// The bits of conditions that somebody can hold, as they are stored.
async fn bits_of(connection: &mut AnyConnection, names: &[String]) -> Result<String, PassError> {
    let known = ConditionRow::all(connection).await?;
    let mut bits = Vec::new();
    for name in names {
        // A policy need not have the built-in ones in it.
        if matches!(name.as_str(), OPEN | CLOSED) {
            return Err(PassError::NotHeld(name.clone()));
        }
        let row = known.iter().find(|row| row.name == *name && row.position.is_some());
        let row = row.ok_or_else(|| PassError::UnknownCondition(name.clone()))?;
        if matches!(row.condition()?.pattern, Pattern::Open | Pattern::Closed) {
            return Err(PassError::NotHeld(name.clone()));
        }
        bits.push(row.bit);
    }
    bits.sort_unstable();
    bits.dedup();
    Ok(bits.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
}

/// The name that each bit was given for; the policy may not have it any more.
async fn names_of_bits(connection: &mut AnyConnection) -> Result<Vec<(u8, String)>, StoreError> {
    let known = ConditionRow::all(connection).await?;
    Ok(known.into_iter().map(|row| (row.bit, row.name)).collect())
}

fn stored(row: &AnyRow, names: &[(u8, String)]) -> Result<StoredPass, StoreError> {
    let time = |column: &str| row.try_get::<Option<i64>, _>(column)?.map(unsigned).transpose();
    let in_words = |bits: Conditions| {
        let mut found: Vec<String> =
            names.iter().filter(|(bit, _)| bits.contains(*bit)).map(|(_, name)| name.clone()).collect();
        found.sort_unstable();
        found
    };
    let made_by: Option<String> = row.try_get("made_by")?;
    let (epoch, present): (&str, &str) = (row.try_get("epoch")?, row.try_get("present")?);
    Ok(StoredPass {
        id: identity(row.try_get("id")?)?,
        scope: scope(row)?,
        conditions: conditions(row)?.map(in_words),
        max_px: small(row, "max_px")?,
        expires: unsigned(row.try_get("expires")?)?,
        uses_left: small(row, "uses_left")?,
        made: unsigned(row.try_get("made")?)?,
        made_by: made_by.as_deref().map(identity).transpose()?,
        note: row.try_get("note")?,
        makes_passes: row.try_get::<i64, _>("makes_passes")? != 0,
        maker: row.try_get::<Option<&str>, _>("maker")?.map(identity).transpose()?,
        last_used: time("last_used")?,
        revoked: time("revoked")?,
        is_of_another_epoch: epoch != present,
    })
}

/// What the snapshot has to know of a pass; `None` if it does not count.
fn active(row: &AnyRow, now: UnixSeconds) -> Result<Option<Pass>, StoreError> {
    let (epoch, present): (&str, &str) = (row.try_get("epoch")?, row.try_get("present")?);
    let revoked: Option<i64> = row.try_get("revoked")?;
    let expires = unsigned(row.try_get("expires")?)?;
    let makes_passes: i64 = row.try_get("makes_passes")?;
    // What makes passes opens nothing by itself: no tile has to know it.
    if revoked.is_some() || epoch != present || expires <= now || makes_passes != 0 {
        return Ok(None);
    }
    let hash: Option<&str> = row.try_get("hash")?;
    let hash = hash.map(|hash| SecretHash::parse(hash).ok_or_else(|| damaged("hash", hash))).transpose()?;
    let is_counted = small(row, "uses_left")?.is_some();
    Ok(Some(Pass {
        id: identity(row.try_get("id")?)?,
        scope: scope(row)?,
        gives: PassGives {
            conditions: conditions(row)?,
            permitted: small(row, "max_px")?.map_or(Permitted::EVERYTHING, Permitted::up_to),
        },
        expires,
        // Were it a token, counting its uses would count nothing.
        secret: hash.filter(|_| !is_counted),
    }))
}

fn scope(row: &AnyRow) -> Result<Scope, StoreError> {
    let (mount, identifier): (&str, &str) = (row.try_get("mount")?, row.try_get("identifier")?);
    let exact: i64 = row.try_get("exact")?;
    Ok(Scope { mount: mount.into(), identifier: identifier.into(), exact: exact != 0 })
}

fn conditions(row: &AnyRow) -> Result<Option<Conditions>, StoreError> {
    let bits: Option<&str> = row.try_get("bits")?;
    let Some(bits) = bits else { return Ok(None) };
    let read = |bit: &str| bit.parse::<u8>().map_err(|_| damaged("condition bits", bits));
    bits.split(',').filter(|bit| !bit.is_empty()).map(read).collect::<Result<Conditions, _>>().map(Some)
}

fn small(row: &AnyRow, column: &str) -> Result<Option<u32>, StoreError> {
    let number: Option<i64> = row.try_get(column)?;
    number.map(|number| u32::try_from(number).map_err(|_| damaged(column, &number.to_string()))).transpose()
}

fn damaged(what: &str, value: &str) -> StoreError {
    // Not the value: it may be the hash of a secret.
    StoreError::Damaged(format!("the {what} of a pass, {} characters", value.len()))
}
