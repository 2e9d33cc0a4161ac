//! What stands in Docker Compose's `.env` besides Tilegate's own settings: the names
//! that Compose itself reads, and those of an iiif-image-auth installation, whose
//! `.env` keeps working or is told the new name.

use std::collections::BTreeMap;

use super::SettingsError;
use super::known::{distance, setting_of_mount};
use super::value::{PublicUrl, networks, quoted};
use crate::policy::mount::{Mount, Origin};

/// What `docker-compose.yml` reads besides the settings: each name with its meaning, in
/// the order of `.env.template`.
pub const COMPOSE: &[(&str, &str)] = &[
    ("VIRTUAL_HOST", "The public host name: visitors type https:// and this."),
    ("IMAGE_DIR", "Folder with the images, on this machine; it is only read."),
    ("LETSENCRYPT_EMAIL", "Address for Let's Encrypt's notices; without it no certificate is asked for."),
    ("COMPOSE_PROFILES", "The image server that is started: digilib or iipsrv."),
    ("MANIFEST_DIR", "Folder with manifests, for a mount of file:///srv/manifests/."),
    ("CERTIFICATE_DIR", "Folder with a certificate of your own: fullchain.pem and privkey.pem."),
    ("TRUSTED_PROXY", "Address or network of a TLS proxy in front; this site then speaks plain HTTP to it."),
    ("HTTP_PORT", "Where port 80 is published: a port of this machine, or address:port."),
    ("HTTPS_PORT", "Where port 443 is published: a port of this machine, or address:port."),
    ("IMAGE_USER", "User and group that iipsrv reads the images as."),
    ("JPEG_QUALITY", "Quality of the JPEG images that iipsrv makes, 1 to 100."),
    ("ACME_SERVER", "Directory URL of another certificate authority than Let's Encrypt."),
    ("TILEGATE_IMAGE", "Name of Tilegate's image; it is built from this folder if it is not there."),
    ("DIGILIB_IMAGE", "Name of digilib's image."),
];

pub(super) const PUBLIC_URL: &str = "TILEGATE_PUBLIC_URL";
/// In Compose's containers, which image servers it starts; nowhere else.
pub(super) const PROFILES: &str = "COMPOSE_PROFILES";
const IMAGE_SERVERS: [&str; 2] = ["digilib", "iipsrv"];

/// Names of iiif-image-auth's `.env` that are not ours, too.
const EARLIER: [&str; 6] = [
    "VIRTUAL_HOST_PROTO",
    "AUTH_ADMIN_USERID",
    "AUTH_ADMIN_PASSWORD",
    "AUTH_SECRET_KEY",
    "AUTH_PASSWORD_SALT",
    "AUTH_DB_CONNECTION",
];

/// Whether a name that is no setting of ours is read all the same.
pub(super) fn is_known(name: &str) -> bool {
    COMPOSE.iter().any(|(known, _)| *known == name) || EARLIER.contains(&name)
}

/// A mistyped name of Compose's would count as not set, and a port of this machine be published
/// where nobody meant it. Compose puts every line of `.env` into the environment.
///
/// # Errors
/// If a name is nearly one of Compose's.
pub(super) fn refuse_near_misses<'n>(
    names: impl Iterator<Item = &'n str> + Clone,
) -> Result<(), SettingsError> {
    if !names.clone().any(|name| name == PROFILES) {
        return Ok(());
    }
    for name in names.filter(|name| !is_known(name)) {
        let meant = COMPOSE.iter().find(|(known, _)| distance(name, known) <= 2);
        if let Some((meant, _)) = meant {
            return Err(SettingsError::new(
                name,
                "is no name that Docker Compose reads here",
                format!("write {meant}, or leave it out"),
            ));
        }
    }
    Ok(())
}

/// What came of the names that are not ours.
#[derive(Default)]
pub(super) struct Adopted {
    /// Our setting -> the name that it was given by.
    pub(super) given_as: BTreeMap<&'static str, &'static str>,
    /// One line each, for the log.
    pub(super) notices: Vec<String>,
}

