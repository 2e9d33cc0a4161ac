use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::service::ServicePattern;
use super::*;

fn size(width: u32, height: u32) -> Dimensions {
    Dimensions::new(width, height).unwrap()
}

fn pyramid(width: u32, height: u32, times: u8) -> Pyramid {
    Pyramid::of(size(width, height), Halvings::new(times).unwrap())
}

/// `{region}/{size}` with everything else as a service of level 0 has it.
fn asked(region: &str, size: &str) -> ImageRequest {
    ImageRequest::parse(region, size, "0", "default.jpg").unwrap()
}

fn answered(pyramid: &Pyramid, region: &str, size: &str) -> Option<String> {
    pyramid.request(&asked(region, size)).map(|request| request.to_string())
}

// -- Names ----------------------------------------------------------------------------------

#[test]
fn a1_41_a_name_is_read_whichever_of_its_characters_are_escaped() {
    for (raw, times, rest) in [
        ("substitute-2~a", 1, "a"),
        ("substitute-8~letters%2F004.tif", 3, "letters%2F004.tif"),
        ("substitute-8%7Eletters!004", 3, "letters!004"),
        ("substitute-8%7e/x", 3, "/x"),
        ("%73ubstitute%2D%38~a~b", 3, "a~b"),
        ("substitute-1048576~a", 20, "a"),
        ("substitute-16~", 4, ""),
    ] {
        assert_eq!(read_name(raw), Name::Substitute(Halvings::new(times).unwrap(), rest), "{raw}");
    }
}

#[test]
fn a_name_that_only_looks_like_it_is_refused() {
    for raw in [
        "substitute-0~a",
        "substitute-1~a",
        "substitute-3~a",
        "substitute-08~a",
        "substitute-%308~a",
        "substitute-00~a",
        "substitute-2097152~a",
        "substitute-4294967296~a",
        "substitute-18446744073709551616~a",
        "substitute-99999999999999999999999999~a",
    ] {
        assert_eq!(read_name(raw), Name::Impossible, "{raw}");
    }
}

#[test]
fn other_names_are_those_of_images() {
    for raw in [
        "",
        "a",
        "s",
        "%",
        "%7",
        "substitute",
        "substitute-",
        "substitute-~a",
        "substitute-teachers/1931~2",
        "substitute-8",
        "substitute-8/a~b",
        "substitute-8%252E~a",
        "substitute-8%25~a",
        "substitute-8%257Ea",
        "Substitute-8~a",
        "SUBSTITUTE-8~a",
        "substitute-+8~a",
        "substitute-%+8~a",
        "substitute-8 ~a",
        "x/substitute-8~a",
        "/substitute-8~a",
        "%2Fsubstitute-8~a",
        "\u{17f}ubstitute-8~a",
        "substitute-٨~a",
        "substitute-8\u{303}a",
    ] {
        assert_eq!(read_name(raw), Name::Image, "{raw}");
    }
}

#[test]
fn what_is_read_is_what_is_written() {
    for times in 1..=MAX_HALVINGS {
        let halvings = Halvings::new(times).unwrap();
        let mut name = String::new();
        write_name(halvings, "a%2Fb", &mut name).unwrap();
        assert_eq!(read_name(&name), Name::Substitute(halvings, "a%2Fb"));
        assert!(is_reserved(&name));
    }
    assert_eq!(Halvings::new(0), None);
    assert_eq!(Halvings::new(MAX_HALVINGS + 1), None);
    for free in ["a", "substitute-8", "substitute-~", "substitute-x~a", "x/substitute-8~a", "Substitute-8~a"]
    {
        assert!(!is_reserved(free), "{free}");
    }
    assert!(is_reserved("substitute-08~a") && is_reserved(&format!("substitute-{}~", "9".repeat(900))));
}

// -- How small ------------------------------------------------------------------------------

#[test]
fn the_fewest_halvings_bring_the_long_side_to_at_most_the_limit() {
    for (width, height, limit, times) in [
        (4000, 3000, 800, Some(3)),
        (4000, 3000, 500, Some(3)),
        (4000, 3000, 499, Some(4)),
        (4001, 3000, 500, Some(4)),
        (1600, 100, 800, Some(1)),
        (1601, 100, 800, Some(2)),
        (100, 1600, 800, Some(1)),
        // The image itself would be small enough, and is not given out.
        (700, 500, 800, Some(1)),
        (1, 1, 800, Some(1)),
        (1, 1, 1, Some(1)),
        (4000, 3000, u32::MAX, Some(1)),
        (MAX_PIXELS, 1, 2048, Some(20)),
        (MAX_PIXELS, 1, 2047, None),
        (2, 2, 0, None),
    ] {
        let halvings = Halvings::fewest(size(width, height), limit);
        assert_eq!(halvings, times.map(|times| Halvings::new(times).unwrap()), "{width}x{height} {limit}");
    }
    assert_eq!(Dimensions::new(0, 1), None);
    assert_eq!(Dimensions::new(1, MAX_PIXELS + 1), None);
}

