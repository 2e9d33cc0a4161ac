//! A tile of a substitute: judged by the size of its image, which is not in the request.
//!
//! Everybody may have it or nobody, so that no credential is looked at.

use super::path::{Canonical, INFO_PATH, Part, SubstitutePart};
use super::request::Presented;
use super::{Grounds, Verdict, Visitor, read};
use crate::iiif::substitute::{Dimensions, Halvings, Pyramid};
use crate::policy::Policy;
use crate::policy::decision::{Basis, Decision, Resource};

/// What is said as long as the size is not known: that there is no substitute of this image, or that the
/// size is needed. Then `canonical.path` is that of the info.json that has it.
pub(super) fn without_size(position: usize, grounds: &Grounds<'_>, canonical: &Canonical) -> Verdict {
    let resource = Resource { mount: position, identifier: &canonical.identifier };
    about_nobody(undecided(grounds.policy, &resource, grounds.now))
}

/// What can be said of a substitute without that size.
pub fn undecided(policy: &Policy, resource: &Resource<'_>, now: u64) -> Decision {
    match policy.substitute_px(resource, now) {
        Some(_) => Decision::Refuse(Basis::SizeUnknown),
        None => Decision::Refuse(Basis::NoSubstitute),
    }
}

/// Decides whether this part of the substitute may be had, for an image of these dimensions.
pub fn decide(
    policy: &Policy,
    resource: &Resource<'_>,
    now: u64,
    image: Dimensions,
    halvings: Halvings,
    what: SubstitutePart,
) -> Decision {
    let decision = policy.decide_substitute(resource, now, image, halvings);
    match what {
        SubstitutePart::Image(asked)
            if decision.is_allow() && Pyramid::of(image, halvings).request(&asked).is_none() =>
        {
            Decision::Refuse(Basis::Malformed("not-advertised"))
        }
        _ => decision,
    }
}

/// Decides, for an image of these dimensions, whether this tile of its substitute may be had; `out`
/// receives the path of the part of the image that NGINX is to fetch for it.
///
/// The path is a function of the address and the image's dimensions, never of the visitor.
pub fn judge(
    presented: &Presented<'_>,
    grounds: &Grounds<'_>,
    image: Dimensions,
    out: &mut Canonical,
) -> Verdict {
    let refuse = |reason| about_nobody(Decision::Refuse(Basis::Malformed(reason)));
    let request = match read(presented, grounds, out) {
        Ok(request) => request,
        Err(reason) => return refuse(reason),
    };
    let Part::Substitute { halvings, what: SubstitutePart::Image(asked) } = request.part else {
        return refuse("not-a-substitute");
    };
    let resource = Resource { mount: request.position, identifier: &out.identifier };
    let decision = grounds.policy.decide_substitute(&resource, grounds.now, image, halvings);
    if !decision.is_allow() {
        return about_nobody(decision);
    }
    let Some(mapped) = Pyramid::of(image, halvings).request(&asked) else {
        return refuse("not-advertised");
    };
    let image_path = out.path.len().saturating_sub(INFO_PATH.len());
    out.path.truncate(image_path);
    if out.path.try_push('/').is_err() || mapped.write(&mut out.path).is_err() {
        return refuse("too-long");
    }
    about_nobody(decision)
}

fn about_nobody(decision: Decision) -> Verdict {
    Verdict { decision, visitor: Visitor::default() }
}

#[cfg(test)]
mod tests;
