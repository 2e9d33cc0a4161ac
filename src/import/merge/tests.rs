use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::iiif::identifier::ImageServer;
use crate::policy::Policy;
use crate::policy::condition::{AccessCondition, Conditions, Pattern};
use crate::policy::decision::{Aspects, Resource};
use crate::policy::document::PolicyDocument;
use crate::policy::file;
use crate::policy::mount::{MountKind, Origin};
use crate::policy::rule::utc_midnight;

fn mounts() -> [Mount; 1] {
    let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
    [Mount { server: ImageServer::Iipsrv, ..Mount::new("images", MountKind::Image, "/i/", origin, "/") }]
}

fn conditions() -> [AccessCondition; 3] {
    ["staff", "reader", "clinic"].map(|name| AccessCondition::bare(name, Pattern::Login))
}

fn names() -> Names {
    Names::new(&conditions())
}

/// `source identifier conditions`, with `=` before an exact identifier.
fn rule(text: &str) -> RuleSpec {
    let words: Vec<&str> = text.split(' ').collect();
    let exact = words[1].strip_prefix('=');
    RuleSpec {
        mount: "images".to_owned(),
        identifier: exact.unwrap_or(words[1]).to_owned(),
        matching: if exact.is_some() { Match::Exact } else { Match::Prefix },
        conditions: words[2].split('|').map(str::to_owned).collect(),
        source: words[0].trim_matches('-').to_owned(),
        ..RuleSpec::default()
    }
}

fn rules(texts: &[&str]) -> Vec<RuleSpec> {
    texts.iter().map(|text| rule(text)).collect()
}

fn settled(texts: &[&str]) -> (Vec<RuleSpec>, Vec<String>) {
    let (rules, disagreements) = settle(rules(texts), &mounts(), &names());
    let shown = disagreements.iter().map(|one| {
        let said: Vec<_> =
            one.said.iter().map(|(source, names)| format!("{source}:{}", names.join("|"))).collect();
        format!("{} {} -> {}", one.identifier, said.join(" "), one.comes_to.join("|"))
    });
    (rules, shown.collect())
}

/// Which of the conditions open the image then; `None` if it is open.
fn opened_by(rules: &[RuleSpec], identifier: &str, now: u64) -> Option<Vec<u8>> {
    let policy = Policy::build(&mounts(), (2..).zip(conditions()), rules).unwrap();
    let opens = |held| {
        let aspects = Aspects { held, by_network: Conditions::NONE, now };
        policy.decide(&Resource { mount: 0, identifier }, &aspects).is_allow()
    };
    if opens(Conditions::NONE) {
        return None;
    }
    Some((2..5).filter(|bit| opens(Conditions::only(*bit))).collect())
}

#[test]
fn a_source_replaces_its_own_rules_and_says_what_changes() {
    let present =
        rules(&["- a staff", "mets =b/1 staff", "mets =b/2 staff", "mets =b/3 open", "other c closed"]);
    let new = rules(&["mets =b/1 staff", "mets =b/2 closed", "mets =b/4 open"]);
    let sources = BTreeSet::from(["mets".to_owned()]);
    let (merged, changes) = replace(&present, Some(&sources), new.clone());
    assert_eq!(changes, Changes { added: 1, gone: 1, changed: 1 });
    let expected = ["- a staff", "mets =b/1 staff", "mets =b/2 closed", "mets =b/4 open", "other c closed"];
    assert_eq!(merged, rules(&expected));
    let (again, changes) = replace(&merged, Some(&sources), new);
    assert_eq!((again, changes), (merged.clone(), Changes::default()));
    let (emptied, changes) = replace(&merged, None, Vec::new());
    assert_eq!((emptied.len(), changes.gone), (0, 5));
    let (kept, _) = replace(&merged, Some(&BTreeSet::from(["new".to_owned()])), rules(&["new d open"]));
    assert_eq!(kept.last(), Some(&rule("new d open")));
}

#[test]
fn a_more_specific_rule_of_one_source_does_not_open_what_another_closes() {
    let (rules, shown) =
        settled(&["mets book staff", "manifest =book/1 open", "manifest =book/2 staff|reader"]);
    assert_eq!(
        shown,
        ["book/1 manifest:open mets:staff -> staff", "book/2 manifest:reader|staff mets:staff -> staff",]
    );
    assert_eq!(opened_by(&rules, "book/1", 0), Some(vec![2]));
    assert_eq!(opened_by(&rules, "book/2", 0), Some(vec![2]));
    assert_eq!(opened_by(&rules, "book/3", 0), Some(vec![2]));
    let derived: Vec<_> = rules.iter().filter(|rule| rule.source == STRICTER).collect();
    assert_eq!(derived.len(), 2);
    assert_eq!(derived[0].note, "mets says so of book");
    let (again, _) = settle(rules.clone(), &mounts(), &names());
    assert_eq!(again, rules, "settling twice is settling once");
}

