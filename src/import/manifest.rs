//! IIIF manifests (Presentation API 2 and 3): conditions of the whole, of a range or of a canvas, for the images in it.
//!
//! A canvas's own condition counts before that of a range, the inner range's before the outer's, and that of the
//! whole last, each on the days that the one before leaves. Ranges of which none lies in the other both hold, and so do
//! the canvases on which one image is painted twice: the stricter counts (product decision 3).

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::claims::Claims;
use super::parts::{Kind, Wanted};
use super::span::Free;
use super::{Faults, Found, Ground, Target, several};
use crate::gate::path::Canonical;
use crate::iiif::outline::Outline;
use crate::policy::file::PolicyFileError;

/// What names a manifest.
#[derive(Deserialize)]
struct Head {
    #[serde(alias = "@id")]
    id: Option<String>,
}

/// The ID of a manifest, if it has one.
pub fn id_of(text: &str) -> Option<String> {
    serde_json::from_str::<Head>(text.trim_start_matches('\u{feff}')).ok()?.id
}

/// Reads one manifest, called `name` in a sheet of parts. `used` says of each wanted part whether some manifest had it.
///
/// # Errors
/// If it is no manifest, if nothing is wanted of it, or if no image in it is ours.
pub fn read(
    text: &str,
    name: &str,
    wanted: &[Wanted],
    used: &mut [bool],
    ground: &Ground<'_>,
) -> Result<Found, PolicyFileError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut faults = Faults::default();
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        faults.add(error.line().max(1), format!("this is not JSON: {error}"));
        return Err(faults.into_error());
    }
    let Ok(outline) = Outline::read(text.as_bytes()) else {
        faults.add(1, "the file is no manifest of the Presentation API 2 or 3");
        return Err(faults.into_error());
    };
    let id = id_of(text).unwrap_or_default();
    let is_meant = |wanted: &Wanted| {
        let by_name = |manifest: &String| {
            manifest == name || *manifest == id || name.ends_with(&format!("/{manifest}"))
        };
        wanted.manifest.as_ref().is_none_or(by_name)
    };
    // The canvases of each part that is wanted of this manifest.
    let mut parts: Vec<(&Wanted, Kind, HashSet<usize>)> = Vec::new();
    for (one, used) in wanted.iter().zip(used) {
        if !is_meant(one) {
            continue;
        }
        let found = canvases(&outline, one);
        *used |= found.is_some();
        if found.as_ref().is_some_and(|(kind, canvases)| *kind == Kind::Range && canvases.is_empty()) {
            faults.add(
                1,
                format!(
                    "{} names no canvas of the manifest, so its condition would protect nothing",
                    one.shown()
                ),
            );
        }
        parts.extend(found.map(|(kind, canvases)| (one, kind, canvases)));
    }
    if parts.is_empty() {
        faults.add(
            1,
            "no condition is given for this manifest; add --conditions, --range, --canvas or --parts",
        );
        return Err(faults.into_error());
    }

    let mut reading = Reading {
        ground,
        claims: Claims::default(),
        scratch: Canonical::new(),
        elsewhere: Vec::new(),
        silent: Vec::new(),
        met: HashSet::new(),
    };
    for (place, canvas) in outline.canvases.iter().enumerate() {
        let of_canvas: Vec<_> = parts.iter().filter(|(_, _, canvases)| canvases.contains(&place)).collect();
        for url in &canvas.resources {
            reading.resource(url, &of_canvas);
        }
    }
    let of_whole: Vec<_> = parts.iter().filter(|(_, kind, _)| *kind == Kind::Whole).collect();
    for url in &outline.resources {
        reading.resource(url, &of_whole);
    }
    if reading.claims.is_empty() {
        faults.add(
            1,
            format!(
                "no image with a condition in this manifest is at {}; elsewhere are: {}",
                ground.public_origin,
                several(&reading.elsewhere, "resource", "resources").unwrap_or_else(|| "none".to_owned())
            ),
        );
    }
    let mut remarks = Vec::new();
    let overlooked = reading.overlooked(text);
    remarks.extend(several(
        &overlooked,
        "image stands where it is not read (no canvas with an ID, or none of the manifest's version) and gets no rule",
        "images stand where they are not read (no canvas with an ID, or none of the manifest's version) and get no rule",
    ));
    remarks.extend(several(
        &reading.elsewhere,
        "resource is not ours and gets no rule",
        "resources are not ours and get no rule",
    ));
    remarks.extend(several(
        &reading.silent,
        "image has no condition here and gets no rule",
        "images have no condition here and get no rule",
    ));
    faults.finish(Found { rules: reading.claims.into_rules(), remarks, networks: Vec::new() })
}

