//! `/auth/admin/passes`: credentials without an account, found among many, made and revoked.

mod form;
pub mod make;
pub mod one;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use askama::filters::Safe;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::administrator::Administrator;
use super::{moment, notice};
use crate::clock::{self, UnixSeconds};
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page};
use crate::policy::Policy;
use crate::shadow::{self, Notice};
use crate::store::{PassPage, PassQuery, PassState, StoredPass};
use crate::texts::{Said, Texts};

/// Passes on one page.
const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "admin/passes.html")]
struct ListPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    asked: &'a Asked,
    states: Vec<(&'static str, Said)>,
    rows: Vec<Row>,
    total: u64,
    number: u32,
    pages: u64,
    before: Option<String>,
    after: Option<String>,
}

struct Row {
    id: String,
    spot: Said,
    note: String,
    gives: Said,
    state: Said,
    counts: bool,
    used: String,
}

/// The query as it was asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    /// ID of the pass that they were made with.
    #[serde(default)]
    maker: String,
    /// Counted from 1.
    #[serde(default)]
    page: String,
}

impl Asked {
    fn is_narrowed(&self) -> bool {
        [&self.q, &self.state, &self.maker].into_iter().any(|part| !part.trim().is_empty())
    }

    /// What a word does not say is what everybody gets: a list has no wrong queries.
    fn query(&self) -> PassQuery {
        PassQuery {
            search: self.q.trim().to_lowercase(),
            state: STATES.iter().find(|(word, ..)| *word == self.state).map(|(_, state, _)| *state),
            maker: Id128::parse(self.maker.trim()),
        }
    }

    /// The address of another page of the same list.
    fn link(&self, page: u32) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("state", &self.state), ("maker", &self.maker)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        format!("/auth/admin/passes?{}", query.finish())
    }
}

const STATES: [(&str, PassState, &str); 3] = [
    ("active", PassState::Active, "passes-state-active"),
    ("over", PassState::Over, "passes-state-over"),
    ("making", PassState::Making, "passes-state-making"),
];

/// `GET /auth/admin/passes?q=…&state=…&maker=…&page=…`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    asked: web::Query<Asked>,
) -> HttpResponse {
    let now = clock::now();
    let wanted: u32 = asked.page.parse().unwrap_or(1).clamp(1, u32::MAX / PER_PAGE);
    let found = context.store.pass_page(&asked.query(), wanted - 1, PER_PAGE, now).await;
    let PassPage { passes, total } = match found {
        Ok(found) => found,
        Err(error) => return store_failed(&context, t, &error),
    };
    let pages = total.div_ceil(u64::from(PER_PAGE)).max(1);
    let policy = &context.live.current().policy;
    let template = ListPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), now),
        notice: notice::take(&session),
        asked: &asked,
        states: STATES.iter().map(|(word, _, message)| (*word, t.say(message))).collect(),
        rows: passes.iter().map(|pass| Row::of(pass, policy, t, now)).collect(),
        total,
        number: wanted,
        pages,
        before: (wanted > 1).then(|| asked.link(wanted - 1)),
        after: (u64::from(wanted) < pages).then(|| asked.link(wanted + 1)),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

impl Row {
    fn of(pass: &StoredPass, policy: &Policy, t: Texts, now: UnixSeconds) -> Self {
        Self {
            id: pass.id.to_string(),
            spot: spot(pass, t),
            note: pass.note.clone(),
            gives: gives(pass, policy, t),
            state: state(pass, t, now),
            counts: counts(pass, now),
            used: pass.last_used.map_or_else(|| t.say("passes-never").to_string(), moment),
        }
    }
}

/// Whether it still counts for anything.
fn counts(pass: &StoredPass, now: UnixSeconds) -> bool {
    pass.revoked.is_none() && pass.expires > now && !pass.is_of_another_epoch
}

/// What it is for.
fn spot(pass: &StoredPass, t: Texts) -> Said {
    let scope = &pass.scope;
    let message = match (scope.exact, scope.identifier.is_empty()) {
        (true, _) => "passes-for-one",
        (false, false) => "passes-for-below",
        (false, true) => "passes-for-all",
    };
    t.say(message).with("identifier", &*scope.identifier).with("mount", &*scope.mount)
}

/// What it gives there.
fn gives(pass: &StoredPass, policy: &Policy, t: Texts) -> Said {
    if pass.makes_passes {
        return t.say("passes-gives-making");
    }
    let titled = |name: &String| {
        let known = policy.conditions.iter().find(|condition| condition.name == *name);
        known.map_or_else(|| name.clone(), |condition| condition.title_in(t.tag()).to_owned())
    };
    match &pass.conditions {
        None => t.say("passes-gives-all"),
        Some(names) => {
            let all: Vec<String> = names.iter().map(titled).collect();
            t.say("passes-gives").with("conditions", all.join(", "))
        }
    }
}

/// What became of it, and until when it counts.
fn state(pass: &StoredPass, t: Texts, now: UnixSeconds) -> Said {
    if let Some(at) = pass.revoked {
        return t.say("passes-is-revoked").with("at", moment(at));
    }
    if pass.is_of_another_epoch {
        return t.say("passes-is-of-a-backup");
    }
    let end = moment(pass.expires);
    if pass.expires <= now {
        return t.say("passes-is-expired").with("at", end);
    }
    match pass.uses_left {
        None => t.say("passes-is-active").with("until", end),
        Some(left) => t.say("passes-is-counted").with("until", end).number("uses", left),
    }
}
