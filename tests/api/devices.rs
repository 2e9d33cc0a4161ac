//! Enrolled devices: what a computer of a reading room has wherever its address is (decision 9c; kiosk services
//! A1-17, A2-20).

use base64::Engine as _;
use tilegate::audit::Act;
use tilegate::clock;
use tilegate::credential::account::Id128;
use tilegate::credential::device::{Code, Label};
use tilegate::policy::document::PolicyDocument;
use tilegate::store::{Device, NewDevice};

use crate::app::*;
use crate::patterns::{VIEWER, info, message, probe, tile, tokens};

const DEVICE: &str = "__Host-tilegate_device";
const ACCESS: &str = "__Host-tilegate_access";
const KIOSKS: [&str; 2] = ["/auth/iiif-kiosk/room", "/auth/v2/access/room"];
const WRONG: &str = "That code is not valid, or not any more.";

/// Two rooms without addresses, and what a login is for.
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
identifier = "protected"
conditions = ["staff"]

[[rule]]
mount = "images"
identifier = "room"
conditions = ["room"]

[[rule]]
mount = "images"
identifier = "annexe"
conditions = ["annexe"]
"#;

async fn start() -> TestApp {
    start_with(&[]).await
}

async fn start_with(more: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start_with(more).await;
    put(&app, ROOMS).await;
    app
}

async fn put(app: &TestApp, policy: &str) {
    let document: PolicyDocument = tilegate::policy::file::read(policy, &["images"]).unwrap();
    app.context.store.replace_policy(&document, true, Act::service(clock::now())).await.unwrap();
    refresh(app).await;
}

async fn refresh(app: &TestApp) {
    app.context.live.refresh(clock::now()).await.unwrap();
}

/// What `tilegate device new` does; the code as it is printed.
async fn made_until(app: &TestApp, condition: &str, code_expires: u64) -> (Id128, String) {
    let code = Code::new(clock::random());
    let device = NewDevice {
        id: Id128(clock::random()),
        label: Label::parse("PC <3>").unwrap(),
        condition: condition.to_owned(),
        code: code.hash(),
        code_expires,
    };
    app.context.store.make_device(&device, Act::service(clock::now())).await.unwrap();
    (device.id, code.spelled())
}

async fn made(app: &TestApp, condition: &str) -> (Id128, String) {
    made_until(app, condition, clock::now() + 3600).await
}

async fn enter(app: &TestApp, browser: &mut Browser, code: &str) -> reqwest::Response {
    let csrf = browser.csrf(app, "/auth/device").await;
    browser.post(app, "/auth/device", &[("csrf", &csrf), ("code", code)]).await
}

/// A computer that is set up for a condition, before any viewer has opened a window.
pub async fn enrolled(app: &TestApp, condition: &str) -> (Browser, Id128) {
    let (id, code) = made(app, condition).await;
    let mut browser = Browser::default();
    let response = enter(app, &mut browser, &code).await;
    assert_eq!(response.status(), 303, "{}", response.text().await.unwrap());
    (browser, id)
}

async fn revoke(app: &TestApp, id: &Id128) {
    app.context.store.revoke_device(id, Act::service(clock::now())).await.unwrap().unwrap();
    refresh(app).await;
}

async fn stored(app: &TestApp, id: &Id128) -> Device {
    app.context.store.device(id).await.unwrap().unwrap()
}

/// Only the cookie of this name: what a copied one is.
fn copied(browser: &Browser, name: &str) -> Browser {
    Browser { cookies: [(name.to_owned(), browser.cookies[name].clone())].into() }
}

/// The status of a viewer's window, and whether it gave an access cookie.
async fn window(app: &TestApp, browser: &mut Browser, path: &str) -> (u16, bool) {
    browser.cookies.remove(ACCESS);
    let status = browser.get(app, &format!("{path}?origin={VIEWER}")).await.status().as_u16();
    (status, browser.cookies.contains_key(ACCESS))
}

// -- the whole way -------------------------------------------------------------------------------

