//! Substitutes: what a condition leaves open of an image that it locks.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tilegate::clock;

use crate::app::*;

const POLICY: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Reading room of Example Archive" }
error_heading = { en = "Readers only" }
error_note = { en = "Ask at the desk." }
substitute_px = 800

[[condition]]
name = "clinical"
pattern = "login"
label = { en = "Clinical images of Example Archive" }

[[rule]]
mount = "images"
identifier = "open"
conditions = ["open"]

[[rule]]
mount = "images"
identifier = "protected"
conditions = ["staff"]

[[rule]]
mount = "images"
identifier = "protected/ward"
conditions = ["clinical"]
"#;

// The image server says that every image has 4000 x 3000 pixels: at 1/8 it is 500 x 375.
const LOW: &str = "https://img.test/iiif/images/substitute-8~protected%2Fletter";
const LOW_INFO: &str = "/iiif/images/substitute-8~protected%2Fletter/info.json";
const LOW_TILE: &str = "/iiif/images/substitute-8~protected%2Fletter/256,0,244,256/244,/0/default.jpg";
const WARD_INFO: &str = "/iiif/images/protected%2Fward/info.json";
const PROBE: &str = "/auth/v2/probe/images/protected%2Fletter";
const VIEWER: &str = "https://viewer.test";

/// A service whose image mount has these words besides, and the one that has its database.
async fn start(words: &str, more: &[(&str, &str)]) -> (TestApp, TestApp) {
    let app = TestApp::start_with(more).await;
    app.import(POLICY).await;
    let mount = format!("image /iiif/images/ {}/iiif/ server=iipsrv {words}", app.image_server.url);
    let replica = app.replica(&[&[("TILEGATE_MOUNT_IMAGES", mount.as_str())], more].concat()).await;
    replica.context.live.refresh(clock::now()).await.unwrap();
    (replica, app)
}

fn asked(app: &TestApp) -> Vec<String> {
    std::mem::take(&mut *app.image_server.asked.lock().unwrap())
}

fn assert_cors(response: &reqwest::Response) {
    let all: Vec<_> = response.headers().get_all("access-control-allow-origin").iter().collect();
    assert_eq!(all, ["*"], "X-01");
}

async fn described(app: &TestApp, uri: &str, expected: u16) -> Value {
    let response = app.describe(uri).header("Origin", VIEWER).send().await.unwrap();
    assert_eq!(response.status(), expected, "{uri}");
    assert_cors(&response);
    response.json().await.unwrap()
}

async fn probed(app: &TestApp, probe: &str, bearer: &str) -> Value {
    let request = app.nginx(reqwest::Method::GET, "/auth/v2/probe/x", probe);
    let response = request.header("Authorization", bearer).header("Origin", VIEWER).send().await.unwrap();
    assert_eq!(response.status(), 200, "A2-43");
    assert_cors(&response);
    response.json().await.unwrap()
}

