//! The settings as fields: what three volunteers change without an engineer. The rest of `campaign.toml` stays as it is.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::super::act::{Act, LongAct};
use super::super::nav::Section;
use super::super::session::Staff;
use super::edit::Overtaken;
use super::typed::sentence;
use super::{base, saved_notice, stored};
use crate::domain::{Ask, Role};
use crate::intake::CampaignEntry;
use crate::render::{CampaignText, Measure, MeasureWords, TemplateError, set_measures, set_setting};
use crate::staff_actions::{Edit, Saved};
use crate::store::versions;
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html, see_other};

#[derive(Template)]
#[template(path = "console/texts/settings.html")]
struct SettingsPage<'a> {
    page: Page,
    /// Path of the list of texts.
    base: String,
    may_change: bool,
    notice: Option<String>,
    errors: FormErrors,
    overtaken: Option<Overtaken>,
    /// The version that a save begins from.
    began_from: i32,
    /// The campaign's own fields.
    fields: Vec<Setting<'a>>,
    /// Each measure's name and fields.
    measures: Vec<(&'a str, Vec<Setting<'a>>)>,
}

/// One field.
struct Setting<'a> {
    id: String,
    label: String,
    hint: &'static str,
    /// It may run over several lines on the screen.
    long: bool,
    /// As it was typed.
    value: &'a str,
}

/// The campaign's own fields: key, label, hint, and whether it may be long.
const FIELDS: &[(&str, &str, &str, bool)] = &[
    ("title", "Title", "The heading of the page, and the campaign's name in mails.", false),
    ("summary", "Summary", "One line for the list of campaigns.", true),
    ("sender", "Sender", "Offices see \"the writer's name via this\" as who a letter is from.", false),
    (
        "contact",
        "Contact address",
        "Where people can ask a question. It stands on the page and in every mail to supporters.",
        false,
    ),
    ("consent", "What people agree to", "Stands beside the box that people tick. Say what is sent and to whom.", true),
    (
        "district_help_url",
        "Where people can look up their district",
        "A web address that begins with https://. May be empty.",
        false,
    ),
];

/// Said after a save.
#[derive(Deserialize)]
pub(in crate::web::console) struct Query {
    #[serde(default)]
    saved: String,
}

type Values = BTreeMap<String, String>;

