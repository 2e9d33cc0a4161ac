//! The description service: info.json with the real body for everybody, 200 for
//! those who may see the image and 401 for the others (IIIF Authentication 1.0,
//! section 2.3.1), and the 303 of a bare identifier.
//!
//! NGINX sends it everything under an image mount that does not look like a tile, and
//! everything under a manifest mount; what is different there is in [`super::manifest`].

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, VARY, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::offer::{self, Offer};
use super::{Context, manifest, presented};
use crate::clock;
use crate::gate::path::{Canonical, Part, raw_base};
use crate::gate::{Verdict, judge_description, read};
use crate::iiif::decorate::{Info, concealed_info, media_type};
use crate::origin::OriginError;
use crate::policy::decision::{Basis, Decision, Resource};
use crate::policy::mount::AuthVersions;

/// What was found out about a request before the origin is asked.
pub(super) struct Asked {
    pub(super) verdict: Verdict,
    subject: Subject,
    pub(super) mount: String,
    /// What the mount speaks.
    versions: AuthVersions,
    pub(super) services: Offer,
}

/// What is to be described.
enum Subject {
    /// An image, by its URL without `/info.json`, spelled as the client spelled it.
    Image(String),
    Manifest,
}

/// `ANY /description/…`, for NGINX only; the resource is in its headers.
pub async fn description(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    if !context.is_trusted_peer(&request) {
        return problem(StatusCode::FORBIDDEN, "untrusted-peer");
    }
    let headers = presented(&request);
    if headers.original_method == Some(b"OPTIONS") {
        return preflight();
    }
    let mut canonical = Canonical::new();
    let asked = {
        let snapshot = context.live.current();
        let grounds = context.grounds(&snapshot, clock::now());
        let parsed = match read(&headers, &grounds, &mut canonical) {
            Ok(parsed) => parsed,
            Err(reason @ "foreign-host") => {
                let here = context.settings.site.public_url.origin();
                return problem(status_of(reason), &format!("This site is {here}; use that address."));
            }
            Err(reason) => return problem(status_of(reason), reason),
        };
        let mut identifier = None;
        let subject = match parsed.part {
            Part::Image(_) => return problem(StatusCode::FORBIDDEN, "not-a-description"),
            Part::Manifest => Subject::Manifest,
            Part::Info | Part::Bare => {
                let base = headers.original_uri.and_then(|uri| raw_base(uri, parsed.part));
                let Some(base) = base else { return problem(StatusCode::FORBIDDEN, "no-original-uri") };
                let public_id = format!("{}{base}", context.settings.site.public_url.origin());
                if parsed.part == Part::Bare {
                    return see_info(&public_id);
                }
                identifier = base.strip_prefix(parsed.mount.prefix.as_str());
                Subject::Image(public_id)
            }
        };
        let verdict = judge_description(&headers, &parsed, &grounds, &canonical);
        if let Decision::Refuse(_) = verdict.decision {
            // No login could help, so the document would be of use to nobody; it would only
            // say that there is such an image and how large. The origin is not asked.
            return problem(StatusCode::FORBIDDEN, "This is not available.");
        }
        let resource = Resource { mount: parsed.position, identifier: &canonical.identifier };
        Asked {
            verdict,
            subject,
            mount: parsed.mount.name.clone(),
            versions: parsed.mount.iiif_auth,
            services: offer::of(&context, &snapshot.policy, parsed.mount, &resource, identifier, grounds.now),
        }
    };
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    match &asked.subject {
        Subject::Image(public_id) => answer(accept, &context, &asked, public_id, &canonical).await,
        Subject::Manifest => manifest::answer(accept, &context, &asked, &canonical).await,
    }
}

async fn answer(
    accept: Option<&str>,
    context: &Context,
    asked: &Asked,
    public_id: &str,
    canonical: &Canonical,
) -> HttpResponse {
    // For version 2.0 the document is public and the probe says who may see the image; for 1.0 the
    // document's own status says it, also where both are spoken.
    let is_public = asked.versions == AuthVersions { one: false, two: true } && !context.settings.conceal;
    let status = match asked.verdict.decision {
        Decision::Allow(_) => StatusCode::OK,
        Decision::Challenge(..) if is_public => StatusCode::OK,
        Decision::Challenge(..) => StatusCode::UNAUTHORIZED,
        Decision::Refuse(_) => StatusCode::FORBIDDEN,
    };
    let Offer { one, two } = &asked.services;
    // With TILEGATE_CONCEAL a hidden image answers like one that does not exist (T8):
    // the image server is not even asked. A document for everybody would tell of it, so version 2.0
    // alone keeps this answer too.
    if context.settings.conceal && status != StatusCode::OK {
        let body = concealed_info(public_id, one, two);
        return finish(context, asked, status, "application/json", body);
    }
    let body = match context.origins.fetch(&asked.mount, &canonical.path).await {
        Ok(body) => body,
        Err(OriginError::NotFound) => {
            return problem(StatusCode::NOT_FOUND, "There is no image of this name.");
        }
        Err(error) => return bad_origin(&asked.mount, "info.json", &error.to_string()),
    };
    match Info::read(&body) {
        Ok(info) => {
            let kind = media_type(info.api(), accept);
            finish(context, asked, status, kind, info.decorated(public_id, one, two))
        }
        Err(error) => bad_origin(&asked.mount, "info.json", &error.to_string()),
    }
}

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
    let open = matches!(asked.verdict.decision, Decision::Allow(Basis::Open(_)));
    let cache = if open { context.open_cache.clone() } else { HeaderValue::from_static("private, no-cache") };
    headers.insert(CACHE_CONTROL, cache);
    headers.insert(VARY, HeaderValue::from_static("Accept, Authorization, Cookie"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, context.realm.clone());
    }
    with_cors(response)
}

/// A bare identifier (Image API, section 2 and 5): 303 to its info.json.
fn see_info(public_id: &str) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::SEE_OTHER);
    if let Ok(location) = HeaderValue::from_str(&format!("{public_id}/info.json")) {
        response.headers_mut().insert(LOCATION, location);
    }
    with_cors(response)
}

/// The preflight of a `Bearer` request; NGINX answers it itself, this is for other proxies.
pub(super) fn preflight() -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    with_cors(response)
}

fn status_of(reason: &str) -> StatusCode {
    if reason == "method" { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::FORBIDDEN }
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
    response.headers_mut().insert(CACHE_CONTROL, super::NO_STORE);
    with_cors(response)
}

fn with_cors(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
