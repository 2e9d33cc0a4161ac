//! `tilegate pass`: credentials without an account, each for one part of one mount, for a time.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Failure, open_with, say};
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::config::Settings;
use crate::credential::account::{Id128, is_deceptive};
use crate::credential::pass::{
    LONGEST_IDENTIFIER, LONGEST_LIFE, LONGEST_NOTE, PassSecret, Scope, ScopeFault, token,
};
use crate::policy::permitted::VIEW_PX;
use crate::store::{NewPass, PassError, PassQuery, StoredPass};

/// So many are read at a time.
const PAGE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a pass; prints its ID and, this once, its secret.
    New(New),
    /// List the passes, the newest first, one a line: ID, mount, identifier, what it gives, state, last use, note,
    /// separated by tabs.
    List,
    /// End a pass: what it opened is closed at once, also for those who have redeemed it.
    Revoke {
        /// ID of the pass, as `pass list` shows it.
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The mount that it is for.
    #[arg(long, value_name = "NAME")]
    mount: String,
    /// The identifier that it is for, and what is below it, written as in a rule; `""` for the whole mount.
    #[arg(long, value_name = "IDENTIFIER")]
    prefix: String,
    /// For that identifier alone.
    #[arg(long)]
    exact: bool,
    /// It stands for these conditions alone; without them it is enough for whatever is asked for, save what is closed.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    conditions: Vec<String>,
    /// No answer may be larger than this, in pixels on either side, and no file is opened.
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(i64::from(VIEW_PX)..))]
    max_px: Option<u32>,
    /// How long it counts: a number of hours (12h), days (7d) or weeks (4w).
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = life)]
    expires: u64,
    /// How often its link can be redeemed; such a secret is no token.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    uses: Option<u32>,
    /// It opens nothing: another application makes passes with it, within what it is for (POST /auth/api/passes).
    #[arg(long, conflicts_with = "uses")]
    makes_passes: bool,
    /// What it is for, or whom it was given to.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

/// A time as people type it, in seconds.
fn life(text: &str) -> Result<u64, &'static str> {
    let wrong = "write a number and h, d or w, such as 7d; at most 3650d";
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(wrong)?;
    let seconds = match unit {
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(wrong),
    };
    let number: u64 = number.parse().map_err(|_| wrong)?;
    number.checked_mul(seconds).filter(|life| (1..=LONGEST_LIFE).contains(life)).ok_or(wrong)
}

pub(super) async fn run(command: Command, env_file: Option<&Path>) -> Result<(), Failure> {
    let settings = Settings::load(env_file)?;
    match command {
        Command::New(new) => make(new, &settings).await,
        Command::List => {
            let store = open_with(&settings).await?;
            let now = clock::now();
            for page in 0.. {
                let passes = store.pass_page(&PassQuery::default(), page, PAGE, now).await?.passes;
                say(&passes.iter().map(|pass| line(pass, now)).collect::<String>())?;
                if passes.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
                    break;
                }
            }
            Ok(())
        }
        Command::Revoke { id } => {
            let unknown = || format!("there is no pass `{id}`; `tilegate pass list` shows those there are");
            let parsed = Id128::parse(&id).ok_or_else(unknown)?;
            let store = open_with(&settings).await?;
            let pass = store.revoke_pass(&parsed, Act::command(clock::now())).await?.ok_or_else(unknown)?;
            say(&format!("revoked {}\n", pass.id))
        }
    }
}

