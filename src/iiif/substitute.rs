//! Substitutes: smaller images under names of their own, which may be left open while the image itself is not.
//!
//! The substitute of an image is the image at 1/2^k of its size, as a service of level 0: a
//! [`Pyramid`] of a few whole sizes and one grid of tiles. Exactly those may be asked for.
//! Image servers sample points and enlarge, so that with free regions and sizes the original could be put
//! together again from a substitute's answers.

use std::fmt::{self, Write};

use serde_json::{Map, Value, json};

use super::auth1;
use super::decimal::{Decimal, write_number};
use super::decorate::PROTOCOL;
use super::image_uri::{
    Extent, Format, ImageRequest, MAX_PIXELS, Quality, Region, Rotation, Size as RequestedSize,
};
use super::service::{AuthService, ImageApi};

/// How far an image can be reduced: to 1/2^20.
pub const MAX_HALVINGS: u8 = 20;

const WORD: &str = "substitute-";
/// Width and height of a whole tile.
const TILE: u32 = 256;

/// How often an image is halved: at least once, at most [`MAX_HALVINGS`] times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Halvings(u8);

impl Halvings {
    pub fn new(times: u8) -> Option<Self> {
        (1..=MAX_HALVINGS).contains(&times).then_some(Self(times))
    }

    /// The fewest halvings after which the long side has at most `long_side` pixels. There is
    /// always one: the image itself is never given out as a substitute. `None` if it takes too many.
    pub fn fewest(image: Dimensions, long_side: u32) -> Option<Self> {
        (1..=MAX_HALVINGS).map(Self).find(|halvings| image.reduced(*halvings).long_side() <= long_side)
    }

    /// 2^k: how many pixels of the image's width are one of the substitute's.
    pub fn divisor(self) -> u32 {
        1 << self.0
    }
}

/// Width and height in pixels, neither 0 nor more than an image server can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimensions {
    width: u32,
    height: u32,
}

impl Dimensions {
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let sound = |side| (1..=MAX_PIXELS).contains(&side);
        (sound(width) && sound(height)).then_some(Self { width, height })
    }

    pub fn width(self) -> u32 {
        self.width
    }

    pub fn height(self) -> u32 {
        self.height
    }

    pub fn long_side(self) -> u32 {
        self.width.max(self.height)
    }

    fn divided(self, divisor: u32) -> Self {
        Self { width: self.width.div_ceil(divisor), height: self.height.div_ceil(divisor) }
    }

    /// The substitute's own dimensions, rounded up: no image vanishes.
    pub fn reduced(self, halvings: Halvings) -> Self {
        self.divided(halvings.divisor())
    }
}

/// How the beginning of an identifier reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// As that of a substitute; the identifier of its image, as typed.
    Substitute(Halvings, &'a str),
    /// As that of a substitute that there cannot be: not a power of two, or not its usual spelling.
    Impossible,
    /// As that of an image.
    Image,
}

/// Reads `substitute-8~letters%2F004`: an identifier as it stands in a URL. What counts is the decoded
/// text, whichever of its characters are escaped; the rest stays as it was typed.
pub fn read_name(raw: &str) -> Name<'_> {
    // Nearly every identifier ends here.
    if !raw.starts_with(['s', '%']) {
        return Name::Image;
    }
    let mut rest = raw;
    for expected in WORD.bytes() {
        match next_byte(rest) {
            Some((byte, after)) if byte == expected => rest = after,
            _ => return Name::Image,
        }
    }
    let mut divisor: Option<u32> = Some(0);
    let mut count = 0;
    while let Some((digit @ b'0'..=b'9', after)) = next_byte(rest) {
        let is_leading_zero = digit == b'0' && count == 0;
        divisor = divisor
            .filter(|_| !is_leading_zero)
            .and_then(|number| number.checked_mul(10)?.checked_add(u32::from(digit - b'0')));
        (count, rest) = (count + 1, after);
    }
    match next_byte(rest) {
        Some((b'~', after)) if count > 0 => divisor
            .filter(|divisor| divisor.is_power_of_two())
            .and_then(|divisor| Halvings::new(u8::try_from(divisor.trailing_zeros()).ok()?))
            .map_or(Name::Impossible, |halvings| Name::Substitute(halvings, after)),
        _ => Name::Image,
    }
}

