//! Manifests: the origin's own document, byte for byte, for those who may see it. Everybody
//! else gets a short answer, and the origin is not asked.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::json;

use super::answer::{Asked, bad_origin, finish, problem};
use crate::gate::path::Canonical;
use crate::http::Context;
use crate::iiif::manifest::{media_type, version_of};
use crate::origin::OriginError;

/// Answers for a manifest that may be seen, or that a login may open.
pub(super) async fn answer(
    accept: Option<&str>,
    context: &Context,
    asked: &Asked,
    canonical: &Canonical,
) -> HttpResponse {
    if !asked.verdict.decision.is_allow() {
        let body = json!({ "error": how_to_get_in(context, asked) }).to_string().into_bytes();
        return finish(context, asked, StatusCode::UNAUTHORIZED, "application/json", body);
    }
    let body = match context.origins.fetch(&asked.mount, &canonical.path).await {
        Ok(body) => body,
        Err(OriginError::NotFound) => {
            return problem(StatusCode::NOT_FOUND, "There is no manifest of this name.");
        }
        Err(error) => return bad_origin(&asked.mount, WANTED, &error.to_string()),
    };
    // Many megabytes may have to be looked through: not on a thread that answers for tiles.
    match web::block(move || (version_of(&body), body)).await {
        Ok((Ok(api), body)) => finish(context, asked, StatusCode::OK, media_type(api, accept), body),
        Ok((Err(error), _)) => bad_origin(&asked.mount, WANTED, &error.to_string()),
        Err(error) => bad_origin(&asked.mount, WANTED, &error.to_string()),
    }
}

const WANTED: &str = "manifest";

/// For a person: until manifests name login services, no viewer could act on it.
fn how_to_get_in(context: &Context, asked: &Asked) -> String {
    if asked.services.is_empty() {
        return "This needs a permission that no login here gives.".to_owned();
    }
    format!("Log in at {}/auth/login to see this.", context.settings.site.public_url.origin())
}
