//! METS with MODS: what a digitisation workflow writes of a work, its structure and its files.
//!
//! 1. Each metadata section says something on access, or nothing (`says`).
//! 2. Each division of a `structMap` has what the sections in its `DMDID` and `ADMID` say, all of it; a division that has
//!    none has its parent's.
//! 3. A division claims the files of its `fptr` (and of `area` in them), and everything in a division that a `smLink` joins
//!    it with. A file's own `ADMID` and `DMDID` claim it as well, or else those of its file group.
//! 4. A section that nothing names is about the whole document.
//! 5. Whatever claims a file, the stricter of all of it holds (product decision 3): a chapter that is open does not open
//!    a page that it shares with one that is closed, nor one that the closed work claims itself.

mod says;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::claims::Claims;
use super::span::Span;
use super::table::Table;
use super::xml::{self, children};
use super::{Faults, Found, Ground, Target, canonical, several};
use crate::gate::path::Canonical;
use crate::policy::condition::OPEN;
use crate::policy::file::{PolicyFileError, quoted};
use says::{Sections, Statement, id, together};

/// Reads one METS file.
///
/// # Errors
/// If it is no METS, if a text in it has no meaning in the table, or if an address in it is none that the table
/// describes.
pub fn read(text: &str, table: &Table, ground: &Ground<'_>) -> Result<Found, PolicyFileError> {
    let mut faults = Faults::default();
    let document = match xml::parse(text) {
        Ok(document) => document,
        Err(bad) => {
            faults.add(bad.line, bad.reason);
            return Err(faults.into_error());
        }
    };
    let root = document.root_element();
    if root.tag_name().name() != "mets" {
        faults.add(
            xml::line(root),
            format!("the file is no METS: it begins with {}", quoted(root.tag_name().name())),
        );
        return Err(faults.into_error());
    }
    let mut remarks = Vec::new();
    let mut sections = Sections::read(root, table, ground.names, &mut faults, &mut remarks);
    let mut work = Work {
        ground,
        table,
        files: Vec::new(),
        by_id: HashMap::new(),
        divisions: Vec::new(),
        named: HashSet::new(),
        groups: Vec::new(),
    };
    for file_section in children(root, "fileSec") {
        work.file_groups(file_section, None, false, &mut sections, &mut faults);
    }
    for map in children(root, "structMap") {
        for division in children(map, "div") {
            work.division(division, None, &mut sections, &mut faults);
        }
    }
    work.links(root, &mut faults);
    work.claim();
    let whole = sections.of_the_whole(root, ground.names);
    let rules = work.rules(root, whole.as_ref(), &mut faults, &mut remarks);
    faults.finish(Found { rules, remarks, networks: Vec::new() })
}

/// A file of the groups that are meant.
struct File<'n, 'x> {
    node: Node<'n, 'x>,
    said: Vec<Statement>,
    is_met: bool,
}

/// A division; those in it follow it, up to `end`.
struct Division<'n> {
    id: Option<&'n str>,
    /// Its own statement or the nearest above it.
    said: Option<Statement>,
    /// Whether it says something itself that does not let everybody in.
    restricts: bool,
    /// Positions in [`Work::files`].
    files: Vec<usize>,
    /// What the divisions say that are joined with it.
    joined: Vec<Statement>,
    /// Whether it has files or is joined with a division that may have some.
    is_met: bool,
    elsewhere: bool,
    end: usize,
}

struct Work<'w, 'n, 'x> {
    ground: &'w Ground<'w>,
    table: &'w Table,
    files: Vec<File<'n, 'x>>,
    /// Every file by its ID, with its position if it is meant.
    by_id: HashMap<&'n str, Option<usize>>,
    divisions: Vec<Division<'n>>,
    /// The IDs of the divisions.
    named: HashSet<&'n str>,
    /// What the file groups are called, for a message.
    groups: Vec<String>,
}

