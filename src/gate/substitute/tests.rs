use std::collections::{BTreeSet, HashMap, HashSet};

use super::*;
use crate::credential::account::Id128;
use crate::credential::keyring::Keyring;
use crate::credential::revocation::Revocations;
use crate::gate::tests::asking;
use crate::gate::trial::try_path;
use crate::gate::{judge as judge_tile, path};
use crate::iiif::identifier::ImageServer;
use crate::iiif::substitute::Halvings;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::policy::decision::Aspects;
use crate::policy::mount::{Mount, MountKind, Origin};
use crate::policy::rule::{Match, RuleSpec};

const NOW: u64 = 1_900_000_000;
/// 5600 x 4000 at 1/8 is 700 x 500.
const TILE: &str = "/iiif/images/substitute-8~protected%2Fletter/256,0,256,256/256,/0/default.jpg";

fn image() -> Dimensions {
    Dimensions::new(5600, 4000).unwrap()
}

struct Bench {
    policy: Policy,
    revocations: Revocations,
    keyring: Keyring,
}

impl Bench {
    fn new() -> Self {
        let rule = |identifier: &str, condition: &str| RuleSpec {
            mount: "images".to_owned(),
            identifier: identifier.to_owned(),
            matching: Match::Prefix,
            conditions: vec![condition.to_owned()],
            from: None,
            until: None,
            note: String::new(),
            ..RuleSpec::default()
        };
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        let mount = Mount::new("images", MountKind::Image, "/iiif/images/", origin, "/iiif/");
        let mount = Mount { server: ImageServer::Iipsrv, ..mount };
        let staff =
            AccessCondition { substitute_px: Some(800), ..AccessCondition::bare("staff", Pattern::Login) };
        let secret = AccessCondition::bare("secret", Pattern::Login);
        let rules = [rule("open", "open"), rule("protected", "staff"), rule("secret", "secret")];
        Self {
            policy: Policy::build(&[mount], [(2, staff), (3, secret)], &rules).unwrap(),
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
            now: NOW,
        }
    }

    /// The decision without the size, and where that stands.
    fn first(&self, uri: &str) -> (Decision, String) {
        let mut out = Canonical::new();
        let decision = judge_tile(&asking(uri), &self.grounds(), &mut out).decision;
        (decision, out.path.to_string())
    }

    fn second(&self, uri: &str) -> (Decision, String) {
        let mut out = Canonical::new();
        let decision = judge(&asking(uri), &self.grounds(), image(), &mut out).decision;
        (decision, out.path.to_string())
    }
}

#[test]
fn p12_a_tile_of_a_substitute_needs_the_size_of_its_image_and_comes_from_there() {
    let bench = Bench::new();
    assert_eq!(
        bench.first(TILE),
        (Decision::Refuse(Basis::SizeUnknown), "/iiif/protected/letter/info.json".to_owned())
    );
    let (decision, path) = bench.second(TILE);
    assert!(matches!(decision, Decision::Allow(Basis::Substitute(_))), "{decision:?}");
    assert_eq!(path, "/iiif/protected/letter/2048,0,2048,2048/256,256/0/default.jpg");
}

#[test]
fn where_nothing_is_left_open_the_size_is_not_asked_for() {
    let bench = Bench::new();
    for name in ["open%2Fharbour", "secret%2Fa", "elsewhere"] {
        let uri = TILE.replace("protected%2Fletter", name);
        assert_eq!(bench.first(&uri).0, Decision::Refuse(Basis::NoSubstitute), "{uri}");
        assert_eq!(bench.second(&uri).0, Decision::Refuse(Basis::NoSubstitute), "{uri}");
    }
}

