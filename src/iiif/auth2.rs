//! The words of the IIIF Authorization Flow API 2.0: service descriptions, token
//! messages and probe results.
//!
//! Every text is a language map here. What the parameters of the token service may
//! be is the same in both versions, see [`MessageId`] and
//! [`ViewerOrigin`](super::auth1::ViewerOrigin).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::auth1::MessageId;
use super::service::{
    ImageApi, ServiceAddresses, ServicePattern, ServiceTexts, default_confirm, default_label, named_label,
};

/// The JSON-LD context of everything here; `http` by specification.
pub const CONTEXT: &str = "http://iiif.io/api/auth/2/context.json";
/// The same without its scheme: image servers and editors write either.
pub(super) const CONTEXT_REST: &str = "iiif.io/api/auth/2/context.json";
/// The type of a probe service.
pub(super) const PROBE_TYPE: &str = "AuthProbeService2";
/// Not of the specification, which gives a probe service no profile.
const PROBE_PROFILE: &str = "http://iiif.io/api/auth/2/probe";

/// Text by language tag.
type Texts = BTreeMap<String, String>;

/// A probe service with the ways to get access (section 5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeService {
    /// An absolute URL; another one for each resource.
    pub id: String,
    /// Whether it has a profile, which version 2.0 neither asks for nor forbids: Mirador looks for one in every
    /// service that it reads, and fails without.
    pub with_profile: bool,
    pub error_heading: Texts,
    pub error_note: Texts,
    /// At least one (section 5.1).
    pub access: Vec<AccessService>,
}

/// An access service with its token and logout service (sections 3.1, 4.1 and 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessService {
    pub profile: AccessProfile,
    /// Like the other addresses an absolute URL without a query: viewers append `?origin=`.
    /// Left out of the external profile, which has none (section 3.1).
    pub id: String,
    /// Never empty, and every text names the institution (section 3.3.1).
    pub label: Texts,
    pub heading: Texts,
    pub note: Texts,
    pub confirm: Texts,
    pub error_heading: Texts,
    pub error_note: Texts,
    pub token_id: String,
    pub logout_id: Option<String>,
    pub logout_label: Texts,
}

/// What a viewer does with an access service (section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessProfile {
    /// Shows its texts, and opens it when a person wants it.
    Active,
    /// Opens it at once.
    Kiosk,
    /// Asks for the token at once: there is nothing to open.
    External,
}

impl AccessProfile {
    fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Kiosk => "kiosk",
            Self::External => "external",
        }
    }
}

impl AccessService {
    /// The service of a condition. What the condition leaves empty gets an English text.
    pub fn new(
        pattern: ServicePattern,
        texts: &ServiceTexts<'_>,
        organisation: &str,
        addresses: ServiceAddresses,
    ) -> Self {
        let profile = match pattern {
            ServicePattern::Login | ServicePattern::Clickthrough => AccessProfile::Active,
            ServicePattern::Kiosk => AccessProfile::Kiosk,
            ServicePattern::External => AccessProfile::External,
        };
        let mut label = filled(texts.label);
        for text in label.values_mut() {
            *text = named_label(text, organisation);
        }
        if label.is_empty() {
            label = english(&default_label(pattern, organisation));
        }
        let mut confirm = filled(texts.confirm);
        if let Some(text) = default_confirm(pattern).filter(|_| confirm.is_empty()) {
            confirm = english(text);
        }
        let (error_heading, error_note) = explained(pattern, texts);
        Self {
            profile,
            id: addresses.access,
            label,
            heading: filled(texts.heading),
            note: filled(texts.note),
            confirm,
            error_heading,
            error_note,
            token_id: addresses.token,
            logout_id: addresses.logout,
            logout_label: english(&format!("Logout from {organisation}")),
        }
    }

