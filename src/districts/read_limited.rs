//! Reading a file that an import was given, within bounds.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::outline_bounds::MAX_BYTES;
use super::outline_error::OutlineError;

/// Reads a file that an import was given, unless it is larger than [`MAX_BYTES`].
///
/// # Errors
/// [`OutlineError::Read`] and [`OutlineError::TooLarge`].
pub fn read_limited(file: &Path) -> Result<Vec<u8>, OutlineError> {
    let name = || file.display().to_string();
    let read = |cause| OutlineError::Read { file: name(), cause };
    let open = File::open(file).map_err(read)?;
    if open.metadata().map_err(read)?.len() > MAX_BYTES {
        return Err(OutlineError::TooLarge { file: name() });
    }
    let mut bytes = Vec::new();
    // What is no plain file has no length beforehand.
    open.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > MAX_BYTES { Err(OutlineError::TooLarge { file: name() }) } else { Ok(bytes) }
}
