//! The TOML tree with its line numbers, and the fields of its entries.
//!
//! The tree is walked by hand: serde stops at the first fault, and its words are
//! made for programmers.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::law::RuleFields;
use super::problem::{Given, Problems, Site, Sited, quoted};

/// A parsed file.
pub(super) struct Tree<'t> {
    root: Spanned<DeTable<'t>>,
    lines: Lines,
}

/// One `[[condition]]`, `[[rule]]` or `[[test]]`.
pub(super) struct Entry<'a> {
    table: &'a DeTable<'a>,
    lines: &'a Lines,
    /// `condition`, `rule` or `test`.
    kind: &'static str,
    pub(super) site: Site,
}

impl<'t> Tree<'t> {
    /// `None` if the text is no TOML; then the problems say why.
    pub(super) fn parse(text: &'t str, problems: &mut Problems) -> Option<Self> {
        let lines = Lines::of(text);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            let reason: String = error.message().replace('\n', ", ");
            problems.add(lines.site(offset), format!("this is not TOML: {reason}"));
        }
        errors.is_empty().then_some(Self { root, lines })
    }

    pub(super) fn refuse_unknown_keys(&self, known: &[&str], problems: &mut Problems) {
        refuse_unknown_keys("the file", self.root.get_ref(), known, &self.lines, problems);
    }

    /// The entries of `[[kind]]`, in the order of the file.
    pub(super) fn entries(&self, kind: &'static str, problems: &mut Problems) -> Vec<Entry<'_>> {
        let Some(value) = self.root.get_ref().get(kind) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            problems.add(
                self.lines.site(value.span().start),
                format!("write [[{kind}]] with two brackets on each side: there can be several"),
            );
            return Vec::new();
        };
        let mut entries = Vec::with_capacity(array.len());
        for element in array {
            let site = self.lines.site(element.span().start);
            match element.get_ref().as_table() {
                Some(table) => entries.push(Entry { table, lines: &self.lines, kind, site }),
                None => problems.add(site, format!("write each {kind} as [[{kind}]] with its keys below")),
            }
        }
        entries
    }
}

impl<'a> Entry<'a> {
    /// What is written as `name`, right or wrong: so that a condition with another
    /// fault does not make its rules faulty too.
    pub(super) fn name(&self) -> Option<&'a str> {
        self.table.get("name")?.get_ref().as_str()
    }

    pub(super) fn refuse_unknown_keys(&self, known: &[&str], problems: &mut Problems) {
        refuse_unknown_keys(&format!("a {}", self.kind), self.table, known, self.lines, problems);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Given<&'a str> {
        self.field(key, "a text in quotes", problems, DeValue::as_str)
    }

    /// A date in quotes, or TOML's own without; law reads the text.
    pub(super) fn date(&self, key: &str, problems: &mut Problems) -> Given<Cow<'a, str>> {
        self.field(key, "a date such as \"2041-01-31\"", problems, |value| match value {
            DeValue::String(text) => Some(Cow::Borrowed(&**text)),
            DeValue::Datetime(date) => Some(Cow::Owned(date.to_string())),
            _ => None,
        })
    }

    pub(super) fn pixels(&self, key: &str, problems: &mut Problems) -> Given<u32> {
        self.field(key, "a whole number of pixels, at least 1", problems, |value| {
            let number = value.as_integer()?;
            u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|pixels| *pixels > 0)
        })
    }

    pub(super) fn pixel_list(&self, key: &str, problems: &mut Problems) -> Given<Vec<u32>> {
        self.field(key, "a list of whole numbers of pixels, such as [100, 200]", problems, |value| {
            let each = |element: &'a Spanned<DeValue<'a>>| {
                let number = element.get_ref().as_integer()?;
                u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|pixels| *pixels > 0)
            };
            value.as_array()?.iter().map(each).collect::<Option<Vec<_>>>().filter(|sizes| !sizes.is_empty())
        })
    }

    pub(super) fn texts(&self, key: &str, problems: &mut Problems) -> Given<Vec<Sited<&'a str>>> {
        self.field(key, "a list of texts, such as [\"staff\"]", problems, |value| {
            let each = |element: &'a Spanned<DeValue<'a>>| {
                let site = self.lines.site(element.span().start);
                element.get_ref().as_str().map(|value| Sited { value, site })
            };
            value.as_array()?.iter().map(each).collect()
        })
    }

    /// Language tags and their texts, each with its place.
    pub(super) fn languages(
        &self,
        key: &str,
        problems: &mut Problems,
    ) -> Given<Vec<(Sited<&'a str>, &'a str)>> {
        let wanted = "texts by language, such as { en = \"Staff\" }";
        self.field(key, wanted, problems, |value| {
            let each = |(tag, text): (&'a Spanned<Cow<'a, str>>, &'a Spanned<DeValue<'a>>)| {
                let site = self.lines.site(tag.span().start);
                text.get_ref().as_str().map(|text| (Sited { value: &**tag.get_ref(), site }, text))
            };
            value.as_table()?.iter().map(each).collect()
        })
    }

    pub(super) fn rule(&self, problems: &mut Problems) -> RuleFields<'a> {
        let known = [
            "mount",
            "identifier",
            "match",
            "conditions",
            "from",
            "until",
            "operations",
            "whole_image_px",
            "source",
            "note",
        ];
        self.refuse_unknown_keys(&known, problems);
        RuleFields {
            site: self.site,
            mount: self.text("mount", problems),
            identifier: self.text("identifier", problems),
            matching: self.text("match", problems),
            conditions: self.texts("conditions", problems),
            from: self.date("from", problems),
            until: self.date("until", problems),
            operations: self.texts("operations", problems),
            whole_image_px: self.pixels("whole_image_px", problems),
            source: self.text("source", problems),
            note: self.text("note", problems),
        }
    }

    fn field<T>(
        &self,
        key: &str,
        wanted: &str,
        problems: &mut Problems,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Given<T> {
        let Some(value) = self.table.get(key) else { return Given::Absent };
        let site = self.lines.site(value.span().start);
        if let Some(value) = read(value.get_ref()) {
            return Given::Is(Sited { value, site });
        }
        problems.add(site, format!("`{key}` must be {wanted}"));
        Given::Unreadable
    }
}

fn refuse_unknown_keys(
    owner: &str,
    table: &DeTable<'_>,
    known: &[&str],
    lines: &Lines,
    problems: &mut Problems,
) {
    for (key, _) in table {
        let name: &str = key.get_ref();
        if !known.contains(&name) {
            let site = lines.site(key.span().start);
            problems
                .add(site, format!("{owner} has no key {}; it may have: {}", quoted(name), known.join(", ")));
        }
    }
}

/// Where each line begins.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(offset, _)| offset + 1).collect())
    }

    pub(super) fn site(&self, offset: usize) -> Site {
        Site { line: 1 + self.0.partition_point(|start| *start <= offset), column: None }
    }
}
