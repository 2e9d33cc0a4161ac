//! What the pages of rules say before something is saved, and what they find.

use serde_json::{Value, json};
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::policy::rule::{Match, RuleSpec};

use crate::admin::{CHIEF, add_chief, read, start};
use crate::admin_rules::{do_it, page, post, shown};
use crate::app::*;

const LIST: &str = "/auth/admin/rules";
const NEW: &str = "/auth/admin/rules/new";
const MANIFEST: &str = "/auth/admin/rules/manifest";

fn rule(identifier: &str, condition: &str) -> RuleSpec {
    RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        conditions: vec![condition.to_owned()],
        ..RuleSpec::default()
    }
}

/// Adds rules behind those of the policy, which has two.
async fn with_rules(app: &TestApp, rules: impl IntoIterator<Item = RuleSpec>) {
    let mut document = app.context.store.policy_document().await.unwrap();
    document.rules.extend(rules);
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
}

#[actix_web::test]
async fn a_whole_identifier_is_found_with_the_rules_that_could_apply_and_the_one_that_decides() {
    let app = start().await;
    let exact = RuleSpec { matching: Match::Exact, ..rule("protected/letter", "clinical") };
    with_rules(&app, [exact, rule("protected/letters", "closed")]).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let found = page(&app, &mut chief, &format!("{LIST}?q=protected%2Fletter%2F7")).await;
    assert!(found.contains("/auth/admin/rules/2\""), "a rule far above it applies: {found}");
    assert!(!found.contains("/auth/admin/rules/3\"") && !found.contains("/auth/admin/rules/4\""), "{found}");
    let text = read(&found);
    assert!(text.contains("protected/letter/7 (images) Asked for now: staff"), "{text}");
    assert!(text.contains("protected and everything below it decides"), "{text}");
    // As the beginning of identifiers it is looked for as well.
    let found = page(&app, &mut chief, &format!("{LIST}?q=protected%2Fletter")).await;
    let text = read(&found);
    assert!(text.contains("protected/letter decides"), "{text}");
    let (places, beginning) = found.split_once("Rules whose identifier begins so").expect("both");
    assert!(places.find("/rules/3\"") < places.find("/rules/2\""), "the most specific first: {places}");
    assert!(beginning.contains("/rules/3\"") && beginning.contains("/rules/4\""), "{beginning}");
    assert!(!beginning.contains("/rules/2\""), "{beginning}");
    // What nobody can be asked for, and what another mount is chosen for.
    for query in ["q=a%2F..%2Fb", "q=%25", "q=_rotected", "q=protected&mount=none", "condition=none%00"] {
        let found = page(&app, &mut chief, &format!("{LIST}?{query}")).await;
        assert!(!found.contains("/auth/admin/rules/2\""), "{query}: {found}");
    }
    let strange = chief.get(&app, &format!("{LIST}?q=protected%00a")).await;
    assert_eq!(strange.status(), 400);
    assert!(strange.text().await.unwrap().contains("id=\"q-fault\""));
}

#[actix_web::test]
async fn a_rule_that_moves_says_what_becomes_of_the_spot_that_it_leaves() {
    let app = start().await;
    with_rules(&app, [rule("open/letters", "closed")]).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 3).await;
    let moved = |identifier: &'static str| {
        [("mount", "images"), ("identifier", identifier), ("need-closed", "1"), ("shown", was.as_str())]
    };
    let asked = post(&app, &mut chief, &format!("{LIST}/3"), &moved("elsewhere")).await;
    let asked = read(&asked.text().await.unwrap());
    let left = "What it leaves open/letters and everything below it \
                Asked for now closed to everybody From then on open to everybody";
    assert!(asked.contains(left), "{asked}");
    assert!(asked.contains("Everybody will see it, without logging in."), "{asked}");
    // The same spot in another spelling is none that it leaves.
    let asked = post(&app, &mut chief, &format!("{LIST}/3"), &moved("open/letters/")).await;
    assert!(!read(&asked.text().await.unwrap()).contains("What it leaves"));
}

