//! Where a setting's text comes from: the process's environment, a file of
//! settings, or a file of its own (`…_FILE`).

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::SettingsError;
use super::bucket;
use super::compose::{self, Adopted};
use super::known::{KNOWN, MOUNT, nearest};

const FAMILY: &str = "TILEGATE_";
const FILE: &str = "_FILE";

/// How a `…_FILE` is read; a test gives its own.
pub(super) type ReadFile = fn(&Path) -> io::Result<String>;

/// The typed settings, names checked, values not yet.
pub(super) struct Lookup {
    values: BTreeMap<String, String>,
    /// Names of Compose and of iiif-image-auth, with what they say.
    beside: BTreeMap<String, String>,
    adopted: Adopted,
    read: ReadFile,
}

impl Lookup {
    /// Takes names and values as they came; what is not ours is left out, and an
    /// empty value counts as not set (Compose passes variables that way).
    ///
    /// # Errors
    /// If a name in our family is unknown, or given both plainly and as `…_FILE`.
    pub(super) fn new(
        pairs: impl IntoIterator<Item = (String, String)>,
        read: ReadFile,
    ) -> Result<Self, SettingsError> {
        let mut values = BTreeMap::new();
        let mut beside = BTreeMap::new();
        for (name, value) in pairs {
            if compose::is_known(&name) {
                beside.insert(name, value);
                continue;
            }
            if !name.starts_with(FAMILY) {
                continue;
            }
            check_name(&name)?;
            if !value.is_empty() {
                values.insert(name, value);
            }
        }
        for name in values.keys() {
            if values.contains_key(&format!("{name}{FILE}")) {
                return Err(SettingsError::new(
                    name,
                    format!("is set, and so is {name}{FILE}"),
                    "keep one of the two",
                ));
            }
        }
        let adopted = compose::adopt(&beside, &mut values)?;
        Ok(Self { values, beside, adopted, read })
    }

    /// What stood beside our settings: names of Compose and of iiif-image-auth.
    pub(super) fn beside(&self) -> &BTreeMap<String, String> {
        &self.beside
    }

    /// What the log should say about them, a line each.
    pub(super) fn notices(&self) -> &[String] {
        &self.adopted.notices
    }

    /// The setting's name as an error shows it: with the one it was given by.
    pub(super) fn shown(&self, name: &str) -> String {
        match self.adopted.given_as.get(name) {
            Some(typed) => format!("{typed}, for {name}"),
            None => name.to_owned(),
        }
    }

    fn refuse_placeholder(&self, name: &str, value: &str) -> Result<(), SettingsError> {
        if !is_placeholder(value) {
            return Ok(());
        }
        let cure = match name {
            "TILEGATE_KEYS" => "give it what `openssl rand -base64 32` or `tilegate key new` prints",
            _ => "give it a value of your own",
        };
        Err(SettingsError::new(&self.shown(name), "is a placeholder", cure))
    }

    /// A setting's text, from its file if it was given so.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, SettingsError> {
        let Some(given) = self.given(name) else { return Ok(None) };
        let text = given.text(name)?;
        self.refuse_placeholder(name, &text)?;
        Ok(Some(text))
    }

    /// How a setting was given, for what is read anew later.
    pub(super) fn given(&self, name: &str) -> Option<Given> {
        if let Some(value) = self.values.get(name) {
            return Some(Given::Plain(value.as_str().into()));
        }
        let path = self.values.get(&format!("{name}{FILE}"))?;
        Some(Given::File(PathBuf::from(path), self.read))
    }

    /// The names of all settings that are given, without their `_FILE`.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(|name| name.strip_suffix(FILE).unwrap_or(name))
    }

    /// The `<NAME>` of every mount that is set, however it is given.
    pub(super) fn mounts(&self) -> Vec<String> {
        self.values
            .keys()
            .filter_map(|name| name.strip_prefix(MOUNT))
            .map(|name| name.strip_suffix(FILE).unwrap_or(name).to_owned())
            .collect()
    }

    /// Whether a value was given in the setting itself, not in a file.
    pub(super) fn plain(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

/// How a setting was given.
#[derive(Clone, Debug)]
pub(super) enum Given {
    Plain(SecretString),
    File(PathBuf, ReadFile),
}

impl Given {
    /// The text of the setting of this name as it is now.
    pub(super) fn text(&self, name: &str) -> Result<String, SettingsError> {
        let (path, read) = match self {
            Self::Plain(value) => return Ok(value.expose_secret().to_owned()),
            Self::File(path, read) => (path, read),
        };
        let from = format!("{name}{FILE}");
        let shown = path.display().to_string();
        let text = read(path).map_err(|error| {
            SettingsError::new(
                &from,
                format!("{shown:?} cannot be read ({})", error.kind()),
                "name a text file that this user may read",
            )
        })?;
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() {
            return Err(SettingsError::new(
                &from,
                format!("{shown:?} is empty"),
                format!("write the value of {name} into it"),
            ));
        }
        Ok(text.to_owned())
    }

    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Plain(_) => None,
            Self::File(path, _) => Some(path),
        }
    }
}

