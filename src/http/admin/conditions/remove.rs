//! `/auth/admin/conditions/<name>/remove`: what would go with a condition, and its removal. Nothing opens by it.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;

use super::form::Fields;
use super::save::{Made, make};
use super::{LIST, Named, is_built_in, mark_of, policy_to_edit, shadows};
use crate::amend::condition::{AmendConditionError, ConditionAmendment, propose};
use crate::audit::Act;
use crate::clock;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm, is_due};
use crate::http::admin::{broken_test, not_found};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::policy::file::is_slug;
use crate::shadow::Notice;
use crate::store::{ConditionError, ConditionInUse, StoreError};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/condition_remove.html")]
struct RemovePage<'a> {
    organisation: &'a str,
    shadows: Vec<Notice>,
    t: Texts,
    csrf: String,
    name: &'a str,
    named: Named,
    mark: String,
    message: Option<Said>,
    /// Why it cannot be removed.
    obstacle: Option<Said>,
    /// The tests that would fail.
    broken: Vec<Said>,
    /// Anything else, in English.
    other: Option<String>,
    asks: bool,
    unconfirmed: Option<Said>,
}

/// Why a condition cannot be removed.
struct Obstacle {
    reason: Said,
    broken: Vec<Said>,
    other: Option<String>,
}

impl Obstacle {
    fn of(reason: Said) -> Self {
        Self { reason, broken: Vec::new(), other: None }
    }
}

