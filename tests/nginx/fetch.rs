//! What comes from the image server, and what of it gets out.

use crate::TILE;
use crate::origin::{self, IMAGE};
use crate::server::{Answer, Server};
use crate::sidecar::{self, allow};
use crate::site::{Plan, Site};

fn start(check: Answer, origin: Server) -> (Server, Server, Site) {
    let tilegate = sidecar::saying(check);
    let site = Plan::images(&tilegate.address(), &origin.address()).start();
    (tilegate, origin, site)
}

#[test]
fn n11_n18_the_checks_headers_count_and_not_the_origins() {
    let (_tilegate, _origin, site) = start(allow(), origin::images());
    let reply = site.get(TILE);
    assert_eq!((reply.status, reply.body.as_slice()), (200, IMAGE));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(reply.header("Cache-Control"), Some("private, max-age=60"));
    assert_eq!(reply.header("Content-Type"), Some("image/jpeg"));
    for name in [
        "Access-Control-Allow-Credentials",
        "Access-Control-Expose-Headers",
        "Set-Cookie",
        "X-Powered-By",
        "Expires",
    ] {
        assert_eq!(reply.all(name).len(), 0, "{name}");
    }
    assert_eq!(reply.all("Vary"), ["Origin"], "T10: one and the same visitor may have it by two ways");
    assert!(!reply.header("Server").unwrap().contains("careless"));
    let internal = |name: &str| name.to_ascii_lowercase().starts_with("x-tilegate");
    assert!(!reply.headers.iter().any(|(name, _)| internal(name)), "{reply:?}");
}

#[test]
fn t10_only_what_everybody_may_have_is_the_same_for_every_origin() {
    let allowed = |cache| {
        let path = Answer::new(200).with("X-Tilegate-Path", sidecar::HANDED);
        path.with("X-Tilegate-Origin", "*").with("X-Tilegate-Cache", cache)
    };
    for (cache, vary) in [
        ("public, max-age=3600", vec![]),
        // By the cookie: a page without it, in a reading room, is not to have the copy revalidated for itself.
        ("private, no-cache", vec!["Origin"]),
    ] {
        let (_tilegate, _origin, site) = start(allowed(cache), origin::images());
        let reply = site.get(TILE);
        assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"]);
        assert_eq!((reply.status, reply.all("Vary")), (200, vary), "{cache}");
    }
    for refused in [sidecar::challenge(), sidecar::refuse().with("X-Tilegate-Cache", "no-store")] {
        let (_tilegate, _origin, site) = start(refused, origin::images());
        assert_eq!(site.get(TILE).all("Vary").len(), 0);
    }
}

#[test]
fn t10_an_answer_for_one_origin_says_that_it_varies() {
    let one = Answer::new(200)
        .with("X-Tilegate-Path", sidecar::HANDED)
        .with("X-Tilegate-Origin", "https://viewer.example.org");
    let (_tilegate, _origin, site) = start(one, origin::images());
    let reply = site.get(TILE);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("https://viewer.example.org"));
    assert_eq!(reply.header("Vary"), Some("Origin"));
    assert_eq!(reply.header("Cache-Control"), Some("no-store"), "the check said nothing of caching");

    let (_tilegate, _origin, site) =
        start(Answer::new(200).with("X-Tilegate-Path", "/inner/a"), origin::images());
    let reply = site.get(TILE);
    assert_eq!((reply.all("Access-Control-Allow-Origin").len(), reply.header("Vary")), (0, Some("Origin")));
}

#[test]
fn an_origins_error_shows_nothing_and_keeps_cors() {
    let told = |status| {
        Answer::new(status)
            .with("Location", "http://inner:8182/secret")
            .with("WWW-Authenticate", "Basic realm=\"inner\"")
            .with("Cache-Control", "max-age=9999")
            .body(b"/srv/images/secret.tif not found")
    };
    for (status, seen) in [
        (404, 404),
        (410, 404),
        (400, 400),
        (500, 502),
        (501, 502),
        (502, 502),
        (503, 502),
        (504, 502),
        (301, 502),
        (302, 502),
        (303, 502),
        (307, 502),
        (308, 502),
    ] {
        let (_tilegate, _origin, site) = start(allow(), origin::answering(told(status)));
        for method in ["GET", "HEAD"] {
            let reply = site.ask(method, TILE, &[]);
            assert_eq!((reply.status, reply.body.len()), (seen, 0), "{status}: {reply:?}");
            assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"), "{status}");
            assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{status}");
            assert_eq!(reply.all("Location").len() + reply.all("WWW-Authenticate").len(), 0, "{status}");
        }
    }
}

#[test]
fn ranges_and_conditions_work() {
    let part = Answer::new(206).with("Content-Range", "bytes 0-3/9").body(b"abcd");
    let (_tilegate, origin, site) = start(allow(), origin::answering(part));
    let reply = site.ask("GET", TILE, &[("Range", "bytes=0-3")]);
    assert_eq!((reply.status, reply.header("Content-Range")), (206, Some("bytes 0-3/9")));
    assert_eq!(reply.header("Cache-Control"), Some("private, max-age=60"));
    assert_eq!(origin.requests().remove(0).header("Range"), Some("bytes=0-3"));

    let (_tilegate, _origin, site) =
        start(allow(), origin::answering(Answer::new(304).with("ETag", "\"x\"")));
    let reply = site.ask("GET", TILE, &[("If-None-Match", "\"x\"")]);
    assert_eq!((reply.status, reply.header("Cache-Control")), (304, Some("private, max-age=60")));
}

/// An image server cannot make NGINX serve something else.
#[test]
fn an_origin_cannot_redirect_inside_nginx() {
    let led = Answer::new(200).with("X-Accel-Redirect", "/secret").body(IMAGE);
    let tilegate = sidecar::saying(allow());
    let origin = origin::answering(led);
    let site = Plan::images(&tilegate.address(), &origin.address())
        .server("location = /secret { internal; return 200 secret; }")
        .start();
    let reply = site.get(TILE);
    assert_eq!(reply.body, IMAGE);
}

#[test]
fn a_stopped_origin_is_a_bad_gateway_with_cors() {
    let (_tilegate, origin, site) = start(allow(), origin::images());
    origin.stop();
    let reply = site.get(TILE);
    assert_eq!((reply.status, reply.body.len()), (502, 0));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
}
