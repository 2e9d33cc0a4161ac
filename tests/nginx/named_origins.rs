//! `cors=`: pages of named origins may read with their visitor's cookies, all others without any.

use std::fs;

use crate::server::{Answer, Request, Server};
use crate::service::{Service, log_in, prepare};
use crate::site::{Reply, Site};

const POLICY: &str = r#"
    condition = [
        { name = "staff", pattern = "login", label = { en = "Staff" } },
        { name = "campus", pattern = "external", label = { en = "Campus" }, networks = ["127.0.0.0/8"] },
    ]
    rule = [
        { mount = "images", identifier = "open", conditions = ["open"] },
        { mount = "images", identifier = "locked", conditions = ["staff"] },
        { mount = "images", identifier = "campus", conditions = ["campus"] },
    ]
"#;
const INFO: &str = r#"{"@context":"http://iiif.io/api/image/2/context.json","@id":"http://inside/x","protocol":"http://iiif.io/api/image","width":4000,"height":3000,"profile":["http://iiif.io/api/image/2/level1.json"]}"#;
const BIIGLE: &str = "https://biigle.de";
const LONG: &str = "https://a-viewer.of-a-department.of-some-university.with-a-long-name.example.org:8443";

fn respond(request: &Request) -> Answer {
    match request.target.as_str() {
        target if target.contains("none") => Answer::new(404),
        target if target.contains("broken") => Answer::new(500),
        target if target.ends_with("/info.json") => {
            Answer::new(200).with("Content-Type", "application/json").body(INFO.as_bytes())
        }
        target if target.starts_with("/kept/") => Answer::new(200)
            .with("Content-Type", "application/json")
            .body(br#"{"@context":"http://iiif.io/api/presentation/3/context.json","id":"x","type":"Manifest","items":[]}"#),
        _ => Answer::new(200)
            .with("Content-Type", "image/jpeg")
            .with("Access-Control-Allow-Origin", "https://inner.test")
            .with("Access-Control-Allow-Credentials", "true")
            .body(b"pixels"),
    }
}

fn start() -> (Server, Service, Site) {
    let origin = Server::tcp(respond);
    let prepared = prepare();
    let folder = prepared.plan.folder().join("files");
    for name in ["open", "locked"] {
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("a.mp3"), b"0123456789").unwrap();
    }
    let cors = format!("cors={BIIGLE},https://www.biigle.de,{LONG}");
    let inner = format!("http://{}/inner/ server=iipsrv", origin.address());
    let (service, site) = prepared
        .mount("IMAGES", &format!("image /iiif/images/ {inner} {cors}"))
        .mount("PLAIN", &format!("image /iiif/plain/ {inner} rules=images"))
        .mount(
            "MANIFESTS",
            &format!("manifest /iiif/m/ http://{}/kept/ rules=images {cors}", origin.address()),
        )
        .mount("FILES", &format!("file /files/ file://{}/ rules=images {cors}", folder.display()))
        .start(POLICY);
    (origin, service, site)
}

const TILE: &str = "/full/max/0/default.jpg";

fn cors_of(reply: &Reply) -> (Vec<&str>, Vec<&str>, bool) {
    let varies = reply.all("Vary").iter().any(|vary| vary.split(", ").any(|name| name == "Origin"));
    assert!(reply.all("Vary").len() <= 1, "{reply:?}");
    (reply.all("Access-Control-Allow-Origin"), reply.all("Access-Control-Allow-Credentials"), varies)
}

