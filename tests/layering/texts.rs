//! What pages say stands in `templates/texts/`, and nowhere else: every message that is said is there in every language,
//! with the values that are put into it, and none is there for nothing.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use crate::source::{Kind, Source, Token};
use crate::{files, with_extension};

/// What every other language is held against.
const FIRST: &str = "en.ftl";

/// Elements of messages; those that isolate a name's direction of writing are the second list.
const ELEMENTS: [&str; 8] = ["a", "bdi", "code", "em", "kbd", "span", "strong", "time"];
const ISOLATING: [&str; 3] = ["bdi", "code", "strong"];

/// Values that are written by us, and from left to right.
const PLAIN: [&str; 7] = ["at", "date", "day", "from", "seconds", "until", "version"];

/// A message as each of its forms is written, values as `{name}`, and the names of all values.
struct Message {
    forms: Vec<String>,
    values: BTreeSet<String>,
    /// Those that are numbers, by which a form is chosen.
    chosen_by: BTreeSet<String>,
}

type Messages = BTreeMap<String, Message>;

/// A message that is said, and what is put into it.
#[derive(Debug)]
struct Use {
    place: String,
    id: String,
    /// Texts and numbers.
    values: BTreeSet<(String, Put)>,
    /// In the value of an attribute, or in a `<title>`: there are no elements in there.
    is_bare: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Put {
    Text,
    Number,
    /// Another message, whose own values are held where it is said.
    Said,
}

// -- Reading ----------------------------------------------------------------------------

fn messages(name: &str, text: &str) -> Messages {
    let resource = fluent_syntax::parser::parse(text)
        .unwrap_or_else(|(_, errors)| panic!("{name} cannot be read: {errors:?}"));
    let mut messages = Messages::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            Entry::Term(_) | Entry::Junk { .. } => {
                panic!("{name}: no terms, and nothing unreadable: {entry:?}")
            }
        };
        let id = message.id.name.to_owned();
        assert!(message.attributes.is_empty(), "{name}: {id} has attributes, which no page says");
        let pattern = message.value.unwrap_or_else(|| panic!("{name}: {id} is empty"));
        let mut read = Message { forms: Vec::new(), values: BTreeSet::new(), chosen_by: BTreeSet::new() };
        read.forms = forms(&pattern, &mut read);
        assert!(messages.insert(id.clone(), read).is_none(), "{name}: {id} is there twice");
    }
    messages
}

fn forms(pattern: &Pattern<&str>, read: &mut Message) -> Vec<String> {
    let mut written = vec![String::new()];
    for element in &pattern.elements {
        let parts = match element {
            PatternElement::TextElement { value } => vec![(*value).to_owned()],
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::StringLiteral { value } => vec![(*value).to_owned()],
                InlineExpression::VariableReference { id } => {
                    read.values.insert(id.name.to_owned());
                    vec![format!("{{{}}}", id.name)]
                }
                other => panic!("only values stand in braces: {other:?}"),
            },
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                let InlineExpression::VariableReference { id } = selector else {
                    panic!("a form is chosen by a value: {selector:?}")
                };
                read.values.insert(id.name.to_owned());
                read.chosen_by.insert(id.name.to_owned());
                variants.iter().flat_map(|variant| forms(&variant.value, read)).collect()
            }
        };
        written = written
            .iter()
            .flat_map(|before| parts.iter().map(move |part| format!("{before}{part}")))
            .collect();
    }
    written
}

fn languages() -> BTreeMap<String, Messages> {
    let files = with_extension("templates/texts", "ftl");
    files.into_iter().map(|(name, text)| (name.clone(), messages(&name, &text))).collect()
}

