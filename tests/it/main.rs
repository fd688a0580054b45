//! The tests of the service, in one program: what they share is compiled once. Each starts a service of its own, on a free
//! port and over a folder of its own, so that they run at once and in any order.
//!
//! Beside it stands what needs a program of its own: `architecture` reads the source, `crash` and `faults` kill the service,
//! `slow_bodies` fills it, `plans` listens to every statement of its process; `browser`, `offline`, `real_peers` and
//! `smtp_real_server` need what not every machine has.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod bad_input;
mod boundaries;
mod choice;
mod commands;
mod copies;
mod counts;
mod delivery;
mod doctor;
mod erased;
mod geocoder;
mod headers;
mod inbound;
mod journey;
mod limits;
mod mails;
mod metrics;
mod out;
mod page_texts;
mod people;
mod positions;
mod real_boundaries;
mod real_data;
mod real_positions;
mod receipts;
mod roster;
mod roster_upload;
mod smtp_session;
mod staff;
mod steering;
mod streets;
mod texts;
mod unknown_proxy;
