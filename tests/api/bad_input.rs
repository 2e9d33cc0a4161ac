//! Garbage in any header, cookie, query or path: 4xx, never 5xx, never a 2xx on
//! what is protected.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use crate::app::*;

/// Runs a property against the running service.
async fn hold<S: Strategy, F, G>(cases: u32, strategy: S, mut check: F)
where
    F: FnMut(S::Value) -> G,
    G: Future<Output = ()>,
{
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for _ in 0..cases {
        let value = strategy.new_tree(&mut runner).unwrap().current();
        check(value).await;
    }
}

#[actix_web::test]
async fn s1_garbage_cookies_make_a_visitor_anonymous() {
    let app = TestApp::start().await;
    let sealed = Browser::logged_in(&app, READER).await.access().to_owned();
    let mut cookies = vec![
        String::new(),
        "=".into(),
        "__Host-tilegate_access".into(),
        "__Host-tilegate_access=".into(),
        format!("__Host-tilegate_access={sealed}; __Host-tilegate_access={sealed}"),
        format!("__Host-tilegate_access=\"{sealed}\""),
        format!("__Host-tilegate_access={sealed}="),
        format!("__Host-tilegate_access={sealed}A"),
        format!("__Host-tilegate_access={}", &sealed[1..]),
        format!("__Host-tilegate_access={}", sealed.to_uppercase()),
        format!("__host-tilegate_access={sealed}"),
        format!("__Host-tilegate_access={}", "A".repeat(3000)),
    ];
    for position in 0..sealed.len() {
        let mut changed = sealed.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        cookies.push(format!("__Host-tilegate_access={}", String::from_utf8(changed).unwrap()));
    }
    for cookie in cookies {
        let response = app.check(LOCKED_TILE).header("Cookie", &cookie).send().await.unwrap();
        assert_eq!(response.status(), 401, "{cookie}");
        let response = app.check(OPEN_TILE).header("Cookie", &cookie).send().await.unwrap();
        assert_eq!(response.status(), 200, "{cookie}");
    }
    let good = format!("other=1; __Host-tilegate_access={sealed}");
    assert_eq!(app.check(LOCKED_TILE).header("Cookie", good).send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn p1_p6_garbage_paths_never_open_anything() {
    let app = &TestApp::start().await;
    let part = prop_oneof![
        Just("protected".to_owned()),
        Just("open".to_owned()),
        Just("..".to_owned()),
        Just("%2e%2E".to_owned()),
        Just("%2F".to_owned()),
        Just("full/max/0/default.jpg".to_owned()),
        "[ -~]{0,8}",
    ];
    let path = proptest::collection::vec(part, 0..8).prop_map(|parts| parts.join("/"));
    hold(400, path, |path| async move {
        let uri = format!("/iiif/images/protected/{path}");
        let response = app.check(&uri).send().await.unwrap();
        let status = response.status().as_u16();
        if status == 200 {
            // What opens must be an open image in its canonical form.
            let path = response.headers()["x-tilegate-path"].to_str().unwrap();
            assert!(path.starts_with("/iiif/open/"), "{uri} opened {path}");
        } else {
            assert!(status == 401 || status == 403, "{uri}: {status}");
        }
        let described = app.describe(&uri).send().await.unwrap().status().as_u16();
        assert!(matches!(described, 303 | 401 | 403 | 404), "{uri}: {described}");
    })
    .await;
}

#[actix_web::test]
async fn x13_garbage_authorization_is_anonymous() {
    let app = TestApp::start().await;
    let junk = "x".repeat(5000);
    for value in
        ["Bearer", "Bearer ", "bearer undefined", "Bearer null", "Basic YTpi", "Bearer a b", "%", &junk]
    {
        let response = app.describe(LOCKED_INFO).header("Authorization", value).send().await.unwrap();
        assert_eq!(response.status(), 401, "{value}");
    }
}

#[actix_web::test]
async fn garbage_on_the_pages_is_a_page_with_4xx() {
    let app = &TestApp::start().await;
    let mut browser = Browser::default();
    for path in [
        "/auth/nothing",
        "/auth/login/x",
        "/auth/iiif-token?messageId=%ff&origin=%00",
        "/auth/login?next=%",
        "/auth/login?next=%ff",
        "/auth/%2e%2e/query_auth",
        "/auth//login",
    ] {
        let status = browser.get(app, path).await.status().as_u16();
        assert!((200..500).contains(&status), "{path}: {status}");
    }
    let csrf = browser.csrf(app, "/auth/login").await;
    let long = "n".repeat(5000);
    for (username, password) in
        [("", ""), (long.as_str(), "x"), ("a\u{0}b", "x"), ("\u{202e}nimda", "x"), ("x", long.as_str())]
    {
        let form = [("csrf", csrf.as_str()), ("username", username), ("password", password)];
        let response = browser.post_from(app, "192.0.2.99", "/auth/login", &form).await;
        assert_eq!(response.status(), 403, "{username:?}");
    }
    let huge = "p".repeat(100_000);
    let form = [("csrf", csrf.as_str()), ("username", "x"), ("password", huge.as_str())];
    let status = browser.post(app, "/auth/login", &form).await.status().as_u16();
    assert!((400..500).contains(&status), "{status}");
    let unreadable = app.client.post(format!("{}/auth/login", app.address)).body("\u{0}\u{1}=&&%%%");
    let status = unreadable.send().await.unwrap().status().as_u16();
    assert!((400..500).contains(&status), "{status}");
}

#[actix_web::test]
async fn garbage_session_cookies_are_no_session() {
    let app = TestApp::start().await;
    for value in ["x", "", "%00", &"A".repeat(4000)] {
        let mut browser = Browser::default();
        browser.cookies.insert("__Host-tilegate_session".into(), value.into());
        let response = browser.get(&app, "/auth/").await;
        assert_eq!(response.status(), 200);
        assert!(response.text().await.unwrap().contains("You are not logged in"));
    }
}
