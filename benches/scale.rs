//! Many rules, in a real database: how much memory they take, how fast one is found, how long a full load takes
//! and an edit needs to be seen, and that the tiles are judged meanwhile.
//!
//! ```text
//! cargo bench --bench scale                     1 000 and a million rules
//! cargo bench --bench scale -- 10000000         and that many
//! cargo bench --bench scale -- 10000000 /tmp/rules.db     the database is kept, or used if it is there
//! ```

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that cannot be set up must stop")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tilegate::audit::Act;
use tilegate::audit::chain::AuditKeys;
use tilegate::clock;
use tilegate::iiif::identifier::ImageServer;
use tilegate::policy::Policy;
use tilegate::policy::build::Builder;
use tilegate::policy::condition::{AccessCondition, Pattern};
use tilegate::policy::decision::{Aspects, Decision, Resource};
use tilegate::policy::mount::{Mount, MountKind, Origin};
use tilegate::policy::rule::{Match, RuleSpec};
use tilegate::snapshot::LivePolicy;
use tilegate::store::Store;

/// Of which each size is measured.
const LOOKED_UP: u32 = 1_000_000;

fn main() {
    // `cargo test --benches` runs everything once, with what is quickly made.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let given: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let most = given.first().map(|text| text.parse().expect("the first argument is a number of rules"));
    let kept = given.get(1).map(PathBuf::from);
    let mut sizes = if is_measured { vec![1_000, 1_000_000] } else { vec![1_000] };
    if let Some(most) = most {
        sizes.retain(|size| *size < most);
        sizes.push(most);
    }
    let last = sizes.last().copied();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for rules in sizes {
        runtime.block_on(measure(rules, kept.as_deref().filter(|_| Some(rules) == last)));
    }
}

fn mount(server: ImageServer) -> Mount {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    Mount { server, ..Mount::new("images", MountKind::Image, "/iiif/images/", origin, "/iiif/") }
}

fn staff() -> AccessCondition {
    AccessCondition::bare("staff", Pattern::Login)
}

fn folder(number: usize) -> String {
    format!("archive/series-{:02}/item-{number:04}", number / 100)
}

/// As in `scripts/bench.sh`: folders of an archive, every other one with an exact rule for one image in it.
fn rule(number: usize) -> RuleSpec {
    let (identifier, matching, condition) = match number {
        0 => ("public".to_owned(), Match::Prefix, "open"),
        even if even % 2 == 0 => (folder(number), Match::Prefix, "staff"),
        odd => (folder(odd) + "/page-1.tif", Match::Exact, "staff"),
    };
    RuleSpec {
        mount: "images".to_owned(),
        identifier,
        matching,
        conditions: vec![condition.to_owned()],
        ..RuleSpec::default()
    }
}

async fn measure(rules: usize, kept: Option<&Path>) {
    println!("\n{rules} rules");
    let directory = tempfile::tempdir().expect("a folder");
    let file = kept.map_or_else(|| directory.path().join("rules.db"), Path::to_path_buf);
    let is_filled = file.exists();
    let store = Store::connect(&format!("sqlite:{}", file.display()), AuditKeys::new([&[7; 32]]))
        .await
        .expect("a database");
    if !is_filled {
        let begin = Instant::now();
        let all = (0..rules).map(rule);
        store
            .replace_policy_by(&[staff()], all, &[], false, Act::service(clock::now()))
            .await
            .expect("it is written");
        say("written to the database", &seconds(begin.elapsed()));
    }
    let begin = Instant::now();
    store.counts(clock::now()).await.expect("it is counted");
    say("counted for the overview", &seconds(begin.elapsed()));

    let before = memory("VmRSS");
    forget_peak();
    let begin = Instant::now();
    let mounts = vec![mount(ImageServer::Iipsrv)];
    let live = LivePolicy::load(store.clone(), mounts, 900, clock::now()).await.expect("it is loaded");
    let live = Arc::new(live);
    say("full load at start (goal <= 20 s)", &seconds(begin.elapsed()));
    let (bytes, _) = live.current().policy.bytes();
    say("bytes a rule in memory (goal <= 25)", &format!("{:.1}", ratio(bytes, rules)));
    let (now, peak) = (memory("VmRSS"), memory("VmHWM"));
    let grown = (now.saturating_sub(before), peak.saturating_sub(before));
    say(
        "resident memory more than before, and at the peak of the load",
        &format!("{} MB, {} MB", grown.0, grown.1),
    );

    looks(&live.current().policy, rules);
    edit(&store, &live, rules).await;
    reload(&store, &live, rules).await;

    let policy = Arc::clone(&live.current().policy);
    let begin = Instant::now();
    black_box(policy.merged());
    say("merging what has changed, on another thread", &seconds(begin.elapsed()));
    drop((live, policy));
    digilib(rules);
    // So that all of it is in the one file.
    store.close().await;
}

/// The name that is looked up for an item.
type Named = fn(usize) -> String;

/// Uniformly random paths: those that rules are about, and others.
fn looks(policy: &Policy, rules: usize) {
    let mut random = Random(1);
    let items: Vec<usize> = (0..LOOKED_UP).map(|_| random.below(rules)).collect();
    let kinds: [(&str, Named); 4] = [
        ("with an exact rule", |item| folder(item | 1) + "/page-1.tif"),
        ("below a prefix rule", |item| folder(item & !1) + "/page-3.tif"),
        ("in the same folders, without a rule", |item| folder(item | 1) + "/page-3.tif"),
        ("elsewhere", |item| format!("maps/sheet-{item:08}.tif")),
    ];
    for (kind, named) in kinds {
        let names: Vec<String> = items.iter().map(|item| named(*item)).collect();
        let aspects = Aspects { now: clock::now(), ..Aspects::default() };
        let begin = Instant::now();
        for identifier in &names {
            black_box(policy.decide(&Resource { mount: 0, identifier }, &aspects));
        }
        let each = begin.elapsed().as_secs_f64() * 1e6 / f64::from(LOOKED_UP);
        say(&format!("a decision, names {kind} (goal <= 3 us)"), &format!("{each:.2} us"));
    }
}

