//! The typed values of single settings: text in, value or the reason why not out.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ipnet::IpNet;
use url::{Host, Url};

/// What is wrong with a value, and the cure; the setting's name is added by the caller.
pub(super) type Wrong = (String, String);

pub(super) fn wrong<T>(what: impl Into<String>, cure: impl Into<String>) -> Result<T, Wrong> {
    Err((what.into(), cure.into()))
}

/// A value as it may be printed in one line.
pub(super) fn quoted(value: &str) -> String {
    let short: String = value.chars().take(80).collect();
    format!("{short:?}")
}

/// The address visitors type, without path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    pub https: bool,
    /// Lower case, international names in punycode, an IPv6 address in brackets; no port.
    pub host: String,
    /// `None` for the scheme's own port.
    pub port: Option<u16>,
}

impl PublicUrl {
    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }

    /// `host` or `host:port`.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Serialised as browsers do: `https://images.example.org`, no slash at the end.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme(), self.authority())
    }

    pub(super) fn parse(typed: &str) -> Result<Self, Wrong> {
        const CURE: &str = "write it like https://images.example.org";
        let url = bare_url(typed, CURE)?;
        if url.path() != "/" {
            return wrong("has a path", "leave it out: mounts are under the root of their host");
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let https = url.scheme() == "https";
        if !https && !local {
            return wrong(
                "is http, over which browsers neither keep nor send the cookies",
                "use https (http is for localhost, 127.0.0.1 and [::1])",
            );
        }
        Ok(Self { https, host, port: url.port() })
    }
}

/// A web URL of scheme, host and port, perhaps with a path, and nothing else.
fn bare_url(typed: &str, cure: &str) -> Result<Url, Wrong> {
    // The URL parser drops tabs and line ends and reads `\` as `/`: what was typed would not be what counts.
    if typed.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return wrong("has a space or backslash in it", cure);
    }
    let Ok(url) = Url::parse(typed) else {
        return wrong(format!("{} is no URL", quoted(typed)), cure);
    };
    if !matches!(url.scheme(), "http" | "https") || !typed.contains("://") {
        return wrong(format!("{} is no web address", quoted(typed)), cure);
    }
    if !url.username().is_empty() || url.password().is_some() || typed.contains('@') {
        return wrong("has a user name or password in it", cure);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("has a ? or # in it", cure);
    }
    let plain = |host: &str| {
        !host.ends_with('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_[]:".contains(&b))
    };
    if !url.host_str().is_some_and(plain) {
        return wrong("has no proper host name", cure);
    }
    Ok(url)
}

/// Serialised origins separated by commas, as a browser sends them.
pub(super) fn origins(typed: &str) -> Result<Vec<String>, Wrong> {
    const CURE: &str = "write origins like https://viewer.example.org, separated by commas";
    let mut list = Vec::new();
    for item in items(typed) {
        if item == "*" || item.eq_ignore_ascii_case("null") {
            return wrong(format!("{item} is no origin that can be trusted"), CURE);
        }
        let url = bare_url(item, CURE)?;
        let behind = item.split_once("://").map_or("", |(_, rest)| rest);
        if behind.contains('/') {
            return wrong(format!("{} has a path", quoted(item)), CURE);
        }
        let origin = url.origin().ascii_serialization();
        if !list.contains(&origin) {
            list.push(origin);
        }
    }
    if list.is_empty() { wrong("names no origin", CURE) } else { Ok(list) }
}

/// The items of a list, without the blanks around them.
pub(super) fn items(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// One address the service listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// `host:port`.
    Tcp(String),
    Unix(PathBuf),
}

impl Listen {
    pub(super) fn parse_all(typed: &str) -> Result<Vec<Self>, Wrong> {
        let list = items(typed).map(Self::parse).collect::<Result<Vec<_>, _>>()?;
        if list.is_empty() {
            return wrong("names no address", "write host:port or unix:/path");
        }
        for (index, one) in list.iter().enumerate() {
            if list.iter().skip(index + 1).any(|other| other == one) {
                return wrong("names one address twice", "keep one of the two");
            }
        }
        Ok(list)
    }

    fn parse(typed: &str) -> Result<Self, Wrong> {
        if let Some(path) = typed.strip_prefix("unix:") {
            return Ok(Self::Unix(socket_path(path)?));
        }
        // Port 0 is the system's choice, which the log then names.
        authority(
            typed.strip_suffix(":0").map_or(typed.to_owned(), |host| format!("{host}:1")).as_str(),
            true,
        )?;
        Ok(Self::Tcp(typed.to_owned()))
    }
}

