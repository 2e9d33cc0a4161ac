//! What is allowed: mounts, access conditions, rules, and the one decision that
//! the tile path, info.json, `explain` and policy tests all ask for.

mod below;
pub mod build;
pub mod condition;
mod decide;
pub mod decision;
pub mod document;
pub mod edit;
pub mod file;
mod fingerprint;
pub mod index;
pub mod mount;
pub mod opening;
pub mod permitted;
pub mod requirement;
pub mod rule;
mod shadow;
mod substitute;
mod table;
pub mod thumbnail;
pub mod upcoming;

use std::collections::HashMap;
use std::net::IpAddr;

use build::Index;
use condition::{AccessCondition, Conditions, Pattern, Terms};
use decision::Resource;
use index::{MountRules, Rule};
use ipnet::{IpNet, Ipv4Net};
use mount::Mount;
use requirement::{OPEN_BIT, Requirement};

use crate::iiif::service::ServicePattern;

/// The conditions in force, by the bit the store gave each.
#[derive(Clone, Debug, Default)]
pub struct ConditionTable {
    by_bit: Vec<Option<AccessCondition>>,
    by_name: HashMap<String, u8>,
    /// Every network of every condition; few, so they are looked through.
    networks: Vec<(IpNet, u8)>,
    /// What a visitor agrees to, of every condition of pattern `clickthrough`.
    terms: Vec<(u8, Terms)>,
}

impl ConditionTable {
    fn new(conditions: impl IntoIterator<Item = (u8, AccessCondition)>) -> Self {
        let mut table = Self::default();
        for (bit, condition) in conditions {
            let place = usize::from(bit);
            if table.by_bit.len() <= place {
                table.by_bit.resize(place + 1, None);
            }
            table.by_name.insert(condition.name.clone(), bit);
            table.networks.extend(condition.networks.iter().map(|network| (folded(*network), bit)));
            if condition.pattern == Pattern::Clickthrough {
                table.terms.push((bit, condition.terms()));
            }
            if let Some(slot) = table.by_bit.get_mut(place) {
                *slot = Some(condition);
            }
        }
        table
    }

    pub fn get(&self, bit: u8) -> Option<&AccessCondition> {
        self.by_bit.get(usize::from(bit))?.as_ref()
    }

    pub fn bit(&self, name: &str) -> Option<u8> {
        self.by_name.get(name).copied()
    }

    /// The conditions that an address has by itself (H7: IPv4-mapped ones must be folded before).
    pub fn of_address(&self, address: IpAddr) -> Conditions {
        self.networks.iter().filter(|(network, _)| network.contains(&address)).map(|(_, bit)| *bit).collect()
    }

    /// The conditions of pattern `clickthrough` whose present terms are among the accepted ones:
    /// changed terms have to be accepted anew.
    pub fn accepted(&self, accepted: &[(u8, Terms)]) -> Conditions {
        // Most visitors have accepted nothing.
        accepted.iter().filter(|one| self.terms.contains(one)).map(|(bit, _)| *bit).collect()
    }

    /// Whether a viewer that gives up after an external service would miss another one.
    fn has_external_beside_others(&self, names: &[String]) -> bool {
        // One alone, as nearly every rule has it, need not be looked up.
        let patterns = || names.iter().filter_map(|name| self.get(self.bit(name)?)?.pattern.service());
        names.len() > 1
            && patterns().any(|pattern| pattern == ServicePattern::External)
            && patterns().any(|pattern| pattern != ServicePattern::External)
    }

    /// All of them, built-in ones too, by ascending bit.
    pub fn iter(&self) -> impl Iterator<Item = &AccessCondition> {
        self.by_bit.iter().flatten()
    }

    /// The conditions of a set, by ascending bit.
    pub fn of(&self, set: Conditions) -> impl Iterator<Item = &AccessCondition> {
        set.iter().filter_map(|bit| self.get(bit))
    }

    /// The set of these names; names that no longer exist hold nothing.
    pub fn set<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Conditions {
        names.into_iter().filter_map(|name| self.bit(name)).collect()
    }

    /// A requirement in which the patterns `open` and `closed` are folded into
    /// the two special cases.
    fn requirement<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Requirement, String> {
        let mut set = Conditions::NONE;
        for name in names {
            let bit = self.bit(name).ok_or_else(|| name.to_owned())?;
            match self.get(bit).map(|condition| condition.pattern) {
                Some(Pattern::Open) => set.insert(OPEN_BIT),
                Some(Pattern::Closed) | None => {}
                Some(_) => set.insert(bit),
            }
        }
        Ok(Requirement::any_of(set))
    }
}

/// A network of IPv4 that is written as one of IPv6, as IPv4's: visitors' addresses are folded too (H7).
fn folded(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let (address, length) = (mapped.addr().to_ipv4_mapped(), mapped.prefix_len().checked_sub(96));
    let of_four = address.zip(length).and_then(|(address, length)| Ipv4Net::new(address, length).ok());
    of_four.map_or(network, IpNet::V4)
}

