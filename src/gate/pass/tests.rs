use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::path::Canonical;
use super::super::request::Presented;
use super::super::tests::asking;
use super::super::{Grounds, Verdict, judge, judge_description, read};
use crate::credential::account::{Id128, PassId};
use crate::credential::keyring::{Keyring, Purpose};
use crate::credential::pass::{Pass, PassSecret, Passes, Scope, token};
use crate::credential::revocation::Revocations;
use crate::credential::sealed::Grant;
use crate::gate::measured::judge_measured;
use crate::iiif::identifier::ImageServer;
use crate::iiif::substitute::Dimensions;
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, Conditions, Pattern};
use crate::policy::decision::{Decision, PassGives};
use crate::policy::mount::{Mount, MountKind, Origin};
use crate::policy::permitted::Permitted;
use crate::policy::rule::{Operation, RuleSpec};
use crate::policy::thumbnail::Measure;

const NOW: u64 = 1_900_000_000;
const STAFF: u8 = 2;
const CLINICAL: u8 = 3;
const ALL: PassGives = PassGives { conditions: None, permitted: Permitted::EVERYTHING };

fn mount(name: &str, kind: MountKind, prefix: &str, rules: Option<&str>) -> Mount {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    let rules = rules.map(str::to_owned);
    Mount { server: ImageServer::Iipsrv, rules, ..Mount::new(name, kind, prefix, origin, "/iiif/") }
}

fn rule(mount: &str, identifier: &str, condition: &str) -> RuleSpec {
    RuleSpec {
        mount: mount.to_owned(),
        identifier: identifier.to_owned(),
        conditions: vec![condition.to_owned()],
        ..RuleSpec::default()
    }
}

/// Images, manifests and files; what is below `letters` takes `staff`, below `clinic` `clinical`.
struct Bench {
    policy: Policy,
    revocations: Revocations,
    keyring: Keyring,
    fresh: bool,
}

impl Bench {
    fn new() -> Self {
        let mounts = [
            mount("images", MountKind::Image, "/images/", None),
            mount("manifests", MountKind::Manifest, "/manifests/", Some("images")),
            mount("files", MountKind::File, "/files/", None),
            mount("other", MountKind::Image, "/other/", None),
        ];
        let conditions = [(STAFF, "staff"), (CLINICAL, "clinical")]
            .map(|(bit, name)| (bit, AccessCondition::bare(name, Pattern::Login)));
        let small =
            RuleSpec { operations: vec![Operation::View], ..rule("images", "letters/small", "staff") };
        let rules = [
            rule("images", "letters", "staff"),
            rule("images", "letters/embargo", "closed"),
            rule("images", "letters/open", "open"),
            small,
            rule("images", "lettersets", "staff"),
            rule("images", "clinic", "clinical"),
            rule("files", "letters", "staff"),
            rule("other", "letters", "staff"),
        ];
        Self {
            policy: Policy::build(&mounts, conditions, &rules).unwrap(),
            revocations: Revocations {
                epoch: Id128([7; 16]),
                accounts: HashMap::new(),
                ended_sessions: HashSet::new(),
                devices: HashMap::new(),
                passes: Arc::default(),
            },
            keyring: Keyring::new([[9; 32]], "https://img.test").unwrap(),
            fresh: true,
        }
    }

    fn with(passes: impl IntoIterator<Item = Pass>) -> Self {
        let mut bench = Self::new();
        bench.revocations.passes = Arc::new(passes.into_iter().collect::<Passes>());
        bench
    }

