use super::*;
use crate::domain::EmailAddress;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn work(kind: MessageKind, failures: u32, age: Duration) -> Claimed {
    let address = EmailAddress::parse("office@Senate.example").unwrap();
    Claimed {
        id: 1,
        attempt_id: 1,
        kind,
        destination_id: 2,
        office_id: Some(7),
        counted: (1, "Saltwick".into(), "2026-11-22".into()),
        official_id: (kind == MessageKind::Letter).then_some(7),
        message_id: "<1@example.org>".into(),
        failures,
        queued_at: NOW.minus(age),
        supporter_name: "Ana".into(),
        supporter_email: address.clone(),
        to_name: "Wren".into(),
        to_email: address,
        from_name: "Ana via Test".into(),
        subject: "s".into(),
        text: "t".into(),
        html: None,
    }
}

fn of(outcome: Outcome, work: &Claimed) -> (Disposition, Effect) {
    consequence(outcome, work, &RetrySchedule::default(), 0.5, NOW, NOW)
}

fn later(asked: Option<u64>, failures: u32, hours: u64) -> Disposition {
    let outcome = Outcome::Later { asked: asked.map(Duration::from_secs), counts: true };
    of(outcome, &work(MessageKind::Letter, failures, Duration::from_hours(hours))).0
}

const fn minutes(n: u64) -> Timestamp {
    Timestamp::from_millis(NOW.millis() + 60_000 * n.cast_signed())
}

#[test]
fn retries_follow_the_schedule_or_the_servers_wish() {
    assert_eq!(later(None, 0, 0), Disposition::Retry(minutes(5)));
    assert_eq!(later(None, 1, 0), Disposition::Retry(minutes(15)));
    assert_eq!(later(Some(600), 0, 0), Disposition::Retry(minutes(11)), "with some spread");
    assert_eq!(later(Some(60), 3, 0), Disposition::Retry(minutes(120)), "who says soon for ever is not believed");
    assert_eq!(later(None, 4, 120), Disposition::Failed, "five days are enough");
    assert_eq!(later(None, 0, 300), Disposition::Retry(minutes(5)), "waiting in line was no try");
}

#[test]
fn what_is_not_the_letters_fault_uses_up_none_of_its_tries() {
    let letter = work(MessageKind::Letter, 0, Duration::ZERO);
    assert_eq!(of(Outcome::Later { asked: None, counts: false }, &letter), (Disposition::Postponed(minutes(5)), Effect::None));
    for (reach, scope) in [
        (Reach::All, PauseScope::All),
        (Reach::Domain, PauseScope::Domain("senate.example".into())),
        (Reach::Destination, PauseScope::Destination(2)),
    ] {
        let slow = of(Outcome::SlowDown { reach, asked: None }, &letter);
        assert_eq!(slow, (Disposition::Postponed(NOW), Effect::Rest(scope.clone(), PauseKind::SlowDown, None)));
        let (disposition, effect) = of(Outcome::OurFault(reach), &letter);
        assert!(matches!(disposition, Disposition::Postponed(_)), "{disposition:?}");
        assert_eq!(effect, Effect::Rest(scope, PauseKind::Stop, None));
    }
}

#[test]
fn a_dead_mailbox_is_marked_once_for_all_its_letters() {
    let letter = work(MessageKind::Letter, 0, Duration::ZERO);
    assert_eq!(of(Outcome::DeadMailbox, &letter), (Disposition::Failed, Effect::Dead(7)));
    assert_eq!(of(Outcome::Refused, &letter), (Disposition::Failed, Effect::None));
}

#[test]
fn a_supporters_mailbox_stops_nobody_elses_mail() {
    let notice = work(MessageKind::Confirmation, 0, Duration::ZERO);
    assert_eq!(of(Outcome::DeadMailbox, &notice), (Disposition::Failed, Effect::None));
    assert_eq!(of(Outcome::OurFault(Reach::Destination), &notice), (Disposition::Failed, Effect::None));
    let slow = of(Outcome::SlowDown { reach: Reach::Domain, asked: None }, &notice);
    assert_eq!(slow, (Disposition::Postponed(minutes(5)), Effect::None));
    assert!(matches!(of(Outcome::OurFault(Reach::All), &notice).1, Effect::Rest(PauseScope::All, PauseKind::Stop, None)));
}
