//! `tilegate device`, alone and beside a running service.

use super::*;

const ROOMS: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Staff" }

[[condition]]
name = "room"
pattern = "kiosk"
label = { en = "Reading room" }

[[condition]]
name = "annexe"
pattern = "kiosk"
label = { en = "Annexe" }

[[rule]]
mount = "images"
identifier = "room"
conditions = ["room"]
"#;
const TILE: &str = "/iiif/images/room%2F1/full/max/0/default.jpg";
const FROM: (&str, &str) = ("X-Real-IP", "198.51.100.7");

fn site() -> Site {
    let site = Site::new();
    site.import(ROOMS).succeeded();
    site
}

/// ID and code of a new device.
fn new_device(site: &Site, label: &str) -> (String, String) {
    let made = site.run(&["device", "new", "--condition", "room", "--label", label]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let (id, code) = made.out.trim_end_matches('\n').split_once('\t').unwrap();
    (id.to_owned(), code.to_owned())
}

/// The columns of the one line of a device.
fn listed(site: &Site, id: &str) -> Vec<String> {
    let list = site.run(&["device", "list"]).succeeded();
    let line = list.lines().find(|line| line.starts_with(id)).expect("it is listed");
    line.split('\t').map(str::to_owned).collect()
}

#[test]
fn a_device_is_made_listed_and_revoked() {
    let site = site();
    assert_eq!(site.run(&["device", "list"]).succeeded(), "");
    let made = site.run(&["device", "new", "--condition", "room", "--label", " PC 3, Saal "]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert_eq!(made.out.lines().count(), 1);
    let (id, code) = made.out.trim_end_matches('\n').split_once('\t').unwrap();
    assert_eq!((id.len(), code.len(), code.split('-').count()), (32, 34, 7), "{code}");
    assert!(
        made.err.contains("https://img.test/auth/device") && made.err.contains("until 2"),
        "{}",
        made.err
    );
    assert!(!made.err.contains(code), "the result alone has it");

    let columns = listed(&site, id);
    assert_eq!(columns[..3], [id, "PC 3, Saal", "room"]);
    assert!(columns[3].starts_with("waiting until 2") && columns[3].ends_with('Z'), "{columns:?}");
    let (other, _) = new_device(&site, "PC 4");
    assert!(!site.run(&["device", "list"]).succeeded().contains(code), "S11: it is not shown again");

    assert_eq!(site.run(&["device", "revoke", id]).succeeded(), "revoked PC 3, Saal\n");
    let revoked = listed(&site, id);
    assert!(revoked[3].starts_with("revoked 2"), "{revoked:?}");
    assert_eq!(site.run(&["device", "revoke", id]).succeeded(), "revoked PC 3, Saal\n", "again is no error");
    assert_eq!(listed(&site, id), revoked);
    assert!(listed(&site, &other)[3].starts_with("waiting"));
}

#[test]
fn what_is_wrong_with_a_device_is_one_line_with_the_cure() {
    let site = site();
    let new =
        |condition, label| site.run(&["device", "new", "--condition", condition, "--label", label]).failed();
    for (error, parts) in [
        (new("staff", "PC"), ["`staff` is not of pattern kiosk", "there are: room, annexe"]),
        (new("open", "PC"), ["`open`", "there are: room, annexe"]),
        (new("rooms", "PC"), ["no access condition `rooms`", "there are: room, annexe"]),
        (new("room", " "), ["label", "empty"]),
        (new("room", "PC\t3"), ["label", "control"]),
        (site.run(&["device", "revoke", "PC 3"]).failed(), ["no device `PC 3`", "device list"]),
        (site.run(&["device", "revoke", &"0".repeat(32)]).failed(), ["no device", "device list"]),
    ] {
        assert!(error.starts_with("tilegate: ") && parts.iter().all(|part| error.contains(part)), "{error}");
    }
    assert_eq!(site.run(&["device", "list"]).succeeded(), "", "nothing was half done");
    let without = Site::new().run(&["device", "new", "--condition", "room", "--label", "PC"]).failed();
    assert!(without.contains("pattern kiosk with `tilegate policy import`"), "{without}");
    for arguments in [&["device"][..], &["device", "new", "--label", "PC"], &["device", "revoke"]] {
        assert!(site.run(arguments).misused().contains("Usage:"), "{arguments:?}");
    }
    assert!(site.run(&["--help"]).succeeded().contains("  device "));
}

/// A computer that types the code, over HTTP: what a device is for, and that no log has its secrets.
#[test]
fn s16_a_device_is_enrolled_and_revoked_beside_the_service_and_no_log_holds_its_secrets() {
    let site = site().with("TILEGATE_LOG", "trace");
    let service = Service::start(&site);
    let (id, code) = new_device(&site, "PC 3");
    let (unused_id, unused) = new_device(&site, "PC 4");
    let (_, page) = service.ask("GET", &format!("/auth/device?code={unused}"), &[FROM], "");
    let csrf = page.split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let session = cookie(&page, "__Host-tilegate_session").expect("a session");
    let session = format!("__Host-tilegate_session={session}");
    let enter = |code: &str| {
        let form = format!("csrf={csrf}&code={code}");
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        service.ask("POST", "/auth/device", &[FROM, ("Cookie", &*session), kind], &form)
    };
    assert_eq!(enter("0000-0000").0, 403);
    let (status, answer) = enter(&code.to_lowercase());
    assert_eq!(status, 303, "{answer}");
    assert_eq!(enter(&code).0, 403, "S5");
    let device = cookie(&answer, "__Host-tilegate_device").expect("a device cookie");
    assert!(listed(&site, &id)[3].starts_with("enrolled 2"));
    assert!(listed(&site, &unused_id)[3].starts_with("waiting"), "a GET never enrols");

    let cookies = format!("__Host-tilegate_device={device}");
    let (status, answer) = service.ask("GET", "/auth/iiif-kiosk/room", &[FROM, ("Cookie", &*cookies)], "");
    assert_eq!(status, 200, "{answer}");
    let access = cookie(&answer, "__Host-tilegate_access").expect("an access cookie");
    let anew = cookie(&answer, "__Host-tilegate_device").expect("the device cookie anew");
    let cookies = format!("__Host-tilegate_access={access}");
    let tile = || {
        let nginx = [
            ("X-Original-URI", TILE),
            ("X-Original-Method", "GET"),
            ("X-Original-Host", "img.test"),
            FROM,
            ("X-Tilegate-Mount", "images"),
            ("Cookie", &*cookies),
        ];
        service.ask("GET", "/query_auth", &nginx, "").0
    };
    assert_eq!(tile(), 200);
    site.run(&["device", "revoke", &id]).succeeded();
    let begun = Instant::now();
    while tile() != 401 {
        assert!(begun.elapsed() < PATIENCE, "the service does not follow");
        std::thread::sleep(Duration::from_millis(50));
    }
    // A condition is dropped without `--drop`, since no account holds it.
    assert_eq!(enter(&unused).0, 303);
    let (without, rule) = ROOMS.split_once("[[rule]]").unwrap();
    let rule = rule.replace("room", "annexe");
    site.import(&format!("{}[[rule]]{rule}", without.replace("\"room\"", "\"hall\""))).succeeded();
    assert!(listed(&site, &unused_id)[3].contains("opens nothing"));
    let (err, out) = (service.err.clone(), service.out.clone());
    assert_eq!(service.stop().0.code(), Some(0));

    let logged = fs::read_to_string(err).unwrap() + &fs::read_to_string(out).unwrap();
    assert!(logged.contains("TRACE") && logged.contains("a device was enrolled"), "it is really talkative");
    for secret in [&code, &code.to_lowercase(), &code.replace('-', ""), &unused, &device, &anew, &access] {
        assert_eq!(
            logged.lines().find(|line| line.contains(secret.as_str())),
            None,
            "a secret is in the log"
        );
    }
    // Without the file of the write-ahead log, if SQLite has folded it in already.
    let parts = ["tilegate.db", "tilegate.db-wal"].map(|name| fs::read(site.path(name)).unwrap_or_default());
    let kept = String::from_utf8_lossy(&parts.concat()).into_owned();
    assert!(kept.contains("PC 4"), "the database is looked into");
    for code in [&code, &unused] {
        assert!(!kept.contains(&**code) && !kept.contains(&code.replace('-', "")), "only its hash is kept");
    }
}