// -- What may be asked for ------------------------------------------------------------------

#[test]
fn the_pyramid_ends_where_the_whole_fits_into_one_tile() {
    let dimensions = |pyramid: &Pyramid| {
        let sizes = pyramid.sizes().map(|size| (size.width, size.height));
        (pyramid.scale_factors().collect::<Vec<_>>(), sizes.collect::<Vec<_>>())
    };
    assert_eq!(dimensions(&pyramid(4000, 3000, 3)), (vec![1, 2], vec![(500, 375), (250, 188)]));
    assert_eq!(dimensions(&pyramid(512, 512, 1)), (vec![1], vec![(256, 256)]));
    assert_eq!(dimensions(&pyramid(513, 1, 1)), (vec![1, 2], vec![(257, 1), (129, 1)]));
    assert_eq!(dimensions(&pyramid(1, 1, 20)), (vec![1], vec![(1, 1)]));
}

/// What `OpenSeadragon` 6 asks for (`IIIFTileSource.getTileUrl`), of a substitute of 700 x 500 pixels.
#[test]
fn a2_48_the_spellings_of_viewers_are_read() {
    let wide = pyramid(5600, 4000, 3);
    for (region, sizes, canonical) in [
        ("0,0,256,256", &["256,", "256,256", "full", "max"][..], "0,0,2048,2048/256,256"),
        ("512,256,188,244", &["188,", "188,244", "full", "max"], "4096,2048,1504,1952/188,244"),
        ("512,0,188,500", &["94,", "94,250"], "4096,0,1504,4000/94,250"),
        ("0,0,512,500", &["256,", "256,250"], "0,0,4096,4000/256,250"),
        ("full", &["175,", "175,125"], "full/175,125"),
        ("0,0,700,500", &["175,", "175,125"], "full/175,125"),
        ("full", &["350,", "350,250"], "full/350,250"),
        ("full", &["700,", "700,500", "full", "max"], "full/700,500"),
    ] {
        for size in sizes {
            let expected = format!("{canonical}/0/default.jpg");
            assert_eq!(answered(&wide, region, size), Some(expected), "{region}/{size}");
        }
    }
    // A narrow one: version 2 calls the size of every whole row `full`, because it is the image's own width.
    let narrow = pyramid(400, 1600, 1);
    assert_eq!(
        answered(&narrow, "0,256,200,256", "full"),
        Some("0,512,400,512/200,256/0/default.jpg".to_owned())
    );
    // A single tile.
    let small = pyramid(511, 300, 1);
    assert_eq!(answered(&small, "full", "full"), Some("full/256,150/0/default.jpg".to_owned()));
}

#[test]
fn whatever_is_not_advertised_is_refused() {
    let pyramid = pyramid(5600, 4000, 3);
    for (region, size) in [
        // Free sizes, larger and smaller.
        ("full", "699,"),
        ("full", "701,"),
        ("full", "5600,"),
        ("full", "5600,4000"),
        ("full", "700,499"),
        ("full", "350,251"),
        ("full", "64,"),
        ("full", "1,1"),
        // Other words for what is advertised, which are no spelling of level 0.
        ("full", ",500"),
        ("full", "!700,500"),
        ("full", "pct:100"),
        ("full", "^max"),
        ("full", "^700,500"),
        ("full", "^700,"),
        ("square", "max"),
        ("square", "500,500"),
        ("pct:0,0,100,100", "700,500"),
        // Free regions.
        ("1,0,256,256", "256,256"),
        ("128,0,256,256", "256,256"),
        ("0,0,255,256", "255,256"),
        ("0,0,128,128", "128,128"),
        ("0,0,128,128", "256,256"),
        // A tile of another scale factor.
        ("256,0,444,500", "222,250"),
        ("256,256,444,244", "222,122"),
        ("0,0,512,500", "512,500"),
        ("0,0,512,500", "max"),
        ("0,0,512,500", "full"),
        ("0,0,256,256", "128,128"),
        ("0,0,256,256", "64,64"),
        // A tile over the edge, in whole and in part.
        ("512,256,256,256", "256,256"),
        ("512,256,256,256", "188,244"),
        ("768,0,256,256", "256,256"),
        ("0,512,256,256", "256,256"),
        // The image's own pixels.
        ("0,0,2048,2048", "256,256"),
        ("4096,2048,1504,1952", "188,244"),
        ("0,0,5600,4000", "700,500"),
    ] {
        assert_eq!(answered(&pyramid, region, size), None, "{region}/{size}");
    }
    let spelled = |rotation, last| ImageRequest::parse("full", "max", rotation, last).unwrap();
    assert!(pyramid.request(&spelled("0", "default.jpg")).is_some());
    assert!(pyramid.request(&spelled("0.0", "default.jpg")).is_some(), "the same number");
    for (rotation, last) in [
        ("90", "default.jpg"),
        ("0.5", "default.jpg"),
        ("360", "default.jpg"),
        ("!0", "default.jpg"),
        ("0", "default.png"),
        ("0", "default.tif"),
        ("0", "default.webp"),
        ("0", "color.jpg"),
        ("0", "gray.jpg"),
        ("0", "bitonal.jpg"),
    ] {
        assert_eq!(pyramid.request(&spelled(rotation, last)), None, "{rotation}/{last}");
    }
}

