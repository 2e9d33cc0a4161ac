//! Access that a place gives: the cookie and access services of pattern `kiosk` of both versions (IIIF
//! Authentication 1.0, section 2.3.3; IIIF Authorization Flow 2.0, section 3.2), and the address
//! of pattern `external`, which gives nothing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::Context;
use super::clickthrough::of_pattern;
use super::extract::is_top_level;
use super::guest::{grant_of_visitor, with_cookie};
use super::login::close;
use super::page::{problem, unavailable};
use crate::policy::condition::{AccessCondition, Pattern};

/// `GET /auth/iiif-kiosk/<condition>?origin=…`: a viewer opens it by itself, so it asks nothing (A1-17).
pub async fn enter(
    request: HttpRequest,
    context: web::Data<Context>,
    name: web::Path<String>,
) -> HttpResponse {
    match of_pattern(&context, &name, Pattern::Kiosk) {
        Some((bit, condition)) => entered(&request, &context, bit, &condition),
        None => super::page::not_found(context).await,
    }
}

/// Gives a guest's cookie to a visitor whose address has the condition. It says nothing of the
/// condition: the address is looked at again at every request (T6). Viewers want the cookie
/// because they ask for a token with it.
pub(super) fn entered(
    request: &HttpRequest,
    context: &Context,
    bit: u8,
    condition: &AccessCondition,
) -> HttpResponse {
    if !is_top_level(request) {
        let text = "This needs a window of its own.";
        return problem(context, StatusCode::FORBIDDEN, "Not possible here", text);
    }
    let conditions = &context.live.current().policy.conditions;
    let address = context.client_address(request);
    if !address.is_some_and(|address| conditions.of_address(address).contains(bit)) {
        let text = format!(
            "This computer is not set up for “{}”. Please ask the staff. You can close this window.",
            condition.title()
        );
        return problem(context, StatusCode::FORBIDDEN, "Not from here", &text);
    }
    let Some(grant) = grant_of_visitor(request, context) else { return unavailable(context) };
    let text = "This computer may see it. This window closes by itself; if it does not, you can close it.";
    with_cookie(context, &grant, close(context, "Access given", text, true))
}

/// `GET /auth/iiif-external/<condition>`: an address that clients must ignore (A1-18); whoever opens
/// it all the same is told so, and gets nothing.
pub async fn external(context: web::Data<Context>) -> HttpResponse {
    let text = "There is nothing to do here: this access comes from the network you are in. You can close this window.";
    problem(&context, StatusCode::NOT_FOUND, "Nothing to do here", text)
}
