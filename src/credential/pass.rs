//! Passes: credentials without an account, each for one part of one mount, for a time.
//!
//! A pass is known by its ID, which is no secret and stands in the access cookie of whoever has redeemed it, and by a
//! secret, of which only a hash is kept. Whether it counts, and what it gives, is in the snapshot alone (decision 7).

use std::collections::HashMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::account::{Id128, PassId};
use super::one_time::SecretHash;
use super::presented;
use super::sealed::Fault;
use crate::policy::decision::PassGives;

mod scope;

pub use scope::{LONGEST_IDENTIFIER, Scope, ScopeFault};

/// Random bytes of a secret: more than the 128 bits that it needs (S16), and no bit of its text means nothing.
pub const SECRET_BYTES: usize = 24;
/// Characters of a secret as text.
const SECRET_TEXT: usize = SECRET_BYTES / 3 * 4;
/// Hexadecimal digits of an ID.
const ID_TEXT: usize = 32;
/// What a token begins with, so that people and scanners of source code know one when they see it.
const TOKEN: &str = "tgp_";
/// What the first segment of a file's name begins with if it carries the secret of a pass: no file is found under such a
/// name, so that it is recognised without looking anything up.
pub const RESERVED: &str = TOKEN;
/// Longer no pass lives, seconds: ten years.
pub const LONGEST_LIFE: u64 = 3650 * 86_400;
/// Characters of a note.
pub const LONGEST_NOTE: usize = 500;
/// What is looked at of the user name and the password of HTTP Basic, bytes.
const LONGEST_BASIC: usize = 384;

/// The secret of a pass. There is no `Display`, and its `Debug` text does not say it (S16).
#[derive(Clone, PartialEq, Eq)]
pub struct PassSecret([u8; SECRET_BYTES]);

impl PassSecret {
    pub fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(random)
    }

    /// Reads it from an address or a password; one secret has one spelling. Allocates nothing.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() != SECRET_TEXT {
            return None;
        }
        // The decoder asks for as much room as it might need.
        let mut bytes = [0; SECRET_BYTES + 3];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        Some(Self(bytes.get(..length)?.try_into().ok()?))
    }

    /// For the one whom the pass is given to.
    pub fn spelled(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As one segment of an address, with `tgp_` before it.
    pub fn segment(&self) -> String {
        format!("{RESERVED}{}", self.spelled())
    }

    /// Reads such a segment. Allocates nothing.
    pub fn of_segment(segment: &str) -> Option<Self> {
        Self::parse(segment.strip_prefix(RESERVED)?.as_bytes())
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::new("tilegate pass ", &self.0)
    }
}

impl fmt::Debug for PassSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PassSecret(…)")
    }
}

/// What a program sends with each request: a secret, and where it is written out as a token, whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedSecret {
    id: Option<PassId>,
    secret: PassSecret,
}

impl PresentedSecret {
    /// Reads `tgp_<id>_<secret>`.
    pub fn of_token(text: &[u8]) -> Option<Self> {
        let (id, rest) = text.strip_prefix(TOKEN.as_bytes())?.split_at_checked(ID_TEXT)?;
        let id = Id128::parse(std::str::from_utf8(id).ok()?)?;
        Some(Self { id: Some(id), secret: PassSecret::parse(rest.strip_prefix(b"_")?)? })
    }

    /// Reads an `Authorization` header: a token as `Bearer`; as the password of `Basic`, with any user name, the token
    /// or the secret alone. Allocates nothing.
    pub fn of_authorization(header: Option<&[u8]>) -> Option<Self> {
        match presented::bearer(header) {
            Ok(token) => Self::of_token(token),
            Err(Fault::Missing) => {
                let mut room = [0; LONGEST_BASIC + 3];
                let password = basic_password(header?, &mut room)?;
                Self::of_token(password)
                    .or_else(|| Some(Self { id: None, secret: PassSecret::parse(password)? }))
            }
            Err(_) => None,
        }
    }

    /// What the secret is found by.
    pub fn hash(&self) -> SecretHash {
        self.secret.hash()
    }

    /// Whether it may be that of this pass: a token says whose it is, a secret alone does not.
    pub fn names(&self, id: &PassId) -> bool {
        self.id.is_none_or(|named| named == *id)
    }
}

