//! Writes NGINX's side of the contract from the settings: what belongs into its
//! `http` block and what into a `server` block.
//!
//! The text is in the `.conf` pieces beside this file; here they are chosen and
//! filled in. Every value that is filled in was restricted by [`crate::config`] to
//! characters that mean nothing to NGINX.

mod cors;
mod fetch;
mod object;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use cors::{CREDENTIALS, has_named_origins, named_origins, preflight};
use fetch::fetch;

use crate::config::{Listen, SiteSettings};
use crate::policy::mount::{Mount, MountKind, Origin};

/// The version of NGINX to write for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NginxVersion {
    pub major: u16,
    pub minor: u16,
    pub patch: u16,
}

impl NginxVersion {
    /// From here on a host name in an upstream is looked up again when its address changes.
    const RESOLVES: Self = Self { major: 1, minor: 27, patch: 3 };
}

impl Default for NginxVersion {
    /// The oldest that is supported: Debian 12's.
    fn default() -> Self {
        Self { major: 1, minor: 22, patch: 1 }
    }
}

impl fmt::Display for NginxVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Why a text is no version of NGINX to write for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadVersion {
    #[error("write the version like 1.27.3")]
    Unreadable,
    #[error("NGINX 1.22.1 is the oldest that is supported")]
    TooOld,
}

impl FromStr for NginxVersion {
    type Err = BadVersion;

    /// Reads `1.27.3`, or `nginx/1.27.3` as NGINX calls itself.
    fn from_str(typed: &str) -> Result<Self, BadVersion> {
        let mut parts = typed.strip_prefix("nginx/").unwrap_or(typed).split('.').map(str::parse);
        let (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadVersion::Unreadable);
        };
        let version = Self { major, minor, patch };
        if version < Self::default() { Err(BadVersion::TooOld) } else { Ok(version) }
    }
}

/// What belongs into NGINX's `http` block: upstreams, maps, the log format and the
/// internal servers.
pub fn http(site: &SiteSettings, version: NginxVersion) -> String {
    let tilegate =
        upstream("tilegate", &service_address(site), version, &["keepalive 32;", "keepalive_timeout 30s;"]);
    let mut text = fill(include_str!("http.conf"), &[("UPSTREAM_TILEGATE", &tilegate)]);
    let mut logged = "";
    if has_content(site) {
        let (named, anyone) = if has_named_origins(site) { ("$tg_named", "$tg_anyone") } else { ("", "*") };
        let piece = include_str!("http-images.conf");
        text.push_str(&fill(piece, &[("NAMED", named), ("ANYONE", anyone)]));
        logged = r#""$tg_account" "$tg_basis" "#;
    }
    text.push_str(&named_origins(site));
    if has_files(site) {
        text.push_str(include_str!("http-files.conf"));
    }
    text.push_str(&fill(include_str!("http-log.conf"), &[("LOGGED", logged)]));
    let origins: String = site.mounts.iter().map(|mount| origin(site, mount, version)).collect();
    if !origins.is_empty() {
        text.push_str("\n# -- Origins ");
        text.push_str(&"-".repeat(72));
        text.push('\n');
    }
    text.push_str(&origins);
    if !site.mounts.is_empty() {
        // With the colon no name of a mount is a word of `map`'s own.
        let marks: Vec<_> =
            site.mounts.iter().map(|mount| format!("    {}: {};", mount.name, mount.mark())).collect();
        text.push_str(&fill(include_str!("http-marks.conf"), &[("MARKS", &marks.join("\n"))]));
    }
    text
}

