use super::super::Settings;
use super::super::mount::parse;
use super::*;

const ID: &str = "TILEGATE_S3_VOLUMES_ACCESS_KEY_ID";
const SECRET: &str = "TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY";
const TOKEN: &str = "TILEGATE_S3_VOLUMES_SESSION_TOKEN";

fn site(folder: Option<&Path>, more: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let lines = [
        ("TILEGATE_PUBLIC_URL", "https://images.example.org"),
        ("TILEGATE_KEYS", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="),
        ("TILEGATE_MOUNT_VOLUMES", "s3 /v/ https://s3.example.org/ bucket=b region=r"),
    ];
    let given = lines.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let Some(folder) = folder else { return Settings::from_pairs(given) };
    let file = folder.join("site.env");
    let text = given.map(|(name, value)| format!("{name}='{value}'\n")).collect::<Vec<_>>().concat();
    std::fs::write(&file, text).unwrap();
    Settings::load(Some(&file))
}

fn refused(more: &[(&str, &str)]) -> String {
    let error = site(None, more).expect_err("refused").to_string();
    assert!(!error.contains("s3cret") && !error.contains('\n') && error.contains("; "), "{error}");
    error
}

fn bucket(typed: &str) -> Result<Mount, Wrong> {
    parse("VOLUMES", typed)
}

#[test]
fn the_host_that_is_signed_is_the_buckets() {
    for (typed, host) in [
        ("https://s3.example.org/ bucket=b region=r", "b.s3.example.org"),
        ("https://s3.example.org:443/ bucket=b region=r", "b.s3.example.org"),
        ("https://s3.example.org:8443/ bucket=b region=r", "b.s3.example.org:8443"),
        ("https://s3.example.org/ bucket=b.c region=r style=path", "s3.example.org"),
        ("http://127.0.0.1:9000/ bucket=b region=r style=path", "127.0.0.1:9000"),
        ("http://minio:80/ bucket=b region=r style=path", "minio"),
        ("http://s3.example.org/ bucket=b region=r endpoint=http://10.0.0.1:9000", "b.s3.example.org"),
        ("https://s3.example.org/ bucket=b region=r endpoint=https://10.0.0.1", "b.s3.example.org"),
        ("https://s3.example.org/em/ bucket=b region=r ca=/etc/ssl/our-own.pem", "b.s3.example.org"),
    ] {
        let mount = bucket(&format!("s3 /v/ {typed}")).expect(typed);
        let service = mount.http_origin().unwrap();
        assert_eq!(mount.bucket.unwrap().host(&service), host, "{typed}");
        assert!(mount.iiif_auth.two, "there is a probe of it, as of a file");
    }
}

#[test]
fn what_no_bucket_is_reached_by_is_refused() {
    for (typed, named) in [
        ("https://h/", "no bucket="),
        ("https://h/ bucket=b", "no region="),
        ("https://h/ region=r", "no bucket="),
        ("https://h/ bucket=B region=r", "bucket="),
        ("https://h/ bucket=-b region=r", "bucket="),
        ("https://h/ bucket=b..c region=r style=path", "bucket="),
        ("https://h/ bucket=b/c region=r", "bucket="),
        ("https://h/ bucket=b region=r;", "region="),
        ("https://h/ bucket=b region=r style=x", "style="),
        ("https://h/ bucket=b region=r endpoint=h", "no scheme"),
        ("https://h/ bucket=b region=r endpoint=https://h/x", "endpoint="),
        ("https://h/ bucket=b region=r endpoint=https://u@h", "endpoint="),
        ("https://h/ bucket=b region=r ca=ours.pem", "ca="),
        ("https://h/ bucket=b region=r ca=/a;b", "ca="),
        ("http://h/ bucket=b region=r ca=/a", "no certificate"),
        ("https://h/ bucket=b region=r server=generic", "server="),
        ("https://h/ bucket=b region=r images=x", "images="),
        ("https://h/ bucket=b.c region=r", "certificate"),
        ("https://192.0.2.1/ bucket=b region=r", "an address"),
        ("https://[2001:db8::1]/ bucket=b region=r", "an address"),
        ("http://s3.example.org/ bucket=b region=r", "readable by all"),
        ("http://192.0.2.1/ bucket=b region=r style=path", "readable by all"),
        ("https://h/ bucket=b region=r endpoint=http://192.0.2.1", "readable by all"),
        ("file:///srv/ bucket=b region=r", "file://"),
        ("fastcgi://h:1/ bucket=b region=r", "fastcgi://"),
    ] {
        let (what, cure) = bucket(&format!("s3 /v/ {typed}")).expect_err(typed);
        assert!(what.contains(named) && !cure.is_empty(), "{typed}: {what}");
    }
    for own in ["127.0.0.1", "[::1]", "10.1.2.3", "[fd00::1]", "minio", "localhost", "s3.office.lan"] {
        assert!(bucket(&format!("s3 /v/ http://{own}:9000/ bucket=b region=r style=path")).is_ok(), "{own}");
    }
}

/// NGINX has the address, Tilegate signs for it.
#[test]
fn a_mark_tells_buckets_apart() {
    let marks = [
        "https://h/ bucket=b region=r",
        "https://h/ bucket=c region=r",
        "https://h/ bucket=b region=s",
        "https://h/ bucket=b region=r style=path",
        "https://h/ bucket=b region=r endpoint=https://i",
        "https://h/ bucket=b region=r endpoint=http://i",
        "https://h/x/ bucket=b region=r",
    ]
    .map(|typed| bucket(&format!("s3 /v/ {typed}")).unwrap().mark());
    let different: std::collections::BTreeSet<_> = marks.iter().collect();
    assert_eq!(different.len(), marks.len());
}

#[test]
fn s16_a_bucket_has_its_own_keys_and_no_error_shows_them() {
    let settings = site(None, &[(ID, "AKTEST"), (SECRET, "s3cret/+=")]).unwrap();
    let key = settings.bucket_keys[0].read().unwrap();
    assert_eq!((key.id.as_str(), key.expose_secret(), key.token.is_none()), ("AKTEST", "s3cret/+=", true));
    assert!(settings.bucket_keys[0].files().is_none(), "they never change");
    let shown = format!("{settings:?} {key:?}");
    assert!(!shown.contains("s3cret"), "{shown}");

    assert!(refused(&[]).starts_with(&format!("{ID}: is not set")));
    assert!(refused(&[(ID, "AKTEST")]).starts_with(&format!("{SECRET}: is not set")));
    assert!(refused(&[(SECRET, "s3cret")]).starts_with(&format!("{ID}: is not set")));
    let long = format!("s3cret{}", "x".repeat(9000));
    for (name, value) in [
        (ID, "AK TEST"),
        (ID, "AK/TEST"),
        (ID, "AK,TEST"),
        (SECRET, "s3cret s3cret"),
        (SECRET, "s3crét"),
        (SECRET, "s3cret\ns3cret"),
        (SECRET, "***"),
        (TOKEN, "s3cret\r\nX-Other: 1"),
        (TOKEN, long.as_str()),
    ] {
        let more: Vec<_> = [(ID, "AKTEST"), (SECRET, "s3cret")]
            .into_iter()
            .filter(|(other, _)| *other != name)
            .chain([(name, value)])
            .collect();
        let error = refused(&more);
        assert!(error.starts_with(&format!("{name}: ")), "{error}");
    }
}

#[test]
fn keys_of_no_mount_are_refused() {
    let keys = [(ID, "AKTEST"), (SECRET, "s3cret")];
    for other in ["TILEGATE_S3_VOLUME_ACCESS_KEY_ID", "TILEGATE_S3_IMAGES_SESSION_TOKEN"] {
        let error =
            refused(&[&keys[..], &[("TILEGATE_MOUNT_IMAGES", "image /i/ http://h/"), (other, "x")]].concat());
        assert!(
            error.starts_with(&format!("{other}: ")) && error.contains("TILEGATE_MOUNT_VOLUMES"),
            "{error}"
        );
    }
    for typo in
        ["TILEGATE_S3_VOLUMES_ACCESS_KEY", "TILEGATE_S3_volumes_ACCESS_KEY_ID", "TILEGATE_S3__SESSION_TOKEN"]
    {
        assert!(refused(&[&keys[..], &[(typo, "x")]].concat()).starts_with(&format!("{typo}: ")));
    }
}

#[test]
fn keys_in_files_are_read_as_they_are_now() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (id, secret, token) = (path("id"), path("secret"), path("token"));
    let more = [
        ("TILEGATE_S3_VOLUMES_ACCESS_KEY_ID_FILE", id.as_str()),
        ("TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY_FILE", secret.as_str()),
        ("TILEGATE_S3_VOLUMES_SESSION_TOKEN_FILE", token.as_str()),
    ];
    let error = site(Some(folder.path()), &more).unwrap_err();
    assert_eq!(error.setting, "TILEGATE_S3_VOLUMES_ACCESS_KEY_ID_FILE");
    for (name, text) in [("id", "ASONE\n"), ("secret", "s3cret-one\r\n"), ("token", "tokenone")] {
        write(name, text);
    }
    let keys = site(Some(folder.path()), &more).unwrap().bucket_keys.remove(0);
    let key = keys.read().unwrap();
    let token = |key: &BucketKey| key.token.as_ref().map(|token| token.expose_secret().to_owned());
    assert_eq!((key.id.as_str(), key.expose_secret()), ("ASONE", "s3cret-one"));
    assert_eq!(token(&key).as_deref(), Some("tokenone"));

    let before = keys.files().unwrap();
    assert_eq!(keys.files(), Some(before.clone()));
    write("token", "token-two");
    assert_ne!(keys.files(), Some(before));
    assert_eq!(token(&keys.read().unwrap()).as_deref(), Some("token-two"));
    write("secret", "s3cret\0");
    let error = keys.read().unwrap_err().to_string();
    assert!(
        error.starts_with("TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY: ") && !error.contains("s3cret"),
        "{error}"
    );
    std::fs::remove_file(folder.path().join("id")).unwrap();
    assert!(keys.read().unwrap_err().to_string().contains("cannot be read"));
}
