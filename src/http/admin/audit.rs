//! `/auth/admin/audit`: who did what, found by who, what and when.

mod export;
mod words;

use std::collections::HashMap;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::administrator::Administrator;
use super::moment;
use crate::audit::chain::Whole;
use crate::audit::{Actor, Record};
use crate::clock;
use crate::credential::account::{AccountId, Id128, Username};
use crate::http::Context;
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::store_failed;
use crate::http::page::{Framing, page, unavailable};
use crate::policy::file;
use crate::shadow::{self, Notice};
use crate::store::{AuditError, AuditFilter, StoreError};
use crate::texts::{Said, Texts};
pub use export::export;
use words::{action_in_words, actor_in_words, groups};

/// Lines on one page.
const PER_PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    asked: &'a Asked,
    faults: Faults,
    groups: Vec<(&'static str, Said)>,
    rows: Vec<Row>,
    is_narrowed: bool,
    earlier: Option<String>,
    newest: Option<String>,
    days: u64,
    verdict: Option<Result<Said, Said>>,
}

struct Row {
    number: u64,
    at: String,
    who: Said,
    who_link: Option<String>,
    what: Said,
    subject: Option<Named>,
    details: Vec<Detail>,
}

/// What a line is about, as people call it, and where it has a page.
struct Named {
    name: String,
    link: Option<String>,
}

/// A field, with what it was and what it is.
struct Detail {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// The query as it was asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// An account's name.
    #[serde(default)]
    who: String,
    /// `rule.`, or a whole word.
    #[serde(default)]
    what: String,
    /// An identity, from a link of ours.
    #[serde(default)]
    about: String,
    /// A part of what it was done to.
    #[serde(default)]
    subject: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    /// Only lines before this one.
    #[serde(default)]
    before: String,
}

/// What is wrong with each field.
#[derive(Debug, Default)]
struct Faults {
    who: Option<Said>,
    from: Option<Said>,
    until: Option<Said>,
}

impl Faults {
    fn is_none(&self) -> bool {
        self.who.is_none() && self.from.is_none() && self.until.is_none()
    }
}

impl Asked {
    fn is_narrowed(&self) -> bool {
        let Self { who, what, about, subject, from, until, before: _ } = self;
        [who, what, about, subject, from, until].into_iter().any(|part| !part.trim().is_empty())
    }

    /// Which lines are meant; one fault at least, if it is not certain.
    async fn filter(&self, context: &Context, t: Texts) -> Result<Result<AuditFilter, Faults>, StoreError> {
        let mut faults = Faults::default();
        let by = match self.who.trim() {
            "" => None,
            who => {
                let person = person(context, who).await?;
                if person.is_none() {
                    faults.who = Some(t.say("audit-no-such-person"));
                }
                person.map(Actor::Account)
            }
        };
        let day = |typed: &str, fault: &mut Option<Said>| {
            let typed = typed.trim();
            let read = file::seconds(typed);
            if read.is_none() && !typed.is_empty() {
                *fault = Some(t.say("fault-day"));
            }
            read
        };
        let from = day(&self.from, &mut faults.from);
        // The day itself is meant to be in it.
        let until = day(&self.until, &mut faults.until).map(|until| until.saturating_add(86_400));
        let about = Some(self.about.trim()).filter(|about| !about.is_empty()).map(str::to_owned);
        let subject_part = self.subject.trim().to_owned();
        let filter = AuditFilter { by, action: self.what.clone(), about, subject_part, from, until };
        Ok(if faults.is_none() { Ok(filter) } else { Err(faults) })
    }

    fn link(&self, before: Option<u64>) -> String {
        let mut query = Serializer::new(String::new());
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        for (name, value) in [
            ("who", &self.who),
            ("what", &self.what),
            ("about", &self.about),
            ("subject", &self.subject),
            ("from", &self.from),
            ("until", &self.until),
            ("before", &before),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/auth/admin/audit?{}", query.finish())
    }
}

/// Whoever has, or had last, this name.
async fn person(context: &Context, typed: &str) -> Result<Option<AccountId>, StoreError> {
    let Ok(username) = Username::parse(typed) else { return Ok(None) };
    if let Some(account) = context.store.account_by_name(&username).await? {
        return Ok(Some(account.id));
    }
    Ok(context.store.person(username.as_str()).await?.pop())
}

/// `GET /auth/admin/audit?who=…&what=…&subject=…&from=…&until=…`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    asked: web::Query<Asked>,
) -> HttpResponse {
    answer(&context, &session, t, &asked, None)
        .await
        .unwrap_or_else(|error| store_failed(&context, t, &error))
}

/// `POST /auth/admin/audit/verify`: goes through the whole trail.
pub async fn verify(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    _: Checked<Asked>,
) -> HttpResponse {
    let verdict = match context.store.verify_audit(None).await {
        Ok(whole) => {
            let Whole { first, last, head } = whole;
            Ok(t.say("audit-whole").number("first", first).number("last", last).with("head", head))
        }
        Err(AuditError::Broken(broken)) => {
            tracing::error!(%broken, "the audit trail was tampered with");
            Err(t.say("audit-broken").with("fault", broken))
        }
        Err(AuditError::Store(error)) => return store_failed(&context, t, &error),
    };
    let answered = answer(&context, &session, t, &Asked::default(), Some(verdict)).await;
    answered.unwrap_or_else(|error| store_failed(&context, t, &error))
}

