//! `/auth/admin/rules/deleted`: rules that can be had back for 30 days.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use askama::filters::Safe;
use secrecy::SecretString;
use serde::Deserialize;

use super::confirm::{Question, ask, is_opening, mark};
use super::{Row, address, policy_to_edit};
use crate::amend::{AmendError, Amendment, propose};
use crate::clock;
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm_if};
use crate::http::admin::{gone, moment, notice};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::policy::upcoming::Who;
use crate::shadow::{self, Notice};
use crate::store::{RuleError, StoreError};
use crate::texts::{Said, Texts};

/// So many are shown.
const MOST: u32 = 500;
const ADDRESS: &str = "/auth/admin/rules/deleted";

#[derive(Template)]
#[template(path = "admin/rules_deleted.html")]
struct DeletedPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    rows: Vec<(String, Row, String)>,
    fault: Option<Said>,
}

/// `GET /auth/admin/rules/deleted`
pub async fn show(_: Administrator, context: web::Data<Context>, session: Session, t: Texts) -> HttpResponse {
    let shown = list(&context, &session, t, StatusCode::OK, None).await;
    shown.unwrap_or_else(|error| store_failed(&context, t, &error))
}

async fn list(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    fault: Option<Said>,
) -> Result<HttpResponse, StoreError> {
    let Ok(csrf) = csrf_token(session) else { return Ok(unavailable(context, t)) };
    let now = clock::now();
    let deleted = context.store.deleted_rules(MOST).await?;
    let template = DeletedPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), now),
        notice: notice::take(session),
        csrf,
        rows: deleted
            .into_iter()
            .map(|deleted| (deleted.id.to_string(), Row::of(0, deleted.rule, t, now), moment(deleted.at)))
            .collect(),
        fault,
    };
    Ok(page(status, &template, Framing::Never, None))
}

/// The button beside a rule.
#[derive(Debug, Default, Deserialize)]
pub struct Press {
    /// The mark of what was confirmed.
    #[serde(default)]
    confirmed: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default, rename = "do")]
    action: String,
}

/// `POST /auth/admin/rules/deleted/<id>/restore`
pub async fn restore(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    posted: Checked<Press>,
) -> HttpResponse {
    let restored = restored(&request, &administrator, &context, &session, t, (&id, &posted.0)).await;
    restored.unwrap_or_else(|error| store_failed(&context, t, &error))
}

async fn restored(
    request: &HttpRequest,
    administrator: &Administrator,
    context: &Context,
    session: &Session,
    t: Texts,
    (id, press): (&str, &Press),
) -> Result<HttpResponse, StoreError> {
    let Some(id) = Id128::parse(id) else { return Ok(gone(context, t)) };
    let Some(rule) = context.store.deleted_rule(&id).await? else { return Ok(gone(context, t)) };
    if press.action == "back" {
        return Ok(see_other(ADDRESS));
    }
    let Some(snapshot) = policy_to_edit(context).await? else {
        let fault = Some(t.say("rules-busy"));
        return list(context, session, t, StatusCode::SERVICE_UNAVAILABLE, fault).await;
    };
    let origin = context.settings.site.public_url.origin();
    let stand = (&*snapshot.policy, snapshot.sequence());
    let amendment = Amendment::Restore(id, rule.clone());
    let proposal = match propose(&context.store, stand, amendment, &origin, clock::now()).await {
        Ok(proposal) => proposal,
        Err(error) => return refused(context, session, t, error).await,
    };
    let mark = mark(&[rule], &(&proposal.spots, &proposal.elsewhere));
    let title = t.say("rules-confirm-restore");
    let question = Question { action: format!("{ADDRESS}/{id}/restore"), title, fields: Vec::new() };
    if press.confirmed != mark {
        return Ok(ask(context, session, t, &question, &proposal, (&mark, administrator, None)));
    }
    let password = Some(press.password.clone());
    let opens = is_opening(&proposal, t);
    let confirmed = match confirm_if(opens, administrator, password, request, context, session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return Err(error),
        Err(Unconfirmed::Asked(fault)) => {
            let again = (mark.as_str(), administrator, Some(fault));
            return Ok(ask(context, session, t, &question, &proposal, again));
        }
    };
    let answer = match proposal.make(&context.store, confirmed.act()).await {
        Ok(number) => {
            context.catch_up().await;
            let number = u64::from(number) + 1;
            notice::leave(session, &t.say("rules-restored").number("number", number));
            see_other(&address(number))
        }
        // The session may be another one by now, so the answer has to have its cookie.
        Err(error) => match refused(context, session, t, error).await {
            Ok(answer) => answer,
            Err(error) => store_failed(context, t, &error),
        },
    };
    Ok(confirmed.answer(request, context, answer))
}

async fn refused(
    context: &Context,
    session: &Session,
    t: Texts,
    error: AmendError,
) -> Result<HttpResponse, StoreError> {
    let fault = match error {
        AmendError::Rule(RuleError::Database(error)) => return Err(error),
        AmendError::Rule(RuleError::NotDeleted) => return Ok(gone(context, t)),
        AmendError::Double(number) => t.say("rules-double").number("number", u64::from(number) + 1),
        AmendError::Broken { .. } => t.say("rules-broken"),
        AmendError::Rule(RuleError::Meanwhile) => t.say("rules-policy-meanwhile"),
        _ => t.say("rules-unlawful"),
    };
    list(context, session, t, StatusCode::CONFLICT, Some(fault)).await
}
