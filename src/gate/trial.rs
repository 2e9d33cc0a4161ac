//! A request that nobody made: what `explain` and policy tests judge, with the
//! same path reading and the same decision as a tile.

use std::collections::BTreeMap;

use super::measured::turn_to_info;
use super::path::{BadPath, Canonical, Part, locate};
use super::{pass, substitute};
use crate::credential::pass::Pass;
use crate::iiif::substitute::Halvings;
use crate::policy::Policy;
use crate::policy::decision::{Aspects, Basis, Decision, PassGives, Resource};
use crate::policy::index::Rule;
use crate::policy::mount::Mount;
use crate::policy::rule::{RuleSpec, utc_midnight};
use crate::policy::thumbnail::{Asked, Measure};

/// What a tried URL came to.
#[derive(Clone, Debug)]
pub struct Trial {
    pub decision: Decision,
    /// Why the URL leads nowhere; then most of the rest is empty.
    pub unread: Option<BadPath>,
    pub mount: String,
    /// Of the mount in [`Policy::mounts`].
    pub position: usize,
    /// What is asked for; `None` where the URL has no certain meaning.
    pub part: Option<Part>,
    pub identifier: String,
    /// The one path that NGINX would fetch.
    pub path: String,
    /// The path at the image server that says the dimensions of the image; empty if it is none.
    pub description: String,
    /// Every rule that could apply, most specific first.
    pub candidates: Vec<Rule>,
    /// Numbers of those that decide, all of which must hold.
    pub counting: Vec<u32>,
    /// If a substitute of the image was asked for: what part of its size it has.
    pub substitute: Option<Halvings>,
    /// What the pass gives that was brought, if it is for this.
    pub pass: Option<PassGives>,
}

impl Trial {
    pub fn resource(&self) -> Resource<'_> {
        Resource { mount: self.position, identifier: &self.identifier }
    }

    pub fn rule_numbers(&self) -> Vec<u32> {
        self.candidates.iter().map(|rule| rule.number).collect()
    }

    /// Of rules as they are written now, those that the trial is about: the store may be newer than the policy, and
    /// what has another mount or other dates by now is not the same rule.
    #[must_use]
    pub fn texts(&self, mut written: BTreeMap<u32, RuleSpec>, policy: &Policy) -> BTreeMap<u32, RuleSpec> {
        let mount = policy.mounts().get(self.position).map(Mount::rules_name);
        written.retain(|number, text| {
            let dates = (text.from.map_or(0, utc_midnight), text.until.map_or(u64::MAX, utc_midnight));
            mount == Some(text.mount.as_str())
                && self
                    .candidates
                    .iter()
                    .any(|rule| rule.number == *number && (rule.from, rule.until) == dates)
        });
        written
    }

    /// What the same request would come to with other dimensions, for another visitor, at another time.
    pub fn decide(&self, measure: Measure, policy: &Policy, aspects: &Aspects) -> Decision {
        match self.part {
            Some(part) => decide(part, &self.resource(), measure, policy, aspects, self.pass.as_ref()),
            // Nothing of that makes it readable.
            None => self.decision,
        }
    }
}

/// The raw path and query of a URL of ours, exactly as typed: no library may
/// normalise it before it is judged. `None` if it is another site's.
pub fn path_of<'u>(url: &'u str, public_origin: &str) -> Option<&'u str> {
    if url.starts_with('/') {
        return Some(url);
    }
    let rest = url.get(public_origin.len()..)?;
    let origin = url.get(..public_origin.len())?;
    (origin.eq_ignore_ascii_case(public_origin) && rest.starts_with('/')).then_some(rest)
}

/// Judges a path of ours for somebody of these aspects; nothing is open that depends on the dimensions of the image.
pub fn try_path(path: &str, policy: &Policy, aspects: &Aspects) -> Trial {
    try_path_of(path, Measure::Unavailable, policy, aspects)
}

/// The same, where the dimensions of the image may be known: no image server is asked here.
pub fn try_path_of(path: &str, measure: Measure, policy: &Policy, aspects: &Aspects) -> Trial {
    try_path_with(path, measure, policy, aspects, None)
}

