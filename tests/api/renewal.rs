//! The token service gives a cookie that still counts anew.

use tilegate::clock;
use tilegate::credential::account::Id128;
use tilegate::credential::keyring::Purpose;
use tilegate::credential::sealed::Grant;
use tilegate::store::AccountChange;

use crate::app::*;

const NAME: &str = "__Host-tilegate_access";
const LIFE: u64 = 28_800;

fn opened(app: &TestApp, browser: &Browser) -> Grant {
    let revocations = &app.context.live.current().revocations;
    let cookie = browser.cookies[NAME].as_bytes();
    Grant::open(cookie, &app.context.keyring, Purpose::AccessCookie, revocations, clock::now()).unwrap()
}

/// Makes the cookie one that was given so many seconds ago, of a login as long ago as that.
fn run(app: &TestApp, browser: &mut Browser, since_login: u64, left: u64) {
    let now = clock::now();
    let grant = Grant { issued: now - since_login, expires: now + left, ..opened(app, browser) };
    let revocations = &app.context.live.current().revocations;
    let sealed = grant.seal(&app.context.keyring, Purpose::AccessCookie, revocations, clock::random());
    browser.cookies.insert(NAME.to_owned(), sealed.unwrap());
}

/// Whether asking for a token gives the cookie anew; the browser keeps it.
async fn is_renewed(app: &TestApp, browser: &mut Browser, path: &str) -> bool {
    let response = browser.get(app, path).await;
    let set: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    set.iter().any(|set| set.to_str().unwrap().starts_with(NAME))
}

const TOKEN: &str = "/auth/iiif-token";
const FRAME: &str = "/auth/iiif-token?messageId=1&origin=https://viewer.test";
const FRAME_2: &str = "/auth/v2/token?messageId=1&origin=https://viewer.test";

#[actix_web::test]
async fn a_cookie_is_given_anew_once_half_of_it_has_run() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    for path in [TOKEN, FRAME, FRAME_2] {
        run(&app, &mut reader, 100, LIFE - 100);
        assert!(!is_renewed(&app, &mut reader, path).await, "{path}: it is young");
        let session = opened(&app, &reader).session;
        run(&app, &mut reader, LIFE - 60, 60);
        assert!(is_renewed(&app, &mut reader, path).await, "{path}");
        let grant = opened(&app, &reader);
        assert_eq!(grant.session, session, "{path}: the session goes on");
        assert!((LIFE - 5..=LIFE).contains(&(grant.expires - clock::now())), "{path}");
    }
    // A tile renews nothing.
    let response = app.check(LOCKED_TILE).header("Cookie", reader.header()).send().await.unwrap();
    assert!(response.status() == 200 && !response.headers().contains_key("set-cookie"));
}

#[actix_web::test]
async fn s2_a_login_does_not_last_for_ever_by_being_renewed() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    run(&app, &mut reader, 3 * LIFE - 7200, 60);
    assert!(is_renewed(&app, &mut reader, TOKEN).await);
    let left = opened(&app, &reader).expires - clock::now();
    assert!((7190..=7200).contains(&left), "{left}");
    run(&app, &mut reader, 3 * LIFE - 61, 60);
    assert!(!is_renewed(&app, &mut reader, TOKEN).await);
}

#[actix_web::test]
async fn s2_an_ended_login_is_not_renewed_and_its_copies_stay_ended() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    run(&app, &mut reader, LIFE - 60, 60);
    let mut old = reader.clone();
    assert!(is_renewed(&app, &mut reader, TOKEN).await);
    // The browser with the older copy logs out: the newer one is over as well, until its own end.
    old.get(&app, "/auth/logout").await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
    assert!(!is_renewed(&app, &mut reader, TOKEN).await);
    let url = format!("sqlite:{}", app.database().display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let until: i64 =
        sqlx::query_scalar("SELECT MAX(expires) FROM ended_session").fetch_one(&pool).await.unwrap();
    assert!(u64::try_from(until).unwrap() >= clock::now() + LIFE, "as long as any copy can live");

    let mut reader = Browser::logged_in(&app, READER).await;
    run(&app, &mut reader, LIFE - 60, 60);
    app.change(READER.0, AccountChange { sign_out_everywhere: true, ..AccountChange::default() }).await;
    assert!(!is_renewed(&app, &mut reader, TOKEN).await);
}

#[actix_web::test]
async fn s2_a_shortened_session_setting_brings_no_renewed_cookie_back() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    run(&app, &mut reader, LIFE - 60, 60);
    let old = reader.clone();
    assert!(is_renewed(&app, &mut reader, TOKEN).await);
    let short = app.replica(&[("TILEGATE_SESSION_SECONDS", "300")]).await;
    let mut old = Browser { cookies: [(NAME.to_owned(), old.cookies[NAME].clone())].into() };
    old.get(&short, "/auth/logout").await;
    let url = format!("sqlite:{}", app.database().display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let until: i64 =
        sqlx::query_scalar("SELECT MAX(expires) FROM ended_session").fetch_one(&pool).await.unwrap();
    assert!(
        u64::try_from(until).unwrap() >= opened(&app, &reader).expires,
        "as long as the newer copy lives"
    );
}

/// A guest is in no row: what is known of other copies is in the one that leaves.
#[actix_web::test]
async fn s2_a_guest_who_has_left_does_not_come_back_with_a_renewed_copy() {
    let app = TestApp::start().await;
    let mut guest = Browser::default();
    let issued = clock::now() - (LIFE - 60);
    let grant = Grant::guest(Id128(clock::random()), issued, issued + LIFE);
    let revocations = &app.context.live.current().revocations;
    let sealed = grant.seal(&app.context.keyring, Purpose::AccessCookie, revocations, clock::random());
    let old = sealed.unwrap();
    guest.cookies.insert(NAME.to_owned(), old.clone());
    assert!(is_renewed(&app, &mut guest, TOKEN).await);
    let short = app.replica(&[("TILEGATE_SESSION_SECONDS", "300")]).await;
    Browser { cookies: [(NAME.to_owned(), old)].into() }.get(&short, "/auth/logout").await;
    let url = format!("sqlite:{}", app.database().display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let until: i64 =
        sqlx::query_scalar("SELECT MAX(expires) FROM ended_session").fetch_one(&pool).await.unwrap();
    let until = u64::try_from(until).unwrap();
    assert!(until >= opened(&app, &guest).expires, "as long as the newer copy lives");
    assert!(until >= issued + 3 * LIFE, "and one that a replica renews which has not heard of it");
}

#[actix_web::test]
async fn s10_a_renewed_cookie_holds_what_the_account_holds_now_and_ends_with_it() {
    let app = TestApp::start().await;
    let ends = clock::now() + 3600;
    app.change(READER.0, AccountChange { expires: Some(Some(ends)), ..AccountChange::default() }).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    run(&app, &mut reader, LIFE - 60, 60);
    let change = AccountChange { conditions: Some(vec!["clinical".to_owned()]), ..AccountChange::default() };
    app.change(READER.0, change).await;
    let is_new = is_renewed(&app, &mut reader, TOKEN).await;
    assert!(is_new);
    let grant = opened(&app, &reader);
    let bit = app.context.live.current().policy.conditions.bit("clinical").unwrap();
    assert!(grant.conditions.contains(bit) && grant.expires == ends, "{grant:?}");
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
}