/// Checks `host:port` (`[::1]:port` for IPv6), the port optional unless asked for.
pub(super) fn authority(typed: &str, port_needed: bool) -> Result<(), Wrong> {
    let cure = if port_needed { "write host:port" } else { "write host or host:port" };
    let refuse = || wrong(format!("{} is no host with port", quoted(typed)), cure);
    let (host, port) = match typed.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, "")) => (address, None),
            Some((address, port)) => (address, Some(port.strip_prefix(':').unwrap_or("no port"))),
            None => return refuse(),
        },
        None => match typed.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (typed, None),
        },
    };
    let host_fits = if typed.starts_with('[') {
        host.parse::<std::net::Ipv6Addr>().is_ok()
    } else {
        !host.is_empty()
            && host.len() <= 253
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
            && host.bytes().any(|b| b.is_ascii_alphanumeric())
    };
    let port_fits = match port {
        Some(digits) => {
            digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|port| port > 0)
        }
        None => !port_needed,
    };
    if host_fits && port_fits { Ok(()) } else { refuse() }
}

/// The kernel's bound on a socket's path, less its closing zero.
pub(super) const SOCKET_PATH: usize = 107;

/// An absolute path that may stand in NGINX's configuration as it is.
pub(super) fn socket_path(typed: &str) -> Result<PathBuf, Wrong> {
    const CURE: &str = "write an absolute path of letters, digits and . _ - /";
    if !typed.starts_with('/') || typed.ends_with('/') {
        return wrong(format!("{} is no absolute path", quoted(typed)), CURE);
    }
    if !typed.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b)) {
        return wrong(
            format!("{} has characters that NGINX's configuration cannot hold", quoted(typed)),
            CURE,
        );
    }
    if typed.split('/').skip(1).any(|part| matches!(part, "" | "." | "..")) {
        return wrong(format!("{} has an empty or dotted folder in it", quoted(typed)), CURE);
    }
    if typed.len() > SOCKET_PATH {
        return wrong(
            format!("is longer than {SOCKET_PATH} bytes"),
            "choose a shorter path: the kernel takes no more",
        );
    }
    Ok(PathBuf::from(typed))
}

/// The sealing keys: the first seals, all open.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(Vec<[u8; 32]>);

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Keys({} of them)", self.0.len())
    }
}

impl Keys {
    /// The bytes themselves; never empty. For the key ring only.
    pub fn expose(&self) -> &[[u8; 32]] {
        &self.0
    }

    pub(super) fn parse(typed: &str) -> Result<Self, Wrong> {
        const CURE: &str =
            "take what `openssl rand -base64 32` or `tilegate key new` prints, several separated by commas";
        let either = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let standard = GeneralPurpose::new(&base64::alphabet::STANDARD, either);
        let for_urls = GeneralPurpose::new(&base64::alphabet::URL_SAFE, either);
        let mut keys: Vec<[u8; 32]> = Vec::new();
        for (index, item) in items(typed).enumerate() {
            let which = format!("key {}", index + 1);
            let Ok(bytes) = standard.decode(item).or_else(|_| for_urls.decode(item)) else {
                return wrong(format!("{which} is not base64"), CURE);
            };
            let length = bytes.len();
            let Ok(key) = <[u8; 32]>::try_from(bytes) else {
                return wrong(format!("{which} has {length} bytes instead of 32"), CURE);
            };
            if key.iter().all(|byte| Some(byte) == key.first()) {
                return wrong(format!("{which} is not random"), CURE);
            }
            if keys.contains(&key) {
                return wrong(format!("{which} is there twice"), "keep it once");
            }
            keys.push(key);
        }
        if keys.is_empty() { wrong("holds no key", CURE) } else { Ok(Self(keys)) }
    }
}

/// A whole number within bounds.
pub(super) fn number(typed: &str, bounds: std::ops::RangeInclusive<u64>) -> Result<u64, Wrong> {
    match typed.parse() {
        Ok(number) if bounds.contains(&number) => Ok(number),
        _ => wrong(
            format!("{} is not a whole number within {}..{}", quoted(typed), bounds.start(), bounds.end()),
            "write the seconds as digits",
        ),
    }
}

