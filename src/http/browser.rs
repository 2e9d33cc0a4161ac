//! Which browser a session is in, in a few plain words: what it calls itself is long and made for programs.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderValue, USER_AGENT};

use crate::texts::{Said, Texts};

/// More of it than this is not kept.
const LONGEST: usize = 200;

/// What the browser calls itself: one line, cut.
pub(super) fn agent(request: &HttpRequest) -> String {
    let bytes = request.headers().get(USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|character| !character.is_control()).take(LONGEST).collect()
}

/// A browser names those that it wants to be taken for as well, so what is rarer comes first.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    (super::basic::AGENT, super::basic::AGENT),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Browser and system, as far as we know them.
pub(super) fn described(agent: &str, t: Texts) -> Said {
    let known = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => {
            t.say("own-browser-and-system").with("browser", browser).with("system", system)
        }
        (Some(browser), None) => t.say("own-browser-alone").with("browser", browser),
        (None, Some(system)) => t.say("own-system-alone").with("system", system),
        (None, None) => t.say("own-browser-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn browsers_are_told_by_their_names() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.9", "curl"),
            ("", "Unknown browser"),
            ("<script>", "Unknown browser"),
        ] {
            let told = described(agent, Texts::ENGLISH).to_string();
            assert_eq!(told.replace("<bdi>", "").replace("</bdi>", ""), expected);
        }
    }

    #[test]
    fn s16_what_is_kept_of_it_is_one_short_line() {
        let long = format!("a\tb{}", "x".repeat(500));
        let request = TestRequest::default().insert_header(("User-Agent", long)).to_http_request();
        let agent = agent(&request);
        assert!(agent.starts_with("abx") && agent.chars().count() == LONGEST, "{agent}");
        assert_eq!(super::agent(&TestRequest::default().to_http_request()), "");
    }
}
