//! Manifests through the description service.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::app::*;

const OPEN: &str = "/iiif/manifests/open/harbour.json";
const LOCKED: &str = "/iiif/manifests/protected/letter.json";
const CLOSED: &str = "/iiif/manifests/elsewhere/letter.json";
const OPEN_BOOK: &str = "/iiif/books/open!harbour";

const MANIFEST_2: &str = include_str!("../fixtures/digilib-2.13-manifest2.json");
const MANIFEST_3: &str = include_str!("../fixtures/manifest3.json");
const LD_JSON_3: &str = "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";

fn assert_cors(headers: &HeaderMap) {
    let all: Vec<_> = headers.get_all("access-control-allow-origin").iter().collect();
    assert_eq!(all, ["*"], "X-01");
    assert!(headers.get("access-control-allow-credentials").is_none());
}

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.image_server.answers(200, MANIFEST_3);
    app
}

impl TestApp {
    async fn see(&self, uri: &str) -> reqwest::Response {
        let mount = if uri.starts_with("/iiif/books/") { "books" } else { "manifests" };
        self.manifest(&Method::GET, mount, uri).send().await.unwrap()
    }
}

#[actix_web::test]
async fn an_open_manifest_is_sent_byte_for_byte_and_may_be_cached() {
    let app = start().await;
    let response = app.see(OPEN).await;
    assert_eq!(response.status(), 200);
    assert_cors(response.headers());
    assert_eq!(response.headers()["content-type"], LD_JSON_3);
    assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
    assert_eq!(response.headers()["vary"], "Accept, Authorization, Cookie, Origin");
    assert_eq!(response.text().await.unwrap(), MANIFEST_3);
    assert_eq!(app.image_server.asked.lock().unwrap().as_slice(), ["/kept/open/harbour.json"]);

    app.image_server.answers(200, MANIFEST_2);
    let response = app.see("/iiif/manifests/open/b%20%C3%BC.json?x=1").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.text().await.unwrap(), MANIFEST_2);
    assert_eq!(app.image_server.asked.lock().unwrap().last().unwrap(), "/kept/open/b%20%C3%BC.json");
}

#[actix_web::test]
async fn the_media_type_follows_the_accept_header() {
    let app = start().await;
    for (body, accept, kind) in [
        (MANIFEST_2, "application/ld+json", "application/ld+json"),
        (MANIFEST_2, "*/*", "application/json"),
        (MANIFEST_3, "application/json", "application/json"),
        (MANIFEST_3, "*/*", LD_JSON_3),
    ] {
        app.image_server.answers(200, body);
        let request = app.manifest(&Method::GET, "manifests", OPEN).header("Accept", accept);
        assert_eq!(request.send().await.unwrap().headers()["content-type"], kind, "{accept}");
    }
}

