//! Settings: the only reader of the environment.
//!
//! Text comes from the process's environment, from a file of `KEY=value` lines
//! (`--env-file`; the environment wins) or, for every setting, from a file of its
//! own (`…_FILE`). [`Settings`] is what comes of it, checked whole: an unknown
//! name, a broken value or a promise this version cannot keep is an error of one
//! line, and the service does not start (security.md S14).
//!
//! [`SiteSettings`] is the part that NGINX's configuration is written from; it can
//! be read where keys and database are not at hand.

mod administrator;
mod bucket;
mod choice;
mod compose;
mod env_file;
mod known;
mod lookup;
mod mount;
mod shadow;
mod value;

use std::path::{Path, PathBuf};

use ipnet::IpNet;
use secrecy::SecretString;

use crate::clock::{self, UnixSeconds};
use crate::policy::mount::{Mount, Origin};

pub use administrator::{AdminSecondFactor, FirstAdministrator};
pub use bucket::{BucketKey, BucketKeys, FileState, bucket_setting};
pub use compose::COMPOSE;
pub use known::{KNOWN, MOUNT, MOUNT_PATTERN, Setting, setting_of_mount};
pub use value::{Keys, Listen, PublicUrl};

use choice::{database_url, log_filter, log_format, organisation, self_registration, token_opens};
use lookup::Lookup;
use value::Wrong;

/// The longest life that `TILEGATE_SESSION_SECONDS` can give a login: 30 days. What
/// revokes is remembered for this long, because cookies outlive a change of the setting.
pub const LONGEST_SESSION: u64 = 2_592_000;

/// Why the settings cannot be used: one line, with the setting, what is wrong and
/// the cure. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {wrong}; {cure}")]
pub struct SettingsError {
    /// The setting's name, or the file and line it was to be read from.
    pub setting: String,
    pub wrong: String,
    pub cure: String,
}

impl SettingsError {
    fn new(setting: &str, wrong: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), wrong: wrong.into(), cure: cure.into() }
    }
}

/// What NGINX's configuration is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSettings {
    pub public_url: PublicUrl,
    /// Never empty.
    pub listen: Vec<Listen>,
    /// Longest prefix first.
    pub mounts: Vec<Mount>,
    pub nginx_socket_dir: PathBuf,
    /// Serialised origins where Neuroglancer's token may go; empty: that flow is off.
    pub neuroglancer_origins: Vec<String>,
}

/// What an IIIF access token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenOpens {
    Description,
    Content,
}

/// Whether people may ask for an account themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfRegistration {
    Off,
    /// They ask, and have one once an administrator has approved.
    Approved,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// All settings, ready to use.
#[derive(Clone, Debug)]
pub struct Settings {
    pub site: SiteSettings,
    /// Rights of the Unix sockets.
    pub socket_mode: u32,
    pub keys: Keys,
    /// Begins with `sqlite:`, `postgres://` or `postgresql://`.
    pub database_url: SecretString,
    pub first_administrator: Option<FirstAdministrator>,
    /// One for each `s3` mount.
    pub bucket_keys: Vec<BucketKeys>,
    pub organisation: String,
    pub token_opens: TokenOpens,
    /// Life of an IIIF access token.
    pub token_seconds: u64,
    /// Life of the access cookie and the session.
    pub session_seconds: u64,
    /// Lower case, no dot in front; the public host lies in it.
    pub cookie_domain: Option<String>,
    /// Serialised origins; empty: any viewer may ask for tokens, and none may read
    /// cross-origin what a network alone opened.
    pub viewer_origins: Vec<String>,
    /// How long credentials count without the store.
    pub max_stale_seconds: u64,
    /// `max-age` of what is open to everybody, seconds.
    pub open_max_age: u64,
    /// How long the audit trail goes back.
    pub audit_days: u64,
    pub conceal: bool,
    pub self_registration: SelfRegistration,
    pub admin_second_factor: AdminSecondFactor,
    /// Networks that may call `query_auth` over TCP.
    pub trusted_peers: Vec<IpNet>,
    pub poll_seconds: u64,
    /// A filter as `tracing_subscriber::EnvFilter` reads it.
    pub log: String,
    pub log_format: LogFormat,
    /// What the operator should be told at the start, a line each.
    pub notices: Vec<String>,
}

impl Settings {
    /// Reads the environment, and below it the given file.
    pub fn load(env_file: Option<&Path>) -> Result<Self, SettingsError> {
        Self::read(&gathered(env_file)?, clock::now())
    }

