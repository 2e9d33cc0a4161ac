//! What becomes of a posted form: it is saved, shown again, or something is asked first.

use actix_web::http::StatusCode;

use super::form::{Difference, Faults, Fields, Typed};
use super::{Named, mark_of, policy_to_edit};
use crate::amend::condition::{AmendConditionError, ConditionAmendment, propose};
use crate::audit::Act;
use crate::clock;
use crate::http::Context;
use crate::http::admin::broken_test;
use crate::policy::condition::AccessCondition;
use crate::policy::opening::{Opening, openings};
use crate::store::{ConditionError, ConditionUse, StoreError};
use crate::texts::{Said, Texts};

/// How often an edit is checked anew because the policy has changed meanwhile.
const ATTEMPTS: usize = 3;

/// What a form is about.
pub struct Form {
    pub typed: Typed,
    /// `None`: a new one.
    pub shown: Option<AccessCondition>,
    pub used: ConditionUse,
}

/// What is said about a form that is shown again.
#[derive(Default)]
pub struct Remarks {
    pub faults: Faults,
    pub message: Option<Said>,
    /// The tests of the policy that would fail.
    pub broken: Vec<Said>,
    /// What the law of policy files says besides, in English.
    pub details: Vec<String>,
    pub differences: Vec<Difference>,
}

impl Remarks {
    fn message(message: Said) -> Self {
        Self { message: Some(message), ..Self::default() }
    }

    fn fault(field: &str, fault: Said) -> Self {
        Self { faults: vec![(field.to_owned(), fault)], ..Self::default() }
    }
}

/// What becomes of a post.
pub enum Outcome {
    Saved(String),
    /// The form again.
    Again(StatusCode, Box<(Form, Remarks)>),
    /// It would open this, which was not confirmed.
    Confirm(Box<(AccessCondition, Vec<Opening>, Named, String)>),
}

impl Outcome {
    fn again(status: StatusCode, form: Form, remarks: Remarks) -> Self {
        Self::Again(status, Box::new((form, remarks)))
    }
}

/// Does what the pressed button says. Without an act the password is still wanted, and nothing is opened.
pub async fn asked(
    context: &Context,
    t: Texts,
    fields: &Fields,
    shown: Option<AccessCondition>,
    act: Option<Act>,
) -> Result<Outcome, StoreError> {
    let mut typed = Typed::of(fields);
    let stored = context.store.conditions_with_use().await?;
    let name = shown.as_ref().map_or("", |shown| shown.name.as_str());
    let present = stored.iter().find(|one| one.condition.name == name);
    let used = present.map(|present| present.used).unwrap_or_default();
    match fields.get("do").map(String::as_str) {
        Some("save") => {}
        Some("language") => {
            typed.add_language();
            return Ok(Outcome::again(StatusCode::OK, Form { typed, shown, used }, Remarks::default()));
        }
        // A preview; or back from what was asked.
        _ => return Ok(Outcome::again(StatusCode::OK, Form { typed, shown, used }, Remarks::default())),
    }
    let read = match &shown {
        None => {
            let known: Vec<String> = stored.iter().map(|one| one.condition.name.clone()).collect();
            typed.read_new(t, &known)
        }
        Some(shown) => typed.read_changed(t, shown),
    };
    if let Some(shown) = &shown {
        let Some(present) = present else {
            // Somebody has removed it; what was typed can be another one of its name.
            typed.name.clone_from(&shown.name);
            let gone = Remarks::message(t.say("conditions-gone").with("name", &shown.name));
            let form = Form { typed, shown: None, used };
            return Ok(Outcome::again(StatusCode::CONFLICT, form, gone));
        };
        // Nothing to do, also for a post that is sent twice.
        if read.as_ref().is_ok_and(|read| *read == present.condition) {
            return Ok(Outcome::Saved(shown.name.clone()));
        }
        if present.condition != *shown {
            return Ok(stale(t, typed, shown, &present.condition, used));
        }
    }
    let condition = match read {
        Ok(condition) => condition,
        Err(faults) => {
            let remarks = Remarks { faults, ..Remarks::default() };
            return Ok(Outcome::again(
                StatusCode::UNPROCESSABLE_ENTITY,
                Form { typed, shown, used },
                remarks,
            ));
        }
    };
    let named = Named::of(context, &condition.name, used);
    let opens = openings(shown.as_ref(), &condition);
    let is_opening = !opens.is_empty() && !named.is_nothing();
    let mark = mark_of(&(&shown, &condition, &named));
    match act {
        Some(act) if !is_opening || fields.get("confirmed") == Some(&mark) => {
            save(context, t, Form { typed, shown, used }, condition, act).await
        }
        _ => Ok(Outcome::Confirm(Box::new((condition, opens, named, mark)))),
    }
}

