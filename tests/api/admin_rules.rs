//! Rules on the pages of the administration.

use reqwest::{Response, header};
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::store::AuditFilter;

use crate::admin::{CHIEF, read, start};
use crate::app::*;

const LIST: &str = "/auth/admin/rules";
const NEW: &str = "/auth/admin/rules/new";

pub async fn page(app: &TestApp, browser: &mut Browser, path: &str) -> String {
    let response = browser.get(app, path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

pub fn fields_of(page: &str) -> Vec<(String, String)> {
    let unescaped = |text: &str| {
        text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#39;", "'").replace("&amp;", "&")
    };
    page.split("<input type=\"hidden\" ")
        .skip(1)
        .map(|input| {
            let of = |name: &str| {
                let (_, rest) = input.split_once(&format!("{name}=\"")).unwrap();
                unescaped(rest.split('"').next().unwrap())
            };
            (of("name"), of("value"))
        })
        .collect()
}

pub async fn post(app: &TestApp, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let csrf = browser.csrf(app, NEW).await;
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend(fields.iter().filter(|(name, _)| *name != "csrf"));
    browser.post(app, path, &form).await
}

/// Posts the form, and then what the page that asks has in it.
pub async fn do_it(
    app: &TestApp,
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> (String, Response) {
    let asked = post(app, browser, path, fields).await;
    assert_eq!(asked.status(), 200);
    let asked = asked.text().await.unwrap();
    let hidden = fields_of(&asked);
    let hidden: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (&**name, &**value)).collect();
    let done = post(app, browser, path, &hidden).await;
    (read(&asked), done)
}

pub async fn shown(app: &TestApp, number: u32) -> String {
    serde_json::to_string(&app.context.store.rule(number - 1).await.unwrap().unwrap()).unwrap()
}

#[actix_web::test]
async fn a_rule_is_made_from_an_address_and_the_tile_answers_otherwise_at_once() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 200);

    let form = page(&app, &mut chief, &format!("{NEW}?url={PUBLIC}{OPEN_TILE}")).await;
    assert!(form.contains("value=\"open/harbour\""), "{form}");
    let fields = [
        ("mount", "images"),
        ("identifier", "open/harbour"),
        ("match", "exact"),
        ("need-staff", "1"),
        ("note", "donor agreement"),
    ];
    let (asked, done) = do_it(&app, &mut chief, NEW, &fields).await;
    assert!(asked.contains("Asked for now open to everybody From then on staff"), "{asked}");
    assert!(asked.contains("open/harbour"), "{asked}");
    assert_eq!(done.status(), 303);
    assert_eq!(done.headers()[header::LOCATION], "/auth/admin/rules/3");
    assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 401, "at once");
    assert_eq!(app.tile(OPEN_TILE, &reader).await, 200);

    let told = app.context.store.audit(&AuditFilter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!((told.action.as_str(), told.subject.as_str()), ("rule.make", "3"));
    assert_eq!(told.details["after"]["note"], "donor agreement");
    let (_, again) = do_it_again(&app, &mut chief, &fields).await;
    assert_eq!(again, 409, "a replayed post adds no second one");

    // It is found by its identifier, and by the address.
    assert!(page(&app, &mut chief, &format!("{LIST}?q=open%2Fh")).await.contains("/auth/admin/rules/3"));
    assert!(!page(&app, &mut chief, &format!("{LIST}?q=protected")).await.contains("/auth/admin/rules/3"));
    assert!(page(&app, &mut chief, &format!("{LIST}?condition=staff")).await.contains("/auth/admin/rules/3"));
    let found = read(&page(&app, &mut chief, &format!("{LIST}?q={PUBLIC}{OPEN_TILE}")).await);
    assert!(found.contains("Asked for now: staff"), "{found}");
    assert!(found.contains("open/harbour decides"), "{found}");
    let foreign = chief.get(&app, &format!("{LIST}?q=https://elsewhere.test/a")).await;
    assert_eq!(foreign.status(), 400);
}

async fn do_it_again(app: &TestApp, browser: &mut Browser, fields: &[(&str, &str)]) -> (String, u16) {
    let again = post(app, browser, NEW, fields).await;
    let status = again.status().as_u16();
    (read(&again.text().await.unwrap()), status)
}

