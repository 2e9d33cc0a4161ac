//! The nasty paths of `tests/corpus/paths.txt`, through NGINX and the real Tilegate,
//! before an image server that remembers: what it receives is what was judged, and
//! nothing of the protected collection gets out (P1-P4, P6, P9, P12). Then the same before
//! manifests and files.

use tilegate::gate::path::{Canonical, Part, SubstitutePart, locate};

use crate::server::{Answer, Request, Server};
use crate::service::{log_in, prepare};
use crate::site::{HOST, Reply, Site};

const PIXELS: &[u8] = b"\xff\xd8 pixels";
const INFO: &str = r#"{"@context":"http://iiif.io/api/image/2/context.json","@id":"http://inside/x","protocol":"http://iiif.io/api/image","width":4000,"height":3000,"profile":["http://iiif.io/api/image/2/level1.json"]}"#;

fn respond(request: &Request) -> Answer {
    if request.target.ends_with("/info.json") {
        Answer::new(200).with("Content-Type", "application/json").body(INFO.as_bytes())
    } else {
        Answer::new(200).with("Content-Type", "image/jpeg").body(PIXELS)
    }
}

/// Everything is open but `private`.
fn policy(mounts: &[&str]) -> String {
    let mut text = String::from(
        r#"
        [[condition]]
        name = "staff"
        pattern = "login"
        label = { en = "Staff of images.example.org" }
        "#,
    );
    for mount in mounts {
        for (identifier, condition) in [("", "open"), ("private", "staff")] {
            let lines = ["[[rule]]", &format!("mount = '{mount}'"), &format!("identifier = '{identifier}'")];
            text += &lines.join("\n");
            text += &["\nconditions = ['", condition, "']\n"].concat();
        }
    }
    text
}

/// The paths of the corpus with whether every server refuses them.
fn corpus() -> Vec<(bool, Vec<u8>)> {
    let mut paths = Vec::new();
    let mut refused = true;
    for line in include_str!("../corpus/paths.txt").lines() {
        match line {
            "#: refused" => refused = true,
            "#: alias" => refused = false,
            _ if line.is_empty() || line.starts_with('#') => {}
            _ => paths.push((refused, unescaped(line))),
        }
    }
    paths
}