/// What is advertised, worked out from the info.json alone as a reader of the specification would.
fn advertised(image: (u32, u32), times: u8) -> BTreeSet<String> {
    let info = pyramid(image.0, image.1, times).info("https://img.test/x", ImageApi::Three, &[]);
    let info: Value = serde_json::from_slice(&info).unwrap();
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let (width, height, tile) =
        (number(&info["width"]), number(&info["height"]), number(&info["tiles"][0]["width"]));
    let divisor = 1 << times;
    let mut all = BTreeSet::new();
    for size in info["sizes"].as_array().unwrap() {
        all.insert(format!("full/{},{}/0/default.jpg", size["width"], size["height"]));
    }
    for factor in info["tiles"][0]["scaleFactors"].as_array().unwrap() {
        let side = number(factor) * tile;
        for y in (0..height).step_by(side as usize) {
            for x in (0..width).step_by(side as usize) {
                let (w, h) = (side.min(width - x), side.min(height - y));
                let (out_w, out_h) = (w.div_ceil(number(factor)), h.div_ceil(number(factor)));
                let region = if (w, h) == (width, height) {
                    "full".to_owned()
                } else {
                    let (x, y) = (x * divisor, y * divisor);
                    let (w, h) = ((w * divisor).min(image.0 - x), (h * divisor).min(image.1 - y));
                    format!("{x},{y},{w},{h}")
                };
                all.insert(format!("{region}/{out_w},{out_h}/0/default.jpg"));
            }
        }
    }
    all
}

/// Numbers at and beside everything that a tile could begin, end or be reduced at.
fn telling(side: u32, least: u32) -> Vec<u32> {
    let mut numbers = BTreeSet::from([0, 1, 2, side - 1, side, side + 1]);
    for multiple in (0..=side).step_by(128) {
        numbers.extend([multiple.saturating_sub(1), multiple, multiple + 1, side - multiple]);
        numbers.extend([1, 2, 4].map(|factor| (side - multiple).div_ceil(factor)));
    }
    numbers.into_iter().filter(|number| *number >= least && *number <= side + 1).collect()
}

