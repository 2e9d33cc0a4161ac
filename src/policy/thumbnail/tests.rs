use proptest::prelude::*;

use super::*;
use crate::iiif::identifier::ImageServer;
use crate::policy::Policy;
use crate::policy::condition::Pattern;
use crate::policy::decision::{Aspects, Basis, Decision, Resource};
use crate::policy::mount::{Mount, MountKind, Origin};
use crate::policy::rule::{Operation, RuleSpec};

const NOW: u64 = 1_900_000_000;
const STAFF: u8 = 2;

fn policy() -> Policy {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    let images = Mount {
        server: ImageServer::Iipsrv,
        ..Mount::new("images", MountKind::Image, "/i/", origin.clone(), "/")
    };
    let files = Mount {
        rules: Some("images".to_owned()),
        ..Mount::new("files", MountKind::File, "/f/", origin, "/")
    };
    let login = |name: &str| AccessCondition::bare(name, Pattern::Login);
    let conditions = [
        (STAFF, AccessCondition { thumbnail_px: Some(200), ..login("staff") }),
        (3, AccessCondition { thumbnail_sizes: vec![100, 400], ..login("listed") }),
        (4, login("strict")),
        (5, AccessCondition { thumbnail_px: Some(2000), ..login("generous") }),
    ];
    let rule = |identifier: &str, names: &[&str]| RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        conditions: names.iter().map(|name| (*name).to_owned()).collect(),
        ..RuleSpec::default()
    };
    let view = |identifier: &str, name: &str| RuleSpec {
        operations: vec![Operation::View],
        ..rule(identifier, &[name])
    };
    let rules = [
        rule("staff", &["staff"]),
        rule("listed", &["listed"]),
        rule("either", &["strict", "listed", "staff"]),
        rule("strict", &["strict"]),
        rule("closed", &["closed"]),
        view("view", "staff"),
        view("generous", "generous"),
        view("public", "open"),
        RuleSpec { whole_image_px: Some(1500), ..rule("low", &["staff"]) },
    ];
    Policy::build(&[images, files], conditions, &rules).unwrap()
}

fn asked(text: &str) -> ImageRequest {
    let parts: Vec<_> = text.split('/').collect();
    ImageRequest::parse(parts[0], parts[1], parts.get(2).unwrap_or(&"0"), "default.jpg").unwrap()
}

fn is(width: u32, height: u32) -> Measure {
    Measure::Is(Dimensions::new(width, height).unwrap())
}

fn decide(policy: &Policy, identifier: &str, held: &[u8], text: &str, measure: Measure) -> Decision {
    let aspects = Aspects { held: held.iter().copied().collect(), now: NOW, ..Aspects::default() };
    policy.decide_asked(&Resource { mount: 0, identifier }, Asked::Image(asked(text), measure), &aspects)
}

fn word(policy: &Policy, identifier: &str, held: &[u8], text: &str, measure: Measure) -> &'static str {
    decide(policy, identifier, held, text, measure).basis().word()
}

#[test]
fn a_whole_image_up_to_the_bound_is_open_in_every_form_of_size() {
    let policy = policy();
    let image = is(4000, 3000);
    for open in [
        "full/200,",
        "full/,150",
        "full/200,150",
        "full/200,151",
        "full/!200,200",
        "full/!150,200",
        "full/pct:5",
        "full/^200,",
        "full/^!200,200",
        "full/^pct:5",
        "full/10,",
        "full/200,/90",
        "full/200,/!270",
        "full/200,/360",
        "square/200,",
        "square/,200",
        "square/200,200",
        "square/!200,300",
    ] {
        assert_eq!(word(&policy, "staff", &[], open, image), "thumbnail", "{open}");
    }
    for shut in [
        "full/max",
        "full/full",
        "full/^max",
        "full/201,",
        "full/,151",
        "full/,200",
        "full/200,148",
        "full/200,200",
        "full/!201,200",
        "full/!300,300",
        "full/pct:6",
        "full/200,/45",
        "full/200,/0.5",
        "square/max",
        "square/201,",
        "square/200,198",
        // digilib widens it to 240 x 180, with what is to the right of the square.
        "square/pct:6",
        "0,0,4000,3000/200,",
        "0,0,200,150/max",
        "pct:0,0,100,100/200,",
        "0,0,3999,3000/200,",
    ] {
        assert_eq!(word(&policy, "staff", &[], shut, image), "not-held", "{shut}");
    }
}

