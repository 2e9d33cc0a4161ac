//! `/auth/admin/rules/manifest`: rules for ranges and canvases of a manifest, by ticking them. The manifest is one of ours,
//! read through its mount's own origin (P10); what a canvas shows gets an exact rule of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::form::{Faults, Form};
use super::policy_to_edit;
use crate::amend::AmendError;
use crate::amend::many::{ManyRules, propose_many};
use crate::clock;
use crate::gate::path::{Canonical, Part, locate};
use crate::gate::trial::{path_of, try_path};
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::notice;
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::iiif::outline::Outline;
use crate::origin::OriginError;
use crate::policy::Policy;
use crate::policy::decision::Aspects;
use crate::policy::mount::MountKind;
use crate::policy::rule::{Match, RuleSpec};
use crate::policy::upcoming::{Asked as AskedFor, Who};
use crate::shadow::{self, Notice};
use crate::store::{RuleError, StoreError};
use crate::texts::{Said, Texts};

/// Canvases on one page.
const MOST: usize = 2000;

#[derive(Template)]
#[template(path = "admin/rules_manifest.html")]
struct ManifestPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    url: &'a str,
    url_fault: Option<Said>,
    contents: Option<&'a Contents>,
    form: &'a Form,
    faults: Faults,
    conditions: Vec<(&'a str, &'a str, bool)>,
}

#[derive(Template)]
#[template(path = "admin/rules_manifest_confirm.html")]
struct ConfirmPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    /// How many images change from what to what, and how many stay as they are.
    changes: Vec<(usize, AskedFor, AskedFor)>,
    same: usize,
    opens: bool,
    tests: usize,
    mark: String,
    fields: Vec<(String, String)>,
}

/// What of a manifest can be ticked.
struct Contents {
    ranges: Vec<Range>,
    canvases: Vec<Canvas>,
    /// There are more canvases than are shown.
    is_cut: bool,
}

struct Range {
    /// Of its box in the form.
    field: String,
    label: String,
    canvases: Vec<usize>,
}

struct Canvas {
    field: String,
    label: String,
    thumbnail: Option<String>,
    /// Mount and identifier of what is ours of it.
    spots: Vec<(String, String)>,
    now: Option<AskedFor>,
}

/// The query: which manifest.
#[derive(Debug, Default, Deserialize)]
pub struct Start {
    #[serde(default)]
    url: String,
}

/// Why there is nothing to tick.
enum Unread {
    Said(Said),
    Store(StoreError),
}

/// `GET /auth/admin/rules/manifest?url=…`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    start: web::Query<Start>,
) -> HttpResponse {
    let url = start.url.trim();
    let (mut contents, mut fault) = (None, None);
    if !url.is_empty() {
        match read(&context, url, t).await {
            Ok(read) => contents = Some(read),
            Err(Unread::Said(said)) => fault = Some(said),
            Err(Unread::Store(error)) => return store_failed(&context, t, &error),
        }
    }
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let form = Form::default();
    shown(&context, &session, t, status, (url, fault), contents.as_ref(), &form, Faults::default())
}

/// `POST /auth/admin/rules/manifest`
pub async fn submit(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Form>,
) -> HttpResponse {
    let answered = answer(&administrator, &context, &session, t, &posted.0).await;
    answered.unwrap_or_else(|error| store_failed(&context, t, &error))
}

