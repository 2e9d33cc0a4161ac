//! info.json: the image server's own document, with the public address and the services.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::answer::{Asked, bad_origin, finish, problem};
use super::substitute;
use crate::gate::path::Canonical;
use crate::http::Context;
use crate::http::offer::Offer;
use crate::iiif::decorate::{Info, concealed_info, media_type};
use crate::origin::OriginError;
use crate::policy::decision::Decision;
use crate::policy::mount::AuthVersions;

/// What the client calls the image.
pub(super) struct Image {
    /// Its URL without `/info.json`, spelled as the client spelled it.
    pub(super) public_id: String,
    /// Its identifier, in that spelling.
    pub(super) identifier: String,
}

/// Answers for an image that may be seen, or that a login may open.
pub(super) async fn answer(
    accept: Option<&str>,
    context: &Context,
    asked: &Asked,
    image: &Image,
    canonical: &Canonical,
) -> HttpResponse {
    let public_id = &image.public_id;
    if let Some(long_side) = asked.sent_to
        && let Some(found) = substitute::found(context, asked, long_side, &image.identifier, canonical).await
    {
        return found;
    }
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
    let fetched = match context.origins.fetch(&asked.mount, &canonical.path).await {
        Ok(fetched) => fetched,
        Err(OriginError::NotFound) => {
            return problem(StatusCode::NOT_FOUND, "There is no image of this name.");
        }
        Err(error) => return bad_origin(&asked.mount, "info.json", &error.to_string()),
    };
    match Info::read(&fetched.body) {
        Ok(info) => {
            context.sizes.learn(&asked.mount, &canonical.path, &info).await;
            let kind = media_type(info.api(), accept);
            finish(context, asked, status, kind, info.decorated(public_id, one, two))
        }
        Err(error) => bad_origin(&asked.mount, "info.json", &error.to_string()),
    }
}