#[actix_web::test]
async fn a1_17_a2_20_a_device_is_enrolled_sees_its_room_and_ends_at_once() {
    let app = start().await;
    let (id, code) = made(&app, "room").await;
    let mut computer = Browser::default();
    for path in KIOSKS {
        assert_eq!(window(&app, &mut computer, path).await, (403, false), "{path}: not set up yet");
    }
    let page = computer.get(&app, "/auth/device").await;
    assert_eq!(page.headers()["x-frame-options"], "DENY", "T9");
    let page = page.text().await.unwrap();
    assert!(page.contains("Set up this computer") && page.contains("<label for=\"code\">"), "{page}");
    assert!(!page.contains("<script"), "it works without: {page}");

    let response = enter(&app, &mut computer, &code).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (303, &"/auth/device".parse().unwrap())
    );
    let set = response.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap().to_owned());
    let set: Vec<_> = set.filter(|set| set.starts_with(DEVICE)).collect();
    assert_eq!(set.len(), 1);
    assert!(set[0].ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=34560000"), "9c: {}", set[0]);
    let page = computer.get(&app, "/auth/device").await.text().await.unwrap();
    let label = "PC &#60;3&#62;";
    assert!(page.contains("is set up") && page.contains(label) && page.contains("Reading room"), "{page}");
    assert_eq!(app.tile(&tile("room"), &computer).await, 401, "T4: the device cookie alone opens nothing");

    for path in KIOSKS {
        let response = computer.get(&app, &format!("{path}?origin={VIEWER}")).await;
        assert_eq!(response.status(), 200);
        let page = response.text().await.unwrap();
        assert!(page.contains("window.close()") && !page.contains("<form"), "{path}: {page}");
        assert_eq!(app.tile(&tile("room"), &computer).await, 200, "{path}");
    }
    let (one, two) = tokens(&app, &mut computer).await;
    let sees = async |copy: &Browser| {
        (
            app.tile(&tile("room"), copy).await.as_u16(),
            info(&app, "room", &[("Authorization", &one), ("Origin", VIEWER)]).await.0,
            probe(&app, "room", &[("Authorization", &two)]).await["status"].as_u64().unwrap(),
        )
    };
    let copy = copied(&computer, ACCESS);
    assert_eq!(sees(&copy).await, (200, 200, 200), "from any page and any address: it is no network's");

    revoke(&app, &id).await;
    assert_eq!(sees(&copy).await, (401, 401, 401), "T6, decision 7: cookie and tokens alike");
    let page = computer.get(&app, "/auth/device").await.text().await.unwrap();
    assert!(page.contains("Set up this computer") && !page.contains(label), "{page}");
    for path in KIOSKS {
        assert_eq!(window(&app, &mut computer, path).await, (403, false), "{path}");
    }
}

#[actix_web::test]
async fn another_replica_follows_an_enrolment_and_a_revocation() {
    let app = start().await;
    let replica = app.replica(&[]).await;
    let (mut computer, id) = enrolled(&app, "room").await;
    refresh(&replica).await;
    assert_eq!(window(&replica, &mut computer, KIOSKS[0]).await, (200, true));
    assert_eq!(replica.tile(&tile("room"), &computer).await, 200);
    app.context.store.revoke_device(&id, Act::service(clock::now())).await.unwrap();
    refresh(&replica).await;
    assert_eq!(replica.tile(&tile("room"), &computer).await, 401);
    // A start loads all at once, instead of line by line.
    let (mut other, _) = enrolled(&app, "room").await;
    let later = app.replica(&[]).await;
    assert_eq!(window(&later, &mut other, KIOSKS[0]).await, (200, true));
    assert_eq!(window(&later, &mut computer, KIOSKS[0]).await, (403, false));
}

