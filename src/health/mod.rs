//! Whether what stands around the service is there: the origins behind the mounts, and the certificate of the public
//! address. It is looked at when an administrator looks, all at the same time, and remembered for a while: whoever
//! loads the page again and again is no load on an image server.

mod certificate;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join, join_all};
use moka::future::Cache;

use crate::bucket::Buckets;
use crate::clock::UnixSeconds;
use crate::config::SiteSettings;
use crate::origin::{Origins, Trouble};

/// So long a bucket's answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// What was seen counts for so long.
const REMEMBERED: Duration = Duration::from_secs(30);

/// What was seen last.
pub struct Health {
    seen: Cache<(), Arc<Seen>>,
}

/// What was seen.
pub struct Seen {
    /// By the name of the mount.
    origins: HashMap<String, Result<(), Trouble>>,
    pub certificate: Certificate,
}

impl Seen {
    /// Whether the origin of a mount answers.
    ///
    /// # Errors
    /// If not, why.
    pub fn origin(&self, mount: &str) -> Result<(), Trouble> {
        self.origins.get(mount).copied().unwrap_or(Err(Trouble::Other))
    }
}

/// The certificate of the public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// The public address is `http`.
    NoTls,
    /// Its last second.
    Ends(UnixSeconds),
    /// It cannot be reached from here: a service beside NGINX need not.
    Unseen,
}

impl Default for Health {
    fn default() -> Self {
        Self { seen: Cache::builder().max_capacity(1).time_to_live(REMEMBERED).build() }
    }
}

impl Health {
    /// Looks, or says what was seen a moment ago. Takes no longer than one look does (two seconds), whatever is stuck;
    /// whoever asks meanwhile waits for the same.
    pub async fn look(&self, origins: &Origins, buckets: &Buckets, site: &SiteSettings) -> Arc<Seen> {
        let looking = async {
            let knocking = site.mounts.iter().map(async |mount| {
                let answer = if mount.bucket.is_some() {
                    let answer = tokio::time::timeout(PATIENCE, buckets.try_key(mount)).await;
                    answer.map_or(Err(Trouble::Silent), |answer| answer.map_err(|refusal| refusal.trouble()))
                } else {
                    origins.knock(&mount.name).await
                };
                (mount.name.clone(), answer)
            });
            let (answers, certificate) = join(join_all(knocking), certificate::look(&site.public_url)).await;
            Arc::new(Seen { origins: answers.into_iter().collect(), certificate })
        };
        self.seen.get_with((), looking).await
    }
}
