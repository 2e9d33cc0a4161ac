//! Where the substitutes of images are.

use actix_web::http::header::HeaderValue;

use super::Context;
use crate::iiif::substitute::{Halvings, write_name};

/// The address of a substitute, without `/info.json`; `identifier` is its image's, as it was typed.
pub(super) fn address(context: &Context, prefix: &str, halvings: Halvings, identifier: &str) -> String {
    let mut address = format!("{}{prefix}", context.settings.site.public_url.origin());
    // Nothing can go wrong when writing into a text.
    let _ = write_name(halvings, identifier, &mut address);
    address
}

/// The `Location` of an image's description. What a client typed without escaping it is escaped: a header
/// is ASCII.
pub(super) fn description_of(public_id: &str) -> Option<HeaderValue> {
    let mut escaped = String::with_capacity(public_id.len() + 16);
    for character in public_id.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            escaped.extend(character.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    HeaderValue::from_str(&format!("{escaped}/info.json")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_ascii() {
        for (typed, escaped) in [
            ("https://img.test/i/a%2Fb!c", "https://img.test/i/a%2Fb!c/info.json"),
            ("https://img.test/i/Brief ß ☃", "https://img.test/i/Brief %C3%9F %E2%98%83/info.json"),
        ] {
            assert_eq!(description_of(typed).unwrap(), escaped);
        }
    }
}