/// A value of stars is what a template shows, and nobody's secret.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    value.len() >= 3 && value.bytes().all(|byte| byte == b'*')
}

/// Refuses a name that is not a setting's: a typo in a security setting must not pass.
fn check_name(name: &str) -> Result<(), SettingsError> {
    let plain = name.strip_suffix(FILE).unwrap_or(name);
    if KNOWN.iter().any(|setting| setting.name == plain && !setting.name.contains('<')) {
        return Ok(());
    }
    if let Some(mount) = bucket::mount_of(plain) {
        return check_mount_name(name, mount);
    }
    if let Some(mount) = plain.strip_prefix(MOUNT) {
        return check_mount_name(name, mount);
    }
    let cure = if plain == "TILEGATE_MOUNT" {
        "a mount's name may be neither empty nor FILE".to_owned()
    } else if is_service_link(name) {
        "Kubernetes sets it for a Service of that name: give the Pod `enableServiceLinks: false`".to_owned()
    } else {
        format!("the nearest known one is {}", nearest(name))
    };
    Err(SettingsError::new(&printable(name), "is no setting of Tilegate", cure))
}

fn check_mount_name(name: &str, mount: &str) -> Result<(), SettingsError> {
    if mount.ends_with(FILE) || mount == "FILE" {
        return Err(SettingsError::new(
            name,
            "a mount's name may not end in _FILE",
            "that ending names a file which holds the setting: rename the mount",
        ));
    }
    let well_formed = mount.split('_').all(|part| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    });
    if !well_formed || mount.len() > 40 {
        return Err(SettingsError::new(
            &printable(name),
            "is no name for a mount",
            "use at most 40 capital letters and digits, with single _ between them",
        ));
    }
    Ok(())
}

/// Names that container platforms set by themselves for a service called like us.
fn is_service_link(name: &str) -> bool {
    name.contains("_SERVICE_HOST") || name.contains("_SERVICE_PORT") || name.contains("_PORT")
}

