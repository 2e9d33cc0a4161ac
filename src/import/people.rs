//! Accounts from a table (CSV): a line each, found again by the account's name. A column that is not there leaves what
//! it is about as it is.

use std::collections::{BTreeSet, HashMap};

use crate::credential::account::{BadUsername, Username, is_deceptive};
use crate::policy::rule::utc_midnight;

/// More lines than this are not read at once.
pub const MOST: usize = 200_000;
/// Characters of a note.
const LONGEST_NOTE: usize = 2000;
/// Characters that are shown of what is not known.
const LONGEST_SHOWN: usize = 100;
/// More faults than this are of use to nobody.
const MOST_FAULTS: usize = 50;

/// An account as a line wants it; `None`: there is no such column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub username: Username,
    pub conditions: Option<Vec<String>>,
    /// `Some(None)`: it does not end.
    pub expires: Option<Option<u64>>,
    pub administrator: Option<bool>,
    pub locked: Option<bool>,
    pub note: Option<String>,
}

/// What is wrong, and where: lines are counted as an editor does, columns by their heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: u64,
    /// Empty: the whole line.
    pub column: String,
    pub why: Why,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing at all, or a heading alone.
    Empty,
    NoUsername,
    UnknownColumn,
    DoubleColumn,
    /// The line has more or fewer fields than there are headings.
    Fields {
        expected: u64,
        found: u64,
    },
    NotText,
    Username(BadUsername),
    /// The same name stands in this line already.
    Twice(u64),
    UnknownCondition(String),
    Day,
    YesOrNo,
    Characters,
    NoteTooLong,
    TooMany,
}

/// Columns that are read.
const COLUMNS: [&str; 6] = ["username", "conditions", "expires", "administrator", "locked", "note"];
/// Columns of an export that say nothing an import could change.
const PASSED_OVER: [&str; 2] = ["created", "last_login"];

