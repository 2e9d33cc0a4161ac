//! The tests in a policy file: what must come out, judged as a tile is.

use super::trial::{path_of, try_path_of};
use crate::iiif::substitute::Dimensions;
use crate::policy::Policy;
use crate::policy::condition::Conditions;
use crate::policy::decision::{Aspects, Basis, Decision};
use crate::policy::document::{Expect, PolicyTest};
use crate::policy::file;
use crate::policy::thumbnail::Measure;

/// The tests that fail, each with its number as people count it and the reason. A policy of which one fails is not
/// taken.
///
/// They are about what the policy says, which a dry run only delays: give it a policy without one
/// ([`Policy::enforced`]).
pub fn broken<'t>(
    tests: impl IntoIterator<Item = &'t PolicyTest>,
    policy: &Policy,
    public_origin: &str,
    now: u64,
) -> Vec<String> {
    let told = |(number, test): (usize, &PolicyTest)| {
        let reason = run(test, policy, public_origin, now).err()?;
        Some(format!("test {number} ({}): {reason}", test.url))
    };
    (1..).zip(tests).filter_map(told).collect()
}

fn run(test: &PolicyTest, policy: &Policy, public_origin: &str, now: u64) -> Result<(), String> {
    let path =
        path_of(&test.url, public_origin).ok_or_else(|| format!("its url is not of {public_origin}"))?;
    let now = match &test.at {
        Some(at) => file::seconds(at).ok_or("its `at` is neither a date nor an RFC 3339 instant")?,
        None => now,
    };
    if let Some(unknown) = test.account_conditions.iter().find(|name| policy.conditions.bit(name).is_none()) {
        return Err(format!("there is no condition `{unknown}`"));
    }
    let held = policy.conditions.set(test.account_conditions.iter().map(String::as_str));
    let by_network =
        test.address.map_or(Conditions::NONE, |address| policy.conditions.of_address(address.to_canonical()));
    let image = test.width.zip(test.height).and_then(|(width, height)| Dimensions::new(width, height));
    // Without them nothing is open that depends on them, as when the image server does not answer.
    let measure = image.map_or(Measure::Unavailable, Measure::Is);
    let trial = try_path_of(path, measure, policy, &Aspects { held, by_network, now });
    if trial.decision == Decision::Refuse(Basis::SizeUnknown) {
        return Err("it depends on the size of the image; give the test a `width` and a `height`".to_owned());
    }
    let got = verdict(&trial.decision);
    if got == test.expect {
        Ok(())
    } else {
        let reason = trial.decision.basis().word();
        Err(format!("expected {}, got {} ({reason})", word(test.expect), word(got)))
    }
}

fn verdict(decision: &Decision) -> Expect {
    match decision {
        Decision::Allow(_) => Expect::Allow,
        Decision::Challenge(..) => Expect::Challenge,
        Decision::Refuse(_) => Expect::Refuse,
    }
}

fn word(expect: Expect) -> &'static str {
    match expect {
        Expect::Allow => "allow",
        Expect::Challenge => "challenge",
        Expect::Refuse => "refuse",
    }
}
