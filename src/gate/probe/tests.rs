use std::collections::{HashMap, HashSet};

use arrayvec::ArrayVec;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::credential::account::Id128;
use crate::credential::keyring::Keyring;
use crate::credential::revocation::{AccountStanding, Revocations};
use crate::credential::sealed::Grant;
use crate::gate::judge;
use crate::gate::tests::{self, word};
use crate::iiif::identifier::ImageServer;
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, Conditions, Pattern};
use crate::policy::mount::{AuthVersions, Mount, Origin};
use crate::policy::rule::{Match, RuleSpec};

const NOW: u64 = 1_900_000_000;
const NAMES: [&str; 3] = ["staff", "reader", "guest"];
/// An address in the network of the condition `guest`, and one elsewhere.
const NEAR: &str = "::ffff:192.0.2.7";
const FAR: &str = "198.51.100.7";
const BOTH: AuthVersions = AuthVersions { one: true, two: true };

fn mount(name: &str, prefix: &str, server: ImageServer, default: &str) -> Mount {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    Mount {
        server,
        default: default.to_owned(),
        iiif_auth: BOTH,
        ..Mount::new(name, MountKind::Image, prefix, origin, "/iiif/")
    }
}

fn files(default: &str) -> Mount {
    let origin = Origin::File { folder: "/srv/files/".to_owned() };
    let mount = Mount::new("files", MountKind::File, "/files/", origin, "/");
    assert_eq!(mount.iiif_auth, BOTH);
    Mount { default: default.to_owned(), ..mount }
}

fn rule(identifier: &str, matching: Match, conditions: &[&str]) -> RuleSpec {
    RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        matching,
        conditions: conditions.iter().map(|name| (*name).to_owned()).collect(),
        from: None,
        until: None,
        note: String::new(),
        ..RuleSpec::default()
    }
}

struct Bench {
    policy: Policy,
    revocations: Revocations,
    keyring: Keyring,
}

impl Bench {
    fn new(mounts: &[Mount], rules: &[RuleSpec]) -> Self {
        let [staff, reader, guest] = NAMES;
        let reader = AccessCondition::bare(reader, Pattern::Clickthrough);
        let guest = AccessCondition {
            networks: vec!["192.0.2.0/24".parse().unwrap()],
            ..AccessCondition::bare(guest, Pattern::External)
        };
        let conditions = (2..).zip([AccessCondition::bare(staff, Pattern::Login), reader, guest]);
        Self {
            policy: Policy::build(mounts, conditions, rules).unwrap(),
            revocations: Revocations {
                epoch: Id128([7; 16]),
                accounts: HashMap::new(),
                ended_sessions: HashSet::new(),
                devices: HashMap::new(),
                passes: std::sync::Arc::default(),
            },
            keyring: Keyring::new([[9; 32]], "https://img.test").unwrap(),
        }
    }

    fn usual() -> Self {
        let one = AuthVersions { one: true, two: false };
        let mounts = [
            mount("special", "/iiif/images/special/", ImageServer::Iipsrv, "closed"),
            mount("images", "/iiif/images/", ImageServer::Iipsrv, "closed"),
            Mount { iiif_auth: one, ..mount("old", "/iiif/old/", ImageServer::Iipsrv, "open") },
            Mount { kind: MountKind::Manifest, ..mount("books", "/books/", ImageServer::Generic, "open") },
            Mount { rules: Some("images".to_owned()), ..files("closed") },
            Mount {
                iiif_auth: one,
                name: "old-files".to_owned(),
                prefix: "/old/".to_owned(),
                ..files("open")
            },
        ];
        let prefix = |identifier, conditions| rule(identifier, Match::Prefix, conditions);
        Self::new(&mounts, &[prefix("open", &["open"]), prefix("protected", &["staff"])])
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
            fresh: true,
            now: NOW,
        }
    }

    fn sealed(&self, purpose: Purpose, conditions: Conditions, accepted: bool) -> String {
        let mut grant = Grant {
            account: Id128([1; 16]),
            generation: 3,
            session: Id128([2; 16]),
            conditions,
            issued: NOW - 60,
            expires: NOW + 60,
            passes: ArrayVec::new(),
            accepted: ArrayVec::new(),
        };
        if accepted {
            grant.accept(3, AccessCondition::bare("reader", Pattern::Clickthrough).terms());
        }
        grant.seal(&self.keyring, purpose, &self.revocations, [4; 12]).unwrap()
    }

    fn staff(&self, purpose: Purpose) -> String {
        self.sealed(purpose, Conditions::only(2), false)
    }

    /// What a probe says to somebody who sends these.
    fn probe(&self, uri: &str, cookie: &str, authorization: &str) -> &'static str {
        self.probe_from(FAR, uri, cookie, authorization)
    }

    fn probe_from(&self, address: &str, uri: &str, cookie: &str, authorization: &str) -> &'static str {
        let presented = Presented {
            real_ip: Some(address.as_bytes()),
            cookie: Some(cookie.as_bytes()),
            authorization: Some(authorization.as_bytes()),
            ..asking(uri)
        };
        match judge_probe(&presented, &self.grounds(), &mut Canonical::new()) {
            Ok(probed) => word(probed.verdict.decision),
            Err(NoProbe::Unknown) => "unknown",
            Err(NoProbe::Refused(reason)) => reason,
        }
    }
}

