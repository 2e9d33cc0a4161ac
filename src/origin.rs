//! Reads info.json and manifests from the origin of a mount, and from nowhere else:
//! the address comes from the settings, no redirect is followed, and time, size
//! and concurrency are bounded (P10). Whether an origin answers at all is asked by [`knock`].

mod knock;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::redirect::Policy as Redirects;
use reqwest::{Client, Method, StatusCode, Url};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::policy::mount::{Mount, MountKind, Origin};

pub use knock::Trouble;

const TIME_LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// What is read from one origin, at the most.
#[derive(Clone, Copy)]
struct Limits {
    /// The longest description, bytes.
    size: usize,
    /// How many answers are awaited and looked through at once: a stuck origin holds up no other's.
    at_once: usize,
}

impl Limits {
    const INFO: Self = Self { size: 4 * 1024 * 1024, at_once: 64 };
    /// A manifest has all pages of a book, so fewer are held at a time.
    const MANIFEST: Self = Self { size: 32 * 1024 * 1024, at_once: 16 };

    fn of(kind: MountKind) -> Self {
        if kind == MountKind::Manifest { Self::MANIFEST } else { Self::INFO }
    }
}

/// The image servers behind the mounts.
pub struct Origins {
    mounts: HashMap<String, Reader>,
    /// Those of files, which NGINX alone reads: here they are only asked whether they are there.
    files: HashMap<String, Reader>,
}

struct Reader {
    client: Client,
    base: String,
    /// The path that everything of the mount is below.
    path: String,
    /// NGINX's internal server is between.
    by_socket: bool,
    turns: Arc<Semaphore>,
    size_limit: usize,
    /// What proves that there is a manifest of exactly this name, where other names lead to it too.
    folder_proof: Option<&'static str>,
}

/// A description, and the turn in which it was read. The next in line begins when the turn is dropped: a
/// document takes most memory while it is looked through.
pub struct Fetched {
    pub body: Vec<u8>,
    pub turn: OwnedSemaphorePermit,
}

/// Why there is no description.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// The origin says there is no such thing.
    #[error("not found")]
    NotFound,
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("its answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("{0}")]
    Unreachable(String),
    /// The path would not have arrived as it was judged.
    #[error("the canonical path is not a URL path")]
    BadPath,
}

/// The client for a mount's image server could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("mount `{mount}`: the connection to its origin cannot be prepared: {reason}")]
pub struct BadOrigin {
    mount: String,
    reason: String,
}

impl Origins {
    /// One client a mount; `socket_dir` is where NGINX's internal servers listen.
    ///
    /// # Errors
    /// If a client cannot be set up.
    pub fn new(mounts: &[Mount], socket_dir: &Path) -> Result<Self, BadOrigin> {
        let (mut described, mut files) = (HashMap::new(), HashMap::new());
        for mount in mounts {
            // Files have no description: NGINX alone fetches them. So it does with objects, and whether their bucket is
            // there is asked with its key (`bucket`).
            let readers = match mount.kind {
                MountKind::S3 => continue,
                MountKind::File => &mut files,
                MountKind::Image | MountKind::Manifest => &mut described,
            };
            readers.insert(mount.name.clone(), Reader::new(mount, socket_dir)?);
        }
        Ok(Self { mounts: described, files })
    }

    /// The document at a canonical path of a mount's origin.
    ///
    /// # Errors
    /// If there is none, or none that can be had within the limits.
    pub async fn fetch(&self, mount: &str, path: &str) -> Result<Fetched, OriginError> {
        let reader =
            self.mounts.get(mount).ok_or_else(|| OriginError::Unreachable("no such mount".to_owned()))?;
        if let Some(proof) = reader.folder_proof {
            reader.ask(Method::HEAD, &format!("{path}{proof}")).await?;
        }
        reader.ask(Method::GET, path).await
    }
}

impl Reader {
    fn new(mount: &Mount, socket_dir: &Path) -> Result<Self, BadOrigin> {
        let builder = Client::builder()
            .redirect(Redirects::none())
            // The environment's HTTP_PROXY is for what goes out, not for the image server.
            .no_proxy()
            .connect_timeout(CONNECT_LIMIT)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(8);
        let (builder, base, by_socket) = match &mount.origin {
            Origin::Http { tls, authority } => {
                let scheme = if *tls { "https" } else { "http" };
                (builder, format!("{scheme}://{authority}"), false)
            }
            Origin::Fastcgi { .. } | Origin::File { .. } => {
                let socket = socket_dir.join(format!("{}.sock", mount.name));
                (builder.unix_socket(socket), "http://localhost".to_owned(), true)
            }
        };
        let client = builder
            .build()
            .map_err(|error| BadOrigin { mount: mount.name.clone(), reason: error.to_string() })?;
        let limits = Limits::of(mount.kind);
        let is_manifests = mount.kind == MountKind::Manifest;
        Ok(Self {
            client,
            base,
            path: mount.origin_path.clone(),
            by_socket,
            turns: Arc::new(Semaphore::new(limits.at_once)),
            size_limit: limits.size,
            folder_proof: mount.server.folder_proof().filter(|_| is_manifests),
        })
    }

    async fn ask(&self, method: Method, path: &str) -> Result<Fetched, OriginError> {
        let url: Url = format!("{}{path}", self.base).parse().map_err(|_| OriginError::BadPath)?;
        if url.path() != path || url.query().is_some() || url.fragment().is_some() {
            return Err(OriginError::BadPath);
        }
        // Waiting for a turn counts too: whoever comes to a stuck server is told soon.
        tokio::time::timeout(TIME_LIMIT, self.read(method, url))
            .await
            .map_err(|_| OriginError::Unreachable("it did not answer in time".to_owned()))?
    }

    async fn read(&self, method: Method, url: Url) -> Result<Fetched, OriginError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| OriginError::Unreachable("shutting down".to_owned()))?;
        let response = self
            .client
            .request(method, url)
            .header("Accept", "application/ld+json, application/json")
            .send()
            .await
            .map_err(|error| unreachable(&error))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(OriginError::NotFound),
            other => return Err(OriginError::Status(other)),
        }
        let mut body = Vec::new();
        let mut parts = response.bytes_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|error| unreachable(&error))?;
            if body.len() + part.len() > self.size_limit {
                return Err(OriginError::TooLong(self.size_limit));
            }
            body.extend_from_slice(&part);
        }
        Ok(Fetched { body, turn })
    }
}

fn unreachable(error: &reqwest::Error) -> OriginError {
    OriginError::Unreachable(told(error))
}

/// The error with its causes: reqwest's own text ends where it becomes useful.
fn told(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
