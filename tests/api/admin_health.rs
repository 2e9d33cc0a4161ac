//! What the overview says of the origins, the certificate and the keys.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use tilegate::clock;

use crate::admin::{CHIEF, add_chief, read};
use crate::app::*;

const PAGE: &str = "/auth/admin/";
const DAY: u64 = 86_400;

async fn start(more: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start_with(more).await;
    add_chief(&app).await;
    app
}

async fn overview(app: &TestApp) -> String {
    let mut chief = Browser::logged_in(app, CHIEF).await;
    let response = chief.get(app, PAGE).await;
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

/// A server that takes connections and says nothing.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// An address where nobody listens.
fn deserted() -> String {
    silent().1
}

#[actix_web::test]
async fn every_mount_says_whether_its_origin_answers_and_what_to_do() {
    let (_listening, silent) = silent();
    let deserted = deserted();
    let nginx = tempfile::tempdir().unwrap();
    let image_server = TestApp::start().await.image_server;
    image_server.answers(503, "");
    let plain = image_server.url.replace("http://", "https://");
    // No name has a label of more than 63 characters: nobody is asked for it.
    let nowhere = format!("{}.test", "a".repeat(64));
    let mounts = [
        ("REFUSED", format!("image /1/ http://{deserted}/iiif/")),
        ("SILENT", format!("image /2/ http://{silent}/iiif/")),
        ("TLS", format!("image /3/ {plain}/iiif/")),
        ("NOWHERE", format!("image /4/ http://{nowhere}/iiif/")),
        ("BROKEN", format!("image /5/ {}/iiif/", image_server.url)),
        ("FAST", "image /6/ fastcgi://iipsrv:9000/iiif/ server=iipsrv".to_owned()),
        ("FOLDER", "manifest /7/ file:///srv/manifests/".to_owned()),
        ("FILES", format!("file /8/ http://{deserted}/files/")),
        ("FILES_HERE", "file /9/ file:///srv/files/".to_owned()),
    ];
    let names: Vec<String> = mounts.iter().map(|(name, _)| format!("TILEGATE_MOUNT_{name}")).collect();
    let mut more: Vec<(&str, &str)> =
        names.iter().zip(&mounts).map(|(name, (_, mount))| (name.as_str(), mount.as_str())).collect();
    more.push(("TILEGATE_NGINX_SOCKET_DIR", nginx.path().to_str().unwrap()));
    let app = start(&more).await;
    // NGINX's internal server for one of them, as far as it matters here.
    let socket = std::os::unix::net::UnixListener::bind(nginx.path().join("files-here.sock")).unwrap();
    std::thread::spawn(move || {
        for stream in socket.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });

    let began = Instant::now();
    let page = overview(&app).await;
    assert!(began.elapsed() < Duration::from_secs(8), "all at the same time: {:?}", began.elapsed());
    let text = read(&page);
    for expected in [
        "images answers",
        "manifests answers",
        "refused refused: nobody listens there. Start the image server, or correct TILEGATE_MOUNT_REFUSED",
        "silent no answer within 2 seconds",
        "tls no TLS with a certificate that can be trusted; renew that, or correct TILEGATE_MOUNT_TLS",
        "nowhere its host name leads to no address; correct it in TILEGATE_MOUNT_NOWHERE",
        "broken answers with the error 503",
        "fast NGINX does not listen on its internal socket",
        "folder NGINX does not listen on its internal socket",
        "files asked by NGINX alone",
        "files-here NGINX answers for the folder",
        "Something needs your attention",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    for secret in [deserted.as_str(), &silent, &nowhere, "iipsrv:9000", "/srv/files"] {
        assert!(!page.contains(secret), "S11: {secret} is where images can be had unchecked");
    }
}

#[actix_web::test]
async fn looking_again_and_again_is_no_load_on_an_image_server() {
    let app = start(&[]).await;
    let mut chief = Browser::logged_in(&app, CHIEF).await;
    for _ in 0..5 {
        let text = read(&chief.get(&app, PAGE).await.text().await.unwrap());
        assert!(text.contains("images answers"), "{text}");
        assert!(!text.contains("Something needs your attention"), "{text}");
    }
    let mut asked = app.image_server.asked.lock().unwrap().clone();
    asked.sort();
    assert_eq!(asked, ["HEAD /Manifester/IIIF/", "HEAD /iiif/", "HEAD /kept/"]);
}

/// A site with a certificate that ends in so many days; and how often it was called.
fn site(days: i64) -> (String, Arc<AtomicUsize>) {
    let now = jiff::Timestamp::from_second(clock::now().try_into().unwrap()).unwrap();
    let day = now.to_zoned(jiff::tz::TimeZone::UTC).date() + jiff::Span::new().days(days);
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(
        day.year().into(),
        day.month().try_into().unwrap(),
        day.day().try_into().unwrap(),
    );
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().der().clone();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.serialize_der().try_into().unwrap())
        .unwrap();
    let (config, calls) = (Arc::new(config), Arc::<AtomicUsize>::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let counted = Arc::clone(&calls);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(session, stream.unwrap());
            let _ = stream.read(&mut [0; 4096]);
            let answer =
                b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(answer);
            let _ = stream.flush();
        }
    });
    (url, calls)
}

