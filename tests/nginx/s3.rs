//! Buckets behind the drop-in: real NGINX, real Tilegate, and a server that verifies signatures.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::server::{Answer, Request, Server};
use crate::service::{Prepared, Service, log_in, prepare, redeem};
use crate::site::{self, HOST, Reply, Site};

pub const KEY: (&str, &str) = ("AKTEST", "a-secret/key+of=the/bucket");
const PRIVATE: &str = "/volumes/private/letter.bin";
const BYTES: &[u8] = b"0123456789 of the private letter";

pub const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }

    [[rule]]
    mount = "volumes"
    identifier = "open"
    conditions = ["open"]

    [[rule]]
    mount = "volumes"
    identifier = "private"
    conditions = ["staff"]

    [[rule]]
    mount = "volumes"
    identifier = "open/exactly.bin"
    match = "exact"
    conditions = ["staff"]

    [[test]]
    url = "/volumes/private/letter.bin"
    account_conditions = ["staff"]
    expect = "allow"
"#;

/// A running s3s-fs, in which the folders are buckets; it ends with its value.
pub struct Bucket {
    child: Child,
    pub port: u16,
    folder: TempDir,
}

impl Bucket {
    pub fn start((id, secret): (&str, &str), more: &[&str]) -> Self {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin/s3s-fs");
        let binary = std::env::var_os("TEST_S3S_FS").map_or(tools, PathBuf::from);
        assert!(binary.exists(), "these tests need s3s-fs: `scripts/setup.sh test` installs it");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("vol")).unwrap();
        for _ in 0..5 {
            let port = site::free_port();
            let mut child = Command::new(&binary)
                .args(["--host", "127.0.0.1", "--port", &port.to_string()])
                .args(["--access-key", id, "--secret-key", secret])
                .args(more)
                .arg(folder.path())
                .env_clear()
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            if site::wait_for(port, &mut child) {
                return Self { child, port, folder };
            }
            let _ended = child.kill().and_then(|()| child.wait());
        }
        panic!("s3s-fs does not start");
    }

    /// Puts an object into the bucket `vol`.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        let path = self.folder.path().join("vol").join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn with_letters(self) -> Self {
        self.put("private/letter.bin", BYTES);
        self.put("open/song.bin", b"the song");
        self.put("open/exactly.bin", b"not for all");
        self.put("elsewhere.bin", b"for nobody");
        self
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

pub fn with_keys(prepared: Prepared, mount: &str, (id, secret): (&str, &str)) -> Prepared {
    prepared
        .setting(&format!("TILEGATE_S3_{mount}_ACCESS_KEY_ID"), id)
        .setting(&format!("TILEGATE_S3_{mount}_SECRET_ACCESS_KEY"), secret)
}

pub fn path_style(bucket: &Bucket) -> String {
    format!("s3 /volumes/ http://127.0.0.1:{}/ bucket=vol region=eu-test-1 style=path", bucket.port)
}

fn start(bucket: &Bucket) -> (Service, Site) {
    with_keys(prepare().mount("VOLUMES", &path_style(bucket)), "VOLUMES", KEY).start(POLICY)
}

/// What NGINX has asked for; at its start Tilegate asks too.
pub fn fetched(bucket: &Server) -> Vec<Request> {
    let requests = bucket.requests().into_iter();
    requests.filter(|request| !request.target.ends_with("/tilegate-tries-its-key")).collect()
}

pub fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Nothing of the signature, nothing of the bucket, and readable by every page.
pub fn is_clean(reply: &Reply) {
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01: {reply:?}");
    assert_eq!(reply.all("Cache-Control").len(), 1, "{reply:?}");
    let shown = format!("{reply:?} {}", text(reply)).to_lowercase();
    for secret in ["x-tilegate", "x-amz", "aws4", "signature", KEY.0, KEY.1, "s3s", "<error>", "<?xml"] {
        assert!(!shown.contains(&secret.to_lowercase()), "{secret}: {shown}");
    }
}

