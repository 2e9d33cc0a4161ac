//! `tilegate backup`: a copy of the database, taken while the service runs.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret as _;

use super::{Failure, open_with, say};
use crate::config::Settings;

pub(super) async fn run(file: &Path, env_file: Option<&Path>) -> Result<(), Failure> {
    let settings = Settings::load(env_file)?;
    if file == Path::new("-") {
        return to_output(&settings).await;
    }
    let store = open_with(&settings).await?;
    store.backup(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
    say(&format!(
        "{}: a copy of the database. The keys (TILEGATE_KEYS) are not in it: keep them elsewhere.\n",
        file.display()
    ))
}

/// Through a file beside the database, where there is room for another of its size.
async fn to_output(settings: &Settings) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        return Err(
            "a database is nothing for a terminal: write it to a file, `tilegate backup - > FILE`".into()
        );
    }
    let store = open_with(settings).await?;
    let beside = match settings.database_url.expose_secret().strip_prefix("sqlite:") {
        Some(database) => {
            let path = database.strip_prefix("//").unwrap_or(database);
            PathBuf::from(format!("{path}.backup-{}", std::process::id()))
        }
        // Refused below, with the right words.
        None => PathBuf::from("-"),
    };
    store.backup(&beside).await.map_err(|error| format!("the copy: {error}"))?;
    let copy = File::open(&beside);
    // An open file can be read without its name: from here on no end of this process leaves it behind.
    fs::remove_file(&beside)?;
    let mut out = io::stdout().lock();
    io::copy(&mut copy?, &mut out).and_then(|_| out.flush())?;
    Ok(())
}
