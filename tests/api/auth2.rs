//! IIIF Authorization Flow API 2.0, over HTTP: info.json, access service, token service, probe.

use serde_json::{Value, json};
use tilegate::clock;
use tilegate::store::AccountChange;

use crate::admin::read;
use crate::app::*;

const CONTEXT: &str = "http://iiif.io/api/auth/2/context.json";
const PROBE: &str = "/auth/v2/probe/images/protected%2Fletter";
const ACCESS: &str = "/auth/v2/access/staff";
const VIEWER: &str = "https://viewer.test";
const INFO_3: &str = r#"{"@context":"http://iiif.io/api/image/3/context.json","id":"http://inside:9000/iiif/x","type":"ImageService3","protocol":"http://iiif.io/api/image","width":4000,"height":3000,"profile":"level2"}"#;

/// A service whose images speak version 2.0 alone, and the one that has its database.
async fn only_2(more: &[(&str, &str)]) -> (TestApp, TestApp) {
    let app = TestApp::start_with(more).await;
    let mount = format!("image /iiif/images/ {}/iiif/ server=iipsrv iiif_auth=2", app.image_server.url);
    let replica = app.replica(&[&[("TILEGATE_MOUNT_IMAGES", mount.as_str())], more].concat()).await;
    (replica, app)
}

/// What NGINX sends for a probe; its own path is decoded, and nothing of it counts.
fn asking(app: &TestApp, method: &reqwest::Method, probe: &str) -> reqwest::RequestBuilder {
    let mut request = app.nginx(method.clone(), "/auth/v2/probe/decoded/by/NGINX", probe).build().unwrap();
    request.headers_mut().insert("x-original-method", method.as_str().parse().unwrap());
    request.headers_mut().remove("x-tilegate-mount");
    reqwest::RequestBuilder::from_parts(app.client.clone(), request)
}

async fn probe_with(app: &TestApp, probe: &str, headers: &[(&str, &str)]) -> Value {
    let mut request = asking(app, &reqwest::Method::GET, probe).header("Origin", VIEWER);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "A2-43: {probe}");
    let result: Value = response.json().await.unwrap();
    assert_eq!(result["@context"], CONTEXT, "A2-44");
    assert_eq!(result["type"], "AuthProbeResult2", "A2-44");
    assert!(result.get("substitute").is_none() && result.get("location").is_none(), "A2-46, A2-50");
    let texts = ["heading", "note"].map(|key| result[key].is_object());
    assert_eq!(texts, [result["status"] != 200; 2], "A2-53, A2-54: {result}");
    result
}

/// The status in a probe's answer to these headers.
async fn probed(app: &TestApp, probe: &str, headers: &[(&str, &str)]) -> u64 {
    probe_with(app, probe, headers).await["status"].as_u64().expect("A2-44: a number")
}

async fn with_token(app: &TestApp, probe: &str, token: &str) -> u64 {
    probed(app, probe, &[("Authorization", &format!("Bearer {token}"))]).await
}

/// The message of the token page and whom it is for.
async fn message(app: &TestApp, browser: &mut Browser, query: &str) -> (Value, String) {
    let text = token_page(app, browser, query).await;
    assert_eq!(text.matches("postMessage(").count(), 1, "{text}");
    let (_, call) = text.split_once("window.parent.postMessage(").expect("A2-27: to the frame's parent");
    let (arguments, _) = call.split_once(");\n").unwrap();
    let (message, target) = arguments.rsplit_once(", ").unwrap();
    (serde_json::from_str(message).unwrap(), serde_json::from_str(target).unwrap())
}

async fn token_page(app: &TestApp, browser: &mut Browser, query: &str) -> String {
    let response = browser.get(app, &format!("/auth/v2/token{query}")).await;
    assert_eq!(response.status(), 200, "A2-28: {query}");
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert!(header("content-type").unwrap().starts_with("text/html"), "A2-27");
    assert_eq!(header("cache-control").as_deref(), Some("no-store"), "X-04");
    assert_eq!(header("x-frame-options"), None, "X-05");
    assert!(!header("content-security-policy").unwrap().contains("frame-ancestors"), "X-05");
    response.text().await.unwrap()
}

