//! What would change the answer, each tried by the decision itself: other conditions, another address, another
//! time, a smaller answer.

use serde_json::{Value, json};

use super::sentence::{Sentence, marked, say};
use super::{Telling, verdict};
use crate::gate::path::Part;
use crate::iiif::image_uri::ImageRequest;
use crate::policy::condition::{AccessCondition, Conditions, Pattern};
use crate::policy::decision::{Aspects, Basis, Decision};
use crate::policy::file::day_or_moment;
use crate::policy::index::Rule;
use crate::policy::mount::Mount;
use crate::policy::thumbnail::{Asked, Measure};

/// So many dates are looked ahead, and so many of them told.
const DATES_TRIED: usize = 50;
const DATES_TOLD: usize = 3;
/// So many networks are named, and the others counted.
const MOST_NETWORKS: usize = 5;

/// Something that would make the answer another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    pub sentence: Sentence,
    /// What would have to be so.
    condition: Value,
    /// And what the verdict would be; `None`: that depends.
    verdict: Option<&'static str>,
}

impl Alternative {
    fn new(sentence: Sentence, condition: Value, decision: &Decision) -> Self {
        Self { sentence, condition, verdict: Some(verdict(decision)) }
    }

    /// Of what no one request can be tried.
    fn untried(sentence: Sentence, condition: Value, verdict: Option<&'static str>) -> Self {
        Self { sentence, condition, verdict }
    }

    /// For programs.
    pub fn data(&self) -> Value {
        json!({ "if": self.condition, "verdict": self.verdict, "sentence": self.sentence.to_string() })
    }
}

