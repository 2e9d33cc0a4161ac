//! What viewers of other sites and browsers go by, on the way through real NGINX and in a site that says things
//! for all its locations: CORS, preflights, HEAD, caching, framing, addresses (X-… of the checklist).

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::server::{Answer, Request, Server};
use crate::service::{Prepared, Service, bearer, log_in, prepare};
use crate::site::{HOST, Reply, Site};

const POLICY: &str = r#"
    condition = [
        { name = "staff", pattern = "login", label = { en = "Staff" } },
        { name = "clinical", pattern = "login", label = { en = "Clinical" }, substitute_px = 800 },
        { name = "terms", pattern = "clickthrough", label = { en = "Terms" }, heading = { en = "Be kind." } },
        { name = "room", pattern = "kiosk", label = { en = "Room" }, networks = ["203.0.113.0/24"] },
        { name = "campus", pattern = "external", label = { en = "Campus" }, networks = ["198.51.100.0/24"] },
    ]
    rule = [
        { mount = "images", identifier = "open", conditions = ["open"] },
        { mount = "images", identifier = "locked", conditions = ["staff"] },
        { mount = "images", identifier = "tiered", conditions = ["clinical"] },
        { mount = "images", identifier = "campus", conditions = ["campus"] },
    ]
"#;

const INFO: &str = r#"{"@context":"http://iiif.io/api/image/2/context.json","@id":"http://inside/x","protocol":"http://iiif.io/api/image","width":4000,"height":3000,"profile":["http://iiif.io/api/image/2/level1.json"]}"#;
const MANIFEST: &str = r#"{"@context":"http://iiif.io/api/presentation/3/context.json","id":"https://images.example.org/iiif/manifests/open/a.json","type":"Manifest","items":[]}"#;
const PIXELS: &[u8] = b"\xff\xd8 pixels";

/// A site that means well, and would spoil every answer that inherits it.
const SITE: &str = "add_header Access-Control-Allow-Origin * always; add_header X-Frame-Options DENY always;
    add_header Content-Security-Policy \"frame-ancestors 'none'\" always;
    add_header Cross-Origin-Opener-Policy same-origin always; add_header Cache-Control public always;
    add_header Vary Host always; expires 1h;";

/// What is behind the mounts; of every kind, and careless.
fn respond(request: &Request) -> Answer {
    let careless = |answer: Answer| {
        let answer = answer.with("Access-Control-Allow-Origin", "*").with("Cache-Control", "max-age=86400");
        answer.with("Access-Control-Allow-Credentials", "true").with("ETag", "\"x\"")
    };
    let target = request.target.as_str();
    careless(if target.contains("none") {
        Answer::new(404)
    } else if target.contains("broken") {
        Answer::new(500)
    } else if target.ends_with("/info.json") {
        Answer::new(200).with("Content-Type", "application/json").body(INFO.as_bytes())
    } else if target.starts_with("/kept/") {
        Answer::new(200).with("Content-Type", "application/json").body(MANIFEST.as_bytes())
    } else if request.header("If-None-Match").is_some() {
        Answer::new(304)
    } else {
        Answer::new(200).with("Content-Type", "image/jpeg").body(PIXELS)
    })
}

fn prepared(origin: &Server) -> Prepared {
    let mut prepared = prepare();
    let folder = prepared.plan.folder().join("files");
    for name in ["open", "locked"] {
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("a.mp3"), b"0123456789").unwrap();
    }
    prepared.plan = prepared.plan.http(SITE);
    let image = |prefix: &str, words: &str| {
        format!("image /iiif/{prefix}/ http://{}/inner/ server=iipsrv {words}", origin.address())
    };
    let manifests = format!("manifest /iiif/manifests/ http://{}/kept/ rules=images", origin.address());
    prepared
        .mount("IMAGES", &image("images", ""))
        .mount("ONE", &image("one", "iiif_auth=1 rules=images"))
        .mount("TWO", &image("two", "iiif_auth=2 rules=images"))
        .mount("MANIFESTS", &manifests)
        .mount("FILES", &format!("file /files/ file://{}/ rules=images", folder.display()))
}

