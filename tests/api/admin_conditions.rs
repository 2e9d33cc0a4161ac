//! Access conditions in the administration, one by one.

use std::collections::BTreeMap;

use reqwest::Response;
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::credential::account::Id128;
use tilegate::credential::device::{Code, Label};
use tilegate::policy::condition::{AccessCondition, Conditions, Pattern};
use tilegate::store::{ConditionInUse, NewDevice};

use crate::admin::{CHIEF, asks_to_log_in, read, start};
use crate::app::*;

const LIST: &str = "/auth/admin/conditions";
const NEW: &str = "/auth/admin/conditions/_new";
const STAFF: &str = "/auth/admin/conditions/staff";

/// The form of a page as a browser would post it, entities undone.
fn fields_of(page: &str) -> BTreeMap<String, String> {
    let form = page.split("<form").nth(1).expect("a form").split("</form>").next().unwrap();
    let mut fields = BTreeMap::new();
    for tag in form.split("<input ").skip(1) {
        let tag = tag.split('>').next().unwrap();
        if tag.contains(r#"type="radio""#) && !tag.ends_with(" checked") && !tag.contains(" checked ") {
            continue;
        }
        fields.insert(attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap_or_default());
    }
    for area in form.split("<textarea ").skip(1) {
        let (tag, rest) = area.split_once('>').unwrap();
        let text = rest.split("</textarea>").next().unwrap();
        fields.insert(attribute(tag, "name").unwrap(), plain(text.strip_prefix('\n').unwrap_or(text)));
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    Some(plain(rest.split('"').next()?))
}

fn plain(text: &str) -> String {
    let entities = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

/// The chief at the form of a page.
struct Desk<'a> {
    app: &'a TestApp,
    browser: Browser,
}

impl<'a> Desk<'a> {
    async fn of(app: &'a TestApp) -> Self {
        Self { app, browser: Browser::logged_in(app, CHIEF).await }
    }

    async fn page(&mut self, path: &str) -> String {
        let response = self.browser.get(self.app, path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    async fn form(&mut self, path: &str) -> BTreeMap<String, String> {
        fields_of(&self.page(path).await)
    }

    async fn send(&mut self, path: &str, fields: &BTreeMap<String, String>) -> Response {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.browser.post(self.app, path, &pairs).await
    }

    /// The form with what differs, sent by this button.
    async fn press(&mut self, path: &str, button: &str, changes: &[(&str, &str)]) -> Response {
        let fields = with(self.form(path).await, button, changes);
        self.send(path, &fields).await
    }
}

fn with(
    mut fields: BTreeMap<String, String>,
    button: &str,
    changes: &[(&str, &str)],
) -> BTreeMap<String, String> {
    for (name, value) in changes {
        fields.insert((*name).to_owned(), (*value).to_owned());
    }
    fields.insert("do".to_owned(), button.to_owned());
    fields
}

async fn saved(response: Response, name: &str) {
    let status = response.status();
    let to = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    assert_eq!(to, Some(format!("{LIST}?saved={name}")), "{status} {}", read(&text));
    assert_eq!(status, 303);
}

async fn refused(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status, "{:?}", response.headers());
    response.text().await.unwrap()
}

async fn stored(app: &TestApp, name: &str) -> Option<ConditionInUse> {
    app.context.store.condition_with_use(name).await.unwrap()
}

async fn staff(app: &TestApp) -> AccessCondition {
    stored(app, "staff").await.unwrap().condition
}

/// Changes `staff` as somebody else would.
async fn change_staff(app: &TestApp, change: impl FnOnce(&mut AccessCondition)) {
    let shown = staff(app).await;
    let mut next = shown.clone();
    change(&mut next);
    let store = &app.context.store;
    let since = store.last_sequence().await.unwrap();
    store.change_condition(&shown, &next, since, Act::service(clock::now())).await.unwrap();
    app.context.live.refresh(clock::now()).await.unwrap();
}

async fn break_rules(app: &TestApp) {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}", app.database().display());
    let mut raw = <sqlx::AnyConnection as sqlx::Connection>::connect(&url).await.unwrap();
    sqlx::query("UPDATE rule SET document = '?', compact = '?'").execute(&mut raw).await.unwrap();
}

#[actix_web::test]
async fn conditions_are_listed_with_who_meets_them_and_what_names_them() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let page = desk.page(LIST).await;
    let text = read(&page);
    for row in [
        "staff Reading room of Example Archive Accounts that hold it 1 1",
        "clinical Clinical images of Example Archive Accounts that hold it 0 0",
        "open (built in) Everybody 1 0",
        "closed (built in) Nobody 0 0",
    ] {
        assert!(text.contains(row), "{row}: {text}");
    }
    assert!(page.contains(r#"<a href="/auth/admin/conditions" aria-current="page">"#), "{page}");
    assert!(!text.contains("only the two built-in ones"), "{text}");
    let nothing = tilegate::policy::document::PolicyDocument::default();
    app.context.store.replace_policy(&nothing, true, Act::service(clock::now())).await.unwrap();
    let text = read(&desk.page(LIST).await);
    assert!(text.contains("only the two built-in ones yet. Make the first"), "{text}");
    // What is said to be done is only said where it is so.
    for query in ["?saved=nothing", "?removed=open", "?saved=%3Cb%3E"] {
        let page = desk.page(&format!("{LIST}{query}")).await;
        assert!(!page.contains(r#"role="status""#) && !page.contains("<b>"), "{query}");
    }
    let german = app.client.get(format!("{}{LIST}", app.address)).header("Accept-Language", "de");
    let german = german.header("X-Real-IP", "192.0.2.7").header("Cookie", desk.browser.header());
    let text = read(&german.send().await.unwrap().text().await.unwrap());
    assert!(text.contains("Zugangsbedingungen") && text.contains("eingebaut"), "{text}");
}

#[actix_web::test]
async fn s13_the_pages_are_for_administrators_only() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    for path in [LIST, NEW, STAFF, "/auth/admin/conditions/staff/remove"] {
        assert!(asks_to_log_in(Browser::default().get(&app, path).await).await, "{path}");
        assert_eq!(reader.get(&app, path).await.status(), 403, "{path}");
        if path != LIST {
            // A right token of their own session does not help.
            let csrf = reader.csrf(&app, "/auth/login").await;
            let post = reader.post(&app, path, &[("csrf", &csrf), ("do", "save")]).await;
            assert_eq!(post.status(), 403, "{path}");
        }
    }
    let before = app.context.store.policy().await.unwrap();
    let mut desk = Desk::of(&app).await;
    for path in [NEW, STAFF, "/auth/admin/conditions/staff/remove"] {
        let mut fields = with(desk.form(path).await, "save", &[("name", "evil"), ("label-0", "Evil")]);
        fields.insert("csrf".to_owned(), "forged".to_owned());
        assert_eq!(desk.send(path, &fields).await.status(), 403, "{path}");
        fields.remove("csrf");
        assert_eq!(desk.send(path, &fields).await.status(), 400, "{path}");
        let fields = with(desk.form(path).await, "save", &[("name", "evil"), ("label-0", "Evil")]);
        let pairs: Vec<_> = fields.iter().collect();
        let foreign = app.client.post(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let foreign = foreign.header("Cookie", desk.browser.header()).header("Sec-Fetch-Site", "cross-site");
        assert_eq!(foreign.form(&pairs).send().await.unwrap().status(), 403, "{path}");
    }
    assert_eq!(app.context.store.policy().await.unwrap(), before);
}

#[actix_web::test]
async fn a_new_condition_counts_at_once_and_keeps_its_texts() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let sequence = app.context.live.current().sequence();
    let changes = [
        ("name", "guests"),
        ("label-0", "Guests <b>"),
        ("label-1", "Gäste"),
        ("heading-0", "For guests"),
        ("note-0", "First.\r\n\r\nSecond."),
        ("thumbnail_sizes", "100, 200"),
        ("networks", "198.51.100.0/24\r\n"),
    ];
    // One more language, without anything being saved.
    let page = refused(desk.press(NEW, "language", &changes).await, 200).await;
    let mut fields = with(fields_of(&page), "save", &[("tag-2", "fr"), ("label-2", "Invités")]);
    assert_eq!(fields["label-0"], "Guests <b>");
    assert!(stored(&app, "guests").await.is_none());
    saved(desk.send(NEW, &fields).await, "guests").await;
    let guests = stored(&app, "guests").await.unwrap().condition;
    assert_eq!((guests.label["de"].as_str(), guests.label["fr"].as_str()), ("Gäste", "Invités"));
    assert_eq!(guests.note["en"], "First.\n\nSecond.");
    assert_eq!((guests.thumbnail_sizes.as_slice(), guests.networks.len()), (&[100, 200][..], 1));
    // It is laid over the policy: nothing was read anew.
    let snapshot = app.context.live.current();
    assert_eq!(snapshot.policy.conditions.bit("guests"), Some(4));
    assert_eq!(snapshot.sequence(), sequence + 1);
    let text = desk.page(&format!("{LIST}?saved=guests")).await;
    assert!(read(&text).contains("guests is saved") && !text.contains("<b>"), "{text}");
    // What is shown is what was saved, and the post sent again is a name that there is.
    let shown = fields_of(&desk.page("/auth/admin/conditions/guests").await);
    for field in ["label-0", "label-1", "label-2", "tag-2", "thumbnail_sizes"] {
        assert_eq!(shown[field], fields[field], "{field}");
    }
    fields.insert("name".to_owned(), " GUESTS ".to_owned());
    for name in [" GUESTS ", "guests", "Ｇuests", "closed"] {
        fields.insert("name".to_owned(), name.to_owned());
        let page = refused(desk.send(NEW, &fields).await, 422).await;
        assert!(read(&page).contains("There is a condition"), "{name}: {}", read(&page));
        assert_eq!(fields_of(&page)["name"], name, "what was typed stays");
    }
}

#[actix_web::test]
async fn a_tile_answers_otherwise_after_an_edit_that_reads_no_rule_anew() {
    let app = start().await;
    let nobody = Browser::default();
    let thumbnail = "/iiif/images/protected%2Fletter/full/!100,100/0/default.jpg";
    for tile in [LOCKED_TILE, thumbnail] {
        assert_eq!(app.tile(tile, &nobody).await, 401, "{tile}");
    }
    let mut desk = Desk::of(&app).await;
    let replica = app.replica(&[("TILEGATE_POLL_SECONDS", "300")]).await;
    // Whoever reads a rule now fails.
    break_rules(&app).await;
    let page = refused(desk.press(STAFF, "save", &[("thumbnail_px", "100")]).await, 200).await;
    let text = read(&page);
    assert!(text.contains("One rule names this condition."), "{text}");
    assert!(text.contains("Everybody will see thumbnails of up to 100 pixels."), "{text}");
    assert_eq!(app.tile(thumbnail, &nobody).await, 401, "nothing is saved before it was confirmed");
    let confirmed = fields_of(&page);
    saved(desk.send(STAFF, &with(confirmed.clone(), "save", &[])).await, "staff").await;
    assert_eq!(app.tile(thumbnail, &nobody).await, 200);
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 401);
    // Another replica has it after its next look, by that one line.
    replica.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(replica.tile(thumbnail, &nobody).await, 200);
    assert_eq!(replica.tile(LOCKED_TILE, &nobody).await, 401);

    // A network: the same, and closing it again asks nothing.
    let page = refused(desk.press(STAFF, "save", &[("networks", "192.0.2.0/24")]).await, 200).await;
    assert!(read(&page).contains("Whoever comes from these networks will see it: 192.0.2.0/24"));
    // Back to the form: nothing is lost, nothing is saved.
    let form = refused(desk.send(STAFF, &with(fields_of(&page), "edit", &[])).await, 200).await;
    assert_eq!(fields_of(&form)["networks"], "192.0.2.0/24");
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 401);
    saved(desk.send(STAFF, &with(fields_of(&page), "save", &[])).await, "staff").await;
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 200);
    saved(desk.press(STAFF, "save", &[("networks", ""), ("thumbnail_px", "")]).await, "staff").await;
    for tile in [LOCKED_TILE, thumbnail] {
        assert_eq!(app.tile(tile, &nobody).await, 401, "{tile}");
    }
    // A confirmation is for what was shown and nothing else.
    let other = with(confirmed, "save", &[("thumbnail_px", "4000")]);
    let fresh = with(desk.form(STAFF).await, "save", &[("thumbnail_px", "4000")]);
    let mixed = with(fresh, "save", &[("confirmed", &other["confirmed"])]);
    let page = refused(desk.send(STAFF, &mixed).await, 200).await;
    assert!(read(&page).contains("up to 4000 pixels"), "{}", read(&page));
    assert_eq!(staff(&app).await.thumbnail_px, None);
}

