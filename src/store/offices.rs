//! Offices and who holds them.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::mailboxes;
use super::messages::{hold_letters_to, release_letters_to};
use super::schema::{destinations, offices, officials};
use super::{Reader, StoreError, Tx, settings};
use crate::domain::{Chamber, DistrictName, EmailAddress, HeldBecause, Person, Timestamp, UsState};

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
    email: Option<String>,
    webform: Option<String>,
    phone: String,
    address: String,
    demo: bool,
}

impl OfficialRow {
    fn official(self, district: &DistrictName) -> Result<Official, StoreError> {
        let email = self.email.as_deref().map(EmailAddress::parse).transpose();
        let email = email.map_err(|_| StoreError::strange(format!("officials.email of row {}", self.id)))?;
        let person = Person {
            source_id: self.source_id,
            name: self.name,
            family_name: self.family_name,
            title: self.title,
            salutation: self.salutation,
            party: self.party,
            district: district.clone(),
            email,
            webform: self.webform,
            phone: self.phone,
            address: self.address,
        };
        Ok(Official { id: self.id, person, demo: self.demo })
    }
}

/// Every office of the state with its holder.
pub fn of_state(conn: &mut Reader, state: UsState) -> Result<Vec<Office>, StoreError> {
    let rows: Vec<(i64, String, String, i64, Option<OfficialRow>)> = offices::table
        .inner_join(destinations::table.on(destinations::office_id.eq(offices::id.nullable())))
        .left_join(officials::table.on(officials::office_id.eq(offices::id).and(officials::ended_at.is_null())))
        .filter(offices::state.eq(state.code()))
        .order(offices::id)
        .select((offices::id, offices::chamber, offices::district, destinations::id, Option::<OfficialRow>::as_select()))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, chamber, district, destination_id, holder)| {
            let district = DistrictName::new(Chamber::parse(&chamber).map_err(StoreError::strange)?, &district);
            let holder = holder.map(|row| row.official(&district)).transpose()?;
            Ok(Office { id, district, destination_id, holder })
        })
        .collect()
}

/// The office of that district, made with its destination where it is new.
pub(super) fn ensure(tx: &mut Tx<'_>, state: UsState, district: &DistrictName) -> Result<i64, StoreError> {
    let key = district.key();
    let known = offices::table
        .filter(offices::state.eq(state.code()))
        .filter(offices::chamber.eq(district.chamber.as_str()))
        .filter(offices::district_key.eq(key.as_str()))
        .select(offices::id)
        .first(tx.conn)
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id: i64 = diesel::insert_into(offices::table)
        .values((
            offices::state.eq(state.code()),
            offices::chamber.eq(district.chamber.as_str()),
            offices::district.eq(&district.name),
            offices::district_key.eq(key.as_str()),
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
/// official whose term ends are held: they are never sent to the wrong name.
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
                    release_letters_to(tx, official.id, now)?;
                }
                if person.email.is_none() {
                    hold_letters_to(tx, official.id, HeldBecause::MailboxGone, now)?;
                }
            }
            _ if replaces => end_term(tx, official.id, now)?,
            _ => {}
        }
    }
    for person in people.iter().filter(|p| !staying.contains(&p.source_id.as_str())) {
        let office = ensure(tx, state, &person.district)?;
        // Somebody who changes chambers may sit in one that this roster does not speak of.
        let elsewhere = before.iter().filter_map(|o| o.holder.as_ref()).filter(|o| o.person.source_id == person.source_id);
        for official in elsewhere {
            end_term(tx, official.id, now)?;
        }
        begin_term(tx, office, person, demo, now)?;
    }
    for person in people {
        name_as_spelled(tx, state, &person.district)?;
    }
    settings::set(tx, &format!("roster_at:{state}"), &now.millis().to_string())?;
    settings::bump_revision(tx)
}

/// When the state's roster was last imported.
pub fn roster_age(conn: &mut Reader, state: UsState) -> Result<Option<Timestamp>, StoreError> {
    let at = settings::get(conn, &format!("roster_at:{state}"))?;
    Ok(at.and_then(|text| text.parse().ok()).map(Timestamp::from_millis))
}

/// The roster's spelling of a district is the one that letters and pages show.
fn name_as_spelled(tx: &mut Tx<'_>, state: UsState, district: &DistrictName) -> Result<(), StoreError> {
    let office = offices::table
        .filter(offices::state.eq(state.code()))
        .filter(offices::chamber.eq(district.chamber.as_str()))
        .filter(offices::district_key.eq(district.key().as_str()));
    diesel::update(office).set(offices::district.eq(&district.name)).execute(tx.conn)?;
    Ok(())
}

/// A new term; for somebody whom an earlier roster left out, the old one goes on, and so do the letters that wait for it.
fn begin_term(tx: &mut Tx<'_>, office: i64, person: &Person, demo: bool, now: Timestamp) -> Result<(), StoreError> {
    let earlier: Option<i64> = officials::table
        .filter(officials::office_id.eq(office).and(officials::source_id.eq(&person.source_id)).and(officials::demo.eq(demo)))
        .order(officials::id.desc())
        .select(officials::id)
        .first(tx.conn)
        .optional()?;
    if let Some(id) = earlier {
        diesel::update(officials::table.find(id)).set(officials::ended_at.eq(None::<i64>)).execute(tx.conn)?;
        change(tx, id, person)?;
        return if person.email.is_some() { release_letters_to(tx, id, now) } else { Ok(()) };
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
            officials::since.eq(now.millis()),
        ))
        .returning(officials::id)
        .get_result(tx.conn)?;
    change(tx, id, person)
}

fn change(tx: &mut Tx<'_>, official: i64, person: &Person) -> Result<(), StoreError> {
    diesel::update(officials::table.find(official))
        .set((
            officials::name.eq(&person.name),
            officials::family_name.eq(&person.family_name),
            officials::title.eq(&person.title),
            officials::salutation.eq(&person.salutation),
            officials::party.eq(&person.party),
            officials::email.eq(person.email.as_ref().map(EmailAddress::as_str)),
            officials::webform.eq(person.webform.as_deref()),
            officials::phone.eq(&person.phone),
            officials::address.eq(&person.address),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn end_term(tx: &mut Tx<'_>, official: i64, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(officials::table.find(official)).set(officials::ended_at.eq(now.millis())).execute(tx.conn)?;
    hold_letters_to(tx, official, HeldBecause::OfficialLeft, now)
}
