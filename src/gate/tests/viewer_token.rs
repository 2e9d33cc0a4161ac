//! The token that a person has allowed a viewer: heard wherever the secret of a pass is, for content.

use super::*;
use crate::credential::viewer_token::{TokenOrigin, seal};
use crate::gate::measured::judge_measured;
use crate::iiif::substitute::Dimensions;

const VIEWER: &str = "https://viewer.test";

fn origin() -> [TokenOrigin; 1] {
    [TokenOrigin::new(VIEWER.to_owned())]
}

fn token(bench: &Bench) -> String {
    let mut grant = Grant::guest(SESSION, NOW - 60, NOW + 60);
    (grant.account, grant.generation, grant.conditions) = (ACCOUNT, 3, Conditions::only(STAFF));
    let [origin] = origin();
    format!("Bearer {}", seal(&grant, &origin, &bench.keyring, &bench.revocations, [4; 12]).unwrap())
}

fn bearing<'h>(uri: &'h str, token: &'h str) -> Presented<'h> {
    Presented { authorization: Some(token.as_bytes()), origin: Some(VIEWER.as_bytes()), ..asking(uri) }
}

#[test]
fn s18_t11_a_token_opens_tiles_while_the_store_is_heard_of_and_its_origin_is_listed() {
    let bench = Bench::new();
    let (token, origins) = (token(&bench), origin());
    let grounds = Grounds { token_origins: &origins, ..bench.grounds() };
    let judged = |uri: &'static str, grounds: &Grounds<'_>| {
        let verdict = judge(&bearing(uri, &token), grounds, &mut Canonical::new());
        (word(verdict.decision), verdict.visitor.account)
    };
    assert_eq!(judged(LOCKED_TILE, &grounds), ("allow", Some(ACCOUNT)));
    assert_eq!(judged(CLOSED_TILE, &grounds), ("refuse", Some(ACCOUNT)), "it says who was refused");
    for nothing in [
        Grounds { fresh: false, ..grounds },
        Grounds { token_origins: &[], ..grounds },
        Grounds { now: NOW + 60, ..grounds },
    ] {
        assert_eq!(judged(LOCKED_TILE, &nothing), ("challenge", None));
        assert_eq!(judged(OPEN_TILE, &nothing), ("allow", None));
    }
}

/// What depends on the image's size is judged with the token at the second look, too.
#[test]
fn a_whole_image_of_limited_size_takes_a_second_look() {
    let mut bench = Bench::new();
    let staff = [(STAFF, AccessCondition::bare("staff", Pattern::Login))];
    let rule = RuleSpec {
        mount: "images".to_owned(),
        identifier: "protected".to_owned(),
        conditions: vec!["staff".to_owned()],
        whole_image_px: Some(1500),
        ..RuleSpec::default()
    };
    bench.policy = Policy::build(bench.policy.mounts(), staff, &[rule]).unwrap();
    let (token, origins) = (token(&bench), origin());
    let grounds = Grounds { token_origins: &origins, ..bench.grounds() };
    let uri = "/iiif/images/protected%2Fletter/full/1500,/0/default.jpg";
    let mut canonical = Canonical::new();
    let first = judge(&bearing(uri, &token), &grounds, &mut canonical);
    assert_eq!(first.decision, Decision::Refuse(Basis::SizeUnknown));
    let image = Measure::Is(Dimensions::new(8_000, 6_000).unwrap());
    let second = judge_measured(&bearing(uri, &token), &grounds, image, &mut canonical);
    assert_eq!(second.decision.basis().word(), "held");
    let stranger = judge(&asking(uri), &grounds, &mut canonical);
    assert_eq!(stranger.decision.basis().word(), "not-held");
}

/// Where a dry run lets everybody in, the cookie that really opens it is what counts, and not the token.
#[test]
fn a_dry_run_says_nothing_about_a_token() {
    let mut bench = Bench::new();
    let mounts: Vec<_> = bench
        .policy
        .mounts()
        .iter()
        .map(|mount| Mount { shadow: Some(jiff::civil::date(2030, 4, 1)), ..mount.clone() })
        .collect();
    let conditions = [(STAFF, "staff"), (STAFF + 1, "other")]
        .map(|(bit, name)| (bit, AccessCondition::bare(name, Pattern::Login)));
    let rule = RuleSpec {
        mount: "images".to_owned(),
        identifier: "protected".to_owned(),
        conditions: vec!["other".to_owned()],
        ..RuleSpec::default()
    };
    bench.policy = Policy::build(&mounts, conditions, &[rule]).unwrap();
    let (token, origins) = (token(&bench), origin());
    let grounds = Grounds { token_origins: &origins, ..bench.grounds() };
    let verdict = judge(&bearing(LOCKED_TILE, &token), &grounds, &mut Canonical::new());
    assert!(verdict.decision.is_shadow(), "{verdict:?}");
    let other =
        Grant { conditions: Conditions::only(STAFF + 1), ..Grant::guest(Id128([3; 16]), NOW - 60, NOW + 60) };
    let sealed = other.seal(&bench.keyring, Purpose::AccessCookie, &bench.revocations, [5; 12]).unwrap();
    let cookie = format!("tg={sealed}");
    let both = Presented { cookie: Some(cookie.as_bytes()), ..bearing(LOCKED_TILE, &token) };
    let verdict = judge(&both, &grounds, &mut Canonical::new());
    assert_eq!(verdict.decision.basis().word(), "held");
}
