//! File mounts behind the drop-in: real NGINX, real Tilegate; from a folder that NGINX serves on
//! a socket, and from another web server.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use crate::server::{Answer, Request, Server};
use crate::service::{Service, bearer, log_in, prepare};
use crate::site::{HOST, Reply, Site};

const OPEN: &str = "/files/open/song.mp3";
const PRIVATE: &str = "/files/private/letter.pdf";
const PAGES: &[u8] = b"%PDF-1.7 of the private letter";
const SONG: &[u8] = b"0123456789 of the song";
/// Names as they lie there, and as a viewer asks for them.
const NAMES: [(&str, &str); 8] = [
    ("Bücher & Briefe, 1. Teil (ä+ö).txt", "B%C3%BCcher%20%26%20Briefe,%201.%20Teil%20(%C3%A4+%C3%B6).txt"),
    ("100%.txt", "100%25.txt"),
    ("100% sure.txt", "100%25%20sure.txt"),
    ("a+b.txt", "a%2Bb.txt"),
    ("a+b and c.txt", "a+b%20and%20c.txt"),
    ("No. #1?.txt", "No.%20%231%3F.txt"),
    ("info.json", "info.json"),
    // What a volume of Zarr begins with.
    (".zarray", ".zarray"),
];

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }

    [[rule]]
    mount = "files"
    identifier = "open"
    conditions = ["open"]

    [[rule]]
    mount = "files"
    identifier = "private"
    conditions = ["staff"]

    [[rule]]
    mount = "files"
    identifier = "open/50% private"
    conditions = ["staff"]

    [[test]]
    url = "/files/private/letter.pdf"
    method = "HEAD"
    account_conditions = ["staff"]
    expect = "allow"

    [[test]]
    url = "/files/open/50%25%20private/a.txt"
    expect = "challenge"
"#;

