//! Lines of the audit trail as CSV.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{Asked, mentioned};
use crate::audit::{Action, Actor, Entry, Record};
use crate::clock;
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::accounts::export::download;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::problem;
use crate::http::extract::Checked;
use crate::http::login::store_failed;
use crate::http::page::unavailable;
use crate::import::people::guarded;
use crate::store::{AuditFilter, StoreError};
use crate::texts::Texts;

/// Lines read at once.
const BATCH: u32 = 1000;
/// Lines in one file: more is asked for by days.
const MOST: usize = 100_000;

/// `POST /auth/admin/audit/export`: the lines that are wanted, the newest first.
pub async fn export(
    administrator: Administrator,
    context: web::Data<Context>,
    t: Texts,
    posted: Checked<Asked>,
) -> HttpResponse {
    let asked = posted.0;
    let filter = match asked.filter(&context, t).await {
        Ok(Ok(filter)) => filter,
        Ok(Err(_)) => {
            let (title, text) = (t.say("audit-title"), t.say("audit-no-export"));
            return problem(&context, StatusCode::BAD_REQUEST, &title, &text);
        }
        Err(error) => return store_failed(&context, t, &error),
    };
    match table(&context, &filter).await {
        Ok(Some((text, lines))) => {
            let entry = Entry::new(Action::AuditExported, "").with("lines", lines);
            if let Err(error) = context.store.tell([entry], administrator.act()).await {
                return store_failed(&context, t, &error);
            }
            download("audit.csv", text)
        }
        Ok(None) => unavailable(&context, t),
        Err(error) => store_failed(&context, t, &error),
    }
}

async fn table(context: &Context, filter: &AuditFilter) -> Result<Option<(Vec<u8>, usize)>, StoreError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heading = ["number", "at", "actor", "actor_id", "action", "subject", "subject_name", "details"];
    let mut is_written = writer.write_record(heading).is_ok();
    let (mut before, mut count) = (None, 0);
    while count < MOST && is_written {
        let lines = context.store.audit(filter, before, BATCH).await?;
        let Some(last) = lines.last() else { break };
        before = Some(last.number);
        let names = context.store.names(lines.iter().flat_map(mentioned)).await?;
        for line in &lines {
            let Record { number, at, by, action, subject, details } = line;
            let (kind, id) = by.parts();
            let actor = match by {
                Actor::Account(id) => names.get(id).map_or(kind, String::as_str),
                _ => kind,
            };
            let name = Id128::parse(subject).and_then(|id| names.get(&id)).map_or("", String::as_str);
            let time = clock::calendar(*at);
            let details = serde_json::to_string(details).unwrap_or_default();
            is_written &= writer
                .write_record([
                    &number.to_string(),
                    &time.map(|time| time.to_string()).unwrap_or_default(),
                    &guarded(actor),
                    &id,
                    action,
                    &guarded(subject),
                    &guarded(name),
                    &details,
                ])
                .is_ok();
        }
        count += lines.len();
    }
    Ok(writer.into_inner().ok().filter(|_| is_written).map(|text| (text, count)))
}
