//! What judging stands on in benchmarks and in the allocation test: a policy of 1 000 rules on one
//! mount, and a visitor with a sealed cookie.

use std::collections::{HashMap, HashSet};

use arrayvec::ArrayVec;
use tilegate::credential::account::Id128;
use tilegate::credential::keyring::{Keyring, Purpose};
use tilegate::credential::revocation::Revocations;
use tilegate::credential::sealed::Grant;
use tilegate::gate::Grounds;
use tilegate::gate::request::Presented;
use tilegate::iiif::identifier::ImageServer;
use tilegate::policy::Policy;
use tilegate::policy::condition::{AccessCondition, Conditions, Pattern};
use tilegate::policy::mount::{Mount, MountKind, Origin};
use tilegate::policy::rule::{Match, RuleSpec};

pub const RULES: usize = 1_000;
pub const NOW: u64 = 1_800_000_000;
pub const COOKIE: &str = "__Host-tilegate_access";
const STAFF: u8 = 2;

/// A tile that everybody may have: the rule stands two segments above it.
pub const OPEN_TILE: &str =
    "/iiif/images/public%2Falbum-03%2Fphoto-12.tif/1024,512,512,512/512,/0/default.jpg";
/// A tile for those who hold `staff`: the rule stands on the folder above it.
pub const HELD_TILE: &str =
    "/iiif/images/archive%2Fseries-07%2Fitem-0742%2Fpage-3.tif/1024,512,512,512/512,/0/default.jpg";

/// A file in the same folder, before a file mount.
pub const HELD_FILE: &str = "/files/archive/series-07/item-0742/page%203.pdf";

/// A tile of what is left open of the same image, if that is 8000 x 6000 pixels.
pub const SUBSTITUTE_TILE: &str =
    "/iiif/images/substitute-8~archive%2Fseries-07%2Fitem-0742%2Fpage-3.tif/256,0,256,256/256,/0/default.jpg";

pub struct Ground {
    pub policy: Policy,
    pub revocations: Revocations,
    pub keyring: Keyring,
    /// A `Cookie` header with the sealed cookie of somebody who holds `staff`, and another site's.
    pub cookies: String,
}

impl Ground {
    pub fn new(server: ImageServer) -> Self {
        Self::before(&mount(server))
    }

    pub fn of_files() -> Self {
        let origin = Origin::File { folder: "/srv/files/".to_owned() };
        Self::before(&Mount::new("images", MountKind::File, "/files/", origin, "/"))
    }

    fn before(mount: &Mount) -> Self {
        let rules = rules();
        let staff =
            AccessCondition { substitute_px: Some(1_000), ..AccessCondition::bare("staff", Pattern::Login) };
        let policy = Policy::build(std::slice::from_ref(mount), [(STAFF, staff)], &rules)
            .expect("the rules are right");
        let revocations = Revocations {
            epoch: Id128([1; 16]),
            accounts: HashMap::new(),
            ended_sessions: HashSet::from([Id128([9; 16])]),
            devices: HashMap::new(),
            passes: std::sync::Arc::default(),
        };
        let keyring = Keyring::new([[3; 32], [4; 32]], "https://images.example.org").expect("there are keys");
        let mut ground = Self { policy, revocations, keyring, cookies: String::new() };
        let sealed = ground.sealed(Purpose::AccessCookie);
        ground.cookies = format!("_ga=GA1.1.123456789.1700000000; {COOKIE}={sealed}; lang=en");
        ground
    }

    /// The cookie, or a token, of somebody who holds `staff`.
    pub fn sealed(&self, purpose: Purpose) -> String {
        let grant = Grant {
            account: Id128([4; 16]),
            generation: 5,
            session: Id128([6; 16]),
            conditions: Conditions::only(STAFF),
            issued: NOW - 60,
            expires: NOW + 28_800,
            passes: ArrayVec::new(),
            accepted: ArrayVec::new(),
        };
        grant.seal(&self.keyring, purpose, &self.revocations, [7; 12]).expect("it is short")
    }

    pub fn grounds(&self) -> Grounds<'_> {
        Grounds {
            policy: &self.policy,
            revocations: &self.revocations,
            keyring: &self.keyring,
            host: "images.example.org",
            cookie: COOKIE,
            readers: &[],
            token_origins: &[],
            fresh: true,
            now: NOW,
        }
    }

    /// What NGINX says of a visitor's request for this tile.
    pub fn presented<'h>(&'h self, uri: &'h str, with_cookie: bool) -> Presented<'h> {
        let headers = [
            ("x-original-uri", uri),
            ("x-original-method", "GET"),
            ("x-original-host", "images.example.org"),
            ("x-real-ip", "192.0.2.7"),
            ("x-request-id", "0123456789abcdef0123456789abcdef"),
            ("x-tilegate-mount", "images"),
            ("host", "tilegate"),
        ];
        let cookie = with_cookie.then_some(("cookie", self.cookies.as_str()));
        let headers = headers.into_iter().chain(cookie);
        Presented::read(headers.map(|(name, value)| (name, value.as_bytes())))
    }
}

/// Folders of an archive for `staff`, every other one with an exact rule for one image in it, and one
/// folder that is open.
fn rules() -> Vec<RuleSpec> {
    let rule = |identifier: String, matching, condition: &str| RuleSpec {
        mount: "images".to_owned(),
        identifier,
        matching,
        conditions: vec![condition.to_owned()],
        from: None,
        until: None,
        note: String::new(),
        ..RuleSpec::default()
    };
    let archive = (0..RULES - 1).map(|number| {
        let folder = format!("archive/series-{:02}/item-{number:04}", number / 100);
        match number % 2 {
            0 => rule(folder, Match::Prefix, "staff"),
            _ => rule(format!("{folder}/page-1.tif"), Match::Exact, "staff"),
        }
    });
    archive.chain([rule("public".to_owned(), Match::Prefix, "open")]).collect()
}

fn mount(server: ImageServer) -> Mount {
    let origin_path = match server {
        ImageServer::Iipsrv => "/iiif/",
        ImageServer::Digilib => "/digilib/Scaler/IIIF/",
        ImageServer::Generic => "/iiif/3/",
    };
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    Mount { server, ..Mount::new("images", MountKind::Image, "/iiif/images/", origin, origin_path) }
}
