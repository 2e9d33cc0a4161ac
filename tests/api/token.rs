//! The access token service of IIIF Authentication 1.0, section 2.2.

use serde_json::{Value, json};
use tilegate::credential::keyring::Purpose;

use crate::app::*;

/// The two arguments of the one `postMessage` call of a page.
fn posted(page: &str) -> (Value, String) {
    assert_eq!(page.matches("postMessage(").count(), 1, "{page}");
    let (_, call) = page.split_once("window.parent.postMessage(").unwrap();
    let (arguments, _) = call.split_once(");\n").unwrap();
    let (message, target) = arguments.rsplit_once(", ").unwrap();
    (serde_json::from_str(message).unwrap(), serde_json::from_str(target).unwrap())
}

async fn page(app: &TestApp, browser: &mut Browser, message_id: &str, origin: &str) -> String {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let path = format!("/auth/iiif-token?messageId={}&origin={}", encode(message_id), encode(origin));
    let response = browser.get(app, &path).await;
    assert_eq!(response.status(), 200, "A1-32");
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "A1-25");
    assert!(response.headers().get("x-frame-options").is_none(), "X-05");
    assert!(
        !response.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors"),
        "X-05"
    );
    assert_eq!(response.headers()["cache-control"], "no-store", "X-04");
    response.text().await.unwrap()
}

#[actix_web::test]
async fn a1_23_a1_24_json_without_a_message_id() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let response = browser.get(&app, "/auth/iiif-token").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff", "X-21");
    assert!(response.headers().get("access-control-allow-origin").is_none(), "X-21");
    let answer: Value = response.json().await.unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["accessToken", "expiresIn"]);
    assert_eq!(answer["expiresIn"], 3600);
}

/// A cookie of the reader's whose time is over.
fn expired(app: &TestApp, browser: &Browser) -> Browser {
    let name = "__Host-tilegate_access";
    let value = crate::matrix::expired(app, Purpose::AccessCookie, browser.access());
    Browser { cookies: [(name.to_owned(), value)].into() }
}

/// All five, by every cause, as JSON with a fitting status and as a message in a page with status 200.
#[actix_web::test]
async fn a1_29_a1_30_a1_31_a1_32_all_five_errors_as_json_and_as_message() {
    let away = [("TILEGATE_MAX_STALE_SECONDS", "1"), ("TILEGATE_POLL_SECONDS", "1")];
    let app = TestApp::start_with(&[("TILEGATE_VIEWER_ORIGINS", "https://viewer.test")]).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let mut twice = reader.clone();
    twice.cookies.insert(" __Host-tilegate_access".into(), reader.access().to_owned());
    let mut garbage = Browser::default();
    garbage.cookies.insert("__Host-tilegate_access".into(), "garbage".into());
    let expired = expired(&app, &reader);
    let mut ended = Browser::logged_in(&app, READER).await;
    let copy = ended.copied_access();
    ended.get(&app, "/auth/logout").await;
    let stale = app.replica(&away).await;

    let ask = async |app: &TestApp, browser: &Browser, query: &str, error: &str, status: u16| {
        let mut browser = browser.clone();
        let response = browser.get(app, &format!("/auth/iiif-token{query}")).await;
        assert_eq!(response.status(), status, "A1-31: {query}");
        let as_message = query.contains("messageId");
        let answer: Value = if as_message {
            let (message, target) = posted(&response.text().await.unwrap());
            assert!(target.starts_with("https://"), "A1-28: {target}");
            message
        } else {
            assert_eq!(response.headers()["content-type"], "application/json", "A1-24");
            assert_eq!(response.headers()["cache-control"], "no-store", "X-04");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff", "X-21");
            assert!(response.headers().get("access-control-allow-origin").is_none(), "X-21");
            response.json().await.unwrap()
        };
        assert_eq!(answer["error"], error, "A1-29: {query}");
        assert!(answer["description"].is_string() && answer.get("accessToken").is_none(), "{answer}");
        let id = if as_message && error != "invalidRequest" { json!("m") } else { Value::Null };
        assert_eq!(answer["messageId"], id, "A1-30: {query}");
    };
    let framed = "?messageId=m&origin=https://viewer.test";
    let nobody = Browser::default();
    for (browser, error) in [
        (&nobody, "missingCredentials"),
        (&garbage, "invalidCredentials"),
        (&expired, "invalidCredentials"),
        (&copy, "invalidCredentials"),
        (&twice, "invalidCredentials"),
    ] {
        ask(&app, browser, "", error, 401).await;
        ask(&app, browser, "?origin=https://viewer.test", error, 401).await;
        ask(&app, browser, framed, error, 200).await;
    }
    for query in ["?origin=null", "?origin=", "?origin=https://a.test&origin=https://viewer.test"] {
        ask(&app, &reader, query, "invalidRequest", 400).await;
    }
    for id in ["", "1&messageId=2", &"m".repeat(10_000)] {
        let query = format!("?messageId={id}&origin=https://viewer.test");
        ask(&app, &reader, &query, "invalidRequest", 200).await;
    }
    ask(&app, &reader, "?origin=https://other.test", "invalidOrigin", 403).await;
    ask(&app, &reader, "?messageId=m&origin=https://other.test", "invalidOrigin", 200).await;

    stale.context.store.close().await;
    while stale.context.live.is_fresh(tilegate::clock::now()) {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    ask(&stale, &reader, "", "unavailable", 503).await;
    ask(&stale, &reader, framed, "unavailable", 200).await;
    // And it was not the request: the other service still gives one.
    assert!(reader.get(&app, "/auth/iiif-token").await.status().is_success());
}

#[actix_web::test]
async fn a1_26_a1_27_a1_28_the_message_goes_to_the_viewer_that_asked() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let own = format!("{PUBLIC}/auth/iiif-token");
    let ids = [
        own.as_str(),
        "1",
        "1700000000000",
        "\u{fc}nic\u{f6}de \u{2028}",
        "</script><script>x",
        "\"');alert(1)//",
    ];
    for message_id in ids {
        for origin in ["https://viewer.test", "https://viewer.test/", "HTTPS://Viewer.test:443"] {
            let text = page(&app, &mut browser, message_id, origin).await;
            let (message, target) = posted(&text);
            assert_eq!(message["messageId"], message_id);
            assert!(message["accessToken"].is_string());
            assert_eq!(target, "https://viewer.test");
            assert_eq!(text.matches("</script").count(), 1, "X-08, T2: {text}");
            assert_eq!(text.matches("<script").count(), 1);
        }
    }
}

