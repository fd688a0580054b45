//! What needs a person: an old roster, empty seats, letters that did not get through.

use std::time::Duration;

use super::line::Line;
use super::words::{ago, day, letters, plural};
use crate::domain::{Chamber, DistrictName, Ladder, MessageState, Timestamp, UsState};
use crate::report::{Group, ReportRow};
use crate::store::mailboxes::DeadMailbox;
use crate::store::terms::{Terms, terms};
use crate::store::{Reader, StoreError, offices};
use crate::web::parts::StatusLine;

/// From this age on a roster is likely to name somebody who has left.
const OLD: Duration = Duration::from_hours(60 * 24);
/// How many empty seats are named before the rest is only counted.
const NAMED_SEATS: usize = 5;

/// One thing that needs a person, as `attention.html` shows it.
pub(super) struct Attention {
    pub(super) tone: &'static str,
    /// What is the matter: "12 letters are held: the 2nd Suffolk seat is empty."
    pub(super) text: String,
    /// What to do, in words: "Import a new roster."
    pub(super) next: Option<&'static str>,
    /// Where to do it, when that is a page.
    pub(super) href: Option<String>,
    /// What this login may do about it here.
    pub(super) action: Option<Action>,
}

/// A button.
pub(super) struct Action {
    /// The path that its form posts to.
    pub(super) path: String,
    pub(super) label: &'static str,
}

impl Attention {
    pub(super) const fn new(tone: &'static str, text: String) -> Self {
        Self { tone, text, next: None, href: None, action: None }
    }
}

/// How a state's roster stands.
pub(super) struct RosterState {
    state: UsState,
    imported: Option<Timestamp>,
    demo: bool,
    terms: Terms,
}

impl RosterState {
    /// Reads it from the store.
    pub(super) fn read(conn: &mut Reader, state: UsState) -> Result<Self, StoreError> {
        let demo = !offices::roster(conn, state, true)?.is_empty();
        Ok(Self { state, imported: offices::roster_age(conn, state)?, demo, terms: terms(conn, state)? })
    }

    /// "Massachusetts: imported 3 days ago; terms end on January 6, 2027."
    pub(super) fn line(&self, now: Timestamp) -> Line {
        let state = self.state.name();
        let command = format!("standout officials import FILE --state {}", self.state.code());
        let (tone, text) = match self.imported {
            _ if self.demo => (
                "trouble",
                format!(
                    "{state}: the made-up demo roster is in use, so no letter reaches a real office. Import the real one: {command}"
                ),
            ),
            None => ("trouble", format!("{state}: there is no roster yet. Import one: {command}")),
            Some(_) if self.terms.over > 0 => {
                let (over, since) = (self.terms.over, self.terms.over_since.as_ref().map_or("", |day| day.as_str()));
                (
                    "trouble",
                    format!(
                        "{state}: the terms of {over} {} are over (the last ended on {}), and no newer roster says who holds their seats. \
                         Letters to them are held. Import a new roster: {command}",
                        if over == 1 { "official" } else { "officials" },
                        day(since)
                    ),
                )
            }
            Some(at) if now.since(at) > OLD => (
                "trouble",
                format!(
                    "{state}: imported {}. Some officials may have left by now. Import a new one: {command}",
                    ago(now.since(at))
                ),
            ),
            Some(at) => {
                let ends = self.terms.next_end.as_ref().map(|end| format!("; terms end on {}", day(end.as_str())));
                ("done", format!("{state}: imported {}{}.", ago(now.since(at)), ends.unwrap_or_default()))
            }
        };
        Line { tone: tone.into(), text }
    }
}

/// What a campaign's list of what needs a person is made of.
pub(super) struct Concerns<'a> {
    /// The path of its pages.
    pub(super) path: &'a str,
    /// Its ladder.
    pub(super) total: &'a Ladder,
    /// The rows of the counts by office.
    pub(super) offices: &'a [ReportRow],
    /// How the roster stands.
    pub(super) roster: &'a Line,
    /// Mailboxes that take no mail.
    pub(super) dead: &'a [DeadMailbox],
    /// The status line of the page.
    pub(super) status: Option<&'a StatusLine>,
    /// Requests come through a proxy that is not trusted.
    pub(super) unknown_proxy: bool,
    /// This login may do something about it.
    pub(super) may_change: bool,
}

