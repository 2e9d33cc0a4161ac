//! Puts our services and the public address into an image server's info.json.
//!
//! The document stays the image server's own: keys we do not know, their order
//! and the way numbers are written come out as they came in (save that an
//! exponent's sign is always written). Decorating twice is decorating once.
//!
//! Authentication services of the image server itself are **removed**. Tilegate
//! alone decides here; the image server never sees a visitor's cookie or token,
//! so its own login could open nothing, and a viewer that tries the patterns in
//! the order of the specification could take it instead of ours. This is also
//! what makes decorating idempotent.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::auth1;
use super::auth2::{self, ProbeService};
use super::service::{AuthService, ImageApi};

pub(super) const PROTOCOL: &str = "http://iiif.io/api/image";
const LD_JSON_3: &str = "application/ld+json;profile=\"http://iiif.io/api/image/3/context.json\"";

/// Why an image server's answer is not an info.json that we could pass on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInfo {
    /// digilib does so, with status 200, when its base URL is not configured.
    #[error("the image server answered an empty info.json")]
    Empty,
    #[error("the image server's info.json is not JSON")]
    NotJson,
    #[error("the image server's info.json is not a JSON object")]
    NotAnObject,
    #[error("the image server's info.json is not one of the Image API 2 or 3")]
    UnknownVersion,
    #[error("the image server's info.json has no width and height")]
    NoDimensions,
}

/// An image server's info.json, read and found plausible.
#[derive(Clone, Debug)]
pub struct Info {
    document: Map<String, Value>,
    api: ImageApi,
    width: u32,
    height: u32,
}

impl Info {
    /// Reads an info.json of Image API 2 (section 5) or 3 (section 5).
    ///
    /// # Errors
    /// If it is none: then nothing of it may be passed on.
    pub fn read(body: &[u8]) -> Result<Self, BadInfo> {
        if body.trim_ascii().is_empty() {
            return Err(BadInfo::Empty);
        }
        let document = match serde_json::from_slice(body) {
            Ok(Value::Object(document)) => document,
            Ok(_) => return Err(BadInfo::NotAnObject),
            Err(_) => return Err(BadInfo::NotJson),
        };
        let api = version_of(&document).ok_or(BadInfo::UnknownVersion)?;
        let side = |key| document.get(key).and_then(pixels).ok_or(BadInfo::NoDimensions);
        let (width, height) = (side("width")?, side("height")?);
        Ok(Self { document, api, width, height })
    }

    pub fn api(&self) -> ImageApi {
        self.api
    }

    /// Width and height of the whole image, in pixels.
    pub fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The document with our address and our services.
    ///
    /// Those of version 1.0 stand first: its viewers are the older ones, and some read no further than
    /// the entry they know; viewers of version 2.0 look for a type.
    ///
    /// `public_id` is the URL that was asked for without `/info.json`, in the
    /// visitor's own spelling: viewers take a different one for a degraded image.
    pub fn decorated(mut self, public_id: &str, one: &[AuthService], two: &[ProbeService]) -> Vec<u8> {
        self.put_id(public_id);
        self.put_services(one, two);
        if self.api == ImageApi::Three {
            self.put_context(!two.is_empty());
        }
        Value::Object(self.document).to_string().into_bytes()
    }

    /// Whichever spelling of the key stands there names the image server, so both are replaced.
    fn put_id(&mut self, public_id: &str) {
        let own = match self.api {
            ImageApi::Two => "@id",
            ImageApi::Three => "id",
        };
        self.document.insert(own.to_owned(), json!(public_id));
        for key in ["@id", "id"] {
            if let Some(id) = self.document.get_mut(key) {
                *id = json!(public_id);
            }
        }
    }

