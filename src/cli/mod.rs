//! The command line. Standard output carries the result alone; logs and errors go
//! to standard error, an error as one line that names the cure.
//!
//! Exit status: 0 done, 1 refused or failed, 2 usage; `explain` also 3 (challenge)
//! and 4 (refuse).

mod account;
mod explain;
mod policy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;

use crate::clock;
use crate::config::{LogFormat, Settings, SiteSettings};
use crate::nginx_conf::{self, NginxVersion};
use crate::startup::Application;
use crate::store::Store;
use crate::telemetry;

/// Decides, beside NGINX, who may see which IIIF image.
///
/// Settings are environment variables (TILEGATE_…), or lines of the file given by
/// --env-file; .env.template lists them all.
#[derive(Debug, Parser)]
#[command(name = "tilegate", version, max_term_width = 100)]
struct Arguments {
    /// Read settings from this file; the environment wins over it.
    #[arg(long, global = true, value_name = "FILE")]
    env_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service.
    Serve,
    /// Add, list, change or remove accounts.
    #[command(subcommand)]
    Account(account::Command),
    /// Export, import or test the policy: access conditions, rules and tests.
    #[command(subcommand)]
    Policy(policy::Command),
    /// Say what would happen to a request, and why.
    Explain(explain::Explain),
    /// Print what NGINX is to include, for the mounts in the settings.
    NginxConf(NginxConf),
    /// Make keys.
    #[command(subcommand)]
    Key(Key),
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("block").required(true)))]
struct NginxConf {
    /// What belongs into the `http` block: upstreams, maps, log format, internal servers.
    #[arg(long, group = "block")]
    http: bool,
    /// What belongs into a `server` block: the protected locations and /auth/.
    #[arg(long, group = "block")]
    server: bool,
    /// Use what this version of NGINX can do; without it the output works on 1.22.1.
    #[arg(long, value_name = "X.Y.Z")]
    nginx_version: Option<NginxVersion>,
}

#[derive(Debug, Subcommand)]
enum Key {
    /// Print a fresh key for `TILEGATE_KEYS`.
    New,
}

/// Why a command failed: one line for standard error.
type Failure = Box<dyn std::error::Error>;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = actix_web::rt::System::new().block_on(dispatch(arguments));
    outcome.unwrap_or_else(|error| {
        eprintln!("tilegate: {error}");
        ExitCode::FAILURE
    })
}

async fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    let env_file = arguments.env_file.as_deref();
    match arguments.command {
        Command::Serve => {
            let settings = Settings::load(env_file)?;
            telemetry::start(&settings.log, settings.log_format)?;
            // Fails only if a provider is installed already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            Application::build(settings).await?.run_until_stopped().await?;
        }
        Command::Account(command) => account::run(command, &open(env_file).await?).await?,
        Command::Policy(command) => return policy::run(command, env_file).await,
        Command::Explain(command) => return explain::run(&command, env_file).await,
        Command::NginxConf(wanted) => {
            let site = SiteSettings::load(env_file)?;
            let version = wanted.nginx_version.unwrap_or_default();
            let text = if wanted.http {
                nginx_conf::http(&site, version)
            } else {
                nginx_conf::server(&site, version)
            };
            print!("{text}");
        }
        Command::Key(Key::New) => {
            use base64::Engine as _;
            println!("{}", base64::engine::general_purpose::STANDARD.encode(clock::random::<32>()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The store of the settings, for a command that runs beside the service.
async fn open(env_file: Option<&std::path::Path>) -> Result<Store, Failure> {
    let settings = Settings::load(env_file)?;
    open_with(&settings).await
}

async fn open_with(settings: &Settings) -> Result<Store, Failure> {
    telemetry::start("warn", LogFormat::Text)?;
    Ok(Store::connect(settings.database_url.expose_secret()).await?)
}
