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
//! | `substitute` | the answer for a substitute, and the way there |
//! | `manifest` | the answer for a manifest |
//! | `guide` | which addresses in a manifest are ours |
//! | `answer` | what all of them are made of |

mod answer;
mod guide;
mod info;
mod manifest;
mod substitute;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, Header as _, HeaderValue, IfNoneMatch, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};

pub(super) use answer::preflight;
use answer::{Asked, for_named_origins, problem, with_cors};

use super::offer::Offer;
use super::substitute::description_of;
use super::{Context, basic, offer, presented};
use crate::clock;
use crate::gate::path::{Canonical, Part, SubstitutePart, raw_base};
use crate::gate::request::Presented;
use crate::gate::substitute::undecided;
use crate::gate::{AuthRequest, Grounds, Verdict, Visitor, judge_description, read};
use crate::iiif::substitute::Halvings;
use crate::policy::decision::{Basis, Decision, Resource};
use crate::policy::mount::AuthVersions;

/// What is to be described.
enum Subject {
    Image(info::Image),
    /// By its URL without `/info.json`, as the client spelled it.
    Substitute(Halvings, String),
    /// By its URL, as the client spelled it.
    Manifest(String),
}

/// An answer that the origin has no part in.
enum Early {
    Forbidden(&'static str),
    /// The request has no certain meaning.
    Unread(&'static str),
    /// The image's own URL.
    SeeInfo(String),
}

impl Early {
    fn answer(self, context: &Context) -> HttpResponse {
        match self {
            Self::Unread(reason @ "foreign-host") => {
                let here = context.settings.site.public_url.origin();
                problem(status_of(reason), &format!("This site is {here}; use that address."))
            }
            Self::Unread(reason) => problem(status_of(reason), reason),
            Self::Forbidden(reason) => problem(StatusCode::FORBIDDEN, reason),
            Self::SeeInfo(public_id) => see_info(&public_id),
        }
    }
}

/// `ANY /description/…`, for NGINX only; the resource is in its headers.
pub async fn description(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    if !context.is_trusted_peer(&request) {
        return problem(StatusCode::FORBIDDEN, "untrusted-peer");
    }
    let headers = presented(&request);
    let response = described(&request, &context, &headers).await;
    for_named_origins(response, &context.settings.site.mounts, &headers)
}

async fn described(
    request: &HttpRequest,
    context: &web::Data<Context>,
    headers: &Presented<'_>,
) -> HttpResponse {
    if headers.original_method == Some(b"OPTIONS") {
        return preflight();
    }
    let mut canonical = Canonical::new();
    let mut found = find(request, context, headers, &mut canonical);
    if let Ok((_, asked)) = &found
        && matches!(asked.verdict.decision, Decision::Challenge(..))
        && basic::is_heard(context, headers)
        && let Some(cookie) = basic::cookie_of(request, context, headers).await
    {
        let known = Presented { cookie: Some(cookie.as_bytes()), ..*headers };
        found = find(request, context, &known, &mut canonical);
    }
    let (subject, asked) = match found {
        Ok(found) => found,
        Err(early) => return early.answer(context),
    };
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    match &subject {
        Subject::Image(image) => info::answer(accept, context, &asked, image, &canonical).await,
        Subject::Substitute(halvings, public_id) => {
            substitute::answer(accept, context, asked, public_id, *halvings, &canonical).await
        }
        Subject::Manifest(public_id) => {
            manifest::answer(accept, context, &asked, public_id, &canonical).await
        }
    }
}

/// What is to be described and what is found out before the origin is asked; or the answer where it need not be.
fn find(
    request: &HttpRequest,
    context: &Context,
    headers: &Presented<'_>,
    canonical: &mut Canonical,
) -> Result<(Subject, Asked), Early> {
    let snapshot = context.live.current();
    let grounds = context.grounds(&snapshot, clock::now());
    let parsed = read(headers, &grounds, canonical).map_err(Early::Unread)?;
    let known = IfNoneMatch::parse(request).ok();
    let subject = subject_of(context, headers, &parsed)?;
    let asked = asked(context, headers, &grounds, &parsed, &subject, canonical, known)?;
    Ok((subject, asked))
}

/// What a request is about; or the answer to it, where that takes no judging.
fn subject_of(
    context: &Context,
    headers: &Presented<'_>,
    parsed: &AuthRequest<'_>,
) -> Result<Subject, Early> {
    let base = || {
        let base = headers.original_uri.and_then(|uri| raw_base(uri, parsed.part));
        base.ok_or(Early::Forbidden("no-original-uri"))
    };
    let public_id = |base| format!("{}{base}", context.settings.site.public_url.origin());
    Ok(match parsed.part {
        Part::Image(_) | Part::File | Part::Substitute { what: SubstitutePart::Image(_), .. } => {
            return Err(Early::Forbidden("not-a-description"));
        }
        Part::Bare | Part::Substitute { what: SubstitutePart::Bare, .. } => {
            return Err(Early::SeeInfo(public_id(base()?)));
        }
        Part::Info => {
            let base = base()?;
            let identifier = base.strip_prefix(parsed.mount.prefix.as_str()).unwrap_or_default().to_owned();
            Subject::Image(info::Image { public_id: public_id(base), identifier })
        }
        Part::Substitute { halvings, what: SubstitutePart::Info } => {
            Subject::Substitute(halvings, public_id(base()?))
        }
        Part::Manifest => Subject::Manifest(public_id(base()?)),
    })
}

/// What is found out before the origin is asked; or the answer where it need not be.
fn asked(
    context: &Context,
    headers: &Presented<'_>,
    grounds: &Grounds<'_>,
    parsed: &AuthRequest<'_>,
    subject: &Subject,
    canonical: &Canonical,
    known: Option<IfNoneMatch>,
) -> Result<Asked, Early> {
    let (policy, mount) = (grounds.policy, parsed.mount);
    let resource = Resource { mount: parsed.position, identifier: &canonical.identifier };
    let substitute_px = policy.substitute_px(&resource, grounds.now);
    // No other version has a status that says: there is a smaller one.
    let is_one_alone = mount.iiif_auth == AuthVersions { one: true, two: false };
    let verdict = match subject {
        Subject::Image(_) | Subject::Manifest(_) => judge_description(headers, parsed, grounds, canonical),
        // Its image's size decides, which is asked for only where something is left open.
        Subject::Substitute(..) => {
            let decision = undecided(policy, &resource, grounds.now);
            Verdict { decision, visitor: Visitor::default() }
        }
    };
    if let Some(pass) = verdict.visitor.pass {
        context.tally.used(pass, grounds.now);
    }
    if matches!(verdict.decision, Decision::Refuse(basis) if basis != Basis::SizeUnknown) {
        // No login could help, so the document would be of use to nobody; it would only
        // say that there is such an image and how large. The origin is not asked.
        return Err(Early::Forbidden("This is not available."));
    }
    if verdict.decision.is_shadow() {
        context.shadow.note(policy, mount.name.as_bytes(), &canonical.identifier, grounds.now);
    }
    let offer = |identifier| offer::of(context, policy, mount, &resource, identifier, grounds.now);
    let services = match subject {
        Subject::Image(image) => offer(Some(&image.identifier)),
        Subject::Manifest(_) => offer(None),
        // A viewer of version 1.0 that was sent there has its image's login from nowhere else. In version
        // 2.0 services would say that the substitute itself is locked (A2-48).
        Subject::Substitute(..) if is_one_alone => offer(None),
        Subject::Substitute(..) => Offer::default(),
    };
    let is_denied_image =
        matches!(subject, Subject::Image(_)) && matches!(verdict.decision, Decision::Challenge(..));
    Ok(Asked {
        verdict,
        mount: mount.name.clone(),
        challenge: context.challenge(mount.name.as_bytes()),
        position: parsed.position,
        prefix: mount.prefix.clone(),
        versions: mount.iiif_auth,
        origin: headers
            .origin
            .filter(|origin| !origin.is_empty())
            .and_then(|it| HeaderValue::from_bytes(it).ok()),
        known,
        services,
        sent_to: substitute_px.filter(|_| is_denied_image && is_one_alone),
    })
}

/// A bare identifier (Image API, section 2 and 5): 303 to its info.json.
fn see_info(public_id: &str) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::SEE_OTHER);
    if let Some(location) = description_of(public_id) {
        response.headers_mut().insert(LOCATION, location);
    }
    with_cors(response)
}

fn status_of(reason: &str) -> StatusCode {
    if reason == "method" { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::FORBIDDEN }
}
