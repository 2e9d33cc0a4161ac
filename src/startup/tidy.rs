//! What is done once an hour.

use std::time::Duration;

use actix_web::web;

use crate::audit::Act;
use crate::clock;
use crate::http::Context;

/// Forgets what was kept long enough, and writes the newest hash of the audit trail to the log, which lies elsewhere than
/// the database: lines that are cut off there are missed here.
pub(super) async fn tidy_every_hour(context: web::Data<Context>) {
    let mut ticks = tokio::time::interval(Duration::from_hours(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let kept = context.settings.audit_days * 86_400;
    loop {
        ticks.tick().await;
        let act = Act::service(clock::now());
        if let Err(error) = context.store.prune_audit(act.at.saturating_sub(kept), act).await {
            tracing::error!(%error, "old lines of the audit trail were not removed; `tilegate audit verify` says more");
        }
        let tidied = async {
            context.store.forget_deleted(act).await?;
            context.store.forget_registrations(act).await?;
            context.store.audit_head().await
        };
        match tidied.await {
            Ok((line, hash)) => tracing::info!(line, %hash, "the audit trail"),
            Err(error) => tracing::warn!(%error, "what was kept long enough could not be forgotten"),
        }
    }
}