#[actix_web::test]
async fn a_stranger_is_told_where_to_log_in_and_the_origin_is_not_asked() {
    let app = start().await;
    for bearer in ["", "Bearer BAD", "Bearer undefined"] {
        let request = app.manifest(&Method::GET, "manifests", LOCKED).header("Authorization", bearer);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401, "{bearer}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["www-authenticate"], r#"Bearer realm="img.test""#, "A1-57");
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");
        assert_eq!(response.headers()["vary"], "Accept, Authorization, Cookie, Origin");
        assert_eq!(response.headers()["content-type"], "application/json");
        let said: Value = response.json().await.unwrap();
        assert_eq!(said, serde_json::json!({"error": "Log in at https://img.test/auth/login to see this."}));
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn a1_40_a_token_or_the_cookie_opens_it() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let token = reader.token(&app).await;
    for (name, value) in [("Authorization", format!("Bearer {token}")), ("Cookie", reader.header())] {
        let response =
            app.manifest(&Method::GET, "manifests", LOCKED).header(name, value).send().await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");
        assert_eq!(response.text().await.unwrap(), MANIFEST_3);
    }
    let nobody = Browser::logged_in(&app, NOBODY).await;
    let request = app.manifest(&Method::GET, "manifests", LOCKED).header("Cookie", nobody.header());
    assert_eq!(request.send().await.unwrap().status(), 401, "logged in, and holding nothing");
}

#[actix_web::test]
async fn a_closed_manifest_is_403_and_the_origin_is_not_asked() {
    let app = start().await;
    let response = app.see(CLOSED).await;
    assert_eq!(response.status(), 403);
    assert_cors(response.headers());
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!response.text().await.unwrap().contains("elsewhere"));
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn p2_a_name_with_two_meanings_is_403() {
    let app = start().await;
    for rest in [
        "open/../protected/letter.json",
        "open/..%2fprotected/letter.json",
        "open/%2e%2e/protected/letter.json",
        "open//harbour.json",
        "open/.harbour.json",
        "open%252Fharbour.json",
        "open/harbour.json/",
        "open/a;b.json",
        "open/a%00.json",
        "",
    ] {
        assert_eq!(app.see(&format!("/iiif/manifests/{rest}")).await.status(), 403, "{rest}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn the_check_before_tiles_refuses_every_manifest() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for uri in [OPEN, LOCKED, "/iiif/manifests/open/full/max/0/default.jpg", "/iiif/manifests/open/info.json"]
    {
        let request = app.check(uri).build().unwrap();
        let mut request = reqwest::RequestBuilder::from_parts(app.client.clone(), request)
            .header("Cookie", reader.header())
            .build()
            .unwrap();
        request.headers_mut().insert("x-tilegate-mount", "manifests".parse().unwrap());
        let response = app.client.execute(request).await.unwrap();
        assert_eq!(response.status(), 403, "{uri}");
        assert!(response.headers().get("x-tilegate-path").is_none());
    }
}

#[actix_web::test]
async fn a_bad_origin_is_a_clear_502_or_404_and_never_a_stand_in() {
    let app = start().await;
    let bodies: [&[u8]; 8] = [
        b"",
        b"  ",
        b"<html>",
        b"[]",
        b"{}",
        b"\xff\xd8\xff\xe0 a picture",
        INFO.as_bytes(),
        br#"{"type":"Manifest"}"#,
    ];
    for body in bodies {
        app.image_server.answers(200, body);
        let response = app.see(OPEN).await;
        assert_eq!(response.status(), 502, "{body:?}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(!response.text().await.unwrap().contains("picture"), "{body:?}");
    }
    for status in [204, 206, 401, 403, 500] {
        app.image_server.answers(status, if status == 204 { "" } else { MANIFEST_3 });
        assert_eq!(app.see(OPEN).await.status(), 502, "{status}");
    }
    for status in [404, 410] {
        app.image_server.answers(status, "/srv/manifests/harbour.json is not there");
        let response = app.see(OPEN).await;
        assert_eq!(response.status(), 404);
        assert_cors(response.headers());
        assert!(!response.text().await.unwrap().contains("/srv/"), "no path of the origin");
    }
    app.image_server.redirects(&format!("{}/elsewhere", app.image_server.url));
    assert_eq!(app.see(OPEN).await.status(), 502, "P10");
}

#[actix_web::test]
async fn p10_a_manifest_may_be_longer_than_an_info_json_and_not_endless() {
    let app = start().await;
    let of = |megabytes: usize| format!("{MANIFEST_3}{}", " ".repeat(megabytes * 1024 * 1024));
    app.image_server.answers(200, of(30));
    let response = app.see(OPEN).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.bytes().await.unwrap().len(), of(30).len());
    app.image_server.answers(200, of(32));
    assert_eq!(app.see(OPEN).await.status(), 502);
}

#[actix_web::test]
async fn x03_head_mirrors_get_with_an_empty_body() {
    let app = start().await;
    for uri in [OPEN, LOCKED, CLOSED] {
        let get = app.see(uri).await;
        let head = app.manifest(&Method::HEAD, "manifests", uri).send().await.unwrap();
        assert_eq!(head.status(), get.status());
        for name in ["content-type", "content-length", "cache-control", "access-control-allow-origin"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{name}");
        }
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

#[actix_web::test]
async fn x02_the_preflight_needs_no_credential() {
    let app = start().await;
    let response = app.manifest(&Method::OPTIONS, "manifests", LOCKED).send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_cors(response.headers());
    assert!(response.headers()["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
    let post = app.manifest(&Method::POST, "manifests", OPEN).send().await.unwrap();
    assert_eq!(post.status(), 405);
}

/// To digilib a name that is no folder is its parent: the manifest of `protected` would come under
/// the name `protected/x`, whatever rule that has. So the name is proved first.
#[actix_web::test]
async fn p9_digilib_is_asked_for_the_folder_itself_first() {
    let app = start().await;
    app.image_server.answers(200, MANIFEST_2);
    for alias in
        [OPEN_BOOK, "/iiif/books/open/harbour", "/iiif/books/open%21harbour", "/iiif/books/!open!!harbour"]
    {
        app.image_server.asked.lock().unwrap().clear();
        let response = app.see(alias).await;
        assert_eq!(response.status(), 200, "{alias}");
        assert_eq!(response.text().await.unwrap(), MANIFEST_2);
        let asked = app.image_server.asked.lock().unwrap().clone();
        assert_eq!(
            asked,
            ["HEAD /Manifester/IIIF/open!harbour!.", "/Manifester/IIIF/open!harbour"],
            "{alias}"
        );
    }
    app.image_server.asked.lock().unwrap().clear();
    app.image_server.answers(404, "");
    assert_eq!(app.see(OPEN_BOOK).await.status(), 404);
    let asked = app.image_server.asked.lock().unwrap().clone();
    assert_eq!(asked, ["HEAD /Manifester/IIIF/open!harbour!."], "and then not for the parent");
    app.image_server.answers(500, "");
    assert_eq!(app.see(OPEN_BOOK).await.status(), 502);
    for refused in
        ["/iiif/books/op%2565n", "/iiif/books/a+b", "/iiif/books/!", "/iiif/books/open!..!protected"]
    {
        assert_eq!(app.see(refused).await.status(), 403, "{refused}");
    }
}

#[actix_web::test]
async fn t8_a_hidden_and_an_unknown_manifest_answer_alike() {
    let app = start().await;
    let hidden = app.see(LOCKED).await;
    app.image_server.answers(404, "");
    let unknown = app.see("/iiif/manifests/protected/nothing.json").await;
    assert_eq!(
        (hidden.status(), unknown.status()),
        (reqwest::StatusCode::UNAUTHORIZED, reqwest::StatusCode::UNAUTHORIZED)
    );
    assert_eq!(hidden.text().await.unwrap(), unknown.text().await.unwrap());
}
