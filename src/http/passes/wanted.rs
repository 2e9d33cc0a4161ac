//! What an application wants, held against the pass that it makes passes with.

use serde::Deserialize;

use super::problem::Problem;
use crate::clock::{self, UnixSeconds};
use crate::credential::account::{Id128, is_deceptive};
use crate::credential::pass::{LONGEST_IDENTIFIER, LONGEST_NOTE, PassSecret, Scope, ScopeFault};
use crate::http::Context;
use crate::policy::permitted::VIEW_PX;
use crate::store::{NewPass, StoredPass};

/// Shorter a pass is over before its link is opened, seconds.
const SHORTEST_LIFE: u64 = 60;
const MOST_USES: u32 = 1_000_000;

/// What is wanted, all of it within the pass that it is made with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// As in a rule.
    identifier: String,
    #[serde(default)]
    exact: bool,
    /// Those of the maker without it.
    conditions: Option<Vec<String>>,
    /// That of the maker without it.
    max_px: Option<u32>,
    /// Seconds; as long as a login without it.
    expires_in: Option<u64>,
    /// How often the address can be used; once without it.
    uses: Option<u32>,
    #[serde(default)]
    note: String,
    /// A path of this site to go on to.
    pub(super) to: Option<String>,
}

/// The pass that is wanted, if the one that it is made with gives as much.
pub(super) fn within(
    context: &Context,
    maker: &StoredPass,
    wanted: Wanted,
    secret: &PassSecret,
    now: UnixSeconds,
) -> Result<NewPass, Problem> {
    let mounts = &context.settings.site.mounts;
    let scope = Scope::on(mounts, &maker.scope.mount, &wanted.identifier, wanted.exact).map_err(|fault| {
        let text = match fault {
            ScopeFault::NoMount | ScopeFault::Borrows(_) => {
                format!("The mount {:?} of this token has no rules of its own any more.", maker.scope.mount)
            }
            ScopeFault::Identifier(reason) => format!("It can be no identifier there ({reason})."),
            ScopeFault::TooLong => format!("It is longer than {LONGEST_IDENTIFIER} bytes."),
        };
        Problem::of("identifier", text)
    })?;
    if !maker.scope.encloses(&scope) {
        let Scope { identifier, exact, .. } = &maker.scope;
        let text = match (identifier.is_empty(), exact) {
            (_, true) => format!("This token makes passes for {identifier:?} alone; say \"exact\": true."),
            (false, false) => format!("This token makes passes for {identifier:?} and what is below it."),
            (true, false) => "This token makes passes for its own mount.".to_owned(),
        };
        return Err(Problem::beyond("identifier", text));
    }
    let conditions = match (wanted.conditions, &maker.conditions) {
        (None, of_maker) => of_maker.clone(),
        (Some(names), _) if names.is_empty() => {
            return Err(Problem::of("conditions", "Name one, or leave the member out."));
        }
        (Some(names), None) => Some(names),
        (Some(names), Some(of_maker)) => match names.iter().find(|name| !of_maker.contains(name)) {
            Some(name) => {
                return Err(Problem::beyond(
                    "conditions",
                    format!("This token does not stand for {name:?}."),
                ));
            }
            None => Some(names),
        },
    };
    if wanted.max_px.is_some_and(|pixels| pixels < VIEW_PX) {
        return Err(Problem::of("max_px", format!("Write {VIEW_PX} at least, which is a viewer's tile.")));
    }
    let max_px = match (wanted.max_px, maker.max_px) {
        (Some(wanted), Some(of_maker)) if wanted > of_maker => {
            return Err(Problem::beyond("max_px", format!("This token gives {of_maker} at most.")));
        }
        (wanted, of_maker) => wanted.or(of_maker),
    };
    let longest = maker.expires.saturating_sub(now);
    let life = match wanted.expires_in {
        None => context.settings.session_seconds.min(longest),
        Some(life) if life < SHORTEST_LIFE => {
            return Err(Problem::of("expires_in", format!("Write {SHORTEST_LIFE} seconds at least.")));
        }
        Some(life) if life > longest => {
            let text = format!("This token expires before; write {longest} seconds at most.");
            return Err(Problem::of("expires_in", text));
        }
        Some(life) => life,
    };
    let uses = wanted.uses.unwrap_or(1);
    if !(1..=MOST_USES).contains(&uses) {
        return Err(Problem::of("uses", format!("Write a number from 1 to {MOST_USES}.")));
    }
    let note = wanted.note.trim();
    if note.chars().count() > LONGEST_NOTE || note.chars().any(is_deceptive) {
        let text =
            format!("Write one line of at most {LONGEST_NOTE} characters, without control characters.");
        return Err(Problem::of("note", text));
    }
    Ok(NewPass {
        id: Id128(clock::random()),
        secret: secret.hash(),
        scope,
        conditions,
        max_px,
        expires: now + life,
        uses: Some(uses),
        note: note.to_owned(),
        makes_passes: false,
        maker: Some(maker.id),
    })
}
