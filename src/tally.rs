//! What happens too often for a line of the audit trail each: requests that were denied, logins that failed, terms
//! that were accepted. It is counted in memory, bounded, and told once a minute.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::audit::{Act, Action, Entry};
use crate::clock;
use crate::credential::account::{AccountId, Id128, PassId, is_deceptive};
use crate::store::{Store, StoreError};

/// So many lines a minute at most of each kind; a script can ask for a thousand images a second.
const LINES: usize = 100;
/// So many lines of each kind in a row; then so many a minute. A script goes on for a year, and each line is kept for
/// as long.
const ROOM: usize = 3000;
const ROOM_A_MINUTE: usize = 20;
/// When so many passes were used within a minute, the time of the others is not noted.
const USED: usize = 4096;
/// So many accounts are named in a line.
const NAMED: usize = 20;

/// Characters that are told of an identifier: anybody can ask for one of eight thousand, a hundred times a minute.
const LONGEST: usize = 200;

/// The counts since the last minute was told.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    /// By mount and identifier.
    denied: Counted<(Box<str>, Box<str>), Denied>,
    failed: Counted<(Option<AccountId>, IpAddr), u64>,
    /// By condition and the mark of its terms.
    accepted: Counted<(Box<str>, u32), Accepted>,
    /// Redemptions, by pass.
    redeemed: Counted<PassId, u64>,
    /// When each pass was used last.
    used: HashMap<PassId, u64>,
}

#[derive(Debug, Default)]
struct Denied {
    requests: u64,
    accounts: BTreeSet<AccountId>,
    /// Of the first request.
    basis: &'static str,
}

#[derive(Debug, Default)]
struct Accepted {
    guests: u64,
    accounts: BTreeSet<AccountId>,
    more: u64,
}

/// A map that grows to [`LINES`], or as far as there is room, and counts what comes beyond.
#[derive(Debug)]
struct Counted<K, V> {
    lines: HashMap<K, V>,
    more: u64,
    room: usize,
}

impl<K, V> Default for Counted<K, V> {
    fn default() -> Self {
        Self { lines: HashMap::new(), more: 0, room: ROOM }
    }
}

impl<K: Eq + Hash, V: Default> Counted<K, V> {
    /// The count of this key; `None` if there is no room for another.
    fn of(&mut self, key: K) -> Option<&mut V> {
        if self.lines.len() >= LINES.min(self.room) && !self.lines.contains_key(&key) {
            self.more += 1;
            return None;
        }
        Some(self.lines.entry(key).or_default())
    }

    /// That of the next minute.
    fn next(&self) -> Self {
        let left = self.room.saturating_sub(self.lines.len());
        Self { room: (left + ROOM_A_MINUTE).min(ROOM), ..Self::default() }
    }
}

impl Tally {
    fn minute(&self) -> MutexGuard<'_, Minute> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request that was not allowed.
    pub fn denied(&self, mount: &str, identifier: &str, account: Option<AccountId>, basis: &'static str) {
        let key = (told(mount), told(identifier));
        let mut minute = self.minute();
        let Some(denied) = minute.denied.of(key) else { return };
        if denied.requests == 0 {
            denied.basis = basis;
        }
        denied.requests += 1;
        if let Some(account) = account
            && denied.accounts.len() < NAMED
        {
            denied.accounts.insert(account);
        }
    }

    /// Counts a login that failed. `account`: whose it would have been, if there is one of that name.
    pub fn login_failed(&self, account: Option<AccountId>, address: IpAddr) {
        if let Some(attempts) = self.minute().failed.of((account, address)) {
            *attempts += 1;
        }
    }

    /// Counts terms that were accepted, by a guest or with an account.
    pub fn accepted(&self, condition: &str, terms: u32, account: Option<AccountId>) {
        let mut minute = self.minute();
        let Some(accepted) = minute.accepted.of((condition.into(), terms)) else { return };
        match account {
            None => accepted.guests += 1,
            Some(account) if accepted.accounts.len() < NAMED => {
                accepted.accounts.insert(account);
            }
            Some(_) => accepted.more += 1,
        }
    }

