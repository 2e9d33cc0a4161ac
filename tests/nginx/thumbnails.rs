//! Thumbnails of locked images, with everything real: NGINX, iipsrv, and `tilegate serve`.

use crate::iipsrv::{Iipsrv, vips};
use crate::service::{log_in, prepare};
use crate::substitutes::pixels;

const POLICY: &str = r#"
    [[condition]]
    name = "staff"
    pattern = "login"
    label = { en = "Staff of images.example.org" }
    thumbnail_px = 200

    [[rule]]
    mount = "images"
    identifier = "maps"
    conditions = ["staff"]

    [[rule]]
    mount = "images"
    identifier = "maps/plan.tif"
    conditions = ["staff"]
    operations = ["view"]
"#;

#[test]
fn u3_what_is_open_is_at_most_so_large_and_the_rest_is_not_open() {
    let prepared = prepare();
    let folder = prepared.plan.folder().to_owned();
    let iipsrv = Iipsrv::start(&folder);
    vips(&folder, &["gaussnoise", "grey.v", "2203", "1301"]);
    vips(&folder, &["cast", "grey.v", "byte.v", "uchar"]);
    for name in ["large.tif", "plan.tif"] {
        let file = format!("images/maps/{name}");
        vips(&folder, &["tiffsave", "byte.v", &file, "--tile", "--pyramid", "--compression", "jpeg"]);
    }
    vips(&folder, &["extract_area", "byte.v", "small.v", "0", "0", "120", "90"]);
    vips(&folder, &["tiffsave", "small.v", "images/maps/small.tif", "--tile", "--compression", "jpeg"]);
    let images = format!("image /iiif/images/ fastcgi://127.0.0.1:{}/iiif/", iipsrv.port);
    let (_service, site) = prepared.mount("IMAGES", &images).start(POLICY);
    let uri = |rest: &str| format!("/iiif/images/maps%2F{rest}/0/default.jpg");

    for (rest, size) in [
        ("large.tif/full/200,", (200, 118)),
        ("large.tif/full/,118", (200, 118)),
        ("large.tif/full/!200,200", (200, 118)),
        ("large.tif/full/200,118", (200, 118)),
        ("large.tif/full/pct:5", (110, 65)),
        ("small.tif/full/max", (120, 90)),
        ("small.tif/full/full", (120, 90)),
    ] {
        let reply = site.ask("GET", &uri(rest), &[("Origin", "https://viewer.test")]);
        assert_eq!(
            (reply.status, reply.header("Cache-Control")),
            (200, Some("public, max-age=3600")),
            "{rest}"
        );
        assert_eq!(reply.all("Access-Control-Allow-Origin"), ["*"], "X-01: {rest}");
        let (width, height) = pixels(&reply.body);
        // The image server rounds down where we round to the nearest.
        assert!(width.abs_diff(size.0) <= 1 && height.abs_diff(size.1) <= 1, "{rest}: {width} x {height}");
        assert!(width <= 200 && height <= 200, "{rest}: {width} x {height}");
    }
    for rest in [
        "large.tif/full/201,",
        "large.tif/full/,200",
        "large.tif/full/max",
        "large.tif/full/full",
        "large.tif/full/pct:10",
        "large.tif/full/200,200",
        "large.tif/0,0,2203,1301/200,",
        "large.tif/0,0,200,200/max",
        "large.tif/pct:0,0,100,100/200,",
        "small.tif/full/200,",
        "small.tif/full/%5E200,",
        "none.tif/full/200,",
    ] {
        let reply = site.get(&uri(rest));
        assert_eq!(reply.status, 401, "{rest}");
        assert!(!reply.body.starts_with(&[0xff, 0xd8]), "{rest}");
    }

    let cookie = log_in(&site);
    for (rest, status) in [
        ("plan.tif/0,0,512,512/512,", 200),
        ("plan.tif/full/1000,", 200),
        ("plan.tif/full/1025,", 403),
        ("plan.tif/full/max", 403),
        ("plan.tif/1,1,2202,1300/max", 403),
        ("large.tif/full/max", 200),
    ] {
        let reply = site.ask("GET", &uri(rest), &[("Cookie", &cookie)]);
        assert_eq!(reply.status, status, "{rest}");
        assert_eq!(reply.body.starts_with(&[0xff, 0xd8]), status == 200, "{rest}");
    }
}
