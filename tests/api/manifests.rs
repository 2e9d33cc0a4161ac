//! Manifests through the description service.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use tilegate::clock;

use crate::app::*;

const OPEN: &str = "/iiif/manifests/open/harbour.json";
const LOCKED: &str = "/iiif/manifests/protected/letter.json";
const CLOSED: &str = "/iiif/manifests/elsewhere/letter.json";
const OPEN_BOOK: &str = "/iiif/books/open!harbour";

const MANIFEST_2: &str = include_str!("../fixtures/digilib-2.13-manifest2.json");
const MANIFEST_3: &str = include_str!("../fixtures/manifest3.json");
const MIXED_2: &str = include_str!("../fixtures/manifest2-mixed.json");
const MIXED_3: &str = include_str!("../fixtures/manifest3-mixed.json");
const LD_JSON_3: &str = "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";

fn assert_cors(headers: &HeaderMap) {
    let all: Vec<_> = headers.get_all("access-control-allow-origin").iter().collect();
    assert_eq!(all, ["*"], "X-01");
    assert!(headers.get("access-control-allow-credentials").is_none());
}

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.image_server.answers(200, MANIFEST_3);
    app
}

impl TestApp {
    async fn see(&self, uri: &str) -> reqwest::Response {
        let mount = if uri.starts_with("/iiif/books/") { "books" } else { "manifests" };
        self.manifest(&Method::GET, mount, uri).send().await.unwrap()
    }
}

#[actix_web::test]
async fn an_open_manifest_without_images_is_sent_byte_for_byte_and_may_be_cached() {
    let app = start().await;
    let response = app.see(OPEN).await;
    assert_eq!(response.status(), 200);
    assert_cors(response.headers());
    assert_eq!(response.headers()["content-type"], LD_JSON_3);
    assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
    assert_eq!(response.headers()["vary"], "Accept, Accept-Encoding", "the same for everybody");
    assert_eq!(response.text().await.unwrap(), MANIFEST_3, "nothing of ours is in it");
    assert_eq!(app.image_server.asked.lock().unwrap().as_slice(), ["/kept/open/harbour.json"]);

    app.image_server.answers(200, MANIFEST_2);
    let response = app.see("/iiif/manifests/open/b%20%C3%BC.json?x=1").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.text().await.unwrap(), MANIFEST_2);
    assert_eq!(app.image_server.asked.lock().unwrap().last().unwrap(), "/kept/open/b%20%C3%BC.json");
}

#[actix_web::test]
async fn the_media_type_follows_the_accept_header() {
    let app = start().await;
    for (body, accept, kind) in [
        (MANIFEST_2, "application/ld+json", "application/ld+json"),
        (MANIFEST_2, "*/*", "application/json"),
        (MANIFEST_3, "application/json", "application/json"),
        (MANIFEST_3, "*/*", LD_JSON_3),
    ] {
        app.image_server.answers(200, body);
        let request = app.manifest(&Method::GET, "manifests", OPEN).header("Accept", accept);
        assert_eq!(request.send().await.unwrap().headers()["content-type"], kind, "{accept}");
    }
}

