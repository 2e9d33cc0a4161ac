//! Addresses that carry the secret of a pass, through real NGINX and the real Tilegate.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::service::{Service, log_in, prepare, redeem};
use crate::site::{HOST, Reply, Site};

const POLICY: &str = r#"
    condition = [{ name = "staff", pattern = "login", label = { en = "Staff" } }]
    rule = [
        { mount = "files", identifier = "letters", conditions = ["staff"] },
        { mount = "files", identifier = "letters/open", conditions = ["open"] },
        { mount = "files", identifier = "letters/embargo", conditions = ["closed"] },
        { mount = "files", identifier = "others", conditions = ["staff"] },
    ]
"#;
const IMAGE: &[u8] = b"\xff\xd8 of 1931";

fn furnish(folder: &Path) {
    for name in ["1931", "open", "embargo"] {
        fs::create_dir_all(folder.join("letters").join(name)).unwrap();
    }
    fs::create_dir_all(folder.join("others")).unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    file("letters/1931/image_001.jpg", IMAGE);
    file("letters/1931/B\u{fc}cher 1.jpg", IMAGE);
    file("letters/1931/page.html", b"<a href='https://other.test/'>x</a>");
    file("letters/open/a.jpg", b"open to everybody");
    for name in ["letters/embargo/a.jpg", "others/a.jpg", "letters/other.jpg", "tgp_notes.txt"] {
        file(name, b"lies-elsewhere");
    }
}

/// With a mount of its own for the same files, and everything that could be logged logged.
fn start() -> (Service, Site) {
    let mut prepared = prepare();
    let folder = prepared.plan.folder().join("files");
    furnish(&folder);
    prepared.log = Some("debug");
    prepared.plan = prepared.plan.server("access_log combined.log combined; access_log ours.log tilegate;");
    let typed = format!("/ file://{}/", folder.display());
    prepared
        .mount("FILES", &format!("file /files{typed} default=closed"))
        .mount("SHARED", &format!("file /shared{typed} rules=files"))
        .mount("ALONE", &format!("file /alone{typed} default=staff"))
        .start(POLICY)
}

/// What NGINX says with an address of that kind, whatever it is.
fn is_a_secrets_answer(reply: &Reply) {
    assert_eq!(reply.all("Referrer-Policy"), ["no-referrer"], "{reply:?}");
    assert_eq!(reply.all("X-Robots-Tag"), ["noindex, nofollow"]);
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"]);
    let internal = |name: &str| name.to_ascii_lowercase().starts_with("x-tilegate");
    assert!(!reply.headers.iter().any(|(name, _)| internal(name)), "{reply:?}");
    let cache = reply.header("Cache-Control").unwrap();
    assert!(matches!(cache, "private, no-cache" | "no-store"), "{cache}");
}

#[test]
fn an_address_opens_its_scope_until_it_is_revoked() {
    let (service, site) = start();
    let (id, secret) = service.new_pass(&["--prefix", "letters/1931"]);
    let at = |mount: &str, rest: &str| format!("/{mount}/tgp_{secret}/{rest}");
    eventually(&site, &at("files", "image_001.jpg"), 200);
    for target in
        [at("files", "image_001.jpg"), at("shared", "image_001.jpg"), at("files", "%69mage_001.jpg?x=/..")]
    {
        for (method, cookie) in [("GET", "a=1"), ("GET", "__Host-tilegate_access=x"), ("HEAD", "a=1")] {
            let reply = site.ask(method, &target, &[("Cookie", cookie)]);
            is_a_secrets_answer(&reply);
            assert_eq!((reply.status, reply.header("Content-Type")), (200, Some("image/jpeg")), "{target}");
            assert_eq!(reply.body, if method == "GET" { IMAGE } else { b"" });
            assert_eq!(reply.header("Cache-Control"), Some("private, no-cache"));
        }
    }
    let part = site.ask("GET", &at("files", "image_001.jpg"), &[("Range", "bytes=0-1")]);
    assert_eq!((part.status, part.body.as_slice()), (206, &IMAGE[..2]));
    is_a_secrets_answer(&part);
    let preflight = site.ask("OPTIONS", &at("files", "image_001.jpg"), &[("Origin", "https://biigle.test")]);
    assert_eq!(preflight.status, 204);
    assert_eq!(site.ask("POST", &at("files", "image_001.jpg"), &[("Content-Length", "0")]).status, 405);
    assert_eq!(site.get(&at("files", "none.jpg")).status, 404);
    assert_eq!(site.get(&at("files", "B%C3%BCcher%201.jpg")).body, IMAGE);
    assert!(site.get(&at("files", "page.html")).header("Content-Security-Policy").is_some());
    service.run(&["pass", "revoke", &id]);
    eventually(&site, &at("files", "image_001.jpg"), 403);
    let listed = service.run(&["pass", "list"]).0;
    assert!(listed.contains("revoked"), "{listed}");
}

