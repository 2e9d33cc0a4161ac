//! What `s3` mounts have besides: the words of a bucket in their setting, and the keys that it is read with.

use std::net::IpAddr;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::SettingsError;
use super::lookup::{Given, Lookup, is_placeholder};
use super::value::{Wrong, authority, quoted, socket_path, wrong};
use crate::policy::mount::{Bucket, Endpoint, Mount, Origin};

/// The keys of a mount's setting that are for buckets alone.
pub(super) const WORDS: [&str; 5] = ["bucket", "region", "endpoint", "style", "ca"];

/// Begins the names of the settings with a bucket's keys; the mount's name follows.
pub(super) const PREFIX: &str = "TILEGATE_S3_";
/// How they end: the key's ID, the key, and what comes with a temporary one.
pub(super) const ENDS: [&str; 3] = ["_ACCESS_KEY_ID", "_SECRET_ACCESS_KEY", "_SESSION_TOKEN"];

/// NGINX reads the check's answer into 16 kB, and the token is in it.
const LONGEST_TOKEN: usize = 8192;

/// The `<MOUNT>` of a setting with a bucket's keys.
pub(super) fn mount_of(setting: &str) -> Option<&str> {
    let rest = setting.strip_prefix(PREFIX)?;
    ENDS.iter().find_map(|end| rest.strip_suffix(end))
}

/// Reads one of [`WORDS`].
pub(super) fn take_word(mount: &mut Mount, key: &str, value: &str) -> Result<(), Wrong> {
    let Some(bucket) = &mut mount.bucket else {
        return wrong(format!("has {key}=, which is for s3 mounts"), "leave it out");
    };
    match key {
        "bucket" => bucket.bucket = name(key, value)?,
        "region" => bucket.region = name(key, value)?,
        "endpoint" => bucket.endpoint = Some(endpoint(value)?),
        "ca" => {
            let path = socket_path(value).map_err(|(what, cure)| (format!("ca=: {what}"), cure))?;
            bucket.authorities = Some(path.display().to_string());
        }
        _ => {
            bucket.path_style = match value {
                "path" => true,
                "virtual" => false,
                other => {
                    return wrong(format!("{key}={} is unknown", quoted(other)), "write path or virtual");
                }
            }
        }
    }
    Ok(())
}

fn name(key: &str, value: &str) -> Result<String, Wrong> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = [value.bytes().next(), value.bytes().next_back()];
    let fits = value.bytes().all(|b| plain(b) || b".-".contains(&b))
        && ends.iter().all(|end| end.is_some_and(plain))
        && !value.contains("..")
        && value.len() <= 63;
    if fits {
        Ok(value.to_owned())
    } else {
        wrong(
            format!("{key}={} is no name", quoted(value)),
            "use at most 63 lower-case letters, digits, . and -, a letter or digit at both ends",
        )
    }
}

fn endpoint(value: &str) -> Result<Endpoint, Wrong> {
    const CURE: &str = "write http://host:port or https://host";
    let (tls, rest) = match (value.strip_prefix("https://"), value.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return wrong(format!("endpoint={} has no scheme", quoted(value)), CURE),
    };
    authority(rest, false).map_err(|(what, _)| (format!("endpoint=: {what}"), CURE.to_owned()))?;
    Ok(Endpoint { tls, authority: rest.to_owned() })
}

/// What the words of an `s3` mount must be to each other.
pub(super) fn check(mount: &Mount, bucket: &Bucket, keys: &[&str]) -> Result<(), Wrong> {
    if bucket.bucket.is_empty() || bucket.region.is_empty() {
        return wrong("has no bucket= or no region=", "an s3 mount needs both");
    }
    let Some(service) = mount.http_origin() else {
        return wrong(
            format!("has an origin {}://, which has no buckets", scheme(&mount.origin)),
            "write https://host/ or https://host/what/all/keys/begin/with/",
        );
    };
    if keys.contains(&"server") {
        return wrong("has server=, which is for images and manifests", "leave it out");
    }
    if !bucket.path_style && host_of(&service.authority).parse::<IpAddr>().is_ok() {
        return wrong(
            "has an address as its origin, before which no bucket's name can stand",
            "add style=path",
        );
    }
    let reached = bucket.endpoint.as_ref().unwrap_or(&service);
    if reached.tls && !bucket.path_style && bucket.bucket.contains('.') {
        return wrong(
            "has a . in the bucket's name, and the service's certificate is not for such a host",
            "add style=path",
        );
    }
    if !reached.tls && !is_private(&reached.authority) {
        return wrong(
            format!("is fetched from http://{}, readable by all on the way", reached.authority),
            "write https://, or endpoint=http://<private address> for a server beside NGINX",
        );
    }
    if !reached.tls && bucket.authorities.is_some() {
        return wrong("has ca=, but http:// has no certificate", "leave it out, or write https://");
    }
    Ok(())
}

fn scheme(origin: &Origin) -> &'static str {
    match origin {
        Origin::Http { .. } => "http",
        Origin::Fastcgi { .. } => "fastcgi",
        Origin::File { .. } => "file",
    }
}

fn host_of(authority: &str) -> &str {
    if let Some(inner) = authority.strip_prefix('[') {
        return inner.split(']').next().unwrap_or_default();
    }
    authority.split(':').next().unwrap_or_default()
}

