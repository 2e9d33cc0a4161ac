//! The form of a new pass: what was typed, and the pass that it says.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

use crate::clock::UnixSeconds;
use crate::credential::account::is_deceptive;
use crate::credential::pass::{LONGEST_IDENTIFIER, LONGEST_LIFE, LONGEST_NOTE, Scope, ScopeFault};
use crate::http::admin::rules::form::identifier_fault;
use crate::policy::mount::Mount;
use crate::policy::permitted::VIEW_PX;
use crate::policy::rule::utc_midnight;
use crate::texts::{Said, Texts};

/// What can be chosen, in the order of the page: the word that is posted, seconds, and the message.
pub(super) const LIVES: [(&str, u64, &str); 6] = [
    ("8h", 8 * 3600, "passes-life-hours"),
    ("1d", 86_400, "passes-life-day"),
    ("7d", 7 * 86_400, "passes-life-week"),
    ("30d", 30 * 86_400, "passes-life-month"),
    ("90d", 90 * 86_400, "passes-life-quarter"),
    ("365d", 365 * 86_400, "passes-life-year"),
];

/// The form as it was typed. A condition that is ticked comes as `held-<name>`.
#[derive(Debug, Default, Deserialize)]
pub struct Form {
    #[serde(default)]
    pub(super) mount: String,
    #[serde(default)]
    pub(super) identifier: String,
    #[serde(default, rename = "match")]
    pub(super) matching: String,
    /// A word of [`LIVES`].
    #[serde(default)]
    pub(super) life: String,
    /// A day, which counts instead.
    #[serde(default)]
    pub(super) until: String,
    #[serde(default)]
    pub(super) max_px: String,
    /// `token`, `link` or `making`.
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) uses: String,
    #[serde(default)]
    pub(super) note: String,
    #[serde(default)]
    pub(super) password: Option<SecretString>,
    #[serde(flatten)]
    pub(super) others: BTreeMap<String, String>,
}

/// What is wrong with each field.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// Of the address that mount and identifier are taken from.
    pub(super) url: Option<Said>,
    pub(super) mount: Option<Said>,
    pub(super) identifier: Option<Said>,
    pub(super) conditions: Option<Said>,
    pub(super) max_px: Option<Said>,
    pub(super) until: Option<Said>,
    pub(super) uses: Option<Said>,
    pub(super) note: Option<Said>,
}

impl Faults {
    fn is_none(&self) -> bool {
        let Self { url, mount, identifier, conditions, max_px, until, uses, note } = self;
        [url, mount, identifier, conditions, max_px, until, uses, note].into_iter().all(Option::is_none)
    }

    /// Whether this field is the first that is wrong: the browser goes there.
    pub(super) fn is_first(&self, field: &str) -> bool {
        let Self { url, mount, identifier, conditions, max_px, until, uses, note } = self;
        let fields = [
            ("url", url),
            ("mount", mount),
            ("identifier", identifier),
            ("uses", uses),
            ("until", until),
            ("conditions", conditions),
            ("max_px", max_px),
            ("note", note),
        ];
        fields.into_iter().find(|(_, fault)| fault.is_some()).is_some_and(|(first, _)| first == field)
    }
}

/// What a form without faults says.
pub(super) struct Read {
    pub(super) scope: Scope,
    pub(super) conditions: Option<Vec<String>>,
    pub(super) max_px: Option<u32>,
    pub(super) expires: UnixSeconds,
    pub(super) uses: Option<u32>,
    pub(super) makes_passes: bool,
    pub(super) note: String,
}

impl Form {
    pub(super) fn held(&self) -> Vec<String> {
        self.others.keys().filter_map(|name| name.strip_prefix("held-")).map(str::to_owned).collect()
    }

    /// The address that was typed, if it was none of ours.
    pub(super) fn url(&self) -> &str {
        self.others.get("url").map_or("", String::as_str)
    }

    /// Which choice of its life is taken.
    pub(super) fn lives(&self, word: &str) -> bool {
        self.life == word
    }

    pub(super) fn read(&self, mounts: &[Mount], now: UnixSeconds, t: Texts) -> Result<Read, Box<Faults>> {
        let mut faults = Faults::default();
        let scope = self.scope(mounts, &mut faults, t);
        let number = |typed: &str, least: u32, fault: &mut Option<Said>, message| {
            let typed = typed.trim();
            let number = typed.parse::<u32>().ok().filter(|number| *number >= least);
            if number.is_none() && !typed.is_empty() {
                *fault = Some(t.say(message).number("least", least));
            }
            number
        };
        let max_px = number(&self.max_px, VIEW_PX, &mut faults.max_px, "passes-fault-pixels");
        let mut uses = None;
        if self.kind == "link" {
            uses = number(&self.uses, 1, &mut faults.uses, "passes-fault-uses");
            if self.uses.trim().is_empty() {
                faults.uses = Some(t.say("passes-fault-uses").number("least", 1));
            }
        }
        let expires = self.expires(now, &mut faults, t);
        // Browsers send line ends of their own.
        let note = self.note.replace("\r\n", " ").replace('\n', " ").trim().to_owned();
        if note.chars().count() > LONGEST_NOTE {
            faults.note = Some(t.say("account-note-long").number("most", LONGEST_NOTE));
        } else if note.chars().any(is_deceptive) {
            faults.note = Some(t.say("fault-characters"));
        }
        match scope {
            Some(scope) if faults.is_none() => Ok(Read {
                scope,
                conditions: Some(self.held()).filter(|held| !held.is_empty()),
                max_px,
                expires,
                uses,
                makes_passes: self.kind == "making",
                note,
            }),
            _ => Err(Box::new(faults)),
        }
    }

    fn scope(&self, mounts: &[Mount], faults: &mut Faults, t: Texts) -> Option<Scope> {
        let (identifier, exact) = (self.identifier.trim(), self.matching == "exact");
        faults.identifier = identifier_fault(mounts, identifier, exact, t);
        match Scope::on(mounts, &self.mount, identifier, exact) {
            Ok(scope) => return Some(scope),
            Err(ScopeFault::NoMount) => faults.mount = Some(t.say("rules-fault-mount")),
            Err(ScopeFault::Borrows(lender)) => {
                faults.mount = Some(t.say("passes-fault-borrows").with("mount", lender));
            }
            Err(ScopeFault::TooLong) => {
                let long = t.say("rules-fault-identifier-long").number("most", LONGEST_IDENTIFIER);
                faults.identifier = Some(long);
            }
            // The other checks mostly know a better word.
            Err(ScopeFault::Identifier(_)) if faults.identifier.is_some() => {}
            Err(ScopeFault::Identifier(_)) => {
                faults.identifier = Some(t.say("passes-fault-identifier"));
            }
        }
        None
    }

    fn expires(&self, now: UnixSeconds, faults: &mut Faults, t: Texts) -> UnixSeconds {
        let day = self.until.trim();
        if day.is_empty() {
            let life = LIVES.iter().find(|(word, ..)| self.lives(word));
            // Whatever was posted in its place: the shortest.
            return now + life.map_or(8 * 3600, |(_, seconds, _)| *seconds);
        }
        match day.parse().ok().map(utc_midnight) {
            None => faults.until = Some(t.say("fault-day")),
            Some(end) if end <= now => faults.until = Some(t.say("passes-fault-past")),
            Some(end) if end > now + LONGEST_LIFE => faults.until = Some(t.say("passes-fault-far")),
            Some(end) => return end,
        }
        now
    }
}