/// A bucket's mount is a mount of files: its addresses can carry a pass, it names origins, and a person who opens one
/// is led to the login.
#[test]
fn an_object_has_what_a_file_has() {
    let bucket = Bucket::start(KEY, &[]).with_letters();
    let mount = format!("{} cors=https://biigle.de", path_style(&bucket));
    let (service, site) = with_keys(prepare().mount("VOLUMES", &mount), "VOLUMES", KEY)
        .also(&["pass", "new", "--mount", "volumes", "--prefix", "private"])
        .start(POLICY);
    let (_, secret) = service.said[0].trim().split_once('\t').expect("an ID and a secret");
    let carried = format!("/volumes/tgp_{secret}/letter.bin");
    let named = ("Origin", "https://biigle.de");
    let reply = site.ask("GET", &carried, &[named]);
    assert_eq!((reply.status, reply.body.as_slice()), (200, BYTES), "{reply:?}");
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["https://biigle.de"]);
    assert_eq!(reply.all("Access-Control-Allow-Credentials"), ["true"]);
    assert_eq!(reply.header("Referrer-Policy"), Some("no-referrer"));
    let other = site.ask("GET", &carried, &[("Origin", "https://evil.test")]);
    assert_eq!(other.all("Access-Control-Allow-Origin"), ["*"]);
    assert!(other.all("Access-Control-Allow-Credentials").is_empty());
    for (target, status) in [
        (format!("/volumes/tgp_{secret}/../elsewhere.bin"), 403),
        (format!("/volumes/tgp_{secret}/%2e%2e/elsewhere.bin"), 403),
        (format!("/volumes/tgp_{secret}/none.bin"), 404),
        (format!("/volumes/tgp_{secret}/"), 403),
        (format!("/volumes/tgp_{}/letter.bin", "A".repeat(32)), 403),
    ] {
        assert_eq!(site.get(&target).status, status, "{target}");
    }
    let window = site.ask("GET", PRIVATE, &[("Sec-Fetch-Dest", "document")]);
    assert_eq!(
        (window.status, window.header("Location")),
        (303, Some("/auth/open?/volumes/private/letter.bin"))
    );
    let preflight = site.ask("OPTIONS", PRIVATE, &[named, ("Access-Control-Request-Method", "GET")]);
    assert_eq!(preflight.status, 204);
    assert!(
        preflight.header("Access-Control-Allow-Headers").unwrap().contains("X-CSRF-Token"),
        "{preflight:?}"
    );
}

