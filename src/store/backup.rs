//! A copy of the database as one file, taken while others read and write.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

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

    /// The same as an open file without a name, made beside the database, where there is room for
    /// another of its size.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub async fn backup_unnamed(&self) -> Result<fs::File, BackupError> {
        if self.engine == Engine::Postgres {
            return Err(BackupError::Postgres);
        }
        let database: String =
            sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'")
                .fetch_one(&self.pool)
                .await
                .map_err(StoreError::from)?;
        let beside = PathBuf::from(format!("{database}.backup-{}", std::process::id()));
        self.backup(&beside).await?;
        let copy = fs::File::open(&beside);
        // An open file can be read without its name: from here on no end of this process leaves it behind.
        fs::remove_file(&beside)?;
        Ok(copy?)
    }
}
