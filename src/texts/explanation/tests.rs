use super::*;
use crate::credential::account::Id128;
use crate::gate::explanation::findings::{Beside, Ruling, ToldRule};
use crate::policy::rule::{Match, Operation, RuleSpec};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn spec() -> RuleSpec {
    RuleSpec {
        mount: "images".to_owned(),
        identifier: "letters/1931".to_owned(),
        matching: Match::Exact,
        conditions: names(&["staff", "reader", "house"]),
        from: Some("1990-01-01".parse().unwrap()),
        until: Some("2041-01-01".parse().unwrap()),
        operations: vec![Operation::View, Operation::WholeImage, Operation::WholeDocument],
        whole_image_px: Some(1024),
        source: "file.mets".to_owned(),
        note: "donor".to_owned(),
    }
}

/// Every finding that there can be, with an empty, a short and a longer list.
fn all(t: Texts) -> Vec<Said> {
    let (identifier, mount, path) = ("a/b".to_owned(), "images".to_owned(), "/a/b".to_owned());
    let mut all = vec![say_asked(
        t,
        &Asked::Substitute { identifier: identifier.clone(), mount: mount.clone(), divisor: 8 },
    )];
    for kind in [MountKind::Image, MountKind::Manifest, MountKind::File, MountKind::S3] {
        all.push(say_asked(
            t,
            &Asked::Resource { kind, identifier: identifier.clone(), mount: mount.clone() },
        ));
        for is_allowed in [true, false] {
            all.push(say_asked(t, &Asked::Fetched { kind, path: path.clone(), is_allowed }));
        }
    }
    let rule = |spec: Option<RuleSpec>| ToldRule { number: 2, spec: spec.map(Box::new) };
    let mount_rule = RuleSpec { mount: mount.clone(), conditions: names(&["open"]), ..RuleSpec::default() };
    let below = RuleSpec { matching: Match::Prefix, ..spec() };
    let mut rulings = vec![
        Ruling::Rule(rule(None)),
        Ruling::Rule(rule(Some(mount_rule))),
        Ruling::Rule(rule(Some(below))),
        Ruling::Below,
        Ruling::Default { condition: "staff".to_owned(), exists: true },
        Ruling::Default { condition: "gone".to_owned(), exists: false },
        Ruling::More(1),
        Ruling::More(69),
        Ruling::TwoNames { identifier: "a.tif".to_owned(), base: "a".to_owned() },
    ];
    for why in [Beside::CountsAsWell, Beside::NotBegun, Beside::Over, Beside::LessSpecific] {
        rulings.push(Ruling::Beside(rule(Some(spec())), why));
    }
    all.extend(rulings.iter().map(|ruling| super::rules::say_ruling(t, ruling)));
    for holds in [&[][..], &["staff"], &["staff", "reader"]] {
        let holds = || names(holds);
        let account = |is_locked| Visitor::Account {
            id: Id128([7; 16]),
            name: "ada".to_owned(),
            is_locked,
            holds: holds(),
        };
        let visitors = [
            Visitor::Anonymous { holds: holds() },
            account(true),
            account(false),
            Visitor::Address { address: "192.0.2.7".parse().unwrap(), has: holds() },
        ];
        all.extend(visitors.iter().map(|visitor| say_visitor(t, visitor)));
        for (is_exact, is_for_this) in [(true, true), (true, false), (false, true), (false, false)] {
            let (id, identifier, mount) = ("7f".to_owned(), "letters".to_owned(), "images".to_owned());
            let pass = Visitor::Pass { id, identifier, mount, is_exact, is_for_this };
            all.push(say_visitor(t, &pass));
        }
    }
    all.extend(answers_and_changes(t));
    for remedy in [
        Remedy::RuleOfItsOwn { mount: mount.clone(), identifier: identifier.clone() },
        Remedy::RulesBelow { mount, identifier },
    ] {
        all.push(say_remedy(t, &remedy).1);
    }
    all
}

