//! A campaign's folder, read and checked: settings, page, letters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::letters::Letters;
use super::markdown::to_html;
use super::measures::{LetterMeasure, Measure, RawMeasure, measures};
use super::variant::Variant;
use super::{LetterContext, RenderedLetter, TemplateError, TemplateFiles};
use crate::domain::{Chamber, EmailAddress, Slug, TimeZone, Timestamp, UsState};

/// `campaign.toml` as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    slug: String,
    title: String,
    state: String,
    time_zone: String,
    summary: String,
    sender: String,
    contact: String,
    offices: Vec<String>,
    district_help_url: Option<String>,
    consent: String,
    opens: Option<String>,
    closes: Option<String>,
    #[serde(default)]
    measures: Vec<RawMeasure>,
}

/// What a campaign is, from its `campaign.toml`.
#[derive(Clone, Debug)]
pub struct CampaignSettings {
    /// Its short name in addresses.
    pub slug: Slug,
    /// Its name.
    pub title: String,
    /// The state whose officials are written to.
    pub state: UsState,
    /// Where its days are counted.
    pub time_zone: TimeZone,
    /// That zone's IANA name.
    pub time_zone_name: String,
    /// One line for the list of campaigns.
    pub summary: String,
    /// The words after "via" in the From header of letters.
    pub sender: String,
    /// Where people can ask a question.
    pub contact: EmailAddress,
    /// The chambers that get a letter.
    pub offices: Vec<Chamber>,
    /// Where people can look up their district.
    pub district_help_url: Option<String>,
    /// What people agree to.
    pub consent: String,
    /// From when people can sign up.
    pub opens: Option<Timestamp>,
    /// Until when people can sign up.
    pub closes: Option<Timestamp>,
    /// The bills.
    pub measures: Vec<Measure>,
    /// One of its texts must not be rendered: nobody can sign up until it is mended.
    pub shut: bool,
}

impl CampaignSettings {
    /// Whether people can sign up at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.shut && self.opens.is_none_or(|opens| opens <= now) && self.closes.is_none_or(|closes| now < closes)
    }
}

/// A campaign that can be used: its settings, its page as HTML, its letters compiled.
#[derive(Debug)]
pub struct Campaign {
    /// What it is.
    pub settings: CampaignSettings,
    /// The page's text, safe HTML.
    pub page_html: String,
    letters: Letters,
}

