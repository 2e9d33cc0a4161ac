//! The pure decision, and what it is made of; goal: a held tile in at most 500 ns at 1 000 rules.
//!
//! At the end both medians of a password check are printed, for a name that exists and for one that
//! does not (S8); nothing is asserted about them.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up must stop")]

mod ground;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};
use ground::{COOKIE, Ground, HELD_FILE, HELD_TILE, NOW, OPEN_TILE, SUBSTITUTE_TILE};
use tilegate::bucket::Buckets;
use tilegate::config::Settings;
use tilegate::credential::account::Id128;
use tilegate::credential::keyring::{MAX_BYTES, Purpose};
use tilegate::credential::pass::{Pass, PassSecret, Scope, token};
use tilegate::credential::presented::cookie;
use tilegate::credential::sealed::Grant;
use tilegate::credential::viewer_token::{self, TokenOrigin};
use tilegate::gate::path::{Canonical, locate};
use tilegate::gate::request::Presented;
use tilegate::gate::{Grounds, judge, read, substitute};
use tilegate::iiif::identifier::ImageServer;
use tilegate::iiif::substitute::Dimensions;
use tilegate::password::PasswordHasher;
use tilegate::policy::condition::Conditions;
use tilegate::policy::decision::{Aspects, Decision, PassGives, Resource};
use tilegate::policy::permitted::Permitted;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    decisions(&mut criterion);
    parts(&mut criterion);
    criterion.final_summary();
    // `cargo test --benches` runs everything once.
    passwords(if std::env::args().any(|argument| argument == "--test") { 1 } else { 25 });
}

fn decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("judge, 1000 rules");
    let servers = [
        ("iipsrv", ImageServer::Iipsrv),
        ("digilib", ImageServer::Digilib),
        ("generic", ImageServer::Generic),
    ];
    for (name, server) in servers {
        let ground = Ground::new(server);
        let is = |decision: fn(&Decision) -> bool| decision;
        one(&mut group, &format!("open tile, {name}"), &ground, OPEN_TILE, false, is(Decision::is_allow));
        one(&mut group, &format!("held tile, {name}"), &ground, HELD_TILE, true, is(Decision::is_allow));
        let challenged: fn(&Decision) -> bool = |decision| matches!(decision, Decision::Challenge(..));
        one(&mut group, &format!("challenged tile, {name}"), &ground, HELD_TILE, false, challenged);
    }
    one(&mut group, "held file", &Ground::of_files(), HELD_FILE, true, Decision::is_allow);
    held_by_a_viewers_token(&mut group);
    opened_by_a_pass(&mut group);
    let ground = Ground::new(ImageServer::Iipsrv);
    let presented = ground.presented(SUBSTITUTE_TILE, false);
    let image = Dimensions::new(8_000, 6_000).expect("a size");
    group.bench_function("tile of a substitute whose size is known, iipsrv", |bencher| {
        bencher.iter(|| {
            let mut canonical = Canonical::new();
            let verdict =
                substitute::judge(black_box(&presented), black_box(&ground.grounds()), image, &mut canonical);
            assert!(verdict.decision.is_allow());
            black_box(&canonical);
            verdict
        });
    });
    group.finish();
}

/// To be held against the same file with the cookie.
fn held_by_a_viewers_token(group: &mut BenchmarkGroup<'_, WallTime>) {
    let ground = Ground::of_files();
    let origins = [TokenOrigin::new("https://viewer.example.org".to_owned())];
    let mut grant = Grant::guest(Id128([6; 16]), NOW - 60, NOW + 60);
    // The condition of the file's rule.
    grant.conditions = Conditions::only(2);
    let [origin] = &origins;
    let sealed = viewer_token::seal(&grant, origin, &ground.keyring, &ground.revocations, [7; 12]);
    let token = format!("Bearer {}", sealed.expect("it is short"));
    let presented = Presented {
        authorization: Some(token.as_bytes()),
        origin: Some(origin.as_str().as_bytes()),
        ..ground.presented(HELD_FILE, false)
    };
    group.bench_function("held file, by a viewer's token", |bencher| {
        bencher.iter(|| {
            let mut canonical = Canonical::new();
            let grounds = Grounds { token_origins: &origins, ..ground.grounds() };
            let verdict = judge(black_box(&presented), black_box(&grounds), &mut canonical);
            assert!(verdict.decision.is_allow());
            black_box(&canonical);
            verdict
        });
    });
}

