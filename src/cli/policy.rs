//! `tilegate policy`: the policy as one file, out and in; a file with an error or a
//! failing test is not taken.

mod import;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::{Failure, coverage, open_with, say, upcoming};
use crate::clock;
use crate::config::Settings;
use crate::gate::trial::{path_of, try_path_of};
use crate::iiif::substitute::Dimensions;
use crate::import::Names;
use crate::import::merge::settle;
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, CLOSED, Conditions, OPEN};
use crate::policy::decision::{Aspects, Basis, Decision};
use crate::policy::document::{Expect, PolicyDocument, PolicyTest};
use crate::policy::file;
use crate::policy::mount::Mount;
use crate::policy::thumbnail::Measure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the policy, or write it to a file.
    Export {
        /// Where to; standard output without it.
        file: Option<PathBuf>,
    },
    /// Replace the policy by a TOML file, or rules by those of other files; all of it or nothing.
    Import(import::Import),
    /// Check a policy file and run the tests in it; needs no database.
    Test {
        /// A policy file (.toml); `-` reads it from standard input.
        file: PathBuf,
    },
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
            match file {
                None => say(&text)?,
                Some(path) => std::fs::write(&path, text)
                    .map_err(|error| format!("{}: cannot be written: {error}", path.display()))?,
            }
        }
        Command::Test { file } => {
            let mut document = read(&file, &settings)?;
            let names = Names::new(&document.conditions);
            document.rules = settle(document.rules, &settings.site.mounts, &names).0;
            let count = check(&document, &settings, &shown(&file))?;
            say(&format!("{}: {}, {}\n", shown(&file), summary(&document), passed(count)))?;
        }
        Command::Import(import) => import::run(&import, &settings).await?,
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
    Ok(text.map_err(|error| format!("{}: cannot be read: {error}", shown(path)))?)
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

/// Compiles the policy and runs its tests; how many there were.
fn check(document: &PolicyDocument, settings: &Settings, shown: &str) -> Result<usize, Failure> {
    // The tests are about what the policy says, which a dry run only delays.
    let enforced = |mount: &Mount| Mount { shadow: None, ..mount.clone() };
    let mounts: Vec<_> = settings.site.mounts.iter().map(enforced).collect();
    let policy = Policy::build(&mounts, numbered(document), &document.rules)
        .map_err(|error| format!("{shown}: {error}"))?;
    let mut failures = Vec::new();
    for (number, test) in document.tests.iter().enumerate() {
        if let Err(reason) = run_test(test, &policy, settings) {
            failures.push(format!("\n  test {} ({}): {reason}", number + 1, test.url));
        }
    }
    if failures.is_empty() {
        return Ok(document.tests.len());
    }
    let count = failures.len();
    Err(format!(
        "{shown}: {count} of its {} fail:{}",
        counted(document.tests.len(), "test"),
        failures.concat()
    )
    .into())
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

fn run_test(test: &PolicyTest, policy: &Policy, settings: &Settings) -> Result<(), String> {
    let origin = settings.site.public_url.origin();
    let path = path_of(&test.url, &origin).ok_or_else(|| format!("its url is not of {origin}"))?;
    let now = match &test.at {
        Some(at) => file::seconds(at).ok_or("its `at` is neither a date nor an RFC 3339 instant")?,
        None => clock::now(),
    };
    if let Some(unknown) = test.account_conditions.iter().find(|name| policy.conditions.bit(name).is_none()) {
        return Err(format!("there is no condition `{unknown}`"));
    }
    let held = policy.conditions.set(test.account_conditions.iter().map(String::as_str));
    let by_network =
        test.address.map_or(Conditions::NONE, |address| policy.conditions.of_address(address.to_canonical()));
    let image = test.width.zip(test.height).and_then(|(width, height)| Dimensions::new(width, height));
    // Without them nothing is open that depends on them, as when the image server does not answer.
    let measure = image.map_or(Measure::Unavailable, Measure::Is);
    let trial = try_path_of(path, measure, policy, &Aspects { held, by_network, now });
    if trial.decision == Decision::Refuse(Basis::SizeUnknown) {
        return Err("it depends on the size of the image; give the test a `width` and a `height`".to_owned());
    }
    let got = verdict(&trial.decision);
    if got == test.expect {
        Ok(())
    } else {
        let reason = trial.decision.basis().word();
        Err(format!("expected {}, got {} ({reason})", word(test.expect), word(got)))
    }
}

fn verdict(decision: &Decision) -> Expect {
    match decision {
        Decision::Allow(_) => Expect::Allow,
        Decision::Challenge(..) => Expect::Challenge,
        Decision::Refuse(_) => Expect::Refuse,
    }
}

fn word(expect: Expect) -> &'static str {
    match expect {
        Expect::Allow => "allow",
        Expect::Challenge => "challenge",
        Expect::Refuse => "refuse",
    }
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
