//! Pages are in the visitor's language.

use reqwest::Response;
use tilegate::clock;

use crate::admin::{CHIEF, read, start};
use crate::app::*;

/// A page as a browser of somebody with these wishes gets it.
async fn page(app: &TestApp, browser: &Browser, path: &str, wishes: &str) -> Response {
    let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
    let request = request.header("Cookie", browser.header()).header("Accept-Language", wishes);
    request.send().await.unwrap()
}

async fn text(app: &TestApp, browser: &Browser, path: &str, wishes: &str) -> String {
    page(app, browser, path, wishes).await.text().await.unwrap()
}

#[actix_web::test]
async fn the_login_page_and_the_overview_are_in_the_language_of_the_visitor() {
    let app = start().await;
    let chief = Browser::logged_in(&app, CHIEF).await;
    for (path, browser, german, english) in [
        ("/auth/login", &Browser::default(), "Kontoname", "Account name"),
        ("/auth/login", &chief, "Weiter als <bdi>chief</bdi>", "Continue as <bdi>chief</bdi>"),
        ("/auth/", &chief, "Ihr Konto", "Your account"),
        ("/auth/viewers", &chief, "Was Sie tun können", "What you can do"),
        ("/auth/nothing", &chief, "Seite nicht gefunden", "Page not found"),
        ("/auth/device", &chief, "Diesen Computer einrichten", "Set up this computer"),
        (
            "/auth/admin/",
            &chief,
            "Sie sind als <strong>chief</strong> angemeldet",
            "logged in as <strong>chief",
        ),
        ("/auth/admin/upcoming", &chief, "Keine Regel hat ein Datum", "no rule has a date"),
        ("/auth/admin/explain", &chief, "Eine Antwort erklären", "Explain an answer"),
        ("/auth/admin/nothing", &chief, "Unter dieser Adresse gibt es nichts", "nothing at this address"),
        ("/auth/v2/token", &chief, "Der Viewer hat nicht gesagt", "did not say where it runs"),
    ] {
        for (wishes, tag) in
            [("de", "de"), ("fr, de-CH;q=0.8, en;q=0.2", "de"), ("en, de", "en"), ("fr", "en"), ("", "en")]
        {
            let page = page(&app, browser, path, wishes).await;
            // Nobody keeps a page, so none needs `Vary`.
            assert_eq!(page.headers()["cache-control"], "no-store", "{path}");
            let page = page.text().await.unwrap();
            assert!(page.contains(&format!("<html lang=\"{tag}\">")), "{path} {wishes}: {page}");
            assert_eq!(page.contains(german), tag == "de", "{path} {wishes}: {page}");
            assert_eq!(page.contains(english), tag == "en", "{path} {wishes}: {page}");
        }
    }
}

