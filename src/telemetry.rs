//! Logs to standard error, and counters.

use std::io::IsTerminal as _;
use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::LogFormat;
use crate::policy::decision::Decision;

/// A `TILEGATE_LOG` that is no filter.
#[derive(Debug, thiserror::Error)]
#[error("TILEGATE_LOG: {0}; write a level such as `info`, or a filter such as `info,tilegate=debug`")]
pub struct BadFilter(#[from] tracing_subscriber::filter::ParseError);

/// Starts logging for this process; a second call changes nothing.
pub fn start(filter: &str, format: LogFormat) -> Result<(), BadFilter> {
    // actix says at each start what it is made of; only its troubles are of interest here.
    let filter = EnvFilter::builder().parse(format!("actix_server=warn,{filter}"))?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // Only a second subscriber in one process (tests) makes this fail.
    let _ = match format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    };
    Ok(())
}

/// The counters of the process.
pub struct Metrics {
    registry: Registry,
    allowed: Counter,
    challenged: Counter,
    refused: Counter,
    /// Of those allowed.
    shadowed: Counter,
    snapshot_age: Gauge<i64, AtomicI64>,
    verifications: Gauge<i64, AtomicI64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tilegate");
        let [allowed, challenged, refused] = ["allow", "challenge", "refuse"].map(|verdict| {
            let counter = Counter::default();
            let labels = [("verdict".into(), verdict.into())].into_iter();
            registry.sub_registry_with_labels(labels).register(
                "decisions",
                "Answers of the tile path",
                counter.clone(),
            );
            counter
        });
        let shadowed = Counter::default();
        registry.register(
            "shadowed",
            "Answers of the tile path that a dry run alone allowed",
            shadowed.clone(),
        );
        let snapshot_age = Gauge::default();
        registry.register("snapshot_age_seconds", "Since the store was last heard of", snapshot_age.clone());
        let verifications = Gauge::default();
        registry.register("password_verifications", "argon2id verifications so far", verifications.clone());
        Self { registry, allowed, challenged, refused, shadowed, snapshot_age, verifications }
    }
}

impl Metrics {
    pub fn count_decision(&self, decision: &Decision) {
        let counter = match decision {
            Decision::Allow(_) => &self.allowed,
            Decision::Challenge(..) => &self.challenged,
            Decision::Refuse(_) => &self.refused,
        };
        counter.inc();
        if decision.is_shadow() {
            self.shadowed.inc();
        }
    }

    /// The counters as OpenMetrics text.
    pub fn render(&self, snapshot_age: u64, verifications: u64) -> String {
        self.snapshot_age.set(i64::try_from(snapshot_age).unwrap_or(i64::MAX));
        self.verifications.set(i64::try_from(verifications).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
