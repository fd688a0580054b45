//! What leaves the service for staff and their programs: consents that come first, exports, API, webhooks, reports.

mod api;
mod consents;
mod exports;
mod meeting;
mod webhooks;