/// The password of HTTP Basic (RFC 7617); the scheme in any case.
fn basic_password<'r>(header: &[u8], room: &'r mut [u8]) -> Option<&'r [u8]> {
    let (scheme, rest) = header.trim_ascii().split_at_checked(5)?;
    if !scheme.eq_ignore_ascii_case(b"basic") || !rest.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let encoded = rest.trim_ascii();
    if encoded.len() > LONGEST_BASIC / 3 * 4 {
        return None;
    }
    let length = STANDARD.decode_slice(encoded, room).ok()?;
    let pair = room.get(..length)?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    pair.get(colon + 1..)
}

/// The token of a pass, to be sent with each request.
pub fn token(id: PassId, secret: &PassSecret) -> String {
    format!("{TOKEN}{id}_{}", secret.spelled())
}

/// A pass that counts, until it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub id: PassId,
    pub scope: Scope,
    pub gives: PassGives,
    /// First second in which it no longer counts.
    pub expires: u64,
    /// What finds it by its secret; `None` if the secret is only good for being redeemed.
    pub secret: Option<SecretHash>,
}

/// The passes that count: what was revoked is not in it. Its maps are keyed at random, and each pass is in it once.
#[derive(Clone, Debug, Default)]
pub struct Passes {
    by_id: HashMap<PassId, Pass>,
    by_secret: HashMap<SecretHash, PassId>,
}

impl Passes {
    /// Puts one in, in the place of the one with its ID.
    pub fn put(&mut self, pass: Pass) {
        self.remove(&pass.id);
        if let Some(secret) = pass.secret {
            self.by_secret.insert(secret, pass.id);
        }
        self.by_id.insert(pass.id, pass);
    }

    pub fn remove(&mut self, id: &PassId) {
        if let Some(secret) = self.by_id.remove(id).and_then(|pass| pass.secret) {
            self.by_secret.remove(&secret);
        }
    }

    /// The pass of this ID, if it has not expired.
    pub fn get(&self, id: &PassId, now: u64) -> Option<&Pass> {
        self.by_id.get(id).filter(|pass| now < pass.expires)
    }

    /// The pass of a secret that a program has sent, if it has not expired.
    pub fn presented(&self, presented: &PresentedSecret, now: u64) -> Option<&Pass> {
        self.of_secret(&presented.secret, now).filter(|pass| presented.names(&pass.id))
    }

