//! Dangerous changes ask for the password again, unless it was given within the last quarter of an hour: whoever
//! comes by an unlocked screen can look, and change little.

use actix_session::Session;
use actix_web::HttpRequest;
use secrecy::{ExposeSecret as _, SecretString};

use super::administrator::Administrator;
use crate::audit::Act;
use crate::clock;
use crate::http::Context;
use crate::password::Busy;
use crate::store::StoreError;
use crate::texts::{Said, Texts};

/// So long a password counts, seconds.
const COUNTS: u64 = 15 * 60;
/// A form that is shown now is not posted at once.
const TYPING: u64 = 5 * 60;
const CONFIRMED: &str = "confirmed";

/// A dangerous change may be made: it takes this, so that it cannot be made without having asked.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed(Act);

impl Confirmed {
    pub fn act(self) -> Act {
        self.0
    }
}

/// Why not.
pub enum Unconfirmed {
    /// With the message beside the field for the password.
    Asked(Said),
    Store(StoreError),
}

/// Whether a form should have the field for the password.
pub fn is_due(administrator: &Administrator, session: &Session) -> bool {
    age(administrator, session) + TYPING >= COUNTS
}

fn age(administrator: &Administrator, session: &Session) -> u64 {
    let confirmed: u64 = session.get(CONFIRMED).ok().flatten().unwrap_or_default();
    clock::now().saturating_sub(confirmed.max(administrator.issued))
}

/// Checks that it is still the person who logged in.
pub async fn confirm(
    administrator: &Administrator,
    password: &SecretString,
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    t: Texts,
) -> Result<Confirmed, Unconfirmed> {
    let confirmed = Confirmed(Act::of(administrator.id, clock::now()));
    let is_given = !password.expose_secret().is_empty();
    if !is_given {
        return if age(administrator, session) < COUNTS {
            Ok(confirmed)
        } else {
            Err(Unconfirmed::Asked(t.say("confirm-asked")))
        };
    }
    let Some(address) = context.client_address(request) else {
        return Err(Unconfirmed::Asked(t.say("confirm-wrong")));
    };
    if let Err(throttled) = context.throttle.attempt(address, &administrator.username) {
        let seconds = throttled.retry_after.as_secs() + 1;
        return Err(Unconfirmed::Asked(t.say("confirm-throttled").number("seconds", seconds)));
    }
    let account = context.store.account(&administrator.id).await.map_err(Unconfirmed::Store)?;
    let hash = account.as_ref().map(|account| account.password_hash.as_str());
    match context.passwords.verify(password.clone(), hash).await {
        Ok(true) => {}
        Ok(false) => {
            context.tally.login_failed(Some(administrator.id), address);
            return Err(Unconfirmed::Asked(t.say("confirm-wrong")));
        }
        Err(Busy) => return Err(Unconfirmed::Asked(t.say("confirm-busy"))),
    }
    context.throttle.succeeded(address, &administrator.username);
    if session.insert(CONFIRMED, clock::now()).is_err() {
        return Err(Unconfirmed::Asked(t.say("confirm-busy")));
    }
    Ok(confirmed)
}
