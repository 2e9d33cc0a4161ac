use std::collections::{HashMap, HashSet};

use super::*;
use crate::credential::account::Id128;
use crate::credential::keyring::Keyring;
use crate::credential::revocation::Revocations;
use crate::gate::judge;
use crate::gate::tests::asking;
use crate::iiif::identifier::ImageServer;
use crate::iiif::substitute::Dimensions;
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::policy::mount::{Mount, MountKind, Origin};
use crate::policy::rule::RuleSpec;

const THUMBNAIL: &str = "/iiif/images/letters%2F4/full/200,/0/default.jpg";
const SUBSTITUTE: &str = "/iiif/images/substitute-8~letters%2F4/0,0,256,256/256,/0/default.jpg";

struct Bench {
    policy: Policy,
    revocations: Revocations,
    keyring: Keyring,
}

impl Bench {
    fn new(server: ImageServer) -> Self {
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        let mount = Mount::new("images", MountKind::Image, "/iiif/images/", origin, "/origin/");
        let staff = AccessCondition {
            thumbnail_px: Some(200),
            substitute_px: Some(800),
            ..AccessCondition::bare("staff", Pattern::Login)
        };
        let rule = RuleSpec {
            mount: "images".to_owned(),
            identifier: "letters".to_owned(),
            conditions: vec!["staff".to_owned()],
            ..RuleSpec::default()
        };
        Self {
            policy: Policy::build(&[Mount { server, ..mount }], [(2, staff)], &[rule]).unwrap(),
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
            now: 1_900_000_000,
        }
    }

    fn first(&self, uri: &str) -> (&'static str, String) {
        let mut out = Canonical::new();
        let verdict = judge(&asking(uri), &self.grounds(), &mut out);
        (verdict.decision.basis().word(), out.path.to_string())
    }

    fn second(&self, uri: &str, measure: Measure) -> (&'static str, String) {
        let mut out = Canonical::new();
        let verdict = judge_measured(&asking(uri), &self.grounds(), measure, &mut out);
        (verdict.decision.basis().word(), out.path.to_string())
    }
}

fn image(width: u32, height: u32) -> Measure {
    Measure::Is(Dimensions::new(width, height).unwrap())
}

#[test]
fn a_thumbnail_is_judged_by_its_image_and_fetched_as_it_was_asked_for() {
    for (server, path) in [
        (ImageServer::Iipsrv, "/origin/letters/4"),
        (ImageServer::Digilib, "/origin/letters!4"),
        (ImageServer::Generic, "/origin/letters%2F4"),
    ] {
        let bench = Bench::new(server);
        assert_eq!(bench.first(THUMBNAIL), ("size-unknown", format!("{path}/info.json")));
        let fetched = format!("{path}/full/200,/0/default.jpg");
        assert_eq!(bench.second(THUMBNAIL, image(4000, 3000)), ("thumbnail", fetched.clone()));
        assert_eq!(bench.second(THUMBNAIL, image(3000, 4000)).0, "not-held", "its long side would be 267");
        assert_eq!(bench.second(THUMBNAIL, Measure::Unavailable).0, "not-held", "a login may still help");
        let within = THUMBNAIL.replace("200,", "!200,200");
        let fetched = fetched.replace("200,", "!200,200");
        assert_eq!(bench.first(&within), ("thumbnail", fetched), "whatever the image's dimensions");
    }
}

#[test]
fn what_needs_no_dimensions_and_what_is_no_image_gets_none() {
    let bench = Bench::new(ImageServer::Iipsrv);
    assert_eq!(bench.second(SUBSTITUTE, image(5600, 4000)).0, "substitute");
    assert_eq!(bench.second(SUBSTITUTE, Measure::Unavailable).0, "size-unknown");
    for uri in ["/iiif/images/letters%2F4/info.json", "/iiif/images/letters%2F4"] {
        assert_eq!(bench.second(uri, image(10, 10)).0, "not-an-image", "{uri}");
    }
    assert_eq!(bench.second("/iiif/images/a/../b/full/max/0/default.jpg", image(1, 1)).0, "parent-segment");
}

#[test]
fn p1_a_second_look_reads_the_headers_as_the_first() {
    let bench = Bench::new(ImageServer::Iipsrv);
    let says = |presented: &Presented<'_>| {
        let verdict = judge_measured(presented, &bench.grounds(), image(4000, 3000), &mut Canonical::new());
        verdict.decision.basis().word()
    };
    let asked = asking(THUMBNAIL);
    assert_eq!(says(&asked), "thumbnail");
    assert_eq!(says(&Presented { ambiguous: true, ..asked }), "ambiguous-headers");
    assert_eq!(says(&Presented { original_host: Some(b"evil.test"), ..asked }), "foreign-host");
    assert_eq!(says(&Presented { mount: Some(b"files"), ..asked }), "other-mount");
    assert_eq!(says(&Presented { real_ip: None, ..asked }), "no-client-address");
}
