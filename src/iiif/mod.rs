//! The words of the IIIF specifications: image requests, identifiers as each
//! image server understands them, files beside them, and authentication services.

pub mod answer;
pub mod auth1;
pub mod auth2;
pub mod decimal;
pub mod decorate;
pub mod file_name;
pub mod identifier;
pub mod image_uri;
pub mod manifest;
pub mod object_key;
pub mod outline;
pub mod service;
pub mod substitute;
