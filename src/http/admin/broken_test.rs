//! Tests of the policy that would fail, on the pages where somebody wanted to change it.

use crate::gate::promise::{BrokenTest, Why};
use crate::policy::document::Expect;
use crate::texts::{Said, Texts};

/// What the command line says, too ([`BrokenTest`]'s own English), in the language of the page.
pub(super) fn in_words(tests: &[BrokenTest], t: Texts) -> Vec<Said> {
    tests.iter().map(|test| one(test, t)).collect()
}

fn one(test: &BrokenTest, t: Texts) -> Said {
    let BrokenTest { number, url, why } = test;
    match why {
        Why::Elsewhere { origin } => {
            t.say("broken-elsewhere").number("number", number).with("url", url).with("origin", origin)
        }
        Why::BadTime => t.say("broken-time").number("number", number).with("url", url),
        Why::UnknownCondition(name) => {
            t.say("broken-condition").number("number", number).with("url", url).with("name", name)
        }
        Why::NeedsSize => t.say("broken-size").number("number", number).with("url", url),
        Why::Another { expected, got, reason } => t
            .say("broken-another")
            .number("number", number)
            .with("url", url)
            .put("expected", verdict(*expected, t))
            .put("got", verdict(*got, t))
            .with("reason", reason),
    }
}

fn verdict(expect: Expect, t: Texts) -> Said {
    match expect {
        Expect::Allow => t.say("broken-allow"),
        Expect::Challenge => t.say("broken-challenge"),
        Expect::Refuse => t.say("broken-refuse"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_say_in_english_what_the_commands_say() {
        let whys = [
            Why::Elsewhere { origin: "https://img.test".to_owned() },
            Why::BadTime,
            Why::UnknownCondition("<gone>".to_owned()),
            Why::NeedsSize,
            Why::Another { expected: Expect::Allow, got: Expect::Challenge, reason: "not-held" },
            Why::Another { expected: Expect::Challenge, got: Expect::Refuse, reason: "closed" },
        ];
        let tests: Vec<_> =
            whys.into_iter().map(|why| BrokenTest { number: 3, url: "/a?\"<b>".to_owned(), why }).collect();
        for (test, said) in tests.iter().zip(in_words(&tests, Texts::ENGLISH)) {
            assert_eq!(said.plain(), test.to_string());
        }
        let german = in_words(&tests, Texts::of(["de"]));
        assert_eq!(
            german[4].to_string(),
            "Test 3 (<bdi>/a?&#34;&#60;b&#62;</bdi>): erwartet ist „erlaubt“, es käme „Anmeldung nötig“ (<bdi>not-held</bdi>)"
        );
    }
}
