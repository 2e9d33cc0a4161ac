//! The access token services of both versions: IIIF Authentication 1.0, section 2.2, and
//! IIIF Authorization Flow 2.0, section 4. Each is a page that posts a message to the viewer that
//! framed it; version 1.0 has JSON as well, for a client without frames.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::page::{Framing, page, script_nonce};
use super::renewal::renewed;
use super::{Context, NO_STORE, language, presented};
use crate::clock;
use crate::credential::account::Id128;
use crate::credential::keyring::Purpose;
use crate::credential::sealed::{Fault, Grant};
use crate::gate::grant_of_cookie;
use crate::iiif::auth1::{self, MessageId, ViewerOrigin};
use crate::iiif::auth2;
use crate::snapshot::Snapshot;
use crate::texts::Texts;

/// The query that IIIF prescribes.
struct TokenQuery {
    message_id: Option<String>,
    origin: Option<String>,
}

impl TokenQuery {
    /// Never fails, since a viewer reads the message and not a status (A1-32, A2-28).
    fn read(request: &HttpRequest) -> Self {
        Self { message_id: parameter(request, "messageId"), origin: parameter(request, "origin") }
    }
}

/// A parameter of the query, empty if it stands there twice; `None` without it.
pub(super) fn parameter(request: &HttpRequest, wanted: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    let mut values = pairs.filter(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    let first = values.next()?;
    Some(if values.next().is_some() { String::new() } else { first })
}

/// A page without any script: there is nobody safe to post to.
#[derive(Template)]
#[template(path = "token_problem.html")]
struct TokenProblem {
    t: Texts,
}

/// The page that posts the message. Both values are JSON, escaped for a script.
#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage<'a> {
    t: Texts,
    nonce: &'a str,
    message: &'a str,
    target: &'a str,
    /// The browser may have kept the cookie back, and hand it over if it is asked (Storage Access API).
    retry: bool,
}

/// `GET /auth/iiif-token[?messageId=…&origin=…]`
pub async fn token(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    let query = TokenQuery::read(&request);
    if query.message_id.is_none() {
        // A client without frames need not say where it runs; what it says counts as in a frame.
        let made = match query.origin.as_deref().map(ViewerOrigin::parse) {
            Some(Err(_)) => Err(Denied::Request),
            Some(Ok(origin)) if !is_allowed(&context, &origin) => Err(Denied::Origin),
            Some(Ok(_)) | None => make(&request, &context, Purpose::AccessToken1),
        };
        let is_made = made.is_ok();
        let response = direct(made);
        return if is_made { renewed(&request, &context, response).await } else { response };
    }
    post(&request, &context, &query, Purpose::AccessToken1, message_1).await
}

/// `GET /auth/v2/token?messageId=…&origin=…`
pub async fn token_2(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    post(&request, &context, &TokenQuery::read(&request), Purpose::AccessToken2, message_2).await
}

/// A token and its life in seconds.
type Made = Result<(String, u64), Denied>;

/// Why there is no token.
#[derive(Clone, Copy, Debug)]
enum Denied {
    Request,
    Origin,
    Credential(Fault),
}

/// Always 200 (A1-32, A2-28): a viewer reads the message, not the status.
async fn post(
    request: &HttpRequest,
    context: &Context,
    query: &TokenQuery,
    purpose: Purpose,
    message: fn(Made, Option<&MessageId>) -> Value,
) -> HttpResponse {
    let t = language::texts(request);
    let origin = query.origin.as_deref().map(ViewerOrigin::parse);
    let Some(Ok(origin)) = origin else {
        // No origin, no target: the message could only go to everybody (T1, X-09).
        return page(StatusCode::OK, &TokenProblem { t }, Framing::Anybody, None);
    };
    let message_id = query.message_id.as_deref().and_then(|typed| MessageId::parse(typed).ok());
    let made = if message_id.is_none() {
        Err(Denied::Request)
    } else if is_allowed(context, &origin) {
        make(request, context, purpose)
    } else {
        Err(Denied::Origin)
    };
    let nonce = script_nonce();
    let is_made = made.is_ok();
    let template = TokenPage {
        t,
        retry: matches!(made, Err(Denied::Credential(Fault::Missing))),
        nonce: &nonce,
        message: &auth1::for_script(&message(made, message_id.as_ref())),
        target: &auth1::for_script(&Value::from(origin.as_str())),
    };
    let response = page(StatusCode::OK, &template, Framing::Anybody, Some(&nonce));
    if is_made { renewed(request, context, response).await } else { response }
}

