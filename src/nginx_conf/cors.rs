//! Which pages of other sites may read: the maps of the origins that mounts name, and the preflights.

use super::{fill, has_content};
use crate::config::SiteSettings;
use crate::policy::mount::Mount;

pub(super) fn has_named_origins(site: &SiteSettings) -> bool {
    site.mounts.iter().any(|mount| !mount.cors.is_empty())
}

/// The maps of the origins that mounts name. By regular expressions: exact words are kept in a table of which a site may
/// have chosen the sizes, and too long a word would end NGINX.
pub(super) fn named_origins(site: &SiteSettings) -> String {
    if !has_named_origins(site) {
        return String::new();
    }
    let pairs =
        || site.mounts.iter().flat_map(|mount| mount.cors.iter().map(move |origin| (&mount.name, origin)));
    let word = |name: &str, origin: &str| format!("\"~^{}:{}$\"", name, literally(origin));
    let lines = |value: &dyn Fn(&str) -> String| -> String {
        let line =
            |(name, origin): (&String, &String)| format!("    {} {};", word(name, origin), value(origin));
        pairs().map(line).collect::<Vec<_>>().join("\n")
    };
    let mounts = site.mounts.iter().filter(|mount| !mount.cors.is_empty());
    let mounts: Vec<_> = mounts.map(|mount| format!("    {}: \"named \";", mount.name)).collect();
    let mut text = include_str!("http-cors.conf").to_owned();
    // Manifests Tilegate answers for by itself.
    if has_content(site) {
        text.push_str(include_str!("http-cors-content.conf"));
    }
    fill(
        &text,
        &[
            ("ORIGINS", &lines(&|origin| format!("\"{origin}\""))),
            ("CREDENTIALS", &lines(&|_| "true".to_owned())),
            ("MOUNTS", &mounts.join("\n")),
        ],
    )
}

/// An origin as a regular expression that means it alone.
fn literally(origin: &str) -> String {
    let mut text = String::with_capacity(origin.len() + 8);
    for character in origin.chars() {
        if matches!(character, '.' | '[' | ']') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Answers the preflight before the check and refuses methods that change things.
const PREFLIGHT: &str = r#"    if ($request_method = OPTIONS) {
@UNLOGGED@        add_header Access-Control-Allow-Origin @ANYONE@ always;
        add_header Access-Control-Allow-Methods "GET, HEAD, OPTIONS" always;
        add_header Access-Control-Allow-Headers @ANNOUNCED@ always;
        add_header Access-Control-Max-Age 7200 always;
@NAMED@        return 204;
    }
    if ($request_method !~ "^(?:GET|HEAD)$") {
        return 405;
    }"#;

/// The preflight of a mount. Where it names origins, their pages may send more, and their visitor's cookies too.
pub(super) fn preflight(mount: &Mount) -> String {
    let is_file = mount.kind.may_carry_passes();
    let (anyone, named) = if mount.cors.is_empty() { ("*", "") } else { ("$tg_anyone", PREFLIGHT_NAMED) };
    // Browsers of a few years ago ask also before they send a range.
    let announced = match (mount.cors.is_empty(), is_file) {
        (true, false) => "Authorization",
        (true, true) => "\"Authorization, Range\"",
        (false, _) => "\"Authorization, Range, X-CSRF-Token, X-Requested-With\"",
    };
    // The address may be a secret, and what is set here is all that counts for this request.
    let unlogged = if is_file { "        access_log off;\n" } else { "" };
    let values = [("UNLOGGED", unlogged), ("ANYONE", anyone), ("NAMED", named), ("ANNOUNCED", announced)];
    fill(PREFLIGHT, &values)
}

const PREFLIGHT_NAMED: &str =
    "        add_header Access-Control-Allow-Credentials $tg_anyone_credentials always;
        add_header Vary Origin always;
";

/// Besides the origin, for pages of those that a mount names.
pub(super) const CREDENTIALS: &str =
    "    add_header Access-Control-Allow-Credentials $tg_credentials always;\n";
