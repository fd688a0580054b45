//! `/staff/campaigns/{slug}/letters/{id}`: one letter's whole story. Who wrote it and what it says are closed at first: a GET
//! changes nothing, and opening them is noted.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::Web;
use super::super::form::Form;
use super::super::response::{Answer, Failure, see_other};
use super::super::views::staff::Line;
use super::super::views::staff_letters::{ActOption, Event, Fact, Opened, StaffLetterPage};
use super::letters::{moment, path, state_in_words};
use super::nav::Section;
use super::refusal;
use super::session::Staff;
use super::steering::wrong;
use crate::domain::{LetterAct, MessageState, Reason, ReturnKind, Role, StaffPause, StaffPauseOf, TimeZone};
use crate::intake::CampaignEntry;
use crate::store::letter_acts::Acted;
use crate::store::letter_events::{Returned, Try};
use crate::store::letter_history::{self, Story, Writer};
use crate::store::{audit, steering};

/// The most lines of the log that are shown.
const LOGGED: i64 = 100;

/// Said after a change.
#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
}

/// `GET /staff/campaigns/{slug}/letters/{id}`; every role: there is no person in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, way: web::Path<(String, i64)>, query: web::Query<Query>) -> Answer {
    let (entry, id) = of(&web, &way)?;
    let notice = match query.done.as_str() {
        "release" => Some("It waits to be sent now."),
        "resend" => Some("It waits to be sent now, as a new try."),
        "cancel" => Some("It was taken back and will not be sent."),
        _ => None,
    };
    show(&web, &staff, &entry, id, StatusCode::OK, |view| view.notice = notice.map(str::to_owned)).await
}

/// `POST .../open`: the same page with who wrote it and the text.
pub(super) async fn open(web: web::Data<Web>, staff: Staff, way: web::Path<(String, i64)>, form: Form<Act>) -> Answer {
    staff.check(&web, &form.0.csrf)?;
    let (entry, id) = of(&web, &way)?;
    // Only a letter of this campaign is opened.
    let campaign = entry.id;
    web.store.read(move |conn| letter_history::story(conn, campaign, id)).await?.ok_or(Failure::NotFound)?;
    let writer = web.staff_actions.open_letter(&staff.actor(), id).await?;
    show(&web, &staff, &entry, id, StatusCode::OK, |view| view.opened = writer.map(opened)).await
}

