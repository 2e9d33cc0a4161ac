//! `tilegate policy coverage`: what no rule is about, and which rules and conditions are about nothing.

use std::collections::BTreeSet;
use std::fmt::{Display, Write as _};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Failure, hand_over, harmless, open_with, say};
use crate::clock;
use crate::config::Settings;
use crate::gate::coverage::{Coverage, Kept};
use crate::iiif::identifier::ImageServer;
use crate::iiif::outline::Outline;
use crate::policy::Policy;
use crate::policy::condition::{CLOSED, OPEN, Pattern};
use crate::policy::mount::{Mount, MountKind};
use crate::policy::rule::RuleSpec;
use crate::snapshot::policy_of;
use crate::store::{Store, StoreError};
use crate::texts::{Texts, explanation};

/// So many of each kind are printed; `--json` has all of them.
const MOST: usize = 100;
/// After so many names it is said that there are more to come.
const PROGRESS: usize = 100_000;
/// What image servers take for images; everything else in a folder of images is passed over.
const IMAGES: [&str; 16] = [
    "bmp", "fpx", "gif", "j2k", "jp2", "jpeg", "jpg", "jpx", "png", "pnm", "ptif", "ptiff", "svs", "tif",
    "tiff", "webp",
];

#[derive(Debug, Args)]
pub(super) struct CoverageOf {
    /// The mount whose names are looked at.
    #[arg(long, value_name = "NAME")]
    mount: String,
    /// The folder of the mount's images or files, with everything below it.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// A manifest, as viewers get it; may be given several times.
    #[arg(long = "manifest", value_name = "FILE")]
    manifests: Vec<PathBuf>,
    /// Print JSON, with every finding.
    #[arg(long)]
    json: bool,
    /// End with status 1 if there is any finding.
    #[arg(long)]
    strict: bool,
}

pub(super) async fn run(command: &CoverageOf, settings: &Settings) -> Result<ExitCode, Failure> {
    let mounts = &settings.site.mounts;
    let Some(mount) = mounts.iter().find(|mount| mount.name == command.mount) else {
        let names: Vec<&str> = mounts.iter().map(|mount| mount.name.as_str()).collect();
        let name = &command.mount;
        return Err(format!(
            "--mount {name}: there is no such mount; the settings have: {}",
            names.join(", ")
        )
        .into());
    };
    let store = open_with(settings).await?;
    let in_use = store.conditions_in_use().await?;
    let (policy, _) = policy_of(&store, mounts).await?;
    let at_most = if command.json { usize::MAX } else { MOST };
    let Some(mut coverage) = Coverage::new(&policy, &mount.name, clock::now(), at_most) else {
        return Err(format!("--mount {}: there is no such mount", mount.name).into());
    };

    let origin = settings.site.public_url.origin();
    for file in &command.manifests {
        let failed = |reason: &dyn Display| format!("{}: cannot be read: {reason}", file.display());
        let body = std::fs::read(file).map_err(|error| failed(&error))?;
        let outline = Outline::read(&body).map_err(|error| failed(&error))?;
        let of_canvases = outline.canvases.iter().flat_map(|canvas| &canvas.resources);
        for url in of_canvases.chain(&outline.resources) {
            coverage.url(url, &origin);
        }
    }
    let mut lost = Kept::new(at_most);
    if let Some(folder) = &command.folder {
        let (wanted, coverage) = (Wanted::of(mount), &mut coverage);
        let mut walk = Walk { root: folder, wanted, coverage, above: Vec::new(), named: 0, lost };
        walk.folder(folder).map_err(|error| format!("{}: cannot be read: {error}", folder.display()))?;
        lost = walk.lost;
    }

    let (unused, named) = of_rules(&store, mount, &coverage, at_most).await?;
    let report = Report {
        mount,
        looked: command.folder.is_some() || !command.manifests.is_empty(),
        borrowers: mounts
            .iter()
            .filter(|other| other.rules_name() == mount.rules_name() && other.name != mount.name)
            .collect(),
        coverage: &coverage,
        lost,
        unused,
        held_by_nobody: held_by_nobody(&policy, &in_use),
        named_nowhere: named_nowhere(&policy, &named),
    };
    if command.json {
        hand_over(&format!("{:#}\n", report.data()))?;
    } else {
        say(&report.sentences())?;
    }
    let is_failed = command.strict && report.findings() > 0;
    Ok(if is_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Which entries of a folder have names that may be asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Images,
    Files,
    /// digilib makes a manifest of every folder.
    Folders,
}

impl Wanted {
    fn of(mount: &Mount) -> Self {
        match (mount.kind, mount.server) {
            (MountKind::Image, _) => Self::Images,
            (MountKind::Manifest, ImageServer::Digilib) => Self::Folders,
            _ => Self::Files,
        }
    }

    fn has(self, file: &Path) -> bool {
        let extension = || Some(file.extension()?.to_str()?.to_ascii_lowercase());
        match self {
            Self::Images => extension().is_some_and(|extension| IMAGES.contains(&extension.as_str())),
            Self::Files => true,
            Self::Folders => false,
        }
    }
}

/// A way through a folder: by names, links followed, hidden entries passed over.
struct Walk<'w, 'p> {
    root: &'w Path,
    wanted: Wanted,
    coverage: &'w mut Coverage<'p>,
    /// The folders that the present one is in, by their real paths: a link may lead into one of them.
    above: Vec<PathBuf>,
    named: usize,
    /// Folders and links that cannot be looked into, each with the reason.
    lost: Kept<(String, String)>,
}

impl Walk<'_, '_> {
    fn folder(&mut self, folder: &Path) -> std::io::Result<()> {
        let real = folder.canonicalize()?;
        if self.above.contains(&real) {
            return Ok(());
        }
        let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        self.above.push(real);
        let mut paths: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
        paths.sort_unstable();
        for path in paths {
            let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if is_hidden {
                continue;
            }
            let kind = match std::fs::metadata(&path) {
                Ok(kind) => kind,
                // A link to nothing is nothing.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => {
                    self.lose(&path, &error);
                    continue;
                }
            };
            if kind.is_dir() {
                if self.wanted == Wanted::Folders {
                    self.name(&path);
                }
                // One folder of somebody else, a lost+found say, does not keep all others from being looked at.
                if let Err(error) = self.folder(&path) {
                    self.lose(&path, &error);
                }
            } else if self.wanted.has(&path) {
                self.name(&path);
            }
        }
        self.above.pop();
        Ok(())
    }

    fn lose(&mut self, path: &Path, error: &std::io::Error) {
        let name = path.strip_prefix(self.root).unwrap_or(path).to_string_lossy();
        self.lost.push((name.into_owned(), error.to_string()));
    }

    fn name(&mut self, path: &Path) {
        let name = path.strip_prefix(self.root).unwrap_or(path);
        if let Some(name) = name.to_str() {
            self.coverage.file(name);
        } else {
            let reason = "its name is not UTF-8".to_owned();
            self.coverage.unreadable.push((name.to_string_lossy().into_owned(), reason));
        }
        self.named += 1;
        if self.named.is_multiple_of(PROGRESS) {
            eprintln!("{} names looked at, at {}", self.named, harmless(&name.to_string_lossy()));
        }
    }
}

