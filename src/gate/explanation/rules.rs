//! The rule that won, and those that lost to it.

use std::fmt::Write as _;

use super::Telling;
use super::sentence::{Sentence, say};
use crate::iiif::identifier::without_extension;
use crate::policy::index::{Rule, Winner};
use crate::policy::rule::{Match, Operation, RuleSpec};

/// So many rules that lost are described, and the others counted.
const MOST_LOSERS: usize = 50;

impl Telling<'_> {
    pub(super) fn rules(&self) -> Vec<Sentence> {
        if self.trial.part.is_none() {
            return Vec::new();
        }
        let winner = self.winner();
        let mut sentences = vec![match winner {
            Some(Winner::Rule(number)) => say("It is decided by ").then(self.described(number)).say("."),
            Some(Winner::Below) => say(
                "The name may stand for what is below it, and there are rules below it: all of them must be met, \
                 whatever their dates, besides what applies to the name.",
            ),
            Some(Winner::Default) | None => self.by_default(),
        }];
        let losers = || {
            let candidates = self.trial.candidates.iter();
            candidates.filter(|rule| winner != Some(Winner::Rule(rule.number)))
        };
        for rule in losers().take(MOST_LOSERS) {
            let why = format!("; {}.", self.why_it_lost(rule));
            sentences.push(say("Also there: ").then(self.described(rule.number)).say(why));
        }
        let more = losers().count().saturating_sub(MOST_LOSERS);
        if more > 0 {
            sentences.push(say(format!("And {more} more rules.")));
        }
        sentences.extend(self.other_reading());
        sentences
    }

    pub(super) fn why_it_lost(&self, rule: &Rule) -> &'static str {
        let now = self.question.aspects.now;
        if self.trial.counting.contains(&rule.number) {
            "it counts as well: all of them must be met"
        } else if now < rule.from {
            "it has not begun"
        } else if now >= rule.until {
            "it is over"
        } else {
            "a more specific one wins"
        }
    }

    fn by_default(&self) -> Sentence {
        let name = self.mount().map_or("", |mount| mount.default.as_str());
        let missing = if self.policy.conditions.bit(name).is_some() {
            "."
        } else {
            ", which does not exist and so counts as closed."
        };
        say("No rule matches, so the mount's default condition decides: ").name(name).say(missing)
    }

    /// On digilib a name with an extension is judged without it, too.
    fn other_reading(&self) -> Option<Sentence> {
        let base = without_extension(&self.trial.identifier)?;
        self.mount()?.has_aliases().then(|| {
            let both = say("digilib takes ").name(&self.trial.identifier).say(" and ").name(base);
            both.say(" for one image, so both names must be allowed.")
        })
    }

    fn described(&self, number: u32) -> Sentence {
        match self.texts.get(&number) {
            Some(spec) => rule_in_words(number, spec),
            None => say(format!("rule {}", u64::from(number) + 1)),
        }
    }
}

/// A rule with its number as people count it, and in parentheses what it is about, what it asks for, when and what it permits.
pub fn rule_in_words(number: u32, rule: &RuleSpec) -> Sentence {
    let sentence = say(format!("rule {} (", u64::from(number) + 1)).then(what_it_says(rule)).say(")");
    sentence.say(where_it_is_from(rule))
}

/// The same of a rule that has no number yet.
pub fn new_rule_in_words(rule: &RuleSpec) -> Sentence {
    what_it_says(rule).say(where_it_is_from(rule))
}

fn what_it_says(rule: &RuleSpec) -> Sentence {
    let spot = match (rule.identifier.as_str(), rule.matching) {
        ("", _) => say("the whole mount"),
        (identifier, Match::Exact) => Sentence::default().name(identifier).say(" exactly"),
        (identifier, Match::Prefix) => Sentence::default().name(identifier).say(" and everything below it"),
    };
    let mut text = format!(": {}", rule.conditions.join(" or "));
    if let Some(from) = rule.from {
        let _ = write!(text, ", from {from}");
    }
    if let Some(until) = rule.until {
        let _ = write!(text, ", until {until}");
    }
    if !rule.operations.is_empty() {
        let operations: Vec<_> = rule.operations.iter().copied().map(Operation::as_str).collect();
        let _ = write!(text, ", for {}", operations.join(" and "));
    }
    if let Some(pixels) = rule.whole_image_px {
        let _ = write!(text, ", in answers of at most {pixels} pixels");
    }
    spot.say(text)
}

fn where_it_is_from(rule: &RuleSpec) -> String {
    let mut text = String::new();
    if !rule.source.is_empty() {
        let _ = write!(text, ", imported from {}", rule.source);
    }
    if !rule.note.is_empty() {
        let _ = write!(text, ", noted “{}”", rule.note);
    }
    text
}
