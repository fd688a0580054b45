//! Offices and who holds them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::terms::{begin_term, change, end_term};
use crate::domain::{
    Chamber, Day, DistrictName, EmailAddress, HeldBecause, MessageState, OfficeMarks, Person, Timestamp, UsState,
};
use crate::store::letters::messages::{hold_letters_to, release_letters_to};
use crate::store::places::boundaries::office_marks;
use crate::store::schema::{boundaries, destinations, municipalities, municipality_offices, offices, officials};
use crate::store::sending::mailboxes;
use crate::store::{Reader, StoreError, Tx, settings};

/// Who holds an office now.
#[derive(Clone, Debug)]
pub struct Official {
    /// The id of this person's term in this office.
    pub id: i64,
    /// What the roster says of them.
    pub person: Person,
    /// Part of the made-up roster of a first run.
    pub demo: bool,
}

/// A seat that letters can go to.
#[derive(Clone, Debug)]
pub struct Office {
    /// Its id.
    pub id: i64,
    /// Its chamber and district.
    pub district: DistrictName,
    /// Where its letters wait.
    pub destination_id: i64,
    /// Who holds it; `None` while the seat is empty.
    pub holder: Option<Official>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = officials)]
struct OfficialRow {
    id: i64,
    source_id: String,
    name: String,
    family_name: String,
    title: String,
    salutation: String,
    party: String,
    email: Option<EmailAddress>,
    webform: Option<String>,
    phone: String,
    address: String,
    demo: bool,
    term_ends: Option<Timestamp>,
}

impl OfficialRow {
    fn official(self, district: &DistrictName, geoid: Option<String>, division_id: Option<String>) -> Official {
        let person = Person {
            source_id: self.source_id,
            name: self.name,
            family_name: self.family_name,
            title: self.title,
            salutation: self.salutation,
            party: self.party,
            district: district.clone(),
            email: self.email,
            webform: self.webform,
            phone: self.phone,
            address: self.address,
            geoid: geoid.unwrap_or_default(),
            division_id: division_id.unwrap_or_default(),
            term_ends: self.term_ends.and_then(Day::before),
        };
        Official { id: self.id, person, demo: self.demo }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = offices)]
struct OfficeRow {
    id: i64,
    #[diesel(embed)]
    district: DistrictName,
    geoid: Option<String>,
    division_id: Option<String>,
    #[diesel(select_expression = destinations::id)]
    destination_id: i64,
    #[diesel(embed)]
    holder: Option<OfficialRow>,
}

/// Every office of the state with its holder.
pub fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Office>, StoreError> {
    let rows: Vec<OfficeRow> = offices::table
        .inner_join(destinations::table.on(destinations::office_id.eq(offices::id.nullable())))
        .left_join(officials::table.on(officials::office_id.eq(offices::id).and(officials::ended_at.is_null())))
        .filter(offices::state.eq(state))
        .order(offices::id)
        .select(OfficeRow::as_select())
        .load(conn)?;
    let office = |row: OfficeRow| {
        let OfficeRow { id, district, geoid, division_id, destination_id, holder } = row;
        let holder = holder.map(|row| row.official(&district, geoid, division_id));
        Office { id, district, destination_id, holder }
    };
    Ok(rows.into_iter().map(office).collect())
}

/// The office of that district, made with its destination where it is new.
pub(in crate::store) fn ensure(tx: &mut Tx<'_>, state: UsState, district: &DistrictName) -> Result<i64, StoreError> {
    let key = district.key();
    let known = offices::table
        .filter(offices::state.eq(state))
        .filter(offices::chamber.eq(district.chamber))
        .filter(offices::district_key.eq(key))
        .select(offices::id)
        .first(tx.conn)
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id: i64 = diesel::insert_into(offices::table)
        .values((
            offices::state.eq(state),
            offices::chamber.eq(district.chamber),
            offices::district.eq(&district.name),
            offices::district_key.eq(key),
        ))
        .returning(offices::id)
        .get_result(tx.conn)?;
    diesel::insert_into(destinations::table).values(destinations::office_id.eq(id)).execute(tx.conn)?;
    Ok(id)
}

/// The people in office, of the real roster or of the demo.
pub fn roster(conn: &mut Reader, state: UsState, demo: bool) -> Result<Vec<Person>, StoreError> {
    let holders = of_state(conn, state)?.into_iter().filter_map(|office| office.holder);
    Ok(holders.filter(|official| official.demo == demo).map(|official| official.person).collect())
}

