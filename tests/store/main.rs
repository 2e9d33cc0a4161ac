//! The store, on `SQLite` and on `PostgreSQL`: the same tests on both.
//!
//! `PostgreSQL` is the one at `TEST_POSTGRES_URL` (`scripts/test-postgres.sh start DIR` prints one); each
//! test makes its own database there. Without it those tests are skipped, loudly, and
//! fail where `CI` or `TEST_REQUIRE_ALL` is set.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking; clippy.toml's exception covers functions marked #[test] only"
)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{AnyConnection, Connection as _, Executor as _};
use tilegate::audit::Act;
use tilegate::audit::chain::AuditKeys;
use tilegate::credential::account::{Account, AccountId, DeviceId, Id128, SessionId, Username};
use tilegate::credential::device::{CODE_SYMBOLS, Code, Label};
use tilegate::credential::one_time::{LinkSecret, RecoveryCode, SecretHash};
use tilegate::policy::Policy;
use tilegate::policy::condition::{AccessCondition, Pattern};
use tilegate::policy::document::{Expect, PolicyDocument, PolicyTest};
use tilegate::policy::edit::CheckedRule;
use tilegate::policy::mount::{Mount, MountKind, Origin};
use tilegate::policy::rule::{Match, RuleSpec};
use tilegate::store::{
    AccountChange, AccountError, AccountRecord, Change, Changed, Changes, ConnectError, Counts, DeviceError,
    NewAccount, NewDevice, NewSession, NewViewerSession, ReplaceError, RuleEdit, RuleError, Store,
    StoreError,
};

const NOW: u64 = 1_800_000_000;
const HOUR: u64 = 3600;

/// What signs the audit trail.
fn keys() -> AuditKeys {
    AuditKeys::new([&[7; 32]])
}

/// Makes one test per engine of each `async fn name(bench: Bench)`.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let directory = tempfile::tempdir().unwrap();
                let url = format!("sqlite:{}/tilegate.db", directory.path().display());
                super::$name(super::Bench::new(url).await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(server) = super::postgres_server() else { return };
                let (url, database) = super::make_database(&server).await;
                super::$name(super::Bench::new(url).await).await;
                super::drop_database(&server, &database).await;
            })*
        }
    };
}

mod accounts;
mod audit;
mod registrations;
mod rules;

on_both_engines!(
    an_account_is_read_back_as_it_was_made,
    s7_two_spellings_of_a_name_are_one_account,
    accounts_are_sorted_by_name,
    a_refused_account_leaves_nothing_behind,
    conditions_of_an_account_must_exist_and_be_holdable,
    s2_the_generation_is_raised_by_what_ends_credentials_only,
    a_change_that_changes_nothing_writes_nothing,
    removed_accounts_are_gone,
    only_an_active_administrator_counts,
    every_change_writes_its_line,
    ending_a_session_is_idempotent,
    a_session_is_remembered_until_its_last_credential_expires,
    a_policy_is_read_back_exactly,
    a_large_policy_is_read_back_in_order,
    open_and_closed_are_always_there,
    a_bit_is_never_given_to_another_name,
    the_last_bit_can_be_used_and_no_more,
    a_held_condition_is_dropped_on_demand_only,
    an_unvalidated_policy_is_refused_and_the_old_one_stays,
    a_reader_of_the_log_never_meets_a_later_line_first,
    concurrent_writers_leave_a_log_without_a_hole,
    a_rolled_back_change_leaves_no_hole,
    a_pruned_log_says_so,
    s2_pruning_with_a_fast_clock_keeps_what_still_revokes,
    a_reader_ahead_of_the_log_is_told,
    a_line_of_an_unknown_kind_is_a_gap,
    standings_tell_what_changed_lately,
    a_load_is_of_one_moment,
    s17_a_renewed_epoch_reaches_every_reader,
    s17_each_database_has_its_own_epoch,
    processes_that_start_together_make_one_database,
    a_database_of_a_newer_version_is_refused,
    a_change_of_schema_by_hand_is_refused,
    the_change_log_is_read_while_writers_wait,
    accounts_and_rules_are_counted,
    a_device_waits_is_enrolled_and_is_revoked,
    a_device_gets_a_condition_of_pattern_kiosk_only,
    s5_a_code_enrols_one_device_once,
    s5_of_twenty_who_come_with_a_code_one_gets_the_device,
    a_code_is_no_good_from_its_last_second_on,
    s11_a_used_code_leaves_no_trace,
    a_condition_of_a_device_can_be_dropped,
    single_rules_are_written_with_their_line,
    a_rule_whose_condition_is_gone_is_refused,
    a_load_has_every_rule_however_it_is_kept,
    rules_of_a_replaced_policy_are_not_taken_for_the_old_ones,
    an_edit_of_what_has_changed_meanwhile_is_refused,
    an_import_does_not_undo_what_was_changed_while_it_was_read,
    parts_of_a_policy_are_read_alone,
    conditions_in_use_are_those_of_accounts_and_devices,
    s4_a_hundred_logins_at_once_are_a_hundred_sessions,
    s2_a_login_that_no_longer_counts_is_not_written,
    s2_what_a_viewer_was_allowed_ends_with_its_login,
    s5_of_twenty_answers_to_one_question_one_counts,
    s2_sessions_that_are_over_are_not_listed_and_go,
    s5_of_twenty_who_come_with_a_link_one_sets_the_password,
    s5_a_link_is_used_up_whatever_became_of_its_account,
    a_link_takes_the_place_of_the_one_before,
    s2_a_link_does_not_outlive_what_ends_all_logins,
    s2_a_password_is_changed_by_whoever_still_may,
    a_second_factor_is_made_once_and_goes_with_all_that_belongs_to_it,
    s2_a_restored_account_has_the_second_factor_that_it_had,
    a_code_of_a_second_factor_counts_once,
    s5_a_recovery_code_lets_one_in,
);

mod condition;
mod pass;

/// One fresh database.
struct Bench {
    url: String,
    store: Store,
}

impl Bench {
    async fn new(url: String) -> Self {
        let store = Store::connect(&url, keys()).await.unwrap();
        Self { url, store }
    }

    /// A second store on the same database, as another replica has it.
    async fn replica(&self) -> Store {
        Store::connect(&self.url, keys()).await.unwrap()
    }

    /// The database without the store, to do what the store never does.
    async fn raw(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.url).await.unwrap()
    }

    fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// A store whose policy has these conditions (pattern `login`).
    async fn with_conditions(&self, names: &[&str]) {
        self.store.replace_policy(&policy_with(names), false, Act::service(NOW)).await.unwrap();
    }

    async fn account(&self, name: &str) -> Account {
        self.store.create_account(new_account(name, &[]), Act::service(NOW)).await.unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "tests read their own settings")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn postgres_server() -> Option<String> {
    static SAID: AtomicBool = AtomicBool::new(false);
    let server = environment("TEST_POSTGRES_URL");
    if server.is_none() {
        assert!(
            environment("CI").is_none() && environment("TEST_REQUIRE_ALL").is_none(),
            "TEST_POSTGRES_URL is not set: the store would go untested on PostgreSQL"
        );
        if !SAID.swap(true, Ordering::Relaxed) {
            // Not by a macro: the test harness would swallow it.
            let _ = writeln!(
                std::io::stderr(),
                "\n*** SKIPPED: the store is NOT tested on PostgreSQL, TEST_POSTGRES_URL is not set ***\n"
            );
        }
    }
    server
}