pub(super) fn truth(typed: &str) -> Result<bool, Wrong> {
    match typed {
        "true" => Ok(true),
        "false" => Ok(false),
        other => wrong(format!("{} is neither true nor false", quoted(other)), "write true or false"),
    }
}

/// The rights of a socket: octal, and its owner can use it.
pub(super) fn mode(typed: &str) -> Result<u32, Wrong> {
    let digits = typed.len() <= 4 && typed.bytes().all(|b| matches!(b, b'0'..=b'7'));
    match u32::from_str_radix(typed, 8) {
        Ok(mode) if digits && mode & !0o777 == 0 && mode & 0o600 == 0o600 => Ok(mode),
        _ => wrong(
            format!("{} is no mode that lets the owner read and write", quoted(typed)),
            "write it in octal, like 0660",
        ),
    }
}

/// Networks or single addresses, separated by commas.
pub(super) fn networks(typed: &str) -> Result<Vec<IpNet>, Wrong> {
    const CURE: &str = "write networks like 10.1.2.0/24 or single addresses, separated by commas";
    let mut list = Vec::new();
    for item in items(typed) {
        let network = match item.parse::<IpNet>() {
            Ok(network) => network.trunc(),
            Err(_) => match item.parse::<IpAddr>() {
                Ok(address) => IpNet::from(address),
                Err(_) => return wrong(format!("{} is no network", quoted(item)), CURE),
            },
        };
        if network.prefix_len() == 0 {
            return wrong(
                format!("{item} would trust everybody's headers"),
                "name the network NGINX calls from",
            );
        }
        list.push(network);
    }
    if list.is_empty() { wrong("names no network", CURE) } else { Ok(list) }
}

/// A parent domain of the public host that a cookie may be given to.
pub(super) fn cookie_domain(typed: &str, public: &PublicUrl) -> Result<String, Wrong> {
    const CURE: &str = "name a parent domain of the public host, like example.org, or leave it out";
    let domain = typed.strip_prefix('.').unwrap_or(typed).to_ascii_lowercase();
    if !matches!(Host::parse(&domain), Ok(Host::Domain(parsed)) if parsed == domain) || domain.ends_with('.')
    {
        return wrong(format!("{} is no domain", quoted(typed)), CURE);
    }
    if !domain.contains('.') {
        return wrong(format!("{} is a single label, which browsers refuse", quoted(typed)), CURE);
    }
    if public.host != domain && !public.host.ends_with(&format!(".{domain}")) {
        return wrong(format!("{} is no parent of {}", quoted(typed), public.host), CURE);
    }
    Ok(domain)
}

