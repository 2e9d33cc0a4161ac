//! The words of the IIIF Authentication API 1.0: service descriptions, token
//! messages, and the parameters of its services.

use serde_json::{Map, Value, json};
use url::Url;

use super::service::{AuthService, ImageApi, ServicePattern};

/// The JSON-LD context of every cookie service; `http` by specification.
pub const CONTEXT: &str = "http://iiif.io/api/auth/1/context.json";
const TOKEN_PROFILE: &str = "http://iiif.io/api/auth/1/token";
const LOGOUT_PROFILE: &str = "http://iiif.io/api/auth/1/logout";

/// Longest `origin` parameter that is read, in bytes.
pub const MAX_ORIGIN: usize = 255;
/// Longest `messageId` parameter that is echoed, in bytes. Mirador sends its
/// token service's whole URL.
pub const MAX_MESSAGE_ID: usize = 2048;

/// The description of an access cookie service with its nested services
/// (sections 2.1.1, 2.2.1 and 2.3).
///
/// Documents of Image API 3 demand a type of every service (Image API 3.0,
/// section 5.7); in those of version 2 there is none. The context stands in both:
/// Auth 1.0 requires it, version 3 merely advises against it.
pub fn cookie_service(service: &AuthService, document: ImageApi) -> Value {
    let mut entry = Map::new();
    entry.insert("@context".to_owned(), json!(CONTEXT));
    entry.insert("@id".to_owned(), json!(service.id));
    put_type(&mut entry, document, "AuthCookieService1");
    entry.insert("profile".to_owned(), json!(profile(service.pattern)));
    entry.insert("label".to_owned(), json!(service.label));
    for (key, text) in [
        ("header", &service.heading),
        ("description", &service.note),
        ("confirmLabel", &service.confirm),
        ("failureHeader", &service.failure_heading),
        ("failureDescription", &service.failure_note),
    ] {
        if let Some(text) = text {
            entry.insert(key.to_owned(), json!(text));
        }
    }

    let mut token = Map::new();
    token.insert("@id".to_owned(), json!(service.token_id));
    put_type(&mut token, document, "AuthTokenService1");
    token.insert("profile".to_owned(), json!(TOKEN_PROFILE));
    let mut nested = vec![Value::Object(token)];

    if let Some(logout_id) = &service.logout_id {
        let mut logout = Map::new();
        logout.insert("@id".to_owned(), json!(logout_id));
        put_type(&mut logout, document, "AuthLogoutService1");
        logout.insert("profile".to_owned(), json!(LOGOUT_PROFILE));
        logout.insert("label".to_owned(), json!(service.logout_label));
        nested.push(Value::Object(logout));
    }
    entry.insert("service".to_owned(), Value::Array(nested));
    Value::Object(entry)
}

fn put_type(entry: &mut Map<String, Value>, document: ImageApi, name: &str) {
    if document == ImageApi::Three {
        entry.insert("@type".to_owned(), json!(name));
    }
}

fn profile(pattern: ServicePattern) -> &'static str {
    match pattern {
        ServicePattern::Login => "http://iiif.io/api/auth/1/login",
        ServicePattern::Clickthrough => "http://iiif.io/api/auth/1/clickthrough",
        ServicePattern::Kiosk => "http://iiif.io/api/auth/1/kiosk",
        ServicePattern::External => "http://iiif.io/api/auth/1/external",
    }
}

/// Why no token is given (section 2.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenError {
    /// The parameters cannot be read.
    InvalidRequest,
    /// There is no access cookie.
    MissingCredentials,
    /// There is one, and it does not count: unknown, altered, expired, revoked.
    InvalidCredentials,
    /// The viewer's origin is not allowed.
    InvalidOrigin,
    /// Anything else: the service cannot answer now.
    Unavailable,
}

impl TokenError {
    /// The word of the specification.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalidRequest",
            Self::MissingCredentials => "missingCredentials",
            Self::InvalidCredentials => "invalidCredentials",
            Self::InvalidOrigin => "invalidOrigin",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status of a direct JSON answer. The page that posts a message is
    /// 200 always (section 2.2.2). The specification demands "an appropriate"
    /// status and leaves the choice open.
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::MissingCredentials | Self::InvalidCredentials => 401,
            Self::InvalidOrigin => 403,
            Self::Unavailable => 503,
        }
    }

    /// One sentence for a person.
    pub fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest => "The request could not be understood.",
            Self::MissingCredentials => "You are not logged in.",
            Self::InvalidCredentials => "Your login has ended or is not valid. Please log in again.",
            Self::InvalidOrigin => "This viewer may not ask for access.",
            Self::Unavailable => "The service cannot answer now. Please try again later.",
        }
    }
}

