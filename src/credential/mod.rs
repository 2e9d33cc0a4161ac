//! Who holds what: accounts, devices, sealed cookies and tokens, and what has been revoked.

pub mod account;
pub mod device;
pub mod keyring;
pub mod presented;
pub mod revocation;
pub mod sealed;