    fn put_services(&mut self, one: &[AuthService], two: &[ProbeService]) {
        let present = match self.document.get("service") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) => entries.clone(),
            Some(one) => vec![one.clone()],
        };
        let had = present.len();
        let mut merged: Vec<Value> = present.into_iter().filter(|entry| !is_auth_entry(entry)).collect();
        if one.is_empty() && two.is_empty() && merged.len() == had {
            return;
        }
        merged.extend(distinct(one).map(|service| auth1::cookie_service(service, self.api)));
        merged.extend(two.iter().map(|service| auth2::probe_service(service, self.api)));
        if merged.is_empty() {
            self.document.shift_remove("service");
        } else {
            self.document.insert("service".to_owned(), Value::Array(merged));
        }
    }

    /// The context of the 2.0 services stands before that of the Image API, which stays the last
    /// one (IIIF Authorization Flow 2.0, section 2.1); without such services it goes.
    fn put_context(&mut self, wanted: bool) {
        let is = |context: &Value, rest: &str| context.as_str().and_then(without_scheme) == Some(rest);
        let present = match self.document.get("@context") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) => entries.clone(),
            Some(one) => vec![one.clone()],
        };
        let had = present.len();
        let mut contexts: Vec<Value> =
            present.into_iter().filter(|context| !is(context, auth2::CONTEXT_REST)).collect();
        if wanted {
            let image = contexts.iter().rposition(|context| is(context, "iiif.io/api/image/3/context.json"));
            contexts.insert(image.unwrap_or(0), json!(auth2::CONTEXT));
        } else if contexts.len() == had {
            return;
        }
        // One alone is a string, as image servers write it.
        let context = match <[Value; 1]>::try_from(contexts) {
            Ok([one]) => one,
            Err(several) => Value::Array(several),
        };
        self.document.insert("@context".to_owned(), context);
    }
}

/// An info.json of Image API 2 that says of an image no more than where to log in: the same for
/// one that may not be shown as for one that does not exist (T8).
pub fn concealed_info(public_id: &str, one: &[AuthService], two: &[ProbeService]) -> Vec<u8> {
    let one = one.iter().map(|service| auth1::cookie_service(service, ImageApi::Two));
    let two = two.iter().map(|service| auth2::probe_service(service, ImageApi::Two));
    let services: Vec<_> = one.chain(two).collect();
    let document = json!({
        "@context": "http://iiif.io/api/image/2/context.json",
        "@id": public_id,
        "protocol": PROTOCOL,
        "service": services,
    });
    document.to_string().into_bytes()
}

fn version_of(document: &Map<String, Value>) -> Option<ImageApi> {
    if document.get("protocol").is_some_and(|protocol| protocol != PROTOCOL) {
        return None;
    }
    // The API's own context is the last one of several (Image API 3.0, section 5.2).
    let by_context =
        strings(document.get("@context")).rev().find_map(|context| match without_scheme(context)? {
            "iiif.io/api/image/2/context.json" => Some(ImageApi::Two),
            "iiif.io/api/image/3/context.json" => Some(ImageApi::Three),
            _ => None,
        });
    let by_type = || {
        strings(document.get("type")).chain(strings(document.get("@type"))).find_map(|name| match name {
            "ImageService2" => Some(ImageApi::Two),
            "ImageService3" => Some(ImageApi::Three),
            _ => None,
        })
    };
    by_context.or_else(by_type)
}

/// A length of at least one pixel; with any other number nothing could be decided.
fn pixels(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|pixels| *pixels > 0)
}

/// The services of different addresses: several conditions may share one login page; viewers keep
/// their state by address, and two entries of one address would confuse them.
pub(super) fn distinct(services: &[AuthService]) -> impl Iterator<Item = &AuthService> {
    let mut seen = HashSet::new();
    services.iter().filter(move |service| seen.insert(service.id.as_str()))
}

/// Whether a service is one of the IIIF authentication specifications, of any version. `any` says whether one of
/// the strings that stand under a key passes a test.
pub(super) fn is_auth_service(any: impl Fn(&str, fn(&str) -> bool) -> bool) -> bool {
    let is_url = |text: &str| without_scheme(text).is_some_and(|rest| rest.starts_with("iiif.io/api/auth/"));
    let is_type = |text: &str| text.starts_with("Auth") && text.contains("Service");
    any("profile", is_url) || any("@context", is_url) || any("type", is_type) || any("@type", is_type)
}

