//! The part of a rule that decides, as one short text, and many of them as one: a row for every rule is what
//! costs most in reading millions.
//!
//! A rule whose text would not be read back as what was written has none (a control character in its name, a
//! field that is not known here): then its JSON stands in its place, which begins with `{`.

use super::StoreError;
use super::policy::from_json;
use crate::policy::rule::{Match, Operation, RuleSpec};

/// Between the fields of a rule.
const FIELD: char = '\u{1f}';
/// Between rules.
pub(super) const RULE: &str = "\u{1e}";

/// The text of a rule, if it can have one.
pub(super) fn write(rule: &RuleSpec) -> Option<String> {
    let kind = match rule.matching {
        Match::Prefix => "p",
        Match::Exact => "e",
    };
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let operations: Vec<&str> = rule.operations.iter().map(|operation| operation.as_str()).collect();
    let fields = [
        kind,
        &rule.mount,
        &rule.identifier,
        &rule.conditions.join(","),
        &day(rule.from),
        &day(rule.until),
        &operations.join(","),
        &rule.whole_image_px.map(|pixels| pixels.to_string()).unwrap_or_default(),
    ];
    let text = fields.join(FIELD.encode_utf8(&mut [0; 4]));
    let mut read = RuleSpec::default();
    read_into(&text, &mut read)?;
    // What is for people is in the document only.
    read.note.clone_from(&rule.note);
    read.source.clone_from(&rule.source);
    (read == *rule && !text.contains(RULE)).then_some(text)
}

fn read_into(text: &str, rule: &mut RuleSpec) -> Option<()> {
    let (kind, rest) = text.split_once(FIELD)?;
    rule.matching = match kind {
        "p" => Match::Prefix,
        "e" => Match::Exact,
        _ => return None,
    };
    let (mount, rest) = rest.split_once(FIELD)?;
    let (identifier, rest) = rest.split_once(FIELD)?;
    set(&mut rule.mount, mount);
    set(&mut rule.identifier, identifier);
    read_body(rest, rule)
}

fn set(text: &mut String, new: &str) {
    if text != new {
        text.clear();
        text.push_str(new);
    }
}

fn read_body(body: &str, rule: &mut RuleSpec) -> Option<()> {
    let mut fields = body.split(FIELD);
    let conditions = fields.next()?;
    rule.conditions =
        if conditions.is_empty() { Vec::new() } else { conditions.split(',').map(str::to_owned).collect() };
    let day = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    rule.from = day(fields.next()?)?;
    rule.until = day(fields.next()?)?;
    let named = |name: &str| Operation::ALL.into_iter().find(|operation| operation.as_str() == name);
    let operations = fields.next()?;
    rule.operations = if operations.is_empty() {
        Vec::new()
    } else {
        operations.split(',').map(named).collect::<Option<_>>()?
    };
    let pixels = fields.next()?;
    rule.whole_image_px = if pixels.is_empty() { None } else { Some(pixels.parse().ok()?) };
    fields.next().is_none().then_some(())
}

/// Many rules as one text: each its number, `:`, and its text or its document.
#[derive(Clone, Debug)]
pub struct RuleBatch(pub(super) String);

impl RuleBatch {
    /// Every rule with its number; without notes and sources.
    ///
    /// # Errors
    /// At the first that was damaged, or where `each` fails.
    pub fn each<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(u32, &RuleSpec) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rule = RuleSpec::default();
        // The rules of one folder mostly say the same, and that need not be read again.
        let mut body = "";
        for text in self.0.split(RULE) {
            let damaged = || StoreError::Damaged(format!("rule {text:?}"));
            let (number, text) = text.split_once(':').ok_or_else(damaged)?;
            let number = number.parse().map_err(|_| damaged())?;
            if text.starts_with('{') {
                each(number, &from_json(text)?)?;
                continue;
            }
            let same = (!body.is_empty()).then(|| text.strip_suffix(body)).flatten();
            if let Some(head) = same.and_then(|head| head.strip_suffix(FIELD))
                && let [kind @ ("p" | "e"), mount, identifier] = three(head).ok_or_else(damaged)?
            {
                rule.matching = if kind == "p" { Match::Prefix } else { Match::Exact };
                set(&mut rule.mount, mount);
                set(&mut rule.identifier, identifier);
            } else {
                read_into(text, &mut rule).ok_or_else(damaged)?;
                body = text.splitn(4, FIELD).last().unwrap_or_default();
            }
            each(number, &rule)?;
        }
        Ok(())
    }
}

fn three(head: &str) -> Option<[&str; 3]> {
    let mut parts = head.splitn(3, FIELD);
    Some([parts.next()?, parts.next()?, parts.next()?])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> impl Strategy<Value = RuleSpec> {
        let text = || prop_oneof!["[a-z0-9./:,{}ü -]{0,12}", "\\PC{0,6}", "[\u{1e}\u{1f}a]{0,3}"];
        let day =
            || prop::option::of((1000_i16..3000, 1_i8..12).prop_map(|(y, m)| jiff::civil::date(y, m, 9)));
        let conditions = prop::collection::vec(prop_oneof![9 => "staff|reader", 1 => "[,a]{0,2}"], 0..3);
        let operations = prop::sample::subsequence(Operation::ALL.to_vec(), 0..3);
        let said = (conditions, day(), day(), operations, prop::option::of(0_u32..9));
        (text(), text(), any::<bool>(), said, text()).prop_map(|(mount, identifier, exact, said, note)| {
            let (conditions, from, until, operations, whole_image_px) = said;
            RuleSpec {
                mount,
                identifier,
                matching: if exact { Match::Exact } else { Match::Prefix },
                conditions,
                from,
                until,
                operations,
                whole_image_px,
                source: String::new(),
                note,
            }
        })
    }

    proptest! {
        #[test]
        fn prop_a_batch_is_read_as_it_was_written(rules in prop::collection::vec(rules(), 1..8)) {
            let texts = rules.iter().zip(7_u32..).map(|(rule, number)| {
                let text = write(rule).unwrap_or_else(|| serde_json::to_string(rule).unwrap());
                format!("{number}:{text}")
            });
            let batch = RuleBatch(texts.collect::<Vec<_>>().join(RULE));
            let mut read = Vec::new();
            batch.each(|number, rule| -> Result<(), StoreError> {
                read.push((number, RuleSpec { note: String::new(), ..rule.clone() }));
                Ok(())
            }).unwrap();
            let bare = rules.iter().map(|rule| RuleSpec { note: String::new(), ..rule.clone() });
            prop_assert_eq!(read, (7..).zip(bare).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_ordinary_rule_has_a_text_and_one_that_could_be_misread_none() {
        let rule = |identifier: &str, condition: &str| RuleSpec {
            identifier: identifier.to_owned(),
            conditions: vec![condition.to_owned()],
            ..RuleSpec::default()
        };
        assert!(write(&rule("letters/1931", "staff")).is_some());
        assert!(write(&rule("letters\u{1f}1931", "staff")).is_none());
        assert!(write(&rule("letters\u{1e}", "staff")).is_none());
        assert!(write(&rule("letters", "a,b")).is_none());
    }

    #[test]
    fn what_was_damaged_is_said() {
        for text in ["", "a", "1:", "1:x\u{1f}a\u{1f}b", "x:{}", "1:{}", "1:p\u{1f}m\u{1f}i\u{1f}c"] {
            let read = RuleBatch(text.to_owned()).each(|_, _| Ok::<(), StoreError>(()));
            assert!(matches!(read, Err(StoreError::Damaged(_))), "{text:?}");
        }
    }
}
