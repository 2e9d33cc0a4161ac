//! What the overview says of the service itself and of what stands around it. Whatever is wrong is said in words, with
//! the setting that cures it; never where an origin is, because that is where images can be had unchecked.

use crate::clock::UnixSeconds;
use crate::config::{bucket_setting, setting_of_mount};
use crate::health::{Certificate, Seen};
use crate::http::Context;
use crate::origin::Trouble;
use crate::policy::file::day_or_moment;
use crate::policy::mount::{Mount, Origin};
use crate::texts::{Said, Texts};

const DAY: u64 = 86_400;
/// A certificate that ends sooner should have been renewed: authorities' clients do it a month before.
const SOON: u64 = 21 * DAY;

pub(super) struct Health {
    pub(super) database: &'static str,
    /// Seconds since the database was last heard of.
    pub(super) age: u64,
    /// Why the stored policy is not in force.
    pub(super) unusable: Option<String>,
    pub(super) version: &'static str,
    /// With the samples, whose accounts everybody knows.
    pub(super) is_demo: bool,
    pub(super) keys: Finding,
    pub(super) certificate: Finding,
    /// Of each mount: its name, and whether what is behind it answers.
    pub(super) origins: Vec<(String, Finding)>,
}

/// What is said of one thing.
pub(super) struct Finding {
    pub(super) said: Said,
    /// Something is to be done.
    pub(super) is_wrong: bool,
}

impl Finding {
    fn well(said: Said) -> Self {
        Self { said, is_wrong: false }
    }

    fn wrong(said: Said) -> Self {
        Self { said, is_wrong: true }
    }
}

impl Health {
    pub(super) fn of(context: &Context, seen: &Seen, t: Texts, now: UnixSeconds) -> Self {
        let mounts = &context.settings.site.mounts;
        Self {
            database: context.store.database(),
            age: now.saturating_sub(context.live.synced_at()),
            unusable: context.live.unusable().map(|reason| reason.as_str().to_owned()),
            version: env!("CARGO_PKG_VERSION"),
            is_demo: context.demo,
            keys: keys(&context.keyring.names(), context.settings.session_seconds, t),
            certificate: certificate(seen.certificate, now, t),
            origins: mounts
                .iter()
                .map(|mount| (mount.name.clone(), origin(mount, seen.origin(&mount.name), t)))
                .collect(),
        }
    }

    /// Whether there is anything to be done.
    pub(super) fn is_wrong(&self) -> bool {
        self.certificate.is_wrong || self.origins.iter().any(|(_, finding)| finding.is_wrong)
    }
}

fn keys(names: &[String], session_seconds: u64, t: Texts) -> Finding {
    Finding::well(match names {
        [] => t.say("overview-keys-none"),
        [only] => t.say("overview-keys-one").with("key", only),
        [first, older @ ..] => t
            .say("overview-keys-several")
            .with("key", first)
            .with("older", older.join(", "))
            .number("hours", session_seconds.div_ceil(3600)),
    })
}

fn certificate(seen: Certificate, now: UnixSeconds, t: Texts) -> Finding {
    match seen {
        Certificate::NoTls => Finding::well(t.say("overview-certificate-none")),
        Certificate::Unseen => Finding::well(t.say("overview-certificate-unseen")),
        Certificate::Ends(end) => {
            let day = day_or_moment(end / DAY * DAY);
            let left = end.saturating_sub(now);
            if end < now {
                Finding::wrong(t.say("overview-certificate-over").with("day", day))
            } else if left < SOON {
                let days = left / DAY;
                Finding::wrong(t.say("overview-certificate-soon").with("day", day).number("days", days))
            } else {
                Finding::well(t.say("overview-certificate-until").with("day", day))
            }
        }
    }
}

