//! A running Tilegate on a port of its own, with a policy, two accounts and an
//! image server that answers as told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::cookie::{Cookie, CookieJar, Key};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy as Redirects;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use tempfile::TempDir;
use tilegate::audit::Act;
use tilegate::config::Settings;
use tilegate::credential::account::{Account, Id128, Username};
use tilegate::http::Context;
use tilegate::policy::document::PolicyDocument;
use tilegate::startup::Application;
use tilegate::store::{AccountChange, NewAccount};
use tilegate::{clock, policy};

pub const PUBLIC: &str = "https://img.test";
pub const READER: (&str, &str) = ("reader", "correct horse battery");
pub const NOBODY: (&str, &str) = ("nobody", "holds nothing at all");
pub const OPEN_TILE: &str = "/iiif/images/open%2Fharbour/0,0,512,512/256,/0/default.jpg";
pub const LOCKED_TILE: &str = "/iiif/images/protected%2Fletter/full/max/0/default.jpg";
pub const CLOSED_TILE: &str = "/iiif/images/elsewhere/full/max/0/default.jpg";
pub const LOCKED_INFO: &str = "/iiif/images/protected%2Fletter/info.json";

const POLICY: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Reading room of Example Archive" }
heading = { en = "Protected letter" }
note = { en = "Readers of the archive may see it." }

[[condition]]
name = "clinical"
pattern = "login"
label = { en = "Clinical images of Example Archive" }

[[rule]]
mount = "images"
identifier = "open"
conditions = ["open"]

[[rule]]
mount = "images"
identifier = "protected"
conditions = ["staff"]
"#;

pub struct TestApp {
    pub address: String,
    pub context: web::Data<Context>,
    pub image_server: ImageServer,
    pub client: Client,
    data: TempDir,
    settings: Vec<(String, String)>,
}

/// Distinct bytes, because a key of one repeated byte is refused.
pub fn key_bytes(seed: u8) -> [u8; 32] {
    std::array::from_fn(|place| seed.wrapping_mul(31).wrapping_add(u8::try_from(place).unwrap()))
}

