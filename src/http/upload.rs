//! A file that was sent by a form of ours, within bounds: the same checks as [`super::extract::Checked`].

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::TryStreamExt as _;
use futures_util::future::LocalBoxFuture;

use super::extract::{forged, is_forged};

/// Bytes of a file, and of everything beside it.
pub const LARGEST: usize = 16 << 20;
const FIELD: usize = 4096;

/// The file of a checked form, as text.
pub struct Upload {
    /// `None`: it is none, or too large.
    pub text: Option<String>,
    pub is_too_large: bool,
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = Multipart::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let mut parts = parts.await?;
            let mut csrf = Vec::new();
            let mut file = Vec::new();
            let mut is_too_large = false;
            while let Some(mut part) = parts.try_next().await? {
                let is_file = part.name() == Some("file");
                let (into, most) = if is_file { (&mut file, LARGEST) } else { (&mut csrf, FIELD) };
                if !is_file && part.name() != Some("csrf") {
                    return Err(forged(&request));
                }
                while let Some(piece) = part.try_next().await? {
                    // The rest is read and forgotten, so that the browser hears the answer.
                    if into.len() + piece.len() <= most {
                        into.extend_from_slice(&piece);
                    } else {
                        is_too_large = true;
                    }
                }
            }
            if is_forged(&request, &String::from_utf8_lossy(&csrf)) {
                return Err(forged(&request));
            }
            let text = if is_too_large { None } else { String::from_utf8(file).ok() };
            Ok(Self { text, is_too_large })
        })
    }
}
