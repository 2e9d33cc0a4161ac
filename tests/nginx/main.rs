//! The drop-in in a real NGINX: the facts of NGINX that it must respect (N…) and the
//! requirements it answers for (P…, H…, S…), between a stand-in for Tilegate and a
//! recording image server.

mod check;
mod fetch;
mod iipsrv;
mod neighbours;
mod origin;
mod pages;
mod server;
mod shipped;
mod sidecar;
mod site;

/// An image of the mount.
const TILE: &str = "/iiif/images/a%2Fb/0,0,512,512/512,/0/default.jpg";
