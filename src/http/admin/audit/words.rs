//! Lines of the audit trail in words.

use std::collections::HashMap;

use crate::audit::{Action, Actor};
use crate::credential::account::AccountId;
use crate::texts::{Said, Texts};

/// What lines can be chosen by: the beginning of their word.
pub(super) fn groups(t: Texts) -> Vec<(&'static str, Said)> {
    [
        ("rule.", "audit-group-rules"),
        ("condition.", "audit-group-conditions"),
        ("account.", "audit-group-accounts"),
        ("policy.", "audit-group-policy"),
        ("login", "audit-group-logins"),
        ("login.fail", "audit-group-failed"),
        ("access.", "audit-group-denied"),
        ("password.", "audit-group-passwords"),
        ("second-factor.", "audit-group-factors"),
        ("session.", "audit-group-sessions"),
        ("viewer.", "audit-group-viewers"),
        ("device.", "audit-group-devices"),
        ("pass.", "audit-group-passes"),
        ("registration.", "audit-group-registrations"),
        ("terms.", "audit-group-terms"),
    ]
    .map(|(word, message)| (word, t.say(message)))
    .into()
}

pub(super) fn actor_in_words(actor: Actor, names: &HashMap<AccountId, String>, t: Texts) -> Said {
    match actor {
        Actor::Account(id) => match names.get(&id) {
            Some(name) => t.say("audit-by").with("name", name),
            None => t.say("audit-by-forgotten").with("id", id),
        },
        Actor::Command => t.say("audit-by-command"),
        Actor::Service => t.say("audit-by-service"),
        Actor::Visitor => t.say("audit-by-visitor"),
        Actor::Pass(id) => t.say("audit-by-pass").with("id", id),
    }
}

pub(super) fn action_in_words(word: &str, t: Texts) -> Said {
    let Some(action) = Action::parse(word) else { return t.say("audit-unknown").with("word", word) };
    t.say(match action {
        Action::AccountMade => "audit-account-make",
        Action::AccountChanged => "audit-account-change",
        Action::AccountDeleted => "audit-account-delete",
        Action::AccountRestored => "audit-account-restore",
        Action::AccountErased => "audit-account-erase",
        Action::AccountsImported => "audit-account-import",
        Action::AccountsExported => "audit-account-export",
        Action::ViewedAs => "audit-account-view-as",
        Action::SignedOutEverywhere => "audit-account-sign-out",
        Action::PasswordChanged => "audit-password-change",
        Action::PasswordLinkMade => "audit-password-link",
        Action::LoggedIn => "audit-login",
        Action::LoginsFailed => "audit-login-fail",
        Action::SessionEnded => "audit-session-end",
        Action::ViewerAllowed => "audit-viewer-allow",
        Action::SecondFactorSet => "audit-second-factor-set",
        Action::SecondFactorRemoved => "audit-second-factor-remove",
        Action::RecoveryCodesMade => "audit-second-factor-codes",
        Action::RecoveryCodeUsed => "audit-second-factor-recover",
        Action::RegistrationAsked => "audit-registration-ask",
        Action::RegistrationApproved => "audit-registration-approve",
        Action::RegistrationRefused => "audit-registration-refuse",
        Action::ConditionMade => "audit-condition-make",
        Action::ConditionChanged => "audit-condition-change",
        Action::ConditionDeleted => "audit-condition-delete",
        Action::RuleMade => "audit-rule-make",
        Action::RuleChanged => "audit-rule-change",
        Action::RuleDeleted => "audit-rule-delete",
        Action::RuleRestored => "audit-rule-restore",
        Action::PolicyReplaced => "audit-policy-replace",
        Action::DeviceMade => "audit-device-make",
        Action::DeviceEnrolled => "audit-device-enrol",
        Action::DeviceRevoked => "audit-device-revoke",
        Action::PassMade => "audit-pass-make",
        Action::PassRevoked => "audit-pass-revoke",
        Action::PassRedeemed => "audit-pass-redeem",
        Action::TermsAccepted => "audit-terms-accept",
        Action::AccessDenied => "audit-access-deny",
        Action::AuditExported => "audit-audit-export",
        Action::AuditPruned => "audit-audit-prune",
        Action::EpochRenewed => "audit-store-renew",
    })
}
