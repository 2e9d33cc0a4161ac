//! The IIIF Authentication 1.0 access token service (section 2.2): a page that posts
//! a message to the viewer that framed it, or JSON for a client without frames.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::page::{Framing, page, script_nonce};
use super::{Context, NO_STORE, presented};
use crate::clock;
use crate::credential::keyring::Purpose;
use crate::credential::sealed::{Fault, Grant};
use crate::gate::grant_of_cookie;
use crate::iiif::auth1::{self, MessageId, TokenError, ViewerOrigin};

/// The query that IIIF prescribes. Both are optional here so that a broken request gets a clear answer.
#[derive(Debug, Deserialize)]
pub struct TokenQuery {
    #[serde(rename = "messageId")]
    message_id: Option<String>,
    origin: Option<String>,
}

/// A page without any script: there is nobody safe to post to.
#[derive(Template)]
#[template(path = "token_problem.html")]
struct TokenProblem<'a> {
    text: &'a str,
}

/// The page that posts the message. Both values are JSON, escaped for a script.
#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage<'a> {
    nonce: &'a str,
    message: &'a str,
    target: &'a str,
}

/// `GET /auth/iiif-token[?messageId=…&origin=…]`
pub async fn token(
    request: HttpRequest,
    context: web::Data<Context>,
    query: web::Query<TokenQuery>,
) -> HttpResponse {
    let TokenQuery { message_id, origin } = query.into_inner();
    let Some(message_id) = message_id else {
        return direct(&make(&request, &context));
    };
    let origin = origin.as_deref().map(ViewerOrigin::parse);
    let Some(Ok(origin)) = origin else {
        // No origin, no target: the message could only go to everybody (T1, X-09).
        let text = "The viewer did not say where it runs (the parameter “origin”), so no message was sent.";
        return page(StatusCode::OK, &TokenProblem { text }, Framing::Anybody, None);
    };
    let message_id = MessageId::parse(&message_id);
    let outcome = if message_id.is_err() {
        Err(TokenError::InvalidRequest)
    } else if is_allowed(&context, &origin) {
        make(&request, &context)
    } else {
        Err(TokenError::InvalidOrigin)
    };
    let message_id = message_id.ok();
    let message = match outcome {
        Ok((token, seconds)) => auth1::token_message(&token, seconds, message_id.as_ref()),
        Err(error) => auth1::token_error(error, message_id.as_ref()),
    };
    let nonce = script_nonce();
    let template = TokenPage {
        nonce: &nonce,
        message: &auth1::for_script(&message),
        target: &auth1::for_script(&serde_json::Value::from(origin.as_str())),
    };
    // Always 200 (A1-32): a viewer reads the message, not the status.
    page(StatusCode::OK, &template, Framing::Anybody, Some(&nonce))
}

fn is_allowed(context: &Context, origin: &ViewerOrigin) -> bool {
    let listed = &context.settings.viewer_origins;
    listed.is_empty()
        || origin.as_str() == context.settings.site.public_url.origin()
        || listed.iter().any(|allowed| allowed == origin.as_str())
}

/// A token and its life in seconds.
type Made = Result<(String, u64), TokenError>;

fn make(request: &HttpRequest, context: &Context) -> Made {
    let now = clock::now();
    let snapshot = context.live.current();
    let grant =
        grant_of_cookie(&presented(request), &context.grounds(&snapshot, now)).map_err(
            |fault| match fault {
                Fault::Missing => TokenError::MissingCredentials,
                Fault::Invalid | Fault::Expired => TokenError::InvalidCredentials,
                Fault::Stale => TokenError::Unavailable,
            },
        )?;
    let seconds = context.settings.token_seconds.min(grant.expires.saturating_sub(now));
    let token = Grant { issued: now, expires: now + seconds, ..grant };
    // At least a second is left: the cookie had not expired (A2-34's rule, kept for 1.0 too).
    token
        .seal(&context.keyring, Purpose::AccessToken1, &snapshot.revocations, clock::random())
        .map(|sealed| (sealed, seconds.max(1)))
        .ok_or(TokenError::Unavailable)
}

/// Without a messageId: JSON with a fitting status (A1-24, A1-31); no page of
/// another site may read it.
fn direct(made: &Made) -> HttpResponse {
    let (status, body) = match made {
        Ok((token, seconds)) => (200, auth1::token_message(token, *seconds, None)),
        Err(error) => (error.status(), auth1::token_error(*error, None)),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, NO_STORE))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type("application/json")
        .body(body.to_string())
}
