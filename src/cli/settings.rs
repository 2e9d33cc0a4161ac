//! `tilegate settings`: every setting, as `.env.template` has them.

use std::fmt::Write as _;

use crate::config::{COMPOSE, KNOWN};

/// Group by group: name, default, meaning.
pub(super) fn list() -> String {
    let mut text = String::new();
    let mut group = "";
    for setting in KNOWN {
        if setting.group != group {
            group = setting.group;
            let _ = writeln!(text, "{group}\n");
        }
        let preset = match setting.default {
            Some(default) => format!(" (default: {default})"),
            None if setting.required => " (required)".to_owned(),
            None => String::new(),
        };
        let _ = writeln!(text, "  {}{preset}\n      {}\n", setting.name, setting.meaning);
    }
    text.push_str("Docker Compose\n\n");
    for (name, meaning) in COMPOSE {
        let _ = writeln!(text, "  {name}\n      {meaning}\n");
    }
    text.push_str(
        "Each TILEGATE_ setting may also be given as <name>_FILE, the path of a file that holds the value.\n",
    );
    text
}
