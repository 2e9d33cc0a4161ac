//! Neuroglancer's `middleauth` through real NGINX and real Tilegate: discovery, the window, reads with the token, and what
//! its client is told of what it may not read.

use std::fs;

use crate::service::{Service, cookies, log_in, prepare};
use crate::site::{HOST, Reply, Site};

const VIEWER: &str = "https://viewer.test";
const AUTHORIZE: &str = "/auth/middleauth/api/v1/authorize";
const CONSENT: &str = "/auth/middleauth/consent";
const CHUNK: &str = "/files/private/0.0.0";
const BYTES: &[u8] = b"0123456789 of a chunk";

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }

    [[rule]]
    mount = "files"
    identifier = "private"
    conditions = ["staff"]
"#;

fn start() -> (Service, Site) {
    let mut prepared = prepare();
    let folder = prepared.plan.folder().join("files");
    fs::create_dir_all(folder.join("private")).unwrap();
    fs::write(folder.join("private/0.0.0"), BYTES).unwrap();
    prepared.plan = prepared
        .plan
        // A site's own headers and names are none of this flow's.
        .server("add_header Cross-Origin-Opener-Policy same-origin; location ~* \\.(json|0)$ { return 410; }")
        .setting("TILEGATE_NEUROGLANCER_ORIGINS", VIEWER);
    let typed = format!("file /files/ file://{}/", folder.display());
    prepared.mount("FILES", &typed).start(POLICY)
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The cookies of a browser, with those of an answer in the place of older ones.
fn with(jar: &str, reply: &Reply) -> String {
    let new = cookies(reply);
    let name = |pair: &str| pair.split('=').next().unwrap().to_owned();
    let replaced: Vec<_> = new.split("; ").map(name).collect();
    let kept = jar.split("; ").filter(|pair| !pair.is_empty() && !replaced.contains(&name(pair)));
    kept.chain(new.split("; ").filter(|pair| !pair.is_empty())).collect::<Vec<_>>().join("; ")
}

/// Everything that a person does in the window; the `Authorization` header that the client sends from then on.
fn allowed(site: &Site) -> String {
    let jar = log_in(site);
    let opened = site.ask(
        "GET",
        AUTHORIZE,
        &[
            ("Cookie", &jar),
            ("Referer", "https://viewer.test/"),
            ("Sec-Fetch-Dest", "document"),
            ("Sec-Fetch-Site", "cross-site"),
        ],
    );
    assert_eq!((opened.status, opened.header("Location")), (303, Some(CONSENT)), "{opened:?}");
    let jar = with(&jar, &opened);
    let page = site.ask("GET", CONSENT, &[("Cookie", &jar)]);
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.all("Cross-Origin-Opener-Policy").is_empty(), "it has to know who opened it: {page:?}");
    let jar = with(&jar, &page);
    let body = text(&page);
    let field = |name: &str| {
        let (_, rest) = body.split_once(&format!(r#"name="{name}" value=""#)).expect("a form");
        rest.split('"').next().unwrap().to_owned()
    };
    let form = format!("csrf={}&id={}", field("csrf"), field("id"));
    let answered = site.send(
        format!(
            "POST {CONSENT} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nCookie: {jar}\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        )
        .as_bytes(),
    );
    assert_eq!(answered.status, 200, "{answered:?}");
    assert!(answered.all("Cross-Origin-Opener-Policy").is_empty(), "{answered:?}");
    let body = text(&answered);
    let (_, rest) = body.split_once(r#""token":""#).expect("a token");
    assert!(body.contains(r#""app_urls":["https://images.example.org"]"#), "{body}");
    format!("Bearer {}", rest.split('"').next().unwrap())
}

#[test]
fn n20_discovery_is_read_by_every_page_and_by_no_regular_expression_of_the_site() {
    let (_service, site) = start();
    let info = site.ask("GET", "/auth_info", &[("Origin", VIEWER)]);
    assert_eq!(
        (info.status, text(&info).as_str()),
        (200, r#"{"login_url":"https://images.example.org/auth/middleauth"}"#)
    );
    assert_eq!(info.all("Access-Control-Allow-Origin"), ["*"]);
    assert!(info.all("Set-Cookie").is_empty());
    assert_eq!(site.ask("POST", "/auth_info", &[("Content-Length", "0")]).status, 405);
}

#[test]
fn a_token_reads_chunks_and_ranges_across_origins() {
    let (_service, site) = start();
    let token = allowed(&site);
    let read = |method: &str, more: &[(&str, &str)]| {
        let headers: Vec<_> =
            [("Origin", VIEWER), ("Authorization", &token)].into_iter().chain(more.iter().copied()).collect();
        let reply = site.ask(method, CHUNK, &headers);
        assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "{reply:?}");
        let exposed = reply.header("Access-Control-Expose-Headers").unwrap().to_ascii_lowercase();
        for name in ["content-range", "content-encoding", "content-length"] {
            assert!(exposed.contains(name), "{exposed}");
        }
        assert_eq!(reply.header("Cache-Control"), Some("private, no-cache"));
        reply
    };
    let whole = read("GET", &[]);
    assert_eq!((whole.status, whole.body.as_slice()), (200, BYTES));
    let part = read("GET", &[("Range", "bytes=2-4")]);
    assert_eq!((part.status, part.body.as_slice()), (206, &BYTES[2..5]));
    assert_eq!(part.header("Content-Range"), Some("bytes 2-4/21"));
    // For a piece at the end the client asks how long it is.
    let head = read("HEAD", &[]);
    assert_eq!((head.status, head.header("Content-Length")), (200, Some("21")));
    let missing = site.ask("GET", "/files/private/9.9.9", &[("Origin", VIEWER), ("Authorization", &token)]);
    assert_eq!(
        (missing.status, missing.all("Access-Control-Allow-Origin")),
        (404, vec!["*"]),
        "a chunk that is empty"
    );
}

/// The client asks for a login at 401 alone, and only if it may read that there is one; whatever else it cannot read it takes
/// for data that do not exist.
#[test]
fn x01_whoever_may_not_read_is_told_401_in_a_way_that_the_client_hears() {
    let (_service, site) = start();
    let token = allowed(&site);
    let wrong = format!("{token}x");
    for (origin, authorization) in [
        (VIEWER, ""),
        (VIEWER, wrong.as_str()),
        (VIEWER, "Bearer x"),
        ("https://evil.test", token.as_str()),
        ("null", token.as_str()),
    ] {
        for method in ["GET", "HEAD"] {
            let reply = site.ask(method, CHUNK, &[("Origin", origin), ("Authorization", authorization)]);
            assert_eq!(reply.status, 401, "{origin} {authorization}");
            assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"]);
            assert_eq!(reply.header("Cache-Control"), Some("no-store"));
        }
    }
    assert_eq!(site.ask("GET", CHUNK, &[("Authorization", &token)]).status, 200, "a program names no origin");
}

#[test]
fn n8_a_preflight_needs_no_token_and_is_remembered() {
    let (_service, site) = start();
    let reply = site.ask(
        "OPTIONS",
        CHUNK,
        &[
            ("Origin", VIEWER),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization,range"),
        ],
    );
    assert_eq!(reply.status, 204);
    for (name, value) in [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
        ("Access-Control-Allow-Headers", "Authorization, Range"),
        ("Access-Control-Max-Age", "7200"),
    ] {
        assert_eq!(reply.all(name), [value], "{name}");
    }
}

#[test]
fn t11_the_window_is_told_from_whom_it_comes_and_nobody_elses_page_is() {
    let (_service, site) = start();
    for referer in ["https://evil.test/", "https://sub.viewer.test/", "https://viewer.test.evil.test/", ""] {
        let reply = site.ask("GET", AUTHORIZE, &[("Referer", referer)]);
        assert_eq!(reply.status, 403, "{referer}");
        assert!(!text(&reply).contains("postMessage"));
    }
    assert_eq!(site.ask("GET", AUTHORIZE, &[("Referer", "https://viewer.test/a?b")]).status, 303);
    // Neither another spelling of the address nor another page is told it.
    let spelled =
        site.ask("GET", "/auth/middleauth/api/v1/authorize/", &[("Referer", "https://viewer.test/")]);
    assert_eq!(spelled.status, 404);
}
