//! What an image identifier is, and how each image server spells it.
//!
//! An image server turns a URL into a file name in its own way, and more than one URL may
//! lead it to the same file. A rule must hold for the file, so an identifier is brought
//! into one form before it is judged ([`ImageServer::read_identifier`]), and the server
//! gets a spelling that it can only read as that form ([`ImageServer::write_identifier`]).
//! A spelling that a server would read differently is refused.
//!
//! What the refusals rest on, read in the sources of iipsrv 1.1 to 1.3 (and seen on 1.1)
//! and digilib 2.13:
//!
//! * Both decode percent escapes **twice**, iipsrv always and digilib when a `%` is left,
//!   and both with form rules: a `+` becomes a space. So no `%` may be left after one
//!   decoding. On iipsrv even `%2B` ends up as a space, so `+` is refused there. On digilib `+` is a
//!   space, as its own manifests write it, and `%2B` a plus sign.
//! * iipsrv **erases** every `../` from a name instead of refusing it: `pri../vate/a.tif`
//!   is `private/a.tif`. Segments that end in `..` are refused for every server. It drops
//!   `%00` in the same way.
//! * iipsrv splits its request at `&` before it decodes, and runs each part as a command of
//!   its own (`…&FIF=other.tif&CVT=jpeg`): `&` and `=` leave here as escapes only.
//! * iipsrv from 1.3 on can be told to take `;3` at the end as a page number
//!   (`IIIF_DELIMITER`), Cantaloupe takes it as page or scale, Java servers cut path
//!   parameters there: `;` is refused. Another delimiter must not be set for iipsrv.
//! * digilib takes a first segment of `1`, `2` or `3` as the API version and what follows
//!   as the identifier. An image of that name is spelled with a leading `!`, which digilib drops.
//! * digilib answers with an image when size, rotation and quality are missing
//!   (`/id/full`), with the first image of a folder, and for any extension of a name.
//!
//! A manifest is named in the same way ([`ImageServer::read_manifest`]), with two differences.
//! Where manifests are files or come from a server of no known kind, the segments of a name stay
//! apart, as literal `/`. And digilib's Manifester, which makes the manifest of a folder, gives the
//! **parent folder's** for every name that is no folder ([`ImageServer::folder_proof`]).
//!
//! One alias stays: where there is no file `x`, iipsrv serves the image sequence
//! `x_pyr_000_090.tif` under the name `x` as well (`FILENAME_PATTERN`). A rule for such
//! an image belongs on its folder.

use arrayvec::{ArrayString, ArrayVec};

/// Longest decoded identifier that is judged; longer ones are refused.
pub const MAX_IDENTIFIER: usize = 2048;
/// Longest canonical path handed back to NGINX (its header buffers hold 16 kB).
pub const MAX_PATH: usize = 4096;

/// The image server behind a mount: each reads identifiers in its own way.
///
/// | | separates segments | empty and `.` segments | is given |
/// |---|---|---|---|
/// | `Iipsrv` | `/`, `%2F` | dropped | `/` |
/// | `Digilib` | `/`, `%2F`, `!`, `%21` | dropped | `!` |
/// | `Generic` | `/`, `%2F` | refused | `%2F`, as the Image API has one segment for an identifier |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageServer {
    Iipsrv,
    Digilib,
    Generic,
}

/// A decoded identifier: segments joined by `/`.
pub type Identifier = ArrayString<MAX_IDENTIFIER>;
/// A percent-encoded path as the origin receives it.
pub type OriginPath = ArrayString<MAX_PATH>;

/// Why an identifier is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentifier {
    #[error("the identifier is empty")]
    Empty,
    #[error("the identifier or its path is too long")]
    TooLong,
    #[error("a `%` is not followed by two hexadecimal digits")]
    BadEscape,
    #[error("a `%` is left after decoding: identifiers are percent-encoded once")]
    DoubleEncoding,
    #[error("the identifier is not UTF-8")]
    NotUtf8,
    #[error("the identifier has a control character in it")]
    ControlCharacter,
    #[error("the identifier has a backslash in it")]
    Backslash,
    #[error("the identifier has a `;` in it, which servers cut at")]
    Semicolon,
    #[error("the identifier has a `?` in it")]
    QuestionMark,
    #[error("the identifier has a `+` in it, which this image server reads as a space")]
    Plus,
    #[error("a segment of the identifier ends in `..`")]
    ParentSegment,
    #[error("a segment of the identifier is empty or `.`")]
    EmptySegment,
    #[error("a `/` of the path is percent-encoded")]
    EncodedSlash,
    #[error("a segment of the identifier begins with `.`, as hidden files do")]
    HiddenSegment,
}

