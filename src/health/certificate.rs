//! When the certificate ends that visitors are shown: the public address of the settings is called as they do, and
//! nothing else can be.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy as Redirects;
use reqwest::tls::TlsInfo;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::Certificate;
use crate::clock::UnixSeconds;
use crate::config::PublicUrl;

/// So long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at the certificate of the public address.
pub(super) async fn look(public: &PublicUrl) -> Certificate {
    if !public.https {
        return Certificate::NoTls;
    }
    match tokio::time::timeout(PATIENCE, shown(public)).await {
        Ok(Ok(Some(der))) => end(&der).map_or(Certificate::Unseen, Certificate::Ends),
        Ok(Ok(None)) | Err(_) => Certificate::Unseen,
        Ok(Err(error)) => {
            tracing::debug!(%error, "the certificate of the public address could not be looked at from here");
            Certificate::Unseen
        }
    }
}

/// The certificate that is shown there, DER.
async fn shown(public: &PublicUrl) -> reqwest::Result<Option<Vec<u8>>> {
    let client = Client::builder()
        .redirect(Redirects::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .tls_info(true)
        // One that is over is looked at too. Nothing is sent that could be taken, and of the answer nothing is read.
        .tls_danger_accept_invalid_certs(true)
        .build()?;
    let answer = client.head(format!("{}/auth/", public.origin())).send().await?;
    let shown = answer.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
    Ok(shown.map(<[u8]>::to_vec))
}

/// The last second in which a certificate counts.
fn end(der: &[u8]) -> Option<UnixSeconds> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    certificate.validity().not_after.timestamp().try_into().ok()
}
