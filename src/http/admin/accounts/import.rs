//! `/auth/admin/accounts/import`: many accounts from a table. It is shown first what would be done; then all of it is
//! done, or nothing, while a page says how far it is.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::choices;
use super::edit::catch_up;
use crate::clock;
use crate::credential::account::{AccountId, BadUsername, Id128};
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm, is_due};
use crate::http::admin::gone;
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::http::upload::{LARGEST, Upload};
use crate::import::people::{self, Fault, MOST, Person, Why};
use crate::shadow::{self, Notice};
use crate::store::{AccountError, AccountPlan};
use crate::texts::{Said, Texts};

const ADDRESS: &str = "/auth/admin/accounts/import";

#[derive(Template)]
#[template(path = "admin/accounts_import.html")]
struct ImportPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    names: Vec<String>,
    fault: Option<Said>,
    faults: Vec<(Said, Said)>,
    /// What would be done, and the table it is about.
    plan: Option<(AccountPlan, &'a str)>,
    asks: bool,
    unconfirmed: Option<Said>,
}

#[derive(Template)]
#[template(path = "admin/accounts_import_job.html")]
struct JobPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    done: usize,
    total: usize,
    /// It goes on: the page comes again by itself.
    goes_on: bool,
    outcome: Option<Said>,
    fault: Option<Said>,
}

/// The import that is under way, or was last: one at a time.
#[derive(Default)]
pub struct ImportJob(Mutex<Option<Arc<Job>>>);

struct Job {
    id: Id128,
    owner: AccountId,
    total: usize,
    done: AtomicUsize,
    outcome: Mutex<Option<Result<AccountPlan, AccountError>>>,
}

/// The work of a job. If it goes without an outcome, it has failed: the next import must not wait for it for ever.
struct Work(Arc<Job>);

impl Work {
    fn ends(&self, outcome: Result<AccountPlan, AccountError>) {
        let mut place = self.0.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        place.get_or_insert(outcome);
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.ends(Err(AccountError::Meanwhile));
    }
}

impl Job {
    fn is_over(&self) -> bool {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

impl ImportJob {
    /// Begins a job; `None` while another goes on.
    fn begin(&self, owner: AccountId, total: usize) -> Option<Arc<Job>> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if place.as_ref().is_some_and(|job| !job.is_over()) {
            return None;
        }
        let job = Arc::new(Job {
            id: Id128(clock::random()),
            owner,
            total,
            done: AtomicUsize::new(0),
            outcome: Mutex::new(None),
        });
        *place = Some(Arc::clone(&job));
        Some(job)
    }

    fn of(&self, id: &Id128, owner: &AccountId) -> Option<Arc<Job>> {
        let place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        place.as_ref().filter(|job| job.id == *id && job.owner == *owner).cloned()
    }
}

/// What a page of the import shows.
#[derive(Default)]
struct Shown<'a> {
    fault: Option<Said>,
    faults: Vec<(Said, Said)>,
    plan: Option<(AccountPlan, &'a str)>,
    unconfirmed: Option<Said>,
}

fn show_page(
    administrator: &Administrator,
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    shown: Shown<'_>,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let policy = &context.live.current().policy;
    let Shown { fault, faults, plan, unconfirmed } = shown;
    let template = ImportPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), clock::now()),
        csrf,
        names: choices(policy, &[]).into_iter().map(|choice| choice.name).collect(),
        fault,
        faults,
        plan,
        asks: is_due(administrator) || unconfirmed.is_some(),
        unconfirmed,
    };
    page(status, &template, Framing::Never, None)
}

/// `GET /auth/admin/accounts/import`
pub async fn show(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
) -> HttpResponse {
    show_page(&administrator, &context, &session, t, StatusCode::OK, Shown::default())
}

/// `POST /auth/admin/accounts/import`: a file; answers what would be done.
pub async fn preview(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    upload: Upload,
) -> HttpResponse {
    let answer = |status, shown| show_page(&administrator, &context, &session, t, status, shown);
    let Some(table) = upload.text else {
        let fault = if upload.is_too_large {
            t.say("import-too-large").number("most", LARGEST >> 20)
        } else {
            t.say("import-not-text")
        };
        return answer(StatusCode::BAD_REQUEST, Shown { fault: Some(fault), ..Shown::default() });
    };
    let (table, people) = read(&context, table).await;
    let people = match people {
        Ok(people) => people,
        Err(faults) => return answer(StatusCode::BAD_REQUEST, faulty(&faults, t)),
    };
    match context.store.plan_accounts(&people).await {
        Ok(plan) => answer(StatusCode::OK, Shown { plan: Some((plan, &table)), ..Shown::default() }),
        Err(error) => store_failed(&context, t, &error),
    }
}

/// Reads a table and answers it back: a long one takes a while, and tiles are waiting for this thread.
async fn read(context: &Context, table: String) -> (String, Result<Vec<Person>, Vec<Fault>>) {
    let policy = &context.live.current().policy;
    let holdable: BTreeSet<String> = choices(policy, &[]).into_iter().map(|choice| choice.name).collect();
    let reading = web::block(move || {
        let people = people::read(&table, &holdable);
        (table, people)
    });
    reading.await.unwrap_or_else(|_| (String::new(), Err(Vec::new())))
}