/// What NGINX says of an anonymous visitor's request; without a mount, as under `/auth/`.
fn asking(uri: &str) -> Presented<'_> {
    Presented { mount: None, ..tests::asking(uri) }
}

const LOCKED: &str = "/auth/v2/probe/images/protected%2Fletter";

#[test]
fn t5_a2_37_only_a_token_of_its_own_kind_opens_a_probe_and_it_opens_no_tile() {
    let bench = Bench::usual();
    let bearer = |purpose| format!("Bearer {}", bench.staff(purpose));
    assert_eq!(bench.probe(LOCKED, "", ""), "challenge");
    assert_eq!(bench.probe(LOCKED, "", &bearer(Purpose::AccessToken2)), "allow");
    assert_eq!(bench.probe(LOCKED, "", &bearer(Purpose::AccessToken1)), "challenge");
    assert_eq!(bench.probe(LOCKED, "", &bearer(Purpose::AccessCookie)), "challenge", "T4");
    let cookie = |purpose| format!("tg={}", bench.staff(purpose));
    assert_eq!(bench.probe(LOCKED, &cookie(Purpose::AccessCookie), ""), "allow");
    assert_eq!(bench.probe(LOCKED, &cookie(Purpose::AccessToken2), ""), "challenge", "T4");
    // Whichever is enough; a broken one takes nothing away.
    assert_eq!(bench.probe(LOCKED, &cookie(Purpose::AccessCookie), "Bearer undefined"), "allow");

    let tile = "/iiif/images/protected%2Fletter/full/max/0/default.jpg";
    for (cookie, authorization) in [
        (String::new(), bearer(Purpose::AccessToken2)),
        (cookie(Purpose::AccessToken2), bearer(Purpose::AccessToken2)),
    ] {
        let presented = Presented {
            mount: Some(b"images"),
            cookie: Some(cookie.as_bytes()),
            authorization: Some(authorization.as_bytes()),
            ..asking(tile)
        };
        let verdict = judge(&presented, &bench.grounds(), &mut Canonical::new());
        assert_eq!(word(verdict.decision), "challenge");
    }
}

#[test]
fn the_identifier_is_read_by_the_mounts_own_law() {
    let bench = Bench::usual();
    for (uri, says) in [
        ("/auth/v2/probe/images/open%2Fharbour", "allow"),
        ("/auth/v2/probe/images/%6fpen%2fharbour?x=/protected", "allow"),
        ("/auth/v2/probe/images/open%2Fharbour.jpg", "allow"),
        ("/auth/v2/probe/images/elsewhere", "refuse"),
        ("/auth/v2/probe/images/protected%2F..%2Fopen%2Fharbour", "unknown"),
        ("/auth/v2/probe/images/open/../protected", "unknown"),
        ("/auth/v2/probe/images/open%2Fharbour%00", "unknown"),
        ("/auth/v2/probe/images/open%252Fharbour", "unknown"),
        ("/auth/v2/probe/images/", "unknown"),
        ("/auth/v2/probe/images", "unknown"),
        ("/auth/v2/probe/", "unknown"),
        ("/auth/v2/probe/none/open%2Fharbour", "unknown"),
        ("/auth/v2//probe/images/open%2Fharbour", "unknown"),
        ("/auth/../auth/v2/probe/images/open%2Fharbour", "unknown"),
        ("/auth/v2/probe/../probe/images/open%2Fharbour", "unknown"),
        ("/iiif/images/open%2Fharbour", "unknown"),
        // A mount that speaks 1.0 alone, and one without images.
        ("/auth/v2/probe/old/a", "unknown"),
        ("/auth/v2/probe/books/a", "unknown"),
        // A file by its own name.
        ("/auth/v2/probe/files/open/a.mp4?x=/protected", "allow"),
        ("/auth/v2/probe/files/open/100%25%20%3F.pdf", "allow"),
        ("/auth/v2/probe/files/open/info.json", "allow"),
        ("/auth/v2/probe/files/protected/a.mp4", "challenge"),
        ("/auth/v2/probe/files/elsewhere.pdf", "refuse"),
        ("/auth/v2/probe/files/", "unknown"),
        ("/auth/v2/probe/files/open/", "unknown"),
        ("/auth/v2/probe/files/open%2Fa.mp4", "unknown"),
        ("/auth/v2/probe/files/open/../protected/a.mp4", "unknown"),
        ("/auth/v2/probe/old-files/a.mp4", "unknown"),
        // The inner mount's, whatever the outer one's rules say.
        ("/auth/v2/probe/images/special/open", "unknown"),
        ("/auth/v2/probe/special/open", "refuse"),
    ] {
        assert_eq!(bench.probe(uri, "", ""), says, "{uri}");
    }
}