    fn grounds(&self) -> Grounds<'_> {
        Grounds {
            policy: &self.policy,
            revocations: &self.revocations,
            keyring: &self.keyring,
            host: "img.test",
            cookie: "tg",
            readers: &[],
            token_origins: &[],
            fresh: self.fresh,
            now: NOW,
        }
    }

    fn verdict(&self, presented: Presented<'_>) -> Verdict {
        judge(&presented, &self.grounds(), &mut Canonical::new())
    }

    /// The word for a URI and an `Authorization` header.
    fn sent(&self, uri: &str, authorization: &str) -> &'static str {
        self.verdict(Presented { authorization: Some(authorization.as_bytes()), ..of(uri) })
            .decision
            .basis()
            .word()
    }

    fn sealed(&self, purpose: Purpose, redeemed: &[PassId]) -> String {
        let mut grant = Grant::guest(Id128([6; 16]), NOW - 1, NOW + 60);
        for id in redeemed {
            grant.redeem(*id);
        }
        grant.seal(&self.keyring, purpose, &self.revocations, [4; 12]).unwrap()
    }

    /// The word for a URI and the cookie of somebody who has redeemed these.
    fn redeemed(&self, uri: &str, redeemed: &[PassId]) -> &'static str {
        let cookie = format!("tg={}", self.sealed(Purpose::AccessCookie, redeemed));
        self.verdict(Presented { cookie: Some(cookie.as_bytes()), ..of(uri) }).decision.basis().word()
    }
}

/// A request on the mount that the URI is of.
fn of(uri: &str) -> Presented<'_> {
    let mount = uri.split('/').nth(1).unwrap();
    Presented { mount: Some(mount.as_bytes()), ..asking(uri) }
}

fn id(number: u8) -> PassId {
    Id128([number; 16])
}

fn secret(number: u8) -> PassSecret {
    PassSecret::new([number; 24])
}

fn bearer(number: u8) -> String {
    format!("Bearer {}", token(id(number), &secret(number)))
}

fn pass(number: u8, mount: &str, identifier: &str, exact: bool, gives: PassGives) -> Pass {
    let scope = Scope { mount: mount.into(), identifier: identifier.into(), exact };
    Pass { id: id(number), scope, gives, expires: NOW + 10, secret: Some(secret(number).hash()) }
}

fn tile(identifier: &str) -> String {
    format!("/images/{identifier}/full/max/0/default.jpg")
}

#[test]
fn a_pass_opens_its_scope_and_nothing_else() {
    let bench = Bench::with([pass(1, "images", "letters", false, ALL)]);
    for (uri, word) in [
        (tile("letters%2F1"), "pass"),
        (tile("%6cetters%2F1"), "pass"),
        (tile("letters"), "pass"),
        (tile("letters%2Fopen"), "open"),
        (tile("letters%2Fembargo%2F1"), "closed"),
        (tile("letters%2F..%2Fclinic%2F1"), "parent-segment"),
        (tile("letters%252F1"), "double-encoding"),
        (tile("lettersets%2F1"), "not-held"),
        (tile("Letters%2F1"), "closed"),
        (tile("clinic%2F1"), "not-held"),
        (tile("clinic%2Fletters%2F1"), "not-held"),
        (tile("elsewhere"), "closed"),
        ("/other/letters%2F1/full/max/0/default.jpg".to_owned(), "not-held"),
        ("/files/letters/1.pdf".to_owned(), "not-held"),
    ] {
        assert_eq!(bench.sent(&uri, &bearer(1)), word, "{uri}");
        assert_eq!(bench.redeemed(&uri, &[id(1)]), word, "{uri}, redeemed");
    }
    let without = bench.verdict(of(&tile("letters%2F1")));
    assert_eq!(without.decision.basis().word(), "not-held");
    let authorization = bearer(1);
    let verdict = bench
        .verdict(Presented { authorization: Some(authorization.as_bytes()), ..of(&tile("letters%2F1")) });
    assert_eq!((verdict.visitor.pass, verdict.visitor.account), (Some(id(1)), None));
}

