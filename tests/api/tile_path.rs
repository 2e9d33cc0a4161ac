//! `query_auth`: three answers, an empty body, and the canonical path.

use reqwest::Method;

use crate::app::*;

#[actix_web::test]
async fn three_answers_each_with_an_empty_body() {
    let app = TestApp::start().await;
    for (uri, status, basis) in
        [(OPEN_TILE, 200, "open"), (LOCKED_TILE, 401, "not-held"), (CLOSED_TILE, 403, "closed")]
    {
        let response = app.check(uri).send().await.unwrap();
        assert_eq!(response.status(), status, "{uri}");
        assert_eq!(response.headers()["x-tilegate-basis"], basis);
        assert_eq!(response.headers()["content-length"], "0", "N2: a body would cost NGINX its connection");
        assert!(response.headers().get("set-cookie").is_none(), "N5");
        assert_eq!(response.bytes().await.unwrap().len(), 0);
    }
}

#[actix_web::test]
async fn the_canonical_path_is_handed_back_only_with_a_200() {
    let app = TestApp::start().await;
    let response = app.check(OPEN_TILE).send().await.unwrap();
    let path = &response.headers()["x-tilegate-path"];
    assert_eq!(path, "/iiif/open/harbour/0,0,512,512/256,/0/default.jpg");
    for uri in [LOCKED_TILE, CLOSED_TILE] {
        let response = app.check(uri).send().await.unwrap();
        assert!(response.headers().get("x-tilegate-path").is_none());
    }
}

#[actix_web::test]
async fn a_challenge_names_bearer_and_never_basic() {
    let app = TestApp::start().await;
    let response = app.check(LOCKED_TILE).send().await.unwrap();
    assert_eq!(response.headers()["www-authenticate"], r#"Bearer realm="img.test""#, "A1-57, N17");
}

#[actix_web::test]
async fn whoever_holds_the_condition_gets_the_tile_and_nobody_else() {
    let app = TestApp::start().await;
    let reader = Browser::logged_in(&app, READER).await;
    let nobody = Browser::logged_in(&app, NOBODY).await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 401);
    assert_eq!(app.tile(CLOSED_TILE, &reader).await, 403);
    let response = app.check(LOCKED_TILE).header("Cookie", reader.header()).send().await.unwrap();
    assert_eq!(response.headers()["x-tilegate-cache"], "private, no-cache", "N18");
    let account = app.named(READER.0).await.id.to_string();
    assert_eq!(response.headers()["x-tilegate-account"], account.as_str());
    let response = app.check(OPEN_TILE).send().await.unwrap();
    assert_eq!(response.headers()["x-tilegate-cache"], "public, max-age=3600");
}

#[actix_web::test]
async fn t5_a1_48_a_token_opens_no_pixel_and_t4_neither_passes_for_the_other() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let token = reader.token(&app).await;
    let with_bearer = |value: &str| app.check(LOCKED_TILE).header("Authorization", format!("Bearer {value}"));
    assert_eq!(with_bearer(&token).send().await.unwrap().status(), 401);
    assert_eq!(with_bearer(reader.access()).send().await.unwrap().status(), 401);
    let as_cookie = format!("__Host-tilegate_access={token}");
    let response = app.check(LOCKED_TILE).header("Cookie", as_cookie).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let as_bearer = format!("Bearer {}", reader.access());
    let response = app.describe(LOCKED_INFO).header("Authorization", as_bearer).send().await.unwrap();
    assert_eq!(response.status(), 401);
}

#[actix_web::test]
async fn info_json_and_bare_identifiers_are_not_for_this_door() {
    let app = TestApp::start().await;
    for uri in ["/iiif/images/open%2Fharbour/info.json", "/iiif/images/open%2Fharbour", "/iiif/images/"] {
        assert_eq!(app.check(uri).send().await.unwrap().status(), 403, "{uri}");
    }
}

