//! Pages: the headers every page has, and the pages that say what went wrong.

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tracing_actix_web::RootSpanBuilder;

use super::{Context, NO_STORE, language};
use crate::clock;
use crate::texts::{Said, Texts};

/// Who may put a page into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Nobody: login and everything else a person acts on (T9, X-06).
    Never,
    /// Any viewer: the token page alone.
    Anybody,
}

/// A fresh nonce for the one inline script of a page.
pub fn script_nonce() -> String {
    URL_SAFE_NO_PAD.encode(clock::random::<16>())
}

/// A rendered page with the headers that all pages have; `nonce` allows its script.
pub fn page(
    status: StatusCode,
    template: &impl Template,
    framing: Framing,
    nonce: Option<&str>,
) -> HttpResponse {
    let body = match template.render() {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR);
        }
    };
    let mut response = HttpResponse::build(status).body(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // So there is no need of `Vary` for the language.
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if framing == Framing::Never {
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(framing, nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn content_security_policy(framing: Framing, nonce: Option<&str>) -> String {
    let mut policy = String::from("default-src 'none'; base-uri 'none'");
    if framing == Framing::Never {
        policy.push_str("; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'");
    }
    if let Some(nonce) = nonce {
        policy.push_str("; script-src 'nonce-");
        policy.push_str(nonce);
        policy.push('\'');
    }
    policy
}

/// A page that says what went wrong and what to do next.
#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'a> {
    organisation: &'a str,
    t: Texts,
    title: &'a Said,
    text: &'a Said,
}

/// A page that says what went wrong and what to do next, in the language of its text.
pub fn problem(context: &Context, status: StatusCode, title: &Said, text: &Said) -> HttpResponse {
    let organisation = &context.settings.organisation;
    page(status, &Problem { organisation, t: text.texts(), title, text }, Framing::Never, None)
}

/// No such page.
pub async fn not_found(context: web::Data<Context>, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("problem-not-found-title"), t.say("problem-not-found"));
    problem(&context, StatusCode::NOT_FOUND, &title, &text)
}

/// The method is not for this page.
pub async fn wrong_method(context: web::Data<Context>, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("problem-not-possible-title"), t.say("problem-wrong-method"));
    let mut response = problem(&context, StatusCode::METHOD_NOT_ALLOWED, &title, &text);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

/// A `HEAD` on an address whose `GET` changes something: it says that there is such an address, and changes
/// nothing.
pub async fn head_does_nothing() -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::OK);
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}

/// The store cannot be reached: nothing that needs it can be done now.
pub fn unavailable(context: &Context, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("problem-unavailable-title"), t.say("problem-unavailable"));
    let mut response = problem(context, StatusCode::SERVICE_UNAVAILABLE, &title, &text);
    response.headers_mut().insert(actix_web::http::header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// A form that cannot be read.
pub fn bad_form(error: actix_web::error::UrlencodedError, request: &HttpRequest) -> actix_web::Error {
    bad_request(request, &language::texts(request).say("problem-bad-form"), error.into())
}

/// A query that cannot be read.
pub fn bad_query(error: actix_web::error::QueryPayloadError, request: &HttpRequest) -> actix_web::Error {
    bad_request(request, &language::texts(request).say("problem-bad-query"), error.into())
}

fn bad_request(request: &HttpRequest, text: &Said, error: actix_web::Error) -> actix_web::Error {
    match request.app_data::<web::Data<Context>>() {
        Some(context) => {
            let title = text.texts().say("problem-unreadable-title");
            let response = problem(context, StatusCode::BAD_REQUEST, &title, text);
            actix_web::error::InternalError::from_response(error, response).into()
        }
        None => error,
    }
}

/// `GET /auth/static/tilegate.css`: the one stylesheet, in the binary.
pub async fn stylesheet() -> HttpResponse {
    part("text/css; charset=utf-8", include_str!("../../templates/tilegate.css"))
}

/// `GET /auth/static/tilegate.svg`: what a browser shows beside the title, in the binary. Without it browsers ask for
/// `/favicon.ico`, which is the site's.
pub async fn icon() -> HttpResponse {
    part("image/svg+xml", include_str!("../../templates/tilegate.svg"))
}

fn part(kind: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body)
}

/// The span of a request outside the tile path: method, route and status, and
/// never a query, a cookie or an address that could hold a secret (S16).
pub struct QuietSpan;

impl RootSpanBuilder for QuietSpan {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        let route = request.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
        tracing::info_span!("request", method = %request.method(), route, status = tracing::field::Empty)
    }

    fn on_request_end<B: actix_web::body::MessageBody>(
        span: tracing::Span,
        outcome: &Result<ServiceResponse<B>, actix_web::Error>,
    ) {
        let (status, error) = match outcome {
            Ok(response) => (response.status(), response.response().error()),
            Err(error) => (error.as_response_error().status_code(), Some(error)),
        };
        span.record("status", status.as_u16());
        let status = status.as_u16();
        span.in_scope(|| match error {
            Some(error) if status >= 500 => tracing::error!(status, %error, "answered"),
            _ => tracing::info!(status, "answered"),
        });
    }
}

#[cfg(test)]
mod tests {
    /// A browser passes over what follows a brace that is missing, and says nothing.
    #[test]
    fn every_rule_of_the_stylesheet_begins_outside_of_the_others() {
        let mut depth = 0_usize;
        for (number, line) in (1..).zip(include_str!("../../templates/tilegate.css").lines()) {
            let is_inside = depth > 0;
            depth += line.matches('{').count();
            depth -= line.matches('}').count();
            let begins = line.ends_with('{') && !line.starts_with(' ');
            assert!(!(begins && is_inside), "line {number}: {line}");
            assert!(depth <= 2, "line {number}: {line}");
        }
        assert_eq!(depth, 0);
    }
}
