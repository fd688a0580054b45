//! Delivery reports (RFC 3464) and complaints (RFC 5965): groups of fields, separated by empty lines.

use super::status::EnhancedStatus;

/// The fields of a group, by lower-case name; values on one line.
pub(super) struct Group(Vec<(String, String)>);

/// What a report says of one recipient.
pub(super) struct AboutRecipient {
    /// The mailbox that the last server knew; none where the report names none.
    pub(super) recipient: Option<String>,
    pub(super) action: Option<Action>,
    pub(super) status: Option<EnhancedStatus>,
    /// The server's own words.
    pub(super) diagnostic: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    /// Delivered, relayed, expanded.
    WentWell,
    Delayed,
    Failed,
}

/// By the words of RFC 3464 section 2.3.3, and what is written in their place.
const ACTIONS: [(&str, Action); 14] = [
    ("failed", Action::Failed),
    ("failure", Action::Failed),
    ("fail", Action::Failed),
    ("expired", Action::Failed),
    ("undeliverable", Action::Failed),
    ("bounced", Action::Failed),
    ("hard", Action::Failed),
    ("delayed", Action::Delayed),
    ("delay", Action::Delayed),
    ("deferred", Action::Delayed),
    ("delivered", Action::WentWell),
    ("deliverable", Action::WentWell),
    ("relayed", Action::WentWell),
    ("expanded", Action::WentWell),
];

pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group(Vec::new())];
    for line in text.lines() {
        let goes_on = line.starts_with([' ', '\t']);
        match (groups.last_mut(), line.split_once(':')) {
            (_, _) if line.trim().is_empty() => groups.push(Group(Vec::new())),
            (Some(Group(fields)), _) if goes_on && !fields.is_empty() => {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
            (Some(Group(fields)), Some((name, value))) => {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    groups.retain(|Group(fields)| !fields.is_empty());
    groups
}

impl Group {
    fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// `None` for a group that is about no recipient: the one of the whole message.
    pub(super) fn about_recipient(&self) -> Option<AboutRecipient> {
        let recipient = self.field("final-recipient").or_else(|| self.field("original-recipient")).map(address);
        let word = |text: &str| text.split([' ', '(', ';', ',']).next().unwrap_or_default().to_ascii_lowercase();
        let action = self.field("action").map(word);
        let action = action.and_then(|said| ACTIONS.iter().find(|(known, _)| said == *known).map(|(_, action)| *action));
        let status = self.field("status").map(word).as_deref().and_then(EnhancedStatus::parse);
        // "smtp; 550 5.1.1 ...": the type stands before the words.
        let diagnostic = self.field("diagnostic-code").unwrap_or_default();
        let diagnostic =
            diagnostic.split_once(';').map_or(diagnostic, |(kind, words)| if kind.contains(' ') { diagnostic } else { words });
        let says = action.is_some() || status.is_some() || !diagnostic.is_empty();
        says.then(|| AboutRecipient { recipient, action, status, diagnostic: diagnostic.trim().to_owned() })
    }
}

/// `rfc822; <Wren@Senate.example>` without type and brackets, in lower case.
fn address(field: &str) -> String {
    let address = field.split_once(';').map_or(field, |(_, address)| address);
    address.trim().trim_matches(['<', '>', '"']).to_ascii_lowercase()
}

/// Whether a feedback report complains: `not-spam` is praise, and `auth-failure` (RFC 6591) a machine's word about signatures.
pub(super) fn complains(text: &str) -> bool {
    let kind = groups(text).iter().find_map(|group| group.field("feedback-type").map(str::to_ascii_lowercase));
    kind.is_none_or(|kind| !matches!(kind.as_str(), "not-spam" | "auth-failure"))
}
