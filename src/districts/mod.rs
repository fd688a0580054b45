//! From an address to its districts: which districts touch a city or town, and which names people have for it.

mod atlas;
mod census;
mod gazetteer;
mod geojson_rows;
mod joining;
mod outline_error;
mod outline_file;
mod outline_rows;
mod overlay;
mod place_names;
mod places_file;
mod projection;
mod shape;
mod shapefile_rows;
mod spelling;
mod towns_csv;
mod zip_members;

pub use atlas::{Around, Atlas, BORDER_DOUBT_METERS, SHORE_METERS};
pub use census::{Census, CensusAnswer, CensusDistrict, CensusMatch};
pub use gazetteer::{Gazetteer, Lookup};
pub use joining::{JoinObjection, JoinedBy, Joining};
pub use outline_error::OutlineError;
pub use outline_file::{MAX_BYTES, holds_outlines, read_boundaries, read_limited};
pub use overlay::{Named, Overlap, SLIVER, overlaps, touching};
pub use place_names::{built_in, read_place_names};
pub use places_file::{PlacesError, PlacesFile};
pub use shape::ShapeError;
pub use towns_csv::read_towns;
