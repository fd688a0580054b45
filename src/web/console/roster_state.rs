//! How the rosters of all states stand: their age, the seats that are held, and the offices that can't be written to.

use std::sync::Arc;

use super::attention::RosterState;
use super::line::Line;
use super::words::ago;
use crate::domain::{Chamber, Timestamp, UsState};
use crate::intake::{CampaignEntry, Jurisdiction};
use crate::store::mailboxes::{self, DeadMailbox};
use crate::store::offices::Office;
use crate::web::Web;
use crate::web::response::Failure;

/// How many of a list are named; the page says how many more there are.
const NAMED: usize = 100;

/// How a state's roster stands.
pub(super) struct StateRoster {
    pub(super) state: UsState,
    /// How old it is.
    pub(super) line: Line,
    /// "State Senate: 39 of 40 seats are held", one for each chamber.
    pub(super) chambers: Vec<String>,
    pub(super) lists: [OfficeList; 3],
    /// The campaigns that write to it.
    pub(super) campaigns: Vec<Arc<CampaignEntry>>,
}

/// Offices that need somebody.
pub(super) struct OfficeList {
    pub(super) title: &'static str,
    /// What follows from it.
    pub(super) about: &'static str,
    /// Said when there are none.
    pub(super) empty: &'static str,
    /// Who or what, and more of it.
    pub(super) items: Vec<(String, String)>,
}

impl OfficeList {
    pub(super) fn named(&self) -> &[(String, String)] {
        &self.items[..self.items.len().min(NAMED)]
    }

    /// How many are not named.
    pub(super) fn more(&self) -> usize {
        self.items.len() - self.named().len()
    }
}

/// The states that campaigns write to.
pub(super) fn states(web: &Web) -> Vec<UsState> {
    let mut states: Vec<_> = web.intake.catalog().campaigns().iter().map(|entry| entry.jurisdiction.state).collect();
    states.sort_unstable();
    states.dedup();
    states
}

/// One for each state that campaigns write to.
pub(super) async fn rosters(web: &Web) -> Result<Vec<StateRoster>, Failure> {
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
    let mut rosters = Vec::new();
    for (state, (roster, dead)) in states.into_iter().zip(read) {
        let campaigns: Vec<_> = catalog.campaigns().iter().filter(|entry| entry.jurisdiction.state == state).cloned().collect();
        let Some(jurisdiction) = campaigns.first().map(|entry| entry.jurisdiction.as_ref()) else { continue };
        rosters.push(StateRoster {
            state,
            line: roster.line(now),
            chambers: Chamber::ALL.into_iter().filter_map(|chamber| seats(jurisdiction, chamber)).collect(),
            lists: lists(jurisdiction, &dead, now),
            campaigns,
        });
    }
    Ok(rosters)
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

fn lists(jurisdiction: &Jurisdiction, dead: &[DeadMailbox], now: Timestamp) -> [OfficeList; 3] {
    let offices = jurisdiction.offices();
    let vacant = offices.iter().filter(|office| office.holder.is_none() && jurisdiction.has_seat(office));
    let vacant = vacant.map(|office| (office.district.in_words(), String::new()));
    let without = |office: &&&Office| office.holder.as_ref().is_some_and(|holder| holder.person.email.is_none());
    let without = offices.iter().filter(without).filter_map(|office| {
        let person = &office.holder.as_ref()?.person;
        let way = if person.webform.is_some() {
            "has a web form: supporters send the text themselves"
        } else {
            "no e-mail and no web form: letters are held"
        };
        Some((person.titled(), format!("{}; {way}", office.district.in_words())))
    });
    let dead = dead.iter().map(|mailbox| {
        let (district, ago) = (mailbox.district.in_words(), ago(now.since(mailbox.since)));
        let said = format!("{district}; since {ago}. Its mail server said: \"{}\"", mailbox.reply);
        (format!("{}, {}", mailbox.name, mailbox.email), said)
    });
    [
        OfficeList {
            title: "Empty seats",
            about: "Letters for them are held until a roster says who holds the seat.",
            empty: "Every seat is held.",
            items: vacant.collect(),
        },
        OfficeList {
            title: "In office without an e-mail address",
            about: "Find the address, and upload a roster that has it.",
            empty: "Everybody in office has an address.",
            items: without.collect(),
        },
        OfficeList {
            title: "Mailboxes that don't exist",
            about: "Letters to them are held. A roster with another address releases them; so does the button on a campaign's overview, if the mailbox is right.",
            empty: "No mail server has said so of an office in this roster.",
            items: dead.collect(),
        },
    ]
}