/// Whether a decoded identifier begins like a substitute's. No image is called so: the name would have a
/// second reading.
pub fn is_reserved(identifier: &str) -> bool {
    let number_and_rest = identifier.strip_prefix(WORD).and_then(|rest| rest.split_once('~'));
    number_and_rest
        .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}

/// The substitute's identifier for an image's, which stays as it was typed.
pub fn write_name(halvings: Halvings, identifier: &str, out: &mut impl Write) -> fmt::Result {
    out.write_str(WORD)?;
    write_number(halvings.divisor().into(), out)?;
    out.write_char('~')?;
    out.write_str(identifier)
}

/// The first byte of a URL's text with its escape decoded, and what follows.
fn next_byte(raw: &str) -> Option<(u8, &str)> {
    let first = *raw.as_bytes().first()?;
    if first != b'%' {
        // In the middle of a character there is nothing that is looked for here.
        return Some((first, raw.get(1..)?));
    }
    let code = raw.get(1..3)?;
    // The parser of numbers would take a sign, too.
    let is_hexadecimal = code.bytes().all(|digit| digit.is_ascii_hexdigit());
    let byte = u8::from_str_radix(code, 16).ok().filter(|_| is_hexadecimal)?;
    Some((byte, raw.get(3..)?))
}

/// What may be asked for of a substitute: whole at a few sizes, and one grid of tiles for each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pyramid {
    image: Dimensions,
    halvings: Halvings,
}

impl Pyramid {
    pub fn of(image: Dimensions, halvings: Halvings) -> Self {
        Self { image, halvings }
    }

    /// Width and height of the substitute.
    pub fn dimensions(&self) -> Dimensions {
        self.image.reduced(self.halvings)
    }

    /// 1, 2, 4 and so on, up to the first at which the whole fits into one tile.
    pub fn scale_factors(&self) -> impl Iterator<Item = u32> {
        let whole = self.dimensions();
        let coarser = move |factor: &u32| (whole.divided(*factor).long_side() > TILE).then_some(factor * 2);
        std::iter::successors(Some(1), coarser)
    }

    /// The whole substitute's sizes, the largest first.
    pub fn sizes(&self) -> impl Iterator<Item = Dimensions> {
        let whole = self.dimensions();
        self.scale_factors().map(move |factor| whole.divided(factor))
    }

    /// The request that a substitute's becomes at the image server, if it is one of those that are
    /// advertised. All spellings of one of them become the same.
    ///
    /// Spellings are those that viewers use for services of level 0: for the whole, `full` or its
    /// pixels; for a tile, its pixels within the image; for the size `w,` or `w,h`, and where nothing is reduced
    /// `full` or `max`.
    pub fn request(&self, asked: &ImageRequest) -> Option<ImageRequest> {
        let ImageRequest { region, size, rotation, quality, format } = *asked;
        let upright = Rotation { mirror: false, degrees: Decimal::default() };
        if rotation != upright || quality != Quality::Default || format != Format::Jpg || size.upscale {
            return None;
        }
        let whole = self.dimensions();
        let part = match region {
            Region::Full => Part { x: 0, y: 0, size: whole },
            Region::Pixels { x, y, width, height } => Part { x, y, size: Dimensions { width, height } },
            Region::Square | Region::Percent { .. } => return None,
        };
        let answer = self
            .scale_factors()
            .filter(|factor| (part.x, part.y, part.size) == (0, 0, whole) || self.is_tile(&part, *factor))
            .map(|factor| (part.size.divided(factor), factor))
            .find(|(answer, factor)| is_spelled(size.extent, *answer, *factor));
        let (answer, _) = answer?;
        Some(ImageRequest {
            region: self.in_the_image(&part),
            size: RequestedSize {
                upscale: false,
                extent: Extent::Exact { width: answer.width, height: answer.height },
            },
            ..*asked
        })
    }

