//! What the metadata sections of a METS file say on access, in our conditions.
//!
//! A `dmdSec` says it in `mods:accessCondition` (MODS 3, its type in the attribute `type`). A `rightsMD` says it in
//! `METSRights` (`Context` with `Permissions DISPLAY`), in PREMIS (`rightsGranted`), or, where the table has licences, in
//! `dv:license` of the DFG Viewer's profile. What none of them is, is a fault unless the table ignores it.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::super::table::{Table, Texts};
use super::super::xml::{children, text};
use super::super::{Faults, Names};
use crate::policy::condition::CLOSED;
use crate::policy::file::quoted;

/// Something that is said on access, and in what words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) conditions: Vec<String>,
    /// The archive's own words.
    pub(super) words: Vec<String>,
}

impl Statement {
    /// Both hold. The words of the one that makes the difference stay.
    fn and(&self, other: &Self, names: &Names) -> Self {
        let conditions = names.stricter(&self.conditions, &other.conditions);
        let mut words = Vec::new();
        let deciding = [self, other].map(|one| names.plain(&one.conditions) == conditions);
        for (one, decides) in [self, other].into_iter().zip(deciding) {
            // Where neither decides alone, both do.
            if decides || deciding == [false, false] {
                for word in &one.words {
                    if !words.contains(word) {
                        words.push(word.clone());
                    }
                }
            }
        }
        Self { conditions, words }
    }
}

/// Whatever is said of one thing in several places: all of it holds.
pub(super) fn together<'s>(
    statements: impl IntoIterator<Item = &'s Statement>,
    names: &Names,
) -> Option<Statement> {
    statements.into_iter().fold(None, |all: Option<Statement>, one| match all {
        None => Some(one.clone()),
        Some(all) => Some(all.and(one, names)),
    })
}

/// What the sections say, by their `ID`.
#[derive(Debug, Default)]
pub(super) struct Sections<'n> {
    by_id: HashMap<&'n str, Option<Statement>>,
    /// Of those without an ID, which nothing can name.
    nameless: Vec<Statement>,
    /// Of the parts without an ID in an `amdSec` with one, which can name them all at once.
    parts: Vec<(&'n str, Statement)>,
    named: HashSet<&'n str>,
}

impl<'n> Sections<'n> {
    /// Reads every `dmdSec` and `amdSec`, named or not: a text without a meaning is a fault wherever it stands.
    pub(super) fn read(
        root: Node<'n, '_>,
        table: &Table,
        names: &Names,
        faults: &mut Faults,
        remarks: &mut Vec<String>,
    ) -> Self {
        let mut sections = Self::default();
        let mut reader = Reader { table, names, faults, of_others: 0 };
        for section in children(root, "dmdSec") {
            let said = reader.descriptive(section);
            sections.put(section, said, reader.faults);
        }
        for section in children(root, "amdSec") {
            let mut of_all = Vec::new();
            for part in section.children().filter(Node::is_element) {
                let said = if part.tag_name().name() == "rightsMD" { reader.rights(part) } else { None };
                if id(section).is_some() || id(part).is_none() {
                    of_all.extend(said.clone());
                }
                match (id(section), id(part)) {
                    (_, Some(_)) => sections.put(part, said, reader.faults),
                    (Some(section), None) => sections.parts.extend(said.map(|said| (section, said))),
                    (None, None) => {}
                }
            }
            sections.put(section, together(&of_all, names), reader.faults);
        }
        reader.refuse_elsewhere(root);
        if reader.of_others > 0 {
            remarks.push(format!(
                "{} accessCondition of related items (mods:relatedItem) are not about this work and are left out",
                reader.of_others
            ));
        }
        sections
    }

    fn put(&mut self, section: Node<'n, '_>, said: Option<Statement>, faults: &mut Faults) {
        match id(section) {
            None => self.nameless.extend(said),
            Some(id) => {
                if self.by_id.insert(id, said).is_some() {
                    faults.at(section, format!("the ID {} stands twice", quoted(id)));
                }
            }
        }
    }

    /// What the sections say that an element names in `DMDID` and `ADMID` (METS schema: lists of IDs).
    pub(super) fn of(
        &mut self,
        element: Node<'n, '_>,
        names: &Names,
        faults: &mut Faults,
    ) -> Option<Statement> {
        let mut said = Vec::new();
        for attribute in ["DMDID", "ADMID"] {
            for id in element.attribute(attribute).unwrap_or_default().split_ascii_whitespace() {
                match self.by_id.get_key_value(id) {
                    Some((id, statement)) => {
                        self.named.insert(*id);
                        said.extend(statement.clone());
                    }
                    None => faults.at(
                        element,
                        format!("{attribute} names {}, and there is no section of this ID", quoted(id)),
                    ),
                }
            }
        }
        together(&said, names)
    }