async fn token(app: &TestApp, browser: &mut Browser) -> String {
    let (message, _) = message(app, browser, "?messageId=1&origin=https://viewer.test").await;
    message["accessToken"].as_str().expect("A2-33: a string").to_owned()
}

async fn info(app: &TestApp, expected: u16) -> Value {
    let response = app.describe(LOCKED_INFO).send().await.unwrap();
    assert_eq!(response.status(), expected);
    response.json().await.unwrap()
}

fn services<'v>(info: &'v Value, kind: &str) -> Vec<&'v Value> {
    let services = info["service"].as_array().expect("A2-03: an array");
    services.iter().filter(|entry| entry["type"] == kind).collect()
}

// -- info.json ------------------------------------------------------------------------------

#[actix_web::test]
async fn a2_03_a2_04_a2_42_by_default_info_json_names_both_versions_and_keeps_its_401() {
    let app = TestApp::start().await;
    let info = info(&app, 401).await;
    let all = info["service"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["profile"], "http://iiif.io/api/auth/1/login", "the older version first");
    let probe = &all[1];
    assert_eq!(probe["type"], "AuthProbeService2", "A2-04");
    assert_eq!(probe["id"], format!("{PUBLIC}{PROBE}"), "A2-42: https");
    assert_eq!(probe["@context"], CONTEXT, "P-B 6: version 2 documents have it inside");
    assert!(probe["profile"].is_string(), "P-B 1: Mirador fails without one");
    assert_eq!(info["@context"], "http://iiif.io/api/image/2/context.json");
    let access = services(probe, "AuthAccessService2");
    assert_eq!(access.len(), probe["service"].as_array().unwrap().len(), "A2-07, A2-42: nothing else");
    let access = access[0];
    assert_eq!(access["id"], format!("{PUBLIC}{ACCESS}"), "A2-09, X-12");
    assert_eq!(access["profile"], "active", "A2-08");
    assert_eq!(access["label"], json!({ "en": ["Reading room of Example Archive"] }), "A2-13");
    assert_eq!(access["heading"], json!({ "en": ["Protected letter"] }), "A2-14");
    assert_eq!(access["note"], json!({ "en": ["Readers of the archive may see it."] }), "A2-14");
    let tokens = services(access, "AuthAccessTokenService2");
    assert_eq!(tokens.len(), 1, "A2-12");
    assert_eq!(tokens[0]["id"], format!("{PUBLIC}/auth/v2/token"), "A2-24, P-B 3: not that of 1.0");
    let logouts = services(access, "AuthLogoutService2");
    assert_eq!(logouts[0]["id"], format!("{PUBLIC}/auth/v2/logout"), "A2-58, A2-59, P-B 3: not that of 1.0");
    assert_eq!(logouts[0]["label"], json!({ "en": ["Logout from Example Archive"] }), "A2-59");
}

#[actix_web::test]
async fn a2_06_a_version_3_document_has_the_context_at_its_top() {
    let app = TestApp::start().await;
    app.image_server.answers(200, INFO_3);
    let info = info(&app, 401).await;
    assert_eq!(info["@context"], json!([CONTEXT, "http://iiif.io/api/image/3/context.json"]));
    let probe = services(&info, "AuthProbeService2")[0];
    assert!(!probe.to_string().contains("@context"), "{probe}");
}

#[actix_web::test]
async fn iiif_auth_1_is_version_1_alone_and_its_probes_are_nothing() {
    let app = TestApp::start().await;
    let mount = format!("image /iiif/images/ {}/iiif/ server=iipsrv iiif_auth=1", app.image_server.url);
    let app = app.replica(&[("TILEGATE_MOUNT_IMAGES", &mount)]).await;
    let info = info(&app, 401).await;
    assert_eq!(info["service"].as_array().unwrap().len(), 1);
    assert_eq!(info["service"][0]["profile"], "http://iiif.io/api/auth/1/login");
    assert_eq!(probed(&app, PROBE, &[]).await, 404);
    assert_eq!(probed(&app, "/auth/v2/probe/images/open%2Fharbour", &[]).await, 404);
}

