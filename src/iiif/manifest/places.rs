//! A JSON document as the text it is, and where its values stand in it.
//!
//! A manifest is megabytes of which a few places change. Building values of all of it would cost several times
//! what looking for those places does, and would write numbers, escapes and spaces anew. So the
//! text stays, and this is a table of contents for it.
//!
//! It is for text that `serde_json` has found right: here nothing is checked again. Only the values of keys that are
//! asked for are looked into, and no deeper than [`DEEPEST`]; the rest is one place each.

use std::borrow::Cow;

use memchr::memchr2;

/// How many levels are looked into; a manifest has about fifteen.
const DEEPEST: usize = 64;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    /// A string without escapes, or with some.
    Text,
    EscapedText,
    /// Numbers, `true`, `false`, `null`, and whatever was not looked into.
    Other,
}

/// A value or a key: its bytes, and what comes behind it in the table.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
    /// Where the next one at the same level stands; what is inside comes before.
    after: u32,
    kind: Kind,
}

/// Position of a value or a key in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

#[derive(Debug)]
pub(super) struct Places<'t> {
    text: &'t str,
    places: Vec<Place>,
}

impl<'t> Places<'t> {
    /// Reads a document; `into` says of which keys the values are looked into.
    ///
    /// `None` if the text is no JSON, or longer than 4 GB.
    pub(super) fn read(text: &'t str, into: fn(&str) -> bool) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        let mut reader = Reader { text, at: 0, places: Vec::with_capacity(text.len() / 24), into };
        reader.space();
        reader.value(DEEPEST)?;
        reader.space();
        (reader.at == text.len()).then_some(Self { text, places: reader.places })
    }

    pub(super) fn root() -> At {
        At(0)
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Where the value begins and ends, in bytes.
    pub(super) fn span(&self, at: At) -> (usize, usize) {
        self.place(at).map_or((0, 0), |place| (place.start as usize, place.end as usize))
    }

    pub(super) fn raw(&self, at: At) -> &'t str {
        let (start, end) = self.span(at);
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn kind(&self, at: At) -> Kind {
        self.place(at).map_or(Kind::Other, |place| place.kind)
    }

    /// The keys of an object, each with its value, in the order of the text.
    pub(super) fn members(&self, object: At) -> impl Iterator<Item = (At, At)> {
        let mut inside = self.inside(object, Kind::Object);
        std::iter::from_fn(move || Some((inside.next()?, inside.next()?)))
    }

    /// The entries of an array; any other value but `null` is its own only entry.
    pub(super) fn entries(&self, value: At) -> impl Iterator<Item = At> {
        let is_one = self.kind(value) != Kind::Array && self.raw(value) != "null";
        self.inside(value, Kind::Array).chain(is_one.then_some(value))
    }

    /// A string without its quotes and escapes.
    pub(super) fn string(&self, at: At) -> Option<Cow<'t, str>> {
        let raw = self.raw(at);
        match self.kind(at) {
            Kind::Text => raw.strip_prefix('"')?.strip_suffix('"').map(Cow::Borrowed),
            Kind::EscapedText => serde_json::from_str(raw).ok().map(Cow::Owned),
            Kind::Object | Kind::Array | Kind::Other => None,
        }
    }

    fn place(&self, at: At) -> Option<Place> {
        self.places.get(at.0 as usize).copied()
    }

    fn inside(&self, value: At, kind: Kind) -> impl Iterator<Item = At> {
        let whole = self.place(value).filter(|place| place.kind == kind);
        let (mut next, after) = whole.map_or((0, 0), |place| (value.0 + 1, place.after));
        std::iter::from_fn(move || {
            let at = At(next);
            (next < after).then_some(())?;
            next = self.place(at)?.after;
            Some(at)
        })
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    places: Vec<Place>,
    into: fn(&str) -> bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Reads the value here; into none of its parts if `levels` is 0.
    fn value(&mut self, levels: usize) -> Option<()> {
        match self.peek()? {
            b'{' if levels > 0 => self.within(Kind::Object, b'}', |reader| {
                let start = reader.at;
                let kind = reader.text()?;
                let raw = reader.text.get(start..reader.at)?;
                let is_wanted = match kind {
                    Kind::Text => (reader.into)(raw.strip_prefix('"')?.strip_suffix('"')?),
                    _ => (reader.into)(&serde_json::from_str::<String>(raw).ok()?),
                };
                reader.space();
                reader.at += 1;
                reader.space();
                reader.value(if is_wanted { levels - 1 } else { 0 })
            }),
            b'[' if levels > 0 => self.within(Kind::Array, b']', |reader| reader.value(levels - 1)),
            b'"' => self.text().map(|_| ()),
            _ => {
                let other = self.open(Kind::Other)?;
                self.skip()?;
                self.close(other)
            }
        }
    }

    /// Reads a container's parts up to its last byte.
    fn within(&mut self, kind: Kind, last: u8, mut part: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let whole = self.open(kind)?;
        self.at += 1;
        loop {
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                byte if byte == last => break,
                _ => part(self)?,
            }
        }
        self.at += 1;
        self.close(whole)
    }