#[actix_web::test]
async fn a1_30_errors_are_posted_too() {
    let app = TestApp::start().await;
    let (message, target) =
        posted(&page(&app, &mut Browser::default(), "m1", "https://viewer.test:8443").await);
    assert_eq!(message["error"], "missingCredentials");
    assert_eq!(message["messageId"], "m1");
    assert_eq!(target, "https://viewer.test:8443");
    let mut ended = Browser::logged_in(&app, READER).await;
    let copy = ended.copied_access();
    ended.get(&app, "/auth/logout").await;
    let (message, _) = posted(&page(&app, &mut copy.clone(), "m2", "https://viewer.test").await);
    assert_eq!(message["error"], "invalidCredentials");
    let long = "m".repeat(10_000);
    let (message, _) = posted(&page(&app, &mut Browser::default(), &long, "https://viewer.test").await);
    assert_eq!(message["error"], "invalidRequest");
}

#[actix_web::test]
async fn t1_x09_a_bad_origin_gets_a_page_and_no_message() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    for origin in [
        "",
        "null",
        "*",
        "javascript:alert(1)",
        "https://a.test\");alert(1)//",
        "https://user@a.test",
        "ftp://a.test",
        "https://a.test/path",
        "https://a.test?x",
        "https://",
        "//a.test",
        "data:text/html,x",
    ] {
        let text = page(&app, &mut browser, "1", origin).await;
        assert!(!text.contains("postMessage") && !text.contains("<script"), "{origin}: {text}");
    }
    let missing = browser.get(&app, "/auth/iiif-token?messageId=1").await;
    assert_eq!(missing.status(), 200);
    assert!(!missing.text().await.unwrap().contains("postMessage"));
}

#[actix_web::test]
async fn a1_33_t3_an_allow_list_narrows_the_viewers_and_a1_47_without_one_anybody_may() {
    let app = TestApp::start_with(&[("TILEGATE_VIEWER_ORIGINS", "https://viewer.test")]).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (message, _) = posted(&page(&app, &mut browser, "1", "https://viewer.test").await);
    assert!(message["accessToken"].is_string());
    let (message, _) = posted(&page(&app, &mut browser, "1", PUBLIC).await);
    assert!(message["accessToken"].is_string(), "our own pages always may");
    let (message, target) = posted(&page(&app, &mut browser, "1", "https://other.test").await);
    assert_eq!(
        message,
        json!({ "error": "invalidOrigin", "description": message["description"], "messageId": "1" })
    );
    assert_eq!(target, "https://other.test");
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    for never_seen in ["https://viewer.test", "http://localhost:3000", "https://198.51.100.7:8443"] {
        let (message, target) = posted(&page(&app, &mut browser, "1", never_seen).await);
        assert!(message["accessToken"].is_string(), "A1-47: {never_seen}");
        assert_eq!(target, never_seen);
    }
}

#[actix_web::test]
async fn a_token_never_outlives_its_cookie() {
    let app = TestApp::start_with(&[("TILEGATE_SESSION_SECONDS", "300")]).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let answer: Value = browser.get(&app, "/auth/iiif-token").await.json().await.unwrap();
    let seconds = answer["expiresIn"].as_u64().unwrap();
    assert!((290..=300).contains(&seconds), "{seconds}");
}

#[actix_web::test]
async fn a1_49_the_token_is_another_secret_every_time_and_shows_nothing() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (one, two) = (browser.token(&app).await, browser.token(&app).await);
    assert_ne!(one, two);
    assert_ne!(one, browser.access());
    assert!(one.len() > 40 && !one.contains("reader"));
}

#[actix_web::test]
async fn p_c_a_cookie_that_was_kept_back_is_asked_for_once_and_a_message_is_sent_all_the_same() {
    let app = TestApp::start().await;
    let asks = |page: &str| page.contains("requestStorageAccess");
    let none = page(&app, &mut Browser::default(), "1", "https://viewer.test").await;
    assert!(asks(&none) && none.contains("again().then((reloads) => reloads || post(), post)"), "{none}");
    assert_eq!(posted(&none).0["error"], "missingCredentials");
    assert!(!none.contains("src=") && !none.contains("href="), "P-D: nothing is fetched, viewers wait 5 s");
    let mut broken = Browser::default();
    broken.cookies.insert("__Host-tilegate_access".into(), "garbage".into());
    assert!(!asks(&page(&app, &mut broken, "1", "https://viewer.test").await), "it came, and does not count");
    let mut reader = Browser::logged_in(&app, READER).await;
    assert!(!asks(&page(&app, &mut reader, "1", "https://viewer.test").await));
    let help = Browser::default().get(&app, "/auth/viewers").await;
    assert_eq!(help.status(), 200);
    assert!(help.text().await.unwrap().contains("img.test"));
}
