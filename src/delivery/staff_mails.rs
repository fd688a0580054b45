//! Mails to staff themselves, one after the other, beside the letters: with the same sessions and signature, but with no
//! count, no cap and no pause. Somebody who waits to see whether mail works must not wait for what keeps letters back.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::outcome::{Outcome, judge};
use super::transmit::send;
use crate::mail::{OutgoingMail, Reply, SendFailure};
use crate::store::StoreError;
use crate::store::staff_mails::{self, Sent, StaffMail};

/// How often it looks for one.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After so many failed tries one is given up: its reader has long looked for another way.
const MOST_TRIES: i32 = 4;

impl Context {
    /// Sends what waits until `stop`.
    pub(super) async fn send_staff_mails(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.next_staff_mail().await {
                Ok(true) => {}
                Ok(false) => pause(&stop).await,
                Err(error) => {
                    tracing::error!(%error, "mails to staff can't be taken or recorded yet");
                    pause(&stop).await;
                }
            }
        }
    }

    /// Sends the one that waits longest. False when there is none.
    async fn next_staff_mail(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        if !self.store.read(move |conn| staff_mails::any_due(conn, now)).await? {
            return Ok(false);
        }
        let Some(mail) = self.store.write(move |tx| staff_mails::take(tx, now)).await? else { return Ok(false) };
        let (id, failures) = (mail.id, mail.failures + 1);
        // A report about it comes back to the sender's address: it names no message.
        let result = send(&self.transport, &self.settings, &self.settings.mail_from, self.compose(mail)).await;
        let sent = match judge(&result) {
            Outcome::Sent => Sent::Accepted,
            Outcome::Later { .. } | Outcome::SlowDown { .. } if failures < MOST_TRIES => {
                Sent::Waits(self.clock.now().plus(self.settings.retries.first(rand::rng().random())))
            }
            _ => Sent::Failed,
        };
        tracing::info!(staff_mail = id, accepted = sent == Sent::Accepted, "a mail to staff was tried");
        let reply = said(&result);
        self.store.write(move |tx| staff_mails::record(tx, id, &sent, &reply)).await?;
        Ok(true)
    }

    fn compose(&self, mail: StaffMail) -> OutgoingMail {
        OutgoingMail {
            message_id: mail.message_id,
            date: mail.created_at,
            from_name: mail.from_name,
            from: self.settings.mail_from.clone(),
            // The supporter in it is made up: an answer would reach nobody.
            reply_to: None,
            to_name: String::new(),
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            html: None,
            automatic: true,
        }
    }
}

async fn pause(stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(LOOK_EVERY) => {}
    }
}

/// The server's words, or why there are none.
fn said(result: &Result<Reply, SendFailure>) -> String {
    let reply = match result {
        Ok(reply) => Some(reply),
        Err(failure) => failure.reply.as_ref(),
    };
    match (reply, result) {
        (Some(reply), _) => format!("{} {}", reply.code, reply.text),
        (None, Err(failure)) => failure.cause.clone(),
        (None, Ok(_)) => String::new(),
    }
}
