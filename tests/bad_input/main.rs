//! Whatever arrives gets an answer that says what to do, and nothing typed is lost.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod again;
mod characters;
mod fields;
mod links;
mod requests;
mod start;
#[path = "../support/mod.rs"]
mod support;