#[actix_web::test]
async fn a_rule_is_changed_deleted_and_restored() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 2).await;
    let fields = [
        ("mount", "images"),
        ("identifier", "protected"),
        ("match", "prefix"),
        ("need-open", "1"),
        ("shown", &was),
    ];
    let (asked, done) = do_it(&app, &mut chief, "/auth/admin/rules/2", &fields).await;
    assert!(asked.contains("Everybody will see it, without logging in."), "{asked}");
    assert_eq!(done.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 200);

    let was = shown(&app, 2).await;
    let (asked, done) = do_it(&app, &mut chief, "/auth/admin/rules/2/delete", &[("shown", &was)]).await;
    assert!(
        asked.contains("Delete this rule?") && asked.contains("From then on closed to everybody"),
        "{asked}"
    );
    assert_eq!(done.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 403);
    assert_eq!(chief.get(&app, "/auth/admin/rules/2").await.status(), 404);

    let deleted = page(&app, &mut chief, "/auth/admin/rules/deleted").await;
    let path =
        deleted.split("action=\"").find(|part| part.starts_with("/auth/admin/rules/deleted/")).unwrap();
    let path = path.split('"').next().unwrap();
    let (asked, done) = do_it(&app, &mut chief, path, &[]).await;
    assert!(asked.contains("Restore this rule?") && asked.contains("Everybody will see it"), "{asked}");
    assert_eq!(done.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 200);
    assert_eq!(post(&app, &mut chief, path, &[]).await.status(), 404, "once");
    assert!(page(&app, &mut chief, "/auth/admin/rules/deleted").await.contains("No rule was deleted"));
    let words: Vec<String> = app
        .context
        .store
        .audit(&AuditFilter { action: "rule.".to_owned(), ..AuditFilter::default() }, None, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|line| line.action)
        .collect();
    assert_eq!(words, ["rule.restore", "rule.delete", "rule.change"]);
}

#[actix_web::test]
async fn a_second_administrator_is_told_and_keeps_what_they_typed() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 2).await;
    let theirs = [
        ("mount", "images"),
        ("identifier", "protected"),
        ("match", "prefix"),
        ("need-clinical", "1"),
        ("note", "theirs"),
        ("shown", &was),
    ];
    assert_eq!(do_it(&app, &mut chief, "/auth/admin/rules/2", &theirs).await.1.status(), 303);
    let mine = [
        ("mount", "images"),
        ("identifier", "protected"),
        ("match", "prefix"),
        ("need-staff", "1"),
        ("note", "mine"),
        ("shown", &was),
    ];
    let told = post(&app, &mut chief, "/auth/admin/rules/2", &mine).await;
    assert_eq!(told.status(), 409);
    let told = told.text().await.unwrap();
    assert!(told.contains("Somebody else has changed this rule"), "{told}");
    assert!(told.contains(">mine</textarea>") && told.contains("<bdi>theirs</bdi>"), "{told}");
    let told = post(&app, &mut chief, "/auth/admin/rules/2/delete", &[("shown", &was)]).await;
    assert_eq!(told.status(), 409, "nor is it deleted unseen");
}

#[actix_web::test]
async fn what_is_wrong_with_a_rule_stands_beside_its_field() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let (long, too_long) = ("x".repeat(2001), "x".repeat(2049));
    let base = |more: &[(&'static str, &str)]| {
        let mut fields = vec![
            ("mount".to_owned(), "images".to_owned()),
            ("identifier".to_owned(), "a".to_owned()),
            ("need-staff".to_owned(), "1".to_owned()),
        ];
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        fields
    };
    for (more, status, fault) in [
        (&[("mount", "nowhere")][..], 422, "id=\"mount-fault\""),
        (&[("identifier", "a\u{202e}b")], 422, "id=\"identifier-fault\""),
        (&[("identifier", "a/../b")], 422, "id=\"identifier-fault\""),
        (&[("identifier", "a%2Fb")], 422, "id=\"identifier-fault\""),
        (&[("identifier", "https://images.example.org/iiif/images/a")], 422, "This is an address."),
        (&[("identifier", "/iiif/images/a/info.json")], 422, "This is an address."),
        (&[("identifier", "a\\b")], 422, "id=\"identifier-fault\""),
        (&[("identifier", "a\tb")], 422, "id=\"identifier-fault\""),
        (&[("identifier", ""), ("match", "exact")], 422, "id=\"identifier-fault\""),
        (&[("identifier", too_long.as_str())], 422, "id=\"identifier-fault\""),
        (&[("identifier", "a?b")], 409, "id=\"identifier-fault\""),
        (&[("need-staff", ""), ("until", "soon")], 422, "id=\"until-fault\""),
        (&[("from", "2040-01-01"), ("until", "2039-01-01")], 422, "id=\"until-fault\""),
        (&[("whole_image_px", "-3")], 422, "id=\"pixels-fault\""),
        (&[("note", long.as_str())], 422, "id=\"note-fault\""),
        (&[("may-whole-image", "1")], 422, "id=\"operations-fault\""),
        (&[("may-view", "1"), ("whole_image_px", "300")], 422, "id=\"pixels-fault\""),
        (&[("need-gone", "1")], 422, "id=\"conditions-fault\""),
    ] {
        let fields = base(more);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let refused = post(&app, &mut chief, NEW, &fields).await;
        assert_eq!(refused.status(), status, "{more:?}");
        let shown = refused.text().await.unwrap();
        assert!(shown.contains(fault), "{more:?}: {shown}");
        assert_eq!(shown.matches(" autofocus").count(), 1, "{more:?}: {shown}");
    }
    let none = post(&app, &mut chief, NEW, &[("mount", "images"), ("identifier", "kept")]).await;
    let none = none.text().await.unwrap();
    assert!(none.contains("id=\"conditions-fault\"") && none.contains("value=\"kept\""), "{none}");
    for path in [NEW, "/auth/admin/rules/2", "/auth/admin/rules/2/delete"] {
        let forged = chief.post(&app, path, &[("csrf", "x")]).await;
        assert_eq!(forged.status(), 403, "{path}");
    }
    for path in [
        "/auth/admin/rules/0",
        "/auth/admin/rules/99",
        "/auth/admin/rules/x",
        "/auth/admin/rules/99999999999",
    ] {
        assert_eq!(chief.get(&app, path).await.status(), 404, "{path}");
    }
}

