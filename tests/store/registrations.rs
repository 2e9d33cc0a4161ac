//! People who ask for an account, and what becomes of it.

use sqlx::Executor as _;
use tilegate::audit::{Act, Actor, Record};
use tilegate::credential::account::Id128;
use tilegate::store::{AccountError, Approval, AuditFilter, NewRegistration, REGISTRATION_WAITS, Store};

use crate::{Bench, HOUR, NOW, drop_database, fresh_id, make_database, postgres_server, strings, username};

on_both_engines!(
    requests_are_read_back_the_oldest_first,
    s8_a_request_is_stored_whatever_the_name,
    no_more_wait_than_there_may,
    an_approved_request_is_an_account,
    an_approval_that_fails_leaves_the_request,
    of_two_who_decide_the_first_does,
    refused_requests_are_gone_and_told,
    s19_a_request_is_nobody_in_the_trail_until_it_is_approved,
    requests_that_waited_too_long_are_forgotten,
    the_table_of_before_is_replaced,
);

fn request(name: &str) -> NewRegistration {
    NewRegistration {
        id: fresh_id(),
        username: username(name),
        password_hash: format!("hash of {name}"),
        message: format!("I am {name}.\nمرحبا"),
    }
}

fn approval(name: &str, conditions: &[&str]) -> Approval {
    Approval {
        username: username(name),
        conditions: strings(conditions),
        expires: Some(NOW + HOUR),
        note: "reads maps".to_owned(),
    }
}

async fn ask(store: &Store, name: &str, at: u64) -> Id128 {
    let request = request(name);
    assert!(store.ask_for_account(&request, 100, Act::visitor(at)).await.unwrap());
    request.id
}

async fn lines(store: &Store) -> Vec<Record> {
    let mut lines = store.audit(&AuditFilter::default(), None, 1000).await.unwrap();
    lines.reverse();
    lines
}

async fn words(store: &Store) -> Vec<String> {
    lines(store).await.into_iter().map(|line| line.action).collect()
}

async fn requests_are_read_back_the_oldest_first(bench: Bench) {
    let store = &bench.store;
    assert_eq!(store.registrations(0, 10).await.unwrap().total, 0);
    for (name, at) in [("carl", NOW + 2), ("ada", NOW), ("bob", NOW + 1)] {
        ask(store, name, at).await;
    }
    let page = store.registrations(0, 2).await.unwrap();
    let names: Vec<_> = page.registrations.iter().map(|one| one.username.as_str()).collect();
    assert_eq!((names, page.total), (vec!["ada", "bob"], 3));
    let rest = store.registrations(1, 2).await.unwrap();
    assert_eq!((rest.registrations.len(), rest.total), (1, 3));
    assert_eq!(store.registrations(2, 2).await.unwrap().registrations, []);
    let ada = &page.registrations[0];
    assert_eq!((ada.message.as_str(), ada.asked), ("I am ada.\nمرحبا", NOW));
    assert!(!ada.is_taken);
    assert_eq!(ada.of_that_name, 1);
    assert_eq!(store.registration(&ada.id).await.unwrap().as_ref(), Some(ada));
    assert_eq!(store.registration(&fresh_id()).await.unwrap(), None);
    assert_eq!(store.waiting_registrations().await.unwrap(), 3);
    assert!(!format!("{:?}", request("ada")).contains("hash of"), "S16");
}

async fn s8_a_request_is_stored_whatever_the_name(bench: Bench) {
    let store = &bench.store;
    bench.account("ada").await;
    for name in ["ada", "ADA", "bob"] {
        ask(store, name, NOW).await;
    }
    let waiting = store.registrations(0, 10).await.unwrap().registrations;
    let mut found: Vec<_> =
        waiting.iter().map(|one| (one.username.as_str(), one.is_taken, one.of_that_name)).collect();
    found.sort_unstable();
    assert_eq!(found, [("ada", true, 2), ("ada", true, 2), ("bob", false, 1)]);
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    assert!(store.account_by_name(&username("bob")).await.unwrap().is_none(), "there is no account yet");
}

async fn no_more_wait_than_there_may(bench: Bench) {
    let store = &bench.store;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..12 {
        let store = store.clone();
        asking.spawn(async move {
            store.ask_for_account(&request(&format!("n{number}")), 5, Act::visitor(NOW)).await.unwrap()
        });
    }
    let stored = asking.join_all().await.into_iter().filter(|stored| *stored).count();
    assert_eq!(stored, 5);
    assert_eq!(store.waiting_registrations().await.unwrap(), 5);
    assert_eq!(words(store).await.len(), 5, "what was not stored has no line");
}

async fn an_approved_request_is_an_account(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let id = ask(store, "ada", NOW).await;
    let before = store.last_sequence().await.unwrap();
    let chief = fresh_id();
    let approved = approval("ada", &["staff"]);
    let account = store.approve_registration(&id, approved, Act::of(chief, NOW + 5)).await.unwrap().unwrap();
    assert_eq!(account.id, id);
    assert_eq!(account.password_hash, "hash of ada");
    assert_eq!(account.conditions, ["staff"]);
    assert_eq!((account.expires, account.note.as_str()), (Some(NOW + HOUR), "reads maps"));
    assert!(account.active && !account.administrator);
    assert_eq!(store.account_by_name(&username("ada")).await.unwrap(), Some(account));
    assert!(store.last_sequence().await.unwrap() > before, "replicas are told");
    assert_eq!(store.waiting_registrations().await.unwrap(), 0);
    let told = &lines(store).await[1..];
    assert_eq!(told[0].by, Actor::Visitor);
    for (line, action) in told[1..].iter().zip(["registration.approve", "account.make"]) {
        assert_eq!((line.action.as_str(), line.by), (action, Actor::Account(chief)));
        assert_eq!(line.details["after"]["conditions"][0], "staff");
    }
    assert!(told[1].details.get("renamed").is_none());

    let other = ask(store, "bob", NOW).await;
    store.approve_registration(&other, approval("robert", &[]), Act::of(chief, NOW)).await.unwrap().unwrap();
    assert!(store.account_by_name(&username("bob")).await.unwrap().is_none());
    let told = lines(store).await;
    let renamed = told.iter().rfind(|line| line.action == "registration.approve").unwrap();
    assert_eq!(renamed.details["renamed"], true);
    assert!(!format!("{told:?}").contains("robert"), "nobody is named in the trail");
}

