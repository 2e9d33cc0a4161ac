//! Which of a visitor's passes opens what nothing else opens to them.
//!
//! Passes are looked at last: whoever has none, or needs none, is not held up by them.

use super::Grounds;
use crate::credential::account::PassId;
use crate::credential::pass::{Pass, PresentedSecret};
use crate::policy::decision::{Aspects, Basis, Decision, Resource};
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
    /// Those that count now, whatever they are for.
    pub(super) fn counting<'g>(self, grounds: &Grounds<'g>) -> impl Iterator<Item = &'g Pass> {
        let (passes, now) = (&grounds.revocations.passes, grounds.now);
        // Where the store has been out of reach too long, none is known to count (S18).
        let authorization = self.authorization.filter(|_| grounds.fresh);
        let redeemed: &[PassId] = if grounds.fresh { self.redeemed } else { &[] };
        let presented = PresentedSecret::of_authorization(authorization)
            .and_then(|presented| passes.presented(&presented, now));
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
        let decision = grounds.policy.decide_asked(resource, asked, aspects);
        // What a dry run allows says nothing about the visitor.
        if decision.is_allow() && !decision.is_shadow() {
            return (decision, None);
        }
        if grounds.revocations.passes.is_empty() || matches!(decision, Decision::Refuse(Basis::Closed(_))) {
            return (decision, None);
        }
        let Some(mount) = grounds.policy.mounts().get(resource.mount) else { return (decision, None) };
        let mut depends_on_size = false;
        for pass in self.counting(grounds) {
            if !pass.scope.has(mount.rules_name(), resource.identifier) {
                continue;
            }
            match grounds.policy.decide_by_pass(resource, asked, &pass.gives, aspects.now) {
                Some(Decision::Allow(basis)) => return (Decision::Allow(basis), Some(pass.id)),
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
}

#[cfg(test)]
mod tests;
