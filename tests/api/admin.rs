//! The door of the administration pages, and the first page behind it.

use reqwest::{Method, Response};
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::policy::document::PolicyDocument;
use tilegate::store::AccountChange;

use crate::app::*;

pub const CHIEF: (&str, &str) = ("chief", "a long password of the chief");
const PAGE: &str = "/auth/admin/";

pub async fn start() -> TestApp {
    let app = TestApp::start().await;
    add_chief(&app).await;
    app
}

pub async fn add_chief(app: &TestApp) {
    app.account(CHIEF, &[]).await;
    app.change(CHIEF.0, AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
}

/// A service as it is after its first start: an administrator, and nothing else.
async fn new_installation(more: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start_with(more).await;
    add_chief(&app).await;
    for (name, _) in [READER, NOBODY] {
        let id = app.named(name).await.id;
        app.context.store.remove_account(&id, Act::service(clock::now())).await.unwrap();
    }
    app.context
        .store
        .replace_policy(&PolicyDocument::default(), true, Act::service(clock::now()))
        .await
        .unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    app
}

/// The page as the chief sees it.
async fn overview(app: &TestApp) -> String {
    let response = Browser::logged_in(app, CHIEF).await.get(app, PAGE).await;
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

/// What a person reads of it: no tags, one space between words.
pub fn read(page: &str) -> String {
    let mut text = String::new();
    // A name in a sentence.
    let page = page.replace("<bdi>", "").replace("</bdi>", "");
    for part in page.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub async fn asks_to_log_in(response: Response) -> bool {
    response.status() == 303
        && response.headers()["location"].to_str().unwrap().starts_with("/auth/login?next=/auth/admin/")
        && response.headers()["cache-control"] == "no-store"
        && response.bytes().await.unwrap().is_empty()
}

#[actix_web::test]
async fn an_administrator_sees_what_is_protected_how_much_and_whether_all_is_well() {
    let app = start().await;
    app.account(("locked", "some long password"), &[]).await;
    for change in [
        AccountChange { administrator: Some(true), ..AccountChange::default() },
        AccountChange { active: Some(false), ..AccountChange::default() },
    ] {
        app.change("locked", change).await;
    }
    let page = overview(&app).await;
    let text = read(&page);
    for expected in [
        "logged in as chief",
        "images image /iiif/images/ closed (nobody) 2",
        "staff Reading room of Example Archive",
        "clinical Clinical images of Example Archive",
        "Mounts 3 Rules 2 Passes that count 0 Access conditions 2 Accounts 4 Accounts that may log in 3 Administrators among them 1",
        "Policy loaded Database SQLite",
        concat!("version ", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(page.contains(r#"href="/auth/logout""#) && page.contains(r#"href="/auth/""#));
}

#[actix_web::test]
async fn whoever_is_not_logged_in_logs_in_and_is_returned_to_the_page() {
    let app = start().await;
    let mut browser = Browser::default();
    let first = browser.get(&app, "/auth/admin/?from=1&to=2%2F3").await;
    assert_eq!(first.status(), 303);
    let login = first.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(login, "/auth/login?next=/auth/admin/%3Ffrom%3D1%26to%3D2%252F3");

    let page = browser.get(&app, &login).await.text().await.unwrap();
    let hidden = |name: &str| {
        let (_, rest) = page.split_once(&format!(r#"name="{name}" value=""#)).unwrap();
        rest.split('"').next().unwrap().replace("&#38;", "&")
    };
    let (csrf, next) = (hidden("csrf"), hidden("next"));
    let form = [("csrf", csrf.as_str()), ("next", &next), ("username", CHIEF.0), ("password", CHIEF.1)];
    let welcome = browser.post(&app, "/auth/login", &form).await;
    assert_eq!(welcome.headers()["location"], "/auth/admin/?from=1&to=2%2F3");
    assert_eq!(browser.get(&app, "/auth/admin/?from=1&to=2%2F3").await.status(), 200);
}

#[actix_web::test]
async fn s12_the_way_back_is_a_path_of_this_site() {
    let app = start().await;
    for path in ["/auth/admin//evil.test", "/auth/admin/x?next=//evil.test", "/auth/admin/%0d%0aX:y"] {
        let response = Browser::default().get(&app, path).await;
        let location = response.headers()["location"].to_str().unwrap();
        assert!(location.starts_with("/auth/login?next=/auth/admin/"), "{path}: {location}");
        assert!(!location.contains(['\r', '\n']), "{path}: {location}");
    }
    let long = format!("/auth/admin/{}", "x".repeat(4000));
    let response = Browser::default().get(&app, &long).await;
    assert_eq!(response.headers()["location"], "/auth/login", "longer than any page's address");
}

#[actix_web::test]
async fn an_account_that_may_not_administer_is_told_so_and_how_to_go_on() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, READER).await;
    let response = browser.get(&app, PAGE).await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()["x-frame-options"], "DENY");
    let page = response.text().await.unwrap();
    assert!(read(&page).contains("logged in as reader . This account may not administer."), "{page}");
    assert!(page.contains(r#"href="/auth/login?next=/auth/admin/""#), "{page}");
    assert!(page.contains(r#"href="/auth/logout""#), "{page}");
    assert!(!page.contains("staff") && !page.contains("/iiif/images/"), "{page}");
    // And it does go on: the login page takes another account.
    let csrf = browser.csrf(&app, "/auth/login?next=/auth/admin/").await;
    let form = [("csrf", csrf.as_str()), ("next", PAGE), ("username", CHIEF.0), ("password", CHIEF.1)];
    assert_eq!(browser.post(&app, "/auth/login", &form).await.headers()["location"], PAGE);
    assert_eq!(browser.get(&app, PAGE).await.status(), 200);
}

#[actix_web::test]
async fn only_an_administrators_account_page_leads_to_administration() {
    let app = start().await;
    for (person, leads) in [(CHIEF, true), (READER, false)] {
        let page = Browser::logged_in(&app, person).await.get(&app, "/auth/").await.text().await.unwrap();
        assert_eq!(page.contains(r#"href="/auth/admin/""#), leads, "{page}");
    }
}

#[actix_web::test]
async fn s3_the_access_cookie_alone_does_not_open_administration() {
    let app = start().await;
    let browser = Browser::logged_in(&app, CHIEF).await;
    let (access, session) = (browser.access().to_owned(), "__Host-tilegate_session".to_owned());
    let mut alone = browser.copied_access();
    assert!(asks_to_log_in(alone.get(&app, PAGE).await).await);
    let mut as_session = Browser { cookies: [(session.clone(), access)].into() };
    assert!(asks_to_log_in(as_session.get(&app, PAGE).await).await);
    let mut without = Browser { cookies: [(session.clone(), browser.cookies[&session].clone())].into() };
    assert_eq!(without.get(&app, PAGE).await.status(), 200, "and the session alone does");
}

/// By the row and not by the snapshot: the change is not in it yet.
#[actix_web::test]
async fn s2_a_demoted_or_locked_administrator_is_out_at_the_next_request() {
    let app = TestApp::start_with(&[("TILEGATE_POLL_SECONDS", "300")]).await;
    add_chief(&app).await;
    let id = app.named(CHIEF.0).await.id;
    let set = async |change| {
        app.context.store.change_account(&id, change, Act::service(clock::now())).await.unwrap().unwrap();
    };
    let mut demoted = Browser::logged_in(&app, CHIEF).await;
    assert_eq!(demoted.get(&app, PAGE).await.status(), 200);
    set(AccountChange { administrator: Some(false), ..AccountChange::default() }).await;
    assert!(asks_to_log_in(demoted.get(&app, PAGE).await).await, "that login is over");
    let mut again = Browser::logged_in(&app, CHIEF).await;
    assert_eq!(again.get(&app, PAGE).await.status(), 403, "an ordinary account now");

    set(AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
    for over in [&mut demoted, &mut again] {
        assert!(asks_to_log_in(over.get(&app, PAGE).await).await, "it has not come back");
    }
    let mut locked = Browser::logged_in(&app, CHIEF).await;
    assert_eq!(locked.get(&app, PAGE).await.status(), 200);
    set(AccountChange { active: Some(false), ..AccountChange::default() }).await;
    assert!(asks_to_log_in(locked.get(&app, PAGE).await).await);
    assert_eq!(locked.try_login(&app, CHIEF).await.status(), 403);
    set(AccountChange { active: Some(true), ..AccountChange::default() }).await;
    assert!(asks_to_log_in(locked.get(&app, PAGE).await).await, "unlocked, and logged in anew first");

    let mut removed = Browser::logged_in(&app, CHIEF).await;
    app.context.store.remove_account(&id, Act::service(clock::now())).await.unwrap();
    assert!(asks_to_log_in(removed.get(&app, PAGE).await).await);
}

#[actix_web::test]
async fn s2_who_becomes_an_administrator_logs_in_anew() {
    let app = TestApp::start().await;
    let mut before = Browser::logged_in(&app, READER).await;
    let of_before = before.clone();
    app.change(READER.0, AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
    assert!(asks_to_log_in(before.get(&app, PAGE).await).await);
    let response = before.try_login(&app, READER).await;
    assert_eq!(response.status(), 303);
    assert_eq!(before.get(&app, PAGE).await.status(), 200);
    assert_ne!(before.cookies, of_before.cookies);
    assert!(asks_to_log_in(of_before.clone().get(&app, PAGE).await).await, "a copy of the old session");
}

#[actix_web::test]
async fn s2_administration_ends_with_the_login() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, CHIEF).await;
    let mut copy = browser.clone();
    browser.get(&app, "/auth/logout").await;
    assert!(asks_to_log_in(copy.get(&app, PAGE).await).await);
}

#[actix_web::test]
async fn s18_without_the_store_nobody_is_an_administrator_and_nobody_is_sent_to_log_in() {
    let app =
        TestApp::start_with(&[("TILEGATE_MAX_STALE_SECONDS", "1"), ("TILEGATE_POLL_SECONDS", "1")]).await;
    add_chief(&app).await;
    let mut browser = Browser::logged_in(&app, CHIEF).await;
    app.context.store.close().await;
    let response = browser.get(&app, PAGE).await;
    assert_eq!(response.status(), 503, "the store is away");
    assert!(response.headers().contains_key("retry-after"));
    while app.context.live.is_fresh(clock::now()) {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(browser.get(&app, PAGE).await.status(), 503, "for long");
    assert!(asks_to_log_in(Browser::default().get(&app, PAGE).await).await);
}

#[actix_web::test]
async fn head_answers_as_get_does_without_a_body() {
    let app = start().await;
    for (browser, status) in [
        (Browser::logged_in(&app, CHIEF).await, 200),
        (Browser::logged_in(&app, READER).await, 403),
        (Browser::default(), 303),
    ] {
        let request = app.client.request(Method::HEAD, format!("{}{PAGE}", app.address));
        let response = request.header("Cookie", browser.header()).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert!(response.bytes().await.unwrap().is_empty());
    }
}

#[actix_web::test]
async fn without_its_last_slash_the_address_leads_to_the_page() {
    let app = start().await;
    for mut browser in [Browser::default(), Browser::logged_in(&app, CHIEF).await] {
        let response = browser.get(&app, "/auth/admin").await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["location"]),
            (303, &PAGE.parse().unwrap())
        );
    }
    assert_eq!(Browser::default().get(&app, "/auth/administration").await.status(), 404, "another address");
}

#[actix_web::test]
async fn only_administrators_are_told_which_pages_there_are() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let missing = ["/auth/admin/nothing", "/auth/admin/accounts/reader", "/auth/%61dmin/nothing"];
    let shown = reader.get(&app, PAGE).await.text().await.unwrap();
    for path in missing {
        assert_eq!(chief.get(&app, path).await.status(), 404, "{path}");
        let response = reader.get(&app, path).await;
        assert_eq!(response.status(), 403, "{path}");
        let next = path.replace('%', "%25");
        let there = shown.replace("next=/auth/admin/", &format!("next={next}"));
        assert_eq!(response.text().await.unwrap(), there, "the way back alone differs");
        let response = Browser::default().get(&app, path).await;
        assert_eq!(response.status(), 303, "{path}");
        assert_eq!(response.headers()["location"], format!("/auth/login?next={next}").as_str());
    }
    for (browser, status) in [(&chief, 405), (&reader, 403), (&Browser::default(), 303)] {
        let request = app.client.post(format!("{}{PAGE}", app.address)).header("Cookie", browser.header());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        let allow = response.headers().get("allow").map(|allow| allow.to_str().unwrap());
        assert_eq!(allow, (status == 405).then_some("GET, HEAD"));
    }
}

#[actix_web::test]
async fn t9_s13_the_page_has_the_headers_of_all_pages_and_no_script() {
    let app = start().await;
    let mut browser = Browser::logged_in(&app, CHIEF).await;
    let response = browser.get(&app, PAGE).await;
    let headers = response.headers().clone();
    assert_eq!(headers["x-frame-options"], "DENY");
    assert_eq!(
        headers["content-security-policy"],
        "default-src 'none'; base-uri 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'"
    );
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    let page = response.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("http://"), "{page}");
}

#[actix_web::test]
async fn s11_s16_the_page_has_no_secret_and_no_way_around_the_check() {
    let app = start().await;
    let page = overview(&app).await;
    let setting = |name: &str| &app.settings().iter().find(|(known, _)| known == name).unwrap().1;
    let origin = app.image_server.url.trim_start_matches("http://");
    let database = app.database();
    for secret in [
        setting("TILEGATE_KEYS"),
        setting("TILEGATE_DATABASE_URL"),
        database.to_str().unwrap(),
        "sqlite:",
        "argon2",
        &app.named(CHIEF.0).await.password_hash,
        CHIEF.1,
        origin,
    ] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
}

#[actix_web::test]
async fn s13_texts_of_the_policy_and_names_of_accounts_are_escaped() {
    let app = start().await;
    app.import(
        r#"
        [[condition]]
        name = "staff"
        pattern = "login"
        label = { en = "<script>alert('staff')</script> & \"<b>\"" }
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let person = ("<img src=x> o'neil", "a long password too");
    app.account(person, &[]).await;
    app.change(person.0, AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
    let page = Browser::logged_in(&app, person).await.get(&app, PAGE).await.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&#60;script&#62;alert("), "{page}");
    assert!(page.contains("&#60;img src=x&#62; o&#39;neil"), "{page}");
}

#[actix_web::test]
async fn a_new_installation_is_told_what_to_do_next() {
    let origin = "http://127.0.0.1:9/iiif/";
    let app = new_installation(&[
        ("TILEGATE_MOUNT_OLD_MAPS", &format!("image /maps/ {origin} default=map-readers")),
        ("TILEGATE_MOUNT_COPY", &format!("image /copy/ {origin} server=iipsrv rules=images")),
    ])
    .await;
    let text = read(&overview(&app).await);
    for expected in [
        "What to do next",
        "tilegate policy import policy.toml",
        "Make a condition",
        "default of the mount old-maps and does not exist",
        "TILEGATE_MOUNT_OLD_MAPS",
        "map-readers (nobody: there is no such condition) 0",
        "Yours is the only account",
        "Make an account",
        "Choose conditions for your account",
        "Mounts 5 Rules 0 Passes that count 0 Access conditions 0 Accounts 1 Accounts that may log in 1 Administrators among them 1",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }

    // Each step goes when it is done.
    app.import(
        r#"
        [[condition]]
        name = "map-readers"
        pattern = "login"
        label = { en = "Readers of maps" }
        [[rule]]
        mount = "images"
        identifier = "a"
        conditions = ["map-readers"]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let text = read(&overview(&app).await);
    for gone in ["policy import", "does not exist", "no such condition"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    for expected in [
        "map-readers (Readers of maps) 0",
        "copy image /copy/ closed (nobody) 1 (those of images)",
        "Make an account",
        "Choose conditions for your account",
        "Rules 1",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    app.account(READER, &["map-readers"]).await;
    let change = AccountChange { conditions: Some(vec!["map-readers".into()]), ..AccountChange::default() };
    app.change(CHIEF.0, change).await;
    assert!(!overview(&app).await.contains("What to do next"), "nothing is left");
}

#[actix_web::test]
async fn a_policy_that_cannot_be_used_is_said_with_the_reason() {
    let app = start().await;
    // No iipsrv can be asked for a name with `+`; the command line would have said so.
    let mut document = app.context.store.policy_document().await.unwrap();
    document.rules[1].identifier = "a+b".into();
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    assert!(app.context.live.refresh(clock::now()).await.is_err());
    let text = read(&overview(&app).await);
    assert!(text.contains("The policy in the database cannot be used: rule 2 (`a+b` on `images`)"), "{text}");
    assert!(text.contains("an older one is in force"), "{text}");

    document.rules[1].identifier = "a".into();
    document.rules[0].mount = "gone".into();
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    let text = read(&overview(&app).await);
    assert!(!text.contains("cannot be used") && text.contains("Policy loaded"), "{text}");
    assert!(text.contains("1 rule names the mount gone , which is not in the settings"), "{text}");
}

/// What a page refers to is there, as what it is said to be, and its policy allows it.
#[actix_web::test]
async fn s13_the_stylesheet_and_the_icon_of_a_page_are_there() {
    let app = TestApp::start().await;
    let page = Browser::default().get(&app, "/auth/login").await.text().await.unwrap();
    for (path, kind, begins) in [
        ("/auth/static/tilegate.css", "text/css; charset=utf-8", ":root"),
        ("/auth/static/tilegate.svg", "image/svg+xml", "<svg"),
    ] {
        assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
        let answer = Browser::default().get(&app, path).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert!(answer.text().await.unwrap().starts_with(begins));
    }
}
