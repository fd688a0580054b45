//! A roster from the people CSV of Open States (<https://open.pluralpolicy.com/data/legislator-csv/>), or a file like it.

use std::collections::HashMap;
use std::io::Read;

use url::Url;

use crate::csv::{Problems, Row, Sheet, SheetError};
use crate::domain::{Chamber, Day, DistrictName, EmailAddress, Person, has_letter};

/// Why a roster file can't be used. The messages name the file and the lines, and no address.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file is no table, lacks columns, or has rows that can't be used.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// Nobody in the file holds an office that letters go to.
    #[error("{source_name} names no legislator and no governor, so there is nobody to import ({skipped} rows were left out)")]
    Nobody {
        /// The file, as the operator named it.
        source_name: String,
        /// How many rows were left out.
        skipped: usize,
    },
}

/// What a roster file holds.
#[derive(Debug, PartialEq, Eq)]
pub struct RosterFile {
    /// The legislators and the governor, in the order of the file; no two share an id.
    pub people: Vec<Person>,
    /// The rows that were left out, each with its line and the reason.
    pub skipped: Vec<String>,
}

/// Reads a roster. `source` names the file in errors.
///
/// It must have the columns `id`, `name` and `email`; and `current_chamber` and `current_district`, or
/// `role`, which is how a file of executives names the governor. Others may be there or not:
/// `current_party` or `party`, `family_name`, `title`, `salutation`, `webform`, `capitol_voice`,
/// `capitol_address`, `district_voice`, `district_address`, `census_geoid`, `ocd_division_id`, and `term_end` or `end_date`
/// (the last day of the term). Of several e-mail addresses (separated by
/// `;`) the first is taken.
///
/// # Errors
/// [`RosterError`], with all rows that can't be used at once.
pub fn read_people(reader: impl Read, source: &str) -> Result<RosterFile, RosterError> {
    let sheet = Sheet::read(reader, source)?;
    let seat: &[&str] = if sheet.has("role") { &[] } else { &["current_chamber", "current_district"] };
    sheet.require(&[&["id", "name", "email"], seat].concat())?;

    let mut problems = Problems::new(source);
    let mut file = RosterFile { people: Vec::new(), skipped: Vec::new() };
    let mut ids = HashMap::new();
    let mut governor = None;
    for row in sheet.rows() {
        let chamber = match seat_of(row) {
            Seat::In(chamber) => chamber,
            Seat::OtherOffice => {
                file.skipped.push(format!("line {}: {} ({})", row.line(), row.cell("name"), row.cell("role")));
                continue;
            }
            Seat::Unknown(why) => {
                problems.add(row.line(), why);
                continue;
            }
        };
        if let Some(first) = ids.insert(row.cell("id"), row.line()) {
            problems.add(row.line(), format!("the same id as in line {first}; each person has an id of their own"));
        }
        if chamber == Chamber::Governor
            && let Some(first) = governor.replace(row.line())
        {
            problems.add(row.line(), format!("two people in one seat: line {first} names a governor too"));
        }
        match person(row, chamber) {
            Ok(person) => file.people.push(person),
            Err(whys) => whys.into_iter().for_each(|why| problems.add(row.line(), why)),
        }
    }
    problems.into_result()?;
    if file.people.is_empty() {
        return Err(RosterError::Nobody { source_name: source.to_owned(), skipped: file.skipped.len() });
    }
    Ok(file)
}

enum Seat {
    In(Chamber),
    /// An executive office that letters don't go to.
    OtherOffice,
    Unknown(String),
}

/// Which office the row is about. `role` counts before `current_chamber`, but a row with chamber and
/// district is a legislator's whatever the role is called ("member", "majority leader").
fn seat_of(row: Row<'_>) -> Seat {
    let role = row.cell("role").to_lowercase();
    let chamber = row.cell("current_chamber").to_lowercase();
    if role == Chamber::Governor.as_str() {
        return Seat::In(Chamber::Governor);
    }
    let known = Chamber::parse(&chamber).ok();
    if !role.is_empty() && (known.is_none() || row.cell("current_district").is_empty()) {
        return Chamber::parse(&role).map_or(Seat::OtherOffice, Seat::In);
    }
    match known {
        Some(chamber) => Seat::In(chamber),
        None if chamber.is_empty() => Seat::Unknown("no chamber; write upper, lower or governor".to_owned()),
        None => Seat::Unknown(format!(
            "chamber \"{}\" is none that letters go to; write upper, lower or governor (a legislature with one chamber: upper)",
            row.cell("current_chamber")
        )),
    }
}

