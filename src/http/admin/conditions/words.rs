//! Which messages belong to the fields of a condition, and to what it would open.

use crate::policy::condition::Pattern;
use crate::policy::opening::Opening;
use crate::texts::{Said, Texts};

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

/// What would be open to whom.
pub(super) fn opening_in_words(t: Texts, opening: &Opening) -> Said {
    match opening {
        Opening::Everybody => t.say("conditions-opens-everybody"),
        Opening::WhoeverAccepts => t.say("conditions-opens-clickthrough"),
        Opening::Computers => t.say("conditions-opens-kiosk"),
        Opening::Holders => t.say("conditions-opens-holders"),
        Opening::Thumbnail(pixels) => t.say("conditions-opens-thumbnail").number("pixels", *pixels),
        Opening::Thumbnails(sizes) => {
            let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            t.say("conditions-opens-thumbnails").with("sizes", sizes.join(", "))
        }
        Opening::Substitute(pixels) => t.say("conditions-opens-substitute").number("pixels", *pixels),
        Opening::Networks(networks) => {
            let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
            t.say("conditions-opens-networks").with("networks", networks.join(", "))
        }
    }
}