async fn answer(
    administrator: &Administrator,
    context: &web::Data<Context>,
    session: &Session,
    t: Texts,
    form: &Form,
) -> Result<HttpResponse, StoreError> {
    let url = form.others.get("url").map(|url| url.trim()).unwrap_or_default();
    let again = |status, contents: Option<&Contents>, fault, faults| {
        shown(context, session, t, status, (url, fault), contents, form, faults)
    };
    let none = Faults::default;
    let contents = match read(context, url, t).await {
        Ok(contents) => contents,
        Err(Unread::Said(said)) => return Ok(again(StatusCode::BAD_REQUEST, None, Some(said), none())),
        Err(Unread::Store(error)) => return Err(error),
    };
    if form.action == "back" {
        return Ok(again(StatusCode::OK, Some(&contents), None, none()));
    }
    let Some(snapshot) = policy_to_edit(context).await? else {
        let faults = Faults { whole: Some(t.say("rules-busy")), ..none() };
        return Ok(again(StatusCode::SERVICE_UNAVAILABLE, Some(&contents), None, faults));
    };
    let rules = match wanted(form, &contents, &snapshot.policy, t) {
        Ok(rules) => rules,
        Err(faults) => return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, Some(&contents), None, *faults)),
    };
    let origin = context.settings.site.public_url.origin();
    let stand = (&*snapshot.policy, snapshot.sequence());
    let refused = |error| -> Result<HttpResponse, StoreError> {
        let faults = match error {
            AmendError::Rule(RuleError::Database(error)) => return Err(error),
            AmendError::Broken { broken, .. } => {
                Faults { whole: Some(t.say("rules-broken")), law: broken, ..none() }
            }
            AmendError::Rule(RuleError::Meanwhile) => {
                Faults { whole: Some(t.say("rules-policy-meanwhile")), ..none() }
            }
            other => Faults { whole: Some(t.say("rules-unlawful")), law: vec![other.to_string()], ..none() },
        };
        Ok(again(StatusCode::CONFLICT, Some(&contents), None, faults))
    };
    let many = match propose_many(&context.store, stand, &rules, &origin, clock::now()).await {
        Ok(many) => many,
        Err(error) => return refused(error),
    };
    if many.count() == 0 {
        let faults = Faults { whole: Some(t.say("rules-manifest-already")), ..none() };
        return Ok(again(StatusCode::CONFLICT, Some(&contents), None, faults));
    }
    let mark = mark(&rules, &many);
    if form.confirmed != mark {
        return Ok(confirm(context, session, t, form, many, mark));
    }
    match many.make(&context.store, administrator.act()).await {
        Ok(count) => {
            if let Err(error) = context.live.catch_up(clock::now()).await {
                // They are written; the next poll brings them in.
                tracing::warn!(%error, "the added rules are not in the snapshot yet");
            }
            notice::leave(session, &t.say("rules-manifest-saved").number("rules", count));
            Ok(see_other("/auth/admin/rules"))
        }
        Err(error) => refused(error),
    }
}

/// A rule for each image or file that is ticked, by itself, with its range, or with the whole.
fn wanted(form: &Form, contents: &Contents, policy: &Policy, t: Texts) -> Result<Vec<RuleSpec>, Box<Faults>> {
    let mut places = BTreeSet::new();
    if form.has("whole") {
        places.extend(0..contents.canvases.len());
    }
    for range in contents.ranges.iter().filter(|range| form.has(&range.field)) {
        places.extend(&range.canvases);
    }
    let ticked = contents.canvases.iter().enumerate().filter(|(_, canvas)| form.has(&canvas.field));
    places.extend(ticked.map(|(place, _)| place));
    let canvases = places.iter().filter_map(|place| contents.canvases.get(*place));
    let spots: BTreeSet<&(String, String)> = canvases.flat_map(|canvas| &canvas.spots).collect();
    let Some((mount, identifier)) = spots.first() else {
        return Err(Box::new(Faults { whole: Some(t.say("rules-manifest-nothing")), ..Faults::default() }));
    };
    // The law is asked once: all of them say the same of their spots.
    let first = Form {
        mount: mount.clone(),
        identifier: identifier.clone(),
        matching: "exact".to_owned(),
        ..form.clone()
    };
    let rule = first.read(policy, t)?;
    let of = |(mount, identifier): &(String, String)| RuleSpec {
        mount: mount.clone(),
        identifier: identifier.clone(),
        ..rule.clone()
    };
    Ok(spots.into_iter().map(of).collect())
}

async fn read(context: &web::Data<Context>, url: &str, t: Texts) -> Result<Contents, Unread> {
    let origin = context.settings.site.public_url.origin();
    let snapshot = std::sync::Arc::clone(&context.live.current());
    let mut canonical = Canonical::new();
    let located = path_of(url, &origin)
        .and_then(|path| locate(path.as_bytes(), snapshot.policy.mounts(), &mut canonical).ok())
        .filter(|located| located.part == Part::Manifest);
    let Some(located) = located else {
        return Err(Unread::Said(t.say("rules-manifest-not-ours").with("origin", origin)));
    };
    let mount = located.mount.name.clone();
    let fetched = match context.origins.fetch(&mount, &canonical.path).await {
        Ok(fetched) => fetched,
        Err(OriginError::NotFound) => return Err(Unread::Said(t.say("rules-manifest-none"))),
        Err(error) => {
            tracing::warn!(mount, %error, "the origin gave no usable manifest");
            return Err(Unread::Said(t.say("rules-manifest-unreadable")));
        }
    };
    // Many megabytes may have to be looked through: not on a thread that answers for tiles.
    let read = web::block(move || {
        let outline = Outline::read(&fetched.body)?;
        Ok::<_, crate::iiif::manifest::BadManifest>(contents(outline, &snapshot.policy, &origin))
    });
    match read.await {
        Ok(Ok(contents)) => Ok(contents),
        Ok(Err(_)) => Err(Unread::Said(t.say("rules-manifest-unreadable"))),
        Err(_) => Err(Unread::Store(StoreError::Damaged("a manifest was not read to its end".to_owned()))),
    }
}