/// What a template says; `t.say("id")` with what follows it.
fn said_in_template(path: &str, text: &str) -> Vec<Use> {
    let mut uses = Vec::new();
    for (at, _) in text.match_indices(".say(\"") {
        let (id, mut rest) = text[at + 6..].split_once("\")").expect("it is said by its name");
        let mut values = BTreeSet::new();
        loop {
            rest = rest.trim_start();
            let calls = [(".with(\"", Put::Text), (".number(\"", Put::Number), (".put(\"", Put::Said)];
            let called = calls.into_iter().find_map(|(call, put)| Some((rest.strip_prefix(call)?, put)));
            let Some((call, put)) = called else { break };
            let (name, after) = call.split_once("\",").expect("a value has a name");
            values.insert((name.to_owned(), put));
            let mut depth = 1;
            let end = after.find(|next| {
                depth += match next {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            rest = &after[end.expect("a parenthesis that closes") + 1..];
        }
        let before = &text[..at];
        let in_title = before.rfind("block title").is_some_and(|title| !before[title..].contains("endblock"));
        let is_bare = in_title || before.rsplit("{{").nth(1).is_some_and(|before| before.ends_with("=\""));
        let line = before.matches('\n').count() + 1;
        uses.push(Use { place: format!("templates/{path}:{line}"), id: id.to_owned(), values, is_bare });
    }
    uses
}

/// What a handler says.
fn said_in_source(path: &str, tokens: &[Token]) -> Vec<Use> {
    let text = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let is = |at: usize, sign: &str| tokens.get(at).is_some_and(|token| token.is(sign));
    let mut uses = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_test || !token.is("say") || at == 0 || !is(at - 1, ".") || !is(at + 1, "(") {
            continue;
        }
        let Some(id) = text(at + 2) else { continue };
        let mut values = BTreeSet::new();
        let mut next = at + 4;
        let put = |at| {
            let calls = [("with", Put::Text), ("number", Put::Number), ("put", Put::Said)];
            calls.into_iter().find_map(|(call, put)| is(at, call).then_some(put))
        };
        while is(next, ".")
            && let Some(put) = put(next + 1)
        {
            values.insert((text(next + 3).expect("a value has a name"), put));
            let mut depth = 0_usize;
            next += 2;
            loop {
                depth = depth + usize::from(is(next, "(")) - usize::from(is(next, ")"));
                next += 1;
                if depth == 0 {
                    break;
                }
            }
        }
        uses.push(Use { place: format!("src/{path}:{}", token.line), id, values, is_bare: false });
    }
    uses
}

fn sources() -> Vec<Source> {
    let speaks = |path: &str| path.starts_with("http/") || path.starts_with("texts/");
    let sources = files("src").into_iter().filter(|(path, _)| speaks(path));
    sources.map(|(path, text)| Source::read(&path, &text)).collect()
}

fn uses() -> Vec<Use> {
    let templates = with_extension("templates", "html");
    let in_templates = templates.iter().flat_map(|(path, text)| said_in_template(path, text));
    let sources = sources();
    in_templates
        .chain(sources.iter().flat_map(|source| said_in_source(&source.path, &source.tokens)))
        .collect()
}

/// The elements of a message that are not closed, or not ours; `None` if all is well.
fn misplaced(form: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = form;
    while let Some((before, tag)) = rest.split_once('<') {
        if before.contains('>') {
            return Some("a `>` of its own".to_owned());
        }
        let Some((tag, after)) = tag.split_once('>') else { return Some("a `<` of its own".to_owned()) };
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name) => {}
            Some(name) => return Some(format!("</{name}>")),
            None => open.push(tag.split(' ').next().unwrap_or(tag)),
        }
        rest = after;
    }
    open.retain(|name| !ELEMENTS.contains(name));
    let is_closed = form.matches("</").count() * 2 == form.matches('<').count();
    (!open.is_empty() || !is_closed || rest.contains('>')).then(|| format!("{open:?}"))
}

/// Whether a text that is put in stands in an element that keeps its direction of writing to itself.
fn is_isolated(form: &str, value: &str) -> bool {
    form.match_indices(&format!("{{{value}}}")).all(|(at, _)| {
        let before = &form[..at];
        let tag = before.strip_suffix('>').and_then(|before| before.rsplit_once('<')).map(|(_, tag)| tag);
        let in_element = tag.is_some_and(|tag| ISOLATING.contains(&tag.split(' ').next().unwrap_or(tag)));
        in_element || before.ends_with("href=\"")
    })
}

// -- The tests --------------------------------------------------------------------------

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_message_that_is_said_is_there_with_its_values() {
    let languages = languages();
    let first = &languages[FIRST];
    let mut faults = Vec::new();
    for Use { place, id, values, is_bare } in uses() {
        let Some(message) = first.get(&id) else {
            faults.push(format!("{place}: there is no message {id}"));
            continue;
        };
        let names: BTreeSet<_> = values.iter().map(|(name, _)| name.clone()).collect();
        if names != message.values {
            faults.push(format!("{place}: {id} takes {:?}, and is given {names:?}", message.values));
        }
        for (name, put) in &values {
            let forms = languages
                .values()
                .filter_map(|messages| messages.get(&id))
                .flat_map(|message| &message.forms);
            let is_plain = *put != Put::Text || PLAIN.contains(&name.as_str());
            if !is_plain && !forms.clone().all(|form| is_isolated(form, name)) {
                faults.push(format!("{place}: {id}: {name} stands in none of {ISOLATING:?}"));
            }
            if *put != Put::Number && message.chosen_by.contains(name) {
                faults.push(format!("{place}: {id}: {name} chooses a form, and is no number"));
            }
        }
        let all =
            languages.values().filter_map(|messages| messages.get(&id)).flat_map(|message| &message.forms);
        if is_bare && all.clone().any(|form| form.contains(['<', '"'])) {
            faults.push(format!("{place}: {id} has elements or quotes, where none can stand"));
        }
    }
    none(&faults);
}

