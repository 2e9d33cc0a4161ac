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
        "It is decided by rule 2 ( protected and everything below it: staff ).",
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

/// What the page has to say of the matter: its sentences, without their elements.
fn sentences(page: &str) -> Vec<String> {
    let main = page.split_once("<section").unwrap().1.split_once("<form").unwrap().0;
    let verdict = main.split("<p class=\"verdict").skip(1).take(1);
    let verdict = verdict.map(|rest| rest.split_once('>').unwrap().1.split_once("</p>").unwrap().0);
    let items = main.split("<li>").skip(1).map(|rest| rest.split_once("</li>").unwrap().0);
    let whole = verdict.chain(items).map(|item| {
        let pieces = item.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        let text = pieces.collect::<String>();
        text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&")
    });
    whole.collect()
}

/// A policy about which there is much to say.
const RICH: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff" }
    thumbnail_px = 200
    substitute_px = 800
    [[condition]]
    name = "house"
    pattern = "kiosk"
    networks = ["192.0.2.0/24"]
    [[condition]]
    name = "clinical"
    pattern = "login"
    label = { en = "Clinical" }
    [[condition]]
    name = "terms"
    pattern = "clickthrough"
    [[rule]]
    mount = "images"
    identifier = "protected"
    conditions = ["staff", "house", "terms"]
    operations = ["view"]
    note = "all <b>\"letters\"</b> & more"
    [[rule]]
    mount = "images"
    identifier = "protected/letter"
    match = "exact"
    conditions = ["closed"]
    from = "2030-01-01"
    until = "2041-01-01"
    [[rule]]
    mount = "images"
    identifier = "open"
    conditions = ["open"]
"#;

async fn start_rich() -> TestApp {
    let app = start().await;
    app.import(RICH).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    app
}

/// Questions with many kinds of answers.
fn questions() -> Vec<Vec<(&'static str, String)>> {
    let mut questions = Vec::new();
    let elsewhere = LOCKED_TILE.replace("protected", "elsewhere");
    let substitute = LOCKED_TILE.replace("images/", "images/substitute-8~");
    let parent = "/iiif/images/a/../b/full/max/0/default.jpg".to_owned();
    let paths = [LOCKED_TILE.to_owned(), OPEN_TILE.to_owned(), elsewhere, LOCKED_INFO.to_owned(), substitute];
    for path in paths.into_iter().chain([parent, "/iiif/images/a/x/y".to_owned(), "/nowhere".to_owned()]) {
        for (account, address, at) in [
            ("", "", "2029-01-01"),
            ("reader", "", "2029-01-01"),
            ("", "192.0.2.7", "2029-01-01"),
            ("reader", "192.0.2.7", "2035-01-01"),
            ("", "2001:db8::7", "2050-01-01"),
        ] {
            let at = at.to_owned();
            questions.push(vec![
                ("url", path.clone()),
                ("account", account.to_owned()),
                ("address", address.to_owned()),
                ("at", at),
            ]);
        }
    }
    questions
}

async fn asked_in(app: &TestApp, chief: &Browser, question: &[(&str, String)], language: &str) -> String {
    let fields: Vec<(&str, &str)> = question.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let request = app.client.get(format!("{}{}", app.address, asking(&fields)));
    let request = request.header("Cookie", chief.header()).header("Accept-Language", language);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{question:?}");
    response.text().await.unwrap()
}

