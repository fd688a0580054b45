//! Who has a login, one's own login, and the log of what staff did.

use serde::Serialize;

use super::{Field, FormError, Moment, Page};

/// `staff_people`: the logins and the open invitations.
#[derive(Serialize, Clone, Default)]
pub struct PeoplePage {
    /// The frame, with `staff`.
    pub page: Page,
    /// CSRF token.
    pub csrf: String,
    /// "Done: ..." after a change.
    pub notice: Option<String>,
    /// Why a change was not made.
    pub error: Option<String>,
    /// All that is wrong in the form for an invitation.
    pub errors: Vec<FormError>,
    /// A link that was just made: it is shown this once.
    pub link: Option<NewLink>,
    /// The logins, by address.
    pub logins: Vec<LoginRow>,
    /// The open invitations, the newest first.
    pub invites: Vec<InviteRow>,
    /// The roles to choose from for an invitation.
    pub roles: Vec<RoleOption>,
    /// Whom the invitation is for.
    pub whom: Field,
    /// The role is missing.
    pub role_error: Option<String>,
    /// The secret of the link that the form makes.
    pub once: String,
}

/// A link to hand over.
#[derive(Serialize, Clone, Default)]
pub struct NewLink {
    /// The whole address.
    pub url: String,
    /// The role that it gives.
    pub role: String,
    /// Whom it is for, where that was written.
    pub whom: String,
    /// Until when it is good.
    pub until: Moment,
}

/// One login.
#[derive(Serialize, Clone, Default)]
pub struct LoginRow {
    /// Its id.
    pub id: i64,
    /// The address.
    pub email: String,
    /// The role.
    pub role: String,
    /// The roles, the present one chosen.
    pub roles: Vec<RoleOption>,
    /// The login of whoever looks at the page.
    pub you: bool,
    /// When somebody logged in with it last.
    pub last: Option<Moment>,
}

/// One open invitation.
#[derive(Serialize, Clone, Default)]
pub struct InviteRow {
    /// Its id.
    pub id: i64,
    /// The role that it gives.
    pub role: String,
    /// Whom it is for; may be empty.
    pub whom: String,
    /// Who made it.
    pub by: String,
    /// Until when it is good.
    pub until: Moment,
}

/// A role to choose.
#[derive(Serialize, Clone, Default)]
pub struct RoleOption {
    /// The stored word.
    pub value: String,
    /// What it may do.
    pub about: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// `staff_account`: one's own login.
#[derive(Serialize, Clone, Default)]
pub struct AccountPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// CSRF token.
    pub csrf: String,
    /// "Your password is changed."
    pub notice: Option<String>,
    /// All that is wrong with a new password.
    pub errors: Vec<FormError>,
    /// The password in force: the value always stays empty.
    pub current: Field,
    /// The new one: the value always stays empty.
    pub password: Field,
    /// What the role may do.
    pub about_role: String,
    /// The sessions, the newest first.
    pub sessions: Vec<SessionRow>,
}

/// One session.
#[derive(Serialize, Clone, Default)]
pub struct SessionRow {
    /// When it began.
    pub since: Moment,
    /// The one that the page was asked for in.
    pub here: bool,
}

/// `staff_log`: what staff did.
#[derive(Serialize, Clone, Default)]
pub struct LogPage {
    /// The frame, with `staff`.
    pub page: Page,
    /// Everybody whom the log names.
    pub whos: Vec<LogOption>,
    /// Every deed.
    pub deeds: Vec<LogOption>,
    /// Whether a filter is set.
    pub filtered: bool,
    /// "3 log-ins failed since ..."; `None` when none did.
    pub failed: Option<String>,
    /// The lines, the newest first.
    pub lines: Vec<LogLine>,
    /// Path of the older lines; `None` on the last page.
    pub older: Option<String>,
    /// Path of the newest lines; `None` on the first page.
    pub newest: Option<String>,
}

/// One line of the log.
#[derive(Serialize, Clone, Default)]
pub struct LogLine {
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// What they did.
    pub deed: String,
    /// To what.
    pub subject: String,
    /// Reasons and values.
    pub detail: String,
}

/// A choice of the log's filter.
#[derive(Serialize, Clone, Default)]
pub struct LogOption {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}
