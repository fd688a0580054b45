//! Who may use which address of the console. A route that is not in this table fails `tests/architecture.rs`; what the
//! table says of each is tried out over HTTP in `tests/people.rs`.

/// The least that is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: the doors themselves.
    Nobody,
    Viewer,
    Editor,
    Admin,
}

use Needs::{Admin, Editor, Nobody, Viewer};

/// Method, pattern, and who may. A viewer sees aggregate numbers and no personal data; an editor changes campaigns and
/// letters; an admin decides about people.
pub const ROUTES: &[(&str, &str, Needs)] = &[
    ("GET", "/staff/login", Nobody),
    ("POST", "/staff/login", Nobody),
    ("POST", "/staff/logout", Nobody),
    ("GET", "/staff/setup/{token}", Nobody),
    ("POST", "/staff/setup/{token}", Nobody),
    ("GET", "/staff", Viewer),
    ("GET", "/staff/sending", Viewer),
    ("POST", "/staff/sending/resume", Editor),
    ("POST", "/staff/mailboxes/{official}/release", Editor),
    ("GET", "/staff/campaigns/{slug}", Viewer),
    ("GET", "/staff/campaigns/{slug}/measures", Viewer),
    ("POST", "/staff/campaigns/{slug}/measures", Editor),
    ("GET", "/staff/campaigns/{slug}/coverage", Viewer),
    ("GET", "/staff/campaigns/{slug}/counts.csv", Viewer),
    ("GET", "/staff/campaigns/{slug}/counts.json", Viewer),
    ("GET", "/staff/campaigns/{slug}/officials", Viewer),
    ("GET", "/staff/campaigns/{slug}/towns", Viewer),
    ("GET", "/staff/campaigns/{slug}/days", Viewer),
    ("GET", "/staff/campaigns/{slug}/events", Viewer),
    ("GET", "/staff/campaigns/{slug}/offices/{office}", Viewer),
    ("GET", "/staff/campaigns/{slug}/stands", Viewer),
    ("GET", "/staff/campaigns/{slug}/map", Viewer),
    ("GET", "/staff/account", Viewer),
    ("POST", "/staff/account/password", Viewer),
    ("POST", "/staff/account/sign-out-everywhere", Viewer),
    ("GET", "/staff/people", Admin),
    ("POST", "/staff/people/invitations", Admin),
    ("POST", "/staff/people/invitations/{id}/revoke", Admin),
    ("POST", "/staff/people/{id}/role", Admin),
    ("POST", "/staff/people/{id}/remove", Admin),
    ("GET", "/staff/log", Editor),
    ("GET", "/staff/campaigns/{slug}/exports", Viewer),
    ("POST", "/staff/campaigns/{slug}/exports/letters.csv", Editor),
    ("POST", "/staff/campaigns/{slug}/exports/supporters.csv", Editor),
    ("GET", "/staff/roster/positions", Viewer),
    ("POST", "/staff/roster/positions", Editor),
    ("GET", "/staff/roster/positions/{id:[0-9]+}", Editor),
    ("POST", "/staff/roster/positions/{id:[0-9]+}", Editor),
    ("POST", "/staff/roster/positions/{id:[0-9]+}/delete", Editor),
    ("POST", "/staff/roster/positions/upload", Editor),
    ("GET", "/staff/roster/positions/uploads/{id}", Editor),
    ("POST", "/staff/roster/positions/uploads/{id}/approve", Editor),
    ("GET", "/staff/roster", Viewer),
    ("POST", "/staff/roster", Editor),
    ("GET", "/staff/roster/uploads/{id}", Editor),
    ("POST", "/staff/roster/uploads/{id}/approve", Editor),
    ("GET", "/staff/tokens", Admin),
    ("POST", "/staff/tokens", Admin),
    ("POST", "/staff/tokens/{id}/revoke", Admin),
    ("GET", "/staff/webhooks", Admin),
    ("POST", "/staff/webhooks", Admin),
    ("POST", "/staff/webhooks/{id}/{act}", Admin),
    ("GET", "/staff/campaigns/{slug}/offices/{office}/report", Viewer),
    ("POST", "/staff/campaigns/{slug}/offices/{office}/report", Editor),
    ("POST", "/staff/campaigns/{slug}/offices/{office}/report/quotes", Editor),
];