#[actix_web::test]
async fn a_stranger_is_told_where_to_log_in_and_the_origin_is_not_asked() {
    let app = start().await;
    for bearer in ["", "Bearer BAD", "Bearer undefined"] {
        let request = app.manifest(&Method::GET, "manifests", LOCKED).header("Authorization", bearer);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401, "{bearer}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["www-authenticate"], r#"Bearer realm="img.test""#, "A1-57");
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");
        assert_eq!(response.headers()["vary"], "Accept, Authorization, Cookie, Origin");
        assert_eq!(response.headers()["content-type"], "application/json");
        let stub: Value = response.json().await.unwrap();
        assert_eq!(stub["@context"], "http://iiif.io/api/presentation/2/context.json");
        assert_eq!((&stub["@type"], &stub["sequences"]), (&json!("sc:Manifest"), &json!([])));
        assert_eq!(stub["@id"], format!("https://img.test{LOCKED}"));
        assert_eq!(stub["label"], "Log in at https://img.test/auth/login to see this.");
        let service = &stub["service"][0];
        assert_eq!(service["@id"], "https://img.test/auth/iiif-login", "A1-38");
        assert_eq!(service["service"][0]["@id"], "https://img.test/auth/iiif-token");
        assert_eq!(stub["service"].as_array().unwrap().len(), 1, "version 2.0 has no probe for a manifest");
    }
    let request = app.manifest(&Method::GET, "manifests", LOCKED).header("Accept", "application/ld+json");
    assert_eq!(request.send().await.unwrap().headers()["content-type"], "application/ld+json", "A1-55");
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn a1_40_a_token_or_the_cookie_opens_it() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let token = reader.token(&app).await;
    for (name, value) in [("Authorization", format!("Bearer {token}")), ("Cookie", reader.header())] {
        let response =
            app.manifest(&Method::GET, "manifests", LOCKED).header(name, value).send().await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");
        assert_eq!(response.text().await.unwrap(), MANIFEST_3);
    }
    let nobody = Browser::logged_in(&app, NOBODY).await;
    let request = app.manifest(&Method::GET, "manifests", LOCKED).header("Cookie", nobody.header());
    assert_eq!(request.send().await.unwrap().status(), 401, "logged in, and holding nothing");
}

#[actix_web::test]
async fn a_closed_manifest_is_403_and_the_origin_is_not_asked() {
    let app = start().await;
    let response = app.see(CLOSED).await;
    assert_eq!(response.status(), 403);
    assert_cors(response.headers());
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!response.text().await.unwrap().contains("elsewhere"));
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn p2_a_name_with_two_meanings_is_403() {
    let app = start().await;
    for rest in [
        "open/../protected/letter.json",
        "open/..%2fprotected/letter.json",
        "open/%2e%2e/protected/letter.json",
        "open//harbour.json",
        "open/.harbour.json",
        "open%252Fharbour.json",
        "open/harbour.json/",
        "open/a;b.json",
        "open/a%00.json",
        "",
    ] {
        assert_eq!(app.see(&format!("/iiif/manifests/{rest}")).await.status(), 403, "{rest}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty());
}

#[actix_web::test]
async fn the_check_before_tiles_refuses_every_manifest() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for uri in [OPEN, LOCKED, "/iiif/manifests/open/full/max/0/default.jpg", "/iiif/manifests/open/info.json"]
    {
        let request = app.check(uri).build().unwrap();
        let mut request = reqwest::RequestBuilder::from_parts(app.client.clone(), request)
            .header("Cookie", reader.header())
            .build()
            .unwrap();
        request.headers_mut().insert("x-tilegate-mount", "manifests".parse().unwrap());
        let response = app.client.execute(request).await.unwrap();
        assert_eq!(response.status(), 403, "{uri}");
        assert!(response.headers().get("x-tilegate-path").is_none());
    }
}

#[actix_web::test]
async fn a_bad_origin_is_a_clear_502_or_404_and_never_a_stand_in() {
    let app = start().await;
    let bodies: [&[u8]; 8] = [
        b"",
        b"  ",
        b"<html>",
        b"[]",
        b"{}",
        b"\xff\xd8\xff\xe0 a picture",
        INFO.as_bytes(),
        br#"{"type":"Manifest"}"#,
    ];
    for body in bodies {
        app.image_server.answers(200, body);
        let response = app.see(OPEN).await;
        assert_eq!(response.status(), 502, "{body:?}");
        assert_cors(response.headers());
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(!response.text().await.unwrap().contains("picture"), "{body:?}");
    }
    for status in [204, 206, 401, 403, 500] {
        app.image_server.answers(status, if status == 204 { "" } else { MANIFEST_3 });
        assert_eq!(app.see(OPEN).await.status(), 502, "{status}");
    }
    for status in [404, 410] {
        app.image_server.answers(status, "/srv/manifests/harbour.json is not there");
        let response = app.see(OPEN).await;
        assert_eq!(response.status(), 404);
        assert_cors(response.headers());
        assert!(!response.text().await.unwrap().contains("/srv/"), "no path of the origin");
    }
    app.image_server.redirects(&format!("{}/elsewhere", app.image_server.url));
    assert_eq!(app.see(OPEN).await.status(), 502, "P10");
}

#[actix_web::test]
async fn p10_a_manifest_may_be_longer_than_an_info_json_and_not_endless() {
    let app = start().await;
    let of = |megabytes: usize| format!("{MANIFEST_3}{}", " ".repeat(megabytes * 1024 * 1024));
    app.image_server.answers(200, of(30));
    let response = app.see(OPEN).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.bytes().await.unwrap().len(), of(30).len());
    app.image_server.answers(200, of(32));
    assert_eq!(app.see(OPEN).await.status(), 502);
}