async fn make_database(server: &str) -> (String, String) {
    sqlx::any::install_default_drivers();
    let name = format!("tilegate_test_{}", fresh_id());
    let mut connection = AnyConnection::connect(server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    (url.to_string(), name)
}

async fn drop_database(server: &str, name: &str) {
    let mut connection = AnyConnection::connect(server).await.unwrap();
    let statement = format!("DROP DATABASE {name} WITH (FORCE)");
    connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
}

fn fresh_id() -> Id128 {
    Id128(tilegate::clock::random())
}

fn username(name: &str) -> Username {
    Username::parse(name).unwrap()
}

fn new_account(name: &str, conditions: &[&str]) -> NewAccount {
    let account = NewAccount::new(fresh_id(), username(name), "$argon2id$1".to_owned());
    NewAccount { conditions: strings(conditions), ..account }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn condition(name: &str, pattern: Pattern) -> AccessCondition {
    AccessCondition {
        name: name.to_owned(),
        pattern,
        label: BTreeMap::from([("en".to_owned(), format!("Label of {name}"))]),
        heading: BTreeMap::new(),
        note: BTreeMap::new(),
        confirm: BTreeMap::new(),
        error_heading: BTreeMap::new(),
        error_note: BTreeMap::new(),
        thumbnail_sizes: Vec::new(),
        thumbnail_px: None,
        substitute_px: None,
        networks: Vec::new(),
    }
}

fn rule(identifier: &str, conditions: &[&str]) -> RuleSpec {
    RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        matching: Match::Prefix,
        conditions: strings(conditions),
        from: None,
        until: None,
        note: String::new(),
        ..RuleSpec::default()
    }
}

fn policy_with(names: &[&str]) -> PolicyDocument {
    PolicyDocument {
        conditions: names.iter().map(|name| condition(name, Pattern::Login)).collect(),
        ..PolicyDocument::default()
    }
}

/// A document with every field in use, in an order that is not sorted.
fn full_policy() -> PolicyDocument {
    let texts = |text: &str| {
        BTreeMap::from([
            ("en".to_owned(), text.to_owned()),
            ("de".to_owned(), format!("{text} äöü ☃ 'x' \"y\"")),
        ])
    };
    let staff = AccessCondition {
        name: "staff".to_owned(),
        pattern: Pattern::Login,
        label: texts("label"),
        heading: texts("heading"),
        note: texts("note"),
        confirm: texts("confirm"),
        error_heading: texts("error heading"),
        error_note: texts("error note\nof two lines"),
        thumbnail_sizes: Vec::new(),
        thumbnail_px: Some(u32::MAX),
        substitute_px: Some(u32::MAX - 1),
        networks: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
    };
    PolicyDocument {
        conditions: vec![
            staff,
            condition("open", Pattern::Open),
            condition("archive", Pattern::Clickthrough),
            condition("reading-room", Pattern::Kiosk),
            condition("never", Pattern::Closed),
            condition("elsewhere", Pattern::External),
        ],
        rules: vec![
            RuleSpec {
                matching: Match::Exact,
                from: Some("1990-01-01".parse().unwrap()),
                until: Some("2041-12-31".parse().unwrap()),
                note: "donor's agreement 17; DROP TABLE rule; --".to_owned(),
                ..rule("letters/1931/ü ☃.tif", &["staff", "archive", "staff"])
            },
            rule("", &["closed"]),
            rule("letters", &["staff"]),
            // The same selector twice is for the validation to refuse, not for the store to merge.
            rule("letters", &["open"]),
            RuleSpec { mount: "another".to_owned(), ..rule("a", &[]) },
        ],
        tests: vec![
            PolicyTest {
                url: "/iiif/images/letters%2F1931/full/max/0/default.jpg".to_owned(),
                account_conditions: strings(&["staff", "archive"]),
                address: Some("2001:db8::1".parse().unwrap()),
                at: Some("2040-01-01T00:00:00Z".to_owned()),
                method: Some("HEAD".to_owned()),
                pass: Some("p".to_owned()),
                width: Some(4000),
                height: Some(3000),
                expect: Expect::Allow,
            },
            PolicyTest {
                url: "/".to_owned(),
                account_conditions: Vec::new(),
                address: None,
                at: None,
                method: None,
                pass: None,
                width: None,
                height: None,
                expect: Expect::Refuse,
            },
        ],
    }
}

fn lines(changes: Changes) -> Vec<Change> {
    match changes {
        Changes::Lines(lines) => lines,
        Changes::Gap => panic!("a gap where lines were expected"),
    }
}

async fn what_happened(store: &Store, since: u64) -> Vec<Changed> {
    lines(store.changes_since(since).await.unwrap()).into_iter().map(|change| change.what).collect()
}

async fn bits(store: &Store) -> BTreeMap<String, u8> {
    let policy = store.policy().await.unwrap();
    policy.conditions.into_iter().map(|numbered| (numbered.condition.name, numbered.bit)).collect()
}

// Accounts

async fn an_account_is_read_back_as_it_was_made(bench: Bench) {
    bench.with_conditions(&["staff", "archive"]).await;
    let given = NewAccount {
        administrator: true,
        expires: Some(NOW + HOUR),
        note: "reads letters".to_owned(),
        ..new_account("  Ada ", &["staff", "archive", "staff"])
    };
    let made = bench.store.create_account(given.clone(), Act::service(NOW)).await.unwrap();
    let expected = Account {
        id: given.id,
        username: username("ada"),
        password_hash: given.password_hash,
        generation: 1,
        active: true,
        administrator: true,
        conditions: strings(&["archive", "staff"]),
        expires: Some(NOW + HOUR),
        note: "reads letters".to_owned(),
        revision: 1,
    };
    assert_eq!(made, expected);
    let replica = bench.replica().await;
    assert_eq!(replica.account(&given.id).await.unwrap(), Some(expected.clone()));
    assert_eq!(replica.account_by_name(&username("ADA")).await.unwrap(), Some(expected.clone()));
    assert_eq!(replica.account_record(&given.id).await.unwrap(), Some(AccountRecord::from(expected)));
    assert_eq!(replica.account(&fresh_id()).await.unwrap(), None);
    assert_eq!(replica.account_by_name(&username("bob")).await.unwrap(), None);
}

async fn s7_two_spellings_of_a_name_are_one_account(bench: Bench) {
    bench.account("Straße ﬁve").await;
    for spelling in ["straße five", "STRAßE ﬁVE", " Straße five "] {
        let refused = bench.store.create_account(new_account(spelling, &[]), Act::service(NOW)).await;
        assert!(matches!(refused, Err(AccountError::NameTaken)), "{spelling}: {refused:?}");
    }
    assert_eq!(bench.store.accounts().await.unwrap().len(), 1);
}

async fn accounts_are_sorted_by_name(bench: Bench) {
    bench.with_conditions(&["staff"]).await;
    for name in ["zoë", "a b", "ab", "äb", "_x", "a-c", "10", "9"] {
        bench.store.create_account(new_account(name, &["staff"]), Act::service(NOW)).await.unwrap();
    }
    let accounts = bench.store.accounts().await.unwrap();
    let names: Vec<_> = accounts.iter().map(|account| account.username.as_str()).collect();
    assert_eq!(names, ["10", "9", "_x", "a b", "a-c", "ab", "zoë", "äb"]);
    assert!(accounts.iter().all(|account| account.conditions == ["staff"]));
}

async fn a_refused_account_leaves_nothing_behind(bench: Bench) {
    let before = bench.store.last_sequence().await.unwrap();
    let refused = bench.store.create_account(new_account("ada", &["nonsense"]), Act::service(NOW)).await;
    assert!(
        matches!(&refused, Err(AccountError::UnknownCondition(name)) if name == "nonsense"),
        "{refused:?}"
    );
    assert!(bench.store.accounts().await.unwrap().is_empty());
    assert_eq!(bench.store.last_sequence().await.unwrap(), before);
    bench.account("ada").await;
}

async fn conditions_of_an_account_must_exist_and_be_holdable(bench: Bench) {
    let mut policy = policy_with(&["staff", "old"]);
    policy.conditions.push(condition("public", Pattern::Open));
    policy.conditions.push(condition("open", Pattern::Open));
    bench.store.replace_policy(&policy, false, Act::service(NOW)).await.unwrap();
    bench.with_conditions(&["staff"]).await;
    policy.conditions.retain(|condition| condition.name != "old");
    bench.store.replace_policy(&policy, false, Act::service(NOW)).await.unwrap();

    let account = bench.account("ada").await;
    let change = |names: &[&str]| AccountChange { conditions: Some(strings(names)), ..Default::default() };
    for name in ["open", "closed", "public"] {
        let refused =
            bench.store.change_account(&account.id, change(&["staff", name]), Act::service(NOW)).await;
        assert!(matches!(&refused, Err(AccountError::CannotBeHeld(n)) if n == name), "{refused:?}");
    }
    for name in ["old", "Staff", ""] {
        let refused =
            bench.store.change_account(&account.id, change(&["staff", name]), Act::service(NOW)).await;
        assert!(matches!(&refused, Err(AccountError::UnknownCondition(n)) if n == name), "{refused:?}");
    }
    assert!(bench.store.account(&account.id).await.unwrap().unwrap().conditions.is_empty());
    let changed = bench
        .store
        .change_account(&account.id, change(&["staff"]), Act::service(NOW))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(changed.conditions, ["staff"]);
}

/// S2: a changed password, lock-out, administrator made or unmade, and sign-out raise it; flags do not.
async fn s2_the_generation_is_raised_by_what_ends_credentials_only(bench: Bench) {
    bench.with_conditions(&["staff"]).await;
    let id = bench.account("ada").await.id;
    let none = AccountChange::default;
    let steps = [
        (AccountChange { conditions: Some(strings(&["staff"])), ..none() }, 1),
        (AccountChange { conditions: Some(Vec::new()), ..none() }, 1),
        (AccountChange { password_hash: Some("new".to_owned()), ..none() }, 2),
        (AccountChange { password_hash: Some("new".to_owned()), ..none() }, 3),
        (AccountChange { administrator: Some(true), ..none() }, 4),
        (AccountChange { administrator: Some(true), ..none() }, 4),
        (AccountChange { administrator: Some(false), ..none() }, 5),
        (AccountChange { active: Some(false), ..none() }, 6),
        (AccountChange { active: Some(false), ..none() }, 6),
        (AccountChange { active: Some(true), ..none() }, 6),
        (AccountChange { sign_out_everywhere: true, ..none() }, 7),
        (
            AccountChange {
                password_hash: Some("x".to_owned()),
                administrator: Some(true),
                active: Some(false),
                sign_out_everywhere: true,
                conditions: Some(strings(&["staff"])),
                expires: Some(Some(NOW)),
                ..none()
            },
            8,
        ),
        (AccountChange { expires: Some(Some(NOW + HOUR)), ..none() }, 8),
        (AccountChange { expires: Some(None), ..none() }, 8),
        (AccountChange { expires: Some(Some(NOW + HOUR)), ..none() }, 9),
        (AccountChange { note: Some("a note".to_owned()), ..none() }, 9),
    ];
    for (change, generation) in steps {
        let changed =
            bench.store.change_account(&id, change.clone(), Act::service(NOW)).await.unwrap().unwrap();
        assert_eq!(changed.generation, generation, "after {change:?}");
        assert_eq!(bench.store.account(&id).await.unwrap(), Some(changed), "after {change:?}");
    }
    assert!(bench.store.change_account(&fresh_id(), none(), Act::service(NOW)).await.unwrap().is_none());
}

async fn a_change_that_changes_nothing_writes_nothing(bench: Bench) {
    bench.with_conditions(&["staff"]).await;
    let account =
        bench.store.create_account(new_account("ada", &["staff"]), Act::service(NOW)).await.unwrap();
    let before = bench.store.last_sequence().await.unwrap();
    let same = AccountChange {
        active: Some(true),
        administrator: Some(false),
        conditions: Some(strings(&["staff"])),
        ..Default::default()
    };
    let answer = bench.store.change_account(&account.id, same, Act::service(NOW)).await.unwrap();
    assert_eq!(answer, Some(account));
    assert_eq!(bench.store.last_sequence().await.unwrap(), before);
}

async fn removed_accounts_are_gone(bench: Bench) {
    bench.with_conditions(&["staff"]).await;
    let account =
        bench.store.create_account(new_account("ada", &["staff"]), Act::service(NOW)).await.unwrap();
    assert!(bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap());
    assert!(!bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap());
    assert_eq!(bench.store.account(&account.id).await.unwrap(), None);
    assert_eq!(bench.store.account_record(&account.id).await.unwrap(), None);
    // Nothing of it holds a condition any more, and the name is free, for another identity.
    bench.with_conditions(&[]).await;
    assert_ne!(bench.account("ada").await.id, account.id);
}

async fn only_an_active_administrator_counts(bench: Bench) {
    assert!(!bench.store.has_administrator().await.unwrap());
    bench.account("bob").await;
    assert!(!bench.store.has_administrator().await.unwrap());
    let ada = NewAccount { administrator: true, ..new_account("ada", &[]) };
    let ada = bench.store.create_account(ada, Act::service(NOW)).await.unwrap();
    assert!(bench.store.has_administrator().await.unwrap());
    let lock = AccountChange { active: Some(false), ..Default::default() };
    bench.store.change_account(&ada.id, lock, Act::service(NOW)).await.unwrap();
    assert!(!bench.store.has_administrator().await.unwrap());
}

async fn accounts_and_rules_are_counted(bench: Bench) {
    let store = &bench.store;
    assert_eq!(store.counts(NOW).await.unwrap(), Counts::default());
    assert_eq!(store.database(), if bench.is_sqlite() { "SQLite" } else { "PostgreSQL" });
    // Two that read, a locked one that reads, an administrator, a locked administrator; one that is over and one that
    // ends later; two without a password, of whom one is locked.
    for (name, administrator, active, expires) in [
        ("ada", false, true, None),
        ("bob", false, true, None),
        ("cyd", false, false, None),
        ("dan", true, true, None),
        ("eve", true, false, None),
        ("fay", true, true, Some(NOW)),
        ("gus", false, true, Some(NOW + 1)),
        ("new-hal", true, true, None),
        ("new-ida", false, false, None),
    ] {
        let mut account = NewAccount { administrator, expires, ..new_account(name, &[]) };
        if name.starts_with("new-") {
            account.password_hash = String::new();
        }
        let account = store.create_account(account, Act::service(NOW)).await.unwrap();
        let change = AccountChange { active: Some(active), ..Default::default() };
        store.change_account(&account.id, change, Act::service(NOW)).await.unwrap();
    }
    let rule_of =
        |mount: &str, identifier: &str| RuleSpec { mount: mount.to_owned(), ..rule(identifier, &["staff"]) };
    let mut policy = policy_with(&["staff"]);
    policy.rules = (0..1200).map(|number| rule_of("images", &format!("a/{number}"))).collect();
    policy.rules.push(rule_of("maps", "a"));
    store.replace_policy(&policy, false, Act::service(NOW)).await.unwrap();
    let rules = BTreeMap::from([("images".to_owned(), 1200), ("maps".to_owned(), 1)]);
    let expected =
        Counts { accounts: 9, active: 4, administrators: 1, without_password: 1, rules, passes: 0 };
    assert_eq!(store.counts(NOW).await.unwrap(), expected);
    store.close().await;
    assert!(store.counts(NOW).await.is_err());
}

async fn every_change_writes_its_line(bench: Bench) {
    let store = &bench.store;
    assert_eq!(store.last_sequence().await.unwrap(), 0);
    assert_eq!(store.changes_since(0).await.unwrap(), Changes::Lines(Vec::new()));
    let account = bench.account("ada").await.id;
    let session = fresh_id();
    let change = AccountChange { sign_out_everywhere: true, ..Default::default() };
    store.change_account(&account, change, Act::service(NOW + 1)).await.unwrap();
    store.end_session(&session, NOW + HOUR, Act::service(NOW + 2)).await.unwrap();
    store.replace_policy(&full_policy(), false, Act::service(NOW + 3)).await.unwrap();
    store.remove_account(&account, Act::service(NOW + 4)).await.unwrap();
    let line = |sequence, what| Change { sequence, what, at: NOW + sequence - 1 };
    let expected = [
        line(1, Changed::Account(account)),
        line(2, Changed::Account(account)),
        line(3, Changed::Session(session)),
        line(4, Changed::Policy),
        line(5, Changed::Account(account)),
    ];
    let replica = bench.replica().await;
    assert_eq!(lines(replica.changes_since(0).await.unwrap()), expected);
    assert_eq!(lines(replica.changes_since(3).await.unwrap()), expected[3..]);
    assert_eq!(replica.last_sequence().await.unwrap(), 5);
    assert_eq!(lines(replica.changes_since(5).await.unwrap()), []);
}

// Sessions

async fn ending_a_session_is_idempotent(bench: Bench) {
    let session = fresh_id();
    bench.store.end_session(&session, NOW + HOUR, Act::service(NOW)).await.unwrap();
    bench.store.end_session(&session, NOW + HOUR, Act::service(NOW)).await.unwrap();
    bench.store.end_session(&session, NOW, Act::service(NOW)).await.unwrap();
    assert_eq!(what_happened(&bench.store, 0).await, [Changed::Session(session)]);
    assert_eq!(bench.store.ended_sessions(NOW).await.unwrap(), [session]);
}

async fn a_session_is_remembered_until_its_last_credential_expires(bench: Bench) {
    let store = &bench.store;
    let (short, long): (SessionId, SessionId) = (fresh_id(), fresh_id());
    store.end_session(&short, NOW + 10, Act::service(NOW)).await.unwrap();
    store.end_session(&long, NOW + 10, Act::service(NOW)).await.unwrap();
    store.end_session(&long, NOW + 20, Act::service(NOW)).await.unwrap();
    assert_eq!(store.ended_sessions(NOW + 9).await.unwrap().len(), 2);
    assert_eq!(store.ended_sessions(NOW + 10).await.unwrap(), [long]);
    assert!(store.ended_sessions(NOW + 20).await.unwrap().is_empty());
    // Pruning leaves them for as long as another replica's clock may be behind.
    store.prune(NOW, HOUR).await.unwrap();
    assert_eq!(store.ended_sessions(NOW).await.unwrap().len(), 2);
    store.end_session(&fresh_id(), NOW + 9 * HOUR, Act::service(NOW + 2 * HOUR)).await.unwrap();
    store.prune(NOW + 2 * HOUR, HOUR).await.unwrap();
    assert_eq!(store.ended_sessions(NOW).await.unwrap().len(), 1);
}

// Policy

async fn a_policy_is_read_back_exactly(bench: Bench) {
    let document = full_policy();
    bench.store.replace_policy(&document, false, Act::service(NOW)).await.unwrap();
    let replica = bench.replica().await;
    assert_eq!(replica.policy_document().await.unwrap(), document);
    let policy = replica.policy().await.unwrap();
    assert_eq!(policy.rules, document.rules);
    assert_eq!(policy.tests, document.tests);
    let names: Vec<_> = policy.conditions.iter().map(|numbered| numbered.condition.name.as_str()).collect();
    assert_eq!(names, ["closed", "staff", "open", "archive", "reading-room", "never", "elsewhere"]);
    assert_eq!(policy.conditions[1].condition, document.conditions[0]);
    assert_eq!(policy.conditions[2].condition.label["en"], "Label of open");

    let empty = PolicyDocument::default();
    bench.store.replace_policy(&empty, false, Act::service(NOW)).await.unwrap();
    assert_eq!(replica.policy_document().await.unwrap(), empty);
}

async fn a_large_policy_is_read_back_in_order(bench: Bench) {
    // More than a few batches, and not a multiple of one.
    let document = PolicyDocument {
        rules: (0..2345).rev().map(|number| rule(&format!("box/{number}"), &["closed"])).collect(),
        tests: (0..1234)
            .map(|number| PolicyTest { url: format!("/{number}"), ..full_policy().tests[1].clone() })
            .collect(),
        ..policy_with(&["staff"])
    };
    for _ in 0..2 {
        bench.store.replace_policy(&document, false, Act::service(NOW)).await.unwrap();
        assert_eq!(bench.store.policy_document().await.unwrap(), document);
    }
}

async fn open_and_closed_are_always_there(bench: Bench) {
    let policy = bench.store.policy().await.unwrap();
    assert!(policy.rules.is_empty() && policy.tests.is_empty());
    let conditions: Vec<_> = policy
        .conditions
        .iter()
        .map(|numbered| (numbered.bit, numbered.condition.name.as_str(), numbered.condition.pattern))
        .collect();
    assert_eq!(conditions, [(0, "open", Pattern::Open), (1, "closed", Pattern::Closed)]);
    assert_eq!(bench.store.policy_document().await.unwrap(), PolicyDocument::default());
    // Written bare, they are in the document, and say so again.
    let written = PolicyDocument {
        conditions: vec![condition("closed", Pattern::Closed), condition("open", Pattern::Open)],
        ..Default::default()
    };
    bench.store.replace_policy(&written, false, Act::service(NOW)).await.unwrap();
    assert_eq!(bench.store.policy_document().await.unwrap(), written);
    assert_eq!(bits(&bench.store).await, BTreeMap::from([("open".into(), 0), ("closed".into(), 1)]));
}

async fn a_bit_is_never_given_to_another_name(bench: Bench) {
    bench.with_conditions(&["a", "b", "c"]).await;
    let first = bits(&bench.store).await;
    assert_eq!([first["a"], first["b"], first["c"]], [2, 3, 4]);
    bench.with_conditions(&["d", "b"]).await;
    let second = bits(&bench.store).await;
    assert_eq!((second.get("a"), second["b"], second["d"]), (None, 3, 5));
    bench.with_conditions(&[]).await;
    bench.with_conditions(&["e", "c", "a"]).await;
    let third = bits(&bench.replica().await).await;
    assert_eq!([third["a"], third["c"], third["e"]], [2, 4, 6]);
}

async fn the_last_bit_can_be_used_and_no_more(bench: Bench) {
    let names: Vec<String> = (0..254).map(|number| format!("c{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    bench.with_conditions(&names).await;
    assert_eq!(bits(&bench.store).await["c253"], 255);
    let refused =
        bench.store.replace_policy(&policy_with(&["one-more"]), false, Act::service(NOW)).await.unwrap_err();
    assert!(matches!(&refused, ReplaceError::TooManyConditions { condition } if condition == "one-more"));
    let message = refused.to_string();
    assert!(message.contains("256") && message.contains("one-more") && !message.contains('\n'), "{message}");
    assert_eq!(bench.store.policy_document().await.unwrap(), policy_with(&names), "the old one stays");
    bench.with_conditions(&names[7..9]).await;
}

async fn a_held_condition_is_dropped_on_demand_only(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff", "archive", "unused"]).await;
    let ada =
        store.create_account(new_account("ada", &["staff", "archive"]), Act::service(NOW)).await.unwrap().id;
    let bob = store.create_account(new_account("bob", &["staff"]), Act::service(NOW)).await.unwrap().id;
    let eve = store.create_account(new_account("eve", &["archive"]), Act::service(NOW)).await.unwrap().id;
    let before = store.last_sequence().await.unwrap();

    let refused =
        store.replace_policy(&policy_with(&["archive"]), false, Act::service(NOW)).await.unwrap_err();
    assert!(
        matches!(&refused, ReplaceError::Held(held) if *held == [("staff".to_owned(), 2)]),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("\"staff\"") && refused.to_string().contains("2 accounts hold it"));
    assert_eq!(store.last_sequence().await.unwrap(), before);
    assert_eq!(store.account(&bob).await.unwrap().unwrap().conditions, ["staff"]);

    store.replace_policy(&policy_with(&["archive"]), true, Act::service(NOW)).await.unwrap();
    let happened: Vec<Changed> = what_happened(store, before).await;
    let accounts: BTreeSet<AccountId> = happened
        .iter()
        .filter_map(|what| if let Changed::Account(id) = what { Some(*id) } else { None })
        .collect();
    assert_eq!(accounts, BTreeSet::from([ada, bob]), "each once, and nobody else");
    assert_eq!(happened.len(), 3);
    assert!(happened.contains(&Changed::Policy));
    assert_eq!(store.account(&ada).await.unwrap().unwrap().conditions, ["archive"]);
    assert!(store.account(&bob).await.unwrap().unwrap().conditions.is_empty());
    assert_eq!(store.account(&eve).await.unwrap().unwrap().conditions, ["archive"]);
    assert_eq!(store.account(&bob).await.unwrap().unwrap().generation, 1, "it logs nobody out");
    // Back again: the name has its bit, the accounts do not have the condition.
    bench.with_conditions(&["archive", "staff"]).await;
    assert!(store.account(&bob).await.unwrap().unwrap().conditions.is_empty());
}

async fn an_unvalidated_policy_is_refused_and_the_old_one_stays(bench: Bench) {
    let old = full_policy();
    bench.store.replace_policy(&old, false, Act::service(NOW)).await.unwrap();
    let twice = policy_with(&["a", "b", "a"]);
    let mut unknown = policy_with(&["a"]);
    unknown.rules = (0..600).map(|_| rule("x", &["a"])).chain([rule("y", &["nonsense"])]).collect();
    let mut looser = policy_with(&[]);
    looser.conditions.push(condition("closed", Pattern::Open));
    let refusals = [
        (twice, r#"ReplaceError::DuplicateCondition("a")"#),
        (unknown, r#"ReplaceError::UnknownCondition("nonsense")"#),
        (looser, r#"ReplaceError::BuiltIn("closed")"#),
    ];
    for (document, expected) in refusals {
        let refused = bench.store.replace_policy(&document, true, Act::service(NOW)).await.unwrap_err();
        assert_eq!(format!("ReplaceError::{refused:?}"), expected);
        assert_eq!(bench.store.policy_document().await.unwrap(), old);
    }
    assert_eq!(what_happened(&bench.store, 0).await, [Changed::Policy]);
}

// The change log

/// A writer that has its number but has not committed holds back the next one, so that
/// nobody reads line 2 and then never asks for line 1.
async fn a_reader_of_the_log_never_meets_a_later_line_first(bench: Bench) {
    let (slow, quick) = (fresh_id(), fresh_id());
    let mut raw = bench.raw().await;
    let begin = if bench.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let mut transaction = raw.begin_with(begin).await.unwrap();
    let number: i64 = sqlx::query_scalar("UPDATE meta SET sequence = sequence + 1 RETURNING sequence")
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    sqlx::query("INSERT INTO policy_change (sequence, kind, key, at) VALUES ($1, 'session', $2, $3)")
        .bind(number)
        .bind(slow.to_string())
        .bind(i64::try_from(NOW).unwrap())
        .execute(&mut *transaction)
        .await
        .unwrap();
    let store = bench.store.clone();
    let writer = tokio::spawn(async move { store.end_session(&quick, NOW + HOUR, Act::service(NOW)).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!writer.is_finished());
    assert_eq!(what_happened(&bench.store, 0).await, []);
    transaction.commit().await.unwrap();
    writer.await.unwrap().unwrap();
    assert_eq!(what_happened(&bench.store, 0).await, [Changed::Session(slow), Changed::Session(quick)]);
}

async fn concurrent_writers_leave_a_log_without_a_hole(bench: Bench) {
    const WRITERS: u64 = 6;
    const EACH: u64 = 15;
    let accounts = [bench.account("ada").await.id, bench.account("bob").await.id];
    let begun = bench.store.last_sequence().await.unwrap();
    let replica = bench.replica().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = if writer % 2 == 0 { bench.store.clone() } else { replica.clone() };
        let account = accounts[usize::from(writer % 3 == 0)];
        writers.spawn(async move {
            for step in 0..EACH {
                if step % 3 == 0 {
                    let change = AccountChange { sign_out_everywhere: true, ..Default::default() };
                    store.change_account(&account, change, Act::service(NOW)).await.unwrap();
                } else {
                    store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
                }
            }
        });
    }
    // The reader polls as fast as it can while they write, and only ever asks for what comes after.
    let reader = bench.replica().await;
    let mut seen = Vec::new();
    let mut polls = 0;
    while seen.len() < usize::try_from(WRITERS * EACH).unwrap() {
        let since = seen.last().copied().unwrap_or(begun);
        let changes = reader.changes_since(since).await.unwrap();
        seen.extend(lines(changes).iter().map(|change| change.sequence));
        polls += 1;
        assert!(polls < 1_000_000, "the reader missed a line: {seen:?}");
    }
    writers.join_all().await;
    assert_eq!(seen, (begun + 1..=begun + WRITERS * EACH).collect::<Vec<_>>());
    assert_eq!(what_happened(&reader, begun + WRITERS * EACH).await, []);
    // And no raise was lost: five of each writer.
    let mut raised = 0;
    for account in &accounts {
        raised += reader.account(account).await.unwrap().unwrap().generation - 1;
    }
    assert_eq!(u64::from(raised), WRITERS * EACH / 3);
}

async fn a_rolled_back_change_leaves_no_hole(bench: Bench) {
    let id = bench.account("ada").await.id;
    bench.with_conditions(&["staff"]).await;
    let change = AccountChange {
        password_hash: Some("x".to_owned()),
        conditions: Some(strings(&["nonsense"])),
        ..Default::default()
    };
    bench.store.change_account(&id, change, Act::service(NOW)).await.unwrap_err();
    bench.store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
    let sequences: Vec<_> =
        lines(bench.store.changes_since(0).await.unwrap()).iter().map(|line| line.sequence).collect();
    assert_eq!(sequences, [1, 2, 3]);
    let account = bench.store.account(&id).await.unwrap().unwrap();
    assert_eq!((account.generation, account.password_hash.as_str()), (1, "$argon2id$1"));
}

async fn a_pruned_log_says_so(bench: Bench) {
    let store = &bench.store;
    for step in 0..4 {
        store.end_session(&fresh_id(), NOW + 100 * HOUR, Act::service(NOW + step * HOUR)).await.unwrap();
    }
    assert_eq!(store.prune(NOW + 3 * HOUR, 10 * HOUR).await.unwrap(), 0);
    assert_eq!(store.prune(NOW + 3 * HOUR, HOUR).await.unwrap(), 2);
    for since in [0, 1] {
        assert_eq!(store.changes_since(since).await.unwrap(), Changes::Gap, "{since}");
    }
    assert_eq!(what_happened(store, 2).await.len(), 2, "whoever has read up to the cut misses nothing");
    assert_eq!(what_happened(store, 3).await.len(), 1);
    store.end_session(&fresh_id(), NOW + 100 * HOUR, Act::service(NOW + 90 * HOUR)).await.unwrap();
    assert_eq!(store.last_sequence().await.unwrap(), 5, "numbers go on");
    store.prune(NOW + 90 * HOUR, HOUR).await.unwrap();
    assert_eq!(store.changes_since(3).await.unwrap(), Changes::Gap);
    assert_eq!(what_happened(store, 5).await, []);
    assert_eq!(store.ended_sessions(NOW + 90 * HOUR).await.unwrap().len(), 5, "sessions have their own time");
}

/// S2: no replica's clock can outvote a revocation.
async fn s2_pruning_with_a_fast_clock_keeps_what_still_revokes(bench: Bench) {
    let account = bench.account("ada").await.id;
    let session = fresh_id();
    bench.store.end_session(&session, NOW + 8 * HOUR, Act::service(NOW)).await.unwrap();
    bench.store.prune(NOW + 1000 * HOUR, 9 * HOUR).await.unwrap();
    assert_eq!(bench.store.account_standings(NOW).await.unwrap().len(), 1);
    assert_eq!(bench.store.ended_sessions(NOW).await.unwrap(), [session]);
    // And a writer with a slow clock does not write into the past.
    let change = AccountChange { sign_out_everywhere: true, ..Default::default() };
    bench.store.change_account(&account, change, Act::service(NOW - 5 * HOUR)).await.unwrap();
    let written = lines(bench.store.changes_since(0).await.unwrap());
    assert!(written.iter().all(|line| line.at >= NOW), "{written:?}");
}

async fn a_reader_ahead_of_the_log_is_told(bench: Bench) {
    bench.account("ada").await;
    assert_eq!(bench.store.changes_since(2).await.unwrap(), Changes::Gap);
    assert_eq!(bench.store.changes_since(u64::MAX).await.unwrap(), Changes::Gap);
}

async fn a_line_of_an_unknown_kind_is_a_gap(bench: Bench) {
    bench.account("ada").await;
    let mut raw = bench.raw().await;
    raw.execute("UPDATE meta SET sequence = 2").await.unwrap();
    raw.execute("INSERT INTO policy_change (sequence, kind, key, at) VALUES (2, 'comet', 'x', 0)")
        .await
        .unwrap();
    assert_eq!(bench.store.changes_since(0).await.unwrap(), Changes::Gap);
    assert_eq!(bench.store.changes_since(1).await.unwrap(), Changes::Gap);
}

// What the snapshot is made from

async fn standings_tell_what_changed_lately(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff", "archive"]).await;
    let idle = store.create_account(new_account("idle", &["staff"]), Act::service(NOW)).await.unwrap();
    let locked =
        store.create_account(new_account("locked", &["staff", "archive"]), Act::service(NOW)).await.unwrap();
    let gone = store.create_account(new_account("gone", &["staff"]), Act::service(NOW)).await.unwrap();
    let lock = AccountChange { active: Some(false), ..Default::default() };
    let admin = AccountChange { administrator: Some(true), ..Default::default() };
    store.change_account(&locked.id, admin, Act::service(NOW + HOUR)).await.unwrap();
    store.change_account(&locked.id, lock, Act::service(NOW + HOUR)).await.unwrap();
    store.remove_account(&gone.id, Act::service(NOW + HOUR)).await.unwrap();

    let lately: BTreeMap<_, _> = store.account_standings(NOW + 1).await.unwrap().into_iter().collect();
    let record = AccountRecord {
        generation: 3,
        active: false,
        administrator: true,
        conditions: strings(&["archive", "staff"]),
    };
    assert_eq!(lately, BTreeMap::from([(locked.id, Some(record)), (gone.id, None)]));
    let all: BTreeMap<_, _> = store.account_standings(NOW).await.unwrap().into_iter().collect();
    assert_eq!(all.len(), 3);
    assert_eq!(all[&idle.id], store.account_record(&idle.id).await.unwrap());
    assert!(store.account_standings(NOW + HOUR + 1).await.unwrap().is_empty());
}

/// While a writer replaces the policy and ends a session in turn, a load contains exactly what
/// its sequence number says.
async fn a_load_is_of_one_moment(bench: Bench) {
    const ROUNDS: u64 = 12;
    let document = |round: u64| PolicyDocument {
        // More than are read at once.
        rules: (0..5000).map(|_| rule(&round.to_string(), &["closed"])).collect(),
        ..PolicyDocument::default()
    };
    let first = bench.store.load(NOW, 0).await.unwrap();
    assert_eq!((first.last_sequence, first.epoch), (0, bench.store.epoch().await.unwrap()));
    assert_eq!(loaded_rules(&bench.store).await, BTreeMap::new());
    let writer = tokio::spawn({
        let store = bench.replica().await;
        async move {
            for round in 1..=ROUNDS {
                store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
                store.replace_policy(&document(round), false, Act::service(NOW)).await.unwrap();
                store
                    .create_account(new_account(&format!("a{round}"), &[]), Act::service(NOW))
                    .await
                    .unwrap();
            }
        }
    });
    let mut moments = BTreeSet::new();
    loop {
        let is_last = writer.is_finished();
        let mut loading = bench.store.begin_load().await.unwrap();
        let mut spots = Vec::new();
        while let Some(batch) = loading.next_rules().await.unwrap() {
            let each = |_, rule: &RuleSpec| {
                spots.push(rule.identifier.clone());
                Ok::<(), StoreError>(())
            };
            batch.each(each).unwrap();
        }
        let loaded = loading.finish(NOW, 0).await.unwrap();
        let sequence = loaded.last_sequence;
        moments.insert(sequence);
        let count = |done: u64| usize::try_from(done).unwrap();
        assert_eq!(loaded.ended_sessions.len(), count(sequence.div_ceil(3)), "at {sequence}");
        assert_eq!(loaded.accounts.len(), count(sequence / 3), "at {sequence}");
        let round = (sequence + 1) / 3;
        assert_eq!(spots.len(), if round == 0 { 0 } else { 5000 }, "at {sequence}");
        assert!(spots.iter().all(|spot| *spot == round.to_string()), "at {sequence}");
        if is_last {
            break;
        }
    }
    writer.await.unwrap();
    assert_eq!(moments.last(), Some(&(3 * ROUNDS)));
}

/// S17: after a restore nothing sealed before counts, in running replicas too.
async fn s17_a_renewed_epoch_reaches_every_reader(bench: Bench) {
    bench.account("ada").await;
    let before = bench.store.load(NOW, 0).await.unwrap();
    // A reader that has read further than the restored copy goes.
    let ahead = before.last_sequence + 5;
    let epoch = bench.replica().await.renew_epoch(Act::service(NOW)).await.unwrap();
    assert_ne!(epoch, before.epoch);
    for since in [0, before.last_sequence, ahead] {
        assert_eq!(bench.store.changes_since(since).await.unwrap(), Changes::Gap, "{since}");
    }
    for _ in 0..6 {
        bench.store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
    }
    for since in [0, before.last_sequence, ahead] {
        assert_eq!(bench.store.changes_since(since).await.unwrap(), Changes::Gap, "{since}");
    }
    let after = bench.store.load(NOW, 0).await.unwrap();
    assert_eq!(after.epoch, epoch);
    assert_eq!(bench.replica().await.epoch().await.unwrap(), epoch, "it is kept");
    bench.account("bob").await;
    assert_eq!(what_happened(&bench.store, after.last_sequence).await.len(), 1);
}

async fn s17_each_database_has_its_own_epoch(bench: Bench) {
    let epoch = bench.store.epoch().await.unwrap();
    assert_eq!(bench.replica().await.epoch().await.unwrap(), epoch, "opening it again keeps it");
    let directory = tempfile::tempdir().unwrap();
    let other = Bench::new(format!("sqlite:{}/other.db", directory.path().display())).await;
    assert_ne!(other.store.epoch().await.unwrap(), epoch);
}

// Connecting

async fn processes_that_start_together_make_one_database(bench: Bench) {
    let mut raw = bench.raw().await;
    bench.store.close().await;
    let tables = "pass policy_change ended_session policy_test rule device account_condition access_condition session \
                  password_link registration second_factor recovery_code deleted audit audit_checkpoint person account \
                  meta";
    // A new database, and one whose migrations have been begun: there the first statement reads only.
    for start in ["DROP TABLE _sqlx_migrations", "DELETE FROM _sqlx_migrations"] {
        for table in tables.split(' ') {
            raw.execute(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).await.unwrap();
        }
        raw.execute(start).await.unwrap();
        let mut starts = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let url = bench.url.clone();
            starts.spawn(async move { Store::connect(&url, keys()).await.unwrap().epoch().await.unwrap() });
        }
        let epochs: BTreeSet<_> = starts.join_all().await.into_iter().collect();
        assert_eq!(epochs.len(), 1, "after {start}");
    }
}

async fn a_database_of_a_newer_version_is_refused(bench: Bench) {
    let mut raw = bench.raw().await;
    let yes = if bench.is_sqlite() { "1" } else { "TRUE" };
    let empty = if bench.is_sqlite() { "x''" } else { "''" };
    let newer = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', {yes}, {empty}, 0)"
    );
    raw.execute(sqlx::AssertSqlSafe(newer)).await.unwrap();
    let refused = Store::connect(&bench.url, keys()).await.unwrap_err();
    assert!(matches!(refused, ConnectError::Newer { found: 9999, .. }), "{refused:?}");
    let message = refused.to_string();
    assert!(message.contains("TILEGATE_DATABASE_URL") && message.contains("9999"), "{message}");
    assert!(!message.contains('\n'), "{message}");
}

async fn a_change_of_schema_by_hand_is_refused(bench: Bench) {
    let mut raw = bench.raw().await;
    let other = if bench.is_sqlite() { "x'00'" } else { "'\\x00'" };
    let edited = format!("UPDATE _sqlx_migrations SET checksum = {other}");
    raw.execute(sqlx::AssertSqlSafe(edited)).await.unwrap();
    let refused = Store::connect(&bench.url, keys()).await.unwrap_err();
    assert!(matches!(refused, ConnectError::Schema { .. }), "{refused:?}");
}

/// However many writers wait for a slow one, the poll is answered: revocations still arrive.
async fn the_change_log_is_read_while_writers_wait(bench: Bench) {
    let mut raw = bench.raw().await;
    let begin = if bench.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let mut transaction = raw.begin_with(begin).await.unwrap();
    transaction.execute("UPDATE meta SET sequence = sequence").await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = bench.store.clone();
        writers.spawn(
            async move { store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap() },
        );
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let poll = tokio::time::timeout(Duration::from_secs(2), bench.store.load(NOW, 0)).await;
    assert_eq!(poll.expect("the poll waits for the writers").unwrap().last_sequence, 0);
    transaction.rollback().await.unwrap();
    writers.join_all().await;
    assert_eq!(bench.store.last_sequence().await.unwrap(), 20);
}

// Devices

fn code(seed: u8) -> Code {
    Code::new([seed; 28])
}

/// A policy with two rooms; one of them is called `room`.
fn rooms() -> PolicyDocument {
    let conditions = vec![
        condition("staff", Pattern::Login),
        condition("room", Pattern::Kiosk),
        condition("annexe", Pattern::Kiosk),
    ];
    PolicyDocument { conditions, ..PolicyDocument::default() }
}

async fn device(bench: &Bench, seed: u8) -> DeviceId {
    let device = NewDevice {
        id: fresh_id(),
        label: Label::parse(&format!("PC {seed}")).unwrap(),
        condition: "room".to_owned(),
        code: code(seed).hash(),
        code_expires: NOW + HOUR,
    };
    bench.store.make_device(&device, Act::service(NOW)).await.unwrap();
    device.id
}

async fn a_device_waits_is_enrolled_and_is_revoked(bench: Bench) {
    let store = &bench.store;
    store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    let room = bits(store).await["room"];
    let id = device(&bench, 3).await;
    let waiting = store.device(&id).await.unwrap().unwrap();
    assert_eq!((waiting.label.as_str(), waiting.condition.as_str(), waiting.bit), ("PC 3", "room", room));
    assert_eq!((waiting.made, waiting.code_expires), (NOW, Some(NOW + HOUR)));
    assert_eq!((waiting.enrolled, waiting.revoked), (None, None));
    let since = store.last_sequence().await.unwrap();
    assert_eq!(store.active_device(&id).await.unwrap(), None, "it opens nothing yet");
    assert!(store.load(NOW, 0).await.unwrap().devices.is_empty());

    let enrolled = store.enrol_device(&code(3).hash(), Act::service(NOW + 5)).await.unwrap().unwrap();
    assert_eq!((enrolled.id, enrolled.enrolled, enrolled.code_expires), (id, Some(NOW + 5), None));
    assert_eq!(store.device(&id).await.unwrap(), Some(enrolled));
    assert_eq!(store.active_device(&id).await.unwrap(), Some(room));
    let other = device(&bench, 4).await;
    assert_eq!(store.load(NOW, 0).await.unwrap().devices, [(id, room)]);

    let revoked = store.revoke_device(&id, Act::service(NOW + 9)).await.unwrap().unwrap();
    assert_eq!((revoked.enrolled, revoked.revoked), (Some(NOW + 5), Some(NOW + 9)));
    assert_eq!(store.active_device(&id).await.unwrap(), None);
    assert!(store.load(NOW, 0).await.unwrap().devices.is_empty());
    assert_eq!(
        store.revoke_device(&id, Act::service(NOW + 50)).await.unwrap(),
        Some(revoked),
        "again changes nothing"
    );
    assert_eq!(store.revoke_device(&fresh_id(), Act::service(NOW)).await.unwrap(), None);
    assert_eq!(what_happened(store, since).await, [Changed::Device(id), Changed::Device(id)]);

    store.revoke_device(&other, Act::service(NOW + 9)).await.unwrap();
    assert_eq!(
        store.enrol_device(&code(4).hash(), Act::service(NOW + 10)).await.unwrap(),
        None,
        "revoked while it waited"
    );
    let all: BTreeSet<_> = store.devices().await.unwrap().into_iter().map(|device| device.id).collect();
    assert_eq!(all, BTreeSet::from([id, other]), "the list keeps what is over");
}

async fn a_device_gets_a_condition_of_pattern_kiosk_only(bench: Bench) {
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    let refused = async |condition: &str| {
        let device = NewDevice {
            id: fresh_id(),
            label: Label::parse("PC").unwrap(),
            condition: condition.to_owned(),
            code: code(1).hash(),
            code_expires: NOW + HOUR,
        };
        bench.store.make_device(&device, Act::service(NOW)).await.unwrap_err()
    };
    for condition in ["staff", "open", "closed"] {
        let error = refused(condition).await;
        let unknown = matches!(&error, DeviceError::UnknownCondition(name) if name == condition);
        // The built-in ones are not written in this policy.
        assert_eq!(unknown, condition != "staff", "{error:?}");
    }
    assert!(matches!(refused("staff").await, DeviceError::NotKiosk(_)));
    assert!(matches!(refused("rooms").await, DeviceError::UnknownCondition(_)));
    assert!(bench.store.devices().await.unwrap().is_empty());
}

async fn s5_a_code_enrols_one_device_once(bench: Bench) {
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    let (one, other) = (device(&bench, 1).await, device(&bench, 2).await);
    assert_eq!(bench.store.enrol_device(&code(9).hash(), Act::service(NOW)).await.unwrap(), None);
    assert_eq!(bench.store.enrol_device(&code(1).hash(), Act::service(NOW)).await.unwrap().unwrap().id, one);
    assert_eq!(
        bench.store.enrol_device(&code(1).hash(), Act::service(NOW)).await.unwrap(),
        None,
        "it was used"
    );
    assert_eq!(bench.store.active_device(&other).await.unwrap(), None);
}

async fn s5_of_twenty_who_come_with_a_code_one_gets_the_device(bench: Bench) {
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    let id = device(&bench, 1).await;
    let since = bench.store.last_sequence().await.unwrap();
    // Two replicas, each with ten who come at once.
    let replica = bench.replica().await;
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(20));
    let mut comers = tokio::task::JoinSet::new();
    for number in 0..20 {
        let store = if number % 2 == 0 { bench.store.clone() } else { replica.clone() };
        let start = start.clone();
        comers.spawn(async move {
            start.wait().await;
            store.enrol_device(&code(1).hash(), Act::service(NOW)).await.unwrap()
        });
    }
    let enrolled: Vec<_> = comers.join_all().await.into_iter().flatten().map(|device| device.id).collect();
    assert_eq!(enrolled, [id]);
    assert_eq!(what_happened(&bench.store, since).await, [Changed::Device(id)]);
}

async fn a_code_is_no_good_from_its_last_second_on(bench: Bench) {
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    device(&bench, 1).await;
    for late in [NOW + HOUR, NOW + HOUR + 1, u64::MAX] {
        assert_eq!(
            bench.store.enrol_device(&code(1).hash(), Act::service(late)).await.unwrap(),
            None,
            "{late}"
        );
    }
    assert!(bench.store.enrol_device(&code(1).hash(), Act::service(NOW + HOUR - 1)).await.unwrap().is_some());
}

async fn s11_a_used_code_leaves_no_trace(bench: Bench) {
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    device(&bench, 1).await;
    let revoked = device(&bench, 2).await;
    let mut raw = bench.raw().await;
    let kept = async |raw: &mut AnyConnection| -> Vec<Option<String>> {
        sqlx::query_scalar("SELECT code_hash FROM device").fetch_all(raw).await.unwrap()
    };
    let waiting = kept(&mut raw).await;
    for hash in waiting.iter().map(|hash| hash.as_ref().unwrap()) {
        assert_eq!(hash.len(), 64, "a hash");
        assert!([1, 2].iter().all(|seed| Code::parse(hash) != Some(code(*seed))), "and not the code");
    }
    assert_eq!(waiting.len(), 2);
    bench.store.enrol_device(&code(1).hash(), Act::service(NOW)).await.unwrap().unwrap();
    bench.store.revoke_device(&revoked, Act::service(NOW)).await.unwrap().unwrap();
    assert_eq!(kept(&mut raw).await, [None, None]);
}

/// It stands in no import's way: the device has nothing then, and has it again when the name comes back.
async fn a_condition_of_a_device_can_be_dropped(bench: Bench) {
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    let room = bits(&bench.store).await["room"];
    let id = device(&bench, 1).await;
    bench.store.enrol_device(&code(1).hash(), Act::service(NOW)).await.unwrap().unwrap();
    bench.store.replace_policy(&policy_with(&["staff"]), false, Act::service(NOW)).await.unwrap();
    let loaded = bench.store.load(NOW, 0).await.unwrap();
    assert_eq!(loaded.devices, [(id, room)]);
    let conditions = bench.store.begin_load().await.unwrap().conditions;
    assert!(conditions.iter().all(|numbered| numbered.bit != room));
    bench.store.replace_policy(&rooms(), false, Act::service(NOW)).await.unwrap();
    assert_eq!(bits(&bench.store).await["room"], room);
    assert_eq!(bench.store.device(&id).await.unwrap().unwrap().condition, "room");
}

// Single rules

/// What a full load reads.
async fn loaded_rules(store: &Store) -> BTreeMap<u32, RuleSpec> {
    let mut loading = store.begin_load().await.unwrap();
    let mut rules = BTreeMap::new();
    while let Some(batch) = loading.next_rules().await.unwrap() {
        let each = |number, rule: &RuleSpec| {
            assert!(rules.insert(number, rule.clone()).is_none(), "rule {number} twice");
            Ok::<(), StoreError>(())
        };
        batch.each(each).unwrap();
    }
    rules
}

/// As a replica checks it, whose policy has these conditions.
fn checked(rule: RuleSpec, conditions: &[&str]) -> CheckedRule {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    let mount = Mount::new("images", MountKind::Image, "/iiif/images/", origin, "/");
    let conditions = conditions.iter().map(|name| AccessCondition::bare(name, Pattern::Login));
    Policy::build(&[mount], (2..).zip(conditions), []).unwrap().checked(rule, 0).unwrap()
}

async fn single_rules_are_written_with_their_line(bench: Bench) {
    let store = &bench.store;
    let written = |rule: RuleSpec| checked(rule, &["staff"]);
    let first = RuleSpec { note: "why".to_owned(), ..rule("a", &["staff"]) };
    bench.with_conditions(&["staff"]).await;
    let since = store.last_sequence().await.unwrap();
    assert_eq!(store.add_rule(&written(first.clone()), Act::service(NOW)).await.unwrap(), 0);
    assert_eq!(store.add_rule(&written(rule("b", &["open"])), Act::service(NOW)).await.unwrap(), 1);
    assert_eq!(
        store.add_rule(&written(rule("c", &["closed", "staff"])), Act::service(NOW)).await.unwrap(),
        2
    );
    assert_eq!(store.rule(0).await.unwrap(), Some(first.clone()));
    assert!(store.change_rule(0, &written(rule("d", &["staff"])), Act::service(NOW)).await.unwrap());
    assert_eq!(store.remove_rule(1, Act::service(NOW)).await.unwrap(), Some(rule("b", &["open"])));
    assert_eq!(
        store.add_rule(&written(first.clone()), Act::service(NOW)).await.unwrap(),
        3,
        "behind all others"
    );
    // What is not there is not changed, and writes no line.
    assert!(!store.change_rule(1, &written(rule("e", &["staff"])), Act::service(NOW)).await.unwrap());
    assert_eq!(store.remove_rule(9, Act::service(NOW)).await.unwrap(), None);
    assert_eq!(store.rule(1).await.unwrap(), None);
    let lines = [0, 1, 2, 0, 1, 3].map(Changed::Rule);
    assert_eq!(what_happened(&bench.replica().await, since).await, lines);

    let left = [rule("d", &["staff"]), rule("c", &["closed", "staff"]), first];
    assert_eq!(store.policy_document().await.unwrap().rules, left);
    let bare = left.map(|rule| RuleSpec { note: String::new(), ..rule });
    assert_eq!(loaded_rules(store).await, [0, 2, 3].into_iter().zip(bare).collect());
    let now = store.rules_now([0, 1, 2], since).await.unwrap().unwrap();
    assert_eq!(now[..2], [(0, Some(rule("d", &["staff"]))), (1, None)]);
}

/// It was there when the rule was checked.
async fn a_rule_whose_condition_is_gone_is_refused(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    store.add_rule(&checked(rule("a", &["staff"]), &["staff"]), Act::service(NOW)).await.unwrap();
    bench.with_conditions(&["reader"]).await;
    store.add_rule(&checked(rule("a", &["reader"]), &["reader"]), Act::service(NOW)).await.unwrap();
    let since = store.last_sequence().await.unwrap();
    let late = checked(rule("b", &["staff"]), &["staff"]);
    for refused in [
        store.add_rule(&late, Act::service(NOW)).await.map(|_| ()),
        store.change_rule(0, &late, Act::service(NOW)).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(RuleError::UnknownCondition(name)) if name == "staff"));
    }
    assert_eq!(store.policy_document().await.unwrap().rules, [rule("a", &["reader"])]);
    assert_eq!(what_happened(store, since).await, []);
}

async fn a_load_has_every_rule_however_it_is_kept(bench: Bench) {
    let mut document = full_policy();
    document.rules.push(rule("a\u{1e}b\u{1f}c \u{1}", &["closed"]));
    // More than are read at once, and with a gap.
    document.rules.extend((0..9000).map(|number| rule(&format!("item-{number}"), &["staff"])));
    bench.store.replace_policy(&document, false, Act::service(NOW)).await.unwrap();
    let mut raw = bench.raw().await;
    raw.execute("DELETE FROM rule WHERE position BETWEEN 2000 AND 7000").await.unwrap();
    // As a program before this one has written them.
    raw.execute("UPDATE rule SET compact = NULL WHERE position BETWEEN 1000 AND 1500").await.unwrap();
    let bare = |(number, rule): (u32, RuleSpec)| {
        let (note, source) = (String::new(), String::new());
        (number, RuleSpec { note, source, ..rule })
    };
    let expected = (0..).zip(document.rules).filter(|(number, _)| !(2000..=7000).contains(number));
    let expected: BTreeMap<u32, RuleSpec> = expected.map(bare).collect();
    let loaded: BTreeMap<u32, RuleSpec> = loaded_rules(&bench.store).await.into_iter().map(bare).collect();
    assert_eq!(loaded, expected);
    let (texts,): (i64,) = sqlx::query_as("SELECT COUNT(compact) FROM rule WHERE compact IS NOT NULL")
        .fetch_one(&mut raw)
        .await
        .unwrap();
    assert!(texts > 3000, "nearly all are kept in few bytes");
}

async fn an_import_does_not_undo_what_was_changed_while_it_was_read(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let (document, since) = store.policy_document_since().await.unwrap();
    // While somebody's long import was being read, somebody else closed something.
    store.add_rule(&checked(rule("complaint", &["closed"]), &["staff"]), Act::service(NOW)).await.unwrap();
    let refused = store.replace_policy_since(&document, false, since, Act::service(NOW)).await;
    assert!(matches!(refused, Err(ReplaceError::Meanwhile)), "{refused:?}");
    let (document, since) = store.policy_document_since().await.unwrap();
    assert_eq!(document.rules, [rule("complaint", &["closed"])]);
    // What has nothing to do with the policy is no reason.
    store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
    store.replace_policy_since(&document, false, since, Act::service(NOW)).await.unwrap();
    assert_eq!(store.policy_document().await.unwrap(), document);
}

async fn an_edit_of_what_has_changed_meanwhile_is_refused(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let written = |identifier| checked(rule(identifier, &["staff"]), &["staff"]);
    let line = async || store.last_sequence().await.unwrap();
    let first = line().await;
    let number = store.edit_rule(&RuleEdit::Add(written("a")), first, Act::service(NOW)).await.unwrap();
    let before = line().await;
    for edit in
        [RuleEdit::Add(written("b")), RuleEdit::Change(number, written("b")), RuleEdit::Remove(number)]
    {
        let refused = store.edit_rule(&edit, first, Act::service(NOW)).await;
        assert!(matches!(refused, Err(RuleError::Meanwhile)), "{edit:?}");
    }
    assert_eq!(line().await, before);
    // What has nothing to do with the policy is no reason.
    store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
    assert_eq!(
        store.edit_rule(&RuleEdit::Change(number, written("b")), before, Act::service(NOW)).await.unwrap(),
        number
    );
    let now = line().await;
    for edit in [RuleEdit::Change(7, written("b")), RuleEdit::Remove(7)] {
        assert!(
            matches!(store.edit_rule(&edit, now, Act::service(NOW)).await, Err(RuleError::Meanwhile)),
            "{edit:?}"
        );
    }
    assert_eq!(store.edit_rule(&RuleEdit::Remove(number), now, Act::service(NOW)).await.unwrap(), number);
    assert_eq!(store.policy_document().await.unwrap().rules, []);
    bench.with_conditions(&["staff"]).await;
    assert!(matches!(
        store.edit_rule(&RuleEdit::Add(written("c")), now, Act::service(NOW)).await,
        Err(RuleError::Meanwhile)
    ));
    // A backup was restored: the log says nothing of what is other now.
    let now = line().await;
    store.renew_epoch(Act::service(NOW)).await.unwrap();
    assert!(matches!(
        store.edit_rule(&RuleEdit::Add(written("c")), now, Act::service(NOW)).await,
        Err(RuleError::Meanwhile)
    ));
    let now = line().await;
    store.edit_rule(&RuleEdit::Add(written("c")), now, Act::service(NOW)).await.unwrap();
}

async fn rules_of_a_replaced_policy_are_not_taken_for_the_old_ones(bench: Bench) {
    let store = &bench.store;
    bench.with_conditions(&["staff"]).await;
    let number =
        store.add_rule(&checked(rule("a", &["staff"]), &["staff"]), Act::service(NOW)).await.unwrap();
    let since = store.last_sequence().await.unwrap();
    assert!(store.rules_now([number], since).await.unwrap().is_some());
    store.end_session(&fresh_id(), NOW + HOUR, Act::service(NOW)).await.unwrap();
    assert!(store.rules_now([number], since).await.unwrap().is_some());
    bench.with_conditions(&["staff"]).await;
    assert_eq!(store.rules_now([number], since).await.unwrap(), None);
}

// SQLite's file

#[tokio::test]
async fn a_missing_file_is_made_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    // Characters that mean something in a URL, or in SQLite's own.
    let file = directory.path().join("a b%20#ü;&=+.db");
    let url = format!("sqlite:{}", file.display());
    let epoch = {
        let store = Store::connect(&url, keys()).await.unwrap();
        store.create_account(new_account("ada", &[]), Act::service(NOW)).await.unwrap();
        for entry in std::fs::read_dir(directory.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
        store.epoch().await.unwrap()
    };
    assert!(file.is_file());
    let slashes = format!("sqlite://{}", file.display());
    assert_eq!(Store::connect(&slashes, keys()).await.unwrap().epoch().await.unwrap(), epoch);
}

#[tokio::test]
async fn sqlite_keeps_its_promises() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/t.db", directory.path().display());
    let bench = Bench::new(url).await;
    bench.account("ada").await;
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut bench.raw().await).await.unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn what_cannot_be_opened_is_one_clear_line() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path().display();
    std::fs::write(
        directory.path().join("file"),
        "this is not a database, but long enough to be read as one\n",
    )
    .unwrap();
    std::fs::create_dir(directory.path().join("folder.db")).unwrap();
    let cases = [
        (format!("sqlite:{here}/missing/tilegate.db"), "directory"),
        (format!("sqlite:{here}/file/tilegate.db"), "directory"),
        (format!("sqlite:{here}/folder.db"), "is a directory"),
        (format!("sqlite:{here}/.."), "not the path of a file"),
        (format!("sqlite:{here}/file"), "not a database"),
        (format!("sqlite:{here}/t.db?mode=rwc"), "takes no options"),
        ("sqlite:".to_owned(), "sqlite:PATH"),
        ("/var/lib/tilegate.db".to_owned(), "sqlite:PATH"),
        ("postgres://ada:s3cret@127.0.0.1:1/tilegate".to_owned(), "postgres://ada@127.0.0.1:1/tilegate"),
    ];
    for (url, part) in cases {
        let refused = Store::connect(&url, keys()).await.unwrap_err().to_string();
        assert!(refused.starts_with("TILEGATE_DATABASE_URL"), "{url}: {refused}");
        assert!(refused.contains(part), "{url}: {refused}");
        assert!(!refused.contains("s3cret") && !refused.contains('\n'), "{url}: {refused}");
    }
    assert!(!directory.path().join("missing").exists());
}

