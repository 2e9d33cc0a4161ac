//! Passes with which another application makes passes, for people whom it knows and we do not.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::{COLUMNS, MOST_OF_A_MAKER, PassError, StoredPass, names_of_bits, stored};
use crate::clock::UnixSeconds;
use crate::credential::account::PassId;
use crate::credential::pass::PresentedSecret;
use crate::store::{Store, StoreError, signed};

impl Store {
    /// The pass that an application makes passes with, if what it has sent is the secret of one that counts. Nothing
    /// tells the others apart.
    pub async fn making_pass(
        &self,
        presented: &PresentedSecret,
        now: UnixSeconds,
    ) -> Result<Option<StoredPass>, StoreError> {
        let mut reading = self.begin_read().await?;
        let statement =
            format!("{COLUMNS} WHERE hash = $1 AND expires > $2 AND revoked IS NULL AND makes_passes = 1");
        let row = sqlx::query(AssertSqlSafe(statement))
            .bind(presented.hash().to_string())
            .bind(signed(now))
            .fetch_optional(&mut *reading)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let names = names_of_bits(&mut reading).await?;
        let pass = stored(&row, &names)?;
        Ok(Some(pass).filter(|pass| !pass.is_of_another_epoch && presented.names(&pass.id)))
    }
}

/// Writes that the maker is used now, if it still counts: it may have been revoked since it was looked up.
pub(super) async fn note_making(
    connection: &mut AnyConnection,
    maker: &PassId,
    now: UnixSeconds,
) -> Result<(), PassError> {
    let counts = sqlx::query(
        "UPDATE pass SET last_used = $1 WHERE id = $2 AND makes_passes = 1 AND revoked IS NULL AND expires > $1 \
         AND epoch = (SELECT epoch FROM meta WHERE meta.id = 1)",
    )
    .bind(signed(now))
    .bind(maker.to_string())
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if counts == 0 {
        return Err(PassError::MakerOver);
    }
    let made: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM pass WHERE maker = $1 AND revoked IS NULL AND expires > $2")
            .bind(maker.to_string())
            .bind(signed(now))
            .fetch_one(connection)
            .await?;
    if made >= i64::from(MOST_OF_A_MAKER) { Err(PassError::TooMany) } else { Ok(()) }
}
