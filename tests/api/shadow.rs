//! A mount in dry run: everybody gets what needs a login otherwise, and is told so by nobody but the administration.

use serde_json::Value;
use tilegate::clock;
use tilegate::store::AccountChange;

use crate::admin::read;
use crate::app::*;

const PROBE: &str = "/auth/v2/probe/images/protected%2Fletter";

/// A day in some days, so that no test meets its midnight.
fn some_day() -> String {
    let seconds = i64::try_from(clock::now() + 5 * 86_400).unwrap();
    jiff::Timestamp::from_second(seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// The image mount is tried out until then; the manifests, which share its rules, are not.
async fn start_until(day: &str) -> TestApp {
    let images = format!("image /iiif/images/ http://127.0.0.1:9/iiif/ server=iipsrv shadow={day}");
    TestApp::start_with(&[("TILEGATE_MOUNT_IMAGES", &images)]).await
}

/// The same with an image server that answers; first the replica whose database it is.
async fn start() -> (TestApp, TestApp) {
    let app = TestApp::start().await;
    let images =
        format!("image /iiif/images/ {}/iiif/ server=iipsrv shadow={}", app.image_server.url, some_day());
    let tried = app.replica(&[("TILEGATE_MOUNT_IMAGES", &images)]).await;
    (app, tried)
}

async fn counted(app: &TestApp) -> String {
    let metrics =
        app.client.get(format!("{}/metrics", app.address)).send().await.unwrap().text().await.unwrap();
    let line = metrics.lines().find(|line| line.starts_with("tilegate_shadowed_total "));
    line.expect("a counter").rsplit(' ').next().unwrap().to_owned()
}

#[actix_web::test]
async fn n18_a_tile_that_a_login_would_open_is_given_and_no_shared_cache_may_keep_it() {
    let (_enforced, app) = start().await;
    for (uri, status, basis, cache) in [
        (OPEN_TILE, 200, "open", "public, max-age=3600"),
        (LOCKED_TILE, 200, "shadow", "private, no-cache"),
        (CLOSED_TILE, 403, "closed", "no-store"),
        ("/iiif/images/protected%2F..%2Fletter/full/max/0/default.jpg", 403, "parent-segment", "no-store"),
    ] {
        let response = app.check(uri).send().await.unwrap();
        assert_eq!(response.status(), status, "{uri}");
        assert_eq!(response.headers()["x-tilegate-basis"], basis, "{uri}");
        assert_eq!(response.headers()["x-tilegate-cache"], cache, "{uri}");
        assert_eq!(response.headers().contains_key("x-tilegate-path"), status == 200, "{uri}");
    }
    assert_eq!(counted(&app).await, "1");
    // Whoever is logged in is judged as ever.
    for (person, basis) in [(READER, "held"), (NOBODY, "shadow")] {
        let browser = Browser::logged_in(&app, person).await;
        let response = app.check(LOCKED_TILE).header("Cookie", browser.header()).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["x-tilegate-basis"]),
            (200, &basis.parse().unwrap())
        );
        assert_eq!(app.tile(CLOSED_TILE, &browser).await, 403);
    }
    assert_eq!(counted(&app).await, "2");
}

#[actix_web::test]
async fn a1_38_a2_45_description_and_probe_say_what_the_tiles_do() {
    let (_enforced, app) = start().await;
    let response = app.describe(LOCKED_INFO).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    let info: Value = response.json().await.unwrap();
    assert_eq!(info["width"], 4000);
    assert!(info.get("service").is_none(), "nobody needs to log in: {info}");
    let probe: Value =
        app.nginx(reqwest::Method::GET, PROBE, PROBE).send().await.unwrap().json().await.unwrap();
    assert_eq!(probe["status"], 200, "{probe}");
    assert_eq!(app.describe("/iiif/images/elsewhere/info.json").send().await.unwrap().status(), 403);
    let manifest = "/iiif/manifests/protected/book.json";
    let manifest = app.manifest(&reqwest::Method::GET, "manifests", manifest).send().await.unwrap();
    assert_eq!(manifest.status(), 401, "the mount that shares the rules is protected");
}