#[test]
fn a_small_image_is_open_whole_and_never_enlarged() {
    let policy = policy();
    let small = is(150, 100);
    for open in
        ["full/max", "full/full", "full/150,", "full/!200,200", "square/max", "full/pct:100", "full/^150,"]
    {
        assert_eq!(word(&policy, "staff", &[], open, small), "thumbnail", "{open}");
    }
    for shut in [
        "full/151,",
        "full/^151,",
        "full/^!200,200",
        // Servers of version 2.1 fill the box.
        "full/!300,200",
        "square/!201,201",
        "full/!2147483647,2147483647",
        "full/200,133",
        "full/pct:101",
        "full/^max",
        "square/101,",
    ] {
        assert_eq!(word(&policy, "staff", &[], shut, small), "not-held", "{shut}");
    }
}

#[test]
fn a_list_of_sizes_opens_these_and_no_other() {
    let policy = policy();
    let image = is(4000, 3000);
    for (text, open) in [
        ("full/100,", true),
        ("full/400,", true),
        ("full/400,300", true),
        ("full/!400,400", true),
        ("full/!100,300", true),
        ("full/,300", true),
        ("full/99,", false),
        ("full/200,", false),
        ("full/!200,200", false),
        ("full/401,", false),
        ("full/max", false),
    ] {
        let expected = if open { "thumbnail" } else { "not-held" };
        assert_eq!(word(&policy, "listed", &[], text, image), expected, "{text}");
    }
    // An image that is smaller than one of the list.
    let small = is(150, 100);
    for (text, expected) in [
        ("full/max", "thumbnail"),
        ("full/!400,400", "thumbnail"),
        ("full/!401,401", "not-held"),
        ("full/100,", "thumbnail"),
        ("full/120,", "not-held"),
    ] {
        assert_eq!(word(&policy, "listed", &[], text, small), expected, "{text}");
    }
}

#[test]
fn each_of_several_conditions_leaves_open_what_it_would_alone() {
    let policy = policy();
    let image = is(4000, 3000);
    for (text, expected) in [
        ("full/200,", "thumbnail"),
        ("full/400,", "thumbnail"),
        ("full/300,", "not-held"),
        ("full/401,", "not-held"),
    ] {
        assert_eq!(word(&policy, "either", &[], text, image), expected, "{text}");
    }
    for identifier in ["strict", "closed", "elsewhere"] {
        let says = word(&policy, identifier, &[], "full/!10,10", image);
        assert_eq!(says, if identifier == "strict" { "not-held" } else { "closed" }, "{identifier}");
    }
}

#[test]
fn the_dimensions_are_asked_for_where_the_form_needs_them() {
    let policy = policy();
    let needs = Decision::Refuse(Basis::SizeUnknown);
    for text in
        ["full/max", "full/200,", "full/,200", "full/200,150", "full/pct:1", "full/^!9,9", "square/!300,200"]
    {
        assert_eq!(decide(&policy, "staff", &[], text, Measure::NotAsked), needs, "{text}");
        let unavailable = word(&policy, "staff", &[], text, Measure::Unavailable);
        assert_eq!(unavailable, "not-held", "{text}");
    }
    for (text, expected) in [
        ("full/!200,200", "thumbnail"),
        ("square/!9,9", "thumbnail"),
        ("full/201,", "not-held"),
        ("full/201,10", "not-held"),
        ("full/200,/1", "not-held"),
        ("0,0,10,10/10,", "not-held"),
    ] {
        for measure in [Measure::NotAsked, Measure::Unavailable] {
            assert_eq!(word(&policy, "staff", &[], text, measure), expected, "{text}");
        }
    }
    // Nothing is left open, or nothing is forbidden: nobody needs them.
    assert_eq!(word(&policy, "strict", &[], "full/max", Measure::NotAsked), "not-held");
    assert_eq!(word(&policy, "staff", &[STAFF], "full/max", Measure::NotAsked), "held");
}

