//! What an authentication service is, whatever the version of the specification.
//!
//! [`auth1`](super::auth1) and [`auth2`](super::auth2) write it as JSON. For version 1.0,
//! which knows one plain string per field, the texts were chosen from the condition's
//! language maps before.

use std::collections::BTreeMap;

/// Which version of the IIIF Image API a document is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageApi {
    Two,
    Three,
}

impl ImageApi {
    /// The type of an image service of this version, for those who refer to one.
    pub fn service_type(self) -> &'static str {
        match self {
            Self::Two => "ImageService2",
            Self::Three => "ImageService3",
        }
    }
}

/// How a visitor gets what the service gives (IIIF Authentication API 1.0, section 2.1), in the order in
/// which viewers are to try them: what asks nothing of a person comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServicePattern {
    External,
    Kiosk,
    Clickthrough,
    Login,
}

impl ServicePattern {
    /// What a visitor without access is told where the condition has no texts of its own:
    /// a heading and a sentence.
    pub(super) fn default_error(self) -> (&'static str, &'static str) {
        match self {
            Self::Login => ("No access", "Log in with an account that may see this."),
            Self::Clickthrough => {
                ("No access", "This can be seen by everybody who accepts the terms of use.")
            }
            Self::Kiosk => ("No access", "This can be seen on the premises, at a computer set up for it."),
            Self::External => ("No access", "This can be seen from certain networks only."),
        }
    }
}

/// One access service of version 1.0 with its token service and, where there is one, its
/// logout service.
///
/// The three `id`s are absolute URLs without a query: viewers append `?origin=`
/// to them blindly (Mirador, Universal Viewer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthService {
    pub pattern: ServicePattern,
    pub id: String,
    /// Never empty, and names the institution (section 2.1.1).
    pub label: String,
    pub heading: Option<String>,
    pub note: Option<String>,
    pub confirm: Option<String>,
    pub failure_heading: Option<String>,
    pub failure_note: Option<String>,
    pub token_id: String,
    pub logout_id: Option<String>,
    pub logout_label: String,
}

/// Where a service is found; absolute URLs without a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAddresses {
    /// Also for the external pattern, where clients must ignore it: Mirador never
    /// asks for a token if it is missing.
    pub access: String,
    pub token: String,
    pub logout: Option<String>,
}

/// A condition's texts, each by language tag.
#[derive(Clone, Copy, Debug)]
pub struct ServiceTexts<'a> {
    pub label: &'a BTreeMap<String, String>,
    pub heading: &'a BTreeMap<String, String>,
    pub note: &'a BTreeMap<String, String>,
    pub confirm: &'a BTreeMap<String, String>,
    pub error_heading: &'a BTreeMap<String, String>,
    pub error_note: &'a BTreeMap<String, String>,
}

impl AuthService {
    /// A service with the English texts, or whatever there is: a document is the same for everybody,
    /// and version 1.0 has room for one language.
    ///
    /// What the condition leaves empty gets a text that fits the pattern. A label
    /// that does not name the organisation gets the name appended, because a label
    /// must say where one is logging in (section 2.1.1).
    pub fn new(
        pattern: ServicePattern,
        texts: &ServiceTexts<'_>,
        organisation: &str,
        addresses: ServiceAddresses,
    ) -> Self {
        let text = |map| in_language(map, &["en"]).map(str::to_owned);
        let label = match in_language(texts.label, &["en"]) {
            None => default_label(pattern, organisation),
            Some(label) => named_label(label, organisation),
        };
        Self {
            pattern,
            id: addresses.access,
            label,
            heading: text(texts.heading),
            note: text(texts.note),
            confirm: text(texts.confirm).or_else(|| default_confirm(pattern).map(str::to_owned)),
            failure_heading: text(texts.error_heading),
            failure_note: text(texts.error_note),
            token_id: addresses.token,
            logout_id: addresses.logout,
            logout_label: format!("Logout from {organisation}"),
        }
    }
}

