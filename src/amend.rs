//! One rule changed by itself, however many there are: checked, held against the policy's own tests, and only then
//! written. Who edits (a command, the administration) comes here, so that no edit breaks what was promised.

pub mod condition;
pub mod many;

use std::slice;

use crate::audit::Act;
use crate::clock::UnixSeconds;
use crate::credential::account::Id128;
use crate::gate::promise::{BrokenTest, broken, in_lines};
use crate::policy::rule::{RuleSpec, utc_midnight};
use crate::policy::upcoming::{Asked, Turn};
use crate::policy::{Policy, PolicyError};
use crate::snapshot::{SnapshotError, policy_amended};
use crate::store::{RuleEdit, RuleError, Store, StoreError};

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Amendment {
    Add(RuleSpec),
    /// The rule of this number, as the store counts, becomes this one.
    Change(u32, RuleSpec),
    Remove(u32),
    /// This deleted rule comes back, behind all others.
    Restore(Id128, RuleSpec),
}

/// An amendment that may be made: what it would do, not yet done.
#[derive(Debug)]
pub struct Proposal {
    edit: RuleEdit,
    since: u64,
    /// How many tests passed.
    pub tests: usize,
    /// What is asked for on the rule's spot now and then; of a rule that moves on its new one. `None`: it is
    /// on no mount of the settings.
    pub effect: Option<(Asked, Asked)>,
    /// The same with what dates do to it; a rule that moves leaves a spot, too.
    pub spots: Spots,
    /// The same on mounts that borrow these rules, where it is something else there, with the mount's name.
    pub elsewhere: Elsewhere,
}

/// The dates of a rule.
fn dates(rule: &RuleSpec) -> impl Iterator<Item = u64> {
    [rule.from, rule.until].into_iter().flatten().map(utc_midnight)
}

/// Why an amendment was not made; everything stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum AmendError {
    #[error("there is no rule {}; `tilegate explain` and `tilegate policy coverage` say the numbers", u64::from(*.0) + 1)]
    NoSuchRule(u32),
    #[error(
        "rule {number} was imported from `{from}`; change it there and import it again, or add a rule beside it"
    )]
    Imported { number: u64, from: String },
    #[error("{} of the policy's {tests} would fail, so nothing was changed:\n  {}\nIf it is the tests that are out of date: `tilegate policy export`, change them, `tilegate policy import`", .broken.len(), in_lines(.broken))]
    Broken { tests: String, broken: Vec<BrokenTest> },
    #[error("it would be the same as rule {}", u64::from(*.0) + 1)]
    Double(u32),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Rule(#[from] RuleError),
    #[error("the service is stopping")]
    Stopping,
}

impl From<StoreError> for AmendError {
    fn from(error: StoreError) -> Self {
        Self::Rule(error.into())
    }
}

impl From<SnapshotError> for AmendError {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::Store(error) => error.into(),
            SnapshotError::Policy(error) => error.into(),
            SnapshotError::Stopping => Self::Stopping,
        }
    }
}