#[actix_web::test]
async fn h5_p1_each_mandatory_header_is_mandatory_and_unique() {
    let app = TestApp::start().await;
    let names = ["X-Original-URI", "X-Original-Method", "X-Original-Host", "X-Real-IP", "X-Tilegate-Mount"];
    let values = [OPEN_TILE, "GET", "img.test", "192.0.2.7", "images"];
    let send = |headers: Vec<(&'static str, &'static str)>| {
        let mut request = app.client.get(format!("{}/query_auth", app.address));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        async move { request.send().await.unwrap().status() }
    };
    let all: Vec<_> = names.into_iter().zip(values).collect();
    assert_eq!(send(all.clone()).await, 200);
    for left_out in 0..all.len() {
        let mut some = all.clone();
        let (name, value) = some.remove(left_out);
        assert_eq!(send(some.clone()).await, 403, "without {name}");
        some.push((name, ""));
        assert_eq!(send(some).await, 403, "empty {name}");
        let mut twice = all.clone();
        twice.push((name, value));
        assert_eq!(send(twice).await, 403, "two {name}");
    }
}

#[actix_web::test]
async fn h2_underscore_look_alikes_refuse() {
    let app = TestApp::start().await;
    for name in ["X_Original_URI", "X-Original_URI", "x_real_ip", "X_Tilegate_Mount"] {
        let response = app.check(OPEN_TILE).header(name, "x").send().await.unwrap();
        assert_eq!(response.status(), 403, "{name}");
    }
}

#[actix_web::test]
async fn h4_h6_other_headers_never_turn_a_verdict_into_allow() {
    let app = TestApp::start().await;
    for (name, value) in [
        ("X-Forwarded-Uri", OPEN_TILE),
        ("X-Rewrite-URL", OPEN_TILE),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Tilegate-Path", "/iiif/open/harbour/full/max/0/default.jpg"),
        ("X-Tilegate-Account", "admin"),
        ("User-Agent", "health-check"),
        ("X-Health", "1"),
    ] {
        let response = app.check(LOCKED_TILE).header(name, value).send().await.unwrap();
        assert_eq!(response.status(), 401, "{name}");
    }
}

#[actix_web::test]
async fn t10_a_foreign_host_and_another_mount_refuse() {
    let app = TestApp::start().await;
    let request = |host: &'static str, mount: &'static str| {
        let request = app.client.get(format!("{}/query_auth", app.address));
        let request = request.header("X-Original-URI", OPEN_TILE).header("X-Original-Method", "GET");
        let request = request.header("X-Real-IP", "192.0.2.7");
        request.header("X-Original-Host", host).header("X-Tilegate-Mount", mount)
    };
    assert_eq!(request("IMG.test.:443", "images").send().await.unwrap().status(), 200);
    for host in ["rebound.evil", "img.test.evil", "127.0.0.1"] {
        assert_eq!(request(host, "images").send().await.unwrap().status(), 403, "{host}");
    }
    for mount in ["other", "IMAGES", "images "] {
        let status = request("img.test", mount).send().await.unwrap().status();
        // HTTP itself drops white space around a value.
        assert_eq!(status, if mount == "images " { 200 } else { 403 }, "{mount:?}");
    }
}

#[actix_web::test]
async fn h1_an_untrusted_peer_is_refused_everywhere() {
    let app = TestApp::start_with(&[("TILEGATE_TRUSTED_PEERS", "192.0.2.0/24")]).await;
    let response = app.check(OPEN_TILE).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()["x-tilegate-basis"], "untrusted-peer");
    let info = app.describe("/iiif/images/open%2Fharbour/info.json").send().await.unwrap();
    assert_eq!(info.status(), 403);
}

#[actix_web::test]
async fn p3_a_query_changes_nothing_and_is_not_handed_back() {
    let app = TestApp::start().await;
    for query in ["?", "?x=1", "?/../open/x", "?a?b#c"] {
        let status = app.check(&format!("{LOCKED_TILE}{query}")).send().await.unwrap().status();
        assert!(status == 401 || (query.contains('#') && status == 403), "{query}");
    }
    let response = app.check(&format!("{OPEN_TILE}?download=1")).send().await.unwrap();
    let path = response.headers()["x-tilegate-path"].to_str().unwrap().to_owned();
    assert!(!path.contains('?'), "{path}");
}

#[actix_web::test]
async fn every_method_and_body_gets_one_of_three_answers() {
    let app = TestApp::start().await;
    for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let request = app.nginx(method.clone(), "/query_auth", LOCKED_TILE).body("ignored");
        assert_eq!(request.send().await.unwrap().status(), 401, "{method}");
    }
}