fn start() -> (Server, Service, Site) {
    let origin = Server::tcp(respond);
    let (service, site) = prepared(&origin).start(POLICY);
    (origin, service, site)
}

/// The same, for visitors who sit in the reading room.
fn start_in_the_room() -> (Server, Service, Site) {
    let origin = Server::tcp(respond);
    let (service, site) = prepared(&origin).start(&POLICY.replace("203.0.113.0/24", "127.0.0.0/8"));
    (origin, service, site)
}

const VIEWER: (&str, &str) = ("Origin", "https://viewer.test");
const LOCKED: &str = "/iiif/images/locked%2F1";
const OPEN: &str = "/iiif/images/open%2F1";
const LOW: &str = "/iiif/images/substitute-8~tiered%2F1";
const PROBE: &str = "/auth/v2/probe/images/locked%2F1";
const STATUS: &str = "/auth/status?manifest=https%3A%2F%2Fimages.example.org%2Fiiif%2Fmanifests%2F";
const WHOLE: &str = "/full/max/0/default.jpg";

/// One header that lets every page read it, and none that sends cookies along.
fn is_readable(reply: &Reply, what: &str) {
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01, A1-54: {what}");
    assert_eq!(reply.all("Access-Control-Allow-Credentials").len(), 0, "X-01: {what}");
}

#[test]
fn x01_a1_54_every_answer_is_readable_everywhere_whatever_its_status() {
    let (_origin, service, site) = start();
    let none: &[(&str, &str)] = &[];
    let known: &[(&str, &str)] = &[("If-None-Match", "*")];
    let table = [
        ("/iiif/images/open%2F1/info.json".to_owned(), none, 200),
        (format!("{OPEN}/info.json"), known, 304),
        (OPEN.to_owned(), none, 303),
        (format!("{LOCKED}/info.json"), none, 401),
        ("/iiif/images/elsewhere/info.json".to_owned(), none, 403),
        ("/iiif/images/open%2Fnone/info.json".to_owned(), none, 404),
        ("/iiif/images/open%2Fbroken/info.json".to_owned(), none, 502),
        ("/iiif/one/tiered%2F1/info.json".to_owned(), none, 302),
        ("/iiif/one/locked%2F1/info.json".to_owned(), none, 401),
        ("/iiif/two/locked%2F1/info.json".to_owned(), none, 200),
        (format!("{LOW}/info.json"), none, 200),
        (format!("{LOW}/info.json"), known, 304),
        (format!("{LOW}/full/500,375/0/default.jpg"), none, 200),
        (format!("{LOW}/full/501,376/0/default.jpg"), none, 403),
        (format!("{OPEN}{WHOLE}"), none, 200),
        (format!("{OPEN}{WHOLE}"), known, 304),
        (format!("{LOCKED}{WHOLE}"), none, 401),
        (format!("/iiif/images/elsewhere{WHOLE}"), none, 403),
        (format!("/iiif/images/open%2Fnone{WHOLE}"), none, 404),
        (format!("/iiif/images/open%2Fbroken{WHOLE}"), none, 502),
        (PROBE.to_owned(), none, 200),
        ("/auth/v2/probe/images/open%2F1".to_owned(), none, 200),
        ("/auth/v2/probe/images/elsewhere".to_owned(), none, 200),
        ("/auth/v2/probe/nothing/x".to_owned(), none, 200),
        ("/iiif/manifests/open/a.json".to_owned(), none, 200),
        ("/iiif/manifests/open/a.json".to_owned(), known, 304),
        ("/iiif/manifests/locked/a.json".to_owned(), none, 401),
        ("/iiif/manifests/elsewhere/a.json".to_owned(), none, 403),
        ("/iiif/manifests/open/none.json".to_owned(), none, 404),
        ("/iiif/manifests/open/broken.json".to_owned(), none, 502),
        ("/files/open/a.mp3".to_owned(), none, 200),
        ("/files/open/a.mp3".to_owned(), &[("Range", "bytes=2-3")], 206),
        ("/files/open/a.mp3".to_owned(), &[("Range", "bytes=99-")], 416),
        ("/files/open/a.mp3".to_owned(), &[("If-Modified-Since", "Fri, 31 Dec 2100 00:00:00 GMT")], 200),
        ("/files/locked/a.mp3".to_owned(), none, 401),
        ("/files/elsewhere".to_owned(), none, 403),
        ("/files/open/none".to_owned(), none, 404),
        (format!("{STATUS}open%2Fa.json"), none, 200),
        ("/auth/status?manifest=x".to_owned(), none, 400),
        (format!("{STATUS}open%2Fnone.json"), none, 404),
        (format!("{STATUS}open%2Fbroken.json"), none, 502),
    ];
    for (target, more, status) in &table {
        let reply = site.ask("GET", target, &[&[VIEWER], *more].concat());
        assert_eq!(reply.status, *status, "{target} {more:?}");
        is_readable(&reply, target);
    }
    let tag = site.get("/files/open/a.mp3").header("ETag").unwrap().to_owned();
    let reply = site.ask("GET", "/files/open/a.mp3", &[("If-None-Match", &tag)]);
    assert_eq!(reply.status, 304);
    is_readable(&reply, "a file that is known");
    let reply = site.ask("POST", PROBE, &[("Content-Length", "0")]);
    assert_eq!(reply.status, 405);
    is_readable(&reply, "a wrong method at a probe");

    drop(service);
    for (target, more, _) in &table {
        let reply = site.ask("GET", target, &[&[VIEWER], *more].concat());
        assert_eq!(reply.status, 502, "X-18: {target}");
        is_readable(&reply, target);
        assert!(!reply.body.starts_with(PIXELS), "X-18: {target}");
    }
}

