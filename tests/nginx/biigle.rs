//! BIIGLE's server as it asks for a remote volume: HEAD of the volume's address, where 4xx is taken and 5xx is not; HEAD of
//! each file; then each file whole, without a range, within 5 s. It sends no cookie and no token. Its HTTP client
//! encodes what may not stand in an address, makes HTTP Basic of a name and password in it, and follows redirections.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::carried::eventually;
use crate::service::{Service, prepare};
use crate::site::{HOST, Site};

const POLICY: &str = r#"
    condition = [{ name = "staff", pattern = "login", label = { en = "Partners" } }]
    rule = [
        { mount = "files", identifier = "dive 7/open", conditions = ["open"] },
        { mount = "files", identifier = "dive 7/locked", conditions = ["staff"] },
    ]
"#;
/// As they lie there, and as people type them into BIIGLE.
const NAMES: [&str; 4] = ["image_001.jpg", "Seegurke \u{fc}ber Sand 2.jpg", "100% (1).png", "a+b&c.webp"];
/// The connection and each read.
const LIMIT: Duration = Duration::from_secs(5);

fn start() -> (Service, Site) {
    let prepared = prepare();
    let folder = prepared.plan.folder().join("files");
    for volume in ["open", "locked"] {
        let volume = folder.join("dive 7").join(volume);
        fs::create_dir_all(&volume).unwrap();
        for name in NAMES {
            fs::write(volume.join(name), large(name)).unwrap();
        }
    }
    let words = "default=closed basic=passes cors=https://biigle.de";
    prepared.mount("FILES", &format!("file /files/ file://{}/ {words}", folder.display())).start(POLICY)
}

/// Longer than the buffers on its way.
fn large(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(3_000_000).collect()
}

/// BIIGLE's server, with the address of a volume.
struct Biigle<'s> {
    site: &'s Site,
    /// Without scheme and host; what its HTTP client makes of a name and password in it stands in `headers`.
    volume: String,
    headers: Vec<(&'static str, String)>,
}

/// As Guzzle makes a request target of an address: what is no URI character is encoded, and what is encoded already stays.
fn encoded(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let bytes = path.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let is_escape = *byte == b'%'
            && bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(byte) || is_escape {
            out.push(char::from(*byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
    }
    out
}

impl Biigle<'_> {
    fn ask(&self, method: &str, path: &str) -> (u16, Vec<u8>) {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(("127.0.0.1", self.site.port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let line = |(name, value): &(&str, String)| format!("{name}: {value}\r\n");
        let headers = self.headers.iter().map(line).collect::<Vec<_>>().concat();
        let target = encoded(path);
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: GuzzleHttp/7\r\n{headers}Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        // Streamed: it takes what is there, each read within its time.
        let mut part = vec![0; 16 * 1024];
        loop {
            match stream.read(&mut part).expect("an answer in time") {
                0 => break,
                length => answer.extend(&part[..length]),
            }
        }
        assert!(begun.elapsed() < LIMIT * 4, "{method} {path}");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        assert!(!head.to_lowercase().contains("\r\nlocation:"), "nothing leads elsewhere: {head}");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer[end..].to_vec())
    }

    /// Whether the volume can be made, and each of its files be processed.
    fn takes(&self, names: &[&str]) -> Result<(), String> {
        let (status, _) = self.ask("HEAD", &self.volume);
        if status >= 500 {
            return Err(format!("the volume answers {status}"));
        }
        for name in names {
            let path = format!("{}/{name}", self.volume);
            let (status, _) = self.ask("HEAD", &path);
            if !(200..300).contains(&status) {
                return Err(format!("{name} answers {status}"));
            }
            let (status, body) = self.ask("GET", &path);
            if status != 200 || body != large(name) {
                return Err(format!("{name} answers {status} with {} bytes", body.len()));
            }
        }
        Ok(())
    }
}

#[test]
fn a_public_volume_works() {
    let (_service, site) = start();
    let volume = |volume: &str| Biigle { site: &site, volume: volume.to_owned(), headers: vec![] };
    assert_eq!(volume("/files/dive 7/open").takes(&NAMES), Ok(()));
    assert_eq!(volume("/files/dive%207/open").takes(&NAMES), Ok(()));
    // The volume itself is taken, since 401 and 403 are below 500; its files are not.
    let locked = volume("/files/dive 7/locked").takes(&NAMES);
    assert_eq!(locked, Err("image_001.jpg answers 401".to_owned()));
    let none = volume("/files/none").takes(&NAMES);
    assert_eq!(none, Err("image_001.jpg answers 403".to_owned()));
}

#[test]
fn an_address_with_a_secret_works_until_it_is_revoked() {
    let (service, site) = start();
    let (id, secret) = service.new_pass(&["--prefix", "dive 7/locked", "--note", "BIIGLE, volume 12"]);
    let (other, _) = service.new_pass(&["--prefix", "dive 7/locked", "--note", "BIIGLE, volume 13"]);
    let volume = format!("/files/tgp_{secret}");
    eventually(&site, &format!("{volume}/image_001.jpg"), 200);
    let biigle = Biigle { site: &site, volume, headers: vec![] };
    assert_eq!(biigle.takes(&NAMES), Ok(()));
    // Of one volume alone.
    service.run(&["pass", "revoke", &other]);
    eventually(&site, &format!("/files/tgp_{secret}/image_001.jpg"), 200);
    assert_eq!(biigle.takes(&NAMES[..1]), Ok(()));
    service.run(&["pass", "revoke", &id]);
    eventually(&site, &format!("/files/tgp_{secret}/image_001.jpg"), 403);
    assert_eq!(biigle.takes(&NAMES), Err("image_001.jpg answers 403".to_owned()));
}

#[test]
fn a_name_and_a_secret_in_the_address_work_for_the_server() {
    let (service, site) = start();
    let (_, secret) = service.new_pass(&["--prefix", "dive 7"]);
    eventually(&site, &format!("/files/tgp_{secret}/locked/image_001.jpg"), 200);
    let with = |password: &str| {
        let pair = STANDARD.encode(format!("user:{password}"));
        let headers = vec![("Authorization", format!("Basic {pair}"))];
        Biigle { site: &site, volume: "/files/dive 7/locked".to_owned(), headers }
    };
    assert_eq!(with(&secret).takes(&NAMES), Ok(()));
    assert_eq!(with("x").takes(&NAMES), Err("image_001.jpg answers 401".to_owned()));
}

/// RFC 7617: on this mount a program, and a person's browser, learns that it may ask for a password.
#[test]
fn n17_a_mount_that_says_so_offers_basic() {
    let (_service, site) = start();
    let reply = site.get("/files/dive%207/locked/image_001.jpg");
    let offered = [r#"Basic realm="images.example.org", charset="UTF-8""#];
    assert_eq!((reply.status, reply.all("WWW-Authenticate").as_slice()), (401, &offered[..]));
    assert_eq!(site.get("/files/none/a.jpg").all("WWW-Authenticate").len(), 0, "403");
}

/// NGINX since 1.21.1 takes no space in an address that is not encoded; letters of other alphabets it takes.
#[test]
fn a_target_that_is_not_encoded_at_all_is_taken_without_spaces() {
    let (_service, site) = start();
    let raw = |name: &str| {
        let request =
            format!("GET /files/dive%207/open/{name} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
        site.send(request.as_bytes()).status
    };
    assert_eq!(raw("Seegurke%20\u{fc}ber%20Sand%202.jpg"), 200);
    assert_eq!(raw("Seegurke \u{fc}ber Sand 2.jpg"), 400);
}
