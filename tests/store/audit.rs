//! The audit trail, and what was deleted and comes back.

use sqlx::Executor as _;
use tilegate::audit::chain::{AuditKeys, Broken};
use tilegate::audit::{Act, Action, Actor, Entry, Record};
use tilegate::store::{
    AccountChange, AccountError, AccountQuery, AuditError, AuditFilter, NewAccount, RESTORABLE, RuleEdit,
    Store,
};

use crate::{
    Bench, HOUR, NOW, checked, drop_database, fresh_id, make_database, new_account, policy_with,
    postgres_server, rule, strings,
};

on_both_engines!(
    s19_every_change_has_its_line,
    s19_what_is_refused_has_none,
    s19_the_trail_is_whole_however_many_write_at_once,
    s19_what_was_changed_in_the_database_is_found,
    s19_a_pruned_trail_is_whole,
    s19_pruning_signs_nothing_that_was_changed,
    s19_lines_of_a_key_that_went_are_pruned_if_a_later_one_vouches_for_them,
    s19_where_the_trail_begins_is_signed_anew_while_the_old_key_is_there,
    s19_nobody_is_named_in_the_trail,
    lines_are_found_by_who_what_and_when,
    what_no_text_can_have_is_not_found_and_is_no_failure,
    a_deleted_account_comes_back_without_its_logins,
    a_name_that_was_given_away_stands_in_the_way,
    what_was_deleted_is_forgotten_after_thirty_days,
    a_deleted_rule_is_kept,
    two_who_change_the_same_account_do_not_overwrite_each_other,
    a_page_cannot_take_away_the_last_administrator,
);

async fn lines(store: &Store) -> Vec<Record> {
    let mut lines = store.audit(&AuditFilter::default(), None, 1000).await.unwrap();
    lines.reverse();
    lines
}

fn words(lines: &[Record]) -> Vec<&str> {
    lines.iter().map(|line| line.action.as_str()).collect()
}

async fn s19_every_change_has_its_line(bench: Bench) {
    let store = &bench.store;
    let admin = fresh_id();
    let act = |seconds| Act::of(admin, NOW + seconds);
    store.replace_policy(&policy_with(&["staff"]), false, Act::command(NOW)).await.unwrap();
    let ada = store.create_account(new_account("ada", &[]), act(1)).await.unwrap();
    let change = AccountChange { conditions: Some(strings(&["staff"])), ..AccountChange::default() };
    store.change_account(&ada.id, change, act(2)).await.unwrap();
    let change = AccountChange { password_hash: Some("x".to_owned()), ..AccountChange::default() };
    store.change_account(&ada.id, change, Act::of(ada.id, NOW + 3)).await.unwrap();
    let added = checked(rule("a", &["staff"]), &["staff"]);
    let number = store.add_rule(&added, act(4)).await.unwrap();
    store.change_rule(number, &checked(rule("b", &["staff"]), &["staff"]), act(5)).await.unwrap();
    store.remove_rule(number, act(6)).await.unwrap();
    store.end_session(&fresh_id(), NOW + HOUR, act(7)).await.unwrap();
    store.end_session(&fresh_id(), NOW + HOUR, Act::visitor(NOW + 8)).await.unwrap();
    store.remove_account(&ada.id, act(9)).await.unwrap();

    let lines = lines(store).await;
    let expected = [
        "policy.replace",
        "account.make",
        "account.change",
        "password.change",
        "rule.make",
        "rule.change",
        "rule.delete",
        "session.end",
        "account.delete",
    ];
    assert_eq!(words(&lines), expected, "a guest who leaves is not told of");
    assert_eq!(lines[0].by, Actor::Command);
    assert_eq!((lines[2].by, lines[2].at), (Actor::Account(admin), NOW + 2));
    assert_eq!(lines[2].subject, ada.id.to_string());
    let details = serde_json::to_value(&lines[2].details).unwrap();
    assert_eq!(
        details,
        serde_json::json!({"before": {"conditions": []}, "after": {"conditions": ["staff"]}})
    );
    assert_eq!(lines[5].details["before"]["identifier"], "a");
    assert_eq!(lines[5].details["after"]["identifier"], "b");
    assert_eq!(lines[5].subject, (number + 1).to_string(), "as people count");
    let whole = store.verify_audit(None).await.unwrap();
    assert_eq!((whole.first, whole.last), (1, 9));
    assert_eq!(store.audit_head().await.unwrap(), (9, whole.head));
}

