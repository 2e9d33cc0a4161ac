//! What the answers of the description service are made of: what was found out before, and the
//! headers that all of them have.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, VARY, WWW_AUTHENTICATE,
};
use serde_json::json;

use crate::gate::Verdict;
use crate::http::offer::Offer;
use crate::http::{Context, NO_STORE};
use crate::policy::mount::AuthVersions;

/// What was found out about a request before the origin is asked.
pub(super) struct Asked {
    pub(super) verdict: Verdict,
    pub(super) mount: String,
    /// Its position in the policy.
    pub(super) position: usize,
    /// Its public path.
    pub(super) prefix: String,
    /// What the mount speaks.
    pub(super) versions: AuthVersions,
    pub(super) services: Offer,
    /// How long the long side of a substitute may be, if the visitor is to be sent to one.
    pub(super) sent_to: Option<u32>,
}

/// The document, with the headers that say for whom it is.
pub(super) fn finish(
    context: &Context,
    asked: &Asked,
    status: StatusCode,
    kind: &str,
    body: Vec<u8>,
) -> HttpResponse {
    let mut response = HttpResponse::build(status).body(body);
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(CONTENT_TYPE, kind);
    }
    let cache = if asked.verdict.decision.is_for_everybody() {
        context.open_cache.clone()
    } else {
        HeaderValue::from_static("private, no-cache")
    };
    headers.insert(CACHE_CONTROL, cache);
    headers.insert(VARY, HeaderValue::from_static("Accept, Authorization, Cookie, Origin"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, context.realm.clone());
    }
    with_cors(response)
}

/// The preflight of a `Bearer` request; NGINX answers it itself, this is for other proxies.
pub(in crate::http) fn preflight() -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    with_cors(response)
}

pub(super) fn bad_origin(mount: &str, wanted: &str, error: &str) -> HttpResponse {
    tracing::error!(mount, error, "the origin gave no usable {wanted}");
    problem(StatusCode::BAD_GATEWAY, "The server behind this address did not give a usable answer.")
}

/// A refusal that a viewer can read across origins.
pub(super) fn problem(status: StatusCode, text: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status)
        .content_type("application/json")
        .body(json!({ "error": text }).to_string());
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    with_cors(response)
}

pub(super) fn with_cors(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
