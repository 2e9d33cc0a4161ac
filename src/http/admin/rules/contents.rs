//! What of a manifest can be ticked: its ranges and canvases, with what of ours they show and what decides about it now.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use actix_web::web;

use crate::clock;
use crate::gate::path::{Canonical, Part, locate};
use crate::gate::trial::{Trial, path_of, try_path};
use crate::http::Context;
use crate::iiif::manifest::BadManifest;
use crate::iiif::outline::Outline;
use crate::origin::OriginError;
use crate::policy::Policy;
use crate::policy::decision::Aspects;
use crate::policy::mount::{Mount, MountKind};
use crate::policy::upcoming::Asked as AskedFor;
use crate::store::StoreError;
use crate::texts::{Said, Texts};

/// Canvases on one page.
const MOST: usize = 2000;

/// What of a manifest can be ticked.
pub(super) struct Contents {
    pub(super) ranges: Vec<Range>,
    pub(super) canvases: Vec<Canvas>,
    /// Mount and identifier of what is ours and belongs to the whole.
    pub(super) beside: Vec<(String, String)>,
    /// How many canvases there are.
    pub(super) total: usize,
    /// There are more than are shown.
    pub(super) is_cut: bool,
}

pub(super) struct Range {
    /// Of its box in the form.
    pub(super) field: String,
    pub(super) label: String,
    /// The first of each ID.
    pub(super) canvases: Vec<usize>,
    pub(super) count: usize,
    /// It has canvases that are not shown: a part of it would be protected, and look like all of it.
    pub(super) is_cut: bool,
}

pub(super) struct Canvas {
    pub(super) field: String,
    /// Of it, or of the first one that has the same ID: what names the ID means all of them.
    pub(super) first: usize,
    /// Others of its ID are not shown.
    pub(super) is_cut: bool,
    pub(super) label: String,
    pub(super) thumbnail: Option<String>,
    /// Mount and identifier of what is ours of it.
    pub(super) spots: Vec<(String, String)>,
    pub(super) now: Option<AskedFor>,
}

/// Why there is nothing to tick.
pub(super) enum Unread {
    Said(Said),
    Store(StoreError),
}

/// Reads a manifest of ours, through its mount's own origin.
pub(super) async fn read(context: &web::Data<Context>, url: &str, t: Texts) -> Result<Contents, Unread> {
    let origin = context.settings.site.public_url.origin();
    let snapshot = Arc::clone(&context.live.current());
    let mut canonical = Canonical::new();
    let located = path_of(url, &origin)
        .and_then(|path| locate(path.as_bytes(), snapshot.policy.mounts(), &mut canonical).ok())
        .filter(|located| located.part == Part::Manifest);
    let Some(located) = located else {
        return Err(Unread::Said(t.say("rules-manifest-not-ours").with("origin", origin)));
    };
    let mount = located.mount.name.clone();
    let fetched = match context.origins.fetch(&mount, &canonical.path).await {
        Ok(fetched) => fetched,
        Err(OriginError::NotFound) => return Err(Unread::Said(t.say("rules-manifest-none"))),
        Err(error) => {
            tracing::warn!(mount, %error, "the origin gave no usable manifest");
            return Err(Unread::Said(t.say("rules-manifest-unreadable")));
        }
    };
    // Many megabytes may have to be looked through: not on a thread that answers for tiles.
    let read = web::block(move || {
        let outline = Outline::read(&fetched.body)?;
        Ok::<_, BadManifest>(contents(outline, &snapshot.policy, &origin))
    });
    match read.await {
        Ok(Ok(contents)) => Ok(contents),
        Ok(Err(_)) => Err(Unread::Said(t.say("rules-manifest-unreadable"))),
        Err(_) => Err(Unread::Store(StoreError::Damaged("a manifest was not read to its end".to_owned()))),
    }
}

fn contents(outline: Outline, policy: &Policy, origin: &str) -> Contents {
    let aspects = Aspects { now: clock::now(), ..Aspects::default() };
    let of_ours = |url: &String| {
        let trial = try_path(path_of(url, origin)?, policy, &aspects);
        let kind = policy.mounts().get(trial.position)?.kind;
        (kind != MountKind::Manifest).then_some((trial, kind))
    };
    let spot = |trial: &Trial| {
        let mount = policy.mounts().get(trial.position).map_or("", Mount::rules_name);
        (mount.to_owned(), trial.identifier.clone())
    };
    let total = outline.canvases.len();
    let is_cut = total > MOST || outline.ranges.len() > MOST;
    let mut firsts: HashMap<String, usize> = HashMap::new();
    let all: Vec<usize> = (0..)
        .zip(&outline.canvases)
        .map(|(place, canvas)| *firsts.entry(canvas.id.clone()).or_insert(place))
        .collect();
    // How many go by the ID of a first one, and which is the last.
    let mut by_first: HashMap<usize, (usize, usize)> = HashMap::new();
    for (place, first) in all.iter().enumerate() {
        let (count, last) = by_first.entry(*first).or_default();
        (*count, *last) = (*count + 1, place);
    }
    let canvases = outline.canvases.into_iter().take(MOST).zip(&all).enumerate();
    let canvases = canvases.map(|(position, (canvas, first))| {
        let ours: Vec<_> = canvas.resources.iter().filter_map(|url| Some((url, of_ours(url)?))).collect();
        let image = ours.iter().find(|(_, (_, kind))| *kind == MountKind::Image);
        Canvas {
            field: format!("canvas-{position}"),
            first: *first,
            is_cut: by_first.get(first).is_some_and(|(_, last)| *last >= MOST),
            label: if canvas.label.is_empty() { (position + 1).to_string() } else { canvas.label },
            thumbnail: image.and_then(|(url, (trial, _))| thumbnail_of(url, origin, trial)),
            now: ours.first().map(|(_, (trial, _))| policy.asked_on(&trial.resource(), aspects.now)),
            spots: ours.iter().map(|(_, (trial, _))| spot(trial)).collect(),
        }
    });
    let canvases: Vec<Canvas> = canvases.collect();
    let ranges = outline.ranges.into_iter().take(MOST).enumerate().map(|(position, range)| {
        let firsts = range.canvases.iter().filter_map(|place| all.get(*place).copied());
        let named: BTreeSet<usize> = firsts.collect();
        // What goes by the same ID is meant, too.
        let meant = named.iter().filter_map(|first| by_first.get(first));
        Range {
            field: format!("range-{position}"),
            label: if range.label.is_empty() { (position + 1).to_string() } else { range.label },
            is_cut: meant.clone().any(|(_, last)| *last >= MOST),
            count: meant.map(|(count, _)| *count).sum(),
            canvases: named.into_iter().collect(),
        }
    });
    let beside = outline.resources.iter().filter_map(of_ours).map(|(trial, _)| spot(&trial));
    Contents { ranges: ranges.collect(), beside: beside.collect(), canvases, total, is_cut }
}

/// A small answer of an image of ours: whoever may not see it sees its label.
fn thumbnail_of(url: &str, origin: &str, trial: &Trial) -> Option<String> {
    let path = path_of(url, origin)?.split(['?', '#']).next()?.trim_end_matches('/');
    let service = match trial.part {
        // Painted without its service: region, size, rotation and quality come last.
        Some(Part::Image(_)) => path.rsplitn(5, '/').nth(4)?,
        _ => path,
    };
    Some(format!("{service}/full/!90,90/0/default.jpg"))
}
