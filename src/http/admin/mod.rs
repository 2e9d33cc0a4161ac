//! `/auth/admin/`: one file per page. A page takes [`Administrator`], so that it cannot
//! be shown to anybody else; so does whatever answers at an address that has no page.

pub mod administrator;
pub mod overview;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpResponse, web};

use super::Context;
use super::login::see_other;
use super::page;
use administrator::Administrator;

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
