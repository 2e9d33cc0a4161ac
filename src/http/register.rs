//! `/auth/register`: somebody without an account asks for one, and has one once an administrator has approved.
//!
//! Every request is answered alike and costs the same work, whatever name it is for (S8): the password is hashed, in the
//! pool of the logins (S9), and the request stored. Nobody is sent anything, so the page says to ask in person.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::Context;
use super::admin::accounts::form::username_fault;
use super::extract::{Checked, csrf_token};
use super::login::{see_other, store_failed, with_retry_after};
use super::new_password::{PasswordFaults, checked};
use super::notice::{Onward, notice};
use super::page::{Framing, not_found, page, unavailable};
use super::password::{busy, nothing};
use crate::audit::Act;
use crate::clock;
use crate::config::SelfRegistration;
use crate::credential::account::{Id128, Username, is_deceptive};
use crate::password::{HashError, SHORTEST_PASSWORD};
use crate::store::NewRegistration;
use crate::texts::{Said, Texts};

/// Where one is told that it was sent.
const SENT: &str = "/auth/register/sent";
/// Characters of a message.
const LONGEST_MESSAGE: usize = 1000;
/// So many requests wait at most: what strangers can write is bounded, and nobody reads more.
pub const MOST_WAITING: u64 = 1000;
/// When to come back if so many wait, seconds: administrators have to decide first.
const LATER: u64 = 86_400;

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    shortest: usize,
    longest: usize,
    username: &'a str,
    message: &'a str,
    fault: Option<Said>,
    name_fault: Option<Said>,
    message_fault: Option<Said>,
    faults: PasswordFaults,
}

/// The posted form.
#[derive(Deserialize)]
pub struct RegisterForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    message: String,
    #[serde(default = "nothing")]
    new: SecretString,
    #[serde(default = "nothing")]
    again: SecretString,
}

/// What is wrong with the form.
#[derive(Default)]
struct Faults {
    whole: Option<Said>,
    name: Option<Said>,
    message: Option<Said>,
    password: PasswordFaults,
}

/// Whether people may ask.
pub(super) fn is_open(context: &Context) -> bool {
    context.settings.self_registration == SelfRegistration::Approved
}

