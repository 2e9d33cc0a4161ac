//! Manifests: the origin's own document with the services of the images and recordings in it, for those who may see
//! it. Everybody else gets a stub that says where to log in, and the origin is not asked.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::EntityTag;
use actix_web::web;

use super::answer::{Asked, bad_origin, entity_tag, finish, finish_tagged, problem};
use super::guide::Rules;
use crate::clock;
use crate::gate::path::Canonical;
use crate::http::Context;
use crate::iiif::manifest::{BadManifest, Manifest, PresentationApi, concealed_manifest, media_type};
use crate::origin::{Fetched, OriginError};

/// Answers for a manifest that may be seen, or that a login may open.
pub(super) async fn answer(
    accept: Option<&str>,
    context: &web::Data<Context>,
    asked: &Asked,
    public_id: &str,
    canonical: &Canonical,
) -> HttpResponse {
    if !asked.verdict.decision.is_allow() {
        let body = concealed_manifest(public_id, &how_to_get_in(context, asked), &asked.services.one);
        let kind = media_type(PresentationApi::Two, accept);
        return finish(context, asked, StatusCode::UNAUTHORIZED, kind, body);
    }
    let fetched = match context.origins.fetch(&asked.mount, &canonical.path).await {
        Ok(fetched) => fetched,
        Err(OriginError::NotFound) => {
            return problem(StatusCode::NOT_FOUND, "There is no manifest of this name.");
        }
        Err(error) => return bad_origin(&asked.mount, WANTED, &error.to_string()),
    };
    // Many megabytes may have to be looked through: not on a thread that answers for tiles.
    let (shared, mount, accept) = (context.clone(), asked.mount.clone(), accept.map(str::to_owned));
    let decorated = web::block(move || Decorated::new(&shared, &mount, fetched, accept.as_deref()));
    match decorated.await {
        Ok(Ok(Decorated { kind, body, tag })) => {
            // What everybody may see is the same for everybody, and caches that many share may keep it so.
            let vary = if asked.is_open() { "Accept, Accept-Encoding" } else { COMPRESSED_BY_VISITOR };
            finish_tagged(context, asked, StatusCode::OK, kind, body, Some(tag), vary)
        }
        Ok(Err(error)) => bad_origin(&asked.mount, WANTED, &error.to_string()),
        Err(error) => bad_origin(&asked.mount, WANTED, &error.to_string()),
    }
}

const WANTED: &str = "manifest";
/// `Vary` of a manifest that depends on who asks. NGINX compresses manifests; the encoding stands here, so that
/// there is one such header.
const COMPRESSED_BY_VISITOR: &str = "Accept, Accept-Encoding, Authorization, Cookie, Origin";

/// A manifest as everybody gets it who may see it.
struct Decorated {
    kind: &'static str,
    body: Vec<u8>,
    tag: EntityTag,
}

impl Decorated {
    fn new(
        context: &Context,
        mount: &str,
        fetched: Fetched,
        accept: Option<&str>,
    ) -> Result<Self, BadManifest> {
        let Fetched { body, turn: _turn } = fetched;
        let snapshot = context.live.current();
        let manifest = Manifest::read(&body)?;
        let mut rules = Rules::new(context, &snapshot.policy, manifest.api(), mount, clock::now());
        let (kind, changed) = (media_type(manifest.api(), accept), manifest.decorated(&mut rules)?);
        let body = changed.map_or(body, String::into_bytes);
        Ok(Self { kind, tag: entity_tag(kind, &body), body })
    }
}

/// For a person; viewers go by the services beside it.
fn how_to_get_in(context: &Context, asked: &Asked) -> String {
    if asked.services.is_empty() {
        return "This needs a permission that no login here gives.".to_owned();
    }
    format!("Log in at {}/auth/login to see this.", context.settings.site.public_url.origin())
}
