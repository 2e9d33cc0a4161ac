//! Under a file mount everything is a file's name.

use arrayvec::ArrayVec;
use proptest::prelude::*;

use super::tests::corpus;
use super::*;
use crate::policy::mount::{Bucket, Origin};

const PREFIX: &str = "/files/";
/// At the origin; a folder's is `/`.
const THERE: &str = "/data/";

fn mount(prefix: &str) -> Mount {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    Mount::new("files", MountKind::File, prefix, origin, THERE)
}

fn locate_file(uri: &[u8]) -> Result<Canonical, BadPath> {
    let mut out = Canonical::new();
    let part = locate(uri, &[mount(PREFIX)], &mut out)?.part;
    assert_eq!(part, Part::File);
    Ok(out)
}

fn written(rest: &str) -> Result<String, BadPath> {
    locate_file(format!("{PREFIX}{rest}").as_bytes()).map(|out| out.path.to_string())
}

fn decoded(text: &str) -> Option<String> {
    let mut buffer = ArrayVec::<u8, MAX_IDENTIFIER>::new();
    decode_once(text, &mut buffer).ok().map(str::to_owned)
}

/// The file that an origin opens for a path. Origins differ, and whatever they differ in may not
/// be in the path: what cuts it, what is a space to some, what climbs, what a second decoding changes.
pub(super) fn opened(path: &str) -> Option<String> {
    let rest = path.strip_prefix(THERE)?;
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:,%/".contains(&byte);
    assert!(rest.bytes().all(safe) && !rest.to_lowercase().contains("%2f"), "{path}");
    let name = decoded(rest)?;
    assert!(decoded(&name).is_none_or(|again| again == name), "{path} is another name when decoded twice");
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with("..");
    (name.split('/').all(plain) && !name.contains(['\\', '\0'])).then_some(name)
}

fn refused_or_opened_as_judged(uri: &[u8]) -> bool {
    let Ok(out) = locate_file(uri) else { return false };
    let shown = uri.escape_ascii();
    assert_eq!(opened(&out.path).as_deref(), Some(out.identifier.as_str()), "{shown}");
    let mut again = Canonical::new();
    let own = [mount(THERE)];
    let located = locate(out.path.as_bytes(), &own, &mut again).unwrap();
    assert_eq!((located.part, &again), (Part::File, &out), "{shown}");
    // P3, P12: a query is as if it were not there.
    if !uri.contains(&b'?') {
        assert_eq!(locate_file(&[uri, b"?x=/../y"].concat()).as_ref(), Ok(&out));
    }
    true
}

#[test]
fn a_file_is_fetched_by_our_own_spelling() {
    for (rest, path) in [
        ("a/b.pdf", "/data/a/b.pdf"),
        ("%61/b%2Epdf?x=/../c", "/data/a/b.pdf"),
        ("B\u{fc}cher und mehr%3F.pdf".replace(' ', "%20").as_str(), "/data/B%C3%BCcher%20und%20mehr%3F.pdf"),
        ("100%25+%23.mp4", "/data/100%25%2B%23.mp4"),
        // Nothing here is a part of an image.
        ("a/info.json", "/data/a/info.json"),
        ("info.json", "/data/info.json"),
        ("a/full/max/0/default.jpg", "/data/a/full/max/0/default.jpg"),
        ("a/manifest.json", "/data/a/manifest.json"),
    ] {
        assert_eq!(written(rest).as_deref(), Ok(path), "{rest}");
    }
    let out = locate_file(b"/files/100%25%20a/b+c.mp4").unwrap();
    assert_eq!(out.identifier.as_str(), "100% a/b+c.mp4");
}

#[test]
fn p2_what_is_no_files_name_is_refused() {
    for rest in ["", "/", "a/", "a/?x", "a/b//"] {
        assert_eq!(written(rest), Err(BadPath::TrailingSlash), "no listing: {rest}");
    }
    for (rest, why) in [
        ("a/../b", BadIdentifier::ParentSegment),
        ("..%2fb", BadIdentifier::EncodedSlash),
        ("a%2Fb", BadIdentifier::EncodedSlash),
        ("a%252Fb", BadIdentifier::DoubleEncoding),
        ("a;b", BadIdentifier::Semicolon),
        ("a%5Cb", BadIdentifier::Backslash),
        ("a%00.pdf", BadIdentifier::ControlCharacter),
        ("a/.git/config", BadIdentifier::HiddenSegment),
        ("a//b.pdf", BadIdentifier::EmptySegment),
        ("./b.pdf", BadIdentifier::EmptySegment),
    ] {
        assert_eq!(written(rest), Err(why.into()), "{rest}");
    }
    for rest in ["a b", "a#b", "a\u{7f}b"] {
        assert_eq!(written(rest), Err(BadPath::NotAPath), "{rest}");
    }
}

#[test]
fn p2_the_mount_is_found_in_the_raw_path_only() {
    for uri in ["/files", "/files%2Fa", "/f%69les/a", "//files/a", "/x/../files/a", "/FILES/a"] {
        assert_eq!(locate_file(uri.as_bytes()), Err(BadPath::NoMount), "{uri}");
    }
}

#[test]
fn n6_a_path_over_4_kb_is_refused() {
    assert!(written(&"%20".repeat(1300)).is_ok());
    assert_eq!(written(&"%20".repeat(1400)), Err(BadIdentifier::TooLong.into()));
}