async fn answer(
    context: &Context,
    session: &Session,
    t: Texts,
    asked: &Asked,
    verdict: Option<Result<Said, Said>>,
) -> Result<HttpResponse, StoreError> {
    let Ok(csrf) = csrf_token(session) else { return Ok(unavailable(context, t)) };
    let (mut status, mut lines, mut faults) = (StatusCode::OK, Vec::new(), Faults::default());
    match asked.filter(context, t).await? {
        Ok(filter) => lines = context.store.audit(&filter, asked.before.parse().ok(), PER_PAGE + 1).await?,
        Err(wrong) => (status, faults) = (StatusCode::BAD_REQUEST, wrong),
    }
    let has_more = lines.len() > PER_PAGE as usize;
    lines.truncate(PER_PAGE as usize);
    let names = context.store.names(lines.iter().flat_map(mentioned)).await?;
    let template = AuditPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        csrf,
        asked,
        faults,
        groups: groups(t),
        earlier: lines.last().filter(|_| has_more).map(|last| asked.link(Some(last.number))),
        newest: (!asked.before.is_empty()).then(|| asked.link(None)),
        rows: lines.iter().map(|line| Row::of(line, &names, t)).collect(),
        is_narrowed: asked.is_narrowed(),
        days: context.settings.audit_days,
        verdict,
    };
    Ok(page(status, &template, Framing::Never, None))
}

/// A line in few words.
pub(super) struct Recent {
    pub(super) at: String,
    pub(super) who: Said,
    pub(super) what: Said,
    pub(super) about: Option<String>,
}

/// The newest lines that are wanted, in few words.
pub(super) async fn recent(
    context: &Context,
    filter: &AuditFilter,
    at_most: u32,
    t: Texts,
) -> Result<Vec<Recent>, StoreError> {
    let lines = context.store.audit(filter, None, at_most).await?;
    let names = context.store.names(lines.iter().flat_map(mentioned)).await?;
    let short = |line: &Record| {
        // Who logs in is said once.
        let is_own = matches!(line.by, Actor::Account(id) if id.to_string() == line.subject);
        Recent {
            at: moment(line.at),
            who: actor_in_words(line.by, &names, t),
            what: action_in_words(&line.action, t),
            about: Named::of(line, &names).filter(|_| !is_own).map(|named| named.name),
        }
    };
    Ok(lines.iter().map(short).collect())
}

/// Persons that a line speaks of.
fn mentioned(line: &Record) -> Vec<AccountId> {
    let mut ids = Vec::new();
    if let Actor::Account(id) = line.by {
        ids.push(id);
    }
    ids.extend(Id128::parse(&line.subject));
    let listed = line.details.get("accounts").and_then(Value::as_array);
    ids.extend(listed.into_iter().flatten().filter_map(|id| Id128::parse(id.as_str()?)));
    ids
}

impl Row {
    fn of(line: &Record, names: &HashMap<AccountId, String>, t: Texts) -> Self {
        let actor = match line.by {
            Actor::Account(id) | Actor::Pass(id) => Some(id),
            _ => None,
        };
        Self {
            number: line.number,
            at: moment(line.at),
            who: actor_in_words(line.by, names, t),
            who_link: actor.map(|id| format!("/auth/admin/audit?about={id}")),
            what: action_in_words(&line.action, t),
            subject: Named::of(line, names),
            details: details(line, names),
        }
    }
}

impl Named {
    fn of(line: &Record, names: &HashMap<AccountId, String>) -> Option<Self> {
        let subject = line.subject.as_str();
        if subject.is_empty() {
            return None;
        }
        if let Some(id) = Id128::parse(subject) {
            let name = names.get(&id).cloned().unwrap_or_else(|| subject.to_owned());
            return Some(Self { name, link: Some(format!("/auth/admin/audit?about={id}")) });
        }
        let place = match line.action.split('.').next() {
            Some("condition") => Some(format!("/auth/admin/conditions/{subject}")),
            _ => None,
        };
        Some(Self { name: subject.to_owned(), link: place })
    }
}

/// The fields of a line: those that changed with both values, the others with their own.
fn details(line: &Record, names: &HashMap<AccountId, String>) -> Vec<Detail> {
    let mut details = Vec::new();
    let none = serde_json::Map::new();
    let side = |name: &str| line.details.get(name).and_then(Value::as_object).unwrap_or(&none);
    let (before, after) = (side("before"), side("after"));
    for field in before.keys().chain(after.keys().filter(|field| !before.contains_key(*field))) {
        details.push(Detail {
            field: field.clone(),
            before: before.get(field).map(|value| shown(field, value, names)),
            after: after.get(field).map(|value| shown(field, value, names)),
        });
    }
    for (field, value) in
        line.details.iter().filter(|(field, _)| !matches!(field.as_str(), "before" | "after"))
    {
        details.push(Detail { field: field.clone(), before: None, after: Some(shown(field, value, names)) });
    }
    details
}

/// A value as people read it.
fn shown(field: &str, value: &Value, names: &HashMap<AccountId, String>) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".to_owned(),
        Value::Array(values) if values.is_empty() => "–".to_owned(),
        Value::Array(values) => {
            let shown = values.iter().map(|value| {
                let id = value.as_str().filter(|_| field == "accounts").and_then(Id128::parse);
                let name = id.and_then(|id| names.get(&id)).cloned();
                name.unwrap_or_else(|| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            });
            shown.collect::<Vec<_>>().join(", ")
        }
        Value::Number(seconds) if field == "expires" => {
            seconds.as_u64().map_or_else(|| seconds.to_string(), file::day_or_moment)
        }
        other => other.to_string(),
    }
}
