//! What [`crate::gate::explanation`] has found, in sentences: on the page of the administration with links, on the
//! command line as plain text.

mod rules;

use serde_json::Value;

use super::{Said, Texts, links};
use crate::gate::explanation::Explanation;
use crate::gate::explanation::findings::{Answer, Asked, Change, Event, Less, Remedy, Then, Visitor};
use crate::policy::condition::Pattern;
use crate::policy::mount::MountKind;

pub use rules::{new_rule, rule};

/// An explanation in one language.
#[derive(Clone, Debug)]
pub struct Told {
    /// What is asked for, and what would be fetched.
    pub asked: Vec<Said>,
    /// The rule that won, and those that lost to it.
    pub rules: Vec<Said>,
    /// Who asks, and what they hold.
    pub visitor: Vec<Said>,
    /// The answer, in one sentence.
    pub answer: Said,
    /// What would change it.
    pub alternatives: Vec<Said>,
    /// The address where something can be done about it, and what is there.
    pub remedy: Option<(String, Said)>,
}

impl Told {
    pub fn of(explanation: &Explanation, t: Texts) -> Self {
        let alternatives = explanation.alternatives.iter();
        Self {
            asked: explanation.asked.iter().map(|asked| say_asked(t, asked)).collect(),
            rules: explanation.rules.iter().map(|ruling| rules::say_ruling(t, ruling)).collect(),
            visitor: explanation.visitor.iter().map(|visitor| say_visitor(t, visitor)).collect(),
            answer: say_answer(t, &explanation.answer),
            alternatives: alternatives.map(|alternative| say_change(t, &alternative.change)).collect(),
            remedy: explanation.remedy.as_ref().map(|remedy| say_remedy(t, remedy)),
        }
    }

    /// One sentence a line.
    pub fn lines(&self) -> String {
        let before = self.asked.iter().chain(&self.rules).chain(&self.visitor).chain([&self.answer]);
        before.chain(&self.alternatives).flat_map(|said| [said.plain(), "\n".to_owned()]).collect()
    }
}

/// All of an explanation for programs, which read English.
pub fn data(explanation: &Explanation) -> Value {
    explanation.data(|change| say_change(Texts::ENGLISH, change).plain())
}

// -- Names and lists --------------------------------------------------------------------

/// The name of a condition that there is.
fn condition(t: Texts, name: &str) -> Said {
    t.say("explain-name-link").with("link", links::condition(name)).with("name", name)
}

/// What is no code, and not our own words either.
fn word(t: Texts, name: &str) -> Said {
    t.say("explain-word").with("name", name)
}

/// All of a list in one; nothing if it is empty.
fn joined(t: Texts, all: impl IntoIterator<Item = Said>, join: fn(Texts, Said, Said) -> Said) -> Said {
    all.into_iter().reduce(|before, next| join(t, before, next)).unwrap_or_else(|| word(t, ""))
}

fn comma(t: Texts, before: Said, next: Said) -> Said {
    t.say("explain-list").put("before", before).put("next", next)
}

fn or(t: Texts, before: Said, next: Said) -> Said {
    t.say("explain-or").put("before", before).put("next", next)
}

fn and(t: Texts, before: Said, next: Said) -> Said {
    t.say("explain-and").put("before", before).put("next", next)
}

/// "`staff`, `reader`"
fn list(t: Texts, names: &[String]) -> Said {
    joined(t, names.iter().map(|name| condition(t, name)), comma)
}

// -- Sentences --------------------------------------------------------------------------

fn say_asked(t: Texts, asked: &Asked) -> Said {
    match asked {
        Asked::Substitute { identifier, mount, divisor } => t
            .say("explain-substitute")
            .with("identifier", identifier)
            .with("mount", mount)
            .number("divisor", divisor),
        Asked::Resource { kind: MountKind::Manifest, identifier, mount } => {
            t.say("explain-manifest").with("identifier", identifier).with("mount", mount)
        }
        Asked::Resource { kind: MountKind::File, identifier, mount } => {
            t.say("explain-file").with("identifier", identifier).with("mount", mount)
        }
        Asked::Resource { kind: MountKind::S3, identifier, mount } => {
            t.say("explain-object").with("identifier", identifier).with("mount", mount)
        }
        Asked::Resource { kind: MountKind::Image, identifier, mount } => {
            t.say("explain-image").with("identifier", identifier).with("mount", mount)
        }
        // NGINX gets everything else.
        Asked::Fetched { kind: MountKind::Manifest, path, is_allowed: true } => {
            t.say("explain-fetched-manifest").with("path", path)
        }
        Asked::Fetched { kind: MountKind::Manifest, path, is_allowed: false } => {
            t.say("explain-would-fetch-manifest").with("path", path)
        }
        Asked::Fetched { path, is_allowed: true, .. } => t.say("explain-fetched").with("path", path),
        Asked::Fetched { path, is_allowed: false, .. } => t.say("explain-would-fetch").with("path", path),
    }
}

