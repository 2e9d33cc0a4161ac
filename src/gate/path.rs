//! NGINX's raw request URI, and the one path that may be fetched for it.
//!
//! The path handed back is a function of the URI and the mounts alone, never of the
//! visitor ([`locate`] sees nothing else), so a cache keyed by it is safe.
//!
//! Structure is found on the raw `/`, as the Image API has it; each part is decoded
//! afterwards. Some image servers decode first and split then: a part that would look like
//! structure to them (`a%2Fdefault.jpg`) is refused, and what they get is our own spelling.

mod carried;

use std::fmt::Write;

use arrayvec::ArrayVec;

pub use carried::Carried;

use crate::iiif::file_name;
use crate::iiif::identifier::{BadIdentifier, Identifier, MAX_IDENTIFIER, OriginPath, decode_once};
use crate::iiif::image_uri::{ImageRequest, Region, Rotation, Size};
use crate::iiif::object_key;
use crate::iiif::substitute::{Halvings, Name, is_reserved, read_name};
use crate::policy::mount::{Mount, MountKind};

/// What a URI comes down to. Scratch space on the caller's stack, written by [`locate`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canonical {
    /// The one path that may be fetched at the mount's origin.
    pub path: OriginPath,
    /// The identifier that is judged.
    pub identifier: Identifier,
}

impl Canonical {
    pub fn new() -> Self {
        Self { path: OriginPath::new(), identifier: Identifier::new() }
    }
}

/// What of a resource is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Pixels.
    Image(ImageRequest),
    /// info.json.
    Info,
    /// The image's own URI, which is answered by a redirection to info.json (Image API
    /// 3.0, section 2); the path that may be fetched is that of info.json.
    Bare,
    /// The manifest, whole: under a manifest mount there is nothing else.
    Manifest,
    /// The file or the object, whole or a range of it: under a file mount and under a bucket's there is nothing else.
    File,
    /// A smaller image in its place ([`crate::iiif::substitute`]). The identifier is the image's own, and
    /// so is the path: that of its info.json, which says how large it is. Which part of it may be
    /// fetched, [`super::substitute::judge`] writes.
    Substitute { halvings: Halvings, what: SubstitutePart },
}

/// What of a substitute is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubstitutePart {
    /// Pixels, in the substitute's own coordinates.
    Image(ImageRequest),
    Info,
    Bare,
}

/// Where a URI leads.
#[derive(Clone, Copy, Debug)]
pub struct Located<'m> {
    pub mount: &'m Mount,
    pub part: Part,
}

/// Why a URI leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    #[error("the path does not begin with `/`, or has a space, a `#` or a control character in it")]
    NotAPath,
    #[error("no mount has this path")]
    NoMount,
    #[error("the path ends in `/`")]
    TrailingSlash,
    #[error("the path is neither an image request nor info.json nor an identifier")]
    NotIiif,
    #[error("the identifier begins like that of a substitute, and there is none of this name")]
    NoSuchSubstitute,
    #[error(
        "the name begins as an address does that carries the secret of a pass; ask about the file's own address"
    )]
    OfPass,
    #[error(transparent)]
    Identifier(#[from] BadIdentifier),
}

impl BadPath {
    /// A short word for logs.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotAPath => "not-a-path",
            Self::NoMount => "no-mount",
            Self::TrailingSlash => "trailing-slash",
            Self::NotIiif => "not-iiif",
            Self::NoSuchSubstitute => "no-such-substitute",
            Self::OfPass => "of-a-pass",
            Self::Identifier(bad) => bad.reason(),
        }
    }
}

/// Finds the mount, the identifier and the part that NGINX's `$request_uri` is about, and
/// writes the path that may be fetched for it.
///
/// The mount is the one with the longest prefix that the raw path begins with, byte for
/// byte; a query is never looked at. NGINX chooses its location by the normalised path and
/// may mean another mount where prefixes nest: it says which (`X-Tilegate-Mount`), and the
/// caller refuses what differs. After an error `out` is empty.
pub fn locate<'m>(
    original_uri: &[u8],
    mounts: &'m [Mount],
    out: &mut Canonical,
) -> Result<Located<'m>, BadPath> {
    let located = locate_in(original_uri, mounts, out);
    if located.is_err() {
        out.path.clear();
        out.identifier.clear();
    }
    located
}

fn locate_in<'m>(
    original_uri: &[u8],
    mounts: &'m [Mount],
    out: &mut Canonical,
) -> Result<Located<'m>, BadPath> {
    let (mount, rest) = mount_of(original_uri, mounts)?;
    if mount.kind.may_carry_passes() && carried::is_reserved(rest) {
        return Err(BadPath::OfPass);
    }
    locate_rest(mount, rest, mounts, out)
}

/// The mount of a raw URI, and what of its path is behind the mount's prefix.
fn mount_of<'m, 'u>(original_uri: &'u [u8], mounts: &'m [Mount]) -> Result<(&'m Mount, &'u str), BadPath> {
    let path = raw_path(original_uri)?;
    mounts
        .iter()
        .filter_map(|mount| Some((mount, path.strip_prefix(mount.prefix.as_str())?)))
        .min_by_key(|(_, rest)| rest.len())
        .ok_or(BadPath::NoMount)
}

