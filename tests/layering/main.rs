//! The rules of direction, held against the sources: which room may know which, and who alone
//! speaks a language (SQL, HTTP answers, cookies, the environment, IIIF's JSON).
//!
//! The sources are read as tokens, so comments, doc links and texts say what they like. A tokenizer
//! is no compiler: what a macro of another crate expands to is not seen.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking; clippy.toml's exception covers functions marked #[test] only"
)]

mod requirements;
mod source;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use source::{Kind, Named, Source};

/// The pure rooms; each may know those before it.
const PURE: [&str; 6] = ["iiif", "policy", "credential", "audit", "gate", "import"];

/// The dependencies that a pure room may name: those that only compute. Every other one in
/// `Cargo.toml` is forbidden there, new ones too.
const PURE_CRATES: [&str; 19] = [
    "aes_gcm",
    "arrayvec",
    "base64",
    "csv",
    "hkdf",
    "hmac",
    "ipnet",
    "jiff",
    "memchr",
    "roxmltree",
    "secrecy",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "toml",
    "totp_rs",
    "unicode_normalization",
    "url",
];

/// What a pure room may name of the standard library: no files, sockets, processes, threads, clocks,
/// environment, nothing that hides a state.
const PURE_STD: [&str; 26] = [
    "any",
    "array",
    "borrow",
    "char",
    "cmp",
    "collections",
    "convert",
    "error",
    "fmt",
    "hash",
    "iter",
    "marker",
    "mem",
    "net::IpAddr",
    "net::Ipv4Addr",
    "net::Ipv6Addr",
    "num",
    "ops",
    "option",
    "ptr",
    "result",
    "slice",
    "str",
    "string",
    "sync::Arc",
    "time::Duration",
];

/// Words that no pure room has in its code.
const NEVER_PURE: [&str; 11] = [
    "async",
    "await",
    "dbg",
    "eprint",
    "eprintln",
    "print",
    "println",
    "Instant",
    "SystemTime",
    "RandomState",
    "thread_local",
];

/// Words of which only one room is the speaker, and those of the path they may stand in.
const SPEAKERS: [(&str, &[&str]); 15] = [
    ("sqlx", &["store/"]),
    ("HttpResponse", &["http/"]),
    ("HttpResponseBuilder", &["http/"]),
    ("add_cookie", &["http/"]),
    ("add_removal_cookie", &["http/"]),
    // Whoever adds a cookie can only add one that was made there.
    ("Cookie", &["http/cookies.rs"]),
    ("CookieBuilder", &["http/cookies.rs"]),
    ("SessionMiddleware", &["http/cookies.rs"]),
    ("SET_COOKIE", &["http/cookies.rs"]),
    // The second escapes what is put into a message.
    ("askama", &["http/", "texts.rs"]),
    // The third asks this service itself, for a container's health check; the last asks a bucket as NGINX does.
    ("reqwest", &["origin.rs", "origin/", "health/certificate.rs", "cli/health.rs", "bucket/trial.rs"]),
    ("x509_parser", &["health/certificate.rs"]),
    ("argon2", &["password.rs"]),
    ("getrandom", &["clock.rs"]),
    ("SystemTime", &["clock.rs"]),
];

/// Names after a shape, which say nothing about what is inside.
const SHAPES: [&str; 14] = [
    "common",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "middleware",
    "middlewares",
    "misc",
    "model",
    "models",
    "services",
    "shared",
    "util",
    "utils",
];

const LONGEST: usize = 400;

// -- The rules --------------------------------------------------------------------------

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    /// `iiif` <- `policy` <- `credential` <- `gate` <- `import` <- shell, never back.
    Direction,
    /// Pure rooms do no I/O, have no clock, no randomness, no async, no log.
    Pure,
    /// One speaker per language.
    Speaker,
    Sql,
    SetCookie,
    Environment,
    IiifWords,
    /// Files stay short before their tests.
    Length,
    /// No rooms named after shapes.
    Shape,
    /// An exception to a lint has its reason beside it.
    Reason,
    /// What would lead around this test.
    Detour,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    path: String,
    line: usize,
    rule: Rule,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {:?}: {}", self.path, self.line, self.rule, self.what)
    }
}

