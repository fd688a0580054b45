//! What new evidence would change, worked out the same way for the command line and for the browser.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::domain::{Act, Actor, AuditAction, AuditEntry, BillNumbers, Day, Person, Position, Timestamp, UsState};
use crate::roster::{Conflict, PositionsDiff, SheetError, read_positions};
use crate::store::{Reader, StoreError, Tx, audit, offices, positions};

/// Evidence from files, held against what is known.
pub struct PositionsPlan {
    /// The state it is for.
    pub state: UsState,
    /// All that the files tell, in their order.
    pub evidence: Vec<Position>,
    /// How many pieces each file tells.
    pub files: Vec<(String, usize)>,
    /// What was left out, with the file's name.
    pub skipped: Vec<String>,
    /// What changes.
    pub diff: PositionsDiff,
    /// How many people of the files are not in the roster.
    pub not_in_office: usize,
    known: Vec<Position>,
    names: BTreeMap<String, String>,
}

impl PositionsPlan {
    /// Reads the files, each a name and its bytes, and holds them against what is known. Lists of bills name people as the
    /// bills do; acts that come with them may tell, by the person's id, whose name that is.
    ///
    /// # Errors
    /// Outside when the database can't be read; inside what is wrong with a file.
    pub fn of(
        conn: &mut Reader,
        state: UsState,
        files: &[(String, Vec<u8>)],
        now: Timestamp,
    ) -> Result<Result<Self, SheetError>, StoreError> {
        let known = positions::of_state(conn, state)?;
        let people = offices::of_state(conn, state)?.into_iter().filter_map(|office| office.holder).map(|holder| holder.person);
        Ok(Self::between(state, files, known, &people.collect::<Vec<_>>(), now))
    }

    fn between(
        state: UsState,
        files: &[(String, Vec<u8>)],
        known: Vec<Position>,
        people: &[Person],
        now: Timestamp,
    ) -> Result<Self, SheetError> {
        let today = Day::utc(now);
        let mut by_all_names = people.to_vec();
        for (file, text) in files {
            for (id, name) in read_positions(text.as_slice(), file, people, &today)?.names_on_bills {
                let known = people.iter().find(|person| person.source_id == id);
                by_all_names.extend(known.map(|person| Person { name, ..person.clone() }));
            }
        }
        let (mut evidence, mut names, mut told, mut skipped) = (Vec::new(), BTreeMap::new(), Vec::new(), Vec::new());
        for (file, text) in files {
            let read = read_positions(text.as_slice(), file, &by_all_names, &today)?;
            skipped.extend(read.skipped.iter().map(|line| format!("{file}, {line}")));
            told.push((file.clone(), read.positions.len()));
            names.extend(read.names);
            evidence.extend(read.positions);
        }
        names.extend(people.iter().map(|person| (person.source_id.clone(), person.name.clone())));
        let in_office: BTreeSet<&str> = people.iter().map(|person| person.source_id.as_str()).collect();
        let gone = evidence.iter().map(|told| told.person.as_str()).filter(|person| !in_office.contains(person));
        let not_in_office = gone.collect::<BTreeSet<_>>().len();
        let diff = PositionsDiff::between(&known, &evidence);
        Ok(Self { state, evidence, files: told, skipped, diff, not_in_office, known, names })
    }

    /// The pieces that no known one repeats, in words.
    #[must_use]
    pub fn new_in_words(&self) -> Vec<String> {
        let key = |p: &Position| (p.person.clone(), p.bills.clone(), p.act, p.source.clone());
        let known: BTreeSet<_> = self.known.iter().map(key).collect();
        let new = self.evidence.iter().filter(|told| !known.contains(&key(told)));
        new.map(|told| format!("{}, {}: {}", self.name(&told.person), told.bills.to_string().to_uppercase(), in_words(told)))
            .collect()
    }

    /// Where sources disagree afterwards, of people whom the files name: the person and the measure, and both sides in words.
    /// `measures` are those of the state's campaigns.
    #[must_use]
    pub fn conflicts(&self, mut measures: Vec<(String, BillNumbers)>) -> Vec<(String, Vec<String>)> {
        measures.extend(self.diff.other_bills(&measures));
        let side = |told: &&Position| format!("{}: {}", told.bills.to_string().to_uppercase(), in_words(told));
        let conflict = |found: &Conflict<'_>| {
            (format!("{}, {}", self.name(found.person), found.measure), found.sides.iter().map(side).collect())
        };
        self.diff.conflicts(&measures).iter().map(conflict).collect()
    }

    /// "3 new, 1 seen again on a later day, 12 known already".
    #[must_use]
    pub fn summary(&self) -> String {
        let PositionsDiff { new, renewed, unchanged, .. } = &self.diff;
        format!("{new} new, {renewed} seen again on a later day, {unchanged} known already")
    }

    /// The same for two plans that show the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for text in self.new_in_words().into_iter().chain([self.summary()]).chain(self.skipped.iter().cloned()) {
            hash.update([text.as_bytes(), b"\0"].concat());
        }
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// Notes in the audit log who imported it.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub fn note(&self, tx: &mut Tx<'_>, who: Actor, now: Timestamp) -> Result<(), StoreError> {
        let (deed, subject) = (AuditAction::PositionsImported, format!("state {}", self.state));
        audit::note(tx, &AuditEntry { who, deed, subject, detail: self.summary() }, now)
    }

    fn name<'a>(&'a self, person: &'a str) -> &'a str {
        self.names.get(person).map_or(person, String::as_str)
    }
}

/// "signed on 2025-02-19 (source, seen on 2025-03-10)".
#[must_use]
pub fn in_words(told: &Position) -> String {
    let on = told.on.as_ref().map(|day| format!(" on {}", day.as_str())).unwrap_or_default();
    format!("{}{on} ({}, seen on {})", act_in_words(told.act), told.source, told.as_of.as_str())
}

/// "voted yes".
#[must_use]
pub const fn act_in_words(act: Act) -> &'static str {
    match act {
        Act::LeadSponsor => "leads it",
        Act::Signed => "signed",
        Act::NotSigned => "had not signed",
        Act::VotedYes => "voted yes",
        Act::VotedNo => "voted no",
        Act::SpokeFor => "spoke for it",
        Act::SpokeAgainst => "spoke against it",
    }
}

/// The whole piece: "ocd-person/..., H2580: signed on ...", with the official's public id. Two that read the same are the same.
#[must_use]
pub fn piece_in_words(told: &Position) -> String {
    format!("{}, {}: {}", told.person, told.bills.to_string().to_uppercase(), in_words(told))
}
