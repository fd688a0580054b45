//! The coverage page.

use serde::Serialize;

use super::Page;
use super::staff::Attention;

/// `staff_coverage`: whose districts are settled by what, and which offices can't be reached.
#[derive(Serialize, Clone, Default)]
pub struct StaffCoveragePage {
    /// The frame, with `staff`.
    pub page: Page,
    /// The state's name.
    pub state: String,
    /// The roster's age, and what needs a person.
    pub attention: Vec<Attention>,
    /// By town, by street, by choice.
    pub ways: Vec<Way>,
    /// All of them; its label and share are empty.
    pub total: Way,
    /// What is known of streets, and how to know more.
    pub streets: String,
    /// "For 3 towns the number of people is not known.", and what to do.
    pub uncounted: Option<String>,
    /// Offices without e-mail, empty seats, towns where people choose.
    pub lists: Vec<List>,
}

/// One way to settle a person's districts.
#[derive(Serialize, Clone, Default)]
pub struct Way {
    /// "Town".
    pub label: String,
    /// What that means.
    pub about: String,
    /// How many cities and towns.
    pub municipalities: String,
    /// How many people live there; "not known" where no town tells.
    pub people: String,
    /// "39%" of all people.
    pub share: String,
    /// How many sign-ups of the campaign were placed so.
    pub signups: String,
}

/// A list with its heading.
#[derive(Serialize, Clone, Default)]
pub struct List {
    /// Heading with the number of items.
    pub title: String,
    /// What follows from being in it.
    pub about: String,
    /// Said instead of an empty list.
    pub empty: String,
    /// The items.
    pub items: Vec<Item>,
}

/// One line of a list.
#[derive(Serialize, Clone, Default)]
pub struct Item {
    /// Town, official or office.
    pub name: String,
    /// What there is to know.
    pub detail: String,
}
