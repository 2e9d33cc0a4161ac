//! A page that says one thing and where to go on.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::Context;
use super::page::{Framing, page};
use crate::texts::{Said, Texts};

/// Where a notice leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Onward {
    Login,
    Nowhere,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage<'a> {
    organisation: &'a str,
    t: Texts,
    title: Said,
    text: Said,
    to_login: bool,
}

pub(super) fn notice(
    context: &Context,
    t: Texts,
    status: StatusCode,
    title: Said,
    text: Said,
    onward: Onward,
) -> HttpResponse {
    let organisation = &context.settings.organisation;
    let to_login = onward == Onward::Login;
    page(status, &NoticePage { organisation, t, title, text, to_login }, Framing::Never, None)
}