#[actix_web::test]
async fn a_copied_device_cookie_is_worth_what_the_device_is() {
    let app = start().await;
    let (computer, id) = enrolled(&app, "room").await;
    let mut thief = copied(&computer, DEVICE);
    assert_eq!(window(&app, &mut thief, KIOSKS[0]).await, (200, true), "nothing tells a copy apart …");
    let loot = thief.clone();
    revoke(&app, &id).await;
    assert_eq!(app.tile(&tile("room"), &loot).await, 401, "… and nothing spares it");
    for path in KIOSKS {
        assert_eq!(window(&app, &mut thief, path).await, (403, false), "{path}");
    }
}

#[actix_web::test]
async fn t4_a_device_cookie_is_no_access_cookie_and_the_other_way_round() {
    let app = start().await;
    let (mut computer, _) = enrolled(&app, "room").await;
    computer.get(&app, KIOSKS[0]).await;
    let (device, access) = (computer.cookies[DEVICE].clone(), computer.cookies[ACCESS].clone());
    let as_access = Browser { cookies: [(ACCESS.to_owned(), device.clone())].into() };
    assert_eq!(app.tile(&tile("room"), &as_access).await, 401);
    let bearer = format!("Bearer {device}");
    assert_eq!(info(&app, "room", &[("Authorization", &bearer)]).await.0, 401);
    assert_eq!(probe(&app, "room", &[("Authorization", &bearer)]).await["status"], 401);
    for wrong in [access.as_str(), "", "x", &device[1..], &format!("{device}A")] {
        let mut browser = Browser { cookies: [(DEVICE.to_owned(), wrong.to_owned())].into() };
        assert_eq!(window(&app, &mut browser, KIOSKS[0]).await, (403, false), "S1: {wrong}");
        assert_eq!(browser.get(&app, "/auth/device").await.status(), 200, "S1: never an error: {wrong}");
    }
    // S1: of two, none counts.
    let twice = format!("{DEVICE}={device}; {DEVICE}={device}");
    let request = app.client.get(format!("{}{}", app.address, KIOSKS[0])).header("X-Real-IP", "192.0.2.7");
    assert_eq!(request.header("Cookie", twice).send().await.unwrap().status(), 403, "S1");
}

#[actix_web::test]
async fn a_device_of_one_room_opens_nothing_of_another() {
    let app = start().await;
    let (mut computer, _) = enrolled(&app, "room").await;
    for path in ["/auth/iiif-kiosk/annexe", "/auth/v2/access/annexe"] {
        assert_eq!(window(&app, &mut computer, path).await, (403, false), "{path}");
    }
    assert_eq!(window(&app, &mut computer, KIOSKS[0]).await, (200, true));
    for (folder, status) in [("room", 200), ("annexe", 401), ("protected", 401)] {
        assert_eq!(app.tile(&tile(folder), &computer).await, status, "{folder}");
    }
    // A second code makes it another device.
    let (_, code) = made(&app, "annexe").await;
    assert_eq!(enter(&app, &mut computer, &code).await.status(), 303);
    assert_eq!(window(&app, &mut computer, KIOSKS[0]).await, (403, false));
    assert_eq!(window(&app, &mut computer, "/auth/iiif-kiosk/annexe").await, (200, true));
    assert_eq!(app.tile(&tile("annexe"), &computer).await, 200);
}

/// A computer that anybody may sit at never has what a login is for, whatever the policy becomes.
#[actix_web::test]
async fn a_device_has_its_condition_while_it_is_one_of_pattern_kiosk() {
    let app = start().await;
    let (mut computer, _) = enrolled(&app, "room").await;
    assert_eq!(window(&app, &mut computer, KIOSKS[0]).await, (200, true));
    let as_login = ROOMS.replacen("pattern = \"kiosk\"", "pattern = \"login\"", 1);
    let (dropped, _) = ROOMS.split_once("[[condition]]\nname = \"room\"").unwrap();
    for policy in [&as_login, dropped] {
        put(&app, policy).await;
        assert_ne!(app.tile(&tile("room"), &computer).await, 200);
        let page = computer.get(&app, "/auth/device").await.text().await.unwrap();
        assert!(page.contains("opens nothing at the moment"), "{page}");
        put(&app, ROOMS).await;
        assert_eq!(app.tile(&tile("room"), &computer).await, 200);
    }
    // A line of the change log is held to the same.
    let (id, code) = made(&app, "room").await;
    put(&app, &as_login).await;
    let mut late = Browser::default();
    assert_eq!(enter(&app, &mut late, &code).await.status(), 303);
    let snapshot = app.context.live.current();
    assert!(snapshot.revocations.devices[&id].is_empty());
}

