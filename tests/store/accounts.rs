//! Accounts as an administrator looks for them.

use tilegate::audit::Act;
use tilegate::import::people::Person;
use tilegate::store::{
    AccountChange, AccountError, AccountQuery, AccountSort, AccountState, AuditFilter, NewAccount,
};

use crate::{
    Bench, HOUR, NOW, drop_database, make_database, new_account, postgres_server, strings, username,
};

on_both_engines!(
    accounts_are_searched_sorted_and_paged,
    an_export_has_every_account_once,
    an_import_makes_and_changes_all_or_none,
    an_import_may_hand_the_administration_over_and_not_end_it,
    an_import_makes_links_for_whom_has_no_password,
);

async fn found(bench: &Bench, query: AccountQuery, page: u32, per_page: u32) -> (Vec<String>, u64) {
    let page = bench.store.account_page(&query, page, per_page, NOW).await.unwrap();
    (page.accounts.into_iter().map(|account| account.username).collect(), page.total)
}

async fn furnish(bench: &Bench) {
    bench.with_conditions(&["staff", "archive"]).await;
    for (number, (name, conditions, administrator, expires, note)) in [
        ("carl", &["staff"][..], false, Some(NOW - HOUR), "Maps of 1890"),
        ("ada", &["staff", "archive"], true, None, ""),
        ("bob_100%", &[], false, Some(NOW + HOUR), "reads MAPS"),
        ("dora", &["archive"], false, None, ""),
    ]
    .into_iter()
    .enumerate()
    {
        let account =
            NewAccount { administrator, expires, note: note.to_owned(), ..new_account(name, conditions) };
        bench.store.create_account(account, Act::command(NOW + number as u64)).await.unwrap();
    }
    let query = AccountQuery { search: "dora".to_owned(), ..AccountQuery::default() };
    let dora = bench.store.account_page(&query, 0, 1, NOW).await.unwrap().accounts[0].id;
    let lock = AccountChange { active: Some(false), ..AccountChange::default() };
    bench.store.change_account(&dora, lock, Act::command(NOW)).await.unwrap();
}

async fn accounts_are_searched_sorted_and_paged(bench: Bench) {
    furnish(&bench).await;
    let all = AccountQuery::default;
    let names = async |query| found(&bench, query, 0, 100).await.0;
    assert_eq!(names(all()).await, ["ada", "bob_100%", "carl", "dora"]);
    assert_eq!(names(AccountQuery { descending: true, ..all() }).await, ["dora", "carl", "bob_100%", "ada"]);
    let by = |sort, descending| AccountQuery { sort, descending, ..all() };
    assert_eq!(names(by(AccountSort::Created, false)).await, ["carl", "ada", "bob_100%", "dora"]);
    assert_eq!(names(by(AccountSort::Expires, false)).await, ["carl", "bob_100%", "ada", "dora"]);
    assert_eq!(
        names(by(AccountSort::Expires, true)).await,
        ["bob_100%", "carl", "ada", "dora"],
        "none is last"
    );
    let search = |text: &str| AccountQuery { search: text.to_owned(), ..all() };
    assert_eq!(names(search("a")).await, ["ada", "bob_100%", "carl", "dora"], "a note counts");
    assert_eq!(names(search("maps")).await, ["bob_100%", "carl"]);
    assert_eq!(names(search("100%")).await, ["bob_100%"], "nothing stands for anything else");
    assert_eq!(names(search("b%b")).await, [""; 0]);
    let with = |condition: &str| AccountQuery { condition: condition.to_owned(), ..all() };
    assert_eq!(names(with("staff")).await, ["ada", "carl"]);
    assert_eq!(names(AccountQuery { search: "ca".to_owned(), ..with("staff") }).await, ["carl"]);
    let state = |state| AccountQuery { state: Some(state), ..all() };
    assert_eq!(names(state(AccountState::Active)).await, ["ada", "bob_100%"]);
    assert_eq!(names(state(AccountState::Locked)).await, ["dora"]);
    assert_eq!(names(state(AccountState::Expired)).await, ["carl"]);
    assert_eq!(names(state(AccountState::Administrator)).await, ["ada"]);
    assert_eq!(names(state(AccountState::Unused)).await.len(), 4);

    assert_eq!(found(&bench, all(), 0, 3).await, (vec!["ada".into(), "bob_100%".into(), "carl".into()], 4));
    assert_eq!(found(&bench, all(), 1, 3).await, (vec!["dora".into()], 4));
    assert_eq!(found(&bench, all(), 9, 3).await, (vec![], 4));
    let ada = bench.store.account_page(&all(), 0, 1, NOW).await.unwrap().accounts.remove(0);
    assert_eq!(ada.conditions, ["archive", "staff"]);
}