/// The access status: allowed, until the dry run is over.
#[actix_web::test]
async fn the_access_status_says_until_when() {
    let (_enforced, app) = start().await;
    let manifest = format!("{PUBLIC}/iiif/manifests/open/book.json");
    let image = format!("{PUBLIC}{LOCKED_TILE}");
    let body = serde_json::json!({ "id": image, "type": "Image" });
    let page = serde_json::json!({ "type": "AnnotationPage", "items": [{ "type": "Annotation", "motivation": "painting", "body": body }] });
    let document = serde_json::json!({
        "@context": "http://iiif.io/api/presentation/3/context.json", "id": manifest, "type": "Manifest", "label": {},
        "items": [{ "id": format!("{manifest}/canvas/1"), "type": "Canvas", "items": [page] }],
    });
    app.image_server.answers(200, document.to_string());
    let path = format!("/auth/status?manifest={}", manifest.replace('/', "%2F").replace(':', "%3A"));
    let response = app.nginx(reqwest::Method::GET, &path, &path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let status: Value = response.json().await.unwrap();
    let state = status["canvases"][0]["resources"][0]["state"].as_u64().unwrap();
    let state = &status["states"][usize::try_from(state).unwrap()];
    assert_eq!(state["status"], "allowed", "{status}");
    assert_eq!(state["until"], format!("{}T00:00:00Z", some_day()).as_str(), "{status}");
}

#[actix_web::test]
async fn once_its_day_has_come_a_mount_is_protected() {
    let app = start_until("2001-02-03").await;
    assert_eq!(app.check(LOCKED_TILE).send().await.unwrap().status(), 401);
    assert_eq!(app.check(OPEN_TILE).send().await.unwrap().status(), 200);
    assert_eq!(counted(&app).await, "0");
    assert!(!overview(&app, "/auth/admin/").await.1.contains("Dry run"));
}

async fn overview(app: &TestApp, path: &str) -> (u16, String) {
    let chief = ("chief", "a long password of the chief");
    if app.context.store.accounts().await.unwrap().iter().all(|account| account.username.as_str() != chief.0)
    {
        app.account(chief, &[]).await;
        app.change(chief.0, AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
    }
    let response = Browser::logged_in(app, chief).await.get(app, path).await;
    (response.status().as_u16(), response.text().await.unwrap())
}

#[actix_web::test]
async fn s16_every_page_of_the_administration_says_what_is_not_protected_and_until_when() {
    let (_enforced, app) = start().await;
    let why = format!("/auth/admin/explain?url={LOCKED_TILE}");
    for (path, status) in
        [("/auth/admin/", 200), ("/auth/admin/nothing", 404), ("/auth/admin/upcoming", 200), (&*why, 200)]
    {
        let (got, page) = overview(&app, path).await;
        assert_eq!(got, status, "{path}");
        assert!(page.contains(r#"role="alert""#), "{path}: {page}");
        let text = read(&page);
        for words in [
            "Dry run: a mount is not protected".to_owned(),
            format!("The mount images is in dry run until {} , 0:00 UTC", some_day()),
            "take shadow= out of TILEGATE_MOUNT_IMAGES".to_owned(),
        ] {
            assert!(text.contains(&words), "{path}: {words}: {text}");
        }
        assert!(!page.contains(&app.image_server.url), "{path}: no way around the check");
        // Where it says what is protected, and what is allowed, it says so, too.
        let of_mount = format!("<span class=\"alarm\">(dry run until {}: not protected)</span>", some_day());
        assert_eq!(page.contains(&of_mount), path == "/auth/admin/", "{page}");
        assert_eq!(
            page.contains("<p class=\"verdict challenge\">Allowed (200), only because"),
            path == why,
            "{page}"
        );
    }
    // It is for administrators alone.
    let mut reader = Browser::logged_in(&app, READER).await;
    for path in ["/auth/admin/", "/auth/admin/nothing", "/auth/"] {
        let page = reader.get(&app, path).await.text().await.unwrap();
        assert!(!page.contains("ry run"), "{path}: {page}");
    }
    let (_, page) = overview(&TestApp::start().await, "/auth/admin/").await;
    assert!(!page.contains("Dry run") && !page.contains(r#"role="alert""#), "{page}");
}

#[actix_web::test]
async fn several_mounts_in_dry_run_are_all_named() {
    let copy =
        format!("image /copy/ http://127.0.0.1:9/iiif/ server=iipsrv rules=images shadow={}", some_day());
    let app = TestApp::start_with(&[
        ("TILEGATE_MOUNT_COPY", &copy),
        ("TILEGATE_MOUNT_MORE", &copy.replace("/copy/", "/more/")),
    ])
    .await;
    let (_, page) = overview(&app, "/auth/admin/").await;
    assert!(page.contains("Dry run: 2 mounts are not protected"), "{page}");
    assert!(read(&page).contains("The mount copy is") && read(&page).contains("The mount more is"), "{page}");
    assert_eq!(app.check(LOCKED_TILE).send().await.unwrap().status(), 401, "the one whose rules they are");
}
