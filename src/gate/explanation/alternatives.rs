//! What would change the answer, each tried by the decision itself: other conditions, another address, another
//! time, a smaller answer.

use serde_json::{Value, json};

use super::findings::{Change, Event, Less, Then};
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
    pub change: Change,
    /// What would have to be so.
    condition: Value,
    /// And what the verdict would be; `None`: that depends.
    verdict: Option<&'static str>,
}

impl Alternative {
    fn new(change: Change, condition: Value, decision: &Decision) -> Self {
        Self { change, condition, verdict: Some(verdict(decision)) }
    }

    /// Of what no one request can be tried.
    fn untried(change: Change, condition: Value, verdict: Option<&'static str>) -> Self {
        Self { change, condition, verdict }
    }

    /// For programs, with the sentence in which it is said.
    pub fn data(&self, sentence: &str) -> Value {
        json!({ "if": self.condition, "verdict": self.verdict, "sentence": sentence })
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
            found.push(Alternative::untried(Change::AnotherRule, json!({ "rule": "another" }), None));
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
        let logged_out_here =
            if present.by_network.is_empty() { Less::NoLogin } else { Less::NoLoginSameAddress };
        let less = match self.trial.decision.basis() {
            Basis::Held(..) => (logged_out_here, json!({ "account": null }), logged_out),
            Basis::Network(..) => (Less::OtherAddress, json!({ "address": null }), elsewhere),
            _ => return None,
        };
        let both = (Less::NoLoginOtherAddress, json!({ "account": null, "address": null }), neither);
        [less, both].into_iter().find_map(|(less, condition, aspects)| {
            let decision = self.tried(&aspects);
            let needs = match decision {
                Decision::Allow(_) => return None,
                Decision::Challenge(needed, _) => Some(self.owned_names(needed)),
                Decision::Refuse(_) => None,
            };
            Some(Alternative::new(Change::Without { less, needs }, condition, &decision))
        })
    }

    fn unlocked(&self) -> Option<Alternative> {
        let aspects = Aspects { held: self.question.locked?, ..self.question.aspects };
        let decision = self.tried(&aspects);
        decision.is_allow().then(|| Alternative::new(Change::Unlocked, json!({ "locked": false }), &decision))
    }

    /// The conditions each of which would do, by how a visitor comes to hold them.
    fn with_another_condition(&self) -> Vec<Alternative> {
        let mut found = Vec::new();
        let enough: Vec<&AccessCondition> =
            self.policy.conditions.iter().filter(|c| self.would_do(c)).collect();
        for pattern in [Pattern::Login, Pattern::External, Pattern::Clickthrough, Pattern::Kiosk] {
            let names: Vec<String> =
                enough.iter().filter(|c| c.pattern == pattern).map(|c| c.name.clone()).collect();
            if !names.is_empty() {
                let decision = self.tried(&self.holding(names.iter().map(String::as_str)));
                let condition = json!({ "holds_one_of": names });
                found.push(Alternative::new(Change::Holding { pattern, names }, condition, &decision));
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
        let (condition, more) =
            (json!({ "address_in": networks }), networks.len().saturating_sub(MOST_NETWORKS));
        networks.truncate(MOST_NETWORKS);
        (!networks.is_empty())
            .then(|| Alternative::new(Change::AddressIn { networks, more }, condition, &decision))
    }

    /// What of the image could be had: a thumbnail, an answer within what is permitted, a substitute.
    fn smaller(&self) -> Vec<Alternative> {
        let mut found = Vec::new();
        let Some(Part::Image(_)) = self.trial.part else { return found };
        let unmeasured = self.trial.decide(Measure::NotAsked, self.policy, &self.question.aspects);
        if unmeasured == Decision::Refuse(Basis::SizeUnknown)
            && !matches!(self.question.measure, Measure::Is(_))
        {
            found.push(Alternative::untried(Change::SizeDecides, json!({ "size": "known" }), None));
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
                found.push(Alternative::new(
                    Change::Smaller { pixels },
                    json!({ "size_px": pixels }),
                    &decision,
                ));
                break;
            }
        }
        if let Some(pixels) = self.substitute_px() {
            let condition = json!({ "substitute_px": pixels });
            found.push(Alternative::untried(Change::Substitute { pixels }, condition, Some("allow")));
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
            if Outcome::of(&decision) != Outcome::of(&before) {
                let day = day_or_moment(at);
                let condition = json!({ "at": day });
                let change = Change::From { day, then: self.then(&decision), events: self.events(at) };
                found.push(Alternative::new(change, condition, &decision));
            }
            before = decision;
            if found.len() == DATES_TOLD {
                break;
            }
        }
        found
    }

    fn events(&self, at: u64) -> Vec<Event> {
        let dry_run = self.mount().filter(|mount| mount.shadow.is_some() && mount.shadow_until() == at);
        let event = |rule: &Rule| {
            if rule.until == at {
                Some(Event::RuleEnds(rule.number))
            } else {
                (rule.from == at).then_some(Event::RuleBegins(rule.number))
            }
        };
        dry_run
            .map(|_| Event::DryRunEnds)
            .into_iter()
            .chain(self.trial.candidates.iter().filter_map(event))
            .collect()
    }

    fn then(&self, decision: &Decision) -> Then {
        match decision {
            decision if decision.is_for_everybody() => Then::Open,
            Decision::Allow(_) => {
                let account = self.question.account.map(|account| account.username.to_string());
                account.map_or(Then::Visitor, Then::Account)
            }
            Decision::Challenge(needed, _) => Then::Needs(self.owned_names(*needed)),
            Decision::Refuse(Basis::Closed(_)) => Then::Closed,
            Decision::Refuse(_) => Then::Refused,
        }
    }
}

/// What is the same to a visitor, whatever it is decided by.
#[derive(PartialEq, Eq)]
enum Outcome {
    Open,
    Allowed,
    Needs(Conditions),
    Refused,
}

impl Outcome {
    fn of(decision: &Decision) -> Self {
        match decision {
            decision if decision.is_for_everybody() => Self::Open,
            Decision::Allow(_) => Self::Allowed,
            Decision::Challenge(needed, _) => Self::Needs(*needed),
            Decision::Refuse(_) => Self::Refused,
        }
    }
}
