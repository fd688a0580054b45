//! The staff's side: doors (log-in, one-time link) and console. Sessions are kept in the database, cookies hold their secret.

mod account;
mod attention;
mod home;
mod coverage;
mod days;
mod dry_run;
mod events;
mod evidence_form;
mod export;
mod exports;
mod letter;
mod letters;
mod listed;
mod listing;
mod log;
mod login;
mod map;
mod measures;
mod meeting;
mod nav;
mod office;
mod office_sending;
mod outlook;
mod overview;
mod people;
mod positions;
mod positions_upload;
mod queue;
mod queues;
mod refusal;
mod roster;
mod roster_state;
mod sending;
mod session;
mod setup;
mod stands;
mod steering;
mod tables;
mod texts;
mod tokens;
mod webhooks;
mod words;

use actix_web::web;

/// The routes under `/staff`.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    use web::{get, head, post};
    tables::routes(app);
    account::routes(app);
    log::routes(app);
    people::routes(app);
    roster::routes(app);
    texts::routes(app);
    steering::routes(app);
    office_sending::routes(app);
    app.service(web::resource("/staff/campaigns/{slug}/letters").route(get().to(letters::page)).route(head().to(letters::page)))
        .service(web::resource("/staff/campaigns/{slug}/letters/find").route(post().to(letters::find)))
        .service(
            web::resource("/staff/campaigns/{slug}/letters/{id}").route(get().to(letter::page)).route(head().to(letter::page)),
        )
        .service(web::resource("/staff/campaigns/{slug}/letters/{id}/open").route(post().to(letter::open)))
        .service(web::resource("/staff/campaigns/{slug}/letters/{id}/{act}").route(post().to(letter::act)));
    positions::routes(app);
    positions_upload::routes(app);
    app.service(
        web::resource("/staff/login").route(get().to(login::form)).route(head().to(login::form)).route(post().to(login::log_in)),
    )
    .service(web::resource("/staff/logout").route(post().to(login::log_out)))
    .service(
        web::resource("/staff/setup/{token}")
            .route(get().to(setup::form))
            .route(head().to(setup::form))
            .route(post().to(setup::accept)),
    )
    .service(web::resource("/staff/sending").route(get().to(queues::page)).route(head().to(queues::page)))
    .service(web::resource("/staff/sending/resume").route(post().to(sending::resume)))
    .service(web::resource("/staff/mailboxes/{official}/release").route(post().to(sending::release)))
    .service(
        web::resource("/staff/tokens")
            .route(get().to(tokens::page))
            .route(head().to(tokens::page))
            .route(post().to(tokens::make)),
    )
    .service(web::resource("/staff/tokens/{id}/revoke").route(post().to(tokens::revoke)))
    .service(
        web::resource("/staff/webhooks")
            .route(get().to(webhooks::page))
            .route(head().to(webhooks::page))
            .route(post().to(webhooks::add)),
    )
    .service(web::resource("/staff/webhooks/{id}/{act}").route(post().to(webhooks::press)))
    .service(
        web::resource("/staff/campaigns/{slug}/offices/{office}/report")
            .route(get().to(meeting::page))
            .route(head().to(meeting::page))
            .route(post().to(meeting::with_quotes)),
    )
    .service(web::resource("/staff/campaigns/{slug}/offices/{office}/report/quotes").route(post().to(meeting::quotes)))
    .service(web::resource("/staff").route(get().to(home::home)).route(head().to(home::home)))
    .service(web::resource("/staff/campaigns/{slug}").route(get().to(overview::page)).route(head().to(overview::page)))
    .service(web::resource("/staff/campaigns/{slug}/events").route(get().to(events::events)))
    .service(
        web::resource("/staff/campaigns/{slug}/offices/{office}").route(get().to(office::page)).route(head().to(office::page)),
    )
    .service(web::resource("/staff/campaigns/{slug}/map").route(get().to(map::page)).route(head().to(map::page)))
    .service(web::resource("/staff/campaigns/{slug}/stands").route(get().to(stands::page)).route(head().to(stands::page)))
    .service(
        web::resource("/staff/campaigns/{slug}/measures")
            .route(get().to(measures::page))
            .route(head().to(measures::page))
            .route(post().to(measures::choose)),
    )
    .service(web::resource("/staff/campaigns/{slug}/coverage").route(get().to(coverage::page)).route(head().to(coverage::page)))
    .service(web::resource("/staff/campaigns/{slug}/exports").route(get().to(exports::page)).route(head().to(exports::page)))
    .service(web::resource("/staff/campaigns/{slug}/exports/letters.csv").route(post().to(exports::letters)))
    .service(web::resource("/staff/campaigns/{slug}/exports/supporters.csv").route(post().to(exports::supporters)))
    .service(web::resource("/staff/campaigns/{slug}/counts.csv").route(get().to(export::csv)).route(head().to(export::csv)))
    .service(web::resource("/staff/campaigns/{slug}/counts.json").route(get().to(export::json)).route(head().to(export::json)));
}

#[cfg(test)]
pub(super) mod tests;
