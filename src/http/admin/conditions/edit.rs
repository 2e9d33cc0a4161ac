//! `/auth/admin/conditions/…`: the form of one condition, its preview, and what is asked before something opens.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use secrecy::SecretString;

use super::form::{Fields, Language, TEXTS, Typed};
use super::preview::{Preview, Usual};
use super::save::{Form, Outcome, Remarks, asked};
use super::words::{field_message, opening_in_words, pattern_hint, text_hint};
use super::{ByField, LIST, Named, address_of, is_built_in, pattern_message, shadows};
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::{Confirmed, Unconfirmed, confirm_if, is_due};
use crate::http::admin::{not_found, problem};
use crate::http::extract::{Checked, csrf_token};
use crate::http::login::{see_other, store_failed};
use crate::http::page::{Framing, page, script_nonce, unavailable};
use crate::policy::condition::{AccessCondition, Pattern};
use crate::shadow::Notice;
use crate::store::{ConditionInUse, ConditionUse};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/condition.html")]
struct ConditionPage<'a> {
    organisation: &'a str,
    shadows: Vec<Notice>,
    t: Texts,
    csrf: String,
    action: String,
    /// The condition as it was shown, `None` for a new one.
    shown: Option<String>,
    name: &'a str,
    is_built_in: bool,
    named: Named,
    typed: &'a Typed,
    patterns: Vec<Choice>,
    faults: ByField,
    /// The first field that is wrong.
    focus: String,
    message: Option<Said>,
    broken: Vec<Said>,
    details: Vec<String>,
    /// What somebody else has changed.
    told: Vec<Told>,
    preview: Option<Preview>,
    usual: Vec<Usual>,
    nonce: String,
}

struct Choice {
    word: &'static str,
    title: Said,
    hint: Said,
    is_chosen: bool,
}

struct Told {
    field: Said,
    tag: String,
    theirs: String,
    is_conflict: bool,
}

#[derive(Template)]
#[template(path = "admin/condition_confirm.html")]
struct ConfirmPage<'a> {
    organisation: &'a str,
    shadows: Vec<Notice>,
    t: Texts,
    csrf: String,
    action: String,
    name: &'a str,
    opens: Vec<Said>,
    named: Named,
    mark: String,
    /// The form, as it was typed.
    fields: Vec<(&'a str, &'a str)>,
    /// With a field for the password, and what was wrong with it.
    asks: bool,
    unconfirmed: Option<Said>,
}

/// `GET /auth/admin/conditions/_new`; no condition can have that name.
pub async fn new(_: Administrator, context: web::Data<Context>, session: Session, t: Texts) -> HttpResponse {
    let form = Form { typed: Typed::empty(), shown: None, used: ConditionUse::default() };
    show_form(&context, &session, t, StatusCode::OK, &form, Remarks::default())
}

/// `GET /auth/admin/conditions/<name>`
pub async fn show(
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    name: web::Path<String>,
) -> HttpResponse {
    match context.store.condition_with_use(&name).await {
        Ok(Some(ConditionInUse { condition, used, .. })) => {
            let form = Form { typed: Typed::of_condition(&condition), shown: Some(condition), used };
            show_form(&context, &session, t, StatusCode::OK, &form, Remarks::default())
        }
        Ok(None) => not_found(administrator, context, t).await,
        Err(error) => store_failed(&context, t, &error),
    }
}

/// `POST /auth/admin/conditions/_new`
pub async fn add(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    posted: Checked<Fields>,
) -> HttpResponse {
    submit(&request, &administrator, &context, &session, t, (posted.0, None)).await
}

/// `POST /auth/admin/conditions/<name>`
pub async fn change(
    request: HttpRequest,
    administrator: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    name: web::Path<String>,
    posted: Checked<Fields>,
) -> HttpResponse {
    let shown = posted.0.get("shown").and_then(|shown| serde_json::from_str::<AccessCondition>(shown).ok());
    let Some(shown) = shown.filter(|shown| shown.name == *name) else {
        let (title, text) = (t.say("conditions-unreadable-title"), t.say("conditions-unreadable"));
        return problem(&context, StatusCode::BAD_REQUEST, &title, &text);
    };
    submit(&request, &administrator, &context, &session, t, (posted.0, Some(shown))).await
}

