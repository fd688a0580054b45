//! Open SMTP sessions that wait for their next message.

use std::sync::{Arc, Mutex, PoisonError};

use crate::mail::{SendFailure, Session, SmtpSettings, Timeouts};
use crate::metrics::Metrics;

/// The idle sessions. A session is in here or in one task's hand, never both; one in doubt is never put back.
pub(super) struct Sessions {
    settings: SmtpSettings,
    timeouts: Timeouts,
    hello: String,
    idle: Mutex<Vec<Session>>,
    metrics: Arc<Metrics>,
}

impl Sessions {
    pub(super) fn new(settings: SmtpSettings, timeouts: Timeouts, hello: String, metrics: Arc<Metrics>) -> Self {
        Self { settings, timeouts, hello, idle: Mutex::new(Vec::new()), metrics }
    }

    /// A session that is good for a message: the one used last, or a new one.
    pub(super) async fn take(&self) -> Result<Session, SendFailure> {
        loop {
            let session = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut session) = session else { break };
            if session.is_alive().await {
                return Ok(session);
            }
            self.metrics.session_closed();
            session.quit().await;
        }
        let session = Session::connect(&self.settings, &self.hello, self.timeouts).await?;
        self.metrics.session_opened();
        Ok(session)
    }

    /// Puts a session back, or says good-bye on it. Nobody waits for the good-bye: the result of the message that it
    /// carried is to be recorded first.
    pub(super) fn give_back(&self, session: Session) {
        if session.is_usable() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        } else {
            self.metrics.session_closed();
            tokio::spawn(session.quit());
        }
    }

    /// Closes the sessions that have been idle for too long, or all of them.
    pub(super) async fn close_idle(&self, all: bool) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for session in idle {
            if all || !session.is_usable() {
                self.metrics.session_closed();
                session.quit().await;
            } else {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
            }
        }
    }
}
