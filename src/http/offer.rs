//! Which authentication services a resource is offered with.

use super::Context;
use crate::gate::probe;
use crate::iiif::auth2::{AccessService, ProbeService, Status, explained};
use crate::iiif::service::{AuthService, ServiceAddresses, ServicePattern};
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, Conditions, Pattern};
use crate::policy::decision::{Aspects, Decision, Resource};
use crate::policy::mount::Mount;

/// The services of a resource, by version; none if it is open, or if no login helps.
#[derive(Debug, Default)]
pub(super) struct Offer {
    pub(super) one: Vec<AuthService>,
    pub(super) two: Vec<ProbeService>,
}

impl Offer {
    pub(super) fn is_empty(&self) -> bool {
        self.one.is_empty() && self.two.is_empty()
    }
}

/// The login services of what the resource asks for, whoever asks: a visitor with
/// too little needs them to get more, one with enough to log out (A1-38).
///
/// `identifier` is the image's, spelled as the client spelled it; a manifest has none.
pub(super) fn of(
    context: &Context,
    policy: &Policy,
    mount: &Mount,
    resource: &Resource<'_>,
    identifier: Option<&str>,
    now: u64,
) -> Offer {
    let anonymous = Aspects { now, ..Aspects::default() };
    let Decision::Challenge(conditions, _) = policy.decide(resource, &anonymous) else {
        return Offer::default();
    };
    let logins: Vec<_> = logins(policy, conditions).collect();
    let two = identifier.filter(|_| mount.iiif_auth.two);
    Offer {
        one: if mount.iiif_auth.one { cookie_service(context, &logins) } else { Vec::new() },
        two: two.map_or_else(Vec::new, |identifier| probe_service(context, mount, identifier, &logins)),
    }
}

/// Those of the conditions that a person logs in for.
pub(super) fn logins(policy: &Policy, conditions: Conditions) -> impl Iterator<Item = &AccessCondition> {
    policy.conditions.of(conditions).filter(|condition| condition.pattern == Pattern::Login)
}

/// In version 1.0 all conditions of pattern `login` are asked for at one address, so they are one
/// service, with the texts of the first.
fn cookie_service(context: &Context, logins: &[&AccessCondition]) -> Vec<AuthService> {
    let Some(condition) = logins.first() else { return Vec::new() };
    let organisation = &context.settings.organisation;
    let addresses = addresses(context, "iiif-login", "iiif-token");
    vec![AuthService::new(ServicePattern::Login, &condition.texts(), "en", organisation, addresses)]
}

/// In version 2.0 each condition has its own access service. The token is of the session
/// and not of a condition, so one token service serves them all.
fn probe_service(
    context: &Context,
    mount: &Mount,
    identifier: &str,
    logins: &[&AccessCondition],
) -> Vec<ProbeService> {
    let Some(first) = logins.first() else { return Vec::new() };
    let (error_heading, error_note) = explained(&first.texts(), Status::MoreNeeded);
    let access = logins.iter().map(|condition| {
        let addresses = addresses(context, &format!("v2/access/{}", condition.name), "v2/token");
        AccessService::login(&condition.texts(), &context.settings.organisation, addresses)
    });
    let origin = context.settings.site.public_url.origin();
    vec![ProbeService {
        id: format!("{origin}{}{}/{identifier}", probe::PREFIX, mount.name),
        beside_one: mount.iiif_auth.one,
        error_heading,
        error_note,
        access: access.collect(),
    }]
}

fn addresses(context: &Context, access: &str, token: &str) -> ServiceAddresses {
    let origin = context.settings.site.public_url.origin();
    ServiceAddresses {
        access: format!("{origin}/auth/{access}"),
        token: format!("{origin}/auth/{token}"),
        logout: Some(format!("{origin}/auth/logout")),
    }
}
