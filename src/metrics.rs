//! What the service counts of itself, for `/metrics`; the only room that knows prometheus-client.
//!
//! Nothing here names a person, an office or an address: labels have a handful of values each. Names and units follow
//! <https://prometheus.io/docs/practices/naming/>.

use std::time::Duration;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::domain::{MessageKind, MessageState, PauseKind, PauseScope, ReturnKind};

type Labels<const N: usize> = [(&'static str, &'static str); N];

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The numbers of this process, since it began.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    attempts: Family<Labels<2>, Counter>,
    attempt_seconds: Histogram,
    sessions_opened: Counter,
    sessions_open: Gauge,
    in_hand: Gauge,
    limiter_waits: Family<Labels<1>, Counter>,
    commit_jobs: Histogram,
    mailbox_connected: Family<Labels<1>, Gauge>,
    mailbox_mails: Family<Labels<1>, Counter>,
}

/// What the database says at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Waiting messages by destination class (`supporters`, `offices`), and how long the one that is due first has been due.
    pub queues: Vec<(&'static str, i64, Duration)>,
    /// Letters by state, over all campaigns.
    pub letters: Vec<(MessageState, i64)>,
    /// Supporters who signed up, and who confirmed, over all campaigns.
    pub supporters: (i64, i64),
    /// What came back: about our messages, and naming none.
    pub returns: Vec<(ReturnKind, i64, i64)>,
    /// What rests now.
    pub pauses: Vec<(PauseScope, PauseKind)>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("standout");
        let attempts = Family::<Labels<2>, Counter>::default();
        registry.register("attempts", "Tries to hand a message over, by kind of message and outcome", attempts.clone());
        let attempt_seconds = Histogram::new(exponential_buckets(0.001, 2.0, 16));
        registry.register(
            "attempt_seconds",
            "How long a try took, from taking a session to the last answer",
            attempt_seconds.clone(),
        );
        let sessions_opened = Counter::default();
        registry.register("smtp_sessions_opened", "SMTP sessions that were opened", sessions_opened.clone());
        let sessions_open = Gauge::default();
        registry.register("smtp_sessions_open", "SMTP sessions that are open now, idle ones too", sessions_open.clone());
        let in_hand = Gauge::default();
        registry.register("messages_in_hand", "Messages that are being sent now", in_hand.clone());
        let limiter_waits = Family::<Labels<1>, Counter>::default();
        registry.register(
            "limiter_waits",
            "Times that a destination with work had to wait, by what held it",
            limiter_waits.clone(),
        );
        let commit_jobs = Histogram::new(exponential_buckets(1.0, 2.0, 6));
        registry.register("commit_jobs", "Changes that were written in one commit", commit_jobs.clone());
        let mailbox_connected = Family::<Labels<1>, Gauge>::default();
        registry.register(
            "mailbox_connected",
            "1 while the mailbox of returned mail (BOUNCE_IMAP_URL) is open, 0 while it can't be reached",
            mailbox_connected.clone(),
        );
        let mailbox_mails = Family::<Labels<1>, Counter>::default();
        registry.register("mailbox_mails", "Mails of that mailbox, by what was done with them", mailbox_mails.clone());
        Self {
            registry,
            attempts,
            attempt_seconds,
            sessions_opened,
            sessions_open,
            in_hand,
            limiter_waits,
            commit_jobs,
            mailbox_connected,
            mailbox_mails,
        }
    }
}

impl Metrics {
    /// A try ended: `outcome` is `sent`, `retry`, `postponed` or `failed`.
    pub fn attempted(&self, kind: MessageKind, outcome: &'static str, took: Duration) {
        self.attempts.get_or_create(&[("kind", kind.as_str()), ("outcome", outcome)]).inc();
        self.attempt_seconds.observe(took.as_secs_f64());
    }

    /// A session was opened.
    pub fn session_opened(&self) {
        self.sessions_opened.inc();
        self.sessions_open.inc();
    }

    /// A session ended.
    pub fn session_closed(&self) {
        self.sessions_open.dec();
    }

    /// So many messages are in hand now.
    pub fn in_hand(&self, messages: usize) {
        self.in_hand.set(i64::try_from(messages).unwrap_or(i64::MAX));
    }

    /// A destination had to wait for `limit`: `pace` or `cap`. What rests is told by the gauge `pauses`.
    pub fn waited(&self, limit: &'static str) {
        self.limiter_waits.get_or_create(&[("limit", limit)]).inc();
    }

    /// The mailbox of returned mail is open, or not.
    pub fn mailbox_connected(&self, open: bool) {
        self.mailbox_connected.get_or_create(&[("mailbox", "returned")]).set(i64::from(open));
    }

