//! Changing one's own password. It ends all other logins of the account; this one goes on as a new session.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::Context;
use super::account::{Told, tell};
use super::admission::begin;
use super::authenticate::{Refused, knows_password};
use super::extract::{Checked, csrf_token};
use super::guest::with_cookie;
use super::login::{see_other, store_failed, with_retry_after};
use super::new_password::{PasswordFaults, checked};
use super::owner::Owner;
use super::page::{Framing, page, unavailable};
use crate::audit::Act;
use crate::clock;
use crate::password::{HashError, SHORTEST_PASSWORD};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    person: &'a str,
    shortest: usize,
    old: Option<Said>,
    faults: PasswordFaults,
}

/// The posted form.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default = "nothing")]
    old: SecretString,
    #[serde(default = "nothing")]
    new: SecretString,
    #[serde(default = "nothing")]
    again: SecretString,
}

pub(super) fn nothing() -> SecretString {
    SecretString::from("")
}

/// `GET /auth/password`
pub async fn show(context: web::Data<Context>, session: Session, t: Texts, owner: Owner) -> HttpResponse {
    form(&context, &session, t, &owner, StatusCode::OK, None, PasswordFaults::default())
}

/// `POST /auth/password`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    owner: Owner,
    posted: Checked<PasswordForm>,
) -> HttpResponse {
    if let Some(answer) = owner.refused_as_shared(&context, t) {
        return answer;
    }
    let PasswordForm { old, new, again } = posted.0;
    let show = |status, old, faults| form(&context, &session, t, &owner, status, old, faults);
    // What is wrong with the new one is told first: it needs no guess at the old one.
    let new = match checked(&context, &owner.account.username, new, &again, t).await {
        Ok(new) => new,
        Err(faults) => return show(StatusCode::UNPROCESSABLE_ENTITY, None, faults),
    };
    let none = PasswordFaults::default;
    match knows_password(&request, &context, &owner.account, old).await {
        Ok(()) => {}
        Err(Refused::NoMatch) => {
            return show(StatusCode::FORBIDDEN, Some(t.say("own-old-password-wrong")), none());
        }
        Err(Refused::Throttled(seconds)) => {
            let fault = t.say("own-too-many").number("seconds", seconds);
            return with_retry_after(show(StatusCode::TOO_MANY_REQUESTS, Some(fault), none()), seconds);
        }
        Err(Refused::Busy) => {
            return busy(show(StatusCode::SERVICE_UNAVAILABLE, Some(t.say("own-busy")), none()));
        }
        Err(Refused::Store(error)) => return store_failed(&context, t, &error),
    }
    let hash = match context.passwords.hash(new).await {
        Ok(hash) => hash,
        Err(HashError::Busy(_)) => {
            return busy(show(StatusCode::SERVICE_UNAVAILABLE, Some(t.say("own-busy")), none()));
        }
        Err(error) => {
            tracing::error!(%error, "a new password could not be hashed");
            return unavailable(&context, t);
        }
    };
    let changed = match context
        .store
        .change_password(&owner.account, &hash, Act::of(owner.account.id, clock::now()))
        .await
    {
        Ok(Some(changed)) => changed,
        // Something else ended this login in the meantime.
        Ok(None) => return see_other("/auth/login"),
        Err(error) => return store_failed(&context, t, &error),
    };
    tracing::info!(account = %changed.id, "a password was changed");
    context.catch_up().await;
    match begin(&request, &context, &session, &changed).await {
        Ok(grant) => {
            tell(&session, Told::PasswordChanged);
            with_cookie(&context, t, &grant, see_other("/auth/"))
        }
        // The new password counts; whoever knows it can log in with it.
        Err(Refused::Store(error)) => store_failed(&context, t, &error),
        Err(_) => see_other("/auth/login"),
    }
}

pub(super) fn busy(response: HttpResponse) -> HttpResponse {
    with_retry_after(response, 5)
}

/// The fields are always empty: what was typed is a password, or nearly one (S11).
fn form(
    context: &Context,
    session: &Session,
    t: Texts,
    owner: &Owner,
    status: StatusCode,
    old: Option<Said>,
    faults: PasswordFaults,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let template = PasswordPage {
        organisation: &context.settings.organisation,
        t,
        csrf,
        person: owner.account.username.as_str(),
        shortest: SHORTEST_PASSWORD,
        old,
        faults,
    };
    page(status, &template, Framing::Never, None)
}
