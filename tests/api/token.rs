//! The access token service of IIIF Authentication 1.0, section 2.2.

use serde_json::{Value, json};

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

#[actix_web::test]
async fn a1_31_errors_as_json_have_a_fitting_status() {
    let app = TestApp::start().await;
    let response = Browser::default().get(&app, "/auth/iiif-token").await;
    assert_eq!(response.status(), 401);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["error"], "missingCredentials", "A1-29");
    assert!(answer["description"].is_string());
    let mut broken = Browser::default();
    broken.cookies.insert("__Host-tilegate_access".into(), "garbage".into());
    let response = broken.get(&app, "/auth/iiif-token").await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.json::<Value>().await.unwrap()["error"], "invalidCredentials");
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