fn person(row: Row<'_>, chamber: Chamber) -> Result<Person, Vec<&'static str>> {
    let mut whys = Vec::new();
    let (source_id, name) = (row.cell("id"), row.cell("name"));
    let district = if chamber == Chamber::Governor { "" } else { row.cell("current_district") };
    if source_id.is_empty() {
        whys.push("no id");
    }
    if !has_letter(name) {
        whys.push("no name");
    }
    if district.is_empty() && chamber != Chamber::Governor {
        whys.push("no district");
    }
    // Said without the address: errors end up in logs.
    let email = row.list("email").next().map(EmailAddress::parse).transpose();
    if email.is_err() {
        whys.push("the e-mail address can't be one; correct it, or leave the cell blank");
    }
    let webform = row.list("webform").next();
    if webform.is_some_and(|form| !is_web_address(form)) {
        whys.push("the web form must be an address that begins with https:// or http://");
    }
    let term_ends = Some(row.first(&["term_end", "end_date"])).filter(|text| !text.is_empty()).map(Day::parse).transpose();
    if term_ends.is_err() {
        whys.push("the end of the term must be a date such as 2027-01-06");
    }
    let (Ok(email), Ok(term_ends), true) = (email, term_ends, whys.is_empty()) else {
        return Err(whys);
    };

    let family_name = match row.cell("family_name") {
        "" => last_name(name),
        family_name => family_name,
    };
    let title = match row.cell("title") {
        "" => chamber.title(),
        title => title,
    };
    let salutation = match row.cell("salutation") {
        "" => format!("{title} {family_name}"),
        salutation => salutation.to_owned(),
    };
    let address = |column| Some(row.cell(column)).filter(|text| is_postal_address(text));
    Ok(Person {
        source_id: source_id.to_owned(),
        name: name.to_owned(),
        family_name: family_name.to_owned(),
        title: title.to_owned(),
        salutation,
        party: row.first(&["current_party", "party"]).to_owned(),
        district: DistrictName::new(chamber, district),
        email,
        webform: webform.map(str::to_owned),
        phone: row.first(&["capitol_voice", "district_voice"]).to_owned(),
        address: address("capitol_address").or_else(|| address("district_address")).unwrap_or_default().to_owned(),
        geoid: row.cell("census_geoid").to_owned(),
        division_id: row.cell("ocd_division_id").to_owned(),
        term_ends,
    })
}

/// The last word that is a name: "Ana Silva Jr." is Silva.
fn last_name(name: &str) -> &str {
    let is_suffix = |word: &&str| {
        matches!(word.trim_end_matches('.').to_lowercase().as_str(), "jr" | "sr" | "ii" | "iii" | "iv" | "esq" | "md" | "phd")
    };
    let words: Vec<&str> = name.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    words.iter().rev().find(|word| !is_suffix(word)).copied().unwrap_or(name)
}

/// The link is shown to supporters, so nothing but the web's own schemes.
fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

/// Open States has cells with nothing but the state ("MA"): no letter arrives by that.
fn is_postal_address(text: &str) -> bool {
    text.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "id,name,current_party,current_district,current_chamber,given_name,family_name,email,capitol_voice,\
                          capitol_address,district_voice,district_address,title,salutation,role,webform";

    fn read(rows: &str) -> Result<RosterFile, RosterError> {
        read_people(format!("{HEADER}\n{rows}").as_bytes(), "people.csv")
    }

    fn one(row: &str) -> Person {
        read(row).unwrap().people.remove(0)
    }

    fn error(rows: &str) -> String {
        read(rows).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_row_is_read() {
        let person = one("p1,Inés Gómez,Green,1st Essex,lower,Inés,Gómez,ines@example.org;b@example.org,555-0100,\
                          \"Room 1, State House\",555-0101,1 Main St");
        assert_eq!((person.source_id.as_str(), person.name.as_str(), person.party.as_str()), ("p1", "Inés Gómez", "Green"));
        assert_eq!((person.title.as_str(), person.salutation.as_str()), ("Representative", "Representative Gómez"));
        assert_eq!(person.district, DistrictName::new(Chamber::Lower, "1st Essex"));
        assert_eq!(person.email.unwrap().as_str(), "ines@example.org");
        assert_eq!((person.phone.as_str(), person.address.as_str()), ("555-0100", "Room 1, State House"));
    }

    #[test]
    fn blanks_are_filled_from_the_rest_of_the_row() {
        let person = one("p1,Ana da Silva Jr.,,First Essex,upper,,,,,MA,555-0101,\"1 Main St, Lynn\"");
        assert_eq!((person.family_name.as_str(), person.salutation.as_str()), ("Silva", "Senator Silva"));
        assert_eq!((person.phone.as_str(), person.address.as_str()), ("555-0101", "1 Main St, Lynn"));
        assert_eq!((person.email, person.webform), (None, None));
        let person = one("p1,Ana Silva,,First Essex,upper,,,,,,,,Senate President,Madam President");
        assert_eq!((person.title.as_str(), person.salutation.as_str()), ("Senate President", "Madam President"));
    }

    #[test]
    fn other_executives_are_skipped_and_the_governor_is_not() {
        let text = "id,name,role,party,email,webform\n1,Ana Silva,Governor,Green,,https://example.org/form\n\
                    2,Bo Li,lt_governor,Green,not an address,\n3,Cy Roy,attorney general,,,\n";
        let file = read_people(text.as_bytes(), "executive.csv").unwrap();
        assert_eq!(file.skipped, ["line 3: Bo Li (lt_governor)", "line 4: Cy Roy (attorney general)"]);
        let [governor] = file.people.as_slice() else { panic!("{:?}", file.people) };
        assert_eq!(governor.district, DistrictName::new(Chamber::Governor, ""));
        assert_eq!((governor.party.as_str(), governor.salutation.as_str()), ("Green", "Governor Silva"));
        assert_eq!(governor.webform.as_deref(), Some("https://example.org/form"));
        assert!(one("1,Ana Silva,,1st Essex,lower,,,,,,,,,,majority leader").district.chamber == Chamber::Lower);
    }

    #[test]
    fn what_cannot_be_is_named_with_its_line() {
        let text =
            error("1,Ana,,1,legislature\n2,Bo,,1,\n3,Cy,,,lower\n,,,2,upper\n5,Di,,3,upper,,,secret at example\n5,Ed,,4,upper");
        for expected in [
            "people.csv has 7 problems:",
            "line 2: chamber \"legislature\" is none",
            "line 3: no chamber",
            "line 4: no district",
            "line 5: no id",
            "line 5: no name",
            "line 6: the e-mail address can't be one",
            "line 7: the same id as in line 6",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(!text.contains("secret"), "{text}");
        assert!(error("1,Ana,,,,,,,,,,,,,governor,javascript:alert(1)").contains("line 2: the web form"));
        assert!(error("1,Ana,,,,,,,,,,,,,governor\n2,Bo,,,governor").contains("line 3: two people in one seat: line 2"));
        assert!(error("1,Ana,,,,,,,,,,,,,treasurer").contains("nobody to import (1 rows"));
        assert!(error("").contains("nobody to import"));
    }

    #[test]
    fn missing_columns_are_all_named() {
        let error = read_people(&b"name,current_district\nAna,1\n"[..], "people.csv").unwrap_err().to_string();
        assert!(error.contains("\"id\", \"email\", \"current_chamber\""), "{error}");
    }

    #[test]
    fn a_line_end_in_a_name_never_reaches_a_mail_header() {
        assert_eq!(one("1,\"Ana\r\nBcc: x\",,1,upper").name, "Ana Bcc: x");
    }
}
