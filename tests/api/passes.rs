//! Passes: what a token opens, what a share link gives, and when either ends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{RequestBuilder, Response};
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::credential::account::{Id128, PassId};
use tilegate::credential::pass::{PassSecret, Scope, token};
use tilegate::store::{AuditFilter, NewPass};

use crate::app::*;

const MORE: &str = "/iiif/images/protected%2Fmore/full/max/0/default.jpg";
const LETTER: &str = "/iiif/images/protected%2Fletter%2F2/full/max/0/default.jpg";
const LETTERS: &str = "/iiif/images/protected%2Fletters/full/max/0/default.jpg";

async fn start() -> TestApp {
    TestApp::start_with(&[("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ rules=images")]).await
}

/// What `tilegate pass new` does.
pub async fn made(
    app: &TestApp,
    identifier: &str,
    change: impl FnOnce(&mut NewPass),
) -> (PassId, PassSecret) {
    let secret = PassSecret::new(clock::random());
    let mut pass = NewPass {
        id: Id128(clock::random()),
        secret: secret.hash(),
        scope: Scope { mount: "images".into(), identifier: identifier.into(), exact: false },
        conditions: None,
        max_px: None,
        expires: clock::now() + 3600,
        uses: None,
        note: String::new(),
        makes_passes: false,
        maker: None,
    };
    change(&mut pass);
    app.context.store.make_pass(&pass, Act::command(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    (pass.id, secret)
}

async fn revoke(app: &TestApp, id: &PassId) {
    app.context.store.revoke_pass(id, Act::command(clock::now())).await.unwrap().unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
}

fn bearer((id, secret): &(PassId, PassSecret)) -> String {
    format!("Bearer {}", token(*id, secret))
}

async fn sent(request: RequestBuilder, authorization: &str) -> Response {
    request.header("Authorization", authorization).send().await.unwrap()
}

/// The status of a tile for a program with that header.
async fn tile(app: &TestApp, uri: &str, authorization: &str) -> u16 {
    sent(app.check(uri), authorization).await.status().as_u16()
}

/// Presses the button of a share link.
async fn redeem(app: &TestApp, browser: &mut Browser, secret: &PassSecret, to: &str) -> Response {
    let path = format!("/auth/share/{}", secret.spelled());
    let csrf = browser.csrf(app, &path).await;
    browser.post(app, &path, &[("csrf", &csrf), ("to", to)]).await
}

// -- tokens --------------------------------------------------------------------------------------

#[actix_web::test]
async fn a_token_opens_its_scope_and_nothing_else() {
    let app = start().await;
    let pass = made(&app, "protected/letter", |_| {}).await;
    let header = bearer(&pass);
    for (uri, status) in [
        (LOCKED_TILE, 200),
        (LETTER, 200),
        (OPEN_TILE, 200),
        (LETTERS, 401),
        (MORE, 401),
        (CLOSED_TILE, 403),
        ("/iiif/images/protected%2Fletter%2F..%2Fmore/full/max/0/default.jpg", 403),
        ("/iiif/images/protected%2Fletter/../protected%2Fmore/full/max/0/default.jpg", 403),
        ("/iiif/images/protected%252Fletter/full/max/0/default.jpg", 403),
        ("/iiif/images/protected%2Fmore%2Fprotected%2Fletter/full/max/0/default.jpg", 401),
    ] {
        assert_eq!(tile(&app, uri, &header).await, status, "{uri}");
    }
    let allowed = sent(app.check(LOCKED_TILE), &header).await;
    assert_eq!(allowed.headers()["x-tilegate-basis"], "pass");
    assert_eq!(allowed.headers()["x-tilegate-cache"], "private, no-cache");
    assert!(!allowed.headers().contains_key("x-tilegate-account"));
    assert_eq!(allowed.text().await.unwrap(), "");
    assert_eq!(tile(&app, LOCKED_TILE, "").await, 401);
    let denied = sent(app.check(MORE), &header).await;
    assert!(denied.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"), "no dialog");
}

#[actix_web::test]
async fn a_token_opens_files_and_descriptions() {
    let app = start().await;
    let (one, other) = (made(&app, "protected", |_| {}).await, made(&app, "other", |_| {}).await);
    let file = async |authorization: &str| {
        let mut request = app.check("/files/protected/a.pdf").build().unwrap();
        request.headers_mut().insert("x-tilegate-mount", "files".parse().unwrap());
        sent(RequestBuilder::from_parts(app.client.clone(), request), authorization).await
    };
    assert_eq!(file(&bearer(&one)).await.status(), 200, "its rules are those of `images`");
    assert_eq!(file(&bearer(&other)).await.status(), 401);
    assert_eq!(sent(app.describe(LOCKED_INFO), &bearer(&one)).await.status(), 200);
    assert_eq!(sent(app.describe(LOCKED_INFO), &bearer(&other)).await.status(), 401);
}

#[actix_web::test]
async fn the_password_of_basic_is_heard_and_an_accounts_is_not() {
    let app = start().await;
    let (id, secret) = made(&app, "protected", |_| {}).await;
    let basic = |pair: String| format!("Basic {}", STANDARD.encode(pair));
    assert_eq!(tile(&app, LOCKED_TILE, &basic(format!("x:{}", secret.spelled()))).await, 200);
    assert_eq!(tile(&app, LOCKED_TILE, &basic(format!(":{}", token(id, &secret)))).await, 200);
    assert_eq!(tile(&app, MORE, &basic(format!("{id}:{}", secret.spelled()))).await, 200);
    for nothing in [
        basic(format!("{}:{}", READER.0, READER.1)),
        basic(format!("x:{id}")),
        basic(format!("{}:x", secret.spelled())),
        format!("Basic {}", secret.spelled()),
        format!("Bearer {}", secret.spelled()),
        format!("Bearer tgp_{id}_"),
        format!("Bearer {}", token(Id128([0; 16]), &secret)),
        "Basic %%%".to_owned(),
        "Bearer".to_owned(),
        "tgp".to_owned(),
    ] {
        let answer = sent(app.check(LOCKED_TILE), &nothing).await;
        assert_eq!(answer.headers()["x-tilegate-basis"], "not-held", "{nothing}");
        assert_eq!(answer.status(), 401, "{nothing}");
    }
}

#[actix_web::test]
async fn a_token_ends_at_once_and_at_its_time() {
    let app = start().await;
    let replica = app.replica(&[]).await;
    let pass = made(&app, "protected", |_| {}).await;
    replica.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(tile(&replica, LOCKED_TILE, &bearer(&pass)).await, 200);
    revoke(&app, &pass.0).await;
    assert_eq!(tile(&app, LOCKED_TILE, &bearer(&pass)).await, 401);
    replica.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(tile(&replica, LOCKED_TILE, &bearer(&pass)).await, 401);
    let over = made(&app, "protected", |pass| pass.expires = clock::now()).await;
    assert_eq!(tile(&app, LOCKED_TILE, &bearer(&over)).await, 401);
    // A start loads all at once, instead of line by line.
    let lasting = made(&app, "protected", |_| {}).await;
    let later = app.replica(&[]).await;
    for (one, status) in [(&pass, 401), (&over, 401), (&lasting, 200)] {
        assert_eq!(tile(&later, LOCKED_TILE, &bearer(one)).await, status);
    }
}

#[actix_web::test]
async fn s17_a_token_of_another_deployment_or_epoch_opens_nothing() {
    let (app, other) = (start().await, start().await);
    let pass = made(&other, "protected", |_| {}).await;
    assert_eq!(tile(&other, LOCKED_TILE, &bearer(&pass)).await, 200);
    assert_eq!(tile(&app, LOCKED_TILE, &bearer(&pass)).await, 401);
    let mut browser = Browser::default();
    redeem(&other, &mut browser, &pass.1, "").await;
    assert_eq!(other.tile(LOCKED_TILE, &browser).await, 200);
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401);
    other.context.store.renew_epoch(Act::command(clock::now())).await.unwrap();
    other.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(tile(&other, LOCKED_TILE, &bearer(&pass)).await, 401);
    assert_eq!(other.tile(LOCKED_TILE, &browser).await, 401);
}

#[actix_web::test]
async fn a_use_is_noted_within_a_minute_and_told_to_nobody() {
    let app = start().await;
    let pass = made(&app, "protected", |_| {}).await;
    let store = &app.context.store;
    tile(&app, OPEN_TILE, &bearer(&pass)).await;
    app.context.tally.tell(store, Act::visitor(clock::now())).await.unwrap();
    assert_eq!(store.pass(&pass.0).await.unwrap().unwrap().last_used, None, "everybody may have that");
    tile(&app, LOCKED_TILE, &bearer(&pass)).await;
    app.context.tally.tell(store, Act::visitor(clock::now())).await.unwrap();
    assert!(store.pass(&pass.0).await.unwrap().unwrap().last_used.is_some());
}

// -- share links ---------------------------------------------------------------------------------

#[actix_web::test]
async fn a_share_link_is_redeemed_by_a_button_and_by_nothing_else() {
    let app = start().await;
    let (id, secret) = made(&app, "protected/letter", |pass| pass.uses = Some(2)).await;
    let path = format!("/auth/share/{}?to={LOCKED_TILE}", secret.spelled());
    assert_eq!(tile(&app, LOCKED_TILE, &bearer(&(id, secret.clone()))).await, 401, "its uses are counted");
    let mut guest = Browser::default();
    for _ in 0..5 {
        let page = guest.get(&app, &path).await;
        assert_eq!(
            (page.status().as_u16(), page.headers()["referrer-policy"].to_str().unwrap()),
            (200, "no-referrer")
        );
        assert_eq!(page.headers()["x-robots-tag"], "noindex, nofollow");
        assert_eq!(page.headers()["cache-control"], "no-store");
        let page = page.text().await.unwrap();
        assert!(page.contains("protected/letter") && !page.contains("<script"), "{page}");
        assert!(page.contains("works 2 more times"), "opening it changes nothing: {page}");
    }
    assert!(!guest.cookies.contains_key("__Host-tilegate_access"));
    let response = redeem(&app, &mut guest, &secret, LOCKED_TILE).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["location"].to_str().unwrap()),
        (303, LOCKED_TILE)
    );
    for (uri, status) in [(LOCKED_TILE, 200), (LETTER, 200), (MORE, 401), (LETTERS, 401)] {
        assert_eq!(app.tile(uri, &guest).await, status, "{uri}");
    }
    let stored = app.context.store.pass(&id).await.unwrap().unwrap();
    assert_eq!(stored.uses_left, Some(1));
    let again = redeem(&app, &mut guest, &secret, "").await;
    assert_eq!(again.headers()["location"], "/auth/share", "pressing it again takes no use");
    assert_eq!(app.context.store.pass(&id).await.unwrap().unwrap().uses_left, Some(1));
    assert_eq!(guest.get(&app, "/auth/share").await.status(), 200);

    // Somebody with an account keeps what the account gives.
    let mut reader = Browser::logged_in(&app, NOBODY).await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
    redeem(&app, &mut reader, &secret, "").await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);
    let account = app.check(LOCKED_TILE).header("Cookie", reader.header()).send().await.unwrap();
    assert!(account.headers().contains_key("x-tilegate-account"));

    let used_up = Browser::default().get(&app, &path).await;
    assert_eq!(used_up.status(), 404);
    revoke(&app, &id).await;
    for browser in [&guest, &reader] {
        assert_eq!(app.tile(LOCKED_TILE, browser).await, 401, "revoked");
    }
}

