//! What all rules below a name ask for together: digilib takes a folder for its first image, and an
//! identifier whose extension it ignores may be a folder's.
//!
//! Each rule counts at its strictest, whatever its dates, so that a summary never opens early (product
//! decision 3); and taken out of it is nothing, so after a rule was removed it may be stricter than it need be
//! until everything is read anew.

use std::collections::HashMap;

use super::requirement::Requirement;

/// By the fingerprint of a name. Its size is that of the folders, not that of the rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Below {
    of: HashMap<u64, u32>,
    /// There are few different ones.
    requirements: Vec<Requirement>,
    known: HashMap<Requirement, u32>,
}

impl Below {
    /// Notes a rule below these names, which begin with the nearest and go up to the whole mount.
    pub(super) fn note(&mut self, above: impl IntoIterator<Item = u64>, requirement: Requirement) {
        for spot in above {
            let present = self.get(spot);
            let together = present.map_or(requirement, |present| present.and(requirement));
            if present == Some(together) {
                // What is below this name is below all that are above it.
                return;
            }
            let number = self.number(together);
            self.of.insert(spot, number);
        }
    }

    pub(super) fn get(&self, spot: u64) -> Option<Requirement> {
        let number = usize::try_from(*self.of.get(&spot)?).ok()?;
        // A number that stands for nothing could only mean that nobody may.
        Some(self.requirements.get(number).copied().unwrap_or(Requirement::CLOSED))
    }

    /// Notes all that another one has.
    pub(super) fn absorb(&mut self, other: &Self) {
        for spot in other.of.keys() {
            self.note([*spot], other.get(*spot).unwrap_or(Requirement::CLOSED));
        }
    }

    pub(super) fn bytes(&self) -> usize {
        // Beside each entry the map keeps one byte.
        self.of.capacity() * (size_of::<(u64, u32)>() + 1)
            + self.requirements.capacity() * size_of::<Requirement>()
    }

    fn number(&mut self, requirement: Requirement) -> u32 {
        *self.known.entry(requirement).or_insert_with(|| {
            self.requirements.push(requirement);
            u32::try_from(self.requirements.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bits: &[u8]) -> Requirement {
        Requirement::any_of(bits.iter().copied().collect())
    }

    #[test]
    fn a_name_has_all_that_is_below_it() {
        let mut below = Below::default();
        below.note([3, 2, 1], of(&[2, 3]));
        below.note([2, 1], of(&[3, 4]));
        below.note([3, 2, 1], Requirement::open());
        assert_eq!(below.get(3), Some(of(&[2, 3])));
        assert_eq!((below.get(2), below.get(1)), (Some(of(&[3])), Some(of(&[3]))));
        assert_eq!(below.get(4), None);
        let mut other = Below::default();
        other.note([4, 1], of(&[2]));
        below.absorb(&other);
        assert_eq!((below.get(4), below.get(1)), (Some(of(&[2])), Some(Requirement::CLOSED)));
        assert_eq!(below.get(3), Some(of(&[2, 3])));
    }
}
