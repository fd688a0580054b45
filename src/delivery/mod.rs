//! Sending: claim, pace, send, record. It renders nothing.
//!
//! How a letter goes: [`engine`] looks at the [`backlog`], chooses and claims; [`attempt`] has it sent by [`transmit`], which
//! takes one of the [`sessions`]; [`outcome`] says what the answer means and [`effect`] what that does; the engine's next
//! commit records it. Meanwhile [`leases`] keeps what is in hand.

mod attempt;
mod backlog;
mod context;
mod effect;
mod engine;
mod fairness;
mod leases;
mod outcome;
mod reply_words;
mod sender;
mod sessions;
mod settings;
mod staff_mails;
mod transmit;

pub use sender::Sender;
pub use settings::SenderSettings;