#[test]
fn the_password_of_basic_is_heard_and_no_other_secret_is() {
    let bench = Bench::with([pass(1, "images", "letters", false, ALL)]);
    let uri = tile("letters%2F1");
    let basic = |pair: String| format!("Basic {}", STANDARD.encode(pair));
    let (right, wrong) = (secret(1).spelled(), secret(2).spelled());
    assert_eq!(bench.sent(&uri, &basic(format!("x:{right}"))), "pass");
    assert_eq!(bench.sent(&uri, &basic(format!("x:{}", token(id(1), &secret(1))))), "pass");
    for nothing in [
        basic(format!("x:{wrong}")),
        basic(format!("{right}:x")),
        format!("Bearer {right}"),
        format!("Bearer {}", token(id(2), &secret(1))),
        format!("Bearer {}", token(id(1), &secret(2))),
        String::new(),
    ] {
        assert_eq!(bench.sent(&uri, &nothing), "not-held", "{nothing}");
    }
    // Nor does an ID alone, which is no secret.
    assert_eq!(bench.sent(&uri, &format!("Bearer tgp_{}_", id(1))), "not-held");
    assert_eq!(bench.sent(&uri, &basic(format!("x:{}", id(1)))), "not-held");
}

#[test]
fn what_has_expired_was_revoked_or_is_not_known_to_count_opens_nothing() {
    let mut bench = Bench::with([
        Pass { expires: NOW, ..pass(1, "images", "letters", false, ALL) },
        Pass { secret: None, ..pass(2, "images", "letters", false, ALL) },
        pass(3, "images", "letters", false, ALL),
    ]);
    let uri = tile("letters%2F1");
    assert_eq!((bench.sent(&uri, &bearer(1)), bench.redeemed(&uri, &[id(1)])), ("not-held", "not-held"));
    assert_eq!((bench.sent(&uri, &bearer(2)), bench.redeemed(&uri, &[id(2)])), ("not-held", "pass"));
    assert_eq!(bench.redeemed(&uri, &[id(1), id(9), id(3)]), "pass");
    Arc::make_mut(&mut bench.revocations.passes).remove(&id(3));
    assert_eq!((bench.sent(&uri, &bearer(3)), bench.redeemed(&uri, &[id(3)])), ("not-held", "not-held"));
    bench.fresh = false;
    assert_eq!(bench.redeemed(&uri, &[id(2)]), "not-held", "S18");
    bench.revocations.passes = Arc::new([pass(3, "images", "letters", false, ALL)].into_iter().collect());
    assert_eq!(bench.sent(&uri, &bearer(3)), "not-held", "S18");
}

#[test]
fn a_pass_with_conditions_stands_for_those_alone() {
    let gives = |bits: &[u8]| PassGives {
        conditions: Some(bits.iter().copied().collect::<Conditions>()),
        permitted: Permitted::EVERYTHING,
    };
    let bench = Bench::with([
        pass(1, "images", "", false, gives(&[STAFF])),
        pass(2, "images", "", false, gives(&[])),
        pass(3, "images", "", false, gives(&[0, 1])),
        pass(4, "images", "", false, gives(&[CLINICAL])),
    ]);
    let words =
        |number| ["letters%2F1", "clinic%2F1", "elsewhere"].map(|it| bench.sent(&tile(it), &bearer(number)));
    assert_eq!(words(1), ["pass", "not-held", "closed"]);
    assert_eq!(
        words(2),
        ["not-held", "not-held", "closed"],
        "what it gave is gone: it is not a pass for all"
    );
    assert_eq!(words(3), ["not-held", "not-held", "closed"], "neither `open` nor `closed` can be given");
    assert_eq!(words(4), ["not-held", "pass", "closed"]);
}

