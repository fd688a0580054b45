//! One message in hand: built, sent, and what the server said.

use std::sync::Arc;
use std::time::Instant;

use super::sessions::Sessions;
use super::settings::SenderSettings;
use crate::domain::{EmailAddress, MessageKind};
use crate::mail::{Outbox, OutgoingMail, Reply, SendFailure, Step};
use crate::store::attempts::{AttemptResult, UNANSWERED};
use crate::store::queue::Claimed;

/// Where messages are handed over.
pub(super) enum Transport {
    /// Files, in development.
    Outbox(Outbox),
    /// A mail server.
    Smtp(Box<Sessions>),
}

/// Sends the message. The result is the server's, or says how far it got.
pub(super) async fn transmit(transport: &Transport, settings: &SenderSettings, work: &Claimed) -> Result<Reply, SendFailure> {
    send(transport, settings, &settings.return_path.of(work.id), compose(&settings.mail_from, work)).await
}

/// Sends a mail whose reports come back to `return_path`.
pub(super) async fn send(
    transport: &Transport,
    settings: &SenderSettings,
    return_path: &EmailAddress,
    mail: OutgoingMail,
) -> Result<Reply, SendFailure> {
    let refused = |step, cause: String| SendFailure { step, reply: None, cause, maybe_delivered: false };
    let bytes = mail.to_bytes().map_err(|error| SendFailure {
        // It will never build: the answer a server would give to it (RFC 3463: message content not acceptable).
        reply: Some(Reply { code: 550, enhanced: Some("5.6.0".into()), text: error.to_string() }),
        ..refused(Step::Data, error.to_string())
    })?;
    let bytes = match &settings.dkim {
        None => bytes,
        // A signature takes about a millisecond of a processor: the other sessions don't wait for it.
        Some(dkim) => {
            let (dkim, at) = (Arc::clone(dkim), mail.date);
            let signed = tokio::task::spawn_blocking(move || dkim.sign(&bytes, at)).await;
            let failed = || refused(Step::Connect, "the mail can't be signed: the machine gives no random numbers".into());
            signed.map_err(|_| failed())?.map_err(|_| failed())?
        }
    };
    match transport {
        Transport::Smtp(sessions) => {
            let mut session = sessions.take().await?;
            let result = session.send(return_path, &mail.to, &bytes).await;
            sessions.give_back(session);
            result
        }
        Transport::Outbox(outbox) => {
            let (outbox, id) = (outbox.clone(), mail.message_id.clone());
            let written = tokio::task::spawn_blocking(move || outbox.write(&id, &bytes)).await;
            match written {
                Ok(Ok(_)) => Ok(Reply { code: 250, enhanced: None, text: "written to the development outbox".into() }),
                Ok(Err(error)) => Err(refused(Step::Body, format!("the outbox can't be written: {error}"))),
                Err(_) => Err(refused(Step::Body, "the outbox can't be written".into())),
            }
        }
    }
}

fn compose(from: &EmailAddress, work: &Claimed) -> OutgoingMail {
    let letter = work.kind == MessageKind::Letter;
    OutgoingMail {
        message_id: work.message_id.clone(),
        date: work.queued_at,
        from_name: work.from_name.clone(),
        from: from.clone(),
        reply_to: letter.then(|| (work.supporter_name.clone(), work.supporter_email.clone())),
        to_name: work.to_name.clone(),
        to: work.to_email.clone(),
        subject: work.subject.clone(),
        text: work.text.clone(),
        html: work.html.clone(),
        automatic: !letter,
    }
}

/// What is kept of the attempt. Servers repeat addresses in their answers; the supporter's is taken out.
pub(super) fn kept(result: &Result<Reply, SendFailure>, work: &Claimed, started: Instant) -> AttemptResult {
    let (step, reply, cause) = match result {
        Ok(reply) => (Step::Body.as_str(), Some(reply), ""),
        Err(failure) if failure.maybe_delivered => (UNANSWERED, failure.reply.as_ref(), failure.cause.as_str()),
        Err(failure) => (failure.step.as_str(), failure.reply.as_ref(), failure.cause.as_str()),
    };
    let words = reply.map_or(cause, |reply| reply.text.as_str());
    AttemptResult {
        took: started.elapsed(),
        step,
        code: reply.map(|reply| reply.code),
        enhanced: reply.and_then(|reply| reply.enhanced.clone()),
        reply: work.supporter_email.hidden_in(words),
    }
}
