//! Conditions one by one.

use tilegate::store::{ConditionError, ConditionRemoved, ConditionUse};

use super::*;

on_both_engines!(
    a_condition_is_added_and_changed_with_its_line,
    a_name_that_comes_back_has_its_old_bit,
    the_two_hundred_and_fifty_sixth_condition_is_the_last,
    an_edit_of_another_condition_than_was_shown_is_refused,
    an_edit_of_a_policy_that_has_changed_is_refused,
    open_and_closed_can_have_other_texts_and_nothing_else,
    what_accounts_hold_cannot_become_open_or_closed,
    a_removed_condition_closes_what_it_alone_opened,
    removal_leaves_no_rule_twice,
    a_line_of_a_condition_is_newer_policy_to_whoever_edits_a_rule,
);

fn labelled(name: &str, label: &str) -> AccessCondition {
    let mut condition = condition(name, Pattern::Login);
    condition.label.insert("en".to_owned(), label.to_owned());
    condition
}

async fn stored(store: &Store, name: &str) -> AccessCondition {
    store.condition_with_use(name).await.unwrap().unwrap().condition
}

async fn used(store: &Store, name: &str) -> ConditionUse {
    store.condition_with_use(name).await.unwrap().unwrap().used
}

async fn last(store: &Store) -> u64 {
    store.last_sequence().await.unwrap()
}

async fn a_condition_is_added_and_changed_with_its_line(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let since = last(store).await;
    let guests = labelled("guests", "Guests");
    assert_eq!(store.add_condition(&guests, since, Act::service(NOW)).await.unwrap(), 3);
    let visitors = labelled("guests", "Visitors");
    store.change_condition(&guests, &visitors, last(store).await, Act::service(NOW)).await.unwrap();
    let open = AccessCondition { pattern: Pattern::Open, ..visitors.clone() };
    store.change_condition(&visitors, &open, last(store).await, Act::service(NOW)).await.unwrap();
    // What rules ask for has changed with the last one.
    let expected = [Changed::Condition(3), Changed::Condition(3), Changed::Policy];
    assert_eq!(what_happened(&bench.replica().await, since).await, expected);
    let names: Vec<_> = store.policy_document().await.unwrap().conditions;
    assert_eq!(names.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["staff", "guests"]);
    assert_eq!(names[1], open);
    let again = store.add_condition(&guests, last(store).await, Act::service(NOW)).await;
    assert!(matches!(again, Err(ConditionError::Double(_))), "{again:?}");
    assert_eq!(store.conditions_now(last(store).await).await.unwrap().unwrap().len(), 4);
    assert_eq!(store.conditions_now(since).await.unwrap(), None, "rules may name others");
}

async fn a_name_that_comes_back_has_its_old_bit(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff", "guests"]).await;
    let shown = stored(store, "staff").await;
    store.remove_condition(&shown, last(store).await, Act::service(NOW)).await.unwrap();
    assert_eq!(
        store.add_condition(&labelled("new", "New"), last(store).await, Act::service(NOW)).await.unwrap(),
        4
    );
    assert_eq!(store.add_condition(&shown, last(store).await, Act::service(NOW)).await.unwrap(), 2);
    assert_eq!(bits(store).await["staff"], 2);
}

