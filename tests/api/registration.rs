//! People ask for an account, and an administrator decides.

use reqwest::{Response, StatusCode, header};
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::credential::account::{Id128, Username};
use tilegate::http::register::MOST_WAITING;
use tilegate::store::{AuditFilter, NewRegistration, Registration};

use crate::admin::{CHIEF, add_chief, read};
use crate::app::*;

const PAGE: &str = "/auth/register";
const LIST: &str = "/auth/admin/registrations";
const PASSWORD: &str = "seven gulls above the granary";
const ADA: (&str, &str) = ("ada", PASSWORD);

async fn start() -> TestApp {
    let app = TestApp::start_with(&[("TILEGATE_SELF_REGISTRATION", "approved")]).await;
    add_chief(&app).await;
    app
}

/// Asks as somebody does who has never been here.
async fn ask_from(app: &TestApp, address: &str, name: &str, message: &str) -> Response {
    let mut browser = Browser::default();
    let csrf = browser.csrf(app, PAGE).await;
    let form = [
        ("csrf", csrf.as_str()),
        ("username", name),
        ("new", PASSWORD),
        ("again", PASSWORD),
        ("message", message),
    ];
    browser.post_from(app, address, PAGE, &form).await
}

async fn ask(app: &TestApp, name: &str, message: &str) {
    let response = ask_from(app, "192.0.2.9", name, message).await;
    assert_eq!(response.status(), 303, "{}", response.text().await.unwrap());
}

async fn waiting(app: &TestApp) -> Vec<Registration> {
    app.context.store.registrations(0, 100).await.unwrap().registrations
}

