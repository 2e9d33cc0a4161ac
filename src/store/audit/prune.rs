//! Pruning the audit trail: lines that were kept long enough go, and what is left begins with a signature.

use futures_util::TryStreamExt as _;
use sqlx::AssertSqlSafe;

use super::{AuditError, COLUMNS, YIELD, checkpoint, head, stored};
use crate::audit::chain::{Broken, Checkpoint, Hash, Verifier};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::store::{Store, StoreError, Writing, signed, unsigned};

impl Store {
    /// Removes the lines from before a moment, but for the newest, and signs where the chain begins then. Answers
    /// how many went.
    ///
    /// # Errors
    /// If one of them was changed: the signature must not vouch for what somebody made look old.
    pub async fn prune_audit(&self, before: UnixSeconds, act: Act) -> Result<u64, AuditError> {
        // A look without the lock first: mostly there is nothing to do.
        let Some(last) = self.last_to_prune(before).await? else {
            self.renew_checkpoint(act).await?;
            return Ok(0);
        };
        self.vouch_up_to(last).await?;
        Ok(self.prune_up_to(last, act).await?)
    }

    /// The last line that is to go.
    async fn last_to_prune(&self, before: UnixSeconds) -> Result<Option<u64>, StoreError> {
        let mut reading = self.begin_read().await?;
        // Up to the first line that stays, so that no hole is made where a clock was wrong.
        let kept: Option<i64> = sqlx::query_scalar("SELECT MIN(number) FROM audit WHERE at >= $1")
            .bind(signed(before))
            .fetch_one(&mut *reading)
            .await?;
        let (newest, _) = head(&mut reading).await?;
        let last = kept.map(unsigned).transpose()?.unwrap_or(newest).min(newest).saturating_sub(1);
        let oldest: Option<i64> =
            sqlx::query_scalar("SELECT MIN(number) FROM audit").fetch_one(&mut *reading).await?;
        let oldest = oldest.map(unsigned).transpose()?;
        Ok(oldest.is_some_and(|oldest| oldest <= last).then_some(last))
    }

    /// Goes through the chain up to the first line from this one on that is signed with a key of the ring.
    async fn vouch_up_to(&self, last: u64) -> Result<(), AuditError> {
        let mut reading = self.begin_read().await?;
        let checkpoint = checkpoint(&mut reading).await?;
        let mut verifier = Verifier::new(&self.audit, checkpoint.as_ref(), None)?;
        let statement = AssertSqlSafe(format!("{COLUMNS} ORDER BY number"));
        let mut rows = sqlx::query(statement).fetch(&mut *reading);
        while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
            let (line, hash, signature) = stored(&row)?;
            let hash = hash.ok_or(Broken::Changed(line.number))?;
            verifier.follow(&line, hash, &signature)?;
            if line.number >= last && verifier.is_vouched() {
                return Ok(());
            }
            if line.number.is_multiple_of(YIELD) {
                tokio::task::yield_now().await;
            }
        }
        verifier.end()?;
        Ok(())
    }

    async fn prune_up_to(&self, last: u64, act: Act) -> Result<u64, StoreError> {
        let mut writing = self.begin(act).await?;
        let hash: Option<String> = sqlx::query_scalar("SELECT hash FROM audit WHERE number = $1")
            .bind(signed(last))
            .fetch_optional(writing.connection())
            .await?;
        // Another replica was quicker.
        let Some(hash) = hash else { return Ok(0) };
        let damaged =
            || StoreError::Damaged(format!("line {last} of the audit trail has no hash that can be read"));
        let checkpoint = writing.audit.checkpoint(last, Hash::parse(&hash).ok_or_else(damaged)?);
        let Some(checkpoint) = checkpoint else { return Ok(0) };
        let number = checkpoint.number;
        writing.put_checkpoint(checkpoint).await?;
        let pruned = sqlx::query("DELETE FROM audit WHERE number <= $1")
            .bind(signed(number))
            .execute(writing.connection())
            .await?
            .rows_affected();
        writing.commit([Entry::new(Action::AuditPruned, number).with("lines", pruned)]).await?;
        Ok(pruned)
    }

    /// Signs where the chain begins with the newest key, as long as the one is there that it is signed with.
    async fn renew_checkpoint(&self, act: Act) -> Result<(), StoreError> {
        let mut reading = self.begin_read().await?;
        let old = checkpoint(&mut reading).await?;
        if old.and_then(|old| self.audit.renewed(&old)).is_none() {
            return Ok(());
        }
        drop(reading);
        let mut writing = self.begin(act).await?;
        let old = checkpoint(writing.connection()).await?;
        let Some(renewed) = old.and_then(|old| self.audit.renewed(&old)) else { return Ok(()) };
        writing.put_checkpoint(renewed).await?;
        writing.commit_untold().await
    }
}

impl Writing {
    async fn put_checkpoint(&mut self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        let Checkpoint { number, hash, signature } = checkpoint;
        sqlx::query(
            "INSERT INTO audit_checkpoint (id, number, hash, key, mac) VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) \
             DO UPDATE SET number = excluded.number, hash = excluded.hash, key = excluded.key, mac = excluded.mac",
        )
        .bind(signed(number))
        .bind(hash.to_string())
        .bind(signature.key)
        .bind(signature.mac)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
