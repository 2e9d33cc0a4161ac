//! Terms of use that a visitor accepts: the 1.0 cookie service of pattern `clickthrough` (IIIF Authentication
//! 1.0, section 2.3.2), where the viewer has shown them, and the page of the 2.0 access service (IIIF
//! Authorization Flow 2.0, section 3.2), where Tilegate does.
//!
//! What was accepted, and which terms, stands in the visitor's access cookie; changed terms ask again.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::extract::{csrf_token, is_top_level};
use super::guest::{grant_of_visitor, with_cookie};
use super::login::go_on;
use super::page::{Framing, page, problem, script_nonce, unavailable};
use super::return_to::same_site_path;
use super::{Context, language};
use crate::iiif::service::in_language;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage<'a> {
    organisation: &'a str,
    t: Texts,
    action: &'a str,
    csrf: String,
    /// Where to go on to, if no viewer waits for the window.
    next: &'a str,
    /// Its texts, as far as it has some.
    title: Option<&'a str>,
    heading: Option<&'a str>,
    note: Option<&'a str>,
    confirm: Option<&'a str>,
    nonce: &'a str,
}

/// `GET /auth/iiif-clickthrough/<condition>?origin=…`: the viewer has shown the terms, so the
/// cookie is set and the window closes with nothing more to do (A1-16). Only for a person's own
/// navigation: an image or a frame of any page could otherwise accept in a visitor's name.
pub async fn accept(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    name: web::Path<String>,
) -> HttpResponse {
    let Some((bit, condition)) = of_pattern(&context, &name, Pattern::Clickthrough) else {
        return super::page::not_found(context, t).await;
    };
    if !is_top_level(&request) {
        let (title, text) = (t.say("problem-not-possible-title"), t.say("terms-window"));
        return problem(&context, StatusCode::FORBIDDEN, &title, &text);
    }
    accepted(&request, &context, t, bit, &condition, "")
}

/// The page with the terms and a button. Who has accepted them already presses it too, unless the viewer is on
/// our own site: browsers want the gesture (see [`super::access`]).
pub(super) fn show(
    request: &HttpRequest,
    context: &Context,
    t: Texts,
    session: &Session,
    condition: &AccessCondition,
    next: &str,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let wanted = language::wanted(request);
    let wanted: Vec<_> = wanted.iter().map(String::as_str).collect();
    let nonce = script_nonce();
    let heading = in_language(&condition.heading, &wanted);
    let template = TermsPage {
        organisation: &context.settings.organisation,
        t,
        action: &format!("/auth/v2/access/{}", condition.name),
        csrf,
        next: &same_site_path(next, &context.settings.site.public_url.origin()).unwrap_or_default(),
        title: in_language(&condition.label, &wanted),
        heading,
        note: in_language(&condition.note, &wanted),
        confirm: in_language(&condition.confirm, &wanted),
        nonce: &nonce,
    };
    page(StatusCode::OK, &template, Framing::Never, Some(&nonce))
}

/// Takes the acceptance down in the visitor's cookie, and closes the window, or goes on.
pub(super) fn accepted(
    request: &HttpRequest,
    context: &Context,
    t: Texts,
    bit: u8,
    condition: &AccessCondition,
    next: &str,
) -> HttpResponse {
    let Some(mut grant) = grant_of_visitor(request, context) else { return unavailable(context, t) };
    grant.accept(bit, condition.terms());
    context.acceptances.accepted(condition, &grant);
    context.tally.accepted(&condition.name, condition.terms().0, grant.account());
    let window = go_on(context, next, &t.say("terms-accepted-title"), &t.say("terms-accepted"));
    with_cookie(context, t, &grant, window)
}

/// The condition of that name and pattern, with its bit.
pub(super) fn of_pattern(context: &Context, name: &str, pattern: Pattern) -> Option<(u8, AccessCondition)> {
    let snapshot = context.live.current();
    let conditions = &snapshot.policy.conditions;
    let bit = conditions.bit(name)?;
    let condition = conditions.get(bit).filter(|condition| condition.pattern == pattern)?;
    Some((bit, condition.clone()))
}