async fn page(app: &TestApp, browser: &mut Browser, path: &str) -> String {
    let response = browser.get(app, path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

/// Posts a form of the administration, with the token of the session.
async fn post(app: &TestApp, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let csrf = browser.csrf(app, "/auth/admin/accounts/new").await;
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend(fields);
    browser.post(app, path, &form).await
}

async fn words(app: &TestApp) -> Vec<String> {
    let lines = app.context.store.audit(&AuditFilter::default(), None, 50).await.unwrap();
    lines.into_iter().map(|line| line.action).filter(|word| word != "login").collect()
}

fn address(registration: &Registration) -> String {
    format!("{LIST}/{}", registration.id)
}

/// Many requests, without the work of a password each.
async fn fill(app: &TestApp, count: u64) {
    for number in 0..count {
        let request = NewRegistration {
            id: Id128(clock::random()),
            username: Username::parse(&format!("name{number}")).unwrap(),
            password_hash: String::new(),
            message: "junk".to_owned(),
        };
        assert!(
            app.context.store.ask_for_account(&request, count, Act::visitor(clock::now())).await.unwrap()
        );
    }
}

#[actix_web::test]
async fn whoever_asks_logs_in_once_it_is_approved_and_sees_the_tile() {
    let app = start().await;
    let mut ada = Browser::default();
    let login = page(&app, &mut ada, "/auth/login").await;
    assert!(login.contains("<a href=\"/auth/register\">Ask for one.</a>"), "{login}");
    let csrf = ada.csrf(&app, PAGE).await;
    let form = [
        ("csrf", csrf.as_str()),
        ("username", " Ada "),
        ("new", PASSWORD),
        ("again", PASSWORD),
        ("message", "I am Ada, and read maps.\r\nTelephone 7"),
    ];
    let sent = ada.post(&app, PAGE, &form).await;
    assert_eq!(sent.status(), 303);
    let told = page(&app, &mut ada, sent.headers()[header::LOCATION].to_str().unwrap()).await;
    assert!(
        read(&told).contains("You can log in with this name and password once it is approved."),
        "{told}"
    );
    assert!(read(&told).contains("ask in person") && read(&told).contains("not sent an e-mail"), "{told}");

    let refused = ada.try_login(&app, ADA).await;
    assert_eq!(refused.status(), 403);
    let stranger = Browser::default().try_login(&app, ("who", PASSWORD)).await;
    assert_eq!(
        refused.text().await.unwrap().len(),
        stranger.text().await.unwrap().len(),
        "S8: as any other name"
    );

    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let overview = read(&page(&app, &mut chief, "/auth/admin/").await);
    assert!(overview.contains("A request for an account waits"), "{overview}");
    let accounts = page(&app, &mut chief, "/auth/admin/accounts").await;
    assert!(accounts.contains(&format!("<a href=\"{LIST}\">Requests (1)</a>")), "{accounts}");
    let list = page(&app, &mut chief, LIST).await;
    assert!(read(&list).contains("One request waits."), "{list}");
    assert!(list.contains("<bdi>I am Ada, and read maps.\nTelephone 7</bdi>"), "{list}");
    let request = waiting(&app).await.remove(0);
    assert!(list.contains(&address(&request)));
    let shown = page(&app, &mut chief, &address(&request)).await;
    assert!(shown.contains("name=\"username\" value=\"ada\""), "{shown}");
    assert!(!list.contains("argon2") && !shown.contains("argon2"), "S11");

    let fields =
        [("username", "ada"), ("held-staff", "1"), ("expires", "2041-01-01"), ("note", "reads maps")];
    let approved = post(&app, &mut chief, &address(&request), &fields).await;
    assert_eq!(approved.status(), 303);
    assert_eq!(approved.headers()[header::LOCATION], LIST);
    let list = read(&page(&app, &mut chief, LIST).await);
    assert!(list.contains("The account ada is made") && list.contains("No request waits."), "{list}");

    let account = app.named("ada").await;
    assert_eq!((account.expires, account.note.as_str()), (Some(2_240_611_200), "reads maps"));
    let ada = Browser::logged_in(&app, ADA).await;
    assert_eq!(app.tile(LOCKED_TILE, &ada).await, 200, "at once");
    assert_eq!(words(&app).await[..3], ["account.make", "registration.approve", "registration.ask"]);
}

#[actix_web::test]
async fn s8_the_answer_is_the_same_whatever_the_name_and_nobody_is_kept_out() {
    let app = start().await;
    let mut answers = Vec::new();
    // Free, an account's, an administrator's in another spelling, asked for already.
    for name in ["free", READER.0, "ＣＨＩＥＦ", "free"] {
        let response = ask_from(&app, "192.0.2.9", name, "I read maps.").await;
        let headers: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "date" | "set-cookie"))
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        answers.push((response.status(), headers, response.text().await.unwrap()));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    let waiting = waiting(&app).await;
    let mut names: Vec<_> = waiting.iter().map(|one| (one.username.as_str(), one.is_taken)).collect();
    names.sort_unstable();
    assert_eq!(names, [("chief", true), ("free", false), ("free", false), ("reader", true)]);
    // The owners log in as ever; the other password is none of theirs.
    Browser::logged_in(&app, READER).await;
    assert_eq!(Browser::default().try_login(&app, (READER.0, PASSWORD)).await.status(), 403);
    let hashes = app.context.store.accounts().await.unwrap();
    assert_eq!(hashes.len(), 3, "nothing was made");
}

#[actix_web::test]
async fn what_is_wrong_stands_beside_its_field_all_at_once_and_what_was_typed_stays() {
    let app = start().await;
    let long = "m".repeat(1001);
    let longest = format!(" {}\r\n{}\n", "m".repeat(500), "é".repeat(499));
    let name = "n".repeat(201);
    for (name, new, again, message, faults) in [
        ("", "short", "other", "", &["username", "new", "again", "message"][..]),
        (&name, PASSWORD, PASSWORD, &longest, &["username"]),
        ("a\u{202e}b", PASSWORD, PASSWORD, "kept", &["username"]),
        ("ada", "password1", "password1", "kept", &["new"]),
        ("ada", PASSWORD, "another", "kept", &["again"]),
        ("ada", PASSWORD, PASSWORD, " \u{200b}\r\n", &["message"]),
        ("ada", PASSWORD, PASSWORD, &long, &["message"]),
    ] {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, PAGE).await;
        let form = [
            ("csrf", csrf.as_str()),
            ("username", name),
            ("new", new),
            ("again", again),
            ("message", message),
        ];
        let response = browser.post(&app, PAGE, &form).await;
        assert_eq!(response.status(), 422, "{faults:?}");
        let shown = response.text().await.unwrap();
        for field in ["username", "new", "again", "message"] {
            let has_fault = shown.contains(&format!("id=\"{field}-fault\""));
            assert_eq!(has_fault, faults.contains(&field), "{field} {faults:?}: {shown}");
        }
        assert!(message != "kept" || shown.contains("\nkept</textarea>"), "{shown}");
        assert!(!shown.contains(PASSWORD) && !shown.contains("password1"), "S11");
    }
    assert_eq!(waiting(&app).await, []);
    assert_eq!(
        ask_from(&app, "192.0.2.9", "ada", &longest).await.status(),
        303,
        "1000 characters are not too many"
    );
    assert_eq!(waiting(&app).await[0].message.chars().count(), 1000);
    // A form that is cut short asks for what is missing.
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, PAGE).await;
    assert_eq!(browser.post(&app, PAGE, &[("csrf", &csrf)]).await.status(), 422);
    let huge = "x".repeat(40_000);
    assert_eq!(browser.post(&app, PAGE, &[("csrf", &csrf), ("message", &huge)]).await.status(), 400);
}

