//! A cookie that still counts is given anew by the token service, so that a reader who goes on reading is not thrown out
//! in the middle of a film. Viewers ask for a token again and again; tiles never renew anything.
//!
//! The session stays the same one, and ends with whatever ends it. What it holds is written as it is now.

use actix_web::{HttpRequest, HttpResponse};

use super::guest::with_cookie;
use super::{Context, language, presented};
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::credential::sealed::Grant;
use crate::gate::grant_of_cookie;
use crate::snapshot::CLOCK_SLACK;
use crate::store::StoreError;

/// So many times the life of a login it can last by being renewed: then the password is asked for again.
const LONGEST: u64 = 3;

/// Until when the end of a session has to be remembered, if its cookie expires then: another copy may have been
/// renewed, and none that was sealed until now lives longer than a new one.
pub(super) fn remembered_until(context: &Context, expires: UnixSeconds) -> UnixSeconds {
    expires.max(clock::now() + context.settings.session_seconds) + CLOCK_SLACK
}

/// The same for a session that may be a guest's. No row says how long its copies live, and a replica that has not heard of
/// the end, or had a longer setting, may have renewed one. The grant itself says what that setting was at least.
pub(super) fn remembered_until_no_copy_counts(context: &Context, grant: &Grant) -> UnixSeconds {
    let until = remembered_until(context, grant.expires);
    if grant.account().is_some() {
        return until;
    }
    let life = context.settings.session_seconds.max(grant.expires.saturating_sub(grant.issued));
    until.max(grant.issued.saturating_add(LONGEST.saturating_mul(life)).saturating_add(CLOCK_SLACK))
}

/// The answer, with a new cookie if more than half of the visitor's has run.
pub(super) async fn renewed(
    request: &HttpRequest,
    context: &Context,
    response: HttpResponse,
) -> HttpResponse {
    let now = clock::now();
    let grant = {
        let snapshot = context.live.current();
        grant_of_cookie(&presented(request), &context.grounds(&snapshot, now))
    };
    let Ok(grant) = grant else { return response };
    let life = context.settings.session_seconds;
    let until = (now + life).min(grant.issued + LONGEST * life);
    // Near the longest there is little to gain, and each renewal is a write.
    if grant.expires.saturating_sub(now) > life / 2 || until < grant.expires + life / 8 {
        return response;
    }
    match renew(context, grant, until, now).await {
        Ok(Some(grant)) => with_cookie(context, language::texts(request), &grant, response),
        Ok(None) => response,
        Err(error) => {
            tracing::warn!(%error, "a cookie was not renewed; it counts until it expires");
            response
        }
    }
}

async fn renew(
    context: &Context,
    grant: Grant,
    until: UnixSeconds,
    now: UnixSeconds,
) -> Result<Option<Grant>, StoreError> {
    let Some(id) = grant.account() else { return Ok(Some(Grant { expires: until, ..grant })) };
    let account = context.store.account(&id).await?;
    let stands = |generation| generation == grant.generation;
    let account = account.filter(|account| account.may_log_in(now) && stands(account.generation));
    let Some(account) = account else { return Ok(None) };
    // No cookie outlives its account.
    let until = until.min(account.expires.unwrap_or(u64::MAX));
    if until <= grant.expires
        || !context.store.extend_session(&grant.session, until, Act::of(id, now)).await?
    {
        return Ok(None);
    }
    let names = account.conditions.iter().map(String::as_str);
    let conditions = context.live.current().policy.conditions.set(names);
    Ok(Some(Grant { conditions, expires: until, ..grant }))
}
