//! Passes made, found and revoked by an administrator, and by another application.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tilegate::audit::Act;
use tilegate::clock;

use crate::admin::{CHIEF, start};
use crate::admin_rules::{page, post};
use crate::app::*;

const LIST: &str = "/auth/admin/passes";
const NEW: &str = "/auth/admin/passes/new";
const LETTER: &str = "/iiif/images/protected%2Fletter%2F2/full/max/0/default.jpg";
const MORE: &str = "/iiif/images/protected%2Fmore/full/max/0/default.jpg";

/// What a form posts that changes nothing of its first values.
const WHOLE: [(&str, &str); 5] = [
    ("mount", "images"),
    ("identifier", "protected/letter"),
    ("match", "prefix"),
    ("kind", "token"),
    ("life", "7d"),
];

fn with<'f>(changes: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let kept = WHOLE.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).copied().collect()
}

/// What stands between two texts of a page, the first time.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page.split_once(before).expect(before).1;
    rest.split_once(after).unwrap().0
}

async fn tile(app: &TestApp, uri: &str, authorization: &str) -> u16 {
    app.check(uri).header("Authorization", authorization).send().await.unwrap().status().as_u16()
}

async fn made(app: &TestApp, chief: &mut Browser, changes: &[(&str, &str)]) -> String {
    let answer = post(app, chief, NEW, &with(changes)).await;
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, 200, "{text}");
    text
}

fn token_of(page: &str) -> String {
    format!("Bearer {}", between(page, "<textarea id=\"token\"", "</textarea>").split_once('>').unwrap().1)
}

fn id_of(page: &str) -> String {
    between(page, "href=\"/auth/admin/passes/", "\"").to_owned()
}

// -- pages ---------------------------------------------------------------------------------------

#[actix_web::test]
async fn s16_a_pass_is_made_and_its_secret_shown_once() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let empty = page(&app, &mut chief, LIST).await;
    assert!(empty.contains("No pass.") && empty.contains(NEW), "{empty}");
    let answer = made(&app, &mut chief, &[("note", "for <BIIGLE>")]).await;
    let token = token_of(&answer);
    assert_eq!(tile(&app, LOCKED_TILE, &token).await, 200, "at once");
    assert_eq!(tile(&app, MORE, &token).await, 401);
    // It may have an underscore in it, too.
    let secret = token.get(token.len() - 32..).unwrap();
    assert!(answer.contains(&format!("/auth/share/{secret}")), "{answer}");
    for path in [LIST.to_owned(), format!("{LIST}/{}", id_of(&answer)), "/auth/admin/audit".to_owned()] {
        let shown = page(&app, &mut chief, &path).await;
        assert!(!shown.contains(secret), "{path}");
    }
    let list = page(&app, &mut chief, LIST).await;
    assert!(list.contains("for &#60;BIIGLE&#62;") && list.contains("protected/letter"), "{list}");
    let one = page(&app, &mut chief, &format!("{LIST}/{}", id_of(&answer))).await;
    assert!(one.contains(CHIEF.0) && one.contains("whatever is asked for"), "{one}");
}

#[actix_web::test]
async fn a_revoked_pass_ends_at_once_and_is_found_among_those_that_are_over() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let answer = made(&app, &mut chief, &[]).await;
    let (token, id) = (token_of(&answer), id_of(&answer));
    // What closes something does not ask for the password.
    chief.age(&app, 16 * 60);
    let revoked = post(&app, &mut chief, &format!("{LIST}/{id}/revoke"), &[]).await;
    assert_eq!(revoked.status(), 303);
    assert_eq!(tile(&app, LOCKED_TILE, &token).await, 401);
    let one = page(&app, &mut chief, &format!("{LIST}/{id}")).await;
    assert!(one.contains("revoked 20") && !one.contains("/revoke\""), "{one}");
    for (state, there) in [("active", false), ("over", true), ("making", false), ("nonsense", true)] {
        let list = page(&app, &mut chief, &format!("{LIST}?state={state}")).await;
        assert_eq!(list.contains(&id), there, "{state}");
    }
    for (q, there) in [("letter", true), ("LETTER", true), ("%25", false), (id.as_str(), true)] {
        let list = page(&app, &mut chief, &format!("{LIST}?q={q}")).await;
        assert_eq!(list.contains(&format!("passes/{id}")), there, "{q}");
    }
    let unknown = post(&app, &mut chief, &format!("{LIST}/{}/revoke", "0".repeat(32)), &[]).await;
    assert_eq!(unknown.status(), 404);
}