    /// Counts a redemption of a pass whose uses are not counted.
    pub fn redeemed(&self, pass: PassId) {
        if let Some(times) = self.minute().redeemed.of(pass) {
            *times += 1;
        }
    }

    /// Notes that a pass has opened something.
    pub fn used(&self, pass: PassId, now: u64) {
        let mut minute = self.minute();
        if minute.used.len() < USED || minute.used.contains_key(&pass) {
            minute.used.insert(pass, now);
        }
    }

    /// What there is to tell, and when passes were used; the counts begin anew.
    fn take(&self) -> (Vec<Entry>, Vec<(PassId, u64)>) {
        let Minute { denied, failed, accepted, redeemed, used } = {
            let mut minute = self.minute();
            let next = Minute {
                denied: minute.denied.next(),
                failed: minute.failed.next(),
                accepted: minute.accepted.next(),
                redeemed: minute.redeemed.next(),
                used: HashMap::new(),
            };
            std::mem::replace(&mut *minute, next)
        };
        let mut entries = Vec::new();
        for ((mount, identifier), Denied { requests, accounts, basis }) in denied.lines {
            let entry = Entry::new(Action::AccessDenied, format_args!("{mount} {identifier}"))
                .with("requests", requests)
                .with("basis", basis);
            entries.push(named(entry, &accounts));
        }
        for ((account, address), attempts) in failed.lines {
            let subject = account.map(|account| account.to_string()).unwrap_or_default();
            let entry = Entry::new(Action::LoginsFailed, subject);
            entries.push(entry.with("attempts", attempts).with("address", address));
        }
        for ((condition, terms), Accepted { guests, accounts, more }) in accepted.lines {
            let entry =
                Entry::new(Action::TermsAccepted, condition).with("terms", terms).with("guests", guests);
            entries.push(named(if more > 0 { entry.with("more_accounts", more) } else { entry }, &accounts));
        }
        for (pass, times) in redeemed.lines {
            entries.push(Entry::new(Action::PassRedeemed, pass).with("times", times));
        }
        for (action, more) in [
            (Action::AccessDenied, denied.more),
            (Action::LoginsFailed, failed.more),
            (Action::TermsAccepted, accepted.more),
            (Action::PassRedeemed, redeemed.more),
        ] {
            if more > 0 {
                entries.push(Entry::new(action, "").with("more", more));
            }
        }
        (entries, used.into_iter().collect())
    }

    /// Writes what was counted into the audit trail.
    ///
    /// # Errors
    /// If the store does not answer; the counts are lost then, so that they do not grow.
    pub async fn tell(&self, store: &Store, act: Act) -> Result<(), StoreError> {
        let (entries, used) = self.take();
        if !entries.is_empty() {
            store.tell(entries, act).await?;
        }
        store.touch_passes(&used, act).await
    }

    /// Tells every minute, for ever.
    pub async fn tell_every_minute(&self, store: &Store) {
        let mut ticks = tokio::time::interval(Duration::from_mins(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.tell_now(store).await;
        }
    }

    /// Tells now; a failure is a line of the log.
    pub async fn tell_now(&self, store: &Store) {
        if let Err(error) = self.tell(store, Act::visitor(clock::now())).await {
            tracing::warn!(%error, "a minute of denials and failed logins is not in the audit trail");
        }
    }
}

/// A text of a visitor's, cut, with nothing in it that could not be seen or would turn what stands beside it.
fn told(text: &str) -> Box<str> {
    if text.len() <= LONGEST && !text.chars().any(is_deceptive) {
        return text.into();
    }
    let mut told = String::new();
    for (place, character) in text.chars().enumerate() {
        if place == LONGEST {
            told.push('…');
            break;
        }
        if is_deceptive(character) {
            told.extend(character.escape_unicode());
        } else {
            told.push(character);
        }
    }
    told.into()
}

fn named(entry: Entry, accounts: &BTreeSet<AccountId>) -> Entry {
    if accounts.is_empty() {
        return entry;
    }
    let ids: Vec<String> = accounts.iter().map(Id128::to_string).collect();
    entry.with("accounts", ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_for_one_image_are_one_line() {
        let tally = Tally::default();
        for _ in 0..300 {
            tally.denied("images", "letters/1", None, "not-held");
        }
        tally.denied("images", "letters/1", Some(Id128([7; 16])), "not-held");
        tally.denied("maps", "letters/1", None, "closed");
        let mut entries = tally.take().0;
        entries.sort_by(|one, other| one.subject.cmp(&other.subject));
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].subject, "images letters/1");
        assert_eq!(entries[0].details["requests"], 301);
        assert_eq!(entries[0].details["accounts"], serde_json::json!([Id128([7; 16]).to_string()]));
        assert_eq!(entries[1].details["basis"], "closed");
        assert!(tally.take().0.is_empty(), "told once");
    }