/// Section 3.4 of the checklist, the row of 2.0 alone.
#[actix_web::test]
async fn with_iiif_auth_2_info_json_is_public_and_the_image_is_not() {
    let (app, _first) = only_2(&[]).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let (one, two) = (reader.token(&app).await, token(&app, &mut reader).await);
    for authorization in ["", "Bearer BAD", &format!("Bearer {one}"), &format!("Bearer {two}")] {
        let response = app.describe(LOCKED_INFO).header("Authorization", authorization).send().await.unwrap();
        assert_eq!(response.status(), 200, "{authorization}");
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "X-04");
        assert_eq!(response.headers()["access-control-allow-origin"], "*", "X-01");
        assert!(response.headers().get("www-authenticate").is_none());
        let info: Value = response.json().await.unwrap();
        assert_eq!((&info["width"], &info["height"]), (&json!(4000), &json!(3000)));
        let all = info["service"].as_array().unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0]["type"], "AuthProbeService2");
        assert!(all[0].get("profile").is_none());
    }
    let get = app.describe(LOCKED_INFO).send().await.unwrap();
    let head = app.nginx(reqwest::Method::HEAD, "/description/", LOCKED_INFO).send().await.unwrap();
    assert_eq!(head.status(), 200, "X-03");
    assert_eq!(head.headers()["content-length"], get.headers()["content-length"], "X-03");

    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);
    // What no login opens keeps its bare refusal, and what is open has no services (D-9).
    let closed = app.describe("/iiif/images/elsewhere/info.json").send().await.unwrap();
    assert_eq!(closed.status(), 403);
    assert!(!closed.text().await.unwrap().contains("width"));
    let open = app.describe("/iiif/images/open%2Fharbour/info.json").send().await.unwrap();
    assert!(open.json::<Value>().await.unwrap().get("service").is_none());
}

