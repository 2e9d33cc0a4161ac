use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Manifest, ServiceText};
use super::*;
use crate::iiif::auth2::{AccessService, ProbeService};
use crate::iiif::service::{AuthService, ServiceAddresses, ServicePattern, ServiceTexts};

/// Recorded from a real digilib; see tests/fixtures/README.md.
const DIGILIB_2: &str = include_str!("../../../../tests/fixtures/digilib-2.13-manifest2.json");
const DIGILIB_3: &str = include_str!("../../../../tests/fixtures/digilib-2.13-manifest3.json");
/// Written after the specifications.
const MANIFEST_3: &str = include_str!("../../../../tests/fixtures/manifest3.json");
const MIXED_2: &str = include_str!("../../../../tests/fixtures/manifest2-mixed.json");
const MIXED_3: &str = include_str!("../../../../tests/fixtures/manifest3-mixed.json");

const ALL: [&str; 5] = [DIGILIB_2, DIGILIB_3, MANIFEST_3, MIXED_2, MIXED_3];
const OURS: [&str; 2] = ["https://img.test/iiif/", "https://images.example.org/iiif/"];
const AUTH_1: &str = "http://iiif.io/api/auth/1/context.json";
const AUTH_2: &str = "http://iiif.io/api/auth/2/context.json";
const PRESENTATION_3: &str = "http://iiif.io/api/presentation/3/context.json";

fn addresses(version: &str) -> ServiceAddresses {
    let address = |name: &str| format!("https://img.test/auth/{version}{name}");
    ServiceAddresses { access: address("login"), token: address("token"), logout: Some(address("logout")) }
}

/// Which services the test's guide has for what is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Versions {
    one: bool,
    two: bool,
}

const BOTH: Versions = Versions { one: true, two: true };
const ONE: Versions = Versions { one: true, two: false };
const TWO: Versions = Versions { one: false, two: true };
const NONE: Versions = Versions { one: false, two: false };

/// Everything below our two hosts is ours, and protected unless `open` stands in its address.
struct Told {
    services: Arc<ServiceText>,
    moved: bool,
    asked: Vec<String>,
}

impl Told {
    fn new(api: PresentationApi, versions: Versions) -> Self {
        let empty = BTreeMap::new();
        let texts = ServiceTexts {
            label: &empty,
            heading: &empty,
            note: &empty,
            confirm: &empty,
            error_heading: &empty,
            error_note: &empty,
        };
        let one = AuthService::new(ServicePattern::Login, &texts, "Example \"Archive\"", addresses("iiif-"));
        let two = ProbeService {
            id: "https://img.test/auth/v2/probe/".to_owned(),
            with_profile: versions.one,
            error_heading: BTreeMap::from([("en".to_owned(), "No access".to_owned())]),
            error_note: BTreeMap::new(),
            access: vec![AccessService::new(
                ServicePattern::Login,
                &texts,
                "Example Archive",
                addresses("v2/"),
            )],
        };
        let one: Vec<_> = versions.one.then_some(one).into_iter().collect();
        let two: Vec<_> = versions.two.then_some(two).into_iter().collect();
        Self { services: Arc::new(ServiceText::new(api, &one, &two)), moved: false, asked: Vec::new() }
    }

    fn advise(&mut self, id: &str) -> Option<(Advice, String)> {
        self.asked.push(id.to_owned());
        let rest = OURS.iter().find_map(|ours| id.strip_prefix(ours))?;
        let identifier = rest.split_once('/').map_or("", |(_, rest)| rest);
        let services = if id.contains("open") { Arc::default() } else { self.services.clone() };
        let advice = Advice { id: None, services, identifier: identifier.to_owned() };
        Some((advice, format!("https://img.test/iiif/images2/{identifier}")))
    }
}

impl Guide for Told {
    fn image(&mut self, id: &str) -> Option<Advice> {
        let (advice, moved) = self.advise(id)?;
        Some(Advice { id: self.moved.then_some(moved), ..advice })
    }

    fn content(&mut self, url: &str) -> Option<Advice> {
        self.advise(url.split('#').next().unwrap()).map(|(advice, _)| advice)
    }
}

