//! Who holds what: accounts, devices, passes, second factors, sealed cookies and tokens, and what has been revoked.

pub mod account;
pub mod device;
pub mod keyring;
pub mod one_time;
pub mod pass;
pub mod presented;
pub mod revocation;
pub mod sealed;
pub mod second_factor;
pub mod viewer_token;