fn say_visitor(t: Texts, visitor: &Visitor) -> Said {
    match visitor {
        Visitor::Anonymous { holds } => {
            t.say("explain-visitor").number("count", holds.len()).put("names", list(t, holds))
        }
        Visitor::Account { id, name, is_locked, holds } => {
            let account = t.say("explain-name-link").with("link", links::account(id)).with("name", name);
            let (count, names) = (holds.len(), list(t, holds));
            if *is_locked {
                t.say("explain-visitor-locked")
                    .put("account", account)
                    .number("count", count)
                    .put("names", names)
            } else {
                t.say("explain-visitor-account")
                    .put("account", account)
                    .number("count", count)
                    .put("names", names)
            }
        }
        Visitor::Pass { id, identifier, mount, is_exact: true, is_for_this: true } => {
            t.say("explain-pass-alone").with("pass", id).with("identifier", identifier).with("mount", mount)
        }
        Visitor::Pass { id, identifier, mount, is_exact: false, is_for_this: true } => {
            t.say("explain-pass-below").with("pass", id).with("identifier", identifier).with("mount", mount)
        }
        Visitor::Pass { id, identifier, mount, is_exact: true, is_for_this: false } => t
            .say("explain-pass-alone-other")
            .with("pass", id)
            .with("identifier", identifier)
            .with("mount", mount),
        Visitor::Pass { id, identifier, mount, is_exact: false, is_for_this: false } => t
            .say("explain-pass-below-other")
            .with("pass", id)
            .with("identifier", identifier)
            .with("mount", mount),
        Visitor::Address { address, has } => {
            let (count, names) = (has.len(), list(t, has));
            t.say("explain-visitor-address")
                .with("address", address)
                .number("count", count)
                .put("names", names)
        }
    }
}

fn say_answer(t: Texts, answer: &Answer) -> Said {
    match answer {
        Answer::Held(name) => t.say("explain-allowed-held").put("condition", condition(t, name)),
        Answer::Network(name) => t.say("explain-allowed-network").put("condition", condition(t, name)),
        Answer::Pass(id) => t.say("explain-allowed-pass").with("pass", id),
        Answer::Thumbnail => t.say("explain-allowed-thumbnail"),
        Answer::Substitute => t.say("explain-allowed-substitute"),
        Answer::DryRun { until, needed } => {
            let day = until.map(|day| day.to_string()).unwrap_or_default();
            let (count, names) = (needed.len(), list(t, needed));
            t.say("explain-allowed-dry-run").with("day", day).number("count", count).put("names", names)
        }
        Answer::Open => t.say("explain-allowed-open"),
        Answer::Needed { one_of, a_login_helps } => {
            let (count, names) = (one_of.len(), list(t, one_of));
            if *a_login_helps {
                t.say("explain-needs-login").number("count", count).put("names", names)
            } else {
                t.say("explain-needs").number("count", count).put("names", names)
            }
        }
        Answer::NoMount { prefixes, reason } => {
            let prefixes = joined(t, prefixes.iter().map(|prefix| word(t, prefix)), comma);
            t.say("explain-refused-no-mount").put("prefixes", prefixes).with("reason", reason)
        }
        Answer::OfPass { reason } => t.say("explain-refused-of-pass").with("reason", reason),
        Answer::NotIiif { reason } => t.say("explain-refused-not-iiif").with("reason", reason),
        Answer::Uncertain { reason } => t.say("explain-refused-uncertain").with("reason", reason),
        Answer::NotAdvertised { reason } => t.say("explain-refused-not-advertised").with("reason", reason),
        Answer::AnotherReduction => t.say("explain-refused-reduction"),
        Answer::NoSubstitute => t.say("explain-refused-no-substitute"),
        Answer::SubstituteDepends { divisor, pixels } => {
            t.say("explain-depends-on-size").number("divisor", divisor).number("pixels", pixels)
        }
        Answer::SizeUnknown => t.say("explain-refused-size-unknown"),
        Answer::TooLarge { pixels } => t.say("explain-refused-large").number("pixels", pixels),
        Answer::NotWhole => t.say("explain-refused-whole"),
        Answer::NobodyBelow => t.say("explain-refused-below"),
        Answer::NobodyTogether => t.say("explain-refused-together"),
        Answer::Closed => t.say("explain-refused-closed"),
    }
}

