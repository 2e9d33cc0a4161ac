//! `/auth/admin/accounts/new` and `/auth/admin/accounts/<id>`: one account.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use askama::filters::Safe;

use super::form::{Faults, Form, differences, faults_of, username_fault};
use super::{Choice, choices, state_of};
use crate::clock::{self, UnixSeconds};
use crate::credential::account::{Id128, Username};
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Confirmed, Unconfirmed, confirm, is_due};
use crate::http::admin::{gone, moment, notice};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::shadow::{self, Notice};
use crate::store::{AccountChange, AccountError, ListedAccount, NewAccount};
use crate::texts::links::account as address;
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/account.html")]
struct EditPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    /// `None`: a new one.
    id: Option<String>,
    username: String,
    facts: Vec<(Said, String)>,
    form: &'a Form,
    choices: Vec<Choice>,
    faults: Faults,
    /// What somebody else has meanwhile made of the fields that differ.
    theirs: Vec<(Said, String)>,
    has_factor: bool,
    asks: bool,
    unconfirmed: Option<Said>,
    /// The same beside another button than that of the form.
    beside: Option<(&'static str, Said)>,
    is_self: bool,
}

/// What every answer of this file is made with.
pub(super) struct Desk<'a> {
    pub(super) context: &'a Context,
    pub(super) session: &'a Session,
    pub(super) administrator: &'a Administrator,
    pub(super) t: Texts,
}

/// What the page shows besides the form.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) account: Option<ListedAccount>,
    pub(super) faults: Faults,
    pub(super) theirs: Vec<(Said, String)>,
    pub(super) has_factor: bool,
    pub(super) unconfirmed: Option<Said>,
    /// Which button the password was missing at; empty: at that of the form.
    pub(super) button: &'static str,
    pub(super) notice: Option<Safe<String>>,
}

impl EditPage<'_> {
    /// What is wrong with the password beside a button.
    fn fault_at(&self, button: &str) -> Option<&Said> {
        self.beside.as_ref().filter(|(at, _)| *at == button).map(|(_, fault)| fault)
    }
}

impl Desk<'_> {
    pub(super) fn page(&self, status: StatusCode, form: &Form, shown: Shown) -> HttpResponse {
        let Self { context, session, administrator, t } = *self;
        let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
        let policy = &context.live.current().policy;
        let now = clock::now();
        let Shown { account, faults, theirs, has_factor, unconfirmed, button, notice } = shown;
        let asks = is_due(administrator) || unconfirmed.is_some();
        let (unconfirmed, beside) = if button.is_empty() { (unconfirmed, None) } else { (None, unconfirmed) };
        let template = EditPage {
            t,
            organisation: &context.settings.organisation,
            shadows: shadow::notices(policy.mounts(), now),
            notice,
            csrf,
            id: account.as_ref().map(|account| account.id.to_string()),
            username: account.as_ref().map(|account| account.username.clone()).unwrap_or_default(),
            facts: account.as_ref().map(|account| facts(account, t, now)).unwrap_or_default(),
            form,
            choices: choices(policy, &form.held()),
            faults,
            theirs,
            has_factor,
            asks,
            unconfirmed,
            beside: beside.map(|fault| (button, fault)),
            is_self: account.is_some_and(|account| account.id == administrator.id),
        };
        page(status, &template, Framing::Never, None)
    }
}

fn facts(account: &ListedAccount, t: Texts, now: UnixSeconds) -> Vec<(Said, String)> {
    let last = account.last_login.map_or_else(|| t.say("accounts-never").to_string(), moment);
    vec![
        (t.say("accounts-state"), state_of(account, t, now).to_string()),
        (t.say("accounts-created"), moment(account.created)),
        (t.say("accounts-last-login"), last),
    ]
}

/// `GET /auth/admin/accounts/new`
pub async fn blank(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
) -> HttpResponse {
    let desk = Desk { context: &context, session: &session, administrator: &administrator, t };
    desk.page(StatusCode::OK, &Form::default(), Shown::default())
}

/// `POST /auth/admin/accounts/new`
pub async fn create(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Form>,
) -> HttpResponse {
    let desk = Desk { context: &context, session: &session, administrator: &administrator, t };
    let form = posted.0;
    let mut faults = Faults::default();
    let username = Username::parse(&form.username).map_err(|bad| username_fault(bad, t));
    let (note, expires) = (form.note(t, &mut faults), form.expires(t, &mut faults));
    let username = match username {
        Ok(username) if faults.is_none() => username,
        username => {
            faults.username = username.err();
            return desk.page(StatusCode::BAD_REQUEST, &form, Shown { faults, ..Shown::default() });
        }
    };
    let mut confirmed = None;
    if form.administrator.is_some() {
        let password = form.password.clone();
        match confirm(&administrator, password, &request, &context, &session, t).await {
            Ok(given) => confirmed = Some(given),
            Err(unconfirmed) => return not_confirmed(&desk, &form, Shown::default(), unconfirmed),
        }
    }
    let account = NewAccount {
        administrator: form.administrator.is_some(),
        conditions: form.held(),
        expires,
        note,
        // No password is right for it until the person sets one by a link.
        ..NewAccount::new(Id128(clock::random()), username, String::new())
    };
    let act = confirmed.as_ref().map_or_else(|| administrator.act(), Confirmed::act);
    let answer = match context.store.create_account(account, act).await {
        Ok(account) => {
            context.catch_up().await;
            notice::leave(&session, &t.say("account-made").with("name", account.username));
            see_other(&address(&account.id))
        }
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Err(error) => {
            let faults = faults_of(&error, t);
            desk.page(StatusCode::CONFLICT, &form, Shown { faults, ..Shown::default() })
        }
    };
    answered(confirmed, &request, &context, answer)
}