#[actix_web::test]
async fn what_opens_is_warned_of_whoever_may_see_it_then_and_whenever() {
    let app = start().await;
    with_rules(&app, [rule("open/letters", "closed")]).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 3).await;
    let everybody = "Everybody will see it, without logging in.";
    for (more, warning) in [
        (&[("need-staff", "1")][..], Some("More people than now will be let in.")),
        (&[("need-closed", "1"), ("until", "2400-01-01")], Some(everybody)),
        (&[("need-open", "1")], Some(everybody)),
        (&[("need-closed", "1"), ("note", "kept closed")], None),
    ] {
        let mut fields = vec![("mount", "images"), ("identifier", "open/letters"), ("shown", &was)];
        fields.extend(more);
        let asked = post(&app, &mut chief, &format!("{LIST}/3"), &fields).await;
        let asked = asked.text().await.unwrap();
        let alert = asked.split(r#"<p class="message" role="alert">"#).nth(1);
        assert_eq!(alert.and_then(|rest| rest.split('<').next()), warning, "{more:?}: {}", read(&asked));
        // Whoever only presses the next key opens nothing.
        assert_eq!(asked.contains(r#"value="back" autofocus"#), warning.is_some(), "{more:?}");
    }
    let was = shown(&app, 2).await;
    let fields = [("mount", "images"), ("identifier", "protected"), ("need-clinical", "1"), ("shown", &was)];
    let asked = post(&app, &mut chief, &format!("{LIST}/2"), &fields).await;
    assert!(asked.text().await.unwrap().contains("Others than now will be let in"));
}

#[actix_web::test]
async fn what_dates_do_is_said_before_a_rule_is_saved() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let fields = [
        ("mount", "images"),
        ("identifier", "protected/letter"),
        ("match", "exact"),
        ("need-open", "1"),
        ("from", "2400-01-01"),
        ("until", "2400-02-01"),
    ];
    let asked = post(&app, &mut chief, NEW, &fields).await;
    let asked = read(&asked.text().await.unwrap());
    for said in [
        "Asked for now staff From then on staff",
        "From 2400-01-01 on open to everybody (instead of staff )",
        "From 2400-02-01 on staff",
        "Nothing changes today.",
        "Everybody will see it, without logging in.",
    ] {
        assert!(asked.contains(said), "{said}: {asked}");
    }
    // What does not begin any more opens nothing.
    assert_eq!(do_it(&app, &mut chief, NEW, &fields).await.1.status(), 303);
    let was = shown(&app, 3).await;
    let asked = post(&app, &mut chief, &format!("{LIST}/3/delete"), &[("shown", &was)]).await;
    let asked = read(&asked.text().await.unwrap());
    assert!(asked.contains("From 2400-01-01 on staff (instead of open to everybody)"), "{asked}");
    assert!(!asked.contains("Everybody will see it"), "{asked}");
}

#[actix_web::test]
async fn whoever_does_not_delete_a_rule_sees_it_as_it_is() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 2).await;
    let path = format!("{LIST}/2/delete");
    let shows_it = |text: &str| {
        text.contains(r#"value="protected""#) && text.contains(r#"name="need-staff" value="1" checked"#)
    };
    let back = post(&app, &mut chief, &path, &[("shown", &was), ("do", "back")]).await;
    let back = back.text().await.unwrap();
    assert!(shows_it(&back), "{back}");
    let stale = was.replace("staff", "clinical");
    let told = post(&app, &mut chief, &path, &[("shown", &stale)]).await;
    assert_eq!(told.status(), 409);
    let told = told.text().await.unwrap();
    assert!(shows_it(&told) && told.contains("Somebody else has changed this rule"), "{told}");
    // Nor is it lost on whoever may not, because a test of the policy would fail.
    let mut document = app.context.store.policy_document().await.unwrap();
    let tests = format!("[[test]]\nurl = \"{LOCKED_TILE}\"\nexpect = \"challenge\"\n");
    document.tests = tilegate::policy::file::read(&tests, &["images"]).unwrap().tests;
    app.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    let refused = post(&app, &mut chief, &path, &[("shown", &was)]).await;
    assert_eq!(refused.status(), 409);
    let refused = refused.text().await.unwrap();
    assert!(shows_it(&refused) && refused.contains("tests of the policy would fail"), "{refused}");
}

