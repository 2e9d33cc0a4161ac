//! The question to Tilegate, and what becomes of its answer.

use std::time::{Duration, Instant};

use crate::TILE;
use crate::origin::{self, IMAGE};
use crate::server::{Answer, Server};
use crate::sidecar::{self, HANDED, allow, challenge, refuse};
use crate::site::{HOST, Plan, Reply, Site};

fn start(answer: Answer) -> (Server, Server, Site) {
    let (tilegate, origin) = (sidecar::saying(answer), origin::images());
    let site = Plan::images(&tilegate.address(), &origin.address()).start();
    (tilegate, origin, site)
}

/// Nothing of the image, and nobody asked for it.
fn nothing_fetched(origin: &Server, reply: &Reply) {
    assert_eq!(origin.requests().len(), 0, "{:?}", origin.requests());
    assert!(!reply.body.windows(4).any(|window| window == &IMAGE[..4]), "{reply:?}");
    assert_ne!(reply.status / 100, 2, "{reply:?}");
}

#[test]
fn an_allowed_image_is_the_path_that_was_handed_back() {
    let (tilegate, origin, site) = start(allow());
    let reply = site.get(&format!("{TILE}?IIIF=other&x=1"));
    assert_eq!((reply.status, reply.body.as_slice()), (200, IMAGE));
    let targets: Vec<String> = origin.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, [HANDED], "P3: no query");
    assert_eq!(tilegate.requests().len(), 1);
}

#[test]
fn n1_any_other_status_of_the_check_fetches_nothing() {
    for status in [204, 302, 400, 404, 429, 500, 503] {
        let (_tilegate, origin, site) = start(Answer::new(status).with("Location", "/elsewhere"));
        let reply = site.get(TILE);
        nothing_fetched(&origin, &reply);
        assert_eq!(reply.status, 502, "{status}");
    }
}

#[test]
fn n2_empty_answers_keep_the_connection_to_tilegate_and_the_origins_too() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("tilegate.sock");
    for by_socket in [false, true] {
        let (tilegate, address) = if by_socket {
            (sidecar::saying_on(&socket, allow()), format!("unix:{}", socket.display()))
        } else {
            let tilegate = sidecar::saying(allow());
            let address = tilegate.address();
            (tilegate, address)
        };
        let origin = origin::images();
        let site = Plan::images(&address, &origin.address()).start();
        assert_eq!(site.get_again(TILE, 50), [200; 50]);
        assert_eq!((tilegate.requests().len(), origin.requests().len()), (50, 50));
        assert!(tilegate.connections() <= 2, "{} connections for 50 checks", tilegate.connections());
        assert!(origin.connections() <= 2, "N12: {} connections for 50 images", origin.connections());
    }
}

/// Why the check's answers are empty: the fact that the rule comes from still holds.
#[test]
fn n2_an_answer_with_a_body_costs_a_connection_each() {
    let (tilegate, _origin, site) = start(allow().body(b"ok"));
    site.get_again(TILE, 20);
    assert!(tilegate.connections() >= 20, "{}", tilegate.connections());
}

#[test]
fn n2_refusals_keep_the_connection_too() {
    for answer in [challenge(), refuse()] {
        let status = answer.status;
        let (tilegate, _origin, site) = start(answer);
        assert_eq!(site.get_again(TILE, 20), [status; 20]);
        assert!(tilegate.connections() <= 2, "{}", tilegate.connections());
    }
}