    /// The same from given names and values; `…_FILE`s are not read.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        Self::read(&Lookup::new(pairs, no_files)?, clock::now())
    }

    fn read(given: &Lookup, now: UnixSeconds) -> Result<Self, SettingsError> {
        let site = SiteSettings::read(given, now)?;
        compose::check_address(given.beside(), given.plain(compose::PUBLIC_URL), &site.public_url)?;
        let poll_seconds = typed(given, "TILEGATE_POLL_SECONDS", |text| value::number(text, 1..=300))?;
        let max_stale_seconds =
            typed(given, "TILEGATE_MAX_STALE_SECONDS", |text| value::number(text, 1..=86_400))?;
        if max_stale_seconds < poll_seconds {
            return Err(SettingsError::new(
                "TILEGATE_MAX_STALE_SECONDS",
                "is less than TILEGATE_POLL_SECONDS",
                "no credential would ever count: make it larger",
            ));
        }
        let viewer_origins = optional(given, "TILEGATE_VIEWER_ORIGINS", value::origins)?.unwrap_or_default();
        let cookie_domain =
            optional(given, "TILEGATE_COOKIE_DOMAIN", |text| value::cookie_domain(text, &site.public_url))?;
        let organisation = optional(given, "TILEGATE_ORGANISATION", organisation)?
            .unwrap_or_else(|| site.public_url.host.clone());
        Ok(Self {
            socket_mode: typed(given, "TILEGATE_SOCKET_MODE", value::mode)?,
            keys: typed(given, "TILEGATE_KEYS", Keys::parse)?,
            database_url: typed(given, "TILEGATE_DATABASE_URL", database_url)?,
            first_administrator: administrator::first(given)?,
            bucket_keys: BucketKeys::all(given, &site.mounts)?,
            organisation,
            token_opens: typed(given, "TILEGATE_IIIF_TOKEN_OPENS", token_opens)?,
            token_seconds: typed(given, "TILEGATE_IIIF_TOKEN_SECONDS", |text| {
                value::number(text, 10..=86_400)
            })?,
            session_seconds: typed(given, "TILEGATE_SESSION_SECONDS", |text| {
                value::number(text, 60..=LONGEST_SESSION)
            })?,
            cookie_domain,
            viewer_origins,
            max_stale_seconds,
            open_max_age: typed(given, "TILEGATE_OPEN_MAX_AGE", |text| value::number(text, 0..=31_536_000))?,
            audit_days: typed(given, "TILEGATE_AUDIT_DAYS", |text| value::number(text, 1..=36_500))?,
            conceal: typed(given, "TILEGATE_CONCEAL", value::truth)?,
            self_registration: typed(given, "TILEGATE_SELF_REGISTRATION", self_registration)?,
            admin_second_factor: typed(given, "TILEGATE_ADMIN_SECOND_FACTOR", administrator::second_factor)?,
            trusted_peers: typed(given, "TILEGATE_TRUSTED_PEERS", value::networks)?,
            poll_seconds,
            log: typed(given, "TILEGATE_LOG", log_filter)?,
            log_format: typed(given, "TILEGATE_LOG_FORMAT", log_format)?,
            notices: given.notices().iter().cloned().chain(shadow::over(&site.mounts, now)).collect(),
            site,
        })
    }
}

impl SiteSettings {
    /// Reads the environment, and below it the given file; of secrets it reads nothing.
    pub fn load(env_file: Option<&Path>) -> Result<Self, SettingsError> {
        Self::read(&gathered(env_file)?, clock::now())
    }

    /// The same from given names and values; `…_FILE`s are not read.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        Self::read(&Lookup::new(pairs, no_files)?, clock::now())
    }

    /// The same from the text of a file of settings, such as `.env.template`.
    pub fn from_text(file: &str, text: &str) -> Result<Self, SettingsError> {
        Self::from_pairs(env_file::parse(file, text)?)
    }

    fn read(given: &Lookup, now: UnixSeconds) -> Result<Self, SettingsError> {
        let site = Self {
            public_url: typed(given, "TILEGATE_PUBLIC_URL", PublicUrl::parse)?,
            listen: typed(given, "TILEGATE_LISTEN", Listen::parse_all)?,
            mounts: mounts(given, now)?,
            nginx_socket_dir: typed(given, "TILEGATE_NGINX_SOCKET_DIR", value::socket_path)?,
            neuroglancer_origins: optional(given, "TILEGATE_NEUROGLANCER_ORIGINS", value::origins)?
                .unwrap_or_default(),
        };
        compose::check_mounts(given.beside(), &site.mounts)?;
        for mount in &site.mounts {
            // NGINX would listen in our place, and its internal server answer what is asked of us.
            let listens = !matches!(mount.origin, Origin::Http { .. });
            if listens && site.listen.contains(&Listen::Unix(site.nginx_socket(mount))) {
                return Err(SettingsError::new(
                    &setting_of_mount(&mount.name),
                    format!(
                        "NGINX's socket for it would be {}, which TILEGATE_LISTEN names",
                        site.nginx_socket(mount).display()
                    ),
                    "give the mount another name, or one of the two another folder",
                ));
            }
            if site.nginx_socket(mount).as_os_str().len() > value::SOCKET_PATH {
                return Err(SettingsError::new(
                    "TILEGATE_NGINX_SOCKET_DIR",
                    format!("is too long for a socket named {}.sock", mount.name),
                    "choose a shorter folder: the kernel takes no more",
                ));
            }
        }
        Ok(site)
    }

    /// Where NGINX's internal server for a mount listens, if the mount needs one;
    /// the description service reads from it too.
    pub fn nginx_socket(&self, mount: &Mount) -> PathBuf {
        self.nginx_socket_dir.join(format!("{}.sock", mount.name))
    }
}

