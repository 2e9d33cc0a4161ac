//! `/auth/admin/rules/new` and `/auth/admin/rules/<number>`: one rule. What it changes is shown before it is saved.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use askama::filters::Safe;
use serde::Deserialize;

use super::confirm::{Question, ask, is_opening, mark};
use super::form::{Faults, Form};
use super::{Row, address, mounts_with_rules, place_of_address, policy_to_edit};
use crate::amend::{AmendError, Amendment, propose};
use crate::clock;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Unconfirmed, confirm_if};
use crate::http::admin::{broken_test, gone, notice};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, unavailable};
use crate::policy::PolicyError;
use crate::policy::rule::Operation;
use crate::policy::upcoming::Who;
use crate::shadow::{self, Notice};
use crate::store::{RuleError, StoreError};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/rule.html")]
struct RulePage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    /// As people count; `None`: a new one.
    number: Option<u64>,
    /// What it was imported from: then it is changed there.
    source: String,
    form: &'a Form,
    faults: Faults,
    mounts: Vec<&'a str>,
    conditions: Vec<(&'a str, &'a str, bool)>,
    operations: Vec<(&'static str, Said, bool)>,
    /// What somebody else has meanwhile made of it.
    theirs: Option<Row>,
}

/// What every answer of this file is made with.
struct Desk<'a> {
    request: &'a HttpRequest,
    context: &'a Context,
    session: &'a Session,
    administrator: &'a Administrator,
    t: Texts,
}

/// What somebody wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Add,
    Change(u32),
    Remove(u32),
}

impl Wish {
    fn number(self) -> Option<u32> {
        match self {
            Self::Add => None,
            Self::Change(number) | Self::Remove(number) => Some(number),
        }
    }

    fn action(self) -> String {
        match self {
            Self::Add => "/auth/admin/rules/new".to_owned(),
            Self::Change(number) => address(u64::from(number) + 1),
            Self::Remove(number) => format!("{}/delete", address(u64::from(number) + 1)),
        }
    }

    fn title(self, t: Texts) -> Said {
        match self {
            Self::Add => t.say("rules-confirm-add"),
            Self::Change(_) => t.say("rules-confirm-change"),
            Self::Remove(_) => t.say("rules-confirm-remove"),
        }
    }
}

/// Where a new rule is to stand: from an address, or from a link of ours.
#[derive(Debug, Default, Deserialize)]
pub struct Start {
    #[serde(default)]
    url: String,
    #[serde(default)]
    mount: String,
    #[serde(default)]
    identifier: String,
    #[serde(default, rename = "match")]
    matching: String,
}

/// `GET /auth/admin/rules/new?mount=…&identifier=…&match=…` or `?url=…`
pub async fn blank(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    start: web::Query<Start>,
) -> HttpResponse {
    let desk =
        Desk { request: &request, context: &context, session: &session, administrator: &administrator, t };
    let mut form = Form { matching: "prefix".to_owned(), ..Form::default() };
    let mut faults = Faults::default();
    if start.url.trim().is_empty() {
        (form.mount, form.identifier) = (start.mount.clone(), start.identifier.clone());
        form.matching.clone_from(&start.matching);
    } else if let Some(place) = place_of_address(&context, start.url.trim()) {
        (form.mount, form.identifier) = place;
        // An address is that of one image.
        "exact".clone_into(&mut form.matching);
    } else {
        let origin = context.settings.site.public_url.origin();
        faults.url = Some(t.say("rules-no-address").with("origin", origin));
        form.others.insert("url".to_owned(), start.url.trim().to_owned());
        return desk.form(StatusCode::BAD_REQUEST, Wish::Add, &form, faults, None);
    }
    desk.form(StatusCode::OK, Wish::Add, &form, faults, None)
}

