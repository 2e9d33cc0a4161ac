//! The one decision of the house: whether a visitor may have something, and why.

use super::Policy;
use super::decision::{Aspects, Basis, Decision, PassGives, Resource};
use super::index::Winner;
use super::mount::MountKind;
use super::permitted::Permitted;
use super::requirement::Requirement;
use super::thumbnail::{Answer, Asked, is_permitted};

impl Policy {
    /// What is asked of whoever wants the resource, and by which rule.
    ///
    /// # Errors
    /// Why there is no such thing.
    pub(super) fn requirement(
        &self,
        resource: &Resource<'_>,
        now: u64,
    ) -> Result<(Requirement, Winner), Basis> {
        let Some(guard) = self.guards.get(resource.mount) else {
            return Err(Basis::Malformed("unknown-mount"));
        };
        Ok(guard.rules.find(resource.identifier, now, guard.default))
    }

    /// [`Policy::decide_asked`] for what a viewer or a browser would want of the resource: an image's tiles at
    /// full resolution, a file as a whole. The descriptions of it, the probe and the access status say that.
    pub fn decide(&self, resource: &Resource<'_>, aspects: &Aspects) -> Decision {
        self.decide_asked(resource, self.wanted_of(resource), aspects)
    }

    /// What a viewer or a browser would want of the resource.
    pub fn wanted_of(&self, resource: &Resource<'_>) -> Asked {
        match self.mounts.get(resource.mount).map(|mount| mount.kind) {
            Some(MountKind::File | MountKind::S3) => Asked::Document,
            _ => Asked::View,
        }
    }

    /// Whether the visitor may have this of the resource, and why. Nothing else in the
    /// house decides that.
    pub fn decide_asked(&self, resource: &Resource<'_>, asked: Asked, aspects: &Aspects) -> Decision {
        let (requirement, winner) = match self.requirement(resource, aspects.now) {
            Ok(found) => found,
            Err(basis) => return Decision::Refuse(basis),
        };
        let decision =
            self.of_asked(by_conditions(&requirement, winner, aspects), &requirement, winner, asked);
        match decision {
            // As if the visitor had logged in: what those may not do who may see it, nobody may.
            Decision::Challenge(..) if self.is_in_shadow(resource.mount, aspects.now) => {
                self.of_asked(Decision::Allow(Basis::Shadow(winner)), &requirement, winner, asked)
            }
            decision => decision,
        }
    }

    /// Whether a pass opens this of the resource, to somebody whom nothing else does: [`Policy::decide_asked`] has not
    /// allowed it. `None`: not this pass.
    ///
    /// It stands in for a login and for nothing more. What is closed stays closed, and what a rule does not permit to
    /// those who may see it, it permits to nobody.
    pub fn decide_by_pass(
        &self,
        resource: &Resource<'_>,
        asked: Asked,
        gives: &PassGives,
        now: u64,
    ) -> Option<Decision> {
        let (requirement, winner) = self.requirement(resource, now).ok()?;
        if !gives.is_enough_for(requirement.conditions()) {
            return None;
        }
        let requirement = requirement.permitting(gives.permitted);
        Some(self.of_asked(Decision::Allow(Basis::Pass(winner)), &requirement, winner, asked))
    }

    /// The decision about the resource, made one about what of it is asked for.
    fn of_asked(
        &self,
        decision: Decision,
        requirement: &Requirement,
        winner: Winner,
        asked: Asked,
    ) -> Decision {
        let permitted = requirement.permitted();
        let thumbnail =
            |request, measure| self.conditions.is_thumbnail(requirement.conditions(), request, measure);
        match (&decision, &asked) {
            // Nobody may have it whole, whatever they hold.
            (Decision::Allow(_) | Decision::Challenge(..), Asked::Document)
                if !permitted.whole_document() =>
            {
                Decision::Refuse(Basis::NotPermitted(winner))
            }
            (Decision::Allow(_), Asked::Image(request, measure)) => {
                let permitted = is_permitted(permitted, request, *measure);
                if permitted == Answer::Yes {
                    return decision;
                }
                // Whoever holds a condition has no less than everybody.
                match (permitted, thumbnail(request, *measure)) {
                    (_, Answer::Yes) => Decision::Allow(Basis::Thumbnail(winner)),
                    (Answer::NotYet, _) | (_, Answer::NotYet) => Decision::Refuse(Basis::SizeUnknown),
                    _ => Decision::Refuse(Basis::NotPermitted(winner)),
                }
            }
            (Decision::Challenge(..), Asked::Image(request, measure)) => match thumbnail(request, *measure) {
                Answer::Yes => Decision::Allow(Basis::Thumbnail(winner)),
                Answer::No => decision,
                Answer::NotYet => Decision::Refuse(Basis::SizeUnknown),
            },
            _ => decision,
        }
    }

    /// What those who may see the resource may do with it.
    pub fn permitted(&self, resource: &Resource<'_>, now: u64) -> Permitted {
        self.requirement(resource, now)
            .map_or(Permitted::EVERYTHING, |(requirement, _)| requirement.permitted())
    }
}

/// Whether the visitor is one of those who may see it at all.
fn by_conditions(requirement: &Requirement, winner: Winner, aspects: &Aspects) -> Decision {
    if requirement.is_open() {
        return Decision::Allow(Basis::Open(winner));
    }
    if requirement.is_closed() {
        return Decision::Refuse(Basis::Closed(winner));
    }
    let needed = requirement.conditions();
    if let Some(bit) = needed.intersection(&aspects.held).first() {
        Decision::Allow(Basis::Held(bit, winner))
    } else if let Some(bit) = needed.intersection(&aspects.by_network).first() {
        Decision::Allow(Basis::Network(bit, winner))
    } else {
        Decision::Challenge(needed, Basis::NotHeld(winner))
    }
}
