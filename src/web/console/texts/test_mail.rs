//! Letters that staff send to themselves, and what became of them.

use std::sync::Arc;

use super::super::super::Web;
use super::super::super::response::Failure;
use super::super::session::Staff;
use super::preview::{Preview, preview};
use super::typed::Typed;
use crate::domain::{EmailAddress, TimeZone};
use crate::intake::CampaignEntry;
use crate::render::CampaignText;
use crate::store::staff_mails::{self, Sent, Told};

/// Sends the letter as it was typed, where nothing is wrong with it, and says so.
pub(super) async fn send(
    web: &Web,
    staff: &Staff,
    entry: &Arc<CampaignEntry>,
    text: CampaignText,
    typed: &Typed,
) -> Result<(Preview, Option<String>), Failure> {
    let preview = preview(web, entry, text, typed).await?;
    let Preview::Letter { sample: letter, .. } = &preview else { return Ok((preview, None)) };
    let own = EmailAddress::parse(&staff.member.email).map_err(|_| Failure::BadRequest)?;
    let queued = web.staff_actions.send_test(&staff.actor(), own, entry, letter).await?;
    let notice = if queued {
        format!("A test is on its way to {}. Nothing is saved by it.", staff.member.email)
    } else {
        "You sent yourself many tests within the hour. Wait a while before the next one; the preview shows the same text."
            .to_owned()
    };
    Ok((preview, Some(notice)))
}

/// How many are told of.
const SHOWN: i64 = 3;

/// The last ones of this login, in words, newest first.
pub(super) async fn told(web: &Web, staff: &Staff, entry: &CampaignEntry) -> Result<Vec<String>, Failure> {
    let (campaign, email) = (entry.id, staff.member.email.clone());
    let tests = web.store.read(move |conn| staff_mails::of_login(conn, campaign, &email, SHOWN)).await?;
    Ok(tests.iter().map(|test| line(test, &entry.campaign.settings.time_zone)).collect())
}

fn line(test: &Told, zone: &TimeZone) -> String {
    let (at, subject) = (zone.moment_in_words(test.at), &test.subject);
    match &test.sent {
        Sent::Accepted => format!("{at}: \"{subject}\" was accepted by the mail server."),
        Sent::Failed => format!("{at}: \"{subject}\" could not be sent. The mail server said: {}", test.reply),
        Sent::Waits(_) if test.reply.is_empty() => format!("{at}: \"{subject}\" waits to be sent."),
        Sent::Waits(until) => {
            let until = zone.moment_in_words(*until);
            format!("{at}: \"{subject}\" is tried again at {until}. The mail server said: {}", test.reply)
        }
    }
}
