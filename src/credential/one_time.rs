//! What is used once: the link with which a person sets a password, and the codes for the day on which a
//! second factor is lost. Only a hash of them is kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::account::Id128;
use super::device::{CODE_SYMBOLS, Code};

/// How many recovery codes an account gets at a time.
pub const RECOVERY_CODES: usize = 10;

/// SHA-256 of a one-time secret, which finds it and does not give it away. Nobody can try all secrets of that
/// length, so it is neither salted nor slow.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Of one kind of secret; the same bytes as another kind have another hash.
    pub(super) fn new(kind: &str, secret: &[u8]) -> Self {
        Self(Sha256::new().chain_update(kind).chain_update(secret).finalize().into())
    }

    /// Reads 64 lower-case hexadecimal digits, the form that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (left, right) = text.split_at_checked(32)?;
        let mut bytes = [0; 32];
        let (first, second) = bytes.split_first_chunk_mut::<16>()?;
        *first = Id128::parse(left)?.0;
        second.copy_from_slice(&Id128::parse(right)?.0);
        Some(Self(bytes))
    }
}

impl fmt::Display for SecretHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretHash(…)")
    }
}

/// The secret in a one-time link for setting a password: 256 random bits. There is no `Display`, and its
/// `Debug` text does not say it (S16).
#[derive(Clone, PartialEq, Eq)]
pub struct LinkSecret([u8; 32]);

impl LinkSecret {
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Reads it from an address; one secret has one spelling.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 33];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        Some(Self(bytes.get(..length)?.try_into().ok()?))
    }

    /// For the one whom the link is given to.
    pub fn spelled(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::new("tilegate password link ", &self.0)
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LinkSecret(…)")
    }
}

/// A code that stands for the second factor once: 140 random bits, spelled and typed like the code of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode(Code);

impl RecoveryCode {
    pub fn new(random: [u8; CODE_SYMBOLS]) -> Self {
        Self(Code::new(random))
    }

    /// Reads it as people type it.
    pub fn parse(typed: &str) -> Option<Self> {
        Code::parse(typed).map(Self)
    }

    /// In groups, for the one who is to keep it.
    pub fn spelled(&self) -> String {
        self.0.spelled()
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::new("tilegate recovery code ", self.spelled().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s16_secrets_have_128_bits_or_more_and_are_not_printed() {
        let link = LinkSecret::new([7; 32]);
        assert_eq!(link.spelled().len(), 43);
        assert_eq!(LinkSecret::parse(&link.spelled()), Some(link.clone()));
        const { assert!(CODE_SYMBOLS * 5 >= 128) };
        let code = RecoveryCode::new([9; CODE_SYMBOLS]);
        let shown = format!("{link:?} {code:?} {:?}", link.hash());
        assert!(!shown.contains(&link.spelled()) && !shown.contains(&code.spelled()), "{shown}");
        assert!(!shown.contains(&link.hash().to_string()), "{shown}");
    }

    #[test]
    fn a_hash_is_read_back() {
        let hash = LinkSecret::new([7; 32]).hash();
        let text = hash.to_string();
        assert_eq!(SecretHash::parse(&text), Some(hash));
        for wrong in ["", text.get(1..).unwrap(), &format!("{text}0"), &text.to_uppercase(), &"é".repeat(32)]
        {
            assert_eq!(SecretHash::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_link_has_one_spelling() {
        let text = LinkSecret::new([7; 32]).spelled();
        let short = text.strip_prefix('B').unwrap();
        for wrong in ["", "x", short, &format!("{text}A"), &format!("{text}="), &format!(" {text}")] {
            assert!(LinkSecret::parse(wrong).is_none(), "{wrong:?}");
        }
        let mut other = text.clone();
        other.pop();
        // The last character has two bits that mean nothing.
        assert!(LinkSecret::parse(&format!("{other}d")).is_none());
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::new(std::array::from_fn(|place| u8::try_from(place * 7).unwrap()));
        let typed = code.spelled().to_lowercase().replace('-', " ");
        assert_eq!(RecoveryCode::parse(&typed).map(|code| code.hash()), Some(code.hash()));
        assert!(RecoveryCode::parse("123456").is_none());
    }
}
