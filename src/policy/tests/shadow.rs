//! Dry runs: a mount of which the rules are only tried out.

use super::*;
use crate::iiif::image_uri::ImageRequest;
use crate::iiif::substitute::Dimensions;
use crate::policy::rule::Operation;
use crate::policy::thumbnail::{Asked, Measure};

const LAST_DAY: jiff::civil::Date = date(2030, 1, 3);

/// The tests' mount, in dry run before [`LAST_DAY`].
fn in_shadow(server: ImageServer, default: &str) -> Mount {
    Mount { shadow: Some(LAST_DAY), ..mount("images", server, default) }
}

fn over() -> u64 {
    utc_midnight(LAST_DAY)
}

fn word_at(policy: &Policy, identifier: &str, held: &[u8], now: u64) -> &'static str {
    decide_at(policy, identifier, held, now).basis().word()
}

#[test]
fn a_dry_run_allows_what_a_login_would_open_until_its_day_begins() {
    let policy = build(
        &[in_shadow(ImageServer::Iipsrv, "reader")],
        &[prefix("a", &["staff"]), exact("a/1", &["guest"])],
    );
    let during = over() - 1;
    for (name, held, word) in [
        ("a", STAFF, "held"),
        // The default condition and an exact rule are tried out like any other.
        ("b", READER, "held"),
        ("b", STAFF, "shadow"),
        ("a/1", 4, "held"),
        ("a/1", STAFF, "shadow"),
    ] {
        assert_eq!(word_at(&policy, name, &[held], during), word, "{name} {held}");
    }
    for name in ["a", "a/1", "a/2", "b"] {
        let decision = decide_at(&policy, name, &[], during);
        assert!(decision.is_shadow() && decision.is_allow(), "{name}: {decision:?}");
        assert!(!decision.is_for_everybody(), "no shared cache may keep it: {name}");
        assert!(matches!(decide_at(&policy, name, &[], over()), Decision::Challenge(..)), "{name}");
    }
    let by_network = Conditions::only(STAFF);
    let aspects = Aspects { by_network, now: during, ..Aspects::default() };
    let decision = policy.decide(&Resource { mount: 0, identifier: "a" }, &aspects);
    assert_eq!(decision, Decision::Allow(Basis::Network(STAFF, Winner::Rule(0))));
}

#[test]
fn a_dry_run_opens_nothing_that_no_login_opens() {
    let policy = build(
        &[in_shadow(ImageServer::Digilib, CLOSED)],
        &[
            prefix("shut", &["closed"]),
            prefix("both", &["staff"]),
            prefix("both", &["reader"]),
            exact("f/1", &["staff"]),
        ],
    );
    let during = over() - 1;
    for (name, word) in [
        ("shut/1", "closed"),
        ("elsewhere", "closed"),
        ("both/1", "closed"),
        // A folder's name has to satisfy every rule below it, and the default.
        ("f", "closed"),
        ("f/1", "shadow"),
    ] {
        assert_eq!(word_at(&policy, name, &[], during), word, "{name}");
    }
    let nowhere = policy
        .decide(&Resource { mount: 1, identifier: "f/1" }, &Aspects { now: during, ..Aspects::default() });
    assert_eq!(nowhere, Decision::Refuse(Basis::Malformed("unknown-mount")));
}

#[test]
fn a_mount_that_borrows_its_rules_has_its_own_dry_run() {
    let borrower =
        Mount { shadow: Some(LAST_DAY), ..borrowing("copy", "images", ImageServer::Iipsrv, CLOSED) };
    let policy = build(&[mount("images", ImageServer::Iipsrv, CLOSED), borrower], &[prefix("a", &["staff"])]);
    let at = |mount| {
        let aspects = Aspects { now: over() - 1, ..Aspects::default() };
        policy.decide(&Resource { mount, identifier: "a" }, &aspects).basis().word()
    };
    assert_eq!((at(0), at(1)), ("not-held", "shadow"));
}

#[test]
fn what_a_dry_run_would_deny_is_known() {
    let policy = build(
        &[in_shadow(ImageServer::Iipsrv, CLOSED)],
        &[prefix("a", &["staff", "reader"]), prefix("open", &["open"])],
    );
    let needed = |identifier| policy.needed(&Resource { mount: 0, identifier }, over() - 1);
    assert_eq!(needed("a/1"), [STAFF, READER].into_iter().collect());
    for other in ["open/1", "elsewhere"] {
        assert!(needed(other).is_empty(), "{other}");
    }
}

/// The tests' conditions, some of which leave thumbnails open.
fn with_thumbnails(mount: Mount, rules: &[RuleSpec]) -> Policy {
    let conditions = conditions().map(|(bit, condition)| match condition.name.as_str() {
        "staff" => (bit, AccessCondition { thumbnail_px: Some(200), ..condition }),
        "reader" => (bit, AccessCondition { thumbnail_sizes: vec![100, 400], ..condition }),
        _ => (bit, condition),
    });
    Policy::build(&[mount], conditions, rules).unwrap()
}