fn locate_rest<'m>(
    mount: &'m Mount,
    rest: &str,
    mounts: &[Mount],
    out: &mut Canonical,
) -> Result<Located<'m>, BadPath> {
    let (raw_identifier, part) = match mount.kind {
        MountKind::Image => named(take_apart(rest)?)?,
        _ if rest.is_empty() || rest.ends_with('/') => return Err(BadPath::TrailingSlash),
        MountKind::Manifest => (rest, Part::Manifest),
        MountKind::File | MountKind::S3 => (rest, Part::File),
    };
    out.path.clear();
    if let Some(bucket) = &mount.bucket {
        object_key::read(raw_identifier, &mut out.identifier)?;
        let folder = bucket.path_style.then_some(bucket.bucket.as_str());
        object_key::write(folder, &mount.origin_path, &out.identifier, &mut out.path)?;
        return Ok(Located { mount, part });
    }
    out.path.try_push_str(&mount.origin_path).map_err(|_| BadIdentifier::TooLong)?;
    match part {
        Part::Image(_) | Part::Info | Part::Bare | Part::Substitute { .. } => {
            mount.server.read_identifier(raw_identifier, &mut out.identifier)?;
            let is_substitute = matches!(part, Part::Substitute { .. });
            if is_reserved(&out.identifier) || (is_substitute && is_shadowed(&out.identifier, mount, mounts))
            {
                return Err(BadPath::NoSuchSubstitute);
            }
            mount.server.write_identifier(&out.identifier, &mut out.path)?;
        }
        Part::Manifest => {
            mount.server.read_manifest(raw_identifier, &mut out.identifier)?;
            mount.server.write_manifest(&out.identifier, &mut out.path)?;
        }
        Part::File => {
            file_name::read(raw_identifier, &mut out.identifier)?;
            file_name::write(&out.identifier, &mut out.path)?;
        }
    }
    match part {
        Part::Image(request) => out.path.write_char('/').and_then(|()| request.write(&mut out.path)),
        Part::Info | Part::Bare | Part::Substitute { .. } => out.path.write_str(INFO_PATH),
        Part::Manifest | Part::File => Ok(()),
    }
    .map_err(|_| BadIdentifier::TooLong)?;
    Ok(Located { mount, part })
}

/// Whether the resource's own address would be another mount's, whose prefix is longer: with a substitute's
/// word or a pass before it, it must not come back under the rules of this one.
fn is_shadowed(identifier: &str, mount: &Mount, mounts: &[Mount]) -> bool {
    let inner = mounts.iter().filter_map(|other| other.prefix.strip_prefix(mount.prefix.as_str()));
    inner.filter(|inner| !inner.is_empty()).any(|inner| identifier.starts_with(inner))
}

/// The path that was asked for without its `/info.json`, in the client's own spelling:
/// viewers compare `@id` with the URL they asked for, letter by letter (A1-38, X-15).
///
/// A bare identifier and a manifest are their own base. `None` if the URI is not a path.
pub fn raw_base(original_uri: &[u8], part: Part) -> Option<&str> {
    let path = raw_path(original_uri).ok()?;
    if matches!(part, Part::Bare | Part::Manifest | Part::Substitute { what: SubstitutePart::Bare, .. }) {
        return Some(path);
    }
    let (base, last) = split_last(path)?;
    (decode_once(last, &mut Segment::new()) == Ok(INFO)).then_some(base)
}

const INFO: &str = "info.json";
/// What follows an identifier in the path of its description.
pub(super) const INFO_PATH: &str = "/info.json";

/// The URI without its query. Raw UTF-8 stands for its escapes.
fn raw_path(original_uri: &[u8]) -> Result<&str, BadPath> {
    let path = if original_uri.contains(&b'?') {
        original_uri.split(|byte| *byte == b'?').next().unwrap_or_default()
    } else {
        original_uri
    };
    // Does not stop at the first, so that the compiler can make vector code of it.
    let unfit = |byte: u8| byte <= b' ' || matches!(byte, b'#' | 0x7F);
    if path.iter().fold(false, |any, byte| any | unfit(*byte)) {
        return Err(BadPath::NotAPath);
    }
    match path {
        [b'/', ..] => Ok(std::str::from_utf8(path).map_err(|_| BadIdentifier::NotUtf8)?),
        _ => Err(BadPath::NotAPath),
    }
}

/// A buffer for a part of an image request; nothing that the grammar knows is longer.
type Segment = ArrayVec<u8, 96>;

/// Splits what follows a mount's prefix into the raw identifier and the part of the image.
fn take_apart(rest: &str) -> Result<(&str, Part), BadPath> {
    let (before, raw_last) = split_last(rest).unwrap_or(("", rest));
    if raw_last.is_empty() {
        return Err(BadPath::TrailingSlash);
    }
    // As long as an identifier may be: it may be one, and has to be looked at whole.
    let mut buffer = ArrayVec::<u8, MAX_IDENTIFIER>::new();
    let last = decode_once(raw_last, &mut buffer)?;
    if last == INFO {
        return Ok((before, Part::Info));
    }

    if let Some((before, region, size, rotation)) = geometry_of(before) {
        let (mut first, mut second, mut third) = (Segment::new(), Segment::new(), Segment::new());
        if let (Ok(region), Ok(size), Ok(rotation)) = (
            decode_once(region, &mut first),
            decode_once(size, &mut second),
            decode_once(rotation, &mut third),
        ) {
            match ImageRequest::parse(region, size, rotation, last) {
                Ok(request) => return Ok((before, Part::Image(request))),
                // Nothing is called like that; it is an image request with an end of some other dialect.
                Err(_) if is_geometry(region, size, rotation) => return Err(BadPath::NotIiif),
                Err(_) => {}
            }
        }
    }
    if looks_like_structure(last) { Err(BadPath::NotIiif) } else { Ok((rest, Part::Bare)) }
}

/// The same, but of a substitute where the raw identifier is one's. Then the rest is its image's.
fn named((raw_identifier, part): (&str, Part)) -> Result<(&str, Part), BadPath> {
    let (halvings, raw_identifier) = match read_name(raw_identifier) {
        Name::Image => return Ok((raw_identifier, part)),
        Name::Impossible => return Err(BadPath::NoSuchSubstitute),
        Name::Substitute(halvings, raw_identifier) => (halvings, raw_identifier),
    };
    let what = match part {
        Part::Image(request) => SubstitutePart::Image(request),
        Part::Info => SubstitutePart::Info,
        Part::Bare => SubstitutePart::Bare,
        // An image mount has none of these.
        Part::Manifest | Part::File | Part::Substitute { .. } => return Err(BadPath::NotIiif),
    };
    Ok((raw_identifier, Part::Substitute { halvings, what }))
}

