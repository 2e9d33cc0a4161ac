//! The pages are at one address, the public one: a name that somebody else made point here
//! (DNS rebinding) gets none of them (H8, T10). Nor does a person who typed another name of this machine;
//! they are told the right one, because with the wrong one no image would come.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};

use super::{Context, language, page};
use crate::gate::is_host;

/// Lets through what was asked of the public host. NGINX says which host that was
/// (`X-Original-Host`); without it there was no visitor.
pub async fn own_host<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match misdirected(&request) {
        Some(answer) => Ok(request.into_response(answer).map_into_right_body()),
        None => next.call(request).await.map(ServiceResponse::map_into_left_body),
    }
}

/// A page and no redirect: behind a proxy that changes the host it would lead back here for ever.
fn misdirected(request: &ServiceRequest) -> Option<HttpResponse> {
    let context = request.app_data::<web::Data<Context>>()?;
    let public = &context.settings.site.public_url;
    let mut asked = request.headers().get_all("x-original-host");
    if asked.all(|host| is_host(host.as_bytes(), &public.host)) {
        return None;
    }
    let t = language::texts(request.request());
    let text = t.say("problem-other-host").with("origin", public.origin());
    Some(page::problem(context, StatusCode::MISDIRECTED_REQUEST, &t.say("problem-other-host-title"), &text))
}