impl BadIdentifier {
    /// A short word for logs.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "empty-identifier",
            Self::TooLong => "too-long",
            Self::BadEscape => "bad-escape",
            Self::DoubleEncoding => "double-encoding",
            Self::NotUtf8 => "not-utf8",
            Self::ControlCharacter => "control-character",
            Self::Backslash => "backslash",
            Self::Semicolon => "semicolon",
            Self::QuestionMark => "question-mark",
            Self::Plus => "plus",
            Self::ParentSegment => "parent-segment",
            Self::EmptySegment => "empty-segment",
            Self::EncodedSlash => "encoded-slash",
            Self::HiddenSegment => "hidden-segment",
        }
    }
}

impl ImageServer {
    /// Reads an identifier as it stands in a URL, still percent-encoded, into its one
    /// decoded form: segments joined by `/`.
    ///
    /// `out` is overwritten; after an error it holds nothing of use.
    pub fn read_identifier(self, raw: &str, out: &mut Identifier) -> Result<(), BadIdentifier> {
        out.clear();
        let mut spaced = Identifier::new();
        let raw = if self == Self::Digilib && raw.contains('+') {
            for part in raw.split_inclusive('+') {
                let (text, plus) = part.strip_suffix('+').map_or((part, ""), |text| (text, " "));
                let pushed = spaced.try_push_str(text).and_then(|()| spaced.try_push_str(plus));
                pushed.map_err(|_| BadIdentifier::TooLong)?;
            }
            spaced.as_str()
        } else {
            raw
        };
        let mut buffer = ArrayVec::<u8, MAX_IDENTIFIER>::new();
        let text = decode_once(raw, &mut buffer)?;
        self.refuse_characters(text)?;
        for segment in self.segments(text) {
            let segment = segment?;
            if !out.is_empty() {
                out.try_push('/').map_err(|_| BadIdentifier::TooLong)?;
            }
            out.try_push_str(segment).map_err(|_| BadIdentifier::TooLong)?;
        }
        if out.is_empty() { Err(BadIdentifier::Empty) } else { Ok(()) }
    }

    /// Reads a manifest's name as [`ImageServer::read_identifier`] reads an image's; where a
    /// manifest may be a file, hidden ones are refused. digilib's own spelling with a file name
    /// at the end, which it does not look at (`Manifester.processRequest`), means the folder.
    pub fn read_manifest(self, raw: &str, out: &mut Identifier) -> Result<(), BadIdentifier> {
        let named = raw.strip_suffix("/manifest.json").or_else(|| raw.strip_suffix("/manifest"));
        let raw = named.filter(|_| self == Self::Digilib).unwrap_or(raw);
        self.read_identifier(raw, out)?;
        // On digilib it is a folder, and named as the folders of its images are.
        if self != Self::Digilib && out.split('/').any(|segment| segment.starts_with('.')) {
            return Err(BadIdentifier::HiddenSegment);
        }
        Ok(())
    }

    /// Appends the spelling of a canonical manifest name that this server reads as nothing else.
    pub fn write_manifest(self, name: &str, out: &mut OriginPath) -> Result<(), BadIdentifier> {
        match self {
            Self::Digilib => self.write_identifier(name, out),
            Self::Iipsrv | Self::Generic => self.write_with("/", name, out),
        }
    }

