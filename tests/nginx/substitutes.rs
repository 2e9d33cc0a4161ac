//! Substitutes, with everything real: NGINX, iipsrv, and `tilegate serve`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::iipsrv::{Iipsrv, vips};
use crate::service::{Service, log_in, prepare};
use crate::site::Site;

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }
    substitute_px = 700

    [[rule]]
    mount = "images"
    identifier = "maps"
    conditions = ["staff"]
"#;

/// Of 5203 x 3301 pixels: neither is a multiple of anything.
const NAME: &str = "maps%2Flarge.tif";
const DIVISOR: u64 = 8;

fn start() -> (Iipsrv, Service, Site) {
    let prepared = prepare();
    let folder = prepared.plan.folder().to_owned();
    let iipsrv = Iipsrv::start(&folder);
    vips(&folder, &["gaussnoise", "large.v", "5203", "3301"]);
    vips(&folder, &["cast", "large.v", "large-grey.v", "uchar"]);
    vips(
        &folder,
        &[
            "tiffsave",
            "large-grey.v",
            "images/maps/large.tif",
            "--tile",
            "--pyramid",
            "--compression",
            "jpeg",
        ],
    );
    let images = format!("image /iiif/images/ fastcgi://127.0.0.1:{}/iiif/", iipsrv.port);
    let one = format!("image /iiif/one/ fastcgi://127.0.0.1:{}/iiif/ iiif_auth=1 rules=images", iipsrv.port);
    let (service, site) = prepared.mount("IMAGES", &images).mount("ONE", &one).start(POLICY);
    (iipsrv, service, site)
}

/// Width and height of a JPEG: those of its frame header (ITU-T T.81, B.2.2).
pub fn pixels(jpeg: &[u8]) -> (u64, u64) {
    assert_eq!(jpeg[..2], [0xff, 0xd8], "a JPEG");
    let mut at = 2;
    loop {
        assert_eq!(jpeg[at], 0xff, "a marker");
        let number = |at: usize| u64::from(u16::from_be_bytes([jpeg[at], jpeg[at + 1]]));
        match jpeg[at + 1] {
            0xc0..=0xc2 => return (number(at + 7), number(at + 5)),
            _ => at += 2 + usize::try_from(number(at + 2)).unwrap(),
        }
    }
}

/// What the info.json advertises: region, width and height of the answer.
fn advertised(info: &Value) -> BTreeSet<(String, u64, u64)> {
    let number = |value: &Value| value.as_u64().unwrap();
    let (width, height) = (number(&info["width"]), number(&info["height"]));
    let sizes = info["sizes"].as_array().unwrap();
    let mut all: BTreeSet<_> = sizes
        .iter()
        .map(|size| ("full".to_owned(), number(&size["width"]), number(&size["height"])))
        .collect();
    let tiles = &info["tiles"][0];
    for factor in tiles["scaleFactors"].as_array().unwrap().iter().map(number) {
        let side = factor * number(&tiles["width"]);
        for y in (0..height).step_by(usize::try_from(side).unwrap()) {
            for x in (0..width).step_by(usize::try_from(side).unwrap()) {
                let (w, h) = (side.min(width - x), side.min(height - y));
                all.insert((format!("{x},{y},{w},{h}"), w.div_ceil(factor), h.div_ceil(factor)));
            }
        }
    }
    all
}

