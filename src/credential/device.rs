//! Enrolled devices: computers that have a condition of pattern `kiosk` wherever they are.
//!
//! An administrator makes a device with a one-time code; whoever sits at the computer types it there; from then
//! on the computer has a device cookie, which says which device it is and nothing else. What that
//! device has, and whether it still has it, is known to the snapshot alone (decisions 7 and 9c).

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::account::{DeviceId, Id128, StoreEpoch, is_deceptive};
use super::keyring::{Keyring, MAX_BYTES, Nonce, Purpose};

/// Symbols of a code: 140 random bits, more than the 128 that a secret needs (S16).
pub const CODE_SYMBOLS: usize = 28;
/// They are read out and typed in groups of this many.
const GROUP: usize = 4;
/// Crockford's 32 digits: none of I, L, O, which look like others, and no U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// What no code is longer than, with whatever is typed between its symbols.
const LONGEST_TYPED: usize = 200;
/// Of the sealed text, so that a later version may say more in it.
const LAYOUT: u8 = 1;

/// A code that enrols one device, once. It stands in no log: there is no `Display`, and its
/// `Debug` text does not say it (S16).
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; CODE_SYMBOLS]);

impl Code {
    /// A code of so many random bytes.
    pub fn new(random: [u8; CODE_SYMBOLS]) -> Self {
        // 256 is a multiple of 32: each symbol is as likely as the others.
        Self(random.map(|byte| ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0')))
    }

    /// Reads a code as people type it: in either case, with spaces and hyphens anywhere, and with
    /// the letters that are not in it for the digits that they look like.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > LONGEST_TYPED {
            return None;
        }
        let mut symbols = typed.chars().filter(|typed| !is_between(*typed)).map(symbol);
        let mut code = [0; CODE_SYMBOLS];
        for place in &mut code {
            *place = symbols.next()??;
        }
        symbols.next().is_none().then_some(Self(code))
    }

    /// The code for the one who is to type it, in groups.
    pub fn spelled(&self) -> String {
        let groups = self.0.chunks(GROUP).map(|group| group.iter().map(|byte| char::from(*byte)).collect());
        groups.collect::<Vec<String>>().join("-")
    }

    /// What is kept of it. Nobody can try all codes of that length, so it is neither salted nor slow.
    pub fn hash(&self) -> CodeHash {
        CodeHash(Sha256::new().chain_update(b"tilegate device code ").chain_update(self.0).finalize().into())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Code(…)")
    }
}

fn is_between(typed: char) -> bool {
    // Word processors make other dashes of hyphens.
    typed.is_whitespace() || matches!(typed, '-' | '\u{2010}'..='\u{2015}')
}

fn symbol(typed: char) -> Option<u8> {
    let typed = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().copied().find(|symbol| char::from(*symbol) == typed)
}

/// SHA-256 of a code, which finds its device and does not give the code away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeHash([u8; 32]);

impl fmt::Display for CodeHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for CodeHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CodeHash(…)")
    }
}

/// What people call a device: one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

/// Why a text cannot be a device's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLabel {
    #[error("the label is empty; write where the computer stands, or what is stuck on it")]
    Empty,
    #[error("the label is longer than 100 characters")]
    TooLong,
    #[error("the label has a control or formatting character in it")]
    ControlCharacter,
}

