//! `tilegate health`: whether the service of these settings answers and is ready;
//! for a container's health check, where there is no other program.

use std::path::Path;
use std::time::Duration;

use super::{Failure, say};
use crate::config::{Listen, SiteSettings};

const TIME_LIMIT: Duration = Duration::from_secs(4);

pub(super) async fn run(env_file: Option<&Path>) -> Result<(), Failure> {
    let site = SiteSettings::load(env_file)?;
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy().timeout(TIME_LIMIT);
    let (builder, authority, at) = match site.listen.first() {
        Some(Listen::Unix(path)) => {
            let at = format!("unix:{}", path.display());
            (builder.unix_socket(path.clone()), "localhost".to_owned(), at)
        }
        Some(Listen::Tcp(address)) => {
            let address = crate::nginx_conf::reachable(address);
            (builder, address.clone(), address)
        }
        None => return Err("TILEGATE_LISTEN: names no address".into()),
    };
    let answer = builder.build()?.get(format!("http://{authority}/readyz")).send().await;
    let answer = answer.map_err(|error| {
        let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        format!("the service does not answer at {at}: {why}")
    })?;
    let status = answer.status();
    let said = answer.text().await.unwrap_or_default();
    if status.is_success() {
        say(&said)
    } else {
        Err(format!("the service at {at} is not ready ({status}): {}", said.trim()).into())
    }
}
