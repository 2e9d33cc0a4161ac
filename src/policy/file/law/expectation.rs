//! What a policy test must be.

use std::net::IpAddr;

use super::super::instant;
use super::super::problem::{Given, Problems, Sited, quoted};
use super::super::tree::Entry;
use super::{Known, known_conditions};
use crate::iiif::image_uri::MAX_PIXELS;
use crate::policy::condition::{CLOSED, OPEN};
use crate::policy::document::{Expect, PolicyTest};

/// The test, or `None` if it has a fault.
pub(in crate::policy::file) fn test(
    entry: &Entry<'_>,
    known: &Known<'_>,
    problems: &mut Problems,
) -> Option<PolicyTest> {
    let keys = ["url", "account_conditions", "address", "at", "method", "pass", "width", "height", "expect"];
    entry.refuse_unknown_keys(&keys, problems);
    let site = entry.site;
    let url = entry.text("url", problems);
    let url = url.required(site, "the test has no `url`", problems).and_then(|url| {
        let absolute = ["/", "http://", "https://"].iter().any(|start| url.value.starts_with(start));
        let sound = absolute && !url.value.contains(|c: char| c.is_whitespace() || c.is_control());
        if !sound {
            let message =
                format!("{} is no URL; begin with / or https:// and encode spaces", quoted(url.value));
            problems.add(url.site, message);
        }
        sound.then(|| url.value.to_owned())
    });
    let held = entry.texts("account_conditions", problems);
    let held = match &held {
        Given::Absent => Some(Vec::new()),
        Given::Unreadable => None,
        Given::Is(held) if held.value.is_empty() => Some(Vec::new()),
        Given::Is(held) => known_conditions(held, known, problems).filter(|_| can_be_held(held, problems)),
    };
    let address =
        optional(&entry.text("address", problems), problems, "an address such as \"192.0.2.7\"", |text| {
            text.parse::<IpAddr>().ok()
        });
    let at = optional(
        &entry.text("at", problems),
        problems,
        "a day or an instant such as \"2041-01-31\" or \"2041-01-31T09:00:00Z\"",
        |text| instant(text).map(|_| text.to_owned()),
    );
    let method = optional(&entry.text("method", problems), problems, "GET or HEAD", |text| {
        matches!(text, "GET" | "HEAD").then(|| text.to_owned())
    });
    let pass = optional(&entry.text("pass", problems), problems, "the name of a pass", |text| {
        (!text.trim().is_empty()).then(|| text.to_owned())
    });
    let (width, height) = (entry.pixels("width", problems), entry.pixels("height", problems));
    for (has, lacks, missing) in [(&width, &height, "height"), (&height, &width, "width")] {
        if let (Given::Is(side), Given::Absent) = (has, lacks) {
            problems
                .add(side.site, format!("the test has no `{missing}` of the image; write both, or neither"));
        }
        if let Given::Is(side) = has
            && side.value > MAX_PIXELS
        {
            problems.add(side.site, format!("{} pixels is more than an image can have", side.value));
        }
    }
    let expect = entry.text("expect", problems);
    let expect =
        expect.required(site, "the test has no `expect`", problems).and_then(|word| match word.value {
            "allow" => Some(Expect::Allow),
            "challenge" => Some(Expect::Challenge),
            "refuse" => Some(Expect::Refuse),
            other => {
                problems
                    .add(word.site, format!("`expect` is allow, challenge or refuse, not {}", quoted(other)));
                None
            }
        });
    Some(PolicyTest {
        url: url?,
        account_conditions: held?,
        address: address?,
        at: at?,
        method: method?,
        pass: pass?,
        width: width.is().map(|side| side.value),
        height: height.is().map(|side| side.value),
        expect: expect?,
    })
}

fn can_be_held(held: &Sited<Vec<Sited<&str>>>, problems: &mut Problems) -> bool {
    let built_in = held.value.iter().filter(|name| matches!(name.value, OPEN | CLOSED));
    built_in.fold(true, |_, name| {
        problems
            .add(name.site, format!("nobody can hold the condition {}; leave it out", quoted(name.value)));
        false
    })
}

/// The outer `None` is a fault, the inner one a missing key.
#[expect(clippy::option_option, reason = "a missing key is no fault, and both must be told apart")]
fn optional<T>(
    given: &Given<&str>,
    problems: &mut Problems,
    wanted: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<Option<T>> {
    let text = match given {
        Given::Absent => return Some(None),
        Given::Unreadable => return None,
        Given::Is(text) => text,
    };
    let value = read(text.value);
    if value.is_none() {
        problems.add(text.site, format!("{} is not {wanted}", quoted(text.value)));
    }
    value.map(Some)
}