async fn parts_of_a_policy_are_read_alone(bench: Bench) {
    let day = |text: &str| Some(text.parse().unwrap());
    let rules: Vec<RuleSpec> = (0..1200)
        .map(|number: u32| RuleSpec {
            mount: "images".to_owned(),
            identifier: format!("box/{number}"),
            conditions: vec!["staff".to_owned()],
            from: if number % 400 == 7 { day("2041-01-31") } else { None },
            ..RuleSpec::default()
        })
        .collect();
    let document = PolicyDocument { rules, ..policy_with(&["staff"]) };
    bench.store.replace_policy(&document, false, Act::service(NOW)).await.unwrap();

    assert!(bench.store.rules_by_number(&[]).await.unwrap().is_empty());
    let some = bench.store.rules_by_number(&[1199, 3, 5000, 3]).await.unwrap();
    assert_eq!(some.keys().copied().collect::<Vec<_>>(), [3, 1199]);
    assert_eq!(some[&1199], document.rules[1199]);
    let all: Vec<u32> = (0..1300).collect();
    assert!(bench.store.rules_by_number(&all).await.unwrap().into_values().eq(document.rules.clone()));
}

async fn conditions_in_use_are_those_of_accounts_and_devices(bench: Bench) {
    let kiosk = |name: &str| condition(name, Pattern::Kiosk);
    let mut document = policy_with(&["staff", "reader"]);
    document.conditions.extend([kiosk("room"), kiosk("other")]);
    bench.store.replace_policy(&document, false, Act::service(NOW)).await.unwrap();
    let in_use = async || bench.store.conditions_in_use().await.unwrap().into_iter().collect::<Vec<_>>();
    assert!(in_use().await.is_empty());
    let account =
        bench.store.create_account(new_account("ada", &["staff"]), Act::service(NOW)).await.unwrap();
    let device = device(&bench, 1).await;
    assert_eq!(in_use().await, ["room", "staff"]);
    bench.store.revoke_device(&device, Act::service(NOW)).await.unwrap();
    bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap();
    assert!(in_use().await.is_empty());
}