/// Every breach of the rules in a file; `path` is relative to `src/`.
fn breaches(path: &str, text: &str, dependencies: &BTreeSet<String>) -> BTreeSet<Breach> {
    let source = Source::read(path, text);
    let mut found = BTreeSet::new();
    let mut note = |line, rule, what: String| {
        found.insert(Breach { path: path.to_owned(), line, rule, what });
    };
    shape_and_length(&source, &mut note);
    lint_exceptions(&source, &mut note);
    for token in &source.tokens {
        match &token.kind {
            Kind::Word(word) => {
                for (theirs, homes) in SPEAKERS {
                    if word == theirs && !token.is_test && !source.is_in(homes) {
                        note(token.line, Rule::Speaker, format!("`{word}` belongs to {}", homes.join(", ")));
                    }
                }
                if word == "include" {
                    note(token.line, Rule::Detour, "`include!` brings in what is not looked at".to_owned());
                }
            }
            Kind::Text(text) if !token.is_test => languages_in(&source, text, token.line, &mut note),
            Kind::Text(_) | Kind::Sign(_) => {}
        }
    }
    let room = PURE.iter().position(|room| source.room == *room);
    for named in source.paths() {
        let joined = named.parts.join("::");
        if joined.starts_with("std::env") && !source.is_in(&["config/"]) && !named.is_test {
            note(named.line, Rule::Environment, format!("`{joined}`: only config/ reads the environment"));
        }
        if let Some(room) = room {
            direction(&named, &PURE[..=room], &mut note);
            purity(&named, &joined, dependencies, &mut note);
        }
        // Pages say texts; texts know no page but by its address.
        if source.is_in(&["texts.rs", "texts/"]) && named.of_the_crate.as_deref() == Some("http") {
            note(
                named.line,
                Rule::Direction,
                format!("`{joined}`: `http` knows `texts`, not the other way round"),
            );
        }
    }
    if room.is_some() {
        for token in &source.tokens {
            if let Kind::Word(word) = &token.kind
                && NEVER_PURE.contains(&word.as_str())
            {
                note(token.line, Rule::Pure, format!("`{word}` in a pure room"));
            }
        }
    }
    found
}

type Note<'n> = dyn FnMut(usize, Rule, String) + 'n;

fn shape_and_length(source: &Source, note: &mut Note<'_>) {
    let names = source.path.trim_end_matches(".rs").split('/').map(|name| (1, name.to_owned()));
    for (line, name) in names.chain(source.inline_modules.iter().cloned()) {
        if SHAPES.contains(&name.as_str()) {
            note(line, Rule::Shape, format!("`{name}` says what it looks like, not what it is about"));
        }
    }
    if source.lines_before_tests > LONGEST {
        let what = format!("{} lines before its tests", source.lines_before_tests);
        note(source.lines_before_tests, Rule::Length, what);
    }
}

/// `#[expect(…)]` has a reason, `#[allow(…)]` is not used: it would stay for ever.
fn lint_exceptions(source: &Source, note: &mut Note<'_>) {
    for (at, window) in source.tokens.windows(2).enumerate() {
        let Kind::Word(word) = &window[0].kind else { continue };
        if !window[0].is_attribute || !window[1].is("(") || !matches!(word.as_str(), "expect" | "allow") {
            continue;
        }
        let line = window[0].line;
        if word == "allow" {
            note(line, Rule::Reason, "`allow`: write `expect`, which ends with its cause".to_owned());
            continue;
        }
        let inside = source.tokens[at..].iter().take_while(|token| token.is_attribute);
        let words: Vec<_> = inside.take_while(|token| !token.is(")")).collect();
        let is_given = words.windows(3).any(|part| {
            part[0].is("reason")
                && part[1].is("=")
                && matches!(&part[2].kind, Kind::Text(text) if !text.trim().is_empty())
        });
        if !is_given {
            note(line, Rule::Reason, "`expect` without a reason".to_owned());
        }
    }
}