    fn open(&mut self, kind: Kind) -> Option<usize> {
        let start = u32::try_from(self.at).ok()?;
        self.places.push(Place { start, end: start, after: 0, kind });
        self.places.len().checked_sub(1)
    }

    fn close(&mut self, place: usize) -> Option<()> {
        let after = u32::try_from(self.places.len()).ok()?;
        let place = self.places.get_mut(place)?;
        (place.end, place.after) = (u32::try_from(self.at).ok()?, after);
        Some(())
    }

    /// Reads the string that begins here.
    fn text(&mut self) -> Option<Kind> {
        let text = self.open(Kind::Text)?;
        let kind = self.string()?;
        self.places.get_mut(text)?.kind = kind;
        self.close(text)?;
        Some(kind)
    }

    /// To the end of the string that begins here.
    fn string(&mut self) -> Option<Kind> {
        let mut kind = Kind::Text;
        self.at += 1;
        loop {
            self.at += memchr2(b'"', b'\\', self.text.as_bytes().get(self.at..)?)?;
            if self.peek()? == b'"' {
                self.at += 1;
                return Some(kind);
            }
            kind = Kind::EscapedText;
            self.at += 2;
        }
    }

    /// To the end of the value that begins here, whatever it is.
    fn skip(&mut self) -> Option<()> {
        let (begin, mut open) = (self.at, 0_usize);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']') if open > 1 => open -= 1,
                Some(b'}' | b']') if open == 1 => {
                    self.at += 1;
                    return Some(());
                }
                // The end of a number or a word.
                None | Some(b'}' | b']' | b',' | b' ' | b'\n' | b'\r' | b'\t') if open == 0 => {
                    return (self.at > begin).then_some(());
                }
                None => return None,
                Some(_) => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// What the table says of a place, as `serde_json` would have it.
    fn seen(places: &Places<'_>, at: At) -> Value {
        match places.kind(at) {
            Kind::Object => {
                let of = |(key, value)| (places.string(key).unwrap().into_owned(), seen(places, value));
                Value::Object(places.members(at).map(of).collect())
            }
            Kind::Array => places.entries(at).map(|entry| seen(places, entry)).collect(),
            Kind::Text | Kind::EscapedText => json!(places.string(at).unwrap()),
            Kind::Other => serde_json::from_str(places.raw(at)).unwrap(),
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[iu]|.{0,3}", inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn spaces_escapes_and_numbers_are_where_they_were() {
        let text = " { \"a\\u0062\" : [ 1.50e+2 ,\"x\\\"\\\\\" , { } ,[],null ] ,\n\"\":-0}\t";
        let places = Places::read(text, |_| true).unwrap();
        let members: Vec<_> = places.members(Places::root()).collect();
        assert_eq!(places.string(members[0].0).unwrap(), "ab");
        let raw: Vec<_> = places.entries(members[0].1).map(|at| places.raw(at)).collect();
        assert_eq!(raw, ["1.50e+2", "\"x\\\"\\\\\"", "{ }", "[]", "null"]);
        assert_eq!((places.raw(members[1].0), places.raw(members[1].1)), ("\"\"", "-0"));
        assert_eq!(places.raw(Places::root()), text.trim());
    }

    #[test]
    fn nothing_is_looked_into_that_nobody_asked_for_or_that_is_too_deep() {
        let text = r#"{"no":{"yes":[]},"yes":{"no":[1,"]"],"yes":[{}]}}"#;
        let places = Places::read(text, |key| key == "yes").unwrap();
        let of = |at| places.members(at).map(|(_, value)| value).collect::<Vec<_>>();
        let root = of(Places::root());
        assert_eq!((places.kind(root[0]), places.raw(root[0])), (Kind::Other, r#"{"yes":[]}"#));
        let inner = of(root[1]);
        assert_eq!((places.kind(inner[0]), places.raw(inner[0])), (Kind::Other, r#"[1,"]"]"#));
        assert_eq!(places.kind(inner[1]), Kind::Array);

        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let places = Places::read(&deep, |_| true).unwrap();
        assert_eq!(places.places.len(), DEEPEST + 1);
    }

    proptest! {
        #[test]
        fn every_value_is_found_where_it_stands(document in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
            let text = text.unwrap();
            for into in [|_: &str| true, |key: &str| key == "i"] {
                let places = Places::read(&text, into).unwrap();
                prop_assert_eq!(seen(&places, Places::root()), document.clone());
            }
        }

        #[test]
        fn garbage_never_panics_and_never_hangs(text in any::<String>(), json in r#"[{}\[\]",:\\a0 ]{0,40}"#) {
            let _ = Places::read(&text, |_| true);
            let _ = Places::read(&json, |_| true);
        }
    }
}
