//! The service's life: everything is opened, then it listens, then it stops in order.

mod keys;
mod signals;
mod tidy;

use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::cookie::Key;
use actix_web::http::header::HeaderValue;
use actix_web::{App, HttpServer, web};
use secrecy::ExposeSecret as _;

use crate::audit::Act;
use crate::audit::chain::AuditKeys;
use crate::bucket::{Buckets, trial};
use crate::clock;
use crate::config::{Listen, Settings, SettingsError};
use crate::credential::account::{Id128, Username};
use crate::credential::device::Code;
use crate::credential::viewer_token::TokenOrigin;
use crate::demo;
use crate::health::Health;
use crate::http::admin::accounts::import::ImportJob;
use crate::http::admin::upcoming::KnownAgenda;
use crate::http::basic::KnownPasswords;
use crate::http::cookies::CookieStyle;
use crate::http::guest::AcceptanceLog;
use crate::http::setup;
use crate::http::throttle::Throttle;
use crate::http::{Context, routes};
use crate::image_sizes::ImageSizes;
use crate::origin::{BadOrigin, Origins};
use crate::password::PasswordHasher;
use crate::policy::mount::{Mount, Origin};
use crate::shadow;
use crate::snapshot::{LivePolicy, SnapshotError};
use crate::store::{AccountError, ConnectError, NewAccount, Store, StoreError};
use crate::tally::Tally;
use crate::telemetry::Metrics;
use signals::Signals;

/// Logins that wait for a password check at once; more are asked to come back. More than the
/// throttle lets through from one address, so that none can fill the queue alone.
const WAITING_LOGINS: usize = 512;

