//! Logging in: the plain page, and the same page in a window that a viewer opened, as the
//! IIIF Authentication 1.0 cookie service of pattern `login` and as an access service of the IIIF
//! Authorization Flow 2.0 (see [`super::access`]).

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::admission::{grant_of, taken_over};
use super::authenticate::{Refused, authenticate};
use super::extract::{Checked, LoggedIn, csrf_token};
use super::guest::with_cookie;
use super::page::{Framing, page, script_nonce, unavailable};
use super::return_to::same_site_path;
use super::second_step::after_password;
use super::{Context, NO_STORE, language, register};
use crate::credential::sealed::Grant;
use crate::store::StoreError;
use crate::texts::{Said, Texts};

/// Which door a person came through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// `/auth/login`: goes on to where the person wanted to be.
    Plain,
    /// `/auth/iiif-login`: a window that a viewer opened and waits for.
    Viewer,
    /// `/auth/v2/access/<condition>`: such a window, opened for one condition.
    Access(Wanted),
}

/// The condition that an access service is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    pub title: String,
    pub bit: u8,
}

impl Door {
    fn action(&self) -> String {
        match self {
            Self::Plain => "/auth/login".to_owned(),
            Self::Viewer => "/auth/iiif-login".to_owned(),
            Self::Access(wanted) => format!("/auth/v2/access/{}", wanted.name),
        }
    }
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    organisation: &'a str,
    t: Texts,
    action: &'a str,
    csrf: String,
    next: &'a str,
    username: &'a str,
    message: Option<&'a Said>,
    /// Who is logged in already.
    person: Option<&'a str>,
    /// Allows the script of the button that closes the window.
    leave: Option<&'a str>,
    /// Whoever has no account may ask for one.
    may_ask: bool,
}

/// What the form shows beside what its door says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'a> {
    pub next: &'a str,
    pub username: &'a str,
    pub message: Option<&'a Said>,
    /// Who is logged in already, and may continue without a password.
    pub person: Option<&'a str>,
    /// With a button that closes the window.
    pub leave: bool,
}

/// The last page in a viewer's window: it closes itself (IIIF Authentication 1.0, section 2.1.2;
/// IIIF Authorization Flow 2.0, section 3).
#[derive(Template)]
#[template(path = "close.html")]
struct ClosePage<'a> {
    organisation: &'a str,
    t: Texts,
    title: &'a Said,
    text: &'a Said,
    nonce: &'a str,
    /// With a way to what can be done if the images stay locked.
    to_images: bool,
}

/// The query of both doors. `origin` is what IIIF viewers append; no value of it
/// changes what happens here, so it is neither kept nor echoed.
#[derive(Debug, Default, Deserialize)]
pub struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// The posted form.
#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    username: String,
    #[serde(default = "nothing")]
    password: SecretString,
    #[serde(default)]
    pub(super) next: String,
    /// "Continue as the person I am": no password is asked for.
    #[serde(default)]
    proceed: Option<String>,
}

fn nothing() -> SecretString {
    SecretString::from("")
}

/// `GET /auth/login?next=/path`, `GET /auth/iiif-login?origin=…`
pub async fn show(
    context: web::Data<Context>,
    t: Texts,
    door: web::Data<Door>,
    session: Session,
    query: web::Query<LoginQuery>,
    logged_in: LoggedIn,
) -> HttpResponse {
    let shown = Shown { next: &query.next, person: logged_in.name(), ..Shown::default() };
    form(&context, t, &session, &door, StatusCode::OK, &shown)
}

/// `POST /auth/login`, `POST /auth/iiif-login`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    door: web::Data<Door>,
    session: Session,
    logged_in: LoggedIn,
    posted: Checked<LoginForm>,
) -> HttpResponse {
    log_in(&request, &context, &session, &door, &logged_in, posted.0).await
}

/// The login form of a door.
pub fn form(
    context: &Context,
    t: Texts,
    session: &Session,
    door: &Door,
    status: StatusCode,
    shown: &Shown<'_>,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let nonce = shown.leave.then(script_nonce);
    let template = LoginPage {
        organisation: &context.settings.organisation,
        t,
        action: &door.action(),
        csrf,
        next: &same_site_path(shown.next, &context.settings.site.public_url.origin()).unwrap_or_default(),
        username: shown.username,
        message: shown.message,
        person: shown.person,
        leave: nonce.as_deref(),
        may_ask: register::is_open(context),
    };
    page(status, &template, Framing::Never, nonce.as_deref())
}

