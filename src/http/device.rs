//! Setting up a computer of a reading room: whoever sits at it types the one-time code that an administrator
//! has made, and the computer gets a device cookie. What the cookie is good for, see [`super::kiosk`].

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::extract::{Checked, csrf_token};
use super::login::{see_other, store_failed, with_retry_after};
use super::page::{Framing, page, unavailable};
use super::{Context, presented};
use crate::audit::Act;
use crate::clock;
use crate::credential::account::DeviceId;
use crate::credential::device::{self, Code};
use crate::credential::presented::cookie;
use crate::policy::condition::AccessCondition;
use crate::store::{Device, StoreError};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage<'a> {
    organisation: &'a str,
    t: Texts,
    csrf: String,
    message: Option<&'a Said>,
    present: Option<Present>,
}

/// What the computer is set up for already.
struct Present {
    label: String,
    condition: String,
    /// Whether that is still a condition that computers can have.
    opens: bool,
}

/// The posted form.
#[derive(Deserialize)]
pub struct DeviceForm {
    #[serde(default = "nothing")]
    code: SecretString,
}

fn nothing() -> SecretString {
    SecretString::from("")
}

/// `GET /auth/device`: what this computer is set up for, and the form. No query counts: a code in
/// an address would stay in the history of a computer that anybody may use.
pub async fn show(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    session: Session,
) -> HttpResponse {
    form(&request, &context, t, &session, StatusCode::OK, None).await
}

/// `POST /auth/device`
pub async fn submit(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    session: Session,
    posted: Checked<DeviceForm>,
) -> HttpResponse {
    // One text, whether there is no such code, it was used, or it is too old: nobody learns which codes there were.
    let wrong = t.say("device-wrong");
    let Some(address) = context.client_address(&request) else {
        return form(&request, &context, t, &session, StatusCode::FORBIDDEN, Some(&wrong)).await;
    };
    if let Err(throttled) = context.throttle.attempt_code(address) {
        let seconds = throttled.retry_after.as_secs() + 1;
        let message = t.say("problem-wait").number("seconds", seconds);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let again = form(&request, &context, t, &session, status, Some(&message)).await;
        return with_retry_after(again, seconds);
    }
    let enrolled = match Code::parse(posted.0.code.expose_secret()) {
        Some(code) => context.store.enrol_device(&code.hash(), Act::visitor(clock::now())).await,
        None => Ok(None),
    };
    match enrolled {
        Ok(Some(device)) => {
            context.throttle.took_code(address);
            tracing::info!(device = %device.id, condition = device.condition, "a device was enrolled");
            context.catch_up().await;
            // To the page that says so: reloading it must not send the used code again.
            with_device_cookie(&context, t, device.id, see_other("/auth/device"))
        }
        Ok(None) => {
            tracing::info!("a device code was refused");
            form(&request, &context, t, &session, StatusCode::FORBIDDEN, Some(&wrong)).await
        }
        Err(error) => store_failed(&context, t, &error),
    }
}

/// The page. The field is always empty: what was typed may be nearly a code (S11).
async fn form(
    request: &HttpRequest,
    context: &Context,
    t: Texts,
    session: &Session,
    status: StatusCode,
    message: Option<&Said>,
) -> HttpResponse {
    let present = match present(request, context, t).await {
        Ok(present) => present,
        Err(error) => return store_failed(context, t, &error),
    };
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let organisation = &context.settings.organisation;
    page(status, &DevicePage { organisation, t, csrf, message, present }, Framing::Never, None)
}

async fn present(request: &HttpRequest, context: &Context, t: Texts) -> Result<Option<Present>, StoreError> {
    let Some(id) = device_of(request, context) else { return Ok(None) };
    let device = context.store.device(&id).await?;
    let active = device.filter(|device| device.enrolled.is_some() && device.revoked.is_none());
    Ok(active.map(|device| described(context, t, device)))
}

fn described(context: &Context, t: Texts, device: Device) -> Present {
    let snapshot = context.live.current();
    let condition = snapshot.policy.conditions.get(device.bit);
    Present {
        label: device.label.as_str().to_owned(),
        condition: condition.map_or(device.condition, |condition| condition.title_in(t.tag()).to_owned()),
        opens: condition.is_some_and(AccessCondition::is_for_devices),
    }
}

/// The device that this computer's cookie names. What it has, if anything, is in the snapshot.
pub(super) fn device_of(request: &HttpRequest, context: &Context) -> Option<DeviceId> {
    let epoch = context.live.current().revocations.epoch;
    let sealed = cookie(presented(request).cookie, &context.cookies.device).ok()?;
    device::open(sealed, &context.keyring, epoch)
}

/// Puts the device cookie into the answer, sealed by the newest key.
pub(super) fn with_device_cookie(
    context: &Context,
    t: Texts,
    device: DeviceId,
    mut response: HttpResponse,
) -> HttpResponse {
    let epoch = context.live.current().revocations.epoch;
    let Some(sealed) = device::seal(device, &context.keyring, epoch, clock::random()) else {
        return unavailable(context, t);
    };
    match response.add_cookie(&context.cookies.device_cookie(sealed)) {
        Ok(()) => response,
        Err(_) => unavailable(context, t),
    }
}
