//! Manifests and other resources of the IIIF Presentation API 2 and 3: recognised, and given our
//! authentication services.
//!
//! Only what is such a resource is passed on, so that a mount gives out nothing else that happens to lie in its
//! folder. The document stays its author's own: what is put in stands at the image services and at the pictures,
//! recordings and documents that are ours, and everything else comes out byte for byte as it came in.
//! Decorating twice is decorating once. It depends on the rules and never on the visitor, so that one copy does for
//! all.
//!
//! | file | what it holds |
//! |---|---|
//! | `places` | where the values of a JSON text stand in it |
//! | `walk` | the way through a manifest, and what changes on it |
//! | `service_text` | the services as text |

mod places;
mod service_text;
mod walk;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::auth1::cookie_service;
use super::decorate::{
    distinct, json_unless_linked_is_asked_for, linked_unless_json_is_asked_for, strings, without_scheme,
};
use super::service::{AuthService, ImageApi};
use places::Places;
pub use service_text::ServiceText;

const CONTEXT_2: &str = "http://iiif.io/api/presentation/2/context.json";
/// Without its scheme, which may be either.
const CONTEXT_3: &str = "iiif.io/api/presentation/3/context.json";
const LD_JSON_3: &str = "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";

/// What stands by itself under a URL of its own (Presentation API 3.0, section 2).
const TYPES_3: [&str; 7] =
    ["Collection", "Manifest", "Canvas", "Range", "AnnotationCollection", "AnnotationPage", "Annotation"];

/// The versions of the Presentation API that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresentationApi {
    /// 2, and what was before it.
    Two,
    Three,
}

/// Why an origin's answer is not a manifest that we could pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadManifest {
    #[error("its answer is empty")]
    Empty,
    #[error("its answer is not one JSON object")]
    NotAnObject,
    #[error("its answer is JSON, but no resource of the Presentation API 2 or 3")]
    NotPresentation,
    #[error("with the login services of everything in it, it would be longer than {0} bytes")]
    TooLong(usize),
}

/// What is said of one resource of ours in a manifest.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Another address for it. Only image services are given one.
    pub id: Option<String>,
    /// What it is offered with; nothing if it is open, or if no login helps.
    pub services: Arc<ServiceText>,
    /// Ends the address of its probe.
    pub identifier: String,
}

/// Knows which resources are ours.
///
/// `None` says that one is not: it is left as it is, with whatever services its own server gave it.
pub trait Guide {
    /// About the image service of this address.
    fn image(&mut self, id: &str) -> Option<Advice>;
    /// About the picture, recording or document at this address.
    fn content(&mut self, url: &str) -> Option<Advice>;
}

/// A resource of the Presentation API, read and found to be one.
#[derive(Debug)]
pub struct Manifest<'t> {
    api: PresentationApi,
    places: Places<'t>,
}

impl<'t> Manifest<'t> {
    /// # Errors
    /// If it is no manifest, collection or other resource of the Presentation API: then nothing of it
    /// may be passed on.
    pub fn read(body: &'t [u8]) -> Result<Self, BadManifest> {
        // serde would skip over bytes that are no UTF-8.
        let text = std::str::from_utf8(body).map_err(|_| BadManifest::NotAnObject)?;
        let api = version_of(text.trim_ascii())?;
        let places = Places::read(text, is_looked_into).ok_or(BadManifest::NotAnObject)?;
        Ok(Self { api, places })
    }

    pub fn api(&self) -> PresentationApi {
        self.api
    }

    /// The document with the services that the guide tells of; `None` if it stays as it is.
    ///
    /// # Errors
    /// If that is too long for anybody's memory.
    pub fn decorated(&self, guide: &mut dyn Guide) -> Result<Option<String>, BadManifest> {
        walk::Walk::through(&self.places, self.api, guide)
    }
}

/// Besides what leads to resources, these keys say what one is, and may hold several words.
fn is_looked_into(key: &str) -> bool {
    walk::leads_to_resources(key) || matches!(key, "@context" | "@type" | "type" | "profile")
}

