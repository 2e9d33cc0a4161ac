//! A rule as it is written.

use serde::{Deserialize, Serialize};

use super::condition::CLOSED;

/// Whether a rule is about one identifier or also about everything below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    #[default]
    Prefix,
    Exact,
}

/// What may be done with an image or a document by those who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Looking at it in a viewer: tiles, and answers no larger than one.
    View,
    /// The whole image in one answer; at full size, unless `whole_image_px` says how large at most.
    WholeImage,
    /// The whole document: a PDF of all pages, a recording.
    WholeDocument,
}

impl Operation {
    /// All of them: what a rule permits that names none.
    pub const ALL: [Self; 3] = [Self::View, Self::WholeImage, Self::WholeDocument];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::WholeImage => "whole-image",
            Self::WholeDocument => "whole-document",
        }
    }
}

/// A rule as written in a policy file: what part of a mount needs which conditions, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSpec {
    pub mount: String,
    /// Segments joined by `/`, percent-decoded, without the mount's prefix; empty for the whole mount.
    pub identifier: String,
    #[serde(rename = "match", default)]
    pub matching: Match,
    /// Names of access conditions; any one is enough.
    pub conditions: Vec<String>,
    /// First day of validity, `YYYY-MM-DD` (UTC midnight).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<jiff::civil::Date>,
    /// First day on which the next less specific rule applies again (UTC midnight).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<jiff::civil::Date>,
    /// What those who may see it may do with it; empty: everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// How long the long side of one answer may be, in pixels; missing: as long as the image has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_image_px: Option<u32>,
    /// What the rule was imported from, so that the next import from there replaces it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl RuleSpec {
    /// In the form in which two rules that are the same are equal: none may be written twice.
    #[must_use]
    pub fn normal(&self) -> Self {
        let mut normal = self.clone();
        self.identifier.trim_matches('/').clone_into(&mut normal.identifier);
        normal.conditions.sort_unstable();
        normal
    }

    /// The rule when there is no such condition any more: whoever held another one of it still may, and where it was the only
    /// one, nobody may.
    #[must_use]
    pub fn without_condition(&self, name: &str) -> Self {
        let mut rest = self.clone();
        rest.conditions.retain(|condition| condition != name);
        if rest.conditions.is_empty() {
            rest.conditions.push(CLOSED.to_owned());
        }
        rest
    }
}

/// The first second of a day in UTC; days before 1970 count as 1970.
pub fn utc_midnight(day: jiff::civil::Date) -> u64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = day.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days());
    u64::try_from(days).unwrap_or(0) * 86_400
}
