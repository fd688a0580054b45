//! A campaign's texts in the console: read, change, compare, go back.

mod diff;
pub(super) mod edit;
pub(super) mod list;
pub(super) mod new_campaign;
pub(super) mod preview;
pub(super) mod settings;
mod test_mail;
mod typed;
pub(super) mod versions;

use super::super::Web;
use super::super::response::Failure;
use crate::intake::CampaignEntry;
use crate::render::CampaignText;
use crate::store::campaigns::{self, StoredCampaign};
use diff::Diff;

/// The path of a campaign's list of texts.
fn base(entry: &CampaignEntry) -> String {
    format!("/staff/campaigns/{}/text", entry.campaign.settings.slug)
}

/// The text of that word; the whole settings as a file have one of their own.
fn named(word: &str) -> Result<CampaignText, Failure> {
    let word = if word == "settings-file" { "settings" } else { word };
    CampaignText::parse(word).ok_or(Failure::NotFound)
}

/// The campaign as it is in the database now, which may be newer than what sign-ups use.
async fn stored(web: &Web, entry: &CampaignEntry) -> Result<StoredCampaign, Failure> {
    let id = entry.id;
    web.store.read(move |conn| campaigns::by_id(conn, id)).await?.ok_or(Failure::NotFound)
}

/// What is there now beside what was typed.
fn beside(now: Option<&str>, typed: &str) -> Diff {
    diff::diff(("There now".into(), now.unwrap_or_default()), ("What you typed".into(), typed))
}

/// Said after a save, by the number in the address.
fn saved_notice(saved: &str) -> Option<String> {
    match saved {
        "" => None,
        "0" => Some("Nothing has changed: the text was like that already.".into()),
        number => number.parse::<u32>().ok().map(|number| {
            format!(
                "Saved as version {number}. New letters use it from now on; letters that people wrote before stay as they are."
            )
        }),
    }
}
