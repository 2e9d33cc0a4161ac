//! Section 3.4 of the checklist: what each request gets with each credential, for mounts of version 1.0 alone, of
//! 2.0 alone and of both, over the same images and rules.

use reqwest::Method;
use serde_json::Value;
use tilegate::clock;
use tilegate::credential::keyring::Purpose;
use tilegate::credential::sealed::Grant;
use tilegate::store::AccountChange;

use crate::app::*;
use crate::patterns;

/// `locked` is all or nothing, of `tiered` a smaller image is left open.
const POLICY: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Reading room of Example Archive" }

[[condition]]
name = "clinical"
pattern = "login"
label = { en = "Clinical images of Example Archive" }
substitute_px = 800

[[rule]]
mount = "images"
identifier = "open"
conditions = ["open"]

[[rule]]
mount = "images"
identifier = "locked"
conditions = ["staff"]

[[rule]]
mount = "images"
identifier = "tiered"
conditions = ["clinical"]
"#;

const OPEN: &str = "open%2F1";
const LOCKED: &str = "locked%2F1";
const TIERED: &str = "tiered%2F1";

/// A request of the matrix.
#[derive(Clone, Copy, Debug)]
enum Row {
    /// info.json of an image, on a mount.
    Info(&'static str, &'static str),
    Image(&'static str, &'static str),
    Probe(&'static str, &'static str),
    /// Posted in a page.
    Token1,
    Token2,
    InfoPreflight(&'static str),
    ProbePreflight(&'static str),
}

/// One credential: the headers that carry it.
type Carried = Vec<(&'static str, String)>;

/// One of these credentials counts, or is over, or never was one.
struct Columns {
    /// In the order of the table: none, a token of 1.0, one of 2.0, the cookie, what has expired, what is none.
    all: [Vec<Carried>; 6],
}

const NAMES: [&str; 6] = ["none", "T1", "T2", "COOKIE", "EXP", "BAD"];

impl Columns {
    async fn new(app: &TestApp) -> Self {
        let mut reader = Browser::logged_in(app, READER).await;
        let (one, two) = patterns::tokens(app, &mut reader).await;
        let bearer = |token: String| vec![("Authorization", token)];
        let cookie = |value: &str| vec![("Cookie", format!("__Host-tilegate_access={value}"))];
        let over = |purpose, bearer: &str| {
            format!("Bearer {}", expired(app, purpose, bearer.strip_prefix("Bearer ").unwrap()))
        };
        let expired_cookie = expired(app, Purpose::AccessCookie, reader.access());
        let bad = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let expired = vec![
            bearer(over(Purpose::AccessToken1, &one)),
            bearer(over(Purpose::AccessToken2, &two)),
            cookie(&expired_cookie),
        ];
        let mut bad = vec![cookie("garbage"), cookie(bad), bearer(format!("Bearer {bad}"))];
        bad.push(bearer("Bearer undefined".to_owned()));
        // The token in the cookie's place, and the other way round (A1-49).
        bad.extend([cookie(&one[7..]), bearer(format!("Bearer {}", reader.access()))]);
        let good = |credential| vec![credential];
        Self {
            all: [
                vec![Vec::new()],
                good(bearer(one)),
                good(bearer(two)),
                good(cookie(reader.access())),
                expired,
                bad,
            ],
        }
    }
}

/// The same credential as it is a second after its end.
pub fn expired(app: &TestApp, purpose: Purpose, sealed: &str) -> String {
    let snapshot = app.context.live.current();
    let (keyring, now) = (&app.context.keyring, clock::now());
    let grant = Grant::open(sealed.as_bytes(), keyring, purpose, &snapshot.revocations, now).unwrap();
    let over = Grant { issued: now - 61, expires: now - 1, ..grant };
    over.seal(keyring, purpose, &snapshot.revocations, clock::random()).unwrap()
}

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.import(POLICY).await;
    let mount = |prefix: &str, words: &str| {
        format!("image /iiif/{prefix}/ {}/iiif/ server=iipsrv {words}", app.image_server.url)
    };
    let (one, two) = (mount("one", "iiif_auth=1 rules=images"), mount("two", "iiif_auth=2 rules=images"));
    let replica = app.replica(&[("TILEGATE_MOUNT_ONE", &one), ("TILEGATE_MOUNT_TWO", &two)]).await;
    let conditions = Some(vec!["staff".to_owned(), "clinical".to_owned()]);
    replica.change(READER.0, AccountChange { conditions, ..AccountChange::default() }).await;
    replica
}

/// What a row answers to a credential, in few words.
async fn answered(app: &TestApp, row: Row, carried: &Carried) -> String {
    let at = |method: Method, path: &str, mount: &str, uri: String| {
        let mut request = app.nginx(method.clone(), path, &uri).build().unwrap();
        request.headers_mut().insert("x-tilegate-mount", mount.parse().unwrap());
        request.headers_mut().insert("x-original-method", method.as_str().parse().unwrap());
        let request = reqwest::RequestBuilder::from_parts(app.client.clone(), request);
        carried.iter().fold(request, |request, (name, value)| request.header(*name, value)).send()
    };
    let probe = |mount: &str, name: &str| format!("/auth/v2/probe/{mount}/{name}");
    match row {
        Row::Info(mount, name) => {
            let uri = format!("/iiif/{mount}/{name}/info.json");
            let response = at(Method::GET, "/description/", mount, uri).await.unwrap();
            let status = response.status().as_u16();
            if let Some(location) = response.headers().get("location") {
                let low = format!("{PUBLIC}/iiif/{mount}/substitute-8~{name}/info.json");
                assert_eq!(location.to_str().unwrap(), low);
                return format!("{status} LOW");
            }
            let info: Value = response.json().await.unwrap();
            assert_eq!(info["width"], 4000, "A1-38: the whole document");
            assert_eq!(info.get("service").is_none(), name == OPEN, "services, and none for what is open");
            status.to_string()
        }
        Row::Image(mount, name) => {
            let uri = format!("/iiif/{mount}/{name}/full/max/0/default.jpg");
            at(Method::GET, "/query_auth", mount, uri).await.unwrap().status().as_u16().to_string()
        }
        Row::Probe(mount, name) => {
            let response = at(Method::GET, "/auth/v2/probe/x", "", probe(mount, name)).await.unwrap();
            assert_eq!(response.status(), 200, "A2-43");
            let result: Value = response.json().await.unwrap();
            let low = result.get("substitute").map_or("", |_| " LOW");
            format!("{}{low}", result["status"])
        }
        Row::Token1 | Row::Token2 => {
            let one = matches!(row, Row::Token1);
            let service = if one { "/auth/iiif-token" } else { "/auth/v2/token" };
            let url = format!("{}{service}?messageId=m&origin=https://viewer.test", app.address);
            let request = app.client.get(url).header("X-Real-IP", "192.0.2.7");
            let request = carried.iter().fold(request, |request, (name, value)| request.header(*name, value));
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200, "A1-32, A2-28");
            let message = patterns::posted(&response.text().await.unwrap());
            let word = &message[if one { "error" } else { "profile" }];
            if message["accessToken"].is_string() {
                "token".to_owned()
            } else {
                word.as_str().unwrap().to_owned()
            }
        }
        Row::InfoPreflight(mount) => {
            let uri = format!("/iiif/{mount}/{LOCKED}/info.json");
            at(Method::OPTIONS, "/description/", mount, uri).await.unwrap().status().as_u16().to_string()
        }
        Row::ProbePreflight(mount) => {
            let response = at(Method::OPTIONS, "/auth/v2/probe/x", "", probe(mount, LOCKED)).await.unwrap();
            response.status().as_u16().to_string()
        }
    }
}

const BOTH: &str = "images";
const ONE: &str = "one";
const TWO: &str = "two";

#[rustfmt::skip]
const MATRIX: [(Row, [&str; 6]); 29] = [
    //                            none       T1         T2         COOKIE EXP        BAD
    (Row::Info(BOTH, LOCKED),    ["401",     "200",     "401",     "200", "401",     "401"]),
    (Row::Info(ONE, LOCKED),     ["401",     "200",     "401",     "200", "401",     "401"]),
    (Row::Info(TWO, LOCKED),     ["200",     "200",     "200",     "200", "200",     "200"]),
    // Nobody is sent to the smaller image where a viewer of 2.0 may ask: it would never see the probe of the whole.
    (Row::Info(BOTH, TIERED),    ["401",     "200",     "401",     "200", "401",     "401"]),
    (Row::Info(ONE, TIERED),     ["302 LOW", "200",     "302 LOW", "200", "302 LOW", "302 LOW"]),
    (Row::Info(TWO, TIERED),     ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Image(BOTH, LOCKED),   ["401",     "401",     "401",     "200", "401",     "401"]),
    (Row::Image(ONE, LOCKED),    ["401",     "401",     "401",     "200", "401",     "401"]),
    (Row::Image(TWO, LOCKED),    ["401",     "401",     "401",     "200", "401",     "401"]),
    (Row::Image(BOTH, TIERED),   ["401",     "401",     "401",     "200", "401",     "401"]),
    (Row::Image(ONE, TIERED),    ["401",     "401",     "401",     "200", "401",     "401"]),
    (Row::Image(TWO, TIERED),    ["401",     "401",     "401",     "200", "401",     "401"]),
    (Row::Probe(BOTH, LOCKED),   ["401",     "401",     "200",     "200", "401",     "401"]),
    (Row::Probe(TWO, LOCKED),    ["401",     "401",     "200",     "200", "401",     "401"]),
    (Row::Probe(BOTH, TIERED),   ["401 LOW", "401 LOW", "200",     "200", "401 LOW", "401 LOW"]),
    (Row::Probe(TWO, TIERED),    ["401 LOW", "401 LOW", "200",     "200", "401 LOW", "401 LOW"]),
    // A mount of 1.0 alone has no probes.
    (Row::Probe(ONE, LOCKED),    ["404",     "404",     "404",     "404", "404",     "404"]),
    (Row::Info(BOTH, OPEN),      ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Info(ONE, OPEN),       ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Info(TWO, OPEN),       ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Image(BOTH, OPEN),     ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Image(ONE, OPEN),      ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Image(TWO, OPEN),      ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Probe(BOTH, OPEN),     ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Probe(TWO, OPEN),      ["200",     "200",     "200",     "200", "200",     "200"]),
    (Row::Token1, ["missingCredentials", "missingCredentials", "missingCredentials", "token", "invalidCredentials", "invalidCredentials"]),
    (Row::Token2, ["missingAspect",      "missingAspect",      "missingAspect",      "token", "expiredAspect",      "invalidAspect"]),
    (Row::InfoPreflight(BOTH),   ["204",     "204",     "204",     "204", "204",     "204"]),
    (Row::ProbePreflight(BOTH),  ["204",     "204",     "204",     "204", "204",     "204"]),
];

#[actix_web::test]
async fn a1_39_a1_40_a1_43_a1_44_a1_48_a2_37_a2_39_a2_45_x02_who_gets_what() {
    let app = start().await;
    let columns = Columns::new(&app).await;
    let mut wrong = Vec::new();
    for (row, expected) in MATRIX {
        for (place, credentials) in columns.all.iter().enumerate() {
            // A token service reads the cookie alone: to it whoever has only a token has nothing.
            let by_cookie = |carried: &&Carried| carried.iter().any(|(name, _)| *name == "Cookie");
            let is_token_row = matches!(row, Row::Token1 | Row::Token2);
            let counts = |carried: &&Carried| !is_token_row || place < 4 || by_cookie(carried);
            for carried in credentials.iter().filter(counts) {
                let answer = answered(&app, row, carried).await;
                if answer != expected[place] {
                    let name = NAMES[place];
                    wrong.push(format!(
                        "{row:?} with {name}: {answer}, not {} ({carried:?})",
                        expected[place]
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
