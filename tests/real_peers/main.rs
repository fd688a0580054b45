//! The real service beside real mail software on this machine: Debian's postfix, dovecot and dkimpy, each started here with a
//! configuration of its own in a folder of its own. Nothing leaves the machine, and nothing of the machine's own set-up is used.
//!
//! Runs as root where `postfix`, `dovecot` and `openssl` are installed (Debian: postfix dovecot-imapd python3-dkim), and says otherwise
//! that it was skipped.

// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, unreachable_pub)]
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod authority;
mod bounces;
mod dovecot;
mod encryption;
mod letters;
mod place;
mod policy;
mod postfix;
