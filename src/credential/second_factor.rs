//! The second factor: one-time passwords of an authenticator app (TOTP, RFC 6238), six digits, every 30
//! seconds, SHA-1, as all apps make them.

use std::fmt;

use totp_rs::{Builder, Secret, Totp};

use super::account::{AccountId, Username};
use super::keyring::{Keyring, MAX_BYTES, Nonce, Purpose};

/// Random bytes of a secret: what RFC 4226 recommends, and all apps take.
pub const SECRET_BYTES: usize = 20;
/// Seconds that a code is shown for.
const STEP: u64 = 30;
/// The code before and the one after count too: clocks differ, and people type.
const TOLERANCE: u16 = 1;
const DIGITS: u8 = 6;
/// Of the sealed text, so that a later version may say more in it.
const LAYOUT: u8 = 1;
/// An app shows no more of a name, and the picture for it stays coarse enough to be read.
const LONGEST_NAME: usize = 60;

/// What a person's app and we both know. There is no `Display`, and its `Debug` text does not say it (S16).
#[derive(Clone)]
pub struct FactorSecret([u8; SECRET_BYTES]);

impl FactorSecret {
    pub fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(random)
    }

    /// Reads what [`FactorSecret::base32`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text).ok()?;
        Some(Self(secret.as_ref().try_into().ok()?))
    }

    /// As apps take it when it is typed: 32 letters and digits.
    pub fn base32(&self) -> String {
        Secret::from(self.0.to_vec()).to_base32()
    }

    /// The address in the picture that an app reads
    /// (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
    pub fn address(&self, organisation: &str, username: &Username) -> String {
        let (issuer, name) = (encoded(organisation), encoded(username.as_str()));
        let secret = self.base32();
        format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
    }

    /// The time step whose code this is, if it is one that counts now.
    pub fn step_of(&self, typed: &str, now: u64) -> Option<u64> {
        let digits: String = typed.chars().filter(|typed| !typed.is_whitespace()).take(16).collect();
        if digits.len() != usize::from(DIGITS) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        self.totp()?.check(&digits, now)
    }

    /// The code of a moment.
    pub fn code(&self, now: u64) -> Option<String> {
        Some(self.totp()?.generate(now).to_string())
    }

    /// For the database, with the newest key.
    pub fn seal(&self, ring: &Keyring, account: AccountId, nonce: Nonce) -> Option<String> {
        let mut text = [LAYOUT; SECRET_BYTES + 1];
        text.get_mut(1..)?.copy_from_slice(&self.0);
        ring.seal(Purpose::SecondFactor, account, nonce, &text)
    }

    /// From the database; `None` if no key of the ring opens it, or it is another account's.
    pub fn open(sealed: &str, ring: &Keyring, account: AccountId) -> Option<Self> {
        let mut opened = [0; MAX_BYTES];
        match ring.open(Purpose::SecondFactor, account, sealed.as_bytes(), &mut opened)? {
            [LAYOUT, secret @ ..] => Some(Self(secret.try_into().ok()?)),
            _ => None,
        }
    }

    fn totp(&self) -> Option<Totp> {
        let builder = Builder::new().with_secret(self.0.to_vec()).with_digits(DIGITS);
        builder.with_skew(TOLERANCE).with_step_duration(STEP).build().ok()
    }
}

impl fmt::Debug for FactorSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FactorSecret(…)")
    }
}

/// A name for such an address, cut. A colon would end it.
fn encoded(name: &str) -> String {
    let mut encoded = String::new();
    for character in name.chars().take(LONGEST_NAME).map(|one| if one == ':' { ' ' } else { one }) {
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~') {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                encoded.push('%');
                encoded.extend(
                    [byte >> 4, byte & 15]
                        .map(|half| char::from_digit(half.into(), 16).unwrap_or('0').to_ascii_uppercase()),
                );
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::account::Id128;

    /// RFC 6238, appendix B: the secret of its SHA-1 table, of whose eight digits the last six are ours.
    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = FactorSecret::new(*b"12345678901234567890");
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(at).as_deref(), Some(code));
            assert_eq!(secret.step_of(code, at), Some(at / 30));
        }
    }

    #[test]
    fn one_step_of_tolerance_and_no_more() {
        let secret = FactorSecret::new([3; SECRET_BYTES]);
        let now: u64 = 1_800_000_000;
        for (away, counts) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let at = now.checked_add_signed(away).unwrap();
            let step = secret.step_of(&secret.code(at).unwrap(), now);
            assert_eq!(step, counts.then_some(at / 30), "{away}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let secret = FactorSecret::new([3; SECRET_BYTES]);
        let code = secret.code(1_800_000_000).unwrap();
        let (first, last) = code.split_at(3);
        let spaced = format!(" {first} {last}");
        assert!(secret.step_of(&spaced, 1_800_000_000).is_some(), "as apps show it");
        for typed in ["", "x", last, &format!("{code}0"), "１２３４５６", "-12345", &"1".repeat(4000)] {
            assert!(secret.step_of(typed, 1_800_000_000).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn the_address_has_no_second_reading() {
        let secret = FactorSecret::new([0; SECRET_BYTES]);
        let name = Username::parse("ada&secret=x:é").unwrap();
        assert_eq!(
            secret.address("Archive: 1 & 2", &name),
            "otpauth://totp/Archive%20%201%20%26%202:ada%26secret%3Dx%20%C3%A9\
             ?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&issuer=Archive%20%201%20%26%202"
        );
    }

    #[test]
    fn s16_a_sealed_secret_is_its_accounts_and_is_not_printed() {
        let secret = FactorSecret::new([5; SECRET_BYTES]);
        let ring = Keyring::new([[1; 32]], "https://img.test").unwrap();
        let account = Id128([2; 16]);
        let sealed = secret.seal(&ring, account, [4; 12]).unwrap();
        let opened = FactorSecret::open(&sealed, &ring, account).unwrap();
        assert_eq!(opened.base32(), secret.base32());
        assert!(FactorSecret::open(&sealed, &ring, Id128([3; 16])).is_none());
        let other = Keyring::new([[9; 32]], "https://img.test").unwrap();
        assert!(FactorSecret::open(&sealed, &other, account).is_none());
        assert!(!format!("{secret:?}").contains(&secret.base32()) && !sealed.contains(&secret.base32()));
        assert_eq!(FactorSecret::parse(&secret.base32()).unwrap().base32(), secret.base32());
    }
}