/// What needs a person in a campaign, worst first.
pub(super) fn list(concerns: &Concerns<'_>) -> Vec<Attention> {
    let Concerns { total, roster, may_change, .. } = concerns;
    let mut list = Vec::new();
    // Its button stands in the line itself.
    list.extend(
        concerns
            .status
            .filter(|status| status.word.tone() == "trouble")
            .map(|status| Attention::new("trouble", format!("{}{}", status.word.as_str(), status.text))),
    );
    if concerns.unknown_proxy {
        list.push(unknown_proxy());
    }
    if roster.tone == "trouble" {
        list.push(Attention::new("trouble", roster.text.clone()));
    }
    list.extend(concerns.dead.iter().map(|mailbox| dead_mailbox(mailbox, *may_change)));
    let mut of_state = |state: MessageState, tone, one: &str, many: &str| {
        let count = total.letters.get(state);
        if count > 0 {
            let text = format!("{} {}", letters(count), plural(count, one, many));
            let next = Some("See why, and what helps.");
            let href = Some(format!("{}/problems", concerns.path));
            list.push(Attention { next, href, ..Attention::new(tone, text) });
        }
    };
    of_state(
        MessageState::Failed,
        "trouble",
        "could not be delivered: it was refused, or all tries for days were in vain.",
        "could not be delivered: they were refused, or all tries for days were in vain.",
    );
    of_state(
        MessageState::Bounced,
        "trouble",
        "was returned by the office after its mail server had accepted it.",
        "were returned by the offices after their mail servers had accepted them.",
    );
    of_state(
        MessageState::Held,
        "wait",
        "is held: its office can't be reached, or its official is no longer in office.",
        "are held: their offices can't be reached, or their officials are no longer in office.",
    );
    list.extend(empty_seats(concerns.offices));
    list
}

/// Everybody is one client, so limits turn people away.
fn unknown_proxy() -> Attention {
    let text = "Visitors come through a web server or proxy that this service was not told of. It takes them all for one: a few people an \
                hour are let through, the others are told to wait, and staff may be too.";
    let next = "Whoever runs the server sets TRUSTED_PROXIES to the IP address of the proxy (127.0.0.1 where it is on the same machine), and \
                starts the service again. If there is none, somebody wrote such a request by hand; then this goes by itself within a day.";
    Attention { next: Some(next), ..Attention::new("trouble", text.into()) }
}

/// An official whose mailbox does not exist, as its server says.
fn dead_mailbox(mailbox: &DeadMailbox, may_change: bool) -> Attention {
    let DeadMailbox { official, name, district, email, reply, .. } = mailbox;
    let text = format!(
        "The mailbox of {name} ({}) does not take mail: {email}. Its mail server said: \"{reply}\". Letters to it are held.",
        district.in_words()
    );
    let action = may_change
        .then(|| Action { path: format!("/staff/mailboxes/{official}/release"), label: "The mailbox is right: send again" });
    let next = Some("Find the right address, and import a roster that has it.");
    Attention { next, action, ..Attention::new("trouble", text) }
}

/// Seats that nobody holds and that letters still want to go to.
fn empty_seats(offices: &[ReportRow]) -> Option<Attention> {
    let mut seats = Vec::new();
    let mut waiting = 0;
    for row in offices {
        let Group::Office { chamber, district, official: None, .. } = &row.group else { continue };
        let open = [MessageState::Unconfirmed, MessageState::Queued, MessageState::Sending, MessageState::Held];
        let here: i64 = open.into_iter().map(|state| row.ladder.letters.get(state)).sum();
        if here > 0 {
            seats.push(seat(chamber, district));
            waiting += here;
        }
    }
    let more = seats.len().saturating_sub(NAMED_SEATS);
    let named = seats.iter().take(NAMED_SEATS).cloned().collect::<Vec<_>>().join("; ");
    let named = if more > 0 { format!("{named}; and {more} more") } else { named };
    let wait = format!("{} {}", letters(waiting), plural(waiting, "waits", "wait"));
    let text = match seats.len() {
        0 => return None,
        1 => format!("Nobody holds this seat, and {wait} for it: {named}."),
        n => format!("Nobody holds {n} of the seats, and {wait} for them: {named}."),
    };
    let next = Some("Import a new roster once the seat is filled.");
    Some(Attention { next, ..Attention::new("wait", text) })
}