/// `POST .../release`, `.../resend` and `.../cancel`.
pub(super) async fn act(
    web: web::Data<Web>,
    staff: Staff,
    way: web::Path<(String, i64, String)>,
    Form(form): Form<Act>,
) -> Answer {
    staff.check_may(&web, Role::Editor, &form.csrf)?;
    let (slug, id, word) = way.into_inner();
    let (entry, id) = of(&web, &(slug, id))?;
    let act = LetterAct::parse(&word).ok_or(Failure::NotFound)?;
    let shown = MessageState::parse(&form.state).map_err(|_| Failure::BadRequest)?;
    let reason = match Reason::parse(&form.reason) {
        Ok(reason) => reason,
        Err(error) => {
            return show(&web, &staff, &entry, id, StatusCode::UNPROCESSABLE_ENTITY, |view| {
                view.reason = wrong(&mut view.errors, "reason", &form.reason, error.to_string());
            })
            .await;
        }
    };
    let back = format!("{}/{id}", path(entry.campaign.settings.slug.as_str()));
    let acted = web.staff_actions.act_on_letter(&staff.actor(), (entry.id, id), act, shown, reason).await?;
    let (what, next) = match acted {
        Acted::Done => return Ok(see_other(&format!("{back}?done={}", act.as_str()))),
        Acted::NoLetter => return Err(Failure::NotFound),
        Acted::Moved(now) => (
            format!("Somebody else was faster, or the letter went on by itself. It stands at \"{}\" now.", state_in_words(now)),
            "Nothing was changed. Go back, look how it stands, and decide again.",
        ),
        Acted::NotOffered(state) => {
            (format!("A letter that stands at \"{}\" can't have this done.", state_in_words(state)), "Nothing was changed.")
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

fn of(web: &Web, (slug, id): &(String, i64)) -> Result<(Arc<CampaignEntry>, i64), Failure> {
    Ok((web.intake.catalog().by_slug(slug).ok_or(Failure::NotFound)?, *id))
}

async fn show(
    web: &Web,
    staff: &Staff,
    entry: &Arc<CampaignEntry>,
    id: i64,
    status: StatusCode,
    fill: impl FnOnce(&mut StaffLetterPage),
) -> Answer {
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
    let zone = &settings.time_zone;
    let list = path(settings.slug.as_str());
    let here = format!("{list}/{id}");
    let done = |line: audit::Line| Event {
        when: moment(zone, line.at),
        what: format!("{} {}", line.who, line.deed),
        said: Some(line.detail).filter(|detail| !detail.is_empty()),
    };
    let acts = LetterAct::ALL.into_iter().filter(|act| staff.may(Role::Editor) && act.offered(story.state) && !story.erased);
    let mut view = StaffLetterPage {
        page: staff.campaign_page(web, entry, Section::Letters, &format!("Letter {id}")),
        list_href: list,
        csrf: staff.csrf().to_owned(),
        id: id.to_string(),
        state: state(&story, pause.as_ref(), zone),
        word: story.state.as_str().to_owned(),
        facts: facts(&story),
        events: events(&story, zone),
        may_open: staff.may(Role::Editor),
        erased: story.erased,
        acts: acts.map(|act| option(act, story.state, &here)).collect(),
        audit: log.into_iter().map(done).collect(),
        path: here,
        ..StaffLetterPage::default()
    };
    fill(&mut view);
    view.page.problem = !view.errors.is_empty();
    web.old_page(status, "staff_letter", &view)
}

fn state(story: &Story, pause: Option<&StaffPause>, zone: &TimeZone) -> Line {
    let tone = match story.state {
        MessageState::Sent | MessageState::SelfReported => "done",
        MessageState::Bounced | MessageState::Failed => "trouble",
        MessageState::Withdrawn | MessageState::Expired => "quiet",
        _ => "wait",
    };
    let mut text = format!("{}, since {}.", state_in_words(story.state), zone.moment_in_words(story.since));
    if let Some(reason) = &story.reason {
        text = format!("{text} Reason: {reason}.");
    }
    if story.state == MessageState::Queued {
        let paused = pause.map(|pause| format!(" Paused by {}: {}.", pause.who, pause.reason.trim_end_matches('.')));
        text.push_str(&paused.unwrap_or_else(|| format!(" Its turn comes from {} on.", zone.moment_in_words(story.due))));
    }
    Line { tone: tone.into(), text }
}

fn facts(story: &Story) -> Vec<Fact> {
    let fact = |label: &str, value: &str| Fact { label: label.into(), value: value.into() };
    let mut facts = vec![fact("To", &story.official), fact("Office", &story.district.in_words())];
    if let Some(mailbox) = &story.mailbox {
        facts.push(fact("Mailbox", mailbox));
    }
    facts.push(fact("Message-ID", &story.message_id));
    facts
}

fn events(story: &Story, zone: &TimeZone) -> Vec<Event> {
    let event = |at, what: String, said: &str| {
        (at, Event { when: moment(zone, at), what, said: (!said.is_empty()).then(|| said.to_owned()) })
    };
    let mut all = vec![event(story.written, "written, when its writer signed up".into(), "")];
    if let Some(at) = story.confirmed {
        all.push(event(at, "its writer confirmed it by mail".into(), ""));
    }
    all.extend(story.attempts.iter().map(|attempt| event(attempt.at, tried(attempt), &attempt.said())));
    all.extend(story.returns.iter().map(|came| event(came.at, came_back(came).into(), &came.said())));
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, event)| event).collect()
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

fn option(act: LetterAct, state: MessageState, here: &str) -> ActOption {
    let (label, about) = match act {
        LetterAct::Release => ("Let it go", "It waits to be sent, at the pace of its office."),
        LetterAct::Resend if matches!(state, MessageState::Bounced) => (
            "Try it anew",
            "It is sent as a new mail, since the office's system may drop a second one with the number it has seen.",
        ),
        LetterAct::Resend => {
            ("Try it anew", "Its tries begin anew, with the same Message-ID, so that the office sees if it gets it twice.")
        }
        LetterAct::Cancel => {
            ("Take it back", "It will not be sent. Its writer sees on their page that the campaign took it back.")
        }
    };
    ActOption { path: format!("{here}/{}", act.as_str()), label: label.into(), about: about.into() }
}

fn opened(writer: Writer) -> Opened {
    let fact = |label: &str, value: String| Fact { label: label.into(), value };
    Opened {
        facts: vec![
            fact("Name", writer.name),
            fact("E-mail", writer.email),
            fact("Street", writer.street),
            fact("Town and ZIP", writer.place),
        ],
        subject: writer.text.subject,
        body: writer.text.text,
    }
}
