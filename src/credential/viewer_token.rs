//! The token that a person has allowed the pages of one other origin, so that these may read content as the person
//! may.
//!
//! It is a grant, sealed together with a mark of the origin that it is for. What it opens, and when it ends, is what
//! any grant opens and when it ends.

use sha2::{Digest as _, Sha256};

use super::keyring::{Keyring, MAX_BYTES, Nonce, Purpose};
use super::revocation::Revocations;
use super::sealed::{Fault, Grant};

/// Bytes of a mark: nobody finds two origins with the same.
const MARK: usize = 16;

/// An origin whose pages may be allowed a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOrigin {
    serialised: String,
    mark: [u8; MARK],
}

impl TokenOrigin {
    /// `serialised` as a browser sends it: `https://viewer.example.org`.
    pub fn new(serialised: String) -> Self {
        let digest = Sha256::new_with_prefix("tilegate viewer origin ").chain_update(&serialised).finalize();
        let mut mark = [0; MARK];
        for (place, byte) in mark.iter_mut().zip(digest) {
            *place = byte;
        }
        Self { serialised, mark }
    }

    pub fn as_str(&self) -> &str {
        &self.serialised
    }
}

/// Seals a grant for the pages of an origin; `None` only if it were longer than the format allows, which the fullest
/// grant is not.
pub fn seal(
    grant: &Grant,
    origin: &TokenOrigin,
    ring: &Keyring,
    revocations: &Revocations,
    nonce: Nonce,
) -> Option<String> {
    let mut text = origin.mark.to_vec();
    text.extend_from_slice(&grant.text()?);
    ring.seal(Purpose::ViewerToken, revocations.epoch, nonce, &text)
}

