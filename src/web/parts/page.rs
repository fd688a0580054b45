//! What every page needs for its frame, `layout.html`. A page's struct holds it as `page`.

/// The frame.
#[derive(Clone, Default)]
pub struct Page {
    /// Language of the page, as in `<html lang>`: `en`.
    pub lang: &'static str,
    /// Direction of the text: `ltr` or `rtl`.
    pub dir: &'static str,
    /// The page's own title; the layout adds the name of the service.
    pub title: String,
    /// Version of the stylesheet and script, put after `?v=` so that browsers may keep them for long.
    pub assets: &'static str,
    /// Asks search engines to stay away: true for every page but the home page and open campaigns.
    pub noindex: bool,
    /// The form came back with errors: the title then begins with "Please check", so that it is heard first.
    pub problem: bool,
    /// Loads `copy.js`: only where there is a text to copy.
    pub script: bool,
    /// Where numbers that change come from: loads `live.js`, which keeps them up to date.
    pub events_href: Option<String>,
    /// Number of this request in the logs, shown on error pages.
    pub request_id: String,
    /// The bar of the staff console. `None` on supporter pages and before log-in.
    pub staff: Option<StaffNav>,
    /// `column` for supporter pages and log-in, `wide` for pages with tables (console, dev outbox).
    pub width: &'static str,
    /// Path of the dev outbox. When set, a band on top says that mail is not really sent.
    pub outbox_href: Option<&'static str>,
}

impl Page {
    /// The CSRF token of a console page's forms.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.staff.as_ref().map_or("", |staff| &staff.csrf)
    }

    /// A form came back, perhaps with something to correct.
    #[must_use]
    pub fn problem(self, problem: bool) -> Self {
        Self { problem, ..self }
    }
}

impl StaffNav {
    /// The pages of the place that one is in; none on a page of set-up.
    #[must_use]
    pub fn pages(&self) -> &[NavLink] {
        self.places.iter().find(|place| place.here).map_or(&[], |place| &place.pages)
    }
}

/// Who is logged in to the console, for its bar.
#[derive(Clone, Default)]
pub struct StaffNav {
    pub email: String,
    pub role: &'static str,
    pub csrf: String,
    pub places: Vec<NavPlace>,
    /// Behind the name.
    pub setup: Vec<NavLink>,
    pub status: StatusLine,
    /// The title of the campaign in view.
    pub campaign: Option<String>,
}

/// A place of the console's bar. It leads to the first of its pages.
#[derive(Clone, Default)]
pub struct NavPlace {
    pub label: &'static str,
    /// The page that shows it is one of these.
    pub here: bool,
    pub pages: Vec<NavLink>,
}

/// A link of a navigation.
#[derive(Clone, Default)]
pub struct NavLink {
    pub href: String,
    pub label: &'static str,
    /// Whether it leads to the page that shows it.
    pub here: bool,
}

/// Whether letters go: on every page of the console, in the same words and colours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusLine {
    pub word: StatusWord,
    /// What goes on from the word: since when, why, what waits, what to do.
    pub text: String,
    /// What this login may do about it here.
    pub act: Option<StatusAct>,
}

/// How it stands, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusWord {
    /// Nothing waits.
    #[default]
    Ready,
    Sending,
    /// For the hours in which letters go.
    Waiting,
    /// By staff.
    Paused,
    /// By a mail server.
    Slowed,
    /// Until somebody mends it.
    Stopped,
}

/// The button of a status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusAct {
    /// Pauses at this path, with a reason.
    Stop(String),
    /// Ends the pause at this path, with a reason.
    Resume(String),
    /// Says that what a server refused is mended.
    Retry,
}

impl StatusWord {
    /// As it is read, and as the stylesheet names its colour.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "Ready",
            Self::Sending => "Sending",
            Self::Waiting => "Waiting",
            Self::Paused => "Paused",
            Self::Slowed => "Slowed",
            Self::Stopped => "Stopped",
        }
    }

    /// The colour: red only where letters do not go, amber where they go slower, never where all is well.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Ready | Self::Sending => "done",
            Self::Waiting => "quiet",
            Self::Slowed => "wait",
            Self::Paused | Self::Stopped => "trouble",
        }
    }
}

/// Why letters stop, by one tap; the log keeps it.
pub const STOP_REASONS: [&str; 4] =
    ["Something is wrong with a letter", "An office asked us to wait", "Too many letters at once", "We want to look first"];
