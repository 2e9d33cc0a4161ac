//! Tries the keys of the buckets, at the start, once an hour, and when others have been read. To NGINX a wrong key,
//! one that is over, and a clock that differs by a quarter of an hour are all a 403, as an object is that is not there;
//! visitors get 404, and nobody would know why. Here the bucket's own word is read: it is asked, signed, for an object
//! that is not there.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::fmt::rfc2822;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy as Redirects;
use reqwest::{Certificate, Client, StatusCode, Url};
use secrecy::ExposeSecret as _;

use super::{Buckets, Signer};
use crate::clock::{self, UnixSeconds};
use crate::config::bucket_setting;
use crate::iiif::identifier::OriginPath;
use crate::iiif::object_key;
use crate::origin::Trouble;
use crate::policy::mount::{Bucket, Endpoint, Mount};

/// The name under the mount of what is asked for.
const NAME: &str = "tilegate-tries-its-key";
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Seconds between the clocks from which on it is told; buckets refuse from 900 on.
const ALLOWED: u64 = 300;
/// The longest error that is looked through, bytes.
const LONGEST_ERROR: usize = 16 * 1024;

/// Why NGINX would get no object. One line, which names the setting and the cure, and nothing that is secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "the bucket cannot be asked from here, {0}; check its address, and whether this machine may go there. NGINX may all the same"
    )]
    Unreachable(String),
    #[error(
        "this machine's clock is {seconds} seconds {} the bucket's, which refuses what is signed when they are 900 apart \
         (RequestTimeTooSkewed): visitors get 404; set the clock, by NTP",
        if *.is_ahead { "ahead of" } else { "behind" }
    )]
    Skewed { seconds: u64, is_ahead: bool },
    /// The code is the bucket's own, or its status.
    #[error("the bucket gives nothing out, it says {code}: visitors get 404 or 502; {cure}")]
    Refused { code: String, cure: String },
}

impl Refusal {
    /// The same for the pages of the administration.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Unreachable(_) => Trouble::Other,
            Self::Skewed { seconds, is_ahead } => Trouble::Skewed { seconds: *seconds, is_ahead: *is_ahead },
            Self::Refused { .. } => Trouble::KeyRefused,
        }
    }
}

/// Tries all keys, for ever.
pub async fn keep_trying(buckets: Arc<Buckets>, mounts: Vec<Mount>) {
    join_all(mounts.iter().map(|mount| buckets.keep_trying(mount))).await;
}

impl Buckets {
    async fn keep_trying(&self, mount: &Mount) {
        let Some(signer) = self.of(&mount.name) else { return };
        let mut ticks = tokio::time::interval(Duration::from_hours(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = signer.untried.notified() => {}
            }
            if let Err(refusal) = self.try_key(mount).await {
                tracing::warn!(mount = %mount.name, "{refusal}");
            }
        }
    }

    /// Asks the bucket of a mount whether its key counts and whether its clock is ours.
    ///
    /// # Errors
    /// If not. That a key may not read these objects cannot be told from that they are not there.
    pub async fn try_key(&self, mount: &Mount) -> Result<(), Refusal> {
        let (Some(key), Some(bucket)) = (self.of(&mount.name), &mount.bucket) else { return Ok(()) };
        let before = clock::now();
        let answer = tokio::time::timeout(TIME_LIMIT, ask(key, mount, bucket, before)).await;
        let answer = answer.unwrap_or_else(|_| Err("it does not answer in time".to_owned()));
        let Answer { status, date, code } = answer.map_err(Refusal::Unreachable)?;
        if let Some(date) = date {
            compare(&date, before, clock::now())?;
        }
        judge(status, code, &mount.name)
    }
}

/// What the bucket has said.
struct Answer {
    status: StatusCode,
    date: Option<String>,
    /// Of its error.
    code: Option<String>,
}

/// Whether a `Date` lies near the time between asking and being answered. One that cannot be read says nothing.
fn compare(date: &str, before: UnixSeconds, after: UnixSeconds) -> Result<(), Refusal> {
    let theirs = rfc2822::parse(date).ok().and_then(|time| u64::try_from(time.timestamp().as_second()).ok());
    let Some(theirs) = theirs else { return Ok(()) };
    let is_ahead = theirs < before;
    let seconds = if is_ahead { before - theirs } else { theirs.saturating_sub(after) };
    if seconds <= ALLOWED { Ok(()) } else { Err(Refusal::Skewed { seconds, is_ahead }) }
}

