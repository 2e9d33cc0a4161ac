//! From `TILEGATE_DATABASE_URL` to a migrated store.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, Connection, Executor};
use tokio::sync::Semaphore;
use url::Url;

use super::{Engine, Id128, Store, StoreError};
use crate::audit::chain::AuditKeys;

/// The schema, step by step; embedded, so that the program can be shipped as one file.
static MIGRATIONS: Migrator = sqlx::migrate!();

/// A poll that cannot be answered within this time counts as "no store".
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a second process may hold the write lock of `SQLite`, importing a large policy say.
const BUSY_MILLISECONDS: u32 = 10_000;
/// Turning on `SQLite`'s write-ahead log does not wait for other processes: it is tried again.
const PREPARE_ATTEMPTS: u32 = 40;

/// Why the database cannot be used. Each is one line that names the setting and the
/// cure; none shows a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(
        "TILEGATE_DATABASE_URL is not understood: {0}; write sqlite:PATH or postgres://USER@HOST/DATABASE"
    )]
    Url(&'static str),
    #[error("TILEGATE_DATABASE_URL: {path}: {reason}")]
    File { path: String, reason: String },
    #[error("TILEGATE_DATABASE_URL: cannot open {database}: {reason}; {cure}")]
    Open { database: String, reason: String, cure: &'static str },
    #[error(
        "TILEGATE_DATABASE_URL: {database} was written by a newer Tilegate (schema {found}, this one knows {known}); \
         start that version, or restore a backup made before it"
    )]
    Newer { database: String, found: i64, known: i64 },
    #[error("TILEGATE_DATABASE_URL: the schema of {database} cannot be brought up to date: {reason}")]
    Schema { database: String, reason: String },
}

impl Store {
    /// Opens the database, brings its schema up to date and makes sure it has an epoch.
    ///
    /// `url` is `sqlite:PATH` (as typed: no percent-encoding, no options; relative to the
    /// working directory) or `postgres://…`. A missing `SQLite` file is made, readable
    /// for its owner only; its directory is not. `audit` signs the audit trail.
    pub async fn connect(url: &str, audit: AuditKeys) -> Result<Self, ConnectError> {
        sqlx::any::install_default_drivers();
        let (engine, address, database) = read_url(url)?;
        let connect_failed = |error: &dyn fmt::Display| ConnectError::Open {
            database: database.clone(),
            reason: presentable(error, &address),
            cure: match engine {
                Engine::Sqlite => {
                    "it must be a SQLite database, and its directory must be writable for Tilegate's user, \
                     because more files are made beside it"
                }
                Engine::Postgres => {
                    "the server must run, know this user, password and database, and let the user make tables in it"
                }
            },
        };
        // One connection by hand first: a pool would try again and again, and then
        // say no more than that time is up.
        let mut first = AnyConnection::connect(address.as_str()).await.map_err(|e| connect_failed(&e))?;
        prepare_patiently(&mut first, engine).await.map_err(|e| connect_failed(&e))?;
        migrate(&mut first, engine).await.map_err(|error| match error {
            MigrateError::VersionMissing(found) => {
                ConnectError::Newer { database: database.clone(), found, known: known_schema() }
            }
            error => {
                ConnectError::Schema { database: database.clone(), reason: presentable(&error, &address) }
            }
        })?;
        make_epoch(&mut first).await.map_err(|e| connect_failed(&e))?;
        // Everything is written; how the connection ends does not matter.
        let _ = first.close().await;

        let connections = match engine {
            Engine::Sqlite => 4,
            Engine::Postgres => 8,
        };
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| Box::pin(prepare(connection, engine)))
            .connect_lazy(address.as_str())
            .map_err(|e| connect_failed(&e))?;
        let writers = match engine {
            Engine::Sqlite => 1,
            Engine::Postgres => 4,
        };
        Ok(Self { pool, engine, writers: Arc::new(Semaphore::new(writers)), audit: Arc::new(audit) })
    }
}

/// Engine, address for the driver, and the name for messages (which has no secret).
fn read_url(url: &str) -> Result<(Engine, Url, String), ConnectError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() {
            return Err(ConnectError::Url("sqlite: without a path"));
        }
        if path.contains(":memory:") {
            return Err(ConnectError::Url("a database in memory forgets every account"));
        }
        if path.contains('?') {
            return Err(ConnectError::Url("sqlite: takes no options"));
        }
        let file = make_file(Path::new(path))?;
        let address = sqlite_address(&file).ok_or_else(|| ConnectError::File {
            path: path.to_owned(),
            reason: "the path is not UTF-8".into(),
        })?;
        return Ok((Engine::Sqlite, address, path.to_owned()));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        // The parser's message is not shown: it could quote a piece of the password.
        let address = Url::parse(url).map_err(|_| {
            ConnectError::Url(
                "not a valid postgres URL (special characters of a password are percent-encoded)",
            )
        })?;
        let mut shown = address.clone();
        shown.set_query(None);
        // Refused where there is nothing to remove.
        let _ = shown.set_password(None);
        return Ok((Engine::Postgres, address, shown.to_string()));
    }
    Err(ConnectError::Url("neither sqlite: nor postgres:"))
}

