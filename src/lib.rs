//! Standout: the people of a state write to their own legislators, and every letter is accounted for.
//!
//! ARCHITECTURE.md says which module does what and which may import which.

pub mod accounts;
pub mod app;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod desk;
pub mod districts;
pub mod dns;
pub mod doctor;
pub mod domain;
pub mod fetch;
pub mod intake;
pub mod mail;
pub mod meters;
pub mod rate_limit;
pub mod render;
pub mod report;
pub mod returns;
pub mod roster;
pub mod sheet;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod webhooks;