    fn json(&self) -> Value {
        let mut token = Map::new();
        token.insert("id".to_owned(), json!(self.token_id));
        token.insert("type".to_owned(), json!("AuthAccessTokenService2"));
        put_texts(&mut token, "errorHeading", &self.error_heading);
        put_texts(&mut token, "errorNote", &self.error_note);
        let mut nested = vec![Value::Object(token)];
        if let Some(logout_id) = &self.logout_id {
            nested.push(json!({
                "id": logout_id,
                "type": "AuthLogoutService2",
                "label": language_map(&self.logout_label),
            }));
        }

        let mut entry = Map::new();
        if self.profile != AccessProfile::External {
            entry.insert("id".to_owned(), json!(self.id));
        }
        entry.insert("type".to_owned(), json!("AuthAccessService2"));
        entry.insert("profile".to_owned(), json!(self.profile.name()));
        if self.profile == AccessProfile::Active {
            // The others are never shown (section 3.3.1).
            put_texts(&mut entry, "label", &self.label);
            put_texts(&mut entry, "heading", &self.heading);
            put_texts(&mut entry, "note", &self.note);
            put_texts(&mut entry, "confirmLabel", &self.confirm);
        }
        entry.insert("service".to_owned(), Value::Array(nested));
        Value::Object(entry)
    }
}

/// The description of a probe service (section 5.1). In documents of version 3 the
/// context stands at the top of the document (section 2.1); those of version 2 have no place for it
/// there, so it stands in the service.
pub fn probe_service(service: &ProbeService, document: ImageApi) -> Value {
    let mut entry = Map::new();
    if document == ImageApi::Two {
        entry.insert("@context".to_owned(), json!(CONTEXT));
    }
    entry.insert("id".to_owned(), json!(service.id));
    entry.insert("type".to_owned(), json!(PROBE_TYPE));
    if service.with_profile {
        entry.insert("profile".to_owned(), json!(PROBE_PROFILE));
    }
    put_texts(&mut entry, "errorHeading", &service.error_heading);
    put_texts(&mut entry, "errorNote", &service.error_note);
    let access = service.access.iter().map(AccessService::json).collect();
    entry.insert("service".to_owned(), Value::Array(access));
    Value::Object(entry)
}

/// What a probe says of the resource (section 5.2): the status that its content would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 200.
    Given,
    /// 401: another credential could open it.
    MoreNeeded,
    /// 403: none could.
    Refused,
    /// 404: there is no such resource to ask about.
    Unknown,
}

impl Status {
    pub fn code(self) -> u16 {
        match self {
            Self::Given => 200,
            Self::MoreNeeded => 401,
            Self::Refused => 403,
            Self::Unknown => 404,
        }
    }

    /// A heading and a sentence for a person.
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Given => ("", ""),
            Self::MoreNeeded => ("No access", "This needs a permission that no login here gives."),
            Self::Refused => ("Not available", "No login opens this."),
            Self::Unknown => ("Not found", "There is nothing of this name to ask about."),
        }
    }
}

/// The answer of a probe (section 5.2). `opened_by` is the condition that would open the resource.
pub fn probe_result(status: Status, opened_by: Option<(ServicePattern, &ServiceTexts<'_>)>) -> Value {
    let mut result = Map::new();
    result.insert("@context".to_owned(), json!(CONTEXT));
    result.insert("type".to_owned(), json!("AuthProbeResult2"));
    result.insert("status".to_owned(), json!(status.code()));
    if status != Status::Given {
        let (heading, note) = match opened_by.filter(|_| status == Status::MoreNeeded) {
            Some((pattern, texts)) => explained(pattern, texts),
            None => (english(status.texts().0), english(status.texts().1)),
        };
        put_texts(&mut result, "heading", &heading);
        put_texts(&mut result, "note", &note);
    }
    Value::Object(result)
}

/// The answer of a probe with an image that the prober may have instead (section 5.2): `id` is its service.
pub fn with_substitute(mut result: Value, id: &str, api: ImageApi) -> Value {
    if let Value::Object(entry) = &mut result {
        entry.insert("substitute".to_owned(), json!([{ "id": id, "type": api.service_type() }]));
    }
    result
}

/// Why no token is given (section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenError {
    /// The parameters cannot be read.
    InvalidRequest,
    /// The viewer's origin is not allowed.
    InvalidOrigin,
    /// There is no access cookie.
    MissingAspect,
    /// There is one that cannot be read.
    InvalidAspect,
    /// It counted once: it has expired, or was revoked.
    ExpiredAspect,
    /// Anything else: the service cannot answer now.
    Unavailable,
}