#[test]
fn t7_n11_a_named_origin_is_told_so_by_name_and_no_other_with_credentials() {
    let (_origin, _service, site) = start();
    let cookie = log_in(&site);
    for (target, range, status) in [
        (format!("/iiif/images/open%2F1{TILE}"), "", 200),
        (format!("/iiif/images/locked%2F1{TILE}"), "", 401),
        (format!("/iiif/images/elsewhere{TILE}"), "", 403),
        (format!("/iiif/images/open%2Fnone{TILE}"), "", 404),
        (format!("/iiif/images/open%2Fbroken{TILE}"), "", 502),
        ("/iiif/images/open%2F1/info.json".to_owned(), "", 200),
        ("/iiif/images/locked%2F1/info.json".to_owned(), "", 401),
        ("/iiif/images/elsewhere/info.json".to_owned(), "", 403),
        ("/iiif/images/open%2F1".to_owned(), "", 303),
        ("/iiif/m/open/a.json".to_owned(), "", 200),
        ("/iiif/m/locked/a.json".to_owned(), "", 401),
        ("/files/open/a.mp3".to_owned(), "bytes=0-1", 206),
        ("/files/open/a.mp3".to_owned(), "bytes=99-", 416),
        ("/files/open/none.mp3".to_owned(), "", 404),
        ("/files/locked/a.mp3".to_owned(), "", 401),
        ("/files/elsewhere/a.mp3".to_owned(), "", 403),
    ] {
        let ask = |origin: &str| {
            let mut headers = vec![("Range", range)];
            if !origin.is_empty() {
                headers.push(("Origin", origin));
            }
            site.ask("GET", &target, &headers)
        };
        for origin in [BIIGLE, "https://www.biigle.de", LONG] {
            let reply = ask(origin);
            assert_eq!(reply.status, status, "{target}");
            assert_eq!(cors_of(&reply), (vec![origin], vec!["true"], true), "{target}");
        }
        for origin in [
            "https://evil.test",
            "https://biigle.de.evil.test",
            "https://xbiigle.de",
            "http://biigle.de",
            "null",
            "",
        ] {
            let reply = ask(origin);
            assert_eq!(
                (reply.status, cors_of(&reply)),
                (status, (vec!["*"], vec![], true)),
                "{target} {origin}"
            );
        }
    }
    let headers = [("Origin", BIIGLE), ("Cookie", cookie.as_str())];
    let reply = site.ask("GET", &format!("/iiif/images/locked%2F1{TILE}"), &headers);
    assert_eq!((reply.status, cors_of(&reply)), (200, (vec![BIIGLE], vec!["true"], true)));
    let reply = site.ask("GET", "/iiif/images/locked%2F1/info.json", &headers);
    assert_eq!((reply.status, cors_of(&reply)), (200, (vec![BIIGLE], vec!["true"], true)));
    // A mount that names none is as before.
    let reply = site.ask("GET", &format!("/iiif/plain/open%2F1{TILE}"), &headers);
    assert_eq!((reply.status, cors_of(&reply)), (200, (vec!["*"], vec![], false)));
}

#[test]
fn x02_a_named_origin_may_announce_what_its_programs_send() {
    let (_origin, _service, site) = start();
    let asked = |origin| {
        [
            ("Origin", origin),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "x-csrf-token, x-requested-with"),
        ]
    };
    for target in [
        format!("/iiif/images/locked%2F1{TILE}"),
        "/iiif/images/locked%2F1/info.json".to_owned(),
        "/iiif/m/locked/a.json".to_owned(),
        "/files/locked/a.mp3".to_owned(),
    ] {
        for (origin, anyone, credentials) in
            [(BIIGLE, BIIGLE, vec!["true"]), ("https://evil.test", "*", vec![])]
        {
            let reply = site.ask("OPTIONS", &target, &asked(origin));
            assert_eq!((reply.status, cors_of(&reply)), (204, (vec![anyone], credentials, true)), "{target}");
            assert_eq!(reply.all("Access-Control-Allow-Methods"), ["GET, HEAD, OPTIONS"]);
            let allowed = "Authorization, Range, X-CSRF-Token, X-Requested-With";
            assert_eq!(reply.all("Access-Control-Allow-Headers"), [allowed]);
            assert_eq!(reply.all("Access-Control-Max-Age"), ["7200"]);
        }
    }
    let plain = site.ask("OPTIONS", &format!("/iiif/plain/locked%2F1{TILE}"), &asked(BIIGLE));
    assert_eq!(cors_of(&plain), (vec!["*"], vec![], false));
    assert_eq!(plain.all("Access-Control-Allow-Headers"), ["Authorization"]);
    assert_eq!(plain.all("Access-Control-Max-Age"), ["7200"]);
}

/// What the network alone opens is readable by a named origin, and by no other foreign one.
#[test]
fn t10_a_named_origin_reads_what_its_visitors_network_opens() {
    let (_origin, _service, site) = start();
    for (mount, origin, anyone, credentials) in [
        ("images", BIIGLE, vec![BIIGLE], vec!["true"]),
        ("images", "https://evil.test", vec![], vec![]),
        ("plain", BIIGLE, vec![], vec![]),
    ] {
        let target = format!("/iiif/{mount}/campus%2F1{TILE}");
        let reply = site.ask("GET", &target, &[("Origin", origin)]);
        assert_eq!((reply.status, cors_of(&reply)), (200, (anyone, credentials, true)), "{mount} {origin}");
    }
}

/// While NGINX names an origin that Tilegate does not, no answer has both `*` and credentials.
#[test]
fn t7_a_star_never_comes_with_credentials() {
    let prepared = prepare();
    let folder = prepared.plan.folder().join("files/open");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("a.mp3"), b"0123456789").unwrap();
    let typed = format!("file /files/ file://{}/files/ default=open", prepared.plan.folder().display());
    let policy = POLICY.split("rule = [").next().unwrap();
    let (_service, site) = prepared
        .mount("FILES", &typed)
        .start_apart(policy, |plan| plan.remount("FILES", &format!("{typed} cors={BIIGLE}")));
    let reply = site.ask("GET", "/files/open/a.mp3", &[("Origin", BIIGLE)]);
    assert_eq!((reply.status, cors_of(&reply)), (200, (vec!["*"], vec![], true)));
}
