//! What a container needs of the program, where there is no shell and no other tool: its own health
//! check, NGINX's includes as files, backups, a policy from standard input, and plain words about
//! a `.env` that cannot work.

use super::*;

impl Site {
    /// As Compose starts the program: mounts of the image server that it starts.
    fn in_compose() -> Self {
        Self::new()
            .without("TILEGATE_PUBLIC_URL")
            .with("VIRTUAL_HOST", "images.example.org")
            .with("LETSENCRYPT_EMAIL", "ada@example.org")
            .with("COMPOSE_PROFILES", "iipsrv")
            .with("TILEGATE_MOUNT_IMAGES", "image /iiif/images/ fastcgi://iipsrv:9000/iiif/")
    }

    fn write_includes(&self) -> Outcome {
        let folder = self.folder.path().to_str().unwrap();
        self.run(&["nginx-conf", "--directory", folder, "--nginx-version", "1.30.0"])
    }
}

#[test]
fn health_is_the_services_own_readiness() {
    let site = Site::furnished();
    let socket = format!("unix:{}", site.path("tilegate.sock").display());
    let asking = site.with("TILEGATE_LISTEN", &socket);
    let error = asking.run(&["health"]).failed();
    assert!(error.contains("does not answer at unix:"), "{error}");
    let service = Service::start(&asking);
    assert_eq!(asking.run(&["health"]).succeeded(), "ready\n");
    service.stop();
    asking.run(&["health"]).failed();
}

#[test]
fn health_says_what_is_not_ready() {
    let site = Site::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        let length = stream.read(&mut asked).unwrap();
        let answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nold";
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&asked[..length]).into_owned()
    });
    let error =
        site.with("TILEGATE_LISTEN", &format!("0.0.0.0:{}", address.port())).run(&["health"]).failed();
    assert!(error.contains("503") && error.contains("old"), "{error}");
    assert!(answering.join().unwrap().starts_with("GET /readyz HTTP/1.1\r\n"));
}

#[test]
fn the_includes_are_written_as_files_that_say_what_is_printed() {
    let site = Site::in_compose();
    let said = site.write_includes().succeeded();
    assert_eq!(said.matches(": written\n").count(), 2, "{said}");
    for (block, name) in [("--http", "tilegate-http.conf"), ("--server", "tilegate-server.conf")] {
        let printed = site.run(&["nginx-conf", block, "--nginx-version", "1.30.0"]).succeeded();
        assert_eq!(fs::read_to_string(site.path(name)).unwrap(), printed);
    }
    assert!(said.find("-server.conf") < said.find("-http.conf"), "P11: the marks come last: {said}");
    let again = site.write_includes().succeeded();
    assert_eq!(again.matches(": unchanged\n").count(), 2, "{again}");
    site.run(&["nginx-conf", "--directory", "/nowhere/at/all"]).failed();
}

/// Nothing of NGINX's is touched by settings that the service would not start with.
#[test]
fn s14_a_setting_that_cannot_work_leaves_the_includes_alone() {
    let good = Site::in_compose();
    for (name, value, error) in [
        ("TILEGATE_KEYS", "", "TILEGATE_KEYS: is not set"),
        ("TILEGATE_KEYS", "***", "TILEGATE_KEYS: is a placeholder"),
        ("TILEGATE_ADMIN_USERNAME", "admin", "TILEGATE_ADMIN_PASSWORD: is not set"),
        ("VIRTUAL_HOST", "https://images.example.org", "VIRTUAL_HOST: has a scheme"),
        ("VIRTUAL_HOST", "a.example.org,b.example.org", "VIRTUAL_HOST: names several hosts"),
        ("LETSENCRYPT_EMAIL", "", "LETSENCRYPT_EMAIL: is not set"),
        ("TRUSTED_PROXY", "everybody", "TRUSTED_PROXY: "),
        ("HTTPPORT", "127.0.0.1:8080", "HTTPPORT: is no name that Docker Compose reads here"),
        ("COMPOSE_PROFILES", "digilib,iipsrv", "COMPOSE_PROFILES: names two image servers"),
        ("COMPOSE_PROFILES", "digilib", "TILEGATE_MOUNT_IMAGES: is fetched from iipsrv"),
        ("TILEGATE_MOUNT_IMAGES", "", "TILEGATE_MOUNT_IMAGES: is not set"),
    ] {
        let site = Site { folder: tempfile::tempdir().unwrap(), settings: good.settings.clone() };
        let site = site.with(name, value);
        let said = site.write_includes().failed();
        assert!(said.starts_with(&format!("tilegate: {error}")), "{name}={value}: {said}");
        assert!(said.trim_end().lines().count() == 1 && said.contains("; "), "{said}");
        assert_eq!(
            fs::read_dir(site.folder.path())
                .unwrap()
                .filter(|entry| {
                    entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "conf")
                })
                .count(),
            0,
            "{name}"
        );
    }
}

/// Outside of Compose the template's line is a leftover, and TLS is somebody else's matter.
#[test]
fn a_profile_in_a_file_is_not_compose() {
    let site = Site::new();
    let file = site.file("site.env", "COMPOSE_PROFILES=digilib\nTILEGATE_CONCEAL=true\n");
    site.run(&["--env-file", &file, "account", "list"]).succeeded();
}

#[test]
fn a_first_password_that_is_too_short_is_said_before_anything_starts() {
    let site = Site::in_compose().with("AUTH_ADMIN_USERID", "admin@example.org");
    let said = site.with("AUTH_ADMIN_PASSWORD", "short").write_includes().failed();
    assert!(said.starts_with("tilegate: AUTH_ADMIN_PASSWORD, for TILEGATE_ADMIN_PASSWORD: "), "{said}");
    assert!(said.contains("8 characters"), "{said}");
}