/// Why the service did not start: one line that names the setting and the cure.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    Origin(#[from] BadOrigin),
    #[error(transparent)]
    Keys(#[from] SettingsError),
    #[error("TILEGATE_LISTEN: cannot listen on {at}: {reason}")]
    Listen { at: String, reason: String },
    #[error("{setting}: {reason}")]
    Setting { setting: &'static str, reason: String },
    #[error("the service stopped: {0}")]
    Stopped(std::io::Error),
}

/// A service that has opened everything and listens.
pub struct Application {
    server: actix_web::dev::Server,
    context: web::Data<Context>,
    sockets: Vec<PathBuf>,
    addresses: Vec<std::net::SocketAddr>,
}

impl Application {
    /// Opens the store, loads the policy, makes the first administrator, listens.
    ///
    /// # Errors
    /// With one line, if any of these fails: a half-open service is worse than none.
    pub async fn build(settings: Settings) -> Result<Self, StartupError> {
        Self::open(settings, false).await
    }

    /// The same with the samples for authors of viewers ([`crate::demo`]).
    ///
    /// # Errors
    /// As [`Application::build`]; and if the database has a policy that is not the samples'.
    pub async fn build_demo(settings: Settings) -> Result<Self, StartupError> {
        Self::open(settings, true).await
    }

    async fn open(settings: Settings, demo: bool) -> Result<Self, StartupError> {
        let audit = AuditKeys::new(settings.keys.expose());
        let store = Store::connect(settings.database_url.expose_secret(), audit).await?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // Half the cores, so that a login storm leaves the other half to the tiles (S9).
        let passwords = PasswordHasher::new((cores / 2).max(1), WAITING_LOGINS);
        make_first_administrator(&settings, &store, &passwords).await?;
        if demo {
            demo::furnish(&store, &passwords, clock::now())
                .await
                .map_err(|reason| StartupError::Setting { setting: "serve --demo", reason })?;
            tracing::warn!("--demo: the account {} has a password that everybody can read", demo::READER);
        }
        warn_of_open_folder(&settings);

        let now = clock::now();
        for notice in shadow::notices(&settings.site.mounts, now) {
            tracing::warn!("{notice}");
        }
        let live =
            LivePolicy::load(store.clone(), settings.site.mounts.clone(), settings.max_stale_seconds, now)
                .await?;
        let live = Arc::new(live);
        let (keyring, session_key) = keys::of(&settings, live.current().revocations.epoch)?;
        let header = |setting, text: String| {
            HeaderValue::from_str(&text)
                .map_err(|error| StartupError::Setting { setting, reason: error.to_string() })
        };
        // The samples have accounts of their own, which everybody knows.
        let code = (!demo && !store.has_administrator().await?).then(|| Code::new(clock::random()));
        let context = web::Data::new(Context {
            keyring,
            origins: Origins::new(&settings.site.mounts, &settings.site.nginx_socket_dir)?,
            cookies: CookieStyle::new(settings.site.public_url.https, settings.cookie_domain.as_deref()),
            realm: header(
                "TILEGATE_PUBLIC_URL",
                format!("Bearer realm=\"{}\"", settings.site.public_url.host),
            )?,
            basic_realm: header(
                "TILEGATE_PUBLIC_URL",
                format!("Basic realm=\"{}\", charset=\"UTF-8\"", settings.site.public_url.host),
            )?,
            known_passwords: KnownPasswords::new(&settings.site.mounts, clock::random()),
            open_cache: header(
                "TILEGATE_OPEN_MAX_AGE",
                format!("public, max-age={}", settings.open_max_age),
            )?,
            readers: std::iter::once(settings.site.public_url.origin())
                .chain(settings.viewer_origins.iter().cloned())
                .collect(),
            token_origins: settings.site.neuroglancer_origins.iter().cloned().map(TokenOrigin::new).collect(),
            health: Health::default(),
            buckets: Arc::new(Buckets::new(&settings.site.mounts, &settings.bucket_keys)?),
            sizes: ImageSizes::default(),
            shadow: Arc::default(),
            tally: Tally::default(),
            imports: ImportJob::default(),
            agenda: KnownAgenda::default(),
            setup: code.as_ref().map(Code::hash),
            demo,
            throttle: Throttle::default(),
            acceptances: AcceptanceLog::default(),
            metrics: Metrics::default(),
            passwords,
            store,
            live,
            settings,
        });
        let origin = context.settings.site.public_url.origin();
        let listening = Self::listen(context, session_key)?;
        // A service that does not start invites nobody.
        if let Some(code) = code {
            setup::invite(&origin, &code);
        }
        Ok(listening)
    }

    fn listen(context: web::Data<Context>, session_key: Key) -> Result<Self, StartupError> {
        let for_app = context.clone();
        let mut server = HttpServer::new(move || {
            App::new().configure(|config| routes::table(config, &for_app, &session_key))
        })
        .workers(workers())
        // NGINX lets go of an idle connection after 30 s; whoever lets go first must not be
        // this side, or a request would meet a closing connection.
        .keep_alive(Duration::from_secs(90))
        .shutdown_timeout(10)
        .disable_signals();
        let (mut sockets, mut addresses) = (Vec::new(), Vec::new());
        for at in &context.settings.site.listen {
            let failed = |at: String| {
                move |error: std::io::Error| StartupError::Listen { at, reason: listen_reason(&error) }
            };
            match at {
                Listen::Tcp(address) => {
                    let listener = TcpListener::bind(address.as_str()).map_err(failed(address.clone()))?;
                    addresses.extend(listener.local_addr());
                    server = server.listen(listener).map_err(failed(address.clone()))?;
                }
                Listen::Unix(path) => {
                    let shown = path.display().to_string();
                    let listener =
                        bind_socket(path, context.settings.socket_mode).map_err(failed(shown.clone()))?;
                    server = server.listen_uds(listener).map_err(failed(shown))?;
                    sockets.push(path.clone());
                }
            }
        }
        Ok(Self { server: server.run(), context, sockets, addresses })
    }

    /// The TCP addresses it listens on; port 0 in the settings becomes a real one.
    pub fn addresses(&self) -> &[std::net::SocketAddr] {
        &self.addresses
    }

    /// What the handlers work with.
    pub fn context(&self) -> &web::Data<Context> {
        &self.context
    }

    /// Serves until SIGTERM or SIGINT, then lets running answers finish.
    ///
    /// # Errors
    /// If the server fails.
    pub async fn run_until_stopped(self) -> Result<(), StartupError> {
        let Self { server, context, sockets, addresses } = self;
        let signals = Signals::catch().map_err(StartupError::Stopped)?;
        let every = Duration::from_secs(context.settings.poll_seconds);
        let polling = tokio::spawn(Arc::clone(&context.live).keep_current(every));
        for at in sockets
            .iter()
            .map(|path| path.display().to_string())
            .chain(addresses.iter().map(ToString::to_string))
        {
            tracing::info!(at, "listening");
        }
        let summing_up = tokio::spawn(shadow::sum_up_every_minute(Arc::clone(&context.shadow)));
        let telling = tokio::spawn({
            let context = context.clone();
            async move { context.tally.tell_every_minute(&context.store).await }
        });
        let keeping_keys = tokio::spawn(Arc::clone(&context.buckets).keep_keys());
        let mounts = context.settings.site.mounts.clone();
        let trying_keys = tokio::spawn(trial::keep_trying(Arc::clone(&context.buckets), mounts));
        let tidying = tokio::spawn(tidy::tidy_every_hour(context.clone()));
        let handle = server.handle();
        let buckets = Arc::clone(&context.buckets);
        let stopping = tokio::spawn(async move {
            signals.stop(&buckets).await;
            tracing::info!("stopping");
            // While this process still listens the paths are its own. Later, during the last
            // answers, a successor may have put its sockets there.
            for socket in sockets {
                let _ = std::fs::remove_file(socket);
            }
            handle.stop(true).await;
        });
        let outcome = server.await.map_err(StartupError::Stopped);
        stopping.abort();
        polling.abort();
        summing_up.abort();
        telling.abort();
        tidying.abort();
        keeping_keys.abort();
        trying_keys.abort();
        context.tally.tell_now(&context.store).await;
        outcome
    }
}

/// Two threads carry more tiles than NGINX asks for on most machines; each costs
/// memory of its own.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

fn listen_reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "it is in use; stop what listens there, or choose another address".to_owned()
        }
        std::io::ErrorKind::NotFound => "its folder does not exist; make it first".to_owned(),
        std::io::ErrorKind::PermissionDenied => {
            "this user may not; choose a folder or port that it may use".to_owned()
        }
        _ => error.to_string(),
    }
}

