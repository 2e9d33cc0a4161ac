//! `/auth/demo/`: the samples for authors of viewers, with addresses to copy. There with
//! `tilegate serve --demo` alone.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::Context;
use super::device::with_device_cookie;
use super::extract::{Checked, csrf_token};
use super::login::see_other;
use super::page::{Framing, not_found, page, script_nonce, unavailable};
use crate::demo::{self, Sample};
use crate::policy::mount::{AuthVersions, Mount, MountKind};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "demo.html")]
struct DemoPage<'a> {
    organisation: &'a str,
    /// For developers, so in English whatever they read.
    t: Texts,
    reader: &'a str,
    password: &'a str,
    stranger: &'a str,
    samples: Vec<Shown>,
    csrf: String,
    nonce: &'a str,
}

/// One sample on the page.
struct Shown {
    pattern: &'static str,
    title: &'static str,
    /// What a viewer meets, and what opens it.
    about: &'static str,
    /// What each address is, and the address.
    addresses: Vec<(String, String)>,
    is_kiosk: bool,
}

/// `GET /auth/demo/`
pub async fn show(context: web::Data<Context>, t: Texts, session: Session) -> HttpResponse {
    if !context.demo {
        return not_found(context, t).await;
    }
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let nonce = script_nonce();
    let template = DemoPage {
        organisation: &context.settings.organisation,
        t: Texts::ENGLISH,
        reader: demo::READER,
        password: demo::PASSWORD,
        stranger: demo::STRANGER,
        samples: demo::samples().map(|sample| shown(&context, sample)).collect(),
        csrf,
        nonce: &nonce,
    };
    page(StatusCode::OK, &template, Framing::Never, Some(&nonce))
}

/// The form of the kiosk's button has nothing in it but the secret against forgery.
#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /auth/demo/kiosk`: sets this browser up as a computer of the reading room, without the code that
/// an administrator would give out.
pub async fn become_kiosk(context: web::Data<Context>, t: Texts, _posted: Checked<Nothing>) -> HttpResponse {
    if !context.demo {
        return not_found(context, t).await;
    }
    with_device_cookie(&context, t, demo::DEVICE, see_other("/auth/demo/#kiosk"))
}

fn shown(context: &Context, sample: Sample) -> Shown {
    let origin = context.settings.site.public_url.origin();
    // By name: the mount that the samples are written for comes before those that share its rules.
    let mut mounts: Vec<&Mount> = context.settings.site.mounts.iter().collect();
    mounts.sort_by_key(|mount| &mount.name);
    let own = mounts.iter().find(|mount| mount.name == sample.mount);
    let name = if sample.is_image { sample.name.replace('/', "%2F") } else { sample.name.to_owned() };
    let mut addresses = Vec::new();
    for mount in mounts.iter().filter(|mount| mount.rules_name() == sample.mount) {
        let address = format!("{origin}{}{name}", mount.prefix);
        match mount.kind {
            MountKind::Image => {
                let what = format!("info.json, {}", versions(mount.iiif_auth));
                addresses.push((what, format!("{address}/info.json")));
            }
            MountKind::File | MountKind::S3 => addresses.push(("the file itself".to_owned(), address)),
            MountKind::Manifest => {}
        }
    }
    for mount in mounts.iter().filter(|mount| mount.kind == MountKind::Manifest) {
        let pointed_to = mount.images.as_ref().filter(|_| sample.is_image);
        let pointed_to = pointed_to.and_then(|name| mounts.iter().find(|mount| mount.name == *name));
        // A recording is where it is, whatever mount the manifest points images to.
        if !sample.is_image && mount.images.is_some() {
            continue;
        }
        let spoken = pointed_to.or(own).map_or("without services", |mount| versions(mount.iiif_auth));
        for api in if sample.is_image { &[3, 2][..] } else { &[3] } {
            addresses.push((
                format!("manifest of version {api}, {spoken}"),
                format!("{origin}{}{}-v{api}.json", mount.prefix, sample.pattern),
            ));
        }
    }
    Shown {
        pattern: sample.pattern,
        title: sample.title,
        about: about(sample.pattern),
        addresses,
        is_kiosk: sample.pattern == "kiosk",
    }
}

fn versions(versions: AuthVersions) -> &'static str {
    match versions {
        AuthVersions { one: true, two: true } => "both",
        AuthVersions { one: true, two: false } => "1.0 alone",
        AuthVersions { one: false, two: true } => "2.0 alone",
        AuthVersions { one: false, two: false } => "without services",
    }
}

fn about(pattern: &str) -> &'static str {
    match pattern {
        "open" => "Open to everybody; no service stands in it.",
        "login" => "Locked until somebody logs in. An account without the condition stays locked.",
        "clickthrough" => {
            "Locked until the terms are accepted. In version 1.0 the viewer shows them and the window closes by \
             itself; in version 2.0 Tilegate shows them, with a button."
        }
        "kiosk" => {
            "Locked, except at a computer of the reading room. The button below makes this browser one."
        }
        "external" => {
            "Opened by what is there before the viewer asks: log in first, at /auth/login; or be in a network \
             that the policy names."
        }
        "tier" => {
            "A small substitute is open to everybody, with a name of its own. Version 1.0 alone redirects to it, \
             version 2.0 and both name it in the probe's result."
        }
        "several" => "Any of three conditions opens it: kiosk, terms of use, login, in this order.",
        "sound" => {
            "A recording in a manifest. The services stand on it; HEAD with a token of version 1.0 says whether it would play."
        }
        "pdf" => "A paper that a manifest names as a rendering, protected like the recording.",
        _ => "",
    }
}