#[test]
fn h2_h5_t10_a_request_that_is_not_nginxs_own_is_refused() {
    let bench = Bench::usual();
    let judged = |presented: Presented<'_>| {
        judge_probe(&presented, &bench.grounds(), &mut Canonical::new()).map(|_| ()).unwrap_err()
    };
    let usual = asking("/auth/v2/probe/images/open%2Fharbour");
    for (presented, reason) in [
        (Presented { ambiguous: true, ..usual }, "ambiguous-headers"),
        (Presented { original_uri: None, ..usual }, "no-original-uri"),
        (Presented { original_method: None, ..usual }, "method"),
        (Presented { original_method: Some(b"POST"), ..usual }, "method"),
        (Presented { original_host: None, ..usual }, "no-original-host"),
        (Presented { original_host: Some(b"evil.test"), ..usual }, "foreign-host"),
    ] {
        assert_eq!(judged(presented), NoProbe::Refused(reason));
    }
}

#[test]
fn s18_without_the_store_a_probe_opens_what_is_open_and_no_more() {
    let bench = Bench::usual();
    let authorization = format!("Bearer {}", bench.staff(Purpose::AccessToken2));
    let grounds = Grounds { fresh: false, ..bench.grounds() };
    for (uri, says) in [(LOCKED, "challenge"), ("/auth/v2/probe/images/open%2Fa", "allow")] {
        let presented = Presented { authorization: Some(authorization.as_bytes()), ..asking(uri) };
        let probed = judge_probe(&presented, &grounds, &mut Canonical::new()).unwrap();
        assert_eq!(word(probed.verdict.decision), says);
    }
}

#[test]
fn a2_35_a_token_that_has_run_out_opens_nothing() {
    let bench = Bench::usual();
    let authorization = format!("Bearer {}", bench.staff(Purpose::AccessToken2));
    for (now, says) in [(NOW + 59, "allow"), (NOW + 60, "challenge")] {
        let grounds = Grounds { now, ..bench.grounds() };
        let presented = Presented { authorization: Some(authorization.as_bytes()), ..asking(LOCKED) };
        let probed = judge_probe(&presented, &grounds, &mut Canonical::new()).unwrap();
        assert_eq!(word(probed.verdict.decision), says);
    }
}

/// What has become of a visitor's login.
#[derive(Clone, Copy, Debug)]
enum Login {
    Counts,
    Ended,
    LockedOut,
    /// Other conditions were given to the account since.
    Changed(u8),
}

fn identifiers() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "a.x", "b.jpg", "c d"]), 1..4)
}

fn rules() -> impl Strategy<Value = RuleSpec> {
    let names = vec!["open", "closed", "staff", "reader", "guest"];
    (identifiers(), any::<bool>(), prop::sample::subsequence(names, 1..4)).prop_map(
        |(segments, is_exact, conditions)| {
            let matching = if is_exact { Match::Exact } else { Match::Prefix };
            rule(&segments.join("/"), matching, &conditions)
        },
    )
}

fn logins() -> impl Strategy<Value = Login> {
    let changed = (0_u8..8).prop_map(Login::Changed);
    prop_oneof![4 => Just(Login::Counts), 1 => Just(Login::Ended), 1 => Just(Login::LockedOut), 1 => changed]
}