#[actix_web::test]
async fn s13_a_message_deceives_nobody_and_is_never_markup() {
    let app = start().await;
    let message = "a\u{0}b\u{202e}c\u{2066}\tשלום<script>alert(1)</script>\r\n\r\n\r\n\r\n</bdi>\u{7}end";
    ask(&app, "<b>ada</b>", message).await;
    let request = waiting(&app).await.remove(0);
    assert_eq!(request.message, "abc שלום<script>alert(1)</script>\n\n</bdi>end");
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    for path in [LIST, &address(&request)] {
        let shown = page(&app, &mut chief, path).await;
        assert!(!shown.contains("<script>") && !shown.contains("<b>"), "{shown}");
        assert!(shown.contains("<bdi>abc שלום&#60;script&#62;"), "{shown}");
        assert!(shown.contains("<bdi>&#60;b&#62;ada&#60;/b&#62;</bdi>"), "{shown}");
    }
    // The list shows the beginning of a long one.
    ask(&app, "bob", &format!("{}END", "b".repeat(900))).await;
    // Of two of the same second either may be the first.
    let bob = waiting(&app).await.into_iter().find(|request| request.username == "bob").unwrap();
    assert!(!page(&app, &mut chief, LIST).await.contains("END"));
    assert!(page(&app, &mut chief, &address(&bob)).await.contains("END</bdi>"));
}

#[actix_web::test]
async fn s13_a_forged_post_asks_for_nothing_and_decides_nothing() {
    let app = start().await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, PAGE).await;
    let fields = [("username", "ada"), ("new", PASSWORD), ("again", PASSWORD), ("message", "m")];
    let with = |csrf| [&[("csrf", csrf)], &fields[..]].concat();
    assert_eq!(browser.post(&app, PAGE, &with("x")).await.status(), 403);
    assert_eq!(browser.post(&app, PAGE, &fields).await.status(), 400);
    assert_eq!(browser.post_across(&app, PAGE, &with(&csrf)).await.status(), 403);
    assert_eq!(
        Browser::default().post(&app, PAGE, &with(&csrf)).await.status(),
        403,
        "the token of somebody else"
    );
    assert_eq!(waiting(&app).await, []);
    let shown = browser.get(&app, PAGE).await;
    assert_eq!(shown.headers()["x-frame-options"], "DENY", "T9");
    assert!(shown.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(shown.headers()["cache-control"], "no-store");

    ask(&app, "ada", "m").await;
    let request = waiting(&app).await.remove(0);
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let id = format!("id-{}", request.id);
    for path in [address(&request), format!("{}/refuse", address(&request)), format!("{LIST}/refuse")] {
        let form = [("username", "ada"), (id.as_str(), "1")];
        let forged = [&[("csrf", "x")], &form[..]].concat();
        assert_eq!(chief.post(&app, &path, &forged).await.status(), 403, "{path}");
        let csrf = chief.csrf(&app, "/auth/admin/accounts/new").await;
        let across = [&[("csrf", csrf.as_str())], &form[..]].concat();
        assert_eq!(chief.post_across(&app, &path, &across).await.status(), 403, "{path}");
        let csrf = reader.csrf(&app, "/auth/password").await;
        let form = [&[("csrf", csrf.as_str())], &form[..]].concat();
        assert_eq!(reader.post(&app, &path, &form).await.status(), 403, "{path}: no administrator");
        assert_eq!(Browser::default().get(&app, &path).await.status(), 303, "{path}: not logged in");
    }
    assert_eq!(waiting(&app).await, [request]);
    assert_eq!(app.context.store.accounts().await.unwrap().len(), 3);
}