#[actix_web::test]
async fn s2_a_new_pass_asks_for_the_password_again() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    chief.age(&app, 16 * 60);
    for (password, said) in [("", "Please give your password"), ("wrong", "That is not your password.")] {
        let asked = post(&app, &mut chief, NEW, &with(&[("password", password), ("note", "kept")])).await;
        assert_eq!(asked.status(), 403);
        let asked = asked.text().await.unwrap();
        assert!(asked.contains(said) && asked.contains("value=\"kept\""), "{asked}");
    }
    let found = page(&app, &mut chief, LIST).await;
    assert!(found.contains("No pass."), "{found}");
    made(&app, &mut chief, &[("password", CHIEF.1)]).await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_new_pass_is_said_beside_the_field_and_nothing_is_made() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let long = "x".repeat(501);
    for (change, said) in [
        (("mount", "nowhere"), "mount-fault"),
        (("identifier", "a/../b"), "identifier-fault"),
        (("identifier", "a%2Fb"), "identifier-fault"),
        (("identifier", "/iiif/images/protected/letter"), "This is an address"),
        (("identifier", "https://img.test/iiif/images/x"), "This is an address"),
        (("identifier", "a\u{202e}b"), "identifier-fault"),
        (("max_px", "many"), "pixels-fault"),
        (("max_px", "100"), "pixels-fault"),
        (("max_px", "99999999999"), "pixels-fault"),
        (("until", "tomorrow"), "until-fault"),
        (("until", "2001-01-01"), "This day has begun"),
        (("until", "9999-01-01"), "within ten years"),
        (("note", long.as_str()), "note-fault"),
        (("note", "a\u{202e}b"), "note-fault"),
        (("kind", "link"), "uses-fault"),
    ] {
        let answer = post(&app, &mut chief, NEW, &with(&[change])).await;
        assert_eq!(answer.status(), 400, "{change:?}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(said) && text.contains("autofocus"), "{change:?}: {text}");
    }
    let gone = post(&app, &mut chief, NEW, &with(&[("held-nonsense", "1")])).await;
    assert_eq!(gone.status(), 409);
    for uses in ["0", "-1", "x"] {
        let answer = post(&app, &mut chief, NEW, &with(&[("kind", "link"), ("uses", uses)])).await;
        assert_eq!(answer.status(), 400, "{uses}");
    }
    assert!(page(&app, &mut chief, LIST).await.contains("No pass."));
    let from =
        page(&app, &mut chief, &format!("{NEW}?url={PUBLIC}/iiif/images/protected%252Fletter/info.json"))
            .await;
    assert!(from.contains("value=\"protected/letter\""), "{from}");
    let from = chief.get(&app, &format!("{NEW}?url=https://example.org/")).await;
    assert_eq!(from.status(), 400);
}

#[actix_web::test]
async fn a_link_that_is_counted_is_no_token_and_an_application_opens_nothing() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let link = made(&app, &mut chief, &[("kind", "link"), ("uses", "2")]).await;
    assert!(link.contains("/auth/share/") && !link.contains("id=\"token\""), "{link}");
    let making = made(&app, &mut chief, &[("kind", "making"), ("uses", "x")]).await;
    assert!(!making.contains("/auth/share/") && making.contains("/auth/api/passes"), "{making}");
    assert_eq!(tile(&app, LOCKED_TILE, &token_of(&making)).await, 401);
    let list = page(&app, &mut chief, &format!("{LIST}?state=making")).await;
    assert!(list.contains("opens nothing") && list.contains("One pass."), "{list}");
}

#[actix_web::test]
async fn s16_an_address_that_carries_the_pass_is_shown_where_there_can_be_one() {
    let app =
        TestApp::start_with(&[("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ rules=images")])
            .await;
    crate::admin::add_chief(&app).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    for (changes, count) in [
        (&[][..], 1),
        (&[("match", "exact")], 1),
        (&[("max_px", "2000")], 0),
        (&[("kind", "link"), ("uses", "1")], 0),
        (&[("kind", "making")], 0),
    ] {
        let page = made(&app, &mut chief, changes).await;
        assert_eq!(page.matches(&format!("{PUBLIC}/files/tgp_")).count(), count, "{changes:?}: {page}");
    }
}

#[actix_web::test]
async fn nobody_else_sees_or_makes_passes() {
    let app = start().await;
    let mut reader = Browser::logged_in(&app, READER).await;
    for path in [LIST, NEW] {
        assert_eq!(reader.get(&app, path).await.status(), 403, "{path}");
        assert_eq!(Browser::default().get(&app, path).await.status(), 303, "{path}");
    }
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let csrf = chief.csrf(&app, NEW).await;
    let across = chief.post_across(&app, NEW, &with(&[("csrf", &csrf)])).await;
    assert_eq!(across.status(), 403, "S13");
    assert!(page(&app, &mut chief, LIST).await.contains("No pass."));
}

// -- another application -------------------------------------------------------------------------

