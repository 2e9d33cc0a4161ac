//! `middleauth`: the window that Neuroglancer opens on another site, what is given there, what it opens, and what ends it.

use actix_web::cookie::{Cookie, CookieJar, Key};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::credential::account::Id128;
use tilegate::credential::pass::PassSecret;
use tilegate::store::{AccountChange, AuditFilter};

use crate::app::*;
use crate::passes::made;

const VIEWER: &str = "https://viewer.test";
const OTHER: &str = "https://notebooks.test:8443";
const AUTHORIZE: &str = "/auth/middleauth/api/v1/authorize";
const CONSENT: &str = "/auth/middleauth/consent";
const FILE: &str = "/files/protected/volume/0/0.0.0";

async fn start() -> TestApp {
    TestApp::start_with(&[
        ("TILEGATE_NEUROGLANCER_ORIGINS", &format!("{VIEWER},{OTHER}")),
        ("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ rules=images"),
        ("TILEGATE_MOUNT_OTHERS", "file /others/ file:///srv/others/ default=closed"),
    ])
    .await
}

/// Opens the window as a page with this `Referer` would.
async fn opens(app: &TestApp, browser: &mut Browser, referers: &[&str]) -> Response {
    let mut request = app.client.get(format!("{}{AUTHORIZE}", app.address)).header("X-Real-IP", "192.0.2.7");
    for referer in referers {
        request = request.header("Referer", *referer);
    }
    let request = request.header("Sec-Fetch-Dest", "document").header("Sec-Fetch-Site", "cross-site");
    let response = request.header("Cookie", browser.header()).send().await.unwrap();
    let kept = response.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap().to_owned());
    for set in kept.collect::<Vec<_>>() {
        let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
        browser.cookies.insert(name.to_owned(), value.to_owned());
    }
    response
}

/// Opens it and reads the question: the page, and the fields of its form.
async fn asked(app: &TestApp, browser: &mut Browser, viewer: &str) -> (String, Vec<(String, String)>) {
    let opened = opens(app, browser, &[&format!("{viewer}/")]).await;
    assert_eq!((opened.status().as_u16(), opened.headers()["location"].to_str().unwrap()), (303, CONSENT));
    question(app, browser).await
}