    /// The pass of a secret, if it has not expired and its uses are not counted.
    pub fn of_secret(&self, secret: &PassSecret, now: u64) -> Option<&Pass> {
        self.get(self.by_secret.get(&secret.hash())?, now)
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}

impl FromIterator<Pass> for Passes {
    fn from_iter<I: IntoIterator<Item = Pass>>(passes: I) -> Self {
        let mut all = Self::default();
        passes.into_iter().for_each(|pass| all.put(pass));
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::permitted::Permitted;

    const ID: PassId = Id128([0x5a; 16]);
    const NOW: u64 = 1_800_000_000;

    fn secret() -> PassSecret {
        PassSecret::new(std::array::from_fn(|place| u8::try_from(place * 11 % 256).unwrap()))
    }

    fn pass() -> Pass {
        Pass {
            id: ID,
            scope: Scope { mount: "images".into(), identifier: "letters".into(), exact: false },
            gives: PassGives { conditions: None, permitted: Permitted::EVERYTHING },
            expires: NOW + 10,
            secret: Some(secret().hash()),
        }
    }

    fn basic(pair: &str) -> String {
        format!("Basic {}", STANDARD.encode(pair))
    }

    fn of(header: &str) -> Option<PresentedSecret> {
        PresentedSecret::of_authorization(Some(header.as_bytes()))
    }

    #[test]
    fn s16_a_secret_has_more_than_128_random_bits_and_is_not_printed() {
        const { assert!(SECRET_BYTES * 8 >= 128) };
        let secret = secret();
        assert_eq!(secret.spelled().len(), SECRET_TEXT);
        let presented = of(&format!("Bearer {}", token(ID, &secret))).unwrap();
        let shown = format!("{secret:?} {presented:?} {:?} {:?}", secret.hash(), pass());
        assert!(!shown.contains(&secret.spelled()) && !shown.contains(&secret.hash().to_string()), "{shown}");
    }

    #[test]
    fn a_secret_has_one_spelling() {
        let text = secret().spelled();
        assert_eq!(PassSecret::parse(text.as_bytes()), Some(secret()));
        for wrong in
            ["", "x", text.get(1..).unwrap(), &format!("{text}A"), &format!("{text}="), &format!(" {text}")]
        {
            assert_eq!(PassSecret::parse(wrong.as_bytes()), None, "{wrong:?}");
        }
        let other_alphabet = "+".repeat(SECRET_TEXT);
        assert_eq!(PassSecret::parse(other_alphabet.as_bytes()), None);
    }

    #[test]
    fn a_token_is_heard_as_bearer_and_as_a_password_of_any_name() {
        let (token, bare) = (token(ID, &secret()), secret().spelled());
        let named = PresentedSecret { id: Some(ID), secret: secret() };
        let unnamed = PresentedSecret { id: None, secret: secret() };
        assert_eq!(of(&format!("Bearer {token}")), Some(named.clone()));
        assert_eq!(of(&format!("bearer  {token} ")), Some(named.clone()));
        for name in ["", "x", "somebody@example.org", &ID.to_string()] {
            assert_eq!(of(&basic(&format!("{name}:{token}"))), Some(named.clone()), "{name}");
            assert_eq!(of(&basic(&format!("{name}:{bare}"))), Some(unnamed.clone()), "{name}");
        }
        assert_eq!(of(&basic(&format!("x:{token}")).replace("Basic", "bASIC")), Some(named));
        for wrong in [
            String::new(),
            token.clone(),
            bare.clone(),
            format!("Bearer {bare}"),
            format!("Bearer {token}x"),
            format!("Bearer {}", token.get(1..).unwrap()),
            format!("Bearer {}", token.to_uppercase()),
            format!("Digest {token}"),
            format!("Basic {token}"),
            "Basic".to_owned(),
            "Basic ".to_owned(),
            "Basic !".to_owned(),
            basic(&token),
            basic(&format!("x:{token}:")),
            basic(&format!("x:y:{token}")),
            basic(&format!("{}:{token}", "x".repeat(LONGEST_BASIC))),
        ] {
            assert_eq!(of(&wrong), None, "{wrong:?}");
        }
        assert_eq!(PresentedSecret::of_authorization(None), None);
        assert_eq!(PresentedSecret::of_authorization(Some(b"Basic \xff\xfe")), None);
    }

    #[test]
    fn a_pass_counts_until_it_expires_or_is_revoked() {
        let mut passes: Passes = [pass()].into_iter().collect();
        let presented = PresentedSecret { id: Some(ID), secret: secret() };
        assert_eq!(passes.get(&ID, NOW + 9), Some(&pass()));
        assert_eq!(passes.presented(&presented, NOW + 9), Some(&pass()));
        assert_eq!((passes.get(&ID, NOW + 10), passes.presented(&presented, NOW + 10)), (None, None));
        let other = PresentedSecret { id: Some(Id128([1; 16])), ..presented.clone() };
        assert_eq!(passes.presented(&other, NOW), None, "another's ID");
        let guessed = PresentedSecret { secret: PassSecret::new([0; SECRET_BYTES]), ..presented.clone() };
        assert_eq!(passes.presented(&guessed, NOW), None);
        passes.remove(&ID);
        assert!(passes.is_empty() && passes.by_secret.is_empty());
        assert_eq!((passes.get(&ID, NOW), passes.presented(&presented, NOW)), (None, None));
    }

    #[test]
    fn a_secret_that_is_to_be_redeemed_is_no_token() {
        let mut passes: Passes = [pass()].into_iter().collect();
        passes.put(Pass { secret: None, ..pass() });
        let presented = PresentedSecret { id: Some(ID), secret: secret() };
        assert_eq!(passes.presented(&presented, NOW), None);
        assert!(passes.get(&ID, NOW).is_some());
        assert_eq!(passes.len(), 1);
    }

    proptest! {
        #[test]
        fn prop_a_token_is_read_back(id in any::<[u8; 16]>(), random in any::<[u8; SECRET_BYTES]>()) {
            let (id, secret) = (Id128(id), PassSecret::new(random));
            let read = of(&format!("Bearer {}", token(id, &secret)));
            prop_assert_eq!(read, Some(PresentedSecret { id: Some(id), secret }));
        }

        #[test]
        fn prop_whatever_is_sent_is_a_secret_or_none(header in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = PresentedSecret::of_authorization(Some(&header));
            let pair = [b"Basic ".as_slice(), STANDARD.encode(&header).as_bytes()].concat();
            let _ = PresentedSecret::of_authorization(Some(&pair));
        }
    }
}
