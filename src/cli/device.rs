//! `tilegate device`: computers of reading rooms, which have a condition wherever they are.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Failure, open_with, say};
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::config::Settings;
use crate::credential::account::Id128;
use crate::credential::device::{Code, Label};
use crate::policy::condition::AccessCondition;
use crate::store::{Device, DeviceError, NewDevice, Store, StoreError};

/// How long a code is good for, seconds: the way to the computer, and not the way home.
const CODE_LIFE: u64 = 3600;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a device; prints its ID and, this once, the code to type on that computer.
    New(New),
    /// List the devices, one a line: ID, label, condition, state, separated by tabs.
    List,
    /// End a device: what it opened is closed at once, also for copies of its cookies.
    Revoke {
        /// ID of the device, as `device list` shows it.
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The access condition it gets, one of pattern kiosk.
    #[arg(long, value_name = "NAME")]
    condition: String,
    /// What people call the computer: "PC 3, first floor".
    #[arg(long, value_name = "TEXT")]
    label: String,
}

pub(super) async fn run(command: Command, env_file: Option<&Path>) -> Result<(), Failure> {
    let settings = Settings::load(env_file)?;
    let store = open_with(&settings).await?;
    let now = clock::now();
    match command {
        Command::New(new) => {
            let code = Code::new(clock::random());
            let device = NewDevice {
                id: Id128(clock::random()),
                label: Label::parse(&new.label)?,
                condition: new.condition,
                code: code.hash(),
                code_expires: now + CODE_LIFE,
            };
            if let Err(error) = store.make_device(&device, Act::command(now)).await {
                return Err(refused(error, &store).await);
            }
            say(&format!("{}\t{}\n", device.id, code.spelled()))?;
            eprintln!(
                "Type the code on that computer, at {}/auth/device, until {}. It works once and is not shown again.",
                settings.site.public_url.origin(),
                clock::rfc3339(device.code_expires)
            );
        }
        Command::List => {
            let can_be_had = for_devices(&store).await?;
            let devices = store.devices().await?;
            say(&devices.iter().map(|device| line(device, &can_be_had, now)).collect::<String>())?;
        }
        Command::Revoke { id } => {
            let unknown =
                || format!("there is no device `{id}`; `tilegate device list` shows those there are");
            let parsed = Id128::parse(&id).ok_or_else(unknown)?;
            let device = store.revoke_device(&parsed, Act::command(now)).await?.ok_or_else(unknown)?;
            say(&format!("revoked {}\n", device.label.as_str()))?;
        }
    }
    Ok(())
}

/// Names of the conditions that devices can have.
async fn for_devices(store: &Store) -> Result<Vec<String>, StoreError> {
    let conditions = store.policy().await?.conditions.into_iter().map(|known| known.condition);
    Ok(conditions.filter(AccessCondition::is_for_devices).map(|condition| condition.name).collect())
}

/// The error with what the person at the terminal can do about it.
async fn refused(error: DeviceError, store: &Store) -> Failure {
    let what = match error {
        DeviceError::UnknownCondition(name) => {
            format!("there is no access condition `{name}` in the policy")
        }
        DeviceError::NotKiosk(name) => {
            format!("the access condition `{name}` is not of pattern kiosk, and a device can have no other")
        }
        DeviceError::Database(error) => return error.into(),
    };
    match for_devices(store).await {
        Ok(names) if names.is_empty() => {
            format!("{what}; import one of pattern kiosk with `tilegate policy import`").into()
        }
        Ok(names) => format!("{what}; of pattern kiosk there are: {}", names.join(", ")).into(),
        Err(error) => error.into(),
    }
}

/// One line, tab-separated: ID, label, condition, state.
fn line(device: &Device, can_be_had: &[String], now: UnixSeconds) -> String {
    let state = match (device.revoked, device.enrolled, device.code_expires) {
        (Some(revoked), ..) => format!("revoked {}", clock::rfc3339(revoked)),
        (None, Some(enrolled), _) if can_be_had.contains(&device.condition) => {
            format!("enrolled {}", clock::rfc3339(enrolled))
        }
        (None, Some(enrolled), _) => {
            format!(
                "enrolled {}, opens nothing: the policy has no such condition of pattern kiosk",
                clock::rfc3339(enrolled)
            )
        }
        (None, None, Some(expires)) if now < expires => format!("waiting until {}", clock::rfc3339(expires)),
        (None, None, _) => "expired".to_owned(),
    };
    format!("{}\t{}\t{}\t{state}\n", device.id, device.label.as_str(), device.condition)
}