/// `.env` of iiif-image-auth: it works, and the log says what has another name now.
#[test]
fn an_env_of_iiif_image_auth_starts_and_names_are_told() {
    let site = Site::furnished()
        .without("TILEGATE_PUBLIC_URL")
        .with("VIRTUAL_HOST", "images.example.org")
        .with("AUTH_SECRET_KEY", "s3cret-of-before")
        .with("AUTH_PASSWORD_SALT", "s3cret-salt")
        .with("AUTH_DB_CONNECTION", "sqlite:////tmp/test.db")
        .with("AUTH_ADMIN_USERID", "admin@example.org")
        .with("AUTH_ADMIN_PASSWORD", PASSWORD);
    let service = Service::start(&site);
    let log = service.log();
    for name in ["AUTH_SECRET_KEY", "AUTH_PASSWORD_SALT", "AUTH_DB_CONNECTION"] {
        assert!(log.contains(&format!("{name} is a name of iiif-image-auth")), "{name}: {log}");
    }
    assert!(log.contains("AUTH_ADMIN_USERID is taken as TILEGATE_ADMIN_USERNAME"), "{log}");
    assert!(!log.contains("s3cret") && !log.contains(PASSWORD), "{log}");
    service.stop();
    assert!(site.run(&["account", "list"]).succeeded().contains("admin@example.org\tadministrator"));

    let site = site.without("TILEGATE_KEYS");
    let said = site.run(&["serve"]).failed();
    assert!(
        said.starts_with("tilegate: AUTH_SECRET_KEY: cannot be used as a key; set TILEGATE_KEYS"),
        "{said}"
    );
}

#[test]
fn a_policy_comes_from_standard_input_too() {
    let site = Site::new();
    site.run_with(&["policy", "test", "-"], POLICY).succeeded();
    let said = site.run_with(&["policy", "import", "-"], POLICY).succeeded();
    assert!(said.starts_with("imported 2 conditions, 3 rules"), "{said}");
    let sheet = "mount,identifier,match,conditions,from,until,note\nimages,letters,prefix,staff,,,\nimages,letters/1931,exact,closed,,,\n";
    let said = site.run_with(&["policy", "import", "-"], sheet).succeeded();
    assert!(said.contains("rules: 3 before, 2 now"), "{said}");
    let said = site.run_with(&["policy", "import", "-"], "colour = 1\n").failed();
    assert!(said.contains("standard input: line 1"), "{said}");
    site.run_with(&["policy", "import", "-"], "mount,identifier\n").failed();
}

#[test]
fn a_backup_is_a_database_of_its_own_and_nothing_is_overwritten() {
    let site = Site::furnished();
    let service = Service::start(&site);
    let copy = site.path("copy.db");
    let said = site.run(&["backup", copy.to_str().unwrap()]).succeeded();
    assert!(said.contains("TILEGATE_KEYS"), "{said}");
    service.stop();
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let said = site.run(&["backup", copy.to_str().unwrap()]).failed();
    assert!(said.contains("is there already"), "{said}");
    let said = site.run(&["backup", "/nowhere/at/all"]).failed();
    assert!(said.contains("/nowhere/at/all: cannot be written"), "{said}");

    let output = site.command(&["backup", "-"]).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    assert!(output.stdout.starts_with(b"SQLite format 3\0"));
    assert_eq!(output.stdout.len(), fs::read(&copy).unwrap().len());
    let names = fs::read_dir(site.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left = names.filter(|name| name.to_string_lossy().contains("backup")).count();
    assert_eq!(left, 0, "nothing is left behind");

    site.run(&["account", "remove", "ada"]).succeeded();
    let restored = Site::new().with("TILEGATE_DATABASE_URL", &format!("sqlite:{}", copy.display()));
    assert_eq!(restored.run(&["account", "list"]).succeeded(), "ada\tactive\tstaff\n");
    assert_eq!(restored.export(), POLICY);
}

/// The image is built where nothing but what the Dockerfile copies is there.
#[test]
fn the_dockerfile_has_what_the_program_is_built_from() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let (dockerfile, ignored) = (read("Dockerfile"), read(".dockerignore"));

    let manifest = read("Cargo.toml");
    let benches: Vec<_> = manifest.split("[[bench]]").skip(1).collect();
    assert!(!benches.is_empty());
    for bench in benches {
        let name = bench.split("name = \"").nth(1).unwrap().split('"').next().unwrap();
        let stand_ins = dockerfile.matches(&format!("benches/{name}.rs")).count();
        assert_eq!(stand_ins, 2, "Cargo wants the file of the bench {name}, with the dependencies and later");
    }

    let mut folders = vec![root.join("src")];
    let mut included = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            if entry.file_stem().unwrap().to_str().unwrap().ends_with("tests") {
                continue;
            }
            let text = std::fs::read_to_string(&entry).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for path in code.split("include_str!(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let file = entry.parent().unwrap().join(path).canonicalize().unwrap();
                let name = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                let folder = name.split('/').next().unwrap();
                included += 1;
                for (text, written) in [(&dockerfile, "Dockerfile"), (&ignored, ".dockerignore")] {
                    let has = [folder.to_owned(), name.clone()].iter().any(|copied| {
                        text.split_ascii_whitespace().any(|word| word.trim_start_matches('!') == copied)
                    });
                    assert!(has, "{name} is not in the {written}");
                }
            }
        }
    }
    assert!(included > 10, "{included}");
}
