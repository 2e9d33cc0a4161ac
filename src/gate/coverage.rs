//! Which of the images that there are no rule is about, and which rules are about none of them.
//!
//! A name is brought into the form of an address of ours and read as a request for it is, so that what is said to be
//! covered is covered for viewers too.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::path::{Canonical, Part, locate};
use super::trial::path_of;
use crate::policy::Policy;
use crate::policy::decision::Resource;
use crate::policy::mount::{Mount, MountKind};

/// The first of many, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    pub first: Vec<T>,
    pub count: usize,
    at_most: usize,
}

impl<T> Kept<T> {
    pub fn new(at_most: usize) -> Self {
        Self { first: Vec::new(), count: 0, at_most }
    }

    pub fn push(&mut self, one: T) {
        self.count += 1;
        if self.first.len() < self.at_most {
            self.first.push(one);
        }
    }

    pub fn more(&self) -> usize {
        self.count - self.first.len()
    }
}

/// What was found out about the names of one mount.
pub struct Coverage<'p> {
    policy: &'p Policy,
    mount: &'p Mount,
    position: usize,
    now: u64,
    /// Identifiers that are looked at once, however many manifests show them.
    seen: HashSet<String>,
    matched: HashSet<u32>,
    scratch: Canonical,
    /// How many identifiers were looked at.
    pub looked_at: usize,
    /// Those that no rule in force is about.
    pub unmatched: Kept<String>,
    /// Names that no request can have, each with the reason.
    pub unreadable: Kept<(String, String)>,
    /// Addresses of another site, or of another mount.
    pub elsewhere: Kept<String>,
}

impl<'p> Coverage<'p> {
    /// Of a mount; `None` if there is none of this name. At most so many of each kind of finding are kept.
    pub fn new(policy: &'p Policy, mount: &str, now: u64, at_most: usize) -> Option<Self> {
        let position = policy.mounts().iter().position(|known| known.name == mount)?;
        Some(Self {
            policy,
            mount: policy.mounts().get(position)?,
            position,
            now,
            seen: HashSet::new(),
            matched: HashSet::new(),
            scratch: Canonical::new(),
            looked_at: 0,
            unmatched: Kept::new(at_most),
            unreadable: Kept::new(at_most),
            elsewhere: Kept::new(at_most),
        })
    }

    /// Looks at a file of the mount's folder: its name there, segments joined by `/`.
    pub fn file(&mut self, name: &str) {
        let path = address(self.mount, name);
        match locate(path.as_bytes(), self.policy.mounts(), &mut self.scratch) {
            Ok(located) if std::ptr::eq(located.mount, self.mount) => match located.part {
                Part::Substitute { .. } => {
                    let reason = "names that begin so are those of substitutes".to_owned();
                    self.unreadable.push((name.to_owned(), reason));
                }
                _ if self.seen.contains(self.scratch.identifier.as_str()) => {}
                _ => self.look(),
            },
            Ok(_) => self.elsewhere.push(path),
            Err(reason) => self.unreadable.push((name.to_owned(), reason.to_string())),
        }
    }

    /// Looks at what a manifest shows: the URL of an image service, or of a file.
    pub fn url(&mut self, url: &str, public_origin: &str) {
        let mounts = self.policy.mounts();
        let located = path_of(url, public_origin)
            .and_then(|path| locate(path.as_bytes(), mounts, &mut self.scratch).ok())
            .filter(|located| std::ptr::eq(located.mount, self.mount));
        if located.is_none() {
            self.elsewhere.push(url.to_owned());
        } else if self.seen.insert(self.scratch.identifier.to_string()) {
            self.look();
        }
    }

    fn look(&mut self) {
        self.looked_at += 1;
        let resource = Resource { mount: self.position, identifier: &self.scratch.identifier };
        self.matched.extend(self.policy.candidates(&resource).iter().map(|rule| rule.number));
        if self.policy.counting(&resource, self.now).is_empty() {
            self.unmatched.push(self.scratch.identifier.to_string());
        }
    }

    /// Whether the rule was about anything that was looked at, whatever its dates.
    pub fn is_matched(&self, number: u32) -> bool {
        self.matched.contains(&number)
    }
}