/// The same for somebody who brings a pass, too.
pub fn try_path_with(
    path: &str,
    measure: Measure,
    policy: &Policy,
    aspects: &Aspects,
    pass: Option<&Pass>,
) -> Trial {
    let mut canonical = Canonical::new();
    let refused = |reason: BadPath| Trial {
        decision: Decision::Refuse(Basis::Malformed(reason.reason())),
        unread: Some(reason),
        mount: String::new(),
        position: usize::MAX,
        part: None,
        identifier: String::new(),
        path: String::new(),
        description: String::new(),
        candidates: Vec::new(),
        counting: Vec::new(),
        substitute: None,
        pass: None,
    };
    let located = match locate(path.as_bytes(), policy.mounts(), &mut canonical) {
        Ok(located) => located,
        Err(reason) => return refused(reason),
    };
    let position =
        policy.mounts().iter().position(|mount| std::ptr::eq(mount, located.mount)).unwrap_or(usize::MAX);
    let resource = Resource { mount: position, identifier: &canonical.identifier };
    let halvings = match located.part {
        Part::Substitute { halvings, .. } => Some(halvings),
        _ => None,
    };
    let is_for_this = |pass: &&Pass| {
        aspects.now < pass.expires && pass.scope.has(located.mount.rules_name(), &canonical.identifier)
    };
    let pass = pass.filter(is_for_this).map(|pass| pass.gives);
    let decision = decide(located.part, &resource, measure, policy, aspects, pass.as_ref());
    let path = if halvings.is_none() { canonical.path.to_string() } else { String::new() };
    let (candidates, counting) = (policy.candidates(&resource), policy.counting(&resource, aspects.now));
    match located.part {
        Part::Image(_) => turn_to_info(&mut canonical),
        // It is that already.
        Part::Info | Part::Bare | Part::Substitute { .. } => {}
        Part::Manifest | Part::File => canonical.path.clear(),
    }
    Trial {
        decision,
        unread: None,
        mount: located.mount.name.clone(),
        position,
        part: Some(located.part),
        identifier: canonical.identifier.to_string(),
        path,
        description: canonical.path.to_string(),
        candidates,
        counting,
        substitute: halvings,
        pass,
    }
}

fn decide(
    part: Part,
    resource: &Resource<'_>,
    measure: Measure,
    policy: &Policy,
    aspects: &Aspects,
    pass: Option<&PassGives>,
) -> Decision {
    let asked = match (part, measure) {
        (Part::Substitute { halvings, what }, Measure::Is(image)) => {
            return substitute::decide(policy, resource, aspects.now, image, halvings, what);
        }
        (Part::Substitute { .. }, _) => return substitute::undecided(policy, resource, aspects.now),
        (Part::Image(image), _) => Asked::Image(image, measure),
        _ => policy.wanted_of(resource),
    };
    let given = pass.into_iter().map(|gives| ((), gives));
    pass::decide(policy, resource, asked, aspects, given).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_ours_keep_their_spelling() {
        let origin = "https://img.test";
        assert_eq!(path_of("https://img.test/a/../b%2F?x", origin), Some("/a/../b%2F?x"));
        assert_eq!(path_of("HTTPS://IMG.test/a", origin), Some("/a"));
        assert_eq!(path_of("/a", origin), Some("/a"));
        for foreign in [
            "https://img.test.evil/a",
            "https://img.test:8443/a",
            "https://img.test",
            "a",
            "http://img.test/a",
        ] {
            assert_eq!(path_of(foreign, origin), None, "{foreign}");
        }
    }

    #[test]
    fn a_tried_path_is_read_as_a_tile_is() {
        use crate::policy::mount::{Mount, MountKind, Origin};
        let origin = Origin::Http { tls: false, authority: "h".to_owned() };
        let images = Mount {
            default: "open".to_owned(),
            server: crate::iiif::identifier::ImageServer::Iipsrv,
            ..Mount::new("images", MountKind::Image, "/iiif/images/", origin, "/iiif/")
        };
        let policy = Policy::build(&[images], [], &[]).unwrap();
        let tried = |path| try_path(path, &policy, &Aspects::default());
        let tile = tried("/iiif/images/a%2Fb/full/max/0/default.jpg?x");
        assert!(tile.decision.is_allow());
        assert_eq!((&*tile.mount, &*tile.identifier), ("images", "a/b"));
        assert_eq!(tile.path, "/iiif/a/b/full/max/0/default.jpg");
        assert_eq!(tile.description, "/iiif/a/b/info.json");
        assert_eq!(tried("/iiif/images/a%2Fb/info.json").path, "/iiif/a/b/info.json");
        for (path, reason) in [
            ("/iiif/images/a/../b/full/max/0/default.jpg", "parent-segment"),
            ("/iiif/images/a%252Fb/info.json", "double-encoding"),
            ("/other", "no-mount"),
        ] {
            let refused = tried(path);
            assert_eq!(refused.decision, Decision::Refuse(Basis::Malformed(reason)), "{path}");
            assert!(refused.path.is_empty() && refused.mount.is_empty(), "{path}");
        }
    }
}