/// `GET /staff/campaigns/{slug}/text/edit/settings`.
pub(in crate::web::console) async fn page(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    query: web::Query<Query>,
) -> Answer {
    let version = stored(&web, &entry).await?.version;
    let settings = &entry.campaign.settings;
    let mut values: Values = [
        ("title", settings.title.as_str()),
        ("summary", &settings.summary),
        ("sender", &settings.sender),
        ("contact", settings.contact.as_str()),
        ("consent", &settings.consent),
        ("district_help_url", settings.district_help_url.as_deref().unwrap_or_default()),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    for measure in &settings.measures {
        let id = |what: &str| format!("{what}_{}", measure.key);
        values.insert(id("name"), measure.name.clone());
        values.insert(id("numbers"), measure.numbers.join(", "));
        values.insert(id("about"), measure.about.clone());
        values.extend(measure.asks.iter().map(|(ask, words)| (id(ask.as_str()), words.clone())));
    }
    let shown = Shown { notice: saved_notice(&query.saved), ..Shown::of(values, version) };
    show(&web, &staff, StatusCode::OK, &entry, shown)
}

struct Shown {
    values: Values,
    began_from: i32,
    errors: FormErrors,
    notice: Option<String>,
    overtaken: Option<Overtaken>,
}

impl Shown {
    fn of(values: Values, began_from: i32) -> Self {
        Self { values, began_from, errors: FormErrors::default(), notice: None, overtaken: None }
    }
}

/// `POST /staff/campaigns/{slug}/text/edit/settings`.
pub(in crate::web::console) async fn save(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    Act(mut values): LongAct<Values>,
) -> Answer {
    let began_from = values.remove("began_from").and_then(|text| text.parse().ok()).ok_or(Failure::BadRequest)?;
    let again = |shown| show(&web, &staff, StatusCode::UNPROCESSABLE_ENTITY, &entry, shown);
    let id = entry.id;
    let files = web.store.read(move |conn| versions::files(conn, id, began_from)).await?.ok_or(Failure::BadRequest)?;
    let file = files.get("campaign.toml").ok_or(Failure::BadRequest)?;
    let new = match written(file, &values, &entry) {
        Ok(new) => new,
        Err(error) => return again(Shown { errors: told(&[error]), ..Shown::of(values, began_from) }),
    };
    let edit = Edit { text: CampaignText::Settings, new: Some(new.clone()), began_from };
    let list = base(&entry);
    match web.staff_actions.save_text(&staff.actor(), &entry, edit).await? {
        Saved::Version(number) => Ok(see_other(&format!("{list}/edit/settings?saved={number}"))),
        Saved::Unchanged => Ok(see_other(&format!("{list}/edit/settings?saved=0"))),
        Saved::Refused(errors) => again(Shown { errors: told(&errors), ..Shown::of(values, began_from) }),
        Saved::Conflict(conflict) => {
            let overtaken = Some(Overtaken::by(&conflict, &entry, &new));
            again(Shown { overtaken, ..Shown::of(values, conflict.version) })
        }
        Saved::Unknown => Err(Failure::BadRequest),
    }
}

/// The file with what was typed; fields that the form did not send stay as they are.
fn written(file: &str, values: &Values, entry: &CampaignEntry) -> Result<String, TemplateError> {
    let mut text = file.to_owned();
    for (key, ..) in FIELDS {
        let Some(value) = values.get(*key).map(|value| value.trim()) else { continue };
        let optional = *key == "district_help_url" && value.is_empty();
        text = set_setting(&text, key, (!optional).then_some(value))?;
    }
    let words = |measure: &Measure| {
        let of = |what: &str| values.get(&format!("{what}_{}", measure.key)).map(|value| value.trim().to_owned());
        let numbers = of("numbers").map_or_else(|| measure.numbers.clone(), |typed| numbers(&typed));
        let asks = Ask::ALL.into_iter().filter_map(|ask| Some((ask, of(ask.as_str())?)));
        let words = MeasureWords {
            name: of("name").unwrap_or_else(|| measure.name.clone()),
            numbers,
            about: of("about").unwrap_or_else(|| measure.about.clone()),
            asks: asks.collect(),
        };
        (measure.key.clone(), words)
    };
    set_measures(&text, &entry.campaign.settings.measures.iter().map(words).collect())
}

fn numbers(typed: &str) -> Vec<String> {
    typed.split([',', ';']).map(|number| number.trim().to_owned()).filter(|number| !number.is_empty()).collect()
}

/// Mistakes in the settings begin with the key that they are about; those of a measure name it.
fn told(errors: &[TemplateError]) -> FormErrors {
    let mut told = FormErrors::default();
    for error in errors {
        let (key, cause) = error.cause().split_once(": ").unwrap_or(("title", error.cause()));
        let own = error.file().ends_with("campaign.toml");
        let measure = cause.strip_prefix("measure \"").and_then(|rest| rest.split_once("\": "));
        let (field, text) = match measure {
            Some((measure, cause)) if own => {
                let ask = Ask::ALL.into_iter().find(|ask| cause.starts_with(ask.as_str())).map_or("pass", Ask::as_str);
                let field = if matches!(key, "ask" | "asks") { ask } else { key };
                (format!("{field}_{measure}"), sentence("", cause))
            }
            _ if own && FIELDS.iter().any(|(known, ..)| *known == key) => (key.to_owned(), sentence("", cause)),
            _ => ("title".to_owned(), sentence("", &error.to_string())),
        };
        told.append(field, text);
    }
    told
}

fn show(web: &Web, staff: &Staff, status: StatusCode, entry: &CampaignEntry, shown: Shown) -> Answer {
    let Shown { values, began_from, errors, notice, overtaken } = shown;
    let value = |id: &str| values.get(id).map_or("", String::as_str);
    let make = |id: String, label: &str, hint: &'static str, long: bool| {
        let value = value(&id);
        Setting { id, label: label.to_owned(), hint, long, value }
    };
    let measure = |measure: &Measure| {
        let id = |what: &str| format!("{what}_{}", measure.key);
        let mut fields = vec![
            make(id("name"), "Name", "As people say it.", false),
            make(
                id("numbers"),
                "Numbers",
                "All its numbers, with commas between them: dockets, redrafts, the bill in the other chamber. The ones people use now come first.",
                false,
            ),
            make(id("about"), "What it would do", "One line for the page.", true),
        ];
        let many = measure.asks.len() > 1 || measure.can_be_signed();
        for ask in Ask::ALL.into_iter().filter(|ask| many || measure.asks.contains_key(ask)) {
            let hint = match ask {
                Ask::SignOn => "A whole sentence. Empty: nobody can sign this bill any more.",
                Ask::Pass => "A whole sentence.",
                Ask::Implement => "A whole sentence, for when it is law.",
            };
            fields.push(make(id(ask.as_str()), &format!("To ask: {}", ask.label().to_lowercase()), hint, true));
        }
        fields
    };
    let settings = &entry.campaign.settings;
    let page = staff.campaign_page(web, entry, Section::Texts, &format!("Settings: {}", settings.title));
    let view = SettingsPage {
        page: page.problem(status != StatusCode::OK),
        base: base(entry),
        may_change: staff.may(Role::Editor),
        notice,
        errors,
        overtaken,
        began_from,
        fields: FIELDS.iter().map(|(key, label, hint, long)| make((*key).to_owned(), label, hint, *long)).collect(),
        measures: settings.measures.iter().map(|each| (each.name.as_str(), measure(each))).collect(),
    };
    html(status, &view)
}
