//! What an access cookie and an access token hold, and whether it still counts.

use std::collections::HashMap;

use arrayvec::ArrayVec;

use super::account::{AccountId, DeviceId, Id128, PassId, SessionId};
use super::keyring::{Keyring, MAX_BYTES, Nonce, Purpose};
use super::revocation::Revocations;
use crate::policy::ConditionTable;
use crate::policy::condition::{Conditions, Terms};

/// How many redeemed passes a cookie carries.
pub const MAX_PASSES: usize = 16;
/// How many accepted terms a cookie carries; with as many passes it still has room in 600 bytes.
pub const MAX_ACCEPTED: usize = 8;
/// Who is nobody in particular: whoever accepted terms or sits at a kiosk. No account has this
/// identity, since theirs are random.
pub const GUEST: AccountId = Id128([0; 16]);
/// Replicas' clocks may differ by this much before a credential counts as
/// coming from the future, seconds.
const CLOCK_TOLERANCE: u64 = 300;
/// The longest text that is sealed, bytes.
const LONGEST_TEXT: usize = 384;
const LAYOUT: u8 = 2;
/// Of versions that knew no accepted terms; their cookies still count.
const LAYOUT_1: u8 = 1;

/// What a visitor was granted at login. Sealed for one purpose it is the access
/// cookie, for another an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// [`GUEST`], or an account.
    pub account: AccountId,
    /// The account's generation at login.
    pub generation: u32,
    pub session: SessionId,
    pub conditions: Conditions,
    /// Seconds since 1970 UTC.
    pub issued: u64,
    /// First second in which it no longer counts.
    pub expires: u64,
    /// Redeemed passes and enrolled devices, the oldest first; what each gives is in the snapshot.
    pub passes: ArrayVec<PassId, MAX_PASSES>,
    /// Conditions whose terms the visitor has accepted, and which terms those were; the oldest first.
    pub accepted: ArrayVec<(u8, Terms), MAX_ACCEPTED>,
}

/// Why a credential does not count. All of them make the visitor anonymous; the
/// token service tells some of them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None was presented.
    Missing,
    /// It cannot be opened, or is presented twice.
    Invalid,
    /// Its time is over, its session has ended, or its account changed.
    Expired,
    /// The store has been out of reach too long to trust any credential.
    Stale,
}

impl Grant {
    /// Of nobody in particular, and of no condition.
    pub fn guest(session: SessionId, issued: u64, expires: u64) -> Self {
        Self {
            account: GUEST,
            generation: 0,
            session,
            conditions: Conditions::NONE,
            issued,
            expires,
            passes: ArrayVec::new(),
            accepted: ArrayVec::new(),
        }
    }

    /// The account, unless it is a guest's.
    pub fn account(&self) -> Option<AccountId> {
        Some(self.account).filter(|account| *account != GUEST)
    }

    /// Takes down that the visitor has accepted the terms of a condition; where there is no room, the oldest
    /// are forgotten and have to be accepted again.
    pub fn accept(&mut self, condition: u8, terms: Terms) {
        self.accepted.retain(|(bit, _)| *bit != condition);
        if self.accepted.is_full() {
            self.accepted.remove(0);
        }
        self.accepted.push((condition, terms));
    }

    /// Takes down a redeemed pass or the visitor's device; where there is no room, the oldest is forgotten.
    pub fn redeem(&mut self, pass: PassId) {
        self.passes.retain(|one| *one != pass);
        if self.passes.is_full() {
            self.passes.remove(0);
        }
        self.passes.push(pass);
    }

    /// Everything that the visitor holds now: by the account, by accepted terms, and by the device.
    pub fn held(&self, table: &ConditionTable, devices: &HashMap<DeviceId, Conditions>) -> Conditions {
        let mut held = self.conditions;
        // Most visitors have neither: nothing is looked up for them.
        if !self.accepted.is_empty() {
            held = held.union(&table.accepted(&self.accepted));
        }
        for given in self.passes.iter().filter_map(|pass| devices.get(pass)) {
            held = held.union(given);
        }
        held
    }

