//! Addresses of the pages of the administration that sentences lead to. `http/` serves them and knows `texts`, not the
//! other way round.

use url::form_urlencoded::Serializer;

use crate::credential::account::AccountId;

/// The list of access conditions.
pub const CONDITIONS: &str = "/auth/admin/conditions";

/// The page of an account.
pub fn account(id: &AccountId) -> String {
    format!("/auth/admin/accounts/{id}")
}

/// The page of a condition.
pub fn condition(name: &str) -> String {
    // A name is letters, digits and hyphens.
    format!("{CONDITIONS}/{name}")
}

/// The page of a rule, whose number is counted from 1.
pub fn rule(number: u64) -> String {
    format!("/auth/admin/rules/{number}")
}

/// The form of a new rule about one image or file alone.
pub fn new_rule(mount: &str, identifier: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("mount", mount).append_pair("identifier", identifier).append_pair("match", "exact");
    format!("/auth/admin/rules/new?{}", query.finish())
}

/// The rules of a mount whose identifier begins with this one.
pub fn rules_below(mount: &str, identifier: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("q", identifier).append_pair("mount", mount);
    format!("/auth/admin/rules?{}", query.finish())
}
