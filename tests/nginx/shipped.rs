//! The files that are shipped are files that NGINX takes.

use std::path::Path;

use crate::site::{self, PREAMBLE, TEMPORARY};

const HTTP: &str = include_str!("../../nginx/tilegate-http.conf");
const SERVER: &str = include_str!("../../nginx/tilegate-server.conf");
const EXAMPLE: &str = include_str!("../../nginx/site-example.conf");

fn accepted(folder: &Path, http: &str) {
    let text = format!("{PREAMBLE} http {{ {TEMPORARY} access_log off; {http} }}");
    std::fs::write(folder.join("nginx.conf"), text).unwrap();
    let tested = site::nginx(folder).arg("-t").output().unwrap();
    let said = String::from_utf8_lossy(&tested.stderr);
    // The example is written for 1.22, where `http2` is a word of `listen`; newer ones mind.
    let minds = |line: &&str| {
        line.contains("[warn]") && !line.contains("\"listen ... http2\" directive is deprecated")
    };
    assert!(tested.status.success(), "{said}");
    assert_eq!(said.lines().find(minds), None);
}

/// The shipped includes, with their sockets in a folder that exists here.
fn unpacked(folder: &Path) {
    for name in ["run", "temporary"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    let sockets = folder.join("run").display().to_string();
    // Compose's names are known to Docker alone.
    let http = HTTP.replace("/run/tilegate", &sockets).replace("digilib:8080", "127.0.0.1:8080");
    std::fs::write(folder.join("tilegate-http.conf"), http).unwrap();
    std::fs::write(folder.join("tilegate-server.conf"), SERVER).unwrap();
}

#[test]
fn the_shipped_includes_alone_make_a_site() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    let port = site::free_port();
    accepted(
        folder.path(),
        &format!(
            "include tilegate-http.conf; server {{ listen 127.0.0.1:{port}; include tilegate-server.conf; }}"
        ),
    );
}

#[test]
fn the_example_site_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    site::self_signed(folder.path());
    let here = folder.path().display().to_string();
    let (plain, tls) = (site::free_port(), site::free_port());
    let example = EXAMPLE
        .replace("/etc/nginx/tilegate", &format!("{here}/tilegate"))
        .replace("/var/log/nginx/", &format!("{here}/"))
        .replace("/etc/letsencrypt/live/images.example.org/fullchain.pem", "site.crt")
        .replace("/etc/letsencrypt/live/images.example.org/privkey.pem", "site.key")
        .lines()
        .filter(|line| !line.contains("listen [::]"))
        .map(|line| line.replace("listen 80;", &format!("listen 127.0.0.1:{plain};")))
        .map(|line| line.replace("listen 443 ", &format!("listen 127.0.0.1:{tls} ")))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(!example.contains("/etc/letsencrypt") && !example.contains("listen 443"), "{example}");
    accepted(folder.path(), &example);
}