    /// What nothing names is about the whole document; to be asked when everything else has been read. A part of an
    /// `amdSec` that is named counts as named by its own ID.
    pub(super) fn of_the_whole(&self, root: Node<'n, '_>, names: &Names) -> Option<Statement> {
        let mut said = self.nameless.clone();
        let is_named = |node: Node<'n, '_>| id(node).is_some_and(|id| self.named.contains(id));
        let of = |node: Node<'n, '_>| self.by_id.get(id(node)?)?.clone();
        said.extend(children(root, "dmdSec").filter(|section| !is_named(*section)).filter_map(of));
        for section in children(root, "amdSec").filter(|section| !is_named(*section)) {
            let parts = section.children().filter(Node::is_element);
            said.extend(parts.filter(|part| !is_named(*part)).filter_map(of));
            let nameless = self.parts.iter().filter(|(owner, _)| id(section) == Some(*owner));
            said.extend(nameless.map(|(_, said)| said.clone()));
        }
        together(&said, names)
    }
}

/// An element's `ID`.
pub(super) fn id<'n>(node: Node<'n, '_>) -> Option<&'n str> {
    node.attribute("ID")
}

struct Reader<'r> {
    table: &'r Table,
    names: &'r Names,
    faults: &'r mut Faults,
    of_others: usize,
}