    /// A mail of that mailbox was `recorded`, set aside as `unmatched`, left for `later`, or left as `unreadable`.
    pub fn mailbox_mail(&self, outcome: &'static str) {
        self.mailbox_mails.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// So many changes went into one commit.
    #[allow(clippy::cast_precision_loss)] // A group is small.
    pub fn committed(&self, jobs: usize) {
        self.commit_jobs.observe(jobs as f64);
    }

    /// All numbers, in the text of `OpenMetrics` (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
    #[must_use]
    pub fn text(&self, now: &Snapshot) -> String {
        let mut out = String::new();
        // Writing to memory does not fail.
        let _ = encode_registry(&mut out, &self.registry);
        let _ = encode_registry(&mut out, &registry_of(now));
        let _ = encode_eof(&mut out);
        out
    }
}

fn registry_of(now: &Snapshot) -> Registry {
    let mut registry = Registry::with_prefix("standout");
    let waiting = Family::<Labels<1>, Gauge>::default();
    let oldest = Family::<Labels<1>, Gauge>::default();
    for (class, count, age) in &now.queues {
        waiting.get_or_create(&[("class", *class)]).set(*count);
        oldest.get_or_create(&[("class", *class)]).set(i64::try_from(age.as_secs()).unwrap_or(i64::MAX));
    }
    registry.register("queue_messages", "Messages that wait to be sent, by class of destination", waiting);
    registry.register(
        "queue_oldest_seconds",
        "How long the message that was due first has been due, by class of destination",
        oldest,
    );
    let letters = Family::<Labels<1>, Gauge>::default();
    for (state, count) in &now.letters {
        letters.get_or_create(&[("state", state.as_str())]).set(*count);
    }
    registry.register("letters", "Letters by state; they add up to all letters", letters);
    let (signed_up, confirmed) = (Gauge::<i64>::default(), Gauge::<i64>::default());
    signed_up.set(now.supporters.0);
    confirmed.set(now.supporters.1);
    registry.register("signed_up", "Sign-ups", signed_up);
    registry.register("confirmed", "Sign-ups that were confirmed", confirmed);
    let returns = Family::<Labels<2>, Counter>::default();
    for (kind, ours, unmatched) in &now.returns {
        for (matched, count) in [("yes", *ours), ("no", *unmatched)] {
            returns.get_or_create(&[("kind", kind.as_str()), ("matched", matched)]).inc_by(u64::try_from(count).unwrap_or(0));
        }
    }
    registry.register("returns", "Mails that came back, by what they are and whether they name a message of ours", returns);
    let pauses = Family::<Labels<2>, Gauge>::default();
    for (scope, kind) in PAUSES {
        let count = now.pauses.iter().filter(|(of, by)| scope_word(of) == scope && by.as_str() == kind).count();
        pauses.get_or_create(&[("scope", scope), ("kind", kind)]).set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    registry.register("pauses", "What rests now, by how far it reaches and why", pauses);
    registry
}

/// Each is always there, so that an alert can rest on it.
const PAUSES: [(&str, &str); 7] = [
    ("all", "stop"),
    ("all", "blocked"),
    ("all", "slow_down"),
    ("domain", "stop"),
    ("domain", "slow_down"),
    ("destination", "stop"),
    ("destination", "slow_down"),
];

const fn scope_word(scope: &PauseScope) -> &'static str {
    match scope {
        PauseScope::All => "all",
        PauseScope::Domain(_) => "domain",
        PauseScope::Destination(_) => "destination",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_comment_or_a_number_and_the_end_is_told() {
        let metrics = Metrics::default();
        metrics.attempted(MessageKind::Letter, "sent", Duration::from_millis(3));
        metrics.session_opened();
        metrics.waited("pace");
        metrics.committed(5);
        let text = metrics.text(&Snapshot {
            queues: vec![("offices", 7, Duration::from_secs(90))],
            letters: vec![(MessageState::Sent, 3)],
            supporters: (2, 1),
            returns: vec![(ReturnKind::Failed, 1, 0)],
            pauses: vec![(PauseScope::Domain("senate.example".into()), PauseKind::SlowDown)],
        });
        assert!(text.ends_with("# EOF\n") && text.matches("# EOF").count() == 1);
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with("standout_") && value.parse::<f64>().is_ok(), "{line}");
        }
        for line in [
            "standout_attempts_total{kind=\"letter\",outcome=\"sent\"} 1",
            "standout_queue_oldest_seconds{class=\"offices\"} 90",
            "standout_letters{state=\"sent\"} 3",
            "standout_returns_total{kind=\"failed\",matched=\"yes\"} 1",
            "standout_pauses{scope=\"domain\",kind=\"slow_down\"} 1",
            "standout_pauses{scope=\"all\",kind=\"stop\"} 0",
        ] {
            assert!(text.lines().any(|have| have == line), "{line} in\n{text}");
        }
        assert!(!text.contains("senate.example"));
    }
}