impl TokenError {
    /// The word of the specification.
    pub fn profile(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalidRequest",
            Self::InvalidOrigin => "invalidOrigin",
            Self::MissingAspect => "missingAspect",
            Self::InvalidAspect => "invalidAspect",
            Self::ExpiredAspect => "expiredAspect",
            Self::Unavailable => "unavailable",
        }
    }

    /// A heading and a sentence for a person; viewers prefer them to the token service's
    /// own `errorHeading` and `errorNote` (section 4.1). Who is not logged in gets
    /// those: they are the condition's.
    fn texts(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::InvalidRequest => {
                Some(("The viewer made a mistake", "Its request could not be understood."))
            }
            Self::InvalidOrigin => Some(("This viewer may not ask", "Please use another viewer.")),
            Self::MissingAspect => None,
            Self::InvalidAspect => Some(("Your login is not valid", "Please log in again.")),
            Self::ExpiredAspect => Some(("Your login has ended", "Please log in again.")),
            Self::Unavailable => Some(("The service cannot answer now", "Please try again later.")),
        }
    }
}

/// The message that carries a token (section 4.4).
///
/// `expires_in` is in seconds; zero is left out, since only positive numbers are allowed.
pub fn token_message(access_token: &str, expires_in: u64, message_id: &MessageId) -> Value {
    let mut message = Map::new();
    message.insert("@context".to_owned(), json!(CONTEXT));
    message.insert("type".to_owned(), json!("AuthAccessToken2"));
    message.insert("messageId".to_owned(), json!(message_id.as_str()));
    message.insert("accessToken".to_owned(), json!(access_token));
    if expires_in > 0 {
        message.insert("expiresIn".to_owned(), json!(expires_in));
    }
    Value::Object(message)
}

/// The message that says why there is no token (section 4.5). The identifier is
/// demanded of it: without one that can be echoed it is empty.
pub fn token_error(error: TokenError, message_id: Option<&MessageId>) -> Value {
    let mut message = Map::new();
    message.insert("@context".to_owned(), json!(CONTEXT));
    message.insert("type".to_owned(), json!("AuthAccessTokenError2"));
    message.insert("profile".to_owned(), json!(error.profile()));
    message.insert("messageId".to_owned(), json!(message_id.map_or("", MessageId::as_str)));
    if let Some((heading, note)) = error.texts() {
        put_texts(&mut message, "heading", &english(heading));
        put_texts(&mut message, "note", &english(note));
    }
    Value::Object(message)
}

/// The condition's error texts; what is empty is filled in, so that a note never stands
/// without a heading (sections 4.1, 5.1 and 5.2).
pub fn explained(pattern: ServicePattern, texts: &ServiceTexts<'_>) -> (Texts, Texts) {
    let or_default = |own: &Texts, text| {
        let own = filled(own);
        if own.is_empty() { english(text) } else { own }
    };
    let (heading, note) = pattern.default_error();
    (or_default(texts.error_heading, heading), or_default(texts.error_note, note))
}

/// Without blank texts, which count as missing.
fn filled(texts: &Texts) -> Texts {
    let filled = texts.iter().map(|(tag, text)| (tag.clone(), text.trim().to_owned()));
    filled.filter(|(_, text)| !text.is_empty()).collect()
}

fn english(text: &str) -> Texts {
    BTreeMap::from([("en".to_owned(), text.to_owned())])
}

fn put_texts(entry: &mut Map<String, Value>, key: &str, texts: &Texts) {
    if !texts.is_empty() {
        entry.insert(key.to_owned(), language_map(texts));
    }
}

