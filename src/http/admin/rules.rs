//! `/auth/admin/rules`: what needs which conditions, found by identifier or by an address, and changed one by one.

mod confirm;
mod contents;
pub mod edit;
pub(super) mod form;
pub mod manifest;
pub mod removed;

use std::sync::Arc;
use std::time::Duration;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use askama::filters::Safe;
use serde::Deserialize;
use tokio::time::timeout;
use url::form_urlencoded::Serializer;

use super::administrator::Administrator;
use super::notice;
use crate::clock::{self, UnixSeconds};
use crate::gate::trial::{path_of, try_path};
use crate::http::Context;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page};
use crate::policy::Policy;
use crate::policy::decision::{Aspects, Resource};
use crate::policy::mount::Mount;
use crate::policy::rule::{Match, RuleSpec, utc_midnight};
use crate::policy::upcoming::{Asked as AskedFor, Who};
use crate::shadow::{self, Notice};
use crate::snapshot::{Snapshot, SnapshotError, Standing};
use crate::store::{RuleQuery, StoreError};
use crate::texts::links::{self, rule as address};
use crate::texts::{Said, Texts};

/// Rules on one page.
const PER_PAGE: u32 = 50;
/// How long an administrator waits for a policy that is being read.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "admin/rules.html")]
struct RulesPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    asked: &'a Asked,
    fault: Option<Said>,
    mounts: Vec<&'a str>,
    conditions: Vec<(&'a str, &'a str)>,
    /// Where an address leads, or a whole identifier on each mount.
    places: Vec<Place>,
    is_address: bool,
    rows: Vec<Row>,
    before: Option<String>,
    after: Option<String>,
}

/// One image or file, as an address or an identifier names it.
struct Place {
    mount: String,
    identifier: String,
    /// What is asked for there now.
    now: AskedFor,
    /// Every rule that could apply there, most specific first.
    rows: Vec<Row>,
    /// A form for a new rule there.
    link: String,
}

/// A rule in a list.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) mount: String,
    pub(super) spot: Said,
    /// What it asks for, as it is written.
    pub(super) says: AskedFor,
    pub(super) dates: Option<Said>,
    pub(super) note: String,
    /// It decides about the place that was asked about.
    pub(super) decides: bool,
}

/// The query as it was asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    mount: String,
    #[serde(default)]
    condition: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    fn is_narrowed(&self) -> bool {
        [&self.q, &self.mount, &self.condition].into_iter().any(|part| !part.trim().is_empty())
    }

    fn link(&self, page: u32) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("mount", &self.mount), ("condition", &self.condition)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("/auth/admin/rules?{}", query.finish())
    }
}

impl Row {
    pub(super) fn of(number: u32, rule: RuleSpec, t: Texts, now: UnixSeconds) -> Self {
        let dates = dates(&rule, t, now);
        Self {
            number: u64::from(number) + 1,
            spot: spot(&rule, t),
            dates,
            mount: rule.mount,
            says: AskedFor {
                who: Who::AnyOf(rule.conditions),
                operations: rule.operations,
                pixels: rule.whole_image_px,
            },
            note: rule.note,
            decides: false,
        }
    }
}

pub(super) fn spot(rule: &RuleSpec, t: Texts) -> Said {
    match (rule.identifier.as_str(), rule.matching) {
        ("", _) => t.say("upcoming-everything"),
        (identifier, Match::Exact) => t.say("upcoming-spot").with("identifier", identifier),
        (identifier, Match::Prefix) => t.say("upcoming-below").with("identifier", identifier),
    }
}

/// From when until when it counts, if it has dates.
fn dates(rule: &RuleSpec, t: Texts, now: UnixSeconds) -> Option<Said> {
    let is_over = rule.until.is_some_and(|until| utc_midnight(until) <= now);
    match (rule.from, rule.until) {
        (_, Some(until)) if is_over => Some(t.say("rules-over").with("until", until)),
        (Some(from), Some(until)) => Some(t.say("rules-from-until").with("from", from).with("until", until)),
        (Some(from), None) => Some(t.say("rules-from").with("from", from)),
        (None, Some(until)) => Some(t.say("rules-until").with("until", until)),
        (None, None) => None,
    }
}