// -- enrolling ---------------------------------------------------------------------------------------

#[actix_web::test]
async fn s5_a_code_is_used_once_and_all_that_is_wrong_reads_the_same() {
    let app = start().await;
    let (used_id, used) = made(&app, "room").await;
    let mut first = Browser::default();
    assert_eq!(enter(&app, &mut first, &used).await.status(), 303);
    let (old_id, old) = made_until(&app, "room", clock::now()).await;
    let (revoked_id, revoked) = made(&app, "room").await;
    revoke(&app, &revoked_id).await;
    let unknown = Code::new(clock::random()).spelled();
    let mut pages = Vec::new();
    for code in [used.as_str(), &old, &revoked, &unknown, "", "x", &"0".repeat(5000), "'; --"] {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, "/auth/device").await;
        let response = browser.post(&app, "/auth/device", &[("csrf", &csrf), ("code", code)]).await;
        assert_eq!(response.status(), 403, "{code}");
        assert!(!browser.cookies.contains_key(DEVICE), "{code}");
        let page = response.text().await.unwrap().replace(&csrf, "");
        assert!(page.contains(WRONG), "{page}");
        assert!(code.len() < 10 || !page.contains(code), "S11: {page}");
        pages.push(page);
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    assert!(stored(&app, &used_id).await.enrolled.is_some());
    assert!(stored(&app, &old_id).await.enrolled.is_none());
}

#[actix_web::test]
async fn s5_of_many_computers_with_one_code_one_is_set_up() {
    let app = start().await;
    let (_, code) = made(&app, "room").await;
    let mut browsers = Vec::new();
    for _ in 0..8 {
        let mut browser = Browser::default();
        let csrf = browser.csrf(&app, "/auth/device").await;
        browsers.push((browser, csrf));
    }
    let app = &app;
    let code = code.as_str();
    let answers =
        futures_util::future::join_all(browsers.into_iter().map(|(mut browser, csrf)| async move {
            let response = browser.post(app, "/auth/device", &[("csrf", &csrf), ("code", code)]).await;
            (response.status().as_u16(), browser.cookies.contains_key(DEVICE))
        }))
        .await;
    assert_eq!(answers.iter().filter(|answer| **answer == (303, true)).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| **answer == (403, false)).count(), 7, "{answers:?}");
}

#[actix_web::test]
async fn a_code_is_the_same_however_it_is_typed() {
    let app = start().await;
    for typed in [
        |code: &str| code.to_lowercase(),
        |code: &str| code.replace('-', ""),
        |code: &str| format!("  {} ", code.replace('-', " ")),
        |code: &str| code.replace('0', "o").replace('1', "l"),
    ] {
        let (id, code) = made(&app, "room").await;
        let response = enter(&app, &mut Browser::default(), &typed(&code)).await;
        assert_eq!(response.status(), 303, "{}", typed(&code));
        assert!(stored(&app, &id).await.enrolled.is_some());
    }
}

