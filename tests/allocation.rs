//! `judge` allocates nothing on the allow path.
//!
//! The allocator that counts is `allocation-counter`'s: it replaces the process's, and counts for each
//! thread apart, so other tests and the harness do not disturb it.

#![expect(clippy::expect_used, reason = "a test that panics is a test that fails")]

#[path = "../benches/ground/mod.rs"]
mod ground;

use std::hint::black_box;
use std::sync::Arc;

use allocation_counter::measure;
use ground::{COOKIE, Ground, HELD_FILE, HELD_TILE, NOW, OPEN_TILE, SUBSTITUTE_TILE};
use tilegate::credential::account::Id128;
use tilegate::credential::keyring::Purpose;
use tilegate::credential::pass::{Pass, PassSecret, Scope, token};
use tilegate::credential::sealed::Grant;
use tilegate::credential::viewer_token::{self, TokenOrigin};
use tilegate::gate::measured::judge_measured;
use tilegate::gate::path::Canonical;
use tilegate::gate::request::Presented;
use tilegate::gate::{Grounds, judge, substitute};
use tilegate::iiif::identifier::ImageServer;
use tilegate::iiif::substitute::Dimensions;
use tilegate::policy::Policy;
use tilegate::policy::condition::{AccessCondition, Conditions, Pattern};
use tilegate::policy::decision::{Aspects, Basis, Decision, PassGives, Resource};
use tilegate::policy::permitted::Permitted;
use tilegate::policy::rule::{Match, RuleSpec};
use tilegate::policy::thumbnail::Measure;

#[test]
fn judging_a_tile_that_is_allowed_allocates_nothing() {
    for server in [ImageServer::Iipsrv, ImageServer::Digilib, ImageServer::Generic] {
        let ground = Ground::new(server);
        assert!(ground.policy.rule_count() >= ground::RULES, "{server:?}");
        for (uri, with_cookie) in [(OPEN_TILE, false), (OPEN_TILE, true), (HELD_TILE, true)] {
            let grounds = ground.grounds();
            let mut verdict = None;
            let mut canonical = Canonical::new();
            let counted = measure(|| {
                let presented = ground.presented(uri, with_cookie);
                verdict = Some(judge(black_box(&presented), black_box(&grounds), &mut canonical));
            });
            let decision = verdict.expect("it was judged").decision;
            match decision {
                Decision::Allow(Basis::Open(_)) if uri == OPEN_TILE => {}
                Decision::Allow(Basis::Held(..)) if uri == HELD_TILE => {}
                other => panic!("{server:?} {uri}: {other:?}"),
            }
            assert!(!canonical.path.is_empty());
            assert_eq!(counted.count_total, 0, "{server:?} {uri}");
            assert_eq!(counted.count_current, 0, "{server:?} {uri}: something was freed");
        }
    }
}

/// The same ground as a file mount; a viewer's `HEAD` has a token instead of the cookie.
#[test]
fn judging_a_file_that_is_allowed_allocates_nothing() {
    let ground = Ground::of_files();
    let grounds = ground.grounds();
    let token = format!("Bearer {}", ground.sealed(Purpose::AccessToken1));
    for method in ["GET", "HEAD"] {
        let mut verdict = None;
        let mut canonical = Canonical::new();
        let counted = measure(|| {
            let asked = ground.presented(HELD_FILE, method == "GET");
            let authorization = (method == "HEAD").then_some(token.as_bytes());
            let presented = Presented { original_method: Some(method.as_bytes()), authorization, ..asked };
            verdict = Some(judge(black_box(&presented), black_box(&grounds), &mut canonical));
        });
        let decision = verdict.expect("it was judged").decision;
        assert!(matches!(decision, Decision::Allow(Basis::Held(..))), "{method}: {decision:?}");
        assert!(!canonical.path.is_empty());
        assert_eq!((counted.count_total, counted.count_current), (0, 0), "{method}");
    }
}

/// Nor with the token that a person has allowed a viewer.
#[test]
fn judging_a_file_that_a_viewers_token_opens_allocates_nothing() {
    let ground = Ground::of_files();
    let origins = [TokenOrigin::new("https://viewer.test".to_owned())];
    let grounds = Grounds { token_origins: &origins, ..ground.grounds() };
    let mut grant = Grant::guest(Id128([6; 16]), NOW - 60, NOW + 60);
    // The condition of the file's rule.
    grant.conditions = Conditions::only(2);
    let sealed = viewer_token::seal(&grant, &origins[0], &ground.keyring, &ground.revocations, [7; 12]);
    let token = format!("Bearer {}", sealed.expect("it is short"));
    for method in ["GET", "HEAD"] {
        let (mut verdict, mut canonical) = (None, Canonical::new());
        let counted = measure(|| {
            let asked = ground.presented(HELD_FILE, false);
            let authorization = Some(token.as_bytes());
            let origin = Some(b"https://viewer.test".as_slice());
            let presented =
                Presented { original_method: Some(method.as_bytes()), authorization, origin, ..asked };
            verdict = Some(judge(black_box(&presented), black_box(&grounds), &mut canonical));
        });
        let decision = verdict.expect("it was judged").decision;
        assert!(matches!(decision, Decision::Allow(Basis::Held(..))), "{method}: {decision:?}");
        assert_eq!((counted.count_total, counted.count_current), (0, 0), "{method}");
    }
}

