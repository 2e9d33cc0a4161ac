//! The way of a whole policy through the database: out of a file, in, and out again.

use proptest::prelude::*;

use super::*;
use crate::policy::file::tests::{MOUNTS, policy};
use crate::policy::file::{read, write};

/// What `policy import` and then `policy export` do to the text of a file.
async fn imported(store: &Store, text: &str) -> String {
    let document = read(text, MOUNTS).unwrap();
    store.replace_policy(&document, true, Act::service(1_900_000_000)).await.unwrap();
    write(&store.policy_document().await.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever it says, in every field; also over another policy, of which nothing is left.
    #[test]
    fn prop_export_and_import_change_nothing(before in policy(), after in policy()) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("tilegate.db").display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::connect(&url, crate::audit::chain::AuditKeys::new([&[7; 32]])).await.unwrap();
            for document in [&before, &after] {
                let text = write(document);
                let exported = imported(&store, &text).await;
                prop_assert_eq!(&exported, &text);
                prop_assert_eq!(&store.policy_document().await.unwrap(), document);
                prop_assert_eq!(imported(&store, &exported).await, exported);
            }
            store.close().await;
            Ok(())
        })?;
    }
}
