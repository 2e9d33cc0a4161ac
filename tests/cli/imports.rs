//! `tilegate policy import` with what archives have.

use crate::{POLICY, Site};

const HEADER: &str = "mount,identifier,match,conditions,from,until,note";

fn import(site: &Site, arguments: &[&str]) -> String {
    site.run(&[&["policy", "import"], arguments].concat()).succeeded()
}

/// The error of an import that is refused whole.
#[track_caller]
fn refused(site: &Site, arguments: &[&str]) -> String {
    let before = site.export();
    let outcome = site.run(&[&["policy", "import"], arguments].concat());
    assert_eq!((outcome.code, outcome.out.as_str()), (Some(1), ""), "{}", outcome.err);
    assert_eq!(site.export(), before);
    outcome.err
}

#[test]
fn a_sheet_with_a_source_replaces_the_rules_of_that_source_and_no_others() {
    let site = Site::furnished();
    let sheet = |rows: &str| site.file("list.csv", &format!("{HEADER}\n{rows}"));
    let file =
        sheet("images,maps/1,exact,staff,,,\nimages,maps/2,exact,reader,,,\nimages,maps/3,exact,open,,,\n");
    let said = import(&site, &["--source", "list", &file]);
    assert!(said.ends_with("rules: 3 before, 6 now; list: + 3, - 0, 0 changed\n"), "{said}");
    assert!(site.export().starts_with(POLICY.split_once("[[test]]").unwrap().0), "what was there stays");

    let file =
        sheet("images,maps/1,exact,staff,,,\nimages,maps/2,exact,closed,,,\nimages,maps/4,exact,open,,,\n");
    let before = site.export();
    let would = import(&site, &["--source", "list", "--dry-run", &file]);
    assert!(would.starts_with("would import ") && would.contains("list: + 1, - 1, 1 changed"), "{would}");
    assert_eq!(site.export(), before, "a dry run changes nothing");
    let said = import(&site, &["--source", "list", &file]);
    assert_eq!(said.replace("imported", "would import"), would, "and says the same figures");
    let exported = site.export();
    assert!(exported.contains("maps/4") && !exported.contains("maps/3"), "{exported}");
    assert_eq!(exported.matches("source = \"list\"").count(), 3);
    let again = import(&site, &["--source", "list", &file]);
    assert!(again.contains("list: + 0, - 0, 0 changed"), "{again}");
    assert_eq!(site.export(), exported);

    // The whole comes back as it was.
    let file = site.file("export.toml", &exported);
    import(&site, &[&file]);
    assert_eq!(site.export(), exported);
    // Without a source a sheet replaces all rules, as ever.
    let file = sheet("images,letters,prefix,closed,,,\n");
    let error = refused(&site, &[&file]);
    assert!(error.contains("list.csv: 1 of its 2 tests fail"), "{error}");
}

#[test]
fn what_sources_disagree_about_is_told_and_the_stricter_counts() {
    let site = Site::furnished();
    let list = site.file("list.csv", &format!("{HEADER}\nimages,maps,prefix,staff,,,\n"));
    import(&site, &["--source", "list", &list]);
    let other = site.file("other.csv", &format!("{HEADER}\nimages,maps/1,exact,open,,,\n"));
    let said = import(&site, &["--source", "other", &other]);
    let told = "1 place where sources disagree, and the stricter counts:\n  \
                images/maps/1: list says staff, other says open; what counts is staff\n";
    assert!(said.ends_with(told), "{said}");
    let verdict = |url: &str| site.explain(&[url]).code;
    assert_eq!(verdict("/iiif/images/maps%2F1/full/max/0/default.jpg"), Some(3));
    // What was written for that goes when its cause does.
    let none = site.file("none.csv", &format!("{HEADER}\n"));
    let said = import(&site, &["--source", "list", &none]);
    assert!(!said.contains("disagree"), "{said}");
    assert!(!site.export().contains("stricter"));
    assert_eq!(verdict("/iiif/images/maps%2F1/full/max/0/default.jpg"), Some(0));
}

#[test]
fn options_that_would_mean_nothing_are_refused() {
    let site = Site::furnished();
    let sheet = site.file("list.csv", &format!("{HEADER}\n"));
    let policy = site.file("policy.toml", POLICY);
    for (arguments, word) in [
        (&["--source", "list", &*policy][..], "--source means nothing for files of the kind toml"),
        (&["--range", "a=open", &sheet], "--range means nothing for files of the kind csv"),
        (&["--map", "gone.toml", &sheet], "--map means nothing"),
        (&["--source", "stricter", &sheet], "makes itself"),
        (&["--source", " ", &sheet], "no name"),
        (&[&sheet, &policy], "several kinds, csv and toml"),
        (&[&sheet, &sheet], "one policy file or sheet at a time"),
    ] {
        let error = refused(&site, arguments);
        assert!(error.contains(word), "{error}");
    }
    let own = site
        .file("own.csv", &format!("{HEADER},operations,whole_image_px,source\nimages,a,,open,,,,,,mets\n"));
    let error = refused(&site, &["--source", "list", &own]);
    assert!(error.contains("rule 1 (`a`) has the source `mets`"), "{error}");
}

#[test]
fn a_sheet_of_100_000_rows_is_taken() {
    let site = Site::furnished();
    let row = |number| format!("images,series/{}/{number},exact,staff,,,\n", number / 100);
    let rows = (0..100_000).map(row).collect::<Vec<_>>().concat();
    let file = site.file("long.csv", &format!("{HEADER}\n{rows}"));
    let outcome = site.run(&["policy", "import", "--source", "series", &file]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.err);
    assert!(outcome.out.contains("series: + 100000, - 0, 0 changed"), "{}", outcome.out);
    // Whatever it says of its progress are counted lines; a quick machine says nothing.
    assert!(outcome.err.lines().all(|line| line.ends_with(" …")), "{}", outcome.err);
    assert_eq!(site.explain(&["/iiif/images/series%2F999%2F99999/full/max/0/default.jpg"]).code, Some(3));
}
