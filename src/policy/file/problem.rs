//! What is wrong with a policy file, and where.

use std::fmt;

/// So many faults are told; a file with more has one cause for most of them.
pub const MAX_PROBLEMS: usize = 50;

/// One fault: where, what and how to cure it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// The column of a spreadsheet, counted from 1; `None` in TOML.
    pub column: Option<usize>,
    /// One line of text.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(out, ", column {column}")?;
        }
        write!(out, ": {}", self.message)
    }
}

/// Everything that is wrong with a policy file; one line each when displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFileError {
    /// Never empty; by line.
    pub problems: Vec<Problem>,
    /// How many more there are than are listed.
    pub left_out: usize,
}

impl fmt::Display for PolicyFileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                out.write_str("\n")?;
            }
            write!(out, "{problem}")?;
        }
        if self.left_out > 0 {
            write!(out, "\nand {} more", self.left_out)?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyFileError {}

/// A place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) line: usize,
    pub(super) column: Option<usize>,
}

/// A value and the place where it was written.
#[derive(Clone, Debug)]
pub(super) struct Sited<T> {
    pub(super) value: T,
    pub(super) site: Site,
}

/// What stands under a key. `Unreadable` has been reported already, so that the
/// same fault is not told again as a missing key.
#[derive(Clone, Debug)]
pub(super) enum Given<T> {
    Absent,
    Unreadable,
    Is(Sited<T>),
}

impl<T> Given<T> {
    pub(super) fn is(&self) -> Option<&Sited<T>> {
        match self {
            Self::Is(sited) => Some(sited),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// The same, and a missing key is a fault.
    pub(super) fn required(&self, site: Site, missing: &str, problems: &mut Problems) -> Option<&Sited<T>> {
        if matches!(self, Self::Absent) {
            problems.add(site, missing);
        }
        self.is()
    }
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<Problem>,
    left_out: usize,
}

impl Problems {
    pub(super) fn add(&mut self, site: Site, message: impl Into<String>) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(Problem { line: site.line, column: site.column, message: message.into() });
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_error(mut self) -> PolicyFileError {
        self.found.sort_by_key(|problem| (problem.line, problem.column));
        PolicyFileError { problems: self.found, left_out: self.left_out }
    }

    /// The outcome, if nothing was wrong.
    pub(super) fn finish<T>(self, outcome: T) -> Result<T, PolicyFileError> {
        if self.is_empty() { Ok(outcome) } else { Err(self.into_error()) }
    }
}

/// A text from the file, fit to stand in a one-line message.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("\"{shown}{more}\"")
}