/// The languages that are spoken in texts.
fn languages_in(source: &Source, text: &str, line: usize, note: &mut Note<'_>) {
    if !source.is_in(&["store/"]) && is_sql(text) {
        note(line, Rule::Sql, format!("SQL outside of store/: {text:?}"));
    }
    if text.to_ascii_lowercase().contains("set-cookie") && !source.is_in(&["http/cookies.rs"]) {
        note(line, Rule::SetCookie, "`Set-Cookie` outside of http/cookies.rs".to_owned());
    }
    let words = ["iiif.io/api/", "accessToken", "expiresIn", "failureHeader", "AuthCookieService"];
    for word in words {
        if text.contains(word) && !source.is_in(&["iiif/"]) {
            note(line, Rule::IiifWords, format!("`{word}` outside of iiif/"));
        }
    }
}

fn is_sql(text: &str) -> bool {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let has = |word: &str| format!(" {words} ").contains(&format!(" {word} "));
    [
        "insert into",
        "delete from",
        "create table",
        "drop table",
        "alter table",
        "on conflict",
        "begin immediate",
    ]
    .iter()
    .any(|statement| has(statement))
        || words.starts_with("pragma ")
        || (words.starts_with("select ") && has("from"))
        || (words.starts_with("update ") && has("set"))
}

fn direction(named: &Named, known: &[&str], note: &mut Note<'_>) {
    let Some(target) = &named.of_the_crate else { return };
    if !known.contains(&target.as_str()) {
        let to = known.join(", ");
        note(named.line, Rule::Direction, format!("`crate::{target}`: here one may know {to}"));
    }
}

fn purity(named: &Named, joined: &str, dependencies: &BTreeSet<String>, note: &mut Note<'_>) {
    let head = named.parts[0].as_str();
    if matches!(head, "std" | "core" | "alloc") && (named.is_use || named.parts.len() > 1) {
        let inner = joined.split_once("::").map_or("", |(_, inner)| inner);
        let allowed = |part: &&&str| inner == **part || inner.starts_with(&format!("{part}::"));
        if PURE_STD.iter().find(allowed).is_none() {
            note(named.line, Rule::Pure, format!("`{joined}` in a pure room"));
        }
    }
    let is_path = named.is_use || named.parts.len() > 1;
    if is_path && dependencies.contains(head) && !PURE_CRATES.contains(&head) {
        note(named.line, Rule::Pure, format!("`{joined}`: a pure room does not name `{head}`"));
    }
    if named.parts.len() > 1 && named.parts.last().is_some_and(|last| last == "now") {
        note(named.line, Rule::Pure, format!("`{joined}` reads a clock"));
    }
}

// -- The tests --------------------------------------------------------------------------

/// The names of `[dependencies]`, as code writes them.
fn dependencies() -> BTreeSet<String> {
    let manifest = include_str!("../../Cargo.toml");
    let table: toml::Table = manifest.parse().expect("Cargo.toml is TOML");
    let names = table["dependencies"].as_table().expect("a table").keys();
    names.map(|name| name.replace('-', "_")).chain(["tilegate".to_owned()]).collect()
}

/// Every source below a folder of the repository, by its path relative to that folder.
fn files(folder: &str) -> BTreeMap<String, String> {
    with_extension(folder, "rs")
}

/// The same for files of another kind.
fn with_extension(folder: &str, wanted: &str) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, wanted: &str, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                walk(root, &path, wanted, found);
            } else if path.extension().is_some_and(|extension| extension == wanted) {
                let name = path.strip_prefix(root).expect("it is below").display().to_string();
                found.insert(name, std::fs::read_to_string(&path).expect("a readable file"));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = BTreeMap::new();
    if root.is_dir() {
        walk(&root, &root, wanted, &mut found);
    }
    found
}

