//! Logging in and out, on the plain page and in a viewer's window.

use tilegate::audit::Act;
use tilegate::clock;
use tilegate::store::AccountChange;

use crate::app::*;

#[actix_web::test]
async fn a_person_is_returned_to_where_they_wanted_to_go() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login?next=/iiif/images/x%3Fy").await;
    let form = [
        ("csrf", csrf.as_str()),
        ("username", READER.0),
        ("password", READER.1),
        ("next", "/iiif/images/x%3Fy"),
    ];
    let response = browser.post(&app, "/auth/login", &form).await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/iiif/images/x%3Fy");
}

#[actix_web::test]
async fn s12_x20_nobody_is_sent_to_another_site() {
    let app = TestApp::start().await;
    for next in [
        "//evil.test",
        "/\\evil.test",
        "/\t/evil.test",
        "https:evil",
        "https://evil.test",
        "@evil",
        "/a\r\nX: y",
    ] {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, "/auth/login").await;
        let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1), ("next", next)];
        let response = browser.post(&app, "/auth/login", &form).await;
        assert_eq!(response.headers()["location"], "/auth/", "{next:?}");
    }
}

#[actix_web::test]
async fn a1_15_a_viewers_window_closes_itself() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let page = "/auth/iiif-login?origin=https://viewer.test/";
    let csrf = browser.csrf(&app, page).await;
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
    let response = browser.post(&app, "/auth/iiif-login", &form).await;
    assert_eq!(response.status(), 200);
    let cookie = response.headers().get_all("set-cookie").iter().any(|set| {
        let set = set.to_str().unwrap();
        set.starts_with("__Host-tilegate_access=") && set.contains("SameSite=None") && set.contains("Secure")
    });
    assert!(cookie, "X-19");
    let text = response.text().await.unwrap();
    assert!(text.contains("window.close()"), "{text}");
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200, "A1-40");
}

#[actix_web::test]
async fn x11_a_missing_origin_is_no_error() {
    let app = TestApp::start().await;
    assert_eq!(Browser::default().get(&app, "/auth/iiif-login").await.status(), 200);
}

#[actix_web::test]
async fn whoever_is_logged_in_may_continue_without_a_password() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    browser.cookies.remove("__Host-tilegate_access");
    let csrf = browser.csrf(&app, "/auth/iiif-login?origin=https://viewer.test").await;
    let response = browser.post(&app, "/auth/iiif-login", &[("csrf", csrf.as_str()), ("proceed", "1")]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    // And only whoever is.
    let mut stranger = Browser::default();
    let csrf = stranger.csrf(&app, "/auth/iiif-login").await;
    let response =
        stranger.post(&app, "/auth/iiif-login", &[("csrf", csrf.as_str()), ("proceed", "1")]).await;
    assert_eq!(response.status(), 403);
    assert!(!stranger.cookies.contains_key("__Host-tilegate_access"));
}

#[actix_web::test]
async fn s8_an_unknown_name_a_wrong_password_and_a_locked_account_look_and_cost_the_same() {
    let app = TestApp::start().await;
    app.account(("locked", "some long password"), &["staff"]).await;
    app.change("locked", AccountChange { active: Some(false), ..AccountChange::default() }).await;
    let mut seen = Vec::new();
    for person in
        [("unheard-of", "x"), (READER.0, "wrong"), ("locked", "some long password"), ("a\u{0}b", "x")]
    {
        let mut browser = Browser::default();
        let before = app.context.passwords.verifications();
        let response = browser.try_login(&app, person).await;
        assert_eq!(app.context.passwords.verifications() - before, 1, "{person:?}");
        assert!(!browser.cookies.contains_key("__Host-tilegate_access"));
        let status = response.status();
        let text = response.text().await.unwrap();
        let message = text.split_once(r#"role="alert">"#).unwrap().1.split('<').next().unwrap().to_owned();
        seen.push((status.as_u16(), message));
    }
    assert!(seen.iter().all(|one| one == &seen[0]), "{seen:?}");
    assert_eq!(seen[0].0, 403);
}

#[actix_web::test]
async fn s6_guessing_is_slowed_and_others_are_not() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login").await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", "guess")];
        let response = browser.post(&app, "/auth/login", &form).await;
        if response.status() == 429 {
            let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=16).contains(&wait), "{wait}");
        }
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 10);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 2);
    // The right password from elsewhere still works: nobody is locked out.
    let mut elsewhere = Browser::default();
    let csrf = elsewhere.csrf(&app, "/auth/login").await;
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
    assert_eq!(elsewhere.post_from(&app, "198.51.100.3", "/auth/login", &form).await.status(), 303);
}

