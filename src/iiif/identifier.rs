//! What an image identifier is, and how each image server spells it.

use arrayvec::ArrayString;

/// Longest decoded identifier that is judged; longer ones are refused.
pub const MAX_IDENTIFIER: usize = 2048;
/// Longest canonical path handed back to NGINX (its header buffers hold 16 kB).
pub const MAX_PATH: usize = 4096;

/// The image server behind a mount: each reads identifiers in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageServer {
    Iipsrv,
    Digilib,
    Generic,
}

/// A decoded identifier: segments joined by `/`.
pub type Identifier = ArrayString<MAX_IDENTIFIER>;
/// A percent-encoded path as the origin receives it.
pub type OriginPath = ArrayString<MAX_PATH>;

/// Why an identifier is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentifier {
    #[error("placeholder")]
    Placeholder,
}
