//! Which messages belong to the fields of a condition.

use crate::policy::condition::Pattern;

pub(super) fn pattern_hint(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Open => "conditions-hint-open",
        Pattern::Clickthrough => "conditions-hint-clickthrough",
        Pattern::Login => "conditions-hint-login",
        Pattern::Kiosk => "conditions-hint-kiosk",
        Pattern::External => "conditions-hint-external",
        Pattern::Closed => "conditions-hint-closed",
    }
}

pub(super) fn field_message(field: &str) -> &'static str {
    match field {
        "label" => "conditions-label",
        "heading" => "conditions-heading",
        "note" => "conditions-note",
        "confirm" => "conditions-confirm",
        "error_heading" => "conditions-error-heading",
        "error_note" => "conditions-error-note",
        "thumbnail_px" => "conditions-thumbnail-px",
        "thumbnail_sizes" => "conditions-thumbnail-sizes",
        "substitute_px" => "conditions-substitute-px",
        "networks" => "conditions-networks",
        _ => "conditions-pattern",
    }
}

pub(super) fn text_hint(field: &str) -> &'static str {
    match field {
        "label" => "conditions-label-hint",
        "heading" => "conditions-heading-hint",
        "note" => "conditions-note-hint",
        "confirm" => "conditions-confirm-hint",
        "error_heading" => "conditions-error-heading-hint",
        _ => "conditions-error-note-hint",
    }
}