    /// What to put behind the path of a manifest so that the server answers 200 only if there is a
    /// folder of exactly this name; `None` where no other name leads to the same manifest.
    ///
    /// digilib (`DocuDirCache.getDirectory`) takes the parent folder for a name that is no folder:
    /// `private!x` would be the manifest of `private`. With `!.` at the end the parent is the name
    /// itself, so there is nothing to fall back on.
    pub fn folder_proof(self) -> Option<&'static str> {
        (self == Self::Digilib).then_some("!.")
    }

    /// Appends the spelling of a canonical identifier that this server reads as nothing else.
    ///
    /// Only RFC 3986's unreserved characters, `:` and `,` stay as they are: ARKs and the
    /// like are full of colons, commas are common in file names, and no server gives either
    /// a meaning in a path. The other sub-delimiters have one somewhere (`&` and `=` on
    /// iipsrv, `!` on digilib, `+` and `;` nearly everywhere).
    pub fn write_identifier(self, identifier: &str, out: &mut OriginPath) -> Result<(), BadIdentifier> {
        let separator = match self {
            Self::Iipsrv => "/",
            Self::Digilib => "!",
            Self::Generic => "%2F",
        };
        self.write_with(separator, identifier, out)
    }

    fn write_with(
        self,
        separator: &str,
        identifier: &str,
        out: &mut OriginPath,
    ) -> Result<(), BadIdentifier> {
        let mut write = || {
            if self == Self::Digilib && matches!(identifier, "1" | "2" | "3") {
                out.try_push_str(separator).ok()?;
            }
            let mut rest = identifier;
            while let Some(character) = rest.chars().next() {
                let (plain, others) = rest.split_at_checked(plain_length(rest))?;
                out.try_push_str(plain).ok()?;
                rest = others;
                if plain.is_empty() {
                    rest = rest.strip_prefix(character)?;
                    if character == '/' {
                        out.try_push_str(separator).ok()?;
                        continue;
                    }
                    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                        for byte in [b'%', hex_digit(byte >> 4), hex_digit(byte & 15)] {
                            out.try_push(char::from(byte)).ok()?;
                        }
                    }
                }
            }
            Some(())
        };
        write().ok_or(BadIdentifier::TooLong)
    }

    fn refuse_characters(self, decoded: &str) -> Result<(), BadIdentifier> {
        // Nearly every identifier has none of them; this looks at all bytes at once.
        let doubtful =
            |byte: u8| !matches!(byte, b' '..=b'~') || matches!(byte, b'%' | b'\\' | b';' | b'?' | b'+');
        if !decoded.bytes().fold(false, |any, byte| any | doubtful(byte)) {
            return Ok(());
        }
        let mut before = 0;
        for byte in decoded.bytes() {
            match byte {
                b'%' => return Err(BadIdentifier::DoubleEncoding),
                b'\\' => return Err(BadIdentifier::Backslash),
                b';' => return Err(BadIdentifier::Semicolon),
                b'?' => return Err(BadIdentifier::QuestionMark),
                b'+' if self == Self::Iipsrv => return Err(BadIdentifier::Plus),
                0..=0x1F | 0x7F => return Err(BadIdentifier::ControlCharacter),
                // U+0080 to U+009F
                0x80..=0x9F if before == 0xC2 => return Err(BadIdentifier::ControlCharacter),
                _ => before = byte,
            }
        }
        Ok(())
    }

    /// The segments that count, in order.
    fn segments(self, decoded: &str) -> impl Iterator<Item = Result<&str, BadIdentifier>> {
        let separates = move |byte: u8| byte == b'/' || (byte == b'!' && self == Self::Digilib);
        let mut rest = Some(decoded);
        let split = std::iter::from_fn(move || {
            let text = rest?;
            let end = text.bytes().position(separates).unwrap_or(text.len());
            let (segment, after) = text.split_at_checked(end)?;
            rest = after.get(1..);
            Some(segment)
        });
        split.filter_map(move |segment| {
            if segment.ends_with("..") {
                Some(Err(BadIdentifier::ParentSegment))
            } else if matches!(segment, "" | ".") {
                (self == Self::Generic).then_some(Err(BadIdentifier::EmptySegment))
            } else {
                Some(Ok(segment))
            }
        })
    }
}

