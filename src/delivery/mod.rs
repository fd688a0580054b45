//! Sending: claim, pace, send, record. It renders nothing.
//!
//! One loop picks due work and claims it by lease; each message in hand is a task of its own with a session of the
//! pool; its result is recorded whatever it is. How a letter goes: [`sender`] picks and claims, [`hand_over`] sends,
//! [`outcome`] decides, the store records.

mod hand_over;
mod leases;
mod outcome;
mod sender;
mod sessions;
mod turns;

pub use sender::{Sender, SenderSettings};
