//! A stand-in for Tilegate that says what the test wants said. What is NGINX's part
//! of the contract is tested against it; the whole is tested with the real service.

use std::path::Path;

use crate::server::{Answer, Request, Server};

/// The path that [`allow`] hands back.
pub(crate) const HANDED: &str = "/inner/canonical%2Fname/full/max/0/default.jpg";

/// The check's answer to an allowed request.
pub(crate) fn allow() -> Answer {
    Answer::new(200)
        .with("X-Tilegate-Path", HANDED)
        .with("X-Tilegate-Basis", "rule")
        .with("X-Tilegate-Account", "00ff")
        .with("X-Tilegate-Cache", "private, max-age=60")
        .with("X-Tilegate-Origin", "*")
}

/// The check's answer to somebody whom logging in would help.
pub(crate) fn challenge() -> Answer {
    Answer::new(401)
        .with("WWW-Authenticate", "Bearer realm=\"Example\"")
        .with("X-Tilegate-Cache", "no-store")
        .with("X-Tilegate-Origin", "*")
}

/// The check's answer to everybody else.
pub(crate) fn refuse() -> Answer {
    Answer::new(403).with("X-Tilegate-Origin", "*")
}

/// Says this to every check, and something recognisable to everything else.
pub(crate) fn saying(answer: Answer) -> Server {
    Server::tcp(respond(move |_| answer.clone()))
}

/// The same on a Unix socket.
pub(crate) fn saying_on(path: &Path, answer: Answer) -> Server {
    Server::unix(path, respond(move |_| answer.clone()))
}

/// Decides every check by a function.
pub(crate) fn deciding(check: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Server {
    Server::tcp(respond(check))
}

fn respond(
    check: impl Fn(&Request) -> Answer + Send + Sync + 'static,
) -> impl Fn(&Request) -> Answer + Send + Sync + 'static {
    move |request| {
        if request.target == "/query_auth" {
            check(request)
        } else if request.target.starts_with("/description/") {
            Answer::new(401)
                .with("Content-Type", "application/json")
                .with("Access-Control-Allow-Origin", "*")
                .with("Cache-Control", "no-store")
                .body(b"{\"described\":true}")
        } else {
            Answer::new(200)
                .with("Content-Type", "text/html")
                .with("Set-Cookie", "session=1")
                .with("Content-Security-Policy", "default-src 'none'")
                .body(b"a page of Tilegate")
        }
    }
}
