//! Single rules reach the tiles through the change log, without the others being read again.

use tilegate::audit::Act;
use tilegate::clock;
use tilegate::policy::edit::CheckedRule;
use tilegate::policy::rule::{Match, RuleSpec};
use tilegate::snapshot::Standing;
use tilegate::store::AccountChange;

use crate::app::*;

fn rule(identifier: &str, condition: &str) -> RuleSpec {
    RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        matching: Match::Exact,
        conditions: vec![condition.to_owned()],
        ..RuleSpec::default()
    }
}

impl TestApp {
    fn checked(&self, rule: RuleSpec) -> CheckedRule {
        self.context.live.current().policy.checked(rule, 0).unwrap()
    }

    async fn standing(&self) -> Standing {
        self.context.live.catch_up(clock::now()).await.unwrap()
    }
}

#[actix_web::test]
async fn s10_a_single_rule_reaches_the_tiles_of_every_replica() {
    let app = TestApp::start().await;
    let replica = app.replica(&[]).await;
    let (store, nobody) = (&app.context.store, Browser::default());
    let seen = async || {
        // Nothing is loaded anew for it.
        assert_eq!((app.standing().await, replica.standing().await), (Standing::Current, Standing::Current));
        let status = app.tile(LOCKED_TILE, &nobody).await;
        assert_eq!(replica.tile(LOCKED_TILE, &nobody).await, status);
        status
    };
    assert_eq!(seen().await, 401);
    let number = store
        .add_rule(&app.checked(rule("protected/letter", "open")), Act::service(clock::now()))
        .await
        .unwrap();
    assert_eq!(seen().await, 200);
    let closed = app.checked(rule("protected/letter", "closed"));
    assert!(store.change_rule(number, &closed, Act::service(clock::now())).await.unwrap());
    assert_eq!(seen().await, 403);
    store.remove_rule(number, Act::service(clock::now())).await.unwrap().unwrap();
    assert_eq!(seen().await, 401, "by the rule above it");
    // One that was there from the start.
    store.remove_rule(1, Act::service(clock::now())).await.unwrap().unwrap();
    assert_eq!(seen().await, 403, "by the mount's default");
    // Added and gone again between two looks.
    let number = store
        .add_rule(&app.checked(rule("protected/letter", "open")), Act::service(clock::now()))
        .await
        .unwrap();
    store.remove_rule(number, Act::service(clock::now())).await.unwrap().unwrap();
    assert_eq!(seen().await, 403);
}

#[actix_web::test]
async fn many_edits_are_merged_and_still_count() {
    // Nobody else asks the store meanwhile.
    let app = TestApp::start_with(&[("TILEGATE_POLL_SECONDS", "300")]).await;
    let (store, live) = (&app.context.store, &app.context.live);
    let rule = app.checked(rule("protected/letter", "open"));
    for _ in 0..1024 {
        store.add_rule(&rule, Act::service(clock::now())).await.unwrap();
    }
    assert_eq!(app.standing().await, Standing::Current);
    let count = live.current().policy.rule_count();
    assert!(live.current().policy.wants_merging());
    store.remove_rule(1, Act::service(clock::now())).await.unwrap().unwrap();
    live.refresh(clock::now()).await.unwrap();
    assert!(!live.current().policy.wants_merging());
    // On each of the three mounts the removed one is gone.
    assert_eq!(live.current().policy.rule_count(), count - 3);
    assert_eq!(app.tile(LOCKED_TILE, &Browser::default()).await, 200);
}

/// A rule that this replica cannot use leaves the policy as it was, and what was revoked beside it counts.
#[actix_web::test]
async fn s2_s14_a_broken_rule_leaves_the_policy_and_holds_no_revocation_up() {
    let app = TestApp::start().await;
    let reader = Browser::logged_in(&app, READER).await;
    let (store, live) = (&app.context.store, &app.context.live);
    // A replica with other settings takes it; no iipsrv can be asked for a name with `+`.
    let other = app
        .replica(&[(
            "TILEGATE_MOUNT_IMAGES",
            "image /iiif/images/ http://127.0.0.1:9/iiif/3/ server=generic",
        )])
        .await;
    let number =
        store.add_rule(&other.checked(rule("a+b", "closed")), Act::service(clock::now())).await.unwrap();
    let id = app.named(READER.0).await.id;
    let change = AccountChange { active: Some(false), ..AccountChange::default() };
    store.change_account(&id, change, Act::service(clock::now())).await.unwrap();
    for _ in 0..2 {
        assert!(live.refresh(clock::now()).await.is_err());
        assert!(live.unusable().unwrap().contains("rule 3"), "{:?}", live.unusable());
        assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 200);
        assert_eq!(app.tile(LOCKED_TILE, &reader).await, 401);
    }
    let mended = app.checked(rule("open/harbour", "closed"));
    assert!(store.change_rule(number, &mended, Act::service(clock::now())).await.unwrap());
    live.refresh(clock::now()).await.unwrap();
    assert_eq!(live.unusable(), None);
    assert_eq!(app.tile(OPEN_TILE, &Browser::default()).await, 403);
}

/// Every hour what has expired is forgotten; rules that did not change are not read again.
#[actix_web::test]
async fn what_has_expired_is_forgotten_without_reading_the_rules_again() {
    let app = TestApp::start().await;
    let policy = std::sync::Arc::as_ptr(&app.context.live.current().policy);
    app.context.live.refresh(clock::now() + 2 * 3600).await.unwrap();
    assert_eq!(std::sync::Arc::as_ptr(&app.context.live.current().policy), policy);
    app.import("[[condition]]\nname = \"staff\"\npattern = \"login\"\nlabel = { en = \"Staff\" }\n").await;
    app.context.live.refresh(clock::now() + 2 * 3600).await.unwrap();
    assert_ne!(std::sync::Arc::as_ptr(&app.context.live.current().policy), policy);
}

/// P9: after a rule was removed, a folder's name on digilib is asked for too much, until everything is read again.
#[actix_web::test]
async fn p9_what_a_removed_rule_left_behind_is_gone_after_an_hour() {
    const FOLDER: &str = "/iiif/images/box/full/max/0/default.jpg";
    let digilib = [(
        "TILEGATE_MOUNT_IMAGES",
        "image /iiif/images/ http://127.0.0.1:9/Scaler/IIIF/ server=digilib default=open",
    )];
    let app = TestApp::start_with(&digilib).await;
    let (store, nobody) = (&app.context.store, Browser::default());
    let number =
        store.add_rule(&app.checked(rule("box/secret", "staff")), Act::service(clock::now())).await.unwrap();
    assert_eq!(app.standing().await, Standing::Current);
    assert_eq!(app.tile(FOLDER, &nobody).await, 401);
    store.remove_rule(number, Act::service(clock::now())).await.unwrap().unwrap();
    assert_eq!(app.standing().await, Standing::Current);
    assert_eq!(app.tile(FOLDER, &nobody).await, 401);
    app.context.live.refresh(clock::now() + 2 * 3600).await.unwrap();
    assert_eq!(app.tile(FOLDER, &nobody).await, 200);
}
