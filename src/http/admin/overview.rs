//! `/auth/admin/`: what is protected, how much there is, whether all is well, and what to
//! do next.

mod health;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::administrator::Administrator;
use super::audit::{Recent, recent};
use super::upcoming::{Day, MOST as MOST_KNOWN, days};
use crate::clock::{self, UnixSeconds};
use crate::config::setting_of_mount;
use crate::http::Context;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page};
use crate::policy::condition::{AccessCondition, CLOSED, OPEN, Pattern};
use crate::policy::mount::{Mount, MountKind};
use crate::policy::upcoming::{Agenda, Effect, Who};
use crate::policy::{Policy, PolicyWarning};
use crate::shadow::{self, Notice};
use crate::store::{AuditFilter, Counts};
use crate::texts::{Said, Texts};
use health::Health;

/// So many of the newest logins and denials are shown.
const RECENT: u32 = 8;
/// So many of the next changes are shown.
const MOST_CHANGES: usize = 20;
/// Seconds.
const MONTH: u64 = 30 * 86_400;

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage<'a> {
    organisation: &'a str,
    t: Texts,
    shadows: Vec<Notice>,
    person: &'a str,
    steps: Steps,
    mounts: Vec<MountRow<'a>>,
    conditions: Vec<ConditionRow<'a>>,
    counts: &'a Counts,
    /// Of all mounts.
    rules: u64,
    health: Health,
    /// The newest logins, those that failed too, and denials.
    logins: Vec<Recent>,
    denials: Vec<Recent>,
    /// The next changes by dates of rules.
    days: Vec<Day<'a>>,
    /// How many of them come within a month; `None` if there are more than are known.
    within_month: Option<usize>,
}

/// A mount without its origin: that is where the images can be had unchecked.
struct MountRow<'a> {
    name: &'a str,
    kind: Said,
    prefix: &'a str,
    default: &'a str,
    /// Who may see what no rule is about.
    seen_by: Said,
    default_is_missing: bool,
    rules: u64,
    /// The mount whose rules count, if they are another's.
    rules_of: Option<&'a str>,
    /// Until when its rules are only tried out.
    shadow: Option<jiff::civil::Date>,
}

struct ConditionRow<'a> {
    name: &'a str,
    title: &'a str,
    how: Said,
}

/// What to do next; each only while it applies.
struct Steps {
    /// Requests for an account that wait.
    registrations: u64,
    lacking: Vec<Lacking>,
    missing_defaults: Vec<MissingDefault>,
    /// Rules for mounts that are not in the settings, and how many.
    homeless: Vec<(String, usize)>,
    only_account: bool,
    /// The administrator's own page, if they hold no condition.
    holds_nothing: Option<String>,
}

/// What there is nothing of yet, in the order in which it is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lacking {
    Mount,
    Condition,
    Rule,
}

struct MissingDefault {
    mount: String,
    condition: String,
    /// The setting to be changed instead.
    setting: String,
}