#[actix_web::test]
async fn s2_what_opens_something_asks_for_the_password_again_and_closing_it_does_not() {
    let app = start().await;
    let nobody = Browser::default();
    let mut desk = Desk::of(&app).await;
    desk.browser.age(&app, 16 * 60);
    let page = refused(desk.press(STAFF, "save", &[("networks", "192.0.2.0/24")]).await, 200).await;
    let field = r#"name="password" type="password""#;
    assert!(page.contains(field), "{page}");
    for (typed, said) in
        [("", "Please give your password for this."), ("wrong", "That is not your password.")]
    {
        let sent = with(fields_of(&page), "save", &[("password", typed)]);
        let again = refused(desk.send(STAFF, &sent).await, 403).await;
        assert!(again.contains(said) && again.contains(field) && !again.contains("wrong"), "{again}");
        assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 401);
    }
    let mut thief = desk.browser.clone();
    let sent = with(fields_of(&page), "save", &[("password", CHIEF.1)]);
    saved(desk.send(STAFF, &sent).await, "staff").await;
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 200);
    assert_eq!(thief.get(&app, STAFF).await.status(), 303, "the session before is over");

    desk.browser.age(&app, 16 * 60);
    saved(desk.press(STAFF, "save", &[("networks", "")]).await, "staff").await;
    assert_eq!(app.tile(LOCKED_TILE, &nobody).await, 401);
}

