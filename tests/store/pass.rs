//! Passes: what is kept of them, and when they count.

use tilegate::audit::{Act, Actor};
use tilegate::credential::account::{Id128, PassId};
use tilegate::credential::one_time::SecretHash;
use tilegate::credential::pass::{PassSecret, PresentedSecret, Scope, token};
use tilegate::store::{Changed, Changes, NewPass, PassError, PassQuery, PassState, Store};

use crate::{Bench, HOUR, NOW, drop_database, make_database, postgres_server};

on_both_engines!(
    a_pass_is_read_back_and_counts_until_it_ends,
    a_pass_names_conditions_that_can_be_held,
    s5_the_last_use_is_somebodys_alone,
    passes_are_listed_by_page,
    passes_are_found_by_what_they_are_for_and_what_became_of_them,
    a_pass_that_makes_passes_opens_nothing_and_ends_with_those_it_made,
    a_use_is_noted_and_never_goes_back,
    s17_a_pass_of_another_epoch_counts_no_more,
    s16_no_secret_is_kept,
);

fn id(number: u8) -> PassId {
    Id128([number; 16])
}

fn secret(number: u8) -> SecretHash {
    PassSecret::new([number; 24]).hash()
}

fn new(number: u8) -> NewPass {
    NewPass {
        id: id(number),
        secret: secret(number),
        scope: Scope { mount: "images".into(), identifier: "letters/ä".into(), exact: false },
        conditions: None,
        max_px: None,
        expires: NOW + HOUR,
        uses: None,
        note: "for BIIGLE".to_owned(),
        makes_passes: false,
        maker: None,
    }
}

fn act(at: u64) -> Act {
    Act::command(at)
}

async fn made(store: &Store, pass: NewPass) {
    store.make_pass(&pass, act(NOW)).await.unwrap();
}

async fn counts(store: &Store, number: u8, now: u64) -> bool {
    let alone = store.active_pass(&id(number), now).await.unwrap();
    let loaded = store.load(now, 0).await.unwrap().passes;
    assert_eq!(store.counts(now).await.unwrap().passes, loaded.len() as u64, "the overview says as many");
    let among_all = loaded.into_iter().find(|pass| pass.id == id(number));
    assert_eq!(alone, among_all, "{number}");
    alone.is_some()
}

async fn audited(store: &Store) -> Vec<(String, Actor)> {
    let lines = store.audit(&tilegate::store::AuditFilter::default(), None, 100).await.unwrap();
    lines.into_iter().map(|line| (format!("{} {}", line.action, line.subject), line.by)).collect()
}

async fn a_pass_is_read_back_and_counts_until_it_ends(bench: Bench) {
    bench.with_conditions(&["staff", "archive"]).await;
    let before = bench.store.last_sequence().await.unwrap();
    let conditions = Some(vec!["staff".to_owned(), "archive".to_owned()]);
    made(&bench.store, NewPass { conditions: conditions.clone(), max_px: Some(2000), ..new(1) }).await;
    let Changes::Lines(lines) = bench.store.changes_since(before).await.unwrap() else { panic!() };
    assert_eq!(lines.iter().map(|line| line.what.clone()).collect::<Vec<_>>(), [Changed::Pass(id(1))]);
    let stored = bench.store.pass(&id(1)).await.unwrap().unwrap();
    assert_eq!(stored.conditions, Some(vec!["archive".to_owned(), "staff".to_owned()]));
    assert_eq!((stored.max_px, stored.uses_left, &*stored.note), (Some(2000), None, "for BIIGLE"));
    assert_eq!((stored.made, stored.made_by, stored.revoked, stored.last_used), (NOW, None, None, None));
    let active = bench.store.active_pass(&id(1), NOW).await.unwrap().unwrap();
    assert_eq!((active.scope, active.secret), (new(1).scope, Some(secret(1))));
    assert_eq!(active.gives.permitted.answer_px(), Some(2000));
    assert_eq!(active.gives.conditions.unwrap().iter().count(), 2);
    assert!(counts(&bench.store, 1, NOW + HOUR - 1).await);
    assert!(!counts(&bench.store, 1, NOW + HOUR).await, "it has expired");

    let before = bench.store.last_sequence().await.unwrap();
    let revoked = bench.store.revoke_pass(&id(1), act(NOW + 1)).await.unwrap().unwrap();
    assert_eq!(revoked.revoked, Some(NOW + 1));
    assert!(!counts(&bench.store, 1, NOW + 1).await);
    assert!(bench.store.redeemable_pass(&secret(1), NOW + 1).await.unwrap().is_none());
    let Changes::Lines(lines) = bench.store.changes_since(before).await.unwrap() else { panic!() };
    assert_eq!(lines.len(), 1);
    let again = bench.store.revoke_pass(&id(1), act(NOW + 2)).await.unwrap().unwrap();
    assert_eq!(again.revoked, Some(NOW + 1), "ending it again changes nothing");
    assert!(bench.store.revoke_pass(&id(9), act(NOW)).await.unwrap().is_none());
}