#[actix_web::test]
async fn a_restored_rule_is_asked_about_first_and_stays_restorable_if_it_is_refused() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 1).await;
    let (_, done) = do_it(&app, &mut chief, &format!("{LIST}/1/delete"), &[("shown", &was)]).await;
    assert_eq!(done.status(), 303);
    let id = app.context.store.deleted_rules(9).await.unwrap().remove(0).id;
    let path = format!("{LIST}/deleted/{id}/restore");
    let before = app.context.store.audit_head().await.unwrap();
    let asked = post(&app, &mut chief, &path, &[]).await;
    assert_eq!(asked.status(), 200);
    assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 403, "nothing was done yet");
    let back = post(&app, &mut chief, &path, &[("do", "back")]).await;
    assert_eq!(back.headers()["location"], "/auth/admin/rules/deleted");
    assert_eq!(chief.post(&app, &path, &[("csrf", "x")]).await.status(), 403);
    assert_eq!(app.context.store.audit_head().await.unwrap(), before);
    let fields = [("mount", "images"), ("identifier", "open"), ("match", "prefix"), ("need-open", "1")];
    assert_eq!(do_it(&app, &mut chief, NEW, &fields).await.1.status(), 303);
    let refused = post(&app, &mut chief, &path, &[]).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("says the same already"));
    assert_eq!(app.context.store.deleted_rules(9).await.unwrap().len(), 1);
}

