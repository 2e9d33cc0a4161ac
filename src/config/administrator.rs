//! The first administrator: two settings that mean something together only; and what is asked of all of them.

use secrecy::SecretString;

use super::SettingsError;
use super::lookup::Lookup;
use super::value::{self, Wrong};
use crate::credential::account::Username;
use crate::password::SHORTEST_PASSWORD;

/// The account made at `serve` while no administrator exists.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// As typed; [`Username::parse`] takes it.
    pub username: String,
    pub password: SecretString,
}

/// Whether administrators need a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminSecondFactor {
    Optional,
    Required,
}

pub(super) fn second_factor(text: &str) -> Result<AdminSecondFactor, Wrong> {
    match text {
        "optional" => Ok(AdminSecondFactor::Optional),
        "required" => Ok(AdminSecondFactor::Required),
        other => value::wrong(format!("{} is unknown", value::quoted(other)), "write optional or required"),
    }
}

/// Both of the name and the password, or neither.
pub(super) fn first(given: &Lookup) -> Result<Option<FirstAdministrator>, SettingsError> {
    const USERNAME: &str = "TILEGATE_ADMIN_USERNAME";
    const PASSWORD: &str = "TILEGATE_ADMIN_PASSWORD";
    match (given.text(USERNAME)?, given.text(PASSWORD)?) {
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(SettingsError::new(PASSWORD, format!("is not set, but {USERNAME} is"), "set both or neither"))
        }
        (None, Some(_)) => {
            Err(SettingsError::new(USERNAME, format!("is not set, but {PASSWORD} is"), "set both or neither"))
        }
        (Some(username), Some(password)) => {
            Username::parse(&username).map_err(|error| {
                SettingsError::new(&given.shown(USERNAME), error.to_string(), "choose another name")
            })?;
            // Said here, before anything is opened: a first administrator may not have less than others.
            if password.chars().count() < SHORTEST_PASSWORD {
                return Err(SettingsError::new(
                    &given.shown(PASSWORD),
                    format!("has fewer than {SHORTEST_PASSWORD} characters"),
                    "write a longer one",
                ));
            }
            Ok(Some(FirstAdministrator { username, password: password.into() }))
        }
    }
}