#[actix_web::test]
async fn s13_nothing_but_the_form_of_our_own_page_enrols() {
    let app = start().await;
    let (id, code) = made(&app, "room").await;
    let mut browser = Browser::default();
    for path in [format!("/auth/device?code={code}"), format!("/auth/device/{code}")] {
        let response = browser.get(&app, &path).await;
        let page = response.text().await.unwrap();
        assert!(!page.contains(&code), "S11: {page}");
    }
    let head = app.client.head(format!("{}/auth/device?code={code}", app.address));
    assert_eq!(head.header("X-Real-IP", "192.0.2.7").send().await.unwrap().status(), 200);
    let csrf = browser.csrf(&app, "/auth/device").await;
    for form in [vec![("code", code.as_str())], vec![("csrf", "x"), ("code", &code)]] {
        let response = browser.post(&app, "/auth/device", &form).await;
        assert!(matches!(response.status().as_u16(), 400 | 403), "{form:?}");
    }
    let foreign = app.client.post(format!("{}/auth/device", app.address)).header("X-Real-IP", "192.0.2.7");
    let foreign = foreign.header("Cookie", browser.header()).header("Sec-Fetch-Site", "cross-site");
    let foreign = foreign.form(&[("csrf", csrf.as_str()), ("code", &code)]).send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    assert!(!browser.cookies.contains_key(DEVICE));
    assert!(stored(&app, &id).await.enrolled.is_none(), "a GET never enrols");
    let other = app.client.put(format!("{}/auth/device", app.address)).send().await.unwrap();
    assert_eq!(other.status(), 405);
    assert_eq!(enter(&app, &mut browser, &code).await.status(), 303, "the code is still good");
}

#[actix_web::test]
async fn s6_guessing_is_slowed_for_its_address_and_logins_go_on() {
    let app = start().await;
    let (_, code) = made(&app, "room").await;
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/device").await;
    let form = |code: &'static str| [("csrf", csrf.clone()), ("code", code.to_owned())];
    let guess = async |browser: &mut Browser| {
        let form = form("0000");
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&app, "/auth/device", &form).await
    };
    for _ in 0..10 {
        assert_eq!(guess(&mut browser).await.status(), 403);
    }
    let slowed = guess(&mut browser).await;
    assert_eq!(slowed.status(), 429);
    assert!(slowed.headers().contains_key("retry-after"));
    let mut neighbour = browser.clone();
    let right = [("csrf", csrf.as_str()), ("code", code.as_str())];
    assert_eq!(neighbour.post(&app, "/auth/device", &right).await.status(), 429, "whatever is typed");
    assert_eq!(neighbour.post_from(&app, "198.51.100.9", "/auth/device", &right).await.status(), 303);
    Browser::logged_in(&app, READER).await;
}

#[actix_web::test]
async fn a_room_full_of_computers_is_set_up_from_one_address() {
    let app = start().await;
    for number in 0..15 {
        let (_, code) = made(&app, "room").await;
        assert_eq!(enter(&app, &mut Browser::default(), &code).await.status(), 303, "{number}");
    }
}

// -- beside a login ----------------------------------------------------------------------------------

#[actix_web::test]
async fn whoever_logs_in_on_a_device_has_both_and_the_machine_stays_one_after_the_logout() {
    let app = start().await;
    let opens = async |browser: &Browser| {
        let room = app.tile(&tile("room"), browser).await.as_u16();
        (room, app.tile(&tile("protected"), browser).await.as_u16())
    };
    // The window of the room first, and the login first.
    let (mut one, id) = enrolled(&app, "room").await;
    one.get(&app, KIOSKS[0]).await;
    assert_eq!(one.try_login(&app, READER).await.status(), 303);
    assert_eq!(opens(&one).await, (200, 200));
    let (mut other, _) = enrolled(&app, "room").await;
    assert_eq!(other.try_login(&app, READER).await.status(), 303);
    assert_eq!(opens(&other).await, (401, 200));
    other.get(&app, KIOSKS[1]).await;
    assert_eq!(opens(&other).await, (200, 200));
    let check = app.check(&tile("room")).header("Cookie", other.header()).send().await.unwrap();
    let account = app.named(READER.0).await.id.to_string();
    assert_eq!(check.headers()["x-tilegate-account"], account.as_str(), "still the same person");

    let copy = copied(&one, ACCESS);
    assert_eq!(one.get(&app, "/auth/logout").await.status(), 200);
    assert_eq!(opens(&copy).await, (401, 401), "A1-36: the session is over, the device's part of it too");
    assert!(one.cookies.contains_key(DEVICE) && !one.cookies.contains_key(ACCESS));
    assert_eq!(window(&app, &mut one, KIOSKS[0]).await, (200, true));
    assert_eq!(opens(&one).await, (200, 401), "the next visitor has the room and not the login");

    assert_eq!(one.try_login(&app, READER).await.status(), 303);
    revoke(&app, &id).await;
    assert_eq!(opens(&one).await, (401, 200), "a revoked device logs nobody out");
}

