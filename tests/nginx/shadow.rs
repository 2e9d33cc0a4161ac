//! A mount in dry run behind real NGINX: what everybody gets, how it may be kept, and the word in NGINX's log.

use std::time::{Duration, Instant};

use crate::server::{Answer, Server};
use crate::service::{log_in, prepare};

const POLICY: &str = r#"
    condition = [{ name = "staff", pattern = "login", label = { en = "Staff" } }]
    rule = [
        { mount = "images", identifier = "open", conditions = ["open"] },
        { mount = "images", identifier = "locked", conditions = ["staff"] },
        { mount = "images", identifier = "shut", conditions = ["closed"] },
    ]
"#;

/// A day in some days, so that the test does not meet its midnight.
fn some_day() -> jiff::civil::Date {
    let seconds = i64::try_from(tilegate::clock::now()).unwrap() + 5 * 86_400;
    jiff::Timestamp::from_second(seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[test]
fn n18_p1_what_a_login_would_open_is_served_and_logged_as_shadow_and_nothing_else_is() {
    let origin =
        Server::tcp(|_| Answer::new(200).with("Content-Type", "image/jpeg").body(b"\xff\xd8 pixels"));
    let mut prepared = prepare();
    let log = prepared.plan.folder().join("access.log");
    prepared.plan = prepared.plan.server(&format!("access_log {} tilegate;", log.display()));
    let typed =
        format!("image /iiif/images/ http://{}/inner/ server=iipsrv shadow={}", origin.address(), some_day());
    let (_service, site) = prepared.mount("IMAGES", &typed).start(POLICY);
    let cookie = log_in(&site);
    for (image, cookie, status, cache, basis) in [
        ("open%2F1", "", 200, "public, max-age=3600", "open"),
        ("locked%2F1", "", 200, "private, no-cache", "shadow"),
        ("locked%2F2", cookie.as_str(), 200, "private, no-cache", "held"),
        ("shut%2F1", "", 403, "no-store", "closed"),
        ("locked%252F1", "", 403, "no-store", "double-encoding"),
    ] {
        let uri = format!("/iiif/images/{image}/full/64,/0/default.jpg");
        let reply = site.ask("GET", &uri, &[("Cookie", cookie)]);
        assert_eq!(reply.status, status, "{image}");
        assert_eq!(reply.header("Cache-Control"), Some(cache), "{image}");
        assert_eq!(reply.body.starts_with(&[0xff, 0xd8]), status == 200, "{image}");
        // NGINX writes the line after the answer.
        let begun = Instant::now();
        let line = loop {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            if let Some(line) = text.lines().find(|line| line.contains(&uri)) {
                break line.to_owned();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{image} is not in the log: {text}");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(line.contains(&format!("\"{basis}\"")), "{basis}: {line}");
    }
    assert_eq!(site.get("/iiif/images/shut%2F1/info.json").status, 403);
}