#[actix_web::test]
async fn a_rule_that_breaks_a_test_of_the_policy_or_was_imported_is_not_saved() {
    let app = start().await;
    let mut document = app.context.store.policy_document().await.unwrap();
    let test = tilegate::policy::file::read(
        &format!("[[test]]\nurl = \"{CLOSED_TILE}\"\nexpect = \"refuse\"\n"),
        &["images"],
    );
    document.tests = test.unwrap().tests;
    document.rules[1].source = "mets/1931.xml".to_owned();
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let fields = [("mount", "images"), ("identifier", "elsewhere"), ("need-open", "1")];
    let refused = post(&app, &mut chief, NEW, &fields).await;
    assert_eq!(refused.status(), 409);
    let shown_page = refused.text().await.unwrap();
    assert!(
        shown_page.contains("tests of the policy would fail") && shown_page.contains("elsewhere"),
        "{shown_page}"
    );
    let said = read(&shown_page);
    assert!(said.contains(&format!("test 1 ({CLOSED_TILE}): expected refuse, got allow (open)")), "{said}");
    let csrf = chief.csrf(&app, NEW).await;
    let german = app.client.post(format!("{}{NEW}", app.address)).header("X-Real-IP", "192.0.2.7");
    let german = german.header("Cookie", chief.header()).header("Accept-Language", "de");
    let german = german.form(&[&[("csrf", csrf.as_str())][..], &fields].concat()).send().await.unwrap();
    assert_eq!(german.status(), 409);
    let german = german.text().await.unwrap();
    let expected = format!("Test 1 ({CLOSED_TILE}): erwartet ist „abgelehnt“, es käme „erlaubt“ (open)");
    let said = read(&german);
    assert!(said.contains(&expected), "{said}");
    assert!(!german.contains("lang=\"en\"") && !said.contains("expected"), "{said}");
    let imported = read(&page(&app, &mut chief, "/auth/admin/rules/2").await);
    assert!(imported.contains("This rule was imported from mets/1931.xml"), "{imported}");
    let was = shown(&app, 2).await;
    let change = [("mount", "images"), ("identifier", "protected"), ("need-open", "1"), ("shown", &was)];
    assert_eq!(post(&app, &mut chief, "/auth/admin/rules/2", &change).await.status(), 409);
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 401);
}

/// A manifest of three pages in two chapters, one of them painted with an image of another site.
pub fn manifest() -> String {
    let canvas = |number: u32, service: &str| {
        serde_json::json!({
            "id": format!("{PUBLIC}/iiif/manifests/open/book.json/canvas/{number}"),
            "type": "Canvas", "label": {"none": [format!("f. {number}r")]}, "height": 10, "width": 10,
            "items": [{"type": "AnnotationPage", "items": [{"type": "Annotation", "motivation": "painting", "body": {
                "id": format!("{service}/full/max/0/default.jpg"), "type": "Image",
                "service": [{"id": service, "type": "ImageService3", "profile": "level1"}]
            }}]}]
        })
    };
    let range = |label: &str, canvases: &[u32]| {
        let items: Vec<_> = canvases
            .iter()
            .map(|number| {
                serde_json::json!({"id": format!("{PUBLIC}/iiif/manifests/open/book.json/canvas/{number}"), "type": "Canvas"})
            })
            .collect();
        serde_json::json!({"id": format!("urn:{label}"), "type": "Range", "label": {"en": [label]}, "items": items})
    };
    serde_json::json!({
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": format!("{PUBLIC}/iiif/manifests/open/book.json"), "type": "Manifest", "label": {"en": ["Book"]},
        "items": [
            canvas(1, &format!("{PUBLIC}/iiif/images/open%2Fbook%2F1")),
            canvas(2, &format!("{PUBLIC}/iiif/images/open%2Fbook%2F2")),
            canvas(3, &format!("{PUBLIC}/iiif/images/open%2Fbook%2F3")),
            canvas(4, "https://elsewhere.test/iiif/4"),
        ],
        "structures": [range("Chapter <one>", &[1, 2]), range("Chapter two", &[3, 4])]
    })
    .to_string()
}

