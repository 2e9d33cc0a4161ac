//! Accounts on the pages of the administration.

use reqwest::{Method, Response, StatusCode, header};
use tilegate::clock;
use tilegate::store::{AccountChange, AuditFilter};

use crate::admin::{CHIEF, read, start};
use crate::app::*;

const LIST: &str = "/auth/admin/accounts";

async fn page(app: &TestApp, browser: &mut Browser, path: &str) -> String {
    let response = browser.get(app, path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

/// Posts a form as its page would, with the token of the session.
async fn post(app: &TestApp, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let csrf = browser.csrf(app, "/auth/admin/accounts/new").await;
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend(fields);
    browser.post(app, path, &form).await
}

async fn words(app: &TestApp) -> Vec<String> {
    let lines = app.context.store.audit(&AuditFilter::default(), None, 50).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

fn address(app_account: &tilegate::credential::account::Account) -> String {
    format!("{LIST}/{}", app_account.id)
}

#[actix_web::test]
async fn an_account_is_made_found_changed_and_its_tiles_follow_at_once() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let made = post(
        &app,
        &mut chief,
        "/auth/admin/accounts/new",
        &[
            ("username", " Ada@Example.org "),
            ("held-staff", "1"),
            ("expires", "2041-01-01"),
            ("note", "reads maps"),
        ],
    )
    .await;
    assert_eq!(made.status(), 303);
    let ada = app.named("ada@example.org").await;
    assert_eq!(made.headers()[header::LOCATION], address(&ada).as_str());
    assert_eq!(
        (&*ada.conditions, ada.expires, &*ada.note),
        (&["staff".to_owned()][..], Some(2_240_611_200), "reads maps")
    );
    assert!(ada.active && !ada.administrator && ada.password_hash.is_empty(), "no password is right yet");

    let shown = page(&app, &mut chief, &address(&ada)).await;
    assert!(read(&shown).contains("The account ada@example.org is made"), "{shown}");
    let again = page(&app, &mut chief, &address(&ada)).await;
    assert!(!read(&again).contains("is made."), "told once");
    let found = read(&page(&app, &mut chief, &format!("{LIST}?q=MAPS")).await);
    assert!(found.contains("One account") && found.contains("ada@example.org"), "{found}");
    assert!(read(&page(&app, &mut chief, &format!("{LIST}?q=nothing")).await).contains("No account fits"));

    // The reader's cookie is out already; what it opens changes with the account.
    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);
    let account = app.named(READER.0).await;
    let revision = account.revision.to_string();
    let saved =
        post(&app, &mut chief, &address(&account), &[("revision", &revision), ("held-clinical", "1")]).await;
    assert_eq!(saved.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401, "at once, without a new login");
    let told = words(&app).await;
    let changes: Vec<_> = told.iter().filter(|word| *word != "login").collect();
    assert_eq!(changes[..2], ["account.change", "account.make"]);
}

#[actix_web::test]
async fn what_is_wrong_with_a_form_stands_beside_its_field_and_what_was_typed_stays() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let long = "x".repeat(201);
    let long_note = "n".repeat(2001);
    for (fields, fault, about) in [
        (vec![("username", ""), ("note", "kept")], "This is missing.", "username"),
        (vec![("username", long.as_str()), ("note", "kept")], "longer than 200 characters", "username"),
        (vec![("username", "ada\u{202e}gro"), ("note", "kept")], "direction of writing", "username"),
        (vec![("username", "ada\u{0}"), ("note", "kept")], "direction of writing", "username"),
        (vec![("username", "ada"), ("expires", "soon"), ("note", "kept")], "Give a day", "expires"),
        (vec![("username", "ada"), ("note", long_note.as_str())], "longer than 2000", "note"),
        (vec![("username", "ada"), ("note", "a\u{200b}b")], "direction of writing", "note"),
    ] {
        let refused = post(&app, &mut chief, "/auth/admin/accounts/new", &fields).await;
        assert_eq!(refused.status(), 400, "{about}");
        let shown = refused.text().await.unwrap();
        assert!(
            shown.contains(fault) && shown.contains(&format!("id=\"{about}-fault\"")),
            "{about}: {shown}"
        );
        if fields.contains(&("note", "kept")) {
            assert!(shown.contains(">kept</textarea>"), "{about}: {shown}");
        }
    }
    let taken = post(
        &app,
        &mut chief,
        "/auth/admin/accounts/new",
        &[("username", "ＲＥＡＤＥＲ"), ("held-staff", "1")],
    )
    .await;
    assert_eq!(taken.status(), 409, "a duplicate after normalisation");
    let shown = taken.text().await.unwrap();
    assert!(shown.contains("There is an account of that name already."), "{shown}");
    assert!(shown.contains("name=\"held-staff\" value=\"1\" checked"), "{shown}");
    let gone =
        post(&app, &mut chief, "/auth/admin/accounts/new", &[("username", "ada"), ("held-gone", "1")]).await;
    assert_eq!(gone.status(), 409);
    assert!(gone.text().await.unwrap().contains("id=\"conditions-fault\""));
    assert_eq!(app.context.store.accounts().await.unwrap().len(), 3, "nothing was made");
}

