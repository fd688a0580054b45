//! How much of outlines is read.

/// The most bytes of a file, and of each member that is unpacked from a zip. The largest of the Census (every place of
/// Texas, every county subdivision of a state) stay well below; a file above it is refused before it is read.
pub const MAX_BYTES: u64 = 256_000_000;

/// The most points of a file's outlines. The largest of the Census have two thirds of it.
pub(super) const MAX_POINTS: usize = 3_000_000;