async fn submit(
    request: &HttpRequest,
    administrator: &Administrator,
    context: &Context,
    session: &Session,
    t: Texts,
    (mut fields, shown): (Fields, Option<AccessCondition>),
) -> HttpResponse {
    // The password is not posted once more. Whoever was asked whether something is to be opened gives it.
    let password = fields.remove("password").map(SecretString::from);
    let opens = fields.contains_key("confirmed") && fields.get("do").is_some_and(|action| action == "save");
    let confirmed = confirm_if(opens, administrator, password, request, context, session, t).await;
    let (confirmed, fault) = match confirmed {
        Ok(confirmed) => (Some(confirmed), None),
        Err(Unconfirmed::Asked(fault)) => (None, Some(fault)),
        Err(Unconfirmed::Store(error)) => return store_failed(context, t, &error),
    };
    let act = confirmed.as_ref().map(Confirmed::act);
    let answer = match asked(context, t, &fields, shown.clone(), act).await {
        Ok(outcome) => {
            let asks = is_due(administrator);
            answered(context, session, t, (&fields, shown), outcome, (asks, fault))
        }
        // The session may be another one by now, so the answer has to have its cookie.
        Err(error) => store_failed(context, t, &error),
    };
    match confirmed {
        Some(confirmed) => confirmed.answer(request, context, answer),
        None => answer,
    }
}

fn answered(
    context: &Context,
    session: &Session,
    t: Texts,
    (fields, shown): (&Fields, Option<AccessCondition>),
    outcome: Outcome,
    (asks, unconfirmed): (bool, Option<Said>),
) -> HttpResponse {
    match outcome {
        Outcome::Saved(name) => see_other(&format!("{LIST}?saved={name}")),
        Outcome::Again(status, again) => {
            let (form, remarks) = *again;
            show_form(context, session, t, status, &form, remarks)
        }
        Outcome::Confirm(asked) => {
            let (condition, opens, named, mark) = *asked;
            let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
            let status = if unconfirmed.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
            let kept = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "do" | "confirmed"));
            let template = ConfirmPage {
                organisation: &context.settings.organisation,
                shadows: shadows(context),
                t,
                csrf,
                action: action_of(shown.as_ref()),
                name: &condition.name,
                opens: opens.iter().map(|opening| opening_in_words(t, opening)).collect(),
                named,
                mark,
                fields: kept.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
                asks: asks || unconfirmed.is_some(),
                unconfirmed,
            };
            page(status, &template, Framing::Never, None)
        }
    }
}

fn action_of(shown: Option<&AccessCondition>) -> String {
    shown.map_or_else(|| format!("{LIST}/_new"), |shown| address_of(&shown.name))
}

fn show_form(
    context: &Context,
    session: &Session,
    t: Texts,
    status: StatusCode,
    form: &Form,
    remarks: Remarks,
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let Form { typed, shown, used } = form;
    let organisation = &context.settings.organisation;
    let Ok(shown_text) = shown.as_ref().map(serde_json::to_string).transpose() else {
        return unavailable(context, t);
    };
    let name = shown.as_ref().map_or("", |shown| shown.name.as_str());
    let patterns = Pattern::ALL.into_iter().map(|pattern| Choice {
        word: pattern.word(),
        title: t.say(pattern_message(pattern)),
        hint: t.say(pattern_hint(pattern)),
        is_chosen: typed.pattern == pattern.word(),
    });
    let told = remarks.differences.into_iter().map(|difference| Told {
        field: t.say(field_message(difference.field)),
        tag: difference.tag,
        theirs: difference.theirs,
        is_conflict: difference.is_conflict,
    });
    let nonce = script_nonce();
    let template = ConditionPage {
        organisation,
        shadows: shadows(context),
        t,
        csrf,
        action: action_of(shown.as_ref()),
        shown: shown_text,
        name,
        is_built_in: is_built_in(name),
        named: Named::of(context, name, *used),
        typed,
        patterns: patterns.collect(),
        focus: remarks.faults.first().map(|(field, _)| field.clone()).unwrap_or_default(),
        faults: remarks.faults.into_iter().collect(),
        message: remarks.message,
        broken: remarks.broken,
        details: remarks.details,
        told: told.collect(),
        preview: Preview::of(typed, organisation),
        usual: Usual::all(organisation),
        nonce: nonce.clone(),
    };
    page(status, &template, Framing::Never, Some(&nonce))
}

