//! What the service does at a signal.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::bucket::Buckets;

/// The signals that mean something to the service.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// From here on none of them ends the process by itself.
    pub(super) fn catch() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for SIGTERM or SIGINT. At SIGHUP the keys of buckets are read again.
    pub(super) async fn stop(mut self, buckets: &Arc<Buckets>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                // A service manager's "reload" must not be the end of the service.
                _ = self.hang_up.recv() => {
                    tracing::warn!("SIGHUP reads the keys of buckets again that are in files, and nothing else; restart for other settings");
                    let buckets = Arc::clone(buckets);
                    // Files may lie on a slow disk; what fails is in the log.
                    let _ = tokio::task::spawn_blocking(move || buckets.read_again()).await;
                }
            }
        }
    }
}
