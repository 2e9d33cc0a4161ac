//! `/auth/admin/passes/<id>`: one pass, and the button that ends it.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use askama::filters::Safe;
use serde::Deserialize;

use super::{counts, gives, spot, state};
use crate::clock;
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::{gone, moment, notice};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::shadow::{self, Notice};
use crate::store::{PassQuery, StoreError, StoredPass};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/pass.html")]
struct PassPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    id: String,
    spot: Said,
    gives: Said,
    state: Said,
    counts: bool,
    max_px: Option<u32>,
    note: &'a str,
    made: String,
    by: Option<By>,
    used: String,
    makes_passes: bool,
    /// So many were made with it.
    made_with_it: u64,
}

/// Who made it.
enum By {
    Person { name: String, id: String },
    Pass(String),
}

/// The button.
#[derive(Debug, Default, Deserialize)]
pub struct Press {}

/// `GET /auth/admin/passes/<id>`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
) -> HttpResponse {
    let (pass, by, made_with_it) = match found(&context, &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return gone(&context, t),
        Err(error) => return store_failed(&context, t, &error),
    };
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let (policy, now) = (&context.live.current().policy, clock::now());
    let template = PassPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), now),
        notice: notice::take(&session),
        csrf,
        id: pass.id.to_string(),
        spot: spot(&pass, t),
        gives: gives(&pass, policy, t),
        state: state(&pass, t, now),
        counts: counts(&pass, now),
        max_px: pass.max_px,
        note: &pass.note,
        made: moment(pass.made),
        by,
        used: pass.last_used.map_or_else(|| t.say("passes-never").to_string(), moment),
        makes_passes: pass.makes_passes,
        made_with_it,
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// `POST /auth/admin/passes/<id>/revoke`: what closes something never asks for the password.
pub async fn revoke(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
    _: Checked<Press>,
) -> HttpResponse {
    let Some(id) = Id128::parse(&id) else { return gone(&context, t) };
    match context.store.revoke_pass(&id, administrator.act()).await {
        Ok(Some(pass)) => {
            context.catch_up().await;
            notice::leave(&session, &t.say("passes-revoked").put("spot", spot(&pass, t)));
            see_other(&format!("/auth/admin/passes/{id}"))
        }
        Ok(None) => gone(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

async fn found(context: &Context, id: &str) -> Result<Option<(StoredPass, Option<By>, u64)>, StoreError> {
    let Some(id) = Id128::parse(id) else { return Ok(None) };
    let Some(pass) = context.store.pass(&id).await? else { return Ok(None) };
    let by = match (&pass.maker, &pass.made_by) {
        (Some(maker), _) => Some(By::Pass(maker.to_string())),
        (None, Some(account)) => {
            let names = context.store.names([*account]).await?;
            let id = account.to_string();
            Some(By::Person { name: names.get(account).cloned().unwrap_or_else(|| id.clone()), id })
        }
        (None, None) => None,
    };
    let with_it = PassQuery { maker: Some(id), ..PassQuery::default() };
    let made_with_it = if pass.makes_passes {
        context.store.pass_page(&with_it, 0, 1, clock::now()).await?.total
    } else {
        0
    };
    Ok(Some((pass, by, made_with_it)))
}