#[actix_web::test]
async fn x03_head_mirrors_get_with_an_empty_body() {
    let app = start().await;
    for uri in [OPEN, LOCKED, CLOSED] {
        let get = app.see(uri).await;
        let head = app.manifest(&Method::HEAD, "manifests", uri).send().await.unwrap();
        assert_eq!(head.status(), get.status());
        for name in ["content-type", "content-length", "cache-control", "access-control-allow-origin"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{name}");
        }
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

#[actix_web::test]
async fn x02_the_preflight_needs_no_credential() {
    let app = start().await;
    let response = app.manifest(&Method::OPTIONS, "manifests", LOCKED).send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_cors(response.headers());
    assert!(response.headers()["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
    let post = app.manifest(&Method::POST, "manifests", OPEN).send().await.unwrap();
    assert_eq!(post.status(), 405);
}

/// To digilib a name that is no folder is its parent: the manifest of `protected` would come under
/// the name `protected/x`, whatever rule that has. So the name is proved first.
#[actix_web::test]
async fn p9_digilib_is_asked_for_the_folder_itself_first() {
    let app = start().await;
    app.image_server.answers(200, MANIFEST_2);
    for alias in
        [OPEN_BOOK, "/iiif/books/open/harbour", "/iiif/books/open%21harbour", "/iiif/books/!open!!harbour"]
    {
        app.image_server.asked.lock().unwrap().clear();
        let response = app.see(alias).await;
        assert_eq!(response.status(), 200, "{alias}");
        assert_eq!(response.text().await.unwrap(), MANIFEST_2);
        let asked = app.image_server.asked.lock().unwrap().clone();
        assert_eq!(
            asked,
            ["HEAD /Manifester/IIIF/open!harbour!.", "/Manifester/IIIF/open!harbour"],
            "{alias}"
        );
    }
    app.image_server.asked.lock().unwrap().clear();
    app.image_server.answers(404, "");
    assert_eq!(app.see(OPEN_BOOK).await.status(), 404);
    let asked = app.image_server.asked.lock().unwrap().clone();
    assert_eq!(asked, ["HEAD /Manifester/IIIF/open!harbour!."], "and then not for the parent");
    app.image_server.answers(500, "");
    assert_eq!(app.see(OPEN_BOOK).await.status(), 502);
    for refused in
        ["/iiif/books/op%2565n", "/iiif/books/a+b", "/iiif/books/!", "/iiif/books/open!..!protected"]
    {
        assert_eq!(app.see(refused).await.status(), 403, "{refused}");
    }
}

#[actix_web::test]
async fn t8_a_hidden_and_an_unknown_manifest_answer_alike() {
    let app = start().await;
    let hidden = app.see(LOCKED).await;
    app.image_server.answers(404, "");
    let unknown = app.see("/iiif/manifests/protected/nothing.json").await;
    assert_eq!(
        (hidden.status(), unknown.status()),
        (reqwest::StatusCode::UNAUTHORIZED, reqwest::StatusCode::UNAUTHORIZED)
    );
    let known = hidden.text().await.unwrap();
    assert_eq!(known.replace("letter.json", "nothing.json"), unknown.text().await.unwrap());
    assert!(!known.contains("harbour") && !known.contains("Hafen"), "A1-50: nothing of the real one");
}

/// Every object of a document that has this id.
fn with_id<'v>(value: &'v Value, id: &str) -> Vec<&'v Value> {
    let inner: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(entries) => entries.iter().collect(),
        _ => Vec::new(),
    };
    let own = value.is_object() && (value["id"] == id || value["@id"] == id);
    own.then_some(value).into_iter().chain(inner.into_iter().flat_map(|value| with_id(value, id))).collect()
}

const LETTER: &str = "https://img.test/iiif/images/protected%2Fletter";

/// A1-42, A2-56: there is one tier, so what a manifest names is the best one; no address changes.
#[actix_web::test]
async fn a1_42_a2_05_a2_56_images_and_content_get_the_services_of_their_rules() {
    let app = start().await;
    for (text, pictures) in [(MIXED_2, "full/full"), (MIXED_3, "full/max")] {
        app.image_server.answers(200, text);
        let response = app.see(OPEN).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
        let manifest: Value = response.json().await.unwrap();
        let images = with_id(&manifest, LETTER);
        assert!(!images.is_empty(), "A1-42 A2-56");
        let direct = format!("https://img.test/iiif/images/protected%2Finfrared/{pictures}/0/default.jpg");
        for (object, identifier) in images
            .into_iter()
            .map(|image| (image, "protected%2Fletter"))
            .chain(with_id(&manifest, &direct).into_iter().map(|picture| (picture, "protected%2Finfrared")))
        {
            let services = object["service"].as_array().unwrap();
            let one =
                services.iter().find(|service| service["@id"] == "https://img.test/auth/iiif-login").unwrap();
            assert_eq!(one["label"], "Reading room of Example Archive");
            assert_eq!(one["service"].as_array().unwrap().len(), 2, "A1-56: complete everywhere");
            let two = services.iter().find(|service| service["type"] == "AuthProbeService2").unwrap();
            assert_eq!(two["id"], format!("https://img.test/auth/v2/probe/images/{identifier}"), "A2-42");
            assert_eq!(two["service"][0]["id"], "https://img.test/auth/v2/access/staff");
            // The probe that the manifest names is one.
            let probe = two["id"].as_str().unwrap().strip_prefix("https://img.test").unwrap();
            let answer: Value =
                app.nginx(Method::GET, "/auth/v2/probe/x", probe).send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["status"], 401, "A2-45");
        }
        let whole = manifest.to_string();
        assert!(!whole.contains("inside:9000"), "the image server's own login is of no use");
        assert!(whole.contains("https://elsewhere.test/login"), "another archive's is");
        assert!(with_id(&manifest, "https://img.test/iiif/images/open%2Flogo")[0].get("service").is_none());
        assert!(whole.contains("protected%2Funtold\""), "nobody's business");
        assert!(whole.contains("1.50e+2"));
    }
}