#[actix_web::test]
async fn a_second_administrator_is_told_and_loses_nothing() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let account = app.named(READER.0).await;
    let seen = account.revision.to_string();
    let change = AccountChange { note: Some("theirs".to_owned()), ..AccountChange::default() };
    app.change(READER.0, change).await;
    let refused = post(
        &app,
        &mut chief,
        &address(&account),
        &[("revision", &seen), ("held-staff", "1"), ("note", "mine")],
    )
    .await;
    assert_eq!(refused.status(), 409);
    let shown = refused.text().await.unwrap();
    assert!(shown.contains("Somebody else has changed this account"), "{shown}");
    assert!(shown.contains(">mine</textarea>") && shown.contains("<bdi>theirs</bdi>"), "{shown}");
    assert_eq!(app.named(READER.0).await.note, "theirs", "nothing was overwritten");
    // Having seen it, they may save theirs.
    let revision = app.named(READER.0).await.revision.to_string();
    assert!(shown.contains(&format!("name=\"revision\" value=\"{revision}\"")), "{shown}");
    let saved = post(
        &app,
        &mut chief,
        &address(&account),
        &[("revision", &revision), ("held-staff", "1"), ("note", "mine")],
    )
    .await;
    assert_eq!(saved.status(), 303);
    assert_eq!(app.named(READER.0).await.note, "mine");
}

#[actix_web::test]
async fn s13_a_forged_or_replayed_post_changes_nothing() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let account = app.named(READER.0).await;
    for path in [
        "/auth/admin/accounts/new".to_owned(),
        address(&account),
        format!("{}/delete", address(&account)),
        format!("{}/sign-out", address(&account)),
        format!("{LIST}/export"),
        format!("{LIST}/import/run"),
    ] {
        let forged = chief.post(&app, &path, &[("csrf", "x"), ("username", "mallory")]).await;
        assert_eq!(forged.status(), 403, "{path}");
        let csrf = chief.csrf(&app, "/auth/admin/accounts/new").await;
        let elsewhere = chief.post_across(&app, &path, &[("csrf", &csrf)]).await;
        assert_eq!(elsewhere.status(), 403, "{path}");
    }
    let before = app.context.store.accounts().await.unwrap();
    let first = post(&app, &mut chief, "/auth/admin/accounts/new", &[("username", "ada")]).await;
    assert_eq!(first.status(), 303);
    let again = post(&app, &mut chief, "/auth/admin/accounts/new", &[("username", "ada")]).await;
    assert_eq!(again.status(), 409);
    assert_eq!(app.context.store.accounts().await.unwrap().len(), before.len() + 1);
    for _ in 0..2 {
        post(&app, &mut chief, &format!("{}/delete", address(&account)), &[]).await;
    }
    assert_eq!(words(&app).await.iter().filter(|word| *word == "account.delete").count(), 1);
}

