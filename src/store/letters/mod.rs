//! Letters and notices: how each begins, the only functions that move one ([`messages`], [`moves`]), and how it reads: to its
//! writer (here), to staff with what happened ([`history`], [`events`]), to programs ([`story`]), a page of many ([`search`]),
//! those that did not get through ([`problems`]). [`acts`] is what staff do with one.

pub mod acts;
pub mod events;
pub mod history;
pub mod messages;
pub(in crate::store) mod moves;
pub mod problems;
pub mod search;
pub mod story;
mod view;

pub use view::{LetterView, of_signup};