/// Settings of a test, with what differs from the usual ones.
fn settings(data: &TempDir, image_server: &ImageServer, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut settings: BTreeMap<String, String> = BTreeMap::new();
    let key = base64::engine::general_purpose::STANDARD.encode(key_bytes(5));
    for (name, value) in [
        ("TILEGATE_PUBLIC_URL", PUBLIC),
        ("TILEGATE_ORGANISATION", "Example Archive"),
        ("TILEGATE_LISTEN", "127.0.0.1:0"),
        ("TILEGATE_KEYS", &key),
        ("TILEGATE_DATABASE_URL", &format!("sqlite:{}", data.path().join("tilegate.db").display())),
        ("TILEGATE_MOUNT_IMAGES", &format!("image /iiif/images/ {}/iiif/ server=iipsrv", image_server.url)),
        (
            "TILEGATE_MOUNT_MANIFESTS",
            &format!("manifest /iiif/manifests/ {}/kept/ rules=images", image_server.url),
        ),
        (
            "TILEGATE_MOUNT_BOOKS",
            &format!(
                "manifest /iiif/books/ {}/Manifester/IIIF/ server=digilib rules=images",
                image_server.url
            ),
        ),
    ] {
        settings.insert(name.to_owned(), value.to_owned());
    }
    for (name, value) in more {
        settings.insert((*name).to_owned(), (*value).to_owned());
    }
    settings.into_iter().collect()
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub async fn start_with(more: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let image_server = ImageServer::start();
        let settings = settings(&data, &image_server, more);
        let app = Self::run(data, settings, image_server).await;
        app.import(POLICY).await;
        app.account(READER, &["staff"]).await;
        app.account(NOBODY, &[]).await;
        app.context.live.refresh(clock::now()).await.unwrap();
        app
    }

    /// With the samples for authors of viewers, and nothing else.
    pub async fn start_demo(more: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let image_server = ImageServer::start();
        let settings = settings(&data, &image_server, more);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let parsed = Settings::from_pairs(settings.clone()).unwrap();
        let application = Application::build_demo(parsed).await.unwrap();
        Self::running(application, data, settings, image_server)
    }

    async fn run(data: TempDir, settings: Vec<(String, String)>, image_server: ImageServer) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let application = Application::build(Settings::from_pairs(settings.clone()).unwrap()).await.unwrap();
        Self::running(application, data, settings, image_server)
    }

    fn running(
        application: Application,
        data: TempDir,
        settings: Vec<(String, String)>,
        image_server: ImageServer,
    ) -> Self {
        let address = format!("http://{}", application.addresses()[0]);
        let context = application.context().clone();
        actix_web::rt::spawn(application.run_until_stopped());
        let client = Client::builder().redirect(Redirects::none()).build().unwrap();
        Self { address, context, image_server, client, data, settings }
    }

    /// Another replica over the same database, with other settings where told.
    pub async fn replica(&self, more: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings: BTreeMap<_, _> = self.settings.iter().cloned().collect();
        settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self::run(data, settings.into_iter().collect(), self.image_server.clone()).await
    }

    pub async fn import(&self, text: &str) {
        let document: PolicyDocument = policy::file::read(text, &["images"]).unwrap();
        self.context.store.replace_policy(&document, false, Act::service(clock::now())).await.unwrap();
    }

    pub async fn account(&self, (name, password): (&str, &str), conditions: &[&str]) -> Account {
        let hash = self.context.passwords.hash(password.into()).await.unwrap();
        let account = NewAccount {
            conditions: conditions.iter().map(|name| (*name).to_owned()).collect(),
            ..NewAccount::new(Id128(clock::random()), Username::parse(name).unwrap(), hash)
        };
        self.context.store.create_account(account, Act::service(clock::now())).await.unwrap()
    }

    /// Changes an account as another program would; the service follows by its change log.
    pub async fn change(&self, name: &str, change: AccountChange) {
        let account = self.named(name).await;
        self.context
            .store
            .change_account(&account.id, change, Act::service(clock::now()))
            .await
            .unwrap()
            .unwrap();
        self.context.live.refresh(clock::now()).await.unwrap();
    }

    pub async fn named(&self, name: &str) -> Account {
        self.context.store.account_by_name(&Username::parse(name).unwrap()).await.unwrap().unwrap()
    }

    /// What NGINX sends for a tile.
    pub fn check(&self, uri: &str) -> RequestBuilder {
        self.nginx(Method::GET, "/query_auth", uri)
    }

    /// What NGINX sends for everything under a manifest mount.
    pub fn manifest(&self, method: &Method, mount: &'static str, uri: &str) -> RequestBuilder {
        let mut request = self.nginx(method.clone(), "/description/", uri).build().unwrap();
        request.headers_mut().insert("x-tilegate-mount", HeaderValue::from_static(mount));
        request.headers_mut().insert("x-original-method", method.as_str().parse().unwrap());
        RequestBuilder::from_parts(self.client.clone(), request)
    }

    /// What NGINX sends for info.json and bare identifiers.
    pub fn describe(&self, uri: &str) -> RequestBuilder {
        self.nginx(Method::GET, "/description/", uri)
    }

    pub fn nginx(&self, method: Method, path: &str, uri: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.address))
            .header("X-Original-URI", uri)
            .header("X-Original-Method", "GET")
            .header("X-Original-Host", "img.test")
            .header("X-Real-IP", "192.0.2.7")
            .header("X-Tilegate-Mount", "images")
    }

    /// The status of a tile for somebody with these cookies.
    pub async fn tile(&self, uri: &str, browser: &Browser) -> StatusCode {
        self.check(uri).header("Cookie", browser.header()).send().await.unwrap().status()
    }

    /// The settings as they are typed, for a command beside the service.
    pub fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    pub fn database(&self) -> std::path::PathBuf {
        self.data.path().join("tilegate.db")
    }
}

fn percent_decoded(text: &str) -> String {
    let pair = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1.into_owned()
}

