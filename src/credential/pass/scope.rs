//! What part of a mount a pass is for.

use super::PassSecret;
use crate::iiif::file_name;
use crate::iiif::identifier::OriginPath;
use crate::policy::Policy;
use crate::policy::mount::Mount;

/// Longer identifiers make no scope: every replica keeps them.
pub const LONGEST_IDENTIFIER: usize = 1000;

/// What part of a mount a pass is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The mount whose rules count there.
    pub mount: Box<str>,
    /// In the form that requests are brought into; empty for the whole mount.
    pub identifier: Box<str>,
    /// For that one alone, and for nothing below it.
    pub exact: bool,
}

/// Why a pass cannot be for what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeFault {
    /// There is no such mount.
    NoMount,
    /// The rules of the mount are those of this one: a pass for this one counts on both.
    Borrows(String),
    /// It can be no identifier on that mount; why, in English.
    Identifier(&'static str),
    TooLong,
}

impl Scope {
    /// What was written, in the form that requests are brought into.
    pub fn on(mounts: &[Mount], name: &str, identifier: &str, exact: bool) -> Result<Self, ScopeFault> {
        let mount = mounts.iter().find(|mount| mount.name == name).ok_or(ScopeFault::NoMount)?;
        if let Some(lender) = &mount.rules {
            return Err(ScopeFault::Borrows(lender.clone()));
        }
        let identifier = Policy::identifier_on(mount, identifier).map_err(ScopeFault::Identifier)?;
        if identifier.len() > LONGEST_IDENTIFIER {
            return Err(ScopeFault::TooLong);
        }
        Ok(Self { mount: name.into(), identifier: identifier.into(), exact })
    }

    /// The paths that carry a secret of it, on each mount where there are such: a folder's, or that of the one file.
    pub fn addresses(&self, secret: &PassSecret, mounts: &[Mount]) -> Vec<String> {
        let mut name = OriginPath::new();
        if self.exact {
            let last = self.identifier.rsplit('/').next().unwrap_or_default();
            if file_name::write(last, &mut name).is_err() {
                return Vec::new();
            }
        }
        let counts = |mount: &&Mount| mount.kind.may_carry_passes() && mount.rules_name() == &*self.mount;
        let address = |mount: &Mount| format!("{}{}/{name}", mount.prefix, secret.segment());
        mounts.iter().filter(counts).map(address).collect()
    }

    /// Whether whatever the other has is in it.
    pub fn encloses(&self, other: &Self) -> bool {
        self.has(&other.mount, &other.identifier) && (other.exact || !self.exact)
    }

    /// Whether it has what this identifier names, on a mount where the rules of `rules` count.
    pub fn has(&self, rules: &str, identifier: &str) -> bool {
        if *self.mount != *rules {
            return false;
        }
        match identifier.strip_prefix(&*self.identifier) {
            Some("") => true,
            Some(below) => !self.exact && (self.identifier.is_empty() || below.starts_with('/')),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_ends_at_a_boundary_of_names() {
        let scope =
            |identifier: &str, exact| Scope { mount: "images".into(), identifier: identifier.into(), exact };
        for (identifier, exact, asked, expected) in [
            ("a", false, "a", true),
            ("a", false, "a/b", true),
            ("a", false, "a/b/c.tif", true),
            ("a", false, "ab", false),
            ("a", false, "a.tif", false),
            ("a", false, "b/a", false),
            ("a", false, "", false),
            ("a/b", false, "a", false),
            ("a", true, "a", true),
            ("a", true, "a/b", false),
            ("a", true, "ab", false),
            ("", false, "", true),
            ("", false, "a/b", true),
            ("", true, "", true),
            ("", true, "a", false),
            ("ä", false, "ä/1", true),
            ("A", false, "a", false),
        ] {
            assert_eq!(
                scope(identifier, exact).has("images", asked),
                expected,
                "{identifier} {exact} {asked}"
            );
            assert!(!scope(identifier, exact).has("other", asked), "another mount: {asked}");
        }
    }

    #[test]
    fn a_scope_encloses_what_it_has_and_no_wider_one() {
        let scope =
            |identifier: &str, exact| Scope { mount: "images".into(), identifier: identifier.into(), exact };
        for (outer, inner, expected) in [
            (("a", false), ("a", false), true),
            (("a", false), ("a", true), true),
            (("a", false), ("a/b", false), true),
            (("a", true), ("a", true), true),
            (("", false), ("a", false), true),
            (("a", true), ("a", false), false),
            (("a", true), ("a/b", true), false),
            (("a", false), ("ab", true), false),
            (("a/b", false), ("a", false), false),
            (("a", false), ("", false), false),
        ] {
            let found = scope(outer.0, outer.1).encloses(&scope(inner.0, inner.1));
            assert_eq!(found, expected, "{outer:?} {inner:?}");
        }
        let elsewhere = Scope { mount: "other".into(), ..scope("a", true) };
        assert!(!scope("", false).encloses(&elsewhere));
    }
}