fn judge(status: StatusCode, code: Option<String>, mount: &str) -> Result<(), Refusal> {
    let setting = |end: &str| bucket_setting(mount, end);
    let cure = match code.as_deref() {
        // Without the right to list, what is not there is denied. A bucket may say so without a word, too.
        Some("NoSuchKey" | "AccessDenied") => return Ok(()),
        None if status.is_success() || status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN => {
            return Ok(());
        }
        Some("InvalidAccessKeyId") => format!("it knows no such key: correct {}", setting("_ACCESS_KEY_ID")),
        Some("SignatureDoesNotMatch") => {
            format!("this is another key than the ID's: correct {}", setting("_SECRET_ACCESS_KEY"))
        }
        Some("ExpiredToken" | "InvalidToken" | "TokenRefreshRequired") => {
            format!("the temporary key is over: renew it and {}", setting("_SESSION_TOKEN"))
        }
        Some("RequestTimeTooSkewed") => "set this machine's clock, by NTP".to_owned(),
        Some("NoSuchBucket") => "correct bucket= or style= of the mount".to_owned(),
        Some("AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException") => {
            "correct region= or the origin of the mount".to_owned()
        }
        _ => "the bucket's own documentation says what that means".to_owned(),
    };
    Err(Refusal::Refused { code: code.unwrap_or_else(|| format!("status {status}")), cure })
}

/// Asks as NGINX does, with the same signature.
async fn ask(key: &Signer, mount: &Mount, bucket: &Bucket, now: UnixSeconds) -> Result<Answer, String> {
    let service = mount.http_origin().ok_or("it has no address")?;
    let Endpoint { tls, authority } = bucket.reached(&service);
    let scheme = if tls { "https" } else { "http" };
    let url = |host: &str| Url::parse(&format!("{scheme}://{host}")).map_err(|error| error.to_string());
    // By the signed host's name, wherever it is reached: the certificate is that host's.
    let (reached, own) = (url(&authority)?, url(&key.host)?);
    let port = reached.port_or_known_default().unwrap_or(443);
    let place = (reached.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(), port);
    let addresses: Vec<_> =
        tokio::net::lookup_host(place).await.map_err(|error| error.to_string())?.collect();
    let name = own.host_str().unwrap_or_default();
    let mut builder = Client::builder()
        .redirect(Redirects::none())
        .no_proxy()
        .resolve_to_addrs(name, &addresses)
        .timeout(TIME_LIMIT);
    if let Some(file) = bucket.authorities.as_ref().filter(|_| tls) {
        let pem = tokio::fs::read(file).await.map_err(|error| format!("{file}: {error}"))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| format!("{file}: {error}"))?;
        builder = builder.tls_certs_only(certificates);
    }
    let client = builder.build().map_err(|error| error.to_string())?;

    let mut path = OriginPath::new();
    let folder = bucket.path_style.then_some(bucket.bucket.as_str());
    object_key::write(folder, &mount.origin_path, NAME, &mut path).map_err(|error| error.to_string())?;
    let signed = key.sign(b"GET", &path, now).ok_or("there is no such time")?;
    let mut request = client
        .get(format!("{scheme}://{name}:{port}{path}"))
        .header("Host", &key.host)
        .header("Authorization", unlogged(&signed.authorization)?)
        .header("X-Amz-Date", signed.date)
        .header("X-Amz-Content-Sha256", super::UNSIGNED);
    if let Some(token) = signed.token {
        request = request.header("X-Amz-Security-Token", unlogged(token.expose_secret())?);
    }
    let mut answer = request.send().await.map_err(told)?;
    let status = answer.status();
    let date = answer.headers().get("Date").and_then(|date| date.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    // Cut off it says nothing, and the status remains.
    while !status.is_success() && body.len() < LONGEST_ERROR {
        let Ok(Some(more)) = answer.chunk().await else { break };
        body.extend_from_slice(&more);
    }
    Ok(Answer { status, date, code: code_of(&String::from_utf8_lossy(&body)) })
}

/// A header's value that no log of any layer shows.
fn unlogged(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|error| error.to_string())?;
    value.set_sensitive(true);
    Ok(value)
}

