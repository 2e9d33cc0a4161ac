//! A real NGINX with the drop-in in a site, in a folder of its own.
//!
//! `TEST_NGINX` names another binary than Debian's.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tilegate::config::SiteSettings;
use tilegate::nginx_conf::{self, NginxVersion};

/// The host that visitors type.
pub(crate) const HOST: &str = "images.example.org";

/// A site before it is started.
pub(crate) struct Plan {
    folder: TempDir,
    settings: Vec<(String, String)>,
    /// Goes into the `http` block, before the drop-in.
    pub(crate) http: String,
    /// Goes into the `server` block, before the drop-in.
    pub(crate) server: String,
    pub(crate) tls: bool,
}

impl Plan {
    /// A site whose Tilegate listens at this address (`host:port` or `unix:/path`).
    pub(crate) fn new(tilegate: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["run", "temporary"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let sockets = folder.path().join("run").display().to_string();
        Self {
            folder,
            settings: vec![
                ("TILEGATE_PUBLIC_URL".to_owned(), format!("https://{HOST}")),
                ("TILEGATE_LISTEN".to_owned(), tilegate.to_owned()),
                ("TILEGATE_NGINX_SOCKET_DIR".to_owned(), sockets),
            ],
            http: String::new(),
            server: String::new(),
            tls: false,
        }
    }

    /// With an image mount `/iiif/images/` in front of an HTTP image server.
    pub(crate) fn images(tilegate: &str, origin: &str) -> Self {
        Self::new(tilegate).mount("IMAGES", &format!("image /iiif/images/ http://{origin}/inner/"))
    }

    pub(crate) fn mount(mut self, name: &str, typed: &str) -> Self {
        self.settings.push((format!("TILEGATE_MOUNT_{name}"), typed.to_owned()));
        self
    }

    /// Another address for a mount that is there.
    pub(crate) fn remount(mut self, name: &str, typed: &str) -> Self {
        self.settings.retain(|(known, _)| *known != format!("TILEGATE_MOUNT_{name}"));
        self.mount(name, typed)
    }

    /// Another setting than a mount's.
    pub(crate) fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn http(mut self, text: &str) -> Self {
        self.http.push_str(text);
        self
    }

    pub(crate) fn server(mut self, text: &str) -> Self {
        self.server.push_str(text);
        self
    }

    pub(crate) fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn settings(&self) -> SiteSettings {
        SiteSettings::from_pairs(self.settings.clone()).unwrap()
    }

    /// The settings as they are typed, for a Tilegate that reads them itself.
    pub fn typed(&self) -> &[(String, String)] {
        &self.settings
    }

    /// Starts NGINX on a free port and waits until it answers.
    pub(crate) fn start(self) -> Site {
        // Between choosing a port and listening on it another may take it.
        for _ in 0..5 {
            let port = free_port();
            self.write(port);
            let error_log = std::fs::File::create(self.folder().join("error.log")).unwrap();
            let mut child = nginx(self.folder()).stderr(error_log).spawn().expect("NGINX starts");
            if wait_for(port, &mut child) {
                return Site { child, port, folder: self.folder };
            }
            let _ended = child.kill().and_then(|()| child.wait());
        }
        panic!("NGINX does not start:\n{}", read(&self.folder().join("error.log")));
    }

    fn write(&self, port: u16) {
        let settings = self.settings();
        let version = NginxVersion::default();
        std::fs::write(self.folder().join("http.conf"), nginx_conf::http(&settings, version)).unwrap();
        std::fs::write(self.folder().join("server.conf"), nginx_conf::server(&settings, version)).unwrap();
        let listen = if self.tls { " ssl" } else { "" };
        let certificate = if self.tls { self_signed(self.folder()) } else { String::new() };
        let (http, server) = (&self.http, &self.server);
        let text = format!(
            "{PREAMBLE}
            http {{
                {TEMPORARY}
                access_log off;
                {http}
                include http.conf;
                server {{
                    listen 127.0.0.1:{port}{listen};
                    {certificate}
                    {server}
                    include server.conf;
                }}
            }}"
        );
        std::fs::write(self.folder().join("nginx.conf"), text).unwrap();
    }
}

/// One process in the foreground, as whoever runs the tests.
pub(crate) const PREAMBLE: &str = "daemon off; master_process off; pid nginx.pid; error_log stderr;
            events { worker_connections 512; }";

/// NGINX's own temporary folders are root's.
pub(crate) const TEMPORARY: &str = "client_body_temp_path temporary/body; proxy_temp_path temporary/proxy;
                fastcgi_temp_path temporary/fastcgi; uwsgi_temp_path temporary/uwsgi; scgi_temp_path temporary/scgi;";

/// A running site; NGINX ends with its value.
pub(crate) struct Site {
    child: Child,
    pub(crate) port: u16,
    folder: TempDir,
}

impl Site {
    /// Sends one request with these header lines.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
        let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let lines = lines.concat();
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{lines}\r\n");
        self.send(request.as_bytes())
    }