impl Reader<'_> {
    fn descriptive(&mut self, section: Node<'_, '_>) -> Option<Statement> {
        self.refuse_reference(section, "dmdSec");
        let records = children(section, "mdWrap").flat_map(|wrap| children(wrap, "xmlData"));
        let records: Vec<_> = records
            .flat_map(|data| data.descendants())
            .filter(|node| node.tag_name().name() == "accessCondition")
            .collect();
        let mut said = Vec::new();
        for condition in records {
            if condition.ancestors().any(|above| above.tag_name().name() == "relatedItem") {
                self.of_others += 1;
                continue;
            }
            let kind = condition.attribute("type").unwrap_or_default().trim();
            if self.table.ignores(kind) {
                continue;
            }
            let Some(texts) = self.table.access_condition.get(kind) else {
                let message = format!(
                    "accessCondition has the type {}, of which the table knows nothing; add [accessCondition.{}], or the type to `ignore`",
                    quoted(kind),
                    quoted(kind)
                );
                self.faults.at(condition, message);
                continue;
            };
            if condition.children().any(|inner| inner.is_element()) {
                let message =
                    "accessCondition has elements in it, which are not read; add its type to `ignore`";
                self.faults.at(condition, message);
                continue;
            }
            // A link may stand instead of the text (MODS user guidelines, accessCondition).
            let link = || {
                let is_link = |name: &str| ["href", "valueURI"].contains(&name);
                let found = condition.attributes().find(|attribute| is_link(attribute.name()));
                found.map(|attribute| attribute.value().trim().to_owned()).unwrap_or_default()
            };
            let words = Some(text(condition)).filter(|words| !words.is_empty()).unwrap_or_else(link);
            said.extend(self.mapped(condition, texts, &words, "accessCondition"));
        }
        together(&said, self.names)
    }

    /// An accessCondition that no `dmdSec` has (one of the source, in `sourceMD`) is not about nothing.
    fn refuse_elsewhere(&mut self, root: Node<'_, '_>) {
        let is_read = |node: Node<'_, '_>| {
            let above: Vec<_> = node.ancestors().map(|above| above.tag_name().name()).collect();
            above.ends_with(&["xmlData", "mdWrap", "dmdSec", root.tag_name().name(), ""])
        };
        let conditions = root.descendants().filter(|node| node.tag_name().name() == "accessCondition");
        for condition in conditions.filter(|node| !is_read(*node)) {
            let kind = condition.attribute("type").unwrap_or_default().trim();
            if !self.table.ignores(kind) {
                let message = format!(
                    "accessCondition of the type {} stands where it is not read; put it into a dmdSec, or its type into `ignore`",
                    quoted(kind)
                );
                self.faults.at(condition, message);
            }
        }
    }

    fn rights(&mut self, section: Node<'_, '_>) -> Option<Statement> {
        self.refuse_reference(section, "rightsMD");
        let data = children(section, "mdWrap").flat_map(|wrap| children(wrap, "xmlData"));
        let declarations = data.flat_map(|data| data.children().filter(Node::is_element)).collect::<Vec<_>>();
        let mut said = Vec::new();
        for declaration in declarations {
            let name = declaration.tag_name().name();
            let space = declaration.tag_name().namespace().unwrap_or_default().to_ascii_lowercase();
            // Licences are in an element of the same name: what PREMIS restricts must not be taken for one.
            let is_premis =
                space.contains("premis") || children(declaration, "rightsStatement").next().is_some();
            match name {
                _ if is_premis => said.extend(self.premis(declaration)),
                "RightsDeclarationMD" => said.extend(self.metsrights(declaration)),
                "rights" => said.extend(self.licence(declaration)),
                _ if self.table.ignores(name) => {}
                _ => {
                    let message =
                        format!("rightsMD holds {}, which is not read; add it to `ignore`", quoted(name));
                    self.faults.at(declaration, message);
                }
            }
        }
        together(&said, self.names)
    }

    /// A licence says what may be done with a copy, and so nothing on access, unless the table has licences.
    fn licence(&mut self, rights: Node<'_, '_>) -> Option<Statement> {
        let texts = self.table.license.as_ref()?;
        let said: Vec<_> = children(rights, "license")
            .filter_map(|license| self.mapped(license, texts, &text(license), "license"))
            .collect();
        together(&said, self.names)
    }

    /// `METSRights`: any one of the contexts that permit display is enough; where none does, nobody may.
    fn metsrights(&mut self, declaration: Node<'_, '_>) -> Option<Statement> {
        if self.table.ignores("metsrights") {
            return None;
        }
        let Some(texts) = &self.table.context else {
            self.faults.at(declaration, "the file has METSRights, of which the table knows nothing; add [context], or \"metsrights\" to `ignore`");
            return None;
        };
        let contexts: Vec<_> = children(declaration, "Context").collect();
        let mut any = Statement { conditions: Vec::new(), words: Vec::new() };
        for context in contexts {
            if let Some(constraint) = children(context, "Constraints").next() {
                let message = "Constraints of METSRights are not read; add \"metsrights\" to `ignore` and write a rule instead";
                self.faults.at(constraint, message);
            }
            let mut permissions = children(context, "Permissions");
            if permissions.any(|permission| matches!(permission.attribute("DISPLAY"), Some("true" | "1"))) {
                let class = context.attribute("CONTEXTCLASS").unwrap_or_default().trim();
                if let Some(one) = self.mapped(context, texts, class, "CONTEXTCLASS") {
                    any.conditions.extend(one.conditions);
                    any.words.extend(one.words);
                }
            }
        }
        if any.conditions.is_empty() {
            any.conditions.push(CLOSED.to_owned());
        }
        any.conditions = self.names.plain(&any.conditions);
        Some(any)
    }

    /// PREMIS: each act that is granted has its restriction, in a note or in `restriction`. Its dates are not read, so
    /// that what is restricted for a time stays so until the next import.
    fn premis(&mut self, statement: Node<'_, '_>) -> Option<Statement> {
        if self.table.ignores("premis") {
            return None;
        }
        let Some(texts) = &self.table.restriction else {
            self.faults.at(statement, "the file has PREMIS rights, of which the table knows nothing; add [restriction], or \"premis\" to `ignore`");
            return None;
        };
        let granted: Vec<_> =
            statement.descendants().filter(|node| node.tag_name().name() == "rightsGranted").collect();
        let mut said = Vec::new();
        for granted in granted {
            let notes: Vec<_> = children(granted, "rightsGrantedNote").collect();
            let restrictions = || children(granted, "restriction").collect::<Vec<_>>();
            for place in if notes.is_empty() { restrictions() } else { notes } {
                said.extend(self.mapped(place, texts, &text(place), "the restriction"));
            }
        }
        together(&said, self.names)
    }

    fn mapped(&mut self, place: Node<'_, '_>, texts: &Texts, words: &str, what: &str) -> Option<Statement> {
        if let Some(conditions) = texts.get(words) {
            let conditions = conditions.get_ref().clone();
            return Some(Statement { conditions, words: vec![words.to_owned()] });
        }
        let known = texts.keys().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { "nothing" } else { &known };
        let message = format!("{what} says {}, which the table does not map; it maps {known}", quoted(words));
        self.faults.at(place, message);
        None
    }

    fn refuse_reference(&mut self, section: Node<'_, '_>, what: &str) {
        if let Some(reference) = children(section, "mdRef").next()
            && !self.table.ignores("mdRef")
        {
            let message = format!(
                "the {what} is in another file (mdRef), which is not read; add \"mdRef\" to `ignore` if it says nothing on access"
            );
            self.faults.at(reference, message);
        }
    }
}
