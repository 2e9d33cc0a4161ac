//! The second step of a login: after name and password a page asks for the code of the second factor. Until it is
//! right there is no cookie and no grant, whichever door the person came through; the session of the pages
//! says that the password was right, for five minutes and as long as the account is as it was.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::Context;
use super::access::door_of;
use super::admission::admit;
use super::authenticate::Refused;
use super::extract::{Checked, csrf_token};
use super::language::texts;
use super::login::{Door, see_other, store_failed, with_retry_after};
use super::notice::{Onward, notice};
use super::page::{Framing, page, unavailable};
use super::return_to::same_site_path;
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::credential::account::{Account, Id128};
use crate::credential::one_time::RecoveryCode;
use crate::credential::second_factor::FactorSecret;
use crate::store::{StoreError, StoredFactor};
use crate::texts::{Said, Texts};

/// Where the page is.
pub const PATH: &str = "/auth/login/code";
const PENDING: &str = "second step";
/// How long the code may take.
const LIFE: u64 = 300;

/// Bytes of the address that the person is sent on to: the session is a cookie, and has more in it.
const LONGEST_NEXT: usize = 1024;

/// What the session of the pages says of somebody whose password was right.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pending {
    epoch: String,
    account: String,
    generation: u32,
    until: UnixSeconds,
    door: PendingDoor,
    next: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum PendingDoor {
    Plain,
    Viewer,
    /// With the name of its condition.
    Access(String),
}

#[derive(Template)]
#[template(path = "second_step.html")]
struct StepPage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    fault: Option<Said>,
}

/// The posted form.
#[derive(Deserialize)]
pub struct StepForm {
    #[serde(default = "nothing")]
    code: SecretString,
}

fn nothing() -> SecretString {
    SecretString::from("")
}

/// Lets somebody in whose password was right, or asks for the code first.
pub(super) async fn after_password(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    (door, next): (&Door, &str),
    account: &Account,
) -> Result<HttpResponse, Refused> {
    let Some(factor) = context.store.second_factor(&account.id).await? else {
        return admit(request, context, session, (door, next), account).await;
    };
    if FactorSecret::open(&factor.sealed, &context.keyring, account.id).is_none() {
        return Ok(unreadable(context, account, texts(request)));
    }
    let pending = Pending {
        epoch: context.live.current().revocations.epoch.to_string(),
        account: account.id.to_string(),
        generation: account.generation,
        until: clock::now() + LIFE,
        door: match door {
            Door::Plain => PendingDoor::Plain,
            Door::Viewer => PendingDoor::Viewer,
            Door::Access(wanted) => PendingDoor::Access(wanted.name.clone()),
        },
        // Too long for the cookie of the session, it would keep the person out.
        next: same_site_path(next, &context.settings.site.public_url.origin())
            .filter(|next| next.len() <= LONGEST_NEXT)
            .unwrap_or_default(),
    };
    if session.insert(PENDING, pending).is_err() {
        return Ok(unavailable(context, texts(request)));
    }
    Ok(see_other(PATH))
}

/// `GET /auth/login/code`
pub async fn show(context: web::Data<Context>, session: Session, t: Texts) -> HttpResponse {
    if pending(&context, &session).is_none() {
        return see_other("/auth/login");
    }
    form(&context, &session, t, StatusCode::OK, None)
}

/// `POST /auth/login/code`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<StepForm>,
) -> HttpResponse {
    let Some(pending) = pending(&context, &session) else { return see_other("/auth/login") };
    let taken = take(&request, &context, &session, &pending, posted.0.code.expose_secret(), t).await;
    match taken {
        Ok(response) => response,
        Err(Refused::NoMatch) => {
            form(&context, &session, t, StatusCode::FORBIDDEN, Some(t.say("own-code-wrong")))
        }
        Err(Refused::Throttled(seconds)) => {
            let fault = t.say("own-too-many").number("seconds", seconds);
            let again = form(&context, &session, t, StatusCode::TOO_MANY_REQUESTS, Some(fault));
            with_retry_after(again, seconds)
        }
        Err(Refused::Busy) => unavailable(&context, t),
        Err(Refused::Store(error)) => store_failed(&context, t, &error),
    }
}

