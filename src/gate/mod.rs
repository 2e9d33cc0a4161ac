//! NGINX's request as bytes, and the verdict.
//!
//! [`judge`] is a plain function: it cannot await a database or a socket. It reads
//! the request once, in one certain meaning, and everything that is about this
//! visitor and this resource (the tile path, info.json, `explain`, policy tests)
//! goes through the same steps.

pub mod coverage;
pub mod explanation;
pub mod measured;
mod pass;
pub mod path;
pub mod probe;
pub mod promise;
pub mod request;
pub mod status;
pub mod substitute;
pub mod trial;
mod viewer_token;

use std::net::IpAddr;

use pass::Brought;
use path::{BadPath, Canonical, Part, SubstitutePart};
use request::Presented;

use crate::credential::account::{AccountId, PassId};
use crate::credential::keyring::{Keyring, Purpose};
use crate::credential::pass::Pass;
use crate::credential::presented::{bearer, cookie};
use crate::credential::revocation::Revocations;
use crate::credential::sealed::{Fault, Grant};
use crate::credential::viewer_token::TokenOrigin;
use crate::policy::Policy;
use crate::policy::condition::Conditions;
use crate::policy::decision::{Aspects, Basis, Decision, Resource};
use crate::policy::mount::Mount;
use crate::policy::thumbnail::{Asked, Measure};

/// What judging stands on, besides the request.
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'g> {
    pub policy: &'g Policy,
    pub revocations: &'g Revocations,
    pub keyring: &'g Keyring,
    /// Public host in lower case, without port.
    pub host: &'g str,
    /// Name of the access cookie.
    pub cookie: &'g str,
    /// Serialised origins whose pages may read what a network alone opened: our own, and listed ones.
    pub readers: &'g [String],
    /// Origins whose pages may have been allowed a token that opens content; none, and no such token counts.
    pub token_origins: &'g [TokenOrigin],
    /// Whether the store was heard of lately; if not, no credential counts.
    pub fresh: bool,
    /// Seconds since 1970 UTC.
    pub now: u64,
}

/// A request read in one certain meaning.
#[derive(Clone, Debug)]
pub struct AuthRequest<'g> {
    /// Position in [`Policy::mounts`].
    pub position: usize,
    pub mount: &'g Mount,
    pub part: Part,
    pub address: IpAddr,
    /// The pass whose secret the address carries: it alone counts then.
    pub carried: Option<&'g Pass>,
}

/// Who the visitor turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    pub account: Option<AccountId>,
    pub held: Conditions,
    /// The pass that opened what nothing else did.
    pub pass: Option<PassId>,
    /// Whether the address carries a pass, so that nothing else was looked at.
    pub is_carried: bool,
}

/// A decision and whom it is about.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    pub decision: Decision,
    pub visitor: Visitor,
}

/// Decides whether the visitor may have this image tile or this file; `out` receives
/// the canonical path that NGINX is to fetch. Allocates nothing on the allow path.
///
/// Where the address carries a pass, that pass counts and nothing else. Otherwise only the access cookie, the secret of
/// a pass and a viewer's token count: an access token opens no content (T5). Whether it would,
/// a `HEAD` of a file says, to a 1.0 token as to its session's cookie: a viewer has no other
/// way to ask (product decision 4). info.json and manifests are not for this door. Some requests cannot be judged
/// without the dimensions of the image: then the basis is [`Basis::SizeUnknown`], `out` has the path of the
/// info.json that says them, and [`measured::judge_measured`] has the last word.
pub fn judge(presented: &Presented<'_>, grounds: &Grounds<'_>, out: &mut Canonical) -> Verdict {
    let refuse = |reason| Verdict {
        decision: Decision::Refuse(Basis::Malformed(reason)),
        visitor: Visitor::default(),
    };
    let request = match read(presented, grounds, out) {
        Ok(request) => request,
        Err(reason) => return refuse(reason),
    };
    if let Some(pass) = request.carried {
        return pass::by_carried(pass, request.position, grounds, out);
    }
    let asked = match request.part {
        Part::File if presented.original_method == Some(b"HEAD") => {
            let (position, address) = (request.position, request.address);
            if let Some(by_viewer) =
                viewer_token::verdict(presented, (position, address), Asked::Document, grounds, out)
                && is_settled(&by_viewer)
            {
                return by_viewer;
            }
            return by_token_or_cookie(
                presented,
                Purpose::AccessToken1,
                (position, Some(address)),
                grounds,
                out,
            );
        }
        Part::Image(image) => Asked::Image(image, Measure::NotAsked),
        Part::File => Asked::Document,
        Part::Substitute { what: SubstitutePart::Image(_), .. } => {
            return substitute::without_size(request.position, grounds, out);
        }
        Part::Substitute { .. } | Part::Info | Part::Bare | Part::Manifest => return refuse("not-an-image"),
    };
    let verdict = by_what_opens(presented, (request.position, request.address), asked, grounds, out);
    if verdict.decision == Decision::Refuse(Basis::SizeUnknown) {
        measured::turn_to_info(out);
    }
    verdict
}