#[actix_web::test]
async fn rules_for_a_range_and_a_canvas_of_a_manifest_are_made_by_ticking_them() {
    let app = start().await;
    app.image_server.answers(200, manifest());
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let path = "/auth/admin/rules/manifest";
    let url = format!("{PUBLIC}/iiif/manifests/open/book.json");
    let response = chief.get(&app, &format!("{path}?url={url}")).await;
    assert_eq!(response.status(), 200);
    let csp = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(csp.contains("img-src 'self'") && csp.contains("default-src 'none'"), "{csp}");
    let shown = response.text().await.unwrap();
    assert!(shown.contains("Chapter &#60;one&#62;") && shown.contains("<bdi>f. 3r</bdi>"), "{shown}");
    assert!(shown.contains("src=\"/iiif/images/open%2Fbook%2F1/full/!90,90/0/default.jpg\""), "{shown}");
    assert!(!shown.contains("elsewhere.test"), "no image of another site");

    let nothing = post(&app, &mut chief, path, &[("url", &url), ("need-staff", "1")]).await;
    assert_eq!(nothing.status(), 422);
    assert!(nothing.text().await.unwrap().contains("Tick what it is about"));
    let none = post(&app, &mut chief, path, &[("url", &url), ("range-0", "1"), ("note", "kept")]).await;
    let none = none.text().await.unwrap();
    assert!(none.contains("id=\"conditions-fault\"") && none.contains(">kept</textarea>"), "{none}");
    assert!(none.contains("name=\"range-0\" value=\"1\" checked"), "{none}");

    let fields = [("url", url.as_str()), ("range-0", "1"), ("canvas-2", "1"), ("need-staff", "1")];
    let (asked, done) = do_it(&app, &mut chief, path, &fields).await;
    assert!(asked.contains("3 images change: Asked for now open to everybody From then on staff"), "{asked}");
    assert_eq!(done.status(), 303);
    let tile = |number: u32| format!("/iiif/images/open%2Fbook%2F{number}/full/max/0/default.jpg");
    for number in 1..=3 {
        assert_eq!(app.tile(&tile(number), &Browser::default()).await, 401, "{number}");
    }
    assert_eq!(app.tile(&tile(9), &Browser::default()).await, 200, "nothing else");
    let made = AuditFilter { action: "rule.make".to_owned(), ..AuditFilter::default() };
    assert_eq!(app.context.store.audit(&made, None, 9).await.unwrap().len(), 3, "a line each");
    let again = post(&app, &mut chief, path, &fields).await;
    assert_eq!(again.status(), 409);
    assert!(again.text().await.unwrap().contains("There are such rules for all of that already."));
}

/// P10: nothing but a manifest of ours is read, and through its own origin.
#[actix_web::test]
async fn p10_no_other_address_is_read_for_an_administrator() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    app.image_server.asked.lock().unwrap().clear();
    for url in [
        "https://elsewhere.test/iiif/manifests/open/book.json",
        "http://127.0.0.1:9/manifest.json",
        "file:///etc/passwd",
        "https://img.test/iiif/images/open%2Fharbour/info.json",
        "https://img.test/iiif/manifests/../x.json",
        "https://img.test@elsewhere.test/iiif/manifests/a.json",
    ] {
        let query: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let refused = chief.get(&app, &format!("/auth/admin/rules/manifest?url={query}")).await;
        assert_eq!(refused.status(), 400, "{url}");
        assert!(refused.text().await.unwrap().contains("id=\"url-fault\""), "{url}");
    }
    assert!(app.image_server.asked.lock().unwrap().is_empty());
    app.image_server.answers(200, "{\"type\": 7");
    let url = format!("/auth/admin/rules/manifest?url={PUBLIC}/iiif/manifests/open/book.json");
    let refused = chief.get(&app, &url).await;
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("does not give a manifest that can be read"));
}
