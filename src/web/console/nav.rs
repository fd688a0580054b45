//! The console's ways: four places, the pages of the place one is in, and set-up behind one's name. Any page is three taps away at most.

use super::super::parts::{NavLink, NavPlace};
use crate::domain::{Role, Slug};

/// A page about the whole service that links lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Campaigns,
    Sending,
    Answers,
    Roster,
    Positions,
    People,
    Log,
    /// One's own login.
    Account,
    Tokens,
    Webhooks,
}

/// A page of a campaign that links lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Days,
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

/// Which page it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Place(Place),
    Section(Section),
}

use Here::{Place as P, Section as S};

/// A link: the page, its path (a section's under its campaign's), its name, and the least role that sees it.
type Link = (Here, &'static str, &'static str, Role);

const fn link(here: Here, path: &'static str, label: &'static str) -> Link {
    (here, path, label, Role::Viewer)
}

/// The four places in the order of the bar, each with its pages; the first page that there is is where the place leads.
const PLACES: [(&str, &[Link]); 4] = [
    (
        "Now",
        &[
            link(S(Section::Overview), "", "Overview"),
            link(S(Section::Days), "/days", "Day by day"),
            link(P(Place::Campaigns), "/staff", "All campaigns"),
        ],
    ),
    (
        "People in office",
        &[
            link(S(Section::Officials), "/officials", "By official"),
            link(S(Section::Towns), "/towns", "By town"),
            link(S(Section::Stands), "/stands", "By position"),
            link(S(Section::Map), "/map", "Map"),
            link(P(Place::Roster), "/staff/roster", "Roster"),
            link(P(Place::Positions), "/staff/roster/positions", "Positions"),
        ],
    ),
    (
        "Letters",
        &[
            link(S(Section::Letters), "/letters", "Find"),
            link(S(Section::Problems), "/problems", "Problems"),
            link(P(Place::Sending), "/staff/sending", "Sending"),
            (P(Place::Answers), "/staff/answers", "Answers", Role::Editor),
        ],
    ),
    (
        "Campaign",
        &[
            link(S(Section::Texts), "/text", "Texts"),
            link(S(Section::Asks), "/measures", "Asks"),
            link(S(Section::Steering), "/steering", "Dates and hours"),
            link(S(Section::Coverage), "/coverage", "Address coverage"),
            link(S(Section::Exports), "/exports", "Files"),
            link(P(Place::Campaigns), "/staff", "Choose a campaign"),
        ],
    ),
];

/// Behind one's name.
const SETUP: &[Link] = &[
    link(P(Place::Account), "/staff/account", "Your login"),
    (P(Place::People), "/staff/people", "Who can log in", Role::Admin),
    (P(Place::Log), "/staff/log", "Log", Role::Editor),
    (P(Place::Tokens), "/staff/tokens", "API tokens", Role::Admin),
    (P(Place::Webhooks), "/staff/webhooks", "Webhooks", Role::Admin),
];

/// The path of a campaign's letters, for those who may see them.
pub(super) fn letters(role: Role, slug: &Slug) -> Option<String> {
    let find = PLACES.iter().flat_map(|(_, links)| *links).find(|(here, ..)| *here == S(Section::Letters))?;
    href(find, role, Some(slug))
}

/// Where a link leads; `None`: this role has no such page, or it is a campaign's and there is none in view.
fn href((here, path, _, least): &Link, role: Role, campaign: Option<&Slug>) -> Option<String> {
    match here {
        _ if role < *least => None,
        S(_) => campaign.map(|slug| format!("/staff/campaigns/{slug}{path}")),
        P(_) => Some((*path).to_owned()),
    }
}

fn pages(links: &[Link], role: Role, campaign: Option<&Slug>, here: Here) -> Vec<NavLink> {
    let shown = links.iter().filter_map(|link| Some((link, href(link, role, campaign)?)));
    shown.map(|((of, _, label, _), href)| NavLink { href, label, here: *of == here }).collect()
}

/// The places, that of `here` marked, for whoever looks at this campaign.
pub(super) fn places(role: Role, campaign: Option<&Slug>, here: Here) -> Vec<NavPlace> {
    // A page that stands in two places belongs to the first.
    let mut found = false;
    let place = |(label, links): (&'static str, &[Link])| {
        let pages = pages(links, role, campaign, here);
        let is_here = !found && pages.iter().any(|page| page.here);
        found |= is_here;
        NavPlace { label, here: is_here, pages }
    };
    PLACES.into_iter().map(place).collect()
}

/// The links behind one's name.
pub(super) fn setup(role: Role, here: Here) -> Vec<NavLink> {
    pages(SETUP, role, None, here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_leads_somewhere_and_each_page_stands_in_one() {
        let slug = Slug::parse("ma-287g").unwrap();
        for campaign in [None, Some(&slug)] {
            for role in [Role::Viewer, Role::Editor, Role::Admin] {
                let places = places(role, campaign, S(Section::Map));
                assert!(places.iter().all(|place| !place.pages.is_empty()), "{}", role.as_str());
                assert_eq!(places.iter().filter(|place| place.here).count(), usize::from(campaign.is_some()));
            }
        }
        let labels = |role| setup(role, P(Place::Log)).len();
        assert_eq!((labels(Role::Viewer), labels(Role::Editor), labels(Role::Admin)), (1, 2, 5));
        assert_eq!(letters(Role::Viewer, &slug).as_deref(), Some("/staff/campaigns/ma-287g/letters"));
    }
}
