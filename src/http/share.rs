//! A share link: a page with a button that puts a pass into the visitor's access cookie.
//!
//! Opening the page changes nothing: mail scanners and chat programs open whatever they are sent (decision 12).

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::Context;
use super::extract::{Checked, csrf_token};
use super::guest::{grant_of_visitor, with_cookie};
use super::login::{see_other, store_failed, with_retry_after};
use super::notice::{Onward, notice};
use super::page::{Framing, page, problem, unavailable};
use super::return_to::same_site_path;
use crate::audit::Act;
use crate::clock;
use crate::credential::pass::PassSecret;
use crate::store::{StoreError, StoredPass};
use crate::texts::Texts;

/// Where they are.
pub const PATH: &str = "/auth/share";

#[derive(Template)]
#[template(path = "share.html")]
struct SharePage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    action: String,
    /// Where to go on to, as it was in the address.
    to: String,
    mount: &'a str,
    identifier: &'a str,
    uses_left: Option<u32>,
}

/// The query of the address.
#[derive(Deserialize)]
pub struct ShareQuery {
    #[serde(default)]
    to: String,
}

/// The posted form.
#[derive(Deserialize)]
pub struct ShareForm {
    #[serde(default)]
    to: String,
}

/// `GET /auth/share/<secret>[?to=/path]`
pub async fn show(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    link: web::Path<String>,
    query: web::Query<ShareQuery>,
) -> HttpResponse {
    if let Some(throttled) = throttled(&request, &context, t) {
        return throttled;
    }
    let (secret, pass) = match known(&context, &link).await {
        Ok(Some(known)) => known,
        Ok(None) => return no_good(&context, t),
        Err(error) => return store_failed(&context, t, &error),
    };
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let template = SharePage {
        organisation: &context.settings.organisation,
        t,
        csrf,
        action: format!("{PATH}/{}", secret.spelled()),
        to: onward(&context, &query.to).unwrap_or_default(),
        mount: &pass.scope.mount,
        identifier: &pass.scope.identifier,
        uses_left: pass.uses_left,
    };
    unlisted(page(StatusCode::OK, &template, Framing::Never, None))
}

/// `POST /auth/share/<secret>`
pub async fn redeem(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    link: web::Path<String>,
    posted: Checked<ShareForm>,
) -> HttpResponse {
    if let Some(throttled) = throttled(&request, &context, t) {
        return throttled;
    }
    let (secret, pass) = match known(&context, &link).await {
        Ok(Some(known)) => known,
        Ok(None) => return no_good(&context, t),
        Err(error) => return store_failed(&context, t, &error),
    };
    // Before a use is taken: without a cookie it would be lost.
    let Some(mut grant) = grant_of_visitor(&request, &context) else { return unavailable(&context, t) };
    let target = onward(&context, &posted.0.to).unwrap_or_else(|| PATH.to_owned());
    // Pressing the button again takes no further use.
    if grant.passes.contains(&pass.id) {
        return see_other(&target);
    }
    let now = clock::now();
    let act = grant.account().map_or_else(|| Act::visitor(now), |account| Act::of(account, now));
    match context.store.redeem_pass(&secret.hash(), act).await {
        Ok(Some(pass)) => {
            if pass.uses_left.is_none() {
                context.tally.redeemed(pass.id);
            }
            tracing::info!(pass = %pass.id, account = ?grant.account(), "a pass was redeemed");
            // One that was made a moment ago counts before the visitor sees what it is for.
            context.catch_up().await;
            grant.redeem(pass.id);
            with_cookie(&context, t, &grant, see_other(&target))
        }
        // Somebody else took its last use.
        Ok(None) => no_good(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `GET /auth/share`: the page after it, where the link names no other.
pub async fn done(context: web::Data<Context>, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("share-done-title"), t.say("share-done"));
    unlisted(notice(&context, t, StatusCode::OK, title, text, Onward::Nowhere))
}

async fn known(context: &Context, link: &str) -> Result<Option<(PassSecret, StoredPass)>, StoreError> {
    let Some(secret) = PassSecret::parse(link.as_bytes()) else { return Ok(None) };
    let pass = context.store.redeemable_pass(&secret.hash(), clock::now()).await?;
    Ok(pass.map(|pass| (secret, pass)))
}

fn onward(context: &Context, to: &str) -> Option<String> {
    same_site_path(to, &context.settings.site.public_url.origin())
}

/// Looking a link up costs the database something, whoever guesses.
fn throttled(request: &HttpRequest, context: &Context, t: Texts) -> Option<HttpResponse> {
    let Some(address) = context.client_address(request) else { return Some(no_good(context, t)) };
    let throttled = context.throttle.attempt_link(address).err()?;
    let seconds = throttled.retry_after.as_secs() + 1;
    let (title, text) =
        (t.say("problem-not-possible-title"), t.say("problem-wait").number("seconds", seconds));
    Some(with_retry_after(problem(context, StatusCode::TOO_MANY_REQUESTS, &title, &text), seconds))
}

/// One page and one status, whether the link was used up, is over or revoked, or never was.
fn no_good(context: &Context, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("share-no-good-title"), t.say("share-no-good"));
    unlisted(notice(context, t, StatusCode::NOT_FOUND, title, text, Onward::Nowhere))
}

/// No search engine keeps it (S16).
fn unlisted(mut response: HttpResponse) -> HttpResponse {
    let noindex = HeaderValue::from_static("noindex, nofollow");
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), noindex);
    response
}