#[actix_web::test]
async fn s6_an_address_asks_ten_times_and_nobody_else_waits_for_it() {
    let app = start().await;
    for number in 0..10 {
        let response = ask_from(&app, "2001:db8::1", &format!("name{number}"), "m").await;
        assert_eq!(response.status(), 303);
    }
    let refused = ask_from(&app, "2001:db8::2", "ada", "kept").await;
    assert_eq!(refused.status(), 429);
    let seconds: u64 = refused.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((200..=301).contains(&seconds), "{seconds}");
    let shown = refused.text().await.unwrap();
    assert!(shown.contains("Too many attempts") && shown.contains("kept</textarea>"), "{shown}");
    assert_eq!(waiting(&app).await.len(), 10);
    // Mistyping is no request.
    let mut browser = Browser::default();
    for _ in 0..15 {
        let csrf = browser.csrf(&app, PAGE).await;
        let wrong = browser.post_from(&app, "192.0.2.20", PAGE, &[("csrf", &csrf), ("username", "a")]).await;
        assert_eq!(wrong.status(), 422);
    }
    assert_eq!(ask_from(&app, "192.0.2.20", "ada", "m").await.status(), 303);
    Browser::logged_in(&app, READER).await;
}

#[actix_web::test]
async fn when_too_many_wait_the_page_says_so_and_administrators_clear_them() {
    let app = start().await;
    fill(&app, MOST_WAITING - 1).await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, PAGE).await;
    ask(&app, "last", "m").await;
    let full = browser.get(&app, PAGE).await;
    assert_eq!(full.status(), 503);
    assert!(full.headers().contains_key(header::RETRY_AFTER));
    let said = read(&full.text().await.unwrap());
    assert!(said.contains("Please tell Example Archive"), "{said}");
    let fields = [
        ("csrf", csrf.as_str()),
        ("username", "ada"),
        ("new", PASSWORD),
        ("again", PASSWORD),
        ("message", "m"),
    ];
    let refused = browser.post(&app, PAGE, &fields).await;
    assert_eq!(
        (refused.status(), refused.headers().contains_key(header::RETRY_AFTER)),
        (StatusCode::SERVICE_UNAVAILABLE, true)
    );
    assert_eq!(app.context.store.waiting_registrations().await.unwrap(), MOST_WAITING);
    assert_eq!(browser.get(&app, "/auth/login").await.status(), 200, "everything else goes on");

    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let list = page(&app, &mut chief, LIST).await;
    assert!(read(&list).contains("1000 requests wait") && read(&list).contains("Page 1 of 40"), "{list}");
    assert!(list.contains(&format!("href=\"{LIST}?page=2\"")));
    // All of a page, as its form has them.
    let (_, form) = list.split_once("<details>").unwrap();
    let ids: Vec<_> = form.split("name=\"id-").skip(1).map(|rest| format!("id-{}", &rest[..32])).collect();
    assert_eq!(ids.len(), 25);
    let fields: Vec<_> = ids.iter().map(|id| (id.as_str(), "1")).collect();
    assert_eq!(post(&app, &mut chief, &format!("{LIST}/refuse"), &fields).await.status(), 303);
    assert_eq!(app.context.store.waiting_registrations().await.unwrap(), MOST_WAITING - 25);
    let list = read(&page(&app, &mut chief, LIST).await);
    assert!(list.contains("25 requests are refused"), "{list}");
    assert_eq!(browser.get(&app, PAGE).await.status(), 200);
    // Again, by somebody whose page is older.
    post(&app, &mut chief, &format!("{LIST}/refuse"), &fields).await;
    assert!(read(&page(&app, &mut chief, LIST).await).contains("all of them had been decided meanwhile"));
    let beyond = chief.get(&app, &format!("{LIST}?page=99")).await;
    assert_eq!(beyond.headers()[header::LOCATION], format!("{LIST}?page=39").as_str());
    for odd in ["0", "-1", "x", "99999999999999"] {
        let status = chief.get(&app, &format!("{LIST}?page={odd}")).await.status();
        assert!(matches!(status.as_u16(), 200 | 303), "{odd}: {status}");
    }
}

