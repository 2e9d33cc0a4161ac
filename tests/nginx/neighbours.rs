//! The drop-in among what sites have already: nothing of it may take a tile away
//! from the check, or spoil an answer.

use std::time::Duration;

use crate::TILE;
use crate::origin::{self, IMAGE};
use crate::server::Server;
use crate::sidecar::{self, allow, challenge, refuse};
use crate::site::{HOST, Plan};

fn leaks(body: &[u8]) -> bool {
    body.windows(4).any(|window| window == &IMAGE[..4]) || body.windows(4).any(|window| window == b"leak")
}

/// Regular expressions, headers of the whole server, rewrites, caching, compression.
const BUSY_SERVER: &str = r#"
    location ~* \.(jpg|png|json)$ { return 200 leak; }
    location ~ ^/iiif/ { return 200 leak; }
    location / { return 200 "home"; }
    add_header Access-Control-Allow-Origin https://site.example always;
    add_header X-Frame-Options DENY always;
    add_header Strict-Transport-Security "max-age=1" always;
    expires 30d;
    gzip on; gzip_types *; gzip_min_length 1;
    rewrite ^/old/(?<rest>.*)$ /iiif/images/$rest last;
    rewrite ^/never/ /leak break;
    if ($host = moved.example.org) { return 301 https://images.example.org$request_uri; }
    error_page 401 403 404 405 500 502 503 504 =200 /sorry;
    proxy_intercept_errors on;
    recursive_error_pages on;
    proxy_set_header X-Site 1;
    proxy_hide_header WWW-Authenticate;
    location = /sorry { return 200 "sorry, leak"; }
"#;

fn busy(tilegate: &Server, origin: &Server) -> Plan {
    Plan::images(&tilegate.address(), &origin.address()).server(BUSY_SERVER)
}

#[test]
fn n20_p13_a_busy_site_takes_no_tile_away() {
    let (tilegate, origin) = (sidecar::saying(challenge()), origin::images());
    let site = busy(&tilegate, &origin).start();
    for target in [
        TILE,
        "/iiif/images/a/full/max/0/default.png",
        "/iiif/images/a/full/max/0/native.jpg",
        "//iiif/images/a/full/max/0/default.jpg",
    ] {
        tilegate.forget();
        let reply = site.get(target);
        assert_eq!((reply.status, leaks(&reply.body)), (401, false), "{target}: {reply:?}");
        assert_eq!(tilegate.requests().remove(0).target, "/query_auth", "{target}");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
        assert_eq!(reply.header("Cache-Control"), Some("no-store"));
        assert!(reply.header("WWW-Authenticate").is_some());
    }
    assert_eq!(origin.requests().len(), 0);
    // The site is still there, and its rewrites too: the check hears what was typed.
    assert_eq!(site.get("/").body, b"home");
    tilegate.forget();
    assert_eq!(site.get("/old/a/full/max/0/default.jpg").status, 401);
    assert_eq!(tilegate.requests().remove(0).header("X-Original-URI"), Some("/old/a/full/max/0/default.jpg"));
}

#[test]
fn n11_n20_a_busy_site_spoils_no_answer() {
    let (tilegate, origin) = (sidecar::saying(allow()), origin::images());
    let site = busy(&tilegate, &origin).start();
    let gzip = [("Accept-Encoding", "gzip")];
    let reply = site.get(TILE);
    assert_eq!((reply.status, reply.body.as_slice()), (200, IMAGE));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(reply.header("Cache-Control"), Some("private, max-age=60"));
    assert_eq!(reply.all("Expires").len(), 0);

    let reply = site.get("/iiif/images/a.jpg");
    assert_eq!((reply.status, reply.body.as_slice()), (401, b"{\"described\":true}".as_slice()));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));

    let reply = site.ask("GET", "/auth/v2/probe/images/a.jpg", &gzip);
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (200, b"a page of Tilegate".as_slice()),
        "a probe may end in .jpg"
    );
    assert_eq!(reply.all("Access-Control-Allow-Origin").len() + reply.all("Expires").len(), 0);
    assert_eq!(reply.all("X-Frame-Options").len(), 0, "T9: the token page must be framed");
    assert!(tilegate.requests().iter().all(|request| request.all("X-Site").is_empty()));

    assert_eq!(site.ask("POST", TILE, &[("Content-Length", "0")]).status, 405);
    assert_eq!(site.ask("OPTIONS", TILE, &[]).status, 204);
}

