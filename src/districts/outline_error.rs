//! Why outlines can't be used: which file, what is wrong, what to do.

use super::outline_bounds::MAX_BYTES;

/// Why a file of outlines can't be used. Every text begins with the file, as the operator named it.
#[derive(Debug, thiserror::Error)]
pub enum OutlineError {
    /// The file can't be read.
    #[error("{file} can't be read: {cause}")]
    Read {
        /// The file.
        file: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file, or what it unpacks to, is larger than any state's outlines are.
    #[error(
        "{file} is larger than {} MB, which no state's outlines are. Take the file of one state and one kind only",
        MAX_BYTES / 1_000_000
    )]
    TooLarge {
        /// The file, with the member where it is a zip.
        file: String,
    },
    /// More of something than any state's outlines are, or a zip that lies about what is in it.
    #[error("{file} {what}, which no file of outlines does. Take the file of one state and one kind only, from its publisher")]
    Bound {
        /// The file, with the member where it is a zip.
        file: String,
        /// What is too much.
        what: String,
    },
    /// No kind of file that is known.
    #[error("{file} is no GeoJSON, no shapefile (.shp) and no zip of one; give one of these")]
    UnknownKind {
        /// The file.
        file: String,
    },
    /// The zip is cut short or damaged.
    #[error("{file} is cut short or damaged ({cause}). Download it again")]
    Damaged {
        /// The file, with the member where one is known.
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
    /// A zip without a shapefile.
    #[error("{file} holds no shapefile (.shp)")]
    NoShapefile {
        /// The file.
        file: String,
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
    /// Coordinates that are no longitude and latitude.
    #[error("{file}: {outline} has coordinates that are no longitude and latitude. Convert the file to EPSG:4326")]
    NoDegrees {
        /// The file.
        file: String,
        /// The outline.
        outline: String,
    },
    /// An outline that is no area.
    #[error("{file}: {outline} is not a polygon: {cause}")]
    NoPolygon {
        /// The file.
        file: String,
        /// The outline.
        outline: String,
        /// What it is.
        cause: String,
    },
    /// An outline that nothing names.
    #[error("{file}: outline {number} has no name; it must have one of the properties {properties}")]
    NoName {
        /// The file.
        file: String,
        /// Which one, counted from 1.
        number: usize,
        /// The properties that would do.
        properties: String,
    },
    /// Letters that are no UTF-8.
    #[error("{file}: the name \"{name}\" is not text in UTF-8. Save the .dbf in UTF-8 (the Census does so since 2015)")]
    NotUtf8 {
        /// The file.
        file: String,
        /// The name, as far as it can be read.
        name: String,
    },
    /// Nothing in it.
    #[error("{file} holds no outlines")]
    Empty {
        /// The file.
        file: String,
    },
    /// All of it is elsewhere.
    #[error(
        "{file} holds no outline of {state}; its outlines are of {found}. Take the file of {state}, or name the state with --state"
    )]
    OtherState {
        /// The file.
        file: String,
        /// The state that was asked for.
        state: &'static str,
        /// The states that it is of.
        found: String,
    },
    /// The other chamber's, or no districts.
    #[error("{file} holds {found}, not {wanted}. Check the file and --chamber")]
    OtherLayer {
        /// The file.
        file: String,
        /// What it holds.
        found: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
}
