//! `/auth/admin/conditions`: the access conditions, one by one.

pub mod edit;
mod form;
mod preview;
pub mod remove;
mod save;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::time::{Duration, timeout};

use super::administrator::Administrator;
use crate::amend::condition::defaults_of;
use crate::clock;
use crate::http::Context;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page};
use crate::policy::condition::{CLOSED, OPEN, Pattern};
use crate::shadow::{self, Notice};
use crate::snapshot::{Snapshot, SnapshotError, Standing};
use crate::store::{ConditionInUse, ConditionUse, StoreError};
use crate::texts::links::{CONDITIONS as LIST, condition as address_of};
use crate::texts::{Said, Texts};

/// Where the conditions are listed.
/// How long an edit waits for a policy that is being read anew.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Template)]
#[template(path = "admin/conditions.html")]
struct ConditionsPage<'a> {
    organisation: &'a str,
    shadows: Vec<Notice>,
    t: Texts,
    done: Option<Said>,
    rows: Vec<Row<'a>>,
    /// Whether there are others than the built-in ones.
    has_own: bool,
}

struct Row<'a> {
    name: &'a str,
    label: &'a str,
    pattern: Said,
    used: ConditionUse,
    is_built_in: bool,
}

/// What was done before, if something was.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    saved: String,
    #[serde(default)]
    removed: String,
}

/// `GET /auth/admin/conditions`
pub async fn list(
    _: Administrator,
    context: web::Data<Context>,
    t: Texts,
    done: web::Query<Done>,
) -> HttpResponse {
    let conditions = match context.store.conditions_with_use().await {
        Ok(conditions) => conditions,
        Err(error) => return store_failed(&context, t, &error),
    };
    let names = |name: &String| conditions.iter().any(|one| one.condition.name == *name);
    // An address can say anything; the list knows better.
    let done = if names(&done.saved) {
        Some(t.say("conditions-saved").with("name", &done.saved))
    } else if !done.removed.is_empty() && !names(&done.removed) {
        Some(t.say("conditions-removed").with("name", done.removed.chars().take(64).collect::<String>()))
    } else {
        None
    };
    let rows = conditions.iter().map(|ConditionInUse { condition, used, .. }| Row {
        name: &condition.name,
        label: condition.label.get("en").map_or("", String::as_str),
        pattern: t.say(pattern_message(condition.pattern)),
        used: *used,
        is_built_in: is_built_in(&condition.name),
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let template = ConditionsPage {
        organisation: &context.settings.organisation,
        shadows: shadows(&context),
        t,
        done,
        has_own: rows.iter().any(|row| !row.is_built_in),
        rows,
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// The method is not for this page, which shows a form.
pub async fn wrong_method(
    administrator: Administrator,
    context: web::Data<Context>,
    t: Texts,
) -> HttpResponse {
    let mut response = super::wrong_method(administrator, context, t).await;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

fn shadows(context: &Context) -> Vec<Notice> {
    shadow::notices(context.live.current().policy.mounts(), clock::now())
}

fn is_built_in(name: &str) -> bool {
    name == OPEN || name == CLOSED
}

/// Who meets a condition, in a few words.
fn pattern_message(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Open => "conditions-pattern-open",
        Pattern::Clickthrough => "conditions-pattern-clickthrough",
        Pattern::Login => "conditions-pattern-login",
        Pattern::Kiosk => "conditions-pattern-kiosk",
        Pattern::External => "conditions-pattern-external",
        Pattern::Closed => "conditions-pattern-closed",
    }
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

/// What names a condition: rules and, in the settings, mounts.
#[derive(Clone, Debug, Default, Serialize)]
struct Named {
    rules: u64,
    alone: u64,
    accounts: u64,
    devices: u64,
    mounts: Vec<String>,
}

impl Named {
    fn of(context: &Context, name: &str, used: ConditionUse) -> Self {
        let ConditionUse { rules, alone, accounts, devices } = used;
        let mounts = defaults_of(&context.live.current().policy, name);
        Self { rules, alone, accounts, devices, mounts }
    }

    /// What names it, in a sentence or more.
    fn in_words(&self, t: Texts) -> Vec<Said> {
        let used = t.say("conditions-used").number("rules", self.rules).number("accounts", self.accounts);
        let devices =
            (self.devices > 0).then(|| t.say("conditions-used-devices").number("devices", self.devices));
        [used].into_iter().chain(devices).chain(self.mounts_in_words(t)).collect()
    }

    fn mounts_in_words(&self, t: Texts) -> Option<Said> {
        let mounts = || self.mounts.join(", ");
        (!self.mounts.is_empty()).then(|| t.say("conditions-used-mounts").with("mounts", mounts()))
    }

    /// What of it makes an opening matter.
    fn rules_in_words(&self, t: Texts) -> Vec<Said> {
        let rules = (self.rules > 0).then(|| t.say("conditions-confirm-rules").number("rules", self.rules));
        rules.into_iter().chain(self.mounts_in_words(t)).collect()
    }

    fn is_nothing(&self) -> bool {
        self.rules == 0 && self.mounts.is_empty()
    }
}

/// A mark of what somebody was shown and agrees to: what is agreed to later must be the same.
fn mark_of(shown: &impl Serialize) -> String {
    let digest = Sha256::digest(serde_json::to_vec(shown).unwrap_or_default());
    let mut mark = String::new();
    for byte in digest.iter().take(16) {
        // Writing into a text cannot fail.
        let _ = write!(mark, "{byte:02x}");
    }
    mark
}

/// The faults of a form by their fields.
type ByField = BTreeMap<String, Said>;
