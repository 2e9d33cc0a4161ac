//! `tilegate policy upcoming`: which dates of rules come next, and what they open and close.

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::explain::moment;
use super::{Failure, hand_over, open_with, say};
use crate::config::Settings;
use crate::policy::file::day_or_moment;
use crate::policy::rule::Match;
use crate::policy::upcoming::{Agenda, Effect, Event};
use crate::snapshot::policy_of;

const DAY: u64 = 86_400;

#[derive(Debug, Args)]
pub(super) struct Upcoming {
    /// So many days ahead.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// As seen from this moment, instead of now: a date (its first second in UTC) or an RFC 3339 instant.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print JSON instead of sentences.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: &Upcoming, settings: &Settings) -> Result<(), Failure> {
    let now = moment(command.at.as_deref())?;
    let until = now + u64::from(command.days) * DAY;
    let store = open_with(settings).await?;
    let (policy, _) = policy_of(&store, &settings.site.mounts).await?;
    let dates = policy.dates(now, until, usize::MAX);
    let texts = store.rules_by_number(&dates.rules).await?;
    let agenda = dates.agenda(&policy, texts.iter().map(|(number, rule)| (*number, rule)));
    if command.json {
        hand_over(&format!("{:#}\n", data(&agenda, now, until)))
    } else {
        say(&sentences(&agenda, command.days, now))
    }
}

fn sentences(agenda: &Agenda, days: u32, now: u64) -> String {
    let span = if days == 1 { "the next day".to_owned() } else { format!("the next {days} days") };
    if agenda.events.is_empty() {
        let next = match agenda.next {
            Some(next) => format!("The next date is {}.", day_or_moment(next)),
            None => "No rule has a later date.".to_owned(),
        };
        return format!("Nothing opens or closes in {span}. {next}\n");
    }
    let mut text = String::new();
    for day in agenda.events.chunk_by(|one, next| one.at == next.at) {
        let Some(first) = day.first() else { continue };
        // Nothing can go wrong when writing into a text.
        let _ = writeln!(text, "{} ({}): {}", day_or_moment(first.at), distance(first.at, now), numbers(day));
        for event in day {
            let Event { mount, before, after, effect, .. } = event;
            let (spot, rules) = (event.spot(), event.rules());
            let _ =
                writeln!(text, "  {:8} {spot}, of `{mount}`: {before} -> {after} ({rules})", effect.as_str());
        }
    }
    let count = agenda.events.len();
    let changes = if count == 1 { "change" } else { "changes" };
    let _ = writeln!(text, "{count} {changes} in {span}.");
    text
}

/// `in 3 days`, from the day of now.
fn distance(at: u64, now: u64) -> String {
    match at / DAY - now / DAY {
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    }
}

/// `2 open, 1 closes`
fn numbers(events: &[Event]) -> String {
    let counted = Effect::ALL.into_iter().filter_map(|effect| {
        let count = events.iter().filter(|event| event.effect == effect).count();
        let word = effect.as_str();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{count} {}", word.trim_end_matches('s'))),
        }
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn data(agenda: &Agenda, now: u64, until: u64) -> serde_json::Value {
    let change = |event: &Event| {
        json!({
            "at": day_or_moment(event.at),
            "effect": event.effect.as_str(),
            "mount": event.mount,
            "identifier": event.identifier,
            "match": match event.matching { Match::Exact => "exact", Match::Prefix => "prefix" },
            "before": event.before.to_string(),
            "after": event.after.to_string(),
            "ending_rules": event.ends,
            "beginning_rules": event.begins,
        })
    };
    json!({
        "after": day_or_moment(now),
        "until": day_or_moment(until),
        "count": agenda.events.len(),
        "changes": agenda.events.iter().map(change).collect::<Vec<_>>(),
        "next_date": agenda.next.map(day_or_moment),
    })
}
