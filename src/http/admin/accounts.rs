//! `/auth/admin/accounts`: people, found among very many, and what is done with them.

pub mod actions;
pub mod edit;
pub mod export;
pub mod form;
pub mod import;
pub mod registrations;
pub mod removed;

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
use crate::http::extract::csrf_token;
use crate::http::login::store_failed;
use crate::http::page::{Framing, page, unavailable};
use crate::http::{Context, register};
use crate::policy::Policy;
use crate::policy::condition::{CLOSED, OPEN, Pattern};
use crate::policy::file::day_or_moment;
use crate::shadow::{self, Notice};
use crate::store::{AccountPage, AccountQuery, AccountSort, AccountState, ListedAccount};
use crate::texts::{Said, Texts};

/// Accounts on one page.
const PER_PAGE: u32 = 50;
/// So much of a note is shown in the list.
const NOTE: usize = 60;

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct ListPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    notice: Option<Safe<String>>,
    csrf: String,
    asked: &'a Asked,
    /// Requests for an account that wait; `None` if nobody may ask, and none wait.
    waiting: Option<u64>,
    states: Vec<(&'static str, Said)>,
    conditions: Vec<Choice>,
    columns: [Column; 5],
    rows: Vec<Row>,
    total: u64,
    number: u32,
    pages: u64,
    before: Option<String>,
    after: Option<String>,
}

/// A condition that an account can hold.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) held: bool,
}

struct Column {
    title: Said,
    link: Option<String>,
    direction: Option<&'static str>,
}

struct Row {
    id: String,
    username: String,
    note: Option<String>,
    state: Said,
    conditions: Vec<String>,
    last_login: String,
    expires: String,
}

/// The query as it was asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    condition: String,
    #[serde(default)]
    sort: String,
    /// Counted from 1.
    #[serde(default)]
    page: String,
}

impl Asked {
    fn is_narrowed(&self) -> bool {
        [&self.q, &self.state, &self.condition].into_iter().any(|part| !part.trim().is_empty())
    }

    /// What a word does not say is what everybody gets: a list has no wrong queries.
    fn query(&self) -> AccountQuery {
        let (sort, descending) = match self.sort.strip_prefix('-') {
            Some(sort) => (sort, true),
            None => (self.sort.as_str(), false),
        };
        AccountQuery {
            search: self.q.trim().to_lowercase(),
            state: STATES.iter().find(|(word, _)| *word == self.state).map(|(_, state)| *state),
            condition: self.condition.clone(),
            sort: match sort {
                "created" => AccountSort::Created,
                "login" => AccountSort::LastLogin,
                "expires" => AccountSort::Expires,
                _ => AccountSort::Name,
            },
            descending,
        }
    }

    /// The address of the same list, at another page or in another order.
    fn link(&self, sort: &str, page: u32) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in
            [("q", &*self.q), ("state", &*self.state), ("condition", &*self.condition), ("sort", sort)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        format!("/auth/admin/accounts?{}", query.finish())
    }
}

const STATES: [(&str, AccountState); 5] = [
    ("active", AccountState::Active),
    ("locked", AccountState::Locked),
    ("expired", AccountState::Expired),
    ("administrator", AccountState::Administrator),
    ("unused", AccountState::Unused),
];

fn states(t: Texts) -> Vec<(&'static str, Said)> {
    let text = |state| {
        t.say(match state {
            AccountState::Active => "accounts-state-active",
            AccountState::Locked => "accounts-state-locked",
            AccountState::Expired => "accounts-state-expired",
            AccountState::Administrator => "accounts-state-administrator",
            AccountState::Unused => "accounts-state-unused",
        })
    };
    STATES.iter().map(|(word, state)| (*word, text(*state))).collect()
}

