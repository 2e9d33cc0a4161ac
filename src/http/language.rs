//! Which languages a visitor reads: pages show a condition's texts in the first of them that there is.

use actix_web::HttpRequest;
use actix_web::http::header::{AcceptLanguage, Header as _};

/// More wishes than this are nobody's.
const MOST: usize = 16;

/// The tags of the `Accept-Language` header, most wanted first (RFC 9110, section 12.5.4). A header
/// that cannot be read wishes for nothing.
pub(super) fn wanted(request: &HttpRequest) -> Vec<String> {
    let Ok(header) = AcceptLanguage::parse(request) else { return Vec::new() };
    let ranked = header.ranked().into_iter().take(MOST);
    ranked.filter_map(|wish| wish.item().map(ToString::to_string)).collect()
}
