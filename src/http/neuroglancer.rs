//! Neuroglancer on another origin reads content here by a protocol of its own, `middleauth`: it finds the address of the
//! login, opens it as a window, and waits for a message with a token, which it then sends with each request.
//!
//! The window is opened without a query, so that the origin of whoever opened it is in the `Referer` alone. It is held
//! against the allowed ones at once, and stays in the session of the pages until the person has logged in, has been shown
//! whom they give what, and has pressed a button (T11).

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderValue, REFERER, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::extract::{Checked, LoggedIn, Person, csrf_token, is_top_level};
use super::guest::{grant_of_visitor, with_what_stays};
use super::login::{see_other, store_failed};
use super::notice::{Onward, notice};
use super::page::{Framing, page, problem, script_nonce, unavailable};
use super::{Context, description};
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::credential::account::{Account, Id128};
use crate::credential::sealed::Grant;
use crate::credential::viewer_token::{TokenOrigin, seal};
use crate::iiif::auth1::for_script;
use crate::snapshot::Snapshot;
use crate::store::{NewViewerSession, StoreError};
use crate::texts::{Said, Texts};

/// What the client appends `/api/v1/authorize` to.
const LOGIN: &str = "/auth/middleauth";
/// Where the person is asked.
const CONSENT: &str = "/auth/middleauth/consent";
/// The key in the session of the pages.
const ASKED: &str = "viewer";
/// How long a window may wait for a login and an answer.
const LIFE: u64 = 900;

/// Who has opened the window, in the session of the pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    origin: String,
    /// What the token's session will be called, so that an answer counts once.
    id: String,
    until: UnixSeconds,
}

/// Whoever gives something away.
enum Holder<'p> {
    Account {
        person: &'p Person,
        account: Account,
    },
    /// Somebody who has redeemed passes or accepted terms.
    Guest(Box<Grant>),
}

#[derive(Template)]
#[template(path = "neuroglancer_consent.html")]
struct ConsentPage<'a> {
    organisation: &'a str,
    t: Texts,
    origin: &'a str,
    csrf: String,
    id: &'a str,
    /// Who is logged in; `None` for a guest.
    person: Option<&'a str>,
    /// How many passes of the visitor go along.
    passes: usize,
    until: String,
    until_machine: String,
    other_account: String,
    nonce: &'a str,
}

#[derive(Template)]
#[template(path = "neuroglancer_allowed.html")]
struct AllowedPage<'a> {
    organisation: &'a str,
    t: Texts,
    nonce: &'a str,
    /// Both are JSON, escaped for a script.
    message: &'a str,
    target: &'a str,
}

/// The posted form.
#[derive(Deserialize)]
pub struct ConsentForm {
    #[serde(default)]
    id: String,
}

