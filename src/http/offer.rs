//! Which authentication services a resource is offered with.

use serde_json::{Value, json};

use super::Context;
use crate::gate::probe;
use crate::iiif::auth2::{AccessService, ProbeService, explained};
use crate::iiif::service::{AuthService, ServiceAddresses, ServicePattern};
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, Conditions};
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

/// The services of what the resource asks for, whoever asks: a visitor with
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
    let offered = offered(policy, conditions);
    let two = identifier.filter(|_| mount.iiif_auth.two);
    Offer {
        one: if mount.iiif_auth.one { cookie_services(context, &offered) } else { Vec::new() },
        two: two.map_or_else(Vec::new, |identifier| probe_service(context, mount, identifier, &offered)),
    }
}

/// A condition that some service gives, and how.
type Offered<'p> = (ServicePattern, &'p AccessCondition);

/// The conditions that services give, in the order in which viewers are to try them (A2-18).
fn offered(policy: &Policy, conditions: Conditions) -> Vec<Offered<'_>> {
    let of = policy.conditions.of(conditions);
    let mut offered: Vec<_> =
        of.filter_map(|condition| Some((condition.pattern.service()?, condition))).collect();
    // Stable: conditions of one pattern stay in their own order.
    offered.sort_by_key(|(pattern, _)| *pattern);
    offered
}

/// The condition whose texts tell a visitor how to get access.
pub(super) fn explaining(policy: &Policy, conditions: Conditions) -> Option<Offered<'_>> {
    first_for_a_person(&offered(policy, conditions))
}

/// The first that a person can do something for, or else the first.
fn first_for_a_person<'p>(offered: &[Offered<'p>]) -> Option<Offered<'p>> {
    let by_person =
        |offered: &&Offered<'_>| matches!(offered.0, ServicePattern::Clickthrough | ServicePattern::Login);
    offered.iter().find(by_person).or_else(|| offered.first()).copied()
}

/// Where a condition is got, by version; `None` if no service gives it.
pub(super) fn addresses_of(context: &Context, condition: &AccessCondition) -> Option<Value> {
    let pattern = condition.pattern.service()?;
    if pattern == ServicePattern::External {
        // There is nothing to open.
        return Some(json!({}));
    }
    let origin = context.settings.site.public_url.origin();
    Some(json!({
        "1": format!("{origin}/auth/{}", cookie_service_of(pattern, condition)),
        "2": format!("{origin}/auth/v2/access/{}", condition.name),
    }))
}

/// The address of a condition's cookie service, below `/auth/`.
fn cookie_service_of(pattern: ServicePattern, condition: &AccessCondition) -> String {
    match pattern {
        ServicePattern::Login => "iiif-login".to_owned(),
        ServicePattern::Clickthrough => format!("iiif-clickthrough/{}", condition.name),
        ServicePattern::Kiosk => format!("iiif-kiosk/{}", condition.name),
        // Clients ignore it, but Mirador never asks for a token if it is missing.
        ServicePattern::External => format!("iiif-external/{}", condition.name),
    }
}

/// In version 1.0 all conditions of pattern `login` are asked for at one address, so they are one
/// service, with the texts of the first.
fn cookie_services(context: &Context, offered: &[Offered<'_>]) -> Vec<AuthService> {
    let mut has_login = false;
    let single = offered.iter().filter(|(pattern, _)| {
        let is_another_login = *pattern == ServicePattern::Login && has_login;
        has_login |= *pattern == ServicePattern::Login;
        !is_another_login
    });
    let services = single.map(|(pattern, condition)| {
        let access = cookie_service_of(*pattern, condition);
        let addresses = addresses(context, *pattern, &access, "iiif-token", "logout");
        AuthService::new(*pattern, &condition.texts(), &context.settings.organisation, addresses)
    });
    services.collect()
}

/// In version 2.0 each condition has its own access service. The token is of the session
/// and not of a condition, so one token service serves them all.
fn probe_service(
    context: &Context,
    mount: &Mount,
    identifier: &str,
    offered: &[Offered<'_>],
) -> Vec<ProbeService> {
    let Some((pattern, condition)) = first_for_a_person(offered) else { return Vec::new() };
    let (error_heading, error_note) = explained(pattern, &condition.texts());
    let access = offered.iter().map(|(pattern, condition)| {
        let access = format!("v2/access/{}", condition.name);
        // One address for each type, also of the log-out: react-iiif-vault fails at a manifest that gives two types
        // to one address.
        let addresses = addresses(context, *pattern, &access, "v2/token", "v2/logout");
        AccessService::new(*pattern, &condition.texts(), &context.settings.organisation, addresses)
    });
    let origin = context.settings.site.public_url.origin();
    vec![ProbeService {
        id: format!("{origin}{}{}/{identifier}", probe::PREFIX, mount.name),
        with_profile: mount.iiif_auth.one,
        error_heading,
        error_note,
        access: access.collect(),
    }]
}

fn addresses(
    context: &Context,
    pattern: ServicePattern,
    access: &str,
    token: &str,
    logout: &str,
) -> ServiceAddresses {
    let origin = context.settings.site.public_url.origin();
    // Nobody can log out of where they are.
    let has_logout = pattern != ServicePattern::External;
    ServiceAddresses {
        access: format!("{origin}/auth/{access}"),
        token: format!("{origin}/auth/{token}"),
        logout: has_logout.then(|| format!("{origin}/auth/{logout}")),
    }
}