fn decorated_by(text: &str, tell: impl Fn(PresentationApi) -> Told) -> (String, Told) {
    let manifest = Manifest::read(text.as_bytes()).unwrap();
    let mut told = tell(manifest.api());
    let after = manifest.decorated(&mut told).unwrap();
    (after.unwrap_or_else(|| text.to_owned()), told)
}

fn decorated(text: &str, versions: Versions) -> String {
    decorated_by(text, |api| Told::new(api, versions)).0
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every object of a document that has one of these ids.
fn with_id<'v>(value: &'v Value, id: &str) -> Vec<&'v Value> {
    let inner: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(entries) => entries.iter().collect(),
        _ => Vec::new(),
    };
    let own = value.is_object() && (value["id"] == id || value["@id"] == id);
    own.then_some(value).into_iter().chain(inner.into_iter().flat_map(|value| with_id(value, id))).collect()
}

/// The words that tell the services of an object: its profiles and types.
fn services(object: &Value) -> Vec<&str> {
    let entries = object["service"].as_array().map(Vec::as_slice).unwrap_or_default();
    let word = |entry: &'_ Value, key: &str| entry[key].as_str().map(str::to_owned);
    let words = entries.iter().map(|entry| word(entry, "type").or_else(|| word(entry, "profile")));
    words
        .map(|word| match word.as_deref() {
            Some("http://iiif.io/api/auth/1/login") => "1",
            Some("AuthProbeService2") => "2",
            _ => "other",
        })
        .collect()
}

#[test]
fn a2_05_image_services_of_digilibs_manifests_get_ours() {
    for (text, images, key) in [(DIGILIB_2, "images", "resource"), (DIGILIB_3, "items", "body")] {
        let after = json_of(&decorated(text, BOTH));
        for page in ["s1", "s2"] {
            let id = format!("https://images.example.org/iiif/images/book%21sub%21{page}");
            let found = with_id(&after, &id);
            assert_eq!(found.len(), 1, "{images} {key}");
            assert_eq!(services(found[0]), ["1", "2"]);
            let one = &found[0]["service"][0];
            assert_eq!(
                (&one["@context"], &one["@id"]),
                (&json!(AUTH_1), &json!("https://img.test/auth/iiif-login"))
            );
            assert_eq!(one["service"].as_array().unwrap().len(), 2, "A1-56: each is complete");
            let two = &found[0]["service"][1];
            let probe = format!("https://img.test/auth/v2/probe/book%21sub%21{page}");
            assert_eq!(two["id"], probe, "A2-42");
            assert_eq!(two["service"][0]["type"], "AuthAccessService2", "A2-42");
            assert_eq!(two["service"].as_array().unwrap().len(), 1, "A2-42");
            assert_eq!(two["service"][0]["service"][0]["type"], "AuthAccessTokenService2", "A2-03");
        }
    }
}

#[test]
fn a1_56_every_occurrence_is_complete() {
    let after = json_of(&decorated(MIXED_2, BOTH));
    let found = with_id(&after, "https://img.test/iiif/images/protected%2Fletter");
    assert_eq!(found.len(), 2, "the thumbnail's and the picture's");
    assert_eq!(found[0]["service"][0], found[1]["service"][1]);
    assert_eq!(found[0]["service"][1], found[1]["service"][2]);
    assert_eq!(found[0]["service"][0]["service"].as_array().unwrap().len(), 2);
    assert!(!with_id(&after, "https://img.test/auth/iiif-token").is_empty());
}

