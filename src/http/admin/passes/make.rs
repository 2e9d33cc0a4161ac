//! `/auth/admin/passes/new`: a new pass. Its secret is shown in the answer and never again.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::form::{Faults, Form, LIVES, Read};
use super::{gives, spot, state};
use crate::clock;
use crate::credential::account::Id128;
use crate::credential::pass::{PassSecret, token};
use crate::http::Context;
use crate::http::admin::accounts::{Choice, choices};
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm, is_due};
use crate::http::admin::rules::{mounts_with_rules, place_of_address};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::store_failed;
use crate::http::page::{Framing, page, unavailable};
use crate::http::share;
use crate::shadow::{self, Notice};
use crate::store::{NewPass, PassError, StoredPass};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/pass_new.html")]
struct NewPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    form: &'a Form,
    faults: Faults,
    mounts: Vec<&'a str>,
    choices: Vec<Choice>,
    lives: Vec<(&'static str, Said)>,
    /// With a field for the password, and what was wrong with it.
    asks: bool,
    unconfirmed: Option<Said>,
}

#[derive(Template)]
#[template(path = "admin/pass_made.html")]
struct MadePage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    id: String,
    spot: Said,
    gives: Said,
    state: Said,
    link: Option<String>,
    token: Option<String>,
    /// Addresses of files that carry it.
    carried: Vec<String>,
    /// The secret alone, for the password of HTTP Basic.
    secret: Option<String>,
    makes_passes: bool,
    /// Where an application makes passes.
    api: String,
}

/// Where it is to be for: from an address, or from a link of ours.
#[derive(Debug, Default, Deserialize)]
pub struct Start {
    #[serde(default)]
    url: String,
    #[serde(default)]
    mount: String,
    #[serde(default)]
    identifier: String,
}

/// `GET /auth/admin/passes/new?mount=…&identifier=…` or `?url=…`
pub async fn blank(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    start: web::Query<Start>,
) -> HttpResponse {
    let mut form = Form {
        mount: start.mount.clone(),
        identifier: start.identifier.clone(),
        matching: "prefix".to_owned(),
        kind: "token".to_owned(),
        life: "7d".to_owned(),
        ..Form::default()
    };
    let mut faults = Faults::default();
    let mut status = StatusCode::OK;
    let url = start.url.trim();
    if !url.is_empty() {
        if let Some(place) = place_of_address(&context, url) {
            (form.mount, form.identifier) = place;
        } else {
            let origin = context.settings.site.public_url.origin();
            faults.url = Some(t.say("rules-no-address").with("origin", origin));
            form.others.insert("url".to_owned(), url.to_owned());
            status = StatusCode::BAD_REQUEST;
        }
    }
    answer(&context, &session, t, status, &form, faults, (is_due(&administrator), None))
}

/// `POST /auth/admin/passes/new`: it opens something to whoever has it, so that it asks for the password again.
pub async fn make(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Form>,
) -> HttpResponse {
    let mut form = posted.0;
    let (now, asks) = (clock::now(), is_due(&administrator));
    let read = match form.read(&context.settings.site.mounts, now, t) {
        Ok(read) => read,
        Err(faults) => {
            let status = StatusCode::BAD_REQUEST;
            return answer(&context, &session, t, status, &form, *faults, (asks, None));
        }
    };
    let password = form.password.take();
    let confirmed = match confirm(&administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(fault)) => {
            let (status, none) = (StatusCode::FORBIDDEN, Faults::default());
            return answer(&context, &session, t, status, &form, none, (true, Some(fault)));
        }
    };
    let secret = PassSecret::new(clock::random());
    let Read { scope, conditions, max_px, expires, uses, makes_passes, note } = read;
    let id = Id128(clock::random());
    let new = NewPass {
        id,
        secret: secret.hash(),
        scope,
        conditions,
        max_px,
        expires,
        uses,
        note,
        makes_passes,
        maker: None,
    };
    let made = context.store.make_pass(&new, confirmed.act()).await;
    let response = match made {
        Ok(()) => {
            context.catch_up().await;
            match context.store.pass(&id).await {
                Ok(Some(pass)) => shown_once(&context, t, &pass, &secret),
                // Revoked and forgotten within the moment: nobody can have used it.
                Ok(None) => unavailable(&context, t),
                Err(error) => store_failed(&context, t, &error),
            }
        }
        Err(PassError::UnknownCondition(name) | PassError::NotHeld(name)) => {
            let fault = t.say("account-condition-gone").with("name", name);
            let faults = Faults { conditions: Some(fault), ..Faults::default() };
            answer(&context, &session, t, StatusCode::CONFLICT, &form, faults, (asks, None))
        }
        // It is made with no other pass.
        Err(PassError::MakerOver | PassError::TooMany) => unavailable(&context, t),
        Err(PassError::Database(error)) => store_failed(&context, t, &error),
    };
    confirmed.answer(&request, &context, response)
}

fn shown_once(context: &Context, t: Texts, pass: &StoredPass, secret: &PassSecret) -> HttpResponse {
    let origin = context.settings.site.public_url.origin();
    let policy = &context.live.current().policy;
    let is_token = pass.uses_left.is_none();
    // With a largest size no file is opened.
    let is_for_files = is_token && !pass.makes_passes && pass.max_px.is_none();
    let mounts = if is_for_files { context.settings.site.mounts.as_slice() } else { &[] };
    let carried = pass.scope.addresses(secret, mounts);
    let template = MadePage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), clock::now()),
        id: pass.id.to_string(),
        spot: spot(pass, t),
        gives: gives(pass, policy, t),
        state: state(pass, t, clock::now()),
        link: (!pass.makes_passes).then(|| format!("{origin}{}/{}", share::PATH, secret.spelled())),
        token: is_token.then(|| token(pass.id, secret)),
        carried: carried.into_iter().map(|path| format!("{origin}{path}")).collect(),
        secret: (is_token && !pass.makes_passes).then(|| secret.spelled()),
        makes_passes: pass.makes_passes,
        api: format!("{origin}/auth/api/passes"),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

fn answer(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    form: &Form,
    faults: Faults,
    (asks, unconfirmed): (bool, Option<Said>),
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let policy = &context.live.current().policy;
    let template = NewPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), clock::now()),
        csrf,
        form,
        faults,
        mounts: mounts_with_rules(policy),
        choices: choices(policy, &form.held()),
        lives: LIVES.iter().map(|(word, _, message)| (*word, t.say(message))).collect(),
        asks,
        unconfirmed,
    };
    page(status, &template, Framing::Never, None)
}
