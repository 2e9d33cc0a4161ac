//! What a long import is at, on standard error: one line that changes on a terminal, lines of their own elsewhere.
//!
//! What is done within a second says nothing.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(1);

pub(super) struct Progress {
    last: Instant,
    is_terminal: bool,
    has_spoken: bool,
}

impl Progress {
    pub(super) fn begin() -> Self {
        Self { last: Instant::now(), is_terminal: std::io::stderr().is_terminal(), has_spoken: false }
    }

    /// Says it, if the last word is a second ago.
    pub(super) fn tell(&mut self, what: impl FnOnce() -> String) {
        if self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        self.has_spoken = true;
        let mut out = std::io::stderr().lock();
        // Whoever closes standard error does not want to be told.
        let _ = if self.is_terminal {
            write!(out, "\r\u{1b}[K{} …", what()).and_then(|()| out.flush())
        } else {
            writeln!(out, "{} …", what())
        };
    }

    /// Leaves the terminal's line to the summary.
    pub(super) fn end(&mut self) {
        if self.is_terminal && self.has_spoken {
            let mut out = std::io::stderr().lock();
            let _ = write!(out, "\r\u{1b}[K").and_then(|()| out.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // Before an error, too.
        self.end();
    }
}