async fn the_two_hundred_and_fifty_sixth_condition_is_the_last(bench: Bench) {
    let store = &bench.store;
    let names: Vec<String> = (2..256).map(|number| format!("c{number}")).collect();
    bench.with_conditions(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let since = last(store).await;
    let refused = store.add_condition(&labelled("more", "More"), since, Act::service(NOW)).await;
    assert!(matches!(&refused, Err(ConditionError::TooMany(name)) if name == "more"), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("256"));
    assert_eq!(last(store).await, since);
    // A removed one gives no room for another name.
    let shown = stored(store, "c9").await;
    store.remove_condition(&shown, since, Act::service(NOW)).await.unwrap();
    let refused = store.add_condition(&labelled("more", "More"), last(store).await, Act::service(NOW)).await;
    assert!(matches!(refused, Err(ConditionError::TooMany(_))));
    assert!(store.add_condition(&shown, last(store).await, Act::service(NOW)).await.is_ok());
}

async fn an_edit_of_another_condition_than_was_shown_is_refused(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let shown = stored(store, "staff").await;
    let theirs = labelled("staff", "Theirs");
    store.change_condition(&shown, &theirs, last(store).await, Act::service(NOW)).await.unwrap();
    let since = last(store).await;
    let mine = labelled("staff", "Mine");
    for refused in [
        store.change_condition(&shown, &mine, since, Act::service(NOW)).await,
        store.remove_condition(&shown, since, Act::service(NOW)).await.map(|_| ()),
    ] {
        assert!(matches!(&refused, Err(ConditionError::Changed(now)) if **now == theirs), "{refused:?}");
    }
    assert_eq!((stored(store, "staff").await, last(store).await), (theirs.clone(), since));
    store.remove_condition(&theirs, since, Act::service(NOW)).await.unwrap();
    let gone = store.change_condition(&theirs, &mine, last(store).await, Act::service(NOW)).await;
    assert!(matches!(gone, Err(ConditionError::Gone(_))), "{gone:?}");
}

async fn an_edit_of_a_policy_that_has_changed_is_refused(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let since = last(store).await;
    store.add_rule(&checked(rule("a", &["staff"]), &["staff"]), Act::service(NOW)).await.unwrap();
    let shown = stored(store, "staff").await;
    let mine = labelled("staff", "Mine");
    for refused in [
        store.add_condition(&labelled("new", "New"), since, Act::service(NOW)).await.map(|_| ()),
        store.change_condition(&shown, &mine, since, Act::service(NOW)).await,
        store.remove_condition(&shown, since, Act::service(NOW)).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(ConditionError::Meanwhile)), "{refused:?}");
    }
}

async fn open_and_closed_can_have_other_texts_and_nothing_else(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let shown = stored(store, "closed").await;
    let mut locked = shown.clone();
    locked.label.insert("en".to_owned(), "Locked".to_owned());
    store.change_condition(&shown, &locked, last(store).await, Act::service(NOW)).await.unwrap();
    assert_eq!(stored(store, "closed").await, locked);
    assert!(store.policy_document().await.unwrap().conditions.contains(&locked));
    let since = last(store).await;
    let open = AccessCondition { pattern: Pattern::Open, ..locked.clone() };
    let thumbnail = AccessCondition { thumbnail_px: Some(100), ..locked.clone() };
    for refused in [
        store.change_condition(&locked, &open, since, Act::service(NOW)).await,
        store.change_condition(&locked, &thumbnail, since, Act::service(NOW)).await,
        store.remove_condition(&locked, since, Act::service(NOW)).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(ConditionError::BuiltIn(_))), "{refused:?}");
    }
    assert_eq!(bits(store).await["closed"], 1);
}

async fn what_accounts_hold_cannot_become_open_or_closed(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let account = store.create_account(new_account("ada", &["staff"]), Act::service(NOW)).await.unwrap();
    let shown = stored(store, "staff").await;
    for pattern in [Pattern::Open, Pattern::Closed] {
        let next = AccessCondition { pattern, ..shown.clone() };
        let refused = store.change_condition(&shown, &next, last(store).await, Act::service(NOW)).await;
        assert!(matches!(refused, Err(ConditionError::Held { accounts: 1, devices: 0, .. })), "{refused:?}");
    }
    store.remove_account(&account.id, Act::service(NOW)).await.unwrap();
    let next = AccessCondition { pattern: Pattern::Closed, ..shown.clone() };
    store.change_condition(&shown, &next, last(store).await, Act::service(NOW)).await.unwrap();
}

