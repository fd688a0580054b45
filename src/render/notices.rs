//! Notices to supporters: subject, text and HTML, each a template of its own.

use std::collections::BTreeMap;

use handlebars::Handlebars;
use serde::Serialize;

use super::language::Part;
use super::notice_contexts::{NoticeContext, samples};
use super::{TemplateError, TemplateFiles, context, html_registry, register_checked, render, text_registry};
use crate::domain::MessageKind;

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

/// The most bytes of a part of a notice. A receipt holds each letter that was sent.
const NOTICE_MAX_BYTES: usize = 1024 * 1024;
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
        MessageKind::Receipt => Some("notices/receipt"),
        MessageKind::Unreachable => Some("notices/unreachable"),
        MessageKind::OfficeReply => Some("notices/office-reply"),
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
                let part = if path == FRAME { Part::NoticeFrame } else { Part::Notice };
                register_checked(registry, name, &file, &source, 1, part)?;
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
            NoticeContext::Receipt(data) => self.parts(MessageKind::Receipt, data),
            NoticeContext::Unreachable(data) => self.parts(MessageKind::Unreachable, data),
            NoticeContext::OfficeReply(data) => self.parts(MessageKind::OfficeReply, data),
        }
    }

    fn parts<T: Serialize>(&self, kind: MessageKind, data: &T) -> Result<RenderedNotice, TemplateError> {
        let folder = folder(kind).unwrap_or_default();
        let data = context(folder, data)?;
        let part = |registry: &Handlebars<'static>, part: &str| {
            let path = format!("{folder}/{part}");
            // The mistake may stand in the frame around it.
            render(registry, &path, &path, 1, &data, NOTICE_MAX_BYTES).map_err(|error| error.in_file_of(&self.files))
        };
        Ok(RenderedNotice {
            subject: part(&self.text, PARTS[0])?.trim().to_owned(),
            text: part(&self.text, PARTS[1])?,
            html: part(&self.html, PARTS[2])?,
        })
    }
}
