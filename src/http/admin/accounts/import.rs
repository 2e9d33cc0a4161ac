//! `/auth/admin/accounts/import`: many accounts from a table. It is shown first what would be done; then all of it is
//! done, or nothing, while a page says how far it is.

mod job;
mod links;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use super::choices;
use crate::clock;
use crate::credential::account::{BadUsername, Id128};
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm, is_due};
use crate::http::admin::{moment, problem};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::http::set_password::LINK_LIFE;
use crate::http::upload::{LARGEST, Upload};
use crate::import::people::{self, Fault, MOST, Person, Why};
use crate::shadow::{self, Notice};
use crate::store::{AccountError, AccountPlan};
use crate::texts::{Said, Texts};
pub use job::ImportJob;
use job::{Busy, WAIT, Work};
pub use links::links;

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
    wants_links: bool,
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
    /// There are accounts that need a link.
    without_password: usize,
    links: Links,
}

/// What has become of the links.
enum Links {
    NotAsked,
    /// So many can be fetched until then.
    Wait {
        csrf: String,
        address: String,
        count: usize,
        until: String,
    },
    /// They were fetched, or nobody came for them.
    Gone,
}

/// What a page of the import shows.
#[derive(Default)]
struct Shown<'a> {
    fault: Option<Said>,
    faults: Vec<(Said, Said)>,
    plan: Option<(AccountPlan, &'a str)>,
    wants_links: bool,
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
    let Shown { fault, faults, plan, wants_links, unconfirmed } = shown;
    let template = ImportPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), clock::now()),
        csrf,
        names: choices(policy, &[]).into_iter().map(|choice| choice.name).collect(),
        fault,
        faults,
        plan,
        wants_links,
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
    match context.store.plan_accounts(&people, clock::now()).await {
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
    links: Option<String>,
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
    let Run { table, links, password } = posted.0;
    let wants_links = links.is_some();
    let (table, people) = read(&context, table).await;
    let people = match people {
        Ok(people) => people,
        Err(faults) => return answer(StatusCode::BAD_REQUEST, faulty(&faults, t)),
    };
    let confirmed = match confirm(&administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(message)) => {
            return match context.store.plan_accounts(&people, clock::now()).await {
                Ok(plan) => {
                    let plan = Some((plan, table.as_str()));
                    answer(
                        StatusCode::FORBIDDEN,
                        Shown { plan, wants_links, unconfirmed: Some(message), ..Shown::default() },
                    )
                }
                Err(error) => store_failed(&context, t, &error),
            };
        }
    };
    let act = confirmed.act();
    let links_until = wants_links.then(|| act.at + LINK_LIFE);
    let begun =
        context.imports.begin(administrator.id, confirmed.session(), people.len(), links_until, act.at);
    let job = match begun {
        Ok(job) => job,
        Err(busy) => {
            let fault = Some(match busy {
                Busy::Another => t.say("import-another"),
                Busy::Links => t.say("import-links-wait"),
            });
            let refused = answer(StatusCode::CONFLICT, Shown { fault, ..Shown::default() });
            return confirmed.answer(&request, &context, refused);
        }
    };
    let address = format!("{ADDRESS}/{}", job.id);
    let (working, work) = (context.clone(), Work(Arc::clone(&job)));
    // It goes on when the administrator closes the page.
    actix_web::rt::spawn(async move {
        let told = Arc::clone(&job);
        let progress = move |done| told.done.store(done, Ordering::Relaxed);
        let outcome = working.store.import_accounts(people, links_until, act, progress).await;
        if let Err(error) = &outcome {
            tracing::warn!(%error, "accounts could not be imported");
        }
        working.catch_up().await;
        work.ends(outcome, clock::now());
        drop((work, working));
        if links_until.is_some() {
            // Whoever does not fetch the links in time leaves them in nobody's memory.
            tokio::time::sleep(Duration::from_secs(WAIT)).await;
            job.tidy(clock::now());
        }
    });
    confirmed.answer(&request, &context, see_other(&address))
}

/// No such job is known to this process: it is another replica's, or somebody else's, or from before a restart.
fn unknown(context: &Context, t: Texts) -> HttpResponse {
    let (title, text) = (t.say("import-unknown-title"), t.say("import-unknown"));
    problem(context, StatusCode::NOT_FOUND, &title, &text)
}

/// `GET /auth/admin/accounts/import/<job>`
pub async fn progress(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    id: web::Path<String>,
) -> HttpResponse {
    let job = Id128::parse(&id).and_then(|id| context.imports.of(&id, &administrator.id));
    let Some(job) = job else { return unknown(&context, t) };
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let mut without_password = 0;
    let (outcome, fault) = match &*job.outcome() {
        None => (None, None),
        Some(Ok(plan)) => {
            without_password = plan.without_password;
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
        done: job.so_far(),
        total: job.total,
        goes_on: outcome.is_none() && fault.is_none(),
        outcome,
        fault,
        without_password,
        links: match job.waiting(&administrator.session, clock::now()) {
            _ if job.links_until.is_none() => Links::NotAsked,
            Some((count, until)) => {
                let address = format!("{ADDRESS}/{}/links", job.id);
                Links::Wait { csrf, address, count, until: moment(until) }
            }
            None => Links::Gone,
        },
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}