#[actix_web::test]
async fn the_window_opened_again_and_again_keeps_the_cookie_short() {
    let app = start().await;
    let (mut computer, _) = enrolled(&app, "room").await;
    computer.get(&app, KIOSKS[0]).await;
    let length = computer.access().len();
    for path in KIOSKS.iter().cycle().take(6) {
        computer.get(&app, path).await;
        assert_eq!(computer.access().len(), length, "the device is in it once");
    }
}

#[actix_web::test]
async fn s13_only_a_persons_own_navigation_enters_by_a_device() {
    let app = start().await;
    let (computer, _) = enrolled(&app, "room").await;
    for destination in ["image", "iframe", "empty"] {
        for path in KIOSKS {
            let request = app.client.get(format!("{}{path}", app.address)).header("X-Real-IP", "192.0.2.7");
            let request = request.header("Cookie", computer.header()).header("Sec-Fetch-Dest", destination);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403, "{path} {destination}");
            assert!(response.headers().get("set-cookie").is_none(), "{path} {destination}");
        }
    }
}

// -- keys, epochs, and a store that is away ----------------------------------------------------------

#[actix_web::test]
async fn s15_keys_rotate_without_ending_devices() {
    let key = |seed| base64::engine::general_purpose::STANDARD.encode(key_bytes(seed));
    let app = start().await;
    let (mut used, _) = enrolled(&app, "room").await;
    let (mut unused, _) = enrolled(&app, "room").await;
    let before = used.cookies[DEVICE].clone();
    let rotated = app.replica(&[("TILEGATE_KEYS", &format!("{},{}", key(6), key(5)))]).await;
    assert_eq!(window(&rotated, &mut used, KIOSKS[1]).await, (200, true));
    assert_ne!(used.cookies[DEVICE], before, "sealed anew");
    let forgotten = app.replica(&[("TILEGATE_KEYS", &key(6))]).await;
    assert_eq!(window(&forgotten, &mut used, KIOSKS[1]).await, (200, true), "with the newest key");
    assert_eq!(window(&forgotten, &mut unused, KIOSKS[1]).await, (403, false), "nobody came in between");
}

#[actix_web::test]
async fn s17_a_new_store_epoch_ends_every_device_cookie() {
    let app = start().await;
    let (mut computer, _) = enrolled(&app, "room").await;
    computer.get(&app, KIOSKS[0]).await;
    app.context.store.renew_epoch(Act::service(clock::now())).await.unwrap();
    refresh(&app).await;
    assert_eq!(app.tile(&tile("room"), &computer).await, 401);
    for path in KIOSKS {
        assert_eq!(window(&app, &mut computer, path).await, (403, false), "{path}");
    }
    assert_eq!(message(&app, &mut computer, "/auth/v2/token").await["type"], "AuthAccessTokenError2");
}

#[actix_web::test]
async fn s18_without_the_store_no_device_counts() {
    let app = start_with(&[("TILEGATE_MAX_STALE_SECONDS", "1"), ("TILEGATE_POLL_SECONDS", "1")]).await;
    let (mut computer, _) = enrolled(&app, "room").await;
    computer.get(&app, KIOSKS[0]).await;
    app.context.store.close().await;
    while app.context.live.is_fresh(clock::now()) {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(app.tile(&tile("room"), &computer).await, 401);
    for path in KIOSKS {
        assert_eq!(window(&app, &mut computer, path).await, (503, false), "{path}");
    }
    assert_eq!(computer.get(&app, "/auth/device").await.status(), 503);
}
