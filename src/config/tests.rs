use secrecy::ExposeSecret as _;

use super::*;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn pairs(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = [("TILEGATE_PUBLIC_URL", "https://images.example.org"), ("TILEGATE_KEYS", KEY)];
    base.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings(more: &[(&str, &str)]) -> Settings {
    Settings::from_pairs(pairs(more)).expect("settings")
}

/// The one line of an error, which must name the setting.
fn refused(name: &str, value: &str) -> String {
    let error = Settings::from_pairs(pairs(&[(name, value)])).expect_err(value).to_string();
    assert!(error.starts_with(&format!("{name}: ")), "{error}");
    assert!(!error.contains('\n') && error.contains("; "), "{error}");
    error
}

#[test]
fn the_defaults_are_those_of_the_table() {
    let settings = settings(&[]);
    assert_eq!(settings.site.listen, [Listen::Tcp("127.0.0.1:8700".into())]);
    assert_eq!(settings.site.nginx_socket_dir, Path::new("/run/tilegate"));
    assert!(settings.site.mounts.is_empty());
    assert_eq!(settings.socket_mode, 0o660);
    assert_eq!(settings.database_url.expose_secret(), "sqlite:data/tilegate.db");
    assert!(settings.first_administrator.is_none());
    assert_eq!(settings.organisation, "images.example.org");
    assert_eq!((settings.token_opens, settings.token_seconds), (TokenOpens::Description, 3600));
    assert_eq!((settings.session_seconds, settings.max_stale_seconds), (28_800, 900));
    assert_eq!((settings.open_max_age, settings.poll_seconds), (3600, 1));
    assert!(settings.cookie_domain.is_none() && !settings.conceal);
    assert!(settings.viewer_origins.is_empty() && settings.site.neuroglancer_origins.is_empty());
    assert_eq!(settings.self_registration, SelfRegistration::Off);
    assert_eq!(settings.admin_second_factor, AdminSecondFactor::Optional);
    assert_eq!(settings.trusted_peers.len(), 2);
    assert_eq!((settings.log.as_str(), settings.log_format), ("info", LogFormat::Text));
}

#[test]
fn what_is_required_says_so() {
    let error = Settings::from_pairs(Vec::new()).unwrap_err().to_string();
    assert!(error.starts_with("TILEGATE_PUBLIC_URL: is not set"), "{error}");
    let only_url = pairs(&[("TILEGATE_KEYS", "")]);
    let error =
        Settings::from_pairs(only_url.into_iter().filter(|(_, value)| value != KEY)).unwrap_err().to_string();
    assert!(error.starts_with("TILEGATE_KEYS: is not set") && error.contains("tilegate key new"), "{error}");
}

#[test]
fn mounts_come_longest_prefix_first() {
    let settings = settings(&[
        ("TILEGATE_MOUNT_ALL", "image /iiif/ http://h/"),
        ("TILEGATE_MOUNT_OLD_MAPS", "image /iiif/maps/ http://h/ rules=all"),
        ("TILEGATE_MOUNT_B", "image /b/ fastcgi://h:9000/iiif/"),
    ]);
    let names: Vec<&str> = settings.site.mounts.iter().map(|mount| mount.name.as_str()).collect();
    assert_eq!(names, ["old-maps", "all", "b"]);
    let last = settings.site.mounts.last().unwrap();
    assert_eq!(settings.site.nginx_socket(last), Path::new("/run/tilegate/b.sock"));
}

#[test]
fn s14_a_broken_value_is_one_line_that_names_its_setting() {
    for (name, value) in [
        ("TILEGATE_PUBLIC_URL", "http://images.example.org"),
        ("TILEGATE_LISTEN", "8700"),
        ("TILEGATE_SOCKET_MODE", "rw"),
        ("TILEGATE_KEYS", "AAAA"),
        ("TILEGATE_DATABASE_URL", "mysql://root:s3cret@h/d"),
        ("TILEGATE_ORGANISATION", "two\nlines"),
        ("TILEGATE_IIIF_TOKEN_SECONDS", "0"),
        ("TILEGATE_SESSION_SECONDS", "1h"),
        ("TILEGATE_COOKIE_DOMAIN", "org"),
        ("TILEGATE_VIEWER_ORIGINS", "*"),
        ("TILEGATE_NEUROGLANCER_ORIGINS", "*"),
        ("TILEGATE_MAX_STALE_SECONDS", "-1"),
        ("TILEGATE_OPEN_MAX_AGE", "a\nb"),
        ("TILEGATE_ADMIN_SECOND_FACTOR", "yes"),
        ("TILEGATE_CONCEAL", "yes"),
        ("TILEGATE_TRUSTED_PEERS", "0.0.0.0/0"),
        ("TILEGATE_NGINX_SOCKET_DIR", "run"),
        ("TILEGATE_POLL_SECONDS", "0"),
        ("TILEGATE_LOG", "info,=,"),
        ("TILEGATE_LOG_FORMAT", "xml"),
        ("TILEGATE_MOUNT_A", "image /a/ http://h/ x=1"),
        ("TILEGATE_MOUNT_A", "image /a/ http://h/ rules=b"),
        ("TILEGATE_MOUNT_A_FILE", "image /a/ http://h/"),
        ("TILEGATE_TYPO", "1"),
    ] {
        refused(name, value);
    }
}

#[test]
fn s16_errors_and_debug_hold_no_secret() {
    let error = refused("TILEGATE_DATABASE_URL", "mysql://root:s3cret@h/d");
    assert!(!error.contains("s3cret"), "{error}");
    assert!(!refused("TILEGATE_KEYS", "s3cret!").contains("s3cret"));
    let settings = settings(&[
        ("TILEGATE_DATABASE_URL", "postgres://t:s3cret@h/d"),
        ("TILEGATE_ADMIN_USERNAME", "ada"),
        ("TILEGATE_ADMIN_PASSWORD", " s3cret "),
    ]);
    let shown = format!("{settings:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("31"), "{shown}");
    let first = settings.first_administrator.unwrap();
    assert_eq!(first.password.expose_secret(), " s3cret ", "a password is not trimmed");
}

#[test]
fn the_first_administrator_is_both_or_neither() {
    assert!(Settings::from_pairs(pairs(&[("TILEGATE_ADMIN_USERNAME", "a")])).is_err());
    assert!(Settings::from_pairs(pairs(&[("TILEGATE_ADMIN_PASSWORD", "a")])).is_err());
    let control = pairs(&[("TILEGATE_ADMIN_USERNAME", "a\u{7}"), ("TILEGATE_ADMIN_PASSWORD", "a")]);
    assert!(Settings::from_pairs(control).is_err());
}

#[test]
fn what_is_not_built_yet_does_not_start() {
    for (name, value) in
        [("TILEGATE_IIIF_TOKEN_OPENS", "content"), ("TILEGATE_MOUNT_A", "image /a/ file:///srv/a/")]
    {
        assert!(refused(name, value).contains("not available in this version"));
    }
    let kept = settings(&[
        ("TILEGATE_SELF_REGISTRATION", "approved"),
        ("TILEGATE_ADMIN_SECOND_FACTOR", "required"),
        ("TILEGATE_CONCEAL", "true"),
        ("TILEGATE_COOKIE_DOMAIN", "example.org"),
        ("TILEGATE_VIEWER_ORIGINS", "https://v.example.org"),
        ("TILEGATE_NEUROGLANCER_ORIGINS", "https://n.example.org"),
    ]);
    assert!(kept.conceal);
    assert_eq!(kept.self_registration, SelfRegistration::Approved);
    assert!(refused("TILEGATE_SELF_REGISTRATION", "on").contains("write off or approved"));
    assert_eq!(kept.admin_second_factor, AdminSecondFactor::Required);
    assert_eq!(kept.cookie_domain.as_deref(), Some("example.org"));
    assert_eq!(kept.viewer_origins, ["https://v.example.org"]);
    assert_eq!(kept.site.neuroglancer_origins, ["https://n.example.org"]);
}

#[test]
fn credentials_must_be_able_to_count() {
    let stale = pairs(&[("TILEGATE_POLL_SECONDS", "10"), ("TILEGATE_MAX_STALE_SECONDS", "5")]);
    assert!(Settings::from_pairs(stale).unwrap_err().to_string().contains("POLL_SECONDS"));
}

#[test]
fn the_site_is_read_without_keys_or_files() {
    let site = SiteSettings::from_pairs(vec![
        ("TILEGATE_PUBLIC_URL".to_owned(), "https://a.org".to_owned()),
        ("TILEGATE_KEYS_FILE".to_owned(), "/run/secrets/not-here".to_owned()),
    ])
    .unwrap();
    assert_eq!(site.public_url.origin(), "https://a.org");
}

/// NGINX would take the socket over, and give out the folder under `/auth/` without asking anybody.
#[test]
fn p11_no_mount_listens_where_tilegate_does() {
    for listen in ["unix:/run/tilegate/old-maps.sock", "127.0.0.1:8700, unix:/run/tilegate/old-maps.sock"] {
        let read = |mount: &str| {
            SiteSettings::from_pairs(pairs(&[
                ("TILEGATE_LISTEN", listen),
                (mount, "manifest /m/ file:///srv/manifests/"),
            ]))
        };
        let error = read("TILEGATE_MOUNT_OLD_MAPS").unwrap_err();
        assert_eq!(error.setting, "TILEGATE_MOUNT_OLD_MAPS");
        assert!(error.wrong.contains("/run/tilegate/old-maps.sock"), "{error}");
        assert!(read("TILEGATE_MOUNT_MAPS").is_ok());
        let other = [("TILEGATE_LISTEN", listen), ("TILEGATE_MOUNT_OLD_MAPS", "image /i/ http://images/")];
        assert!(SiteSettings::from_pairs(pairs(&other)).is_ok(), "NGINX listens nowhere for it");
    }
}

#[test]
fn a_socket_folder_must_leave_room_for_the_names() {
    let folder = format!("/{}", "d".repeat(99));
    let error = SiteSettings::from_pairs(pairs(&[
        ("TILEGATE_NGINX_SOCKET_DIR", &folder),
        ("TILEGATE_MOUNT_A_LONG_NAME", "image /a/ fastcgi://h:1/i/"),
    ]));
    assert_eq!(error.unwrap_err().setting, "TILEGATE_NGINX_SOCKET_DIR");
}

#[test]
fn files_hold_values_too() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("keys");
    std::fs::write(&secret, format!("{KEY}\n")).unwrap();
    let env_file = folder.path().join("site.env");
    let text = format!(
        "# ours\nTILEGATE_PUBLIC_URL='https://b.org'\nTILEGATE_KEYS_FILE={}\nOTHER=1\n",
        secret.display()
    );
    std::fs::write(&env_file, text).unwrap();
    let settings = Settings::load(Some(&env_file)).unwrap();
    assert_eq!(settings.site.public_url.host, "b.org");
    assert_eq!(settings.keys.expose().len(), 1);
    std::fs::write(&env_file, "TILEGATE_PUBLIC_URL=https://b.org\nbroken s3cret\n").unwrap();
    let error = Settings::load(Some(&env_file)).unwrap_err().to_string();
    assert!(error.contains("site.env, line 2: ") && !error.contains("s3cret"), "{error}");
    let error = Settings::load(Some(&folder.path().join("none"))).unwrap_err().to_string();
    assert!(error.contains("cannot be read"), "{error}");
}

/// `.env.template`: every setting once, under its group, with its meaning and default, and
/// what Compose reads besides; mounts once for each image server.
#[test]
fn the_template_and_the_table_say_the_same() {
    let template = include_str!("../../.env.template");
    let (mut group, mut comment) = ("", "");
    let mut found = Vec::new();
    for line in template.lines().skip(5) {
        if let Some(heading) = line.strip_prefix("## ") {
            group = heading;
        } else if let Some(text) = line.strip_prefix("# ") {
            comment = text;
        } else if !line.is_empty() {
            let (name, value) = line.split_once('=').expect(line);
            let (name, off) = name.strip_prefix('#').map_or((name, false), |name| (name, true));
            let bucket = bucket::mount_of(name).map(|mount| name.replace(mount, "<MOUNT>"));
            let pattern = KNOWN.iter().find(|setting| bucket.as_deref() == Some(setting.name));
            let name =
                if name.starts_with(MOUNT) { MOUNT_PATTERN } else { pattern.map_or(name, |it| it.name) };
            found.push((name, group, comment, value, off));
        }
    }
    let only = |name: &str| {
        let mut lines = found.iter().filter(|line| line.0 == name);
        let first = *lines.next().unwrap_or_else(|| panic!("{name} is not in .env.template"));
        assert!(lines.next().is_none() || name == MOUNT_PATTERN, "{name} stands twice in .env.template");
        first
    };
    for setting in KNOWN {
        let (name, group, comment, value, off) = only(setting.name);
        assert_eq!((group, comment), (setting.group, setting.meaning), "{name}");
        let filled_in = group == "Fill these in" || name == MOUNT_PATTERN;
        assert_eq!(off, !filled_in, "{name}");
        assert!(filled_in || !setting.required, "{name}");
        if let Some(default) = setting.default {
            assert_eq!(value, default, "{name}");
        }
        assert!(!setting.meaning.contains('\n'));
    }
    for (name, meaning) in COMPOSE {
        assert_eq!(only(name).2, *meaning, "{name}");
    }
    let others: Vec<_> = found
        .iter()
        .filter(|line| !KNOWN.iter().any(|setting| setting.name == line.0))
        .filter(|line| !COMPOSE.iter().any(|(name, _)| *name == line.0))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn the_template_starts_once_it_is_filled_in() {
    let template = include_str!("../../.env.template");
    assert!(!SiteSettings::from_text(".env.template", template).unwrap().mounts.is_empty());
    let filled_in = [
        ("LETSENCRYPT_EMAIL", "ada@example.org"),
        ("TILEGATE_KEYS", KEY),
        ("TILEGATE_ADMIN_PASSWORD", "a password"),
    ];
    let mut text = template.to_owned();
    for (name, value) in filled_in {
        let error = Settings::from_pairs(env_file::parse("t", &text).unwrap()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{name}: is not set")), "{error}");
        text = text.replace(&format!("{name}=\n"), &format!("{name}={value}\n"));
    }
    assert!(Settings::from_pairs(env_file::parse("t", &text).unwrap()).is_ok());
}

/// The mounts that the template shows for the other image server are good as well.
#[test]
fn the_template_has_mounts_for_both_image_servers() {
    let template = include_str!("../../.env.template");
    let other = template
        .lines()
        .filter(|line| !line.starts_with(MOUNT) && !line.starts_with("COMPOSE_PROFILES"))
        .map(|line| line.strip_prefix('#').filter(|line| line.starts_with(MOUNT)).unwrap_or(line))
        .chain(["COMPOSE_PROFILES=iipsrv", "MANIFEST_DIR=./manifests"])
        .collect::<Vec<_>>()
        .join("\n");
    let names = |text: &str| {
        let site = SiteSettings::from_text("t", text).unwrap();
        site.mounts.iter().map(|mount| (mount.name.clone(), mount.prefix.clone())).collect::<Vec<_>>()
    };
    assert_eq!(names(template), names(&other));
}

#[test]
fn a_dry_run_that_is_over_is_told_of_and_a_long_one_is_refused() {
    let typed = |day: &str| format!("image /old/ http://h/ default=open shadow={day}");
    let notices = settings(&[("TILEGATE_MOUNT_OLD_MAPS", &typed("2001-02-03"))]).notices;
    let [notice] = &notices[..] else { panic!("{notices:?}") };
    assert!(notice.starts_with("TILEGATE_MOUNT_OLD_MAPS: shadow=2001-02-03 is over"), "{notice}");
    assert!(refused("TILEGATE_MOUNT_OLD_MAPS", &typed("9999-12-31")).contains("more than 30 days ahead"));
    let sites = SiteSettings::from_pairs(pairs(&[("TILEGATE_MOUNT_OLD_MAPS", &typed("9999-12-31"))]));
    assert!(sites.is_err(), "NGINX's configuration is not written for what does not start");
}