/// A name as it may stand in an error's one line.
fn printable(name: &str) -> String {
    name.chars().take(80).map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// The process's environment, as far as it is ours.
///
/// # Errors
/// If one of our values is not UTF-8.
pub(super) fn environment() -> Result<Vec<(String, String)>, SettingsError> {
    let mut pairs = Vec::new();
    let all = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let all: Vec<_> = all.collect();
    compose::refuse_near_misses(all.iter().map(|(name, _)| name.as_str()))?;
    for (name, value) in all {
        if !name.starts_with(FAMILY) && !compose::is_known(&name) {
            continue;
        }
        let value = value.into_string().map_err(|_| {
            SettingsError::new(&printable(&name), "is not UTF-8", "write it with UTF-8 characters")
        })?;
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// Lays one source over another: what the upper one sets in either form replaces
/// both forms of the lower one.
pub(super) fn layered(lower: Vec<(String, String)>, upper: Vec<(String, String)>) -> Vec<(String, String)> {
    let plain = |name: &str| name.strip_suffix(FILE).unwrap_or(name).to_owned();
    let mut pairs: Vec<_> = lower
        .into_iter()
        .filter(|(name, _)| {
            !upper.iter().any(|(above, value)| !value.is_empty() && plain(above) == plain(name))
        })
        .collect();
    pairs.extend(upper);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_files(_: &Path) -> io::Result<String> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn refused(of: &[(&str, &str)]) -> String {
        Lookup::new(pairs(of), no_files).err().expect("refused").to_string()
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_known_one() {
        let error = refused(&[("TILEGATE_TRUSTED_PEER", "10.0.0.0/8")]);
        assert!(error.starts_with("TILEGATE_TRUSTED_PEER: "), "{error}");
        assert!(error.contains("TILEGATE_TRUSTED_PEERS"), "{error}");
        assert!(refused(&[("TILEGATE_KEYS_FILES", "x")]).contains("TILEGATE_KEYS"));
        assert!(refused(&[("TILEGATE_", "x")]).contains("no setting"));
        assert!(refused(&[("TILEGATE_CONCAEL", "")]).contains("TILEGATE_CONCEAL"), "empty is still a typo");
    }

    #[test]
    fn a_platforms_service_link_says_how_to_turn_it_off() {
        assert!(refused(&[("TILEGATE_SERVICE_HOST", "10.0.0.1")]).contains("enableServiceLinks"));
        assert!(refused(&[("TILEGATE_PORT", "tcp://10.0.0.1:8700")]).contains("enableServiceLinks"));
    }

    #[test]
    fn names_that_are_not_ours_are_left_alone() {
        let lookup = Lookup::new(pairs(&[("SHELL", "a"), ("PATH", "b")]), no_files).unwrap();
        assert_eq!(lookup.values.len(), 0);
    }

    #[test]
    fn mount_names_are_capital_letters_and_never_a_file() {
        for name in ["TILEGATE_MOUNT_", "TILEGATE_MOUNT_images", "TILEGATE_MOUNT_A__B", "TILEGATE_MOUNT_A;B"]
        {
            refused(&[(name, "x")]);
        }
        assert!(refused(&[("TILEGATE_MOUNT_FILE", "x")]).contains("FILE"));
        assert!(refused(&[("TILEGATE_MOUNT_A_FILE_FILE", "x")]).contains("_FILE"));
        let lookup =
            Lookup::new(pairs(&[("TILEGATE_MOUNT_A_1", "x"), ("TILEGATE_MOUNT_B_FILE", "y")]), no_files);
        assert_eq!(lookup.unwrap().mounts(), ["A_1", "B"]);
    }

    #[test]
    fn a_setting_given_twice_is_refused() {
        let error = refused(&[("TILEGATE_KEYS", "a"), ("TILEGATE_KEYS_FILE", "/run/secrets/keys")]);
        assert!(error.starts_with("TILEGATE_KEYS: "), "{error}");
    }

    #[test]
    fn an_empty_value_counts_as_not_set() {
        let lookup =
            Lookup::new(pairs(&[("TILEGATE_KEYS", ""), ("TILEGATE_KEYS_FILE", "/run/secrets/keys")]), |_| {
                Ok("k\r\n\n".to_owned())
            });
        assert_eq!(lookup.unwrap().text("TILEGATE_KEYS"), Ok(Some("k".to_owned())));
    }

    #[test]
    fn a_file_that_is_empty_or_missing_is_an_error() {
        let given = [("TILEGATE_KEYS_FILE", "/run/secrets/keys")];
        let empty = Lookup::new(pairs(&given), |_| Ok("\n".to_owned())).unwrap();
        assert!(empty.text("TILEGATE_KEYS").unwrap_err().to_string().contains("is empty"));
        let missing = Lookup::new(pairs(&given), no_files).unwrap();
        let error = missing.text("TILEGATE_KEYS").unwrap_err().to_string();
        assert!(error.starts_with("TILEGATE_KEYS_FILE: ") && error.contains("/run/secrets/keys"), "{error}");
    }

    #[test]
    fn the_upper_source_wins_in_either_form() {
        let lower =
            pairs(&[("TILEGATE_KEYS", "low"), ("TILEGATE_LOG", "debug"), ("TILEGATE_CONCEAL", "true")]);
        let upper =
            pairs(&[("TILEGATE_KEYS_FILE", "high"), ("TILEGATE_LOG", "warn"), ("TILEGATE_CONCEAL", "")]);
        let lookup = Lookup::new(layered(lower, upper), |path| Ok(path.display().to_string())).unwrap();
        assert_eq!(lookup.text("TILEGATE_KEYS").unwrap().as_deref(), Some("high"));
        assert_eq!(lookup.text("TILEGATE_LOG").unwrap().as_deref(), Some("warn"));
        assert_eq!(lookup.text("TILEGATE_CONCEAL").unwrap().as_deref(), Some("true"));
    }
}
