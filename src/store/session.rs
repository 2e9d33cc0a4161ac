//! Sessions that began with a login, for the person to see; which of them are over is in `change.rs`.

use sqlx::Row as _;

use super::{Store, StoreError, Writing, identity, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::{AccountId, SessionId};

/// How long a session or a link is kept beyond its end: a pruner's clock may be ahead.
const KEPT_OVER: u64 = 86_400;

/// A session as it begins.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: SessionId,
    pub account: AccountId,
    /// Of the account, as it was when the password was right.
    pub generation: u32,
    pub expires: UnixSeconds,
    /// What the browser calls itself.
    pub agent: String,
}

/// What somebody who is logged in allows a viewer on another origin.
#[derive(Clone, Debug)]
pub struct NewViewerSession {
    /// It is allowed once, whoever asks again.
    pub id: SessionId,
    pub account: AccountId,
    /// Of the account, as the login says.
    pub generation: u32,
    pub expires: UnixSeconds,
    /// The viewer's serialised origin.
    pub viewer: String,
    /// The login, with which it ends.
    pub allowed_in: SessionId,
}

/// A session that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub began: UnixSeconds,
    pub expires: UnixSeconds,
    pub agent: String,
    /// The origin of the viewer that it was allowed; `None` for a login.
    pub viewer: Option<String>,
}

