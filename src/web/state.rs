//! What every handler works with.

use std::sync::Arc;

use super::bodies::Bodies;
use super::connections::Connections;
use super::live::Live;
use super::unknown_proxy::UnknownProxy;
use super::visits::Visits;
use crate::auth::Auth;
use crate::config::Config;
use crate::domain::{Clock, Pulses};
use crate::inbound::Inbound;
use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::rate_limit::ClientLimiter;
use crate::staff_actions::StaffActions;
use crate::store::Store;

/// Shared by all worker threads.
pub struct Web {
    pub config: Arc<Config>,
    /// For reading; what supporters change goes through `intake`, what staff change through `staff_actions` and `auth`.
    pub store: Store,
    pub intake: Intake,
    pub auth: Auth,
    /// The present.
    pub clock: Clock,
    /// What the service counts of itself.
    pub metrics: Arc<Metrics>,
    /// How often campaigns' pages are opened.
    pub visits: Visits,
    /// Numbers that staff look at while they change.
    pub live: Live,
    /// Forwarded requests that come from no trusted proxy.
    pub unknown_proxy: UnknownProxy,
    /// How what must go on is going.
    pub pulses: Pulses,
    /// Who is connected.
    pub connections: Arc<Connections>,
    /// What is being sent to us.
    pub bodies: Arc<Bodies>,
    /// What comes back by mail.
    pub inbound: Inbound,
    /// What staff do.
    pub staff_actions: StaffActions,
    /// How many sign-ups a client may send.
    pub signup_limit: ClientLimiter,
    /// How many previews a client may ask for: several for each sign-up, since people correct their forms.
    pub preview_limit: ClientLimiter,
    /// How many addresses of a client are looked up: as many as its previews and sign-ups together.
    pub lookup_limit: ClientLimiter,
    /// How many previews of a text that staff are writing a client may ask for.
    pub sample_limit: ClientLimiter,
    /// How many log-ins a client may try.
    pub login_limit: ClientLimiter,
    /// How often a client may ask the API.
    pub api_limit: ClientLimiter,
}