async fn an_export_has_every_account_once(bench: Bench) {
    furnish(&bench).await;
    let mut names = Vec::new();
    bench
        .store
        .each_account(|account| names.push((account.username, account.conditions.len())))
        .await
        .unwrap();
    names.sort();
    let expected = [("ada", 2), ("bob_100%", 0), ("carl", 1), ("dora", 1)];
    assert_eq!(names, expected.map(|(name, held)| (name.to_owned(), held)));
}

fn person(name: &str, conditions: &[&str]) -> Person {
    Person {
        username: username(name),
        conditions: Some(strings(conditions)),
        expires: None,
        administrator: None,
        locked: None,
        note: None,
    }
}

async fn an_import_makes_and_changes_all_or_none(bench: Bench) {
    let store = &bench.store;
    furnish(&bench).await;
    let before = store.accounts().await.unwrap();
    let mut people = vec![person("ada", &["staff"]), person("dora", &["archive"])];
    people.extend((0..1200).map(|number| person(&format!("new{number}"), &["archive", "staff", "archive"])));
    people[2].administrator = Some(true);
    people[3].locked = Some(true);

    let plan = store.plan_accounts(&people, NOW).await.unwrap();
    assert_eq!((plan.made, plan.changed, plan.same, plan.administrators), (1200, 1, 1, 1));
    assert_eq!(plan.without_password, 1199, "one is locked");
    assert_eq!(plan.examples[..2], ["~ ada", "+ new0"]);
    assert_eq!(store.accounts().await.unwrap(), before, "a plan changes nothing");

    let mut wrong = people.clone();
    wrong.push(person("last", &["nonsense"]));
    let refused =
        store.import_accounts(wrong, Some(NOW + HOUR), Act::command(NOW), |_| ()).await.unwrap_err();
    assert!(matches!(refused, AccountError::UnknownCondition(_)), "{refused}");
    assert_eq!(store.accounts().await.unwrap(), before, "none of it");

    let mut progress = Vec::new();
    let lines = store.audit_head().await.unwrap().0;
    let done =
        store.import_accounts(people, None, Act::command(NOW), |done| progress.push(done)).await.unwrap();
    assert!(done.links.is_empty(), "none was asked for");
    let done = done.plan;
    assert_eq!((done.made, done.changed, done.same), (1200, 1, 1));
    assert_eq!(progress, [500, 1000, 1202]);
    assert_eq!(done.without_password, 1199);
    assert_eq!(store.accounts().await.unwrap().len(), 1204);
    let first = store.account_by_name(&username("new0")).await.unwrap().unwrap();
    assert_eq!((first.administrator, &*first.conditions), (true, &strings(&["archive", "staff"])[..]));
    assert!(!store.account_by_name(&username("new1")).await.unwrap().unwrap().active);
    assert_eq!(store.names([first.id]).await.unwrap()[&first.id], "new0");
    assert_eq!(
        store.verify_audit(None).await.unwrap().last,
        lines + 1 + 1200 + 1,
        "a line each, and one for all"
    );
}