#[test]
fn x02_a_preflight_needs_nothing_and_allows_the_header_by_its_name() {
    let (_origin, _service, site) = start();
    let info = format!("{LOCKED}/info.json");
    let tile = format!("{LOCKED}{WHOLE}");
    let low = format!("{LOW}/info.json");
    let status = format!("{STATUS}locked%2Fa.json");
    for target in [
        info.as_str(),
        "/iiif/two/locked%2F1/info.json",
        "/iiif/one/tiered%2F1/info.json",
        PROBE,
        "/iiif/manifests/locked/a.json",
        "/files/locked/a.mp3",
        &status,
        &low,
        &tile,
    ] {
        let reply = site.ask(
            "OPTIONS",
            target,
            &[
                VIEWER,
                ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", "authorization"),
            ],
        );
        assert_eq!((reply.status, reply.body.len()), (204, 0), "X-02: {target}");
        is_readable(&reply, target);
        let names = |header: &str| {
            let value = reply.header(header).unwrap_or_default().to_owned();
            value.split(", ").map(str::to_owned).collect::<Vec<_>>()
        };
        // A `*` would not cover this one.
        assert!(
            names("Access-Control-Allow-Headers").contains(&"Authorization".to_owned()),
            "X-02: {target}"
        );
        for method in ["GET", "HEAD"] {
            assert!(names("Access-Control-Allow-Methods").contains(&method.to_owned()), "X-02: {target}");
        }
        for header in ["Set-Cookie", "WWW-Authenticate", "Location"] {
            assert_eq!(reply.all(header).len(), 0, "X-02: {target} {header}");
        }
    }
}

/// The headers of an answer, without what differs from one to the next.
fn comparable(reply: &Reply) -> Vec<(String, String)> {
    let mut headers: Vec<_> = reply.headers.iter().filter(|(name, _)| name != "Date").cloned().collect();
    for (_, value) in &mut headers {
        // The nonce of a page's script.
        if let Some((before, _)) = value.split_once("'nonce-") {
            *value = before.to_owned();
        }
    }
    headers.sort();
    headers
}

