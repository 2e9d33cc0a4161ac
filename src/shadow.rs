//! Dry runs (`shadow=` of a mount), as the operator is told of them: at the start, on every page of the
//! administration, and in the log.
//!
//! What they allow is decided in [`crate::policy`], and nowhere else.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::{self, UnixSeconds};
use crate::config::setting_of_mount;
use crate::policy::Policy;
use crate::policy::decision::Resource;
use crate::policy::mount::Mount;

/// A mount in dry run, in words for its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub mount: String,
    /// The first day on which its rules count (UTC).
    pub until: jiff::civil::Date,
}

impl Notice {
    /// What the mount is called in the settings.
    pub fn setting(&self) -> String {
        setting_of_mount(&self.mount)
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mount, until } = self;
        write!(
            f,
            "The mount {mount} is in dry run until {until}, 0:00 UTC: everybody gets from it what otherwise needs a login, \
             and the log says what would be denied. What is closed stays closed. It ends by itself; to end it \
             now, take shadow= out of {} and restart the service.",
            self.setting()
        )
    }
}

/// The mounts in dry run at this moment.
pub fn notices(mounts: &[Mount], now: UnixSeconds) -> Vec<Notice> {
    let running = mounts.iter().filter(|mount| now < mount.shadow_until());
    running.filter_map(|mount| Some(Notice { mount: mount.name.clone(), until: mount.shadow? })).collect()
}

/// So many lines a minute at most: a visitor who zooms asks for hundreds of tiles of one image.
const LINES_A_MINUTE: usize = 100;

/// Writes to the log what would be denied: each resource once a minute, and how many requests there were besides.
#[derive(Debug, Default)]
pub struct ShadowLog {
    minute: Mutex<Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    begun: UnixSeconds,
    /// What has its line, by mount.
    told: HashMap<usize, HashSet<Box<str>>>,
    lines: usize,
    /// Requests without a line.
    more: u64,
}

impl ShadowLog {
    /// Notes a request that a dry run alone has allowed. `mount` is the mount's name.
    pub fn note(&self, policy: &Policy, mount: &[u8], identifier: &str, now: UnixSeconds) {
        let Some(position) = policy.mounts().iter().position(|known| known.name.as_bytes() == mount) else {
            return;
        };
        let resource = Resource { mount: position, identifier };
        let (is_first, earlier) = {
            let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
            let earlier = minute.end(now);
            (minute.is_first(&resource), earlier)
        };
        say_how_many(earlier);
        if is_first {
            let needed = policy.conditions.of(policy.needed(&resource, now));
            let needed: Vec<_> = needed.map(|condition| condition.name.as_str()).collect();
            tracing::info!(
                mount = policy.mounts().get(position).map(|mount| mount.name.as_str()),
                // Quoted and escaped: it comes from the request.
                ?identifier,
                needed = needed.join(", "),
                "allowed by the dry run, would be denied"
            );
        }
    }

    /// Says how many requests there were in a minute that is over.
    fn sum_up(&self, now: UnixSeconds) {
        let earlier = self.minute.lock().unwrap_or_else(PoisonError::into_inner).end(now);
        say_how_many(earlier);
    }
}

impl Minute {
    /// Begins another one, if this one is over; how many requests of it had no line.
    fn end(&mut self, now: UnixSeconds) -> u64 {
        // Also where the clock was set back.
        if now.abs_diff(self.begun) < 60 {
            return 0;
        }
        let more = self.more;
        *self = Self { begun: now, ..Self::default() };
        more
    }

    /// Whether this request gets a line.
    fn is_first(&mut self, resource: &Resource<'_>) -> bool {
        let told = self.told.entry(resource.mount).or_default();
        if self.lines >= LINES_A_MINUTE || told.contains(resource.identifier) {
            self.more += 1;
            return false;
        }
        self.lines += 1;
        told.insert(resource.identifier.into());
        true
    }
}

fn say_how_many(more: u64) {
    if more > 0 {
        tracing::info!(more, "and more requests within a minute that would be denied");
    }
}

/// Says for ever what [`ShadowLog::note`] has not said, when nothing more comes.
pub async fn sum_up_every_minute(log: Arc<ShadowLog>) {
    let mut ticks = tokio::time::interval(Duration::from_mins(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        log.sum_up(clock::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::mount::{MountKind, Origin};

    const DAY: jiff::civil::Date = jiff::civil::date(2030, 1, 3);

    fn mount(name: &str, shadow: Option<jiff::civil::Date>) -> Mount {
        let origin = Origin::Http { tls: false, authority: "h".to_owned() };
        Mount { shadow, ..Mount::new(name, MountKind::Image, "/i/", origin, "/") }
    }

    #[test]
    fn a_mount_is_told_of_until_its_day_begins() {
        let mounts = [mount("images", None), mount("old-maps", Some(DAY))];
        let midnight = mounts[1].shadow_until();
        let told = notices(&mounts, midnight - 1);
        assert_eq!(told, [Notice { mount: "old-maps".to_owned(), until: DAY }]);
        let text = told[0].to_string();
        for word in ["old-maps", "2030-01-03", "TILEGATE_MOUNT_OLD_MAPS", "stays closed"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(notices(&mounts, midnight).is_empty());
    }

    #[test]
    fn each_resource_has_a_line_a_minute_and_the_rest_is_counted() {
        let mut minute = Minute::default();
        let at = |mount, identifier| Resource { mount, identifier };
        assert_eq!(minute.end(1000), 0);
        assert!(minute.is_first(&at(0, "a")) && minute.is_first(&at(0, "b")) && minute.is_first(&at(1, "a")));
        for _ in 0..5 {
            assert!(!minute.is_first(&at(0, "a")));
        }
        assert_eq!(minute.end(1059), 0, "the minute is not over");
        assert_eq!(minute.end(1060), 5);
        assert_eq!(minute.end(1120), 0, "that was said");
        assert!(minute.is_first(&at(0, "a")));
        assert!(!minute.is_first(&at(0, "a")));
        assert_eq!(minute.end(500), 1, "the clock was set back");
    }

    #[test]
    fn a_storm_of_tiles_writes_no_more_lines_than_that() {
        let mut minute = Minute::default();
        let names: Vec<String> = (0..5000).map(|number| number.to_string()).collect();
        let lines = names.iter().filter(|name| minute.is_first(&Resource { mount: 0, identifier: name }));
        assert_eq!(lines.count(), LINES_A_MINUTE);
        assert_eq!(minute.told[&0].len(), LINES_A_MINUTE, "and remembers no more");
        assert_eq!(minute.end(60), 4900);
    }
}
