//! The second factor: set up, asked for at every door, recovered from, required of administrators.

use base64::Engine as _;
use reqwest::Response;
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::credential::second_factor::FactorSecret;
use tilegate::store::AccountChange;

use crate::admin::CHIEF;
use crate::app::*;

const PAGE: &str = "/auth/second-factor";
const CODE: &str = "/auth/login/code";
const ACCESS: &str = "__Host-tilegate_access";

/// The secret that the page shows.
async fn shown(app: &TestApp, browser: &mut Browser) -> FactorSecret {
    let page = browser.get(app, PAGE).await.text().await.unwrap();
    let (_, rest) = page.split_once("<code>").expect("a secret");
    FactorSecret::parse(&rest.split('<').next().unwrap().replace(' ', "")).unwrap()
}

/// Sets it up; answers the secret and the recovery codes.
async fn set_up(app: &TestApp, browser: &mut Browser, password: &str) -> (FactorSecret, Vec<String>) {
    let secret = shown(app, browser).await;
    let csrf = browser.csrf(app, PAGE).await;
    let (mut status, mut text) = (0, String::new());
    // The code before, so that the present one is there for a login. Where the half minute ends in between, it is too
    // old when it arrives.
    for _ in 0..2 {
        let code = secret.code(clock::now() - 30).unwrap();
        let form = [("csrf", csrf.as_str()), ("password", password), ("code", &code)];
        let response = browser.post(app, PAGE, &form).await;
        (status, text) = (response.status().as_u16(), response.text().await.unwrap());
        if status == 200 {
            break;
        }
    }
    assert_eq!(status, 200, "{text}");
    let codes: Vec<String> =
        text.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10, "{text}");
    (secret, codes)
}

pub async fn with_factor(app: &TestApp, person: (&str, &str)) -> (FactorSecret, Vec<String>) {
    let mut browser = Browser::logged_in(app, person).await;
    set_up(app, &mut browser, person.1).await
}

/// As far as the page that asks for the code.
async fn half_way(app: &TestApp, person: (&str, &str)) -> Browser {
    let mut browser = Browser::default();
    let response = browser.try_login(app, person).await;
    assert_eq!((response.status().as_u16(), &response.headers()["location"]), (303, &CODE.parse().unwrap()));
    browser
}

pub async fn type_code(app: &TestApp, browser: &mut Browser, code: &str) -> Response {
    let csrf = browser.csrf(app, CODE).await;
    browser.post(app, CODE, &[("csrf", csrf.as_str()), ("code", code)]).await
}

fn now_code(secret: &FactorSecret) -> String {
    secret.code(clock::now()).unwrap()
}

#[actix_web::test]
async fn with_a_second_factor_the_password_alone_opens_nothing() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let mut browser = half_way(&app, READER).await;
    assert!(!browser.cookies.contains_key(ACCESS), "no cookie before the code is right");
    let page = browser.get(&app, "/auth/").await.text().await.unwrap();
    assert!(page.contains("You are not logged in"), "{page}");
    let csrf = browser.csrf(&app, "/auth/iiif-login").await;
    let proceed = [("csrf", csrf.as_str()), ("proceed", "1")];
    assert_eq!(browser.post(&app, "/auth/iiif-login", &proceed).await.status(), 403);
    let account = app.named(READER.0).await;
    let before = app.context.store.sessions(&account.id, clock::now()).await.unwrap().len();

    let half = browser.cookies["__Host-tilegate_session"].clone();
    let wrong = type_code(&app, &mut browser, "000000x").await;
    assert_eq!(wrong.status(), 403);
    assert!(wrong.text().await.unwrap().contains("does not count"));
    let response = type_code(&app, &mut browser, &now_code(&secret)).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (303, &"/auth/".parse().unwrap())
    );
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    assert_ne!(
        browser.cookies["__Host-tilegate_session"], half,
        "S2: the session rotates at the login's end"
    );
    let after = app.context.store.sessions(&account.id, clock::now()).await.unwrap().len();
    assert_eq!(after, before + 1, "only a whole login is a session");
}

#[actix_web::test]
async fn a_code_counts_once() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let code = now_code(&secret);
    let mut first = half_way(&app, READER).await;
    let mut second = half_way(&app, READER).await;
    let (one, other) = (first.csrf(&app, CODE).await, second.csrf(&app, CODE).await);
    let forms = [[("csrf", one.as_str()), ("code", &code)], [("csrf", other.as_str()), ("code", &code)]];
    let answers =
        futures_util::future::join(first.post(&app, CODE, &forms[0]), second.post(&app, CODE, &forms[1]))
            .await;
    let mut statuses = [answers.0.status().as_u16(), answers.1.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 403], "of two one wins");
    let mut third = half_way(&app, READER).await;
    assert_eq!(type_code(&app, &mut third, &code).await.status(), 403);
    assert!(!third.cookies.contains_key(ACCESS));
}