/// What a client invents reaches neither Tilegate nor the image server.
#[test]
fn n4_n13_h3_h4_only_our_headers_arrive() {
    let (tilegate, origin, site) = start(allow());
    let invented: Vec<String> = (0..120).map(|number| format!("X-Invented-{number}")).collect();
    let mut headers = vec![
        ("Cookie", "__Host-tilegate=abc"),
        ("Authorization", "Bearer t0ken"),
        ("Origin", "https://viewer.example.org"),
        ("X-Original-URI", "/iiif/images/open/full/max/0/default.jpg"),
        ("X-Original-Method", "OPTIONS"),
        ("X-Original-Host", "evil.example"),
        ("X-Real-IP", "10.0.0.1"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("X-Tilegate-Mount", "open"),
        ("X-Tilegate-Path", "/evil"),
        ("X-Tilegate-Account", "admin"),
        ("X_Original_URI", "/evil"),
        ("X-Remote-User", "admin"),
        ("X-IIIF-ID", "evil"),
        ("If-None-Match", "\"x\""),
        ("Range", "bytes=0-3"),
        ("Accept", "image/*"),
        ("User-Agent", "test"),
        ("Referer", "https://viewer.example.org/?secret"),
    ];
    headers.extend(invented.iter().map(|name| (name.as_str(), "1")));
    assert_eq!(site.ask("GET", TILE, &headers).status, 200);

    let check = tilegate.requests().remove(0);
    let mut names: Vec<String> = check.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    let ours = [
        "authorization",
        "cookie",
        "host",
        "origin",
        "x-original-host",
        "x-original-method",
        "x-original-uri",
        "x-real-ip",
        "x-request-id",
        "x-tilegate-mark",
        "x-tilegate-mount",
    ];
    assert_eq!(names, ours);
    assert_eq!((check.method.as_str(), check.target.as_str()), ("GET", "/query_auth"));
    for (name, value) in [
        ("X-Original-URI", TILE),
        ("X-Original-Method", "GET"),
        ("X-Original-Host", HOST),
        ("X-Real-IP", "127.0.0.1"),
        ("X-Tilegate-Mount", "images"),
        ("Cookie", "__Host-tilegate=abc"),
        ("Authorization", "Bearer t0ken"),
        ("Origin", "https://viewer.example.org"),
    ] {
        assert_eq!(check.header(name), Some(value), "{name}");
    }

    let fetched = origin.requests().remove(0);
    let mut names: Vec<String> = fetched.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    assert_eq!(names, ["host", "if-none-match", "range"]);
    assert_eq!(fetched.header("Host"), Some(origin.address().as_str()));
}

#[test]
fn h3_without_a_header_none_is_sent() {
    let (tilegate, _origin, site) = start(allow());
    site.get(TILE);
    let check = tilegate.requests().remove(0);
    for name in ["Cookie", "Authorization", "Origin"] {
        assert_eq!(check.all(name).len(), 0, "{name}");
    }
}

/// A body of a GET goes nowhere.
#[test]
fn n4_a_body_is_not_passed_on() {
    let (tilegate, origin, site) = start(allow());
    let request =
        format!("GET {TILE} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(site.send(request.as_bytes()).status, 200);
    for request in tilegate.requests().into_iter().chain(origin.requests()) {
        assert_eq!((request.body.len(), request.header("Content-Length")), (0, None), "{request:?}");
    }
}

#[test]
fn n6_a_path_of_four_kilobytes_comes_back() {
    let path = format!("/inner/{}/default.jpg", "a".repeat(4000));
    let (_tilegate, origin, site) = start(allow_path(&path));
    assert_eq!(site.get(TILE).status, 200);
    assert_eq!(origin.requests().remove(0).target, path);
}

fn allow_path(path: &str) -> Answer {
    Answer::new(200).with("X-Tilegate-Path", path).with("X-Tilegate-Cache", "private, max-age=60")
}

#[test]
fn n7_the_check_hears_of_head_and_of_no_other_method() {
    let (tilegate, origin, site) = start(allow());
    let reply = site.ask("HEAD", TILE, &[]);
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    let check = tilegate.requests().remove(0);
    assert_eq!((check.method.as_str(), check.header("X-Original-Method")), ("GET", Some("HEAD")));
    assert_eq!(origin.requests().remove(0).method, "HEAD");
    tilegate.forget();
    origin.forget();
    for method in ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "TRACE", "get", "GETX"] {
        for target in [TILE, "/iiif/images/a/info.json"] {
            let status = site.ask(method, target, &[("Content-Length", "0")]).status;
            assert!(status == 405 || (method == "get" && status == 400), "{method} {target}: {status}");
        }
    }
    assert_eq!((tilegate.requests().len(), origin.requests().len()), (0, 0));
}

#[test]
fn n8_a_preflight_is_answered_without_asking() {
    let (tilegate, origin, site) = start(refuse());
    for target in [TILE, "/iiif/images/a/info.json"] {
        let asked = [
            ("Origin", "https://viewer.example.org"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"),
        ];
        let reply = site.ask("OPTIONS", target, &asked);
        assert_eq!((reply.status, reply.body.len()), (204, 0));
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
        assert_eq!(reply.header("Access-Control-Allow-Headers"), Some("Authorization"));
        assert_eq!(reply.header("Access-Control-Allow-Methods"), Some("GET, HEAD, OPTIONS"));
        assert!(reply.header("Access-Control-Max-Age").is_some());
        assert_eq!(reply.all("Access-Control-Allow-Credentials").len(), 0);
        assert_eq!(reply.all("Set-Cookie").len(), 0);
    }
    assert_eq!((tilegate.requests().len(), origin.requests().len()), (0, 0));
}

#[test]
fn n10_n11_n17_a_refusal_keeps_status_challenge_and_cors() {
    let (_tilegate, origin, site) = start(challenge());
    let reply = site.get(TILE);
    nothing_fetched(&origin, &reply);
    assert_eq!(reply.status, 401);
    assert_eq!(reply.header("WWW-Authenticate"), Some("Bearer realm=\"Example\""));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));

    let (_tilegate, origin, site) = start(refuse());
    let reply = site.get(TILE);
    nothing_fetched(&origin, &reply);
    assert_eq!(reply.status, 403);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));
}

