//! The chain: each line's hash covers the hash before it, and is signed with a key from the ring (S19).
//!
//! A hash can be made by anybody, a signature by whoever has the keys. So whoever changes a line in the database
//! has to make all later hashes anew, and cannot sign them. A line that was signed with a key which is no longer
//! in the ring is vouched for by the first later one whose key is there.
//!
//! What no chain can tell is that its last lines were cut off: therefore the newest hash is written to the log,
//! and `tilegate audit verify --expect` holds the chain against it.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox};
use sha2::{Digest as _, Sha256};

use crate::credential::keyring::key_id;

/// A line's hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

/// What the first line follows on.
pub const BEGINNING: Hash = Hash([0; 32]);

impl Hash {
    /// Reads 64 lower-case hexadecimal digits, the form that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// A line as it is stored, all that the hash covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub at: u64,
    pub actor_kind: String,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub details: String,
}

impl Line {
    /// Its hash, if it follows on that one.
    pub fn hash(&self, before: Hash) -> Hash {
        let mut digest = Sha256::new();
        digest.update(before.0);
        digest.update(self.number.to_be_bytes());
        digest.update(self.at.to_be_bytes());
        for text in [&self.actor_kind, &self.actor, &self.action, &self.subject, &self.details] {
            // Each with its length: no two lines run together to the same bytes.
            digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(text);
        }
        Hash(digest.finalize().into())
    }
}

/// Which key has signed, and the signature; both as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub key: String,
    pub mac: String,
}

/// Where the chain begins once older lines were pruned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last line that was pruned.
    pub number: u64,
    pub hash: Hash,
    pub signature: Signature,
}

/// The keys that lines are signed with, derived from those of the ring: the first signs, all verify.
pub struct AuditKeys(Vec<AuditKey>);

struct AuditKey {
    id: String,
    key: SecretBox<[u8; 32]>,
}

impl fmt::Debug for AuditKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AuditKeys({})", self.0.len())
    }
}

/// What is signed; one is never taken for the other.
#[derive(Clone, Copy)]
enum Signed {
    Line(Hash),
    Checkpoint(u64, Hash),
}

impl AuditKeys {
    /// Derives them. They do not depend on the store epoch: a restored backup keeps its trail.
    pub fn new<'k>(ring: impl IntoIterator<Item = &'k [u8; 32]>) -> Self {
        let derived = ring.into_iter().filter_map(|secret| {
            let mut key = [0; 32];
            Hkdf::<Sha256>::new(None, secret).expand(b"tilegate audit trail", &mut key).ok()?;
            Some(AuditKey { id: to_hex(&key_id(*secret)), key: SecretBox::new(Box::new(key)) })
        });
        Self(derived.collect())
    }

    /// Signs a line's hash with the first key; `None` without any.
    pub fn sign(&self, hash: Hash) -> Option<Signature> {
        self.signature(Signed::Line(hash))
    }

    /// Signs where the chain begins.
    pub fn checkpoint(&self, number: u64, hash: Hash) -> Option<Checkpoint> {
        let signature = self.signature(Signed::Checkpoint(number, hash))?;
        Some(Checkpoint { number, hash, signature })
    }

    /// The same checkpoint signed with the first key; `None` if it is already, or its signature is not right.
    pub fn renewed(&self, checkpoint: &Checkpoint) -> Option<Checkpoint> {
        let Checkpoint { number, hash, signature } = checkpoint;
        let is_right = self.verify(Signed::Checkpoint(*number, *hash), signature) == Some(true);
        let is_newest = self.0.first().is_some_and(|key| key.id == signature.key);
        if is_right && !is_newest { self.checkpoint(*number, *hash) } else { None }
    }

    fn signature(&self, signed: Signed) -> Option<Signature> {
        let key = self.0.first()?;
        let mac = key.mac(signed)?.finalize().into_bytes();
        Some(Signature { key: key.id.clone(), mac: to_hex(&mac) })
    }

    /// Whether the signature is right; `None` if its key is not in the ring.
    fn verify(&self, signed: Signed, signature: &Signature) -> Option<bool> {
        let key = self.0.iter().find(|key| key.id == signature.key)?;
        let given = from_hex::<32>(&signature.mac)?;
        Some(key.mac(signed).is_some_and(|mac| mac.verify(&given.into()).is_ok()))
    }
}

impl AuditKey {
    fn mac(&self, signed: Signed) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret()).ok()?;
        match signed {
            Signed::Line(hash) => {
                mac.update(b"line");
                mac.update(&hash.0);
            }
            Signed::Checkpoint(number, hash) => {
                mac.update(b"checkpoint");
                mac.update(&number.to_be_bytes());
                mac.update(&hash.0);
            }
        }
        Some(mac)
    }
}