/// The names that rules can be written for: of mounts that share their rules, the one that has them.
pub(super) fn mounts_with_rules(policy: &Policy) -> Vec<&str> {
    let mut names: Vec<&str> = policy.mounts().iter().map(Mount::rules_name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Where an address of ours leads: the mount that has the rules, and the identifier there. `None`: it is none.
pub(super) fn place_of_address(context: &Context, url: &str) -> Option<(String, String)> {
    let policy = &context.live.current().policy;
    let path = path_of(url, &context.settings.site.public_url.origin())?;
    let trial = try_path(path, policy, &Aspects::default());
    let mount = policy.mounts().get(trial.position).filter(|_| trial.unread.is_none())?;
    Some((mount.rules_name().to_owned(), trial.identifier))
}

/// `GET /auth/admin/rules?q=…&mount=…&condition=…&page=…`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    asked: web::Query<Asked>,
) -> HttpResponse {
    answer(&context, &session, t, &asked).await.unwrap_or_else(|error| store_failed(&context, t, &error))
}

async fn answer(
    context: &Context,
    session: &Session,
    t: Texts,
    asked: &Asked,
) -> Result<HttpResponse, StoreError> {
    let now = clock::now();
    let snapshot = Arc::clone(&context.live.current());
    let policy = &snapshot.policy;
    let wanted: u32 = asked.page.parse().unwrap_or(1).clamp(1, u32::MAX / PER_PAGE);
    let typed = asked.q.trim();
    let is_address = typed.contains("://") || typed.starts_with('/');
    let (mut places, mut rows, mut fault, mut has_more) = (Vec::new(), Vec::new(), None, false);
    if is_address {
        if let Some(found) = addressed(context, policy, typed, t, now).await? {
            places.push(found);
        } else {
            let origin = context.settings.site.public_url.origin();
            fault = Some(t.say("rules-no-address").with("origin", origin));
        }
    } else if typed.chars().any(char::is_control) {
        // PostgreSQL takes no NUL.
        fault = Some(t.say("fault-characters"));
    } else if asked.condition.is_empty() || policy.conditions.bit(&asked.condition).is_some() {
        let mounts = mounts_with_rules(policy).into_iter().map(str::to_owned);
        let query = RuleQuery {
            mounts: mounts.filter(|mount| asked.mount.is_empty() || *mount == asked.mount).collect(),
            begins: typed.trim_start_matches('/').to_owned(),
            condition: asked.condition.clone(),
        };
        let mut found = context.store.find_rules(&query, wanted - 1, PER_PAGE).await?;
        if wanted == 1 && !typed.is_empty() {
            places = named(context, policy, &query.mounts, typed, t, now).await?;
        }
        has_more = found.len() > PER_PAGE as usize;
        found.truncate(PER_PAGE as usize);
        rows = found.into_iter().map(|(number, rule)| Row::of(number, rule, t, now)).collect();
    }
    let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let template = RulesPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), now),
        notice: notice::take(session),
        asked,
        fault,
        mounts: mounts_with_rules(policy),
        conditions: policy
            .conditions
            .iter()
            .map(|condition| (condition.name.as_str(), condition.title_in(t.tag())))
            .collect(),
        places,
        is_address,
        rows,
        before: (wanted > 1).then(|| asked.link(wanted - 1)),
        after: has_more.then(|| asked.link(wanted + 1)),
    };
    Ok(page(status, &template, Framing::Never, None))
}

/// The place that an address leads to.
async fn addressed(
    context: &Context,
    policy: &Policy,
    typed: &str,
    t: Texts,
    now: UnixSeconds,
) -> Result<Option<Place>, StoreError> {
    let origin = context.settings.site.public_url.origin();
    let Some(path) = path_of(typed, &origin) else { return Ok(None) };
    let trial = try_path(path, policy, &Aspects { now, ..Aspects::default() });
    if trial.unread.is_some() {
        return Ok(None);
    }
    place(context, policy, &trial.resource(), t, now).await.map(Some)
}

/// The places that a whole identifier names: those about which there is a rule.
async fn named(
    context: &Context,
    policy: &Policy,
    mounts: &[String],
    typed: &str,
    t: Texts,
    now: UnixSeconds,
) -> Result<Vec<Place>, StoreError> {
    let mut places = Vec::new();
    for mount in mounts {
        // What no image of the mount can be called names none.
        let Some((mount, identifier)) = policy.place_of(mount, typed) else { continue };
        let named = place(context, policy, &Resource { mount, identifier: &identifier }, t, now).await?;
        places.extend((!named.rows.is_empty()).then_some(named));
    }
    Ok(places)
}

async fn place(
    context: &Context,
    policy: &Policy,
    resource: &Resource<'_>,
    t: Texts,
    now: UnixSeconds,
) -> Result<Place, StoreError> {
    let numbers: Vec<u32> = policy.candidates(resource).iter().map(|rule| rule.number).collect();
    let counting = policy.counting(resource, now);
    let mut written = context.store.rules_by_number(&numbers).await?;
    // What was removed meanwhile is not there.
    let rows = numbers.into_iter().filter_map(|number| {
        let decides = counting.contains(&number);
        Some(Row { decides, ..Row::of(number, written.remove(&number)?, t, now) })
    });
    let mount = policy.mounts().get(resource.mount).map_or("", Mount::rules_name).to_owned();
    let identifier = resource.identifier.to_owned();
    let link = links::new_rule(&mount, &identifier);
    let now = policy.asked_on(resource, now);
    Ok(Place { rows: rows.collect(), now, mount, identifier, link })
}

/// The policy as the store has it, to be edited; `None` if it is still being read, or cannot be used.
async fn policy_to_edit(context: &Context) -> Result<Option<Arc<Snapshot>>, StoreError> {
    let now = clock::now();
    let caught_up = match context.live.catch_up(now).await {
        Ok(Standing::Behind) => match timeout(PATIENCE, context.live.refresh(now)).await {
            Ok(refreshed) => refreshed,
            Err(_) => return Ok(None),
        },
        other => other.map(|_| ()),
    };
    match caught_up {
        Ok(()) => Ok(Some(Arc::clone(&context.live.current()))),
        Err(SnapshotError::Store(error)) => Err(error),
        Err(SnapshotError::Policy(_) | SnapshotError::Stopping) => Ok(None),
    }
}
