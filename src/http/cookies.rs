//! The only writer of `Set-Cookie` besides actix-session's middleware, which is
//! configured here too.

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::CookieSessionStore;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, Key, SameSite};

use super::Context;

/// As long as browsers keep any cookie; each visit of the kiosk service begins it anew.
const DEVICE_COOKIE_LIFE: Duration = Duration::days(400);

/// How cookies are named and scoped in this deployment.
///
/// `__Host-` ties a cookie to this one host; a parent domain needs `__Secure-` and
/// another name, so that the two never mix. Plain http on localhost can have
/// neither prefix nor `Secure` in every browser.
#[derive(Clone, Debug)]
pub struct CookieStyle {
    /// Name of the access cookie.
    pub access: String,
    /// Name of the device cookie.
    pub device: String,
    session: String,
    secure: bool,
    domain: Option<String>,
}

impl CookieStyle {
    /// The style for a public origin and an optional parent domain.
    pub fn new(https: bool, domain: Option<&str>) -> Self {
        let (access, session) = match (https, domain) {
            (true, Some(_)) => ("__Secure-tilegate_domain_access", "__Host-tilegate_session"),
            (true, None) => ("__Host-tilegate_access", "__Host-tilegate_session"),
            (false, _) => ("tilegate_access", "tilegate_session"),
        };
        Self {
            access: access.to_owned(),
            session: session.to_owned(),
            secure: https,
            device: if https { "__Host-tilegate_device" } else { "tilegate_device" }.to_owned(),
            domain: domain.map(str::to_owned).filter(|_| https),
        }
    }

    /// The access cookie: sent by viewers on other sites too, hence `SameSite=None`.
    pub fn access_cookie(&self, sealed: String, seconds: u64) -> Cookie<'static> {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.scoped(sealed, Duration::seconds(seconds))
    }

    /// Removes the access cookie: same name, path and domain.
    pub fn no_access_cookie(&self) -> Cookie<'static> {
        self.scoped(String::new(), Duration::ZERO)
    }

    /// The device cookie of an enrolled computer: always host-only. A viewer's window comes to the kiosk service
    /// by a navigation, with which a browser sends it; nothing else needs it.
    pub fn device_cookie(&self, sealed: String) -> Cookie<'static> {
        Cookie::build(self.device.clone(), sealed)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(DEVICE_COOKIE_LIFE)
            .finish()
    }

    fn scoped(&self, value: String, age: Duration) -> Cookie<'static> {
        let mut cookie = Cookie::build(self.access.clone(), value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(if self.secure { SameSite::None } else { SameSite::Lax })
            .max_age(age)
            .finish();
        if let Some(domain) = &self.domain {
            cookie.set_domain(domain.clone());
        }
        cookie
    }

    /// The session of the `/auth/` pages: always host-only, never sent across sites.
    pub fn session_middleware(&self, context: &Context, key: &Key) -> SessionMiddleware<CookieSessionStore> {
        let seconds = i64::try_from(context.settings.session_seconds).unwrap_or(i64::MAX);
        SessionMiddleware::builder(CookieSessionStore::default(), key.clone())
            .cookie_name(self.session.clone())
            .cookie_path("/".to_owned())
            .cookie_http_only(true)
            .cookie_secure(self.secure)
            .cookie_same_site(SameSite::Lax)
            .cookie_content_security(CookieContentSecurity::Private)
            .session_lifecycle(PersistentSession::default().session_ttl(Duration::seconds(seconds)))
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_x19_the_access_cookie_is_host_only_by_default() {
        let cookie = CookieStyle::new(true, None).access_cookie("v".into(), 60).to_string();
        assert_eq!(cookie, "__Host-tilegate_access=v; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=60");
        let cookie = CookieStyle::new(true, Some("example.org")).access_cookie("v".into(), 60).to_string();
        assert_eq!(
            cookie,
            "__Secure-tilegate_domain_access=v; HttpOnly; SameSite=None; Secure; Path=/; Domain=example.org; Max-Age=60"
        );
        let cookie = CookieStyle::new(false, None).no_access_cookie().to_string();
        assert_eq!(cookie, "tilegate_access=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }

    #[test]
    fn s3_the_device_cookie_is_host_only_and_stays_on_its_site() {
        for domain in [None, Some("example.org")] {
            let cookie = CookieStyle::new(true, domain).device_cookie("v".into()).to_string();
            let expected =
                "__Host-tilegate_device=v; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=34560000";
            assert_eq!(cookie, expected);
        }
        let cookie = CookieStyle::new(false, None).device_cookie("v".into()).to_string();
        assert_eq!(cookie, "tilegate_device=v; HttpOnly; SameSite=Lax; Path=/; Max-Age=34560000");
    }
}
