//! The image server behind the mount: it remembers what it was asked for, and says
//! everything a careless one says.

use crate::server::{Answer, Request, Server};

/// Every image's bytes; where they appear, an image got through.
pub(crate) const IMAGE: &[u8] = b"\xff\xd8 the bytes of a protected image";

/// Answers every path with the image, and with headers that must not get out.
pub(crate) fn images() -> Server {
    Server::tcp(talkative)
}

fn talkative(_: &Request) -> Answer {
    Answer::new(200)
        .with("Content-Type", "image/jpeg")
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Credentials", "true")
        .with("Access-Control-Expose-Headers", "X-Secret")
        .with("Cache-Control", "public, max-age=86400")
        .with("Expires", "Thu, 31 Dec 2037 23:55:55 GMT")
        .with("Set-Cookie", "origin=1")
        .with("Server", "careless/1.0")
        .with("X-Powered-By", "Careless")
        .with("Vary", "Accept")
        .body(IMAGE)
}

/// Answers everything as told.
pub(crate) fn answering(answer: Answer) -> Server {
    Server::tcp(move |_| answer.clone())
}