/// `GET /auth/admin/conditions/<name>/remove`
pub async fn show(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    name: web::Path<String>,
) -> HttpResponse {
    match context.store.condition_with_use(&name).await {
        Ok(Some(condition)) => match obstacle(&context, t, &condition).await {
            Ok(obstacle) => {
                let desk = Desk { context: &context, session: &session, t, asks: is_due(&administrator) };
                desk.ask(StatusCode::OK, &condition, None, obstacle, None)
            }
            Err(error) => store_failed(&context, t, &error),
        },
        Ok(None) => not_found(administrator, context, t).await,
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/admin/conditions/<name>/remove`
pub async fn remove(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    name: web::Path<String>,
    posted: Checked<Fields>,
) -> HttpResponse {
    let password = posted.0.get("password").map(|password| SecretString::from(password.as_str()));
    let confirmed = match confirm(&administrator, password, &request, &context, &session, t).await {
        Ok(confirmed) => confirmed,
        Err(Unconfirmed::Store(error)) => return store_failed(&context, t, &error),
        Err(Unconfirmed::Asked(message)) => {
            return match context.store.condition_with_use(&name).await {
                Ok(Some(condition)) => {
                    let desk = Desk { context: &context, session: &session, t, asks: true };
                    desk.ask(StatusCode::FORBIDDEN, &condition, None, None, Some(message))
                }
                Ok(None) => not_found(administrator, context, t).await,
                Err(error) => store_failed(&context, t, &error),
            };
        }
    };
    let desk = Desk { context: &context, session: &session, t, asks: is_due(&administrator) };
    let answer = match removed(&desk, &name, &posted.0, confirmed.act()).await {
        Ok(response) => response,
        Err(error) => store_failed(&context, t, &error),
    };
    confirmed.answer(&request, &context, answer)
}

async fn removed(desk: &Desk<'_>, name: &str, fields: &Fields, act: Act) -> Result<HttpResponse, StoreError> {
    let Desk { context, t, .. } = *desk;
    // Also for a post that is sent twice. What could not be a name is not put into an address.
    let done = || see_other(&if is_slug(name) { format!("{LIST}?removed={name}") } else { LIST.to_owned() });
    let Some(condition) = context.store.condition_with_use(name).await? else { return Ok(done()) };
    let again = |status, message, obstacle| desk.ask(status, &condition, message, obstacle, None);
    if fields.get("seen") != Some(&seen(context, &condition)) {
        let changed = Some(t.say("conditions-remove-changed"));
        return Ok(again(StatusCode::CONFLICT, changed, obstacle(context, t, &condition).await?));
    }
    let amendment = ConditionAmendment::Remove { shown: Box::new(condition.condition.clone()) };
    Ok(match make(context, amendment, act).await? {
        Made::Done => done(),
        Made::Busy => again(StatusCode::SERVICE_UNAVAILABLE, Some(t.say("conditions-busy")), None),
        Made::Refused(error) => match *error {
            AmendConditionError::Condition(ConditionError::Gone(_)) => done(),
            AmendConditionError::Condition(ConditionError::Changed(_)) => {
                again(StatusCode::CONFLICT, Some(t.say("conditions-remove-changed")), None)
            }
            error => again(StatusCode::UNPROCESSABLE_ENTITY, None, Some(why_not(t, error)?)),
        },
    })
}

/// A mark of what the page says.
fn seen(context: &Context, condition: &ConditionInUse) -> String {
    let named = Named::of(context, &condition.condition.name, condition.used);
    mark_of(&(&condition.condition, &named))
}

/// Whether it could be removed now.
async fn obstacle(
    context: &Context,
    t: Texts,
    condition: &ConditionInUse,
) -> Result<Option<Obstacle>, StoreError> {
    if is_built_in(&condition.condition.name) {
        return Ok(Some(Obstacle::of(t.say("conditions-remove-built-in"))));
    }
    let Some(snapshot) = policy_to_edit(context).await? else {
        return Ok(Some(Obstacle::of(t.say("conditions-busy"))));
    };
    let stand = (&*snapshot.policy, snapshot.sequence());
    let amendment = ConditionAmendment::Remove { shown: Box::new(condition.condition.clone()) };
    let origin = context.settings.site.public_url.origin();
    match propose(&context.store, stand, amendment, &origin, clock::now()).await {
        Ok(_) => Ok(None),
        Err(error) => why_not(t, error).map(Some),
    }
}

fn why_not(t: Texts, error: AmendConditionError) -> Result<Obstacle, StoreError> {
    Ok(match error {
        AmendConditionError::Broken(broken) => {
            let reason = t.say("conditions-remove-broken").number("tests", broken.len());
            Obstacle { broken: broken_test::in_words(&broken, t), ..Obstacle::of(reason) }
        }
        AmendConditionError::Default(mounts) => {
            Obstacle::of(t.say("conditions-remove-default").with("mounts", mounts.join(", ")))
        }
        AmendConditionError::Condition(ConditionError::BuiltIn(_)) => {
            Obstacle::of(t.say("conditions-remove-built-in"))
        }
        AmendConditionError::Condition(ConditionError::Database(error)) => return Err(error),
        other => Obstacle { other: Some(other.to_string()), ..Obstacle::of(t.say("conditions-unlawful")) },
    })
}

/// What the page is made with.
struct Desk<'a> {
    context: &'a Context,
    session: &'a Session,
    t: Texts,
    /// With a field for the password.
    asks: bool,
}

impl Desk<'_> {
    fn ask(
        &self,
        status: StatusCode,
        condition: &ConditionInUse,
        message: Option<Said>,
        obstacle: Option<Obstacle>,
        unconfirmed: Option<Said>,
    ) -> HttpResponse {
        let Self { context, session, t, asks } = *self;
        let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
        let (obstacle, broken, other) = match obstacle {
            Some(Obstacle { reason, broken, other }) => (Some(reason), broken, other),
            None => (None, Vec::new(), None),
        };
        let name = &condition.condition.name;
        let template = RemovePage {
            organisation: &context.settings.organisation,
            shadows: shadows(context),
            t,
            csrf,
            name,
            named: Named::of(context, name, condition.used),
            mark: seen(context, condition),
            message,
            obstacle,
            broken,
            other,
            asks,
            unconfirmed,
        };
        page(status, &template, Framing::Never, None)
    }
}