/// A 200 that does not say what to fetch is not an answer of Tilegate.
#[test]
fn n12_p11_without_a_usable_path_nothing_is_fetched() {
    let health = Answer::new(200).with("Content-Type", "text/plain").body(b"ok");
    for answer in [
        Answer::new(200),
        health,
        allow_path(""),
        allow_path("inner/a/default.jpg"),
        allow_path(".evil.example/a"),
        allow_path(":81/a"),
        allow_path("@127.0.0.1/a"),
        allow_path("http://127.0.0.1/a"),
    ] {
        let shown = format!("{answer:?}");
        let (_tilegate, origin, site) = start(answer);
        for target in [TILE.to_owned(), format!("{TILE}?/x=/inner/a")] {
            let reply = site.get(&target);
            nothing_fetched(&origin, &reply);
            assert_eq!((reply.status, reply.body.len()), (502, 0), "{shown}");
        }
        assert!(!site.error_log().contains("resolve"), "no name is looked up: {}", site.error_log());
    }
}

/// The judged URI is what was typed, and the image server sees nothing of it.
#[test]
fn p2_the_check_judges_the_raw_uri_and_the_origin_gets_the_handed_path() {
    let (tilegate, origin, site) = start(allow());
    let mut judged = 0;
    for name in [
        "a/../b",
        "a/./b",
        "a//b",
        "a/%2e%2e/b",
        "a/..%2fb",
        "a%2F..%2Fb",
        "a;b",
        "a/..;/b",
        "a\\b",
        "a%5cb",
        "a%00b",
        "a%23b",
        "a#b",
        "a%252Fb",
        "%61",
        "%C3%BC",
        "a%2fb",
        "a%2Fb",
        "a b",
        "%",
        "%zz",
        "..%5c..%5cb",
        "a?b",
        "\u{fc}",
    ] {
        tilegate.forget();
        origin.forget();
        let target = format!("/iiif/images/{name}/full/max/0/default.jpg");
        let reply = site.get(&target);
        for request in tilegate.requests() {
            let raw: String = target.bytes().map(char::from).collect();
            assert_eq!(request.header("X-Original-URI"), Some(raw.as_str()), "{target}");
        }
        let images = origin.requests();
        assert!(images.iter().all(|request| request.target == HANDED), "{target}: {images:?}");
        if reply.status == 200 {
            let [check] = tilegate.requests().try_into().expect("one check");
            assert_eq!(check.target, "/query_auth", "{target}");
            judged += 1;
        } else {
            assert_eq!(images.len(), 0, "{target}");
        }
    }
    assert!(judged > 10, "{judged}");
}

