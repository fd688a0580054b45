//! Where an official stands, in plain words with day and source.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::{Act, Chamber, Position, Stand};
use crate::intake::{CampaignEntry, MeasureStand};
use crate::store::offices::Office;

/// Where one official stands on one measure.
#[derive(Clone, Serialize)]
pub struct StandLine<'a> {
    /// The measure's name.
    pub measure: &'a str,
    /// "sources disagree", "not known"; empty where `evidence` says it all.
    pub words: &'static str,
    /// What it rests on: one piece, or one for each side of a conflict.
    pub evidence: Vec<EvidenceLine<'a>>,
}

/// One piece of evidence.
#[derive(Clone, Serialize)]
pub struct EvidenceLine<'a> {
    /// "signed on, February 19, 2025".
    pub words: String,
    /// Who says so; more than one where the source names several.
    pub sources: Vec<SourceLink<'a>>,
}

/// A source.
#[derive(Clone, Serialize)]
pub struct SourceLink<'a> {
    /// The site's name for a web address, else the source as it stands.
    pub text: Cow<'a, str>,
    /// Where to look, for a web address.
    pub href: Option<String>,
}

/// The lines under an official, one for each measure; none for an empty seat. Bills are signed by legislators: of a
/// governor a line is shown only where something is known.
pub fn lines<'a>(entry: &'a CampaignEntry, office: &'a Office) -> Vec<StandLine<'a>> {
    let Some(official) = &office.holder else { return Vec::new() };
    let shown =
        |stand: &MeasureStand<'_>| office.district.chamber != Chamber::Governor || stand.standing.stand != Stand::NotKnown;
    let line = |stand: MeasureStand<'a>| StandLine {
        measure: &stand.measure.name,
        words: match stand.standing.stand {
            Stand::NotKnown => "not known",
            Stand::Conflicting => "sources disagree",
            _ => "",
        },
        evidence: stand.standing.because.into_iter().map(evidence).collect(),
    };
    entry.stands(Some(official)).into_iter().filter(shown).map(line).collect()
}

fn evidence(told: &Position) -> EvidenceLine<'_> {
    let day = told.day().in_words();
    let words = match (told.act, &told.on) {
        (Act::LeadSponsor, Some(_)) => format!("leads it, {day}"),
        (Act::LeadSponsor, None) => format!("leads it, as of {day}"),
        (Act::Signed, Some(_)) => format!("signed on, {day}"),
        (Act::Signed, None) => format!("signed on, as of {day}"),
        (Act::NotSigned, _) => format!("had not signed on as of {day}"),
        (Act::VotedYes, Some(_)) => format!("voted for it, {day}"),
        (Act::VotedYes, None) => format!("voted for it, as of {day}"),
        (Act::VotedNo, Some(_)) => format!("voted against it, {day}"),
        (Act::VotedNo, None) => format!("voted against it, as of {day}"),
        (Act::SpokeFor, Some(_)) => format!("spoke for it, {day}"),
        (Act::SpokeFor, None) => format!("spoke for it, as of {day}"),
        (Act::SpokeAgainst, Some(_)) => format!("spoke against it, {day}"),
        (Act::SpokeAgainst, None) => format!("spoke against it, as of {day}"),
    };
    EvidenceLine { words, sources: told.source.split(" ; ").map(source).collect() }
}

/// A web address becomes a link with the site's name; nothing but the web's own schemes is one.
fn source(text: &str) -> SourceLink<'_> {
    let text = text.trim();
    if let Some(repository) = on_github(text) {
        return SourceLink {
            text: format!("{repository} on GitHub").into(),
            href: Some(format!("https://github.com/{repository}")),
        };
    }
    let address = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    match address.as_ref().and_then(url::Url::host_str) {
        Some(host) => SourceLink {
            text: host.trim_start_matches("www.").to_owned().into(),
            href: address.as_ref().map(ToString::to_string),
        },
        None => SourceLink { text: text.into(), href: None },
    }
}

/// `owner/repo` of a source that is written `github:owner/repo`, with or without a path after a space.
fn on_github(text: &str) -> Option<&str> {
    let repository = text.strip_prefix("github:")?.split(' ').next()?;
    let (owner, name) = repository.split_once('/')?;
    let plain = |part: &str, more: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    (plain(owner, "-") && plain(name, "-_.")).then_some(repository)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BillNumbers, Day};

    #[test]
    fn evidence_is_said_with_its_day_and_its_sources() {
        let told = Position {
            person: "p1".into(),
            bills: BillNumbers::parse("H.2580").unwrap(),
            act: Act::Signed,
            on: Day::parse("2025-02-19").ok(),
            source: "https://www.example.org/list ; a letter to the group ; javascript:alert(1)".into(),
            as_of: Day::parse("2025-03-10").unwrap(),
        };
        let line = evidence(&told);
        assert_eq!(line.words, "signed on, February 19, 2025");
        let sources: Vec<_> = line.sources.iter().map(|s| (&*s.text, s.href.as_deref())).collect();
        assert_eq!(
            sources,
            [
                ("example.org", Some("https://www.example.org/list")),
                ("a letter to the group", None),
                ("javascript:alert(1)", None)
            ]
        );
        let undated = Position { on: None, act: Act::NotSigned, ..told };
        assert_eq!(evidence(&undated).words, "had not signed on as of March 10, 2025");
    }

    #[test]
    fn a_file_on_github_is_a_link_to_its_repository() {
        for text in ["github:some-group/some.data data/signed.csv@abc", "github:some-group/some.data"] {
            let link = source(text);
            assert_eq!(link.text, "some-group/some.data on GitHub");
            assert_eq!(link.href.as_deref(), Some("https://github.com/some-group/some.data"));
        }
        for text in [
            "github:some-group",
            "github: some-group/data",
            "github:a/b/c",
            "github:a/b?x=1",
            "github:../b",
            "github:a/.. x",
            "github:a/\"onclick x",
            "see github:a/b",
        ] {
            let link = source(text);
            assert_eq!((&*link.text, link.href), (text, None));
        }
    }
}
