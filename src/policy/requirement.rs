//! What is asked of a visitor, with the two special cases that the rest of the
//! house has to know: everybody, and nobody.

use super::condition::Conditions;
use super::permitted::Permitted;

/// The bit of the built-in condition `open`.
pub const OPEN_BIT: u8 = 0;
/// The bit of the built-in condition `closed`.
pub const CLOSED_BIT: u8 = 1;

/// What is asked of a visitor: any one of a set of conditions; and what whoever meets it may do.
///
/// A set with the `open` bit means everybody, an empty one nobody; conditions of
/// pattern `open` and `closed` are folded into these two when a rule is compiled,
/// so that the rest of the house knows only two special cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    any_of: Conditions,
    permitted: Permitted,
}

impl Requirement {
    /// Nobody may.
    pub const CLOSED: Self = Self { any_of: Conditions::NONE, permitted: Permitted::EVERYTHING };

    /// Everybody may.
    pub fn open() -> Self {
        Self { any_of: Conditions::only(OPEN_BIT), permitted: Permitted::EVERYTHING }
    }

    /// Whoever holds one of `conditions` may.
    pub fn any_of(conditions: Conditions) -> Self {
        if conditions.contains(OPEN_BIT) {
            return Self::open();
        }
        Self { any_of: conditions, permitted: Permitted::EVERYTHING }
    }

    /// The same, and no more than this may be done.
    pub fn permitting(self, permitted: Permitted) -> Self {
        Self { permitted: self.permitted.and(permitted), ..self }
    }

    pub fn permitted(&self) -> Permitted {
        self.permitted
    }

    /// Whether everybody may.
    pub fn is_open(&self) -> bool {
        self.any_of.contains(OPEN_BIT)
    }

    /// Whether nobody may.
    pub fn is_closed(&self) -> bool {
        self.any_of.is_empty()
    }

    /// The conditions of which one is enough; empty if everybody or nobody may.
    pub fn conditions(&self) -> Conditions {
        if self.is_open() { Conditions::NONE } else { self.any_of }
    }

    /// Both must hold: never looser than either (product decision 3).
    ///
    /// It is the intersection of the sets, not "one of each": a visitor who holds
    /// two different conditions is not let in by two disagreeing rules, which is
    /// the stricter reading. `open` drops out, an empty intersection is closed.
    pub fn and(self, other: Self) -> Self {
        let any_of = match (self.is_open(), other.is_open()) {
            (true, _) => other.any_of,
            (_, true) => self.any_of,
            _ => self.any_of.intersection(&other.any_of),
        };
        Self { any_of, permitted: self.permitted.and(other.permitted) }
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
