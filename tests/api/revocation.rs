//! Live cookies follow the store without a look-up.

use tilegate::clock;
use tilegate::store::AccountChange;

use crate::app::*;

#[actix_web::test]
async fn s10_a_changed_flag_holds_on_a_live_cookie_and_logs_nobody_out() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    app.change(READER.0, AccountChange { conditions: Some(vec![]), ..AccountChange::default() }).await;
    app.change(
        NOBODY.0,
        AccountChange { conditions: Some(vec!["staff".into()]), ..AccountChange::default() },
    )
    .await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 200);
    for browser in [&mut reader, &mut nobody] {
        assert!(browser.get(&app, "/auth/").await.text().await.unwrap().contains("You are logged in as"));
    }
}

#[actix_web::test]
async fn s2_a_new_password_lock_out_and_sign_out_everywhere_end_every_login() {
    let app = TestApp::start().await;
    let hash = app.context.passwords.hash(READER.1.into()).await.unwrap();
    for change in [
        AccountChange { password_hash: Some(hash), ..AccountChange::default() },
        AccountChange { sign_out_everywhere: true, ..AccountChange::default() },
        AccountChange { administrator: Some(true), ..AccountChange::default() },
        AccountChange { active: Some(false), ..AccountChange::default() },
    ] {
        let mut browser = Browser::logged_in(&app, READER).await;
        assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
        app.change(READER.0, change.clone()).await;
        assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401, "{change:?}");
        assert!(browser.get(&app, "/auth/").await.text().await.unwrap().contains("You are not logged in"));
    }
}

#[actix_web::test]
async fn a_removed_account_is_gone_from_live_cookies() {
    let app = TestApp::start().await;
    let browser = Browser::logged_in(&app, READER).await;
    let id = app.named(READER.0).await.id;
    app.context.store.remove_account(&id, clock::now()).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401);
}

#[actix_web::test]
async fn another_replica_follows_by_itself() {
    let app = TestApp::start().await;
    let replica = app.replica(&[]).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    assert_eq!(replica.tile(LOCKED_TILE, &browser).await, 200, "one key ring, one epoch");
    browser.get(&app, "/auth/logout").await;
    let copy = browser;
    let mut status = replica.tile(LOCKED_TILE, &copy).await;
    for _ in 0..50 {
        if status == 401 {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
        status = replica.tile(LOCKED_TILE, &copy).await;
    }
    assert_eq!(status, 401);
}

#[actix_web::test]
async fn a_new_policy_reaches_the_tiles() {
    let app = TestApp::start().await;
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 401);
    app.import(
        r#"
        [[condition]]
        name = "staff"
        pattern = "login"
        label = { en = "Staff of Example Archive" }
        [[rule]]
        mount = "images"
        identifier = "protected/letter"
        match = "exact"
        conditions = ["open"]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 200);
    assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 403, "the rule that opened it is gone");
}

#[actix_web::test]
async fn s17_a_new_store_epoch_honours_nothing_sealed_before() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    app.context.store.renew_epoch(clock::now()).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401);
    let page = browser.get(&app, "/auth/").await.text().await.unwrap();
    assert!(page.contains("You are not logged in"), "the session of the pages neither");
}

#[actix_web::test]
async fn s17_old_keys_over_a_new_database_honour_nothing() {
    let app = TestApp::start().await;
    let browser = Browser::logged_in(&app, READER).await;
    let other = TestApp::start().await;
    assert_eq!(other.tile(LOCKED_TILE, &browser).await, 401);
}

#[actix_web::test]
async fn s15_keys_rotate_without_logging_readers_out() {
    use base64::Engine as _;
    let encode = |byte| base64::engine::general_purpose::STANDARD.encode(key_bytes(byte));
    let app = TestApp::start().await;
    let browser = Browser::logged_in(&app, READER).await;
    let rotated = app.replica(&[("TILEGATE_KEYS", &format!("{},{}", encode(6), encode(5)))]).await;
    assert_eq!(rotated.tile(LOCKED_TILE, &browser).await, 200);
    let forgotten = app.replica(&[("TILEGATE_KEYS", &encode(6))]).await;
    assert_eq!(forgotten.tile(LOCKED_TILE, &browser).await, 401);
}

#[actix_web::test]
async fn s18_without_the_store_credentials_stop_counting_and_open_content_goes_on() {
    let app =
        TestApp::start_with(&[("TILEGATE_MAX_STALE_SECONDS", "1"), ("TILEGATE_POLL_SECONDS", "1")]).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    app.context.store.close().await;
    let mut status = app.tile(LOCKED_TILE, &browser).await;
    for _ in 0..60 {
        if status == 401 {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
        status = app.tile(LOCKED_TILE, &browser).await;
    }
    assert_eq!(status, 401);
    assert_eq!(app.tile(OPEN_TILE, &browser).await, 200);
    let token = browser.get(&app, "/auth/iiif-token").await;
    assert_eq!(token.status(), 503);
    let text = token.text().await.unwrap();
    assert!(text.contains(r#""error":"unavailable""#), "{text}");
    assert_eq!(browser.get(&app, "/readyz").await.status(), 503);
}

#[actix_web::test]
async fn the_database_file_is_for_the_service_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = TestApp::start().await;
    let mode = std::fs::metadata(app.database()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}