/// Gives our settings the values of the names that stand for them, unless they have one.
///
/// # Errors
/// If `VIRTUAL_HOST` is not the name of one host.
pub(super) fn adopt(
    beside: &BTreeMap<String, String>,
    values: &mut BTreeMap<String, String>,
) -> Result<Adopted, SettingsError> {
    let mut adopted = Adopted::default();
    let text = |name: &str| beside.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let is_set = |values: &BTreeMap<String, String>, name: &str| {
        values.contains_key(name) || values.contains_key(&format!("{name}_FILE"))
    };

    if let Some(host) = text("VIRTUAL_HOST")
        && !is_set(values, PUBLIC_URL)
    {
        let scheme = text("VIRTUAL_HOST_PROTO").unwrap_or("https");
        values.insert(PUBLIC_URL.to_owned(), format!("{scheme}://{}", one_host(host)?));
        adopted.given_as.insert(PUBLIC_URL, "VIRTUAL_HOST");
    }
    for (earlier, now) in
        [("AUTH_ADMIN_USERID", "TILEGATE_ADMIN_USERNAME"), ("AUTH_ADMIN_PASSWORD", "TILEGATE_ADMIN_PASSWORD")]
    {
        let Some(value) = text(earlier) else { continue };
        if is_set(values, now) {
            adopted.notices.push(format!("{earlier} does not count, because {now} is set: remove it"));
        } else {
            values.insert(now.to_owned(), value.to_owned());
            adopted.given_as.insert(now, earlier);
            adopted.notices.push(format!("{earlier} is taken as {now}: that is its name now"));
        }
    }
    let unused = [
        ("VIRTUAL_HOST_PROTO", "the scheme is part of TILEGATE_PUBLIC_URL now"),
        ("AUTH_SECRET_KEY", "the keys are TILEGATE_KEYS now"),
        ("AUTH_PASSWORD_SALT", "every password has a salt of its own; remove it"),
        ("AUTH_DB_CONNECTION", "accounts are kept in TILEGATE_DATABASE_URL now, and have to be made anew"),
    ];
    for (earlier, why) in unused {
        if text(earlier).is_some() {
            adopted.notices.push(format!("{earlier} is a name of iiif-image-auth: {why}"));
        }
    }
    Ok(adopted)
}

fn one_host(typed: &str) -> Result<&str, SettingsError> {
    let refuse = |wrong: String| {
        Err(SettingsError::new(
            "VIRTUAL_HOST",
            wrong,
            "write the host name alone, like images.example.org; another address goes into TILEGATE_PUBLIC_URL",
        ))
    };
    let host = typed.trim();
    if host.contains("://") {
        return refuse("has a scheme".to_owned());
    }
    if host.contains(',') {
        return refuse("names several hosts".to_owned());
    }
    if host.contains([':', '/']) {
        return refuse("has a port or a path".to_owned());
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte) || !byte.is_ascii();
    if host.is_empty() || !host.bytes().all(plain) {
        return refuse(format!("{} is no host name", quoted(typed)));
    }
    Ok(host)
}

/// A key of iiif-image-auth is a word that somebody chose; ours have 32 random bytes.
pub(super) fn no_keys(beside: &BTreeMap<String, String>) -> Option<SettingsError> {
    beside.contains_key("AUTH_SECRET_KEY").then(|| {
        SettingsError::new(
            "AUTH_SECRET_KEY",
            "cannot be used as a key",
            "set TILEGATE_KEYS to what `openssl rand -base64 32` or `tilegate key new` prints",
        )
    })
}