/// The same words, whoever is asked.
#[actix_web::test]
async fn the_page_and_the_command_say_the_same() {
    let app = start_rich().await;
    app.image_server.answers(500, "");
    let chief = Browser::logged_in(&app, CHIEF).await;
    let mut all = std::collections::BTreeSet::new();
    for question in questions() {
        let page = sentences(&asked_in(&app, &chief, &question, "en").await);
        let mut arguments = vec!["explain".to_owned(), question[0].1.clone()];
        for (name, value) in question[1..].iter().filter(|(_, value)| !value.is_empty()) {
            arguments.extend([format!("--{name}"), value.clone()]);
        }
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_tilegate"))
            .args(&arguments)
            .env_clear()
            .envs(app.settings().iter().cloned())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let mut said: Vec<String> = said.lines().map(|line| line.replace('`', "")).collect();
        let mut page: Vec<String> =
            page.into_iter().filter(|said| !said.starts_with("The image server does not say")).collect();
        assert!(!said.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        all.extend(said.iter().cloned());
        said.sort();
        page.sort();
        assert_eq!(said, page, "{arguments:?}");
    }
    assert!(all.len() > 30, "{all:#?}");
}

/// What the messages of a language say between what is put into them, as far as it is long enough to be told apart.
fn phrases(messages: &str) -> Vec<String> {
    let lines = messages.lines().filter(|line| !line.starts_with('#'));
    let pieces = lines
        .flat_map(|line| line.split(['{', '}', '<', '>', '=', '[', ']']).map(str::trim).map(str::to_owned));
    pieces.filter(|piece| piece.split(' ').count() > 2).collect()
}

#[actix_web::test]
async fn the_page_says_all_of_it_in_the_visitors_language() {
    let app = start_rich().await;
    app.image_server.answers(500, "");
    let chief = Browser::logged_in(&app, CHIEF).await;
    let german = include_str!("../../templates/texts/de.ftl");
    let mut english = phrases(include_str!("../../templates/texts/en.ftl"));
    // A command is the same in every language.
    english.retain(|phrase| !german.contains(phrase.as_str()));
    assert!(english.iter().any(|phrase| phrase == "It is decided by"), "{english:?}");
    for question in questions() {
        let page = asked_in(&app, &chief, &question, "de").await;
        assert!(!page.contains("lang=\"en\""), "{question:?}: {page}");
        let text = sentences(&page).join("\n");
        for phrase in &english {
            assert!(!text.contains(phrase.as_str()), "{question:?}: {phrase}: {text}");
        }
        let in_english = sentences(&asked_in(&app, &chief, &question, "en").await);
        assert_eq!(sentences(&page).len(), in_english.len(), "{question:?}");
    }
    let question = [("url", LOCKED_TILE.to_owned()), ("at", "2029-01-01".to_owned())];
    let said = sentences(&asked_in(&app, &chief, &question, "de-AT").await);
    for sentence in [
        "Nicht erlaubt (401): Nötig ist eines von staff, house, terms. Eine Anmeldung, die das mitbringt, würde helfen.",
        "Es entscheidet Regel 1 (protected und alles darunter: staff oder house oder terms, zum Ansehen), mit der Notiz \
         „all <b>\"letters\"</b> & more“.",
        "Ab 2030-01-01 ist es geschlossen für alle (Regel 2 beginnt).",
    ] {
        assert!(said.iter().any(|said| said == sentence), "{sentence}: {said:#?}");
    }
}

/// The addresses that a page links to in what it says.
fn links(page: &str) -> std::collections::BTreeSet<String> {
    let main = page.split_once("<section").unwrap().1.split_once("<form").unwrap().0;
    let links = main.split("href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    links.map(|link| link.replace("&#38;", "&")).collect()
}

#[actix_web::test]
async fn what_is_spoken_of_is_linked_and_there() {
    let app = start_rich().await;
    app.image_server.answers(500, "");
    let chief = Browser::logged_in(&app, CHIEF).await;
    let mut all = std::collections::BTreeSet::new();
    for question in questions() {
        all.extend(links(&asked_in(&app, &chief, &question, "en").await));
    }
    let account = format!("/auth/admin/accounts/{}", app.named("reader").await.id);
    for link in [
        "/auth/admin/rules/1",
        "/auth/admin/rules/2",
        "/auth/admin/rules/3",
        "/auth/admin/conditions/staff",
        "/auth/admin/conditions/house",
        "/auth/admin/conditions/closed",
        account.as_str(),
        "/auth/admin/rules/new?mount=images&identifier=protected%2Fletter&match=exact",
        "/auth/admin/rules/new?mount=images&identifier=elsewhere%2Fletter&match=exact",
    ] {
        assert!(all.contains(link), "{link}: {all:#?}");
    }
    for link in &all {
        let response = chief.clone().get(&app, link).await;
        assert_eq!(response.status(), 200, "{link}");
        let page = response.text().await.unwrap();
        if link.contains("elsewhere") {
            assert!(page.contains("name=\"identifier\" value=\"elsewhere/letter\""), "{page}");
            assert!(page.contains("value=\"exact\" checked"), "{page}");
        }
    }
    // Where a rule about exactly this decides, there is no other to be made.
    let page =
        asked_in(&app, &chief, &[("url", LOCKED_TILE.to_owned()), ("at", "2035-01-01".to_owned())], "en")
            .await;
    assert!(links(&page).contains("/auth/admin/rules/2") && !page.contains("rules/new?"), "{page}");
    // What is gone meanwhile says so.
    let mut document = app.context.store.policy_document().await.unwrap();
    document.rules.truncate(1);
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    let page =
        asked_in(&app, &chief, &[("url", LOCKED_TILE.to_owned()), ("at", "2035-01-01".to_owned())], "en")
            .await;
    assert!(links(&page).contains("/auth/admin/rules/2"), "{page}");
    assert_eq!(chief.clone().get(&app, "/auth/admin/rules/2").await.status(), 404);
}

/// An address is anybody's text: it is shown as what it is, and leads nowhere else.
#[actix_web::test]
async fn s13_hostile_addresses_are_explained_like_others() {
    let app = start_rich().await;
    let chief = Browser::logged_in(&app, CHIEF).await;
    let long = "x".repeat(7000);
    for (url, name) in [
        ("/iiif/images/%E2%80%AEgpj.exe/info.json".to_owned(), Some("\u{202e}gpj.exe")),
        ("/iiif/images/a%22%3E%3Cscript%3E%26%23x27%3B/info.json".to_owned(), None),
        ("/iiif/images/%07%1B%5B2J/info.json".to_owned(), None),
        ("/iiif/images/\u{202e}a\u{7}/info.json".to_owned(), None),
        (format!("/iiif/images/{long}/info.json"), None),
        (format!("/iiif/images/{}/info.json", "y%2F".repeat(300)), None),
    ] {
        for language in ["en", "de"] {
            let page = asked_in(&app, &chief, &[("url", url.clone())], language).await;
            assert!(!page.contains("<script") && page.contains("class=\"verdict"), "{url}: {page}");
            let main = page.split_once("<section").unwrap().1.split_once("<form").unwrap().0;
            let name = name.filter(|_| main.contains("<code>"));
            // What turns the direction of writing does so in its own element alone.
            for (at, _) in main.match_indices('\u{202e}') {
                assert!(main[..at].ends_with("<code>"), "{main}");
            }
            if let Some(name) = name {
                let link = links(&page).into_iter().find(|link| link.contains("rules/new")).unwrap();
                assert!(!link.contains(name) && link.contains("%E2%80%AEgpj.exe"), "{link}");
            }
        }
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
    assert!(page.contains("noted “<bdi>&#60;script&#62;alert(1)"), "{page}");
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
    assert!(text.contains("It is decided by rule 2 ."), "{text}");
}