    #[test]
    fn s19_summaries_are_capped() {
        let tally = Tally::default();
        for number in 0..5000_u32 {
            tally.denied(
                "images",
                &number.to_string(),
                Some(Id128(u128::from(number).to_be_bytes())),
                "closed",
            );
            tally.login_failed(None, IpAddr::V4(number.into()));
            tally.accepted(&format!("c{number}"), 1, None);
        }
        for number in 0..5000_u32 {
            tally.accepted("c0", 1, Some(Id128(u128::from(number).to_be_bytes())));
        }
        let entries = tally.take().0;
        assert_eq!(entries.len(), 3 * (LINES + 1));
        let rest: Vec<_> = entries.iter().filter_map(|entry| entry.details.get("more")).collect();
        assert_eq!(rest, [4900, 4900, 4900]);
        let c0 = entries.iter().find(|entry| entry.subject == "c0").unwrap();
        assert_eq!(c0.details["accounts"].as_array().unwrap().len(), NAMED);
        assert_eq!(c0.details["more_accounts"], 5000 - NAMED);
    }

    #[test]
    fn s19_a_script_that_goes_on_for_a_day_fills_no_disk() {
        let tally = Tally::default();
        let mut told = 0;
        for minute in 0..24 * 60_u32 {
            for number in 0..200_u32 {
                tally.denied("images", &format!("{minute}/{number}"), None, "closed");
            }
            let entries = tally.take().0;
            told += entries.len();
            let counted: u64 = entries
                .iter()
                .map(|entry| {
                    let count = |field| entry.details.get(field).and_then(serde_json::Value::as_u64);
                    count("requests").or(count("more")).unwrap()
                })
                .sum();
            assert_eq!(counted, 200, "what has no line of its own is counted");
        }
        assert!(told < ROOM + 24 * 60 * (ROOM_A_MINUTE + 1) + 1, "{told}");
        for _ in 0..24 * 60 {
            tally.take();
        }
        (0..200_u32).for_each(|number| tally.denied("images", &number.to_string(), None, "closed"));
        assert_eq!(tally.take().0.len(), LINES + 1, "after a quiet day there is room again");
    }

    #[test]
    fn s19_what_visitors_ask_for_is_told_short_and_as_it_can_be_seen() {
        let tally = Tally::default();
        tally.denied("images", "a\u{202e}gpj.x\u{7}\u{200b}é", None, "closed");
        tally.denied("images", &"é".repeat(4000), None, "closed");
        tally.denied(&"m".repeat(4000), "\u{202e}".repeat(4000).as_str(), None, "closed");
        let mut subjects: Vec<_> = tally.take().0.into_iter().map(|entry| entry.subject).collect();
        subjects.sort();
        assert_eq!(subjects[0], "images a\\u{202e}gpj.x\\u{7}\\u{200b}é");
        assert_eq!(subjects[1], format!("images {}…", "é".repeat(LONGEST)));
        assert!(subjects[2].len() < 2500 && !subjects[2].chars().any(is_deceptive), "{}", subjects[2]);
    }

    #[test]
    fn guessing_is_counted_by_account_and_address() {
        let tally = Tally::default();
        let (ada, here) = (Id128([1; 16]), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..7 {
            tally.login_failed(Some(ada), here);
        }
        tally.login_failed(None, here);
        let entries = tally.take().0;
        let of = |subject: &str| entries.iter().find(|entry| entry.subject == subject).unwrap();
        assert_eq!(of(&ada.to_string()).details["attempts"], 7);
        assert_eq!(of("").details["address"], "192.0.2.1");
    }
}
