//! The drop-in in a real NGINX: the facts of NGINX that it must respect (N…) and the
//! requirements it answers for (P…, H…, S…), between a stand-in for Tilegate and a
//! recording image server.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what a test stands on may fail loudly, outside its #[test] functions too"
)]

mod biigle;
mod carried;
mod check;
mod corpus;
mod fetch;
mod files;
mod headers;
mod iipsrv;
mod manifests;
mod named_origins;
mod neighbours;
mod neuroglancer;
mod origin;
mod pages;
mod s3;
mod s3_errors;
mod s3_keys;
mod server;
mod service;
mod shadow;
mod shipped;
mod sidecar;
mod site;
mod status;
mod substitutes;
mod thumbnails;
mod whole;

/// An image of the mount.
const TILE: &str = "/iiif/images/a%2Fb/0,0,512,512/512,/0/default.jpg";