#[actix_web::test]
async fn s7_every_spelling_of_a_name_is_the_same_account() {
    let app = TestApp::start().await;
    for name in ["READER", " reader ", "\u{ff32}eader"] {
        let browser = Browser::logged_in(&app, (name, READER.1)).await;
        assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200, "{name}");
    }
}

#[actix_web::test]
async fn s13_a_form_that_is_not_our_own_pages_changes_nothing() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login").await;
    let good = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
    for token in ["", "x", &format!("{csrf}x")] {
        let form = [("csrf", token), good[1], good[2]];
        assert_eq!(browser.post(&app, "/auth/login", &form).await.status(), 403, "{token}");
    }
    let without = [good[1], good[2]];
    assert!(browser.post(&app, "/auth/login", &without).await.status().is_client_error());
    // The right token without the session it belongs to.
    assert_eq!(Browser::default().post(&app, "/auth/login", &good).await.status(), 403);
    for site in ["cross-site", "same-site"] {
        let request = app.client.post(format!("{}/auth/login", app.address)).header("X-Real-IP", "192.0.2.7");
        let request = request.header("Cookie", browser.header()).header("Sec-Fetch-Site", site).form(&good);
        assert_eq!(request.send().await.unwrap().status(), 403, "{site}");
    }
    assert!(!browser.cookies.contains_key("__Host-tilegate_access"));
    assert_eq!(browser.post(&app, "/auth/login", &good).await.status(), 303);
}

#[actix_web::test]
async fn t9_x06_x07_pages_cannot_be_framed_and_do_not_cut_the_opener() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    for path in [
        "/auth/login",
        "/auth/iiif-login?origin=https://viewer.test",
        "/auth/",
        "/auth/logout",
        "/auth/nothing",
    ] {
        let response = browser.get(&app, path).await;
        let headers = response.headers();
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert!(
            headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(
            headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"),
            "{path}"
        );
        assert!(headers.get("cross-origin-opener-policy").is_none(), "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
    }
}

#[actix_web::test]
async fn a1_36_s2_logout_kills_copied_cookies_too() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let copy = browser.copied_access();
    let whole_copy = browser.clone();
    let token = browser.token(&app).await;
    let response = browser.get(&app, "/auth/logout").await;
    assert_eq!(response.status(), 200);
    let removed = response.headers().get_all("set-cookie").iter().any(|set| {
        let set = set.to_str().unwrap();
        set.starts_with("__Host-tilegate_access=;") && set.contains("Max-Age=0") && set.contains("Path=/")
    });
    assert!(removed);
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &copy).await, 401);
    let info =
        app.describe(LOCKED_INFO).header("Authorization", format!("Bearer {token}")).send().await.unwrap();
    assert_eq!(info.status(), 401, "the token of that session is dead as well");
    let page = whole_copy.clone().get(&app, "/auth/").await.text().await.unwrap();
    assert!(page.contains("You are not logged in"), "a copied session cookie is dead as well");
}

#[actix_web::test]
async fn a_logout_ends_one_login_and_leaves_the_others() {
    let app = TestApp::start().await;
    let mut here = Browser::logged_in(&app, READER).await;
    let there = Browser::logged_in(&app, READER).await;
    here.get(&app, "/auth/logout").await;
    assert_eq!(app.tile(LOCKED_TILE, &here).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &there).await, 200);
}

#[actix_web::test]
async fn logout_by_an_image_or_a_frame_of_another_site_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::logged_in(&app, READER).await;
    for destination in ["image", "iframe", "empty", "script"] {
        let request =
            app.client.get(format!("{}/auth/logout", app.address)).header("Cookie", browser.header());
        let response = request.header("Sec-Fetch-Dest", destination).send().await.unwrap();
        assert_eq!(response.status(), 403, "{destination}");
    }
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
}

