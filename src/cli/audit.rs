//! `tilegate audit`: whether the audit trail is as Tilegate wrote it.

use clap::Subcommand;

use super::{Failure, say};
use crate::audit::chain::Hash;
use crate::store::Store;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check every line of the audit trail: that none was changed, added or removed. Prints the number and hash of the
    /// last one.
    Verify {
        /// Number and hash of a line as they were printed or logged earlier: also tells whether lines were cut off
        /// since.
        #[arg(long, value_name = "NUMBER:HASH", value_parser = noted)]
        expect: Option<(u64, Hash)>,
    },
}

fn noted(text: &str) -> Result<(u64, Hash), &'static str> {
    let wrong = "write a line's number and its hash of 64 hexadecimal digits, such as 812:9f86…";
    let (number, hash) = text.split_once(':').ok_or(wrong)?;
    let number = number.parse().ok().filter(|number| *number > 0).ok_or(wrong)?;
    Ok((number, Hash::parse(hash).ok_or(wrong)?))
}

pub(super) async fn run(command: Command, store: &Store) -> Result<(), Failure> {
    let Command::Verify { expect } = command;
    let whole = store.verify_audit(expect).await.map_err(|error| format!("the audit trail: {error}"))?;
    if whole.last == 0 {
        return say("the audit trail is empty\n");
    }
    let (first, last, head) = (whole.first, whole.last, whole.head);
    let begins = if first > 1 { ", which follow on a signed note of what was pruned" } else { "" };
    say(&format!("lines {first} to {last} are as they were written{begins}\n{last}:{head}\n"))
}
