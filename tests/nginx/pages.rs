//! `/auth/`: what reaches Tilegate's pages, and what of Tilegate can be reached.

use crate::TILE;
use crate::origin;
use crate::server::Server;
use crate::sidecar::{self, allow, refuse};
use crate::site::{HOST, Plan, Site};

fn start() -> (Server, Server, Site) {
    let (tilegate, origin) = (sidecar::saying(refuse()), origin::images());
    let site = Plan::images(&tilegate.address(), &origin.address()).start();
    (tilegate, origin, site)
}

#[test]
fn a_form_arrives_with_what_a_page_needs_and_no_more() {
    let (tilegate, _origin, site) = start();
    let body = "username=ada&password=s3cret";
    let request = format!(
        "POST /auth/login?x=1 HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\nAccept-Language: de\r\nOrigin: https://{HOST}\r\n\
         Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Purpose: prefetch\r\nCookie: a=b\r\n\
         Referer: https://{HOST}/secret\r\nX-Forwarded-For: 10.0.0.1\r\nX-Original-URI: /evil\r\nX-Real-IP: 10.0.0.1\r\n\
         User-Agent: test\r\nX-Tilegate-Mount: images\r\n\r\n{body}",
        body.len()
    );
    let reply = site.send(request.as_bytes());
    assert_eq!((reply.status, reply.header("Set-Cookie")), (200, Some("session=1")));
    assert_eq!(reply.header("Content-Security-Policy"), Some("default-src 'none'"));
    let request = tilegate.requests().remove(0);
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/auth/login?x=1"));
    assert_eq!(request.body, body.as_bytes());
    let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    let expected = [
        "accept",
        "accept-language",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "origin",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "sec-purpose",
        "user-agent",
        "x-original-host",
        "x-original-method",
        "x-original-uri",
        "x-real-ip",
        "x-request-id",
    ];
    assert_eq!(names, expected);
    assert_eq!(request.header("X-Original-URI"), Some("/auth/login?x=1"));
    assert_eq!(request.header("X-Real-IP"), Some("127.0.0.1"));
}

#[test]
fn a_body_over_64_kilobytes_is_refused() {
    let (tilegate, _origin, site) = start();
    let request = |length: usize| {
        format!(
            "POST /auth/login HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{}",
            "x".repeat(length)
        )
    };
    assert_eq!(site.send(request(65_536).as_bytes()).status, 200);
    assert_eq!(site.send(request(65_537).as_bytes()).status, 413);
    assert_eq!(tilegate.requests().len(), 1);
}

#[test]
fn the_administration_takes_files() {
    let (tilegate, _origin, site) = start();
    for path in ["/auth/admin/accounts/import", "/auth/admin/conditions/_new"] {
        let length = 3 << 20;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{}",
            "x".repeat(length)
        );
        assert_eq!(site.send(request.as_bytes()).status, 200, "{path}");
        let arrived = tilegate.requests().pop().unwrap();
        assert_eq!((arrived.target.as_str(), arrived.body.len()), (path, length));
        assert_eq!(arrived.header("X-Real-IP"), Some("127.0.0.1"), "with what every page needs");
    }
}

/// Whatever is typed, what reaches Tilegate by this door is under `/auth/`.
#[test]
fn h6_nothing_but_auth_can_be_reached_from_outside() {
    let (tilegate, origin, site) = start();
    for target in [
        "/metrics",
        "/healthz",
        "/readyz",
        "/query_auth",
        "/description/a/info.json",
        "/_tilegate",
        "/auth/../metrics",
        "/auth/..%2fmetrics",
        "/auth/%2e%2e/metrics",
        "/metrics/%2e%2e/auth/",
        "/metrics/../auth/x",
        "/query_auth/..%2fauth/",
        "/description/a/%2e%2e/%2e%2e/auth/",
        "//metrics/../auth/",
        "/auth//../../metrics",
        "/metrics%23/../auth/",
        "/metrics%3f/../auth/",
        "/auth/%2e%2e%2fmetrics",
        "/auth",
        "/AUTH/",
        "http://127.0.0.1/metrics",
        "/iiif/images/../../metrics",
        "/iiif/images/..%2f..%2fmetrics",
    ] {
        tilegate.forget();
        let reply = site.get(target);
        for request in tilegate.requests() {
            let inside = request.target.starts_with("/auth/") && !request.target.contains("..");
            assert!(inside, "{target} reached {}", request.target);
        }
        assert!(reply.status != 200 || !tilegate.requests().is_empty(), "{target}: {reply:?}");
    }
    assert_eq!(origin.requests().len(), 0);
}

/// The page that follows when a share link was redeemed: NGINX would redirect it to the folder of the same name.
#[test]
fn the_page_after_a_share_link_is_where_tilegate_says() {
    let (tilegate, _origin, site) = start();
    assert_eq!(site.get("/auth/share").status, 200);
    assert_eq!(tilegate.requests().remove(0).target, "/auth/share");
}

/// The internal location cannot be reached by an internal redirect of Tilegate's either.
#[test]
fn the_check_itself_is_internal() {
    let (tilegate, _origin, site) = start();
    for target in ["/_tilegate", "/%5ftilegate", "//_tilegate", "/auth/../_tilegate"] {
        assert_eq!(site.get(target).status, 404, "{target}");
    }
    assert_eq!(tilegate.requests().len(), 0);
}

#[test]
fn s16_logs_hold_neither_share_secret_nor_query_nor_credentials() {
    let (tilegate, origin) = (sidecar::saying(allow()), origin::images());
    let site = Plan::images(&tilegate.address(), &origin.address())
        .server("access_log ours.log tilegate; access_log combined.log combined;")
        .start();
    let headers = [
        ("Referer", "https://images.example.org/auth/share/s3cret"),
        ("Cookie", "c=s3cret"),
        ("Authorization", "Basic YWRhOnMzY3JldA=="),
        ("User-Agent", "s3cret"),
    ];
    for target in
        ["/auth/share/s3cret", "/auth/%73hare/s3cret", "//auth/share/s3cret", "/auth/x/../share/s3cret"]
    {
        assert_eq!(site.get(target).status, 200);
    }
    site.ask("GET", &format!("{TILE}?token=s3cret"), &headers);
    site.ask("GET", "/elsewhere/auth/share/s3cret", &[]);
    let ours = log_with(&site, "ours.log", "/elsewhere", "/auth/share/-");
    // As a word: the number of a request is hexadecimal, and may have `ada` in it.
    assert!(!ours.contains("s3cret") && !ours.contains(" ada "), "{ours}");
    assert!(ours.contains(TILE) && ours.contains("\"00ff\" \"rule\""), "{ours}");
    let combined = log_with(&site, "combined.log", "/elsewhere", "/elsewhere");
    assert!(!combined.contains("GET /auth/share"), "{combined}");
}

/// A log once it holds one of two marks: NGINX writes after it has answered.
fn log_with(site: &Site, name: &str, mark: &str, or: &str) -> String {
    for _ in 0..100 {
        let text = std::fs::read_to_string(site.folder().join(name)).unwrap_or_default();
        if text.contains(mark) || text.contains(or) {
            return text;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{name} never held {mark}");
}

/// H8: a redirection of NGINX's own does not lead to whatever host was sent.
#[test]
fn h8_a_missing_last_slash_leads_to_a_path_and_no_host() {
    let (_tilegate, _origin, site) = start();
    for (target, path) in [("/auth", "/auth/"), ("/iiif/images", "/iiif/images/")] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n");
        let reply = site.send(request.as_bytes());
        assert_eq!((reply.status, reply.header("Location")), (301, Some(path)));
    }
}