/// Else whoever comes by an unwatched browser gives all of it to an account of their own.
#[actix_web::test]
async fn s2_a_condition_is_given_with_the_password_and_taken_away_without() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let path = address(&app.named(READER.0).await);
    let held = async || app.named(READER.0).await.conditions;
    let revision = async || app.named(READER.0).await.revision.to_string();
    for given in [false, true] {
        chief.age(&app, 16 * 60);
        let now = revision().await;
        let mut fields = vec![("revision", now.as_str())];
        if given {
            fields.push(("held-staff", "1"));
            assert_eq!(post(&app, &mut chief, &path, &fields).await.status(), 403);
            assert_eq!(held().await, [""; 0]);
            fields.push(("password", CHIEF.1));
        }
        assert_eq!(post(&app, &mut chief, &path, &fields).await.status(), 303, "{given}");
    }
    assert_eq!(held().await, ["staff"]);
}

#[actix_web::test]
async fn dangerous_changes_ask_for_the_password_again_after_a_quarter_of_an_hour() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let account = app.named(READER.0).await;
    let delete = format!("{}/delete", address(&account));
    let revision = account.revision.to_string();
    let promote = [("revision", revision.as_str()), ("held-staff", "1"), ("administrator", "1")];
    chief.age(&app, 16 * 60);
    for (path, fields) in [(delete.as_str(), &[][..]), (&address(&account), &promote)] {
        let asked = post(&app, &mut chief, path, fields).await;
        assert_eq!(asked.status(), 403, "{path}");
        let shown = asked.text().await.unwrap();
        assert!(shown.contains("Please give your password for this."), "{shown}");
        let mut wrong = fields.to_vec();
        wrong.push(("password", "not it"));
        let refused = post(&app, &mut chief, path, &wrong).await;
        assert_eq!(refused.status(), 403, "{path}");
        assert!(refused.text().await.unwrap().contains("That is not your password."));
    }
    let before = app.named(READER.0).await;
    assert!(!before.administrator);
    // What is not dangerous goes on as before.
    let note = post(
        &app,
        &mut chief,
        &address(&account),
        &[("revision", &revision), ("held-staff", "1"), ("note", "n")],
    )
    .await;
    assert_eq!(note.status(), 303);
    let mut right = vec![("password", CHIEF.1)];
    let done = post(&app, &mut chief, &delete, &right).await;
    assert_eq!(done.status(), 303);
    right.clear();
    // It counts for a while.
    let nobody = app.named(NOBODY.0).await;
    let next = post(&app, &mut chief, &format!("{}/delete", address(&nobody)), &right).await;
    assert_eq!(next.status(), 303);
}

#[actix_web::test]
async fn a_confirmed_password_takes_what_was_redeemed_along() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let secret = crate::passes::made(&app, "protected/letter", |_| {}).await.1;
    let path = format!("/auth/share/{}", secret.spelled());
    let csrf = chief.csrf(&app, &path).await;
    assert_eq!(chief.post(&app, &path, &[("csrf", &csrf)]).await.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &chief).await, 200);
    let before = chief.copied_access();
    let delete = format!("{}/delete", address(&app.named(READER.0).await));
    assert_eq!(post(&app, &mut chief, &delete, &[("password", CHIEF.1)]).await.status(), 303);
    assert_ne!(chief.access(), before.access(), "a new session");
    assert_eq!(app.tile(LOCKED_TILE, &chief).await, 200);
    assert_eq!(app.tile(LOCKED_TILE, &before).await, 401, "the one before is over");
}

#[actix_web::test]
async fn a_deleted_account_is_gone_at_once_and_can_be_restored_or_erased() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let reader = Browser::logged_in(&app, READER).await;
    let account = app.named(READER.0).await;
    let deleted = post(&app, &mut chief, &format!("{}/delete", address(&account)), &[]).await;
    assert_eq!(
        (deleted.status().as_u16(), &deleted.headers()[header::LOCATION]),
        (303, &LIST.parse().unwrap())
    );
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
    let list = format!("{LIST}/deleted");
    assert!(page(&app, &mut chief, &list).await.contains("<bdi>reader</bdi>"));
    let restored = post(&app, &mut chief, &format!("{list}/{}/restore", account.id), &[]).await;
    assert_eq!(restored.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401, "S2: no cookie from before counts again");
    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 200);

    post(&app, &mut chief, &format!("{}/delete", address(&account)), &[]).await;
    let erased = post(&app, &mut chief, &format!("{list}/{}/erase", account.id), &[]).await;
    assert_eq!(erased.status(), 303);
    assert!(page(&app, &mut chief, &list).await.contains("No account was deleted"));
    assert!(app.context.store.names([account.id]).await.unwrap().is_empty());
    assert_eq!(post(&app, &mut chief, &format!("{list}/{}/restore", account.id), &[]).await.status(), 404);
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let account = app.named(CHIEF.0).await;
    let revision = account.revision.to_string();
    let refused = post(&app, &mut chief, &format!("{}/delete", address(&account)), &[]).await;
    assert_eq!(refused.status(), 409);
    let locked = post(
        &app,
        &mut chief,
        &address(&account),
        &[("revision", &revision), ("administrator", "1"), ("locked", "1")],
    )
    .await;
    assert_eq!(locked.status(), 409);
    assert!(locked.text().await.unwrap().contains("This is the last account that may administer"));
    assert!(app.named(CHIEF.0).await.active);
}

