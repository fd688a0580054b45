//! From templates to text: letters without escaping, notices with it where they are HTML.
//!
//! Handlebars in strict mode: a variable that does not exist is an error, not an empty place. A missing partial shows
//! only when a template is rendered, so each is rendered with sample data when it is loaded: what starts, works.
//! What a supporter typed is always data; it is never read as a template.

mod accepting;
mod campaign;
mod campaign_text;
mod fields;
mod files;
mod language;
mod letters;
mod markdown;
mod measures;
mod notice_contexts;
mod notices;
mod settings_edit;
mod variant;

use std::fmt;
use std::io;

use handlebars::{Context, Handlebars, RenderError, RenderErrorReason, no_escape};
use serde::Serialize;

pub use accepting::{LETTER_MAX_CHARS, SUBJECT_MAX_CHARS, TEXT_MAX_BYTES, plain_text};
pub use campaign::{Campaign, CampaignSettings};
pub use campaign_text::CampaignText;
pub use fields::{LETTER_FIELDS, LetterField, MEASURE_FIELDS};
pub use files::{TemplateFiles, demo_campaigns};
pub use letters::{LetterContext, OfficialContext, RenderedLetter};
pub use measures::{LetterMeasure, Measure};
pub use notice_contexts::{
    AlreadyConfirmed, CampaignContext, Confirmation, ConfirmationLetter, NoticeContext, OfficeReply, Receipt, ToldLetter,
    Unreachable,
};
pub use notices::{Notices, RenderedNotice};
pub use settings_edit::{MeasureWords, set_measures, set_setting};
pub use variant::Variant;

use language::Part;

/// A template or a campaign's settings that can't be used: which file, which line, what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    file: String,
    line: Option<usize>,
    cause: String,
    /// Where to read more, for whoever works with files.
    hint: &'static str,
    /// The text must not be rendered, whatever was asked of it when it was accepted.
    unsafe_to_render: bool,
}

impl TemplateError {
    pub(crate) fn new(file: &str, line: Option<usize>, cause: impl fmt::Display) -> Self {
        Self { file: file.to_owned(), line, cause: cause.to_string(), hint: "", unsafe_to_render: false }
    }

    /// The file: its path below `email_templates/`, inside the campaign's folder, or an operator's own.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, counted from 1, where one is to blame.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// What is wrong and what to do, without a full stop at the end.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// Whether the text must not be rendered at all: it could take down the service, or hold it up.
    #[must_use]
    pub fn is_unsafe_to_render(&self) -> bool {
        self.unsafe_to_render
    }

    /// The same with the file that `files` has for the template's name.
    fn in_file_of(self, files: &std::collections::BTreeMap<String, String>) -> Self {
        let file = files.get(&self.file).cloned();
        Self { file: file.unwrap_or(self.file), ..self }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}{}", self.file, self.cause, self.hint),
            None => write!(f, "{}: {}{}", self.file, self.cause, self.hint),
        }
    }
}

impl std::error::Error for TemplateError {}

/// A registry for plain text: `O'Brien & Co` stays as it is.
fn text_registry() -> Handlebars<'static> {
    let mut registry = html_registry();
    registry.register_escape_fn(no_escape);
    registry
}

/// A registry that escapes for HTML.
fn html_registry() -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry
}

/// Reads `source` as the template `name`; `file` is named in errors, whose lines count from `first_line` on.
fn register(
    registry: &mut Handlebars<'static>,
    name: &str,
    file: &str,
    source: &str,
    first_line: usize,
) -> Result<(), TemplateError> {
    registry.register_template_string(name, source).map_err(|error| {
        let line = error.pos().map(|(line, _)| line + first_line - 1);
        TemplateError::new(
            file,
            line,
            format!("{}. Check that every {{{{#if}}}} and {{{{#each}}}} is closed and every brace is doubled", error.reason()),
        )
    })
}

/// [`register`] for a text that staff or the operator wrote: only what [`language`] lets through is read or rendered.
fn register_checked(
    registry: &mut Handlebars<'static>,
    name: &str,
    file: &str,
    source: &str,
    first_line: usize,
    part: Part,
) -> Result<(), TemplateError> {
    let refused = |line: Option<usize>, cause: String| {
        let error = TemplateError::new(file, line.map(|line| line + first_line - 1), cause);
        TemplateError { unsafe_to_render: true, ..error }
    };
    language::check(source, part).map_err(|mistake| refused(Some(mistake.line), mistake.cause))?;
    register(registry, name, file, source, first_line)?;
    if registry.get_template(name).is_some_and(|template| language::is_plain(template, part)) {
        return Ok(());
    }
    registry.unregister_template(name);
    Err(refused(None, "has braces that can be read in two ways. Write plain {{name}}, {{#if}} and {{#each}}".into()))
}

/// What templates may name, made ready once for several of them.
fn context<T: Serialize>(file: &str, data: &T) -> Result<Context, TemplateError> {
    Context::wraps(data).map_err(|error| TemplateError::new(file, None, format!("its data can't be put together: {error}")))
}

/// Holds what is rendered, and takes no more than so many bytes.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl Bounded {
    fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most }
    }

    fn text(self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.most {
            return Err(io::Error::other(format!("comes to more than {} KB. Shorten it", self.most / 1024)));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Renders the template `name` of `file`, up to so many bytes.
fn render(
    registry: &Handlebars<'static>,
    name: &str,
    file: &str,
    first_line: usize,
    context: &Context,
    most: usize,
) -> Result<String, TemplateError> {
    let mut rendered = Bounded::new(most);
    let done = registry.render_with_context_to_write(name, context, &mut rendered).map_err(|error| {
        // An error inside a partial names the partial; its lines are its own.
        let own = error.template_name.as_deref().is_none_or(|template| template == name);
        let line = error.line_no.map(|line| if own { line + first_line - 1 } else { line });
        let file = if own { file.to_owned() } else { error.template_name.clone().unwrap_or_else(|| file.to_owned()) };
        let hint = ". The variables that a template may use are listed in CONTRIBUTING.md";
        TemplateError { hint, ..TemplateError::new(&file, line, reason(&error)) }
    });
    done.map(|()| rendered.text())
}

/// Why it can't be rendered; the commonest cause without the words of the program's insides.
fn reason(error: &RenderError) -> String {
    match error.reason() {
        RenderErrorReason::MissingVariable(Some(name)) => format!("there is no variable \"{name}\""),
        RenderErrorReason::IOError(error) => error.to_string(),
        other => other.to_string(),
    }
}
