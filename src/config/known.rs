//! Every setting there is: the one list that the start-up check, `.env.template`
//! and the operators' documentation are held against.

/// One setting, as an operator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    /// Heading in `.env.template`.
    pub group: &'static str,
    /// Whether `serve` refuses to start without it.
    pub required: bool,
    /// What counts when it is not set, as one would type it.
    pub default: Option<&'static str>,
    /// One line.
    pub meaning: &'static str,
}

/// Begins the name of every mount's setting.
pub const MOUNT: &str = "TILEGATE_MOUNT_";
/// The setting of the mount of this name.
pub fn setting_of_mount(name: &str) -> String {
    format!("{MOUNT}{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// How the family of mount settings is written in [`KNOWN`].
pub const MOUNT_PATTERN: &str = "TILEGATE_MOUNT_<NAME>";

const FIRST: &str = "Fill these in";
const SITE: &str = "The site";
const STORE: &str = "The database";
const MOUNTS: &str = "Mounts";
const LOGIN: &str = "Logging in";
const VIEWERS: &str = "Viewers";
const TIME: &str = "How long things count";
const SERVICE: &str = "The service";

const fn required(name: &'static str, group: &'static str, meaning: &'static str) -> Setting {
    Setting { name, group, required: true, default: None, meaning }
}

const fn absent(name: &'static str, group: &'static str, meaning: &'static str) -> Setting {
    Setting { name, group, required: false, default: None, meaning }
}

const fn preset(
    name: &'static str,
    group: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { name, group, required: false, default: Some(default), meaning }
}

/// All settings, in the order of `.env.template`. Each may also be given as
/// `<name>_FILE`, the path of a file that holds the value.
pub const KNOWN: &[Setting] = &[
    required(
        "TILEGATE_KEYS",
        FIRST,
        "From `openssl rand -base64 32` or `tilegate key new`; several, with commas: the first seals, all open.",
    ),
    absent("TILEGATE_ADMIN_USERNAME", FIRST, "First administrator, made at `serve` while there is none."),
    absent("TILEGATE_ADMIN_PASSWORD", FIRST, "The first administrator's password."),
    absent(
        "TILEGATE_PUBLIC_URL",
        SITE,
        "What visitors type, http only for localhost; without it https:// and VIRTUAL_HOST.",
    ),
    absent(
        "TILEGATE_ORGANISATION",
        SITE,
        "Named on pages and in the labels of services; without it the public host.",
    ),
    absent(
        MOUNT_PATTERN,
        MOUNTS,
        "What is guarded: <kind> <public prefix> <origin> [key=value ...]; <NAME> in lower case names the mount.",
    ),
    absent(
        "TILEGATE_S3_<MOUNT>_ACCESS_KEY_ID",
        MOUNTS,
        "The ID of the key that the bucket of an s3 mount is read with (docs/buckets.md).",
    ),
    absent(
        "TILEGATE_S3_<MOUNT>_SECRET_ACCESS_KEY",
        MOUNTS,
        "The key itself; files are read again when they change.",
    ),
    absent("TILEGATE_S3_<MOUNT>_SESSION_TOKEN", MOUNTS, "What comes with a temporary key."),
    preset(
        "TILEGATE_DATABASE_URL",
        STORE,
        "sqlite:data/tilegate.db",
        "Accounts, conditions and rules; or postgres://user:password@host/database.",
    ),
    preset("TILEGATE_SESSION_SECONDS", LOGIN, "28800", "Life of a login: session and access cookie."),
    absent(
        "TILEGATE_COOKIE_DOMAIN",
        LOGIN,
        "A parent domain of the public host, so that sibling hosts get the access cookie too.",
    ),
    preset(
        "TILEGATE_SELF_REGISTRATION",
        LOGIN,
        "off",
        "off, or approved: people ask, administrators decide.",
    ),
    preset(
        "TILEGATE_ADMIN_SECOND_FACTOR",
        LOGIN,
        "optional",
        "optional, or required: no administration without an authenticator app.",
    ),
    preset("TILEGATE_CONCEAL", LOGIN, "false", "true: unknown and hidden identifiers answer alike."),
    preset(
        "TILEGATE_IIIF_TOKEN_OPENS",
        VIEWERS,
        "description",
        "What an IIIF access token opens: description (as the specification says) or content.",
    ),
    preset("TILEGATE_IIIF_TOKEN_SECONDS", VIEWERS, "3600", "Life of an IIIF access token."),
    absent(
        "TILEGATE_VIEWER_ORIGINS",
        VIEWERS,
        "Origins of viewers that may ask for tokens, separated by commas; without it any.",
    ),
    absent(
        "TILEGATE_NEUROGLANCER_ORIGINS",
        VIEWERS,
        "Origins that Neuroglancer's token may go to; without it that flow is off.",
    ),
    preset("TILEGATE_OPEN_MAX_AGE", TIME, "3600", "Seconds that caches may keep what is open to everybody."),
    preset(
        "TILEGATE_MAX_STALE_SECONDS",
        TIME,
        "900",
        "Seconds that credentials count while the store cannot be reached.",
    ),
    preset(
        "TILEGATE_AUDIT_DAYS",
        TIME,
        "365",
        "Days that lines of the audit trail are kept: who changed what, logins, denials.",
    ),
    preset("TILEGATE_POLL_SECONDS", TIME, "1", "Seconds until other replicas see a change."),
    preset(
        "TILEGATE_LISTEN",
        SERVICE,
        "127.0.0.1:8700",
        "host:port or unix:/path, several separated by commas; NGINX uses the first Unix socket, else the first.",
    ),
    preset("TILEGATE_SOCKET_MODE", SERVICE, "0660", "Rights of the Unix sockets, octal."),
    preset(
        "TILEGATE_TRUSTED_PEERS",
        SERVICE,
        "127.0.0.0/8,::1/128",
        "Networks NGINX may call from over TCP; Unix sockets are always trusted.",
    ),
    preset(
        "TILEGATE_NGINX_SOCKET_DIR",
        SERVICE,
        "/run/tilegate",
        "Where NGINX's internal servers listen; only NGINX and Tilegate may enter this folder.",
    ),
    preset("TILEGATE_LOG", SERVICE, "info", "error, warn, info, debug, or a tracing filter."),
    preset("TILEGATE_LOG_FORMAT", SERVICE, "text", "text or json."),
];

/// The known name that is nearest to a mistyped one.
pub(super) fn nearest(typed: &str) -> &'static str {
    KNOWN
        .iter()
        .map(|setting| setting.name)
        .min_by_key(|name| distance(typed, name))
        .unwrap_or("TILEGATE_PUBLIC_URL")
}

/// Levenshtein's distance, in bytes.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, right) in row.iter_mut().skip(1).zip(b.bytes()) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            *cell = replaced.min(before + 1).min(diagonal + 1);
            before = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshteins() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn a_typo_finds_its_setting() {
        assert_eq!(nearest("TILEGATE_TRUSTED_PEER"), "TILEGATE_TRUSTED_PEERS");
        assert_eq!(nearest("TILEGATE_CONCAEL"), "TILEGATE_CONCEAL");
    }
}