fn contents(outline: Outline, policy: &Policy, origin: &str) -> Contents {
    let aspects = Aspects { now: clock::now(), ..Aspects::default() };
    let is_cut = outline.canvases.len() > MOST;
    let canvases = outline.canvases.into_iter().take(MOST).enumerate().map(|(position, canvas)| {
        let (mut spots, mut thumbnail, mut now) = (Vec::new(), None, None);
        for url in &canvas.resources {
            let trial = path_of(url, origin).map(|path| try_path(path, policy, &aspects));
            let Some(trial) = trial.filter(|trial| trial.unread.is_none()) else { continue };
            let Some(mount) = policy.mounts().get(trial.position) else { continue };
            if mount.kind == MountKind::Image && thumbnail.is_none() {
                thumbnail = thumbnail_of(url, origin);
            }
            let spot = RuleSpec {
                mount: mount.rules_name().to_owned(),
                identifier: trial.identifier,
                matching: Match::Exact,
                ..RuleSpec::default()
            };
            now = now.or_else(|| policy.asked_for(&spot, aspects.now));
            spots.push((spot.mount, spot.identifier));
        }
        let label = if canvas.label.is_empty() { (position + 1).to_string() } else { canvas.label };
        Canvas { field: format!("canvas-{position}"), label, thumbnail, spots, now }
    });
    let canvases: Vec<Canvas> = canvases.collect();
    let ranges = outline.ranges.into_iter().enumerate().map(|(position, range)| Range {
        field: format!("range-{position}"),
        label: if range.label.is_empty() { (position + 1).to_string() } else { range.label },
        canvases: range.canvases.into_iter().filter(|place| *place < MOST).collect(),
    });
    Contents { ranges: ranges.collect(), canvases, is_cut }
}

/// A small answer of the image, from our own site: whoever may not see it sees its label.
fn thumbnail_of(service: &str, origin: &str) -> Option<String> {
    let path = path_of(service, origin)?.split(['?', '#']).next()?;
    Some(format!("{}/full/!90,90/0/default.jpg", path.trim_end_matches('/')))
}

#[expect(clippy::too_many_arguments, reason = "each is a part of the page, and it is made in one place")]
fn shown(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    (url, url_fault): (&str, Option<Said>),
    contents: Option<&Contents>,
    form: &Form,
    faults: Faults,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let policy = &context.live.current().policy;
    let conditions = policy.conditions.iter().map(|condition| {
        let name = condition.name.as_str();
        (name, condition.title_in(t.tag()), form.needs(name))
    });
    let template = ManifestPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), clock::now()),
        csrf,
        url,
        url_fault,
        contents,
        form,
        faults,
        conditions: conditions.collect(),
    };
    let mut response = page(status, &template, Framing::Never, None);
    let headers = response.headers_mut();
    // Thumbnails, from our own site alone.
    let more = headers
        .get(CONTENT_SECURITY_POLICY)
        .and_then(|policy| policy.to_str().ok())
        .and_then(|policy| HeaderValue::from_str(&format!("{policy}; img-src 'self'")).ok());
    if let Some(more) = more {
        headers.insert(CONTENT_SECURITY_POLICY, more);
    }
    response
}

fn confirm(
    context: &Context,
    session: &Session,
    t: Texts,
    form: &Form,
    many: ManyRules,
    mark: String,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let ManyRules { tests, effects, .. } = many;
    let mut counted: BTreeMap<String, (usize, AskedFor, AskedFor)> = BTreeMap::new();
    let mut same = 0;
    for (before, after) in effects {
        if before == after {
            same += 1;
        } else {
            counted.entry(format!("{before}\0{after}")).or_insert((0, before, after)).0 += 1;
        }
    }
    let changes: Vec<_> = counted.into_values().collect();
    let is_open = |asked: &AskedFor| asked.who == Who::Everybody;
    let template = ConfirmPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        csrf,
        opens: changes.iter().any(|(_, before, after)| !is_open(before) && is_open(after)),
        changes,
        same,
        tests,
        mark,
        fields: form.fields(),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// A mark of what was shown: if it comes to something else by the time of saving, it is asked again.
fn mark(rules: &[RuleSpec], many: &ManyRules) -> String {
    let shown = format!("{rules:?} {:?}", many.effects);
    Sha256::digest(shown).iter().take(16).fold(String::new(), |mut mark, byte| {
        // Writing into a text cannot fail.
        let _ = write!(mark, "{byte:02x}");
        mark
    })
}