/// `{"en": ["…"]}` (Presentation API 3.0, section 4).
fn language_map(texts: &Texts) -> Value {
    texts.iter().map(|(tag, text)| (tag.clone(), json!([text]))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> Texts {
        entries.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
    }

    fn addresses() -> ServiceAddresses {
        ServiceAddresses {
            access: "https://img.test/auth/v2/access/staff".to_owned(),
            token: "https://img.test/auth/v2/token".to_owned(),
            logout: Some("https://img.test/auth/logout".to_owned()),
        }
    }

    fn probe(with_profile: bool) -> ProbeService {
        let (label, heading) = (map(&[("de", "Personal"), ("en", "Staff")]), map(&[("en", "Please log in")]));
        let (note, confirm) = (map(&[("en", "For members only")]), map(&[("de", "Anmelden"), ("en", " ")]));
        let (error_heading, error_note) = (map(&[("en", "Members only")]), map(&[("en", "Ask us")]));
        let texts = ServiceTexts {
            label: &label,
            heading: &heading,
            note: &note,
            confirm: &confirm,
            error_heading: &error_heading,
            error_note: &error_note,
        };
        let (heading, note) = explained(ServicePattern::Login, &texts);
        ProbeService {
            id: "https://img.test/auth/v2/probe/images/a%2Fb".to_owned(),
            with_profile,
            error_heading: heading,
            error_note: note,
            access: vec![AccessService::new(ServicePattern::Login, &texts, "Example Archive", addresses())],
        }
    }

    fn nothing() -> (Texts, AccessService) {
        let empty = Texts::new();
        let texts = ServiceTexts {
            label: &empty,
            heading: &empty,
            note: &empty,
            confirm: &empty,
            error_heading: &empty,
            error_note: &empty,
        };
        let service = AccessService::new(ServicePattern::Login, &texts, "Example Archive", addresses());
        (empty, service)
    }

    #[test]
    fn a2_03_to_a2_14_a2_23_a2_24_a2_42_a2_58_a2_59_the_description() {
        assert_eq!(
            probe_service(&probe(false), ImageApi::Three),
            json!({
                "id": "https://img.test/auth/v2/probe/images/a%2Fb",
                "type": "AuthProbeService2",
                "errorHeading": { "en": ["Members only"] },
                "errorNote": { "en": ["Ask us"] },
                "service": [{
                    "id": "https://img.test/auth/v2/access/staff",
                    "type": "AuthAccessService2",
                    "profile": "active",
                    "label": { "de": ["Personal (Example Archive)"], "en": ["Staff (Example Archive)"] },
                    "heading": { "en": ["Please log in"] },
                    "note": { "en": ["For members only"] },
                    "confirmLabel": { "de": ["Anmelden"] },
                    "service": [
                        {
                            "id": "https://img.test/auth/v2/token",
                            "type": "AuthAccessTokenService2",
                            "errorHeading": { "en": ["Members only"] },
                            "errorNote": { "en": ["Ask us"] },
                        },
                        {
                            "id": "https://img.test/auth/logout",
                            "type": "AuthLogoutService2",
                            "label": { "en": ["Logout from Example Archive"] },
                        },
                    ],
                }],
            })
        );
    }

    #[test]
    fn a2_06_the_context_stands_inside_in_version_2_documents_only() {
        assert_eq!(probe_service(&probe(false), ImageApi::Two)["@context"], CONTEXT);
        let three = probe_service(&probe(true), ImageApi::Three);
        assert!(!three.to_string().contains("@context"), "{three}");
    }

    #[test]
    fn p_b_1_a_probe_beside_version_1_has_a_profile() {
        for document in [ImageApi::Two, ImageApi::Three] {
            assert_eq!(probe_service(&probe(true), document)["profile"], PROBE_PROFILE);
            assert!(probe_service(&probe(false), document).get("profile").is_none());
        }
    }

    #[test]
    fn a2_08_a2_09_a2_10_the_profile_says_what_a_viewer_does() {
        let empty = Texts::new();
        let label = map(&[("en", "Reading room")]);
        let texts = ServiceTexts {
            label: &label,
            heading: &label,
            note: &label,
            confirm: &empty,
            error_heading: &empty,
            error_note: &empty,
        };
        let of = |pattern| AccessService::new(pattern, &texts, "Example Archive", addresses()).json();
        let click = of(ServicePattern::Clickthrough);
        assert_eq!(
            (&click["profile"], &click["confirmLabel"]["en"][0]),
            (&json!("active"), &json!("I agree"))
        );
        assert_eq!(click["note"], json!({ "en": ["Reading room"] }));

        let kiosk = of(ServicePattern::Kiosk);
        assert_eq!(kiosk["profile"], "kiosk");
        assert_eq!(kiosk["id"], "https://img.test/auth/v2/access/staff");
        assert!(kiosk.get("label").is_none() && kiosk.get("note").is_none(), "nobody is shown any");

        let external = of(ServicePattern::External);
        assert_eq!(external["profile"], "external");
        assert!(external.get("id").is_none(), "A2-10");
        for service in [&click, &kiosk, &external] {
            assert_eq!(service["service"][0]["type"], "AuthAccessTokenService2", "A2-12");
            let note = &service["service"][0]["errorNote"]["en"][0];
            assert!(note.as_str().is_some_and(|note| !note.contains("Log in")), "{note}");
        }
    }

    #[test]
    fn a2_13_a2_25_a_condition_without_texts_gets_what_is_demanded() {
        let service = nothing().1.json();
        assert_eq!(service["label"], json!({ "en": ["Login to Example Archive"] }));
        assert_eq!(service["confirmLabel"], json!({ "en": ["Login"] }));
        assert!(service.get("heading").is_none() && service.get("note").is_none());
        assert_eq!(service["service"][0]["errorHeading"], json!({ "en": ["No access"] }));
        assert!(service["service"][0]["errorNote"]["en"][0].is_string());
    }

    #[test]
    fn a2_44_a2_53_a2_54_what_a_probe_says() {
        assert_eq!(
            probe_result(Status::Given, None),
            json!({ "@context": CONTEXT, "type": "AuthProbeResult2", "status": 200 })
        );
        for (status, code) in [(Status::MoreNeeded, 401), (Status::Refused, 403), (Status::Unknown, 404)] {
            let result = probe_result(status, None);
            assert_eq!(result["status"], json!(code));
            for key in ["heading", "note"] {
                assert!(result[key]["en"][0].as_str().is_some_and(|text| !text.is_empty()), "{result}");
            }
            assert!(result.get("location").is_none() && result.get("substitute").is_none(), "A2-46, A2-50");
        }
    }

    #[test]
    fn a2_55_the_conditions_own_texts_are_what_a_probe_says_where_a_login_helps() {
        let (empty, _) = nothing();
        let (heading, note) = (map(&[("de", "Nur f\u{fc}r Personal")]), map(&[("de", "Fragen Sie uns")]));
        let texts = ServiceTexts {
            label: &empty,
            heading: &empty,
            note: &empty,
            confirm: &empty,
            error_heading: &heading,
            error_note: &note,
        };
        let result = probe_result(Status::MoreNeeded, Some((ServicePattern::Login, &texts)));
        assert_eq!(result["heading"], json!({ "de": ["Nur f\u{fc}r Personal"] }));
        assert_eq!(result["note"], json!({ "de": ["Fragen Sie uns"] }));
        assert_eq!(
            probe_result(Status::Refused, Some((ServicePattern::Login, &texts))),
            probe_result(Status::Refused, None)
        );
        assert_eq!(
            probe_result(Status::Given, Some((ServicePattern::Login, &texts))),
            probe_result(Status::Given, None)
        );
    }

    #[test]
    fn a2_31_to_a2_34_the_message_with_a_token() {
        let message_id = MessageId::parse("42").unwrap();
        assert_eq!(
            token_message("t0ken", 300, &message_id),
            json!({
                "@context": CONTEXT,
                "type": "AuthAccessToken2",
                "messageId": "42",
                "accessToken": "t0ken",
                "expiresIn": 300,
            })
        );
        assert!(token_message("t0ken", 0, &message_id).get("expiresIn").is_none());
    }

    #[test]
    fn a2_39_a2_40_a2_41_the_messages_without_one() {
        let all = [
            (TokenError::InvalidRequest, "invalidRequest"),
            (TokenError::InvalidOrigin, "invalidOrigin"),
            (TokenError::MissingAspect, "missingAspect"),
            (TokenError::InvalidAspect, "invalidAspect"),
            (TokenError::ExpiredAspect, "expiredAspect"),
            (TokenError::Unavailable, "unavailable"),
        ];
        for (error, profile) in all {
            let message = token_error(error, MessageId::parse("m").ok().as_ref());
            for (key, value) in [
                ("@context", CONTEXT),
                ("type", "AuthAccessTokenError2"),
                ("profile", profile),
                ("messageId", "m"),
            ] {
                assert_eq!(message[key], value);
            }
            let texts = ["heading", "note"].map(|key| message[key]["en"][0].is_string());
            assert_eq!(texts, [error != TokenError::MissingAspect; 2], "{message}");
        }
        assert_eq!(token_error(TokenError::InvalidRequest, None)["messageId"], "");
    }
}
