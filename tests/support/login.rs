//! Staff in tests: a login as `standout staff add` makes it, and the door it opens.

use standout::auth::Auth;
use standout::domain::{EmailAddress, Role};

use super::app::{Page, START, TestApp};

/// The password of every login.
pub const PASSWORD: &str = "four words in a row";

impl TestApp {
    /// Makes a login.
    pub fn with_login(&self, email: &str, role: Role) {
        let auth = Auth::new(self.store.clone()).unwrap();
        auth.save_blocking(EmailAddress::parse(email).unwrap(), PASSWORD, role, START).unwrap();
    }

    /// Tries to log in.
    pub fn log_in(&self, email: &str, password: &str) -> Page {
        let csrf = self.get("/staff/login").field("csrf").expect("the log-in form has a token");
        self.post("/staff/login", &[("csrf", &csrf), ("email", email), ("password", password)])
    }

    /// Makes a login of this role and goes in with it.
    pub fn logged_in(&self, role: Role) {
        let email = format!("{}@example.org", role.as_str());
        self.with_login(&email, role);
        assert_eq!(self.log_in(&email, PASSWORD).location.as_deref(), Some("/staff"));
    }
}
