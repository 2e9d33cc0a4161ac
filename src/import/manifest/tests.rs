use super::super::Names;
use super::super::parts::{self, HEADER};
use super::super::span::Span;
use super::super::testing::{conditions, mounts};
use super::*;

const THREE: &str = include_str!("../../../tests/fixtures/import/manifest/register3.json");
const TWO: &str = include_str!("../../../tests/fixtures/import/manifest/register2.json");
const PARTS: &str = include_str!("../../../tests/fixtures/import/manifest/parts.csv");
const EXPECTED: &str = include_str!("../../../tests/fixtures/import/manifest/register.expected");
const ID: &str = "https://img.test/iiif/manifests/register.json";

fn read_with(text: &str, wanted: &[Wanted], origin: &str) -> (Result<Found, PolicyFileError>, Vec<bool>) {
    let (names, mounts) = (Names::new(&conditions()), mounts());
    let ground = Ground { mounts: &mounts, public_origin: origin, names: &names, mount: None };
    let mut used = vec![false; wanted.len()];
    let found = read(text, "folder/register.json", wanted, &mut used, &ground);
    (found, used)
}

fn wanted(rows: &str) -> Vec<Wanted> {
    parts::read(rows, &Names::new(&conditions())).unwrap()
}

fn listed(found: &Found) -> String {
    let lines = found.rules.iter().map(|rule| {
        let Span { from, until } = Span::of(rule);
        let from = from.map(|day| format!(" from {day}")).unwrap_or_default();
        let until = until.map(|day| format!(" until {day}")).unwrap_or_default();
        format!("{} {} {}{until}{from}\n", rule.mount, rule.identifier, rule.conditions.join("|"))
    });
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn u3_both_versions_come_to_the_images_that_are_expected() {
    for text in [THREE, TWO] {
        let (found, used) = read_with(text, &wanted(PARTS), "https://img.test");
        let found = found.unwrap();
        assert_eq!(listed(&found), EXPECTED);
        assert_eq!(
            found.remarks,
            ["1 resource is not ours and gets no rule: https://elsewhere.example.org/iiif/register-5"]
        );
        assert!(used.iter().all(|used| *used));
        assert_eq!(found.rules[2].note, "names of patients");
    }
}

#[test]
fn a_manifest_that_digilib_made_is_read_as_digilib_reads_its_names() {
    let digilib = [
        include_str!("../../../tests/fixtures/digilib-2.13-manifest2.json"),
        include_str!("../../../tests/fixtures/digilib-2.13-manifest3.json"),
    ];
    for text in digilib {
        let text = text.replace("/iiif/images/", "/scans/");
        let (found, _) =
            read_with(&text, &wanted(&format!("{HEADER}\n,,staff,,,\n")), "https://images.example.org");
        assert_eq!(listed(&found.unwrap()), "scans book/sub/s1 staff\nscans book/sub/s2 staff\n");
    }
}

#[test]
fn an_image_that_is_painted_twice_has_the_stricter() {
    let text = THREE.replace("register%2F001.tif", "register%2F006.tif");
    let (found, _) = read_with(&text, &wanted(PARTS), "https://img.test");
    assert!(listed(&found.unwrap()).starts_with("images register/006.tif closed\nimages register/002.tif"));
    // Whichever comes first.
    let rows = format!("{HEADER}\n,,open,,,\n,{ID}/canvas/1,closed,,,\n");
    let (found, _) = read_with(&text, &wanted(&rows), "https://img.test");
    assert!(
        listed(&found.unwrap()).starts_with("images register/006.tif closed\nimages register/002.tif open")
    );
}

/// A manifest of version 3 with these canvases (ID, type, image) and these ranges.
fn odd(canvases: &[(Option<&str>, &str, &str)], ranges: &serde_json::Value) -> String {
    let canvas = |(id, kind, image): &(Option<&str>, &str, &str)| {
        let image = format!("https://img.test/iiif/images/{image}");
        serde_json::json!({ "id": id, "type": kind, "items": [{ "items": [{ "body": {
            "id": format!("{image}/full/max/0/default.jpg"), "service": [{ "id": image, "type": "ImageService3" }] } }] }] })
    };
    serde_json::json!({ "@context": "http://iiif.io/api/presentation/3/context.json", "id": "m", "type": "Manifest",
        "items": canvases.iter().map(canvas).collect::<Vec<_>>(), "structures": ranges })
    .to_string()
}

#[test]
fn u3_a_range_means_every_canvas_of_the_id_that_it_names() {
    let range =
        serde_json::json!([{ "id": "r", "type": "Range", "items": [{ "id": "c", "type": "Canvas" }] }]);
    let text =
        odd(&[(Some("c"), "Canvas", "a"), (Some("c"), "Canvas", "b"), (Some("d"), "Canvas", "e")], &range);
    let rows = wanted(&format!("{HEADER}\n,,open,,,\n,r,closed,,,\n"));
    let found = read_with(&text, &rows, "https://img.test").0.unwrap();
    assert_eq!(listed(&found), "images a closed\nimages b closed\nimages e open\n");
}

#[test]
fn u3_a_range_without_a_canvas_is_a_fault_and_not_what_the_whole_has() {
    // As version 2 names canvases, in a manifest of version 3.
    let range = serde_json::json!([{ "id": "r", "type": "Range", "canvases": ["c"] }]);
    let rows = wanted(&format!("{HEADER}\n,,open,,,\n,r,closed,,,\n"));
    let text = odd(&[(Some("c"), "Canvas", "a")], &range);
    let error = read_with(&text, &rows, "https://img.test").0.unwrap_err().to_string();
    assert!(error.contains("the range or canvas \"r\" names no canvas of the manifest"), "{error}");
}

#[test]
fn images_of_canvases_that_are_not_understood_are_told() {
    let text = odd(
        &[(Some("c"), "Canvas", "a"), (None, "Canvas", "b"), (Some("d"), "sc:Canvas", "e")],
        &serde_json::json!([]),
    );
    let rows = wanted(&format!("{HEADER}\n,,staff,,,\n"));
    let found = read_with(&text, &rows, "https://img.test").0.unwrap();
    assert_eq!(listed(&found), "images a staff\n");
    assert!(found.remarks[0].starts_with("2 images stand where they are not read"), "{:?}", found.remarks);
    assert!(found.remarks[0].ends_with("get no rule: b, e"), "{:?}", found.remarks);
}

#[test]
fn parts_that_are_not_there_and_images_that_are_not_ours_are_told() {
    let (found, used) = read_with(
        THREE,
        &wanted(&format!(
            "{HEADER}\nregister.json,{ID}/range/maps,staff,,,\n,{ID}/range/gone,staff,,,\nother.json,,open,,,\n"
        )),
        "https://img.test",
    );
    let found = found.unwrap();
    assert_eq!(used, [true, false, false]);
    assert_eq!(listed(&found), "images register/004.tif staff\nimages register/005.tif staff\n");
    assert!(
        found.remarks[1].starts_with("5 images have no condition here and get no rule, such as"),
        "{:?}",
        found.remarks
    );
    let error = |text: &str, rows: &str, origin: &str| {
        read_with(text, &wanted(&format!("{HEADER}\n{rows}\n")), origin).0.unwrap_err().to_string()
    };
    assert!(error(THREE, "other.json,,open,,,", "https://img.test").contains("no condition is given"));
    let foreign = error(THREE, ",,open,,,", "https://other.test");
    assert!(
        foreign.contains("8 resources, such as https://img.test/iiif/images/register%2F001.tif"),
        "{foreign}"
    );
    assert!(error("{\n\"a\": }", ",,open,,,", "https://img.test").starts_with("line 2: this is not JSON"));
    assert!(error("{}", ",,open,,,", "https://img.test").contains("no manifest"));
    let collection = r#"{"@context":"http://iiif.io/api/presentation/3/context.json","id":"c","type":"Collection","items":[]}"#;
    assert!(error(collection, ",,open,,,", "https://img.test").contains("no image with a condition"));
    let deep = "[".repeat(100_000);
    assert!(error(&deep, ",,open,,,", "https://img.test").contains("not JSON"));
}