/// Makes `people` the roster of the chambers that they sit in: new terms begin, terms of people who are not in it
/// end, changed details are kept. A state's first real roster ends every demo term. Letters that wait for an
/// official whose term ends are held: they are never sent to the wrong name. A seat has one holder: of several people
/// in one seat the last is taken.
pub fn replace_roster(tx: &mut Tx<'_>, state: UsState, people: &[Person], demo: bool, now: Timestamp) -> Result<(), StoreError> {
    let before = of_state(tx.conn, state)?;
    let seats: BTreeMap<(Chamber, String), &Person> =
        people.iter().map(|p| ((p.district.chamber, p.district.key().as_str().to_owned()), p)).collect();
    let mut staying = Vec::new();
    for official in before.iter().filter_map(|office| office.holder.as_ref()) {
        let district = &official.person.district;
        let replaces = (official.demo && !demo) || people.iter().any(|p| p.district.chamber == district.chamber);
        let incoming = seats.get(&(district.chamber, district.key().as_str().to_owned()));
        match incoming {
            Some(person) if person.source_id == official.person.source_id && official.demo == demo => {
                staying.push(person.source_id.as_str());
                if **person != official.person {
                    change(tx, official.id, person)?;
                }
                if person.email.is_some() && person.email != official.person.email {
                    // What was held for want of this mailbox, or because the one before was dead.
                    mailboxes::release(tx, official.id, now)?;
                    release_letters_to(tx, official.id, MessageState::Queued, now)?;
                }
                if person.email.is_none() {
                    hold_letters_to(tx, official.id, HeldBecause::MailboxGone, now)?;
                }
            }
            _ if replaces => end_term(tx, official.id, HeldBecause::OfficialLeft, now)?,
            _ => {}
        }
    }
    for person in seats.values().filter(|p| !staying.contains(&p.source_id.as_str())) {
        let office = ensure(tx, state, &person.district)?;
        // Somebody who changes chambers may sit in one that this roster does not speak of.
        let elsewhere = before.iter().filter_map(|o| o.holder.as_ref()).filter(|o| o.person.source_id == person.source_id);
        for official in elsewhere {
            end_term(tx, official.id, HeldBecause::OfficialLeft, now)?;
        }
        begin_term(tx, office, person, demo, now)?;
    }
    for person in seats.values() {
        name_as_spelled(tx, state, &person.district)?;
        learn_ids(tx, state, person)?;
    }
    for chamber in people.iter().map(|person| person.district.chamber).collect::<BTreeSet<_>>() {
        settings::set(tx, &format!("roster_at:{state}:{chamber}"), &now.millis().to_string())?;
    }
    settings::bump_revision(tx)
}

/// When the state's roster was last imported: that chamber of it whose import is the longest ago.
pub fn roster_age(conn: &mut Reader, state: UsState) -> Result<Option<Timestamp>, StoreError> {
    let with_officials: Vec<Chamber> = officials::table
        .inner_join(offices::table.on(offices::id.eq(officials::office_id)))
        .filter(offices::state.eq(state).and(officials::demo.eq(false)))
        .select(offices::chamber)
        .distinct()
        .load(conn)?;
    // A database of before has one time for all chambers.
    let of_all = settings::get(conn, &format!("roster_at:{state}"))?;
    let mut oldest: Option<i64> = None;
    for chamber in with_officials {
        let at = settings::get(conn, &format!("roster_at:{state}:{chamber}"))?.or_else(|| of_all.clone());
        let at: Option<i64> = at.and_then(|text| text.parse().ok());
        oldest = oldest.into_iter().chain(at).min();
    }
    Ok(oldest.map(Timestamp::from_millis))
}

/// The roster's spelling of a district is the one that letters and pages show.
fn name_as_spelled(tx: &mut Tx<'_>, state: UsState, district: &DistrictName) -> Result<(), StoreError> {
    let office = offices::table
        .filter(offices::state.eq(state))
        .filter(offices::chamber.eq(district.chamber))
        .filter(offices::district_key.eq(district.key().as_str()));
    diesel::update(office).set(offices::district.eq(&district.name)).execute(tx.conn)?;
    Ok(())
}

/// An office that has no id from outlines yet gets the roster's.
fn learn_ids(tx: &mut Tx<'_>, state: UsState, person: &Person) -> Result<(), StoreError> {
    let office = offices::table
        .filter(offices::state.eq(state))
        .filter(offices::chamber.eq(person.district.chamber))
        .filter(offices::district_key.eq(person.district.key().as_str()));
    if !person.geoid.is_empty() {
        diesel::update(office.filter(offices::geoid.is_null())).set(offices::geoid.eq(&person.geoid)).execute(tx.conn)?;
    }
    if !person.division_id.is_empty() {
        diesel::update(office.filter(offices::division_id.is_null()))
            .set(offices::division_id.eq(&person.division_id))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The districts that a roster of the chamber can be about, as far as that is known: those that have an outline; where
/// none has, those that towns are in and those that somebody holds. Empty where neither outlines nor towns were imported.
/// The demo's towns and officials tell nothing.
pub fn known_districts(conn: &mut Reader, state: UsState, chamber: Chamber) -> Result<Vec<OfficeMarks>, StoreError> {
    let outlined: Vec<Option<i64>> =
        boundaries::table.filter(boundaries::state.eq(state)).select(boundaries::office_id).load(conn)?;
    let towns: Vec<i64> = municipality_offices::table
        .inner_join(municipalities::table.on(municipalities::id.eq(municipality_offices::municipality_id)))
        .filter(municipalities::state.eq(state).and(municipalities::demo.eq(false)))
        .select(municipality_offices::office_id)
        .load(conn)?;
    let marks = office_marks(conn, state, chamber)?;
    let (outlined, towns): (BTreeSet<i64>, BTreeSet<i64>) =
        (outlined.into_iter().flatten().collect(), towns.into_iter().collect());
    let by_outline = marks.iter().any(|office| outlined.contains(&office.id));
    let by_town = marks.iter().any(|office| towns.contains(&office.id));
    let known = |office: &OfficeMarks| match (by_outline, by_town) {
        (true, _) => outlined.contains(&office.id),
        (false, true) => towns.contains(&office.id) || office.held,
        (false, false) => false,
    };
    Ok(marks.into_iter().filter(known).collect())
}
