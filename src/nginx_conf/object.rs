//! A mount of a private bucket: NGINX fetches the canonical path with what Tilegate has signed for it.

use super::cors::{CREDENTIALS, preflight};
use super::fetch::{AUTHORITIES, TLS};
use super::{fill, indented, without_port};
use crate::policy::mount::{Endpoint, Mount};

/// What a bucket's errors become. Their bodies name the key and what was signed, so none gets out.
const ERRORS: &str = r"    # A bucket that may not be listed says 403 for what it does not have: so does the check, which
    # hands back no path then.
    error_page 403 = @tilegate_bucket_denies;
    error_page 401 = @tilegate_bucket_asks;
    error_page 405 = @tilegate_bucket_knows_no_method;
    error_page 404 410 = @tilegate_missing;
    error_page 416 = @tilegate_beyond;
    error_page 300 301 302 303 305 306 307 308 = @tilegate_broken;
    error_page 400 402 406 407 408 409 411 412 413 414 415 417 418 421 422 423 424 425 426 428 429 431 451 = @tilegate_broken;
    error_page 500 501 502 503 504 505 506 507 508 509 510 511 520 521 522 523 524 525 526 527 530 = @tilegate_broken;";

/// What the bucket demands besides.
const SIGNED: &str = include_str!("server-signed.conf");

/// Where NGINX connects to, if the mount is a bucket's.
pub(super) fn reached(mount: &Mount) -> Option<Endpoint> {
    Some(mount.bucket.as_ref()?.reached(&mount.http_origin()?))
}

pub(super) fn location(mount: &Mount) -> String {
    let (Some(bucket), Some(service), Some(reached)) = (&mount.bucket, mount.http_origin(), reached(mount))
    else {
        // The settings let no other origin be a bucket's; nothing is given out then.
        return String::new();
    };
    let host = bucket.host(&service);
    let authorities = bucket.authorities.as_deref().unwrap_or(AUTHORITIES);
    let tls = if reached.tls {
        fill(TLS, &[("PEER", without_port(&host)), ("AUTHORITIES", authorities)])
    } else {
        String::new()
    };
    let fetch = fill(
        include_str!("server-fetch.conf").trim_end(),
        &[
            ("SCHEME", if reached.tls { "https" } else { "http" }),
            ("TLS", &tls),
            ("HOST", &host),
            ("ERRORS", ERRORS),
            ("SIGNED", SIGNED),
            ("CREDENTIALS", if mount.cors.is_empty() { "" } else { CREDENTIALS }),
        ],
    );
    fill(
        include_str!("server-object.conf"),
        &[
            ("RULE", &"-".repeat(64_usize.saturating_sub(mount.name.len()))),
            ("FETCH", &indented(&fetch)),
            ("NAME", &mount.name),
            ("PREFIX", &mount.prefix),
            ("PREFLIGHT", &indented(&preflight(mount))),
        ],
    )
}
