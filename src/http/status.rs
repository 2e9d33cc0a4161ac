//! The access status: what of a manifest, its ranges, its canvases and their images the present
//! visitor may see, and what would help with the rest. An extension of ours (docs/access-status.md).
//!
//! Manifests stay the same for everybody and can be cached; this small answer is for one visitor and is
//! never stored. It decides by [`crate::gate::status`], which is the decision of a tile.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderValue, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::{Value, json};

use super::token::parameter;
use super::{Context, description, offer, presented};
use crate::clock;
use crate::gate::Grounds;
use crate::gate::path::Canonical;
use crate::gate::status::{Holder, Standing, holder, manifest_of, standing};
use crate::iiif::manifest::BadManifest;
use crate::iiif::outline::{CanvasOutline, Outline};
use crate::origin::OriginError;
use crate::policy::condition::Conditions;
use crate::policy::decision::Decision;
use crate::policy::mount::MountKind;
use crate::policy::permitted::Permitted;
use crate::policy::rule::Operation;
use crate::snapshot::Snapshot;

/// The longest URL that is looked at, bytes.
const MAX_URL: usize = 2048;

/// `GET /auth/status?manifest=<url>`
pub async fn status(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    let reader = Reader::of(&request, &context);
    let (status, body) = match answer(&request, &context, &reader).await {
        Ok(body) => (StatusCode::OK, body),
        Err((status, text)) => (status, json!({ "error": text }).to_string()),
    };
    let mut response = HttpResponse::build(status).content_type("application/json").body(body);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reader.admit(&mut response);
    response
}

/// `OPTIONS /auth/status`
pub async fn preflight(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    let mut response = description::preflight();
    Reader::of(&request, &context).admit(&mut response);
    response
}

/// Which page asks, and whether its visitor's cookie counts: the answer is about a person, so only our
/// own and listed pages get it by cookie (T7). Any page gets it by a 1.0 token, which it was given.
enum Reader {
    /// No page of another site.
    Own,
    /// A listed one, by its serialised origin.
    Listed(HeaderValue),
    Foreign,
}

impl Reader {
    fn of(request: &HttpRequest, context: &Context) -> Self {
        let presented = presented(request);
        match presented.origin {
            None | Some(b"") => {
                // A cross-site request without an Origin is none that a page could read; it gets nothing of the
                // visitor's either.
                let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
                if matches!(site, None | Some(b"same-origin" | b"none")) { Self::Own } else { Self::Foreign }
            }
            Some(origin) if context.readers.iter().any(|reader| reader.as_bytes() == origin) => {
                HeaderValue::from_bytes(origin).map_or(Self::Foreign, Self::Listed)
            }
            Some(_) => Self::Foreign,
        }
    }

    fn cookie_counts(&self) -> bool {
        !matches!(self, Self::Foreign)
    }

    fn admit(&self, response: &mut HttpResponse) {
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("Origin, Authorization, Cookie"));
        match self {
            Self::Listed(origin) => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            Self::Own | Self::Foreign => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
        }
    }
}

type Refused = (StatusCode, &'static str);

async fn answer(
    request: &HttpRequest,
    context: &web::Data<Context>,
    reader: &Reader,
) -> Result<String, Refused> {
    const USAGE: &str = "Write ?manifest= and the URL of a manifest of this site, percent-encoded.";
    const NOT_OURS: &str = "The URL is not that of a manifest of this site.";
    if !context.is_trusted_peer(request) {
        return Err((StatusCode::FORBIDDEN, "untrusted-peer"));
    }
    let url = parameter(request, "manifest").filter(|url| !url.is_empty());
    let url = url.ok_or((StatusCode::BAD_REQUEST, USAGE))?;
    if url.len() > MAX_URL {
        return Err((StatusCode::BAD_REQUEST, "The URL is longer than 2048 bytes."));
    }
    let public_origin = context.settings.site.public_url.origin();
    let mut canonical = Canonical::new();

    let (own, mount) = {
        let snapshot = context.live.current();
        let grounds = context.grounds(&snapshot, clock::now());
        let holder = holder(&presented(request), &grounds, reader.cookie_counts())
            .map_err(|reason| (StatusCode::FORBIDDEN, reason))?;
        let own = standing(&url, &public_origin, &grounds, &holder, &mut canonical);
        let mount = manifest_of(&url, &public_origin, &grounds, &mut canonical).map(str::to_owned);
        match (own, mount) {
            (Some(own), Some(mount)) => (own, mount),
            _ => return Err((StatusCode::BAD_REQUEST, NOT_OURS)),
        }
    };
    // Whoever may not see the manifest is told so and nothing of what is in it; its origin is not asked.
    let fetched = if own.decision.is_allow() {
        let fetched = context.origins.fetch(&mount, &canonical.path).await;
        Some(fetched.map_err(|error| match error {
            OriginError::NotFound => (StatusCode::NOT_FOUND, "There is no manifest of this name."),
            error => unusable(&mount, &error),
        })?)
    } else {
        None
    };

    // The policy may be another by now: everything below is judged by one.
    let (now, snapshot) = (clock::now(), Arc::clone(&context.live.current()));
    let holder = holder(&presented(request), &context.grounds(&snapshot, now), reader.cookie_counts())
        .map_err(|reason| (StatusCode::FORBIDDEN, reason))?;
    // Many megabytes may have to be looked through, and as many written: not on a thread that answers for tiles.
    let shared = context.clone();
    let written = web::block(move || {
        let outline = fetched.as_ref().map(|fetched| Outline::read(&fetched.body)).transpose()?;
        let grounds = shared.grounds(&snapshot, now);
        let public_origin = &public_origin;
        let asked = Asked { context: &shared, snapshot: &snapshot, grounds, holder, public_origin };
        Ok::<_, BadManifest>(asked.document(&url, outline.as_ref()).to_string())
    });
    match written.await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => Err(unusable(&mount, &error)),
        Err(error) => Err(unusable(&mount, &error)),
    }
}