#[actix_web::test]
async fn s2_each_login_has_a_session_of_its_own() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    browser.csrf(&app, "/auth/login").await;
    let before = browser.cookies["__Host-tilegate_session"].clone();
    let response = browser.try_login(&app, READER).await;
    assert_eq!(response.status(), 303);
    assert_ne!(browser.cookies["__Host-tilegate_session"], before);
    // The page's token of before the login is worth nothing after it.
    let old = Browser { cookies: [("__Host-tilegate_session".to_owned(), before)].into() };
    let page = old.clone().get(&app, "/auth/").await.text().await.unwrap();
    assert!(page.contains("You are not logged in"));
}

#[actix_web::test]
async fn s4_a_hundred_concurrent_logins_get_a_hundred_right_sessions() {
    let app = TestApp::start().await;
    let hash = app.context.passwords.hash("a shared password".into()).await.unwrap();
    for number in 0..100 {
        let id = tilegate::credential::account::Id128(clock::random());
        let name = tilegate::credential::account::Username::parse(&format!("person{number}")).unwrap();
        let account = tilegate::store::NewAccount {
            conditions: if number % 2 == 0 { vec!["staff".into()] } else { Vec::new() },
            ..tilegate::store::NewAccount::new(id, name, hash.clone())
        };
        app.context.store.create_account(account, Act::service(clock::now())).await.unwrap();
    }
    let app = &app;
    let logins = (0..100).map(|number| async move {
        let name = format!("person{number}");
        let mut browser = Browser::logged_in(app, (&name, "a shared password")).await;
        let page = browser.get(app, "/auth/").await.text().await.unwrap();
        assert!(page.contains(&format!("<strong>{name}</strong>")), "{page}");
        let expected = if number % 2 == 0 { 200 } else { 401 };
        assert_eq!(app.tile(LOCKED_TILE, &browser).await, expected, "{name}");
        browser.access().to_owned()
    });
    let cookies = futures_util::future::join_all(logins).await;
    let distinct: std::collections::HashSet<_> = cookies.iter().collect();
    assert_eq!(distinct.len(), 100);
}

#[actix_web::test]
async fn s16_no_secret_is_in_the_metrics_or_on_a_page() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    for path in ["/auth/", "/metrics", "/readyz", "/healthz"] {
        let text = browser.get(&app, path).await.text().await.unwrap();
        assert!(!text.contains(READER.1) && !text.contains(browser.access()), "{path}");
    }
    let metrics = browser.get(&app, "/metrics").await.text().await.unwrap();
    assert!(metrics.contains("tilegate_decisions_total{verdict=\"allow\"}"), "{metrics}");
}

#[actix_web::test]
async fn a_locked_first_administrator_does_not_stop_the_service() {
    let first = [("TILEGATE_ADMIN_USERNAME", "Chief"), ("TILEGATE_ADMIN_PASSWORD", "a first long password")];
    let app = TestApp::start_with(&first).await;
    assert!(app.named("chief").await.administrator);
    app.change("chief", AccountChange { active: Some(false), ..AccountChange::default() }).await;
    let again = app.replica(&[]).await;
    assert_eq!(again.tile(OPEN_TILE, &Browser::default()).await, 200);
    assert!(!app.named("chief").await.active, "and stays locked");
}

#[actix_web::test]
async fn s16_what_is_printed_for_debugging_has_no_password_hash() {
    let app = TestApp::start().await;
    let account = app.named(READER.0).await;
    let hash = account.password_hash.clone();
    assert!(hash.starts_with("$argon2id$"));
    let change = AccountChange { password_hash: Some(hash.clone()), ..AccountChange::default() };
    let new = tilegate::store::NewAccount::new(account.id, account.username.clone(), hash);
    for shown in [format!("{account:?}"), format!("{change:?}"), format!("{new:#?}")] {
        assert!(!shown.contains("argon2id"), "{shown}");
    }
}

#[actix_web::test]
async fn s1_a_cookie_ends_on_the_server_too_whatever_a_browser_keeps() {
    let app = TestApp::start_with(&[("TILEGATE_SESSION_SECONDS", "60")]).await;
    let browser = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    let later = clock::now() + 61;
    let snapshot = app.context.live.current();
    let grounds = app.context.grounds(&snapshot, later);
    let header = browser.header();
    let presented =
        tilegate::gate::request::Presented { cookie: Some(header.as_bytes()), ..Default::default() };
    assert_eq!(
        tilegate::gate::grant_of_cookie(&presented, &grounds),
        Err(tilegate::credential::sealed::Fault::Expired)
    );
}
