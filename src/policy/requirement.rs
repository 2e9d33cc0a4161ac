//! What is asked of a visitor, with the two special cases that the rest of the
//! house has to know: everybody, and nobody.

use super::condition::Conditions;

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