/// Takes the posted form of a door.
pub async fn log_in(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    door: &Door,
    logged_in: &LoggedIn,
    form_sent: LoginForm,
) -> HttpResponse {
    let t = language::texts(request);
    let LoginForm { username, password, next, proceed } = form_sent;
    let again = |status, message: Said| {
        let (message, person) = (Some(&message), logged_in.name());
        let shown = Shown { next: &next, username: &username, message, person, leave: false };
        form(context, t, session, door, status, &shown)
    };
    if proceed.is_some() {
        let Some(person) = &logged_in.0 else {
            return again(StatusCode::FORBIDDEN, t.say("login-over"));
        };
        return match grant_of(context, person).await {
            Ok(Some(grant)) => match taken_over(request, context, &grant).await {
                Ok(grant) => welcome(request, context, session, door, &next, &person.username, &grant),
                Err(error) => store_failed(context, t, &error),
            },
            Ok(None) => again(StatusCode::FORBIDDEN, t.say("login-over")),
            Err(error) => store_failed(context, t, &error),
        };
    }

    let admitted = match authenticate(request, context, &username, password).await {
        Ok(account) => after_password(request, context, session, (door, &next), &account).await,
        Err(refused) => Err(refused),
    };
    match admitted {
        Ok(response) => response,
        // One text and one status, whether the name is unknown, the password wrong
        // or the account locked (S8).
        Err(Refused::NoMatch) => again(StatusCode::FORBIDDEN, t.say("login-no-match")),
        Err(Refused::Throttled(seconds)) => {
            let message = t.say("problem-wait").number("seconds", seconds);
            with_retry_after(again(StatusCode::TOO_MANY_REQUESTS, message), seconds)
        }
        Err(Refused::Busy) => {
            with_retry_after(again(StatusCode::SERVICE_UNAVAILABLE, t.say("login-busy")), 5)
        }
        Err(Refused::Store(error)) => store_failed(context, t, &error),
    }
}

/// Sets the access cookie and sends the person on.
pub fn welcome(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    door: &Door,
    next: &str,
    username: &str,
    grant: &Grant,
) -> HttpResponse {
    let t = language::texts(request);
    let response = match (door, same_site_path(next, &context.settings.site.public_url.origin())) {
        (Door::Access(wanted), _) if !grant.conditions.contains(wanted.bit) => {
            not_held(context, t, session, door, username, &wanted.title)
        }
        (Door::Viewer, None) | (Door::Access(_), _) => {
            close(context, &t.say("login-done-title"), &t.say("login-done"), true)
        }
        (_, next) => see_other(next.as_deref().unwrap_or("/auth/")),
    };
    with_cookie(context, t, grant, response)
}

/// Who is logged in does not hold what the window was opened for: a login cannot help, unless it is
/// another one.
pub fn not_held(
    context: &Context,
    t: Texts,
    session: &Session,
    door: &Door,
    username: &str,
    title: &str,
) -> HttpResponse {
    let message = t.say("login-not-held").with("person", username).with("condition", title);
    let shown = Shown { message: Some(&message), leave: true, ..Shown::default() };
    form(context, t, session, door, StatusCode::FORBIDDEN, &shown)
}

/// Sends somebody to the login page, and from there back to what they asked for.
pub fn needed(request: &HttpRequest, context: &Context) -> HttpResponse {
    see_other(&address_of(request, context))
}

/// The login page that leads back to the page that was asked for.
pub fn address_of(request: &HttpRequest, context: &Context) -> String {
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    match same_site_path(asked, &context.settings.site.public_url.origin()) {
        Some(next) => {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            // A query may hold slashes, and people read this one.
            format!("/auth/login?next={}", next.replace("%2F", "/"))
        }
        None => "/auth/login".to_owned(),
    }
}

/// Sends a browser on to a path of this site.
pub fn see_other(path: &str) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::SEE_OTHER);
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}

/// On to where somebody wanted to be, or the page that closes the window a viewer opened.
pub(super) fn go_on(context: &Context, next: &str, title: &Said, text: &Said) -> HttpResponse {
    match same_site_path(next, &context.settings.site.public_url.origin()) {
        Some(next) => see_other(&next),
        None => close(context, title, text, true),
    }
}

/// A page that closes the window a viewer opened. `to_images`: the viewer goes on to show them.
pub fn close(context: &Context, title: &Said, text: &Said, to_images: bool) -> HttpResponse {
    let nonce = script_nonce();
    let organisation = &context.settings.organisation;
    let template = ClosePage { organisation, t: text.texts(), title, text, nonce: &nonce, to_images };
    page(StatusCode::OK, &template, Framing::Never, Some(&nonce))
}

pub(super) fn with_retry_after(mut response: HttpResponse, seconds: u64) -> HttpResponse {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Logs why and tells the visitor to come back.
pub fn store_failed(context: &Context, t: Texts, error: &StoreError) -> HttpResponse {
    tracing::error!(%error, "the store did not answer");
    unavailable(context, t)
}