async fn an_approval_that_fails_leaves_the_request(bench: Bench) {
    let store = &bench.store;
    bench.account("ada").await;
    let id = ask(store, "ada", NOW).await;
    let before = (words(store).await, store.last_sequence().await.unwrap());
    let act = Act::of(fresh_id(), NOW);
    let taken = store.approve_registration(&id, approval("ada", &[]), act).await.unwrap_err();
    assert!(matches!(taken, AccountError::NameTaken));
    let gone = store.approve_registration(&id, approval("eve", &["staff"]), act).await.unwrap_err();
    assert!(matches!(gone, AccountError::UnknownCondition(_)));
    assert_eq!((words(store).await, store.last_sequence().await.unwrap()), before);
    assert_eq!(store.waiting_registrations().await.unwrap(), 1);
    assert!(store.approve_registration(&id, approval("eve", &[]), act).await.unwrap().is_some());
}

async fn of_two_who_decide_the_first_does(bench: Bench) {
    let store = &bench.store;
    let id = ask(store, "ada", NOW).await;
    let other = bench.replica().await;
    let act = Act::of(fresh_id(), NOW);
    let (one, two) = tokio::join!(
        store.approve_registration(&id, approval("ada", &[]), act),
        other.approve_registration(&id, approval("lovelace", &[]), act),
    );
    let made = [one.unwrap(), two.unwrap()].into_iter().flatten().count();
    assert_eq!(made, 1);
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    assert_eq!(store.refuse_registrations(&[id], act).await.unwrap(), 0);
    assert!(!words(store).await.contains(&"registration.refuse".to_owned()));

    let bob = ask(store, "bob", NOW).await;
    assert_eq!(store.refuse_registrations(&[bob], act).await.unwrap(), 1);
    assert!(store.approve_registration(&bob, approval("bob", &[]), act).await.unwrap().is_none());
    assert_eq!(store.accounts().await.unwrap().len(), 1);
}

async fn refused_requests_are_gone_and_told(bench: Bench) {
    let store = &bench.store;
    let mut ids = Vec::new();
    for name in ["ada", "ada", "bob"] {
        ids.push(ask(store, name, NOW).await);
    }
    let chief = fresh_id();
    let act = Act::of(chief, NOW + 1);
    // One of them twice, and one that there never was.
    let refused = [ids[0], ids[1], ids[0], fresh_id()];
    assert_eq!(store.refuse_registrations(&refused, act).await.unwrap(), 2);
    let left = store.registrations(0, 10).await.unwrap();
    assert_eq!((left.total, left.registrations[0].username.as_str()), (1, "bob"));
    let told: Vec<_> =
        lines(store).await.into_iter().filter(|line| line.action == "registration.refuse").collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|line| line.by == Actor::Account(chief)));
    assert_eq!(told[0].subject, ids[0].to_string());
    assert_eq!(store.refuse_registrations(&[], act).await.unwrap(), 0);
}

async fn s19_a_request_is_nobody_in_the_trail_until_it_is_approved(bench: Bench) {
    let store = &bench.store;
    let id = ask(store, "ada", NOW).await;
    assert!(!format!("{:?}", lines(store).await).contains("ada"));
    assert_eq!(
        store.person("ada").await.unwrap(),
        [],
        "nobody's lines are found under a name that anybody can write"
    );
    let act = Act::of(fresh_id(), NOW);
    store.approve_registration(&id, approval("ada", &[]), act).await.unwrap().unwrap();
    assert_eq!(store.person("ada").await.unwrap(), [id]);
}

async fn requests_that_waited_too_long_are_forgotten(bench: Bench) {
    let store = &bench.store;
    let old = ask(store, "ada", NOW).await;
    ask(store, "bob", NOW + 1).await;
    let last = Act::service(NOW + REGISTRATION_WAITS - 1);
    assert_eq!(store.forget_registrations(last).await.unwrap(), 0);
    assert_eq!(store.forget_registrations(Act::service(NOW + REGISTRATION_WAITS)).await.unwrap(), 1);
    let left = store.registrations(0, 10).await.unwrap().registrations;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].username, "bob");
    let told = lines(store).await.pop().unwrap();
    assert_eq!((told.action.as_str(), told.by), ("registration.refuse", Actor::Service));
    assert_eq!(told.subject, old.to_string());
    assert_eq!(told.details["too_old"], true);
}

/// A database as version 0005 left it, with the table that had unique names.
async fn the_table_of_before_is_replaced(bench: Bench) {
    let mut raw = bench.raw().await;
    for statement in [
        "DROP TABLE registration",
        "CREATE TABLE registration (id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, \
         password_hash TEXT NOT NULL, message TEXT NOT NULL, asked BIGINT NOT NULL)",
        "DELETE FROM _sqlx_migrations WHERE version = 6",
    ] {
        raw.execute(statement).await.unwrap();
    }
    let store = bench.replica().await;
    ask(&store, "ada", NOW).await;
    ask(&store, "ada", NOW).await;
    assert_eq!(store.waiting_registrations().await.unwrap(), 2);
}
