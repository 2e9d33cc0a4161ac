//! info.json of a substitute, which is our own; and the way there from its image's.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};

use super::answer::{Asked, bad_origin, finish, problem, with_cors};
use crate::clock;
use crate::gate::path::Canonical;
use crate::http::{Context, NO_STORE, substitute};
use crate::iiif::decorate::media_type;
use crate::iiif::substitute::{Halvings, Pyramid};
use crate::policy::decision::{Decision, Resource};

/// Answers everybody with the same document, if this substitute is left open.
pub(super) async fn answer(
    accept: Option<&str>,
    context: &Context,
    mut asked: Asked,
    public_id: &str,
    halvings: Halvings,
    canonical: &Canonical,
) -> HttpResponse {
    let size = match context.sizes.of(&context.origins, &asked.mount, &canonical.path).await {
        Ok(size) => size,
        Err(error) if error.is_not_found() => {
            return problem(StatusCode::NOT_FOUND, "There is no image of this name.");
        }
        Err(error) => return bad_origin(&asked.mount, "info.json", &error.to_string()),
    };
    {
        let snapshot = context.live.current();
        let resource = Resource { mount: asked.position, identifier: &canonical.identifier };
        asked.verdict.decision =
            snapshot.policy.decide_substitute(&resource, clock::now(), size.dimensions, halvings);
    }
    if let Decision::Refuse(_) = asked.verdict.decision {
        return problem(StatusCode::FORBIDDEN, "This is not available.");
    }
    let body = Pyramid::of(size.dimensions, halvings).info(public_id, size.api, &asked.services.one);
    finish(context, &asked, StatusCode::OK, media_type(size.api, accept), body)
}

/// The way from the description of an image to that of its substitute (IIIF Authentication 1.0, tiered
/// access), of which the long side has at most `long_side` pixels. `None` if there is none: the
/// image server does not say how large the image is.
pub(super) async fn found(
    context: &Context,
    asked: &Asked,
    long_side: u32,
    identifier: &str,
    canonical: &Canonical,
) -> Option<HttpResponse> {
    let size = context.sizes.of(&context.origins, &asked.mount, &canonical.path).await.ok()?;
    let halvings = Halvings::fewest(size.dimensions, long_side)?;
    let address = substitute::address(context, &asked.prefix, halvings, identifier);
    let mut response = HttpResponse::new(StatusCode::FOUND);
    let headers = response.headers_mut();
    headers.insert(LOCATION, substitute::description_of(&address)?);
    headers.insert(CACHE_CONTROL, NO_STORE);
    Some(with_cors(response))
}