#[actix_web::test]
async fn the_certificate_of_the_public_address_is_looked_at() {
    for (days, expected, is_wrong) in [
        (-1, "expired on", true),
        (2, "ends in 1 day,", true),
        (20, "ends in 19 days,", true),
        (60, "valid until", false),
    ] {
        let (url, calls) = site(days);
        let app = start(&[("TILEGATE_PUBLIC_URL", &url)]).await;
        let mut text = String::new();
        for _ in 0..3 {
            text = read(&overview(&app).await);
        }
        assert!(
            text.contains(&format!("Certificate of the public address {expected}")),
            "{expected}: {text}"
        );
        assert_eq!(text.contains("Something needs your attention"), is_wrong, "{text}");
        assert_eq!(calls.load(Ordering::SeqCst), 1, "it is remembered");
    }
}

#[actix_web::test]
async fn a_certificate_that_cannot_be_looked_at_is_no_fault() {
    let address = deserted();
    let port = address.rsplit_once(':').unwrap().1;
    let app = start(&[("TILEGATE_PUBLIC_URL", &format!("https://localhost:{port}"))]).await;
    let text = read(&overview(&app).await);
    assert!(text.contains("could not be looked at from here"), "{text}");
    assert!(!text.contains("Something needs your attention"), "{text}");
    let app = start(&[("TILEGATE_PUBLIC_URL", "http://localhost:8080")]).await;
    let text = read(&overview(&app).await);
    assert!(text.contains("no TLS: only for trying out on this machine"), "{text}");
}

#[actix_web::test]
async fn s11_keys_are_counted_and_named_and_never_shown() {
    let keys = [key_bytes(5), key_bytes(6)].map(|key| base64::engine::general_purpose::STANDARD.encode(key));
    let app = start(&[("TILEGATE_KEYS", &keys.join(","))]).await;
    let page = overview(&app).await;
    let names = app.context.keyring.names();
    assert!(names.iter().all(|name| name.len() == 8), "{names:?}");
    let text = read(&page);
    assert!(text.contains(&format!("Keys {} seals, and {} still opens", names[0], names[1])), "{text}");
    assert!(text.contains("8 hours after the newest was put in front"), "{text}");
    for key in keys {
        assert!(!page.contains(&key));
    }
}

#[actix_web::test]
async fn a_demonstration_is_said_to_be_one() {
    let app = TestApp::start_demo(&[]).await;
    add_chief(&app).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let text = read(&overview(&app).await);
    assert!(text.contains("This is a demonstration ( serve --demo )"), "{text}");
    assert!(!read(&overview(&start(&[]).await).await).contains("demonstration"));
}

#[actix_web::test]
async fn the_dates_of_a_month_are_counted() {
    let app = start(&[]).await;
    let day = |days: u64| {
        let second = clock::now() + days * DAY;
        jiff::Timestamp::from_second(second.try_into().unwrap()).unwrap().strftime("%Y-%m-%d").to_string()
    };
    let rule = |name: &str, until: &str| {
        format!(
            "[[rule]]\nmount = \"images\"\nidentifier = \"{name}\"\nconditions = [\"staff\"]\nuntil = \"{until}\"\n"
        )
    };
    let staff = "[[condition]]\nname = \"staff\"\npattern = \"login\"\nlabel = { en = \"Staff\" }\n";
    app.import(&format!("{staff}{}{}{}", rule("a", &day(3)), rule("b", &day(29)), rule("c", &day(32)))).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let text = read(&overview(&app).await);
    assert!(text.contains("2 changes within 30 days."), "{text}");
}
