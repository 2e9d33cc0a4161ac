//! The probe of the IIIF Authorization Flow API 2.0: what the tile path would say, asked
//! ahead by a viewer that cannot see its visitor's cookie.

use super::path::{Canonical, Part, locate};
use super::request::Presented;
use super::{Grounds, Verdict, by_token_or_cookie, is_host, is_reading};
use crate::credential::keyring::Purpose;
use crate::policy::mount::MountKind;

/// Where probes are; the mount's name, a `/` and the image's identifier follow, spelled as
/// in the image's own URL.
pub const PREFIX: &str = "/auth/v2/probe/";

/// A probe of an image there may be.
#[derive(Clone, Copy, Debug)]
pub struct Probed<'h> {
    /// Position in [`crate::policy::Policy::mounts`].
    pub position: usize,
    /// The image's identifier, spelled as in the image's own URL.
    pub identifier: &'h str,
    pub verdict: Verdict,
}

/// Why a probe is about no image; nobody's credential was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoProbe {
    /// The request is not one of NGINX's for our host; the reason is for the log.
    Refused(&'static str),
    /// No image mount of the name that speaks version 2.0, or a name that the mount's image server
    /// cannot have.
    Unknown,
}

/// Decides whether the visitor may have the image's tiles. A 2.0 access token counts, which counts
/// nowhere else (T5), and so does the access cookie: a viewer on our own site sends it,
/// and will send it for the tiles.
///
/// # Errors
/// If there is no image to ask about.
pub fn judge_probe<'h>(
    presented: &Presented<'h>,
    grounds: &Grounds<'_>,
    out: &mut Canonical,
) -> Result<Probed<'h>, NoProbe> {
    let uri = original_uri(presented, grounds).map_err(NoProbe::Refused)?;
    let (position, identifier) = named(uri, grounds, out).ok_or(NoProbe::Unknown)?;
    let verdict = by_token_or_cookie(presented, Purpose::AccessToken2, position, grounds, out);
    Ok(Probed { position, identifier, verdict })
}

/// NGINX sends the path of `/auth/` decoded; what was typed stands in this header alone, with
/// the same conditions as for a tile (H2, H5, T10).
fn original_uri<'h>(presented: &Presented<'h>, grounds: &Grounds<'_>) -> Result<&'h [u8], &'static str> {
    if presented.ambiguous {
        return Err("ambiguous-headers");
    }
    let uri = presented.original_uri.ok_or("no-original-uri")?;
    if !presented.original_method.is_some_and(is_reading) {
        return Err("method");
    }
    match presented.original_host {
        Some(host) if is_host(host, grounds.host) => Ok(uri),
        Some(_) => Err("foreign-host"),
        None => Err("no-original-host"),
    }
}

/// The position of the mount, and the identifier as typed; the one that is judged is written to `out`.
///
/// It is read as that of the image's info.json is, by the same function: a probe
/// can be about no other image than the document that names it.
fn named<'h>(uri: &'h [u8], grounds: &Grounds<'_>, out: &mut Canonical) -> Option<(usize, &'h str)> {
    let path = uri.split(|byte| *byte == b'?').next()?;
    let rest = std::str::from_utf8(path.strip_prefix(PREFIX.as_bytes())?).ok()?;
    let (name, identifier) = rest.split_once('/')?;
    let mounts = grounds.policy.mounts();
    let (position, mount) = mounts.iter().enumerate().find(|(_, mount)| mount.name == name)?;
    if mount.kind != MountKind::Image || !mount.iiif_auth.two {
        return None;
    }
    let info = format!("{}{identifier}/info.json", mount.prefix);
    let located = locate(info.as_bytes(), mounts, out).ok()?;
    // Where prefixes nest, the path may be the inner mount's.
    (std::ptr::eq(located.mount, mount) && located.part == Part::Info).then_some((position, identifier))
}

#[cfg(test)]
mod tests;
