//! Image requests: `{region}/{size}/{rotation}/{quality}.{format}` of the Image API, 2.1 and 3.0 in one grammar.
//!
//! The two versions agree on what a word means wherever both know it, so one reading
//! serves both. What neither knows is refused, although image servers are more lenient:
//! iipsrv folds case and reads numbers with C's `atof`, digilib takes whatever Java's
//! `Float.parseFloat` does (`1f`, `NaN`, `0x1p3`). Only the form written here is ever
//! passed on, so that leniency cannot give a request a second meaning.

use std::fmt::{self, Write};

use super::decimal::{Decimal, digits, split_once, write_number};

/// The largest pixel count that is read: image servers hold it in a signed 32-bit number.
pub const MAX_PIXELS: u32 = i32::MAX.cast_unsigned();

/// An image request without its identifier.
///
/// [`ImageRequest::write`] and [`fmt::Display`] give its canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageRequest {
    pub region: Region,
    pub size: Size,
    pub rotation: Rotation,
    pub quality: Quality,
    pub format: Format,
}

/// Which part of the image (Image API 3.0, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    Full,
    Square,
    /// In pixels of the full image; width and height are at least 1.
    Pixels {
        x: u32,
        y: u32,
        width: u32,
        height: u32,
    },
    /// In percent of the full image; width and height are more than 0.
    Percent {
        x: Decimal,
        y: Decimal,
        width: Decimal,
        height: Decimal,
    },
}

/// How large the region is to be (Image API 3.0, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// `^`: the answer may be larger than the region.
    pub upscale: bool,
    pub extent: Extent,
}

/// The measure in a [`Size`], in pixels of the answer; none is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// `full`: the region's own size (2.1 only, never with `^`).
    Full,
    /// `max`: as large as the server gives.
    Max,
    /// `w,`
    Width(u32),
    /// `,h`
    Height(u32),
    /// `w,h`: exactly so, distorted if need be.
    Exact { width: u32, height: u32 },
    /// `!w,h`: as large as fits into this.
    Within { width: u32, height: u32 },
    /// `pct:n` of the region.
    Percent(Decimal),
}

/// Mirroring first, then turning clockwise (Image API 3.0, section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    pub mirror: bool,
    /// From 0 to 360.
    pub degrees: Decimal,
}

/// Image API 3.0, section 4.4. The words of 1.x (`native`, `grey`) are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    Default,
    Color,
    Gray,
    Bitonal,
}

/// Image API 3.0, section 4.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Jpg,
    Tif,
    Png,
    Gif,
    Jp2,
    Pdf,
    Webp,
}

/// Why four path segments are no image request: the first part that does not fit the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadImageRequest {
    #[error("the region is not one of the Image API")]
    Region,
    #[error("the size is not one of the Image API")]
    Size,
    #[error("the rotation is not one of the Image API")]
    Rotation,
    #[error("the quality and format are not ones of the Image API")]
    QualityAndFormat,
}

impl ImageRequest {
    /// Reads the last four segments of an image request, percent-decoded.
    pub fn parse(
        region: &str,
        size: &str,
        rotation: &str,
        quality_and_format: &str,
    ) -> Result<Self, BadImageRequest> {
        // The cheapest part that tells an image request from everything else comes first.
        let (quality, format) = split_once(quality_and_format, b'.')
            .and_then(|(quality, format)| Some((Quality::parse(quality)?, Format::parse(format)?)))
            .ok_or(BadImageRequest::QualityAndFormat)?;
        Ok(Self {
            region: Region::parse(region).ok_or(BadImageRequest::Region)?,
            size: Size::parse(size).ok_or(BadImageRequest::Size)?,
            rotation: Rotation::parse(rotation).ok_or(BadImageRequest::Rotation)?,
            quality,
            format,
        })
    }
}

