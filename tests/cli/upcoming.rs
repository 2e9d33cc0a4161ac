//! `tilegate policy upcoming`.

use super::{POLICY, Site};

fn upcoming(site: &Site, arguments: &[&str]) -> String {
    site.run(&[&["policy", "upcoming"], arguments].concat()).succeeded()
}

#[test]
fn upcoming_says_what_a_date_opens_and_closes() {
    let site = Site::furnished();
    assert_eq!(
        upcoming(&site, &["--at", "2040-12-12"]),
        "2041-01-01 (in 20 days): 1 opens\n  \
           opens    letters/1931, of `images`: closed to everybody -> staff or reader (rule 3 ends)\n\
         1 change in the next 30 days.\n"
    );
    assert_eq!(
        upcoming(&site, &["--at", "1989-12-31T23:59:59Z", "--days", "1"]),
        "1990-01-01 (tomorrow): 1 closes\n  \
           closes   letters/1931, of `images`: staff or reader -> closed to everybody (rule 3 begins)\n\
         1 change in the next day.\n"
    );
}

#[test]
fn upcoming_says_that_nothing_comes_and_what_comes_next() {
    let site = Site::furnished();
    let nothing = upcoming(&site, &["--at", "2000-01-01"]);
    assert_eq!(nothing, "Nothing opens or closes in the next 30 days. The next date is 2041-01-01.\n");
    let never = upcoming(&site, &["--at", "2041-01-01", "--days", "36500"]);
    assert_eq!(never, "Nothing opens or closes in the next 36500 days. No rule has a later date.\n");
    let empty = upcoming(&Site::new(), &[]);
    assert!(empty.starts_with("Nothing opens or closes in the next 30 days."), "{empty}");
}

/// Without `--at` it is today that counts.
#[test]
fn upcoming_looks_ahead_from_now() {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |days: i64| today.checked_add(jiff::Span::new().days(days)).unwrap().to_string();
    let site = Site::new();
    let policy = POLICY.split_once("[[test]]").unwrap().0.replace("2041-01-01", &day(3));
    site.import(&policy).succeeded();
    let said = upcoming(&site, &[]);
    assert!(said.contains(&day(3)) && said.contains("opens    letters/1931"), "{said}");
    // Whether midnight passes meanwhile or not.
    assert!(upcoming(&site, &["--days", "1"]).contains(&format!("The next date is {}.", day(3))));
}

#[test]
fn upcoming_gives_the_same_as_data() {
    let site = Site::furnished();
    let told: serde_json::Value =
        serde_json::from_str(&upcoming(&site, &["--at", "2040-12-12", "--json"])).unwrap();
    assert_eq!(
        told,
        serde_json::json!({
            "after": "2040-12-12",
            "until": "2041-01-11",
            "count": 1,
            "changes": [{
                "at": "2041-01-01",
                "effect": "opens",
                "mount": "images",
                "identifier": "letters/1931",
                "match": "exact",
                "before": "closed to everybody",
                "after": "staff or reader",
                "ending_rules": [3],
                "beginning_rules": [],
            }],
            "next_date": null,
        })
    );
}

#[test]
fn what_is_wrong_with_the_question_is_said() {
    let site = Site::furnished();
    assert!(site.run(&["policy", "upcoming", "--at", "soon"]).failed().contains("--at soon"));
    for days in ["0", "-1", "many", "99999999"] {
        site.run(&["policy", "upcoming", &format!("--days={days}")]).misused();
    }
}
