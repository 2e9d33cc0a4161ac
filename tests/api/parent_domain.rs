//! `TILEGATE_COOKIE_DOMAIN`: sibling hosts that share accounts get the access cookie, and what else a sibling can do.

use reqwest::Method;

use crate::admin::{CHIEF, add_chief};
use crate::app::*;

const DOMAIN: (&str, &str) = ("TILEGATE_COOKIE_DOMAIN", "example.org");
const COOKIE: &str = "__Secure-tilegate_domain_access";

async fn start() -> TestApp {
    TestApp::start_with(&[("TILEGATE_PUBLIC_URL", "https://img.example.org"), DOMAIN]).await
}

/// Another service at another host, over the same accounts and with the same keys.
async fn sibling(app: &TestApp) -> TestApp {
    app.replica(&[("TILEGATE_PUBLIC_URL", "https://data.example.org")]).await
}

/// The status of a tile at a host for these cookies.
async fn tile(app: &TestApp, host: &str, uri: &str, cookies: &str) -> u16 {
    let mut request = app.nginx(Method::GET, "/query_auth", uri).build().unwrap();
    request.headers_mut().insert("x-original-host", host.parse().unwrap());
    request.headers_mut().insert("cookie", cookies.parse().unwrap());
    app.client.execute(request).await.unwrap().status().as_u16()
}

/// What of a browser's cookies goes to every host of the domain.
fn shared(browser: &Browser) -> String {
    format!("{COOKIE}={}", browser.cookies[COOKIE])
}

#[actix_web::test]
async fn s3_the_access_cookie_alone_is_for_the_domain() {
    let app = start().await;
    let mut reader = Browser::default();
    let csrf = reader.csrf(&app, "/auth/login").await;
    let form = [("csrf", csrf.as_str()), ("username", READER.0), ("password", READER.1)];
    let response = reader.post(&app, "/auth/login", &form).await;
    let set: Vec<_> =
        response.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap().to_owned()).collect();
    let (shared, own): (Vec<_>, Vec<_>) = set.iter().partition(|set| set.contains("Domain="));
    assert_eq!(shared.len(), 1, "{set:?}");
    assert!(shared[0].starts_with(COOKIE) && shared[0].contains("Domain=example.org"), "{shared:?}");
    assert!(own.iter().all(|set| set.starts_with("__Host-")), "{own:?}");
    let mut left = Browser { cookies: reader.cookies.clone() };
    let response = left.get(&app, "/auth/logout").await;
    let removed = response.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap().to_owned());
    let removed: Vec<_> = removed.filter(|set| set.starts_with(COOKIE)).collect();
    assert!(removed[0].contains("Max-Age=0") && removed[0].contains("Domain=example.org"), "{removed:?}");
}

#[actix_web::test]
async fn a_login_at_one_host_counts_at_its_sibling_and_ends_there_too() {
    let app = start().await;
    let other = sibling(&app).await;
    let reader = Browser::logged_in(&app, READER).await;
    assert_eq!(tile(&app, "img.example.org", LOCKED_TILE, &shared(&reader)).await, 200);
    assert_eq!(tile(&other, "data.example.org", LOCKED_TILE, &shared(&reader)).await, 200);
    assert_eq!(
        tile(&other, "img.example.org", LOCKED_TILE, &shared(&reader)).await,
        403,
        "each has its own host"
    );
    // The pages of the sibling know nobody: their session is the other host's alone.
    let mut at_other = Browser { cookies: [(COOKIE.to_owned(), reader.cookies[COOKIE].clone())].into() };
    assert_eq!(at_other.get(&other, "/auth/password").await.status(), 303);
    at_other.get(&other, "/auth/logout").await;
    assert_eq!(tile(&other, "data.example.org", LOCKED_TILE, &shared(&reader)).await, 401);
    app.context.live.refresh(tilegate::clock::now()).await.unwrap();
    assert_eq!(tile(&app, "img.example.org", LOCKED_TILE, &shared(&reader)).await, 401);
}

#[actix_web::test]
async fn s1_a_cookie_that_a_sibling_tosses_in_gives_nobody_anything() {
    let app = start().await;
    let host = "img.example.org";
    let (reader, nobody) = (Browser::logged_in(&app, READER).await, Browser::logged_in(&app, NOBODY).await);
    let (own, tossed) = (shared(&reader), shared(&nobody));
    for cookies in [format!("{tossed}; {own}"), format!("{own}; {tossed}"), format!("{own}; {own}")] {
        assert_eq!(tile(&app, host, LOCKED_TILE, &cookies).await, 401, "of two none counts");
        assert_eq!(tile(&app, host, OPEN_TILE, &cookies).await, 200, "and what is open stays open");
    }
    // Without the domain's name, or with that of another kind of set-up, a cookie is none.
    let value = own.split_once('=').unwrap().1;
    for name in ["__Host-tilegate_access", "tilegate_access", "__secure-tilegate_domain_access"] {
        assert_eq!(tile(&app, host, LOCKED_TILE, &format!("{name}={value}")).await, 401, "{name}");
    }
    let host_only = TestApp::start().await;
    let theirs = Browser::logged_in(&host_only, READER).await;
    let renamed = format!("{COOKIE}={}", theirs.access());
    assert_eq!(tile(&host_only, "img.test", LOCKED_TILE, &renamed).await, 401);
}

#[actix_web::test]
async fn s13_a_sibling_is_another_site_to_every_form_and_administers_nothing() {
    let app = start().await;
    add_chief(&app).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    assert_eq!(chief.get(&app, "/auth/admin/").await.status(), 200);
    let mut copied = Browser { cookies: [(COOKIE.to_owned(), chief.cookies[COOKIE].clone())].into() };
    assert_eq!(
        copied.get(&app, "/auth/admin/").await.status(),
        303,
        "the cookie that siblings see opens no page"
    );
    let csrf = chief.csrf(&app, "/auth/password").await;
    for site in ["same-site", "cross-site", "nonsense"] {
        let request = app.client.post(format!("{}/auth/password", app.address));
        let request = request.header("Cookie", chief.header()).header("Sec-Fetch-Site", site);
        let form = [("csrf", csrf.as_str()), ("old", CHIEF.1), ("new", "x"), ("again", "x")];
        let response = request.header("X-Real-IP", "192.0.2.7").form(&form).send().await.unwrap();
        assert_eq!(response.status(), 403, "{site}");
    }
}