/// Whether a host lies in a network of one's own, as far as its name tells.
fn is_private(authority: &str) -> bool {
    let host = host_of(authority);
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            let host = host.to_ascii_lowercase();
            let own = [".localhost", ".local", ".internal", ".lan", ".test", ".home.arpa"];
            !host.contains('.') || own.iter().any(|end| host.ends_with(end))
        }
    }
}

/// Where the keys of one mount's bucket come from. They are read when they are needed: what renews temporary ones
/// writes files.
#[derive(Clone, Debug)]
pub struct BucketKeys {
    pub mount: String,
    id: Place,
    secret: Place,
    token: Option<Place>,
}

/// The keys themselves.
#[derive(Clone, Debug)]
pub struct BucketKey {
    /// Printable ASCII.
    pub id: String,
    pub secret: SecretString,
    /// Comes with a temporary key; printable ASCII.
    pub token: Option<SecretString>,
}

#[derive(Clone, Debug)]
struct Place {
    setting: String,
    given: Given,
}

/// What of a file changes when it is written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState(Vec<Option<Seen>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    /// Seconds and nanoseconds of the last change.
    changed: (i64, i64),
    length: u64,
    inode: u64,
}

impl BucketKeys {
    /// The places of every bucket's keys.
    pub(super) fn all(given: &Lookup, mounts: &[Mount]) -> Result<Vec<Self>, SettingsError> {
        let buckets = || mounts.iter().filter(|mount| mount.bucket.is_some());
        for name in given.names().filter(|name| name.starts_with(PREFIX)) {
            let of = |mount: &Mount| mount_of(name) == Some(setting_part(&mount.name).as_str());
            if !buckets().any(of) {
                return Err(SettingsError::new(
                    name,
                    "is of no mount: there is no s3 mount of that name",
                    "name it after its mount, TILEGATE_S3_VOLUMES_… for TILEGATE_MOUNT_VOLUMES",
                ));
            }
        }
        buckets().map(|mount| Self::of(given, mount)).collect()
    }

    fn of(given: &Lookup, mount: &Mount) -> Result<Self, SettingsError> {
        let place = |end: &str| {
            let setting = bucket_setting(&mount.name, end);
            given.given(&setting).map(|given| Place { setting, given })
        };
        let needed = |end: &str| {
            place(end).ok_or_else(|| {
                SettingsError::new(
                    &bucket_setting(&mount.name, end),
                    "is not set",
                    format!(
                        "the bucket of the mount {} is read with it: set it, or the same as …_FILE",
                        mount.name
                    ),
                )
            })
        };
        let [id, secret, token] = ENDS;
        let keys =
            Self { mount: mount.name.clone(), id: needed(id)?, secret: needed(secret)?, token: place(token) };
        keys.read().map(|_| keys)
    }

    /// Reads the keys as they are now.
    ///
    /// # Errors
    /// If a file cannot be read, or what is given is no key; never with what is given.
    pub fn read(&self) -> Result<BucketKey, SettingsError> {
        let id = self.id.text("/,=\"", 256)?;
        let secret = self.secret.text("", 1024)?.into();
        let token = self.token.as_ref().map(|token| token.text("\"", LONGEST_TOKEN)).transpose()?;
        Ok(BucketKey { id, secret, token: token.map(SecretString::from) })
    }

    /// The state of their files; `None` if none of them is in a file, so that they never change.
    pub fn files(&self) -> Option<FileState> {
        let places = [Some(&self.id), Some(&self.secret), self.token.as_ref()];
        let files: Vec<&Path> = places.into_iter().flatten().filter_map(|place| place.given.file()).collect();
        (!files.is_empty()).then(|| FileState(files.into_iter().map(seen).collect()))
    }
}

fn seen(path: &Path) -> Option<Seen> {
    use std::os::unix::fs::MetadataExt as _;
    let found = std::fs::metadata(path).ok()?;
    Some(Seen { changed: (found.mtime(), found.mtime_nsec()), length: found.len(), inode: found.ino() })
}

impl Place {
    /// The text, if it is printable, has none of some characters and is not too long.
    fn text(&self, without: &str, longest: usize) -> Result<String, SettingsError> {
        let text = self.given.text(&self.setting)?;
        let text = text.trim();
        let fits = |byte: u8| byte.is_ascii_graphic() && !without.as_bytes().contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return Err(SettingsError::new(
                &self.setting,
                "has a character in it that no such key has",
                "write the key alone, as the bucket's service gave it",
            ));
        }
        if text.len() > longest {
            return Err(SettingsError::new(
                &self.setting,
                format!("is longer than {longest} bytes"),
                "write the key alone, as the bucket's service gave it",
            ));
        }
        if is_placeholder(text) {
            return Err(SettingsError::new(&self.setting, "is a placeholder", "give it a value of your own"));
        }
        Ok(text.to_owned())
    }
}

/// The name of a setting with one of the keys of a mount's bucket; it ends in one of [`ENDS`].
pub fn bucket_setting(mount: &str, end: &str) -> String {
    format!("{PREFIX}{}{end}", setting_part(mount))
}

/// A mount's name as it stands in the names of settings.
fn setting_part(mount: &str) -> String {
    mount.to_ascii_uppercase().replace('-', "_")
}

impl BucketKey {
    /// The secret part, for signing alone.
    pub fn expose_secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

#[cfg(test)]
mod tests;