async fn an_import_may_hand_the_administration_over_and_not_end_it(bench: Bench) {
    let store = &bench.store;
    let chief = NewAccount { administrator: true, ..new_account("chief", &[]) };
    let chief = store.create_account(chief, Act::command(NOW)).await.unwrap();
    bench.account("heir").await;
    let line = |name, administrator| Person { administrator: Some(administrator), ..person(name, &[]) };
    let by_page = Act::of(chief.id, NOW);
    for people in [
        vec![line("chief", false)],
        vec![Person { expires: Some(Some(NOW)), ..line("chief", true) }],
        vec![line("chief", false), line("somebody-new", true)],
    ] {
        let refused = store.import_accounts(people, None, by_page, |_| ()).await.unwrap_err();
        assert!(matches!(refused, AccountError::LastAdministrator), "{refused}");
    }
    assert!(store.account_by_name(&username("somebody-new")).await.unwrap().is_none(), "none of it");
    let people = vec![line("chief", false), line("heir", true)];
    store.import_accounts(people, None, by_page, |_| ()).await.unwrap();
    assert!(!store.account(&chief.id).await.unwrap().unwrap().administrator);
}

/// S11, S5: hashes alone are kept, all or none, and each link counts once.
async fn an_import_makes_links_for_whom_has_no_password(bench: Bench) {
    let store = &bench.store;
    furnish(&bench).await;
    for name in ["waits", "waits-not"] {
        let account = NewAccount { password_hash: String::new(), ..new_account(name, &[]) };
        store.create_account(account, Act::command(NOW)).await.unwrap();
    }
    let rows = async || {
        let mut raw = bench.raw().await;
        sqlx::query_scalar::<_, String>("SELECT hash FROM password_link").fetch_all(&mut raw).await.unwrap()
    };
    let mut people = vec![person("ada", &["staff", "archive"]), person("waits", &[])];
    people.extend((0..1200).map(|number| person(&format!("new{number}"), &["archive"])));
    people[2].locked = Some(true);
    people[3].expires = Some(Some(NOW));
    let plan = store.plan_accounts(&people, NOW).await.unwrap();
    assert_eq!(plan.without_password, 1199, "without ada, who has one, and whoever may not log in");

    let mut wrong = people.clone();
    wrong.push(person("last", &["nonsense"]));
    store.import_accounts(wrong, Some(NOW + HOUR), Act::command(NOW), |_| ()).await.unwrap_err();
    assert!(rows().await.is_empty(), "none of it");

    let first =
        store.import_accounts(people.clone(), Some(NOW + HOUR), Act::command(NOW), |_| ()).await.unwrap();
    assert_eq!((first.plan.made, first.plan.same, first.links.len()), (1200, 2, 1199));
    let told = format!("{first:?}");
    let kept = rows().await;
    assert_eq!(kept.len(), 1199);
    for link in &first.links {
        let secret = link.secret.spelled();
        assert!(kept.contains(&link.secret.hash().to_string()) && !told.contains(&secret), "S16");
        let owner = store.account_of_link(&link.secret.hash(), NOW).await.unwrap().unwrap();
        assert_eq!(owner.username, link.username);
    }
    let filter = AuditFilter { action: "password.link".to_owned(), ..AuditFilter::default() };
    assert_eq!(store.audit(&filter, None, 5000).await.unwrap().len(), 1199, "a line each");
    assert!(store.account_of_link(&first.links[0].secret.hash(), NOW + HOUR).await.unwrap().is_none());

    // Somebody sets the password; then the same table again, for those who lost theirs.
    let used = first.links.iter().find(|link| link.username.as_str() == "new7").unwrap().secret.hash();
    let used = store.use_password_link(&used, "$argon2id$1", Act::visitor(NOW)).await.unwrap();
    assert!(used.is_some());
    let second = store.import_accounts(people, Some(NOW + HOUR), Act::command(NOW), |_| ()).await.unwrap();
    assert_eq!((second.plan.same, second.links.len()), (1202, 1198));
    assert_eq!(rows().await.len(), 1198, "an account has one link");
    for link in &first.links {
        assert!(
            store.account_of_link(&link.secret.hash(), NOW).await.unwrap().is_none(),
            "the earlier ended"
        );
    }
    store.verify_audit(None).await.unwrap();
}
