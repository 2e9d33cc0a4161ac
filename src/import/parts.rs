//! What of a manifest needs which conditions: the whole, a range or a canvas.

use csv::{ReaderBuilder, StringRecord};

use super::span::Span;
use super::{Faults, Names};
use crate::policy::file::{PolicyFileError, date, quoted};

/// The first line of a sheet of parts.
pub const HEADER: &str = "manifest,part,conditions,from,until,note";

/// What a part may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Whole,
    Range,
    Canvas,
    /// A range or a canvas, whichever has the ID.
    Either,
}

/// A part and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The file or the ID of the manifest that is meant; any one without it.
    pub manifest: Option<String>,
    pub kind: Kind,
    /// The part's ID; empty for the whole.
    pub id: String,
    pub conditions: Vec<String>,
    pub span: Span,
    pub note: String,
    /// In the sheet; `None` if it was typed.
    pub line: Option<usize>,
}

impl Wanted {
    /// One that was typed: `conditions` for the whole, or `ID=conditions`; conditions are separated by `|`.
    ///
    /// # Errors
    /// If it is not written so, or a condition does not exist.
    pub fn typed(kind: Kind, text: &str, names: &Names) -> Result<Self, String> {
        let (id, conditions) = match kind {
            Kind::Whole => ("", text),
            // An ID is a URL and may have an = of its own.
            _ => text
                .rsplit_once('=')
                .ok_or_else(|| format!("{} is not written ID=CONDITIONS", quoted(text)))?,
        };
        if kind != Kind::Whole && id.is_empty() {
            return Err(format!("{} has no ID before the =", quoted(text)));
        }
        Ok(Self {
            manifest: None,
            kind,
            id: id.to_owned(),
            conditions: conditions_of(conditions, names)?,
            span: Span::ALWAYS,
            note: String::new(),
            line: None,
        })
    }

    /// How it is called in a message.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::Whole => "the whole manifest".to_owned(),
            Kind::Range => format!("the range {}", quoted(&self.id)),
            Kind::Canvas => format!("the canvas {}", quoted(&self.id)),
            Kind::Either => format!("the range or canvas {}", quoted(&self.id)),
        }
    }
}

fn conditions_of(text: &str, names: &Names) -> Result<Vec<String>, String> {
    let written = text.split('|').map(str::trim).filter(|name| !name.is_empty());
    let conditions: Vec<String> = written.map(str::to_owned).collect();
    if conditions.is_empty() {
        return Err("no condition is named; write closed for nobody or open for everybody".to_owned());
    }
    match conditions.iter().find(|name| !names.has(name)) {
        Some(unknown) => {
            Err(format!("there is no condition {}; there are: {}", quoted(unknown), names.listed()))
        }
        None => Ok(conditions),
    }
}

/// Reads a sheet (CSV): the line [`HEADER`], then one part a line; without a part it is the whole manifest.
///
/// # Errors
/// If anything at all is wrong with it.
pub fn read(text: &str, names: &Names) -> Result<Vec<Wanted>, PolicyFileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut faults = Faults::default();
    let mut wanted = Vec::new();
    let mut has_header = false;
    for record in reader.records() {
        let position = match &record {
            Ok(record) => record.position().cloned(),
            Err(error) => error.position().cloned(),
        };
        let line = position.map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
        match record {
            Err(error) => {
                faults.add(line, format!("this is not CSV: {error}"));
                break;
            }
            Ok(record) if !has_header => {
                if !record.iter().map(str::trim).eq(HEADER.split(',')) {
                    let found = record.iter().collect::<Vec<_>>().join(",");
                    faults.add(line, format!("the first line must be {HEADER}, not {}", quoted(&found)));
                    break;
                }
                has_header = true;
            }
            Ok(record) => match row(&record, line, names) {
                Ok(one) => wanted.push(one),
                Err(reason) => faults.add(line, reason),
            },
        }
    }
    if !has_header && faults.is_empty() {
        faults.add(1, format!("the sheet is empty; its first line must be {HEADER}"));
    }
    faults.finish(wanted)
}

fn row(record: &StringRecord, line: usize, names: &Names) -> Result<Wanted, String> {
    let columns = HEADER.split(',').count();
    if record.len() != columns {
        return Err(format!("this line has {} columns instead of {columns}", record.len()));
    }
    let cell = |index: usize| record.get(index).unwrap_or_default().trim();
    let day = |name: &str, index| match cell(index) {
        "" => Ok(None),
        text => date(text)
            .map(Some)
            .ok_or_else(|| format!("`{name}` must be a day such as 2041-01-31, not {}", quoted(text))),
    };
    let span = Span { from: day("from", 3)?, until: day("until", 4)? };
    if Span::ALWAYS.and(span).is_none() {
        return Err("`until` must be later than `from`: as it is, this never applies".to_owned());
    }
    Ok(Wanted {
        manifest: Some(cell(0)).filter(|manifest| !manifest.is_empty()).map(str::to_owned),
        kind: if cell(1).is_empty() { Kind::Whole } else { Kind::Either },
        id: cell(1).to_owned(),
        conditions: conditions_of(cell(2), names)?,
        span,
        note: cell(5).to_owned(),
        line: Some(line),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_of_parts_is_read_and_every_fault_has_its_line() {
        let names = Names::new(&[]);
        let sheet = format!(
            "{HEADER}\nbook.json,,open,,,\n,https://a.test/r?x=1,closed,2020-01-01,2041-01-01,\"a, b\"\n"
        );
        let parts = read(&sheet, &names).unwrap();
        assert_eq!(
            (parts[0].manifest.as_deref(), parts[0].kind, parts[0].line),
            (Some("book.json"), Kind::Whole, Some(2))
        );
        assert_eq!((parts[1].manifest.as_deref(), parts[1].kind), (None, Kind::Either));
        assert_eq!(parts[1].note, "a, b");
        for (row, word) in [
            ("a,b,stuff,,,", "there are: closed, open"),
            ("a,b,,,,", "no condition"),
            ("a,b,open,soon,,", "`from`"),
            ("a,b,open,2020-01-01,2020-01-01,", "never"),
            ("a,b,open", "columns"),
        ] {
            let error = read(&format!("{HEADER}\n,,open,,,\n{row}\n"), &names).unwrap_err();
            assert!(
                error.problems[0].line == 3 && error.problems[0].message.contains(word),
                "{row}: {error}"
            );
        }
        assert!(read("", &names).unwrap_err().to_string().contains("empty"));
        assert!(read("a;b", &names).unwrap_err().to_string().contains("first line"));
    }

    #[test]
    fn what_is_typed_may_have_an_equals_sign_in_its_id() {
        let names = Names::new(&[]);
        let typed = Wanted::typed(Kind::Range, "https://a.test/r?x=1=closed|open", &names).unwrap();
        assert_eq!((typed.id.as_str(), typed.conditions.len()), ("https://a.test/r?x=1", 2));
        assert!(Wanted::typed(Kind::Canvas, "closed", &names).is_err());
        assert!(Wanted::typed(Kind::Canvas, "=closed", &names).is_err());
        assert!(Wanted::typed(Kind::Whole, "stuff", &names).is_err());
    }
}