#[actix_web::test]
async fn a2_06_the_context_of_version_2_stands_before_the_presentation_context() {
    let app = start().await;
    app.image_server.answers(200, MIXED_3);
    let manifest: Value = app.see(OPEN).await.json().await.unwrap();
    let contexts = [
        "https://example.org/extension/context.json",
        "http://iiif.io/api/auth/2/context.json",
        "http://iiif.io/api/presentation/3/context.json",
    ];
    assert_eq!(manifest["@context"], json!(contexts));
    app.image_server.answers(200, MIXED_2);
    let manifest: Value = app.see(OPEN).await.json().await.unwrap();
    assert_eq!(manifest["@context"], "http://iiif.io/api/presentation/2/context.json");
}

#[actix_web::test]
async fn a_manifest_is_the_same_for_every_visitor() {
    let app = start().await;
    let (mut reader, nobody) =
        (Browser::logged_in(&app, READER).await, Browser::logged_in(&app, NOBODY).await);
    let token = format!("Bearer {}", reader.token(&app).await);
    for (uri, text) in [(OPEN, MIXED_2), (OPEN, MIXED_3), (LOCKED, MIXED_3)] {
        app.image_server.answers(200, text);
        let mut answers = Vec::new();
        for (name, value) in [
            ("Cookie", reader.header()),
            ("Authorization", token.clone()),
            ("Cookie", nobody.header()),
            ("X-None", String::new()),
        ] {
            let response =
                app.manifest(&Method::GET, "manifests", uri).header(name, value).send().await.unwrap();
            if response.status() == 200 {
                let tag = response.headers()["etag"].clone();
                answers.push((tag, response.bytes().await.unwrap()));
            }
        }
        assert_eq!(answers.len(), if uri == OPEN { 4 } else { 2 }, "{uri}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{uri}");
    }
}

