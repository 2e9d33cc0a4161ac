//! The service as a whole, over HTTP, with a real store and without NGINX.
//!
//! Tests name the requirement they hold: S… and T… are of the security
//! requirements, A1-…, A2-… and X-… of the IIIF Authentication checklist.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod admin;
mod admin_accounts;
mod admin_conditions;
mod admin_explain;
mod admin_health;
mod admin_openings;
mod admin_passes;
mod admin_rule_effects;
mod admin_rules;
mod admin_upcoming;
mod app;
mod auth2;
mod bad_input;
mod basic;
mod buckets;
mod demo;
mod devices;
mod examples;
mod files;
mod info_json;
mod languages;
mod login;
mod manifests;
mod matrix;
mod neuroglancer;
mod own_account;
mod parent_domain;
mod passes;
mod patterns;
mod protocol;
mod registration;
mod renewal;
mod revocation;
mod rules;
mod second_factor;
mod shadow;
mod sizes;
mod status;
mod substitutes;
mod tile_path;
mod token;
mod trust;
