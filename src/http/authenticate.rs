//! Whether somebody knows the password of an account: at the login, and once more before what must not be
//! done by whoever finds an unwatched browser.

use std::net::IpAddr;

use actix_web::HttpRequest;
use secrecy::SecretString;

use super::Context;
use crate::clock;
use crate::credential::account::{Account, Username};
use crate::password::Busy;
use crate::store::StoreError;

/// Why somebody was not let in.
pub(super) enum Refused {
    /// Of name, password, and an account that may log in, something is missing; nobody is told what (S8).
    NoMatch,
    /// To be tried again after so many seconds.
    Throttled(u64),
    Busy,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The account of that name and password, if it may log in.
pub(super) async fn authenticate(
    request: &HttpRequest,
    context: &Context,
    typed: &str,
    password: SecretString,
) -> Result<Account, Refused> {
    let address = context.client_address(request).ok_or(Refused::NoMatch)?;
    let username = Username::parse(typed).ok();
    // What is no name at all still counts against its address, and costs the same work.
    let counted = username.clone().unwrap_or_else(Username::unnameable);
    count(context, address, &counted)?;
    let account = match &username {
        Some(username) => context.store.account_by_name(username).await?,
        None => None,
    };
    let hash = account.as_ref().map(|account| account.password_hash.as_str());
    let right = context.passwords.verify(password, hash).await.map_err(|Busy| Refused::Busy)?;
    match account {
        Some(account) if right && account.may_log_in(clock::now()) => {
            context.throttle.succeeded(address, &counted);
            Ok(account)
        }
        account => {
            tracing::info!("a login failed");
            context.tally.login_failed(account.map(|account| account.id), address);
            Err(Refused::NoMatch)
        }
    }
}

/// Whether this is the password of somebody who is logged in; slowed down like a login.
pub(super) async fn knows_password(
    request: &HttpRequest,
    context: &Context,
    account: &Account,
    password: SecretString,
) -> Result<(), Refused> {
    let address = context.client_address(request).ok_or(Refused::NoMatch)?;
    count(context, address, &account.username)?;
    let hash = Some(account.password_hash.as_str());
    if !context.passwords.verify(password, hash).await.map_err(|Busy| Refused::Busy)? {
        tracing::info!(account = %account.id, "a password that was asked for again was wrong");
        context.tally.login_failed(Some(account.id), address);
        return Err(Refused::NoMatch);
    }
    context.throttle.succeeded(address, &account.username);
    Ok(())
}

fn count(context: &Context, address: IpAddr, username: &Username) -> Result<(), Refused> {
    let counted = context.throttle.attempt(address, username);
    counted.map_err(|throttled| Refused::Throttled(throttled.retry_after.as_secs() + 1))
}
