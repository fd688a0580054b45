//! What each page shows: one plain struct a page, nothing but text, numbers and flags.
//!
//! A handler fills a struct, the HTML registry renders the template of the same name, and neither knows the
//! other's business: no type of the database or of the web server comes in here, and no template works
//! anything out beyond "is there one?" and "which state is it?".
//!
//! # How the templates fit together
//!
//! | template | struct | route |
//! | --- | --- | --- |
//! | `staff_text_edit`, `staff_settings_edit` | [`texts`] | `/staff/campaigns/{slug}/text/edit/{text}` |
//! | `staff_compare` | [`text_versions`] | `.../text/compare/{text}` |
//!
//! Partials, registered by the same rule (file stem = name): `layout` (a partial block around every page),
//! `campaign_form`, `steps`, `notice`, `error_summary`, `field`, `trap`, `carried`, `letter_card`, `letter_state`,
//! `erase_form`, `stands`.
//!
//! Rules for the templates:
//! - The registry escapes HTML and is strict: each name that a template uses is a field here. An `Option` is fine.
//! - `{{{ }}}` is for `page_html` alone: Markdown that has been turned into safe HTML already.
//! - No inline style and no inline script: the Content-Security-Policy forbids them. Widths are SVG
//!   attributes.
//! - A letter's text keeps its line ends, so partials that print one start in the first column and
//!   `<textarea>` and `<pre>` begin with a line end of their own, which a browser drops.
//! - Tables with many rows use no partial with named arguments in their loops: each such call copies the page's data.
//!
//! The structs have no `Debug`: most carry a name, an address or a letter, and those belong in no log.
//!
//! Times, numbers and plurals come in ready to print ("November 22, 3:05 pm", "1,204"), because a template knows
//! neither time zone nor language.

pub mod staff;
pub mod text_versions;
pub mod texts;

pub use super::parts::figures;
pub use super::parts::{CampaignNav, NavLink, Page, StaffNav};
use serde::Serialize;

/// A field as it was typed, and what is wrong with it.
#[derive(Serialize, Clone, Default)]
pub struct Field {
    /// What the person typed, kept to the letter.
    pub value: String,
    /// What is wrong and what to do, as a sentence. `None`: nothing is.
    pub error: Option<String>,
}

/// One line of the error summary at the top of a form.
#[derive(Serialize, Clone, Default)]
pub struct FormError {
    /// Id of the field, the same as its name: `email`, `office_upper`, `consent`.
    pub field: String,
    /// The same sentence that stands beside the field.
    pub text: String,
}

/// A moment to print.
#[derive(Serialize, Clone, Default)]
pub struct Moment {
    /// For people, in the campaign's time zone: "November 22, 3:05 pm".
    pub text: String,
    /// For programs, RFC 3339: `2026-11-22T15:05:00-05:00`.
    pub iso: String,
}
