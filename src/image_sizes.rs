//! How large the images are, remembered for a while: what a substitute may be asked for depends on it, and
//! every tile of it.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crate::iiif::decorate::{BadInfo, Info};
use crate::iiif::service::ImageApi;
use crate::iiif::substitute::Dimensions;
use crate::origin::{OriginError, Origins};

/// How much is remembered, in bytes of paths and [`BESIDE`] each: with paths as they usually are, some 100 000
/// images. To digilib a name may end in any extension, so that somebody could invent as many long ones as they like.
const AT_MOST: u64 = 32 * 1024 * 1024;
/// What an entry takes besides its path, bytes.
const BESIDE: u32 = 240;
/// Of an image that is exchanged for one of other dimensions the substitute is wrong for so long.
const REMEMBERED: Duration = Duration::from_mins(10);

/// What is remembered of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    pub dimensions: Dimensions,
    /// The version in which the image server describes it.
    pub api: ImageApi,
}

impl ImageSize {
    fn of(info: &Info) -> Option<Self> {
        let (width, height) = info.dimensions();
        Some(Self { dimensions: Dimensions::new(width, height)?, api: info.api() })
    }
}

/// Why an image's size is not known; nothing of this is remembered.
#[derive(Debug, thiserror::Error)]
pub enum NoSize {
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error(transparent)]
    Info(#[from] BadInfo),
    #[error("it is larger than an image can be")]
    TooLarge,
}

impl NoSize {
    /// Whether the origin says that there is no such image.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Origin(OriginError::NotFound))
    }
}

/// The sizes of the images that were last asked for.
pub struct ImageSizes {
    known: Cache<String, ImageSize>,
}

impl Default for ImageSizes {
    fn default() -> Self {
        let weight = |path: &String, _: &ImageSize| {
            u32::try_from(path.len()).unwrap_or(u32::MAX).saturating_add(BESIDE)
        };
        let known = Cache::builder().max_capacity(AT_MOST).weigher(weight).time_to_live(REMEMBERED);
        Self { known: known.build() }
    }
}

impl ImageSizes {
    /// The size of the image with the info.json at a canonical path of a mount's origin. Whoever else
    /// wants it meanwhile waits for the same answer: the origin is asked once.
    ///
    /// # Errors
    /// If the origin does not say.
    pub async fn of(&self, origins: &Origins, mount: &str, path: &str) -> Result<ImageSize, Arc<NoSize>> {
        let asking = async {
            let info = Info::read(&origins.fetch(mount, path).await?.body)?;
            ImageSize::of(&info).ok_or(NoSize::TooLarge)
        };
        self.known.try_get_with(key(mount, path), asking).await
    }

    /// Remembers what a description says that was fetched anyway.
    pub async fn learn(&self, mount: &str, path: &str, info: &Info) {
        if let Some(size) = ImageSize::of(info) {
            self.known.insert(key(mount, path), size).await;
        }
    }
}

/// No mount's name has a space in it, and no canonical path.
fn key(mount: &str, path: &str) -> String {
    format!("{mount} {path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = r#"{"@context":"http://iiif.io/api/image/2/context.json","width":4000,"height":3000}"#;

    #[tokio::test]
    async fn s6_invented_names_take_no_more_memory_than_there_is_for_them() {
        let (sizes, info) = (ImageSizes::default(), Info::read(INFO.as_bytes()).unwrap());
        for number in 0..20_000 {
            sizes.learn("images", &format!("/i/a.{number}{}/info.json", "x".repeat(3000)), &info).await;
        }
        sizes.known.run_pending_tasks().await;
        let held: usize = sizes.known.iter().map(|(path, _)| path.len()).sum();
        assert!((1..=32 * 1024 * 1024).contains(&held), "{held}");
    }
}