async fn api(app: &TestApp, method: Method, path: &str, token: &str, body: Option<Value>) -> Response {
    let request = app.nginx(method, &format!("/auth/api/passes{path}"), "/auth/api/passes");
    let request = request.header("Authorization", token);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    request.send().await.unwrap()
}

async fn told(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(!answer.headers().contains_key("set-cookie"));
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
    (status, answer.json().await.unwrap())
}

/// The token of an application, for `protected/letter` and what is below it.
async fn application(app: &TestApp, changes: &[(&str, &str)]) -> (String, String) {
    let mut chief = Browser::logged_in(app, CHIEF).await;
    let changes: Vec<_> = changes.iter().copied().chain([("kind", "making")]).collect();
    let page = made(app, &mut chief, &changes).await;
    (token_of(&page), id_of(&page))
}

#[actix_web::test]
async fn an_application_makes_an_address_that_counts_once() {
    let app = start().await;
    let (token, maker) = application(&app, &[]).await;
    let wanted = json!({ "identifier": "protected/letter/2", "exact": true, "note": "user 17", "to": "/viewer?volume=7" });
    let answer = api(&app, Method::POST, "", &token, Some(wanted)).await;
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let (status, made) = told(answer).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["uses_left"], 1);
    assert_eq!((&made["mount"], &made["identifier"]), (&json!("images"), &json!("protected/letter/2")));
    let address = made["redeem_url"].as_str().unwrap();
    let path = address.strip_prefix(PUBLIC).unwrap().strip_suffix("?to=%2Fviewer%3Fvolume%3D7").unwrap();
    assert_eq!(location, format!("/auth/api/passes/{}", made["id"].as_str().unwrap()));

    let mut visitor = Browser::default();
    let csrf = visitor.csrf(&app, &format!("{path}?to=/viewer?volume=7")).await;
    let redeemed = visitor.post(&app, path, &[("csrf", &csrf), ("to", "/viewer?volume=7")]).await;
    assert_eq!(
        (redeemed.status().as_u16(), redeemed.headers()["location"].to_str().unwrap()),
        (303, "/viewer?volume=7")
    );
    assert_eq!(app.tile(LETTER, &visitor).await, 200);
    assert_eq!(app.tile(LOCKED_TILE, &visitor).await, 401, "for that one alone");
    assert_eq!(Browser::default().get(&app, path).await.status(), 404, "it is used up");

    let (status, list) = told(api(&app, Method::GET, "", &token, None).await).await;
    assert_eq!((status, &list["total"], &list["pages"]), (200, &json!(1), &json!(1)), "{list}");
    let listed = &list["passes"][0];
    assert_eq!((&listed["uses_left"], &listed["note"]), (&json!(0), &json!("user 17")));
    assert!(
        !list.to_string().contains("secret") && !list.to_string().contains(path.rsplit('/').next().unwrap())
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(told(api(&app, Method::GET, &format!("/{id}"), &token, None).await).await.1["id"], id);

    let ended = api(&app, Method::DELETE, &format!("/{id}"), &token, None).await;
    assert_eq!(ended.status(), 204);
    assert_eq!(app.tile(LETTER, &visitor).await, 401, "at once, for those who have redeemed it");
    assert_eq!(api(&app, Method::DELETE, &format!("/{id}"), &token, None).await.status(), 204, "again");
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let audit = page(&app, &mut chief, &format!("/auth/admin/audit?about={maker}")).await;
    assert!(audit.contains("an application, with the pass"), "{audit}");
}

