//! A mount: a public path prefix, what stands behind it and how it is guarded.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::condition::CLOSED;
use super::rule::utc_midnight;
use crate::iiif::identifier::ImageServer;

/// Where a mount's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An HTTP server; `authority` is `host` or `host:port` as written in the setting.
    Http { tls: bool, authority: String },
    /// A FastCGI responder such as iipsrv, reached through an internal NGINX server.
    Fastcgi { authority: String },
    /// A folder, served by an internal NGINX server.
    File { folder: String },
}

/// What kind of resources a mount has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountKind {
    Image,
    Manifest,
    File,
    S3,
}

impl MountKind {
    /// Whether an address of such a mount may carry the secret of a pass: where the name is the whole rest of the path,
    /// and NGINX fetches it.
    pub fn may_carry_passes(self) -> bool {
        matches!(self, Self::File | Self::S3)
    }
}

/// Which versions of the IIIF authentication specifications a mount speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthVersions {
    pub one: bool,
    pub two: bool,
}

/// Whether a 401 offers HTTP Basic, and whether account passwords count for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Basic {
    #[default]
    Off,
    Passes,
    Accounts,
}

/// One mount, as typed in `TILEGATE_MOUNT_<NAME>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Lower case, `-` for `_`.
    pub name: String,
    pub kind: MountKind,
    /// Public path prefix; begins and ends with `/`.
    pub prefix: String,
    pub origin: Origin,
    /// Path prefix at the origin; begins and ends with `/`.
    pub origin_path: String,
    /// The condition where no rule matches; `closed` if the setting names none.
    pub default: String,
    pub server: ImageServer,
    pub iiif_auth: AuthVersions,
    /// `rules=<mount>`: the mount whose rules count here.
    pub rules: Option<String>,
    /// `images=<mount>`: where a manifest mount's image services point.
    pub images: Option<String>,
    /// `cors=<origin>,…`: serialised origins whose pages may read whatever their visitor may.
    pub cors: Vec<String>,
    pub basic: Basic,
    /// `shadow=<day>`: before this day (UTC midnight) the rules are only tried out ([`Mount::shadow_until`]).
    pub shadow: Option<jiff::civil::Date>,
    /// The further words of `s3` mounts.
    pub bucket: Option<Bucket>,
}

/// A bucket's address, for `s3` mounts. The origin of such a mount is the service that has the bucket, and the
/// origin's path is what the keys of all its objects begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    pub bucket: String,
    pub region: String,
    /// Where NGINX connects to, if that is not the host that the request is signed for.
    pub endpoint: Option<Endpoint>,
    /// `path` instead of `virtual` host style.
    pub path_style: bool,
    /// File with the certificate authorities that are trusted instead of the system's, as NGINX sees it.
    pub authorities: Option<String>,
}

/// An HTTP server; `authority` is `host` or `host:port` as written in the setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub tls: bool,
    pub authority: String,
}

impl Bucket {
    /// The `Host` that a request to this bucket of the service has, and that is signed: without the scheme's own port.
    pub fn host(&self, service: &Endpoint) -> String {
        let port = if service.tls { ":443" } else { ":80" };
        let service = service.authority.strip_suffix(port).unwrap_or(&service.authority);
        if self.path_style { service.to_owned() } else { format!("{}.{service}", self.bucket) }
    }

    /// Where this bucket of the service is connected to.
    pub fn reached(&self, service: &Endpoint) -> Endpoint {
        let itself = || Endpoint { authority: self.host(service), tls: service.tls };
        self.endpoint.clone().unwrap_or_else(itself)
    }
}

impl Mount {
    /// A mount with the defaults of every key that its setting may leave out.
    pub fn new(name: &str, kind: MountKind, prefix: &str, origin: Origin, origin_path: &str) -> Self {
        let server = match origin {
            Origin::Fastcgi { .. } => ImageServer::Iipsrv,
            Origin::Http { .. } | Origin::File { .. } => ImageServer::Generic,
        };
        Self {
            name: name.to_owned(),
            kind,
            prefix: prefix.to_owned(),
            origin,
            origin_path: origin_path.to_owned(),
            default: CLOSED.to_owned(),
            server,
            // Version 2.0 asks about content, so a manifest itself has no probe.
            iiif_auth: AuthVersions { one: true, two: kind != MountKind::Manifest },
            rules: None,
            images: None,
            cors: Vec::new(),
            basic: Basic::Off,
            shadow: None,
            bucket: (kind == MountKind::S3).then(Bucket::default),
        }
    }

    /// Whether several names mean one resource, in ways that only the image server could tell:
    /// digilib takes a folder for its first image, and any extension of a name. A manifest is of a
    /// folder, and folders are named exactly.
    pub fn has_aliases(&self) -> bool {
        self.kind == MountKind::Image && self.server == ImageServer::Digilib
    }

    /// Sixteen hexadecimal digits that say what the mount stands for. NGINX has its address, Tilegate
    /// says who may see it: what both were given at different times must not be put together.
    pub fn mark(&self) -> String {
        let kind = match self.kind {
            MountKind::Image => "image",
            MountKind::Manifest => "manifest",
            MountKind::File => "file",
            MountKind::S3 => "s3",
        };
        let (scheme, place) = match &self.origin {
            Origin::Http { tls: true, authority } => ("https", authority),
            Origin::Http { tls: false, authority } => ("http", authority),
            Origin::Fastcgi { authority } => ("fastcgi", authority),
            Origin::File { folder } => ("file", folder),
        };
        // None of the parts has a space in it; and nothing can go wrong when writing into a text.
        let mut parts = format!("{kind} {} {scheme} {place} {}", self.prefix, self.origin_path);
        if let Some(bucket) = &self.bucket {
            let _ = write!(parts, " {} {} {}", bucket.bucket, bucket.region, bucket.path_style);
            if let Some(Endpoint { tls, authority }) = &bucket.endpoint {
                let _ = write!(parts, " {tls} {authority}");
            }
        }
        let digest = Sha256::digest(parts);
        digest.iter().take(8).fold(String::with_capacity(16), |mut mark, byte| {
            let _ = write!(mark, "{byte:02x}");
            mark
        })
    }

    /// The HTTP server that the origin is; none if NGINX bridges it.
    pub fn http_origin(&self) -> Option<Endpoint> {
        match &self.origin {
            Origin::Http { tls, authority } => Some(Endpoint { tls: *tls, authority: authority.clone() }),
            Origin::Fastcgi { .. } | Origin::File { .. } => None,
        }
    }

    /// Whether everything under the mount is fetched as it is: files, and the objects of a bucket.
    pub fn has_files(&self) -> bool {
        matches!(self.kind, MountKind::File | MountKind::S3)
    }

    /// The first second after the dry run, in which everybody may have what a login would open; 0 if there
    /// is none.
    pub fn shadow_until(&self) -> u64 {
        self.shadow.map_or(0, utc_midnight)
    }

    /// Whether pages of this origin, as a browser sends it, may read whatever their visitor may.
    pub fn names_origin(&self, origin: &[u8]) -> bool {
        self.cors.iter().any(|named| named.as_bytes() == origin)
    }

    /// The mount whose rules count: its own name or that of `rules=`.
    pub fn rules_name(&self) -> &str {
        self.rules.as_deref().unwrap_or(&self.name)
    }
}
