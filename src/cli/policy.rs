//! `tilegate policy`: the policy as one file, out and in; a file with an error or a
//! failing test is not taken.

mod import;
mod rule;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::{Failure, coverage, hand_over, open_with, say, upcoming};
use crate::clock;
use crate::config::Settings;
use crate::gate::promise::{broken, in_lines};
use crate::import::Names;
use crate::import::merge::settle;
use crate::policy::condition::{AccessCondition, CLOSED, OPEN};
use crate::policy::document::PolicyDocument;
use crate::policy::file;
use crate::policy::{Policy, PolicyWarning};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the policy, or write it to a file.
    Export {
        /// Where to; standard output without it, or with `-`.
        file: Option<PathBuf>,
    },
    /// Replace the policy by a TOML file, or rules by those of other files; all of it or nothing.
    Import(import::Import),
    /// Check a policy file and run the tests in it; needs no database.
    Test {
        /// A policy file (.toml); `-` reads it from standard input.
        file: PathBuf,
    },
    /// Add, change or remove one rule, if the policy's tests still pass.
    #[command(subcommand)]
    Rule(rule::Command),
    /// Say which images no rule is about, and which rules and conditions are about nothing.
    Coverage(coverage::CoverageOf),
    /// Say what the dates of rules open and close next.
    Upcoming(upcoming::Upcoming),
}

pub(super) async fn run(command: Command, env_file: Option<&Path>) -> Result<ExitCode, Failure> {
    let settings = Settings::load(env_file)?;
    match command {
        Command::Coverage(command) => return coverage::run(&command, &settings).await,
        Command::Upcoming(command) => upcoming::run(&command, &settings).await?,
        Command::Export { file } => {
            let stored = open_with(&settings).await?.policy_document().await?;
            let text = file::write(&stored);
            match file.filter(|path| path != Path::new("-")) {
                None => hand_over(&text)?,
                Some(path) => std::fs::write(&path, text)
                    .map_err(|error| format!("{}: cannot be written: {error}", path.display()))?,
            }
        }
        Command::Test { file } => {
            let mut document = read(&file, &settings)?;
            let names = Names::new(&document.conditions);
            document.rules = settle(document.rules, &settings.site.mounts, &names).0;
            let checked = check(&document, &settings, &shown(&file))?;
            let (file, warnings) = (shown(&file), checked.warnings());
            say(&format!("{file}: {}, {}\n{warnings}", summary(&document), passed(checked.tests)))?;
        }
        Command::Import(import) => import::run(&import, &settings).await?,
        Command::Rule(command) => rule::run(&command, &settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a policy file.
fn read(path: &Path, settings: &Settings) -> Result<PolicyDocument, Failure> {
    let shown = shown(path);
    let text = text_of(path)?;
    if is_csv(path, &text) {
        return Err(format!("{shown}: a CSV file has no tests; test a .toml policy file").into());
    }
    Ok(file::read(&text, &mount_names(settings)).map_err(|errors| format!("{shown}: {errors}"))?)
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let from_input = path == Path::new("-");
    let text =
        if from_input { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(path) };
    Ok(text.map_err(|error| {
        let cure = match error.kind() {
            ErrorKind::InvalidData => "; save it as UTF-8 (in a spreadsheet program: CSV UTF-8)",
            ErrorKind::NotFound if path.to_str().is_some_and(|name| name.contains("://")) => {
                "; addresses are not fetched: save it as a file"
            }
            _ => "",
        };
        format!("{}: cannot be read: {error}{cure}", shown(path))
    })?)
}

fn is_csv(path: &Path, text: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
        // No TOML file begins like the header of a CSV file, and a CSV file begins in no other way.
        || (path == Path::new("-") && text.trim_start_matches('\u{feff}').starts_with("mount,"))
}

fn mount_names(settings: &Settings) -> Vec<&str> {
    settings.site.mounts.iter().map(|mount| mount.name.as_str()).collect()
}

/// A file's name for messages.
fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

fn condition_names(document: &PolicyDocument) -> Vec<&str> {
    document.conditions.iter().map(|condition| condition.name.as_str()).chain([OPEN, CLOSED]).collect()
}

/// A policy that can be taken.
struct Checked {
    tests: usize,
    /// What an operator should know all the same.
    warnings: Vec<PolicyWarning>,
}

impl Checked {
    fn warnings(&self) -> String {
        self.warnings
            .iter()
            .flat_map(|warning| ["note: ".to_owned(), warning.to_string(), "\n".to_owned()])
            .collect()
    }
}

/// Compiles the policy and runs its tests.
fn check(document: &PolicyDocument, settings: &Settings, shown: &str) -> Result<Checked, Failure> {
    let policy = Policy::build(&settings.site.mounts, numbered(document), &document.rules)
        .map_err(|error| format!("{shown}: {error}"))?
        .enforced();
    let origin = settings.site.public_url.origin();
    let failures = broken(&document.tests, &policy, &origin, clock::now());
    if failures.is_empty() {
        return Ok(Checked { tests: document.tests.len(), warnings: policy.warnings });
    }
    let count = counted(document.tests.len(), "test");
    Err(format!("{shown}: {} of its {count} fail:\n  {}", failures.len(), in_lines(&failures)).into())
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn passed(tests: usize) -> String {
    format!("{} passed", counted(tests, "test"))
}

/// The store gives the lasting bits; for a check any distinct ones do.
fn numbered(document: &PolicyDocument) -> impl Iterator<Item = (u8, AccessCondition)> {
    let others =
        document.conditions.iter().filter(|condition| !matches!(condition.name.as_str(), OPEN | CLOSED));
    (2..=u8::MAX).zip(others.cloned())
}

fn summary(document: &PolicyDocument) -> String {
    let (conditions, rules) = (document.conditions.len(), document.rules.len());
    format!("{}, {}", counted(conditions, "condition"), counted(rules, "rule"))
}

fn difference(present: &PolicyDocument, new: &PolicyDocument) -> String {
    let names = |document: &PolicyDocument| -> std::collections::BTreeSet<String> {
        document.conditions.iter().map(|condition| condition.name.clone()).collect()
    };
    let (before, after) = (names(present), names(new));
    let listed = |set: Vec<&String>| set.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    let added = listed(after.difference(&before).collect());
    let dropped = listed(before.difference(&after).collect());
    if !added.is_empty() {
        parts.push(format!("new conditions: {added}"));
    }
    if !dropped.is_empty() {
        parts.push(format!("dropped conditions: {dropped}"));
    }
    parts.push(format!("rules: {} before, {} now", present.rules.len(), new.rules.len()));
    parts.join("; ")
}
