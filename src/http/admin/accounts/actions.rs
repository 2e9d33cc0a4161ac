//! What else is done with an account: each is a button, and a form of its own.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::edit::{Desk, Shown, found, not_confirmed};
use super::form::{Form, faults_of};
use crate::audit::{Action, Entry};
use crate::clock;
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Confirmed, confirm};
use crate::http::admin::{gone, notice};
use crate::http::extract::Checked;
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page};
use crate::http::set_password::make_link;
use crate::shadow::{self, Notice};
use crate::store::{AccountChange, AccountError, ListedAccount};
use crate::texts::Texts;
use crate::texts::links::account as address;

/// The buttons below the form: each is a form of its own.
#[derive(Debug, Default, Deserialize)]
pub struct Press {
    #[serde(default)]
    pub(super) password: Option<SecretString>,
}

/// `POST /auth/admin/accounts/<id>/sign-out`
pub async fn sign_out(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    _: Checked<Press>,
) -> HttpResponse {
    let Some(id) = Id128::parse(&id) else { return gone(&context, t) };
    let change = AccountChange { sign_out_everywhere: true, ..AccountChange::default() };
    match context.store.change_account(&id, change, administrator.act()).await {
        Ok(Some(account)) => {
            context.catch_up().await;
            notice::leave(&session, &t.say("account-signed-out").with("name", account.username));
            see_other(&address(&id))
        }
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Ok(None) | Err(_) => gone(&context, t),
    }
}

/// `POST /auth/admin/accounts/<id>/delete`
pub async fn delete(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Press>,
) -> HttpResponse {
    let (account, confirmed) =
        match asked(&request, &administrator, &context, &session, t, (&id, "delete"), posted.0).await {
            Ok(asked) => asked,
            Err(answer) => return answer,
        };
    let name = account.username.clone();
    let answer = match context.store.remove_account(&account.id, confirmed.act()).await {
        Ok(true) => {
            context.catch_up().await;
            notice::leave(&session, &t.say("account-removed").with("name", name));
            see_other("/auth/admin/accounts")
        }
        Ok(false) => gone(&context, t),
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Err(error) => {
            let desk = Desk { context: &context, session: &session, administrator: &administrator, t };
            let form = Form::of(&account, 0);
            let faults = faults_of(&error, t);
            let shown = Shown { account: Some(account), faults, ..Shown::default() };
            desk.page(StatusCode::CONFLICT, &form, shown)
        }
    };
    confirmed.answer(&request, &context, answer)
}

/// `POST /auth/admin/accounts/<id>/view-as`: on to the page that says what this person gets. No credential is made; the
/// audit trail is told, because it is a look over somebody's shoulder.
pub async fn view_as(
    administrator: Administrator,
    context: web::Data<Context>,
    t: Texts,
    id: web::Path<String>,
    _: Checked<Press>,
) -> HttpResponse {
    let account = match found(&context, &id).await {
        Ok(Some((account, _))) => account,
        Ok(None) => return gone(&context, t),
        Err(error) => return store_failed(&context, t, &error),
    };
    let told = context.store.tell([Entry::new(Action::ViewedAs, account.id)], administrator.act());
    if let Err(error) = told.await {
        return store_failed(&context, t, &error);
    }
    let name: String = url::form_urlencoded::byte_serialize(account.username.as_bytes()).collect();
    see_other(&format!("/auth/admin/explain?account={name}"))
}

#[derive(Template)]
#[template(path = "admin/account_link.html")]
struct LinkPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    id: String,
    username: &'a str,
    link: &'a str,
}

/// `POST /auth/admin/accounts/<id>/link`: a one-time link for setting a password, shown in this answer and never again.
pub async fn link(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Press>,
) -> HttpResponse {
    let (account, confirmed) =
        match asked(&request, &administrator, &context, &session, t, (&id, "link"), posted.0).await {
            Ok(asked) => asked,
            Err(answer) => return answer,
        };
    let answer = match make_link(&context, &account.id, confirmed.act()).await {
        Ok(Some(link)) => {
            let template = LinkPage {
                t,
                organisation: &context.settings.organisation,
                shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
                id: account.id.to_string(),
                username: &account.username,
                link: &link,
            };
            page(StatusCode::OK, &template, Framing::Never, None)
        }
        Ok(None) => gone(&context, t),
        Err(error) => store_failed(&context, t, &error),
    };
    confirmed.answer(&request, &context, answer)
}

/// `POST /auth/admin/accounts/<id>/second-factor`: for somebody who has lost the app and the recovery codes. Ends all
/// logins: whoever has the app may be somebody else by now.
pub async fn remove_second_factor(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Press>,
) -> HttpResponse {
    let (account, confirmed) =
        match asked(&request, &administrator, &context, &session, t, (&id, "factor"), posted.0).await {
            Ok(asked) => asked,
            Err(answer) => return answer,
        };
    let change =
        AccountChange { no_second_factor: true, sign_out_everywhere: true, ..AccountChange::default() };
    let answer = match context.store.change_account(&account.id, change, confirmed.act()).await {
        Ok(Some(_)) => {
            context.catch_up().await;
            notice::leave(&session, &t.say("account-factor-removed").with("name", &account.username));
            see_other(&address(&account.id))
        }
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Ok(None) | Err(_) => gone(&context, t),
    };
    confirmed.answer(&request, &context, answer)
}

/// The account that a dangerous button is about, once the password counts; or the answer instead.
async fn asked(
    request: &HttpRequest,
    administrator: &Administrator,
    context: &Context,
    session: &Session,
    t: Texts,
    (id, button): (&str, &'static str),
    press: Press,
) -> Result<(ListedAccount, Confirmed), HttpResponse> {
    let (account, revision) = match found(context, id).await {
        Ok(Some(found)) => found,
        Ok(None) => return Err(gone(context, t)),
        Err(error) => return Err(store_failed(context, t, &error)),
    };
    match confirm(administrator, press.password, request, context, session, t).await {
        Ok(confirmed) => Ok((account, confirmed)),
        Err(unconfirmed) => {
            let desk = Desk { context, session, administrator, t };
            let form = Form::of(&account, revision);
            let has_factor =
                context.store.second_factor(&account.id).await.is_ok_and(|factor| factor.is_some());
            let shown = Shown { account: Some(account), has_factor, button, ..Shown::default() };
            Err(not_confirmed(&desk, &form, shown, unconfirmed))
        }
    }
}
