//! `tilegate account`: works beside a running service, which follows within its poll interval.

use std::io::Read as _;

use clap::{Args, Subcommand};
use secrecy::SecretString;

use super::{Failure, say};
use crate::audit::Act;
use crate::clock::{self, UnixSeconds};
use crate::credential::account::{Account, Id128, Username};
use crate::password::PasswordHasher;
use crate::password::SHORTEST_PASSWORD;
use crate::policy::condition::{CLOSED, OPEN};
use crate::policy::file::day_or_moment;
use crate::policy::rule::utc_midnight;
use crate::store::{AccountChange, AccountError, NewAccount, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an account. The password is read from standard input.
    Add(Add),
    /// List the accounts, one a line: name, state, conditions, separated by tabs.
    List,
    /// Change an account; what is not named stays.
    Set(Set),
    /// Remove an account; its logins end at once. For 30 days `restore` brings it back.
    Remove {
        /// Name of the account.
        name: String,
    },
    /// Bring a removed account back, for 30 days after it was removed; with what it held, and without its logins.
    Restore {
        /// Name that the account had.
        name: String,
    },
    /// End everybody's logins, those of computers of a reading room too: after a backup was restored, which does not
    /// know what was ended since.
    SignOutAll,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Name of the account; upper and lower case are the same.
    name: String,
    /// Read the password from the first line of standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Access conditions it holds, separated by commas.
    #[arg(long, value_delimiter = ',')]
    conditions: Vec<String>,
    /// It may administer.
    #[arg(long)]
    admin: bool,
    /// The first day on which it cannot log in any more (UTC), such as 2041-01-01.
    #[arg(long, value_name = "DATE", value_parser = end)]
    expires: Option<End>,
}

#[derive(Debug, Args)]
pub(super) struct Set {
    /// Name of the account.
    name: String,
    /// Read a new password from the first line of standard input; ends all its logins.
    #[arg(long)]
    password_stdin: bool,
    /// The access conditions it holds from now on, separated by commas; '' for none.
    #[arg(long, value_delimiter = ',')]
    conditions: Option<Vec<String>>,
    /// Whether it may administer; a change ends all its logins.
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    admin: Option<bool>,
    /// Whether it may log in; `no` ends all its logins.
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    active: Option<bool>,
    /// The first day on which it cannot log in any more (UTC), such as 2041-01-01; `never` for none.
    #[arg(long, value_name = "DATE", value_parser = end)]
    expires: Option<End>,
    /// End all its logins.
    #[arg(long)]
    sign_out_everywhere: bool,
    /// Take its second factor away, for somebody who has lost the app and the recovery codes; ends all its logins.
    #[arg(long)]
    no_second_factor: bool,
}

/// When an account ends.
#[derive(Clone, Copy, Debug)]
struct End(Option<UnixSeconds>);

fn end(text: &str) -> Result<End, &'static str> {
    if text == "never" {
        return Ok(End(None));
    }
    let day = text.parse().map_err(|_| "write a day, such as 2041-01-01, or never")?;
    Ok(End(Some(utc_midnight(day))))
}

fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no"),
    }
}

pub(super) async fn run(command: Command, store: &Store) -> Result<(), Failure> {
    let act = Act::command(clock::now());
    match command {
        Command::Add(add) => {
            let username = Username::parse(&add.name)?;
            let password_hash = hash(password_from_stdin()?).await?;
            let account = NewAccount {
                administrator: add.admin,
                conditions: named(add.conditions),
                expires: add.expires.and_then(|end| end.0),
                ..NewAccount::new(Id128(clock::random()), username, password_hash)
            };
            match store.create_account(account, act).await {
                Ok(made) => say(&line(&made))?,
                Err(error) => return Err(refused(error, &add.name, store).await),
            }
        }
        Command::List => {
            say(&store.accounts().await?.iter().map(line).collect::<String>())?;
        }
        Command::Set(set) => {
            let account = find(store, &set.name).await?;
            let password_hash =
                if set.password_stdin { Some(hash(password_from_stdin()?).await?) } else { None };
            let change = AccountChange {
                password_hash,
                administrator: set.admin,
                active: set.active,
                conditions: set.conditions.map(named),
                expires: set.expires.map(|end| end.0),
                sign_out_everywhere: set.sign_out_everywhere || set.no_second_factor,
                no_second_factor: set.no_second_factor,
                ..AccountChange::default()
            };
            let had_factor = store.second_factor(&account.id).await?.is_some();
            match store.change_account(&account.id, change, act).await {
                Ok(changed) => say(&line(&changed.ok_or_else(|| unknown(&set.name))?))?,
                Err(error) => return Err(refused(error, &set.name, store).await),
            }
            if set.no_second_factor && !had_factor {
                say(&format!("{} has no second factor\n", account.username))?;
            }
        }
        Command::Remove { name } => {
            let account = find(store, &name).await?;
            store.remove_account(&account.id, act).await?;
            say(&format!("removed {}\n", account.username))?;
        }
        Command::Restore { name } => restore(&name, store, act).await?,
        Command::SignOutAll => {
            store.renew_epoch(act).await?;
            say("no login of before counts any more; computers of a reading room are to be enrolled anew\n")?;
        }
    }
    Ok(())
}

