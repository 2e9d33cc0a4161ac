//! What is allowed: mounts, access conditions, rules and the decision.

pub mod condition;
pub mod decision;
pub mod document;
pub mod file;
pub mod index;
pub mod mount;
pub mod rule;