/// What is wrong with a chain; the first thing that is found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("line {expected} is missing: the next one is {found}")]
    Missing { expected: u64, found: u64 },
    #[error("line {0}, or one before it, was changed after it was written")]
    Changed(u64),
    #[error("line {0} was signed with none of the keys, although it says so")]
    Forged(u64),
    #[error("the note of where the chain begins was not written by Tilegate")]
    CheckpointForged,
    #[error("the note of where the chain begins was signed with the key {0}, which is not in TILEGATE_KEYS")]
    CheckpointUnknownKey(String),
    #[error(
        "the last lines, from {from} on, were signed with the key {key}, which is not in TILEGATE_KEYS: nothing \
         vouches for them; put the key there as a further one and verify again"
    )]
    UnknownKey { from: u64, key: String },
    #[error(
        "line {number} has another hash than expected: lines were cut off and others written, or this is another trail"
    )]
    Unexpected { number: u64 },
    #[error(
        "the chain ends at line {last}, before the expected line {expected}: its last lines were cut off"
    )]
    CutOff { last: u64, expected: u64 },
}

/// Goes through a chain from its beginning.
pub struct Verifier<'k> {
    keys: &'k AuditKeys,
    expect: Option<(u64, Hash)>,
    number: u64,
    hash: Hash,
    first: u64,
    /// Since which line nothing with a known key has come, and that key.
    unvouched: Option<(u64, String)>,
}

/// A chain without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The first line there is, and the last; both 0 if there is none.
    pub first: u64,
    pub last: u64,
    pub head: Hash,
}

impl<'k> Verifier<'k> {
    /// Begins. `expect`: a line's number and hash as noted elsewhere before.
    pub fn new(
        keys: &'k AuditKeys,
        checkpoint: Option<&Checkpoint>,
        expect: Option<(u64, Hash)>,
    ) -> Result<Self, Broken> {
        let (number, hash) = match checkpoint {
            None => (0, BEGINNING),
            Some(Checkpoint { number, hash, signature }) => {
                match keys.verify(Signed::Checkpoint(*number, *hash), signature) {
                    Some(true) => (*number, *hash),
                    Some(false) => return Err(Broken::CheckpointForged),
                    None => return Err(Broken::CheckpointUnknownKey(signature.key.clone())),
                }
            }
        };
        Ok(Self { keys, expect, number, hash, first: number + 1, unvouched: None })
    }

    /// The next line.
    pub fn follow(&mut self, line: &Line, hash: Hash, signature: &Signature) -> Result<(), Broken> {
        let number = line.number;
        if number != self.number + 1 {
            return Err(Broken::Missing { expected: self.number + 1, found: number });
        }
        if line.hash(self.hash) != hash {
            return Err(Broken::Changed(number));
        }
        match self.keys.verify(Signed::Line(hash), signature) {
            Some(true) => self.unvouched = None,
            Some(false) => return Err(Broken::Forged(number)),
            None => {
                self.unvouched.get_or_insert_with(|| (number, signature.key.clone()));
            }
        }
        if self.expect.is_some_and(|(expected, right)| expected == number && right != hash) {
            return Err(Broken::Unexpected { number });
        }
        (self.number, self.hash) = (number, hash);
        Ok(())
    }

    /// Whether the last line is vouched for: with a signature by a key of the ring, on it and thereby on all before it.
    pub fn is_vouched(&self) -> bool {
        self.unvouched.is_none()
    }

    /// After the last line.
    pub fn end(self) -> Result<Whole, Broken> {
        if let Some((from, key)) = self.unvouched {
            return Err(Broken::UnknownKey { from, key });
        }
        if let Some((expected, _)) = self.expect
            && expected > self.number
        {
            return Err(Broken::CutOff { last: self.number, expected });
        }
        let is_empty = self.first > self.number;
        Ok(Whole { first: if is_empty { 0 } else { self.first }, last: self.number, head: self.hash })
    }
}

fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != N * 2 || !text.bytes().all(is_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u64) -> Line {
        Line {
            number,
            at: 1_800_000_000 + number,
            actor_kind: "command".to_owned(),
            actor: String::new(),
            action: "rule.make".to_owned(),
            subject: number.to_string(),
            details: "{}".to_owned(),
        }
    }

    type Stored = (Line, Hash, Signature);

    fn append(chain: &mut Vec<Stored>, keys: &AuditKeys) {
        let before = chain.last().map_or(BEGINNING, |(_, hash, _)| *hash);
        let line = line(chain.len() as u64 + 1);
        let hash = line.hash(before);
        let signature = keys.sign(hash).unwrap();
        chain.push((line, hash, signature));
    }

    fn chain(lines: usize, keys: &AuditKeys) -> Vec<Stored> {
        let mut chain = Vec::new();
        (0..lines).for_each(|_| append(&mut chain, keys));
        chain
    }

    fn verify(keys: &AuditKeys, checkpoint: Option<&Checkpoint>, chain: &[Stored]) -> Result<Whole, Broken> {
        let mut verifier = Verifier::new(keys, checkpoint, None)?;
        for (line, hash, signature) in chain {
            verifier.follow(line, *hash, signature)?;
        }
        verifier.end()
    }

    fn keys(ring: &[u8]) -> AuditKeys {
        let ring: Vec<[u8; 32]> = ring.iter().map(|byte| [*byte; 32]).collect();
        AuditKeys::new(&ring)
    }

    #[test]
    fn s19_a_whole_chain_is_whole() {
        let keys = keys(&[1]);
        let chain = chain(5, &keys);
        let whole = verify(&keys, None, &chain).unwrap();
        assert_eq!((whole.first, whole.last, whole.head), (1, 5, chain[4].1));
        assert_eq!(verify(&keys, None, &[]).unwrap(), Whole { first: 0, last: 0, head: BEGINNING });
    }

    #[test]
    fn s19_a_changed_line_is_found_whatever_was_changed() {
        let keys = keys(&[1]);
        let whole = chain(3, &keys);
        let edits: [fn(&mut Line); 6] = [
            |line| line.at += 1,
            |line| line.actor_kind = "service".to_owned(),
            |line| line.actor = "x".to_owned(),
            |line| line.action = "rule.delete".to_owned(),
            |line| line.subject.push('0'),
            |line| line.details = "{\"a\":1}".to_owned(),
        ];
        for edit in edits {
            let mut chain = whole.clone();
            edit(&mut chain[1].0);
            assert_eq!(verify(&keys, None, &chain), Err(Broken::Changed(2)));
            // With its hash made anew the forger stands before the signature.
            chain[1].1 = chain[1].0.hash(chain[0].1);
            assert_eq!(verify(&keys, None, &chain), Err(Broken::Forged(2)));
        }
        // Text that moves from one field to the next is a change as well.
        let mut moved = whole.clone();
        moved[1].0.actor_kind.push('r');
        moved[1].0.action.remove(0);
        assert_eq!(verify(&keys, None, &moved), Err(Broken::Changed(2)));
    }

    #[test]
    fn s19_a_line_that_is_gone_or_moved_is_found() {
        let keys = keys(&[1]);
        let mut gone = chain(4, &keys);
        gone.remove(1);
        assert_eq!(verify(&keys, None, &gone), Err(Broken::Missing { expected: 2, found: 3 }));
        let mut headless = chain(4, &keys);
        headless.remove(0);
        assert_eq!(verify(&keys, None, &headless), Err(Broken::Missing { expected: 1, found: 2 }));
        let mut swapped = chain(4, &keys);
        swapped.swap(1, 2);
        assert!(verify(&keys, None, &swapped).is_err());
    }

    #[test]
    fn s19_lines_that_were_cut_off_are_found_by_a_noted_hash() {
        let keys = keys(&[1]);
        let whole = chain(4, &keys);
        let noted = (4, whole[3].1);
        let run = |chain: &[Stored]| {
            let mut verifier = Verifier::new(&keys, None, Some(noted)).unwrap();
            for (line, hash, signature) in chain {
                verifier.follow(line, *hash, signature)?;
            }
            verifier.end()
        };
        assert!(run(&whole).is_ok());
        assert_eq!(run(&whole[..3]), Err(Broken::CutOff { last: 3, expected: 4 }));
        let mut other = whole[..3].to_vec();
        let mut line = line(4);
        line.at += 9;
        let hash = line.hash(other[2].1);
        other.push((line, hash, keys.sign(hash).unwrap()));
        assert_eq!(run(&other), Err(Broken::Unexpected { number: 4 }));
    }

    #[test]
    fn s19_a_rotated_key_vouches_for_what_an_older_one_signed() {
        let old = keys(&[1]);
        let mut rotated = chain(3, &old);
        append(&mut rotated, &keys(&[2, 1]));
        assert!(verify(&keys(&[2, 1]), None, &rotated).is_ok());
        assert!(verify(&keys(&[2]), None, &rotated).is_ok(), "the old key is not needed");
        rotated[1].0.at += 1;
        rotated[1].1 = rotated[1].0.hash(rotated[0].1);
        assert_eq!(
            verify(&keys(&[2]), None, &rotated),
            Err(Broken::Changed(3)),
            "and still nothing can be changed"
        );
        let unknown = verify(&keys(&[3]), None, &chain(3, &old)).unwrap_err();
        assert!(matches!(unknown, Broken::UnknownKey { from: 1, .. }), "{unknown}");
    }

    #[test]
    fn s19_a_pruned_chain_begins_at_a_signed_checkpoint() {
        let keys = keys(&[1]);
        let whole = chain(5, &keys);
        let checkpoint = keys.checkpoint(2, whole[1].1).unwrap();
        let kept = &whole[2..];
        assert_eq!(verify(&keys, Some(&checkpoint), kept).unwrap().first, 3);
        assert_eq!(verify(&keys, None, kept), Err(Broken::Missing { expected: 1, found: 3 }));
        let later = Checkpoint { number: 3, hash: whole[2].1, ..checkpoint.clone() };
        assert_eq!(verify(&keys, Some(&later), &whole[3..]), Err(Broken::CheckpointForged));
        // A line's signature does not pass for a checkpoint's.
        let signature = whole[2].2.clone();
        let borrowed = Checkpoint { number: 3, hash: whole[2].1, signature };
        assert_eq!(verify(&keys, Some(&borrowed), &whole[3..]), Err(Broken::CheckpointForged));
    }
}
