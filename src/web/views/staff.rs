//! What several of the console's pages say.

/// A sentence about how something stands.
#[derive(Clone, Default)]
pub struct Line {
    /// `done`, `wait`, `trouble` or `quiet`.
    pub tone: String,
    /// "Running. 340 letters wait; empty at about 4:10 pm."
    pub text: String,
}
