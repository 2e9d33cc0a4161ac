//! Whoever may administer: a page that asks for an [`Administrator`] cannot be shown to anybody else.

use actix_session::SessionExt as _;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::future::LocalBoxFuture;

use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::config::AdminSecondFactor;
use crate::credential::account::{Account, AccountId, SessionId, Username};
use crate::credential::sealed::Grant;
use crate::http::extract::{mentions_login, person};
use crate::http::page::{Framing, page, unavailable};
use crate::http::{Context, language, login, second_factor, setup};
use crate::texts::Texts;

/// Somebody who may administer, as their account's row says at this very request: the
/// session alone opens nothing, and the access cookie is not looked at.
///
/// Everybody else gets the same answer at every address below `/auth/admin/`, so that
/// none of them tells what there is.
#[derive(Clone, Debug)]
pub struct Administrator {
    pub id: AccountId,
    pub session: SessionId,
    /// When they logged in, or gave their password again.
    pub issued: UnixSeconds,
    pub expires: UnixSeconds,
    pub username: Username,
    /// Names of the access conditions held, sorted.
    pub conditions: Vec<String>,
}

impl Administrator {
    /// What they do now.
    pub fn act(&self) -> Act {
        Act::of(self.id, clock::now())
    }
}

impl FromRequest for Administrator {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if let Some(known) = request.extensions().get::<Self>() {
                return Ok(known.clone());
            }
            administrator(&request).await.map_err(|answer| {
                InternalError::from_response("administration is for administrators", answer).into()
            })
        })
    }
}

/// Asks who it is before anything else of a request is read. What a handler takes is looked for all at once, and a form that
/// cannot be read would be told of to whoever may not know that there is one.
pub async fn first(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // It only leads to the page.
    if request.path() == "/auth/admin" {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    match request.extract::<Administrator>().await {
        Ok(administrator) => {
            request.extensions_mut().insert(administrator);
            next.call(request).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(error) => Ok(request.error_response(error)),
    }
}

async fn administrator(request: &HttpRequest) -> Result<Administrator, HttpResponse> {
    let Some(context) = request.app_data::<web::Data<Context>>() else {
        return Err(HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR));
    };
    let t = language::texts(request);
    let Some(person) = person(request) else {
        // Whoever is logged in as soon as the store is back need not do it again.
        if mentions_login(&request.get_session()) && !context.live.is_fresh(clock::now()) {
            return Err(unavailable(context, t));
        }
        // Nobody could log in here.
        if setup::is_open(context).await.unwrap_or(false) {
            return Err(login::see_other(setup::PATH));
        }
        return Err(login::needed(request, context));
    };
    match context.store.account(&person.account).await {
        // The row is newer than the snapshot: what it has revoked is over here at once (S2).
        Ok(Some(account))
            if account.may_log_in(clock::now()) && account.generation == person.grant.generation =>
        {
            if account.administrator {
                if lacks_second_factor(context, t, &account).await? {
                    return Err(login::see_other(second_factor::PATH));
                }
                let Account { id, username, conditions, .. } = account;
                let Grant { session, issued, expires, .. } = person.grant;
                Ok(Administrator { id, session, issued, expires, username, conditions })
            } else {
                Err(forbidden(request, context, t, &account.username))
            }
        }
        Ok(_) => Err(login::needed(request, context)),
        Err(error) => Err(login::store_failed(context, t, &error)),
    }
}

/// Whether a second factor is required and there is none: then setting one up comes before everything else.
async fn lacks_second_factor(context: &Context, t: Texts, account: &Account) -> Result<bool, HttpResponse> {
    if context.settings.admin_second_factor == AdminSecondFactor::Optional {
        return Ok(false);
    }
    let factor = context.store.second_factor(&account.id).await;
    factor.map(|factor| factor.is_none()).map_err(|error| login::store_failed(context, t, &error))
}

#[derive(Template)]
#[template(path = "admin/forbidden.html")]
struct ForbiddenPage<'a> {
    organisation: &'a str,
    t: Texts,
    person: &'a str,
    login: &'a str,
}

/// Somebody is logged in who may not administer.
fn forbidden(request: &HttpRequest, context: &Context, t: Texts, person: &Username) -> HttpResponse {
    let template = ForbiddenPage {
        organisation: &context.settings.organisation,
        t,
        person: person.as_str(),
        login: &login::address_of(request, context),
    };
    page(StatusCode::FORBIDDEN, &template, Framing::Never, None)
}
