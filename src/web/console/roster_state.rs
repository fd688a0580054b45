//! How the rosters of all states stand: their age, the seats that are held, and the offices that can't be written to.

use super::super::Web;
use super::super::response::Failure;
use super::super::views::roster::{NamedLink, RosterItem, RosterList, RosterStateView};
use super::attention::RosterState;
use super::words::ago;
use crate::domain::{Chamber, Timestamp, UsState};
use crate::intake::Jurisdiction;
use crate::store::mailboxes::{self, DeadMailbox};
use crate::store::offices::Office;

/// How many of a list are named; the page says how many more there are.
const NAMED: usize = 100;

/// The states that campaigns write to.
pub(super) fn states(web: &Web) -> Vec<UsState> {
    let mut states: Vec<_> = web.intake.catalog().campaigns().iter().map(|entry| entry.jurisdiction.state).collect();
    states.sort_unstable();
    states.dedup();
    states
}

/// One view a state.
pub(super) async fn views(web: &Web) -> Result<Vec<RosterStateView>, Failure> {
    let (states, now) = (states(web), web.clock.now());
    let of_states = states.clone();
    let read = web
        .store
        .read(move |conn| {
            let of = |state: &UsState| Ok((RosterState::read(conn, *state)?, mailboxes::dead(conn, *state)?));
            of_states.iter().map(of).collect::<Result<Vec<_>, crate::store::StoreError>>()
        })
        .await?;
    let catalog = web.intake.catalog();
    let mut views = Vec::new();
    for (state, (roster, dead)) in states.into_iter().zip(read) {
        let of_state = catalog.campaigns().iter().filter(|entry| entry.jurisdiction.state == state);
        let Some(jurisdiction) = of_state.clone().map(|entry| entry.jurisdiction.as_ref()).next() else { continue };
        let link = |title: &str, slug: &str| NamedLink {
            href: format!("/staff/campaigns/{slug}/coverage"),
            label: format!("Who can be placed: {title}"),
        };
        views.push(RosterStateView {
            code: state.code().to_owned(),
            name: state.name().to_owned(),
            line: roster.line(now),
            chambers: Chamber::ALL.into_iter().filter_map(|chamber| seats(jurisdiction, chamber)).collect(),
            lists: lists(jurisdiction, &dead, now),
            coverage: of_state.map(|entry| link(&entry.campaign.settings.title, entry.campaign.settings.slug.as_str())).collect(),
        });
    }
    Ok(views)
}

/// "State Senate: 39 of 40 seats are held."
fn seats(jurisdiction: &Jurisdiction, chamber: Chamber) -> Option<String> {
    let seats = jurisdiction.offices_of(chamber).filter(|office| office.holder.is_some() || jurisdiction.has_seat(office));
    let (mut held, mut all) = (0, 0);
    for office in seats {
        all += 1;
        held += usize::from(office.holder.is_some());
    }
    match all {
        0 => None,
        1 => Some(format!("{}: {}", chamber.label(), if held == 1 { "held" } else { "empty" })),
        _ => Some(format!("{}: {held} of {all} seats are held", chamber.label())),
    }
}

fn lists(jurisdiction: &Jurisdiction, dead: &[DeadMailbox], now: Timestamp) -> Vec<RosterList> {
    let offices = jurisdiction.offices();
    let vacant = offices.iter().filter(|office| office.holder.is_none() && jurisdiction.has_seat(office));
    let vacant = vacant.map(|office| RosterItem { name: office.district.in_words(), detail: String::new() });
    let without = |office: &&&Office| office.holder.as_ref().is_some_and(|holder| holder.person.email.is_none());
    let without = offices.iter().filter(without).filter_map(|office| {
        let person = &office.holder.as_ref()?.person;
        let way = if person.webform.is_some() {
            "has a web form: supporters send the text themselves"
        } else {
            "no e-mail and no web form: letters are held"
        };
        Some(RosterItem { name: person.titled(), detail: format!("{}; {way}", office.district.in_words()) })
    });
    let dead = dead.iter().map(|mailbox| RosterItem {
        name: format!("{}, {}", mailbox.name, mailbox.email),
        detail: format!(
            "{}; since {}. Its mail server said: \"{}\"",
            mailbox.district.in_words(),
            ago(now.since(mailbox.since)),
            mailbox.reply
        ),
    });
    vec![
        list(
            "Empty seats",
            "Letters for them are held until a roster says who holds the seat.",
            "Every seat is held.",
            vacant.collect(),
        ),
        list(
            "In office without an e-mail address",
            "Find the address, and upload a roster that has it.",
            "Everybody in office has an address.",
            without.collect(),
        ),
        list(
            "Mailboxes that don't exist",
            "Letters to them are held. A roster with another address releases them; so does the button on a campaign's overview, if the mailbox is right.",
            "No mail server has said so of an office in this roster.",
            dead.collect(),
        ),
    ]
}

fn list(title: &str, about: &str, empty: &str, mut items: Vec<RosterItem>) -> RosterList {
    let count = items.len();
    items.truncate(NAMED);
    let more = count - items.len();
    let about = if more > 0 { format!("{about} {more} more are not shown.") } else { about.to_owned() };
    RosterList { title: format!("{title} ({count})"), about, empty: empty.to_owned(), items }
}
