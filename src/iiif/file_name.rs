//! The name of a file under a file mount: the whole rest of the path, folder by folder.
//!
//! A file server opens what the name says, so a name is read as a file server reads it: split at
//! the `/` that were typed, every segment decoded once. Whatever a file may be called is a name (`+`,
//! `#`, `?`, a lone `%`), except for what some server somewhere would take for something else:
//!
//! * `%2F` within a segment, and a `\`: a separator to some servers and a character to others;
//! * a `%` that begins another escape (`%252F`): a server that decodes twice reads another name;
//! * `;`, where Java servers cut;
//! * segments that are empty or `.`, that end in `..`, or that begin with `.` as hidden files do: but for the four
//!   that Zarr keeps its descriptions in.

use super::identifier::{
    BadIdentifier, Identifier, ImageServer, MAX_IDENTIFIER, OriginPath, decode_once, is_escape,
};
use arrayvec::ArrayVec;

/// The documents of an array or a group in Zarr version 2, which no reader opens without them.
const OF_ZARR: [&str; 4] = [".zarray", ".zattrs", ".zgroup", ".zmetadata"];

/// Reads a file's name as it stands in a URL, still percent-encoded, into its one decoded form.
///
/// # Errors
/// If a server could read it in another way. `out` then holds nothing of use.
pub fn read(raw: &str, out: &mut Identifier) -> Result<(), BadIdentifier> {
    read_visible_or_not(raw, out)?;
    let mut segments = out.rsplit('/');
    // They are files, so never a folder on the way to one.
    let last = segments.next().filter(|last| !OF_ZARR.contains(last));
    if last.into_iter().chain(segments).any(|segment| segment.starts_with('.')) {
        return Err(BadIdentifier::HiddenSegment);
    }
    Ok(())
}

/// The same, also where a segment begins with `.`.
pub(super) fn read_visible_or_not(raw: &str, out: &mut Identifier) -> Result<(), BadIdentifier> {
    out.clear();
    if raw.as_bytes().windows(3).any(|three| three.eq_ignore_ascii_case(b"%2F")) {
        return Err(BadIdentifier::EncodedSlash);
    }
    let mut buffer = ArrayVec::<u8, MAX_IDENTIFIER>::new();
    let name = decode_once(raw, &mut buffer)?;
    refuse(name)?;
    out.try_push_str(name).map_err(|_| BadIdentifier::TooLong)
}

/// Appends the spelling of a name that every file server reads as this name.
///
/// # Errors
/// If it is too long.
pub fn write(name: &str, out: &mut OriginPath) -> Result<(), BadIdentifier> {
    ImageServer::Generic.write_manifest(name, out)
}

/// Brings the name in a rule (decoded, segments joined by `/`) into the form that requests are
/// brought into. A slash at either end is dropped; nothing and `/` stand for the whole mount.
///
/// # Errors
/// If no file can be called so; most that begin with `.` can, and are never served.
pub fn of_rule(written: &str) -> Result<String, BadIdentifier> {
    if matches!(written, "" | "/") {
        return Ok(String::new());
    }
    if written.len() > MAX_IDENTIFIER {
        return Err(BadIdentifier::TooLong);
    }
    let name = written.strip_prefix('/').unwrap_or(written);
    let name = name.strip_suffix('/').unwrap_or(name);
    refuse(name)?;
    Ok(name.to_owned())
}

