//! Access conditions, and sets of them.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::iiif::service::{ServicePattern, ServiceTexts, in_language};

/// Name of the built-in condition that everybody meets.
pub const OPEN: &str = "open";
/// Name of the built-in condition that nobody meets.
pub const CLOSED: &str = "closed";
/// A visitor's flags are that many bits (a bit is never given to another condition).
pub const MAX_CONDITIONS: usize = 256;

/// Text for people, by language tag (`en` at least).
pub type LanguageMap = BTreeMap<String, String>;

/// How a visitor comes to hold a condition (IIIF Authentication API 1.0, section 2.1, and `open`, `closed`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    Open,
    Clickthrough,
    Login,
    Kiosk,
    External,
    Closed,
}

/// A named flag a visitor can hold, as written in a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessCondition {
    /// A slug: lower-case letters, digits and `-`.
    pub name: String,
    pub pattern: Pattern,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub label: LanguageMap,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub heading: LanguageMap,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub note: LanguageMap,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub confirm: LanguageMap,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub error_heading: LanguageMap,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub error_note: LanguageMap,
    /// The whole image is open to everybody up to that many pixels on its long side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_px: Option<u32>,
    /// The whole image is open to everybody where its long side is one of these; instead of `thumbnail_px`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thumbnail_sizes: Vec<u32>,
    /// Those who do not hold the condition may have a substitute of the image, its long side at most that
    /// many pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute_px: Option<u32>,
    /// Addresses that have the condition, whoever sits there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<IpNet>,
}

impl Pattern {
    /// The service that gives such a condition; none gives `open` and `closed`.
    pub fn service(self) -> Option<ServicePattern> {
        match self {
            Self::Clickthrough => Some(ServicePattern::Clickthrough),
            Self::Login => Some(ServicePattern::Login),
            Self::Kiosk => Some(ServicePattern::Kiosk),
            Self::External => Some(ServicePattern::External),
            Self::Open | Self::Closed => None,
        }
    }
}

impl Pattern {
    /// All of them, as people are shown them.
    pub const ALL: [Self; 6] =
        [Self::Login, Self::Clickthrough, Self::Kiosk, Self::External, Self::Open, Self::Closed];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Clickthrough => "clickthrough",
            Self::Login => "login",
            Self::Kiosk => "kiosk",
            Self::External => "external",
            Self::Closed => "closed",
        }
    }

    /// Whether rules that name the condition would be compiled in another way with that pattern: `open` and `closed` are
    /// folded into what they ask for.
    pub fn is_folded_otherwise(self, other: Self) -> bool {
        self != other && (self.service().is_none() || other.service().is_none())
    }
}

impl AccessCondition {
    /// A condition without texts.
    pub fn bare(name: &str, pattern: Pattern) -> Self {
        Self {
            name: name.to_owned(),
            pattern,
            label: LanguageMap::new(),
            heading: LanguageMap::new(),
            note: LanguageMap::new(),
            confirm: LanguageMap::new(),
            error_heading: LanguageMap::new(),
            error_note: LanguageMap::new(),
            thumbnail_px: None,
            thumbnail_sizes: Vec::new(),
            substitute_px: None,
            networks: Vec::new(),
        }
    }

    /// Whether enrolled devices can have it: a computer that anybody may sit at must never have what a login
    /// is for.
    pub fn is_for_devices(&self) -> bool {
        self.pattern == Pattern::Kiosk
    }

    /// What a viewer is told of it.
    pub fn texts(&self) -> ServiceTexts<'_> {
        ServiceTexts {
            label: &self.label,
            heading: &self.heading,
            note: &self.note,
            confirm: &self.confirm,
            error_heading: &self.error_heading,
            error_note: &self.error_note,
        }
    }

    /// What a visitor agrees to: the heading and the note, in every language.
    pub fn terms(&self) -> Terms {
        let mut digest = Sha256::new();
        for texts in [&self.heading, &self.note] {
            for (tag, text) in texts {
                // Each with its length, so that no two terms run together to the same bytes.
                for part in [tag, text] {
                    digest.update(part.len().to_le_bytes());
                    digest.update(part);
                }
            }
            digest.update([0xFF]);
        }
        let [a, b, c, d, ..] = <[u8; 32]>::from(digest.finalize());
        Terms(u32::from_le_bytes([a, b, c, d]))
    }

    /// What it is called on a page in this language: its label there, or else the English one, another one, or
    /// its name.
    pub fn title_in(&self, language: &str) -> &str {
        in_language(&self.label, &[language]).unwrap_or(&self.name)
    }

    /// What it is called where nobody's language is known.
    pub fn title(&self) -> &str {
        self.title_in("en")
    }
}

/// Which terms a visitor agreed to: a mark of their text, as long as a cookie can afford. It protects
/// against no forger (the cookie is sealed) but against taking old terms for new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms(pub u32);

/// A set of condition bits: what a visitor holds, or what a rule asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Conditions([u64; 4]);

impl Conditions {
    /// No condition at all.
    pub const NONE: Self = Self([0; 4]);

    /// The set with this one bit.
    pub fn only(bit: u8) -> Self {
        let mut set = Self::NONE;
        set.insert(bit);
        set
    }

