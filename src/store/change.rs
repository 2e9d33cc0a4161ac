//! The change log, from which every replica learns what it has to read anew, and
//! the ended sessions.

use futures_util::TryStreamExt;

use super::{Change, Changed, Id128, Store, StoreError, Writing, identity, signed, unsigned};
use crate::audit::{Act, Action, Actor, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{SessionId, StoreEpoch};

/// How far the newest line's time may lie ahead of a writer's clock and still count:
/// beyond that the clock that wrote it is taken to be wrong.
const CLOCK_DIFFERENCE: u64 = 86_400;

/// Replicas' clocks may differ by so much: an ended session is remembered so long beyond its end.
const SLACK: u64 = 3600;

/// How many numbers of the change log a new epoch leaves out: more than any log has lines.
const EPOCH_LEAP: i64 = 1 << 32;

/// What happened after a given line of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// The lines after it, in order and without a hole; none if nothing happened.
    Lines(Vec<Change>),
    /// The log cannot tell: the lines were pruned, the epoch was renewed, or the
    /// database is an older copy. The reader must load everything again
    /// ([`Store::load`]).
    Gap,
}

impl Writing {
    /// Whether the policy, a rule or a condition has changed after that line of the change log, or may have.
    pub(super) async fn has_policy_changed(&mut self, since: u64) -> Result<bool, StoreError> {
        let (last, later, harmless): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT sequence FROM meta WHERE id = 1), COUNT(*), \
             COUNT(CASE WHEN kind NOT IN ('policy', 'rule', 'condition') THEN 1 END) FROM policy_change WHERE sequence > $1",
        )
        .bind(signed(since))
        .fetch_one(self.connection())
        .await?;
        // Where lines are missing (a backup was restored), nothing is known of what they were about.
        Ok(harmless != later || last.checked_sub(later) != Some(signed(since)))
    }

    /// Adds a line to the change log.
    pub(super) async fn log(&mut self, what: &Changed) -> Result<(), StoreError> {
        let (kind, key) = match what {
            Changed::Account(id) => ("account", id.to_string()),
            Changed::Session(id) => ("session", id.to_string()),
            Changed::Device(id) => ("device", id.to_string()),
            Changed::Pass(id) => ("pass", id.to_string()),
            Changed::Policy => ("policy", String::new()),
            Changed::Rule(number) => ("rule", number.to_string()),
            Changed::Condition(bit) => ("condition", bit.to_string()),
        };
        self.latest = line_time(self.act.at, self.latest);
        let at = signed(self.latest);
        let sequence: i64 = sqlx::query_scalar(
            "UPDATE meta SET sequence = sequence + 1, latest = $1 WHERE id = 1 RETURNING sequence",
        )
        .bind(at)
        .fetch_one(self.connection())
        .await?;
        sqlx::query("INSERT INTO policy_change (sequence, kind, key, at) VALUES ($1, $2, $3, $4)")
            .bind(sequence)
            .bind(kind)
            .bind(key)
            .bind(at)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

impl Writing {
    /// Remembers that a session has ended; whether that was not known, or not for so long.
    async fn end(&mut self, session: &SessionId, expires: UnixSeconds) -> Result<bool, StoreError> {
        let written = sqlx::query(
            "INSERT INTO ended_session (id, expires) VALUES ($1, $2) \
             ON CONFLICT (id) DO UPDATE SET expires = excluded.expires \
             WHERE ended_session.expires < excluded.expires",
        )
        .bind(session.to_string())
        .bind(signed(expires))
        .execute(self.connection())
        .await?
        .rows_affected();
        if written > 0 {
            self.log(&Changed::Session(*session)).await?;
        }
        Ok(written > 0)
    }
}

/// The time a new line gets.
///
/// Not before the line above it: a writer whose clock is slow would otherwise write
/// a revocation that looks older than the credentials it is about, and a replica
/// that loads "what changed lately" would miss it. A line from a clock that is far
/// ahead is not followed for ever, or nothing would be pruned any more.
fn line_time(now: UnixSeconds, latest: UnixSeconds) -> UnixSeconds {
    now.max(latest.min(now.saturating_add(CLOCK_DIFFERENCE)))
}

impl Store {
    /// Number of the newest line of the change log; 0 if there never was one.
    pub async fn last_sequence(&self) -> Result<u64, StoreError> {
        let sequence: i64 =
            sqlx::query_scalar("SELECT sequence FROM meta WHERE id = 1").fetch_one(&self.pool).await?;
        unsigned(sequence)
    }

    /// What happened after the line with this number. One short statement if nothing did.
    pub async fn changes_since(&self, sequence: u64) -> Result<Changes, StoreError> {
        let last = self.last_sequence().await?;
        if last == sequence {
            return Ok(Changes::Lines(Vec::new()));
        }
        if last < sequence {
            return Ok(Changes::Gap);
        }
        let mut lines = Vec::new();
        let mut next = sequence;
        let mut rows = sqlx::query_as::<_, (i64, String, String, i64)>(
            "SELECT sequence, kind, key, at FROM policy_change WHERE sequence > $1 ORDER BY sequence",
        )
        .bind(signed(sequence))
        .fetch(&self.pool);
        while let Some((number, kind, key, at)) = rows.try_next().await? {
            // Numbers follow one another without a hole (a transaction that is rolled back
            // gives its numbers back), so a hole means pruned lines, also when the pruning
            // happened between the two statements.
            next += 1;
            let number = unsigned(number)?;
            if number != next {
                return Ok(Changes::Gap);
            }
            let what = match kind.as_str() {
                "account" => Changed::Account(identity(&key)?),
                "session" => Changed::Session(identity(&key)?),
                "device" => Changed::Device(identity(&key)?),
                "pass" => Changed::Pass(identity(&key)?),
                "policy" => Changed::Policy,
                "rule" => {
                    Changed::Rule(key.parse().map_err(|_| StoreError::Damaged(format!("rule {key:?}")))?)
                }
                "condition" => Changed::Condition(
                    key.parse().map_err(|_| StoreError::Damaged(format!("condition {key:?}")))?,
                ),
                // A newer replica writes what this one does not know.
                _ => return Ok(Changes::Gap),
            };
            lines.push(Change { sequence: number, what, at: unsigned(at)? });
        }
        // `last` was promised by the first statement.
        Ok(if next < last { Changes::Gap } else { Changes::Lines(lines) })
    }

    /// Removes change-log lines, and ended sessions whose expiry lies back, by more than
    /// `keep_seconds`. Answers how many lines went.
    ///
    /// `keep_seconds` must be the longest life of a credential plus the largest
    /// difference between two replicas' clocks: a pruned line can no longer revoke.
    /// The age of a line counts from the newest line, not from `now` alone, so that
    /// a pruner whose clock is ahead cannot take away lines which still matter.
    pub async fn prune(&self, now: UnixSeconds, keep_seconds: u64) -> Result<u64, StoreError> {
        let mut writing = self.begin(Act::service(now)).await?;
        let before = now.min(writing.latest).saturating_sub(keep_seconds);
        let pruned = sqlx::query("DELETE FROM policy_change WHERE at < $1")
            .bind(signed(before))
            .execute(writing.connection())
            .await?
            .rows_affected();
        sqlx::query("DELETE FROM ended_session WHERE expires < $1")
            .bind(signed(before))
            .execute(writing.connection())
            .await?;
        writing.prune_what_is_over().await?;
        writing.prune_passes().await?;
        writing.commit_untold().await?;
        Ok(pruned)
    }

    /// Ends a session: no credential of it counts any more.
    ///
    /// What a person has allowed viewers in it ends as well.
    ///
    /// `expires` is when the last credential of that session has expired by itself; the
    /// session is remembered until then. Ending it again changes nothing, unless with
    /// a later `expires`.
    pub async fn end_session(
        &self,
        session: &SessionId,
        expires: UnixSeconds,
        act: Act,
    ) -> Result<(), StoreError> {
        // Without a lock first: repeating a logout must cost no write.
        let known: Option<i64> = sqlx::query_scalar("SELECT expires FROM ended_session WHERE id = $1")
            .bind(session.to_string())
            .fetch_optional(&self.pool)
            .await?;
        if known.is_some_and(|known| known >= signed(expires)) {
            return Ok(());
        }
        let mut writing = self.begin(act).await?;
        // Another copy of its cookie may have been renewed, under a longer setting too: the row has gone along with it.
        let own = writing.expiry_of(session).await?.map_or(0, |own| own.saturating_add(SLACK));
        let mut sessions = vec![(*session, expires.max(own))];
        for (id, own) in writing.allowed_in(session).await? {
            sessions.push((id, expires.max(own.saturating_add(SLACK))));
        }
        let mut entries = Vec::new();
        for (id, expires) in sessions {
            // A guest is nobody, and there may be thousands.
            if writing.end(&id, expires).await? && !matches!(act.by, Actor::Visitor) {
                entries.push(Entry::new(Action::SessionEnded, id));
            }
        }
        writing.commit(entries).await
    }

    /// The random number of this database, part of every sealed credential.
    pub async fn epoch(&self) -> Result<StoreEpoch, StoreError> {
        let epoch: String =
            sqlx::query_scalar("SELECT epoch FROM meta WHERE id = 1").fetch_one(&self.pool).await?;
        identity(&epoch)
    }

    /// Gives the database a new epoch: nothing sealed before counts any more, and
    /// everybody has to log in again.
    ///
    /// **To be called after a backup was restored.** The backup does not know which
    /// sessions were ended and which passwords were changed after it was made, and a
    /// file that was copied back looks like one that was never away: the store cannot
    /// notice by itself. Running replicas notice the new epoch at their next poll.
    pub async fn renew_epoch(&self, act: Act) -> Result<StoreEpoch, StoreError> {
        let epoch = Id128(crate::clock::random());
        let mut writing = self.begin(act).await?;
        // A leap over numbers that have no line: every reader meets a gap and loads
        // everything, also one that has read further than the restored copy goes.
        sqlx::query("DELETE FROM policy_change").execute(writing.connection()).await?;
        sqlx::query("UPDATE meta SET epoch = $1, sequence = sequence + $2 WHERE id = 1")
            .bind(epoch.to_string())
            .bind(EPOCH_LEAP)
            .execute(writing.connection())
            .await?;
        writing.commit([Entry::new(Action::EpochRenewed, "")]).await?;
        Ok(epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S2: a revocation written by a slow clock must not look older than what it revokes.
    #[test]
    fn s2_a_slow_writer_does_not_write_into_the_past() {
        assert_eq!(line_time(1_000_000, 999_000), 1_000_000, "a right clock is believed");
        assert_eq!(line_time(1_000_000, 1_050_000), 1_050_000, "a slow one follows the line above");
    }

    #[test]
    fn a_line_from_the_far_future_is_not_followed() {
        assert_eq!(line_time(1_000_000, 4_000_000_000), 1_000_000 + CLOCK_DIFFERENCE);
        assert_eq!(line_time(u64::MAX, u64::MAX), u64::MAX);
    }
}