async fn question(app: &TestApp, browser: &mut Browser) -> (String, Vec<(String, String)>) {
    let page = browser.get(app, CONSENT).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let field = |name: &str| {
        let (_, rest) = page.split_once(&format!(r#"name="{name}" value=""#)).expect("a form");
        (name.to_owned(), rest.split('"').next().unwrap().to_owned())
    };
    let fields = vec![field("csrf"), field("id")];
    (page, fields)
}

async fn answered(app: &TestApp, browser: &mut Browser, fields: &[(String, String)]) -> Response {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(app, CONSENT, &fields).await
}

/// The message of the last page, and its target.
fn message(page: &str) -> (Value, String) {
    let (_, rest) = page.split_once("window.opener?.postMessage(").expect("a message");
    let (arguments, _) = rest.split_once(");").unwrap();
    let both: Value = serde_json::from_str(&format!("[{arguments}]")).unwrap();
    (both[0].clone(), both[1].as_str().unwrap().to_owned())
}

fn token_of(page: &str) -> String {
    message(page).0["token"].as_str().expect("a token").to_owned()
}

/// A token for the viewer, by everything that a person does.
async fn token(app: &TestApp, browser: &mut Browser, viewer: &str) -> String {
    let (_, fields) = asked(app, browser, viewer).await;
    let page = answered(app, browser, &fields).await;
    assert_eq!(page.status(), 200);
    token_of(&page.text().await.unwrap())
}

fn on(app: &TestApp, mount: &'static str, uri: &str, method: &'static str) -> RequestBuilder {
    let mut request = app.check(uri).build().unwrap();
    request.headers_mut().insert("x-tilegate-mount", mount.parse().unwrap());
    request.headers_mut().insert("x-original-method", method.parse().unwrap());
    RequestBuilder::from_parts(app.client.clone(), request)
}

fn bearing(request: RequestBuilder, token: &str, origin: Option<&str>) -> RequestBuilder {
    let request = request.header("Authorization", format!("Bearer {token}"));
    origin.into_iter().fold(request, |request, origin| request.header("Origin", origin))
}

/// The status of a file for the viewer's page.
async fn file(app: &TestApp, token: &str) -> u16 {
    bearing(on(app, "files", FILE, "GET"), token, Some(VIEWER)).send().await.unwrap().status().as_u16()
}

async fn redeem(app: &TestApp, browser: &mut Browser, secret: &PassSecret) {
    let path = format!("/auth/share/{}", secret.spelled());
    let csrf = browser.csrf(app, &path).await;
    assert_eq!(browser.post(app, &path, &[("csrf", &csrf)]).await.status(), 303);
}

/// What the session of the pages says; and back into the cookie.
fn state_of(
    app: &TestApp,
    browser: &mut Browser,
    change: impl FnOnce(&mut std::collections::BTreeMap<String, String>),
) {
    let name = "__Host-tilegate_session";
    let epoch = app.context.live.current().revocations.epoch;
    let key = Key::from(&app.context.keyring.derive("tilegate session pages", epoch).unwrap());
    let sealed =
        url::form_urlencoded::parse(format!("v={}", browser.cookies[name].replace('+', "%2B")).as_bytes())
            .next()
            .unwrap()
            .1
            .into_owned();
    let mut jar = CookieJar::new();
    jar.add_original(Cookie::new(name, sealed));
    let mut state = serde_json::from_str(jar.private(&key).get(name).unwrap().value()).unwrap();
    change(&mut state);
    jar.private_mut(&key).add(Cookie::new(name, serde_json::to_string(&state).unwrap()));
    let sealed = jar.get(name).unwrap().encoded().to_string();
    browser.cookies.insert(name.to_owned(), sealed.split_once('=').unwrap().1.to_owned());
}

// -- discovery -----------------------------------------------------------------------------------

#[actix_web::test]
async fn the_client_finds_the_login_and_without_a_listed_origin_there_is_none() {
    let app = start().await;
    let answer = app.client.get(format!("{}/auth_info", app.address)).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["access-control-allow-origin"]),
        (200, &"*".parse().unwrap())
    );
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.headers().get("set-cookie").is_none());
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body, serde_json::json!({ "login_url": "https://img.test/auth/middleauth" }));
    let preflight = app.client.request(reqwest::Method::OPTIONS, format!("{}/auth_info", app.address));
    assert_eq!(preflight.send().await.unwrap().status(), 204);

    // T11: off is off, also for a token that was given while it was on.
    let mut browser = Browser::logged_in(&app, READER).await;
    let given = token(&app, &mut browser, VIEWER).await;
    assert_eq!(file(&app, &given).await, 200);
    let off = app.replica(&[("TILEGATE_NEUROGLANCER_ORIGINS", "")]).await;
    assert_eq!(off.client.get(format!("{}/auth_info", off.address)).send().await.unwrap().status(), 404);
    assert_eq!(opens(&off, &mut browser, &["https://viewer.test/"]).await.status(), 404);
    assert_eq!(file(&off, &given).await, 401);
    let fewer = app.replica(&[("TILEGATE_NEUROGLANCER_ORIGINS", OTHER)]).await;
    assert_eq!(file(&fewer, &given).await, 401, "its origin is not listed any more");
}

// -- the window ----------------------------------------------------------------------------------

