//! The mapping table: what an archive's own words mean here.
//!
//! A text that a source has and the table has not is a fault of the source: nobody has said what it means, and
//! so nothing may be opened by it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{Faults, Names};
use crate::policy::file::{PolicyFileError, quoted};

/// Conditions by the text that asks for them.
pub type Texts = BTreeMap<String, Spanned<Vec<String>>>;

/// A mapping table (TOML) as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The mount of identifiers that say nothing of one.
    pub mount: Option<String>,
    #[serde(default)]
    pub files: Files,
    /// By the `type` of `mods:accessCondition` (empty: without one), then by its text.
    #[serde(default, rename = "accessCondition")]
    pub access_condition: BTreeMap<String, Texts>,
    /// By the text of `dv:license`.
    pub license: Option<Texts>,
    /// By the `CONTEXTCLASS` of a `METSRights` context that permits display.
    pub context: Option<Texts>,
    /// By the text of `premis:rightsGrantedNote`, or of `premis:restriction` without one.
    pub restriction: Option<Texts>,
    /// Types of `mods:accessCondition` that say nothing on access, and `metsrights`, `premis`.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// What counts where a METS file says nothing of an image; without it, it gets no rule.
    pub silent: Option<Spanned<Vec<String>>>,
    /// By the role in digilib-auth.xml.
    #[serde(default)]
    pub role: Texts,
    /// What becomes of the addresses in digilib-auth.xml.
    #[serde(default)]
    pub addresses: Addresses,
    /// By the access type in index.meta: `free`, or `type:name`.
    #[serde(default)]
    pub access: Texts,
}

/// Which files of a METS file are meant, and how their addresses become identifiers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The `USE` of their file groups; without any, all files count.
    #[serde(default)]
    pub groups: Vec<String>,
    /// What the address of every file begins with, and is taken away.
    #[serde(default)]
    pub strip_prefix: String,
    /// What it ends in, likewise.
    #[serde(default)]
    pub strip_suffix: String,
    /// What is put before what is left; `{OBJID}` is the document's.
    #[serde(default)]
    pub put_prefix: String,
    /// What is put behind it.
    #[serde(default)]
    pub put_suffix: String,
}

/// Where a computer with an address in digilib-auth.xml has roles by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addresses {
    /// They are left out, and that is said.
    #[default]
    Leave,
    /// They are added to the networks of the conditions that their roles are mapped to.
    Networks,
}

impl Table {
    /// Reads a table; every condition in it must exist.
    ///
    /// # Errors
    /// If anything at all is wrong with it.
    pub fn read(text: &str, names: &Names) -> Result<Self, PolicyFileError> {
        let mut faults = Faults::default();
        let line_of = |span: Option<Range<usize>>| {
            let before = text.get(..span.map_or(0, |span| span.start)).unwrap_or_default();
            1 + before.matches('\n').count()
        };
        let table: Self = match toml::from_str(text) {
            Ok(table) => table,
            Err(error) => {
                faults.add(line_of(error.span()), error.message().replace('\n', ", "));
                return Err(faults.into_error());
            }
        };
        let sections = table.access_condition.values();
        let sections = sections.chain([&table.role, &table.access]).chain(&table.license);
        let all = sections.chain(&table.context).chain(&table.restriction).flat_map(BTreeMap::values);
        for conditions in all.chain(&table.silent) {
            let line = || line_of(Some(conditions.span()));
            if conditions.get_ref().is_empty() {
                faults.add(
                    line(),
                    "no condition is named; write [\"closed\"] for nobody or [\"open\"] for everybody",
                );
            }
            for unknown in conditions.get_ref().iter().filter(|name| !names.has(name)) {
                let known = names.listed();
                faults.add(line(), format!("there is no condition {}; there are: {known}", quoted(unknown)));
            }
        }
        faults.finish(table)
    }

    /// Whether a type of `mods:accessCondition`, or `metsrights` or `premis`, is left out. What is said of use and
    /// reproduction is not about access (MODS user guidelines, accessCondition), so it is, unless it is mapped.
    pub fn ignores(&self, kind: &str) -> bool {
        let of_use = ["use and reproduction", "useAndReproduction"].contains(&kind);
        self.ignore.iter().any(|ignored| ignored == kind)
            || (of_use && !self.access_condition.contains_key(kind))
    }
}

