//! `/auth/admin/`: one file per page. A page takes [`Administrator`], so that it cannot
//! be shown to anybody else; so does whatever answers at an address that has no page.

pub mod accounts;
pub mod administrator;
pub mod audit;
mod broken_test;
pub mod conditions;
pub mod confirmation;
pub mod explain;
mod notice;
pub mod overview;
pub mod passes;
pub mod routes;
pub mod rules;
pub mod upcoming;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;

use super::Context;
use super::login::see_other;
use super::page::{Framing, page};
use crate::clock::{self, UnixSeconds};
use crate::shadow::{self, Notice};
use crate::texts::{Said, Texts};
use administrator::Administrator;

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "admin/problem.html")]
struct Problem<'a> {
    organisation: &'a str,
    t: Texts,
    /// What every page of the administration shows first.
    shadows: Vec<Notice>,
    title: &'a Said,
    text: &'a Said,
}

/// What a page is about is not there (any more).
fn gone(context: &Context, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("gone-title"), t.say("gone-text"));
    problem(context, StatusCode::NOT_FOUND, &title, &text)
}

/// A moment as people read it: `2026-11-27 18:50 UTC`.
fn moment(at: UnixSeconds) -> String {
    clock::calendar(at).map_or_else(|| at.to_string(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// `/auth/admin`, as people type it.
pub async fn add_slash() -> HttpResponse {
    see_other("/auth/admin/")
}

/// No such page; only administrators are told.
pub async fn not_found(_: Administrator, context: web::Data<Context>, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("problem-not-found-title"), t.say("problem-not-found"));
    problem(&context, StatusCode::NOT_FOUND, &title, &text)
}

/// The method is not for this page, which only shows something.
pub async fn wrong_method(_: Administrator, context: web::Data<Context>, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("problem-not-possible-title"), t.say("problem-wrong-method"));
    let mut response = problem(&context, StatusCode::METHOD_NOT_ALLOWED, &title, &text);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn problem(context: &Context, status: StatusCode, title: &Said, text: &Said) -> HttpResponse {
    let shadows = shadow::notices(context.live.current().policy.mounts(), clock::now());
    let organisation = &context.settings.organisation;
    page(status, &Problem { organisation, t: text.texts(), shadows, title, text }, Framing::Never, None)
}