#[actix_web::test]
async fn s2_signing_out_everywhere_ends_every_cookie() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let reader = Browser::logged_in(&app, READER).await;
    let account = app.named(READER.0).await;
    assert_eq!(post(&app, &mut chief, &format!("{}/sign-out", address(&account)), &[]).await.status(), 303);
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
}

#[actix_web::test]
async fn an_account_that_is_over_cannot_log_in_and_its_cookie_ends_with_it() {
    let app = start().await;
    let soon = clock::now() + 3600;
    app.change(READER.0, AccountChange { expires: Some(Some(soon)), ..AccountChange::default() }).await;
    let mut reader = Browser::default();
    let response = reader.try_login(&app, READER).await;
    let cookie = response.headers().get_all(header::SET_COOKIE).iter().find_map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        cookie.starts_with("__Host-tilegate_access").then(|| cookie.to_owned())
    });
    let age =
        cookie.unwrap().split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse::<u64>().unwrap();
    assert!((3590..=3600).contains(&age), "{age}");
    app.change(READER.0, AccountChange { expires: Some(Some(clock::now())), ..AccountChange::default() })
        .await;
    assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
    let refused = Browser::default().try_login(&app, READER).await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("That name and password do not match"), "S8: one text");
}

#[actix_web::test]
async fn s16_nothing_secret_is_on_a_page_or_in_an_export() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let account = app.named(READER.0).await;
    for path in [LIST.to_owned(), address(&account), format!("{LIST}/deleted"), format!("{LIST}/import")] {
        assert!(!page(&app, &mut chief, &path).await.contains("argon2"), "{path}");
    }
    let export = post(&app, &mut chief, &format!("{LIST}/export"), &[]).await;
    assert_eq!(export.status(), 200);
    assert!(export.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().contains("accounts.csv"));
    let table = export.text().await.unwrap();
    assert!(
        table.starts_with("username,conditions,expires,administrator,locked,note,created,last_login\n"),
        "{table}"
    );
    assert!(table.contains("reader,staff,,no,no,,") && !table.contains("argon2"), "{table}");
    assert_eq!(words(&app).await[0], "account.export");
}

async fn upload(app: &TestApp, browser: &mut Browser, table: &[u8]) -> Response {
    let csrf = browser.csrf(app, "/auth/admin/accounts/new").await;
    browser.send_file(app, "/auth/admin/accounts/import", &csrf, table).await
}

#[actix_web::test]
async fn a_table_is_shown_first_and_then_done_whole() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let table = "username,conditions,note\nreader,clinical,=cmd\nnew1,staff|clinical,\nnew2,,\nnobody,,\n";
    let shown = upload(&app, &mut chief, table.as_bytes()).await;
    assert_eq!(shown.status(), 200);
    let shown = read(&shown.text().await.unwrap());
    assert!(shown.contains("Accounts made 2 Accounts changed 1 Accounts that stay as they are 1"), "{shown}");
    assert_eq!(app.context.store.accounts().await.unwrap().len(), 3, "nothing is done yet");

    let run = post(&app, &mut chief, "/auth/admin/accounts/import/run", &[("table", table)]).await;
    assert_eq!(run.status(), 303);
    let job = run.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let mut told = String::new();
    for _ in 0..200 {
        told = read(&page(&app, &mut chief, &job).await);
        if told.contains("Done:") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert!(told.contains("Done: 2 made, 1 changed, 1 were so already"), "{told}");
    assert_eq!(app.named("new1").await.conditions, ["clinical", "staff"]);
    assert_eq!(app.named(READER.0).await.conditions, ["clinical"]);
    assert!(told.contains("Accounts without a password need a one-time link"), "{told}");
    assert_eq!(
        post(&app, &mut chief, &format!("{job}/links"), &[]).await.status(),
        410,
        "none was asked for"
    );
    let mut other = start_other(&app).await;
    assert_eq!(other.get(&app, &job).await.status(), 404, "a job is its owner's");
}

