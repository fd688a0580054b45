//! Why a file of house numbers can't be used: which file, what is wrong, what to do.

/// The most bytes of a part, unpacked. The largest county's table of house numbers (Los Angeles) has a quarter of it.
pub(super) const MAX_BYTES: u64 = 1_000_000_000;

/// Why a file of house numbers can't be used. Every text begins with the file, as the operator named it.
#[derive(Debug, thiserror::Error)]
pub enum StreetsError {
    /// The file can't be read.
    #[error("{file} can't be read: {cause}")]
    Read {
        /// The file.
        file: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Neither a zip nor a .shp.
    #[error("{file} is no shapefile: give the zip as the Census publishes it, or its .shp with the .dbf and .prj beside it")]
    UnknownKind {
        /// The file.
        file: String,
    },
    /// Larger than any county's file; also what a small zip unpacks to.
    #[error("{file} is larger than {} MB, which no county's file is. Take the files of single counties", MAX_BYTES / 1_000_000)]
    TooLarge {
        /// The file, with the member where it is a zip.
        file: String,
    },
    /// Cut short, or no zip or shapefile inside.
    #[error("{file} is cut short or damaged ({cause}). Download it again")]
    Damaged {
        /// The file.
        file: String,
        /// What its reader said.
        cause: String,
    },
    /// A name inside a zip leads out of it.
    #[error(
        "{file} holds a file named \"{member}\", which points outside it. Don't use this zip; take it from its publisher again"
    )]
    UnsafeName {
        /// The file.
        file: String,
        /// The name.
        member: String,
    },
    /// A zip with no shapefile, or with several.
    #[error("{file} holds {count} shapefiles (.shp); a county's file has one. Take the ADDRFEAT zip of a single county")]
    NotOneShapefile {
        /// The file.
        file: String,
        /// How many.
        count: usize,
    },
    /// A shapefile is several files, and one of those that are needed is not there.
    #[error("{file} lacks its {part} file, which {why}. Keep the files of a shapefile together, or import the whole zip")]
    MissingPart {
        /// The .shp file.
        file: String,
        /// `.dbf` or `.prj`.
        part: &'static str,
        /// What it is for.
        why: &'static str,
    },
    /// Not in longitude and latitude of NAD 83 or WGS 84.
    #[error(
        "{file} is in the projection \"{projection}\". Only plain longitude and latitude (NAD 83 or WGS 84) can be used: convert it to EPSG:4326"
    )]
    Projection {
        /// The file.
        file: String,
        /// Its name, as the file gives it.
        projection: String,
    },
    /// Another kind of shapefile.
    #[error("{file} has no column {columns}. House numbers are in the Census file ADDRFEAT; is this another one?")]
    MissingColumns {
        /// The file.
        file: String,
        /// All that are missing.
        columns: String,
    },
    /// A row that is no line of a street.
    #[error("{file}: row {row} {what}. Take the ADDRFEAT file as the Census publishes it")]
    BadLine {
        /// The file.
        file: String,
        /// Counted from 1.
        row: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Most ZIP codes are another state's.
    #[error(
        "{file} is not of {state}: most of its ZIP codes are another state's. Take the files of {state}, or name the state with --state"
    )]
    OtherState {
        /// The file.
        file: String,
        /// The state that was asked for.
        state: &'static str,
    },
    /// A county of another state, by the name that the Census gave the file.
    #[error(
        "{file} is of county {county}, which is in {other} and not in {state}. Take the files of {state}, or name the state with --state"
    )]
    OtherCounty {
        /// The file.
        file: String,
        /// Its five digits.
        county: String,
        /// Where the county is.
        other: String,
        /// The state that was asked for.
        state: &'static str,
    },
    /// Not one house number in it.
    #[error("{file} holds no house numbers")]
    Empty {
        /// The file.
        file: String,
    },
}
