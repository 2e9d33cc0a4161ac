//! The command line. Standard output carries the result alone; logs and errors go
//! to standard error, an error as one line that names the cure.
//!
//! Exit status: 0 done, 1 refused or failed, 2 usage; `explain` also 3 (challenge)
//! and 4 (refuse).

mod account;
mod audit;
mod backup;
mod coverage;
mod device;
mod explain;
mod health;
mod nginx_conf;
mod pass;
mod policy;
mod settings;
mod upcoming;

use std::borrow::Cow;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;

use crate::audit::chain::AuditKeys;
use crate::clock;
use crate::config::{LogFormat, Settings};
use crate::startup::Application;
use crate::store::Store;
use crate::telemetry;

/// Decides, beside NGINX, who may see which IIIF image.
#[derive(Debug, Parser)]
#[command(name = "tilegate", version, max_term_width = 100, after_help = AFTER_HELP)]
struct Arguments {
    /// Read settings from this file of NAME=value lines; the environment wins over it.
    #[arg(long, global = true, value_name = "FILE")]
    env_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Settings are environment variables named TILEGATE_…, or lines of the file given by --env-file.
`tilegate settings` lists them all; .env.template is a file of them to begin with.

Exit status: 0 done, 1 refused or failed, 2 wrong usage; `explain` also 3 and 4.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service until SIGTERM or Ctrl-C.
    Serve {
        /// With samples for authors of viewers: their policy, an account with a public password, and a page at
        /// /auth/demo/. Needs a database of its own; the images are those of `make run`.
        #[arg(long)]
        demo: bool,
    },
    /// Add, list, change or remove accounts.
    #[command(subcommand)]
    Account(account::Command),
    /// Make, list or revoke devices: computers of a reading room, wherever their addresses are.
    #[command(subcommand)]
    Device(device::Command),
    /// Make, list or revoke passes: credentials without an account, each for one part of a mount.
    #[command(subcommand)]
    Pass(pass::Command),
    /// Check the audit trail.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Export, import or test the policy: access conditions, rules and tests.
    #[command(subcommand)]
    Policy(policy::Command),
    /// Say what would happen to a request, and why.
    Explain(explain::Explain),
    /// Print, or write into a folder, what NGINX is to include for the mounts in the settings.
    NginxConf(nginx_conf::NginxConf),
    /// Write a copy of the SQLite database into a new file; the service may run meanwhile.
    Backup {
        /// The file to make; `-` writes the copy to standard output.
        file: PathBuf,
    },
    /// Say whether the service of these settings answers and is ready.
    Health,
    /// Make keys.
    #[command(subcommand)]
    Key(Key),
    /// List the settings: name, default and meaning of each.
    Settings,
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
        eprintln!("tilegate: {}", harmless(&error.to_string()));
        ExitCode::FAILURE
    })
}

async fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    let env_file = arguments.env_file.as_deref();
    match arguments.command {
        Command::Serve { demo } => {
            let settings = Settings::load(env_file)?;
            telemetry::start(&settings.log, settings.log_format)?;
            for notice in &settings.notices {
                tracing::warn!("{notice}");
            }
            // Fails only if a provider is installed already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let application = if demo {
                Application::build_demo(settings).await
            } else {
                Application::build(settings).await
            };
            application?.run_until_stopped().await?;
        }
        Command::Account(command) => account::run(command, &open(env_file).await?).await?,
        Command::Device(command) => device::run(command, env_file).await?,
        Command::Pass(command) => pass::run(command, env_file).await?,
        Command::Audit(command) => audit::run(command, &open(env_file).await?).await?,
        Command::Policy(command) => return policy::run(command, env_file).await,
        Command::Explain(command) => return explain::run(&command, env_file).await,
        Command::NginxConf(wanted) => nginx_conf::run(&wanted, env_file)?,
        Command::Backup { file } => backup::run(&file, &open(env_file).await?).await?,
        Command::Health => health::run(env_file).await?,
        Command::Key(Key::New) => {
            use base64::Engine as _;
            let key = base64::engine::general_purpose::STANDARD.encode(clock::random::<32>());
            say(&format!("{key}\n"))?;
        }
        Command::Settings => say(&settings::list())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A text in which names of files, notes and addresses, which others may have chosen, can do nothing to a terminal: control
/// characters and those that turn the direction of writing are shown as escapes.
fn harmless(text: &str) -> Cow<'_, str> {
    let turns = |character| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_harmful =
        |character: char| (character.is_control() && !matches!(character, '\n' | '\t')) || turns(character);
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let shown = |character: char| match character {
        harmful if is_harmful(harmful) => harmful.escape_unicode().to_string(),
        other => other.to_string(),
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Tells people a result.
fn say(text: &str) -> Result<(), Failure> {
    hand_over(&harmless(text))
}

/// Writes a result to standard output, byte by byte as it is: what a program or a file is to have. A reader that has seen
/// enough (`| head`) is no failure.
fn hand_over(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("the result cannot be written to standard output: {error}").into())
        }
        _ => Ok(()),
    }
}

/// The store of the settings, for a command that runs beside the service.
async fn open(env_file: Option<&std::path::Path>) -> Result<Store, Failure> {
    let settings = Settings::load(env_file)?;
    open_with(&settings).await
}

async fn open_with(settings: &Settings) -> Result<Store, Failure> {
    telemetry::start("warn", LogFormat::Text)?;
    let audit = AuditKeys::new(settings.keys.expose());
    Ok(Store::connect(settings.database_url.expose_secret(), audit).await?)
}
