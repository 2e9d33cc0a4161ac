//! Manifests behind the drop-in: real NGINX, real Tilegate; from a folder that NGINX
//! serves on a socket, and from a server that behaves as digilib's Manifester does.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use crate::server::{Answer, Request, Server};
use crate::service::{Service, log_in, prepare};
use crate::site::{Reply, Site};
use crate::status;

const MANIFEST: &str = include_str!("../fixtures/manifest3.json");
const DIGILIB_2: &str = include_str!("../fixtures/digilib-2.13-manifest2.json");
const DIGILIB_3: &str = include_str!("../fixtures/digilib-2.13-manifest3.json");
const OPEN: &str = "/iiif/manifests/open/harbour.json";
const PRIVATE: &str = "/iiif/manifests/private/letter.json";
const UMLAUTS: &str = "Bücher & Briefe, 1. Teil (ä+ö).json";

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }

    [[rule]]
    mount = "manifests"
    identifier = "open"
    conditions = ["open"]

    [[rule]]
    mount = "manifests"
    identifier = "private"
    conditions = ["staff"]
"#;

/// A manifest with a mark of its own.
fn marked(mark: &str) -> String {
    MANIFEST.replace("x-kept", &format!("lies-{mark}"))
}

fn furnish(folder: &Path) {
    for name in ["manifests/open/folder", "manifests/private", "outside"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let file = |name: &str, text: &[u8]| fs::write(folder.join(name), text).unwrap();
    file("outside/other.json", marked("outside").as_bytes());
    file("manifests/open/harbour.json", MANIFEST.as_bytes());
    file(&format!("manifests/open/{UMLAUTS}"), marked("umlauts").as_bytes());
    file("manifests/open/noending", marked("noending").as_bytes());
    file("manifests/open/picture.jpg", b"\xff\xd8\xff\xe0 a picture");
    file("manifests/open/notes.json", br#"{"password":"swordfish"}"#);
    file("manifests/open/page.html", b"<!doctype html><title>swordfish</title>");
    file("manifests/open/.hidden.json", marked("hidden").as_bytes());
    file("manifests/open/folder/index.html", b"swordfish");
    file("manifests/open/folder/index.json", marked("inside").as_bytes());
    file("manifests/private/letter.json", marked("private").as_bytes());
    let link = |to: &str, name: &str| symlink(folder.join(to), folder.join(name)).unwrap();
    link("outside/other.json", "manifests/open/out.json");
    link("outside", "manifests/open/out");
    link("manifests/private/letter.json", "manifests/open/letter.json");
    // The operator's own way to the folder may lead over a link.
    link("manifests", "linked");
}

fn start() -> (Service, Site, PathBuf) {
    let prepared = prepare();
    furnish(prepared.plan.folder());
    let typed = format!("manifest /iiif/manifests/ file://{}/linked/", prepared.plan.folder().display());
    let prepared = prepared.mount("MANIFESTS", &typed);
    let settings = prepared.plan.settings();
    let socket = settings.nginx_socket(&settings.mounts[0]);
    let (service, site) = prepared.start(POLICY);
    (service, site, socket)
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn escaped(name: &str) -> String {
    name.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

#[test]
fn a_manifest_is_sent_as_it_lies_there() {
    let (_service, site, _) = start();
    let reply = site.ask("GET", OPEN, &[("Origin", "https://viewer.test")]);
    assert_eq!((reply.status, text(&reply)), (200, MANIFEST.to_owned()));
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01");
    assert_eq!(reply.all("Cache-Control"), ["public, max-age=3600"]);
    let kind = "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";
    assert_eq!(reply.header("Content-Type"), Some(kind));
    let plain = site.ask("GET", OPEN, &[("Accept", "application/json")]);
    assert_eq!(plain.header("Content-Type"), Some("application/json"));
    assert_eq!(text(&site.get(&format!("{OPEN}?x=/../y"))), MANIFEST, "P3");

    let head = site.ask("HEAD", OPEN, &[]);
    assert_eq!((head.status, head.body.len()), (200, 0), "X-03");
    let length = MANIFEST.len().to_string();
    assert_eq!(head.header("Content-Length"), Some(length.as_str()));
    let preflight = site.ask("OPTIONS", PRIVATE, &[("Access-Control-Request-Headers", "authorization")]);
    assert_eq!(preflight.status, 204, "X-02");
    assert_eq!(preflight.header("Access-Control-Allow-Headers"), Some("Authorization"));
    assert_eq!(site.ask("POST", OPEN, &[("Content-Length", "0")]).status, 405);
}

#[test]
fn p9_every_spelling_of_a_name_is_the_same_file() {
    let (_service, site, _) = start();
    let name = escaped(UMLAUTS);
    let lower = name.replace("%C3%BC", "%c3%bc");
    for rest in [
        format!("open/{name}"),
        format!("open%2F{name}"),
        format!("open%2f{lower}"),
        format!("%6Fpen/{name}"),
    ] {
        let reply = site.get(&format!("/iiif/manifests/{rest}"));
        assert_eq!((reply.status, text(&reply)), (200, marked("umlauts")), "{rest}");
    }
    assert_eq!(text(&site.get("/iiif/manifests/open/noending")), marked("noending"));
}

#[test]
fn a_protected_manifest_is_for_those_who_may() {
    let (_service, site, _) = start();
    for spelling in
        [PRIVATE, "/iiif/manifests/private%2Fletter.json", "/iiif/manifests/%70rivate/letter.json"]
    {
        let reply = site.ask("GET", spelling, &[("Origin", "https://viewer.test")]);
        assert_eq!(reply.status, 401, "{spelling}");
        assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01");
        assert_eq!(reply.all("WWW-Authenticate"), [r#"Bearer realm="images.example.org""#], "A1-57");
        assert!(text(&reply).contains("https://images.example.org/auth/login"), "{}", text(&reply));
    }
    // Which of the hidden ones there are is not to be seen.
    let none = text(&site.get("/iiif/manifests/private/none.json"));
    assert_eq!(text(&site.get(PRIVATE)), none.replace("none.json", "letter.json"));
    assert!(
        none.contains("\"http://iiif.io/api/auth/1/login\"") && none.contains("\"sequences\":[]"),
        "{none}"
    );
    let closed = site.get("/iiif/manifests/elsewhere/a.json");
    assert_eq!((closed.status, closed.all("Access-Control-Allow-Origin")), (403, vec!["*"]));

    let cookie = log_in(&site);
    let reply = site.ask("GET", PRIVATE, &[("Cookie", &cookie)]);
    assert_eq!((reply.status, text(&reply)), (200, marked("private")));
    assert_eq!(reply.header("Cache-Control"), Some("private, no-cache"), "X-04");
    let page = site.ask(
        "GET",
        "/auth/iiif-token?messageId=m&origin=https%3A%2F%2Fviewer.test",
        &[("Cookie", &cookie), ("Sec-Fetch-Dest", "iframe"), ("Sec-Fetch-Site", "cross-site")],
    );
    let page = text(&page);
    let (_, rest) = page.split_once(r#""accessToken":""#).expect("a token");
    let bearer = format!("Bearer {}", rest.split('"').next().unwrap());
    assert_eq!(site.ask("GET", PRIVATE, &[("Authorization", &bearer)]).status, 200, "A1-40");
    assert_eq!(site.ask("GET", PRIVATE, &[("Authorization", "Bearer x")]).status, 401);
    assert_eq!(site.ask("GET", "/iiif/manifests/private/none.json", &[("Cookie", &cookie)]).status, 404);
}

#[test]
fn p2_nothing_leads_out_of_the_folder_or_past_its_rules() {
    let (_service, site, _) = start();
    for (rest, statuses) in [
        ("open/none.json", &[404][..]),
        // Links, also one that stays within the folder: its target has a rule of its own.
        ("open/out.json", &[404]),
        ("open/out/other.json", &[404]),
        ("open/letter.json", &[404]),
        ("open/folder", &[404]),
        ("open/folder/", &[403]),
        ("open/harbour.json/x", &[404]),
        ("open/.hidden.json", &[403]),
        ("open/%2Ehidden.json", &[403]),
        ("open/../private/letter.json", &[403]),
        ("open/..%2fprivate/letter.json", &[403]),
        ("open/..%2Fprivate%2Fletter.json", &[403]),
        ("open/%2e%2e/private/letter.json", &[403]),
        ("open/..;/private/letter.json", &[403]),
        ("open\\..\\private\\letter.json", &[403]),
        ("open/..%5cprivate%5cletter.json", &[403]),
        ("open/..%252fprivate/letter.json", &[403]),
        // NGINX takes these for paths of the site beside the mount, or for none.
        ("..%2foutside/other.json", &[404]),
        ("..%2f..%2fetc%2fpasswd", &[404]),
        ("..%2f..%2f..%2fetc%2fpasswd", &[400]),
        ("open/%00/harbour.json", &[400, 403]),
        ("", &[403]),
    ] {
        let reply = site.get(&format!("/iiif/manifests/{rest}"));
        assert!(statuses.contains(&reply.status), "{rest}: {reply:?}");
        for secret in ["lies-", "swordfish", "root:"] {
            assert!(!text(&reply).contains(secret), "{rest}: {}", text(&reply));
        }
    }
}

#[test]
fn what_is_no_manifest_is_not_served() {
    let (_service, site, _) = start();
    for name in ["picture.jpg", "notes.json", "page.html"] {
        let reply = site.get(&format!("/iiif/manifests/open/{name}"));
        assert_eq!(reply.status, 502, "{name}");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
        assert!(!text(&reply).contains("swordfish") && !text(&reply).contains("picture"), "{name}");
    }
}

/// The folder's socket gives files to GET and HEAD and nothing more.
#[test]
fn the_folders_socket_gives_files_alone() {
    let (_service, _site, socket) = start();
    let ask = |method: &str, path: &str| {
        let mut stream = UnixStream::connect(&socket).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let found = ask("GET", "/open/harbour.json");
    assert!(found.starts_with("HTTP/1.1 200") && found.contains("Content-Type: application/json"), "{found}");
    for (method, path, status) in [
        ("GET", "/open/", 404),
        ("GET", "/open/folder", 404),
        ("GET", "/open/out.json", 404),
        ("GET", "/", 404),
        ("POST", "/open/harbour.json", 405),
        ("PUT", "/open/harbour.json", 405),
        ("DELETE", "/open/harbour.json", 405),
    ] {
        let answer = ask(method, path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {answer}");
    }
}

/// N10, N11, P13: what a site says for all its locations does not reach these.
#[test]
fn p13_a_sites_own_settings_do_not_reach_manifests() {
    let mut prepared = prepare();
    furnish(prepared.plan.folder());
    // Where the site's error page would lead to, in this folder.
    fs::write(prepared.plan.folder().join("manifests/welcome"), marked("welcome")).unwrap();
    let typed = format!("manifest /iiif/manifests/ file://{}/manifests/", prepared.plan.folder().display());
    prepared.plan = prepared
        .plan
        .http("add_header Cache-Control public; error_page 404 =200 /welcome; expires 1d; auth_request /nobody; open_file_cache max=10; autoindex on; index index.json;")
        .server("location /welcome { auth_request off; return 200 welcome; } location = /nobody { return 403; } location ~ \\.json$ { auth_request off; return 200 taken; }");
    let (_service, site) = prepared.mount("MANIFESTS", &typed).start(POLICY);
    let reply = site.get(OPEN);
    assert_eq!((reply.status, text(&reply)), (200, MANIFEST.to_owned()));
    assert_eq!(reply.all("Cache-Control"), ["public, max-age=3600"]);
    assert_eq!(site.get("/iiif/manifests/open/none.json").status, 404);
    assert_eq!(site.get("/iiif/manifests/open/folder").status, 404);
    assert_eq!(site.get("/iiif/manifests/open/out.json").status, 404);
    assert_eq!(site.get(PRIVATE).status, 401);
}

#[test]
fn x18_without_tilegate_nothing_comes() {
    let (service, site, _) = start();
    assert_eq!(site.get(OPEN).status, 200);
    drop(service);
    let reply = site.get(OPEN);
    assert!(reply.status >= 500 && !text(&reply).contains("harbour"), "{reply:?}");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
}

/// `Manifester.java` and `DocuDirCache.java` of digilib: the first part of the path alone counts,
/// and a name that is no folder is its parent.
fn manifester(request: &Request) -> Answer {
    let Some(rest) = request.target.strip_prefix("/digilib/Manifester/IIIF/") else {
        return Answer::new(404);
    };
    let rest = rest.split('?').next().unwrap_or_default();
    let name = rest.split('/').next().unwrap_or_default().replace("%21", "!").replace('!', "/");
    let name = name.trim_matches('/');
    let is_folder = |name: &str| {
        let name = name.strip_suffix("/.").unwrap_or(name);
        ["", ".", "open", "open/sub", "private"].contains(&name)
    };
    let parent = name.rsplit_once('/').map_or("", |(parent, _)| parent);
    match [name, parent].into_iter().find(|name| is_folder(name)) {
        Some(folder) => {
            let body = marked(&format!("folder:{}", folder.trim_end_matches("/.")));
            Answer::new(200).with("Content-Type", "application/json").body(body.as_bytes())
        }
        None => Answer::new(404),
    }
}

#[test]
fn p9_no_name_on_digilib_leads_to_another_folder() {
    let digilib = Server::tcp(manifester);
    let typed = format!(
        "manifest /iiif/manifests/ http://{}/digilib/Manifester/IIIF/ server=digilib default=open",
        digilib.address()
    );
    // Whoever names no more than the folder itself must not have opened what is below it.
    let policy = POLICY.replace("identifier = \"private\"", "identifier = \"private\"\nmatch = \"exact\"");
    let (_service, site) = prepare().mount("MANIFESTS", &typed).start(&policy);
    for (rest, folder) in [
        ("open", "open"),
        ("open?x=1", "open"),
        ("open!sub", "open/sub"),
        ("open/sub", "open/sub"),
        ("open%21sub", "open/sub"),
        ("open%2Fsub", "open/sub"),
        ("!open!.!sub", "open/sub"),
        ("open/manifest.json", "open"),
    ] {
        let reply = site.get(&format!("/iiif/manifests/{rest}"));
        assert_eq!((reply.status, text(&reply)), (200, marked(&format!("folder:{folder}"))), "{rest}");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    }
    for (rest, status) in [
        ("private", 401),
        ("private!.", 401),
        ("!private", 401),
        ("%70rivate", 401),
        ("private!x", 404),
        ("private/x", 404),
        ("private!manifest.json", 404),
        ("private/manifest.json", 401),
        ("private/manifest", 401),
        ("/manifest.json", 403),
        ("x", 404),
        ("open!x", 404),
        ("2/private", 404),
        ("3/private", 404),
        ("3", 404),
        ("private%2521x", 403),
        ("open!..!private", 403),
        ("open!../private", 403),
        ("private!x?mo=file", 404),
        ("private/", 403),
        ("!", 403),
    ] {
        let reply = site.get(&format!("/iiif/manifests/{rest}"));
        assert_eq!(reply.status, status, "{rest}: {reply:?}");
        assert!(!text(&reply).contains("folder:"), "{rest}: {}", text(&reply));
    }
    let cookie = log_in(&site);
    let reply = site.ask("GET", "/iiif/manifests/private", &[("Cookie", &cookie)]);
    assert_eq!((reply.status, text(&reply)), (200, marked("folder:private")));
    for request in digilib.requests() {
        assert!(request.all("Cookie").is_empty() && request.all("Authorization").is_empty(), "{request:?}");
        assert!(!request.target.contains('?'), "P3: {}", request.target);
    }
}

/// digilib as it comes, recorded: its manifests name images below the host's own `/iiif/images/`, and get the
/// services of that mount.
#[test]
fn a2_05_digilibs_manifests_name_the_login_and_are_fetched_once() {
    let digilib = Server::tcp(|request| {
        let body = match &request.target {
            target if target.ends_with("/info.json") => include_str!("../fixtures/digilib-shaped-info.json"),
            target if target.contains("/IIIF/2/") => DIGILIB_2,
            _ => DIGILIB_3,
        };
        Answer::new(200).with("Content-Type", "application/json").body(body.as_bytes())
    });
    let books = |version: &str| {
        let address = digilib.address();
        format!(
            "manifest /iiif/books{version}/ http://{address}/digilib/Manifester/IIIF/{version}/ server=digilib default=open"
        )
    };
    let images =
        format!("image /iiif/images/ http://{}/digilib/Scaler/IIIF/ server=digilib", digilib.address());
    let policy =
        POLICY.replace("mount = \"manifests\"", "mount = \"images\"").replace("\"private\"", "\"book\"");
    // What NGINX packs it must not take for the document itself: the tag becomes a weak one. What the site says
    // of packing does not reach manifests.
    let mut prepared = prepare();
    prepared.plan = prepared.plan.http("gzip off; gzip_vary on; gzip_types text/css; etag off;");
    let (_service, site) = prepared
        .mount("IMAGES", &images)
        .mount("BOOKS_2", &books("2"))
        .mount("BOOKS_3", &books("3"))
        .start(&policy);
    let visitor = log_in(&site);
    for (target, recorded) in [("/iiif/books2/book!sub", DIGILIB_2), ("/iiif/books3/book!sub", DIGILIB_3)] {
        let first = site.ask("GET", target, &[("Origin", "https://viewer.test")]);
        assert_eq!(first.status, 200);
        assert_eq!(first.all("Access-Control-Allow-Origin"), ["*"], "X-01");
        assert_eq!(first.all("Cache-Control"), ["public, max-age=3600"]);
        let written = text(&first);
        for page in ["s1", "s2"] {
            assert_eq!(
                written.matches(&format!("/auth/v2/probe/images/book%21sub%21{page}\"")).count(),
                1,
                "A2-42"
            );
        }
        assert_eq!(written.matches("\"https://images.example.org/auth/iiif-token\"").count(), 2, "A1-56");
        assert_eq!(
            written.matches("http://iiif.io/api/auth/2/context.json").count(),
            if recorded == DIGILIB_3 { 1 } else { 2 },
            "A2-06: at the top, and in version 2 in the service"
        );
        let without = written.len() - recorded.len();
        assert!(without > 1000 && written.starts_with("{\"@context\":"), "{written}");

        let tag = first.header("ETag").expect("a tag").to_owned();
        let packed = site.ask("GET", target, &[("Accept-Encoding", "gzip"), ("Cookie", &visitor)]);
        assert_eq!(packed.header("Content-Encoding"), Some("gzip"));
        for reply in [&first, &packed] {
            assert_eq!(reply.all("Vary"), ["Accept, Accept-Encoding"], "X-04");
        }
        let weak = packed.header("ETag").expect("a tag").to_owned();
        assert_eq!(weak, format!("W/{tag}"));
        for known in [&tag, &weak] {
            for headers in [vec![], vec![("Cookie", visitor.as_str())], vec![("Accept-Encoding", "gzip")]] {
                let headers: Vec<_> =
                    headers.into_iter().chain([("If-None-Match", known.as_str())]).collect();
                for method in ["GET", "HEAD"] {
                    let reply = site.ask(method, target, &headers);
                    assert_eq!((reply.status, reply.body.len()), (304, 0), "{method} {headers:?}");
                    assert_eq!(reply.header("ETag"), Some(tag.as_str()));
                    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01");
                    assert_eq!(reply.all("Cache-Control"), ["public, max-age=3600"]);
                    assert_eq!(reply.all("Vary"), ["Accept, Accept-Encoding"]);
                }
            }
        }
        assert_eq!(
            text(&site.ask("GET", target, &[("Cookie", &visitor)])),
            written,
            "the same for every visitor"
        );
        assert_eq!(text(&site.ask("GET", target, &[("If-None-Match", "\"x\"")])), written);
    }
    // Who may not have a document learns nothing from its tag.
    let info = "/iiif/images/book!sub!s1/info.json";
    assert_eq!(site.ask("GET", info, &[("If-None-Match", "*")]).status, 401);
    assert_eq!(site.ask("GET", info, &[("If-None-Match", "*"), ("Cookie", &visitor)]).status, 304);
}

/// Services make a long manifest several times as long, and are much the same for every canvas.
#[test]
fn a_book_of_1000_canvases_comes_packed() {
    let (_service, site) = status::start();
    let target = "/iiif/manifests/book.json";
    let plain = site.get(target);
    let packing = [("Accept-Encoding", "gzip"), ("Via", "1.1 cache")];
    let packed = site.ask("GET", target, &packing);
    for (reply, encoding) in [(&plain, None), (&packed, Some("gzip"))] {
        assert_eq!((reply.status, reply.header("Content-Encoding")), (200, encoding));
        assert_eq!(reply.all("Vary"), ["Accept, Accept-Encoding"], "one, whether packed or not");
    }
    assert_eq!(packed.body[..2], [0x1f, 0x8b]);
    println!("{} bytes plain, {} packed", plain.body.len(), packed.body.len());
    assert!(packed.body.len() * 10 < plain.body.len(), "{} bytes", packed.body.len());
    let head = site.ask("HEAD", target, &packing);
    assert_eq!((head.status, head.body.len(), head.header("ETag")), (200, 0, packed.header("ETag")), "X-03");
    let known = packed.header("ETag").unwrap();
    assert_eq!(Some(known), plain.header("ETag").map(|tag| format!("W/{tag}")).as_deref());
    let again = site.ask("GET", target, &[packing[0], ("If-None-Match", known)]);
    assert_eq!((again.status, again.body.len(), again.header("Content-Encoding")), (304, 0, None));
    let refused = site.ask("GET", target, &[("Accept-Encoding", "gzip;q=0")]);
    assert_eq!((refused.header("Content-Encoding"), &refused.body), (None, &plain.body));
}

/// The moment between the two: NGINX still has (or already has) another folder and another image
/// server for a mount than the one whose rules Tilegate goes by.
#[test]
fn p11_what_nginx_has_from_other_settings_is_not_given_out() {
    let images = Server::tcp(|_| Answer::new(200).body(b"open"));
    let private = Server::tcp(|_| Answer::new(200).body(b"private"));
    let prepared = prepare();
    furnish(prepared.plan.folder());
    let folder = prepared.plan.folder().display().to_string();
    let manifests =
        |name: &str| format!("manifest /iiif/manifests/ file://{folder}/manifests/{name}/ default=open");
    let image =
        |server: &Server| format!("image /iiif/images/ http://{}/inner/ default=open", server.address());
    let (_service, site) = prepared
        .mount("MANIFESTS", &manifests("open"))
        .mount("IMAGES", &image(&images))
        .mount("SAME", &image(&images).replace("/iiif/images/", "/iiif/same/"))
        .start_apart(POLICY, |plan| {
            plan.remount("MANIFESTS", &manifests("private")).remount("IMAGES", &image(&private))
        });
    for target in
        ["/iiif/manifests/letter.json", "/iiif/images/a/full/max/0/default.jpg", "/iiif/images/a/info.json"]
    {
        let reply = site.get(target);
        assert_eq!(reply.status, 403, "{target}: {}", text(&reply));
    }
    assert_eq!((private.requests().len(), images.requests().len()), (0, 0));
    assert_eq!(site.get("/iiif/same/a/full/max/0/default.jpg").status, 200, "the others are served");
}
