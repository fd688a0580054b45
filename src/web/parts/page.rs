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

/// Who is logged in to the console, for its bar.
#[derive(Clone, Default)]
pub struct StaffNav {
    pub email: String,
    pub role: &'static str,
    pub csrf: String,
    pub places: Vec<NavLink>,
    /// On a campaign's pages, its sections.
    pub campaign: Option<CampaignNav>,
}

/// A campaign's name and sections, above its pages in the console.
#[derive(Clone, Default)]
pub struct CampaignNav {
    pub title: String,
    pub sections: Vec<NavLink>,
}

/// A link of a navigation.
#[derive(Clone, Default)]
pub struct NavLink {
    pub href: String,
    pub label: &'static str,
    /// Whether it leads to the page that shows it.
    pub here: bool,
}