/// `GET /auth/register`
pub async fn show(context: web::Data<Context>, session: Session, t: Texts) -> HttpResponse {
    if !is_open(&context) {
        return not_found(context, t).await;
    }
    match context.store.waiting_registrations().await {
        Ok(waiting) if waiting >= MOST_WAITING => too_many_wait(&context, t),
        Ok(_) => form(&context, &session, t, StatusCode::OK, ("", ""), Faults::default()),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/register`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<RegisterForm>,
) -> HttpResponse {
    if !is_open(&context) {
        return not_found(context, t).await;
    }
    let RegisterForm { username: typed, message: written, new, again } = posted.0;
    let show = |status, faults| form(&context, &session, t, status, (&typed, &written), faults);
    let later = |seconds: u64| {
        let whole = Some(t.say("problem-wait").number("seconds", seconds));
        let faults = Faults { whole, ..Faults::default() };
        with_retry_after(show(StatusCode::TOO_MANY_REQUESTS, faults), seconds)
    };
    let Some(address) = context.client_address(&request) else { return not_found(context, t).await };
    if let Err(throttled) = context.throttle.attempt_registration(address) {
        return later(throttled.retry_after.as_secs() + 1);
    }

    let mut faults = Faults::default();
    let username = Username::parse(&typed).map_err(|bad| faults.name = Some(username_fault(bad, t)));
    let message = readable(&written);
    if message.is_empty() {
        faults.message = Some(t.say("fault-empty"));
    } else if message.chars().count() > LONGEST_MESSAGE {
        faults.message = Some(t.say("register-message-long").number("most", LONGEST_MESSAGE));
    }
    // All that is wrong is told at once, so that nobody types the passwords once more for each fault.
    let named = username.clone().unwrap_or_else(|()| Username::unnameable());
    let new = checked(&context, &named, new, &again, t).await.map_err(|wrong| faults.password = wrong);
    let (Ok(username), Ok(new), None) = (username, new, &faults.message) else {
        return show(StatusCode::UNPROCESSABLE_ENTITY, faults);
    };

    match context.store.waiting_registrations().await {
        Ok(waiting) if waiting >= MOST_WAITING => return too_many_wait(&context, t),
        Ok(_) => {}
        Err(error) => return store_failed(&context, t, &error),
    }
    if let Err(throttled) = context.throttle.registers(address) {
        return later(throttled.retry_after.as_secs() + 1);
    }
    let password_hash = match context.passwords.hash(new).await {
        Ok(hash) => hash,
        Err(HashError::Busy(_)) => {
            let faults = Faults { whole: Some(t.say("own-busy")), ..Faults::default() };
            return busy(show(StatusCode::SERVICE_UNAVAILABLE, faults));
        }
        Err(error) => {
            tracing::error!(%error, "a password could not be hashed");
            return unavailable(&context, t);
        }
    };
    let registration = NewRegistration { id: Id128(clock::random()), username, password_hash, message };
    let act = Act::visitor(clock::now());
    match context.store.ask_for_account(&registration, MOST_WAITING, act).await {
        Ok(true) => {
            tracing::info!(registration = %registration.id, "somebody has asked for an account");
            see_other(SENT)
        }
        Ok(false) => too_many_wait(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `GET /auth/register/sent`: the page after it; it says the same to everybody.
pub async fn sent(context: web::Data<Context>, t: Texts) -> HttpResponse {
    if !is_open(&context) {
        return not_found(context, t).await;
    }
    let (title, text) = (t.say("register-sent-title"), t.say("register-sent"));
    notice(&context, t, StatusCode::OK, title, text, Onward::Nowhere)
}

fn too_many_wait(context: &Context, t: Texts) -> HttpResponse {
    let title = t.say("register-full-title");
    let text = t.say("register-full").with("organisation", &context.settings.organisation);
    let answer = notice(context, t, StatusCode::SERVICE_UNAVAILABLE, title, text, Onward::Nowhere);
    with_retry_after(answer, LATER)
}

/// A message as administrators will read it: lines, and nothing that cannot be seen or turns the direction of writing.
fn readable(written: &str) -> String {
    // Browsers send line ends of their own.
    let lines = written.replace("\r\n", "\n");
    let characters = lines.chars().map(|character| match character {
        '\r' | '\u{2028}' | '\u{2029}' => '\n',
        '\t' => ' ',
        other => other,
    });
    let mut message = String::new();
    for character in characters.filter(|character| *character == '\n' || !is_deceptive(*character)) {
        // A page of empty lines would push away what stands below it.
        if character == '\n' && message.ends_with("\n\n") {
            continue;
        }
        message.push(character);
    }
    message.trim().to_owned()
}

fn form(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    (username, message): (&str, &str),
    faults: Faults,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let template = RegisterPage {
        organisation: &context.settings.organisation,
        t,
        csrf,
        shortest: SHORTEST_PASSWORD,
        longest: LONGEST_MESSAGE,
        username,
        message,
        fault: faults.whole,
        name_fault: faults.name,
        message_fault: faults.message,
        faults: faults.password,
    };
    page(status, &template, Framing::Never, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_lines_and_nothing_that_deceives() {
        for (written, expected) in [
            (" I read maps.\r\nAda \r", "I read maps.\nAda"),
            ("a\tb\u{0}c\u{7}d", "a bcd"),
            ("a\u{202e}b\u{2066}c\u{200f}d\u{feff}", "abcd"),
            ("a\n\n\n\n\nb\u{2029}c", "a\n\nb\nc"),
            ("a\r\n\u{200b}\r\n\u{200b}\r\nb", "a\n\nb"),
            ("\u{200b}\u{2028}\n \t", ""),
            ("مرحبا שלום 🙂", "مرحبا שלום 🙂"),
        ] {
            assert_eq!(readable(written), expected, "{written:?}");
        }
    }
}
