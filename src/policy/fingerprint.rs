//! Fingerprints of identifiers: 64 bits of a keyed hash, by which rules are found.
//!
//! An attacker chooses the paths that are looked up, so the hash is the standard library's keyed one, with
//! a key that every index draws anew, as each of the library's maps does. Names are not kept beside it:
//! that two of ten million rules share a fingerprint has a chance of 3 in a million a load, and that a
//! given name without a rule takes up some rule's fingerprint one of 5 in 10^12 at ten looks each. Whoever
//! does not know the key can do no better than ask for 10^11 names, and would find some rule, not a chosen one;
//! the next load has another key.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, DefaultHasher, Hasher as _};

use arrayvec::ArrayVec;

use crate::iiif::identifier::MAX_IDENTIFIER;

/// A name of that many bytes has no more than that many names above it.
const DEEPEST: usize = MAX_IDENTIFIER / 2 + 1;

/// What a rule that stands on an identifier is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// This one identifier.
    Exact,
    /// It and everything below.
    Prefix,
    /// It, under a name that it may have: a rule here may lock and never open.
    Tightening,
}

impl Kind {
    /// The fingerprint of rules of this kind on a spot. A fixed bijection of a random number is as random, and
    /// so the kinds on one spot never meet.
    pub(super) fn on(self, spot: u64) -> u64 {
        spot ^ match self {
            Self::Exact => 0,
            Self::Prefix => 0x9E37_79B9_7F4A_7C15,
            Self::Tightening => 0xC2B2_AE3D_27D4_EB4F,
        }
    }
}

/// Depths at which prefix rules stand, in segments; from 63 on they are taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Depths(u64);

impl Depths {
    pub(super) const ALL: Self = Self(u64::MAX);

    fn bit(depth: usize) -> u64 {
        1 << depth.min(63)
    }

    pub(super) fn insert(&mut self, depth: usize) {
        self.0 |= Self::bit(depth);
    }

    pub(super) fn contains(self, depth: usize) -> bool {
        self.0 & Self::bit(depth) != 0
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The key of an index: a hasher that has been given it.
#[derive(Clone, Debug)]
pub(super) struct Key(DefaultHasher);

/// The fingerprints of an identifier and of what it may be judged by.
#[derive(Debug)]
pub(super) struct Spots {
    pub(super) own: u64,
    /// Its other name, without the extension.
    pub(super) base: Option<u64>,
    /// In segments.
    pub(super) depth: usize,
    above: ArrayVec<u64, DEEPEST>,
}

impl Default for Spots {
    fn default() -> Self {
        Self { own: 0, base: None, depth: 0, above: ArrayVec::new_const() }
    }
}

impl Spots {
    /// What is above it, at the depths that were asked for, nearest first.
    pub(super) fn above(&self) -> impl Iterator<Item = u64> {
        self.above.iter().rev().copied()
    }
}

impl Default for Key {
    fn default() -> Self {
        Self(HashMap::<(), ()>::new().hasher().build_hasher())
    }
}

impl Key {
    /// Hashes an identifier and the names above it in one pass. `base`: its name without the extension, where
    /// that counts. `spots` is the caller's fresh one: it is large, and is not to be moved for every tile.
    pub(super) fn hash(&self, identifier: &str, base: Option<&str>, depths: Depths, spots: &mut Spots) {
        let mut hasher = self.0.clone();
        let mut rest = identifier;
        if !identifier.is_empty() {
            loop {
                if depths.contains(spots.depth) {
                    // There is room for as many as an identifier can have.
                    let _ = spots.above.try_push(hasher.finish());
                }
                if spots.depth > 0 {
                    hasher.write(b"/");
                }
                spots.depth += 1;
                let Some((segment, after)) = rest.split_once('/') else { break };
                hasher.write(segment.as_bytes());
                rest = after;
            }
        }
        // The extension is part of the last segment.
        let cut = base.map(|base| rest.len().saturating_sub(identifier.len() - base.len()));
        match cut.and_then(|cut| rest.split_at_checked(cut)) {
            Some((stem, extension)) => {
                hasher.write(stem.as_bytes());
                spots.base = Some(hasher.finish());
                hasher.write(extension.as_bytes());
            }
            None => hasher.write(rest.as_bytes()),
        }
        spots.own = hasher.finish();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::iiif::identifier::{prefixes, without_extension};

    fn spots(key: &Key, name: &str, base: Option<&str>, depths: Depths) -> Spots {
        let mut spots = Spots::default();
        key.hash(name, base, depths, &mut spots);
        spots
    }

    fn own(key: &Key, name: &str) -> u64 {
        spots(key, name, None, Depths::default()).own
    }

    #[test]
    fn each_index_draws_its_own_key() {
        assert_ne!(own(&Key::default(), "letters"), own(&Key::default(), "letters"));
    }

    #[test]
    fn the_kinds_on_one_spot_have_three_fingerprints() {
        let kinds = [Kind::Exact, Kind::Prefix, Kind::Tightening].map(|kind| kind.on(7));
        assert!(kinds[0] != kinds[1] && kinds[1] != kinds[2] && kinds[0] != kinds[2]);
    }

    #[test]
    fn the_longest_identifier_has_room_for_all_that_is_above_it() {
        let longest = "a/".repeat(MAX_IDENTIFIER / 2 - 1) + "aa";
        assert_eq!(longest.len(), MAX_IDENTIFIER);
        let spots = spots(&Key::default(), &longest, None, Depths::ALL);
        assert_eq!(spots.above().count(), prefixes(&longest).count());
    }

    proptest! {
        #[test]
        fn prop_one_pass_gives_what_each_name_has_by_itself(name in "([a-z.]{1,12}/){0,5}[a-z.]{1,20}|") {
            let key = Key::default();
            let base = without_extension(&name);
            let all = spots(&key, &name, base, Depths::ALL);
            prop_assert_eq!(all.own, own(&key, &name));
            prop_assert_eq!(all.base, base.map(|base| own(&key, base)));
            prop_assert!(all.above().eq(prefixes(&name).map(|above| own(&key, above))));
            let mut third = Depths::default();
            third.insert(2);
            let expected = prefixes(&name).filter(|above| !above.is_empty() && above.matches('/').count() == 1);
            prop_assert!(spots(&key, &name, base, third).above().eq(expected.map(|above| own(&key, above))));
        }
    }
}
