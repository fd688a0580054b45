//! A campaign's letters: the campaign's text inside the frame that every letter has.

use std::collections::BTreeMap;

use handlebars::Handlebars;
use serde::Serialize;

use super::accepting::{LETTER_MAX_CHARS, SUBJECT_MAX_CHARS};
use super::campaign::CampaignSettings;
use super::fields::explained;
use super::language::Part;
use super::measures::{LetterMeasure, MeasureContext};
use super::variant::{Variant, letter_file};
use super::{TemplateError, TemplateFiles, context, register_checked, render, text_registry};
use crate::domain::{Ask, Chamber, Day, Stand};

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
    /// The campaign's measures, with the ask in force and where the official stands.
    #[serde(skip)]
    pub measures: &'a [LetterMeasure<'a>],
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
struct CampaignNames {
    title: String,
    slug: String,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    letter: &'a LetterContext<'a>,
    campaign: &'a CampaignNames,
    measures: Vec<MeasureContext<'a>>,
    thanks: Vec<MeasureContext<'a>>,
    asks: Vec<MeasureContext<'a>>,
    unknown: Vec<MeasureContext<'a>>,
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
/// The most bytes of a letter as it is sent: far more than offices read, and what a sign-up may hold at most.
const RENDERED_MAX_BYTES: usize = 64 * 1024;

/// The compiled letters of one campaign.
#[derive(Debug)]
pub(super) struct Letters {
    registry: Handlebars<'static>,
    frame_file: String,
    campaign: CampaignNames,
    /// The most characters of subject and text that each file came to, whatever the stand, without own words.
    longest: BTreeMap<String, (usize, usize)>,
}

impl Letters {
    /// No letter at all: for a campaign whose letters must not be rendered.
    pub(super) fn none(settings: &CampaignSettings) -> Self {
        let campaign = CampaignNames { title: settings.title.clone(), slug: settings.slug.to_string() };
        Self { registry: text_registry(), frame_file: String::new(), campaign, longest: BTreeMap::new() }
    }

    pub(super) fn compile(
        settings: &CampaignSettings,
        files: &BTreeMap<String, String>,
        templates: &TemplateFiles,
    ) -> Result<Self, Vec<TemplateError>> {
        let (frame, frame_file) = templates.read(FRAME).map_err(|e| vec![e])?;
        let mut registry = text_registry();
        let mut errors = Vec::new();
        let part = Part::Letter { measures: settings.measures.len() };
        // The operator's own file, which no campaign can mend: that it must not be rendered is no fault of the campaign's.
        let framed = register_checked(&mut registry, FRAME, &frame_file, &frame, 1, part);
        errors.extend(framed.err().map(|error| TemplateError { unsafe_to_render: false, ..error }));
        let of_campaign = |path: &str| format!("campaigns/{}/{path}", settings.slug);
        for path in files.keys().filter(|path| path.starts_with("letters/") && letter_file(path).is_none()) {
            errors.push(TemplateError::new(&of_campaign(path), None, UNKNOWN_FILE));
        }
        for chamber in &settings.offices {
            for variant in Variant::ALL {
                let path = variant.path(*chamber);
                match files.get(&path) {
                    Some(source) => errors.extend(register_letter(&mut registry, &path, &of_campaign(&path), source, part).err()),
                    None if variant == Variant::Plain => {
                        let cause = format!("is missing; campaign.toml lists \"{chamber}\" under offices, so it needs a letter");
                        errors.push(TemplateError::new(&of_campaign(&path), None, cause));
                    }
                    None => {}
                }
            }
        }
        let campaign = CampaignNames { title: settings.title.clone(), slug: settings.slug.to_string() };
        let mut letters = Self { registry, frame_file, campaign, longest: BTreeMap::new() };
        if errors.is_empty() {
            let every =
                settings.offices.iter().flat_map(|chamber| Variant::ALL.map(|variant| (*chamber, variant.path(*chamber))));
            for (chamber, path) in every.filter(|(_, path)| files.contains_key(path)) {
                match letters.try_out(chamber, &path, settings) {
                    Ok(longest) => drop(letters.longest.insert(path, longest)),
                    Err(error) => errors.push(error),
                }
            }
        }
        if errors.is_empty() { Ok(letters) } else { Err(errors) }
    }

    /// The letter in the variant that fits where the official stands, where the campaign has it; else the plain one.
    pub(super) fn render(&self, chamber: Chamber, letter: &LetterContext<'_>) -> Result<RenderedLetter, TemplateError> {
        self.render_variant(chamber, self.variant(chamber, letter.measures), letter)
    }