impl Region {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "full" => return Some(Self::Full),
            "square" => return Some(Self::Square),
            _ => {}
        }
        if let Some(numbers) = text.strip_prefix("pct:") {
            let [x, y, width, height] = four(numbers)?;
            return Some(Self::Percent {
                x: Decimal::parse(x)?,
                y: Decimal::parse(y)?,
                width: Decimal::parse(width)?.more_than_zero()?,
                height: Decimal::parse(height)?.more_than_zero()?,
            });
        }
        let [x, y, width, height] = four(text)?;
        Some(Self::Pixels {
            x: pixels(x)?,
            y: pixels(y)?,
            width: some_pixels(width)?,
            height: some_pixels(height)?,
        })
    }
}

impl Size {
    pub fn parse(text: &str) -> Option<Self> {
        let (upscale, text) = match text.strip_prefix("^") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let extent = match text {
            // `^full` is in neither version: `full` left the grammar when `^` came into it.
            "full" if upscale => return None,
            "full" => Extent::Full,
            "max" => Extent::Max,
            _ => {
                if let Some(number) = text.strip_prefix("pct:") {
                    Extent::Percent(Decimal::parse(number)?.more_than_zero()?)
                } else if let Some(box_) = text.strip_prefix("!") {
                    let (width, height) = split_once(box_, b',')?;
                    Extent::Within { width: some_pixels(width)?, height: some_pixels(height)? }
                } else {
                    match split_once(text, b',')? {
                        (width, "") => Extent::Width(some_pixels(width)?),
                        ("", height) => Extent::Height(some_pixels(height)?),
                        (width, height) => {
                            Extent::Exact { width: some_pixels(width)?, height: some_pixels(height)? }
                        }
                    }
                }
            }
        };
        Some(Self { upscale, extent })
    }
}

impl Rotation {
    pub fn parse(text: &str) -> Option<Self> {
        let (mirror, text) = match text.strip_prefix("!") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let degrees = Decimal::parse(text)?;
        (degrees <= Decimal::whole(360)).then_some(Self { mirror, degrees })
    }
}

impl Quality {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "default" => Self::Default,
            "color" => Self::Color,
            "gray" => Self::Gray,
            "bitonal" => Self::Bitonal,
            _ => return None,
        })
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Color => "color",
            Self::Gray => "gray",
            Self::Bitonal => "bitonal",
        }
    }
}

impl Format {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "jpg" => Self::Jpg,
            "tif" => Self::Tif,
            "png" => Self::Png,
            "gif" => Self::Gif,
            "jp2" => Self::Jp2,
            "pdf" => Self::Pdf,
            "webp" => Self::Webp,
            _ => return None,
        })
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpg => "jpg",
            Self::Tif => "tif",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Jp2 => "jp2",
            Self::Pdf => "pdf",
            Self::Webp => "webp",
        }
    }
}

/// Exactly four parts between commas.
fn four(text: &str) -> Option<[&str; 4]> {
    let (first, rest) = split_once(text, b',')?;
    let (second, rest) = split_once(rest, b',')?;
    let (third, fourth) = split_once(rest, b',')?;
    // A fifth part stays in the fourth, and no number has a comma in it.
    Some([first, second, third, fourth])
}

fn pixels(text: &str) -> Option<u32> {
    let number = u32::try_from(digits(text, 10)?).ok()?;
    (number <= MAX_PIXELS).then_some(number)
}

fn some_pixels(text: &str) -> Option<u32> {
    pixels(text).filter(|number| *number > 0)
}

fn write_pair(width: u32, height: u32, out: &mut impl Write) -> fmt::Result {
    write_number(width.into(), out)?;
    out.write_char(',')?;
    write_number(height.into(), out)
}

impl ImageRequest {
    /// Writes the canonical form as it stands in a URL's path, without allocating: no
    /// leading zeros, no trailing zeros after a decimal point, `^` as `%5E`.
    pub fn write(&self, out: &mut impl Write) -> fmt::Result {
        self.region.write(out)?;
        out.write_char('/')?;
        self.size.write(out)?;
        out.write_char('/')?;
        self.rotation.write(out)?;
        out.write_char('/')?;
        out.write_str(self.quality.as_str())?;
        out.write_char('.')?;
        out.write_str(self.format.as_str())
    }
}

