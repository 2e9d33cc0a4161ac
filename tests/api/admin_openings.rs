//! Whatever lets more people in than now asks for the password again, a quarter of an hour after it was given; what
//! lets fewer in does not: closing must never wait for anything.

use crate::admin::{CHIEF, start};
use crate::admin_rules::{fields_of, manifest, page, post, shown};
use crate::app::*;

/// Posts what a page that asks has in it, with a password; `None`: as if there were no field for one.
async fn answer(
    app: &TestApp,
    chief: &mut Browser,
    path: &str,
    asked: &str,
    password: Option<&str>,
) -> reqwest::Response {
    let hidden = fields_of(asked);
    let mut fields: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("do", "save"));
    fields.extend(password.map(|password| ("password", password)));
    post(app, chief, path, &fields).await
}

const FIELD: &str = r#"name="password" type="password""#;

/// Asks, without and with a wrong password, and then does it; a tile is looked at each time.
async fn opens_with_the_password_alone(app: &TestApp, path: &str, asked: String, tile: &str) {
    let mut chief = Browser::logged_in(app, CHIEF).await;
    chief.age(app, 16 * 60);
    let nobody = Browser::default();
    let before = app.tile(tile, &nobody).await;
    assert_ne!(before, 200);
    for (password, said) in
        [(None, "Please give your password"), (Some("wrong"), "That is not your password.")]
    {
        let again = answer(app, &mut chief, path, &asked, password).await;
        assert_eq!(again.status(), 403, "{path}");
        let again = again.text().await.unwrap();
        assert!(again.contains(said) && again.contains(FIELD), "{path}: {again}");
        assert!(!again.contains("value=\"wrong\""), "{path}: {again}");
        assert_eq!(fields_of(&again).iter().filter(|(name, _)| name != "csrf").count(), {
            fields_of(&asked).iter().filter(|(name, _)| name != "csrf").count()
        });
        assert_eq!(app.tile(tile, &nobody).await, before, "{path}");
    }
    let copy = chief.cookies.clone();
    let done = answer(app, &mut chief, path, &asked, Some(CHIEF.1)).await;
    assert_eq!(done.status(), 303, "{path}: {}", done.text().await.unwrap());
    assert_eq!(app.tile(tile, &nobody).await, 200, "{path}");
    assert_eq!(chief.get(app, "/auth/admin/").await.status(), 200, "S2: the session goes on as another one");
    let mut thief = Browser { cookies: copy };
    assert_eq!(thief.get(app, "/auth/admin/").await.status(), 303, "S2: and the one before is over");
}

#[actix_web::test]
async fn s2_a_rule_that_opens_something_asks_for_the_password_again() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 2).await;
    let path = "/auth/admin/rules/2";
    let open =
        [("mount", "images"), ("identifier", "protected"), ("need-open", "1"), ("shown", was.as_str())];
    let fresh = post(&app, &mut chief, path, &open).await.text().await.unwrap();
    assert!(!fresh.contains(FIELD), "the password was given just now");
    chief.age(&app, 16 * 60);
    let asked = post(&app, &mut chief, path, &open).await.text().await.unwrap();
    assert!(asked.contains(FIELD), "{asked}");
    opens_with_the_password_alone(&app, path, asked, LOCKED_TILE).await;
}

#[actix_web::test]
async fn a_rule_that_closes_something_asks_for_no_password() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    chief.age(&app, 16 * 60);
    let new = "/auth/admin/rules/new";
    let fields = [("mount", "images"), ("identifier", "open"), ("need-closed", "1")];
    let asked = post(&app, &mut chief, new, &fields).await.text().await.unwrap();
    assert!(asked.contains("From then on") && !asked.contains(FIELD), "{asked}");
    let done = answer(&app, &mut chief, new, &asked, None).await;
    assert_eq!(done.status(), 303, "{}", done.text().await.unwrap());
    assert_ne!(app.tile(OPEN_TILE, &Browser::default()).await, 200);
}

#[actix_web::test]
async fn s2_a_restored_rule_that_opens_something_asks_for_the_password_again() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let was = shown(&app, 1).await;
    let asked = post(&app, &mut chief, "/auth/admin/rules/1/delete", &[("shown", &was)]).await;
    let asked = asked.text().await.unwrap();
    assert_eq!(answer(&app, &mut chief, "/auth/admin/rules/1/delete", &asked, None).await.status(), 303);
    let deleted = page(&app, &mut chief, "/auth/admin/rules/deleted").await;
    let path = deleted.split("action=\"").find(|part| part.starts_with("/auth/admin/rules/deleted/"));
    let path = path.unwrap().split('"').next().unwrap().to_owned();
    let asked = post(&app, &mut chief, &path, &[]).await.text().await.unwrap();
    opens_with_the_password_alone(&app, &path, asked, OPEN_TILE).await;
}

#[actix_web::test]
async fn s2_rules_of_a_manifest_that_open_something_ask_for_the_password_again() {
    let app = start().await;
    app.image_server.answers(200, manifest());
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let (path, new) = ("/auth/admin/rules/manifest", "/auth/admin/rules/new");
    let close = [("mount", "images"), ("identifier", "open/book"), ("need-closed", "1")];
    let asked = post(&app, &mut chief, new, &close).await.text().await.unwrap();
    assert_eq!(answer(&app, &mut chief, new, &asked, None).await.status(), 303);
    let url = format!("{PUBLIC}/iiif/manifests/open/book.json");
    let fields = [("url", url.as_str()), ("range-0", "1"), ("need-open", "1")];
    let asked = post(&app, &mut chief, path, &fields).await.text().await.unwrap();
    let tile = "/iiif/images/open%2Fbook%2F1/full/max/0/default.jpg";
    opens_with_the_password_alone(&app, path, asked, tile).await;
}

/// It does nothing until the embargo ends, and opens all of it then.
#[actix_web::test]
async fn s2_a_rule_that_opens_once_another_one_ends_asks_for_the_password_again() {
    let app = start().await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    let new = "/auth/admin/rules/new";
    let spot = [("mount", "images"), ("identifier", "protected/embargo")];
    let embargo = [&spot[..], &[("need-closed", "1"), ("until", "2999-01-01")]].concat();
    let asked = post(&app, &mut chief, new, &embargo).await.text().await.unwrap();
    assert_eq!(answer(&app, &mut chief, new, &asked, None).await.status(), 303);
    chief.age(&app, 16 * 60);
    let open = [&spot[..], &[("need-open", "1")]].concat();
    let asked = post(&app, &mut chief, new, &open).await.text().await.unwrap();
    assert!(asked.contains("2999-01-01") && asked.contains(FIELD), "{asked}");
    assert_eq!(answer(&app, &mut chief, new, &asked, None).await.status(), 403);
    assert_eq!(answer(&app, &mut chief, new, &asked, Some(CHIEF.1)).await.status(), 303);
}
