//! Passwords of accounts as HTTP Basic (RFC 7617), on mounts with `basic=accounts`: for programs that know nothing else.
//!
//! A password that is right becomes, for some minutes, what a login would have given: a sealed access cookie, which is
//! handed to nobody and is put in the place of the visitor's own. So whatever ends a login ends this too,
//! since each request is judged by that cookie against the present snapshot. What is remembered of the password
//! is a keyed hash under a key of this process.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use moka::future::Cache;
use secrecy::SecretString;
use sha2::Sha256;

use super::Context;
use super::admission::grant_for;
use super::authenticate::authenticate;
use crate::audit::Act;
use crate::clock;
use crate::credential::keyring::Purpose;
use crate::credential::sealed::Grant;
use crate::gate::request::Presented;
use crate::policy::mount::{Basic, Mount};
use crate::store::NewSession;

/// How long a right password is remembered, seconds.
const LIFE: u64 = 300;
/// So many are remembered; only right ones are.
const MOST: u64 = 10_000;
/// What is looked at of the name and the password, bytes.
const LONGEST: usize = 1600;
/// NGINX waits 5 s for an answer, and makes 500 of none.
const WAITS: Duration = Duration::from_secs(3);

/// What stands for the browser in the person's list of sessions.
pub(super) const AGENT: &str = "HTTP Basic";

type Fingerprint = [u8; 32];

/// Right passwords, by their fingerprints.
pub struct KnownPasswords {
    key: [u8; 32],
    is_heard: bool,
    /// What an access cookie would have in it.
    cookies: Cache<Fingerprint, Arc<str>>,
}

impl KnownPasswords {
    /// `key` is random, and of this process alone.
    pub fn new(mounts: &[Mount], key: [u8; 32]) -> Self {
        let cookies = Cache::builder().max_capacity(MOST).time_to_live(Duration::from_secs(LIFE));
        let is_heard = mounts.iter().any(|mount| mount.basic == Basic::Accounts);
        Self { key, is_heard, cookies: cookies.build() }
    }

    fn fingerprint(&self, pair: &str) -> Option<Fingerprint> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(pair.as_bytes());
        Some(mac.finalize().into_bytes().into())
    }
}

/// Why a password opens nothing; the visitor is not told.
#[derive(Clone, Copy, Debug)]
struct NotKnown;

/// What stands for the visitor's own cookies if name and password of an account came along: a `Cookie` header. For mounts
/// that hear them ([`is_heard`]). At first a bounded number of them is hashed at a time, as at a login, and slowed down as there.
pub async fn cookie_of(
    request: &HttpRequest,
    context: &Context,
    presented: &Presented<'_>,
) -> Option<String> {
    let pair = name_and_password(presented.authorization?)?;
    let known = &context.known_passwords;
    let fingerprint = known.fingerprint(&pair)?;
    // Twice: what was known may have ended, while the password is right for what the account is now.
    for _ in 0..2 {
        // Whoever else sends the same meanwhile waits for the same answer: a program with many connections
        // has its password checked once.
        let checking = known.cookies.try_get_with(fingerprint, check(request, context, &pair));
        let sealed = tokio::time::timeout(WAITS, checking).await.ok()?.ok()?;
        if counts(context, &sealed) {
            return Some(format!("{}={sealed}", context.cookies.access));
        }
        known.cookies.invalidate(&fingerprint).await;
    }
    None
}

/// Whether passwords of accounts are heard where this was asked for.
pub fn is_heard(context: &Context, presented: &Presented<'_>) -> bool {
    let hears =
        |mount: &Mount| mount.basic == Basic::Accounts && presented.mount == Some(mount.name.as_bytes());
    context.known_passwords.is_heard && context.settings.site.mounts.iter().any(hears)
}

fn counts(context: &Context, sealed: &str) -> bool {
    let now = clock::now();
    let snapshot = context.live.current();
    let opened =
        Grant::open(sealed.as_bytes(), &context.keyring, Purpose::AccessCookie, &snapshot.revocations, now);
    context.live.is_fresh(now) && opened.is_ok()
}

async fn check(request: &HttpRequest, context: &Context, pair: &str) -> Result<Arc<str>, NotKnown> {
    let (name, password) = pair.split_once(':').ok_or(NotKnown)?;
    let account = authenticate(request, context, name, SecretString::from(password)).await;
    let account = account.map_err(|_| NotKnown)?;
    // Nobody can send a code here, and nobody gets in without it.
    match context.store.second_factor(&account.id).await {
        Ok(None) => {}
        Ok(Some(_)) => {
            tracing::info!(account = %account.id, "a password over HTTP Basic is not enough: the account has a second factor");
            return Err(NotKnown);
        }
        Err(_) => return Err(NotKnown),
    }
    let grant = grant_for(context, &account, LIFE);
    // One of the person's sessions, which they see and end like the others.
    let session = NewSession {
        id: grant.session,
        account: account.id,
        generation: account.generation,
        expires: grant.expires,
        agent: AGENT.to_owned(),
    };
    match context.store.begin_session(&session, Act::of(account.id, grant.issued)).await {
        Ok(true) => {}
        Ok(false) | Err(_) => return Err(NotKnown),
    }
    let snapshot = context.live.current();
    let sealed = grant.seal(&context.keyring, Purpose::AccessCookie, &snapshot.revocations, clock::random());
    tracing::info!(account = %account.id, "the password of an account came with HTTP Basic");
    sealed.map(Arc::from).ok_or(NotKnown)
}

/// `name:password`, as RFC 7617 has it: the scheme in any case, the text in UTF-8.
fn name_and_password(header: &[u8]) -> Option<String> {
    let (scheme, rest) = header.trim_ascii().split_at_checked(5)?;
    let is_basic = scheme.eq_ignore_ascii_case(b"basic") && rest.first()?.is_ascii_whitespace();
    let encoded = rest.trim_ascii();
    if !is_basic || encoded.len() > LONGEST / 3 * 4 {
        return None;
    }
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok().filter(|pair| pair.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        name_and_password(text.as_bytes())
    }

    #[test]
    fn a_name_and_a_password_are_read_as_programs_send_them() {
        let encoded = |pair: &[u8]| STANDARD.encode(pair);
        let pair = "Jörg:pass: wörd";
        assert_eq!(of(&format!("Basic {}", encoded(pair.as_bytes()))).as_deref(), Some(pair));
        assert_eq!(of(&format!("bASIC  {} ", encoded(pair.as_bytes()))).as_deref(), Some(pair));
        for wrong in [
            String::new(),
            "Basic".to_owned(),
            "Basic ".to_owned(),
            "Basic !".to_owned(),
            format!("Bearer {}", encoded(pair.as_bytes())),
            format!("Basic{}", encoded(pair.as_bytes())),
            format!("Basic {}", encoded(b"nobody")),
            format!("Basic {}", encoded(b"a:\xff")),
            format!("Basic {}", encoded(format!("a:{}", "x".repeat(LONGEST)).as_bytes())),
        ] {
            assert_eq!(of(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn s16_a_fingerprint_is_of_one_process_and_tells_pairs_apart() {
        let (one, other) = (KnownPasswords::new(&[], [1; 32]), KnownPasswords::new(&[], [2; 32]));
        assert_eq!(one.fingerprint("a:b"), one.fingerprint("a:b"));
        assert_ne!(one.fingerprint("a:b"), other.fingerprint("a:b"));
        assert_ne!(one.fingerprint("a:b"), one.fingerprint("a:c"));
    }
}
