//! What the sender asks and tells: what is due ([`queue`], [`claim`]), how much may go where ([`caps`], [`gates`], [`pauses`],
//! [`steering`]), what each try came to ([`attempts`], [`trouble`], [`mailboxes`]), what came back by mail ([`inbound`], [`answers`], [`blocks`]), and
//! mails to staff ([`staff_mails`]). [`depth`] counts what waits.

pub mod answers;
pub mod attempts;
pub mod blocks;
pub mod caps;
mod claim;
pub mod depth;
pub mod gates;
pub mod inbound;
pub mod mailboxes;
pub mod pauses;
pub mod queue;
pub mod staff_mails;
pub mod steering;
pub mod trouble;