#[test]
fn who_may_only_look_gets_tiles_and_no_larger_answer() {
    let policy = policy();
    let image = is(8000, 6000);
    for (text, expected) in [
        ("0,0,512,512/512,", "held"),
        ("0,0,1024,1024/max", "held"),
        ("7000,5000,2000,2000/max", "held"),
        ("0,0,4096,4096/1024,", "held"),
        ("full/1024,", "held"),
        ("full/pct:10", "held"),
        ("full/!1024,1024", "held"),
        ("0,0,512,512/512,/45", "held"),
        ("full/max", "not-permitted"),
        ("full/1025,", "not-permitted"),
        ("full/,1024", "not-permitted"),
        ("full/^max", "not-permitted"),
        ("0,0,7999,6000/max", "not-permitted"),
        ("0,0,1025,10/max", "not-permitted"),
        ("0,0,10,100/1024,", "not-permitted"),
        ("full/pct:50", "not-permitted"),
        // digilib widens it to 2400 x 1800, the whole image.
        ("0,0,3000,3000/pct:30", "not-permitted"),
        ("7000,5000,1000,1000/pct:50", "held"),
    ] {
        assert_eq!(word(&policy, "view", &[STAFF], text, image), expected, "{text}");
        let for_everybody = if expected == "held" { "open" } else { expected };
        assert_eq!(word(&policy, "public", &[], text, image), for_everybody, "{text}");
    }
    assert_eq!(word(&policy, "low", &[STAFF], "full/1500,", image), "held");
    assert_eq!(word(&policy, "low", &[STAFF], "full/1501,", image), "not-permitted");
    // Exactly what the form leaves open is asked for; without an answer it is not had.
    for (text, not_asked, unavailable) in [
        ("0,0,512,512/512,512", "held", "held"),
        ("0,0,512,512/max", "held", "held"),
        ("0,0,512,512/512,", "size-unknown", "size-unknown"),
        ("full/2000,", "not-permitted", "not-permitted"),
    ] {
        assert_eq!(word(&policy, "view", &[STAFF], text, Measure::NotAsked), not_asked, "{text}");
        assert_eq!(word(&policy, "view", &[STAFF], text, Measure::Unavailable), unavailable, "{text}");
    }
    // Those who may not see it at all are told that, and what everybody may have they have too.
    assert_eq!(word(&policy, "view", &[], "full/max", image), "not-held");
    assert_eq!(word(&policy, "generous", &[5], "full/2000,", image), "thumbnail");
    assert_eq!(word(&policy, "generous", &[5], "full/2001,", image), "not-permitted");
}

#[test]
fn a_document_is_whole_or_not_permitted() {
    let policy = policy();
    let decide = |identifier, held: &[u8]| {
        let aspects = Aspects { held: held.iter().copied().collect(), now: NOW, ..Aspects::default() };
        policy.decide(&Resource { mount: 1, identifier }, &aspects).basis().word()
    };
    assert_eq!((decide("staff/a.pdf", &[STAFF]), decide("staff/a.pdf", &[])), ("held", "not-held"));
    // No login would help.
    assert_eq!(
        (decide("view/a.pdf", &[STAFF]), decide("view/a.pdf", &[])),
        ("not-permitted", "not-permitted")
    );
    assert_eq!(decide("public/a.pdf", &[]), "not-permitted");
    assert_eq!(decide("closed/a.pdf", &[]), "closed");
    // The tiles of the image beside it are looked at all the same.
    let aspects = Aspects { held: Conditions::only(STAFF), now: NOW, ..Aspects::default() };
    assert!(policy.decide(&Resource { mount: 0, identifier: "view/a" }, &aspects).is_allow());
}

