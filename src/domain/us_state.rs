//! The states, and which ZIP codes are theirs.

use std::fmt;

/// A state, by its two-letter USPS code in lower case, as in Open States file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsState(&'static Row);

/// The code names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no state; write its two-letter code, such as \"ma\"")]
pub struct UnknownState(String);

type Row = (&'static str, &'static str, &'static [(u16, u16)]);

/// Code, name, and ranges of the first three digits of its ZIP codes
/// (USPS Labeling List L002, three-digit ZIP code prefixes).
static STATES: [Row; 52] = [
    ("ak", "Alaska", &[(995, 999)]),
    ("al", "Alabama", &[(350, 369)]),
    ("ar", "Arkansas", &[(716, 729)]),
    ("az", "Arizona", &[(850, 865)]),
    ("ca", "California", &[(900, 961)]),
    ("co", "Colorado", &[(800, 816)]),
    ("ct", "Connecticut", &[(60, 69)]),
    ("dc", "District of Columbia", &[(200, 205), (569, 569)]),
    ("de", "Delaware", &[(197, 199)]),
    ("fl", "Florida", &[(320, 349)]),
    ("ga", "Georgia", &[(300, 319), (398, 399)]),
    ("hi", "Hawaii", &[(967, 968)]),
    ("ia", "Iowa", &[(500, 528)]),
    ("id", "Idaho", &[(832, 838)]),
    ("il", "Illinois", &[(600, 629)]),
    ("in", "Indiana", &[(460, 479)]),
    ("ks", "Kansas", &[(660, 679)]),
    ("ky", "Kentucky", &[(400, 427)]),
    ("la", "Louisiana", &[(700, 714)]),
    ("ma", "Massachusetts", &[(10, 27), (55, 55)]),
    ("md", "Maryland", &[(206, 219)]),
    ("me", "Maine", &[(39, 49)]),
    ("mi", "Michigan", &[(480, 499)]),
    ("mn", "Minnesota", &[(550, 567)]),
    ("mo", "Missouri", &[(630, 658)]),
    ("ms", "Mississippi", &[(386, 397)]),
    ("mt", "Montana", &[(590, 599)]),
    ("nc", "North Carolina", &[(270, 289)]),
    ("nd", "North Dakota", &[(580, 588)]),
    ("ne", "Nebraska", &[(680, 693)]),
    ("nh", "New Hampshire", &[(30, 38)]),
    ("nj", "New Jersey", &[(70, 89)]),
    ("nm", "New Mexico", &[(870, 884)]),
    ("nv", "Nevada", &[(889, 898)]),
    ("ny", "New York", &[(5, 5), (63, 63), (100, 149)]),
    ("oh", "Ohio", &[(430, 459)]),
    ("ok", "Oklahoma", &[(730, 749)]),
    ("or", "Oregon", &[(970, 979)]),
    ("pa", "Pennsylvania", &[(150, 196)]),
    ("pr", "Puerto Rico", &[(6, 7), (9, 9)]),
    ("ri", "Rhode Island", &[(28, 29)]),
    ("sc", "South Carolina", &[(290, 299)]),
    ("sd", "South Dakota", &[(570, 577)]),
    ("tn", "Tennessee", &[(370, 385)]),
    ("tx", "Texas", &[(733, 733), (750, 799), (885, 885)]),
    ("ut", "Utah", &[(840, 847)]),
    ("va", "Virginia", &[(201, 201), (220, 246)]),
    ("vt", "Vermont", &[(50, 54), (56, 59)]),
    ("wa", "Washington", &[(980, 994)]),
    ("wi", "Wisconsin", &[(530, 549)]),
    ("wv", "West Virginia", &[(247, 268)]),
    ("wy", "Wyoming", &[(820, 831)]),
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

    /// The code as it stands in an address.
    #[must_use]
    pub fn postal(self) -> String {
        self.0.0.to_ascii_uppercase()
    }

    /// The name in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.1
    }

    /// Whether ZIP codes that begin with these three digits are in this state.
    #[must_use]
    pub fn has_zip_prefix(self, prefix: u16) -> bool {
        self.0.2.iter().any(|(first, last)| (*first..=*last).contains(&prefix))
    }
}

impl fmt::Display for UsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
