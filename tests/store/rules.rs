//! Rules as an administrator looks for them, many at once, and one that comes back.

use tilegate::audit::Act;
use tilegate::policy::condition::Pattern;
use tilegate::policy::rule::{Match, RuleSpec};
use tilegate::store::{AuditFilter, RuleEdit, RuleError, RuleQuery};

use crate::{
    Bench, NOW, checked, condition, drop_database, make_database, policy_with, postgres_server, rule,
};

on_both_engines!(
    rules_are_found_by_their_beginning_in_order_and_paged,
    rules_are_found_by_a_condition_that_they_name,
    many_rules_are_added_with_a_line_each_or_none,
    a_rule_comes_back_once_with_its_line,
);

async fn last(bench: &Bench) -> u64 {
    bench.store.last_sequence().await.unwrap()
}

async fn furnish(bench: &Bench) {
    let mut policy = policy_with(&["staff", "readers"]);
    let other = RuleSpec { mount: "other".to_owned(), ..rule("letters", &["staff"]) };
    let exact = RuleSpec { matching: Match::Exact, ..rule("letters/1931", &["readers"]) };
    policy.rules = vec![
        rule("letters/1931", &["staff"]),
        other,
        rule("letters", &["staff", "readers"]),
        exact,
        rule("Letters", &["open"]),
        rule("let%er", &["closed"]),
        rule("let_er", &["closed"]),
        rule("", &["closed"]),
        rule("lettres/été", &["staff"]),
    ];
    bench.store.replace_policy(&policy, false, Act::service(NOW)).await.unwrap();
}

fn query(begins: &str) -> RuleQuery {
    let mounts = vec!["images".to_owned(), "other".to_owned()];
    RuleQuery { mounts, begins: begins.to_owned(), condition: String::new() }
}

fn numbers(rules: Vec<(u32, RuleSpec)>) -> Vec<u32> {
    rules.into_iter().map(|(number, _)| number).collect()
}

async fn found(bench: &Bench, query: &RuleQuery) -> Vec<u32> {
    let mut numbers = numbers(bench.store.find_rules(query, 0, 100).await.unwrap());
    numbers.sort_unstable();
    numbers
}

async fn rules_are_found_by_their_beginning_in_order_and_paged(bench: Bench) {
    furnish(&bench).await;
    for (begins, expected) in [
        ("letters", &[0, 1, 2, 3][..]),
        ("letters/19", &[0, 3]),
        ("let", &[0, 1, 2, 3, 5, 6, 8]),
        ("let%", &[5]),
        ("let_", &[6]),
        ("L", &[4]),
        ("lettres/é", &[8]),
        ("!", &[]),
        ("'", &[]),
        ("", &[0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ] {
        assert_eq!(found(&bench, &query(begins)).await, expected, "{begins}");
    }
    let other = RuleQuery { mounts: vec!["other".to_owned()], ..query("let") };
    assert_eq!(found(&bench, &other).await, [1]);
    let nowhere = RuleQuery { mounts: Vec::new(), ..query("") };
    assert!(found(&bench, &nowhere).await.is_empty());
    // By mount, then identifier, then number; one more than a page has says that there is another.
    let page = async |page| numbers(bench.store.find_rules(&query("letters"), page, 2).await.unwrap());
    assert_eq!(page(0).await, [2, 0, 3]);
    assert_eq!(page(1).await, [3, 1]);
    assert!(page(2).await.is_empty());
}

async fn rules_are_found_by_a_condition_that_they_name(bench: Bench) {
    furnish(&bench).await;
    let by = |name: &str| RuleQuery { condition: name.to_owned(), ..query("") };
    assert_eq!(found(&bench, &by("staff")).await, [0, 1, 2, 8]);
    assert_eq!(found(&bench, &by("readers")).await, [2, 3]);
    assert_eq!(found(&bench, &by("open")).await, [4]);
    assert_eq!(found(&bench, &by("closed")).await, [5, 6, 7]);
    assert!(found(&bench, &by("nothing")).await.is_empty());
    // A bit whose digit is in another's: `staff` has 2.
    let names: Vec<String> = (0..12).map(|number| format!("c{number}")).collect();
    let mut policy = policy_with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    policy.conditions.push(condition("staff", Pattern::Login));
    policy.rules = names.iter().map(|name| rule(name, &[name])).collect();
    policy.rules.extend([rule("b", &["staff"]), rule("c", &["c9", "staff"])]);
    bench.store.replace_policy(&policy, true, Act::service(NOW)).await.unwrap();
    assert_eq!(found(&bench, &by("staff")).await, [12, 13]);
}

async fn many_rules_are_added_with_a_line_each_or_none(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let since = last(&bench).await;
    let made = |identifier: &str| checked(rule(identifier, &["staff"]), &["staff"]);
    store.add_rules(&[made("a"), made("b"), made("c")], since, Act::service(NOW)).await.unwrap();
    let lines = async || {
        let filter = AuditFilter { action: "rule.make".to_owned(), ..AuditFilter::default() };
        let lines = store.audit(&filter, None, 100).await.unwrap();
        lines.into_iter().map(|line| line.subject).collect::<Vec<_>>()
    };
    assert_eq!(lines().await, ["3", "2", "1"]);
    // Checked against what is not there any more.
    let stale = store.add_rules(&[made("d"), made("e")], since, Act::service(NOW)).await;
    assert!(matches!(stale, Err(RuleError::Meanwhile)), "{stale:?}");
    // The last of them cannot be written, so none is.
    let gone = checked(rule("f", &["readers"]), &["readers"]);
    let refused = store.add_rules(&[made("d"), gone], last(&bench).await, Act::service(NOW)).await;
    assert!(matches!(refused, Err(RuleError::UnknownCondition(_))), "{refused:?}");
    assert_eq!(store.policy_document().await.unwrap().rules.len(), 3);
    assert_eq!(lines().await.len(), 3);
    assert!(store.verify_audit(None).await.is_ok());
}

async fn a_rule_comes_back_once_with_its_line(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let written = rule("letters", &["staff"]);
    let number = store.add_rule(&checked(written.clone(), &["staff"]), Act::service(NOW)).await.unwrap();
    store.remove_rule(number, Act::service(NOW)).await.unwrap().unwrap();
    let deleted = store.deleted_rules(9).await.unwrap().remove(0);
    assert_eq!(store.deleted_rule(&deleted.id).await.unwrap(), Some(written.clone()));
    let edit = RuleEdit::Restore(deleted.id, checked(written.clone(), &["staff"]));
    let since = last(&bench).await;
    // Of two who come for it one gets it.
    let (one, other) = tokio::join!(
        store.edit_rule(&edit, since, Act::service(NOW)),
        store.edit_rule(&edit, since, Act::service(NOW))
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let again = store.edit_rule(&edit, last(&bench).await, Act::service(NOW)).await;
    assert!(matches!(again, Err(RuleError::NotDeleted)), "{again:?}");
    assert_eq!(store.policy_document().await.unwrap().rules, [written]);
    assert_eq!(store.deleted_rules(9).await.unwrap(), []);
    assert_eq!(store.deleted_rule(&deleted.id).await.unwrap(), None);
    let told = store.audit(&AuditFilter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!((told.action.as_str(), told.subject.as_str()), ("rule.restore", "1"));
    assert_eq!(told.details["after"]["identifier"], "letters");
}