// -- What belongs to an account --------------------------------------------------------

fn session_of(account: &Account) -> NewSession {
    NewSession {
        id: fresh_id(),
        account: account.id,
        generation: account.generation,
        expires: NOW + HOUR,
        agent: "Firefox".to_owned(),
    }
}

fn link_hash(seed: u8) -> SecretHash {
    LinkSecret::new([seed; 32]).hash()
}

fn recovery(seed: u8) -> SecretHash {
    RecoveryCode::new([seed; CODE_SYMBOLS]).hash()
}

const LOCK: fn() -> AccountChange = || AccountChange { active: Some(false), ..AccountChange::default() };
const SIGN_OUT: fn() -> AccountChange =
    || AccountChange { sign_out_everywhere: true, ..AccountChange::default() };

async fn s4_a_hundred_logins_at_once_are_a_hundred_sessions(bench: Bench) {
    let mut accounts = Vec::new();
    for number in 0..10 {
        accounts.push(bench.account(&format!("person{number}")).await);
    }
    let new: Vec<NewSession> = (0..100).map(|number| session_of(&accounts[number % 10])).collect();
    let begun = new.iter().map(|session| bench.store.begin_session(session, Act::service(NOW)));
    let begun = futures_util::future::join_all(begun).await;
    assert!(begun.into_iter().all(Result::unwrap));
    for account in &accounts {
        let mut wanted: Vec<_> =
            new.iter().filter(|session| session.account == account.id).map(|session| session.id).collect();
        wanted.sort();
        let sessions = bench.store.sessions(&account.id, NOW).await.unwrap();
        assert!(sessions.iter().all(|one| one.began == NOW && one.expires == NOW + HOUR));
        assert_eq!(sessions.iter().map(|one| one.id).collect::<Vec<_>>(), wanted);
        assert_eq!(bench.store.last_login(&account.id).await.unwrap(), Some(NOW));
    }
}