fn answers_and_changes(t: Texts) -> Vec<Said> {
    let reason = "no-mount";
    let mut answers = vec![
        Answer::Held("staff".to_owned()),
        Answer::Network("staff".to_owned()),
        Answer::Pass("7f".to_owned()),
        Answer::Thumbnail,
        Answer::Substitute,
        Answer::Open,
        Answer::NoMount { prefixes: names(&["/i/", "/m/"]), reason },
        Answer::NotIiif { reason },
        Answer::OfPass { reason },
        Answer::Uncertain { reason },
        Answer::NotAdvertised { reason },
        Answer::AnotherReduction,
        Answer::NoSubstitute,
        Answer::SubstituteDepends { divisor: 8, pixels: 800 },
        Answer::SizeUnknown,
        Answer::TooLarge { pixels: 1024 },
        Answer::NotWhole,
        Answer::NobodyBelow,
        Answer::NobodyTogether,
        Answer::Closed,
    ];
    let mut changes = vec![
        Change::Unlocked,
        Change::AddressIn { networks: names(&["192.0.2.0/24"]), more: 0 },
        Change::AddressIn { networks: names(&["192.0.2.0/24", "2001:db8::/32"]), more: 3 },
        Change::SizeDecides,
        Change::Smaller { pixels: 200 },
        Change::Substitute { pixels: 800 },
        Change::AnotherRule,
    ];
    let lesses = [Less::NoLogin, Less::NoLoginSameAddress, Less::OtherAddress, Less::NoLoginOtherAddress];
    changes.extend(lesses.map(|less| Change::Without { less, needs: None }));
    let then = |then| Change::From {
        day: "2041-01-01".to_owned(),
        then,
        events: vec![Event::DryRunEnds, Event::RuleBegins(2), Event::RuleEnds(4)],
    };
    changes.extend(
        [Then::Open, Then::Account("ada".to_owned()), Then::Visitor, Then::Closed, Then::Refused].map(then),
    );
    for needed in [&["staff"][..], &["staff", "reader"]] {
        let until = Some("2041-01-01".parse().unwrap());
        answers.push(Answer::DryRun { until, needed: names(needed) });
        for a_login_helps in [true, false] {
            answers.push(Answer::Needed { one_of: names(needed), a_login_helps });
        }
        changes.extend(lesses.map(|less| Change::Without { less, needs: Some(names(needed)) }));
        changes.push(then(Then::Needs(names(needed))));
        for pattern in [Pattern::Login, Pattern::External, Pattern::Clickthrough, Pattern::Kiosk] {
            changes.push(Change::Holding { pattern, names: names(needed) });
        }
    }
    let answers = answers.iter().map(|answer| say_answer(t, answer));
    answers.chain(changes.iter().map(|change| say_change(t, change))).collect()
}

#[test]
fn every_finding_is_one_sentence_in_every_language() {
    let english: Vec<String> = all(Texts::ENGLISH).iter().map(Said::plain).collect();
    let german: Vec<String> = all(Texts::of(["de"])).iter().map(Said::plain).collect();
    assert!(english.len() > 80 && english.len() == german.len());
    for (english, german) in english.iter().zip(&german) {
        assert_ne!(english, german);
        for said in [english, german] {
            // A line of a terminal each, without traces of messages and elements.
            assert!(!said.contains(['\n', '<', '>', '{', '}', '&']), "{said}");
            assert!(!said.contains("  ") && !said.contains("explain-"), "{said}");
            let ends = said.ends_with('.') || said.contains(" alone") || said.contains(" anlegen");
            assert!(ends || said.ends_with("a/b`") || said.ends_with("beginnt"), "{said}");
        }
    }
}

#[test]
fn a_rule_is_told_with_all_that_it_says() {
    assert_eq!(
        rule(Texts::ENGLISH, 2, &spec()).plain(),
        "rule 3 (`letters/1931` exactly: staff or reader or house, from 1990-01-01, until 2041-01-01, for view and \
         whole-image and whole-document, in answers of at most 1024 pixels), imported from file.mets, noted “donor”"
    );
    assert_eq!(
        new_rule(Texts::ENGLISH, &RuleSpec { conditions: names(&["open"]), ..RuleSpec::default() }).plain(),
        "the whole mount: open"
    );
    let said = rule(Texts::of(["de"]), 2, &spec());
    assert_eq!(
        said.plain(),
        "Regel 3 (genau `letters/1931`: staff oder reader oder house, ab 1990-01-01, bis 2041-01-01, zum Ansehen und \
         Abrufen des ganzen Bildes und Abrufen des ganzen Dokuments, in Antworten von höchstens 1024 Pixeln), \
         importiert aus file.mets, mit der Notiz „donor“"
    );
    let html = said.to_string();
    assert!(
        html.starts_with("<a href=\"/auth/admin/rules/3\">Regel 3</a> (genau <code>letters/1931</code>: "),
        "{html}"
    );
    assert!(html.contains("<a href=\"/auth/admin/conditions/staff\"><bdi>staff</bdi></a> oder "), "{html}");
}

#[test]
fn s13_what_others_have_written_stays_text_wherever_it_stands() {
    let hostile = "<script>&#60;\u{202e}\u{7}\"'`{ $note }";
    let rule = RuleSpec {
        identifier: hostile.to_owned(),
        note: hostile.to_owned(),
        source: hostile.to_owned(),
        ..spec()
    };
    for t in [Texts::ENGLISH, Texts::of(["de"])] {
        let said = super::rule(t, 0, &rule);
        assert!(!said.to_string().contains("<script"), "{said}");
        assert_eq!(said.plain().matches(hostile).count(), 3, "{}", said.plain());
        let remedy = Remedy::RuleOfItsOwn { mount: "images".to_owned(), identifier: hostile.to_owned() };
        let (link, said) = say_remedy(t, &remedy);
        assert!(
            !said.to_string().contains("<script") && !link.contains(['<', '"', '\'', '\u{202e}', ' ']),
            "{link}"
        );
        let query: Vec<_> = url::form_urlencoded::parse(link.split_once('?').unwrap().1.as_bytes()).collect();
        assert_eq!(query[1], ("identifier".into(), hostile.into()));
    }
}
