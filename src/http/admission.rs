//! Letting somebody in who has shown all that their account asks for: a new session, in the store and in the
//! browser, and the grant for the access cookie.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse};

use super::authenticate::Refused;
use super::browser::agent;
use super::extract::{Person, SessionLogin};
use super::guest::with_what_stays;
use super::login::{Door, welcome};
use super::renewal::remembered_until_no_copy_counts;
use super::{Context, presented};
use crate::audit::Act;
use crate::clock;
use crate::credential::account::{Account, Id128};
use crate::credential::sealed::Grant;
use crate::gate::grant_of_cookie;
use crate::store::{NewSession, StoreError};

/// Begins a session and sends the person on, as the door says.
pub(super) async fn admit(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    (door, next): (&Door, &str),
    account: &Account,
) -> Result<HttpResponse, Refused> {
    let grant = begin(request, context, session, account).await?;
    Ok(welcome(request, context, session, door, next, account.username.as_str(), &grant))
}

/// A login's grant with what belongs to the browser; the guest that somebody was until now is ended.
pub(super) async fn taken_over(
    request: &HttpRequest,
    context: &Context,
    grant: &Grant,
) -> Result<Grant, StoreError> {
    let grant = with_what_stays(request, context, grant);
    end_guest(request, context).await?;
    Ok(grant)
}

/// What was allowed a viewer as a guest is in no list, and a logout would end the login alone.
async fn end_guest(request: &HttpRequest, context: &Context) -> Result<(), StoreError> {
    if context.token_origins.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    let guest = {
        let snapshot = context.live.current();
        grant_of_cookie(&presented(request), &context.grounds(&snapshot, now)).ok()
    };
    // Whoever has neither could allow nothing.
    let Some(guest) = guest
        .filter(|grant| grant.account().is_none() && !(grant.passes.is_empty() && grant.accepted.is_empty()))
    else {
        return Ok(());
    };
    let until = remembered_until_no_copy_counts(context, &guest);
    context.store.end_session(&guest.session, until, Act::visitor(now)).await?;
    context.catch_up().await;
    Ok(())
}

/// Begins a session with an identity of its own (S2, S4); what it gives has what belongs to the browser.
pub(super) async fn begin(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    account: &Account,
) -> Result<Grant, Refused> {
    let grant = grant_for(context, account, context.settings.session_seconds);
    let new = NewSession {
        id: grant.session,
        account: account.id,
        generation: account.generation,
        expires: grant.expires,
        agent: agent(request),
    };
    if !context.store.begin_session(&new, Act::of(account.id, grant.issued)).await? {
        tracing::info!("a login failed: its account was changed meanwhile");
        return Err(Refused::NoMatch);
    }
    let epoch = context.live.current().revocations.epoch;
    let written = SessionLogin::new(&grant, account.username.as_str(), epoch).write(session);
    written.map_err(|_| Refused::Busy)?;
    tracing::info!(account = %account.id, "logged in");
    Ok(taken_over(request, context, &grant).await?)
}

/// What an account gives, for so many seconds at most.
pub(super) fn grant_for(context: &Context, account: &Account, life: u64) -> Grant {
    let now = clock::now();
    let snapshot = context.live.current();
    Grant {
        account: account.id,
        generation: account.generation,
        session: Id128(clock::random()),
        conditions: snapshot.policy.conditions.set(account.conditions.iter().map(String::as_str)),
        issued: now,
        // No cookie outlives its account.
        expires: account.expires.unwrap_or(u64::MAX).min(now + life),
        passes: arrayvec::ArrayVec::new(),
        accepted: arrayvec::ArrayVec::new(),
    }
}

/// The grant of somebody who is logged in already, with the conditions of the account's row;
/// `None` if the login is over.
pub(super) async fn grant_of(context: &Context, person: &Person) -> Result<Option<Grant>, StoreError> {
    let account =
        context.store.account(&person.account).await?.filter(|account| account.may_log_in(clock::now()));
    Ok(account.map(|account| {
        let names = account.conditions.iter().map(String::as_str);
        let conditions = context.live.current().policy.conditions.set(names);
        Grant { conditions, ..person.grant.clone() }
    }))
}
