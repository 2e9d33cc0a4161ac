//! One's own account: sessions, changing the password, and setting one with a link.

use reqwest::Response;
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::http::set_password::make_link;
use tilegate::store::AccountChange;

use crate::admin::{CHIEF, read};
use crate::app::*;

const NEW: &str = "Drei Möwen überm Speicher";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn page(app: &TestApp, browser: &mut Browser) -> String {
    browser.get(app, "/auth/").await.text().await.unwrap()
}

async fn change(app: &TestApp, browser: &mut Browser, old: &str, new: &str, again: &str) -> Response {
    let csrf = browser.csrf(app, "/auth/password").await;
    let form = [("csrf", csrf.as_str()), ("old", old), ("new", new), ("again", again)];
    browser.post(app, "/auth/password", &form).await
}

/// The path of a new link for the account.
async fn link(app: &TestApp, name: &str) -> String {
    let account = app.named(name).await;
    let address = make_link(&app.context, &account.id, Act::service(clock::now())).await.unwrap().unwrap();
    address.strip_prefix(PUBLIC).unwrap().to_owned()
}

async fn set(app: &TestApp, browser: &mut Browser, link: &str, csrf: &str, password: &str) -> Response {
    browser.post(app, link, &[("csrf", csrf), ("new", password), ("again", password)]).await
}

#[actix_web::test]
async fn s4_each_login_is_listed_and_this_one_is_marked() {
    let app = TestApp::start().await;
    let before = clock::now();
    let mut first = Browser::logged_in(&app, READER).await;
    let mut other = Browser::default();
    let csrf = other.csrf(&app, "/auth/login").await;
    let request = app.client.post(format!("{}/auth/login", app.address)).header("X-Real-IP", "192.0.2.7");
    let request = request.header("Cookie", other.header()).header("User-Agent", FIREFOX);
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
    assert_eq!(request.form(&form).send().await.unwrap().status(), 303);

    let account = app.named(READER.0).await;
    let sessions = app.context.store.sessions(&account.id, clock::now()).await.unwrap();
    assert_eq!(sessions.len(), 2);
    assert!(sessions.iter().all(|session| session.began >= before && session.expires > session.began));
    assert!(app.context.store.last_login(&account.id).await.unwrap().unwrap() >= before);
    let text = read(&page(&app, &mut first).await);
    assert!(text.contains("Unknown browser (this browser)") && text.contains("Firefox on Linux"), "{text}");
    assert_eq!(text.matches("(this browser)").count(), 1, "{text}");
    let nobody = read(&page(&app, &mut Browser::logged_in(&app, NOBODY).await).await);
    assert!(!nobody.contains("Firefox"), "nobody sees another's sessions: {nobody}");
}