/// Runs an import with links; answers its job, and what its page says when it is done.
async fn with_links(app: &TestApp, browser: &mut Browser, table: &str) -> (String, String) {
    let form = [("table", table), ("links", "1")];
    let run = post(app, browser, "/auth/admin/accounts/import/run", &form).await;
    assert_eq!(run.status(), 303);
    let job = run.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let mut told = String::new();
    for _ in 0..200 {
        told = page(app, browser, &job).await;
        if told.contains("Done:") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert!(told.contains("Done:"), "{told}");
    (job, told)
}

#[actix_web::test]
async fn s11_the_links_of_an_import_are_had_once_and_open_the_new_accounts() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let table = "username,conditions,locked\n=new1,staff,\nnew2,,\nnew3,,yes\nreader,staff,\n";
    let shown = upload(&app, &mut chief, table.as_bytes()).await.text().await.unwrap();
    assert!(read(&shown).contains("Make a one-time link for each of the 2 accounts without a password"));
    let (job, told) = with_links(&app, &mut chief, table).await;
    assert!(read(&told).contains("2 links were made."), "{told}");
    assert!(!told.contains("set-password"), "they are in the file alone");
    assert_eq!(words(&app).await[..3], ["account.import", "password.link", "password.link"]);

    let mut other = start_other(&app).await;
    let csrf = other.csrf(&app, "/auth/admin/accounts/new").await;
    let links = format!("{job}/links");
    assert_eq!(other.post(&app, &links, &[("csrf", &csrf)]).await.status(), 404, "they are not anybody's");
    let mut elsewhere = Browser::logged_in(&app, CHIEF).await;
    assert_eq!(post(&app, &mut elsewhere, &links, &[]).await.status(), 410, "nor another session's");
    assert!(!page(&app, &mut elsewhere, &job).await.contains("links were made"));
    assert_eq!(chief.post_across(&app, &links, &[("csrf", "x")]).await.status(), 403, "S13");
    assert_eq!(chief.get(&app, &links).await.status(), 405);

    let fetched = post(&app, &mut chief, &links, &[]).await;
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.headers()[header::CACHE_CONTROL], "no-store");
    assert!(fetched.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().contains("links.csv"));
    let table = fetched.text().await.unwrap();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], ["username", "link", "valid_until"]);
    assert_eq!(
        (lines.len(), lines[1][0], lines[2][0]),
        (3, "'=new1", "new2"),
        "no formula, and none that is locked"
    );
    assert_eq!(post(&app, &mut chief, &links, &[]).await.status(), 410, "once");
    let told = page(&app, &mut chief, &job).await;
    assert!(told.contains("They were fetched already") && !told.contains("links were made"), "{told}");

    let link = lines[1][1].strip_prefix(PUBLIC).unwrap();
    let mut new = Browser::default();
    let csrf = new.csrf(&app, link).await;
    let password = "a long password of somebody new";
    let set = new.post(&app, link, &[("csrf", &csrf), ("new", password), ("again", password)]).await;
    assert_eq!(set.status(), 303);
    let new = Browser::logged_in(&app, ("=new1", password)).await;
    assert_eq!(app.tile(LOCKED_TILE, &new).await, 200);
}