#[test]
fn objects_of_a_private_bucket_are_read_by_those_who_may() {
    let bucket = Bucket::start(KEY, &[]).with_letters();
    let (_service, site) = start(&bucket);
    let cookie = log_in(&site);
    let ask = |method: &str, target: &str, headers: &[(&str, &str)]| {
        let reply = site.ask(method, target, headers);
        is_clean(&reply);
        reply
    };
    let with = ("Cookie", cookie.as_str());

    let open = ask("GET", "/volumes/open/song.bin", &[]);
    assert_eq!((open.status, open.body.as_slice()), (200, b"the song".as_slice()));
    assert_eq!(open.header("Cache-Control"), Some("public, max-age=3600"));
    let none = ask("GET", PRIVATE, &[]);
    assert_eq!((none.status, none.body.len()), (401, 0));
    assert_eq!(none.all("WWW-Authenticate"), [r#"Bearer realm="images.example.org""#], "A1-57");
    let closed = ask("GET", "/volumes/elsewhere.bin", &[with]);
    assert_eq!((closed.status, closed.body.len()), (403, 0));
    assert_eq!(ask("GET", "/volumes/open/exactly.bin", &[]).status, 401);
    assert_eq!(ask("GET", "/volumes/open/exactly.bin", &[with]).status, 200);

    let whole = ask("GET", PRIVATE, &[with]);
    assert_eq!((whole.status, whole.body.as_slice()), (200, BYTES));
    assert_eq!(whole.header("Cache-Control"), Some("private, no-cache"), "X-04");
    assert_eq!(whole.header("X-Content-Type-Options"), Some("nosniff"));
    let head = ask("HEAD", PRIVATE, &[with]);
    assert_eq!((head.status, head.body.len()), (200, 0), "X-03");
    assert_eq!(head.header("Content-Length"), Some("32"));

    let part = ask("GET", PRIVATE, &[with, ("Range", "bytes=3-6")]);
    assert_eq!((part.status, part.body.as_slice()), (206, &BYTES[3..7]));
    assert_eq!(part.header("Content-Range"), Some("bytes 3-6/32"));
    let last = ask("GET", PRIVATE, &[with, ("Range", "bytes=-4")]);
    assert_eq!((last.status, last.body.as_slice()), (206, &BYTES[28..]));
    let beyond = ask("GET", PRIVATE, &[with, ("Range", "bytes=99-")]);
    assert_eq!((beyond.status, beyond.body.len()), (416, 0));
    assert_eq!(ask("GET", PRIVATE, &[("Range", "bytes=3-6")]).status, 401);

    // A key that is a folder of others is an object to no bucket; s3s-fs, to which it is a folder, would say 500.
    let missing = ask("GET", "/volumes/private/none.bin", &[with]);
    assert_eq!((missing.status, missing.body.len()), (404, 0));
    assert_eq!(missing.header("Cache-Control"), Some("no-store"));
    let log = site.error_log();
    assert!(!log.contains(KEY.1) && !log.contains("Signature="), "S16: {log}");
}

#[test]
fn p9_an_object_has_the_key_that_it_has() {
    let bucket = Bucket::start(KEY, &[]);
    let names = [
        (
            "Bücher & Briefe, 1. Teil (ä+ö).bin",
            "B%C3%BCcher%20%26%20Briefe,%201.%20Teil%20(%C3%A4+%C3%B6).bin",
        ),
        ("100%.bin", "100%25.bin"),
        ("100% sure!.bin", "100%25%20sure!.bin"),
        ("a+b=c.bin", "a%2Bb=c.bin"),
        ("a+b and c.bin", "a+b%20and%20c.bin"),
        ("No. #1?.bin", "No.%20%231%3F.bin"),
        ("0:1~2@3$4'5*6", "0:1~2@3$4'5*6"),
        ("scan.zarr/.zarray", "scan.zarr/.zarray"),
        ("info.json", "info.json"),
    ];
    for (name, _) in names {
        bucket.put(&format!("open/{name}"), name.as_bytes());
    }
    let (_service, site) = start(&bucket);
    for (name, asked) in names {
        for query in ["", "?list-type=2", "?versionId=1&X-Amz-Expires=9"] {
            let reply = site.get(&format!("/volumes/open/{asked}{query}"));
            is_clean(&reply);
            assert_eq!((reply.status, text(&reply)), (200, name.to_owned()), "{asked}{query}");
        }
    }
}

/// The bucket's name stands in the host, and all keys begin with the same folder.
#[test]
fn a_bucket_is_reached_by_its_own_host_and_by_its_endpoint() {
    let bucket = Bucket::start(KEY, &["--domain", "s3.example.test"]);
    bucket.put("em/2031/open/a b.bin", b"here");
    bucket.put("open/a b.bin", b"outside");
    let typed = format!(
        "s3 /volumes/ http://s3.example.test/em/2031/ bucket=vol region=r endpoint=http://127.0.0.1:{}",
        bucket.port
    );
    let (_service, site) = with_keys(prepare().mount("VOLUMES", &typed), "VOLUMES", KEY).start(POLICY);
    let reply = site.get("/volumes/open/a%20b.bin");
    is_clean(&reply);
    assert_eq!((reply.status, text(&reply)), (200, "here".to_owned()));
    assert_eq!(site.get("/volumes/open/none.bin").status, 404);
}

#[test]
fn each_bucket_is_read_with_its_own_keys() {
    let other = ("AKOTHER", "another-secret");
    let (one, two) = (Bucket::start(KEY, &[]), Bucket::start(other, &[]));
    one.put("open/a.bin", b"one");
    two.put("a.bin", b"two");
    let mounts = |first: (&str, &str), second: (&str, &str)| {
        let typed =
            format!("s3 /more/ http://127.0.0.1:{}/ bucket=vol region=r style=path default=open", two.port);
        let prepared = prepare().mount("VOLUMES", &path_style(&one)).mount("MORE", &typed);
        with_keys(with_keys(prepared, "VOLUMES", first), "MORE", second).start(POLICY)
    };
    let (_service, site) = mounts(KEY, other);
    assert_eq!(text(&site.get("/volumes/open/a.bin")), "one");
    assert_eq!(text(&site.get("/more/a.bin")), "two");

    // Wrong keys are the operator's to find out: visitors get no object, and nothing of the bucket's error.
    let (_service, site) = mounts(other, (other.0, "wrong"));
    for target in ["/volumes/open/a.bin", "/more/a.bin"] {
        let reply = site.get(target);
        is_clean(&reply);
        assert_eq!((reply.status, reply.body.len()), (404, 0), "{target}");
    }
}

/// What arrives at the bucket: exactly what was signed, and nothing of the visitor's but what asks for a part.
#[test]
fn s16_the_bucket_gets_what_was_signed_and_nothing_of_the_visitors() {
    let bucket = Server::tcp(|_: &Request| {
        Answer::new(200)
            .with("Server", "AmazonS3")
            .with("x-amz-request-id", "R1")
            .with("x-amz-id-2", "R2")
            .with("x-amz-server-side-encryption-aws-kms-key-id", "arn")
            .with("x-amz-version-id", "3")
            .with("Access-Control-Allow-Origin", "https://other.test")
            .with("Content-Type", "application/octet-stream")
            .body(b"object")
    });
    let typed = format!("s3 /volumes/ http://{}/em/ bucket=vol region=r style=path", bucket.address());
    let token = "tokenWith/+=".repeat(150);
    let (_service, site) = with_keys(prepare().mount("VOLUMES", &typed), "VOLUMES", KEY)
        .setting("TILEGATE_S3_VOLUMES_SESSION_TOKEN", &token)
        .start(POLICY);
    let cookie = log_in(&site);
    bucket.forget();
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Authorization", "Bearer of-the-visitor"),
        ("X-Amz-Date", "20010101T000000Z"),
        ("X-Amz-Security-Token", "of-the-visitor"),
        ("X-Amz-Copy-Source", "/vol/other"),
        ("X-Tilegate-S3-Date", "20010101T000000Z"),
        ("User-Agent", "viewer"),
        ("Range", "bytes=0-3"),
        ("If-Range", "\"e\""),
        ("If-None-Match", "\"f\""),
        ("If-Modified-Since", "Fri, 24 May 2013 00:00:00 GMT"),
        ("Content-Length", "5"),
    ];
    for method in ["GET", "HEAD"] {
        let lines = headers.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
        let request = format!(
            "{method} /volumes/private/a+b%20c:1.bin?list-type=2 HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{lines}\r\nhello"
        );
        let reply = site.send(request.as_bytes());
        is_clean(&reply);
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(reply.all("Server").iter().all(|name| name.starts_with("nginx")), "{reply:?}");
        let [request] = fetched(&bucket).try_into().expect("one request");
        assert_eq!((request.method.as_str(), request.body.len()), (method, 0));
        assert_eq!(request.target, "/vol/em/private/a%2Bb%20c%3A1.bin");
        assert_eq!(request.header("Host"), Some(bucket.address().as_str()));
        assert_eq!(request.header("X-Amz-Content-Sha256"), Some("UNSIGNED-PAYLOAD"));
        assert_eq!(request.header("X-Amz-Security-Token"), Some(token.as_str()));
        assert_eq!(request.header("Range"), Some("bytes=0-3"));
        assert_eq!(request.header("If-Range"), Some("\"e\""));
        assert_eq!(request.header("If-None-Match"), Some("\"f\""));
        assert_eq!(request.header("If-Modified-Since"), Some("Fri, 24 May 2013 00:00:00 GMT"));
        let date = request.header("X-Amz-Date").unwrap();
        assert!(date.len() == 16 && !date.starts_with("2001"), "{date}");
        let authorization = request.header("Authorization").unwrap();
        let begins = format!(
            "AWS4-HMAC-SHA256 Credential={}/{}/r/s3/aws4_request,",
            KEY.0,
            date.split('T').next().unwrap()
        );
        assert!(authorization.starts_with(&begins), "{authorization}");
        assert!(
            authorization
                .contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,")
        );
        for name in ["Cookie", "User-Agent", "X-Amz-Copy-Source", "X-Tilegate-S3-Date", "X-Original-URI"] {
            assert_eq!(request.all(name).len(), 0, "{name}: {request:?}");
        }
        bucket.forget();
    }
}

/// U5: a volume of many small objects, one redeemed pass, no look-up in the store.
#[test]
fn a_volume_of_20_000_objects_is_read_with_one_pass_and_no_look_up() {
    let bucket = Bucket::start(KEY, &[]);
    let chunk = |n: usize| format!("private/em.zarr/0/{}/{}/{}", n / 400, n / 20 % 20, n % 20);
    let mut keys: Vec<String> = (0..20_000 - 2).map(chunk).collect();
    keys.extend(["private/em.zarr/.zgroup", "private/em.zarr/0/.zarray"].map(str::to_owned));
    for key in &keys {
        bucket.put(key, key.as_bytes());
    }
    bucket.put("private/em.zarr2/0", b"not in the scope");
    let (service, site) = with_keys(prepare().mount("VOLUMES", &path_style(&bucket)), "VOLUMES", KEY)
        .says("warn,sqlx::query=debug")
        .setting("TILEGATE_POLL_SECONDS", "300")
        .also(&["pass", "new", "--mount", "volumes", "--prefix", "private/em.zarr"])
        .start(POLICY);
    let (_, secret) = service.said[0].trim().split_once('\t').expect("an ID and a secret");
    let cookie = redeem(&site, secret);
    let queries = || service.log().matches("sqlx::query").count();
    let before = queries();
    assert!(before > 0, "redeeming looks into the store, and the log would say so");
    let (port, cookie) = (site.port, cookie.as_str());
    let begin = Instant::now();
    std::thread::scope(|scope| {
        // Many at a time: this server writes head and body apart, so that each object waits for an acknowledgement.
        for part in keys.chunks(keys.len() / 40) {
            scope.spawn(move || part.chunks(500).for_each(|keys| read_all(port, cookie, keys)));
        }
    });
    let during = queries() - before;
    println!("{} objects in {:?}, {during} look-ups", keys.len(), begin.elapsed());
    // What is done once a minute falls into this time, too: a handful, whatever the number of objects.
    assert!(during < keys.len() / 100, "{during} look-ups");
    for (target, status) in [
        ("/volumes/private/em.zarr2/0", 401),
        ("/volumes/private/letter.bin", 401),
        ("/volumes/elsewhere.bin", 403),
        ("/volumes/private/em.zarr/0/9999/0/0", 404),
    ] {
        assert_eq!(site.ask("GET", target, &[("Cookie", cookie)]).status, status, "{target}");
    }
    assert_eq!(site.get("/volumes/private/em.zarr/0/0/0/0").status, 401);
}

/// Reads objects over one connection; each has its own key in it.
fn read_all(port: u16, cookie: &str, keys: &[String]) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for key in keys {
        // In one piece: pieces wait for each other's acknowledgement.
        let request = format!("GET /volumes/{key} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let (mut line, mut length) = (String::new(), 0);
        reader.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{key}: {line}");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        assert_eq!(body, key.as_bytes());
    }
}
