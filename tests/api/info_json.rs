//! info.json through the description service.

use std::time::Duration;

use serde_json::Value;

use crate::app::*;

fn assert_cors(headers: &reqwest::header::HeaderMap) {
    let all: Vec<_> = headers.get_all("access-control-allow-origin").iter().collect();
    assert_eq!(all, ["*"], "X-01");
    assert!(headers.get("access-control-allow-credentials").is_none());
}

#[actix_web::test]
async fn a1_38_a1_39_a_stranger_gets_401_with_the_whole_body() {
    let app = TestApp::start().await;
    for bearer in
        ["", "Bearer BAD", "Bearer undefined", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        let response = app.describe(LOCKED_INFO).header("Authorization", bearer).send().await.unwrap();
        assert_eq!(response.status(), 401, "{bearer}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["www-authenticate"], r#"Bearer realm="img.test""#, "A1-57");
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");
        assert!(response.headers()["vary"].to_str().unwrap().contains("Authorization"), "X-04");
        assert_eq!(response.headers()["content-type"], "application/json", "A1-55");
        let info: Value = response.json().await.unwrap();
        assert_eq!(info["@id"], "https://img.test/iiif/images/protected%2Fletter", "X-15");
        for key in ["@context", "protocol", "width", "height", "profile", "sizes", "tiles"] {
            assert!(!info[key].is_null(), "{key}");
        }
        let service = &info["service"][0];
        assert_eq!(service["@context"], "http://iiif.io/api/auth/1/context.json", "A1-02");
        assert_eq!(service["@id"], "https://img.test/auth/iiif-login", "A1-03, X-12");
        assert_eq!(service["profile"], "http://iiif.io/api/auth/1/login", "A1-04");
        assert!(service["label"].as_str().unwrap().contains("Example Archive"), "A1-05");
        assert_eq!(service["header"], "Protected letter", "A1-06");
        let nested = service["service"].as_array().unwrap();
        let of = |profile: &str| {
            nested
                .iter()
                .find(|entry| entry["profile"] == profile)
                .map(|entry| entry["@id"].as_str().unwrap())
        };
        assert_eq!(
            of("http://iiif.io/api/auth/1/token"),
            Some("https://img.test/auth/iiif-token"),
            "A1-08 A1-10"
        );
        assert_eq!(
            of("http://iiif.io/api/auth/1/logout"),
            Some("https://img.test/auth/logout"),
            "A1-11 A1-12"
        );
    }
}

#[actix_web::test]
async fn a1_40_a_token_or_the_cookie_makes_it_200() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let token = reader.token(&app).await;
    let by_token =
        app.describe(LOCKED_INFO).header("Authorization", format!("Bearer {token}")).send().await.unwrap();
    assert_eq!(by_token.status(), 200);
    assert_cors(by_token.headers());
    let info: Value = by_token.json().await.unwrap();
    assert!(info["service"][0]["service"].is_array(), "the way out stays known");
    let by_cookie = app.describe(LOCKED_INFO).header("Cookie", reader.header()).send().await.unwrap();
    assert_eq!(by_cookie.status(), 200);
    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    let token = nobody.token(&app).await;
    let without =
        app.describe(LOCKED_INFO).header("Authorization", format!("Bearer {token}")).send().await.unwrap();
    assert_eq!(without.status(), 401, "logged in, and holding nothing");
}

#[actix_web::test]
async fn an_open_image_has_no_services_and_may_be_cached() {
    let app = TestApp::start().await;
    let response = app.describe("/iiif/images/open%2Fharbour/info.json").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
    let info: Value = response.json().await.unwrap();
    assert!(info["service"].is_null());
    assert_eq!(app.image_server.asked.lock().unwrap().as_slice(), ["/iiif/open/harbour/info.json"]);
}

