use proptest::prelude::*;

use super::*;

const MINUTE: i64 = 60_000;

fn zone(name: &str) -> TimeZone {
    TimeZone::parse(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn office_hours() -> SendingHours {
    SendingHours::new(0b001_1111, 9 * 60, 17 * 60).unwrap()
}

#[test]
fn office_hours_end_on_friday_and_begin_on_monday() {
    let (hours, boston) = (office_hours(), zone("America/New_York"));
    let friday = at("2026-11-20T21:59:59Z");
    assert!(hours.open_at(&boston, friday));
    assert_eq!(hours.next_closing(&boston, friday), Some(at("2026-11-20T22:00:00Z")));
    assert!(!hours.open_at(&boston, at("2026-11-20T22:00:00Z")));
    assert_eq!(hours.next_opening(&boston, at("2026-11-20T22:00:00Z")), Some(at("2026-11-23T14:00:00Z")));
    assert_eq!(hours.next_opening(&boston, friday), Some(friday));
    // Ten hours of work from Friday at four: one on Friday, eight on Monday, one on Tuesday.
    assert_eq!(hours.done_at(&boston, at("2026-11-20T21:00:00Z"), Duration::from_hours(10)), at("2026-11-24T15:00:00Z"));
    assert_eq!(hours.in_words(), "Monday to Friday, 09:00 to 17:00");
}

#[test]
fn the_clocks_go_forward_over_the_opening_and_back_through_it() {
    let boston = zone("America/New_York");
    // On March 8, 2026 it is never 2:30; on November 1 it is 1:30 twice.
    let hours = SendingHours::new(0b111_1111, 150, 240).unwrap();
    assert_eq!(hours.next_opening(&boston, at("2026-03-08T05:00:00Z")), Some(at("2026-03-08T07:00:00Z")));
    let hours = SendingHours::new(0b111_1111, 60, 90).unwrap();
    let opening = hours.next_opening(&boston, at("2026-11-01T04:00:00Z")).unwrap();
    assert_eq!(opening, at("2026-11-01T05:00:00Z"));
    let closing = hours.next_closing(&boston, opening).unwrap();
    assert_eq!(closing, at("2026-11-01T05:30:00Z"));
    assert_eq!(hours.next_opening(&boston, closing), Some(at("2026-11-01T06:00:00Z")), "the hour comes again");
}

#[test]
fn always_never_closes_and_nonsense_is_refused_in_words() {
    let boston = zone("America/New_York");
    let now = at("2026-11-20T22:00:00Z");
    assert_eq!(SendingHours::ALWAYS.next_closing(&boston, now), None);
    assert_eq!(SendingHours::ALWAYS.done_at(&boston, now, Duration::from_hours(9)), now.plus(Duration::from_hours(9)));
    assert_eq!(SendingHours::new(0, 0, 60), Err(HoursError::NoDay));
    assert_eq!(SendingHours::new(128, 0, 60), Err(HoursError::NoDay));
    for (from, until) in [(600, 600), (601, 600)] {
        assert_eq!(SendingHours::new(1, from, until), Err(HoursError::Reversed));
    }
    assert_eq!(SendingHours::new(1, 0, 1441), Err(HoursError::NoTime));
    assert_eq!(["09:30", "9:30", "24:00", "0:00"].map(SendingHours::minute), [Ok(570), Ok(570), Ok(1440), Ok(0)]);
    for wrong in ["", "9", "25:00", "24:01", "09:60", "-1:00", "09:00:00", "+9:00", "nine"] {
        assert_eq!(SendingHours::minute(wrong), Err(HoursError::NoTime), "{wrong}");
    }
}

/// Zones whose clocks jump by an hour at night, by an hour at midnight, by half an hour, and never.
const ZONES: [&str; 5] = ["America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Honolulu", "Europe/Dublin"];

fn hours() -> impl Strategy<Value = SendingHours> {
    (1_u8..128, 0_u16..1440, 1_u16..=1440)
        .prop_filter_map("an end after the beginning", |(days, from, until)| SendingHours::new(days, from, until).ok())
}

/// Around the changes of 2026 in all these zones, and elsewhere in the year.
fn moments() -> impl Strategy<Value = Timestamp> {
    let near = |text: &'static str| (-3 * 1440_i64..3 * 1440).prop_map(move |minutes| minutes_from(at(text), minutes));
    prop_oneof![
        near("2026-03-08T07:00:00Z"),
        near("2026-11-01T06:00:00Z"),
        near("2026-03-28T22:00:00Z"),
        near("2026-10-24T21:00:00Z"),
        near("2026-04-04T15:00:00Z"),
        near("2026-10-03T15:30:00Z"),
        near("2026-07-15T12:00:00Z"),
    ]
}

fn minutes_from(at: Timestamp, minutes: i64) -> Timestamp {
    Timestamp::from_millis(at.millis() + minutes * MINUTE)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// What is worked out is what somebody sees who looks at the clock each minute.
    #[test]
    fn the_next_opening_and_closing_are_those_that_a_watcher_sees(hours in hours(), at in moments(), zone_at in 0_usize..5) {
        let zone = zone(ZONES[zone_at]);
        let watched = |open: bool| (0..15 * 1440).map(|n| minutes_from(at, n)).find(|at| hours.open_at(&zone, *at) == open);
        prop_assert_eq!(hours.next_opening(&zone, at), watched(true));
        if hours.open_at(&zone, at) {
            prop_assert_eq!(hours.next_closing(&zone, at), watched(false));
        }
    }

    /// Work is done in open time, and takes exactly as much of it.
    #[test]
    fn work_takes_open_time_only(hours in hours(), at in moments(), zone_at in 0_usize..5, minutes in 1_i64..600) {
        let zone = zone(ZONES[zone_at]);
        let done = hours.done_at(&zone, at, Duration::from_mins(minutes.unsigned_abs()));
        let length = (done.millis() - at.millis()) / MINUTE;
        prop_assume!(length < 40 * 1440);
        let open = (0..length).filter(|n| hours.open_at(&zone, minutes_from(at, *n))).count();
        prop_assert_eq!(i64::try_from(open).unwrap(), minutes);
    }
}
