//! The access service of the IIIF Authorization Flow 2.0 (section 3), in a window that a viewer opened for one
//! condition: the login page or the terms of use (profile `active`), or a kiosk's (profile `kiosk`).
//! Profile `external` has none.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use url::Url;

use super::admission::{grant_of, taken_over};
use super::extract::{Checked, LoggedIn, is_top_level};
use super::login::{Door, LoginForm, Shown, Wanted, form, log_in, not_held, store_failed, welcome};
use super::token::parameter;
use super::{Context, clickthrough, kiosk, page, presented};
use crate::clock;
use crate::gate::grant_of_cookie;
use crate::iiif::auth1::ViewerOrigin;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::texts::Texts;

/// `GET /auth/v2/access/<condition>?origin=…`
///
/// Without a login it is the form, and for terms the page with them. Whoever is logged in and holds the condition presses a
/// button on this page of ours, since browsers that block cookies of other sites lift it only for a site that
/// a person has done something on (Appendix A, A2-21). A viewer of our own site needs none of that, so
/// the window closes at once (A2-22). A missing or unreadable origin is another site.
pub async fn show(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    session: Session,
    logged_in: LoggedIn,
    name: web::Path<String>,
) -> HttpResponse {
    let Some((bit, condition)) = served(&context, &name) else { return page::not_found(context, t).await };
    // Whom no viewer's window has sent here, see [`super::open`].
    let next = parameter(&request, "next").unwrap_or_default();
    match condition.pattern {
        Pattern::Clickthrough
            if has_accepted(&request, &context, bit) && closes_at_once(&request, &context) =>
        {
            return clickthrough::accepted(&request, &context, t, bit, &condition, "");
        }
        Pattern::Clickthrough => {
            return clickthrough::show(&request, &context, t, &session, &condition, &next);
        }
        Pattern::Kiosk => return kiosk::entered(&request, &context, t, bit, &condition, &next),
        _ => {}
    }
    let (door, wanted) = door(t, bit, &condition);
    let anybody = || form(&context, t, &session, &door, StatusCode::OK, &Shown::default());
    let Some(person) = &logged_in.0 else { return anybody() };
    match grant_of(&context, person).await {
        Ok(None) => anybody(),
        Ok(Some(grant)) if !grant.conditions.contains(wanted.bit) => {
            not_held(&context, t, &session, &door, &person.username, &wanted.title)
        }
        // The cookie is given by a GET, so only to a person who opens this page: it is the one that
        // this very login has had before.
        Ok(Some(grant)) if closes_at_once(&request, &context) => {
            match taken_over(&request, &context, &grant).await {
                Ok(grant) => welcome(&request, &context, &session, &door, "", &person.username, &grant),
                Err(error) => store_failed(&context, t, &error),
            }
        }
        Ok(Some(_)) => {
            let shown = Shown { person: logged_in.name(), ..Shown::default() };
            form(&context, t, &session, &door, StatusCode::OK, &shown)
        }
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/v2/access/<condition>`: the gesture is done, so the origin does not matter any more.
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    session: Session,
    logged_in: LoggedIn,
    name: web::Path<String>,
    posted: Checked<LoginForm>,
) -> HttpResponse {
    let Some((bit, condition)) = served(&context, &name) else { return page::not_found(context, t).await };
    match condition.pattern {
        Pattern::Clickthrough => {
            return clickthrough::accepted(&request, &context, t, bit, &condition, &posted.0.next);
        }
        Pattern::Kiosk => return page::wrong_method(context, t).await,
        _ => {}
    }
    let (door, _) = door(t, bit, &condition);
    log_in(&request, &context, &session, &door, &logged_in, posted.0).await
}

/// The condition of that name, with its bit, if something can be opened for it.
fn served(context: &Context, name: &str) -> Option<(u8, AccessCondition)> {
    [Pattern::Login, Pattern::Clickthrough, Pattern::Kiosk]
        .into_iter()
        .find_map(|pattern| clickthrough::of_pattern(context, name, pattern))
}

/// The door of a condition that people log in for, by its name.
pub(super) fn door_of(context: &Context, t: Texts, name: &str) -> Option<Door> {
    let (bit, condition) = clickthrough::of_pattern(context, name, Pattern::Login)?;
    Some(door(t, bit, &condition).0)
}

fn door(t: Texts, bit: u8, condition: &AccessCondition) -> (Door, Wanted) {
    let wanted = Wanted { name: condition.name.clone(), title: condition.title_in(t.tag()).to_owned(), bit };
    (Door::Access(wanted.clone()), wanted)
}

/// Whether the present terms are among those that the visitor's cookie says were accepted.
fn has_accepted(request: &HttpRequest, context: &Context, bit: u8) -> bool {
    let snapshot = context.live.current();
    let grant = grant_of_cookie(&presented(request), &context.grounds(&snapshot, clock::now()));
    grant.is_ok_and(|grant| snapshot.policy.conditions.accepted(&grant.accepted).contains(bit))
}

fn closes_at_once(request: &HttpRequest, context: &Context) -> bool {
    is_our_site(request, context) && is_top_level(request)
}

/// Whether the viewer says that it runs on a host that the access cookie goes to: a page there
/// can use it in any browser.
fn is_our_site(request: &HttpRequest, context: &Context) -> bool {
    let public = &context.settings.site.public_url;
    let origin = parameter(request, "origin").and_then(|typed| ViewerOrigin::parse(&typed).ok());
    let Some(origin) = origin.and_then(|origin| Url::parse(origin.as_str()).ok()) else { return false };
    let Some(host) = origin.host_str() else { return false };
    let in_domain = |domain: &String| {
        host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    origin.scheme() == public.scheme()
        && (host == public.host || context.settings.cookie_domain.as_ref().is_some_and(in_domain))
}