fn gathered(env_file: Option<&Path>) -> Result<Lookup, SettingsError> {
    let below = match env_file {
        Some(path) => {
            let file = format!("{}", path.display());
            let text = from_disk(path).map_err(|error| {
                SettingsError::new(
                    &file,
                    format!("cannot be read ({})", error.kind()),
                    "--env-file names a text file that this user may read",
                )
            })?;
            let mut pairs = env_file::parse(&file, &text)?;
            // Compose puts it into the environment; in a file that is read here, outside of
            // Compose, it was left over from the template.
            pairs.retain(|(name, _)| name != compose::PROFILES);
            pairs
        }
        None => Vec::new(),
    };
    Lookup::new(lookup::layered(below, lookup::environment()?), from_disk)
}

/// Settings are short; a wrong path must not fill the memory.
const LONGEST_FILE: u64 = 1 << 20;

fn from_disk(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST_FILE).read_to_string(&mut text)?;
    Ok(text)
}

fn no_files(_: &Path) -> std::io::Result<String> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// A setting that has a default or is required.
fn typed<T>(
    given: &Lookup,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, Wrong>,
) -> Result<T, SettingsError> {
    let preset = KNOWN.iter().find(|setting| setting.name == name).and_then(|setting| setting.default);
    let Some(text) = given.text(name)?.or_else(|| preset.map(str::to_owned)) else {
        if name == "TILEGATE_KEYS"
            && let Some(error) = compose::no_keys(given.beside())
        {
            return Err(error);
        }
        let cure = match name {
            "TILEGATE_KEYS" => "give it what `openssl rand -base64 32` or `tilegate key new` prints",
            "TILEGATE_PUBLIC_URL" => "give it the address visitors type, like https://images.example.org",
            _ => "give it a value",
        };
        return Err(SettingsError::new(name, "is not set", cure));
    };
    parse(text.trim()).map_err(|(wrong, cure)| SettingsError::new(&given.shown(name), wrong, cure))
}

/// A setting that may be absent.
fn optional<T>(
    given: &Lookup,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, Wrong>,
) -> Result<Option<T>, SettingsError> {
    let Some(text) = given.text(name)? else { return Ok(None) };
    parse(text.trim()).map(Some).map_err(|(wrong, cure)| SettingsError::new(name, wrong, cure))
}

fn mounts(given: &Lookup, now: UnixSeconds) -> Result<Vec<Mount>, SettingsError> {
    let mut mounts = Vec::new();
    for name in given.mounts() {
        let setting = format!("{MOUNT}{name}");
        let refuse = |(wrong, cure): Wrong| SettingsError::new(&setting, wrong, cure);
        let file = format!("{setting}_FILE");
        if given.plain(&file).is_some_and(|path| path.contains(char::is_whitespace)) {
            return Err(SettingsError::new(
                &file,
                "holds a mount, but that ending names a file which holds it",
                "rename the mount: its name may not end in _FILE",
            ));
        }
        let Some(text) = given.text(&setting)? else { continue };
        let mount = mount::parse(&name, &text).map_err(refuse)?;
        mount::refuse_unbuilt(&mount).map_err(refuse)?;
        shadow::check(&mount, now).map_err(refuse)?;
        mounts.push(mount);
    }
    mount::check_together(&mounts)
        .map_err(|(name, (wrong, cure))| SettingsError::new(&setting_of_mount(&name), wrong, cure))?;
    mounts.sort_by(|a, b| b.prefix.len().cmp(&a.prefix.len()).then_with(|| a.prefix.cmp(&b.prefix)));
    Ok(mounts)
}

#[cfg(test)]
mod tests;
