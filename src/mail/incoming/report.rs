//! Delivery reports (RFC 3464) and complaints (RFC 5965): groups of fields, separated by empty lines.

use super::status::{EnhancedStatus, status_in};
use super::{IncomingKind, Verdict, one_line};
use crate::mail::REPLY_MAX_CHARS;

/// The fields of a group, by lower-case name; values on one line.
type Group = Vec<(String, String)>;

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![Vec::new()];
    for line in text.lines() {
        let goes_on = line.starts_with([' ', '\t']);
        match (groups.last_mut(), line.split_once(':')) {
            (_, _) if line.trim().is_empty() => groups.push(Vec::new()),
            (Some(group), _) if goes_on && !group.is_empty() => {
                if let Some((_, value)) = group.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
            (Some(group), Some((name, value))) => group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned())),
            _ => {}
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn field<'a>(group: &'a Group, name: &str) -> Option<&'a str> {
    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What a report says. Ours is always about one recipient; of several, the worst counts.
pub(super) fn delivery_report(text: &str) -> IncomingKind {
    let mut delayed = None;
    for group in groups(text) {
        let Some(action) = field(&group, "action") else { continue };
        let diagnostic = field(&group, "diagnostic-code").unwrap_or_default();
        // "smtp; 550 5.1.1 ...": the type stands before the words.
        let words = diagnostic.split_once(';').map_or(diagnostic, |(_, words)| words);
        let status = field(&group, "status").map(|text| text.split([' ', '(']).next().unwrap_or_default());
        let status = status.and_then(EnhancedStatus::parse);
        // Servers that know better in their words than in their field write 5.0.0 there.
        let status = match status {
            Some(known) if known.to_string().ends_with(".0.0") => {
                Some(status_in(words).filter(|found| found.is_permanent() == known.is_permanent()).unwrap_or(known))
            }
            None => status_in(words),
            known => known,
        };
        let verdict = Verdict { status, words: one_line(words, REPLY_MAX_CHARS) };
        match action.to_ascii_lowercase().split_whitespace().next() {
            Some("failed") => return IncomingKind::Failed(verdict),
            Some("delayed") => delayed = delayed.or(Some(verdict)),
            // delivered, relayed, expanded: it went well.
            _ => {}
        }
    }
    delayed.map_or(IncomingKind::Other, IncomingKind::Delayed)
}

/// Whether a feedback report complains: `not-spam` is praise, and `auth-failure` (RFC 6591) a machine's word about signatures.
pub(super) fn complaint(text: &str) -> bool {
    let kind = groups(text).iter().find_map(|group| field(group, "feedback-type").map(str::to_ascii_lowercase));
    kind.is_some_and(|kind| !matches!(kind.as_str(), "not-spam" | "auth-failure"))
}