/// Opens and checks what was presented. `page` is the origin of the page that asks, if it is one of another origin: it has
/// to be the one that the token is for, and that one still has to be among the `allowed`.
///
/// A browser says truly which page asks, and another program need not say it. So a token that was stolen is worth nothing in
/// a page of the thief's, and as much as before in the thief's program.
///
/// # Errors
/// The [`Fault`] that makes it nothing.
pub fn open(
    sealed: &[u8],
    page: Option<&[u8]>,
    allowed: &[TokenOrigin],
    ring: &Keyring,
    revocations: &Revocations,
    now: u64,
) -> Result<Grant, Fault> {
    let mut opened = [0; MAX_BYTES];
    let text = ring.open(Purpose::ViewerToken, revocations.epoch, sealed, &mut opened);
    let (mark, text) = text.and_then(|text| text.split_first_chunk::<MARK>()).ok_or(Fault::Invalid)?;
    let origin = allowed.iter().find(|origin| origin.mark == *mark).ok_or(Fault::Invalid)?;
    if page.is_some_and(|page| page != origin.serialised.as_bytes()) {
        return Err(Fault::Invalid);
    }
    Grant::read(text).ok_or(Fault::Invalid)?.checked(revocations, now)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::credential::account::Id128;
    use crate::credential::revocation::AccountStanding;
    use crate::policy::condition::{Conditions, Terms};

    const NOW: u64 = 1_800_000_000;
    const PAGE: &str = "https://viewer.test";

    fn origin(serialised: &str) -> TokenOrigin {
        TokenOrigin::new(serialised.to_owned())
    }

    fn ring() -> Keyring {
        Keyring::new([[3; 32]], "https://img.test").unwrap()
    }

    fn nothing_revoked() -> Revocations {
        Revocations {
            epoch: Id128([1; 16]),
            accounts: HashMap::new(),
            ended_sessions: HashSet::new(),
            devices: HashMap::new(),
            passes: std::sync::Arc::default(),
        }
    }

    fn grant() -> Grant {
        let mut grant = Grant::guest(Id128([6; 16]), NOW, NOW + 100);
        (grant.account, grant.generation) = (Id128([4; 16]), 5);
        grant.conditions = Conditions::only(2);
        grant.redeem(Id128([8; 16]));
        grant
    }

    fn token() -> String {
        seal(&grant(), &origin(PAGE), &ring(), &nothing_revoked(), [7; 12]).unwrap()
    }

    fn opened(page: Option<&str>, allowed: &[&str]) -> Result<Grant, Fault> {
        let allowed: Vec<_> = allowed.iter().copied().map(origin).collect();
        open(token().as_bytes(), page.map(str::as_bytes), &allowed, &ring(), &nothing_revoked(), NOW)
    }

    #[test]
    fn t11_it_counts_for_its_own_origin_and_no_other() {
        assert_eq!(opened(Some(PAGE), &[PAGE]), Ok(grant()));
        assert_eq!(opened(None, &[PAGE]), Ok(grant()), "a page of our own, and programs, name no origin");
        assert_eq!(opened(Some(PAGE), &["https://other.test", PAGE]), Ok(grant()));
        for page in ["https://other.test", "http://viewer.test", "https://viewer.test:8443", "null", "*", ""]
        {
            let both = [PAGE, "https://other.test"];
            assert_eq!(opened(Some(page), &both), Err(Fault::Invalid), "{page:?}");
        }
    }

    #[test]
    fn t11_an_origin_that_is_no_longer_allowed_has_no_token() {
        for allowed in [&[][..], &["https://other.test"]] {
            assert_eq!(opened(Some(PAGE), allowed), Err(Fault::Invalid));
            assert_eq!(opened(None, allowed), Err(Fault::Invalid));
        }
    }

    #[test]
    fn t4_no_other_sealed_text_is_taken_for_one_and_none_of_them_for_another() {
        let (ring, revocations, allowed) = (ring(), nothing_revoked(), [origin(PAGE)]);
        for purpose in [Purpose::AccessCookie, Purpose::AccessToken1, Purpose::AccessToken2] {
            let other = grant().seal(&ring, purpose, &revocations, [7; 12]).unwrap();
            let taken = open(other.as_bytes(), None, &allowed, &ring, &revocations, NOW);
            assert_eq!(taken, Err(Fault::Invalid));
            let taken = Grant::open(token().as_bytes(), &ring, purpose, &revocations, NOW);
            assert_eq!(taken, Err(Fault::Invalid));
        }
    }

    #[test]
    fn s2_s17_it_ends_with_its_session_its_account_its_epoch_and_its_time() {
        let allowed = [origin(PAGE)];
        let after = |ring: &Keyring, change: &dyn Fn(&mut Revocations), now| {
            let mut revocations = nothing_revoked();
            change(&mut revocations);
            open(token().as_bytes(), Some(PAGE.as_bytes()), &allowed, ring, &revocations, now)
        };
        assert_eq!(after(&ring(), &|_| {}, NOW + 99), Ok(grant()));
        assert_eq!(after(&ring(), &|_| {}, NOW + 100), Err(Fault::Expired));
        let ended = |revocations: &mut Revocations| {
            revocations.ended_sessions.insert(Id128([6; 16]));
        };
        assert_eq!(after(&ring(), &ended, NOW), Err(Fault::Expired));
        for smallest_generation in [Some(6), None] {
            let changed = |revocations: &mut Revocations| {
                let standing = AccountStanding {
                    smallest_generation,
                    conditions: Conditions::NONE,
                    administrator: false,
                };
                revocations.accounts.insert(Id128([4; 16]), standing);
            };
            assert_eq!(after(&ring(), &changed, NOW), Err(Fault::Expired));
        }
        let restored = |revocations: &mut Revocations| revocations.epoch = Id128([2; 16]);
        assert_eq!(after(&ring(), &restored, NOW), Err(Fault::Invalid));
        let elsewhere = Keyring::new([[3; 32]], "https://other-images.test").unwrap();
        assert_eq!(
            after(&elsewhere, &|_| {}, NOW),
            Err(Fault::Invalid),
            "another deployment with the same key"
        );
    }

    #[test]
    fn s1_whatever_is_wrong_with_it_makes_it_nothing() {
        let (token, allowed) = (token(), [origin(PAGE)]);
        for place in 0..token.len() {
            let mut flipped = token.clone().into_bytes();
            flipped[place] ^= 1;
            let opened = open(&flipped, None, &allowed, &ring(), &nothing_revoked(), NOW);
            assert_eq!(opened, Err(Fault::Invalid), "{place}");
        }
        let shorter = token.strip_prefix(|_| true).unwrap();
        for wrong in ["", "x", shorter, &format!("{token}A"), &format!("tgp_{token}"), &"A".repeat(576)] {
            let opened = open(wrong.as_bytes(), None, &allowed, &ring(), &nothing_revoked(), NOW);
            assert_eq!(opened, Err(Fault::Invalid), "{wrong}");
        }
    }

    #[test]
    fn the_fullest_grant_has_room() {
        let mut full = grant();
        full.conditions = (0..=255).collect();
        full.passes = (0..16).map(|number| Id128([number; 16])).collect();
        full.accepted = (0..8).map(|bit| (bit, Terms(u32::MAX))).collect();
        let sealed = seal(&full, &origin(PAGE), &ring(), &nothing_revoked(), [7; 12]).unwrap();
        let taken = open(sealed.as_bytes(), None, &[origin(PAGE)], &ring(), &nothing_revoked(), NOW);
        assert_eq!(taken, Ok(full));
    }
}