#[actix_web::test]
async fn a_refused_request_is_gone_and_its_password_counts_for_nothing() {
    let app = start().await;
    for name in ["ada", "bob", "cyd"] {
        ask(&app, name, "m").await;
    }
    let all = waiting(&app).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let refused = post(&app, &mut chief, &format!("{}/refuse", address(&all[0])), &[]).await;
    assert_eq!(refused.status(), 303);
    assert!(read(&page(&app, &mut chief, LIST).await).contains("The request is refused and deleted."));
    let ticked = format!("id-{}", all[1].id);
    post(&app, &mut chief, &format!("{LIST}/refuse"), &[(&ticked, "1"), ("id-x", "1"), ("other", "1")]).await;
    post(&app, &mut chief, &format!("{LIST}/refuse"), &[]).await;
    assert!(read(&page(&app, &mut chief, LIST).await).contains("No request was ticked"));
    assert_eq!(waiting(&app).await.len(), 1);
    assert_eq!(Browser::default().try_login(&app, ADA).await.status(), 403);
    assert_eq!(words(&app).await[..2], ["registration.refuse", "registration.refuse"]);
    // The trail has both, and can be read; nobody is named there who has no account.
    let audit = page(&app, &mut chief, "/auth/admin/audit?what=registration.").await;
    assert!(read(&audit).contains("refused a request for an account"), "{audit}");
    // An identity may have these letters among its digits.
    let audit = read(&audit);
    assert!(audit.split(|sign: char| !sign.is_alphanumeric()).all(|word| word != "ada"), "{audit}");
}

#[actix_web::test]
async fn a_name_that_is_taken_is_told_and_another_can_be_given() {
    let app = start().await;
    ask(&app, READER.0, "I read too.").await;
    ask(&app, READER.0, "So do I.").await;
    let request = waiting(&app).await.remove(0);
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let list = read(&page(&app, &mut chief, LIST).await);
    assert!(list.contains("There is an account of this name already"), "{list}");
    assert!(list.contains("2 requests wait under this name"), "{list}");
    assert!(read(&page(&app, &mut chief, &address(&request)).await).contains("Choose another name"));
    let taken = post(
        &app,
        &mut chief,
        &address(&request),
        &[("username", READER.0), ("held-staff", "1"), ("note", "mine")],
    )
    .await;
    assert_eq!(taken.status(), 409);
    let shown = taken.text().await.unwrap();
    assert!(shown.contains("id=\"username-fault\"") && shown.contains("\nmine</textarea>"), "{shown}");
    assert!(shown.contains("name=\"held-staff\" value=\"1\" checked"), "{shown}");
    assert_eq!(waiting(&app).await.len(), 2, "it waits on");
    let approved = post(&app, &mut chief, &address(&request), &[("username", "Reader 2")]).await;
    assert_eq!(approved.status(), 303);
    let told = read(&page(&app, &mut chief, LIST).await);
    assert!(told.contains("The account reader 2 is made. Tell the person"), "{told}");
    Browser::logged_in(&app, ("reader 2", PASSWORD)).await;
    Browser::logged_in(&app, READER).await;
    let reader = app.named(READER.0).await;
    assert_eq!(reader.conditions, ["staff"], "the other account is as it was");
}

