//! Why a policy is not stored.

use super::StoreError;
use crate::policy::condition::MAX_CONDITIONS;

/// Why a policy was not taken; the old one stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// Conditions that are missing from it, each with how many accounts hold it.
    #[error("{}", held_by(.0))]
    Held(Vec<(String, u64)>),
    #[error(
        "there is no room for the access condition {condition:?}: a database can name {MAX_CONDITIONS} conditions \
         in its life, open, closed and dropped ones included, because a number in old credentials must never \
         mean something else; use a name again, or begin a new database"
    )]
    TooManyConditions { condition: String },
    #[error("the access condition {0:?} is written twice")]
    DuplicateCondition(String),
    #[error("the built-in access condition {0:?} cannot have another pattern")]
    BuiltIn(String),
    #[error("a rule names the access condition {0:?}, which the policy does not have")]
    UnknownCondition(String),
    /// What it was made from is not there any more.
    #[error("the policy has been changed by somebody else meanwhile; nothing was imported, repeat it")]
    Meanwhile,
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<sqlx::Error> for ReplaceError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

fn held_by(conditions: &[(String, u64)]) -> String {
    let accounts = |count: u64| if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") };
    if let [(name, count)] = conditions {
        let (accounts, hold) = (accounts(*count), if *count == 1 { "holds" } else { "hold" });
        return format!(
            "the access condition {name:?} is missing from the new policy, but {accounts} {hold} it"
        );
    }
    let names: Vec<_> =
        conditions.iter().map(|(name, count)| format!("{name:?} ({})", accounts(*count))).collect();
    let names = names.join(", ");
    format!("the access conditions {names} are missing from the new policy, but accounts hold them")
}