/// P-B 2: viewers of version 2.0 alone get a mount of their own, over the same images and rules.
#[actix_web::test]
async fn two_mounts_over_one_origin_serve_viewers_of_both_versions() {
    let app = TestApp::start().await;
    let two =
        format!("image /iiif/v2/ {}/iiif/ server=iipsrv iiif_auth=2 rules=images", app.image_server.url);
    let app = app.replica(&[("TILEGATE_MOUNT_IMAGES_2", &two)]).await;
    info(&app, 401).await;
    let mut request = app.describe("/iiif/v2/protected%2Fletter/info.json").build().unwrap();
    request.headers_mut().insert("x-tilegate-mount", "images-2".parse().unwrap());
    let response = app.client.execute(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let info: Value = response.json().await.unwrap();
    let probe = "/auth/v2/probe/images-2/protected%2Fletter";
    assert_eq!(services(&info, "AuthProbeService2")[0]["id"], format!("{PUBLIC}{probe}"));
    assert_eq!(probed(&app, probe, &[]).await, 401);
    let mut reader = Browser::logged_in(&app, READER).await;
    let token = token(&app, &mut reader).await;
    assert_eq!(with_token(&app, probe, &token).await, 200);
    assert_eq!(with_token(&app, PROBE, &token).await, 200, "one login for both");
}

#[actix_web::test]
async fn t8_with_conceal_version_2_tells_no_more_than_version_1() {
    let (app, _first) = only_2(&[("TILEGATE_CONCEAL", "true")]).await;
    let hidden = app.describe(LOCKED_INFO).send().await.unwrap();
    app.image_server.answers(404, "");
    let unknown = app.describe("/iiif/images/protected%2Fnothing/info.json").send().await.unwrap();
    assert_eq!((hidden.status().as_u16(), unknown.status().as_u16()), (401, 401));
    let alike = |text: String| text.replace("letter", "X").replace("nothing", "X");
    let hidden = alike(hidden.text().await.unwrap());
    assert_eq!(hidden, alike(unknown.text().await.unwrap()));
    assert!(hidden.contains("AuthProbeService2") && !hidden.contains("width"), "{hidden}");
    let unknown = "/auth/v2/probe/images/protected%2Fnothing";
    assert_eq!(probe_with(&app, PROBE, &[]).await, probe_with(&app, unknown, &[]).await);
    assert!(app.image_server.asked.lock().unwrap().is_empty());
    // Whoever may see it does.
    app.image_server.answers(200, INFO);
    let reader = Browser::logged_in(&app, READER).await;
    let response = app.describe(LOCKED_INFO).header("Cookie", reader.header()).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[actix_web::test]
async fn every_condition_of_a_rule_has_its_own_access_service() {
    let app = TestApp::start().await;
    app.import(
        r#"
        condition = [
            { name = "staff", pattern = "login", label = { en = "Staff", de = "Personal" }, error_heading = { en = "Staff only", de = "Nur Personal" } },
            { name = "clinical", pattern = "login", label = { en = "Clinical images of Example Archive" } },
        ]
        rule = [
            { mount = "images", identifier = "protected", conditions = ["staff", "clinical"] },
        ]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let info = info(&app, 401).await;
    let probe = services(&info, "AuthProbeService2")[0];
    let ids: Vec<_> =
        services(probe, "AuthAccessService2").iter().map(|access| access["id"].clone()).collect();
    assert_eq!(ids, [format!("{PUBLIC}{ACCESS}"), format!("{PUBLIC}/auth/v2/access/clinical")]);
    let labels: Vec<_> =
        services(probe, "AuthAccessService2").iter().map(|access| access["label"].clone()).collect();
    assert_eq!(
        labels,
        [
            json!({ "de": ["Personal (Example Archive)"], "en": ["Staff (Example Archive)"] }),
            json!({ "en": ["Clinical images of Example Archive"] }),
        ],
        "A2-13"
    );
    assert_eq!(probe["errorHeading"], json!({ "de": ["Nur Personal"], "en": ["Staff only"] }));
    assert_eq!(
        probe_with(&app, PROBE, &[]).await["heading"],
        json!({ "de": ["Nur Personal"], "en": ["Staff only"] }),
        "A2-55"
    );
}

// -- The probe ------------------------------------------------------------------------------

/// Section 3.4 of the checklist, the row of the probe.
#[actix_web::test]
async fn a2_43_a2_45_a2_63_what_a_probe_says_to_whom() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    let (one, two) = (reader.token(&app).await, token(&app, &mut reader).await);
    assert_eq!(probed(&app, PROBE, &[]).await, 401, "A2-63: without a token first");
    assert_eq!(with_token(&app, PROBE, &two).await, 200);
    assert_eq!(with_token(&app, PROBE, &one).await, 401, "T5: a 1.0 token opens descriptions");
    assert_eq!(with_token(&app, PROBE, reader.access()).await, 401, "T4");
    assert_eq!(with_token(&app, PROBE, &token(&app, &mut nobody).await).await, 401, "D-2");
    for value in ["Bearer", "Bearer undefined", "Bearer null", "Bearer BAD", "Basic YTpi", "%", "bearer a b"]
    {
        assert_eq!(probed(&app, PROBE, &[("Authorization", value)]).await, 401, "X-13: {value}");
    }
    let scheme = format!("bEARER {two}");
    assert_eq!(probed(&app, PROBE, &[("Authorization", &scheme)]).await, 200, "X-14");
    assert_eq!(probed(&app, PROBE, &[("Cookie", &reader.header())]).await, 200, "a viewer of our own site");
    assert_eq!(probed(&app, "/auth/v2/probe/images/open%2Fharbour", &[]).await, 200, "D-9");
    assert_eq!(with_token(&app, "/auth/v2/probe/images/open%2Fharbour", "BAD").await, 200);
    assert_eq!(with_token(&app, "/auth/v2/probe/images/elsewhere", &two).await, 403);
    // It is the letter, however it is spelled, and no other image.
    for probe in ["/auth/v2/probe/images/%70rotected%2Fletter?x=1", "/auth/v2/probe/images/protected/letter"]
    {
        assert_eq!(probed(&app, probe, &[]).await, 401, "{probe}");
        assert_eq!(with_token(&app, probe, &two).await, 200, "{probe}");
    }
    for probe in [
        "/auth/v2/probe/none/open%2Fharbour",
        "/auth/v2/probe/books/open%2Fharbour",
        "/auth/v2/probe/images/",
        "/auth/v2/probe/images",
        "/auth/v2/probe/images/open%2F..%2Fprotected",
        "/auth/v2/probe/images/open%2Fharbour%00",
        "/auth/v2/probe/",
    ] {
        assert_eq!(with_token(&app, probe, &two).await, 404, "{probe}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty(), "no probe asks the image server");
}

#[actix_web::test]
async fn a2_37_t5_a_2_0_token_opens_its_probe_and_nothing_else() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let two = token(&app, &mut reader).await;
    let bearer = format!("Bearer {two}");
    for request in [
        app.check(LOCKED_TILE).header("Authorization", &bearer),
        app.describe(LOCKED_INFO).header("Authorization", &bearer),
        app.check(LOCKED_TILE).header("Cookie", format!("__Host-tilegate_access={two}")),
        app.describe(LOCKED_INFO).header("Cookie", format!("__Host-tilegate_access={two}")),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    assert_eq!(with_token(&app, PROBE, &two).await, 200);
    // Nor does it make another token.
    let mut thief = Browser::default();
    thief.cookies.insert("__Host-tilegate_access".into(), two);
    let (message, _) = message(&app, &mut thief, "?messageId=1&origin=https://viewer.test").await;
    assert_eq!(message["profile"], "invalidAspect", "T4");
}

#[actix_web::test]
async fn x01_x02_x03_x04_x21_headers_preflight_and_head_of_a_probe() {
    let app = TestApp::start().await;
    let get = asking(&app, &reqwest::Method::GET, PROBE).send().await.unwrap();
    let head = asking(&app, &reqwest::Method::HEAD, PROBE).send().await.unwrap();
    for response in [&get, &head] {
        assert_eq!(response.status(), 200);
        let all: Vec<_> = response.headers().get_all("access-control-allow-origin").iter().collect();
        assert_eq!(all, ["*"], "X-01");
        for (name, value) in [
            ("content-type", "application/json"),
            ("cache-control", "private, no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        for name in ["access-control-allow-credentials", "set-cookie", "www-authenticate"] {
            assert!(response.headers().get(name).is_none(), "{name}");
        }
    }
    assert_eq!(head.headers()["content-length"], get.headers()["content-length"], "X-03");
    assert!(head.bytes().await.unwrap().is_empty(), "X-03");
    let preflight = asking(&app, &reqwest::Method::OPTIONS, PROBE)
        .header("Origin", VIEWER)
        .header("Access-Control-Request-Headers", "authorization")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 204, "X-02");
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert_eq!(preflight.headers()["access-control-allow-headers"], "Authorization");
    assert_eq!(preflight.headers()["access-control-allow-methods"], "GET, HEAD, OPTIONS");
    assert!(preflight.headers().get("set-cookie").is_none());
    for method in [reqwest::Method::POST, reqwest::Method::DELETE] {
        let response = asking(&app, &method, PROBE).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["allow"]),
            (405, &"GET, HEAD, OPTIONS".parse().unwrap())
        );
    }
}

#[actix_web::test]
async fn h2_h5_t10_a_probe_that_nginx_did_not_pass_on_opens_nothing() {
    let app = TestApp::start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for remove in ["x-original-uri", "x-original-method", "x-original-host"] {
        let mut request =
            asking(&app, &reqwest::Method::GET, PROBE).header("Cookie", reader.header()).build().unwrap();
        request.headers_mut().remove(remove);
        let result: Value = app.client.execute(request).await.unwrap().json().await.unwrap();
        assert_eq!(result["status"], 403, "{remove}");
    }
    let cookie = reader.header();
    for (name, value) in [("X_Original_URI", PROBE), ("X-Original-URI", PROBE)] {
        assert_eq!(probed(&app, PROBE, &[("Cookie", &cookie), (name, value)]).await, 403, "{name}");
    }
    let open = app.replica(&[("TILEGATE_TRUSTED_PEERS", "192.0.2.1")]).await;
    assert_eq!(probed(&open, "/auth/v2/probe/images/open%2Fharbour", &[]).await, 403, "H1");
}

#[actix_web::test]
async fn a2_60_a2_61_logging_out_and_locking_out_end_the_token_at_once() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let two = token(&app, &mut reader).await;
    assert_eq!(with_token(&app, PROBE, &two).await, 200);
    assert_eq!(reader.get(&app, "/auth/v2/logout").await.status(), 200);
    assert_eq!(with_token(&app, PROBE, &two).await, 401);

    let mut reader = Browser::logged_in(&app, READER).await;
    let two = token(&app, &mut reader).await;
    app.change(READER.0, AccountChange { conditions: Some(vec![]), ..AccountChange::default() }).await;
    assert_eq!(with_token(&app, PROBE, &two).await, 401, "S10: the condition was taken away");
    let staff = AccountChange { conditions: Some(vec!["staff".into()]), ..AccountChange::default() };
    app.change(READER.0, staff).await;
    assert_eq!(with_token(&app, PROBE, &two).await, 200);
    app.change(READER.0, AccountChange { active: Some(false), ..AccountChange::default() }).await;
    assert_eq!(with_token(&app, PROBE, &two).await, 401);
}

// -- The token service ----------------------------------------------------------------------

#[actix_web::test]
async fn a2_27_to_a2_36_the_message_with_a_token() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    for (id, encoded) in [
        ("42", "42"),
        ("ae3415", "ae3415"),
        ("</script><script>x", "%3C/script%3E%3Cscript%3Ex"),
        ("\u{fc} \u{2028}", "%C3%BC%20%E2%80%A8"),
    ] {
        for origin in ["https://viewer.test", "https://viewer.test/", "https%3A%2F%2FViewer.test%3A443"] {
            let query = format!("?messageId={encoded}&origin={origin}");
            let (message, target) = message(&app, &mut reader, &query).await;
            let keys: Vec<_> = message.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["@context", "type", "messageId", "accessToken", "expiresIn"], "A2-31");
            assert_eq!(
                (&message["@context"], &message["type"]),
                (&json!(CONTEXT), &json!("AuthAccessToken2"))
            );
            assert_eq!(message["messageId"], id, "A2-32");
            assert_eq!(message["expiresIn"], 3600, "A2-34");
            assert_eq!(target, VIEWER, "A2-29");
            let token = message["accessToken"].as_str().unwrap();
            assert!(token.len() > 40 && token != reader.access() && !token.contains("reader"), "A2-36");
            let text = token_page(&app, &mut reader, &query).await;
            assert_eq!((text.matches("<script").count(), text.matches("</script").count()), (1, 1), "T2");
        }
    }
    let (one, two) = (token(&app, &mut reader).await, token(&app, &mut reader).await);
    assert_ne!(one, two);
}

