use std::path::Path;

use super::*;
use crate::config::Settings;

const NOW: u64 = 1_369_353_600;

fn buckets(folder: &Path, more: &[(&str, &str)]) -> Buckets {
    buckets_of(folder, more).0
}

/// Those of the settings, with the mounts that they are behind; of two that are the same the last counts.
pub(super) fn buckets_of(folder: &Path, more: &[(&str, &str)]) -> (Buckets, Vec<Mount>) {
    let lines = [
        ("TILEGATE_PUBLIC_URL", "https://images.example.org"),
        ("TILEGATE_KEYS", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="),
        ("TILEGATE_MOUNT_A", "s3 /a/ https://s3.example.org/ bucket=one region=r"),
        ("TILEGATE_S3_A_ACCESS_KEY_ID", "IDA"),
    ];
    let usual = lines.iter().filter(|(name, _)| more.iter().all(|(other, _)| name != other));
    let text =
        usual.chain(more).map(|(name, value)| format!("{name}='{value}'\n")).collect::<Vec<_>>().concat();
    let file = folder.join("site.env");
    std::fs::write(&file, text).unwrap();
    let settings = Settings::load(Some(&file)).unwrap();
    (Buckets::new(&settings.site.mounts, &settings.bucket_keys).unwrap(), settings.site.mounts)
}

fn signed(buckets: &Buckets, mount: &str, path: &str) -> Signed {
    buckets.of(mount).unwrap().sign(b"GET", path, NOW).unwrap()
}

#[test]
fn each_bucket_has_its_own_keys_and_a_token_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let buckets = buckets(
        folder.path(),
        &[
            ("TILEGATE_S3_A_SECRET_ACCESS_KEY", "secret-a"),
            ("TILEGATE_MOUNT_B", "s3 /b/ http://127.0.0.1:9000/ bucket=two region=r style=path"),
            ("TILEGATE_S3_B_ACCESS_KEY_ID", "IDB"),
            ("TILEGATE_S3_B_SECRET_ACCESS_KEY", "secret-b"),
            ("TILEGATE_S3_B_SESSION_TOKEN", "the-token"),
            ("TILEGATE_MOUNT_F", "file /f/ http://127.0.0.1:9000/"),
        ],
    );
    let (a, b) = (signed(&buckets, "a", "/x"), signed(&buckets, "b", "/two/x"));
    assert!(a.authorization.starts_with("AWS4-HMAC-SHA256 Credential=IDA/20130524/r/s3/aws4_request,"));
    assert!(a.authorization.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"));
    assert!(b.authorization.contains("=IDB/") && b.authorization.contains(";x-amz-security-token,"));
    assert_eq!((a.date.as_str(), a.token.is_none()), ("20130524T000000Z", true));
    assert_eq!(b.token.unwrap().expose_secret(), "the-token");
    assert!(buckets.of("f").is_none() && buckets.of("").is_none());

    let signer = buckets.of("a").unwrap();
    for method in [&b"POST"[..], b"PUT", b"DELETE", b"OPTIONS", b"get", b""] {
        assert!(signer.sign(method, "/x", NOW).is_none());
    }
    // A new day has a new key, and the day before is still right for a request that comes late.
    let tomorrow = signer.sign(b"GET", "/x", NOW + 86_400).unwrap();
    assert!(tomorrow.authorization.contains("/20130525/"));
    assert_eq!(signed(&buckets, "a", "/x").authorization, a.authorization);
}

/// The three files of a temporary key are written one after the other: no two halves are put together.
#[test]
fn s16_renewed_keys_are_taken_when_they_are_complete() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("secret", "one");
    write("token", "tokenone");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (secret, token) = (path("secret"), path("token"));
    let buckets = buckets(
        folder.path(),
        &[("TILEGATE_S3_A_SECRET_ACCESS_KEY_FILE", &secret), ("TILEGATE_S3_A_SESSION_TOKEN_FILE", &token)],
    );
    let now = || signed(&buckets, "a", "/x").authorization;
    let first = now();
    buckets.refresh();
    assert_eq!(now(), first);

    write("secret", "a-second-one");
    buckets.refresh();
    write("token", "a-second-token");
    buckets.refresh();
    assert_eq!(now(), first, "they have changed since the last look");
    buckets.refresh();
    let second = now();
    assert_ne!(second, first);
    assert_eq!(signed(&buckets, "a", "/x").token.unwrap().expose_secret(), "a-second-token");

    // What cannot be read leaves what there was.
    std::fs::remove_file(&secret).unwrap();
    for _ in 0..3 {
        buckets.refresh();
        assert_eq!(now(), second);
    }
    write("secret", "a-third-one-which-came-late");
    buckets.refresh();
    buckets.refresh();
    let third = now();
    assert!(third != second && third != first);

    // Who asks for it has written all of them.
    write("secret", "the-fourth-one");
    buckets.read_again();
    assert_ne!(now(), third);
}
