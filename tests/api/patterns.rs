//! The patterns besides `login`, in both versions: `clickthrough`, `kiosk` and `external`, alone and beside
//! one another (IIIF Authentication 1.0, section 2.1; IIIF Authorization Flow 2.0, section 3.2).

use serde_json::{Value, json};
use tilegate::audit::Act;
use tilegate::clock;

use crate::admin::read;
use crate::app::*;

pub const VIEWER: &str = "https://viewer.test";
const TERMS: &str = "Non-commercial use only.";

/// One folder for each pattern, and one that any of them opens. The reading room is 192.0.2.0/24, where the
/// tests' visitors sit unless they say otherwise.
fn policy(terms: &str, network: &str) -> String {
    let rule = |folder: &str, conditions: &str| {
        format!("[[rule]]\nmount = \"images\"\nidentifier = \"{folder}\"\nconditions = [{conditions}]\n\n")
    };
    format!(
        r#"
[[condition]]
name = "staff"
pattern = "login"
label = {{ en = "Staff" }}

[[condition]]
name = "terms"
pattern = "clickthrough"
label = {{ en = "Terms of use", de = "Nutzungsbedingungen" }}
heading = {{ en = "Please read", de = "Bitte lesen" }}
note = {{ en = "{terms}", de = "Nicht <gewerblich>." }}
confirm = {{ en = "Agreed", de = "Einverstanden" }}

[[condition]]
name = "room"
pattern = "kiosk"
label = {{ en = "Reading room" }}
networks = ["{network}"]

[[condition]]
name = "campus"
pattern = "external"
label = {{ en = "Campus" }}
networks = ["{network}"]

{}{}{}{}{}"#,
        rule("protected", "\"staff\""),
        rule("terms", "\"terms\""),
        rule("room", "\"room\""),
        rule("campus", "\"campus\""),
        rule("all", r#""staff", "terms", "room", "campus""#)
    )
}

/// The reading room is elsewhere: what a network gives is not given here.
const ELSEWHERE: &str = "203.0.113.0/24";
pub const HERE: &str = "192.0.2.0/24";

pub async fn start(network: &str) -> TestApp {
    let app = TestApp::start().await;
    put(&app, TERMS, network).await;
    app
}

async fn put(app: &TestApp, terms: &str, network: &str) {
    let document = tilegate::policy::file::read(&policy(terms, network), &["images"]).unwrap();
    app.context.store.replace_policy(&document, true, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
}

pub fn tile(folder: &str) -> String {
    format!("/iiif/images/{folder}%2F1/full/max/0/default.jpg")
}

pub async fn info(app: &TestApp, folder: &str, headers: &[(&str, &str)]) -> (u16, Value) {
    let mut request = app.describe(&format!("/iiif/images/{folder}%2F1/info.json"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub async fn probe(app: &TestApp, folder: &str, headers: &[(&str, &str)]) -> Value {
    let mut request = app
        .client
        .get(format!("{}/auth/v2/probe/x", app.address))
        .header("X-Original-URI", format!("/auth/v2/probe/images/{folder}%2F1"))
        .header("X-Original-Method", "GET")
        .header("X-Original-Host", "img.test")
        .header("X-Real-IP", "192.0.2.7")
        .header("Origin", VIEWER);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().json().await.unwrap()
}

/// The message that the page of a token service posts.
pub async fn message(app: &TestApp, browser: &mut Browser, service: &str) -> Value {
    let page = browser.get(app, &format!("{service}?messageId=m&origin={VIEWER}")).await;
    posted(&page.text().await.unwrap())
}

/// The message in such a page.
pub fn posted(page: &str) -> Value {
    let (_, call) = page.split_once("window.parent.postMessage(").unwrap();
    let (arguments, _) = call.split_once(");\n").unwrap();
    serde_json::from_str(arguments.rsplit_once(", ").unwrap().0).unwrap()
}

pub async fn tokens(app: &TestApp, browser: &mut Browser) -> (String, String) {
    let one = message(app, browser, "/auth/iiif-token").await;
    let two = message(app, browser, "/auth/v2/token").await;
    let token = |message: &Value| message["accessToken"].as_str().expect("a token").to_owned();
    (format!("Bearer {}", token(&one)), format!("Bearer {}", token(&two)))
}

// -- the services ----------------------------------------------------------------------------------

#[actix_web::test]
async fn a1_02_to_a1_12_every_pattern_has_its_cookie_service() {
    let app = start(ELSEWHERE).await;
    for (folder, profile, address) in [
        ("protected", "login", "iiif-login"),
        ("terms", "clickthrough", "iiif-clickthrough/terms"),
        ("room", "kiosk", "iiif-kiosk/room"),
        ("campus", "external", "iiif-external/campus"),
    ] {
        let (status, info) = info(&app, folder, &[]).await;
        assert_eq!(status, 401, "A1-39: {folder}");
        let service = &info["service"][0];
        assert_eq!(service["@context"], "http://iiif.io/api/auth/1/context.json", "A1-02");
        assert_eq!(service["@id"], format!("{PUBLIC}/auth/{address}"), "A1-03; also for Mirador's external");
        assert_eq!(service["profile"], format!("http://iiif.io/api/auth/1/{profile}"), "A1-04");
        assert!(service["label"].as_str().unwrap().contains("Example Archive"), "A1-05: {service}");
        let nested = service["service"].as_array().unwrap();
        assert_eq!(nested[0]["@id"], format!("{PUBLIC}/auth/iiif-token"), "A1-08, A1-09");
        assert_eq!(nested[0]["profile"], "http://iiif.io/api/auth/1/token", "A1-10");
        if folder == "campus" {
            assert_eq!(nested.len(), 1, "nobody can log out of a network");
        } else {
            assert_eq!(nested[1]["profile"], "http://iiif.io/api/auth/1/logout", "A1-11, A1-12");
        }
        let expected = if matches!(profile, "login" | "clickthrough") { "active" } else { profile };
        let access = &info["service"][1]["service"][0];
        assert_eq!(access["profile"], expected, "A2-08");
        let id = access.get("id").and_then(Value::as_str);
        let id_wanted =
            format!("{PUBLIC}/auth/v2/access/{}", if folder == "protected" { "staff" } else { folder });
        assert_eq!(id, (profile != "external").then_some(id_wanted.as_str()), "A2-09, A2-10");
    }
    let (_, info) = info(&app, "terms", &[]).await;
    let service = &info["service"][0];
    assert_eq!(service["header"], "Please read", "A1-06");
    assert_eq!(service["description"], TERMS, "A1-06");
    assert_eq!(service["confirmLabel"], "Agreed", "A1-06");
    let access = &info["service"][1]["service"][0];
    assert_eq!(access["confirmLabel"], json!({ "de": ["Einverstanden"], "en": ["Agreed"] }), "A2-14");
}

#[actix_web::test]
async fn a2_18_several_services_stand_in_the_order_in_which_they_are_tried() {
    let app = start(ELSEWHERE).await;
    let (_, info) = info(&app, "all", &[]).await;
    let services = info["service"].as_array().unwrap();
    let one: Vec<_> = services.iter().filter_map(|entry| entry["profile"].as_str()).collect();
    let prefix = "http://iiif.io/api/auth";
    assert_eq!(
        one,
        ["1/external", "1/kiosk", "1/clickthrough", "1/login", "2/probe"]
            .map(|end| format!("{prefix}/{end}"))
    );
    let two: Vec<_> =
        services[4]["service"].as_array().unwrap().iter().map(|access| access["profile"].clone()).collect();
    assert_eq!(two, ["external", "kiosk", "active", "active"]);
    // One of all is enough, whichever it is.
    let mut browser = Browser::default();
    browser.get(&app, "/auth/iiif-clickthrough/terms").await;
    assert_eq!(app.tile(&tile("all"), &browser).await, 200);
}

// -- clickthrough ----------------------------------------------------------------------------------

#[actix_web::test]
async fn a1_16_one_navigation_accepts_the_terms_and_closes_the_window() {
    let app = start(ELSEWHERE).await;
    let mut browser = Browser::default();
    assert_eq!(app.tile(&tile("terms"), &browser).await, 401);
    let response = browser.get(&app, &format!("/auth/iiif-clickthrough/terms?origin={VIEWER}/")).await;
    assert_eq!(response.status(), 200, "A1-15");
    assert!(response.headers().get("cross-origin-opener-policy").is_none(), "X-07");
    assert_eq!(response.headers()["x-frame-options"], "DENY", "X-06");
    let set = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["__Host-tilegate_access=", "SameSite=None", "Secure", "HttpOnly", "Path=/"] {
        assert!(set.contains(part), "X-19: {set}");
    }
    let page = response.text().await.unwrap();
    assert!(page.contains("window.close()") && !page.contains("<form"), "A1-16: {page}");

    assert_eq!(app.tile(&tile("terms"), &browser).await, 200, "A1-40");
    assert_eq!(app.tile(&tile("protected"), &browser).await, 401);
    let check = app.check(&tile("terms")).header("Cookie", browser.header()).send().await.unwrap();
    assert!(check.headers().get("x-tilegate-account").is_none(), "a guest is nobody");
    let (one, two) = tokens(&app, &mut browser).await;
    assert_eq!(info(&app, "terms", &[("Authorization", &one)]).await.0, 200, "A1-40");
    assert_eq!(info(&app, "protected", &[("Authorization", &one)]).await.0, 401);
    assert_eq!(probe(&app, "terms", &[("Authorization", &two)]).await["status"], 200);

    // A1-36: leaving ends it for every copy.
    let copy = browser.copied_access();
    browser.get(&app, "/auth/logout").await;
    assert!(browser.cookies.keys().all(|name| !name.ends_with("access")), "{browser:?}");
    assert_eq!(app.tile(&tile("terms"), &copy).await, 401, "A1-36");
    assert_eq!(info(&app, "terms", &[("Authorization", &one)]).await.0, 401);
    assert_eq!(probe(&app, "terms", &[("Authorization", &two)]).await["status"], 401, "A2-61");
}

#[actix_web::test]
async fn s6_guests_who_come_and_go_by_the_thousand_are_not_all_remembered() {
    let app = start(ELSEWHERE).await;
    let come_and_go = async |address: &str| {
        let ask = async |path: &str, cookie: &str| {
            let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", address);
            request.header("Cookie", cookie).send().await.unwrap()
        };
        let accepted = ask("/auth/iiif-clickthrough/terms", "").await;
        let cookie = accepted.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let left = ask("/auth/logout", &cookie).await;
        let still_counts = app.check(&tile("terms")).header("Cookie", &cookie).send().await.unwrap();
        let (left, tile) = (left.status().as_u16(), still_counts.status().as_u16());
        assert!(matches!((left, tile), (200, 401) | (429, 200)), "S2: nobody is told what is not so: {left}");
        left == 200
    };
    let mut gone = 0;
    for _ in 0..300 {
        gone += usize::from(come_and_go("198.51.100.7").await);
    }
    assert!((60..150).contains(&gone), "{gone}");
    assert_eq!(app.context.live.current().revocations.ended_sessions.len(), gone);
    assert!(come_and_go("198.51.100.8").await, "nobody else waits");
    // An account has its password to be slowed by.
    for _ in 0..3 {
        let mut person = Browser::logged_in(&app, READER).await;
        let request =
            app.client.get(format!("{}/auth/logout", app.address)).header("X-Real-IP", "198.51.100.7");
        assert_eq!(request.header("Cookie", person.header()).send().await.unwrap().status(), 200);
        person.cookies.clear();
    }
}

#[actix_web::test]
async fn s13_only_a_persons_own_navigation_accepts_terms_or_enters_a_kiosk() {
    let app = start(HERE).await;
    for path in ["/auth/iiif-clickthrough/terms", "/auth/iiif-kiosk/room", "/auth/v2/access/room"] {
        for destination in ["image", "iframe", "empty", "script", "object", "Document"] {
            let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
            let response = request.header("Sec-Fetch-Dest", destination).send().await.unwrap();
            assert_eq!(response.status(), 403, "{path} {destination}");
            assert!(response.headers().get("set-cookie").is_none(), "{path} {destination}");
        }
        let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let response = request.header("Sec-Fetch-Dest", "document").send().await.unwrap();
        assert!(response.headers().get("set-cookie").is_some(), "{path}");
        // As Chromium loads a page ahead: by a same-site page's speculation rules, or while an address is typed.
        for purpose in ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"] {
            let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
            let request = request.header("Sec-Fetch-Dest", "document").header("Sec-Purpose", purpose);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403, "{path} {purpose}");
            assert!(response.headers().get("set-cookie").is_none(), "{path} {purpose}");
        }
        let head = app.client.head(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let head = head.send().await.unwrap();
        assert!(
            path.contains("v2") || head.headers().get("set-cookie").is_none(),
            "{path}: HEAD changes nothing"
        );
    }
    for path in [
        "/auth/iiif-clickthrough/staff",
        "/auth/iiif-clickthrough/none",
        "/auth/iiif-kiosk/terms",
        "/auth/v2/access/open",
        "/auth/v2/access/closed",
        "/auth/v2/access/none",
    ] {
        let response = Browser::default().get(&app, path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(response.headers().get("set-cookie").is_none(), "{path}");
    }
}

#[actix_web::test]
async fn a2_21_the_terms_of_version_2_are_shown_and_accepted_on_our_own_page() {
    let app = start(ELSEWHERE).await;
    let mut browser = Browser::default();
    let path = format!("/auth/v2/access/terms?origin={VIEWER}");
    let response = browser.get(&app, &path).await;
    assert_eq!(response.status(), 200);
    assert!(browser.cookies.keys().all(|name| !name.ends_with("access")), "nothing is accepted by looking");
    let page = response.text().await.unwrap();
    assert!(page.contains("Please read") && page.contains(TERMS) && page.contains("Agreed"), "{page}");
    assert!(page.contains("<form method=\"post\""), "A2-21: {page}");

    let forged = browser.post(&app, "/auth/v2/access/terms", &[("csrf", "x")]).await;
    assert_eq!(forged.status(), 403, "S13");
    let csrf = browser.csrf(&app, &path).await;
    let response = browser.post(&app, "/auth/v2/access/terms", &[("csrf", &csrf)]).await;
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().contains("window.close()"), "A2-15");
    assert_eq!(app.tile(&tile("terms"), &browser).await, 200);

    // From another site the gesture is wanted again; from our own, nothing more is.
    let again = browser.get(&app, &path).await.text().await.unwrap();
    assert!(again.contains("<form") && !again.contains("window.close();\n</script>"), "{again}");
    let own = browser.get(&app, &format!("/auth/v2/access/terms?origin={PUBLIC}")).await;
    assert!(own.text().await.unwrap().contains("window.close()"), "A2-22");
}

#[actix_web::test]
async fn the_terms_are_shown_in_a_language_of_the_visitors() {
    let app = start(ELSEWHERE).await;
    for (header, wanted) in [
        ("de-AT, en;q=0.5", "Bitte lesen"),
        ("nl, de;q=0.4, en;q=0.2", "Bitte lesen"),
        ("en, de", "Please read"),
        ("fr", "Please read"),
        ("", "Please read"),
        ("\u{e4}, ;;q=9, */*", "Please read"),
        (&"de-AT,".repeat(1000), "Bitte lesen"),
    ] {
        let request =
            app.client.get(format!("{}/auth/v2/access/terms", app.address)).header("X-Real-IP", "::1");
        let response = request.header("Accept-Language", header.as_bytes()).send().await.unwrap();
        assert_eq!(response.status(), 200, "{header:.20}");
        let page = response.text().await.unwrap();
        assert!(page.contains(wanted), "{header:.20}: {page}");
        assert!(!page.contains("<gewerblich>"), "S13: escaped");
    }
}

#[actix_web::test]
async fn changed_terms_ask_again() {
    let app = start(ELSEWHERE).await;
    let mut browser = Browser::default();
    browser.get(&app, "/auth/iiif-clickthrough/terms").await;
    let (one, two) = tokens(&app, &mut browser).await;
    assert_eq!(app.tile(&tile("terms"), &browser).await, 200);
    put(&app, "Non-commercial use, and name the archive.", ELSEWHERE).await;
    assert_eq!(app.tile(&tile("terms"), &browser).await, 401);
    assert_eq!(info(&app, "terms", &[("Authorization", &one)]).await.0, 401);
    assert_eq!(probe(&app, "terms", &[("Authorization", &two)]).await["status"], 401);
    browser.get(&app, "/auth/iiif-clickthrough/terms").await;
    assert_eq!(app.tile(&tile("terms"), &browser).await, 200);
    put(&app, TERMS, ELSEWHERE).await;
    assert_eq!(app.tile(&tile("terms"), &browser).await, 401, "the newest acceptance is the one that counts");
}

#[actix_web::test]
async fn a_logged_in_visitor_keeps_what_they_hold_and_a_guest_what_they_accepted() {
    let app = start(ELSEWHERE).await;
    // The policy of this file has no READER's condition from before: it was imported with the same name.
    let mut reader = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(&tile("protected"), &reader).await, 200);
    reader.get(&app, "/auth/iiif-clickthrough/terms").await;
    for folder in ["protected", "terms"] {
        assert_eq!(app.tile(&tile(folder), &reader).await, 200, "{folder}");
    }
    let check = app.check(&tile("terms")).header("Cookie", reader.header()).send().await.unwrap();
    let account = app.named(READER.0).await.id.to_string();
    assert_eq!(check.headers()["x-tilegate-account"], account.as_str(), "still the same person");

    let mut guest = Browser::default();
    guest.get(&app, "/auth/iiif-clickthrough/terms").await;
    let response = guest.try_login(&app, READER).await;
    assert_eq!(response.status(), 303);
    for folder in ["protected", "terms"] {
        assert_eq!(app.tile(&tile(folder), &guest).await, 200, "{folder}");
    }
    let page = guest.get(&app, "/auth/").await.text().await.unwrap();
    assert!(page.contains("Terms you have accepted") && page.contains("Terms of use"), "{page}");
    // What was granted or taken since the login does not touch what was accepted.
    let change = tilegate::store::AccountChange { conditions: Some(Vec::new()), ..Default::default() };
    app.change(READER.0, change).await;
    assert_eq!(app.tile(&tile("protected"), &guest).await, 401);
    assert_eq!(app.tile(&tile("terms"), &guest).await, 200);
}

// -- by network: kiosk and external ------------------------------------------------------------------

#[actix_web::test]
async fn a1_17_a2_22_a_kiosk_gets_its_cookie_and_closes_and_nobody_else_does() {
    let app = start(HERE).await;
    for path in ["/auth/iiif-kiosk/room", "/auth/v2/access/room"] {
        let mut browser = Browser::default();
        let response = browser.get(&app, &format!("{path}?origin={VIEWER}")).await;
        assert_eq!(response.status(), 200);
        let page = response.text().await.unwrap();
        assert!(page.contains("window.close()") && !page.contains("<form"), "{path}: {page}");
        let (one, two) = tokens(&app, &mut browser).await;
        // The page that asks is on another site, where a network alone lets nobody read (T10) …
        let token = ("Authorization", one.as_str());
        assert_eq!(info(&app, "room", &[token, ("Origin", VIEWER)]).await.0, 401, "T10");
        // … and on ours it does.
        assert_eq!(info(&app, "room", &[token, ("Origin", PUBLIC)]).await.0, 200);
        assert_eq!(probe(&app, "room", &[("Authorization", &two)]).await["status"], 200);

        // T6: the same cookie and tokens from another address are worth nothing.
        let away = ("X-Real-IP", "198.51.100.7");
        let elsewhere = app.client.get(format!("{}/query_auth", app.address)).header(away.0, away.1);
        let elsewhere = elsewhere
            .header("X-Original-URI", tile("room"))
            .header("X-Original-Method", "GET")
            .header("X-Original-Host", "img.test")
            .header("X-Tilegate-Mount", "images")
            .header("Cookie", browser.header());
        assert_eq!(elsewhere.send().await.unwrap().status(), 401, "T6");
    }
    put(&app, TERMS, ELSEWHERE).await;
    for path in ["/auth/iiif-kiosk/room", "/auth/v2/access/room"] {
        let response = Browser::default().get(&app, path).await;
        assert_eq!(response.status(), 403);
        assert!(response.headers().get("set-cookie").is_none(), "{path}");
        assert!(response.text().await.unwrap().contains("Reading room"), "it says what it is not set up for");
    }
}

#[actix_web::test]
async fn a1_18_an_external_address_gives_nothing_and_the_token_service_asks_the_network() {
    let app = start(HERE).await;
    let response = Browser::default().get(&app, "/auth/iiif-external/campus").await;
    assert_eq!(response.status(), 404, "A1-18");
    assert!(response.headers().get("set-cookie").is_none(), "A1-18");
    assert_eq!(Browser::default().get(&app, "/auth/v2/access/campus").await.status(), 404);

    let mut browser = Browser::default();
    let (one, two) = tokens(&app, &mut browser).await;
    assert!(browser.cookies.is_empty(), "a token needs no cookie here");
    assert_eq!(info(&app, "campus", &[("Authorization", &one)]).await.0, 200);
    assert_eq!(probe(&app, "campus", &[("Authorization", &two)]).await["status"], 200);
    assert_eq!(
        probe(&app, "protected", &[("Authorization", &two)]).await["status"],
        401,
        "not by this network"
    );
    put(&app, TERMS, ELSEWHERE).await;
    assert_eq!(message(&app, &mut browser, "/auth/iiif-token").await["error"], "missingCredentials");
    assert_eq!(message(&app, &mut browser, "/auth/v2/token").await["profile"], "missingAspect");
    assert_eq!(info(&app, "campus", &[("Authorization", &one)]).await.0, 401, "T6");
}

#[actix_web::test]
async fn t10_what_a_network_opens_is_read_by_listed_pages_only() {
    let app = start(HERE).await;
    let app = app.replica(&[("TILEGATE_VIEWER_ORIGINS", "https://viewer.test")]).await;
    for (origin, readers) in [
        (VIEWER, VIEWER),
        (PUBLIC, PUBLIC),
        ("https://evil.test", ""),
        ("null", ""),
        ("https://viewer.test.evil", ""),
        ("", ""),
    ] {
        let response = app.check(&tile("campus")).header("Origin", origin).send().await.unwrap();
        assert_eq!(response.status(), 200, "an image may be shown anywhere");
        assert_eq!(response.headers()["x-tilegate-basis"], "network");
        assert_eq!(response.headers()["x-tilegate-origin"], readers, "{origin}");
        assert_eq!(response.headers()["x-tilegate-cache"], "private, no-cache");
        let described = app.describe("/iiif/images/campus%2F1/info.json").header("Origin", origin);
        let described = described.send().await.unwrap();
        let expected = if origin.is_empty() || !readers.is_empty() { 200 } else { 401 };
        assert_eq!(described.status(), expected, "{origin}");
        assert!(described.headers()["vary"].to_str().unwrap().contains("Origin"));
    }
}

#[actix_web::test]
async fn a2_53_a_probe_says_what_would_help() {
    let app = start(ELSEWHERE).await;
    for (folder, hint) in [
        ("protected", "Log in"),
        ("terms", "terms"),
        ("room", "premises"),
        ("campus", "networks"),
        ("all", "terms"),
    ] {
        let result = probe(&app, folder, &[]).await;
        assert_eq!(result["status"], 401);
        let note = result["note"]["en"][0].as_str().unwrap();
        assert!(note.contains(hint), "{folder}: {note}");
        assert!(result["heading"]["en"][0].is_string(), "A2-54");
    }
}

#[actix_web::test]
async fn nobody_agrees_to_an_empty_page() {
    let app = TestApp::start().await;
    app.import(
        r#"
        condition = [
            { name = "staff", pattern = "login", label = { en = "Staff" } },
            { name = "terms", pattern = "clickthrough" },
        ]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let page = Browser::default().get(&app, "/auth/v2/access/terms").await.text().await.unwrap();
    assert!(read(&page).contains("you accept the terms of use of Example Archive"), "{page}");
}

/// Where somebody is sent who has opened the address of a protected file in a window.
async fn opened(app: &TestApp, browser: &mut Browser, path: &str) -> (u16, String) {
    let response = browser.get(app, &format!("/auth/open?{path}")).await;
    let to = response.headers().get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
    (response.status().as_u16(), to)
}

fn tile_of(folder: &str) -> String {
    format!("/iiif/images/{folder}%2Fa/full/max/0/default.jpg")
}

#[actix_web::test]
async fn s12_who_opens_a_file_is_led_to_what_it_asks_for_and_back() {
    let app = start(ELSEWHERE).await;
    let mut nobody = Browser::default();
    let escaped = |path: &str| url::form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>();
    for (folder, page) in [
        ("protected", "/auth/login?next="),
        ("terms", "/auth/v2/access/terms?next="),
        ("room", "/auth/v2/access/room?next="),
        // A person can do something for the terms.
        ("all", "/auth/v2/access/terms?next="),
    ] {
        let path = tile_of(folder);
        let (status, to) = opened(&app, &mut nobody, &path).await;
        assert_eq!((status, to), (303, format!("{page}{}", escaped(&path))));
    }
    assert_eq!(opened(&app, &mut nobody, &tile_of("campus")).await, (403, String::new()));
    let elsewhere = tile_of("elsewhere");
    assert_eq!(
        opened(&app, &mut nobody, &elsewhere).await,
        (303, elsewhere.clone()),
        "it says 403 by itself"
    );
    for foreign in ["", "//evil.test/", "https://evil.test/", "/\\evil.test", "x"] {
        let (status, to) = opened(&app, &mut nobody, foreign).await;
        assert!(status >= 400 && to.is_empty(), "{foreign}: {status} {to}");
    }

    let terms = tile_of("terms");
    let page = format!("/auth/v2/access/terms?next={}", escaped(&terms));
    let csrf = nobody.csrf(&app, &page).await;
    let agreed = nobody.post(&app, "/auth/v2/access/terms", &[("csrf", &csrf), ("next", &terms)]).await;
    assert_eq!((agreed.status().as_u16(), agreed.headers()["location"].to_str().unwrap()), (303, &*terms));
    assert_eq!(app.tile(&terms, &nobody).await, 200);
    let csrf = nobody.csrf(&app, &page).await;
    let away = [("csrf", csrf.as_str()), ("next", "//evil.test/")];
    assert_eq!(
        nobody.post(&app, "/auth/v2/access/terms", &away).await.status(),
        200,
        "the window's last page"
    );

    // Who is logged in and lacks it is told so, and can log in as somebody else.
    let mut person = Browser::logged_in(&app, NOBODY).await;
    let response = person.get(&app, &format!("/auth/open?{}", tile_of("protected"))).await;
    assert_eq!(response.status(), 403);
    let text = read(&response.text().await.unwrap());
    assert!(text.contains(NOBODY.0) && text.contains("Staff"), "{text}");
}

#[actix_web::test]
async fn s12_who_opens_a_file_in_the_reading_room_is_led_back() {
    let app = start(HERE).await;
    let mut here = Browser::default();
    let path = tile_of("room");
    let response = here.get(&app, &format!("/auth/v2/access/room?next={path}")).await;
    let to = response.headers().get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
    assert_eq!((response.status().as_u16(), to), (303, path.replace("%2F", "/")));
}
