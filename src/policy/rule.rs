//! A rule as it is written.

use serde::{Deserialize, Serialize};

/// Whether a rule is about one identifier or also about everything below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    #[default]
    Prefix,
    Exact,
}

/// A rule as written in a policy file: what part of a mount needs which conditions, and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The first second of a day in UTC; days before 1970 count as 1970.
pub fn utc_midnight(day: jiff::civil::Date) -> u64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = day.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days());
    u64::try_from(days).unwrap_or(0) * 86_400
}