async fn token_2(app: &TestApp, browser: &mut Browser) -> String {
    let page = browser.get(app, "/auth/v2/token?messageId=1&origin=https://viewer.test").await;
    let page = page.text().await.unwrap();
    let (_, rest) = page.split_once(r#""accessToken":""#).expect("a token");
    format!("Bearer {}", rest.split('"').next().unwrap())
}

// -- Tiles ----------------------------------------------------------------------------------

#[actix_web::test]
async fn p12_a_tile_of_the_substitute_is_a_part_of_the_image_for_everybody() {
    let (app, _store) = start("", &[]).await;
    let reader = Browser::logged_in(&app, READER).await;
    for cookie in [String::new(), reader.header(), "__Host-tilegate_access=nonsense".to_owned()] {
        let response = app.check(LOW_TILE).header("Cookie", cookie).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let header = |name: &str| response.headers()[name].to_str().unwrap();
        assert_eq!(
            header("x-tilegate-path"),
            "/iiif/protected/letter/2048,0,1952,2048/244,256/0/default.jpg"
        );
        assert_eq!(header("x-tilegate-basis"), "substitute");
        assert_eq!(header("x-tilegate-cache"), "public, max-age=3600", "as open as what is open");
        assert!(response.bytes().await.unwrap().is_empty());
    }
    assert_eq!(asked(&app), ["/iiif/protected/letter/info.json"], "once");
    assert_eq!(app.check(LOCKED_TILE).send().await.unwrap().status(), 401, "the image itself stays locked");
}

#[actix_web::test]
async fn what_is_not_of_the_pyramid_is_refused() {
    let (app, _store) = start("", &[]).await;
    for uri in [
        LOW_TILE.replace("/244,/", "/243,/"),
        LOW_TILE.replace("/244,/", "/%5E488,/"),
        LOW_TILE.replace("/244,/", "/,256/"),
        LOW_TILE.replace("256,0,244,256", "255,0,244,256"),
        LOW_TILE.replace("256,0,244,256", "256,0,256,256"),
        LOW_TILE.replace("256,0,244,256", "2048,0,1952,2048"),
        LOW_TILE.replace("/0/", "/90/"),
        LOW_TILE.replace("/0/", "/!0/"),
        LOW_TILE.replace(".jpg", ".png"),
        LOW_TILE.replace("default.", "gray."),
        LOW_TILE.replace("-8~", "-2~"),
        LOW_TILE.replace("-8~", "-4~"),
        LOW_TILE.replace("-8~", "-16~"),
        LOW_TILE.replace("-8~", "-9~"),
        LOW_TILE.replace("protected%2Fletter", "open%2Fharbour"),
        LOW_TILE.replace("protected%2Fletter", "elsewhere"),
        LOW_TILE.replace("protected%2Fletter", "protected%2Fward%2F1"),
        LOW_INFO.to_owned(),
        LOW_INFO.replace("/info.json", ""),
    ] {
        let response = app.check(&uri).send().await.unwrap();
        assert_eq!(response.status(), 403, "{uri}");
        assert!(response.headers().get("x-tilegate-path").is_none(), "{uri}");
        assert!(response.bytes().await.unwrap().is_empty(), "{uri}");
    }
}

#[actix_web::test]
async fn however_many_ask_the_image_server_is_asked_once() {
    let (app, _store) = start("", &[]).await;
    app.image_server.waits(Duration::from_millis(300));
    let answers = join_all((0..20).map(|_| app.check(LOW_TILE).send())).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().status() == 200));
    assert_eq!(asked(&app).len(), 1);
}

#[actix_web::test]
async fn a_description_that_is_fetched_anyway_tells_the_size_too() {
    let (app, _store) = start("", &[]).await;
    described(&app, LOCKED_INFO, 401).await;
    assert_eq!(asked(&app).len(), 1);
    assert_eq!(app.check(LOW_TILE).send().await.unwrap().status(), 200);
    described(&app, LOW_INFO, 200).await;
    probed(&app, PROBE, "").await;
    assert_eq!(asked(&app), [""; 0]);
}