/// The positions of the canvases that a part has; `None` if the manifest has no such part.
fn canvases(outline: &Outline, wanted: &Wanted) -> Option<(Kind, HashSet<usize>)> {
    let range = || {
        let mut found = outline.ranges.iter().filter(|range| range.id == wanted.id).peekable();
        found.peek().is_some().then(|| {
            let named: HashSet<usize> = found.flat_map(|range| range.canvases.iter().copied()).collect();
            // Where two canvases have one ID, a range that names it means both.
            let id = |place: &usize| outline.canvases.get(*place).map(|canvas| canvas.id.as_str());
            let ids: HashSet<_> = named.iter().filter_map(id).collect();
            let all = 0..outline.canvases.len();
            (Kind::Range, all.filter(|place| id(place).is_some_and(|id| ids.contains(id))).collect())
        })
    };
    let canvas = || {
        let found: HashSet<usize> = outline
            .canvases
            .iter()
            .enumerate()
            .filter(|(_, canvas)| canvas.id == wanted.id)
            .map(|(place, _)| place)
            .collect();
        (!found.is_empty()).then_some((Kind::Canvas, found))
    };
    match wanted.kind {
        Kind::Whole => Some((Kind::Whole, (0..outline.canvases.len()).collect())),
        Kind::Range => range(),
        Kind::Canvas => canvas(),
        Kind::Either => canvas().or_else(range),
    }
}

type Part<'p> = (&'p Wanted, Kind, HashSet<usize>);

struct Reading<'r> {
    ground: &'r Ground<'r>,
    claims: Claims,
    scratch: Canonical,
    elsewhere: Vec<String>,
    silent: Vec<String>,
    /// Everything of ours that was come to.
    met: HashSet<Target>,
}

impl Reading<'_> {
    /// What of ours is named anywhere in the document and was not come to: whoever reads a manifest of a strange form must
    /// not think that its images have rules.
    fn overlooked(&mut self, text: &str) -> Vec<String> {
        let Ok(document) = serde_json::from_str::<Value>(text) else { return Vec::new() };
        let mut overlooked = Vec::new();
        let mut values = vec![&document];
        while let Some(value) = values.pop() {
            match value {
                Value::Array(entries) => values.extend(entries.iter().rev()),
                Value::Object(entries) => {
                    for url in ["id", "@id"].iter().filter_map(|key| entries.get(*key)?.as_str()) {
                        let target = self.ground.target_of(url, &mut self.scratch);
                        overlooked.extend(
                            target.filter(|target| self.met.insert(target.clone())).map(|of| of.identifier),
                        );
                    }
                    values.extend(entries.values());
                }
                _ => {}
            }
        }
        overlooked
    }

    fn resource(&mut self, url: &str, parts: &[&Part<'_>]) {
        let Some(target) = self.ground.target_of(url, &mut self.scratch) else {
            self.elsewhere.push(url.to_owned());
            return;
        };
        self.met.insert(target.clone());
        if parts.is_empty() {
            self.silent.push(target.identifier);
            return;
        }
        let mut free = Free::default();
        for level in levels(parts) {
            for (wanted, ..) in &level {
                for span in free.of(wanted.span) {
                    self.claims.add(&target, span, &wanted.conditions, &wanted.note, self.ground.names);
                }
            }
            for (wanted, ..) in &level {
                free.take(wanted.span);
            }
        }
    }
}

/// The parts that hold a canvas, most specific first.
fn levels<'p>(parts: &[&'p Part<'p>]) -> Vec<Vec<&'p Part<'p>>> {
    let of = |kind| parts.iter().copied().filter(move |part| part.1 == kind).collect::<Vec<_>>();
    let mut levels = vec![of(Kind::Canvas)];
    let mut ranges = of(Kind::Range);
    while !ranges.is_empty() {
        // Those in which no other one lies.
        let is_outer = |range: &&Part<'_>| {
            ranges.iter().any(|other| other.2.len() < range.2.len() && other.2.is_subset(&range.2))
        };
        let (outer, inner): (Vec<_>, Vec<_>) = ranges.iter().copied().partition(is_outer);
        levels.push(inner);
        ranges = outer;
    }
    levels.push(of(Kind::Whole));
    levels
}

#[cfg(test)]
mod tests;
