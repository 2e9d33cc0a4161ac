//! The access status through real NGINX: its size on the line, and whose cookie counts.

use std::fs;

use serde_json::{Value, json};

use crate::service::{Service, log_in, prepare};
use crate::site::{HOST, Site};

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }

    [[condition]]
    name = "terms"
    pattern = "clickthrough"
    label = { en = "Terms of use" }
    heading = { en = "Terms" }
    note = { en = "Be kind." }

    [[rule]]
    mount = "manifests"
    identifier = ""
    conditions = ["open"]

    [[rule]]
    mount = "images"
    identifier = "odd"
    conditions = ["staff", "terms"]

    [[rule]]
    mount = "images"
    identifier = "even"
    conditions = ["open"]
"#;

const CANVASES: usize = 1000;

/// A book whose pages stand differently in no simple order.
fn book() -> Value {
    let canvas = |number: usize| {
        let folder = if number % 7 % 3 == 1 { "odd" } else { "even" };
        let service = format!("https://{HOST}/iiif/images/{folder}%2Fms-1931-{number:04}.tif");
        json!({
            "id": format!("https://{HOST}/iiif/manifests/book.json/canvas/{number}"), "type": "Canvas",
            "items": [{ "type": "AnnotationPage", "items": [{ "type": "Annotation", "body": {
                "type": "Image", "id": format!("{service}/full/max/0/default.jpg"),
                "service": [{ "id": service, "type": "ImageService3" }],
            } }] }],
        })
    };
    json!({
        "@context": "http://iiif.io/api/presentation/3/context.json", "type": "Manifest",
        "id": format!("https://{HOST}/iiif/manifests/book.json"),
        "items": (0..CANVASES).map(canvas).collect::<Vec<_>>(),
    })
}

pub fn start() -> (Service, Site) {
    let prepared = prepare();
    let folder = prepared.plan.folder().join("manifests");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("book.json"), book().to_string()).unwrap();
    let typed = format!("manifest /iiif/manifests/ file://{}/", folder.display());
    prepared
        .mount("MANIFESTS", &typed)
        .mount("IMAGES", "image /iiif/images/ http://127.0.0.1:9/iiif/ server=iipsrv")
        .start(POLICY)
}

fn path() -> String {
    format!("/auth/status?manifest=https%3A%2F%2F{HOST}%2Fiiif%2Fmanifests%2Fbook.json")
}

#[test]
fn u3_at_most_60_bytes_a_canvas_reach_the_viewer() {
    let (_service, site) = start();
    let packed = site.ask("GET", &path(), &[("Accept-Encoding", "gzip"), ("Origin", "https://viewer.test")]);
    assert_eq!(packed.status, 200);
    assert_eq!(packed.header("Content-Encoding"), Some("gzip"));
    assert_eq!(packed.all("Cache-Control"), ["private, no-store"], "X-04");
    assert_eq!(packed.all("Access-Control-Allow-Origin"), ["*"], "X-01");
    assert!(packed.body.len() <= 60 * CANVASES, "{} bytes for {CANVASES} canvases", packed.body.len());

    let plain = site.get(&path());
    let answer: Value = serde_json::from_slice(&plain.body).unwrap();
    assert_eq!(answer["canvases"].as_array().unwrap().len(), CANVASES);
    println!("{} bytes plain, {} packed", plain.body.len(), packed.body.len());
}

#[test]
fn the_cookie_of_a_login_and_of_accepted_terms_count() {
    let (_service, site) = start();
    let allowed = |cookie: &str| {
        let reply = site.ask("GET", &path(), &[("Cookie", cookie)]);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        let states = answer["states"].as_array().unwrap().clone();
        let canvases = answer["canvases"].as_array().unwrap().clone();
        let word = |canvas: &Value| {
            states[usize::try_from(canvas["state"].as_u64().unwrap()).unwrap()]["status"].clone()
        };
        canvases.iter().filter(|canvas| word(canvas) == "allowed").count()
    };
    let some = allowed("");
    assert!(some > 0 && some < CANVASES);
    assert_eq!(allowed(&log_in(&site)), CANVASES);
    let accepted = site.ask("GET", "/auth/iiif-clickthrough/terms", &[("Sec-Fetch-Dest", "document")]);
    assert_eq!(accepted.status, 200, "A1-16");
    let cookie = accepted.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(allowed(&cookie), CANVASES);
    // S13: an image that some page shows accepts nothing.
    let image = site.ask("GET", "/auth/iiif-clickthrough/terms", &[("Sec-Fetch-Dest", "image")]);
    assert_eq!((image.status, image.header("Set-Cookie")), (403, None));
}
