//! Who has a login.

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