async fn a_pass_names_conditions_that_can_be_held(bench: Bench) {
    bench.with_conditions(&["staff"]).await;
    for (name, unknown) in [("nobody", true), ("open", false), ("closed", false)] {
        let pass = NewPass { conditions: Some(vec!["staff".to_owned(), name.to_owned()]), ..new(1) };
        match bench.store.make_pass(&pass, act(NOW)).await {
            Err(PassError::UnknownCondition(wrong)) => assert!(unknown && wrong == name, "{wrong}"),
            Err(PassError::NotHeld(wrong)) => assert!(!unknown && wrong == name, "{wrong}"),
            other => panic!("{name}: {other:?}"),
        }
        assert!(bench.store.pass(&id(1)).await.unwrap().is_none());
    }
}

async fn s5_the_last_use_is_somebodys_alone(bench: Bench) {
    made(&bench.store, NewPass { uses: Some(2), ..new(1) }).await;
    assert_eq!(bench.store.active_pass(&id(1), NOW).await.unwrap().unwrap().secret, None, "it is no token");
    let redeem = async || bench.store.redeem_pass(&secret(1), Act::visitor(NOW)).await.unwrap();
    let all = tokio::join!(redeem(), redeem(), redeem(), redeem());
    let redeemed = [all.0, all.1, all.2, all.3].into_iter().flatten().count();
    assert_eq!(redeemed, 2);
    assert_eq!(bench.store.pass(&id(1)).await.unwrap().unwrap().uses_left, Some(0));
    assert!(bench.store.redeemable_pass(&secret(1), NOW).await.unwrap().is_none());
    assert!(counts(&bench.store, 1, NOW).await, "for those who have redeemed it");
    // One without a number is redeemed for ever, and costs no line.
    made(&bench.store, new(2)).await;
    for _ in 0..3 {
        assert!(bench.store.redeem_pass(&secret(2), Act::visitor(NOW)).await.unwrap().is_some());
    }
    assert!(bench.store.redeem_pass(&secret(2), Act::visitor(NOW + HOUR)).await.unwrap().is_none());
    assert!(bench.store.redeem_pass(&secret(3), Act::visitor(NOW)).await.unwrap().is_none());
    let lines = audited(&bench.store).await;
    let told = lines.iter().filter(|(line, by)| line.starts_with("pass.redeem") && *by == Actor::Visitor);
    assert_eq!(told.count(), 2, "{lines:?}");
}

async fn found(store: &Store, wanted: PassQuery, page: u32, now: u64) -> (Vec<PassId>, u64) {
    let found = store.pass_page(&wanted, page, 2, now).await.unwrap();
    (found.passes.into_iter().map(|pass| pass.id).collect(), found.total)
}

async fn passes_are_listed_by_page(bench: Bench) {
    for number in 1..=5 {
        bench.store.make_pass(&new(number), act(NOW + u64::from(number))).await.unwrap();
    }
    let page = async |page| found(&bench.store, PassQuery::default(), page, NOW).await;
    assert_eq!(page(0).await, (vec![id(5), id(4)], 5));
    assert_eq!(page(2).await, (vec![id(1)], 5));
    assert_eq!(page(3).await, (vec![], 5));
}

async fn passes_are_found_by_what_they_are_for_and_what_became_of_them(bench: Bench) {
    let store = &bench.store;
    made(store, new(1)).await;
    made(store, NewPass { note: "100%_sure".to_owned(), expires: NOW + 10, ..new(2) }).await;
    made(store, NewPass { makes_passes: true, note: String::new(), ..new(3) }).await;
    store.revoke_pass(&id(1), act(NOW)).await.unwrap();
    let search = async |text: &str| {
        found(store, PassQuery { search: text.to_owned(), ..PassQuery::default() }, 0, NOW).await.0
    };
    assert_eq!(search("letters/").await.len(), 2, "three of them, two on a page");
    assert_eq!(search("biigle").await, [id(1)]);
    assert_eq!(search("%_s").await, [id(2)], "nothing stands for anything else");
    assert_eq!(search("_").await, [id(2)]);
    assert_eq!(search(&id(3).to_string()).await, [id(3)]);
    assert_eq!(search("\0").await, []);
    let of = async |state, now| {
        let mut found =
            found(store, PassQuery { state: Some(state), ..PassQuery::default() }, 0, now).await.0;
        found.sort_unstable_by_key(|id| id.0);
        found
    };
    assert_eq!(of(PassState::Active, NOW).await, [id(2), id(3)]);
    assert_eq!(of(PassState::Over, NOW).await, [id(1)]);
    assert_eq!(of(PassState::Over, NOW + 10).await, [id(1), id(2)]);
    assert_eq!(of(PassState::Making, NOW).await, [id(3)]);
}

