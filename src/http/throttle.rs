//! Slows down the guessing of passwords and device codes, and guests and requests for accounts that come by the thousand, in
//! bounded memory.
//!
//! Two buckets count each attempt: one of the account *and* the address, one of
//! the address. There is deliberately none of the account alone, which would let
//! anybody lock a person out (S6). An IPv6 visitor is their /64 (H7).

use std::net::{IpAddr, Ipv6Addr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use lru::LruCache;

use crate::credential::account::Username;

const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(16_383);
/// Attempts at one account from one address: this many at once, then one each …
const PAIR_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
const PAIR_SECONDS: Duration = Duration::from_secs(15);
/// Attempts from one address at any account. A reading room is one address.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(299);
const ADDRESS_SECONDS: Duration = Duration::from_secs(1);
/// Codes of a second factor, typed by somebody who knows the password: for one account from one address so many at
/// once, then one each …
const STEP_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
const STEP_SECONDS: Duration = Duration::from_secs(30);
/// And for one account from anywhere: of a million codes three count at any time, so that guessing one takes more
/// than a year. Who can hold an account up so knows its password; a recovery code gets past.
const FACTOR_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
const FACTOR_SECONDS: Duration = Duration::from_mins(2);
/// Logouts of guests from one address. Each is remembered for as long as the guest's cookie would have
/// counted, and a script can be as many guests as it likes.
const GUEST_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
const GUEST_SECONDS: Duration = Duration::from_secs(5);
/// Requests for an account from one address: a class may ask from one, and a script has to wait.
const ASKER_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
const ASKER_SECONDS: Duration = Duration::from_mins(5);

/// The buckets; the least recently used are forgotten first.
pub struct Throttle {
    pairs: Buckets<(IpAddr, Username)>,
    addresses: Buckets<IpAddr>,
    codes: Buckets<IpAddr>,
    guests: Buckets<IpAddr>,
    askers: Buckets<IpAddr>,
    links: Buckets<IpAddr>,
    steps: Buckets<(IpAddr, Username)>,
    factors: Buckets<Username>,
    clock: DefaultClock,
}

/// Too many attempts; when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    pub retry_after: Duration,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            pairs: Buckets::new(PAIR_SECONDS, PAIR_BURST),
            addresses: Buckets::new(ADDRESS_SECONDS, ADDRESS_BURST),
            codes: Buckets::new(PAIR_SECONDS, PAIR_BURST),
            guests: Buckets::new(GUEST_SECONDS, GUEST_BURST),
            askers: Buckets::new(ASKER_SECONDS, ASKER_BURST),
            links: Buckets::new(ADDRESS_SECONDS, ADDRESS_BURST),
            steps: Buckets::new(STEP_SECONDS, STEP_BURST),
            factors: Buckets::new(FACTOR_SECONDS, FACTOR_BURST),
            clock: DefaultClock::default(),
        }
    }
}

impl Throttle {
    /// Counts an attempt.
    ///
    /// # Errors
    /// If either bucket is empty.
    pub fn attempt(&self, address: IpAddr, username: &Username) -> Result<(), Throttled> {
        let address = bucket_address(address);
        let pair = (address, username.clone());
        // A pair that is slowed already costs its address nothing: one forgotten script with
        // an old password must not lock a whole reading room out. New pairs are remembered
        // only if the address may try at all, so that it cannot push out everybody else's.
        let is_counted = self.pairs.take_known(&pair, &self.clock)?;
        self.addresses.take(address, &self.clock)?;
        if is_counted { Ok(()) } else { self.pairs.take(pair, &self.clock) }
    }

    /// A right password forgives the wrong ones before it.
    pub fn succeeded(&self, address: IpAddr, username: &Username) {
        self.pairs.forget(&(bucket_address(address), username.clone()));
    }
}

impl Throttle {
    /// Counts a device code that was typed; it costs its address an attempt like any other.
    ///
    /// # Errors
    /// If either bucket is empty.
    pub fn attempt_code(&self, address: IpAddr) -> Result<(), Throttled> {
        let address = bucket_address(address);
        let is_counted = self.codes.take_known(&address, &self.clock)?;
        self.addresses.take(address, &self.clock)?;
        if is_counted { Ok(()) } else { self.codes.take(address, &self.clock) }
    }

    /// A right code forgives the wrong ones before it: a room has many computers and one address.
    pub fn took_code(&self, address: IpAddr) {
        self.codes.forget(&bucket_address(address));
    }

