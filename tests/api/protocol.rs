//! Requirements of both versions that belong to no single service: addresses, what a refusal tells, how long
//! things live, and what is asked how often.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::app::*;
use crate::patterns;

/// Every string under one of these keys, wherever it stands.
fn under<'v>(value: &'v Value, keys: &[&str], found: &mut Vec<&'v str>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(text) if keys.contains(&key.as_str()) => found.push(text),
                    _ => under(value, keys, found),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| under(entry, keys, found)),
        _ => {}
    }
}

/// Every key, wherever it stands.
fn keys<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                found.insert(key);
                keys(value, found);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| keys(entry, found)),
        _ => {}
    }
}

#[actix_web::test]
async fn a1_01_a1_03_a1_09_a2_01_a2_09_a2_24_a2_42_a2_59_x12_every_address_is_https_without_a_query_and_answers()
 {
    let app = patterns::start(patterns::HERE).await;
    let mut seen = BTreeSet::new();
    for folder in ["protected", "terms", "room", "campus", "all"] {
        let (_, info) = patterns::info(&app, folder, &[("Origin", "https://viewer.test")]).await;
        let mut ids = Vec::new();
        under(&info, &["@id", "id"], &mut ids);
        // A viewer opens these with `?origin=` or `?messageId=` behind them.
        assert!(ids.len() >= 5, "{info}");
        for id in ids {
            assert!(id.starts_with("https://img.test/"), "A1-01, A2-01: {id}");
            assert!(!id.contains(['?', '#']), "X-12: {id}");
            seen.extend(id.strip_prefix(PUBLIC).filter(|path| path.starts_with("/auth/")).map(str::to_owned));
        }
    }
    assert_eq!(seen.len(), 16, "{seen:?}");
    for path in seen {
        let probe = path.starts_with("/auth/v2/probe/");
        let response = if probe {
            app.nginx(Method::GET, "/auth/v2/probe/x", &path).send().await.unwrap()
        } else {
            Browser::default().get(&app, &format!("{path}?origin=https://viewer.test")).await
        };
        let status = response.status().as_u16();
        // Viewers must not open the address of an external service (A1-18).
        let expected = if path.contains("external") { 404 } else { 200 };
        assert_eq!(status, expected, "A1-03, A1-09: {path}");
    }
}

