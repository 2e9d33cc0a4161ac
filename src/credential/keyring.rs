//! Seals small things so that only we can open them, and only for what they
//! were sealed for.
//!
//! A sealed text is unpadded URL-safe base64 of
//! `nonce (12) | AES-256-GCM ciphertext and tag | key id (4)`. Format version,
//! purpose, key id, store epoch and audience are authenticated with it: a cookie is
//! no token, a token of another deployment or of a restored database is nothing.
//! The nonce stands first, so that two sealed texts share no prefix.

use aes_gcm::{AeadInPlace, Aes256Gcm, KeyInit};
use arrayvec::ArrayVec;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use super::account::StoreEpoch;

/// The longest sealed text that is looked at: a viewer's token with as much in it as the fullest cookie.
pub const MAX_SEALED: usize = 576;
/// What such a text decodes to, bytes.
pub const MAX_BYTES: usize = MAX_SEALED / 4 * 3;
const NONCE: usize = 12;
const TAG: usize = 16;
const KEY_ID: usize = 4;
/// Raised when the layout of sealed texts changes.
const FORMAT: u8 = 1;

/// What a sealed text is for; one is never accepted as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// The cookie that opens content.
    AccessCookie = 1,
    /// A IIIF Authentication 1.0 access token, which opens descriptions.
    AccessToken1 = 2,
    /// A IIIF Authorization Flow 2.0 access token, which opens probes and nothing else.
    AccessToken2 = 3,
    /// The cookie that says which enrolled device a computer is.
    DeviceCookie = 4,
    /// The secret of a second factor, in the database. It is bound to its account, in the epoch's place: a
    /// restored backup and a move to another address must not lose it.
    SecondFactor = 5,
    /// The token that a person has allowed the pages of one other origin, which opens content there.
    ViewerToken = 6,
}

impl Purpose {
    /// Whether what is sealed stays in the database, and does not go out into the world.
    fn is_kept(self) -> bool {
        matches!(self, Self::SecondFactor)
    }
}

/// Where a text is opened: on the caller's stack, so that nothing is copied.
pub type Opened = [u8; MAX_BYTES];

/// Fresh randomness for one sealing.
pub type Nonce = [u8; NONCE];

/// The keys, newest first: the first seals, all open.
pub struct Keyring {
    keys: Vec<RingKey>,
    audience: [u8; 16],
    /// Of the access cookie, which several hosts of a domain may share.
    cookie_audience: [u8; 16],
}

struct RingKey {
    id: [u8; KEY_ID],
    cipher: Aes256Gcm,
    /// For deriving keys of other purposes.
    secret: secrecy::SecretBox<[u8; 32]>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Keyring({} keys)", self.keys.len())
    }
}

/// There was no key to build a ring of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key ring needs at least one key")]
pub struct NoKey;

impl Keyring {
    /// A ring for one deployment; `audience` is its public origin.
    pub fn new(keys: impl IntoIterator<Item = [u8; 32]>, audience: &str) -> Result<Self, NoKey> {
        let keys: Vec<RingKey> = keys.into_iter().map(RingKey::new).collect();
        if keys.is_empty() {
            return Err(NoKey);
        }
        let audience = shortened(audience);
        Ok(Self { keys, audience, cookie_audience: audience })
    }

    /// The same with access cookies that count on every host of a domain which has these keys and this database.
    #[must_use]
    pub fn shared_within(self, domain: &str) -> Self {
        // No origin looks like that.
        Self { cookie_audience: shortened(&format!("cookies of {domain}")), ..self }
    }

    /// Seals with the newest key; `None` if the text is longer than [`MAX_SEALED`] allows.
    pub fn seal(&self, purpose: Purpose, epoch: StoreEpoch, nonce: Nonce, text: &[u8]) -> Option<String> {
        let key = self.keys.first()?;
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut body = text.to_vec();
        let bound = self.bound(purpose, key.id, epoch)?;
        let tag = key.cipher.encrypt_in_place_detached(&nonce.into(), &bound, &mut body).ok()?;
        let mut sealed = Vec::with_capacity(NONCE + body.len() + TAG + KEY_ID);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        sealed.extend_from_slice(&tag);
        sealed.extend_from_slice(&key.id);
        let sealed = URL_SAFE_NO_PAD.encode(sealed);
        (sealed.len() <= MAX_SEALED).then_some(sealed)
    }