/// `GET /auth/admin/`
pub async fn show(administrator: Administrator, context: web::Data<Context>, t: Texts) -> HttpResponse {
    let now = clock::now();
    let counts = match context.store.counts(now).await {
        Ok(counts) => counts,
        Err(error) => return store_failed(&context, t, &error),
    };
    let registrations = match context.store.waiting_registrations().await {
        Ok(registrations) => registrations,
        Err(error) => return store_failed(&context, t, &error),
    };
    let policy = &Arc::clone(&context.live.current().policy);
    let agenda = match context.agenda.of(policy, &context.store, now).await {
        Ok(agenda) => agenda,
        Err(error) => return store_failed(&context, t, &error),
    };
    let recently = async |action: &str| {
        let filter = AuditFilter { action: action.to_owned(), ..AuditFilter::default() };
        recent(&context, &filter, RECENT, t).await
    };
    let (logins, denials) = match (recently("login*").await, recently("access.").await) {
        (Ok(logins), Ok(denials)) => (logins, denials),
        (Err(error), _) | (_, Err(error)) => return store_failed(&context, t, &error),
    };
    let seen = context.health.look(&context.origins, &context.buckets, &context.settings.site).await;
    let template = OverviewPage {
        organisation: &context.settings.organisation,
        t,
        shadows: shadow::notices(policy.mounts(), now),
        person: administrator.username.as_str(),
        steps: Steps { registrations, ..Steps::of(policy, &counts, &administrator) },
        mounts: policy.mounts().iter().map(|mount| MountRow::of(t, mount, policy, &counts, now)).collect(),
        conditions: own_conditions(policy).map(|condition| ConditionRow::of(t, condition)).collect(),
        counts: &counts,
        rules: counts.rules.values().sum(),
        health: Health::of(&context, &seen, t, now),
        logins,
        denials,
        days: days(t, &agenda, MOST_CHANGES, now),
        within_month: within(&agenda, now + MONTH),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

/// How many spots open, close or change until then; `None` if not all of them are known.
fn within(agenda: &Agenda, until: UnixSeconds) -> Option<usize> {
    let is_whole = usize::try_from(agenda.dates).is_ok_and(|dates| dates <= MOST_KNOWN);
    let all_known = is_whole || agenda.events.last().is_some_and(|last| last.at > until);
    let soon = agenda.events.iter().take_while(|event| event.at <= until);
    all_known.then(|| soon.filter(|event| event.effect != Effect::Stays).count())
}

/// The conditions that an operator has made: not the two built-in ones, re-texted or not.
fn own_conditions(policy: &Policy) -> impl Iterator<Item = &AccessCondition> {
    policy.conditions.iter().filter(|condition| !matches!(condition.name.as_str(), OPEN | CLOSED))
}

fn can_be_held(condition: &AccessCondition) -> bool {
    !matches!(condition.pattern, Pattern::Open | Pattern::Closed)
}

impl Steps {
    fn of(policy: &Policy, counts: &Counts, administrator: &Administrator) -> Self {
        let mut missing_defaults = Vec::new();
        let mut homeless = Vec::new();
        for warning in policy.warnings.iter().cloned() {
            match warning {
                PolicyWarning::UnknownDefault { mount, condition } => {
                    let setting = setting_of_mount(&mount);
                    missing_defaults.push(MissingDefault { mount, condition, setting });
                }
                PolicyWarning::UnknownMount { mount, rules } => homeless.push((mount, rules)),
                // Nothing to do next: it works, only not in every viewer. The log says so.
                PolicyWarning::ExternalBesideOthers { .. } => {}
            }
        }
        let no_condition = own_conditions(policy).next().is_none();
        let holdable = own_conditions(policy).find(|condition| can_be_held(condition));
        // Where nothing can be held, holding nothing is no reason why something is not seen.
        let lacks = administrator.conditions.is_empty() && (no_condition || holdable.is_some());
        let no_mount = policy.mounts().is_empty();
        let lacking = [
            (no_mount, Lacking::Mount),
            (no_condition, Lacking::Condition),
            (!no_mount && !no_condition && counts.rules.is_empty(), Lacking::Rule),
        ];
        let lacking =
            lacking.into_iter().filter(|(is_lacking, _)| *is_lacking).map(|(_, what)| what).collect();
        Self {
            registrations: 0,
            lacking,
            missing_defaults,
            homeless,
            only_account: counts.accounts == 1,
            holds_nothing: lacks.then(|| format!("/auth/admin/accounts/{}", administrator.id)),
        }
    }

    fn lacks(&self, what: Lacking) -> bool {
        self.lacking.contains(&what)
    }

    fn is_empty(&self) -> bool {
        self.registrations == 0
            && self.lacking.is_empty()
            && self.missing_defaults.is_empty()
            && self.homeless.is_empty()
            && !self.only_account
            && self.holds_nothing.is_none()
    }
}

impl<'a> MountRow<'a> {
    fn of(t: Texts, mount: &'a Mount, policy: &'a Policy, counts: &Counts, now: UnixSeconds) -> Self {
        let default = policy.conditions.bit(&mount.default).and_then(|bit| policy.conditions.get(bit));
        Self {
            name: &mount.name,
            kind: match mount.kind {
                MountKind::Image => t.say("overview-kind-image"),
                MountKind::Manifest => t.say("overview-kind-manifest"),
                MountKind::File => t.say("overview-kind-file"),
                MountKind::S3 => t.say("overview-kind-s3"),
            },
            prefix: &mount.prefix,
            default: &mount.default,
            seen_by: match default {
                None => t.say("overview-nobody-missing"),
                Some(condition) => match condition.pattern {
                    Pattern::Open => t.say("overview-everybody"),
                    Pattern::Closed => t.say("overview-nobody"),
                    _ => t.say("overview-holders").with("condition", condition.title_in(t.tag())),
                },
            },
            default_is_missing: default.is_none(),
            rules: counts.rules.get(mount.rules_name()).copied().unwrap_or_default(),
            rules_of: mount.rules.as_deref().filter(|of| *of != mount.name),
            shadow: mount.shadow.filter(|_| now < mount.shadow_until()),
        }
    }
}

impl<'a> ConditionRow<'a> {
    fn of(t: Texts, condition: &'a AccessCondition) -> Self {
        Self {
            name: &condition.name,
            title: condition.title_in(t.tag()),
            how: match condition.pattern {
                Pattern::Open => t.say("overview-by-open"),
                Pattern::Closed => t.say("overview-nobody"),
                Pattern::Login => t.say("overview-by-account"),
                Pattern::Clickthrough => t.say("overview-by-terms"),
                Pattern::Kiosk if condition.networks.is_empty() => t.say("overview-by-device"),
                Pattern::Kiosk => t.say("overview-by-network-device"),
                Pattern::External if condition.networks.is_empty() => t.say("overview-by-account"),
                Pattern::External => t.say("overview-by-network-account"),
            },
        }
    }
}