/// The message that carries a token (sections 2.2.1 and 2.2.3).
///
/// `expires_in` is in seconds; zero is left out, since the specification allows
/// none and viewers read zero as "already over".
pub fn token_message(access_token: &str, expires_in: u64, message_id: Option<&MessageId>) -> Value {
    let mut message = Map::new();
    message.insert("accessToken".to_owned(), json!(access_token));
    if expires_in > 0 {
        message.insert("expiresIn".to_owned(), json!(expires_in));
    }
    put_message_id(&mut message, message_id);
    Value::Object(message)
}

/// The message that says why there is no token (section 2.2.4).
pub fn token_error(error: TokenError, message_id: Option<&MessageId>) -> Value {
    let mut message = Map::new();
    message.insert("error".to_owned(), json!(error.name()));
    message.insert("description".to_owned(), json!(error.description()));
    put_message_id(&mut message, message_id);
    Value::Object(message)
}

/// Always a string, as it came: viewers compare it with what they sent.
fn put_message_id(message: &mut Map<String, Value>, message_id: Option<&MessageId>) {
    if let Some(message_id) = message_id {
        message.insert("messageId".to_owned(), json!(message_id.0));
    }
}

/// JSON that may stand inside an HTML `<script>` element.
///
/// `<`, `>` and `&` can occur in strings only, so escaping them keeps the value;
/// U+2028 and U+2029 end a line in older JavaScript.
pub fn for_script(value: &Value) -> String {
    let plain = value.to_string();
    let mut escaped = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// What a viewer wants echoed in a message (section 2.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId(String);

/// Why a `messageId` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMessageId {
    #[error("the messageId is empty")]
    Empty,
    #[error("the messageId is longer than {MAX_MESSAGE_ID} bytes")]
    TooLong,
}

impl MessageId {
    /// Takes any text; it is only ever echoed by [`for_script`].
    ///
    /// # Errors
    /// If it is empty or longer than [`MAX_MESSAGE_ID`] bytes.
    pub fn parse(text: &str) -> Result<Self, BadMessageId> {
        match text.len() {
            0 => Err(BadMessageId::Empty),
            1..=MAX_MESSAGE_ID => Ok(Self(text.to_owned())),
            _ => Err(BadMessageId::TooLong),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The serialised origin of a viewer, as a browser compares it: `https://viewer.test:8443`.
///
/// It holds nothing but a scheme, a host of letters, digits and `.-_:[]`, and a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ViewerOrigin(String);

/// Why an `origin` parameter is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOrigin {
    #[error("the origin is empty")]
    Empty,
    #[error("the origin is longer than {MAX_ORIGIN} bytes")]
    TooLong,
    #[error("the origin does not begin with http:// or https://")]
    Scheme,
    #[error("the origin has more than a scheme, a host and a port")]
    MoreThanOrigin,
    #[error("the origin's host or port cannot be read")]
    Host,
}

impl ViewerOrigin {
    /// Reads `scheme://host[:port]`, with or without the trailing slash that the
    /// specification's own example has.
    ///
    /// # Errors
    /// Whatever cannot be the target of a message: `null`, `*`, other schemes,
    /// user information, a path, a query, a fragment.
    pub fn parse(text: &str) -> Result<Self, BadOrigin> {
        if text.is_empty() {
            return Err(BadOrigin::Empty);
        }
        if text.len() > MAX_ORIGIN {
            return Err(BadOrigin::TooLong);
        }
        let (scheme, rest) = text.split_once("://").ok_or(BadOrigin::Scheme)?;
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return Err(BadOrigin::Scheme);
        }
        // The URL parser is lenient (it drops tabs, reads `\` as `/` and skips empty
        // user information), so nothing of the kind may reach it.
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '\\', '@', '?', '#']) {
            return Err(BadOrigin::MoreThanOrigin);
        }
        if authority.contains(|character: char| {
            character.is_whitespace() || character.is_control() || matches!(character, '%' | '*')
        }) {
            return Err(BadOrigin::Host);
        }
        let url = Url::parse(&format!("{scheme}://{authority}/")).map_err(|_| BadOrigin::Host)?;
        let host = url.host_str().ok_or(BadOrigin::Host)?;
        // The parser lets quotes and brackets into a host; no registered name has them.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        if host.is_empty() || !host.bytes().all(plain) {
            return Err(BadOrigin::Host);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn login() -> AuthService {
        AuthService {
            pattern: ServicePattern::Login,
            id: "https://img.test/auth/iiif-login".to_owned(),
            label: "Login to Example Institution".to_owned(),
            heading: Some("Please log in".to_owned()),
            note: Some("For members only".to_owned()),
            confirm: Some("Login".to_owned()),
            failure_heading: Some("No access".to_owned()),
            failure_note: Some("Ask us".to_owned()),
            token_id: "https://img.test/auth/iiif-token".to_owned(),
            logout_id: Some("https://img.test/auth/logout".to_owned()),
            logout_label: "Logout from Example Institution".to_owned(),
        }
    }

