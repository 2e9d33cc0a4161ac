//! `/auth/admin/rules/manifest`: rules for ranges and canvases of a manifest, by ticking them. The manifest is one of ours,
//! read through its mount's own origin (P10); what a canvas shows gets an exact rule of its own.

use std::collections::{BTreeMap, BTreeSet};

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::confirm::{mark, opens};
use super::contents::{Contents, Unread, read};
use super::form::{Faults, Form};
use super::policy_to_edit;
use crate::amend::AmendError;
use crate::amend::many::{ManyRules, propose_many};
use crate::clock;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm_if, is_due};
use crate::http::admin::{broken_test, notice};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::policy::Policy;
use crate::policy::rule::RuleSpec;
use crate::policy::upcoming::{Turn, Who};
use crate::shadow::{self, Notice};
use crate::store::{RuleError, StoreError};
use crate::texts::{Said, Texts};

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
    /// How many images change from what to what, and when; and how many stay as they are.
    changes: Vec<(usize, Vec<Turn>)>,
    same: usize,
    opens: Option<Said>,
    tests: usize,
    mark: String,
    fields: Vec<(String, String)>,
    /// With a field for the password, and what was wrong with it.
    asks: bool,
    unconfirmed: Option<Said>,
}

/// The query: which manifest.
#[derive(Debug, Default, Deserialize)]
pub struct Start {
    #[serde(default)]
    url: String,
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
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Form>,
) -> HttpResponse {
    let answered = answer(&request, &administrator, &context, &session, t, &posted.0).await;
    answered.unwrap_or_else(|error| store_failed(&context, t, &error))
}

async fn answer(
    request: &HttpRequest,
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
                let broken = broken_test::in_words(&broken, t);
                Faults { whole: Some(t.say("rules-broken")), broken, ..none() }
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
    let mark = mark(&rules, &many.effects);
    let opens = opens(&many.effects.iter().flatten(), t);
    if form.confirmed != mark {
        let asks = opens.is_some() && is_due(administrator);
        return Ok(confirm(context, session, t, form, many, (mark, opens, asks, None)));
    }
    let password = Some(form.password.clone());
    let confirmed = confirm_if(opens.is_some(), administrator, password, request, context, session, t).await;
    let confirmed = match confirmed {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return Err(error),
        Err(Unconfirmed::Asked(fault)) => {
            return Ok(confirm(context, session, t, form, many, (mark, opens, true, Some(fault))));
        }
    };
    let answer = match many.make(&context.store, confirmed.act()).await {
        Ok(count) => {
            context.catch_up().await;
            notice::leave(session, &t.say("rules-manifest-saved").number("rules", count));
            see_other("/auth/admin/rules")
        }
        // The session may be another one by now, so the answer has to have its cookie.
        Err(error) => refused(error).unwrap_or_else(|error| store_failed(context, t, &error)),
    };
    Ok(confirmed.answer(request, context, answer))
}

/// A rule for each image or file that is ticked, by itself, with its range, or with the whole.
fn wanted(form: &Form, contents: &Contents, policy: &Policy, t: Texts) -> Result<Vec<RuleSpec>, Box<Faults>> {
    let mut places = BTreeSet::new();
    let is_whole = form.has("whole") && !contents.is_cut;
    for range in contents.ranges.iter().filter(|range| form.has(&range.field) && !range.is_cut) {
        places.extend(&range.canvases);
    }
    let ticked = contents.canvases.iter().filter(|canvas| form.has(&canvas.field) && !canvas.is_cut);
    places.extend(ticked.map(|canvas| canvas.first));
    let canvases = contents.canvases.iter().filter(|canvas| is_whole || places.contains(&canvas.first));
    let mut spots: BTreeSet<&(String, String)> = canvases.flat_map(|canvas| &canvas.spots).collect();
    spots.extend(contents.beside.iter().filter(|_| is_whole));
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
    page(status, &template, Framing::Never, None)
}

fn confirm(
    context: &Context,
    session: &Session,
    t: Texts,
    form: &Form,
    many: ManyRules,
    (mark, opens, asks, unconfirmed): (String, Option<Said>, bool, Option<Said>),
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let ManyRules { tests, effects, .. } = many;
    let mut counted: BTreeMap<String, (usize, Vec<Turn>)> = BTreeMap::new();
    let mut same = 0;
    for turns in effects {
        if turns.iter().all(|turn| turn.before == turn.after) {
            same += 1;
        } else {
            counted.entry(format!("{turns:?}")).or_insert((0, turns)).0 += 1;
        }
    }
    let changes: Vec<_> = counted.into_values().collect();
    let status = if unconfirmed.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let template = ConfirmPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        csrf,
        opens,
        changes,
        same,
        tests,
        mark,
        fields: form.fields(),
        asks,
        unconfirmed,
    };
    page(status, &template, Framing::Never, None)
}
