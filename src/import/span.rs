//! Days from and until, as rules have them.

use jiff::civil::Date;

use crate::policy::rule::RuleSpec;

/// From the first day, until the day before the second; a missing one is without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Span {
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// When a rule counts.
    pub fn of(rule: &RuleSpec) -> Self {
        Self { from: rule.from, until: rule.until }
    }

    /// The days of both, if there are any.
    pub fn and(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = match (self.until, other.until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let is_some = from.zip(until).is_none_or(|(from, until)| from < until);
        is_some.then_some(Self { from, until })
    }

    /// The days that are not the other's: none, one span, or one on each side.
    fn without(self, other: Self) -> impl Iterator<Item = Self> {
        let before = other.from.and_then(|from| self.and(Self { from: None, until: Some(from) }));
        let after = other.until.and_then(|until| self.and(Self { from: Some(until), until: None }));
        [before, after].into_iter().flatten()
    }
}

/// The days about which nothing has been said yet: a rule that is less specific counts on these alone.
#[derive(Clone, Debug)]
pub struct Free(Vec<Span>);

impl Default for Free {
    fn default() -> Self {
        Self(vec![Span::ALWAYS])
    }
}

impl Free {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parts of a span that are free.
    pub fn of(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        self.0.iter().filter_map(move |free| free.and(span))
    }

    /// From now on something has been said about these days.
    pub fn take(&mut self, span: Span) {
        self.0 = self.0.iter().flat_map(|free| free.without(span)).collect();
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn span(from: i16, until: i16) -> Span {
        let day = |year| (year > 0).then(|| date(year, 1, 1));
        Span { from: day(from), until: day(until) }
    }

    #[test]
    fn what_is_taken_is_no_longer_free() {
        let mut free = Free::default();
        free.take(span(2000, 2010));
        assert_eq!(free.of(Span::ALWAYS).collect::<Vec<_>>(), [span(0, 2000), span(2010, 0)]);
        assert_eq!(free.of(span(1990, 2020)).collect::<Vec<_>>(), [span(1990, 2000), span(2010, 2020)]);
        free.take(span(0, 2020));
        assert_eq!(free.of(Span::ALWAYS).collect::<Vec<_>>(), [span(2020, 0)]);
        assert_eq!(free.of(span(2000, 2020)).count(), 0);
        free.take(Span::ALWAYS);
        assert!(free.is_empty());
    }
}