#[actix_web::test]
async fn t11_s13_only_a_listed_page_is_answered_and_the_others_get_a_page_without_a_message() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    for referers in [
        &[][..],
        &[""],
        &["null"],
        &["viewer.test"],
        &["about:blank"],
        &["data:text/html,x"],
        &["https://viewer.test.evil.test/"],
        &["https://evil.test/https://viewer.test/"],
        &["https://viewer.test@evil.test/"],
        &["https://sub.viewer.test/"],
        &["https://img.test/auth/"],
        &["http://viewer.test/"],
        &["https://viewer.test:8443/"],
        &["https://notebooks.test/"],
        &["https://viewer.test/", "https://viewer.test/"],
        &["https://evil.test/", "https://viewer.test/"],
    ] {
        let answer = opens(&app, &mut browser, referers).await;
        assert_eq!(answer.status(), 403, "{referers:?}");
        let page = answer.text().await.unwrap();
        assert!(!page.contains("<script") && !page.contains("postMessage"), "{referers:?}: {page}");
        // Nothing waits for an answer then, also where something has before.
        assert_eq!(browser.get(&app, CONSENT).await.status(), 403, "{referers:?}");
    }
    for referer in [
        "https://viewer.test/",
        "https://viewer.test/client/?a#b",
        "https://VIEWER.test:443",
        "https://notebooks.test:8443/",
    ] {
        assert_eq!(opens(&app, &mut browser, &[referer]).await.status(), 303, "{referer}");
    }
    // A frame or an image is no window that somebody has opened.
    let request =
        app.client.get(format!("{}{AUTHORIZE}", app.address)).header("Referer", "https://viewer.test/");
    let framed = request.header("Sec-Fetch-Dest", "iframe").send().await.unwrap();
    assert_eq!(framed.status(), 403);
}

#[actix_web::test]
async fn the_question_says_who_what_and_until_when_and_the_answer_goes_to_its_origin_alone() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (page, fields) = asked(&app, &mut browser, VIEWER).await;
    assert!(
        page.contains("<strong>https://viewer.test</strong>") && page.contains("<strong>reader</strong>"),
        "{page}"
    );
    assert!(page.contains("UTC</time>") && !page.contains("postMessage"), "{page}");
    assert_eq!(file(&app, "").await, 401, "the question gives nothing");
    let answer = answered(&app, &mut browser, &fields).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("cache-control"), header("referrer-policy")),
        ("no-store".into(), "no-referrer".into())
    );
    assert_eq!(header("x-frame-options"), "DENY", "T9");
    assert!(answer.headers().get("cross-origin-opener-policy").is_none(), "it has to know who opened it");
    let policy = header("content-security-policy");
    let page = answer.text().await.unwrap();
    let (_, rest) = page.split_once(r#"<script nonce=""#).unwrap();
    assert!(policy.contains(&format!("script-src 'nonce-{}'", rest.split('"').next().unwrap())), "{policy}");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let (message, target) = message(&page);
    assert_eq!(target, VIEWER, "T1: never to everybody");
    assert_eq!(message["app_urls"], serde_json::json!([PUBLIC]));
    assert_eq!(message.as_object().unwrap().len(), 2, "and nothing else: {message}");
    let token = message["token"].as_str().unwrap();
    assert_eq!(file(&app, token).await, 200);
    assert!(
        token.len() <= 576 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
}

#[actix_web::test]
async fn s5_s13_a_forged_or_repeated_answer_gives_nothing() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (_, fields) = asked(&app, &mut browser, VIEWER).await;
    let with = |name: &str, value: &str| {
        let change = |(key, old): &(String, String)| {
            (key.clone(), if key == name { value.to_owned() } else { old.clone() })
        };
        fields.iter().map(change).collect::<Vec<_>>()
    };
    for wrong in [with("csrf", "x"), with("id", ""), with("id", "x"), with("id", &Id128([1; 16]).to_string())]
    {
        let answer = answered(&app, &mut browser, &wrong).await;
        assert_eq!(answer.status(), 403, "{wrong:?}");
        assert!(!answer.text().await.unwrap().contains("postMessage"));
    }
    let plain: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post_across(&app, CONSENT, &plain).await.status(), 403);
    assert_eq!(Browser::default().post(&app, CONSENT, &plain).await.status(), 403, "without the session");

    let before = browser.clone();
    assert_eq!(answered(&app, &mut browser, &fields).await.status(), 200);
    assert_eq!(answered(&app, &mut browser, &fields).await.status(), 403, "a reload");
    // Whoever has kept the cookie from before finds the answer used up, also at another replica.
    for app in [&app, &app.replica(&[]).await] {
        let again = answered(app, &mut before.clone(), &fields).await;
        assert_eq!(again.status(), 403);
        assert!(!again.text().await.unwrap().contains("postMessage"));
    }
}