#[actix_web::test]
async fn a_condition_that_becomes_open_opens_what_names_it_and_not_while_somebody_holds_it() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let page = refused(desk.press(STAFF, "save", &[("pattern", "open")]).await, 200).await;
    assert!(read(&page).contains("Everybody will see it, without logging in."));
    let sent = with(fields_of(&page), "save", &[]);
    let page = refused(desk.send(STAFF, &sent).await, 422).await;
    assert!(read(&page).contains("One account holds it, no computer is set up for it: nobody can hold"));
    assert!(page.contains(r#"id="pattern-fault""#) && fields_of(&page)["pattern"] == "open");
    let change = tilegate::store::AccountChange { conditions: Some(Vec::new()), ..Default::default() };
    app.change(READER.0, change).await;
    let page = refused(desk.press(STAFF, "save", &[("pattern", "open")]).await, 200).await;
    saved(desk.send(STAFF, &with(fields_of(&page), "save", &[])).await, "staff").await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 200);
    // And back: that closes, so nothing is asked.
    saved(desk.press(STAFF, "save", &[("pattern", "login")]).await, "staff").await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 401);
}

#[actix_web::test]
async fn a_stale_form_is_told_what_changed_and_keeps_what_was_typed() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let form = desk.form(STAFF).await;
    change_staff(&app, |staff| {
        staff.label.insert("en".to_owned(), "Theirs".to_owned());
        staff.heading.insert("de".to_owned(), "Geschützter Brief".to_owned());
        staff.note.clear();
    })
    .await;
    let theirs = staff(&app).await;
    let mine = with(form, "save", &[("label-0", "Mine"), ("confirm-0", "Enter")]);
    let page = refused(desk.send(STAFF, &mine).await, 409).await;
    let text = plain(&read(&page));
    for told in [
        "Somebody else has changed this condition",
        "Label (en): Theirs – you have changed this too",
        "Heading (de): Geschützter Brief – taken over into the form",
        "Note (en): now empty – taken over into the form",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert_eq!(staff(&app).await, theirs, "nothing is saved");
    let again = fields_of(&page);
    for (field, value) in
        [("label-0", "Mine"), ("confirm-0", "Enter"), ("heading-1", "Geschützter Brief"), ("note-0", "")]
    {
        assert_eq!(again[field], value, "{field}");
    }
    let again = with(again, "save", &[]);
    saved(desk.send(STAFF, &again).await, "staff").await;
    let together = staff(&app).await;
    assert_eq!((together.label["en"].as_str(), together.confirm["en"].as_str()), ("Mine", "Enter"));
    assert_eq!(together.heading["de"], "Geschützter Brief");
    // The same post again does nothing more.
    let sequence = app.context.store.last_sequence().await.unwrap();
    saved(desk.send(STAFF, &again).await, "staff").await;
    assert_eq!(app.context.store.last_sequence().await.unwrap(), sequence);

    // Somebody has removed it meanwhile: what was typed can be a new one.
    let last = with(desk.form(STAFF).await, "save", &[("label-0", "Again")]);
    let store = &app.context.store;
    store.remove_condition(&staff(&app).await, sequence, Act::service(clock::now())).await.unwrap();
    let page = refused(desk.send(STAFF, &last).await, 409).await;
    assert!(read(&page).contains("has been removed by somebody else"), "{}", read(&page));
    let anew = fields_of(&page);
    assert_eq!((anew["name"].as_str(), anew["label-0"].as_str()), ("staff", "Again"));
    assert!(page.contains(&format!(r#"action="{NEW}""#)) && !anew.contains_key("shown"));
    saved(desk.send(NEW, &with(anew, "save", &[])).await, "staff").await;
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 403, "no rule names the new one");
}

#[actix_web::test]
async fn bad_input_gets_a_message_beside_its_field_and_keeps_what_was_typed() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let before = app.context.store.policy().await.unwrap();
    let long = "a".repeat(5000);
    for (field, value, message) in [
        ("name", "", "Please give it a name."),
        ("name", "Not a slug", "lower-case letters"),
        ("name", "staff", "There is a condition staff already."),
        ("name", "ab\u{202e}c", "turn the direction of writing"),
        ("pattern", "basic", "Please choose one of these."),
        ("label-0", "", "an English label is needed"),
        ("label-0", "Staff\u{202e}gnp", "turn the direction of writing"),
        ("label-0", "a\u{7}b", "turn the direction of writing"),
        ("label-0", &long, "at most 200 characters"),
        ("note-0", &long, "at most 4000 characters"),
        ("thumbnail_px", "0", "a whole number from 1 to 100000"),
        ("thumbnail_sizes", "100;many", "separated by commas"),
        ("substitute_px", "1000000", "a whole number from 1 to 100000"),
        ("networks", "192.0.2.0/24\n<b>", "&#60;b&#62; is no network"),
        ("networks", "192.0.2.7", "Please write 192.0.2.7/32 for it"),
        ("networks", "192.0.2.7/24", "Is it 192.0.2.0/24 ?"),
    ] {
        let usual = [("name", "guests"), ("label-0", "Guests"), ("heading-0", "Guests only"), (field, value)];
        let page = refused(desk.press(NEW, "save", &usual).await, 422).await;
        let text = read(&page);
        assert!(text.contains(message), "{field}={value}: {text}");
        assert!(text.contains("Nothing was saved."), "{field}: {text}");
        let kept = fields_of(&page);
        if field == "pattern" {
            assert!(!kept.contains_key("pattern"));
        } else {
            assert_eq!(kept[field], value, "{field}");
            let tag = page.split(&format!(r#"id="{field}""#)).nth(1).unwrap().split('>').next().unwrap();
            assert!(tag.contains(r#"aria-invalid="true""#), "{field}: {tag}");
            assert!(tag.contains("autofocus") && tag.contains(&format!("{field}-fault")), "{field}: {tag}");
        }
        assert_eq!(kept["heading-0"], "Guests only", "{field}");
        assert!(!page.contains("<b>"), "{field}");
    }
    let unknown = [("name", "guests"), ("label-0", "Guests")];
    let page = refused(desk.press(NEW, "language", &unknown).await, 200).await;
    let fields = with(fields_of(&page), "save", &[("tag-2", "klingonish"), ("label-2", "x")]);
    let page = refused(desk.send(NEW, &fields).await, 422).await;
    assert!(read(&page).contains("This is no tag of a language."), "{}", read(&page));
    // A form that is not ours, and one that would be too long to be anybody's.
    for shown in ["", "{}", r#"{"name":"clinical","pattern":"login"}"#] {
        let fields = with(desk.form(STAFF).await, "save", &[("shown", shown)]);
        assert_eq!(desk.send(STAFF, &fields).await.status(), 400, "{shown}");
    }
    let huge = "a".repeat(600_000);
    assert_eq!(desk.press(NEW, "save", &[("note-0", huge.as_str())]).await.status(), 400);
    assert_eq!(app.context.store.policy().await.unwrap(), before);
}

#[actix_web::test]
async fn a_test_of_the_policy_stops_an_edit_and_is_named() {
    let app = start().await;
    let tests = format!(
        "[[condition]]\nname = \"staff\"\npattern = \"login\"\nlabel = {{ en = \"Staff\" }}\n\
         [[condition]]\nname = \"spare\"\npattern = \"login\"\nlabel = {{ en = \"Spare\" }}\n\
         [[rule]]\nmount = \"images\"\nidentifier = \"protected\"\nconditions = [\"staff\"]\n\
         [[test]]\nurl = \"{LOCKED_TILE}\"\naddress = \"198.51.100.7\"\nexpect = \"challenge\"\n"
    );
    app.import(&tests).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let mut desk = Desk::of(&app).await;
    let before = staff(&app).await;
    for (field, value, got) in
        [("networks", "198.51.100.0/24", "got allow (network)"), ("pattern", "closed", "got refuse (closed)")]
    {
        let mut response = desk.press(STAFF, "save", &[(field, value)]).await;
        if response.status() == 200 {
            let page = response.text().await.unwrap();
            response = desk.send(STAFF, &with(fields_of(&page), "save", &[])).await;
        }
        let page = refused(response, 422).await;
        let text = read(&page);
        assert!(text.contains("Tests of your policy would fail, so nothing was saved:"), "{text}");
        let test = format!("test 1 ({LOCKED_TILE}): expected challenge, {got}");
        assert!(text.contains(&test), "{text}");
        assert_eq!(fields_of(&page)[field], value);
        assert_eq!(staff(&app).await, before);
    }
    // The test is about a stranger, who is challenged then all the same.
    let page = refused(desk.press(STAFF, "save", &[("pattern", "clickthrough")]).await, 200).await;
    saved(desk.send(STAFF, &with(fields_of(&page), "save", &[])).await, "staff").await;
    let removal = format!("{STAFF}/remove");
    let page = desk.page(&removal).await;
    let text = read(&page);
    assert!(text.contains("It cannot be removed, because a test of your policy would fail."), "{text}");
    assert!(text.contains("expected challenge, got refuse"), "{text}");
    assert!(!page.contains(r#"name="seen""#), "nothing can be pressed");
    // Which no test is about, it can.
    let spare = "/auth/admin/conditions/spare/remove";
    let fields = desk.form(spare).await;
    assert_eq!(desk.send(spare, &fields).await.status(), 303);
    assert!(stored(&app, "spare").await.is_none());
}

#[actix_web::test]
async fn removal_says_its_numbers_closes_and_opens_nothing() {
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);
    let mut desk = Desk::of(&app).await;
    let removal = format!("{STAFF}/remove");
    let page = desk.page(&removal).await;
    let text = read(&page);
    let numbers = "Rules that name it 1 of these, closed then 1 of these, keep other conditions 0 \
                   Accounts that lose it 1 Computers that are no longer set up 0";
    assert!(text.contains(numbers), "{text}");
    let fields = fields_of(&page);
    // Something has changed since: it is shown again.
    app.account(("second", "another long password"), &["staff"]).await;
    let page = refused(desk.send(&removal, &fields).await, 409).await;
    let text = read(&page);
    assert!(text.contains("Please read the numbers again.") && text.contains("lose it 2"), "{text}");
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);

    let response = desk.send(&removal, &fields_of(&page)).await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], format!("{LIST}?removed=staff").as_str());
    app.context.live.refresh(clock::now()).await.unwrap();
    for (browser, tile) in
        [(&reader, LOCKED_TILE), (&Browser::default(), LOCKED_TILE), (&reader, CLOSED_TILE)]
    {
        assert_eq!(app.tile(tile, browser).await, 403, "{tile}");
    }
    assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 200);
    assert!(app.named(READER.0).await.conditions.is_empty());
    let document = app.context.store.policy_document().await.unwrap();
    assert_eq!(document.rules.last().unwrap().conditions, ["closed"]);
    assert!(read(&desk.page(&format!("{LIST}?removed=staff")).await).contains("staff is removed"));
    // Sent again, it is as it was; and the page of it is gone.
    let fields = desk.form("/auth/admin/conditions/clinical/remove").await;
    assert_eq!(desk.send(&removal, &fields).await.status(), 303);
    assert_eq!(desk.browser.get(&app, STAFF).await.status(), 404);
    // The name used again opens nothing that it opened before, old cookies or not.
    let new = [("name", "staff"), ("label-0", "Staff")];
    saved(desk.press(NEW, "save", &new).await, "staff").await;
    assert_eq!(app.context.live.current().policy.conditions.bit("staff"), Some(2));
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 403);
}

#[actix_web::test]
async fn the_default_of_a_mount_and_what_is_built_in_cannot_be_removed() {
    let mount = |server: &str| format!("image /iiif/maps/ {server}/maps/ default=staff");
    let app = TestApp::start_with(&[("TILEGATE_MOUNT_MAPS", &mount("http://127.0.0.1:9"))]).await;
    app.account(CHIEF, &[]).await;
    let change = tilegate::store::AccountChange { administrator: Some(true), ..Default::default() };
    app.change(CHIEF.0, change).await;
    let mut desk = Desk::of(&app).await;
    for (path, reason) in [
        ("/auth/admin/conditions/staff/remove", "in the settings it is the default of: maps"),
        ("/auth/admin/conditions/open/remove", "is built in and cannot be removed"),
        ("/auth/admin/conditions/closed/remove", "is built in and cannot be removed"),
    ] {
        let page = desk.page(path).await;
        assert!(read(&page).contains(reason) && !page.contains(r#"name="seen""#), "{}", read(&page));
        // Nor by a form that was made by hand.
        let clinical = desk.form("/auth/admin/conditions/clinical/remove").await;
        let response = desk.send(path, &clinical).await;
        assert!(response.status() == 409 || response.status() == 422, "{path}");
    }
    assert_eq!(app.context.store.policy().await.unwrap().conditions.len(), 4);
    // Built-in ones can have other texts, and nothing else.
    let page = desk.page("/auth/admin/conditions/closed").await;
    assert!(!page.contains(r#"name="pattern""#) && !page.contains(r#"name="networks""#));
    let changes = [("label-0", "Locked"), ("pattern", "open"), ("networks", "192.0.2.0/24")];
    saved(desk.press("/auth/admin/conditions/closed", "save", &changes).await, "closed").await;
    let closed = stored(&app, "closed").await.unwrap().condition;
    assert_eq!((closed.pattern, closed.networks.len()), (Pattern::Closed, 0));
    assert_eq!(closed.label["en"], "Locked");
    assert_eq!(app.tile(CLOSED_TILE, &Browser::default()).await, 403);
}

#[actix_web::test]
async fn a_new_condition_that_a_mount_waits_for_says_so_first() {
    let app = TestApp::start_with(&[(
        "TILEGATE_MOUNT_MAPS",
        "image /iiif/maps/ http://127.0.0.1:9/maps/ default=team",
    )])
    .await;
    app.account(CHIEF, &[]).await;
    let change = tilegate::store::AccountChange { administrator: Some(true), ..Default::default() };
    app.change(CHIEF.0, change).await;
    let tile = "/iiif/maps/city/full/max/0/default.jpg";
    let ask = async || {
        let mut request = app.check(tile).build().unwrap();
        request.headers_mut().insert("x-tilegate-mount", "maps".parse().unwrap());
        app.client.execute(request).await.unwrap().status()
    };
    assert_eq!(ask().await, 403);
    let mut desk = Desk::of(&app).await;
    let page = refused(desk.press(NEW, "save", &[("name", "team"), ("label-0", "Team")]).await, 200).await;
    let text = read(&page);
    assert!(text.contains("It is what counts where no rule does, on: maps"), "{text}");
    assert!(text.contains("Those who hold the condition will see it"), "{text}");
    saved(desk.send(NEW, &with(fields_of(&page), "save", &[])).await, "team").await;
    assert_eq!(ask().await, 401);
}

#[actix_web::test]
async fn an_enrolled_computer_has_its_condition_while_it_is_one_for_computers() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let room = "/auth/admin/conditions/room";
    saved(desk.press(NEW, "save", &[("name", "room"), ("pattern", "kiosk")]).await, "room").await;
    let (store, code) = (&app.context.store, Code::new(clock::random()));
    let device = NewDevice {
        id: Id128(clock::random()),
        label: Label::parse("PC 3").unwrap(),
        condition: "room".to_owned(),
        code: code.hash(),
        code_expires: clock::now() + 3600,
    };
    store.make_device(&device, Act::service(clock::now())).await.unwrap();
    store.enrol_device(&code.hash(), Act::service(clock::now())).await.unwrap().unwrap();
    app.context.live.catch_up(clock::now()).await.unwrap();
    let has = || app.context.live.current().revocations.devices.get(&device.id).copied();
    let bit = app.context.live.current().policy.conditions.bit("room").unwrap();
    assert_eq!(has(), Some(Conditions::only(bit)));
    saved(desk.press(room, "save", &[("pattern", "login"), ("label-0", "Room")]).await, "room").await;
    assert_eq!(has(), Some(Conditions::NONE));
    saved(desk.press(room, "save", &[("pattern", "kiosk")]).await, "room").await;
    assert_eq!(has(), Some(Conditions::only(bit)));
    let removal = format!("{room}/remove");
    let page = desk.page(&removal).await;
    assert!(read(&page).contains("Computers that are no longer set up 1"), "{}", read(&page));
    assert_eq!(desk.send(&removal, &fields_of(&page)).await.status(), 303);
    app.context.live.refresh(clock::now()).await.unwrap();
    assert_eq!(has(), None);
}

#[actix_web::test]
async fn the_preview_shows_what_viewers_are_told_and_saves_nothing() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let before = app.context.store.policy().await.unwrap();
    let changes = [
        ("label-0", "Clinicians <i>"),
        ("heading-0", "Confidential"),
        ("note-0", "For clinicians."),
        ("confirm-0", ""),
        ("error_heading-0", "Sorry"),
    ];
    let page = refused(desk.press(STAFF, "preview", &changes).await, 200).await;
    let preview = page.split(r#"id="preview""#).nth(1).unwrap();
    let text = plain(&read(preview));
    let mirador =
        "Mirador Clinicians <i> (Example Archive) Continue Confidential : For clinicians. Cancel Login";
    assert!(text.contains(mirador), "{text}");
    assert!(text.contains("Universal Viewer Confidential For clinicians. Login Cancel Sorry"), "{text}");
    assert!(!page.contains("<i>"));
    assert_eq!(fields_of(&page)["label-0"], "Clinicians <i>");
    // What viewers are really told of what is saved.
    saved(desk.press(STAFF, "save", &changes).await, "staff").await;
    let info: serde_json::Value = app.describe(LOCKED_INFO).send().await.unwrap().json().await.unwrap();
    assert!(info.to_string().contains("Clinicians <i> (Example Archive)"), "{info}");
    for (pattern, says) in [("open", "Viewers show nothing of it"), ("kiosk", "Viewers ask nothing here")] {
        let page = refused(desk.press(STAFF, "preview", &[("pattern", pattern)]).await, 200).await;
        assert!(read(&page).contains(says), "{pattern}");
    }
    assert_eq!(app.context.store.policy().await.unwrap().rules, before.rules);
}

#[actix_web::test]
async fn s13_the_one_script_of_the_form_has_its_nonce() {
    let app = start().await;
    let mut desk = Desk::of(&app).await;
    let response = desk.browser.get(&app, STAFF).await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert_eq!(response.headers()["x-frame-options"], "DENY");
    let page = response.text().await.unwrap();
    let nonce = attribute(page.split("<script ").nth(1).unwrap(), "nonce").unwrap();
    assert_eq!(page.matches("<script").count(), 1);
    assert!(
        policy.contains(&format!("script-src 'nonce-{nonce}'")) && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(!page.contains(" style=") && !page.contains(" onclick="));
}