    /// Whether a part of the substitute is one of the grid at this scale factor; those at the right and
    /// lower edge are as large as is left.
    fn is_tile(&self, part: &Part, factor: u32) -> bool {
        let whole = self.dimensions();
        let along = |start: u32, length: u32, all: u32| {
            let (tile, start, all) = (u64::from(TILE) * u64::from(factor), u64::from(start), u64::from(all));
            start.is_multiple_of(tile) && start < all && u64::from(length) == tile.min(all - start)
        };
        along(part.x, part.size.width, whole.width) && along(part.y, part.size.height, whole.height)
    }

    /// A part of the substitute, in pixels of the image.
    fn in_the_image(&self, part: &Part) -> Region {
        if (part.x, part.y, part.size) == (0, 0, self.dimensions()) {
            return Region::Full;
        }
        let divisor = self.halvings.divisor();
        let along = |start: u32, length: u32, all: u32| {
            let start = start.saturating_mul(divisor).min(all);
            (start, length.saturating_mul(divisor).min(all - start))
        };
        let (x, width) = along(part.x, part.size.width, self.image.width);
        let (y, height) = along(part.y, part.size.height, self.image.height);
        Region::Pixels { x, y, width, height }
    }

    /// The substitute's info.json (Image API 2.1, section 5; 3.0, section 5). `services` are those of its
    /// image: a viewer of version 1.0 that was sent here has them from nowhere else.
    pub fn info(&self, public_id: &str, api: ImageApi, services: &[AuthService]) -> Vec<u8> {
        let whole = self.dimensions();
        let mut sizes: Vec<_> =
            self.sizes().map(|size| json!({ "width": size.width, "height": size.height })).collect();
        // As in the examples of the specification.
        sizes.reverse();
        let tiles = json!([{
            "width": TILE, "height": TILE, "scaleFactors": self.scale_factors().collect::<Vec<_>>(),
        }]);
        let (id, context, profile) = match api {
            ImageApi::Two => (
                "@id",
                "http://iiif.io/api/image/2/context.json",
                json!(["http://iiif.io/api/image/2/level0.json"]),
            ),
            ImageApi::Three => ("id", "http://iiif.io/api/image/3/context.json", json!("level0")),
        };
        let mut document = Map::new();
        document.insert("@context".to_owned(), json!(context));
        document.insert(id.to_owned(), json!(public_id));
        if api == ImageApi::Three {
            document.insert("type".to_owned(), json!(api.service_type()));
        }
        for (key, value) in [
            ("protocol", json!(PROTOCOL)),
            ("width", json!(whole.width)),
            ("height", json!(whole.height)),
            ("sizes", Value::Array(sizes)),
            ("tiles", tiles),
            ("profile", profile),
        ] {
            document.insert(key.to_owned(), value);
        }
        if !services.is_empty() {
            let services = services.iter().map(|service| auth1::cookie_service(service, api));
            document.insert("service".to_owned(), services.collect());
        }
        Value::Object(document).to_string().into_bytes()
    }
}

/// A rectangle, in pixels of the substitute.
struct Part {
    x: u32,
    y: u32,
    size: Dimensions,
}

/// Whether a size is a spelling of `answer`, for a region that is reduced by `factor`.
fn is_spelled(extent: Extent, answer: Dimensions, factor: u32) -> bool {
    match extent {
        Extent::Full | Extent::Max => factor == 1,
        Extent::Width(width) => width == answer.width,
        Extent::Exact { width, height } => (width, height) == (answer.width, answer.height),
        Extent::Height(_) | Extent::Within { .. } | Extent::Percent(_) => false,
    }
}

#[cfg(test)]
mod tests;