    pub(crate) fn get(&self, target: &str) -> Reply {
        self.ask("GET", target, &[])
    }

    /// Sends bytes as they are and reads until NGINX closes.
    pub(crate) fn send(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // NGINX may answer and close before it has read a body that is too long.
        let _refused_early = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _reset_after_answer = stream.read_to_end(&mut answer);
        Reply::parse(&answer)
    }

    /// Asks for one target many times over one connection.
    pub(crate) fn get_again(&self, target: &str, times: usize) -> Vec<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        (0..times)
            .map(|_| {
                write!(stream, "GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n").unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    head.extend(byte);
                }
                let reply = Reply::parse(&head);
                let length = reply.header("Content-Length").unwrap().parse().unwrap();
                stream.read_exact(&mut vec![0; length]).unwrap();
                reply.status
            })
            .collect()
    }

    pub(crate) fn error_log(&self) -> String {
        read(&self.folder.path().join("error.log"))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// What a visitor receives.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer");
        let (head, body) = bytes.split_at(end);
        let head = String::from_utf8_lossy(head);
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let mut reply = Self { status, headers, body: body[4..].to_vec() };
        if reply.header("Transfer-Encoding") == Some("chunked") {
            reply.body = unchunked(&reply.body);
        }
        reply
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let same = |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        self.headers.iter().filter(same).map(|(_, value)| value.as_str()).collect()
    }

    /// The one value of a header; none if it is missing or there are several.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        match self.all(name).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
    body
}

/// NGINX with the configuration in a folder.
pub(crate) fn nginx(folder: &Path) -> Command {
    let mut command = Command::new(nginx_binary());
    command.arg("-p").arg(folder).arg("-c").arg("nginx.conf");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn nginx_binary() -> OsString {
    if let Some(named) = std::env::var_os("TEST_NGINX") {
        return named;
    }
    let debians = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].map(PathBuf::from);
    match debians.into_iter().find(|path| path.exists()) {
        Some(path) => path.into(),
        None => {
            panic!("these tests need NGINX: install the package `nginx`, or name a binary in TEST_NGINX")
        }
    }
}

/// A free port below those that the system gives out by itself, so that no other
/// test's server takes it before NGINX does.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let step = std::process::id().wrapping_mul(101) % 15_000 + NEXT.fetch_add(1, Ordering::SeqCst);
        let port = u16::try_from(15_000 + step % 15_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Whether a child listens on a port within some seconds.
pub(crate) fn wait_for(port: u16, child: &mut Child) -> bool {
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// A certificate for the host, and the directives that name it.
pub(crate) fn self_signed(folder: &Path) -> String {
    if !folder.join("site.crt").exists() {
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args([
                "-days",
                "2",
                "-subj",
                &format!("/CN={HOST}"),
                "-addext",
                &format!("subjectAltName=DNS:{HOST}"),
            ])
            .args(["-keyout", "site.key", "-out", "site.crt"])
            .current_dir(folder)
            .output()
            .expect("the package `openssl` is installed");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    "ssl_certificate site.crt; ssl_certificate_key site.key;".to_owned()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}