impl Files {
    /// Whether a file group's `USE` is one of those that are meant.
    pub fn takes(&self, usage: &str) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|group| group == usage)
    }

    /// The identifier that a file's address stands for, decoded.
    ///
    /// # Errors
    /// If the address does not look as the table says, with the reason.
    pub fn identifier(&self, address: &str, objid: &str) -> Result<String, String> {
        let decoded = decoded(address)
            .ok_or_else(|| format!("the address {} is not percent-encoded UTF-8", quoted(address)))?;
        let rest = decoded.strip_prefix(self.strip_prefix.as_str()).ok_or_else(|| {
            format!("the address {} does not begin with {}", quoted(&decoded), quoted(&self.strip_prefix))
        })?;
        let rest = rest.strip_suffix(self.strip_suffix.as_str()).ok_or_else(|| {
            format!("the address {} does not end in {}", quoted(&decoded), quoted(&self.strip_suffix))
        })?;
        if rest.trim_matches('/').is_empty() {
            return Err(format!("nothing is left of the address {}", quoted(&decoded)));
        }
        // A rule for such a name would be about no image, and the image meant would stay as open as it was.
        if has_scheme(rest) || (self.put_prefix.is_empty() && rest.starts_with('/')) {
            return Err(format!(
                "the address {} is no identifier; say by strip_prefix in [files] how it becomes one",
                quoted(&decoded)
            ));
        }
        let before = self.put_prefix.replace("{OBJID}", objid);
        Ok(format!("{before}{rest}{}", self.put_suffix))
    }
}

/// Whether it begins like `file:` or `https:` (RFC 3986, 3.1). A single letter is the drive of a path on Windows, which is no
/// identifier either.
fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '+' | '-' | '.'))
    })
}

/// An address with its percent escapes decoded, once.
fn decoded(address: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::condition::{AccessCondition, Pattern};

    fn names() -> Names {
        Names::new(&[AccessCondition::bare("staff", Pattern::Login)])
    }

    #[test]
    fn every_fault_of_a_table_has_its_line() {
        for (text, line, word) in [
            ("mount = \"images\"\nmuont = 1", 2, "muont"),
            (
                "[accessCondition.status]\n\"Open\" = [\"open\"]\n\"Staff\" = [\"stuff\"]",
                3,
                "\"stuff\"; there are: closed, open, staff",
            ),
            ("\nsilent = []", 2, "no condition"),
            ("[role]\na = \"staff\"", 2, "expected"),
            ("[files", 1, ""),
            ("addresses = \"all\"", 1, "all"),
        ] {
            let error = Table::read(text, &names()).unwrap_err();
            assert_eq!(error.problems.len(), 1, "{error}");
            assert!(
                error.problems[0].line == line && error.problems[0].message.contains(word),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn addresses_become_identifiers_as_the_table_says() {
        let files = |text: &str| Table::read(text, &names()).unwrap().files;
        let wellcome = files("[files]\nstrip_prefix = \"objects/\"");
        assert_eq!(wellcome.identifier("objects/b1_0001.jp2", "").unwrap(), "b1_0001.jp2");
        assert!(wellcome.identifier("alto/b1_0001.xml", "").unwrap_err().contains("does not begin with"));
        assert!(wellcome.identifier("objects/", "").unwrap_err().contains("nothing is left"));
        let bare = files("");
        assert_eq!(bare.identifier("several/ward 1: plan.tif", "").unwrap(), "several/ward 1: plan.tif");
        for address in
            ["file:///data/a.tif", "https://elsewhere.test/a.tif", "/data/a.tif", "C:\\scans\\a.tif"]
        {
            let error = bare.identifier(address, "").unwrap_err();
            assert!(error.contains("is no identifier; say by strip_prefix"), "{address}: {error}");
        }
        let other = files(
            "[files]\nstrip_prefix = \"file:///x/\"\nstrip_suffix = \".tif.jpg\"\nput_prefix = \"{OBJID}/\"\nput_suffix = \".jp2\"",
        );
        assert_eq!(other.identifier("file:///x/s%C3%A4%201.tif.jpg", "b1").unwrap(), "b1/sä 1.jp2");
        assert!(other.identifier("file:///x/1.tif", "b1").unwrap_err().contains("does not end in"));
        for bad in
            ["file:///x/%", "file:///x/%4", "file:///x/%zz", "file:///x/%ff.tif.jpg", "file:///x/%+1.tif.jpg"]
        {
            assert!(other.identifier(bad, "").is_err(), "{bad}");
        }
    }
}
