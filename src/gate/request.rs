//! NGINX's request as header bytes: exactly the headers the drop-in sets, and
//! nothing else (product decision 10).

/// The headers that are read. A header that becomes one of these when `_` is read
/// as `-` refuses the request: another hop may have folded them (H2).
const READ: [&str; 10] = [
    "x-original-uri",
    "x-original-method",
    "x-original-host",
    "x-real-ip",
    "x-tilegate-mount",
    "x-tilegate-mark",
    "x-request-id",
    "origin",
    "cookie",
    "authorization",
];

/// What NGINX passed on, by reference; `None` where it was absent. The drop-in sends
/// what a visitor did not send as an empty value, which is none of anything either.
#[derive(Clone, Copy, Debug, Default)]
pub struct Presented<'h> {
    pub original_uri: Option<&'h [u8]>,
    pub original_method: Option<&'h [u8]>,
    pub original_host: Option<&'h [u8]>,
    pub real_ip: Option<&'h [u8]>,
    pub mount: Option<&'h [u8]>,
    /// What NGINX knows of the mount: [`crate::policy::mount::Mount::mark`].
    pub mark: Option<&'h [u8]>,
    pub request_id: Option<&'h [u8]>,
    pub origin: Option<&'h [u8]>,
    pub cookie: Option<&'h [u8]>,
    pub authorization: Option<&'h [u8]>,
    /// A header came twice, or in disguise.
    pub ambiguous: bool,
}

impl<'h> Presented<'h> {
    /// Picks the headers that count; names are expected in lower case.
    pub fn read(headers: impl Iterator<Item = (&'h str, &'h [u8])>) -> Self {
        let mut presented = Self::default();
        for (name, value) in headers {
            let slot = match name {
                "x-original-uri" => &mut presented.original_uri,
                "x-original-method" => &mut presented.original_method,
                "x-original-host" => &mut presented.original_host,
                "x-real-ip" => &mut presented.real_ip,
                "x-tilegate-mount" => &mut presented.mount,
                "x-tilegate-mark" => &mut presented.mark,
                "x-request-id" => &mut presented.request_id,
                "origin" => &mut presented.origin,
                "cookie" => &mut presented.cookie,
                "authorization" => &mut presented.authorization,
                other => {
                    presented.ambiguous |= is_disguised(other);
                    continue;
                }
            };
            if slot.is_some() {
                presented.ambiguous = true;
            }
            *slot = Some(value);
        }
        presented
    }
}

fn is_disguised(name: &str) -> bool {
    name.contains('_')
        && READ.iter().any(|known| {
            known.len() == name.len()
                && known.bytes().zip(name.bytes()).all(|(ours, theirs)| {
                    ours == theirs.to_ascii_lowercase() || (ours == b'-' && theirs == b'_')
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> Presented<'static> {
        Presented::read(headers.iter().map(|(name, value)| (*name, value.as_bytes())))
    }

    #[test]
    fn h4_only_our_headers_are_read() {
        let presented =
            read(&[("x-original-uri", "/a"), ("x-forwarded-for", "1.2.3.4"), ("range", "bytes=0-")]);
        assert_eq!(presented.original_uri, Some(b"/a".as_slice()));
        assert_eq!(presented.real_ip, None);
        assert!(!presented.ambiguous);
    }

    #[test]
    fn h2_p1_duplicates_and_underscore_look_alikes_are_ambiguous() {
        assert!(read(&[("x-original-uri", "/a"), ("x-original-uri", "/a")]).ambiguous);
        assert!(read(&[("x_original_uri", "/a")]).ambiguous);
        assert!(read(&[("x-original_uri", "/a")]).ambiguous);
        assert!(read(&[("x_real-ip", "::1")]).ambiguous);
        assert!(!read(&[("x_something", "/a")]).ambiguous);
    }

    #[test]
    fn p1_an_empty_header_counts_as_one_of_two() {
        assert!(read(&[("x-original-uri", ""), ("x-original-uri", "/a")]).ambiguous);
        assert!(read(&[("cookie", ""), ("cookie", "tg=x")]).ambiguous);
        assert!(!read(&[("cookie", ""), ("authorization", "")]).ambiguous);
    }

    #[test]
    fn h2_every_header_that_is_read_has_its_look_alikes_refused() {
        let all = [
            "x-original-uri",
            "x-original-method",
            "x-original-host",
            "x-real-ip",
            "x-tilegate-mount",
            "x-request-id",
        ];
        for name in all {
            assert!(!read(&[(name, "v")]).ambiguous, "{name}");
            let folded: &'static str = name.replace('-', "_").leak();
            assert!(read(&[(folded, "v")]).ambiguous, "{folded}");
        }
    }
}
