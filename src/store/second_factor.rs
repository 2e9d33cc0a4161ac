//! Second factors and the codes for the day on which one is lost.

use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::{Store, StoreError, Writing, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::AccountId;
use crate::credential::one_time::SecretHash;

/// The second factor of an account. Its `Debug` text has no secret, sealed or not (S16).
#[derive(Clone, PartialEq, Eq)]
pub struct StoredFactor {
    /// The secret, sealed for this account.
    pub sealed: String,
    pub made: UnixSeconds,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// A second factor with all that belongs to it, as a deleted account keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptFactor {
    sealed: String,
    made: UnixSeconds,
    last_step: u64,
    /// Hashes of the recovery codes.
    codes: Vec<String>,
}

impl std::fmt::Debug for StoredFactor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sealed: _, made, recovery_codes } = self;
        out.debug_struct("StoredFactor")
            .field("made", made)
            .field("recovery_codes", recovery_codes)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The second factor of an account, if it has one.
    pub async fn second_factor(&self, account: &AccountId) -> Result<Option<StoredFactor>, StoreError> {
        let row = sqlx::query(
            "SELECT secret, made, (SELECT COUNT(*) FROM recovery_code WHERE account = $1) AS codes \
             FROM second_factor WHERE account = $1",
        )
        .bind(account.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(StoredFactor {
                sealed: row.try_get("secret")?,
                made: unsigned(row.try_get("made")?)?,
                recovery_codes: unsigned(row.try_get("codes")?)?,
            })
        })
        .transpose()
    }

    /// Gives an account a second factor, whose code of `step` has counted already. `false`, and nothing is written,
    /// if it has one, or if there is no such account.
    pub async fn make_second_factor(
        &self,
        account: &AccountId,
        sealed: &str,
        step: u64,
        codes: &[SecretHash],
        act: Act,
    ) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let made = sqlx::query(
            "INSERT INTO second_factor (account, secret, made, last_step) \
             SELECT id, $2, $3, $4 FROM account WHERE id = $1 ON CONFLICT (account) DO NOTHING",
        )
        .bind(account.to_string())
        .bind(sealed)
        .bind(signed(act.at))
        .bind(signed(step))
        .execute(writing.connection())
        .await?
        .rows_affected();
        if made == 0 {
            return Ok(false);
        }
        writing.replace_codes(account, codes).await?;
        writing.commit([Entry::new(Action::SecondFactorSet, account)]).await?;
        Ok(true)
    }

    /// Takes the code of a time step: none counts twice, and none that is older than one which counted. With it
    /// the secret is written as it is sealed now. `false` if the code counts no more, or the second factor is another.
    pub async fn take_step(
        &self,
        account: &AccountId,
        factor: &StoredFactor,
        sealed: &str,
        step: u64,
        act: Act,
    ) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let taken = sqlx::query(
            "UPDATE second_factor SET last_step = $1, secret = $2 \
             WHERE account = $3 AND secret = $4 AND last_step < $1",
        )
        .bind(signed(step))
        .bind(sealed)
        .bind(account.to_string())
        .bind(&factor.sealed)
        .execute(writing.connection())
        .await?
        .rows_affected();
        // The login that it is for is told of.
        writing.commit_untold().await?;
        Ok(taken > 0)
    }

    /// Uses a recovery code up: of all who come with it, one gets in (S5).
    pub async fn use_recovery_code(
        &self,
        account: &AccountId,
        code: &SecretHash,
        act: Act,
    ) -> Result<bool, StoreError> {
        let (account, code) = (account.to_string(), code.to_string());
        // Without a lock first: guessing must cost no write.
        let known: Option<String> =
            sqlx::query_scalar("SELECT hash FROM recovery_code WHERE account = $1 AND hash = $2")
                .bind(&account)
                .bind(&code)
                .fetch_optional(&self.pool)
                .await?;
        if known.is_none() {
            return Ok(false);
        }
        let mut writing = self.begin(act).await?;
        let used = sqlx::query("DELETE FROM recovery_code WHERE account = $1 AND hash = $2")
            .bind(&account)
            .bind(&code)
            .execute(writing.connection())
            .await?
            .rows_affected();
        writing.commit((used > 0).then(|| Entry::new(Action::RecoveryCodeUsed, account))).await?;
        Ok(used > 0)
    }

    /// Puts new recovery codes in the place of the old ones; `false` if the account has no second factor.
    pub async fn replace_recovery_codes(
        &self,
        account: &AccountId,
        codes: &[SecretHash],
        act: Act,
    ) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let known: Option<String> =
            sqlx::query_scalar("SELECT account FROM second_factor WHERE account = $1")
                .bind(account.to_string())
                .fetch_optional(writing.connection())
                .await?;
        if known.is_none() {
            return Ok(false);
        }
        writing.replace_codes(account, codes).await?;
        writing.commit([Entry::new(Action::RecoveryCodesMade, account)]).await?;
        Ok(true)
    }

    /// Takes the second factor and its recovery codes away; whether there was one.
    pub async fn remove_second_factor(&self, account: &AccountId, act: Act) -> Result<bool, StoreError> {
        let mut writing = self.begin(act).await?;
        let removed = writing.take_factor_away(account).await?;
        let is_removed = removed.is_some();
        writing.commit(removed).await?;
        Ok(is_removed)
    }
}

