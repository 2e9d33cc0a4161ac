//! The probe of the IIIF Authorization Flow API 2.0: what the tile path would say, asked
//! ahead by a viewer that cannot see its visitor's cookie.

use super::path::{Canonical, Part, locate};
use super::request::Presented;
use super::{Grounds, Verdict, address_of, by_token_or_cookie, refuse_foreign};
use crate::credential::keyring::Purpose;
use crate::policy::mount::MountKind;

/// Where probes are; the mount's name, a `/` and the image's identifier or the file's name follow,
/// spelled as in its own URL.
pub const PREFIX: &str = "/auth/v2/probe/";

/// A probe of an image or a file there may be.
#[derive(Clone, Copy, Debug)]
pub struct Probed<'h> {
    /// Position in [`crate::policy::Policy::mounts`].
    pub position: usize,
    /// The image's identifier, spelled as in the image's own URL.
    pub identifier: &'h str,
    pub verdict: Verdict,
}

/// Why a probe is about nothing; nobody's credential was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoProbe {
    /// The request is not one of NGINX's for our host; the reason is for the log.
    Refused(&'static str),
    /// No image or file mount of the name that speaks version 2.0, or a name that nothing there
    /// can have.
    Unknown,
}

/// Decides whether the visitor may have the image's tiles, or the file. A 2.0 access token counts, which counts
/// nowhere else (T5), and so does the access cookie: a viewer on our own site sends it,
/// and will send it for the content.
///
/// # Errors
/// If there is nothing to ask about.
pub fn judge_probe<'h>(
    presented: &Presented<'h>,
    grounds: &Grounds<'_>,
    out: &mut Canonical,
) -> Result<Probed<'h>, NoProbe> {
    let uri = original_uri(presented, grounds).map_err(NoProbe::Refused)?;
    let address = address_of(presented).map_err(NoProbe::Refused)?;
    let (position, identifier) = named(uri, grounds, out).ok_or(NoProbe::Unknown)?;
    // Who may read it does not matter here (T10): a page can see by itself whether an image loads.
    let at = (position, Some(address));
    let verdict = by_token_or_cookie(presented, Purpose::AccessToken2, at, grounds, out);
    Ok(Probed { position, identifier, verdict })
}

/// NGINX sends the path of `/auth/` decoded; what was typed stands in this header alone, with
/// the same conditions as for a tile (H2, H5, T10).
fn original_uri<'h>(presented: &Presented<'h>, grounds: &Grounds<'_>) -> Result<&'h [u8], &'static str> {
    refuse_foreign(presented, grounds)?;
    presented.original_uri.ok_or("no-original-uri")
}

/// The position of the mount, and the identifier as typed; the one that is judged is written to `out`.
///
/// It is read as that of the image's info.json or of the file itself is, by the same function: a probe
/// can be about no other image than the document that names it, and about no other file.
fn named<'h>(uri: &'h [u8], grounds: &Grounds<'_>, out: &mut Canonical) -> Option<(usize, &'h str)> {
    let path = uri.split(|byte| *byte == b'?').next()?;
    let rest = std::str::from_utf8(path.strip_prefix(PREFIX.as_bytes())?).ok()?;
    let (name, identifier) = rest.split_once('/')?;
    let mounts = grounds.policy.mounts();
    let (position, mount) = mounts.iter().enumerate().find(|(_, mount)| mount.name == name)?;
    if !mount.iiif_auth.two {
        return None;
    }
    let (asked, part) = match mount.kind {
        MountKind::Image => (format!("{}{identifier}/info.json", mount.prefix), Part::Info),
        MountKind::File | MountKind::S3 => (format!("{}{identifier}", mount.prefix), Part::File),
        MountKind::Manifest => return None,
    };
    let located = locate(asked.as_bytes(), mounts, out).ok()?;
    // Where prefixes nest, the path may be the inner mount's.
    (std::ptr::eq(located.mount, mount) && located.part == part).then_some((position, identifier))
}

#[cfg(test)]
mod tests;
