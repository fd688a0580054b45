//! What the console says of the sender, and what staff may tell it.

use actix_web::web;

use super::super::Web;
use super::super::response::{Answer, Failure, see_other};
use super::act::{Act, Button};
use super::line::Line;
use super::session::Staff;
use super::words::{self, Done};
use crate::domain::{DistrictName, Pause, PauseKind, PauseScope, Timestamp};
use crate::store::{Reader, StoreError, pauses};

/// How many slowed destinations are named before the rest is only counted.
const NAMED: usize = 5;

/// What rests, with the names of the offices concerned.
#[derive(Default)]
pub(super) struct Sending {
    rests: Vec<(Pause, Option<DistrictName>)>,
}

impl Sending {
    /// Reads it from the store.
    pub(super) fn read(conn: &mut Reader) -> Result<Self, StoreError> {
        let rests = pauses::all(conn)?;
        let offices = if rests.is_empty() { Vec::new() } else { pauses::offices(conn)? };
        let office = |scope: &PauseScope| match scope {
            PauseScope::Destination(id) => offices.iter().find(|(known, _)| known == id).map(|(_, office)| office.clone()),
            _ => None,
        };
        let rests = rests.into_iter().map(|pause| {
            let office = office(&pause.scope);
            (pause, office)
        });
        Ok(Self { rests: rests.collect() })
    }

    /// How one destination rests now, in a word; `None` when it does not.
    pub(super) fn of_destination(&self, destination: i64, domain: Option<&str>, now: Timestamp) -> Option<&'static str> {
        let concerns = |scope: &PauseScope| match scope {
            PauseScope::All => true,
            PauseScope::Domain(name) => domain == Some(name.as_str()),
            PauseScope::Destination(id) => *id == destination,
        };
        let mut kinds =
            self.rests.iter().filter(|(pause, _)| pause.holds(now) && concerns(&pause.scope)).map(|(pause, _)| pause.kind);
        let first = kinds.next()?;
        let stopped = first.stops() || kinds.any(PauseKind::stops);
        Some(if stopped { "Stopped" } else { "Slowed down" })
    }

    /// Whether there is something for staff to resume.
    pub(super) fn rests(&self, now: Timestamp) -> bool {
        self.rests.iter().any(|(pause, _)| pause.holds(now))
    }

    /// "Running. 12 letters wait to be sent.", or since when and why not, and what to do.
    pub(super) fn line(&self, waiting: i64, now: Timestamp) -> Line {
        let wait = match waiting {
            0 => "No letter waits to be sent.".to_owned(),
            n => format!("{} {} to be sent.", words::letters(n), words::plural(n, "waits", "wait")),
        };
        let held: Vec<_> = self.rests.iter().filter(|(pause, _)| pause.holds(now)).collect();
        let (stopped, slowed): (Vec<_>, Vec<_>) = held.into_iter().partition(|(pause, _)| pause.kind.stops());
        let all = |list: &[&(Pause, Option<DistrictName>)]| {
            list.iter().find(|(pause, _)| pause.scope == PauseScope::All).map(|(pause, _)| pause.clone())
        };
        if let Some(pause) = all(&stopped) {
            return line("trouble", format!("{} {wait}", stopped_words(&pause, now)));
        }
        let mut said = vec![match all(&slowed) {
            Some(pause) => format!(
                "Slowed down for another {}: the mail server asked for it. It said: \"{}\". It goes on by itself.",
                words::wait(pause.until.since(now)),
                pause.reason
            ),
            None => "Running.".to_owned(),
        }];
        for (pause, office) in &stopped {
            said.push(format!(
                "No letter goes to {} (stopped {}): its mail server refuses us. It said: \"{}\". Ask the office to let \
                 letters from your address in, then resume. One letter is tried from time to time.",
                name(pause, office.as_ref()),
                words::ago(now.since(pause.since)),
                pause.reason
            ));
        }
        let names: Vec<String> = slowed
            .iter()
            .filter(|(pause, _)| pause.scope != PauseScope::All)
            .map(|(pause, office)| name(pause, office.as_ref()))
            .collect();
        if !names.is_empty() {
            let more = names.len().saturating_sub(NAMED);
            let listed = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            said.push(format!("Slowed down, as their mail servers asked: {listed}{more}."));
        }
        let tone = if stopped.is_empty() { if waiting == 0 && names.is_empty() { "done" } else { "wait" } } else { "trouble" };
        said.push(wait);
        line(tone, said.join(" "))
    }
}

