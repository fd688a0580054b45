//! The web room: routes, forms, pages, sessions, API. It never sends mail.
#![allow(clippy::trivially_copy_pass_by_ref, reason = "templates hand what they show to functions by reference")]

mod api;
mod api_v1;
mod assets;
mod bearer;
mod bodies;
mod bounces;
mod client;
mod connections;
mod console;
mod form;
mod form_token;
mod health;
mod in_campaign;
mod live;
mod metrics;
mod middleware;
mod outbox;
pub mod parts;
mod response;
mod state;
mod supporter;
mod unknown_proxy;
mod upload;
mod visits;

use actix_web::{HttpResponse, web};

pub use bodies::Bodies;
pub use connections::Connections;
pub use console::{ConsoleRoute, Needs, console_routes};
pub use live::Live;
pub use middleware::frame;
pub use outbox::OutboxLine;
pub use response::{Answer, Failure};
pub use state::Web;
pub use unknown_proxy::UnknownProxy;
pub use visits::Visits;
/// All routes; anything else is answered with the page for what can't be found. Belongs inside [`frame`].
pub fn routes(app: &mut web::ServiceConfig) {
    assets::routes(app);
    health::routes(app);
    supporter::routes(app);
    console::routes(app);
    api::routes(app);
    api_v1::routes(app);
    bounces::routes(app);
    metrics::routes(app);
    app.default_service(web::to(|| async { Err::<HttpResponse, _>(Failure::NotFound) }));
}
