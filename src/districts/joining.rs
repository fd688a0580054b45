//! Which office each district's outline is of: by GEOID, else by OCD id, else by name.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::{Boundary, Chamber, DistrictKey, OfficeMarks};

/// What an outline joined its office by, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinedBy {
    /// The Census GEOID.
    Geoid,
    /// The Open Civic Data division id.
    DivisionId,
    /// The name, in any of its spellings.
    Name,
    /// No office is known: it is made.
    New,
}

/// Why outlines don't fit the offices; importing them all the same takes the operator's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinObjection {
    /// Several outlines are of one office.
    Several {
        /// The office's district.
        district: String,
        /// The outlines.
        outlines: Vec<String>,
    },
    /// Somebody holds an office that no outline is of: an outline is missing, or the plan is another one.
    NoOutline {
        /// The office's district.
        district: String,
    },
    /// An outline's id says one office and its name another: the ids may be of an older plan.
    TwoOffices {
        /// The outline.
        outline: String,
        /// The district of the office that its id names.
        by_id: String,
        /// The district of the office that its name names.
        by_name: String,
    },
}

impl fmt::Display for JoinObjection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Several { district, outlines } => {
                write!(f, "{} outlines are of one district, {district}: {}", outlines.len(), outlines.join(", "))
            }
            Self::NoOutline { district } => write!(f, "{district} has an official, but no outline"),
            Self::TwoOffices { outline, by_id, by_name } => {
                write!(f, "the outline {outline} has the id of {by_id}, but the name of {by_name}")
            }
        }
    }
}

/// Outlines of one chamber with the offices that they are of.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Each outline with its office (`None`: one is to be made), and what it was joined by.
    pub joined: Vec<(Boundary, Option<i64>, JoinedBy)>,
    /// The districts that nobody holds, as the roster or the outline spells them.
    pub vacant: Vec<String>,
    /// Offices that nobody holds and no outline is of, such as those of an older plan.
    pub without_outline: Vec<String>,
    /// What speaks against it.
    pub objections: Vec<JoinObjection>,
}

impl Joining {
    /// Joins the outlines of a chamber's districts to its offices.
    #[must_use]
    pub fn of(outlines: Vec<Boundary>, chamber: Chamber, offices: &[OfficeMarks]) -> Self {
        let mut joining = Self { joined: Vec::new(), vacant: Vec::new(), without_outline: Vec::new(), objections: Vec::new() };
        // Outlines by the office that they joined; of an office to be made, by its name.
        let mut of_office: BTreeMap<(Option<i64>, String), Vec<String>> = BTreeMap::new();
        for outline in outlines {
            let key = DistrictKey::of(&outline.name);
            let same = |mark: &Option<String>, id: &str| !id.is_empty() && mark.as_deref() == Some(id);
            let by_id = offices
                .iter()
                .find(|office| same(&office.geoid, &outline.geoid))
                .map(|office| (office, JoinedBy::Geoid))
                .or_else(|| {
                    let office = offices.iter().find(|office| same(&office.division_id, &outline.division_id))?;
                    Some((office, JoinedBy::DivisionId))
                });
            let by_name = offices.iter().find(|office| *office.district.key() == key);
            if let (Some((one, _)), Some(other)) = (by_id, by_name)
                && one.id != other.id
            {
                joining.objections.push(JoinObjection::TwoOffices {
                    outline: outline.name.clone(),
                    by_id: one.district.name.clone(),
                    by_name: other.district.name.clone(),
                });
            }
            let found = by_id.or_else(|| by_name.map(|office| (office, JoinedBy::Name)));
            if found.is_none_or(|(office, _)| !office.held) {
                joining.vacant.push(found.map_or(&outline.name, |(office, _)| &office.district.name).clone());
            }
            let office = found.map(|(office, _)| office.id);
            let to_be_made = if office.is_none() { key.to_string() } else { String::new() };
            of_office.entry((office, to_be_made)).or_default().push(outline.name.clone());
            joining.joined.push((outline, office, found.map_or(JoinedBy::New, |(_, by)| by)));
        }
        for ((office, _), names) in of_office.iter().filter(|(_, names)| names.len() > 1) {
            let district = offices.iter().find(|known| Some(known.id) == *office).map_or(&names[0], |known| &known.district.name);
            joining.objections.push(JoinObjection::Several { district: district.clone(), outlines: names.clone() });
        }
        for office in offices.iter().filter(|office| office.district.chamber == chamber) {
            if joining.joined.iter().any(|(_, joined, _)| *joined == Some(office.id)) {
                continue;
            }
            let district = office.district.name.clone();
            if office.held {
                joining.objections.push(JoinObjection::NoOutline { district });
            } else {
                joining.without_outline.push(district);
            }
        }
        joining
    }

    /// How many outlines were joined in this way.
    #[must_use]
    pub fn count(&self, by: JoinedBy) -> usize {
        self.joined.iter().filter(|(_, _, joined)| *joined == by).count()
    }
}