fn is_auth_entry(entry: &Value) -> bool {
    is_auth_service(|key, test| strings(entry.get(key)).any(test))
}

/// Whether a context, profile or protocol is one of the Image API, of any version.
pub(super) fn is_of_image_api(url: &str) -> bool {
    without_scheme(url).is_some_and(|rest| {
        rest.starts_with("iiif.io/api/image") || rest.starts_with("library.stanford.edu/iiif/image-api/")
    })
}

pub(super) fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"))
}

/// The strings of a value that may be one string or an array of them.
pub(super) fn strings(value: Option<&Value>) -> impl DoubleEndedIterator<Item = &str> {
    let entries = match value {
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    entries.iter().filter_map(Value::as_str)
}

/// The media type of an info.json for a request's `Accept` header.
///
/// Image API 2 (section 5): `application/json`, and `application/ld+json` only
/// if asked for. Image API 3 (section 5.1): `application/ld+json` with the
/// profile, and `application/json` for those who prefer it.
pub fn media_type(api: ImageApi, accept: Option<&str>) -> &'static str {
    let accept = accept.unwrap_or_default();
    match api {
        ImageApi::Two => json_unless_linked_is_asked_for(accept),
        ImageApi::Three => linked_unless_json_is_asked_for(accept, LD_JSON_3),
    }
}

/// The negotiation of the second versions of both APIs.
pub(super) fn json_unless_linked_is_asked_for(accept: &str) -> &'static str {
    let json = quality(accept, "application/json");
    let ld_json = quality(accept, "application/ld+json");
    if ld_json.unwrap_or(0) > json.unwrap_or(0) { "application/ld+json" } else { "application/json" }
}

/// The negotiation of the third versions of both APIs; `linked` is the type with its profile.
pub(super) fn linked_unless_json_is_asked_for(accept: &str, linked: &'static str) -> &'static str {
    let json = quality(accept, "application/json");
    let ld_json = quality(accept, "application/ld+json");
    let wildcard = || quality(accept, "application/*").or_else(|| quality(accept, "*/*"));
    let unwanted = ld_json == Some(0);
    if unwanted || json.unwrap_or(0) > ld_json.or_else(wildcard).unwrap_or(0) {
        "application/json"
    } else {
        linked
    }
}

/// The quality in thousandths that an `Accept` header gives to a media range
/// named literally (RFC 9110, section 12.5.1).
fn quality(accept: &str, range: &str) -> Option<u16> {
    let named = |element: &&str| {
        let name = element.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(range)
    };
    outside_quotes(accept, ',').filter(named).map(weight).max()
}

fn weight(element: &str) -> u16 {
    let weights = outside_quotes(element, ';').skip(1).filter_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
    });
    weights.last().unwrap_or(1000)
}

/// Reads `0`, `0.75`, `1.000`; anything else counts as 1, as if it were not there.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole != "0" || fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 1000;
    }
    format!("{fraction:0<3}").parse().unwrap_or(1000)
}

