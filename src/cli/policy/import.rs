//! `tilegate policy import`: a whole policy, or rules from what an archive has.

mod archive;
mod progress;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{
    check, condition_names, counted, difference, is_csv, mount_names, passed, shown, summary, text_of,
};
use crate::audit::Act;
use crate::cli::{Failure, open_with, say};
use crate::clock;
use crate::config::Settings;
use crate::import::merge::{Changes, Disagreement, STRICTER, replace, settle};
use crate::import::{Names, xml};
use crate::policy::document::PolicyDocument;
use crate::policy::file;
use crate::policy::rule::RuleSpec;
use crate::store::ReplaceError;
use crate::texts::{Texts, explanation};
use progress::Progress;

/// So many disagreements and remarks are told one by one.
const MOST_TOLD: usize = 20;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Import {
    /// A policy file (.toml) or rules (.csv); or several manifests (.json), METS files, digilib-auth.xml or
    /// index.meta; `-` reads one from standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are, where their names and beginnings do not say it.
    #[arg(long, value_name = "KIND")]
    from: Option<Kind>,
    /// Replace the rules that were imported under this name, and no others.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// What the archive's own words mean: texts and roles to conditions, addresses to identifiers (TOML).
    #[arg(long, value_name = "TABLE")]
    map: Option<PathBuf>,
    /// The mount of identifiers that say nothing of one.
    #[arg(long, value_name = "NAME")]
    mount: Option<String>,
    /// Manifests: what the whole needs; several conditions with | between.
    #[arg(long, value_name = "CONDITIONS")]
    conditions: Option<String>,
    /// Manifests: what a range needs.
    #[arg(long, value_name = "ID=CONDITIONS")]
    range: Vec<String>,
    /// Manifests: what a canvas needs.
    #[arg(long, value_name = "ID=CONDITIONS")]
    canvas: Vec<String>,
    /// Manifests: a CSV file with the columns manifest,part,conditions,from,until,note.
    #[arg(long, value_name = "FILE")]
    parts: Option<PathBuf>,
    /// index.meta: the folder of which the mount's identifiers are the paths.
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// Check everything and say what would change; change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Also drop access conditions that accounts hold, who lose them at once; and rules of mounts that the settings do not have.
    #[arg(long)]
    drop: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Toml,
    Csv,
    Manifest,
    Mets,
    DigilibAuth,
    IndexMeta,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Csv => "csv",
            Self::Manifest => "manifest",
            Self::Mets => "mets",
            Self::DigilibAuth => "digilib-auth",
            Self::IndexMeta => "index-meta",
        }
    }

    /// By the file's name, and where that says nothing by how it begins; `None` for XML of other kinds.
    fn of(path: &Path, text: &str) -> Option<Self> {
        let extension =
            path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        let start = text.trim_start_matches('\u{feff}').trim_start();
        match extension.as_deref() {
            _ if is_csv(path, text) => Some(Self::Csv),
            Some("toml") => Some(Self::Toml),
            Some("meta") => Some(Self::IndexMeta),
            // No TOML begins with these.
            _ if start.starts_with('{') => Some(Self::Manifest),
            _ if start.starts_with('<') => match xml::name_of_root(start)? {
                "auth-config" => Some(Self::DigilibAuth),
                "mets" => Some(Self::Mets),
                _ => None,
            },
            _ => Some(Self::Toml),
        }
    }
}

/// What will be stored, and what there is to say of it.
struct Outcome {
    document: PolicyDocument,
    /// Where the rules are from; nothing if they are the whole.
    sources: Option<BTreeSet<String>>,
    changes: Changes,
    disagreements: Vec<Disagreement>,
    remarks: Vec<String>,
}

pub(super) async fn run(import: &Import, settings: &Settings) -> Result<(), Failure> {
    let mut progress = Progress::begin();
    let store = open_with(settings).await?;
    let (present, since) = store.policy_document_since().await?;
    let (first, others) = import.files.split_first().ok_or("no file is named")?;
    let text = text_within_bounds(first)?;
    let kind = kind(import, first, &text)?;
    refuse_options(import, kind)?;
    if matches!(kind, Kind::Toml | Kind::Csv) && !others.is_empty() {
        for other in others {
            let text = text_within_bounds(other)?;
            refuse_other(self::kind(import, other, &text)?, kind)?;
        }
        return Err("one policy file or sheet at a time; it replaces what there is".into());
    }
    let mut outcome = match kind {
        Kind::Toml => policy_file(first, &text, settings, &present)?,
        Kind::Csv => sheet(first, &text, import, settings, &present, &mut progress)?,
        _ => archive::read(import, kind, text, settings, &present, &mut progress)?,
    };
    refuse_others_rules(&present, &outcome.document, import, settings)?;
    progress.tell(|| format!("comparing {}", counted(outcome.document.rules.len(), "rule")));
    let names = Names::new(&outcome.document.conditions);
    let rules = std::mem::take(&mut outcome.document.rules);
    (outcome.document.rules, outcome.disagreements) = settle(rules, &settings.site.mounts, &names);
    progress.tell(|| format!("checking {}", counted(outcome.document.rules.len(), "rule")));
    let checked = check(&outcome.document, settings, &files_shown(&import.files))?;
    let outcome_of = if import.dry_run {
        store.would_take(&outcome.document.conditions, import.drop).await
    } else {
        progress.tell(|| format!("storing {}", counted(outcome.document.rules.len(), "rule")));
        store.replace_policy_since(&outcome.document, import.drop, since, Act::command(clock::now())).await
    };
    outcome_of.map_err(|error| match error {
        ReplaceError::Held(ref held) => {
            let them = if held.len() == 1 { "it" } else { "them" };
            Failure::from(format!("{error}; keep {them}, or take {them} from the accounts with --drop"))
        }
        error => Failure::from(error),
    })?;
    progress.end();
    let mut text = told(&outcome, &present, checked.tests, import.dry_run);
    text.push_str(&checked.warnings());
    if import.dry_run {
        text.push_str(&in_detail(&present.rules, &outcome.document.rules));
    }
    say(&text)
}

