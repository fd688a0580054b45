//! The staff's side: doors (log-in, one-time link) and console. Sessions are kept in the database, cookies hold their secret.

mod account;
mod act;
mod answers;
mod attention;
mod chart;
mod coverage;
mod dry_run;
mod events;
mod evidence_form;
mod export;
mod exports;
mod home;
mod ladder;
mod letter;
mod letters;
mod line;
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
mod problems;
mod queues;
mod refusal;
mod rests;
mod roster;
mod roster_state;
mod routes;
mod sending;
mod session;
mod setup;
mod stands;
mod status;
mod steering;
mod tables;
mod texts;
mod tokens;
mod uploads;
mod webhooks;
mod words;

pub(super) use routes::register as routes;
pub use routes::{ConsoleRoute, Needs, console_routes};

#[cfg(test)]
pub(super) mod tests;
