//! What several pages share: the frame, what a form says, and how templates print numbers, days and times.

pub mod error_page;
pub mod figures;
pub mod filters;
pub mod form;
pub mod page;
pub mod stands;

pub use form::FormErrors;
pub use page::{NavLink, NavPlace, Page, STOP_REASONS, StaffNav, StatusAct, StatusLine, StatusWord};
