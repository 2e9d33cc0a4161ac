//! Rules from a spreadsheet (CSV).

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::law::{self, Known, RuleFields};
use super::problem::{Given, PolicyFileError, Problems, Site, Sited, quoted};
use super::tree::Lines;
use crate::policy::rule::RuleSpec;

/// The first line of a sheet.
pub const HEADER: &str = "mount,identifier,match,conditions,from,until,note";
/// Columns that a sheet may have after those, in this order; either all of them or none.
pub const FURTHER: &str = "operations,whole_image_px,source";

/// Reads rules from CSV: the line [`HEADER`], then one rule a line, its conditions
/// separated by `|`. `conditions` are the names that rules may use besides `open`
/// and `closed`.
///
/// # Errors
/// If anything at all is wrong with it; lines and columns are counted from 1.
pub fn read_csv(text: &str, mounts: &[&str], conditions: &[&str]) -> Result<Vec<RuleSpec>, PolicyFileError> {
    read_csv_counting(text, mounts, conditions, &mut |_| {})
}

/// The same, telling after each rule how many there are by now: a sheet may be long.
///
/// # Errors
/// As [`read_csv`].
pub fn read_csv_counting(
    text: &str,
    mounts: &[&str],
    conditions: &[&str],
    tell: &mut dyn FnMut(usize),
) -> Result<Vec<RuleSpec>, PolicyFileError> {
    // Spreadsheets write a byte order mark in front of UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    // The reader takes a record to begin where the one before ended, blank lines included.
    let line_of = |position: Option<&csv::Position>| {
        let end = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
        let rest = text.as_bytes().get(end..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        lines.site(end + blank).line
    };
    let mut problems = Problems::default();
    let mut known = Known::new(mounts, conditions.iter().copied());
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rules = Vec::new();
    let mut record = StringRecord::new();
    let mut columns = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = line_of(error.position());
                problems.add(Site { line, column: None }, format!("this is not CSV: {error}"));
                break;
            }
        }
        let line = line_of(record.position());
        if columns == 0 {
            if let Some(fault) = header_fault(&record) {
                problems.add(Site { line, column: None }, fault);
                return Err(problems.into_error());
            }
            columns = record.len();
        } else if let Some(fields) = fields(&record, line, columns, &mut problems) {
            rules.extend(law::rule(&fields, &mut known, &mut problems));
            tell(rules.len());
        }
    }
    if columns == 0 && problems.is_empty() {
        problems.add(
            Site { line: 1, column: None },
            format!("the sheet is empty; its first line must be {HEADER}"),
        );
    }
    problems.finish(rules)
}

fn header_fault(record: &StringRecord) -> Option<String> {
    let names = || record.iter().map(str::trim);
    if names().eq(HEADER.split(',')) || names().eq(HEADER.split(',').chain(FURTHER.split(','))) {
        return None;
    }
    let found = record.iter().collect::<Vec<_>>().join(",");
    let hint = if found.contains([';', '\t']) { " (separated by commas)" } else { "" };
    Some(format!("the first line must be {HEADER}{hint}, not {}", quoted(&found)))
}

fn fields<'a>(
    record: &'a StringRecord,
    line: usize,
    wanted: usize,
    problems: &mut Problems,
) -> Option<RuleFields<'a>> {
    if record.len() != wanted {
        let message = format!(
            "this line has {} columns instead of {wanted}; put a text with a comma in quotes",
            record.len()
        );
        problems.add(Site { line, column: None }, message);
        return None;
    }
    // The order is that of the header.
    let cell = |index: usize| Sited {
        value: record.get(index).unwrap_or_default(),
        site: Site { line, column: Some(index + 1) },
    };
    let trimmed = |index| {
        let Sited { value, site } = cell(index);
        Sited { value: value.trim(), site }
    };
    let filled = |index| match trimmed(index) {
        cell if cell.value.is_empty() => Given::Absent,
        cell => Given::Is(cell),
    };
    let date = |index| match filled(index) {
        Given::Is(Sited { value, site }) => Given::Is(Sited { value: Cow::Borrowed(value), site }),
        _ => Given::Absent,
    };
    let identifier = cell(1);
    if identifier.value.trim() != identifier.value {
        // Nobody sees such a space in a sheet, and the rule would protect nothing.
        let message = format!("the identifier {} begins or ends with a space", quoted(identifier.value));
        problems.add(identifier.site, message);
    }
    let conditions = trimmed(3);
    let names = conditions.value.split('|').map(str::trim).filter(|name| !name.is_empty());
    Some(RuleFields {
        site: Site { line, column: None },
        mount: filled(0),
        identifier: Given::Is(identifier),
        matching: filled(2),
        conditions: Given::Is(Sited {
            value: names.map(|value| Sited { value, site: conditions.site }).collect(),
            site: conditions.site,
        }),
        from: date(4),
        until: date(5),
        operations: match filled(7) {
            Given::Is(Sited { value, site }) => {
                let words = value.split('|').map(str::trim).filter(|word| !word.is_empty());
                Given::Is(Sited { value: words.map(|value| Sited { value, site }).collect(), site })
            }
            _ => Given::Absent,
        },
        whole_image_px: pixels(&filled(8), problems),
        source: filled(9),
        note: Given::Is(cell(6)),
    })
}

fn pixels(cell: &Given<&str>, problems: &mut Problems) -> Given<u32> {
    let Some(Sited { value, site }) = cell.is() else { return Given::Absent };
    match value.parse() {
        Ok(pixels) if pixels > 0 => Given::Is(Sited { value: pixels, site: *site }),
        _ => {
            problems.add(*site, format!("{} is no number of pixels; write one such as 1024", quoted(value)));
            Given::Unreadable
        }
    }
}
