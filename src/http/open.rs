//! Somebody has opened the address of a protected file in a window of its own. A bare 401 would show them nothing, so NGINX
//! sends them here, and they come back when they have what the file asks for.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::Context;
use super::admission::grant_of;
use super::extract::LoggedIn;
use super::login::{Door, Shown, form, see_other, store_failed};
use super::offer::explaining;
use super::page::{not_found, problem};
use super::return_to::same_site_path;
use crate::clock;
use crate::gate::trial::try_path;
use crate::iiif::service::ServicePattern;
use crate::policy::decision::{Aspects, Decision};
use crate::texts::Texts;

/// `GET /auth/open?<path and query>`: the rest of the address is what was asked for, as it was sent.
///
/// Leads to the page that can help: the login, the terms, or the page of a place. What needs none of them is
/// gone to at once.
pub async fn open(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    session: Session,
    logged_in: LoggedIn,
) -> HttpResponse {
    let origin = context.settings.site.public_url.origin();
    let Some(next) = same_site_path(request.query_string(), &origin) else {
        return not_found(context, t).await;
    };
    let snapshot = context.live.current();
    let policy = &snapshot.policy;
    let anonymous = Aspects { now: clock::now(), ..Aspects::default() };
    let Decision::Challenge(wanted, _) = try_path(&next, policy, &anonymous).decision else {
        // Whatever stands at that address says by itself what it is.
        return see_other(&next);
    };
    let escaped: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    match explaining(policy, wanted) {
        Some((ServicePattern::Clickthrough | ServicePattern::Kiosk, condition)) => {
            return see_other(&format!("/auth/v2/access/{}?next={escaped}", condition.name));
        }
        Some((ServicePattern::Login, condition)) => {
            if let Some(person) = &logged_in.0 {
                match grant_of(&context, person).await {
                    // Another account might have it; this one would only come back here.
                    Ok(Some(grant)) if grant.conditions.intersection(&wanted).is_empty() => {
                        let title = condition.title_in(t.tag());
                        let message =
                            t.say("login-not-held").with("person", &person.username).with("condition", title);
                        let shown = Shown { next: &next, message: Some(&message), ..Shown::default() };
                        return form(&context, t, &session, &Door::Plain, StatusCode::FORBIDDEN, &shown);
                    }
                    Ok(_) => {}
                    Err(error) => return store_failed(&context, t, &error),
                }
            }
        }
        Some((ServicePattern::External, condition)) => {
            let text = t.say("kiosk-elsewhere").with("condition", condition.title_in(t.tag()));
            return problem(&context, StatusCode::FORBIDDEN, &t.say("kiosk-elsewhere-title"), &text);
        }
        None => {}
    }
    see_other(&format!("/auth/login?next={escaped}"))
}
