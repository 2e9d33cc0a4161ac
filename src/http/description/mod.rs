//! The description service: info.json with the real body for everybody, 200 for
//! those who may see the image and 401 for the others (IIIF Authentication 1.0,
//! section 2.3.1), and the 303 of a bare identifier.
//!
//! NGINX sends it everything under an image mount that does not look like a tile, and
//! everything under a manifest mount.
//!
//! | file | what it holds |
//! |---|---|
//! | `info` | the answer for an image |
//! | `manifest` | the answer for a manifest |
//! | `guide` | which addresses in a manifest are ours |
//! | `answer` | what both answers are made of |

mod answer;
mod guide;
mod info;
mod manifest;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, Header as _, HeaderValue, IfNoneMatch, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};

pub(super) use answer::preflight;
use answer::{Asked, problem, with_cors};

use super::{Context, offer, presented};
use crate::clock;
use crate::gate::path::{Canonical, Part, raw_base};
use crate::gate::{judge_description, read};
use crate::policy::decision::{Decision, Resource};

/// What is to be described.
enum Subject {
    /// An image, by its URL without `/info.json`, spelled as the client spelled it.
    Image(String),
    /// A manifest, by its URL as the client spelled it.
    Manifest(String),
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
    let (subject, asked) = {
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
            Part::Info | Part::Bare | Part::Manifest => {
                let base = headers.original_uri.and_then(|uri| raw_base(uri, parsed.part));
                let Some(base) = base else { return problem(StatusCode::FORBIDDEN, "no-original-uri") };
                let public_id = format!("{}{base}", context.settings.site.public_url.origin());
                if parsed.part == Part::Bare {
                    return see_info(&public_id);
                }
                if parsed.part == Part::Manifest {
                    Subject::Manifest(public_id)
                } else {
                    identifier = base.strip_prefix(parsed.mount.prefix.as_str());
                    Subject::Image(public_id)
                }
            }
        };
        let verdict = judge_description(&headers, &parsed, &grounds, &canonical);
        if let Decision::Refuse(_) = verdict.decision {
            // No login could help, so the document would be of use to nobody; it would only
            // say that there is such an image and how large. The origin is not asked.
            return problem(StatusCode::FORBIDDEN, "This is not available.");
        }
        let resource = Resource { mount: parsed.position, identifier: &canonical.identifier };
        let asked = Asked {
            verdict,
            mount: parsed.mount.name.clone(),
            versions: parsed.mount.iiif_auth,
            known: IfNoneMatch::parse(&request).ok(),
            services: offer::of(&context, &snapshot.policy, parsed.mount, &resource, identifier, grounds.now),
        };
        (subject, asked)
    };
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    match &subject {
        Subject::Image(public_id) => info::answer(accept, &context, &asked, public_id, &canonical).await,
        Subject::Manifest(public_id) => {
            manifest::answer(accept, &context, &asked, public_id, &canonical).await
        }
    }
}

/// A bare identifier (Image API, section 2 and 5): 303 to its info.json.
fn see_info(public_id: &str) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::SEE_OTHER);
    if let Ok(location) = HeaderValue::from_str(&format!("{public_id}/info.json")) {
        response.headers_mut().insert(LOCATION, location);
    }
    with_cors(response)
}

fn status_of(reason: &str) -> StatusCode {
    if reason == "method" { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::FORBIDDEN }
}
