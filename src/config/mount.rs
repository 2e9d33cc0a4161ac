//! The grammar of `TILEGATE_MOUNT_<NAME>`:
//! `<kind> <public prefix> <origin> [key=value …]`.
//!
//! What is written here is printed into NGINX's configuration, so every part is
//! made of characters that mean nothing there: a value can never end a directive.

use super::bucket;
use super::value::{Wrong, authority, origins, quoted, wrong};
use crate::iiif::identifier::ImageServer;
use crate::policy::mount::{AuthVersions, Basic, Mount, MountKind, Origin};

const SHAPE: &str = "write `<kind> <public prefix> <origin> [key=value ...]`, like `image /iiif/images/ http://127.0.0.1:8182/iiif/2/`";

/// Reads one mount; `name` is the setting's `<NAME>`.
pub(super) fn parse(name: &str, typed: &str) -> Result<Mount, Wrong> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let mut words = typed.split_whitespace();
    let (Some(kind), Some(prefix), Some(origin)) = (words.next(), words.next(), words.next()) else {
        return wrong("is not complete", SHAPE);
    };
    let kind = match kind {
        "image" => MountKind::Image,
        "manifest" => MountKind::Manifest,
        "file" => MountKind::File,
        "s3" => MountKind::S3,
        other => {
            return wrong(
                format!("{} is no kind of mount", quoted(other)),
                "write image, manifest, file or s3",
            );
        }
    };
    public_prefix(prefix)?;
    let (origin, origin_path) = parse_origin(origin)?;
    let mut mount = Mount::new(&name, kind, prefix, origin, &origin_path);
    let mut seen: Vec<&str> = Vec::new();
    for word in words {
        let Some((key, value)) = word.split_once('=') else {
            return wrong(format!("{} is no key=value", quoted(word)), SHAPE);
        };
        if seen.contains(&key) {
            return wrong(format!("has {key}= twice"), "keep one of the two");
        }
        seen.push(key);
        if value.is_empty() {
            return wrong(format!("{key}= has no value"), "give it one or leave it out");
        }
        take_key(&mut mount, key, value)?;
    }
    if let Some(bucket) = &mount.bucket {
        bucket::check(&mount, bucket, &seen)?;
    }
    if mount.kind == MountKind::Manifest {
        manifests_come_from(&mount)?;
    }
    if mount.kind == MountKind::File {
        files_come_from(&mount, &seen)?;
    }
    Ok(mount)
}

/// What can have files: a folder, or any HTTP server. Which image server it is would change nothing.
fn files_come_from(mount: &Mount, keys: &[&str]) -> Result<(), Wrong> {
    if let Origin::Fastcgi { .. } = mount.origin {
        return wrong(
            "has an origin fastcgi://, which is for image servers",
            "write http://host:port/prefix/, https://host/prefix/ or file:///folder/",
        );
    }
    if keys.contains(&"server") {
        return wrong("has server=, which is for images and manifests", "leave it out");
    }
    Ok(())
}

/// What can have manifests: a folder, digilib, or any other HTTP server. They speak version 1.0 alone.
fn manifests_come_from(mount: &Mount) -> Result<(), Wrong> {
    match (&mount.origin, mount.server) {
        (Origin::Fastcgi { .. }, _) => wrong(
            "has an origin fastcgi://, which is for image servers",
            "write http://host:port/prefix/, https://host/prefix/ or file:///folder/",
        ),
        (_, ImageServer::Iipsrv) => wrong(
            "has server=iipsrv, which makes no manifests",
            "write server=digilib, or server=generic for files and other servers",
        ),
        // A probe is asked about content alone: who may see a manifest, its status says.
        _ if mount.iiif_auth.two => wrong(
            "has iiif_auth=2, and version 2.0 has no probe for a manifest",
            "leave it out: the images in a manifest are offered what their own mount says",
        ),
        (Origin::File { .. }, ImageServer::Digilib) => wrong(
            "has server=digilib, but its origin is a folder",
            "leave server= out, or give the address of digilib's Manifester as the origin",
        ),
        _ => Ok(()),
    }
}

