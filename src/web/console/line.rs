//! A sentence about how something stands, on several pages.

#[derive(Clone, Default)]
pub(super) struct Line {
    /// `done`, `wait`, `trouble` or `quiet`.
    pub(super) tone: String,
    /// "Running. 340 letters wait; empty at about 4:10 pm."
    pub(super) text: String,
}
