//! `/auth/setup`: the first visit. While nobody may administer, whoever has the code from the service's log makes
//! the first administrator here; afterwards there is no such page.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::Context;
use super::admin::accounts::form::username_fault;
use super::admission::begin;
use super::authenticate::Refused;
use super::extract::{Checked, csrf_token};
use super::guest::with_cookie;
use super::login::{see_other, store_failed, with_retry_after};
use super::new_password::{PasswordFaults, checked};
use super::page::{Framing, not_found, page, unavailable};
use crate::audit::Act;
use crate::clock;
use crate::credential::account::{Id128, Username};
use crate::credential::device::Code;
use crate::password::SHORTEST_PASSWORD;
use crate::store::{AccountError, NewAccount, StoreError};
use crate::texts::{Said, Texts};

/// Where it is.
pub const PATH: &str = "/auth/setup";

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    shortest: usize,
    code: &'a str,
    username: &'a str,
    code_fault: Option<Said>,
    name_fault: Option<Said>,
    faults: PasswordFaults,
}

/// The posted form.
#[derive(Deserialize)]
pub struct SetupForm {
    #[serde(default)]
    code: SecretString,
    #[serde(default)]
    username: String,
    #[serde(default)]
    new: SecretString,
    #[serde(default)]
    again: SecretString,
}

/// What is wrong with the form.
#[derive(Default)]
struct Faults {
    code: Option<Said>,
    name: Option<Said>,
    password: PasswordFaults,
}

/// Whether the page is there: the service began without an administrator, and there is still none.
pub async fn is_open(context: &Context) -> Result<bool, StoreError> {
    Ok(context.setup.is_some() && !context.store.has_administrator().await?)
}

/// `GET /auth/setup`
pub async fn show(context: web::Data<Context>, session: Session, t: Texts) -> HttpResponse {
    match is_open(&context).await {
        Ok(true) => form(&context, &session, t, StatusCode::OK, ("", ""), Faults::default()),
        Ok(false) => not_found(context, t).await,
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/setup`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<SetupForm>,
) -> HttpResponse {
    let SetupForm { code, username: typed, new, again } = posted.0;
    let right = match (is_open(&context).await, context.setup) {
        (Ok(true), Some(right)) => right,
        (Err(error), _) => return store_failed(&context, t, &error),
        _ => return not_found(context, t).await,
    };
    // Only a code that is right is shown again.
    let show = |status, code: &str, faults| form(&context, &session, t, status, (code, &typed), faults);
    let Some(address) = context.client_address(&request) else { return not_found(context, t).await };
    if let Err(throttled) = context.throttle.attempt_code(address) {
        let seconds = throttled.retry_after.as_secs() + 1;
        let code = Some(t.say("problem-wait").number("seconds", seconds));
        let faults = Faults { code, ..Faults::default() };
        return with_retry_after(show(StatusCode::TOO_MANY_REQUESTS, "", faults), seconds);
    }
    let given = Code::parse(code.expose_secret()).filter(|code| code.hash() == right);
    let Some(given) = given else {
        let faults = Faults { code: Some(t.say("setup-code-wrong")), ..Faults::default() };
        return show(StatusCode::FORBIDDEN, "", faults);
    };
    context.throttle.took_code(address);
    let given = given.spelled();
    let username = match Username::parse(&typed) {
        Ok(username) => username,
        Err(bad) => {
            let name = Some(username_fault(bad, t));
            return show(StatusCode::UNPROCESSABLE_ENTITY, &given, Faults { name, ..Faults::default() });
        }
    };
    let new = match checked(&context, &username, new, &again, t).await {
        Ok(new) => new,
        Err(password) => {
            let faults = Faults { password, ..Faults::default() };
            return show(StatusCode::UNPROCESSABLE_ENTITY, &given, faults);
        }
    };
    let Ok(hash) = context.passwords.hash(new).await else { return unavailable(&context, t) };
    let account =
        NewAccount { administrator: true, ..NewAccount::new(Id128(clock::random()), username, hash) };
    let account = match context.store.create_first_administrator(account, Act::visitor(clock::now())).await {
        Ok(account) => account,
        // Somebody else was faster.
        Err(AccountError::Meanwhile) => return see_other("/auth/login"),
        Err(AccountError::NameTaken) => {
            let name = Some(t.say("account-name-taken"));
            return show(StatusCode::CONFLICT, &given, Faults { name, ..Faults::default() });
        }
        Err(AccountError::Database(error)) => return store_failed(&context, t, &error),
        Err(_) => return unavailable(&context, t),
    };
    tracing::info!(account = %account.id, "the first administrator was made on the first visit");
    match begin(&request, &context, &session, &account).await {
        Ok(grant) => with_cookie(&context, t, &grant, see_other("/auth/admin/")),
        Err(Refused::Store(error)) => store_failed(&context, t, &error),
        Err(_) => see_other("/auth/login"),
    }
}

fn form(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    (code, username): (&str, &str),
    faults: Faults,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let template = SetupPage {
        organisation: &context.settings.organisation,
        t,
        csrf,
        shortest: SHORTEST_PASSWORD,
        code,
        username,
        code_fault: faults.code,
        name_fault: faults.name,
        faults: faults.password,
    };
    page(status, &template, Framing::Never, None)
}

/// Tells whoever reads the log of the code.
pub fn invite(origin: &str, code: &Code) {
    tracing::warn!(
        "nobody may administer yet: open {origin}{PATH} and type the code {}; or use \
         `tilegate account add NAME --admin --password-stdin`",
        code.spelled()
    );
}