#[actix_web::test]
async fn s5_a_recovery_code_is_used_once() {
    let app = TestApp::start().await;
    let (_, codes) = with_factor(&app, READER).await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    let mut browser = half_way(&app, READER).await;
    assert_eq!(type_code(&app, &mut browser, &typed).await.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    let page = browser.get(&app, "/auth/").await.text().await.unwrap();
    assert!(page.contains("9 recovery codes left"), "{page}");
    let mut again = half_way(&app, READER).await;
    assert_eq!(type_code(&app, &mut again, &codes[0]).await.status(), 403);
    assert_eq!(type_code(&app, &mut again, &codes[1]).await.status(), 303);
}

#[actix_web::test]
async fn a_viewers_window_asks_for_the_code_too() {
    let app = TestApp::start().await;
    let (secret, codes) = with_factor(&app, READER).await;
    for (door, code) in [("/auth/iiif-login", now_code(&secret)), ("/auth/v2/access/staff", codes[3].clone())]
    {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, door).await;
        let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
        let response = browser.post(&app, door, &form).await;
        assert_eq!(response.headers()["location"], CODE, "{door}");
        assert!(!browser.cookies.contains_key(ACCESS), "{door}");
        assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401, "{door}");
        let response = type_code(&app, &mut browser, &code).await;
        assert_eq!(response.status(), 200, "{door}");
        assert!(response.text().await.unwrap().contains("window.close()"), "{door}");
        assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200, "{door}");
    }
}

#[actix_web::test]
async fn s12_the_way_back_survives_the_second_step() {
    let app = TestApp::start().await;
    let (secret, codes) = with_factor(&app, READER).await;
    for (next, expected, code) in [
        ("/iiif/images/x%3Fy", "/iiif/images/x%3Fy", now_code(&secret)),
        ("//evil.test", "/auth/", codes[0].clone()),
    ] {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, "/auth/login").await;
        let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1), ("next", next)];
        browser.post(&app, "/auth/login", &form).await;
        assert_eq!(type_code(&app, &mut browser, &code).await.headers()["location"], expected);
    }
}

#[actix_web::test]
async fn s2_half_a_login_ends_with_what_ends_whole_ones() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let mut browser = half_way(&app, READER).await;
    let csrf = browser.csrf(&app, CODE).await;
    app.change(READER.0, AccountChange { sign_out_everywhere: true, ..AccountChange::default() }).await;
    let form = [("csrf", csrf.as_str()), ("code", &now_code(&secret))];
    let response = browser.post(&app, CODE, &form).await;
    assert_eq!(response.headers()["location"], "/auth/login");
    assert!(!browser.cookies.contains_key(ACCESS));
    // Nor is there a page for whoever has not shown a password.
    assert_eq!(Browser::default().get(&app, CODE).await.headers()["location"], "/auth/login");
    let mut stranger = Browser::default();
    let csrf = stranger.csrf(&app, "/auth/login").await;
    let form = [("csrf", csrf.as_str()), ("code", &now_code(&secret))];
    assert_eq!(stranger.post(&app, CODE, &form).await.headers()["location"], "/auth/login");
}

#[actix_web::test]
async fn s6_guessing_codes_is_slowed_and_right_passwords_do_not_help() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let mut browser = half_way(&app, READER).await;
        statuses.push(type_code(&app, &mut browser, "12345").await.status().as_u16());
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429, 429]);
    // From elsewhere the right code still counts.
    let mut browser = half_way(&app, READER).await;
    let csrf = browser.csrf(&app, CODE).await;
    let form = [("csrf", csrf.as_str()), ("code", &now_code(&secret))];
    assert_eq!(browser.post_from(&app, "198.51.100.3", CODE, &form).await.status(), 303);
}

