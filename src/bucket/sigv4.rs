//! AWS Signature Version 4 of a request to a bucket ("Authenticating Requests: Using the Authorization Header"). Pure: the
//! time and the key are arguments.
//!
//! The day's key and the signature are `aws-sigv4`'s. Its signer of whole requests derives the key at each of them, so what
//! it signs, a text of six lines, is put together here; the tests hold that against the signer itself, against the example
//! that AWS has published, and against a server that verifies.

use std::time::{Duration, UNIX_EPOCH};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use jiff::Timestamp;
use jiff::tz::Offset;
use sha2::{Digest as _, Sha256};

/// Stands for the hash of a body; the requests have none.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

const SERVICE: &str = "s3";

/// The time of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At {
    /// Since 1970 UTC.
    seconds: u64,
    /// `20130524T000000Z`
    text: String,
}

impl At {
    /// Of seconds since 1970 UTC; `None` after the year 9999.
    pub(super) fn of(seconds: u64) -> Option<Self> {
        let time = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let time = Offset::UTC.to_datetime(time);
        let (year, month, day) = (time.year(), time.month(), time.day());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let text = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
        Some(Self { seconds, text })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    fn day(&self) -> &str {
        self.text.split('T').next().unwrap_or_default()
    }
}

/// A key that signs for one day and one region.
#[derive(Clone)]
pub(super) struct DayKey {
    scope: String,
    key: Vec<u8>,
}

impl DayKey {
    pub(super) fn derive(secret: &str, at: &At, region: &str) -> Self {
        let key = generate_signing_key(secret, UNIX_EPOCH + Duration::from_secs(at.seconds), region, SERVICE);
        Self { scope: format!("{}/{region}/{SERVICE}/aws4_request", at.day()), key: key.as_ref().to_vec() }
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
        let text = format!("AWS4-HMAC-SHA256\n{}\n{}\n{hash}", at.text, self.scope);
        let signature = calculate_signature(&self.key, text.as_bytes());
        format!("AWS4-HMAC-SHA256 Credential={id}/{},SignedHeaders={names},Signature={signature}", self.scope)
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use aws_sigv4::http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    };
    use aws_sigv4::sign::v4::SigningParams;
    use proptest::prelude::*;

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

    /// What `aws-sigv4` makes of a whole request, all parts of which it puts in order by itself.
    fn by_their_signer(
        (method, host, path): (&str, &str, &str),
        (secret, token): (&str, Option<&str>),
        (region, seconds): (&str, u64),
    ) -> String {
        let credentials = Credentials::new("ID", secret, token.map(str::to_owned), None, "test");
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        // As Amazon's own client has them for S3.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let identity = credentials.into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(SERVICE)
            .time(UNIX_EPOCH + Duration::from_secs(seconds))
            .settings(settings)
            .build()
            .unwrap();
        let url = format!("https://{host}{path}");
        let request =
            SignableRequest::new(method, url, std::iter::empty(), SignableBody::UnsignedPayload).unwrap();
        let (instructions, _) = sign(request, &parameters.into()).unwrap().into_parts();
        let (headers, _) = instructions.into_parts();
        let found = headers.iter().find(|header| header.name() == "authorization");
        found.unwrap().value().to_owned()
    }

    proptest! {
        /// Paths as `iiif/object_key.rs` writes them: one spelling for each byte.
        #[test]
        fn aws_s_own_signer_says_the_same(
            method in "GET|HEAD",
            host in "[a-z]{1,9}(\\.[a-z]{1,9}){0,2}(:[1-9]0[0-9]{2})?",
            path in "(/([A-Za-z0-9._~-]|%20|%C3%BC|%2B|%25|%21|%26){1,9}){1,4}",
            secret in "[!-~]{1,60}",
            token in proptest::option::of("[A-Za-z0-9/+=]{1,200}"),
            region in "[a-z]{2}-[a-z]{4}-[1-9]",
            seconds in 946_684_800_u64..4_102_444_800,
        ) {
            let at = At::of(seconds).unwrap();
            let mut headers = vec![
                ("host", host.as_str()), ("x-amz-content-sha256", UNSIGNED), ("x-amz-date", at.as_str()),
            ];
            headers.extend(token.as_deref().map(|token| ("x-amz-security-token", token)));
            let key = DayKey::derive(&secret, &at, &region);
            let ours = key.authorization("ID", &at, (&method, &path), &headers, UNSIGNED);
            let theirs =
                by_their_signer((&method, &host, &path), (&secret, token.as_deref()), (&region, seconds));
            prop_assert_eq!(ours, theirs.replace(", ", ","));
        }
    }
}