#[test]
fn x03_head_is_get_without_a_body() {
    let (_origin, _service, site) = start();
    let cookie = log_in(&site);
    let token = bearer(&site, &cookie);
    let (anonymous, logged_in, with_token) = ([VIEWER], [("Cookie", &*cookie)], [("Authorization", &*token)]);
    let (info, open_info) = (format!("{LOCKED}/info.json"), format!("{OPEN}/info.json"));
    let (tile, open_tile) = (format!("{LOCKED}{WHOLE}"), format!("{OPEN}{WHOLE}"));
    let page = "?messageId=1&origin=https://viewer.test";
    let (page_1, page_2) = (format!("/auth/iiif-token{page}"), format!("/auth/v2/token{page}"));
    let status = format!("{STATUS}open%2Fa.json");
    let low = format!("{LOW}/info.json");
    for (target, headers, expected) in [
        (&*open_info, &anonymous[..], 200),
        (&info, &anonymous, 401),
        (&info, &logged_in, 200),
        (&info, &with_token, 200),
        ("/iiif/one/tiered%2F1/info.json", &anonymous, 302),
        (&low, &anonymous, 200),
        (PROBE, &anonymous, 200),
        (PROBE, &logged_in, 200),
        ("/auth/iiif-token", &anonymous, 401),
        ("/auth/iiif-token", &logged_in, 200),
        (&page_1, &anonymous, 200),
        (&page_1, &logged_in, 200),
        (&page_2, &anonymous, 200),
        (&page_2, &logged_in, 200),
        (&open_tile, &anonymous, 200),
        (&tile, &anonymous, 401),
        (&tile, &logged_in, 200),
        ("/iiif/manifests/open/a.json", &anonymous, 200),
        ("/iiif/manifests/locked/a.json", &anonymous, 401),
        ("/files/open/a.mp3", &anonymous, 200),
        ("/files/locked/a.mp3", &anonymous, 401),
        ("/files/locked/a.mp3", &logged_in, 200),
        (&status, &anonymous, 200),
    ] {
        let (get, head) = (site.ask("GET", target, headers), site.ask("HEAD", target, headers));
        assert_eq!((get.status, head.status), (expected, expected), "X-03: {target}");
        assert_eq!(comparable(&get), comparable(&head), "X-03: {target}");
        assert_eq!(head.body.len(), 0, "X-03: {target}");
    }
}

#[test]
fn x04_what_needed_a_credential_is_kept_by_no_cache_and_asked_for_anew() {
    let (_origin, _service, site) = start_in_the_room();
    let cookie = log_in(&site);
    let page = "?messageId=1&origin=https://viewer.test";
    for target in [
        "/auth/iiif-login",
        "/auth/v2/access/staff",
        "/auth/v2/access/terms",
        "/auth/v2/access/room",
        "/auth/iiif-clickthrough/terms",
        "/auth/iiif-kiosk/room",
        "/auth/iiif-external/campus",
        "/auth/iiif-token",
        &format!("/auth/iiif-token{page}"),
        &format!("/auth/v2/token{page}"),
        PROBE,
        &format!("{STATUS}open%2Fa.json"),
        "/auth/logout",
    ] {
        let reply = site.get(target);
        let [kept] = reply.all("Cache-Control")[..] else { panic!("X-04: {target}: {reply:?}") };
        assert!(kept == "no-store" || kept == "private, no-store", "X-04: {target}: {kept}");
        assert_eq!(reply.all("Expires").len(), 0, "X-04: {target}");
    }
    for target in [format!("{LOCKED}/info.json"), "/iiif/manifests/locked/a.json".to_owned()] {
        let refused = site.get(&target);
        let given = site.ask("GET", &target, &[("Cookie", &cookie)]);
        assert_eq!((refused.status, given.status), (401, 200), "a 401 is not what comes after the login");
        for reply in [&refused, &given] {
            assert_eq!(reply.all("Cache-Control"), ["private, no-cache"], "X-04: {target}");
            let [vary] = reply.all("Vary")[..] else { panic!("X-04: {target}: {reply:?}") };
            for name in ["Accept", "Authorization", "Cookie", "Origin"] {
                assert!(vary.split(", ").any(|word| word == name), "X-04: {target}: {vary}");
            }
        }
        assert_eq!(refused.all("ETag").len(), 0, "X-04: there is nothing to be known already");
    }
    for target in [format!("{LOCKED}{WHOLE}"), "/files/locked/a.mp3".to_owned()] {
        let refused = site.get(&target);
        let given = site.ask("GET", &target, &[("Cookie", &cookie)]);
        assert_eq!((refused.status, given.status), (401, 200));
        assert_eq!(refused.all("Cache-Control"), ["no-store"], "X-04: {target}");
        assert_eq!(given.all("Cache-Control"), ["private, no-cache"], "X-04: {target}");
    }
}

