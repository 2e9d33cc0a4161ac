//! What the answers of the description service are made of: what was found out before, and the
//! headers that all of them have.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, ETAG, EntityTag,
    HeaderValue, IfNoneMatch, TryIntoHeaderValue, VARY, WWW_AUTHENTICATE,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::gate::request::Presented;
use crate::gate::{Verdict, is_named_origin};
use crate::http::offer::Offer;
use crate::http::{Context, NO_STORE};
use crate::policy::decision::{Basis, Decision};
use crate::policy::mount::{AuthVersions, Mount};

/// What was found out about a request before the origin is asked.
pub(super) struct Asked {
    pub(super) verdict: Verdict,
    pub(super) mount: String,
    /// What it offers to whoever may not see something of it.
    pub(super) challenge: HeaderValue,
    /// Its position in the policy.
    pub(super) position: usize,
    /// Its public path.
    pub(super) prefix: String,
    /// What the mount speaks.
    pub(super) versions: AuthVersions,
    /// The origin of the page that asks, as it may stand in an answer.
    pub(super) origin: Option<HeaderValue>,
    /// The documents that the client has already.
    pub(super) known: Option<IfNoneMatch>,
    pub(super) services: Offer,
    /// How long the long side of a substitute may be, if the visitor is to be sent to one.
    pub(super) sent_to: Option<u32>,
}

impl Asked {
    /// Whether everybody may see it.
    pub(super) fn is_open(&self) -> bool {
        self.verdict.decision.is_for_everybody()
    }
}

/// The document, with the headers that say for whom it is.
pub(super) fn finish(
    context: &Context,
    asked: &Asked,
    status: StatusCode,
    kind: &str,
    body: Vec<u8>,
) -> HttpResponse {
    let tag = (status == StatusCode::OK).then(|| entity_tag(kind, &body));
    finish_tagged(context, asked, status, kind, body, tag, BY_VISITOR)
}

/// `Vary` of what depends on who asks.
const BY_VISITOR: &str = "Accept, Authorization, Cookie, Origin";

/// The same, where the tag was made elsewhere. Whoever has a document of this tag already gets 304; that they may
/// have it was decided before.
pub(super) fn finish_tagged(
    context: &Context,
    asked: &Asked,
    status: StatusCode,
    kind: &str,
    body: Vec<u8>,
    tag: Option<EntityTag>,
    vary: &'static str,
) -> HttpResponse {
    let is_known = tag.as_ref().is_some_and(|tag| match &asked.known {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
    });
    let mut response = if is_known {
        HttpResponse::new(StatusCode::NOT_MODIFIED)
    } else {
        HttpResponse::build(status).body(body)
    };
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(CONTENT_TYPE, kind);
    }
    if let Some(Ok(tag)) = tag.map(TryIntoHeaderValue::try_into_value) {
        headers.insert(ETAG, tag);
    }
    let cache = if asked.is_open() {
        context.open_cache.clone()
    } else {
        HeaderValue::from_static("private, no-cache")
    };
    headers.insert(CACHE_CONTROL, cache);
    headers.insert(VARY, HeaderValue::from_static(vary));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, asked.challenge.clone());
    }
    let mut response = with_cors(response);
    if let Decision::Allow(Basis::Network(..)) = asked.verdict.decision {
        // It was judged for this page: no other may read along (T10).
        response.headers_mut().remove(ACCESS_CONTROL_ALLOW_ORIGIN);
        if let Some(origin) = &asked.origin {
            response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
    }
    response
}

/// A strong validator (RFC 9110, section 8.8.3): the same bytes under another media type are another answer.
pub(super) fn entity_tag(kind: &str, body: &[u8]) -> EntityTag {
    let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(body).finalize();
    let mut tag = String::with_capacity(16);
    for byte in digest.iter().take(8) {
        // Nothing can go wrong when writing into a text.
        let _ = write!(tag, "{byte:02x}");
    }
    EntityTag::new_strong(tag)
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

/// The same answer on a mount that names origins: pages of those may read it with their visitor's cookies (T7).
pub(super) fn for_named_origins(
    mut response: HttpResponse,
    mounts: &[Mount],
    presented: &Presented<'_>,
) -> HttpResponse {
    let names = |mount: &Mount| !mount.cors.is_empty() && presented.mount == Some(mount.name.as_bytes());
    if !mounts.iter().any(names) {
        return response;
    }
    let headers = response.headers_mut();
    let said = headers.get(VARY).and_then(|vary| vary.to_str().ok()).unwrap_or_default();
    if !said.split(',').any(|name| name.trim().eq_ignore_ascii_case("origin")) {
        let vary = if said.is_empty() { "Origin".to_owned() } else { format!("{said}, Origin") };
        if let Ok(vary) = HeaderValue::from_str(&vary) {
            headers.insert(VARY, vary);
        }
    }
    if is_named_origin(presented, mounts)
        && let Ok(origin) = HeaderValue::from_bytes(presented.origin.unwrap_or_default())
    {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    response
}

pub(super) fn with_cors(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