#[actix_web::test]
async fn s8_a_second_factor_is_not_told_to_whoever_does_not_know_the_password() {
    let app = TestApp::start().await;
    with_factor(&app, READER).await;
    let mut seen = Vec::new();
    for person in [("unheard-of", "x"), (READER.0, "wrong"), (NOBODY.0, "wrong")] {
        let before = app.context.passwords.verifications();
        let response = Browser::default().try_login(&app, person).await;
        assert_eq!(app.context.passwords.verifications() - before, 1, "{person:?}");
        let text = response.text().await.unwrap();
        seen.push(text.split_once(r#"role="alert">"#).unwrap().1.split('<').next().unwrap().to_owned());
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
}

#[actix_web::test]
async fn setting_it_up_needs_the_password_and_a_right_code_and_ends_other_logins() {
    let app = TestApp::start().await;
    let elsewhere = Browser::logged_in(&app, READER).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let secret = shown(&app, &mut browser).await;
    assert_eq!(shown(&app, &mut browser).await.base32(), secret.base32(), "a reload shows the same");
    let csrf = browser.csrf(&app, PAGE).await;
    for (password, code, status) in [("wrong", now_code(&secret), 403), (READER.1, "12345".to_owned(), 422)] {
        let form = [("csrf", csrf.as_str()), ("password", password), ("code", &code)];
        let response = browser.post(&app, PAGE, &form).await;
        assert_eq!(response.status(), status);
        assert!(response.text().await.unwrap().contains(r#"aria-invalid="true""#));
    }
    let account = app.named(READER.0).await;
    assert!(app.context.store.second_factor(&account.id).await.unwrap().is_none());
    let (_, codes) = set_up(&app, &mut browser, READER.1).await;
    assert_eq!(app.tile(LOCKED_TILE, &elsewhere).await, 401, "who came with the password alone is out");
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    // S11: neither the secret nor the codes are shown again, nor kept as they are.
    let page = browser.get(&app, PAGE).await.text().await.unwrap();
    let stored = app.context.store.second_factor(&account.id).await.unwrap().unwrap();
    for kept in [&page, &stored.sealed, &format!("{stored:?}")] {
        assert!(!kept.contains(&codes[0]) && !kept.contains(&secret.base32()), "{kept}");
    }
    assert!(!page.contains("<svg"), "{page}");
}

#[actix_web::test]
async fn switching_it_off_and_new_codes_ask_for_the_password() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (_, codes) = set_up(&app, &mut browser, READER.1).await;
    let csrf = browser.csrf(&app, PAGE).await;
    for path in ["/auth/second-factor/codes", "/auth/second-factor/off"] {
        let form = [("csrf", csrf.as_str()), ("password", "wrong")];
        assert_eq!(browser.post(&app, path, &form).await.status(), 403, "{path}");
    }
    let right = [("csrf", csrf.as_str()), ("password", READER.1)];
    let text = browser.post(&app, "/auth/second-factor/codes", &right).await.text().await.unwrap();
    let (_, rest) = text.split_once("<li><code>").unwrap();
    let new = rest.split('<').next().unwrap().to_owned();
    let mut other = half_way(&app, READER).await;
    assert_eq!(type_code(&app, &mut other, &codes[0]).await.status(), 403, "the old ones count no more");
    assert_eq!(type_code(&app, &mut other, &new).await.status(), 303);

    let off = browser.post(&app, "/auth/second-factor/off", &right).await;
    assert_eq!(off.headers()["location"], "/auth/");
    assert_eq!(app.tile(LOCKED_TILE, &Browser::logged_in(&app, READER).await).await, 200);
}

#[actix_web::test]
async fn s15_a_secret_is_sealed_again_with_the_newest_key_and_without_its_key_nobody_gets_in() {
    let app = TestApp::start().await;
    let (secret, codes) = with_factor(&app, READER).await;
    let account = app.named(READER.0).await;
    let key = |seed| base64::engine::general_purpose::STANDARD.encode(key_bytes(seed));
    let sealed = async || app.context.store.second_factor(&account.id).await.unwrap().unwrap().sealed;
    let before = sealed().await;

    // No key opens it: refused, and nothing of the second factor is asked for or used up.
    let other = app.replica(&[("TILEGATE_KEYS", &key(9))]).await;
    let mut browser = Browser::default();
    let response = browser.try_login(&other, READER).await;
    assert_eq!(response.status(), 503);
    assert!(response.text().await.unwrap().contains("tell an administrator"));
    assert!(!browser.cookies.contains_key(ACCESS));

    let rotated = app.replica(&[("TILEGATE_KEYS", &format!("{},{}", key(9), key(5)))]).await;
    let mut browser = half_way(&rotated, READER).await;
    assert_eq!(type_code(&rotated, &mut browser, &now_code(&secret)).await.status(), 303);
    assert_ne!(sealed().await, before);
    let mut browser = half_way(&other, READER).await;
    assert_eq!(
        type_code(&other, &mut browser, &codes[0]).await.status(),
        303,
        "the old key is not needed any more"
    );
}

#[actix_web::test]
async fn s17_a_restored_backup_keeps_second_factors() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let mut half = half_way(&app, READER).await;
    app.context.store.renew_epoch(Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    let over = half.get(&app, CODE).await;
    assert_eq!(over.headers()["location"], "/auth/login", "half a login of before is over");
    let mut browser = half_way(&app, READER).await;
    assert_eq!(type_code(&app, &mut browser, &now_code(&secret)).await.status(), 303);
}

#[actix_web::test]
async fn where_it_is_required_an_administrator_sets_one_up_first() {
    let app = TestApp::start_with(&[("TILEGATE_ADMIN_SECOND_FACTOR", "required")]).await;
    app.account(CHIEF, &[]).await;
    app.change(CHIEF.0, AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    for path in ["/auth/admin/", "/auth/admin/explain", "/auth/admin/nothing"] {
        let response = chief.get(&app, path).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["location"]),
            (303, &PAGE.parse().unwrap())
        );
    }
    let page = chief.get(&app, PAGE).await.text().await.unwrap();
    assert!(page.contains("Administrators need a second factor"), "{page}");
    let (secret, _) = set_up(&app, &mut chief, CHIEF.1).await;
    assert_eq!(chief.get(&app, "/auth/admin/").await.status(), 200);
    // Nobody else needs one.
    assert_eq!(app.tile(LOCKED_TILE, &Browser::logged_in(&app, READER).await).await, 200);
    let mut again = half_way(&app, CHIEF).await;
    assert!(again.get(&app, "/auth/admin/").await.headers()["location"].to_str().unwrap().contains("login"));
    assert_eq!(type_code(&app, &mut again, &now_code(&secret)).await.status(), 303);
    assert_eq!(again.get(&app, "/auth/admin/").await.status(), 200);
}

#[actix_web::test]
async fn s13_the_picture_needs_nothing_that_the_page_forbids() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let response = browser.get(&app, PAGE).await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe"));
    let page = response.text().await.unwrap();
    assert!(page.contains("<svg") && page.contains("<path d=\"M"), "{page}");
    for forbidden in ["style=", "<style", "<script", "data:", "<img"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

/// As `tilegate account set NAME --no-second-factor` does, beside the running service.
#[actix_web::test]
async fn whoever_has_lost_everything_gets_in_with_the_password_once_it_is_taken_away() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let mut half = half_way(&app, READER).await;
    let csrf = half.csrf(&app, CODE).await;
    let account = app.named(READER.0).await;
    assert!(app.context.store.remove_second_factor(&account.id, Act::service(clock::now())).await.unwrap());
    let code = [("csrf", csrf.as_str()), ("code", &now_code(&secret))];
    let response = half.post(&app, CODE, &code).await;
    assert_eq!(response.headers()["location"], "/auth/login", "half a login begins again");
    assert_eq!(app.tile(LOCKED_TILE, &Browser::logged_in(&app, READER).await).await, 200);
}

#[actix_web::test]
async fn s2_a_deleted_and_restored_account_still_asks_for_the_code() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    let account = app.named(READER.0).await;
    let store = &app.context.store;
    store.remove_account(&account.id, Act::service(clock::now())).await.unwrap();
    store.restore_account(&account.id, Act::service(clock::now())).await.unwrap().unwrap();
    app.context.live.catch_up(clock::now()).await.unwrap();
    let mut browser = half_way(&app, READER).await;
    assert!(!browser.cookies.contains_key(ACCESS));
    assert_eq!(type_code(&app, &mut browser, &now_code(&secret)).await.status(), 303);
}

#[actix_web::test]
async fn s12_an_address_too_long_for_the_session_keeps_nobody_out() {
    let app = TestApp::start().await;
    let (secret, _) = with_factor(&app, READER).await;
    for length in [900, 2000, 9000] {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, "/auth/login").await;
        let next = format!("/auth/?{}", "%22".repeat(length / 3));
        let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1), ("next", &next)];
        let response = browser.post(&app, "/auth/login", &form).await;
        assert_eq!(response.status(), 303, "{length}");
        assert_eq!(response.headers()["location"], CODE, "{length}");
        assert_eq!(browser.get(&app, CODE).await.status(), 200, "{length}");
        if length == 9000 {
            assert_eq!(
                type_code(&app, &mut browser, &now_code(&secret)).await.headers()["location"],
                "/auth/"
            );
        }
    }
}
