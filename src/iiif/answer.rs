//! How large the answer to an image request is, for an image of known dimensions.
//!
//! Image servers round each in its own way; what is said here is right to one pixel.

use super::decimal::Decimal;
use super::image_uri::{Extent, ImageRequest, Region};
use super::substitute::Dimensions;

/// Width and height in pixels. A request may ask for more than an image can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extents {
    pub width: u64,
    pub height: u64,
}

impl Extents {
    /// Whether neither side is longer than `pixels`.
    pub fn fits(self, pixels: u32) -> bool {
        self.long_side() <= u64::from(pixels)
    }

    pub fn long_side(self) -> u64 {
        self.width.max(self.height)
    }

    /// Whether each side is at most as long as the other's.
    pub fn is_within(self, other: Self) -> bool {
        self.width <= other.width && self.height <= other.height
    }

    /// Whether it has the shape of the other to one pixel: of the two sides, one decides what the other has to be.
    pub fn has_shape_of(self, other: Self) -> bool {
        let (width, height) = (u128::from(self.width), u128::from(self.height));
        let (across, down) = (u128::from(other.width), u128::from(other.height));
        (width * down).abs_diff(height * across) <= across.max(down)
    }
}

impl ImageRequest {
    /// Which part of the image is asked for, as it is before it is scaled; `None` if that lies outside of
    /// the image (400 in Image API 3.0, section 4.1).
    pub fn region_of(&self, image: Dimensions) -> Option<Extents> {
        let (width, height) = (u64::from(image.width()), u64::from(image.height()));
        let extents = match self.region {
            Region::Full => Extents { width, height },
            Region::Square => Extents { width: width.min(height), height: width.min(height) },
            Region::Pixels { x, y, width: across, height: down } => Extents {
                width: u64::from(across).min(width.saturating_sub(x.into())),
                height: u64::from(down).min(height.saturating_sub(y.into())),
            },
            Region::Percent { x, y, width: across, height: down } => Extents {
                width: percent(width, across).min(width.saturating_sub(floor_percent(width, x))),
                height: percent(height, down).min(height.saturating_sub(floor_percent(height, y))),
            },
        };
        (extents.width > 0 && extents.height > 0).then_some(extents)
    }

    /// The image to the right of the part's corner and below it, with the part itself.
    fn rest_of(&self, image: Dimensions) -> Extents {
        let (width, height) = (u64::from(image.width()), u64::from(image.height()));
        let square = width.min(height);
        let (x, y) = match self.region {
            Region::Full => (0, 0),
            Region::Square => ((width - square) / 2, (height - square) / 2),
            Region::Pixels { x, y, .. } => (x.into(), y.into()),
            Region::Percent { x, y, .. } => (floor_percent(width, x), floor_percent(height, y)),
        };
        Extents { width: width.saturating_sub(x), height: height.saturating_sub(y) }
    }

    /// How large the answer is before it is turned, on the server that makes most of the request; `None` if the part
    /// lies outside of the image, or if the server alone knows (`^max`).
    ///
    /// `!w,h` fills its box although version 3.0 does not enlarge it without a `^`: servers of 2.1 do.
    pub fn answer_of(&self, image: Dimensions) -> Option<Extents> {
        let region = self.region_of(image)?;
        let scaled = |side: u64, times: u64, by: u64| (2 * side * times + by) / (2 * by);
        let answer = match self.size.extent {
            Extent::Full | Extent::Max if self.size.upscale => return None,
            Extent::Full | Extent::Max => region,
            Extent::Width(width) => {
                let width = u64::from(width);
                Extents { width, height: scaled(region.height, width, region.width) }
            }
            Extent::Height(height) => {
                let height = u64::from(height);
                Extents { width: scaled(region.width, height, region.height), height }
            }
            Extent::Exact { width, height } => Extents { width: width.into(), height: height.into() },
            Extent::Within { width, height } => {
                let (width, height) = (u64::from(width), u64::from(height));
                if width * region.height <= height * region.width {
                    Extents { width, height: scaled(region.height, width, region.width) }
                } else {
                    Extents { width: scaled(region.width, height, region.height), height }
                }
            }
            Extent::Percent(percent) => {
                // digilib fills as many pixels as the part itself has, with what is beside it, as far as the image goes.
                let rest = self.rest_of(image);
                let of = |side: u64, rest| rounded(side, percent).max(side.min(rounded(rest, percent)));
                Extents { width: of(region.width, rest.width), height: of(region.height, rest.height) }
            }
        };
        Some(Extents { width: answer.width.max(1), height: answer.height.max(1) })
    }

    /// A size that the answer surely does not exceed, whatever the dimensions of the image; `None` if it depends on
    /// them.
    pub fn answer_at_most(&self) -> Option<Extents> {
        let extents = |width: u32, height: u32| Extents { width: width.into(), height: height.into() };
        match (self.size.extent, self.region) {
            (Extent::Exact { width, height } | Extent::Within { width, height }, _) => {
                Some(extents(width, height))
            }
            // At the image's edge there may be less of it.
            (Extent::Full | Extent::Max, Region::Pixels { width, height, .. }) if !self.size.upscale => {
                Some(extents(width, height))
            }
            _ => None,
        }
    }

    /// Whether it is turned by a multiple of 90 degrees, so that no pixel is between two.
    pub fn is_upright(&self) -> bool {
        [0, 90, 180, 270, 360].into_iter().any(|right| self.rotation.degrees == Decimal::whole(right))
    }
}