async fn s19_what_is_refused_has_none(bench: Bench) {
    let store = &bench.store;
    store.create_account(new_account("ada", &[]), Act::command(NOW)).await.unwrap();
    store.create_account(new_account("Ada", &[]), Act::command(NOW)).await.unwrap_err();
    store.create_account(new_account("bob", &["nonsense"]), Act::command(NOW)).await.unwrap_err();
    assert!(store.remove_rule(7, Act::command(NOW)).await.unwrap().is_none());
    assert!(!store.remove_account(&fresh_id(), Act::command(NOW)).await.unwrap());
    assert_eq!(words(&lines(store).await), ["account.make"]);
}

async fn s19_the_trail_is_whole_however_many_write_at_once(bench: Bench) {
    let mut writers = tokio::task::JoinSet::new();
    let replica = bench.replica().await;
    for number in 0..40_u32 {
        let store = if number % 2 == 0 { bench.store.clone() } else { replica.clone() };
        writers.spawn(async move {
            store
                .create_account(new_account(&format!("person{number}"), &[]), Act::command(NOW))
                .await
                .unwrap();
        });
    }
    while let Some(outcome) = writers.join_next().await {
        outcome.unwrap();
    }
    assert_eq!(bench.store.verify_audit(None).await.unwrap().last, 40);
}

async fn s19_what_was_changed_in_the_database_is_found(bench: Bench) {
    let store = &bench.store;
    for name in ["ada", "bob", "eve", "kim"] {
        store.create_account(new_account(name, &[]), Act::command(NOW)).await.unwrap();
    }
    let noted = store.audit_head().await.unwrap();
    assert!(store.verify_audit(Some(noted)).await.is_ok());
    let broken = async |statement: &'static str| {
        bench.raw().await.execute(statement).await.unwrap();
        match store.verify_audit(Some(noted)).await {
            Err(AuditError::Broken(broken)) => broken,
            other => panic!("{statement}: {other:?}"),
        }
    };
    assert_eq!(broken("UPDATE audit SET subject = 'x' WHERE number = 2").await, Broken::Changed(2));
    bench.raw().await.execute("DELETE FROM audit WHERE number = 2").await.unwrap();
    let missing = broken("UPDATE audit SET at = at WHERE number = 1").await;
    assert_eq!(missing, Broken::Missing { expected: 2, found: 3 });
    let cut = broken("DELETE FROM audit WHERE number > 1").await;
    assert_eq!(cut, Broken::CutOff { last: 1, expected: 4 });
    let other = Store::connect(&bench.url, AuditKeys::new([&[8; 32]])).await.unwrap();
    let unknown = other.verify_audit(None).await.unwrap_err();
    assert!(matches!(unknown, AuditError::Broken(Broken::UnknownKey { from: 1, .. })), "{unknown}");
}