/// Splits at a separator that does not stand in a quoted string.
fn outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::service::ServicePattern;
    use super::*;

    /// Recorded from a real iipsrv; see tests/fixtures/README.md.
    const IIPSRV: &[u8] = include_bytes!("../../tests/fixtures/iipsrv-1.1-info.json");
    /// Written after the specification.
    const IMAGE_3: &[u8] = include_bytes!("../../tests/fixtures/image3-info.json");
    /// Written in digilib's shape: `service` is an object.
    const DIGILIB: &[u8] = include_bytes!("../../tests/fixtures/digilib-shaped-info.json");

    const PUBLIC: &str = "https://img.test/iiif/images/letters%2F1931%2F004";

    fn service(id: &str) -> AuthService {
        AuthService {
            pattern: ServicePattern::Login,
            id: id.to_owned(),
            label: "Login to Example Institution".to_owned(),
            heading: None,
            note: None,
            confirm: None,
            failure_heading: None,
            failure_note: None,
            token_id: "https://img.test/auth/iiif-token".to_owned(),
            logout_id: Some("https://img.test/auth/logout".to_owned()),
            logout_label: "Logout from Example Institution".to_owned(),
        }
    }

    fn login() -> AuthService {
        service("https://img.test/auth/iiif-login")
    }

    fn decorated(body: &[u8], services: &[AuthService]) -> Value {
        serde_json::from_slice(&Info::read(body).unwrap().decorated(PUBLIC, services, &[])).unwrap()
    }

    fn probe() -> ProbeService {
        ProbeService {
            id: "https://img.test/auth/v2/probe/images/letters%2F1931%2F004".to_owned(),
            with_profile: true,
            error_heading: BTreeMap::new(),
            error_note: BTreeMap::new(),
            access: Vec::new(),
        }
    }

    fn with_probe(body: &[u8], services: &[AuthService]) -> Value {
        let body = Info::read(body).unwrap().decorated(PUBLIC, services, &[probe()]);
        serde_json::from_slice(&body).unwrap()
    }

    fn keys(value: &Value) -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a1_38_x15_a_real_iipsrv_document_gets_our_address_and_services() {
        let before: Value = serde_json::from_slice(IIPSRV).unwrap();
        let after = decorated(IIPSRV, &[login()]);
        assert_eq!(after["@id"], PUBLIC);
        assert_eq!(after["service"], json!([auth1::cookie_service(&login(), ImageApi::Two)]));
        assert!(after.get("id").is_none(), "version 2 documents get no version 3 key");
        for key in ["@context", "protocol", "width", "height", "sizes", "tiles", "profile"] {
            assert_eq!(after[key], before[key], "{key}");
        }
        let mut expected = keys(&before);
        expected.push("service".to_owned());
        assert_eq!(keys(&after), expected, "the order of keys is kept");
    }

    #[test]
    fn a1_38_a_version_3_document_gets_typed_services_in_an_array() {
        let before: Value = serde_json::from_slice(IMAGE_3).unwrap();
        let after = decorated(IMAGE_3, &[login()]);
        assert_eq!(after["id"], PUBLIC);
        assert!(after.get("@id").is_none());
        assert_eq!(after["service"][0], before["service"][0], "the image server's entry stays first");
        assert_eq!(after["service"][1]["@type"], "AuthCookieService1");
        assert_eq!(keys(&after), keys(&before));
    }

    #[test]
    fn a1_38_numbers_come_out_as_they_were_written() {
        let text =
            String::from_utf8(Info::read(IMAGE_3).unwrap().decorated(PUBLIC, &[login()], &[])).unwrap();
        for number in ["0.00250", "1.50e+2", "123456789012345678901234567890"] {
            assert!(text.contains(number), "{number} in {text}");
        }
    }

    #[test]
    fn a_single_service_object_becomes_an_array_with_ours_behind_it() {
        let after = decorated(DIGILIB, &[login()]);
        assert_eq!(after["service"].as_array().unwrap().len(), 2);
        assert_eq!(after["service"][0]["profile"], "http://iiif.io/api/annex/services/physdim");
        assert_eq!(after["service"][1]["@id"], "https://img.test/auth/iiif-login");
    }

    #[test]
    fn without_services_everything_but_the_id_is_untouched() {
        for body in [IIPSRV, IMAGE_3, DIGILIB] {
            let mut expected: Value = serde_json::from_slice(body).unwrap();
            let id = if expected.get("@id").is_some() { "@id" } else { "id" };
            expected[id] = json!(PUBLIC);
            assert_eq!(decorated(body, &[]), expected);
        }
    }

    #[test]
    fn the_image_servers_own_auth_services_give_way_to_ours() {
        for upstream in [
            json!({"@id": "http://x.test/login", "profile": "http://iiif.io/api/auth/0/login"}),
            json!({"@id": "http://x.test/login", "profile": "http://iiif.io/api/auth/1/kiosk"}),
            json!({"@id": "http://x.test/login", "profile": ["https://iiif.io/api/auth/1/login"]}),
            json!({"@id": "http://x.test/login", "@type": "AuthCookieService1"}),
            json!({"@context": "http://iiif.io/api/auth/2/context.json", "id": "http://x.test/probe"}),
            json!({"id": "http://x.test/probe", "type": "AuthProbeService2", "service": []}),
        ] {
            let other =
                json!({"@id": "http://x.test/search", "profile": "http://iiif.io/api/search/1/search"});
            let mut document: Value = serde_json::from_slice(IIPSRV).unwrap();
            document["service"] = json!([upstream, other, "http://x.test/unknown"]);
            let after = decorated(document.to_string().as_bytes(), &[login()]);
            let ours = auth1::cookie_service(&login(), ImageApi::Two);
            assert_eq!(after["service"], json!([other, "http://x.test/unknown", ours]), "{upstream}");

            document["service"] = upstream;
            let after = decorated(document.to_string().as_bytes(), &[]);
            assert!(after.get("service").is_none(), "{after}");
        }
    }

    const AUTH_2: &str = "http://iiif.io/api/auth/2/context.json";
    const IMAGE_3_CONTEXT: &str = "http://iiif.io/api/image/3/context.json";

    #[test]
    fn a2_06_in_a_version_3_document_the_context_stands_before_the_last() {
        let after = with_probe(IMAGE_3, &[login()]);
        let extension = "https://example.org/extension/context1.json";
        assert_eq!(after["@context"], json!([extension, AUTH_2, IMAGE_3_CONTEXT]));
        let types: Vec<_> =
            after["service"].as_array().unwrap().iter().map(|entry| &entry["@type"]).collect();
        assert_eq!(types[1], "AuthCookieService1", "the older version first");
        assert_eq!(after["service"][2]["type"], "AuthProbeService2");
        assert!(after["service"][2].get("@context").is_none());

        for (before, context) in [
            (json!(IMAGE_3_CONTEXT), json!([AUTH_2, IMAGE_3_CONTEXT])),
            (json!([IMAGE_3_CONTEXT]), json!([AUTH_2, IMAGE_3_CONTEXT])),
            (json!([AUTH_2, IMAGE_3_CONTEXT]), json!([AUTH_2, IMAGE_3_CONTEXT])),
            (
                json!([{"x": "https://x.test/"}, IMAGE_3_CONTEXT]),
                json!([{"x": "https://x.test/"}, AUTH_2, IMAGE_3_CONTEXT]),
            ),
            (Value::Null, json!(AUTH_2)),
        ] {
            let mut document: Value = serde_json::from_slice(IMAGE_3).unwrap();
            document["@context"] = before.clone();
            assert_eq!(with_probe(document.to_string().as_bytes(), &[])["@context"], context, "{before}");
        }
        // The image server's own probe is gone, and so is what it was read by.
        let mut document: Value = serde_json::from_slice(IMAGE_3).unwrap();
        document["@context"] = json!([AUTH_2, IMAGE_3_CONTEXT]);
        assert_eq!(decorated(document.to_string().as_bytes(), &[])["@context"], IMAGE_3_CONTEXT);
    }

    #[test]
    fn p_b_6_in_a_version_2_document_the_context_stands_in_the_service() {
        for body in [IIPSRV, DIGILIB] {
            let before: Value = serde_json::from_slice(body).unwrap();
            let after = with_probe(body, &[login()]);
            assert_eq!(after["@context"], before["@context"]);
            let services = after["service"].as_array().unwrap();
            let [one, two] = &services[services.len() - 2..] else { panic!("{after}") };
            assert_eq!(*one, auth1::cookie_service(&login(), ImageApi::Two));
            assert_eq!((&two["@context"], &two["type"]), (&json!(AUTH_2), &json!("AuthProbeService2")));
        }
    }

    #[test]
    fn services_of_one_address_are_listed_once() {
        let other = service("https://img.test/auth/iiif-clickthrough/terms");
        let after = decorated(IIPSRV, &[login(), other, login()]);
        let ids: Vec<_> = after["service"].as_array().unwrap().iter().map(|entry| &entry["@id"]).collect();
        let expected = ["https://img.test/auth/iiif-login", "https://img.test/auth/iiif-clickthrough/terms"];
        assert_eq!(ids, expected);
    }

    #[test]
    fn both_spellings_of_the_id_are_corrected() {
        let mut document: Value = serde_json::from_slice(IMAGE_3).unwrap();
        document["@id"] = json!("http://images.internal:8182/secret");
        let after = decorated(document.to_string().as_bytes(), &[]);
        assert_eq!((&after["@id"], &after["id"]), (&json!(PUBLIC), &json!(PUBLIC)));
    }

    #[test]
    fn what_is_no_info_json_is_refused() {
        let with = |key: &str, value: Value| {
            let mut document: Value = serde_json::from_slice(IIPSRV).unwrap();
            document[key] = value;
            document.to_string().into_bytes()
        };
        for (body, reason) in [
            (b"".to_vec(), BadInfo::Empty),
            (b" \r\n\t".to_vec(), BadInfo::Empty),
            (b"<html>".to_vec(), BadInfo::NotJson),
            (b"{\"width\":".to_vec(), BadInfo::NotJson),
            (b"\xff\xfe{}".to_vec(), BadInfo::NotJson),
            (b"{} trailing".to_vec(), BadInfo::NotJson),
            ("[".repeat(100_000).into_bytes(), BadInfo::NotJson),
            (b"[]".to_vec(), BadInfo::NotAnObject),
            (b"\"x\"".to_vec(), BadInfo::NotAnObject),
            (b"{}".to_vec(), BadInfo::UnknownVersion),
            (b"{\"width\": 5, \"height\": 5}".to_vec(), BadInfo::UnknownVersion),
            (
                with("@context", json!("http://iiif.io/api/presentation/2/context.json")),
                BadInfo::UnknownVersion,
            ),
            (with("protocol", json!("http://example.org")), BadInfo::UnknownVersion),
            (with("width", json!(0)), BadInfo::NoDimensions),
            (with("width", json!("2000")), BadInfo::NoDimensions),
            (with("width", json!(20.5)), BadInfo::NoDimensions),
            (with("height", json!(-1)), BadInfo::NoDimensions),
            (with("height", json!(4_294_967_296_u64)), BadInfo::NoDimensions),
            (with("height", Value::Null), BadInfo::NoDimensions),
        ] {
            assert_eq!(Info::read(&body).err(), Some(reason.clone()), "{reason}");
        }
    }

    #[test]
    fn dimensions_and_version_are_read() {
        let read = |body| Info::read(body).map(|info| (info.dimensions(), info.api()));
        assert_eq!(read(IIPSRV), Ok(((2000, 1500), ImageApi::Two)));
        assert_eq!(read(IMAGE_3), Ok(((6000, 4000), ImageApi::Three)));
        let typed = br#"{"type":"ImageService3","width":1,"height":2}"#;
        assert_eq!(read(typed), Ok(((1, 2), ImageApi::Three)));
    }

    #[test]
    fn a1_55_the_media_type_follows_the_version_and_the_accept_header() {
        let json = "application/json";
        let ld = "application/ld+json";
        for (accept, two, three) in [
            (None, json, LD_JSON_3),
            (Some(""), json, LD_JSON_3),
            (Some("*/*"), json, LD_JSON_3),
            (Some("application/*"), json, LD_JSON_3),
            (Some("text/html,application/xml;q=0.9,*/*;q=0.8"), json, LD_JSON_3),
            (Some("application/json"), json, json),
            (Some("APPLICATION/JSON;charset=utf-8"), json, json),
            (Some("application/json, */*;q=0.1"), json, json),
            (Some("application/ld+json"), ld, LD_JSON_3),
            (Some("application/ld+json, */*"), ld, LD_JSON_3),
            (Some(LD_JSON_3), ld, LD_JSON_3),
            (Some("application/json, application/ld+json"), json, LD_JSON_3),
            (Some("application/ld+json;q=0.5, application/json"), json, json),
            (Some("application/ld+json, application/json;q=0.9"), ld, LD_JSON_3),
            (Some("application/ld+json;profile=\"a,b;q=0\";q=0.9, application/json;q=0.8"), ld, LD_JSON_3),
            (Some("application/ld+json;q=0, */*"), json, json),
            (Some("application/ld+json;q=0.0"), json, json),
            (Some("image/webp"), json, LD_JSON_3),
            (Some("application/ld+json;q=\"x, ;;,==,"), ld, LD_JSON_3),
        ] {
            assert_eq!(media_type(ImageApi::Two, accept), two, "2, {accept:?}");
            assert_eq!(media_type(ImageApi::Three, accept), three, "3, {accept:?}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("[a-z@$:_]{1,12}", inner, 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    fn any_info() -> impl Strategy<Value = Value> {
        let fixture = prop::sample::select(vec![IIPSRV, IMAGE_3, DIGILIB]);
        let unknown = prop::collection::vec(("x-[a-z]{1,8}", any_json()), 0..4);
        let auth = json!({"@id": "http://x.test/login", "profile": "http://iiif.io/api/auth/1/login"});
        let services = prop::option::of(prop_oneof![Just(auth.clone()), Just(json!([auth, {}])), any_json()]);
        (fixture, unknown, services).prop_map(|(fixture, unknown, services)| {
            let mut document: Value = serde_json::from_slice(fixture).unwrap();
            for (key, value) in unknown {
                document[&key] = value;
            }
            if let Some(services) = services {
                document["service"] = services;
            }
            document
        })
    }

    proptest! {
        #[test]
        fn decorating_twice_is_once_and_the_last_services_count(
            document in any_info(),
            ours in 1..3_usize,
            two in prop::sample::select(vec![vec![], vec![probe()]]),
        ) {
            let services: Vec<_> = (0..ours).map(|number| service(&format!("https://img.test/{number}"))).collect();
            let body = document.to_string();
            let once = Info::read(body.as_bytes()).unwrap().decorated(PUBLIC, &services, &two);
            prop_assert_eq!(&Info::read(&once).unwrap().decorated(PUBLIC, &services, &two), &once);
            let others = [login()];
            let replaced = Info::read(&once).unwrap().decorated(PUBLIC, &others, &[]);
            prop_assert_eq!(replaced, Info::read(body.as_bytes()).unwrap().decorated(PUBLIC, &others, &[]));
        }

        #[test]
        fn unknown_keys_survive_in_their_order(document in any_info()) {
            let after = decorated(document.to_string().as_bytes(), &[login()]);
            let unknown = |value: &Value| -> Vec<(String, Value)> {
                let entries = value.as_object().unwrap().iter();
                let kept = entries.filter(|(key, _)| !["@id", "id", "service"].contains(&key.as_str()));
                kept.map(|(key, value)| (key.clone(), value.clone())).collect()
            };
            prop_assert_eq!(unknown(&after), unknown(&document));
        }

        #[test]
        fn garbage_never_panics(body in any::<Vec<u8>>(), accept in any::<String>()) {
            let _ = Info::read(&body).map(|info| info.decorated(PUBLIC, &[login()], &[]));
            let _ = media_type(ImageApi::Two, Some(&accept));
            let _ = media_type(ImageApi::Three, Some(&accept));
        }
    }
}
