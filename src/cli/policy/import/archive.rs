//! Manifests, METS and digilib's files: read against the table, each as a source of its own unless one is named.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::{Import, Kind, Outcome, kind as kind_of, refuse_other, text_within_bounds};
use crate::cli::Failure;
use crate::cli::policy::import::progress::Progress;
use crate::cli::policy::{shown, text_of};
use crate::config::Settings;
use crate::import::digilib::{self, Place};
use crate::import::merge::replace;
use crate::import::parts::{self, Wanted};
use crate::import::table::Table;
use crate::import::{Found, Ground, Names, manifest, mets};
use crate::policy::condition::Pattern;
use crate::policy::document::PolicyDocument;
use crate::policy::file::PolicyFileError;
use crate::policy::mount::{Mount, MountKind};
use crate::policy::rule::RuleSpec;

pub(super) fn read(
    import: &Import,
    kind: Kind,
    first: String,
    settings: &Settings,
    present: &PolicyDocument,
    progress: &mut Progress,
) -> Result<Outcome, Failure> {
    let names = Names::new(&present.conditions);
    let table = table(import, &names)?;
    let wanted = wanted(import, &names)?;
    let mut used = vec![false; wanted.len()];
    let origin = settings.site.public_url.origin();
    let mount = mount(import, &table, &settings.site.mounts)?;
    let ground = Ground { mounts: &settings.site.mounts, public_origin: &origin, names: &names, mount };

    let mut faults: Vec<String> = Vec::new();
    let mut sources: BTreeSet<String> = BTreeSet::new();
    let mut rules: Vec<RuleSpec> = Vec::new();
    let mut document = present.clone();
    let mut remarks = Vec::new();
    let mut networks = 0;
    // One after the other: together they may be more than the memory.
    let mut first = Some(first);
    for (number, path) in import.files.iter().enumerate() {
        progress.tell(|| format!("read {number} of {} files, {} rules", import.files.len(), rules.len()));
        let name = shown(path);
        let text = match first.take() {
            Some(text) => text,
            None => text_within_bounds(path)?,
        };
        refuse_other(kind_of(import, path, &text)?, kind)?;
        let found = match kind {
            Kind::Manifest => manifest::read(&text, &name, &wanted, &mut used, &ground),
            Kind::Mets => mets::read(&text, &table, &ground),
            Kind::DigilibAuth => digilib::read_auth(&text, &table, &ground),
            _ => {
                let (folder, file) = place(path, import.root.as_deref())?;
                digilib::read_meta(&text, Place { folder: &folder, file: file.as_deref() }, &table, &ground)
            }
        };
        let Found { rules: found, remarks: of_file, networks: of_conditions } = match found {
            Ok(found) => found,
            Err(error) => {
                faults.push(placed(&name, &error));
                continue;
            }
        };
        let source = import.source.clone().unwrap_or_else(|| source(kind, path, &text));
        rules.extend(found.into_iter().map(|rule| RuleSpec { source: source.clone(), ..rule }));
        sources.insert(source);
        remarks.extend(of_file.into_iter().map(|remark| format!("{name}: {remark}")));
        for (condition, network) in of_conditions {
            let known = document.conditions.iter_mut().find(|known| known.name == condition);
            match known.filter(|known| !matches!(known.pattern, Pattern::Open | Pattern::Closed)) {
                Some(known) if known.networks.contains(&network) => {}
                Some(known) => {
                    known.networks.push(network);
                    networks += 1;
                }
                None => faults
                    .push(format!("{name}: the condition `{condition}` cannot have networks ({network})")),
            }
        }
    }
    // In a manifest that cannot be read they may be.
    let is_readable = faults.is_empty();
    for (one, _) in wanted.iter().zip(&used).filter(|(_, used)| is_readable && !**used) {
        let whose = one.manifest.as_deref().map(|manifest| format!(" of {manifest}")).unwrap_or_default();
        let place = match (one.line, &import.parts) {
            (Some(line), Some(path)) => format!("{}: line {line}: ", shown(path)),
            _ => String::new(),
        };
        faults.push(format!("{place}{}{whose} is in none of the manifests", one.shown()));
    }
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    if networks > 0 {
        remarks.push(format!("+ {networks} networks of conditions"));
    }
    let twice = duplicates(&mut rules);
    if twice > 0 {
        remarks.push(format!("{twice} rules that several files have alike are written once"));
    }
    let (rules, changes) = replace(&present.rules, Some(&sources), rules);
    document.rules = rules;
    Ok(Outcome { document, sources: Some(sources), changes, disagreements: Vec::new(), remarks })
}

