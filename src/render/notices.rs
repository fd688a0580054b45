//! Notices to supporters: subject, text and HTML, each a template of its own.

use std::collections::BTreeMap;

use handlebars::Handlebars;
use serde::Serialize;

use super::{TemplateError, TemplateFiles, context, html_registry, register, render, text_registry};
use crate::domain::MessageKind;

/// The campaign, as notices name it.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignContext<'a> {
    /// Its name.
    pub title: &'a str,
    /// Where people can ask a question.
    pub contact: &'a str,
}

/// The mail with the link that confirms. It holds no word that a stranger could have typed: whoever fills in the form
/// chooses where this mail goes, and it must be no way to send people advertisements. It holds
/// a link's secret, so it has no `Debug`.
#[derive(Clone, Serialize)]
pub struct Confirmation<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// The page with the button.
    pub confirm_url: &'a str,
    /// Until when the link works, as a date in words.
    pub expires: &'a str,
    /// Letters that are e-mailed.
    pub letters: &'a [ConfirmationLetter],
    /// Letters that the supporter sends through the office's own web form.
    pub self_sends: &'a [ConfirmationLetter],
    /// Letters to offices that no way of writing to is known of yet: they are kept until there is one.
    pub waiting: &'a [ConfirmationLetter],
}

/// A letter, as the confirmation lists it.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmationLetter {
    /// Title and name.
    pub to: String,
    /// Chamber and district.
    pub office: String,
}

/// The mail to someone who signed up again after confirming. Without `Debug`, for the secret in it.
#[derive(Clone, Serialize)]
pub struct AlreadyConfirmed<'a> {
    /// The campaign.
    pub campaign: CampaignContext<'a>,
    /// Their private page.
    pub status_url: &'a str,
    /// When they confirmed, as a date in words.
    pub confirmed_on: &'a str,
}

/// A notice with what it says.
#[derive(Clone)]
pub enum NoticeContext<'a> {
    /// Please confirm.
    Confirmation(Confirmation<'a>),
    /// You have confirmed already.
    AlreadyConfirmed(AlreadyConfirmed<'a>),
}

/// A notice's words. Without `Debug`, for the secret in them.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedNotice {
    /// The subject, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

const FRAME: &str = "notices/frame.html.hbs";
const PARTS: [&str; 3] = ["subject.hbs", "body.txt.hbs", "body.html.hbs"];

/// All notices, compiled.
#[derive(Debug)]
pub struct Notices {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
    /// What to call each template in errors: an operator's own file by its own path.
    files: BTreeMap<String, String>,
}

fn folder(kind: MessageKind) -> Option<&'static str> {
    match kind {
        MessageKind::Letter => None,
        MessageKind::Confirmation => Some("notices/confirmation"),
        MessageKind::AlreadyConfirmed => Some("notices/already-confirmed"),
    }
}

impl Notices {
    /// Reads every notice and renders it once with sample data.
    ///
    /// # Errors
    /// Everything that is wrong, file by file.
    pub fn load(files: &TemplateFiles) -> Result<Self, Vec<TemplateError>> {
        let mut notices = Self { text: text_registry(), html: html_registry(), files: BTreeMap::new() };
        let mut errors = Vec::new();
        let mut add = |registry: &mut Handlebars<'static>, name: &str, path: &str| {
            let added = files.read(path).and_then(|(source, file)| {
                register(registry, name, &file, &source, 1)?;
                notices.files.insert(name.to_owned(), file);
                Ok(())
            });
            errors.extend(added.err());
        };
        add(&mut notices.html, "frame", FRAME);
        for folder in MessageKind::ALL.into_iter().filter_map(folder) {
            for part in PARTS {
                let path = format!("{folder}/{part}");
                let registry = if part.contains("html") { &mut notices.html } else { &mut notices.text };
                add(registry, &path, &path);
            }
        }
        if errors.is_empty() {
            errors.extend(samples().iter().filter_map(|sample| notices.render(sample).err()));
        }
        if errors.is_empty() { Ok(notices) } else { Err(errors) }
    }

    /// The notice's words.
    pub fn render(&self, notice: &NoticeContext<'_>) -> Result<RenderedNotice, TemplateError> {
        match notice {
            NoticeContext::Confirmation(data) => self.parts(MessageKind::Confirmation, data),
            NoticeContext::AlreadyConfirmed(data) => self.parts(MessageKind::AlreadyConfirmed, data),
        }
    }

    fn parts<T: Serialize>(&self, kind: MessageKind, data: &T) -> Result<RenderedNotice, TemplateError> {
        let folder = folder(kind).unwrap_or_default();
        let data = context(folder, data)?;
        let part = |registry: &Handlebars<'static>, part: &str| {
            let path = format!("{folder}/{part}");
            // The mistake may stand in the frame around it.
            render(registry, &path, &path, 1, &data).map_err(|error| error.in_file_of(&self.files))
        };
        Ok(RenderedNotice {
            subject: part(&self.text, PARTS[0])?.trim().to_owned(),
            text: part(&self.text, PARTS[1])?,
            html: part(&self.html, PARTS[2])?,
        })
    }
}

fn samples() -> [NoticeContext<'static>; 2] {
    const CAMPAIGN: CampaignContext<'static> = CampaignContext { title: "A campaign", contact: "hello@example.org" };
    [
        NoticeContext::Confirmation(Confirmation {
            campaign: CAMPAIGN,
            confirm_url: "https://example.org/confirm/sample",
            expires: "November 29, 2026",
            letters: &[],
            self_sends: &[],
            waiting: &[],
        }),
        NoticeContext::AlreadyConfirmed(AlreadyConfirmed {
            campaign: CAMPAIGN,
            status_url: "https://example.org/letters/sample",
            confirmed_on: "November 22, 2026",
        }),
    ]
}