/// The distinct requests that reach the image server are those of the pyramid and no more,
/// whatever is tried.
#[test]
fn a_brute_force_gets_the_requests_of_the_pyramid_and_no_more() {
    for (image, times, count) in [
        // 400 x 200 at scale factors 1 and 2: two tiles and a whole; one size besides the whole tile.
        ((3197, 1600), 3, 4),
        // 514 x 2: three, two and one tiles; two further sizes.
        ((1027, 3), 1, 8),
        ((512, 512), 1, 1),
        ((2000, 40), 2, 4),
    ] {
        let pyramid = pyramid(image.0, image.1, times);
        let whole = pyramid.dimensions();
        let (xs, widths) = (telling(whole.width, 0), telling(whole.width, 1));
        let (ys, heights) = (telling(whole.height, 0), telling(whole.height, 1));
        let mut got = BTreeSet::new();
        let mut tried = 0;
        let upright = |region, upscale, extent| ImageRequest {
            region,
            size: RequestedSize { upscale, extent },
            ..asked("full", "max")
        };
        let mut try_all = |region: Region| {
            let pairs = widths.iter().flat_map(|width| heights.iter().map(move |height| (*width, *height)));
            let exact = pairs.map(|(width, height)| Extent::Exact { width, height });
            let single = widths.iter().map(|width| Extent::Width(*width));
            for extent in exact.chain(single).chain([Extent::Full, Extent::Max]) {
                for upscale in [false, true] {
                    tried += 1;
                    let answer = pyramid.request(&upright(region, upscale, extent));
                    got.extend(answer.map(|answer| answer.to_string()));
                }
            }
        };
        try_all(Region::Full);
        try_all(Region::Square);
        // Every combination of the four numbers in which one side at least begins where a tile does.
        for (x, width) in xs.iter().flat_map(|x| widths.iter().map(move |width| (*x, *width))) {
            let own_column = x.is_multiple_of(256);
            for (y, height) in ys.iter().flat_map(|y| heights.iter().map(move |height| (*y, *height))) {
                if own_column || y.is_multiple_of(256) {
                    let answers = [
                        (width, height),
                        (width.div_ceil(2), height.div_ceil(2)),
                        (width.div_ceil(4), height.div_ceil(4)),
                        (width.div_ceil(8), height.div_ceil(8)),
                        (width * 2, height * 2),
                        (256, 256),
                        (1, 1),
                    ];
                    let region = Region::Pixels { x, y, width, height };
                    for (w, h) in answers {
                        for extent in [
                            Extent::Exact { width: w, height: h },
                            Extent::Width(w),
                            Extent::Full,
                            Extent::Max,
                        ] {
                            tried += 1;
                            let answer = pyramid.request(&upright(region, false, extent));
                            got.extend(answer.map(|answer| answer.to_string()));
                        }
                    }
                }
            }
        }
        assert_eq!(got, advertised(image, times), "{image:?}");
        assert_eq!(got.len(), count, "{image:?}");
        assert!(tried > 1_000, "{tried}");
    }
}

fn any_pyramid() -> impl Strategy<Value = (Dimensions, Halvings)> {
    let side = prop_oneof![1..40_u32, 1..6_000_u32, 60_000..70_000_u32];
    (side.clone(), side, 1..8_u8)
        .prop_map(|(width, height, times)| (size(width, height), Halvings::new(times).unwrap()))
}

/// A request that is likely to be near one of the grid's.
fn near_the_grid() -> impl Strategy<Value = (Region, Extent)> {
    let at = || {
        prop_oneof![
            (0..4_u32).prop_map(|tile| tile * 256),
            (0..4_u32).prop_map(|tile| tile * 512),
            0..3000_u32
        ]
    };
    let length = || prop_oneof![Just(256), Just(512), Just(1024), 1..3000_u32];
    let pixels = (at(), at(), length(), length()).prop_map(|(x, y, width, height)| Region::Pixels {
        x,
        y,
        width,
        height,
    });
    let region = prop_oneof![Just(Region::Full), Just(Region::Square), pixels];
    let side = || prop_oneof![Just(256), Just(1), 1..3000_u32];
    let extent = prop_oneof![
        Just(Extent::Full),
        Just(Extent::Max),
        side().prop_map(Extent::Width),
        side().prop_map(Extent::Height),
        (side(), side()).prop_map(|(width, height)| Extent::Exact { width, height }),
        (side(), side()).prop_map(|(width, height)| Extent::Within { width, height }),
    ];
    (region, extent)
}

