//! What conditions, rules and tests must be, wherever they were written.

mod condition;
mod expectation;
mod rule;

use std::collections::{HashMap, HashSet};

pub(super) use condition::conditions;
pub use condition::{BadNetwork, MAX_NAME, is_language, is_slug, read_network};
pub(super) use expectation::test;
pub(super) use rule::{RuleFields, rule};

use super::problem::{Problems, Site, Sited, quoted};
use crate::policy::condition::{CLOSED, OPEN};
use crate::policy::rule::RuleSpec;

/// What rules and tests may name, and the rules seen so far.
pub(super) struct Known<'a> {
    mounts: &'a [&'a str],
    conditions: HashSet<&'a str>,
    rules: HashMap<RuleSpec, Site>,
}

impl<'a> Known<'a> {
    pub(super) fn new(mounts: &'a [&'a str], conditions: impl Iterator<Item = &'a str>) -> Self {
        let conditions = conditions.chain([OPEN, CLOSED]).collect();
        Self { mounts, conditions, rules: HashMap::new() }
    }
}

fn known_conditions(
    conditions: &Sited<Vec<Sited<&str>>>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    if conditions.value.is_empty() {
        problems.add(conditions.site, "`conditions` is empty; write closed for nobody or open for everybody");
        return None;
    }
    let mut names: Vec<String> = Vec::with_capacity(conditions.value.len());
    let mut sound = true;
    for Sited { value: name, site } in &conditions.value {
        if !known.conditions.contains(name) {
            let mut parts = name.split(',').map(str::trim);
            let cure = if name.contains(',') && parts.all(|part| known.conditions.contains(part)) {
                "several are separated by |"
            } else {
                "define it as [[condition]]"
            };
            problems.add(*site, format!("there is no condition {}; {cure}", quoted(name)));
            sound = false;
        } else if names.iter().any(|seen| seen == name) {
            problems.add(*site, format!("the condition {} is named twice", quoted(name)));
            sound = false;
        } else {
            names.push((*name).to_owned());
        }
    }
    sound.then_some(names)
}