#[test]
fn no_message_is_there_for_nothing() {
    let mut said: BTreeSet<String> = uses().into_iter().map(|said| said.id).collect();
    // Chosen among several first, and said then.
    let texts = sources().into_iter().flat_map(|source| source.tokens).filter_map(|token| match token.kind {
        Kind::Text(text) if !token.is_test => Some(text),
        _ => None,
    });
    said.extend(texts);
    let languages = languages();
    let unused =
        languages[FIRST].keys().filter(|id| !said.contains(*id)).map(|id| format!("{id} is never said"));
    none(&unused.collect::<Vec<_>>());
}

#[test]
fn every_language_says_the_same() {
    let languages = languages();
    let first = &languages[FIRST];
    assert!(languages.len() > 1 && first.len() > 100, "there is something to be held against something");
    let mut faults = Vec::new();
    for (name, messages) in &languages {
        faults.extend(
            first.keys().filter(|id| !messages.contains_key(*id)).map(|id| format!("{name} lacks {id}")),
        );
        for (id, message) in messages {
            match first.get(id) {
                None => faults.push(format!("{name}: {FIRST} has no {id}")),
                Some(other) if other.values != message.values => {
                    faults.push(format!(
                        "{name}: {id} has {:?}, and {:?} in {FIRST}",
                        message.values, other.values
                    ));
                }
                Some(_) => {}
            }
            for form in &message.forms {
                faults.extend(misplaced(form).map(|what| format!("{name}: {id}: {what} in {form}")));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_file_is_a_language_of_the_service() {
    let texts = &files("src")["texts.rs"];
    for name in languages().keys() {
        assert!(texts.contains(&format!("texts/{name}\"")), "{name} is not among FILES in src/texts.rs");
    }
}

/// So that none of this can fall silent.
#[test]
fn what_is_wrong_in_a_message_is_seen() {
    for (form, is_wrong) in [
        ("plain, <code>a</code> and <bdi lang=\"en\">{b}</bdi>", false),
        ("<strong>not closed", true),
        ("<code>crossed <bdi>over</code></bdi>", true),
        ("a < b", true),
        ("a > b", true),
        ("<script>alert(1)</script", true),
    ] {
        assert_eq!(misplaced(form).is_some(), is_wrong, "{form}");
    }
    assert!(is_isolated("<a href=\"{b}/\"><bdi lang=\"en\">{b}</bdi></a>", "b"));
    assert!(!is_isolated("<bdi>{b}</bdi> and {b}", "b"));
    let read = messages("a.ftl", "a = { $n ->\n    [one] one\n   *[other] { $n } of { $b }\n }\n");
    assert_eq!(read["a"].forms, ["one", "{n} of {b}"]);
    assert_eq!(read["a"].values.len(), 2);

    let template = r#"{% block title %}{{ t.say("a") }}{% endblock %}<p title="{{ t.say("b") }}">{{ t.say("c").with("d", e.f()).number("g", h) }}"#;
    let said = said_in_template("a.html", template);
    assert_eq!(said.iter().map(|said| said.is_bare).collect::<Vec<_>>(), [true, true, false]);
    let values: Vec<_> = said[2].values.iter().map(|(name, put)| (name.as_str(), *put)).collect();
    assert_eq!(values, [("d", Put::Text), ("g", Put::Number)]);

    let source = Source::read(
        "http/a.rs",
        "fn a() { t.say(\"a\").with(\"b\", c(d())).number(\"e\", f).put(\"g\", h); say(\"no\"); }",
    );
    let said = said_in_source("http/a.rs", &source.tokens);
    assert_eq!(said.len(), 1);
    let values: Vec<_> = said[0].values.iter().map(|(name, put)| (name.as_str(), *put)).collect();
    assert_eq!(values, [("b", Put::Text), ("e", Put::Number), ("g", Put::Said)]);
}