#[actix_web::test]
async fn what_went_wrong_is_said_in_the_same_language() {
    let app = start().await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login").await;
    let post = |form: Vec<(&'static str, String)>, host: &'static str| {
        let request = app.client.post(format!("{}/auth/login", app.address)).header("X-Real-IP", "192.0.2.7");
        let request = request.header("Accept-Language", "de").header("X-Original-Host", host);
        request.header("Cookie", browser.header()).form(&form).send()
    };
    let wrong = vec![("csrf", csrf), ("username", "a<b>".to_owned()), ("password", "wrong".to_owned())];
    let forged = vec![("csrf", "made up".to_owned())];
    for (form, host, status, says) in [
        (wrong.clone(), "img.test", 403, "Dieser Name und dieses Passwort passen zu keinem Konto."),
        (forged, "img.test", 403, "Bitte noch einmal"),
        (Vec::new(), "img.test", 400, "Das Formular konnte nicht gelesen werden"),
        (wrong, "evil.test", 421, "Die Adresse dieser Website ist https://img.test; bitte"),
    ] {
        let response = post(form, host).await.unwrap();
        assert_eq!(response.status(), status, "{says}");
        let page = response.text().await.unwrap();
        assert!(page.contains("<html lang=\"de\">") && read(&page).contains(says), "{says}: {page}");
        assert!(!page.contains("a<b>"), "{page}");
    }
    let chief = Browser::logged_in(&app, CHIEF).await;
    let page = text(&app, &chief, "/auth/admin/explain?url=x&account=nobody-here", "de").await;
    assert!(read(&page).contains("Das ist keine Adresse von https://img.test."), "{page}");
    assert!(page.contains("Es gibt kein Konto dieses Namens."), "{page}");
}

#[actix_web::test]
async fn conditions_are_called_what_the_policy_calls_them_in_that_language() {
    let app = TestApp::start().await;
    app.import(
        r#"
        condition = [
            { name = "staff", pattern = "login", label = { en = "Reading room", de = "Lesesaal" } },
            { name = "terms", pattern = "clickthrough", label = { en = "Rules of use", fr = "Règles" } },
            { name = "plain", pattern = "clickthrough" },
        ]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let reader = Browser::logged_in(&app, READER).await;
    for (wishes, label) in [("de", "<bdi>Lesesaal</bdi>"), ("en", "<bdi>Reading room</bdi>")] {
        let page = text(&app, &reader, "/auth/", wishes).await;
        assert!(page.contains(label), "{page}");
    }
    // Terms without texts of their own have ours; those with texts have them in what is wanted first.
    let page = read(&text(&app, &reader, "/auth/v2/access/plain", "de").await);
    for words in
        ["Nutzungsbedingungen", "stimmen Sie den Nutzungsbedingungen von Example Archive zu", "Ich stimme zu"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = text(&app, &reader, "/auth/v2/access/terms", "fr, de").await;
    assert!(page.contains("<h1><bdi>Règles</bdi></h1>") && page.contains("Ich stimme zu"), "{page}");
}

#[actix_web::test]
async fn a_dry_run_is_told_of_in_german_too() {
    let until = jiff::Timestamp::from_second(i64::try_from(clock::now() + 5 * 86_400).unwrap()).unwrap();
    let until = until.to_zoned(jiff::tz::TimeZone::UTC).date();
    let copy = format!("image /copy/ http://127.0.0.1:9/iiif/ server=iipsrv rules=images shadow={until}");
    let app = TestApp::start_with(&[("TILEGATE_MOUNT_COPY", &copy)]).await;
    app.account(CHIEF, &[]).await;
    let administrator = tilegate::store::AccountChange { administrator: Some(true), ..Default::default() };
    app.change(CHIEF.0, administrator).await;
    let chief = Browser::logged_in(&app, CHIEF).await;
    let page = read(&text(&app, &chief, "/auth/admin/", "de").await);
    for words in [
        "Probelauf: Ein Mount ist nicht geschützt".to_owned(),
        format!("Der Mount copy ist bis {until} , 0:00 Uhr UTC, im Probelauf"),
        "TILEGATE_MOUNT_COPY".to_owned(),
        format!("(Probelauf bis {until}: nicht geschützt)"),
    ] {
        assert!(page.contains(&words), "{words}: {page}");
    }
}

#[actix_web::test]
async fn the_list_of_dates_is_in_german_too() {
    let app = start().await;
    app.import(
        r#"
        condition = [
            { name = "staff", pattern = "login", label = { en = "Staff" } },
            { name = "reader", pattern = "login", label = { en = "Readers" } },
        ]
        rule = [
            { mount = "images", identifier = "letters", conditions = ["staff", "reader"], operations = ["view"], from = 2999-01-01 },
            { mount = "images", identifier = "maps", match = "exact", conditions = ["open"], until = 2999-01-01 },
        ]
        "#,
    )
    .await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let chief = Browser::logged_in(&app, CHIEF).await;
    for path in ["/auth/admin/", "/auth/admin/upcoming"] {
        let page = read(&text(&app, &chief, path, "de").await);
        for words in [
            "letters und alles darunter images ändert sich geschlossen für alle staff oder reader , für view , in Antworten von höchstens 1024 Pixeln Regel 1 beginnt",
            "maps images schließt sich offen für alle geschlossen für alle Regel 2 endet",
            "Jahren)",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}
