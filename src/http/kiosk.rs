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
use super::login::close;
use super::page::{problem, unavailable};
use crate::clock;
use crate::credential::account::DeviceId;
use crate::policy::condition::{AccessCondition, Pattern};

/// `GET /auth/iiif-kiosk/<condition>?origin=…`: a viewer opens it by itself, so it asks nothing (A1-17).
pub async fn enter(
    request: HttpRequest,
    context: web::Data<Context>,
    name: web::Path<String>,
) -> HttpResponse {
    match of_pattern(&context, &name, Pattern::Kiosk) {
        Some((bit, condition)) => entered(&request, &context, bit, &condition),
        None => super::page::not_found(context).await,
    }
}

/// Gives a guest's cookie to a visitor whose address has the condition, or whose computer is a device that has it.
/// It says nothing of the condition: the address, or what the device has, is looked at again at every request
/// (T6). Where the address is enough, viewers want the cookie because they ask for a token with it.
pub(super) fn entered(
    request: &HttpRequest,
    context: &Context,
    bit: u8,
    condition: &AccessCondition,
) -> HttpResponse {
    if !is_top_level(request) {
        let text = "This needs a window of its own.";
        return problem(context, StatusCode::FORBIDDEN, "Not possible here", text);
    }
    let by_address = has_address(request, context, bit);
    let device = if by_address { None } else { device_with(request, context, bit) };
    if !by_address && device.is_none() {
        let text = format!(
            "This computer is not set up for “{}”. Please ask the staff. You can close this window.",
            condition.title()
        );
        return problem(context, StatusCode::FORBIDDEN, "Not from here", &text);
    }
    // Without the store nobody knows whether the device is still one.
    if device.is_some() && !context.live.is_fresh(clock::now()) {
        return unavailable(context);
    }
    let Some(mut grant) = grant_of_visitor(request, context) else { return unavailable(context) };
    let text = "This computer may see it. This window closes by itself; if it does not, you can close it.";
    let mut response = close(context, "Access given", text, true);
    if let Some(device) = device {
        grant.redeem(device);
        response = with_device_cookie(context, device, response);
    }
    with_cookie(context, &grant, response)
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
pub async fn external(context: web::Data<Context>) -> HttpResponse {
    let text = "There is nothing to do here: this access comes from the network you are in, or from a login before the viewer was opened. You can close this window.";
    problem(&context, StatusCode::NOT_FOUND, "Nothing to do here", text)
}