/// A thread that judges until it is told to end, as the tile path does: the longest that one decision took.
struct Reader {
    is_over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<(u64, Duration)>,
}

impl Reader {
    fn start(live: &Arc<LivePolicy>, rules: usize) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (live, over) = (Arc::clone(live), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            let (mut random, mut count, mut longest) = (Random(2), 0, Duration::ZERO);
            while !over.load(Ordering::Relaxed) {
                let identifier = folder((random.below(rules) | 1).max(3)) + "/page-1.tif";
                let aspects = Aspects { now: clock::now(), ..Aspects::default() };
                let begin = Instant::now();
                let resource = Resource { mount: 0, identifier: &identifier };
                let decision = live.current().policy.decide(&resource, &aspects);
                longest = longest.max(begin.elapsed());
                assert!(rules < 4 || !decision.is_allow(), "{identifier}: {decision:?}");
                count += 1;
            }
            (count, longest)
        });
        Self { is_over, thread }
    }

    fn end(self) -> (u64, Duration) {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().expect("every decision was right")
    }
}

fn decision(live: &LivePolicy, identifier: &str) -> Decision {
    let aspects = Aspects { now: clock::now(), ..Aspects::default() };
    live.current().policy.decide(&Resource { mount: 0, identifier }, &aspects)
}

async fn edit(store: &Store, live: &Arc<LivePolicy>, rules: usize) {
    let reader = Reader::start(live, rules);
    // As the service does it: it asks each second.
    let polling = tokio::spawn(Arc::clone(live).keep_current(Duration::from_secs(1)));
    tokio::time::sleep(Duration::from_millis(1300)).await;
    let (mut seen, mut written) = (Vec::new(), Vec::new());
    for round in 0..5 {
        let identifier = format!("newly/item-{round}.tif");
        let spec = RuleSpec { identifier: identifier.clone(), matching: Match::Exact, ..rule(0) };
        let checked = live.current().policy.checked(spec, 0).expect("it can be used");
        let begin = Instant::now();
        let number = store.add_rule(&checked, Act::service(clock::now())).await.expect("it is written");
        written.push(begin.elapsed());
        while !decision(live, &identifier).is_allow() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        seen.push(begin.elapsed());
        store.remove_rule(number, Act::service(clock::now())).await.expect("it is removed");
        while decision(live, &identifier).is_allow() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    polling.abort();
    let _ = polling.await;
    let longest = |times: &[Duration]| seconds(times.iter().max().copied().unwrap_or_default());
    say("an edit is written after, longest of 5", &longest(&written));
    say("an edit is seen after, polling each second, longest of 5 (goal <= 2 s)", &longest(&seen));
    let (count, longest) = reader.end();
    say(
        "  meanwhile judged, and the longest decision",
        &format!("{count}, {:.1} ms", longest.as_secs_f64() * 1e3),
    );
}

async fn reload(store: &Store, live: &Arc<LivePolicy>, rules: usize) {
    // All replicas must read everything again.
    store.renew_epoch(Act::service(clock::now())).await.expect("it is renewed");
    let reader = Reader::start(live, rules);
    let before = memory("VmRSS");
    forget_peak();
    let begin = Instant::now();
    live.refresh(clock::now()).await.expect("it is loaded");
    let elapsed = begin.elapsed();
    let (count, longest) = reader.end();
    say("full load in service (goal <= 20 s)", &seconds(elapsed));
    say(
        "  meanwhile judged, and the longest decision",
        &format!("{count}, {:.1} ms", longest.as_secs_f64() * 1e3),
    );
    say("  memory: before, and at the peak", &format!("{before} MB, {} MB", memory("VmHWM")));
}

/// The same rules on digilib, where names have aliases and folders stand for what is in them.
fn digilib(rules: usize) {
    let begin = Instant::now();
    let mut builder = Builder::new(&[mount(ImageServer::Digilib)], [(2, staff())], rules);
    for number in 0..rules {
        builder.add(u32::try_from(number).unwrap(), &rule(number)).expect("it can be used");
    }
    let policy = builder.finish();
    say("digilib: compiled in", &seconds(begin.elapsed()));
    let (bytes, summaries) = policy.bytes();
    let figures = format!("{:.1} and {:.1}", ratio(bytes, rules), ratio(summaries, rules));
    say("digilib: bytes a rule, and of the folders' summaries", &figures);
    let mut random = Random(3);
    let names: Vec<String> = (0..LOOKED_UP).map(|_| folder(random.below(rules)) + "/page-3.tif").collect();
    let aspects = Aspects { now: clock::now(), ..Aspects::default() };
    let begin = Instant::now();
    for identifier in &names {
        black_box(policy.decide(&Resource { mount: 0, identifier }, &aspects));
    }
    let each = begin.elapsed().as_secs_f64() * 1e6 / f64::from(LOOKED_UP);
    say("digilib: a decision, names with and without a rule", &format!("{each:.2} us"));
}

fn say(what: &str, figure: &str) {
    println!("  {what:<78} {figure:>18}");
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn ratio(bytes: usize, rules: usize) -> f64 {
    let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    number(bytes) / number(rules)
}

/// Megabytes, by the kernel's account of this process.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// From here on the peak counts anew.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Numbers that look random, the same in each run (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap_or(0)
    }
}