fn line(tone: &str, text: String) -> Line {
    Line { tone: tone.into(), text }
}

fn stopped_words(pause: &Pause, now: Timestamp) -> String {
    if pause.kind == PauseKind::Blocked {
        return format!(
            "Paused {}: letters to several offices came back because our mail server is blocked. The last report said: \"{}\". Ask whoever \
             runs the mail server to have the block lifted, then resume. Nothing is sent before you do.",
            words::ago(now.since(pause.since)),
            pause.reason
        );
    }
    let next = match pause.until.since(now) {
        wait if wait.is_zero() => "now".to_owned(),
        wait => format!("in {}", words::wait(wait)),
    };
    format!(
        "Paused {}: the mail server refuses us, not the letters. It said: \"{}\". No letter is lost and none counts as failed. \
         Check SMTP_URL (address, name, password) and MAIL_FROM, or ask whoever runs the mail server. One letter is tried again \
         {next}; as soon as it goes through, the others follow by themselves.",
        words::ago(now.since(pause.since)),
        pause.reason
    )
}

fn name(pause: &Pause, office: Option<&DistrictName>) -> String {
    match (&pause.scope, office) {
        (_, Some(office)) => office.in_words(),
        (PauseScope::Domain(domain), None) => format!("every mailbox at {domain}"),
        (PauseScope::Destination(_) | PauseScope::All, None) => "an office".to_owned(),
    }
}

/// `POST /staff/sending/resume`.
pub(super) async fn resume(web: web::Data<Web>, staff: Staff, _: Act<Button>) -> Answer {
    web.staff_actions.resume_sending(&staff.actor()).await?;
    Ok(see_other("/staff"))
}

/// `POST /staff/sending/blocked-again`: the letters that came back because our server was blocked go again.
pub(super) async fn blocked_again(web: web::Data<Web>, staff: Staff, _: Act<Button>) -> Answer {
    let letters = web.staff_actions.send_blocked_again(&staff.actor()).await?;
    Ok(Done::BlockedAgain.if_so(letters > 0).at("/staff/sending"))
}

/// `POST /staff/mailboxes/{official}/release`: the mailbox is right after all; letters to it go out again.
pub(super) async fn release(web: web::Data<Web>, staff: Staff, official: web::Path<i64>, _: Act<Button>) -> Answer {
    if !web.staff_actions.release_mailbox(&staff.actor(), *official).await? {
        return Err(Failure::NotFound);
    }
    Ok(see_other("/staff"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::Chamber;

    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn said(rests: Vec<(Pause, Option<DistrictName>)>, waiting: i64) -> (String, String) {
        let Line { tone, text } = Sending { rests }.line(waiting, NOW);
        (tone, text)
    }

    fn pause(scope: PauseScope, kind: PauseKind) -> Pause {
        let (since, until) = (NOW.minus(Duration::from_hours(5)), NOW.plus(Duration::from_mins(3)));
        Pause { scope, kind, reason: "535 5.7.8 no".into(), since, until, times: 3 }
    }

    #[test]
    fn the_sender_is_told_in_plain_words() {
        assert_eq!(said(vec![], 0), ("done".into(), "Running. No letter waits to be sent.".into()));
        assert_eq!(said(vec![], 2), ("wait".into(), "Running. 2 letters wait to be sent.".into()));
        let (tone, text) = said(vec![(pause(PauseScope::All, PauseKind::Stop), None)], 2);
        assert_eq!(tone, "trouble");
        for words in ["Paused 5 hours ago", "535 5.7.8 no", "SMTP_URL", "in 3 minutes", "2 letters wait"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let office = DistrictName::new(Chamber::Upper, "First Harbor");
        let (_, text) = said(vec![(pause(PauseScope::Destination(2), PauseKind::SlowDown), Some(office.clone()))], 1);
        assert!(text.contains("Slowed down, as their mail servers asked: State Senate, First Harbor."), "{text}");
        let (tone, text) = said(vec![(pause(PauseScope::Destination(2), PauseKind::Stop), Some(office))], 1);
        assert!(tone == "trouble" && text.contains("No letter goes to State Senate, First Harbor"), "{text}");
        let mut over = pause(PauseScope::Domain("senate.example".into()), PauseKind::SlowDown);
        over.until = NOW;
        assert_eq!(said(vec![(over, None)], 0).0, "done");
    }
}
