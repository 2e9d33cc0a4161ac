//! What the token opens that a person has allowed a viewer of another origin: content, as the person may see it, and no
//! description, probe or page.

use std::net::IpAddr;

use super::path::Canonical;
use super::request::Presented;
use super::{Grounds, Verdict, by_grant};
use crate::credential::presented::bearer;
use crate::credential::sealed::{Fault, Grant};
use crate::credential::viewer_token;
use crate::policy::thumbnail::Asked;

/// The verdict by the token; `None` without one that counts.
pub(super) fn verdict(
    presented: &Presented<'_>,
    at: (usize, IpAddr),
    asked: Asked,
    grounds: &Grounds<'_>,
    canonical: &Canonical,
) -> Option<Verdict> {
    let grant = grant(presented, grounds).ok()?;
    Some(by_grant(Some(&grant), None, at, asked, grounds, canonical))
}

fn grant(presented: &Presented<'_>, grounds: &Grounds<'_>) -> Result<Grant, Fault> {
    if grounds.token_origins.is_empty() {
        return Err(Fault::Missing);
    }
    let sealed = bearer(presented.authorization)?;
    if !grounds.fresh {
        return Err(Fault::Stale);
    }
    let page = presented.origin.filter(|origin| !origin.is_empty());
    let Grounds { token_origins, keyring, revocations, now, .. } = *grounds;
    viewer_token::open(sealed, page, token_origins, keyring, revocations, now)
}
