//! Standout: the people of a state write to their own legislators, and every letter is accounted for.
//!
//! ARCHITECTURE.md says which module does what and which may import which.

pub mod domain;
pub mod mail;
pub mod rate_limit;