/// The same file for somebody who holds nothing and has a pass: redeemed, sent along, or in the address.
fn opened_by_a_pass(group: &mut BenchmarkGroup<'_, WallTime>) {
    let mut ground = Ground::of_files();
    let (id, secret) = (Id128([8; 16]), PassSecret::new([5; 24]));
    let pass = Pass {
        id,
        scope: Scope { mount: "images".into(), identifier: "archive/series-07".into(), exact: false },
        gives: PassGives { conditions: None, permitted: Permitted::EVERYTHING },
        expires: NOW + 3600,
        secret: Some(secret.hash()),
    };
    ground.revocations.passes = Arc::new([pass].into_iter().collect());
    let mut grant = Grant::guest(Id128([6; 16]), NOW - 60, NOW + 28_800);
    grant.redeem(id);
    let sealed = grant.seal(&ground.keyring, Purpose::AccessCookie, &ground.revocations, [7; 12]);
    ground.cookies = format!("{COOKIE}={}", sealed.expect("it is short"));
    one(group, "held file, by a redeemed pass", &ground, HELD_FILE, true, Decision::is_allow);
    let carried = format!("/files/{}/item-0742/page%203.pdf", secret.segment());
    one(group, "held file, by the pass in its address", &ground, &carried, false, Decision::is_allow);
    let token = format!("Bearer {}", token(id, &secret));
    let presented = Presented { authorization: Some(token.as_bytes()), ..ground.presented(HELD_FILE, false) };
    group.bench_function("held file, by a pass's token", |bencher| {
        bencher.iter(|| {
            let mut canonical = Canonical::new();
            let verdict = judge(black_box(&presented), black_box(&ground.grounds()), &mut canonical);
            assert!(verdict.decision.is_allow());
            black_box(&canonical);
            verdict
        });
    });
}

fn one(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    ground: &Ground,
    uri: &str,
    with_cookie: bool,
    expected: fn(&Decision) -> bool,
) {
    let presented = ground.presented(uri, with_cookie);
    let decision = judge(&presented, &ground.grounds(), &mut Canonical::new()).decision;
    assert!(expected(&decision), "{name}: {decision:?}");
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            // As the handler does: the place for the path is made anew for each request.
            let mut canonical = Canonical::new();
            let verdict = judge(black_box(&presented), black_box(&ground.grounds()), &mut canonical);
            black_box(&canonical);
            verdict
        });
    });
}

fn parts(criterion: &mut Criterion) {
    let ground = Ground::new(ImageServer::Iipsrv);
    let mut group = criterion.benchmark_group("parts of a held tile, iipsrv");
    let sealed = cookie(Some(ground.cookies.as_bytes()), COOKIE).expect("it is there");
    let epoch = ground.revocations.epoch;
    group.bench_function("open what was sealed", |bencher| {
        bencher.iter(|| {
            let mut opened = [0; MAX_BYTES];
            let text = ground.keyring.open(Purpose::AccessCookie, epoch, black_box(sealed), &mut opened);
            text.map(<[u8]>::len)
        });
    });
    group.bench_function("open the cookie's grant", |bencher| {
        bencher.iter(|| {
            Grant::open(black_box(sealed), &ground.keyring, Purpose::AccessCookie, &ground.revocations, NOW)
        });
    });
    group.bench_function("locate the path", |bencher| {
        bencher.iter(|| {
            let mut canonical = Canonical::new();
            let located = locate(black_box(HELD_TILE.as_bytes()), ground.policy.mounts(), &mut canonical);
            black_box(&canonical);
            located
        });
    });
    group.bench_function("read the request", |bencher| {
        let presented = ground.presented(HELD_TILE, true);
        bencher.iter(|| {
            let mut canonical = Canonical::new();
            let part =
                read(black_box(&presented), &ground.grounds(), &mut canonical).map(|request| request.part);
            black_box(&canonical);
            part
        });
    });
    group.bench_function("look up the rule and decide", |bencher| {
        let held = Grant::open(sealed, &ground.keyring, Purpose::AccessCookie, &ground.revocations, NOW)
            .expect("it counts")
            .conditions;
        let resource = Resource { mount: 0, identifier: "archive/series-07/item-0742/page-3.tif" };
        bencher.iter(|| {
            ground.policy.decide(black_box(&resource), &Aspects { held, now: NOW, ..Aspects::default() })
        });
    });
    let buckets = buckets();
    let signer = buckets.of("volumes").expect("it has keys");
    let object = "/example-volumes/em.zarr/0/12/34/56";
    group.bench_function("besides, on a bucket's mount: sign", |bencher| {
        bencher.iter(|| signer.sign(b"GET", black_box(object), NOW).map(|signed| signed.authorization));
    });
    group.finish();
}

fn buckets() -> Buckets {
    let mount = "s3 /volumes/ https://s3.example.org/ bucket=example-volumes region=eu-central-1 style=path";
    let settings = [
        ("TILEGATE_PUBLIC_URL", "https://images.example.org"),
        ("TILEGATE_KEYS", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="),
        ("TILEGATE_MOUNT_VOLUMES", mount),
        ("TILEGATE_S3_VOLUMES_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("TILEGATE_S3_VOLUMES_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::from_pairs(settings).expect("they are right");
    Buckets::new(&settings.site.mounts, &settings.bucket_keys).expect("the keys are there")
}

/// S8: a name that does not exist costs the same work.
fn passwords(rounds: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let hasher = PasswordHasher::new(1, 1);
        let phc = hasher.hash("correct horse battery".into()).await.expect("a hash");
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            for (times, phc) in [(&mut known, Some(phc.as_str())), (&mut unknown, None)] {
                let begin = Instant::now();
                let is_right = hasher.verify("wrong horse battery".into(), phc).await;
                times.push(begin.elapsed());
                assert_eq!(is_right, Ok(false));
            }
        }
        println!("argon2id, median of {rounds}, alternating:");
        println!("  wrong password, known name    {:7.2} ms", median(&mut known));
        println!("  wrong password, unknown name  {:7.2} ms", median(&mut unknown));
    });
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
