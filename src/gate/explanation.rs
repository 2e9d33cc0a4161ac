//! Why a request is answered as it is, and what would change the answer: in sentences that a librarian understands,
//! and as data.
//!
//! `tilegate explain` and the page of the administration say the same words, because both are written here. Every
//! "would" has been tried by the same decision as a tile's ([`Trial::decide`]); nothing is guessed from the rules.

mod alternatives;
mod pass;
mod rules;
mod sentence;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Value, json};

use super::path::{BadPath, Part};
use super::trial::{Trial, try_path_with};
use crate::credential::account::Account;
use crate::credential::pass::Pass;
use crate::policy::Policy;
use crate::policy::condition::{Conditions, Pattern};
use crate::policy::decision::{Aspects, Basis, Decision};
use crate::policy::file::day_or_moment;
use crate::policy::index::Winner;
use crate::policy::mount::{Mount, MountKind};
use crate::policy::permitted::Permitted;
use crate::policy::rule::RuleSpec;
use crate::policy::thumbnail::Measure;

pub use alternatives::Alternative;
pub use rules::{new_rule_in_words, rule_in_words};
use sentence::marked;
pub use sentence::{Piece, Sentence, say};

/// The rules that a trial names, as they are written, by their numbers.
pub type Texts = BTreeMap<u32, RuleSpec>;

/// What is asked, by whom, from where and when.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The raw path, as [`super::trial::path_of`] gives it.
    pub path: &'q str,
    pub measure: Measure,
    pub aspects: Aspects,
    /// The account's name; `None`: an anonymous visitor.
    account: Option<&'q str>,
    /// What a locked account would hold; nothing of it counts.
    locked: Option<Conditions>,
    address: Option<IpAddr>,
    pass: Option<&'q Pass>,
}

impl<'q> Question<'q> {
    /// Asked by nobody in particular, from nowhere.
    pub fn anonymous(path: &'q str, now: u64) -> Self {
        let aspects = Aspects { now, ..Aspects::default() };
        let measure = Measure::Unavailable;
        Self { path, measure, aspects, account: None, locked: None, address: None, pass: None }
    }

    #[must_use]
    pub fn by(mut self, account: &'q Account, policy: &Policy) -> Self {
        let holds = policy.conditions.set(account.conditions.iter().map(String::as_str));
        self.account = Some(account.username.as_str());
        if account.active {
            self.aspects.held = holds;
        } else {
            self.locked = Some(holds);
        }
        self
    }

    #[must_use]
    pub fn from_address(mut self, address: IpAddr, policy: &Policy) -> Self {
        let address = address.to_canonical();
        self.address = Some(address);
        self.aspects.by_network = policy.conditions.of_address(address);
        self
    }

    pub fn trial(&self, policy: &Policy) -> Trial {
        try_path_with(self.path, self.measure, policy, &self.aspects, self.pass)
    }
}

/// An answer and its reasons.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub decision: Decision,
    /// What is asked for, and what would be fetched.
    pub asked: Vec<Sentence>,
    /// The rule that won, and those that lost to it.
    pub rules: Vec<Sentence>,
    /// Who asks, and what they hold.
    pub visitor: Vec<Sentence>,
    /// The answer, in one sentence.
    pub answer: Sentence,
    /// What would change it.
    pub alternatives: Vec<Alternative>,
    /// All of it for programs.
    pub data: Value,
}

impl Explanation {
    /// Explains what a question came to on this policy.
    pub fn of(question: &Question<'_>, trial: &Trial, policy: &Policy, texts: &Texts) -> Self {
        let telling = Telling { question, trial, policy, texts };
        let alternatives = telling.alternatives();
        Self {
            decision: trial.decision,
            asked: telling.asked(),
            rules: telling.rules(),
            visitor: telling.visitor(),
            answer: telling.answer(),
            data: telling.data(&alternatives),
            alternatives,
        }
    }

    /// One sentence a line.
    pub fn lines(&self) -> String {
        let before = self.asked.iter().chain(&self.rules).chain(&self.visitor).chain([&self.answer]);
        let all = before.chain(self.alternatives.iter().map(|alternative| &alternative.sentence));
        all.flat_map(|sentence| [sentence.to_string(), "\n".to_owned()]).collect()
    }
}

/// The word for a verdict.
pub fn verdict(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allow(_) => "allow",
        Decision::Challenge(..) => "challenge",
        Decision::Refuse(_) => "refuse",
    }
}

fn winner(basis: Basis) -> Option<Winner> {
    match basis {
        Basis::Open(winner)
        | Basis::Held(_, winner)
        | Basis::Network(_, winner)
        | Basis::Pass(winner)
        | Basis::NotHeld(winner)
        | Basis::Shadow(winner)
        | Basis::Closed(winner)
        | Basis::Substitute(winner)
        | Basis::Thumbnail(winner)
        | Basis::NotPermitted(winner) => Some(winner),
        Basis::NoSubstitute | Basis::SizeUnknown | Basis::Malformed(_) => None,
    }
}

