//! `/staff/campaigns/{slug}/letters/{id}`: one letter's whole story. Who wrote it and what it says are closed at first: a GET
//! changes nothing, and opening them is noted.

use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::{Act, Button};
use super::letters::path;
use super::nav::Section;
use super::refusal;
use super::session::Staff;
use super::words::{Done, JustDone, sentence};
use crate::domain::{
    LetterAct, MessageState, Reason, ReturnKind, Role, StaffPause, StaffPauseOf, StateGroup, TimeZone, Timestamp,
};
use crate::intake::CampaignEntry;
use crate::store::letter_acts::Acted;
use crate::store::letter_events::{Returned, Try};
use crate::store::letter_history::{self, Story, Writer};
use crate::store::{audit, steering};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::{FormErrors, Page};
use crate::web::response::{Answer, Failure, html};

/// The most lines of the log that are shown.
const LOGGED: i64 = 100;

#[derive(Template)]
#[template(path = "console/letter.html")]
struct LetterPage<'a> {
    page: Page,
    /// Path of the campaign's letters.
    list: String,
    done: JustDone,
    errors: FormErrors,
    story: &'a Story,
    /// What staff paused that keeps it.
    pause: Option<StaffPause>,
    may_open: bool,
    /// Who wrote it and what it says, once opened.
    opened: Option<Writer>,
    /// What this login may do to it now.
    acts: Vec<LetterAct>,
    /// Why, as typed.
    reason: &'a str,
    /// What staff did to it, newest first.
    log: Vec<audit::Line>,
    zone: &'a TimeZone,
}

/// The form of an act.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    /// Where the letter stood when the form was shown.
    state: String,
    reason: String,
}

/// What the page says beyond the story.
#[derive(Default)]
struct Said {
    done: Option<Done>,
    errors: FormErrors,
    opened: Option<Writer>,
    reason: String,
}

/// `GET /staff/campaigns/{slug}/letters/{id}`; every role: there is no person in it.
pub(super) async fn page(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    way: web::Path<(String, i64)>,
    JustDone(done): JustDone,
) -> Answer {
    show(&web, &staff, &entry, way.1, Said { done, ..Said::default() }).await
}

/// `POST .../open`: the same page with who wrote it and the text.
pub(super) async fn open(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    way: web::Path<(String, i64)>,
    _: Act<Button>,
) -> Answer {
    // Only a letter of this campaign is opened.
    let (campaign, id) = (entry.id, way.1);
    web.store.read(move |conn| letter_history::story(conn, campaign, id)).await?.ok_or(Failure::NotFound)?;
    let opened = web.staff_actions.open_letter(&staff.actor(), id).await?;
    show(&web, &staff, &entry, id, Said { opened, ..Said::default() }).await
}

/// `POST .../release`, `.../resend` and `.../cancel`.
pub(super) async fn act(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    way: web::Path<(String, i64, String)>,
    Act(typed): Act<Typed>,
) -> Answer {
    let (_, id, word) = way.into_inner();
    let act = LetterAct::parse(&word).ok_or(Failure::NotFound)?;
    let shown = MessageState::parse(&typed.state).map_err(|_| Failure::BadRequest)?;
    let reason = match Reason::parse(&typed.reason) {
        Ok(reason) => reason,
        Err(error) => {
            let errors = FormErrors::one("reason", sentence(&error));
            return show(&web, &staff, &entry, id, Said { errors, reason: typed.reason, ..Said::default() }).await;
        }
    };
    let back = format!("{}/{id}", path(&entry.campaign.settings.slug));
    let acted = web.staff_actions.act_on_letter(&staff.actor(), (entry.id, id), act, shown, reason).await?;
    let (what, next) = match acted {
        Acted::Done => return Ok(done(act).at(&back)),
        Acted::NoLetter => return Err(Failure::NotFound),
        Acted::Moved(now) => (
            format!("Someone already did that, or the letter went on by itself. It stands at \"{}\" now.", now.in_words()),
            "Nothing was changed. Go back, look how it stands, and decide again.",
        ),
        Acted::NotOffered(state) => {
            (format!("A letter that stands at \"{}\" can't have this done.", state.in_words()), "Nothing was changed.")
        }
        Acted::NoWay(reason) => (
            format!("The letter can't go, because {}.", reason.as_str()),
            "Nothing was changed. Import a roster that knows the office's mailbox, or say on the campaign's page that the mailbox is right.",
        ),
        Acted::WebForm => {
            ("The office takes letters only through its own web form, so we can't mail it.".to_owned(), "Nothing was changed.")
        }
        Acted::Erased => ("Its writer erased their data, so there is no text to send.".to_owned(), "Nothing was changed."),
    };
    refusal::conflict(&web, &staff, &what, next, &back)
}

