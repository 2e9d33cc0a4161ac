//! Conditions laid over a policy: what comes out is what the policy built anew says.

use super::*;
use crate::iiif::image_uri::ImageRequest;
use crate::iiif::substitute::Dimensions;
use crate::policy::thumbnail::{Asked, Measure};

fn changed(change: impl FnOnce(&mut AccessCondition)) -> Vec<(u8, AccessCondition)> {
    let mut all: Vec<_> = conditions().collect();
    change(&mut all[0].1);
    all
}

fn stranger(by_network: Conditions) -> Aspects {
    Aspects { held: Conditions::NONE, by_network, now: NOW }
}

const NOW: u64 = 1_900_000_000;

#[test]
fn sizes_and_networks_of_a_condition_count_without_its_rules_being_read() {
    let policy = build(&[mount("images", ImageServer::Generic, CLOSED)], &[prefix("letters", &["staff"])]);
    let address = "192.0.2.7".parse().unwrap();
    let all = changed(|staff| {
        staff.networks = vec!["192.0.2.0/24".parse().unwrap()];
        staff.thumbnail_px = Some(100);
    });
    let next = policy.with_conditions(all).unwrap();
    let resource = Resource { mount: 0, identifier: "letters/1" };
    let by_network = |policy: &Policy| policy.conditions.of_address(address);
    assert!(matches!(policy.decide(&resource, &stranger(by_network(&policy))), Decision::Challenge(..)));
    assert_eq!(
        next.decide(&resource, &stranger(by_network(&next))),
        Decision::Allow(Basis::Network(STAFF, Winner::Rule(0)))
    );
    let request = ImageRequest::parse("full", "!100,100", "0", "default.jpg").unwrap();
    let image = Measure::Is(Dimensions::new(4000, 3000).unwrap());
    let asked = Asked::Image(request, image);
    let of = |policy: &Policy| policy.decide_asked(&resource, asked, &stranger(Conditions::NONE));
    assert!(matches!(of(&policy), Decision::Challenge(..)));
    assert_eq!(of(&next), Decision::Allow(Basis::Thumbnail(Winner::Rule(0))));
    assert_eq!(next.rule_count(), policy.rule_count());
}

#[test]
fn a_new_condition_is_what_a_mount_was_waiting_for() {
    let mounts = [mount("images", ImageServer::Generic, "new")];
    let policy = build(&mounts, &[prefix("letters", &["staff"])]);
    let unknown = |policy: &Policy| {
        policy.warnings.iter().any(|warning| matches!(warning, PolicyWarning::UnknownDefault { .. }))
    };
    let resource = Resource { mount: 0, identifier: "maps" };
    assert!(unknown(&policy));
    assert!(matches!(policy.decide(&resource, &stranger(Conditions::NONE)), Decision::Refuse(_)));
    let new = AccessCondition::bare("new", Pattern::Login);
    let next = policy.with_conditions(conditions().chain([(9, new)])).unwrap();
    assert!(!unknown(&next));
    let decision = next.decide(&resource, &stranger(Conditions::NONE));
    assert_eq!(decision, Decision::Challenge(Conditions::only(9), Basis::NotHeld(Winner::Default)));
    // And a rule laid over it may name it.
    let edited = next.edited(&[(1, Some(prefix("maps", &["new", "staff"])))]).unwrap();
    assert!(matches!(edited.decide(&resource, &stranger(Conditions::NONE)), Decision::Challenge(..)));
}

#[test]
fn what_rules_have_folded_in_is_not_laid_over_them() {
    let policy = build(&[mount("images", ImageServer::Generic, CLOSED)], &[prefix("letters", &["staff"])]);
    for pattern in [Pattern::Open, Pattern::Closed] {
        assert!(policy.with_conditions(changed(|staff| staff.pattern = pattern)).is_none(), "{pattern:?}");
    }
    for pattern in [Pattern::Kiosk, Pattern::External, Pattern::Clickthrough, Pattern::Login] {
        assert!(policy.with_conditions(changed(|staff| staff.pattern = pattern)).is_some(), "{pattern:?}");
    }
    assert!(policy.with_conditions(conditions().skip(1)).is_none(), "a rule may name what is gone");
    let renamed = changed(|staff| staff.name = "crew".to_owned());
    assert!(policy.with_conditions(renamed).is_none(), "a bit is one condition's");
}

#[test]
fn a_rule_without_its_condition_asks_for_no_less() {
    let of = |names: &[&str]| exact("a", names).without_condition("staff").conditions;
    assert_eq!(of(&["staff"]), [CLOSED]);
    assert_eq!(of(&["reader", "staff"]), ["reader"]);
    assert_eq!(of(&["reader"]), ["reader"]);
    assert_eq!(of(&[CLOSED, "staff"]), [CLOSED]);
}

proptest! {
    /// Whatever rules stand together, and whoever comes: nobody gets in by a removal who did not before.
    #[test]
    fn prop_removing_a_condition_opens_nothing(
        named in prop::collection::vec(prop::sample::subsequence(vec!["staff", "reader", "guest", OPEN], 1..4), 1..5),
        spots in prop::collection::vec(0_usize..4, 5),
        held in prop::collection::vec(2_u8..5, 0..3),
        is_open in any::<bool>(),
        digilib in any::<bool>(),
    ) {
        const SPOTS: [&str; 4] = ["", "a", "a/b", "a/b.tif"];
        let server = if digilib { ImageServer::Digilib } else { ImageServer::Generic };
        let mounts = [mount("images", server, "reader")];
        let rules: Vec<RuleSpec> =
            named.iter().zip(&spots).map(|(names, spot)| prefix(SPOTS[*spot], names)).collect();
        let pattern = if is_open { Pattern::Open } else { Pattern::Login };
        let all = changed(|staff| staff.pattern = pattern);
        let before = Policy::build(&mounts, all.clone(), &rules).unwrap();
        let rest: Vec<RuleSpec> = rules.iter().map(|rule| rule.without_condition("staff")).collect();
        let after = Policy::build(&mounts, all.into_iter().skip(1), &rest).unwrap();
        let visitor = Aspects { held: held.into_iter().collect(), by_network: Conditions::NONE, now: NOW };
        for identifier in ["a", "a/b", "a/b.tif", "a/b/c", "z"] {
            let resource = Resource { mount: 0, identifier };
            if matches!(after.decide(&resource, &visitor), Decision::Allow(_)) {
                prop_assert!(matches!(before.decide(&resource, &visitor), Decision::Allow(_)), "{identifier}");
            }
        }
    }
}