/// What belongs into the `server` block of the public host: the protected
/// locations, the check and `/auth/`.
pub fn server(site: &SiteSettings, _version: NginxVersion) -> String {
    let visitor = VISITOR.trim_end();
    let proxy = PROXY.trim_end();
    let shared = [("VISITOR", visitor), ("PROXY", proxy), ("ORIGIN", &site.public_url.origin())];
    let mut text = fill(include_str!("server.conf"), &shared);
    if !site.neuroglancer_origins.is_empty() {
        text.push_str(&fill(include_str!("server-neuroglancer.conf"), &shared));
    }
    let errors = [
        ("QUIET", if has_files(site) { QUIET } else { "" }),
        ("CREDENTIALS", if has_named_origins(site) { CREDENTIALS } else { "" }),
    ];
    if has_content(site) {
        text.push_str(&fill(&fill(include_str!("server-images.conf"), &errors), &shared));
    }
    if has_files(site) {
        text.push_str(&fill(include_str!("server-files.conf"), &errors));
    }
    if site.mounts.iter().any(|mount| mount.bucket.is_some()) {
        text.push_str(&fill(include_str!("server-objects.conf"), &errors));
    }
    text.push_str(&fill(include_str!("server-unavailable.conf"), &errors));
    for mount in &site.mounts {
        let location = match mount.kind {
            MountKind::Manifest => manifest(mount),
            MountKind::File => file(site, mount),
            MountKind::S3 => object::location(mount),
            MountKind::Image => image(site, mount),
        };
        text.push_str(&fill(&location, &shared));
    }
    text
}

/// Whether there is a mount whose content NGINX fetches after asking; manifests Tilegate fetches.
fn has_content(site: &SiteSettings) -> bool {
    site.mounts.iter().any(|mount| mount.kind != MountKind::Manifest)
}

fn has_files(site: &SiteSettings) -> bool {
    site.mounts.iter().any(Mount::has_files)
}

/// The headers of a visitor's request that Tilegate reads: these and no other.
/// An empty one is not sent.
const VISITOR: &str = r"    proxy_pass_request_headers off;
    proxy_set_header X-Original-URI $request_uri;
    proxy_set_header X-Original-Method $request_method;
    proxy_set_header X-Original-Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Request-ID $request_id;
    proxy_set_header Origin $http_origin;
    proxy_set_header Cookie $http_cookie;
    proxy_set_header Authorization $http_authorization;
";

/// How Tilegate is spoken to. Answers to a visitor are never cached here.
const PROXY: &str = r#"    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffer_size 16k;
    proxy_buffers 4 16k;
    proxy_busy_buffers_size 32k;
    proxy_cache off;
    proxy_redirect off;
    proxy_intercept_errors off;
    proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;
"#;

/// An error under an address with a secret in it stands in no log of the site either.
const QUIET: &str = "    if ($tg_secret) {
        access_log off;
    }
    add_header Referrer-Policy $tg_secret always;
    add_header X-Robots-Tag $tg_unlisted always;
";

/// How the description service is asked.
const DESCRIBE: &str = include_str!("server-describe.conf");

fn image(site: &SiteSettings, mount: &Mount) -> String {
    fill(
        include_str!("server-image.conf"),
        &[
            ("RULE", &"-".repeat(65_usize.saturating_sub(mount.name.len()))),
            ("DESCRIBE", DESCRIBE.trim_end()),
            ("FETCH", &indented(&fetch(site, mount))),
            ("NAME", &mount.name),
            ("PREFIX", &mount.prefix),
            ("PREFLIGHT", &preflight(mount)),
            ("PREFLIGHT_INNER", &indented(&preflight(mount))),
        ],
    )
}

fn file(site: &SiteSettings, mount: &Mount) -> String {
    fill(
        include_str!("server-file.conf"),
        &[
            ("RULE", &"-".repeat(66_usize.saturating_sub(mount.name.len()))),
            ("FETCH", &indented(&fetch(site, mount))),
            ("NAME", &mount.name),
            ("PREFIX", &mount.prefix),
            ("PREFLIGHT", &indented(&preflight(mount))),
        ],
    )
}

fn manifest(mount: &Mount) -> String {
    fill(
        include_str!("server-manifest.conf"),
        &[
            ("RULE", &"-".repeat(62_usize.saturating_sub(mount.name.len()))),
            ("DESCRIBE", DESCRIBE.trim_end()),
            ("NAME", &mount.name),
            ("PREFIX", &mount.prefix),
            ("PREFLIGHT", &preflight(mount)),
        ],
    )
}

