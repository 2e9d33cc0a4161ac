//! Addresses that carry the secret of a pass: capability URLs, for programs that can send nothing but an address.
//!
//! `<mount's prefix>tgp_<secret>/<name>`, where the name is relative to what the pass is for. Such an address is another
//! spelling of the file's own, and is read as that: so it can mean nothing that the file's own address could not,
//! and what may be fetched is the file's own path. It depends on the address and on the pass, and on no visitor.

use arrayvec::ArrayVec;

use super::{BadPath, Canonical, Located, is_shadowed, locate_rest, mount_of};
use crate::credential::pass::{PassSecret, RESERVED, Scope};
use crate::iiif::file_name;
use crate::iiif::identifier::{BadIdentifier, Identifier, MAX_IDENTIFIER, OriginPath, decode_once};
use crate::policy::mount::Mount;

/// An address with a secret in it, of which nobody knows yet whether it is a pass's.
#[derive(Debug)]
pub struct Carried<'m, 'u> {
    pub mount: &'m Mount,
    pub secret: PassSecret,
    /// What follows the secret, as typed.
    rest: &'u str,
}

impl<'m, 'u> Carried<'m, 'u> {
    /// Reads an address that [`super::locate`] has found to be [`BadPath::OfPass`]; one secret has one spelling.
    pub fn read(original_uri: &'u [u8], mounts: &'m [Mount]) -> Option<Self> {
        let (mount, rest) = mount_of(original_uri, mounts).ok()?;
        let (segment, rest) = rest.split_once('/')?;
        let secret = PassSecret::of_segment(segment).filter(|_| mount.kind.may_carry_passes())?;
        Some(Self { mount, secret, rest })
    }

    /// Finds what it names in a scope, as [`super::locate`] finds it by its own address.
    ///
    /// # Errors
    /// If that leads nowhere, or out of the scope; `out` is empty then.
    pub fn locate(
        &self,
        scope: &Scope,
        mounts: &'m [Mount],
        out: &mut Canonical,
    ) -> Result<Located<'m>, BadPath> {
        let located = self.locate_in(scope, mounts, out);
        if located.is_err() {
            out.path.clear();
            out.identifier.clear();
        }
        located
    }

    fn locate_in(
        &self,
        scope: &Scope,
        mounts: &'m [Mount],
        out: &mut Canonical,
    ) -> Result<Located<'m>, BadPath> {
        let mut own = OriginPath::new();
        if !scope.identifier.is_empty() {
            file_name::write(&scope.identifier, &mut own)?;
        }
        if scope.exact {
            let mut name = Identifier::new();
            file_name::read(self.rest, &mut name)?;
            if scope.identifier.rsplit('/').next() != Some(name.as_str()) {
                return Err(BadPath::OfPass);
            }
        } else {
            let separator = if own.is_empty() { "" } else { "/" };
            for part in [separator, self.rest] {
                own.try_push_str(part).map_err(|_| BadIdentifier::TooLong)?;
            }
        }
        // One secret is enough, and no file is found under such a name.
        if is_reserved(&own) {
            return Err(BadPath::OfPass);
        }
        let located = locate_rest(self.mount, &own, mounts, out)?;
        let is_inside = scope.has(self.mount.rules_name(), &out.identifier);
        if !is_inside || is_shadowed(&out.identifier, self.mount, mounts) {
            return Err(BadPath::OfPass);
        }
        Ok(located)
    }
}

/// Whether the rest of a path begins as one with a secret does, however that is spelled: it is no file's name.
pub(super) fn is_reserved(rest: &str) -> bool {
    if !rest.starts_with(['t', '%']) {
        return false;
    }
    let segment = rest.split('/').next().unwrap_or(rest);
    let mut buffer = ArrayVec::<u8, MAX_IDENTIFIER>::new();
    decode_once(segment, &mut buffer).is_ok_and(|segment| segment.starts_with(RESERVED))
}

#[cfg(test)]
mod tests;