#[actix_web::test]
async fn the_second_administrator_is_told_that_it_is_decided() {
    let app = start().await;
    for name in ["ada", "bob"] {
        ask(&app, name, "m").await;
    }
    let all = waiting(&app).await;
    let mut one = Browser::logged_in(&app, CHIEF).await;
    let mut two = Browser::logged_in(&app, CHIEF).await;
    let csrf = two.csrf(&app, &address(&all[0])).await;
    assert_eq!(post(&app, &mut one, &address(&all[0]), &[("username", "ada")]).await.status(), 303);
    for path in [address(&all[0]), format!("{}/refuse", address(&all[0]))] {
        let late = two.post(&app, &path, &[("csrf", &csrf), ("username", "ada2")]).await;
        assert_eq!(late.status(), 409, "{path}");
        let said = late.text().await.unwrap();
        assert!(read(&said).contains("somebody else has decided it"), "{said}");
        assert!(said.contains(&format!("/auth/admin/audit?about={}", all[0].id)), "{said}");
    }
    assert_eq!(two.get(&app, &address(&all[0])).await.status(), 404);
    app.named("ada").await;
    // Both at the same moment.
    let path = address(&all[1]);
    let csrf = (one.csrf(&app, &path).await, two.csrf(&app, &path).await);
    let form = |csrf| [("csrf", csrf), ("username", "bob")];
    let (forms, mut statuses) = ((form(csrf.0.as_str()), form(csrf.1.as_str())), Vec::new());
    let (first, second) = tokio::join!(one.post(&app, &path, &forms.0), two.post(&app, &path, &forms.1));
    statuses.extend([first.status().as_u16(), second.status().as_u16()]);
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(words(&app).await.iter().filter(|word| *word == "registration.approve").count(), 2);
    for odd in ["x", "new", "00"] {
        assert_eq!(one.get(&app, &format!("{LIST}/{odd}")).await.status(), 404, "{odd}");
    }
}

#[actix_web::test]
async fn what_is_wrong_with_an_approval_stands_beside_its_field() {
    let app = start().await;
    ask(&app, "ada", "m").await;
    let request = waiting(&app).await.remove(0);
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let long = "n".repeat(2001);
    for (fields, status, field) in [
        (&[("username", "")][..], 400, "username"),
        (&[("username", "a\u{200b}b")], 400, "username"),
        (&[("username", "ada"), ("expires", "soon")], 400, "expires"),
        (&[("username", "ada"), ("note", &long)], 400, "note"),
        (&[("username", "ada"), ("held-gone", "1")], 409, "conditions"),
        (&[("username", "ada"), ("held-open", "1")], 409, "conditions"),
    ] {
        let refused = post(&app, &mut chief, &address(&request), fields).await;
        assert_eq!(refused.status(), status, "{field}");
        let shown = refused.text().await.unwrap();
        assert!(shown.contains(&format!("id=\"{field}-fault\"")), "{field}: {shown}");
    }
    assert_eq!(waiting(&app).await, std::slice::from_ref(&request));
    // Whoever is approved here does not administer, whatever the form says.
    let fields = [("username", "ada"), ("administrator", "1")];
    assert_eq!(post(&app, &mut chief, &address(&request), &fields).await.status(), 303);
    assert!(!app.named("ada").await.administrator);
}

