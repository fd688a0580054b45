//! The states, and which ZIP codes are theirs.

use std::fmt;

/// A state, by its two-letter USPS code in lower case, as in Open States file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsState(&'static Row);

/// The code names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no state; write its two-letter code, such as \"ma\"")]
pub struct UnknownState(String);

type Row = (&'static str, &'static str, &'static str, &'static [(u16, u16)]);

/// Code, FIPS code (ANSI INCITS 38, as the Census numbers states), name, and ranges of the first three digits of its ZIP codes
/// (USPS Labeling List L002, three-digit ZIP code prefixes).
static STATES: [Row; 52] = [
    ("ak", "02", "Alaska", &[(995, 999)]),
    ("al", "01", "Alabama", &[(350, 369)]),
    ("ar", "05", "Arkansas", &[(716, 729)]),
    ("az", "04", "Arizona", &[(850, 865)]),
    ("ca", "06", "California", &[(900, 961)]),
    ("co", "08", "Colorado", &[(800, 816)]),
    ("ct", "09", "Connecticut", &[(60, 69)]),
    ("dc", "11", "District of Columbia", &[(200, 205), (569, 569)]),
    ("de", "10", "Delaware", &[(197, 199)]),
    ("fl", "12", "Florida", &[(320, 349)]),
    ("ga", "13", "Georgia", &[(300, 319), (398, 399)]),
    ("hi", "15", "Hawaii", &[(967, 968)]),
    ("ia", "19", "Iowa", &[(500, 528)]),
    ("id", "16", "Idaho", &[(832, 838)]),
    ("il", "17", "Illinois", &[(600, 629)]),
    ("in", "18", "Indiana", &[(460, 479)]),
    ("ks", "20", "Kansas", &[(660, 679)]),
    ("ky", "21", "Kentucky", &[(400, 427)]),
    ("la", "22", "Louisiana", &[(700, 714)]),
    ("ma", "25", "Massachusetts", &[(10, 27), (55, 55)]),
    ("md", "24", "Maryland", &[(206, 219)]),
    ("me", "23", "Maine", &[(39, 49)]),
    ("mi", "26", "Michigan", &[(480, 499)]),
    ("mn", "27", "Minnesota", &[(550, 567)]),
    ("mo", "29", "Missouri", &[(630, 658)]),
    ("ms", "28", "Mississippi", &[(386, 397)]),
    ("mt", "30", "Montana", &[(590, 599)]),
    ("nc", "37", "North Carolina", &[(270, 289)]),
    ("nd", "38", "North Dakota", &[(580, 588)]),
    ("ne", "31", "Nebraska", &[(680, 693)]),
    ("nh", "33", "New Hampshire", &[(30, 38)]),
    ("nj", "34", "New Jersey", &[(70, 89)]),
    ("nm", "35", "New Mexico", &[(870, 884)]),
    ("nv", "32", "Nevada", &[(889, 898)]),
    ("ny", "36", "New York", &[(5, 5), (63, 63), (100, 149)]),
    ("oh", "39", "Ohio", &[(430, 459)]),
    ("ok", "40", "Oklahoma", &[(730, 749)]),
    ("or", "41", "Oregon", &[(970, 979)]),
    ("pa", "42", "Pennsylvania", &[(150, 196)]),
    ("pr", "72", "Puerto Rico", &[(6, 7), (9, 9)]),
    ("ri", "44", "Rhode Island", &[(28, 29)]),
    ("sc", "45", "South Carolina", &[(290, 299)]),
    ("sd", "46", "South Dakota", &[(570, 577)]),
    ("tn", "47", "Tennessee", &[(370, 385)]),
    ("tx", "48", "Texas", &[(733, 733), (750, 799), (885, 885)]),
    ("ut", "49", "Utah", &[(840, 847)]),
    ("va", "51", "Virginia", &[(201, 201), (220, 246)]),
    ("vt", "50", "Vermont", &[(50, 54), (56, 59)]),
    ("wa", "53", "Washington", &[(980, 994)]),
    ("wi", "55", "Wisconsin", &[(530, 549)]),
    ("wv", "54", "West Virginia", &[(247, 268)]),
    ("wy", "56", "Wyoming", &[(820, 831)]),
];

impl UsState {
    /// Reads a two-letter code, in either case.
    ///
    /// # Errors
    /// [`UnknownState`] when no state has it.
    pub fn parse(code: &str) -> Result<Self, UnknownState> {
        STATES
            .iter()
            .find(|row| row.0.eq_ignore_ascii_case(code.trim()))
            .map(Self)
            .ok_or_else(|| UnknownState(code.chars().take(20).collect()))
    }

    /// The code in lower case, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.0
    }

    /// The state with these two digits, with which every GEOID of the Census begins.
    #[must_use]
    pub fn of_fips(digits: &str) -> Option<Self> {
        STATES.iter().find(|row| row.1 == digits).map(Self)
    }

    /// The two digits that the Census numbers the state by: 25 for Massachusetts.
    #[must_use]
    pub fn fips(self) -> &'static str {
        self.0.1
    }

    /// The code as it stands in an address.
    #[must_use]
    pub fn postal(self) -> String {
        self.0.0.to_ascii_uppercase()
    }

    /// The name in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.2
    }

    /// Whether ZIP codes that begin with these three digits are in this state.
    #[must_use]
    pub fn has_zip_prefix(self, prefix: u16) -> bool {
        self.0.3.iter().any(|(first, last)| (*first..=*last).contains(&prefix))
    }
}

impl fmt::Display for UsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
