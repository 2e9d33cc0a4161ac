//! What is asked of an image, how large the answer would be, and so whether it is a thumbnail that everybody may
//! have, or more than those who may see the image are permitted.

use super::ConditionTable;
use super::condition::{AccessCondition, Conditions};
use super::permitted::Permitted;
use crate::iiif::answer::Extents;
use crate::iiif::decimal::Decimal;
use crate::iiif::image_uri::{Extent, ImageRequest, Region};
use crate::iiif::substitute::Dimensions;

/// What of a resource is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What a viewer needs to show it: a tile at full resolution, and the image's description.
    View,
    /// Exactly this part of the image, at this size.
    Image(ImageRequest, Measure),
    /// The whole document: a file.
    Document,
}

/// What is known of an image's dimensions. They are not in the request: the shell asks the image server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Nobody has asked yet. Where the answer depends on them, the decision says
    /// [`super::decision::Basis::SizeUnknown`].
    NotAsked,
    /// The image server does not say: nothing is open that depends on them.
    Unavailable,
    Is(Dimensions),
}

/// The answer to a question that may need the dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// It depends on the dimensions.
    NotYet,
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Which thumbnails a condition leaves open.
#[derive(Clone, Copy)]
enum Sizes<'a> {
    UpTo(u32),
    /// The long side has to be one of these; of a smaller image, its own.
    These(&'a [u32]),
}

impl<'a> Sizes<'a> {
    fn of(condition: &'a AccessCondition) -> Option<Self> {
        match condition.thumbnail_px {
            Some(pixels) => Some(Self::UpTo(pixels)),
            None if condition.thumbnail_sizes.is_empty() => None,
            None => Some(Self::These(&condition.thumbnail_sizes)),
        }
    }

    fn largest(self) -> u32 {
        match self {
            Self::UpTo(pixels) => pixels,
            Self::These(sizes) => sizes.iter().copied().max().unwrap_or(0),
        }
    }

    fn have(self, answer: Extents, whole: Extents) -> bool {
        let long_side = answer.long_side();
        match self {
            Self::UpTo(pixels) => answer.fits(pixels),
            Self::These(sizes) => {
                sizes.iter().any(|size| long_side == u64::from(*size).min(whole.long_side()))
            }
        }
    }
}

impl ConditionTable {
    /// Whether any of these conditions leaves this answer open to everybody, as a thumbnail.
    ///
    /// Each of several conditions opens the image by itself, so each of them leaves open what it would alone.
    pub(super) fn is_thumbnail(
        &self,
        conditions: Conditions,
        request: &ImageRequest,
        measure: Measure,
    ) -> Answer {
        // A tile, as most requests are, is none.
        if !matches!(request.region, Region::Full | Region::Square) || !request.is_upright() {
            return Answer::No;
        }
        let mut together = Answer::No;
        for sizes in self.of(conditions).filter_map(Sizes::of) {
            match is_thumbnail(sizes, request, measure) {
                Answer::Yes => return Answer::Yes,
                Answer::NotYet => together = Answer::NotYet,
                Answer::No => {}
            }
        }
        together
    }
}

/// Whether the answer shows the whole image (or its middle square), upright, undistorted, not enlarged, and in one of
/// these sizes.
fn is_thumbnail(sizes: Sizes<'_>, request: &ImageRequest, measure: Measure) -> Answer {
    if let Some(bound) = request.answer_at_most()
        && let Extent::Within { .. } = request.size.extent
        && let Sizes::UpTo(pixels) = sizes
        && bound.fits(pixels)
        && !request.size.upscale
    {
        // Whatever the image's dimensions. A server of version 2.1 may fill the box with a smaller image, all of which
        // is open then.
        return Answer::Yes;
    }
    let surely_larger = |side: u32| side > sizes.largest();
    let is_none = match request.size.extent {
        Extent::Width(side) | Extent::Height(side) => surely_larger(side),
        Extent::Exact { width, height } => surely_larger(width) || surely_larger(height),
        // Of a very small image it may come to as many pixels, and is an enlargement all the same.
        Extent::Percent(percent) => percent > Decimal::whole(100),
        Extent::Full | Extent::Max | Extent::Within { .. } => false,
    };
    if is_none {
        return Answer::No;
    }
    let image = match measure {
        Measure::Is(image) => image,
        Measure::NotAsked => return Answer::NotYet,
        Measure::Unavailable => return Answer::No,
    };
    let Some((whole, mut answer)) = request.region_of(image).zip(request.answer_of(image)) else {
        return Answer::No;
    };
    if matches!(request.size.extent, Extent::Within { .. })
        && !request.size.upscale
        && whole.is_within(answer)
        && answer.fits(sizes.largest())
    {
        // Not enlarged without a `^` (Image API 3.0, section 4.2). Servers of version 2.1 do, as far as the box goes.
        answer = whole;
    }
    (answer.is_within(whole) && answer.has_shape_of(whole) && sizes.have(answer, whole)).into()
}

/// Whether those who may see the image are permitted an answer as large as this.
pub(super) fn is_permitted(permitted: Permitted, request: &ImageRequest, measure: Measure) -> Answer {
    let Some(pixels) = permitted.answer_px() else { return Answer::Yes };
    if request.answer_at_most().is_some_and(|bound| bound.fits(pixels)) {
        return Answer::Yes;
    }
    let stated = match request.size.extent {
        Extent::Width(side) | Extent::Height(side) => side,
        Extent::Exact { width, height } => width.max(height),
        Extent::Full | Extent::Max | Extent::Within { .. } | Extent::Percent(_) => 0,
    };
    if stated > pixels {
        return Answer::No;
    }
    match measure {
        Measure::Is(image) => request.answer_of(image).is_some_and(|answer| answer.fits(pixels)).into(),
        Measure::NotAsked | Measure::Unavailable => Answer::NotYet,
    }
}

#[cfg(test)]
mod tests;
