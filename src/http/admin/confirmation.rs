//! Dangerous changes ask for the password again, unless it was given within the last quarter of an hour: whoever
//! comes by an unwatched browser can look, and change little.
//!
//! The password begins a new session, and the one before is over: a copy of its cookies is worth nothing (S2).

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse};
use secrecy::{ExposeSecret as _, SecretString};

use super::administrator::Administrator;
use crate::audit::Act;
use crate::clock;
use crate::credential::account::SessionId;
use crate::credential::sealed::Grant;
use crate::http::admission::begin;
use crate::http::authenticate::{Refused, knows_password};
use crate::http::guest::with_cookie;
use crate::http::renewal::remembered_until;
use crate::http::{Context, language};
use crate::store::StoreError;
use crate::texts::{Said, Texts};

/// So long a password counts, seconds.
const COUNTS: u64 = 15 * 60;
/// A form that is shown now is not posted at once.
const TYPING: u64 = 5 * 60;

/// A dangerous change may be made: it takes this, so that it cannot be made without having asked.
#[must_use = "the answer needs the cookie of the session that began"]
pub struct Confirmed {
    act: Act,
    session: SessionId,
    /// That of the session which began with the password.
    renewed: Option<Grant>,
}

impl Confirmed {
    /// What is done now.
    pub fn act(&self) -> Act {
        self.act
    }

    /// The session that goes on.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The answer, with the cookie of the new session.
    pub fn answer(self, request: &HttpRequest, context: &Context, response: HttpResponse) -> HttpResponse {
        match self.renewed {
            Some(grant) => with_cookie(context, language::texts(request), &grant, response),
            None => response,
        }
    }
}

/// Why not.
pub enum Unconfirmed {
    /// With the message beside the field for the password.
    Asked(Said),
    Store(StoreError),
}

/// Whether a form should have the field for the password.
pub fn is_due(administrator: &Administrator) -> bool {
    age(administrator) + TYPING >= COUNTS
}

fn age(administrator: &Administrator) -> u64 {
    clock::now().saturating_sub(administrator.issued)
}

/// For what is dangerous at times only: asks if it is.
pub async fn confirm_if(
    is_dangerous: bool,
    administrator: &Administrator,
    password: Option<SecretString>,
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    t: Texts,
) -> Result<Confirmed, Unconfirmed> {
    if is_dangerous {
        return confirm(administrator, password, request, context, session, t).await;
    }
    Ok(Confirmed { act: administrator.act(), session: administrator.session, renewed: None })
}

/// Checks that it is still the person who logged in.
pub async fn confirm(
    administrator: &Administrator,
    password: Option<SecretString>,
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    t: Texts,
) -> Result<Confirmed, Unconfirmed> {
    let act = administrator.act();
    let Some(password) = password.filter(|password| !password.expose_secret().is_empty()) else {
        return if age(administrator) < COUNTS {
            Ok(Confirmed { act, session: administrator.session, renewed: None })
        } else {
            Err(Unconfirmed::Asked(t.say("confirm-asked")))
        };
    };
    let account = context.store.account(&administrator.id).await.map_err(Unconfirmed::Store)?;
    let Some(account) = account else { return Err(Unconfirmed::Asked(t.say("confirm-wrong"))) };
    let refused = |refused| match refused {
        Refused::NoMatch => Unconfirmed::Asked(t.say("confirm-wrong")),
        Refused::Throttled(seconds) => {
            Unconfirmed::Asked(t.say("confirm-throttled").number("seconds", seconds))
        }
        Refused::Busy => Unconfirmed::Asked(t.say("confirm-busy")),
        Refused::Store(error) => Unconfirmed::Store(error),
    };
    knows_password(request, context, &account, password).await.map_err(refused)?;
    let grant = begin(request, context, session, &account).await.map_err(refused)?;
    // What was allowed before is not over because the password was asked for once more.
    context.store.viewers_follow(&administrator.session, &grant.session).await.map_err(Unconfirmed::Store)?;
    let until = remembered_until(context, administrator.expires);
    let ended = context.store.end_session(&administrator.session, until, act).await;
    ended.map_err(Unconfirmed::Store)?;
    context.imports.follows(&administrator.session, grant.session);
    Ok(Confirmed { act, session: grant.session, renewed: Some(grant) })
}
