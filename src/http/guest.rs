//! Visitors without an account: whoever accepted terms of use, or sits at a kiosk, gets an access cookie
//! of nobody in particular. Who has a cookie already keeps what it says, and gets more into it.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::{HttpRequest, HttpResponse};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::page::unavailable;
use super::{Context, presented};
use crate::clock;
use crate::credential::account::Id128;
use crate::credential::keyring::Purpose;
use crate::credential::sealed::{Fault, Grant};
use crate::gate::grant_of_cookie;
use crate::policy::condition::AccessCondition;
use crate::texts::Texts;

/// The grant of the visitor's access cookie, or a new guest's; `None` if no credential counts at the moment,
/// because the store has been out of reach too long.
pub(super) fn grant_of_visitor(request: &HttpRequest, context: &Context) -> Option<Grant> {
    let now = clock::now();
    let snapshot = context.live.current();
    match grant_of_cookie(&presented(request), &context.grounds(&snapshot, now)) {
        Ok(grant) => Some(grant),
        Err(Fault::Stale) => None,
        Err(Fault::Missing | Fault::Invalid | Fault::Expired) => {
            Some(Grant::guest(Id128(clock::random()), now, now + context.settings.session_seconds))
        }
    }
}

/// A new login's grant with what belongs to the browser: terms that were accepted before, as a guest or under another
/// name, stay accepted; a device stays what it is, whoever logs in on it; and passes stay those of the person who has
/// redeemed them, before the login or with the same account.
pub(super) fn with_what_stays(request: &HttpRequest, context: &Context, grant: &Grant) -> Grant {
    let mut grant = grant.clone();
    if let Some(visitor) = grant_of_visitor(request, context) {
        let snapshot = context.live.current();
        let is_same = visitor.account().is_none_or(|account| account == grant.account);
        let stays = |id: &Id128| is_same || snapshot.revocations.devices.contains_key(id);
        grant.passes = visitor.passes.into_iter().filter(stays).collect();
        grant.accepted = visitor.accepted;
    }
    grant
}

/// Puts the grant into the answer, as the access cookie.
pub(super) fn with_cookie(
    context: &Context,
    t: Texts,
    grant: &Grant,
    mut response: HttpResponse,
) -> HttpResponse {
    let snapshot = context.live.current();
    let sealed = grant.seal(&context.keyring, Purpose::AccessCookie, &snapshot.revocations, clock::random());
    let Some(sealed) = sealed else { return unavailable(context, t) };
    let cookie = context.cookies.access_cookie(sealed, grant.expires.saturating_sub(clock::now()));
    match response.add_cookie(&cookie) {
        Ok(()) => response,
        Err(_) => unavailable(context, t),
    }
}

/// Says in the log that terms were accepted; the audit trail is told by the minute. A script can accept them a thousand times a
/// second, so beyond one line a second they are only counted.
pub struct AcceptanceLog {
    lines: DefaultDirectRateLimiter,
    uncounted: AtomicU64,
}

impl Default for AcceptanceLog {
    fn default() -> Self {
        let burst = NonZeroU32::MIN.saturating_add(29);
        let quota = Quota::per_second(NonZeroU32::MIN).allow_burst(burst);
        Self { lines: RateLimiter::direct(quota), uncounted: AtomicU64::new(0) }
    }
}

impl AcceptanceLog {
    /// A line, if there is room for one; it says how many there was none for before.
    pub(super) fn accepted(&self, condition: &AccessCondition, grant: &Grant) {
        if self.lines.check().is_err() {
            self.uncounted.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let without_line = self.uncounted.swap(0, Ordering::Relaxed);
        let (account, terms) = (grant.account(), condition.terms().0);
        tracing::info!(condition = condition.name, terms, ?account, without_line, "terms accepted");
    }
}
