//! A copy of the database as one file, taken while others read and write.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::{Engine, Store, StoreError};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("PostgreSQL is backed up with its own tools: use pg_dump")]
    Postgres,
    #[error("is there already; name a file that is not")]
    Exists,
    #[error("cannot be written: {0}")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes the database as of one moment into a new file, readable for its owner only.
    ///
    /// # Errors
    /// If the file exists or cannot be written, or the database is `PostgreSQL`. An
    /// unfinished file is removed.
    pub async fn backup(&self, file: &Path) -> Result<(), BackupError> {
        if self.engine == Engine::Postgres {
            return Err(BackupError::Postgres);
        }
        let name = file.to_str().ok_or_else(|| std::io::Error::from(ErrorKind::InvalidFilename))?;
        // SQLite fills an empty file and keeps its rights.
        let made =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(|error| {
                match error.kind() {
                    ErrorKind::AlreadyExists => BackupError::Exists,
                    _ => BackupError::File(error),
                }
            })?;
        let copied = sqlx::query("VACUUM INTO $1").bind(name.to_owned()).execute(&self.pool).await;
        let kept = copied.map_err(StoreError::from).map_err(BackupError::from).and_then(|_| {
            // SQLite leaves it to the operating system when the copy reaches the disk.
            Ok(made.sync_all()?)
        });
        if kept.is_err() {
            let _ = fs::remove_file(file);
        }
        kept
    }
}
