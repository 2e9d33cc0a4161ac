//! The one place that reads the clock and draws random bytes.
//!
//! Everything else gets the time and the randomness as arguments, so that a test
//! can choose both (`clippy.toml` bans the calls elsewhere).

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01 UTC.
pub type UnixSeconds = u64;

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> UnixSeconds {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

/// A moment in the calendar; `None` after the year 9999.
pub fn calendar(at: UnixSeconds) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_second(i64::try_from(at).ok()?).ok()
}

/// A moment as programs and people read it (RFC 3339): `2041-01-01T00:00:00Z`.
pub fn rfc3339(at: UnixSeconds) -> String {
    calendar(at).map_or_else(|| at.to_string(), |time| time.to_string())
}

/// Fresh random bytes from the operating system.
///
/// # Panics
/// If the operating system has no randomness to give: nothing safe could be
/// sealed then, so the process must not go on.
#[expect(clippy::disallowed_methods, reason = "this is the one place that draws randomness")]
#[expect(clippy::panic, reason = "without randomness nothing safe can be sealed")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes,
        Err(error) => panic!("the operating system gave no random bytes: {error}"),
    }
}