    /// Counts a code typed as the second step of a login; a right password does not forgive wrong codes. A
    /// recovery code cannot be guessed, so that only those of an app count for the account.
    ///
    /// # Errors
    /// If one of the buckets is empty.
    pub fn attempt_step(
        &self,
        address: IpAddr,
        username: &Username,
        is_recovery: bool,
    ) -> Result<(), Throttled> {
        let address = bucket_address(address);
        // First the pair: one that is slowed already costs its address nothing.
        self.steps.take((address, username.clone()), &self.clock)?;
        self.addresses.take(address, &self.clock)?;
        if is_recovery { Ok(()) } else { self.factors.take(username.clone(), &self.clock) }
    }

    /// A right code forgives the wrong ones before it.
    pub fn took_step(&self, address: IpAddr, username: &Username) {
        self.steps.forget(&(bucket_address(address), username.clone()));
        self.factors.forget(username);
    }

    /// Counts a share link that was looked up, a right one too: nobody can guess one, but each costs the database
    /// something. It has nothing to do with logins.
    ///
    /// # Errors
    /// If the bucket of the address is empty.
    pub fn attempt_link(&self, address: IpAddr) -> Result<(), Throttled> {
        self.links.take(bucket_address(address), &self.clock)
    }

    /// Counts a guest who leaves.
    ///
    /// # Errors
    /// If the bucket of the address is empty.
    pub fn guest_leaves(&self, address: IpAddr) -> Result<(), Throttled> {
        self.guests.take(bucket_address(address), &self.clock)
    }

    /// Counts a form with which somebody asks for an account, before it is looked at: judging a password is work.
    ///
    /// # Errors
    /// If the bucket of the address is empty.
    pub fn attempt_registration(&self, address: IpAddr) -> Result<(), Throttled> {
        self.addresses.take(bucket_address(address), &self.clock)
    }

    /// Counts a request for an account that is to be stored; whoever mistypes has sent none.
    ///
    /// # Errors
    /// If the bucket of the address is empty.
    pub fn registers(&self, address: IpAddr) -> Result<(), Throttled> {
        self.askers.take(bucket_address(address), &self.clock)
    }
}

struct Buckets<K: Eq + std::hash::Hash> {
    quota: Quota,
    buckets: Mutex<LruCache<K, Arc<DefaultDirectRateLimiter>>>,
}

impl<K: Eq + std::hash::Hash> Buckets<K> {
    fn new(each: Duration, burst: NonZeroU32) -> Self {
        let quota = Quota::with_period(each).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        Self { quota: quota.allow_burst(burst), buckets: Mutex::new(LruCache::new(REMEMBERED)) }
    }

    fn take(&self, key: K, clock: &DefaultClock) -> Result<(), Throttled> {
        let bucket = {
            let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(buckets.get_or_insert(key, || Arc::new(RateLimiter::direct(self.quota))))
        };
        bucket.check().map_err(|wait| Throttled { retry_after: wait.wait_time_from(clock.now()) })
    }

    /// Takes from a bucket that there is already; whether there is one.
    fn take_known(&self, key: &K, clock: &DefaultClock) -> Result<bool, Throttled> {
        let bucket = self.buckets.lock().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone);
        let Some(bucket) = bucket else { return Ok(false) };
        match bucket.check() {
            Ok(()) => Ok(true),
            Err(wait) => Err(Throttled { retry_after: wait.wait_time_from(clock.now()) }),
        }
    }

    fn forget(&self, key: &K) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).pop(key);
    }
}

