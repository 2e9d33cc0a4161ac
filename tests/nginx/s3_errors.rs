//! What a bucket must never be asked, and what becomes of its errors.

use std::time::{Duration, Instant};

use crate::s3::{KEY, POLICY, fetched, is_clean, with_keys};
use crate::server::{Answer, Request, Server};
use crate::service::{Service, log_in, prepare};
use crate::site::{HOST, Site};

fn start(bucket: &Server) -> (Service, Site) {
    let typed = format!("s3 /volumes/ http://{}/ bucket=vol region=r style=path", bucket.address());
    with_keys(prepare().mount("VOLUMES", &typed), "VOLUMES", KEY).start(POLICY)
}

#[test]
fn p2_nothing_but_one_object_is_ever_asked_of_the_bucket() {
    let bucket = Server::tcp(|_: &Request| Answer::new(200).body(b"lies-there"));
    let (_service, site) = start(&bucket);
    let cookie = log_in(&site);
    bucket.forget();
    for (rest, statuses) in [
        // Lists.
        ("", &[403][..]),
        ("?list-type=2", &[403]),
        ("?acl", &[403]),
        ("open/", &[403]),
        ("open/?prefix=private", &[403]),
        // Other objects, other buckets.
        ("open/../private/letter.bin", &[403]),
        ("open/..%2fprivate/letter.bin", &[403]),
        ("open/%2e%2e/private/letter.bin", &[403]),
        ("open%2F..%2Fprivate%2Fletter.bin", &[403]),
        ("open/./song.bin", &[403]),
        ("open//song.bin", &[403]),
        ("open/..%5cprivate", &[403]),
        ("open/..%252fprivate", &[403]),
        ("open/%00", &[400, 403]),
        ("open/a%0d%0aX-Amz-Acl:%20public-read", &[403]),
        ("../other/a.bin", &[404]),
        ("..%2fother/a.bin", &[404]),
        ("elsewhere.bin", &[403]),
    ] {
        for cookie in ["a=1", &cookie] {
            let reply = site.ask("GET", &format!("/volumes/{rest}"), &[("Cookie", cookie)]);
            assert!(statuses.contains(&reply.status), "{rest}: {reply:?}");
            assert!(!String::from_utf8_lossy(&reply.body).contains("lies-"), "{rest}");
        }
    }
    let long = format!("/volumes/open/{}", "a".repeat(1100));
    assert_eq!(site.get(&long).status, 403);
    assert_eq!(site.get("/volumes/private/letter.bin").status, 401);
    for method in ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"] {
        let request = format!(
            "{method} /volumes/open/song.bin?uploads HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Length: 5\r\n\r\nhello"
        );
        assert_eq!(site.send(request.as_bytes()).status, 405, "{method}");
    }
    let preflight = site.ask("OPTIONS", "/volumes/private/letter.bin", &[("Origin", "https://viewer.test")]);
    assert_eq!((preflight.status, preflight.body.len()), (204, 0), "X-02");
    assert_eq!(preflight.all("Access-Control-Allow-Headers"), ["Authorization, Range"]);
    assert_eq!(fetched(&bucket).len(), 0, "{:?}", fetched(&bucket));
    assert_eq!(site.get("/volumes/open/song.bin").status, 200);
    assert_eq!(fetched(&bucket).len(), 1);
}

#[test]
fn errors_of_a_bucket_say_nothing_of_it() {
    let bucket = Server::tcp(|request: &Request| {
        let status = request.target.rsplit('/').next().unwrap().parse().unwrap_or(404);
        Answer::new(status)
            .with("Content-Type", "application/xml")
            .with("Location", "https://other.test/")
            .with("WWW-Authenticate", "Basic realm=bucket")
            .with("x-amz-request-id", "R")
            .with("Content-Range", "bytes */9")
            .body(format!("<?xml?><Error><AWSAccessKeyId>{}</AWSAccessKeyId></Error>", KEY.0).as_bytes())
    });
    let (_service, site) = start(&bucket);
    for (status, becomes) in [
        (403, 404),
        (404, 404),
        (410, 404),
        (416, 416),
        (301, 502),
        (307, 502),
        (400, 502),
        (401, 502),
        (405, 502),
        (409, 502),
        (412, 502),
        (429, 502),
        (500, 502),
        (501, 502),
        (503, 502),
        (520, 502),
    ] {
        let reply = site.get(&format!("/volumes/open/{status}"));
        is_clean(&reply);
        assert_eq!((reply.status, reply.body.len()), (becomes, 0), "{status}");
        assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{status}");
        assert_eq!(reply.all("Location").len(), 0, "{status}: {reply:?}");
    }
    // The check's own refusals stay what they are.
    let reply = site.get("/volumes/private/403");
    assert_eq!((reply.status, reply.all("WWW-Authenticate").len()), (401, 1));
    assert_eq!(site.get("/volumes/elsewhere").status, 403);
    assert_eq!(fetched(&bucket).len(), 16);
}

#[test]
fn a_bucket_that_does_not_answer_is_waited_for_in_bounds() {
    let bucket = Server::tcp(|request: &Request| {
        if request.target.ends_with("slow") {
            std::thread::sleep(Duration::from_secs(25));
        }
        Answer::new(200).body(b"late")
    });
    let (_service, site) = start(&bucket);
    let begin = Instant::now();
    let reply = site.get("/volumes/open/slow");
    is_clean(&reply);
    assert_eq!((reply.status, reply.body.len()), (502, 0));
    assert!(begin.elapsed() < Duration::from_secs(19), "{:?}", begin.elapsed());
    bucket.stop();
    assert_eq!(site.get("/volumes/open/gone").status, 502);
}
