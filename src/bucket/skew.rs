//! A bucket refuses what was signed by a clock that differs from its own by a quarter of an hour. NGINX then gets a 403
//! which looks as a wrong key does, so the two clocks are compared: at the start, and once an hour.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::redirect::Policy as Redirects;
use reqwest::{Certificate, Client};

use crate::clock::{self, UnixSeconds};
use crate::policy::mount::{Endpoint, Mount};

const TIME_LIMIT: Duration = Duration::from_secs(10);
/// From here on it is told.
const ALLOWED: u64 = 300;

/// Compares the clocks of all buckets once an hour, for ever.
pub async fn watch_every_hour(mounts: Vec<Mount>) {
    let buckets: Vec<Mount> = mounts.into_iter().filter(|mount| mount.bucket.is_some()).collect();
    if buckets.is_empty() {
        return;
    }
    let mut ticks = tokio::time::interval(Duration::from_hours(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for mount in &buckets {
            if let Err(warning) = compare(mount).await {
                tracing::warn!(mount = %mount.name, "{warning}");
            }
        }
    }
}

/// Asks the bucket what time it is.
///
/// # Errors
/// If it is another time there, or it does not say; one line, with the cure.
pub async fn compare(mount: &Mount) -> Result<(), String> {
    let before = clock::now();
    let date = tokio::time::timeout(TIME_LIMIT, date_of(mount)).await;
    let date = date.unwrap_or_else(|_| Err("it does not answer in time".to_owned())).map_err(|reason| {
        format!("the bucket was not asked for its time, {reason}; is its address right, and may this machine go there?")
    })?;
    judge(&date, before, clock::now())
}

/// Whether a `Date` lies near the time between asking and being answered.
fn judge(date: &str, before: UnixSeconds, after: UnixSeconds) -> Result<(), String> {
    let theirs = rfc2822::parse(date).ok().and_then(|time| u64::try_from(time.timestamp().as_second()).ok());
    let Some(theirs) = theirs else {
        return Err("the bucket's answer has no Date that can be read".to_owned());
    };
    let (off, which) = if theirs < before {
        (before - theirs, "ahead of")
    } else {
        (theirs.saturating_sub(after), "behind")
    };
    if off <= ALLOWED {
        return Ok(());
    }
    Err(format!(
        "this machine's clock is {off} seconds {which} the bucket's, which refuses what is signed when they are 900 apart \
         (RequestTimeTooSkewed): visitors get 404; set the clock, by NTP"
    ))
}

/// The `Date` of the answer to an unsigned `HEAD /`; whatever its status is.
async fn date_of(mount: &Mount) -> Result<String, String> {
    let (Some(service), Some(bucket)) = (mount.http_origin(), &mount.bucket) else {
        return Err("it has no address".to_owned());
    };
    let host = bucket.host(&service);
    let Endpoint { tls, authority } =
        bucket.endpoint.clone().unwrap_or(Endpoint { authority: host.clone(), ..service });
    let scheme = if tls { "https" } else { "http" };
    // By name, as NGINX asks: the certificate is the signed host's, and that may lie elsewhere.
    let url = reqwest::Url::parse(&format!("{scheme}://{authority}/")).map_err(|error| error.to_string())?;
    let port = url.port_or_known_default().unwrap_or(443);
    let reached = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let signed = reqwest::Url::parse(&format!("{scheme}://{host}/")).map_err(|error| error.to_string())?;
    let name = signed.host_str().unwrap_or_default().to_owned();
    let addresses: Vec<_> =
        tokio::net::lookup_host((reached, port)).await.map_err(|error| error.to_string())?.collect();
    let mut builder = Client::builder()
        .redirect(Redirects::none())
        .no_proxy()
        .resolve_to_addrs(&name, &addresses)
        .timeout(TIME_LIMIT);
    if let Some(file) = bucket.authorities.as_ref().filter(|_| tls) {
        let pem = tokio::fs::read(file).await.map_err(|error| format!("{file}: {error}"))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| format!("{file}: {error}"))?;
        builder = builder.tls_certs_only(certificates);
    }
    let client = builder.build().map_err(|error| error.to_string())?;
    let url = format!("{scheme}://{name}:{port}/");
    let answer = client.head(url).header("Host", host).send().await;
    let answer = answer.map_err(|error| error.without_url().to_string())?;
    let date = answer.headers().get("Date").and_then(|date| date.to_str().ok());
    date.map(str::to_owned).ok_or_else(|| "its answer has no Date".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::policy::mount::{Bucket, MountKind, Origin};

    const DATE: &str = "Fri, 24 May 2013 00:00:00 GMT";
    const THEN: u64 = 1_369_353_600;

    #[test]
    fn five_minutes_are_allowed() {
        for (before, after) in [(THEN, THEN), (THEN + 300, THEN + 301), (THEN - 301, THEN - 300)] {
            assert_eq!(judge(DATE, before, after), Ok(()));
        }
        let ahead = judge(DATE, THEN + 301, THEN + 301).unwrap_err();
        assert!(ahead.contains("301 seconds ahead of") && ahead.contains("NTP"), "{ahead}");
        assert!(judge(DATE, THEN - 900, THEN - 899).unwrap_err().contains("899 seconds behind"));
        assert!(judge("yesterday", THEN, THEN).is_err());
    }

    fn answering(date: &'static str) -> (Mount, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let service = Origin::Http { tls: false, authority: "s3.invalid".to_owned() };
        let bucket = Bucket {
            bucket: "b".to_owned(),
            region: "r".to_owned(),
            endpoint: Some(Endpoint { tls: false, authority }),
            ..Bucket::default()
        };
        let mount = Mount { bucket: Some(bucket), ..Mount::new("v", MountKind::S3, "/v/", service, "/") };
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2048];
            let length = stream.read(&mut request).unwrap();
            write!(stream, "HTTP/1.1 403 Forbidden\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        (mount, asked)
    }

    #[tokio::test]
    async fn the_bucket_is_asked_at_its_endpoint_by_its_name() {
        let (mount, asked) = answering(DATE);
        let warning = compare(&mount).await.unwrap_err();
        assert!(warning.contains("ahead of the bucket's"), "{warning}");
        let asked = asked.join().unwrap().to_lowercase();
        assert!(
            asked.starts_with("head / http/1.1\r\n") && asked.contains("host: b.s3.invalid\r\n"),
            "{asked}"
        );
        assert!(!asked.contains("authorization"), "{asked}");
        // Nobody listens there any more.
        assert!(compare(&mount).await.unwrap_err().contains("is its address right"));
    }
}