#[actix_web::test]
async fn whoever_has_lost_the_links_imports_the_same_table_again() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let table = "username\nnew1\n";
    let (job, _) = with_links(&app, &mut chief, table).await;
    let first = post(&app, &mut chief, &format!("{job}/links"), &[]).await.text().await.unwrap();
    let shown = read(&upload(&app, &mut chief, table.as_bytes()).await.text().await.unwrap());
    assert!(shown.contains("there is nothing to do"), "{shown}");
    assert!(shown.contains("Make a one-time link for the 1 account without a password"), "{shown}");
    let (job, _) = with_links(&app, &mut chief, table).await;
    let second = post(&app, &mut chief, &format!("{job}/links"), &[]).await.text().await.unwrap();
    let opened = async |table: &str| {
        let link = table.lines().nth(1).unwrap().split(',').nth(1).unwrap().strip_prefix(PUBLIC).unwrap();
        Browser::default().get(&app, link).await.status()
    };
    assert_eq!((opened(&first).await, opened(&second).await), (StatusCode::NOT_FOUND, StatusCode::OK));
    // A later import does not push waiting links out.
    let (waiting, _) = with_links(&app, &mut chief, "username\nnew2\n").await;
    post(&app, &mut chief, "/auth/admin/accounts/import/run", &[("table", "username\nnew3\n")]).await;
    assert!(page(&app, &mut chief, &waiting).await.contains("1 link was made"));
}

#[actix_web::test]
async fn links_for_many_ask_for_the_password_and_follow_the_session_that_it_begins() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    chief.age(&app, 901);
    let form = [("table", "username\nnew1\n"), ("links", "1")];
    let asked = post(&app, &mut chief, "/auth/admin/accounts/import/run", &form).await;
    assert_eq!(asked.status(), 403);
    let shown = asked.text().await.unwrap();
    assert!(shown.contains(r#"name="links" value="1" aria-describedby="links-hint" checked"#), "{shown}");
    assert_eq!(app.context.store.accounts().await.unwrap().len(), 3, "nothing is done");
    let form = [&form[..], &[("password", CHIEF.1)]].concat();
    let run = post(&app, &mut chief, "/auth/admin/accounts/import/run", &form).await;
    let job = run.headers()[header::LOCATION].to_str().unwrap().to_owned();
    for _ in 0..200 {
        if page(&app, &mut chief, &job).await.contains("Done:") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    // The password once more, for something else.
    chief.age(&app, 901);
    let reader = app.named(READER.0).await;
    let press = format!("{}/link", address(&reader));
    assert_eq!(post(&app, &mut chief, &press, &[("password", CHIEF.1)]).await.status(), 200);
    assert_eq!(post(&app, &mut chief, &format!("{job}/links"), &[]).await.status(), 200);
}

#[actix_web::test]
async fn another_replica_says_that_it_does_not_know_the_import() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let (job, _) = with_links(&app, &mut chief, "username\nnew1\n").await;
    let replica = app.replica(&[]).await;
    let other = chief.get(&replica, &job).await;
    assert_eq!(other.status(), 404);
    assert!(other.text().await.unwrap().contains("another replica of this service"));
    let other = post(&replica, &mut chief, &format!("{job}/links"), &[]).await;
    assert_eq!(other.status(), 404);
    assert!(other.text().await.unwrap().contains("another replica of this service"));
    assert!(page(&app, &mut chief, &job).await.contains("1 link was made"), "there they still are");
}

async fn start_other(app: &TestApp) -> Browser {
    let other = ("deputy", "a long password of the deputy");
    app.account(other, &[]).await;
    app.change(other.0, AccountChange { administrator: Some(true), ..AccountChange::default() }).await;
    Browser::logged_in(app, other).await
}

#[actix_web::test]
async fn a_broken_table_says_line_and_column_and_does_nothing() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let table = "username,conditions,expires\nada,nonsense,\nbob,,soon\nreader,staff,\n";
    let refused = upload(&app, &mut chief, table.as_bytes()).await;
    assert_eq!(refused.status(), 400);
    let shown = read(&refused.text().await.unwrap());
    assert!(shown.contains("Line 2, conditions : There is no condition nonsense"), "{shown}");
    assert!(shown.contains("Line 3, expires : This is no day"), "{shown}");
    let run = post(&app, &mut chief, "/auth/admin/accounts/import/run", &[("table", table)]).await;
    assert_eq!(run.status(), 400, "what was not looked at is not done either");
    let refused = upload(&app, &mut chief, b"username\n\xff\xfe\n").await;
    assert!(refused.text().await.unwrap().contains("no text in UTF-8"));
    let huge = vec![b'x'; (16 << 20) + 1];
    let refused = upload(&app, &mut chief, &huge).await;
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("larger than 16 MB"));
    let forged = chief.send_file(&app, "/auth/admin/accounts/import", "x", table.as_bytes()).await;
    assert_eq!(forged.status(), 403);
    assert_eq!(app.context.store.accounts().await.unwrap().len(), 3);
}