async fn a_pass_that_makes_passes_opens_nothing_and_ends_with_those_it_made(bench: Bench) {
    let store = &bench.store;
    let maker = PassSecret::new([1; 24]);
    made(store, NewPass { makes_passes: true, ..new(1) }).await;
    assert!(!counts(store, 1, NOW).await, "no tile knows it");
    assert_eq!(store.redeemable_pass(&maker.hash(), NOW).await.unwrap(), None, "and nobody redeems it");
    let presented = |id, secret: &PassSecret| {
        PresentedSecret::of_authorization(Some(format!("Bearer {}", token(id, secret)).as_bytes())).unwrap()
    };
    let known = async |presented: &PresentedSecret, now| {
        store.making_pass(presented, now).await.unwrap().map(|pass| pass.id)
    };
    assert_eq!(known(&presented(id(1), &maker), NOW).await, Some(id(1)));
    assert_eq!(known(&presented(id(2), &maker), NOW).await, None, "another's ID");
    assert_eq!(known(&presented(id(1), &maker), NOW + HOUR).await, None, "it has expired");

    made(store, new(2)).await;
    assert_eq!(known(&presented(id(2), &PassSecret::new([2; 24])), NOW).await, None, "an ordinary pass");
    for number in [3, 4] {
        made(store, NewPass { maker: Some(id(1)), uses: Some(1), ..new(number) }).await;
    }
    let stored = store.pass(&id(1)).await.unwrap().unwrap();
    assert!(stored.makes_passes && stored.last_used == Some(NOW));
    let theirs = PassQuery { maker: Some(id(1)), ..PassQuery::default() };
    assert_eq!(found(store, theirs, 0, NOW).await.1, 2);

    let before = store.last_sequence().await.unwrap();
    store.revoke_pass(&id(1), act(NOW)).await.unwrap();
    assert_eq!(store.last_sequence().await.unwrap(), before + 3, "replicas hear of each");
    for (number, still) in [(2, true), (3, false), (4, false)] {
        assert_eq!(counts(store, number, NOW).await, still, "{number}");
    }
    assert_eq!(known(&presented(id(1), &maker), NOW).await, None);
    let late = store.make_pass(&NewPass { maker: Some(id(1)), ..new(5) }, act(NOW)).await;
    assert!(matches!(late, Err(PassError::MakerOver)), "{late:?}");
    let by_none = store.make_pass(&NewPass { maker: Some(id(2)), ..new(5) }, act(NOW)).await;
    assert!(matches!(by_none, Err(PassError::MakerOver)), "an ordinary pass makes none: {by_none:?}");
    assert_eq!(store.pass(&id(5)).await.unwrap(), None);
}

async fn a_use_is_noted_and_never_goes_back(bench: Bench) {
    made(&bench.store, new(1)).await;
    let before = bench.store.last_sequence().await.unwrap();
    for (at, noted) in [(NOW + 60, NOW + 60), (NOW + 30, NOW + 60), (NOW + 90, NOW + 90)] {
        bench.store.touch_passes(&[(id(1), at), (id(9), at)], Act::visitor(at)).await.unwrap();
        assert_eq!(bench.store.pass(&id(1)).await.unwrap().unwrap().last_used, Some(noted));
    }
    assert_eq!(bench.store.last_sequence().await.unwrap(), before, "no replica has to know");
}

async fn s17_a_pass_of_another_epoch_counts_no_more(bench: Bench) {
    made(&bench.store, new(1)).await;
    assert!(counts(&bench.store, 1, NOW).await);
    bench.store.renew_epoch(act(NOW)).await.unwrap();
    assert!(!counts(&bench.store, 1, NOW).await);
    assert!(bench.store.redeem_pass(&secret(1), Act::visitor(NOW)).await.unwrap().is_none());
    assert!(bench.store.pass(&id(1)).await.unwrap().unwrap().is_of_another_epoch);
    made(&bench.store, new(2)).await;
    assert!(counts(&bench.store, 2, NOW).await);
}

async fn s16_no_secret_is_kept(bench: Bench) {
    let secret = PassSecret::new(*b"a secret of 24 bytes ABC");
    made(&bench.store, NewPass { secret: secret.hash(), ..new(1) }).await;
    bench.store.revoke_pass(&id(1), act(NOW)).await.unwrap();
    let told = format!("{:?}", audited(&bench.store).await);
    assert!(!told.contains(&secret.spelled()) && !told.contains(&secret.hash().to_string()), "{told}");
    assert!(told.contains("pass.make") && told.contains("pass.revoke"), "{told}");
}
