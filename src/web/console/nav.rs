//! The console's ways: the bar on every page, and a campaign's own sections under it.

use super::super::parts::NavLink;
use crate::domain::{Role, Slug};

/// A page of the bar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Campaigns,
    Sending,
    Roster,
    People,
    Log,
    /// One's own login: the bar's last line leads there.
    Account,
    Tokens,
    Webhooks,
}

/// In the order of the bar: the place, its path, its name, and the least role that sees it.
const PLACES: &[(Place, &str, &str, Role)] = &[
    (Place::Campaigns, "/staff", "Campaigns", Role::Viewer),
    (Place::Sending, "/staff/sending", "Sending", Role::Viewer),
    (Place::Roster, "/staff/roster", "Roster", Role::Viewer),
    (Place::People, "/staff/people", "People", Role::Admin),
    (Place::Log, "/staff/log", "Log", Role::Editor),
    (Place::Tokens, "/staff/tokens", "API tokens", Role::Admin),
    (Place::Webhooks, "/staff/webhooks", "Webhooks", Role::Admin),
];

/// A section of a campaign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Officials,
    Towns,
    Stands,
    Map,
    Texts,
    Asks,
    Coverage,
    Exports,
    Letters,
    Problems,
    Steering,
}

/// In the order of the sections: the section, its path under the campaign's, its name, and the least role that sees it.
const SECTIONS: &[(Section, &str, &str, Role)] = &[
    (Section::Overview, "", "Overview", Role::Viewer),
    (Section::Officials, "/officials", "By official", Role::Viewer),
    (Section::Towns, "/towns", "By town", Role::Viewer),
    (Section::Stands, "/stands", "By position", Role::Viewer),
    (Section::Map, "/map", "Map", Role::Viewer),
    (Section::Texts, "/text", "Texts", Role::Viewer),
    (Section::Asks, "/measures", "Asks", Role::Viewer),
    (Section::Coverage, "/coverage", "Address coverage", Role::Viewer),
    (Section::Exports, "/exports", "Downloads", Role::Viewer),
    (Section::Letters, "/letters", "Letters", Role::Viewer),
    (Section::Problems, "/problems", "Problems", Role::Viewer),
    (Section::Steering, "/steering", "Steering", Role::Viewer),
];

/// The path of a campaign's letters, for those who may see them.
pub(super) fn letters(role: Role, slug: &Slug) -> Option<String> {
    let section = SECTIONS.iter().find(|(_, path, ..)| *path == "/letters")?;
    (role >= section.3).then(|| format!("/staff/campaigns/{slug}/letters"))
}

/// The links of the bar, `here` marked.
pub(super) fn places(role: Role, here: Place) -> Vec<NavLink> {
    let open = PLACES.iter().filter(|(.., least)| role >= *least);
    open.map(|(place, path, label, _)| NavLink { href: (*path).to_owned(), label, here: *place == here }).collect()
}

/// The links of a campaign's sections, `here` marked.
pub(super) fn sections(role: Role, slug: &Slug, here: Section) -> Vec<NavLink> {
    let open = SECTIONS.iter().filter(|(.., least)| role >= *least);
    open.map(|(section, path, label, _)| NavLink {
        href: format!("/staff/campaigns/{slug}{path}"),
        label,
        here: *section == here,
    })
    .collect()
}