async fn s19_a_pruned_trail_is_whole(bench: Bench) {
    let store = &bench.store;
    for hour in 0..6 {
        let name = format!("person{hour}");
        store.create_account(new_account(&name, &[]), Act::command(NOW + hour * HOUR)).await.unwrap();
    }
    assert_eq!(store.prune_audit(NOW, Act::service(NOW)).await.unwrap(), 0, "nothing is that old");
    assert_eq!(store.prune_audit(NOW + 2 * HOUR, Act::service(NOW + 9 * HOUR)).await.unwrap(), 2);
    let whole = store.verify_audit(None).await.unwrap();
    assert_eq!((whole.first, whole.last), (3, 7));
    let last = lines(store).await.pop().unwrap();
    assert_eq!((last.action.as_str(), last.subject.as_str()), (Action::AuditPruned.as_str(), "2"));
    // The newest line stays, or the chain would begin anew.
    assert_eq!(store.prune_audit(NOW + 99 * HOUR, Act::service(NOW + 99 * HOUR)).await.unwrap(), 4);
    assert_eq!(words(&lines(store).await), ["audit.prune", "audit.prune"]);
    store.verify_audit(None).await.unwrap();
    bench.raw().await.execute("UPDATE audit_checkpoint SET number = 5").await.unwrap();
    let forged = store.verify_audit(None).await.unwrap_err();
    assert!(matches!(forged, AuditError::Broken(Broken::CheckpointForged)), "{forged}");
    bench.raw().await.execute("DELETE FROM audit_checkpoint").await.unwrap();
    let headless = store.verify_audit(None).await.unwrap_err();
    assert!(matches!(headless, AuditError::Broken(Broken::Missing { expected: 1, .. })), "{headless}");
}

async fn s19_pruning_signs_nothing_that_was_changed(bench: Bench) {
    let store = &bench.store;
    for hour in 0..4 {
        let name = format!("person{hour}");
        store.create_account(new_account(&name, &[]), Act::command(NOW + hour * HOUR)).await.unwrap();
    }
    // Whoever makes a line look old has the service itself remove it.
    let mut raw = bench.raw().await;
    raw.execute("UPDATE audit SET at = 1 WHERE number <= 3").await.unwrap();
    let refused = store.prune_audit(NOW, Act::service(NOW + 9 * HOUR)).await.unwrap_err();
    assert!(matches!(refused, AuditError::Broken(Broken::Changed(1))), "{refused}");
    assert_eq!(lines(store).await.len(), 4, "nothing went");
    raw.execute("DELETE FROM audit WHERE number = 2").await.unwrap();
    raw.execute("UPDATE audit SET at = 1800000000 WHERE number = 1").await.unwrap();
    assert!(store.prune_audit(NOW + 3 * HOUR, Act::service(NOW + 9 * HOUR)).await.is_err());
    let found = store.verify_audit(None).await.unwrap_err();
    assert!(matches!(found, AuditError::Broken(_)), "{found}");
}

async fn s19_lines_of_a_key_that_went_are_pruned_if_a_later_one_vouches_for_them(bench: Bench) {
    let store = &bench.store;
    store.create_account(new_account("one", &[]), Act::command(NOW)).await.unwrap();
    store.create_account(new_account("two", &[]), Act::command(NOW + HOUR)).await.unwrap();
    let later = Store::connect(&bench.url, AuditKeys::new([&[77; 32]])).await.unwrap();
    let refused = later.prune_audit(NOW + HOUR, Act::service(NOW + 2 * HOUR)).await.unwrap_err();
    assert!(matches!(refused, AuditError::Broken(Broken::UnknownKey { .. })), "{refused}");
    later.create_account(new_account("three", &[]), Act::command(NOW + 2 * HOUR)).await.unwrap();
    assert_eq!(later.prune_audit(NOW + HOUR, Act::service(NOW + 2 * HOUR)).await.unwrap(), 1);
    later.verify_audit(None).await.unwrap();
}

