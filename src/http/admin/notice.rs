//! What was done, told on the page that a browser is sent on to afterwards, once.

use actix_session::Session;
use askama::filters::Safe;

use crate::texts::Said;

const NOTICE: &str = "notice";
/// The session is a cookie, and browsers take no more than 4096 bytes.
const LONGEST: usize = 800;

/// Leaves a message for the next page.
pub fn leave(session: &Session, message: &Said) {
    let text = message.to_string();
    if text.len() <= LONGEST {
        // A message that does not arrive changes nothing of what it tells.
        let _ = session.insert(NOTICE, text);
    }
}

/// The message that was left, if any; it is gone then. It is HTML of ours, and was sealed in between.
pub fn take(session: &Session) -> Option<Safe<String>> {
    let text = session.get::<String>(NOTICE).ok().flatten()?;
    session.remove(NOTICE);
    Some(Safe(text))
}