/// `GET /auth/admin/rules/<number>`
pub async fn show(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    number: web::Path<String>,
) -> HttpResponse {
    let Some(number) = counted_from_0(&number) else { return gone(&context, t) };
    let desk =
        Desk { request: &request, context: &context, session: &session, administrator: &administrator, t };
    match context.store.rule(number).await {
        Ok(Some(rule)) => {
            desk.form(StatusCode::OK, Wish::Change(number), &Form::of(&rule), Faults::default(), None)
        }
        Ok(None) => gone(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

fn counted_from_0(number: &str) -> Option<u32> {
    number.parse::<u32>().ok()?.checked_sub(1)
}

/// `POST /auth/admin/rules/new`
pub async fn add(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Form>,
) -> HttpResponse {
    let desk =
        Desk { request: &request, context: &context, session: &session, administrator: &administrator, t };
    desk.asked(Wish::Add, posted.0).await.unwrap_or_else(|error| store_failed(&context, t, &error))
}

/// `POST /auth/admin/rules/<number>`
pub async fn change(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    number: web::Path<String>,
    posted: Checked<Form>,
) -> HttpResponse {
    let Some(number) = counted_from_0(&number) else { return gone(&context, t) };
    let desk =
        Desk { request: &request, context: &context, session: &session, administrator: &administrator, t };
    let asked = desk.asked(Wish::Change(number), posted.0).await;
    asked.unwrap_or_else(|error| store_failed(&context, t, &error))
}

/// `POST /auth/admin/rules/<number>/delete`
pub async fn remove(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    number: web::Path<String>,
    posted: Checked<Form>,
) -> HttpResponse {
    let Some(number) = counted_from_0(&number) else { return gone(&context, t) };
    let desk =
        Desk { request: &request, context: &context, session: &session, administrator: &administrator, t };
    let asked = desk.asked(Wish::Remove(number), posted.0).await;
    asked.unwrap_or_else(|error| store_failed(&context, t, &error))
}

impl Desk<'_> {
    fn form(
        &self,
        status: StatusCode,
        wish: Wish,
        form: &Form,
        faults: Faults,
        theirs: Option<Row>,
    ) -> HttpResponse {
        let Self { context, session, t, .. } = *self;
        let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
        let policy = &context.live.current().policy;
        let conditions = policy.conditions.iter().map(|condition| {
            let name = condition.name.as_str();
            (name, condition.title_in(t.tag()), form.needs(name))
        });
        let template = RulePage {
            t,
            organisation: &context.settings.organisation,
            shadows: shadow::notices(policy.mounts(), clock::now()),
            notice: notice::take(session),
            csrf,
            number: wish.number().map(|number| u64::from(number) + 1),
            source: form.was().map(|was| was.source).unwrap_or_default(),
            form,
            faults,
            mounts: mounts_with_rules(policy),
            conditions: conditions.collect(),
            operations: Operation::ALL
                .map(|operation| {
                    let said = match operation {
                        Operation::View => t.say("rules-may-view"),
                        Operation::WholeImage => t.say("rules-may-whole-image"),
                        Operation::WholeDocument => t.say("rules-may-whole-document"),
                    };
                    (operation.as_str(), said, form.may(operation))
                })
                .into(),
            theirs,
        };
        page(status, &template, Framing::Never, None)
    }

    /// Shows what the wish comes to; or makes it, once that was confirmed.
    async fn asked(&self, wish: Wish, form: Form) -> Result<HttpResponse, StoreError> {
        let Self { request, context, session, administrator, t } = *self;
        let none = Faults::default;
        let form = if let Wish::Remove(_) = wish { form.untouched() } else { form };
        if form.action == "back" {
            return Ok(self.form(StatusCode::OK, wish, &form, none(), None));
        }
        let Some(snapshot) = policy_to_edit(context).await? else {
            let faults = Faults { whole: Some(t.say("rules-busy")), ..none() };
            return Ok(self.form(StatusCode::SERVICE_UNAVAILABLE, wish, &form, faults, None));
        };
        let policy = &snapshot.policy;
        let now = clock::now();
        if let Some(number) = wish.number() {
            // Somebody else may have changed it, or an import may have given the number to another rule.
            let stored = context.store.rule(number).await?;
            let Some(stored) = stored else { return Ok(gone(context, t)) };
            if form.was().as_ref() != Some(&stored) {
                let faults = Faults { whole: Some(t.say("rules-meanwhile")), ..none() };
                let theirs = Some(Row::of(number, stored.clone(), t, now));
                let form = match wish {
                    // Nothing was typed that could be kept.
                    Wish::Remove(_) => Form::of(&stored),
                    _ => Form { shown: serde_json::to_string(&stored).unwrap_or_default(), ..form },
                };
                return Ok(self.form(StatusCode::CONFLICT, Wish::Change(number), &form, faults, theirs));
            }
        }
        let (rule, amendment) = match wish {
            Wish::Remove(number) => (form.was().unwrap_or_default(), Amendment::Remove(number)),
            Wish::Add | Wish::Change(_) => match form.read(policy, t) {
                Ok(rule) => {
                    let amendment = match wish {
                        Wish::Change(number) => Amendment::Change(number, rule.clone()),
                        _ => Amendment::Add(rule.clone()),
                    };
                    (rule, amendment)
                }
                Err(faults) => {
                    return Ok(self.form(StatusCode::UNPROCESSABLE_ENTITY, wish, &form, *faults, None));
                }
            },
        };
        let origin = context.settings.site.public_url.origin();
        let stand = (&**policy, snapshot.sequence());
        let proposal = match propose(&context.store, stand, amendment, &origin, now).await {
            Ok(proposal) => proposal,
            Err(error) => return self.refused(wish, &form, error),
        };
        let mark = mark(&[rule], &(&proposal.spots, &proposal.elsewhere));
        let question = || Question { action: wish.action(), title: wish.title(t), fields: form.fields() };
        if form.confirmed != mark {
            return Ok(ask(context, session, t, &question(), &proposal, (&mark, administrator, None)));
        }
        let password = Some(form.password.clone());
        let opens = is_opening(&proposal, t);
        let confirmed = confirm_if(opens, administrator, password, request, context, session, t).await;
        let confirmed = match confirmed {
            Ok(confirmed) => confirmed,
            Err(Unconfirmed::Store(error)) => return Err(error),
            Err(Unconfirmed::Asked(fault)) => {
                let again = (mark.as_str(), administrator, Some(fault));
                return Ok(ask(context, session, t, &question(), &proposal, again));
            }
        };
        let answer = match proposal.make(&context.store, confirmed.act()).await {
            Ok(number) => {
                context.catch_up().await;
                let number = u64::from(number) + 1;
                let (said, next) = match wish {
                    Wish::Remove(_) => (t.say("rules-removed"), "/auth/admin/rules".to_owned()),
                    _ => (t.say("rules-saved").number("number", number), address(number)),
                };
                notice::leave(self.session, &said);
                see_other(&next)
            }
            Err(error) => match self.refused(wish, &form, error) {
                Ok(answer) => answer,
                // The session may be another one by now, so the answer has to have its cookie.
                Err(error) => store_failed(context, t, &error),
            },
        };
        Ok(confirmed.answer(request, context, answer))
    }

    fn refused(&self, wish: Wish, form: &Form, error: AmendError) -> Result<HttpResponse, StoreError> {
        let Self { context, t, .. } = *self;
        let none = Faults::default;
        let faults = match error {
            AmendError::Rule(RuleError::Database(error)) => return Err(error),
            AmendError::NoSuchRule(_) => return Ok(gone(context, t)),
            AmendError::Policy(PolicyError::BadIdentifier { reason, .. }) => {
                let never = t.say("rules-fault-identifier").with("reason", reason);
                Faults { identifier: Some(never), ..none() }
            }
            // It has been removed in this moment.
            AmendError::Policy(PolicyError::UnknownCondition { condition: name, .. })
            | AmendError::Rule(RuleError::UnknownCondition(name)) => {
                Faults { conditions: Some(t.say("rules-fault-condition").with("name", name)), ..none() }
            }
            AmendError::Double(number) => Faults {
                whole: Some(t.say("rules-double").number("number", u64::from(number) + 1)),
                ..none()
            },
            AmendError::Imported { from, .. } => {
                Faults { whole: Some(t.say("rules-imported").with("source", from)), ..none() }
            }
            AmendError::Broken { broken, .. } => {
                let broken = broken_test::in_words(&broken, t);
                Faults { whole: Some(t.say("rules-broken")), broken, ..none() }
            }
            AmendError::Rule(RuleError::Meanwhile) => {
                Faults { whole: Some(t.say("rules-policy-meanwhile")), ..none() }
            }
            AmendError::Stopping => Faults { whole: Some(t.say("rules-busy")), ..none() },
            other @ (AmendError::Policy(_) | AmendError::Rule(_)) => {
                Faults { whole: Some(t.say("rules-unlawful")), law: vec![other.to_string()], ..none() }
            }
        };
        Ok(self.form(StatusCode::CONFLICT, wish, form, faults, None))
    }
}