#[actix_web::test]
async fn a_closed_image_is_403() {
    let app = TestApp::start().await;
    let response = app.describe("/iiif/images/elsewhere/info.json").send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_cors(response.headers());
    assert_eq!(response.headers()["cache-control"], "no-store");
    // A bare refusal: neither whether there is such an image nor how large it is.
    let text = response.text().await.unwrap();
    assert!(!text.contains("width") && !text.contains("elsewhere"), "{text}");
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn a_bare_identifier_is_sent_to_its_info_json() {
    let app = TestApp::start().await;
    for uri in ["/iiif/images/protected%2Fletter", "/iiif/images/protected%2Fletter?x=1"] {
        let response = app.describe(uri).send().await.unwrap();
        assert_eq!(response.status(), 303);
        assert_eq!(
            response.headers()["location"],
            "https://img.test/iiif/images/protected%2Fletter/info.json"
        );
        assert_cors(response.headers());
    }
}

#[actix_web::test]
async fn x02_the_preflight_needs_no_credential() {
    let app = TestApp::start().await;
    let request = app.client.request(reqwest::Method::OPTIONS, format!("{}/description/", app.address));
    let request = request.header("X-Original-Method", "OPTIONS").header("X-Original-URI", LOCKED_INFO);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_cors(response.headers());
    assert!(response.headers()["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
    assert!(response.headers()["access-control-allow-methods"].to_str().unwrap().contains("GET"));
}

#[actix_web::test]
async fn x03_head_mirrors_get_with_an_empty_body() {
    let app = TestApp::start().await;
    for uri in [LOCKED_INFO, "/iiif/images/open%2Fharbour/info.json"] {
        let get = app.describe(uri).send().await.unwrap();
        let head = app.nginx(reqwest::Method::HEAD, "/description/", uri).send().await.unwrap();
        assert_eq!(head.status(), get.status());
        for name in ["content-type", "content-length", "cache-control", "access-control-allow-origin"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{name}");
        }
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

#[actix_web::test]
async fn a1_55_the_media_type_follows_the_accept_header_on_401_too() {
    let app = TestApp::start().await;
    let response = app.describe(LOCKED_INFO).header("Accept", "application/ld+json").send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/ld+json"));
}

#[actix_web::test]
async fn a_bad_image_server_is_a_clear_502_or_404_and_never_a_stand_in() {
    let app = TestApp::start().await;
    let uri = "/iiif/images/open%2Fharbour/info.json";
    let garbage: [&[u8]; 6] = [b"", b"   ", b"<html>", b"[]", b"{}", b"{\"width\":1"];
    for body in garbage {
        app.image_server.answers(200, body);
        assert_eq!(app.describe(uri).send().await.unwrap().status(), 502, "{body:?}");
    }
    app.image_server.answers(200, vec![b' '; 10_000_000]);
    assert_eq!(app.describe(uri).send().await.unwrap().status(), 502);
    app.image_server.answers(500, INFO);
    assert_eq!(app.describe(uri).send().await.unwrap().status(), 502);
    app.image_server.answers(404, "File /srv/images/secret.tif not found");
    let response = app.describe(uri).send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert_cors(response.headers());
    assert!(!response.text().await.unwrap().contains("/srv/"), "no path of the image server");
}

#[actix_web::test]
async fn p10_redirects_of_the_image_server_are_not_followed() {
    let app = TestApp::start().await;
    app.image_server.redirects(&format!("{}/elsewhere", app.image_server.url));
    let response = app.describe("/iiif/images/open%2Fharbour/info.json").send().await.unwrap();
    assert_eq!(response.status(), 502);
    assert_eq!(app.image_server.asked.lock().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_slow_image_server_is_given_up_on() {
    let app = TestApp::start().await;
    app.image_server.waits(Duration::from_secs(30));
    let response = app.describe("/iiif/images/open%2Fharbour/info.json").send().await.unwrap();
    assert_eq!(response.status(), 502);
}

#[actix_web::test]
async fn t8_with_conceal_a_hidden_and_an_unknown_image_answer_alike() {
    let app = TestApp::start_with(&[("TILEGATE_CONCEAL", "true")]).await;
    let hidden = app.describe(LOCKED_INFO).send().await.unwrap();
    app.image_server.answers(404, "");
    let unknown = app.describe("/iiif/images/protected%2Fnothing/info.json").send().await.unwrap();
    assert_eq!(hidden.status(), 401);
    assert_eq!(unknown.status(), 401);
    let alike = |text: String| text.replace("letter", "X").replace("nothing", "X");
    assert_eq!(alike(hidden.text().await.unwrap()), alike(unknown.text().await.unwrap()));
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn the_services_stay_when_the_origin_has_its_own() {
    let app = TestApp::start().await;
    app.image_server.answers(
        200,
        INFO.replacen('{', r#"{"service":{"@id":"x","profile":"http://example.org/other"},"#, 1),
    );
    let info: Value = app.describe(LOCKED_INFO).send().await.unwrap().json().await.unwrap();
    let profiles: Vec<_> =
        info["service"].as_array().unwrap().iter().map(|entry| entry["profile"].clone()).collect();
    let expected =
        ["http://example.org/other", "http://iiif.io/api/auth/1/login", "http://iiif.io/api/auth/2/probe"];
    assert_eq!(profiles, expected);
}

#[actix_web::test]
async fn p10_a_stuck_image_server_holds_up_nobody_elses() {
    // Connections are taken by the system, and nobody ever answers.
    let stuck = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mount = format!("image /stuck/ http://{}/ default=open", stuck.local_addr().unwrap());
    let app = TestApp::start_with(&[("TILEGATE_MOUNT_STUCK", &mount)]).await;
    let ask = |number: usize| {
        app.nginx(reqwest::Method::GET, "/description/", &format!("/stuck/{number}/info.json"))
            .build()
            .map(|mut request| {
                request.headers_mut().insert("x-tilegate-mount", "stuck".parse().unwrap());
                actix_web::rt::spawn(app.client.execute(request))
            })
            .unwrap()
    };
    let begun = std::time::Instant::now();
    let waiting: Vec<_> = (0..100).map(ask).collect();
    actix_web::rt::time::sleep(std::time::Duration::from_millis(500)).await;
    let response = app.describe("/iiif/images/open%2Fharbour/info.json").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(begun.elapsed().as_secs() < 4, "{:?}", begun.elapsed());
    for answer in waiting {
        assert_eq!(answer.await.unwrap().unwrap().status(), 502);
    }
    assert!(begun.elapsed().as_secs() < 9, "nobody waits twice: {:?}", begun.elapsed());
}
