//! Whether a mount's origin answers at all. Nothing of the answer is read, and any that does not blame the
//! origin itself will do: what is asked for is a prefix, which is no image.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use reqwest::{Method, StatusCode};

use super::{Origins, Reader, told};

/// So long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why an origin gives no answer that is of any use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its name leads to no address.
    NoName,
    /// Nobody listens there.
    Refused,
    /// No answer within two seconds.
    Silent,
    /// It speaks no TLS, or has a certificate that is not to be trusted.
    Tls,
    /// NGINX's internal server does not listen.
    NoSocket,
    /// This process may not open the socket of NGINX's internal server.
    Denied,
    /// It answers, with a status from 500 on.
    Status(u16),
    /// A bucket's clock and ours are so many seconds apart that it refuses what is signed, or soon will.
    Skewed { seconds: u64, is_ahead: bool },
    /// A bucket does not take the key that it is read with.
    KeyRefused,
    /// Something else, which is in the log.
    Other,
}

impl Origins {
    /// Asks the origin of a mount whether it is there. For files it is NGINX that must reach it; it may be somewhere that
    /// this process cannot.
    ///
    /// # Errors
    /// If it gives no answer, or one that says it cannot.
    pub async fn knock(&self, mount: &str) -> Result<(), Trouble> {
        let Some(reader) = self.mounts.get(mount).or_else(|| self.files.get(mount)) else {
            return Err(Trouble::Other);
        };
        let answer = tokio::time::timeout(PATIENCE, reader.knock()).await;
        let answer = answer.unwrap_or_else(|_| Err((Trouble::Silent, "no answer in time".to_owned())));
        answer.map_err(|(trouble, reason)| {
            tracing::info!(mount, reason, "the origin was asked whether it is there");
            trouble
        })
    }
}

impl Reader {
    async fn knock(&self) -> Result<(), (Trouble, String)> {
        let url = format!("{}{}", self.base, self.path);
        let answer = self.client.request(Method::HEAD, url).send().await;
        let status = answer.map_err(|error| (self.trouble(&error), told(&error)))?.status();
        // A server that does not know the method answers.
        if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED {
            return Err((Trouble::Status(status.as_u16()), format!("it answered {status}")));
        }
        Ok(())
    }

    fn trouble(&self, error: &reqwest::Error) -> Trouble {
        if error.is_timeout() {
            return Trouble::Silent;
        }
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(inner) = cause {
            let io = inner.downcast_ref::<std::io::Error>();
            if inner.is::<rustls::Error>() || io.is_some_and(is_of_tls) {
                return Trouble::Tls;
            }
            match io.map(std::io::Error::kind) {
                Some(ErrorKind::ConnectionRefused | ErrorKind::NotFound) if self.by_socket => {
                    return Trouble::NoSocket;
                }
                Some(ErrorKind::PermissionDenied) if self.by_socket => return Trouble::Denied,
                Some(ErrorKind::ConnectionRefused) => return Trouble::Refused,
                Some(ErrorKind::TimedOut) => return Trouble::Silent,
                _ => {}
            }
            // The type of it is the client's own, and this is all that it says.
            if inner.to_string() == "dns error" {
                return Trouble::NoName;
            }
            cause = inner.source();
        }
        Trouble::Other
    }
}

/// What is within an I/O error is no source of it.
fn is_of_tls(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(|inner| {
        inner.is::<rustls::Error>() || inner.downcast_ref::<std::io::Error>().is_some_and(is_of_tls)
    })
}