/// Whether the address can be served, and there is a way to TLS. Without `COMPOSE_PROFILES` this
/// is not Compose, and NGINX's certificate is somebody else's matter.
///
/// # Errors
/// If not.
pub(super) fn check_address(
    beside: &BTreeMap<String, String>,
    typed: Option<&str>,
    public: &PublicUrl,
) -> Result<(), SettingsError> {
    if !beside.contains_key(PROFILES) {
        return Ok(());
    }
    if typed.is_some_and(|typed| typed.ends_with('/')) {
        // Compose writes what follows the address behind it: digilib's manifests would name `//iiif/…`.
        return Err(SettingsError::new(PUBLIC_URL, "ends with /", "write it without"));
    }
    let text = |name: &str| beside.get(name).map(String::as_str).filter(|value| !value.is_empty());
    if let Some(typed) = text("TRUSTED_PROXY") {
        networks(typed).map_err(|(wrong, cure)| SettingsError::new("TRUSTED_PROXY", wrong, cure))?;
    } else if public.https && text("LETSENCRYPT_EMAIL").or_else(|| text("CERTIFICATE_DIR")).is_none() {
        return Err(SettingsError::new(
            "LETSENCRYPT_EMAIL",
            "is not set, and there is no other way to a certificate",
            "set it, or CERTIFICATE_DIR, or TRUSTED_PROXY if a proxy in front has the certificate, \
             or TILEGATE_PUBLIC_URL=http://localhost:8080 to try it on this machine",
        ));
    }
    Ok(())
}