impl Telling<'_> {
    pub(super) fn alternatives(&self) -> Vec<Alternative> {
        if self.trial.part.is_none() {
            return Vec::new();
        }
        let mut found = Vec::new();
        if self.trial.decision.is_allow() {
            found.extend(self.without_what_they_have());
        } else {
            found.extend(self.unlocked());
            found.extend(self.with_another_condition());
            found.extend(self.at_another_address());
            found.extend(self.smaller());
        }
        found.extend(self.at_another_time());
        if found.is_empty() {
            let sentence = say("Nothing but another rule would change that.");
            found.push(Alternative::untried(sentence, json!({ "rule": "another" }), None));
        }
        found
    }

    fn tried(&self, aspects: &Aspects) -> Decision {
        self.trial.decide(self.question.measure, self.policy, aspects)
    }

    /// What the answer is to people who bring less.
    fn without_what_they_have(&self) -> Option<Alternative> {
        let present = self.question.aspects;
        let (logged_out, elsewhere) = (
            Aspects { held: Conditions::NONE, ..present },
            Aspects { by_network: Conditions::NONE, ..present },
        );
        let neither = Aspects { now: present.now, ..Aspects::default() };
        let from = if present.by_network.is_empty() { "" } else { ", from the same address," };
        let less = match self.trial.decision.basis() {
            Basis::Held(..) => (format!("Without a login{from}"), json!({ "account": null }), logged_out),
            Basis::Network(..) => ("From another address".to_owned(), json!({ "address": null }), elsewhere),
            _ => return None,
        };
        let both = "Without a login and from another address".to_owned();
        let less = [less, (both, json!({ "account": null, "address": null }), neither)];
        less.into_iter().find_map(|(words, condition, aspects)| {
            let decision = self.tried(&aspects);
            let sentence = marked(&format!("{words} {}.", self.outcome(&decision)));
            (!decision.is_allow()).then(|| Alternative::new(sentence, condition, &decision))
        })
    }

    fn unlocked(&self) -> Option<Alternative> {
        let aspects = Aspects { held: self.question.locked?, ..self.question.aspects };
        let decision = self.tried(&aspects);
        let sentence = say("If the account were not locked, it would be allowed.");
        decision.is_allow().then(|| Alternative::new(sentence, json!({ "locked": false }), &decision))
    }

    /// The conditions each of which would do, by how a visitor comes to hold them.
    fn with_another_condition(&self) -> Vec<Alternative> {
        let mut found = Vec::new();
        let enough: Vec<&AccessCondition> =
            self.policy.conditions.iter().filter(|c| self.would_do(c)).collect();
        for (pattern, words) in [
            (Pattern::Login, "An account that holds "),
            (Pattern::External, "An account of the institution's own that holds "),
            (Pattern::Clickthrough, "Whoever accepts the terms of the condition "),
            (Pattern::Kiosk, "A computer that is enrolled for the condition "),
        ] {
            let names: Vec<&str> =
                enough.iter().filter(|c| c.pattern == pattern).map(|c| c.name.as_str()).collect();
            if !names.is_empty() {
                let marked_names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let sentence = marked(&format!("{words}{} would see it.", marked_names.join(" or ")));
                let decision = self.tried(&self.holding(names.iter().copied()));
                found.push(Alternative::new(sentence, json!({ "holds_one_of": names }), &decision));
            }
        }
        found
    }

    fn would_do(&self, condition: &AccessCondition) -> bool {
        !matches!(condition.pattern, Pattern::Open | Pattern::Closed)
            && self.tried(&self.holding([condition.name.as_str()])).is_allow()
    }

    fn holding<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Aspects {
        let more = self.policy.conditions.set(names);
        Aspects { held: self.question.aspects.held.union(&more), ..self.question.aspects }
    }

    fn at_another_address(&self) -> Option<Alternative> {
        let mut networks = Vec::new();
        let mut decision = self.trial.decision;
        for network in self.policy.conditions.iter().flat_map(|condition| &condition.networks) {
            let by_network = self.policy.conditions.of_address(network.addr().to_canonical());
            let tried = self.tried(&Aspects { by_network, ..self.question.aspects });
            if tried.is_allow() {
                networks.push(network.to_string());
                decision = tried;
            }
        }
        let mut named = networks.iter().take(MOST_NETWORKS).cloned().collect::<Vec<_>>().join(" or ");
        let more = networks.len().saturating_sub(MOST_NETWORKS);
        if more > 0 {
            named = format!("{named} (or {more} other networks)");
        }
        let sentence = say(format!("From an address in {named} it would be allowed."));
        (!networks.is_empty())
            .then(|| Alternative::new(sentence, json!({ "address_in": networks }), &decision))
    }

    /// What of the image could be had: a thumbnail, an answer within what is permitted, a substitute.
    fn smaller(&self) -> Vec<Alternative> {
        let mut found = Vec::new();
        let Some(Part::Image(_)) = self.trial.part else { return found };
        let unmeasured = self.trial.decide(Measure::NotAsked, self.policy, &self.question.aspects);
        if unmeasured == Decision::Refuse(Basis::SizeUnknown)
            && !matches!(self.question.measure, Measure::Is(_))
        {
            let sentence =
                say("Whether what is asked for is small enough to be had depends on the size of the image, \
                 which is not known here.");
            found.push(Alternative::untried(sentence, json!({ "size": "known" }), None));
        }
        let needed = match self.trial.decision {
            Decision::Challenge(needed, _) => needed,
            _ => Conditions::NONE,
        };
        let conditions = || self.policy.conditions.of(needed);
        let mut sizes: Vec<u32> = conditions().filter_map(|condition| condition.thumbnail_px).collect();
        sizes.extend(conditions().flat_map(|condition| &condition.thumbnail_sizes));
        sizes.extend(self.permitted().answer_px());
        // The largest is told, and the others are smaller.
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        for pixels in sizes {
            let Ok(request) = ImageRequest::parse("full", &format!("!{pixels},{pixels}"), "0", "default.jpg")
            else {
                continue;
            };
            let asked = Asked::Image(request, self.question.measure);
            let decision = self.policy.decide_asked(&self.trial.resource(), asked, &self.question.aspects);
            if decision.is_allow() {
                let sentence = say("The whole image in a size of at most ")
                    .say(format!("{pixels} pixels ("))
                    .name(format!("full/!{pixels},{pixels}/0/default.jpg"))
                    .say(") would be allowed.");
                found.push(Alternative::new(sentence, json!({ "size_px": pixels }), &decision));
                break;
            }
        }
        if let Some(pixels) = self.substitute_px() {
            let sentence = say(format!(
                "A substitute of it, whose long side has at most {pixels} pixels, is open to everybody."
            ));
            found.push(Alternative::untried(sentence, json!({ "substitute_px": pixels }), Some("allow")));
        }
        found
    }

    /// The next dates at which this visitor gets another answer.
    fn at_another_time(&self) -> Vec<Alternative> {
        let mut found = Vec::new();
        let resource = self.trial.resource();
        let dry_run = self.mount().filter(|mount| mount.shadow.is_some()).map(Mount::shadow_until);
        let (mut at, mut before) = (self.question.aspects.now, self.trial.decision);
        for _ in 0..DATES_TRIED {
            let of_rules = self.policy.next_change(&resource, at);
            let Some(next) = of_rules.into_iter().chain(dry_run.filter(|end| *end > at)).min() else { break };
            at = next;
            let decision = self.tried(&Aspects { now: at, ..self.question.aspects });
            if self.outcome(&decision) != self.outcome(&before) {
                let day = day_or_moment(at);
                let happens = self.what_happens(at);
                let outcome = self.present(&decision);
                let sentence = marked(&format!("From {day} on {outcome} ({happens})."));
                found.push(Alternative::new(sentence, json!({ "at": day }), &decision));
            }
            before = decision;
            if found.len() == DATES_TOLD {
                break;
            }
        }
        found
    }

    /// `the dry run ends and rule 3 begins`
    fn what_happens(&self, at: u64) -> String {
        let dry_run = self.mount().filter(|mount| mount.shadow.is_some() && mount.shadow_until() == at);
        let dry_run = dry_run.map(|_| "the dry run ends".to_owned());
        let event = |rule: &Rule| {
            let word = if rule.until == at {
                "ends"
            } else if rule.from == at {
                "begins"
            } else {
                return None;
            };
            Some(format!("rule {} {word}", u64::from(rule.number) + 1))
        };
        dry_run
            .into_iter()
            .chain(self.trial.candidates.iter().filter_map(event))
            .collect::<Vec<_>>()
            .join(" and ")
    }

    fn outcome(&self, decision: &Decision) -> String {
        match decision {
            decision if decision.is_for_everybody() => "it would be open to everybody".to_owned(),
            Decision::Allow(_) => "it would be allowed".to_owned(),
            Decision::Challenge(needed, _) => format!("it would need {} (401)", self.any(*needed)),
            Decision::Refuse(_) => "it would be refused (403)".to_owned(),
        }
    }

    fn present(&self, decision: &Decision) -> String {
        let who = self.question.account.map_or("this visitor".to_owned(), |account| format!("`{account}`"));
        match decision {
            decision if decision.is_for_everybody() => "it is open to everybody".to_owned(),
            Decision::Allow(_) => format!("{who} may see it"),
            Decision::Challenge(needed, _) => format!("it needs {}", self.any(*needed)),
            Decision::Refuse(Basis::Closed(_)) => "it is closed to everybody".to_owned(),
            Decision::Refuse(_) => "it is refused".to_owned(),
        }
    }
}
