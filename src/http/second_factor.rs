//! One's own second factor: an authenticator app is set up, switched off, or gets new recovery codes. Each asks for
//! the password again, so that an unwatched browser is not enough.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use qrcodegen::{QrCode, QrCodeEcc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::Context;
use super::account::{Told, end_where, tell};
use super::authenticate::{Refused, knows_password};
use super::extract::{Checked, csrf_token};
use super::login::{see_other, store_failed, with_retry_after};
use super::owner::Owner;
use super::page::{Framing, page, unavailable};
use super::password::nothing;
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::config::AdminSecondFactor;
use crate::credential::account::Account;
use crate::credential::one_time::{RECOVERY_CODES, RecoveryCode};
use crate::credential::second_factor::FactorSecret;
use crate::texts::{Said, Texts};

/// Where the page is.
pub const PATH: &str = "/auth/second-factor";
const OFFERED: &str = "second factor";
/// How long a secret is offered for.
const LIFE: u64 = 1800;

/// The secret that the page shows, in the session of the pages, which is sealed, until a code says that the app has it.
#[derive(Clone, Serialize, Deserialize)]
struct Offered {
    account: String,
    secret: String,
    until: UnixSeconds,
}

#[derive(Template)]
#[template(path = "second_factor.html")]
struct FactorPage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    person: &'a str,
    state: State,
    /// An administrator, of whom one is required.
    required: bool,
    password_fault: Option<Said>,
    code_fault: Option<Said>,
}

enum State {
    /// To be set up: the secret in groups, and the picture of it.
    Off {
        secret: String,
        picture: Picture,
    },
    On {
        codes_left: Said,
    },
}

/// A QR code as an SVG path, in a square of so many units.
struct Picture {
    path: String,
    size: i32,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage<'a> {
    organisation: &'a str,
    t: Texts,
    codes: Vec<String>,
    administrator: bool,
}

/// The posted forms.
#[derive(Deserialize)]
pub struct FactorForm {
    #[serde(default = "nothing")]
    password: SecretString,
    #[serde(default = "nothing")]
    code: SecretString,
}

/// What is wrong with what was posted.
#[derive(Default)]
struct Faults {
    password: Option<Said>,
    code: Option<Said>,
}

/// `GET /auth/second-factor`
pub async fn show(context: web::Data<Context>, session: Session, t: Texts, owner: Owner) -> HttpResponse {
    form(&context, &session, t, &owner.account, StatusCode::OK, Faults::default()).await
}

/// `POST /auth/second-factor`: the app has the secret, as its code says.
pub async fn set_up(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    owner: Owner,
    posted: Checked<FactorForm>,
) -> HttpResponse {
    if let Some(answer) = owner.refused_as_shared(&context, t) {
        return answer;
    }
    let account = &owner.account;
    let Some(secret) = offered(&session, account) else { return see_other(PATH) };
    if let Err(answer) = again(&request, &context, &session, t, account, posted.0.password).await {
        return answer;
    }
    let now = clock::now();
    let Some(step) = secret.step_of(posted.0.code.expose_secret(), now) else {
        let faults = Faults { code: Some(t.say("own-factor-code-wrong")), ..Faults::default() };
        return form(&context, &session, t, account, StatusCode::UNPROCESSABLE_ENTITY, faults).await;
    };
    let Some(sealed) = secret.seal(&context.keyring, account.id, clock::random()) else {
        return unavailable(&context, t);
    };
    let codes = new_codes();
    let hashes: Vec<_> = codes.iter().map(RecoveryCode::hash).collect();
    match context
        .store
        .make_second_factor(&account.id, &sealed, step, &hashes, Act::of(account.id, now))
        .await
    {
        Ok(true) => {}
        // It was set up in another window.
        Ok(false) => return see_other(PATH),
        Err(error) => return store_failed(&context, t, &error),
    }
    session.remove(OFFERED);
    tracing::info!(account = %account.id, "a second factor was set up");
    // Whoever logged in elsewhere did so with the password alone.
    if let Err(error) = end_where(&context, account, |id| id != owner.person.session).await {
        return store_failed(&context, t, &error);
    }
    shown_once(&context, t, account, &codes)
}