#[test]
fn whatever_is_wrong_with_it_the_answer_is_one() {
    let (service, site) = start();
    let (_, secret) = service.new_pass(&["--prefix", "letters"]);
    let (_, counted) = service.new_pass(&["--prefix", "letters", "--uses", "2"]);
    let (_, exact) = service.new_pass(&["--prefix", "letters/1931/image_001.jpg", "--exact"]);
    let (ended, revoked) = service.new_pass(&["--prefix", "letters"]);
    service.run(&["pass", "revoke", &ended]);
    eventually(&site, &format!("/files/tgp_{exact}/image_001.jpg"), 200);
    let reader = log_in(&site);
    let unknown = "A".repeat(32);
    for (target, what) in [
        (format!("/files/tgp_{unknown}/1931/image_001.jpg"), "of nobody"),
        (format!("/files/tgp_{revoked}/1931/image_001.jpg"), "revoked"),
        (format!("/files/tgp_{counted}/1931/image_001.jpg"), "to be redeemed"),
        (format!("/alone/tgp_{secret}/1931/image_001.jpg"), "of another mount"),
        (format!("/files/tgp_{secret}/embargo/a.jpg"), "closed"),
        (format!("/files/tgp_{secret}/"), "a folder"),
        (format!("/files/tgp_{secret}"), "nothing"),
        (format!("/files/tgp_{secret}/../others/a.jpg"), "climbing"),
        (format!("/files/tgp_{secret}/%2e%2e/others/a.jpg"), "climbing"),
        (format!("/files/tgp_{secret}/1931/..%2f..%2fothers/a.jpg"), "climbing"),
        (format!("/files/tgp_{secret}/%252e%252e/others/a.jpg"), "climbing"),
        (format!("/files/tgp_{secret}//1931/image_001.jpg"), "an empty segment"),
        (format!("/files/%74gp_{secret}/1931/image_001.jpg"), "another spelling"),
        (format!("/files/tgp_{exact}/other.jpg"), "another file"),
        (format!("/files/tgp_{exact}/1931/image_001.jpg"), "not its name"),
        ("/files/tgp_notes.txt".to_owned(), "a name that is kept for these"),
    ] {
        for cookie in ["a=1", &reader] {
            let reply = site.ask("GET", &target, &[("Cookie", cookie)]);
            assert_eq!((reply.status, reply.body.len()), (403, 0), "{what}: {target} {reply:?}");
            assert_eq!(reply.all("WWW-Authenticate").len(), 0, "{what}");
            is_a_secrets_answer(&reply);
        }
    }
    // What everybody may have is nothing for shared caches either, under such an address.
    let open = site.get(&format!("/files/tgp_{secret}/open/a.jpg"));
    assert_eq!((open.status, open.header("Cache-Control")), (200, Some("private, no-cache")));
    let same = site.get("/files/letters/open/a.jpg");
    assert_eq!((same.status, same.header("Cache-Control")), (200, Some("public, max-age=3600")));
    assert_eq!(same.all("Referrer-Policy").len() + same.all("X-Robots-Tag").len(), 0);
}

