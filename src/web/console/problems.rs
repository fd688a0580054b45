//! `/staff/campaigns/{slug}/problems`: letters that did not get through, together where one thing is the matter: what it is in plain
//! words, what usually helps, and one act for all of them.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::act::Act;
use super::nav::Section;
use super::session::Staff;
use super::words::{Done, JustDone, letters, sentence};
use crate::domain::{HeldBecause, LetterAct, MessageState, Reason, Role};
use crate::intake::CampaignEntry;
use crate::render::CampaignSettings;
use crate::store::letter_problems::{self, LOOKED_AT, Problem};
use crate::web::Web;
use crate::web::in_campaign::InCampaign;
use crate::web::parts::Page;
use crate::web::response::{Answer, Failure, html};

/// What is the matter, as far as codes and words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Spam,
    Blocked,
    Full,
    NoMailbox,
    TooBig,
    Refused,
    GaveUp,
    Held(Option<HeldBecause>),
}

impl Cause {
    fn of(problem: &Problem) -> Self {
        if problem.letter.state == MessageState::Held {
            return Self::Held(problem.letter.reason.as_deref().and_then(HeldBecause::parse));
        }
        // Of a reply the code comes first, of a report the status: 4 is not for good (RFC 5321 section 4.2.1, RFC 3463 section 2).
        let for_now = problem.said.starts_with('4');
        let said = problem.said.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&["5.2.2", "over quota", "overquota", "mailbox full", "mailbox is full", "quota exceeded"]) {
            Self::Full
        } else if has(&["5.2.3", "5.3.4", "too large", "size limit", "too big"]) {
            Self::TooBig
        } else if has(&["spam", "junk", "content rejected", "message content", "policy reasons: content"]) {
            Self::Spam
        } else if has(&["blacklist", "blocklist", "block list", "blocked", "listed by", "reputation", "banned"]) {
            Self::Blocked
        } else if has(&[
            "5.1.1",
            "5.1.10",
            "5.1.0",
            "user unknown",
            "unknown user",
            "no such user",
            "does not exist",
            "mailbox not found",
        ]) {
            Self::NoMailbox
        } else if for_now || said.is_empty() || has(&["timed out", "no route", "connection"]) {
            Self::GaveUp
        } else {
            Self::Refused
        }
    }

    /// What happened, in plain words; `whose` is who the letters are for.
    fn what(self, whose: &str) -> String {
        match self {
            Self::Spam => format!("The mail server of {whose} refuses these letters as spam."),
            Self::Blocked => format!("The mail server of {whose} blocks our mail server."),
            Self::Full => format!("The mailbox of {whose} is full."),
            Self::NoMailbox => format!("The mailbox of {whose} does not exist, its mail server says."),
            Self::TooBig => format!("The mail server of {whose} says that these letters are too big."),
            Self::Refused => format!("The mail server of {whose} refuses these letters."),
            Self::GaveUp => format!("The mail server of {whose} could not be reached, or put us off, for days."),
            Self::Held(Some(reason)) => format!("Letters to {whose} are held: {}.", reason.as_str()),
            Self::Held(None) => format!("Letters to {whose} are held."),
        }
    }

    /// What usually helps.
    const fn help(self) -> &'static str {
        match self {
            Self::Spam => {
                "Call the office and ask that mail from your sender's address is allowed. See that doctor is content with DKIM, SPF and DMARC, \
                 and that the letters are not all the same. Then send them again."
            }
            Self::Blocked => {
                "Ask whoever runs your mail server which list it is on and to have it taken off, and the office to let it in. Then send them \
                 again."
            }
            Self::Full => "Call the office and say that its mailbox takes no mail. Send the letters again in a few days.",
            Self::NoMailbox => {
                "Find the right address on the official's own page, and import a roster that has it. Then send them again."
            }
            Self::TooBig => {
                "Shorten the campaign's letter. These letters stay as they were written; their writers were told how else to reach the office."
            }
            Self::Refused => {
                "Read what the server said below. Often the office can let your sender's address in. Then send them again."
            }
            Self::GaveUp => "Look whether the office has another address now. If not, send them again: servers come back.",
            Self::Held(Some(reason)) => held(reason),
            Self::Held(None) => "Staff noted why on each letter. Release them when that is settled, or take them back.",
        }
    }

    /// What can be done with all of a group.
    fn acts(self) -> impl Iterator<Item = LetterAct> {
        let sent = !matches!(self, Self::Held(_));
        LetterAct::ALL.into_iter().filter(move |act| match act {
            LetterAct::Resend => sent,
            LetterAct::Release | LetterAct::Cancel => !sent,
        })
    }
}