#[test]
fn a_stopped_tilegate_is_a_server_error_and_no_image() {
    let (tilegate, origin, site) = start(allow());
    assert_eq!(site.get(TILE).status, 200);
    origin.forget();
    tilegate.stop();
    let reply = site.get(TILE);
    nothing_fetched(&origin, &reply);
    assert_eq!((reply.status, reply.body.len()), (502, 0));
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));
    let reply = site.get("/iiif/images/a/info.json");
    assert_eq!((reply.status, reply.header("Access-Control-Allow-Origin")), (502, Some("*")), "X-01");
}

#[test]
fn a_tilegate_that_hangs_does_not_hold_the_visitor_for_long() {
    let tilegate = sidecar::deciding(|_| {
        std::thread::sleep(Duration::from_secs(8));
        allow()
    });
    let origin = origin::images();
    let site = Plan::images(&tilegate.address(), &origin.address()).start();
    let begun = Instant::now();
    let reply = site.get(TILE);
    nothing_fetched(&origin, &reply);
    assert!(reply.status >= 500 && begun.elapsed() < Duration::from_secs(7), "{reply:?}");
}

#[test]
fn info_json_and_everything_else_is_described_not_checked() {
    let (tilegate, origin, site) = start(allow());
    for target in [
        "/iiif/images/a/info.json",
        "/iiif/images/a",
        "/iiif/images/a/full/max/0/other.jpg",
        "/iiif/images/a/full/max/0/default.JPG",
        "/iiif/images/",
        "/iiif/images/x.jpg",
    ] {
        tilegate.forget();
        let headers = [
            ("Accept", "application/ld+json"),
            ("If-None-Match", "\"x\""),
            ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"),
            ("X-Tilegate-Mount", "open"),
            ("Range", "bytes=0-1"),
        ];
        let reply = site.ask("GET", target, &headers);
        assert_eq!(
            (reply.status, reply.body.as_slice()),
            (401, b"{\"described\":true}".as_slice()),
            "{target}"
        );
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
        assert_eq!(reply.header("Cache-Control"), Some("no-store"));
        let request = tilegate.requests().remove(0);
        assert!(request.target.starts_with("/description/"), "{}", request.target);
        assert_eq!(request.header("X-Original-URI"), Some(target));
        assert_eq!(request.header("X-Tilegate-Mount"), Some("images"));
        assert_eq!(request.header("Accept"), Some("application/ld+json"));
        assert_eq!(request.header("If-None-Match"), Some("\"x\""));
        assert_eq!(request.all("If-Modified-Since").len() + request.all("Range").len(), 0);
    }
    assert_eq!(origin.requests().len(), 0);
}

#[test]
fn each_mount_says_its_name() {
    let (tilegate, origin) = (sidecar::saying(allow()), origin::images());
    let site = Plan::images(&tilegate.address(), &origin.address())
        .mount("IMAGES_OLD", &format!("image /iiif/images/old/ http://{}/inner/", origin.address()))
        .start();
    for (target, name) in [(TILE, "images"), ("/iiif/images/old/a/full/max/0/default.jpg", "images-old")] {
        tilegate.forget();
        assert_eq!(site.get(target).status, 200);
        assert_eq!(tilegate.requests().remove(0).header("X-Tilegate-Mount"), Some(name));
        tilegate.forget();
        site.get(&target.replace("default.jpg", "info.json"));
        assert_eq!(tilegate.requests().remove(0).header("X-Tilegate-Mount"), Some(name));
    }
}
