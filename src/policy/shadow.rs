//! A mount whose rules are only tried out (`shadow=`): whoever would be challenged is let in, until a day. What
//! is closed, and what has no certain meaning, stays refused.

use super::Policy;
use super::condition::Conditions;
use super::decision::Resource;

impl Policy {
    /// The policy as it is without any dry run.
    #[must_use]
    pub fn enforced(mut self) -> Self {
        for mount in &mut self.mounts {
            mount.shadow = None;
        }
        self
    }

    /// Whether the mount at this position is in dry run.
    pub(super) fn is_in_shadow(&self, position: usize, now: u64) -> bool {
        self.mounts.get(position).is_some_and(|mount| now < mount.shadow_until())
    }

    /// The conditions of which one is enough for the resource, whatever a dry run allows: what a visitor without
    /// them will need when it is over.
    pub fn needed(&self, resource: &Resource<'_>, now: u64) -> Conditions {
        self.requirement(resource, now).map_or(Conditions::NONE, |(requirement, _)| requirement.conditions())
    }
}