/// The raw identifier, region, size and rotation, if there are as many parts.
fn geometry_of(before_last: &str) -> Option<(&str, &str, &str, &str)> {
    let (rest, rotation) = split_last(before_last)?;
    let (rest, size) = split_last(rest)?;
    let (identifier, region) = split_last(rest)?;
    Some((identifier, region, size, rotation))
}

/// [`str::rsplit_once`] at a `/`, without the searcher that it sets up: the parts are a
/// few bytes long.
fn split_last(path: &str) -> Option<(&str, &str)> {
    let (before, rest) = path.split_at_checked(path.bytes().rposition(|byte| byte == b'/')?)?;
    Some((before, rest.get(1..)?))
}

fn is_geometry(region: &str, size: &str, rotation: &str) -> bool {
    Region::parse(region).is_some() && Size::parse(size).is_some() && Rotation::parse(rotation).is_some()
}

/// Whether the decoded last part ends like an image request or like info.json to somebody
/// who decodes before splitting: an image server, or NGINX when it chooses a location.
/// Words and case are taken as widely as any image server does.
fn looks_like_structure(last: &str) -> bool {
    let (folder, name) = last.rsplit_once('/').map_or((None, last), |(folder, name)| (Some(folder), name));
    let quality = name.split_once('.').map(|(quality, _)| quality);
    let word = |word: &&str| quality.is_some_and(|quality| quality.eq_ignore_ascii_case(word));
    ["default", "color", "gray", "grey", "bitonal", "bitmap", "native"].iter().any(word)
        || (folder.is_some() && name.eq_ignore_ascii_case(INFO))
}