#[test]
fn whatever_is_not_of_that_pyramid_is_refused_and_no_path_of_pixels_is_written() {
    let bench = Bench::new();
    for (uri, word) in [
        (TILE.replace("-8~", "-4~"), "no-substitute"),
        (TILE.replace("-8~", "-16~"), "no-substitute"),
        (TILE.replace("256,0,256,256", "255,0,256,256"), "not-advertised"),
        (TILE.replace("/256,/", "/257,/"), "not-advertised"),
        (TILE.replace("/256,/", "/%5E512,/"), "not-advertised"),
        (TILE.replace("/0/", "/90/"), "not-advertised"),
        (TILE.replace(".jpg", ".png"), "not-advertised"),
        (TILE.replace("substitute-8~", ""), "not-a-substitute"),
        ("/iiif/images/substitute-8~protected%2Fletter/info.json".to_owned(), "not-a-substitute"),
        ("/iiif/images/substitute-8~protected%2Fletter".to_owned(), "not-a-substitute"),
        (TILE.replace("-8~", "-7~"), "no-such-substitute"),
    ] {
        let (decision, path) = bench.second(&uri);
        assert!(matches!(decision, Decision::Refuse(_)), "{uri}: {decision:?}");
        assert_eq!(decision.basis().word(), word, "{uri}");
        assert!(!path.contains("/default.") || word == "not-a-substitute", "{uri}: {path}");
    }
    // The description and the bare name are not for the tiles' door.
    for end in ["/info.json", ""] {
        let uri = format!("/iiif/images/substitute-8~protected%2Fletter{end}");
        assert_eq!(bench.first(&uri).0.basis().word(), "not-an-image");
    }
    let foreign = Presented { original_host: Some(b"evil.test"), ..asking(TILE) };
    let decision = judge(&foreign, &bench.grounds(), image(), &mut Canonical::new()).decision;
    assert_eq!(decision, Decision::Refuse(Basis::Malformed("foreign-host")));
}

/// From the address to the image server: however often and in whatever spelling one asks, no more
/// than the pyramid arrives there.
#[test]
fn the_paths_that_are_handed_back_are_those_of_the_pyramid_and_no_more() {
    let bench = Bench::new();
    let mut paths = BTreeSet::new();
    let numbers = [0, 1, 64, 128, 188, 244, 250, 255, 256, 257, 350, 444, 500, 512, 700, 2048, 4000, 5600];
    for name in [
        "substitute-8~protected%2Fletter",
        "substitute-8%7Eprotected//letter",
        "substitute-4~protected/letter",
    ] {
        for (x, y) in numbers.iter().flat_map(|x| [0, 1, 256, 512, 2048].map(|y| (*x, y))) {
            for (width, height) in [
                (256, 256),
                (188, 256),
                (256, 244),
                (188, 244),
                (512, 500),
                (188, 500),
                (512, 512),
                (700, 500),
            ] {
                for size in [
                    "256,", "256,256", "188,", "188,244", "94,", "94,250", "256,250", "175,125", "350,250",
                    "max", "full",
                ] {
                    for last in ["0/default.jpg", "0/default.png", "90/default.jpg"] {
                        let uri = format!("/iiif/images/{name}/{x},{y},{width},{height}/{size}/{last}");
                        let (decision, path) = bench.second(&uri);
                        if decision.is_allow() {
                            paths.insert(path);
                        }
                    }
                }
            }
        }
        for (width, height) in numbers.iter().flat_map(|width| numbers.map(|height| (*width, height))) {
            for size in [
                format!("{width},{height}"),
                format!("{width},"),
                format!(",{height}"),
                format!("!{width},{height}"),
                "max".to_owned(),
                "full".to_owned(),
            ] {
                let (decision, path) =
                    bench.second(&format!("/iiif/images/{name}/full/{size}/0/default.jpg"));
                if decision.is_allow() {
                    paths.insert(path);
                }
            }
        }
    }
    // Six tiles at scale factor 1, two at 2, and the whole at three sizes, the smallest of which is the tile at 4.
    assert_eq!(paths.len(), 6 + 2 + 3, "{paths:#?}");
    for path in &paths {
        let uri = path.replace("/iiif/", "/iiif/images/");
        assert_eq!(bench.first(&uri).0.basis().word(), "not-held", "the same pixels under the image's name");
    }
}

#[test]
fn explain_says_that_it_depends_on_the_size() {
    let bench = Bench::new();
    let tried = |uri: &str| try_path(uri, &bench.policy, &Aspects { now: NOW, ..Aspects::default() });
    let trial = tried(TILE);
    assert_eq!(trial.decision, Decision::Refuse(Basis::SizeUnknown));
    assert_eq!(trial.substitute.map(Halvings::divisor), Some(8));
    assert_eq!((&*trial.identifier, &*trial.path), ("protected/letter", ""));
    let none = tried("/iiif/images/substitute-8~open%2Fharbour/info.json");
    assert_eq!(none.decision, Decision::Refuse(Basis::NoSubstitute));
    let impossible = tried("/iiif/images/substitute-9~open%2Fharbour/info.json");
    let reason = path::BadPath::NoSuchSubstitute.reason();
    assert_eq!(impossible.decision, Decision::Refuse(Basis::Malformed(reason)));
    assert_eq!(tried("/iiif/images/protected%2Fletter/info.json").substitute, None);
}
