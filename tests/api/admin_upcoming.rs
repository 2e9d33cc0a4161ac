//! The dates of rules in the administration.

use tilegate::clock;

use crate::admin::{CHIEF, asks_to_log_in, read, start};
use crate::app::*;

const PAGE: &str = "/auth/admin/upcoming";

/// A date so many days from today, by the clock of the service.
fn day(days: i64) -> String {
    let now = jiff::Timestamp::from_second(clock::now().cast_signed()).unwrap();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    today.checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}

fn rules(lines: &[String]) -> String {
    let conditions = r#"
        [[condition]]
        name = "staff"
        pattern = "login"
        label = { en = "Staff" }
        [[condition]]
        name = "clinical"
        pattern = "login"
        label = { en = "Clinical" }
        "#;
    let rule = |line: &String| format!("[[rule]]\nmount = \"images\"\n{line}\n");
    format!("{conditions}{}", lines.iter().map(rule).collect::<String>())
}

async fn shows(app: &TestApp, path: &str) -> String {
    let response = Browser::logged_in(app, CHIEF).await.get(app, path).await;
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

#[actix_web::test]
async fn the_next_changes_are_on_the_overview_and_all_on_their_page() {
    let app = start().await;
    for path in ["/auth/admin/", PAGE] {
        let text = read(&shows(&app, path).await);
        assert!(text.contains("Nothing: no rule has a date in the future."), "{path}: {text}");
    }

    let (soon, later, past) = (day(3), day(400), day(-3));
    let mut lines = vec![
        format!("identifier = \"<letters>\"\nconditions = [\"staff\"]\nuntil = \"{later}\""),
        format!("identifier = \"maps\"\nconditions = [\"open\"]\nfrom = \"{soon}\""),
        format!("identifier = \"gone\"\nconditions = [\"open\"]\nfrom = \"{past}\""),
    ];
    app.import(&rules(&lines)).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    for path in ["/auth/admin/", PAGE] {
        let page = shows(&app, path).await;
        let text = read(&page);
        let (first, second) = (
            "maps and everything below it images opens closed to everybody open to everybody rule 2 begins",
            "&#60;letters&#62; and everything below it images closes staff closed to everybody rule 1 ends",
        );
        let places = [soon.as_str(), first, later.as_str(), second].map(|part| text.find(part));
        assert!(places.is_sorted() && places[0].is_some(), "{path}: {places:?} {text}");
        assert!(!text.contains("gone") && !page.contains("<letters>"), "{path}: {text}");
        assert_eq!(page.matches("<time").count(), 2, "{path}");
    }

    // Another policy is another list, at once; and the overview has its bound.
    lines.extend((0..30).map(|number| {
        format!("identifier = \"box{number:02}\"\nconditions = [\"open\"]\nfrom = \"{soon}\"")
    }));
    app.import(&rules(&lines)).await;
    app.context.live.refresh(clock::now()).await.unwrap();
    let overview = shows(&app, "/auth/admin/").await;
    assert!(read(&overview).contains("box19 and") && !overview.contains("box20"), "{overview}");
    assert!(overview.contains(r#"<a href="/auth/admin/upcoming">All dates</a>"#), "{overview}");
    let all = shows(&app, PAGE).await;
    assert!(read(&all).contains("box29 and") && read(&all).contains("rule 1 ends"), "{all}");
}

#[actix_web::test]
async fn s3_only_administrators_are_told_the_dates() {
    let app = start().await;
    assert_eq!(Browser::logged_in(&app, READER).await.get(&app, PAGE).await.status(), 403);
    assert!(asks_to_log_in(Browser::default().get(&app, PAGE).await).await);
    let chief = Browser::logged_in(&app, CHIEF).await;
    let post = app.client.post(format!("{}{PAGE}", app.address)).header("Cookie", chief.header());
    assert_eq!(post.send().await.unwrap().status(), 405);
}
