//! `/auth/admin/explain`: what would happen to a request, and why. Nothing is changed here, and no address that is
//! typed is fetched (P10): it is read as a tile's, and at most the image server of its mount is asked how large the
//! image is, as for every thumbnail.

use std::net::IpAddr;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::administrator::Administrator;
use crate::clock;
use crate::credential::account::{Account, Username};
use crate::gate::explanation::{Explanation, Question, verdict};
use crate::gate::trial::path_of;
use crate::http::Context;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page};
use crate::http::query_auth::measure;
use crate::policy::decision::{Basis, Decision};
use crate::policy::file;
use crate::policy::thumbnail::Measure;
use crate::shadow::{self, Notice};
use crate::store::StoreError;
use crate::texts::explanation::Told;
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/explain.html")]
struct ExplainPage<'a> {
    organisation: &'a str,
    t: Texts,
    shadows: Vec<Notice>,
    origin: &'a str,
    form: &'a Form,
    faults: &'a Faults,
    /// `None` as long as nothing, or nothing understandable, is typed.
    told: Option<Told>,
    verdict: &'static str,
    /// The dimensions of the image, where they were asked for.
    size: Option<Said>,
    /// Why the stored policy is not in force.
    unusable: Option<&'a str>,
}

/// The form as it was typed.
#[derive(Debug, Default, Deserialize)]
pub struct Form {
    #[serde(default)]
    url: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    at: String,
}

/// What is wrong with each field.
#[derive(Debug, Default)]
struct Faults {
    url: Option<Said>,
    account: Option<Said>,
    address: Option<Said>,
    at: Option<Said>,
}

impl Form {
    fn is_empty(&self) -> bool {
        [&self.url, &self.account, &self.address, &self.at].into_iter().all(|field| field.trim().is_empty())
    }
}

impl Faults {
    fn is_none(&self) -> bool {
        [&self.url, &self.account, &self.address, &self.at].into_iter().all(Option::is_none)
    }
}

/// `GET /auth/admin/explain?url=…&account=…&address=…&at=…`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    t: Texts,
    form: web::Query<Form>,
) -> HttpResponse {
    match answer(&context, t, &form).await {
        Ok(response) => response,
        Err(error) => store_failed(&context, t, &error),
    }
}

async fn answer(context: &Context, t: Texts, form: &Form) -> Result<HttpResponse, StoreError> {
    let origin = context.settings.site.public_url.origin();
    let mut faults = Faults::default();
    let unusable = context.live.unusable();
    let mut shown = ExplainPage {
        organisation: &context.settings.organisation,
        t,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        origin: &origin,
        form,
        faults: &Faults::default(),
        told: None,
        verdict: "",
        size: None,
        unusable: unusable.as_deref().map(String::as_str),
    };
    if form.is_empty() {
        return Ok(page(StatusCode::OK, &shown, Framing::Never, None));
    }
    let path = path(t, &form.url, &origin, &mut faults);
    let account = account(context, t, &form.account, &mut faults).await?;
    let address = address(t, &form.address, &mut faults);
    let now = moment(t, &form.at, &mut faults);
    let Some(path) = path.filter(|_| faults.is_none()) else {
        shown.faults = &faults;
        return Ok(page(StatusCode::BAD_REQUEST, &shown, Framing::Never, None));
    };

    let policy = context.live.current().policy.clone();
    let mut question = Question::anonymous(path, now);
    if let Some(account) = &account {
        question = question.by(account, &policy);
    }
    if let Some(address) = address {
        question = question.from_address(address, &policy);
    }
    question.measure = Measure::NotAsked;
    let mut trial = question.trial(&policy);
    if trial.decision == Decision::Refuse(Basis::SizeUnknown) {
        question.measure = measure(context, &trial.mount, &trial.description).await;
        trial = question.trial(&policy);
        shown.size = Some(match question.measure {
            Measure::Is(image) => {
                t.say("explain-size").number("width", image.width()).number("height", image.height())
            }
            _ => t.say("explain-no-size"),
        });
    }
    let texts = context.store.rules_by_number(&trial.rule_numbers()).await?;
    let texts = trial.texts(texts, &policy);
    let explanation = Explanation::of(&question, &trial, &policy, &texts);
    // What everybody has by a dry run alone must not look as if all were well.
    shown.verdict = if trial.decision.is_shadow() { "challenge" } else { verdict(&explanation.decision) };
    shown.told = Some(Told::of(&explanation, t));
    Ok(page(StatusCode::OK, &shown, Framing::Never, None))
}

fn path<'f>(t: Texts, typed: &'f str, origin: &str, faults: &mut Faults) -> Option<&'f str> {
    let typed = typed.trim();
    let path = path_of(typed, origin);
    if typed.is_empty() {
        faults.url = Some(t.say("explain-url-missing"));
    } else if path.is_none() {
        faults.url = Some(t.say("explain-url-elsewhere").with("origin", origin));
    }
    path
}

async fn account(
    context: &Context,
    t: Texts,
    typed: &str,
    faults: &mut Faults,
) -> Result<Option<Account>, StoreError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let account = match Username::parse(typed) {
        Ok(name) => context.store.account_by_name(&name).await?,
        Err(_) => None,
    };
    if account.is_none() {
        faults.account = Some(t.say("explain-account-unknown"));
    }
    Ok(account)
}

fn address(t: Texts, typed: &str, faults: &mut Faults) -> Option<IpAddr> {
    let typed = typed.trim();
    let address = typed.parse().ok();
    if address.is_none() && !typed.is_empty() {
        faults.address = Some(t.say("explain-address-wrong"));
    }
    address
}

fn moment(t: Texts, typed: &str, faults: &mut Faults) -> u64 {
    let typed = typed.trim();
    if typed.is_empty() {
        return clock::now();
    }
    file::seconds(typed).unwrap_or_else(|| {
        faults.at = Some(t.say("explain-at-wrong"));
        0
    })
}