/// Why a policy cannot be used; nothing of it is then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("rule {number} (`{identifier}` on `{mount}`): there is no condition `{condition}`")]
    UnknownCondition { number: usize, mount: String, identifier: String, condition: String },
    #[error("rule {number} (`{identifier}` on `{mount}`): {reason}")]
    BadIdentifier { number: usize, mount: String, identifier: String, reason: &'static str },
    #[error(
        "rule {number} (`{identifier}` on `{mount}`): no condition is named; write `closed` if nobody may"
    )]
    NoCondition { number: usize, mount: String, identifier: String },
    #[error(
        "rule {number} (`{identifier}` on `{mount}`): the mount `{mount}` has rules={of}; write the rule for `{of}`"
    )]
    BorrowingMount { number: usize, mount: String, identifier: String, of: String },
    #[error("rule {number} (`{identifier}` on `{mount}`): there is no mount `{mount}`")]
    UnknownMount { number: usize, mount: String, identifier: String },
    #[error("there are more than 4 billion rules")]
    TooManyRules,
}

/// Something an operator should know, that does not keep the policy from working.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyWarning {
    #[error("mount `{mount}`: its default condition `{condition}` does not exist (yet), so it is closed")]
    UnknownDefault { mount: String, condition: String },
    #[error("{rules} rules name the mount `{mount}`, which is not in the settings")]
    UnknownMount { mount: String, rules: usize },
    #[error(
        "{rules} rules name a condition of pattern external beside another one: Universal Viewer tries the external one alone; give that one its networks= with the pattern login instead"
    )]
    ExternalBesideOthers { rules: usize },
}

/// What is allowed, immutable: a change makes a new one.
#[derive(Clone, Debug)]
pub struct Policy {
    mounts: Vec<Mount>,
    guards: Vec<Guard>,
    indexes: Vec<Index<MountRules>>,
    pub conditions: ConditionTable,
    pub warnings: Vec<PolicyWarning>,
}

/// What guards one mount.
#[derive(Clone, Debug)]
struct Guard {
    /// [`Mount::mark`], which is asked for at every request.
    mark: String,
    default: Requirement,
    rules: MountRules,
}

impl Policy {
    /// The mounts, longest public prefix first.
    pub fn mounts(&self) -> &[Mount] {
        &self.mounts
    }

    /// The mark of the mount at a position in [`Policy::mounts`].
    pub fn mark(&self, position: usize) -> Option<&str> {
        self.guards.get(position).map(|guard| guard.mark.as_str())
    }

    /// An identifier as it is written for a mount, in the form that requests are brought into.
    ///
    /// # Errors
    /// Why nothing there can have that name.
    pub fn identifier_on(mount: &Mount, written: &str) -> Result<String, &'static str> {
        build::Way::of(mount).read_rule(written).map_err(crate::iiif::identifier::BadIdentifier::reason)
    }

    /// Every rule that could apply to the resource, most specific first.
    pub fn candidates(&self, resource: &Resource<'_>) -> Vec<Rule> {
        self.guards
            .get(resource.mount)
            .map_or_else(Vec::new, |guard| guard.rules.candidates(resource.identifier))
    }

    /// The numbers of the rules that decide about the resource, all of which must hold;
    /// empty if its mount's default condition does.
    pub fn counting(&self, resource: &Resource<'_>, now: u64) -> Vec<u32> {
        self.guards
            .get(resource.mount)
            .map_or_else(Vec::new, |guard| guard.rules.counting(resource.identifier, now))
    }

    /// When a date of some rule changes what is asked for, if it ever does: an embargo that ends, or begins.
    pub fn next_change(&self, resource: &Resource<'_>, now: u64) -> Option<u64> {
        let guard = self.guards.get(resource.mount)?;
        let candidates = guard.rules.candidates(resource.identifier);
        let mut dates: Vec<u64> = candidates.iter().flat_map(|rule| [rule.from, rule.until]).collect();
        dates.retain(|date| *date > now && *date < u64::MAX);
        dates.sort_unstable();
        let asked = |at| guard.rules.find(resource.identifier, at, guard.default).0;
        let present = asked(now);
        dates.into_iter().find(|date| asked(*date) != present)
    }

    /// On how many spots rules stand, over all mounts (a shared index counts once a mount).
    pub fn rule_count(&self) -> usize {
        self.guards.iter().map(|guard| guard.rules.len()).sum()
    }

    /// How many bytes the rules take, and how many the summaries of digilib's folders beside them.
    pub fn bytes(&self) -> (usize, usize) {
        let each = self.indexes.iter().map(|index| (index.rules.bytes(), index.rules.summary_bytes()));
        each.fold((0, 0), |(rules, summaries), (more, beside)| (rules + more, summaries + beside))
    }
}

#[cfg(test)]
mod tests;