impl Writing {
    /// The line that tells of it, if there was a second factor.
    pub(super) async fn take_factor_away(
        &mut self,
        account: &AccountId,
    ) -> Result<Option<Entry>, StoreError> {
        self.replace_codes(account, &[]).await?;
        let removed = sqlx::query("DELETE FROM second_factor WHERE account = $1")
            .bind(account.to_string())
            .execute(self.connection())
            .await?
            .rows_affected();
        Ok((removed > 0).then(|| Entry::new(Action::SecondFactorRemoved, account)))
    }

    async fn replace_codes(&mut self, account: &AccountId, codes: &[SecretHash]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM recovery_code WHERE account = $1")
            .bind(account.to_string())
            .execute(self.connection())
            .await?;
        self.put_codes(account, codes.iter().map(SecretHash::to_string)).await
    }

    /// The second factor of an account that is about to be deleted, and would go with it.
    pub(super) async fn factor_to_keep(
        &mut self,
        account: &AccountId,
    ) -> Result<Option<KeptFactor>, StoreError> {
        let found: Option<(String, i64, i64)> =
            sqlx::query_as("SELECT secret, made, last_step FROM second_factor WHERE account = $1")
                .bind(account.to_string())
                .fetch_optional(self.connection())
                .await?;
        let Some((sealed, made, last_step)) = found else { return Ok(None) };
        let codes = sqlx::query_scalar("SELECT hash FROM recovery_code WHERE account = $1")
            .bind(account.to_string())
            .fetch_all(self.connection())
            .await?;
        Ok(Some(KeptFactor { sealed, made: unsigned(made)?, last_step: unsigned(last_step)?, codes }))
    }

    /// Gives it back to the account that was restored: no code that has counted counts again.
    pub(super) async fn put_factor_back(
        &mut self,
        account: &AccountId,
        factor: KeptFactor,
    ) -> Result<(), StoreError> {
        let KeptFactor { sealed, made, last_step, codes } = factor;
        sqlx::query("INSERT INTO second_factor (account, secret, made, last_step) VALUES ($1, $2, $3, $4)")
            .bind(account.to_string())
            .bind(sealed)
            .bind(signed(made))
            .bind(signed(last_step))
            .execute(self.connection())
            .await?;
        self.put_codes(account, codes).await
    }

    async fn put_codes(
        &mut self,
        account: &AccountId,
        codes: impl IntoIterator<Item = String>,
    ) -> Result<(), StoreError> {
        for code in codes {
            sqlx::query("INSERT INTO recovery_code (account, hash) VALUES ($1, $2)")
                .bind(account.to_string())
                .bind(code)
                .execute(self.connection())
                .await?;
        }
        Ok(())
    }
}
