//! `/auth/`: who one is, what one holds, where one is logged in, and the way out.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::browser::described;
use super::extract::{Checked, LoggedIn, Person, csrf_token};
use super::login::{see_other, store_failed};
use super::owner::{Owner, is_shared};
use super::page::{Framing, page, unavailable};
use super::renewal::remembered_until;
use super::{Context, presented};
use crate::audit::Act;
use crate::clock;
use crate::credential::account::{Account, Id128};
use crate::gate::grant_of_cookie;
use crate::store::StoreError;
use crate::texts::{Said, Texts};

/// So many sessions are shown; all others can be ended together.
const MOST_SESSIONS: usize = 50;
const TOLD: &str = "told";

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    organisation: &'a str,
    t: Texts,
    own: Option<Own<'a>>,
    /// What this browser has agreed to, logged in or not.
    accepted: Vec<String>,
}

/// What is shown to whoever is logged in.
struct Own<'a> {
    person: &'a str,
    administrator: bool,
    conditions: Vec<String>,
    told: Option<Said>,
    csrf: String,
    /// Whether there is a second factor, and how many recovery codes are left.
    factor: Said,
    sessions: Vec<SessionRow>,
    /// How many sessions are not shown.
    more: Option<Said>,
    has_others: bool,
}

struct SessionRow {
    id: String,
    browser: Said,
    began: String,
    began_machine: String,
    is_this: bool,
}

/// What to do where a browser keeps a viewer's cookies back.
#[derive(Template)]
#[template(path = "viewers.html")]
struct ViewersPage<'a> {
    organisation: &'a str,
    t: Texts,
    host: &'a str,
    origin: &'a str,
}

/// What has just been done, said once on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    PasswordChanged,
    SessionsEnded,
    FactorOff,
}