    /// Opens what this ring sealed for this purpose under this epoch; anything
    /// else is `None`, whatever is wrong with it. Allocates nothing.
    pub fn open<'o>(
        &self,
        purpose: Purpose,
        epoch: StoreEpoch,
        sealed: &[u8],
        opened: &'o mut Opened,
    ) -> Option<&'o [u8]> {
        if sealed.len() > MAX_SEALED {
            return None;
        }
        // Strict base64: padding, white space and stray trailing bits are refused,
        // so one sealed text has one spelling.
        let length = URL_SAFE_NO_PAD.decode_slice(sealed, opened).ok()?;
        let bytes = opened.get_mut(..length)?;
        let (nonce, rest) = bytes.split_first_chunk_mut::<NONCE>()?;
        let (rest, id) = rest.split_last_chunk_mut::<KEY_ID>()?;
        let (text, tag) = rest.split_last_chunk_mut::<TAG>()?;
        let key = self.keys.iter().find(|key| key.id == *id)?;
        let bound = self.bound(purpose, key.id, epoch)?;
        let (nonce, tag) = ((*nonce).into(), (*tag).into());
        key.cipher.decrypt_in_place_detached(&nonce, &bound, text, &tag).ok()?;
        Some(text)
    }

    /// What the keys are called, the newest first: eight hexadecimal digits, as in the audit trail.
    pub fn names(&self) -> Vec<String> {
        self.keys.iter().map(|key| format!("{:08x}", u32::from_be_bytes(key.id))).collect()
    }

    /// Whether a sealed text is sealed with the newest key; else it is better sealed again.
    pub fn is_newest(&self, sealed: &[u8]) -> bool {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).unwrap_or_default();
        let id = bytes.last_chunk::<KEY_ID>();
        id.is_some_and(|id| self.keys.first().is_some_and(|key| key.id == *id))
    }

    /// A key for another purpose, from the newest key and the store epoch.
    pub fn derive(&self, label: &str, epoch: StoreEpoch) -> Option<[u8; 64]> {
        use secrecy::ExposeSecret as _;
        let key = self.keys.first()?;
        let mut derived = [0; 64];
        Hkdf::<Sha256>::new(Some(&epoch.0), key.secret.expose_secret())
            .expand(label.as_bytes(), &mut derived)
            .ok()?;
        Some(derived)
    }

    /// What is authenticated along with a text.
    fn bound(&self, purpose: Purpose, key: [u8; KEY_ID], epoch: StoreEpoch) -> Option<ArrayVec<u8, 40>> {
        let mut bound = ArrayVec::new();
        bound.try_extend_from_slice(&[FORMAT, purpose as u8]).ok()?;
        bound.try_extend_from_slice(&key).ok()?;
        bound.try_extend_from_slice(&epoch.0).ok()?;
        let audience = match purpose {
            Purpose::AccessCookie => &self.cookie_audience,
            purpose if purpose.is_kept() => &[0; 16],
            _ => &self.audience,
        };
        bound.try_extend_from_slice(audience).ok()?;
        Some(bound)
    }
}

fn shortened(audience: &str) -> [u8; 16] {
    let mut short = [0; 16];
    for (place, byte) in short.iter_mut().zip(Sha256::digest(audience)) {
        *place = byte;
    }
    short
}

/// What a key is called where it was used: it tells nothing of the key.
pub fn key_id(secret: [u8; 32]) -> [u8; KEY_ID] {
    let mut id = [0; KEY_ID];
    let named = Sha256::new().chain_update(b"tilegate key id").chain_update(secret).finalize();
    for (place, byte) in id.iter_mut().zip(named) {
        *place = byte;
    }
    id
}

