use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::iiif::identifier::ImageServer;
use crate::policy::condition::{AccessCondition, Conditions, Pattern};
use crate::policy::decision::Aspects;
use crate::policy::mount::{Mount, MountKind, Origin};

fn policy(server: ImageServer, rules: &[RuleSpec]) -> Policy {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    let images = Mount { server, ..Mount::new("images", MountKind::Image, "/i/", origin.clone(), "/") };
    let lent =
        Mount { rules: Some("images".to_owned()), ..Mount::new("lent", MountKind::File, "/f/", origin, "/") };
    let conditions = (2..).zip(["staff", "reader"].map(|name| AccessCondition::bare(name, Pattern::Login)));
    Policy::build(&[images, lent], conditions, rules).unwrap()
}

fn rule(identifier: &str, names: &[&str], from: Option<Date>, until: Option<Date>) -> RuleSpec {
    RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        conditions: names.iter().map(|name| (*name).to_owned()).collect(),
        from,
        until,
        ..RuleSpec::default()
    }
}

fn agenda(rules: &[RuleSpec], after: Date, until: Date, at_most: usize) -> Agenda {
    let policy = policy(ImageServer::Iipsrv, rules);
    let dates = policy.dates(utc_midnight(after), utc_midnight(until), at_most);
    dates.agenda(&policy, written(&dates, rules))
}

/// As the store has them.
fn written<'r>(dates: &Dates, rules: &'r [RuleSpec]) -> Vec<(u32, &'r RuleSpec)> {
    dates.rules.iter().map(|number| (*number, &rules[*number as usize])).collect()
}

fn lines(agenda: &Agenda) -> Vec<String> {
    let line = |event: &Event| {
        let Event { before, after, .. } = event;
        format!("{}: {}: {before} -> {after} ({})", event.effect.as_str(), event.spot(), event.rules())
    };
    agenda.events.iter().map(line).collect()
}

const DAY: Date = date(2041, 1, 1);

#[test]
fn what_opens_and_closes_is_said_with_what_holds_before_and_after() {
    let exact = RuleSpec { matching: Match::Exact, ..rule("letters/1931", &["closed"], None, Some(DAY)) };
    let rules = [
        rule("", &["open"], None, None),
        rule("letters", &["staff"], None, Some(DAY)),
        exact,
        rule("maps", &["reader"], Some(DAY), None),
        rule("loans", &["staff"], None, Some(DAY)),
        rule("loans", &["staff", "reader"], Some(DAY), None),
        rule("plans", &["staff"], None, Some(DAY)),
        rule("plans", &["reader"], Some(DAY), None),
        rule("same", &["open"], None, Some(DAY)),
    ];
    let agenda = agenda(&rules, date(2040, 12, 31), DAY, usize::MAX);
    assert_eq!(
        lines(&agenda),
        [
            "opens: letters and everything below it: staff -> open to everybody (rule 2 ends)",
            // The prefix rule above it ends at the same moment.
            "opens: letters/1931: closed to everybody -> open to everybody (rule 3 ends)",
            "opens: loans and everything below it: staff -> staff or reader (rule 5 ends, rule 6 begins)",
            "closes: maps and everything below it: open to everybody -> reader (rule 4 begins)",
            "changes: plans and everything below it: staff -> reader (rule 7 ends, rule 8 begins)",
            "stays: same and everything below it: open to everybody -> open to everybody (rule 9 ends)",
        ]
    );
    assert_eq!((agenda.dates, agenda.next), (8, None));
}

#[test]
fn a_date_belongs_to_the_time_that_ends_with_it() {
    let rules = [
        rule("a", &["staff"], Some(date(2040, 12, 2)), Some(DAY)),
        rule("b", &["staff"], Some(date(2050, 1, 1)), None),
    ];
    let count = |after, until| {
        let agenda = agenda(&rules, after, until, usize::MAX);
        (agenda.events.len(), agenda.next.map(crate::policy::file::day_or_moment))
    };
    let next = |day: &str| Some(day.to_owned());
    assert_eq!(count(date(2040, 12, 1), date(2040, 12, 31)), (1, next("2041-01-01")));
    assert_eq!(count(date(2040, 12, 2), DAY), (1, next("2050-01-01")));
    assert_eq!(count(DAY, date(2049, 12, 31)), (0, next("2050-01-01")));
    assert_eq!(count(date(2050, 1, 1), date(2060, 1, 1)), (0, None));
}