fn unescaped(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = line.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match after.split_first_chunk::<3>() {
            Some(([b'x', digits @ ..], after)) if *first == b'\\' => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap());
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

/// Asks for a path byte for byte.
fn send(site: &Site, uri: &[u8], cookie: &str) -> Reply {
    let rest = format!(" HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    site.send(&[b"GET ", uri, rest.as_bytes()].concat())
}

#[test]
fn p2_p6_p9_x17_what_the_image_server_receives_is_what_was_judged() {
    let origin = Server::tcp(respond);
    let mut prepared = prepare();
    for server in ["iipsrv", "digilib", "generic"] {
        let typed = format!("image /{server}/ http://{}/inner/ server={server}", origin.address());
        prepared = prepared.mount(&server.to_uppercase(), &typed);
    }
    let mounts = prepared.plan.settings().mounts;
    let (_service, site) = prepared.start(&policy(&["iipsrv", "digilib", "generic"]));
    let reader = log_in(&site);
    let (mut served, mut protected, mut aliases) = (0, 0, 0);
    for server in ["iipsrv", "digilib", "generic"] {
        for (refused, path) in corpus() {
            let uri = [format!("/{server}/").as_bytes(), &path].concat();
            let shown = String::from_utf8_lossy(&uri).into_owned();
            let ask = |cookie: &str| {
                origin.forget();
                (send(&site, &uri, cookie), origin.requests())
            };
            let mut canonical = Canonical::new();
            // A space at the end belongs to the request line: NGINX takes it away.
            let as_nginx_reads = uri.strip_suffix(b" ").unwrap_or(&uri);
            let refused = refused && as_nginx_reads == uri;
            let judged = locate(as_nginx_reads, &mounts, &mut canonical);
            for (who, cookie) in [("anonymous", "a=1"), ("reader", reader.as_str())] {
                let (reply, received) = ask(cookie);
                assert!(matches!(reply.status, 200 | 303 | 400..=499), "{who} {shown}: {}", reply.status);
                if refused || judged.is_err() {
                    assert!(received.is_empty(), "{who} {shown} reached the image server: {received:?}");
                    assert!(reply.status >= 400, "{who} {shown}: {}", reply.status);
                    continue;
                }
                let Ok(located) = judged else { continue };
                let private = canonical.identifier.split('/').next() == Some("private");
                for request in &received {
                    assert_eq!(request.target, canonical.path.as_str(), "{who} {shown}");
                }
                match located.part {
                    Part::Manifest | Part::File => panic!("no image mount has {shown}"),
                    Part::Substitute { what: SubstitutePart::Bare, .. } => {
                        assert_eq!((reply.status, received.len()), (303, 0), "{who} {shown}");
                    }
                    // Nothing leaves one open here.
                    Part::Substitute { .. } => {
                        assert_eq!((reply.status, received.len()), (403, 0), "{who} {shown}");
                    }
                    Part::Bare => assert_eq!((reply.status, received.len()), (303, 0), "{who} {shown}"),
                    Part::Info => assert_eq!(received.len(), 1, "{who} {shown}: {reply:?}"),
                    Part::Image(_) if private && who == "anonymous" => {
                        assert_eq!((reply.status, received.len()), (401, 0), "{shown}");
                        assert!(!has(&reply.body, PIXELS), "{shown}");
                        protected += 1;
                    }
                    Part::Image(_) => {
                        assert_eq!((reply.status, received.len()), (200, 1), "{who} {shown}");
                        assert!(has(&reply.body, PIXELS));
                        served += 1;
                        aliases += usize::from(private);
                    }
                }
                if located.part == Part::Info {
                    let expected = if private && who == "anonymous" { 401 } else { 200 };
                    assert_eq!(reply.status, expected, "{who} {shown}");
                }
            }
        }
    }
    assert!(served > 100 && protected > 20 && aliases > 20, "{served} {protected} {aliases}");
}

/// The same paths under manifest mounts, where everything is a name.
#[test]
fn p2_p9_x17_what_the_origin_of_a_manifest_receives_is_what_was_judged() {
    let manifest = include_bytes!("../fixtures/manifest3.json");
    let origin = Server::tcp(|_| Answer::new(200).with("Content-Type", "application/json").body(manifest));
    let mut prepared = prepare();
    for server in ["digilib", "generic"] {
        let typed = format!("manifest /{server}/ http://{}/inner/ server={server}", origin.address());
        prepared = prepared.mount(&server.to_uppercase(), &typed);
    }
    let mounts = prepared.plan.settings().mounts;
    let (_service, site) = prepared.start(&policy(&["digilib", "generic"]));
    let reader = log_in(&site);
    let (mut served, mut protected, mut refused) = (0, 0, 0);
    for server in ["digilib", "generic"] {
        for (_, path) in corpus() {
            let uri = [format!("/{server}/").as_bytes(), &path].concat();
            let shown = String::from_utf8_lossy(&uri).into_owned();
            let mut canonical = Canonical::new();
            let judged = locate(uri.strip_suffix(b" ").unwrap_or(&uri), &mounts, &mut canonical).is_ok();
            let private = canonical.identifier.split('/').next() == Some("private");
            for (who, cookie) in [("anonymous", "a=1"), ("reader", reader.as_str())] {
                origin.forget();
                let reply = send(&site, &uri, cookie);
                let received: Vec<_> =
                    origin.requests().into_iter().map(|request| (request.method, request.target)).collect();
                let mut expected = Vec::new();
                if !judged {
                    assert!((400..500).contains(&reply.status), "{who} {shown}: {}", reply.status);
                    refused += 1;
                } else if private && who == "anonymous" {
                    assert_eq!(reply.status, 401, "{shown}");
                    protected += 1;
                } else {
                    assert_eq!((reply.status, reply.body.as_slice()), (200, &manifest[..]), "{who} {shown}");
                    if server == "digilib" {
                        expected.push(("HEAD".to_owned(), format!("{}!.", canonical.path)));
                    }
                    expected.push(("GET".to_owned(), canonical.path.to_string()));
                    served += 1;
                }
                assert_eq!(received, expected, "{who} {shown}");
            }
        }
    }
    assert!(served > 100 && protected > 20 && refused > 100, "{served} {protected} {refused}");
}

/// The same paths under file mounts: before another web server that remembers, and before a folder
/// with something to steal in it and beside it.
#[test]
fn p2_p12_x17_a_file_is_fetched_by_the_path_that_was_judged() {
    let origin = Server::tcp(|_| Answer::new(200).with("Content-Type", "application/pdf").body(PIXELS));
    let prepared = prepare();
    let root = prepared.plan.folder().join("root");
    for (name, text) in [
        ("etc/passwd", "stolen"),
        ("root/secret.tif", "stolen"),
        ("root/files/private/secret.tif", "stolen"),
        ("root/files/private/secret", "stolen"),
        ("root/files/open/a.tif", "open"),
        ("root/files/info.json", "open"),
    ] {
        let path = prepared.plan.folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let prepared = prepared
        .mount("OVER", &format!("file /over/ http://{}/inner/", origin.address()))
        .mount("FOLDER", &format!("file /folder/ file://{}/files/", root.display()));
    let mounts = prepared.plan.settings().mounts;
    let (_service, site) = prepared.start(&policy(&["over", "folder"]));
    let reader = log_in(&site);
    let (mut served, mut protected, mut refused) = (0, 0, 0);
    let more = ["open/a.tif", "private/secret", "info.json", "private/secret.tif", "open/%61.tif?x"];
    let paths: Vec<_> = corpus().into_iter().map(|(_, path)| path).collect();
    for path in paths.into_iter().chain(more.map(|path| path.as_bytes().to_vec())) {
        for (who, cookie) in [("anonymous", "a=1"), ("reader", reader.as_str())] {
            let uri = [b"/over/", &path[..]].concat();
            let shown = String::from_utf8_lossy(&uri).into_owned();
            let mut canonical = Canonical::new();
            let judged = locate(uri.strip_suffix(b" ").unwrap_or(&uri), &mounts, &mut canonical).is_ok();
            let private = canonical.identifier.split('/').next() == Some("private");
            origin.forget();
            let reply = send(&site, &uri, cookie);
            let received: Vec<_> = origin.requests().into_iter().map(|request| request.target).collect();
            let mut expected = Vec::new();
            if !judged {
                assert!((400..500).contains(&reply.status), "{who} {shown}: {}", reply.status);
                refused += 1;
            } else if private && who == "anonymous" {
                assert_eq!(reply.status, 401, "{shown}");
                protected += 1;
            } else {
                assert_eq!((reply.status, reply.body.as_slice()), (200, PIXELS), "{who} {shown}");
                expected.push(canonical.path.to_string());
                served += 1;
            }
            assert_eq!(received, expected, "{who} {shown}");

            let reply = send(&site, &[b"/folder/", &path[..]].concat(), cookie);
            let stolen = has(&reply.body, b"stolen");
            assert!(!stolen || (who == "reader" && judged && private), "{who} {shown}");
            assert_eq!(reply.status == 200, stolen || has(&reply.body, b"open"), "{who} {shown}: {reply:?}");
            if !judged {
                assert!((400..500).contains(&reply.status), "{who} {shown}: {}", reply.status);
            }
        }
    }
    assert!(served > 100 && protected > 20 && refused > 100, "{served} {protected} {refused}");
}
