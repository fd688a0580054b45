//! Where officials stand: the lines under an official.

use serde::Serialize;

/// Where one official stands on one measure.
#[derive(Serialize, Clone, Default)]
pub struct StandLine {
    /// The measure's name.
    pub measure: String,
    /// "sources disagree", "not known"; empty where `evidence` says it all.
    pub words: String,
    /// What it rests on: one piece, or one for each side of a conflict.
    pub evidence: Vec<EvidenceLine>,
}

/// One piece of evidence.
#[derive(Serialize, Clone, Default)]
pub struct EvidenceLine {
    /// "signed on, February 19, 2025".
    pub words: String,
    /// Who says so; more than one where the source names several.
    pub sources: Vec<SourceLink>,
}

/// A source.
#[derive(Serialize, Clone, Default)]
pub struct SourceLink {
    /// The site's name for a web address, else the source as it stands.
    pub text: String,
    /// Where to look, for a web address.
    pub href: Option<String>,
}
