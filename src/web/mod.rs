//! The web room: routes, forms, pages, sessions, API. It never sends mail.

mod api;
mod api_v1;
mod assets;
mod bearer;
mod bodies;
mod bounces;
mod client;
mod connections;
mod form;
mod form_token;
mod health;
mod live;
mod metrics;
mod middleware;
mod pages;
mod response;
mod staff;
mod supporter;
mod unknown_proxy;
mod upload;
pub mod views;
mod visits;

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use crate::auth::Auth;
use crate::config::Config;
use crate::domain::{Clock, Pulses};
use crate::inbound::Inbound;
use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::rate_limit::ClientLimiter;
use crate::render::Pages;
use crate::staff_actions::StaffActions;
use crate::store::Store;

pub use bodies::Bodies;
pub use connections::Connections;
pub use live::Live;
pub use middleware::frame;
pub use pages::load as load_pages;
pub use response::{Answer, Failure};
pub use unknown_proxy::UnknownProxy;
pub use visits::Visits;

/// What every handler works with; shared by all worker threads.
pub struct Web {
    /// The settings.
    pub config: Arc<Config>,
    /// For reading; what supporters change goes through `intake`, what staff change through `staff_actions` and `auth`.
    pub store: Store,
    /// Sign-ups.
    pub intake: Intake,
    /// Logins.
    pub auth: Auth,
    /// The page templates.
    pub pages: Pages,
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
    /// What comes back by mail.
    pub inbound: Inbound,
    /// What staff do.
    pub staff_actions: StaffActions,
    /// Who is connected.
    pub connections: Arc<Connections>,
    /// What is being sent to us.
    pub bodies: Arc<Bodies>,
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

/// All routes; anything else is answered with the page for what can't be found. Belongs inside [`frame`].
pub fn routes(app: &mut web::ServiceConfig) {
    assets::routes(app);
    health::routes(app);
    supporter::routes(app);
    staff::routes(app);
    api::routes(app);
    api_v1::routes(app);
    bounces::routes(app);
    metrics::routes(app);
    app.default_service(web::to(|| async { Err::<HttpResponse, _>(Failure::NotFound) }));
}