/// Whether the mounts are of what Compose starts and mounts. Without `COMPOSE_PROFILES` this
/// is not Compose, and nothing is known about image servers and folders.
///
/// # Errors
/// If both image servers are named, or a mount is of one that is not started, or of a
/// folder that is not there.
pub(super) fn check_mounts(beside: &BTreeMap<String, String>, mounts: &[Mount]) -> Result<(), SettingsError> {
    let Some(profiles) = beside.get(PROFILES) else { return Ok(()) };
    let is_started = |server: &str| profiles.split(',').any(|profile| profile.trim() == server);
    let started: Vec<_> = IMAGE_SERVERS.into_iter().filter(|server| is_started(server)).collect();
    if started.len() > 1 {
        return Err(SettingsError::new(PROFILES, "names two image servers", "write digilib or iipsrv"));
    }
    for mount in mounts {
        let setting = setting_of_mount(&mount.name);
        if let Origin::File { folder } = &mount.origin
            && folder.starts_with("/srv/manifests/")
            && beside.get("MANIFEST_DIR").is_none_or(String::is_empty)
        {
            return Err(SettingsError::new(
                "MANIFEST_DIR",
                format!("is not set, and {setting} would serve it"),
                "name the folder with the manifests, or leave the mount out",
            ));
        }
        let (Origin::Http { authority, .. } | Origin::Fastcgi { authority }) = &mount.origin else {
            continue;
        };
        let host = authority.split_once(':').map_or(authority.as_str(), |(host, _)| host);
        if IMAGE_SERVERS.contains(&host) && !is_started(host) {
            return Err(SettingsError::new(
                &setting,
                format!("is fetched from {host}, which {PROFILES} does not start"),
                format!("write {PROFILES}={host}, or take the mount's lines for the other image server"),
            ));
        }
    }
    if let (Some(server), true) = (started.first(), mounts.is_empty()) {
        return Err(SettingsError::new(
            "TILEGATE_MOUNT_IMAGES",
            "is not set, so nothing would be served",
            format!("copy the mounts for {server} from .env.template"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, SiteSettings};
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// `.env.template` of iiif-image-auth, filled in.
    const INSTALLED: [(&str, &str); 9] = [
        ("VIRTUAL_HOST", "images.example.org"),
        ("IMAGE_DIR", "/mydata/images"),
        ("MANIFEST_DIR", "/mydata/manifests"),
        ("AUTH_SECRET_KEY", "s3cret words"),
        ("AUTH_PASSWORD_SALT", "salt"),
        ("AUTH_DB_CONNECTION", "sqlite:////tmp/test.db"),
        ("AUTH_ADMIN_USERID", "admin@example.org"),
        ("AUTH_ADMIN_PASSWORD", "correct horse"),
        ("LETSENCRYPT_EMAIL", "admin@example.org"),
    ];

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn compose(of: &[(&str, &str)]) -> Result<SiteSettings, String> {
        site(&[[("VIRTUAL_HOST", "b.org")].as_slice(), of].concat())
    }

    fn site(of: &[(&str, &str)]) -> Result<SiteSettings, String> {
        SiteSettings::from_pairs(pairs(of)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_installation_of_iiif_image_auth_needs_a_key_and_says_so() {
        let error = Settings::from_pairs(pairs(&INSTALLED)).unwrap_err().to_string();
        assert!(error.starts_with("AUTH_SECRET_KEY: ") && error.contains("TILEGATE_KEYS"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");

        let with_key = INSTALLED.iter().copied().chain([("TILEGATE_KEYS", KEY)]).collect::<Vec<_>>();
        let settings = Settings::from_pairs(pairs(&with_key)).unwrap();
        assert_eq!(settings.site.public_url.origin(), "https://images.example.org");
        assert_eq!(settings.first_administrator.unwrap().username, "admin@example.org");
        for (name, _) in INSTALLED.iter().filter(|(name, _)| name.starts_with("AUTH_")) {
            let told: Vec<_> = settings.notices.iter().filter(|notice| notice.starts_with(name)).collect();
            assert_eq!(told.len(), 1, "{name}: {:?}", settings.notices);
        }
        assert!(settings.notices.iter().all(|notice| !notice.contains("horse")), "{:?}", settings.notices);
    }

    #[test]
    fn our_own_names_win() {
        let settings = Settings::from_pairs(pairs(&[
            ("VIRTUAL_HOST", "https://is.not.looked.at"),
            ("TILEGATE_PUBLIC_URL", "https://b.org:8443"),
            ("TILEGATE_KEYS", KEY),
            ("AUTH_ADMIN_USERID", "old"),
            ("TILEGATE_ADMIN_USERNAME", "new"),
            ("TILEGATE_ADMIN_PASSWORD", "a secret word"),
        ]))
        .unwrap();
        assert_eq!(settings.site.public_url.origin(), "https://b.org:8443");
        assert_eq!(settings.first_administrator.unwrap().username, "new");
        assert!(settings.notices.iter().any(|notice| notice.contains("does not count")));
    }

    #[test]
    fn a_virtual_host_is_one_plain_host() {
        assert_eq!(site(&[("VIRTUAL_HOST", "b.org")]).unwrap().public_url.origin(), "https://b.org");
        let local = site(&[("VIRTUAL_HOST", "localhost"), ("VIRTUAL_HOST_PROTO", "http")]).unwrap();
        assert_eq!(local.public_url.origin(), "http://localhost");
        for typed in ["https://b.org", "b.org:8443", "b.org/images", "a.org,b.org", "a b", "a;b", "$HOST"] {
            let error = site(&[("VIRTUAL_HOST", typed)]).unwrap_err();
            assert!(error.starts_with("VIRTUAL_HOST: ") && error.contains("; "), "{error}");
        }
    }

    #[test]
    fn an_error_names_what_was_typed() {
        let error = site(&[("VIRTUAL_HOST", "b.org"), ("VIRTUAL_HOST_PROTO", "http")]).unwrap_err();
        assert!(error.starts_with("VIRTUAL_HOST, for TILEGATE_PUBLIC_URL: "), "{error}");
        let stars = pairs(&[
            ("VIRTUAL_HOST", "b.org"),
            ("TILEGATE_KEYS", KEY),
            ("AUTH_ADMIN_USERID", "a"),
            ("AUTH_ADMIN_PASSWORD", "***"),
        ]);
        let error = Settings::from_pairs(stars).unwrap_err().to_string();
        assert!(error.starts_with("AUTH_ADMIN_PASSWORD, for TILEGATE_ADMIN_PASSWORD: "), "{error}");
        assert!(error.contains("placeholder"), "{error}");
    }

    #[test]
    fn the_mounts_are_of_the_image_server_that_is_started() {
        const DIGILIB: &str = "image /i/ http://digilib:8080/digilib/Scaler/images/ server=digilib";
        const IIPSRV: &str = "image /i/ fastcgi://iipsrv:9000/iiif/";
        const OTHER: &str = "image /i/ http://cantaloupe:8182/iiif/2/";
        for (profiles, mount, wrong) in [
            ("digilib", DIGILIB, None),
            ("iipsrv", IIPSRV, None),
            ("iipsrv, more", IIPSRV, None),
            ("", OTHER, None),
            ("digilib", OTHER, None),
            ("digilib", IIPSRV, Some("TILEGATE_MOUNT_A_B: is fetched from iipsrv")),
            ("", DIGILIB, Some("TILEGATE_MOUNT_A_B: is fetched from digilib")),
            ("digilib,iipsrv", DIGILIB, Some("COMPOSE_PROFILES: names two")),
        ] {
            let read = compose(&[(PROFILES, profiles), ("TILEGATE_MOUNT_A_B", mount)]);
            match (read, wrong) {
                (Ok(_), None) => {}
                (Err(error), Some(wrong)) => assert!(error.starts_with(wrong), "{error}"),
                (read, _) => panic!("{profiles} {mount}: {read:?}"),
            }
        }
        assert!(site(&[("VIRTUAL_HOST", "b.org"), ("TILEGATE_MOUNT_A", IIPSRV)]).is_ok(), "not Compose");
        let files =
            [(PROFILES, ""), ("TILEGATE_MOUNT_M", "manifest /m/ file:///srv/manifests/ default=open")];
        assert!(compose(&files).unwrap_err().starts_with("MANIFEST_DIR: is not set"));
        assert!(compose(&[files.as_slice(), &[("MANIFEST_DIR", "./m")]].concat()).is_ok());
        let none = compose(&[(PROFILES, "digilib")]).unwrap_err();
        assert!(none.starts_with("TILEGATE_MOUNT_IMAGES: is not set"), "{none}");
    }

    #[test]
    fn a_mistyped_name_is_told_and_the_systems_own_are_left_alone() {
        for (typed, meant) in
            [("HTTPPORT", "HTTP_PORT"), ("IMAGES_DIR", "IMAGE_DIR"), ("VIRTUALHOST", "VIRTUAL_HOST")]
        {
            let error = refuse_near_misses([PROFILES, typed].into_iter()).unwrap_err();
            assert!(error.setting == typed && error.cure.contains(meant), "{error}");
            assert_eq!(refuse_near_misses([typed].into_iter()), Ok(()), "not Compose");
        }
        let usual = [
            PROFILES,
            "HOME",
            "HOSTNAME",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "LANG",
            "NO_PROXY",
            "PATH",
            "PWD",
            "SHLVL",
            "SSL_CERT_DIR",
            "SSL_CERT_FILE",
            "TERM",
            "USER",
            "COMPOSE_FILE",
            "COMPOSE_PROJECT_NAME",
            "IIPSRV_PROCESSES",
        ];
        assert_eq!(refuse_near_misses(usual.into_iter()), Ok(()));
    }

    #[test]
    fn compose_needs_a_way_to_tls() {
        let read = |more: &[(&str, &str)]| {
            let base = [("VIRTUAL_HOST", "b.org"), ("TILEGATE_KEYS", KEY), (PROFILES, "")];
            Settings::from_pairs(pairs(&[base.as_slice(), more].concat())).map_err(|error| error.to_string())
        };
        let error = read(&[]).unwrap_err();
        assert!(error.starts_with("LETSENCRYPT_EMAIL: is not set"), "{error}");
        for (name, value) in
            [("LETSENCRYPT_EMAIL", "a@b.org"), ("CERTIFICATE_DIR", "./tls"), ("TRUSTED_PROXY", "10.0.0.7")]
        {
            assert!(read(&[(name, value)]).is_ok(), "{name}");
        }
        assert!(read(&[("TILEGATE_PUBLIC_URL", "http://localhost")]).is_ok());
        let error = read(&[("TILEGATE_PUBLIC_URL", "http://localhost/")]).unwrap_err();
        assert!(error.starts_with("TILEGATE_PUBLIC_URL: ends with /"), "{error}");
        for everybody in ["0.0.0.0/0", "proxy.example.org"] {
            let error = read(&[("TRUSTED_PROXY", everybody)]).unwrap_err();
            assert!(error.starts_with("TRUSTED_PROXY: "), "{error}");
        }
    }
}
