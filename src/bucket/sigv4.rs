//! AWS Signature Version 4 of a request to a bucket ("Authenticating Requests: Using the Authorization Header"). Pure: the
//! time and the key are arguments. Checked against the example that AWS has published, and by a server that verifies.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jiff::tz::Offset;
use sha2::{Digest as _, Sha256};

/// Stands for the hash of a body; the requests have none.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

const SERVICE: &str = "s3";

/// The time of a request, `20130524T000000Z`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At(String);

impl At {
    /// Of seconds since 1970 UTC; `None` after the year 9999.
    pub(super) fn of(seconds: u64) -> Option<Self> {
        let time = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let time = Offset::UTC.to_datetime(time);
        Some(Self(format!(
            "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        )))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn day(&self) -> &str {
        self.0.split('T').next().unwrap_or_default()
    }
}

/// A key that signs for one day and one region.
#[derive(Clone)]
pub(super) struct DayKey {
    scope: String,
    key: [u8; 32],
}

impl DayKey {
    pub(super) fn derive(secret: &str, at: &At, region: &str) -> Self {
        let mut first = Vec::with_capacity(4 + secret.len());
        first.extend_from_slice(b"AWS4");
        first.extend_from_slice(secret.as_bytes());
        let key = [at.day(), region, SERVICE, "aws4_request"]
            .iter()
            .fold(first, |key, part| mac(&key, part.as_bytes()).to_vec());
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(key).for_each(|(to, from)| *to = from);
        Self { scope: format!("{}/{region}/{SERVICE}/aws4_request", at.day()), key: bytes }
    }

    pub(super) fn is_for(&self, at: &At) -> bool {
        self.scope.strip_prefix(at.day()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The `Authorization` of a request. The headers are sorted, with names in lower case; the path is spelled as it
    /// is sent, and there is no query.
    pub(super) fn authorization(
        &self,
        id: &str,
        at: &At,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        payload: &str,
    ) -> String {
        let mut names = String::with_capacity(96);
        for &(name, _) in headers {
            if !names.is_empty() {
                names.push(';');
            }
            names.push_str(name);
        }
        let mut request = Sha256::new();
        for part in [method, "\n", path, "\n\n"] {
            request.update(part);
        }
        for &(name, value) in headers {
            for part in [name, ":", value, "\n"] {
                request.update(part);
            }
        }
        for part in ["\n", names.as_str(), "\n", payload] {
            request.update(part);
        }
        let hash = hex(&request.finalize());
        let text = format!("AWS4-HMAC-SHA256\n{}\n{}\n{hash}", at.0, self.scope);
        let signature = hex(&mac(&self.key, text.as_bytes()));
        format!("AWS4-HMAC-SHA256 Credential={id}/{},SignedHeaders={names},Signature={signature}", self.scope)
    }
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Nothing can go wrong when writing into a text.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// "Example: GET Object" of Amazon's documentation of S3.
    #[test]
    fn the_example_that_was_published_is_signed_as_there() {
        let at = At::of(1_369_353_600).unwrap();
        assert_eq!(at.as_str(), "20130524T000000Z");
        let key = DayKey::derive(SECRET, &at, "us-east-1");
        let headers = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", NOTHING),
            ("x-amz-date", at.as_str()),
        ];
        let authorization =
            key.authorization("AKIAIOSFODNN7EXAMPLE", &at, ("GET", "/test.txt"), &headers, NOTHING);
        assert_eq!(
            authorization,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
    }

    #[test]
    fn every_part_is_signed() {
        let at = At::of(1_369_353_600).unwrap();
        let sign = |secret: &str, region: &str, method: &str, path: &str, host: &str, at: &At| {
            let key = DayKey::derive(secret, at, region);
            key.authorization("ID", at, (method, path), &[("host", host)], UNSIGNED)
        };
        let one = sign(SECRET, "r", "GET", "/a", "h", &at);
        assert_eq!(one, sign(SECRET, "r", "GET", "/a", "h", &at));
        for other in [
            sign("other", "r", "GET", "/a", "h", &at),
            sign(SECRET, "s", "GET", "/a", "h", &at),
            sign(SECRET, "r", "HEAD", "/a", "h", &at),
            sign(SECRET, "r", "GET", "/b", "h", &at),
            sign(SECRET, "r", "GET", "/a", "i", &at),
            sign(SECRET, "r", "GET", "/a", "h", &At::of(1_369_353_601).unwrap()),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_key_is_for_one_day() {
        let day = 1_369_353_600;
        let key = DayKey::derive(SECRET, &At::of(day).unwrap(), "r");
        for (seconds, is_for) in [(day, true), (day + 86_399, true), (day + 86_400, false), (day - 1, false)]
        {
            assert_eq!(key.is_for(&At::of(seconds).unwrap()), is_for, "{seconds}");
        }
        assert_eq!(At::of(951_868_799).unwrap().as_str(), "20000229T235959Z");
        assert_eq!(At::of(u64::MAX), None);
    }
}