const fn held(reason: HeldBecause) -> &'static str {
    match reason {
        HeldBecause::OfficialLeft | HeldBecause::TermEnded | HeldBecause::ToNobody => {
            "Import a roster that says who holds the seat now. A letter never goes to another person than the one it was written to: its \
             writer is offered a new one."
        }
        HeldBecause::MailboxGone | HeldBecause::NoWay => {
            "Find the office's address or web form, and import a roster that has it. They go by themselves then."
        }
        HeldBecause::MailboxDead => {
            "Find the right address and import a roster that has it; or, if the address is right, say so under \"What needs you\" on the \
             campaign's overview. They go by themselves then."
        }
        HeldBecause::MayHaveGone => {
            "Ask the offices, or look into your mail server's log, whether they arrived. Then release those that did not, and take back the others."
        }
    }
}

/// Letters with which the same is the matter.
struct Group {
    cause: Cause,
    /// "Senator Wren Harborlight", or how many officials.
    whose: String,
    /// The letters with their offices and officials, newest first.
    letters: Vec<Problem>,
    /// What was said, each once, and how often.
    said: Vec<(String, usize)>,
}

/// The most things said that are told of a group.
const SAID: usize = 3;

/// By what is the matter and where, the largest first.
fn groups(problems: Vec<Problem>) -> Vec<Group> {
    let mut by: BTreeMap<(Cause, i64), Vec<Problem>> = BTreeMap::new();
    for problem in problems {
        by.entry((Cause::of(&problem), problem.office)).or_default().push(problem);
    }
    let mut groups: Vec<Group> = by.into_iter().map(|((cause, _), letters)| Group::new(cause, letters)).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.letters.len()), group.cause));
    groups
}

impl Group {
    fn new(cause: Cause, letters: Vec<Problem>) -> Self {
        let whose = letters.first().map_or_else(String::new, |first| {
            let (name, office) = (&first.letter.official, first.letter.district.in_words());
            if name.is_empty() { office } else { format!("{name} ({office})") }
        });
        let mut said: Vec<(String, usize)> = Vec::new();
        for words in letters.iter().map(|problem| problem.said.as_str()).filter(|words| !words.is_empty()) {
            match said.iter_mut().find(|(known, _)| known == words) {
                Some((_, n)) => *n += 1,
                None => said.push((words.to_owned(), 1)),
            }
        }
        said.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        said.truncate(SAID);
        Self { cause, whose, letters, said }
    }

    fn what(&self) -> String {
        self.cause.what(&self.whose)
    }

    fn count(&self) -> String {
        letters(i64::try_from(self.letters.len()).unwrap_or(i64::MAX))
    }

    fn help(&self) -> &'static str {
        self.cause.help()
    }

    fn acts(&self) -> Vec<LetterAct> {
        self.cause.acts().collect()
    }
}

#[derive(Template)]
#[template(path = "console/problems.html")]
struct ProblemsPage<'a> {
    page: Page,
    settings: &'a CampaignSettings,
    done: JustDone,
    /// Why nothing was done.
    refused: Option<String>,
    typed: &'a Typed,
    groups: Vec<Group>,
    may_act: bool,
    /// There are more letters than were looked at.
    more: bool,
}

/// The form of an act: `letter_12=failed` is letter 12, which stood there when it was shown.
#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    reason: String,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

impl Typed {
    /// Whether the letter is ticked: every one is, until somebody chose.
    fn has(&self, letter: i64) -> bool {
        self.others.is_empty() || self.others.contains_key(&format!("letter_{letter}"))
    }

    fn letters(&self) -> Result<Vec<(i64, MessageState)>, Failure> {
        let chosen = self.others.iter().filter_map(|(name, state)| Some((name.strip_prefix("letter_")?, state)));
        let read = |(id, state): (&str, &String)| Some((id.parse().ok()?, MessageState::parse(state).ok()?));
        chosen.map(|chosen| read(chosen).ok_or(Failure::BadRequest)).collect()
    }
}

/// `GET /staff/campaigns/{slug}/problems`; every role: there is no supporter in it.
pub(super) async fn page(web: web::Data<Web>, staff: Staff, InCampaign(entry): InCampaign, done: JustDone) -> Answer {
    show(&web, &staff, &entry, done, None, &Typed::default()).await
}