impl RingKey {
    fn new(secret: [u8; 32]) -> Self {
        Self {
            id: key_id(secret),
            cipher: Aes256Gcm::new(&secret.into()),
            secret: secrecy::SecretBox::new(Box::new(secret)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::credential::account::Id128;

    const EPOCH: StoreEpoch = Id128([7; 16]);

    fn ring(keys: &[u8]) -> Keyring {
        Keyring::new(keys.iter().map(|byte| [*byte; 32]), "https://img.test").unwrap()
    }

    fn open(ring: &Keyring, purpose: Purpose, epoch: StoreEpoch, sealed: &[u8]) -> Option<Vec<u8>> {
        ring.open(purpose, epoch, sealed, &mut [0; MAX_BYTES]).map(<[u8]>::to_vec)
    }

    fn sealed(ring: &Keyring) -> String {
        ring.seal(Purpose::AccessCookie, EPOCH, [9; 12], b"held: staff").unwrap()
    }

    #[test]
    fn s15_older_keys_open_and_only_the_first_seals() {
        let old = sealed(&ring(&[1]));
        let rotated = ring(&[2, 1]);
        assert_eq!(open(&rotated, Purpose::AccessCookie, EPOCH, old.as_bytes()).unwrap(), b"held: staff");
        let new = sealed(&rotated);
        assert!(open(&ring(&[1]), Purpose::AccessCookie, EPOCH, new.as_bytes()).is_none());
        assert!(open(&ring(&[2]), Purpose::AccessCookie, EPOCH, new.as_bytes()).is_some());
    }

    #[test]
    fn s3_t4_purpose_audience_and_epoch_are_authenticated() {
        let text = sealed(&ring(&[1]));
        let open = |ring: &Keyring, purpose, epoch| open(ring, purpose, epoch, text.as_bytes());
        assert!(open(&ring(&[1]), Purpose::AccessCookie, EPOCH).is_some());
        assert!(open(&ring(&[1]), Purpose::AccessToken1, EPOCH).is_none());
        assert!(open(&ring(&[1]), Purpose::AccessToken2, EPOCH).is_none());
        assert!(open(&ring(&[1]), Purpose::AccessCookie, Id128([8; 16])).is_none());
        let elsewhere = Keyring::new([[1; 32]], "https://other.test").unwrap();
        assert!(open(&elsewhere, Purpose::AccessCookie, EPOCH).is_none());
    }

    #[test]
    fn s3_t4_of_all_texts_the_access_cookie_alone_is_shared_within_a_domain() {
        let ring = |origin| Keyring::new([[1; 32]], origin).unwrap();
        let (one, other) = (ring("https://a.example.org"), ring("https://b.example.org"));
        let (one, other) = (one.shared_within("example.org"), other.shared_within("example.org"));
        for (purpose, is_shared) in [
            (Purpose::AccessCookie, true),
            (Purpose::AccessToken1, false),
            (Purpose::AccessToken2, false),
            (Purpose::DeviceCookie, false),
        ] {
            let text = one.seal(purpose, EPOCH, [9; 12], b"text").unwrap();
            assert_eq!(open(&other, purpose, EPOCH, text.as_bytes()).is_some(), is_shared, "{purpose:?}");
            assert!(open(&one, purpose, EPOCH, text.as_bytes()).is_some());
        }
        let text = sealed(&one);
        for stranger in
            [ring("https://a.example.org"), ring("https://a.example.org").shared_within("other.org")]
        {
            assert!(open(&stranger, Purpose::AccessCookie, EPOCH, text.as_bytes()).is_none());
        }
    }

    #[test]
    fn s17_what_is_kept_in_the_database_is_bound_to_its_account_and_outlives_epoch_and_address() {
        let account = Id128([1; 16]);
        let text = ring(&[1]).seal(Purpose::SecondFactor, account, [9; 12], b"secret").unwrap();
        let moved = Keyring::new([[2; 32], [1; 32]], "https://other.test").unwrap();
        assert_eq!(open(&moved, Purpose::SecondFactor, account, text.as_bytes()).unwrap(), b"secret");
        assert!(open(&moved, Purpose::SecondFactor, Id128([2; 16]), text.as_bytes()).is_none());
        assert!(open(&ring(&[1]), Purpose::AccessCookie, account, text.as_bytes()).is_none());
        assert!(ring(&[1]).is_newest(text.as_bytes()) && !moved.is_newest(text.as_bytes()));
        assert!(!moved.is_newest(b"") && !moved.is_newest(b"no base64!"));
    }

    #[test]
    fn s1_every_flipped_bit_and_every_other_length_is_refused() {
        let ring = ring(&[1]);
        let text = sealed(&ring);
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let flipped = URL_SAFE_NO_PAD.encode(flipped);
            assert!(open(&ring, Purpose::AccessCookie, EPOCH, flipped.as_bytes()).is_none(), "bit {bit}");
        }
        for end in 0..text.len() {
            assert!(open(&ring, Purpose::AccessCookie, EPOCH, &text.as_bytes()[..end]).is_none());
        }
        for tail in ["A", "=", "==", " ", "AAAA"] {
            let longer = format!("{text}{tail}");
            assert!(open(&ring, Purpose::AccessCookie, EPOCH, longer.as_bytes()).is_none(), "{tail:?}");
        }
    }

    #[test]
    fn a1_49_two_sealed_texts_share_no_prefix_and_show_nothing() {
        let ring = ring(&[1]);
        let cookie = ring.seal(Purpose::AccessCookie, EPOCH, [1; 12], b"held: staff").unwrap();
        let token = ring.seal(Purpose::AccessToken1, EPOCH, [0x5a; 12], b"held: staff").unwrap();
        assert_ne!(cookie.as_bytes()[..2], token.as_bytes()[..2]);
        assert!(!URL_SAFE_NO_PAD.decode(cookie).unwrap().windows(5).any(|part| part == b"staff"));
    }

    #[test]
    fn what_is_too_long_is_not_sealed() {
        assert!(ring(&[1]).seal(Purpose::AccessCookie, EPOCH, [0; 12], &[0; 500]).is_none());
        assert!(ring(&[1]).seal(Purpose::AccessCookie, EPOCH, [0; 12], &[0; MAX_BYTES]).is_none());
    }

    proptest! {
        #[test]
        fn prop_s1_garbage_opens_nothing(text in proptest::collection::vec(any::<u8>(), 0..700)) {
            prop_assert!(open(&ring(&[1]), Purpose::AccessCookie, EPOCH, &text).is_none());
        }
    }
}
