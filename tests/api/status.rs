//! The access status of a manifest: `/auth/status?manifest=…`.

use reqwest::Method;
use serde_json::{Value, json};
use tilegate::clock;

use crate::app::*;

const MANIFEST: &str = "https://img.test/iiif/manifests/open/book.json";
const VIEWER: &str = "https://viewer.test";

fn canvas(number: usize, folder: &str) -> Value {
    let service = format!("{PUBLIC}/iiif/images/{folder}%2F{number}");
    json!({
        "id": format!("{MANIFEST}/canvas/{number}"), "type": "Canvas",
        "items": [{ "type": "AnnotationPage", "items": [{
            "type": "Annotation", "motivation": "painting",
            "body": { "id": format!("{service}/full/max/0/default.jpg"), "type": "Image",
                      "service": [{ "id": service, "type": "ImageService3", "profile": "level2" }] },
        }] }],
    })
}

/// Canvases: open, protected, closed, and one that is not ours; ranges over some of them.
fn manifest() -> Value {
    let mut elsewhere = canvas(4, "open");
    elsewhere["items"][0]["items"][0]["body"] = json!({ "id": "https://other.test/a.jpg", "type": "Image" });
    let range = |name: &str, canvases: &[usize]| {
        let items: Vec<_> = canvases
            .iter()
            .map(|number| json!({ "id": format!("{MANIFEST}/canvas/{number}"), "type": "Canvas" }))
            .collect();
        json!({ "id": format!("{MANIFEST}/range/{name}"), "type": "Range", "items": items })
    };
    json!({
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": MANIFEST, "type": "Manifest", "label": { "en": ["Book"] },
        "items": [canvas(1, "open"), canvas(2, "protected"), canvas(3, "elsewhere"), elsewhere],
        "structures": [range("a", &[1]), range("b", &[1, 2]), range("c", &[2, 3]), range("d", &[3, 4])],
    })
}

async fn start() -> TestApp {
    let app = TestApp::start_with(&[("TILEGATE_VIEWER_ORIGINS", VIEWER)]).await;
    app.image_server.answers(200, manifest().to_string());
    app
}

async fn ask(app: &TestApp, url: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let query: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("manifest", url).finish();
    asking(app, Method::GET, &format!("?{query}"), headers).await
}