fn refuse(name: &str) -> Result<(), BadIdentifier> {
    for character in name.chars() {
        match character {
            '\\' => return Err(BadIdentifier::Backslash),
            ';' => return Err(BadIdentifier::Semicolon),
            _ if character.is_control() => return Err(BadIdentifier::ControlCharacter),
            _ => {}
        }
    }
    if name.as_bytes().windows(3).any(is_escape) {
        return Err(BadIdentifier::DoubleEncoding);
    }
    for segment in name.split('/') {
        if segment.ends_with("..") {
            return Err(BadIdentifier::ParentSegment);
        }
        if matches!(segment, "" | ".") {
            return Err(BadIdentifier::EmptySegment);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(raw: &str) -> Result<String, BadIdentifier> {
        let mut out = Identifier::new();
        read(raw, &mut out).map(|()| out.to_string())
    }

    fn written(name: &str) -> String {
        let mut out = OriginPath::new();
        write(name, &mut out).unwrap();
        out.to_string()
    }

    #[test]
    fn a_name_is_what_a_file_may_be_called() {
        for (raw, name, canonical) in [
            ("report.pdf", "report.pdf", "report.pdf"),
            ("a/b/c.mp4", "a/b/c.mp4", "a/b/c.mp4"),
            ("B%C3%BCcher%20%26%20Briefe.pdf", "Bücher & Briefe.pdf", "B%C3%BCcher%20%26%20Briefe.pdf"),
            ("B\u{fc}cher.pdf", "Bücher.pdf", "B%C3%BCcher.pdf"),
            ("100%25.pdf", "100%.pdf", "100%25.pdf"),
            ("100%25%20sure.pdf", "100% sure.pdf", "100%25%20sure.pdf"),
            ("%25", "%", "%25"),
            ("5%252.txt", "5%2.txt", "5%252.txt"),
            ("a+b%2Bc.wav", "a+b+c.wav", "a%2Bb%2Bc.wav"),
            ("No.%231%3F.txt", "No.#1?.txt", "No.%231%3F.txt"),
            ("%61/info.json", "a/info.json", "a/info.json"),
            ("full/max/0/default.jpg", "full/max/0/default.jpg", "full/max/0/default.jpg"),
            ("a!b=c&d'(e)*.ogg", "a!b=c&d'(e)*.ogg", "a%21b%3Dc%26d%27%28e%29%2A.ogg"),
            ("a...b.pdf", "a...b.pdf", "a...b.pdf"),
            ("em.zarr/0/.zarray", "em.zarr/0/.zarray", "em.zarr/0/.zarray"),
            (".zgroup", ".zgroup", ".zgroup"),
            ("a/%2Ezattrs", "a/.zattrs", "a/.zattrs"),
            (".zmetadata", ".zmetadata", ".zmetadata"),
        ] {
            assert_eq!(named(raw).as_deref(), Ok(name), "{raw}");
            assert_eq!(written(name), canonical);
            assert_eq!(of_rule(name).as_deref(), Ok(name), "a rule meets it");
        }
    }

    #[test]
    fn p2_what_has_a_second_reading_is_no_name() {
        use BadIdentifier::{
            Backslash, BadEscape, ControlCharacter, DoubleEncoding, EmptySegment, EncodedSlash,
            HiddenSegment, NotUtf8, ParentSegment, Semicolon,
        };
        for (raw, why) in [
            ("a%2Fb.pdf", EncodedSlash),
            ("a%2fb.pdf", EncodedSlash),
            ("..%2Fb.pdf", EncodedSlash),
            ("a/../b.pdf", ParentSegment),
            ("%2e%2E/b.pdf", ParentSegment),
            ("a../b.pdf", ParentSegment),
            ("..", ParentSegment),
            ("", EmptySegment),
            ("a//b.pdf", EmptySegment),
            ("/b.pdf", EmptySegment),
            ("a/./b.pdf", EmptySegment),
            ("a/%2E/b.pdf", EmptySegment),
            (".htaccess", HiddenSegment),
            ("a/%2Egit/config", HiddenSegment),
            (".zarray/a", HiddenSegment),
            (".zarrays", HiddenSegment),
            (".git/.zarray", HiddenSegment),
            ("a%00.pdf", ControlCharacter),
            ("a%0Ab.pdf", ControlCharacter),
            ("a%7F.pdf", ControlCharacter),
            ("a%C2%85.pdf", ControlCharacter),
            ("a%5Cb.pdf", Backslash),
            ("a\\b.pdf", Backslash),
            ("a%3Bb.pdf", Semicolon),
            ("a;b.pdf", Semicolon),
            ("a%252Fb.pdf", DoubleEncoding),
            ("a%252fb.pdf", DoubleEncoding),
            ("%252e%252e/b.pdf", DoubleEncoding),
            ("a%2520b.pdf", DoubleEncoding),
            ("a%", BadEscape),
            ("a%2", BadEscape),
            ("a%2/Fb", BadEscape),
            ("a%zz", BadEscape),
            ("a%C3", NotUtf8),
            ("a%C3/%BC", NotUtf8),
            ("a%C0%AFb", NotUtf8),
        ] {
            assert_eq!(named(raw), Err(why), "{raw}");
        }
    }

    #[test]
    fn rules_are_refused_for_what_no_file_is_called() {
        assert_eq!(of_rule("").as_deref(), Ok(""));
        assert_eq!(of_rule("/").as_deref(), Ok(""));
        assert_eq!(of_rule("/films/1931/").as_deref(), Ok("films/1931"));
        for (rule, why) in [
            ("a%20b.pdf", BadIdentifier::DoubleEncoding),
            ("a/../b", BadIdentifier::ParentSegment),
            ("a//b", BadIdentifier::EmptySegment),
            ("//", BadIdentifier::EmptySegment),
            (".", BadIdentifier::EmptySegment),
            ("a\nb", BadIdentifier::ControlCharacter),
            ("a\\b", BadIdentifier::Backslash),
            ("a;b", BadIdentifier::Semicolon),
        ] {
            assert_eq!(of_rule(rule), Err(why), "{rule:?}");
        }
        // Shared with images, where there may be such a name; no file is served under it.
        assert_eq!(of_rule("a/.hidden").as_deref(), Ok("a/.hidden"));
        assert_eq!(of_rule(&"a".repeat(MAX_IDENTIFIER + 1)), Err(BadIdentifier::TooLong));
    }

    #[test]
    fn too_long_is_refused_and_never_cut() {
        let longest = "a".repeat(MAX_IDENTIFIER);
        assert_eq!(named(&longest).as_deref(), Ok(longest.as_str()));
        assert_eq!(named(&format!("{longest}a")), Err(BadIdentifier::TooLong));
        assert_eq!(write(&"ü".repeat(1000), &mut OriginPath::new()), Err(BadIdentifier::TooLong));
    }

    /// Percent escapes decoded once more, where there are any.
    fn decoded(text: &str) -> String {
        let mut buffer = ArrayVec::<u8, MAX_IDENTIFIER>::new();
        decode_once(text, &mut buffer).map_or_else(|_| text.to_owned(), str::to_owned)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn p2_p12_what_is_written_is_read_as_the_same(
            raw in "([a-c./!+,:;~ \u{e9}#&=\"-]|%2[fF1eE05]|%3[bBfF]|%C3%A9|%[46]1|%25[2a-c]){0,24}",
        ) {
            if let Ok(name) = named(&raw) {
                let canonical = written(&name);
                prop_assert_eq!(named(&canonical), Ok(name.clone()));
                prop_assert_eq!(decoded(&name), name.as_str(), "a second decoding changes nothing");
                prop_assert_eq!(of_rule(&name), Ok(name));
                prop_assert!(canonical.bytes().all(|byte| byte.is_ascii_graphic()
                    && !b"?#+;\\".contains(&byte)), "{}", canonical);
            }
        }

        #[test]
        fn p1_any_text_is_read_without_a_panic(raw in "\\PC{0,40}|[%0-9a-fA-F/.]{0,3000}") {
            let _ = named(&raw);
            let _ = of_rule(&raw);
        }
    }
}