/// The office of a report's row: "State Senate, First Harbor".
pub(super) fn seat(chamber: &str, district: &str) -> String {
    Chamber::parse(chamber).map_or_else(|_| district.to_owned(), |chamber| DistrictName::new(chamber, district).in_words())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Metric;
    use crate::web::parts::StatusWord;

    fn row(district: &str, official: Option<&str>, state: MessageState, count: i64) -> ReportRow {
        let mut ladder = Ladder::default();
        ladder.add(Metric::Letters(state), count);
        let official = official.map(str::to_owned);
        ReportRow { group: Group::Office { id: 1, chamber: "upper", district: district.into(), official }, ladder }
    }

    fn said(
        total: &Ladder,
        offices: &[ReportRow],
        roster: &Line,
        dead: &[DeadMailbox],
        word: StatusWord,
        may: bool,
    ) -> Vec<Attention> {
        let status = StatusLine { word, text: " by ana.".into(), act: None };
        list(&Concerns {
            path: "/staff/campaigns/c",
            total,
            offices,
            roster,
            dead,
            status: Some(&status),
            unknown_proxy: false,
            may_change: may,
        })
    }

    #[test]
    fn what_went_wrong_is_said_in_words_and_what_is_well_is_not() {
        let fine = Line { tone: "done".into(), text: "Massachusetts: imported an hour ago.".into() };
        let mut total = Ladder::default();
        total.add(Metric::Letters(MessageState::Sent), 9);
        let held = [row("First Harbor", Some("Wren Harborlight"), MessageState::Held, 1)];
        assert!(said(&total, &held, &fine, &[], StatusWord::Sending, true).is_empty());
        total.add(Metric::Letters(MessageState::Failed), 1);
        total.add(Metric::Letters(MessageState::Held), 2);
        let old = Line { tone: "trouble".into(), text: "old".into() };
        let seats = [row("First Harbor", None, MessageState::Held, 2), row("Second Harbor", None, MessageState::Sent, 9)];
        let list = said(&total, &seats, &old, &[], StatusWord::Paused, true);
        let texts: Vec<_> = list.iter().map(|item| item.text.as_str()).collect();
        assert_eq!(texts.len(), 5);
        assert_eq!(texts[..2], ["Paused by ana.", "old"]);
        assert!(texts[2].starts_with("1 letter could not be delivered: it was"), "{texts:?}");
        assert_eq!(list[2].href.as_deref(), Some("/staff/campaigns/c/problems"));
        assert!(texts[3].starts_with("2 letters are held"), "{texts:?}");
        assert_eq!(texts[4], "Nobody holds this seat, and 2 letters wait for it: State Senate, First Harbor.");
    }

    #[test]
    fn a_dead_mailbox_is_named_with_what_its_server_said() {
        let mailbox = DeadMailbox {
            official: 7,
            name: "Senator Wren Harborlight".into(),
            district: DistrictName::new(Chamber::Upper, "First Harbor"),
            email: "wren@example.org".into(),
            reply: "550 5.1.1 no such user".into(),
            since: Timestamp::from_millis(0),
        };
        let fine = Line { tone: "done".into(), text: String::new() };
        let list = |may| said(&Ladder::default(), &[], &fine, std::slice::from_ref(&mailbox), StatusWord::Ready, may).remove(0);
        for words in ["Senator Wren Harborlight", "State Senate, First Harbor", "wren@example.org", "550 5.1.1 no such user"] {
            assert!(list(true).text.contains(words), "{}", list(true).text);
        }
        assert_eq!(list(true).action.unwrap().path, "/staff/mailboxes/7/release");
        assert!(list(false).action.is_none());
    }

    #[test]
    fn a_rosters_age_is_said_and_judged() {
        let now = Timestamp::from_millis(1_795_000_000_000);
        let state = UsState::parse("ma").unwrap();
        let line = |days: u64, demo| {
            let imported = Some(now.minus(Duration::from_hours(24 * days)));
            RosterState { state, imported, demo, terms: Terms::default() }.line(now)
        };
        assert_eq!((line(3, false).tone.as_str(), line(3, false).text.as_str()), ("done", "Massachusetts: imported 3 days ago."));
        assert_eq!(line(61, false).tone, "trouble");
        assert!(line(3, true).text.contains("made-up"));
        let with = |imported, terms| RosterState { state, imported, demo: false, terms }.line(now);
        assert!(with(None, Terms::default()).text.contains("no roster yet"));
        let day = |text: &str| crate::domain::Day::parse(text).ok();
        let soon = with(Some(now), Terms { next_end: day("2027-01-06"), ..Terms::default() });
        assert_eq!((soon.tone.as_str(), soon.text.contains("; terms end on January 6, 2027.")), ("done", true), "{}", soon.text);
        let over = with(Some(now), Terms { over: 12, over_since: day("2025-01-01"), next_end: None });
        assert_eq!(over.tone, "trouble");
        assert!(over.text.contains("the terms of 12 officials are over (the last ended on January 1, 2025)"), "{}", over.text);
    }
}