const fn done(act: LetterAct) -> Done {
    match act {
        LetterAct::Release => Done::Release,
        LetterAct::Resend => Done::Resend,
        LetterAct::Cancel => Done::Cancel,
    }
}

async fn show(web: &Web, staff: &Staff, entry: &CampaignEntry, id: i64, said: Said) -> Answer {
    let campaign = entry.id;
    let read = web.store.read(move |conn| {
        let Some(story) = letter_history::story(conn, campaign, id)? else { return Ok(None) };
        let mut pause = None;
        for of in [StaffPauseOf::Everything, StaffPauseOf::Campaign(campaign), StaffPauseOf::Office(story.office_id)] {
            pause = pause.or(steering::pause_of(conn, of)?);
        }
        Ok(Some((audit::of_subject(conn, &format!("letter {id}"), LOGGED)?, pause, story)))
    });
    let (log, pause, story) = read.await?.ok_or(Failure::NotFound)?;
    let settings = &entry.campaign.settings;
    let Said { done, errors, opened, reason } = said;
    let may_act = staff.may(Role::Editor);
    let acts = LetterAct::ALL.into_iter().filter(|act| may_act && act.offered(story.state) && !story.erased);
    let page = staff.campaign_page(web, entry, Section::Letters, &format!("Letter {id}")).problem(!errors.is_empty());
    let view = LetterPage {
        page,
        list: path(&settings.slug),
        done: JustDone(done),
        story: &story,
        pause,
        may_open: may_act,
        opened,
        acts: acts.collect(),
        reason: &reason,
        log,
        zone: &settings.time_zone,
        errors,
    };
    html(view.errors.status(), &view)
}

const fn tone(state: MessageState) -> &'static str {
    match (state, state.group()) {
        (MessageState::Held, _) | (_, StateGroup::Moving | StateGroup::Waiting) => "wait",
        (_, StateGroup::Arrived) => "done",
        (_, StateGroup::Trouble) => "trouble",
        (_, StateGroup::Over) => "quiet",
    }
}

/// What happened, oldest first: when, what, and the server's own words.
fn events(story: &Story) -> Vec<(Timestamp, String, String)> {
    let mut all = vec![(story.written, "written, when its writer signed up".into(), String::new())];
    if let Some(at) = story.confirmed {
        all.push((at, "its writer confirmed it by mail".into(), String::new()));
    }
    all.extend(story.attempts.iter().map(|attempt| (attempt.at, tried(attempt), attempt.said())));
    all.extend(story.returns.iter().map(|came| (came.at, came_back(came).into(), came.said())));
    all.sort_by_key(|(at, ..)| *at);
    all
}

fn tried(attempt: &Try) -> String {
    let Try { outcome, step, millis, .. } = attempt;
    match outcome.as_str() {
        "sent" => format!("sent: the office's mail server accepted it ({millis} ms). It said"),
        "retry" => format!("tried, to be tried again ({step}, {millis} ms). The server said"),
        "postponed" => format!("put off, not its own fault ({step}, {millis} ms). The server said"),
        "failed" => format!("tried and given up ({step}, {millis} ms). The server said"),
        "in_hand" => "in the hand of the sender".into(),
        other => format!("{other} ({step})"),
    }
}

const fn came_back(came: &Returned) -> &'static str {
    match came.kind {
        ReturnKind::Failed => "a report came back: it did not arrive",
        ReturnKind::Delayed => "a warning came back: it is late",
        ReturnKind::Complaint => "somebody called it spam",
        ReturnKind::AutomaticReply => "the office's machine answered",
        ReturnKind::Answer => "somebody at the office answered to the return path",
        ReturnKind::Forged => "a forged report came, which was not believed",
        ReturnKind::Other => "another mail came back",
    }
}

const fn label(act: LetterAct) -> &'static str {
    match act {
        LetterAct::Release => "Release",
        LetterAct::Resend => "Send again",
        LetterAct::Cancel => "Take it back",
    }
}

/// What the act means for a letter in that state.
const fn meaning(act: LetterAct, state: MessageState) -> &'static str {
    match act {
        LetterAct::Release => "It waits to be sent, at the pace of its office.",
        LetterAct::Resend if matches!(state, MessageState::Bounced) => {
            "It is sent as a new mail, since the office's system may drop a second one with the number it has seen."
        }
        LetterAct::Resend => "Its tries begin anew, with the same Message-ID, so that the office sees if it gets it twice.",
        LetterAct::Cancel => "It will not be sent. Its writer sees on their page that the campaign took it back.",
    }
}