fn unusable(mount: &str, error: &dyn std::fmt::Display) -> Refused {
    tracing::error!(mount, %error, "the origin gave no usable manifest");
    (StatusCode::BAD_GATEWAY, "The server behind this address did not give a usable answer.")
}

/// One visitor's question.
struct Asked<'a> {
    context: &'a Context,
    snapshot: &'a Snapshot,
    grounds: Grounds<'a>,
    holder: Holder,
    public_origin: &'a str,
}

/// How something stands, in the words of the answer. Equal states are written once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
struct State {
    status: Word,
    /// What would open what is not allowed; any one is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<String>,
    /// What may be done with it now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operations: Vec<Operation>,
    /// How long a side of the whole image may be then, in pixels, if not as long as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole_image_px: Option<u32>,
    /// When a date of the policy changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl State {
    fn elsewhere() -> Self {
        Self {
            status: Word::Elsewhere,
            conditions: Vec::new(),
            operations: Vec::new(),
            whole_image_px: None,
            until: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    /// All of it.
    Allowed,
    /// Some of it.
    Partial,
    /// None of it now; a service gives a condition that opens it.
    Acquirable,
    /// None of it, and no service helps.
    Denied,
    /// Nothing of ours: this service cannot tell.
    Elsewhere,
}

/// The states of an answer, numbered in the order in which they came up.
#[derive(Default)]
struct States {
    numbers: HashMap<State, usize>,
    listed: Vec<State>,
    /// Every condition that some state names.
    needed: Conditions,
}

impl States {
    fn number(&mut self, state: State) -> usize {
        let next = self.listed.len();
        *self.numbers.entry(state).or_insert_with_key(|state| {
            self.listed.push(state.clone());
            next
        })
    }
}

impl Asked<'_> {
    fn document(&self, url: &str, outline: Option<&Outline>) -> Value {
        let mut states = States::default();
        let mut canonical = Canonical::new();
        let mut of = |url: &str, states: &mut States| self.state(url, states, &mut canonical);
        let itself = of(url, &mut states);
        let mut document = json!({
            "type": "AccessStatus1",
            "manifest": { "id": url, "state": states.number(itself) },
        });
        if let Some(outline) = outline {
            let listed = |resources: &[String], of: &mut dyn FnMut(&str) -> State| -> Vec<(String, State)> {
                resources.iter().map(|resource| (resource.clone(), of(resource))).collect()
            };
            let mut parts: Vec<State> = Vec::with_capacity(outline.canvases.len());
            let mut canvases = Vec::with_capacity(outline.canvases.len());
            for CanvasOutline { id, resources, .. } in &outline.canvases {
                let resources = listed(resources, &mut |url| of(url, &mut states));
                let whole = together(resources.iter().map(|(_, state)| state));
                canvases.push(entry(id, &whole, &resources, &mut states));
                parts.push(whole);
            }
            let resources = listed(&outline.resources, &mut |url| of(url, &mut states));
            let content = together(parts.iter().chain(resources.iter().map(|(_, state)| state)));
            let ranges = outline.ranges.iter().map(|range| {
                let whole = together(range.canvases.iter().filter_map(|place| parts.get(*place)));
                json!({ "id": range.id, "state": states.number(whole) })
            });
            let ranges: Vec<_> = ranges.collect();
            let resources: Vec<_> = resources
                .iter()
                .map(|(id, state)| json!({ "id": id, "state": states.number(state.clone()) }))
                .collect();
            if let Some(manifest) = document.get_mut("manifest").and_then(Value::as_object_mut) {
                manifest.insert("content".to_owned(), json!(states.number(content)));
                if !resources.is_empty() {
                    manifest.insert("resources".to_owned(), json!(resources));
                }
            }
            if let Some(document) = document.as_object_mut() {
                document.insert("ranges".to_owned(), json!(ranges));
                document.insert("canvases".to_owned(), json!(canvases));
            }
        }
        if let Some(document) = document.as_object_mut() {
            document.insert("states".to_owned(), json!(states.listed));
            document.insert("conditions".to_owned(), json!(self.conditions(states.needed)));
        }
        document
    }

    fn state(&self, url: &str, states: &mut States, canonical: &mut Canonical) -> State {
        let Some(Standing { decision, kind, permitted, until }) =
            standing(url, self.public_origin, &self.grounds, &self.holder, canonical)
        else {
            return State::elsewhere();
        };
        let until = until.and_then(clock::calendar);
        let (word, conditions, operations) = match decision {
            Decision::Allow(_) => (Word::Allowed, Vec::new(), operations(kind, permitted)),
            Decision::Challenge(needed, _) => {
                states.needed = states.needed.union(&needed);
                let of = self.snapshot.policy.conditions.of(needed);
                (Word::Acquirable, of.map(|condition| condition.name.clone()).collect(), Vec::new())
            }
            Decision::Refuse(_) => (Word::Denied, Vec::new(), Vec::new()),
        };
        let whole_image_px = permitted.answer_px().filter(|_| operations.contains(&Operation::WholeImage));
        let until = until.map(|until| until.to_string());
        State { status: word, conditions, operations, whole_image_px, until }
    }

    /// What the states name: how each is got, and whether the visitor holds it.
    fn conditions(&self, needed: Conditions) -> BTreeMap<String, Value> {
        let held = self.holder.aspects.held.union(&self.holder.aspects.by_network);
        let conditions = &self.snapshot.policy.conditions;
        let described = needed.iter().filter_map(|bit| {
            let condition = conditions.get(bit)?;
            let services = offer::addresses_of(self.context, condition)?;
            let label: BTreeMap<_, _> = condition.label.iter().map(|(tag, text)| (tag, [text])).collect();
            let word = json!({
                "held": held.contains(bit),
                "pattern": condition.pattern,
                "label": label,
                "service": services,
            });
            Some((condition.name.clone(), word))
        });
        described.collect()
    }
}

/// What whoever may see a resource can do with it.
fn operations(kind: MountKind, permitted: Permitted) -> Vec<Operation> {
    let possible: &[Operation] = match kind {
        MountKind::Image => &[Operation::View, Operation::WholeImage],
        MountKind::Manifest => &[Operation::View],
        MountKind::File | MountKind::S3 => &[Operation::WholeDocument],
    };
    permitted.operations().filter(|operation| possible.contains(operation)).collect()
}

fn entry(id: &str, whole: &State, resources: &[(String, State)], states: &mut States) -> Value {
    let listed: Vec<_> = resources
        .iter()
        .map(|(id, state)| json!({ "id": id, "state": states.number(state.clone()) }))
        .collect();
    json!({ "id": id, "state": states.number(whole.clone()), "resources": listed })
}

/// How the whole stands whose parts stand like these.
fn together<'s>(parts: impl Iterator<Item = &'s State>) -> State {
    let mut parts = parts.filter(|part| part.status != Word::Elsewhere).peekable();
    let Some(first) = parts.peek() else {
        return State::elsewhere();
    };
    let mut whole = (*first).clone();
    for part in parts {
        whole.status = match (whole.status, part.status) {
            (one, other) if one == other => one,
            (Word::Allowed | Word::Partial, _) | (_, Word::Allowed | Word::Partial) => Word::Partial,
            _ => Word::Acquirable,
        };
        for condition in &part.conditions {
            if !whole.conditions.contains(condition) {
                whole.conditions.push(condition.clone());
            }
        }
        whole.operations.retain(|operation| part.operations.contains(operation));
        whole.whole_image_px = match (whole.whole_image_px, part.whole_image_px) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        whole.until = match (whole.until.take(), &part.until) {
            (Some(one), Some(other)) => Some(one.min(other.clone())),
            (one, other) => one.or_else(|| other.clone()),
        };
    }
    whole
}