    /// Seals it; `None` only if it were longer than the format allows, which 16
    /// passes, 8 accepted terms and 256 conditions are not.
    pub fn seal(
        &self,
        ring: &Keyring,
        purpose: Purpose,
        revocations: &Revocations,
        nonce: Nonce,
    ) -> Option<String> {
        ring.seal(purpose, revocations.epoch, nonce, &self.text()?)
    }

    /// What is sealed of it.
    pub(super) fn text(&self) -> Option<ArrayVec<u8, LONGEST_TEXT>> {
        let mut text = ArrayVec::new();
        text.push(LAYOUT);
        text.extend(self.account.0);
        text.extend(self.session.0);
        text.extend(self.generation.to_le_bytes());
        text.extend(self.issued.to_le_bytes());
        text.extend(self.expires.to_le_bytes());
        text.push(u8::try_from(self.passes.len()).ok()?);
        for pass in &self.passes {
            text.extend(pass.0);
        }
        text.push(u8::try_from(self.accepted.len()).ok()?);
        for (condition, terms) in &self.accepted {
            text.push(*condition);
            text.extend(terms.0.to_le_bytes());
        }
        let conditions = self.conditions.to_bytes();
        let used = conditions.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        text.try_extend_from_slice(conditions.get(..used)?).ok()?;
        Some(text)
    }

    /// Opens and checks what was presented: the conditions in it are those that count now.
    ///
    /// # Errors
    /// The [`Fault`] that makes it nothing.
    pub fn open(
        sealed: &[u8],
        ring: &Keyring,
        purpose: Purpose,
        revocations: &Revocations,
        now: u64,
    ) -> Result<Self, Fault> {
        let mut opened = [0; MAX_BYTES];
        let text = ring.open(purpose, revocations.epoch, sealed, &mut opened).ok_or(Fault::Invalid)?;
        Self::read(text).ok_or(Fault::Invalid)?.checked(revocations, now)
    }

    /// The same with the conditions that count now.
    ///
    /// # Errors
    /// As [`Self::standing`] says.
    pub(super) fn checked(self, revocations: &Revocations, now: u64) -> Result<Self, Fault> {
        let conditions = self.standing(revocations, now)?;
        Ok(Self { conditions, ..self })
    }

