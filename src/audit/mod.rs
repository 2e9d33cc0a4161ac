//! The audit trail: who did what to what, in lines that are chained to one another, so that whoever changes or
//! removes one without the keys is found out ([`chain`]).
//!
//! Of persons there are identities in it and never names: the names are kept apart, and whoever is to be forgotten
//! is forgotten there, while the chain stays whole.

pub mod chain;

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::credential::account::{AccountId, Id128, PassId};

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who is logged in.
    Account(AccountId),
    /// Somebody at the command line of the server.
    Command,
    /// The service by itself.
    Service,
    /// Somebody who is not logged in.
    Visitor,
    /// Another application, with the pass that it makes passes with.
    Pass(PassId),
}

/// Who does something, and when; every change of the store is somebody's act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    pub by: Actor,
    /// Seconds since 1970-01-01 UTC.
    pub at: u64,
}

impl Act {
    /// A logged-in person's.
    pub fn of(account: AccountId, at: u64) -> Self {
        Self { by: Actor::Account(account), at }
    }

    /// The command line's.
    pub fn command(at: u64) -> Self {
        Self { by: Actor::Command, at }
    }

    /// The service's own.
    pub fn service(at: u64) -> Self {
        Self { by: Actor::Service, at }
    }

    /// That of somebody who is not logged in.
    pub fn visitor(at: u64) -> Self {
        Self { by: Actor::Visitor, at }
    }
}

impl Actor {
    /// The word that is stored, and the identity; empty for those who have none.
    pub fn parts(self) -> (&'static str, String) {
        match self {
            Self::Account(id) => ("account", id.to_string()),
            Self::Command => ("command", String::new()),
            Self::Service => ("service", String::new()),
            Self::Visitor => ("visitor", String::new()),
            Self::Pass(id) => ("pass", id.to_string()),
        }
    }

    /// The reverse of [`Actor::parts`].
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        match (kind, id) {
            ("account", id) => Id128::parse(id).map(Self::Account),
            ("command", "") => Some(Self::Command),
            ("service", "") => Some(Self::Service),
            ("visitor", "") => Some(Self::Visitor),
            ("pass", id) => Id128::parse(id).map(Self::Pass),
            _ => None,
        }
    }
}

/// Makes [`Action`], its words, and the list of all.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word that is stored, exported and filtered by.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word),*
                }
            }
        }
    };
}

actions! {
    AccountMade = "account.make",
    AccountChanged = "account.change",
    AccountDeleted = "account.delete",
    AccountRestored = "account.restore",
    /// The last of a deleted account went, its name too.
    AccountErased = "account.erase",
    AccountsImported = "account.import",
    AccountsExported = "account.export",
    /// The policy was asked as if by somebody.
    ViewedAs = "account.view-as",
    SignedOutEverywhere = "account.sign-out",
    PasswordChanged = "password.change",
    PasswordLinkMade = "password.link",
    LoggedIn = "login",
    /// Attempts within a minute, summed up.
    LoginsFailed = "login.fail",
    SessionEnded = "session.end",
    /// A viewer on another origin may read as the person may.
    ViewerAllowed = "viewer.allow",
    SecondFactorSet = "second-factor.set",
    SecondFactorRemoved = "second-factor.remove",
    RecoveryCodesMade = "second-factor.codes",
    RecoveryCodeUsed = "second-factor.recover",
    RegistrationAsked = "registration.ask",
    RegistrationApproved = "registration.approve",
    RegistrationRefused = "registration.refuse",
    ConditionMade = "condition.make",
    ConditionChanged = "condition.change",
    ConditionDeleted = "condition.delete",
    RuleMade = "rule.make",
    RuleChanged = "rule.change",
    RuleDeleted = "rule.delete",
    RuleRestored = "rule.restore",
    PolicyReplaced = "policy.replace",
    DeviceMade = "device.make",
    DeviceEnrolled = "device.enrol",
    DeviceRevoked = "device.revoke",
    PassMade = "pass.make",
    PassRevoked = "pass.revoke",
    /// A link was exchanged for what it gives; where its uses are not counted, those of a minute are summed up.
    PassRedeemed = "pass.redeem",
    TermsAccepted = "terms.accept",
    /// Requests for one image or file within a minute, summed up.
    AccessDenied = "access.deny",
    AuditExported = "audit.export",
    /// Older lines went, as the setting says.
    AuditPruned = "audit.prune",
    EpochRenewed = "store.renew",
}

impl Action {
    /// The action of this word; `None` for one that a newer version has written.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One line as it is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub action: Action,
    /// An identity, a condition's name, a rule's number, a mount and an identifier.
    pub subject: String,
    pub details: Map<String, Value>,
}

impl Entry {
    /// A line without details.
    pub fn new(action: Action, subject: impl fmt::Display) -> Self {
        Self { action, subject: subject.to_string(), details: Map::new() }
    }

    /// Adds a detail. What cannot be written as JSON, which nothing of ours is, is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.details.insert(name.to_owned(), value);
        }
        self
    }

    /// Adds what was and what is: of two objects the fields alone that differ.
    #[must_use]
    pub fn changed(self, before: impl Serialize, after: impl Serialize) -> Self {
        let (Ok(before), Ok(after)) = (serde_json::to_value(before), serde_json::to_value(after)) else {
            return self;
        };
        let (before, after) = match (before, after) {
            (Value::Object(mut before), Value::Object(mut after)) => {
                let same: Vec<String> = before
                    .iter()
                    .filter(|(field, value)| after.get(*field) == Some(*value))
                    .map(|(field, _)| field.clone())
                    .collect();
                for field in same {
                    before.remove(&field);
                    after.remove(&field);
                }
                (Value::Object(before), Value::Object(after))
            }
            other => other,
        };
        self.with("before", before).with("after", after)
    }
}

/// A line as it is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub number: u64,
    pub at: u64,
    pub by: Actor,
    /// One of [`Action`]'s words, or one that a newer version has written.
    pub action: String,
    pub subject: String,
    pub details: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_word_is_read_back_and_there_once() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(*action));
        }
        assert_eq!(Action::parse("account.fly"), None);
        let id = Id128([7; 16]);
        for actor in [Actor::Account(id), Actor::Command, Actor::Service, Actor::Visitor, Actor::Pass(id)] {
            let (kind, id) = actor.parts();
            assert_eq!(Actor::parse(kind, &id), Some(actor));
        }
        assert_eq!(Actor::parse("account", "x"), None);
        assert_eq!(Actor::parse("command", "7"), None);
        assert_eq!(Actor::parse("pass", ""), None);
    }

    #[test]
    fn a_change_shows_the_fields_that_differ() {
        let entry = Entry::new(Action::AccountChanged, "1").changed(
            json!({"conditions": ["staff"], "active": true, "gone": 1}),
            json!({"conditions": [], "active": true, "new": 2}),
        );
        let expected =
            json!({"before": {"conditions": ["staff"], "gone": 1}, "after": {"conditions": [], "new": 2}});
        assert_eq!(Value::Object(entry.details), expected);
    }
}