impl Region {
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        match *self {
            Self::Full => out.write_str("full"),
            Self::Square => out.write_str("square"),
            Self::Pixels { x, y, width, height } => {
                write_pair(x, y, out)?;
                out.write_char(',')?;
                write_pair(width, height, out)
            }
            Self::Percent { x, y, width, height } => {
                out.write_str("pct:")?;
                x.write(out)?;
                for number in [y, width, height] {
                    out.write_char(',')?;
                    number.write(out)?;
                }
                Ok(())
            }
        }
    }
}

impl Size {
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        if self.upscale {
            // `^` may not stand in a URL as it is (RFC 3986, section 2; Image API 3.0, section 9).
            out.write_str("%5E")?;
        }
        match self.extent {
            Extent::Full => out.write_str("full"),
            Extent::Max => out.write_str("max"),
            Extent::Width(width) => {
                write_number(width.into(), out)?;
                out.write_char(',')
            }
            Extent::Height(height) => {
                out.write_char(',')?;
                write_number(height.into(), out)
            }
            Extent::Exact { width, height } => write_pair(width, height, out),
            Extent::Within { width, height } => {
                out.write_char('!')?;
                write_pair(width, height, out)
            }
            Extent::Percent(number) => {
                out.write_str("pct:")?;
                number.write(out)
            }
        }
    }
}

impl Rotation {
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        if self.mirror {
            out.write_char('!')?;
        }
        self.degrees.write(out)
    }
}