#[test]
fn a2_06_the_context_stands_at_the_top_and_not_in_the_services() {
    let contexts = |text: &str, versions| json_of(&decorated(text, versions))["@context"].clone();
    let own = "https://example.org/extension/context.json";
    for versions in [BOTH, TWO] {
        assert_eq!(contexts(DIGILIB_3, versions), json!([AUTH_2, PRESENTATION_3]));
        assert_eq!(contexts(MIXED_3, versions), json!([own, AUTH_2, PRESENTATION_3]));
        let after = decorated(DIGILIB_3, versions);
        assert_eq!(after.matches(AUTH_2).count(), 1);
        assert_eq!(
            json_of(&after)["items"][0]["items"][0]["items"][0]["body"]["service"][0]["service"][0]
                .get("@context")
                .is_some(),
            versions.one
        );
    }
    for versions in [ONE, NONE] {
        assert_eq!(contexts(DIGILIB_3, versions), PRESENTATION_3);
        assert_eq!(contexts(MIXED_3, versions), json!([own, PRESENTATION_3]));
    }
    // What is put nowhere needs no context.
    assert_eq!(contexts(MANIFEST_3, BOTH), PRESENTATION_3);

    let of = |contexts: &str| DIGILIB_3.replace(&format!("\"{PRESENTATION_3}\""), contexts);
    let https = AUTH_2.replace("http:", "https:");
    for (before, with, without) in [
        (json!([AUTH_2, PRESENTATION_3]), json!([AUTH_2, PRESENTATION_3]), json!(PRESENTATION_3)),
        (json!([https, PRESENTATION_3]), json!([https, PRESENTATION_3]), json!(PRESENTATION_3)),
        (json!([PRESENTATION_3, AUTH_2]), json!([AUTH_2, PRESENTATION_3]), json!(PRESENTATION_3)),
        (
            json!([own, {"x": 1}, PRESENTATION_3]),
            json!([own, {"x": 1}, AUTH_2, PRESENTATION_3]),
            json!([own, {"x": 1}, PRESENTATION_3]),
        ),
    ] {
        let text = of(&before.to_string());
        assert_eq!(contexts(&text, BOTH), with, "{before}");
        assert_eq!(contexts(&text, ONE), without, "{before}");
    }

    // In version 2 there is no place for it at the top.
    let after = json_of(&decorated(DIGILIB_2, BOTH));
    assert_eq!(after["@context"], "http://iiif.io/api/presentation/2/context.json");
    let found = with_id(&after, "https://images.example.org/iiif/images/book%21sub%21s1");
    assert_eq!(found[0]["service"][1]["@context"], AUTH_2);
}

/// The context stays for another archive's 2.0 services, which stay too.
#[test]
fn a2_06_a_context_that_others_need_stays() {
    let foreign = r#"{"id":"https://elsewhere.test/x","type":"ImageService3","service":[{"id":"https://elsewhere.test/p","type":"AuthProbeService2","service":[]}]}"#;
    let text = format!(
        r#"{{"@context":["{AUTH_2}","{PRESENTATION_3}"],"type":"Manifest","items":[{{"service":[{foreign},{{"id":"https://img.test/iiif/images/a","type":"ImageService3"}}]}}]}}"#
    );
    assert_eq!(decorated(&text, NONE), text);
    assert_eq!(decorated(&decorated(&text, BOTH), NONE), text);
}

#[test]
fn the_enclosing_document_gives_a_service_its_shape() {
    let after = json_of(&decorated(MIXED_3, BOTH));
    // An image service of version 2 in a manifest of version 3.
    let image = with_id(&after, "https://img.test/iiif/images/protected%2Fletter")[0];
    assert_eq!(
        (&image["service"][0]["@context"], &image["service"][0]["@type"]),
        (&json!(AUTH_1), &json!("AuthCookieService1"))
    );
    assert_eq!(image["service"][0]["service"][0]["@type"], "AuthTokenService1");
    assert!(image["service"][1].get("@context").is_none());
    assert_eq!(image["service"][1]["profile"], "http://iiif.io/api/auth/2/probe", "P-B 1: Mirador wants one");
    let after = json_of(&decorated(MIXED_3, TWO));
    let image = with_id(&after, "https://img.test/iiif/images/protected%2Fletter")[0];
    assert!(image["service"][0].get("profile").is_none());
    assert!(
        json_of(&decorated(MIXED_2, ONE))
            .pointer("/sequences/0/canvases/0/thumbnail/service/service/0/@type")
            .is_none()
    );
}