async fn restore(name: &str, store: &Store, act: Act) -> Result<(), Failure> {
    let username = Username::parse(name)?;
    let removed = store.deleted_accounts(u32::MAX).await?;
    let Some(removed) = removed.into_iter().find(|account| account.username == username.as_str()) else {
        return Err(format!("no account `{name}` was removed within the last 30 days").into());
    };
    match store.restore_account(&removed.id, act).await {
        Ok(Some(restored)) => {
            if !restored.lost.is_empty() {
                eprintln!(
                    "tilegate: not restored, because the policy does not have them any more: {}",
                    restored.lost.join(", ")
                );
            }
            say(&line(&restored.account))
        }
        Ok(None) => Err(format!("the account `{name}` has just been restored by somebody else").into()),
        Err(error) => Err(refused(error, name, store).await),
    }
}

async fn find(store: &Store, name: &str) -> Result<Account, Failure> {
    let username = Username::parse(name)?;
    Ok(store.account_by_name(&username).await?.ok_or_else(|| unknown(name))?)
}

fn unknown(name: &str) -> String {
    format!("there is no account `{name}`; `tilegate account list` shows those there are")
}

/// The error with what the person at the terminal can do about it.
async fn refused(error: AccountError, name: &str, store: &Store) -> Failure {
    match error {
        AccountError::NameTaken => format!(
            "there is an account `{name}` already; change it with `tilegate account set`, or choose another name"
        )
        .into(),
        AccountError::UnknownCondition(condition) => {
            let known: Vec<String> = match store.policy().await {
                Ok(policy) => policy.conditions.into_iter().map(|known| known.condition.name).collect(),
                Err(error) => return error.into(),
            };
            let others: Vec<String> =
                known.into_iter().filter(|name| !matches!(name.as_str(), OPEN | CLOSED)).collect();
            let cure = if others.is_empty() {
                "it has none yet: import one with `tilegate policy import`".to_owned()
            } else {
                format!("it has: {}", others.join(", "))
            };
            format!("there is no access condition `{condition}` in the policy; {cure}").into()
        }
        error => error.into(),
    }
}

fn named(conditions: Vec<String>) -> Vec<String> {
    conditions.into_iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// One line, tab-separated: name, state, conditions, and the day on which it ends, if it does.
fn line(account: &Account) -> String {
    let state = match (account.active, account.administrator) {
        (false, _) => "locked",
        (true, _) if !account.may_log_in(clock::now()) => "expired",
        (true, true) => "administrator",
        (true, false) => "active",
    };
    let end = account.expires.map(|end| format!("\t{}", day_or_moment(end))).unwrap_or_default();
    format!("{}\t{state}\t{}{end}\n", account.username, account.conditions.join(","))
}

fn password_from_stdin() -> Result<SecretString, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(16 * 1024)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("the password cannot be read from standard input: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "the password on standard input is not UTF-8 text")?;
    let password = text.lines().next().unwrap_or_default();
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(format!(
            "the password on standard input has fewer than {SHORTEST_PASSWORD} characters; write a longer one"
        )
        .into());
    }
    Ok(SecretString::from(password))
}

async fn hash(password: SecretString) -> Result<String, Failure> {
    Ok(PasswordHasher::new(1, 1).hash(password).await?)
}