/// Under one source, the same rule twice is one.
fn duplicates(rules: &mut Vec<RuleSpec>) -> usize {
    let before = rules.len();
    let mut seen = HashSet::new();
    rules.retain(|rule| seen.insert(RuleSpec { note: String::new(), ..rule.clone() }));
    before - rules.len()
}

fn placed(name: &str, error: &PolicyFileError) -> String {
    let problems = error.problems.iter().map(|problem| format!("{name}: {problem}"));
    let more = (error.left_out > 0).then(|| format!("{name}: and {} more", error.left_out));
    problems.chain(more).collect::<Vec<_>>().join("\n")
}

fn table(import: &Import, names: &Names) -> Result<Table, Failure> {
    let Some(path) = &import.map else { return Ok(Table::default()) };
    let text = text_of(path)?;
    Ok(Table::read(&text, names).map_err(|error| placed(&shown(path), &error))?)
}

/// What is wanted of the manifests: of the sheet, and what was typed.
fn wanted(import: &Import, names: &Names) -> Result<Vec<Wanted>, Failure> {
    let mut wanted = Vec::new();
    if let Some(path) = &import.parts {
        let text = text_of(path)?;
        wanted.extend(parts::read(&text, names).map_err(|error| placed(&shown(path), &error))?);
    }
    let whole = import.conditions.iter().map(|typed| ("--conditions", parts::Kind::Whole, typed));
    let ranges = import.range.iter().map(|typed| ("--range", parts::Kind::Range, typed));
    let canvases = import.canvas.iter().map(|typed| ("--canvas", parts::Kind::Canvas, typed));
    for (option, kind, typed) in whole.chain(ranges).chain(canvases) {
        wanted.push(Wanted::typed(kind, typed, names).map_err(|reason| format!("{option}: {reason}"))?);
    }
    Ok(wanted)
}

/// The mount that is named, or the only one with images.
fn mount<'s>(import: &Import, table: &Table, mounts: &'s [Mount]) -> Result<Option<&'s Mount>, Failure> {
    if let Some(name) = import.mount.as_ref().or(table.mount.as_ref()) {
        let known = || mounts.iter().map(|mount| mount.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = mounts.iter().find(|mount| mount.name == *name);
        return match found {
            Some(mount) => Ok(Some(mount)),
            None => Err(format!("there is no mount `{name}`; the settings have: {}", known()).into()),
        };
    }
    let mut images = mounts.iter().filter(|mount| mount.kind == MountKind::Image && mount.rules.is_none());
    let first = images.next();
    Ok(first.filter(|_| images.next().is_none()))
}

/// A manifest's own ID, or else the file as it was named.
fn source(kind: Kind, path: &Path, text: &str) -> String {
    let path = shown(path);
    let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
    let is_fit = |id: &String| !id.is_empty() && id.len() <= 512 && !id.contains(char::is_control);
    let id = Some(kind).filter(|kind| *kind == Kind::Manifest).and_then(|_| manifest::id_of(text));
    format!("{}:{}", kind.as_str(), id.filter(is_fit).unwrap_or(path))
}

/// The folder of an index.meta below the root, and the image that a `.meta` is of.
fn place(path: &Path, root: Option<&Path>) -> Result<(String, Option<String>), Failure> {
    let shown = shown(path);
    let root = root
        .ok_or("an index.meta is about the folder that it lies in; say with --root where the images begin")?;
    let below =
        path.strip_prefix(root).map_err(|_| format!("{shown}: does not lie in --root {}", root.display()))?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    let parts = parts.ok_or_else(|| format!("{shown}: the path is not UTF-8"))?;
    let (name, folders) = parts.split_last().ok_or_else(|| format!("{shown}: is no file"))?;
    let file = match *name {
        "index.meta" => None,
        name => match name.strip_suffix(".meta") {
            Some(image) => Some(image.to_owned()),
            None => {
                return Err(format!(
                    "{shown}: is called neither index.meta nor like an image with .meta behind"
                )
                .into());
            }
        },
    };
    Ok((folders.join("/"), file))
}