/// `POST /auth/second-factor/codes`: new recovery codes; the old ones count no more.
pub async fn renew_codes(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    owner: Owner,
    posted: Checked<FactorForm>,
) -> HttpResponse {
    let account = &owner.account;
    if let Err(answer) = again(&request, &context, &session, t, account, posted.0.password).await {
        return answer;
    }
    let codes = new_codes();
    let hashes: Vec<_> = codes.iter().map(RecoveryCode::hash).collect();
    match context.store.replace_recovery_codes(&account.id, &hashes, Act::of(account.id, clock::now())).await
    {
        Ok(true) => {
            tracing::info!(account = %account.id, "recovery codes were made anew");
            shown_once(&context, t, account, &codes)
        }
        Ok(false) => see_other(PATH),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/second-factor/off`
pub async fn switch_off(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    owner: Owner,
    posted: Checked<FactorForm>,
) -> HttpResponse {
    let account = &owner.account;
    if let Err(answer) = again(&request, &context, &session, t, account, posted.0.password).await {
        return answer;
    }
    match context.store.remove_second_factor(&account.id, Act::of(account.id, clock::now())).await {
        Ok(removed) => {
            if removed {
                tracing::info!(account = %account.id, "a second factor was switched off");
                tell(&session, Told::FactorOff);
            }
            see_other("/auth/")
        }
        Err(error) => store_failed(&context, t, &error),
    }
}

/// Asks for the password again; the answer if it is not right.
async fn again(
    request: &HttpRequest,
    context: &Context,
    session: &Session,
    t: Texts,
    account: &Account,
    password: SecretString,
) -> Result<(), HttpResponse> {
    let (status, fault, wait) = match knows_password(request, context, account, password).await {
        Ok(()) => return Ok(()),
        Err(Refused::NoMatch) => (StatusCode::FORBIDDEN, t.say("own-password-wrong"), None),
        Err(Refused::Throttled(seconds)) => {
            let fault = t.say("own-too-many").number("seconds", seconds);
            (StatusCode::TOO_MANY_REQUESTS, fault, Some(seconds))
        }
        Err(Refused::Busy) => (StatusCode::SERVICE_UNAVAILABLE, t.say("own-busy"), Some(5)),
        Err(Refused::Store(error)) => return Err(store_failed(context, t, &error)),
    };
    let faults = Faults { password: Some(fault), ..Faults::default() };
    let answer = form(context, session, t, account, status, faults).await;
    Err(match wait {
        Some(seconds) => with_retry_after(answer, seconds),
        None => answer,
    })
}

fn new_codes() -> [RecoveryCode; RECOVERY_CODES] {
    std::array::from_fn(|_| RecoveryCode::new(clock::random()))
}

/// The codes: the one answer to a POST that is a page and no redirect, because nobody can have them again (S11).
fn shown_once(context: &Context, t: Texts, account: &Account, codes: &[RecoveryCode]) -> HttpResponse {
    let template = CodesPage {
        organisation: &context.settings.organisation,
        t,
        codes: codes.iter().map(RecoveryCode::spelled).collect(),
        administrator: account.administrator,
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// The secret that was offered to this account, if it still is.
fn offered(session: &Session, account: &Account) -> Option<FactorSecret> {
    let offered: Offered = session.get(OFFERED).ok()??;
    let counts = offered.account == account.id.to_string() && clock::now() < offered.until;
    counts.then(|| FactorSecret::parse(&offered.secret))?
}

/// The same secret until it is too old: a reloaded page must fit the app that has read the one before.
fn offer(session: &Session, account: &Account) -> Option<FactorSecret> {
    if let Some(secret) = offered(session, account) {
        return Some(secret);
    }
    let secret = FactorSecret::new(clock::random());
    let until = clock::now() + LIFE;
    let offered = Offered { account: account.id.to_string(), secret: secret.base32(), until };
    session.insert(OFFERED, offered).ok()?;
    Some(secret)
}

async fn form(
    context: &Context,
    session: &Session,
    t: Texts,
    account: &Account,
    status: StatusCode,
    faults: Faults,
) -> HttpResponse {
    let factor = match context.store.second_factor(&account.id).await {
        Ok(factor) => factor,
        Err(error) => return store_failed(context, t, &error),
    };
    let organisation = &context.settings.organisation;
    let state = if let Some(factor) = factor {
        State::On { codes_left: t.say("own-codes-left").number("count", factor.recovery_codes) }
    } else {
        let Some(secret) = offer(session, account) else { return unavailable(context, t) };
        let Some(picture) = picture(&secret.address(organisation, &account.username)) else {
            return unavailable(context, t);
        };
        State::Off { secret: in_groups(&secret.base32()), picture }
    };
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let template = FactorPage {
        organisation,
        t,
        csrf,
        person: account.username.as_str(),
        state,
        required: account.administrator
            && context.settings.admin_second_factor == AdminSecondFactor::Required,
        password_fault: faults.password,
        code_fault: faults.code,
    };
    page(status, &template, Framing::Never, None)
}

fn in_groups(secret: &str) -> String {
    let mut spelled = String::new();
    for (place, character) in secret.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            spelled.push(' ');
        }
        spelled.push(character);
    }
    spelled
}

/// Each row of dark modules as lines of one path; around it four units of light, as readers need.
fn picture(text: &str) -> Option<Picture> {
    use std::fmt::Write as _;
    const MARGIN: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            let length = i32::try_from(length).ok()?;
            if length > 0 {
                write!(path, "M{} {}h{length}v1h-{length}z", x + MARGIN, y + MARGIN).ok()?;
            }
            x += length.max(1);
        }
    }
    Some(Picture { path, size: code.size() + 2 * MARGIN })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path is drawn back into modules and held against the encoder.
    #[test]
    fn the_picture_is_the_code() {
        let text = "otpauth://totp/Example%20Archive:ada?secret=AAAA&issuer=Example%20Archive";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let picture = picture(text).unwrap();
        let mut dark = std::collections::BTreeSet::new();
        for line in picture.path.split_terminator('z') {
            let (at, rest) = line.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let length: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            dark.extend((x..x + length).map(|x| (x - 4, y - 4)));
        }
        assert_eq!(picture.size, code.size() + 8);
        for y in 0..code.size() {
            for x in 0..code.size() {
                assert_eq!(dark.contains(&(x, y)), code.get_module(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn the_longest_names_fit_into_a_picture() {
        let secret = FactorSecret::new([1; 20]);
        let name = crate::credential::account::Username::parse(&"é".repeat(200)).unwrap();
        let picture = picture(&secret.address(&"界".repeat(200), &name)).unwrap();
        assert!(picture.size <= 185, "{}", picture.size);
        assert_eq!(in_groups("ABCDEFGH"), "ABCD EFGH");
    }
}