#[actix_web::test]
async fn a2_30_a2_39_a2_40_a2_41_the_errors_each_by_its_cause() {
    let app = TestApp::start_with(&[("TILEGATE_VIEWER_ORIGINS", VIEWER)]).await;
    let good = "?messageId=m&origin=https://viewer.test";
    let mut seen = Vec::new();
    let mut expect = async |app: &TestApp, browser: &mut Browser, query: &str, id: &str| {
        let (message, target) = message(app, browser, query).await;
        assert_eq!(message["@context"], CONTEXT);
        assert_eq!(message["type"], "AuthAccessTokenError2");
        assert_eq!(message["messageId"], id);
        assert!(message.get("accessToken").is_none());
        assert!(message["note"].is_null() || message["heading"]["en"][0].is_string(), "A2-41");
        assert!(target.starts_with("https://"), "A2-29");
        seen.push(message["profile"].as_str().unwrap().to_owned());
    };
    let mut reader = Browser::logged_in(&app, READER).await;
    expect(&app, &mut reader, "?origin=https://viewer.test", "").await;
    expect(&app, &mut reader, "?messageId=&origin=https://viewer.test", "").await;
    expect(&app, &mut reader, "?messageId=1&messageId=2&origin=https://viewer.test", "").await;
    expect(&app, &mut reader, "?messageId=m&origin=https://other.test", "m").await;
    expect(&app, &mut Browser::default(), good, "m").await;
    let mut garbage = Browser::default();
    garbage.cookies.insert("__Host-tilegate_access".into(), "garbage".into());
    expect(&app, &mut garbage, good, "m").await;
    let mut copy = reader.copied_access();
    reader.get(&app, "/auth/logout").await;
    expect(&app, &mut copy, good, "m").await;
    assert_eq!(
        seen,
        [
            "invalidRequest",
            "invalidRequest",
            "invalidRequest",
            "invalidOrigin",
            "missingAspect",
            "invalidAspect",
            "expiredAspect",
        ]
    );
}