/// A file's text. What is not the policy's own must not be longer than any reader takes.
fn text_within_bounds(path: &Path) -> Result<String, Failure> {
    let is_own = path
        .extension()
        .is_some_and(|extension| ["csv", "toml"].iter().any(|own| extension.eq_ignore_ascii_case(own)));
    let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if !is_own && length > xml::MAX_BYTES as u64 {
        return Err(format!("{}: the file is longer than {} MB", shown(path), xml::MAX_BYTES >> 20).into());
    }
    text_of(path)
}

/// What a file is.
fn kind(import: &Import, path: &Path, text: &str) -> Result<Kind, Failure> {
    let kind = import.from.or_else(|| Kind::of(path, text));
    Ok(kind.ok_or_else(|| format!("{}: is XML, but neither METS nor digilib-auth.xml", shown(path)))?)
}

fn refuse_other(kind: Kind, first: Kind) -> Result<(), Failure> {
    if kind == first {
        return Ok(());
    }
    Err(format!(
        "the files are of several kinds, {} and {}; import one kind after the other, or say which with --from",
        first.as_str(),
        kind.as_str()
    )
    .into())
}

/// A file cannot have rules of a mount that the settings lack, so it would take away all of a service's that shares the database.
fn refuse_others_rules(
    present: &PolicyDocument,
    new: &PolicyDocument,
    import: &Import,
    settings: &Settings,
) -> Result<(), Failure> {
    let known: BTreeSet<&str> = mount_names(settings).into_iter().collect();
    let others = |document: &'_ PolicyDocument| {
        document.rules.iter().filter(|rule| !known.contains(rule.mount.as_str())).count()
    };
    let lost = others(present).saturating_sub(others(new));
    if lost == 0 || import.drop {
        return Ok(());
    }
    let names: BTreeSet<&str> =
        present.rules.iter().map(|rule| rule.mount.as_str()).filter(|mount| !known.contains(mount)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    Err(format!(
        "this would remove {} of mounts that the settings do not have ({}): another service's, if it has the same database. \
         Change rules one by one, or import a sheet with --source, which leaves others alone; with --drop they go",
        counted(lost, "rule"),
        names.join(", ")
    )
    .into())
}

/// An option that would change nothing is a misunderstanding.
fn refuse_options(import: &Import, kind: Kind) -> Result<(), Failure> {
    let manifest = kind == Kind::Manifest;
    let mapped = matches!(kind, Kind::Mets | Kind::DigilibAuth | Kind::IndexMeta);
    let options = [
        ("--source", import.source.is_some(), kind != Kind::Toml),
        ("--map", import.map.is_some(), mapped),
        ("--mount", import.mount.is_some(), mapped),
        ("--conditions", import.conditions.is_some(), manifest),
        ("--range", !import.range.is_empty(), manifest),
        ("--canvas", !import.canvas.is_empty(), manifest),
        ("--parts", import.parts.is_some(), manifest),
        ("--root", import.root.is_some(), kind == Kind::IndexMeta),
    ];
    for (option, is_given, is_read) in options {
        if is_given && !is_read {
            let kind = kind.as_str();
            return Err(format!(
                "{option} means nothing for files of the kind {kind}; is that what it is? --from says so otherwise"
            )
            .into());
        }
    }
    match import.source.as_deref().map(str::trim) {
        Some("") => Err("--source has no name".into()),
        Some(STRICTER) => {
            Err(format!("--source {STRICTER} is the name of rules that the import makes itself").into())
        }
        Some(name) if name.len() > 512 || name.contains(char::is_control) => {
            Err("--source is longer than 512 bytes, or has a control character in it".into())
        }
        _ => Ok(()),
    }
}

fn policy_file(
    path: &Path,
    text: &str,
    settings: &Settings,
    present: &PolicyDocument,
) -> Result<Outcome, Failure> {
    let document =
        file::read(text, &mount_names(settings)).map_err(|errors| format!("{}: {errors}", shown(path)))?;
    let (rules, changes) = replace(&present.rules, None, document.rules);
    let document = PolicyDocument { rules, ..document };
    Ok(Outcome { document, sources: None, changes, disagreements: Vec::new(), remarks: Vec::new() })
}

