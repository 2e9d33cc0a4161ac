//! The ready-made policies of `examples/` in the running service: it says to real requests what their tests say.

use std::collections::HashMap;
use std::path::Path;

use reqwest::{Method, StatusCode};
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::policy::document::{Expect, PolicyDocument};

use crate::app::*;
use crate::devices::enrolled;

const ELSEWHERE: &str = "198.51.100.99";

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
}

async fn with(text: &str) -> (TestApp, PolicyDocument) {
    let app = TestApp::start().await;
    let document: PolicyDocument = tilegate::policy::file::read(text, &["images"]).unwrap();
    // Readers of the tests' own policy lose what they hold.
    app.context.store.replace_policy(&document, true, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    (app, document)
}

/// What NGINX is answered for an address, from that network address, with these cookies.
async fn asked(app: &TestApp, url: &str, address: &str, browser: &Browser) -> StatusCode {
    let door = if url.ends_with("/info.json") { "/description/" } else { "/query_auth" };
    let mut request = app.nginx(Method::GET, door, url).header("Cookie", browser.header()).build().unwrap();
    request.headers_mut().insert("x-real-ip", address.parse().unwrap());
    app.client.execute(request).await.unwrap().status()
}

#[actix_web::test]
async fn every_example_does_in_the_service_what_its_tests_say() {
    for (name, text) in examples() {
        let (app, document) = with(&text).await;
        let mut browsers: HashMap<Vec<String>, Browser> = HashMap::from([(Vec::new(), Browser::default())]);
        let mut seen = Vec::new();
        // The service has no other moment than the present one.
        for test in document.tests.iter().filter(|test| test.at.is_none()) {
            if !browsers.contains_key(&test.account_conditions) {
                let person = format!("person {}", browsers.len());
                let held: Vec<&str> = test.account_conditions.iter().map(String::as_str).collect();
                app.account((&person, "a password of some length"), &held).await;
                app.context.live.refresh(clock::now()).await.unwrap();
                let browser = Browser::logged_in(&app, (&person, "a password of some length")).await;
                browsers.insert(test.account_conditions.clone(), browser);
            }
            // Those of the image server's info.json, which the service asks for.
            let known = (test.width.unwrap_or(4000), test.height.unwrap_or(3000));
            assert_eq!(known, (4000, 3000), "{name}: {test:?}");
            let address = test.address.map_or_else(|| ELSEWHERE.to_owned(), |address| address.to_string());
            let status = asked(&app, &test.url, &address, &browsers[&test.account_conditions]).await;
            let expected = match test.expect {
                Expect::Allow => 200,
                Expect::Challenge => 401,
                Expect::Refuse => 403,
            };
            assert_eq!(status, expected, "{name}: {test:?}");
            seen.push(expected);
        }
        assert!(!seen.is_empty(), "{name}");
    }
}

/// Embargoes that are far away, whatever the tests' `at` says: today.
#[actix_web::test]
async fn an_embargo_is_in_force_today() {
    let (app, _) = with(include_str!("../../examples/embargo.toml")).await;
    app.account(("archivist", "a password of some length"), &["archivist"]).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let archivist = Browser::logged_in(&app, ("archivist", "a password of some length")).await;
    let tile = |image: &str| format!("/iiif/images/{image}/full/400,/0/default.jpg");
    for (image, stranger, known) in [
        ("estate%2Fdiary.tif", 403, 403),
        ("ministry%2F1988%2Fnote.tif", 401, 200),
        ("ministry%2F1988%2Ftelegram.tif", 401, 200),
        ("photographs%2F0001.tif", 200, 200),
        ("maps%2Fharbour.tif", 200, 200),
    ] {
        assert_eq!(asked(&app, &tile(image), ELSEWHERE, &Browser::default()).await, stranger, "{image}");
        assert_eq!(asked(&app, &tile(image), ELSEWHERE, &archivist).await, known, "{image}");
    }
}

#[actix_web::test]
async fn a_reading_room_is_entered_by_address_or_by_an_enrolled_computer() {
    let (app, _) = with(include_str!("../../examples/reading-room.toml")).await;
    let score = "/iiif/images/scores%2Fquartet.tif/full/400,/0/default.jpg";
    let letter = "/iiif/images/letters%2F1930%2F001.tif/full/400,/0/default.jpg";
    let gift = "/iiif/images/letters%2F1931%2F004.tif/full/400,/0/default.jpg";
    let (mut computer, _) = enrolled(&app, "reading-room").await;
    assert_eq!(asked(&app, score, ELSEWHERE, &computer).await, 401, "before its window was open");
    let window = computer.get(&app, "/auth/iiif-kiosk/reading-room?origin=https://viewer.test").await;
    assert_eq!(window.status(), 200);
    for (who, address, browser) in [
        ("an enrolled computer", ELSEWHERE, &computer),
        ("an address of the room", "203.0.113.200", &Browser::default()),
        ("the same in the other family", "2001:db8:4711:1::2", &Browser::default()),
    ] {
        for (url, status) in [(score, 200), (letter, 200), (gift, 403)] {
            assert_eq!(asked(&app, url, address, browser).await, status, "{who}: {url}");
        }
    }
    assert_eq!(asked(&app, score, "203.0.114.1", &Browser::default()).await, 401, "next door");
}