impl<'n, 'x> Work<'_, 'n, 'x> {
    fn file_groups(
        &mut self,
        above: Node<'n, 'x>,
        inherited: Option<&Statement>,
        is_taken: bool,
        sections: &mut Sections<'n>,
        faults: &mut Faults,
    ) {
        for node in above.children().filter(Node::is_element) {
            let name = node.tag_name().name();
            if !matches!(name, "fileGrp" | "file") {
                continue;
            }
            let usage = node.attribute("USE");
            let is_taken = is_taken
                || self.table.files.groups.is_empty()
                || usage.is_some_and(|usage| self.table.files.takes(usage));
            let own = sections.of(node, self.ground.names, faults);
            let said = own.as_ref().or(inherited);
            if name == "fileGrp" {
                let usage = usage.unwrap_or("(no USE)");
                if !self.groups.iter().any(|known| known == usage) {
                    self.groups.push(usage.to_owned());
                }
            } else {
                let position = is_taken.then_some(self.files.len());
                if let Some(id) = id(node)
                    && self.by_id.insert(id, position).is_some()
                {
                    faults.at(node, format!("the ID {} stands twice", quoted(id)));
                }
                if is_taken {
                    self.files.push(File { node, said: said.into_iter().cloned().collect(), is_met: false });
                }
            }
            self.file_groups(node, said, is_taken, sections, faults);
        }
    }

    fn division(
        &mut self,
        node: Node<'n, 'x>,
        inherited: Option<&Statement>,
        sections: &mut Sections<'n>,
        faults: &mut Faults,
    ) {
        let names = self.ground.names;
        let own = sections.of(node, names, faults);
        let restricts = own.as_ref().is_some_and(|own| names.plain(&own.conditions) != [OPEN]);
        let said = own.or_else(|| inherited.cloned());
        let pointed = children(node, "fptr").flat_map(|pointer| pointer.descendants());
        let mut files = Vec::new();
        let mut has_pointers = false;
        for pointer in pointed {
            let Some(file) = pointer.attribute("FILEID") else { continue };
            has_pointers = true;
            match self.by_id.get(file) {
                Some(position) => files.extend(*position),
                None => faults
                    .at(pointer, format!("FILEID names {}, and there is no file of this ID", quoted(file))),
            }
        }
        // A link would lead to one of them, and what the other says would be lost.
        if let Some(id) = id(node)
            && !self.named.insert(id)
        {
            faults.at(node, format!("the ID {} stands twice", quoted(id)));
        }
        let place = self.divisions.len();
        self.divisions.push(Division {
            id: id(node),
            said: said.clone(),
            restricts,
            files,
            joined: Vec::new(),
            is_met: has_pointers,
            elsewhere: children(node, "mptr").next().is_some(),
            end: place + 1,
        });
        for inner in children(node, "div") {
            self.division(inner, said.as_ref(), sections, faults);
        }
        let end = self.divisions.len();
        if let Some(division) = self.divisions.get_mut(place) {
            division.end = end;
        }
    }

    /// `structLink`: each `smLink` joins two divisions, by convention a logical one with a physical one. Neither end is
    /// preferred, so that a file that has them the other way round is not read as saying nothing.
    fn links(&mut self, root: Node<'n, 'x>, faults: &mut Faults) {
        let named =
            self.divisions.iter().enumerate().filter_map(|(place, division)| Some((division.id?, place)));
        let by_id: HashMap<&str, usize> = named.collect();
        for links in children(root, "structLink") {
            for link in links.children().filter(Node::is_element) {
                if link.tag_name().name() != "smLink" {
                    let name = quoted(link.tag_name().name());
                    faults.at(
                        link,
                        format!("{name} in structLink is not read; write smLink for each pair of divisions"),
                    );
                    continue;
                }
                let mut end = |which: &str| {
                    let attribute = link.attributes().find(|attribute| attribute.name() == which);
                    let id = attribute.map(|attribute| attribute.value().trim()).unwrap_or_default();
                    let place = by_id.get(id.strip_prefix('#').unwrap_or(id)).copied();
                    if place.is_none() {
                        faults.at(
                            link,
                            format!("smLink {which} {}: there is no division of this ID", quoted(id)),
                        );
                    }
                    place
                };
                let (Some(from), Some(to)) = (end("from"), end("to")) else { continue };
                for (place, other) in [(to, from), (from, to)] {
                    let said = self.divisions.get(other).and_then(|division| division.said.clone());
                    if let Some(division) = self.divisions.get_mut(place) {
                        division.is_met = true;
                        let joined = division.joined.iter().chain(&said);
                        division.joined = together(joined, self.ground.names).into_iter().collect();
                    }
                }
            }
        }
    }

    /// Gives every file what the divisions say that claim it.
    fn claim(&mut self) {
        // What is joined with a division is so with everything in it.
        let mut above: Vec<(usize, Option<Statement>)> = Vec::new();
        for (place, division) in self.divisions.iter().enumerate() {
            above.retain(|(end, _)| *end > place);
            let joined = above.last().and_then(|(_, said)| said.clone());
            let joined = together(joined.iter().chain(&division.joined), self.ground.names);
            for file in &division.files {
                if let Some(file) = self.files.get_mut(*file) {
                    file.is_met = true;
                    let all = file.said.iter().chain(&division.said).chain(&joined);
                    file.said = together(all, self.ground.names).into_iter().collect();
                }
            }
            above.push((division.end, joined));
        }
    }

    fn rules(
        &self,
        root: Node<'n, 'x>,
        whole: Option<&Statement>,
        faults: &mut Faults,
        remarks: &mut Vec<String>,
    ) -> Vec<crate::policy::rule::RuleSpec> {
        // The file of a whole series names others and has none itself.
        let is_of_others = self.groups.is_empty() && self.divisions.iter().any(|division| division.elsewhere);
        if self.files.is_empty() && !is_of_others {
            let groups = if self.groups.is_empty() { "no groups".to_owned() } else { self.groups.join(", ") };
            faults.at(root, format!("there is no file of the groups in the table; the file has: {groups}"));
        }
        let mut claims = Claims::default();
        let (mut silent, mut loose) = (Vec::new(), Vec::new());
        let mut scratch = Canonical::new();
        for file in &self.files {
            let said = together(file.said.iter().chain(whole), self.ground.names);
            for target in self.targets(file.node, root, &mut scratch, faults) {
                if !file.is_met {
                    loose.push(target.identifier.clone());
                }
                let (conditions, note) = match (&said, &self.table.silent) {
                    (Some(said), _) => (&said.conditions, said.words.join(", ")),
                    (None, Some(conditions)) => (conditions.get_ref(), String::new()),
                    (None, None) => {
                        silent.push(target.identifier);
                        continue;
                    }
                };
                claims.add(&target, Span::ALWAYS, conditions, &note, self.ground.names);
            }
        }
        self.remark(&silent, &loose, remarks);
        claims.into_rules()
    }

    fn targets(
        &self,
        file: Node<'n, 'x>,
        root: Node<'n, 'x>,
        scratch: &mut Canonical,
        faults: &mut Faults,
    ) -> Vec<Target> {
        let mut targets = Vec::new();
        for place in children(file, "FLocat") {
            let Some(address) = place.attributes().find(|attribute| attribute.name() == "href") else {
                faults.at(place, "FLocat has no xlink:href");
                continue;
            };
            if let Some(target) = self.ground.target_of(address.value().trim(), scratch) {
                targets.push(target);
                continue;
            }
            let Some(mount) = self.ground.mount else {
                let mounts = self.ground.mount_names();
                faults.at(place, format!("the address is not one of ours, and no mount is named; add `mount` to the table or --mount, one of: {mounts}"));
                continue;
            };
            let objid = root.attribute("OBJID").unwrap_or_default();
            let written = self.table.files.identifier(address.value().trim(), objid);
            let identifier = written.and_then(|written| {
                canonical(mount, &written)
                    .map_err(|bad| format!("{} is no identifier here: {bad}", quoted(&written)))
            });
            match identifier {
                Ok(identifier) => targets.push(Target { mount: mount.rules_name().to_owned(), identifier }),
                Err(reason) => faults.at(place, reason),
            }
        }
        targets
    }

    fn remark(&self, silent: &[String], loose: &[String], remarks: &mut Vec<String>) {
        remarks.extend(several(
            silent,
            "image of which nothing is said has no rule of its own",
            "images of which nothing is said have no rule of their own",
        ));
        remarks.extend(several(loose, "image belongs to no division", "images belong to no division"));
        // How many divisions up to here have files or links, so that a whole subtree is looked at in one step.
        let mut met = vec![0_usize];
        for division in &self.divisions {
            let one = usize::from(division.is_met);
            met.push(met.last().copied().unwrap_or_default() + one);
        }
        let lost = self
            .divisions
            .iter()
            .enumerate()
            .filter(|(place, division)| division.restricts && met.get(division.end) == met.get(*place));
        let lost: Vec<_> = lost.map(|(_, division)| division.id.unwrap_or("(no ID)").to_owned()).collect();
        remarks.extend(several(
            &lost,
            "division is restricted and has no page in this file",
            "divisions are restricted and have no page in this file",
        ));
        let elsewhere = self.divisions.iter().filter(|division| division.elsewhere);
        let elsewhere: Vec<_> =
            elsewhere.map(|division| division.id.unwrap_or("(no ID)").to_owned()).collect();
        remarks.extend(several(
            &elsewhere,
            "division is in another METS file (mptr), to be imported as well",
            "divisions are in other METS files (mptr), to be imported as well",
        ));
    }
}
