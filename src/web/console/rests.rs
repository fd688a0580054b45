//! What mail servers have rest, in the words of the console.

use super::words;
use crate::domain::{DistrictName, Pause, PauseKind, PauseScope, Timestamp};
use crate::store::{Reader, StoreError, pauses};

/// How many slowed destinations are named before the rest is only counted.
const NAMED: usize = 5;

/// What rests, with the names of the offices concerned.
#[derive(Default)]
pub(super) struct Rests {
    all: Vec<(Pause, Option<DistrictName>)>,
}

impl Rests {
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
        Ok(Self { all: rests.collect() })
    }

    /// How one destination rests now, in a word; `None` when it does not.
    pub(super) fn of_destination(&self, destination: i64, domain: Option<&str>, now: Timestamp) -> Option<&'static str> {
        let concerns = |scope: &PauseScope| match scope {
            PauseScope::All => true,
            PauseScope::Domain(name) => domain == Some(name.as_str()),
            PauseScope::Destination(id) => *id == destination,
        };
        let mut kinds =
            self.all.iter().filter(|(pause, _)| pause.holds(now) && concerns(&pause.scope)).map(|(pause, _)| pause.kind);
        let first = kinds.next()?;
        let stopped = first.stops() || kinds.any(PauseKind::stops);
        Some(if stopped { "Stopped" } else { "Slowed down" })
    }

    /// Whether there is something for staff to resume.
    pub(super) fn any(&self, now: Timestamp) -> bool {
        self.all.iter().any(|(pause, _)| pause.holds(now))
    }

    /// What rests now.
    pub(super) fn held(&self, now: Timestamp) -> impl Iterator<Item = &Pause> {
        self.all.iter().map(|(pause, _)| pause).filter(move |pause| pause.holds(now))
    }

    #[cfg(test)]
    pub(super) fn of(pause: Pause) -> Self {
        Self { all: vec![(pause, None)] }
    }

    /// Which offices' servers refuse us, with what to do, and which asked to slow down; a sentence each.
    pub(super) fn of_offices(&self, now: Timestamp) -> Vec<String> {
        let of_one = |(pause, _): &&(Pause, Option<DistrictName>)| pause.holds(now) && pause.scope != PauseScope::All;
        let (stopped, slowed): (Vec<_>, Vec<_>) = self.all.iter().filter(of_one).partition(|(pause, _)| pause.kind.stops());
        let mut said: Vec<String> = stopped
            .into_iter()
            .map(|(pause, office)| {
                format!(
                    "No letter goes to {} (stopped {}): its mail server refuses us. It said: \"{}\". Ask the office to let \
                 letters from your address in, then resume. One letter is tried from time to time.",
                    name(pause, office.as_ref()),
                    words::ago(now.since(pause.since)),
                    pause.reason
                )
            })
            .collect();
        let names: Vec<String> = slowed.into_iter().map(|(pause, office)| name(pause, office.as_ref())).collect();
        if !names.is_empty() {
            let more = names.len().saturating_sub(NAMED);
            let listed = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            said.push(format!("Slowed down, as their mail servers asked: {listed}{more}."));
        }
        said
    }
}

/// Since when, why, and what to do.
pub(super) fn stopped_by_server(pause: &Pause, now: Timestamp) -> String {
    let since = words::ago(now.since(pause.since));
    match (pause.kind, &pause.scope) {
        (PauseKind::Blocked, _) => format!(
            "{since}: letters to several offices came back because our mail server is blocked. The last report said: \"{}\". Ask whoever \
             runs the mail server to have the block lifted, then resume. Nothing is sent before you do.",
            pause.reason
        ),
        (_, PauseScope::All) => {
            let next = match pause.until.since(now) {
                wait if wait.is_zero() => "now".to_owned(),
                wait => format!("in {}", words::wait(wait)),
            };
            format!(
                "{since}: the mail server refuses us, not the letters. It said: \"{}\". No letter is lost and none counts as failed. \
                 Check SMTP_URL (address, name, password) and MAIL_FROM, or ask whoever runs the mail server. One letter is tried again \
                 {next}; as soon as it goes through, the others follow by themselves.",
                pause.reason
            )
        }
        (_, PauseScope::Domain(_) | PauseScope::Destination(_)) => format!(
            "{since}: the office's mail server refuses us. It said: \"{}\". Ask the office to let letters from your address in, then \
             resume. One letter is tried from time to time.",
            pause.reason
        ),
    }
}

/// For how long, and that it ends by itself.
pub(super) fn slowed_by_server(pause: &Pause, now: Timestamp) -> String {
    format!(
        "for another {}: the mail server asked for it. It said: \"{}\". It goes on by itself.",
        words::wait(pause.until.since(now)),
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::Chamber;

    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn pause(scope: PauseScope, kind: PauseKind) -> Pause {
        let (since, until) = (NOW.minus(Duration::from_hours(5)), NOW.plus(Duration::from_mins(3)));
        Pause { scope, kind, reason: "535 5.7.8 no".into(), since, until, times: 3 }
    }

    #[test]
    fn offices_that_rest_are_named_with_what_to_do() {
        let office = DistrictName::new(Chamber::Upper, "First Harbor");
        let said = |scope, kind, office: Option<DistrictName>| Rests { all: vec![(pause(scope, kind), office)] }.of_offices(NOW);
        let slowed = said(PauseScope::Destination(2), PauseKind::SlowDown, Some(office.clone()));
        assert_eq!(slowed, ["Slowed down, as their mail servers asked: State Senate, First Harbor."]);
        let stopped = said(PauseScope::Destination(2), PauseKind::Stop, Some(office));
        assert!(stopped[0].starts_with("No letter goes to State Senate, First Harbor (stopped 5 hours ago)"), "{stopped:?}");
        assert!(said(PauseScope::All, PauseKind::Stop, None).is_empty(), "the status line says it");
        let mut over = pause(PauseScope::Domain("senate.example".into()), PauseKind::SlowDown);
        over.until = NOW;
        assert!(Rests::of(over).of_offices(NOW).is_empty());
    }
}