#[actix_web::test]
async fn p10_without_an_answer_of_the_image_server_nothing_is_open_and_nothing_is_remembered() {
    let (app, _store) = start("", &[]).await;
    for (status, body) in [
        (404, ""),
        (500, ""),
        (200, ""),
        (200, "{}"),
        (200, r#"{"@context":"http://iiif.io/api/image/2/context.json","width":0,"height":1}"#),
        (200, r#"{"@context":"http://iiif.io/api/image/2/context.json","width":4294967295,"height":1}"#),
    ] {
        app.image_server.answers(status, body);
        let response = app.check(LOW_TILE).send().await.unwrap();
        assert_eq!(response.status(), 403, "{status} {body}");
        assert_eq!(response.headers()["x-tilegate-basis"], "size-unknown");
        let expected = if status == 404 { 404 } else { 502 };
        described(&app, LOW_INFO, expected).await;
        let result = probed(&app, PROBE, "").await;
        assert_eq!((&result["status"], result.get("substitute")), (&json!(401), None));
    }
    app.image_server.answers(200, INFO);
    assert_eq!(app.check(LOW_TILE).send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn where_nothing_is_left_open_the_image_server_is_not_asked() {
    let (app, _store) = start("", &[]).await;
    for name in ["open%2Fharbour", "elsewhere", "protected%2Fward"] {
        assert_eq!(
            app.check(&LOW_TILE.replace("protected%2Fletter", name)).send().await.unwrap().status(),
            403
        );
        described(&app, &LOW_INFO.replace("protected%2Fletter", name), 403).await;
    }
    assert_eq!(asked(&app), [""; 0]);
}

#[actix_web::test]
async fn a_changed_policy_counts_for_what_is_known_already() {
    let (app, _store) = start("", &[]).await;
    assert_eq!(app.check(LOW_TILE).send().await.unwrap().status(), 200);
    app.import(&POLICY.replace("substitute_px = 800", "substitute_px = 300")).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.check(LOW_TILE).send().await.unwrap().status(), 403);
    assert_eq!(described(&app, &LOW_INFO.replace("-8~", "-16~"), 200).await["width"], 250);
    app.import(&POLICY.replace("substitute_px = 800", "")).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    described(&app, &LOW_INFO.replace("-8~", "-16~"), 403).await;
}

// -- info.json ------------------------------------------------------------------------------

#[actix_web::test]
async fn a1_41_the_description_is_a_level_0_service_of_its_own_name() {
    let (app, _store) = start("", &[]).await;
    let info = described(&app, LOW_INFO, 200).await;
    assert_eq!(info["@id"], LOW, "A1-41, X-15");
    assert_eq!((&info["width"], &info["height"]), (&json!(500), &json!(375)));
    assert_eq!(info["sizes"], json!([{ "width": 250, "height": 188 }, { "width": 500, "height": 375 }]));
    assert_eq!(info["tiles"], json!([{ "width": 256, "height": 256, "scaleFactors": [1, 2] }]));
    assert_eq!(info["profile"], json!(["http://iiif.io/api/image/2/level0.json"]));
    assert!(info.get("service").is_none(), "A2-48, A2-49: it is open, and needs no probe");
    let response = app.describe(LOW_INFO).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
    assert_eq!(response.headers()["content-type"], "application/json", "A1-55");

    // As it was typed, and where a bare name leads.
    let typed = LOW_INFO.replace('~', "%7E");
    assert_eq!(described(&app, &typed, 200).await["@id"], LOW.replace('~', "%7E"), "X-15");
    let bare = app.describe(&LOW_INFO.replace("/info.json", "")).send().await.unwrap();
    assert_eq!(
        (bare.status().as_u16(), bare.headers()["location"].to_str().unwrap()),
        (303, &*format!("{LOW}/info.json"))
    );
    assert_cors(&bare);
    // A tile is not for this door.
    described(&app, LOW_TILE, 403).await;
}

#[actix_web::test]
async fn a1_43_x01_version_1_alone_sends_who_may_not_see_the_image_to_its_substitute() {
    let (app, _store) = start("iiif_auth=1", &[]).await;
    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    let token = nobody.token(&app).await;
    for bearer in ["", "Bearer BAD", &format!("Bearer {token}")] {
        let request = app.describe(LOCKED_INFO).header("Origin", VIEWER).header("Authorization", bearer);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 302, "A1-43: {bearer}");
        assert_eq!(response.headers()["location"], format!("{LOW}/info.json"), "A1-43");
        assert_eq!(response.headers()["cache-control"], "no-store", "A1-43");
        assert_cors(&response);
        assert!(response.bytes().await.unwrap().is_empty());
    }
    let info = described(&app, LOW_INFO, 200).await;
    assert_eq!(info["@id"], LOW, "A1-43");
    assert_eq!(info["service"][0]["@id"], "https://img.test/auth/iiif-login", "A1-43: the image's login");
    assert_eq!(info["service"].as_array().unwrap().len(), 1);

    let mut reader = Browser::logged_in(&app, READER).await;
    let token = reader.token(&app).await;
    let response = app.describe(LOCKED_INFO).header("Authorization", format!("Bearer {token}"));
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), 200, "A1-40");
    let info: Value = response.json().await.unwrap();
    assert_eq!(
        (&info["width"], &info["@id"]),
        (&json!(4000), &json!(LOW.replace("substitute-8~", ""))),
        "A1-41"
    );
    let response =
        app.describe(LOW_INFO).header("Authorization", format!("Bearer {token}")).send().await.unwrap();
    assert_eq!(response.status(), 200, "whoever may see the image gets the same substitute");
}

#[actix_web::test]
async fn a1_44_without_a_substitute_it_stays_401() {
    let (app, _store) = start("iiif_auth=1", &[]).await;
    assert_eq!(described(&app, WARD_INFO, 401).await["@id"], "https://img.test/iiif/images/protected%2Fward");
    // What nobody may see, and what everybody may.
    described(&app, "/iiif/images/elsewhere/info.json", 403).await;
    described(&app, "/iiif/images/open%2Fharbour/info.json", 200).await;
    // Of what does not exist there is no smaller one.
    app.image_server.answers(404, "");
    described(&app, "/iiif/images/protected%2Fnone/info.json", 404).await;
    app.image_server.answers(500, "");
    described(&app, "/iiif/images/protected%2Fnone/info.json", 502).await;
}