/// `GET /auth_info`: where the login is. Every page may read it, for it says nothing of anybody.
pub async fn info(context: web::Data<Context>) -> HttpResponse {
    let is_on = !context.token_origins.is_empty();
    let status = if is_on { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let login = format!("{}{LOGIN}", context.settings.site.public_url.origin());
    let body = if is_on { json!({ "login_url": login }) } else { json!({}) };
    let mut response = HttpResponse::build(status).content_type("application/json").body(body.to_string());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `OPTIONS /auth_info`
pub async fn preflight() -> HttpResponse {
    description::preflight()
}

/// `GET /auth/middleauth/api/v1/authorize`: takes down who has opened the window, and goes on to the question.
pub async fn authorize(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
) -> HttpResponse {
    if context.token_origins.is_empty() {
        return super::page::not_found(context, t).await;
    }
    if !is_top_level(&request) {
        let (title, text) = (t.say("problem-not-possible-title"), t.say("neuroglancer-window"));
        return problem(&context, StatusCode::FORBIDDEN, &title, &text);
    }
    // Whatever was asked before is over, also if this is refused: the window is another's now.
    session.remove(ASKED);
    let Some(opener) = opener(&request) else {
        return refused(&context, t, t.say("neuroglancer-nobody"));
    };
    let Some(origin) = allowed(&context, &opener) else {
        tracing::info!(
            viewer = opener,
            "a page asked for Neuroglancer's token that TILEGATE_NEUROGLANCER_ORIGINS does not list"
        );
        return refused(&context, t, t.say("neuroglancer-unlisted").with("origin", &opener));
    };
    let asked = Asked {
        origin: origin.as_str().to_owned(),
        id: Id128(clock::random()).to_string(),
        until: clock::now() + LIFE,
    };
    if session.insert(ASKED, asked).is_err() {
        return unavailable(&context, t);
    }
    see_other(CONSENT)
}

/// `GET /auth/middleauth/consent`: who gives what to whom, and until when.
pub async fn show(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    logged_in: LoggedIn,
    t: Texts,
) -> HttpResponse {
    let Some((asked, origin)) = asked(&context, &session) else { return over(&context, t) };
    let holder = match holder(&request, &context, &logged_in).await {
        Ok(Some(holder)) => holder,
        Ok(None) => return see_other(&to_login()),
        Err(refused) => return refused.answer(&context, t),
    };
    let snapshot = context.live.current();
    let grant = given(&request, &context, &snapshot, &holder, Id128([0; 16]));
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let until = clock::calendar(grant.expires).unwrap_or_default();
    let nonce = script_nonce();
    let template = ConsentPage {
        organisation: &context.settings.organisation,
        t,
        origin: origin.as_str(),
        csrf,
        id: &asked.id,
        person: match &holder {
            Holder::Account { person, .. } => Some(&person.username),
            Holder::Guest(_) => None,
        },
        passes: grant.passes.len(),
        until: until.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        until_machine: until.to_string(),
        other_account: to_login(),
        nonce: &nonce,
    };
    page(StatusCode::OK, &template, Framing::Never, Some(&nonce))
}

/// `POST /auth/middleauth/consent`: the token, to the window's opener and to nobody else.
pub async fn allow(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    logged_in: LoggedIn,
    t: Texts,
    posted: Checked<ConsentForm>,
) -> HttpResponse {
    // The answer is to the question that was shown: another window may have asked another since.
    let asked = asked(&context, &session).filter(|(asked, _)| asked.id == posted.0.id);
    let Some((id, origin)) = asked.and_then(|(asked, origin)| Some((Id128::parse(&asked.id)?, origin)))
    else {
        return over(&context, t);
    };
    let holder = match holder(&request, &context, &logged_in).await {
        Ok(Some(holder)) => holder,
        Ok(None) => return see_other(&to_login()),
        Err(refused) => return refused.answer(&context, t),
    };
    session.remove(ASKED);
    let snapshot = context.live.current();
    let grant = given(&request, &context, &snapshot, &holder, id);
    if let Holder::Account { person, .. } = &holder {
        let new = NewViewerSession {
            id,
            account: grant.account,
            generation: grant.generation,
            expires: grant.expires,
            viewer: origin.as_str().to_owned(),
            allowed_in: person.session,
        };
        match context.store.begin_viewer_session(&new, Act::of(grant.account, grant.issued)).await {
            Ok(true) => {}
            Ok(false) => return over(&context, t),
            Err(error) => return store_failed(&context, t, &error),
        }
    }
    tracing::info!(account = ?grant.account(), viewer = origin.as_str(), "a viewer may read as somebody");
    let sealed = seal(&grant, origin, &context.keyring, &snapshot.revocations, clock::random());
    let Some(token) = sealed else { return unavailable(&context, t) };
    let message = json!({ "token": token, "app_urls": [context.settings.site.public_url.origin()] });
    let nonce = script_nonce();
    let template = AllowedPage {
        organisation: &context.settings.organisation,
        t,
        nonce: &nonce,
        message: &for_script(&message),
        target: &for_script(&Value::from(origin.as_str())),
    };
    page(StatusCode::OK, &template, Framing::Never, Some(&nonce))
}

/// What a viewer waits for in this session, for whoever begins it anew.
pub(super) fn waiting(session: &Session) -> Option<Asked> {
    session.get(ASKED).ok().flatten()
}

/// Takes it over into a session that has begun.
pub(super) fn wait_on(session: &Session, asked: &Asked) -> Result<(), actix_session::SessionInsertError> {
    session.insert(ASKED, asked)
}

/// The origin of the page that has opened this one, as the browser says.
fn opener(request: &HttpRequest) -> Option<String> {
    let mut said = request.headers().get_all(REFERER);
    let (Some(referer), None) = (said.next(), said.next()) else { return None };
    let url = Url::parse(referer.to_str().ok()?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

fn allowed<'c>(context: &'c Context, origin: &str) -> Option<&'c TokenOrigin> {
    context.token_origins.iter().find(|allowed| allowed.as_str() == origin)
}

/// What was asked in this session not long ago, by a page that still may ask.
fn asked<'c>(context: &'c Context, session: &Session) -> Option<(Asked, &'c TokenOrigin)> {
    let (asked, now) = (waiting(session)?, clock::now());
    let origin = allowed(context, &asked.origin)?;
    (now < asked.until && asked.until <= now + LIFE).then_some((asked, origin))
}

/// Why nobody can be asked.
enum NobodyNow {
    Stale,
    Store(StoreError),
}

impl NobodyNow {
    fn answer(&self, context: &Context, t: Texts) -> HttpResponse {
        match self {
            Self::Stale => unavailable(context, t),
            Self::Store(error) => store_failed(context, t, error),
        }
    }
}

/// Who is logged in, as the account's row says now; else a guest who has something to give; else nobody.
async fn holder<'p>(
    request: &HttpRequest,
    context: &Context,
    logged_in: &'p LoggedIn,
) -> Result<Option<Holder<'p>>, NobodyNow> {
    if let Some(person) = &logged_in.0 {
        let account = context.store.account(&person.account).await.map_err(NobodyNow::Store)?;
        let stands = account.filter(|account| {
            account.may_log_in(clock::now()) && account.generation == person.grant.generation
        });
        return Ok(stands.map(|account| Holder::Account { person, account }));
    }
    let Some(grant) = grant_of_visitor(request, context) else { return Err(NobodyNow::Stale) };
    let snapshot = context.live.current();
    let gives = grant.account().is_none()
        && (!grant.accepted.is_empty() || grant.passes.iter().any(|pass| is_pass(&snapshot, pass)));
    Ok(gives.then_some(Holder::Guest(Box::new(grant))))
}

