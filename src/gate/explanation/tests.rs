use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::policy::file;
use crate::policy::mount::Origin;
use crate::policy::rule::Match;

const NAMES: [&str; 5] = ["staff", "reader", "house", "open", "closed"];
const NETWORK: &str = "192.0.2.0/24";
const PATH: &str = "/i/a%2Fb/full/max/0/default.jpg";

fn policy(rules: &[RuleSpec]) -> Policy {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    let mount = Mount::new("images", MountKind::Image, "/i/", origin, "/");
    let house = AccessCondition {
        networks: vec![NETWORK.parse().unwrap()],
        ..AccessCondition::bare("house", Pattern::Kiosk)
    };
    let login = |name| AccessCondition::bare(name, Pattern::Login);
    Policy::build(&[mount], [(2, login("staff")), (3, login("reader")), (4, house)], rules).unwrap()
}

fn rule() -> impl Strategy<Value = RuleSpec> {
    let day = || proptest::option::of(prop::sample::select(vec!["2030-01-01", "2031-01-01", "2032-01-01"]));
    let names = prop::sample::subsequence(NAMES.to_vec(), 1..=2);
    (prop::sample::select(vec!["", "a", "a/b"]), names, day(), day()).prop_map(
        |(identifier, names, from, until)| RuleSpec {
            mount: "images".to_owned(),
            identifier: identifier.to_owned(),
            conditions: names.into_iter().map(str::to_owned).collect(),
            from: from.map(|day| day.parse().unwrap()),
            until: until.map(|day| day.parse().unwrap()),
            ..RuleSpec::default()
        },
    )
}

fn explained(question: &Question<'_>, policy: &Policy) -> Explanation {
    Explanation::of(question, &question.trial(policy), policy, &Texts::new())
}

/// The question as the alternative has it; several where it names several.
fn asked_again<'q>(question: &Question<'q>, condition: &Value, policy: &Policy) -> Vec<Question<'q>> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let with = |aspects| Question { aspects, ..*question };
    let Aspects { held, by_network, now } = question.aspects;
    if let Some(at) = condition.get("at") {
        return vec![with(Aspects { now: file::seconds(&text(at)).unwrap(), ..question.aspects })];
    }
    if let Some(names) = condition.get("holds_one_of").and_then(Value::as_array) {
        let holding = |name: &str| held.union(&policy.conditions.set([name]));
        let each = names.iter().map(|name| with(Aspects { held: holding(&text(name)), by_network, now }));
        return each.collect();
    }
    if condition.get("address_in").is_some() {
        return vec![question.from_address("192.0.2.77".parse().unwrap(), policy)];
    }
    let mut less = question.aspects;
    if condition.get("account").is_some() {
        less.held = Conditions::NONE;
    }
    if condition.get("address").is_some() {
        less.by_network = Conditions::NONE;
    }
    vec![with(less)]
}

proptest! {
    #[test]
    fn prop_what_is_said_to_change_the_answer_does(
        rules in prop::collection::vec(rule(), 0..6),
        day in prop::sample::select(vec!["2029-01-01", "2030-01-01", "2031-06-01", "2033-01-01"]),
        held in prop::sample::subsequence(vec!["staff", "reader"], 0..=2),
        inside in any::<bool>(),
    ) {
        let policy = policy(&rules);
        let mut question = Question::anonymous(PATH, file::seconds(day).unwrap());
        question.aspects.held = policy.conditions.set(held);
        if inside {
            question = question.from_address("192.0.2.7".parse().unwrap(), &policy);
        }
        let explanation = explained(&question, &policy);
        let data = explanation.data(|change| format!("{change:?}"));
        let told = data["alternatives"].as_array().unwrap();
        prop_assert!(!told.is_empty());
        let mut dates = 0;
        for alternative in told {
            if alternative["if"].get("at").is_some() {
                dates += 1;
            }
            if alternative["verdict"].is_null() {
                prop_assert_eq!(told.len(), 1, "nothing is the only one");
                continue;
            }
            for again in asked_again(&question, &alternative["if"], &policy) {
                let decision = again.trial(&policy).decision;
                prop_assert_eq!(alternative["verdict"].as_str(), Some(verdict(&decision)), "{}", alternative);
                // A later date may bring the present answer back.
                let present = explanation.decision;
                let same = |decision: &Decision| (verdict(decision), decision.is_for_everybody(), needed(decision));
                prop_assert!(dates > 1 || same(&decision) != same(&present), "{}", alternative);
            }
        }
        // And what is not said to open it does not.
        let said = told.iter().filter_map(|told| told["if"].get("holds_one_of")).flat_map(|names| names.as_array().unwrap());
        let said: Vec<&str> = said.map(|name| name.as_str().unwrap()).collect();
        for name in ["staff", "reader", "house"] {
            let held = question.aspects.held.union(&policy.conditions.set([name]));
            let opens = Question { aspects: Aspects { held, ..question.aspects }, ..question }.trial(&policy);
            prop_assert_eq!(said.contains(&name), opens.decision.is_allow() && !explanation.decision.is_allow());
        }
    }
}

fn needed(decision: &Decision) -> Option<Conditions> {
    match decision {
        Decision::Challenge(needed, _) => Some(*needed),
        _ => None,
    }
}

#[test]
fn p2_of_an_address_without_a_certain_meaning_nothing_is_told() {
    let policy = policy(&[]);
    let explanation = explained(&Question::anonymous("/i/a%2F..%2Fb/full/max/0/default.jpg", 0), &policy);
    assert_eq!(explanation.answer, Answer::Uncertain { reason: "parent-segment" });
    assert!(explanation.asked.is_empty() && explanation.rules.is_empty() && explanation.visitor.is_empty());
    assert!(explanation.alternatives.is_empty() && explanation.remedy.is_none());
    assert_eq!(explanation.data(|_| String::new())["verdict"], "refuse");
}

#[test]
fn rules_that_lost_are_told_up_to_a_bound() {
    let rules: Vec<RuleSpec> = (0..120)
        .map(|number| RuleSpec {
            mount: "images".to_owned(),
            identifier: "a".to_owned(),
            conditions: vec!["staff".to_owned()],
            note: number.to_string(),
            ..RuleSpec::default()
        })
        .collect();
    let policy = policy(&rules);
    let explanation = explained(&Question::anonymous(PATH, 0), &policy);
    assert_eq!(explanation.rules.len(), 52);
    assert_eq!(explanation.rules[51], Ruling::More(69));
}

#[test]
fn a_rule_of_its_own_is_offered_where_another_or_none_decides() {
    let rule = |identifier: &str, matching| RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        matching,
        conditions: vec!["staff".to_owned()],
        ..RuleSpec::default()
    };
    let own = Some(Remedy::RuleOfItsOwn { mount: "images".to_owned(), identifier: "a/b".to_owned() });
    for (rules, expected) in [
        (vec![], own.clone()),
        (vec![rule("a", Match::Prefix)], own.clone()),
        (vec![rule("a/b", Match::Prefix)], own),
        (vec![rule("a", Match::Prefix), rule("a/b", Match::Exact)], None),
    ] {
        let policy = policy(&rules);
        let question = Question::anonymous(PATH, 0);
        let trial = question.trial(&policy);
        let texts =
            rules.iter().cloned().enumerate().map(|(number, rule)| (u32::try_from(number).unwrap(), rule));
        let explanation = Explanation::of(&question, &trial, &policy, &texts.collect());
        assert_eq!(explanation.remedy, expected, "{rules:?}");
    }
}