#[actix_web::test]
async fn where_version_2_is_spoken_nobody_is_sent_anywhere() {
    for (words, status) in [("iiif_auth=1,2", 401), ("iiif_auth=2", 200)] {
        let (app, _store) = start(words, &[]).await;
        let info = described(&app, LOCKED_INFO, status).await;
        assert_eq!(info["width"], 4000, "{words}: the whole document");
        assert!(described(&app, LOW_INFO, 200).await.get("service").is_none(), "{words}");
    }
}

#[actix_web::test]
async fn t8_with_conceal_an_image_that_does_not_exist_still_answers_401() {
    let (app, _store) = start("iiif_auth=1", &[("TILEGATE_CONCEAL", "true")]).await;
    assert_eq!(
        app.describe(LOCKED_INFO).send().await.unwrap().status(),
        302,
        "what is left open is no secret"
    );
    let info = described(&app, WARD_INFO, 401).await;
    assert!(info.get("width").is_none());
    app.image_server.answers(404, "");
    let info = described(&app, "/iiif/images/protected%2Fnone/info.json", 401).await;
    assert!(info.get("width").is_none() && info["service"].is_array());
}

// -- The probe ------------------------------------------------------------------------------

#[actix_web::test]
async fn a2_46_to_a2_50_the_probe_names_the_substitute_to_whom_the_image_is_denied() {
    for words in ["", "iiif_auth=2"] {
        let (app, _store) = start(words, &[]).await;
        let result = probed(&app, PROBE, "").await;
        assert_eq!(result["status"], 401, "A2-47");
        assert_eq!(result["substitute"], json!([{ "id": LOW, "type": "ImageService2" }]), "A2-47");
        assert_eq!(result["heading"], json!({ "en": ["Readers only"] }), "A2-53");
        assert_eq!(result["note"], json!({ "en": ["Ask at the desk."] }), "A2-53");
        assert!(result.get("location").is_none(), "A2-50");
        // It has no services, so the prober may have it.
        let info = described(&app, LOW_INFO, 200).await;
        assert!(info.get("service").is_none(), "A2-49");
        let tile = app.check(LOW_TILE).send().await.unwrap();
        assert_eq!(tile.status(), 200, "A2-48");

        let mut reader = Browser::logged_in(&app, READER).await;
        let token = token_2(&app, &mut reader).await;
        let result = probed(&app, PROBE, &token).await;
        assert_eq!((&result["status"], result.get("substitute")), (&json!(200), None), "A2-46");
        assert!(result.get("location").is_none(), "A2-50");
        let mut nobody = Browser::logged_in(&app, NOBODY).await;
        let token = token_2(&app, &mut nobody).await;
        assert!(probed(&app, PROBE, &token).await["substitute"].is_array(), "A2-47");

        // Without one, and where no login helps.
        for (name, status) in [("protected%2Fward", 401), ("elsewhere", 403), ("open%2Fharbour", 200)] {
            let result = probed(&app, &PROBE.replace("protected%2Fletter", name), "").await;
            assert_eq!((&result["status"], result.get("substitute")), (&json!(status), None), "{name}");
        }
        // A substitute needs no probe and has none.
        let own = PROBE.replace("protected", "substitute-8~protected");
        assert_eq!(probed(&app, &own, "").await["status"], 404, "A2-49");
    }
}

#[actix_web::test]
async fn a2_47_the_type_is_that_of_the_image_server_and_the_name_as_it_was_typed() {
    let (app, _store) = start("iiif_auth=2", &[]).await;
    app.image_server.answers(
        200,
        r#"{"@context":"http://iiif.io/api/image/3/context.json","id":"http://inside/x","type":"ImageService3","protocol":"http://iiif.io/api/image","width":4000,"height":3000,"profile":"level2"}"#,
    );
    let result = probed(&app, "/auth/v2/probe/images/protected/%6Cetter", "").await;
    let id = "https://img.test/iiif/images/substitute-8~protected/%6Cetter";
    assert_eq!(result["substitute"], json!([{ "id": id, "type": "ImageService3" }]));
    let info = described(&app, "/iiif/images/substitute-8~protected/%6Cetter/info.json", 200).await;
    assert_eq!(
        (&info["id"], &info["type"], &info["profile"]),
        (&json!(id), &json!("ImageService3"), &json!("level0"))
    );
    assert_eq!(info["@context"], "http://iiif.io/api/image/3/context.json");
}
