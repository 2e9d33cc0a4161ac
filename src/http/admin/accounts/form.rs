//! The form of one account: what was typed, what is wrong with it, and where it differs from what is stored.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

use crate::clock::UnixSeconds;
use crate::credential::account::{BadUsername, is_deceptive};
use crate::policy::file::day_or_moment;
use crate::policy::rule::utc_midnight;
use crate::store::{AccountError, ListedAccount};
use crate::texts::{Said, Texts};

/// Characters of a note.
const LONGEST_NOTE: usize = 2000;

/// The form as it was typed. A condition that is ticked comes as `held-<name>`.
#[derive(Debug, Default, Deserialize)]
pub struct Form {
    #[serde(default)]
    pub(super) username: String,
    #[serde(default)]
    pub(super) note: String,
    #[serde(default)]
    pub(super) expires: String,
    #[serde(default)]
    pub(super) administrator: Option<String>,
    #[serde(default)]
    pub(super) locked: Option<String>,
    #[serde(default)]
    pub(super) revision: String,
    #[serde(default)]
    pub(super) password: Option<SecretString>,
    #[serde(flatten)]
    pub(super) others: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) username: Option<Said>,
    pub(super) note: Option<Said>,
    pub(super) expires: Option<Said>,
    pub(super) conditions: Option<Said>,
    pub(super) whole: Option<Said>,
}

impl Faults {
    pub(super) fn is_none(&self) -> bool {
        let Self { username, note, expires, conditions, whole } = self;
        [username, note, expires, conditions, whole].into_iter().all(Option::is_none)
    }
}

impl Form {
    pub(super) fn of(account: &ListedAccount, revision: u64) -> Self {
        let held = account.conditions.iter().map(|name| (format!("held-{name}"), "1".to_owned()));
        Self {
            username: account.username.clone(),
            note: account.note.clone(),
            expires: account.expires.map(day_or_moment).unwrap_or_default(),
            administrator: account.administrator.then(|| "1".to_owned()),
            locked: (!account.active).then(|| "1".to_owned()),
            revision: revision.to_string(),
            password: None,
            others: held.collect(),
        }
    }

    pub(super) fn held(&self) -> Vec<String> {
        self.others.keys().filter_map(|name| name.strip_prefix("held-")).map(str::to_owned).collect()
    }

    pub(super) fn note(&self, t: Texts, faults: &mut Faults) -> String {
        // Browsers send line ends of their own.
        let note = self.note.replace("\r\n", "\n").trim().to_owned();
        if note.chars().count() > LONGEST_NOTE {
            faults.note = Some(t.say("account-note-long").number("most", LONGEST_NOTE));
        } else if note.chars().any(|character| character != '\n' && is_deceptive(character)) {
            faults.note = Some(t.say("fault-characters"));
        }
        note
    }

    pub(super) fn expires(&self, t: Texts, faults: &mut Faults) -> Option<UnixSeconds> {
        let typed = self.expires.trim();
        if typed.is_empty() {
            return None;
        }
        let end = typed.parse().ok().map(utc_midnight);
        if end.is_none() {
            faults.expires = Some(t.say("fault-day"));
        }
        end
    }
}

pub(in crate::http) fn username_fault(bad: BadUsername, t: Texts) -> Said {
    t.say(match bad {
        BadUsername::Empty => "fault-empty",
        BadUsername::TooLong => "account-name-long",
        BadUsername::ControlCharacter => "fault-characters",
    })
}

/// Where the account as it is now differs from what was typed.
pub(super) fn differences(form: &Form, account: &ListedAccount, t: Texts) -> Vec<(Said, String)> {
    let mut theirs = Vec::new();
    let yes = |yes: bool| t.say(if yes { "yes" } else { "no" }).to_string();
    if form.note.replace("\r\n", "\n").trim() != account.note {
        theirs.push((t.say("account-note"), account.note.clone()));
    }
    let expires = account.expires.map(day_or_moment).unwrap_or_default();
    if form.expires.trim() != expires {
        let shown = if expires.is_empty() { t.say("account-expires-never").to_string() } else { expires };
        theirs.push((t.say("account-expires"), shown));
    }
    if form.administrator.is_some() != account.administrator {
        theirs.push((t.say("account-administrator"), yes(account.administrator)));
    }
    if form.locked.is_none() != account.active {
        theirs.push((t.say("account-locked"), yes(!account.active)));
    }
    if form.held() != account.conditions {
        let held = account.conditions.join(", ");
        theirs.push((t.say("account-conditions"), if held.is_empty() { "–".to_owned() } else { held }));
    }
    theirs
}

pub(super) fn faults_of(error: &AccountError, t: Texts) -> Faults {
    let mut faults = Faults::default();
    match error {
        AccountError::NameTaken => faults.username = Some(t.say("account-name-taken")),
        AccountError::UnknownCondition(name) | AccountError::CannotBeHeld(name) => {
            faults.conditions = Some(t.say("account-condition-gone").with("name", name));
        }
        AccountError::LastAdministrator => faults.whole = Some(t.say("account-last-administrator")),
        AccountError::Meanwhile | AccountError::Database(_) => {
            faults.whole = Some(t.say("account-meanwhile"));
        }
    }
    faults
}