/// Nor does a tile of a substitute, once the size of its image is known.
#[test]
fn judging_a_tile_of_a_substitute_allocates_nothing() {
    let ground = Ground::new(ImageServer::Iipsrv);
    let grounds = ground.grounds();
    let image = Dimensions::new(8_000, 6_000).expect("a size");
    let (mut decision, mut canonical) = (None, Canonical::new());
    let counted = measure(|| {
        let presented = ground.presented(SUBSTITUTE_TILE, true);
        let verdict = substitute::judge(black_box(&presented), black_box(&grounds), image, &mut canonical);
        decision = Some(verdict.decision);
    });
    assert!(matches!(decision, Some(Decision::Allow(Basis::Substitute(_)))), "{decision:?}");
    assert_eq!(counted.count_total, 0);
}

/// Nor does a thumbnail of a locked image, at both looks, and an image of which only small answers are permitted.
#[test]
fn judging_by_size_allocates_nothing() {
    let mut ground = Ground::new(ImageServer::Iipsrv);
    let staff = AccessCondition { thumbnail_px: Some(200), ..AccessCondition::bare("staff", Pattern::Login) };
    let rule = RuleSpec {
        mount: "images".to_owned(),
        identifier: "archive".to_owned(),
        conditions: vec!["staff".to_owned()],
        whole_image_px: Some(1500),
        ..RuleSpec::default()
    };
    ground.policy = Policy::build(ground.policy.mounts(), [(2, staff)], &[rule]).expect("a policy");
    let (grounds, image) = (ground.grounds(), Dimensions::new(8_000, 6_000).expect("a size"));
    for (size, with_cookie, expected) in
        [("200,", false, "thumbnail"), ("1500,", true, "held"), ("1500,", false, "not-held")]
    {
        let uri = format!("/iiif/images/archive%2Fletter/full/{size}/0/default.jpg");
        let (mut last, mut canonical) = (None, Canonical::new());
        let counted = measure(|| {
            let presented = ground.presented(&uri, with_cookie);
            let first = judge(black_box(&presented), black_box(&grounds), &mut canonical);
            last = Some(if first.decision == Decision::Refuse(Basis::SizeUnknown) {
                judge_measured(&presented, &grounds, Measure::Is(image), &mut canonical)
            } else {
                first
            });
        });
        assert_eq!(last.expect("it was judged").decision.basis().word(), expected, "{uri}");
        assert_eq!((counted.count_total, counted.count_current), (0, 0), "{uri}");
    }
}

/// Nor where what the visitor holds is not in the cookie: sixteen passes, of which the last is an enrolled
/// device's.
#[test]
fn judging_a_tile_that_a_device_opens_allocates_nothing() {
    let mut ground = Ground::new(ImageServer::Iipsrv);
    let mut grant = Grant::guest(Id128([6; 16]), NOW, NOW + 1);
    for number in 0..16 {
        grant.redeem(Id128([number; 16]));
    }
    // The condition of the tile's rule.
    ground.revocations.devices.insert(Id128([15; 16]), Conditions::only(2));
    let sealed = grant.seal(&ground.keyring, Purpose::AccessCookie, &ground.revocations, [7; 12]);
    ground.cookies = format!("{COOKIE}={}", sealed.expect("it is short"));
    let (grounds, mut canonical, mut verdict) = (ground.grounds(), Canonical::new(), None);
    let counted = measure(|| {
        let presented = ground.presented(HELD_TILE, true);
        verdict = Some(judge(black_box(&presented), black_box(&grounds), &mut canonical));
    });
    let decision = verdict.expect("it was judged").decision;
    assert!(matches!(decision, Decision::Allow(Basis::Held(..))), "{decision:?}");
    assert_eq!((counted.count_total, counted.count_current), (0, 0));
}

