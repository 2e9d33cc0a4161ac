//! Signs what NGINX asks a private bucket for, with the keys as they are now.
//!
//! Nothing here waits: a signature is computed from what is in memory. What renews temporary keys writes files, and
//! [`Buckets::keep_keys`] looks once a second whether they have changed. [`trial`] says when a bucket does not take what is
//! signed: its key is wrong or over, or its clock and ours are too far apart.

mod sigv4;
pub mod trial;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Notify;

use crate::config::{BucketKey, BucketKeys, FileState, SettingsError};
use crate::policy::mount::Mount;
use sigv4::{At, DayKey, UNSIGNED};

/// The buckets behind the mounts, by the mount's name.
#[derive(Default)]
pub struct Buckets(HashMap<String, Signer>);

/// Signs for one bucket.
pub struct Signer {
    host: String,
    region: String,
    keys: BucketKeys,
    current: ArcSwap<Current>,
    watched: Mutex<Watched>,
    /// Told when other keys have been read, which nobody has tried yet.
    untried: Notify,
}

struct Current {
    key: BucketKey,
    /// Derived once a day.
    day: ArcSwapOption<DayKey>,
}

/// What is known of the files that keys are in.
struct Watched {
    /// As they were when they were read.
    read: Option<FileState>,
    /// As they were a second ago.
    last: Option<FileState>,
}

/// What NGINX sends along to the bucket, besides what is always the same.
pub struct Signed {
    pub authorization: String,
    pub date: String,
    /// Of a temporary key.
    pub token: Option<SecretString>,
}

impl Buckets {
    /// One signer for each `s3` mount.
    ///
    /// # Errors
    /// If the keys cannot be read.
    pub fn new(mounts: &[Mount], keys: &[BucketKeys]) -> Result<Self, SettingsError> {
        let buckets = keys.iter().filter_map(|keys| {
            let mount = mounts.iter().find(|mount| mount.name == keys.mount)?;
            let bucket = mount.bucket.as_ref()?;
            let host = bucket.host(&mount.http_origin()?);
            Some(Signer::new(host, bucket.region.clone(), keys.clone()).map(|it| (mount.name.clone(), it)))
        });
        buckets.collect::<Result<_, _>>().map(Self)
    }

    /// The signer of a mount, if that is one of a bucket.
    pub fn of(&self, mount: &str) -> Option<&Signer> {
        self.0.get(mount)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks once a second whether keys have changed, for ever.
    pub async fn keep_keys(self: Arc<Self>) {
        if self.0.values().all(|signer| signer.keys.files().is_none()) {
            return;
        }
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let buckets = Arc::clone(&self);
            // Files may lie on a slow disk. It cannot fail, and if it did the keys of before would stay.
            let _ = tokio::task::spawn_blocking(move || buckets.refresh()).await;
        }
    }

    /// Reads the keys again whose files have changed.
    pub fn refresh(&self) {
        for signer in self.0.values() {
            signer.refresh();
        }
    }

    /// Reads all keys again that are in files, now: whoever asks for it has written them whole.
    pub fn read_again(&self) {
        for signer in self.0.values() {
            signer.read_again();
        }
    }
}

impl Signer {
    fn new(host: String, region: String, keys: BucketKeys) -> Result<Self, SettingsError> {
        // Before they are read: what changes meanwhile is read again.
        let read = keys.files();
        let current = ArcSwap::from_pointee(Current::of(keys.read()?));
        let watched = Mutex::new(Watched { last: read.clone(), read });
        Ok(Self { host, region, keys, current, watched, untried: Notify::new() })
    }

    /// Signs a request for a canonical path at the bucket; `now` in seconds since 1970 UTC. `None` if the method is
    /// neither `GET` nor `HEAD`, or there is no such time.
    pub fn sign(&self, method: &[u8], path: &str, now: u64) -> Option<Signed> {
        let method = match method {
            b"GET" => "GET",
            b"HEAD" => "HEAD",
            _ => return None,
        };
        let at = At::of(now)?;
        let current = self.current.load();
        let day = current.day.load_full().filter(|day| day.is_for(&at)).unwrap_or_else(|| {
            let day = Arc::new(DayKey::derive(current.key.expose_secret(), &at, &self.region));
            current.day.store(Some(Arc::clone(&day)));
            day
        });
        let token = current.key.token.as_ref().map_or("", |token| token.expose_secret());
        let headers = [
            ("host", self.host.as_str()),
            ("x-amz-content-sha256", UNSIGNED),
            ("x-amz-date", at.as_str()),
            ("x-amz-security-token", token),
        ];
        let (always, _) = headers.split_at(3);
        let headers = if token.is_empty() { always } else { headers.as_slice() };
        let authorization = day.authorization(&current.key.id, &at, (method, path), headers, UNSIGNED);
        Some(Signed { authorization, date: at.as_str().to_owned(), token: current.key.token.clone() })
    }

    /// Reads the keys again if their files have changed, and have stayed as they are for one look: an ID, a key and a
    /// token are three files, and are written one after the other.
    fn refresh(&self) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.keys.files();
        let is_settled = watched.last == now;
        watched.last.clone_from(&now);
        if watched.read == now || !is_settled {
            return;
        }
        watched.read = now;
        self.take();
    }

    fn read_again(&self) {
        let Some(now) = self.keys.files() else { return };
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.last = Some(now.clone());
        watched.read = Some(now);
        self.take();
    }

    fn take(&self) {
        match self.keys.read() {
            Ok(key) => {
                self.current.store(Arc::new(Current::of(key)));
                tracing::info!(mount = %self.keys.mount, "the keys of the bucket were read again");
                self.untried.notify_one();
            }
            // Once for each change. The keys of before may count for some time yet.
            Err(error) => {
                tracing::error!(mount = %self.keys.mount, %error, "the bucket's keys stay as they were");
            }
        }
    }
}

impl Current {
    fn of(key: BucketKey) -> Self {
        Self { key, day: ArcSwapOption::empty() }
    }
}

#[cfg(test)]
mod tests;
