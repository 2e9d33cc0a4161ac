//! What pages say, in every language: one file each, `templates/texts/<tag>.ftl`, written in Fluent
//! (<https://projectfluent.org>). A translation is one such file and its line in [`FILES`].
//!
//! A message is a piece of HTML, written by us; what is put into it is text, written by anybody, and is escaped.
//! Names stand in an element that keeps their direction of writing to themselves (`bdi`, `code`, `strong`).
//!
//! The command line takes its sentences from the same messages, without the elements ([`Said::plain`]): so there is one
//! English for both, and none that a test would have to hold against the other.

pub mod explanation;
pub mod links;

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use askama::filters::{Escaper as _, Html, HtmlSafe};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{CharacterDirection, LanguageIdentifier};

/// Tag, name of the language in itself, messages. The first has every message; what another lacks is said in it.
const FILES: &[(&str, &str, &str)] = &[
    ("en", "English", include_str!("../templates/texts/en.ftl")),
    ("de", "Deutsch", include_str!("../templates/texts/de.ftl")),
];

static LANGUAGES: LazyLock<Vec<Language>> =
    LazyLock::new(|| FILES.iter().map(|(tag, name, messages)| Language::read(tag, name, messages)).collect());

struct Language {
    tag: &'static str,
    name: &'static str,
    is_right_to_left: bool,
    bundle: FluentBundle<FluentResource>,
}

impl Language {
    /// What cannot be read is left out; the tests see to it that nothing is.
    fn read(tag: &'static str, name: &'static str, messages: &str) -> Self {
        let identifier: LanguageIdentifier = tag.parse().unwrap_or_default();
        let is_right_to_left = identifier.character_direction() == CharacterDirection::RTL;
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Elements isolate names; invisible characters would be copied along with them.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(messages.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let _ = bundle.add_resource(resource);
        Self { tag, name, is_right_to_left, bundle }
    }
}

/// `de` of `de-AT`.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Texts(usize);

impl Texts {
    /// The language that everything is written in first.
    pub const ENGLISH: Self = Self(0);

    /// The first of the wanted languages that there is, by its tag or else by the first part of it: German
    /// for `de-AT`, as in the texts of conditions ([`crate::iiif::service::in_language`]).
    pub fn of<'t>(wanted: impl IntoIterator<Item = &'t str>) -> Self {
        let found = wanted.into_iter().find_map(|wanted| {
            let exact = FILES.iter().position(|(tag, ..)| tag.eq_ignore_ascii_case(wanted));
            exact.or_else(|| {
                FILES.iter().position(|(tag, ..)| primary(tag).eq_ignore_ascii_case(primary(wanted)))
            })
        });
        Self(found.unwrap_or(0))
    }

    /// For the `lang` attribute.
    pub fn tag(self) -> &'static str {
        LANGUAGES.get(self.0).map_or("en", |language| language.tag)
    }

    /// Whether it is written from right to left, for the `dir` attribute.
    pub fn is_right_to_left(self) -> bool {
        LANGUAGES.get(self.0).is_some_and(|language| language.is_right_to_left)
    }

    /// All languages: tag, and name in itself.
    pub fn languages() -> impl Iterator<Item = (&'static str, &'static str)> {
        LANGUAGES.iter().map(|language| (language.tag, language.name))
    }

    /// The message of this name.
    pub fn say(self, message: &'static str) -> Said {
        Said { texts: self, message, values: Vec::new() }
    }

    /// Writes the message in this language, or else in the first; `None` if there is none of this name.
    fn write(
        self,
        out: &mut fmt::Formatter<'_>,
        message: &str,
        values: &FluentArgs<'_>,
    ) -> Option<fmt::Result> {
        [self.0, 0].into_iter().find_map(|index| {
            let bundle = &LANGUAGES.get(index)?.bundle;
            let pattern = bundle.get_message(message)?.value()?;
            // A value that is missing stands there as its name; the tests hold values against messages.
            let mut missing = Vec::new();
            Some(bundle.write_pattern(out, pattern, Some(values), &mut missing))
        })
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Texts({})", self.tag())
    }
}

/// A message with what is put into it; shown, it is HTML.
#[derive(Clone, Debug)]
pub struct Said {
    texts: Texts,
    message: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// What is put into a message.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    /// Chooses among the forms of a plural, too.
    Number(u64),
    /// It has its own elements.
    Said(Box<Said>),
}

/// Something that can be counted by. Templates hand over references.
pub trait Count {
    fn count(&self) -> u64;
}

macro_rules! counts {
    ($($number:ty)*) => {$(
        impl Count for $number {
            fn count(&self) -> u64 {
                (*self).try_into().unwrap_or(u64::MAX)
            }
        }
    )*};
}

counts!(u8 u16 u32 u64 usize i32 i64);

impl<N: Count + ?Sized> Count for &N {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

impl Said {
    /// Puts a text into the message, where it says `{ $name }`.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl fmt::Display) -> Self {
        self.values.push((name, Value::Text(text.to_string())));
        self
    }

    /// Puts a number into the message, which may have other words for one than for several.
    #[must_use]
    pub fn number(mut self, name: &'static str, number: impl Count) -> Self {
        self.values.push((name, Value::Number(number.count())));
        self
    }

    /// Puts what another message says into this one.
    #[must_use]
    pub fn put(mut self, name: &'static str, said: Self) -> Self {
        self.values.push((name, Value::Said(Box::new(said))));
        self
    }

    /// The same for a terminal: what a page sets as code stands in backticks, and other elements leave no trace.
    pub fn plain(&self) -> String {
        // What was put in is escaped, so every `<` is the message's own.
        let html = self.to_string();
        let mut pieces = html.split('<');
        let mut text = unescaped(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (element, after) = piece.split_once('>').unwrap_or((piece, ""));
            if matches!(element, "code" | "/code") {
                text.push('`');
            }
            text.push_str(&unescaped(after));
        }
        text
    }