/// The causes of an error, without the address.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// The `Code` of an error, and nothing else of it: the rest names the key and what was signed.
fn code_of(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_code =
        !code.is_empty() && code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_code.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::bucket::tests::buckets_of;

    const DATE: &str = "Fri, 24 May 2013 00:00:00 GMT";
    const THEN: u64 = 1_369_353_600;

    #[test]
    fn five_minutes_are_allowed() {
        for (before, after) in [(THEN, THEN), (THEN + 300, THEN + 301), (THEN - 301, THEN - 300)] {
            assert_eq!(compare(DATE, before, after), Ok(()));
        }
        let ahead = compare(DATE, THEN + 301, THEN + 301).unwrap_err().to_string();
        assert!(ahead.contains("301 seconds ahead of") && ahead.contains("NTP"), "{ahead}");
        let behind = compare(DATE, THEN - 900, THEN - 899).unwrap_err().to_string();
        assert!(behind.contains("899 seconds behind"), "{behind}");
        assert_eq!(compare("yesterday", THEN, THEN), Ok(()));
    }

    #[test]
    fn a_code_has_a_cure_and_nothing_else_of_an_error_is_told() {
        for (body, code) in [
            ("<Error><Code>NoSuchKey</Code><Key>secret</Key></Error>", Some("NoSuchKey")),
            ("<Code>a b</Code>", None),
            ("<Code></Code>", None),
            ("<Code>NoSuchKey", None),
            ("", None),
        ] {
            assert_eq!(code_of(body).as_deref(), code, "{body}");
        }
        for (status, code, part) in [
            (403, Some("InvalidAccessKeyId"), "TILEGATE_S3_V_1_ACCESS_KEY_ID"),
            (403, Some("SignatureDoesNotMatch"), "TILEGATE_S3_V_1_SECRET_ACCESS_KEY"),
            (400, Some("ExpiredToken"), "TILEGATE_S3_V_1_SESSION_TOKEN"),
            (403, Some("RequestTimeTooSkewed"), "NTP"),
            (404, Some("NoSuchBucket"), "bucket="),
            (400, Some("AuthorizationHeaderMalformed"), "region="),
            (503, Some("SlowDown"), "SlowDown"),
            (503, None, "status 503"),
            (301, None, "status 301"),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let refusal = judge(status, code.map(str::to_owned), "v-1").unwrap_err().to_string();
            assert!(refusal.contains(part), "{refusal}");
        }
        for (status, code) in
            [(404, Some("NoSuchKey")), (403, Some("AccessDenied")), (403, None), (404, None), (200, None)]
        {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(judge(status, code.map(str::to_owned), "v"), Ok(()));
        }
    }

    #[tokio::test]
    async fn the_bucket_is_asked_at_its_endpoint_by_its_name_and_with_its_key() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let _another_test_was_first = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let typed = format!("s3 /a/ http://s3.test/em/ bucket=b region=r endpoint=http://{authority}");
        let (buckets, mounts) = buckets_of(
            folder.path(),
            &[("TILEGATE_MOUNT_A", &typed), ("TILEGATE_S3_A_SECRET_ACCESS_KEY", "the-secret")],
        );
        let asked = std::thread::spawn(move || {
            let mut asked = Vec::new();
            for (date, body) in
                [("Fri, 24 May 2013 00:00:00 GMT", ""), ("", "<Code>InvalidAccessKeyId</Code>")]
            {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap();
                asked.push(String::from_utf8_lossy(&request[..length]).to_lowercase());
                let length = body.len();
                write!(
                    stream,
                    "HTTP/1.1 403 Forbidden\r\nDate: {date}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                )
                .unwrap();
            }
            asked
        });
        let skewed = buckets.try_key(&mounts[0]).await.unwrap_err();
        assert!(matches!(skewed, Refusal::Skewed { is_ahead: true, .. }), "{skewed}");
        let refused = buckets.try_key(&mounts[0]).await.unwrap_err();
        assert!(
            matches!(&refused, Refusal::Refused { code, .. } if code == "InvalidAccessKeyId"),
            "{refused}"
        );
        for asked in asked.join().unwrap() {
            assert!(asked.starts_with("get /em/tilegate-tries-its-key http/1.1\r\n"), "{asked}");
            assert!(asked.contains("host: b.s3.test\r\n") && asked.contains("credential=ida/"), "{asked}");
            assert!(!asked.contains("the-secret"), "{asked}");
        }
        // Nobody listens there any more.
        let gone = buckets.try_key(&mounts[0]).await.unwrap_err();
        assert!(gone.to_string().contains("cannot be asked from here"), "{gone}");
        assert_eq!(gone.trouble(), Trouble::Other);
    }
}