const HUNDRED: u128 = 100 * Decimal::UNITS_IN_ONE as u128;

/// So much of a side, rounded up.
fn percent(side: u64, percent: Decimal) -> u64 {
    let exact = u128::from(side) * u128::from(percent.units());
    u64::try_from(exact.div_ceil(HUNDRED)).unwrap_or(u64::MAX)
}

fn floor_percent(side: u64, percent: Decimal) -> u64 {
    let exact = u128::from(side) * u128::from(percent.units());
    u64::try_from(exact / HUNDRED).unwrap_or(u64::MAX)
}

fn rounded(side: u64, percent: Decimal) -> u64 {
    let exact = u128::from(side) * u128::from(percent.units());
    u64::try_from((exact + HUNDRED / 2) / HUNDRED).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(text: &str) -> ImageRequest {
        let parts: Vec<_> = text.split('/').collect();
        ImageRequest::parse(parts[0], parts[1], parts[2], parts[3]).unwrap()
    }

    fn image(width: u32, height: u32) -> Dimensions {
        Dimensions::new(width, height).unwrap()
    }

    #[test]
    fn the_answer_to_every_form_of_size() {
        let image = image(4000, 3001);
        for (text, expected) in [
            ("full/max", Some((4000, 3001))),
            ("full/full", Some((4000, 3001))),
            ("full/^max", None),
            ("full/200,", Some((200, 150))),
            ("full/,200", Some((267, 200))),
            ("full/200,200", Some((200, 200))),
            ("full/!200,200", Some((200, 150))),
            ("full/!200,100", Some((133, 100))),
            ("full/pct:5", Some((200, 150))),
            ("full/pct:150", Some((6000, 4502))),
            ("0,0,4000,3001/pct:5", Some((200, 150))),
            ("square/pct:5", Some((175, 150))),
            ("1000,500,100,50/pct:50", Some((100, 50))),
            ("3900,0,100,50/pct:50", Some((50, 50))),
            ("pct:50,50,10,10/pct:1", Some((20, 15))),
            ("1000,500,100,50/pct:150", Some((150, 75))),
            ("full/^8000,", Some((8000, 6002))),
            ("full/1,", Some((1, 1))),
            ("square/200,", Some((200, 200))),
            ("square/max", Some((3001, 3001))),
            ("0,0,100,50/max", Some((100, 50))),
            ("3900,3000,500,500/max", Some((100, 1))),
            ("3999,0,500,500/200,", Some((200, 100_000))),
            ("4000,0,1,1/max", None),
            ("pct:50,50,50,50/max", Some((2000, 1501))),
            ("pct:99,0,50,50/max", Some((40, 1501))),
            ("pct:100,0,1,1/max", None),
        ] {
            let answer = asked(&format!("{text}/0/default.jpg")).answer_of(image);
            assert_eq!(answer.map(|size| (size.width, size.height)), expected, "{text}");
        }
    }

    #[test]
    fn a_shape_is_kept_to_one_pixel() {
        let region = Extents { width: 4000, height: 3001 };
        for (width, height, kept) in [
            (200, 150, true),
            (200, 151, true),
            (200, 152, false),
            (200, 149, false),
            (201, 150, true),
            (4, 3, true),
            (200, 200, false),
        ] {
            assert_eq!(Extents { width, height }.has_shape_of(region), kept, "{width} x {height}");
        }
    }

    #[test]
    fn turned_by_quarters_is_upright() {
        for (degrees, upright) in [
            ("0", true),
            ("!90", true),
            ("180", true),
            ("270.0", true),
            ("360", true),
            ("45", false),
            ("90.5", false),
        ] {
            assert_eq!(asked(&format!("full/max/{degrees}/default.jpg")).is_upright(), upright, "{degrees}");
        }
    }

    proptest! {
        #[test]
        fn prop_what_is_said_without_the_dimensions_is_never_exceeded(
            (width, height) in (1_u32..50_000, 1_u32..50_000),
            region in prop_oneof![
                Just("full".to_owned()), Just("square".to_owned()),
                (0_u32..60_000, 0_u32..60_000, 1_u32..60_000, 1_u32..60_000).prop_map(|(x, y, w, h)| format!("{x},{y},{w},{h}")),
                (0_u32..101, 0_u32..101, 1_u32..101, 1_u32..101).prop_map(|(x, y, w, h)| format!("pct:{x},{y},{w},{h}")),
            ],
            size in prop_oneof![
                Just("max".to_owned()), Just("full".to_owned()), Just("^max".to_owned()),
                (1_u32..3000, 1_u32..3000).prop_map(|(w, h)| format!("{w},{h}")),
                (1_u32..3000, 1_u32..3000).prop_map(|(w, h)| format!("!{w},{h}")),
                (1_u32..3000).prop_map(|w| format!("{w},")),
                (1_u32..3000).prop_map(|h| format!("^,{h}")),
            ],
        ) {
            let request = asked(&format!("{region}/{size}/0/default.jpg"));
            if let (Some(bound), Some(answer)) = (request.answer_at_most(), request.answer_of(image(width, height))) {
                prop_assert!(answer.is_within(bound), "{answer:?} {bound:?}");
            }
            if let Some(region) = request.region_of(image(width, height)) {
                prop_assert!(region.width <= width.into() && region.height <= height.into());
            }
        }
    }
}