/// The upstream of a mount's origin, and the internal server where one is needed.
fn origin(site: &SiteSettings, mount: &Mount, version: NginxVersion) -> String {
    let name = format!("tilegate_origin_{}", mount.name);
    let keep = ["keepalive 32;"];
    match &mount.origin {
        // Tilegate goes there by itself.
        Origin::Http { .. } if mount.kind == MountKind::Manifest => String::new(),
        Origin::Http { tls, authority } => {
            let reached = object::reached(mount);
            let (tls, authority) = reached.as_ref().map_or((tls, authority), |it| (&it.tls, &it.authority));
            let address = match (has_port(authority), tls) {
                (true, _) => authority.clone(),
                (false, true) => format!("{authority}:443"),
                (false, false) => format!("{authority}:80"),
            };
            format!("\n{}\n", upstream(&name, &address, version, &keep))
        }
        Origin::Fastcgi { authority } => {
            let socket = site.nginx_socket(mount).display().to_string();
            let outer = upstream(&name, &format!("unix:{socket}"), version, &keep);
            let inner = upstream(&format!("tilegate_fastcgi_{}", mount.name), authority, version, &[]);
            let https = if site.public_url.https { "        fastcgi_param HTTPS on;\n" } else { "" };
            fill(
                include_str!("http-fastcgi.conf"),
                &[
                    ("NAME", &mount.name),
                    ("SOCKET", &socket),
                    ("UPSTREAM_FASTCGI", &format!("{outer}\n{inner}")),
                    ("HTTPS", https),
                    ("HOST", &site.public_url.authority()),
                ],
            )
        }
        Origin::File { folder } => {
            let socket = site.nginx_socket(mount).display().to_string();
            let piece = match mount.kind {
                MountKind::File => include_str!("http-file-folder.conf"),
                _ => include_str!("http-folder.conf"),
            };
            fill(
                piece,
                &[
                    ("NAME", &mount.name),
                    ("SOCKET", &socket),
                    ("UPSTREAM", &upstream(&name, &format!("unix:{socket}"), version, &keep)),
                    ("FOLDER", folder.trim_end_matches('/')),
                ],
            )
        }
    }
}

/// The address NGINX reaches the service at: the first Unix socket, else the first
/// TCP address.
fn service_address(site: &SiteSettings) -> String {
    let socket = site.listen.iter().find_map(|listen| match listen {
        Listen::Unix(path) => Some(format!("unix:{}", path.display())),
        Listen::Tcp(_) => None,
    });
    let tcp = || {
        site.listen.iter().find_map(|listen| match listen {
            Listen::Tcp(address) => Some(reachable(address)),
            Listen::Unix(_) => None,
        })
    };
    socket.or_else(tcp).unwrap_or_default()
}

/// "Every address of this machine" is one to listen on; to call, there is the loopback.
pub(crate) fn reachable(address: &str) -> String {
    if let Some(port) = address.strip_prefix("0.0.0.0:") {
        return format!("127.0.0.1:{port}");
    }
    match address.strip_prefix("[::]:") {
        Some(port) => format!("[::1]:{port}"),
        None => address.to_owned(),
    }
}

fn upstream(name: &str, address: &str, version: NginxVersion, more: &[&str]) -> String {
    let mut lines = vec![format!("upstream {name} {{")];
    if version >= NginxVersion::RESOLVES && is_host_name(address) {
        lines.push(
            "    # Looked up again when its address changes; the http block needs a `resolver`.".to_owned(),
        );
        lines.push(format!("    zone {name} 64k;"));
        lines.push(format!("    server {address} resolve;"));
    } else {
        lines.push(format!("    server {address};"));
    }
    lines.extend(more.iter().map(|line| format!("    {line}")));
    lines.push("}".to_owned());
    lines.join("\n")
}

fn is_host_name(address: &str) -> bool {
    let host = without_port(address);
    !address.starts_with("unix:")
        && !address.starts_with('[')
        && host != "localhost"
        && host.parse::<IpAddr>().is_err()
}

fn has_port(authority: &str) -> bool {
    without_port(authority).len() < authority.len()
}

/// The host of `host:port`; an IPv6 address keeps its brackets.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.ends_with(':') => {
            if host.starts_with('[') && !host.ends_with(']') {
                authority
            } else {
                host
            }
        }
        _ => authority,
    }
}

fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("    {line}") };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Puts values in the place of `@MARKERS@`.
fn fill(piece: &str, values: &[(&str, &str)]) -> String {
    let mut text = piece.to_owned();
    for (marker, value) in values {
        text = text.replace(&format!("@{marker}@"), value);
    }
    text
}

#[cfg(test)]
mod tests;