/// "`staff`, `reader`"
fn in_backticks(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

struct Telling<'t> {
    question: &'t Question<'t>,
    trial: &'t Trial,
    policy: &'t Policy,
    texts: &'t Texts,
}

impl Telling<'_> {
    fn names(&self, set: Conditions) -> Vec<&str> {
        self.policy.conditions.of(set).map(|condition| condition.name.as_str()).collect()
    }

    fn mount(&self) -> Option<&Mount> {
        self.policy.mounts().get(self.trial.position)
    }

    /// Where the decision itself names none (it depends on a size), the rules are there all the same.
    fn winner(&self) -> Option<Winner> {
        winner(self.trial.decision.basis()).or_else(|| {
            let decision = self.policy.decide(&self.trial.resource(), &self.question.aspects);
            self.trial.part.and_then(|_| winner(decision.basis()))
        })
    }

    fn permitted(&self) -> Permitted {
        self.policy.permitted(&self.trial.resource(), self.question.aspects.now)
    }

    fn asked(&self) -> Vec<Sentence> {
        let Trial { identifier, mount, path, substitute, part, .. } = self.trial;
        if part.is_none() {
            return Vec::new();
        }
        if let Some(halvings) = substitute {
            let part = format!(", 1/{} of its size.", halvings.divisor());
            let substitute = say("This is the substitute of ").name(identifier).say(" of the mount ");
            return vec![substitute.name(mount).say(part)];
        }
        let (what, who) = match self.mount().map(|mount| mount.kind) {
            Some(MountKind::Manifest) => ("manifest", "Tilegate"),
            Some(MountKind::File) => ("file", "NGINX"),
            _ => ("image", "NGINX"),
        };
        let is = format!("The {what} is ");
        let is = say(is).name(identifier).say(" of the mount ").name(mount).say(".");
        let fetches = if self.trial.decision.is_allow() {
            format!("{who} fetches ")
        } else {
            format!("If it were allowed, {who} would fetch ")
        };
        vec![is, say(fetches).name(path).say(".")]
    }

    fn visitor(&self) -> Vec<Sentence> {
        if self.trial.part.is_none() || self.trial.substitute.is_some() {
            return Vec::new();
        }
        let holds = self.names(self.question.aspects.held);
        let holds = if holds.is_empty() { "no condition".to_owned() } else { in_backticks(&holds) };
        let who = match self.question.account {
            Some(account) => say("This is about the account ").name(account),
            None => say("This is about somebody who is not logged in"),
        };
        let state = if self.question.locked.is_some() { " (locked, so nothing it holds counts)" } else { "" };
        let mut sentences = vec![who.then(marked(&format!("{state}, who holds {holds}.")))];
        if let Some(address) = self.question.address {
            let has = self.names(self.question.aspects.by_network);
            let has = if has.is_empty() { "no condition".to_owned() } else { in_backticks(&has) };
            sentences.push(marked(&format!("The address {address} has {has} by itself.")));
        }
        sentences.extend(self.pass());
        sentences
    }

    fn answer(&self) -> Sentence {
        let one = |bit| in_backticks(&self.names(Conditions::only(bit)));
        let words = match self.trial.decision {
            Decision::Allow(Basis::Held(bit, _)) => format!("Allowed (200): {} is enough.", one(bit)),
            Decision::Allow(Basis::Network(bit, _)) => {
                format!("Allowed (200): {} is enough, by the address alone.", one(bit))
            }
            Decision::Allow(Basis::Pass(_)) => self.by_pass(),
            Decision::Allow(Basis::Thumbnail(_)) => {
                "Allowed (200): as a thumbnail of this size it is open to everybody.".to_owned()
            }
            Decision::Allow(Basis::Substitute(_)) => {
                "Allowed (200): everybody may have this substitute.".to_owned()
            }
            Decision::Allow(Basis::Shadow(_)) => {
                let day = self
                    .mount()
                    .and_then(|mount| mount.shadow)
                    .map_or_else(String::new, |day| day.to_string());
                let needed = self.policy.needed(&self.trial.resource(), self.question.aspects.now);
                format!(
                    "Allowed (200), only because the mount is in dry run (shadow={day}): from that day on (UTC) it needs {}.",
                    self.any(needed)
                )
            }
            Decision::Allow(_) => "Allowed (200): it is open to everybody.".to_owned(),
            Decision::Challenge(needed, _) => {
                format!("Not allowed (401): it needs {}.{}", self.any(needed), self.by_login(needed))
            }
            Decision::Refuse(basis) => self.refusal(basis),
        };
        marked(&words)
    }

    fn refusal(&self, basis: Basis) -> String {
        match basis {
            Basis::Malformed(reason) if self.trial.part.is_none() => {
                let why = self.why_unread();
                format!("Refused (403): {why} ({reason}). No rule was looked at, and no login can help.")
            }
            Basis::Malformed(reason) => {
                format!("Refused (403): its info.json advertises no such part or size ({reason}).")
            }
            Basis::NoSubstitute if self.substitute_px().is_some() => {
                "Refused (403): of an image of these dimensions another reduction is the substitute."
                    .to_owned()
            }
            Basis::NoSubstitute => {
                "Refused (403): there is none; no condition of the image has a `substitute_px`, \
                 or the image itself is open."
                    .to_owned()
            }
            Basis::SizeUnknown => self.depends_on_the_size(),
            Basis::NotPermitted(_) => match (self.trial.part, self.permitted().answer_px()) {
                (Some(Part::Image(_)), Some(pixels)) => format!(
                    "Refused (403): no answer may be larger than {pixels} pixels on either side; no login can help."
                ),
                _ => "Refused (403): the document may not be had whole; no login can help.".to_owned(),
            },
            Basis::Closed(Winner::Below) => {
                "Refused (403): what must be met together leaves nobody; ask for the single images below it instead."
                    .to_owned()
            }
            _ if self.is_closed_by_agreement() => {
                "Refused (403): what must be met together leaves nobody; no login can help.".to_owned()
            }
            _ => "Refused (403): it is closed to everybody; no login can help.".to_owned(),
        }
    }

    fn why_unread(&self) -> String {
        match self.trial.unread {
            Some(BadPath::NoMount) => {
                let prefixes: Vec<&str> =
                    self.policy.mounts().iter().map(|mount| mount.prefix.as_str()).collect();
                let prefixes = prefixes.join(", ");
                format!("the address is in no mount; those begin with {prefixes}")
            }
            Some(BadPath::NotIiif) => "this is no IIIF address: after the identifier comes info.json, or a region, a \
                                       size, a rotation and a quality with a format, such as full/max/0/default.jpg"
                .to_owned(),
            _ => "the address has no one certain meaning".to_owned(),
        }
    }

    fn substitute_px(&self) -> Option<u32> {
        self.policy.substitute_px(&self.trial.resource(), self.question.aspects.now)
    }

    fn depends_on_the_size(&self) -> String {
        match (self.trial.substitute, self.substitute_px()) {
            (Some(halvings), Some(pixels)) => format!(
                "It depends on the size of the image, which is not known here (--size 4000x3000 gives it): everybody may have it (200) if 1/{} \
                 is the first of 1/2, 1/4, 1/8 and so on at which the long side has at most {pixels} pixels; \
                 otherwise nobody (403).",
                halvings.divisor()
            ),
            _ => "Refused (403), as long as the size of the image is not known: it may be larger than what is permitted."
                .to_owned(),
        }
    }

    /// What else is told is in the alternatives: a room or terms of use are no matter of a login.
    fn by_login(&self, needed: Conditions) -> &'static str {
        let mut patterns = self.policy.conditions.of(needed).map(|condition| condition.pattern);
        if patterns.any(|pattern| matches!(pattern, Pattern::Login | Pattern::External)) {
            " A login that brings it would help."
        } else {
            ""
        }
    }

    /// Whether nobody may although the deciding rule by itself lets somebody in.
    fn is_closed_by_agreement(&self) -> bool {
        let deciding =
            self.trial.candidates.iter().find(|rule| self.winner() == Some(Winner::Rule(rule.number)));
        deciding.is_some_and(|rule| !rule.requirement.is_closed())
    }

    /// "`staff`", or "one of `staff`, `reader`".
    fn any(&self, set: Conditions) -> String {
        let names = self.names(set);
        let one_of = if names.len() == 1 { "" } else { "one of " };
        format!("{one_of}{}", in_backticks(&names))
    }

    fn data(&self, alternatives: &[Alternative]) -> Value {
        let (needed, basis) = match self.trial.decision {
            Decision::Challenge(needed, basis) => (needed, basis),
            Decision::Allow(basis) | Decision::Refuse(basis) => (Conditions::NONE, basis),
        };
        let number = |number: u32| u64::from(number) + 1;
        let winner = match self.winner() {
            Some(Winner::Rule(rule)) => Some(number(rule)),
            _ => None,
        };
        let rules = self.trial.candidates.iter().map(|rule| {
            let state = match self.winner() {
                Some(Winner::Rule(winner)) if winner == rule.number => "it decides",
                _ => self.why_it_lost(rule),
            };
            json!({ "number": number(rule.number), "state": state, "rule": self.texts.get(&rule.number) })
        });
        json!({
            "verdict": verdict(&self.trial.decision),
            "basis": basis.word(),
            "mount": self.trial.mount,
            "identifier": self.trial.identifier,
            "canonical_path": self.trial.path,
            "account": self.question.account,
            "address": self.question.address,
            "pass": self.question.pass.map(|pass| pass.id.to_string()),
            "at": day_or_moment(self.question.aspects.now),
            "rule": winner,
            "rules_below": self.winner() == Some(Winner::Below),
            "counting_rules": self.trial.counting.iter().map(|rule| number(*rule)).collect::<Vec<_>>(),
            "candidate_rules": self.trial.candidates.iter().map(|rule| number(rule.number)).collect::<Vec<_>>(),
            "rules": rules.collect::<Vec<_>>(),
            "held": self.names(self.question.aspects.held),
            "by_network": self.names(self.question.aspects.by_network),
            "needed": self.names(needed),
            "alternatives": alternatives.iter().map(Alternative::data).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests;
