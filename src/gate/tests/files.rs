//! Files: judged as tiles are, but for a `HEAD` with a token.

use super::*;

const OPEN: &str = "/files/open/song.mp3";
const LOCKED: &str = "/files/protected/letter%20100%25.pdf";
const CLOSED: &str = "/files/elsewhere.pdf";

fn bench() -> Bench {
    let usual = Bench::new();
    let origin = Origin::File { folder: "/srv/files/".to_owned() };
    let files = Mount {
        rules: Some("images".to_owned()),
        ..Mount::new("files", MountKind::File, "/files/", origin, "/")
    };
    let images = usual.policy.mounts().iter().cloned();
    let mounts: Vec<_> = images.chain([files]).collect();
    let staff = [(STAFF, AccessCondition::bare("staff", Pattern::Login))];
    let rule = |identifier: &str, condition: &str| RuleSpec {
        mount: "images".to_owned(),
        identifier: identifier.to_owned(),
        matching: Match::Prefix,
        conditions: vec![condition.to_owned()],
        from: None,
        until: None,
        note: String::new(),
        ..RuleSpec::default()
    };
    let rules = [rule("open", "open"), rule("protected", "staff")];
    Bench { policy: Policy::build(&mounts, staff, &rules).unwrap(), ..usual }
}

fn file(uri: &str) -> Presented<'_> {
    Presented { mount: Some(b"files"), ..asking(uri) }
}

#[test]
fn a_file_is_judged_by_its_name_and_handed_back_by_it() {
    let bench = bench();
    let cookie = bench.cookie();
    for (uri, anonymous, reader) in [
        (OPEN, "allow", "allow"),
        (LOCKED, "challenge", "allow"),
        (CLOSED, "refuse", "refuse"),
        ("/files/open/info.json", "allow", "allow"),
        ("/files/open/a/full/max/0/default.jpg", "allow", "allow"),
        ("/files/open/", "refuse", "refuse"),
        ("/files/", "refuse", "refuse"),
        ("/files/open/../protected/letter.pdf", "refuse", "refuse"),
        ("/files/open%2Fsong.mp3", "refuse", "refuse"),
    ] {
        assert_eq!(word(bench.judge(&file(uri))), anonymous, "{uri}");
        let presented = Presented { cookie: Some(cookie.as_bytes()), ..file(uri) };
        assert_eq!(word(bench.judge(&presented)), reader, "{uri}");
    }
    let mut canonical = Canonical::new();
    let presented = Presented { cookie: Some(cookie.as_bytes()), ..file(LOCKED) };
    let verdict = judge(&presented, &bench.grounds(), &mut canonical);
    assert_eq!(
        verdict.visitor,
        Visitor { account: Some(ACCOUNT), held: Conditions::only(STAFF), ..Visitor::default() }
    );
    assert_eq!(&*canonical.path, "/protected/letter%20100%25.pdf");
    // A tile is not under this mount, nor a file under the other.
    let refused = Decision::Refuse(Basis::Malformed("other-mount"));
    assert_eq!(bench.judge(&file(OPEN_TILE)), refused);
    assert_eq!(bench.judge(&asking(OPEN)), refused);
}

/// Product decision 4: the one verdict that depends on a method, and only on a file mount.
#[test]
fn a1_48_t5_a_token_counts_for_head_of_a_file_and_for_nothing_else_here() {
    let bench = bench();
    let bearer = |purpose| format!("Bearer {}", bench.sealed(purpose));
    let token = bearer(Purpose::AccessToken1);
    for (method, uri, authorization, says) in [
        ("HEAD", LOCKED, token.clone(), "allow"),
        ("GET", LOCKED, token.clone(), "challenge"),
        ("OPTIONS", LOCKED, token.clone(), "challenge"),
        ("HEAD", CLOSED, token.clone(), "refuse"),
        ("HEAD", LOCKED, bearer(Purpose::AccessToken2), "challenge"),
        ("HEAD", LOCKED, bearer(Purpose::AccessCookie), "challenge"),
        ("HEAD", LOCKED, "Bearer undefined".to_owned(), "challenge"),
        ("head", LOCKED, token.clone(), "refuse"),
        ("HEAD", LOCKED_TILE, token.clone(), "challenge"),
        ("GET", LOCKED_TILE, token, "challenge"),
    ] {
        let mount: &[u8] = if uri == LOCKED_TILE { b"images" } else { b"files" };
        let presented = Presented {
            mount: Some(mount),
            original_method: Some(method.as_bytes()),
            authorization: Some(authorization.as_bytes()),
            ..asking(uri)
        };
        assert_eq!(word(bench.judge(&presented)), says, "{method} {uri}");
        // Whichever is enough; a token that opens nothing takes nothing away from the cookie.
        let cookie = bench.cookie();
        let both = Presented { cookie: Some(cookie.as_bytes()), ..presented };
        let by_cookie = Presented { authorization: None, ..both };
        assert_eq!(word(bench.judge(&both)), word(bench.judge(&by_cookie)), "{method} {uri}");
    }
    let as_cookie = format!("tg={}", bench.sealed(Purpose::AccessToken1));
    let presented =
        Presented { original_method: Some(b"HEAD"), cookie: Some(as_cookie.as_bytes()), ..file(LOCKED) };
    assert_eq!(word(bench.judge(&presented)), "challenge", "T4");
}

#[test]
fn s18_without_the_store_a_token_says_nothing() {
    let bench = bench();
    let token = format!("Bearer {}", bench.sealed(Purpose::AccessToken1));
    for (uri, fresh, says) in [(LOCKED, true, "allow"), (LOCKED, false, "challenge"), (OPEN, false, "allow")]
    {
        let presented =
            Presented { original_method: Some(b"HEAD"), authorization: Some(token.as_bytes()), ..file(uri) };
        let grounds = Grounds { fresh, ..bench.grounds() };
        assert_eq!(word(judge(&presented, &grounds, &mut Canonical::new()).decision), says, "{uri}");
    }
}

proptest! {
    /// P1: whatever the bytes are, nothing protected opens to a stranger.
    #[test]
    fn prop_p1_any_bytes_open_nothing(
        tail in prop::collection::vec(any::<u8>(), 0..60),
        start in prop::sample::select(vec!["/files/", "/files/protected/", "/files/open/", "/files/open/../"]),
        method in prop::sample::select(vec!["GET", "HEAD"]),
    ) {
        let bench = bench();
        let uri = [start.as_bytes(), &tail].concat();
        let presented = Presented {
            original_uri: Some(&uri),
            original_method: Some(method.as_bytes()),
            authorization: Some(b"Bearer x"),
            ..file("")
        };
        let mut canonical = Canonical::new();
        if judge(&presented, &bench.grounds(), &mut canonical).decision.is_allow() {
            prop_assert_eq!(canonical.identifier.split('/').next(), Some("open"));
            prop_assert!(canonical.path.starts_with("/open/"));
        }
    }
}
