//! The web room: routes, forms, pages, sessions, API. It never sends mail.

mod api;
mod api_v1;
mod assets;
mod bearer;
mod bounces;
mod client;
mod console;
mod form;
mod form_token;
mod health;
mod in_campaign;
mod live;
mod metrics;
mod middleware;
mod pages;
pub mod parts;
mod response;
mod state;
mod supporter;
mod upload;
pub mod views;
mod visits;

use actix_web::{HttpResponse, web};

pub use console::{ConsoleRoute, Needs, console_routes};
pub use live::Live;
pub use middleware::frame;
pub use pages::load as load_pages;
pub use response::{Answer, Failure};
pub use state::Web;
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
