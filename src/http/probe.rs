//! The probe service of the IIIF Authorization Flow API 2.0 (section 5): what NGINX would answer
//! to a tile of the image or to a GET of the file, as JSON. The origin is not asked, so what
//! does not exist answers like its neighbours (T8).

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{Context, description, offer, presented};
use crate::clock;
use crate::gate::path::Canonical;
use crate::gate::probe::{NoProbe, judge_probe};
use crate::iiif::auth2::{Status, probe_result};
use crate::policy::decision::Decision;

/// `GET /auth/v2/probe/<mount>/<identifier>`, always with status 200 (A2-43): the verdict is in the
/// body. What it is about is in the headers that NGINX sets, where its name is as it was typed.
pub async fn probe(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::OK)
        .content_type("application/json")
        .body(result(&request, &context).to_string());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `OPTIONS /auth/v2/probe/…`: a request with a token is announced by one without.
pub async fn preflight() -> HttpResponse {
    description::preflight()
}

/// Any other method. It is read across origins like the rest.
pub async fn wrong_method() -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::METHOD_NOT_ALLOWED);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn result(request: &HttpRequest, context: &Context) -> Value {
    if !context.is_trusted_peer(request) {
        return probe_result(Status::Refused, None);
    }
    let snapshot = context.live.current();
    let grounds = context.grounds(&snapshot, clock::now());
    match judge_probe(&presented(request), &grounds, &mut Canonical::new()) {
        Ok(probed) => match probed.verdict.decision {
            Decision::Allow(_) => probe_result(Status::Given, None),
            Decision::Challenge(conditions, _) => {
                let opened_by = offer::explaining(&snapshot.policy, conditions);
                let texts = opened_by.map(|(pattern, condition)| (pattern, condition.texts()));
                probe_result(Status::MoreNeeded, texts.as_ref().map(|(pattern, texts)| (*pattern, texts)))
            }
            Decision::Refuse(_) => probe_result(Status::Refused, None),
        },
        Err(NoProbe::Unknown) => probe_result(Status::Unknown, None),
        Err(NoProbe::Refused(reason)) => {
            tracing::debug!(reason, "a probe was refused");
            probe_result(Status::Refused, None)
        }
    }
}