fn furnish(folder: &Path) {
    for name in ["files/open/folder", "files/open/50% private", "files/private", "outside"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let file = |name: &str, text: &[u8]| fs::write(folder.join(name), text).unwrap();
    file("outside/other.txt", b"lies-outside");
    file("files/open/song.mp3", SONG);
    for (name, _) in NAMES {
        file(&format!("files/open/{name}"), name.as_bytes());
    }
    for name in ["a.html", "a.svg", "a.xml", "a.pdf", "a.MP4", "a.ogg", "a.m4a", "a.webm", "a.wav", "a.tif"] {
        file(&format!("files/open/{name}"), b"<html>");
    }
    for name in ["a.jpg", "a.png", "a.webp", "a.jp2", "a.json", "a.vtt", "a.srt", "a.txt", "a.exe", "a"] {
        file(&format!("files/open/{name}"), b"<html>");
    }
    file("files/open/.hidden.txt", b"lies-hidden");
    file("files/open/folder/index.html", b"lies-index");
    file("files/open/50% private/a.txt", b"lies-private");
    file("files/private/letter.pdf", PAGES);
    let link = |to: &str, name: &str| symlink(folder.join(to), folder.join(name)).unwrap();
    link("outside/other.txt", "files/open/out.txt");
    link("outside", "files/open/out");
    link("files/private/letter.pdf", "files/open/letter.pdf");
    // The operator's own way to the folder may lead over a link.
    link("files", "linked");
}

fn start_in(site_wide: &str) -> (Service, Site) {
    let mut prepared = prepare();
    furnish(prepared.plan.folder());
    let typed = format!("file /files/ file://{}/linked/", prepared.plan.folder().display());
    prepared.plan = prepared.plan.http(site_wide);
    prepared.mount("FILES", &typed).start(POLICY)
}

fn start() -> (Service, Site) {
    start_in("")
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// What every answer has, whatever its status (A1-54).
fn is_readable_everywhere(reply: &Reply) {
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01: {reply:?}");
    assert_eq!(reply.all("Cache-Control").len(), 1, "{reply:?}");
    assert!(
        !reply.headers.iter().any(|(name, _)| name.to_lowercase().starts_with("x-tilegate")),
        "{reply:?}"
    );
}

#[test]
fn x01_x03_a_file_is_given_whole_and_head_says_the_same() {
    let (_service, site) = start();
    let reply = site.ask("GET", OPEN, &[("Origin", "https://viewer.test")]);
    assert_eq!((reply.status, reply.body.as_slice()), (200, SONG));
    is_readable_everywhere(&reply);
    for (name, value) in [
        ("Content-Type", "audio/mpeg"),
        ("Cache-Control", "public, max-age=3600"),
        ("Accept-Ranges", "bytes"),
        ("Access-Control-Expose-Headers", "Accept-Ranges, Content-Encoding, Content-Length, Content-Range"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Length", "22"),
    ] {
        assert_eq!(reply.all(name), [value], "{name}");
    }
    let head = site.ask("HEAD", OPEN, &[("Origin", "https://viewer.test")]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    let without_date = |reply: &Reply| {
        let mut headers = reply.headers.clone();
        headers.retain(|(name, _)| name != "Date");
        headers
    };
    assert_eq!(without_date(&head), without_date(&reply));
    assert_eq!(site.get(&format!("{OPEN}?x=/../y")).body, SONG, "P3");
    for method in ["POST", "PUT", "DELETE", "PROPFIND"] {
        assert_eq!(site.ask(method, OPEN, &[("Content-Length", "0")]).status, 405, "{method}");
    }
}

#[test]
fn ranges_are_given_to_those_who_may_have_the_file() {
    let (_service, site) = start();
    let cookie = log_in(&site);
    let part = |headers: &[(&str, &str)]| {
        let reply = site.ask("GET", PRIVATE, headers);
        is_readable_everywhere(&reply);
        reply
    };
    let range = ("Range", "bytes=5-7");
    assert_eq!(part(&[range]).status, 401);
    let reply = part(&[range, ("Cookie", &cookie)]);
    assert_eq!((reply.status, reply.body.as_slice()), (206, &PAGES[5..8]));
    assert_eq!(reply.header("Content-Range"), Some("bytes 5-7/30"));
    assert_eq!(reply.header("Cache-Control"), Some("private, no-cache"), "X-04");

    let whole = part(&[("Cookie", &cookie)]);
    assert_eq!((whole.status, whole.body.as_slice()), (200, PAGES));
    let etag = whole.header("ETag").unwrap().to_owned();
    let again = part(&[range, ("Cookie", &cookie), ("If-Range", &etag)]);
    assert_eq!((again.status, again.body.as_slice()), (206, &PAGES[5..8]));
    let changed = part(&[range, ("Cookie", &cookie), ("If-Range", "\"other\"")]);
    assert_eq!((changed.status, changed.body.as_slice()), (200, PAGES));

    let beyond = part(&[("Range", "bytes=99-"), ("Cookie", &cookie)]);
    assert_eq!((beyond.status, beyond.body.len()), (416, 0));
    assert_eq!(beyond.all("Content-Range"), ["bytes */30"]);
    assert_eq!(beyond.header("Cache-Control"), Some("no-store"));
}

/// Longer than all buffers on its way, to somebody who does not read at once.
#[test]
fn a_film_comes_whole_to_a_slow_reader() {
    let (_service, site) = start();
    let film: Vec<u8> = (0..8_000_000_u32).map(|number| number.to_le_bytes()[number as usize % 3]).collect();
    fs::write(site.folder().join("files/open/film.webm"), &film).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
    let target = "/files/open/film.webm";
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200") && answer.ends_with(&film), "{}", answer.len());
    for (range, part) in
        [("bytes=-5", &film[7_999_995..]), ("bytes=4000000-4000999", &film[4_000_000..4_001_000])]
    {
        let reply = site.ask("GET", target, &[("Range", range)]);
        assert_eq!((reply.status, reply.body.as_slice()), (206, part), "{range}");
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again_and_only_to_those_who_may() {
    let (_service, site) = start();
    let cookie = log_in(&site);
    let reply = site.ask("GET", PRIVATE, &[("Cookie", &cookie)]);
    let (etag, modified) = (reply.header("ETag").unwrap(), reply.header("Last-Modified").unwrap());
    for condition in [("If-None-Match", etag), ("If-Modified-Since", modified)] {
        let reply = site.ask("GET", PRIVATE, &[("Cookie", &cookie), condition]);
        assert_eq!((reply.status, reply.body.len()), (304, 0), "{condition:?}");
        is_readable_everywhere(&reply);
        assert_eq!(reply.header("Cache-Control"), Some("private, no-cache"));
        assert_eq!(reply.all("Content-Security-Policy").len(), 0, "it would change the copy's");
        assert_eq!(site.ask("GET", PRIVATE, &[condition]).status, 401, "{condition:?}");
    }
}

/// Product decision 4: a token opens no file, and a HEAD says whether its session's cookie would.
#[test]
fn a1_48_t5_a_token_answers_head_and_opens_nothing() {
    let (_service, site) = start();
    let cookie = log_in(&site);
    let token = bearer(&site, &cookie);
    let ask = |method: &str, target: &str, headers: &[(&str, &str)]| {
        let reply = site.ask(method, target, headers);
        is_readable_everywhere(&reply);
        assert!(reply.status == 200 || !text(&reply).contains("PDF"), "{reply:?}");
        reply.status
    };
    let closed = "/files/elsewhere/a.pdf";
    let with_token = ("Authorization", token.as_str());
    let with_cookie = ("Cookie", cookie.as_str());
    for (method, target, headers, status) in [
        ("HEAD", PRIVATE, vec![], 401),
        ("HEAD", PRIVATE, vec![with_token], 200),
        ("HEAD", PRIVATE, vec![with_cookie], 200),
        ("HEAD", PRIVATE, vec![("Authorization", "Bearer undefined")], 401),
        ("HEAD", PRIVATE, vec![("Authorization", "Bearer undefined"), with_cookie], 200),
        ("HEAD", closed, vec![with_token], 403),
        ("HEAD", OPEN, vec![with_token], 200),
        ("GET", PRIVATE, vec![], 401),
        ("GET", PRIVATE, vec![with_token], 401),
        ("GET", PRIVATE, vec![with_cookie], 200),
        ("GET", closed, vec![with_cookie], 403),
        // What the site says of a method counts, not what a client adds.
        ("GET", PRIVATE, vec![with_token, ("X-Original-Method", "HEAD")], 401),
        ("GET", PRIVATE, vec![with_token, ("X-HTTP-Method-Override", "HEAD")], 401),
    ] {
        assert_eq!(ask(method, target, &headers), status, "{method} {target} {headers:?}");
    }
    let reply = site.ask("HEAD", PRIVATE, &[]);
    assert_eq!(reply.all("WWW-Authenticate"), [r#"Bearer realm="images.example.org""#], "A1-57");
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));
    assert_eq!(site.get(closed).body.len(), 0, "no page of NGINX's");

    site.ask("GET", "/auth/logout", &[("Cookie", &cookie), ("Sec-Fetch-Dest", "document")]);
    assert_eq!(ask("HEAD", PRIVATE, &[with_token]), 401, "the token ends with its session");
}

#[test]
fn who_opens_a_protected_file_in_a_window_logs_in_and_gets_it() {
    let (_service, site) = start();
    let window = ("Sec-Fetch-Dest", "document");
    for address in
        [PRIVATE, "/files/private/gr%C3%BC%C3%9Fe%20%26%20100%25.pdf", "/files/private/a.pdf?page=2&x=%23"]
    {
        let reply = site.ask("GET", address, &[window]);
        assert!(reply.status == 303 && !text(&reply).contains("PDF"), "{address}: {reply:?}");
        is_readable_everywhere(&reply);
        let login = format!("/auth/open?{address}");
        assert_eq!(reply.header("Location"), Some(login.as_str()));
        let reply = site.ask("GET", &login, &[window]);
        assert_eq!(reply.status, 303, "{reply:?}");
        let location = reply.header("Location").unwrap();
        assert!(location.starts_with("/auth/login?next="), "{location}");
        let pairs: Vec<_> =
            url::form_urlencoded::parse(location.split_once('?').unwrap().1.as_bytes()).collect();
        assert_eq!(pairs, [("next".into(), address.into())]);
    }
    let cookie = log_in(&site);
    let reply = site.ask("GET", PRIVATE, &[window, ("Cookie", &cookie)]);
    assert_eq!((reply.status, reply.body.as_slice()), (200, PAGES));
    // What no login opens leads nowhere, and whatever is no window reads the status.
    assert_eq!(site.ask("GET", "/files/elsewhere/a.pdf", &[window]).status, 403);
    for (method, dest) in [
        ("HEAD", "document"),
        ("GET", "empty"),
        ("GET", "image"),
        ("GET", "iframe"),
        ("GET", "video"),
        ("GET", ""),
    ] {
        let reply = site.ask(method, PRIVATE, &[("Sec-Fetch-Dest", dest)]);
        assert_eq!((reply.status, reply.header("Location")), (401, None), "{method} {dest}");
        assert_eq!(reply.all("WWW-Authenticate"), [r#"Bearer realm="images.example.org""#], "A1-57");
        is_readable_everywhere(&reply);
    }
}

#[test]
fn x02_a_preflight_needs_no_credentials() {
    let (_service, site) = start();
    for target in [OPEN, PRIVATE, "/files/elsewhere/a.pdf"] {
        let asked = [
            ("Origin", "https://viewer.test"),
            ("Access-Control-Request-Method", "HEAD"),
            ("Access-Control-Request-Headers", "authorization, range"),
        ];
        let reply = site.ask("OPTIONS", target, &asked);
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{target}");
        assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"]);
        assert_eq!(reply.all("Access-Control-Allow-Methods"), ["GET, HEAD, OPTIONS"]);
        assert_eq!(reply.all("Access-Control-Allow-Headers"), ["Authorization, Range"]);
        assert_eq!(reply.all("Access-Control-Allow-Credentials").len() + reply.all("Set-Cookie").len(), 0);
    }
}

#[test]
fn p9_a_file_has_the_name_that_it_has() {
    let (_service, site) = start();
    for (name, asked) in NAMES {
        let reply = site.get(&format!("/files/open/{asked}"));
        assert_eq!((reply.status, text(&reply)), (200, name.to_owned()), "{asked}");
    }
    let lower = NAMES[0].1.replace("%C3%BC", "%c3%bc");
    assert_eq!(text(&site.get(&format!("/files/%6Fpen/{lower}"))), NAMES[0].0);
    // A rule meets a name with a % in it.
    for target in ["/files/open/50%25%20private/a.txt", "/files/open/%35%30%25%20private/%61.txt"] {
        assert_eq!(site.get(target).status, 401, "{target}");
    }
}

#[test]
fn p2_nothing_leads_out_of_the_folder_or_past_its_rules() {
    let (_service, site) = start();
    let reader = log_in(&site);
    for (rest, statuses) in [
        ("open/none.pdf", &[404][..]),
        // Links, also one that stays within the folder: its target has a rule of its own.
        ("open/out.txt", &[404]),
        ("open/out/other.txt", &[404]),
        ("open/letter.pdf", &[404]),
        // No listing, no index.
        ("open/folder", &[404]),
        ("open/folder/", &[403]),
        ("open/song.mp3/", &[403]),
        ("open/song.mp3/x", &[404]),
        ("open", &[404]),
        ("", &[403]),
        ("open/.hidden.txt", &[403]),
        ("open/%2Ehidden.txt", &[403]),
        ("open/../private/letter.pdf", &[403]),
        ("open/..%2fprivate/letter.pdf", &[403]),
        ("open%2F..%2Fprivate%2Fletter.pdf", &[403]),
        ("private%2Fletter.pdf", &[403]),
        ("open/%2e%2e/private/letter.pdf", &[403]),
        ("open/..;/private/letter.pdf", &[403]),
        ("open\\..\\private\\letter.pdf", &[403]),
        ("open/..%5cprivate%5cletter.pdf", &[403]),
        ("open/..%252fprivate/letter.pdf", &[403]),
        ("open/%252e%252e/private/letter.pdf", &[403]),
        ("open//song.mp3", &[403]),
        // NGINX takes these for paths of the site beside the mount, or for none.
        ("..%2foutside/other.txt", &[404]),
        ("..%2f..%2fetc%2fpasswd", &[400]),
        ("open/%00/song.mp3", &[400, 403]),
    ] {
        for cookie in ["a=1", &reader] {
            let reply = site.ask("GET", &format!("/files/{rest}"), &[("Cookie", cookie)]);
            assert!(statuses.contains(&reply.status), "{rest}: {reply:?}");
            for secret in ["lies-", "PDF", "root:", "song"] {
                assert!(!text(&reply).contains(secret), "{rest}: {}", text(&reply));
            }
            if reply.status == 404 && !rest.starts_with("..") {
                assert_eq!(reply.body.len(), 0, "{rest}");
                is_readable_everywhere(&reply);
                assert_eq!(reply.header("Cache-Control"), Some("no-store"));
            }
        }
    }
    assert_eq!(site.get("/files").status, 404, "the site's own");
}

#[test]
fn a_page_among_the_files_does_not_run_as_one_of_ours() {
    let (_service, site) = start();
    for (name, kind, sandboxed) in [
        ("a.html", "text/html", true),
        ("a.svg", "image/svg+xml", true),
        ("a.xml", "application/xml", true),
        ("a.exe", "application/octet-stream", true),
        ("a", "application/octet-stream", true),
        ("a.json", "application/json", true),
        ("a.txt", "text/plain", true),
        ("a.vtt", "text/vtt", true),
        ("a.srt", "application/x-subrip", true),
        ("a.pdf", "application/pdf", false),
        ("a.MP4", "video/mp4", false),
        ("a.webm", "video/webm", false),
        ("a.m4a", "audio/mp4", false),
        ("a.ogg", "audio/ogg", false),
        ("a.wav", "audio/wav", false),
        ("a.jpg", "image/jpeg", false),
        ("a.png", "image/png", false),
        ("a.tif", "image/tiff", false),
        ("a.webp", "image/webp", false),
        ("a.jp2", "image/jp2", false),
    ] {
        let target = format!("/files/open/{name}");
        let headers = [("Range", "bytes=0-2")];
        for reply in [site.get(&target), site.ask("HEAD", &target, &[]), site.ask("GET", &target, &headers)] {
            assert!(matches!(reply.status, 200 | 206), "{name}: {reply:?}");
            assert_eq!(reply.all("Content-Type"), [kind], "{name}");
            assert_eq!(reply.all("X-Content-Type-Options"), ["nosniff"]);
            let policy = reply.all("Content-Security-Policy");
            assert_eq!(policy, if sandboxed { vec!["sandbox"] } else { vec![] }, "{name}");
        }
    }
}

/// What a site has set for its own pages.
#[test]
fn nothing_of_the_site_changes_a_file() {
    let (_service, site) = start_in(
        "gzip on; gzip_min_length 1; gzip_types *; gzip_proxied any; ssi on; ssi_types *; etag off; \
         if_modified_since off; expires 1h; add_header X-Site 1 always; autoindex on; \
         types { text/html mp3 pdf; } default_type text/html; error_page 401 403 404 =200 /page; ",
    );
    let reply = site.ask("GET", OPEN, &[("Accept-Encoding", "gzip")]);
    assert_eq!((reply.status, reply.body.as_slice()), (200, SONG));
    assert_eq!(reply.header("Content-Type"), Some("audio/mpeg"));
    assert!(reply.header("ETag").is_some() && reply.header("Content-Length") == Some("22"), "{reply:?}");
    assert_eq!(reply.all("Expires").len() + reply.all("X-Site").len(), 0, "{reply:?}");
    let json = site.ask("GET", "/files/open/info.json", &[("Accept-Encoding", "gzip")]);
    assert_eq!(text(&json), "info.json");
    for (target, status) in [(PRIVATE, 401), ("/files/elsewhere/a", 403), ("/files/open/folder", 404)] {
        assert_eq!(site.get(target).status, status, "H9: {target}");
    }
}

#[test]
fn a_file_that_nginx_may_not_read_is_a_fault_of_the_server() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_service, site) = start();
    let file = site.folder().join("files/open/song.mp3");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        return; // The superuser may read everything, so NGINX may as well.
    }
    let reply = site.get(OPEN);
    assert_eq!((reply.status, reply.body.len()), (502, 0));
}

#[test]
fn x18_without_tilegate_nothing_comes() {
    let (service, site) = start();
    assert_eq!(site.get(OPEN).status, 200);
    drop(service);
    let reply = site.get(OPEN);
    assert!(reply.status >= 500 && !text(&reply).contains("song"), "{reply:?}");
    assert_eq!(site.ask("OPTIONS", OPEN, &[]).status, 204);
}

/// Another web server, with a mind of its own about caching, origins and errors.
fn careless(request: &Request) -> Answer {
    let (status, kind) = match request.target.as_str() {
        "/data/open/page.html" => (200, "text/html; charset=utf-8"),
        "/data/open/film.mp4" => (200, "video/mp4"),
        "/data/open/film.ogv" => (200, "VIDEO/ogg; codecs=\"theora\""),
        "/data/open/two.pdf" => (200, "application/pdf, text/html"),
        "/data/open/strange.pdf" => (200, "application/pdfx"),
        "/data/open/drawing" => (200, "image/svg+xml"),
        "/data/open/film.x" => (200, "video/x+xml"),
        "/data/open/denied.pdf" => (403, "text/html"),
        "/data/open/moved.pdf" => (301, "text/html"),
        "/data/open/broken.pdf" => (500, "text/html"),
        _ => (404, "text/html"),
    };
    Answer::new(status)
        .with("Content-Type", kind)
        .with("Location", "http://inner:9000/data/")
        .with("Access-Control-Allow-Origin", "https://other.test")
        .with("Access-Control-Expose-Headers", "X-Inner")
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "public, max-age=99999")
        .with("Set-Cookie", "inner=1")
        .body(b"/srv/data/")
}

#[test]
fn p11_another_web_server_gets_the_judged_path_and_nothing_of_the_visitor() {
    let origin = Server::tcp(careless);
    let typed = format!("file /files/ http://{}/data/", origin.address());
    let (_service, site) = prepare().mount("FILES", &typed).start(POLICY);
    let headers = [("Cookie", "a=1"), ("Authorization", "Bearer x"), ("Range", "bytes=0-1")];
    for (name, status, sandboxed) in [
        ("page.html", 200, true),
        ("film.mp4", 200, false),
        ("film.ogv", 200, false),
        ("two.pdf", 200, true),
        ("strange.pdf", 200, true),
        ("drawing", 200, true),
        ("film.x", 200, true),
        ("denied.pdf", 403, true),
        ("moved.pdf", 502, true),
        ("broken.pdf", 502, true),
        ("none.pdf", 404, true),
    ] {
        let reply = site.ask("GET", &format!("/files/open/{name}?x=1"), &headers);
        assert_eq!(reply.status, status, "{name}");
        is_readable_everywhere(&reply);
        let cache = if status == 200 { "public, max-age=3600" } else { "no-store" };
        assert_eq!(reply.header("Cache-Control"), Some(cache), "{name}");
        assert_eq!(reply.all("Set-Cookie").len(), 0);
        if status == 200 {
            assert_eq!(reply.all("X-Content-Type-Options").len(), 1);
            assert_eq!(reply.all("Access-Control-Expose-Headers").len(), 1);
            assert_eq!(reply.all("Content-Security-Policy").len(), usize::from(sandboxed), "{name}");
        } else {
            assert_eq!((reply.body.len(), reply.all("Location").len()), (0, 0), "{name}");
        }
        let [request] = origin.requests().try_into().expect("one request");
        assert_eq!(request.target, format!("/data/open/{name}"));
        assert_eq!(request.header("Range"), Some("bytes=0-1"));
        assert_eq!(request.all("Cookie").len() + request.all("Authorization").len(), 0, "{request:?}");
        origin.forget();
    }
    for refused in ["private/letter.pdf", "elsewhere/a.pdf", "open/..%2fprivate/letter.pdf"] {
        assert!(site.get(&format!("/files/{refused}")).status >= 401);
    }
    assert_eq!(origin.requests().len(), 0);
}

/// A2-45: the probe says to a token what a GET says to the cookie.
#[test]
fn a2_45_the_probe_of_a_file_says_what_a_get_would() {
    let (_service, site) = start();
    let cookie = log_in(&site);
    for (rest, anonymous, reader) in [
        ("private/letter.pdf", 401, 200),
        ("open/song.mp3", 200, 200),
        ("elsewhere/a.pdf", 403, 403),
        ("open/50%25%20private/a.txt", 401, 200),
        ("open/No.%20%231%3F.txt", 200, 200),
    ] {
        for (cookie, status) in [("a=1", anonymous), (cookie.as_str(), reader)] {
            let got = site.ask("GET", &format!("/files/{rest}"), &[("Cookie", cookie)]);
            assert_eq!(got.status, status, "{rest}");
            let probe = site.ask("GET", &format!("/auth/v2/probe/files/{rest}"), &[("Cookie", cookie)]);
            let result: serde_json::Value = serde_json::from_slice(&probe.body).unwrap();
            assert_eq!(result["status"], status, "{rest}: {result}");
        }
    }
}
