//! The tile path: NGINX asks, and gets 200, 401 or 403 with an empty body.
//!
//! Nothing else may ever leave this handler (product decision 1): NGINX turns any
//! other status into 500, and a body destroys its keep-alive connection. No
//! tracing middleware wraps this route; it has its own counter and, at debug
//! level, its own event.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret as _;

use super::{Context, NO_STORE, basic, presented};
use crate::clock::{self, UnixSeconds};
use crate::gate::measured::judge_measured;
use crate::gate::path::Canonical;
use crate::gate::request::Presented;
use crate::gate::{Grounds, Verdict, Visitor, is_named_origin, judge, may_read_by_network};
use crate::policy::decision::{Basis, Decision};
use crate::policy::thumbnail::Measure;

const PATH: HeaderName = HeaderName::from_static("x-tilegate-path");
const BASIS: HeaderName = HeaderName::from_static("x-tilegate-basis");
const ACCOUNT: HeaderName = HeaderName::from_static("x-tilegate-account");
const CACHE: HeaderName = HeaderName::from_static("x-tilegate-cache");
const ORIGIN: HeaderName = HeaderName::from_static("x-tilegate-origin");
/// What NGINX sends to a private bucket with the canonical path, which is signed for it.
const S3_AUTHORIZATION: HeaderName = HeaderName::from_static("x-tilegate-s3-authorization");
const S3_DATE: HeaderName = HeaderName::from_static("x-tilegate-s3-date");
const S3_TOKEN: HeaderName = HeaderName::from_static("x-tilegate-s3-token");
/// The `Access-Control-Allow-Origin` of an answer that any page may read.
const EVERYBODY: HeaderValue = HeaderValue::from_static("*");
/// Of one that no page of another site may read: NGINX sends no such header then.
const NOBODY: HeaderValue = HeaderValue::from_static("");

/// NGINX waits 5 s for an answer, and makes 500 of none.
const WAITS_FOR_A_SIZE: Duration = Duration::from_secs(3);

/// `GET /query_auth`, for NGINX only.
pub async fn query_auth(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    let mut canonical = Canonical::new();
    let now = clock::now();
    let presented = presented(&request);
    let (mut verdict, mut readers) = if context.is_trusted_peer(&request) {
        judge_now(&presented, &context, now, &mut canonical)
    } else {
        let decision = Decision::Refuse(Basis::Malformed("untrusted-peer"));
        (Verdict { decision, visitor: Visitor::default() }, EVERYBODY)
    };
    // In boxes: what these wait with must not make every tile's answer larger.
    if verdict.decision == Decision::Refuse(Basis::SizeUnknown) {
        (verdict, readers) = Box::pin(judge_with_size(&presented, &context, &mut canonical)).await;
    }
    if matches!(verdict.decision, Decision::Challenge(..))
        && basic::is_heard(&context, &presented)
        && let Some(known) =
            Box::pin(judge_with_password(&request, &presented, &context, &mut canonical)).await
    {
        (verdict, readers) = known;
    }
    context.metrics.count_decision(&verdict.decision);
    if let Some(pass) = verdict.visitor.pass {
        context.tally.used(pass, now);
    }
    note_denial(&verdict, &request, &context, &canonical);
    tracing::debug!(basis = verdict.decision.basis().word(), account = ?verdict.visitor.account, "query_auth");
    let mut response = answer(&verdict, readers, presented.mount, &canonical, &context);
    if verdict.decision.is_allow() && !context.buckets.is_empty() {
        match sign(&presented, &context, &canonical, now) {
            Some(signed) => {
                for (name, value) in signed {
                    response.headers_mut().insert(name, value);
                }
            }
            // Unsigned nothing may be fetched from a bucket.
            None => return HttpResponse::new(StatusCode::FORBIDDEN),
        }
    }
    response
}

/// The verdict by what is in memory, and which pages may read the answer.
fn judge_now(
    presented: &Presented<'_>,
    context: &Context,
    now: UnixSeconds,
    canonical: &mut Canonical,
) -> (Verdict, HeaderValue) {
    let snapshot = context.live.current();
    let grounds = context.grounds(&snapshot, now);
    let verdict = judge(presented, &grounds, canonical);
    note_dry_run(&verdict, presented, &grounds, context, canonical);
    let readers = readers_of(&verdict, presented, &grounds);
    (verdict, readers)
}

/// The verdict for the account whose name and password came along; `None` if they are not right, cannot be looked at just
/// now, or did not come.
async fn judge_with_password(
    request: &HttpRequest,
    presented: &Presented<'_>,
    context: &Context,
    canonical: &mut Canonical,
) -> Option<(Verdict, HeaderValue)> {
    let cookie = basic::cookie_of(request, context, presented).await?;
    let presented = Presented { cookie: Some(cookie.as_bytes()), ..*presented };
    let judged = judge_now(&presented, context, clock::now(), canonical);
    Some(match judged.0.decision {
        Decision::Refuse(Basis::SizeUnknown) => judge_with_size(&presented, context, canonical).await,
        _ => judged,
    })
}

/// What makes a request for the canonical path the bucket's owner's, if the mount is a bucket's: no other answer has it.
fn sign(
    presented: &Presented<'_>,
    context: &Context,
    canonical: &Canonical,
    now: UnixSeconds,
) -> Option<Vec<(HeaderName, HeaderValue)>> {
    // It is the mount that was judged: another one is refused before.
    let mount = std::str::from_utf8(presented.mount?).ok()?;
    let Some(bucket) = context.buckets.of(mount) else { return Some(Vec::new()) };
    let signed = bucket.sign(presented.original_method?, &canonical.path, now)?;
    let mut headers = vec![
        (S3_AUTHORIZATION, HeaderValue::from_str(&signed.authorization).ok()?),
        (S3_DATE, HeaderValue::from_str(&signed.date).ok()?),
    ];
    if let Some(token) = signed.token {
        headers.push((S3_TOKEN, HeaderValue::from_str(token.expose_secret()).ok()?));
    }
    Some(headers)
}