pub(super) fn not_confirmed(
    desk: &Desk<'_>,
    form: &Form,
    shown: Shown,
    unconfirmed: Unconfirmed,
) -> HttpResponse {
    match unconfirmed {
        Unconfirmed::Store(error) => store_failed(desk.context, desk.t, &error),
        Unconfirmed::Asked(message) => {
            desk.page(StatusCode::FORBIDDEN, form, Shown { unconfirmed: Some(message), ..shown })
        }
    }
}

/// `GET /auth/admin/accounts/<id>`
pub async fn show(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
) -> HttpResponse {
    let desk = Desk { context: &context, session: &session, administrator: &administrator, t };
    match found(&context, &id).await {
        Ok(Some((account, revision))) => {
            let form = Form::of(&account, revision);
            let has_factor = match context.store.second_factor(&account.id).await {
                Ok(factor) => factor.is_some(),
                Err(error) => return store_failed(&context, t, &error),
            };
            let notice = notice::take(&session);
            let shown = Shown { account: Some(account), has_factor, notice, ..Shown::default() };
            desk.page(StatusCode::OK, &form, shown)
        }
        Ok(None) => gone(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

pub(super) async fn found(
    context: &Context,
    id: &str,
) -> Result<Option<(ListedAccount, u64)>, crate::store::StoreError> {
    let Some(id) = Id128::parse(id) else { return Ok(None) };
    let (Some(account), Some(mut listed)) =
        (context.store.account(&id).await?, context.store.listed_account(&id).await?)
    else {
        return Ok(None);
    };
    listed.conditions = account.conditions;
    Ok(Some((listed, account.revision)))
}

/// `POST /auth/admin/accounts/<id>`
pub async fn save(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Form>,
) -> HttpResponse {
    let desk = Desk { context: &context, session: &session, administrator: &administrator, t };
    let mut form = posted.0;
    let (account, revision) = match found(&context, &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return gone(&context, t),
        Err(error) => return store_failed(&context, t, &error),
    };
    let mut faults = Faults::default();
    let (note, expires) = (form.note(t, &mut faults), form.expires(t, &mut faults));
    if !faults.is_none() {
        let shown = Shown { account: Some(account), faults, ..Shown::default() };
        return desk.page(StatusCode::BAD_REQUEST, &form, shown);
    }
    if form.revision.parse() != Ok(revision) {
        let theirs = differences(&form, &account, t);
        let faults = Faults { whole: Some(t.say("account-meanwhile")), ..Faults::default() };
        // What was typed stays, and may be saved now that the other's change was seen.
        form.revision = revision.to_string();
        let shown = Shown { account: Some(account), faults, theirs, ..Shown::default() };
        return desk.page(StatusCode::CONFLICT, &form, shown);
    }
    let change = AccountChange {
        administrator: Some(form.administrator.is_some()),
        active: Some(form.locked.is_none()),
        conditions: Some(form.held()),
        expires: Some(expires),
        note: Some(note),
        revision: Some(revision),
        ..AccountChange::default()
    };
    let mut confirmed = None;
    let is_over = |end: Option<UnixSeconds>| end.is_some_and(|end| end <= clock::now());
    let is_dangerous = account.administrator != form.administrator.is_some()
        || account.active == form.locked.is_some()
        // An end that has come locks like a lock.
        || is_over(account.expires) != is_over(expires)
        // What it did not hold is opened to whoever has its password.
        || form.held().iter().any(|name| !account.conditions.contains(name));
    if is_dangerous {
        let password = form.password.clone();
        match confirm(&administrator, password, &request, &context, &session, t).await {
            Ok(given) => confirmed = Some(given),
            Err(unconfirmed) => {
                let shown = Shown { account: Some(account), ..Shown::default() };
                return not_confirmed(&desk, &form, shown, unconfirmed);
            }
        }
    }
    let act = confirmed.as_ref().map_or_else(|| administrator.act(), Confirmed::act);
    let answer = match context.store.change_account(&account.id, change, act).await {
        Ok(Some(changed)) => {
            context.catch_up().await;
            notice::leave(&session, &t.say("account-saved").with("name", changed.username));
            see_other(&address(&changed.id))
        }
        Ok(None) => gone(&context, t),
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Err(error) => {
            let faults = faults_of(&error, t);
            desk.page(
                StatusCode::CONFLICT,
                &form,
                Shown { account: Some(account), faults, ..Shown::default() },
            )
        }
    };
    answered(confirmed, &request, &context, answer)
}

/// The answer, with the cookie of the session that a password began, if one was asked for.
fn answered(
    confirmed: Option<Confirmed>,
    request: &HttpRequest,
    context: &Context,
    answer: HttpResponse,
) -> HttpResponse {
    match confirmed {
        Some(confirmed) => confirmed.answer(request, context, answer),
        None => answer,
    }
}
