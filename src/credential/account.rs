//! Accounts and the random identities of accounts, sessions and the like.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// A random 128-bit identity; identities are never reused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id128(pub [u8; 16]);

/// An account's identity.
pub type AccountId = Id128;
/// One login's identity.
pub type SessionId = Id128;
/// A pass's identity.
pub type PassId = Id128;
/// An enrolled device's identity.
pub type DeviceId = Id128;
/// A random number of the database: part of every sealed credential, so that a
/// restored or new database honours nothing that was sealed before.
pub type StoreEpoch = Id128;

impl Id128 {
    /// Reads 32 lower-case hexadecimal digits, the form that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            if pair.bytes().any(|digit| !matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
                return None;
            }
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Id128 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Written for every tile of somebody who is logged in: in one piece, not byte by byte.
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            for (digit, value) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
            }
        }
        out.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Id128 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// The one spelling of an account's name: NFKC, lower case, trimmed.
///
/// Login, throttling and uniqueness all go through it, so that no two spellings
/// of one name can be told apart anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

/// Why a name cannot be an account's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUsername {
    #[error("the account name is empty")]
    Empty,
    #[error("the account name is longer than 200 characters")]
    TooLong,
    #[error("the account name has a control or formatting character in it")]
    ControlCharacter,
}

impl Username {
    /// Brings a typed name into its canonical spelling.
    ///
    /// # Errors
    /// If nothing is left, it is too long, or it has control or bidirectional formatting characters.
    pub fn parse(typed: &str) -> Result<Self, BadUsername> {
        // A name that long is never normalised: NFKC can grow a text eighteenfold.
        if typed.len() > 800 {
            return Err(BadUsername::TooLong);
        }
        // Lower-casing can leave what NFKC would change again: normalise around it.
        let folded: String = typed.trim().nfkc().collect::<String>().to_lowercase().nfkc().collect();
        let folded = folded.trim().to_owned();
        if folded.is_empty() {
            return Err(BadUsername::Empty);
        }
        if folded.chars().count() > 200 {
            return Err(BadUsername::TooLong);
        }
        if folded.chars().any(|character| is_deceptive(character) || is_variation_selector(character)) {
            return Err(BadUsername::ControlCharacter);
        }
        Ok(Self(folded))
    }

    /// Stands for everything typed that is no name, so that it can be counted; no
    /// account can have it, because it would be trimmed.
    pub fn unnameable() -> Self {
        Self(" ".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Control characters and the invisible or direction-changing ones that make two
/// names look alike, letters that are blank among them.
pub fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// What chooses between forms of the character before it. Notes may have them, emoji do; two names would look alike.
fn is_variation_selector(character: char) -> bool {
    matches!(character,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A person who can log in. Its `Debug` text has no password hash (S16).
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub username: Username,
    /// PHC string of argon2id.
    pub password_hash: String,
    /// Raised by a changed password, lock-out, "sign out everywhere", and when
    /// somebody becomes or stops being an administrator.
    pub generation: u32,
    pub active: bool,
    pub administrator: bool,
    /// Names of the access conditions held, sorted.
    pub conditions: Vec<String>,
    /// First second in which it is over; `None`: it does not end.
    pub expires: Option<u64>,
    /// What administrators have noted.
    pub note: String,
    /// Raised by every change.
    pub revision: u64,
}

impl Account {
    /// Whether its password counts at this moment.
    pub fn may_log_in(&self, now: u64) -> bool {
        self.active && self.expires.is_none_or(|end| now < end)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, username, generation, active, administrator, conditions, expires, .. } = self;
        out.debug_struct("Account")
            .field("id", id)
            .field("username", username)
            .field("generation", generation)
            .field("active", active)
            .field("administrator", administrator)
            .field("conditions", conditions)
            .field("expires", expires)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Anybody may ask for an account, and an administrator would take `chief` for `chief`.
    #[test]
    fn s7_a_name_has_nothing_in_it_that_cannot_be_seen() {
        for blank in [
            '\u{0}',
            '\u{ad}',
            '\u{34f}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b5}',
            '\u{180b}',
            '\u{200b}',
            '\u{202e}',
            '\u{2064}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{1d173}',
            '\u{e0020}',
            '\u{e0101}',
        ] {
            let parsed = Username::parse(&format!("ch{blank}ief"));
            assert_eq!(parsed, Err(BadUsername::ControlCharacter), "{blank:?}");
        }
        for name in ["chief", "žofie", "김철수", "Ада", "عائشة", "葛飾", "c\u{327}a"] {
            assert!(Username::parse(name).is_ok(), "{name}");
        }
        assert!(!is_deceptive('\u{fe0f}'), "an emoji in a note");
    }
}