/// The address of what a file's name stands for: of an image its description, else the file itself.
fn address(mount: &Mount, name: &str) -> String {
    let separator = if mount.kind == MountKind::Image { "%2F" } else { "/" };
    let mut address = mount.prefix.clone();
    for byte in name.bytes() {
        match byte {
            b'/' => address.push_str(separator),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte));
            }
            // Nothing can go wrong when writing into a text.
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    if mount.kind == MountKind::Image {
        address.push_str("/info.json");
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iiif::identifier::ImageServer;
    use crate::policy::mount::Origin;
    use crate::policy::rule::{Match, RuleSpec, utc_midnight};

    const ORIGIN: &str = "https://img.test";

    fn policy(server: ImageServer) -> Policy {
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        let images = Mount { server, ..Mount::new("images", MountKind::Image, "/i/", origin.clone(), "/") };
        let files = Mount {
            rules: Some("images".to_owned()),
            ..Mount::new("files", MountKind::File, "/f/", origin, "/")
        };
        let day = jiff::civil::date(2041, 1, 1);
        let rule = |identifier: &str, matching, until| RuleSpec {
            mount: "images".to_owned(),
            identifier: identifier.to_owned(),
            matching,
            conditions: vec!["open".to_owned()],
            until,
            ..RuleSpec::default()
        };
        let rules = [
            rule("letters", Match::Prefix, None),
            rule("maps/1.tif", Match::Exact, None),
            rule("over", Match::Prefix, Some(day)),
        ];
        Policy::build(&[images, files], [], &rules).unwrap()
    }

    fn matched(coverage: &Coverage<'_>) -> Vec<u32> {
        (0..3).filter(|number| coverage.is_matched(*number)).collect()
    }

    #[test]
    fn names_are_read_as_requests_are() {
        let policy = policy(ImageServer::Iipsrv);
        let now = utc_midnight(jiff::civil::date(2041, 1, 1));
        let mut coverage = Coverage::new(&policy, "images", now, 10).unwrap();
        for name in [
            "letters/1 & 2.tif",
            "letters2/a.tif",
            "over/x.tif",
            "maps/100%.tif",
            "a;b.tif",
            "substitute-8~a.tif",
            "ü/ß.tif",
        ] {
            coverage.file(name);
        }
        assert_eq!(coverage.unmatched.first, ["letters2/a.tif", "over/x.tif", "ü/ß.tif"]);
        let unreadable: Vec<_> = coverage.unreadable.first.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(unreadable, ["maps/100%.tif", "a;b.tif", "substitute-8~a.tif"]);
        assert_eq!((coverage.looked_at, matched(&coverage)), (4, vec![0, 2]));
        assert!(Coverage::new(&policy, "plans", 0, 10).is_none());
    }

    #[test]
    fn p9_on_digilib_both_names_of_an_image_are_covered() {
        let policy = policy(ImageServer::Digilib);
        let mut coverage = Coverage::new(&policy, "images", 0, 10).unwrap();
        for name in ["maps/1.tif", "maps/1.jpg", "maps/1", "maps/2.tif", "letters/1.tif"] {
            coverage.file(name);
        }
        assert_eq!(
            (coverage.unmatched.first.join(" "), matched(&coverage)),
            ("maps/2.tif".to_owned(), vec![0, 1])
        );
    }

    #[test]
    fn what_manifests_show_is_looked_at_once() {
        let policy = policy(ImageServer::Iipsrv);
        let mut coverage = Coverage::new(&policy, "images", 0, 1).unwrap();
        for url in [
            "https://img.test/i/maps%2F2.tif",
            "https://img.test/i/maps/2.tif/info.json",
            "https://img.test/i/maps%2F3.tif",
            "https://img.test/f/letters/a.pdf",
            "https://other.test/i/letters%2F1.tif",
        ] {
            coverage.url(url, ORIGIN);
        }
        coverage.file("maps/3.tif");
        assert_eq!(coverage.looked_at, 2);
        assert_eq!((coverage.unmatched.count, coverage.unmatched.more()), (2, 1));
        assert_eq!(coverage.unmatched.first, ["maps/2.tif"]);
        assert_eq!((coverage.elsewhere.count, coverage.elsewhere.first.len()), (2, 1));
    }

    #[test]
    fn files_share_rules_and_keep_their_own_spelling() {
        let policy = policy(ImageServer::Iipsrv);
        let mut coverage = Coverage::new(&policy, "files", 0, 10).unwrap();
        for name in ["letters/100%.pdf", "plans/a+b.pdf", "letters/.hidden"] {
            coverage.file(name);
        }
        assert_eq!(coverage.unmatched.first, ["plans/a+b.pdf"]);
        assert_eq!(coverage.unreadable.count, 1);
    }
}
