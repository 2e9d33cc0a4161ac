//! `tilegate policy coverage`.

use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{Outcome, POLICY, Site};

/// A site whose folder `images` has some, and a policy with a rule and a condition that are about nothing.
fn furnished() -> Site {
    let site = Site::furnished();
    let more = "[[condition]]\nname = \"guest\"\npattern = \"kiosk\"\nlabel = { en = \"Guests\" }\n\n\
                [[rule]]\nmount = \"images\"\nidentifier = \"plans\"\nconditions = [\"staff\"]\n";
    site.import(&format!("{}\n{more}", POLICY.split_once("[[test]]").unwrap().0)).succeeded();
    for name in [
        "open/map.tif",
        "letters/1931",
        "maps/a & b.TIF",
        "maps/c.jpg",
        "maps/notes.txt",
        "maps/d;e.tif",
        ".trash/f.tif",
    ] {
        let path = site.path("images").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    site
}

fn coverage(site: &Site, arguments: &[&str]) -> Outcome {
    site.run(&[&["policy", "coverage", "--mount", "images"], arguments].concat())
}

fn folder(site: &Site) -> String {
    site.path("images").to_str().unwrap().to_owned()
}

#[test]
fn coverage_says_which_images_no_rule_is_about_and_which_rules_are_about_none() {
    let site = furnished();
    let said = coverage(&site, &["--folder", &folder(&site)]).succeeded();
    assert_eq!(
        said,
        "3 identifiers of the mount `images` were looked at.\n\
         Without a rule in force, so that the mount's default `closed` decides: 2\n  \
           maps/a & b.TIF\n  \
           maps/c.jpg\n\
         With a name that no request can have: 1\n  \
           maps/d;e.tif: the identifier has a `;` in it, which servers cut at\n\
         Rules that are about nothing of what was given: 3\n  \
           rule 2 (`letters` and everything below it: staff or reader), noted “all \"letters\"”\n  \
           rule 3 (`letters/1931` exactly: closed, from 1990-01-01, until 2041-01-01), noted “donor agreement 17”\n  \
           rule 4 (`plans` and everything below it: staff)\n\
         Conditions that no account, no device and no network has: 2\n  \
           reader\n  \
           guest\n\
         Conditions that no rule and no mount names: 1\n  \
           guest\n\
         9 findings.\n"
    );
    let strict = coverage(&site, &["--folder", &folder(&site), "--strict"]);
    assert_eq!((strict.code, strict.out), (Some(1), said));
}

#[test]
fn without_findings_strict_is_satisfied() {
    let site = Site::furnished();
    site.add("bob", "reader");
    let clean = coverage(&site, &["--strict"]).succeeded();
    assert_eq!(
        clean,
        "Without --folder or --manifest no names are looked at, nor what rules are about.\nNo findings.\n"
    );
    for name in ["open/a.tif", "letters/1931.tif"] {
        fs::create_dir_all(site.path("images").join(name).parent().unwrap()).unwrap();
        fs::write(site.path("images").join(name), "").unwrap();
    }
    let said = coverage(&site, &["--folder", &folder(&site), "--strict"]);
    assert_eq!(said.code, Some(1), "rule 3 is about letters/1931 without an extension");
    fs::write(site.path("images").join("letters/1931"), "").unwrap();
    assert!(said.out.ends_with("1 finding.\n"), "{}", said.out);
    // What has no extension of an image is none, as far as a folder tells.
    let again = coverage(&site, &["--folder", &folder(&site), "--strict"]);
    assert_eq!((again.code, again.out), (Some(1), said.out));
}

#[test]
fn coverage_looks_at_what_manifests_show() {
    let site = furnished();
    let manifest = |name: &str, ids: &[&str]| {
        let canvas = |id: &&str| {
            serde_json::json!({ "id": format!("{id}/canvas"), "type": "Canvas", "items": [{ "type": "AnnotationPage",
                "items": [{ "type": "Annotation", "body": { "id": format!("{id}/full/max/0/default.jpg"),
                    "type": "Image", "service": [{ "id": id, "type": "ImageService3" }] } }] }] })
        };
        let canvases: Vec<_> = ids.iter().map(canvas).collect();
        let text = serde_json::json!({ "@context": "http://iiif.io/api/presentation/3/context.json",
            "id": "https://img.test/m", "type": "Manifest", "items": canvases });
        site.file(name, &text.to_string())
    };
    let one = manifest(
        "one.json",
        &["https://img.test/iiif/images/maps%2F7", "https://img.test/iiif/images/letters%2F1931"],
    );
    let two = manifest("two.json", &["https://img.test/iiif/images/maps%2F7", "https://elsewhere.test/x"]);
    let outcome = coverage(&site, &["--manifest", &one, "--manifest", &two, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&outcome.succeeded()).unwrap();
    assert_eq!(told["looked_at"], 2);
    assert_eq!(told["unmatched"], serde_json::json!(["maps/7"]));
    assert_eq!(told["elsewhere"], serde_json::json!(["https://elsewhere.test/x"]));
    let unused = told["unused_rules"].as_array().unwrap().iter().map(|rule| rule["number"].as_u64().unwrap());
    assert_eq!(unused.collect::<Vec<_>>(), [1, 4]);
    assert_eq!(told["findings"], 6);

    let broken = site.file("broken.json", "{");
    for file in [broken.as_str(), "gone.json"] {
        let error = coverage(&site, &["--manifest", file]).failed();
        assert!(error.contains(file) && error.contains("cannot be read"), "{error}");
    }
}

#[test]
fn the_list_is_bounded_and_all_are_counted() {
    let site = furnished();
    for number in 0..150 {
        fs::write(site.path("images").join(format!("maps/{number:03}.png")), "").unwrap();
    }
    let said = coverage(&site, &["--folder", &folder(&site)]).succeeded();
    assert!(
        said.contains("decides: 152\n") && said.contains("  and 52 more; --json has all of them\n"),
        "{said}"
    );
    assert!(said.contains("maps/099.png") && !said.contains("maps/100.png"), "{said}");
    let all = coverage(&site, &["--folder", &folder(&site), "--json"]).succeeded();
    let told: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(told["unmatched"].as_array().unwrap().len(), 152);
}

#[test]
fn links_are_followed_and_circles_end() {
    let site = furnished();
    let images = site.path("images");
    fs::create_dir(site.path("shelf")).unwrap();
    fs::write(site.path("shelf").join("s.tif"), "").unwrap();
    symlink(site.path("shelf"), images.join("linked")).unwrap();
    symlink(&images, images.join("maps/circle")).unwrap();
    symlink("/nowhere/at/all.tif", images.join("maps/nothing.tif")).unwrap();
    let odd = std::ffi::OsString::from_vec(b"maps/\xff.tif".to_vec());
    fs::write(images.join(odd), "").unwrap();
    let said = coverage(&site, &["--folder", &folder(&site)]).succeeded();
    assert!(said.contains("  linked/s.tif\n") && said.contains("its name is not UTF-8"), "{said}");
    assert!(!said.contains("circle") && !said.contains("maps/nothing"), "{said}");
    let gone = coverage(&site, &["--folder", "/nowhere/at/all"]).failed();
    assert!(gone.contains("/nowhere/at/all: cannot be read"), "{gone}");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_looked_at() {
    let site = furnished();
    let images = site.path("images");
    symlink("itself.tif", images.join("itself.tif")).unwrap();
    let theirs = images.join("lost+found");
    fs::create_dir(&theirs).unwrap();
    fs::set_permissions(&theirs, fs::Permissions::from_mode(0o000)).unwrap();
    let is_readable = fs::read_dir(&theirs).is_ok();
    let said = coverage(&site, &["--folder", &folder(&site)]).succeeded();
    let all = coverage(&site, &["--folder", &folder(&site), "--json"]).succeeded();
    fs::set_permissions(&theirs, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(said.contains("Not looked into, because it cannot be read: "), "{said}");
    assert!(said.contains("  itself.tif: ") && said.contains("  maps/c.jpg\n"), "{said}");
    // Root reads everything.
    assert!(is_readable || said.contains("  lost+found: Permission denied"), "{said}");
    let told: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(told["not_looked_into"][0]["name"], "itself.tif");
    assert_eq!(told["findings"], if is_readable { 10 } else { 11 });
}

#[test]
fn other_kinds_of_mounts_have_other_names() {
    let site = furnished()
        .with("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ rules=images")
        .with("TILEGATE_MOUNT_BOOKS", "manifest /books/ http://127.0.0.1:9/ server=digilib rules=images");
    let of = |mount: &str| {
        let arguments = ["policy", "coverage", "--mount", mount, "--folder", &folder(&site)];
        site.run(&arguments).succeeded()
    };
    let files = of("files");
    assert!(files.contains("  maps/notes.txt\n"), "{files}");
    let all = ["books", "images"].map(|name| files.contains(name));
    assert_eq!(all, [true; 2], "the other mounts with these rules are named: {files}");
    let books = of("books");
    assert!(books.contains("3 identifiers") && books.contains("decides: 1\n  maps\n"), "{books}");
    let unknown = site.run(&["policy", "coverage", "--mount", "plans"]).failed();
    assert!(unknown.contains("--mount plans") && unknown.contains("images"), "{unknown}");
}
