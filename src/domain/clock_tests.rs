//! Days, zones, and the hand that moves the clock.

use super::*;

#[test]
fn a_day_has_passed_when_it_has_in_every_state() {
    let day = Day::parse("2027-01-06").unwrap();
    assert_eq!(day.passed_at().rfc3339(), "2027-01-07T12:00:00Z");
    assert_eq!(Day::before(day.passed_at()), Some(day.clone()));
    let hawaii = TimeZone::parse("Pacific/Honolulu").unwrap();
    assert!(hawaii.day(day.passed_at()) > day);
    assert_eq!(Day::utc(day.passed_at()).as_str(), "2027-01-07");
    for wrong in ["", "2027-02-30", "6 January 2027", "01/06/2027", "2027-1-6", "2027-01-06T00:00", "20270106"] {
        assert!(Day::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Day::parse("9999-12-31").unwrap().passed_at(), Timestamp::from_millis(i64::MAX));
    assert_eq!(Day::before(Timestamp::from_millis(i64::MAX)), None);
}

#[test]
fn a_day_ends_at_midnight_in_the_campaigns_zone() {
    let boston = TimeZone::parse("America/New_York").unwrap();
    let late = Timestamp::from_millis(1_795_406_400_000); // 2026-11-23T04:00:00Z
    assert_eq!(boston.day(late).as_str(), "2026-11-22");
    assert_eq!(TimeZone::parse("UTC").unwrap().day(late).as_str(), "2026-11-23");
    assert_eq!(boston.moment_in_words(late), "November 22, 2026, 11:00 pm");
}

#[test]
fn a_day_is_read_whole_or_not_at_all() {
    assert_eq!(Day::parse(" 2026-03-30 ").unwrap().in_words(), "March 30, 2026");
    for bad in ["", "2026-07", "2026-02-30", "2026-3-30", "03/30/2026", "2026-03-30T10:00"] {
        assert!(Day::parse(bad).unwrap_err().to_string().contains("is no day"), "{bad}");
    }
}

#[test]
fn days_are_counted_by_the_calendar() {
    let day = Day::parse("2026-03-09").unwrap();
    assert_eq!(day.days_before(0), day);
    assert_eq!(day.days_before(9).as_str(), "2026-02-28");
    assert_eq!(day.days_since(&Day::parse("2025-12-31").unwrap()), 68);
    assert_eq!(day.days_since(&Day::parse("2026-03-10").unwrap()), 0);
}

#[test]
fn a_forms_date_and_time_are_those_of_the_zone() {
    let boston = TimeZone::parse("America/New_York").unwrap();
    let at = boston.at_local("2026-12-01T09:00").unwrap();
    assert_eq!((at.rfc3339().as_str(), boston.local_text(at).as_str()), ("2026-12-01T14:00:00Z", "2026-12-01T09:00"));
    assert_eq!(boston.at_local("2026-12-01T09:00:30").unwrap().rfc3339(), "2026-12-01T14:00:30Z");
    assert_eq!(boston.at_local("2026-03-08T02:30").unwrap().rfc3339(), "2026-03-08T07:30:00Z");
    for wrong in ["", "2026-12-01", "2026-13-01T09:00", "tomorrow", "2026-12-01T25:00"] {
        assert_eq!(boston.at_local(wrong), None, "{wrong}");
    }
}

#[test]
fn an_unknown_zone_is_named_in_the_error() {
    assert!(TimeZone::parse("Boston").unwrap_err().to_string().contains("\"Boston\""));
}

#[test]
fn a_clock_that_jumps_back_gives_no_negative_span() {
    let (early, late) = (Timestamp::from_millis(5), Timestamp::from_millis(9));
    assert_eq!(early.since(late), Duration::ZERO);
    assert_eq!(late.since(early), Duration::from_millis(4));
}