#[actix_web::test]
async fn t11_the_answer_is_to_the_question_that_was_shown() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (_, first) = asked(&app, &mut browser, VIEWER).await;
    let (page, second) = asked(&app, &mut browser, OTHER).await;
    assert!(page.contains(OTHER) && !page.contains(VIEWER));
    assert_eq!(answered(&app, &mut browser, &first).await.status(), 403, "another window has asked since");
    let page = answered(&app, &mut browser, &second).await.text().await.unwrap();
    assert_eq!(message(&page).1, OTHER);
    let (_, third) = asked(&app, &mut browser, VIEWER).await;
    let fewer = app.replica(&[("TILEGATE_NEUROGLANCER_ORIGINS", OTHER)]).await;
    assert_eq!(answered(&fewer, &mut browser.clone(), &third).await.status(), 403, "not listed any more");
    state_of(&app, &mut browser, |state| {
        let mut asked: Value = serde_json::from_str(&state["viewer"]).unwrap();
        asked["until"] = clock::now().into();
        state.insert("viewer".to_owned(), asked.to_string());
    });
    assert_eq!(answered(&app, &mut browser, &third).await.status(), 403, "it took too long");
}

#[actix_web::test]
async fn whoever_is_not_logged_in_logs_in_first_and_the_window_still_knows_its_opener() {
    let app = start().await;
    let mut browser = Browser::default();
    opens(&app, &mut browser, &["https://viewer.test/"]).await;
    let to_login = browser.get(&app, CONSENT).await;
    assert_eq!(to_login.headers()["location"], "/auth/login?next=/auth/middleauth/consent");
    let csrf = browser.csrf(&app, "/auth/login?next=/auth/middleauth/consent").await;
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1), ("next", CONSENT)];
    let welcomed = browser.post(&app, "/auth/login", &form).await;
    assert_eq!(
        (welcomed.status(), &welcomed.headers()["location"]),
        (StatusCode::SEE_OTHER, &CONSENT.parse().unwrap())
    );
    let (page, fields) = question(&app, &mut browser).await;
    assert!(page.contains(VIEWER), "{page}");
    let page = answered(&app, &mut browser, &fields).await.text().await.unwrap();
    assert_eq!(message(&page).1, VIEWER);
    // Whoever logs out takes the question along.
    let (_, fields) = asked(&app, &mut browser, VIEWER).await;
    browser.get(&app, "/auth/logout").await;
    assert_eq!(answered(&app, &mut browser, &fields).await.status(), 403);
}

#[actix_web::test]
async fn a_right_password_without_the_second_factor_gives_nothing() {
    let app = start().await;
    let (secret, _) = crate::second_factor::with_factor(&app, READER).await;
    let mut browser = Browser::default();
    opens(&app, &mut browser, &["https://viewer.test/"]).await;
    let csrf = browser.csrf(&app, "/auth/login").await;
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1), ("next", CONSENT)];
    let half = browser.post(&app, "/auth/login", &form).await;
    assert_eq!(half.headers()["location"], "/auth/login/code");
    assert_eq!(browser.get(&app, CONSENT).await.status(), 303, "to the login");
    let code = secret.code(clock::now()).unwrap();
    let done = crate::second_factor::type_code(&app, &mut browser, &code).await;
    assert_eq!(done.headers()["location"], CONSENT);
    let (_, fields) = question(&app, &mut browser).await;
    let page = answered(&app, &mut browser, &fields).await.text().await.unwrap();
    assert_eq!(file(&app, &token_of(&page)).await, 200);
}

// -- what it opens -------------------------------------------------------------------------------

