//! HTTP Basic: which mounts offer it, and on which an account's password counts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::RequestBuilder;
use tilegate::clock;
use tilegate::store::AccountChange;

use crate::app::*;
use crate::second_factor::with_factor;

/// As of a program.
fn basic((name, password): (&str, &str)) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

async fn start() -> TestApp {
    let images = |app: &str, prefix: &str, words: &str| {
        format!("image {prefix} {app} server=iipsrv rules=images {words}")
    };
    let nowhere = "http://127.0.0.1:9/iiif/";
    TestApp::start_with(&[
        ("TILEGATE_MOUNT_PEOPLE", &images(nowhere, "/people/", "basic=accounts")),
        ("TILEGATE_MOUNT_PASSES", &images(nowhere, "/passes/", "basic=passes")),
    ])
    .await
}

/// What NGINX sends for a tile of a locked image on a mount.
fn tile(app: &TestApp, mount: &'static str, authorization: &str) -> RequestBuilder {
    let uri = format!("/{mount}/protected%2Fletter/full/max/0/default.jpg");
    let mut request = app.check(&uri).build().unwrap();
    request.headers_mut().insert("x-tilegate-mount", mount.parse().unwrap());
    let request = RequestBuilder::from_parts(app.client.clone(), request);
    if authorization.is_empty() { request } else { request.header("Authorization", authorization) }
}

async fn status(app: &TestApp, mount: &'static str, authorization: &str) -> u16 {
    tile(app, mount, authorization).send().await.unwrap().status().as_u16()
}

#[actix_web::test]
async fn n17_only_a_mount_that_says_so_offers_it() {
    let app = start().await;
    let offered = r#"Basic realm="img.test", charset="UTF-8""#;
    for (mount, expected) in [("people", offered), ("passes", offered)] {
        let reply = tile(&app, mount, "").send().await.unwrap();
        assert_eq!(
            (reply.status().as_u16(), reply.headers()["www-authenticate"].to_str().unwrap()),
            (401, expected)
        );
    }
    let plain = app.check(LOCKED_TILE).send().await.unwrap();
    assert_eq!(plain.headers()["www-authenticate"], r#"Bearer realm="img.test""#);
    let info = app.describe(LOCKED_INFO).send().await.unwrap();
    assert_eq!(info.headers()["www-authenticate"], r#"Bearer realm="img.test""#);
}

#[actix_web::test]
async fn an_accounts_password_counts_where_the_mount_says_so_and_is_checked_once() {
    let app = start().await;
    let header = basic(READER);
    assert_eq!(status(&app, "passes", &header).await, 401);
    assert_eq!(app.check(LOCKED_TILE).header("Authorization", &header).send().await.unwrap().status(), 401);
    assert_eq!(app.context.passwords.verifications(), 0, "nobody looked at it");

    // A program with many connections, which comes up against no throttle and costs one verification.
    let many = futures_util::future::join_all((0..40).map(|_| status(&app, "people", &header))).await;
    assert_eq!(many, vec![200; 40]);
    for _ in 0..20 {
        let reply = tile(&app, "people", &header).send().await.unwrap();
        assert_eq!(
            (reply.status().as_u16(), reply.headers()["x-tilegate-basis"].to_str().unwrap()),
            (200, "held")
        );
        assert!(reply.headers().contains_key("x-tilegate-account"));
        assert_eq!(reply.headers()["x-tilegate-cache"], "private, no-cache");
        assert!(!reply.headers().contains_key("set-cookie"), "N5");
    }
    assert_eq!(app.context.passwords.verifications(), 1);
    // What is open costs nothing, and what nobody may see stays so.
    let uri = "/people/open%2Fharbour/full/max/0/default.jpg";
    let mut open = app.check(uri).header("Authorization", basic(("x", "y"))).build().unwrap();
    open.headers_mut().insert("x-tilegate-mount", "people".parse().unwrap());
    let _open = app.client.execute(open).await.unwrap();
    // Somebody else, whose password is right as well, holds nothing.
    assert_eq!(status(&app, "people", &basic(NOBODY)).await, 401);
    for wrong in [basic((READER.0, "x")), basic(("nobody", READER.1)), basic(("", "")), "Basic !".to_owned()]
    {
        assert_eq!(status(&app, "people", &wrong).await, 401, "{wrong}");
    }
    assert_eq!(status(&app, "people", &header).await, 200);
}

#[actix_web::test]
async fn s2_s10_it_ends_with_what_ends_a_login() {
    let app = start().await;
    let (old, new) = (basic(READER), basic((READER.0, "another long password")));
    assert_eq!(status(&app, "people", &old).await, 200);
    let hash = app.context.passwords.hash("another long password".into()).await.unwrap();
    app.change(READER.0, AccountChange { password_hash: Some(hash), ..AccountChange::default() }).await;
    assert_eq!(status(&app, "people", &old).await, 401, "the password is another");
    assert_eq!(status(&app, "people", &new).await, 200);
    app.change(READER.0, AccountChange { conditions: Some(vec![]), ..AccountChange::default() }).await;
    assert_eq!(status(&app, "people", &new).await, 401, "the account holds nothing any more");
    let staff = Some(vec!["staff".to_owned()]);
    app.change(READER.0, AccountChange { conditions: staff, ..AccountChange::default() }).await;
    assert_eq!(status(&app, "people", &new).await, 200);
    app.change(READER.0, AccountChange { active: Some(false), ..AccountChange::default() }).await;
    assert_eq!(status(&app, "people", &new).await, 401, "locked");
}

/// S6: as slow as at the login page, and each kind of no is the same.
#[actix_web::test]
async fn s6_n1_guessing_is_slowed_and_answers_nothing_but_401() {
    let app = start().await;
    for number in 0..14 {
        let reply =
            tile(&app, "people", &basic((READER.0, &format!("guess {number}")))).send().await.unwrap();
        assert_eq!(reply.status(), 401);
        assert_eq!(reply.headers()["x-tilegate-basis"], "not-held");
        assert_eq!(reply.text().await.unwrap(), "");
    }
    let verified = app.context.passwords.verifications();
    assert!((10..14).contains(&verified), "{verified}");
    assert_eq!(status(&app, "people", &basic(READER)).await, 401, "of that account, from that address");
    let mut elsewhere = tile(&app, "people", &basic(READER)).build().unwrap();
    elsewhere.headers_mut().insert("x-real-ip", "198.51.100.9".parse().unwrap());
    assert_eq!(app.client.execute(elsewhere).await.unwrap().status(), 200);
}

#[actix_web::test]
async fn a_second_factor_is_not_got_round() {
    let app = start().await;
    assert_eq!(status(&app, "people", &basic(READER)).await, 200);
    // What ends the person's other sessions ends this one: whoever is in it came by the password alone.
    with_factor(&app, READER).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(status(&app, "people", &basic(READER)).await, 401);
}

#[actix_web::test]
async fn descriptions_hear_it_too() {
    let app = TestApp::start_with(&[]).await;
    let url = app.image_server.url.clone();
    let replica = app
        .replica(&[(
            "TILEGATE_MOUNT_IMAGES",
            &format!("image /iiif/images/ {url}/iiif/ server=iipsrv basic=accounts"),
        )])
        .await;
    for (authorization, expected) in [(basic(READER), 200), (basic(NOBODY), 401), (basic(("x", "y")), 401)] {
        let reply =
            replica.describe(LOCKED_INFO).header("Authorization", authorization).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), expected);
        assert_eq!(reply.headers().contains_key("www-authenticate"), expected == 401);
    }
}
