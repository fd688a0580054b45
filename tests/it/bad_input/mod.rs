//! Whatever arrives gets an answer that says what to do, and nothing typed is lost.

mod again;
mod characters;
mod fields;
mod links;
mod requests;
mod start;