#[actix_web::test]
async fn an_application_makes_nothing_beyond_its_own_pass() {
    let app = start().await;
    let (token, _) = application(&app, &[("held-staff", "1"), ("max_px", "2000"), ("life", "8h")]).await;
    for (wanted, status, member) in [
        (json!({ "identifier": "protected/more" }), 403, "identifier"),
        (json!({ "identifier": "protected/letters" }), 403, "identifier"),
        (json!({ "identifier": "protected" }), 403, "identifier"),
        (json!({ "identifier": "" }), 403, "identifier"),
        (json!({ "identifier": "protected/letter/../more" }), 422, "identifier"),
        (json!({ "identifier": "protected/letter/%2e%2e/more" }), 422, "identifier"),
        (json!({ "identifier": "protected/letter", "conditions": ["staff", "clinical"] }), 403, "conditions"),
        (json!({ "identifier": "protected/letter", "conditions": [] }), 422, "conditions"),
        (json!({ "identifier": "protected/letter", "max_px": 2001 }), 403, "max_px"),
        (json!({ "identifier": "protected/letter", "max_px": 1 }), 422, "max_px"),
        (json!({ "identifier": "protected/letter", "expires_in": 28_801 }), 422, "expires_in"),
        (json!({ "identifier": "protected/letter", "expires_in": 0 }), 422, "expires_in"),
        (json!({ "identifier": "protected/letter", "uses": 0 }), 422, "uses"),
        (json!({ "identifier": "protected/letter", "note": "a\u{202e}b" }), 422, "note"),
        (json!({ "identifier": "protected/letter", "to": "https://evil.test/" }), 422, "to"),
        (json!({ "identifier": "protected/letter", "to": "//evil.test/" }), 422, "to"),
    ] {
        let (got, problem) = told(api(&app, Method::POST, "", &token, Some(wanted.clone())).await).await;
        assert_eq!((got, problem["member"].as_str()), (status, Some(member)), "{wanted}: {problem}");
        assert_eq!(problem["status"], status);
    }
    for wanted in [
        json!({}),
        json!({ "identifier": 7 }),
        json!({ "identifier": "protected/letter", "maker": "x" }),
        json!([]),
    ] {
        let (got, problem) = told(api(&app, Method::POST, "", &token, Some(wanted.clone())).await).await;
        assert_eq!(got, 400, "{wanted}: {problem}");
    }
    let large = json!({ "identifier": "protected/letter", "note": "x".repeat(20_000) });
    assert_eq!(told(api(&app, Method::POST, "", &token, Some(large)).await).await.0, 413);
    let (_, list) = told(api(&app, Method::GET, "", &token, None).await).await;
    assert_eq!(list["total"], 0, "nothing was made");
    // What it does give goes over to what it makes.
    let (status, made) =
        told(api(&app, Method::POST, "", &token, Some(json!({ "identifier": "protected/letter" }))).await)
            .await;
    assert_eq!(status, 201, "{made}");
    let (_, list) = told(api(&app, Method::GET, "", &token, None).await).await;
    let (conditions, max_px) = (&list["passes"][0]["conditions"], &list["passes"][0]["max_px"]);
    assert_eq!((conditions, max_px), (&json!(["staff"]), &json!(2000)));
}

#[actix_web::test]
async fn s8_only_a_pass_that_makes_passes_is_heard_and_sees_only_its_own() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let ordinary = made(&app, &mut chief, &[]).await;
    let (token, id) = application(&app, &[]).await;
    let (other, _) = application(&app, &[]).await;
    let wanted = || Some(json!({ "identifier": "protected/letter" }));
    let (_, theirs) = told(api(&app, Method::POST, "", &other, wanted()).await).await;
    let theirs = theirs["id"].as_str().unwrap();
    for path in [theirs.to_owned(), id_of(&ordinary), id.clone(), "0".repeat(32), "x".to_owned()] {
        for method in [Method::GET, Method::DELETE] {
            let answer = api(&app, method, &format!("/{path}"), &token, None).await;
            assert_eq!(answer.status(), 404, "{path}");
        }
    }
    let mut answers = Vec::new();
    for wrong in [
        String::new(),
        token_of(&ordinary),
        format!("{token}x"),
        token.replace("Bearer", "Digest"),
        format!("Bearer tgp_{}_{}", "0".repeat(32), token.get(token.len() - 32..).unwrap()),
    ] {
        for (method, body) in [(Method::POST, wanted()), (Method::POST, None), (Method::GET, None)] {
            let answer = api(&app, method, "", &wrong, body).await;
            assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"passes\"", "{wrong}");
            answers.push(told(answer).await);
        }
    }
    assert!(answers.iter().all(|answer| answer.0 == 401 && *answer == answers[0]), "{answers:?}");
    // No cookie counts, not even an administrator's.
    let with_cookie = app.nginx(Method::POST, "/auth/api/passes", "/auth/api/passes");
    let with_cookie = with_cookie.header("Cookie", chief.header()).json(&wanted().unwrap());
    assert_eq!(with_cookie.send().await.unwrap().status(), 401);
    assert_eq!(api(&app, Method::PUT, "", &token, wanted()).await.status(), 405);

    // When the application's pass ends, so does what it made.
    assert_eq!(app.context.live.current().revocations.passes.len(), 2, "the ordinary one and the other's");
    let (_, made) = told(api(&app, Method::POST, "", &token, wanted()).await).await;
    assert_eq!(app.context.live.current().revocations.passes.len(), 3, "{made}");
    post(&app, &mut chief, &format!("{LIST}/{id}/revoke"), &[]).await;
    assert_eq!(app.context.live.current().revocations.passes.len(), 2);
    assert_eq!(api(&app, Method::POST, "", &token, wanted()).await.status(), 401);
}

#[actix_web::test]
async fn s17_an_application_of_a_restored_database_makes_nothing() {
    let app = start().await;
    let (token, _) = application(&app, &[]).await;
    app.context.store.renew_epoch(Act::command(clock::now())).await.unwrap();
    let answer = api(&app, Method::POST, "", &token, Some(json!({ "identifier": "protected/letter" }))).await;
    assert_eq!(answer.status(), 401);
}