impl fmt::Display for ImageRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads the path form of a request; of the escapes only `%5E` occurs in it.
    fn read(path: &str) -> Result<ImageRequest, BadImageRequest> {
        let decoded = path.replace("%5E", "^");
        let parts: Vec<_> = decoded.split('/').collect();
        ImageRequest::parse(parts[0], parts[1], parts[2], parts[3])
    }

    #[test]
    fn p6_the_whole_grammar_is_read_and_written() {
        for region in [
            "full",
            "square",
            "0,0,512,512",
            "125,15,120,140",
            "pct:41.6,7.5,40,70",
            "pct:0,0,0.0000000001,100",
        ] {
            for size in [
                "full",
                "max",
                "%5Emax",
                "150,",
                "%5E360,",
                ",150",
                "%5E,240",
                "pct:50",
                "%5Epct:120",
                "225,100",
                "%5E360,360",
                "!225,100",
                "%5E!360,360",
                "pct:33.3333333333",
                "2147483647,1",
            ] {
                for rotation in ["0", "180", "90", "22.5", "!0", "!180", "360", "0.5", "359.9999999999"] {
                    for quality in ["default", "color", "gray", "bitonal"] {
                        for format in ["jpg", "tif", "png", "gif", "jp2", "pdf", "webp"] {
                            let path = format!("{region}/{size}/{rotation}/{quality}.{format}");
                            assert_eq!(read(&path).unwrap().to_string(), path);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn p6_numbers_have_one_spelling() {
        for (typed, written) in [
            ("007,0,01,1/max/0/default.jpg", "7,0,1,1/max/0/default.jpg"),
            ("full/010,/000/default.jpg", "full/10,/0/default.jpg"),
            ("pct:1.50,0.0,10.10,7.000/pct:50.0/90.0/default.jpg", "pct:1.5,0,10.1,7/pct:50/90/default.jpg"),
            ("full/max/!0022.50/default.jpg", "full/max/!22.5/default.jpg"),
        ] {
            assert_eq!(read(typed).unwrap().to_string(), written);
        }
    }

    #[test]
    fn p6_regions_outside_the_grammar_are_refused() {
        for region in [
            "",
            "FULL",
            "Full",
            "ful",
            "full ",
            " full",
            "squares",
            "0,0,0,1",
            "0,0,1,0",
            "0,0,1",
            "0,0,1,1,1",
            "0,0,1,",
            ",0,1,1",
            "-1,0,1,1",
            "+1,0,1,1",
            "0,0,1e3,1",
            "0,0,1.5,1",
            "0x1,0,1,1",
            "0,0,1, 1",
            "2147483648,0,1,1",
            "4294967296,0,1,1",
            "99999999999999999999,0,1,1",
            "0;0;1;1",
            "pct:",
            "pct:0,0,0,1",
            "pct:0,0,1,0.0",
            "pct:0,0,1",
            "pct:.5,0,1,1",
            "pct:5.,0,1,1",
            "pct:1.2.3,0,1,1",
            "pct:-1,0,1,1",
            "pct:1e1,0,1,1",
            "pct:NaN,0,1,1",
            "pct:1f,0,1,1",
            "pct:0.12345678901,0,1,1",
            "pct:1000000000,0,1,1",
            "PCT:0,0,1,1",
            "pct:0,0,1,1%",
            "%5Efull",
            "^full",
            "!full",
            "٣,0,1,1",
            "../full",
            "full/",
            ".",
        ] {
            assert_eq!(Region::parse(region), None, "{region}");
        }
    }

    #[test]
    fn p6_sizes_outside_the_grammar_are_refused() {
        for size in [
            "",
            "^",
            "!",
            "^!",
            ",",
            "^,",
            "!,",
            "0,",
            ",0",
            "0,1",
            "1,0",
            "!0,1",
            "!1,0",
            "!1,",
            "!,1",
            "1",
            "^1",
            "^full",
            "!full",
            "!max",
            "!^1,1",
            "^^max",
            "!!1,1",
            "MAX",
            "Full",
            "pct:0",
            "pct:0.0",
            "pct:",
            "pct:-5",
            "pct:5%",
            "pct:.5",
            "pct:5.",
            "!pct:50",
            "1.5,",
            "1e2,",
            "-1,",
            "+1,",
            "1,2,3",
            "1, 2",
            "2147483648,",
            "99999999999,",
            ",4294967297",
            "1,١",
        ] {
            assert_eq!(Size::parse(size), None, "{size}");
        }
    }

    #[test]
    fn p6_rotations_outside_the_grammar_are_refused() {
        for rotation in [
            "",
            "!",
            "!!0",
            "-90",
            "+90",
            "361",
            "360.0000000001",
            "360.1",
            "1e1",
            "90.",
            ".5",
            "NaN",
            "90deg",
            "0x5a",
            "1000000000",
            "90 ",
            "٩٠",
            "^0",
        ] {
            assert_eq!(Rotation::parse(rotation), None, "{rotation}");
        }
    }

    #[test]
    fn p6_qualities_and_formats_outside_the_grammar_are_refused() {
        for last in [
            "",
            ".",
            "default",
            "default.",
            ".jpg",
            "default.jpeg",
            "default.JPG",
            "Default.jpg",
            "default.jpg.png",
            "default..jpg",
            "default.jpg ",
            " default.jpg",
            "native.jpg",
            "grey.jpg",
            "bitmap.jpg",
            "negative.jpg",
            "default.bmp",
            "default.json",
            "info.json",
            "default.jpg/",
            "default.jpg;x",
            "default,jpg",
        ] {
            assert_eq!(
                ImageRequest::parse("full", "max", "0", last),
                Err(BadImageRequest::QualityAndFormat),
                "{last}"
            );
        }
    }

    #[test]
    fn the_first_wrong_part_is_named() {
        let named = |region, size, rotation| ImageRequest::parse(region, size, rotation, "default.jpg");
        assert_eq!(named("x", "max", "0"), Err(BadImageRequest::Region));
        assert_eq!(named("full", "x", "0"), Err(BadImageRequest::Size));
        assert_eq!(named("full", "max", "x"), Err(BadImageRequest::Rotation));
    }

    #[test]
    fn what_a_size_rule_will_look_at_is_plain_data() {
        let request = read("0,0,512,256/%5E!200,100/!90/gray.png").unwrap();
        assert_eq!(request.region, Region::Pixels { x: 0, y: 0, width: 512, height: 256 });
        assert_eq!(request.size, Size { upscale: true, extent: Extent::Within { width: 200, height: 100 } });
        assert_eq!(request.rotation, Rotation { mirror: true, degrees: Decimal::whole(90) });
        assert_eq!((request.quality, request.format), (Quality::Gray, Format::Png));
        assert_eq!(Decimal::parse("33.5").unwrap().units(), 335_000_000_000);
    }

    fn decimal() -> impl Strategy<Value = Decimal> {
        (0_u64..=9_999_999_999_999_999_999).prop_map(Decimal::from_units)
    }

    fn image_request() -> impl Strategy<Value = ImageRequest> {
        let some = || 1..=MAX_PIXELS;
        let more = || (1_u64..=9_999_999_999_999_999_999).prop_map(Decimal::from_units);
        let region = prop_oneof![
            Just(Region::Full),
            Just(Region::Square),
            (0..=MAX_PIXELS, 0..=MAX_PIXELS, some(), some())
                .prop_map(|(x, y, width, height)| Region::Pixels { x, y, width, height }),
            (decimal(), decimal(), more(), more()).prop_map(|(x, y, width, height)| Region::Percent {
                x,
                y,
                width,
                height
            }),
        ];
        let extent = prop_oneof![
            Just(Extent::Max),
            some().prop_map(Extent::Width),
            some().prop_map(Extent::Height),
            (some(), some()).prop_map(|(width, height)| Extent::Exact { width, height }),
            (some(), some()).prop_map(|(width, height)| Extent::Within { width, height }),
            more().prop_map(Extent::Percent),
        ];
        let size = prop_oneof![
            Just(Size { upscale: false, extent: Extent::Full }),
            (any::<bool>(), extent).prop_map(|(upscale, extent)| Size { upscale, extent }),
        ];
        let degrees = (0..=360 * Decimal::UNITS_IN_ONE).prop_map(Decimal::from_units);
        let rotation = (any::<bool>(), degrees).prop_map(|(mirror, degrees)| Rotation { mirror, degrees });
        (region, size, rotation).prop_map(|(region, size, rotation)| ImageRequest {
            region,
            size,
            rotation,
            quality: Quality::Bitonal,
            format: Format::Webp,
        })
    }

    proptest! {
        #[test]
        fn p6_what_is_written_is_read_as_the_same(request in image_request()) {
            prop_assert_eq!(read(&request.to_string()), Ok(request));
        }

        #[test]
        fn p6_canonicalising_twice_is_once(
            region in "(full|square|(pct:)?[0-9.]{1,4},[0-9.]{1,4},[0-9.]{1,6},[0-9.]{1,6})",
            size in "[\\^]?!?(full|max|pct:[0-9.]{1,5}|[0-9]{0,4},[0-9]{0,4})",
            rotation in "!?[0-9]{1,3}(\\.[0-9]{0,3})?",
        ) {
            if let Ok(request) = ImageRequest::parse(&region, &size, &rotation, "default.jpg") {
                let once = request.to_string();
                let again = read(&once).unwrap();
                prop_assert_eq!(again, request);
                prop_assert_eq!(again.to_string(), once);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(parts in prop::array::uniform4("\\PC{0,40}|[0-9,.!^pct:]{0,40}")) {
            let [region, size, rotation, last] = parts;
            let _ = ImageRequest::parse(&region, &size, &rotation, &last);
            let _ = ImageRequest::parse(&region, &size, &rotation, "default.jpg");
        }
    }
}
