//! Sentences for people, in which names of things are marked: a terminal sets them in backticks, a page in a type of
//! its own.

use std::fmt;

/// A sentence, piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence(Vec<Piece>);

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    /// The name of something, letter by letter.
    Name(String),
}

/// A sentence that begins with these words.
pub fn say(words: impl Into<String>) -> Sentence {
    Sentence::default().say(words)
}

/// A sentence of our own words in which names stand in backticks already.
pub(super) fn marked(text: &str) -> Sentence {
    let pieces = text.split('`').enumerate();
    pieces.fold(
        Sentence::default(),
        |sentence, (place, piece)| {
            if place % 2 == 1 { sentence.name(piece) } else { sentence.say(piece) }
        },
    )
}

impl Sentence {
    #[must_use]
    pub fn say(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.0.push(Piece::Words(words));
        }
        self
    }

    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.push(Piece::Name(name.into()));
        self
    }

    #[must_use]
    pub fn then(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => out.write_str(words)?,
                Piece::Name(name) => write!(out, "`{name}`")?,
            }
        }
        Ok(())
    }
}