#[actix_web::test]
async fn a_token_opens_the_content_that_the_person_may_see_and_nothing_else() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let given = token(&app, &mut browser, VIEWER).await;
    let status = async |request: RequestBuilder| {
        bearing(request, &given, Some(VIEWER)).send().await.unwrap().status().as_u16()
    };
    for method in ["GET", "HEAD", "OPTIONS"] {
        assert_eq!(status(on(&app, "files", FILE, method)).await, 200, "{method}");
    }
    assert_eq!(status(app.check(LOCKED_TILE)).await, 200);
    assert_eq!(status(app.check(CLOSED_TILE)).await, 403);
    assert_eq!(status(on(&app, "others", "/others/protected/a", "GET")).await, 403, "another mount");
    assert_eq!(status(on(&app, "images", FILE, "GET")).await, 403, "not the mount of the path");
    assert_eq!(status(app.describe(LOCKED_INFO)).await, 401, "it is no token for descriptions");
    let allowed = bearing(on(&app, "files", FILE, "GET"), &given, Some(VIEWER)).send().await.unwrap();
    let account = app.named(READER.0).await.id.to_string();
    assert_eq!(allowed.headers()["x-tilegate-account"], account.as_str(), "the log says whose it is");
    assert_eq!(allowed.headers()["x-tilegate-cache"], "private, no-cache");
    assert_eq!(allowed.headers()["x-tilegate-origin"], "*");

    let denied =
        bearing(on(&app, "files", "/files/clinical/a", "GET"), &given, Some(VIEWER)).send().await.unwrap();
    assert_eq!(denied.status(), 403, "no rule, and closed");
    // A stranger is told 401, and any page may read that: the client asks for a login then.
    let stranger = on(&app, "files", FILE, "GET").header("Origin", VIEWER).send().await.unwrap();
    assert_eq!(
        (stranger.status().as_u16(), &stranger.headers()["x-tilegate-origin"]),
        (401, &"*".parse().unwrap())
    );

    // Pages, probes and the administration do not know it.
    let mut copied = Browser::default();
    for name in ["__Host-tilegate_access", "__Host-tilegate_session"] {
        copied.cookies.insert(name.to_owned(), given.clone());
    }
    assert_eq!(app.tile(LOCKED_TILE, &copied).await, 401, "T4");
    let own = app.client.get(format!("{}/auth/", app.address)).header("Cookie", copied.header());
    let own = bearing(own, &given, None).send().await.unwrap().text().await.unwrap();
    assert!(own.contains("not logged in"), "{own}");
    let plain = format!(
        "Basic {}",
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("x:{given}"))
    );
    assert_eq!(app.check(LOCKED_TILE).header("Authorization", plain).send().await.unwrap().status(), 401);
}

#[actix_web::test]
async fn t11_a_page_of_another_origin_cannot_use_it() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let given = token(&app, &mut browser, VIEWER).await;
    for (origin, expected) in [
        (Some(VIEWER), 200),
        (None, 200),
        (Some(""), 200),
        (Some("null"), 401),
        (Some("https://evil.test"), 401),
        (Some(OTHER), 401),
        (Some("https://viewer.test/"), 401),
        (Some("HTTPS://viewer.test"), 401),
    ] {
        for request in
            [on(&app, "files", FILE, "GET"), on(&app, "files", FILE, "HEAD"), app.check(LOCKED_TILE)]
        {
            let answer = bearing(request, &given, origin).send().await.unwrap();
            assert_eq!(answer.status(), expected, "{origin:?}");
        }
    }
    // The visitor's own cookie is not touched by a token that does not count.
    let both = bearing(app.check(LOCKED_TILE), &given, Some("https://evil.test"));
    assert_eq!(both.header("Cookie", browser.header()).send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn whichever_of_cookie_and_token_is_enough_counts() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let of_reader = token(&app, &mut reader, VIEWER).await;
    let mut nobody = Browser::logged_in(&app, NOBODY).await;
    let of_nobody = token(&app, &mut nobody, VIEWER).await;
    for (given, browser, expected) in
        [(&of_reader, &nobody, 200), (&of_nobody, &reader, 200), (&of_nobody, &nobody, 401)]
    {
        let request = bearing(app.check(LOCKED_TILE), given, Some(VIEWER)).header("Cookie", browser.header());
        assert_eq!(request.send().await.unwrap().status(), expected);
    }
}