#[test]
fn x05_x06_x07_token_pages_are_framed_pages_for_people_are_not_and_no_opener_is_cut_off() {
    let (_origin, _service, site) = start_in_the_room();
    let cookie = log_in(&site);
    for service in ["/auth/iiif-token", "/auth/v2/token"] {
        for cookie in ["", &cookie] {
            let target = format!("{service}?messageId=1&origin=https://viewer.test");
            let reply = site.ask("GET", &target, &[("Cookie", cookie), ("Sec-Fetch-Dest", "iframe")]);
            assert_eq!(reply.all("X-Frame-Options").len(), 0, "X-05");
            let [policy] = reply.all("Content-Security-Policy")[..] else { panic!("X-05: {reply:?}") };
            assert!(!policy.contains("frame-ancestors"), "X-05: {policy}");
            let (_, nonce) = policy.split_once("script-src 'nonce-").expect("X-05: its script runs");
            let nonce = nonce.split('\'').next().unwrap();
            let page = String::from_utf8_lossy(&reply.body).into_owned();
            assert!(page.contains(&format!("<script nonce=\"{nonce}\">")), "X-05: {page}");
            assert_eq!(reply.all("Cross-Origin-Opener-Policy").len(), 0, "X-07");
        }
    }
    for target in [
        "/auth/login",
        "/auth/iiif-login?origin=https://viewer.test",
        "/auth/v2/access/staff?origin=https://viewer.test",
        "/auth/v2/access/terms?origin=https://viewer.test",
        "/auth/v2/access/room?origin=https://viewer.test",
        "/auth/iiif-clickthrough/terms?origin=https://viewer.test",
        "/auth/iiif-kiosk/room?origin=https://viewer.test",
        "/auth/iiif-external/campus",
        "/auth/v2/access/nothing",
        "/auth/viewers",
        "/auth/",
        "/auth/logout",
    ] {
        for cookie in ["", &cookie] {
            let reply = site.ask("GET", target, &[("Cookie", cookie), ("Sec-Fetch-Dest", "document")]);
            assert_eq!(reply.all("X-Frame-Options"), ["DENY"], "X-06: {target}");
            let [policy] = reply.all("Content-Security-Policy")[..] else { panic!("X-06: {target}") };
            assert!(policy.contains("frame-ancestors 'none'"), "X-06: {target}: {policy}");
            assert_eq!(reply.all("Cross-Origin-Opener-Policy").len(), 0, "X-07: {target}");
        }
    }
}

/// A viewer takes another address than the one that it asked for to be that of a smaller image, or of another one.
#[test]
fn x15_a1_46_the_id_is_the_address_that_was_asked_for_over_tls() {
    let origin = Server::tcp(respond);
    let mut prepared = prepared(&origin);
    prepared.plan = prepared.plan.tls();
    let (_service, site) = prepared.start(POLICY);
    let _another_test_was_first = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .resolve(HOST, SocketAddr::from(([127, 0, 0, 1], site.port)))
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        for base in [
            LOCKED,
            OPEN,
            LOW,
            "/iiif/images/locked%2f1",
            "/iiif/images/%6Cocked%2F1",
            "/iiif/images/locked/1",
            "/iiif/one/locked%2F1",
            "/iiif/two/locked%2F1",
            "/iiif/images/locked%2FB%C3%BCcher%20%26%201",
            "/iiif/images/locked%2FB%c3%bccher%20&%201",
        ] {
            let url = format!("https://{HOST}:{}{base}/info.json?x=1", site.port);
            let request = client.get(&url).header("X-Forwarded-Proto", "http");
            let reply = request.header("X-Forwarded-Host", "evil.test").send().await.unwrap();
            let info: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
            assert_eq!(info["@id"], format!("https://{HOST}{base}"), "X-15, A1-46");
            let text = info.to_string();
            let ours = text.matches(&format!("\"https://{HOST}/")).count();
            assert_eq!(text.matches("\"https://").count(), ours, "A1-46: no other host: {text}");
        }
    });
}