fn listed(breaches: impl IntoIterator<Item = Breach>) -> String {
    breaches.into_iter().map(|breach| breach.to_string()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sources_keep_the_rules() {
    let sources = files("src");
    for room in PURE {
        assert!(sources.contains_key(&format!("{room}/mod.rs")), "there is no room {room} any more");
    }
    for (word, homes) in SPEAKERS {
        assert!(
            homes.iter().all(|home| sources.keys().any(|path| path.starts_with(home))),
            "`{word}`: there is no {homes:?} any more"
        );
    }
    let dependencies = dependencies();
    let found = sources.iter().flat_map(|(path, text)| breaches(path, text, &dependencies));
    let found = listed(found);
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn exceptions_in_tests_and_benches_have_reasons_too() {
    for folder in ["tests", "benches"] {
        let mut found = BTreeSet::new();
        for (path, text) in files(folder) {
            lint_exceptions(&Source::read(&path, &text), &mut |line, rule, what| {
                found.insert(Breach { path: path.clone(), line, rule, what });
            });
        }
        let found = listed(found);
        assert!(found.is_empty(), "\n{found}");
    }
}

/// Each rule is broken here in every way that it knows, so that none can fall silent.
#[test]
fn every_rule_is_seen_when_it_is_broken() {
    use Rule::{
        Detour, Direction, Environment, IiifWords, Length, Pure, Reason, SetCookie, Shape, Speaker, Sql,
    };
    let long = "//\n".repeat(LONGEST + 1);
    let broken = [
        (Direction, "iiif/a.rs", "use crate::policy::mount::Mount;"),
        (Direction, "texts/a.rs", "use crate::http::admin::rules::address;"),
        (Direction, "texts.rs", "use crate::http::Context;"),
        (Direction, "iiif/a.rs", "fn a(b: &crate::gate::Verdict) {}"),
        (Direction, "policy/mod.rs", "use super::credential::account;"),
        (Direction, "policy/file/law/rule.rs", "use super::super::super::super::gate;"),
        (Direction, "policy/mod.rs", "mod a { use super::super::store::Store; }"),
        (Direction, "credential/a.rs", "use crate::{iiif, policy::{self, index}, gate::judge};"),
        (Direction, "gate/mod.rs", "use crate::http::Context;"),
        (Direction, "gate/mod.rs", "use crate::import::merge;"),
        (Direction, "import/mod.rs", "use crate::cli::run;"),
        (Pure, "import/a.rs", "use std::fs;"),
        (Direction, "gate/mod.rs", "use crate::clock;"),
        (Direction, "gate/mod.rs", "use crate::*;"),
        (Direction, "gate/mod.rs", "use crate as house;"),
        (Direction, "gate/mod.rs", "#[cfg(test)] mod tests { use crate::snapshot::Snapshot; }"),
        (Direction, "gate/mod.rs", "use self::super::snapshot::Snapshot;"),
        (Pure, "gate/a.rs", "use tokio::sync::Mutex;"),
        (Pure, "gate/a.rs", "fn a() { tracing::info!(\"b\"); }"),
        (Pure, "gate/a.rs", "use ::sqlx::Row;"),
        (Pure, "gate/a.rs", "use {actix_web::web, std::fmt};"),
        (Pure, "gate/a.rs", "#[derive(askama::Template)] struct A;"),
        (Pure, "gate/a.rs", "use reqwest as client;"),
        (Pure, "gate/a.rs", "use tilegate::store;"),
        (Pure, "gate/a.rs", "fn a() { getrandom::fill(&mut b); }"),
        (Pure, "gate/a.rs", "fn a() { std::fs::read(b); }"),
        (Pure, "gate/a.rs", "use std::{fmt, env};"),
        (Pure, "gate/a.rs", "use std::{fmt, net::{IpAddr, TcpStream}};"),
        (Pure, "gate/a.rs", "use std as other;"),
        (Pure, "gate/a.rs", "use core::cell::RefCell;"),
        (Pure, "gate/a.rs", "use std::process;"),
        (Pure, "gate/a.rs", "use std::time::{Duration, SystemTime};"),
        (Pure, "gate/a.rs", "fn a() { jiff::Timestamp::now(); }"),
        (Pure, "gate/a.rs", "use jiff::Timestamp; fn a() { Timestamp::now(); }"),
        (Pure, "gate/a.rs", "async fn a() {}"),
        (Pure, "gate/a.rs", "fn a() { println!(\"b\"); }"),
        (Speaker, "http/a.rs", "use sqlx::Row;"),
        (Speaker, "snapshot.rs", "fn a() -> HttpResponse {}"),
        (Speaker, "http/a.rs", "let a = actix_web::cookie::Cookie::new(b, c);"),
        (Speaker, "http/a.rs", "use actix_web::http::header::SET_COOKIE;"),
        (Speaker, "startup.rs", "response.add_cookie(&cookie);"),
        (Speaker, "http/a.rs", "use reqwest::Client;"),
        (Sql, "snapshot.rs", "let a = \"SELECT b\\n  FROM c\";"),
        (Sql, "http/a.rs", "let a = r#\"insert  into b\"#;"),
        (Sql, "cli/a.rs", "let a = \"UPDATE a SET b = 1\";"),
        (Sql, "cli/a.rs", "let a = \"PRAGMA user_version\";"),
        (SetCookie, "http/a.rs", "headers.insert(\"Set-Cookie\", a);"),
        (Environment, "cli/mod.rs", "fn a() { std::env::var(\"B\"); }"),
        (Environment, "cli/mod.rs", "use std::{fmt, env::{self, vars}};"),
        (IiifWords, "http/a.rs", "json!({ \"profile\": \"http://iiif.io/api/auth/1/login\" });"),
        (IiifWords, "http/a.rs", "json!({ \"accessToken\": 1 });"),
        (Length, "http/a.rs", &long),
        (Shape, "http/utils.rs", ""),
        (Shape, "services/mod.rs", ""),
        (Shape, "http/a.rs", "mod helpers { }"),
        (Reason, "http/a.rs", "#[expect(clippy::panic)] fn a() {}"),
        (Reason, "http/a.rs", "#![expect(clippy::panic, reason = \"\")]"),
        (Reason, "http/a.rs", "#[cfg_attr(test, expect(clippy::panic))] fn a() {}"),
        (Reason, "http/a.rs", "#[allow(clippy::panic, reason = \"so\")] fn a() {}"),
        (Detour, "gate/a.rs", "include!(\"../http/a.rs\");"),
    ];
    let dependencies = dependencies();
    for (rule, path, text) in broken {
        let found = breaches(path, text, &dependencies);
        assert!(found.iter().any(|breach| breach.rule == rule), "{rule:?} is not seen in {path}: {text}");
    }
}

#[test]
fn what_is_allowed_is_not_blamed() {
    let dependencies = dependencies();
    for (path, text) in [
        (
            "gate/a.rs",
            "//! [`crate::http`] uses tokio::spawn; \"SELECT a FROM b\"\n/* /* crate::store */ std::fs */",
        ),
        ("gate/a.rs", "use crate::{iiif, policy::{self, mount::Mount}, credential::*, gate};"),
        ("gate/mod.rs", "use super::policy; mod a { use super::b; } pub(crate) fn c() {}"),
        (
            "gate/a.rs",
            "let a = \"tokio::spawn\"; let b = 'x'; let c: &'static str = \"\\\"\"; let d = '\\'';",
        ),
        ("gate/a.rs", "let now = grounds.now; let a = Aspects { now, env: 1 }; let lru = url.len();"),
        ("policy/file/a.rs", "use super::super::super::iiif; use std::net::IpAddr; use jiff::civil::Date;"),
        ("store/a.rs", "use sqlx::Row; let a = \"DELETE FROM b\";"),
        ("http/a.rs", "fn a() -> HttpResponse { b.add_cookie(&cookies.c()); \"Choose one of the list\"; }"),
        (
            "http/a.rs",
            "#[cfg(test)]\n#[rustfmt::skip]\nmod tests { use x::Cookie; const A: &str = \"Set-Cookie\"; }",
        ),
        ("http/a.rs", "#[expect(clippy::panic, reason = \"b\")] fn a() { b.expect(\"c\"); }"),
        ("config/a.rs", "fn a() { std::env::vars_os(); env!(\"CARGO_PKG_VERSION\"); }"),
        ("iiif/a.rs", "const A: &str = \"http://iiif.io/api/auth/1/login\"; r\"\\\"; r#type::b();"),
    ] {
        let found = listed(breaches(path, text, &dependencies));
        assert!(found.is_empty(), "{text}\n{found}");
    }
}
