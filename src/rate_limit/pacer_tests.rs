//! The paces, over hours of a clock that the test moves.

use super::*;
use crate::domain::Timestamp;
use proptest::prelude::*;

fn clock() -> Clock {
    Clock::manual(Timestamp::from_millis(1_795_000_000_000))
}

/// Asks every `step` for `span`, and gives the times (ms) at which a letter went.
fn run(pacer: &Pacer, clock: &Clock, destination: i64, step: u64, span: u64) -> Vec<u64> {
    let mut went = Vec::new();
    for at in (0..span).step_by(usize::try_from(step).unwrap()) {
        if pacer.check(destination).is_ok() {
            went.push(at);
        }
        clock.advance(Duration::from_millis(step));
    }
    went
}

#[test]
fn twenty_a_minute_are_one_every_three_seconds_after_a_burst_of_five() {
    let clock = clock();
    let pacer = Pacer::new(20, 0.0, clock.clone());
    for _ in 0..5 {
        assert_eq!(pacer.check(1), Ok(()));
    }
    assert_eq!(pacer.check(1), Err(Duration::from_secs(3)));
    assert_eq!(pacer.check(2), Ok(()), "another mailbox is not concerned");
    clock.advance(Duration::from_secs(3));
    assert_eq!(pacer.check(1), Ok(()));
    assert!(pacer.check(1).is_err());
}

#[test]
fn a_restart_brings_no_burst_of_its_own() {
    let clock = clock();
    let ago = |seconds: &[u64]| seconds.iter().map(|s| (1, Duration::from_secs(*s))).collect::<Vec<_>>();
    let at_once = |sent: &[u64]| {
        let pacer = Pacer::new(20, 0.0, clock.clone());
        pacer.remember(ago(sent));
        (0..9).take_while(|_| pacer.check(1).is_ok()).count()
    };
    assert_eq!(at_once(&[0, 0, 0, 0, 0]), 0);
    assert_eq!(at_once(&[3, 3, 3, 3, 3]), 1, "three seconds have given one back");
    assert_eq!(at_once(&[59, 59, 59, 59, 59]), 5);
    assert_eq!(at_once(&[40, 30, 20, 10, 1]), 4);
    assert_eq!(at_once(&[]), 5);
}

#[test]
fn a_pace_of_its_own_begins_without_a_burst_and_concerns_nobody_else() {
    let clock = clock();
    let pacer = Pacer::new(20, 0.0, clock.clone());
    pacer.set_own(&HashMap::from([(7, 2)]));
    assert_eq!(pacer.check(7), Err(Duration::from_secs(30)));
    assert_eq!((0..9).take_while(|_| pacer.check(8).is_ok()).count(), 5);
    // Said again and again, as each look does, it stays what it is.
    let mut went = 0;
    for _ in 0..600 {
        clock.advance(Duration::from_secs(1));
        pacer.set_own(&HashMap::from([(7, 2)]));
        went += usize::from(pacer.check(7).is_ok());
    }
    assert_eq!(went, 20);
    pacer.set_own(&HashMap::from([(7, 60)]));
    clock.advance(Duration::from_secs(10));
    assert_eq!((0..9).take_while(|_| pacer.check(7).is_ok()).count(), 5);
    pacer.set_own(&HashMap::new());
    assert_eq!((0..9).take_while(|_| pacer.check(7).is_ok()).count(), 5, "the common pace again");
}

#[test]
fn a_pace_of_its_own_loses_nothing_to_a_busy_whole() {
    let clock = clock();
    let pacer = Pacer::new(0, 1.0, clock.clone());
    pacer.set_own(&HashMap::from([(7, 2)]));
    clock.advance(Duration::from_secs(30));
    assert_eq!((pacer.check(8), pacer.check(7)), (Ok(()), Err(Duration::from_secs(1))));
    clock.advance(Duration::from_secs(1));
    assert_eq!(pacer.check(7), Ok(()), "what it paid for is not lost");
}

