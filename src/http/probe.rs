//! The probe service of the IIIF Authorization Flow API 2.0 (section 5): what NGINX would answer
//! to a tile of the image or to a GET of the file, as JSON. The origin is not asked, so what
//! does not exist answers like its neighbours (T8); save where a substitute is left open, which shows that
//! there is an image anyway.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{Context, description, offer, presented, substitute};
use crate::clock;
use crate::gate::Grounds;
use crate::gate::path::Canonical;
use crate::gate::probe::{NoProbe, Probed, judge_probe};
use crate::gate::request::Presented;
use crate::iiif::auth2::{Status, probe_result, with_substitute};
use crate::iiif::substitute::Halvings;
use crate::policy::decision::{Decision, Resource};

/// `GET /auth/v2/probe/<mount>/<identifier>`, always with status 200 (A2-43): the verdict is in the
/// body. What it is about is in the headers that NGINX sets, where its name is as it was typed.
pub async fn probe(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::OK)
        .content_type("application/json")
        .body(result(&request, &context).await.to_string());
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

async fn result(request: &HttpRequest, context: &Context) -> Value {
    let headers = presented(request);
    let mut canonical = Canonical::new();
    let (result, left_open) = answer(request, context, &headers, &mut canonical);
    match left_open {
        Some(left_open) => left_open.offered(context, &canonical.path, result).await,
        None => result,
    }
}

/// The answer, and what is left open of an image that is denied.
fn answer<'h>(
    request: &HttpRequest,
    context: &Context,
    headers: &Presented<'h>,
    canonical: &mut Canonical,
) -> (Value, Option<LeftOpen<'h>>) {
    if !context.is_trusted_peer(request) {
        return (probe_result(Status::Refused, None), None);
    }
    let snapshot = context.live.current();
    let grounds = context.grounds(&snapshot, clock::now());
    let result = match judge_probe(headers, &grounds, canonical) {
        Ok(probed) => match probed.verdict.decision {
            Decision::Allow(_) => probe_result(Status::Given, None),
            Decision::Challenge(conditions, _) => {
                let opened_by = offer::explaining(&snapshot.policy, conditions);
                let texts = opened_by.map(|(pattern, condition)| (pattern, condition.texts()));
                let result = probe_result(
                    Status::MoreNeeded,
                    texts.as_ref().map(|(pattern, texts)| (*pattern, texts)),
                );
                return (result, LeftOpen::of(&probed, &grounds, canonical));
            }
            Decision::Refuse(_) => probe_result(Status::Refused, None),
        },
        Err(NoProbe::Unknown) => probe_result(Status::Unknown, None),
        Err(NoProbe::Refused(reason)) => {
            tracing::debug!(reason, "a probe was refused");
            probe_result(Status::Refused, None)
        }
    };
    (result, None)
}

/// A substitute that there will be, once the size of its image is known.
struct LeftOpen<'h> {
    mount: String,
    prefix: String,
    identifier: &'h str,
    /// How long its long side may be, in pixels.
    long_side: u32,
}

impl<'h> LeftOpen<'h> {
    fn of(probed: &Probed<'h>, grounds: &Grounds<'_>, canonical: &Canonical) -> Option<Self> {
        let resource = Resource { mount: probed.position, identifier: &canonical.identifier };
        let long_side = grounds.policy.substitute_px(&resource, grounds.now)?;
        let mount = grounds.policy.mounts().get(probed.position)?;
        let (mount, prefix) = (mount.name.clone(), mount.prefix.clone());
        Some(Self { mount, prefix, identifier: probed.identifier, long_side })
    }

    /// The answer with the substitute; without it, if the image server does not say how large the image is.
    async fn offered(&self, context: &Context, info_path: &str, result: Value) -> Value {
        let Ok(size) = context.sizes.of(&context.origins, &self.mount, info_path).await else {
            return result;
        };
        let Some(halvings) = Halvings::fewest(size.dimensions, self.long_side) else { return result };
        let id = substitute::address(context, &self.prefix, halvings, self.identifier);
        with_substitute(result, &id, size.api)
    }
}
