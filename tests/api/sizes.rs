//! What the size of an answer decides: thumbnails that are open to everybody, and images of which those who may
//! see them may have no large copy.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tilegate::clock;

use crate::app::*;

const POLICY: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Staff" }
thumbnail_px = 200

[[rule]]
mount = "images"
identifier = "protected"
conditions = ["staff"]

[[rule]]
mount = "images"
identifier = "view"
conditions = ["staff"]
operations = ["view"]

[[rule]]
mount = "images"
identifier = "low"
conditions = ["staff"]
whole_image_px = 2000

[[rule]]
mount = "images"
identifier = "book.json"
conditions = ["open"]
"#;

/// The image server says that every image has 4000 x 3000 pixels.
const THUMBNAIL: &str = "/iiif/images/protected%2Fletter/full/200,/0/default.jpg";

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.import(POLICY).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    app
}

fn asked(app: &TestApp) -> Vec<String> {
    std::mem::take(&mut *app.image_server.asked.lock().unwrap())
}

/// Status and basis for a visitor with this cookie.
async fn says(app: &TestApp, uri: &str, cookie: &str) -> (u16, String) {
    let response = app.check(uri).header("Cookie", cookie).send().await.unwrap();
    let basis = response.headers()["x-tilegate-basis"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    assert!(response.bytes().await.unwrap().is_empty());
    (status, basis)
}

#[actix_web::test]
async fn u3_a_thumbnail_is_open_to_everybody_and_as_cacheable_as_what_is_open() {
    let app = start().await;
    let response = app.check(THUMBNAIL).header("Origin", "https://viewer.test").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap();
    assert_eq!(header("x-tilegate-path"), "/iiif/protected/letter/full/200,/0/default.jpg");
    assert_eq!(header("x-tilegate-basis"), "thumbnail");
    assert_eq!(header("x-tilegate-cache"), "public, max-age=3600");
    assert_eq!(header("x-tilegate-origin"), "*");
    assert_eq!(asked(&app), ["/iiif/protected/letter/info.json"]);

    for (uri, expected) in [
        (THUMBNAIL.replace("200,", "!200,200"), (200, "thumbnail")),
        (THUMBNAIL.replace("200,", ",150"), (200, "thumbnail")),
        (THUMBNAIL.replace("full/", "square/"), (200, "thumbnail")),
        (THUMBNAIL.replace("200,", "201,"), (401, "not-held")),
        (THUMBNAIL.replace("200,", ",200"), (401, "not-held")),
        (THUMBNAIL.replace("full/", "0,0,4000,3000/"), (401, "not-held")),
        (THUMBNAIL.replace("full/", "0,0,200,150/"), (401, "not-held")),
        (THUMBNAIL.replace("200,", "max"), (401, "not-held")),
        (THUMBNAIL.replace("protected", "elsewhere"), (403, "closed")),
    ] {
        assert_eq!(says(&app, &uri, "").await, (expected.0, expected.1.to_owned()), "{uri}");
    }
    assert!(asked(&app).is_empty(), "it is remembered");

    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(says(&app, THUMBNAIL, &reader.header()).await.1, "held");
    let response = app.check(THUMBNAIL).header("Cookie", reader.header()).send().await.unwrap();
    assert_eq!(
        response.headers()["x-tilegate-cache"],
        "private, no-cache",
        "the path is the same, the reason not"
    );
}

#[actix_web::test]
async fn however_many_ask_for_thumbnails_the_image_server_is_asked_once() {
    let app = start().await;
    app.image_server.waits(Duration::from_millis(200));
    let all = join_all((0..40).map(|_| says(&app, THUMBNAIL, ""))).await;
    assert!(all.iter().all(|answer| *answer == (200, "thumbnail".to_owned())), "{all:?}");
    assert_eq!(asked(&app).len(), 1);
}

#[actix_web::test]
async fn without_the_image_server_nothing_is_open_and_a_login_still_helps() {
    let app = start().await;
    for (status, body) in [(500, ""), (404, ""), (200, "no JSON"), (200, r#"{"width":0,"height":3}"#)] {
        app.image_server.answers(status, body);
        assert_eq!(says(&app, THUMBNAIL, "").await, (401, "not-held".to_owned()), "{status} {body}");
    }
    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(says(&app, THUMBNAIL, &reader.header()).await.0, 200);
    let view = "/iiif/images/view%2Fletter/0,0,512,512/512,/0/default.jpg";
    assert_eq!(says(&app, view, &reader.header()).await, (403, "size-unknown".to_owned()));
    // Nothing of that is remembered.
    app.image_server.answers(200, INFO);
    assert_eq!(says(&app, THUMBNAIL, "").await, (200, "thumbnail".to_owned()));
    assert_eq!(says(&app, view, &reader.header()).await, (200, "held".to_owned()));
}

#[actix_web::test]
async fn who_may_look_gets_no_large_copy() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for (uri, expected) in [
        ("view%2Fletter/0,0,1024,1024/1024,/0/default.jpg", (200, "held")),
        ("view%2Fletter/full/1024,/0/default.jpg", (200, "held")),
        ("view%2Fletter/full/1025,/0/default.jpg", (403, "not-permitted")),
        ("view%2Fletter/full/max/0/default.jpg", (403, "not-permitted")),
        ("view%2Fletter/0,0,3999,3000/max/0/default.jpg", (403, "not-permitted")),
        ("low%2Fletter/full/2000,/0/default.jpg", (200, "held")),
        ("low%2Fletter/full/max/0/default.jpg", (403, "not-permitted")),
    ] {
        let uri = format!("/iiif/images/{uri}");
        let expected = (expected.0, expected.1.to_owned());
        assert_eq!(says(&app, &uri, &reader.header()).await, expected, "{uri}");
    }
    assert_eq!(says(&app, "/iiif/images/view%2Fletter/full/max/0/default.jpg", "").await.0, 401);
    // The description is everybody's who may look.
    let info = app.describe("/iiif/images/view%2Fletter/info.json").header("Cookie", reader.header());
    assert_eq!(info.send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn u3_the_access_status_tells_what_may_be_done() {
    let app = start().await;
    let canvas = |name: &str| {
        let service = format!("{PUBLIC}/iiif/images/{name}%2Fletter");
        json!({
            "id": format!("https://img.test/canvas/{name}"), "type": "Canvas",
            "items": [{ "type": "AnnotationPage", "items": [{
                "type": "Annotation", "motivation": "painting",
                "body": { "id": format!("{service}/full/max/0/default.jpg"), "type": "Image",
                          "service": [{ "id": service, "type": "ImageService3", "profile": "level2" }] },
            }] }],
        })
    };
    let manifest = json!({
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": "https://img.test/iiif/manifests/book.json", "type": "Manifest", "label": { "en": ["Book"] },
        "items": [canvas("protected"), canvas("view"), canvas("low")],
    });
    let reader = Browser::logged_in(&app, READER).await;
    app.image_server.answers(200, manifest.to_string());
    let request = app
        .client
        .get(format!("{}/auth/status?manifest=https://img.test/iiif/manifests/book.json", app.address))
        .header("X-Original-Method", "GET")
        .header("X-Original-Host", "img.test")
        .header("X-Real-IP", "192.0.2.7")
        .header("Cookie", reader.header());
    let status: Value = request.send().await.unwrap().json().await.unwrap();
    let state = |place: usize| {
        let number = status["canvases"][place]["state"].as_u64().unwrap();
        status["states"][usize::try_from(number).unwrap()].clone()
    };
    assert_eq!(state(0), json!({ "status": "allowed", "operations": ["view", "whole-image"] }));
    assert_eq!(state(1), json!({ "status": "allowed", "operations": ["view"] }));
    assert_eq!(
        state(2),
        json!({ "status": "allowed", "operations": ["view", "whole-image"], "whole_image_px": 2000 })
    );
}