/// A filter as `tracing_subscriber::EnvFilter` reads it.
pub(super) fn log_filter(text: &str) -> Result<String, Wrong> {
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) if !text.is_empty() => Ok(text.to_owned()),
        _ => wrong(format!("{} is no log filter", quoted(text)), "write error, warn, info or debug"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_01_a2_01_a_public_url_is_scheme_host_and_port() {
        let url = PublicUrl::parse("https://Images.Example.ORG/").unwrap();
        assert_eq!(url, PublicUrl { https: true, host: "images.example.org".into(), port: None });
        assert_eq!(url.origin(), "https://images.example.org");
        assert_eq!(PublicUrl::parse("https://a.org:443").unwrap().origin(), "https://a.org");
        assert_eq!(PublicUrl::parse("http://localhost:8080").unwrap().origin(), "http://localhost:8080");
        assert_eq!(PublicUrl::parse("http://[::1]:1").unwrap().authority(), "[::1]:1");
        for bad in [
            "",
            "images.example.org",
            "ftp://a.org",
            "http://a.org",
            "http://localhost.evil.org",
            "https://a.org/iiif",
            "https://a.org?x",
            "https://a.org#x",
            "https://u@a.org",
            "https://u:p@a.org",
            "https://@a.org",
            "https://a.org;x",
            "https://a.org\n",
            "https://a b",
            "https:\\\\a.org",
            "https:a.org",
            "https://",
            "https://a.org.",
            "https://a$b.org",
            "https://a.org/;",
            "https://a.org:0x50",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad:?}");
        }
    }

    /// `http` on the loopback only; nothing that merely resolves there.
    #[test]
    fn http_is_for_the_three_local_names() {
        for bad in ["http://localhost.", "http://foo.localhost", "http://127.0.0.2", "http://[::2]"] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn origins_are_serialised_and_nothing_more() {
        assert_eq!(
            origins("https://Viewer.example.org:443, http://localhost:3000,https://viewer.example.org")
                .unwrap(),
            ["https://viewer.example.org", "http://localhost:3000"]
        );
        for bad in [
            "*",
            "null",
            "https://a.org/",
            "https://a.org/x",
            "https://*.a.org",
            "a.org",
            ",",
            "https://u@a.org",
            "file:///x",
        ] {
            assert!(origins(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn listening_addresses() {
        assert_eq!(
            Listen::parse_all("127.0.0.1:8700, unix:/run/tilegate/t.sock,[::1]:1").unwrap(),
            [
                Listen::Tcp("127.0.0.1:8700".into()),
                Listen::Unix("/run/tilegate/t.sock".into()),
                Listen::Tcp("[::1]:1".into())
            ]
        );
        for bad in [
            "",
            "8700",
            "localhost",
            ":8700",
            "a:65536",
            "a:+1",
            "a b:1",
            "[::1]",
            "[::1:1",
            "[x]:1",
            "[::1]x",
            "a:1,a:1",
            "unix:",
            "unix:x",
            "unix:/a b",
            "unix:/a;b",
            "unix:/a/../b",
            "unix:/a//b",
            "unix:/a/",
            "unix:/a$b",
        ] {
            assert!(Listen::parse_all(bad).is_err(), "{bad:?}");
        }
        assert!(Listen::parse_all(&format!("unix:/{}", "a".repeat(107))).is_err());
    }

    #[test]
    fn keys_are_32_random_bytes_and_never_shown() {
        let key: Vec<u8> = (0..32).collect();
        let text = base64::engine::general_purpose::STANDARD.encode(&key);
        let keys = Keys::parse(&format!("{text},{}", "A".repeat(42) + "E=")).unwrap();
        assert_eq!(keys.expose().len(), 2);
        assert_eq!(keys.expose()[0].as_slice(), key);
        assert!(!format!("{keys:?}").contains("31"), "{keys:?}");
        assert!(Keys::parse(text.trim_end_matches('=')).is_ok());
        for bad in ["", ",", "AAAA", "not base64!", &format!("{text},{text}"), &("A".repeat(43) + "=")] {
            let (what, cure) = Keys::parse(bad).unwrap_err();
            assert!(cure.contains("key") || cure.contains("once"), "{cure}");
            assert!(bad.is_empty() || bad == "," || !what.contains(bad), "{what}");
        }
    }

    #[test]
    fn numbers_modes_and_truths() {
        assert_eq!(number("60", 1..=60), Ok(60));
        assert!(
            number("61", 1..=60).is_err() && number("0", 1..=60).is_err() && number("1s", 1..=60).is_err()
        );
        assert!(number("-1", 0..=60).is_err() && number("99999999999999999999", 0..=u64::MAX).is_err());
        assert_eq!(mode("0660"), Ok(0o660));
        assert_eq!(mode("666"), Ok(0o666));
        for bad in ["", "0060", "8", "1777", "06600", "-660", "+660", "rw"] {
            assert!(mode(bad).is_err(), "{bad}");
        }
        assert_eq!(truth("true"), Ok(true));
        assert!(truth("yes").is_err() && truth("TRUE").is_err());
    }

    #[test]
    fn h1_nobody_is_trusted_by_a_zero_prefix() {
        assert_eq!(networks("10.1.2.3, 10.0.0.0/8,fd00::/8").unwrap().len(), 3);
        assert_eq!(networks("10.1.2.3/8").unwrap()[0].to_string(), "10.0.0.0/8");
        for bad in ["", "0.0.0.0/0", "::/0", "10.0.0.0/33", "nginx", "10.0.0"] {
            assert!(networks(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cookie_domain_is_a_parent_of_the_public_host() {
        let public = PublicUrl::parse("https://images.library.example.org").unwrap();
        assert_eq!(cookie_domain(".Example.org", &public).unwrap(), "example.org");
        assert_eq!(
            cookie_domain("images.library.example.org", &public).unwrap(),
            "images.library.example.org"
        );
        for bad in [
            "org",
            "localhost",
            "other.org",
            "ample.org",
            "a.images.library.example.org",
            "example.org;x",
            "..org",
            "example.org.",
        ] {
            assert!(cookie_domain(bad, &public).is_err(), "{bad}");
        }
        let local = PublicUrl::parse("http://127.0.0.1").unwrap();
        assert!(cookie_domain("0.0.1", &local).is_err() && cookie_domain("127.0.0.1", &local).is_err());
    }
}