#[test]
fn h9_error_pages_with_status_200_open_nothing() {
    for check in [challenge(), refuse()] {
        let status = check.status;
        let (tilegate, origin) = (sidecar::saying(check), origin::images());
        let site = busy(&tilegate, &origin).start();
        let reply = site.get(TILE);
        assert_eq!((reply.status, leaks(&reply.body)), (status, false), "{reply:?}");
        tilegate.stop();
        let reply = site.get(TILE);
        assert_eq!((reply.status, leaks(&reply.body)), (502, false), "{reply:?}");
        let reply = site.get("/iiif/images/a/info.json");
        assert_eq!((reply.status, leaks(&reply.body)), (502, false), "{reply:?}");
        let reply = site.get("/auth/login");
        assert!(reply.status >= 500 && !leaks(&reply.body), "{reply:?}");
        assert_eq!(origin.requests().len(), 0);
    }
}

#[test]
fn n10_a_check_of_the_whole_server_is_not_asked_inside_ours() {
    let (tilegate, origin) =
        (sidecar::saying(allow()), origin::answering(crate::server::Answer::new(404).body(b"leak")));
    let site = Plan::images(&tilegate.address(), &origin.address())
        .server("auth_request /site-check; location = /site-check { internal; return 403; } location / { return 200 home; }")
        .start();
    let reply = site.get(TILE);
    assert_eq!((reply.status, reply.body.len()), (404, 0));
    assert_eq!(site.get("/iiif/images/a/info.json").status, 401, "the description answers");
    assert_eq!(site.get("/auth/login").status, 200);
}

#[test]
fn n14_an_address_list_of_the_site_does_not_overrule_the_check() {
    let (tilegate, origin) = (sidecar::saying(refuse()), origin::images());
    let site = Plan::images(&tilegate.address(), &origin.address()).server("satisfy any; allow all;").start();
    let reply = site.get(TILE);
    assert_eq!((reply.status, leaks(&reply.body)), (403, false));
    assert_eq!(origin.requests().len(), 0);
}

#[test]
fn n15_a_cache_of_the_site_keeps_no_verdict_and_no_image() {
    let tilegate =
        sidecar::deciding(|request| if request.header("Cookie") == Some("yes") { allow() } else { refuse() });
    let origin = origin::images();
    let site = Plan::images(&tilegate.address(), &origin.address())
        .http("proxy_cache_path cache keys_zone=site:1m; proxy_cache site; proxy_cache_valid any 1h; proxy_ignore_headers Cache-Control Set-Cookie Vary Expires;")
        .start();
    for _ in 0..2 {
        assert_eq!(site.ask("GET", TILE, &[("Cookie", "yes")]).body, IMAGE);
        assert_eq!(site.get(TILE).status, 403);
        assert_eq!(site.get("/auth/").status, 200);
        assert_eq!(site.get("/iiif/images/a/info.json").status, 401);
    }
    assert_eq!(origin.requests().len(), 2);
    assert_eq!(tilegate.requests().len(), 8);
}

/// With TLS, as most sites are; the client is one of its own kind.
#[test]
fn n20_p13_the_same_over_tls() {
    let (tilegate, origin) = (sidecar::saying(allow()), origin::images());
    let site = busy(&tilegate, &origin).tls().start();
    let _another_test_was_first = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (status, body, origins) = runtime.block_on(async {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], site.port));
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .resolve(HOST, address)
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        let reply = client.get(format!("https://{HOST}:{}{TILE}", site.port)).send().await.unwrap();
        let origins = reply.headers().get_all("Access-Control-Allow-Origin").iter().count();
        (reply.status().as_u16(), reply.bytes().await.unwrap(), origins)
    });
    assert_eq!((status, origins), (200, 1));
    assert_eq!(body, IMAGE);
    let check = tilegate.requests().remove(0);
    assert_eq!(check.header("X-Original-URI"), Some(TILE));
    assert_eq!(check.header("X-Original-Host"), Some(format!("{HOST}:{}", site.port).as_str()));
}
