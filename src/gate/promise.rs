//! The tests in a policy file: what must come out, judged as a tile is.

use std::fmt;

use super::trial::{path_of, try_path_of};
use crate::iiif::substitute::Dimensions;
use crate::policy::Policy;
use crate::policy::condition::Conditions;
use crate::policy::decision::{Aspects, Basis, Decision};
use crate::policy::document::{Expect, PolicyTest};
use crate::policy::file;
use crate::policy::thumbnail::Measure;

/// A test that fails; displayed, it is one line of English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenTest {
    /// As people count it.
    pub number: usize,
    pub url: String,
    pub why: Why,
}

/// Why it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its URL is not of this site.
    Elsewhere {
        origin: String,
    },
    BadTime,
    UnknownCondition(String),
    /// It depends on the size of the image, and the test has none.
    NeedsSize,
    /// Another verdict than expected, with the reason in a word.
    Another {
        expected: Expect,
        got: Expect,
        reason: &'static str,
    },
}

impl fmt::Display for BrokenTest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "test {} ({}): ", self.number, self.url)?;
        match &self.why {
            Why::Elsewhere { origin } => write!(out, "its url is not of {origin}"),
            Why::BadTime => out.write_str("its `at` is neither a date nor an RFC 3339 instant"),
            Why::UnknownCondition(name) => write!(out, "there is no condition `{name}`"),
            Why::NeedsSize => {
                out.write_str("it depends on the size of the image; give the test a `width` and a `height`")
            }
            Why::Another { expected, got, reason } => {
                write!(out, "expected {}, got {} ({reason})", word(*expected), word(*got))
            }
        }
    }
}

/// All of them, a line each.
pub fn in_lines(broken: &[BrokenTest]) -> String {
    broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

/// The tests that fail. A policy of which one fails is not taken.
///
/// They are about what the policy says, which a dry run only delays: give it a policy without one
/// ([`Policy::enforced`]).
pub fn broken<'t>(
    tests: impl IntoIterator<Item = &'t PolicyTest>,
    policy: &Policy,
    public_origin: &str,
    now: u64,
) -> Vec<BrokenTest> {
    let told = |(number, test): (usize, &PolicyTest)| {
        let why = run(test, policy, public_origin, now).err()?;
        Some(BrokenTest { number, url: test.url.clone(), why })
    };
    (1..).zip(tests).filter_map(told).collect()
}

fn run(test: &PolicyTest, policy: &Policy, public_origin: &str, now: u64) -> Result<(), Why> {
    let path = path_of(&test.url, public_origin)
        .ok_or_else(|| Why::Elsewhere { origin: public_origin.to_owned() })?;
    let now = match &test.at {
        Some(at) => file::seconds(at).ok_or(Why::BadTime)?,
        None => now,
    };
    if let Some(unknown) = test.account_conditions.iter().find(|name| policy.conditions.bit(name).is_none()) {
        return Err(Why::UnknownCondition(unknown.clone()));
    }
    let held = policy.conditions.set(test.account_conditions.iter().map(String::as_str));
    let by_network =
        test.address.map_or(Conditions::NONE, |address| policy.conditions.of_address(address.to_canonical()));
    let image = test.width.zip(test.height).and_then(|(width, height)| Dimensions::new(width, height));
    // Without them nothing is open that depends on them, as when the image server does not answer.
    let measure = image.map_or(Measure::Unavailable, Measure::Is);
    let trial = try_path_of(path, measure, policy, &Aspects { held, by_network, now });
    if trial.decision == Decision::Refuse(Basis::SizeUnknown) {
        return Err(Why::NeedsSize);
    }
    let got = verdict(&trial.decision);
    if got == test.expect {
        Ok(())
    } else {
        let reason = trial.decision.basis().word();
        Err(Why::Another { expected: test.expect, got, reason })
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