#[actix_web::test]
async fn a2_39_without_its_store_the_service_is_unavailable() {
    let app =
        TestApp::start_with(&[("TILEGATE_MAX_STALE_SECONDS", "1"), ("TILEGATE_POLL_SECONDS", "1")]).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    app.context.store.close().await;
    let good = "?messageId=m&origin=https://viewer.test";
    for _ in 0..100 {
        let (message, _) = message(&app, &mut reader, good).await;
        if message["profile"] == "unavailable" {
            assert_eq!(probed(&app, PROBE, &[("Cookie", &reader.header())]).await, 401, "S18");
            return;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it never was");
}

#[actix_web::test]
async fn a2_34_a2_35_a_token_never_outlives_its_session() {
    let app = TestApp::start_with(&[("TILEGATE_SESSION_SECONDS", "300")]).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let (message, _) = message(&app, &mut reader, "?messageId=1&origin=https://viewer.test").await;
    let seconds = message["expiresIn"].as_u64().unwrap();
    assert!((290..=300).contains(&seconds), "{seconds}");
}

#[actix_web::test]
async fn t1_x09_a_bad_origin_gets_a_page_and_no_message() {
    let app = TestApp::start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    for query in [
        "",
        "?messageId=1",
        "?messageId=1&origin=",
        "?messageId=1&origin=null",
        "?messageId=1&origin=*",
        "?messageId=1&origin=javascript:alert(1)",
        "?messageId=1&origin=https://a.test%22);alert(1)//",
        "?messageId=1&origin=https://user@a.test",
        "?messageId=1&origin=https://a.test/path",
        "?messageId=1&origin=https://a.test&origin=https://b.test",
        "?messageId=%ff&origin=%00",
    ] {
        let text = token_page(&app, &mut reader, query).await;
        assert!(!text.contains("postMessage") && !text.contains("<script"), "{query}: {text}");
    }
}

// -- The access service ---------------------------------------------------------------------

fn closes(text: &str) -> bool {
    text.contains("\nwindow.close();")
}

#[actix_web::test]
async fn a2_15_a2_16_a_stranger_logs_in_and_the_window_closes() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    let page = format!("{ACCESS}?origin={VIEWER}");
    let shown = browser.get(&app, &page).await;
    assert_eq!(shown.status(), 200);
    assert_eq!(shown.headers()["x-frame-options"], "DENY", "X-06, T9");
    assert_eq!(shown.headers()["cache-control"], "no-store", "X-04");
    assert!(shown.headers().get("cross-origin-opener-policy").is_none(), "X-07");
    let csrf = browser.csrf(&app, &page).await;
    let wrong = [("csrf", csrf.as_str()), ("username", READER.0), ("password", "wrong")];
    let again = browser.post(&app, ACCESS, &wrong).await;
    assert_eq!(again.status(), 403);
    assert!(again.text().await.unwrap().contains(&format!("action=\"{ACCESS}\"")), "the same door");
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1), ("next", "/auth/")];
    let welcome = browser.post(&app, ACCESS, &form).await;
    assert_eq!(welcome.status(), 200, "the viewer waits: nobody is sent elsewhere");
    let text = welcome.text().await.unwrap();
    assert!(closes(&text), "A2-15: {text}");
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
    let two = token(&app, &mut browser).await;
    assert_eq!(with_token(&app, PROBE, &two).await, 200, "the whole way");
}