/// Parts of an image and of unknown dimensions, or of known ones.
fn asked() -> Vec<Asked> {
    let measures = [
        Measure::NotAsked,
        Measure::Unavailable,
        Measure::Is(Dimensions::new(4000, 3000).unwrap()),
        Measure::Is(Dimensions::new(150, 90).unwrap()),
    ];
    let parts = [
        ("full", "max"),
        ("full", "!200,200"),
        ("full", "200,"),
        ("full", "400,"),
        ("0,0,1024,1024", "512,"),
        ("0,0,3999,3000", "max"),
        ("square", "pct:5"),
    ];
    let image = |(region, size): (&str, &str)| ImageRequest::parse(region, size, "0", "default.jpg").unwrap();
    let images =
        parts.map(image).into_iter().flat_map(|part| measures.map(|measure| Asked::Image(part, measure)));
    images.chain([Asked::View, Asked::Document]).collect()
}

#[test]
fn a_dry_run_permits_no_more_than_those_may_do_who_may_see_it() {
    let view = RuleSpec { operations: vec![Operation::View], ..prefix("view", &["staff"]) };
    let policy = with_thumbnails(in_shadow(ImageServer::Iipsrv, CLOSED), &[view, prefix("all", &["staff"])]);
    let image = |size: &str, measure| {
        Asked::Image(ImageRequest::parse("full", size, "0", "default.jpg").unwrap(), measure)
    };
    let large = Measure::Is(Dimensions::new(4000, 3000).unwrap());
    for (identifier, asked, word) in [
        ("all/1", image("max", large), "shadow"),
        ("all/1", image("max", Measure::Unavailable), "shadow"),
        // What everybody may have anyway is no matter of the dry run, and not denied later.
        ("all/1", image("200,", large), "thumbnail"),
        ("all/1", image("200,", Measure::NotAsked), "size-unknown"),
        ("all/1", Asked::Document, "shadow"),
        ("view/1", image("max", large), "not-permitted"),
        ("view/1", image("1024,", large), "shadow"),
        ("view/1", image("!200,200", large), "thumbnail"),
        ("view/1", Asked::View, "shadow"),
        ("view/1", Asked::Document, "not-permitted"),
    ] {
        let aspects = Aspects { now: over() - 1, ..Aspects::default() };
        let decision = policy.decide_asked(&Resource { mount: 0, identifier }, asked, &aspects);
        assert_eq!(decision.basis().word(), word, "{identifier} {asked:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn prop_a_dry_run_changes_challenges_alone_and_only_before_its_day(
        rules in prop::collection::vec(rules(), 0..10),
        server in servers(),
        default in defaults(),
        names in prop::collection::vec(identifiers(), 8),
        now in moments(),
    ) {
        let (tried, enforced) = (build(&[in_shadow(server, default)], &rules), policy(server, default, &rules));
        let own = rules.iter().map(|rule| rule.identifier.clone()).filter(|name| !name.is_empty());
        for name in names.into_iter().chain(own) {
            for held in everything_held() {
                let (got, without) = (decide_at(&tried, &name, &held, now), decide_at(&enforced, &name, &held, now));
                let is_sound = match without {
                    Decision::Challenge(needed, Basis::NotHeld(winner)) if now < over() => {
                        got == Decision::Allow(Basis::Shadow(winner))
                            && needed == tried.needed(&Resource { mount: 0, identifier: &name }, now)
                    }
                    _ => got == without,
                };
                prop_assert!(is_sound, "{name} held {held:?} at {now}: {without:?} became {got:?}");
            }
        }
    }
    /// Whoever would be challenged gets what somebody would who holds what is needed; and thumbnails as ever.
    #[test]
    fn prop_a_dry_run_is_as_if_everybody_had_logged_in(
        rules in prop::collection::vec((rules(), any::<bool>(), prop::option::of(300_u32..3000)), 0..8),
        server in servers(),
        default in defaults(),
        name in identifiers(),
        now in moments(),
        which in any::<prop::sample::Index>(),
    ) {
        let rules: Vec<_> = rules
            .into_iter()
            .map(|(rule, looks, pixels)| RuleSpec {
                operations: if looks { vec![Operation::View] } else { Vec::new() },
                whole_image_px: pixels.filter(|_| !looks),
                ..rule
            })
            .collect();
        let tried = with_thumbnails(in_shadow(server, default), &rules);
        let enforced = with_thumbnails(mount("images", server, default), &rules);
        let asked = *which.get(&asked());
        let own = rules.iter().map(|rule| rule.identifier.clone()).filter(|name| !name.is_empty());
        for name in own.chain([name]) {
            let decide = |policy: &Policy, held| {
                let aspects = Aspects { held, now, ..Aspects::default() };
                policy.decide_asked(&Resource { mount: 0, identifier: &name }, asked, &aspects)
            };
            let (got, without) = (decide(&tried, Conditions::NONE), decide(&enforced, Conditions::NONE));
            let expected = match without {
                Decision::Challenge(needed, _) if now < over() => match decide(&enforced, needed) {
                    Decision::Allow(Basis::Held(_, winner)) => Decision::Allow(Basis::Shadow(winner)),
                    other => other,
                },
                other => other,
            };
            prop_assert_eq!(got, expected, "{} {:?}", name, asked);
        }
    }
}
