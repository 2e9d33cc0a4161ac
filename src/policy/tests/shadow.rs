//! Dry runs: a mount of which the rules are only tried out.

use super::*;

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
        ("f", "ancestor-of-rules"),
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
}
