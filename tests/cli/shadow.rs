//! A mount in dry run, as its operator meets it: the settings, the log, `explain`, the tests of a policy.

use super::*;

const TILE: &str = "/iiif/images/letters%2F1930/full/max/0/default.jpg";

/// A day that is so many days away.
fn in_days(days: i64) -> String {
    let seconds = i64::try_from(tilegate::clock::now()).unwrap() + days * 86_400;
    jiff::Timestamp::from_second(seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn tried(site: Site, day: &str) -> Site {
    let typed = format!("image /iiif/images/ http://127.0.0.1:9/iiif/ server=iipsrv shadow={day}");
    site.with("TILEGATE_MOUNT_IMAGES", &typed)
}

fn check(service: &Service, uri: &str) -> u16 {
    let headers = [
        ("X-Original-URI", uri),
        ("X-Original-Method", "GET"),
        ("X-Original-Host", "img.test"),
        ("X-Real-IP", "198.51.100.77"),
        ("X-Tilegate-Mount", "images"),
        ("Cookie", "s3cret=1"),
    ];
    service.ask("GET", "/query_auth", &headers, "").0
}

#[test]
fn s16_the_log_says_what_would_be_denied_once_a_minute_and_nobodys_secrets() {
    let site = tried(Site::furnished(), &in_days(5));
    let service = Service::start(&site);
    let started = service.log();
    let warning = started.lines().find(|line| line.contains("dry run")).expect("a warning");
    assert!(
        warning.contains("WARN") && warning.contains("images") && warning.contains(&in_days(5)),
        "{warning}"
    );
    for _ in 0..50 {
        assert_eq!(check(&service, TILE), 200);
    }
    assert_eq!(check(&service, "/iiif/images/letters%2F%1B%5B31m%22x/full/max/0/default.jpg"), 403, "P1");
    assert_eq!(check(&service, "/iiif/images/letters%2F%22x%20%E2%98%83/full/max/0/default.jpg"), 200);
    assert_eq!(check(&service, "/iiif/images/open%2F1/full/max/0/default.jpg"), 200);
    assert_eq!(check(&service, "/iiif/images/elsewhere/full/max/0/default.jpg"), 403);
    let log = service.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("allowed by the dry run")).collect();
    assert_eq!(lines.len(), 2, "one for each image: {lines:?}");
    for word in ["INFO", r#"mount="images""#, r#"identifier="letters/1930""#, r#"needed="staff, reader""#] {
        assert!(lines[0].contains(word), "{word}: {lines:?}");
    }
    assert!(
        lines[1].contains(r#"identifier="letters/\"x ☃""#),
        "what is typed cannot end the text: {lines:?}"
    );
    for secret in ["s3cret", "198.51.100.77"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn a_storm_of_requests_writes_at_most_a_hundred_lines_a_minute() {
    let site = tried(Site::furnished(), &in_days(5));
    let service = Service::start(&site);
    for number in 0..250 {
        assert_eq!(check(&service, &format!("/iiif/images/letters%2F{number}/full/max/0/default.jpg")), 200);
    }
    let log = service.log();
    let lines = log.lines().filter(|line| line.contains("allowed by the dry run")).count();
    // The minute may have changed in between.
    assert!((100..=200).contains(&lines), "{lines}");
}

#[test]
fn a_day_that_is_over_is_warned_of_and_one_far_ahead_refused() {
    let site = tried(Site::furnished(), &in_days(-1));
    let service = Service::start(&site);
    let log = service.log();
    assert_eq!(log.lines().filter(|line| line.contains("shadow=")).count(), 1, "{log}");
    assert!(log.contains("TILEGATE_MOUNT_IMAGES: shadow=") && log.contains("is over"), "{log}");
    assert_eq!(check(&service, TILE), 401);
    drop(service);
    for day in [in_days(40), "soon".to_owned()] {
        let site = tried(Site::new(), &day);
        let error = site.run(&["serve"]).failed();
        assert!(error.starts_with("tilegate: TILEGATE_MOUNT_IMAGES: shadow="), "{error}");
        assert!(error.contains("; write "), "the cure: {error}");
    }
}

#[test]
fn explain_says_what_the_dry_run_allows_and_what_comes_after_it() {
    let day = in_days(5);
    let site = tried(Site::furnished(), &day);
    let told = site.run(&["explain", TILE]).succeeded();
    let expected = format!(
        "Allowed (200), only because the mount is in dry run (shadow={day}): from that day on (UTC) it needs one of `staff`, `reader`."
    );
    assert!(told.contains(&expected), "{told}");
    let told = site.run(&["explain", TILE, "--json"]).succeeded();
    assert!(told.contains(r#""basis": "shadow""#) && told.contains(r#""verdict": "allow""#), "{told}");
    assert_eq!(site.run(&["explain", TILE, "--at", &day]).code, Some(3));
    assert!(site.run(&["explain", TILE, "--account", "ada"]).succeeded().contains("`staff` is enough"));
    assert_eq!(site.run(&["explain", "/iiif/images/elsewhere/info.json"]).code, Some(4));
}

/// Otherwise no policy could be corrected in the very weeks in which it is tried out.
#[test]
fn the_tests_of_a_policy_are_about_the_policy_and_not_about_the_dry_run() {
    let site = tried(Site::new(), &in_days(5));
    let policy = format!("{POLICY}\n[[test]]\nurl = \"{TILE}\"\nexpect = \"challenge\"\n");
    site.import(&policy).succeeded();
    let file = site.path("policy.toml");
    site.run(&["policy", "test", file.to_str().unwrap()]).succeeded();
    let wrong = policy.replace("expect = \"challenge\"", "expect = \"allow\"");
    let error = site.file("wrong.toml", &wrong);
    assert!(site.run(&["policy", "test", &error]).code == Some(1));
}