/// A stranger's body has the image's own facts, the ways to log in, and nothing else.
#[actix_web::test]
async fn a1_50_a_refusal_holds_no_secret() {
    let app = TestApp::start().await;
    app.image_server.answers(200, INFO.replacen('{', r#"{"attribution":"Example Archive","#, 1));
    for bearer in ["", "Bearer BAD"] {
        let response = app.describe(LOCKED_INFO).header("Authorization", bearer).send().await.unwrap();
        assert_eq!(response.status(), 401);
        let text = response.text().await.unwrap();
        for secret in ["inside", "127.0.0.1", "tilegate_access", READER.0, "accessToken", "clinical"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        let info: Value = serde_json::from_str(&text).unwrap();
        let mut found = BTreeSet::new();
        keys(&info, &mut found);
        let image =
            ["@context", "@id", "attribution", "formats", "height", "profile", "protocol", "qualities"]
                .into_iter()
                .chain(["scaleFactors", "service", "sizes", "tiles", "width"]);
        let services = ["confirmLabel", "de", "description", "en", "errorHeading", "errorNote", "header"]
            .into_iter()
            .chain(["heading", "id", "label", "note", "type"]);
        let allowed: BTreeSet<_> = image.chain(services).collect();
        assert_eq!(found.difference(&allowed).collect::<Vec<_>>(), Vec::<&&str>::new());
    }
}

fn lives(set_cookie: &str, seconds: u64) -> bool {
    let age = set_cookie.split("; ").find_map(|part| part.strip_prefix("Max-Age="));
    age.and_then(|age| age.parse().ok()).is_some_and(|age: u64| (seconds - 2..=seconds).contains(&age))
}

/// Product decision 18: hours, because no revocation waits for the cookie's end.
#[actix_web::test]
async fn a1_52_the_cookie_lives_for_hours_and_a_revocation_ends_it_at_once() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let welcome = browser.try_login(&app, READER).await;
    let set = welcome.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    let access = set.into_iter().find(|set| set.starts_with("__Host-tilegate_access=")).unwrap().to_owned();
    // Less the second that may end between the login and its answer.
    assert!(lives(&access, 28_800), "8 hours: {access}");
    let copy = browser.copied_access();
    assert_eq!(app.tile(LOCKED_TILE, &copy).await, 200);
    browser.get(&app, "/auth/logout").await;
    assert_eq!(app.tile(LOCKED_TILE, &copy).await, 401);
    // Whoever wants minutes sets them.
    let short = app.replica(&[("TILEGATE_SESSION_SECONDS", "300")]).await;
    let welcome = Browser::default().try_login(&short, READER).await;
    let short_lived = |set: &reqwest::header::HeaderValue| {
        let set = set.to_str().unwrap();
        set.starts_with("__Host-tilegate_access=") && lives(set, 300)
    };
    assert!(welcome.headers().get_all("set-cookie").iter().any(short_lived));
}

/// Viewers give up after five seconds, and some ask again and again: nothing is looked up for it.
#[actix_web::test]
async fn a1_53_a_token_costs_no_look_up_in_the_store() {
    let app = TestApp::start().await;
    let reader = Browser::logged_in(&app, READER).await;
    app.context.store.close().await;
    let tokens = join_all((0..100).map(|number| {
        let (app, mut reader) = (&app, reader.clone());
        let service = if number % 2 == 0 { "/auth/iiif-token" } else { "/auth/v2/token" };
        async move { patterns::message(app, &mut reader, service).await["accessToken"].clone() }
    }));
    let tokens: BTreeSet<_> = tokens.await.iter().map(|token| token.as_str().unwrap().to_owned()).collect();
    assert_eq!(tokens.len(), 100);
}

/// Universal Viewer takes a message from the origin of the declared address alone.
#[actix_web::test]
async fn x10_a_token_service_answers_where_it_is_and_sends_nobody_on() {
    let app = TestApp::start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for mut browser in [Browser::default(), reader] {
        for service in ["/auth/iiif-token", "/auth/v2/token"] {
            for query in [
                "",
                "?messageId=1",
                "?messageId=1&origin=https://viewer.test",
                "?origin=https://viewer.test",
                "?messageId=&origin=x",
                "?messageId=1&origin=https://img.test",
            ] {
                let response = browser.get(&app, &format!("{service}{query}")).await;
                assert!(!response.status().is_redirection(), "{service}{query}: {}", response.status());
                assert!(response.headers().get("location").is_none(), "{service}{query}");
                assert!(response.headers().get("refresh").is_none(), "{service}{query}");
            }
        }
    }
}

#[actix_web::test]
async fn x13_x14_whatever_is_no_token_is_nobody_and_the_scheme_has_any_case() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let (one, two) = patterns::tokens(&app, &mut reader).await;
    let probe = "/auth/v2/probe/images/protected%2Fletter";
    let long = format!("Bearer {}", "x".repeat(6000));
    let doubled = format!("{one} {}", &one[7..]);
    let none = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer undefined",
        "Bearer null",
        "Bearer  ",
        "bearer",
        "Basic cmVhZGVyOng=",
        "Negotiate abc",
        "Digest x=\"y\"",
        "Token abc",
        "Bearer=abc",
        "Bearer \u{fc}",
        "Bearer ,",
        ",",
        "%",
        &long,
        &doubled,
    ];
    let seen = async |authorization: &str| {
        let with = |request: reqwest::RequestBuilder| {
            request.header("Authorization", authorization.as_bytes()).send()
        };
        let info = with(app.describe(LOCKED_INFO)).await.unwrap().status();
        let tile = with(app.check(LOCKED_TILE)).await.unwrap().status();
        let manifest = app.manifest(&Method::GET, "manifests", "/iiif/manifests/protected/a.json");
        let manifest = with(manifest).await.unwrap().status();
        let probe = with(app.nginx(Method::GET, "/auth/v2/probe/x", probe)).await.unwrap();
        assert_eq!(probe.status(), 200, "A2-43: {authorization}");
        let probe: Value = probe.json().await.unwrap();
        (info, tile, manifest, probe["status"].as_u64().unwrap())
    };
    let refused = StatusCode::UNAUTHORIZED;
    for authorization in none {
        assert_eq!(seen(authorization).await, (refused, refused, refused, 401), "X-13: {authorization:.40}");
    }
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let one = format!("{scheme} {}", &one[7..]);
        let info = app.describe(LOCKED_INFO).header("Authorization", one).send().await.unwrap();
        assert_eq!(info.status(), 200, "X-14");
        assert_eq!(seen(&format!("{scheme} {}", &two[7..])).await.3, 200, "X-14");
    }
}

/// Nothing is compared with times but expiry, and every worker reads the same snapshot: what was ended is ended
/// for whoever asks next, and a login of the same second counts.
#[actix_web::test]
async fn x22_an_end_and_a_new_login_of_the_same_second_hold_for_all_workers() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let mut reader = Browser::logged_in(&app, READER).await;
        let (one, two) = patterns::tokens(&app, &mut reader).await;
        let copy = reader.copied_access();
        assert_eq!(reader.get(&app, "/auth/logout").await.status(), 200);
        let mut again = Browser::logged_in(&app, READER).await;
        let (one_again, two_again) = patterns::tokens(&app, &mut again).await;
        // Each request has a connection of its own, and so any of the workers.
        let asked = join_all((0..40).map(|_| {
            let (app, copy, again) = (&app, &copy, &again);
            let (old, new) = ((&one, &two), (&one_again, &two_again));
            async move {
                let all = async |browser: &Browser, (one, two): (&String, &String)| {
                    let info = patterns::info(app, "protected", &[("Authorization", one)]).await.0;
                    let probe = patterns::probe(app, "protected", &[("Authorization", two)]).await;
                    (app.tile(LOCKED_TILE, browser).await.as_u16(), info, probe["status"].as_u64())
                };
                (all(copy, old).await, all(again, new).await)
            }
        }));
        for seen in asked.await {
            assert_eq!(seen, ((401, 401, Some(401)), (200, 200, Some(200))));
        }
    }
}