/// Reads a table.
///
/// # Errors
/// With all that is wrong, up to a bound: then nothing of it is to be used.
pub fn read(table: &str, conditions: &BTreeSet<String>) -> Result<Vec<Person>, Vec<Fault>> {
    // Lines are counted as an editor does, and a note has its lines as they are typed on a page.
    let table = table.strip_prefix('\u{feff}').unwrap_or(table).replace("\r\n", "\n");
    let heading = table.lines().next().unwrap_or_default();
    // Spreadsheets of many countries write semicolons.
    let separator = if heading.contains(';') && !heading.contains(',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(table.as_bytes());
    let columns = columns(&mut reader)?;
    let mut people = Vec::new();
    let mut faults = Vec::new();
    let mut lines = HashMap::<Username, u64>::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(Fault { line, column: String::new(), why: Why::NotText });
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if people.len() >= MOST {
            faults.push(Fault { line, column: String::new(), why: Why::TooMany });
            break;
        }
        let before = faults.len();
        let mut row = Row { columns: &columns, record: &record, line, faults: &mut faults };
        let person = row.person(conditions);
        if let Some(person) = person {
            if let Some(earlier) = lines.insert(person.username.clone(), line) {
                row.fault("username", Why::Twice(earlier));
            } else if faults.len() == before {
                people.push(person);
            }
        }
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if people.is_empty() && faults.is_empty() {
        faults.push(Fault { line: 1, column: String::new(), why: Why::Empty });
    }
    if faults.is_empty() { Ok(people) } else { Err(faults) }
}

/// The headings, each known and there once.
fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, Vec<Fault>> {
    let fault = |column: &str, why| Fault { line: 1, column: column.to_owned(), why };
    let Ok(headings) = reader.headers() else { return Err(vec![fault("", Why::NotText)]) };
    let columns: Vec<String> = headings.iter().map(|heading| heading.trim().to_lowercase()).collect();
    let mut faults = Vec::new();
    for (position, column) in columns.iter().enumerate() {
        if !COLUMNS.contains(&column.as_str()) && !PASSED_OVER.contains(&column.as_str()) {
            faults.push(fault(&shortened(column), Why::UnknownColumn));
        } else if columns.iter().take(position).any(|earlier| earlier == column) {
            faults.push(fault(column, Why::DoubleColumn));
        }
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if !columns.iter().any(|column| column == "username") {
        let is_empty = columns.iter().all(String::is_empty);
        faults.insert(0, fault("", if is_empty { Why::Empty } else { Why::NoUsername }));
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

/// As much of a text as a page shows of what it does not know.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

struct Row<'r> {
    columns: &'r [String],
    record: &'r csv::StringRecord,
    line: u64,
    faults: &'r mut Vec<Fault>,
}

impl Row<'_> {
    fn fault(&mut self, column: &str, why: Why) {
        // One line can name a million conditions that there are not.
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { line: self.line, column: column.to_owned(), why });
        }
    }

    fn field(&self, column: &str) -> Option<&str> {
        let position = self.columns.iter().position(|known| known == column)?;
        self.record.get(position).map(str::trim)
    }

    fn person(&mut self, conditions: &BTreeSet<String>) -> Option<Person> {
        let (expected, found) = (self.columns.len() as u64, self.record.len() as u64);
        if expected != found {
            self.fault("", Why::Fields { expected, found });
            return None;
        }
        let typed = unguarded(self.field("username").unwrap_or_default());
        let username = match Username::parse(typed) {
            Ok(username) => Some(username),
            Err(bad) => {
                self.fault("username", Why::Username(bad));
                None
            }
        };
        let held = self.field("conditions").map(|field| {
            field
                .split('|')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        for name in held.iter().flatten() {
            if !conditions.contains(name) {
                self.fault("conditions", Why::UnknownCondition(shortened(name)));
            }
        }
        let expires = match self.field("expires") {
            None => None,
            Some("") => Some(None),
            Some(day) => {
                let end = day.parse().ok().map(utc_midnight);
                if end.is_none() {
                    self.fault("expires", Why::Day);
                }
                Some(end)
            }
        };
        let administrator = self.yes_or_no("administrator");
        let locked = self.yes_or_no("locked");
        let note = self.field("note").map(|note| unguarded(note).to_owned());
        if let Some(note) = &note {
            if note.chars().count() > LONGEST_NOTE {
                self.fault("note", Why::NoteTooLong);
            } else if note.chars().any(|character| character != '\n' && is_deceptive(character)) {
                self.fault("note", Why::Characters);
            }
        }
        Some(Person { username: username?, conditions: held, expires, administrator, locked, note })
    }

    fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        match self.field(column)?.to_lowercase().as_str() {
            "yes" | "1" | "true" => Some(true),
            "no" | "0" | "false" | "" => Some(false),
            _ => {
                self.fault(column, Why::YesOrNo);
                None
            }
        }
    }
}

/// What begins a formula in a spreadsheet; where people write wide characters it reads those too.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text in which a spreadsheet sees no formula: it gets an apostrophe in front.
pub fn guarded(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Also one that was guarded already, or the apostrophe could not be told from one that was typed.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The reverse of [`guarded`].
fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<String> {
        ["staff", "archive"].map(str::to_owned).into()
    }

    fn faults(table: &str) -> Vec<(u64, String, Why)> {
        let faults = read(table, &known()).unwrap_err();
        faults.into_iter().map(|fault| (fault.line, fault.column, fault.why)).collect()
    }

    #[test]
    fn a_line_is_an_account_and_a_missing_column_says_nothing() {
        let people = read("username,conditions\n Ada ,staff|archive\n\nbob,\n", &known()).unwrap();
        assert_eq!(people.len(), 2);
        assert_eq!(people[0].username.as_str(), "ada");
        assert_eq!(people[0].conditions.as_deref(), Some(&["staff".to_owned(), "archive".to_owned()][..]));
        assert_eq!((people[0].expires, people[0].locked, &people[0].note), (None, None, &None));
        assert_eq!(people[1].conditions.as_deref(), Some(&[][..]));
        let rest =
            "\u{feff}username;expires;administrator;locked;note\r\nada;2041-01-01;yes;no;\"two\nlines\"\r\n";
        let people = read(rest, &known()).unwrap();
        assert_eq!(people[0].expires, Some(Some(2_240_611_200)));
        assert_eq!((people[0].administrator, people[0].locked), (Some(true), Some(false)));
        assert_eq!(people[0].note.as_deref(), Some("two\nlines"));
        let people = read("username,expires\nada,\n", &known()).unwrap();
        assert_eq!(people[0].expires, Some(None));
    }

    #[test]
    fn what_is_wrong_says_its_line_and_column() {
        let table = "username,conditions,expires,administrator,note\n\
                     ada,nobody,soon,maybe,ok\n\
                     \u{202e}bob,,,,\n\
                     carl,,,,\"a\nb\"\n\
                     Carl,,,,x\u{200b}\n\
                     dora,,\n";
        let expected = [
            (2, "conditions", Why::UnknownCondition("nobody".to_owned())),
            (2, "expires", Why::Day),
            (2, "administrator", Why::YesOrNo),
            (3, "username", Why::Username(BadUsername::ControlCharacter)),
            (6, "note", Why::Characters),
            (6, "username", Why::Twice(4)),
            (7, "", Why::Fields { expected: 5, found: 3 }),
        ];
        assert_eq!(faults(table), expected.map(|(line, column, why)| (line, column.to_owned(), why)));
    }

    #[test]
    fn a_table_that_is_none_says_so() {
        assert_eq!(faults(""), [(1, String::new(), Why::Empty)]);
        assert_eq!(faults("username\n"), [(1, String::new(), Why::Empty)]);
        assert_eq!(faults("name,conditions\nada,\n")[0].2, Why::NoUsername);
        let unknown = faults("username,password\nada,x\n");
        assert_eq!(unknown, [(1, "password".to_owned(), Why::UnknownColumn)]);
        assert_eq!(faults("username,note,note\n")[0].2, Why::DoubleColumn);
    }

    #[test]
    fn no_more_faults_are_told_than_anybody_reads() {
        let table = format!("username\n{}", "\u{1}x\n".repeat(5000));
        assert_eq!(read(&table, &known()).unwrap_err().len(), MOST_FAULTS);
        let one_line = format!("username,conditions\nada,{}\n", "x|".repeat(100_000));
        assert_eq!(read(&one_line, &known()).unwrap_err().len(), MOST_FAULTS);
        let headings = format!("username{}\n", ",x".repeat(100_000));
        assert_eq!(read(&headings, &known()).unwrap_err().len(), MOST_FAULTS);
        let long = "x".repeat(1_000_000);
        for table in [format!("username,conditions\nada,{long}\n"), format!("username,{long}\n")] {
            assert!(format!("{:?}", read(&table, &known()).unwrap_err()).len() < 1000);
        }
    }

    #[test]
    fn a_spreadsheet_sees_no_formula_and_the_text_comes_back() {
        for text in ["=1+1", "+49", "-", "@x", "＝1", "\n=1", "'=1", "''=1", "plain", "'tis", "o'neil", ""] {
            let shown = guarded(text);
            assert!(!shown.starts_with(FORMULA), "{shown}");
            assert_eq!(unguarded(&shown), text);
        }
    }
}
