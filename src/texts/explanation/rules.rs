//! Rules in words.

use super::{and, condition, joined, or};
use crate::gate::explanation::findings::{Beside, Event, Ruling, ToldRule};
use crate::policy::rule::{Match, Operation, RuleSpec};
use crate::texts::{Said, Texts, links};

/// As people count it.
fn counted(number: u32) -> u64 {
    u64::from(number) + 1
}

/// A rule with its number as people count it, and in parentheses what it is about, what it asks for, when and what it permits.
pub fn rule(t: Texts, number: u32, spec: &RuleSpec) -> Said {
    let number = counted(number);
    let says = what_it_says(t, spec);
    let said =
        t.say("explain-rule").with("link", links::rule(number)).number("number", number).put("rule", says);
    where_it_is_from(t, said, spec)
}

/// The same of a rule that has no number yet.
pub fn new_rule(t: Texts, spec: &RuleSpec) -> Said {
    where_it_is_from(t, what_it_says(t, spec), spec)
}

fn what_it_says(t: Texts, spec: &RuleSpec) -> Said {
    let word =
        |name: &String| t.say("explain-word-link").with("link", links::condition(name)).with("name", name);
    let needed = joined(t, spec.conditions.iter().map(word), or);
    let mut said = match (spec.identifier.as_str(), spec.matching) {
        ("", _) => t.say("explain-rule-mount").put("conditions", needed),
        (identifier, Match::Exact) => {
            t.say("explain-rule-exact").with("identifier", identifier).put("conditions", needed)
        }
        (identifier, Match::Prefix) => {
            t.say("explain-rule-below").with("identifier", identifier).put("conditions", needed)
        }
    };
    if let Some(from) = spec.from {
        said = t.say("explain-rule-from").put("rule", said).with("from", from);
    }
    if let Some(until) = spec.until {
        said = t.say("explain-rule-until").put("rule", said).with("until", until);
    }
    if !spec.operations.is_empty() {
        let each = spec.operations.iter().map(|operation| match operation {
            Operation::View => t.say("explain-view"),
            Operation::WholeImage => t.say("explain-whole-image"),
            Operation::WholeDocument => t.say("explain-whole-document"),
        });
        said = t.say("explain-rule-for").put("rule", said).put("operations", joined(t, each, and));
    }
    if let Some(pixels) = spec.whole_image_px {
        said = t.say("explain-rule-pixels").put("rule", said).number("pixels", pixels);
    }
    said
}

fn where_it_is_from(t: Texts, mut said: Said, spec: &RuleSpec) -> Said {
    if !spec.source.is_empty() {
        said = t.say("explain-rule-imported").put("rule", said).with("source", &spec.source);
    }
    if !spec.note.is_empty() {
        said = t.say("explain-rule-noted").put("rule", said).with("note", &spec.note);
    }
    said
}

fn told(t: Texts, told: &ToldRule) -> Said {
    let number = counted(told.number);
    match &told.spec {
        Some(spec) => rule(t, told.number, spec),
        None => t.say("explain-rule-number").with("link", links::rule(number)).number("number", number),
    }
}

pub(super) fn say_ruling(t: Texts, ruling: &Ruling) -> Said {
    match ruling {
        Ruling::Rule(rule) => t.say("explain-decides").put("rule", told(t, rule)),
        Ruling::Below => t.say("explain-decides-below"),
        Ruling::Default { condition: name, exists: true } => {
            t.say("explain-decides-default").put("condition", condition(t, name))
        }
        Ruling::Default { condition, exists: false } => t
            .say("explain-decides-no-default")
            .put("condition", t.say("explain-name").with("name", condition)),
        Ruling::Beside(rule, why) => {
            let rule = told(t, rule);
            match why {
                Beside::CountsAsWell => t.say("explain-beside-together").put("rule", rule),
                Beside::NotBegun => t.say("explain-beside-not-begun").put("rule", rule),
                Beside::Over => t.say("explain-beside-over").put("rule", rule),
                Beside::LessSpecific => t.say("explain-beside-less").put("rule", rule),
            }
        }
        Ruling::More(more) => t.say("explain-more-rules").number("more", more),
        Ruling::TwoNames { identifier, base } => {
            t.say("explain-two-names").with("identifier", identifier).with("base", base)
        }
    }
}

pub(super) fn say_event(t: Texts, event: Event) -> Said {
    let link = |number| links::rule(counted(number));
    match event {
        Event::DryRunEnds => t.say("explain-dry-run-ends"),
        Event::RuleBegins(number) => {
            t.say("explain-rule-begins").with("link", link(number)).number("number", counted(number))
        }
        Event::RuleEnds(number) => {
            t.say("explain-rule-ends").with("link", link(number)).number("number", counted(number))
        }
    }
}
