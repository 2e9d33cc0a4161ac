//! `/auth/admin/conditions/<name>/remove`: what would go with a condition, and its removal. Nothing opens by it.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::form::Fields;
use super::save::{Made, make};
use super::{LIST, Named, is_built_in, mark_of, policy_to_edit, shadows};
use crate::amend::condition::{AmendConditionError, ConditionAmendment, propose};
use crate::clock;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::not_found;
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
    broken: Vec<String>,
}

/// Why a condition cannot be removed.
struct Obstacle {
    reason: Said,
    broken: Vec<String>,
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
            Ok(obstacle) => ask(&context, &session, t, StatusCode::OK, &condition, None, obstacle),
            Err(error) => store_failed(&context, &error),
        },
        Ok(None) => not_found(administrator, context).await,
        Err(error) => store_failed(&context, &error),
    }
}

/// `POST /auth/admin/conditions/<name>/remove`
pub async fn remove(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    name: web::Path<String>,
    posted: Checked<Fields>,
) -> HttpResponse {
    match removed(&context, &session, t, &name, &posted.0).await {
        Ok(response) => response,
        Err(error) => store_failed(&context, &error),
    }
}

async fn removed(
    context: &Context,
    session: &Session,
    t: Texts,
    name: &str,
    fields: &Fields,
) -> Result<HttpResponse, StoreError> {
    // Also for a post that is sent twice. What could not be a name is not put into an address.
    let done = || see_other(&if is_slug(name) { format!("{LIST}?removed={name}") } else { LIST.to_owned() });
    let Some(condition) = context.store.condition_with_use(name).await? else { return Ok(done()) };
    let again = |status, message, obstacle| ask(context, session, t, status, &condition, message, obstacle);
    if fields.get("seen") != Some(&seen(context, &condition)) {
        let changed = Some(t.say("conditions-remove-changed"));
        return Ok(again(StatusCode::CONFLICT, changed, obstacle(context, t, &condition).await?));
    }
    let amendment = ConditionAmendment::Remove { shown: Box::new(condition.condition.clone()) };
    Ok(match make(context, amendment).await? {
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
        return Ok(Some(Obstacle { reason: t.say("conditions-remove-built-in"), broken: Vec::new() }));
    }
    let Some(snapshot) = policy_to_edit(context).await? else {
        return Ok(Some(Obstacle { reason: t.say("conditions-busy"), broken: Vec::new() }));
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
            Obstacle { reason: t.say("conditions-remove-broken").number("tests", broken.len()), broken }
        }
        AmendConditionError::Default(mounts) => {
            let reason = t.say("conditions-remove-default").with("mounts", mounts.join(", "));
            Obstacle { reason, broken: Vec::new() }
        }
        AmendConditionError::Condition(ConditionError::BuiltIn(_)) => {
            Obstacle { reason: t.say("conditions-remove-built-in"), broken: Vec::new() }
        }
        AmendConditionError::Condition(ConditionError::Database(error)) => return Err(error),
        other => Obstacle { reason: t.say("conditions-unlawful"), broken: vec![other.to_string()] },
    })
}

fn ask(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    condition: &ConditionInUse,
    message: Option<Said>,
    obstacle: Option<Obstacle>,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context) };
    let (obstacle, broken) =
        obstacle.map_or((None, Vec::new()), |obstacle| (Some(obstacle.reason), obstacle.broken));
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
    };
    page(status, &template, Framing::Never, None)
}