async fn s2_a_login_that_no_longer_counts_is_not_written(bench: Bench) {
    let account = bench.account("ada").await;
    let session = session_of(&account);
    bench.store.change_account(&account.id, SIGN_OUT(), Act::service(NOW)).await.unwrap();
    assert!(!bench.store.begin_session(&session, Act::service(NOW)).await.unwrap(), "an earlier generation");
    let locked = bench.store.change_account(&account.id, LOCK(), Act::service(NOW)).await.unwrap().unwrap();
    assert!(!bench.store.begin_session(&session_of(&locked), Act::service(NOW)).await.unwrap(), "locked");
    assert_eq!(bench.store.last_login(&account.id).await.unwrap(), None);
    assert!(bench.store.sessions(&account.id, NOW).await.unwrap().is_empty());
    bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap();
    assert!(!bench.store.begin_session(&session, Act::service(NOW)).await.unwrap(), "gone");
    let over = bench.account("grace").await;
    let mut raw = bench.raw().await;
    sqlx::query("UPDATE account SET expires = $1")
        .bind(i64::try_from(NOW).unwrap())
        .execute(&mut raw)
        .await
        .unwrap();
    assert!(!bench.store.begin_session(&session_of(&over), Act::service(NOW)).await.unwrap(), "over");
    raw.close().await.unwrap();
}