fn is_allowed(context: &Context, origin: &ViewerOrigin) -> bool {
    let listed = &context.settings.viewer_origins;
    listed.is_empty()
        || origin.as_str() == context.settings.site.public_url.origin()
        || listed.iter().any(|allowed| allowed == origin.as_str())
}

/// A token for the session of the access cookie: it ends with it.
fn make(request: &HttpRequest, context: &Context, purpose: Purpose) -> Made {
    let now = clock::now();
    let snapshot = context.live.current();
    let grant = match grant_of_cookie(&presented(request), &context.grounds(&snapshot, now)) {
        Ok(grant) => grant,
        // Where a network has conditions, that is enough to be somebody: a viewer of pattern `external` asks
        // for its token without opening anything first. The token holds no condition (T6).
        Err(Fault::Missing | Fault::Invalid | Fault::Expired) if has_network(request, context, &snapshot) => {
            Grant::guest(Id128(clock::random()), now, now + context.settings.token_seconds)
        }
        Err(fault) => return Err(Denied::Credential(fault)),
    };
    let seconds = context.settings.token_seconds.min(grant.expires.saturating_sub(now));
    let token = Grant { issued: now, expires: now + seconds, ..grant };
    // At least a second is left: the cookie had not expired (A2-34's rule, kept for 1.0 too).
    token
        .seal(&context.keyring, purpose, &snapshot.revocations, clock::random())
        .map(|sealed| (sealed, seconds.max(1)))
        .ok_or(Denied::Credential(Fault::Stale))
}

fn has_network(request: &HttpRequest, context: &Context, snapshot: &Snapshot) -> bool {
    let address = context.client_address(request);
    address.is_some_and(|address| !snapshot.policy.conditions.of_address(address).is_empty())
}

fn message_1(made: Made, message_id: Option<&MessageId>) -> Value {
    match made {
        Ok((token, seconds)) => auth1::token_message(&token, seconds, message_id),
        Err(denied) => auth1::token_error(error_1(denied), message_id),
    }
}

fn error_1(denied: Denied) -> auth1::TokenError {
    match denied {
        Denied::Request => auth1::TokenError::InvalidRequest,
        Denied::Origin => auth1::TokenError::InvalidOrigin,
        Denied::Credential(Fault::Missing) => auth1::TokenError::MissingCredentials,
        Denied::Credential(Fault::Invalid | Fault::Expired) => auth1::TokenError::InvalidCredentials,
        Denied::Credential(Fault::Stale) => auth1::TokenError::Unavailable,
    }
}

fn message_2(made: Made, message_id: Option<&MessageId>) -> Value {
    let error = match (made, message_id) {
        (Ok((token, seconds)), Some(message_id)) => {
            return auth2::token_message(&token, seconds, message_id);
        }
        (Ok(_), None) | (Err(Denied::Request), _) => auth2::TokenError::InvalidRequest,
        (Err(Denied::Origin), _) => auth2::TokenError::InvalidOrigin,
        (Err(Denied::Credential(fault)), _) => match fault {
            Fault::Missing => auth2::TokenError::MissingAspect,
            Fault::Invalid => auth2::TokenError::InvalidAspect,
            Fault::Expired => auth2::TokenError::ExpiredAspect,
            Fault::Stale => auth2::TokenError::Unavailable,
        },
    };
    auth2::token_error(error, message_id)
}

/// Without a messageId: JSON with a fitting status (A1-24, A1-31); no page of
/// another site may read it.
fn direct(made: Made) -> HttpResponse {
    let status = match &made {
        Ok(_) => 200,
        Err(denied) => error_1(*denied).status(),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, NO_STORE))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type("application/json")
        .body(message_1(made, None).to_string())
}
