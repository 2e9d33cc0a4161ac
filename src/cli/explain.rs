//! `tilegate explain`: what would happen to a request, in sentences or as JSON.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Failure, open_with, say};
use crate::clock;
use crate::config::Settings;
use crate::credential::account::Username;
use crate::gate::trial::{Trial, path_of, try_path};
use crate::iiif::identifier::without_extension;
use crate::iiif::substitute::Halvings;
use crate::policy::Policy;
use crate::policy::condition::Conditions;
use crate::policy::decision::{Aspects, Basis, Decision, Resource};
use crate::policy::file;
use crate::policy::index::Winner;
use crate::policy::mount::{Mount, MountKind};
use crate::policy::rule::{Match, RuleSpec};

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
    /// At this moment: a date (its first second in UTC) or an RFC 3339 instant.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print JSON instead of sentences.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: &Explain, env_file: Option<&Path>) -> Result<ExitCode, Failure> {
    let settings = Settings::load(env_file)?;
    let origin = settings.site.public_url.origin();
    let path = path_of(&command.url, &origin)
        .ok_or_else(|| format!("{}: this is not an address of {origin}; give one, or a path", command.url))?;
    let now = match &command.at {
        Some(at) => {
            file::seconds(at).ok_or_else(|| format!("--at {at}: write 2041-01-01 or 2041-01-01T00:00:00Z"))?
        }
        None => clock::now(),
    };
    let store = open_with(&settings).await?;
    let stored = store.policy().await?;
    let numbered = stored.conditions.into_iter().map(|numbered| (numbered.bit, numbered.condition));
    let policy = Policy::build(&settings.site.mounts, numbered, &stored.rules)?;
    let (who, held) = match &command.account {
        None => ("an anonymous visitor".to_owned(), Conditions::NONE),
        Some(name) => {
            let account = store.account_by_name(&Username::parse(name)?).await?;
            let account = account.ok_or_else(|| format!("--account: there is no account `{name}`"))?;
            let held = if account.active {
                policy.conditions.set(account.conditions.iter().map(String::as_str))
            } else {
                Conditions::NONE
            };
            let state = if account.active { "" } else { " (locked, so nothing it holds counts)" };
            (format!("{}{state}", account.username), held)
        }
    };
    let address = command.address.map(|address| address.to_canonical());
    let by_network = address.map_or(Conditions::NONE, |address| policy.conditions.of_address(address));
    let aspects = Aspects { held, by_network, now };
    let trial = try_path(path, &policy, &aspects);
    let told = Told { trial: &trial, policy: &policy, rules: &stored.rules, who: &who, aspects, address };
    say(&if command.json { format!("{:#}\n", told.json()) } else { told.sentences() })?;
    Ok(match trial.decision {
        Decision::Allow(_) => ExitCode::SUCCESS,
        Decision::Challenge(..) => ExitCode::from(3),
        Decision::Refuse(_) => ExitCode::from(4),
    })
}

struct Told<'t> {
    trial: &'t Trial,
    policy: &'t Policy,
    rules: &'t [RuleSpec],
    who: &'t str,
    aspects: Aspects,
    address: Option<IpAddr>,
}