async fn s19_where_the_trail_begins_is_signed_anew_while_the_old_key_is_there(bench: Bench) {
    let store = &bench.store;
    store.create_account(new_account("one", &[]), Act::command(NOW)).await.unwrap();
    store.create_account(new_account("two", &[]), Act::command(NOW + HOUR)).await.unwrap();
    assert_eq!(store.prune_audit(NOW + HOUR, Act::service(NOW + HOUR)).await.unwrap(), 1);
    let both = AuditKeys::new([&[77; 32], &[7; 32]]);
    let both = Store::connect(&bench.url, both).await.unwrap();
    assert_eq!(both.prune_audit(NOW, Act::service(NOW + HOUR)).await.unwrap(), 0, "nothing is that old");
    both.create_account(new_account("three", &[]), Act::command(NOW + 2 * HOUR)).await.unwrap();
    let later = Store::connect(&bench.url, AuditKeys::new([&[77; 32]])).await.unwrap();
    later.verify_audit(None).await.unwrap();
}

async fn s19_nobody_is_named_in_the_trail(bench: Bench) {
    let store = &bench.store;
    let account = NewAccount { note: "lives in Turin".to_owned(), ..new_account("primolevi", &[]) };
    let account = store.create_account(account, Act::command(NOW)).await.unwrap();
    let change = AccountChange { note: Some("moved to Rome".to_owned()), ..AccountChange::default() };
    store.change_account(&account.id, change, Act::of(account.id, NOW)).await.unwrap();
    store.remove_account(&account.id, Act::command(NOW)).await.unwrap();
    let lines = lines(store).await;
    assert_eq!(lines[1].details["note_changed"], true);
    for line in &lines {
        let shown = format!("{line:?}");
        assert!(
            !shown.contains("primolevi") && !shown.contains("Turin") && !shown.contains("Rome"),
            "{shown}"
        );
    }
    let names = store.names([account.id]).await.unwrap();
    assert_eq!(names[&account.id], "primolevi", "the name is known as long as the account can come back");
    assert!(store.erase_account(&account.id, Act::command(NOW)).await.unwrap());
    assert!(!store.erase_account(&account.id, Act::command(NOW)).await.unwrap());
    assert!(store.names([account.id]).await.unwrap().is_empty());
    assert!(store.restore_account(&account.id, Act::command(NOW)).await.unwrap().is_none());
    store.verify_audit(None).await.unwrap();
}

async fn lines_are_found_by_who_what_and_when(bench: Bench) {
    let store = &bench.store;
    let (ada, bob) = (fresh_id(), fresh_id());
    let entry = |action, subject: &str| [Entry::new(action, subject)];
    store.tell(entry(Action::RuleMade, "1"), Act::of(ada, NOW)).await.unwrap();
    store.tell(entry(Action::RuleDeleted, "1"), Act::of(bob, NOW + 1)).await.unwrap();
    store.tell(entry(Action::AccessDenied, "images 100%_wool"), Act::visitor(NOW + 2)).await.unwrap();
    store.tell(entry(Action::AccessDenied, "images 100xxwool"), Act::visitor(NOW + 3)).await.unwrap();
    store.tell(entry(Action::AccountChanged, &ada.to_string()), Act::of(bob, NOW + 4)).await.unwrap();
    let found = async |filter: AuditFilter| -> Vec<u64> {
        store.audit(&filter, None, 100).await.unwrap().iter().map(|line| line.number).collect()
    };
    let all = AuditFilter::default;
    assert_eq!(found(all()).await, [5, 4, 3, 2, 1]);
    assert_eq!(found(AuditFilter { by: Some(Actor::Account(bob)), ..all() }).await, [5, 2]);
    assert_eq!(found(AuditFilter { by: Some(Actor::Visitor), ..all() }).await, [4, 3]);
    assert_eq!(found(AuditFilter { action: "rule.".to_owned(), ..all() }).await, [2, 1]);
    assert_eq!(found(AuditFilter { action: "rule.make".to_owned(), ..all() }).await, [1]);
    assert_eq!(found(AuditFilter { about: Some(ada.to_string()), ..all() }).await, [5, 1]);
    assert_eq!(found(AuditFilter { subject_part: "100%_w".to_owned(), ..all() }).await, [3]);
    assert_eq!(found(AuditFilter { from: Some(NOW + 1), until: Some(NOW + 3), ..all() }).await, [3, 2]);
    let page: Vec<u64> =
        store.audit(&all(), Some(4), 2).await.unwrap().iter().map(|line| line.number).collect();
    assert_eq!(page, [3, 2]);
}

