//! The page templates, inside the binary: every `.hbs` file beside the web code, by its name.

use include_dir::{Dir, include_dir};

use crate::render::{Pages, TemplateError};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/web/pages");

/// Compiles all page templates.
///
/// # Errors
/// Every template that can't be read.
pub fn load() -> Result<Pages, Vec<TemplateError>> {
    Pages::load(TEMPLATES.files().filter_map(|file| {
        let name = file.path().file_name()?.to_str()?.strip_suffix(".hbs")?;
        Some((name, file.contents_utf8()?))
    }))
}