#[test]
fn the_earliest_are_kept_and_all_are_counted() {
    let day = |number: i8| Some(date(2041, 1, number));
    let rules: Vec<_> =
        (1..=28).rev().map(|number| rule(&format!("{number:02}"), &["staff"], day(number), None)).collect();
    let agenda = agenda(&rules, date(2040, 12, 31), date(2041, 12, 31), 3);
    let kept: Vec<_> = agenda.events.iter().map(|event| event.identifier.as_str()).collect();
    assert_eq!((kept, agenda.dates), (vec!["01", "02", "03"], 28));
}

#[test]
fn what_a_rule_permits_is_said_and_names_are_read_as_the_server_reads_them() {
    use crate::policy::rule::Operation;
    let limited =
        RuleSpec { operations: vec![Operation::View], ..rule("letters!1931/", &["staff"], Some(DAY), None) };
    let homeless = RuleSpec { mount: "gone".to_owned(), ..rule("x", &["staff"], Some(DAY), None) };
    let rules = [limited, homeless];
    let policy = policy(ImageServer::Digilib, &rules);
    let dates = policy.dates(0, u64::MAX, 10);
    assert_eq!(dates.rules, [0]);
    assert_eq!(
        lines(&dates.agenda(&policy, written(&dates, &rules))),
        ["closes: letters/1931 and everything below it: closed to everybody -> staff, for view, in answers of at most 1024 pixels (rule 1 begins)"]
            .map(|line| line.replace("closes", "changes"))
    );
}

fn dated() -> impl Strategy<Value = RuleSpec> {
    let day = || proptest::option::of((1_i8..=9).prop_map(|day| date(2041, 1, day)));
    let identifier = prop::sample::select(vec!["", "a", "a/b", "a/b.tif", "a/b/c", "d"]);
    let names = prop::sample::subsequence(vec!["staff", "reader", "open", "closed"], 1..=2);
    (identifier, any::<bool>(), names, day(), day()).prop_map(|(identifier, exact, names, from, until)| {
        RuleSpec {
            matching: if exact && !identifier.is_empty() { Match::Exact } else { Match::Prefix },
            ..rule(identifier, &names, from, until)
        }
    })
}

/// It would open by itself on a day that no one was shown.
#[test]
fn a_rule_behind_a_stricter_one_is_shown_with_the_day_on_which_that_ends() {
    let embargo = rule("letters", &["closed"], None, Some(DAY));
    let open = rule("letters", &["open"], None, None);
    let [before, after] =
        [&[embargo.clone()][..], &[embargo, open.clone()]].map(|rules| policy(ImageServer::Iipsrv, rules));
    let turns = before.turns(&after, &open, utc_midnight(DAY) - 1, []);
    let told: Vec<_> = turns.iter().map(|turn| (turn.at, turn.effect, &turn.after.who)).collect();
    let day = Some(utc_midnight(DAY));
    assert_eq!(told, [(None, Effect::Stays, &Who::Nobody), (day, Effect::Opens, &Who::Everybody)]);
    // A day on which it does nothing either is not worth a line.
    let turns = after.turns(&after, &open, utc_midnight(DAY) - 1, []);
    assert_eq!(turns.len(), 1);
}

