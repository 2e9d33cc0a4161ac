//! What is believed and what is given away: forged headers, other sites, what prints.

use std::process::Command;

use tilegate::audit::Act;
use tilegate::clock;
use tilegate::store::AccountChange;

use crate::app::*;

const FORGED: [(&str, &str); 6] = [
    ("Host", "evil.test"),
    ("Forwarded", "host=evil.test;proto=http"),
    ("X-Forwarded-Host", "evil.test"),
    ("X-Forwarded-Proto", "http"),
    ("X-Original-URL", "/evil"),
    ("X-IIIF-ID", "http://evil.test/x"),
];

#[actix_web::test]
async fn h8_no_header_changes_the_public_address() {
    let app = TestApp::start().await;
    let forged = |request: reqwest::RequestBuilder| {
        FORGED.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let info = forged(app.describe(LOCKED_INFO)).send().await.unwrap();
    assert_eq!(info.headers()["www-authenticate"], "Bearer realm=\"img.test\"");
    let info = info.text().await.unwrap();
    assert!(info.contains("https://img.test/iiif/images/protected%2Fletter"), "{info}");
    assert!(!info.contains("evil.test") && !info.contains("http://img.test"), "{info}");
    let bare = forged(app.describe("/iiif/images/protected%2Fletter")).send().await.unwrap();
    assert_eq!(bare.headers()["location"], "https://img.test/iiif/images/protected%2Fletter/info.json");

    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login").await;
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
    let post = app.client.post(format!("{}/auth/login", app.address)).header("X-Real-IP", "192.0.2.7");
    let welcome = forged(post.header("Cookie", browser.header())).form(&form).send().await.unwrap();
    assert_eq!(welcome.headers()["location"], "/auth/");
    for cookie in welcome.headers().get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[actix_web::test]
async fn t7_no_answer_lets_another_site_read_with_credentials() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let from = |request: reqwest::RequestBuilder| {
        request.header("Origin", "https://evil.test").header("Cookie", browser.header())
    };
    for request in [app.check(LOCKED_TILE), app.describe(LOCKED_INFO), app.check(CLOSED_TILE)] {
        let answer = from(request).send().await.unwrap();
        let headers = answer.headers();
        assert!(headers.get("access-control-allow-credentials").is_none());
        for name in ["access-control-allow-origin", "x-tilegate-origin"] {
            assert!(headers.get_all(name).iter().all(|value| value == "*"), "{name}");
        }
    }
    for path in ["/auth/", "/auth/login", "/auth/iiif-token", "/auth/logout"] {
        let answer = browser.get(&app, path).await;
        assert!(!answer.headers().keys().any(|name| name.as_str().starts_with("access-control")), "{path}");
    }
}

#[actix_web::test]
async fn s11_what_was_given_once_is_not_printed_again() {
    let app = TestApp::start().await;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilegate"));
        let output = command.args(arguments).envs(app.settings().iter().cloned()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let hash = app.named(READER.0).await.password_hash;
    let key = &app.settings().iter().find(|(name, _)| name == "TILEGATE_KEYS").unwrap().1;
    for arguments in [
        ["account", "list"].as_slice(),
        &["policy", "export"],
        &["nginx-conf", "--http"],
        &["nginx-conf", "--server"],
        &["account", "set", READER.0, "--admin", "no"],
    ] {
        let printed = run(arguments);
        assert!(!printed.is_empty());
        assert!(!printed.contains("argon2id") && !printed.contains(&hash), "{arguments:?}");
        assert!(!printed.contains(READER.1) && !printed.contains(key.as_str()), "{arguments:?}");
    }
}

#[actix_web::test]
async fn s3_t4_the_session_is_no_access_cookie_and_the_access_cookie_no_session() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let token = browser.token(&app).await;
    let session = browser.cookies["__Host-tilegate_session"].clone();
    let access = browser.access().to_owned();
    for value in [&session, &token] {
        let swapped = Browser { cookies: [("__Host-tilegate_access".into(), value.clone())].into() };
        assert_eq!(app.tile(LOCKED_TILE, &swapped).await, 401);
    }
    for value in [&access, &token] {
        let mut swapped = Browser { cookies: [("__Host-tilegate_session".into(), value.clone())].into() };
        let page = swapped.get(&app, "/auth/").await.text().await.unwrap();
        assert!(page.contains("You are not logged in"));
    }
    let bearer = format!("Bearer {access}");
    assert_eq!(app.describe(LOCKED_INFO).header("Authorization", bearer).send().await.unwrap().status(), 401);
}

/// Identities are never reused (product decision 8): not an account's, not a condition's.
#[actix_web::test]
async fn s2_s10_what_comes_back_under_an_old_name_is_not_what_went() {
    let app = TestApp::start().await;
    let of_the_first = Browser::logged_in(&app, READER).await;
    let id = app.named(READER.0).await.id;
    app.context.store.remove_account(&id, Act::service(clock::now())).await.unwrap();
    app.account(READER, &["staff"]).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &of_the_first).await, 401, "another person of the same name");

    let holder = Browser::logged_in(&app, READER).await;
    let policy = app.context.store.policy_document().await.unwrap();
    let mut without = policy.clone();
    without.conditions.retain(|condition| condition.name != "staff");
    without.rules.retain(|rule| !rule.conditions.contains(&"staff".to_owned()));
    app.context.store.replace_policy(&without, true, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &holder).await, 403, "no rule is left");
    app.context.store.replace_policy(&policy, false, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &holder).await, 401, "whoever lost it does not get it back");
    let change = AccountChange { conditions: Some(vec!["staff".into()]), ..AccountChange::default() };
    app.change(READER.0, change).await;
    assert_eq!(app.tile(LOCKED_TILE, &holder).await, 200);
}

/// A name that somebody made point here opens no page, and no form of another host is taken.
#[actix_web::test]
async fn h8_t10_the_pages_are_at_the_public_host_alone() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login").await;
    let at = |method: reqwest::Method, path: &str, host: &str| {
        let request = app.client.request(method, format!("{}{path}", app.address));
        request.header("X-Original-Host", host).header("X-Real-IP", "192.0.2.7")
    };
    for host in ["img.test", "IMG.test", "img.test:8443", "img.test."] {
        let answer = at(reqwest::Method::GET, "/auth/login", host).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{host}");
    }
    for host in ["evil.test", "img.test.evil.test", "127.0.0.1:8080", "img.test:80@evil.test", "img_test"] {
        for path in ["/auth/", "/auth/login", "/auth/iiif-token", "/auth/admin/", "/auth/nothing"] {
            let answer = at(reqwest::Method::GET, path, host).send().await.unwrap();
            assert_eq!(answer.status(), 421, "{host} {path}");
            assert!(answer.headers().get("set-cookie").is_none(), "{host} {path}");
            let text = answer.text().await.unwrap();
            assert!(text.contains("https://img.test") && !text.contains(host), "{text}");
        }
        let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
        let post = at(reqwest::Method::POST, "/auth/login", host).header("Cookie", browser.header());
        let answer = post.form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 421, "{host}");
        assert!(answer.headers().get("set-cookie").is_none(), "{host}");
    }
}