#[actix_web::test]
async fn a2_21_a2_22_whoever_is_logged_in_makes_a_gesture_unless_the_viewer_is_of_our_site() {
    let app = TestApp::start().await;
    for (origin, at_once) in [
        (VIEWER, false),
        ("https://img.test.evil.test", false),
        ("http://img.test", false),
        ("null", false),
        ("", false),
        (PUBLIC, true),
        ("https://img.test:8443", true),
        ("https%3A%2F%2FIMG.test%2F", true),
    ] {
        let mut reader = Browser::logged_in(&app, READER).await;
        reader.cookies.remove("__Host-tilegate_access");
        let page = format!("{ACCESS}?origin={origin}");
        let shown = reader.get(&app, &page).await;
        assert_eq!(shown.status(), 200, "{origin}");
        let text = shown.text().await.unwrap();
        assert_eq!(closes(&text), at_once, "{origin}");
        assert_eq!(reader.cookies.contains_key("__Host-tilegate_access"), at_once, "{origin}");
        if at_once {
            continue;
        }
        assert!(read(&text).contains("Continue as reader"), "{text}");
        let csrf = reader.csrf(&app, &page).await;
        let response = reader.post(&app, ACCESS, &[("csrf", &csrf), ("proceed", "1")]).await;
        assert!(closes(&response.text().await.unwrap()), "{origin}");
        assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);
    }
    // X-11: without any.
    let mut reader = Browser::logged_in(&app, READER).await;
    let text = reader.get(&app, ACCESS).await.text().await.unwrap();
    assert!(read(&text).contains("Continue as reader") && !closes(&text));
}