#[actix_web::test]
async fn s2_a_session_that_is_ended_is_over_everywhere() {
    let app = TestApp::start().await;
    let replica = app.replica(&[]).await;
    let mut here = Browser::logged_in(&app, READER).await;
    let there = Browser::logged_in(&app, READER).await;
    let account = app.named(READER.0).await;
    let listed = page(&app, &mut here).await;
    let csrf = here.csrf(&app, "/auth/password").await;
    let (_, rest) = listed.split_once(r#"name="session" value=""#).expect("a button for the other session");
    let id = rest.split('"').next().unwrap();
    let ended = here.post(&app, "/auth/sessions", &[("csrf", csrf.as_str()), ("session", id)]).await;
    assert_eq!(ended.headers()["location"], "/auth/");
    assert!(page(&app, &mut here).await.contains(r#"role="status""#), "it is said once");
    assert!(!page(&app, &mut here).await.contains(r#"role="status""#));
    assert_eq!(app.tile(LOCKED_TILE, &there).await, 401);
    replica.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(replica.tile(LOCKED_TILE, &there).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &here).await, 200);
    assert_eq!(app.context.store.sessions(&account.id, clock::now()).await.unwrap().len(), 1);
}

#[actix_web::test]
async fn s2_all_others_are_ended_and_nobody_elses() {
    let app = TestApp::start().await;
    app.account(("second", "correct horse battery"), &["staff"]).await;
    let mut here = Browser::logged_in(&app, READER).await;
    let others = [Browser::logged_in(&app, READER).await, Browser::logged_in(&app, READER).await];
    let stranger = Browser::logged_in(&app, ("second", "correct horse battery")).await;
    let second = app.named("second").await;
    let theirs = app.context.store.sessions(&second.id, clock::now()).await.unwrap()[0].id.to_string();
    let csrf = here.csrf(&app, "/auth/password").await;
    // Another's session is not one's own to end.
    here.post(&app, "/auth/sessions", &[("csrf", csrf.as_str()), ("session", &theirs)]).await;
    assert_eq!(app.tile(LOCKED_TILE, &stranger).await, 200);
    here.post(&app, "/auth/sessions", &[("csrf", csrf.as_str()), ("others", "1")]).await;
    for other in &others {
        assert_eq!(app.tile(LOCKED_TILE, other).await, 401);
    }
    assert_eq!(app.tile(LOCKED_TILE, &here).await, 200);
    assert_eq!(app.tile(LOCKED_TILE, &stranger).await, 200);
}

#[actix_web::test]
async fn s2_a_changed_password_ends_all_other_logins_and_begins_a_new_session_here() {
    let app = TestApp::start().await;
    let mut here = Browser::logged_in(&app, READER).await;
    let there = Browser::logged_in(&app, READER).await;
    let old = here.clone();
    let changed = change(&app, &mut here, READER.1, NEW, NEW).await;
    assert_eq!(changed.status(), 303, "{}", changed.text().await.unwrap());
    assert_eq!(app.tile(LOCKED_TILE, &here).await, 200, "whoever changed it stays logged in");
    let text = page(&app, &mut here).await;
    assert!(text.contains("Your password is changed") && text.contains("You are logged in"), "{text}");
    for over in [&old, &there, &old.copied_access()] {
        assert_eq!(app.tile(LOCKED_TILE, over).await, 401, "the old cookie is refused");
    }
    assert!(page(&app, &mut old.clone()).await.contains("You are not logged in"));
    let account = app.named(READER.0).await;
    assert_eq!(app.context.store.sessions(&account.id, clock::now()).await.unwrap().len(), 1);
    assert_eq!(Browser::default().try_login(&app, READER).await.status(), 403);
    Browser::logged_in(&app, (READER.0, NEW)).await;
}

#[actix_web::test]
async fn a_new_password_that_is_no_good_changes_nothing_and_is_told_beside_its_field() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let long = "ä".repeat(513);
    for (old, new, again, status, told) in [
        (READER.1, "short", "short", 422, "at least 8 characters"),
        (READER.1, "password1", "password1", 422, "guessed too easily"),
        (READER.1, "example archive", "example archive", 422, "guessed too easily"),
        (READER.1, "reader1234", "reader1234", 422, "guessed too easily"),
        (READER.1, long.as_str(), long.as_str(), 422, "longer than 1024 bytes"),
        (READER.1, NEW, "another", 422, "not the same"),
        ("wrong", NEW, NEW, 403, "not your present password"),
    ] {
        let response = change(&app, &mut browser, old, new, again).await;
        assert_eq!(response.status(), status, "{new}");
        let text = response.text().await.unwrap();
        assert!(text.contains(told) && text.contains(r#"aria-invalid="true""#), "{new}: {text}");
        for secret in [old, new] {
            assert!(!text.contains(&format!("value=\"{secret}")), "S11: what was typed is not shown again");
        }
    }
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    Browser::logged_in(&app, READER).await;
}

#[actix_web::test]
async fn s6_guessing_the_present_password_is_slowed_like_a_login() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(change(&app, &mut browser, "guess", NEW, NEW).await.status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 10, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 2, "{statuses:?}");
}

#[actix_web::test]
async fn s13_own_pages_are_for_whoever_is_logged_in_and_take_no_forged_form() {
    let app = TestApp::start().await;
    for path in ["/auth/password", "/auth/second-factor"] {
        let response = Browser::default().get(&app, path).await;
        assert_eq!(response.headers()["location"].to_str().unwrap(), format!("/auth/login?next={path}"));
    }
    let mut browser = Browser::logged_in(&app, READER).await;
    for path in ["/auth/password", "/auth/sessions", "/auth/second-factor", "/auth/second-factor/off"] {
        let form = [("csrf", "x"), ("others", "1"), ("old", READER.1), ("new", NEW), ("again", NEW)];
        assert_eq!(browser.post(&app, path, &form).await.status(), 403, "{path}");
        let mut stranger = Browser::default();
        let csrf = stranger.csrf(&app, "/auth/login").await;
        let form =
            [("csrf", csrf.as_str()), ("others", "1"), ("old", READER.1), ("new", NEW), ("again", NEW)];
        let response = stranger.post(&app, path, &form).await;
        assert_eq!(response.headers()["location"], "/auth/login?next=/auth/", "{path}");
    }
    Browser::logged_in(&app, READER).await;
}

#[actix_web::test]
async fn s5_of_two_who_come_with_a_link_one_sets_the_password() {
    let app = TestApp::start().await;
    let before = Browser::logged_in(&app, READER).await;
    let link = link(&app, READER.0).await;
    let (mut one, mut other) = (Browser::default(), Browser::default());
    let (csrf, other_csrf) = (one.csrf(&app, &link).await, other.csrf(&app, &link).await);
    let answers = futures_util::future::join(
        set(&app, &mut one, &link, &csrf, NEW),
        set(&app, &mut other, &link, &other_csrf, "another long password xyz"),
    )
    .await;
    let statuses = [answers.0.status().as_u16(), answers.1.status().as_u16()];
    assert!(statuses == [303, 404] || statuses == [404, 303], "{statuses:?}");
    let password = if statuses[0] == 303 { NEW } else { "another long password xyz" };
    Browser::logged_in(&app, (READER.0, password)).await;
    assert_eq!(app.tile(LOCKED_TILE, &before).await, 401, "S2: earlier logins are over");
    assert!(!one.cookies.contains_key("__Host-tilegate_access"), "nobody is logged in by it");
    assert_eq!(one.get(&app, &link).await.status(), 404, "and it is gone");
}

#[actix_web::test]
async fn opening_a_link_does_not_use_it_up_and_a_bad_password_neither() {
    let app = TestApp::start().await;
    let link = link(&app, READER.0).await;
    let mut browser = Browser::default();
    for _ in 0..3 {
        assert_eq!(browser.get(&app, &link).await.status(), 200);
        let head = app.client.head(format!("{}{link}", app.address)).send().await.unwrap();
        assert_eq!(head.status(), 200);
    }
    let csrf = browser.csrf(&app, &link).await;
    assert_eq!(set(&app, &mut browser, &link, &csrf, "reader1234").await.status(), 422);
    let done = set(&app, &mut browser, &link, &csrf, NEW).await;
    assert_eq!(
        (done.status().as_u16(), &done.headers()["location"]),
        (303, &"/auth/set-password".parse().unwrap())
    );
    let said = browser.get(&app, "/auth/set-password").await.text().await.unwrap();
    assert!(said.contains("Your password is set"), "{said}");
    Browser::logged_in(&app, (READER.0, NEW)).await;
}

#[actix_web::test]
async fn s16_a_links_page_tells_nothing_and_is_kept_by_nobody() {
    let app = TestApp::start().await;
    let link = link(&app, READER.0).await;
    let response = Browser::default().get(&app, &link).await;
    let headers = response.headers().clone();
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-frame-options"], "DENY");
    let text = response.text().await.unwrap();
    assert!(text.contains(r#"name="robots" content="noindex""#), "{text}");
    assert!(!text.contains(READER.0), "whose link it is, is not said: {text}");

    // A locked account's link, one that was used, one that never was, and no link at all.
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, &link).await;
    let locked = AccountChange { active: Some(false), ..AccountChange::default() };
    app.change(READER.0, locked).await;
    let never = format!("/auth/set-password/{}", "A".repeat(43));
    let mut seen = Vec::new();
    for path in [&link, &link, &never, &"/auth/set-password/x".to_owned()] {
        let response = set(&app, &mut browser, path, &csrf, NEW).await;
        seen.push((response.status().as_u16(), response.text().await.unwrap()));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert_eq!(seen[0].0, 404);
    let unlocked = AccountChange { active: Some(true), ..AccountChange::default() };
    app.change(READER.0, unlocked).await;
    assert_eq!(set(&app, &mut browser, &link, &csrf, NEW).await.status(), 404, "it was used up all the same");
    Browser::logged_in(&app, READER).await;
}

#[actix_web::test]
async fn a_new_link_takes_the_place_of_the_one_before() {
    let app = TestApp::start().await;
    let first = link(&app, READER.0).await;
    let second = link(&app, READER.0).await;
    assert_ne!(first, second);
    let mut browser = Browser::default();
    assert_eq!(browser.get(&app, &first).await.status(), 404);
    assert_eq!(browser.get(&app, &second).await.status(), 200);
    // And whoever changes the password otherwise needs it no more.
    let mut reader = Browser::logged_in(&app, READER).await;
    assert_eq!(change(&app, &mut reader, READER.1, NEW, NEW).await.status(), 303);
    assert_eq!(browser.get(&app, &second).await.status(), 404);
}

#[actix_web::test]
async fn an_administrator_is_shown_the_way_to_the_administration_first() {
    let app = crate::admin::start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let text = page(&app, &mut chief).await;
    let (before, _) = text.split_once("What you may see").unwrap();
    assert!(before.contains(r#"href="/auth/admin/""#), "{text}");
    assert!(
        text.contains("administering opens none") && !text.contains("No access has been granted"),
        "{text}"
    );
    let staff = AccountChange { conditions: Some(vec!["staff".into()]), ..AccountChange::default() };
    app.change(CHIEF.0, staff).await;
    let text = page(&app, &mut chief).await;
    assert!(text.contains("Reading room of Example Archive") && !text.contains("opens none"), "{text}");
    let reader = page(&app, &mut Browser::logged_in(&app, NOBODY).await).await;
    assert!(reader.contains("No access has been granted") && !reader.contains("/auth/admin/"), "{reader}");
}

#[actix_web::test]
async fn the_pages_speak_the_visitors_language() {
    let app = TestApp::start().await;
    let browser = Browser::logged_in(&app, READER).await;
    for (path, expected) in [
        ("/auth/", "Wo Sie angemeldet sind"),
        ("/auth/password", "Bisheriges Passwort"),
        ("/auth/second-factor", "Zweiter Faktor"),
    ] {
        let request = app.client.get(format!("{}{path}", app.address)).header("Cookie", browser.header());
        let text =
            request.header("Accept-Language", "de-AT,de;q=0.9").send().await.unwrap().text().await.unwrap();
        assert!(text.contains(expected) && text.contains(r#"<html lang="de">"#), "{path}: {text}");
        assert!(!text.contains("own-"), "a message without a text: {text}");
    }
}

#[actix_web::test]
async fn an_account_of_the_samples_stays_everybodys() {
    let app = TestApp::start_demo(&[]).await;
    let person = (tilegate::demo::READER, tilegate::demo::PASSWORD);
    let mut browser = Browser::logged_in(&app, person).await;
    assert_eq!(change(&app, &mut browser, person.1, NEW, NEW).await.status(), 403);
    let csrf = browser.csrf(&app, "/auth/second-factor").await;
    let form = [("csrf", csrf.as_str()), ("password", person.1), ("code", "000000")];
    let refused = browser.post(&app, "/auth/second-factor", &form).await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("everybody’s"));
    let other = Browser::logged_in(&app, person).await;
    assert!(!page(&app, &mut browser).await.contains("/auth/sessions"), "the others are other people");
    let end = [("csrf", csrf.as_str()), ("others", "1")];
    assert_eq!(browser.post(&app, "/auth/sessions", &end).await.status(), 403);
    assert!(page(&app, &mut other.clone()).await.contains("You are logged in"));
    Browser::logged_in(&app, person).await;
}