    pub fn insert(&mut self, bit: u8) {
        if let Some(word) = self.0.get_mut(usize::from(bit >> 6)) {
            *word |= 1 << (bit & 63);
        }
    }

    pub fn contains(&self, bit: u8) -> bool {
        self.0.get(usize::from(bit >> 6)).is_some_and(|word| word & (1 << (bit & 63)) != 0)
    }

    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// The lowest bit.
    pub fn first(&self) -> Option<u8> {
        let (index, word) = self.0.iter().enumerate().find(|(_, word)| **word != 0)?;
        u8::try_from(index * 64 + word.trailing_zeros() as usize).ok()
    }

    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = *self;
        both.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        both
    }

    pub fn union(&self, other: &Self) -> Self {
        let mut either = *self;
        either.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
        either
    }

    /// The bits in ascending order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..=u8::MAX).filter(move |bit| self.contains(*bit))
    }

    /// 32 bytes, lowest bit first.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// The reverse of [`Conditions::to_bytes`]; missing trailing bytes count as zero.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > 32 {
            return None;
        }
        let mut set = Self::NONE;
        for (index, byte) in bytes.iter().enumerate() {
            if let Some(word) = set.0.get_mut(index / 8) {
                *word |= u64::from(*byte) << (8 * (index % 8));
            }
        }
        Some(set)
    }
}

impl FromIterator<u8> for Conditions {
    fn from_iter<I: IntoIterator<Item = u8>>(bits: I) -> Self {
        let mut set = Self::NONE;
        for bit in bits {
            set.insert(bit);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bits_at_the_edges_of_words_are_bits_like_others() {
        let edges = [0, 63, 64, 127, 128, 191, 192, 255];
        let set: Conditions = edges.into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), edges);
        for bit in edges {
            let only = Conditions::only(bit);
            assert!(set.contains(bit) && only.contains(bit), "{bit}");
            assert_eq!((only.first(), only.iter().count()), (Some(bit), 1), "{bit}");
            assert_eq!(set.intersection(&only), only, "{bit}");
        }
        for other in [1, 62, 65, 126, 129, 254] {
            assert!(!set.contains(other), "{other}");
        }
    }

    #[test]
    fn the_terms_are_the_heading_and_the_note_and_nothing_else() {
        let with = |heading: &[(&str, &str)], note: &[(&str, &str)], label: &str| {
            let map = |texts: &[(&str, &str)]| {
                texts.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
            };
            AccessCondition {
                heading: map(heading),
                note: map(note),
                label: map(&[("en", label)]),
                ..AccessCondition::bare("terms", Pattern::Clickthrough)
            }
            .terms()
        };
        let terms = with(&[("en", "Terms")], &[("en", "Be kind.")], "Terms of use");
        assert_eq!(with(&[("en", "Terms")], &[("en", "Be kind.")], "Another label"), terms);
        for other in [
            with(&[("en", "Terms")], &[("en", "Be kind!")], "Terms of use"),
            with(&[("en", "Terms")], &[("en", "Be kind."), ("de", "Bitte nett.")], "Terms of use"),
            with(&[("en", "TermsB")], &[("en", "e kind.")], "Terms of use"),
            with(&[("enT", "erms")], &[("en", "Be kind.")], "Terms of use"),
            with(&[], &[("en", "Terms"), ("en", "Be kind.")], "Terms of use"),
        ] {
            assert_ne!(other, terms);
        }
    }

    #[test]
    fn nothing_is_no_condition() {
        assert!(Conditions::NONE.is_empty());
        assert_eq!(Conditions::NONE.first(), None);
        assert_eq!(Conditions::NONE.iter().count(), 0);
        assert_eq!(Conditions::from_bytes(&[]), Some(Conditions::NONE));
    }

    #[test]
    fn bytes_are_the_lowest_bit_first_and_zeros_at_the_end_may_be_missing() {
        let set: Conditions = [1, 8, 64].into_iter().collect();
        let bytes = set.to_bytes();
        assert_eq!((bytes[0], bytes[1], bytes[8]), (2, 1, 1));
        assert_eq!(Conditions::from_bytes(&bytes[..9]), Some(set));
        assert_eq!(Conditions::from_bytes(&[255; 32]).unwrap().iter().count(), 256);
        assert_eq!(Conditions::from_bytes(&[0; 33]), None);
    }

    proptest! {
        #[test]
        fn prop_sets_are_sets(
            one in prop::collection::btree_set(any::<u8>(), 0..20),
            other in prop::collection::btree_set(any::<u8>(), 0..20),
        ) {
            let (a, b) = (one.iter().copied().collect::<Conditions>(), other.iter().copied().collect::<Conditions>());
            prop_assert_eq!(a.iter().collect::<std::collections::BTreeSet<_>>(), one.clone());
            prop_assert_eq!(a.first(), one.first().copied());
            prop_assert_eq!(a.intersection(&b), one.intersection(&other).copied().collect());
            prop_assert_eq!(a.union(&b), one.union(&other).copied().collect());
            prop_assert_eq!(Conditions::from_bytes(&a.to_bytes()), Some(a));
        }
    }
}
