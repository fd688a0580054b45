//! The web room: routes, forms, pages, sessions, API. It never sends mail.

mod answer;
mod assets;
mod client;
mod form;
mod form_token;
mod frame;
pub mod views;

use std::sync::Arc;

use crate::accounts::Accounts;
use crate::config::Config;
use crate::domain::Clock;
use crate::intake::Intake;
use crate::rate_limit::ClientLimiter;
use crate::render::Pages;
use crate::store::Store;

pub use frame::frame;

/// What every handler works with; shared by all worker threads.
pub struct Web {
    /// The settings.
    pub config: Arc<Config>,
    /// For reading; what supporters change goes through `intake`, what staff change about logins through `accounts`.
    pub store: Store,
    /// Sign-ups.
    pub intake: Intake,
    /// Logins.
    pub accounts: Accounts,
    /// The page templates.
    pub pages: Pages,
    /// The present.
    pub clock: Clock,
    /// How many sign-ups a client may send.
    pub signup_limit: ClientLimiter,
    /// How many previews a client may ask for: several for each sign-up, since people correct their forms.
    pub preview_limit: ClientLimiter,
    /// How many log-ins a client may try.
    pub login_limit: ClientLimiter,
}
