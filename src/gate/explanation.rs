//! Why a request is answered as it is, and what would change the answer: as findings, each of which a language has a
//! sentence for, and as data.
//!
//! `tilegate explain` and the page of the administration say the same, because both say what is found here. Every
//! "would" has been tried by the same decision as a tile's ([`Trial::decide`]); nothing is guessed from the rules.

mod alternatives;
pub mod findings;
mod pass;
mod rules;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Map, Value, json};

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
use findings::{Answer, Asked, Change, Remedy, Ruling, Visitor};

/// The rules that a trial names, as they are written, by their numbers.
pub type Texts = BTreeMap<u32, RuleSpec>;

/// What is asked, by whom, from where and when.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The raw path, as [`super::trial::path_of`] gives it.
    pub path: &'q str,
    pub measure: Measure,
    pub aspects: Aspects,
    /// `None`: an anonymous visitor.
    account: Option<&'q Account>,
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
        self.account = Some(account);
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
    pub asked: Vec<Asked>,
    /// The rule that won, and those that lost to it.
    pub rules: Vec<Ruling>,
    pub visitor: Vec<Visitor>,
    pub answer: Answer,
    pub alternatives: Vec<Alternative>,
    pub remedy: Option<Remedy>,
    /// For programs, without the alternatives.
    data: Map<String, Value>,
}

impl Explanation {
    /// Explains what a question came to on this policy.
    pub fn of(question: &Question<'_>, trial: &Trial, policy: &Policy, texts: &Texts) -> Self {
        let telling = Telling { question, trial, policy, texts };
        Self {
            decision: trial.decision,
            asked: telling.asked(),
            rules: telling.rules(),
            visitor: telling.visitor(),
            answer: telling.answer(),
            alternatives: telling.alternatives(),
            remedy: telling.remedy(),
            data: telling.data(),
        }
    }