fn take_key(mount: &mut Mount, key: &str, value: &str) -> Result<(), Wrong> {
    match key {
        "default" => mount.default = slug(key, value)?,
        "server" => {
            mount.server = match value {
                "iipsrv" => ImageServer::Iipsrv,
                "digilib" => ImageServer::Digilib,
                "generic" => ImageServer::Generic,
                other => return one_of(key, other, "iipsrv, digilib or generic"),
            }
        }
        "iiif_auth" => {
            mount.iiif_auth = match value {
                "1" => AuthVersions { one: true, two: false },
                "2" => AuthVersions { one: false, two: true },
                "1,2" | "2,1" => AuthVersions { one: true, two: true },
                other => return one_of(key, other, "1, 2 or 1,2"),
            }
        }
        "rules" => mount.rules = Some(slug(key, value)?),
        "images" => {
            if mount.kind != MountKind::Manifest {
                return wrong("has images=, which is for manifest mounts", "leave it out");
            }
            mount.images = Some(slug(key, value)?);
        }
        "cors" => mount.cors = origins(value).map_err(|(what, cure)| (format!("cors=: {what}"), cure))?,
        "basic" => {
            mount.basic = match value {
                "off" => Basic::Off,
                "passes" => Basic::Passes,
                "accounts" => Basic::Accounts,
                other => return one_of(key, other, "off, passes or accounts"),
            }
        }
        "shadow" => {
            let day = value.parse::<jiff::civil::Date>().ok();
            // A day has one spelling, here as everywhere.
            let Some(day) = day.filter(|day| day.to_string() == value) else {
                return wrong(format!("shadow={} is no day", quoted(value)), "write it like 2031-12-31");
            };
            mount.shadow = Some(day);
        }
        word if bucket::WORDS.contains(&word) => return bucket::take_word(mount, key, value),
        other => {
            return wrong(
                format!("has the unknown key {}", quoted(other)),
                "keys are default, server, iiif_auth, rules, images, cors, basic, bucket, region, endpoint, style, ca, shadow",
            );
        }
    }
    Ok(())
}

fn one_of<T>(key: &str, value: &str, choices: &str) -> Result<T, Wrong> {
    wrong(format!("{key}={} is unknown", quoted(value)), format!("write {choices}"))
}

/// The name of a condition or of another mount.
fn slug(key: &str, value: &str) -> Result<String, Wrong> {
    if value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') && value.len() <= 64 {
        Ok(value.to_owned())
    } else {
        wrong(
            format!("{key}={} is no name", quoted(value)),
            "use lower-case letters, digits and - (mounts: the setting's name in lower case with - for _)",
        )
    }
}

/// Paths of ours and of NGINX's that a mount may not lie in or cover.
const RESERVED: &[&str] = &[
    "/auth/",
    "/auth_info/",
    "/_tilegate/",
    "/query_auth/",
    "/description/",
    "/healthz/",
    "/readyz/",
    "/metrics/",
];

fn public_prefix(typed: &str) -> Result<(), Wrong> {
    const CURE: &str = "write a public prefix like /iiif/images/";
    if !typed.starts_with('/') || !typed.ends_with('/') {
        return wrong(format!("the prefix {} does not begin and end with /", quoted(typed)), CURE);
    }
    if typed == "/" {
        return wrong("the prefix / would cover the whole site", CURE);
    }
    path(typed, "._~-", "the prefix")?;
    match RESERVED.iter().find(|taken| typed.starts_with(**taken)) {
        Some(taken) => wrong(format!("the prefix lies in {taken}, which is Tilegate's own"), CURE),
        None => Ok(()),
    }
}