/// Decides whether the visitor may see the description (info.json, a manifest) in full; the
/// access cookie, a 1.0 access token and a pass all count (product decision 4).
pub fn judge_description(
    presented: &Presented<'_>,
    request: &AuthRequest<'_>,
    grounds: &Grounds<'_>,
    canonical: &Canonical,
) -> Verdict {
    let address = Some(request.address).filter(|_| may_read_by_network(presented, grounds));
    by_token_or_cookie(presented, Purpose::AccessToken1, (request.position, address), grounds, canonical)
}

/// Whether the page that asks may read what only its visitor's network opens (T10): one of ours, a listed
/// one, or no page of another site at all. Any page that somebody in a reading room has open
/// could otherwise read along.
pub fn may_read_by_network(presented: &Presented<'_>, grounds: &Grounds<'_>) -> bool {
    match presented.origin {
        None | Some(b"") => true,
        Some(origin) => {
            grounds.readers.iter().any(|reader| reader.as_bytes() == origin)
                || is_named_origin(presented, grounds.policy.mounts())
        }
    }
}

/// Whether the page that asks is of an origin that the mount names (`cors=`).
pub fn is_named_origin(presented: &Presented<'_>, mounts: &[Mount]) -> bool {
    let Some(origin) = presented.origin.filter(|origin| !origin.is_empty()) else { return false };
    mounts
        .iter()
        .filter(|mount| !mount.cors.is_empty())
        .any(|mount| presented.mount == Some(mount.name.as_bytes()) && mount.names_origin(origin))
}

/// The verdict about content: by a viewer's token, by the access cookie, or by the secret of a pass; whichever is enough.
fn by_what_opens(
    presented: &Presented<'_>,
    at: (usize, IpAddr),
    asked: Asked,
    grounds: &Grounds<'_>,
    canonical: &Canonical,
) -> Verdict {
    let by_viewer = viewer_token::verdict(presented, at, asked, grounds, canonical);
    if let Some(by_viewer) = by_viewer.filter(is_settled) {
        return by_viewer;
    }
    let grant = grant_of_cookie(presented, grounds).ok();
    let by_cookie = by_grant(grant.as_ref(), presented.authorization, at, asked, grounds, canonical);
    // Where neither is enough, the token says who asks, and whether dimensions could help.
    by_viewer.filter(|_| !is_settled(&by_cookie)).unwrap_or(by_cookie)
}

/// The verdict about content for somebody with this grant, or with none.
fn by_grant(
    grant: Option<&Grant>,
    authorization: Option<&[u8]>,
    (position, address): (usize, IpAddr),
    asked: Asked,
    grounds: &Grounds<'_>,
    canonical: &Canonical,
) -> Verdict {
    let visitor = visitor(grant, grounds);
    let resource = Resource { mount: position, identifier: &canonical.identifier };
    let aspects = aspects(visitor.held, Some(address), grounds);
    let brought = Brought { redeemed: redeemed(grant), authorization };
    let (decision, pass) = brought.decide(&resource, asked, &aspects, grounds);
    Verdict { decision, visitor: Visitor { pass, ..visitor } }
}

/// Whether it needs no other credential. What a dry run allows says nothing about the visitor.
fn is_settled(verdict: &Verdict) -> bool {
    verdict.decision.is_allow() && !verdict.decision.is_shadow()
}

/// The verdict for whichever of the credentials is enough.
fn by_token_or_cookie(
    presented: &Presented<'_>,
    token: Purpose,
    (position, address): (usize, Option<IpAddr>),
    grounds: &Grounds<'_>,
    canonical: &Canonical,
) -> Verdict {
    let resource = Resource { mount: position, identifier: &canonical.identifier };
    let verdict = |grant: Option<&Grant>, authorization| {
        let visitor = visitor(grant, grounds);
        let brought = Brought { redeemed: redeemed(grant), authorization };
        let (aspects, asked) = (aspects(visitor.held, address, grounds), grounds.policy.wanted_of(&resource));
        let (decision, pass) = brought.decide(&resource, asked, &aspects, grounds);
        Verdict { decision, visitor: Visitor { pass, ..visitor } }
    };
    let by_token = grant_of_token(presented, token, grounds);
    let by_token = verdict(by_token.as_ref().ok(), presented.authorization);
    if is_settled(&by_token) {
        return by_token;
    }
    verdict(grant_of_cookie(presented, grounds).as_ref().ok(), None)
}

