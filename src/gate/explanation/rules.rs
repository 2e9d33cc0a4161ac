//! The rule that won, and those that lost to it.

use super::Telling;
use super::findings::{Beside, Remedy, Ruling, ToldRule};
use crate::iiif::identifier::without_extension;
use crate::policy::index::{Rule, Winner};
use crate::policy::mount::Mount;
use crate::policy::rule::Match;

/// So many rules that lost are described, and the others counted.
const MOST_LOSERS: usize = 50;

impl Telling<'_> {
    pub(super) fn rules(&self) -> Vec<Ruling> {
        if self.trial.part.is_none() {
            return Vec::new();
        }
        let winner = self.winner();
        let mut found = vec![match winner {
            Some(Winner::Rule(number)) => Ruling::Rule(self.told(number)),
            Some(Winner::Below) => Ruling::Below,
            Some(Winner::Default) | None => self.by_default(),
        }];
        let losers = || {
            let candidates = self.trial.candidates.iter();
            candidates.filter(|rule| winner != Some(Winner::Rule(rule.number)))
        };
        found.extend(
            losers()
                .take(MOST_LOSERS)
                .map(|rule| Ruling::Beside(self.told(rule.number), self.why_it_lost(rule))),
        );
        let more = losers().count().saturating_sub(MOST_LOSERS);
        found.extend((more > 0).then_some(Ruling::More(more)));
        found.extend(self.other_reading());
        found
    }

    pub(super) fn why_it_lost(&self, rule: &Rule) -> Beside {
        let now = self.question.aspects.now;
        if self.trial.counting.contains(&rule.number) {
            Beside::CountsAsWell
        } else if now < rule.from {
            Beside::NotBegun
        } else if now >= rule.until {
            Beside::Over
        } else {
            Beside::LessSpecific
        }
    }

    fn by_default(&self) -> Ruling {
        let name = self.mount().map_or("", |mount| mount.default.as_str());
        let exists = self.policy.conditions.bit(name).is_some();
        Ruling::Default { condition: name.to_owned(), exists }
    }

    /// On digilib a name with an extension is judged without it, too.
    fn other_reading(&self) -> Option<Ruling> {
        let identifier = &self.trial.identifier;
        let base = without_extension(identifier)?;
        let both = || Ruling::TwoNames { identifier: identifier.clone(), base: base.to_owned() };
        self.mount()?.has_aliases().then(both)
    }

    fn told(&self, number: u32) -> ToldRule {
        ToldRule { number, spec: self.texts.get(&number).cloned().map(Box::new) }
    }

    /// Where a rule about exactly this decides, that one can be changed, and there is nothing else to be done.
    pub(super) fn remedy(&self) -> Option<Remedy> {
        self.trial.part?;
        let (mount, identifier) =
            (Mount::rules_name(self.mount()?).to_owned(), self.trial.identifier.clone());
        match self.winner() {
            Some(Winner::Below) => Some(Remedy::RulesBelow { mount, identifier }),
            Some(Winner::Rule(number)) => {
                let is_exact = self.texts.get(&number).is_some_and(|rule| {
                    rule.matching == Match::Exact && rule.identifier.trim_matches('/') == identifier
                });
                (!is_exact).then_some(Remedy::RuleOfItsOwn { mount, identifier })
            }
            Some(Winner::Default) | None => Some(Remedy::RuleOfItsOwn { mount, identifier }),
        }
    }
}