/// A path of plain segments; `punctuation` is allowed beside letters and digits.
fn path(typed: &str, punctuation: &str, what: &str) -> Result<(), Wrong> {
    let inner = typed.trim_matches('/');
    if let Some(strange) =
        typed.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '/' || punctuation.contains(*c)))
    {
        return wrong(
            format!("{what} has the character {strange:?} in it"),
            format!("use letters, digits, / and {punctuation}"),
        );
    }
    let empty_inside =
        !inner.is_empty() && inner.split('/').any(|segment| matches!(segment, "" | "." | ".."));
    if empty_inside || typed.starts_with("//") || (typed.len() > 1 && typed.ends_with("//")) {
        return wrong(format!("{what} has an empty or dotted segment"), "write it without //, . and ..");
    }
    if typed.len() > 512 {
        return wrong(format!("{what} is longer than 512 bytes"), "choose a shorter one");
    }
    Ok(())
}

/// The origin, and the path prefix there.
fn parse_origin(typed: &str) -> Result<(Origin, String), Wrong> {
    const CURE: &str = "write http://host:port/prefix/, https://host/prefix/, fastcgi://host:port/prefix/ or file:///folder/";
    let Some((scheme, rest)) = typed.split_once("://") else {
        return wrong(format!("the origin {} has no scheme", quoted(typed)), CURE);
    };
    let Some(slash) = rest.find('/') else {
        return wrong("the origin has no path", "end it with / at least");
    };
    let (host, origin_path) = rest.split_at(slash);
    if !origin_path.ends_with('/') {
        return wrong(
            "the origin's path does not end with /, or has a space in it, which no path of a mount can have",
            CURE,
        );
    }
    path(origin_path, "._~-!,=+@:", "the origin's path")?;
    let named = |port_needed| {
        authority(host, port_needed).map_err(|(what, cure)| (format!("the origin: {what}"), cure))
    };
    let origin = match scheme {
        "http" | "https" => {
            named(false)?;
            Origin::Http { tls: scheme == "https", authority: host.to_owned() }
        }
        "fastcgi" => {
            named(true)?;
            Origin::Fastcgi { authority: host.to_owned() }
        }
        "file" => {
            if !host.is_empty() || origin_path == "/" {
                return wrong("the origin is no folder on this machine", "write file:///folder/");
            }
            return Ok((Origin::File { folder: origin_path.to_owned() }, "/".to_owned()));
        }
        other => return wrong(format!("the origin's scheme {} is unknown", quoted(other)), CURE),
    };
    Ok((origin, origin_path.to_owned()))
}

/// Refuses what is understood but not enforced yet: a mount must never be guarded
/// by less than its setting says.
pub(super) fn refuse_unbuilt(mount: &Mount) -> Result<(), Wrong> {
    let promised = match mount {
        Mount { kind: MountKind::Image, origin: Origin::File { .. }, .. } => "an origin file:///",
        _ => return Ok(()),
    };
    wrong(format!("{promised} is not available in this version"), "leave it out")
}

