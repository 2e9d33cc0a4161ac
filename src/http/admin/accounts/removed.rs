//! `/auth/admin/accounts/deleted`: accounts that can be had back for 30 days, or be forgotten at once.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use askama::filters::Safe;

use super::actions::Press;
use crate::clock::{self, UnixSeconds};
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm, is_due};
use crate::http::admin::{gone, moment, notice};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::shadow::{self, Notice};
use crate::store::{AccountError, DeletedAccount, RESTORABLE, Restored};
use crate::texts::{Said, Texts};

/// So many are shown.
const MOST: u32 = 500;
const ADDRESS: &str = "/auth/admin/accounts/deleted";

#[derive(Template)]
#[template(path = "admin/accounts_deleted.html")]
struct DeletedPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    rows: Vec<Row>,
    fault: Option<Said>,
    asks: bool,
    unconfirmed: Option<Said>,
}

struct Row {
    id: String,
    username: String,
    conditions: Vec<String>,
    deleted: String,
    gone: String,
}

impl Row {
    fn of(account: DeletedAccount) -> Self {
        let DeletedAccount { id, username, conditions, at, .. } = account;
        let gone: UnixSeconds = at + RESTORABLE;
        Self { id: id.to_string(), username, conditions, deleted: moment(at), gone: moment(gone) }
    }
}

/// `GET /auth/admin/accounts/deleted`
pub async fn show(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
) -> HttpResponse {
    list(&administrator, &context, &session, t, StatusCode::OK, None, None).await
}

async fn list(
    administrator: &Administrator,
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    fault: Option<Said>,
    unconfirmed: Option<Said>,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let deleted = match context.store.deleted_accounts(MOST).await {
        Ok(deleted) => deleted,
        Err(error) => return store_failed(context, t, &error),
    };
    let template = DeletedPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        notice: notice::take(session),
        csrf,
        rows: deleted.into_iter().map(Row::of).collect(),
        fault,
        asks: is_due(administrator) || unconfirmed.is_some(),
        unconfirmed,
    };
    page(status, &template, Framing::Never, None)
}

/// `POST /auth/admin/accounts/deleted/<id>/restore`
pub async fn restore(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Press>,
) -> HttpResponse {
    let Some(id) = Id128::parse(&id) else { return gone(&context, t) };
    let password = posted.0.password;
    let confirmed = match confirm(&administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(message)) => {
            let status = StatusCode::FORBIDDEN;
            return list(&administrator, &context, &session, t, status, None, Some(message)).await;
        }
    };
    let answer = match context.store.restore_account(&id, confirmed.act()).await {
        Ok(Some(Restored { account, lost })) => {
            context.catch_up().await;
            let said = if lost.is_empty() {
                t.say("account-restored").with("name", &account.username)
            } else {
                t.say("account-restored-without")
                    .with("name", &account.username)
                    .with("lost", lost.join(", "))
            };
            notice::leave(&session, &said);
            see_other(&format!("/auth/admin/accounts/{id}"))
        }
        Err(AccountError::NameTaken) => {
            let fault = Some(t.say("account-restore-taken"));
            list(&administrator, &context, &session, t, StatusCode::CONFLICT, fault, None).await
        }
        Err(AccountError::Database(error)) => store_failed(&context, t, &error),
        Ok(None) | Err(_) => gone(&context, t),
    };
    confirmed.answer(&request, &context, answer)
}

/// `POST /auth/admin/accounts/deleted/<id>/erase`: forgets a person now; in the audit trail they are a number.
pub async fn erase(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Press>,
) -> HttpResponse {
    let Some(id) = Id128::parse(&id) else { return gone(&context, t) };
    let password = posted.0.password;
    let confirmed = match confirm(&administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(message)) => {
            let status = StatusCode::FORBIDDEN;
            return list(&administrator, &context, &session, t, status, None, Some(message)).await;
        }
    };
    let answer = match context.store.erase_account(&id, confirmed.act()).await {
        Ok(true) => {
            notice::leave(&session, &t.say("account-erased"));
            see_other(ADDRESS)
        }
        Ok(false) => gone(&context, t),
        Err(error) => store_failed(&context, t, &error),
    };
    confirmed.answer(&request, &context, answer)
}
