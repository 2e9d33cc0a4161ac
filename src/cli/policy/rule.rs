//! `tilegate policy rule`: one rule added, changed or removed, without the rest of the policy, which may be millions of
//! rules.

use clap::{Args, Subcommand};

use super::{mount_names, passed};
use crate::amend::{AmendError, Amendment, propose};
use crate::audit::Act;
use crate::cli::{Failure, open_with, say};
use crate::clock;
use crate::config::Settings;
use crate::policy::file::{FURTHER, HEADER, read_csv};
use crate::policy::rule::{Match, Operation, RuleSpec, utc_midnight};
use crate::snapshot::policy_of;
use crate::texts::{Texts, explanation};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Add a rule behind all others.
    Add {
        /// A mount of the settings.
        #[arg(long, value_name = "NAME")]
        mount: String,
        /// Decoded, segments joined by /; "" is the whole mount.
        #[arg(long, value_name = "ID")]
        identifier: String,
        #[command(flatten)]
        said: Said,
        #[command(flatten)]
        how: How,
    },
    /// Change what is given of a rule, and leave the rest as it is.
    Change {
        /// Its number, as `tilegate explain` says it.
        number: u32,
        #[command(flatten)]
        said: Said,
        #[command(flatten)]
        how: How,
    },
    /// Remove a rule.
    Remove {
        /// Its number, as `tilegate explain` says it.
        number: u32,
        #[command(flatten)]
        how: How,
    },
}

/// What a rule says; `""` takes a date, the operations or a note away.
#[derive(Debug, Args)]
pub(in crate::cli) struct Said {
    /// What is needed; several with | between, any one of which is enough.
    #[arg(long, value_name = "NAMES")]
    conditions: Option<String>,
    /// About everything below it, too (prefix), or about it alone (exact).
    #[arg(long = "match", value_name = "prefix|exact")]
    matching: Option<String>,
    /// The first day on which it counts (midnight UTC).
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The first day on which it does not count any more (midnight UTC).
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// What those who may see it may do: view, whole-image, whole-document, with | between.
    #[arg(long, value_name = "NAMES")]
    operations: Option<String>,
    /// How long the long side of one answer may be.
    #[arg(long, value_name = "PIXELS")]
    whole_image_px: Option<String>,
    /// For people.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Clone, Copy, Debug, Args)]
pub(in crate::cli) struct How {
    /// Check it and say what it would do; change nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(command: &Command, settings: &Settings) -> Result<(), Failure> {
    let store = open_with(settings).await?;
    let (policy, since) = policy_of(&store, &settings.site.mounts).await?;
    let names: Vec<&str> = policy.conditions.iter().map(|condition| condition.name.as_str()).collect();
    let written = |rule: Row| rule.read(&mount_names(settings), &names);
    let (amendment, rule, How { dry_run }) = match command {
        Command::Add { mount, identifier, said, how } => {
            let rule =
                RuleSpec { mount: mount.clone(), identifier: identifier.clone(), ..RuleSpec::default() };
            let rule = written(Row::of(&rule).with(said))?;
            (Amendment::Add(rule.clone()), rule, *how)
        }
        Command::Change { number, said, how } => {
            let number = counted_from_0(*number)?;
            let rule = store.rule(number).await?.ok_or(AmendError::NoSuchRule(number))?;
            let rule = written(Row::of(&rule).with(said))?;
            (Amendment::Change(number, rule.clone()), rule, *how)
        }
        Command::Remove { number, how } => {
            let number = counted_from_0(*number)?;
            let rule = store.rule(number).await?.ok_or(AmendError::NoSuchRule(number))?;
            (Amendment::Remove(number), rule, *how)
        }
    };
    let done = match command {
        Command::Add { .. } => "added",
        Command::Change { .. } => "changed",
        Command::Remove { .. } => "removed",
    };
    let origin = settings.site.public_url.origin();
    let proposal = propose(&store, (&policy, since), amendment, &origin, clock::now()).await?;
    let effect = proposal.effect.as_ref().map_or_else(String::new, |(before, after)| {
        let spot = spot(&rule);
        if before == after {
            let why = why_not(&rule, clock::now());
            format!("{spot}: {after}, as before{why}.\n")
        } else {
            format!("{spot}: {before} -> {after}.\n")
        }
    });
    let tests = passed(proposal.tests);
    if dry_run {
        return say(&format!(
            "Nothing was changed: this was a dry run; {tests}. It would have been {done}.\n{effect}"
        ));
    }
    let number = proposal.make(&store, Act::command(clock::now())).await?;
    let told = capital(&explanation::rule(Texts::ENGLISH, number, &rule).plain());
    say(&format!("{told} is {done}; {tests}.\n{effect}"))
}

/// Why a rule changes nothing now, where that is plain to see.
fn why_not(rule: &RuleSpec, now: u64) -> &'static str {
    if rule.until.is_some_and(|until| utc_midnight(until) <= now) {
        ": the rule is over already"
    } else if rule.from.is_some_and(|from| utc_midnight(from) > now) {
        ": the rule has not begun"
    } else {
        ""
    }
}

fn counted_from_0(number: u32) -> Result<u32, Failure> {
    number.checked_sub(1).ok_or_else(|| "rules are numbered from 1".into())
}

fn spot(rule: &RuleSpec) -> String {
    match (rule.identifier.as_str(), rule.matching) {
        ("", _) => format!("the whole mount `{}`", rule.mount),
        (identifier, Match::Exact) => format!("`{identifier}` of `{}`", rule.mount),
        (identifier, Match::Prefix) => {
            format!("`{identifier}` of `{}`, with everything below it", rule.mount)
        }
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A rule as a line of a sheet, so that it is held against the same law as those of an import.
struct Row([String; 10]);

impl Row {
    fn of(rule: &RuleSpec) -> Self {
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
        let operations: Vec<&str> = rule.operations.iter().copied().map(Operation::as_str).collect();
        Self([
            rule.mount.clone(),
            rule.identifier.clone(),
            match rule.matching {
                Match::Prefix => "prefix".to_owned(),
                Match::Exact => "exact".to_owned(),
            },
            rule.conditions.join("|"),
            day(rule.from),
            day(rule.until),
            rule.note.clone(),
            operations.join("|"),
            rule.whole_image_px.map_or_else(String::new, |pixels| pixels.to_string()),
            rule.source.clone(),
        ])
    }

    fn with(mut self, said: &Said) -> Self {
        let Said { conditions, matching, from, until, operations, whole_image_px, note } = said;
        let given = [
            None,
            None,
            matching.as_ref(),
            conditions.as_ref(),
            from.as_ref(),
            until.as_ref(),
            note.as_ref(),
        ];
        let given = given.into_iter().chain([operations.as_ref(), whole_image_px.as_ref(), None]);
        for (field, given) in self.0.iter_mut().zip(given) {
            if let Some(given) = given {
                field.clone_from(given);
            }
        }
        self
    }

    fn read(self, mounts: &[&str], conditions: &[&str]) -> Result<RuleSpec, Failure> {
        let mut sheet = csv::Writer::from_writer(format!("{HEADER},{FURTHER}\n").into_bytes());
        sheet.write_record(&self.0)?;
        let text = String::from_utf8(sheet.into_inner().map_err(|error| error.to_string())?)?;
        match read_csv(&text, mounts, conditions) {
            Ok(rules) => Ok(rules.into_iter().next().ok_or("no rule is named")?),
            Err(error) => {
                let reasons: Vec<&str> =
                    error.problems.iter().map(|problem| problem.message.as_str()).collect();
                Err(reasons.join("\n  ").into())
            }
        }
    }
}