/// Conditions that an account, a device or a network could have, and none has.
fn held_by_nobody(policy: &Policy, in_use: &BTreeSet<String>) -> Vec<String> {
    let conditions = policy.conditions.iter().filter(|condition| {
        matches!(condition.pattern, Pattern::Login | Pattern::Kiosk | Pattern::External)
            && condition.networks.is_empty()
            && !in_use.contains(&condition.name)
    });
    conditions.map(|condition| condition.name.clone()).collect()
}

/// The rules of a mount that are about nothing that was looked at, and the conditions that any rule names.
async fn of_rules(
    store: &Store,
    mount: &Mount,
    coverage: &Coverage<'_>,
    at_most: usize,
) -> Result<(Kept<(u32, RuleSpec)>, BTreeSet<String>), Failure> {
    let (mut unused, mut named) = (Kept::new(at_most), BTreeSet::new());
    let mut loading = store.begin_load().await?;
    while let Some(batch) = loading.next_rules().await? {
        batch.each::<StoreError>(|number, rule| {
            for condition in &rule.conditions {
                if !named.contains(condition) {
                    named.insert(condition.clone());
                }
            }
            if rule.mount == mount.rules_name() && !coverage.is_matched(number) {
                unused.push((number, rule.clone()));
            }
            Ok(())
        })?;
    }
    unused.first.sort_unstable_by_key(|(number, _)| *number);
    // With their notes, which are not among what is read so quickly.
    let numbers: Vec<u32> = unused.first.iter().map(|(number, _)| *number).collect();
    let mut written = store.rules_by_number(&numbers).await?;
    for (number, rule) in &mut unused.first {
        if let Some(written) = written.remove(number) {
            *rule = written;
        }
    }
    Ok((unused, named))
}

/// Conditions that neither a rule nor a mount names.
fn named_nowhere(policy: &Policy, by_rules: &BTreeSet<String>) -> Vec<String> {
    let is_named = |name: &str| {
        [OPEN, CLOSED].contains(&name)
            || by_rules.contains(name)
            || policy.mounts().iter().any(|mount| mount.default == name)
    };
    let names = policy.conditions.iter().map(|condition| &condition.name);
    names.filter(|name| !is_named(name)).cloned().collect()
}