#[actix_web::test]
async fn a_guest_gives_what_a_share_link_gave() {
    let app = start().await;
    let mut guest = Browser::default();
    opens(&app, &mut guest, &["https://viewer.test/"]).await;
    assert_eq!(guest.get(&app, CONSENT).await.status(), 303, "who has nothing logs in");
    let (id, secret) = made(&app, "protected/volume", |_| {}).await;
    redeem(&app, &mut guest, &secret).await;
    let (page, fields) = question(&app, &mut guest).await;
    assert!(page.contains("not logged in") && page.contains("one share link"), "{page}");
    let page = answered(&app, &mut guest, &fields).await.text().await.unwrap();
    let given = token_of(&page);
    assert_eq!(file(&app, &given).await, 200);
    assert_eq!(
        bearing(app.check(LOCKED_TILE), &given, Some(VIEWER)).send().await.unwrap().status(),
        401,
        "its scope"
    );

    // Somebody with an account gives both.
    let mut person = Browser::logged_in(&app, NOBODY).await;
    redeem(&app, &mut person, &secret).await;
    let of_person = token(&app, &mut person, VIEWER).await;
    assert_eq!(file(&app, &of_person).await, 200);

    guest.get(&app, "/auth/logout").await;
    assert_eq!(file(&app, &given).await, 401, "the guest has left");
    assert_eq!(file(&app, &of_person).await, 200);
    app.context.store.revoke_pass(&id, Act::command(clock::now())).await.unwrap().unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(file(&app, &of_person).await, 401, "revoked");
    let lines = app.context.store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    let told = lines.iter().filter(|line| line.action == "viewer.allow").count();
    assert_eq!(told, 1, "a guest is nobody");
}

/// What was allowed before the login is in no list of the person's, so that the login ends it.
#[actix_web::test]
async fn s2_what_a_guest_allowed_does_not_outlive_the_login_that_follows() {
    let app = start().await;
    let (_, secret) = made(&app, "protected/volume", |_| {}).await;
    for is_logged_in_already in [false, true] {
        let mut browser = Browser::default();
        if is_logged_in_already {
            browser = Browser::logged_in(&app, NOBODY).await;
            browser.cookies.remove("__Host-tilegate_access");
        }
        redeem(&app, &mut browser, &secret).await;
        let session = browser.cookies.remove("__Host-tilegate_session").unwrap();
        let given = token(&app, &mut browser, VIEWER).await;
        assert_eq!(file(&app, &given).await, 200);
        if is_logged_in_already {
            browser.cookies.insert("__Host-tilegate_session".to_owned(), session);
            let csrf = browser.csrf(&app, "/auth/login").await;
            browser.post(&app, "/auth/login", &[("csrf", &csrf), ("proceed", "1")]).await;
        } else {
            browser.try_login(&app, NOBODY).await;
        }
        let uri = FILE;
        let kept = on(&app, "files", uri, "GET").header("Cookie", browser.header()).send().await.unwrap();
        assert_eq!(kept.status(), 200, "the pass goes along with the person");
        assert_eq!(file(&app, &given).await, 401, "the guest is gone: {is_logged_in_already}");
        browser.get(&app, "/auth/logout").await;
        assert_eq!(file(&app, &given).await, 401);
    }
}

// -- what ends it --------------------------------------------------------------------------------

#[actix_web::test]
async fn it_is_listed_among_the_sessions_and_ended_alone() {
    let app = start().await;
    let replica = app.replica(&[]).await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let (given, other) = (token(&app, &mut browser, VIEWER).await, token(&app, &mut browser, OTHER).await);
    let page = browser.get(&app, "/auth/").await.text().await.unwrap();
    let viewers: Vec<_> = page.match_indices("Neuroglancer at <bdi>").collect();
    assert!(page.contains("Neuroglancer at <bdi>https://viewer.test</bdi>"), "{page}");
    assert_eq!(viewers.len(), 2 * 2, "each with a button that names it");
    let sessions = app.context.store.sessions(&app.named(READER.0).await.id, clock::now()).await.unwrap();
    let id = sessions.iter().find(|one| one.viewer.as_deref() == Some(VIEWER)).unwrap().id.to_string();
    let csrf = browser.csrf(&app, "/auth/").await;
    browser.post(&app, "/auth/sessions", &[("csrf", &csrf), ("session", &id)]).await;
    assert_eq!(file(&app, &given).await, 401);
    replica.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(file(&replica, &given).await, 401);
    assert_eq!(app.tile(LOCKED_TILE, &browser).await, 200, "the login goes on");
    let others = bearing(on(&app, "files", FILE, "GET"), &other, Some(OTHER));
    assert_eq!(others.send().await.unwrap().status(), 200, "and the other viewer");

    let lines = app.context.store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    let told = lines.iter().find(|line| line.action == "viewer.allow" && line.details["viewer"] == VIEWER);
    assert_eq!(told.expect("it is told").subject, app.named(READER.0).await.id.to_string());
    assert!(!format!("{lines:?}").contains(&given), "S16");
}

