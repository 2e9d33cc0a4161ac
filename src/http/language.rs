//! Which languages a visitor reads: pages are in the first of them that there is, and show a condition's texts in the first
//! that those have.

use std::cmp::Reverse;
use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AcceptLanguage, Header as _, Quality};
use actix_web::{FromRequest, HttpRequest};

use crate::texts::Texts;

/// More wishes than this are nobody's.
const MOST: usize = 16;

/// The tags of the `Accept-Language` header, most wanted first (RFC 9110, section 12.5.4). A header
/// that cannot be read wishes for nothing.
pub(super) fn wanted(request: &HttpRequest) -> Vec<String> {
    let Ok(header) = AcceptLanguage::parse(request) else { return Vec::new() };
    // Weight zero is what somebody does not want.
    let mut wishes: Vec<_> = header.iter().filter(|wish| wish.quality > Quality::ZERO).take(MOST).collect();
    // Stable: of two that are wanted alike, the first counts.
    wishes.sort_by_key(|wish| Reverse(wish.quality));
    wishes.iter().filter_map(|wish| wish.item.item().map(ToString::to_string)).collect()
}

/// The texts of the visitor's language.
pub(super) fn texts(request: &HttpRequest) -> Texts {
    Texts::of(wanted(request).iter().map(String::as_str))
}

/// A handler takes the texts of the visitor's language as an argument.
impl FromRequest for Texts {
    type Error = Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(texts(request)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn wishes(header: &str) -> Vec<String> {
        wanted(&TestRequest::default().insert_header(("Accept-Language", header)).to_http_request())
    }

    #[test]
    fn wishes_are_ordered_by_weight_and_what_is_not_wanted_is_none() {
        assert_eq!(wishes("en;q=0.5, de-AT, fr;q=0.9"), ["de-AT", "fr", "en"]);
        assert_eq!(wishes("de, en"), ["de", "en"]);
        assert_eq!(wishes("de;q=0, en;q=0.1"), ["en"]);
        assert_eq!(wishes("*, de;q=0.5"), ["de"]);
        assert!(wishes("").is_empty() && wishes("de;q=high").is_empty());
        assert!(wanted(&TestRequest::default().to_http_request()).is_empty());
    }

    #[test]
    fn nobody_has_a_thousand_wishes() {
        assert_eq!(wishes(&["de"; 1000].join(", ")).len(), MOST);
    }
}