    #[test]
    fn a1_02_to_a1_12_the_description_in_a_version_2_document() {
        assert_eq!(
            cookie_service(&login(), ImageApi::Two),
            json!({
                "@context": "http://iiif.io/api/auth/1/context.json",
                "@id": "https://img.test/auth/iiif-login",
                "profile": "http://iiif.io/api/auth/1/login",
                "label": "Login to Example Institution",
                "header": "Please log in",
                "description": "For members only",
                "confirmLabel": "Login",
                "failureHeader": "No access",
                "failureDescription": "Ask us",
                "service": [
                    {
                        "@id": "https://img.test/auth/iiif-token",
                        "profile": "http://iiif.io/api/auth/1/token"
                    },
                    {
                        "@id": "https://img.test/auth/logout",
                        "profile": "http://iiif.io/api/auth/1/logout",
                        "label": "Logout from Example Institution"
                    }
                ]
            })
        );
    }

    /// P-B 5: Image API 3 wants a type of each service, and Auth 1.0 its context.
    #[test]
    fn a1_02_version_3_documents_have_types_and_the_context() {
        let service = cookie_service(&login(), ImageApi::Three);
        assert_eq!(service["@context"], CONTEXT);
        assert_eq!(service["@type"], "AuthCookieService1");
        assert_eq!(service["service"][0]["@type"], "AuthTokenService1");
        assert_eq!(service["service"][1]["@type"], "AuthLogoutService1");
    }

    #[test]
    fn a1_04_each_pattern_has_its_profile() {
        for (pattern, word) in [
            (ServicePattern::Login, "login"),
            (ServicePattern::Clickthrough, "clickthrough"),
            (ServicePattern::Kiosk, "kiosk"),
            (ServicePattern::External, "external"),
        ] {
            let service = cookie_service(&AuthService { pattern, ..login() }, ImageApi::Two);
            assert_eq!(service["profile"], format!("http://iiif.io/api/auth/1/{word}"));
        }
    }

