//! `docker-compose.yml` and its scripts: names and versions that stand in two places; and as an attacker
//! meets them: who reaches what, and whose word counts.

use super::*;

const COMPOSE: &str = include_str!("../../docker-compose.yml");

/// Every `${NAME…}` of a text.
fn interpolated(text: &str) -> Vec<&str> {
    text.split("${")
        .skip(1)
        .map(|rest| rest.split(|c: char| c != '_' && !c.is_ascii_alphanumeric()).next().unwrap())
        .collect()
}

/// What the Compose file reads is in `.env.template`, and the other way round.
#[test]
fn the_compose_file_and_the_template_have_the_same_names() {
    let known = |name: &str| {
        tilegate::config::COMPOSE.iter().any(|(compose, _)| *compose == name)
            || tilegate::config::KNOWN.iter().any(|setting| setting.name == name)
    };
    let read = interpolated(COMPOSE);
    for name in &read {
        assert!(known(name), "{name} is not in .env.template");
    }
    for (name, _) in tilegate::config::COMPOSE {
        assert!(read.contains(name), "docker-compose.yml does not read {name}");
    }
}

/// Versions that stand in two places.
#[test]
fn the_images_say_the_versions_that_they_are() {
    let manifest = include_str!("../../Cargo.toml");
    let dockerfile = include_str!("../../Dockerfile");
    let version = env!("CARGO_PKG_VERSION");
    assert!(dockerfile.contains(&format!("ARG VERSION={version}\n")), "{version} is not in the Dockerfile");
    let rust = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap();
    let image = dockerfile.lines().find_map(|line| line.strip_prefix("ARG RUST_IMAGE=rust:")).unwrap();
    let minor = |text: &str| text.split(['.', '-', '"']).nth(1).unwrap().parse::<u32>().unwrap();
    assert!(minor(image) >= minor(rust), "{image} cannot build what needs {rust}");
    let nginx = COMPOSE.split("nginx:1.").nth(1).unwrap().lines().next().unwrap();
    assert!(
        COMPOSE.contains(&format!("--nginx-version, 1.{nginx}.0]")),
        "the includes are for NGINX 1.{nginx}"
    );
}

#[test]
fn p8_only_nginx_publishes_a_port() {
    let mut service = "";
    for line in COMPOSE.lines() {
        if let Some(name) = line.strip_prefix("  ").filter(|name| !name.starts_with(' ')) {
            service = name;
        }
        assert!(!line.trim().starts_with("ports:") || service == "nginx:", "{service} publishes a port");
    }
}

/// P8: what a container gets beyond nothing. `DAC_READ_SEARCH` opens every file of the file system that
/// a mounted folder lies on (`open_by_handle_at`), and the others of this kind the machine.
#[test]
fn p8_no_container_can_leave_its_mounts() {
    let given: Vec<String> = COMPOSE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("cap_add: [")?.strip_suffix(']').map(str::to_owned))
        .collect();
    assert_eq!(given, ["CHOWN, NET_BIND_SERVICE, SETGID, SETUID", "DAC_OVERRIDE"]);
    for forbidden in ["privileged:", "pid:", "ipc:", "network_mode: host", "docker.sock", "devices:"] {
        assert!(!COMPOSE.contains(forbidden), "{forbidden}");
    }
}

/// P8: an internal network alone still leads to every port that the machine listens on.
#[test]
fn p8_the_network_of_the_image_server_leads_nowhere() {
    let inside = COMPOSE.split_once("\n  inside:\n").unwrap().1.split_once("\n\n").unwrap().0;
    assert!(inside.contains("internal: true"), "{inside}");
    assert!(inside.contains("com.docker.network.bridge.inhibit_ipv4: \"true\""), "{inside}");
    assert_eq!(COMPOSE.matches("networks: [outside").count(), 2, "NGINX and certbot");
}

/// The start script of Compose's NGINX, as far as it goes without NGINX's folders.
fn start_nginx(public_url: &str, trusted_proxy: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("nginx/compose/start.sh");
    let mut command = Command::new("sh");
    command.arg(script).env_clear().env("PATH", "/usr/bin:/bin");
    command.env("TILEGATE_PUBLIC_URL", public_url).env("TRUSTED_PROXY", trusted_proxy);
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// P13, S14: `settings` checks what stands in `.env`; what NGINX's script is given may be something else.
#[test]
fn s14_no_value_becomes_configuration_of_nginx() {
    for good in [
        "https://images.example.org",
        "http://localhost:8080/",
        "https://[::1]:8443",
        "https://bücher.example",
    ] {
        assert!(
            start_nginx(good, "10.0.0.1, 2001:db8::/32").contains("tilegate-http.conf is missing"),
            "{good}"
        );
    }
    for bad in [
        "",
        "https://",
        "images.example.org",
        "HTTPS://images.example.org",
        "https://a.org/path",
        "https://a.org/;/..",
        "https://a.org;autoindex",
        "https://a.org{",
        "https://a.org}",
        "https://a.org$host",
        "https://a.org\"",
        "https://a.org'",
        "https://a.org#",
        "https://a.org\\",
        "https://a.org x",
        "https://a.org\ny",
    ] {
        let said = start_nginx(bad, "");
        assert!(said.contains("TILEGATE_PUBLIC_URL: "), "{bad:?}: {said}");
    }
    for bad in ["10.0.0.1;", "*", "10.0.0.1\nautoindex", "unix:", "$remote_addr", "proxy.example.org"] {
        let said = start_nginx("https://a.org", bad);
        assert!(said.contains("TRUSTED_PROXY: "), "{bad:?}: {said}");
    }
}

/// H1: the network that NGINX trusts is the one that was checked, wherever Compose has it from.
#[test]
fn h1_what_nginx_is_given_is_what_was_checked() {
    let checked = COMPOSE.split_once("&tilegate-environment").unwrap().1.split_once("\n\n").unwrap().0;
    for name in ["TILEGATE_PUBLIC_URL", "VIRTUAL_HOST", "TRUSTED_PROXY", "LETSENCRYPT_EMAIL"] {
        assert!(checked.contains(&format!("{name}: ${{{name}:-}}")), "{name}: {checked}");
    }
}

/// P8: a link in the folder of the challenges would lead to the manifests of this container, past the check.
#[test]
fn p8_a_challenge_is_a_file_of_its_own() {
    let script = include_str!("../../nginx/compose/start.sh");
    let location = script.split_once("/.well-known/acme-challenge/ {").unwrap().1.split_once('}').unwrap().0;
    assert!(location.contains("disable_symlinks on;"), "{location}");
}

/// What slow visitors have not yet read lies in memory, and there is an end to it.
#[test]
fn slow_visitors_do_not_fill_the_memory() {
    assert!(COMPOSE.contains("/run/nginx:mode=0755,size=512m"));
    let nginx = include_str!("../../nginx/compose/nginx.conf");
    for protocol in ["proxy", "fastcgi"] {
        assert!(nginx.contains(&format!("    {protocol}_max_temp_file_size 32m;")), "{protocol}");
    }
}

#[test]
fn tls_has_forward_secrecy() {
    let script = include_str!("../../nginx/compose/start.sh");
    assert!(script.contains("ssl_protocols TLSv1.2 TLSv1.3;"));
    assert!(script.contains("ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;"));
}