/// Nor where a pass opens it: the last of sixteen in the cookie, or the one whose secret a program sends.
#[test]
fn judging_a_tile_that_a_pass_opens_allocates_nothing() {
    let mut ground = Ground::new(ImageServer::Iipsrv);
    let secret = PassSecret::new([5; 24]);
    let pass = Pass {
        id: Id128([15; 16]),
        scope: Scope { mount: "images".into(), identifier: "archive".into(), exact: false },
        gives: PassGives { conditions: None, permitted: Permitted::EVERYTHING },
        expires: NOW + 1,
        secret: Some(secret.hash()),
    };
    ground.revocations.passes = Arc::new([pass].into_iter().collect());
    let mut grant = Grant::guest(Id128([6; 16]), NOW, NOW + 1);
    for number in 0..16 {
        grant.redeem(Id128([number; 16]));
    }
    let sealed = grant.seal(&ground.keyring, Purpose::AccessCookie, &ground.revocations, [7; 12]);
    ground.cookies = format!("{COOKIE}={}", sealed.expect("it is short"));
    let sent = format!("Bearer {}", token(Id128([15; 16]), &secret));
    let grounds = ground.grounds();
    for with_cookie in [true, false] {
        let (mut canonical, mut verdict) = (Canonical::new(), None);
        let counted = measure(|| {
            let authorization = (!with_cookie).then_some(sent.as_bytes());
            let presented = Presented { authorization, ..ground.presented(HELD_TILE, with_cookie) };
            verdict = Some(judge(black_box(&presented), black_box(&grounds), &mut canonical));
        });
        let decision = verdict.expect("it was judged").decision;
        assert!(matches!(decision, Decision::Allow(Basis::Pass(_))), "{decision:?}");
        assert_eq!((counted.count_total, counted.count_current), (0, 0), "{with_cookie}");
    }
}

/// Nor where the address itself carries the pass.
#[test]
fn judging_a_file_by_the_pass_in_its_address_allocates_nothing() {
    let mut ground = Ground::of_files();
    let secret = PassSecret::new([5; 24]);
    let pass = Pass {
        id: Id128([15; 16]),
        scope: Scope { mount: "images".into(), identifier: "archive/series-07".into(), exact: false },
        gives: PassGives { conditions: None, permitted: Permitted::EVERYTHING },
        expires: NOW + 1,
        secret: Some(secret.hash()),
    };
    ground.revocations.passes = Arc::new([pass].into_iter().collect());
    let uri = format!("/files/{}/item-0742/page%203.pdf", secret.segment());
    let (grounds, mut canonical, mut verdict) = (ground.grounds(), Canonical::new(), None);
    let counted = measure(|| {
        let presented = ground.presented(&uri, false);
        verdict = Some(judge(black_box(&presented), black_box(&grounds), &mut canonical));
    });
    let decision = verdict.expect("it was judged").decision;
    assert!(matches!(decision, Decision::Allow(Basis::Pass(_))), "{decision:?}");
    assert_eq!(canonical.path.as_str(), "/archive/series-07/item-0742/page%203.pdf");
    assert_eq!((counted.count_total, counted.count_current), (0, 0));
}

/// Nor does looking a rule up where it has been changed since the policy was made, or where a name stands for
/// what is below it.
#[test]
fn looking_up_a_rule_allocates_nothing() {
    for server in [ImageServer::Iipsrv, ImageServer::Digilib] {
        let policy = Ground::new(server).policy;
        let spec = RuleSpec {
            mount: "images".to_owned(),
            identifier: "archive/series-07/item-0742/page-3.tif".to_owned(),
            matching: Match::Exact,
            conditions: vec!["staff".to_owned()],
            ..RuleSpec::default()
        };
        let policy = policy.edited(&[(2_000, Some(spec)), (1, None)]).expect("it can be used");
        let deep = "a/".repeat(1_000) + "a";
        for identifier in ["archive/series-07/item-0742/page-3.tif", "archive/series-07", "elsewhere", &deep]
        {
            let resource = Resource { mount: 0, identifier };
            let aspects = Aspects { held: Conditions::only(2), now: NOW, ..Aspects::default() };
            let mut decision = None;
            let counted =
                measure(|| decision = Some(policy.decide(black_box(&resource), black_box(&aspects))));
            assert_eq!((counted.count_total, counted.count_current), (0, 0), "{server:?} {identifier}");
            let allowed = decision.expect("it was decided").is_allow();
            assert_eq!(allowed, identifier.contains("page-3"), "{server:?} {identifier}");
        }
    }
}

/// The tests above could otherwise pass because nothing is counted.
#[test]
fn what_allocates_is_counted() {
    let counted = measure(|| {
        black_box(String::from(black_box("a path")));
    });
    assert_eq!((counted.count_total, counted.count_current), (1, 0));
}
