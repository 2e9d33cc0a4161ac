//! The page of the administration that explains an answer.

use tilegate::audit::Act;
use tilegate::clock;
use tilegate::store::AccountChange;

use crate::admin::{CHIEF, asks_to_log_in, read, start};
use crate::app::*;

const PAGE: &str = "/auth/admin/explain";

fn asking(fields: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    format!("{PAGE}?{}", query.finish())
}

/// The page that the chief gets, with its status.
async fn ask(app: &TestApp, fields: &[(&str, &str)]) -> (u16, String) {
    let response = Browser::logged_in(app, CHIEF).await.get(app, &asking(fields)).await;
    (response.status().as_u16(), response.text().await.unwrap())
}

#[actix_web::test]
async fn the_page_says_the_verdict_the_rules_and_what_would_change_it() {
    let app = start().await;
    let (status, page) = ask(&app, &[("url", LOCKED_TILE)]).await;
    assert_eq!(status, 200);
    let text = read(&page);
    for sentence in [
        "Not allowed (401): it needs staff . A login that brings it would help.",
        "The image is protected/letter of the mount images .",
        "If it were allowed, NGINX would fetch /iiif/protected/letter/full/max/0/default.jpg .",
        "This is about somebody who is not logged in, who holds no condition.",
        "It is decided by rule 2 ( protected and everything below it: staff).",
        "What would change it An account that holds staff would see it.",
    ] {
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
    assert!(page.contains("<code>protected/letter</code>"), "{page}");
    let whole = format!("  {PUBLIC}{LOCKED_TILE}\n");
    let (_, page) =
        ask(&app, &[("url", &whole), ("account", " Reader "), ("address", "::ffff:192.0.2.7")]).await;
    let text = read(&page);
    assert!(text.contains("Allowed (200): staff is enough."), "{text}");
    assert!(
        text.contains(
            "This is about the account reader , who holds staff . The address 192.0.2.7 has no condition"
        ),
        "{text}"
    );
    // What was typed is still in the form.
    assert!(page.contains(r#"name="account" value=" Reader ""#), "{page}");
}

/// The same words, whoever is asked.
#[actix_web::test]
async fn the_page_and_the_command_say_the_same() {
    let app = start().await;
    let (_, page) = ask(&app, &[("url", LOCKED_TILE), ("account", "reader"), ("at", "2041-01-01")]).await;
    let page = read(&page).replace(" .", ".").replace(" ,", ",").replace("( ", "(");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tilegate"))
        .args(["explain", LOCKED_TILE, "--account", "reader", "--at", "2041-01-01"])
        .env_clear()
        .envs(app.settings().iter().cloned())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.lines().count() >= 5, "{said}");
    for sentence in said.lines() {
        assert!(page.contains(&sentence.replace('`', "")), "{sentence}: {page}");
    }
}

#[actix_web::test]
async fn an_empty_form_says_what_to_type_and_a_wrong_one_what_is_wrong() {
    let app = start().await;
    let (status, page) = ask(&app, &[]).await;
    assert_eq!(status, 200);
    assert!(read(&page).contains("Type or paste the address of a tile"), "{page}");
    assert!(!page.contains("aria-invalid") && !page.contains("Answer</h2>"), "{page}");

    for (fields, fault) in [
        ([("url", ""), ("account", "reader")], "url-fault\" class=\"fault\">Give the address"),
        (
            [("url", "https://evil.test/iiif/images/a/info.json"), ("at", "")],
            "This is not an address of https://img.test.",
        ),
        ([("url", "http://img.test/a"), ("at", "")], "This is not an address of https://img.test."),
        ([("url", "letters"), ("at", "")], "This is not an address of https://img.test."),
        (
            [("url", LOCKED_TILE), ("account", "eve")],
            "account-fault\" class=\"fault\">There is no account of this name.",
        ),
        ([("url", LOCKED_TILE), ("account", "\u{202e}")], "There is no account of this name."),
        (
            [("url", LOCKED_TILE), ("address", "192.0.2.0/24")],
            "address-fault\" class=\"fault\">Give one address",
        ),
        ([("url", LOCKED_TILE), ("at", "tomorrow")], "at-fault\" class=\"fault\">Give a day"),
    ] {
        let (status, page) = ask(&app, &fields).await;
        assert_eq!(status, 400, "{fields:?}");
        assert!(page.replace("<bdi>", "").replace("</bdi>", "").contains(fault), "{fields:?}: {page}");
        assert_eq!(page.matches("aria-invalid=\"true\"").count(), 1, "{fields:?}: {page}");
        assert!(!page.contains("Answer</h2>"), "{fields:?}: {page}");
    }
}

#[actix_web::test]
async fn p10_no_address_that_is_typed_is_fetched() {
    let app = start().await;
    let other = ImageServerThatListens::start();
    for url in [other.url.as_str(), &format!("{}/iiif/images/a/info.json", other.url)] {
        assert_eq!(ask(&app, &[("url", url)]).await.0, 400);
    }
    for url in [LOCKED_TILE, OPEN_TILE, LOCKED_INFO, "/iiif/images/a/../b/info.json"] {
        assert_eq!(ask(&app, &[("url", url)]).await.0, 200, "{url}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty(), "nor is the image server asked");
    assert!(!other.was_asked());
}

/// A listener that only knows whether somebody came.
struct ImageServerThatListens {
    url: String,
    listener: std::net::TcpListener,
}

impl ImageServerThatListens {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { url: format!("http://{}", listener.local_addr().unwrap()), listener }
    }

    fn was_asked(&self) -> bool {
        self.listener.accept().is_ok()
    }
}

#[actix_web::test]
async fn the_size_of_an_image_is_asked_for_where_the_answer_depends_on_it() {
    let app = start().await;
    app.import(
        r#"
        [[condition]]
        name = "staff"
        pattern = "login"
        label = { en = "Staff" }
        thumbnail_px = 200
        [[condition]]
        name = "clinical"
        pattern = "login"
        label = { en = "Clinical" }
        [[rule]]
        mount = "images"
        identifier = "protected"
        conditions = ["staff"]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let thumbnail = LOCKED_TILE.replace("full/max", "full/200,");
    let (_, page) = ask(&app, &[("url", &thumbnail)]).await;
    let text = read(&page);
    assert!(text.contains("Allowed (200): as a thumbnail of this size it is open to everybody."), "{text}");
    assert!(text.contains("The image has 4000 x 3000 pixels."), "{text}");
    assert_eq!(*app.image_server.asked.lock().unwrap(), ["/iiif/protected/letter/info.json"]);

    app.image_server.answers(500, "");
    let (_, page) = ask(&app, &[("url", &thumbnail.replace("letter", "other"))]).await;
    let text = read(&page);
    assert!(text.contains("Not allowed (401): it needs staff ."), "{text}");
    assert!(text.contains("The image server does not say how large the image is."), "{text}");
}

#[actix_web::test]
async fn s13_what_is_typed_and_what_the_policy_says_are_escaped() {
    let app = start().await;
    let mut document = app.context.store.policy_document().await.unwrap();
    document.rules[1].note = "<script>alert(1)</script>".into();
    document.rules[1].identifier = "<b>".into();
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    let typed = "/iiif/images/%3Cb%3E%2F%3Ci%3E/info.json?\"><script>";
    let (status, page) = ask(&app, &[("url", typed), ("account", "")]).await;
    assert_eq!(status, 200);
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"), "{page}");
    assert!(page.contains("noted “&#60;script&#62;alert(1)"), "{page}");
    let (_, page) = ask(&app, &[("url", "\"><script>"), ("account", "\" autofocus onfocus=\"x")]).await;
    assert!(!page.contains("<script") && !page.contains("\" onfocus"), "{page}");
}

#[actix_web::test]
async fn s3_only_administrators_get_the_page_and_only_by_get() {
    let app = start().await;
    let address = asking(&[("url", LOCKED_TILE)]);
    assert_eq!(Browser::logged_in(&app, READER).await.get(&app, &address).await.status(), 403);
    assert!(asks_to_log_in(Browser::default().get(&app, PAGE).await).await);
    let chief = Browser::logged_in(&app, CHIEF).await;
    let post = app.client.post(format!("{}{PAGE}", app.address)).header("Cookie", chief.header());
    let response = post.send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &"GET, HEAD".parse().unwrap())
    );
    let overview = chief.clone().get(&app, "/auth/admin/").await.text().await.unwrap();
    assert!(overview.contains(r#"<a href="/auth/admin/explain">"#), "{overview}");
    let response = chief.clone().get(&app, &address).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    assert!(!response.text().await.unwrap().contains("<script"));
}

#[actix_web::test]
async fn a_locked_account_is_said_to_be_locked() {
    let app = start().await;
    app.change("reader", AccountChange { active: Some(false), ..AccountChange::default() }).await;
    let text = read(&ask(&app, &[("url", LOCKED_TILE), ("account", "reader")]).await.1);
    assert!(text.contains("reader (locked, so nothing it holds counts)"), "{text}");
    assert!(text.contains("If the account were not locked, it would be allowed."), "{text}");
}

/// The policy in force is explained; the texts of newer rules would be wrong beside it.
#[actix_web::test]
async fn rules_that_were_changed_since_are_told_by_their_number() {
    let app = start().await;
    let mut document = app.context.store.policy_document().await.unwrap();
    document.rules[1].mount = "gone".into();
    document.rules[0].identifier = "a+b".into();
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    assert!(app.context.live.refresh(clock::now()).await.is_err());
    let text = read(&ask(&app, &[("url", LOCKED_TILE)]).await.1);
    assert!(text.contains("The policy in the database cannot be used"), "{text}");
    assert!(text.contains("It is decided by rule 2."), "{text}");
}