#[test]
fn a_pass_gives_no_more_than_its_size_and_no_more_than_the_rule_permits() {
    let small = PassGives { permitted: Permitted::up_to(1500), ..ALL };
    let bench = Bench::with([
        pass(1, "images", "letters", false, small),
        pass(2, "images", "letters", false, ALL),
        pass(3, "files", "letters", false, small),
        pass(4, "files", "letters", false, ALL),
    ]);
    let sized = |identifier: &str, size: &str| format!("/images/{identifier}/full/{size}/0/default.jpg");
    for (uri, number, word) in [
        (sized("letters%2F1", "1000,"), 1, "size-unknown"),
        (sized("letters%2F1", "!1500,1500"), 1, "pass"),
        (sized("letters%2F1", "1501,"), 1, "not-held"),
        (sized("letters%2F1", "max"), 1, "size-unknown"),
        ("/images/letters%2F1/0,0,512,512/512,512/0/default.jpg".to_owned(), 1, "pass"),
        (sized("letters%2F1", "max"), 2, "pass"),
        (sized("letters%2Fsmall", "1500,1500"), 1, "not-held"),
        (sized("letters%2Fsmall", "1500,1500"), 2, "not-held"),
        (sized("letters%2Fsmall", "!1024,1024"), 2, "pass"),
        ("/files/letters/1.pdf".to_owned(), 3, "not-held"),
        ("/files/letters/1.pdf".to_owned(), 4, "pass"),
    ] {
        assert_eq!(bench.sent(&uri, &bearer(number)), word, "{uri} {number}");
    }
    // Once the dimensions are known.
    let measured = |uri: &str, measure| {
        let authorization = bearer(1);
        let presented = Presented { authorization: Some(authorization.as_bytes()), ..of(uri) };
        judge_measured(&presented, &bench.grounds(), measure, &mut Canonical::new()).decision.basis().word()
    };
    let (whole, is) = (sized("letters%2F1", "max"), |w, h| Measure::Is(Dimensions::new(w, h).unwrap()));
    assert_eq!(measured(&whole, is(1500, 900)), "pass");
    assert_eq!(measured(&whole, is(1501, 900)), "not-held");
    assert_eq!(measured(&whole, Measure::Unavailable), "size-unknown");
    // Where one pass leaves it open and another does not, the other one opens it without a second look.
    assert_eq!(bench.redeemed(&whole, &[id(1), id(2)]), "pass");
}

#[test]
fn t5_a_token_of_a_session_with_passes_opens_descriptions_and_no_pixels() {
    let bench = Bench::with([pass(1, "images", "letters", false, ALL)]);
    let token = format!("Bearer {}", bench.sealed(Purpose::AccessToken1, &[id(1)]));
    assert_eq!(bench.sent(&tile("letters%2F1"), &token), "not-held");
    let described = |uri: &str, authorization: &str| {
        let presented = Presented { authorization: Some(authorization.as_bytes()), ..of(uri) };
        let (grounds, mut canonical) = (bench.grounds(), Canonical::new());
        let request = read(&presented, &grounds, &mut canonical).unwrap();
        judge_description(&presented, &request, &grounds, &canonical).decision.basis().word()
    };
    for authorization in [&token, &bearer(1)] {
        assert_eq!(described("/images/letters%2F1/info.json", authorization), "pass");
        assert_eq!(
            described("/manifests/letters/1", authorization),
            "pass",
            "its rules are those of `images`"
        );
        assert_eq!(described("/images/clinic%2F1/info.json", authorization), "not-held");
    }
    // T4: the cookie's text is no token, and a pass's token no cookie.
    let sealed = bench.sealed(Purpose::AccessCookie, &[id(1)]);
    assert_eq!(described("/images/letters%2F1/info.json", &format!("Bearer {sealed}")), "not-held");
    let cookie = format!("tg={}", crate::credential::pass::token(id(1), &secret(1)));
    let verdict = bench.verdict(Presented { cookie: Some(cookie.as_bytes()), ..of(&tile("letters%2F1")) });
    assert_eq!(verdict.decision.basis().word(), "not-held");
}

#[test]
fn a_seventeenth_pass_drops_the_oldest() {
    let all: Vec<PassId> = (1..=17).map(id).collect();
    let bench =
        Bench::with((1..=17).map(|number| pass(number, "images", &format!("letters/{number}"), false, ALL)));
    for (number, word) in [(1, "not-held"), (2, "pass"), (17, "pass")] {
        assert_eq!(bench.redeemed(&tile(&format!("letters%2F{number}")), &all), word, "{number}");
    }
}

