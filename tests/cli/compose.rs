//! `docker-compose.yml` and its scripts as an attacker meets them: who reaches what, and whose word
//! counts.

use super::*;

fn compose_file() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docker-compose.yml")).unwrap()
}

/// P8: what a container gets beyond nothing. `DAC_READ_SEARCH` opens every file of the file system that
/// a mounted folder lies on (`open_by_handle_at`), and the others of this kind the machine.
#[test]
fn p8_no_container_can_leave_its_mounts() {
    let given: Vec<String> = compose_file()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("cap_add: [")?.strip_suffix(']').map(str::to_owned))
        .collect();
    assert_eq!(given, ["CHOWN, NET_BIND_SERVICE, SETGID, SETUID", "DAC_OVERRIDE"]);
    for forbidden in ["privileged:", "pid:", "ipc:", "network_mode: host", "docker.sock", "devices:"] {
        assert!(!compose_file().contains(forbidden), "{forbidden}");
    }
}

/// P8: an internal network alone still leads to every port that the machine listens on.
#[test]
fn p8_the_network_of_the_image_server_leads_nowhere() {
    let file = compose_file();
    let inside = file.split_once("\n  inside:\n").unwrap().1.split_once("\n\n").unwrap().0;
    assert!(inside.contains("internal: true"), "{inside}");
    assert!(inside.contains("com.docker.network.bridge.inhibit_ipv4: \"true\""), "{inside}");
    assert_eq!(file.matches("networks: [outside").count(), 2, "NGINX and certbot");
    assert_eq!(file.matches("ports:").count(), 1);
}
