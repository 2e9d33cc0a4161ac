//! Recognises a resource of the IIIF Presentation API 2 or 3, and names its media type.
//!
//! Nothing is changed: a manifest is passed on as it came. But only what is one is passed on, so
//! that a mount gives out nothing else that happens to lie in its folder.

use serde::Deserialize;
use serde_json::Value;

use super::decorate::{json_unless_linked_is_asked_for, linked_unless_json_is_asked_for, strings};

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

/// Finds out which version a document is of.
///
/// # Errors
/// If it is no manifest, collection or other resource of the Presentation API: then nothing of it
/// may be passed on.
pub fn version_of(body: &[u8]) -> Result<PresentationApi, BadManifest> {
    // serde would skip over bytes that are no UTF-8, and take an array for a `Head` too.
    let text = std::str::from_utf8(body).map_err(|_| BadManifest::NotAnObject)?;
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(BadManifest::Empty);
    }
    if !text.starts_with('{') {
        return Err(BadManifest::NotAnObject);
    }
    let head: Head = serde_json::from_str(text).map_err(|_| BadManifest::NotAnObject)?;
    let is_three = strings(head.context.as_ref()).any(|context| {
        ["http://", "https://"].iter().any(|scheme| context.strip_prefix(scheme) == Some(CONTEXT_3))
    });
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
    const DIGILIB_2: &[u8] = include_bytes!("../../tests/fixtures/digilib-2.13-manifest2.json");
    const DIGILIB_3: &[u8] = include_bytes!("../../tests/fixtures/digilib-2.13-manifest3.json");
    /// Written after the specification.
    const MANIFEST_3: &[u8] = include_bytes!("../../tests/fixtures/manifest3.json");

    fn of(text: &str) -> Result<PresentationApi, BadManifest> {
        version_of(text.as_bytes())
    }

    #[test]
    fn whole_manifests_are_recognised() {
        assert_eq!(version_of(DIGILIB_2), Ok(PresentationApi::Two));
        assert_eq!(version_of(DIGILIB_3), Ok(PresentationApi::Three));
        assert_eq!(version_of(MANIFEST_3), Ok(PresentationApi::Three));
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
        assert_eq!(version_of(b"{\"@type\":\"sc:Manifest\",\"x\":\"\xff\"}"), Err(BadManifest::NotAnObject));
        assert_eq!(version_of(b"\xff\xd8\xff\xe0 a picture"), Err(BadManifest::NotAnObject));
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
            include_str!("../../tests/fixtures/image3-info.json"),
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
            let _ = version_of(&body);
            let _ = of(&text);
        }
    }
}
