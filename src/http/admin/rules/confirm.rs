//! What is asked before a rule is saved: what it comes to, at once and by dates, and whether it opens something.

use std::fmt::Write as _;

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use sha2::{Digest as _, Sha256};

use super::spot;
use crate::amend::Proposal;
use crate::clock;
use crate::http::Context;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::confirmation::is_due;
use crate::http::extract::csrf_token;
use crate::http::page::{Framing, page, unavailable};
use crate::policy::rule::RuleSpec;
use crate::policy::upcoming::{Effect, Turn, Who};
use crate::shadow::{self, Notice};
use crate::texts::{Said, Texts};

#[derive(Template)]
#[template(path = "admin/rule_confirm.html")]
struct ConfirmPage<'a> {
    t: Texts,
    organisation: &'a str,
    shadows: Vec<Notice>,
    csrf: String,
    question: &'a Question,
    /// The spot of the rule, and the one that it leaves.
    spots: Vec<(Said, Vec<Turn>)>,
    /// Other mounts that borrow these rules, where it is something else.
    elsewhere: Vec<(Said, Said, Vec<Turn>)>,
    is_same: bool,
    opens: Option<Said>,
    tests: usize,
    mark: &'a str,
    /// With a field for the password, and what was wrong with it.
    asks: bool,
    unconfirmed: Option<Said>,
}

/// What is to be confirmed, and how the answer is posted.
pub(super) struct Question {
    pub(super) action: String,
    pub(super) title: Said,
    /// The form, to be posted once more.
    pub(super) fields: Vec<(String, String)>,
}

/// Shows what a proposal comes to, with the mark of it. What lets more people in asks for the password, where that is due.
pub(super) fn ask(
    context: &Context,
    session: &Session,
    t: Texts,
    question: &Question,
    proposal: &Proposal,
    (mark, administrator, unconfirmed): (&str, &Administrator, Option<Said>),
) -> HttpResponse {
    let Ok(csrf) = csrf_token(session) else { return unavailable(context, t) };
    let turns = || proposal.turns();
    let now = || turns().filter(|turn| turn.at.is_none());
    let opens = opens(&turns(), t);
    let status = if unconfirmed.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let template = ConfirmPage {
        t,
        organisation: &context.settings.organisation,
        shadows: shadow::notices(context.live.current().policy.mounts(), clock::now()),
        csrf,
        question,
        spots: proposal.spots.iter().map(|(rule, turns)| (spot(rule, t), turns.clone())).collect(),
        elsewhere: proposal
            .elsewhere
            .iter()
            .map(|(mount, rule, turns)| {
                (t.say("rules-effect-elsewhere").with("mount", mount), spot(rule, t), turns.clone())
            })
            .collect(),
        is_same: now().next().is_some() && now().all(|turn| turn.before == turn.after),
        asks: unconfirmed.is_some() || (opens.is_some() && is_due(administrator)),
        opens,
        tests: proposal.tests,
        mark,
        unconfirmed,
    };
    page(status, &template, Framing::Never, None)
}

/// Whether a proposal lets somebody in who might not see it: then it takes the password.
pub(super) fn is_opening(proposal: &Proposal, t: Texts) -> bool {
    opens(&proposal.turns(), t).is_some()
}

/// The warning that belongs to a change by which somebody may see, now or from some day on, what they might not.
pub(super) fn opens<'t>(turns: &(impl Iterator<Item = &'t Turn> + Clone), t: Texts) -> Option<Said> {
    let is_open = |turn: &Turn| turn.before.who != Who::Everybody && turn.after.who == Who::Everybody;
    let has = |effect| turns.clone().any(|turn| turn.effect == effect);
    if turns.clone().any(is_open) {
        Some(t.say("rules-effect-opens"))
    } else if has(Effect::Opens) {
        Some(t.say("rules-effect-more"))
    } else if has(Effect::Changes) {
        Some(t.say("rules-effect-others"))
    } else {
        None
    }
}

/// A mark of what was shown: if it comes to something else by the time of saving, it is asked again.
pub(super) fn mark(rules: &[RuleSpec], effects: &impl std::fmt::Debug) -> String {
    let shown = format!("{rules:?} {effects:?}");
    Sha256::digest(shown).iter().take(16).fold(String::new(), |mut mark, byte| {
        // Writing into a text cannot fail.
        let _ = write!(mark, "{byte:02x}");
        mark
    })
}