/// U2: recordings, films and PDFs have no image service that could carry the services.
#[test]
fn a2_05_content_carries_the_services_itself() {
    for (text, files) in [
        (MIXED_2, &["speech.mp3", "letters.pdf"][..]),
        (MIXED_3, &["film.mp4#t=0,10", "speech.mp3", "letters.pdf"]),
    ] {
        let after = json_of(&decorated(text, BOTH));
        for file in files {
            let found = with_id(&after, &format!("https://img.test/iiif/files/{file}"));
            assert!(!found.is_empty());
            for content in found {
                assert_eq!(services(content), ["1", "2"], "{file}");
                let probe = format!("https://img.test/auth/v2/probe/{}", file.trim_end_matches("#t=0,10"));
                assert_eq!(content["service"][1]["id"], probe, "A2-42");
            }
        }
        let rest = if text == MIXED_2 { "full/full/0/default.jpg" } else { "full/max/0/default.jpg" };
        let direct = format!("https://img.test/iiif/images/protected%2Finfrared/{rest}");
        assert_eq!(services(with_id(&after, &direct)[0]), ["1", "2"], "a picture without an image service");
        let served = format!("https://img.test/iiif/images/protected%2Fletter/{rest}");
        for picture in with_id(&after, &served) {
            assert!(!services(picture).contains(&"1"), "the image service carries them: {picture}");
        }
    }
}

#[test]
fn what_is_open_or_another_servers_is_left_alone() {
    for text in [MIXED_2, MIXED_3] {
        let (after, told) = decorated_by(text, |api| Told::new(api, BOTH));
        let (before, after) = (json_of(text), json_of(&after));
        for id in [
            "https://img.test/iiif/images/open%2Flogo",
            "https://elsewhere.test/iiif/x",
            "https://img.test/iiif/images/protected%2Funtold",
        ] {
            assert!(!with_id(&before, id).is_empty());
            assert_eq!(with_id(&after, id), with_id(&before, id), "{id}");
        }
        // Nobody knows what stands under a key of somebody's own.
        assert!(!told.asked.iter().any(|id| id.contains("untold")));
    }
    // The image server's own login could open nothing.
    let after = decorated(MIXED_2, NONE);
    assert!(!after.contains("inside:9000") && after.contains("physicalScale"), "{after}");
}

#[test]
fn unknown_keys_numbers_and_escapes_keep_their_bytes() {
    for text in ALL {
        for versions in [BOTH, ONE, TWO, NONE] {
            let after = decorated(text, versions);
            for kept in [
                "1.50e+2",
                "572.0340",
                "0.00420",
                r"\u00b3",
                r"\u2019Tis \u00e9crit",
                r"https:\/\/img.test",
                r#""weight": 1.50e+2 }"#,
            ] {
                assert_eq!(after.matches(kept).count(), text.matches(kept).count(), "{kept} in {after}");
            }
        }
    }
    let spaced = format!("\n {MANIFEST_3} \n");
    assert!(
        Manifest::read(spaced.as_bytes())
            .unwrap()
            .decorated(&mut Told::new(PresentationApi::Three, BOTH))
            .unwrap()
            .is_none()
    );
}

