//! How viewers show a condition's texts: as they are told them by IIIF Authentication 1.0, which has one language.
//!
//! Mirador shows the label in a bar and unfolds heading, note and button below it; Universal Viewer shows heading, note and
//! button in a dialogue. Where somebody is let in without a question they show a text only if that fails.

use super::form::Typed;
use crate::iiif::service::{AuthService, ServiceAddresses, ServicePattern, ServiceTexts};
use crate::policy::condition::Pattern;

/// What viewers say.
pub struct Preview {
    pub label: String,
    pub heading: String,
    pub note: String,
    pub confirm: String,
    pub error_heading: String,
    pub error_note: String,
}

/// What stands there where nothing is typed, for the script that follows the typing.
pub struct Usual {
    pub pattern: &'static str,
    pub label: String,
    pub confirm: String,
    /// Whether viewers ask a person before.
    pub asks: bool,
}

impl Preview {
    /// `None`: viewers show nothing of it.
    pub fn of(typed: &Typed, organisation: &str) -> Option<Self> {
        let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.word() == typed.pattern)?;
        let service = service(typed, pattern.service()?, organisation);
        let text = |text: Option<String>| text.unwrap_or_default();
        Some(Self {
            label: service.label,
            heading: text(service.heading),
            note: text(service.note),
            confirm: text(service.confirm),
            error_heading: text(service.failure_heading),
            error_note: text(service.failure_note),
        })
    }
}

impl Usual {
    /// Of every pattern that viewers know.
    pub fn all(organisation: &str) -> Vec<Self> {
        let empty = Typed::empty();
        let known = Pattern::ALL.into_iter().filter_map(|pattern| Some((pattern, pattern.service()?)));
        let usual = known.map(|(pattern, of_viewers)| {
            let service = service(&empty, of_viewers, organisation);
            Self {
                pattern: pattern.word(),
                label: service.label,
                confirm: service.confirm.unwrap_or_default(),
                asks: matches!(of_viewers, ServicePattern::Login | ServicePattern::Clickthrough),
            }
        });
        usual.collect()
    }
}

fn service(typed: &Typed, pattern: ServicePattern, organisation: &str) -> AuthService {
    let [label, heading, note, confirm, error_heading, error_note] = &typed.maps();
    let texts = ServiceTexts { label, heading, note, confirm, error_heading, error_note };
    let addresses = ServiceAddresses { access: String::new(), token: String::new(), logout: None };
    AuthService::new(pattern, &texts, organisation, addresses)
}