async fn asking(app: &TestApp, method: Method, query: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = app
        .client
        .request(method.clone(), format!("{}/auth/status{query}", app.address))
        .header("X-Original-Method", method.as_str())
        .header("X-Original-Host", "img.test")
        .header("X-Real-IP", "192.0.2.7");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

async fn status(app: &TestApp, headers: &[(&str, &str)]) -> Value {
    let response = ask(app, MANIFEST, headers).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, no-store", "X-04");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    response.json().await.unwrap()
}

/// The status words of the canvases and of the ranges, and of the manifest's content.
fn words(status: &Value) -> (Vec<&str>, Vec<&str>, &str) {
    let word = |number: &Value| {
        status["states"][usize::try_from(number.as_u64().unwrap()).unwrap()]["status"].as_str().unwrap()
    };
    let of = |key: &str| status[key].as_array().unwrap().iter().map(|part| word(&part["state"])).collect();
    (of("canvases"), of("ranges"), word(&status["manifest"]["content"]))
}

#[actix_web::test]
async fn u3_every_part_says_how_it_stands_and_what_would_help() {
    let app = start().await;
    let anonymous = status(&app, &[]).await;
    assert_eq!(
        words(&anonymous),
        (
            vec!["allowed", "acquirable", "denied", "elsewhere"],
            vec!["allowed", "partial", "acquirable", "denied"],
            "partial"
        )
    );
    assert_eq!(
        anonymous["conditions"],
        json!({ "staff": {
            "held": false, "pattern": "login",
            "label": { "en": ["Reading room of Example Archive"] },
            "service": { "1": "https://img.test/auth/iiif-login", "2": "https://img.test/auth/v2/access/staff" },
        } })
    );
    let protected = anonymous["canvases"][1]["resources"][0].clone();
    assert_eq!(protected["id"], "https://img.test/iiif/images/protected%2F2");
    let state = &anonymous["states"][usize::try_from(protected["state"].as_u64().unwrap()).unwrap()];
    assert_eq!(*state, json!({ "status": "acquirable", "conditions": ["staff"] }));
    assert_eq!(
        anonymous["states"][0],
        json!({ "status": "allowed", "operations": ["view"] }),
        "the manifest itself"
    );

    let mut reader = Browser::logged_in(&app, READER).await;
    let cookie = reader.header();
    let token = format!("Bearer {}", reader.token(&app).await);
    for headers in [
        &[("Cookie", cookie.as_str())][..],
        &[("Cookie", &cookie), ("Origin", PUBLIC)],
        &[("Cookie", &cookie), ("Origin", VIEWER)],
        &[("Authorization", &token), ("Origin", "https://any.test")],
    ] {
        let status = status(&app, headers).await;
        assert_eq!(
            words(&status),
            (
                vec!["allowed", "allowed", "denied", "elsewhere"],
                vec!["allowed", "allowed", "partial", "denied"],
                "partial"
            ),
            "{headers:?}"
        );
        assert_eq!(status["conditions"], json!({}), "nothing is missing that a condition would open");
    }
}

#[actix_web::test]
async fn t7_the_cookie_counts_for_our_own_and_listed_pages_alone() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    let cookie = reader.header();
    for headers in [
        &[("Origin", "https://evil.test")][..],
        &[("Origin", "null")],
        &[("Origin", "https://viewer.test.evil")],
        // A script of another site, say, which has no Origin.
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
    ] {
        let headers = [&[("Cookie", cookie.as_str())], headers].concat();
        let response = ask(&app, MANIFEST, &headers).await;
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert!(response.headers().get("access-control-allow-credentials").is_none(), "T7");
        assert_eq!(words(&response.json().await.unwrap()).0[1], "acquirable", "{headers:?}");
    }
    let response = ask(&app, MANIFEST, &[("Origin", VIEWER)]).await;
    assert_eq!(response.headers()["access-control-allow-origin"], VIEWER);
    assert_eq!(response.headers()["access-control-allow-credentials"], "true");
    assert!(response.headers()["vary"].to_str().unwrap().contains("Origin"), "T7");
    // X-02: the preflight of a request with a token.
    for (origin, allowed) in [(VIEWER, VIEWER), ("https://any.test", "*")] {
        let headers = [("Origin", origin), ("Access-Control-Request-Headers", "authorization")];
        let response = asking(&app, Method::OPTIONS, "?manifest=x", &headers).await;
        assert_eq!(response.status(), 204);
        assert_eq!(response.headers()["access-control-allow-origin"], allowed);
        assert!(
            response.headers()["access-control-allow-headers"].to_str().unwrap().contains("Authorization")
        );
    }
    // A token of version 2.0 is for probes.
    let mut reader = reader;
    let page =
        reader.get(&app, "/auth/v2/token?messageId=1&origin=https://viewer.test").await.text().await.unwrap();
    let token = page.split("\"accessToken\":\"").nth(1).unwrap().split('"').next().unwrap();
    let answer =
        status(&app, &[("Authorization", &format!("Bearer {token}")), ("Origin", "https://any.test")]).await;
    assert_eq!(words(&answer).0[1], "acquirable", "T5");
}

