//! Finds credentials in the bytes of a `Cookie` and an `Authorization` header.

use memchr::memchr;

use super::sealed::Fault;

/// The value of the one cookie of this name.
///
/// # Errors
/// [`Fault::Missing`] without one, [`Fault::Invalid`] with two: whoever can plant a
/// second cookie must not choose which one counts (S1).
pub fn cookie<'h>(header: Option<&'h [u8]>, name: &str) -> Result<&'h [u8], Fault> {
    let mut found = None;
    for pair in pairs(header.unwrap_or_default()) {
        let pair = pair.trim_ascii();
        let Some(equals) = pair.iter().position(|byte| *byte == b'=') else { continue };
        let (key, value) = pair.split_at(equals);
        if key.trim_ascii_end() == name.as_bytes() {
            if found.is_some() {
                return Err(Fault::Invalid);
            }
            found = value.strip_prefix(b"=").map(<[u8]>::trim_ascii);
        }
    }
    found.ok_or(Fault::Missing)
}

/// What stands between the semicolons. Cookies are long, and each is looked through for
/// every tile: hence `memchr`.
fn pairs(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(header);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr(b';', text).unwrap_or(text.len());
        let (pair, after) = text.split_at_checked(end)?;
        rest = after.get(1..);
        Some(pair)
    })
}

/// The token of a `Bearer` authorization (RFC 6750); the scheme in any case.
///
/// # Errors
/// [`Fault::Missing`] for another scheme or nothing, and for the `undefined` and
/// `null` that viewers send when they have none.
pub fn bearer(header: Option<&[u8]>) -> Result<&[u8], Fault> {
    let header = header.ok_or(Fault::Missing)?.trim_ascii();
    let (scheme, rest) = header.split_at_checked(6).ok_or(Fault::Missing)?;
    if !scheme.eq_ignore_ascii_case(b"bearer") || !rest.first().is_some_and(u8::is_ascii_whitespace) {
        return Err(Fault::Missing);
    }
    match rest.trim_ascii() {
        b"" | b"undefined" | b"null" => Err(Fault::Missing),
        token if token.iter().any(u8::is_ascii_whitespace) => Err(Fault::Invalid),
        token => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_one_cookie_of_the_name_counts_and_two_are_a_fault() {
        let find = |header: &'static str| cookie(Some(header.as_bytes()), "tg");
        assert_eq!(find("a=1; tg=x; b=2"), Ok(b"x".as_slice()));
        assert_eq!(find("tg=x"), Ok(b"x".as_slice()));
        assert_eq!(find("tg = x "), Ok(b"x".as_slice()));
        assert_eq!(find("tg=x; tg=x"), Err(Fault::Invalid));
        assert_eq!(find("tgx=1; xtg=2; tg"), Err(Fault::Missing));
        assert_eq!(find(";;=;"), Err(Fault::Missing));
        assert_eq!(cookie(None, "tg"), Err(Fault::Missing));
    }

    #[test]
    fn x13_x14_bearer_variants() {
        let find = |header: &'static str| bearer(Some(header.as_bytes()));
        assert_eq!(find("Bearer abc"), Ok(b"abc".as_slice()));
        assert_eq!(find("bEaReR  abc "), Ok(b"abc".as_slice()));
        for nothing in ["", "Bearer", "Bearer ", "Bearer undefined", "Bearer null", "Basic YTpi", "Bearerabc"]
        {
            assert_eq!(find(nothing), Err(Fault::Missing), "{nothing}");
        }
        assert_eq!(find("Bearer a b"), Err(Fault::Invalid));
        assert_eq!(bearer(None), Err(Fault::Missing));
    }
}
