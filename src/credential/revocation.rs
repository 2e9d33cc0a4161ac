//! What has been revoked: looked at for every credential, without a look-up in the store.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::account::{AccountId, DeviceId, SessionId, StoreEpoch};
use super::pass::Passes;
use crate::policy::condition::Conditions;

/// What an account that changed lately is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountStanding {
    /// Credentials of an earlier generation no longer count. `None`: the account is
    /// gone or locked, and no credential of it counts.
    pub smallest_generation: Option<u32>,
    /// The flags it has now; they count instead of the ones in a credential.
    pub conditions: Conditions,
    pub administrator: bool,
}

/// Everything that changed within a credential's lifetime, and what enrolled devices and passes
/// give.
#[derive(Clone, Debug)]
pub struct Revocations {
    pub epoch: StoreEpoch,
    pub accounts: HashMap<AccountId, AccountStanding>,
    pub ended_sessions: HashSet<SessionId>,
    /// What each active device has now; one that was revoked is not in it.
    pub devices: HashMap<DeviceId, Conditions>,
    /// The passes that count; changed seldom, and shared by the snapshots in between.
    pub passes: Arc<Passes>,
}