impl Told<'_> {
    fn verdict(&self) -> &'static str {
        match self.trial.decision {
            Decision::Allow(_) => "allow",
            Decision::Challenge(..) => "challenge",
            Decision::Refuse(_) => "refuse",
        }
    }

    fn names(&self, set: Conditions) -> Vec<&str> {
        self.policy.conditions.of(set).map(|condition| condition.name.as_str()).collect()
    }

    fn winner(&self) -> Option<Winner> {
        match self.trial.decision.basis() {
            Basis::Open(winner)
            | Basis::Held(_, winner)
            | Basis::Network(_, winner)
            | Basis::NotHeld(winner)
            | Basis::Shadow(winner)
            | Basis::Closed(winner)
            | Basis::Substitute(winner)
            | Basis::Thumbnail(winner)
            | Basis::NotPermitted(winner) => Some(winner),
            Basis::NoSubstitute | Basis::SizeUnknown | Basis::Malformed(_) => None,
        }
    }

    fn rule(&self, number: u32) -> Option<&RuleSpec> {
        self.rules.get(usize::try_from(number).ok()?)
    }

    fn sentences(&self) -> String {
        let mut lines = Vec::new();
        if let Basis::Malformed(reason) = self.trial.decision.basis() {
            lines.push(format!("Refused (403): the address has no one certain meaning ({reason})."));
            lines.push("No rule was looked at, and no login can help.".to_owned());
            return lines.join("\n") + "\n";
        }
        if let Some(halvings) = self.trial.substitute {
            lines.extend(self.about_substitute(halvings));
            return lines.join("\n") + "\n";
        }
        let (what, who) = match self.mount().map(|mount| mount.kind) {
            Some(MountKind::Manifest) => ("manifest", "Tilegate"),
            Some(MountKind::File) => ("file", "NGINX"),
            _ => ("image", "NGINX"),
        };
        lines.push(format!("The {what} is `{}` of the mount `{}`.", self.trial.identifier, self.trial.mount));
        lines.push(format!("{who} would fetch {}", self.trial.path));
        lines.push(match self.winner() {
            Some(Winner::Rule(number)) => format!("It is decided by {}.", self.described(number)),
            Some(Winner::Default) | None => self.by_default(),
            Some(Winner::Below) => {
                "The name may stand for what is below it, and there are rules below it: all of \
                                    them must be met, whatever their dates, besides what applies to the name."
                    .to_owned()
            }
        });
        for rule in &self.trial.candidates {
            if self.winner() != Some(Winner::Rule(rule.number)) {
                let why = if self.trial.counting.contains(&rule.number) {
                    "it counts as well: all of them must be met"
                } else if self.aspects.now < rule.from {
                    "it has not begun"
                } else if self.aspects.now >= rule.until {
                    "it is over"
                } else {
                    "a more specific one wins"
                };
                lines.push(format!("Also there: {}; {why}.", self.described(rule.number)));
            }
        }
        lines.extend(self.other_reading());
        let holds = self.names(self.aspects.held);
        let holds = if holds.is_empty() { "nothing".to_owned() } else { holds.join(", ") };
        lines.push(format!("This is about {}, who holds {holds}.", self.who));
        if let Some(address) = self.address {
            let has = self.names(self.aspects.by_network);
            let has = if has.is_empty() { "no condition".to_owned() } else { has.join(", ") };
            lines.push(format!("The address {address} has {has} by itself."));
        }
        lines.push(match self.trial.decision {
            Decision::Allow(Basis::Open(_)) => "Allowed (200): it is open to everybody.".to_owned(),
            Decision::Allow(Basis::Shadow(_)) => self.by_dry_run(),
            Decision::Allow(basis) => {
                let (bit, by) = match basis {
                    Basis::Held(bit, _) => (Conditions::only(bit), ""),
                    Basis::Network(bit, _) => (Conditions::only(bit), ", by the address alone"),
                    _ => (Conditions::NONE, ""),
                };
                format!("Allowed (200): {} is enough{by}.", self.names(bit).join(", "))
            }
            Decision::Challenge(needed, _) => {
                let names = self.names(needed);
                let needed = if names.len() == 1 { "" } else { "one of " };
                format!(
                    "Not allowed (401): it needs {needed}{}. A login that brings it would help.",
                    names.join(", ")
                )
            }
            Decision::Refuse(_) if self.winner() == Some(Winner::Below) => {
                "Refused (403): what must be met together leaves nobody; ask for the single images below it instead."
                    .to_owned()
            }
            Decision::Refuse(_) if self.is_closed_by_agreement() => {
                "Refused (403): what must be met together leaves nobody; no login can help.".to_owned()
            }
            Decision::Refuse(_) => "Refused (403): it is closed to everybody; no login can help.".to_owned(),
        });
        lines.join("\n") + "\n"
    }

    /// How large the image is, only the service asks: so there is no verdict here.
    fn about_substitute(&self, halvings: Halvings) -> [String; 2] {
        let Trial { identifier, mount, .. } = self.trial;
        let divisor = halvings.divisor();
        let position = self.policy.mounts().iter().position(|known| known.name == *mount);
        let resource = Resource { mount: position.unwrap_or(usize::MAX), identifier };
        let verdict = match self.policy.substitute_px(&resource, self.aspects.now) {
            None => "Refused (403): there is none; no condition of the image has a `substitute_px`, \
                     or the image itself is open."
                .to_owned(),
            Some(pixels) => format!(
                "It depends on the size of the image, which is not asked for here: everybody may have it (200) if 1/{divisor} \
                 is the first of 1/2, 1/4, 1/8 and so on at which the long side has at most {pixels} pixels; \
                 otherwise nobody (403)."
            ),
        };
        [
            format!(
                "This is the substitute of `{identifier}` of the mount `{mount}`, 1/{divisor} of its size."
            ),
            verdict,
        ]
    }

    fn mount(&self) -> Option<&Mount> {
        self.policy.mounts().iter().find(|mount| mount.name == self.trial.mount)
    }

    /// What everybody may have for a while, and what comes after it.
    fn by_dry_run(&self) -> String {
        let position = self.policy.mounts().iter().position(|mount| mount.name == self.trial.mount);
        let resource = Resource { mount: position.unwrap_or(usize::MAX), identifier: &self.trial.identifier };
        let needed = self.names(self.policy.needed(&resource, self.aspects.now)).join(" or ");
        let day = self.mount().and_then(|mount| mount.shadow).map_or_else(String::new, |day| day.to_string());
        format!("Allowed (200), only because of shadow={day}: from that day on (UTC) it needs {needed}.")
    }

    fn by_default(&self) -> String {
        let name = self.mount().map_or("", |mount| mount.default.as_str());
        let missing = if self.policy.conditions.bit(name).is_some() {
            ""
        } else {
            ", which does not exist and so counts as closed"
        };
        format!("No rule matches, so the mount's default condition decides: `{name}`{missing}.")
    }

    /// On digilib a name with an extension is judged without it, too.
    fn other_reading(&self) -> Option<String> {
        let base = without_extension(&self.trial.identifier)?;
        let identifier = &self.trial.identifier;
        self.mount()?.has_aliases().then(|| {
            format!("digilib takes `{identifier}` and `{base}` for one image, so both names must be allowed.")
        })
    }

    /// Whether nobody may although the deciding rule by itself lets somebody in.
    fn is_closed_by_agreement(&self) -> bool {
        let deciding =
            self.trial.candidates.iter().find(|rule| self.winner() == Some(Winner::Rule(rule.number)));
        deciding.is_some_and(|rule| !rule.requirement.is_closed())
    }

    fn described(&self, number: u32) -> String {
        let Some(rule) = self.rule(number) else { return format!("rule {}", number + 1) };
        let reach = match rule.matching {
            Match::Exact => "exactly",
            Match::Prefix => "and everything below it",
        };
        let spot = if rule.identifier.is_empty() { "the whole mount" } else { &rule.identifier };
        let mut text = format!("rule {} (`{spot}` {reach}: {}", number + 1, rule.conditions.join(" or "));
        if let Some(from) = rule.from {
            let _ = write!(text, ", from {from}");
        }
        if let Some(until) = rule.until {
            let _ = write!(text, ", until {until}");
        }
        text.push(')');
        if !rule.note.is_empty() {
            let _ = write!(text, ", noted “{}”", rule.note);
        }
        text
    }

    fn json(&self) -> serde_json::Value {
        let (needed, basis) = match self.trial.decision {
            Decision::Challenge(needed, basis) => (needed, basis),
            Decision::Allow(basis) | Decision::Refuse(basis) => (Conditions::NONE, basis),
        };
        let number = |winner| match winner {
            Some(Winner::Rule(number)) => json!(number + 1),
            _ => json!(null),
        };
        json!({
            "verdict": self.verdict(),
            "basis": basis.word(),
            "mount": self.trial.mount,
            "identifier": self.trial.identifier,
            "canonical_path": self.trial.path,
            "rule": number(self.winner()),
            "rules_below": self.winner() == Some(Winner::Below),
            "counting_rules": self.trial.counting.iter().map(|number| number + 1).collect::<Vec<_>>(),
            "candidate_rules": self.trial.candidates.iter().map(|rule| rule.number + 1).collect::<Vec<_>>(),
            "held": self.names(self.aspects.held),
            "by_network": self.names(self.aspects.by_network),
            "needed": self.names(needed),
        })
    }
}