/// What opens nothing on one of two mounts that share rules may open something on the other.
#[test]
fn a_mount_that_borrows_the_rules_is_told_of_where_its_default_is_another() {
    let of = |own: &str, lent_default: &str, rules: &[RuleSpec]| {
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        let mut images = Mount::new("images", MountKind::Image, "/i/", origin.clone(), "/");
        own.clone_into(&mut images.default);
        let mut lent = Mount::new("lent", MountKind::File, "/f/", origin, "/");
        (lent.rules, lent.default) = (Some("images".to_owned()), lent_default.to_owned());
        Policy::build(&[images, lent], [], rules).unwrap()
    };
    let open = rule("maps", &["open"], None, None);
    let elsewhere = |own, lent| {
        let [before, after] = [&[][..], std::slice::from_ref(&open)].map(|rules| of(own, lent, rules));
        assert_eq!(before.turns(&after, &open, 0, []).len(), 1);
        let told = before.turns_elsewhere(&after, &open, 0, []);
        told.iter().map(|(mount, turns)| (mount.clone(), turns[0].effect)).collect::<Vec<_>>()
    };
    assert_eq!(elsewhere("open", "closed"), [("lent".to_owned(), Effect::Opens)]);
    assert_eq!(elsewhere("closed", "open"), [("lent".to_owned(), Effect::Stays)]);
    assert_eq!(elsewhere("closed", "closed"), []);
}

proptest! {
    /// Time alone changes verdicts, and at the stated dates alone.
    #[test]
    fn prop_verdicts_differ_only_over_a_date_of_a_rule_that_could_apply(
        rules in prop::collection::vec(dated(), 0..8),
        server in prop::sample::select(vec![ImageServer::Iipsrv, ImageServer::Digilib, ImageServer::Generic]),
        identifier in prop::sample::select(vec!["a", "a/b", "a/b.tif", "a/b.jpg", "a/b/c", "a/b/c/d", "d/x", "e"]),
        held in prop::sample::subsequence(vec![2_u8, 3], 0..=2),
        (start, length) in (0_u64..10 * 86_400, 0_u64..3 * 86_400),
    ) {
        let policy = policy(server, &rules);
        let held: Conditions = held.into_iter().collect();
        let resource = Resource { mount: 0, identifier };
        let earlier = utc_midnight(date(2041, 1, 1)) - 86_400 + start;
        let later = earlier + length;
        let decide = |now| policy.decide(&resource, &Aspects { held, now, ..Aspects::default() });
        let dates = policy.candidates(&resource).into_iter().flat_map(|rule| [rule.from, rule.until]);
        let crossed = dates.into_iter().any(|date| earlier < date && date <= later);
        let verdict = |now| match decide(now) {
            super::super::decision::Decision::Challenge(needed, _) => Some(needed),
            decision => decision.is_allow().then_some(Conditions::NONE),
        };
        prop_assert!(crossed || decide(earlier) == decide(later), "{:?} -> {:?}", decide(earlier), decide(later));
        // And the next change that is announced is the first one.
        if let Some(next) = policy.next_change(&resource, earlier) {
            prop_assert_eq!(verdict(earlier), verdict(next - 1));
        } else {
            prop_assert_eq!(verdict(earlier), verdict(later));
        }
    }

    /// Whatever is announced is what the decision says a second before and at the date, on the spot itself.
    #[test]
    fn prop_an_exact_spot_is_announced_as_it_is_decided(rules in prop::collection::vec(dated(), 1..8)) {
        let policy = policy(ImageServer::Iipsrv, &rules);
        let dates = policy.dates(0, u64::MAX, usize::MAX);
        let agenda = dates.agenda(&policy, written(&dates, &rules));
        let all = rules.iter().flat_map(|rule| [rule.from, rule.until]).flatten().count();
        prop_assert_eq!(usize::try_from(agenda.dates).unwrap(), all);
        for event in agenda.events.iter().filter(|event| event.matching == Match::Exact) {
            let decide = |now| policy.decide(
                &Resource { mount: 0, identifier: &event.identifier },
                &Aspects { now, ..Aspects::default() },
            );
            let (before, after) = (decide(event.at - 1), decide(event.at));
            prop_assert_eq!(event.before.who == Who::Everybody, before.is_allow());
            prop_assert_eq!(event.after.who == Who::Everybody, after.is_allow());
            if event.effect == Effect::Opens {
                prop_assert!(!before.is_allow());
            }
            if event.effect == Effect::Closes {
                prop_assert!(!after.is_allow());
            }
        }
    }
}