/// S16: neither in the site's own log, nor in one of the format that comes along, nor in Tilegate's.
#[test]
fn s16_the_secret_stands_in_no_log() {
    let (service, site) = start();
    let (_, secret) = service.new_pass(&["--prefix", "letters/1931"]);
    let address = format!("/files/tgp_{secret}/image_001.jpg");
    eventually(&site, &address, 200);
    for (method, target) in [
        ("GET", address.clone()),
        ("HEAD", address.clone()),
        ("OPTIONS", address.clone()),
        ("PUT", address.clone()),
        ("GET", format!("/files/tgp_{secret}/none.jpg")),
        ("GET", format!("/files/tgp_{secret}/../letters/1931/image_001.jpg")),
        ("GET", format!("/files/%74gp_{secret}/image_001.jpg")),
        ("GET", format!("//files/tgp_{secret}/image_001.jpg")),
        ("GET", format!("/files/tgp_{secret}/tgp_{secret}/x.jpg")),
    ] {
        site.ask(method, &target, &[("Content-Length", "0")]);
    }
    site.ask("GET", &address, &[("Range", "bytes=999-")]);
    // NGINX looks for no location then, so that only the format can hide it.
    let unread = format!("/files/tgp_{secret}/unread.jpg");
    let too_long = "x".repeat(9000);
    for (name, value) in [("Cookie", too_long.as_str()), ("Transfer-Encoding", "x"), ("Host", "x")] {
        assert!(site.ask("GET", &unread, &[(name, value)]).status >= 400);
    }
    // Not under a mount: the site's own, of which the format knows nothing but that it hides the word.
    site.get(&format!("/elsewhere/tgp_{secret}/image_001.jpg"));
    site.get("/last");
    let ours = logged(&site, "ours.log");
    let combined = logged(&site, "combined.log");
    assert!(!ours.contains(&secret), "{ours}");
    assert!(ours.contains("GET /elsewhere/tgp_-/image_001.jpg HTTP"), "{ours}");
    assert_eq!(ours.matches("/unread.jpg").count() + ours.matches("\"GET - HTTP").count(), 3, "{ours}");
    let leaks = combined.lines().filter(|line| {
        line.contains(&secret) && !["/elsewhere/", "/unread.jpg"].iter().any(|own| line.contains(own))
    });
    assert_eq!(leaks.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(service.log().contains("query_auth"), "it says much: {}", service.log());
    assert!(!service.log().contains(&secret));
}

/// A log that has the last request in it: NGINX writes after it has answered.
fn logged(site: &Site, name: &str) -> String {
    for _ in 0..100 {
        let text = fs::read_to_string(site.folder().join(name)).unwrap_or_default();
        if text.contains("GET /last") {
            return text;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{name} is not written");
}

/// Another process has changed the store: the service looks each second.
pub(crate) fn eventually(site: &Site, target: &str, status: u16) {
    for _ in 0..100 {
        if site.get(target).status == status {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{target} never answers {status}");
}

/// Another application, whose token makes passes: it posts JSON, lists and deletes, as it would from another machine.
#[test]
fn an_application_makes_a_link_whose_pass_opens_the_file() {
    let (service, site) = start();
    let (id, secret) = service.new_pass(&["--prefix", "letters/1931", "--makes-passes"]);
    let ask = |method: &str, path: &str, body: &str| {
        let request = format!(
            "{method} /auth/api/passes{path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\
             Authorization: Bearer tgp_{id}_{secret}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        site.send(request.as_bytes())
    };
    let member = |reply: &Reply, name: &str| {
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        body[name].as_str().unwrap_or_default().to_owned()
    };
    let beyond = ask("POST", "", r#"{"identifier": "others"}"#);
    assert_eq!((beyond.status, member(&beyond, "member").as_str()), (403, "identifier"));
    assert_eq!(beyond.header("Content-Type"), Some("application/problem+json"));
    let made = ask("POST", "", r#"{"identifier": "letters/1931/image_001.jpg", "exact": true}"#);
    assert_eq!(made.status, 201, "{made:?}");
    let link = member(&made, "redeem_url");
    let (_, once) = link.rsplit_once('/').unwrap();
    let cookie = redeem(&site, once);
    let get = |target: &str| site.ask("GET", target, &[("Cookie", &cookie)]).status;
    assert_eq!((get("/files/letters/1931/image_001.jpg"), get("/files/letters/1931/page.html")), (200, 401));
    assert_eq!(
        site.get(&format!("/files/tgp_{once}/image_001.jpg")).status,
        403,
        "it is counted, so in no address"
    );
    assert_eq!(ask("GET", "", "").status, 200);
    assert_eq!(ask("DELETE", &format!("/{}", member(&made, "id")), "").status, 204);
    assert_eq!(get("/files/letters/1931/image_001.jpg"), 401, "at once");
    assert_eq!(ask("PUT", "", "{}").status, 405);
    assert!(!service.log().contains(&secret) && !service.log().contains(once));
}
