//! When a dry run (`shadow=` of a mount) may end.

use super::known::setting_of_mount;
use super::value::{Wrong, wrong};
use crate::clock::UnixSeconds;
use crate::policy::mount::Mount;

/// How far ahead the end of a dry run may be, in days.
const MOST_DAYS: u64 = 30;

/// Refuses a dry run that lasts long: while it does the mount is hardly protected, and it must not be forgotten.
pub(super) fn check(mount: &Mount, now: UnixSeconds) -> Result<(), Wrong> {
    let Some(day) = mount.shadow else { return Ok(()) };
    let latest = now - now % 86_400 + MOST_DAYS * 86_400;
    if mount.shadow_until() > latest {
        let latest = i64::try_from(latest).ok().and_then(|at| jiff::Timestamp::from_second(at).ok());
        let latest = latest.map(|latest| latest.to_zoned(jiff::tz::TimeZone::UTC).date());
        return wrong(
            format!("shadow={day} is more than {MOST_DAYS} days ahead"),
            latest.map_or_else(String::new, |latest| format!("write {latest} or an earlier day")),
        );
    }
    Ok(())
}

/// Dry runs that are over: they have no effect.
pub(super) fn over(mounts: &[Mount], now: UnixSeconds) -> impl Iterator<Item = String> {
    let ended = mounts.iter().filter(move |mount| mount.shadow_until() <= now);
    ended.filter_map(|mount| {
        let (setting, day) = (setting_of_mount(&mount.name), mount.shadow?);
        Some(format!("{setting}: shadow={day} is over and has no effect any more; leave it out"))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::config::mount::parse;
    use crate::policy::rule::utc_midnight;

    const TODAY: Date = date(2031, 1, 15);

    fn until(day: &str) -> Mount {
        parse("OLD_MAPS", &format!("image /old/ http://h/ default=open shadow={day}")).unwrap()
    }

    #[test]
    fn a_dry_run_is_at_most_thirty_days_long() {
        let today = utc_midnight(TODAY);
        // Until the last second of the day.
        for now in [today, today + 86_399] {
            for day in ["1999-12-31", "2031-01-16", "2031-02-13", "2031-02-14"] {
                assert_eq!(check(&until(day), now), Ok(()), "{day}");
            }
            for day in ["2031-02-15", "2031-12-31", "9999-12-31"] {
                let (what, cure) = check(&until(day), now).unwrap_err();
                assert_eq!(what, format!("shadow={day} is more than 30 days ahead"));
                assert_eq!(cure, "write 2031-02-14 or an earlier day");
            }
        }
        assert_eq!(check(&until("2031-02-15"), today + 86_400), Ok(()), "the day after");
    }

    #[test]
    fn one_that_is_over_is_told_of() {
        let mounts = ["2031-01-14", "2031-01-15", "2031-01-16"].map(until);
        let told: Vec<_> = over(&mounts, utc_midnight(TODAY)).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        for (notice, day) in told.iter().zip(["2031-01-14", "2031-01-15"]) {
            assert!(notice.starts_with("TILEGATE_MOUNT_OLD_MAPS: ") && notice.contains(day), "{notice}");
        }
    }
}