#[test]
fn a2_48_p12_every_advertised_request_is_answered_with_its_size_and_no_other_is() {
    let (_iipsrv, _service, site) = start();
    let low = format!("/iiif/images/substitute-{DIVISOR}~{NAME}");
    let reply = site.ask("GET", &format!("{low}/info.json"), &[("Origin", "https://viewer.test")]);
    assert_eq!((reply.status, reply.all("Access-Control-Allow-Origin")), (200, vec!["*"]), "X-01");
    assert_eq!(reply.header("Cache-Control"), Some("public, max-age=3600"));
    let info: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(info["@id"], format!("https://images.example.org{low}"), "A1-41, X-15");
    assert_eq!((&info["width"], &info["height"]), (&651.into(), &413.into()));

    let all = advertised(&info);
    assert_eq!(all.len(), 6 + 2 + 1 + 3, "the coarsest tile is told as pixels here, and is a size as well");
    for (region, width, height) in &all {
        for size in [format!("{width},"), format!("{width},{height}")] {
            let uri = format!("{low}/{region}/{size}/0/default.jpg");
            let reply = site.ask("GET", &uri, &[("Origin", "https://viewer.test")]);
            assert_eq!((reply.status, reply.header("Content-Type")), (200, Some("image/jpeg")), "{uri}");
            assert_eq!(pixels(&reply.body), (*width, *height), "{uri}");
            assert_eq!(reply.header("Cache-Control"), Some("public, max-age=3600"), "{uri}");
            assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01: {uri}");
        }
        // The same part of the image itself.
        let original = format!("/iiif/images/{NAME}/{region}/{width},{height}/0/default.jpg");
        let reply = site.get(&original);
        assert_eq!(reply.status, 401, "{original}");
        assert!(!reply.body.starts_with(&[0xff, 0xd8]));
    }

    for uri in [
        format!("{low}/full/100,/0/default.jpg"),
        format!("{low}/full/652,/0/default.jpg"),
        format!("{low}/full/5203,/0/default.jpg"),
        format!("{low}/full/!200,200/0/default.jpg"),
        format!("{low}/full/pct:50/0/default.jpg"),
        format!("{low}/full/%5Emax/0/default.jpg"),
        format!("{low}/full/^1302,826/0/default.jpg"),
        format!("{low}/full/max/90/default.jpg"),
        format!("{low}/full/max/!0/default.jpg"),
        format!("{low}/full/max/0/default.png"),
        format!("{low}/full/max/0/gray.jpg"),
        format!("{low}/square/max/0/default.jpg"),
        format!("{low}/1,0,256,256/256,/0/default.jpg"),
        format!("{low}/0,0,64,64/64,/0/default.jpg"),
        format!("{low}/0,0,64,64/256,/0/default.jpg"),
        format!("{low}/0,0,2048,2048/256,/0/default.jpg"),
        format!("/iiif/images/substitute-4~{NAME}/full/max/0/default.jpg"),
        format!("/iiif/images/substitute-16~{NAME}/full/max/0/default.jpg"),
        format!("/iiif/images/substitute-12~{NAME}/full/max/0/default.jpg"),
        format!("/iiif/images/substitute-8~substitute-8~{NAME}/full/max/0/default.jpg"),
        "/iiif/images/substitute-8~maps%2Fnone.tif/full/max/0/default.jpg".to_owned(),
        "/iiif/images/substitute-8~elsewhere.tif/full/max/0/default.jpg".to_owned(),
    ] {
        let reply = site.get(&uri);
        assert_eq!(reply.status, 403, "{uri}");
        assert!(!reply.body.starts_with(&[0xff, 0xd8]), "{uri}");
    }
}

#[test]
fn a1_43_x01_a_viewer_of_version_1_is_sent_to_the_substitute_and_back_after_the_login() {
    let (_iipsrv, _service, site) = start();
    let viewer = ("Origin", "https://viewer.test");
    let full = format!("/iiif/one/{NAME}/info.json");
    let reply = site.ask("GET", &full, &[viewer]);
    assert_eq!((reply.status, reply.body.len()), (302, 0), "A1-43");
    assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01");
    assert_eq!(reply.all("Cache-Control"), ["no-store"], "A1-43");
    let location = reply.header("Location").unwrap().to_owned();
    assert_eq!(location, format!("https://images.example.org/iiif/one/substitute-8~{NAME}/info.json"));
    let low = location.strip_prefix("https://images.example.org").unwrap();
    let reply = site.ask("GET", low, &[viewer]);
    let info: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, &info["width"]), (200, &651.into()));
    assert_eq!(info["service"][0]["@id"], "https://images.example.org/auth/iiif-login", "A1-43");
    let preflight = site.ask("OPTIONS", low, &[viewer, ("Access-Control-Request-Headers", "authorization")]);
    assert_eq!((preflight.status, preflight.all("Access-Control-Allow-Origin")), (204, vec!["*"]), "X-02");
    let bare = site.get(low.strip_suffix("/info.json").unwrap());
    assert_eq!((bare.status, bare.header("Location")), (303, Some(&*location)));

    let cookie = log_in(&site);
    let reply = site.ask("GET", &full, &[("Cookie", &cookie)]);
    let info: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, &info["width"]), (200, &5203.into()), "A1-40");
    let tile = format!("/iiif/one/{NAME}/0,0,512,512/512,/0/default.jpg");
    assert_eq!(site.ask("GET", &tile, &[("Cookie", &cookie)]).status, 200);
}
