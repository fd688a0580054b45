//! What leaves the service for staff and their programs: consents that come first, exports, API, webhooks, reports.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod api;
mod consents;
mod exports;
mod meeting;
mod webhooks;
