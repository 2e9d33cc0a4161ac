//! Access that a place gives: the cookie and access services of pattern `kiosk` of both versions (IIIF
//! Authentication 1.0, section 2.3.3; IIIF Authorization Flow 2.0, section 3.2), and the address
//! of pattern `external`, which gives nothing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::Context;
use super::clickthrough::of_pattern;
use super::device::{device_of, with_device_cookie};
use super::extract::is_top_level;
use super::guest::{grant_of_visitor, with_cookie};
use super::login::go_on;
use super::page::{problem, unavailable};
use crate::clock;
use crate::credential::account::DeviceId;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::texts::Texts;

/// `GET /auth/iiif-kiosk/<condition>?origin=…`: a viewer opens it by itself, so it asks nothing (A1-17).
pub async fn enter(
    request: HttpRequest,
    context: web::Data<Context>,
    t: Texts,
    name: web::Path<String>,
) -> HttpResponse {
    match of_pattern(&context, &name, Pattern::Kiosk) {
        Some((bit, condition)) => entered(&request, &context, t, bit, &condition, ""),
        None => super::page::not_found(context, t).await,
    }
}

/// Gives a guest's cookie to a visitor whose address has the condition, or whose computer is a device that has it.
/// It says nothing of the condition: the address, or what the device has, is looked at again at every request
/// (T6). Where the address is enough, viewers want the cookie because they ask for a token with it.
pub(super) fn entered(
    request: &HttpRequest,
    context: &Context,
    t: Texts,
    bit: u8,
    condition: &AccessCondition,
    next: &str,
) -> HttpResponse {
    if !is_top_level(request) {
        let (title, text) = (t.say("problem-not-possible-title"), t.say("kiosk-window"));
        return problem(context, StatusCode::FORBIDDEN, &title, &text);
    }
    let by_address = has_address(request, context, bit);
    let device = if by_address { None } else { device_with(request, context, bit) };
    if !by_address && device.is_none() {
        let text = t.say("kiosk-elsewhere").with("condition", condition.title_in(t.tag()));
        return problem(context, StatusCode::FORBIDDEN, &t.say("kiosk-elsewhere-title"), &text);
    }
    // Without the store nobody knows whether the device is still one.
    if device.is_some() && !context.live.is_fresh(clock::now()) {
        return unavailable(context, t);
    }
    let Some(mut grant) = grant_of_visitor(request, context) else { return unavailable(context, t) };
    let mut response = go_on(context, next, &t.say("kiosk-given-title"), &t.say("kiosk-given"));
    if let Some(device) = device {
        grant.redeem(device);
        response = with_device_cookie(context, t, device, response);
    }
    with_cookie(context, t, &grant, response)
}

fn has_address(request: &HttpRequest, context: &Context, bit: u8) -> bool {
    let conditions = &context.live.current().policy.conditions;
    let address = context.client_address(request);
    address.is_some_and(|address| conditions.of_address(address).contains(bit))
}

/// The enrolled device that this computer is, if it has the condition now.
fn device_with(request: &HttpRequest, context: &Context, bit: u8) -> Option<DeviceId> {
    let device = device_of(request, context)?;
    let devices = &context.live.current().revocations.devices;
    devices.get(&device).is_some_and(|has| has.contains(bit)).then_some(device)
}

/// `GET /auth/iiif-external/<condition>`: an address that clients must ignore (A1-18); whoever opens
/// it all the same is told so, and gets nothing.
pub async fn external(context: web::Data<Context>, t: Texts) -> HttpResponse {
    problem(&context, StatusCode::NOT_FOUND, &t.say("external-title"), &t.say("external-text"))
}