#[actix_web::test]
async fn pages_of_accounts_are_for_administrators_only() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    let account = app.named(READER.0).await;
    for path in [LIST.to_owned(), format!("{LIST}/new"), address(&account), format!("{LIST}/deleted")] {
        assert_eq!(reader.get(&app, &path).await.status(), 403, "{path}");
        assert_eq!(Browser::default().get(&app, &path).await.status(), 303, "{path}");
    }
    let csrf = reader.csrf(&app, "/auth/login").await;
    for path in [format!("{LIST}/new"), address(&account), format!("{}/delete", address(&account))] {
        let refused = reader.post(&app, &path, &[("csrf", &csrf), ("username", "mallory")]).await;
        assert_eq!(refused.status(), 403, "{path}");
    }
    // The access cookie alone opens nothing here.
    let chief = Browser::logged_in(&app, CHIEF).await.copied_access();
    let refused = app
        .client
        .request(Method::GET, format!("{}{LIST}", app.address))
        .header(header::COOKIE, chief.header());
    assert_eq!(refused.send().await.unwrap().status(), 303);
}

#[actix_web::test]
async fn seeing_as_somebody_is_told_and_gives_no_credential() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let account = app.named(READER.0).await;
    let response = post(&app, &mut chief, &format!("{}/view-as", address(&account)), &[]).await;
    assert_eq!(response.headers()[header::LOCATION], "/auth/admin/explain?account=reader");
    let set = response.headers().get_all(header::SET_COOKIE).iter();
    assert!(set.filter(|cookie| cookie.to_str().unwrap().contains("access")).count() == 0);
    assert_eq!(words(&app).await[0], "account.view-as");
    assert_eq!(app.tile(LOCKED_TILE, &chief).await, 401, "the chief sees no more than before");
}

#[actix_web::test]
async fn an_end_that_has_come_is_a_lock_and_asks_like_one() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let own = app.named(CHIEF.0).await;
    let over = [("expires", "2020-01-01"), ("administrator", "1")];
    let revision = own.revision.to_string();
    let form = [&over[..], &[("revision", revision.as_str())]].concat();
    let refused = post(&app, &mut chief, &address(&own), &form).await;
    assert_eq!(refused.status(), 409, "nobody could open the administration any more");
    let reader = app.named(READER.0).await;
    let revision = reader.revision.to_string();
    let form = [("expires", "2020-01-01"), ("held-staff", "1"), ("revision", revision.as_str())];
    chief.age(&app, 901);
    let asked = post(&app, &mut chief, &address(&reader), &form).await;
    assert_eq!(asked.status(), 403);
    assert_eq!(app.named(READER.0).await.expires, None);
    let form = [&form[..], &[("password", CHIEF.1)]].concat();
    assert_eq!(post(&app, &mut chief, &address(&reader), &form).await.status(), 303);
    assert!(app.named(READER.0).await.expires.is_some());
}

#[actix_web::test]
async fn s13_a_file_of_somebody_else_is_refused_before_it_is_read() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let app = start().await;
    let reader = Browser::logged_in(&app, READER).await;
    for (cookie, status) in [(String::new(), "303"), (reader.header(), "403")] {
        for path in ["/auth/admin/accounts/import", "/auth/admin/accounts/import/run"] {
            let address = app.address.strip_prefix("http://").unwrap();
            let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: img.test\r\nX-Real-IP: 192.0.2.7\r\nCookie: {cookie}\r\n\
                 Content-Length: 16000000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
            );
            connection.write_all(head.as_bytes()).await.unwrap();
            // Nothing more is sent: whoever waited for it would wait for ever.
            let mut answer = [0; 12];
            connection.read_exact(&mut answer).await.unwrap();
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert!(answer.ends_with(status), "{path}: {answer}");
        }
    }
}