/// The conditions whose bits these are, from the first that is not built in.
fn some_conditions(which: u8) -> Conditions {
    (2..5).filter(|bit| which & (1 << (bit - 2)) != 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// A2-45: the probe's answer to a token is the tile's or the file's answer to the cookie of
    /// the same login.
    #[test]
    fn prop_a2_45_a_probe_says_what_the_content_would(
        rules in prop::collection::vec(rules(), 0..6),
        default in prop::sample::select(vec!["open", "closed", "staff", "not-there-yet"]),
        server in prop::sample::select(vec![ImageServer::Iipsrv, ImageServer::Digilib, ImageServer::Generic]),
        segments in identifiers(),
        which in 0_u8..8,
        login in logins(),
        accepted in any::<bool>(),
        address in prop::sample::select(vec![NEAR, FAR]),
        is_file in any::<bool>(),
        // A dry run that is over, one that is not, and none.
        shadow in prop::sample::select(vec![Some(date(2030, 3, 17)), Some(date(2030, 3, 18)), None]),
    ) {
        let guarded = Mount { name: "images".to_owned(), ..files(default) };
        let guarded = if is_file { guarded } else { mount("images", "/iiif/images/", server, default) };
        let guarded = Mount { shadow, ..guarded };
        let mut bench = Bench::new(&[guarded], &rules);
        let held = some_conditions(which);
        let standing = |smallest_generation, conditions| AccountStanding {
            smallest_generation,
            conditions,
            administrator: false,
        };
        let (cookie, token) =
            [Purpose::AccessCookie, Purpose::AccessToken2].map(|purpose| bench.sealed(purpose, held, accepted)).into();
        match login {
            Login::Counts => {}
            Login::Ended => {
                bench.revocations.ended_sessions.insert(Id128([2; 16]));
            }
            Login::LockedOut => {
                bench.revocations.accounts.insert(Id128([1; 16]), standing(None, held));
            }
            Login::Changed(now) => {
                bench.revocations.accounts.insert(Id128([1; 16]), standing(Some(3), some_conditions(now)));
            }
        }
        let separator = match server {
            _ if is_file => "/",
            ImageServer::Digilib => "!",
            ImageServer::Iipsrv | ImageServer::Generic => "%2F",
        };
        let name = segments.join(separator).replace(' ', "%20");
        let content = if is_file {
            format!("/files/{name}")
        } else {
            format!("/iiif/images/{name}/full/max/0/default.jpg")
        };
        let cookie = format!("tg={cookie}");
        let presented = Presented {
            mount: Some(b"images"),
            real_ip: Some(address.as_bytes()),
            cookie: Some(cookie.as_bytes()),
            ..asking(&content)
        };
        let with_cookie = word(judge(&presented, &bench.grounds(), &mut Canonical::new()).decision);
        let presented = Presented { cookie: None, ..presented };
        let without = word(judge(&presented, &bench.grounds(), &mut Canonical::new()).decision);

        let probe = format!("{PREFIX}images/{name}");
        let says = |cookie: &str, authorization: &str| {
            bench.probe_from(address, &probe, cookie, authorization)
        };
        prop_assert_eq!(says("", &format!("Bearer {token}")), with_cookie);
        prop_assert_eq!(says(&cookie, ""), with_cookie);
        prop_assert_eq!(says("", ""), without);

        // Decision 4: the 1.0 token is told the same by a HEAD of a file, and nothing of an image.
        let token = format!("Bearer {}", bench.sealed(Purpose::AccessToken1, held, accepted));
        let head = Presented {
            original_method: Some(b"HEAD"),
            authorization: Some(token.as_bytes()),
            ..presented
        };
        let told = word(judge(&head, &bench.grounds(), &mut Canonical::new()).decision);
        prop_assert_eq!(told, if is_file { with_cookie } else { without });
    }

    /// Whatever the bytes are, no probe of a protected image says yes to a stranger.
    #[test]
    fn prop_p1_any_bytes_open_nothing(
        tail in prop::collection::vec(any::<u8>(), 0..60),
        start in prop::sample::select(vec!["", "/", PREFIX, LOCKED, "/auth/v2/probe/images/open%2F"]),
    ) {
        let bench = Bench::usual();
        let uri = [start.as_bytes(), &tail].concat();
        let presented = Presented { original_uri: Some(&uri), ..asking("") };
        let mut canonical = Canonical::new();
        if let Ok(probed) = judge_probe(&presented, &bench.grounds(), &mut canonical)
            && probed.verdict.decision.is_allow()
        {
            prop_assert_eq!(canonical.identifier.split('/').next(), Some("open"));
        }
    }
}