/// The text in the first of the wanted languages that there is, or of the same primary language; else
/// in English, else the first there is. Blank texts count as missing.
pub fn in_language<'a>(map: &'a BTreeMap<String, String>, wanted: &[&str]) -> Option<&'a str> {
    let filled =
        || map.iter().map(|(tag, text)| (tag.as_str(), text.trim())).filter(|(_, text)| !text.is_empty());
    let find = |matches: &dyn Fn(&str) -> bool| filled().find(|(tag, _)| matches(tag)).map(|(_, text)| text);
    let in_one = |wanted: &str| {
        find(&|tag| tag.eq_ignore_ascii_case(wanted))
            .or_else(|| find(&|tag| primary(tag).eq_ignore_ascii_case(primary(wanted))))
    };
    wanted
        .iter()
        .find_map(|wanted| in_one(wanted))
        .or_else(|| find(&|tag| tag.eq_ignore_ascii_case("en")))
        .or_else(|| find(&|tag| primary(tag).eq_ignore_ascii_case("en")))
        .or_else(|| filled().next().map(|(_, text)| text))
}

/// `de` of `de-AT`.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The label with the institution's name in it.
pub(super) fn named_label(label: &str, organisation: &str) -> String {
    if label.to_lowercase().contains(&organisation.to_lowercase()) {
        label.to_owned()
    } else {
        format!("{label} ({organisation})")
    }
}

pub(super) fn default_label(pattern: ServicePattern, organisation: &str) -> String {
    match pattern {
        ServicePattern::Login => format!("Login to {organisation}"),
        ServicePattern::Clickthrough => format!("Terms of use of {organisation}"),
        ServicePattern::Kiosk => format!("Access on the premises of {organisation}"),
        ServicePattern::External => format!("Access given by {organisation}"),
    }
}

/// Kiosk and external services show no button.
pub(super) fn default_confirm(pattern: ServicePattern) -> Option<&'static str> {
    match pattern {
        ServicePattern::Login => Some("Login"),
        ServicePattern::Clickthrough => Some("I agree"),
        ServicePattern::Kiosk | ServicePattern::External => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
    }

    fn labelled(pattern: ServicePattern, label: &[(&str, &str)]) -> AuthService {
        let (label, empty) = (map(label), BTreeMap::new());
        let texts = ServiceTexts {
            label: &label,
            heading: &empty,
            note: &empty,
            confirm: &empty,
            error_heading: &empty,
            error_note: &empty,
        };
        let addresses = ServiceAddresses {
            access: "https://img.test/auth/iiif-login".to_owned(),
            token: "https://img.test/auth/iiif-token".to_owned(),
            logout: None,
        };
        AuthService::new(pattern, &texts, "Example Archive", addresses)
    }

    #[test]
    fn a1_05_every_label_names_the_institution() {
        use ServicePattern::{Clickthrough, External, Kiosk, Login};
        for pattern in [Login, Clickthrough, Kiosk, External] {
            for label in [&[][..], &[("en", "Library staff")], &[("en", "  ")], &[("de", "Personal")]] {
                let service = labelled(pattern, label);
                assert!(service.label.contains("Example Archive"), "{}", service.label);
            }
        }
        assert_eq!(labelled(Login, &[]).label, "Login to Example Archive");
        assert_eq!(labelled(Login, &[("en", "Library staff")]).label, "Library staff (Example Archive)");
        let named = labelled(Login, &[("en", "Staff of the example archive")]);
        assert_eq!(named.label, "Staff of the example archive");
    }

    #[test]
    fn the_wanted_language_wins_then_its_primary_language_then_english_then_any() {
        let texts = map(&[("de", "Personal"), ("en", "Staff"), ("fr", " ")]);
        assert_eq!(in_language(&texts, &["de"]), Some("Personal"));
        assert_eq!(in_language(&texts, &["de-AT"]), Some("Personal"));
        assert_eq!(in_language(&texts, &["DE"]), Some("Personal"));
        assert_eq!(in_language(&texts, &["fr"]), Some("Staff"), "a blank text counts as missing");
        assert_eq!(in_language(&texts, &["nl"]), Some("Staff"));
        assert_eq!(in_language(&map(&[("en-GB", "Staff"), ("de", "Personal")]), &["nl"]), Some("Staff"));
        assert_eq!(in_language(&map(&[("cy", "Staff")]), &["nl"]), Some("Staff"));
        assert_eq!(in_language(&texts, &["nl", "de-CH", "en"]), Some("Personal"), "in the order of the wish");
        assert_eq!(in_language(&texts, &[]), Some("Staff"));
        assert_eq!(in_language(&map(&[]), &["en"]), None);
    }

    #[test]
    fn a1_06_a_login_has_a_button_text_and_a_kiosk_has_none() {
        assert_eq!(labelled(ServicePattern::Login, &[]).confirm.as_deref(), Some("Login"));
        assert_eq!(labelled(ServicePattern::Kiosk, &[]).confirm, None);
    }
}