fn say_change(t: Texts, change: &Change) -> Said {
    match change {
        Change::Without { less, needs } => say_without(t, *less, needs.as_deref()),
        Change::Unlocked => t.say("explain-unlocked"),
        Change::Holding { pattern, names } => {
            let names = joined(t, names.iter().map(|name| condition(t, name)), or);
            match pattern {
                Pattern::External => t.say("explain-holding-external").put("names", names),
                Pattern::Clickthrough => t.say("explain-holding-terms").put("names", names),
                Pattern::Kiosk => t.say("explain-holding-computer").put("names", names),
                // Nobody can hold the other two.
                Pattern::Login | Pattern::Open | Pattern::Closed => {
                    t.say("explain-holding-login").put("names", names)
                }
            }
        }
        Change::AddressIn { networks, more } => {
            let mut named = joined(t, networks.iter().map(|network| word(t, network)), or);
            if *more > 0 {
                named = t.say("explain-more-networks").put("before", named).number("more", more);
            }
            t.say("explain-from-network").put("networks", named)
        }
        Change::SizeDecides => t.say("explain-size-decides"),
        Change::Smaller { pixels } => t.say("explain-smaller").number("pixels", pixels),
        Change::Substitute { pixels } => t.say("explain-has-substitute").number("pixels", pixels),
        Change::From { day, then, events } => say_then(t, day, then, events),
        Change::AnotherRule => t.say("explain-another-rule"),
    }
}

fn say_without(t: Texts, less: Less, needs: Option<&[String]>) -> Said {
    let Some(needs) = needs else {
        return match less {
            Less::NoLogin => t.say("explain-less-login-refused"),
            Less::NoLoginSameAddress => t.say("explain-less-login-here-refused"),
            Less::OtherAddress => t.say("explain-less-address-refused"),
            Less::NoLoginOtherAddress => t.say("explain-less-both-refused"),
        };
    };
    let (count, names) = (needs.len(), list(t, needs));
    match less {
        Less::NoLogin => t.say("explain-less-login").number("count", count).put("names", names),
        Less::NoLoginSameAddress => {
            t.say("explain-less-login-here").number("count", count).put("names", names)
        }
        Less::OtherAddress => t.say("explain-less-address").number("count", count).put("names", names),
        Less::NoLoginOtherAddress => t.say("explain-less-both").number("count", count).put("names", names),
    }
}

fn say_then(t: Texts, day: &str, then: &Then, events: &[Event]) -> Said {
    let events = joined(t, events.iter().map(|event| rules::say_event(t, *event)), and);
    match then {
        Then::Open => t.say("explain-then-open").with("day", day).put("events", events),
        Then::Account(name) => {
            t.say("explain-then-account").with("day", day).with("name", name).put("events", events)
        }
        Then::Visitor => t.say("explain-then-visitor").with("day", day).put("events", events),
        Then::Needs(needed) => {
            let (count, names) = (needed.len(), list(t, needed));
            t.say("explain-then-needs")
                .with("day", day)
                .number("count", count)
                .put("names", names)
                .put("events", events)
        }
        Then::Closed => t.say("explain-then-closed").with("day", day).put("events", events),
        Then::Refused => t.say("explain-then-refused").with("day", day).put("events", events),
    }
}

fn say_remedy(t: Texts, remedy: &Remedy) -> (String, Said) {
    match remedy {
        Remedy::RuleOfItsOwn { mount, identifier } => {
            (links::new_rule(mount, identifier), t.say("explain-make-rule").with("identifier", identifier))
        }
        Remedy::RulesBelow { mount, identifier } => (
            links::rules_below(mount, identifier),
            t.say("explain-rules-below").with("identifier", identifier),
        ),
    }
}

#[cfg(test)]
mod tests;