    /// All of it for programs, with the sentences in which alternatives are said.
    pub fn data(&self, sentence: impl Fn(&Change) -> String) -> Value {
        let with_sentence = |alternative: &Alternative| alternative.data(&sentence(&alternative.change));
        let alternatives = self.alternatives.iter().map(with_sentence).collect();
        let mut data = self.data.clone();
        data.insert("alternatives".to_owned(), alternatives);
        Value::Object(data)
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

    fn owned_names(&self, set: Conditions) -> Vec<String> {
        self.policy.conditions.of(set).map(|condition| condition.name.clone()).collect()
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

    fn asked(&self) -> Vec<Asked> {
        let Trial { substitute, part, .. } = self.trial;
        let (identifier, mount) = (self.trial.identifier.clone(), self.trial.mount.clone());
        if part.is_none() {
            return Vec::new();
        }
        if let Some(halvings) = substitute {
            return vec![Asked::Substitute { identifier, mount, divisor: halvings.divisor() }];
        }
        let kind = self.mount().map_or(MountKind::Image, |mount| mount.kind);
        let (path, is_allowed) = (self.trial.path.clone(), self.trial.decision.is_allow());
        vec![Asked::Resource { kind, identifier, mount }, Asked::Fetched { kind, path, is_allowed }]
    }

    fn visitor(&self) -> Vec<Visitor> {
        if self.trial.part.is_none() || self.trial.substitute.is_some() {
            return Vec::new();
        }
        let holds = self.owned_names(self.question.aspects.held);
        let who = match self.question.account {
            Some(account) => Visitor::Account {
                id: account.id,
                name: account.username.to_string(),
                is_locked: self.question.locked.is_some(),
                holds,
            },
            None => Visitor::Anonymous { holds },
        };
        let has = || self.owned_names(self.question.aspects.by_network);
        let address = self.question.address.map(|address| Visitor::Address { address, has: has() });
        [who].into_iter().chain(address).chain(self.pass()).collect()
    }

    fn answer(&self) -> Answer {
        let one = |bit| self.owned_names(Conditions::only(bit)).pop().unwrap_or_default();
        match self.trial.decision {
            Decision::Allow(Basis::Held(bit, _)) => Answer::Held(one(bit)),
            Decision::Allow(Basis::Network(bit, _)) => Answer::Network(one(bit)),
            Decision::Allow(Basis::Pass(_)) => self.by_pass(),
            Decision::Allow(Basis::Thumbnail(_)) => Answer::Thumbnail,
            Decision::Allow(Basis::Substitute(_)) => Answer::Substitute,
            Decision::Allow(Basis::Shadow(_)) => {
                let needed = self.policy.needed(&self.trial.resource(), self.question.aspects.now);
                let until = self.mount().and_then(|mount| mount.shadow);
                Answer::DryRun { until, needed: self.owned_names(needed) }
            }
            Decision::Allow(_) => Answer::Open,
            Decision::Challenge(needed, _) => {
                Answer::Needed { one_of: self.owned_names(needed), a_login_helps: self.a_login_helps(needed) }
            }
            Decision::Refuse(basis) => self.refusal(basis),
        }
    }

    fn refusal(&self, basis: Basis) -> Answer {
        match basis {
            Basis::Malformed(reason) if self.trial.part.is_none() => self.unread(reason),
            Basis::Malformed(reason) => Answer::NotAdvertised { reason },
            Basis::NoSubstitute if self.substitute_px().is_some() => Answer::AnotherReduction,
            Basis::NoSubstitute => Answer::NoSubstitute,
            Basis::SizeUnknown => match (self.trial.substitute, self.substitute_px()) {
                (Some(halvings), Some(pixels)) => {
                    Answer::SubstituteDepends { divisor: halvings.divisor(), pixels }
                }
                _ => Answer::SizeUnknown,
            },
            Basis::NotPermitted(_) => match (self.trial.part, self.permitted().answer_px()) {
                (Some(Part::Image(_)), Some(pixels)) => Answer::TooLarge { pixels },
                _ => Answer::NotWhole,
            },
            Basis::Closed(Winner::Below) => Answer::NobodyBelow,
            _ if self.is_closed_by_agreement() => Answer::NobodyTogether,
            _ => Answer::Closed,
        }
    }

    fn unread(&self, reason: &'static str) -> Answer {
        match self.trial.unread {
            Some(BadPath::NoMount) => {
                let prefixes = self.policy.mounts().iter().map(|mount| mount.prefix.clone()).collect();
                Answer::NoMount { prefixes, reason }
            }
            Some(BadPath::NotIiif) => Answer::NotIiif { reason },
            Some(BadPath::OfPass) => Answer::OfPass { reason },
            _ => Answer::Uncertain { reason },
        }
    }

    fn substitute_px(&self) -> Option<u32> {
        self.policy.substitute_px(&self.trial.resource(), self.question.aspects.now)
    }

    /// What else is told is in the alternatives: a room or terms of use are no matter of a login.
    fn a_login_helps(&self, needed: Conditions) -> bool {
        let mut patterns = self.policy.conditions.of(needed).map(|condition| condition.pattern);
        patterns.any(|pattern| matches!(pattern, Pattern::Login | Pattern::External))
    }

    /// Whether nobody may although the deciding rule by itself lets somebody in.
    fn is_closed_by_agreement(&self) -> bool {
        let deciding =
            self.trial.candidates.iter().find(|rule| self.winner() == Some(Winner::Rule(rule.number)));
        deciding.is_some_and(|rule| !rule.requirement.is_closed())
    }

    fn data(&self) -> Map<String, Value> {
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
                _ => self.why_it_lost(rule).word(),
            };
            json!({ "number": number(rule.number), "state": state, "rule": self.texts.get(&rule.number) })
        });
        let data = json!({
            "verdict": verdict(&self.trial.decision),
            "basis": basis.word(),
            "mount": self.trial.mount,
            "identifier": self.trial.identifier,
            "canonical_path": self.trial.path,
            "account": self.question.account.map(|account| account.username.as_str()),
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
        });
        data.as_object().cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
