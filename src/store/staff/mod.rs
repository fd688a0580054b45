//! People with a login (here), how they come in ([`doors`]), what they did ([`audit`]), what they uploaded ([`uploads`]), and
//! what they let programs read and other servers hear ([`api_tokens`], [`webhooks`], [`webhook_events`]).

pub mod api_tokens;
pub mod audit;
pub mod doors;
mod members;
pub mod uploads;
pub mod webhook_events;
pub mod webhooks;

pub use members::{
    Changed, Login, StaffMember, all, any, any_admin, by_email, by_id, logged_in, password_hash, remove, save, set_password,
    set_role,
};