#[actix_web::test]
async fn an_address_fills_in_that_it_is_about_one_image_and_a_strange_one_is_kept() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let form = page(&app, &mut chief, &format!("{NEW}?url={PUBLIC}{LOCKED_INFO}")).await;
    assert!(form.contains(r#"value="protected/letter""#), "{form}");
    assert!(form.contains(r#"value="exact" checked"#), "{form}");
    let strange = chief.get(&app, &format!("{NEW}?url=https://elsewhere.test/a")).await;
    assert_eq!(strange.status(), 400);
    let strange = strange.text().await.unwrap();
    assert!(strange.contains(r#"id="url-fault""#), "{strange}");
    assert!(strange.contains(r#"value="https://elsewhere.test/a""#), "{strange}");
}

fn canvas(id: &str, label: &str, body: &Value) -> Value {
    json!({
        "id": id, "type": "Canvas", "label": {"none": [label]}, "height": 10, "width": 10,
        "items": [{"type": "AnnotationPage", "items": [
            {"type": "Annotation", "motivation": "painting", "body": body}
        ]}]
    })
}

fn image(identifier: &str) -> Value {
    let service = format!("{PUBLIC}/iiif/images/{identifier}");
    json!({
        "id": format!("{service}/full/max/0/default.jpg"), "type": "Image",
        "service": [{"id": service, "type": "ImageService3", "profile": "level1"}]
    })
}

fn range(label: &str, canvases: &[&str]) -> Value {
    let items: Vec<_> = canvases.iter().map(|id| json!({"id": id, "type": "Canvas"})).collect();
    json!({"id": format!("urn:{label}"), "type": "Range", "label": {"en": [label]}, "items": items})
}

fn book(canvases: &[Value], ranges: &[Value], rendering: &str) -> String {
    json!({
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": format!("{PUBLIC}/iiif/manifests/open/book.json"), "type": "Manifest", "label": {"en": ["Book"]},
        "rendering": [{"id": rendering, "type": "Text", "format": "application/pdf"}],
        "items": canvases, "structures": ranges
    })
    .to_string()
}

/// As the import of a manifest does it.
#[actix_web::test]
async fn the_whole_of_a_manifest_has_its_pdf_and_an_id_means_all_canvases_that_have_it() {
    let files = ("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ rules=images");
    let app = TestApp::start_with(&[files]).await;
    add_chief(&app).await;
    let plain =
        json!({"id": format!("{PUBLIC}/iiif/images/open%2F3/full/max/0/default.jpg"), "type": "Image"});
    let canvases = [
        canvas("c:1", "1", &image("open%2F1")),
        canvas("c:1", "2", &image("open%2F2")),
        canvas("c:3", "3", &plain),
    ];
    let pdf = format!("{PUBLIC}/files/open/book.pdf");
    app.image_server.answers(200, book(&canvases, &[range("one", &["c:1"])], &pdf));
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let url = format!("{PUBLIC}/iiif/manifests/open/book.json");
    let shown = page(&app, &mut chief, &format!("{MANIFEST}?url={url}")).await;
    assert!(shown.contains(r#"src="/iiif/images/open%2F3/full/!90,90/0/default.jpg""#), "{shown}");
    assert!(read(&shown).contains("one (2)"), "{}", read(&shown));
    for (ticked, count) in [("range-0", 2), ("canvas-0", 2), ("canvas-1", 2), ("canvas-2", 1), ("whole", 4)] {
        let fields = [("url", url.as_str()), (ticked, "1"), ("need-staff", "1")];
        let asked = post(&app, &mut chief, MANIFEST, &fields).await;
        let asked = read(&asked.text().await.unwrap());
        let said = if count == 1 { "One image changes".to_owned() } else { format!("{count} images change") };
        assert!(asked.contains(&said), "{ticked}: {asked}");
    }
    let fields = [("url", url.as_str()), ("whole", "1"), ("need-staff", "1"), ("from", "2400-01-01")];
    let (asked, done) = do_it(&app, &mut chief, MANIFEST, &fields).await;
    assert!(asked.contains("From 2400-01-01 on staff (instead of open to everybody)"), "{asked}");
    assert_eq!(done.status(), 303);
    let made = app.context.store.policy_document().await.unwrap().rules.split_off(2);
    let mut made: Vec<String> = made.into_iter().map(|rule| rule.identifier).collect();
    made.sort();
    assert_eq!(made, ["open/1", "open/2", "open/3", "open/book.pdf"]);
}

#[actix_web::test]
async fn of_a_manifest_with_too_many_canvases_nothing_is_ticked_that_is_not_shown_whole() {
    let app = start().await;
    let mut ids: Vec<String> = (0..2001).map(|number| format!("c:{number}")).collect();
    // One that is not shown goes by the ID of one that is.
    ids.push("c:7".to_owned());
    let of = |(number, id): (usize, &String)| canvas(id, id, &image(&format!("open%2F{number}")));
    let canvases: Vec<Value> = ids.iter().enumerate().map(of).collect();
    let ranges = [range("inside", &["c:0", "c:1999"]), range("beyond", &["c:0", "c:2000"])];
    app.image_server.answers(200, book(&canvases, &ranges, "https://elsewhere.test/a.pdf"));
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let url = format!("{PUBLIC}/iiif/manifests/open/book.json");
    let shown = page(&app, &mut chief, &format!("{MANIFEST}?url={url}")).await;
    assert!(shown.contains("more canvases than can be shown here"), "{shown:.3000}");
    assert!(shown.contains("all 2002 canvases"), "{shown:.3000}");
    assert!(shown.contains(r#"name="canvas-1999""#) && !shown.contains(r#"name="canvas-2000""#));
    for (name, is_disabled) in
        [("whole", true), ("range-0", false), ("range-1", true), ("canvas-6", false), ("canvas-7", true)]
    {
        assert_eq!(shown.contains(&format!(r#"name="{name}" value="1" disabled"#)), is_disabled, "{name}");
    }
    for ticked in ["whole", "range-1", "canvas-7"] {
        let fields = [("url", url.as_str()), (ticked, "1"), ("need-staff", "1")];
        assert_eq!(post(&app, &mut chief, MANIFEST, &fields).await.status(), 422, "{ticked}");
    }
    // All that is shown, ticked one by one.
    let names: Vec<String> = (0..2000).map(|number| format!("canvas-{number}")).collect();
    let mut fields = vec![("url", url.as_str()), ("need-staff", "1")];
    fields.extend(names.iter().map(|name| (name.as_str(), "1")));
    let (asked, done) = do_it(&app, &mut chief, MANIFEST, &fields).await;
    assert!(asked.contains("1999 images change"), "{asked}");
    assert_eq!(done.status(), 303);
    let tile = async |number: u32| {
        let tile = format!("/iiif/images/open%2F{number}/full/max/0/default.jpg");
        app.tile(&tile, &Browser::default()).await
    };
    assert_eq!((tile(1999).await.as_u16(), tile(2000).await.as_u16()), (401, 200));
}
