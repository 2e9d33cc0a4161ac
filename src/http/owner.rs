//! Whoever is logged in, for the pages about their own account: as the account's row says at this very request, so
//! that what it has ended is over here at once (S2).

use actix_session::SessionExt as _;
use actix_web::error::InternalError;
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, web};
use futures_util::future::LocalBoxFuture;

use super::extract::{Person, mentions_login, person};
use super::login::{needed, see_other, store_failed};
use super::notice::{Onward, notice};
use super::page::unavailable;
use super::{Context, language};
use crate::clock;
use crate::credential::account::Account;
use crate::demo;
use crate::texts::Texts;

/// A logged-in person with their account; everybody else is led to the login.
#[derive(Clone, Debug)]
pub struct Owner {
    pub account: Account,
    pub person: Person,
}

/// Whether it is an account of the samples, which is everybody's.
pub(super) fn is_shared(context: &Context, account: &Account) -> bool {
    context.demo && [demo::READER, demo::STRANGER].contains(&account.username.as_str())
}

impl Owner {
    /// The answer to whoever wants to change a shared account: the next one must get in too.
    pub(super) fn refused_as_shared(&self, context: &Context, t: Texts) -> Option<HttpResponse> {
        let refuse = || {
            let (title, text) = (t.say("own-shared-title"), t.say("own-shared"));
            notice(context, t, StatusCode::FORBIDDEN, title, text, Onward::Nowhere)
        };
        is_shared(context, &self.account).then(refuse)
    }
}

impl FromRequest for Owner {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            owner(&request).await.map_err(|answer| {
                InternalError::from_response("this page is for whoever is logged in", answer).into()
            })
        })
    }
}

async fn owner(request: &HttpRequest) -> Result<Owner, HttpResponse> {
    let Some(context) = request.app_data::<web::Data<Context>>() else {
        return Err(HttpResponse::InternalServerError().finish());
    };
    let Some(person) = person(request) else {
        // Whoever is logged in as soon as the store is back need not do it again.
        if mentions_login(&request.get_session()) && !context.live.is_fresh(clock::now()) {
            return Err(unavailable(context, language::texts(request)));
        }
        return Err(to_login(request, context));
    };
    match context.store.account(&person.account).await {
        Ok(Some(account))
            if account.may_log_in(clock::now()) && account.generation == person.grant.generation =>
        {
            Ok(Owner { account, person })
        }
        Ok(_) => Err(to_login(request, context)),
        Err(error) => Err(store_failed(context, language::texts(request), &error)),
    }
}

/// What was posted cannot be led back to.
fn to_login(request: &HttpRequest, context: &Context) -> HttpResponse {
    if request.method() == Method::POST {
        see_other("/auth/login?next=/auth/")
    } else {
        needed(request, context)
    }
}
