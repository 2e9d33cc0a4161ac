//! `tilegate backup`: a copy of the database, taken while the service runs.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use super::{Failure, say};
use crate::store::Store;

pub(super) async fn run(file: &Path, store: &Store) -> Result<(), Failure> {
    if file == Path::new("-") {
        return to_output(store).await;
    }
    store.backup(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
    say(&format!(
        "{}: a copy of the database. The keys (TILEGATE_KEYS) are not in it: keep them elsewhere.\n",
        file.display()
    ))
}

async fn to_output(store: &Store) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        return Err(
            "a database is nothing for a terminal: write it to a file, `tilegate backup - > FILE`".into()
        );
    }
    let mut copy = store.backup_unnamed().await.map_err(|error| format!("the copy: {error}"))?;
    let mut out = io::stdout().lock();
    io::copy(&mut copy, &mut out).and_then(|_| out.flush())?;
    Ok(())
}