/// `POST .../resend`, `.../release`, `.../cancel`: the same act on each chosen letter.
pub(super) async fn act(
    web: web::Data<Web>,
    staff: Staff,
    InCampaign(entry): InCampaign,
    way: web::Path<(String, String)>,
    Act(typed): Act<Typed, { crate::web::form::LONG_MAX_BYTES }>,
) -> Answer {
    let act = LetterAct::parse(&way.1).ok_or(Failure::NotFound)?;
    let chosen = typed.letters()?;
    let reason = match Reason::parse(&typed.reason) {
        Ok(reason) if !chosen.is_empty() => reason,
        Ok(_) => return show(&web, &staff, &entry, JustDone(None), Some("Choose at least one letter.".into()), &typed).await,
        Err(error) => return show(&web, &staff, &entry, JustDone(None), Some(format!("{}.", sentence(&error))), &typed).await,
    };
    let slug = &entry.campaign.settings.slug;
    let acted = web.staff_actions.act_on_letters(&staff.actor(), (entry.id, slug.as_str()), act, chosen, reason).await?;
    Ok(Done::LettersActed.if_so(acted > 0).at(&format!("/staff/campaigns/{slug}/problems")))
}

async fn show(web: &Web, staff: &Staff, entry: &CampaignEntry, done: JustDone, refused: Option<String>, typed: &Typed) -> Answer {
    let id = entry.id;
    let problems = web.store.read(move |conn| letter_problems::of_campaign(conn, id)).await?;
    let settings = &entry.campaign.settings;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Problems: {}", settings.title);
    let page = staff.campaign_page(web, entry, Section::Problems, &title).problem(refused.is_some());
    let more = letter_problems::STATES
        .into_iter()
        .any(|state| problems.iter().filter(|problem| problem.letter.state == state).count() == LOOKED_AT);
    let may_act = staff.may(Role::Editor);
    html(status, &ProblemsPage { page, settings, done, refused, typed, groups: groups(problems), may_act, more })
}

const fn label(act: LetterAct) -> &'static str {
    match act {
        LetterAct::Release => "Release the chosen letters",
        LetterAct::Resend => "Send the chosen letters again",
        LetterAct::Cancel => "Take the chosen letters back",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Chamber, DistrictName, Timestamp};
    use crate::store::letter_search::Found;

    fn problem(id: i64, office: i64, state: MessageState, said: &str) -> Problem {
        let at = Timestamp::from_millis(1_795_000_000_000);
        let reason = (state == MessageState::Held).then(|| said.to_owned());
        let district = DistrictName::new(Chamber::Upper, "First Harbor");
        let official = "Senator Wren Harborlight".into();
        let letter = Found { id, signup: id, state, reason, written: at, since: at, district, official };
        Problem { letter, office, said: if state == MessageState::Held { String::new() } else { said.to_owned() } }
    }

    #[test]
    fn what_servers_say_is_one_of_few_causes() {
        use MessageState::{Bounced, Failed, Held};
        for (state, said, cause) in [
            (Bounced, "5.7.1 Message rejected as spam", Cause::Spam),
            (Failed, "554 5.7.1 blocked, see the blocklist", Cause::Blocked),
            (Failed, "550 5.1.1 no such user", Cause::NoMailbox),
            (Bounced, "5.2.2 mailbox full", Cause::Full),
            (Failed, "552 5.3.4 message too large", Cause::TooBig),
            (Failed, "550 5.7.0 not today", Cause::Refused),
            (Failed, "421 4.3.2 try later", Cause::GaveUp),
            (Failed, "", Cause::GaveUp),
            (Failed, "554 no, see https://4.example/why", Cause::Refused),
            (Held, "a note of staff", Cause::Held(None)),
            (Held, HeldBecause::NoWay.as_str(), Cause::Held(Some(HeldBecause::NoWay))),
        ] {
            assert_eq!(Cause::of(&problem(1, 1, state, said)), cause, "{said}");
        }
    }

    #[test]
    fn letters_with_one_trouble_at_one_office_are_one_group_the_largest_first() {
        let spam = "554 5.7.1 looks like spam";
        let mut all: Vec<_> = (1..=8).map(|id| problem(id, 1, MessageState::Failed, spam)).collect();
        all.extend([problem(9, 2, MessageState::Failed, spam), problem(10, 1, MessageState::Bounced, "5.2.2 mailbox full")]);
        let groups = groups(all);
        assert_eq!(groups.iter().map(|group| group.letters.len()).collect::<Vec<_>>(), [8, 1, 1]);
        assert_eq!(
            groups[0].what(),
            "The mail server of Senator Wren Harborlight (State Senate, First Harbor) refuses these letters as spam."
        );
        assert_eq!((groups[0].count().as_str(), groups[0].said.as_slice()), ("8 letters", &[(spam.to_owned(), 8)][..]));
        assert_eq!(groups[0].acts(), [LetterAct::Resend]);
    }
}
