//! Sign-ups and who made them: a new one (here), its life from the confirmation to its erasing ([`life`]), what its supporter
//! is still to be told ([`notices_due`]); found by name ([`search`]), as an office's constituents ([`constituents`]), as
//! files ([`exports`]).

pub mod constituents;
pub mod exports;
pub mod life;
pub mod notices_due;
pub mod search;
mod signup;

pub use signup::{KnownSupporter, NewSignup, found_by, insert, notify, replace, supporter};