fn viewer_in(login: &NewSession) -> NewViewerSession {
    NewViewerSession {
        id: fresh_id(),
        account: login.account,
        generation: login.generation,
        expires: NOW + 4 * HOUR,
        viewer: "https://viewer.test".to_owned(),
        allowed_in: login.id,
    }
}

async fn s2_what_a_viewer_was_allowed_ends_with_its_login(bench: Bench) {
    let (store, act) = (&bench.store, Act::service(NOW));
    let account = bench.account("ada").await;
    let (here, there) = (session_of(&account), session_of(&account));
    for login in [&here, &there] {
        assert!(store.begin_session(login, act).await.unwrap());
    }
    let (one, other, elsewhere) = (viewer_in(&here), viewer_in(&here), viewer_in(&there));
    for viewer in [&one, &other, &elsewhere] {
        assert!(store.begin_viewer_session(viewer, act).await.unwrap());
    }
    let listed = async || {
        let sessions = store.sessions(&account.id, NOW).await.unwrap();
        sessions.iter().filter(|one| one.viewer.is_some()).map(|one| one.id).collect::<HashSet<_>>()
    };
    assert_eq!(listed().await, HashSet::from([one.id, other.id, elsewhere.id]));
    store.end_session(&one.id, NOW + 5 * HOUR, act).await.unwrap();
    assert_eq!(listed().await, HashSet::from([other.id, elsewhere.id]), "alone");

    let since = store.last_sequence().await.unwrap();
    store.end_session(&here.id, NOW + 2 * HOUR, act).await.unwrap();
    assert_eq!(listed().await, HashSet::from([elsewhere.id]));
    let Changes::Lines(lines) = store.changes_since(since).await.unwrap() else { panic!("a gap") };
    let told: Vec<_> = lines.iter().map(|line| line.what.clone()).collect();
    assert_eq!(told, [Changed::Session(here.id), Changed::Session(other.id)]);
    // Each is remembered until it is over by itself, which is later than the login is.
    store.prune(NOW + 4 * HOUR, 0).await.unwrap();
    let ended = store.load(NOW + 4 * HOUR, 0).await.unwrap().ended_sessions;
    assert!(ended.contains(&other.id) && !ended.contains(&here.id), "{ended:?}");

    assert!(!store.begin_viewer_session(&viewer_in(&here), act).await.unwrap(), "its login has ended");
    let stale = NewViewerSession { generation: account.generation + 1, ..viewer_in(&there) };
    assert!(!store.begin_viewer_session(&stale, act).await.unwrap(), "another generation");
    // A login in the place of another, for the same person.
    let renewed = session_of(&account);
    assert!(store.begin_session(&renewed, act).await.unwrap());
    store.viewers_follow(&there.id, &renewed.id).await.unwrap();
    store.end_session(&there.id, NOW + 2 * HOUR, act).await.unwrap();
    assert_eq!(listed().await, HashSet::from([elsewhere.id]));
    store.change_account(&account.id, LOCK(), act).await.unwrap();
    assert!(!store.begin_viewer_session(&viewer_in(&renewed), act).await.unwrap(), "locked");
    assert_eq!(listed().await, HashSet::new());
}