/// Whoever comes by an unwatched browser could have asked before.
#[actix_web::test]
async fn s2_an_approval_with_conditions_asks_for_the_password_again() {
    let app = start().await;
    ask(&app, "ada", "m").await;
    ask(&app, "bob", "m").await;
    let mut waiting_now = waiting(&app).await;
    waiting_now.sort_by(|one, other| one.username.cmp(&other.username));
    let [ada, bob] = waiting_now.try_into().unwrap();
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let asks = |shown: &str| shown.contains(r#"name="password" type="password""#);
    assert!(!asks(&page(&app, &mut chief, &address(&ada)).await), "it was given just now");
    chief.age(&app, 16 * 60);
    assert!(asks(&page(&app, &mut chief, &address(&ada)).await));
    let fields = [("username", "ada"), ("held-staff", "1"), ("note", "reads maps")];
    for (password, said) in [(None, "Please give your password"), (Some("no"), "That is not your password.")]
    {
        let mut fields = fields.to_vec();
        fields.extend(password.map(|password| ("password", password)));
        let refused = post(&app, &mut chief, &address(&ada), &fields).await;
        assert_eq!(refused.status(), 403);
        let shown = refused.text().await.unwrap();
        assert!(shown.contains(said) && asks(&shown) && shown.contains("reads maps</textarea>"), "{shown}");
        assert!(shown.contains(r#"name="held-staff" value="1" checked"#), "{shown}");
    }
    assert_eq!(waiting(&app).await.len(), 2);
    // What opens nothing goes on as before.
    assert_eq!(post(&app, &mut chief, &address(&bob), &[("username", "bob")]).await.status(), 303);
    let copy = chief.cookies.clone();
    let fields = [&fields[..], &[("password", CHIEF.1)]].concat();
    assert_eq!(post(&app, &mut chief, &address(&ada), &fields).await.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &Browser::logged_in(&app, ADA).await).await, 200);
    assert_eq!(chief.get(&app, LIST).await.status(), 200, "the session goes on as another one");
    let mut thief = Browser { cookies: copy };
    assert_eq!(thief.get(&app, LIST).await.status(), 303, "and the one before is over");
}

#[actix_web::test]
async fn while_it_is_off_nobody_can_ask_and_what_waits_is_decided() {
    let app = start().await;
    ask(&app, "ada", "m").await;
    let off = app.replica(&[("TILEGATE_SELF_REGISTRATION", "off")]).await;
    let mut browser = Browser::default();
    for path in [PAGE, "/auth/register/sent"] {
        assert_eq!(browser.get(&off, path).await.status(), 404, "{path}");
    }
    assert!(!page(&off, &mut browser, "/auth/login").await.contains(PAGE));
    let csrf = browser.csrf(&off, "/auth/login").await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("username", "bob"),
        ("new", PASSWORD),
        ("again", PASSWORD),
        ("message", "m"),
    ];
    assert_eq!(browser.post(&off, PAGE, &fields).await.status(), 404);
    assert_eq!(waiting(&off).await.len(), 1);

    let mut chief = Browser::logged_in(&off, CHIEF).await;
    assert!(page(&off, &mut chief, "/auth/admin/accounts").await.contains(LIST), "as long as one waits");
    let list = read(&page(&off, &mut chief, LIST).await);
    assert!(list.contains("nobody can ask") && list.contains("One request waits"), "{list}");
    let request = waiting(&off).await.remove(0);
    let approved = post(&off, &mut chief, &address(&request), &[("username", "ada")]).await;
    assert_eq!(approved.status(), 303);
    Browser::logged_in(&off, ADA).await;
    assert!(read(&page(&off, &mut chief, LIST).await).contains("No request waits."));
    assert!(!page(&off, &mut chief, "/auth/admin/accounts").await.contains(LIST));
    assert!(!page(&off, &mut chief, "/auth/admin/").await.contains(LIST));

    let usual = TestApp::start().await;
    assert_eq!(Browser::default().get(&usual, PAGE).await.status(), 404, "it is off by default");
}

#[actix_web::test]
async fn the_pages_are_in_german_too() {
    let app = start().await;
    let german = async |browser: &Browser, path: &str| {
        let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let request = request.header("Cookie", browser.header()).header("Accept-Language", "de-AT");
        request.send().await.unwrap().text().await.unwrap()
    };
    let nobody = Browser::default();
    assert!(german(&nobody, "/auth/login").await.contains("Noch kein Konto?"));
    assert!(german(&nobody, PAGE).await.contains("Wer Sie sind, und warum"));
    assert!(german(&nobody, "/auth/register/sent").await.contains("Ihre Bitte ist abgesandt"));
    ask(&app, "ada", "m").await;
    let chief = Browser::logged_in(&app, CHIEF).await;
    assert!(german(&chief, LIST).await.contains("Eine Bitte wartet."));
    let request = waiting(&app).await.remove(0);
    assert!(german(&chief, &address(&request)).await.contains("Gewähren und Konto anlegen"));
}
