//! A campaign's letters: the campaign's text inside the frame that every letter has.

use std::collections::BTreeMap;

use handlebars::Handlebars;
use serde::Serialize;

use super::campaign::CampaignSettings;
use super::{TemplateError, TemplateFiles, context, register, render, text_registry};
use crate::domain::Chamber;

/// What a letter may name. Everything in it is put in as plain characters. Without `Debug`: it must not reach a log.
#[derive(Clone, Serialize)]
pub struct LetterContext<'a> {
    /// The supporter's name.
    pub name: &'a str,
    /// House number and street.
    pub street: &'a str,
    /// The town or place, as the supporter calls it.
    pub town: &'a str,
    /// The state's postal code, such as `MA`.
    pub state: &'a str,
    /// The ZIP code.
    pub zip: &'a str,
    /// The district's name; empty for the governor.
    pub district: &'a str,
    /// Who the letter is for.
    pub official: OfficialContext<'a>,
    /// The supporter's own words; may be empty.
    pub story: &'a str,
}

/// The official a letter is for.
#[derive(Clone, Debug, Serialize)]
pub struct OfficialContext<'a> {
    /// Name.
    pub name: &'a str,
    /// Title, such as `Senator`.
    pub title: &'a str,
    /// What stands after "Dear".
    pub salutation: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct MeasureContext {
    name: String,
    numbers: String,
    ask: String,
}

#[derive(Clone, Debug, Serialize)]
struct CampaignNames {
    title: String,
    slug: String,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    letter: &'a LetterContext<'a>,
    campaign: &'a CampaignNames,
    measures: &'a [MeasureContext],
    body: &'a str,
}

/// A letter's words. Without `Debug`: they must not reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedLetter {
    /// The subject, one line.
    pub subject: String,
    /// The whole text, from salutation to address.
    pub text: String,
}

const FRAME: &str = "letter.txt.hbs";

/// The compiled letters of one campaign.
#[derive(Debug)]
pub(super) struct Letters {
    registry: Handlebars<'static>,
    frame_file: String,
    campaign: CampaignNames,
    measures: Vec<MeasureContext>,
}

fn path(chamber: Chamber) -> String {
    format!("letters/{}.txt.hbs", chamber.as_str())
}

impl Letters {
    pub(super) fn compile(
        settings: &CampaignSettings,
        files: &BTreeMap<String, String>,
        templates: &TemplateFiles,
    ) -> Result<Self, Vec<TemplateError>> {
        let (frame, frame_file) = templates.read(FRAME).map_err(|e| vec![e])?;
        let mut registry = text_registry();
        let mut errors = Vec::new();
        errors.extend(register(&mut registry, FRAME, &frame_file, &frame, 1).err());
        for chamber in &settings.offices {
            errors.extend(register_letter(&mut registry, *chamber, settings, files).err());
        }
        let measures = settings
            .measures
            .iter()
            .map(|m| MeasureContext { name: m.name.clone(), numbers: m.numbers.join(" / "), ask: m.ask.clone() })
            .collect();
        let campaign = CampaignNames { title: settings.title.clone(), slug: settings.slug.to_string() };
        let letters = Self { registry, frame_file, campaign, measures };
        if errors.is_empty() {
            errors.extend(settings.offices.iter().filter_map(|chamber| letters.render(*chamber, &sample(*chamber)).err()));
        }
        if errors.is_empty() { Ok(letters) } else { Err(errors) }
    }

    pub(super) fn render(&self, chamber: Chamber, letter: &LetterContext<'_>) -> Result<RenderedLetter, TemplateError> {
        let file = format!("campaigns/{}/{}", self.campaign.slug, path(chamber));
        let mut data = context(&file, &Data { letter, campaign: &self.campaign, measures: &self.measures, body: "" })?;
        let subject = render(&self.registry, &subject_name(chamber), &file, 1, &data)?;
        let body = render(&self.registry, &path(chamber), &file, 3, &data)?;
        data.data_mut()["body"] = body.trim().into();
        let text = render(&self.registry, FRAME, &self.frame_file, 1, &data)?;
        Ok(RenderedLetter { subject: subject.trim().to_owned(), text })
    }
}

fn subject_name(chamber: Chamber) -> String {
    format!("{}: subject", path(chamber))
}

/// A letter's file is like a mail: a line `Subject: ...`, an empty line, the text.
fn register_letter(
    registry: &mut Handlebars<'static>,
    chamber: Chamber,
    settings: &CampaignSettings,
    files: &BTreeMap<String, String>,
) -> Result<(), TemplateError> {
    let path = path(chamber);
    let file = format!("campaigns/{}/{path}", settings.slug);
    let source = files.get(&path).ok_or_else(|| {
        TemplateError::new(
            &file,
            None,
            format!("is missing; campaign.toml lists \"{chamber}\" under offices, so it needs a letter"),
        )
    })?;
    let source = source.replace("\r\n", "\n");
    let (subject, body) = source
        .strip_prefix("Subject:")
        .and_then(|rest| rest.split_once("\n\n"))
        .filter(|(subject, _)| !subject.contains('\n') && !subject.trim().is_empty())
        .ok_or_else(|| TemplateError::new(&file, Some(1), "must begin with a line \"Subject: ...\" and an empty line"))?;
    register(registry, &subject_name(chamber), &file, subject, 1)?;
    register(registry, &path, &file, body, 3)
}

fn sample(chamber: Chamber) -> LetterContext<'static> {
    LetterContext {
        name: "Ana Example",
        street: "1 Main Street",
        town: "Example",
        state: "MA",
        zip: "01099",
        district: if chamber == Chamber::Governor { "" } else { "First Example" },
        official: OfficialContext { name: "Wren Sample", title: chamber.title(), salutation: "Wren Sample" },
        story: "These are my own words.",
    }
}