/// Checks an amendment of a policy, which is as of the change log's line `since`.
///
/// # Errors
/// If it could not be used, or a test of the policy would fail.
pub async fn propose(
    store: &Store,
    (policy, since): (&Policy, u64),
    amendment: Amendment,
    public_origin: &str,
    now: UnixSeconds,
) -> Result<Proposal, AmendError> {
    let present = async |number| {
        let rule: RuleSpec = store.rule(number).await?.ok_or(AmendError::NoSuchRule(number))?;
        if rule.source.is_empty() {
            return Ok(rule);
        }
        // The next import would undo it.
        Err(AmendError::Imported { number: u64::from(number) + 1, from: rule.source })
    };
    // Where a new rule comes to stand only the store knows; behind all others the number means no other rule.
    let is_addition = matches!(amendment, Amendment::Add(_) | Amendment::Restore(..));
    // For a message only.
    let behind = || u32::try_from(policy.rule_count()).unwrap_or(u32::MAX);
    let (number, was, next, edit) = match amendment {
        Amendment::Add(rule) => {
            let checked = policy.checked(rule.clone(), behind())?;
            (u32::MAX, None, Some(rule), RuleEdit::Add(checked))
        }
        Amendment::Restore(id, rule) => {
            let checked = policy.checked(rule.clone(), behind())?;
            (u32::MAX, None, Some(rule), RuleEdit::Restore(id, checked))
        }
        Amendment::Change(number, rule) => {
            let was = present(number).await?;
            let checked = policy.checked(rule.clone(), number)?;
            (number, Some(was), Some(rule), RuleEdit::Change(number, checked))
        }
        Amendment::Remove(number) => (number, Some(present(number).await?), None, RuleEdit::Remove(number)),
    };
    if let Some(rule) = &next {
        refuse_double(store, policy, number, rule).await?;
    }
    let change = (number, next.clone());
    let mut amended = policy.edited(slice::from_ref(&change))?;
    if !is_addition && amended.has_lost_rules() {
        // A folder of digilib's would keep what the rule asked for, and the tests would be about that.
        amended = policy_amended(store, policy.mounts(), change).await?;
    }
    let (spots, elsewhere) = spots(policy, &amended, next.as_ref(), was.as_ref(), now);
    let now_and_then = |turn: &Turn| (turn.before.clone(), turn.after.clone());
    let effect = spots.first().and_then(|(_, turns)| turns.first()).map(now_and_then);
    let tests = store.policy_tests().await?;
    let broken = broken(&tests, &amended.enforced(), public_origin, now);
    if !broken.is_empty() {
        let tests = if tests.len() == 1 { "1 test".to_owned() } else { format!("{} tests", tests.len()) };
        return Err(AmendError::Broken { tests, broken });
    }
    Ok(Proposal { edit, since, tests: tests.len(), effect, spots, elsewhere })
}

/// Rules, and what becomes of their spots.
type Spots = Vec<(RuleSpec, Vec<Turn>)>;
/// The same on mounts that borrow the rules.
type Elsewhere = Vec<(String, RuleSpec, Vec<Turn>)>;

/// What becomes of the spot of a rule as it is to be, and of the one that it leaves.
fn spots(
    policy: &Policy,
    amended: &Policy,
    next: Option<&RuleSpec>,
    was: Option<&RuleSpec>,
    now: UnixSeconds,
) -> (Spots, Elsewhere) {
    let spot = |rule: &RuleSpec| (rule.mount.clone(), rule.normal().identifier, rule.matching);
    let left = was.filter(|was| next.is_none_or(|next| spot(next) != spot(was)));
    let dates = || next.into_iter().chain(was).flat_map(dates);
    let (mut spots, mut elsewhere) = (Vec::new(), Vec::new());
    for rule in next.into_iter().chain(left) {
        spots.push((rule.clone(), policy.turns(amended, rule, now, dates())));
        let others = policy.turns_elsewhere(amended, rule, now, dates());
        elsewhere.extend(others.into_iter().map(|(mount, turns)| (mount, rule.clone(), turns)));
    }
    (spots, elsewhere)
}

/// Refuses a rule of which there is another one that is the same: as no file may have both, the policy could be exported
/// and not imported again.
async fn refuse_double(
    store: &Store,
    policy: &Policy,
    number: u32,
    rule: &RuleSpec,
) -> Result<(), AmendError> {
    let (beside, normal) = (store.rules_by_number(&policy.beside(rule)).await?, rule.normal());
    let same = beside.iter().find(|(other, beside)| **other != number && beside.normal() == normal);
    same.map_or(Ok(()), |(other, _)| Err(AmendError::Double(*other)))
}

impl Proposal {
    /// All that it does, on every mount.
    pub fn turns(&self) -> impl Iterator<Item = &Turn> + Clone {
        let own = self.spots.iter().flat_map(|(_, turns)| turns);
        own.chain(self.elsewhere.iter().flat_map(|(.., turns)| turns))
    }

    /// Makes it; answers the rule's number.
    ///
    /// # Errors
    /// If the policy has been changed since it was looked at.
    pub async fn make(self, store: &Store, act: Act) -> Result<u32, AmendError> {
        Ok(store.edit_rule(&self.edit, self.since, act).await?)
    }
}
