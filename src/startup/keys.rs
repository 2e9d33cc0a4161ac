//! What the keys of the settings become.

use actix_web::cookie::Key;

use super::StartupError;
use crate::config::Settings;
use crate::credential::account::StoreEpoch;
use crate::credential::keyring::Keyring;

/// The ring that seals credentials, and the key of the login pages' sessions.
pub(super) fn of(settings: &Settings, epoch: StoreEpoch) -> Result<(Keyring, Key), StartupError> {
    let wrong = |reason: String| StartupError::Setting { setting: "TILEGATE_KEYS", reason };
    let origin = settings.site.public_url.origin();
    let ring = Keyring::new(settings.keys.expose().iter().copied(), &origin)
        .map_err(|error| wrong(error.to_string()))?;
    let ring = match &settings.cookie_domain {
        Some(domain) => ring.shared_within(domain),
        None => ring,
    };
    let session = ring.derive("tilegate session pages", epoch).map(|bytes| Key::from(&bytes));
    let session =
        session.ok_or_else(|| wrong("the key of the login pages could not be derived".to_owned()))?;
    Ok((ring, session))
}