#[actix_web::test]
async fn whoever_has_the_manifest_already_gets_304() {
    let app = start().await;
    app.image_server.answers(200, MIXED_3);
    let first = app.see(OPEN).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert!(tag.len() == 18 && tag.starts_with('"'), "{tag}: strong");
    let ask = |method: Method, uri: &'static str, known: &str| {
        app.manifest(&method, "manifests", uri).header("If-None-Match", known)
    };
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", W/{tag} , \"y\""), "*".to_owned()] {
        for method in [Method::GET, Method::HEAD] {
            let response = ask(method, OPEN, &known).send().await.unwrap();
            assert_eq!(response.status(), 304, "{known}");
            for name in ["etag", "cache-control", "vary", "access-control-allow-origin", "content-type"] {
                assert_eq!(response.headers().get(name), first.headers().get(name), "{name}");
            }
            assert!(response.bytes().await.unwrap().is_empty());
        }
    }
    let other = format!("\"{}\"", "0".repeat(16));
    for known in [other.as_str(), "", "x", tag.trim_matches('"'), "\"*\""] {
        assert_eq!(ask(Method::GET, OPEN, known).send().await.unwrap().status(), 200, "{known}");
    }
    // Under another media type it is another answer.
    let plain = ask(Method::GET, OPEN, &tag).header("Accept", "application/json").send().await.unwrap();
    assert_eq!(plain.status(), 200);
    assert_ne!(plain.headers()["etag"], tag.as_str());

    // Nobody learns from a tag what they may not see.
    for known in [tag.as_str(), "*"] {
        let response = ask(Method::GET, LOCKED, known).send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert!(response.headers().get("etag").is_none());
        assert_eq!(ask(Method::GET, CLOSED, known).send().await.unwrap().status(), 403);
    }
    let reader = Browser::logged_in(&app, READER).await;
    let response = ask(Method::GET, LOCKED, &tag).header("Cookie", reader.header()).send().await.unwrap();
    assert_eq!(response.status(), 304);
    assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");

    // Other rules, another document.
    app.import(&POLICY_OF_OPEN_IMAGES.replace("PLACE", "")).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let response = ask(Method::GET, OPEN, &tag).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(!response.text().await.unwrap().contains("iiif-login"));
}

const POLICY_OF_OPEN_IMAGES: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Staff" }

[[condition]]
name = "clinical"
pattern = "login"
label = { en = "Clinical images" }

[[rule]]
mount = "images"
identifier = "PLACE"
conditions = ["open"]
"#;

#[actix_web::test]
async fn an_info_json_has_a_tag_too() {
    let app = start().await;
    app.image_server.answers(200, INFO);
    let reader = Browser::logged_in(&app, READER).await;
    let ask = |known: &str| app.describe(LOCKED_INFO).header("If-None-Match", known);
    let first = ask("x").header("Cookie", reader.header()).send().await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap();
    let again = ask(tag).header("Cookie", reader.header()).send().await.unwrap();
    assert_eq!((again.status().as_u16(), &again.headers()["vary"]), (304, &first.headers()["vary"]));
    assert_cors(again.headers());
    let stranger = ask(tag).send().await.unwrap();
    assert_eq!(stranger.status(), 401, "the login, not the document, is what changed");
    assert!(stranger.json::<Value>().await.unwrap()["service"].is_array());
}

