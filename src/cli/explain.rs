//! `tilegate explain`: what would happen to a request, in sentences or as JSON.

use std::net::IpAddr;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, hand_over, open_with, say};
use crate::clock;
use crate::config::Settings;
use crate::credential::account::{Id128, Username};
use crate::gate::explanation::{Explanation, Question};
use crate::gate::trial::path_of;
use crate::iiif::substitute::Dimensions;
use crate::policy::decision::Decision;
use crate::policy::file;
use crate::policy::thumbnail::Measure;
use crate::snapshot::policy_of;
use crate::texts::Texts;
use crate::texts::explanation::{Told, data};

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A tile, info.json, a manifest or a file: the whole address, or its path.
    url: String,
    /// For this account; for an anonymous visitor without it.
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// From this address, which may have conditions by itself.
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
    /// With this pass, too: its ID, as `pass list` shows it.
    #[arg(long, value_name = "ID")]
    pass: Option<String>,
    /// At this moment: a date (its first second in UTC) or an RFC 3339 instant.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The dimensions of the image, in pixels: thumbnails and substitutes depend on them. No image server is asked.
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = dimensions)]
    size: Option<Dimensions>,
    /// Print JSON instead of sentences.
    #[arg(long)]
    json: bool,
}

fn dimensions(text: &str) -> Result<Dimensions, &'static str> {
    let wrong = "write the width and the height of the image in pixels, such as 4000x3000";
    let (width, height) = text.split_once('x').ok_or(wrong)?;
    let side = |text: &str| text.parse().map_err(|_| wrong);
    Dimensions::new(side(width)?, side(height)?).ok_or(wrong)
}

pub(super) async fn run(command: &Explain, env_file: Option<&Path>) -> Result<ExitCode, Failure> {
    let settings = Settings::load(env_file)?;
    let origin = settings.site.public_url.origin();
    let path = path_of(&command.url, &origin)
        .ok_or_else(|| format!("{}: this is not an address of {origin}; give one, or a path", command.url))?;
    let now = moment(command.at.as_deref())?;
    let store = open_with(&settings).await?;
    let (policy, _) = policy_of(&store, &settings.site.mounts).await?;
    let account = match &command.account {
        None => None,
        Some(name) => {
            let account = store.account_by_name(&Username::parse(name)?).await?;
            Some(account.ok_or_else(|| format!("--account: there is no account `{name}`"))?)
        }
    };
    let mut question = Question::anonymous(path, now);
    if let Some(account) = &account {
        question = question.by(account, &policy);
    }
    if let Some(address) = command.address {
        question = question.from_address(address, &policy);
    }
    let pass = match &command.pass {
        None => None,
        Some(id) => {
            // What is no ID may be the secret, and is not repeated.
            let parsed = Id128::parse(id).ok_or(
                "--pass: this is no ID of a pass, which has 32 hexadecimal digits; `tilegate pass list` shows them",
            )?;
            let unknown = || {
                format!(
                    "--pass: the pass `{id}` opens nothing then: it is revoked, it has run out, or there is none; \
                     `tilegate pass list` says which"
                )
            };
            Some(store.active_pass(&parsed, now).await?.ok_or_else(unknown)?)
        }
    };
    if let Some(pass) = &pass {
        question = question.with_pass(pass);
    }
    question.measure = command.size.map_or(Measure::Unavailable, Measure::Is);
    let trial = question.trial(&policy);
    let texts = store.rules_by_number(&trial.rule_numbers()).await?;
    let texts = trial.texts(texts, &policy);
    let explanation = Explanation::of(&question, &trial, &policy, &texts);
    if command.json {
        hand_over(&format!("{:#}\n", data(&explanation)))?;
    } else {
        say(&Told::of(&explanation, Texts::ENGLISH).lines())?;
    }
    Ok(match trial.decision {
        Decision::Allow(_) => ExitCode::SUCCESS,
        Decision::Challenge(..) => ExitCode::from(3),
        Decision::Refuse(_) => ExitCode::from(4),
    })
}

/// The moment of an option `--at`; without it the present one.
pub(super) fn moment(at: Option<&str>) -> Result<u64, Failure> {
    let Some(at) = at else { return Ok(clock::now()) };
    let moment = file::seconds(at);
    Ok(moment.ok_or_else(|| format!("--at {at}: write 2041-01-01 or 2041-01-01T00:00:00Z"))?)
}
