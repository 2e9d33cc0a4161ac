//! What went wrong, told as RFC 9457 says.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

use super::answer;
use crate::store::StoreError;

/// What went wrong.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    detail: String,
    /// The member of the request that it is about.
    member: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), member: None }
    }

    pub(super) fn of(member: &'static str, detail: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail: detail.into(), member: Some(member) }
    }

    /// More than the application's pass gives.
    pub(super) fn beyond(member: &'static str, detail: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, ..Self::of(member, detail) }
    }

    pub(super) fn unavailable(error: &StoreError) -> Self {
        tracing::error!(%error, "the store did not answer");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Tilegate cannot reach its database. Try again later.")
    }

    pub(super) fn answer(self) -> HttpResponse {
        let Self { status, detail, member } = self;
        let title = status.canonical_reason();
        let body = match member {
            Some(member) => {
                json!({ "title": title, "status": status.as_u16(), "detail": detail, "member": member })
            }
            None => json!({ "title": title, "status": status.as_u16(), "detail": detail }),
        };
        let mut response = answer(status, &body);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"passes\""));
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