/// Decision 5: viewers of version 2.0 alone get a manifest that points to a mount of theirs.
#[actix_web::test]
async fn image_services_can_be_pointed_to_another_mount_of_the_same_images() {
    let app =
        TestApp::start_with(&[("TILEGATE_MOUNT_OTHERS", "image /iiif/others/ http://127.0.0.1:9/x/")]).await;
    let typed = |name: &str| app.settings().iter().find(|(known, _)| known == name).unwrap().1.clone();
    let app = app
        .replica(&[
            (
                "TILEGATE_MOUNT_IMAGES_2",
                &format!(
                    "{} iiif_auth=2 rules=images",
                    typed("TILEGATE_MOUNT_IMAGES").replace("/iiif/images/", "/iiif/images2/")
                ),
            ),
            ("TILEGATE_MOUNT_MANIFESTS", &format!("{} images=images-2", typed("TILEGATE_MOUNT_MANIFESTS"))),
        ])
        .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    for text in [MIXED_2, MIXED_3] {
        let text = text.replace("images/open%2Flogo\"", "others/open%2Flogo\"");
        app.image_server.answers(200, text.as_str());
        let written = app.see(OPEN).await.text().await.unwrap();
        let manifest: Value = serde_json::from_str(&written).unwrap();
        assert!(with_id(&manifest, LETTER).is_empty());
        let images = with_id(&manifest, "https://img.test/iiif/images2/protected%2Fletter");
        assert_eq!(images.len(), with_id(&serde_json::from_str(&text).unwrap(), LETTER).len());
        for image in images {
            let services = image["service"].as_array().unwrap();
            assert!(
                !services.iter().any(|service| service["@id"] == "https://img.test/auth/iiif-login"),
                "the mount speaks 2.0"
            );
            let two = services.iter().find(|service| service["type"] == "AuthProbeService2").unwrap();
            assert_eq!(two["id"], "https://img.test/auth/v2/probe/images-2/protected%2Fletter");
            assert!(
                two["profile"].is_string(),
                "P-B 1: Mirador fails without one, before it asks for info.json"
            );
        }
        assert!(
            written.contains("https://img.test/iiif/others/open%2Flogo"),
            "other images stay where they are"
        );
        assert!(written.contains("https://elsewhere.test/iiif/x"));
        app.image_server.answers(200, written.as_str());
        assert_eq!(app.see(OPEN).await.text().await.unwrap(), written, "twice is once");
    }
}

/// An address is ours if it leads to this site, whatever its scheme; whatever has no one meaning is not.
#[actix_web::test]
async fn only_our_own_addresses_get_services() {
    let app = start().await;
    let manifest = |id: &str| {
        json!({
            "@context": "http://iiif.io/api/presentation/2/context.json",
            "@type": "sc:Manifest",
            "thumbnail": {"@id": "x", "service": {"@id": id, "profile": "http://iiif.io/api/image/2/level1.json"}},
        })
        .to_string()
    };
    for (id, is_ours) in [
        (LETTER, true),
        ("https://img.test/iiif/images/protected%2Fletter/", true),
        ("http://img.test/iiif/images/protected/letter", true),
        ("https://IMG.test/iiif/images/protected%2Fletter", true),
        ("https://img.test/iiif/images/open%2Fharbour", false),
        ("https://img.test/iiif/images/elsewhere", false),
        ("https://img.test.example.org/iiif/images/protected%2Fletter", false),
        ("https://img.test:8443/iiif/images/protected%2Fletter", false),
        ("https://img.test@elsewhere.test/iiif/images/protected%2Fletter", false),
        ("//img.test/iiif/images/protected%2Fletter", false),
        ("https://img.test/iiif/images/open/../protected/letter", false),
        ("https://img.test/iiif/images/protected%252Fletter", false),
        ("https://img.test/iiif/images/protected%2Fletter?x=1", false),
        ("https://img.test/other/protected%2Fletter", false),
        ("https://img.test/iiif/manifests/protected%2Fletter", false),
        ("https://img.test", false),
        ("", false),
    ] {
        app.image_server.answers(200, manifest(id));
        let written = app.see(OPEN).await.text().await.unwrap();
        assert_eq!(written.contains("iiif-login"), is_ours, "{id}");
        if !is_ours {
            assert_eq!(written, manifest(id));
        }
    }
}

#[actix_web::test]
async fn p10_no_more_manifests_are_in_memory_than_may_be_read_at_once() {
    let app = TestApp::start().await;
    let fetch = || app.context.origins.fetch("manifests", "/kept/book.json");
    let mut held = Vec::new();
    for _ in 0..16 {
        held.push(fetch().await.unwrap());
    }
    // Read and not looked through yet: whoever comes now waits for one of them, and not for ever.
    let asked_before = app.image_server.asked.lock().unwrap().len();
    assert!(fetch().await.is_err());
    assert_eq!(app.image_server.asked.lock().unwrap().len(), asked_before, "the origin was not asked");
    held.pop();
    assert!(fetch().await.is_ok());
}
