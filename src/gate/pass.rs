//! Which of a visitor's passes opens what nothing else opens to them.
//!
//! Passes are looked at last: whoever has none, or needs none, is not held up by them. Only where the address itself
//! carries a pass nothing else is looked at.

use super::path::{Canonical, Carried, Located};
use super::{Grounds, Verdict, Visitor};
use crate::credential::account::PassId;
use crate::credential::pass::{Pass, PresentedSecret};
use crate::policy::Policy;
use crate::policy::decision::{Aspects, Basis, Decision, PassGives, Resource};
use crate::policy::mount::Mount;
use crate::policy::thumbnail::Asked;

/// The passes that a request brings, as it brings them.
#[derive(Clone, Copy)]
pub(super) struct Brought<'b> {
    /// IDs in a cookie or an access token; some may be those of devices.
    pub(super) redeemed: &'b [PassId],
    /// The header with which a program sends a secret.
    pub(super) authorization: Option<&'b [u8]>,
}

impl Brought<'_> {
    /// Those that count now, whatever they are for. Nothing is looked at before the first is asked for.
    pub(super) fn counting<'g>(self, grounds: &Grounds<'g>) -> impl Iterator<Item = &'g Pass> {
        let (passes, now) = (&grounds.revocations.passes, grounds.now);
        // Where the store has been out of reach too long, none is known to count (S18).
        let is_any = grounds.fresh && !passes.is_empty();
        let authorization = self.authorization.filter(|_| is_any);
        let redeemed: &[PassId] = if is_any { self.redeemed } else { &[] };
        let presented = authorization.into_iter().filter_map(move |header| {
            passes.presented(&PresentedSecret::of_authorization(Some(header))?, now)
        });
        redeemed.iter().filter_map(move |id| passes.get(id, now)).chain(presented)
    }

    /// The decision, and the pass that it rests on.
    pub(super) fn decide(
        self,
        resource: &Resource<'_>,
        asked: Asked,
        aspects: &Aspects,
        grounds: &Grounds<'_>,
    ) -> (Decision, Option<PassId>) {
        let mounts = grounds.policy.mounts();
        let rules = mounts.get(resource.mount).map(Mount::rules_name).unwrap_or_default();
        let in_scope = self.counting(grounds).filter(|pass| pass.scope.has(rules, resource.identifier));
        decide(grounds.policy, resource, asked, aspects, in_scope.map(|pass| (pass.id, &pass.gives)))
    }
}

/// What an address is about that carries the secret of a pass, and that pass. Whatever is wrong with either, it says the
/// same.
///
/// # Errors
/// If there is no such pass for this mount that counts, or nothing of the name in what it is for.
pub(super) fn carried<'g>(
    original_uri: &[u8],
    grounds: &Grounds<'g>,
    out: &mut Canonical,
) -> Result<(Located<'g>, &'g Pass), &'static str> {
    let mounts = grounds.policy.mounts();
    let mut found = || {
        let carried = Carried::read(original_uri, mounts).filter(|_| grounds.fresh)?;
        let pass = grounds.revocations.passes.of_secret(&carried.secret, grounds.now)?;
        Some((carried.locate(&pass.scope, mounts, out).ok()?, pass))
    };
    found().ok_or("no-such-pass")
}

/// The verdict for whoever brings an address that carries this pass, which is for the resource: by the pass, or by what
/// everybody may. No login is offered; the address is for somebody who has none.
pub(super) fn by_carried(
    pass: &Pass,
    position: usize,
    grounds: &Grounds<'_>,
    canonical: &Canonical,
) -> Verdict {
    let resource = Resource { mount: position, identifier: &canonical.identifier };
    let asked = grounds.policy.wanted_of(&resource);
    let aspects = Aspects { now: grounds.now, ..Aspects::default() };
    let given = std::iter::once((pass.id, &pass.gives));
    let (decision, pass) = decide(grounds.policy, &resource, asked, &aspects, given);
    let decision = match decision {
        Decision::Challenge(_, basis) => Decision::Refuse(basis),
        decision => decision,
    };
    Verdict { decision, visitor: Visitor { pass, is_carried: true, ..Visitor::default() } }
}

/// The decision about somebody who brings these passes, which are for the resource; and the pass that it rests on.
pub(super) fn decide<'p, I>(
    policy: &Policy,
    resource: &Resource<'_>,
    asked: Asked,
    aspects: &Aspects,
    passes: impl Iterator<Item = (I, &'p PassGives)>,
) -> (Decision, Option<I>) {
    let decision = policy.decide_asked(resource, asked, aspects);
    // What a dry run allows says nothing about the visitor.
    let is_settled = decision.is_allow() && !decision.is_shadow();
    if is_settled || matches!(decision, Decision::Refuse(Basis::Closed(_))) {
        return (decision, None);
    }
    let mut depends_on_size = false;
    for (id, gives) in passes {
        match policy.decide_by_pass(resource, asked, gives, aspects.now) {
            Some(Decision::Allow(basis)) => return (Decision::Allow(basis), Some(id)),
            Some(Decision::Refuse(Basis::SizeUnknown)) => depends_on_size = true,
            _ => {}
        }
    }
    // The dimensions are asked for, and all is judged anew.
    let decision = match decision {
        Decision::Challenge(..) if depends_on_size => Decision::Refuse(Basis::SizeUnknown),
        decision => decision,
    };
    (decision, None)
}

#[cfg(test)]
mod tests;