#[actix_web::test]
async fn s5_s13_a_link_is_not_redeemed_across_sites_or_with_a_wrong_token() {
    let app = start().await;
    let (id, secret) = made(&app, "protected", |pass| pass.uses = Some(1)).await;
    let path = format!("/auth/share/{}", secret.spelled());
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, &path).await;
    assert_eq!(browser.post(&app, &path, &[("csrf", "x")]).await.status(), 403);
    assert_eq!(browser.post_across(&app, &path, &[("csrf", &csrf)]).await.status(), 403);
    assert_eq!(browser.get(&app, "/auth/share/x").await.status(), 404);
    assert_eq!(app.context.store.pass(&id).await.unwrap().unwrap().uses_left, Some(1));
    for (to, expected) in
        [("//evil.test", "/auth/share"), ("https://evil.test/", "/auth/share"), ("/a?b", "/a?b")]
    {
        let (_, secret) = made(&app, "protected", |_| {}).await;
        let response = redeem(&app, &mut browser, &secret, to).await;
        assert_eq!(response.headers()["location"], expected, "S12 {to}");
    }
}

#[actix_web::test]
async fn a_viewer_gets_the_tokens_of_what_was_redeemed() {
    let app = start().await;
    let (_, secret) = made(&app, "protected", |_| {}).await;
    let mut guest = Browser::default();
    redeem(&app, &mut guest, &secret, "").await;
    let token = format!("Bearer {}", guest.token(&app).await);
    assert_eq!(sent(app.describe(LOCKED_INFO), &token).await.status(), 200);
    assert_eq!(tile(&app, LOCKED_TILE, &token).await, 401, "T5");
}

