//! The keys of buckets: renewed, wrong, over TLS, and in no log.

use std::fs;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;

use crate::s3::{Bucket, KEY, POLICY, is_clean, path_style, text, with_keys};
use crate::service::{Service, log_in, prepare};
use crate::site::{self, Site};

/// Waits until something is so.
fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < give_up, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What renews temporary keys writes files; nothing is started again.
#[test]
fn renewed_keys_count_soon_and_their_token_is_signed() {
    let bucket = Bucket::start(KEY, &[]).with_letters();
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str| files.path().join(name).display().to_string();
    let write = |id: &str, secret: &str, token: &str| {
        for (name, text) in [("id", id), ("secret", secret), ("token", token)] {
            fs::write(file(name), format!("{text}\n")).unwrap();
        }
    };
    write("AKBEFORE", "of-before", "token-of-before");
    let (service, site) = prepare()
        .mount("VOLUMES", &path_style(&bucket))
        .setting("TILEGATE_S3_VOLUMES_ACCESS_KEY_ID_FILE", &file("id"))
        .setting("TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY_FILE", &file("secret"))
        .setting("TILEGATE_S3_VOLUMES_SESSION_TOKEN_FILE", &file("token"))
        .says("info")
        .start(POLICY);
    let status = || site.get("/volumes/open/song.bin").status;
    assert_eq!(status(), 404);
    write(KEY.0, KEY.1, "the-next-token");
    soon("the new keys do not count", || status() == 200);
    write("AKAFTER", "of-after", "token-of-after");
    service.hang_up();
    soon("a hang-up reads them", || status() == 404);
    soon("it says so", || service.log().matches("were read again").count() >= 2);
    soon("the keys are tried at once", || service.log().matches("gives nothing out").count() >= 2);
    let log = service.log();
    for secret in [KEY.1, "of-before", "of-after", "next-token", "token-of"] {
        assert!(!log.contains(secret), "S16: {secret}: {log}");
    }
}

/// To visitors a wrong key is as a missing object; whoever runs the service is told.
#[test]
fn a_key_that_the_bucket_does_not_take_is_diagnosed() {
    let bucket = Bucket::start(KEY, &[]).with_letters();
    let said = |key: (&str, &str), part: &str| {
        let prepared = prepare().mount("VOLUMES", &path_style(&bucket)).says("warn");
        let (service, site) = with_keys(prepared, "VOLUMES", key).start(POLICY);
        soon("no diagnosis", || service.log().contains(part));
        let log = service.log();
        assert!(log.contains("volumes") && !log.contains(key.1), "{log}");
        let reply = site.get("/volumes/open/song.bin");
        is_clean(&reply);
        assert_eq!((reply.status, reply.body.len()), (404, 0));
    };
    said((KEY.0, "wrong-secret"), "correct TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY");
    // This server's own word for it.
    said(("AKUNKNOWN", KEY.1), "says NotSignedUp");
}

#[test]
fn s16_no_log_has_a_key_a_signature_or_a_token_in_it() {
    let bucket = Bucket::start(KEY, &[]).with_letters();
    let token = "tokenWithoutName";
    let mut prepared = prepare()
        .mount("VOLUMES", &path_style(&bucket))
        .setting("TILEGATE_S3_VOLUMES_SESSION_TOKEN", token)
        .says("trace");
    prepared.plan = prepared.plan.server("access_log ours.log tilegate; access_log combined.log combined;");
    let (service, site) = with_keys(prepared, "VOLUMES", KEY).start(POLICY);
    let cookie = log_in(&site);
    for (target, status) in [
        ("/volumes/open/song.bin", 200),
        ("/volumes/private/letter.bin", 200),
        ("/volumes/private/none", 404),
        ("/volumes/elsewhere.bin", 403),
    ] {
        let reply = site.ask("GET", target, &[("Cookie", &cookie)]);
        is_clean(&reply);
        assert_eq!(reply.status, status, "{target}");
    }
    let read = |name: &str| fs::read_to_string(site.folder().join(name)).unwrap();
    soon("NGINX logs", || read("ours.log").contains("elsewhere"));
    assert!(service.log().contains("query_auth"), "the log says much");
    for (name, log) in [
        ("service", service.log()),
        ("error", site.error_log()),
        ("ours", read("ours.log")),
        ("combined", read("combined.log")),
    ] {
        for secret in [KEY.1, token, "Signature=", "AWS4-HMAC"] {
            assert!(!log.contains(secret), "{name} has {secret}");
        }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// A bucket over TLS, whose certificate is for `name`: NGINX itself stands before s3s-fs.
fn over_tls(bucket: &Bucket, name: &str, trusts: bool) -> (Service, Site) {
    let port = site::free_port();
    let mut prepared = prepare();
    let folder = prepared.plan.folder().to_owned();
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let (certificate, key) = (folder.join("bucket.crt"), folder.join("bucket.key"));
    fs::write(&certificate, pem("CERTIFICATE", made.cert.der())).unwrap();
    fs::write(&key, pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
    let ca = if trusts { format!(" ca={}", certificate.display()) } else { String::new() };
    prepared = prepared.mount(
        "VOLUMES",
        &format!(
            "s3 /volumes/ https://s3.example.test/ bucket=vol region=r endpoint=https://127.0.0.1:{port}{ca}"
        ),
    );
    prepared.plan = prepared.plan.http(&format!(
        "server {{
            listen 127.0.0.1:{port} ssl;
            ssl_certificate {};
            ssl_certificate_key {};
            location / {{
                proxy_pass http://127.0.0.1:{};
                proxy_set_header Host $http_host;
            }}
        }}\n",
        certificate.display(),
        key.display(),
        bucket.port
    ));
    with_keys(prepared, "VOLUMES", KEY).start(POLICY)
}

#[test]
fn the_certificate_of_a_bucket_is_verified() {
    let bucket = Bucket::start(KEY, &["--domain", "s3.example.test"]).with_letters();
    let (_service, site) = over_tls(&bucket, "vol.s3.example.test", true);
    let reply = site.get("/volumes/open/song.bin");
    is_clean(&reply);
    assert_eq!((reply.status, text(&reply)), (200, "the song".to_owned()), "{}", site.error_log());
    for (name, trusts) in [("other.example.test", true), ("vol.s3.example.test", false)] {
        let (_service, site) = over_tls(&bucket, name, trusts);
        let reply = site.get("/volumes/open/song.bin");
        is_clean(&reply);
        assert_eq!((reply.status, reply.body.len()), (502, 0), "{name} {trusts}");
    }
}