    #[test]
    fn a1_06_a1_07_a1_11_what_is_not_configured_is_absent() {
        let bare = AuthService {
            heading: None,
            note: None,
            confirm: None,
            failure_heading: None,
            failure_note: None,
            logout_id: None,
            ..login()
        };
        let service = cookie_service(&bare, ImageApi::Two);
        let keys: Vec<_> = service.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["@context", "@id", "profile", "label", "service"]);
        assert_eq!(service["service"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a1_23_a1_27_the_token_message() {
        assert_eq!(token_message("abc", 3600, None), json!({"accessToken": "abc", "expiresIn": 3600}));
        let id = MessageId::parse("1700000000000").unwrap();
        assert_eq!(
            token_message("abc", 3600, Some(&id)),
            json!({"accessToken": "abc", "expiresIn": 3600, "messageId": "1700000000000"})
        );
        assert_eq!(token_message("abc", 0, None), json!({"accessToken": "abc"}));
    }

    #[test]
    fn a1_29_a1_30_a1_31_the_error_message_and_its_status() {
        let table = [
            (TokenError::InvalidRequest, "invalidRequest", 400),
            (TokenError::MissingCredentials, "missingCredentials", 401),
            (TokenError::InvalidCredentials, "invalidCredentials", 401),
            (TokenError::InvalidOrigin, "invalidOrigin", 403),
            (TokenError::Unavailable, "unavailable", 503),
        ];
        let id = MessageId::parse("1").unwrap();
        for (error, word, status) in table {
            let message = token_error(error, Some(&id));
            assert_eq!(message["error"], word);
            assert_eq!(message["messageId"], "1");
            assert!(!message["description"].as_str().unwrap().is_empty());
            assert_eq!(error.status(), status);
            assert!(token_error(error, None).get("messageId").is_none());
        }
    }

    #[test]
    fn t2_x08_nothing_breaks_out_of_a_script() {
        let hostile = "</script><script>x//<!-- & \u{2028}\u{2029} \" \\ 'é";
        let script = for_script(&json!({ "messageId": hostile }));
        assert!(!script.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{script}");
        let back: Value = serde_json::from_str(&script).unwrap();
        assert_eq!(back["messageId"], hostile, "the value is the same");
    }

    #[test]
    fn a1_27_message_ids_are_bounded_and_otherwise_free() {
        assert_eq!(MessageId::parse(""), Err(BadMessageId::Empty));
        assert!(MessageId::parse(&"x".repeat(MAX_MESSAGE_ID)).is_ok());
        assert_eq!(MessageId::parse(&"x".repeat(MAX_MESSAGE_ID + 1)), Err(BadMessageId::TooLong));
        for id in ["https://img.test/auth/v1/token", "1", "ünï", "</script><script>x"] {
            assert_eq!(MessageId::parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn a1_28_t1_x09_origins_are_serialised() {
        for (given, origin) in [
            ("https://viewer.test", "https://viewer.test"),
            ("https://viewer.test/", "https://viewer.test"),
            ("HTTPS://Viewer.Test", "https://viewer.test"),
            ("https://viewer.test:443", "https://viewer.test"),
            ("https://viewer.test:8443/", "https://viewer.test:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:8000", "http://[::1]:8000"),
            ("http://192.0.2.7", "http://192.0.2.7"),
            ("https://bücher.test", "https://xn--bcher-kva.test"),
            ("https://my_host.test", "https://my_host.test"),
        ] {
            assert_eq!(ViewerOrigin::parse(given).as_ref().map(ViewerOrigin::as_str), Ok(origin), "{given}");
        }
    }

    #[test]
    fn t1_x08_x09_whatever_is_no_origin_is_refused() {
        for (given, reason) in [
            ("", BadOrigin::Empty),
            ("null", BadOrigin::Scheme),
            ("*", BadOrigin::Scheme),
            ("javascript:alert(1)", BadOrigin::Scheme),
            ("javascript://viewer.test", BadOrigin::Scheme),
            ("file:///etc/passwd", BadOrigin::Scheme),
            ("data:text/html,x", BadOrigin::Scheme),
            ("ftp://viewer.test", BadOrigin::Scheme),
            ("viewer.test", BadOrigin::Scheme),
            ("//viewer.test", BadOrigin::Scheme),
            ("https:viewer.test", BadOrigin::Scheme),
            (" https://viewer.test", BadOrigin::Scheme),
            ("https://user@viewer.test", BadOrigin::MoreThanOrigin),
            ("https://@viewer.test", BadOrigin::MoreThanOrigin),
            ("https://viewer.test/app", BadOrigin::MoreThanOrigin),
            ("https://viewer.test//", BadOrigin::MoreThanOrigin),
            ("https:///viewer.test", BadOrigin::MoreThanOrigin),
            ("https://viewer.test?", BadOrigin::MoreThanOrigin),
            ("https://viewer.test/?x", BadOrigin::MoreThanOrigin),
            ("https://viewer.test#", BadOrigin::MoreThanOrigin),
            ("https://viewer.test\\", BadOrigin::MoreThanOrigin),
            ("https://a.test\");alert(1)//", BadOrigin::MoreThanOrigin),
            ("https://a.test\");alert(1)", BadOrigin::Host),
            ("https://a.test'", BadOrigin::Host),
            ("https://*", BadOrigin::Host),
            ("https://*.viewer.test", BadOrigin::Host),
            ("https://vie%77er.test", BadOrigin::Host),
            ("https://viewer.test\n", BadOrigin::Host),
            ("https://vie\twer.test", BadOrigin::Host),
            ("https://", BadOrigin::Host),
            ("https:///", BadOrigin::Host),
            ("https://:443", BadOrigin::Host),
            ("https://viewer.test:99999", BadOrigin::Host),
            ("https://viewer.test:x", BadOrigin::Host),
        ] {
            assert_eq!(ViewerOrigin::parse(given), Err(reason), "{given:?}");
        }
        let long = format!("https://{}.test", "a".repeat(MAX_ORIGIN));
        assert_eq!(ViewerOrigin::parse(&long), Err(BadOrigin::TooLong));
    }

    proptest! {
        /// an accepted origin is fit for a script, and is its own serialisation.
        #[test]
        fn x09_an_accepted_origin_is_plain_and_stable(text in "(https?://)?[ -~é]{0,24}(:[0-9]{1,5})?/?") {
            if let Ok(origin) = ViewerOrigin::parse(&text) {
                prop_assert!(origin.as_str().starts_with("http"));
                prop_assert!(!origin.as_str().contains(['<', '>', '&', '"', '\'', '*', '@', '?', '#', '%', ' ']));
                let again = ViewerOrigin::parse(origin.as_str());
                prop_assert_eq!(again.as_ref(), Ok(&origin));
            }
        }

        #[test]
        fn t2_script_json_reads_back_as_the_same_value(text in any::<String>()) {
            let value = json!({ "messageId": text });
            let script = for_script(&value);
            let breaks_out = script.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
            prop_assert!(!breaks_out, "{}", script);
            prop_assert_eq!(serde_json::from_str::<Value>(&script).unwrap(), value);
        }
    }
}