#[actix_web::test]
async fn s2_s10_it_ends_with_the_login_and_with_what_ends_everything_of_the_account() {
    let app = start().await;
    let change = async |change: AccountChange| app.change(READER.0, change).await;
    let fresh = async || {
        let mut browser = Browser::logged_in(&app, READER).await;
        let given = token(&app, &mut browser, VIEWER).await;
        assert_eq!(file(&app, &given).await, 200);
        (browser, given)
    };

    let (mut browser, given) = fresh().await;
    let (_, of_another_login) = fresh().await;
    browser.get(&app, "/auth/logout").await;
    assert_eq!(file(&app, &given).await, 401, "logged out where it was allowed");
    assert_eq!(file(&app, &of_another_login).await, 200);

    // From another login it is ended with the one in which it was allowed.
    let (_, given) = fresh().await;
    let mut here = Browser::logged_in(&app, READER).await;
    let csrf = here.csrf(&app, "/auth/").await;
    here.post(&app, "/auth/sessions", &[("csrf", &csrf), ("others", "1")]).await;
    assert_eq!(file(&app, &given).await, 401);

    let (_, given) = fresh().await;
    change(AccountChange { sign_out_everywhere: true, ..AccountChange::default() }).await;
    assert_eq!(file(&app, &given).await, 401);

    let (_, given) = fresh().await;
    let hash = app.context.passwords.hash("another long password".into()).await.unwrap();
    change(AccountChange { password_hash: Some(hash), ..AccountChange::default() }).await;
    assert_eq!(file(&app, &given).await, 401);

    let mut browser = Browser::logged_in(&app, (READER.0, "another long password")).await;
    let given = token(&app, &mut browser, VIEWER).await;
    change(AccountChange { conditions: Some(Vec::new()), ..AccountChange::default() }).await;
    assert_eq!(file(&app, &given).await, 401, "S10: what the account has now counts");
    change(AccountChange { conditions: Some(vec!["staff".to_owned()]), ..AccountChange::default() }).await;
    assert_eq!(file(&app, &given).await, 200);
    let (_, fields) = asked(&app, &mut browser, VIEWER).await;
    change(AccountChange { active: Some(false), ..AccountChange::default() }).await;
    assert_eq!(file(&app, &given).await, 401, "locked");
    assert_ne!(answered(&app, &mut browser, &fields).await.status(), 200, "and gives nothing any more");
}

#[actix_web::test]
async fn s17_a_token_of_another_deployment_or_epoch_opens_nothing() {
    let (app, other) = (start().await, start().await);
    let mut browser = Browser::logged_in(&other, READER).await;
    let given = token(&other, &mut browser, VIEWER).await;
    assert_eq!((file(&other, &given).await, file(&app, &given).await), (200, 401));
    let moved = other.replica(&[("TILEGATE_PUBLIC_URL", "https://moved.test")]).await;
    let request = on(&moved, "files", FILE, "GET").build().unwrap();
    let mut request = RequestBuilder::from_parts(moved.client.clone(), request).build().unwrap();
    request.headers_mut().insert("x-original-host", "moved.test".parse().unwrap());
    let request = bearing(RequestBuilder::from_parts(moved.client.clone(), request), &given, Some(VIEWER));
    assert_eq!(request.send().await.unwrap().status(), 401, "the same keys and database at another address");
    other.context.store.renew_epoch(Act::command(clock::now())).await.unwrap();
    other.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(file(&other, &given).await, 401);
}