fn faulty(faults: &[Fault], t: Texts) -> Shown<'static> {
    let fault = t.say("import-faults").number("count", faults.len());
    Shown {
        fault: Some(fault),
        faults: faults.iter().map(|fault| (place(fault, t), told(fault, t))).collect(),
        ..Shown::default()
    }
}

fn told(fault: &Fault, t: Texts) -> Said {
    match &fault.why {
        Why::Empty => t.say("import-empty"),
        Why::NoUsername => t.say("import-no-username"),
        Why::UnknownColumn => t.say("import-unknown-column"),
        Why::DoubleColumn => t.say("import-double-column"),
        Why::Fields { expected, found } => {
            t.say("import-fields").number("expected", *expected).number("found", *found)
        }
        Why::NotText => t.say("import-broken"),
        Why::Username(BadUsername::Empty) => t.say("import-name-empty"),
        Why::Username(BadUsername::TooLong) => t.say("import-name-long"),
        Why::Username(BadUsername::ControlCharacter) | Why::Characters => t.say("import-characters"),
        Why::Twice(line) => t.say("import-twice").number("earlier", *line),
        Why::UnknownCondition(name) => t.say("import-unknown-condition").with("name", name),
        Why::Day => t.say("import-day"),
        Why::YesOrNo => t.say("import-yes-or-no"),
        Why::NoteTooLong => t.say("import-note-long"),
        Why::TooMany => t.say("import-too-many").number("most", MOST),
    }
}

/// Where it stands.
fn place(fault: &Fault, t: Texts) -> Said {
    if fault.column.is_empty() {
        t.say("import-at").number("line", fault.line)
    } else {
        t.say("import-at-column").number("line", fault.line).with("column", &fault.column)
    }
}

/// The form below what would be done.
#[derive(Deserialize)]
pub struct Run {
    #[serde(default)]
    table: String,
    #[serde(default)]
    password: Option<SecretString>,
}

/// `POST /auth/admin/accounts/import/run`
pub async fn run(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Run>,
) -> HttpResponse {
    let answer = |status, shown| show_page(&administrator, &context, &session, t, status, shown);
    let Run { table, password } = posted.0;
    let (table, people) = read(&context, table).await;
    let people = match people {
        Ok(people) => people,
        Err(faults) => return answer(StatusCode::BAD_REQUEST, faulty(&faults, t)),
    };
    let confirmed = match confirm(&administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(message)) => {
            return match context.store.plan_accounts(&people).await {
                Ok(plan) => {
                    let plan = Some((plan, table.as_str()));
                    answer(
                        StatusCode::FORBIDDEN,
                        Shown { plan, unconfirmed: Some(message), ..Shown::default() },
                    )
                }
                Err(error) => store_failed(&context, t, &error),
            };
        }
    };
    let Some(job) = context.imports.begin(administrator.id, people.len()) else {
        let fault = Some(t.say("import-another"));
        let refused = answer(StatusCode::CONFLICT, Shown { fault, ..Shown::default() });
        return confirmed.answer(&request, &context, refused);
    };
    let address = format!("{ADDRESS}/{}", job.id);
    let (act, working, work) = (confirmed.act(), context.clone(), Work(Arc::clone(&job)));
    // It goes on when the administrator closes the page.
    actix_web::rt::spawn(async move {
        let progress = move |done| job.done.store(done, Ordering::Relaxed);
        let outcome = working.store.import_accounts(people, act, progress).await;
        if let Err(error) = &outcome {
            tracing::warn!(%error, "accounts could not be imported");
        }
        catch_up(&working).await;
        work.ends(outcome);
    });
    confirmed.answer(&request, &context, see_other(&address))
}

/// `GET /auth/admin/accounts/import/<job>`
pub async fn progress(
    administrator: Administrator,
    context: web::Data<Context>,
    t: Texts,
    id: web::Path<String>,
) -> HttpResponse {
    let job = Id128::parse(&id).and_then(|id| context.imports.of(&id, &administrator.id));
    let Some(job) = job else { return gone(&context, t) };
    let (outcome, fault) = match &*job.outcome.lock().unwrap_or_else(PoisonError::into_inner) {
        None => (None, None),
        Some(Ok(plan)) => {
            let (made, changed) = (plan.made, plan.changed);
            let said = t
                .say("import-done")
                .number("made", made)
                .number("changed", changed)
                .number("same", plan.same);
            (Some(said), None)
        }
        Some(Err(AccountError::LastAdministrator)) => (None, Some(t.say("account-last-administrator"))),
        Some(Err(AccountError::UnknownCondition(name) | AccountError::CannotBeHeld(name))) => {
            (None, Some(t.say("account-condition-gone").with("name", name)))
        }
        Some(Err(_)) => (None, Some(t.say("import-failed"))),
    };
    let template = JobPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        done: job.done.load(Ordering::Relaxed),
        total: job.total,
        goes_on: outcome.is_none() && fault.is_none(),
        outcome,
        fault,
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}