async fn a_removed_condition_closes_what_it_alone_opened(bench: Bench) {
    let store = &bench.store;
    let mut policy = policy_with(&["staff", "guests"]);
    policy.conditions.push(condition("room", Pattern::Kiosk));
    policy.rules = vec![
        rule("a", &["staff"]),
        rule("b", &["guests", "staff"]),
        rule("c", &["guests"]),
        rule("d", &["closed", "staff"]),
        RuleSpec { note: "kept".to_owned(), ..rule("e", &["staff"]) },
        rule("f", &["room"]),
    ];
    store.replace_policy(&policy, false, Act::service(NOW)).await.unwrap();
    store.create_account(new_account("ada", &["guests", "staff"]), Act::service(NOW)).await.unwrap();
    let of_staff = ConditionUse { rules: 4, alone: 3, accounts: 1, devices: 0 };
    assert_eq!(used(store, "staff").await, of_staff);
    assert_eq!(used(store, "guests").await, ConditionUse { rules: 2, alone: 1, accounts: 1, devices: 0 });
    let since = last(store).await;
    let removed = store
        .remove_condition(&stored(store, "staff").await, last(store).await, Act::service(NOW))
        .await
        .unwrap();
    assert_eq!(removed, ConditionRemoved { closed: 3, kept: 1, accounts: 1, devices: 0 });
    let rules = store.policy_document().await.unwrap().rules;
    let expected = [
        rule("a", &["closed"]),
        rule("b", &["guests"]),
        rule("c", &["guests"]),
        rule("d", &["closed"]),
        RuleSpec { note: "kept".to_owned(), ..rule("e", &["closed"]) },
        rule("f", &["room"]),
    ];
    assert_eq!(rules, expected);
    let bare = expected.map(|rule| RuleSpec { note: String::new(), ..rule });
    assert_eq!(loaded_rules(store).await, (0..).zip(bare).collect());
    let ada = store.account_by_name(&username("ada")).await.unwrap().unwrap();
    assert_eq!(ada.conditions, ["guests"]);
    assert_eq!(store.condition_with_use("staff").await.unwrap(), None);
    let happened = what_happened(&bench.replica().await, since).await;
    assert_eq!(happened, [Changed::Account(ada.id), Changed::Policy]);

    // A computer for it does not come back with the name.
    let device = device(&bench, 7).await;
    store.enrol_device(&code(7).hash(), Act::service(NOW)).await.unwrap().unwrap();
    assert_eq!(used(store, "room").await.devices, 1);
    let room = stored(store, "room").await;
    let removed = store.remove_condition(&room, last(store).await, Act::service(NOW)).await.unwrap();
    assert_eq!(removed, ConditionRemoved { closed: 1, kept: 0, accounts: 0, devices: 1 });
    store.add_condition(&room, last(store).await, Act::service(NOW)).await.unwrap();
    assert_eq!(store.active_device(&device).await.unwrap(), None);
}

/// A policy file may have no rule twice, and an export is to be imported again.
async fn removal_leaves_no_rule_twice(bench: Bench) {
    let store = &bench.store;
    let mut policy = policy_with(&["staff", "guests"]);
    policy.rules = vec![
        rule("a", &["guests", "staff"]),
        rule("a", &["guests"]),
        rule("b", &["staff"]),
        rule("b", &["closed"]),
    ];
    store.replace_policy(&policy, false, Act::service(NOW)).await.unwrap();
    store
        .remove_condition(&stored(store, "staff").await, last(store).await, Act::service(NOW))
        .await
        .unwrap();
    let rules = store.policy_document().await.unwrap().rules;
    assert_eq!(rules, [rule("a", &["guests"]), rule("b", &["closed"])]);
}

async fn a_line_of_a_condition_is_newer_policy_to_whoever_edits_a_rule(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let since = last(store).await;
    store.add_condition(&labelled("new", "New"), since, Act::service(NOW)).await.unwrap();
    let edit = RuleEdit::Add(checked(rule("a", &["staff"]), &["staff"]));
    let refused = store.edit_rule(&edit, since, Act::service(NOW)).await;
    assert!(matches!(refused, Err(RuleError::Meanwhile)), "{refused:?}");
}
