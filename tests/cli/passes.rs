//! `tilegate pass`, and what `explain` says of one.

use super::*;

const POLICY: &str = r#"
[[condition]]
name = "staff"
pattern = "login"
label = { en = "Staff" }

[[rule]]
mount = "images"
identifier = "letters"
conditions = ["staff"]
"#;
const TILE: &str = "/iiif/images/letters%2F1/full/max/0/default.jpg";

fn site() -> Site {
    let site = Site::new();
    site.import(POLICY).succeeded();
    site
}

/// ID and secret of a new pass.
fn new_pass(site: &Site, more: &[&str]) -> (String, String) {
    let arguments = [&["pass", "new", "--mount", "images", "--prefix", "letters"], more].concat();
    let made = site.run(&arguments);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let (id, secret) = made.out.trim_end_matches('\n').split_once('\t').unwrap();
    assert!(made.err.contains(&format!("https://img.test/auth/share/{secret}")), "{}", made.err);
    (id.to_owned(), secret.to_owned())
}

fn listed(site: &Site, id: &str) -> Vec<String> {
    let list = site.run(&["pass", "list"]).succeeded();
    let line = list.lines().find(|line| line.starts_with(id)).expect("it is listed");
    line.split('\t').map(str::to_owned).collect()
}

#[test]
fn a_pass_is_made_listed_explained_and_revoked() {
    let site = site();
    assert_eq!(site.run(&["pass", "list"]).succeeded(), "");
    let (id, secret) = new_pass(&site, &["--note", "for BIIGLE"]);
    assert_eq!((id.len(), secret.len()), (32, 32));
    let line = listed(&site, &id);
    assert_eq!(line[1..4], ["images", "letters/…", "whatever is asked for"]);
    assert!(line[4].starts_with("until 2"), "{line:?}");
    assert_eq!(line[5..], ["never used", "for BIIGLE"]);
    let counted = new_pass(&site, &["--exact", "--conditions", "staff", "--uses", "3", "--max-px", "2000"]).0;
    let line = listed(&site, &counted);
    assert_eq!(line[2..4], ["letters", "staff, up to 2000 px"]);
    assert!(line[4].ends_with("3 uses left"), "{line:?}");

    let explained = site.run(&["explain", TILE, "--pass", &id]);
    assert_eq!(explained.code, Some(0), "{}", explained.err);
    assert!(explained.out.contains(&format!("the pass `{id}` is enough")), "{}", explained.out);
    let explained = site.run(&["explain", TILE, "--pass", &counted]);
    assert_eq!(explained.code, Some(3), "{}", explained.err);
    assert!(explained.out.contains("and so not for this"), "{}", explained.out);

    assert_eq!(site.run(&["pass", "revoke", &id]).succeeded(), format!("revoked {id}\n"));
    assert!(listed(&site, &id)[4].starts_with("revoked 2"));
    assert_eq!(site.run(&["explain", TILE, "--pass", &id]).code, Some(1));
}

#[test]
fn a_pass_for_an_application_is_told_apart() {
    let site = site();
    let arguments = ["pass", "new", "--mount", "images", "--prefix", "letters", "--makes-passes"];
    let made = site.run(&arguments);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let (id, secret) = made.out.trim_end_matches('\n').split_once('\t').unwrap();
    let told = format!("POST https://img.test/auth/api/passes, Authorization: Bearer tgp_{id}_{secret}");
    assert!(made.err.contains(&told) && !made.err.contains("/auth/share/"), "{}", made.err);
    assert_eq!(listed(&site, id)[3], "makes passes");
    assert_eq!(site.run(&["explain", TILE, "--pass", id]).code, Some(1), "it opens nothing");
    let counted = site.run(&[&arguments[..], &["--uses", "2"]].concat());
    assert_eq!(counted.code, Some(2), "{}", counted.err);
}

#[test]
fn what_is_wrong_with_a_pass_is_named() {
    let site = site();
    for (arguments, told) in [
        (&["--mount", "maps", "--prefix", "a"][..], "--mount: there is no mount `maps`"),
        (&["--mount", "images", "--prefix", "a/../b"], "--prefix"),
        (&["--mount", "images", "--prefix", "a", "--conditions", "nobody"], "no access condition `nobody`"),
        (&["--mount", "images", "--prefix", "a", "--conditions", "open"], "`open` is open or closed"),
        (&["--mount", "images", "--prefix", "a", "--note", "a\nb"], "--note"),
    ] {
        let run = site.run(&[&["pass", "new"], arguments].concat());
        assert_eq!(run.code, Some(1), "{arguments:?}: {}", run.out);
        assert!(run.err.contains(told) && run.err.lines().count() == 1, "{arguments:?}: {}", run.err);
    }
    for (argument, wrong) in [("--expires", "7"), ("--expires", "0d"), ("--uses", "0"), ("--max-px", "1023")]
    {
        let run = site.run(&["pass", "new", "--mount", "images", "--prefix", "a", argument, wrong]);
        assert_eq!(run.code, Some(2), "{argument} {wrong}");
    }
    assert_eq!(site.run(&["pass", "list"]).succeeded(), "");
    assert!(site.run(&["pass", "revoke", "x"]).err.contains("tilegate pass list"));
}

/// The address that carries the secret is told, for each mount that has such; the secret's own line stays the first.
#[test]
fn a_new_pass_tells_its_address_where_there_is_one() {
    let site = site()
        .with("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/files/ default=closed")
        .with("TILEGATE_MOUNT_SAME", "file /same/ file:///srv/files/ rules=files");
    let made = |more: &[&str]| {
        let made = site.run(&[&["pass", "new", "--mount", "files"], more].concat());
        let (out, err) = (made.out.clone(), made.err.clone());
        assert_eq!((made.code, out.lines().count()), (Some(0), 1), "{out}");
        (out.trim_end().split_once('\t').unwrap().1.to_owned(), err)
    };
    let (secret, said) = made(&["--prefix", "letters"]);
    for address in ["https://img.test/files/", "https://img.test/same/"] {
        assert!(said.contains(&format!("{address}tgp_{secret}/\n")), "{said}");
    }
    let (secret, said) = made(&["--prefix", "letters/1 ü.jpg", "--exact"]);
    assert!(said.contains(&format!("https://img.test/files/tgp_{secret}/1%20%C3%BC.jpg\n")), "{said}");
    for more in [&["--prefix", "a", "--uses", "1"][..], &["--prefix", "a", "--max-px", "2000"]] {
        assert!(!made(more).1.contains("/tgp_"), "{more:?}");
    }
    let (_, said) = (0, site.run(&["pass", "new", "--mount", "images", "--prefix", "letters"]).err);
    assert!(!said.contains("img.test/iiif/images/tgp_"), "{said}");
    let explained = site.run(&["explain", &format!("/files/tgp_{secret}/a.jpg")]);
    assert_eq!(explained.code, Some(4), "{}{}", explained.out, explained.err);
}
