//! The key of an object in a bucket: the whole rest of the path, as a file's name is ([`super::file_name`]).
//!
//! Two things differ. A key may have segments that begin with `.`: no object is hidden, and volumes in Zarr
//! keep their descriptions in `.zarray`. And the path is spelled as the signature demands it (Signature Version 4,
//! "canonical URI" of S3): every byte but letters, digits, `-`, `_`, `.`, `~` and `/` is an escape, in capital digits, once.

use super::file_name;
use super::identifier::{BadIdentifier, Identifier, OriginPath, hex_digit};

/// The longest key that a bucket has, bytes.
pub const MAX_KEY: usize = 1024;

/// Reads a key as it stands in a URL, still percent-encoded, into its one decoded form.
///
/// # Errors
/// If a server could read it in another way. `out` then holds nothing of use.
pub fn read(raw: &str, out: &mut Identifier) -> Result<(), BadIdentifier> {
    file_name::read_visible_or_not(raw, out)
}

/// Appends the path of an object: `/`, the bucket's own folder where there is one, what all keys of the mount begin
/// with (`/` at both ends), the name under the mount.
///
/// # Errors
/// If no bucket has so long a key.
pub fn write(
    folder: Option<&str>,
    beginning: &str,
    name: &str,
    out: &mut OriginPath,
) -> Result<(), BadIdentifier> {
    // Less the first `/`, which is no part of the key.
    if (beginning.len() + name.len()).saturating_sub(1) > MAX_KEY {
        return Err(BadIdentifier::TooLong);
    }
    if let Some(folder) = folder {
        out.try_push('/').map_err(|_| BadIdentifier::TooLong)?;
        escape(folder, out)?;
    }
    escape(beginning, out)?;
    escape(name, out)
}

fn escape(text: &str, out: &mut OriginPath) -> Result<(), BadIdentifier> {
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/');
        let (itself, escaped) = ([byte], [b'%', hex_digit(byte >> 4), hex_digit(byte & 15)]);
        for byte in if plain { itself.as_slice() } else { escaped.as_slice() } {
            out.try_push(char::from(*byte)).map_err(|_| BadIdentifier::TooLong)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(folder: Option<&str>, beginning: &str, raw: &str) -> Result<String, BadIdentifier> {
        let (mut name, mut out) = (Identifier::new(), OriginPath::new());
        read(raw, &mut name)?;
        write(folder, beginning, &name, &mut out)?;
        Ok(out.to_string())
    }

    #[test]
    fn an_object_is_fetched_by_the_spelling_that_is_signed() {
        for (raw, path) in [
            ("a/b.bin", "/a/b.bin"),
            ("%61/b%2Ebin", "/a/b.bin"),
            ("scan.zarr/.zarray", "/scan.zarr/.zarray"),
            (".zgroup", "/.zgroup"),
            ("0/1:2,3", "/0/1%3A2%2C3"),
            ("B\u{fc}cher%20%26%20Briefe", "/B%C3%BCcher%20%26%20Briefe"),
            ("a+b%2Bc=d!(e)*'~_-", "/a%2Bb%2Bc%3Dd%21%28e%29%2A%27~_-"),
            ("100%25", "/100%25"),
            ("No.%231%3F", "/No.%231%3F"),
            ("a@b$c&d\"e[f]", "/a%40b%24c%26d%22e%5Bf%5D"),
        ] {
            assert_eq!(written(None, "/", raw).as_deref(), Ok(path), "{raw}");
            assert_eq!(written(Some("b.1"), "/", raw), Ok(format!("/b.1{path}")), "{raw}");
            assert_eq!(written(None, "/em/x=1/", raw), Ok(format!("/em/x%3D1{path}")), "{raw}");
        }
    }

    #[test]
    fn p2_what_has_a_second_reading_is_no_key() {
        use BadIdentifier::{
            Backslash, BadEscape, ControlCharacter, DoubleEncoding, EmptySegment, EncodedSlash, NotUtf8,
            ParentSegment, Semicolon, TooLong,
        };
        for (raw, why) in [
            ("", EmptySegment),
            ("/a", EmptySegment),
            ("a//b", EmptySegment),
            ("a/./b", EmptySegment),
            ("a/%2E/b", EmptySegment),
            ("..", ParentSegment),
            ("a/../b", ParentSegment),
            ("%2e%2E/b", ParentSegment),
            ("a../b", ParentSegment),
            ("a%2Fb", EncodedSlash),
            ("..%2fb", EncodedSlash),
            ("a%252Fb", DoubleEncoding),
            ("a%5Cb", Backslash),
            ("a%3Bb", Semicolon),
            ("a%00", ControlCharacter),
            ("a%0D%0Ab", ControlCharacter),
            ("a%", BadEscape),
            ("a%FF", NotUtf8),
            ("a".repeat(1025).as_str(), TooLong),
        ] {
            assert_eq!(written(None, "/", raw), Err(why), "{raw}");
        }
        assert!(written(None, "/", &"%20".repeat(1024)).is_ok(), "the longest key, all of it escapes");
        assert!(written(Some("b"), "/12345/", &"a".repeat(1018)).is_ok());
        assert_eq!(written(Some("b"), "/12345/", &"a".repeat(1019)), Err(TooLong));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// One key has one path, and two keys never the same; what is written is read as the same.
        #[test]
        fn p9_p12_a_path_stands_for_one_key(
            one in "([a-c./!+,:~ \u{e9}#&=\"-]|%2[1-9bBcC]|%C3%A9|%[46]1){1,24}",
            other in "([a-c./!+,:~ \u{e9}#&=\"-]|%2[1-9bBcC]|%C3%A9|%[46]1){1,24}",
        ) {
            let read = |raw: &str| {
                let mut name = Identifier::new();
                super::read(raw, &mut name).map(|()| name.to_string())
            };
            if let (Ok(one), Ok(path)) = (read(&one), written(None, "/", &one)) {
                prop_assert_eq!(read(path.strip_prefix('/').unwrap()), Ok(one.clone()));
                prop_assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~/%".contains(&byte)));
                if let (Ok(other), Ok(there)) = (read(&other), written(None, "/", &other)) {
                    prop_assert_eq!(one == other, path == there);
                }
            }
        }

        #[test]
        fn p1_any_text_is_read_without_a_panic(raw in "\\PC{0,40}|[%0-9a-fA-F/.]{0,3000}") {
            let _ = written(Some("b"), "/c/", &raw);
        }
    }
}