#[cfg(test)]
mod file_tests;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::iiif::identifier::{ImageServer, MAX_PATH};
    use crate::iiif::image_uri::{Extent, Quality};
    use crate::policy::mount::Origin;

    /// How the image servers read a path, written after their sources and not after ours.
    mod servers {
        use super::ImageServer;

        /// The name of the file and what of it is asked for.
        #[derive(Debug, PartialEq, Eq)]
        pub(super) struct Reading {
            pub(super) name: String,
            pub(super) asked: Vec<String>,
        }

        /// `None`: an error page.
        pub(super) fn read(server: ImageServer, path: &str) -> Option<Reading> {
            match server {
                ImageServer::Iipsrv => iipsrv(path.strip_prefix("/iiif/")?),
                ImageServer::Digilib => digilib(path.strip_prefix("/digilib/Scaler/IIIF/")?),
                ImageServer::Generic => generic(path.strip_prefix("/iiif/3/")?),
            }
        }

        /// `Main.cc`, `IIIF.cc`, `FIF.cc` of iipsrv 1.1.
        fn iipsrv(path: &str) -> Option<Reading> {
            assert!(!path.contains(['&', '?']), "iipsrv would run commands from the path: {path}");
            let path = form_decoded(&path.replace("%00", ""))?;
            let (before, last) = path.rsplit_once('/')?;
            let (name, asked) = if last.starts_with("info") {
                (before, vec![last.to_owned()])
            } else {
                let mut parts: Vec<_> = path.rsplitn(5, '/').collect();
                let name = if parts.len() == 5 { parts.pop()? } else { return None };
                (name, parts.into_iter().rev().map(str::to_owned).collect())
            };
            let mut name = form_decoded(&name.replace("%00", ""))?;
            while let Some(at) = name.find("../") {
                name.replace_range(at..at + 3, "");
            }
            Some(Reading { name: file_system(&name), asked })
        }

        /// `DigilibRequest.java`, `FileOps.java` of digilib 2.13.
        fn digilib(path: &str) -> Option<Reading> {
            let mut parts = path.split('/').map(form_decoded).collect::<Option<Vec<_>>>()?;
            if matches!(parts[0].as_str(), "1" | "2" | "3") {
                parts.remove(0);
            }
            let mut name = parts.remove(0);
            if name.contains('%') {
                name = form_decoded(&name)?;
            }
            let name = name.replace('!', "/");
            (!name.contains("../")).then(|| Reading { name: file_system(&name), asked: parts })
        }

        /// Image API 3.0, section 2: one segment for the identifier.
        fn generic(path: &str) -> Option<Reading> {
            assert!(!path.contains('+'), "not every server reads a `+` as a `+`: {path}");
            let mut parts = path.split('/').map(form_decoded).collect::<Option<Vec<_>>>()?;
            let name = parts.remove(0);
            Some(Reading { name, asked: parts })
        }

        /// What the file system makes of a name.
        fn file_system(name: &str) -> String {
            let mut folders = Vec::new();
            for segment in name.split('/') {
                match segment {
                    "" | "." => {}
                    ".." => {
                        folders.pop();
                    }
                    _ => folders.push(segment),
                }
            }
            folders.join("/")
        }

        /// `java.net.URLDecoder`, and cgicc's decoder in iipsrv.
        pub(super) fn form_decoded(text: &str) -> Option<String> {
            let mut bytes = Vec::new();
            let mut rest = text.as_bytes();
            while let [first, more @ ..] = rest {
                rest = more;
                match (first, more) {
                    (b'%', [a, b, after @ ..]) => {
                        bytes.push(u8::from_str_radix(std::str::from_utf8(&[*a, *b]).ok()?, 16).ok()?);
                        rest = after;
                    }
                    (b'+', _) => bytes.push(b' '),
                    _ => bytes.push(*first),
                }
            }
            String::from_utf8(bytes).ok()
        }
    }

    const ALL: [ImageServer; 3] = [ImageServer::Iipsrv, ImageServer::Digilib, ImageServer::Generic];
    const PREFIX: &str = "/iiif/images/";

    fn mount(server: ImageServer, prefix: &str) -> Mount {
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        Mount { server, ..Mount::new("images", MountKind::Image, prefix, origin, origin_path(server)) }
    }

    fn origin_path(server: ImageServer) -> &'static str {
        match server {
            ImageServer::Iipsrv => "/iiif/",
            ImageServer::Digilib => "/digilib/Scaler/IIIF/",
            ImageServer::Generic => "/iiif/3/",
        }
    }

    fn locate_one(server: ImageServer, uri: &[u8]) -> Result<(Canonical, Part), BadPath> {
        let mut out = Canonical::new();
        let part = locate(uri, &[mount(server, PREFIX)], &mut out)?.part;
        Ok((out, part))
    }

    fn path(server: ImageServer, rest: &str) -> Result<String, BadPath> {
        locate_one(server, format!("{PREFIX}{rest}").as_bytes()).map(|(out, _)| out.path.to_string())
    }

    /// What must hold of every URI: refused, or the image server reads the canonical path as
    /// exactly what was judged, and the canonical path is its own canonical path.
    fn refused_or_read_as_judged(server: ImageServer, uri: &[u8]) -> bool {
        let Ok((out, part)) = locate_one(server, uri) else { return false };
        let shown = uri.escape_ascii();

        let reading = servers::read(server, &out.path).unwrap_or_else(|| panic!("an error page for {shown}"));
        assert_eq!(reading.name, out.identifier.as_str(), "{server:?} {shown} -> {}", out.path);
        let asked: Vec<_> = reading.asked.iter().map(String::as_str).collect();
        match part {
            // Of a substitute, it is its image's description, whatever is asked for.
            Part::Info | Part::Bare | Part::Substitute { .. } => assert_eq!(asked, [INFO], "{shown}"),
            Part::Manifest | Part::File => panic!("no image mount has {shown}"),
            Part::Image(request) => {
                let [region, size, rotation, last] = asked[..] else { panic!("{asked:?} for {shown}") };
                assert_eq!(ImageRequest::parse(region, size, rotation, last), Ok(request), "{shown}");
            }
        }

        let mut again = Canonical::new();
        let own = [mount(server, origin_path(server))];
        let located = locate(out.path.as_bytes(), &own, &mut again).unwrap();
        assert_eq!(again, out, "{server:?} {shown}");
        let is_description = matches!(part, Part::Bare | Part::Substitute { .. });
        assert_eq!(located.part, if is_description { Part::Info } else { part });
        true
    }

    #[test]
    fn the_three_parts_of_an_image() {
        use ImageServer::{Digilib, Generic, Iipsrv};
        for (server, rest, canonical) in [
            (Iipsrv, "a/b.tif/info.json", "/iiif/a/b.tif/info.json"),
            (Iipsrv, "a/b.tif", "/iiif/a/b.tif/info.json"),
            (Iipsrv, "a/b.tif/full/max/0/default.jpg", "/iiif/a/b.tif/full/max/0/default.jpg"),
            (Iipsrv, "b.tif/full/max/0/default.jpg", "/iiif/b.tif/full/max/0/default.jpg"),
            (Digilib, "a!b/info.json", "/digilib/Scaler/IIIF/a!b/info.json"),
            (Digilib, "a/b/0,0,9,9/!5,5/!90/gray.png", "/digilib/Scaler/IIIF/a!b/0,0,9,9/!5,5/!90/gray.png"),
            (Digilib, "2/full/max/0/default.jpg", "/digilib/Scaler/IIIF/!2/full/max/0/default.jpg"),
            (Generic, "a/b/full/^max/0/default.jpg", "/iiif/3/a%2Fb/full/%5Emax/0/default.jpg"),
            (Generic, "a%2Fb", "/iiif/3/a%2Fb/info.json"),
        ] {
            assert_eq!(path(server, rest).as_deref(), Ok(canonical), "{rest}");
        }
        let (out, part) = locate_one(Iipsrv, b"/iiif/images/a%2Fb/full/200,/0/gray.jpg").unwrap();
        assert_eq!(out.identifier.as_str(), "a/b");
        let Part::Image(request) = part else { panic!("{part:?}") };
        assert_eq!((request.size.extent, request.quality), (Extent::Width(200), Quality::Gray));
        assert_eq!(locate_one(Iipsrv, b"/iiif/images/a/info.json").unwrap().1, Part::Info);
        assert_eq!(locate_one(Iipsrv, b"/iiif/images/a").unwrap().1, Part::Bare);
    }

    #[test]
    fn p9_aliases_have_one_canonical_path() {
        use ImageServer::{Digilib, Generic, Iipsrv};
        for (server, canonical, aliases) in [
            (
                Digilib,
                "/digilib/Scaler/IIIF/private!secret/full/max/0/default.jpg",
                &[
                    "private!secret",
                    "!private!secret",
                    "private!!secret",
                    "private!.!secret",
                    "p%72ivate!secret",
                    "private/secret",
                    "private%2Fsecret",
                    "private%21secret",
                    "/private//secret/",
                ][..],
            ),
            (
                Iipsrv,
                "/iiif/private/secret/full/max/0/default.jpg",
                &[
                    "private/secret",
                    "private%2Fsecret",
                    "private//secret",
                    "private/./secret",
                    "%70rivate/secret",
                ],
            ),
            (
                Generic,
                "/iiif/3/private%2Fsecret/full/max/0/default.jpg",
                &["private/secret", "private%2Fsecret", "private%2fsecret", "privat%65/secret"],
            ),
        ] {
            for alias in aliases {
                for request in
                    ["full/max/0/default.jpg", "%66ull/max/0/default%2Ejpg?x", "full/max/00/default.jpg"]
                {
                    assert_eq!(
                        path(server, &format!("{alias}/{request}")).as_deref(),
                        Ok(canonical),
                        "{alias}"
                    );
                }
            }
        }
    }

    #[test]
    fn p12_a1_41_a_substitute_is_located_at_the_description_of_its_image() {
        use ImageServer::{Digilib, Generic, Iipsrv};
        for (server, rest, canonical) in [
            (Iipsrv, "substitute-8~a/b.tif", "/iiif/a/b.tif/info.json"),
            (Digilib, "%73ubstitute-8%7ea!b", "/digilib/Scaler/IIIF/a!b/info.json"),
            (Digilib, "substitute-8~!a/.!b+c", "/digilib/Scaler/IIIF/a!b%20c/info.json"),
            (Generic, "substitute-8~a%2Fb", "/iiif/3/a%2Fb/info.json"),
        ] {
            for (end, expected) in [
                ("", "bare"),
                ("/info.json", "info"),
                ("/0,0,256,256/256,/0/default.jpg", "0,0,256,256/256,/0/default.jpg"),
                ("/full/max/0/default.png?x=1", "full/max/0/default.png"),
            ] {
                let uri = format!("{PREFIX}{rest}{end}");
                let (out, part) = locate_one(server, uri.as_bytes()).unwrap();
                assert_eq!(out.path.as_str(), canonical, "{uri}");
                let Part::Substitute { halvings, what } = part else { panic!("{uri}: {part:?}") };
                assert_eq!(halvings.divisor(), 8, "{uri}");
                let what = match what {
                    SubstitutePart::Bare => "bare".to_owned(),
                    SubstitutePart::Info => "info".to_owned(),
                    SubstitutePart::Image(request) => request.to_string(),
                };
                assert_eq!(what, expected, "{uri}");
                let base = raw_base(uri.as_bytes(), part);
                let whole = format!("{PREFIX}{rest}");
                assert_eq!(base, (!end.contains("default")).then_some(whole.as_str()), "{uri}");
            }
        }
        // What would be read as a substitute the next time is no name of an image.
        for (server, rest) in [
            (Iipsrv, "/substitute-8~a/info.json"),
            (Digilib, "!substitute-8~a/info.json"),
            (Iipsrv, "substitute-2~substitute-8~a/info.json"),
            (Generic, "substitute-3~a/info.json"),
        ] {
            assert_eq!(path(server, rest), Err(BadPath::NoSuchSubstitute), "{rest}");
        }
        // Nor is there one of an image that another mount has.
        let mounts = [
            mount(Iipsrv, PREFIX),
            Mount { name: "special".to_owned(), ..mount(Iipsrv, "/iiif/images/special/") },
        ];
        let mut out = Canonical::new();
        for name in ["special/a", "special%2Fa", "%73pecial//a", "./special/./a"] {
            let uri = format!("{PREFIX}substitute-8~{name}/info.json");
            assert_eq!(
                locate(uri.as_bytes(), &mounts, &mut out).err(),
                Some(BadPath::NoSuchSubstitute),
                "{uri}"
            );
        }
        for (uri, owner) in [("substitute-8~specials/a", "images"), ("special/substitute-8~a", "special")] {
            let located = locate(format!("{PREFIX}{uri}").as_bytes(), &mounts, &mut out).unwrap();
            assert!(matches!(located.part, Part::Substitute { .. }) && located.mount.name == owner, "{uri}");
        }
        // These are names like others.
        for rest in ["substitute-teachers/1~2", "Substitute-8~a", "a/substitute-8~b", "substitute-8"] {
            assert_eq!(path(Iipsrv, &format!("{rest}/info.json")), Ok(format!("/iiif/{rest}/info.json")));
        }
    }

    #[test]
    fn p3_a_query_changes_nothing() {
        for server in ALL {
            let plain = locate_one(server, b"/iiif/images/a/info.json").unwrap();
            for query in ["?", "?x=1", "??", "?/../b", "?a/b/full/max/0/default.jpg", "?#", "?%", "?a b\u{1}"]
            {
                let uri = format!("/iiif/images/a/info.json{query}");
                assert_eq!(locate_one(server, uri.as_bytes()).unwrap(), plain, "{query}");
            }
        }
    }

    #[test]
    fn p2_the_mount_is_found_in_the_raw_path_only() {
        for uri in [
            "",
            "?",
            "iiif/images/a/info.json",
            "http://localhost/iiif/images/a/info.json",
            "*",
            "/",
            "/iiif/images",
            "/iiif/im%61ges/a/info.json",
            "//iiif/images/a/info.json",
            "/./iiif/images/a/info.json",
            "/iiif//images/a/info.json",
            "/x/../iiif/images/a/info.json",
            "/IIIF/images/a/info.json",
            "/iiif%2Fimages/a/info.json",
            "/iiif/images%2Fa/info.json",
            "/iiif/images?/a/info.json",
        ] {
            let refused = locate_one(ImageServer::Iipsrv, uri.as_bytes()).unwrap_err();
            assert!(matches!(refused, BadPath::NoMount | BadPath::NotAPath), "{uri}: {refused}");
        }
    }

    #[test]
    fn the_longest_prefix_wins() {
        let mut mounts = [
            mount(ImageServer::Iipsrv, "/iiif/"),
            mount(ImageServer::Digilib, "/iiif/maps/"),
            mount(ImageServer::Generic, "/iiif/maps/old/"),
        ];
        let found = |mounts: &[Mount], uri: &str| {
            let mut out = Canonical::new();
            locate(uri.as_bytes(), mounts, &mut out).map(|located| located.mount.server)
        };
        assert_eq!(found(&mounts, "/iiif/a/info.json"), Ok(ImageServer::Iipsrv));
        assert_eq!(found(&mounts, "/iiif/maps/a/info.json"), Ok(ImageServer::Digilib));
        assert_eq!(found(&mounts, "/iiif/maps/old/a/info.json"), Ok(ImageServer::Generic));
        mounts.reverse();
        assert_eq!(found(&mounts, "/iiif/maps/old/a/info.json"), Ok(ImageServer::Generic));
        assert_eq!(found(&[], "/iiif/a/info.json"), Err(BadPath::NoMount));
    }

    #[test]
    fn p6_what_is_no_iiif_request_is_refused() {
        for rest in [
            "a/full/max/0/default",
            "a/full/max/0/native.jpg",
            "a/full/max/0/default.JPG",
            "a/full/0,/0/default.jpg",
            "a/full/max/default.jpg",
            "full/max/0/default.jpg",
            "a/default.jpg",
            "default.jpg",
            "a/Native.tif",
            "a%2Ffull%2Fmax%2F0%2Fdefault.jpg",
            "a/full/max/0%2Fdefault.jpg",
            "a/full%2Fmax/0/default.jpg",
            "a%2Finfo.json",
            "a/b%2FINFO.json",
            "a/full/max/0/thumbnail.jpg",
            "a/full/max/0/x",
        ] {
            for server in ALL {
                assert_eq!(path(server, rest), Err(BadPath::NotIiif), "{server:?} {rest}");
            }
        }
        for rest in ["", "a/", "a/info.json/", "a/full/max/0/default.jpg/", "/"] {
            assert_eq!(path(ImageServer::Iipsrv, rest), Err(BadPath::TrailingSlash), "{rest}");
        }
        for rest in ["info.json", "/info.json", "/full/max/0/default.jpg"] {
            let refused = path(ImageServer::Iipsrv, rest);
            assert_eq!(refused, Err(BadPath::Identifier(BadIdentifier::Empty)), "{rest}");
        }
    }

    #[test]
    fn names_like_parts_of_a_request_are_still_names() {
        for (rest, identifier) in [
            ("a/default.jpg/full/max/0/default.jpg", "a/default.jpg"),
            ("a/default.jpg/info.json", "a/default.jpg"),
            ("info.json/info.json", "info.json"),
            ("full/max/0/scan.tif", "full/max/0/scan.tif"),
            ("a/b/c/d/e/scan.default.jpg", "a/b/c/d/e/scan.default.jpg"),
            ("a/full/max/0/b/default-1.jpg", "a/full/max/0/b/default-1.jpg"),
        ] {
            let (out, _) = locate_one(ImageServer::Iipsrv, format!("{PREFIX}{rest}").as_bytes()).unwrap();
            assert_eq!(out.identifier.as_str(), identifier);
        }
    }

    #[test]
    fn p2_raw_bytes_that_no_path_has_are_refused() {
        for byte in (0..=b' ').chain([b'#', 0x7F]) {
            let uri = [b"/iiif/images/a", &[byte][..], b"b/info.json"].concat();
            for server in ALL {
                assert_eq!(locate_one(server, &uri), Err(BadPath::NotAPath), "{byte:#x}");
            }
        }
        for server in ALL {
            let raw = locate_one(server, "/iiif/images/é/info.json".as_bytes()).unwrap();
            assert_eq!(raw, locate_one(server, b"/iiif/images/%C3%A9/info.json").unwrap());
        }
    }

    #[test]
    fn n6_a_path_over_4_kb_is_refused() {
        for server in ALL {
            let fits = "%20".repeat(1300);
            assert!(path(server, &format!("{fits}/info.json")).is_ok());
            let too_long = Err(BadPath::Identifier(BadIdentifier::TooLong));
            // The identifier fits, its spelling does not; then the spelling does, the request behind it does not.
            assert_eq!(path(server, &format!("{}/info.json", "%20".repeat(1400))), too_long);
            let room = MAX_PATH - origin_path(server).len();
            let (escaped, plain) = (room / 3 - 1, room % 3);
            let nearly = format!("{}{}", "%20".repeat(escaped), "a".repeat(plain));
            assert_eq!(path(server, &format!("{nearly}/full/max/0/default.jpg")), too_long);
        }
        let uri = [PREFIX.as_bytes(), &vec![b'a'; 100_000], b"/info.json"].concat();
        assert!(locate_one(ImageServer::Iipsrv, &uri).is_err());
    }

    #[test]
    fn after_an_error_nothing_is_left_to_fetch() {
        let mounts = [mount(ImageServer::Iipsrv, PREFIX)];
        let mut out = Canonical::new();
        for bad in ["/iiif/images/a/../b/info.json", "/iiif/images/a/", "/elsewhere"] {
            locate(b"/iiif/images/a/info.json", &mounts, &mut out).unwrap();
            assert!(!out.path.is_empty());
            locate(bad.as_bytes(), &mounts, &mut out).unwrap_err();
            assert_eq!(out, Canonical::new());
        }
    }

    #[test]
    fn a1_38_x_15_the_base_is_repeated_as_it_was_asked_for() {
        for (uri, base) in [
            ("/iiif/images/a%2fb/info.json", Some("/iiif/images/a%2fb")),
            ("/iiif/images/a%2Fb/info.json?x=/y/info.json", Some("/iiif/images/a%2Fb")),
            ("/iiif/images/a/b/%69nfo.json", Some("/iiif/images/a/b")),
            ("/iiif/images/a//info.json", Some("/iiif/images/a/")),
            ("/iiif/images/a%2Finfo.json", None),
            ("/iiif/images/a", None),
            ("/iiif/images/a?/info.json", None),
            ("/iiif/images/a/full/max/0/default.jpg", None),
            ("info.json", None),
            ("", None),
        ] {
            assert_eq!(raw_base(uri.as_bytes(), Part::Info), base, "{uri}");
        }
    }

    #[test]
    fn reasons_are_told_apart() {
        assert_eq!(path(ImageServer::Iipsrv, "a/../b").unwrap_err().reason(), "parent-segment");
        assert_eq!(path(ImageServer::Iipsrv, "a/").unwrap_err().reason(), "trailing-slash");
        assert_eq!(path(ImageServer::Iipsrv, "a/default.jpg").unwrap_err().reason(), "not-iiif");
        assert_eq!(locate_one(ImageServer::Iipsrv, b"/x").unwrap_err().reason(), "no-mount");
        assert_eq!(locate_one(ImageServer::Iipsrv, b"x").unwrap_err().reason(), "not-a-path");
    }

    /// The lines of the corpus with the section each is in.
    pub(super) fn corpus() -> Vec<(&'static str, Vec<u8>)> {
        let mut section = "";
        let mut lines = Vec::new();
        for line in include_str!("../../tests/corpus/paths.txt").lines() {
            if let Some(named) = line.strip_prefix("#:") {
                section = named.trim();
            } else if !line.is_empty() && !line.starts_with('#') {
                let mut parts = line.split("\\x");
                let mut bytes = parts.next().unwrap().as_bytes().to_vec();
                for part in parts {
                    let (hex, rest) = part.split_at(2);
                    bytes.push(u8::from_str_radix(hex, 16).unwrap());
                    bytes.extend_from_slice(rest.as_bytes());
                }
                lines.push((section, bytes));
            }
        }
        lines
    }

    #[test]
    fn p2_p6_p9_the_corpus_is_refused_or_read_as_judged() {
        let lines = corpus();
        assert!(lines.len() >= 120);
        let mut accepted = 0;
        for (section, rest) in lines {
            let uri = [PREFIX.as_bytes(), &rest].concat();
            for server in ALL {
                let served = refused_or_read_as_judged(server, &uri);
                match section {
                    "refused" => assert!(!served, "{server:?} {}", uri.escape_ascii()),
                    "alias" => accepted += usize::from(served),
                    _ => panic!("section {section}"),
                }
            }
        }
        assert!(accepted > 150, "{accepted}");
    }

    /// Pieces of URIs, nasty and plain, that are strung together.
    const PIECES: &[&str] = &[
        "substitute-8~",
        "substitute-3%7E",
        "private",
        "secret.tif",
        "a",
        "b",
        "1",
        "2",
        "3",
        "/",
        "/",
        "//",
        "%2F",
        "%2f",
        "!",
        "%21",
        ".",
        "/./",
        "..",
        "/../",
        "%2e",
        "%2E",
        "%25",
        "%252F",
        "%72",
        "\\",
        "%5c",
        ";",
        "%3B",
        "+",
        "%2B",
        "?",
        "%3F",
        "#",
        "%23",
        "%00",
        "%0A",
        "%7f",
        " ",
        "%20",
        "&",
        "&FIF=x",
        "%26",
        "=",
        "é",
        "%C3%A9",
        "%C3",
        "%E9",
        "%",
        "%4",
        "info",
        ".json",
        "info.json",
        "/info.json",
        "%2Finfo.json",
        "default.jpg",
        "/default.jpg",
        "native.jpg",
        "/full",
        "/max",
        "/0",
        "full",
        "max",
        "~",
        ":",
        ",",
        "$",
        "*",
        "[a]",
        "\"",
        "%EF%BC%8F",
        "\u{85}",
    ];
    const ENDS: &[&str] = &[
        "",
        "/",
        "/info.json",
        "/info%2ejson",
        "/full/max/0/default.jpg",
        "/square/%5E!0200,100/!22.50/gray.png",
        "/0,0,512,512/512,/0/default.jpg",
        "/pct:1.50,0,50,50.0/^pct:120/360/bitonal.webp",
        "/full/full/0/color%2Etif",
        "/full/max/0/native.jpg",
        "/full/max/361/default.jpg",
        "?x=1",
        "/info.json?x",
    ];

    fn uri() -> impl Strategy<Value = Vec<u8>> {
        let middle = prop::collection::vec(prop::sample::select(PIECES), 0..8);
        (middle, prop::sample::select(ENDS))
            .prop_map(|(middle, end)| format!("{PREFIX}{}{end}", middle.concat()).into_bytes())
    }

    fn tame_uri() -> impl Strategy<Value = Vec<u8>> {
        let tame = [
            "substitute-8~",
            "substitute-2%7e",
            "a",
            "b.tif",
            "1",
            "2",
            "/",
            "%2F",
            "!",
            "%21",
            "%2e",
            ".",
            "é",
            "%C3%A9",
            "%20",
            "&",
            "%2B",
            "info.json",
        ];
        let middle = prop::collection::vec(prop::sample::select(tame.to_vec()), 1..8);
        (middle, prop::sample::select(&ENDS[2..9]))
            .prop_map(|(middle, end)| format!("{PREFIX}{}{end}", middle.concat()).into_bytes())
    }

    /// Under a manifest mount everything is a manifest's name.
    mod manifests {
        use super::*;

        const BOTH: [ImageServer; 2] = [ImageServer::Digilib, ImageServer::Generic];

        fn manifest_mount(server: ImageServer, prefix: &str) -> Mount {
            Mount { kind: MountKind::Manifest, origin_path: at(server).to_owned(), ..mount(server, prefix) }
        }

        fn at(server: ImageServer) -> &'static str {
            if server == ImageServer::Digilib { "/digilib/Manifester/IIIF/" } else { "/manifests/" }
        }

        fn locate_manifest(server: ImageServer, uri: &[u8]) -> Result<Canonical, BadPath> {
            let mut out = Canonical::new();
            let part = locate(uri, &[manifest_mount(server, PREFIX)], &mut out)?.part;
            assert_eq!(part, Part::Manifest);
            Ok(out)
        }

        fn written(server: ImageServer, rest: &str) -> Result<String, BadPath> {
            locate_manifest(server, format!("{PREFIX}{rest}").as_bytes()).map(|out| out.path.to_string())
        }

        /// The file or folder that an origin takes a path for: `Manifester.java`, or a web server
        /// that decodes, splits and opens.
        fn read(server: ImageServer, path: &str) -> Option<String> {
            let rest = path.strip_prefix(at(server))?;
            if server == ImageServer::Digilib {
                // Whatever follows the first part is not looked at, so nothing may.
                assert!(!rest.contains('/'), "{path}");
                return servers::read(server, &format!("{}{rest}/info.json", origin_path(server)))
                    .map(|reading| reading.name);
            }
            assert!(
                !rest.contains(['?', '#', '+', ';', '\\']) && !rest.to_lowercase().contains("%2f"),
                "{path}"
            );
            let name = servers::form_decoded(rest)?;
            let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with("..");
            (name.split('/').all(plain) && !name.contains('%')).then_some(name)
        }

        fn refused_or_read_as_judged(server: ImageServer, uri: &[u8]) -> bool {
            let Ok(out) = locate_manifest(server, uri) else { return false };
            let shown = uri.escape_ascii();
            assert_eq!(
                read(server, &out.path).as_deref(),
                Some(out.identifier.as_str()),
                "{server:?} {shown}"
            );
            let mut again = Canonical::new();
            let own = [manifest_mount(server, at(server))];
            let located = locate(out.path.as_bytes(), &own, &mut again).unwrap();
            assert_eq!((located.part, &again), (Part::Manifest, &out), "{server:?} {shown}");
            // P3, P12: a query is as if it were not there.
            if !uri.contains(&b'?') {
                assert_eq!(locate_manifest(server, &[uri, b"?x=/../y"].concat()).as_ref(), Ok(&out));
            }
            true
        }

        #[test]
        fn a_manifest_keeps_its_folders_apart() {
            use ImageServer::{Digilib, Generic};
            for (server, rest, expected) in [
                (Generic, "a/b.json", "/manifests/a/b.json"),
                (Generic, "a%2Fb.json?x", "/manifests/a/b.json"),
                (Generic, "a%2fb%20c%C3%BC.json", "/manifests/a/b%20c%C3%BC.json"),
                (Generic, "a!b%2Bc&d=e.json", "/manifests/a%21b%2Bc%26d%3De.json"),
                (Generic, "a/info.json", "/manifests/a/info.json"),
                (Generic, "a/full/max/0/default.jpg", "/manifests/a/full/max/0/default.jpg"),
                (Digilib, "a!b", "/digilib/Manifester/IIIF/a!b"),
                (Digilib, "a/b", "/digilib/Manifester/IIIF/a!b"),
                (Digilib, "a%21b", "/digilib/Manifester/IIIF/a!b"),
                (Digilib, "3", "/digilib/Manifester/IIIF/!3"),
                (Digilib, "3/a", "/digilib/Manifester/IIIF/3!a"),
                (Digilib, "a/manifest.json", "/digilib/Manifester/IIIF/a"),
                (Digilib, "a!manifest.json", "/digilib/Manifester/IIIF/a!manifest.json"),
            ] {
                assert_eq!(written(server, rest).as_deref(), Ok(expected), "{rest}");
            }
        }

        #[test]
        fn p2_what_is_no_manifests_name_is_refused() {
            for server in BOTH {
                for rest in ["", "/", "a/", "a/?x", "a/b//"] {
                    assert_eq!(written(server, rest), Err(BadPath::TrailingSlash), "{rest}");
                }
                for (rest, why) in [
                    ("a/../b", BadIdentifier::ParentSegment),
                    ("..%2fb", BadIdentifier::ParentSegment),
                    ("a%252Fb", BadIdentifier::DoubleEncoding),
                    ("a;b", BadIdentifier::Semicolon),
                    ("a%5Cb", BadIdentifier::Backslash),
                    ("a%00.json", BadIdentifier::ControlCharacter),
                    ("a%3Fb", BadIdentifier::QuestionMark),
                ] {
                    assert_eq!(written(server, rest), Err(why.into()), "{server:?} {rest}");
                }
            }
            for (rest, why) in [
                (".hidden.json", BadIdentifier::HiddenSegment),
                ("a/%2Egit/config", BadIdentifier::HiddenSegment),
                ("a//b.json", BadIdentifier::EmptySegment),
                ("./b.json", BadIdentifier::EmptySegment),
                ("a%2F", BadIdentifier::EmptySegment),
            ] {
                assert_eq!(written(ImageServer::Generic, rest), Err(why.into()), "{rest}");
            }
        }

        #[test]
        fn n6_a_path_over_4_kb_is_refused() {
            for server in BOTH {
                assert!(written(server, &"%20".repeat(1300)).is_ok());
                let too_long = Err(BadPath::Identifier(BadIdentifier::TooLong));
                assert_eq!(written(server, &"%20".repeat(1400)), too_long);
            }
        }

        #[test]
        fn p2_p9_the_corpus_is_refused_or_read_as_judged() {
            let mut accepted = 0;
            for (_, rest) in corpus() {
                let uri = [PREFIX.as_bytes(), &rest].concat();
                for server in BOTH {
                    accepted += usize::from(refused_or_read_as_judged(server, &uri));
                }
            }
            assert!(accepted > 100, "{accepted}");
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(2_000))]

            #[test]
            fn p2_p9_p12_manifest_uris_are_refused_or_read_as_judged(nasty in uri(), tame in tame_uri()) {
                for server in BOTH {
                    refused_or_read_as_judged(server, &nasty);
                    refused_or_read_as_judged(server, &tame);
                }
            }

            #[test]
            fn p1_any_bytes_are_refused_or_read_as_judged(
                bytes in prop::collection::vec(any::<u8>(), 0..200),
                text in "[ -~]{0,60}",
            ) {
                for rest in [&bytes[..], text.as_bytes()] {
                    for server in BOTH {
                        refused_or_read_as_judged(server, &[PREFIX.as_bytes(), rest].concat());
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn p2_p9_p12_nasty_uris_are_refused_or_read_as_judged(uri in uri()) {
            for server in ALL {
                refused_or_read_as_judged(server, &uri);
            }
        }

        #[test]
        fn p2_p9_p12_tame_uris_are_refused_or_read_as_judged(uri in tame_uri()) {
            for server in ALL {
                refused_or_read_as_judged(server, &uri);
            }
        }

        #[test]
        fn p1_any_bytes_are_refused_or_read_as_judged(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            text in "[ -~]{0,60}",
        ) {
            let mut out = Canonical::new();
            let _ = locate(&bytes, &[mount(ImageServer::Generic, "/")], &mut out);
            let _ = raw_base(&bytes, Part::Info);
            for rest in [&bytes[..], text.as_bytes()] {
                let uri = [PREFIX.as_bytes(), rest].concat();
                for server in ALL {
                    refused_or_read_as_judged(server, &uri);
                }
            }
        }
    }
}
