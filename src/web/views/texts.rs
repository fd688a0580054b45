//! The pages on which staff change a campaign's texts.

use serde::Serialize;

use super::text_versions::DiffView;
use super::{Field, FormError, Page};

/// Something to choose from a list.
#[derive(Serialize, Clone, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// Its words.
    pub label: String,
    /// It is chosen.
    pub chosen: bool,
}

/// `GET` and `POST /staff/campaigns/{slug}/text/edit/{text}`: one text to change.
#[derive(Serialize, Default)]
pub struct TextEditPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Path of the list.
    pub base: String,
    /// Path of this page, where its form posts to.
    pub action: String,
    /// CSRF token.
    pub csrf: String,
    /// The version that the text was read from, and that a save begins from.
    pub began_from: i32,
    /// The text's name.
    pub name: String,
    /// Its word in addresses.
    pub word: String,
    /// Said after a save.
    pub notice: Option<String>,
    /// The login may change it; else the page only shows.
    pub may_change: bool,
    /// What is wrong.
    pub errors: Vec<FormError>,
    /// A letter's subject.
    pub subject: Option<Field>,
    /// The text.
    pub body: Field,
    /// What stands above the text area.
    pub label: String,
    /// How to write it.
    pub hint: String,
    /// What a letter may name.
    pub fields: Vec<FieldRow>,
    /// What it may name of each bill.
    pub measure_fields: Vec<FieldRow>,
    /// Somebody else was faster.
    pub conflict: Option<ConflictView>,
    /// Whose letter the preview is.
    pub officials: Vec<OfficialGroup>,
    /// There is a preview of this text.
    pub has_preview: bool,
    /// The preview, where it was asked for.
    pub preview: PreviewView,
    /// The text is a letter, which can be sent to oneself.
    pub is_letter: bool,
    /// Where a test goes.
    pub own_address: String,
    /// What became of the tests sent lately.
    pub tests: Vec<String>,
}

/// A name that a letter may use.
#[derive(Serialize, Clone, Default)]
pub struct FieldRow {
    /// With its braces.
    pub name: String,
    /// What it puts in.
    pub about: String,
}

/// What there is now in place of what the person began from.
#[derive(Serialize, Clone, Default)]
pub struct ConflictView {
    /// "sam@example.org saved this text on ..., while you were writing."
    pub text: String,
    /// There now, and typed.
    pub diff: DiffView,
}

/// Officials of one kind, to choose one.
#[derive(Serialize, Clone, Default)]
pub struct OfficialGroup {
    /// "They get this letter".
    pub label: String,
    /// The officials.
    pub officials: Vec<Choice>,
}

/// A text as people get it.
#[derive(Serialize, Clone, Default)]
pub struct PreviewView {
    /// Something is shown.
    pub shown: bool,
    /// What is wrong, instead of a preview.
    pub error: Option<String>,
    /// What to know of it.
    pub note: Option<String>,
    /// A letter's From header.
    pub from: String,
    /// Its Reply-To header.
    pub reply_to: String,
    /// Its To header.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The public page's text, safe HTML.
    pub page_html: Option<String>,
}

/// `GET` and `POST /staff/campaigns/{slug}/text/edit/settings`.
#[derive(Serialize, Default)]
pub struct SettingsPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Path of the list.
    pub base: String,
    /// Path of this page.
    pub action: String,
    /// CSRF token.
    pub csrf: String,
    /// The version that a save begins from.
    pub began_from: i32,
    /// Said after a save.
    pub notice: Option<String>,
    /// The login may change it.
    pub may_change: bool,
    /// What is wrong.
    pub errors: Vec<FormError>,
    /// The campaign's own fields.
    pub fields: Vec<SettingField>,
    /// The measures.
    pub measures: Vec<MeasureFields>,
    /// Somebody else was faster.
    pub conflict: Option<ConflictView>,
}

/// A measure's fields.
#[derive(Serialize, Clone, Default)]
pub struct MeasureFields {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<SettingField>,
}

/// One field of the settings.
#[derive(Serialize, Clone, Default)]
pub struct SettingField {
    /// Its id and name.
    pub id: String,
    /// What stands above it.
    pub label: String,
    /// What it is for.
    pub hint: String,
    /// It may run over several lines on the screen.
    pub long: bool,
    /// What was typed, and what is wrong.
    pub field: Field,
}