    /// The variant that an official gets who stands so.
    pub(super) fn variant(&self, chamber: Chamber, measures: &[LetterMeasure<'_>]) -> Variant {
        let fits = Variant::of(measures);
        if self.registry.has_template(&fits.path(chamber)) { fits } else { Variant::Plain }
    }

    pub(super) fn render_variant(
        &self,
        chamber: Chamber,
        variant: Variant,
        letter: &LetterContext<'_>,
    ) -> Result<RenderedLetter, TemplateError> {
        self.render_file(&variant.path(chamber), letter)
    }

    /// The files whose letters are longer than offices read.
    pub(super) fn too_long(&self) -> Vec<TemplateError> {
        let mut errors = Vec::new();
        for (path, (subject, text)) in &self.longest {
            let file = format!("campaigns/{}/{path}", self.campaign.slug);
            let mut check = |has: usize, most: usize, line, what: &str| {
                if has > most {
                    let cause = format!("the {what} comes to {has} characters; the most is {most}. Shorten it by {}", has - most);
                    errors.push(TemplateError::new(&file, line, cause));
                }
            };
            check(*subject, SUBJECT_MAX_CHARS, Some(1), "subject");
            check(*text, LETTER_MAX_CHARS, None, "letter, with greeting and address,");
        }
        errors
    }

    fn render_file(&self, path: &str, letter: &LetterContext<'_>) -> Result<RenderedLetter, TemplateError> {
        let file = format!("campaigns/{}/{path}", self.campaign.slug);
        let measures: Vec<_> = letter.measures.iter().map(MeasureContext::of).collect();
        let those = |which: fn(&MeasureContext<'_>) -> bool| measures.iter().filter(|known| which(known)).cloned().collect();
        let data = Data {
            letter,
            campaign: &self.campaign,
            thanks: those(|known| known.signed),
            asks: those(|known| known.not_signed && known.asks_to_sign),
            unknown: those(|known| known.unknown),
            measures,
            body: "",
        };
        let mut data = context(&file, &data)?;
        let subject = render(&self.registry, &subject_name(path), &file, 1, &data, RENDERED_MAX_BYTES).map_err(explained)?;
        let body = render(&self.registry, path, &file, 3, &data, RENDERED_MAX_BYTES).map_err(explained)?;
        data.data_mut()["body"] = body.trim().into();
        let text = render(&self.registry, FRAME, &self.frame_file, 1, &data, RENDERED_MAX_BYTES)?;
        Ok(RenderedLetter { subject: subject.trim().to_owned(), text })
    }

    /// Renders a file for every stand and every ask: a name that does not exist shows only where a condition lets it.
    /// Gives how long subject and text became at most.
    fn try_out(&self, chamber: Chamber, path: &str, settings: &CampaignSettings) -> Result<(usize, usize), TemplateError> {
        let mut longest = (0, 0);
        let day = Day::parse("2026-01-31").ok();
        let every_stand = Stand::ALL.map(|stand| (stand, None)).into_iter();
        for (stand, ask) in every_stand.chain(Ask::ALL.map(|ask| (Stand::NotSigned, Some(ask)))) {
            let known = settings.measures.iter().map(|measure| {
                let day = day.as_ref().filter(|_| stand != Stand::NotKnown);
                LetterMeasure { measure, ask: measure.ask_in_force(ask), stand, day }
            });
            let known: Vec<_> = known.collect();
            self.render_file(path, &sample(chamber, &known, "These are my own words."))?;
            let RenderedLetter { subject, text } = self.render_file(path, &sample(chamber, &known, ""))?;
            longest = (longest.0.max(subject.chars().count()), longest.1.max(text.chars().count()));
        }
        Ok(longest)
    }
}

const UNKNOWN_FILE: &str = "is no letter's name; letters are called upper, lower or governor, then .signed or .partly where they \
                            are for officials of that stand, then .txt.hbs: letters/lower.signed.txt.hbs";

fn subject_name(path: &str) -> String {
    format!("{path}: subject")
}

/// A letter's file is like a mail: a line `Subject: ...`, an empty line, the text.
fn register_letter(
    registry: &mut Handlebars<'static>,
    path: &str,
    file: &str,
    source: &str,
    part: Part,
) -> Result<(), TemplateError> {
    let source = source.replace("\r\n", "\n");
    let (subject, body) = source
        .strip_prefix("Subject:")
        .and_then(|rest| rest.split_once("\n\n"))
        .filter(|(subject, _)| !subject.contains('\n') && !subject.trim().is_empty())
        .ok_or_else(|| TemplateError::new(file, Some(1), "must begin with a line \"Subject: ...\" and an empty line"))?;
    register_checked(registry, &subject_name(path), file, subject, 1, part)?;
    register_checked(registry, path, file, body, 3, part)
}

fn sample<'a>(chamber: Chamber, measures: &'a [LetterMeasure<'a>], story: &'a str) -> LetterContext<'a> {
    LetterContext {
        name: "Ana Example",
        street: "1 Main Street",
        town: "Example",
        state: "MA",
        zip: "01099",
        district: if chamber == Chamber::Governor { "" } else { "First Example" },
        official: OfficialContext { name: "Wren Sample", title: chamber.title(), salutation: "Wren Sample" },
        story,
        measures,
    }
}
