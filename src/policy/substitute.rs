//! What a locked image leaves open: a smaller one, under a name of its own.

use super::Policy;
use super::decision::{Basis, Decision, Resource};
use super::index::Winner;
use crate::iiif::substitute::{Dimensions, Halvings};

impl Policy {
    /// How long the long side of an image's substitute may be, in pixels; `None` if there is none.
    ///
    /// Any one of several conditions opens the image, so each of them leaves open what it would alone, and
    /// the largest counts. Where rules must hold together, only the conditions that all of them name do.
    pub fn substitute_px(&self, resource: &Resource<'_>, now: u64) -> Option<u32> {
        self.substitute(resource, now).map(|(pixels, _)| pixels)
    }

    fn substitute(&self, resource: &Resource<'_>, now: u64) -> Option<(u32, Winner)> {
        let guard = self.guards.get(resource.mount)?;
        let (requirement, winner) = guard.rules.find(resource.identifier, now, guard.default);
        // Of an image that is open there is none, and neither of one that nobody may see: both have no
        // condition here.
        let conditions = self.conditions.of(requirement.conditions());
        let pixels = conditions.filter_map(|condition| condition.substitute_px).max()?;
        Some((pixels, winner))
    }

    /// Whether this substitute of the image may be had: by everybody or by nobody. Nothing else in the
    /// house decides that.
    ///
    /// Only one reduction is given out, so that there is one grid of tiles.
    pub fn decide_substitute(
        &self,
        resource: &Resource<'_>,
        now: u64,
        image: Dimensions,
        halvings: Halvings,
    ) -> Decision {
        match self.substitute(resource, now) {
            Some((pixels, winner)) if Halvings::fewest(image, pixels) == Some(halvings) => {
                Decision::Allow(Basis::Substitute(winner))
            }
            _ => Decision::Refuse(Basis::NoSubstitute),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::condition::{AccessCondition, Pattern};
    use super::super::mount::{Mount, MountKind, Origin};
    use super::super::rule::{Match, RuleSpec};
    use super::*;
    use crate::iiif::identifier::ImageServer;

    const NOW: u64 = 1_900_000_000;

    fn policy(server: ImageServer, rules: &[(&str, &[&str])]) -> Policy {
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        let mount = Mount { server, ..Mount::new("images", MountKind::Image, "/i/", origin, "/") };
        let with = |name: &str, substitute_px| AccessCondition {
            substitute_px,
            ..AccessCondition::bare(name, Pattern::Login)
        };
        let conditions =
            [(2, with("staff", Some(800))), (3, with("reader", Some(300))), (4, with("clinic", None))];
        let rules: Vec<_> = rules.iter().map(|(identifier, names)| rule(identifier, names)).collect();
        Policy::build(&[mount], conditions, &rules).unwrap()
    }

    fn rule(identifier: &str, names: &[&str]) -> RuleSpec {
        RuleSpec {
            mount: "images".to_owned(),
            identifier: identifier.to_owned(),
            matching: Match::Prefix,
            conditions: names.iter().map(|name| (*name).to_owned()).collect(),
            from: None,
            until: None,
            note: String::new(),
            ..RuleSpec::default()
        }
    }

    fn of(policy: &Policy, identifier: &str) -> Option<u32> {
        policy.substitute_px(&Resource { mount: 0, identifier }, NOW)
    }

    #[test]
    fn an_alternative_never_makes_a_substitute_smaller() {
        let rules: [(&str, &[&str]); 6] = [
            ("both", &["reader", "staff"]),
            ("one", &["reader"]),
            ("some", &["clinic", "reader"]),
            ("none", &["clinic"]),
            ("open", &["open", "staff"]),
            ("closed", &["closed"]),
        ];
        let policy = policy(ImageServer::Iipsrv, &rules);
        for (identifier, pixels) in [
            ("both", Some(800)),
            ("one", Some(300)),
            ("some", Some(300)),
            ("none", None),
            ("open", None),
            ("closed", None),
            ("elsewhere", None),
        ] {
            assert_eq!(of(&policy, identifier), pixels, "{identifier}");
        }
        assert_eq!(policy.substitute_px(&Resource { mount: 1, identifier: "one" }, NOW), None);
    }

    #[test]
    fn rules_that_must_hold_together_leave_open_what_all_of_them_do() {
        let rules: [(&str, &[&str]); 5] = [
            ("a", &["staff", "clinic"]),
            ("a", &["clinic", "reader"]),
            ("b", &["staff", "reader"]),
            ("b", &["reader", "clinic"]),
            ("b", &["open"]),
        ];
        let iipsrv = policy(ImageServer::Iipsrv, &rules);
        assert_eq!((of(&iipsrv, "a"), of(&iipsrv, "b")), (None, Some(300)));
        // On digilib a name is judged without its extension too, and no name above a rule stands for anything.
        let rules: [(&str, &[&str]); 2] = [("book/1.tif", &["staff"]), ("book/1", &["reader", "staff"])];
        let digilib = policy(ImageServer::Digilib, &rules);
        assert_eq!((of(&digilib, "book/1.tif"), of(&digilib, "book")), (Some(800), None));
    }

    #[test]
    fn a1_41_exactly_one_substitute_may_be_had_and_by_everybody() {
        let policy = policy(ImageServer::Iipsrv, &[("a", &["staff"]), ("open", &["open"])]);
        let image = Dimensions::new(4000, 3000).unwrap();
        for times in 1..=20 {
            let decide = |identifier| {
                let halvings = Halvings::new(times).unwrap();
                policy.decide_substitute(&Resource { mount: 0, identifier }, NOW, image, halvings)
            };
            let expected = if times == 3 {
                Decision::Allow(Basis::Substitute(Winner::Rule(0)))
            } else {
                Decision::Refuse(Basis::NoSubstitute)
            };
            assert_eq!(decide("a/1"), expected, "{times}");
            for other in ["open", "elsewhere"] {
                assert_eq!(decide(other), Decision::Refuse(Basis::NoSubstitute), "{other} {times}");
            }
        }
    }
}
