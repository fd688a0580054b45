//! Outlines of districts and towns, imported by the commands: a made-up coast of four House districts in two Senate
//! districts, as GeoJSON and as shapefiles like the Census'.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod coast;
mod files;
mod imports;
