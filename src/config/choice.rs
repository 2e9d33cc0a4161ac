//! Settings that are one of a few words, or a plain text.

use secrecy::SecretString;

use super::value::{self, Wrong};
use super::{LogFormat, SelfRegistration, TokenOpens};

pub(super) fn organisation(text: &str) -> Result<String, Wrong> {
    if text.is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
        return value::wrong(
            "is empty, longer than 200 characters or has control characters",
            "write a plain name",
        );
    }
    Ok(text.to_owned())
}

pub(super) fn database_url(text: &str) -> Result<SecretString, Wrong> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        return Ok(text.into());
    }
    value::wrong(
        "names no database that Tilegate can use",
        "write sqlite:path/to/file.db or postgres://user:password@host/database",
    )
}

pub(super) fn token_opens(text: &str) -> Result<TokenOpens, Wrong> {
    match text {
        "description" => Ok(TokenOpens::Description),
        "content" => value::wrong("content is not available in this version", "leave it out"),
        other => value::wrong(format!("{} is unknown", value::quoted(other)), "write description"),
    }
}

pub(super) fn self_registration(text: &str) -> Result<SelfRegistration, Wrong> {
    match text {
        "off" => Ok(SelfRegistration::Off),
        "approved" => Ok(SelfRegistration::Approved),
        other => value::wrong(format!("{} is unknown", value::quoted(other)), "write off or approved"),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, Wrong> {
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) if !text.is_empty() => Ok(text.to_owned()),
        _ => value::wrong(
            format!("{} is no log filter", value::quoted(text)),
            "write error, warn, info or debug",
        ),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Wrong> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => value::wrong(format!("{} is unknown", value::quoted(other)), "write text or json"),
    }
}