#[test]
fn p2_p9_the_corpus_is_refused_or_opened_as_judged() {
    let opened = |rest: &Vec<u8>| refused_or_opened_as_judged(&[PREFIX.as_bytes(), rest].concat());
    let count = corpus().into_iter().filter(|(_, rest)| opened(rest)).count();
    assert!(count > 50, "{count}");
}

/// Pieces of names, nasty and plain, that are strung together.
pub(super) const PIECES: &[&str] = &[
    "private",
    "open",
    "a",
    "b.pdf",
    "film.mp4",
    "/",
    "/",
    "//",
    "%2F",
    "%2f",
    ".",
    "..",
    "/./",
    "/../",
    "%2e",
    "%2E%2e",
    "%25",
    "%252F",
    "%252e",
    "%255c",
    "%2525",
    "%",
    "%4",
    "\\",
    "%5c",
    ";",
    "%3B",
    "+",
    "%2B",
    "?",
    "%3F",
    "#",
    "%23",
    "%00",
    "%0A",
    "%7f",
    " ",
    "%20",
    "&",
    "%26",
    "=",
    "!",
    "%21",
    "é",
    "%C3%A9",
    "%C3",
    "%E9",
    "%EF%BC%8F",
    "\u{85}",
    "~",
    ":",
    ",",
    "$",
    "*",
    "[a]",
    "\"",
    "info.json",
    "/full/max/0/default.jpg",
];

fn uris(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(pieces), 0..8)
        .prop_map(|pieces| format!("{PREFIX}{}", pieces.concat()).into_bytes())
}

const TAME: &[&str] =
    &["a", "b.pdf", "/", "%20", "é", "%C3%A9", "%25", "%3F", "%23", "+", "%2B", "!", "&", "%3D", "%61", "."];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn p2_p9_p12_file_uris_are_refused_or_opened_as_judged(nasty in uris(PIECES), tame in uris(TAME)) {
        refused_or_opened_as_judged(&nasty);
        refused_or_opened_as_judged(&tame);
    }

    /// P9, P12: two spellings of one name have one canonical path, and two names never the same.
    #[test]
    fn p12_one_name_has_one_path(one in uris(TAME), other in uris(TAME)) {
        if let (Ok(one), Ok(other)) = (locate_file(&one), locate_file(&other)) {
            prop_assert_eq!(one.identifier == other.identifier, one.path == other.path);
        }
    }

    #[test]
    fn p1_any_bytes_are_refused_or_opened_as_judged(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "[ -~]{0,60}",
    ) {
        for rest in [&bytes[..], text.as_bytes()] {
            refused_or_opened_as_judged(&[PREFIX.as_bytes(), rest].concat());
        }
    }
}

/// In a bucket: the path is spelled as it is signed, with the bucket's folder or without.
#[test]
fn an_object_is_fetched_by_the_path_that_is_signed() {
    let mount = |path_style: bool| {
        let origin = Origin::Http { tls: true, authority: "s3.example.org".to_owned() };
        let bucket = Bucket { bucket: "b.1".to_owned(), path_style, ..Bucket::default() };
        Mount { bucket: Some(bucket), ..Mount::new("v", MountKind::S3, "/v/", origin, "/em,1/") }
    };
    let located = |rest: &str, path_style: bool| -> Result<(String, String), BadPath> {
        let mut out = Canonical::new();
        let uri = format!("/v/{rest}");
        let part = locate(uri.as_bytes(), &[mount(path_style)], &mut out)?.part;
        assert_eq!(part, Part::File);
        Ok((out.identifier.to_string(), out.path.to_string()))
    };
    for (rest, name, path) in [
        ("a.zarr/.zarray", "a.zarr/.zarray", "a.zarr/.zarray"),
        ("0/1:2%20x?list-type=2", "0/1:2 x", "0/1%3A2%20x"),
        ("a?X-Amz-Signature=1&versionId=2", "a", "a"),
        ("B%c3%bc+!=%25.bin", "Bü+!=%.bin", "B%C3%BC%2B%21%3D%25.bin"),
        ("info.json", "info.json", "info.json"),
    ] {
        assert_eq!(located(rest, false), Ok((name.to_owned(), format!("/em%2C1/{path}"))), "{rest}");
        assert_eq!(located(rest, true), Ok((name.to_owned(), format!("/b.1/em%2C1/{path}"))), "{rest}");
    }
    for (rest, why) in [
        ("", BadPath::TrailingSlash),
        ("?list-type=2", BadPath::TrailingSlash),
        ("a/", BadPath::TrailingSlash),
        ("a//b", BadIdentifier::EmptySegment.into()),
        ("../other/b", BadIdentifier::ParentSegment.into()),
        ("%2e%2e/b", BadIdentifier::ParentSegment.into()),
        ("..%2fb", BadIdentifier::EncodedSlash.into()),
        ("a%00", BadIdentifier::ControlCharacter.into()),
        ("a%0d%0aX: y", BadPath::NotAPath),
        ("a%0d%0ax", BadIdentifier::ControlCharacter.into()),
        ("a%5cb", BadIdentifier::Backslash.into()),
        ("a%252fb", BadIdentifier::DoubleEncoding.into()),
        ("a".repeat(1020).as_str(), BadIdentifier::TooLong.into()),
    ] {
        assert_eq!(located(rest, true), Err(why), "{rest}");
    }
}