fn origin(mount: &Mount, answer: Result<(), Trouble>, t: Texts) -> Finding {
    let setting = setting_of_mount(&mount.name);
    let is_folder = matches!(mount.origin, Origin::File { .. });
    let Err(trouble) = answer else {
        return Finding::well(if is_folder {
            t.say("overview-origin-folder")
        } else {
            t.say("overview-origin-answers")
        });
    };
    let answers = matches!(trouble, Trouble::Skewed { .. } | Trouble::KeyRefused);
    // NGINX fetches files by itself, perhaps from where this process does not come.
    if mount.has_files() && matches!(mount.origin, Origin::Http { .. }) && !answers {
        return Finding::well(t.say("overview-origin-nginx").with("setting", setting));
    }
    Finding::wrong(match trouble {
        Trouble::Skewed { seconds, is_ahead: true } => {
            t.say("overview-bucket-ahead").number("seconds", seconds)
        }
        Trouble::Skewed { seconds, is_ahead: false } => {
            t.say("overview-bucket-behind").number("seconds", seconds)
        }
        Trouble::KeyRefused => {
            t.say("overview-bucket-refuses").with("setting", bucket_setting(&mount.name, "_ACCESS_KEY_ID"))
        }
        Trouble::NoName => t.say("overview-origin-no-name").with("setting", setting),
        Trouble::Refused => t.say("overview-origin-refused").with("setting", setting),
        Trouble::Silent => t.say("overview-origin-silent").with("setting", setting),
        Trouble::Tls => t.say("overview-origin-tls").with("setting", setting),
        Trouble::NoSocket => t.say("overview-origin-no-socket"),
        Trouble::Denied => t.say("overview-origin-denied"),
        // NGINX itself speaks of the image server behind it.
        Trouble::Status(502..=504) if matches!(mount.origin, Origin::Fastcgi { .. }) => {
            t.say("overview-origin-behind").with("setting", setting)
        }
        Trouble::Status(status) => t.say("overview-origin-status").number("status", status),
        Trouble::Other => t.say("overview-origin-other").with("setting", setting),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::mount::MountKind;

    const NOW: UnixSeconds = 1_800_000_000;

    fn said(finding: &Finding) -> String {
        finding.said.to_string()
    }

    #[test]
    fn a_certificate_is_said_to_end_soon_and_to_be_over() {
        let t = Texts::ENGLISH;
        for (end, is_wrong, text) in [
            (NOW - 1, true, "expired"),
            (NOW, true, "0 days"),
            (NOW + DAY, true, "1 day,"),
            (NOW + SOON - 1, true, "20 days"),
            (NOW + SOON, false, "until"),
        ] {
            let found = certificate(Certificate::Ends(end), NOW, t);
            assert_eq!(found.is_wrong, is_wrong, "{}", said(&found));
            assert!(said(&found).contains(text), "{text}: {}", said(&found));
        }
        assert!(said(&certificate(Certificate::NoTls, NOW, t)).contains("no TLS"));
        let unseen = certificate(Certificate::Unseen, NOW, t);
        assert!(!unseen.is_wrong && said(&unseen).contains("from here"));
    }

    #[test]
    fn older_keys_are_named_with_the_time_after_which_they_may_go() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let one = said(&keys(&names(&["aa"]), 28_800, Texts::ENGLISH));
        assert!(one.contains("<code>aa</code>") && !one.contains("TILEGATE_KEYS"), "{one}");
        let two = said(&keys(&names(&["aa", "bb", "cc"]), 28_801, Texts::ENGLISH));
        for expected in ["<code>aa</code>", "<code>bb, cc</code>", "9 hours", "TILEGATE_KEYS"] {
            assert!(two.contains(expected), "{expected}: {two}");
        }
    }

    #[test]
    fn every_trouble_has_its_words_and_only_files_may_be_out_of_reach() {
        let mount = |kind, origin| Mount::new("old-maps", kind, "/maps/", origin, "/iiif/");
        let server = Origin::Http { tls: false, authority: "inside:9000".to_owned() };
        let responder = Origin::Fastcgi { authority: "inside:9000".to_owned() };
        let t = Texts::ENGLISH;
        let troubles = [
            Trouble::NoName,
            Trouble::Refused,
            Trouble::Silent,
            Trouble::Tls,
            Trouble::NoSocket,
            Trouble::Denied,
            Trouble::Status(500),
            Trouble::Other,
        ];
        let mut texts = Vec::new();
        for trouble in troubles {
            let found = origin(&mount(MountKind::Image, server.clone()), Err(trouble), t);
            assert!(found.is_wrong && !said(&found).contains("inside"), "{}", said(&found));
            texts.push(said(&found));
            let found = origin(&mount(MountKind::File, server.clone()), Err(trouble), t);
            assert!(!found.is_wrong && said(&found).contains("NGINX alone"), "{}", said(&found));
        }
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), troubles.len(), "{texts:?}");
        let bucket = mount(MountKind::S3, server);
        for (trouble, part) in [
            (Trouble::Skewed { seconds: 1200, is_ahead: true }, "ahead"),
            (Trouble::Skewed { seconds: 1200, is_ahead: false }, "behind"),
            (Trouble::KeyRefused, "TILEGATE_S3_OLD_MAPS_ACCESS_KEY_ID"),
        ] {
            let found = origin(&bucket, Err(trouble), t);
            assert!(found.is_wrong && said(&found).contains(part), "{}", said(&found));
        }
        assert!(!origin(&bucket, Err(Trouble::Silent), t).is_wrong);
        let behind = origin(&mount(MountKind::Image, responder), Err(Trouble::Status(502)), t);
        assert!(said(&behind).contains("TILEGATE_MOUNT_OLD_MAPS"), "{}", said(&behind));
    }
}
