//! A one-time link with which a person sets a password, so that no administrator needs to know one.
//!
//! Whoever has the link may set the password; nobody else learns anything here, not even whose it is. Opening the
//! page does not use it up: mail scanners and chat programs open whatever they are sent.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::Context;
use super::extract::{Checked, csrf_token};
use super::login::{see_other, store_failed, with_retry_after};
use super::new_password::{PasswordFaults, checked};
use super::notice::{Onward, notice};
use super::page::{Framing, page, unavailable};
use super::password::{busy, nothing};
use crate::audit::Act;
use crate::clock;
use crate::credential::account::{Account, AccountId};
use crate::credential::one_time::LinkSecret;
use crate::password::{HashError, SHORTEST_PASSWORD};
use crate::store::StoreError;
use crate::texts::{Said, Texts};

/// How long a link can be used: a week.
pub const LINK_LIFE: u64 = 7 * 86_400;
/// Where they are.
pub const PATH: &str = "/auth/set-password";

#[derive(Template)]
#[template(path = "set_password.html")]
struct SetPasswordPage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    action: String,
    shortest: usize,
    fault: Option<Said>,
    faults: PasswordFaults,
}

/// The posted form.
#[derive(Deserialize)]
pub struct SetPasswordForm {
    #[serde(default = "nothing")]
    new: SecretString,
    #[serde(default = "nothing")]
    again: SecretString,
}

/// Makes the only link of an account that can be used, and answers its address: to be shown once, to whoever is to
/// hand it over (S11). `None` if there is no such account.
pub async fn make_link(
    context: &Context,
    account: &AccountId,
    act: Act,
) -> Result<Option<String>, StoreError> {
    let secret = LinkSecret::new(clock::random());
    let made = context.store.make_password_link(account, &secret.hash(), act.at + LINK_LIFE, act).await?;
    Ok(made.then(|| link_address(&context.settings.site.public_url.origin(), &secret)))
}

/// Where the one who has it sets the password.
pub fn link_address(origin: &str, secret: &LinkSecret) -> String {
    format!("{origin}{PATH}/{}", secret.spelled())
}

/// `GET /auth/set-password/<secret>`
pub async fn show(
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    link: web::Path<String>,
) -> HttpResponse {
    match known(&context, &link).await {
        Ok(Some((secret, _))) => {
            form(&context, &session, t, &secret, StatusCode::OK, None, PasswordFaults::default())
        }
        Ok(None) => no_good(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/set-password/<secret>`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    link: web::Path<String>,
    posted: Checked<SetPasswordForm>,
) -> HttpResponse {
    let SetPasswordForm { new, again } = posted.0;
    let (secret, account) = match known(&context, &link).await {
        Ok(Some(known)) => known,
        Ok(None) => return no_good(&context, t),
        Err(error) => return store_failed(&context, t, &error),
    };
    let show = |status, fault, faults| form(&context, &session, t, &secret, status, fault, faults);
    let none = PasswordFaults::default;
    let Some(address) = context.client_address(&request) else { return no_good(&context, t) };
    if let Err(throttled) = context.throttle.attempt(address, &account.username) {
        let seconds = throttled.retry_after.as_secs() + 1;
        let fault = t.say("own-too-many").number("seconds", seconds);
        return with_retry_after(show(StatusCode::TOO_MANY_REQUESTS, Some(fault), none()), seconds);
    }
    let new = match checked(&context, &account.username, new, &again, t).await {
        Ok(new) => new,
        Err(faults) => return show(StatusCode::UNPROCESSABLE_ENTITY, None, faults),
    };
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
    match context.store.use_password_link(&secret.hash(), &hash, Act::visitor(clock::now())).await {
        Ok(Some(account)) => {
            context.throttle.succeeded(address, &account.username);
            tracing::info!(account = %account.id, "a password was set with a link");
            context.catch_up().await;
            see_other(PATH)
        }
        // Somebody else was faster, or the account is locked: one text for both.
        Ok(None) => no_good(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `GET /auth/set-password`: the page after it; it says the same to everybody.
pub async fn done(context: web::Data<Context>, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("own-link-done-title"), t.say("own-link-done"));
    notice(&context, t, StatusCode::OK, title, text, Onward::Login)
}

async fn known(context: &Context, link: &str) -> Result<Option<(LinkSecret, Account)>, StoreError> {
    let Some(secret) = LinkSecret::parse(link) else { return Ok(None) };
    let account = context.store.account_of_link(&secret.hash(), clock::now()).await?;
    Ok(account.map(|account| (secret, account)))
}

/// One page and one status, whether the link was used, is too old, or never was.
fn no_good(context: &Context, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("own-link-no-good-title"), t.say("own-link-no-good"));
    notice(context, t, StatusCode::NOT_FOUND, title, text, Onward::Nowhere)
}

fn form(
    context: &Context,
    session: &Session,
    t: Texts,
    secret: &LinkSecret,
    status: StatusCode,
    fault: Option<Said>,
    faults: PasswordFaults,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let template = SetPasswordPage {
        organisation: &context.settings.organisation,
        t,
        csrf,
        action: format!("{PATH}/{}", secret.spelled()),
        shortest: SHORTEST_PASSWORD,
        fault,
        faults,
    };
    page(status, &template, Framing::Never, None)
}