/// Reads the request; the error is the reason for the log.
///
/// # Errors
/// If a mandatory header is missing (H5) or doubtful (H2, P1), the host is not
/// ours (T10), the path has no certain meaning, NGINX's mount is not the path's, or
/// NGINX has that mount from other settings. Only a configuration that was not made by
/// `nginx-conf` says nothing about its settings.
pub fn read<'g>(
    presented: &Presented<'_>,
    grounds: &Grounds<'g>,
    out: &mut Canonical,
) -> Result<AuthRequest<'g>, &'static str> {
    if presented.ambiguous {
        return Err("ambiguous-headers");
    }
    let uri = presented.original_uri.ok_or("no-original-uri")?;
    let method = presented.original_method.ok_or("no-original-method")?;
    let host = presented.original_host.ok_or("no-original-host")?;
    let mount_name = presented.mount.ok_or("no-mount")?;
    let address = address_of(presented)?;
    if !is_reading(method) {
        return Err("method");
    }
    if !is_host(host, grounds.host) {
        return Err("foreign-host");
    }
    let mounts = grounds.policy.mounts();
    let (located, carried) = match path::locate(uri, mounts, out) {
        Ok(located) => (located, None),
        Err(BadPath::OfPass) => {
            let (located, pass) = pass::carried(uri, grounds, out)?;
            (located, Some(pass))
        }
        Err(bad) => return Err(bad.reason()),
    };
    if located.mount.name.as_bytes() != mount_name {
        return Err("other-mount");
    }
    // What is signed is one request to the bucket, and what a browser asks ahead is answered by NGINX.
    if located.mount.bucket.is_some() && method == b"OPTIONS" {
        return Err("method");
    }
    let position =
        mounts.iter().position(|mount| std::ptr::eq(mount, located.mount)).ok_or("unknown-mount")?;
    if presented.mark.is_some_and(|mark| grounds.policy.mark(position).map(str::as_bytes) != Some(mark)) {
        return Err("other-settings");
    }
    Ok(AuthRequest { position, mount: located.mount, part: located.part, address, carried })
}

/// Refuses what is not one of NGINX's own requests for our host (H2, H5, T10); for those that are about no
/// mount and so are not read by [`read`].
fn refuse_foreign(presented: &Presented<'_>, grounds: &Grounds<'_>) -> Result<(), &'static str> {
    if presented.ambiguous {
        return Err("ambiguous-headers");
    }
    if !presented.original_method.is_some_and(is_reading) {
        return Err("method");
    }
    match presented.original_host {
        Some(host) if is_host(host, grounds.host) => Ok(()),
        Some(_) => Err("foreign-host"),
        None => Err("no-original-host"),
    }
}

fn address_of(presented: &Presented<'_>) -> Result<IpAddr, &'static str> {
    presented.real_ip.and_then(client_address).ok_or("no-client-address")
}

fn is_reading(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"OPTIONS")
}

/// The grant of the access cookie.
///
/// # Errors
/// Why there is none that counts.
pub fn grant_of_cookie(presented: &Presented<'_>, grounds: &Grounds<'_>) -> Result<Grant, Fault> {
    let sealed = cookie(presented.cookie, grounds.cookie)?;
    open(sealed, Purpose::AccessCookie, grounds)
}

fn grant_of_token(
    presented: &Presented<'_>,
    purpose: Purpose,
    grounds: &Grounds<'_>,
) -> Result<Grant, Fault> {
    let sealed = bearer(presented.authorization)?;
    open(sealed, purpose, grounds)
}

fn open(sealed: &[u8], purpose: Purpose, grounds: &Grounds<'_>) -> Result<Grant, Fault> {
    if !grounds.fresh {
        return Err(Fault::Stale);
    }
    Grant::open(sealed, grounds.keyring, purpose, grounds.revocations, grounds.now)
}

fn visitor(grant: Option<&Grant>, grounds: &Grounds<'_>) -> Visitor {
    grant.map_or_else(Visitor::default, |grant| Visitor {
        account: grant.account(),
        held: grant.held(&grounds.policy.conditions, &grounds.revocations.devices),
        ..Visitor::default()
    })
}

fn redeemed(grant: Option<&Grant>) -> &[PassId] {
    grant.map_or(&[], |grant| &grant.passes)
}

fn aspects(held: Conditions, address: Option<IpAddr>, grounds: &Grounds<'_>) -> Aspects {
    // The address counts at every request anew, and is part of no credential (T6).
    let by_network =
        address.map_or(Conditions::NONE, |address| grounds.policy.conditions.of_address(address));
    Aspects { held, by_network, now: grounds.now }
}

/// The client's address as NGINX gives it; IPv4-mapped addresses are folded (H7).
pub fn client_address(text: &[u8]) -> Option<IpAddr> {
    let address: IpAddr = std::str::from_utf8(text).ok()?.parse().ok()?;
    Some(address.to_canonical())
}

/// Whether a `Host` header names `host`: any case, with or without a port and a
/// trailing dot (P5).
pub fn is_host(header: &[u8], host: &str) -> bool {
    let name = match header.iter().rposition(|byte| *byte == b':') {
        // The last colon of a bracketed IPv6 address is not a port's.
        Some(colon) if !header.ends_with(b"]") => {
            let (name, port) = header.split_at(colon);
            if port.iter().skip(1).any(|byte| !byte.is_ascii_digit()) {
                return false;
            }
            name
        }
        _ => header,
    };
    let name = name.strip_suffix(b".").unwrap_or(name);
    name.eq_ignore_ascii_case(host.as_bytes())
}

#[cfg(test)]
mod tests;
