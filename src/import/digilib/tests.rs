use super::super::Names;
use super::super::testing::{conditions, mounts};
use super::*;

const AUTH: &str = include_str!("../../../tests/fixtures/import/digilib/digilib-auth.xml");
const TABLE: &str = include_str!("../../../tests/fixtures/import/digilib/roles.toml");
const EXPECTED: &str = include_str!("../../../tests/fixtures/import/digilib/digilib-auth.expected");
const META: &str = include_str!("../../../tests/fixtures/import/digilib/tree/estate/album/index.meta");
const OF_FILE: &str = include_str!("../../../tests/fixtures/import/digilib/tree/estate/portrait.tif.meta");

fn with<T>(table: &str, read: impl FnOnce(&Table, &Ground<'_>) -> T) -> T {
    let (names, mounts) = (Names::new(&conditions()), mounts());
    let table = Table::read(table, &names).unwrap();
    let mount = mounts.iter().find(|mount| mount.name == "scans");
    read(&table, &Ground { mounts: &mounts, public_origin: "https://img.test", names: &names, mount })
}

fn auth(text: &str, table: &str) -> Result<Found, PolicyFileError> {
    with(table, |table, ground| read_auth(text, table, ground))
}

fn meta(text: &str, folder: &str, file: Option<&str>) -> Result<Found, PolicyFileError> {
    with(TABLE, |table, ground| read_meta(text, Place { folder, file }, table, ground))
}

fn listed(found: &Found) -> String {
    let lines = found.rules.iter().map(|rule| {
        let matching = if rule.matching == Match::Prefix { "prefix" } else { "exact" };
        assert_eq!(rule.mount, "scans");
        format!("{matching} {} {}\n", rule.identifier, rule.conditions.join("|"))
    });
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn u1_paths_become_rules_of_folders_with_the_roles_of_all_folders_above() {
    let found = auth(AUTH, TABLE).unwrap();
    assert_eq!(listed(&found), EXPECTED);
    let networks: Vec<_> = found.networks.iter().map(|(name, network)| format!("{name} {network}")).collect();
    assert_eq!(
        networks,
        [
            "staff 127.0.0.0/8",
            "staff 192.0.2.0/24",
            "reader 192.0.2.0/24",
            "clinic 198.51.100.17/32",
            "staff ::1/128",
        ]
    );
    assert_eq!(found.remarks.len(), 2, "{:?}", found.remarks);
    assert!(found.remarks[0].contains("the default of the mount scans decides, `closed`"));
    assert!(found.remarks[1].starts_with("2 sections are left out"));
    let left = auth(AUTH, &TABLE.replace("addresses = \"networks\"", "")).unwrap();
    assert!(left.networks.is_empty());
    assert!(left.remarks[1].starts_with("4 addresses are left out"), "{:?}", left.remarks);
}

#[test]
fn s14_what_has_no_meaning_is_a_fault_with_its_line() {
    let line = 1 + AUTH.lines().position(|line| line.contains("diaries")).unwrap();
    for (whole, part, word) in [
        ("diary-editors,institute", "diary-editors,guests", "the role \"guests\" is not mapped"),
        ("diary-editors,institute", "diary-editors, institute", "has a space in it"),
        ("name=\"estate/diaries\"", "name=\"estate\"", "stands twice"),
        ("name=\"estate/diaries\"", "name=\"estate/../maps\"", "is no folder"),
        ("name=\"estate/diaries\"", "", "a name and a role"),
    ] {
        let error = auth(&AUTH.replacen(whole, part, 1), TABLE).unwrap_err().to_string();
        assert!(error.contains(&format!("line {line}: ")) && error.contains(word), "{part}: {error}");
    }
    for ip in ["::1", "192.0.2.0.1", "192.0.300", "", "192.0.2.", "x"] {
        let text = AUTH.replace("ip=\"127\"", &format!("ip=\"{ip}\""));
        assert!(
            auth(&text, TABLE).unwrap_err().to_string().contains("none that digilib would match"),
            "{ip}"
        );
    }
    let slashed = auth(&AUTH.replace("\"maps/sealed\"", "\"/maps/sealed/\""), TABLE).unwrap();
    assert_eq!(listed(&slashed), EXPECTED);
    assert!(slashed.remarks[1].contains("protects nothing in digilib"), "{:?}", slashed.remarks);
    assert!(auth("<mets/>", TABLE).unwrap_err().to_string().contains("instead of auth-config"));
    assert!(auth("<auth-config/>", TABLE).unwrap_err().to_string().contains("nothing to import"));
}

#[test]
fn u1_index_meta_is_about_its_folder_and_the_files_it_names() {
    let found = meta(META, "estate/album", None).unwrap();
    assert_eq!(
        listed(&found),
        "prefix estate/album reader|staff\nexact estate/album/cover.tif open\nexact estate/album/pageimg/p140r.tif staff\n"
    );
    assert_eq!(found.remarks, Vec::<String>::new());
    assert_eq!(
        listed(&meta(OF_FILE, "estate", Some("portrait.tif")).unwrap()),
        "exact estate/portrait.tif open\n"
    );
    let of_all = meta(OF_FILE, "", None).unwrap();
    assert_eq!(listed(&of_all), "prefix  open\n");
    assert!(of_all.remarks[0].contains("here everything below is open"));
    for (whole, part, word) in [
        (
            "<name>institute</name>",
            "<name>guests</name>",
            "access is \"group:guests\", which [access] of the table does not map",
        ),
        ("<name>institute</name>", "", "has no name"),
        ("<name>cover.tif</name>", "", "has no name"),
        ("<path>pageimg</path>", "<path>..</path>", "is no identifier here"),
    ] {
        let error = meta(&META.replacen(whole, part, 1), "estate/album", None).unwrap_err().to_string();
        assert!(error.starts_with("line ") && error.contains(word), "{part}: {error}");
    }
    let without = META.replace("access-conditions", "conditions");
    assert_eq!(meta(&without, "a", None).unwrap().remarks, ["it has no access conditions, and so no rule"]);
}