async fn take(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    pending: &Pending,
    typed: &str,
    t: Texts,
) -> Result<HttpResponse, Refused> {
    let again = || {
        session.remove(PENDING);
        Ok(see_other("/auth/login"))
    };
    let Some(id) = Id128::parse(&pending.account) else { return again() };
    let account = context.store.account(&id).await?;
    // The row is newer than the session: what it has ended meanwhile is over (S2).
    let account = account
        .filter(|account| account.may_log_in(clock::now()) && account.generation == pending.generation);
    let Some(account) = account else { return again() };
    // Whoever has none any more begins again, with the password alone.
    let Some(factor) = context.store.second_factor(&id).await? else { return again() };

    let address = context.client_address(request).ok_or(Refused::NoMatch)?;
    let is_recovery = RecoveryCode::parse(typed).is_some();
    let counted = context.throttle.attempt_step(address, &account.username, is_recovery);
    counted.map_err(|throttled| Refused::Throttled(throttled.retry_after.as_secs() + 1))?;
    match check(context, &account, &factor, typed).await? {
        Checking::Right => {}
        Checking::Wrong => {
            tracing::info!(account = %account.id, "a code of a second factor was wrong");
            context.tally.login_failed(Some(account.id), address);
            return Err(Refused::NoMatch);
        }
        Checking::Unreadable => return Ok(unreadable(context, &account, t)),
    }
    context.throttle.took_step(address, &account.username);
    let door = match &pending.door {
        PendingDoor::Plain => Some(Door::Plain),
        PendingDoor::Viewer => Some(Door::Viewer),
        PendingDoor::Access(name) => door_of(context, t, name),
    };
    admit(request, context, session, (&door.unwrap_or(Door::Plain), &pending.next), &account).await
}

/// What came of a code.
enum Checking {
    Right,
    Wrong,
    /// No key opens the secret.
    Unreadable,
}

/// Uses a code up, of the app or a recovery code.
async fn check(
    context: &Context,
    account: &Account,
    factor: &StoredFactor,
    typed: &str,
) -> Result<Checking, StoreError> {
    let now = clock::now();
    let verdict = |right| if right { Checking::Right } else { Checking::Wrong };
    let Some(secret) = FactorSecret::open(&factor.sealed, &context.keyring, account.id) else {
        return Ok(Checking::Unreadable);
    };
    if let Some(code) = RecoveryCode::parse(typed) {
        let used =
            context.store.use_recovery_code(&account.id, &code.hash(), Act::of(account.id, now)).await?;
        if used {
            tracing::info!(account = %account.id, "a recovery code was used");
        }
        return Ok(verdict(used));
    }
    let Some(step) = secret.step_of(typed, now) else { return Ok(Checking::Wrong) };
    let is_newest = context.keyring.is_newest(factor.sealed.as_bytes());
    let resealed = if is_newest { None } else { secret.seal(&context.keyring, account.id, clock::random()) };
    let sealed = resealed.as_deref().unwrap_or(&factor.sealed);
    Ok(verdict(context.store.take_step(&account.id, factor, sealed, step, Act::of(account.id, now)).await?))
}

/// Nobody gets in without the second factor because a key was lost.
fn unreadable(context: &Context, account: &Account, t: Texts) -> HttpResponse {
    tracing::error!(
        account = %account.id,
        "the second factor of an account was sealed with a key that TILEGATE_KEYS does not have any more: \
         add that key again, or take the second factor away with `tilegate account set NAME --no-second-factor`"
    );
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let (title, text) = (t.say("own-factor-unreadable-title"), t.say("own-factor-unreadable"));
    notice(context, t, status, title, text, Onward::Nowhere)
}

fn pending(context: &Context, session: &Session) -> Option<Pending> {
    let pending: Pending = session.get(PENDING).ok()??;
    let now = clock::now();
    let epoch = context.live.current().revocations.epoch;
    let counts = now < pending.until && pending.until <= now + LIFE && Id128::parse(&pending.epoch)? == epoch;
    (counts && context.live.is_fresh(now)).then_some(pending)
}

/// The field is always empty: a code counts once.
fn form(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    fault: Option<Said>,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let organisation = &context.settings.organisation;
    page(status, &StepPage { organisation, t, csrf, fault }, Framing::Never, None)
}
