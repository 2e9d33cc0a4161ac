//! What of many resources one visitor may see: the same decision as for a tile, asked without
//! fetching anything. For the access status, which says it beside a manifest.

use super::path::{Canonical, Part, locate};
use super::request::Presented;
use super::trial::path_of;
use super::{
    Brought, Grounds, address_of, grant_of_cookie, grant_of_token, may_read_by_network, redeemed,
    refuse_foreign, visitor,
};
use crate::credential::account::PassId;
use crate::credential::keyring::Purpose;
use crate::policy::condition::Conditions;
use crate::policy::decision::{Aspects, Decision, Resource};
use crate::policy::mount::MountKind;
use crate::policy::permitted::Permitted;

/// How one resource stands to one visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub decision: Decision,
    pub kind: MountKind,
    /// What those who may see it may do with it.
    pub permitted: Permitted,
    /// When a date of the policy changes what is asked for, seconds since 1970 UTC.
    pub until: Option<u64>,
}

/// What the visitor brings.
#[derive(Clone, Debug, Default)]
pub struct Holder {
    pub aspects: Aspects,
    /// IDs of passes, each for what is in its scope.
    passes: Vec<PassId>,
}

/// What the visitor brings: the conditions and passes of a 1.0 access token, or else of the access cookie where that
/// counts, a pass whose secret is sent, and the conditions of the address where the page that asks may use them (T10).
///
/// # Errors
/// If the request is not one of NGINX's for our host; the reason is for the log.
pub fn holder(
    presented: &Presented<'_>,
    grounds: &Grounds<'_>,
    cookie_counts: bool,
) -> Result<Holder, &'static str> {
    refuse_foreign(presented, grounds)?;
    let address = address_of(presented)?;
    let grant = match grant_of_token(presented, Purpose::AccessToken1, grounds) {
        Ok(grant) => Some(grant),
        Err(_) if cookie_counts => grant_of_cookie(presented, grounds).ok(),
        Err(_) => None,
    };
    let by_network = if may_read_by_network(presented, grounds) {
        grounds.policy.conditions.of_address(address)
    } else {
        Conditions::NONE
    };
    let aspects = Aspects { held: visitor(grant.as_ref(), grounds).held, by_network, now: grounds.now };
    let brought = Brought { redeemed: redeemed(grant.as_ref()), authorization: presented.authorization };
    Ok(Holder { aspects, passes: brought.counting(grounds).map(|pass| pass.id).collect() })
}

/// How the resource of a URL stands; `None` if it is none of ours. `public_origin` is what
/// our URLs begin with.
pub fn standing(
    url: &str,
    public_origin: &str,
    grounds: &Grounds<'_>,
    holder: &Holder,
    scratch: &mut Canonical,
) -> Option<Standing> {
    let mounts = grounds.policy.mounts();
    let located = locate(path_of(url, public_origin)?.as_bytes(), mounts, scratch).ok()?;
    let position = mounts.iter().position(|mount| std::ptr::eq(mount, located.mount))?;
    let resource = Resource { mount: position, identifier: &scratch.identifier };
    let brought = Brought { redeemed: &holder.passes, authorization: None };
    let (asked, aspects) = (grounds.policy.wanted_of(&resource), &holder.aspects);
    let (decision, _) = brought.decide(&resource, asked, aspects, grounds);
    let of_shadow = decision.is_shadow().then(|| located.mount.shadow_until());
    let of_rules = grounds.policy.next_change(&resource, aspects.now);
    Some(Standing {
        decision,
        kind: located.mount.kind,
        permitted: grounds.policy.permitted(&resource, aspects.now),
        until: of_rules.into_iter().chain(of_shadow).min(),
    })
}

/// The manifest that a URL names: its mount and the path at the origin, which is written to `scratch`.
/// No other URL may be read for somebody who asks (P10).
pub fn manifest_of<'g>(
    url: &str,
    public_origin: &str,
    grounds: &Grounds<'g>,
    scratch: &mut Canonical,
) -> Option<&'g str> {
    let located = locate(path_of(url, public_origin)?.as_bytes(), grounds.policy.mounts(), scratch).ok()?;
    (located.part == Part::Manifest).then_some(located.mount.name.as_str())
}