/// A sheet replaces all rules; with a source, those of that source.
fn sheet(
    path: &Path,
    text: &str,
    import: &Import,
    settings: &Settings,
    present: &PolicyDocument,
    progress: &mut Progress,
) -> Result<Outcome, Failure> {
    let shown = shown(path);
    let mut tell = |count| progress.tell(|| format!("read {}", counted(count, "rule")));
    let names = condition_names(present);
    let mut rules = file::read_csv_counting(text, &mount_names(settings), &names, &mut tell)
        .map_err(|errors| format!("{shown}: {errors}"))?;
    if let Some(source) = &import.source {
        for (number, rule) in rules.iter_mut().enumerate() {
            if !rule.source.is_empty() && rule.source != *source {
                return Err(format!(
                    "{shown}: rule {} (`{}`) has the source `{}`, and --source is `{source}`; give one of the two",
                    number + 1,
                    rule.identifier,
                    rule.source
                )
                .into());
            }
            rule.source.clone_from(source);
        }
    }
    let sources = import.source.iter().map(|source| BTreeSet::from([source.clone()])).next();
    let (rules, changes) = replace(&present.rules, sources.as_ref(), rules);
    let document = PolicyDocument { rules, ..present.clone() };
    Ok(Outcome { document, sources, changes, disagreements: Vec::new(), remarks: Vec::new() })
}

fn files_shown(paths: &[PathBuf]) -> String {
    match paths {
        [] => String::new(),
        [one] => shown(one),
        [first, others @ ..] => format!("{} and {}", shown(first), counted(others.len(), "other file")),
    }
}

/// The summary; a dry run says the same figures.
fn told(outcome: &Outcome, present: &PolicyDocument, tests: usize, is_dry: bool) -> String {
    let verb = if is_dry { "would import" } else { "imported" };
    let Changes { added, gone, changed } = outcome.changes;
    let mut parts = vec![format!("{verb} {}, {}", summary(&outcome.document), passed(tests))];
    parts.push(difference(present, &outcome.document));
    let origin = outcome.sources.as_ref().map_or_else(String::new, |sources| match sources.first() {
        Some(one) if sources.len() == 1 => format!("{one}: "),
        _ => format!("{} sources: ", sources.len()),
    });
    parts.push(format!("{origin}+ {added}, - {gone}, {changed} changed"));
    let mut text = parts.join("; ") + "\n";
    disagree(&mut text, outcome);
    listed(&mut text, "", &outcome.remarks);
    text
}

/// The rules that would be gone and new, the first of them.
fn in_detail(present: &[RuleSpec], new: &[RuleSpec]) -> String {
    let mut text = String::new();
    for (sign, some, others) in [("- ", present, new), ("+ ", new, present)] {
        let others: HashSet<&RuleSpec> = others.iter().collect();
        let line = |rule: &RuleSpec| {
            format!("{}: {}", rule.mount, explanation::new_rule(Texts::ENGLISH, rule).plain())
        };
        let lines: Vec<String> = some.iter().filter(|rule| !others.contains(rule)).map(line).collect();
        listed(&mut text, sign, &lines);
    }
    text
}

/// Where the imported sources disagree with others; of what others disagree about among themselves, how much it is.
fn disagree(text: &mut String, outcome: &Outcome) {
    let is_new = |one: &&Disagreement| {
        let imported = |source| outcome.sources.as_ref().is_none_or(|sources| sources.contains(source));
        one.said.iter().any(|(source, _)| imported(source))
    };
    let (new, others): (Vec<_>, Vec<_>) = outcome.disagreements.iter().partition(is_new);
    let disagreements = new.into_iter().map(|one| {
        let said = one.said.iter().map(|(source, conditions)| {
            let source = if source.is_empty() { "the policy" } else { source };
            format!("{source} says {}", conditions.join(" or "))
        });
        let said = said.collect::<Vec<_>>().join(", ");
        let from = one.span.from.map(|day| format!(" from {day}")).unwrap_or_default();
        let until = one.span.until.map(|day| format!(" until {day}")).unwrap_or_default();
        let counts = one.comes_to.join(" or ");
        format!("{}/{}{from}{until}: {said}; what counts is {counts}", one.mount, one.identifier)
    });
    let disagreements: Vec<String> = disagreements.collect();
    if !disagreements.is_empty() {
        let places = if disagreements.len() == 1 { "1 place where" } else { "places where" };
        let count =
            if disagreements.len() == 1 { String::new() } else { format!("{} ", disagreements.len()) };
        text.extend([&*count, places, " sources disagree, and the stricter counts:\n"]);
        listed(text, "  ", &disagreements);
    }
    if !others.is_empty() {
        text.extend(["other sources disagree in ", &counted(others.len(), "place"), " as before\n"]);
    }
}

fn listed(text: &mut String, before: &str, lines: &[String]) {
    for line in lines.iter().take(MOST_TOLD) {
        text.extend([before, line, "\n"]);
    }
    if let Some(more) = lines.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        text.extend([before, "and ", &more.to_string(), " more\n"]);
    }
}
