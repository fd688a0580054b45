//! Standout: the people of a state write to their own legislators, and every letter is accounted for.
//!
//! ARCHITECTURE.md says which module does what and which may import which.

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod csv;
pub mod delivery;
pub mod districts;
pub mod dns;
pub mod doctor;
pub mod domain;
pub mod fetch;
pub mod inbound;
pub mod intake;
pub mod mail;
pub mod metrics;
pub mod rate_limit;
pub mod render;
pub mod report;
pub mod roster;
pub mod staff_actions;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod webhooks;
