//! `/auth/admin/accounts/export`: all accounts as CSV, without passwords; the import takes it back.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use actix_web::{HttpResponse, web};

use super::actions::Press;
use crate::audit::{Action, Entry};
use crate::http::admin::administrator::Administrator;
use crate::http::admin::moment;
use crate::http::extract::Checked;
use crate::http::login::store_failed;
use crate::http::page::unavailable;
use crate::http::{Context, NO_STORE};
use crate::import::people::guarded;
use crate::policy::file::day_or_moment;
use crate::store::ListedAccount;
use crate::texts::Texts;

/// `POST /auth/admin/accounts/export`
pub async fn export(
    administrator: Administrator,
    context: web::Data<Context>,
    t: Texts,
    _: Checked<Press>,
) -> HttpResponse {
    let mut rows = Rows(csv::Writer::from_writer(Vec::new()), Ok(()));
    rows.header();
    if let Err(error) = context.store.each_account(|account| rows.add(&account)).await {
        return store_failed(&context, t, &error);
    }
    let Some(text) = rows.end() else { return unavailable(&context, t) };
    // Who took all names along is to be known.
    if let Err(error) =
        context.store.tell([Entry::new(Action::AccountsExported, "")], administrator.act()).await
    {
        return store_failed(&context, t, &error);
    }
    download("accounts.csv", text)
}

/// A file of CSV that a browser saves.
pub fn download(name: &str, text: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, NO_STORE))
        .insert_header((HeaderName::from_static("x-content-type-options"), "nosniff"))
        .body(text)
}

struct Rows(csv::Writer<Vec<u8>>, Result<(), csv::Error>);

impl Rows {
    fn write(&mut self, fields: &[&str]) {
        if self.1.is_ok() {
            self.1 = self.0.write_record(fields);
        }
    }

    fn header(&mut self) {
        self.write(&[
            "username",
            "conditions",
            "expires",
            "administrator",
            "locked",
            "note",
            "created",
            "last_login",
        ]);
    }

    fn add(&mut self, account: &ListedAccount) {
        let yes_or_no = |yes| if yes { "yes" } else { "no" };
        let ListedAccount { username, active, administrator, expires, note, created, last_login, .. } =
            account;
        self.write(&[
            &guarded(username),
            &account.conditions.join("|"),
            &expires.map(day_or_moment).unwrap_or_default(),
            yes_or_no(*administrator),
            yes_or_no(!active),
            &guarded(note),
            &moment(*created),
            &last_login.map(moment).unwrap_or_default(),
        ]);
    }

    fn end(self) -> Option<Vec<u8>> {
        self.1.ok()?;
        self.0.into_inner().ok()
    }
}