impl Told {
    const ALL: [(Self, &'static str); 3] = [
        (Self::PasswordChanged, "own-password-changed"),
        (Self::SessionsEnded, "own-sessions-ended"),
        (Self::FactorOff, "own-factor-off-done"),
    ];
}

/// Has it said on the page that the person is sent to; it is no fault if that cannot be.
pub(super) fn tell(session: &Session, told: Told) {
    if let Some((_, message)) = Told::ALL.iter().find(|(one, _)| *one == told) {
        let _ = session.insert(TOLD, message);
    }
}

fn told(session: &Session, t: Texts) -> Option<Said> {
    let message: String = session.get(TOLD).ok()??;
    session.remove(TOLD);
    let (_, message) = Told::ALL.iter().find(|(_, one)| *one == message)?;
    Some(t.say(message))
}

/// `GET /auth/viewers`: which viewer works in which browser, for people whose images stay locked.
pub async fn viewers(context: web::Data<Context>, t: Texts) -> HttpResponse {
    let public = &context.settings.site.public_url;
    let origin = public.origin();
    let organisation = &context.settings.organisation;
    let template = ViewersPage { organisation, t, host: &public.host, origin: &origin };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// `GET /auth/`
pub async fn show(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    logged_in: LoggedIn,
    t: Texts,
) -> HttpResponse {
    let account = match &logged_in.0 {
        Some(person) => match context.store.account(&person.account).await {
            Ok(account) => account.map(|account| (person, account)),
            Err(error) => return store_failed(&context, t, &error),
        },
        None => None,
    };
    let own = match &account {
        Some((person, account)) => {
            let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
            match own(&context, person, account, told(&session, t), csrf, t).await {
                Ok(own) => Some(own),
                Err(error) => return store_failed(&context, t, &error),
            }
        }
        None => None,
    };
    let snapshot = context.live.current();
    let grant = grant_of_cookie(&presented(&request), &context.grounds(&snapshot, clock::now()));
    let accepted =
        grant.map(|grant| snapshot.policy.conditions.accepted(&grant.accepted)).unwrap_or_default();
    let template = AccountPage {
        organisation: &context.settings.organisation,
        t,
        own,
        accepted: snapshot
            .policy
            .conditions
            .of(accepted)
            .map(|one| one.title_in(t.tag()).to_owned())
            .collect(),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

async fn own<'a>(
    context: &Context,
    person: &Person,
    account: &'a Account,
    told: Option<Said>,
    csrf: String,
    t: Texts,
) -> Result<Own<'a>, StoreError> {
    let mut sessions = context.store.sessions(&account.id, clock::now()).await?;
    if is_shared(context, account) {
        // The others are other people.
        sessions.retain(|one| one.id == person.session);
    }
    let factor = context.store.second_factor(&account.id).await?;
    let (this, others): (Vec<_>, Vec<_>) = sessions.iter().partition(|one| one.id == person.session);
    let snapshot = context.live.current();
    let labels = account.conditions.iter().map(|name| {
        let conditions = &snapshot.policy.conditions;
        let condition = conditions.bit(name).and_then(|bit| conditions.get(bit));
        condition.map_or(name.as_str(), |condition| condition.title_in(t.tag())).to_owned()
    });
    Ok(Own {
        person: account.username.as_str(),
        administrator: account.administrator,
        conditions: labels.collect(),
        told,
        csrf,
        factor: match factor {
            Some(factor) => t.say("own-factor-state-on").number("count", factor.recovery_codes),
            None => t.say("own-factor-state-off"),
        },
        has_others: !others.is_empty(),
        more: (sessions.len() > MOST_SESSIONS)
            .then(|| t.say("own-sessions-more").number("count", sessions.len() - MOST_SESSIONS)),
        sessions: this.into_iter().chain(others).take(MOST_SESSIONS).map(|one| row(one, person, t)).collect(),
    })
}

fn row(session: &crate::store::Session, person: &Person, t: Texts) -> SessionRow {
    let began = clock::calendar(session.began).unwrap_or_default();
    SessionRow {
        id: session.id.to_string(),
        browser: match &session.viewer {
            Some(origin) => t.say("own-viewer").with("origin", origin),
            None => described(&session.agent, t),
        },
        began: began.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        began_machine: began.to_string(),
        is_this: session.id == person.session,
    }
}

/// The posted form: which session is to end, or all but this one.
#[derive(Deserialize)]
pub struct EndForm {
    #[serde(default)]
    session: String,
    #[serde(default)]
    others: Option<String>,
}

/// `POST /auth/sessions`: ends one of one's own sessions, or all others.
pub async fn end_sessions(
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    owner: Owner,
    posted: Checked<EndForm>,
) -> HttpResponse {
    if let Some(answer) = owner.refused_as_shared(&context, t) {
        return answer;
    }
    let EndForm { session: named, others } = posted.0;
    let named = Id128::parse(&named);
    let is_meant = |id| if others.is_some() { id != owner.person.session } else { Some(id) == named };
    match end_where(&context, &owner.account, is_meant).await {
        Ok(0) => {}
        Ok(ended) => {
            tracing::info!(account = %owner.account.id, ended, "sessions were ended");
            tell(&session, Told::SessionsEnded);
        }
        Err(error) => return store_failed(&context, t, &error),
    }
    // Whoever pressed an old page's button finds a session gone that is gone.
    see_other("/auth/")
}

/// Ends those sessions of an account that are meant; how many there were.
pub(super) async fn end_where(
    context: &Context,
    account: &Account,
    is_meant: impl Fn(Id128) -> bool,
) -> Result<usize, StoreError> {
    let now = clock::now();
    let sessions = context.store.sessions(&account.id, now).await?;
    let mut ended = 0;
    for session in sessions.iter().filter(|session| is_meant(session.id)) {
        // A replica with a slow clock honours the cookie a little longer than we would.
        context
            .store
            .end_session(&session.id, remembered_until(context, session.expires), Act::of(account.id, now))
            .await?;
        ended += 1;
    }
    if ended > 0 {
        context.catch_up().await;
    }
    Ok(ended)
}
