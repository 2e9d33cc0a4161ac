//! The form of one rule: what was typed, and the rule that it says, held against the same law as those of an import.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

use crate::credential::account::is_deceptive;
use crate::iiif::identifier::{MAX_IDENTIFIER, is_escape};
use crate::policy::Policy;
use crate::policy::file::{FURTHER, HEADER, read_csv};
use crate::policy::mount::Mount;
use crate::policy::rule::{Match, Operation, RuleSpec};
use crate::texts::{Said, Texts};

/// Characters of a note.
const LONGEST_NOTE: usize = 2000;

/// The form as it was typed. A condition that is ticked comes as `need-<name>`, an operation as `may-<name>`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Form {
    #[serde(default)]
    pub(super) mount: String,
    #[serde(default)]
    pub(super) identifier: String,
    #[serde(default, rename = "match")]
    pub(super) matching: String,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) until: String,
    #[serde(default)]
    pub(super) whole_image_px: String,
    #[serde(default)]
    pub(super) note: String,
    /// The rule as it was shown; empty: a new one.
    #[serde(default)]
    pub(super) shown: String,
    /// The mark of what was confirmed.
    #[serde(default)]
    pub(super) confirmed: String,
    /// Of the administrator, where saving takes it; it is not posted once more.
    #[serde(default)]
    pub(super) password: SecretString,
    /// `back`: to the form again.
    #[serde(default, rename = "do")]
    pub(super) action: String,
    #[serde(flatten)]
    pub(super) others: BTreeMap<String, String>,
}

/// What is wrong with each field.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) mount: Option<Said>,
    pub(super) identifier: Option<Said>,
    pub(super) conditions: Option<Said>,
    pub(super) from: Option<Said>,
    pub(super) until: Option<Said>,
    pub(super) operations: Option<Said>,
    pub(super) whole_image_px: Option<Said>,
    pub(super) note: Option<Said>,
    /// Of the address that mount and identifier are taken from.
    pub(super) url: Option<Said>,
    /// The tests of the policy that would fail.
    pub(super) broken: Vec<Said>,
    /// What the law of policy files says besides, in English.
    pub(super) law: Vec<String>,
    pub(super) whole: Option<Said>,
}

impl Faults {
    /// Whether this field is the first that is wrong: the browser goes there.
    pub(super) fn is_first(&self, field: &str) -> bool {
        let Self {
            mount, identifier, conditions, from, until, operations, whole_image_px, note, url, ..
        } = self;
        let fields = [
            ("url", url),
            ("mount", mount),
            ("identifier", identifier),
            ("conditions", conditions),
            ("from", from),
            ("until", until),
            ("operations", operations),
            ("whole_image_px", whole_image_px),
            ("note", note),
        ];
        fields.into_iter().find(|(_, fault)| fault.is_some()).is_some_and(|(first, _)| first == field)
    }

    fn is_none(&self) -> bool {
        let Self { mount, identifier, conditions, from, until, operations, .. } = self;
        let Self { whole_image_px, note, url, broken, law, whole, .. } = self;
        let fields =
            [mount, identifier, conditions, from, until, operations, whole_image_px, note, url, whole];
        fields.into_iter().all(Option::is_none) && broken.is_empty() && law.is_empty()
    }
}