impl Label {
    /// # Errors
    /// If nothing is left after trimming, it is too long, or it has control or bidirectional formatting characters.
    pub fn parse(typed: &str) -> Result<Self, BadLabel> {
        let label = typed.trim();
        if label.is_empty() {
            return Err(BadLabel::Empty);
        }
        if label.chars().count() > 100 {
            return Err(BadLabel::TooLong);
        }
        if label.chars().any(is_deceptive) {
            return Err(BadLabel::ControlCharacter);
        }
        Ok(Self(label.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of the device cookie: which device it is, sealed for nothing else (T4).
pub fn seal(device: DeviceId, ring: &Keyring, epoch: StoreEpoch, nonce: Nonce) -> Option<String> {
    let mut text = [LAYOUT; 17];
    text.get_mut(1..)?.copy_from_slice(&device.0);
    ring.seal(Purpose::DeviceCookie, epoch, nonce, &text)
}

/// The device that a cookie was sealed for; whether it has anything, the snapshot knows.
pub fn open(sealed: &[u8], ring: &Keyring, epoch: StoreEpoch) -> Option<DeviceId> {
    let mut opened = [0; MAX_BYTES];
    match ring.open(Purpose::DeviceCookie, epoch, sealed, &mut opened)? {
        [LAYOUT, device @ ..] => Some(Id128(device.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEVICE: DeviceId = Id128([4; 16]);
    const EPOCH: StoreEpoch = Id128([1; 16]);

    fn ring(keys: &[u8]) -> Keyring {
        Keyring::new(keys.iter().map(|byte| [*byte; 32]), "https://img.test").unwrap()
    }

    fn sealed(ring: &Keyring) -> String {
        seal(DEVICE, ring, EPOCH, [9; 12]).unwrap()
    }

    #[test]
    fn s16_a_code_has_more_than_128_random_bits_and_no_lookalikes() {
        let bits = CODE_SYMBOLS * ALPHABET.len().trailing_zeros() as usize;
        assert!(bits >= 128, "{bits}");
        assert!(!ALPHABET.iter().any(|symbol| b"ILOU".contains(symbol)));
        // Each byte counts, and by its lowest five bits alone.
        let code = Code::new([0; CODE_SYMBOLS]);
        for place in 0..CODE_SYMBOLS {
            let mut random = [0; CODE_SYMBOLS];
            random[place] = 31;
            assert_ne!(Code::new(random), code, "{place}");
            random[place] = 32;
            assert_eq!(Code::new(random), code, "{place}");
        }
    }

    #[test]
    fn a_code_is_spelled_in_groups_of_four() {
        let code = Code::new(std::array::from_fn(|place| u8::try_from(place).unwrap()));
        assert_eq!(code.spelled(), "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::new(std::array::from_fn(|place| u8::try_from(place).unwrap()));
        for typed in [
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV",
            "0123456789ABCDEFGHJKMNPQRSTV",
            " 0123 4567 89ab cdef ghjk mnpq rstv\n",
            "oi23\u{2013}4567\u{2010}89ab\u{a0}cdef--ghjk\tmnpqrs-tv",
            "OL23-4567-89AB-CDEF-GHJK-MNPQ-RSTV",
        ] {
            assert_eq!(Code::parse(typed), Some(code.clone()), "{typed:?}");
        }
        for wrong in [
            "",
            "-",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RST",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTVW",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTU",
            "0123_4567_89AB_CDEF_GHJK_MNPQ_RSTV",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RST\u{ff36}",
        ] {
            assert_eq!(Code::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(Code::parse(&("-".repeat(LONGEST_TYPED) + &code.spelled())), None);
    }

    #[test]
    fn s16_neither_a_code_nor_its_hash_says_itself_in_a_log() {
        let code = Code::new([7; CODE_SYMBOLS]);
        let hash = code.hash();
        assert_eq!(format!("{code:?} {hash:?}"), "Code(…) CodeHash(…)");
        assert_eq!(hash.to_string().len(), 64);
        assert_ne!(hash, Code::new([8; CODE_SYMBOLS]).hash());
    }

    #[test]
    fn a_label_is_one_line() {
        assert_eq!(Label::parse("  PC 3, Lesesaal ").unwrap().as_str(), "PC 3, Lesesaal");
        assert_eq!(Label::parse(" \t"), Err(BadLabel::Empty));
        assert_eq!(Label::parse("PC\t3"), Err(BadLabel::ControlCharacter));
        assert_eq!(Label::parse("PC\u{202e}3"), Err(BadLabel::ControlCharacter));
        assert!(Label::parse(&"ü".repeat(100)).is_ok());
        assert_eq!(Label::parse(&"ü".repeat(101)), Err(BadLabel::TooLong));
    }

    #[test]
    fn s15_older_keys_open_a_device_cookie_and_the_newest_seals() {
        let old = sealed(&ring(&[1]));
        let rotated = ring(&[2, 1]);
        assert_eq!(open(old.as_bytes(), &rotated, EPOCH), Some(DEVICE));
        assert_eq!(open(sealed(&rotated).as_bytes(), &ring(&[2]), EPOCH), Some(DEVICE));
        assert_eq!(open(old.as_bytes(), &ring(&[2]), EPOCH), None);
    }

    #[test]
    fn t4_s17_a_device_cookie_is_nothing_else_and_of_one_database() {
        let ring = ring(&[1]);
        let cookie = sealed(&ring);
        assert_eq!(open(cookie.as_bytes(), &ring, Id128([2; 16])), None, "S17");
        for other in [Purpose::AccessCookie, Purpose::AccessToken1, Purpose::AccessToken2] {
            assert!(ring.open(other, EPOCH, cookie.as_bytes(), &mut [0; MAX_BYTES]).is_none(), "{other:?}");
            let text = [[LAYOUT].as_slice(), &DEVICE.0].concat();
            let sealed = ring.seal(other, EPOCH, [0; 12], &text).unwrap();
            assert_eq!(open(sealed.as_bytes(), &ring, EPOCH), None, "{other:?}");
        }
    }

    #[test]
    fn s1_a_text_of_another_layout_or_length_is_no_device() {
        let ring = ring(&[1]);
        for text in [&[LAYOUT; 16][..], &[LAYOUT; 18], &[LAYOUT + 1; 17], &[]] {
            let sealed = ring.seal(Purpose::DeviceCookie, EPOCH, [0; 12], text).unwrap();
            assert_eq!(open(sealed.as_bytes(), &ring, EPOCH), None, "{text:?}");
        }
        assert_eq!(open(b"", &ring, EPOCH), None);
    }

    proptest! {
        #[test]
        fn prop_every_code_is_read_back_however_it_is_grouped(
            random in any::<[u8; CODE_SYMBOLS]>(),
            between in prop::collection::vec("[ -]{0,3}", CODE_SYMBOLS),
            lower in any::<bool>(),
        ) {
            let code = Code::new(random);
            prop_assert_eq!(Code::parse(&code.spelled()), Some(code.clone()));
            let symbols = code.spelled().replace('-', "");
            let mut typed: String = symbols.chars().zip(between).flat_map(|(symbol, between)| {
                format!("{symbol}{between}").chars().collect::<Vec<_>>()
            }).collect();
            if lower {
                typed = typed.to_lowercase();
            }
            prop_assert_eq!(Code::parse(&typed), Some(code));
        }

        #[test]
        fn prop_whatever_is_typed_is_a_code_or_none(typed in ".{0,60}") {
            if let Some(code) = Code::parse(&typed) {
                prop_assert_eq!(Code::parse(&code.spelled()), Some(code));
            }
        }
    }
}