fn rectangle(region: Region, image: Dimensions) -> (u32, u32, u32, u32) {
    match region {
        Region::Full => (0, 0, image.width, image.height),
        Region::Pixels { x, y, width, height } => (x, y, width, height),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn prop_what_is_answered_lies_in_the_image_and_is_reduced(
        (image, halvings) in any_pyramid(),
        (region, extent) in near_the_grid(),
        upscale in any::<bool>(),
    ) {
        let pyramid = Pyramid::of(image, halvings);
        let request = ImageRequest { region, size: RequestedSize { upscale, extent }, ..asked("full", "max") };
        if let Some(answer) = pyramid.request(&request) {
            let (x, y, width, height) = rectangle(answer.region, image);
            prop_assert!(width > 0 && x + width <= image.width && height > 0 && y + height <= image.height);
            let Extent::Exact { width: w, height: h } = answer.size.extent else { panic!("{answer:?}") };
            prop_assert!(!answer.size.upscale && !upscale);
            let divisor = halvings.divisor();
            prop_assert!(w <= width.div_ceil(divisor) && h <= height.div_ceil(divisor));
            // It reads as itself.
            let text = answer.to_string();
            let parts: Vec<_> = text.split('/').collect();
            prop_assert_eq!(ImageRequest::parse(parts[0], parts[1], parts[2], parts[3]), Ok(answer));
        }
    }

    #[test]
    fn prop_every_tile_is_answered_and_each_grid_covers_the_image(
        (image, halvings) in any_pyramid(),
    ) {
        let pyramid = Pyramid::of(image, halvings);
        let whole = pyramid.dimensions();
        for factor in pyramid.scale_factors().skip_while(|factor| whole.divided(*factor).long_side() > 2_000) {
            let (mut area, side) = (0_u64, TILE * factor);
            for y in (0..whole.height).step_by(side as usize) {
                for x in (0..whole.width).step_by(side as usize) {
                    let (width, height) = (side.min(whole.width - x), side.min(whole.height - y));
                    let (w, h) = (width.div_ceil(factor), height.div_ceil(factor));
                    let region = format!("{x},{y},{width},{height}");
                    let answer = pyramid.request(&asked(&region, &format!("{w},{h}")));
                    let answer = answer.expect("a tile that is advertised");
                    let (_, _, width, height) = rectangle(answer.region, image);
                    area += u64::from(width) * u64::from(height);
                    if w > 1 {
                        prop_assert_eq!(pyramid.request(&asked(&region, &format!("{w},"))), Some(answer));
                    }
                }
            }
            prop_assert_eq!(area, u64::from(image.width) * u64::from(image.height), "{}", factor);
        }
        for size in pyramid.sizes() {
            let asked = asked("full", &format!("{},{}", size.width, size.height));
            prop_assert_eq!(pyramid.request(&asked).map(|answer| answer.region), Some(Region::Full));
        }
    }

    #[test]
    fn prop_names_never_panic(raw in "(substitute|%73ubstitute)?-?[0-9%~a7Ez]{0,12}", any in any::<String>()) {
        for text in [&raw, &any] {
            if let Name::Substitute(halvings, rest) = read_name(text) {
                prop_assert!(text.ends_with(rest));
                let mut plain = String::new();
                write_name(halvings, rest, &mut plain).unwrap();
                prop_assert_eq!(read_name(&plain), Name::Substitute(halvings, rest));
            }
        }
    }
}

// -- info.json ------------------------------------------------------------------------------

#[test]
fn a1_41_a1_43_the_description_has_its_own_name_and_the_services_of_its_image() {
    let service = AuthService {
        pattern: ServicePattern::Login,
        id: "https://img.test/auth/iiif-login".to_owned(),
        label: "Login to Example Archive".to_owned(),
        heading: None,
        note: None,
        confirm: None,
        failure_heading: None,
        failure_note: None,
        token_id: "https://img.test/auth/iiif-token".to_owned(),
        logout_id: None,
        logout_label: String::new(),
    };
    let id = "https://img.test/iiif/images/substitute-8~a";
    let read = |api, services: &[AuthService]| -> Value {
        serde_json::from_slice(&pyramid(4000, 3000, 3).info(id, api, services)).unwrap()
    };
    assert_eq!(
        read(ImageApi::Two, &[]),
        json!({
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": id,
            "protocol": "http://iiif.io/api/image",
            "width": 500,
            "height": 375,
            "sizes": [{ "width": 250, "height": 188 }, { "width": 500, "height": 375 }],
            "tiles": [{ "width": 256, "height": 256, "scaleFactors": [1, 2] }],
            "profile": ["http://iiif.io/api/image/2/level0.json"]
        })
    );
    let three = read(ImageApi::Three, &[]);
    assert_eq!((&three["id"], &three["type"]), (&json!(id), &json!("ImageService3")));
    assert_eq!((&three["profile"], &three["width"]), (&json!("level0"), &json!(500)));
    assert_eq!(three["@context"], "http://iiif.io/api/image/3/context.json");
    assert!(three.get("@id").is_none() && three.get("service").is_none());
    for api in [ImageApi::Two, ImageApi::Three] {
        assert_eq!(
            read(api, std::slice::from_ref(&service))["service"],
            json!([auth1::cookie_service(&service, api)])
        );
        // What reads image servers' documents reads ours.
        let body = pyramid(4000, 3000, 3).info(id, api, &[]);
        let info = super::super::decorate::Info::read(&body).unwrap();
        assert_eq!((info.api(), info.dimensions()), (api, (500, 375)));
    }
}
