//! Terms of officials: how they begin, change and end.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::domain::{Day, DistrictName, HeldBecause, MessageState, Person, Timestamp, UsState};
use crate::store::letters::messages::{hold_letters_to, release_letters_to};
use crate::store::schema::{offices, officials};
use crate::store::{Reader, StoreError, Tx, settings};

/// How the terms of a state's officials stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The last day of the terms that end next.
    pub next_end: Option<Day>,
    /// How many seats are empty because a term is over and no newer roster says who holds them.
    pub over: usize,
    /// The last day of the latest of those terms.
    pub over_since: Option<Day>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = officials)]
struct Term {
    #[diesel(column_name = source_id)]
    person: String,
    office_id: i64,
    #[diesel(embed)]
    district: DistrictName,
    #[diesel(column_name = term_ends)]
    ends: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl Term {
    /// When its last day was over, where it ended by that.
    fn ran_out(&self) -> Option<Timestamp> {
        self.ends.filter(|ends| Some(*ends) <= self.ended_at)
    }
}

/// Every term in the state, the demo's left out, the earliest first.
fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Term>, StoreError> {
    Ok(officials::table
        .inner_join(offices::table.on(offices::id.eq(officials::office_id)))
        .filter(offices::state.eq(state).and(officials::demo.eq(false)))
        .order(officials::id)
        .select(Term::as_select())
        .load(conn)?)
}

/// How the terms of the state's officials stand; those of the demo don't count.
pub fn terms(conn: &mut Reader, state: UsState) -> Result<Terms, StoreError> {
    let (past, held): (Vec<Term>, Vec<Term>) = of_state(conn, state)?.into_iter().partition(|term| term.ended_at.is_some());
    let seats: BTreeSet<i64> = held.iter().map(|term| term.office_id).collect();
    // Of who held an empty seat before, only the last one tells why it is empty.
    let last: BTreeMap<i64, &Term> =
        past.iter().filter(|term| !seats.contains(&term.office_id)).map(|term| (term.office_id, term)).collect();
    let over: Vec<Timestamp> = last.values().filter_map(|term| term.ran_out()).collect();
    let day = |at: Option<Timestamp>| at.and_then(Day::before);
    let next = held.iter().filter_map(|term| term.ends).min();
    Ok(Terms { next_end: day(next), over: over.len(), over_since: day(over.iter().max().copied()) })
}

/// The terms that ended by their last day, of those that are their person's latest in that seat: the person's id, the
/// seat and the last day. Those of the demo don't count.
pub fn ended_by_last_day(conn: &mut Reader, state: UsState) -> Result<Vec<(String, DistrictName, Day)>, StoreError> {
    let all = of_state(conn, state)?.into_iter();
    let latest: BTreeMap<(String, DistrictName), Option<Timestamp>> = all
        .map(|term| {
            let over = term.ran_out();
            ((term.person, term.district), over)
        })
        .collect();
    Ok(latest.into_iter().filter_map(|((person, district), over)| Some((person, district, Day::before(over?)?))).collect())
}

/// Ends terms whose last day has passed ([`Day::passed_at`]), at most `limit` of them: their letters are held, and their
/// seats are empty until a newer roster says who holds them. Gives how many.
pub fn end_terms(tx: &mut Tx<'_>, limit: i64, now: Timestamp) -> Result<usize, StoreError> {
    let over: Vec<i64> = officials::table
        .filter(officials::ended_at.is_null().and(officials::term_ends.le(now)))
        .order(officials::id)
        .limit(limit)
        .select(officials::id)
        .load(tx.conn)?;
    for official in &over {
        end_term(tx, *official, HeldBecause::TermEnded, now)?;
    }
    if !over.is_empty() {
        settings::bump_revision(tx)?;
    }
    Ok(over.len())
}

/// Why letters to an official whose term ended are held.
pub(in crate::store) fn why_ended(ended_at: Timestamp, term_ends: Option<Timestamp>) -> HeldBecause {
    if term_ends.is_some_and(|ends| ends <= ended_at) { HeldBecause::TermEnded } else { HeldBecause::OfficialLeft }
}

/// A new term; for somebody whom an earlier roster left out, the old one goes on, and so do the letters that wait for it.
pub(in crate::store) fn begin_term(
    tx: &mut Tx<'_>,
    office: i64,
    person: &Person,
    demo: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let earlier: Option<i64> = officials::table
        .filter(officials::office_id.eq(office).and(officials::source_id.eq(&person.source_id)).and(officials::demo.eq(demo)))
        .order(officials::id.desc())
        .select(officials::id)
        .first(tx.conn)
        .optional()?;
    if let Some(id) = earlier {
        diesel::update(officials::table.find(id)).set(officials::ended_at.eq(None::<i64>)).execute(tx.conn)?;
        change(tx, id, person)?;
        return match (&person.email, &person.webform) {
            (Some(_), _) => release_letters_to(tx, id, MessageState::Queued, now),
            (None, Some(_)) => release_letters_to(tx, id, MessageState::SelfSend, now),
            (None, None) => Ok(()),
        };
    }
    let id: i64 = diesel::insert_into(officials::table)
        .values((
            officials::office_id.eq(office),
            officials::source_id.eq(&person.source_id),
            officials::name.eq(""),
            officials::family_name.eq(""),
            officials::title.eq(""),
            officials::salutation.eq(""),
            officials::party.eq(""),
            officials::phone.eq(""),
            officials::address.eq(""),
            officials::demo.eq(demo),
            officials::since.eq(now),
        ))
        .returning(officials::id)
        .get_result(tx.conn)?;
    change(tx, id, person)
}

/// Keeps what the roster says of them now.
pub(in crate::store) fn change(tx: &mut Tx<'_>, official: i64, person: &Person) -> Result<(), StoreError> {
    diesel::update(officials::table.find(official))
        .set((
            officials::name.eq(&person.name),
            officials::family_name.eq(&person.family_name),
            officials::title.eq(&person.title),
            officials::salutation.eq(&person.salutation),
            officials::party.eq(&person.party),
            officials::email.eq(person.email.as_ref()),
            officials::webform.eq(person.webform.as_deref()),
            officials::phone.eq(&person.phone),
            officials::address.eq(&person.address),
            officials::term_ends.eq(person.term_ends.as_ref().map(Day::passed_at)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Ends a term; letters that wait for the official are held.
pub(in crate::store) fn end_term(tx: &mut Tx<'_>, official: i64, why: HeldBecause, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(officials::table.find(official)).set(officials::ended_at.eq(now)).execute(tx.conn)?;
    hold_letters_to(tx, official, why, now)
}
