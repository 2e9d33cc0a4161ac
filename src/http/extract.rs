//! What handlers ask for by type: the logged-in person, and a form that was checked for
//! forgery. A handler that takes `Checked<T>` cannot forget the check; an administrator is asked
//! for in [`super::admin::administrator`].

use actix_session::{Session, SessionExt as _};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Context, language, neuroglancer, page};
use crate::clock;
use crate::credential::account::{AccountId, Id128, SessionId, StoreEpoch};
use crate::credential::sealed::Grant;
use crate::policy::condition::Conditions;

const LOGIN: &str = "login";
const CSRF: &str = "csrf";

/// What the session of the `/auth/` pages says of a login.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionLogin {
    /// The session's key knows the epoch of the service's start only (S17).
    epoch: String,
    account: String,
    session: String,
    generation: u32,
    issued: u64,
    expires: u64,
    pub username: String,
}

impl SessionLogin {
    /// The session's record of a grant.
    pub fn new(grant: &Grant, username: &str, epoch: StoreEpoch) -> Self {
        Self {
            epoch: epoch.to_string(),
            account: grant.account.to_string(),
            session: grant.session.to_string(),
            generation: grant.generation,
            issued: grant.issued,
            expires: grant.expires,
            username: username.to_owned(),
        }
    }

    /// Writes the login into a renewed session (S2: no session survives a login). A viewer that waits for it waits on.
    pub fn write(&self, session: &Session) -> Result<(), actix_session::SessionInsertError> {
        let waiting = neuroglancer::waiting(session);
        session.clear();
        session.renew();
        if let Some(asked) = waiting {
            neuroglancer::wait_on(session, &asked)?;
        }
        session.insert(LOGIN, self)
    }
}

/// The person who is logged in on the `/auth/` pages, if anybody; checked against
/// the snapshot at every use.
pub struct LoggedIn(pub Option<Person>);

impl LoggedIn {
    /// The account's name.
    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|person| person.username.as_str())
    }
}

/// A logged-in person.
#[derive(Clone, Debug)]
pub struct Person {
    pub account: AccountId,
    pub session: SessionId,
    pub username: String,
    /// What the session says, with the conditions that count now.
    pub grant: Grant,
}

impl FromRequest for LoggedIn {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(person(request))))
    }
}

/// Who is logged in, if the session still counts.
pub fn person(request: &HttpRequest) -> Option<Person> {
    let context = request.app_data::<web::Data<Context>>()?;
    let login: SessionLogin = request.get_session().get(LOGIN).ok()??;
    let now = clock::now();
    if !context.live.is_fresh(now) {
        return None;
    }
    let mut grant = Grant {
        account: Id128::parse(&login.account)?,
        generation: login.generation,
        session: Id128::parse(&login.session)?,
        // The session does not carry conditions; an account that changed has them in the snapshot.
        conditions: Conditions::NONE,
        issued: login.issued,
        expires: login.expires,
        passes: arrayvec::ArrayVec::new(),
        accepted: arrayvec::ArrayVec::new(),
    };
    let snapshot = context.live.current();
    if Id128::parse(&login.epoch)? != snapshot.revocations.epoch {
        return None;
    }
    grant.conditions = grant.standing(&snapshot.revocations, now).ok()?;
    Some(Person { account: grant.account, session: grant.session, username: login.username, grant })
}

/// Whether the session speaks of a login, one that counts or not.
pub fn mentions_login(session: &Session) -> bool {
    session.entries().contains_key(LOGIN)
}

/// The anti-forgery token of this session, made at first use.
pub fn csrf_token(session: &Session) -> Result<String, actix_session::SessionInsertError> {
    if let Ok(Some(token)) = session.get::<String>(CSRF) {
        return Ok(token);
    }
    let token = URL_SAFE_NO_PAD.encode(clock::random::<32>());
    session.insert(CSRF, &token)?;
    Ok(token)
}

/// A form post that came from our own page (S13): its token is the session's, and
/// the browser does not say that another site sent it.
pub struct Checked<T>(pub T);

#[derive(Deserialize)]
struct WithToken<T> {
    csrf: String,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned + 'static> FromRequest for Checked<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = web::Form::<WithToken<T>>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let web::Form(WithToken { csrf, form }) = form.await?;
            if is_forged(&request, &csrf) { Err(forged(&request)) } else { Ok(Self(form)) }
        })
    }
}

/// Whether a form with this token is not from a page of ours in this session.
pub(super) fn is_forged(request: &HttpRequest, csrf: &str) -> bool {
    let expected: Option<String> = request.get_session().get(CSRF).ok().flatten();
    !(expected.is_some_and(|expected| is_same(&expected, csrf)) && is_from_our_own_page(request))
}

/// Compares digests, so that the time tells nothing about where the texts differ.
fn is_same(expected: &str, given: &str) -> bool {
    Sha256::digest(expected) == Sha256::digest(given)
}

fn is_from_our_own_page(request: &HttpRequest) -> bool {
    let site = request.headers().get("sec-fetch-site").map(actix_web::http::header::HeaderValue::as_bytes);
    matches!(site, None | Some(b"same-origin" | b"none"))
}

pub(super) fn forged(request: &HttpRequest) -> actix_web::Error {
    let error = actix_web::error::ErrorForbidden("form not from our own page");
    match request.app_data::<web::Data<Context>>() {
        Some(context) => {
            let t = language::texts(request);
            let (title, text) = (t.say("problem-forged-title"), t.say("problem-forged"));
            let response = page::problem(context, StatusCode::FORBIDDEN, &title, &text);
            InternalError::from_response(error, response).into()
        }
        None => error,
    }
}

/// Whether a GET is a person opening a page, and not an image, frame or script of
/// another site (product decision 12); browsers that do not say are let through. A page that a browser loads
/// ahead, because a person may open it, nobody has opened yet.
pub fn is_top_level(request: &HttpRequest) -> bool {
    let says = |name| request.headers().get(name).map(actix_web::http::header::HeaderValue::as_bytes);
    let is_ahead = says("sec-purpose").is_some_and(|purpose| !purpose.is_empty());
    matches!(says("sec-fetch-dest"), None | Some(b"document")) && !is_ahead
}