/// `GET /auth/admin/accounts?q=…&state=…&condition=…&sort=…&page=…`
pub async fn show(
    _: Administrator,
    context: web::Data<Context>,
    session: Session,
    t: Texts,
    asked: web::Query<Asked>,
) -> HttpResponse {
    let now = clock::now();
    let wanted: u32 = asked.page.parse().unwrap_or(1).clamp(1, u32::MAX / PER_PAGE);
    let found = context.store.account_page(&asked.query(), wanted - 1, PER_PAGE, now).await;
    let AccountPage { accounts, total } = match found {
        Ok(found) => found,
        Err(error) => return store_failed(&context, t, &error),
    };
    let waiting = match context.store.waiting_registrations().await {
        Ok(waiting) => Some(waiting).filter(|waiting| *waiting > 0 || register::is_open(&context)),
        Err(error) => return store_failed(&context, t, &error),
    };
    let Ok(csrf) = csrf_token(&session) else { return unavailable(&context, t) };
    let pages = total.div_ceil(u64::from(PER_PAGE)).max(1);
    let policy = &context.live.current().policy;
    let conditions = choices(policy, &[]);
    let template = ListPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(policy.mounts(), now),
        notice: notice::take(&session),
        csrf,
        asked: &asked,
        waiting,
        states: states(t),
        conditions,
        columns: columns(t, &asked),
        rows: accounts.iter().map(|account| Row::of(account, t, now)).collect(),
        total,
        number: wanted,
        pages,
        before: (wanted > 1).then(|| asked.link(&asked.sort, wanted - 1)),
        after: (u64::from(wanted) < pages).then(|| asked.link(&asked.sort, wanted + 1)),
    };
    page(StatusCode::OK, &template, Framing::Never, None)
}

fn columns(t: Texts, asked: &Asked) -> [Column; 5] {
    let sorted = |title: Said, sort: &str| {
        let (link, direction) = if asked.sort == sort || (asked.sort.is_empty() && sort == "name") {
            (format!("-{sort}"), Some("ascending"))
        } else if asked.sort.strip_prefix('-') == Some(sort) {
            (sort.to_owned(), Some("descending"))
        } else {
            (sort.to_owned(), None)
        };
        Column { title, link: Some(asked.link(&link, 1)), direction }
    };
    let plain = |title| Column { title, link: None, direction: None };
    [
        sorted(t.say("accounts-name"), "name"),
        plain(t.say("accounts-state")),
        plain(t.say("accounts-conditions")),
        sorted(t.say("accounts-last-login"), "login"),
        sorted(t.say("accounts-expires"), "expires"),
    ]
}

impl Row {
    fn of(account: &ListedAccount, t: Texts, now: UnixSeconds) -> Self {
        let ListedAccount { id, username, note, conditions, last_login, expires, .. } = account;
        let shortened = |note: &str| match note.char_indices().nth(NOTE) {
            Some((end, _)) => format!("{}…", note.get(..end).unwrap_or_default()),
            None => note.to_owned(),
        };
        Self {
            id: id.to_string(),
            username: username.clone(),
            note: (!note.is_empty()).then(|| shortened(note)),
            state: state_of(account, t, now),
            conditions: conditions.clone(),
            last_login: last_login.map_or_else(|| t.say("accounts-never").to_string(), moment),
            expires: expires.map(day_or_moment).unwrap_or_default(),
        }
    }
}

/// What is to be known of an account first.
pub(super) fn state_of(account: &ListedAccount, t: Texts, now: UnixSeconds) -> Said {
    t.say(if !account.active {
        "accounts-is-locked"
    } else if account.expires.is_some_and(|end| end <= now) {
        "accounts-is-expired"
    } else if account.administrator {
        "accounts-is-administrator"
    } else {
        "accounts-is-active"
    })
}

/// The conditions that accounts can hold, with those that this one does.
pub(super) fn choices(policy: &Policy, held: &[String]) -> Vec<Choice> {
    let holdable = policy.conditions.iter().filter(|condition| {
        !matches!(condition.name.as_str(), OPEN | CLOSED)
            && !matches!(condition.pattern, Pattern::Open | Pattern::Closed)
    });
    holdable
        .map(|condition| Choice {
            name: condition.name.clone(),
            title: condition.title().to_owned(),
            held: held.contains(&condition.name),
        })
        .collect()
}