/// The words that Tilegate goes by are NGINX's; a visitor's own under these names are nothing.
#[test]
fn x16_nobody_chooses_a_path_an_address_a_mount_or_a_host_by_a_header() {
    let (origin, _service, site) = start();
    let open = format!("{OPEN}{WHOLE}");
    let forged = [
        ("X-Original-URI", open.as_str()),
        ("X-Original-URL", &open),
        ("X_Original_URI", &open),
        ("X-Rewrite-URL", &open),
        ("X-Original-Method", "OPTIONS"),
        ("X-Original-Host", "evil.test"),
        ("X-HTTP-Method-Override", "OPTIONS"),
        ("X-Real-IP", "198.51.100.7"),
        ("X-Forwarded-For", "198.51.100.7"),
        ("Forwarded", "for=198.51.100.7;host=evil.test;proto=http"),
        ("X-Forwarded-Host", "evil.test"),
        ("X-Forwarded-Proto", "http"),
        ("X-Tilegate-Mount", "files"),
        ("X-Tilegate-Mark", "x"),
        ("X-Tilegate-Path", "/inner/locked/1/full/max/0/default.jpg"),
        ("X-Tilegate-Origin", "https://evil.test"),
        ("X-Tilegate-Cache", "public"),
        ("X-Tilegate-Account", "00ff"),
        ("X-Remote-User", "reader"),
    ];
    let every: Vec<_> = forged.iter().map(|one| vec![*one]).chain([forged.to_vec()]).collect();
    let campus = "/iiif/images/campus%2F1";
    for headers in every {
        for (target, status) in [
            (format!("{LOCKED}{WHOLE}"), 401),
            (format!("{campus}{WHOLE}"), 401),
            (format!("/iiif/images/elsewhere{WHOLE}"), 403),
            (format!("{LOCKED}/info.json"), 401),
            (format!("{campus}/info.json"), 401),
            ("/iiif/manifests/locked/a.json".to_owned(), 401),
            ("/files/locked/a.mp3".to_owned(), 401),
            (open.clone(), 200),
        ] {
            let reply = site.ask("GET", &target, &headers);
            assert_eq!(reply.status, status, "X-16: {target} {headers:?}");
            assert!(!String::from_utf8_lossy(&reply.body).contains("evil.test"), "X-16: {target}");
            is_readable(&reply, &target);
        }
        for target in [PROBE, "/auth/v2/probe/images/campus%2F1"] {
            let result: Value = serde_json::from_slice(&site.ask("GET", target, &headers).body).unwrap();
            assert_eq!(result["status"], 401, "X-16: {target} {headers:?}");
        }
        let token = site.ask("GET", "/auth/iiif-token", &headers);
        assert_eq!(token.status, 401, "X-16: no token for a network that one is not in: {headers:?}");
    }
    let asked = origin.requests();
    assert!(
        !asked.is_empty()
            && asked.iter().all(|request| !request.target.ends_with("locked/1/full/max/0/default.jpg"))
    );
}

#[test]
fn x21_what_is_json_stays_json_and_a_token_is_read_by_no_other_site() {
    let (_origin, _service, site) = start();
    let cookie = log_in(&site);
    for (target, headers) in [
        ("/auth/iiif-token", [VIEWER, ("Cookie", "a=b")]),
        ("/auth/iiif-token", [VIEWER, ("Cookie", &cookie)]),
        (PROBE, [VIEWER, ("Cookie", &cookie)]),
    ] {
        let reply = site.ask("GET", target, &headers);
        assert_eq!(reply.header("Content-Type"), Some("application/json"), "X-21: {target}");
        assert_eq!(reply.all("X-Content-Type-Options"), ["nosniff"], "X-21: {target}");
        let readers = usize::from(target == PROBE);
        assert_eq!(reply.all("Access-Control-Allow-Origin").len(), readers, "X-21: {target}");
    }
}