/// What an address comes to that carries the secret of a pass.
fn carried(
    bench: &Bench,
    number: u8,
    rest: &str,
    presented: Presented<'_>,
) -> (&'static str, Verdict, Canonical) {
    let uri = format!("/files/{}/{rest}", secret(number).segment());
    let mut out = Canonical::new();
    let original_uri = Some(uri.as_bytes());
    let presented = Presented { original_uri, mount: Some(b"files"), ..presented };
    let verdict = judge(&presented, &bench.grounds(), &mut out);
    (verdict.decision.basis().word(), verdict, out)
}

#[test]
fn p12_an_address_opens_what_its_pass_is_for_whoever_asks() {
    let mut pass = pass(1, "files", "letters", false, ALL);
    let bench = Bench::with([pass.clone()]);
    let cookie = format!("tg={}", bench.sealed(Purpose::AccessCookie, &[]));
    let (authorization, plain) = (bearer(1), asking("/"));
    for presented in [
        plain,
        Presented { cookie: Some(cookie.as_bytes()), ..plain },
        Presented { cookie: Some(b"tg=x"), authorization: Some(authorization.as_bytes()), ..plain },
        Presented { original_method: Some(b"HEAD"), ..plain },
    ] {
        let (word, verdict, out) = carried(&bench, 1, "1931/a.jpg", presented);
        assert_eq!((word, verdict.visitor.pass, verdict.visitor.is_carried), ("pass", Some(id(1)), true));
        assert_eq!((out.path.as_str(), verdict.visitor.account), ("/iiif/letters/1931/a.jpg", None));
    }
    // Revoked, over, with counted uses, for another mount, while the store is out of reach: one word.
    let mut over = pass.clone();
    over.expires = NOW;
    pass.secret = None;
    let elsewhere = self::pass(1, "images", "letters", false, ALL);
    for passes in [vec![], vec![over], vec![pass], vec![elsewhere]] {
        let (word, verdict, out) = carried(&Bench::with(passes), 1, "a.jpg", plain);
        assert_eq!((word, verdict.visitor.pass, out.path.as_str()), ("no-such-pass", None, ""));
    }
    let mut stale = Bench::with([self::pass(1, "files", "letters", false, ALL)]);
    stale.fresh = false;
    assert_eq!(carried(&stale, 1, "a.jpg", plain).0, "no-such-pass", "S18");
    for (number, rest) in [(2, "a.jpg"), (1, ""), (1, "../private"), (1, "a/")] {
        assert_eq!(carried(&bench, number, rest, plain).0, "no-such-pass", "{rest}");
    }
}

#[test]
fn an_address_offers_no_login_and_opens_nothing_that_is_closed() {
    let some = |conditions: Conditions| PassGives { conditions: Some(conditions), ..ALL };
    let (staff, clinical) = (Conditions::only(STAFF), Conditions::only(CLINICAL));
    let small = PassGives { permitted: Permitted::up_to(2000), ..ALL };
    let gives = [(1, ALL), (2, some(clinical)), (3, some(staff.union(&clinical))), (4, small)];
    let bench = Bench::with(gives.map(|(number, gives)| pass(number, "files", "", false, gives)));
    let cookie = format!("tg={}", bench.sealed(Purpose::AccessCookie, &[id(1)]));
    for (number, rest, word, is_allowed) in [
        (1, "letters/a.jpg", "pass", true),
        (1, "elsewhere/a.jpg", "closed", false),
        (2, "letters/a.jpg", "not-held", false),
        (3, "letters/a.jpg", "pass", true),
        (4, "letters/a.jpg", "not-held", false),
    ] {
        // The cookie of somebody who might have it otherwise changes nothing.
        for presented in [asking("/"), Presented { cookie: Some(cookie.as_bytes()), ..asking("/") }] {
            let (said, verdict, _) = carried(&bench, number, rest, presented);
            assert_eq!((said, verdict.decision.is_allow()), (word, is_allowed), "{number} {rest}");
            assert!(!matches!(verdict.decision, Decision::Challenge(..)), "{number} {rest}");
        }
    }
}
