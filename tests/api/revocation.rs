//! Live cookies follow the store without a look-up.

use tilegate::audit::Act;
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
    app.context.store.remove_account(&id, Act::service(clock::now())).await.unwrap();
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

/// A cookie lives as long as it was made for. Whoever shortens the setting later must not
/// have revocations forgotten before the cookies that they are about have expired.
#[actix_web::test]
async fn s2_a_shortened_session_setting_brings_no_revoked_cookie_back() {
    let long = TestApp::start_with(&[("TILEGATE_SESSION_SECONDS", "2592000")]).await;
    let mut logged_out = Browser::logged_in(&long, READER).await;
    let copy = logged_out.clone();
    let locked_out = Browser::logged_in(&long, READER).await;
    let short = long.replica(&[("TILEGATE_SESSION_SECONDS", "60")]).await;
    assert_eq!(short.tile(LOCKED_TILE, &locked_out).await, 200);

    logged_out.get(&short, "/auth/logout").await;
    short.change(READER.0, AccountChange { sign_out_everywhere: true, ..AccountChange::default() }).await;
    for days in [0, 1, 29] {
        short.context.live.refresh(clock::now() + days * 86_400).await.unwrap();
        assert_eq!(short.tile(LOCKED_TILE, &copy).await, 401, "{days}");
        assert_eq!(short.tile(LOCKED_TILE, &locked_out).await, 401, "{days}");
        let ended = short.context.store.ended_sessions(clock::now() + days * 86_400).await.unwrap();
        assert_eq!(ended.len(), 1, "{days}");
    }
}

#[actix_web::test]
async fn s17_a_new_store_epoch_honours_nothing_sealed_before() {
    let app = TestApp::start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    app.context.store.renew_epoch(Act::service(clock::now())).await.unwrap();
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

/// Nobody may read "you are logged out" while the cookie would count again as soon as
/// the store is back.
#[actix_web::test]
async fn s2_s18_a_logout_that_cannot_be_written_says_so() {
    let app =
        TestApp::start_with(&[("TILEGATE_MAX_STALE_SECONDS", "1"), ("TILEGATE_POLL_SECONDS", "1")]).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    app.context.store.close().await;
    assert_eq!(browser.get(&app, "/auth/logout").await.status(), 503, "the store is away");
    while app.context.live.is_fresh(clock::now()) {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(browser.get(&app, "/auth/logout").await.status(), 503, "for long");
    assert!(browser.cookies.contains_key("__Host-tilegate_access"));
    let stranger = Browser::default().get(&app, "/auth/logout").await;
    assert_eq!(stranger.status(), 200, "nothing to end");
}

/// A policy that this replica cannot use keeps the old policy, and must not hold up a lock-out.
#[actix_web::test]
async fn s2_a_policy_that_cannot_be_used_holds_no_revocation_up() {
    let app = TestApp::start().await;
    let locked_out = Browser::logged_in(&app, READER).await;
    let mut logged_out = Browser::logged_in(&app, READER).await;
    let nobody = Browser::logged_in(&app, NOBODY).await;
    // No iipsrv can be asked for a name with `+`; the command line would have said so.
    let mut document = app.context.store.policy_document().await.unwrap();
    document.rules[1].identifier = "a+b".into();
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    assert!(app.context.live.refresh(clock::now()).await.is_err());

    let copy = logged_out.clone();
    assert_eq!(logged_out.get(&app, "/auth/logout").await.status(), 200);
    assert_eq!(app.tile(LOCKED_TILE, &copy).await, 401);
    let id = app.named(READER.0).await.id;
    let change = AccountChange { active: Some(false), ..AccountChange::default() };
    app.context.store.change_account(&id, change, Act::service(clock::now())).await.unwrap();
    let id = app.named(NOBODY.0).await.id;
    let change = AccountChange { conditions: Some(vec!["staff".into()]), ..AccountChange::default() };
    app.context.store.change_account(&id, change, Act::service(clock::now())).await.unwrap();
    let synced = app.context.live.synced_at();
    assert!(app.context.live.refresh(clock::now() + 5).await.is_err(), "it goes on saying so");
    assert!(app.context.live.synced_at() < synced + 5, "and gets stale");
    assert_eq!(app.tile(LOCKED_TILE, &locked_out).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 200, "by the old policy");
}

#[actix_web::test]
async fn the_database_files_are_for_the_service_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = TestApp::start().await;
    for beside in ["", "-wal", "-shm"] {
        let mut file = app.database().into_os_string();
        file.push(beside);
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{beside} {mode:o}");
    }
}