impl Store {
    /// Writes that somebody has logged in. `false`, and nothing is written, if the account is gone, over or
    /// locked, or was changed since its password was right so that the login would not count.
    pub async fn begin_session(&self, session: &NewSession, act: Act) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let stands = sqlx::query(
            "UPDATE account SET last_login = $1 WHERE id = $2 AND generation = $3 AND active = 1 \
             AND (expires IS NULL OR expires > $1)",
        )
        .bind(signed(act.at))
        .bind(session.account.to_string())
        .bind(i64::from(session.generation))
        .execute(writing.connection())
        .await?
        .rows_affected();
        if stands == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO session (id, account, generation, began, expires, agent) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.id.to_string())
        .bind(session.account.to_string())
        .bind(i64::from(session.generation))
        .bind(signed(act.at))
        .bind(signed(session.expires))
        .bind(&session.agent)
        .execute(writing.connection())
        .await?;
        let entry = Entry::new(Action::LoggedIn, session.account).with("session", session.id.to_string());
        writing.commit([entry]).await?;
        Ok(true)
    }

    /// Lets a session last until then at least; `false` if it has ended or is none. No line of the audit trail.
    pub async fn extend_session(
        &self,
        session: &SessionId,
        expires: UnixSeconds,
        act: Act,
    ) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let extended = sqlx::query(
            "UPDATE session SET expires = CASE WHEN expires < $1 THEN $1 ELSE expires END WHERE id = $2 \
             AND NOT EXISTS (SELECT 1 FROM ended_session e WHERE e.id = session.id)",
        )
        .bind(signed(expires))
        .bind(session.to_string())
        .execute(writing.connection())
        .await?
        .rows_affected();
        writing.commit_untold().await?;
        Ok(extended > 0)
    }

    /// Writes that somebody has allowed a viewer to read as they may. `false`, and nothing is written, if the login or the
    /// account is over by now, or if this was allowed before.
    pub async fn begin_viewer_session(&self, new: &NewViewerSession, act: Act) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        // It changes nothing, and keeps the row as it is until the end of the transaction.
        let stands = sqlx::query(
            "UPDATE account SET last_login = last_login WHERE id = $1 AND generation = $2 AND active = 1 \
             AND (expires IS NULL OR expires > $3) \
             AND NOT EXISTS (SELECT 1 FROM ended_session e WHERE e.id = $4)",
        )
        .bind(new.account.to_string())
        .bind(i64::from(new.generation))
        .bind(signed(act.at))
        .bind(new.allowed_in.to_string())
        .execute(writing.connection())
        .await?
        .rows_affected();
        if stands == 0 {
            return Ok(false);
        }
        let written = sqlx::query(
            "INSERT INTO session (id, account, generation, began, expires, agent, viewer, allowed_in) \
             VALUES ($1, $2, $3, $4, $5, '', $6, $7) ON CONFLICT (id) DO NOTHING",
        )
        .bind(new.id.to_string())
        .bind(new.account.to_string())
        .bind(i64::from(new.generation))
        .bind(signed(act.at))
        .bind(signed(new.expires))
        .bind(&new.viewer)
        .bind(new.allowed_in.to_string())
        .execute(writing.connection())
        .await?
        .rows_affected();
        if written == 0 {
            return Ok(false);
        }
        let entry = Entry::new(Action::ViewerAllowed, new.account)
            .with("session", new.id.to_string())
            .with("viewer", new.viewer.clone());
        writing.commit([entry]).await?;
        Ok(true)
    }

    /// What was allowed in one login is from now on as if it were allowed in another, which takes its place.
    pub async fn viewers_follow(&self, before: &SessionId, after: &SessionId) -> Result<(), StoreError> {
        sqlx::query("UPDATE session SET allowed_in = $1 WHERE allowed_in = $2")
            .bind(after.to_string())
            .bind(before.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The sessions of an account that count, the newest first: not ended, not expired, and begun since the last
    /// change that ended all of them.
    pub async fn sessions(&self, account: &AccountId, now: UnixSeconds) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.id, s.began, s.expires, s.agent, s.viewer FROM session s \
             JOIN account a ON a.id = s.account AND a.generation = s.generation \
             WHERE s.account = $1 AND s.expires > $2 \
             AND NOT EXISTS (SELECT 1 FROM ended_session e WHERE e.id = s.id)",
        )
        .bind(account.to_string())
        .bind(signed(now))
        .fetch_all(&self.pool)
        .await?;
        let mut sessions = rows
            .iter()
            .map(|row| {
                Ok(Session {
                    id: identity(row.try_get("id")?)?,
                    began: unsigned(row.try_get("began")?)?,
                    expires: unsigned(row.try_get("expires")?)?,
                    agent: row.try_get("agent")?,
                    viewer: row.try_get("viewer")?,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        sessions.sort_by_key(|session| (std::cmp::Reverse(session.began), session.id));
        Ok(sessions)
    }

    /// When somebody last logged in with this account.
    pub async fn last_login(&self, account: &AccountId) -> Result<Option<UnixSeconds>, StoreError> {
        let last: Option<Option<i64>> = sqlx::query_scalar("SELECT last_login FROM account WHERE id = $1")
            .bind(account.to_string())
            .fetch_optional(&self.pool)
            .await?;
        last.flatten().map(unsigned).transpose()
    }
}

impl Writing {
    /// Until when a session of somebody's lasts; a guest's is in no row.
    pub(super) async fn expiry_of(&mut self, session: &SessionId) -> Result<Option<UnixSeconds>, StoreError> {
        let own: Option<i64> = sqlx::query_scalar("SELECT expires FROM session WHERE id = $1")
            .bind(session.to_string())
            .fetch_optional(self.connection())
            .await?;
        own.map(unsigned).transpose()
    }

    /// What was allowed in this login, each with its end.
    pub(super) async fn allowed_in(
        &mut self,
        login: &SessionId,
    ) -> Result<Vec<(SessionId, UnixSeconds)>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT id, expires FROM session WHERE allowed_in = $1")
                .bind(login.to_string())
                .fetch_all(self.connection())
                .await?;
        rows.into_iter().map(|(id, expires)| Ok((identity(&id)?, unsigned(expires)?))).collect()
    }

    /// Removes sessions that are over by themselves, and links that nobody can use any more.
    pub(super) async fn prune_what_is_over(&mut self) -> Result<(), StoreError> {
        let before = signed(self.act.at.saturating_sub(KEPT_OVER));
        for statement in
            ["DELETE FROM session WHERE expires < $1", "DELETE FROM password_link WHERE expires < $1"]
        {
            sqlx::query(statement).bind(before).execute(self.connection()).await?;
        }
        Ok(())
    }
}