#[test]
fn p10_a_document_that_would_become_too_long_is_refused() {
    let of = |count: usize| {
        let pictures = vec![r#"{"type":"Image","id":"https://img.test/iiif/images/a"}"#; count].join(",");
        format!(
            r#"{{"@context":"http://iiif.io/api/presentation/3/context.json","type":"Manifest","items":[{pictures}]}}"#
        )
    };
    let (few, many) = (of(2), of(100_000));
    let services = decorated(&few, BOTH).len() - decorated(&of(1), BOTH).len();
    assert!(services * 100_000 > LONGEST, "{services}");
    let told = |text: &str| {
        let manifest = Manifest::read(text.as_bytes()).unwrap();
        manifest.decorated(&mut Told::new(PresentationApi::Three, BOTH)).map(|after| after.is_some())
    };
    assert_eq!(told(&few), Ok(true));
    assert_eq!(told(&many), Err(BadManifest::TooLong(LONGEST)));
}

#[test]
fn an_image_service_is_pointed_elsewhere_in_every_spelling_of_its_key() {
    let tell = |api| Told { moved: true, ..Told::new(api, BOTH) };
    for text in ALL {
        let (once, _) = decorated_by(text, tell);
        assert_eq!(decorated_by(&once, tell).0, once);
        let after = json_of(&once);
        for (old, new) in [
            (
                "https://images.example.org/iiif/images/book%21sub%21s1",
                "https://img.test/iiif/images2/book%21sub%21s1",
            ),
            (
                "https://img.test/iiif/images/protected%2Fletter",
                "https://img.test/iiif/images2/protected%2Fletter",
            ),
            ("https://img.test/iiif/images/open%2Flogo", "https://img.test/iiif/images2/open%2Flogo"),
        ] {
            assert!(with_id(&after, old).is_empty(), "{old}");
            assert_eq!(with_id(&after, new).len(), with_id(&json_of(text), old).len(), "{new}");
        }
    }
    let both = r#"{"@type":"sc:Manifest","service":{"@id":"https://img.test/iiif/images/a","id":"https://img.test/iiif/images/a","@type":"ImageService2"}}"#;
    let after = json_of(&decorated_by(both, tell).0);
    assert_eq!(after["service"]["id"], after["service"]["@id"]);
    assert_eq!(after["service"]["id"], "https://img.test/iiif/images2/a");
}

/// A member goes with one comma, wherever it stands, and comes back as it was.
#[test]
fn services_come_and_go_at_every_place() {
    let login = json!({"@id": "http://inside:9000/login", "profile": "http://iiif.io/api/auth/1/login"});
    let image = r#""@id":"https://img.test/iiif/images/a","@type":"ImageService2""#;
    for members in [
        format!(r#""service":{login},{image}"#),
        format!(r#"{image},"service":{login}"#),
        format!(r#"{image} , "service" : [ {login} , {login} ] , "x":1"#),
        format!(r#"{image},"s\u0065rvice":[{login}]"#),
        format!(r#"{image},"service":null"#),
        format!(r#"{image},"service":[]"#),
        image.to_owned(),
    ] {
        let text = format!(r#"{{"@type":"sc:Manifest","service":[{{{members}}}]}}"#);
        let without = decorated(&text, NONE);
        let bare = json_of(&without);
        assert!(
            matches!(bare["service"][0].get("service"), None | Some(Value::Null))
                || bare["service"][0]["service"] == json!([]),
            "{without}"
        );
        let with = decorated(&text, ONE);
        assert_eq!(services(&json_of(&with)["service"][0]), ["1"], "{with}");
    }
    let alone = format!(
        r#"{{"@type":"sc:Manifest","rendering":{{"service":{login},"@id":"https://img.test/iiif/files/open"}}}}"#
    );
    assert_eq!(
        decorated(&alone, ONE),
        r#"{"@type":"sc:Manifest","rendering":{"@id":"https://img.test/iiif/files/open"}}"#
    );
}

#[test]
fn deep_nesting_is_bounded() {
    for (open, close) in [(r#"{"items":["#, "]}"), (r#"{"service":"#, "}"), ("[", "]")] {
        let text = format!(
            r#"{{"@type":"sc:Manifest","items":{}null{}}}"#,
            open.repeat(50_000),
            close.repeat(50_000)
        );
        assert_eq!(decorated(&text, BOTH), text);
    }
}

fn any_id() -> impl Strategy<Value = Value> {
    let urls = [
        "https://img.test/iiif/images/a%2Fb",
        "https://img.test/iiif/images/open",
        "https://img.test/iiif/files/a.mp3#t=1",
        "https://elsewhere.test/x",
        "a \"quoted\" \\ id",
    ];
    prop::sample::select(urls.to_vec()).prop_map(Value::from)
}

/// Something in the shape of a manifest, with whatever else in it.
fn any_part() -> impl Strategy<Value = Value> {
    let types = [
        "ImageService2",
        "ImageService3",
        "dctypes:Image",
        "Image",
        "Video",
        "Canvas",
        "SearchService2",
        "AuthProbeService2",
        "AuthCookieService1",
    ];
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
        Just(Value::Null),
        Just(json!({"profile": "http://iiif.io/api/auth/1/login", "@id": "http://inside/login"})),
        any_id(),
    ];
    leaf.prop_recursive(5, 48, 4, move |inner| {
        let keys = ["items", "body", "service", "thumbnail", "resource", "x-own", "label"];
        let members = prop::collection::vec((prop::sample::select(keys.to_vec()), inner.clone()), 0..4);
        let id = (prop::sample::select(vec!["id", "@id"]), any_id());
        let kind = (prop::sample::select(vec!["type", "@type"]), prop::sample::select(types.to_vec()));
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
            (members, prop::option::of(id), prop::option::of(kind), any::<bool>()).prop_map(
                |(members, id, kind, is_first)| {
                    let own = id.into_iter().chain(kind.map(|(key, kind)| (key, json!(kind))));
                    let members: Vec<_> = if is_first {
                        own.chain(members).collect()
                    } else {
                        members.into_iter().chain(own).collect()
                    };
                    members
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                }
            ),
        ]
    })
}

fn any_manifest() -> impl Strategy<Value = String> {
    let contexts = prop::sample::select(vec![
        json!(PRESENTATION_3),
        json!([AUTH_2, PRESENTATION_3]),
        json!(["x", PRESENTATION_3]),
    ]);
    let three = (contexts, any_part())
        .prop_map(|(context, part)| json!({"@context": context, "type": "Manifest", "items": part}));
    let two = any_part().prop_map(|part| json!({"sequences": part, "@type": "sc:Manifest"}));
    let made = (prop_oneof![three, two], any::<bool>()).prop_map(|(document, is_pretty)| {
        if is_pretty { serde_json::to_string_pretty(&document).unwrap() } else { document.to_string() }
    });
    prop_oneof![1 => prop::sample::select(ALL.to_vec()).prop_map(str::to_owned), 4 => made]
}

fn is_auth(entry: &Value) -> bool {
    let words = |key: &str| match &entry[key] {
        Value::Array(words) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        word => word.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
    };
    ["profile", "@context"]
        .iter()
        .any(|key| words(key).iter().any(|word| word.contains("//iiif.io/api/auth/")))
        || ["type", "@type"].iter().any(|key| words(key).iter().any(|word| word.starts_with("Auth")))
}

/// The document without anything that we may write, and with one entry where an array has it alone.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter_map(|(key, value)| match key.as_str() {
                "service" => {
                    let entries = match value {
                        Value::Array(entries) => entries.clone(),
                        Value::Null => Vec::new(),
                        one => vec![one.clone()],
                    };
                    let others = entries.iter().filter(|entry| !is_auth(entry));
                    let others: Vec<Value> = others.map(bare).collect();
                    (!others.is_empty()).then(|| (key.clone(), Value::Array(others)))
                }
                "@context" => {
                    let entries = match value {
                        Value::Array(entries) => entries.clone(),
                        one => vec![one.clone()],
                    };
                    Some((key.clone(), entries.into_iter().filter(|context| context != AUTH_2).collect()))
                }
                _ => Some((key.clone(), bare(value))),
            });
            Value::Object(kept.collect())
        }
        Value::Array(entries) => entries.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            found.push(key.clone());
            keys(value, found);
        }),
        Value::Array(entries) => entries.iter().for_each(|entry| keys(entry, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn decorating_twice_is_once_and_the_last_services_count(
        text in any_manifest(),
        first in prop::sample::select(vec![BOTH, ONE, TWO, NONE]),
        second in prop::sample::select(vec![BOTH, ONE, TWO, NONE]),
    ) {
        let once = decorated(&text, first);
        prop_assert_eq!(&decorated(&once, first), &once);
        prop_assert_eq!(bare(&json_of(&decorated(&once, second))), bare(&json_of(&decorated(&text, second))));
    }

    #[test]
    fn what_is_put_in_comes_out_again_without_a_trace(text in any_manifest()) {
        // Without those of others, and in the form that comes of taking them out.
        let plain = decorated(&decorated(&text, BOTH), NONE);
        prop_assert_eq!(&decorated(&decorated(&plain, BOTH), NONE), &plain);
    }

    #[test]
    fn nothing_else_changes_and_keys_keep_their_order(text in any_manifest(), versions in prop::sample::select(vec![BOTH, ONE, TWO, NONE])) {
        let (before, after) = (bare(&json_of(&text)), bare(&json_of(&decorated(&text, versions))));
        prop_assert_eq!(&after, &before);
        let (mut before_keys, mut after_keys) = (Vec::new(), Vec::new());
        keys(&before, &mut before_keys);
        keys(&after, &mut after_keys);
        prop_assert_eq!(after_keys, before_keys);
    }
}
