//! Limits that smooth: how often a client may knock, when the next letter may go to a mailbox.
//!
//! All of it is in memory and forgotten at a restart; hard caps are counted in the store. The only room
//! that names governor, which runs on [`crate::domain::Clock`] here, so that tests can move time.

mod client;
mod clock;
mod pacer;

pub use client::{ClientLimiter, RetryAfter, network};
pub use pacer::Pacer;
