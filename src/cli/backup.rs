//! `tilegate backup`: a copy of the database, taken while the service runs.

use std::path::Path;

use super::{Failure, say};
use crate::store::Store;

pub(super) async fn run(file: &Path, store: &Store) -> Result<(), Failure> {
    store.backup(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
    say(&format!(
        "{}: a copy of the database. The keys (TILEGATE_KEYS) are not in it: keep them elsewhere.\n",
        file.display()
    ))
}