impl Form {
    pub(super) fn of(rule: &RuleSpec) -> Self {
        let ticked = |prefix: &'static str| move |name: &str| (format!("{prefix}{name}"), "1".to_owned());
        let conditions = rule.conditions.iter().map(String::as_str).map(ticked("need-"));
        let operations = rule.operations.iter().map(|operation| operation.as_str()).map(ticked("may-"));
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            mount: rule.mount.clone(),
            identifier: rule.identifier.clone(),
            matching: match rule.matching {
                Match::Prefix => "prefix",
                Match::Exact => "exact",
            }
            .to_owned(),
            from: day(rule.from),
            until: day(rule.until),
            whole_image_px: rule.whole_image_px.map(|pixels| pixels.to_string()).unwrap_or_default(),
            note: rule.note.clone(),
            shown: serde_json::to_string(rule).unwrap_or_default(),
            others: conditions.chain(operations).collect(),
            ..Self::default()
        }
    }

    fn ticked(&self, prefix: &str) -> Vec<&str> {
        self.others.keys().filter_map(|name| name.strip_prefix(prefix)).collect()
    }

    /// Whether a box of this name is ticked.
    pub(super) fn has(&self, name: &str) -> bool {
        self.others.contains_key(name)
    }

    pub(super) fn needs(&self, name: &str) -> bool {
        self.others.contains_key(&format!("need-{name}"))
    }

    pub(super) fn may(&self, operation: Operation) -> bool {
        self.others.contains_key(&format!("may-{}", operation.as_str()))
    }

    /// The fields, to be posted once more from the page that asks.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let own = [
            ("mount", &self.mount),
            ("identifier", &self.identifier),
            ("match", &self.matching),
            ("from", &self.from),
            ("until", &self.until),
            ("whole_image_px", &self.whole_image_px),
            ("note", &self.note),
            ("shown", &self.shown),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value.clone()));
        own.chain(self.others.clone()).collect()
    }

    /// The rule as it was shown, if the form is about one.
    pub(super) fn was(&self) -> Option<RuleSpec> {
        serde_json::from_str(&self.shown).ok()
    }

    /// The form with the rule as it was shown, and what was answered to the question: a button that deletes has no fields.
    pub(super) fn untouched(self) -> Self {
        let Some(was) = self.was() else { return self };
        Self { confirmed: self.confirmed, password: self.password, action: self.action, ..Self::of(&was) }
    }

    /// The address that was typed, if it was none of ours.
    pub(super) fn url(&self) -> &str {
        self.others.get("url").map_or("", String::as_str)
    }

    /// The rule that the form says.
    pub(super) fn read(&self, policy: &Policy, t: Texts) -> Result<RuleSpec, Box<Faults>> {
        let mut faults = Faults::default();
        let mounts: Vec<&str> = policy.mounts().iter().map(Mount::rules_name).collect();
        if !mounts.contains(&self.mount.as_str()) {
            faults.mount = Some(t.say("rules-fault-mount"));
        }
        let identifier = self.identifier.trim();
        faults.identifier = identifier_fault(policy.mounts(), identifier, self.matching == "exact", t);
        let conditions = self.ticked("need-");
        if conditions.is_empty() {
            faults.conditions = Some(t.say("rules-fault-conditions"));
        } else if let Some(gone) = conditions.iter().find(|name| policy.conditions.bit(name).is_none()) {
            faults.conditions = Some(t.say("rules-fault-condition").with("name", gone));
        }
        let day = |typed: &str, fault: &mut Option<Said>| {
            let typed = typed.trim();
            let day = typed.parse::<jiff::civil::Date>().ok();
            if day.is_none() && !typed.is_empty() {
                *fault = Some(t.say("fault-day"));
            }
            day
        };
        let (from, until) = (day(&self.from, &mut faults.from), day(&self.until, &mut faults.until));
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            faults.until = Some(t.say("rules-fault-until"));
        }
        let operations = self.ticked("may-");
        if !operations.is_empty() && !self.may(Operation::View) {
            faults.operations = Some(t.say("rules-fault-view"));
        }
        let pixels = self.whole_image_px.trim();
        if !pixels.is_empty() && pixels.parse::<u32>().ok().is_none_or(|pixels| pixels == 0) {
            faults.whole_image_px = Some(t.say("rules-fault-pixels"));
        } else if !pixels.is_empty() && !operations.is_empty() && !self.may(Operation::WholeImage) {
            faults.whole_image_px = Some(t.say("rules-fault-pixels-alone"));
        }
        let note = self.note.replace("\r\n", " ").replace('\n', " ");
        let note = note.trim();
        if note.chars().count() > LONGEST_NOTE {
            faults.note = Some(t.say("account-note-long").number("most", LONGEST_NOTE));
        } else if note.chars().any(is_deceptive) {
            faults.note = Some(t.say("fault-characters"));
        }
        if !faults.is_none() {
            return Err(Box::new(faults));
        }
        let shown = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let row = [
            self.mount.clone(),
            identifier.to_owned(),
            if self.matching == "exact" { "exact" } else { "prefix" }.to_owned(),
            conditions.join("|"),
            shown(from),
            shown(until),
            note.to_owned(),
            operations.join("|"),
            pixels.to_owned(),
            self.was().map(|was| was.source).unwrap_or_default(),
        ];
        let names: Vec<&str> = policy.conditions.iter().map(|condition| condition.name.as_str()).collect();
        match read_row(&row, &mounts, &names) {
            Ok(rule) => Ok(rule),
            Err(law) => Err(Box::new(Faults { law, ..Faults::default() })),
        }
    }
}

/// What is wrong with an identifier whatever its mount is; the mount may know more.
pub(in crate::http::admin) fn identifier_fault(
    mounts: &[Mount],
    identifier: &str,
    is_exact: bool,
    t: Texts,
) -> Option<Said> {
    let is_ours = |mount: &Mount| identifier.starts_with(&mount.prefix);
    let fault = if identifier.contains("://") || mounts.iter().any(is_ours) {
        t.say("rules-fault-identifier-address")
    } else if identifier.len() > MAX_IDENTIFIER {
        t.say("rules-fault-identifier-long").number("most", MAX_IDENTIFIER)
    } else if identifier.chars().any(is_deceptive) {
        t.say("fault-characters")
    } else if identifier.split('/').any(|segment| matches!(segment, "." | "..")) {
        t.say("rules-fault-identifier-dots")
    } else if identifier.as_bytes().windows(3).any(is_escape) {
        t.say("rules-fault-identifier-escape")
    } else if identifier.contains(['\\', ';']) {
        t.say("rules-fault-identifier-signs")
    } else if is_exact && identifier.trim_matches('/').is_empty() {
        t.say("rules-fault-identifier-empty")
    } else {
        return None;
    };
    Some(fault)
}

fn read_row(row: &[String; 10], mounts: &[&str], conditions: &[&str]) -> Result<RuleSpec, Vec<String>> {
    let mut sheet = csv::Writer::from_writer(format!("{HEADER},{FURTHER}\n").into_bytes());
    let written = sheet.write_record(row).ok().and_then(|()| sheet.into_inner().ok());
    let Some(text) = written.and_then(|bytes| String::from_utf8(bytes).ok()) else { return Err(Vec::new()) };
    match read_csv(&text, mounts, conditions) {
        Ok(rules) => rules.into_iter().next().ok_or_else(Vec::new),
        Err(error) => Err(error.problems.into_iter().map(|problem| problem.message).collect()),
    }
}