/// For the template: a language, whose tag is a field where the form does not always have it.
struct LanguageRow<'a> {
    id: String,
    tag: &'a str,
    legend: Said,
    is_usual: bool,
    fault: Option<Said>,
    has_focus: bool,
    texts: Vec<TextField>,
}

/// A text of a language with what belongs to its field.
struct TextField {
    id: String,
    label: Said,
    hint: Said,
    value: String,
    is_long: bool,
    fault: Option<Said>,
    has_focus: bool,
}

impl ConditionPage<'_> {
    fn fault(&self, field: &str) -> Option<&Said> {
        self.faults.get(field)
    }

    fn has_focus(&self, field: &str) -> bool {
        self.focus == field
    }

    /// The fields of sizes: id, what is typed, label, hint.
    fn sizes(&self) -> [(&'static str, &str, Said, Said); 3] {
        let Typed { thumbnail_px, thumbnail_sizes, substitute_px, .. } = self.typed;
        let say = |message| self.t.say(message);
        [
            (
                "thumbnail_px",
                thumbnail_px,
                say("conditions-thumbnail-px"),
                say("conditions-thumbnail-px-hint"),
            ),
            (
                "thumbnail_sizes",
                thumbnail_sizes,
                say("conditions-thumbnail-sizes"),
                say("conditions-thumbnail-sizes-hint"),
            ),
            (
                "substitute_px",
                substitute_px,
                say("conditions-substitute-px"),
                say("conditions-substitute-px-hint"),
            ),
        ]
    }

    /// Whether viewers ask a person before they show anything.
    fn asks(&self) -> bool {
        self.usual.iter().any(|usual| usual.asks && usual.pattern == self.typed.pattern)
    }

    /// What viewers show of a text.
    fn previewed(&self, field: &str) -> &str {
        let Some(preview) = &self.preview else { return "" };
        match field {
            "label" => &preview.label,
            "heading" => &preview.heading,
            "note" => &preview.note,
            "confirm" => &preview.confirm,
            "error_heading" => &preview.error_heading,
            _ => &preview.error_note,
        }
    }

    fn languages(&self) -> Vec<LanguageRow<'_>> {
        let all = self.typed.languages.iter().enumerate();
        all.map(|(row, language)| {
            let id = format!("tag-{row}");
            let tag = language.tag.as_str();
            let is_new = tag.is_empty() && self.focus.is_empty() && language.is_empty();
            LanguageRow {
                tag,
                legend: match tag {
                    "en" => self.t.say("conditions-english"),
                    "de" => self.t.say("conditions-german"),
                    "" => self.t.say("conditions-language-new"),
                    tag => self.t.say("conditions-language-of").with("tag", tag),
                },
                is_usual: language.is_usual(),
                fault: self.faults.get(&id).cloned(),
                has_focus: self.has_focus(&id) || (is_new && row + 1 == self.typed.languages.len()),
                texts: self.texts(row, language),
                id,
            }
        })
        .collect()
    }

    fn texts(&self, row: usize, language: &Language) -> Vec<TextField> {
        let fields = TEXTS.into_iter().zip(&language.texts).map(|(field, value)| {
            let id = format!("{field}-{row}");
            TextField {
                label: self.t.say(field_message(field)),
                hint: self.t.say(text_hint(field)),
                value: value.clone(),
                is_long: matches!(field, "note" | "error_note"),
                fault: self.faults.get(&id).cloned(),
                has_focus: self.has_focus(&id),
                id,
            }
        });
        fields.collect()
    }
}
