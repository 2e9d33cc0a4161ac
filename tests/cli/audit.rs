//! `tilegate audit verify`, and accounts that end or come back.

use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::*;

async fn in_the_database(site: &Site, statement: &str) {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}", site.path("tilegate.db").display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(statement.to_owned())).await.unwrap();
}

#[tokio::test]
async fn s19_a_trail_that_was_tampered_with_is_told() {
    let site = Site::new();
    assert_eq!(site.run(&["audit", "verify"]).succeeded(), "the audit trail is empty\n");
    site.add("ada", "");
    site.add("bob", "");
    site.run(&["account", "remove", "bob"]).succeeded();
    let told = site.run(&["audit", "verify"]).succeeded();
    let (said, head) = told.trim_end().split_once('\n').unwrap();
    assert_eq!(said, "lines 1 to 3 are as they were written");
    assert!(head.starts_with("3:") && head.len() == 66, "{head}");
    site.run(&["audit", "verify", "--expect", head]).succeeded();

    in_the_database(&site, "DELETE FROM audit WHERE number = 3").await;
    site.run(&["audit", "verify"]).succeeded();
    let failed = site.run(&["audit", "verify", "--expect", head]).failed();
    assert!(failed.contains("ends at line 2, before the expected line 3"), "{failed}");
    in_the_database(&site, "UPDATE audit SET at = at - 60 WHERE number = 1").await;
    let failed = site.run(&["audit", "verify"]).failed();
    assert!(failed.contains("line 1, or one before it, was changed"), "{failed}");
    let failed = site.run(&["audit", "verify", "--expect", "3:xyz"]).misused();
    assert!(failed.contains("64 hexadecimal digits"), "{failed}");
}

#[test]
fn an_account_ends_and_a_removed_one_comes_back() {
    let site = Site::new();
    let added = site.run_with(
        &["account", "add", "ada", "--password-stdin", "--expires", "2041-01-01"],
        "a fine password\n",
    );
    assert_eq!(added.succeeded(), "ada\tactive\t\t2041-01-01\n");
    let over = site.run(&["account", "set", "ada", "--expires", "2020-01-01"]).succeeded();
    assert_eq!(over, "ada\texpired\t\t2020-01-01\n");
    assert_eq!(site.run(&["account", "set", "ada", "--expires", "never"]).succeeded(), "ada\tactive\t\n");
    let wrong = site.run(&["account", "set", "ada", "--expires", "soon"]).misused();
    assert!(wrong.contains("write a day, such as 2041-01-01, or never"), "{wrong}");

    site.run(&["account", "remove", "ada"]).succeeded();
    assert_eq!(site.run(&["account", "list"]).succeeded(), "");
    assert_eq!(site.run(&["account", "restore", "Ada"]).succeeded(), "ada\tactive\t\n");
    let failed = site.run(&["account", "restore", "ada"]).failed();
    assert!(failed.contains("no account `ada` was removed within the last 30 days"), "{failed}");
}
