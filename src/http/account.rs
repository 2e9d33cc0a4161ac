//! `/auth/`: who one is, what one holds, and the way out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::extract::LoggedIn;
use super::login::store_failed;
use super::page::{Framing, page};
use super::{Context, presented};
use crate::clock;
use crate::gate::grant_of_cookie;
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    organisation: &'a str,
    t: Texts,
    person: Option<&'a str>,
    administrator: bool,
    conditions: Vec<String>,
    /// What this browser has agreed to, logged in or not.
    accepted: Vec<String>,
}

/// What to do where a browser keeps a viewer's cookies back.
#[derive(Template)]
#[template(path = "viewers.html")]
struct ViewersPage<'a> {
    organisation: &'a str,
    t: Texts,
    host: &'a str,
    origin: &'a str,
}

/// `GET /auth/viewers`: which viewer works in which browser, for people whose images stay locked.
pub async fn viewers(context: web::Data<Context>, t: Texts) -> HttpResponse {
    let public = &context.settings.site.public_url;
    let origin = public.origin();
    let organisation = &context.settings.organisation;
    let template = ViewersPage { organisation, t, host: &public.host, origin: &origin };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// `GET /auth/`
pub async fn show(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    logged_in: LoggedIn,
) -> HttpResponse {
    let account = match &logged_in.0 {
        Some(person) => match context.store.account(&person.account).await {
            Ok(account) => account,
            Err(error) => return store_failed(&context, t, &error),
        },
        None => None,
    };
    let snapshot = context.live.current();
    let labels = account.iter().flat_map(|account| &account.conditions).map(|name| {
        let conditions = &snapshot.policy.conditions;
        let condition = conditions.bit(name).and_then(|bit| conditions.get(bit));
        condition.map_or(name.as_str(), |condition| condition.title_in(t.tag())).to_owned()
    });
    let grant = grant_of_cookie(&presented(&request), &context.grounds(&snapshot, clock::now()));
    let accepted =
        grant.map(|grant| snapshot.policy.conditions.accepted(&grant.accepted)).unwrap_or_default();
    let template = AccountPage {
        organisation: &context.settings.organisation,
        t,
        person: account.as_ref().map(|account| account.username.as_str()),
        administrator: account.as_ref().is_some_and(|account| account.administrator),
        conditions: labels.collect(),
        accepted: snapshot
            .policy
            .conditions
            .of(accepted)
            .map(|one| one.title_in(t.tag()).to_owned())
            .collect(),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}