#[actix_web::test]
async fn p10_only_manifests_of_this_site_are_read() {
    let app = start().await;
    app.image_server.asked.lock().unwrap().clear();
    let long = format!("{PUBLIC}/iiif/manifests/{}", "a".repeat(2048));
    for url in [
        "http://169.254.169.254/latest/meta-data",
        "https://img.test.evil/iiif/manifests/open/book.json",
        "https://img.test@evil.test/iiif/manifests/open/book.json",
        "https://img.test:8443/iiif/manifests/open/book.json",
        "file:///etc/passwd",
        "//evil.test/iiif/manifests/a",
        "https://img.test/iiif/images/open%2F1/info.json",
        "https://img.test/iiif/images/open%2F1",
        "https://img.test/iiif/manifests/",
        "https://img.test/iiif/manifests/../images/open%2F1/info.json",
        "https://img.test/iiif/manifests/open%2F..%2Fprotected",
        "https://img.test/iiif/manifests/a%00b",
        "https://img.test/iiif/manifests/a b",
        "https://img.test/auth/status?manifest=x",
        "javascript:alert(1)",
        "\u{0}",
        "\"><script>",
        &long,
    ] {
        let response = ask(&app, url, &[]).await;
        assert_eq!(response.status(), 400, "{url:.60}");
        let answer: Value = response.json().await.unwrap();
        assert!(answer["error"].is_string(), "{answer}");
        assert!(
            !answer.to_string().contains("script>") && !answer.to_string().contains("evil"),
            "nothing is echoed"
        );
    }
    for query in ["", "?", "?manifest=", "?manifest=a&manifest=b", "?other=x", "?manifest=%ff%fe"] {
        assert_eq!(asking(&app, Method::GET, query, &[]).await.status(), 400, "{query}");
    }
    assert_eq!(*app.image_server.asked.lock().unwrap(), Vec::<String>::new(), "nobody was asked anything");
    // What is ours may be named without the site, and its query changes nothing.
    for url in
        ["/iiif/manifests/open/book.json", "HTTPS://IMG.TEST/iiif/manifests/open/book.json?x=/protected"]
    {
        assert_eq!(ask(&app, url, &[]).await.status(), 200, "{url}");
    }
    assert_eq!(app.image_server.asked.lock().unwrap().last().unwrap(), "/kept/open/book.json");
}

#[actix_web::test]
async fn a_manifest_that_one_may_not_see_says_no_more_than_that() {
    let app = start().await;
    app.image_server.asked.lock().unwrap().clear();
    for (name, word) in [("protected/book.json", "acquirable"), ("other.json", "denied")] {
        let response = ask(&app, &format!("{PUBLIC}/iiif/manifests/{name}"), &[]).await;
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["states"][0]["status"], word, "{name}");
        assert!(answer.get("canvases").is_none() && answer.get("ranges").is_none(), "{answer}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty(), "T8: the origin is not asked");
    let foreign = ask(&app, MANIFEST, &[("X-Original-Host", "evil.test")]).await;
    assert_eq!(foreign.status(), 403, "two hosts are none");
    let response = asking(&app, Method::POST, "?manifest=x", &[]).await;
    assert_eq!(response.status(), 405);
}

#[actix_web::test]
async fn an_origin_that_answers_nonsense_is_a_clear_error() {
    let app = start().await;
    for (status, body, answered) in [
        (200, "", 502),
        (200, "<html>", 502),
        (200, "{}", 502),
        (200, "[1]", 502),
        (404, "", 404),
        (500, "", 502),
        (302, "", 502),
    ] {
        app.image_server.answers(status, body);
        let response = ask(&app, MANIFEST, &[]).await;
        assert_eq!(response.status(), answered, "{status} {body}");
        assert!(response.json::<Value>().await.unwrap()["error"].is_string());
    }
    app.image_server.answers(200, vec![b' '; 33 * 1024 * 1024]);
    assert_eq!(ask(&app, MANIFEST, &[]).await.status(), 502, "longer than any manifest");
}

#[actix_web::test]
async fn an_embargo_names_its_end_and_what_is_held_by_network_counts_here_too() {
    let app = start().await;
    app.import(
        r#"
        condition = [
            { name = "staff", pattern = "login", label = { en = "Staff" } },
            { name = "campus", pattern = "external", networks = ["192.0.2.0/24"] },
        ]
        rule = [
            { mount = "images", identifier = "open", conditions = ["open"] },
            { mount = "images", identifier = "protected", conditions = ["staff"], until = 2141-01-01 },
            { mount = "images", identifier = "elsewhere", conditions = ["campus"] },
        ]
        "#
        .replace("2141-01-01", "\"2141-01-01\"")
        .as_str(),
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let answer = status(&app, &[]).await;
    assert_eq!(words(&answer).0, ["allowed", "acquirable", "allowed", "elsewhere"]);
    let number = usize::try_from(answer["canvases"][1]["state"].as_u64().unwrap()).unwrap();
    assert_eq!(answer["states"][number]["until"], "2141-01-01T00:00:00Z");
    let foreign = status(&app, &[("Origin", "https://any.test")]).await;
    assert_eq!(words(&foreign).0[2], "acquirable", "T10");
}
