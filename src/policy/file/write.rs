//! Writes a policy in the form in which people write it.

use std::fmt::Display;

use toml::{Table, Value};

use crate::policy::condition::{AccessCondition, LanguageMap};
use crate::policy::document::{Expect, PolicyDocument, PolicyTest};
use crate::policy::rule::{Match, RuleSpec};

/// The policy as a file; [`read`](super::read) reads the same policy from it.
pub fn write(policy: &PolicyDocument) -> String {
    let conditions = policy.conditions.iter().map(condition);
    let rules = policy.rules.iter().map(rule);
    let tests = policy.tests.iter().map(test);
    conditions.chain(rules).chain(tests).collect::<Vec<_>>().join("\n")
}

/// The lines of one entry; keys without a value are left out.
struct Entry(String);

impl Entry {
    fn new(kind: &str) -> Self {
        Self(format!("[[{kind}]]\n"))
    }

    fn put(mut self, key: &str, value: impl Into<Value>) -> Self {
        // `Value` displays itself as TOML, with whatever quotes and escapes it takes.
        self.0.extend([key, " = ", &value.into().to_string(), "\n"]);
        self
    }

    fn put_some<T: Into<Value>>(self, key: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    fn put_texts(self, key: &str, texts: &LanguageMap) -> Self {
        if texts.is_empty() {
            return self;
        }
        let table: Table =
            texts.iter().map(|(tag, text)| (tag.clone(), Value::from(text.as_str()))).collect();
        self.put(key, table)
    }

    fn put_list<T: Display>(self, key: &str, list: &[T]) -> Self {
        if list.is_empty() {
            return self;
        }
        self.put(key, list.iter().map(|element| Value::from(element.to_string())).collect::<Vec<_>>())
    }
}

fn condition(condition: &AccessCondition) -> String {
    Entry::new("condition")
        .put("name", condition.name.as_str())
        .put("pattern", condition.pattern.word())
        .put_texts("label", &condition.label)
        .put_texts("heading", &condition.heading)
        .put_texts("note", &condition.note)
        .put_texts("confirm", &condition.confirm)
        .put_texts("error_heading", &condition.error_heading)
        .put_texts("error_note", &condition.error_note)
        .put_some("thumbnail_px", condition.thumbnail_px)
        .put_some(
            "thumbnail_sizes",
            Some(&condition.thumbnail_sizes).filter(|sizes| !sizes.is_empty()).cloned(),
        )
        .put_some("substitute_px", condition.substitute_px)
        .put_list("networks", &condition.networks)
        .0
}

fn rule(rule: &RuleSpec) -> String {
    let matching = match rule.matching {
        Match::Prefix => None,
        Match::Exact => Some("exact"),
    };
    Entry::new("rule")
        .put("mount", rule.mount.as_str())
        .put("identifier", rule.identifier.as_str())
        .put_some("match", matching)
        .put_list("conditions", &rule.conditions)
        .put_some("from", rule.from.map(|date| date.to_string()))
        .put_some("until", rule.until.map(|date| date.to_string()))
        .put_list(
            "operations",
            &rule.operations.iter().map(|operation| operation.as_str()).collect::<Vec<_>>(),
        )
        .put_some("whole_image_px", rule.whole_image_px)
        .put_some("source", Some(rule.source.as_str()).filter(|source| !source.is_empty()))
        .put_some("note", Some(rule.note.as_str()).filter(|note| !note.is_empty()))
        .0
}

fn test(test: &PolicyTest) -> String {
    let expect = match test.expect {
        Expect::Allow => "allow",
        Expect::Challenge => "challenge",
        Expect::Refuse => "refuse",
    };
    Entry::new("test")
        .put("url", test.url.as_str())
        .put_list("account_conditions", &test.account_conditions)
        .put_some("address", test.address.map(|address| address.to_string()))
        .put_some("at", test.at.as_deref())
        .put_some("method", test.method.as_deref())
        .put_some("pass", test.pass.as_deref())
        .put_some("width", test.width)
        .put_some("height", test.height)
        .put("expect", expect)
        .0
}
