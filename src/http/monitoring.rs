//! For monitoring on the machine itself; the drop-in routes none of these.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{Context, NO_STORE};
use crate::clock;

/// `GET /healthz`: the process answers.
pub async fn healthz() -> HttpResponse {
    plain(StatusCode::OK, "ok\n".to_owned())
}

/// `GET /readyz`: the policy is loaded and the store was heard of lately.
pub async fn readyz(context: web::Data<Context>) -> HttpResponse {
    if context.live.is_fresh(clock::now()) {
        plain(StatusCode::OK, "ready\n".to_owned())
    } else {
        plain(StatusCode::SERVICE_UNAVAILABLE, "the store has not answered for too long\n".to_owned())
    }
}

/// `GET /metrics`: the counters, in the `OpenMetrics` text format.
pub async fn metrics(context: web::Data<Context>) -> HttpResponse {
    let age = clock::now().saturating_sub(context.live.synced_at());
    let mut response = plain(StatusCode::OK, context.metrics.render(age, context.passwords.verifications()));
    response.headers_mut().insert(
        actix_web::http::header::CONTENT_TYPE,
        actix_web::http::header::HeaderValue::from_static(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ),
    );
    response
}

fn plain(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((actix_web::http::header::CACHE_CONTROL, NO_STORE))
        .content_type("text/plain; charset=utf-8")
        .body(body)
}
