//! What a roster would change, worked out the same way for the command line and for the browser.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::domain::{Actor, AuditAction, AuditEntry, Chamber, Day, OfficeMarks, Person, Timestamp, UsState};
use crate::roster::{
    Objection, RosterDiff, back_without_an_end, keep_known_terms, last_of_each_seat, sit_by_ids, terms_over, unknown_districts,
};
use crate::store::{Reader, StoreError, Tx, audit, offices, terms};

/// What a person says beside the file.
#[derive(Clone, Debug, Default)]
pub struct RosterChoices {
    /// The last day of the terms, for everybody of whom the file does not tell it.
    pub terms_end: Option<Day>,
    /// Import although something speaks against it.
    pub force: bool,
}

/// A roster, held against what is known.
pub struct RosterPlan {
    /// The state it is for.
    pub state: UsState,
    /// Who will hold which office.
    pub people: Vec<Person>,
    /// What changes.
    pub diff: RosterDiff,
    /// What speaks against it.
    pub objections: Vec<Objection>,
    /// How many made-up officials of the demo are replaced.
    pub demo: usize,
    /// Who is left out because somebody later in the file holds the same seat, each with that holder.
    pub left_out: Vec<(Person, Person)>,
    choices: RosterChoices,
}

impl RosterPlan {
    /// Holds the people of a roster against what is known now.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn of(
        conn: &mut Reader,
        state: UsState,
        mut people: Vec<Person>,
        choices: RosterChoices,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut known: Vec<OfficeMarks> = Vec::new();
        for chamber in Chamber::ALL {
            known.extend(offices::known_districts(conn, state, chamber)?);
        }
        let (current, demo) = (offices::roster(conn, state, false)?, offices::roster(conn, state, true)?);
        let ended = terms::ended_by_last_day(conn, state)?;
        sit_by_ids(&mut people, &known);
        for person in people.iter_mut().filter(|person| person.term_ends.is_none()) {
            person.term_ends.clone_from(&choices.terms_end);
        }
        keep_known_terms(&mut people, &current, now);

        let mut objections = RosterDiff::between(&current, &people).check(&current);
        objections.extend(unknown_districts(&people, &known));
        objections.extend(terms_over(&people, now));
        objections.extend(back_without_an_end(&people, &ended, &current, now));
        let mut left_out = Vec::new();
        if choices.force {
            // A seat has one holder, also when somebody insists on a roster that names several.
            (people, left_out) = last_of_each_seat(people);
        }
        let diff = RosterDiff::between(&current, &people);
        Ok(Self { state, people, diff, objections, demo: demo.len(), left_out, choices })
    }

    /// Whether nobody insists although something speaks against it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.objections.is_empty() && !self.choices.force
    }

    /// Whether everything stays as it is; the roster is known to be current then.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.diff.is_empty() && self.demo == 0
    }

    /// The same for two plans that show the same changes, objections and choices.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |text: &str| hash.update([text.as_bytes(), b"\0"].concat());
        add(&self.diff.to_string());
        self.objections.iter().for_each(|objection| add(&objection.to_string()));
        self.left_out.iter().for_each(|(person, _)| add(&person.source_id));
        add(&format!("{} {} {:?}", self.demo, self.choices.force, self.choices.terms_end));
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// Makes it the roster, and notes who did it, in one transaction. Letters that wait for somebody who leaves are held.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub fn import(&self, tx: &mut Tx<'_>, who: Actor, now: Timestamp) -> Result<(), StoreError> {
        offices::replace_roster(tx, self.state, &self.people, false, now)?;
        let mut said = vec![self.diff.summary()];
        if self.demo > 0 {
            said.push("replaced the demo".to_owned());
        }
        said.extend(self.choices.terms_end.as_ref().map(|day| format!("terms end on {}", day.as_str())));
        said.extend(self.objections.iter().map(|objection| format!("all the same, although: {objection}")));
        let detail = said.join("; ");
        let entry = AuditEntry { who, deed: AuditAction::RosterImported, subject: format!("state {}", self.state), detail };
        audit::note(tx, &entry, now)
    }
}