/// A Unix socket with its mode set (N22); a socket that nobody answers on is a
/// leftover and is removed, anything else at the path stays.
fn bind_socket(path: &Path, mode: u32) -> std::io::Result<UnixListener> {
    if let Ok(found) = std::fs::symlink_metadata(path) {
        if !found.file_type().is_socket() {
            return Err(std::io::Error::other("there is a file of that name that is no socket"));
        }
        if UnixStream::connect(path).is_ok() {
            return Err(std::io::Error::from(std::io::ErrorKind::AddrInUse));
        }
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    Ok(listener)
}

/// NGINX makes its internal sockets with mode 0666 and cannot be told otherwise: the folder
/// is what keeps other users of the machine from the images.
fn warn_of_open_folder(settings: &Settings) {
    let folder = &settings.site.nginx_socket_dir;
    let needed = |mount: &Mount| !matches!(mount.origin, Origin::Http { .. });
    if settings.site.mounts.iter().any(needed) && is_open_to_others(folder) {
        tracing::warn!(
            folder = %folder.display(),
            "TILEGATE_NGINX_SOCKET_DIR can be entered by every user of this machine, and its sockets lead past the check; \
             let it belong to NGINX's group, with mode 0750"
        );
    }
}

/// Whether every user may enter this folder and each folder above it.
fn is_open_to_others(folder: &Path) -> bool {
    folder.ancestors().all(|folder| {
        // A folder that is not there yet is entered by nobody.
        std::fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
    })
}

async fn make_first_administrator(
    settings: &Settings,
    store: &Store,
    passwords: &PasswordHasher,
) -> Result<(), StartupError> {
    let Some(first) = &settings.first_administrator else { return Ok(()) };
    if store.has_administrator().await? {
        // Whoever changes it there must not think that the old password is gone.
        tracing::info!(
            "TILEGATE_ADMIN_PASSWORD does not count any more: there is an administrator; \
             `tilegate account set NAME --password-stdin` changes a password"
        );
        return Ok(());
    }
    let wrong = |setting, reason: String| StartupError::Setting { setting, reason };
    let username =
        Username::parse(&first.username).map_err(|bad| wrong("TILEGATE_ADMIN_USERNAME", bad.to_string()))?;
    let password_hash = passwords
        .hash(first.password.clone())
        .await
        .map_err(|bad| wrong("TILEGATE_ADMIN_PASSWORD", bad.to_string()))?;
    let id = Id128(clock::random());
    let account = NewAccount { administrator: true, ..NewAccount::new(id, username.clone(), password_hash) };
    match store.create_account(account, Act::service(clock::now())).await {
        Ok(account) => {
            tracing::info!(username = %account.username, "made the first administrator");
            Ok(())
        }
        // Another replica was quicker, or the name is an ordinary account's.
        Err(AccountError::NameTaken) if store.has_administrator().await? => Ok(()),
        Err(AccountError::NameTaken)
            if store.account_by_name(&username).await?.is_some_and(|account| account.administrator) =>
        {
            // Locking the only administrator must not keep the images from being served.
            tracing::warn!(%username, "the only administrator is locked; `tilegate account set` unlocks");
            Ok(())
        }
        Err(error) => Err(wrong("TILEGATE_ADMIN_USERNAME", error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_open_if_all_above_it_are() {
        let closed = tempfile::tempdir().unwrap();
        let inside = closed.path().join("run");
        std::fs::create_dir(&inside).unwrap();
        let set = |folder: &Path, mode| {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        for (above, mode, open) in [(0o755, 0o755, true), (0o755, 0o750, false), (0o750, 0o755, false)] {
            set(closed.path(), above);
            set(&inside, mode);
            assert_eq!(is_open_to_others(&inside), open, "{above:o} {mode:o}");
        }
        assert!(!is_open_to_others(&closed.path().join("missing")));
    }

    #[test]
    fn what_is_no_leftover_socket_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tilegate.sock");
        std::fs::write(&path, "mine").unwrap();
        assert!(bind_socket(&path, 0o660).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &path).unwrap();
        assert!(bind_socket(&path, 0o660).is_err(), "nor a link");
        std::fs::remove_file(&path).unwrap();
        let _taken = bind_socket(&path, 0o660).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
        assert_eq!(bind_socket(&path, 0o660).unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    }
}