/// Makes the database file if it is missing; answers its absolute path.
fn make_file(path: &Path) -> Result<PathBuf, ConnectError> {
    let refused = |reason: String| ConnectError::File { path: path.display().to_string(), reason };
    let name = path.file_name().ok_or_else(|| refused("is not the path of a file".to_owned()))?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Resolved here, because the driver's URL would fold `link/..` by its letters.
    let resolved = directory.canonicalize().map_err(|error| {
        refused(match error.kind() {
            ErrorKind::NotFound => {
                format!(
                    "its directory {} does not exist; make it, writable for Tilegate",
                    directory.display()
                )
            }
            _ => format!(
                "its directory {} cannot be read ({error}); give Tilegate's user access",
                directory.display()
            ),
        })
    })?;
    let file = resolved.join(name);
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    let opened = match options.open(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            options.create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&file)
        }
        opened => opened,
    };
    match opened {
        Ok(_) => Ok(file),
        Err(error) if file.is_dir() => Err(refused(format!("is a directory, not a file ({error})"))),
        Err(error) => Err(refused(format!(
            "cannot be opened for reading and writing ({error}); give Tilegate's user write access to it and to {}",
            directory.display()
        ))),
    }
}

/// The driver reads a URL and decodes its path again.
fn sqlite_address(file: &Path) -> Option<Url> {
    let path = Url::from_file_path(file).ok()?;
    // What `from_file_path` leaves as it is, and the driver's split at `?` does not meet.
    Url::parse(&format!("sqlite://{}?mode=rw", path.path())).ok()
}

/// An error as one line without the password of the address.
fn presentable(error: &dyn fmt::Display, address: &Url) -> String {
    let mut text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    let in_query = address.query_pairs().find(|(key, _)| key == "password");
    let in_query = in_query.as_ref().map(|(_, value)| value.as_ref());
    for secret in [address.password(), in_query].into_iter().flatten().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "***");
    }
    text
}

/// What every connection needs before its first statement.
async fn prepare(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    if engine == Engine::Sqlite {
        // busy_timeout first, so that the others wait too. `synchronous` stays FULL: a
        // logout that a power cut undoes would be a session come back to life.
        for pragma in [
            format!("PRAGMA busy_timeout = {BUSY_MILLISECONDS}"),
            "PRAGMA journal_mode = WAL".to_owned(),
            "PRAGMA synchronous = FULL".to_owned(),
            "PRAGMA foreign_keys = ON".to_owned(),
        ] {
            connection.execute(sqlx::AssertSqlSafe(pragma)).await?;
        }
    }
    Ok(())
}

/// [`prepare`], also while another process makes the same new database.
async fn prepare_patiently(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    let mut attempt = 1;
    loop {
        match prepare(connection, engine).await {
            Err(error) if attempt < PREPARE_ATTEMPTS && is_busy(&error) => {
                attempt += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result,
        }
    }
}

/// Whether `SQLite` says that another connection is in the way (primary code 5 or 6).
fn is_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

/// Brings the schema up to date. Processes that start together wait for one another:
/// on `PostgreSQL` by sqlx's advisory lock, on `SQLite`, where sqlx has none, in one
/// transaction that begins as a writing one.
async fn migrate(connection: &mut AnyConnection, engine: Engine) -> Result<(), MigrateError> {
    match engine {
        // `Migrator::run` takes a trait whose lifetimes keep this future from being `Send`
        // (sqlx's own remark); `run_direct` is what it calls.
        Engine::Postgres => MIGRATIONS.run_direct(None, connection, false).await,
        Engine::Sqlite => {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            MIGRATIONS.run_direct(None, &mut *transaction, false).await?;
            Ok(transaction.commit().await?)
        }
    }
}

/// The newest schema this program knows.
fn known_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// A new database gets its epoch; of several processes the first one's counts.
async fn make_epoch(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (id, epoch, sequence, latest) VALUES (1, $1, 0, 0) ON CONFLICT (id) DO NOTHING",
    )
    .bind(Id128(crate::clock::random()).to_string())
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_show_no_password() {
        let (_, address, shown) =
            read_url("postgres://tilegate:s3cr%40t@db.example.org/tilegate?password=oth3r&sslmode=require")
                .unwrap();
        assert_eq!(shown, "postgres://tilegate@db.example.org/tilegate");
        assert_eq!(presentable(&"refused\nfor s3cr%40t and oth3r", &address), "refused for *** and ***");
    }

    #[test]
    fn a_url_that_is_not_understood_is_not_quoted() {
        for url in ["", "mysql://u:s3cret@h/d", "postgres://u:s3cret@h:port/d", "sqlite:", "sqlite::memory:"]
        {
            let error = read_url(url).unwrap_err().to_string();
            assert!(error.starts_with("TILEGATE_DATABASE_URL is not understood"), "{url}: {error}");
            assert!(!error.contains("s3cret") && !error.contains('\n'), "{url}: {error}");
        }
        assert!(read_url("sqlite:file.db?mode=ro").is_err());
    }
}