/// A manifest of version 2 that says no more than where to log in. The same for every name, so that nobody learns
/// from it which there are (T8); which version the real one has, nobody has looked.
///
/// `note` is for a person.
pub fn concealed_manifest(public_id: &str, note: &str, one: &[AuthService]) -> Vec<u8> {
    let mut document = Map::new();
    document.insert("@context".to_owned(), json!(CONTEXT_2));
    document.insert("@id".to_owned(), json!(public_id));
    document.insert("@type".to_owned(), json!("sc:Manifest"));
    document.insert("label".to_owned(), json!(note));
    let services: Vec<_> = distinct(one).map(|service| cookie_service(service, ImageApi::Two)).collect();
    if !services.is_empty() {
        document.insert("service".to_owned(), Value::Array(services));
    }
    document.insert("sequences".to_owned(), json!([]));
    Value::Object(document).to_string().into_bytes()
}

/// The keys that say what a document is; of the others only the syntax is looked at, so that a
/// large one needs no memory.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "@context")]
    context: Option<Value>,
    #[serde(rename = "@type")]
    type_2: Option<Value>,
    #[serde(rename = "type")]
    type_3: Option<Value>,
}

/// Finds out which version a document is of, and that all of it is JSON.
pub(super) fn version_of(text: &str) -> Result<PresentationApi, BadManifest> {
    // serde would take an array for a `Head` too.
    if text.is_empty() {
        return Err(BadManifest::Empty);
    }
    if !text.starts_with('{') {
        return Err(BadManifest::NotAnObject);
    }
    let head: Head = serde_json::from_str(text).map_err(|_| BadManifest::NotAnObject)?;
    let is_three = strings(head.context.as_ref()).any(|context| without_scheme(context) == Some(CONTEXT_3));
    let known = if is_three {
        strings(head.type_3.as_ref()).any(|name| TYPES_3.contains(&name))
    } else {
        // `sc` is the prefix of the contexts of versions 1 and 2 alone.
        strings(head.type_2.as_ref())
            .any(|name| name.strip_prefix("sc:").is_some_and(|name| !name.is_empty()))
    };
    match (known, is_three) {
        (false, _) => Err(BadManifest::NotPresentation),
        (true, false) => Ok(PresentationApi::Two),
        (true, true) => Ok(PresentationApi::Three),
    }
}

