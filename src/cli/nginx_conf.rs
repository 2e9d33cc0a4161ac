//! `tilegate nginx-conf`: what NGINX is to include, printed or written into a folder.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{Failure, hand_over, say};
use crate::config::{Settings, SiteSettings};
use crate::nginx_conf::{self, NginxVersion};

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("block").required(true)))]
pub(super) struct NginxConf {
    /// What belongs into the `http` block: upstreams, maps, log format, internal servers.
    #[arg(long, group = "block")]
    http: bool,
    /// What belongs into a `server` block: the protected locations and /auth/.
    #[arg(long, group = "block")]
    server: bool,
    /// Write both into this folder, as tilegate-http.conf and tilegate-server.conf, if all settings
    /// are good enough for `serve`, secrets included.
    #[arg(long, group = "block", value_name = "FOLDER")]
    directory: Option<PathBuf>,
    /// Use what this version of NGINX can do; without it the output works on 1.22.1.
    #[arg(long, value_name = "X.Y.Z")]
    nginx_version: Option<NginxVersion>,
}

pub(super) fn run(wanted: &NginxConf, env_file: Option<&Path>) -> Result<(), Failure> {
    let version = wanted.nginx_version.unwrap_or_default();
    let Some(folder) = &wanted.directory else {
        let site = SiteSettings::load(env_file)?;
        let print = if wanted.http { nginx_conf::http } else { nginx_conf::server };
        return hand_over(&print(&site, version));
    };
    let settings = Settings::load(env_file)?;
    for notice in &settings.notices {
        eprintln!("tilegate: {notice}");
    }
    // The file with the marks comes last: an NGINX that reads between the two, or after a disk that
    // filled up between them, has the marks of before, and Tilegate refuses it what has changed.
    for (name, text) in [
        ("tilegate-server.conf", nginx_conf::server(&settings.site, version)),
        ("tilegate-http.conf", nginx_conf::http(&settings.site, version)),
    ] {
        let file = folder.join(name);
        let changed = replace(&file, &text)
            .map_err(|error| format!("--directory: {} cannot be written: {error}", file.display()))?;
        say(&format!("{}: {}\n", file.display(), if changed { "written" } else { "unchanged" }))?;
    }
    Ok(())
}

/// Puts a text in a file's place in one step, so that an NGINX which reloads at that
/// moment reads the old one or the new one whole; whether they differ.
fn replace(file: &Path, text: &str) -> std::io::Result<bool> {
    if fs::read(file).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(false);
    }
    let part = file.with_extension("part");
    let mut written = fs::File::create(&part)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(part, file)?;
    Ok(true)
}
