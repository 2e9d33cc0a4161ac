//! `tilegate serve --demo`: samples for authors of viewers, one for each way of the IIIF authentication, and
//! a page that lists them (`http/demo.rs`).
//!
//! The images are those of `make run`; here are their list, their policy, and an account that everybody knows.

use crate::audit::Act;
use crate::clock::UnixSeconds;
use crate::credential::account::{DeviceId, Id128, Username};
use crate::credential::device::{Code, Label};
use crate::password::PasswordHasher;
use crate::policy::file;
use crate::store::{NewAccount, NewDevice, Store};

/// The account that the page names, password and all.
pub const READER: &str = "reader";
/// Another one, which holds nothing.
pub const STRANGER: &str = "stranger";
/// The password of both: no secret.
pub const PASSWORD: &str = "demo-reader";
/// The computer of the reading room: every browser that asks for it on the page.
pub const DEVICE: DeviceId = Id128(*b"tilegate-samples");
/// What the account holds.
const CONDITIONS: [&str; 3] = ["staff", "campus", "plates"];

/// The list of samples, as the scripts of `make run` read it too.
const SAMPLES: &str = include_str!("../samples/patterns.tsv");
const POLICY: &str = include_str!("../samples/policy.toml");

/// One sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it shows: a pattern of the specification, or another word.
    pub pattern: &'static str,
    /// Name of the mount.
    pub mount: &'static str,
    /// Its name there, segments joined by `/`.
    pub name: &'static str,
    /// Of what is no image there is no manifest of version 2 of the Presentation API.
    pub is_image: bool,
    pub title: &'static str,
}

/// Every sample, in the order of the list.
pub fn samples() -> impl Iterator<Item = Sample> {
    SAMPLES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let [pattern, mount, name, _drawing, _width, _height, kind, title] =
            std::array::from_fn(|_| columns.next());
        Some(Sample {
            pattern: pattern?,
            mount: mount?,
            name: name?,
            is_image: kind? == "image",
            title: title?,
        })
    })
}

/// Puts the samples' policy into a store that has none, and makes the account that everybody knows.
///
/// # Errors
/// If the store cannot be written, or has a policy of its own: nobody's archive gets an account with a public
/// password.
pub async fn furnish(store: &Store, passwords: &PasswordHasher, now: UnixSeconds) -> Result<(), String> {
    let policy = file::read(POLICY, &["images", "files"]).map_err(|error| error.to_string())?;
    let present = store.policy().await.map_err(|error| error.to_string())?;
    let is_empty = present.rules.is_empty() && present.conditions.iter().all(|known| known.bit < 2);
    if is_empty {
        store.replace_policy(&policy, false, Act::service(now)).await.map_err(|error| error.to_string())?;
    } else if present.rules != policy.rules {
        return Err(
            "the database has a policy that is not the samples': --demo makes an account with a public \
            password, so it needs a database of its own. With make run: DATA_DIR=another-folder make run for the samples \
            alone, or IMAGE_DIR=data/images make run to go on with your policy and without the samples; elsewhere \
            set TILEGATE_DATABASE_URL"
                .to_owned(),
        );
    }
    for (name, conditions) in [(READER, &CONDITIONS[..]), (STRANGER, &[])] {
        let username = Username::parse(name).map_err(|error| error.to_string())?;
        let known = store.account_by_name(&username).await.map_err(|error| error.to_string())?;
        if known.is_none() {
            let hash = passwords.hash(PASSWORD.into()).await.map_err(|error| error.to_string())?;
            let account = NewAccount {
                conditions: conditions.iter().map(|name| (*name).to_owned()).collect(),
                ..NewAccount::new(Id128(crate::clock::random()), username, hash)
            };
            store.create_account(account, Act::service(now)).await.map_err(|error| error.to_string())?;
        }
    }
    if store.device(&DEVICE).await.map_err(|error| error.to_string())?.is_none() {
        let code = Code::new(crate::clock::random());
        let device = NewDevice {
            id: DEVICE,
            label: Label::parse("The browsers of the samples' page").map_err(|error| error.to_string())?,
            condition: "room".to_owned(),
            code: code.hash(),
            code_expires: now + 60,
        };
        store.make_device(&device, Act::service(now)).await.map_err(|error| error.to_string())?;
        store.enrol_device(&code.hash(), Act::service(now)).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_its_sample_and_every_sample_a_rule() {
        let samples: Vec<_> = samples().collect();
        let patterns: Vec<_> = samples.iter().map(|sample| sample.pattern).collect();
        assert_eq!(
            patterns,
            ["open", "login", "clickthrough", "kiosk", "external", "tier", "several", "sound", "pdf"]
        );
        let policy = file::read(POLICY, &["images", "files"]).unwrap();
        for sample in &samples {
            let ruled = policy.rules.iter().any(|rule| {
                rule.mount == sample.mount
                    && (rule.identifier.is_empty() || sample.name.starts_with(&rule.identifier))
            });
            assert!(ruled, "{sample:?}");
        }
        for condition in CONDITIONS {
            assert!(policy.conditions.iter().any(|known| known.name == condition), "{condition}");
        }
    }
}