/// What the token is sealed of: what the visitor holds, without the reading room's computer that they may sit at.
fn given(
    request: &HttpRequest,
    context: &Context,
    snapshot: &Snapshot,
    holder: &Holder<'_>,
    id: Id128,
) -> Grant {
    let now = clock::now();
    let mut grant = match holder {
        Holder::Account { person, account } => {
            let conditions = snapshot.policy.conditions.set(account.conditions.iter().map(String::as_str));
            let expires = account.expires.unwrap_or(u64::MAX).min(now + context.settings.session_seconds);
            let login = Grant { session: id, conditions, issued: now, expires, ..person.grant.clone() };
            with_what_stays(request, context, &login)
        }
        // There is no list of a guest's sessions: it ends with the guest's cookie.
        Holder::Guest(grant) => Grant { issued: now, ..(**grant).clone() },
    };
    grant.passes.retain(|pass| is_pass(snapshot, pass));
    grant
}

/// A pass that counts: the ID may be that of a device, too.
fn is_pass(snapshot: &Snapshot, id: &Id128) -> bool {
    snapshot.revocations.passes.get(id, clock::now()).is_some()
}

fn to_login() -> String {
    format!("/auth/login?next={CONSENT}")
}

/// A page without any message: there is nobody to send one to.
fn refused(context: &Context, t: Texts, text: Said) -> HttpResponse {
    notice(context, t, StatusCode::FORBIDDEN, t.say("neuroglancer-refused-title"), text, Onward::Nowhere)
}

/// Nothing waits for an answer, or not for this one.
fn over(context: &Context, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("neuroglancer-over-title"), t.say("neuroglancer-over"));
    notice(context, t, StatusCode::FORBIDDEN, title, text, Onward::Nowhere)
}