async fn what_no_text_can_have_is_not_found_and_is_no_failure(bench: Bench) {
    let store = &bench.store;
    bench.account("ada").await;
    for text in ["\0", "a\0da"] {
        for filter in [
            AuditFilter { subject_part: text.to_owned(), ..AuditFilter::default() },
            AuditFilter { about: Some(text.to_owned()), ..AuditFilter::default() },
            AuditFilter { action: text.to_owned(), ..AuditFilter::default() },
            AuditFilter { action: format!("{text}."), ..AuditFilter::default() },
        ] {
            assert!(store.audit(&filter, None, 10).await.unwrap().is_empty(), "{filter:?}");
        }
        for query in [
            AccountQuery { search: text.to_owned(), ..AccountQuery::default() },
            AccountQuery { condition: text.to_owned(), ..AccountQuery::default() },
        ] {
            assert_eq!(store.account_page(&query, 0, 10, NOW).await.unwrap().total, 0, "{query:?}");
        }
    }
}

async fn a_deleted_account_comes_back_without_its_logins(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff", "archive"]).await;
    let given = NewAccount {
        administrator: true,
        expires: Some(NOW + HOUR),
        note: "n".to_owned(),
        ..new_account("ada", &["staff", "archive"])
    };
    let before = store.create_account(given, Act::command(NOW)).await.unwrap();
    assert!(store.remove_account(&before.id, Act::command(NOW + 1)).await.unwrap());
    assert!(store.account(&before.id).await.unwrap().is_none());
    let listed = store.deleted_accounts(10).await.unwrap();
    assert_eq!((listed.len(), listed[0].id, listed[0].at), (1, before.id, NOW + 1));
    assert!(!format!("{listed:?}").contains("argon2id"), "S11: no hash leaves the store");

    store.replace_policy(&policy_with(&["staff"]), true, Act::command(NOW)).await.unwrap();
    let restored = store.restore_account(&before.id, Act::command(NOW + 2)).await.unwrap().unwrap();
    assert_eq!(restored.lost, ["archive"], "the policy does not have it any more");
    assert_eq!(restored.account.conditions, ["staff"]);
    assert!(restored.account.generation > before.generation, "no credential from before counts");
    assert_eq!(store.account(&before.id).await.unwrap(), Some(restored.account.clone()));
    let after = restored.account;
    assert_eq!((after.expires, &*after.note, after.administrator), (Some(NOW + HOUR), "n", true));
    assert_eq!(after.password_hash, before.password_hash);
    assert!(store.deleted_accounts(10).await.unwrap().is_empty());
    assert!(store.restore_account(&before.id, Act::command(NOW + 3)).await.unwrap().is_none(), "once");
}

async fn a_name_that_was_given_away_stands_in_the_way(bench: Bench) {
    let store = &bench.store;
    let first = bench.account("ada").await;
    store.remove_account(&first.id, Act::command(NOW)).await.unwrap();
    let second = bench.account("ada").await;
    let refused = store.restore_account(&first.id, Act::command(NOW)).await.unwrap_err();
    assert!(matches!(refused, AccountError::NameTaken), "{refused}");
    assert_eq!(store.deleted_accounts(10).await.unwrap().len(), 1, "nothing is lost");
    store.remove_account(&second.id, Act::command(NOW)).await.unwrap();
    assert!(store.restore_account(&first.id, Act::command(NOW)).await.unwrap().is_some());
}

