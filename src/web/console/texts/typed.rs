//! What staff typed into the form of one text: read into the file's text, and mistakes told where they were made.

use serde::Deserialize;

use crate::render::{CampaignText, TemplateError, plain_text};
use crate::web::parts::FormErrors;

/// The form of one text.
#[derive(Deserialize, Clone, Default)]
pub(in crate::web::console) struct Typed {
    /// The version that the person began from.
    #[serde(default)]
    pub(super) began_from: i32,
    /// A letter's subject.
    #[serde(default)]
    pub(super) subject: String,
    #[serde(default)]
    pub(super) body: String,
    /// The button that was pressed: `save`, `preview` or `test`.
    #[serde(default, rename = "do")]
    pub(super) action: String,
    /// The office whose official the preview is for.
    #[serde(default)]
    pub(super) office: String,
}

impl Typed {
    /// The form for a text as it stands in its file.
    pub(super) fn of_file(text: CampaignText, file: &str, began_from: i32) -> Self {
        let (subject, body) = match text {
            CampaignText::Letter(..) => parts(file),
            _ => (String::new(), file.to_owned()),
        };
        Self { began_from, subject, body, ..Self::default() }
    }

    /// The text as it is to stand in its file.
    pub(super) fn file(&self, text: CampaignText) -> String {
        let body = plain_text(&self.body);
        match text {
            CampaignText::Letter(..) => format!("Subject: {}\n\n{body}", self.subject.trim()),
            _ => body,
        }
    }

    /// What can be said of the fields before they become a file.
    pub(super) fn mistakes(&self, text: CampaignText) -> FormErrors {
        let mut errors = FormErrors::default();
        if matches!(text, CampaignText::Letter(..)) {
            match self.subject.trim() {
                "" => errors.add("subject", "Write a subject: it is what an aide sees first."),
                subject if subject.contains(['\n', '\r']) => errors.add("subject", "The subject must be one line."),
                _ => {}
            }
        }
        if self.body.trim().is_empty() {
            errors.add("body", "The text is empty. Write it, or go back without saving.");
        }
        errors
    }
}

/// A letter's subject, and its text.
pub(super) fn parts(file: &str) -> (String, String) {
    let file = file.replace("\r\n", "\n");
    let split = file.strip_prefix("Subject:").and_then(|rest| rest.split_once("\n\n"));
    split.map_or_else(|| (String::new(), file.clone()), |(subject, body)| (subject.trim().to_owned(), body.to_owned()))
}

/// The mistakes in a campaign's files, as they look from the form of one text: `subject` or `body`, with the line there.
pub(super) fn told(errors: &[TemplateError], text: CampaignText) -> FormErrors {
    let mut told = FormErrors::default();
    for error in errors {
        let (field, words) = tell(error, text);
        told.append(field, words);
    }
    told
}

fn tell(error: &TemplateError, text: CampaignText) -> (&'static str, String) {
    let letter = matches!(text, CampaignText::Letter(..));
    let own = error.file().ends_with(&text.path());
    match error.line() {
        Some(1) if own && letter => ("subject", sentence("The subject: ", error.cause())),
        // Above a letter's text stand its subject and an empty line.
        Some(line) if own && letter => ("body", sentence(&format!("Line {}: ", line.saturating_sub(2)), error.cause())),
        Some(line) if own => ("body", sentence(&format!("Line {line}: "), error.cause())),
        None if own => ("body", sentence("", error.cause())),
        line => {
            let name = CampaignText::all().into_iter().find(|other| error.file().ends_with(&other.path()));
            let name = name.map_or_else(|| error.file().to_owned(), CampaignText::name);
            let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
            ("body", sentence(&format!("With this, another text can't be used. {name}{line}: "), error.cause()))
        }
    }
}

/// A sentence for a page: it begins with a capital letter and ends with a full stop.
pub(super) fn sentence(start: &str, cause: &str) -> String {
    let text = format!("{start}{cause}");
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase).into_iter().flatten();
    let text: String = first.chain(chars).collect();
    if text.ends_with(['.', '?']) { text } else { format!("{text}.") }
}
