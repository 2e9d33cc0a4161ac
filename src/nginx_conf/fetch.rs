//! How the path that Tilegate hands back is fetched.

use super::cors::CREDENTIALS;
use super::{fill, without_port};
use crate::config::SiteSettings;
use crate::policy::mount::{Mount, Origin};

/// How an `https` origin is spoken to: its certificate must be its own.
pub(super) const TLS: &str = r"    proxy_ssl_server_name on;
    proxy_ssl_name @PEER@;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 4;
    proxy_ssl_trusted_certificate @AUTHORITIES@;
";

/// Where Debian and others keep the certificate authorities that everybody trusts.
pub(super) const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What an image server's errors become.
const ERRORS: &str = r"    # A redirect would show an inner address, or lead around the check.
    error_page 300 301 302 303 307 308 500 501 502 503 504 505 507 = @tilegate_broken;
    error_page 404 410 = @tilegate_missing;
    error_page 400 = @tilegate_impossible;";

/// How Tilegate is asked, and how the path that it hands back is fetched.
pub(super) fn fetch(site: &SiteSettings, mount: &Mount) -> String {
    let (scheme, tls, host) = match &mount.origin {
        Origin::Http { tls: true, authority } => {
            let tls = fill(TLS, &[("PEER", without_port(authority)), ("AUTHORITIES", AUTHORITIES)]);
            ("https", tls, authority.clone())
        }
        Origin::Http { tls: false, authority } => ("http", String::new(), authority.clone()),
        Origin::Fastcgi { .. } | Origin::File { .. } => ("http", String::new(), site.public_url.authority()),
    };
    let piece = include_str!("server-fetch.conf").trim_end();
    let credentials = if mount.cors.is_empty() { "" } else { CREDENTIALS };
    let values = [
        ("SCHEME", scheme),
        ("TLS", &tls),
        ("HOST", &host),
        ("ERRORS", ERRORS),
        ("SIGNED", ""),
        ("CREDENTIALS", credentials),
    ];
    fill(piece, &values)
}
