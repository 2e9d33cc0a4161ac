//! Everything real: NGINX, iipsrv, and `tilegate serve` with its SQLite.

use serde_json::Value;

use crate::iipsrv::Iipsrv;
use crate::service::{Service, log_in, prepare};
use crate::site::Site;

const TILE: &str = "/iiif/images/maps%2Fone.tif/0,0,256,200/256,/0/default.jpg";
const INFO: &str = "/iiif/images/maps%2Fone.tif/info.json";

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }
    heading = { en = "For staff" }

    [[rule]]
    mount = "images"
    identifier = "maps"
    conditions = ["staff"]
"#;

fn start() -> (Iipsrv, Service, Site) {
    let prepared = prepare();
    let iipsrv = Iipsrv::start(prepared.plan.folder());
    let typed = format!("image /iiif/images/ fastcgi://127.0.0.1:{}/iiif/", iipsrv.port);
    let (service, site) = prepared.mount("IMAGES", &typed).start(POLICY);
    (iipsrv, service, site)
}

#[test]
fn a_visitor_is_asked_to_log_in_logs_in_sees_the_tiles_and_logs_out() {
    let (_iipsrv, _service, site) = start();

    // A viewer on another site asks, and is told how to get in: the real info.json.
    let reply = site.ask("GET", INFO, &[("Origin", "https://viewer.test")]);
    assert_eq!(reply.status, 401);
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01");
    assert_eq!(reply.all("WWW-Authenticate"), [r#"Bearer realm="images.example.org""#], "A1-57");
    let info: Value = serde_json::from_slice(&reply.body).expect("A1-51: JSON, and not a page of NGINX");
    assert_eq!(info["@id"], "https://images.example.org/iiif/images/maps%2Fone.tif", "X-15");
    assert_eq!((&info["width"], &info["height"]), (&300.into(), &200.into()), "A1-38");
    let service = &info["service"][0];
    assert_eq!(service["profile"], "http://iiif.io/api/auth/1/login");
    assert_eq!(service["@id"], "https://images.example.org/auth/iiif-login", "A1-46: the same host");

    // No pixel.
    let reply = site.get(TILE);
    assert_eq!((reply.status, reply.all("Access-Control-Allow-Origin")), (401, vec!["*"]), "X-01");
    assert!(!reply.body.starts_with(&[0xff, 0xd8]));
    assert_eq!(site.get("/iiif/images/maps%2Fnone.tif/full/64,/0/default.jpg").status, 401);

    // The popup, the token, the description.
    let cookie = log_in(&site);
    let reply = site.ask(
        "GET",
        "/auth/iiif-token?messageId=m&origin=https%3A%2F%2Fviewer.test",
        &[("Cookie", &cookie), ("Sec-Fetch-Dest", "iframe"), ("Sec-Fetch-Site", "cross-site")],
    );
    let page = String::from_utf8(reply.body).unwrap();
    let (_, rest) = page.split_once(r#""accessToken":""#).expect("a token");
    let bearer = format!("Bearer {}", rest.split('"').next().unwrap());
    let preflight = site.ask(
        "OPTIONS",
        INFO,
        &[("Origin", "https://viewer.test"), ("Access-Control-Request-Headers", "authorization")],
    );
    assert_eq!(preflight.status, 204, "X-02");
    assert_eq!(preflight.header("Access-Control-Allow-Headers"), Some("Authorization"));
    assert_eq!(site.ask("GET", INFO, &[("Authorization", &bearer)]).status, 200, "A1-40");
    assert_eq!(
        site.ask("GET", TILE, &[("Authorization", &bearer)]).status,
        401,
        "A1-48: no pixel for a token"
    );

    // The tiles, by the cookie.
    let reply = site.ask("GET", TILE, &[("Cookie", &cookie)]);
    assert_eq!((reply.status, reply.header("Content-Type")), (200, Some("image/jpeg")));
    assert!(reply.body.starts_with(&[0xff, 0xd8, 0xff]));
    assert_eq!(reply.header("Cache-Control"), Some("private, no-cache"), "X-04, N18");
    let head = site.ask("HEAD", TILE, &[("Cookie", &cookie)]);
    assert_eq!((head.status, head.body.len()), (200, 0), "X-03");

    // And out again, also for whoever copied the cookie.
    assert_eq!(site.ask("GET", "/auth/logout", &[("Cookie", &cookie)]).status, 200);
    assert_eq!(site.ask("GET", TILE, &[("Cookie", &cookie)]).status, 401, "A1-36");
    assert_eq!(site.ask("GET", INFO, &[("Authorization", &bearer)]).status, 401);
}

/// The flow of version 2.0, in a site that takes pictures away by their extension (N20).
#[test]
fn a2_63_x02_a_viewer_of_version_2_probes_logs_in_probes_again_and_sees_the_tiles() {
    let mut prepared = prepare();
    let iipsrv = Iipsrv::start(prepared.plan.folder());
    prepared.plan.server.push_str("location ~* \\.(jpg|tif)$ { return 418; }");
    let typed = format!("image /iiif/images/ fastcgi://127.0.0.1:{}/iiif/ iiif_auth=2", iipsrv.port);
    let (_service, site) = prepared.mount("IMAGES", &typed).start(POLICY);
    let viewer = ("Origin", "https://viewer.test");

    let reply = site.ask("GET", INFO, &[viewer]);
    assert_eq!(reply.status, 200, "the document is public");
    let info: Value = serde_json::from_slice(&reply.body).unwrap();
    let own =
        |url: &Value| url.as_str().unwrap().strip_prefix("https://images.example.org").unwrap().to_owned();
    let probe = own(&info["service"][0]["id"]);
    assert_eq!(probe, "/auth/v2/probe/images/maps%2Fone.tif");
    let says = |uri: &str, headers: &[(&str, &str)]| {
        let reply = site.ask("GET", uri, headers);
        assert_eq!(reply.status, 200, "A2-43: {uri}");
        assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01: {uri}");
        assert_eq!(reply.header("Cache-Control"), Some("private, no-store"), "X-04");
        let result: Value = serde_json::from_slice(&reply.body).unwrap();
        result["status"].as_u64().unwrap()
    };
    assert_eq!(says(&probe, &[viewer]), 401, "A2-63");
    assert_eq!(says("/auth/v2/probe/images/maps%2Fphoto.jpg", &[viewer]), 401, "N20");
    assert_eq!(says("/auth/v2/probe/images/elsewhere.jpg", &[viewer]), 403);
    // NGINX decodes and resolves paths; what was typed is judged.
    assert_eq!(says("/auth/v2/probe/images/x/../maps%2Fone.tif", &[viewer]), 404);
    assert_eq!(says("/auth/v2/%70robe/images/maps%2Fone.tif", &[viewer]), 404);
    let preflight =
        site.ask("OPTIONS", &probe, &[viewer, ("Access-Control-Request-Headers", "authorization")]);
    assert_eq!((preflight.status, preflight.body.len()), (204, 0), "X-02");
    assert_eq!(preflight.all("Access-Control-Allow-Origin"), ["*"]);
    assert_eq!(preflight.header("Access-Control-Allow-Headers"), Some("Authorization"));
    assert_eq!(preflight.all("Set-Cookie").len(), 0);

    let access = &info["service"][0]["service"][0];
    let page = site.get(&format!("{}?origin=https://viewer.test", own(&access["id"])));
    assert_eq!((page.status, page.header("X-Frame-Options")), (200, Some("DENY")), "X-06");
    let cookie = log_in(&site);
    let token = format!("{}?messageId=m&origin=https://viewer.test", own(&access["service"][0]["id"]));
    let reply = site.ask("GET", &token, &[("Cookie", &cookie), ("Sec-Fetch-Dest", "iframe")]);
    assert_eq!((reply.status, reply.header("X-Frame-Options")), (200, None), "A2-28, X-05");
    let page = String::from_utf8(reply.body).unwrap();
    let (_, rest) = page.split_once(r#""accessToken":""#).expect("a token");
    let bearer = format!("Bearer {}", rest.split('"').next().unwrap());
    assert_eq!(says(&probe, &[viewer, ("Authorization", &bearer)]), 200, "A2-45");
    let head = site.ask("HEAD", &probe, &[viewer, ("Authorization", &bearer)]);
    assert_eq!((head.status, head.body.len()), (200, 0), "X-03");
    assert_eq!(site.ask("GET", TILE, &[("Authorization", &bearer)]).status, 401, "A2-37");
    assert_eq!(site.ask("GET", TILE, &[("Cookie", &cookie)]).status, 200);

    assert_eq!(site.ask("GET", &own(&access["service"][1]["id"]), &[("Cookie", &cookie)]).status, 200);
    assert_eq!(says(&probe, &[("Authorization", &bearer)]), 401, "A2-61");
}

#[test]
fn a_bare_identifier_is_sent_to_its_info_json() {
    let (_iipsrv, _service, site) = start();
    let reply = site.get("/iiif/images/maps%2Fone.tif");
    assert_eq!(reply.status, 303);
    assert_eq!(
        reply.header("Location"),
        Some("https://images.example.org/iiif/images/maps%2Fone.tif/info.json")
    );
}

#[test]
fn x18_without_tilegate_nothing_comes() {
    let (_iipsrv, service, site) = start();
    let cookie = log_in(&site);
    assert_eq!(site.ask("GET", TILE, &[("Cookie", &cookie)]).status, 200);
    drop(service);
    for uri in [TILE, INFO] {
        let reply = site.ask("GET", uri, &[("Cookie", &cookie)]);
        assert!(reply.status >= 500, "{uri}: {}", reply.status);
        assert!(!reply.body.starts_with(&[0xff, 0xd8]));
    }
}

#[test]
fn p7_every_other_protocol_of_iipsrv_is_shut() {
    let (_iipsrv, _service, site) = start();
    let cookie = log_in(&site);
    for uri in [
        "/iiif/images/?FIF=maps/one.tif&CVT=jpeg",
        "/iiif/images/maps/one.tif?IIIF=maps/one.tif/full/64,/0/default.jpg",
        "/iiif/?IIIF=maps/one.tif/full/64,/0/default.jpg",
        "/iiif/images/DeepZoom/maps/one.tif.dzi",
        "/iiif/images/maps/one.tif/TileGroup0/0-0-0.jpg",
        "/fcgi-bin/iipsrv.fcgi?FIF=maps/one.tif&CVT=jpeg",
        "/description/",
        "/query_auth",
        "/_tilegate",
        "/metrics",
    ] {
        let reply = site.ask("GET", uri, &[("Cookie", &cookie)]);
        assert!(matches!(reply.status, 303 | 403 | 404), "{uri}: {}", reply.status);
        assert!(!reply.body.starts_with(&[0xff, 0xd8]), "{uri}");
    }
}