#[test]
fn on_one_spot_the_policy_has_the_stricter_and_it_is_only_reported() {
    let (rules, shown) =
        settled(&["mets =a staff", "manifest =a reader", "- =a open", "- b staff", "mets =b/1 open"]);
    assert_eq!(shown, ["a :open manifest:reader mets:staff -> closed"]);
    assert!(rules.iter().all(|rule| rule.source != STRICTER));
    assert_eq!(opened_by(&rules, "a", 0), Some(vec![]));
    assert_eq!(
        opened_by(&rules, "b/1", 0),
        None,
        "over what a person wrote, the more specific counts as always"
    );
    // And a source gives way to what a person wrote between.
    let (rules, shown) = settled(&["mets a closed", "- a/b open", "manifest =a/b/1 staff"]);
    assert_eq!(shown, Vec::<String>::new());
    assert_eq!(opened_by(&rules, "a/b/1", 0), Some(vec![2]));
}

#[test]
fn a_source_that_is_more_specific_itself_is_heard_with_that_alone() {
    let (rules, shown) = settled(&["mets a closed", "mets a/b reader|staff", "manifest =a/b/1 staff|clinic"]);
    assert_eq!(shown, ["a/b/1 manifest:clinic|staff mets:reader|staff -> staff"]);
    assert_eq!(opened_by(&rules, "a/b/1", 0), Some(vec![2]));
}

#[test]
fn an_embargo_that_ends_leaves_what_the_same_source_says_above_it() {
    let until = Some(date(2041, 1, 1));
    let mut all = rules(&["mets book staff", "mets =book/1 closed", "manifest =book/1 open"]);
    all[1].until = until;
    let (rules, _) = settle(all, &mounts(), &names());
    let end = utc_midnight(date(2041, 1, 1));
    assert_eq!(opened_by(&rules, "book/1", end - 1), Some(vec![]));
    assert_eq!(
        opened_by(&rules, "book/1", end),
        Some(vec![2]),
        "not open, as the manifest alone would have it"
    );
}

#[test]
fn what_is_permitted_is_restricted_too() {
    let mut all = rules(&["mets book staff", "manifest =book/1 staff"]);
    all[0].operations = vec![Operation::View];
    let (rules, disagreements) = settle(all, &mounts(), &names());
    assert_eq!(disagreements.len(), 1);
    let derived = rules.last().unwrap();
    assert_eq!((derived.source.as_str(), &*derived.operations), (STRICTER, &[Operation::View][..]));
}

proptest! {
    /// Never looser than any source taken alone, at any moment (product decision 3), and again the same.
    #[test]
    fn prop_no_source_opens_what_another_does_not(
        written in proptest::collection::vec(
            ("(mets|manifest|csv)", "=?(a|a/b|a/b/c|d)", "(open|closed|staff|reader|staff\\|reader)", 0..3_i16, 0..3_i16),
            0..9,
        )
    ) {
        let all: Vec<RuleSpec> = written.iter().map(|(source, identifier, conditions, from, until)| {
            let day = |year: i16| (year > 0).then(|| date(2000 + year, 1, 1));
            let mut rule = rule(&format!("{source} {identifier} {conditions}"));
            rule.from = day(*from);
            rule.until = day(*until).filter(|until| rule.from.is_none_or(|from| from < *until));
            rule
        }).collect();
        let (together, _) = settle(all.clone(), &mounts(), &names());
        for year in 2000..2004 {
            let now = utc_midnight(date(year, 6, 1));
            for identifier in ["a", "a/b", "a/b/c", "a/b/c/d", "d"] {
                let with_all = opened_by(&together, identifier, now);
                for source in ["mets", "manifest", "csv"] {
                    let own: Vec<_> = all.iter().filter(|rule| rule.source == source).cloned().collect();
                    // A source that says nothing of the image then asks for nothing.
                    let policy = Policy::build(&mounts(), (2..).zip(conditions()), &own).unwrap();
                    if policy.counting(&Resource { mount: 0, identifier }, now).is_empty() {
                        continue;
                    }
                    let alone = opened_by(&own, identifier, now);
                    let is_kept = match (&with_all, &alone) {
                        (None, Some(_)) => false,
                        (Some(with_all), Some(alone)) => with_all.iter().all(|bit| alone.contains(bit)),
                        (_, None) => true,
                    };
                    prop_assert!(is_kept, "{identifier} in {year}: {source} alone {alone:?}, with all {with_all:?}");
                }
            }
        }
        let (again, _) = settle(together.clone(), &mounts(), &names());
        prop_assert_eq!(&again, &together);

        // Importing an export changes nothing.
        let mut known = HashSet::new();
        let distinct = together.into_iter().filter(|rule| known.insert(rule.clone())).collect();
        let conditions = conditions().map(|mut condition| {
            condition.label.insert("en".to_owned(), condition.name.clone());
            condition
        });
        let document = PolicyDocument { conditions: conditions.to_vec(), rules: distinct, tests: Vec::new() };
        let read = file::read(&file::write(&document), &["images"]).unwrap();
        let (rules, changes) = replace(&document.rules, None, read.rules);
        prop_assert_eq!(changes, Changes::default());
        prop_assert_eq!(settle(rules, &mounts(), &names()).0, document.rules);
    }
}
