//! What can be wrong with a file of places, of either kind.

use crate::csv::SheetError;

/// Why a file of places can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// The file is no table, lacks columns, or has rows that can't be used.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The header is of no kind that is known.
    #[error(
        "{source_name} has columns that name neither towns nor places. Write \"municipality,house_districts,senate_districts\" \
         for towns and their districts, or \"place,municipality\" or \"zip,usps_city,other_names,municipality\" for names of places"
    )]
    UnknownShape {
        /// The file, as the operator named it.
        source_name: String,
    },
    /// There is nothing below the header.
    #[error("{source_name} has no rows below its first line")]
    NoRows {
        /// The file, as the operator named it.
        source_name: String,
    },
}