fn bucket_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Username {
        Username::parse(text).unwrap()
    }

    fn attempts(throttle: &Throttle, address: &str, username: &str, count: usize) -> usize {
        let address = address.parse().unwrap();
        (0..count).filter(|_| throttle.attempt(address, &name(username)).is_ok()).count()
    }

    #[test]
    fn s6_one_account_from_one_address_is_slowed_and_nobody_else() {
        let throttle = Throttle::default();
        assert_eq!(attempts(&throttle, "192.0.2.1", "ada", 50), 10);
        assert_eq!(attempts(&throttle, "192.0.2.1", "grace", 5), 5);
        assert_eq!(attempts(&throttle, "192.0.2.2", "ada", 5), 5);
    }

    #[test]
    fn s6_hammering_one_account_leaves_the_others_of_that_address_alone() {
        let throttle = Throttle::default();
        assert_eq!(attempts(&throttle, "192.0.2.1", "ada", 1000), 10);
        assert_eq!(attempts(&throttle, "192.0.2.1", "grace", 5), 5);
    }

    #[test]
    fn s6_an_address_that_may_not_try_pushes_nobody_out_of_memory() {
        let throttle = Throttle::default();
        let tried: usize =
            (0..2000).map(|number| attempts(&throttle, "192.0.2.1", &format!("name{number}"), 1)).sum();
        assert!((300..310).contains(&tried), "{tried}");
        assert_eq!(throttle.pairs.buckets.lock().unwrap().len(), tried);
    }

    #[test]
    fn s7_spellings_of_a_name_share_a_bucket() {
        let throttle = Throttle::default();
        let got: usize = ["ada", "ADA", "\u{ff21}da", " ada "]
            .iter()
            .map(|spelling| attempts(&throttle, "192.0.2.1", spelling, 10))
            .sum();
        assert_eq!(got, 10);
    }

    #[test]
    fn h7_a_slash_64_is_one_visitor_and_a_mapped_address_its_ipv4() {
        let throttle = Throttle::default();
        let got: usize =
            (0..50).map(|host| attempts(&throttle, &format!("2001:db8::{host:x}"), "ada", 1)).sum();
        assert_eq!(got, 10);
        assert_eq!(attempts(&throttle, "192.0.2.9", "ada", 5), 5);
        assert_eq!(attempts(&throttle, "::ffff:192.0.2.9", "ada", 50), 5);
    }

    #[test]
    fn s6_memory_is_bounded() {
        let throttle = Throttle::default();
        for number in 0..40_000_u32 {
            let address = IpAddr::V4(number.into());
            let _ = throttle.attempt(address, &name("ada"));
        }
        assert_eq!(throttle.pairs.buckets.lock().unwrap().len(), REMEMBERED.get());
        assert_eq!(throttle.addresses.buckets.lock().unwrap().len(), REMEMBERED.get());
    }

    #[test]
    fn s6_device_codes_are_slowed_and_logins_go_on() {
        let throttle = Throttle::default();
        let address = "192.0.2.1".parse().unwrap();
        let codes = |count| (0..count).filter(|_| throttle.attempt_code(address).is_ok()).count();
        assert_eq!(codes(1000), 10);
        assert_eq!(attempts(&throttle, "192.0.2.1", "ada", 5), 5);
        throttle.took_code(address);
        assert_eq!(codes(3), 3);
        let elsewhere = "192.0.2.2".parse().unwrap();
        assert!(throttle.attempt_code(elsewhere).is_ok());
    }

    #[test]
    fn s6_codes_of_a_second_factor_are_slowed_from_one_address_and_from_many() {
        let throttle = Throttle::default();
        let ada = name("ada");
        let here = "192.0.2.1".parse().unwrap();
        let from = |address, recovery| throttle.attempt_step(address, &ada, recovery).is_ok();
        assert_eq!((0..50).filter(|_| from(here, false)).count(), 5);
        throttle.succeeded(here, &ada);
        assert!(!from(here, false), "a right password does not forgive wrong codes");
        let addresses = || (2..=60_u32).map(|last| IpAddr::V4((0xc000_0200 + last).into()));
        assert_eq!(addresses().filter(|address| from(*address, false)).count(), 25);
        assert_eq!(
            addresses().filter(|address| from(*address, true)).count(),
            59,
            "a recovery code gets past"
        );
        assert!(throttle.attempt_step(here, &name("grace"), false).is_ok());
        throttle.took_step(here, &ada);
        assert!(from(here, false));
    }

    #[test]
    fn s6_requests_for_accounts_are_slowed_by_address_and_logins_go_on() {
        let throttle = Throttle::default();
        let address = "2001:db8::1".parse().unwrap();
        assert_eq!((0..100).filter(|_| throttle.registers(address).is_ok()).count(), 10);
        let same_network = "2001:db8::2".parse().unwrap();
        let waits = throttle.registers(same_network).unwrap_err().retry_after;
        assert!(waits > Duration::from_mins(4) && waits <= ASKER_SECONDS, "{waits:?}");
        assert!(throttle.registers("2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert_eq!(attempts(&throttle, "2001:db8::1", "ada", 5), 5);
        assert!((0..1000).filter(|_| throttle.attempt_registration(address).is_ok()).count() <= 300);
    }

    #[test]
    fn s6_share_links_are_slowed_and_logins_go_on() {
        let throttle = Throttle::default();
        let address = "192.0.2.1".parse().unwrap();
        let links = (0..1000).filter(|_| throttle.attempt_link(address).is_ok()).count();
        assert!((300..310).contains(&links), "{links}");
        assert_eq!(attempts(&throttle, "192.0.2.1", "ada", 5), 5);
        assert!(throttle.attempt_link("192.0.2.2".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_right_password_forgives() {
        let throttle = Throttle::default();
        assert_eq!(attempts(&throttle, "192.0.2.1", "ada", 10), 10);
        throttle.succeeded("192.0.2.1".parse().unwrap(), &name("ada"));
        assert_eq!(attempts(&throttle, "192.0.2.1", "ada", 3), 3);
    }
}
