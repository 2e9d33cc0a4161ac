//! A file of settings: `KEY=value` lines, as Docker Compose reads its `.env`.
//!
//! A value may stand in single quotes (taken literally) or double quotes (`\"` and
//! `\\` are escapes). Without quotes it ends before ` #`. Nothing is interpolated.

use super::SettingsError;

/// The pairs of a file, in its order. Errors carry the line's number and never its
/// text, which may be a secret.
pub(super) fn parse(file: &str, text: &str) -> Result<Vec<(String, String)>, SettingsError> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let refuse = |wrong: &str, cure: &str| {
            Err(SettingsError::new(&format!("{file}, line {}", index + 1), wrong, cure))
        };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, rest)) = line.split_once('=') else {
            return refuse("is neither KEY=value nor a comment", "write KEY=value, or begin it with #");
        };
        let well_formed = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !well_formed(name) {
            return refuse(
                "has no proper name before the =",
                "names are letters, digits and _, with no space before the =",
            );
        }
        if pairs.iter().any(|(earlier, _)| earlier == name) {
            return refuse(&format!("sets {name} a second time"), "keep one of the two lines");
        }
        let Some(value) = value(rest.trim()) else {
            return refuse("has a quote that does not end the value", "quote the whole value or nothing");
        };
        pairs.push((name.to_owned(), value));
    }
    Ok(pairs)
}

/// The value behind `=`; `None` if its quotes do not match.
fn value(typed: &str) -> Option<String> {
    if let Some(quoted) = typed.strip_prefix('\'') {
        let (inner, rest) = quoted.split_once('\'')?;
        return is_comment(rest).then(|| inner.to_owned());
    }
    if let Some(quoted) = typed.strip_prefix('"') {
        let mut inner = String::new();
        let mut letters = quoted.chars();
        loop {
            match letters.next()? {
                '"' => break,
                '\\' => match letters.next()? {
                    escaped @ ('"' | '\\') => inner.push(escaped),
                    other => inner.extend(['\\', other]),
                },
                plain => inner.push(plain),
            }
        }
        return is_comment(letters.as_str()).then_some(inner);
    }
    if typed.starts_with('#') {
        return Some(String::new());
    }
    let end = typed.find(" #").or_else(|| typed.find("\t#"));
    let plain = end.and_then(|end| typed.get(..end)).unwrap_or(typed);
    Some(plain.trim_end().to_owned())
}

/// Whether nothing but a comment follows a closing quote.
fn is_comment(rest: &str) -> bool {
    rest.trim().is_empty() || (rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> String {
        let mut pairs = parse("f", line).expect("parsed");
        assert_eq!(pairs.len(), 1);
        pairs.remove(0).1
    }

    #[test]
    fn values_may_be_quoted_and_commented() {
        assert_eq!(one("A=b"), "b");
        assert_eq!(one("A= b c \r\n"), "b c");
        assert_eq!(one("A=b#c # d"), "b#c");
        assert_eq!(one("A='it #is $x' # d"), "it #is $x");
        assert_eq!(one(r#"A="say \"no\" \\ \d""#), r#"say "no" \ \d"#);
        assert_eq!(one("A="), "");
        assert_eq!(one("A=# nothing"), "");
        assert_eq!(one("\u{feff}# first\n\nA=b=c"), "b=c");
    }

    #[test]
    fn a_broken_line_is_named_by_its_number_and_not_quoted() {
        for broken in [
            "s3cret",
            "A B=s3cret",
            "A =s3cret",
            "=s3cret",
            "A='s3cret",
            "A=\"s3cret",
            "A='s3cret'x",
            "1A=s3cret",
        ] {
            let error = parse("site.env", &format!("# c\n{broken}\n")).unwrap_err().to_string();
            assert!(error.starts_with("site.env, line 2: "), "{error}");
            assert!(!error.contains("s3cret") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_name_set_twice_is_refused() {
        let error = parse("f", "A=1\nB=2\nA=3").unwrap_err().to_string();
        assert!(error.starts_with("f, line 3: ") && error.contains("sets A"), "{error}");
    }
}
