//! `/auth/admin/registrations`: people who ask for an account, and what becomes of it. Also while nobody may ask any more.

use std::collections::BTreeMap;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use askama::filters::Safe;
use serde::Deserialize;

use super::form::{Faults, Form, faults_of, username_fault};
use super::{Choice, choices};
use crate::clock;
use crate::credential::account::{Id128, Username};
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm_if, is_due};
use crate::http::admin::{moment, notice, problem};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::shadow::{self, Notice};
use crate::store::{AccountError, Approval, Registration, RegistrationPage, StoreError};
use crate::texts::{Said, Texts};

const ADDRESS: &str = "/auth/admin/registrations";
/// Requests on one page.
const PER_PAGE: u32 = 25;
/// So much of a message is shown in the list.
const BEGINNING: usize = 200;

#[derive(Template)]
#[template(path = "admin/registrations.html")]
struct ListPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    is_off: bool,
    rows: Vec<Row>,
    total: u64,
    number: u32,
    pages: u64,
    before: Option<String>,
    after: Option<String>,
}

struct Row {
    id: String,
    username: String,
    message: String,
    asked: String,
    is_taken: bool,
    /// So many ask for this name, if they are several.
    of_that_name: Option<u64>,
}

impl From<Registration> for Row {
    fn from(registration: Registration) -> Self {
        let Registration { id, username, message, asked, is_taken, of_that_name } = registration;
        Self {
            id: id.to_string(),
            username,
            message,
            asked: moment(asked),
            is_taken,
            of_that_name: (of_that_name > 1).then_some(of_that_name),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/registration.html")]
struct RequestPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    row: Row,
    form: &'a Form,
    choices: Vec<Choice>,
    faults: Faults,
    /// With a field for the password, and what was wrong with it.
    asks: bool,
    unconfirmed: Option<Said>,
}

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Counted from 1.
    #[serde(default)]
    page: String,
}

/// Requests that were ticked come as `id-<identity>`.
#[derive(Debug, Default, Deserialize)]
pub struct Ticked {
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

/// `GET /auth/admin/registrations?page=…`
pub async fn list(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    asked: web::Query<Asked>,
) -> HttpResponse {
    let number: u32 = asked.page.parse().unwrap_or(1).clamp(1, u32::MAX / PER_PAGE);
    let found = context.store.registrations(number - 1, PER_PAGE).await;
    let RegistrationPage { registrations, total } = match found {
        Ok(found) => found,
        Err(error) => return store_failed(&context, t, &error),
    };
    let pages = total.div_ceil(u64::from(PER_PAGE)).max(1);
    // The last of the last page was decided: there is one before it.
    if registrations.is_empty() && number > 1 {
        return see_other(&link(u32::try_from(pages).unwrap_or(1)));
    }
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let template = ListPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        notice: notice::take(&session),
        csrf,
        is_off: !crate::http::register::is_open(&context),
        rows: registrations
            .into_iter()
            .map(|one| Row { message: begins(&one.message), ..one.into() })
            .collect(),
        total,
        number,
        pages,
        before: (number > 1).then(|| link(number - 1)),
        after: (u64::from(number) < pages).then(|| link(number + 1)),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

fn link(number: u32) -> String {
    if number > 1 { format!("{ADDRESS}?page={number}") } else { ADDRESS.to_owned() }
}

fn begins(message: &str) -> String {
    match message.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

/// `POST /auth/admin/registrations/refuse`: all that were ticked.
pub async fn refuse_ticked(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Ticked>,
) -> HttpResponse {
    let ticked = posted.0.fields.keys().filter_map(|name| Id128::parse(name.strip_prefix("id-")?));
    let ids: Vec<Id128> = ticked.collect();
    let told = match context.store.refuse_registrations(&ids, administrator.act()).await {
        Ok(_) if ids.is_empty() => t.say("registrations-none-ticked"),
        Ok(refused) if refused == ids.len() as u64 => t.say("registrations-refused").number("count", refused),
        Ok(refused) => t.say("registrations-refused-some").number("count", refused),
        Err(error) => return store_failed(&context, t, &error),
    };
    notice::leave(&session, &told);
    see_other(ADDRESS)
}

/// `GET /auth/admin/registrations/<id>`
pub async fn show(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
) -> HttpResponse {
    match found(&context, &id).await {
        Ok(Some(registration)) => {
            // Why there is this account is to be known later, too.
            let (username, note) = (registration.username.clone(), registration.message.clone());
            let form = Form { username, note, ..Form::default() };
            let asks = (is_due(&administrator), None);
            answer(&context, &session, t, StatusCode::OK, registration, &form, Faults::default(), asks)
        }
        Ok(None) => decided(&context, t, StatusCode::NOT_FOUND, &id),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/admin/registrations/<id>`: approves. Whoever asked can log in with a password that they know, so what the
/// account holds is opened to them: that asks for the administrator's password again.
pub async fn approve(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Form>,
) -> HttpResponse {
    let registration = match found(&context, &id).await {
        Ok(Some(registration)) => registration,
        Ok(None) => return decided(&context, t, StatusCode::CONFLICT, &id),
        Err(error) => return store_failed(&context, t, &error),
    };
    let mut form = posted.0;
    let asks = is_due(&administrator);
    let mut faults = Faults::default();
    let username = Username::parse(&form.username).map_err(|bad| username_fault(bad, t));
    let (note, expires) = (form.note(t, &mut faults), form.expires(t, &mut faults));
    let username = match username {
        Ok(username) if faults.is_none() => username,
        username => {
            faults.username = username.err();
            let status = StatusCode::BAD_REQUEST;
            return answer(&context, &session, t, status, registration, &form, faults, (asks, None));
        }
    };
    let approval = Approval { username, conditions: form.held(), expires, note };
    let (opens, password) = (!approval.conditions.is_empty(), form.password.take());
    let confirmed = match confirm_if(opens, &administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(fault)) => {
            let (status, asks) = (StatusCode::FORBIDDEN, (true, Some(fault)));
            return answer(&context, &session, t, status, registration, &form, faults, asks);
        }
    };
    let approved = context.store.approve_registration(&registration.id, approval, confirmed.act()).await;
    let response = match approved {
        Ok(Some(account)) => {
            context.catch_up().await;
            let made = &account.username;
            let said = if made.as_str() == registration.username {
                t.say("registration-approved").with("name", made)
            } else {
                t.say("registration-renamed").with("name", made).with("asked", &registration.username)
            };
            notice::leave(&session, &said);
            see_other(ADDRESS)
        }
        Ok(None) => decided(&context, t, StatusCode::CONFLICT, &id),
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Err(error) => {
            let mut faults = faults_of(&error, t);
            if matches!(error, AccountError::NameTaken) {
                faults.username = Some(t.say("registration-name-taken"));
            }
            let status = StatusCode::CONFLICT;
            answer(&context, &session, t, status, registration, &form, faults, (asks, None))
        }
    };
    confirmed.answer(&request, &context, response)
}

/// `POST /auth/admin/registrations/<id>/refuse`
pub async fn refuse(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    _: Checked<Ticked>,
) -> HttpResponse {
    let ids: Vec<Id128> = Id128::parse(&id).into_iter().collect();
    match context.store.refuse_registrations(&ids, administrator.act()).await {
        Ok(0) => decided(&context, t, StatusCode::CONFLICT, &id),
        Ok(refused) => {
            notice::leave(&session, &t.say("registrations-refused").number("count", refused));
            see_other(ADDRESS)
        }
        Err(error) => store_failed(&context, t, &error),
    }
}

async fn found(context: &Context, id: &str) -> Result<Option<Registration>, StoreError> {
    match Id128::parse(id) {
        Some(id) => context.store.registration(&id).await,
        None => Ok(None),
    }
}

/// The request does not wait (any more).
fn decided(context: &Context, t: Texts, status: StatusCode, id: &str) -> HttpResponse {
    let title = t.say("registration-decided-title");
    let text = match Id128::parse(id) {
        Some(id) => t.say("registration-decided").with("trail", format!("/auth/admin/audit?about={id}")),
        None => t.say("gone-text"),
    };
    problem(context, status, &title, &text)
}

#[expect(clippy::too_many_arguments, reason = "each is a part of the page, and it is made in one place")]
fn answer(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    registration: Registration,
    form: &Form,
    faults: Faults,
    (asks, unconfirmed): (bool, Option<Said>),
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let policy = &context.live.current().policy;
    let template = RequestPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), clock::now()),
        csrf,
        row: registration.into(),
        form,
        choices: choices(policy, &form.held()),
        faults,
        asks,
        unconfirmed,
    };
    page(status, &template, Framing::Never, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = "é".repeat(BEGINNING + 1);
        assert_eq!(begins(&long), format!("{}…", "é".repeat(BEGINNING)));
        assert_eq!(begins("short"), "short");
    }
}