/// Brings a rule's identifier, as written in a policy file (decoded, segments joined by
/// `/`), into the form that requests are brought into.
///
/// A leading and a trailing slash are dropped; on digilib mounts `!` separates as well.
/// The empty text and `/` stand for the whole mount and stay empty; another text that has
/// no segment (`.`, `!`) is refused, since a slip must not become a rule for everything.
pub fn canonical_rule_identifier(written: &str, server: ImageServer) -> Result<String, BadIdentifier> {
    if matches!(written, "" | "/") {
        return Ok(String::new());
    }
    if written.len() > MAX_IDENTIFIER {
        return Err(BadIdentifier::TooLong);
    }
    server.refuse_characters(written)?;
    let written = written.strip_prefix('/').unwrap_or(written);
    let written = written.strip_suffix('/').unwrap_or(written);
    let segments = server.segments(written).collect::<Result<Vec<_>, _>>()?;
    if segments.is_empty() { Err(BadIdentifier::Empty) } else { Ok(segments.join("/")) }
}

/// A canonical identifier without the extension of its last segment, if it has one: the
/// other name of the same image on digilib.
///
/// As digilib sees it: the extension begins at the last dot, one at the start is part of
/// the name, and nothing need follow it (`a.` is `a`).
pub fn without_extension(identifier: &str) -> Option<&str> {
    let (stem, extension) = identifier.rsplit_once('.')?;
    if extension.contains('/') {
        return None;
    }
    let name = stem.rsplit_once('/').map_or(stem, |(_, name)| name);
    // A name of nothing but dots is no name; digilib does not show files that begin with one.
    name.contains(|character| character != '.').then_some(stem)
}

/// The proper ancestors of a canonical identifier, from the nearest to `""`, the whole mount.
pub fn prefixes(identifier: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(identifier), |ancestor| parent(ancestor))
}

fn parent(identifier: &str) -> Option<&str> {
    (!identifier.is_empty()).then(|| identifier.rsplit_once('/').map_or("", |(ancestors, _)| ancestors))
}

/// `raw` with its percent escapes decoded, once; a `+` stays a `+`.
///
/// Most parts of most paths have no escape and are given back as they are; `buffer` holds
/// the others, and its size is the limit for both.
pub fn decode_once<'a, const N: usize>(
    raw: &'a str,
    buffer: &'a mut ArrayVec<u8, N>,
) -> Result<&'a str, BadIdentifier> {
    if !raw.as_bytes().contains(&b'%') {
        return if raw.len() > N { Err(BadIdentifier::TooLong) } else { Ok(raw) };
    }
    buffer.clear();
    let mut runs = raw.as_bytes().split(|byte| *byte == b'%');
    let mut push = |run: &[u8]| buffer.try_extend_from_slice(run).map_err(|_| BadIdentifier::TooLong);
    push(runs.next().unwrap_or_default())?;
    for run in runs {
        let [high, low, run @ ..] = run else { return Err(BadIdentifier::BadEscape) };
        let high = hex_value(*high).ok_or(BadIdentifier::BadEscape)?;
        let low = hex_value(*low).ok_or(BadIdentifier::BadEscape)?;
        push(&[high << 4 | low])?;
        push(run)?;
    }
    std::str::from_utf8(buffer).map_err(|_| BadIdentifier::NotUtf8)
}

/// How many bytes at the start may stand in a path as they are.
fn plain_length(text: &str) -> usize {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':' | b',');
    text.bytes().position(|byte| !plain(byte)).unwrap_or(text.len())
}