async fn s5_of_twenty_answers_to_one_question_one_counts(bench: Bench) {
    let account = bench.account("ada").await;
    let login = session_of(&account);
    assert!(bench.store.begin_session(&login, Act::service(NOW)).await.unwrap());
    let new = viewer_in(&login);
    let tries = (0..20).map(|_| bench.store.begin_viewer_session(&new, Act::of(account.id, NOW)));
    let counted =
        futures_util::future::join_all(tries).await.into_iter().map(Result::unwrap).filter(|one| *one);
    assert_eq!(counted.count(), 1);
    bench.store.end_session(&new.id, NOW + 5 * HOUR, Act::service(NOW)).await.unwrap();
    assert!(!bench.store.begin_viewer_session(&new, Act::service(NOW)).await.unwrap(), "nor when it is over");
}

async fn s2_sessions_that_are_over_are_not_listed_and_go(bench: Bench) {
    let account = bench.account("ada").await;
    let (one, other) = (session_of(&account), session_of(&account));
    for session in [&one, &other] {
        assert!(bench.store.begin_session(session, Act::service(NOW)).await.unwrap());
    }
    let listed = async |now| bench.store.sessions(&account.id, now).await.unwrap().len();
    assert_eq!(listed(NOW).await, 2);
    bench.store.end_session(&one.id, NOW + 2 * HOUR, Act::service(NOW)).await.unwrap();
    assert_eq!(listed(NOW).await, 1, "ended");
    assert_eq!(listed(NOW + HOUR).await, 0, "expired");
    bench.store.change_account(&account.id, SIGN_OUT(), Act::service(NOW)).await.unwrap();
    assert_eq!(listed(NOW).await, 0, "signed out everywhere");

    bench.store.make_password_link(&account.id, &link_hash(1), NOW + HOUR, Act::service(NOW)).await.unwrap();
    let rows = async |table: &str| {
        let mut raw = bench.raw().await;
        let statement = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let rows: i64 = sqlx::query_scalar(statement).fetch_one(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        rows
    };
    bench.store.prune(NOW + HOUR + 1, 30 * 24 * HOUR).await.unwrap();
    assert_eq!((rows("session").await, rows("password_link").await), (2, 1), "a pruner's clock may be ahead");
    bench.store.prune(NOW + 26 * HOUR, 30 * 24 * HOUR).await.unwrap();
    assert_eq!((rows("session").await, rows("password_link").await), (0, 0));
    // What goes with its account.
    let later = NewSession { generation: 2, expires: NOW + 99 * HOUR, ..session_of(&account) };
    assert!(bench.store.begin_session(&later, Act::service(NOW)).await.unwrap());
    bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap();
    assert_eq!(rows("session").await, 0);
}

async fn s5_of_twenty_who_come_with_a_link_one_sets_the_password(bench: Bench) {
    let account = bench.account("ada").await;
    let hash = link_hash(1);
    assert!(bench.store.make_password_link(&account.id, &hash, NOW + HOUR, Act::service(NOW)).await.unwrap());
    for _ in 0..3 {
        let found = bench.store.account_of_link(&hash, NOW).await.unwrap().unwrap();
        assert_eq!(found.id, account.id, "looking does not use it up");
    }
    let since = bench.store.last_sequence().await.unwrap();
    let texts: Vec<String> = (0..20).map(|number| format!("$argon2id${number}")).collect();
    let tries = texts.iter().map(|text| bench.store.use_password_link(&hash, text, Act::service(NOW)));
    let answers = futures_util::future::join_all(tries).await;
    let set: Vec<Account> = answers.into_iter().filter_map(Result::unwrap).collect();
    let [set] = set.as_slice() else { panic!("{set:?}") };
    assert_eq!(set.generation, 2, "earlier logins are over");
    assert_eq!(bench.store.account(&account.id).await.unwrap().as_ref(), Some(set));
    assert_eq!(what_happened(&bench.store, since).await, [Changed::Account(account.id)]);
}

async fn s5_a_link_is_used_up_whatever_became_of_its_account(bench: Bench) {
    let account = bench.account("ada").await;
    let uses =
        async |seed, now| bench.store.use_password_link(&link_hash(seed), "$argon2id$2", now).await.unwrap();
    assert!(uses(9, Act::service(NOW)).await.is_none(), "there never was one");
    bench.store.make_password_link(&account.id, &link_hash(1), NOW + HOUR, Act::service(NOW)).await.unwrap();
    assert!(bench.store.account_of_link(&link_hash(1), NOW + HOUR).await.unwrap().is_none());
    assert!(uses(1, Act::service(NOW + HOUR)).await.is_none(), "too late");
    assert!(uses(1, Act::service(NOW)).await.is_none(), "and then gone");

    bench.store.make_password_link(&account.id, &link_hash(2), NOW + HOUR, Act::service(NOW)).await.unwrap();
    bench.store.change_account(&account.id, LOCK(), Act::service(NOW)).await.unwrap();
    assert!(uses(2, Act::service(NOW)).await.is_none(), "locked");
    let unlock = AccountChange { active: Some(true), ..AccountChange::default() };
    bench.store.change_account(&account.id, unlock, Act::service(NOW)).await.unwrap();
    assert!(uses(2, Act::service(NOW)).await.is_none(), "and then gone");
    let after = bench.store.account(&account.id).await.unwrap().unwrap();
    assert_eq!(after.password_hash, account.password_hash);

    bench.store.make_password_link(&account.id, &link_hash(3), NOW + HOUR, Act::service(NOW)).await.unwrap();
    bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap();
    assert!(uses(3, Act::service(NOW)).await.is_none(), "gone");
    assert!(
        !bench
            .store
            .make_password_link(&account.id, &link_hash(4), NOW + HOUR, Act::service(NOW))
            .await
            .unwrap()
    );
}

async fn a_link_takes_the_place_of_the_one_before(bench: Bench) {
    let (ada, grace) = (bench.account("ada").await, bench.account("grace").await);
    for (account, seed) in [(&ada, 1), (&grace, 2), (&ada, 3)] {
        bench
            .store
            .make_password_link(&account.id, &link_hash(seed), NOW + HOUR, Act::service(NOW))
            .await
            .unwrap();
    }
    let of = async |seed| bench.store.account_of_link(&link_hash(seed), NOW).await.unwrap().map(|one| one.id);
    assert_eq!((of(1).await, of(2).await, of(3).await), (None, Some(grace.id), Some(ada.id)));
    bench.store.change_password(&ada, "$argon2id$2", Act::service(NOW)).await.unwrap().unwrap();
    assert_eq!((of(2).await, of(3).await), (Some(grace.id), None), "a changed password needs no link");
}

async fn s2_a_link_does_not_outlive_what_ends_all_logins(bench: Bench) {
    let (store, account) = (&bench.store, bench.account("ada").await);
    let none = AccountChange::default;
    let mut seed = 1;
    for change in [
        AccountChange { password_hash: Some("$argon2id$other".to_owned()), ..none() },
        AccountChange { sign_out_everywhere: true, ..none() },
        AccountChange { active: Some(false), ..none() },
    ] {
        let hash = link_hash(seed);
        seed += 1;
        store.make_password_link(&account.id, &hash, NOW + HOUR, Act::service(NOW)).await.unwrap();
        let remark = AccountChange { note: Some(format!("note {seed}")), ..none() };
        store.change_account(&account.id, remark, Act::service(NOW)).await.unwrap();
        assert!(store.account_of_link(&hash, NOW).await.unwrap().is_some(), "a note is no reason");
        store.change_account(&account.id, change.clone(), Act::service(NOW)).await.unwrap();
        assert!(store.account_of_link(&hash, NOW).await.unwrap().is_none(), "{change:?}");
    }
}

async fn s2_a_password_is_changed_by_whoever_still_may(bench: Bench) {
    let account = bench.account("ada").await;
    let changed =
        bench.store.change_password(&account, "$argon2id$2", Act::service(NOW)).await.unwrap().unwrap();
    assert_eq!((changed.generation, changed.password_hash.as_str()), (2, "$argon2id$2"));
    let since = bench.store.last_sequence().await.unwrap();
    let again = bench.store.change_password(&account, "$argon2id$3", Act::service(NOW)).await.unwrap();
    assert!(again.is_none(), "a login of before the change changes nothing");
    let locked = bench.store.change_account(&account.id, LOCK(), Act::service(NOW)).await.unwrap().unwrap();
    assert!(bench.store.change_password(&locked, "$argon2id$3", Act::service(NOW)).await.unwrap().is_none());
    let kept = bench.store.account(&account.id).await.unwrap().unwrap();
    assert_eq!(kept.password_hash, "$argon2id$2");
    assert_eq!(what_happened(&bench.store, since).await.len(), 1, "the lock alone");
}

async fn a_second_factor_is_made_once_and_goes_with_all_that_belongs_to_it(bench: Bench) {
    let account = bench.account("ada").await;
    let made = async |sealed: &str, codes: &[SecretHash]| {
        bench.store.make_second_factor(&account.id, sealed, 7, codes, Act::service(NOW)).await.unwrap()
    };
    assert_eq!(bench.store.second_factor(&account.id).await.unwrap(), None);
    assert!(made("sealed", &[recovery(1), recovery(2)]).await);
    assert!(!made("other", &[recovery(3)]).await, "whoever comes second changes nothing");
    let factor = bench.store.second_factor(&account.id).await.unwrap().unwrap();
    assert_eq!((factor.sealed.as_str(), factor.made, factor.recovery_codes), ("sealed", NOW, 2));
    assert!(!format!("{factor:?}").contains("sealed"), "S16");
    assert!(
        bench.store.replace_recovery_codes(&account.id, &[recovery(4)], Act::service(NOW)).await.unwrap()
    );
    assert!(!bench.store.use_recovery_code(&account.id, &recovery(1), Act::service(NOW)).await.unwrap());

    assert!(bench.store.remove_second_factor(&account.id, Act::service(NOW)).await.unwrap());
    assert!(!bench.store.remove_second_factor(&account.id, Act::service(NOW)).await.unwrap());
    assert_eq!(bench.store.second_factor(&account.id).await.unwrap(), None);
    assert!(!bench.store.use_recovery_code(&account.id, &recovery(4), Act::service(NOW)).await.unwrap());
    assert!(
        !bench.store.replace_recovery_codes(&account.id, &[recovery(5)], Act::service(NOW)).await.unwrap()
    );
    assert!(made("again", &[recovery(6)]).await);
    let without = AccountChange { no_second_factor: true, ..AccountChange::default() };
    let stale = AccountChange { revision: Some(99), ..without.clone() };
    bench.store.change_account(&account.id, stale, Act::service(NOW)).await.unwrap_err();
    assert!(
        bench.store.second_factor(&account.id).await.unwrap().is_some(),
        "a refused change takes nothing"
    );
    let before = bench.store.account(&account.id).await.unwrap().unwrap();
    let after = bench.store.change_account(&account.id, without, Act::service(NOW)).await.unwrap().unwrap();
    assert!(after.generation > before.generation, "S2: with it all logins end, in one change");
    assert_eq!(bench.store.second_factor(&account.id).await.unwrap(), None);
    assert!(made("again", &[]).await);
    bench.store.remove_account(&account.id, Act::service(NOW)).await.unwrap();
    assert_eq!(bench.store.second_factor(&account.id).await.unwrap(), None);
    assert!(!made("gone", &[]).await, "there is no such account");
}

async fn s2_a_restored_account_has_the_second_factor_that_it_had(bench: Bench) {
    let (store, account) = (&bench.store, bench.account("ada").await);
    let codes = [recovery(1), recovery(2)];
    store.make_second_factor(&account.id, "sealed", 7, &codes, Act::service(NOW)).await.unwrap();
    assert!(store.use_recovery_code(&account.id, &recovery(1), Act::service(NOW)).await.unwrap());
    let before = store.second_factor(&account.id).await.unwrap().unwrap();
    store.remove_account(&account.id, Act::service(NOW + 1)).await.unwrap();
    store.restore_account(&account.id, Act::service(NOW + 2)).await.unwrap().unwrap();
    assert_eq!(
        store.second_factor(&account.id).await.unwrap(),
        Some(before.clone()),
        "or a password would do"
    );
    let step =
        async |step| store.take_step(&account.id, &before, "sealed", step, Act::service(NOW)).await.unwrap();
    assert!(!step(7).await, "a code that has counted does not count again");
    assert!(step(8).await);
    assert!(!store.use_recovery_code(&account.id, &recovery(1), Act::service(NOW)).await.unwrap());
    assert!(store.use_recovery_code(&account.id, &recovery(2), Act::service(NOW)).await.unwrap());
    // Documents of before have no word of it.
    let other = bench.account("bob").await;
    store.remove_account(&other.id, Act::service(NOW)).await.unwrap();
    let old = "UPDATE deleted SET document = REPLACE(document, ',\"second_factor\":null', '')";
    assert_eq!(bench.raw().await.execute(old).await.unwrap().rows_affected(), 1);
    assert!(store.restore_account(&other.id, Act::service(NOW)).await.unwrap().is_some());
}

async fn a_code_of_a_second_factor_counts_once(bench: Bench) {
    let account = bench.account("ada").await;
    bench.store.make_second_factor(&account.id, "old", 7, &[], Act::service(NOW)).await.unwrap();
    let factor = bench.store.second_factor(&account.id).await.unwrap().unwrap();
    let take = async |sealed: &str, step| {
        bench.store.take_step(&account.id, &factor, sealed, step, Act::service(NOW)).await.unwrap()
    };
    assert!(!take("old", 7).await, "it counted when it was set up");
    let tries = (0..20).map(|_| bench.store.take_step(&account.id, &factor, "old", 8, Act::service(NOW)));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
    assert!(!take("old", 6).await, "an older one counts no more");
    assert!(take("new", 9).await);
    assert_eq!(bench.store.second_factor(&account.id).await.unwrap().unwrap().sealed, "new");
    assert!(!take("old", 10).await, "it is sealed otherwise by now, or another one");
}

async fn s5_a_recovery_code_lets_one_in(bench: Bench) {
    let (ada, grace) = (bench.account("ada").await, bench.account("grace").await);
    for account in [&ada, &grace] {
        let codes = [recovery(1), recovery(2)];
        bench.store.make_second_factor(&account.id, "sealed", 7, &codes, Act::service(NOW)).await.unwrap();
    }
    let code = recovery(1);
    let tries = (0..20).map(|_| bench.store.use_recovery_code(&ada.id, &code, Act::service(NOW)));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 1);
    let left = async |account: &Account| {
        bench.store.second_factor(&account.id).await.unwrap().unwrap().recovery_codes
    };
    assert_eq!((left(&ada).await, left(&grace).await), (1, 2), "each account has its own");
    assert!(!bench.store.use_recovery_code(&ada.id, &recovery(9), Act::service(NOW)).await.unwrap());
}
