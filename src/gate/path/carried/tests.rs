use proptest::prelude::*;

use super::super::file_tests::{PIECES, opened};
use super::super::tests::corpus;
use super::super::{Part, locate};
use super::*;
use crate::policy::mount::{MountKind, Origin};

/// 32 letters, as every secret's text.
const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

fn mount(name: &str, kind: MountKind, prefix: &str) -> Mount {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    Mount::new(name, kind, prefix, origin, "/data/")
}

fn mounts() -> [Mount; 3] {
    [
        mount("files", MountKind::File, "/files/"),
        mount("inner", MountKind::File, "/files/letters/inner/"),
        mount("images", MountKind::Image, "/images/"),
    ]
}

fn scope(identifier: &str, exact: bool) -> Scope {
    Scope { mount: "files".into(), identifier: identifier.into(), exact }
}

/// Mount, identifier and path for what follows the secret.
fn found(scope: &Scope, rest: &[u8]) -> Option<(String, Canonical)> {
    let uri = [format!("/files/tgp_{SECRET}/").as_bytes(), rest].concat();
    let (mounts, mut out) = (mounts(), Canonical::new());
    assert!(locate(&uri, &mounts, &mut out).is_err(), "never by itself");
    let carried = Carried::read(&uri, &mounts)?;
    assert_eq!(carried.secret.spelled(), SECRET);
    let located = carried.locate(scope, &mounts, &mut out);
    if located.is_err() {
        assert_eq!(out, Canonical::new(), "nothing is left over");
    }
    let located = located.ok()?;
    assert_eq!(located.part, Part::File);
    Some((located.mount.name.clone(), out))
}

fn path(scope: &Scope, rest: &str) -> Option<String> {
    found(scope, rest.as_bytes()).map(|(_, out)| out.path.to_string())
}

#[test]
fn p12_the_files_own_path_is_what_may_be_fetched() {
    for (identifier, rest, canonical) in [
        ("letters/1931", "image_001.jpg", "/data/letters/1931/image_001.jpg"),
        ("letters/1931", "a/b%20c.jpg?x=/../y", "/data/letters/1931/a/b%20c.jpg"),
        ("letters/1931", "B\u{fc}cher.jpg", "/data/letters/1931/B%C3%BCcher.jpg"),
        ("100% ü/a", "%61.jpg", "/data/100%25%20%C3%BC/a/a.jpg"),
        ("", "letters/1931/a.jpg", "/data/letters/1931/a.jpg"),
    ] {
        assert_eq!(path(&scope(identifier, false), rest).as_deref(), Some(canonical), "{identifier} {rest}");
    }
    let file = scope("letters/1931/ä 1.jpg", true);
    for rest in ["%C3%A4%201.jpg", "\u{e4}%201%2Ejpg"] {
        assert_eq!(path(&file, rest).as_deref(), Some("/data/letters/1931/%C3%A4%201.jpg"), "{rest}");
    }
    for rest in ["2.jpg", "", "a/%C3%A4%201.jpg", "%C3%A4%201.jpg/", "../1931/%C3%A4%201.jpg"] {
        assert_eq!(path(&file, rest), None, "{rest}");
    }
    assert_eq!(path(&scope("", true), "a"), None);
}

#[test]
fn p2_nothing_leads_out_of_the_scope() {
    let letters = scope("letters", false);
    for rest in [
        "",
        "/",
        "a/",
        "..",
        "../private/a",
        "a/../../private/a",
        "%2e%2e/private/a",
        "..%2fprivate%2fa",
        "..%5cprivate",
        "%252e%252e/private/a",
        "..;/private/a",
        "//private/a",
        "./a",
        ".htaccess",
        "a%00",
        "a b",
        "a%0ab",
        "%",
        "a%2fb",
    ] {
        assert_eq!(path(&letters, rest), None, "{rest}");
    }
    // Another mount's file has an address of its own.
    assert_eq!(path(&letters, "inner/a"), None);
    assert_eq!(path(&scope("", false), "letters/inner/a"), None);
    let innermost = path(&scope("", false), "letters/innermost/a");
    assert_eq!(innermost.as_deref(), Some("/data/letters/innermost/a"));
    let other = Scope { mount: "images".into(), ..scope("letters", false) };
    assert_eq!(path(&other, "a"), None);
    // No file is found by such a name, so neither with a scope that has one.
    assert_eq!(path(&scope("letters/.git", false), "config"), None);
    assert_eq!(path(&scope("", false), &format!("tgp_{SECRET}/a")), None);
}

#[test]
fn p9_a_name_that_begins_so_is_no_files_however_it_is_spelled() {
    let mounts = mounts();
    let one = format!("tgp_{SECRET}/a");
    for rest in [
        one.clone(),
        format!("tgp_{SECRET}"),
        format!("tgp_{SECRET}x/a"),
        format!("%74gp_{SECRET}/a"),
        format!("t%67p%5F{SECRET}/a"),
        "tgp_/a".to_owned(),
        "tgp_notes.txt".to_owned(),
    ] {
        let uri = format!("/files/{rest}");
        let located = locate(uri.as_bytes(), &mounts, &mut Canonical::new());
        assert_eq!(located.err(), Some(BadPath::OfPass), "{rest}");
        assert_eq!(Carried::read(uri.as_bytes(), &mounts).is_some(), rest == one, "one spelling: {rest}");
    }
    for name in ["tgp", "a/tgp_x", "TGP_x", "tgpx", "%74", "%"] {
        let found = locate(format!("/files/{name}").as_bytes(), &mounts, &mut Canonical::new());
        assert_ne!(found.err(), Some(BadPath::OfPass), "{name}");
    }
    let image = format!("/images/tgp_{SECRET}/full/max/0/default.jpg");
    assert!(locate(image.as_bytes(), &mounts, &mut Canonical::new()).is_ok(), "an image mount has none");
    assert!(Carried::read(image.as_bytes(), &mounts).is_none());
}

/// What is found lies in the scope, by the reading of a file server that knows nothing of passes, and is what the
/// file's own address leads to.
fn is_refused_or_within(rest: &[u8]) -> bool {
    let shown = rest.escape_ascii();
    let mut any = false;
    for identifier in ["letters", "letters/1931", "a b/ü", ""] {
        let scope = scope(identifier, false);
        let Some((mount, out)) = found(&scope, rest) else { continue };
        let within = if identifier.is_empty() { String::new() } else { format!("{identifier}/") };
        assert_eq!(opened(&out.path).as_deref(), Some(out.identifier.as_str()), "{shown}");
        let below = out.identifier.strip_prefix(within.as_str());
        assert!(below.is_some_and(|below| !below.is_empty()), "{shown}: {}", out.identifier);
        let own = out.path.replacen("/data/", "/files/", 1);
        let (mounts, mut again) = (mounts(), Canonical::new());
        let located = locate(own.as_bytes(), &mounts, &mut again).map(|located| located.mount.name.clone());
        assert_eq!(located, Ok(mount), "{shown}");
        assert_eq!(again, out, "{shown}");
        any = true;
    }
    any
}

#[test]
fn p2_p9_the_corpus_stays_within_the_scope_or_is_refused() {
    let count = corpus().into_iter().filter(|(_, rest)| is_refused_or_within(rest)).count();
    assert!(count > 50, "{count}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn p2_p12_whatever_follows_stays_within_the_scope(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..8),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        is_refused_or_within(pieces.concat().as_bytes());
        is_refused_or_within(&bytes);
    }
}