/// Whether these bytes are a percent escape.
pub fn is_escape(three: &[u8]) -> bool {
    matches!(three, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// The upper-case hexadecimal digit of a number below 16.
pub(super) fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'A' + value - 10 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [ImageServer; 3] = [ImageServer::Iipsrv, ImageServer::Digilib, ImageServer::Generic];

    fn read(server: ImageServer, raw: impl AsRef<str>) -> Result<String, BadIdentifier> {
        let mut out = Identifier::new();
        server.read_identifier(raw.as_ref(), &mut out).map(|()| out.to_string())
    }

    fn write(server: ImageServer, identifier: &str) -> Result<String, BadIdentifier> {
        let mut out = OriginPath::new();
        server.write_identifier(identifier, &mut out).map(|()| out.to_string())
    }

    #[test]
    fn p9_digilib_aliases_are_one_identifier() {
        let server = ImageServer::Digilib;
        for raw in [
            "private!secret",
            "!private!secret",
            "private!!secret",
            "private!.!secret",
            "private!secret!",
            "p%72ivate!secret",
            "private%21secret",
            "private/secret",
            "private%2Fsecret",
            "private%2fsecret",
            "//private/!%2F.%2Fsecret/",
        ] {
            let identifier = read(server, raw).unwrap();
            assert_eq!(identifier, "private/secret", "{raw}");
            assert_eq!(write(server, &identifier).unwrap(), "private!secret");
        }
        // As its own manifests write a space, and a plus sign.
        for raw in ["Gro%C3%9Fe+Br%C3%BCcke!1", "Gro%C3%9Fe%20Br%C3%BCcke%211"] {
            let identifier = read(server, raw).unwrap();
            assert_eq!(identifier, "Gro\u{df}e Br\u{fc}cke/1", "{raw}");
            assert_eq!(write(server, &identifier).unwrap(), "Gro%C3%9Fe%20Br%C3%BCcke!1");
        }
        assert_eq!(write(server, &read(server, "a%2Bb+c").unwrap()).unwrap(), "a%2Bb%20c");
        // The double encoding, which digilib would follow, is refused.
        assert_eq!(read(server, "p%2572ivate!secret"), Err(BadIdentifier::DoubleEncoding));
        // With an extension it is the same image under its other name.
        for raw in ["private!secret.jpg", "private!secret.tif", "private!secret."] {
            let identifier = read(server, raw).unwrap();
            assert_eq!(without_extension(&identifier), Some("private/secret"), "{raw}");
        }
        // The folder stands for its first image: an ancestor, by which the gate knows it.
        let folder = read(server, "private").unwrap();
        assert!(prefixes("private/secret").any(|ancestor| ancestor == folder));
    }

    #[test]
    fn p9_iipsrv_aliases_are_one_identifier() {
        let server = ImageServer::Iipsrv;
        for raw in
            ["a/b.tif", "a%2Fb.tif", "a%2fb.tif", "a//b.tif", "a/./b.tif", "/a/b%2Etif", "./a/%2e/b.tif/"]
        {
            let identifier = read(server, raw).unwrap();
            assert_eq!(identifier, "a/b.tif", "{raw}");
            assert_eq!(write(server, &identifier).unwrap(), "a/b.tif");
        }
        // Names that iipsrv would silently turn into `private/secret.tif`.
        for raw in ["pri../vate/secret.tif", "..../%2Fprivate/secret.tif", "pri%2E%2E%2Fvate/secret.tif"] {
            assert_eq!(read(server, raw), Err(BadIdentifier::ParentSegment), "{raw}");
        }
        assert_eq!(read(server, "priv%00ate/secret.tif"), Err(BadIdentifier::ControlCharacter));
        // It would read both as `a b.tif`.
        for raw in ["a+b.tif", "a%2Bb.tif", "a%2bb.tif"] {
            assert_eq!(read(server, raw), Err(BadIdentifier::Plus), "{raw}");
        }
        // `!` separates nothing here.
        assert_eq!(read(server, "a!b").unwrap(), "a!b");
        assert_eq!(write(server, "a!b").unwrap(), "a%21b");
    }

    #[test]
    fn p9_a_generic_server_gets_one_segment() {
        let server = ImageServer::Generic;
        for raw in ["a/b", "a%2Fb", "a%2fb", "%61/b"] {
            let identifier = read(server, raw).unwrap();
            assert_eq!(identifier, "a/b", "{raw}");
            assert_eq!(write(server, &identifier).unwrap(), "a%2Fb");
        }
        // Whether it folds these is not known, so they are no names at all.
        for raw in ["a//b", "/a", "a/", "a/./b", ".", "a%2F%2Fb", "a/%2e/b"] {
            assert_eq!(read(server, raw), Err(BadIdentifier::EmptySegment), "{raw}");
        }
        assert_eq!(read(server, "a+b").unwrap(), "a+b");
        assert_eq!(write(server, "a+b!c").unwrap(), "a%2Bb%21c");
    }

    fn read_manifest(server: ImageServer, raw: &str) -> Result<String, BadIdentifier> {
        let mut out = Identifier::new();
        server.read_manifest(raw, &mut out).map(|()| out.to_string())
    }

    fn write_manifest(server: ImageServer, name: &str) -> String {
        let mut out = OriginPath::new();
        server.write_manifest(name, &mut out).unwrap();
        out.to_string()
    }

    #[test]
    fn p9_a_manifest_has_one_name_and_one_spelling() {
        use ImageServer::{Digilib, Generic};
        for (server, written, aliases) in [
            (
                Generic,
                "a/b%20%C3%BC.json",
                &["a/b%20\u{fc}.json", "a%2Fb%20%c3%bc.json", "%61/b%20%C3%BC%2Ejson"][..],
            ),
            (
                Digilib,
                "a!b",
                &["a!b", "a%21b", "a/b", "!a!!b!", "a!.!b", "a%2Fb", "a!b/manifest", "a!b/manifest.json"],
            ),
            (Digilib, "a!manifest", &["a!manifest", "a!manifest/manifest.json"]),
            (Digilib, "manifest", &["manifest"]),
            (Generic, "a/manifest.json", &["a/manifest.json"]),
            (Digilib, "!3", &["3", "!3", "%33"]),
            (Digilib, "3!a", &["3/a", "3!a"]),
        ] {
            for raw in aliases {
                let name = read_manifest(server, raw).unwrap();
                assert_eq!(write_manifest(server, &name), written, "{server:?} {raw}");
            }
        }
    }

    #[test]
    fn p2_a_hidden_file_is_no_manifest() {
        use BadIdentifier::{EmptySegment, HiddenSegment, ParentSegment};
        for (raw, why) in [
            (".htpasswd", HiddenSegment),
            ("a/.git/config", HiddenSegment),
            ("a/%2Egit", HiddenSegment),
            ("a%2F.b.json", HiddenSegment),
            ("a/./b", EmptySegment),
            ("a//b", EmptySegment),
            ("..", ParentSegment),
        ] {
            assert_eq!(read_manifest(ImageServer::Generic, raw), Err(why), "{raw}");
        }
    }

    #[test]
    fn p2_what_has_a_second_reading_is_refused_everywhere() {
        use BadIdentifier::{
            Backslash, BadEscape, ControlCharacter, DoubleEncoding, NotUtf8, ParentSegment, QuestionMark,
            Semicolon,
        };
        for (raw, why) in [
            ("a/../b", ParentSegment),
            ("..", ParentSegment),
            ("a/%2e%2E/b", ParentSegment),
            ("a/..%2fb", ParentSegment),
            ("a%2F..%2Fb", ParentSegment),
            ("a../b", ParentSegment),
            ("a/b..", ParentSegment),
            ("a/.../b", ParentSegment),
            ("a;b", Semicolon),
            ("a/..;/b", Semicolon),
            ("a%3bb", Semicolon),
            ("a\\b", Backslash),
            ("a%5Cb", Backslash),
            ("a%5cb", Backslash),
            ("a%00", ControlCharacter),
            ("a%0Ab", ControlCharacter),
            ("a\u{1f}b", ControlCharacter),
            ("a%7F", ControlCharacter),
            ("a%C2%85", ControlCharacter),
            ("a%3Fb", QuestionMark),
            ("a%252Fb", DoubleEncoding),
            ("a%25", DoubleEncoding),
            ("a%", BadEscape),
            ("a%2", BadEscape),
            ("a%2x", BadEscape),
            ("a%+2", BadEscape),
            ("a%²", BadEscape),
            ("a%C3", NotUtf8),
            ("a%C3/%A9", NotUtf8),
            ("a%C0%AFb", NotUtf8),
            ("a%FF", NotUtf8),
            ("a%ED%A0%80", NotUtf8),
        ] {
            for server in ALL {
                assert_eq!(read(server, raw), Err(why), "{server:?} {raw}");
            }
        }
    }

    #[test]
    fn p4_a_number_sign_is_a_character_like_any_other() {
        for server in ALL {
            assert_eq!(read(server, "a%23b").unwrap(), "a#b");
            assert_eq!(write(server, "a#b").unwrap(), "a%23b");
        }
    }

    #[test]
    fn nothing_is_no_identifier() {
        for raw in ["", "/", "//", ".", "./.", "%2F", "%2e"] {
            for server in [ImageServer::Iipsrv, ImageServer::Digilib] {
                assert_eq!(read(server, raw), Err(BadIdentifier::Empty), "{raw}");
            }
            assert_eq!(read(ImageServer::Generic, raw), Err(BadIdentifier::EmptySegment));
        }
        assert_eq!(read(ImageServer::Digilib, "!!"), Err(BadIdentifier::Empty));
    }

    #[test]
    fn too_long_is_refused_and_never_cut() {
        for server in ALL {
            let longest = "a".repeat(MAX_IDENTIFIER);
            assert_eq!(read(server, &longest).as_deref(), Ok(longest.as_str()));
            assert_eq!(read(server, format!("{longest}a")), Err(BadIdentifier::TooLong));
            // Escapes count as what they stand for when read, and as they are when written.
            let escaped = "%C3%A9".repeat(MAX_IDENTIFIER / 2);
            let identifier = read(server, escaped).unwrap();
            assert_eq!(identifier.len(), MAX_IDENTIFIER);
            assert_eq!(write(server, &identifier), Err(BadIdentifier::TooLong));
        }
        assert_eq!(read(ImageServer::Iipsrv, "/".repeat(MAX_IDENTIFIER + 1)), Err(BadIdentifier::TooLong));
    }

    #[test]
    fn only_harmless_characters_are_written_as_they_are() {
        for server in ALL {
            for byte in (0..0x7F_u8).filter(|byte| *byte != b'/') {
                let character = char::from(byte);
                let harmless = character.is_ascii_alphanumeric() || "-._~:,".contains(character);
                let expected = if harmless { character.to_string() } else { format!("%{byte:02X}") };
                assert_eq!(write(server, &character.to_string()).unwrap().trim_start_matches('!'), expected);
            }
            assert_eq!(write(server, "é").unwrap(), "%C3%A9");
        }
    }

    #[test]
    fn p9_digilib_does_not_take_an_image_for_an_api_version() {
        for name in ["1", "2", "3"] {
            let written = write(ImageServer::Digilib, name).unwrap();
            assert_eq!(written, format!("!{name}"));
            assert_eq!(read(ImageServer::Digilib, written).unwrap(), name);
        }
        assert_eq!(write(ImageServer::Digilib, "2/a").unwrap(), "2!a");
        assert_eq!(write(ImageServer::Digilib, "4").unwrap(), "4");
        assert_eq!(write(ImageServer::Iipsrv, "2").unwrap(), "2");
    }

    #[test]
    fn rules_meet_requests_in_the_same_form() {
        use ImageServer::{Digilib, Generic, Iipsrv};
        for (server, written, request) in [
            (Iipsrv, "letters/1931", "letters%2F1931"),
            (Iipsrv, "/letters/1931/", "letters//1931"),
            (Iipsrv, "letters//1931", "letters/1931"),
            (Iipsrv, "a!b", "a%21b"),
            (Digilib, "letters/1931", "letters!1931"),
            (Digilib, "letters!1931", "letters/1931"),
            (Digilib, "!letters/./1931!", "letters!1931"),
            (Generic, "letters/1931", "letters%2F1931"),
            (Generic, "/letters/1931/", "letters/1931"),
            (Generic, "a+b é", "a+b%20%C3%A9"),
        ] {
            assert_eq!(canonical_rule_identifier(written, server), read(server, request), "{written}");
        }
    }

    #[test]
    fn rules_are_refused_for_what_requests_are_refused_for() {
        for (written, why) in [
            ("a%2Fb", BadIdentifier::DoubleEncoding),
            ("a/../b", BadIdentifier::ParentSegment),
            ("../b", BadIdentifier::ParentSegment),
            ("a../b", BadIdentifier::ParentSegment),
            ("a\\b", BadIdentifier::Backslash),
            ("a;b", BadIdentifier::Semicolon),
            ("a?b", BadIdentifier::QuestionMark),
            ("a\nb", BadIdentifier::ControlCharacter),
        ] {
            for server in ALL {
                assert_eq!(canonical_rule_identifier(written, server), Err(why), "{written:?}");
            }
        }
        let long = "a".repeat(MAX_IDENTIFIER + 1);
        assert_eq!(canonical_rule_identifier(&long, ImageServer::Generic), Err(BadIdentifier::TooLong));
        assert_eq!(canonical_rule_identifier("a+b", ImageServer::Iipsrv), Err(BadIdentifier::Plus));
        assert_eq!(canonical_rule_identifier("a//b", ImageServer::Generic), Err(BadIdentifier::EmptySegment));
    }

    #[test]
    fn only_nothing_and_a_slash_are_a_rule_for_the_whole_mount() {
        for server in ALL {
            assert_eq!(canonical_rule_identifier("", server).as_deref(), Ok(""));
            assert_eq!(canonical_rule_identifier("/", server).as_deref(), Ok(""));
            for slip in [".", "./", "//", "/./"] {
                assert!(canonical_rule_identifier(slip, server).is_err(), "{slip}");
            }
        }
        assert_eq!(canonical_rule_identifier("!", ImageServer::Digilib), Err(BadIdentifier::Empty));
    }

    #[test]
    fn p9_an_extension_belongs_to_the_last_segment() {
        for (identifier, stem) in [
            ("private/secret.tif", Some("private/secret")),
            ("secret.tif", Some("secret")),
            ("a.b.tif", Some("a.b")),
            ("secret.", Some("secret")),
            ("vol.1/page", None),
            ("vol.1/page.jpg", Some("vol.1/page")),
            ("secret", None),
            ("", None),
            (".hidden", None),
            ("a/.hidden", None),
            ("a/.hidden.tif", Some("a/.hidden")),
            ("a/..x", None),
            ("a/...x", None),
        ] {
            assert_eq!(without_extension(identifier), stem, "{identifier}");
        }
    }

    #[test]
    fn ancestors_come_nearest_first() {
        assert_eq!(prefixes("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(prefixes("a").collect::<Vec<_>>(), [""]);
        assert_eq!(prefixes("").count(), 0);
    }

    #[test]
    fn reasons_are_short_words() {
        use BadIdentifier as Bad;
        let all = [
            Bad::Empty,
            Bad::TooLong,
            Bad::BadEscape,
            Bad::DoubleEncoding,
            Bad::NotUtf8,
            Bad::ControlCharacter,
            Bad::Backslash,
            Bad::Semicolon,
            Bad::QuestionMark,
            Bad::Plus,
            Bad::ParentSegment,
            Bad::EmptySegment,
            Bad::EncodedSlash,
            Bad::HiddenSegment,
        ];
        let words: std::collections::BTreeSet<_> = all.iter().map(|bad| bad.reason()).collect();
        assert_eq!(words.len(), all.len());
        assert!(words.iter().all(
            |word| word.len() < 24 && word.bytes().all(|b| b.is_ascii_lowercase() || b"-8".contains(&b))
        ));
    }

    fn server() -> impl Strategy<Value = ImageServer> {
        prop::sample::select(&ALL[..])
    }

    proptest! {
        #[test]
        fn p2_what_is_written_is_read_as_the_same(
            server in server(),
            raw in "([a-c./!+,:~ \u{e9}#&=\"-]|%2[fF1eE0]|%C3%A9|%[46]1){0,24}",
        ) {
            if let Ok(identifier) = read(server, raw) {
                let written = write(server, &identifier).unwrap();
                prop_assert_eq!(read(server, written), Ok(identifier.clone()));
                prop_assert_eq!(canonical_rule_identifier(&identifier, server), Ok(identifier));
            }
        }

        #[test]
        fn p2_a_written_manifest_name_is_read_as_the_same(
            server in server(),
            raw in "([a-c./!+,:~ \u{e9}#&=\"-]|%2[fF1eE0]|%C3%A9|%[46]1){0,24}",
        ) {
            if let Ok(name) = read_manifest(server, &raw) {
                prop_assert_eq!(read_manifest(server, &write_manifest(server, &name)), Ok(name));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(server in server(), raw in "\\PC{0,40}|[%0-9a-fA-F/.!]{0,3000}") {
            let _ = read(server, &raw);
        }

        #[test]
        fn any_text_is_read_as_a_rule_without_a_panic(server in server(), written in "\\PC{0,60}") {
            if let Ok(identifier) = canonical_rule_identifier(&written, server) {
                prop_assert_eq!(canonical_rule_identifier(&identifier, server), Ok(identifier.clone()));
                let _ = without_extension(&identifier);
                prop_assert!(prefixes(&identifier).all(|ancestor| ancestor.len() < identifier.len()));
            }
        }
    }
}
