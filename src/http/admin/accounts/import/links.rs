//! `POST /auth/admin/accounts/import/<job>/links`: the one-time links of an import as CSV, once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::clock::{self, UnixSeconds};
use crate::credential::account::Id128;
use crate::http::Context;
use crate::http::admin::accounts::actions::Press;
use crate::http::admin::accounts::export::download;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::{moment, problem};
use crate::http::extract::Checked;
use crate::http::page::unavailable;
use crate::http::set_password::link_address;
use crate::import::people::guarded;
use crate::store::NewLink;
use crate::texts::Texts;

/// `POST /auth/admin/accounts/import/<job>/links`
pub async fn links(
    administrator: Administrator,
    context: web::Data<Context>,
    t: Texts,
    id: web::Path<String>,
    _: Checked<Press>,
) -> HttpResponse {
    let job = Id128::parse(&id).and_then(|id| context.imports.of(&id, &administrator.id));
    let Some(job) = job else { return super::unknown(&context, t) };
    let until = job.links_until.unwrap_or_default();
    let Some(links) = job.take(&administrator.session, clock::now()) else {
        let (title, text) = (t.say("import-links-gone-title"), t.say("import-links-gone"));
        return problem(&context, StatusCode::GONE, &title, &text);
    };
    let origin = context.settings.site.public_url.origin();
    // A long table takes a while, and tiles are waiting for this thread.
    match web::block(move || table(&links, &origin, until)).await {
        Ok(Ok(table)) => {
            tracing::info!(account = %administrator.id, "the one-time links of an import were fetched");
            download("links.csv", table)
        }
        _ => unavailable(&context, t),
    }
}

fn table(links: &[NewLink], origin: &str, until: UnixSeconds) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["username", "link", "valid_until"])?;
    let until = moment(until);
    for NewLink { username, secret } in links {
        table.write_record([&guarded(username.as_str()), &link_address(origin, secret), &until])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::account::Username;
    use crate::credential::one_time::LinkSecret;

    #[test]
    fn a_name_is_no_formula() {
        let link =
            |name| NewLink { username: Username::parse(name).unwrap(), secret: LinkSecret::new([7; 32]) };
        let table =
            table(&[link("=cmd|' /c calc'!a1"), link("ada, \"b\"")], "https://img.test", 1_800_000_000);
        let table = String::from_utf8(table.unwrap()).unwrap();
        let secret = LinkSecret::new([7; 32]).spelled();
        let rest = format!("https://img.test/auth/set-password/{secret},2027-01-15 08:00 UTC");
        let expected =
            format!("username,link,valid_until\n'=cmd|' /c calc'!a1,{rest}\n\"ada, \"\"b\"\"\",{rest}\n");
        assert_eq!(table, expected);
    }
}
