//! The real `tilegate serve` as a process, with a policy and one reader.

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::site::{HOST, Plan, Reply, Site};

pub const READER: (&str, &str) = ("reader", "correct horse battery");

/// A running Tilegate on a Unix socket; it ends with its value.
pub struct Service {
    child: Child,
    typed: Vec<(String, String)>,
    /// What the commands of [`Prepared::also`] have printed.
    pub said: Vec<String>,
    /// Dropped after the process.
    folder: TempDir,
}

impl Service {
    /// Runs a command beside it; what it prints, and what it says besides.
    pub fn run(&self, arguments: &[&str]) -> (String, String) {
        let mut command = tilegate(&self.typed, self.folder.path());
        let output = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let said = text(output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        (text(output.stdout), said)
    }

    /// Makes a pass for `files`; its ID and its secret.
    pub fn new_pass(&self, more: &[&str]) -> (String, String) {
        let (made, _) = self.run(&[&["pass", "new", "--mount", "files"], more].concat());
        let (id, secret) = made.trim_end().split_once('\t').unwrap();
        (id.to_owned(), secret.to_owned())
    }

    /// Its log so far, if it was started with one.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("tilegate.log")).unwrap_or_default()
    }

    pub fn hang_up(&self) {
        let killed = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }
}

/// A plan for NGINX and the Tilegate that it asks, with the same settings.
pub struct Prepared {
    pub plan: Plan,
    folder: TempDir,
    /// How much it says into a file; otherwise warnings alone, into the test's own output.
    pub log: Option<&'static str>,
    commands: Vec<&'static [&'static str]>,
}

/// A site whose Tilegate will listen on a socket in a folder of its own.
pub fn prepare() -> Prepared {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan::new(&format!("unix:{}", folder.path().join("tilegate.sock").display()));
    Prepared { plan, folder, log: None, commands: Vec::new() }
}

impl Prepared {
    pub fn mount(mut self, name: &str, typed: &str) -> Self {
        self.plan = self.plan.mount(name, typed);
        self
    }

    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.plan = self.plan.setting(name, value);
        self
    }

    /// How much it says, into a file.
    pub fn says(mut self, level: &'static str) -> Self {
        self.log = Some(level);
        self
    }

    /// Runs a command as well before the service starts.
    pub fn also(mut self, arguments: &'static [&'static str]) -> Self {
        self.commands.push(arguments);
        self
    }

    /// Imports the policy, makes the reader (who holds `staff`), starts both.
    pub fn start(self, policy: &str) -> (Service, Site) {
        self.start_apart(policy, |plan| plan)
    }

    /// The same, with an NGINX of other settings: those of before, or those of soon.
    pub fn start_apart(self, policy: &str, nginx: impl FnOnce(Plan) -> Plan) -> (Service, Site) {
        let Self { plan, folder, log, commands } = self;
        std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
        let run = |arguments: &[&str], input: &str| {
            let mut child =
                tilegate(plan.typed(), folder.path()).args(arguments).stdin(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
            assert!(child.wait().unwrap().success(), "{arguments:?}");
        };
        run(&["policy", "import", "policy.toml"], "");
        run(&["account", "add", READER.0, "--conditions", "staff", "--password-stdin"], READER.1);
        let said = commands.into_iter().map(|arguments| {
            let mut command = tilegate(plan.typed(), folder.path());
            let output = command.args(arguments).stdout(Stdio::piped()).output().unwrap();
            assert!(output.status.success(), "{arguments:?}");
            String::from_utf8(output.stdout).unwrap()
        });
        let said = said.collect();
        let mut command = tilegate(plan.typed(), folder.path());
        if let Some(level) = log {
            let file = std::fs::File::create(folder.path().join("tilegate.log")).unwrap();
            command.env("TILEGATE_LOG", level).stderr(file);
        }
        let mut child = command.arg("serve").stdin(Stdio::null()).spawn().unwrap();
        let socket = folder.path().join("tilegate.sock");
        let give_up = Instant::now() + Duration::from_secs(20);
        while UnixStream::connect(&socket).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "tilegate serve has ended");
            assert!(Instant::now() < give_up, "tilegate serve does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        let typed = plan.typed().to_vec();
        (Service { child, typed, said, folder }, nginx(plan).start())
    }
}

fn tilegate(typed: &[(String, String)], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilegate"));
    command
        .current_dir(folder)
        .env_clear()
        .env("TILEGATE_LOG", "warn")
        .envs(typed.iter().map(|(name, value)| (name, value)))
        .env("TILEGATE_KEYS", "b3VyLXRlc3Qta2V5LWhhcy0zMi1yYW5kb20tYnl0ZXM=")
        .env("TILEGATE_DATABASE_URL", format!("sqlite:{}", folder.join("tilegate.db").display()))
        // P10: the image server is where the mount says. Nothing answers here, so whatever
        // went through a proxy of the environment would fail.
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:1")))
        .stdout(Stdio::null());
    command
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Logs the reader in through NGINX, as a browser does; the `Cookie` header from then on.
pub fn log_in(site: &Site) -> String {
    let page = site.get("/auth/iiif-login?origin=https://viewer.test");
    assert_eq!(page.status, 200, "{page:?}");
    let text = String::from_utf8(page.body.clone()).unwrap();
    let (_, rest) = text.split_once(r#"name="csrf" value=""#).expect("a form");
    let csrf = rest.split('"').next().unwrap();
    let form = format!("csrf={csrf}&username={}&password={}", READER.0, READER.1.replace(' ', "+"));
    let cookies = cookies(&page);
    let request = format!(
        "POST /auth/iiif-login HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nCookie: {cookies}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let welcome = site.send(request.as_bytes());
    assert_eq!(welcome.status, 200, "{}", String::from_utf8_lossy(&welcome.body));
    assert!(String::from_utf8_lossy(&welcome.body).contains("window.close()"), "A1-15");
    self::cookies(&welcome)
}

/// Presses the button of a share link; the `Cookie` header from then on.
pub fn redeem(site: &Site, secret: &str) -> String {
    let path = format!("/auth/share/{secret}");
    let page = site.get(&path);
    assert_eq!(page.status, 200, "{page:?}");
    let text = String::from_utf8(page.body.clone()).unwrap();
    let (_, rest) = text.split_once(r#"name="csrf" value=""#).expect("a form");
    let form = format!("csrf={}&to=", rest.split('"').next().unwrap());
    let cookies = cookies(&page);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nCookie: {cookies}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let done = site.send(request.as_bytes());
    assert_eq!(done.status, 303, "{}", String::from_utf8_lossy(&done.body));
    self::cookies(&done)
}

/// The cookies an answer sets, as a request sends them back.
pub fn cookies(reply: &Reply) -> String {
    let pairs = reply.all("Set-Cookie").into_iter().filter_map(|set| set.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

/// The `Authorization` header of a viewer that has asked for an access token of version 1.0.
pub fn bearer(site: &Site, cookie: &str) -> String {
    let page = site.ask(
        "GET",
        "/auth/iiif-token?messageId=m&origin=https%3A%2F%2Fviewer.test",
        &[("Cookie", cookie), ("Sec-Fetch-Dest", "iframe"), ("Sec-Fetch-Site", "cross-site")],
    );
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let (_, rest) = text.split_once(r#""accessToken":""#).expect("a token");
    format!("Bearer {}", rest.split('"').next().unwrap())
}