/// What mounts must be to each other: prefixes apart, and shared names known.
/// The error is about the mount whose name comes first in it.
pub(super) fn check_together(mounts: &[Mount]) -> Result<(), (String, Wrong)> {
    let about = |mount: &Mount, what: String, cure: &str| Err((mount.name.clone(), (what, cure.to_owned())));
    for (index, mount) in mounts.iter().enumerate() {
        if let Some(twin) = mounts.iter().skip(index + 1).find(|other| other.prefix == mount.prefix) {
            return about(
                mount,
                format!("has the same prefix as the mount {}", twin.name),
                "give each its own",
            );
        }
        if let Some(shared) = &mount.rules {
            match mounts.iter().find(|other| other.name == *shared) {
                None => {
                    return about(
                        mount,
                        format!("rules={shared} names no mount"),
                        "name a mount that is set",
                    );
                }
                Some(other) if other.rules.is_some() => {
                    return about(
                        mount,
                        format!("rules={shared} names a mount that borrows its rules itself"),
                        "name the mount that has the rules",
                    );
                }
                // Rules are compiled for one reading of names. Under another one an alias
                // (digilib: any extension, a folder for its first image) would slip past them.
                Some(other)
                    if mount.kind == MountKind::Image
                        && other.kind == MountKind::Image
                        && other.server != mount.server =>
                {
                    return about(
                        mount,
                        format!("rules={shared} names a mount with another server="),
                        "give both the same server=, or each its own rules",
                    );
                }
                // A rule for one image there names no file: the file has an extension, and is not meant.
                Some(other) if mount.has_files() && other.has_aliases() => {
                    return about(
                        mount,
                        format!(
                            "rules={shared} names images of digilib, where one name stands for several files"
                        ),
                        "give the files rules of their own",
                    );
                }
                Some(_) => {}
            }
        }
        if let Some(images) = &mount.images
            && !mounts.iter().any(|other| other.name == *images && other.kind == MountKind::Image)
        {
            return about(
                mount,
                format!("images={images} names no image mount"),
                "name an image mount that is set",
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(typed: &str) -> Mount {
        parse("IMAGES", typed).expect(typed)
    }

    fn refused(typed: &str) -> String {
        let (what, cure) = parse("IMAGES", typed).expect_err(typed);
        assert!(!cure.is_empty() && !what.contains('\n'), "{what}");
        what
    }

    #[test]
    fn a_mount_is_closed_and_speaks_both_versions_unless_told() {
        let mount = parse("OLD_MAPS", "image /iiif/maps/ http://images:8182/iiif/2/").unwrap();
        assert_eq!(mount.name, "old-maps");
        assert_eq!(mount.origin, Origin::Http { tls: false, authority: "images:8182".into() });
        assert_eq!(mount.origin_path, "/iiif/2/");
        assert_eq!(mount.default, "closed");
        assert_eq!(mount.server, ImageServer::Generic);
        assert_eq!(mount.iiif_auth, AuthVersions { one: true, two: true });
        assert_eq!(refuse_unbuilt(&mount), Ok(()));
        let manifests = self::mount("manifest /m/ http://h/");
        assert_eq!(manifests.iiif_auth, AuthVersions { one: true, two: false });
    }

    #[test]
    fn every_key_is_read() {
        let image = mount(
            "image /a/ https://i.org/x/ default=staff server=digilib iiif_auth=1,2 rules=old basic=accounts shadow=2031-12-31 cors=https://a.org,https://b.org",
        );
        assert_eq!(image.origin, Origin::Http { tls: true, authority: "i.org".into() });
        assert_eq!((image.default.as_str(), image.server), ("staff", ImageServer::Digilib));
        assert_eq!(image.iiif_auth, AuthVersions { one: true, two: true });
        assert_eq!(image.rules_name(), "old");
        assert_eq!((image.basic, image.shadow), (Basic::Accounts, Some(jiff::civil::date(2031, 12, 31))));
        assert_eq!(image.cors, ["https://a.org", "https://b.org"]);
        assert_eq!(mount("manifest /m/ file:///srv/m/ images=images").images.as_deref(), Some("images"));
        assert_eq!(mount("file /f/ file:///srv/f/").origin, Origin::File { folder: "/srv/f/".into() });
        assert_eq!(mount("image /i/ fastcgi://127.0.0.1:9000/iiif/").server, ImageServer::Iipsrv);
        let s3 = mount(
            "s3 /v/ https://s3.example.org/ bucket=b.1 region=eu-1 endpoint=https://s3.example.org style=path",
        );
        let bucket = s3.bucket.unwrap();
        assert_eq!(
            (bucket.bucket.as_str(), bucket.region.as_str(), bucket.path_style),
            ("b.1", "eu-1", true)
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for bad in [
            "",
            "image",
            "image /a/",
            "picture /a/ http://h/",
            "image a/ http://h/",
            "image /a http://h/",
            "image / http://h/",
            "image /auth/ http://h/",
            "image /auth/x/ http://h/",
            "image /metrics/ http://h/",
            "image //a/ http://h/",
            "image /a//b/ http://h/",
            "image /a/../b/ http://h/",
            "image /a/./ http://h/",
            "image // http://h/",
            "image /a%2f/ http://h/",
            "image /ä/ http://h/",
            "image /a/ http://h",
            "image /a/ h:80/",
            "image /a/ ftp://h/",
            "image /a/ http:///",
            "image /a/ http://h:0/",
            "image /a/ http://u@h/",
            "image /a/ http://u:p@h/",
            "image /a/ http://h/x",
            "image /a/ http://h/../",
            "image /a/ http://h//",
            "image /a/ http://h/?x/",
            "image /a/ fastcgi://h/",
            "image /a/ file:///",
            "image /a/ file://h/x/",
            "image /a/ http://h/ open",
            "image /a/ http://h/ x=1",
            "image /a/ http://h/ default=",
            "image /a/ http://h/ default=A",
            "image /a/ http://h/ server=cantaloupe",
            "image /a/ http://h/ iiif_auth=3",
            "image /a/ http://h/ basic=on",
            "image /a/ http://h/ shadow=soon",
            "image /a/ http://h/ shadow=2031-02-29",
            "image /a/ http://h/ shadow=20310131",
            "image /a/ http://h/ shadow=2031-01-31T00:00:00",
            "image /a/ http://h/ shadow=31.01.2031",
            "image /a/ http://h/ cors=*",
            "image /a/ http://h/ bucket=b",
            "image /a/ http://h/ images=x",
            "image /a/ http://h/ rules=A_B",
            "s3 /a/ https://h/ bucket=b",
            "s3 /a/ https://h/ bucket=b region=r style=x",
            "s3 /a/ fastcgi://h:1/ bucket=b region=r",
        ] {
            refused(bad);
        }
        assert!(refused("image /a/ http://h/ defualt=open").contains("defualt"));
        assert!(refused("image /a/ http://h/ default=open default=closed").contains("twice"));
    }

    /// Nothing that NGINX's configuration would read as its own can be typed anywhere.
    #[test]
    fn a_mount_cannot_inject_configuration() {
        for strange in [
            "\"", "'", ";", "{", "}", "$", "#", "\\", "*", "\u{0}", "\u{7f}", "`", "<", "|", "^", "%",
            "\u{ad}",
        ] {
            for shape in [
                "image /a@/ http://h/",
                "image /@a/ http://h/",
                "image /a/ http://h@/",
                "image /a/ http://@h:80/",
                "image /a/ http://h:8@/",
                "image /a/ http://h/a@/",
                "image /a/ fastcgi://h@:9/",
                "image /a/ http://h/ default=a@",
                "image /a/ http://h/ rules=@",
                "file /a/ file:///srv/@/",
            ] {
                let typed = shape.replace('@', strange);
                assert!(parse("A", &typed).is_err(), "{typed:?}");
            }
        }
    }

    #[test]
    fn what_is_not_built_yet_does_not_start() {
        let (what, _) = refuse_unbuilt(&mount("image /a/ file:///srv/")).expect_err("no server reads it");
        assert!(what.contains("not available in this version"), "{what}");
        for versions in ["1", "2", "1,2", "2,1"] {
            let typed = format!("image /a/ http://h/ iiif_auth={versions} basic=off");
            assert_eq!(refuse_unbuilt(&mount(&typed)), Ok(()), "{versions}");
        }
    }

    #[test]
    fn manifests_come_from_a_folder_or_over_http() {
        for typed in [
            "manifest /a/ http://h/",
            "manifest /a/ https://h/x/ server=generic default=open",
            "manifest /a/ http://h/digilib/Manifester/IIIF/ server=digilib",
            "manifest /a/ file:///srv/manifests/ rules=images images=images",
        ] {
            assert_eq!(refuse_unbuilt(&mount(typed)), Ok(()), "{typed}");
        }
        for (typed, named) in [
            ("manifest /a/ fastcgi://127.0.0.1:9000/iiif/", "fastcgi://"),
            ("manifest /a/ fastcgi://127.0.0.1:9000/iiif/ server=digilib", "fastcgi://"),
            ("manifest /a/ http://h/ server=iipsrv", "server=iipsrv"),
            ("manifest /a/ file:///srv/m/ server=iipsrv", "server=iipsrv"),
            ("manifest /a/ file:///srv/m/ server=digilib", "server=digilib"),
            ("manifest /a/ http://h/ iiif_auth=2", "no probe for a manifest"),
            ("manifest /a/ http://h/ iiif_auth=1,2", "no probe for a manifest"),
        ] {
            assert!(refused(typed).contains(named), "{typed}");
        }
    }

    #[test]
    fn files_come_from_a_folder_or_over_http() {
        let folder = mount("file /files/ file:///srv/files/ default=staff");
        assert_eq!(folder.origin, Origin::File { folder: "/srv/files/".into() });
        assert_eq!((folder.origin_path.as_str(), folder.default.as_str()), ("/", "staff"));
        assert_eq!(folder.iiif_auth, AuthVersions { one: true, two: true });
        for typed in [
            "file /files/ file:///srv/files/ default=staff",
            "file /files/ http://127.0.0.1:9000/data/",
            "file /files/ https://h/ rules=images iiif_auth=1",
            "file /files/ https://h/ iiif_auth=2",
            "file /files/ https://h/ iiif_auth=1,2 basic=off",
            "file /a/ file:///srv/ basic=passes cors=https://a.org",
            "manifest /a/ http://h/ basic=passes cors=https://a.org",
            "image /a/ http://h/ basic=accounts cors=https://a.org",
        ] {
            assert_eq!(refuse_unbuilt(&mount(typed)), Ok(()), "{typed}");
        }
        for (typed, named) in [
            ("file /a/ fastcgi://127.0.0.1:9000/iiif/", "fastcgi://"),
            ("file /a/ http://h/ server=generic", "server="),
            ("file /a/ file:///srv/ server=digilib", "server="),
            ("file /a/ file:///srv/ images=images", "images="),
            ("file /a/ file:///srv/ bucket=b", "bucket="),
            ("file /a/ file:///", "no folder"),
        ] {
            assert!(refused(typed).contains(named), "{typed}");
        }
    }

    #[test]
    fn mounts_are_checked_against_each_other() {
        let named = |name: &str, typed: &str| parse(name, typed).unwrap();
        let a = named("A", "image /a/ http://h/");
        let b = named("B", "image /a/b/ http://h/ rules=a");
        assert_eq!(check_together(&[a.clone(), b.clone()]), Ok(()));
        let refuse = |mounts: &[Mount]| check_together(mounts).unwrap_err();
        assert!(refuse(&[a.clone(), named("C", "image /a/ http://g/")]).1.0.contains("same prefix"));
        assert_eq!(refuse(&[a.clone(), named("C", "image /c/ http://h/ rules=d")]).0, "c");
        assert!(refuse(&[a.clone(), b, named("C", "image /c/ http://h/ rules=b")]).1.0.contains("borrows"));
        assert!(refuse(&[named("M", "manifest /m/ http://h/ images=x"), a]).1.0.contains("no image mount"));
    }

    /// One index of rules has one law of names: digilib's aliases are not looked for in another's.
    #[test]
    fn p9_mounts_that_share_rules_have_one_kind_of_server() {
        let named = |name: &str, typed: &str| parse(name, typed).unwrap();
        let digilib = named("A", "image /a/ http://h/ server=digilib");
        for other in ["", " server=iipsrv"] {
            let borrower = named("B", &format!("image /longer/b/ http://h/ rules=a{other}"));
            let (about, (what, _)) = check_together(&[digilib.clone(), borrower]).unwrap_err();
            assert!(about == "b" && what.contains("another server="), "{about}: {what}");
        }
        // A rule for the image `a/b` is not one for the file `a/b.tif`.
        let files = named("F", "file /f/ file:///srv/ rules=a");
        let (about, (what, _)) = check_together(&[digilib.clone(), files.clone()]).unwrap_err();
        assert!(about == "f" && what.contains("several files"), "{about}: {what}");
        for other in ["", " server=iipsrv"] {
            let images = named("A", &format!("image /a/ http://h/{other}"));
            assert_eq!(check_together(&[images, files.clone()]), Ok(()), "{other}");
        }
        let alike = named("B", "image /b/ http://h/ rules=a server=digilib");
        assert_eq!(check_together(&[digilib, alike]), Ok(()));
    }
}