#[actix_web::test]
async fn a_seventeenth_pass_drops_the_oldest_and_the_cookie_stays_small() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, NOBODY).await;
    for number in 0..17 {
        let (_, secret) = made(&app, &format!("protected/{number}"), |_| {}).await;
        assert_eq!(redeem(&app, &mut browser, &secret, "").await.status(), 303);
        let cookie = format!("__Host-tilegate_access={}", browser.access());
        assert!(cookie.len() <= 600, "{}", cookie.len());
    }
    for (number, status) in [(0, 401), (1, 200), (16, 200)] {
        let uri = format!("/iiif/images/protected%2F{number}/full/max/0/default.jpg");
        assert_eq!(app.tile(&uri, &browser).await, status, "{number}");
    }
}

#[actix_web::test]
async fn passes_stay_with_the_person_who_redeemed_them() {
    let app = start().await;
    let (_, secret) = made(&app, "protected", |_| {}).await;
    let mut browser = Browser::default();
    redeem(&app, &mut browser, &secret, "").await;
    browser.try_login(&app, NOBODY).await;
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200, "a guest who logs in keeps them");
    app.account(("third", "another long password"), &[]).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    browser.try_login(&app, ("third", "another long password")).await;
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401, "another person does not get them");
}

#[actix_web::test]
async fn s16_redemptions_are_told_without_the_secret() {
    let app = start().await;
    let (id, secret) = made(&app, "protected", |_| {}).await;
    let mut guest = Browser::default();
    redeem(&app, &mut guest, &secret, "").await;
    let store = &app.context.store;
    app.context.tally.tell(store, Act::visitor(clock::now())).await.unwrap();
    let lines = store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    let told = lines.iter().find(|line| line.action == "pass.redeem").expect("it is told");
    assert_eq!((told.subject.clone(), told.details["times"].as_u64()), (id.to_string(), Some(1)));
    let all = format!("{lines:?}");
    assert!(!all.contains(&secret.spelled()) && !all.contains(&secret.hash().to_string()));
}