/// Somebody else has changed the condition since it was shown.
fn stale(
    t: Texts,
    mut typed: Typed,
    shown: &AccessCondition,
    now: &AccessCondition,
    used: ConditionUse,
) -> Outcome {
    let differences = typed.take_over(shown, now);
    let message = Some(t.say("conditions-stale"));
    let form = Form { typed, shown: Some(now.clone()), used };
    Outcome::again(StatusCode::CONFLICT, form, Remarks { message, differences, ..Remarks::default() })
}

async fn save(
    context: &Context,
    t: Texts,
    form: Form,
    condition: AccessCondition,
    act: Act,
) -> Result<Outcome, StoreError> {
    let name = condition.name.clone();
    let amendment = match &form.shown {
        None => ConditionAmendment::Add(Box::new(condition)),
        Some(shown) => ConditionAmendment::Change { shown: Box::new(shown.clone()), to: Box::new(condition) },
    };
    match make(context, amendment, act).await? {
        Made::Done => Ok(Outcome::Saved(name)),
        Made::Busy => {
            let remarks = Remarks::message(t.say("conditions-busy"));
            Ok(Outcome::again(StatusCode::SERVICE_UNAVAILABLE, form, remarks))
        }
        Made::Refused(error) => refused(t, form, *error),
    }
}

/// What became of an amendment.
pub enum Made {
    Done,
    /// The policy is being read, or changes too fast.
    Busy,
    Refused(Box<AmendConditionError>),
}

/// Checks and makes an amendment; if the policy changes meanwhile, once more.
pub async fn make(context: &Context, amendment: ConditionAmendment, act: Act) -> Result<Made, StoreError> {
    let origin = context.settings.site.public_url.origin();
    for _ in 0..ATTEMPTS {
        let Some(snapshot) = policy_to_edit(context).await? else { return Ok(Made::Busy) };
        let (now, stand) = (clock::now(), (&*snapshot.policy, snapshot.sequence()));
        let made = match propose(&context.store, stand, amendment.clone(), &origin, now).await {
            Ok(proposal) => proposal.make(&context.store, act).await,
            Err(error) => Err(error),
        };
        match made {
            Ok(_) => {
                context.catch_up().await;
                return Ok(Made::Done);
            }
            Err(AmendConditionError::Condition(ConditionError::Meanwhile)) => {}
            Err(AmendConditionError::Condition(ConditionError::Database(error))) => return Err(error),
            Err(error) => return Ok(Made::Refused(Box::new(error))),
        }
    }
    Ok(Made::Busy)
}

fn refused(t: Texts, form: Form, error: AmendConditionError) -> Result<Outcome, StoreError> {
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let remarks = match error {
        AmendConditionError::Broken(tests) => {
            let broken = broken_test::in_words(&tests, t);
            Remarks { broken, ..Remarks::message(t.say("conditions-broken")) }
        }
        AmendConditionError::Unlawful(error) => {
            let details = error.problems.into_iter().map(|problem| problem.message).collect();
            Remarks { details, ..Remarks::message(t.say("conditions-unlawful")) }
        }
        AmendConditionError::Condition(ConditionError::Held { accounts, devices, .. }) => {
            let held = t.say("conditions-held").number("accounts", accounts).number("devices", devices);
            Remarks::fault("pattern", held)
        }
        AmendConditionError::Condition(ConditionError::TooMany(_)) => {
            Remarks::message(t.say("conditions-too-many"))
        }
        AmendConditionError::Condition(ConditionError::Double(name)) => {
            Remarks::fault("name", t.say("conditions-fault-name-double").with("name", name))
        }
        AmendConditionError::Condition(ConditionError::Changed(now)) => {
            let Form { typed, shown, used } = form;
            let shown = shown.unwrap_or_else(|| AccessCondition::clone(&now));
            return Ok(stale(t, typed, &shown, &now, used));
        }
        AmendConditionError::Condition(ConditionError::Database(error)) => return Err(error),
        AmendConditionError::Condition(ConditionError::Gone(_) | ConditionError::Meanwhile) => {
            status = StatusCode::CONFLICT;
            Remarks::message(t.say("conditions-busy"))
        }
        AmendConditionError::Stopping => {
            status = StatusCode::SERVICE_UNAVAILABLE;
            Remarks::message(t.say("conditions-busy"))
        }
        other => {
            Remarks { details: vec![other.to_string()], ..Remarks::message(t.say("conditions-unlawful")) }
        }
    };
    Ok(Outcome::again(status, form, remarks))
}