async fn make(new: New, settings: &Settings) -> Result<(), Failure> {
    let scope = scope(&new, settings)?;
    let note = new.note.trim();
    if note.chars().count() > LONGEST_NOTE || note.chars().any(is_deceptive) {
        return Err(format!(
            "--note: one line of at most {LONGEST_NOTE} characters, without control characters"
        )
        .into());
    }
    let store = open_with(settings).await?;
    let now = clock::now();
    let secret = PassSecret::new(clock::random());
    let pass = NewPass {
        id: Id128(clock::random()),
        secret: secret.hash(),
        scope,
        conditions: Some(new.conditions).filter(|names| !names.is_empty()),
        max_px: new.max_px,
        expires: now + new.expires,
        uses: new.uses,
        note: note.to_owned(),
        makes_passes: new.makes_passes,
        maker: None,
    };
    match store.make_pass(&pass, Act::command(now)).await {
        Ok(()) => {}
        Err(PassError::UnknownCondition(name)) => {
            return Err(format!("--conditions: there is no access condition `{name}` in the policy").into());
        }
        Err(PassError::NotHeld(name)) => {
            return Err(format!(
                "--conditions: `{name}` is open or closed to everybody; name one that somebody can hold"
            )
            .into());
        }
        Err(error) => return Err(error.into()),
    }
    say(&format!("{}\t{}\n", pass.id, secret.spelled()))?;
    let until = clock::rfc3339(pass.expires);
    let bearer = token(pass.id, &secret);
    if new.makes_passes {
        eprintln!("The secret is not shown again. Until {until} an application makes passes with it:");
        eprintln!(
            "POST {}/auth/api/passes, Authorization: Bearer {bearer}",
            settings.site.public_url.origin()
        );
        return Ok(());
    }
    let origin = settings.site.public_url.origin();
    eprintln!(
        "The secret is not shown again. Until {until} it can be redeemed at {origin}/auth/share/{}",
        secret.spelled()
    );
    if new.uses.is_none() {
        // With a largest size no file is opened.
        let mounts = if new.max_px.is_none() { settings.site.mounts.as_slice() } else { &[] };
        for address in pass.scope.addresses(&secret, mounts) {
            eprintln!(
                "and is in this address, which opens what it is for to whoever has it: {origin}{address}"
            );
        }
        eprintln!("and is heard as a password (curl -u x:SECRET) and as: Authorization: Bearer {bearer}");
    }
    Ok(())
}

fn scope(new: &New, settings: &Settings) -> Result<Scope, Failure> {
    let mounts = &settings.site.mounts;
    let New { mount, prefix, .. } = new;
    Scope::on(mounts, mount, prefix, new.exact).map_err(|fault| {
        match fault {
            ScopeFault::NoMount => {
                let names: Vec<&str> = mounts.iter().map(|mount| mount.name.as_str()).collect();
                format!("--mount: there is no mount `{mount}`; there are: {}", names.join(", "))
            }
            ScopeFault::Borrows(lender) => format!(
                "--mount: the rules of the mount `{mount}` are those of `{lender}`; make the pass for `{lender}`, it counts on both"
            ),
            ScopeFault::Identifier(reason) => {
                format!("--prefix: `{prefix}` can be no identifier there ({reason})")
            }
            ScopeFault::TooLong => format!("--prefix: it is longer than {LONGEST_IDENTIFIER} bytes"),
        }
        .into()
    })
}

/// One line, tab-separated.
fn line(pass: &StoredPass, now: UnixSeconds) -> String {
    let StoredPass { id, scope, conditions, max_px, expires, uses_left, note, .. } = pass;
    let below = if scope.exact { "" } else { "/…" };
    let gives = match conditions {
        _ if pass.makes_passes => "makes passes".to_owned(),
        None => "whatever is asked for".to_owned(),
        Some(names) => names.join(","),
    };
    let size = max_px.map_or_else(String::new, |pixels| format!(", up to {pixels} px"));
    let state = match (pass.revoked, uses_left) {
        (Some(revoked), _) => format!("revoked {}", clock::rfc3339(revoked)),
        (None, _) if pass.is_of_another_epoch => "of a database before it was restored".to_owned(),
        (None, _) if *expires <= now => format!("expired {}", clock::rfc3339(*expires)),
        (None, Some(left)) => format!("until {}, {left} uses left", clock::rfc3339(*expires)),
        (None, None) => format!("until {}", clock::rfc3339(*expires)),
    };
    let used =
        pass.last_used.map_or_else(|| "never used".to_owned(), |at| format!("used {}", clock::rfc3339(at)));
    format!("{id}\t{}\t{}{below}\t{gives}{size}\t{state}\t{used}\t{note}\n", scope.mount, scope.identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_a_number_and_a_unit() {
        assert_eq!(
            [life("12h"), life("7d"), life("4w"), life("3650d")],
            [Ok(43_200), Ok(604_800), Ok(2_419_200), Ok(LONGEST_LIFE)]
        );
        for wrong in ["", "d", "7", "7m", "-1d", "0d", "3651d", "1.5d", "99999999999999999999w", "7é"] {
            assert!(life(wrong).is_err(), "{wrong}");
        }
    }
}
