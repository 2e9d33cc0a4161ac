//! Where a person goes after logging in: a place on our own site and nowhere else (S12, X-20).

use url::Url;

/// The same-origin path (with query) that `wanted` means, as a browser would read it.
///
/// Anything that a browser could take for another site, or that has control
/// characters, is `None`.
pub fn same_site_path(wanted: &str, public_origin: &str) -> Option<String> {
    // Browsers drop tabs and line breaks and read `\` as `/`; so what has any of
    // these is not judged at all.
    if !wanted.starts_with('/')
        || wanted.starts_with("//")
        || wanted.len() > 2048
        || wanted.chars().any(|character| character.is_control() || character == '\\')
    {
        return None;
    }
    let base = Url::parse(public_origin).ok()?;
    let target = base.join(wanted).ok()?;
    if target.origin() != base.origin() || !target.username().is_empty() || target.password().is_some() {
        return None;
    }
    let path = match target.query() {
        Some(query) => format!("{}?{query}", target.path()),
        None => target.path().to_owned(),
    };
    // `/.//evil.test` joins to the path `//evil.test`, which a browser would read as a host.
    (!path.starts_with("//")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://img.test";

    #[test]
    fn s12_paths_of_our_own_site_pass() {
        for (wanted, path) in [
            ("/auth/", "/auth/"),
            ("/iiif/images/a%2Fb/info.json?x=1", "/iiif/images/a%2Fb/info.json?x=1"),
            ("/a/../b", "/b"),
            ("/a#fragment", "/a"),
        ] {
            assert_eq!(same_site_path(wanted, ORIGIN).as_deref(), Some(path), "{wanted}");
        }
    }

    #[test]
    fn s12_whatever_could_leave_the_site_is_refused() {
        for wanted in [
            "",
            "evil",
            "//evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/\t/evil.test",
            "/%09/../\n/evil.test",
            "https:evil.test",
            "https://evil.test/",
            "javascript:alert(1)",
            "@evil.test",
            "/\r\nSet-Cookie: a=b",
            "/.//evil.test",
            "/..//evil.test",
            "///evil.test",
            "/\u{7f}",
            " /auth/",
        ] {
            assert_eq!(same_site_path(wanted, ORIGIN), None, "{wanted:?}");
        }
        // Encoded tricks stay inside a path.
        assert_eq!(same_site_path("/%09/evil.test", ORIGIN).as_deref(), Some("/%09/evil.test"));
        assert_eq!(same_site_path("/@evil.test", ORIGIN).as_deref(), Some("/@evil.test"));
    }
}