/// A browser's cookies, and what it does on the login pages.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn access(&self) -> &str {
        &self.cookies["__Host-tilegate_access"]
    }

    /// Only the access cookie: what a copied cookie is.
    pub fn copied_access(&self) -> Self {
        let name = "__Host-tilegate_access".to_owned();
        Self { cookies: BTreeMap::from([(name, self.access().to_owned())]) }
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for set in headers.get_all("set-cookie") {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn get(&mut self, app: &TestApp, path: &str) -> Response {
        let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let response = request.header("Cookie", self.header()).send().await.unwrap();
        self.keep(response.headers());
        response
    }

    pub async fn post(&mut self, app: &TestApp, path: &str, form: &[(&str, &str)]) -> Response {
        self.post_from(app, "192.0.2.7", path, form).await
    }

    pub async fn post_from(
        &mut self,
        app: &TestApp,
        address: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> Response {
        let request = app.client.post(format!("{}{path}", app.address)).header("X-Real-IP", address);
        let response = request.header("Cookie", self.header()).form(form).send().await.unwrap();
        self.keep(response.headers());
        response
    }

    /// The anti-forgery token of a page.
    pub async fn csrf(&mut self, app: &TestApp, path: &str) -> String {
        let page = self.get(app, path).await.text().await.unwrap();
        let (_, rest) = page.split_once(r#"name="csrf" value=""#).expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Posts as a page of another site would make a browser do, with a token that is right.
    pub async fn post_across(&mut self, app: &TestApp, path: &str, form: &[(&str, &str)]) -> Response {
        let request = app.client.post(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let request = request.header("Cookie", self.header()).header("Sec-Fetch-Site", "cross-site");
        request.form(form).send().await.unwrap()
    }

    /// Posts a file as a form does.
    pub async fn send_file(&mut self, app: &TestApp, path: &str, csrf: &str, file: &[u8]) -> Response {
        const EDGE: &str = "----tilegate";
        let mut body = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--{EDGE}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let request = app.client.post(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
        let request = request.header("Cookie", self.header());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let response = request.header("Content-Type", kind).body(body).send().await.unwrap();
        self.keep(response.headers());
        response
    }

    /// Makes the login so many seconds older, as if the browser had been left alone.
    pub fn age(&mut self, app: &TestApp, seconds: u64) {
        let name = "__Host-tilegate_session";
        let epoch = app.context.live.current().revocations.epoch;
        let key = Key::from(&app.context.keyring.derive("tilegate session pages", epoch).unwrap());
        let mut jar = CookieJar::new();
        let value = percent_decoded(&self.cookies[name]);
        jar.add_original(Cookie::new(name, value));
        let state = jar.private(&key).get(name).expect("a session of ours");
        let mut state: BTreeMap<String, String> = serde_json::from_str(state.value()).unwrap();
        let mut login: serde_json::Value = serde_json::from_str(&state["login"]).unwrap();
        login["issued"] = (login["issued"].as_u64().unwrap() - seconds).into();
        state.insert("login".to_owned(), login.to_string());
        state.remove("confirmed");
        jar.private_mut(&key).add(Cookie::new(name, serde_json::to_string(&state).unwrap()));
        let sealed = jar.get(name).unwrap().encoded().to_string();
        self.cookies.insert(name.to_owned(), sealed.split_once('=').unwrap().1.to_owned());
    }

    pub async fn try_login(&mut self, app: &TestApp, (name, password): (&str, &str)) -> Response {
        let csrf = self.csrf(app, "/auth/login").await;
        let form = [("csrf", csrf.as_str()), ("username", name), ("password", password)];
        self.post(app, "/auth/login", &form).await
    }

    pub async fn logged_in(app: &TestApp, person: (&str, &str)) -> Self {
        let mut browser = Self::default();
        let response = browser.try_login(app, person).await;
        assert_eq!(response.status(), 303, "{}", response.text().await.unwrap());
        browser
    }

    pub async fn token(&mut self, app: &TestApp) -> String {
        let answer: serde_json::Value = self.get(app, "/auth/iiif-token").await.json().await.unwrap();
        answer["accessToken"].as_str().expect("a token").to_owned()
    }
}

/// An image server that answers as told and remembers what it was asked.
#[derive(Clone)]
pub struct ImageServer {
    pub url: String,
    answer: Arc<Mutex<Answer>>,
    pub asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    pub wait: std::time::Duration,
    pub location: Option<String>,
}

pub const INFO: &str = r#"{"@context":"http://iiif.io/api/image/2/context.json","@id":"http://inside:9000/iiif/x","protocol":"http://iiif.io/api/image","width":4000,"height":3000,"sizes":[{"width":1000,"height":750}],"tiles":[{"width":256,"height":256,"scaleFactors":[1,2,4]}],"profile":["http://iiif.io/api/image/2/level1.json",{"formats":["jpg"],"qualities":["default"]}]}"#;

impl ImageServer {
    fn start() -> Self {
        let answer = Answer {
            status: 200,
            body: INFO.as_bytes().to_vec(),
            wait: std::time::Duration::ZERO,
            location: None,
        };
        let server = Self { url: String::new(), answer: Arc::new(Mutex::new(answer)), asked: Arc::default() };
        let state = web::Data::new(server.clone());
        let http = HttpServer::new(move || App::new().app_data(state.clone()).default_service(web::to(told)))
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")
            .unwrap();
        let url = format!("http://{}", http.addrs()[0]);
        actix_web::rt::spawn(http.run());
        Self { url, ..server }
    }

    pub fn answers(&self, status: u16, body: impl Into<Vec<u8>>) {
        let mut answer = self.answer.lock().unwrap();
        (answer.status, answer.body) = (status, body.into());
    }

    pub fn waits(&self, wait: std::time::Duration) {
        self.answer.lock().unwrap().wait = wait;
    }

    pub fn redirects(&self, location: &str) {
        let mut answer = self.answer.lock().unwrap();
        (answer.status, answer.location) = (302, Some(location.to_owned()));
    }
}

async fn told(request: HttpRequest, server: web::Data<ImageServer>) -> HttpResponse {
    let (method, uri) = (request.method(), request.uri());
    let line = if method == "GET" { uri.to_string() } else { format!("{method} {uri}") };
    server.asked.lock().unwrap().push(line);
    let Answer { status, body, wait, location } = server.answer.lock().unwrap().clone();
    actix_web::rt::time::sleep(wait).await;
    let mut response = HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap());
    if let Some(location) = location {
        response.insert_header(("Location", location));
    }
    response.body(body)
}