struct Report<'r> {
    mount: &'r Mount,
    /// Whether there was anything to look at.
    looked: bool,
    /// Other mounts that have the same rules.
    borrowers: Vec<&'r Mount>,
    coverage: &'r Coverage<'r>,
    /// What could not be looked into.
    lost: Kept<(String, String)>,
    unused: Kept<(u32, RuleSpec)>,
    held_by_nobody: Vec<String>,
    named_nowhere: Vec<String>,
}

impl Report<'_> {
    fn findings(&self) -> usize {
        let unused = if self.looked { self.unused.count } else { 0 };
        let names = self.coverage.unmatched.count + self.coverage.unreadable.count;
        names + self.lost.count + unused + self.held_by_nobody.len() + self.named_nowhere.len()
    }

    fn sentences(&self) -> String {
        let Coverage { looked_at, unmatched, unreadable, elsewhere, .. } = self.coverage;
        let Mount { name, default, .. } = self.mount;
        let mut text = String::new();
        // Nothing can go wrong when writing into a text.
        if self.looked {
            let _ = writeln!(text, "{looked_at} identifiers of the mount `{name}` were looked at.");
            let title = format!("Without a rule in force, so that the mount's default `{default}` decides");
            list(&mut text, &title, unmatched, Clone::clone);
            let title = "With a name that no request can have";
            list(&mut text, title, unreadable, |(name, reason)| format!("{name}: {reason}"));
            let title = "Not looked into, because it cannot be read";
            list(&mut text, title, &self.lost, |(name, reason)| format!("{name}: {reason}"));
            let others: Vec<&str> = self.borrowers.iter().map(|mount| mount.name.as_str()).collect();
            let others = if others.is_empty() {
                String::new()
            } else {
                let have = if others.len() == 1 { "has" } else { "have" };
                format!(" (names of {}, which {have} the same rules, were not looked at)", others.join(", "))
            };
            let title = format!("Rules that are about nothing of what was given{others}");
            list(&mut text, &title, &self.unused, |(number, rule)| {
                explanation::rule(Texts::ENGLISH, *number, rule).plain()
            });
            list(&mut text, "Left out, being of another mount or another site", elsewhere, Clone::clone);
        } else {
            text.push_str(
                "Without --folder or --manifest no names are looked at, nor what rules are about.\n",
            );
        }
        let title = "Conditions that no account, no device and no network has";
        list(&mut text, title, &kept(&self.held_by_nobody), Clone::clone);
        list(
            &mut text,
            "Conditions that no rule and no mount names",
            &kept(&self.named_nowhere),
            Clone::clone,
        );
        let _ = match self.findings() {
            0 => writeln!(text, "No findings."),
            1 => writeln!(text, "1 finding."),
            findings => writeln!(text, "{findings} findings."),
        };
        text
    }

    fn data(&self) -> serde_json::Value {
        let Coverage { looked_at, unmatched, unreadable, elsewhere, .. } = self.coverage;
        let reasons = |kept: &Kept<(String, String)>| -> Vec<_> {
            kept.first.iter().map(|(name, reason)| json!({ "name": name, "reason": reason })).collect()
        };
        let unused: Vec<_> = self
            .unused
            .first
            .iter()
            .map(|(number, rule)| json!({ "number": u64::from(*number) + 1, "rule": rule }))
            .collect();
        json!({
            "mount": self.mount.name,
            "default": self.mount.default,
            "looked_at": self.looked.then_some(looked_at),
            "unmatched": unmatched.first,
            "unreadable": reasons(unreadable),
            "not_looked_into": reasons(&self.lost),
            "unused_rules": self.looked.then_some(unused),
            "elsewhere": elsewhere.first,
            "conditions_held_by_nobody": self.held_by_nobody,
            "conditions_named_nowhere": self.named_nowhere,
            "findings": self.findings(),
        })
    }
}

fn kept(names: &[String]) -> Kept<String> {
    let mut kept = Kept::new(MOST);
    for name in names {
        kept.push(name.clone());
    }
    kept
}

/// A title with the number, and what there is below it; nothing where there is nothing.
fn list<T>(text: &mut String, title: &str, kept: &Kept<T>, shown: impl Fn(&T) -> String) {
    if kept.count == 0 {
        return;
    }
    let _ = writeln!(text, "{title}: {}", kept.count);
    for one in &kept.first {
        let _ = writeln!(text, "  {}", shown(one));
    }
    if kept.more() > 0 {
        let _ = writeln!(text, "  and {} more; --json has all of them", kept.more());
    }
}
