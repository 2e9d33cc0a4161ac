//! Files: what `query_auth` and the probe say of them, and that nothing else answers for them.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::app::*;

const OPEN: &str = "/files/open/song.mp3";
const LOCKED: &str = "/files/protected/B%C3%BCcher%20100%25.pdf";
const CLOSED: &str = "/files/elsewhere.pdf";

async fn start() -> TestApp {
    TestApp::start_with(&[("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ rules=images")]).await
}

/// What NGINX sends for a file.
fn asked(app: &TestApp, method: &str, path: &str, uri: &str) -> RequestBuilder {
    let mut request = app.nginx(Method::GET, path, uri).build().unwrap();
    request.headers_mut().insert("x-tilegate-mount", "files".parse().unwrap());
    request.headers_mut().insert("x-original-method", method.parse().unwrap());
    RequestBuilder::from_parts(app.client.clone(), request)
}

async fn status(request: RequestBuilder) -> StatusCode {
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-length"], "0", "N2");
    let path = response.headers().get("x-tilegate-path");
    assert_eq!(path.is_some(), response.status() == 200, "P11");
    response.status()
}

#[actix_web::test]
async fn a_file_is_checked_and_its_path_handed_back() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for (uri, anonymous, held) in [(OPEN, 200, 200), (LOCKED, 401, 200), (CLOSED, 403, 403)] {
        let request = asked(&app, "GET", "/query_auth", uri);
        assert_eq!(status(request).await, anonymous, "{uri}");
        let request = asked(&app, "GET", "/query_auth", uri).header("Cookie", reader.header());
        assert_eq!(status(request).await, held, "{uri}");
    }
    let request = asked(&app, "GET", "/query_auth", LOCKED).header("Cookie", reader.header());
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-tilegate-path"], "/protected/B%C3%BCcher%20100%25.pdf");
    assert_eq!(response.headers()["x-tilegate-cache"], "private, no-cache", "N18");
    for uri in ["/files/", "/files/open/", "/files/open/../protected/a.pdf", "/files/open%2Fsong.mp3"] {
        assert_eq!(status(asked(&app, "GET", "/query_auth", uri)).await, 403, "{uri}");
    }
}

/// Product decision 4.
#[actix_web::test]
async fn a1_48_t5_a_token_answers_head_as_its_sessions_cookie_would() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let token = reader.token(&app).await;
    let with = |method: &str, uri: &str, token: &str| {
        asked(&app, method, "/query_auth", uri).header("Authorization", format!("Bearer {token}"))
    };
    for (method, uri, expected) in [
        ("HEAD", LOCKED, 200),
        ("HEAD", OPEN, 200),
        ("HEAD", CLOSED, 403),
        ("GET", LOCKED, 401),
        ("OPTIONS", LOCKED, 401),
    ] {
        assert_eq!(status(with(method, uri, &token)).await, expected, "{method} {uri}");
    }
    assert_eq!(status(with("HEAD", LOCKED, reader.access())).await, 401, "T4");
    let tile = app.check(LOCKED_TILE).header("Authorization", format!("Bearer {token}"));
    let mut tile = tile.build().unwrap();
    tile.headers_mut().insert("x-original-method", "HEAD".parse().unwrap());
    let tile = RequestBuilder::from_parts(app.client.clone(), tile);
    assert_eq!(status(tile).await, 401, "on an image mount a token still opens nothing");

    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    let poor = nobody.token(&app).await;
    assert_eq!(status(with("HEAD", LOCKED, &poor)).await, 401);
    reader.get(&app, "/auth/logout").await;
    assert_eq!(status(with("HEAD", LOCKED, &token)).await, 401, "it ends with its session");
}

#[actix_web::test]
async fn a_file_is_described_by_nobody() {
    let app = start().await;
    for uri in [OPEN, "/files/open/info.json", "/files/open/manifest.json"] {
        let response = asked(&app, "GET", "/description/", uri).send().await.unwrap();
        assert_eq!(response.status(), 403, "{uri}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn a2_43_a2_45_the_probe_of_a_file_says_what_a_get_would() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for (uri, anonymous, held) in [
        (OPEN, 200, 200),
        (LOCKED, 401, 200),
        (CLOSED, 403, 403),
        ("/files/open/", 404, 404),
        ("/files/open/../protected/a.pdf", 404, 404),
    ] {
        for (cookie, expected) in [(String::new(), anonymous), (reader.header(), held)] {
            let probe = format!("/auth/v2/probe{uri}");
            let path = "/auth/v2/probe/files/x";
            let response =
                app.nginx(Method::GET, path, &probe).header("Cookie", cookie).send().await.unwrap();
            assert_eq!(response.status(), 200, "A2-43: {uri}");
            assert_eq!(response.headers()["access-control-allow-origin"], "*", "X-01");
            let result: Value = response.json().await.unwrap();
            assert_eq!(result["status"], expected, "{uri}: {result}");
        }
    }
}