/// The media type for a request's `Accept` header (Presentation API 2.1, section 7; 3.0, section
/// 6): chosen as that of an info.json.
pub fn media_type(api: PresentationApi, accept: Option<&str>) -> &'static str {
    let accept = accept.unwrap_or_default();
    match api {
        PresentationApi::Two => json_unless_linked_is_asked_for(accept),
        PresentationApi::Three => linked_unless_json_is_asked_for(accept, LD_JSON_3),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Recorded from a real digilib; see tests/fixtures/README.md.
    const DIGILIB_2: &[u8] = include_bytes!("../../../tests/fixtures/digilib-2.13-manifest2.json");
    const DIGILIB_3: &[u8] = include_bytes!("../../../tests/fixtures/digilib-2.13-manifest3.json");
    /// Written after the specification.
    const MANIFEST_3: &[u8] = include_bytes!("../../../tests/fixtures/manifest3.json");

    fn read(body: &[u8]) -> Result<PresentationApi, BadManifest> {
        Manifest::read(body).map(|manifest| manifest.api())
    }

    fn of(text: &str) -> Result<PresentationApi, BadManifest> {
        read(text.as_bytes())
    }

    #[test]
    fn whole_manifests_are_recognised() {
        assert_eq!(read(DIGILIB_2), Ok(PresentationApi::Two));
        assert_eq!(read(DIGILIB_3), Ok(PresentationApi::Three));
        assert_eq!(read(MANIFEST_3), Ok(PresentationApi::Three));
    }

    #[test]
    fn every_resource_of_the_presentation_api_is_recognised() {
        for name in ["Manifest", "Collection", "AnnotationList", "Range", "Layer", "Canvas", "Sequence"] {
            let text = format!(
                r#"{{"@context":"http://iiif.io/api/presentation/2/context.json","@type":"sc:{name}"}}"#
            );
            assert_eq!(of(&text), Ok(PresentationApi::Two), "{name}");
        }
        for name in TYPES_3 {
            for context in [
                r#""http://iiif.io/api/presentation/3/context.json""#,
                r#""https://iiif.io/api/presentation/3/context.json""#,
                r#"["http://www.w3.org/ns/anno.jsonld","http://iiif.io/api/presentation/3/context.json"]"#,
                r#"[{"x":"http://example.org/x"},"http://iiif.io/api/presentation/3/context.json"]"#,
            ] {
                let text = format!(r#" {{"type":"{name}","items":[1.50,null],"@context":{context}}} "#);
                assert_eq!(of(&text), Ok(PresentationApi::Three), "{text}");
            }
        }
    }

    #[test]
    fn anything_else_is_no_manifest() {
        for text in ["", " \r\n\t"] {
            assert_eq!(of(text), Err(BadManifest::Empty), "{text:?}");
        }
        for text in [
            "<html>",
            "\u{feff}{}",
            "[]",
            r#"["http://iiif.io/api/presentation/3/context.json",null,"Manifest"]"#,
            "\"sc:Manifest\"",
            "{\"@type\":\"sc:Manifest\"",
            "{\"@type\":\"sc:Manifest\"} {}",
            "{\"@type\":\"sc:Manifest\",\"x\":01}",
            r#"{"@type":"sc:Manifest","@type":"x"}"#,
        ] {
            assert_eq!(of(text), Err(BadManifest::NotAnObject), "{text}");
        }
        assert_eq!(read(b"{\"@type\":\"sc:Manifest\",\"x\":\"\xff\"}"), Err(BadManifest::NotAnObject));
        assert_eq!(read(b"\xff\xd8\xff\xe0 a picture"), Err(BadManifest::NotAnObject));
        for text in [
            "{}",
            r#"{"@type":"sc:"}"#,
            r#"{"@type":"Manifest"}"#,
            r#"{"type":"Manifest"}"#,
            r#"{"x":{"@type":"sc:Manifest"}}"#,
            r#"{"type":"Manifest","@context":"http://iiif.io/api/presentation/2/context.json"}"#,
            r#"{"type":"Manifest","@context":"http://iiif.io/api/presentation/3/context.json.x"}"#,
            r#"{"type":"ImageService3","@context":"http://iiif.io/api/presentation/3/context.json"}"#,
            r#"{"@type":"sc:Manifest","@context":"http://iiif.io/api/presentation/3/context.json"}"#,
            include_str!("../../../tests/fixtures/image3-info.json"),
        ] {
            assert_eq!(of(text), Err(BadManifest::NotPresentation), "{text}");
        }
        // As deep as one likes: nothing is built of it.
        let deep = format!(r#"{{"@type":"sc:Manifest","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(of(&deep), Ok(PresentationApi::Two));
    }

    #[test]
    fn the_media_type_follows_the_version_and_the_accept_header() {
        let json = "application/json";
        let ld = "application/ld+json";
        for (accept, two, three) in [
            (None, json, LD_JSON_3),
            (Some("*/*"), json, LD_JSON_3),
            (Some("application/json"), json, json),
            (Some("application/ld+json"), ld, LD_JSON_3),
            (Some(LD_JSON_3), ld, LD_JSON_3),
            (Some("application/ld+json;q=0.5, application/json"), json, json),
        ] {
            assert_eq!(media_type(PresentationApi::Two, accept), two, "2, {accept:?}");
            assert_eq!(media_type(PresentationApi::Three, accept), three, "3, {accept:?}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(body in any::<Vec<u8>>(), text in r#"[{}\[\]",:a-z@]{0,40}"#) {
            let _ = read(&body);
            let _ = of(&text);
        }
    }
}
