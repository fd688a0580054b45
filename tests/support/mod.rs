//! What several test programs share.

// Each test program is compiled with all of it and uses a part; what is public here is so for all of them.
// Clippy takes only `#[test]` functions for tests, and not their helpers.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unused_self,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::missing_panics_doc
)]

pub mod addrfeat;
pub mod app;
pub mod behind;
pub mod browser;
pub mod copies;
pub mod dns_server;
pub mod html;
pub mod http_server;
pub mod imap_server;
pub mod journey;
pub mod login;
pub mod page_form;
pub mod recorder;
pub mod service;
pub mod small_disk;
pub mod smtp_conversation;
pub mod smtp_script;
pub mod smtp_server;
pub mod tables;