async fn what_was_deleted_is_forgotten_after_thirty_days(bench: Bench) {
    let store = &bench.store;
    let (ada, bob) = (bench.account("ada").await, bench.account("bob").await);
    store.remove_account(&ada.id, Act::command(NOW)).await.unwrap();
    store.remove_account(&bob.id, Act::command(NOW + HOUR)).await.unwrap();
    assert_eq!(store.forget_deleted(Act::service(NOW + RESTORABLE - 1)).await.unwrap(), 0);
    assert_eq!(store.forget_deleted(Act::service(NOW + RESTORABLE)).await.unwrap(), 1);
    assert!(store.restore_account(&ada.id, Act::command(NOW)).await.unwrap().is_none());
    let names = store.names([ada.id, bob.id]).await.unwrap();
    assert_eq!(names.keys().copied().collect::<Vec<_>>(), [bob.id], "the name goes with it");
    assert_eq!(lines(store).await.last().unwrap().action, "account.erase");
    assert!(store.restore_account(&bob.id, Act::command(NOW)).await.unwrap().is_some());
}

async fn a_deleted_rule_is_kept(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let added = checked(rule("letters", &["staff"]), &["staff"]);
    let number = store.add_rule(&added, Act::command(NOW)).await.unwrap();
    let since = store.last_sequence().await.unwrap();
    store.edit_rule(&RuleEdit::Remove(number), since, Act::command(NOW + 5)).await.unwrap();
    let kept = store.deleted_rules(10).await.unwrap();
    assert_eq!((kept.len(), &kept[0].rule, kept[0].at), (1, added.spec(), NOW + 5));
}

async fn two_who_change_the_same_account_do_not_overwrite_each_other(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let account = bench.account("ada").await;
    let change = |note: &str| AccountChange {
        note: Some(note.to_owned()),
        conditions: Some(strings(&["staff"])),
        revision: Some(account.revision),
        ..AccountChange::default()
    };
    let first = store.change_account(&account.id, change("one"), Act::command(NOW)).await.unwrap().unwrap();
    assert_eq!(first.revision, account.revision + 1);
    let second = store.change_account(&account.id, change("two"), Act::command(NOW)).await.unwrap_err();
    assert!(matches!(second, AccountError::Meanwhile), "{second}");
    assert_eq!(store.account(&account.id).await.unwrap().unwrap().note, "one");
}

async fn a_page_cannot_take_away_the_last_administrator(bench: Bench) {
    let store = &bench.store;
    let admin = NewAccount { administrator: true, ..new_account("admin", &[]) };
    let admin = store.create_account(admin, Act::command(NOW)).await.unwrap();
    let ends = NewAccount { administrator: true, expires: Some(NOW), ..new_account("over", &[]) };
    store.create_account(ends, Act::command(NOW)).await.unwrap();
    let by_page = Act::of(admin.id, NOW);
    let none = AccountChange::default;
    for change in [
        AccountChange { administrator: Some(false), ..none() },
        AccountChange { active: Some(false), ..none() },
        AccountChange { expires: Some(Some(NOW)), ..none() },
    ] {
        let refused = store.change_account(&admin.id, change, by_page).await.unwrap_err();
        assert!(matches!(refused, AccountError::LastAdministrator), "{refused}");
    }
    let refused = store.remove_account(&admin.id, by_page).await.unwrap_err();
    assert!(matches!(refused, AccountError::LastAdministrator), "{refused}");
    assert!(store.account(&admin.id).await.unwrap().unwrap().active);
    let unset = NewAccount { password_hash: String::new(), ..new_account("unset", &[]) };
    let unset = NewAccount { administrator: true, ..unset };
    store.create_account(unset, Act::command(NOW)).await.unwrap();
    let refused = store.remove_account(&admin.id, by_page).await.unwrap_err();
    assert!(matches!(refused, AccountError::LastAdministrator), "who has no password yet: {refused}");
    let other = NewAccount { administrator: true, ..new_account("other", &[]) };
    store.create_account(other, Act::command(NOW)).await.unwrap();
    assert!(store.remove_account(&admin.id, by_page).await.unwrap());
}
