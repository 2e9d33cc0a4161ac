//! The only writer of HTTP answers.
//!
//! [`routes::table`] is the whole table of URLs, grouped by who calls them. A page
//! is a handler file with its askama struct beside it and its template of the same
//! name in `templates/`.

pub mod access;
pub mod account;
pub mod admin;
mod admission;
mod authenticate;
pub mod basic;
mod browser;
pub mod clickthrough;
pub mod cookies;
pub mod demo;
pub mod description;
pub mod device;
pub mod extract;
pub mod guest;
pub mod kiosk;
mod language;
pub mod login;
pub mod logout;
pub mod monitoring;
pub mod neuroglancer;
mod new_password;
mod notice;
mod offer;
pub mod open;
pub mod own_host;
pub mod owner;
pub mod page;
pub mod passes;
pub mod password;
pub mod probe;
pub mod query_auth;
pub mod register;
mod renewal;
pub mod return_to;
pub mod routes;
pub mod second_factor;
pub mod second_step;
pub mod set_password;
pub mod setup;
pub mod share;
pub mod status;
mod substitute;
pub mod throttle;
pub mod token;
pub mod upload;

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;

use crate::bucket::Buckets;
use crate::clock::{self, UnixSeconds};
use crate::config::Settings;
use crate::credential::device::CodeHash;
use crate::credential::keyring::Keyring;
use crate::credential::viewer_token::TokenOrigin;
use crate::gate::Grounds;
use crate::gate::request::Presented;
use crate::health::Health;
use crate::image_sizes::ImageSizes;
use crate::origin::Origins;
use crate::password::PasswordHasher;
use crate::policy::mount::{Basic, Mount};
use crate::shadow::ShadowLog;
use crate::snapshot::{LivePolicy, Snapshot};
use crate::store::Store;
use crate::tally::Tally;
use crate::telemetry::Metrics;
use admin::accounts::import::ImportJob;
use admin::upcoming::KnownAgenda;
use basic::KnownPasswords;
use cookies::CookieStyle;
use guest::AcceptanceLog;
use throttle::Throttle;

/// `Cache-Control` of everything that is about one visitor.
pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What every handler works with; one for the whole process.
pub struct Context {
    pub settings: Settings,
    pub keyring: Keyring,
    pub store: Store,
    pub live: Arc<LivePolicy>,
    pub passwords: PasswordHasher,
    pub throttle: Throttle,
    /// The code of the first visit, if there was no administrator when the service began.
    pub setup: Option<CodeHash>,
    /// With the samples for authors of viewers.
    pub demo: bool,
    pub acceptances: AcceptanceLog,
    pub origins: Origins,
    /// Whether they answer, as last seen.
    pub health: Health,
    /// The private buckets behind mounts.
    pub buckets: Arc<Buckets>,
    pub sizes: ImageSizes,
    pub shadow: Arc<ShadowLog>,
    /// What the audit trail is told once a minute.
    pub tally: Tally,
    /// The import of accounts that is under way.
    pub imports: ImportJob,
    /// What the dates of rules open and close next.
    pub agenda: KnownAgenda,
    pub metrics: Metrics,
    pub cookies: CookieStyle,
    /// `WWW-Authenticate` of a challenge (RFC 6750).
    pub realm: HeaderValue,
    /// The same on a mount with `basic=` (RFC 7617). Nowhere else: a browser would ask for a password over a viewer.
    pub basic_realm: HeaderValue,
    /// The passwords of accounts that came with HTTP Basic lately.
    pub known_passwords: KnownPasswords,
    /// Serialised origins whose pages may read what a network alone opened (T10).
    pub readers: Vec<String>,
    /// Where Neuroglancer's token may go (T11).
    pub token_origins: Vec<TokenOrigin>,
    /// `Cache-Control` of open content.
    pub open_cache: HeaderValue,
}

impl Context {
    /// What judging stands on at this moment.
    pub fn grounds<'g>(&'g self, snapshot: &'g Snapshot, now: UnixSeconds) -> Grounds<'g> {
        Grounds {
            policy: &snapshot.policy,
            revocations: &snapshot.revocations,
            keyring: &self.keyring,
            host: &self.settings.site.public_url.host,
            cookie: &self.cookies.access,
            readers: &self.readers,
            token_origins: &self.token_origins,
            fresh: self.live.is_fresh(now),
            now,
        }
    }

    /// What was written counts here before the answer goes out: all but a replaced policy, which takes long to load.
    pub async fn catch_up(&self) {
        if let Err(error) = self.live.catch_up(clock::now()).await {
            // It is written; the next poll brings it in.
            tracing::warn!(%error, "what was changed is not in the snapshot yet");
        }
    }

    /// `WWW-Authenticate` for whoever may not have something of this mount, and might with another credential.
    pub fn challenge(&self, mount: &[u8]) -> HeaderValue {
        let offers = |one: &Mount| one.basic != Basic::Off && one.name.as_bytes() == mount;
        let is_offered = self.settings.site.mounts.iter().any(offers);
        if is_offered { self.basic_realm.clone() } else { self.realm.clone() }
    }

    /// Whether headers of this connection count (H1): a Unix socket has no peer
    /// address, and who may open it is a matter of file permissions.
    pub fn is_trusted_peer(&self, request: &HttpRequest) -> bool {
        request.peer_addr().is_none_or(|peer| {
            let address = peer.ip().to_canonical();
            self.settings.trusted_peers.iter().any(|network| network.contains(&address))
        })
    }

    /// The visitor's address as NGINX gives it; the peer's own if NGINX said nothing.
    pub fn client_address(&self, request: &HttpRequest) -> Option<IpAddr> {
        if !self.is_trusted_peer(request) {
            return None;
        }
        let mut given = request.headers().get_all("x-real-ip");
        match (given.next(), given.next()) {
            (Some(address), None) => crate::gate::client_address(address.as_bytes()),
            (None, None) => request.peer_addr().map(|peer| peer.ip().to_canonical()),
            (_, Some(_)) => None,
        }
    }
}

/// The headers of NGINX's request that count.
pub fn presented(request: &HttpRequest) -> Presented<'_> {
    Presented::read(request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
}
