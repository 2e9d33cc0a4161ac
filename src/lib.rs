//! Tilegate decides, beside NGINX, who may see which IIIF image.
//!
//! NGINX asks before every tile (`auth_request`), and gets one of three answers:
//! 200, 401 or 403. This page is the map of the house; each room says more about
//! itself.
//!
//! **The pure core** does no I/O, reads no clock, draws no randomness and logs
//! nothing. Each room may use the ones before it, never the ones after it:
//!
//! | room | what it knows |
//! |---|---|
//! | [`iiif`] | the words of the IIIF specifications: image requests, identifiers, auth services, info.json, manifests |
//! | [`policy`] | mounts, access conditions, rules, and [`policy::decide`] |
//! | [`credential`] | accounts, sealed cookies and tokens, what has been revoked |
//! | [`audit`] | who did what: the lines of the audit trail, and the chain that they form |
//! | [`gate`] | NGINX's request as bytes, and [`gate::judge`], which says Allow, Challenge or Refuse |
//! | [`import`] | rules from manifests, METS and digilib's files, and [`import::merge`], which puts them among the others |
//!
//! **The shell** listens, reads and writes:
//!
//! | room | what it does |
//! |---|---|
//! | [`config`] | the only reader of the environment |
//! | [`store`] | the only SQL |
//! | [`snapshot`] | keeps the policy and the revocations in memory, current from the store's change log |
//! | [`amend`] | changes one rule, if the policy's own tests still pass |
//! | [`password`] | argon2id, in a bounded pool away from the tiles |
//! | [`origin`] | reads info.json and manifests from the origin of a mount |
//! | [`health`] | asks whether the origins are there, and when the public certificate ends |
//! | [`bucket`] | signs what NGINX asks a private bucket for, with the keys as they are now |
//! | [`shadow`] | says which mounts are in dry run, and writes what they let through to the log |
//! | [`tally`] | counts denials and failed logins, and tells the audit trail once a minute |
//! | [`image_sizes`] | remembers how large images are, for their substitutes |
//! | [`http`] | the only writer of HTTP answers and cookies |
//! | [`texts`] | what pages say, in every language; and `tilegate explain`, in English |
//! | [`nginx_conf`] | writes the NGINX includes from the settings |
//! | [`demo`] | the samples of `serve --demo` for authors of viewers |
//! | [`cli`], [`startup`], [`telemetry`] | arguments, the service's life, logs and counters |

pub mod amend;
pub mod audit;
pub mod bucket;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credential;
pub mod demo;
pub mod gate;
pub mod health;
pub mod http;
pub mod iiif;
pub mod image_sizes;
pub mod import;
pub mod nginx_conf;
pub mod origin;
pub mod password;
pub mod policy;
pub mod shadow;
pub mod snapshot;
pub mod startup;
pub mod store;
pub mod tally;
pub mod telemetry;
pub mod texts;
