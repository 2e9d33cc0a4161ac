//! `/auth/admin/upcoming`: what the dates of rules open and close next, by days; the overview shows the first of it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::administrator::Administrator;
use crate::clock::{self, UnixSeconds};
use crate::http::Context;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page};
use crate::policy::Policy;
use crate::policy::file::day_or_moment;
use crate::policy::rule::Match;
use crate::policy::upcoming::{Agenda, Asked, Effect, Event, Who};
use crate::shadow::{self, Notice};
use crate::store::{Store, StoreError};
use crate::texts::{Said, Texts};

/// So many changes are shown; a page of more would be of use to nobody.
pub(super) const MOST: usize = 1000;
const DAY: u64 = 86_400;

/// The agenda of the policy in force, as last looked up: among millions of rules those with dates are searched for
/// once a day, and when the policy has changed.
#[derive(Default)]
pub struct KnownAgenda(Mutex<Option<Known>>);

struct Known {
    /// Whose agenda it is. It keeps no old policy in memory.
    policy: Weak<Policy>,
    day: u64,
    agenda: Arc<Agenda>,
}

impl KnownAgenda {
    /// The next changes of a policy, the earliest first, and how many dates there are in all.
    pub async fn of(
        &self,
        policy: &Arc<Policy>,
        store: &Store,
        now: UnixSeconds,
    ) -> Result<Arc<Agenda>, StoreError> {
        let whose = Arc::downgrade(policy);
        if let Some(known) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && known.policy.ptr_eq(&whose)
            && known.day == now / DAY
        {
            return Ok(Arc::clone(&known.agenda));
        }
        let dates = policy.dates(now, u64::MAX, MOST);
        let texts = store.rules_by_number(&dates.rules).await?;
        let agenda = Arc::new(dates.agenda(policy, texts.iter().map(|(number, rule)| (*number, rule))));
        let known = Known { policy: whose, day: now / DAY, agenda: Arc::clone(&agenda) };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(agenda)
    }
}

/// What happens on one day.
pub(super) struct Day<'a> {
    pub(super) date: String,
    /// From today.
    pub(super) distance: Said,
    pub(super) rows: Vec<Row<'a>>,
}

/// What happens on one spot.
pub(super) struct Row<'a> {
    pub(super) spot: Said,
    pub(super) mount: &'a str,
    pub(super) effect: Said,
    pub(super) before: &'a Asked,
    pub(super) after: &'a Asked,
    /// The rules that end and begin.
    pub(super) rules: Vec<Said>,
}

/// The first so many events, by days.
pub(super) fn days(t: Texts, agenda: &Agenda, at_most: usize, now: UnixSeconds) -> Vec<Day<'_>> {
    let events = agenda.events.get(..at_most).unwrap_or(&agenda.events);
    let of_one_day = events.chunk_by(|one, next| one.at == next.at);
    let day = |events: &[Event]| events.first().map(|first| first.at).unwrap_or_default();
    of_one_day
        .map(|events| Day {
            date: day_or_moment(day(events)),
            distance: distance(t, (day(events) / DAY).saturating_sub(now / DAY)),
            rows: events.iter().map(|event| row(t, event)).collect(),
        })
        .collect()
}

/// `in 12 days`, `in 3 years`
fn distance(t: Texts, days: u64) -> Said {
    match days {
        0 => t.say("upcoming-today"),
        1..=730 => t.say("upcoming-days").number("days", days),
        _ => t.say("upcoming-years").number("years", days * 4 / 1461),
    }
}

fn row(t: Texts, event: &Event) -> Row<'_> {
    let ends = event.ends.iter().map(|rule| t.say("upcoming-rule-ends").number("rule", *rule));
    let begins = event.begins.iter().map(|rule| t.say("upcoming-rule-begins").number("rule", *rule));
    let identifier = event.identifier.as_str();
    Row {
        spot: match (identifier, event.matching) {
            ("", _) => t.say("upcoming-everything"),
            (_, Match::Exact) => t.say("upcoming-spot").with("identifier", identifier),
            (_, Match::Prefix) => t.say("upcoming-below").with("identifier", identifier),
        },
        mount: &event.mount,
        effect: match event.effect {
            Effect::Opens => t.say("upcoming-opens"),
            Effect::Closes => t.say("upcoming-closes"),
            Effect::Changes => t.say("upcoming-changes"),
            Effect::Stays => t.say("upcoming-stays"),
        },
        before: &event.before,
        after: &event.after,
        rules: ends.chain(begins).collect(),
    }
}

#[derive(Template)]
#[template(path = "admin/upcoming.html")]
struct UpcomingPage<'a> {
    organisation: &'a str,
    t: Texts,
    shadows: Vec<Notice>,
    days: Vec<Day<'a>>,
    shown: usize,
    /// There are more than are shown.
    is_cut: bool,
    dates: u64,
}

/// `GET /auth/admin/upcoming`
pub async fn show(_: Administrator, context: web::Data<Context>, t: Texts) -> HttpResponse {
    let policy = Arc::clone(&context.live.current().policy);
    let now = clock::now();
    let agenda = match context.agenda.of(&policy, &context.store, now).await {
        Ok(agenda) => agenda,
        Err(error) => return store_failed(&context, t, &error),
    };
    let template = UpcomingPage {
        organisation: &context.settings.organisation,
        t,
        shadows: shadow::notices(policy.mounts(), now),
        days: days(t, &agenda, MOST, now),
        shown: agenda.events.len(),
        is_cut: agenda.events.len() == MOST,
        dates: agenda.dates,
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}
