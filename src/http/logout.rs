//! Logging out: the one change that IIIF demands by GET, so only as a person's own
//! navigation. It ends the session in the store, so that copies of its cookies are
//! dead as well (A1-36, S2).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::extract::{LoggedIn, is_top_level, mentions_login};
use super::login::{close, store_failed, with_retry_after};
use super::page::{problem, unavailable};
use super::renewal::{remembered_until, remembered_until_no_copy_counts};
use super::{Context, presented};
use crate::audit::{Act, Actor};
use crate::clock::{self, UnixSeconds};
use crate::credential::account::SessionId;
use crate::credential::sealed::Fault;
use crate::gate::grant_of_cookie;
use crate::texts::Texts;

/// `GET /auth/logout` and `GET /auth/v2/logout`
pub async fn logout(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    session: Session,
    logged_in: LoggedIn,
) -> HttpResponse {
    if !is_top_level(&request) {
        let (title, text) = (t.say("problem-not-possible-title"), t.say("logout-window"));
        return problem(&context, StatusCode::FORBIDDEN, &title, &text);
    }
    let now = clock::now();
    if mentions_login(&session) && !context.live.is_fresh(now) {
        return unavailable(&context, t);
    }
    // Each with the time until which a copy may count: the setting may have been another when it was sealed.
    let mut sessions: BTreeMap<SessionId, UnixSeconds> = logged_in
        .0
        .iter()
        .map(|person| (person.session, remembered_until(&context, person.grant.expires)))
        .collect();
    {
        let snapshot = context.live.current();
        match grant_of_cookie(&presented(&request), &context.grounds(&snapshot, now)) {
            Ok(grant) => {
                if grant.account().is_none()
                    && let Some(seconds) = wait_of_guest(&request, &context)
                {
                    return too_many(&context, t, seconds);
                }
                sessions.insert(grant.session, remembered_until_no_copy_counts(&context, &grant));
            }
            // Without the store nothing counts, and nothing can be ended: the cookie would
            // count again later, so nobody is told that it does not.
            Err(Fault::Stale) => return unavailable(&context, t),
            Err(Fault::Missing | Fault::Invalid | Fault::Expired) => {}
        }
    }
    let by = logged_in.0.as_ref().map_or(Actor::Visitor, |person| Actor::Account(person.account));
    for (ended, until) in &sessions {
        if let Err(error) = context.store.end_session(ended, *until, Act { by, at: now }).await {
            return store_failed(&context, t, &error);
        }
    }
    if !sessions.is_empty() {
        context.catch_up().await;
    }
    session.purge();
    let mut response = close(&context, &t.say("logout-title"), &t.say("logout-done"), false);
    if response.add_cookie(&context.cookies.no_access_cookie()).is_err() {
        return unavailable(&context, t);
    }
    response
}

/// How many seconds a guest has to wait, if too many have left from their address.
fn wait_of_guest(request: &HttpRequest, context: &Context) -> Option<u64> {
    // All whose address is not known are one.
    let address = context.client_address(request).unwrap_or(Ipv4Addr::UNSPECIFIED.into());
    context.throttle.guest_leaves(address).err().map(|throttled| throttled.retry_after.as_secs() + 1)
}

/// The cookie counts as before, so it stays.
fn too_many(context: &Context, t: Texts, seconds: u64) -> HttpResponse {
    let (title, text) = (t.say("logout-wait-title"), t.say("logout-wait").number("seconds", seconds));
    with_retry_after(problem(context, StatusCode::TOO_MANY_REQUESTS, &title, &text), seconds)
}
