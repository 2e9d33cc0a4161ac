//! What a decision is made of: the requirement that applies, what the visitor
//! holds, and the answer with its reason.

use super::condition::Conditions;
use super::index::Winner;

/// The bit of the built-in condition `open`.
pub const OPEN_BIT: u8 = 0;
/// The bit of the built-in condition `closed`.
pub const CLOSED_BIT: u8 = 1;

/// What is asked of a visitor: any one of a set of conditions.
///
/// A set with the `open` bit means everybody, an empty one nobody; conditions of
/// pattern `open` and `closed` are folded into these two when a rule is compiled,
/// so that the rest of the house knows only two special cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement(Conditions);

impl Requirement {
    /// Nobody may.
    pub const CLOSED: Self = Self(Conditions::NONE);

    /// Everybody may.
    pub fn open() -> Self {
        Self(Conditions::only(OPEN_BIT))
    }

    /// Whoever holds one of `conditions` may.
    pub fn any_of(conditions: Conditions) -> Self {
        if conditions.contains(OPEN_BIT) { Self::open() } else { Self(conditions) }
    }

    /// Whether everybody may.
    pub fn is_open(&self) -> bool {
        self.0.contains(OPEN_BIT)
    }

    /// Whether nobody may.
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    /// The conditions of which one is enough; empty if everybody or nobody may.
    pub fn conditions(&self) -> Conditions {
        if self.is_open() { Conditions::NONE } else { self.0 }
    }

    /// Both must hold: never looser than either (product decision 3).
    ///
    /// It is the intersection of the sets, not "one of each": a visitor who holds
    /// two different conditions is not let in by two disagreeing rules, which is
    /// the stricter reading. `open` drops out, an empty intersection is closed.
    pub fn and(self, other: Self) -> Self {
        match (self.is_open(), other.is_open()) {
            (true, _) => other,
            (_, true) => self,
            _ => Self(self.0.intersection(&other.0)),
        }
    }
}

/// What is asked for, in canonical form.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Position in [`super::Policy::mounts`].
    pub mount: usize,
    /// Decoded, segments joined by `/`.
    pub identifier: &'a str,
}

/// What the request brings that a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Aspects {
    /// Conditions the visitor holds.
    pub held: Conditions,
    /// Seconds since 1970 UTC.
    pub now: u64,
}

/// The answer, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The visitor may have it.
    Allow(Basis),
    /// Not with what was presented; holding one of these conditions would do.
    Challenge(Conditions, Basis),
    /// No credential could help.
    Refuse(Basis),
}

impl Decision {
    pub fn basis(&self) -> Basis {
        match *self {
            Self::Allow(basis) | Self::Challenge(_, basis) | Self::Refuse(basis) => basis,
        }
    }

    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

/// The reason of a decision: a word for NGINX's log, and the rule behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Everybody may.
    Open(Winner),
    /// The visitor holds one of the conditions; the lowest such bit.
    Held(u8, Winner),
    /// The visitor holds none of them.
    NotHeld(Winner),
    /// Nobody may.
    Closed(Winner),
    /// The name stands for everything below it, and there are rules below it.
    AncestorOfRules,
    /// The request could not be read with one certain meaning.
    Malformed(&'static str),
}

impl Basis {
    /// A short word, safe in a log line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Held(..) => "held",
            Self::NotHeld(_) => "not-held",
            Self::Closed(_) => "closed",
            Self::AncestorOfRules => "ancestor-of-rules",
            Self::Malformed(reason) => reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(bits: &[u8]) -> Requirement {
        Requirement::any_of(bits.iter().copied().collect())
    }

    #[test]
    fn both_is_never_looser_than_either() {
        assert_eq!(set(&[2, 3]).and(set(&[3, 4])), set(&[3]));
        assert_eq!(set(&[2]).and(Requirement::open()), set(&[2]));
        assert_eq!(Requirement::open().and(set(&[2])), set(&[2]));
        assert_eq!(set(&[2]).and(set(&[3])), Requirement::CLOSED);
        assert_eq!(Requirement::open().and(Requirement::CLOSED), Requirement::CLOSED);
        assert!(Requirement::open().and(Requirement::open()).is_open());
    }
}
