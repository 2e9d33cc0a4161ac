//! `/auth/admin/`: one file per page. A page takes [`Administrator`], so that it cannot
//! be shown to anybody else; so does whatever answers at an address that has no page.

pub mod overview;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::Context;
use super::extract::Administrator;
use super::login::{address_of, see_other};
use super::page::{self, Framing, page};
use crate::credential::account::Username;

#[derive(Template)]
#[template(path = "admin/forbidden.html")]
struct ForbiddenPage<'a> {
    organisation: &'a str,
    person: &'a str,
    login: &'a str,
}

/// Somebody is logged in who may not administer.
pub fn forbidden(request: &HttpRequest, context: &Context, person: &Username) -> HttpResponse {
    let template = ForbiddenPage {
        organisation: &context.settings.organisation,
        person: person.as_str(),
        login: &address_of(request, context),
    };
    page(StatusCode::FORBIDDEN, &template, Framing::Never, None)
}

/// `/auth/admin`, as people type it.
pub async fn add_slash() -> HttpResponse {
    see_other("/auth/admin/")
}

/// No such page; only administrators are told.
pub async fn not_found(_: Administrator, context: web::Data<Context>) -> HttpResponse {
    page::not_found(context).await
}

/// The method is not for this page, which only shows something.
pub async fn wrong_method(_: Administrator, context: web::Data<Context>) -> HttpResponse {
    let mut response = page::wrong_method(context).await;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}