/// What is not allowed is counted for the audit trail, if it is certain what was asked for.
fn note_denial(verdict: &Verdict, request: &HttpRequest, context: &Context, canonical: &Canonical) {
    if verdict.decision.is_allow() || matches!(verdict.decision.basis(), Basis::Malformed(_)) {
        return;
    }
    let mount =
        presented(request).mount.and_then(|mount| std::str::from_utf8(mount).ok()).unwrap_or_default();
    let basis = verdict.decision.basis().word();
    context.tally.denied(mount, &canonical.identifier, verdict.visitor.account, basis);
}

/// What a dry run alone allows goes to the log.
fn note_dry_run(
    verdict: &Verdict,
    presented: &Presented<'_>,
    grounds: &Grounds<'_>,
    context: &Context,
    canonical: &Canonical,
) {
    if verdict.decision.is_shadow() {
        let mount = presented.mount.unwrap_or_default();
        context.shadow.note(grounds.policy, mount, &canonical.identifier, grounds.now);
    }
}

/// Which pages may read the answer: any, except where the network alone opened it (T10). Those of an origin that the mount
/// names are told so by name, whatever the answer: without it they may not send their visitor's cookies (T7).
fn readers_of(verdict: &Verdict, presented: &Presented<'_>, grounds: &Grounds<'_>) -> HeaderValue {
    let is_by_network = matches!(verdict.decision, Decision::Allow(Basis::Network(..)));
    if !is_by_network && !is_named_origin(presented, grounds.policy.mounts()) {
        return EVERYBODY;
    }
    let origin = presented.origin.filter(|_| may_read_by_network(presented, grounds));
    HeaderValue::from_bytes(origin.unwrap_or_default()).unwrap_or(NOBODY)
}

/// A thumbnail, a whole image of limited size, a tile of a substitute: the dimensions of the image are remembered, or
/// the image server is asked. Where it does not say, nothing is open that depends on them.
async fn judge_with_size(
    presented: &Presented<'_>,
    context: &Context,
    canonical: &mut Canonical,
) -> (Verdict, HeaderValue) {
    // It is the mount that was judged: another one is refused before.
    let mount = presented.mount.and_then(|mount| std::str::from_utf8(mount).ok()).unwrap_or_default();
    let measure = measure(context, mount, &canonical.path).await;
    let snapshot = context.live.current();
    let grounds = context.grounds(&snapshot, clock::now());
    let verdict = judge_measured(presented, &grounds, measure, canonical);
    note_dry_run(&verdict, presented, &grounds, context, canonical);
    let readers = readers_of(&verdict, presented, &grounds);
    (verdict, readers)
}

/// The dimensions of the image with the info.json at a canonical path of a mount's origin, remembered or asked for.
pub async fn measure(context: &Context, mount: &str, path: &str) -> Measure {
    let size = context.sizes.of(&context.origins, mount, path);
    match tokio::time::timeout(WAITS_FOR_A_SIZE, size).await {
        Ok(Ok(size)) => Measure::Is(size.dimensions),
        Ok(Err(error)) => {
            if !error.is_not_found() {
                tracing::warn!(mount, %error, "the size of an image is not known");
            }
            Measure::Unavailable
        }
        Err(_) => {
            tracing::warn!(mount, "the image server does not say in time how large an image is");
            Measure::Unavailable
        }
    }
}

fn answer(
    verdict: &Verdict,
    readers: HeaderValue,
    mount: Option<&[u8]>,
    canonical: &Canonical,
    context: &Context,
) -> HttpResponse {
    let status = match verdict.decision {
        Decision::Allow(_) => StatusCode::OK,
        Decision::Challenge(..) => StatusCode::UNAUTHORIZED,
        Decision::Refuse(_) => StatusCode::FORBIDDEN,
    };
    let mut response = HttpResponse::new(status);
    let headers = response.headers_mut();
    headers.insert(BASIS, HeaderValue::from_static(verdict.decision.basis().word()));
    headers.insert(ORIGIN, readers);
    if let Some(account) = verdict.visitor.account
        && let Ok(account) = HeaderValue::from_str(&account.to_string())
    {
        headers.insert(ACCOUNT, account);
    }
    let cache = match verdict.decision {
        // Under an address with a secret in it nothing lies in a shared cache.
        decision if decision.is_for_everybody() && !verdict.visitor.is_carried => context.open_cache.clone(),
        // A shared cache must not keep it, and a browser must ask again: a copy
        // would outlive a logout.
        Decision::Allow(_) => HeaderValue::from_static("private, no-cache"),
        Decision::Challenge(..) | Decision::Refuse(_) => NO_STORE,
    };
    headers.insert(CACHE, cache);
    match verdict.decision {
        Decision::Allow(_) => match HeaderValue::from_str(&canonical.path) {
            Ok(path) => {
                headers.insert(PATH, path);
            }
            // It is percent-encoded ASCII; were it not, nothing may be fetched.
            Err(_) => return HttpResponse::new(StatusCode::FORBIDDEN),
        },
        Decision::Challenge(..) => {
            headers.insert(WWW_AUTHENTICATE, context.challenge(mount.unwrap_or_default()));
        }
        Decision::Refuse(_) => {}
    }
    response
}
