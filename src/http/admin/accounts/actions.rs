//! What else is done with an account: each is a button, and a form of its own.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::edit::{Desk, Shown, address, catch_up, found, not_confirmed};
use super::form::{Form, faults_of};
use crate::audit::{Action, Entry};
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::confirm;
use crate::http::admin::{gone, notice};
use crate::http::extract::Checked;
use crate::http::login::{see_other, store_failed};
use crate::store::{AccountChange, AccountError};
use crate::texts::Texts;

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
            catch_up(&context).await;
            notice::leave(&session, &t.say("account-signed-out").with("name", account.username));
            see_other(&address(&id))
        }
        Err(AccountError::Database(error)) => store_failed(&context, &error),
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
    let desk = Desk { context: &context, session: &session, administrator: &administrator, t };
    let (account, revision) = match found(&context, &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return gone(&context, t),
        Err(error) => return store_failed(&context, &error),
    };
    let form = Form::of(&account, revision);
    let name = account.username.clone();
    let password = posted.0.password.unwrap_or_default();
    let act = match confirm(&administrator, &password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed.act(),
        Err(unconfirmed) => {
            let shown = Shown { account: Some(account), ..Shown::default() };
            return not_confirmed(&desk, &form, shown, unconfirmed);
        }
    };
    match context.store.remove_account(&account.id, act).await {
        Ok(true) => {
            catch_up(&context).await;
            notice::leave(&session, &t.say("account-removed").with("name", name));
            see_other("/auth/admin/accounts")
        }
        Ok(false) => gone(&context, t),
        Err(AccountError::Database(error)) => store_failed(&context, &error),
        Err(error) => {
            let faults = faults_of(&error, t);
            desk.page(
                StatusCode::CONFLICT,
                &form,
                Shown { account: Some(account), faults, ..Shown::default() },
            )
        }
    }
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
        Err(error) => return store_failed(&context, &error),
    };
    let told = context.store.tell([Entry::new(Action::ViewedAs, account.id)], administrator.act());
    if let Err(error) = told.await {
        return store_failed(&context, &error);
    }
    let name: String = url::form_urlencoded::byte_serialize(account.username.as_bytes()).collect();
    see_other(&format!("/auth/admin/explain?account={name}"))
}