impl Campaign {
    /// Reads the files of a campaign's folder and renders every letter once with sample data.
    ///
    /// # Errors
    /// Everything that is wrong with the folder, file by file.
    pub fn compile(files: &BTreeMap<String, String>, templates: &TemplateFiles) -> Result<Self, Vec<TemplateError>> {
        let settings = settings(files)?;
        let name = |path: &str| format!("campaigns/{}/{path}", settings.slug);
        let mut errors = Vec::new();
        let page = files.get("page.md");
        if page.is_none() {
            errors.push(TemplateError::new(
                &name("page.md"),
                None,
                "is missing; write the text of the public page there, in Markdown",
            ));
        }
        let page_html = page.map(|text| to_html(text)).transpose().unwrap_or_else(|cause| {
            errors.push(TemplateError { unsafe_to_render: true, ..TemplateError::new(&name("page.md"), None, cause) });
            None
        });
        let page_html = page_html.unwrap_or_default();
        match Letters::compile(&settings, files, templates) {
            Ok(letters) if errors.is_empty() => Ok(Self { settings, page_html, letters }),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    /// A campaign of whose texts one must not be rendered: its page and its settings, closed and without letters.
    ///
    /// # Errors
    /// When its settings can't be read.
    pub fn shut(files: &BTreeMap<String, String>) -> Result<Self, Vec<TemplateError>> {
        let settings = CampaignSettings { shut: true, ..settings(files)? };
        let page_html = files.get("page.md").and_then(|text| to_html(text).ok()).unwrap_or_default();
        Ok(Self { letters: Letters::none(&settings), settings, page_html })
    }

    /// The letter to an office, word for word as it will be sent.
    pub fn letter(&self, chamber: Chamber, context: &LetterContext<'_>) -> Result<RenderedLetter, TemplateError> {
        self.letters.render(chamber, context)
    }

    /// Which of its letters an official gets who stands so.
    #[must_use]
    pub fn variant(&self, chamber: Chamber, measures: &[LetterMeasure<'_>]) -> Variant {
        self.letters.variant(chamber, measures)
    }

    /// One of its letters, whoever would get it.
    pub fn letter_of(
        &self,
        chamber: Chamber,
        variant: Variant,
        context: &LetterContext<'_>,
    ) -> Result<RenderedLetter, TemplateError> {
        self.letters.render_variant(chamber, variant, context)
    }

    pub(super) fn too_long(&self) -> Vec<TemplateError> {
        self.letters.too_long()
    }
}

fn settings(files: &BTreeMap<String, String>) -> Result<CampaignSettings, Vec<TemplateError>> {
    const FILE: &str = "campaign.toml";
    let Some(text) = files.get(FILE) else {
        return Err(vec![TemplateError::new(
            FILE,
            None,
            "is missing; a campaign is a folder with campaign.toml, page.md and letters/",
        )]);
    };
    let raw: RawSettings = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        vec![TemplateError::new(FILE, line, error.message())]
    })?;

    let mut errors = Vec::new();
    // The line of `key = ...`, so that the message leads there.
    let line = |key: &str| {
        text.lines()
            .position(|l| l.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
            .map(|i| i + 1)
    };
    let mut wrong = |key: &str, cause: String| errors.push(TemplateError::new(FILE, line(key), format!("{key}: {cause}")));

    let slug = Slug::parse(&raw.slug).map_err(|e| wrong("slug", e.to_string()));
    let state = UsState::parse(&raw.state).map_err(|e| wrong("state", e.to_string()));
    let time_zone = TimeZone::parse(&raw.time_zone).map_err(|e| wrong("time_zone", e.to_string()));
    let contact = EmailAddress::parse(&raw.contact).map_err(|_| wrong("contact", "must be an e-mail address".into()));
    let offices =
        raw.offices.iter().map(|o| Chamber::parse(o)).collect::<Result<Vec<_>, _>>().map_err(|e| wrong("offices", e.to_string()));
    let mut date = |key, value: &Option<String>| {
        let parsed = value.as_ref().map(|text| text.parse::<jiff::Timestamp>()).transpose();
        parsed.map(|t| t.map(|t| Timestamp::from_millis(t.as_millisecond()))).map_err(|_| {
            wrong(key, "must be a date and time with its offset from UTC, such as \"2026-12-01T09:00:00-05:00\"".into());
        })
    };
    let (opens, closes) = (date("opens", &raw.opens), date("closes", &raw.closes));
    if let (Ok(Some(opens)), Ok(Some(closes))) = (opens, closes)
        && closes <= opens
    {
        wrong("closes", "must be later than opens".into());
    }
    if raw.offices.is_empty() {
        wrong("offices", "must name at least one of \"upper\", \"lower\", \"governor\"".into());
    }
    for (key, value) in [("title", &raw.title), ("summary", &raw.summary), ("sender", &raw.sender), ("consent", &raw.consent)] {
        if value.trim().is_empty() || value.chars().any(char::is_control) {
            wrong(key, "must be one line of text".into());
        }
    }
    if raw.district_help_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
        wrong("district_help_url", "must begin with https://".into());
    }
    let measures = measures(raw.measures).map_err(|causes| causes.into_iter().for_each(|(key, cause)| wrong(key, cause)));
    let (Ok(slug), Ok(state), Ok(time_zone), Ok(contact), Ok(offices), Ok(opens), Ok(closes), Ok(measures), true) =
        (slug, state, time_zone, contact, offices, opens, closes, measures, errors.is_empty())
    else {
        return Err(errors);
    };
    Ok(CampaignSettings {
        slug,
        title: raw.title,
        state,
        time_zone,
        time_zone_name: raw.time_zone,
        summary: raw.summary,
        sender: raw.sender,
        contact,
        offices,
        district_help_url: raw.district_help_url,
        consent: raw.consent,
        opens,
        closes,
        measures,
        shut: false,
    })
}
