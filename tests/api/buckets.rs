//! Objects of a private bucket: what `query_auth` signs, and for whom.

use reqwest::{Method, RequestBuilder};

use crate::app::*;

const OPEN: &str = "/volumes/open/0/1:2";
const LOCKED: &str = "/volumes/protected/B%C3%BCcher%20100%25.bin";

async fn start(more: &[(&str, &str)]) -> TestApp {
    let mount = "s3 /volumes/ https://s3.example.org/em/ bucket=vol region=eu-test-1 rules=images";
    let usual = [
        ("TILEGATE_MOUNT_VOLUMES", mount),
        ("TILEGATE_S3_VOLUMES_ACCESS_KEY_ID", "AKTEST"),
        ("TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY", "s3cret"),
    ];
    TestApp::start_with(&[&usual[..], more].concat()).await
}

fn asked(app: &TestApp, method: &str, uri: &str) -> RequestBuilder {
    let mut request = app.nginx(Method::GET, "/query_auth", uri).build().unwrap();
    request.headers_mut().insert("x-tilegate-mount", "volumes".parse().unwrap());
    request.headers_mut().insert("x-original-method", method.parse().unwrap());
    RequestBuilder::from_parts(app.client.clone(), request)
}

#[actix_web::test]
async fn only_what_is_allowed_is_signed() {
    let app = start(&[]).await;
    let reader = Browser::logged_in(&app, READER).await;
    for (method, uri, anonymous, held) in [
        ("GET", OPEN, 200, 200),
        ("HEAD", OPEN, 200, 200),
        ("GET", LOCKED, 401, 200),
        ("HEAD", LOCKED, 401, 200),
        ("GET", "/volumes/elsewhere", 403, 403),
        ("OPTIONS", OPEN, 403, 403),
        ("PUT", OPEN, 403, 403),
        ("POST", OPEN, 403, 403),
        ("DELETE", OPEN, 403, 403),
        ("GET", "/volumes/?list-type=2", 403, 403),
        ("GET", "/volumes/open/", 403, 403),
        ("GET", "/volumes/open/../protected/a", 403, 403),
    ] {
        for (cookie, status) in [("a=1".to_owned(), anonymous), (reader.header(), held)] {
            let response = asked(&app, method, uri).header("Cookie", cookie).send().await.unwrap();
            assert_eq!(response.status(), status, "{method} {uri}");
            assert_eq!(response.headers()["content-length"], "0", "N2");
            let signed = response.headers().keys().filter(|name| name.as_str().starts_with("x-tilegate-s3"));
            assert_eq!(signed.count(), if status == 200 { 2 } else { 0 }, "{method} {uri}");
        }
    }
    // A tile of another mount has none of it.
    let headers = app.check(OPEN_TILE).send().await.unwrap().headers().clone();
    assert!(headers.keys().all(|name| !name.as_str().contains("s3")), "{headers:?}");
}

#[actix_web::test]
async fn the_method_is_signed_and_a_token_comes_along() {
    let app = start(&[("TILEGATE_S3_VOLUMES_SESSION_TOKEN", "the-token")]).await;
    let signed = async |method: &str| asked(&app, method, OPEN).send().await.unwrap().headers().clone();
    let (get, head) = (signed("GET").await, signed("HEAD").await);
    assert_eq!(get["x-tilegate-path"], "/em/open/0/1%3A2");
    assert_eq!(get["x-tilegate-s3-token"], "the-token");
    let date = get["x-tilegate-s3-date"].to_str().unwrap();
    let authorization = get["x-tilegate-s3-authorization"].to_str().unwrap();
    let scope = format!("AWS4-HMAC-SHA256 Credential=AKTEST/{}/eu-test-1/s3/aws4_request,", &date[..8]);
    assert!(authorization.starts_with(&scope), "{authorization}");
    assert!(get["x-tilegate-s3-authorization"] != head["x-tilegate-s3-authorization"]);
}

/// A2-45: the probe says to a viewer what a GET says to the cookie.
#[actix_web::test]
async fn a2_45_an_object_has_a_probe_as_a_file_has() {
    let app = start(&[]).await;
    for (rest, status) in [("open/0/1:2", 200), ("protected/a", 401), ("elsewhere", 403)] {
        let uri = format!("/auth/v2/probe/volumes/{rest}");
        let response = app.nginx(Method::GET, &uri, &uri).send().await.unwrap();
        let result: serde_json::Value = response.json().await.unwrap();
        assert_eq!(result["status"], status, "{rest}: {result}");
    }
}