    /// The conditions that count now, whatever was true at login.
    ///
    /// # Errors
    /// If it is over, from the future, or revoked.
    pub fn standing(&self, revocations: &Revocations, now: u64) -> Result<Conditions, Fault> {
        if self.issued > now.saturating_add(CLOCK_TOLERANCE) {
            return Err(Fault::Invalid);
        }
        if now >= self.expires || revocations.ended_sessions.contains(&self.session) {
            return Err(Fault::Expired);
        }
        match revocations.accounts.get(&self.account) {
            None => Ok(self.conditions),
            Some(account) => match account.smallest_generation {
                Some(smallest) if self.generation >= smallest => Ok(account.conditions),
                _ => Err(Fault::Expired),
            },
        }
    }

    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let (layout, rest) = text.split_first()?;
        if !matches!(*layout, LAYOUT_1 | LAYOUT) {
            return None;
        }
        let (account, rest) = rest.split_first_chunk::<16>()?;
        let (session, rest) = rest.split_first_chunk::<16>()?;
        let (generation, rest) = rest.split_first_chunk::<4>()?;
        let (issued, rest) = rest.split_first_chunk::<8>()?;
        let (expires, rest) = rest.split_first_chunk::<8>()?;
        let (count, mut rest) = rest.split_first()?;
        let mut passes = ArrayVec::new();
        for _ in 0..*count {
            let (pass, after) = rest.split_first_chunk::<16>()?;
            passes.try_push(Id128(*pass)).ok()?;
            rest = after;
        }
        let mut accepted = ArrayVec::new();
        if *layout == LAYOUT {
            let (count, after) = rest.split_first()?;
            rest = after;
            for _ in 0..*count {
                let ([condition, terms @ ..], after) = rest.split_first_chunk::<5>()?;
                accepted.try_push((*condition, Terms(u32::from_le_bytes(*terms)))).ok()?;
                rest = after;
            }
        }
        Some(Self {
            account: Id128(*account),
            session: Id128(*session),
            generation: u32::from_le_bytes(*generation),
            issued: u64::from_le_bytes(*issued),
            expires: u64::from_le_bytes(*expires),
            conditions: Conditions::from_bytes(rest)?,
            passes,
            accepted,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::credential::revocation::AccountStanding;
    use crate::policy::condition::{AccessCondition, Pattern};

    const NOW: u64 = 1_800_000_000;

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
        Grant {
            account: Id128([4; 16]),
            generation: 5,
            session: Id128([6; 16]),
            conditions: Conditions::only(2),
            issued: NOW,
            expires: NOW + 100,
            passes: ArrayVec::new(),
            accepted: ArrayVec::new(),
        }
    }

    fn open(sealed: &str, revocations: &Revocations, now: u64) -> Result<Grant, Fault> {
        Grant::open(sealed.as_bytes(), &ring(), Purpose::AccessCookie, revocations, now)
    }

    fn seal(grant: &Grant) -> String {
        grant.seal(&ring(), Purpose::AccessCookie, &nothing_revoked(), [0; 12]).unwrap()
    }

    #[test]
    fn what_was_sealed_is_opened() {
        assert_eq!(open(&seal(&grant()), &nothing_revoked(), NOW), Ok(grant()));
    }

    #[test]
    fn the_fullest_cookie_has_at_most_600_bytes() {
        let mut full = grant();
        full.conditions = (0..=255).collect();
        full.passes = (0..16).map(|number| Id128([number; 16])).collect();
        full.accepted = (0..8).map(|bit| (bit, Terms(u32::MAX))).collect();
        let sealed = seal(&full);
        assert!(sealed.len() + "__Host-tilegate_access=".len() <= 600, "{}", sealed.len());
        assert_eq!(open(&sealed, &nothing_revoked(), NOW), Ok(full));
    }

    #[test]
    fn a_cookie_of_the_first_layout_still_counts() {
        // As `seal` wrote it before there were accepted terms.
        let Grant { account, session, generation, issued, expires, .. } = grant();
        let mut text = vec![LAYOUT_1];
        text.extend(account.0);
        text.extend(session.0);
        text.extend(generation.to_le_bytes());
        text.extend(issued.to_le_bytes());
        text.extend(expires.to_le_bytes());
        text.extend([0, 0b100]);
        let sealed = ring().seal(Purpose::AccessCookie, nothing_revoked().epoch, [0; 12], &text).unwrap();
        assert_eq!(open(&sealed, &nothing_revoked(), NOW), Ok(grant()));
    }

    #[test]
    fn accepted_terms_count_while_they_are_the_present_ones() {
        let terms = |note: &str| AccessCondition {
            note: [("en".to_owned(), note.to_owned())].into(),
            ..AccessCondition::bare("terms", Pattern::Clickthrough)
        };
        let table = |condition: AccessCondition| {
            let conditions = [(2, AccessCondition::bare("staff", Pattern::Login)), (5, condition)];
            crate::policy::Policy::build(&[], conditions, &[]).unwrap().conditions
        };
        let mut grant = grant();
        assert_eq!(grant.held(&table(terms("Be kind.")), &HashMap::new()), Conditions::only(2));
        grant.accept(5, terms("Be kind.").terms());
        let grant = open(&seal(&grant), &nothing_revoked(), NOW).unwrap();
        let both = [2, 5].into_iter().collect();
        assert_eq!(grant.held(&table(terms("Be kind.")), &HashMap::new()), both);
        assert_eq!(grant.held(&table(terms("Be very kind.")), &HashMap::new()), Conditions::only(2));
        // The bit's condition is no longer one whose terms are accepted.
        let login = AccessCondition { pattern: Pattern::Login, ..terms("Be kind.") };
        assert_eq!(grant.held(&table(login), &HashMap::new()), Conditions::only(2));
    }

    #[test]
    fn the_oldest_accepted_terms_give_way() {
        let mut grant = Grant::guest(Id128([6; 16]), NOW, NOW + 100);
        assert_eq!(grant.account(), None);
        for bit in 0..9 {
            grant.accept(bit, Terms(u32::from(bit)));
        }
        grant.accept(4, Terms(44));
        let bits: Vec<_> = grant.accepted.iter().map(|(bit, _)| *bit).collect();
        assert_eq!(bits, [1, 2, 3, 5, 6, 7, 8, 4]);
        assert_eq!(grant.accepted.last(), Some(&(4, Terms(44))));
        assert_eq!(open(&seal(&grant), &nothing_revoked(), NOW), Ok(grant));
    }

    #[test]
    fn t6_what_a_device_gives_is_what_it_has_now() {
        let (table, device) = (ConditionTable::default(), Id128([8; 16]));
        let has =
            |bit| HashMap::from([(device, Conditions::only(bit)), (Id128([9; 16]), Conditions::only(9))]);
        let mut grant = Grant::guest(Id128([6; 16]), NOW, NOW + 100);
        assert_eq!(grant.held(&table, &has(5)), Conditions::NONE, "another machine's");
        grant.redeem(device);
        let mut grant = open(&seal(&grant), &nothing_revoked(), NOW).unwrap();
        assert_eq!(grant.conditions, Conditions::NONE, "nothing of it is in the cookie");
        assert_eq!(grant.held(&table, &has(5)), Conditions::only(5));
        assert_eq!(grant.held(&table, &has(7)), Conditions::only(7));
        assert_eq!(grant.held(&table, &HashMap::new()), Conditions::NONE, "revoked");
        grant.redeem(Id128([9; 16]));
        grant.conditions = Conditions::only(2);
        assert_eq!(grant.held(&table, &has(5)), [2, 5, 9].into_iter().collect());
    }

    #[test]
    fn the_oldest_passes_give_way_and_none_is_there_twice() {
        let mut grant = Grant::guest(Id128([6; 16]), NOW, NOW + 100);
        for number in 0..17 {
            grant.redeem(Id128([number; 16]));
        }
        grant.redeem(Id128([4; 16]));
        let numbers: Vec<_> = grant.passes.iter().map(|pass| pass.0[0]).collect();
        assert_eq!(numbers, [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 4]);
    }

    #[test]
    fn s1_expiry_and_the_future() {
        let sealed = seal(&grant());
        assert!(open(&sealed, &nothing_revoked(), NOW + 99).is_ok());
        assert_eq!(open(&sealed, &nothing_revoked(), NOW + 100), Err(Fault::Expired));
        assert!(open(&sealed, &nothing_revoked(), NOW - 300).is_ok());
        assert_eq!(open(&sealed, &nothing_revoked(), NOW - 301), Err(Fault::Invalid));
    }

    #[test]
    fn s2_an_ended_session_and_an_older_generation_no_longer_count() {
        let sealed = seal(&grant());
        let mut ended = nothing_revoked();
        ended.ended_sessions.insert(Id128([6; 16]));
        assert_eq!(open(&sealed, &ended, NOW), Err(Fault::Expired));

        let mut changed = nothing_revoked();
        let mut set = |smallest_generation| {
            let standing = AccountStanding {
                smallest_generation,
                conditions: Conditions::only(3),
                administrator: false,
            };
            changed.accounts.insert(Id128([4; 16]), standing);
            open(&sealed, &changed, NOW)
        };
        assert_eq!(set(Some(6)), Err(Fault::Expired));
        assert_eq!(set(None), Err(Fault::Expired));
        // S10: the flags it has now count, and nobody is logged out by them.
        assert_eq!(set(Some(5)).unwrap().conditions, Conditions::only(3));
    }

    #[test]
    fn s17_another_store_epoch_opens_nothing() {
        let restored = Revocations { epoch: Id128([2; 16]), ..nothing_revoked() };
        assert_eq!(open(&seal(&grant()), &restored, NOW), Err(Fault::Invalid));
    }
}