    /// The language that it is said in, and so of the page that shows it.
    pub fn texts(&self) -> Texts {
        self.texts
    }
}

impl fmt::Display for Said {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: FluentArgs<'_> = self
            .values
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Text(text) => {
                        let mut escaped = String::with_capacity(text.len());
                        Html.write_escaped_str(&mut escaped, text)?;
                        FluentValue::String(Cow::Owned(escaped))
                    }
                    Value::Number(number) => FluentValue::from(*number),
                    Value::Said(said) => FluentValue::String(Cow::Owned(said.to_string())),
                };
                Ok((*name, value))
            })
            .collect::<Result<_, fmt::Error>>()?;
        self.texts.write(out, self.message, &values).unwrap_or_else(|| out.write_str(self.message))
    }
}

impl HtmlSafe for Said {}

/// The text that a piece of HTML without elements stands for, as messages and askama write it.
fn unescaped(html: &str) -> String {
    let mut pieces = html.split('&');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let reference = piece.split_once(';').and_then(|(name, after)| {
            let sign = match name {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
            };
            Some((sign, after))
        });
        let (sign, after) = reference.unwrap_or(('&', piece));
        text.push(sign);
        text.push_str(after);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Texts {
        Texts::of(["de"])
    }

    #[test]
    fn the_first_wanted_language_that_there_is_counts() {
        for (wanted, tag) in [
            (&["de"][..], "de"),
            (&["de-AT"], "de"),
            (&["DE-at"], "de"),
            (&["de-Latn-CH-1996"], "de"),
            (&["en-GB", "de"], "en"),
            (&["tlh", "de", "en"], "de"),
            (&["tlh"], "en"),
            (&["*"], "en"),
            (&["", "-", "d", "deu", "den"], "en"),
            (&[], "en"),
        ] {
            assert_eq!(Texts::of(wanted.iter().copied()).tag(), tag, "{wanted:?}");
        }
        assert_eq!(Texts::ENGLISH.tag(), "en");
    }

    #[test]
    fn languages_have_a_name_and_a_direction() {
        let languages: Vec<_> = Texts::languages().collect();
        assert_eq!(languages, [("en", "English"), ("de", "Deutsch")]);
        assert!(!german().is_right_to_left());
        assert!(Language::read("ar", "العربية", "").is_right_to_left);
    }

    #[test]
    fn every_file_is_read_whole() {
        for (tag, _, messages) in FILES {
            assert!(FluentResource::try_new((*messages).to_owned()).is_ok(), "{tag}");
            assert!(tag.parse::<LanguageIdentifier>().is_ok(), "{tag}");
        }
    }

    #[test]
    fn what_is_put_into_a_message_is_text_and_not_html() {
        let said = |name| german().say("login-present").with("person", name).to_string();
        assert_eq!(said("ada"), "Sie sind als <strong>ada</strong> angemeldet.");
        let text = said("<script>\"'&{ $person }");
        assert_eq!(
            text,
            "Sie sind als <strong>&#60;script&#62;&#34;&#39;&#38;{ $person }</strong> angemeldet."
        );
        // Nor does it bring invisible characters along when it is copied.
        assert!(!said("ada").contains(['\u{2068}', '\u{2069}']));
    }

    #[test]
    fn what_is_put_into_a_message_is_the_same_on_a_terminal_whatever_it_is() {
        let name = |name: &str| Texts::ENGLISH.say("explain-name").with("name", name);
        for typed in
            ["ada", "<code>", "&lt;code&gt;", "&#60;", "a&b;c", "\"'", "{ $name }", "`", "\u{202e}<b", ""]
        {
            let said = Texts::ENGLISH.say("explain-or").put("before", name(typed)).put("next", name("x"));
            assert_eq!(said.plain(), format!("`{typed}` or `x`"));
            assert!(!said.to_string().replace("<code>", "").replace("</code>", "").contains('<'), "{said}");
        }
        let link = Texts::ENGLISH.say("explain-word-link").with("link", "/a>b\"").with("name", "staff");
        assert_eq!(link.plain(), "staff");
        assert_eq!(link.to_string(), "<a href=\"/a&#62;b&#34;\"><bdi>staff</bdi></a>");
    }

    #[test]
    fn one_and_several_have_words_of_their_own() {
        let ago = |t: Texts, seconds: u64| t.say("overview-heard-ago").number("seconds", seconds).to_string();
        for (t, seconds, text) in [
            (Texts::ENGLISH, 1, "1 second ago"),
            (Texts::ENGLISH, 2, "2 seconds ago"),
            (Texts::ENGLISH, 0, "0 seconds ago"),
            (german(), 1, "vor 1 Sekunde"),
            (german(), 2, "vor 2 Sekunden"),
            (german(), 4_000_000, "vor 4000000 Sekunden"),
        ] {
            assert_eq!(ago(t, seconds), text);
        }
        // A certain number may have one, too, and what is counted may be of any kind.
        let days = |days: &usize| Texts::ENGLISH.say("upcoming-days").number("days", days).to_string();
        assert_eq!([days(&1), days(&2)], ["tomorrow", "in 2 days"]);
        assert_eq!(Texts::ENGLISH.say("upcoming-days").number("days", 3).to_string(), "in 3 days");
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english_and_what_no_language_has_by_its_name() {
        assert_eq!(german().say("no-such-message").to_string(), "no-such-message");
        assert_eq!(german().say("login-password").texts().tag(), "de");
        // A value that is missing is named, and nothing fails.
        assert_eq!(Texts::ENGLISH.say("login-continue").to_string(), "Continue as <bdi>{$person}</bdi>");
    }
}