#[actix_web::test]
async fn a2_22_hosts_of_the_cookies_domain_are_our_site() {
    let app = TestApp::start_with(&[
        ("TILEGATE_PUBLIC_URL", "https://img.example.org"),
        ("TILEGATE_COOKIE_DOMAIN", "example.org"),
    ])
    .await;
    for (origin, at_once) in [
        ("https://viewer.example.org", true),
        ("https://example.org", true),
        ("https://notexample.org", false),
        ("https://example.org.evil.test", false),
    ] {
        let mut reader = Browser::logged_in(&app, READER).await;
        let text = reader.get(&app, &format!("{ACCESS}?origin={origin}")).await.text().await.unwrap();
        assert_eq!(closes(&text), at_once, "{origin}");
    }
}

/// Product decision 12: what a GET gives, it gives to a person's own navigation alone.
#[actix_web::test]
async fn s13_no_image_or_frame_makes_the_access_service_give_a_cookie() {
    let app = TestApp::start().await;
    for destination in ["image", "iframe", "empty", "script"] {
        let mut reader = Browser::logged_in(&app, READER).await;
        let request = app.client.get(format!("{}{ACCESS}?origin={PUBLIC}", app.address));
        let request = request.header("Cookie", reader.header()).header("Sec-Fetch-Dest", destination);
        let response = request.send().await.unwrap();
        let given = |set: &reqwest::header::HeaderValue| set.to_str().unwrap().contains("tilegate_access");
        assert!(!response.headers().get_all("set-cookie").iter().any(given), "{destination}");
        assert!(!closes(&response.text().await.unwrap()), "{destination}");
        let forged = reader.post(&app, ACCESS, &[("csrf", "x"), ("proceed", "1")]).await;
        assert_eq!(forged.status(), 403);
    }
}

#[actix_web::test]
async fn an_account_without_the_condition_is_told_so() {
    let app = TestApp::start().await;
    let told = |text: &str| {
        assert!(text.contains("does not have") && text.contains("Reading room of Example Archive"), "{text}");
        assert!(read(text).contains("logged in as nobody") && text.contains("Close this window"), "{text}");
        assert!(!text.contains("Continue as") && !closes(text), "{text}");
    };
    // Logged in already, whatever the viewer's site.
    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    for origin in [VIEWER, PUBLIC] {
        let page = format!("{ACCESS}?origin={origin}");
        told(&nobody.get(&app, &page).await.text().await.unwrap());
        let csrf = nobody.csrf(&app, &page).await;
        let response = nobody.post(&app, ACCESS, &[("csrf", &csrf), ("proceed", "1")]).await;
        told(&response.text().await.unwrap());
    }
    // Or by this very login, which is one; from there another account can be taken.
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, ACCESS).await;
    let form = [("csrf", csrf.as_str()), ("username", NOBODY.0), ("password", NOBODY.1)];
    let text = browser.post(&app, ACCESS, &form).await.text().await.unwrap();
    told(&text);
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 401);
    let (_, rest) = text.split_once(r#"name="csrf" value=""#).unwrap();
    let csrf = rest.split('"').next().unwrap();
    let form = [("csrf", csrf), ("username", READER.0), ("password", READER.1)];
    assert!(closes(&browser.post(&app, ACCESS, &form).await.text().await.unwrap()));
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200);
}