fn request() -> impl Strategy<Value = String> {
    let region = prop_oneof![
        4 => Just("full".to_owned()),
        2 => Just("square".to_owned()),
        1 => (0_u32..900, 0_u32..900, 1_u32..900, 1_u32..900).prop_map(|(x, y, w, h)| format!("{x},{y},{w},{h}")),
        1 => Just("pct:0,0,100,100".to_owned()),
    ];
    let side = || 1_u32..450;
    let extent = prop_oneof![
        Just("max".to_owned()),
        side().prop_map(|w| format!("{w},")),
        side().prop_map(|h| format!(",{h}")),
        (side(), side()).prop_map(|(w, h)| format!("{w},{h}")),
        (side(), side()).prop_map(|(w, h)| format!("!{w},{h}")),
        (1_u32..130).prop_map(|percent| format!("pct:{percent}")),
    ];
    let rotation = prop::sample::select(vec!["0", "!0", "90", "45"]);
    (region, prop::sample::select(vec!["", "^"]), extent, rotation)
        .prop_map(|(region, up, extent, rotation)| format!("{region}/{up}{extent}/{rotation}"))
}

/// Sizes by ordinary arithmetic, for whole images and squares only.
fn naive(text: &str, width: f64, height: f64) -> Option<(f64, f64)> {
    let (region, rest) = text.split_once('/').unwrap();
    let (size, rotation) = rest.split_once('/').unwrap();
    let (width, height) = match region {
        "full" => (width, height),
        "square" => (width.min(height), width.min(height)),
        _ => return None,
    };
    if rotation == "45" || size == "^max" {
        return None;
    }
    let upscale = size.starts_with('^');
    let size = size.trim_start_matches('^');
    let number = |text: &str| text.parse::<f64>().unwrap();
    let (across, down) = if size == "max" {
        (width, height)
    } else if let Some(percent) = size.strip_prefix("pct:") {
        (width * number(percent) / 100.0, height * number(percent) / 100.0)
    } else if let Some((w, h)) = size.strip_prefix('!').and_then(|size| size.split_once(',')) {
        let scale = (number(w) / width).min(number(h) / height);
        let scale = if upscale { scale } else { scale.min(1.0) };
        (width * scale, height * scale)
    } else {
        match size.split_once(',').unwrap() {
            (w, "") => (number(w), height * number(w) / width),
            ("", h) => (width * number(h) / height, number(h)),
            (w, h) => (number(w), number(h)),
        }
    };
    Some((across / width, down / height)).filter(|(x, y)| *x <= 1.01 && *y <= 1.01).map(|_| (across, down))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn prop_a_thumbnail_shows_the_whole_within_the_bound(
        text in request(), (width, height) in (1_u32..1000, 1_u32..1000),
    ) {
        let policy = policy();
        if word(&policy, "staff", &[], &text, is(width, height)) == "thumbnail" {
            let (across, down) = naive(&text, width.into(), height.into()).expect("it is whole, upright, not enlarged");
            prop_assert!(across < 200.5 && down < 200.5, "{text} of {width} x {height}: {across} x {down}");
        }
    }

    #[test]
    fn prop_holding_more_and_knowing_more_never_loses_anything(
        text in request(),
        (width, height) in (1_u32..2000, 1_u32..2000),
        identifier in prop::sample::select(vec!["staff", "listed", "either", "strict", "closed", "view", "low", "generous", "public"]),
        held in prop::sample::subsequence(vec![STAFF, 3, 4, 5], 0..=4),
        more in prop::sample::subsequence(vec![STAFF, 3, 4, 5], 0..=4),
    ) {
        let policy = policy();
        let both = [&*held, &*more].concat();
        for measure in [is(width, height), Measure::Unavailable] {
            let less = decide(&policy, identifier, &held, &text, measure).is_allow();
            prop_assert!(!less || decide(&policy, identifier, &both, &text, measure).is_allow());
        }
        let blind = decide(&policy, identifier, &held, &text, Measure::Unavailable).is_allow();
        prop_assert!(!blind || decide(&policy, identifier, &held, &text, is(width, height)).is_allow());
        // What is said at once is what is said in the end.
        let first = decide(&policy, identifier, &held, &text, Measure::NotAsked);
        if first != Decision::Refuse(Basis::SizeUnknown) {
            prop_assert_eq!(first, decide(&policy, identifier, &held, &text, is(width, height)));
        }
    }
}
