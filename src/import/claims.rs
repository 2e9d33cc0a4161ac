//! What is said of each image, in the order in which the images are met.

use std::collections::HashMap;

use super::span::Span;
use super::{Names, Target};
use crate::policy::rule::{Match, RuleSpec};

/// One thing that is said of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    span: Span,
    conditions: Vec<String>,
    notes: Vec<String>,
}

/// What is said of the images of one file.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    order: Vec<Target>,
    of: HashMap<Target, Vec<Claim>>,
}

impl Claims {
    /// Two that are about the same days become one, the stricter; those of other days stay beside one
    /// another, and the policy takes the stricter of them day by day.
    pub fn add(&mut self, target: &Target, span: Span, conditions: &[String], note: &str, names: &Names) {
        let claims = self.of.entry(target.clone()).or_default();
        if claims.is_empty() {
            self.order.push(target.clone());
        }
        if let Some(same) = claims.iter_mut().find(|claim| claim.span == span) {
            same.conditions = names.stricter(&same.conditions, conditions);
            if !note.is_empty() && !same.notes.iter().any(|known| known == note) {
                same.notes.push(note.to_owned());
            }
        } else {
            let notes = Some(note).filter(|note| !note.is_empty()).map(str::to_owned);
            claims.push(Claim {
                span,
                conditions: names.plain(conditions),
                notes: notes.into_iter().collect(),
            });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// A rule for each, about that image alone.
    pub fn into_rules(mut self) -> Vec<RuleSpec> {
        let mut rules = Vec::with_capacity(self.order.len());
        for target in self.order {
            for claim in self.of.remove(&target).unwrap_or_default() {
                rules.push(RuleSpec {
                    mount: target.mount.clone(),
                    identifier: target.identifier.clone(),
                    matching: Match::Exact,
                    conditions: claim.conditions,
                    from: claim.span.from,
                    until: claim.span.until,
                    note: claim.notes.join(", "),
                    ..RuleSpec::default()
                });
            }
        }
        rules
    }
}
