//! NGINX's request as bytes, and the verdict.

pub mod path;
pub mod request;