#[test]
fn two_hours_let_the_rate_through_and_no_more() {
    let clock = clock();
    let pacer = Pacer::new(20, 0.0, clock.clone());
    let went = run(&pacer, &clock, 7, 250, 2 * 3_600_000);
    // The burst comes within the first second; from then on one every three seconds.
    assert_eq!(went.len(), 4 + 2 * 3600 / 3);
}

#[test]
fn being_stopped_overall_costs_a_mailbox_nothing() {
    let clock = clock();
    let pacer = Pacer::new(1, 0.5, clock.clone());
    assert_eq!(pacer.check(1), Ok(()));
    assert_eq!(pacer.check(2), Err(Duration::from_secs(2)), "overall: one every two seconds");
    assert_eq!(pacer.check(2), Err(Duration::from_secs(2)));
    clock.advance(Duration::from_secs(2));
    assert_eq!(pacer.check(2), Ok(()), "its one letter of the minute was not lost");
    assert!(pacer.check(2).unwrap_err() > Duration::from_secs(50));
}

#[test]
fn a_mailbox_that_must_wait_costs_the_others_nothing() {
    let clock = clock();
    let pacer = Pacer::new(1, 1.0, clock.clone());
    assert_eq!(pacer.check(1), Ok(()));
    clock.advance(Duration::from_secs(1));
    for _ in 0..1000 {
        assert!(pacer.check(1).is_err());
    }
    assert_eq!(pacer.check(2), Ok(()));
}

#[test]
fn an_old_ticket_is_void() {
    let clock = clock();
    let pacer = Pacer::new(60, 5.0, clock.clone());
    while pacer.check(1).is_ok() {}
    assert!(pacer.check(2).is_err(), "2 holds a ticket now");
    clock.advance(Duration::from_hours(1));
    let at_once = (0..20).filter(|_| pacer.check(2).is_ok()).count();
    assert_eq!(at_once, 5);
    pacer.shrink();
}

#[test]
fn zero_is_unlimited_and_thousands_a_second_are_reached_in_ticks() {
    let free = Pacer::new(0, 0.0, clock());
    assert!((0..10_000).all(|n| free.check(n % 3).is_ok()));
    let clock = clock();
    let fast = Pacer::new(0, 4000.0, clock.clone());
    let mut went = 0;
    for _ in 0..1000 {
        went += (0..100).take_while(|_| fast.check(1).is_ok()).count();
        clock.advance(Duration::from_millis(1));
    }
    assert!((3_950..=4_050).contains(&went), "{went}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_minute_holds_more_than_the_rate_and_its_burst(rate in 1_u32..40, step in 100_u64..5_000) {
        let clock = clock();
        let pacer = Pacer::new(rate, 0.0, clock.clone());
        let went = run(&pacer, &clock, 1, step, 600_000);
        let most = usize::try_from(rate + rate.min(5)).unwrap();
        for (at, start) in went.iter().enumerate() {
            let within = went[at..].iter().take_while(|t| **t - start < 60_000).count();
            prop_assert!(within <= most, "{within} within a minute, {most} allowed");
        }
    }

    #[test]
    fn waiting_as_told_is_always_enough(rate in 1_u32..40, overall in 0.2_f64..50.0, asks in 1_usize..60) {
        let clock = clock();
        let pacer = Pacer::new(rate, overall, clock.clone());
        for _ in 0..asks {
            if let Err(wait) = pacer.check(1) {
                // The manual clock has whole milliseconds.
                clock.advance(wait + Duration::from_millis(1));
                let second = pacer.check(1);
                if let Err(wait) = second {
                    // Free of its own limit, the overall one may ask for one more wait.
                    clock.advance(wait + Duration::from_millis(1));
                    prop_assert_eq!(pacer.check(1), Ok(()));
                }
            }
        }
    }
}
